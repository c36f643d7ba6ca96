//! # partial-listeners
//!
//! A broker is left out: it advertises no address on the listener clients arrive on, or the
//! balancer has no listener on the port it advertises.
//!
//! ## Why it is bad
//!
//! Behind one balancer each broker needs three things that agree: a listener of its own on the
//! balancer, a target group with itself in it, and that very port in its metadata. Bootstrap
//! needs none of them, so a client connects, lists the topics and then times out on the
//! partitions of the broker that was left out. An NLB drops a connection to a port without
//! listener in silence.
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
//!     ports: { brokers: { 1: 9001, 2: 9002 } }     # and broker 3?
//! ```
//!
//! ## Remedy
//!
//! Say a base and let each broker's port follow from its id: `ports: 9000` makes broker 3
//! listen on 9003, and a broker that is added later on a port of its own. `advertise` and
//! `advertised` must name the same ports.

use std::collections::BTreeSet;

use blueprint::diagnostic::{At, Diagnostic};
use blueprint::ids::{BalancerId, ClientId, ClusterId};
use blueprint::kafka::Goal;
use blueprint::key::SpecKey;
use blueprint::verdict::Class;

use crate::evidence::{Blocked, Evidence, Finding, by_cause, value};
use crate::journey::End;
use crate::words;

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
    causes
        .iter()
        .map(|(cause, blocked)| finding(evidence, cause, blocked))
        .collect()
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
    let balancer = unheard_balancer(evidence, blocked)?.clone();
    Some(match promise.goal {
        Goal::Bootstrap => Cause::NoBootstrap {
            balancer,
            client: promise.client.clone(),
        },
        Goal::Broker(_) => Cause::NoListener {
            balancer,
            cluster: promise.cluster.clone(),
        },
    })
}

/// The balancer that was dialled on a port it has no listener on. Security groups are made for
/// the ports that exist, so they often stop the attempt before the balancer can.
fn unheard_balancer<'a>(
    evidence: &Evidence<'_, 'a>,
    blocked: &Blocked<'_, 'a>,
) -> Option<&'a BalancerId> {
    let journey = blocked.journey;
    if !matches!(
        journey.verdict.class,
        Class::DeniedOut | Class::DeniedIn | Class::NoListener
    ) {
        return None;
    }
    let id = evidence.balancer_of(evidence.dialled(journey)?)?;
    let balancer = evidence.blueprint().balancers.get(id)?;
    (!balancer.listeners.contains_key(&journey.to.port)).then_some(id)
}

fn finding(evidence: &Evidence<'_, '_>, cause: &Cause, blocked: &[Blocked<'_, '_>]) -> Finding {
    let (title, at, label, help) = words_for(evidence, cause, blocked);
    let mut diagnostic = Diagnostic::error("partial-listeners", title, at)
        .label(label)
        .help(help);
    if !matches!(cause, Cause::NotAdvertised { .. }) {
        diagnostic =
            diagnostic.note("a balancer drops connections to a port without listener in silence");
    }
    evidence.finding(diagnostic, blocked)
}

fn words_for(
    evidence: &Evidence<'_, '_>,
    cause: &Cause,
    blocked: &[Blocked<'_, '_>],
) -> (String, At, String, &'static str) {
    let brokers = words::brokers(&brokers(blocked));
    let ports = words::ports(
        &blocked
            .iter()
            .map(|blocked| blocked.journey.to.port)
            .collect(),
    );
    match cause {
        Cause::NotAdvertised { cluster, listener } => (
            format!(
                "{brokers} of `{cluster}` {} no address for {listener}",
                advertise(blocked)
            ),
            value(unadvertised_key(evidence, cluster)),
            format!("leaves out {brokers}"),
            "give one port for each broker, or a base such as `ports: 9000`",
        ),
        Cause::NoListener { balancer, cluster } => (
            format!(
                "{brokers} of `{cluster}` {} {ports}, where the balancer does not listen",
                advertise(blocked)
            ),
            value(evidence.said(&evidence.origin(balancer), &["advertise", "ports"])),
            heard(evidence, balancer),
            "advertise the ports the balancer listens on: leave `advertise` and `advertised` out",
        ),
        Cause::NoBootstrap { balancer, client } => (
            format!("`{client}` bootstraps from {ports}, where the balancer does not listen"),
            value(evidence.said(&evidence.origin(client), &["bootstrap"])),
            heard(evidence, balancer),
            "leave `bootstrap` out: the plan gives the client the balancer's bootstrap port",
        ),
    }
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

/// What leaves brokers out: a connection whose ports do not name them, else the cluster's own
/// advertised addresses.
fn unadvertised_key(evidence: &Evidence<'_, '_>, cluster: &ClusterId) -> SpecKey {
    let advertised = evidence.origin(cluster).key("advertised");
    let balancer = evidence.balancer_before(cluster);
    match balancer {
        Some(balancer) if !evidence.is_said(&advertised) => {
            evidence.said(&evidence.origin(balancer), &["advertise", "ports"])
        }
        _ => advertised,
    }
}
