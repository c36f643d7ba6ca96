//! The working tree as the guards see it: every file that is tracked or would be.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Context;

use crate::command;

/// Folders that hold what was built or run, left out where Git cannot be asked.
const NOT_OURS: [&str; 3] = [".git", ".breezeway", "target"];

/// A text file of the working tree.
pub(crate) struct File {
    /// Path below the root, with forward slashes.
    pub(crate) path: String,
    pub(crate) text: String,
}

impl File {
    pub(crate) fn is_rust(&self) -> bool {
        self.path.ends_with(".rs")
    }

    /// Name of the crate it belongs to, if any.
    pub(crate) fn package(&self) -> Option<&str> {
        let mut parts = self.path.split('/');
        match parts.next() {
            Some("crates") => parts.next(),
            Some("xtask") => Some("xtask"),
            _ => None,
        }
    }
}

/// The workspace's root.
pub(crate) fn root() -> &'static Path {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR"));
    manifest.parent().unwrap_or(manifest)
}

/// Reads every text file; what is not UTF-8 is left out.
pub(crate) fn read(root: &Path) -> anyhow::Result<Vec<File>> {
    let mut files = Vec::new();
    for path in paths(root)? {
        let bytes =
            fs::read(root.join(&path)).with_context(|| format!("failed to read `{path}`"))?;
        if let Ok(text) = String::from_utf8(bytes) {
            files.push(File { path, text });
        }
    }
    Ok(files)
}

/// Lists the files that are tracked or would be, sorted; without Git, all that is not built.
pub(crate) fn paths(root: &Path) -> anyhow::Result<Vec<String>> {
    let arguments = [
        "ls-files",
        "-z",
        "--cached",
        "--others",
        "--exclude-standard",
    ];
    let mut paths = match command::captured(Command::new("git").current_dir(root).args(arguments)) {
        Ok(output) if output.success => output
            .stdout
            .split_terminator('\0')
            .map(str::to_owned)
            .collect(),
        Ok(_) | Err(_) => walk(root)?,
    };
    paths.retain(|path| root.join(path).is_file());
    paths.sort();
    paths.dedup();
    Ok(paths)
}

/// Lists all files that are not of the folders that hold what was built.
pub(crate) fn walk(root: &Path) -> anyhow::Result<Vec<String>> {
    let mut folders = vec![PathBuf::new()];
    let mut paths = Vec::new();
    while let Some(folder) = folders.pop() {
        let entries = fs::read_dir(root.join(&folder))
            .with_context(|| format!("failed to list `{}`", folder.display()))?;
        for entry in entries {
            let entry = entry.with_context(|| format!("failed to list `{}`", folder.display()))?;
            let path = folder.join(entry.file_name());
            if entry.path().is_file() {
                paths.push(path.to_string_lossy().into_owned());
            } else if !NOT_OURS.iter().any(|name| entry.file_name() == *name) {
                folders.push(path);
            }
        }
    }
    Ok(paths)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_walk_finds_what_git_would() {
        let walked = walk(root()).unwrap();
        assert!(walked.contains(&"xtask/src/repo.rs".to_owned()));
        assert!(!walked.iter().any(|path| path.starts_with("target/")));
    }

    #[test]
    fn a_file_knows_its_crate() {
        let file = |path: &str| File {
            path: path.to_owned(),
            text: String::new(),
        };
        assert_eq!(file("crates/lab/src/dns/zone.rs").package(), Some("lab"));
        assert_eq!(file("xtask/src/ci.rs").package(), Some("xtask"));
        assert_eq!(file("README.md").package(), None);
    }
}
