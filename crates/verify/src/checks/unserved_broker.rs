//! # unserved-broker
//!
//! Some brokers of a cluster have a balancer's listener, a resource or a slot of their own, and
//! one of them has none.
//!
//! ## Why it is bad
//!
//! A broker that is added later brings itself and nothing else: no listener, no target group, no
//! endpoint, no record. Kafka moves partitions to it all the same, and clients behind the
//! balancer are told to dial it. The bootstrap goes on working, so do most partitions, and those
//! whose leader moved are dead for these clients.
//!
//! ## Example
//!
//! ```yaml
//! clusters:
//!   orders: { kind: msk, vpc: data, brokers: 4 }
//! connections:
//!   - { from: shop, to: orders, via: privatelink, ports: { 1: 9001, 2: 9002, 3: 9003 } }
//! ```
//!
//! ## Remedy
//!
//! Say a base (`ports: 9000`), which serves whatever broker there is, or a port for each of them.

use std::collections::{BTreeMap, BTreeSet};
use std::net::Ipv4Addr;

use blueprint::balancing::LoadBalancer;
use blueprint::diagnostic::Diagnostic;
use blueprint::ids::{BalancerId, ClusterId};
use blueprint::kafka::{Cluster, Goal};
use blueprint::verdict::Class;

use crate::evidence::{Blocked, Evidence, Finding, value};
use crate::words;

pub(super) fn run(evidence: &Evidence<'_, '_>) -> Vec<Finding> {
    let balancers = evidence.blueprint().balancers.iter();
    balancers
        .flat_map(|(id, balancer)| judge(evidence, id, balancer))
        .collect()
}

/// Clusters of which a balancer serves several brokers one by one, and not all.
fn judge(evidence: &Evidence<'_, '_>, id: &BalancerId, balancer: &LoadBalancer) -> Vec<Finding> {
    let served = served_alone(evidence, balancer);
    let clusters = evidence.blueprint().clusters.iter();
    let here = clusters.filter(|(_, cluster)| cluster.vpc == balancer.vpc);
    let found = here.filter_map(|(cluster_id, cluster)| {
        let addresses = addresses(evidence, cluster_id, cluster);
        let (with, without): (Vec<_>, Vec<_>) = addresses
            .iter()
            .partition(|(address, _)| served.contains(*address));
        let without: BTreeSet<u32> = without.into_iter().map(|(_, id)| *id).collect();
        let is_partial = 2 <= with.len() && !without.is_empty();
        is_partial.then(|| finding(evidence, id, cluster_id, &without))?
    });
    found.collect()
}

/// Addresses that some listener serves and nothing else.
fn served_alone(evidence: &Evidence<'_, '_>, balancer: &LoadBalancer) -> BTreeSet<Ipv4Addr> {
    let groups = balancer.listeners.values().filter_map(|listener| {
        evidence
            .blueprint()
            .target_groups
            .get(&listener.target_group)
    });
    let single = groups.filter_map(|group| match group.targets.as_slice() {
        [only] => Some(only.address),
        _ => None,
    });
    single.collect()
}

fn addresses(
    evidence: &Evidence<'_, '_>,
    id: &ClusterId,
    cluster: &Cluster,
) -> BTreeMap<Ipv4Addr, u32> {
    let brokers = cluster.brokers.keys();
    brokers
        .filter_map(|broker| Some((evidence.broker(id, *broker)?.address(), *broker)))
        .collect()
}

/// Only what clients miss is worth a finding: a balancer may be meant for some brokers.
fn finding(
    evidence: &Evidence<'_, '_>,
    balancer: &BalancerId,
    cluster: &ClusterId,
    without: &BTreeSet<u32>,
) -> Option<Finding> {
    let missed: Vec<Blocked> = evidence
        .blocked()
        .filter(|blocked| misses(blocked, cluster, without))
        .collect();
    if missed.is_empty() {
        return None;
    }
    let who = words::brokers(without);
    let verb = words::plural(without.len(), "has", "have");
    let title =
        format!("{who} of `{cluster}` {verb} no listener on `{balancer}`, which the others have");
    let key = evidence.said(&evidence.origin(balancer), &["advertise", "ports"]);
    let diagnostic = Diagnostic::error("unserved-broker", title, value(key))
        .label(format!("leaves out {who}"))
        .related(
            value(evidence.origin(cluster).key("brokers")),
            "counted here",
        )
        .note("partitions move to every broker, and clients behind the balancer with them")
        .help("say a base such as `ports: 9000`, or a port for each broker");
    Some(evidence.finding(diagnostic, &missed))
}

fn misses(blocked: &Blocked<'_, '_>, cluster: &ClusterId, without: &BTreeSet<u32>) -> bool {
    let promise = &blocked.path.promise;
    let is_unheard = match blocked.journey.verdict.class {
        Class::NoListener | Class::DeniedIn | Class::DeniedOut => true,
        Class::Unknown
        | Class::NoName
        | Class::NoRoute
        | Class::LeavesBlueprint
        | Class::Loop
        | Class::NoTarget
        | Class::Refused
        | Class::WrongBroker
        | Class::Delivered => false,
    };
    let Goal::Broker(id) = promise.goal else {
        return false;
    };
    is_unheard && promise.cluster == *cluster && without.contains(&id)
}
