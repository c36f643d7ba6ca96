//! Pure crates have no async runtime, event loop, HTTP or random source anywhere below them,
//! tests and build scripts included. The names are looked for in the whole tree of a crate:
//! asking `cargo tree -i` for one fails as well where two versions of it are there.

use std::collections::BTreeMap;

use anyhow::bail;

use super::{Fault, PURE};
use crate::command;
use crate::repo::File;

/// What touches the world, of the crates that a dependency may bring along.
const BANNED: [&str; 4] = ["getrandom", "hyper", "mio", "tokio"];

/// A crate that has two of them: if the search does not find them there, it finds nothing.
const CONTROL: (&str, [&str; 2]) = ("runtime", ["mio", "tokio"]);

pub(super) fn check(_: &[File]) -> anyhow::Result<Vec<Fault>> {
    let mut found = BTreeMap::new();
    for package in PURE.iter().chain([&CONTROL.0]) {
        found.insert(*package, banned_in(&tree(package)?));
    }
    Ok(judge(&found))
}

fn judge(found: &BTreeMap<&str, Vec<&str>>) -> Vec<Fault> {
    let (control, expected) = CONTROL;
    let mut faults = Vec::new();
    for (package, names) in found {
        let path = format!("crates/{package}/Cargo.toml");
        if *package != control {
            let fault = |name| Fault::new(&path, 0, format!("`{package}` brings in `{name}`"));
            faults.extend(names.iter().map(fault));
        } else if !expected.iter().all(|name| names.contains(name)) {
            let message = format!(
                "the search for `{}` finds nothing here",
                expected.join("`, `")
            );
            faults.push(Fault::new(&path, 0, message));
        }
    }
    faults
}

/// Picks the banned names out of a tree, one `name version` a line.
fn banned_in(tree: &str) -> Vec<&'static str> {
    let names: Vec<_> = tree
        .lines()
        .filter_map(|line| line.split_whitespace().next())
        .collect();
    BANNED
        .into_iter()
        .filter(|name| names.contains(name))
        .collect()
}

fn tree(package: &str) -> anyhow::Result<String> {
    let mut cargo = command::cargo(["tree", "--package", package, "--prefix", "none"]);
    cargo.args([
        "--edges",
        "normal,build,dev",
        "--target",
        "all",
        "--format",
        "{p}",
    ]);
    let output = command::captured(&mut cargo)?;
    if !output.success {
        bail!(
            "`cargo tree` failed for `{package}`: {}",
            output.stderr.trim()
        );
    }
    Ok(output.stdout)
}

#[cfg(test)]
mod tests {
    use super::super::testing::told;
    use super::*;

    #[test]
    fn banned_names_are_found_whatever_their_version() {
        let tree = "verify v0.1.0 (/somewhere)\ntokio-util v0.7.0\ngetrandom v0.2.1\n\
                    getrandom v0.3.4\nmio v1.0.0 (*)\n";
        assert_eq!(banned_in(tree), ["getrandom", "mio"]);
    }

    #[test]
    fn a_pure_crate_brings_in_none() {
        let found = BTreeMap::from([("plan", vec!["tokio"]), ("runtime", vec!["mio", "tokio"])]);
        assert_eq!(
            told(judge(&found)),
            ["crates/plan/Cargo.toml: `plan` brings in `tokio`"]
        );
    }

    #[test]
    fn a_search_that_finds_nothing_is_a_fault() {
        let found = BTreeMap::from([("plan", vec![]), ("runtime", vec!["tokio"])]);
        assert_eq!(
            told(judge(&found)),
            ["crates/runtime/Cargo.toml: the search for `mio`, `tokio` finds nothing here"]
        );
    }
}
