//! # missing-record
//!
//! A bootstrap server or an advertised broker name has no answer in the client's VPC.
//!
//! ## Why it is bad
//!
//! A client first dials its bootstrap servers and then each broker *by the name its metadata
//! gives*. Every one of these names must be answered where the client runs: by a private zone
//! of its VPC or by public DNS. One that is not makes all partitions led by that broker
//! unreachable, while the rest of the cluster works.
//!
//! ## Example
//!
//! ```yaml
//! clusters:
//!   orders: { kind: ec2, vpc: data, suffix: orders.internal }
//! connections:
//!   - { from: shop, to: orders, via: privatelink, zone_name: kafka.example.com }
//!     # the zone covers none of b-1.orders.internal, b-2.orders.internal, …
//! ```
//!
//! ## Remedy
//!
//! Give the VPC a record for each name: leave `zone_name` out and the plan makes them, or name a
//! zone that covers them. A name in `advertised` must be one that the plan has records for:
//! `b-{id}` under the cluster's `suffix`, which can be said. A name in `bootstrap` must be one
//! that the spec's zones hold.

use std::collections::BTreeSet;

use blueprint::diagnostic::Diagnostic;
use blueprint::ids::{ClusterId, HostedZoneId, VpcId};
use blueprint::kafka::Goal;
use blueprint::key::SpecKey;

use crate::evidence::{self, Blocked, Evidence, Finding, by_cause, value};
use crate::journey::{End, NoName};
use crate::words;

/// Names that a title lists before it counts them.
const MAX_NAMES: usize = 2;

/// Names of one cluster that one VPC does not answer: where a user would mend it, and the zone
/// that has no record of them.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Cause {
    vpc: VpcId,
    cluster: ClusterId,
    key: SpecKey,
    zone: Option<HostedZoneId>,
}

pub(super) fn run(evidence: &Evidence<'_, '_>) -> Vec<Finding> {
    let nameless = evidence.blocked();
    let nameless = nameless.filter_map(|blocked| Some((cause(evidence, &blocked)?, blocked)));
    let causes = by_cause(nameless);
    causes
        .iter()
        .map(|(cause, blocked)| finding(evidence, cause, blocked))
        .collect()
}

fn cause(evidence: &Evidence<'_, '_>, blocked: &Blocked<'_, '_>) -> Option<Cause> {
    let End::NoName { vpc, why } = &blocked.journey.end else {
        return None;
    };
    if matches!(why, NoName::NoResolver | NoName::Forwarded(_)) {
        return None;
    }
    let zone = zone_of(why);
    Some(Cause {
        vpc: (*vpc).clone(),
        cluster: blocked.path.promise.cluster.clone(),
        key: key(evidence, blocked, zone),
        zone: zone.cloned(),
    })
}

fn zone_of<'a>(why: &NoName<'a>) -> Option<&'a HostedZoneId> {
    match why {
        NoName::NotInZone(zone) | NoName::EmptyRecord(zone) | NoName::EmptyAlias { zone, .. } => {
            Some(zone.id)
        }
        NoName::NotPublic | NoName::NoResolver | NoName::Forwarded(_) => None,
    }
}

/// The bootstrap or the zone's name that was said, else the template that the name comes from,
/// else whose zone it is that lacks the record.
fn key(
    evidence: &Evidence<'_, '_>,
    blocked: &Blocked<'_, '_>,
    zone: Option<&HostedZoneId>,
) -> SpecKey {
    let promise = &blocked.path.promise;
    let bootstrap = evidence.origin(&promise.client).key("bootstrap");
    if promise.goal == Goal::Bootstrap && evidence.is_said(&bootstrap) {
        return bootstrap;
    }
    let near = zone.map(|zone| evidence.origin(zone));
    let connection = || evidence.connection(&blocked.path.client.vpc, &promise.cluster);
    let near = near.or_else(connection);
    let zone_name = near.as_ref().and_then(|near| evidence.said_zone_name(near));
    zone_name
        .or_else(|| evidence.said_template(blocked.path))
        .or(near)
        .unwrap_or_else(|| evidence.origin(&promise.client).key("cluster"))
}

fn finding(evidence: &Evidence<'_, '_>, cause: &Cause, blocked: &[Blocked<'_, '_>]) -> Finding {
    let Cause {
        vpc,
        cluster,
        key,
        zone,
    } = cause;
    let hosts: BTreeSet<_> = blocked
        .iter()
        .map(|blocked| words::host(&blocked.journey.to.host))
        .collect();
    let names = match hosts.len() {
        ..=MAX_NAMES => words::code_list(&hosts),
        n => words::count(n, "name"),
    };
    let title = format!(
        "{names} of `{cluster}` {} no answer in `{vpc}`",
        words::plural(hosts.len(), "has", "have")
    );
    let mut diagnostic = Diagnostic::error("missing-record", title, value(key.clone()))
        .label(reason(evidence, zone.as_ref()))
        .note("clients resolve names where they run, bootstrap servers and brokers alike")
        .help(remedy(evidence, cause, blocked));
    let clients: BTreeSet<_> = blocked
        .iter()
        .map(|blocked| &blocked.path.promise.client)
        .collect();
    for client in clients {
        let at = value(evidence.origin(client).key("cluster"));
        diagnostic =
            diagnostic.related(at, format!("`{client}` dials {}", words::code_list(&hosts)));
    }
    evidence.finding(diagnostic, blocked)
}

fn reason(evidence: &Evidence<'_, '_>, zone: Option<&HostedZoneId>) -> String {
    let zone = zone.and_then(|id| evidence.blueprint().zones.get(id));
    match zone {
        Some(zone) => format!(
            "the private zone `{}` has no such record",
            words::host(&zone.name)
        ),
        None => "no private zone covers the name, and public DNS does not know it".to_owned(),
    }
}

fn remedy(evidence: &Evidence<'_, '_>, cause: &Cause, blocked: &[Blocked<'_, '_>]) -> String {
    let Cause {
        vpc, cluster, key, ..
    } = cause;
    let gives = "the plan gives each name that is dialled a record";
    if evidence::is_key(key, "bootstrap") || evidence::is_key(key, "zone_name") {
        let name = if evidence::is_key(key, "bootstrap") {
            "bootstrap"
        } else {
            "zone_name"
        };
        return format!("leave `{name}` out: {gives}");
    }
    let is_template =
        |blocked: &Blocked<'_, '_>| evidence.said_template(blocked.path).as_ref() == Some(key);
    if !blocked.iter().any(is_template) {
        return format!("give `{vpc}` a private zone with a record for each of these names");
    }
    let names = evidence.own_names(cluster);
    match blocked.iter().find_map(suffix_of) {
        Some(suffix) => format!(
            "say `suffix: {suffix}` for `{cluster}`, or advertise names under its own, such as \
             {names}: the plan gives those records"
        ),
        None => format!(
            "advertise names under the cluster's `suffix`, such as {names}: the plan gives those \
             records"
        ),
    }
}

/// The suffix that would make the dialled name the broker's own.
fn suffix_of<'n>(blocked: &'n Blocked<'_, '_>) -> Option<&'n str> {
    let Goal::Broker(id) = blocked.path.promise.goal else {
        return None;
    };
    let host = blocked.journey.to.host.strip_prefix("b-")?;
    host.strip_prefix(&format!("{id}."))
}
