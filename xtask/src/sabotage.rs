//! The test of the test: breaks one rule of the network at a time, in `lab` alone or in
//! `verify` alone, and expects the agreement run to find disagreements. A rule whose break goes
//! unseen is a rule that agreement says nothing about.

mod table;
mod tree;
mod trial;

use std::fmt;
use std::path::Path;
use std::time::{Duration, Instant};

use clap::Args;

use crate::command::SKIP_MARK;
use crate::repo::{self, File};
use crate::tidy::Fault;
use table::{ENTRIES, Entry};
use tree::Tree;
use trial::{Build, End};

/// Estates in each trial at most, since it ends with the first disagreement. Each kind of fault
/// comes twice in as many.
const ESTATES: u32 = 200;

/// Characters shown of a disagreement: the first attempt and its two verdicts, as a rule.
const SHOWN_CHARS: usize = 240;

/// Seed of each trial's first estate.
const SEED: u64 = 1;

#[derive(Args)]
pub(crate) struct Options {
    /// Estates in each trial
    #[arg(long, default_value_t = ESTATES)]
    estates: u32,
    /// Seed of the first estate
    #[arg(long, default_value_t = SEED)]
    seed: u64,
    /// Break this rule only
    #[arg(long)]
    rule: Option<String>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            estates: ESTATES,
            seed: SEED,
            rule: None,
        }
    }
}

/// What the whole run says.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Answer {
    /// Every break was found.
    Caught,
    /// Some were not, or could not be tried.
    Missed(String),
    /// This machine cannot raise estates.
    Skipped(String),
}

/// A broken rule and whether agreement saw it.
struct Row {
    entry: &'static Entry,
    end: End,
    took: Duration,
}

impl Row {
    fn is_caught(&self) -> bool {
        matches!(self.end, End::Disagreed(_))
    }
}

/// Runs the trials, prints the table, and says whether every one was caught.
pub(crate) fn run(options: &Options) -> anyhow::Result<bool> {
    match report(options, repo::root())? {
        Answer::Caught => Ok(true),
        Answer::Missed(reason) => {
            eprintln!("sabotage: {reason}");
            Ok(false)
        }
        Answer::Skipped(reason) => {
            eprintln!("{SKIP_MARK}sabotage: {reason}");
            Ok(true)
        }
    }
}

/// Runs the trials on a copy of the tree and prints a table of rules and sides.
pub(crate) fn report(options: &Options, root: &Path) -> anyhow::Result<Answer> {
    let entries: Vec<_> = ENTRIES
        .iter()
        .filter(|entry| wanted(options, entry))
        .collect();
    if entries.is_empty() {
        return Ok(Answer::Missed("no entries".to_owned()));
    }
    let faults = table_faults(&repo::read(root)?);
    if let Some(fault) = faults.first() {
        return Ok(Answer::Missed(fault.to_string()));
    }
    let tree = Tree::copy(root)?;
    if let Some(answer) = control(&tree, options)? {
        return Ok(answer);
    }
    let mut rows = Vec::new();
    for entry in entries {
        let started = Instant::now();
        let end = attempt(&tree, entry, options)?;
        eprintln!("sabotage: {} in {}: {end}", entry.rule, entry.side);
        if let End::Disagreed(path) = &end {
            eprintln!("  {}", path.chars().take(SHOWN_CHARS).collect::<String>());
        }
        let took = started.elapsed();
        rows.push(Row { entry, end, took });
    }
    print!("{}", Rows(&rows));
    Ok(judge(&rows))
}

/// Finds what is wrong with the table itself; cheap, and so a guard.
pub(crate) fn table_faults(files: &[File]) -> Vec<Fault> {
    table::faults(&ENTRIES, files)
}

fn wanted(options: &Options, entry: &Entry) -> bool {
    options
        .rule
        .as_deref()
        .is_none_or(|rule| rule == entry.rule)
}

/// Runs the estates on the unbroken copy: only if they agree there does a disagreement
/// elsewhere come from the break.
fn control(tree: &Tree, options: &Options) -> anyhow::Result<Option<Answer>> {
    eprintln!("sabotage: nothing broken");
    let end = trial::run(tree, options.estates, options.seed)?;
    Ok(match end {
        End::Agreed { skipped: None } => None,
        End::Agreed {
            skipped: Some(reason),
        } => Some(Answer::Skipped(reason)),
        End::Disagreed(_) | End::NotBuilt(_) | End::Broke(_) => {
            let reason = format!("with nothing broken the estates came out `{end}`");
            Some(Answer::Missed(reason))
        }
    })
}

fn attempt(tree: &Tree, entry: &Entry, options: &Options) -> anyhow::Result<End> {
    let _broken = tree.break_rule(entry)?;
    trial::run(tree, options.estates, options.seed)
}

fn judge(rows: &[Row]) -> Answer {
    let missed: Vec<_> = rows
        .iter()
        .filter(|row| !row.is_caught())
        .map(|row| format!("{} in {}", row.entry.rule, row.entry.side))
        .collect();
    if missed.is_empty() {
        Answer::Caught
    } else {
        let (n_missed, n_rows) = (missed.len(), rows.len());
        Answer::Missed(format!(
            "{n_missed} of {n_rows} not caught: {}",
            missed.join(", ")
        ))
    }
}

struct Rows<'r>(&'r [Row]);

impl fmt::Display for Rows<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let width = self.0.iter().map(|row| row.entry.rule.len()).max();
        let width = width.unwrap_or(0).max("rule".len());
        writeln!(f, "{:<width$}  side    seconds  ends", "rule")?;
        for Row { entry, end, took } in self.0 {
            let seconds = took.as_secs_f64();
            writeln!(
                f,
                "{:<width$}  {:<6}  {seconds:>7.1}  {end}",
                entry.rule, entry.side
            )?;
        }
        let n_caught = self.0.iter().filter(|row| row.is_caught()).count();
        writeln!(f, "{n_caught} of {} caught", self.0.len())
    }
}

/// Says what a build that fails has to say, without what went well.
fn last_lines(build: &Build) -> String {
    const LINES_MAX: usize = 20; // an error of rustc with its drawing fits
    let lines: Vec<_> = build.messages.lines().collect();
    lines[lines.len().saturating_sub(LINES_MAX)..].join("\n")
}

#[cfg(test)]
mod tests {
    use super::table::Side;
    use super::*;

    const ENTRY: Entry = Entry {
        rule: "longest-prefix",
        side: Side::Lab,
        file: "crates/lab/src/route.rs",
        find: "max",
        replace: "min",
    };

    fn row(end: End) -> Row {
        static STATIC: Entry = ENTRY;
        Row {
            entry: &STATIC,
            end,
            took: Duration::from_millis(1500),
        }
    }

    #[test]
    fn one_that_is_not_caught_fails_the_run() {
        let rows = [
            row(End::Disagreed("c/1".to_owned())),
            row(End::Agreed { skipped: None }),
        ];
        assert_eq!(
            judge(&rows),
            Answer::Missed("1 of 2 not caught: longest-prefix in lab".to_owned())
        );
        assert_eq!(judge(&rows[..1]), Answer::Caught);
    }

    #[test]
    fn a_break_that_does_not_build_is_not_caught() {
        let rows = [
            row(End::NotBuilt("no".to_owned())),
            row(End::Broke("exit status: 101".to_owned())),
        ];
        assert!(matches!(judge(&rows), Answer::Missed(_)));
    }

    #[test]
    fn the_table_is_printed() {
        let rows = [
            row(End::Disagreed("c/1".to_owned())),
            row(End::Agreed { skipped: None }),
        ];
        assert_eq!(
            Rows(&rows).to_string(),
            "rule            side    seconds  ends\n\
             longest-prefix  lab         1.5  caught\n\
             longest-prefix  lab         1.5  missed\n\
             1 of 2 caught\n"
        );
    }
}
