//! # shadowing-zone
//!
//! A private hosted zone is wider than what it has records for, and hides names that would be
//! answered without it.
//!
//! ## Why it is bad
//!
//! A resolver takes the narrowest private zone that covers a name and asks nobody else: a name
//! without a record there is answered with NXDOMAIN, not by a wider zone and not by public DNS.
//! A zone `kafka.eu-central-1.amazonaws.com` with the records of one Amazon MSK cluster takes
//! every other MSK cluster of the Region out of that VPC. The first cluster works, so the
//! mistake shows only when the second one comes.
//!
//! ## Example
//!
//! ```yaml
//! connections:
//!   - from: shop
//!     to: orders
//!     via: privatelink
//!     zone_name: kafka.eu-central-1.amazonaws.com
//! ```
//!
//! ## Remedy
//!
//! Leave `zone_name` out: each broker's name gets a zone of its own with a record at its apex,
//! which hides nothing. If one zone is wanted, name it after the cluster's own suffix
//! (`CLUSTER.HASH.cN.kafka.REGION.amazonaws.com`).

use std::collections::BTreeSet;

use blueprint::diagnostic::Diagnostic;
use blueprint::dns::HostedZone;
use blueprint::ids::{ClusterId, HostedZoneId};
use blueprint::spec::ClusterKind;

use crate::evidence::{Blocked, Evidence, Finding, by_cause, value};
use crate::journey::{End, NoName};
use crate::names;
use crate::words;

pub(super) fn run(evidence: &Evidence<'_, '_>) -> Vec<Finding> {
    let hidden = evidence
        .blocked()
        .filter_map(|blocked| Some((hidden_by(evidence, &blocked)?, blocked)));
    let hidden = by_cause(hidden);
    let harmful: BTreeSet<_> = hidden.keys().cloned().collect();
    let mut findings: Vec<_> = hidden
        .iter()
        .map(|(zone, blocked)| hides(evidence, zone, blocked))
        .collect();
    for (id, zone) in &evidence.blueprint().zones {
        if let Some(cluster) = wider_than(evidence, zone)
            && !harmful.contains(id)
        {
            findings.push(too_wide(evidence, id, zone, cluster));
        }
    }
    findings
}

/// The zone that keeps a name from being answered by a wider zone or by public DNS.
fn hidden_by(evidence: &Evidence<'_, '_>, blocked: &Blocked<'_, '_>) -> Option<HostedZoneId> {
    let End::NoName {
        vpc,
        why: NoName::NotInZone(zone),
    } = &blocked.journey.end
    else {
        return None;
    };
    let host = &blocked.journey.to.host;
    let wider = names::parents(&zone.zone.name).skip(1);
    let wider: Vec<_> = wider
        .filter_map(|name| evidence.network.zone(vpc, name))
        .collect();
    let answered = match wider.first() {
        Some(wider) => wider.zone.records.contains_key(host),
        None => names::from_public_dns(evidence.network, host).is_some(),
    };
    answered.then(|| zone.id.clone())
}

fn hides(evidence: &Evidence<'_, '_>, id: &HostedZoneId, blocked: &[Blocked<'_, '_>]) -> Finding {
    let name = evidence
        .blueprint()
        .zones
        .get(id)
        .map_or("", |zone| &zone.name);
    let hosts: BTreeSet<_> = blocked
        .iter()
        .map(|blocked| words::host(&blocked.journey.to.host))
        .collect();
    let clusters: BTreeSet<_> = blocked
        .iter()
        .map(|blocked| &blocked.path.promise.cluster)
        .collect();
    let title = format!(
        "the private zone `{name}` hides names of {}",
        words::code_list(clusters)
    );
    let mut diagnostic = Diagnostic::error(
        "shadowing-zone",
        title,
        value(evidence.origin(id).key("zone_name")),
    )
    .label(format!(
        "covers {}, has no record of {}",
        words::code_list(&hosts),
        words::plural(hosts.len(), "it", "them")
    ))
    .note("a private zone that covers a name answers it alone; there is no fall-through")
    .help("leave `zone_name` out: each name then gets a zone of its own");
    let victims: BTreeSet<_> = blocked
        .iter()
        .map(|blocked| &blocked.path.promise.client)
        .collect();
    for client in victims {
        diagnostic = diagnostic.related(
            value(evidence.origin(client).key("cluster")),
            format!("`{client}` asks for them"),
        );
    }
    evidence.finding(diagnostic, blocked)
}

/// The Amazon MSK cluster below whose suffix's parent a zone begins, if it is that wide. Their
/// parents are AWS's and shared by every cluster of the Region.
fn wider_than<'a>(evidence: &Evidence<'_, 'a>, zone: &HostedZone) -> Option<&'a ClusterId> {
    let clusters = evidence.blueprint().clusters.iter();
    let mut managed = clusters.filter(|(_, cluster)| cluster.kind == ClusterKind::Msk);
    let found = managed.find(|(_, cluster)| {
        names::parents(&cluster.suffix)
            .skip(1)
            .any(|parent| parent == zone.name)
    });
    found.map(|(id, _)| id)
}

fn too_wide(
    evidence: &Evidence<'_, '_>,
    id: &HostedZoneId,
    zone: &HostedZone,
    cluster: &ClusterId,
) -> Finding {
    let name = &zone.name;
    let title = format!("the private zone `{name}` is wider than the names of `{cluster}`");
    let diagnostic = Diagnostic::warning(
        "shadowing-zone",
        title,
        value(evidence.origin(id).key("zone_name")),
    )
    .label("hides every other name below it")
    .note("other clusters of the Region lie below it and will have no answer in this VPC")
    .help("leave `zone_name` out: each name then gets a zone of its own");
    Finding::of_structure(diagnostic)
}
