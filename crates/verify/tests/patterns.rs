//! Every cell of the pattern table, as a spec of its own: what the table allows is planned,
//! walked and delivered without an error; what it refuses is refused by the fault it names; what
//! nobody knows is planned with a warning that says so.

mod cells;

use std::collections::BTreeMap;
use std::fmt::Write as _;

use blueprint::diagnostic::{Diagnostic, Level};
use blueprint::patterns::{Cell, State, Table};
use blueprint::verdict::{Class, Summary};

use cells::{is_wordless, name, spec};

/// The warning of the plan for what nobody knows.
const UNKNOWN: &str = "unknown-combination";

#[test]
fn every_cell_fares_as_the_table_says() {
    let table = Table::embedded();
    let mut wrong: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for (cell, ruling) in table.cells() {
        let state = ruling.state;
        *counts.entry(word(state)).or_default() += 1;
        if let Err(why) = fares(cell, state) {
            wrong.entry(why).or_default().push(name(cell));
        }
    }
    println!("cells: {counts:?}");
    let total: usize = counts.values().sum();
    assert_eq!(
        total, 800,
        "patterns x kinds x schemes x accounts x Regions"
    );
    let mut report = String::new();
    for (why, cells) in &wrong {
        let _ = writeln!(
            report,
            "{} cells: {why}\n    {}",
            cells.len(),
            cells.join("\n    ")
        );
    }
    assert!(wrong.is_empty(), "\n{report}");
}

fn word(state: State) -> &'static str {
    match state {
        State::Allowed => "allowed",
        State::Refused { .. } => "refused",
        State::Unknown => "unknown",
    }
}

/// Reads, plans and walks the cell's spec, and compares what is found with its state.
fn fares(cell: Cell, state: State) -> Result<(), String> {
    let text = spec(cell);
    let (spec, _, mut found) = blueprint::read(&text);
    let mut undelivered = Vec::new();
    if let Some(spec) = spec.filter(|_| !blueprint::read::has_errors(&found)) {
        let (blueprint, planned) = plan::build(&spec);
        let checked = verify::check(&blueprint);
        let paths = checked.paths.iter();
        undelivered = paths
            .filter(|path| path.summary() != Summary::All(Class::Delivered))
            .map(|path| format!("{} {}", path.promise, path.summary()))
            .collect();
        found.extend(planned);
        found.extend(checked.diagnostics);
    }
    let errors: Vec<&Diagnostic> = found.iter().filter(|f| f.level == Level::Error).collect();
    let warned = found.iter().any(|finding| finding.name == UNKNOWN);
    let refusal = |check| {
        if is_wordless(cell) {
            "same-vpc-connection"
        } else {
            check
        }
    };
    match state {
        State::Refused { check } if errors.iter().any(|error| error.name == refusal(check)) => {
            Ok(())
        }
        State::Refused { check } => {
            let names: Vec<_> = errors.iter().map(|error| error.name).collect();
            Err(format!("refused by {check} in the table, found {names:?}"))
        }
        State::Allowed | State::Unknown if !errors.is_empty() => {
            let errors: Vec<_> = errors
                .iter()
                .map(|e| format!("{}: {}", e.name, e.title))
                .collect();
            Err(format!("{} in the table, found {errors:?}", word(state)))
        }
        State::Allowed | State::Unknown if !undelivered.is_empty() => Err(format!(
            "{} in the table, undelivered: {undelivered:?}",
            word(state)
        )),
        State::Allowed if warned => Err("allowed in the table, and the plan warns".to_owned()),
        State::Unknown if !warned => {
            Err("unknown in the table, and the plan does not say so".to_owned())
        }
        State::Allowed | State::Unknown => Ok(()),
    }
}
