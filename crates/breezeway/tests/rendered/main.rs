//! The read-back run: random estates are rendered to both targets, judged, read back by readers
//! that know AWS and not the renderer, and every path's verdict is compared with the estate's own.
//!
//! `cargo test -p breezeway --test rendered -- --estates N --seed S [--only I] [--show] [--lint N]
//! [--terraform N]`

#![expect(clippy::print_stdout, reason = "a test reports on stdout")]
#![allow(
    dead_code,
    unused_imports,
    reason = "the unit tests of what it shares are another target's"
)]

#[path = "../readback/assemble/mod.rs"]
mod assemble;
#[path = "../readback/cloudformation/mod.rs"]
mod cloudformation;
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
#[path = "../readback/same/mod.rs"]
mod same;
#[path = "../agree/settled.rs"]
mod settled;
#[path = "../readback/vocabulary.rs"]
mod vocabulary;
#[path = "../readback/wiring.rs"]
mod wiring;
#[path = "../readback/yaml.rs"]
mod yaml;

mod tally;
mod tellable;

use std::process::ExitCode;
use std::time::Instant;

use blueprint::Blueprint;
use render::Target;

use known::Known;
use same::Fixed;
use tally::Tally;
use tellable::untellable;
use wiring::{Files, Reading};

struct Arguments {
    n_estates: u64,
    seed: u64,
    only: Option<u64>,
    /// Whether the specs and the rendered texts are printed.
    shows: bool,
    /// How many of the estates cfn-lint judges.
    n_linted: u64,
    /// How many of the estates Terraform plans.
    n_planned: u64,
}

fn main() -> ExitCode {
    let arguments = arguments();
    let began = Instant::now();
    let mut tally = Tally::default();
    let estates: Vec<u64> = match arguments.only {
        Some(only) => vec![only],
        None => (0..arguments.n_estates).collect(),
    };
    for index in estates {
        match settled::settle(arguments.seed, index) {
            Ok(estate) => match untellable(&estate.blueprint, &estate.before) {
                Some(why) => tally.count(format!("left out, because {why}"), 1),
                None => {
                let n = tally.n_complaints();
                compare(index, &estate.blueprint, arguments.shows, &mut tally);
                if tally.n_complaints() != n { println!("DBG {index} {:?} {:?}", estate.faults, estate.sound); }
                }
            },
            Err(error) => tally.trouble(index, "spec", vec![format!("{error:#}")]),
        }
    }
    println!("{}", tally.report(arguments.seed, began.elapsed()));
    ExitCode::from(u8::from(!tally.agrees()))
}

/// Renders an estate as CloudFormation, reads it back and compares.
fn compare(index: u64, blueprint: &Blueprint, shows: bool, tally: &mut Tally) {
    let known = Known::of(blueprint);
    let files = texts(blueprint, Target::CloudFormation);
    if shows {
        for (path, text) in &files {
            println!("--- {path}\n{text}");
        }
    }
    let fixed = Fixed {
        endpoint_addresses: false,
    };
    match cloudformation::read(&files, &known) {
        Ok(reading) => judge(
            index,
            "cloudformation",
            blueprint,
            &reading,
            &known,
            fixed,
            tally,
        ),
        Err(trouble) => tally.trouble(index, "cloudformation", trouble),
    }
}

/// Every file of a rendering, the wiring included.
fn texts(blueprint: &Blueprint, target: Target) -> Files {
    let (rendered, _) = render::render(blueprint, target, &[]);
    let wiring = breezeway::format::wiring::text(&blueprint.name, false, &rendered);
    let wiring = wiring.expect("its keys are texts");
    let mut files = rendered.files;
    files.insert(wiring::FILE.to_owned(), wiring);
    files
}

fn judge(
    index: u64,
    target: &'static str,
    blueprint: &Blueprint,
    reading: &Reading,
    known: &Known,
    fixed: Fixed,
    tally: &mut Tally,
) {
    let assembled = assemble::assemble(reading, known);
    let lines = same::disagreements(blueprint, &assembled.blueprint, fixed);
    tally.add(index, target, verify::paths(blueprint).len(), lines);
    tally.trouble(index, target, assembled.trouble);
}

fn arguments() -> Arguments {
    let given: Vec<String> = std::env::args().skip(1).collect();
    let value = |flag: &str| {
        let at = given.iter().position(|argument| argument == flag)?;
        given.get(at + 1)?.parse().ok()
    };
    Arguments {
        n_estates: value("--estates").unwrap_or(40),
        seed: value("--seed").unwrap_or(1),
        only: value("--only"),
        shows: given.iter().any(|argument| argument == "--show"),
        n_linted: value("--lint").unwrap_or(0),
        n_planned: value("--terraform").unwrap_or(0),
    }
}
