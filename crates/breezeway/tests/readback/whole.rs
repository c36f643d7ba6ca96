//! Every example rendered to CloudFormation, read back and walked again: each path must end alike,
//! place included.

use std::path::{Path, PathBuf};

use blueprint::Blueprint;
use render::{Target, render};

use crate::assemble::assemble;
use crate::cloudformation;
use crate::known::Known;
use crate::same::{Fixed, disagreements};
use crate::wiring::{FILE, Files};

/// Specs below the examples, by path.
fn examples() -> Vec<PathBuf> {
    let repository = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut specs = Vec::new();
    let mut folders = vec![repository.join("examples")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ext| ext == "yaml") {
                specs.push(path);
            }
        }
    }
    specs.sort();
    specs
}

/// Every file of a rendering to CloudFormation.
fn files(blueprint: &Blueprint) -> Files {
    let (rendered, _) = render(blueprint, Target::CloudFormation, &[]);
    let wiring = breezeway::format::wiring::text(&blueprint.name, false, &rendered);
    let mut files = rendered.files;
    files.insert(FILE.to_owned(), wiring.expect("the wiring"));
    files
}

/// What differs between a blueprint and its rendering, a line each.
fn faults(blueprint: &Blueprint) -> Vec<String> {
    let known = Known::of(blueprint);
    let reading = match cloudformation::read(&files(blueprint), &known) {
        Ok(reading) => reading,
        Err(faults) => return faults,
    };
    let made = assemble(&reading, &known);
    let mut faults = made.trouble;
    faults.extend(disagreements(blueprint, &made.blueprint, Fixed::default()));
    faults
}

#[test]
fn every_example_reads_back_from_cloudformation() {
    let specs = examples();
    let mut n_paths = 0;
    let mut told = Vec::new();
    for spec in &specs {
        let text = std::fs::read_to_string(spec).expect("a spec");
        let (read, _, findings) = blueprint::read(&text);
        let (blueprint, _) = plan::build(&read.unwrap_or_else(|| panic!("{findings:?}")));
        n_paths += verify::paths(&blueprint).len();
        let faults = faults(&blueprint);
        if !faults.is_empty() {
            told.push(format!("{}:\n  {}", spec.display(), faults.join("\n  ")));
        }
    }
    assert!(told.is_empty(), "{}", told.join("\n"));
    assert!(28 <= specs.len() && 200 <= n_paths, "{n_paths} paths");
}
