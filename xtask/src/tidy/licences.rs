//! Both licences are there, and every crate names them.

use super::Fault;
use crate::repo::File;

/// A licence file and a line that only its text has.
const TEXTS: [(&str, &str); 2] = [
    ("LICENSE-APACHE", "Version 2.0, January 2004"),
    (
        "LICENSE-MIT",
        "Permission is hereby granted, free of charge",
    ),
];

pub(super) fn check(files: &[File]) -> Vec<Fault> {
    let missing = TEXTS.iter().filter(|(path, line)| {
        let text = files.iter().find(|file| file.path == *path);
        !text.is_some_and(|file| file.text.contains(line))
    });
    let missing = missing.map(|(path, _)| Fault::new(*path, 0, "is not the licence's text"));
    missing
        .chain(files.iter().filter_map(in_manifest))
        .collect()
}

fn in_manifest(file: &File) -> Option<Fault> {
    let is_ours = file.path.ends_with("/Cargo.toml") && file.package().is_some();
    let names_it = file
        .text
        .lines()
        .any(|line| line == "license.workspace = true");
    (is_ours && !names_it).then(|| Fault::new(&file.path, 0, "names no licence"))
}

#[cfg(test)]
mod tests {
    use super::super::testing::{files, told};
    use super::*;

    #[test]
    fn licences_are_there() {
        let files = files([
            ("LICENSE-APACHE", "Version 2.0, January 2004"),
            ("LICENSE-MIT", "all rights reserved"),
            ("crates/lab/Cargo.toml", "license = \"MIT\""),
        ]);
        assert_eq!(
            told(check(&files)),
            [
                "LICENSE-MIT: is not the licence's text",
                "crates/lab/Cargo.toml: names no licence",
            ]
        );
    }
}
