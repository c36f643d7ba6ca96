//! `blueprint` answers no question about traffic: such a method would be used by `verify` and
//! by `lab`, and their agreement would prove nothing.

use super::{Fault, words};
use crate::repo::File;

/// Names that answer one, alone or followed by `_` and more.
const ANSWERS: [&str; 26] = [
    "admits",
    "allows",
    "best_route",
    "can_reach",
    "choose_target",
    "contains_peer",
    "delivers",
    "denies",
    "forwards",
    "is_admitted",
    "is_allowed",
    "is_reachable",
    "longest_prefix",
    "lookup",
    "matches",
    "next_hop",
    "permits",
    "pick_target",
    "reaches",
    "resolve",
    "resolves",
    "route_for",
    "route_to",
    "select_target",
    "usable_targets",
    "walk",
];

pub(super) fn check(files: &[File]) -> Vec<Fault> {
    let nouns = files
        .iter()
        .filter(|file| file.is_rust() && file.path.starts_with("crates/blueprint/src/"));
    nouns.flat_map(in_file).collect()
}

fn in_file(file: &File) -> Vec<Fault> {
    let words = words::of(&file.text);
    let functions = words.windows(2).filter(|pair| pair[0].text == "fn");
    functions
        .filter(|pair| answers(&pair[1].text))
        .map(|pair| {
            let message = format!("`{}` answers a question about traffic", pair[1].text);
            Fault::new(&file.path, pair[1].line, message)
        })
        .collect()
}

fn answers(name: &str) -> bool {
    ANSWERS.iter().any(|answer| {
        name.strip_prefix(answer)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('_'))
    })
}

#[cfg(test)]
mod tests {
    use super::super::testing::{files, told};
    use super::*;

    #[test]
    fn nouns_do_not_think() {
        let source = "//! M.\nimpl Rule {\n    pub fn admits(&self) {}\n    fn walker() {}\n}\n\
                      fn resolve_name() {}\n";
        let files = files([
            ("crates/blueprint/src/network.rs", source),
            ("crates/verify/src/walk.rs", source),
        ]);
        assert_eq!(
            told(check(&files)),
            [
                "crates/blueprint/src/network.rs:3: `admits` answers a question about traffic",
                "crates/blueprint/src/network.rs:6: `resolve_name` answers a question about traffic",
            ]
        );
    }
}
