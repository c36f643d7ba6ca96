//! # duplicate-zone
//!
//! Two private hosted zones of one name are associated with the same VPC.
//!
//! ## Why it is bad
//!
//! A resolver answers a name from one zone. Route 53 refuses the second association with
//! `ConflictingDomainExists`, so the second connection fails when it is deployed; what its zone
//! holds is never seen in that VPC.
//!
//! ## Example
//!
//! ```yaml
//! connections:
//!   - { from: shop, to: orders, via: privatelink, zone_name: kafka.example.com }
//!   - { from: shop, to: payments, via: privatelink, zone_name: kafka.example.com }
//! ```
//!
//! ## Remedy
//!
//! Give each connection a zone of its own, as wide as its cluster's names and no wider: leave
//! `zone_name` out, and each name gets a zone with a record at its apex. Two clusters that are
//! seen in one VPC need a `suffix` each.

use std::collections::BTreeMap;

use blueprint::diagnostic::Diagnostic;
use blueprint::ids::{HostedZoneId, VpcId};
use blueprint::key::{Part, SpecKey};

use crate::evidence::{Blocked, Evidence, Finding, value};
use crate::names;

pub(super) fn run(evidence: &Evidence<'_, '_>) -> Vec<Finding> {
    let mut seen: BTreeMap<(&VpcId, &str), Vec<&HostedZoneId>> = BTreeMap::new();
    for (id, zone) in &evidence.blueprint().zones {
        for vpc in &zone.vpcs {
            seen.entry((vpc, &zone.name)).or_default().push(id);
        }
    }
    let mut findings = Vec::new();
    for ((vpc, name), zones) in seen {
        if let [first, second, ..] = zones[..] {
            findings.push(finding(evidence, vpc, name, first, second));
        }
    }
    findings
}

fn finding(
    evidence: &Evidence<'_, '_>,
    vpc: &VpcId,
    name: &str,
    first: &HostedZoneId,
    second: &HostedZoneId,
) -> Finding {
    let blocked: Vec<_> = evidence
        .blocked()
        .filter(|blocked| asked(blocked, evidence, vpc, name))
        .collect();
    let title = format!("`{vpc}` would see two private zones named `{name}`");
    let place = |zone: &HostedZoneId| {
        let near = evidence.origin(zone);
        evidence.said_zone_name(&near).ok_or(near)
    };
    let (first, second) = (place(first), place(second));
    let help = match (&first, &second) {
        (Ok(_), _) | (_, Ok(_)) => "leave `zone_name` out: each name then gets a zone of its own",
        (Err(_), Err(_)) => "give one of the two clusters another `suffix`",
    };
    let at = |place: Result<SpecKey, SpecKey>| value(place.unwrap_or_else(suffix_of));
    let diagnostic = Diagnostic::error("duplicate-zone", title, at(second))
        .label("Route 53 refuses this zone: ConflictingDomainExists")
        .related(at(first), "the first zone of that name")
        .help(help);
    evidence.finding(diagnostic, &blocked)
}

/// The `suffix` that a cluster's own zone is named by; a connection's zones as they are.
fn suffix_of(near: SpecKey) -> SpecKey {
    match near.parts() {
        [Part::Key(section), _] if section == "clusters" => near.key("suffix"),
        _ => near,
    }
}

/// Whether an attempt's name was one that the doubled zone decides.
fn asked(blocked: &Blocked<'_, '_>, evidence: &Evidence<'_, '_>, vpc: &VpcId, name: &str) -> bool {
    let host = &blocked.journey.to.host;
    let deciding = names::parents(host).find(|parent| evidence.network.zone(vpc, parent).is_some());
    blocked.path.client.vpc == *vpc && deciding == Some(name)
}
