//! Every kind of mutation on the examples and on specs made for what those have not.

use super::specs::SPECS;
use super::{Case, Tally, terraform};
use crate::judges::{Judges, Provider};
use crate::whole::examples;

/// Mutations of each kind in each case.
const N_EACH: usize = 2;

/// Mutations of each kind that tell something, after which no more are made.
const N_ENOUGH: usize = 4;

/// What the issue asks for, at least.
const N_TELLING: usize = 100;

fn cases() -> Vec<Case> {
    let examples = examples().into_iter().map(|path| {
        let text = std::fs::read_to_string(&path).expect("a spec");
        (path.display().to_string(), text)
    });
    let specs = SPECS.iter();
    let specs = specs.map(|(name, text)| ((*name).to_owned(), (*text).to_owned()));
    let cases = examples.chain(specs);
    cases
        .map(|(name, text)| Case::of(&name, &text).expect(&name))
        .collect()
}

/// Runs every case.
fn tally(most: usize, enough: usize) -> Tally {
    let mut tally = Tally::default();
    for (seed, case) in (0..).zip(cases()) {
        tally.run(&case, most, enough, seed);
    }
    tally
}

#[test]
fn mutated_text_reads_back_as_the_mutated_blueprint() {
    let tally = tally(N_EACH, N_ENOUGH);
    println!("{}", tally.report());
    assert!(tally.faults.is_empty(), "{}", tally.faults.join("\n"));
    assert_eq!(tally.silent(), Vec::<&str>::new(), "tell nothing");
    assert!(N_TELLING <= tally.n_telling());
}

#[test]
fn mutated_modules_read_back_as_the_mutated_blueprint() {
    let Some(terraform) = Judges::ready().with(Provider::StandIn) else {
        return;
    };
    let outcome = terraform::run(terraform, &cases());
    println!("{} mutations of Terraform's modules", outcome.n_made);
    assert!(outcome.faults.is_empty(), "{}", outcome.faults.join("\n"));
}
