//! The lints that hold the other half of the rules are on, in the workspace and in each crate.

use super::{Fault, PURE};
use crate::repo::File;

/// Lines of the root manifest without which clippy would not hold a rule of ARCHITECTURE.md.
const REQUIRED: [&str; 10] = [
    "unsafe_code = \"deny\"",
    "allow_attributes_without_reason = \"warn\"",
    "dbg_macro = \"warn\"",
    "exit = \"warn\"",
    "iter_over_hash_type = \"deny\"",
    "print_stderr = \"warn\"",
    "print_stdout = \"warn\"",
    "todo = \"warn\"",
    "unwrap_used = \"warn\"",
    "wildcard_enum_match_arm = \"warn\"",
];

pub(super) fn check(files: &[File]) -> Vec<Fault> {
    let mut faults: Vec<_> = files.iter().flat_map(in_manifest).collect();
    faults.extend(PURE.iter().filter_map(|package| in_pure(files, package)));
    faults
}

fn in_manifest(file: &File) -> Vec<Fault> {
    if file.path == "Cargo.toml" {
        let missing = REQUIRED
            .iter()
            .filter(|lint| !file.text.lines().any(|line| line == **lint));
        return missing
            .map(|lint| Fault::new(&file.path, 0, format!("lacks `{lint}`")))
            .collect();
    }
    let inherits = file.text.contains("[lints]\nworkspace = true");
    if file.path.ends_with("/Cargo.toml") && file.package().is_some() && !inherits {
        return vec![Fault::new(
            &file.path,
            0,
            "does not inherit the workspace's lints",
        )];
    }
    Vec::new()
}

/// Clippy's list of calls that touch the world is off by default, on in pure crates.
fn in_pure(files: &[File], package: &str) -> Option<Fault> {
    let path = format!("crates/{package}/src/lib.rs");
    let root = files.iter().find(|file| file.path == path);
    let is_on = root.is_some_and(|file| {
        let attributes = file
            .text
            .lines()
            .take_while(|line| !line.starts_with("pub"));
        attributes
            .into_iter()
            .any(|line| line.contains("clippy::disallowed_methods"))
    });
    (!is_on).then(|| Fault::new(path, 0, "does not warn of `clippy::disallowed_methods`"))
}

#[cfg(test)]
mod tests {
    use super::super::testing::{files, told};
    use super::*;

    #[test]
    fn the_root_manifest_names_each_lint() {
        let all = REQUIRED.join("\n");
        let less = all.replace("exit = \"warn\"\n", "");
        assert_eq!(in_manifest(&files([("Cargo.toml", &all)])[0]), []);
        assert_eq!(
            told(in_manifest(&files([("Cargo.toml", &less)])[0])),
            ["Cargo.toml: lacks `exit = \"warn\"`"]
        );
    }

    #[test]
    fn each_crate_inherits_them() {
        let files = files([
            ("crates/lab/Cargo.toml", "[package]\n"),
            ("xtask/Cargo.toml", "[lints]\nworkspace = true\n"),
        ]);
        assert_eq!(
            told(files.iter().flat_map(in_manifest).collect()),
            ["crates/lab/Cargo.toml: does not inherit the workspace's lints"]
        );
    }

    #[test]
    fn pure_crates_warn_of_calls_that_touch_the_world() {
        let on = "//! M.\n#![warn(clippy::disallowed_methods, reason = \"r\")]\n";
        let files = files([
            ("crates/wire/src/lib.rs", on),
            ("crates/plan/src/lib.rs", "//! M.\n"),
        ]);
        assert_eq!(in_pure(&files, "wire"), None);
        assert_eq!(
            in_pure(&files, "plan")
                .map(|fault| fault.to_string())
                .as_deref(),
            Some("crates/plan/src/lib.rs: does not warn of `clippy::disallowed_methods`")
        );
    }
}
