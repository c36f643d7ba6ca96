//! The checks: one file each, whose opening comment is the check's page. This list is the only
//! place that knows them all.

mod closed_port;
mod cross_zone_off;
mod cut_off_poller;
mod duplicate_zone;
mod exhausted_quota;
mod hairpin;
mod idle_reset;
mod mismatched_zones;
mod missing_record;
mod missing_route;
mod narrow_path;
mod overlapping_ranges;
mod partial_listeners;
mod shadowing_zone;
mod stranded_local_client;
mod unknown_version;
mod unreachable_broker;
mod unready_multi_vpc;
mod unserved_broker;
mod unwritable_topic;
mod wrong_broker;
mod wrong_certificate_name;

use blueprint::diagnostic::{Diagnostic, Level};
use blueprint::facts::Facts;

use crate::evidence::{Evidence, Finding};
use crate::network::Network;
use crate::promises::Path;

/// A rule that judges a walked blueprint.
#[derive(Debug)]
pub struct Check {
    /// The fault it finds, in kebab-case.
    pub name: &'static str,
    /// The worst level it reports.
    pub level: Level,
    source: &'static str,
    run: fn(&Evidence<'_, '_>) -> Vec<Finding>,
}

impl Check {
    /// The check's page in Markdown: what, why it is bad, an example, the remedy.
    pub fn page(&self) -> String {
        let lines = self
            .source
            .lines()
            .map_while(|line| line.strip_prefix("//!"));
        let lines = lines.map(|line| line.strip_prefix(' ').unwrap_or(line));
        lines.map(|line| format!("{line}\n")).collect()
    }
}

macro_rules! check {
    ($name:literal, $module:ident) => {
        check!($name, $module, Error)
    };
    ($name:literal, $module:ident, $level:ident) => {
        Check {
            name: $name,
            level: Level::$level,
            source: include_str!(concat!(stringify!($module), ".rs")),
            run: $module::run,
        }
    };
}

/// Every check. An earlier one explains a blocked path before a later one sees it: causes that
/// spoil whole connections first, what is left over last.
static CHECKS: [Check; 22] = [
    check!("overlapping-ranges", overlapping_ranges),
    check!("mismatched-zones", mismatched_zones),
    check!("duplicate-zone", duplicate_zone),
    check!("shadowing-zone", shadowing_zone),
    check!("stranded-local-client", stranded_local_client),
    check!("missing-record", missing_record),
    check!("unserved-broker", unserved_broker),
    check!("partial-listeners", partial_listeners),
    check!("missing-route", missing_route),
    check!("cross-zone-off", cross_zone_off),
    check!("closed-port", closed_port),
    check!("wrong-broker", wrong_broker),
    check!("wrong-certificate-name", wrong_certificate_name),
    check!("unready-multi-vpc", unready_multi_vpc),
    check!("cut-off-poller", cut_off_poller),
    check!("unknown-version", unknown_version),
    check!("unwritable-topic", unwritable_topic),
    check!("hairpin", hairpin, Warning),
    check!("idle-reset", idle_reset, Warning),
    check!("narrow-path", narrow_path, Warning),
    check!("exhausted-quota", exhausted_quota),
    check!("unreachable-broker", unreachable_broker),
];

/// Every check, in order of precedence.
pub fn all() -> &'static [Check] {
    &CHECKS
}

/// Judges walked paths with every check in turn.
pub(crate) fn run(network: &Network<'_>, paths: &[Path<'_>], facts: &Facts) -> Vec<Diagnostic> {
    let mut evidence = Evidence::new(network, paths, facts);
    let mut diagnostics = Vec::new();
    for check in all() {
        for finding in (check.run)(&evidence) {
            evidence.explain(&finding.explains);
            diagnostics.push(finding.diagnostic);
        }
    }
    diagnostics
}
