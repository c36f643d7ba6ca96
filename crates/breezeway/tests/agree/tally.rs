//! Counts over all estates, and what must have been met.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::time::Duration;

use crate::estate::Outcome;

/// Complaints that are printed in full.
const N_COMPLAINTS_SHOWN: usize = 40;

/// Fewer estates than this need not meet every verdict: with as many, each kind of fault in a
/// blueprint has come three times.
pub(crate) const N_ESTATES_FOR_COVERAGE: u64 = 320;

/// Stands for every pattern; denials are none.
const ANY: &str = "any";

/// Pattern, verdict and hop that a run must meet; a pattern stands for its variants as well. The
/// one word of the closed set that no estate can end in is `unknown`.
const MUST_MEET: &[(&str, &str, &str)] = &[
    ("same-vpc", "delivered", "-"),
    ("same-vpc", "denied-out", "client"),
    ("same-vpc", "refused", "broker"),
    ("same-vpc", "no-listener", "broker"),
    ("same-vpc", "no-name", "resolver"),
    ("peering", "delivered", "-"),
    ("peering", "no-route", "router/forward"),
    ("peering", "no-route", "router/return"),
    ("peering", "denied-out", "client"),
    ("peering", "no-name", "resolver"),
    ("transit-gateway", "delivered", "-"),
    ("transit-gateway", "no-route", "router/forward"),
    ("transit-gateway", "no-route", "router/return"),
    ("transit-gateway", "no-route", "transit/forward"),
    ("transit-gateway", "no-route", "transit/return"),
    ("transit-gateway/abroad", "delivered", "-"),
    ("transit-gateway/abroad", "loop", "transit/forward"),
    ("privatelink", "delivered", "-"),
    ("privatelink", "wrong-broker", "broker"),
    ("privatelink", "refused", "broker"),
    ("privatelink", "denied-in", "endpoint"),
    ("privatelink", "denied-in", "node"),
    ("privatelink", "denied-out", "client"),
    ("privatelink", "no-listener", "node"),
    ("privatelink", "no-target", "node"),
    ("privatelink", "no-name", "resolver"),
    ("privatelink/abroad", "delivered", "-"),
    ("privatelink/abroad", "no-target", "endpoint"),
    ("privatelink-per-broker", "delivered", "-"),
    ("privatelink-per-broker", "denied-out", "client"),
    ("privatelink-per-broker/aligned", "delivered", "-"),
    ("msk-multi-vpc", "delivered", "-"),
    ("resource-endpoint", "delivered", "-"),
    ("resource-endpoint", "denied-in", "endpoint"),
    ("resource-endpoint", "denied-out", "resource gateway"),
    ("resource-endpoint", "no-listener", "endpoint"),
    ("resource-endpoint", "no-target", "endpoint"),
    ("through", "delivered", "-"),
    ("through", "no-route", "router/forward"),
    (ANY, "denied-in", "broker"),
    (ANY, "leaves-blueprint", "router/forward"),
    ("denial", "denied-in", "broker"),
    ("denial", "denied-in", "endpoint"),
    ("denial", "no-route", "router/forward"),
];

/// What all estates showed.
#[derive(Default)]
pub(crate) struct Tally {
    n_estates: usize,
    n_paths: usize,
    cells: BTreeMap<(String, String, String), usize>,
    n_disagreements: usize,
    complaints: Vec<String>,
}

impl Tally {
    /// Adds estate `index`.
    pub(crate) fn add(&mut self, index: u64, outcome: Result<Outcome, String>) {
        self.n_estates += 1;
        match outcome {
            Ok(outcome) => {
                self.n_paths += outcome.n_paths;
                for cell in outcome.cells {
                    *self.cells.entry(cell).or_default() += 1;
                }
                self.n_disagreements += outcome.disagreements.len();
                self.complaints.extend(
                    outcome
                        .disagreements
                        .iter()
                        .chain(&outcome.complaints)
                        .map(|text| format!("estate {index}: {text}")),
                );
            }
            Err(why) => self
                .complaints
                .push(format!("estate {index}: could not be raised: {why}")),
        }
    }

    /// Whether no estate gave cause for complaint.
    pub(crate) fn agrees(&self) -> bool {
        self.complaints.is_empty()
    }

    /// Whether some path's verdicts differ.
    pub(crate) fn disagrees(&self) -> bool {
        0 < self.n_disagreements
    }

    /// Whether every cell that must be met was.
    pub(crate) fn covers(&self) -> bool {
        self.unmet().is_empty()
    }

    fn unmet(&self) -> Vec<String> {
        let met = |(pattern, verdict, hop): &&(&str, &str, &str)| {
            self.cells.keys().any(|(known, v, h)| {
                let variant = known.split_once('/').map(|(base, _)| base);
                let any = *pattern == ANY && known != "denial";
                let fits = any || known == pattern || variant == Some(*pattern);
                fits && v == verdict && h == hop
            })
        };
        MUST_MEET
            .iter()
            .filter(|cell| !met(cell))
            .map(|(p, v, h)| format!("{p} × {v} × {h}"))
            .collect()
    }

    /// The whole report.
    pub(crate) fn report(&self, seed: u64, took: Duration) -> String {
        let mut text = String::new();
        for complaint in self.complaints.iter().take(N_COMPLAINTS_SHOWN) {
            let _ = writeln!(text, "DISAGREE {complaint}");
        }
        let _ = writeln!(
            text,
            "\n{:<24} {:<18} {:<16} attempts",
            "pattern", "verdict", "hop"
        );
        for ((pattern, verdict, hop), n) in &self.cells {
            let _ = writeln!(text, "{pattern:<24} {verdict:<18} {hop:<16} {n}");
        }
        for unmet in self.unmet() {
            let _ = writeln!(text, "never met: {unmet}");
        }
        let _ = write!(
            text,
            "\nseed {seed}: {} estates, {} paths, {} disagreements, {} other complaints, {:.1} s",
            self.n_estates,
            self.n_paths,
            self.n_disagreements,
            self.complaints.len() - self.n_disagreements,
            took.as_secs_f64()
        );
        text
    }
}
