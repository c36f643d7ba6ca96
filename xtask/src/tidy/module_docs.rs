//! Every module begins with `//!`, which says what it is responsible for.

use super::Fault;
use crate::repo::File;

pub(super) fn check(files: &[File]) -> Vec<Fault> {
    let silent = files
        .iter()
        .filter(|file| file.is_rust() && !file.text.starts_with("//! "));
    silent
        .map(|file| Fault::new(&file.path, 1, "a module begins with `//!`"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::testing::{files, told};
    use super::*;

    #[test]
    fn a_module_says_what_it_is_for() {
        let files = files([
            ("crates/lab/src/a.rs", "//! Says it.\n"),
            ("crates/lab/src/b.rs", "use std::fs;\n//! Too late.\n"),
            ("crates/lab/tests/c.rs", ""),
            ("docs/d.md", "prose"),
        ]);
        assert_eq!(
            told(check(&files)),
            [
                "crates/lab/src/b.rs:1: a module begins with `//!`",
                "crates/lab/tests/c.rs:1: a module begins with `//!`",
            ]
        );
    }
}
