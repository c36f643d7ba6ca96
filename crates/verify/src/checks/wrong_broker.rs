//! # wrong-broker
//!
//! A path ends at a broker other than the one it was meant for.
//!
//! ## Why it is bad
//!
//! A client dials the address that metadata gives for broker 2 and a broker answers; only it is
//! broker 3. TCP connects, TLS may even pass, and the client then gets `NOT_LEADER_OR_FOLLOWER`
//! for every partition, refreshes its metadata and is sent there again. Two listeners of the
//! balancer that lead to each other's target look healthy everywhere.
//!
//! ## Example
//!
//! ```yaml
//! connections:
//!   - from: shop
//!     to: orders
//!     via: privatelink
//!     ports: { 1: 9001, 2: 9003, 3: 9002 }
//!     advertise: 9000                # tells clients 9002 for broker 2
//! ```
//!
//! ## Remedy
//!
//! Make both follow from the broker's id: `ports: 9000` alone makes broker 2 listen on 9002 and
//! say so.

use std::collections::BTreeSet;

use blueprint::diagnostic::Diagnostic;
use blueprint::ids::{BalancerId, ClusterId};
use blueprint::kafka::Goal;
use blueprint::key::SpecKey;

use crate::evidence::{Blocked, Evidence, Finding, by_cause, value};
use crate::journey::{Acceptance, End, Journey, Step};
use crate::words;

/// The cluster that was meant, the one that answered, and the balancer that chose.
type Cause = (ClusterId, ClusterId, Option<BalancerId>);

pub(super) fn run(evidence: &Evidence<'_, '_>) -> Vec<Finding> {
    let wrong = evidence
        .blocked()
        .filter_map(|blocked| Some((cause(&blocked)?, blocked)));
    let causes = by_cause(wrong);
    causes
        .iter()
        .map(|(cause, blocked)| finding(evidence, cause, blocked))
        .collect()
}

fn cause(blocked: &Blocked<'_, '_>) -> Option<Cause> {
    let who = who(blocked.journey)?;
    let meant = &blocked.path.promise.cluster;
    Some((
        meant.clone(),
        who.cluster.clone(),
        balancer(blocked.journey),
    ))
}

fn who<'a>(journey: &Journey<'a>) -> Option<Acceptance<'a>> {
    if let End::Accepted(who) = journey.end {
        Some(who)
    } else {
        None
    }
}

/// The last balancer that an attempt passed.
fn balancer(journey: &Journey<'_>) -> Option<BalancerId> {
    let mut passed = journey.steps.iter().filter_map(|step| {
        if let Step::Listened { balancer, .. } = step {
            Some((*balancer).clone())
        } else {
            None
        }
    });
    passed.next_back()
}

fn finding(evidence: &Evidence<'_, '_>, cause: &Cause, blocked: &[Blocked<'_, '_>]) -> Finding {
    let (meant, answered, _) = cause;
    let title = if meant == answered {
        mixed_up(meant, blocked)
    } else {
        format!("brokers of `{answered}` answer for those of `{meant}`")
    };
    let (key, related, help) = to_edit(evidence, cause);
    let mut diagnostic = Diagnostic::error("wrong-broker", title, value(key))
        .label(pairs(blocked))
        .note("TCP connects, so every health check passes; Kafka answers NOT_LEADER_OR_FOLLOWER")
        .help(help);
    for key in related {
        diagnostic = diagnostic.related(value(key), "what the brokers advertise");
    }
    evidence.finding(diagnostic, blocked)
}

/// What a user would edit, what must agree with it, and how.
fn to_edit(evidence: &Evidence<'_, '_>, cause: &Cause) -> (SpecKey, Vec<SpecKey>, &'static str) {
    let (meant, _, balancer) = cause;
    let Some(balancer) = balancer else {
        let key = evidence.origin(meant).key("advertised");
        return (
            key,
            Vec::new(),
            "advertise each broker under a name that leads to itself",
        );
    };
    let connection = evidence.origin(balancer);
    let advertise = connection.key("advertise");
    let key = evidence.said(&connection, &["ports", "advertise"]);
    let advertised = evidence.is_said(&advertise).then_some(advertise);
    let related = advertised
        .into_iter()
        .chain(evidence.says_advertised(meant));
    let related = related.filter(|other| *other != key).collect();
    let help =
        "say `ports` as a base and nothing else: both sides then follow from the broker's id";
    (key, related, help)
}

fn mixed_up(cluster: &ClusterId, blocked: &[Blocked<'_, '_>]) -> String {
    let mut pairs = wrong_pairs(blocked).into_iter();
    match (pairs.next(), pairs.next()) {
        (Some((named, who)), None) => {
            format!("broker {who} of `{cluster}` answers for broker {named}")
        }
        _ => {
            let named = wrong_pairs(blocked)
                .into_iter()
                .map(|(named, _)| named)
                .collect();
            format!(
                "{} of `{cluster}` are answered for by other brokers",
                words::brokers(&named)
            )
        }
    }
}

/// Each broker that was named with the one that answered.
fn wrong_pairs(blocked: &[Blocked<'_, '_>]) -> BTreeSet<(u32, u32)> {
    let pairs = blocked.iter().filter_map(|blocked| {
        let Goal::Broker(named) = blocked.path.promise.goal else {
            return None;
        };
        Some((named, who(blocked.journey)?.broker))
    });
    pairs.collect()
}

/// Each name that was dialled with the broker that answered.
fn pairs(blocked: &[Blocked<'_, '_>]) -> String {
    let pairs = blocked.iter().filter_map(|blocked| {
        let to = &blocked.journey.to;
        let who = who(blocked.journey)?;
        Some(format!(
            "{}:{} leads to broker {}",
            words::host(&to.host),
            to.port,
            who.broker
        ))
    });
    let pairs: BTreeSet<_> = pairs.collect();
    words::list(pairs)
}
