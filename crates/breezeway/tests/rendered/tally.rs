//! Counts over all rendered estates.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::time::Duration;

/// Complaints that are printed in full.
const N_COMPLAINTS_SHOWN: usize = 40;

/// What all estates showed.
#[derive(Default)]
pub(crate) struct Tally {
    /// By target: read back, paths compared, disagreements.
    read_back: BTreeMap<&'static str, (usize, usize, usize)>,
    /// What judges and other comparisons counted, by name.
    counts: BTreeMap<String, usize>,
    complaints: Vec<String>,
    skipped: Vec<String>,
}

impl Tally {
    /// Adds an estate that was read back: its paths and how they disagree.
    pub(crate) fn add(
        &mut self,
        name: &str,
        target: &'static str,
        n_paths: usize,
        disagreements: Vec<String>,
    ) {
        let (n_subjects, paths, n_disagreements) = self.read_back.entry(target).or_default();
        *n_subjects += 1;
        *paths += n_paths;
        *n_disagreements += disagreements.len();
        let lines = disagreements.into_iter();
        let lines = lines.map(|line| format!("{name}, {target}: {line}"));
        self.complaints.extend(lines);
    }

    /// Adds what a reader did not understand, or a judge objects to.
    pub(crate) fn complain(&mut self, name: &str, of: &str, trouble: Vec<String>) {
        let lines = trouble.into_iter();
        self.complaints
            .extend(lines.map(|line| format!("{name}, {of}: {line}")));
    }

    /// Counts something.
    pub(crate) fn count(&mut self, what: impl Into<String>, n: usize) {
        *self.counts.entry(what.into()).or_default() += n;
    }

    /// Tells of a judge that could not be had.
    pub(crate) fn skip(&mut self, reason: String) {
        if !self.skipped.contains(&reason) {
            self.skipped.push(reason);
        }
    }

    /// Whether something was read back, and nothing was found.
    pub(crate) fn agrees(&self) -> bool {
        self.complaints.is_empty() && !self.read_back.is_empty()
    }

    /// What is printed at the end.
    pub(crate) fn report(&self, seed: u64, took: Duration) -> String {
        let mut out = String::new();
        for complaint in self.complaints.iter().take(N_COMPLAINTS_SHOWN) {
            let _ = writeln!(out, "{complaint}");
        }
        let rest = self.complaints.len().saturating_sub(N_COMPLAINTS_SHOWN);
        if 0 < rest {
            let _ = writeln!(out, "and {rest} more");
        }
        for reason in &self.skipped {
            let _ = writeln!(out, "skipped: {reason}");
        }
        for (target, (n_subjects, n_paths, n_disagreements)) in &self.read_back {
            let _ = writeln!(
                out,
                "{target}: {n_subjects} read back, {n_paths} paths, {n_disagreements} disagreements"
            );
        }
        for (what, n) in &self.counts {
            let _ = writeln!(out, "{what}: {n}");
        }
        let n_complaints = self.complaints.len();
        let _ = write!(
            out,
            "seed {seed}, {n_complaints} complaints, {:.0} s",
            took.as_secs_f64()
        );
        out
    }
}
