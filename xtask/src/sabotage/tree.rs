//! A copy of the working tree that may be broken. It stays between runs, and only files that
//! differ are written, so that Cargo builds no more than what a break touches.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};

use super::table::Entry;
use crate::repo;

pub(super) struct Tree {
    /// Root of the copy.
    pub(super) root: PathBuf,
    /// Where the original builds, whose dependencies the copy uses as they are.
    pub(super) build_folder: PathBuf,
    /// Where the copy's programs lie, apart from the original's.
    pub(super) program_folder: PathBuf,
}

/// A rule that is broken as long as this lives.
pub(super) struct Broken {
    path: PathBuf,
    whole: String,
}

impl Tree {
    /// Brings the copy up to date with the original.
    pub(super) fn copy(original: &Path) -> anyhow::Result<Self> {
        let build_folder = original.join("target");
        let tree = Self {
            root: build_folder.join("sabotage/tree"),
            program_folder: build_folder.join("sabotage/programs"),
            build_folder,
        };
        tree.update(original)?;
        Ok(tree)
    }

    fn update(&self, original: &Path) -> anyhow::Result<()> {
        let wanted = repo::paths(original)?;
        for path in &wanted {
            write_if_other(&original.join(path), &self.root.join(path))?;
        }
        let wanted: BTreeSet<_> = wanted.into_iter().collect();
        for path in repo::walk(&self.root)? {
            if !wanted.contains(&path) {
                let stray = self.root.join(path);
                fs::remove_file(&stray)
                    .with_context(|| format!("failed to remove `{}`", stray.display()))?;
            }
        }
        Ok(())
    }

    /// Applies the edit, and takes it back when the answer is dropped.
    pub(super) fn break_rule(&self, entry: &Entry) -> anyhow::Result<Broken> {
        let path = self.root.join(entry.file);
        let whole = fs::read_to_string(&path)
            .with_context(|| format!("failed to read `{}`", path.display()))?;
        let n_found = whole.matches(entry.find).count();
        if n_found != 1 {
            bail!(
                "`{}` occurs {n_found} times in `{}`",
                entry.find,
                entry.file
            );
        }
        let broken = Broken { path, whole };
        write(
            &broken.path,
            &broken.whole.replacen(entry.find, entry.replace, 1),
        )?;
        Ok(broken)
    }
}

impl Drop for Broken {
    fn drop(&mut self) {
        // A failure to mend is met again, and told, when the next run updates the copy.
        let _ = write(&self.path, &self.whole);
    }
}

fn write(path: &Path, text: &str) -> anyhow::Result<()> {
    fs::write(path, text).with_context(|| format!("failed to write `{}`", path.display()))
}

fn write_if_other(from: &Path, to: &Path) -> anyhow::Result<()> {
    let bytes = fs::read(from).with_context(|| format!("failed to read `{}`", from.display()))?;
    if fs::read(to).is_ok_and(|copy| copy == bytes) {
        return Ok(());
    }
    if let Some(folder) = to.parent() {
        fs::create_dir_all(folder)
            .with_context(|| format!("failed to make `{}`", folder.display()))?;
    }
    fs::copy(from, to).with_context(|| format!("failed to write `{}`", to.display()))?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::table::Side;
    use super::*;

    /// A folder that is gone when the test is over.
    struct Scratch(PathBuf);

    impl Scratch {
        fn new(name: &str) -> Self {
            let path = std::env::temp_dir().join(format!("xtask-{name}-{}", std::process::id()));
            fs::create_dir_all(path.join("crates/lab/src")).unwrap();
            fs::write(path.join("crates/lab/src/a.rs"), "routes.max()\n").unwrap();
            Self(path)
        }
    }

    impl Drop for Scratch {
        fn drop(&mut self) {
            let _ = fs::remove_dir_all(&self.0);
        }
    }

    const ENTRY: Entry = Entry {
        rule: "longest-prefix",
        side: Side::Lab,
        file: "crates/lab/src/a.rs",
        find: "max",
        replace: "min",
    };

    #[test]
    fn a_break_is_in_the_copy_alone_and_is_taken_back() {
        let scratch = Scratch::new("break");
        let tree = Tree::copy(&scratch.0).unwrap();
        let copy = tree.root.join(ENTRY.file);
        let broken = tree.break_rule(&ENTRY).unwrap();
        assert_eq!(fs::read_to_string(&copy).unwrap(), "routes.min()\n");
        let original = fs::read_to_string(scratch.0.join(ENTRY.file)).unwrap();
        assert_eq!(original, "routes.max()\n");
        drop(broken);
        assert_eq!(fs::read_to_string(&copy).unwrap(), "routes.max()\n");
    }

    #[test]
    fn an_edit_without_its_text_fails() {
        let scratch = Scratch::new("misfit");
        let tree = Tree::copy(&scratch.0).unwrap();
        let entry = Entry {
            find: "sum",
            ..ENTRY
        };
        let error = tree.break_rule(&entry).err().map(|error| error.to_string());
        assert_eq!(
            error.as_deref(),
            Some("`sum` occurs 0 times in `crates/lab/src/a.rs`")
        );
    }

    #[test]
    fn the_copy_follows_the_original() {
        let scratch = Scratch::new("follow");
        let tree = Tree::copy(&scratch.0).unwrap();
        let stray = tree.root.join("crates/lab/src/stray.rs");
        fs::write(&stray, "").unwrap();
        fs::write(tree.root.join(ENTRY.file), "left broken").unwrap();
        let written = fs::metadata(scratch.0.join(ENTRY.file))
            .unwrap()
            .modified()
            .unwrap();
        Tree::copy(&scratch.0).unwrap();
        assert!(!stray.exists());
        let copy = tree.root.join(ENTRY.file);
        assert_eq!(fs::read_to_string(&copy).unwrap(), "routes.max()\n");
        // Cargo compares times: a mended file must not look older than its broken build.
        assert!(written <= fs::metadata(&copy).unwrap().modified().unwrap());
    }
}
