//! What leaves the house is its own type: pure crates serialize nothing, so that no reader of
//! our output depends on how we think.

use super::{Fault, PURE, words};
use crate::repo::File;

pub(super) fn check(files: &[File]) -> Vec<Fault> {
    let pure = files
        .iter()
        .filter(|file| file.is_rust() && file.package().is_some_and(|name| PURE.contains(&name)));
    pure.flat_map(in_file).collect()
}

fn in_file(file: &File) -> Vec<Fault> {
    let words = words::of(&file.text);
    let found = words.iter().filter(|word| word.text == "Serialize");
    found
        .map(|word| Fault::new(&file.path, word.line, "`Serialize` in a pure crate"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::testing::{files, told};
    use super::*;

    #[test]
    fn pure_crates_serialize_nothing() {
        let source = "//! M.\n#[derive(Debug, serde::Serialize)]\nstruct S;\n";
        let files = files([
            ("crates/breezeway/src/format/json/v1.rs", source),
            ("crates/blueprint/src/network.rs", source),
        ]);
        assert_eq!(
            told(check(&files)),
            ["crates/blueprint/src/network.rs:2: `Serialize` in a pure crate"]
        );
    }
}
