//! blueprint -> verdict: every promised path is walked by the rules of the network, name first,
//! and what ends before its broker is explained. It reads the blueprint only; the rules are its
//! own, so that agreement with the lab says something.
//!
//! Rule by rule: `names`, `security`, `acl`, `routing`, `transit`, `balancing`, `gateways`; `walk` puts them in order and
//! `promises` says who dials what. `verdict` names an end, `trace` tells it, `checks` judge it.
#![warn(missing_docs)]
#![warn(
    clippy::disallowed_methods,
    reason = "pure crate: no clock, file system, environment or chance"
)]

mod acl;
mod asked;
mod balancing;
mod barred;
mod checks;
mod evidence;
mod gateways;
mod journey;
mod names;
mod network;
mod pages;
mod passed;
mod prefixes;
mod promises;
mod quotas;
mod routing;
mod security;
mod survey;
mod tables;
mod trace;
mod transit;
mod untransited;
mod verdict;
mod walk;
mod words;

use blueprint::Blueprint;
use blueprint::diagnostic::{At, Diagnostic, Level, Trace};
use blueprint::facts::Facts;
use blueprint::kafka::PromiseId;
use blueprint::network::Denial;
use blueprint::verdict::{Attempt, PathVerdict};

use journey::Journey;
use network::Network;

pub use checks::{Check, all as checks};
pub use pages::{explain, explainable, verdicts};
pub use survey::{Survey, Surveyed, survey};

/// A blueprint's verdicts and findings.
#[derive(Clone, Debug)]
pub struct Checked {
    /// How each promised path ends: by client, bootstrap first, then each broker by id.
    pub paths: Vec<PathVerdict>,
    /// How each attempt that should fail ends: one list per denial, in the blueprint's order.
    pub denials: Vec<Vec<Attempt>>,
    /// What is wrong, one finding per cause.
    pub diagnostics: Vec<Diagnostic>,
}

impl Checked {
    /// The findings that say more than `earlier` ones of reader and plan did: what is left over
    /// for `unreachable-broker` is not told again where an error already stands, nor are ranges
    /// that the plan found in each other's way. Where a route is at fault by itself, the items of
    /// its list can no longer be counted, so the whole list is named.
    pub fn beyond(self, earlier: &[Diagnostic]) -> Vec<Diagnostic> {
        let errors = earlier.iter().filter(|known| known.level == Level::Error);
        let errors: Vec<_> = errors.collect();
        let told = |finding: &Diagnostic| {
            let mut here = errors
                .iter()
                .filter(|known| known.primary.at == finding.primary.at);
            match finding.name {
                "unreachable-broker" => here.next().is_some(),
                "overlapping-ranges" => here.any(|known| known.name == "conflicting-routes"),
                _ => false,
            }
        };
        let mut findings = self.diagnostics;
        findings.retain(|finding| !told(finding));
        for finding in &mut findings {
            if let Some(list) = tables::uncounted(&finding.primary.at, &errors) {
                finding.primary.at = At::Value(list);
            }
        }
        findings
    }
}

/// Walks every promise and denial and judges the blueprint with every check, by the facts of AWS
/// that Breezeway comes with.
pub fn check(blueprint: &Blueprint) -> Checked {
    check_by(blueprint, Facts::embedded())
}

/// Walks every promise and denial and judges the blueprint with every check.
pub fn check_by(blueprint: &Blueprint, facts: &Facts) -> Checked {
    let network = Network::new(blueprint);
    let walked = promises::walk_all(&network);
    Checked {
        paths: walked.iter().map(promises::Path::verdict).collect(),
        denials: denials_of(&network),
        diagnostics: checks::run(&network, &walked, facts),
    }
}

/// Walks every promised path: by client, bootstrap first, then each broker by id.
pub fn paths(blueprint: &Blueprint) -> Vec<PathVerdict> {
    let network = Network::new(blueprint);
    let walked = promises::walk_all(&network);
    walked.iter().map(promises::Path::verdict).collect()
}

/// Walks every connection attempt that is expected to be denied: one list per denial, in the
/// blueprint's order. A broker that accepts is `delivered`.
pub fn denials(blueprint: &Blueprint) -> Vec<Vec<Attempt>> {
    denials_of(&Network::new(blueprint))
}

fn denials_of(network: &Network<'_>) -> Vec<Vec<Attempt>> {
    let denials = network.blueprint.denials.iter();
    denials
        .map(|denial| {
            let journeys = promises::attempt_denial(network, denial);
            journeys.iter().map(Journey::attempt).collect()
        })
        .collect()
}

/// Traces a promise: one trace per attempt, in the order of its path's attempts; empty if no
/// client of the blueprint was promised it.
pub fn traces(blueprint: &Blueprint, promise: &PromiseId) -> Vec<Trace> {
    trace::of_promise(&Network::new(blueprint), promise)
}

/// Traces a denial: one trace per attempt, in the order of [`denials`].
pub fn traces_of_denial(blueprint: &Blueprint, denial: &Denial) -> Vec<Trace> {
    let network = Network::new(blueprint);
    let journeys = promises::attempt_denial(&network, denial);
    journeys
        .iter()
        .map(|journey| trace::of(&network, journey))
        .collect()
}
