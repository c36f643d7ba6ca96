//! The read-back run: cells of the pattern table and random estates are rendered to both targets,
//! judged, read back by readers that know AWS and not the renderer; every path's verdict is compared
//! with the blueprint's own, and what both targets say object by object.
//!
//! `cargo test -p breezeway --test rendered -- --estates N --seed S --every-cell K
//! [--only NAME] [--show] [--mutations M]`: N random estates; every K-th allowed cell, none if K is
//! 0; up to M mutations of each kind in each of them, none unless said.

#![expect(
    clippy::print_stderr,
    clippy::print_stdout,
    reason = "a test reports on stdout, and tells on stderr how far it is"
)]
#![allow(
    dead_code,
    unused_imports,
    reason = "the unit tests of what it shares are another target's"
)]

#[path = "../readback/assemble/mod.rs"]
mod assemble;
#[path = "../../../verify/tests/cells/mod.rs"]
mod cells;
#[path = "../readback/cloudformation/mod.rs"]
mod cloudformation;
#[path = "../readback/dialects/mod.rs"]
mod dialects;
#[path = "../agree/faults/mod.rs"]
mod faults;
#[path = "../agree/generate/mod.rs"]
mod generate;
#[path = "../readback/graph.rs"]
mod graph;
#[path = "../judges/mod.rs"]
mod judges;
#[path = "../readback/known.rs"]
mod known;
#[path = "../readback/mutations/mod.rs"]
mod mutations;
#[path = "../readback/own/mod.rs"]
mod own;
#[path = "../readback/same/mod.rs"]
mod same;
#[path = "../agree/settled.rs"]
mod settled;
#[path = "../readback/terraform/mod.rs"]
mod terraform;
#[path = "../readback/uncarried.rs"]
mod uncarried;
#[path = "../readback/vocabulary.rs"]
mod vocabulary;
#[path = "../readback/whole.rs"]
mod whole;
#[path = "../readback/wiring.rs"]
mod wiring;
#[path = "../readback/yaml.rs"]
mod yaml;

mod accepted;
mod subject;
mod tally;
mod tellable;

use std::process::ExitCode;
use std::time::Instant;

use render::Target;

use dialects::Used;
use judges::{Judges, Provider};
use same::Fixed;
use subject::Subject;
use tally::Tally;
use terraform::Rendering;
use wiring::Reading;

/// Subjects judged and planned at once: a run of Terraform takes seconds however few modules it
/// has, and minutes of two cores with many hundred.
const BATCH: usize = 24;

struct Arguments {
    n_estates: u64,
    seed: u64,
    every_cell: usize,
    only: Option<String>,
    /// Whether the rendered texts are printed.
    shows: bool,
    n_mutations: usize,
}

fn main() -> ExitCode {
    let arguments = arguments();
    let began = Instant::now();
    let mut tally = Tally::default();
    let mut subjects = subject::cells(arguments.every_cell, &mut tally);
    subjects.extend(subject::estates(
        arguments.n_estates,
        arguments.seed,
        &mut tally,
    ));
    if let Some(only) = &arguments.only {
        subjects.retain(|subject| subject.name == *only);
        assert!(!subjects.is_empty(), "nothing is called `{only}`");
    }
    for (n_done, batch) in (0..).step_by(BATCH).zip(subjects.chunks(BATCH)) {
        let seconds = began.elapsed().as_secs();
        eprintln!("readback: {n_done} of {} after {seconds} s", subjects.len());
        if arguments.shows {
            show(batch);
        }
        let templates = read_cloudformation(batch, &mut tally);
        let modules = read_terraform(batch, &mut tally);
        compare_targets(batch, &templates, &modules, &mut tally);
        judge_texts(batch, &mut tally);
        accepted::judge(batch, &mut tally);
    }
    if 0 < arguments.n_mutations {
        mutate(&subjects, &arguments, &mut tally);
    }
    println!("{}", tally.report(arguments.seed, began.elapsed()));
    ExitCode::from(u8::from(!tally.agrees()))
}

/// Makes mutations of every subject whose own text reads back as it is; another is complained of
/// already.
fn mutate(subjects: &[Subject], arguments: &Arguments, tally: &mut Tally) {
    let mut mutated = mutations::Tally::default();
    for subject in subjects {
        let case = mutations::Case::of_blueprint(&subject.name, subject.blueprint.clone());
        let Ok(case) = case else { continue };
        mutated.run(&case, arguments.n_mutations, usize::MAX, arguments.seed);
    }
    println!("{}", mutated.report());
    tally.complain("mutations", Target::CloudFormation.as_str(), mutated.faults);
}

fn show(batch: &[Subject]) {
    for subject in batch {
        for files in [&subject.cloudformation, &subject.terraform] {
            for (path, text) in files {
                println!("--- {}: {path}\n{text}", subject.name);
            }
        }
    }
}

/// Reads templates back; none for what is not understood, which is told.
fn read_cloudformation(batch: &[Subject], tally: &mut Tally) -> Vec<Option<Reading>> {
    let read = batch.iter().map(|subject| {
        let reading = cloudformation::read(&subject.cloudformation, &subject.known);
        taken(subject, Target::CloudFormation, reading, tally)
    });
    read.collect()
}

/// Reads modules back; none where Terraform cannot be had.
fn read_terraform(batch: &[Subject], tally: &mut Tally) -> Vec<Option<Reading>> {
    let terraform = match Judges::ready().terraform() {
        Ok(terraform) => terraform,
        Err(why) => {
            tally.skip(why.to_string());
            return Vec::new();
        }
    };
    if let Err(why) = terraform.has(Provider::StandIn) {
        tally.skip(why.to_string());
        return Vec::new();
    }
    let renderings = batch.iter().map(|subject| Rendering {
        files: &subject.terraform,
        known: &subject.known,
    });
    match terraform::read(terraform, &renderings.collect::<Vec<_>>()) {
        Ok(readings) => {
            let read = batch.iter().zip(readings);
            let read =
                read.map(|(subject, reading)| taken(subject, Target::Terraform, reading, tally));
            read.collect()
        }
        Err(error) => {
            let target = Target::Terraform.as_str();
            tally.complain("a batch", target, vec![format!("{error:#}")]);
            Vec::new()
        }
    }
}

fn taken(
    subject: &Subject,
    target: Target,
    reading: Result<Reading, Vec<String>>,
    tally: &mut Tally,
) -> Option<Reading> {
    match reading {
        Ok(reading) => {
            compare(subject, target, &reading, tally);
            Some(reading)
        }
        Err(trouble) => {
            tally.complain(&subject.name, target.as_str(), trouble);
            None
        }
    }
}

/// Compares what both targets say, object by object.
fn compare_targets(
    batch: &[Subject],
    templates: &[Option<Reading>],
    modules: &[Option<Reading>],
    tally: &mut Tally,
) {
    for (subject, both) in batch.iter().zip(templates.iter().zip(modules)) {
        if let (Some(template), Some(module)) = both {
            let differences = dialects::differences(template, module, &mut Used::default());
            tally.count(
                "objects that both targets say alike",
                template.graph.nodes.len(),
            );
            tally.complain(&subject.name, "both targets", differences);
        }
    }
}

/// A text may say what our judge refuses where a fault was put in, such as a range open to all.
fn judge_texts(batch: &[Subject], tally: &mut Tally) {
    for subject in batch.iter().filter(|subject| subject.is_makeable) {
        for files in [&subject.cloudformation, &subject.terraform] {
            tally.complain(&subject.name, "our judge", told(own::of_texts(files)));
        }
    }
}

/// Compares the verdicts of what was read with the blueprint's, and judges its objects.
fn compare(subject: &Subject, target: Target, reading: &Reading, tally: &mut Tally) {
    let assembled = assemble::assemble(reading, &subject.known);
    let fixed = Fixed {
        endpoint_addresses: target == Target::Terraform,
    };
    let lines = same::disagreements(&subject.blueprint, &assembled.blueprint, fixed);
    let n_paths = verify::paths(&subject.blueprint).len();
    tally.add(&subject.name, target.as_str(), n_paths, lines);
    tally.complain(&subject.name, target.as_str(), assembled.trouble);
    if subject.is_makeable {
        tally.complain(
            &subject.name,
            "our judge",
            told(own::of_graph(&reading.graph)),
        );
    }
}

fn told(objections: Vec<own::Objection>) -> Vec<String> {
    objections.iter().map(ToString::to_string).collect()
}

fn arguments() -> Arguments {
    let given: Vec<String> = std::env::args().skip(1).collect();
    let value = |flag: &str| {
        let at = given.iter().position(|argument| argument == flag)?;
        given.get(at + 1).cloned()
    };
    let number = |flag: &str| -> u64 {
        let said = value(flag).unwrap_or_else(|| panic!("say {flag}"));
        said.parse().expect("a number")
    };
    Arguments {
        n_estates: number("--estates"),
        seed: number("--seed"),
        every_cell: usize::try_from(number("--every-cell")).expect("a number"),
        only: value("--only"),
        shows: given.iter().any(|argument| argument == "--show"),
        n_mutations: value("--mutations").map_or(0, |said| said.parse().expect("a number")),
    }
}
