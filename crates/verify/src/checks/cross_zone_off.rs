//! # cross-zone-off
//!
//! A balancer keeps to its own zones, and a broker's only target is in another one.
//!
//! ## Why it is bad
//!
//! Behind one balancer each broker has a target group with a single target. With cross-zone
//! balancing off (an NLB's default) a node uses targets of its own zone only, so broker 3's
//! listener works on the node of broker 3's zone and is silent on every other. The endpoint's
//! name is answered with one address per zone: a client that picks the right one gets through,
//! one that picks another waits for its time-out. In zones the endpoint does not stand in, the
//! broker is out of reach altogether.
//!
//! ## Example
//!
//! ```yaml
//! connections:
//!   - from: shop
//!     to: orders
//!     via: privatelink
//!     cross_zone: false
//! ```
//!
//! ## Remedy
//!
//! Leave `cross_zone` out: the plan turns it on. Bytes between zones are then billed, as they
//! are for any client that is not in its broker's zone.

use std::collections::{BTreeMap, BTreeSet};

use blueprint::diagnostic::Diagnostic;
use blueprint::ids::{BalancerId, VpcId};
use blueprint::kafka::Goal;

use crate::evidence::{Blocked, Evidence, Finding, by_cause, value};
use crate::journey::{End, NoTarget};
use crate::network::Interface;
use crate::words;

pub(super) fn run(evidence: &Evidence<'_, '_>) -> Vec<Finding> {
    let untargeted = evidence
        .blocked()
        .filter_map(|blocked| Some((cause(evidence, &blocked)?, blocked)));
    let causes = by_cause(untargeted);
    causes
        .iter()
        .map(|(balancer, blocked)| finding(evidence, balancer, blocked))
        .collect()
}

fn cause(evidence: &Evidence<'_, '_>, blocked: &Blocked<'_, '_>) -> Option<BalancerId> {
    let at = kept_to_zone(blocked)?;
    evidence.balancer_of(at).cloned()
}

/// The node that may not use the targets there are.
fn kept_to_zone<'a>(blocked: &Blocked<'_, 'a>) -> Option<Interface<'a>> {
    if let End::NoTarget {
        at,
        why: NoTarget::OtherZones { .. },
    } = blocked.journey.end
    {
        Some(at)
    } else {
        None
    }
}

fn finding(
    evidence: &Evidence<'_, '_>,
    balancer: &BalancerId,
    blocked: &[Blocked<'_, '_>],
) -> Finding {
    let connection = evidence.origin(balancer);
    let title = "a balancer node has no target for a broker in another zone";
    let diagnostic =
        Diagnostic::error("cross-zone-off", title, value(connection.key("cross_zone")))
            .label("each node serves its own zone's targets only")
            .related(value(connection.key("via")), geography(evidence, blocked))
            .help("drop `cross_zone: false`");
    evidence.finding(diagnostic, blocked)
}

/// Where clients come in and where the brokers they miss live.
fn geography(evidence: &Evidence<'_, '_>, blocked: &[Blocked<'_, '_>]) -> String {
    let mut entered: BTreeMap<&VpcId, BTreeSet<&str>> = BTreeMap::new();
    let mut homes = BTreeMap::new();
    for blocked in blocked {
        if let Some(at) = kept_to_zone(blocked) {
            let zones = entered.entry(&blocked.path.client.vpc).or_default();
            zones.insert(at.zone().as_str());
        }
        if let Goal::Broker(id) = blocked.path.promise.goal
            && let Some(broker) = evidence.broker(&blocked.path.promise.cluster, id)
        {
            homes.insert(id, broker.zone());
        }
    }
    let entered = entered
        .iter()
        .map(|(vpc, zones)| format!("`{vpc}` enters in {}", words::list(zones)));
    let homes = homes
        .iter()
        .map(|(id, zone)| format!("broker {id} lives in {zone}"));
    let entered: Vec<_> = entered.collect();
    format!("{}; {}", entered.join("; "), words::list(homes))
}
