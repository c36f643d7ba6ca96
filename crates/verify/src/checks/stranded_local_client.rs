//! # stranded-local-client
//!
//! A client in the cluster's own VPC cannot follow a listener whose advertised address was
//! changed for somebody else.
//!
//! ## Why it is bad
//!
//! A broker advertises one address per listener, to everybody who arrives on it. When a
//! listener is made to advertise a balancer's ports so that clients of another VPC can follow,
//! the clients beside the brokers are told the same: a name and port that mean nothing in the
//! cluster's VPC unless it has records for them too and the balancer admits them. Their
//! bootstrap goes on working, so it looks as though only some partitions were dead.
//!
//! ## Example
//!
//! ```yaml
//! clusters:
//!   orders:
//!     kind: msk
//!     vpc: data
//!     advertised: { CLIENT: "b-{id}.orders.example.com:{9000+id}" }
//! clients:
//!   billing: { vpc: data, cluster: orders }     # no zone here holds b-1.orders.example.com
//! ```
//!
//! ## Remedy
//!
//! Let the plan choose the advertised addresses: it puts records that point at the balancer in
//! the cluster's VPC and gives local clients the new bootstrap. Or keep the listener as it was
//! and give remote clients one of their own (`kind: ec2` does).

use std::collections::BTreeSet;

use blueprint::diagnostic::Diagnostic;
use blueprint::ids::{ClientId, ClusterId};
use blueprint::kafka::{Cluster, Goal};
use blueprint::verdict::Class;

use crate::evidence::{Blocked, Evidence, Finding, by_cause, value};
use crate::words;

pub(super) fn run(evidence: &Evidence<'_, '_>) -> Vec<Finding> {
    let stranded = evidence
        .blocked()
        .filter(|blocked| is_stranded(evidence, blocked));
    let causes = by_cause(stranded.map(|blocked| {
        let promise = &blocked.path.promise;
        ((promise.cluster.clone(), promise.client.clone()), blocked)
    }));
    let causes = causes.iter();
    causes
        .map(|((cluster, client), blocked)| finding(evidence, cluster, client, blocked))
        .collect()
}

fn is_stranded<'a>(evidence: &Evidence<'_, 'a>, blocked: &Blocked<'_, 'a>) -> bool {
    let path = blocked.path;
    path.client.vpc == path.cluster.vpc
        && is_moved(path.cluster, path.listener)
        && (is_misled(blocked) || evidence.unheard_balancer(blocked.journey).is_some())
}

/// Whether some broker advertises another port for a listener than it binds: then clients are
/// led to something in front of the brokers.
fn is_moved(cluster: &Cluster, listener: &str) -> bool {
    let listeners = cluster
        .brokers
        .values()
        .filter_map(|broker| broker.listeners.get(listener));
    let mut advertised =
        listeners.filter_map(|bound| Some((bound.port, bound.advertised.as_ref()?.port)));
    advertised.any(|(bound, advertised)| bound != advertised)
}

/// Whether an attempt ended because its address is of no use here, not because of a rule on the
/// way. A bootstrap name without an answer is another mistake.
fn is_misled(blocked: &Blocked<'_, '_>) -> bool {
    match blocked.journey.verdict.class {
        Class::Refused => true,
        Class::NoName | Class::NoRoute | Class::LeavesBlueprint => {
            blocked.path.promise.goal != Goal::Bootstrap
        }
        Class::Unknown
        | Class::DeniedOut
        | Class::DeniedIn
        | Class::Loop
        | Class::NoListener
        | Class::NoTarget
        | Class::WrongBroker
        | Class::Delivered => false,
    }
}

fn finding(
    evidence: &Evidence<'_, '_>,
    cluster: &ClusterId,
    client: &ClientId,
    blocked: &[Blocked<'_, '_>],
) -> Finding {
    let listener = blocked.first().map_or("", |blocked| blocked.path.listener);
    let told: BTreeSet<_> = blocked
        .iter()
        .map(|blocked| {
            let to = &blocked.journey.to;
            format!("{}:{}", words::host(&to.host), to.port)
        })
        .collect();
    let title =
        format!("`{client}` cannot follow `{cluster}`, whose listener was moved for others");
    let bootstraps = blocked
        .iter()
        .all(|blocked| blocked.path.promise.goal == Goal::Bootstrap);
    let (key, help) = if bootstraps {
        (
            evidence.origin(client).key("bootstrap"),
            "leave `bootstrap` out: the plan gives this client the new one",
        )
    } else {
        let cluster = evidence.origin(cluster);
        (
            cluster.key("advertised"),
            "leave `advertised` out: the plan moves local clients along",
        )
    };
    let diagnostic = Diagnostic::error("stranded-local-client", title, value(key))
        .label(format!(
            "{listener} is advertised as an address in front of the brokers"
        ))
        .related(
            value(evidence.origin(client).key("vpc")),
            format!("told to dial {}", words::code_list(told)),
        )
        .note("a broker advertises one address per listener, to local and remote clients alike")
        .help(help);
    evidence.finding(diagnostic, blocked)
}
