//! Every example rendered, read back and walked again: each path must end alike, place included.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use blueprint::Blueprint;
use render::{Target, render};

use crate::assemble::assemble;
use crate::cloudformation;
use crate::judges::{Judges, Provider, Terraform};
use crate::known::Known;
use crate::same::{Fixed, disagreements};
use crate::terraform::{self, Read, Rendering};
use crate::wiring::{FILE, Files};

/// Specs below the examples, by path.
pub(crate) fn examples() -> Vec<PathBuf> {
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

/// A spec as it is planned.
pub(crate) struct Example {
    pub(crate) name: String,
    pub(crate) blueprint: Blueprint,
    pub(crate) known: Known,
}

impl Example {
    /// All examples.
    pub(crate) fn all() -> Vec<Self> {
        let planned = |spec: PathBuf| {
            let text = std::fs::read_to_string(&spec).expect("a spec");
            Self::planned(&spec.display().to_string(), &text)
        };
        examples().into_iter().map(planned).collect()
    }

    /// The plan of a spec's text.
    pub(crate) fn planned(name: &str, text: &str) -> Self {
        let (read, _, findings) = blueprint::read(text);
        let (blueprint, _) = plan::build(&read.unwrap_or_else(|| panic!("{name}: {findings:?}")));
        Self::of(name, blueprint)
    }

    /// A blueprint under a name.
    pub(crate) fn of(name: &str, blueprint: Blueprint) -> Self {
        Self {
            name: name.to_owned(),
            known: Known::of(&blueprint),
            blueprint,
        }
    }

    /// Every file of its rendering.
    pub(crate) fn files(&self, target: Target) -> Files {
        files(&self.blueprint, target)
    }

    /// What its templates say.
    pub(crate) fn read_templates(&self) -> Read {
        cloudformation::read(&self.files(Target::CloudFormation), &self.known)
    }

    /// What the modules of each say, by one run of Terraform.
    pub(crate) fn read_modules(all: &[Self], terraform: &Terraform) -> Vec<Read> {
        let files: Vec<_> = all.iter().map(|one| one.files(Target::Terraform)).collect();
        let renderings = all.iter().zip(&files).map(|(one, files)| Rendering {
            files,
            known: &one.known,
        });
        let read = terraform::read(terraform, &renderings.collect::<Vec<_>>());
        read.expect("Terraform runs")
    }

    /// What differs between it and what was read back from a target, a line each.
    pub(crate) fn faults(&self, reading: &Read, target: Target) -> Vec<String> {
        let fixed = Fixed {
            endpoint_addresses: target == Target::Terraform,
        };
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

/// What both texts of a spec say.
pub(crate) struct BothRead {
    pub(crate) templates: Read,
    /// None where Terraform cannot be had.
    pub(crate) modules: Option<Read>,
}

/// Every example, read once for all tests.
pub(crate) fn examples_read() -> &'static [(Example, BothRead)] {
    static READ: OnceLock<Vec<(Example, BothRead)>> = OnceLock::new();
    READ.get_or_init(|| {
        let all = Example::all();
        let terraform = Judges::ready().with(Provider::StandIn);
        let modules = terraform.map(|terraform| Example::read_modules(&all, terraform));
        let mut modules = modules.map(Vec::into_iter);
        let both = |one: Example| {
            let read = BothRead {
                templates: one.read_templates(),
                modules: modules.as_mut().and_then(Iterator::next),
            };
            (one, read)
        };
        all.into_iter().map(both).collect()
    })
}

/// Panics with what differs.
fn expect_none(told: &[(&Example, Vec<String>)]) {
    let wrong = told.iter().filter(|(_, faults)| !faults.is_empty());
    let wrong = wrong.map(|(of, faults)| {
        let faults = faults.join("\n  ");
        format!("{}:\n  {faults}", of.name)
    });
    let wrong: Vec<_> = wrong.collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let of = |(example, _): &(&Example, _)| verify::paths(&example.blueprint).len();
    let n_paths: usize = told.iter().map(of).sum();
    assert!(28 <= told.len() && 200 <= n_paths, "{n_paths} paths");
}

#[test]
fn every_example_reads_back_from_cloudformation() {
    let told = examples_read().iter();
    let told = told.map(|(one, read)| (one, one.faults(&read.templates, Target::CloudFormation)));
    expect_none(&told.collect::<Vec<_>>());
}

#[test]
fn every_example_reads_back_from_terraform() {
    if Judges::ready().with(Provider::StandIn).is_none() {
        return;
    }
    let told = examples_read().iter().map(|(one, read)| {
        let faults = read
            .modules
            .as_ref()
            .map(|read| one.faults(read, Target::Terraform));
        (one, faults.unwrap_or_default())
    });
    expect_none(&told.collect::<Vec<_>>());
}
