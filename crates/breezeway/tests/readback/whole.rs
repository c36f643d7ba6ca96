//! Every example rendered, read back and walked again: each path must end alike, place included.

use std::path::{Path, PathBuf};

use blueprint::Blueprint;
use render::{Target, render};

use crate::assemble::assemble;
use crate::cloudformation;
use crate::judges::{Judges, Provider};
use crate::known::Known;
use crate::same::{Fixed, disagreements};
use crate::terraform::{self, Rendering};
use crate::wiring::{FILE, Files, Reading};

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

/// An example as it is planned.
pub(crate) struct Example {
    pub(crate) spec: PathBuf,
    pub(crate) blueprint: Blueprint,
    pub(crate) known: Known,
}

impl Example {
    /// All of them.
    pub(crate) fn all() -> Vec<Self> {
        let planned = |spec: PathBuf| {
            let text = std::fs::read_to_string(&spec).expect("a spec");
            let (read, _, findings) = blueprint::read(&text);
            let (blueprint, _) = plan::build(&read.unwrap_or_else(|| panic!("{findings:?}")));
            let known = Known::of(&blueprint);
            Self {
                spec,
                blueprint,
                known,
            }
        };
        examples().into_iter().map(planned).collect()
    }

    /// Every file of its rendering.
    pub(crate) fn files(&self, target: Target) -> Files {
        files(&self.blueprint, target)
    }

    /// What differs between it and what was read back, a line each.
    fn faults(&self, reading: &Result<Reading, Vec<String>>, fixed: Fixed) -> Vec<String> {
        let reading = match reading {
            Ok(reading) => reading,
            Err(faults) => return faults.clone(),
        };
        let made = assemble(reading, &self.known);
        let mut faults = made.trouble;
        faults.extend(disagreements(&self.blueprint, &made.blueprint, fixed));
        faults
    }
}

/// Every file of a rendering.
pub(crate) fn files(blueprint: &Blueprint, target: Target) -> Files {
    let (rendered, _) = render(blueprint, target, &[]);
    let wiring = breezeway::format::wiring::text(&blueprint.name, false, &rendered);
    let mut files = rendered.files;
    files.insert(FILE.to_owned(), wiring.expect("the wiring"));
    files
}

/// Panics with what differs.
fn expect_none(told: &[(&Example, Vec<String>)]) {
    let wrong = told.iter().filter(|(_, faults)| !faults.is_empty());
    let wrong = wrong.map(|(of, faults)| {
        let faults = faults.join("\n  ");
        format!("{}:\n  {faults}", of.spec.display())
    });
    let wrong: Vec<_> = wrong.collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let of = |(example, _): &(&Example, _)| verify::paths(&example.blueprint).len();
    let n_paths: usize = told.iter().map(of).sum();
    assert!(28 <= told.len() && 200 <= n_paths, "{n_paths} paths");
}

#[test]
fn every_example_reads_back_from_cloudformation() {
    let all = Example::all();
    let of = |example: &Example| {
        let reading = cloudformation::read(&example.files(Target::CloudFormation), &example.known);
        example.faults(&reading, Fixed::default())
    };
    let told: Vec<_> = all.iter().map(|example| (example, of(example))).collect();
    expect_none(&told);
}

#[test]
fn every_example_reads_back_from_terraform() {
    let Some(terraform) = Judges::ready().with(Provider::StandIn) else {
        return;
    };
    let all = Example::all();
    let files = all.iter().map(|example| example.files(Target::Terraform));
    let files: Vec<_> = files.collect();
    let renderings = all.iter().zip(&files).map(|(example, files)| Rendering {
        files,
        known: &example.known,
    });
    let read = terraform::read(terraform, &renderings.collect::<Vec<_>>());
    let read = read.expect("Terraform runs");
    let fixed = Fixed {
        endpoint_addresses: true,
    };
    let told = all.iter().zip(&read);
    let told = told.map(|(example, reading)| (example, example.faults(reading, fixed)));
    expect_none(&told.collect::<Vec<_>>());
}
