//! # partial-listeners
//!
//! A broker is left out: it advertises no address on the listener clients arrive on or on the one
//! brokers use among themselves, or the balancer has no listener on the port it advertises.
//!
//! ## Why it is bad
//!
//! Behind one balancer each broker needs three things that agree: a listener of its own on the
//! balancer, a target group with itself in it, and that very port in its metadata. Bootstrap
//! needs none of them, so a client connects, lists the topics and then times out on the
//! partitions of the broker that was left out. An NLB drops a connection to a port without
//! listener in silence. A broker whose `advertised.listeners` leaves out its inter-broker listener
//! does not even start.
//!
//! ## Example
//!
//! ```yaml
//! clusters:
//!   orders: { kind: msk, vpc: data, brokers: 3 }
//! connections:
//!   - from: shop
//!     to: orders
//!     via: privatelink
//!     ports: { 1: 9001, 2: 9002 }     # and broker 3?
//! ```
//!
//! ## Remedy
//!
//! Say a base and let each broker's port follow from its id: `ports: 9000` makes broker 3
//! listen on 9003, and a broker that is added later on a port of its own. `advertise` and
//! `advertised` must name the same ports.

use std::collections::BTreeSet;

use blueprint::diagnostic::Diagnostic;
use blueprint::ids::{BalancerId, ClientId, ClusterId};
use blueprint::kafka::{Cluster, Goal};
use blueprint::key::SpecKey;

use crate::evidence::{Blocked, Evidence, Finding, by_cause, value};
use crate::journey::End;
use crate::words;

/// What makes a port without listener hard to find.
const SILENCE: &str = "a balancer drops connections to a port without listener in silence";

/// What is left out.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Cause {
    /// Brokers that advertise nothing for a listener.
    NotAdvertised {
        cluster: ClusterId,
        listener: String,
    },
    /// Advertised ports without a listener on the balancer.
    NoListener {
        balancer: BalancerId,
        cluster: ClusterId,
        listener: String,
    },
    /// A client's bootstrap port without a listener on the balancer.
    NoBootstrap {
        balancer: BalancerId,
        client: ClientId,
    },
}

pub(super) fn run(evidence: &Evidence<'_, '_>) -> Vec<Finding> {
    let left_out = evidence
        .blocked()
        .filter_map(|blocked| Some((cause(evidence, &blocked)?, blocked)));
    let causes = by_cause(left_out);
    let clusters = evidence.blueprint().clusters.iter();
    let unstarted = clusters.filter_map(|(id, cluster)| unstarted(evidence, id, cluster));
    let left_out = causes
        .iter()
        .map(|(cause, blocked)| finding(evidence, cause, blocked));
    unstarted.chain(left_out).collect()
}

/// Brokers that advertise no address for each other.
fn unstarted(evidence: &Evidence<'_, '_>, id: &ClusterId, cluster: &Cluster) -> Option<Finding> {
    let listener = &cluster.inter_broker_listener;
    let brokers = cluster.brokers.iter().filter(|(_, broker)| {
        let bound = broker.listeners.get(listener);
        bound.is_none_or(|bound| bound.advertised.is_none())
    });
    let brokers: BTreeSet<u32> = brokers.map(|(id, _)| *id).collect();
    if brokers.is_empty() {
        return None;
    }
    let who = words::brokers(&brokers);
    let verb = words::plural(brokers.len(), "does", "do");
    let title = format!("{who} of `{id}` {verb} not start: {listener} is not advertised");
    let at = value(evidence.origin(id).key("advertised"));
    let diagnostic = Diagnostic::error("partial-listeners", title, at)
        .label(format!(
            "leaves out {listener}, on which brokers talk to each other"
        ))
        .note("Kafka refuses an `inter.broker.listener.name` that `advertised.listeners` lacks")
        .help(format!("add {listener}, or leave `advertised` out"));
    Some(Finding::of_structure(diagnostic))
}

fn cause<'a>(evidence: &Evidence<'_, 'a>, blocked: &Blocked<'_, 'a>) -> Option<Cause> {
    let promise = &blocked.path.promise;
    if let End::NotAdvertised {
        cluster, listener, ..
    } = blocked.journey.end
    {
        return Some(Cause::NotAdvertised {
            cluster: cluster.clone(),
            listener: listener.to_owned(),
        });
    }
    let balancer = evidence.unheard_balancer(blocked.journey)?.clone();
    Some(match promise.goal {
        Goal::Bootstrap => Cause::NoBootstrap {
            balancer,
            client: promise.client.clone(),
        },
        Goal::Broker(_) => Cause::NoListener {
            balancer,
            cluster: promise.cluster.clone(),
            listener: blocked.path.listener.to_owned(),
        },
    })
}

fn finding(evidence: &Evidence<'_, '_>, cause: &Cause, blocked: &[Blocked<'_, '_>]) -> Finding {
    let diagnostic = match cause {
        Cause::NotAdvertised { cluster, listener } => {
            not_advertised(evidence, cluster, listener, blocked)
        }
        Cause::NoListener {
            balancer, cluster, ..
        } => {
            let diagnostic = no_listener(evidence, balancer, cluster, blocked);
            diagnostic.note(SILENCE)
        }
        Cause::NoBootstrap { balancer, client } => {
            no_bootstrap(evidence, balancer, client, blocked).note(SILENCE)
        }
    };
    evidence.finding(diagnostic, blocked)
}

fn not_advertised(
    evidence: &Evidence<'_, '_>,
    cluster: &ClusterId,
    listener: &str,
    blocked: &[Blocked<'_, '_>],
) -> Diagnostic {
    let brokers = words::brokers(&brokers(blocked));
    let verb = advertise(blocked);
    let title = format!("{brokers} of `{cluster}` {verb} no address for {listener}");
    Diagnostic::error(
        "partial-listeners",
        title,
        value(ports_key(evidence, cluster)),
    )
    .label(format!("leaves out {brokers}"))
    .help(format!(
        "advertise {listener} for each broker, or leave the addresses to the plan"
    ))
}

fn no_listener(
    evidence: &Evidence<'_, '_>,
    balancer: &BalancerId,
    cluster: &ClusterId,
    blocked: &[Blocked<'_, '_>],
) -> Diagnostic {
    let (who, verb) = (words::brokers(&brokers(blocked)), advertise(blocked));
    let ports = words::ports(&ports(blocked));
    let title = format!("{who} of `{cluster}` {verb} {ports}, where the balancer does not listen");
    Diagnostic::error(
        "partial-listeners",
        title,
        value(template_key(evidence, cluster, blocked)),
    )
    .label(heard(evidence, balancer))
    .help("say a port for each broker, or a base such as `ports: 9000`, and nothing else")
}

fn no_bootstrap(
    evidence: &Evidence<'_, '_>,
    balancer: &BalancerId,
    client: &ClientId,
    blocked: &[Blocked<'_, '_>],
) -> Diagnostic {
    let ports = words::ports(&ports(blocked));
    let title = format!("`{client}` bootstraps from {ports}, where the balancer does not listen");
    let key = evidence.origin(client).key("bootstrap");
    Diagnostic::error("partial-listeners", title, value(key))
        .label(heard(evidence, balancer))
        .help("leave `bootstrap` out: the plan gives the client the balancer's bootstrap port")
}

fn ports(blocked: &[Blocked<'_, '_>]) -> BTreeSet<u16> {
    blocked
        .iter()
        .map(|blocked| blocked.journey.to.port)
        .collect()
}

fn advertise(blocked: &[Blocked<'_, '_>]) -> &'static str {
    words::plural(brokers(blocked).len(), "advertises", "advertise")
}

fn brokers(blocked: &[Blocked<'_, '_>]) -> BTreeSet<u32> {
    let goals = blocked.iter().map(|blocked| blocked.path.promise.goal);
    goals
        .filter_map(|goal| {
            if let Goal::Broker(id) = goal {
                Some(id)
            } else {
                None
            }
        })
        .collect()
}

fn heard(evidence: &Evidence<'_, '_>, balancer: &BalancerId) -> String {
    let balancer = evidence.blueprint().balancers.get(balancer);
    let ports = balancer.map(|balancer| balancer.listeners.keys().copied().collect());
    format!(
        "the balancer listens on {}",
        words::ports(&ports.unwrap_or_default())
    )
}

/// What settles the ports that brokers advertise on the listener of these paths.
fn template_key(
    evidence: &Evidence<'_, '_>,
    cluster: &ClusterId,
    blocked: &[Blocked<'_, '_>],
) -> SpecKey {
    let template = blocked
        .first()
        .and_then(|blocked| evidence.said_template(blocked.path));
    template.unwrap_or_else(|| ports_key(evidence, cluster))
}

/// What settles the ports that brokers advertise: the cluster's own advertised addresses, else
/// the connection's ports.
fn ports_key(evidence: &Evidence<'_, '_>, cluster: &ClusterId) -> SpecKey {
    let advertised = evidence.says_advertised(cluster);
    let balancer = evidence.balancer_before(cluster);
    match (advertised, balancer) {
        (None, Some(balancer)) => {
            evidence.said(&evidence.origin(balancer), &["advertise", "ports"])
        }
        (Some(advertised), _) => advertised,
        (None, None) => evidence.origin(cluster).key("advertised"),
    }
}
