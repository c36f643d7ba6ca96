//! Only `lab` may hold `unsafe`: it makes namespaces, and nothing else needs to.

use super::{Fault, words};
use crate::repo::File;

const MAY: &str = "lab";

pub(super) fn check(files: &[File]) -> Vec<Fault> {
    let others = files
        .iter()
        .filter(|file| file.is_rust() && file.package() != Some(MAY));
    others.flat_map(in_file).collect()
}

fn in_file(file: &File) -> Vec<Fault> {
    let words = words::of(&file.text);
    let found = words
        .iter()
        .filter(|word| ["unsafe", "unsafe_code"].contains(&word.text.as_str()));
    found
        .map(|word| {
            let message = format!("`{}` outside `{MAY}`", word.text);
            Fault::new(&file.path, word.line, message)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::testing::{files, told};
    use super::*;

    #[test]
    fn unsafe_is_for_lab_alone() {
        let block = "//! M.\nfn f() {\n    unsafe { g() }\n}\n";
        let attribute = "//! M.\n#![expect(unsafe_code, reason = \"r\")]\n";
        let files = files([
            ("crates/lab/src/namespace.rs", block),
            ("crates/runtime/src/socket.rs", block),
            ("crates/wire/tests/frames.rs", attribute),
        ]);
        assert_eq!(
            told(check(&files)),
            [
                "crates/runtime/src/socket.rs:3: `unsafe` outside `lab`",
                "crates/wire/tests/frames.rs:2: `unsafe_code` outside `lab`",
            ]
        );
    }
}
