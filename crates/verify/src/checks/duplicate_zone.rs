//! # duplicate-zone
//!
//! A private hosted zone is not seen: another one of its name is associated with the same VPC, a
//! Resolver rule takes its names away, or the VPC's DNS is turned off.
//!
//! ## Why it is bad
//!
//! A resolver answers a name from one zone. Route 53 refuses the second association with
//! `ConflictingDomainExists`, so the second connection fails when it is deployed; what its zone
//! holds is never seen in that VPC. A Resolver rule for a domain goes before a private zone of the
//! same name or a wider one: the question leaves for other servers, which do not know the zone.
//! And without `enableDnsSupport` and `enableDnsHostnames` a VPC sees no private zone at all.
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

use crate::evidence::{Blocked, Evidence, Finding, by_cause, value};
use crate::journey::{End, NoName};
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
    findings.extend(unseen(evidence));
    findings
}

/// Zones whose names never reach them, by what keeps the names away.
fn unseen(evidence: &Evidence<'_, '_>) -> Vec<Finding> {
    let unasked = evidence.blocked().filter_map(|blocked| {
        let End::NoName { vpc, why } = &blocked.journey.end else {
            return None;
        };
        let domain = match why {
            NoName::Forwarded(rule) => Some(rule.rule.domain.clone()),
            NoName::NoResolver => None,
            NoName::NotInZone(_)
            | NoName::EmptyAlias { .. }
            | NoName::EmptyRecord(_)
            | NoName::NotPublic => return None,
        };
        Some((((*vpc).clone(), domain), blocked))
    });
    let causes = by_cause(unasked);
    let found = causes.iter().map(|((vpc, domain), blocked)| {
        let diagnostic = match domain {
            Some(domain) => forwarded(evidence, vpc, domain),
            None => turned_off(evidence, vpc),
        };
        evidence.finding(diagnostic, blocked)
    });
    found.collect()
}

fn forwarded(evidence: &Evidence<'_, '_>, vpc: &VpcId, domain: &str) -> Diagnostic {
    let title = format!("`{vpc}` forwards names under `{domain}`, which its private zones hold");
    let key = evidence.origin(vpc).key("resolver_rules");
    Diagnostic::error("duplicate-zone", title, value(key))
        .label("a Resolver rule goes before a private zone")
        .note("what the other servers answer is not known here, so these names count as unanswered")
        .help("narrow the rule, or remove it, so that the brokers' names stay in the VPC")
}

fn turned_off(evidence: &Evidence<'_, '_>, vpc: &VpcId) -> Diagnostic {
    let title = format!("`{vpc}` sees no private zone: its DNS is turned off");
    let key = evidence.origin(vpc).key("dns");
    Diagnostic::error("duplicate-zone", title, value(key))
        .label("`enableDnsSupport` and `enableDnsHostnames` must both be on")
        .help("say `dns: true`, or leave it out")
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
