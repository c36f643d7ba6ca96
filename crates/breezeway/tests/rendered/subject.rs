//! What is rendered and read back: cells of the pattern table, random estates.

use blueprint::Blueprint;
use blueprint::patterns::{State, Table};
use render::{Target, render};

use crate::known::Known;
use crate::tally::Tally;
use crate::tellable::untellable;
use crate::wiring::{FILE, Files};
use crate::{cells, settled};

/// A blueprint, rendered to both targets.
pub(crate) struct Subject {
    pub(crate) name: String,
    pub(crate) blueprint: Blueprint,
    /// What a reader may know beside the texts.
    pub(crate) known: Known,
    /// Whether every path is delivered.
    pub(crate) is_sound: bool,
    /// Whether AWS makes its clusters so.
    pub(crate) is_makeable: bool,
    pub(crate) cloudformation: Files,
    pub(crate) terraform: Files,
}

impl Subject {
    fn new(name: String, blueprint: Blueprint, is_sound: bool) -> Self {
        let (_, refused) = render(&blueprint, Target::CloudFormation, &[]);
        let checked = verify::check(&blueprint).diagnostics;
        let is_known = checked.iter().all(|found| found.name != "unknown-version");
        Self {
            name,
            is_makeable: is_sound && is_known && refused.is_empty(),
            known: Known::of(&blueprint),
            is_sound,
            cloudformation: files(&blueprint, Target::CloudFormation),
            terraform: files(&blueprint, Target::Terraform),
            blueprint,
        }
    }
}

/// Every `every`-th cell that AWS allows.
pub(crate) fn cells(every: usize, tally: &mut Tally) -> Vec<Subject> {
    if every == 0 {
        return Vec::new();
    }
    let table = Table::embedded();
    let allowed = table
        .cells()
        .filter(|(_, ruling)| matches!(ruling.state, State::Allowed));
    let subjects = allowed.step_by(every).map(|(cell, _)| {
        let (spec, _, _) = blueprint::read(&cells::spec(cell));
        let (blueprint, _) = plan::build(&spec.expect("an allowed cell has a spec"));
        Subject::new(cells::name(cell), blueprint, true)
    });
    let subjects: Vec<_> = subjects.collect();
    tally.count("allowed cells of the pattern table", subjects.len());
    subjects
}

/// Random estates, those left out that no text can say.
pub(crate) fn estates(n: u64, seed: u64, tally: &mut Tally) -> Vec<Subject> {
    let mut subjects = Vec::new();
    for index in 0..n {
        let name = format!("estate {index}");
        match settled::settle(seed, index) {
            Ok(estate) => match untellable(&estate.blueprint, &estate.before) {
                Some(why) => tally.count(format!("estates left out: {why}"), 1),
                None => {
                    let blueprint = (*estate.blueprint).clone();
                    subjects.push(Subject::new(name, blueprint, estate.sound));
                }
            },
            Err(error) => tally.complain(&name, "the generator", vec![format!("{error:#}")]),
        }
    }
    tally.count("estates", subjects.len());
    subjects
}

/// Every file of a rendering, the wiring included.
fn files(blueprint: &Blueprint, target: Target) -> Files {
    let (rendered, _) = render(blueprint, target, &[]);
    let wiring = breezeway::format::wiring::text(&blueprint.name, false, &rendered);
    let mut files = rendered.files;
    files.insert(FILE.to_owned(), wiring.expect("its keys are texts"));
    files
}
