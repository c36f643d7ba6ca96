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
//! zone that covers them. A name in `advertised` or `bootstrap` must be one that the spec's
//! zones hold.

use std::collections::BTreeSet;

use blueprint::diagnostic::{At, Diagnostic};
use blueprint::ids::{ClusterId, HostedZoneId, VpcId};
use blueprint::kafka::Goal;

use crate::evidence::{Blocked, Evidence, Finding, by_cause, value};
use crate::journey::{End, NoName};
use crate::words;

/// Names of one cluster that one VPC does not answer, for one reason.
type Cause = (VpcId, ClusterId, bool, Option<HostedZoneId>);

pub(super) fn run(evidence: &Evidence<'_, '_>) -> Vec<Finding> {
    let nameless = evidence
        .blocked()
        .filter_map(|blocked| Some((cause(&blocked)?, blocked)));
    let causes = by_cause(nameless);
    causes
        .iter()
        .map(|(cause, blocked)| finding(evidence, cause, blocked))
        .collect()
}

fn cause(blocked: &Blocked<'_, '_>) -> Option<Cause> {
    let End::NoName { vpc, why } = &blocked.journey.end else {
        return None;
    };
    let promise = &blocked.path.promise;
    let bootstraps = promise.goal == Goal::Bootstrap;
    Some((
        (*vpc).clone(),
        promise.cluster.clone(),
        bootstraps,
        zone_of(why),
    ))
}

fn zone_of(why: &NoName<'_>) -> Option<HostedZoneId> {
    match why {
        NoName::NotInZone(zone) | NoName::EmptyRecord(zone) | NoName::EmptyAlias { zone, .. } => {
            Some(zone.id.clone())
        }
        NoName::NotPublic => None,
    }
}

fn finding(evidence: &Evidence<'_, '_>, cause: &Cause, blocked: &[Blocked<'_, '_>]) -> Finding {
    let (vpc, cluster, bootstraps, zone) = cause;
    let hosts: BTreeSet<_> = blocked
        .iter()
        .map(|blocked| words::host(&blocked.journey.to.host))
        .collect();
    let what = if *bootstraps {
        "bootstrap servers"
    } else {
        "brokers"
    };
    let title = format!(
        "{} of `{cluster}` {} no answer in `{vpc}`",
        words::code_list(&hosts),
        words::plural(hosts.len(), "has", "have")
    );
    let diagnostic = Diagnostic::error("missing-record", title, place(evidence, cause, blocked))
        .label(reason(evidence, zone.as_ref()))
        .note(format!(
            "clients resolve the names of {what} where they run, in `{vpc}`"
        ))
        .help(remedy(*bootstraps, zone.is_some()));
    let diagnostic = askers(evidence, diagnostic, blocked);
    evidence.finding(diagnostic, blocked)
}

fn reason(evidence: &Evidence<'_, '_>, zone: Option<&HostedZoneId>) -> String {
    let zone = zone.and_then(|id| evidence.blueprint().zones.get(id));
    match zone {
        Some(zone) => format!(
            "the private zone `{}` has no record",
            words::host(&zone.name)
        ),
        None => "no private zone covers the name, and public DNS does not know it".to_owned(),
    }
}

/// A zone that lacks the record, the bootstrap that was written down, the connection whose zone
/// does not cover the name, or the advertised addresses.
fn place(evidence: &Evidence<'_, '_>, cause: &Cause, blocked: &[Blocked<'_, '_>]) -> At {
    let (vpc, cluster, bootstraps, zone) = cause;
    let connection = evidence.connection(vpc, cluster);
    let key = match (zone, bootstraps, connection) {
        (Some(zone), _, _) => evidence.origin(zone).key("zone_name"),
        (None, true, _) => {
            let client = blocked
                .first()
                .map(|blocked| evidence.origin(&blocked.path.promise.client));
            client.unwrap_or_default().key("bootstrap")
        }
        (None, false, Some(connection)) => connection.key("zone_name"),
        (None, false, None) => evidence.origin(cluster).key("advertised"),
    };
    value(key)
}

fn remedy(bootstraps: bool, in_zone: bool) -> &'static str {
    match (bootstraps, in_zone) {
        (_, true) => "leave `zone_name` out: the plan gives each name a zone of its own",
        (true, false) => "leave `bootstrap` out, or name servers that have a record",
        (false, false) => "leave `zone_name` and `advertised` out: the plan makes the records",
    }
}

fn askers(
    evidence: &Evidence<'_, '_>,
    diagnostic: Diagnostic,
    blocked: &[Blocked<'_, '_>],
) -> Diagnostic {
    let clients: BTreeSet<_> = blocked
        .iter()
        .map(|blocked| &blocked.path.promise.client)
        .collect();
    clients.into_iter().fold(diagnostic, |diagnostic, client| {
        let at = value(evidence.origin(client).key("cluster"));
        diagnostic.related(
            at,
            format!(
                "`{client}` dials {}",
                words::plural(blocked.len(), "it", "them")
            ),
        )
    })
}
