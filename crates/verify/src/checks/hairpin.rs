//! # hairpin
//!
//! A balancer that keeps clients' addresses is dialled by something that is its own target, or
//! by a client that talks to the same target directly as well.
//!
//! ## Why it is bad
//!
//! With `preserve_client_ip` on, the target sees the address of who dialled. If that is the
//! target itself, the connection comes back to its own sender and times out. If the client also
//! talks to the target directly, both connections can have the same addresses and ports, and one
//! of them times out. It happens now and then, to some brokers, and to nobody who tests it once.
//!
//! ## Example
//!
//! ```yaml
//! connections:
//!   - { from: shop, to: orders, via: privatelink, preserve_client_ip: true }
//! clients:
//!   billing: { vpc: data, cluster: orders, bootstrap: ["b-1.orders.internal:9092"] }
//! ```
//!
//! ## Remedy
//!
//! Leave `preserve_client_ip` off, its default for targets given by address; what comes through
//! PrivateLink never carries the client's address anyway. Or let every client of the VPC take one
//! of the two ways.

use std::collections::{BTreeMap, BTreeSet};
use std::net::Ipv4Addr;

use blueprint::balancing::LoadBalancer;
use blueprint::diagnostic::Diagnostic;
use blueprint::ids::{BalancerId, ClientId};

use crate::evidence::{Evidence, Finding, value};
use crate::journey::Journey;
use crate::passed::passed;
use crate::words;

pub(super) fn run(evidence: &Evidence<'_, '_>) -> Vec<Finding> {
    let balancers = evidence.blueprint().balancers.iter();
    let keeping = balancers.filter(|(_, balancer)| preserves(evidence, balancer));
    keeping
        .flat_map(|(id, balancer)| judge(evidence, id, balancer))
        .map(Finding::of_structure)
        .collect()
}

fn preserves(evidence: &Evidence<'_, '_>, balancer: &LoadBalancer) -> bool {
    let mut listeners = balancer.listeners.values();
    listeners.any(|listener| {
        let group = evidence
            .blueprint()
            .target_groups
            .get(&listener.target_group);
        group.is_some_and(|group| group.preserve_client_ip)
    })
}

fn judge(evidence: &Evidence<'_, '_>, id: &BalancerId, balancer: &LoadBalancer) -> Vec<Diagnostic> {
    let targets = targets(evidence, balancer);
    let mut by_balancer: BTreeSet<&ClientId> = BTreeSet::new();
    let mut directly: BTreeSet<&ClientId> = BTreeSet::new();
    let mut from_target: BTreeSet<&ClientId> = BTreeSet::new();
    for path in evidence.paths() {
        let client = &path.promise.client;
        for journey in path.delivered() {
            if passes(journey, id) {
                by_balancer.insert(client);
                let from = evidence.network.interface(journey.from);
                let is_target = from.is_some_and(|from| targets.contains(&from.address()));
                from_target.extend(is_target.then_some(client));
            } else if journey
                .address
                .is_some_and(|address| targets.contains(&address))
            {
                directly.insert(client);
            }
        }
    }
    let both = by_balancer.intersection(&directly).copied();
    let faults = BTreeMap::from([
        ("are targets of the balancer they dial,", from_target),
        ("dial brokers directly and through", both.collect()),
    ]);
    let found = faults
        .into_iter()
        .filter(|(_, clients)| !clients.is_empty());
    found
        .map(|(what, clients)| diagnostic(evidence, id, what, &clients))
        .collect()
}

fn targets(evidence: &Evidence<'_, '_>, balancer: &LoadBalancer) -> BTreeSet<Ipv4Addr> {
    let groups = balancer.listeners.values().filter_map(|listener| {
        evidence
            .blueprint()
            .target_groups
            .get(&listener.target_group)
    });
    groups
        .flat_map(|group| group.targets.iter().map(|target| target.address))
        .collect()
}

/// Whether an attempt dials a balancer's node itself and not an endpoint.
fn passes(journey: &Journey<'_>, id: &BalancerId) -> bool {
    let passed = passed(journey);
    let mut balancers = passed.listeners.iter().map(|(balancer, _)| *balancer);
    passed.endpoints.is_empty() && balancers.any(|balancer| balancer == id)
}

fn diagnostic(
    evidence: &Evidence<'_, '_>,
    id: &BalancerId,
    what: &str,
    clients: &BTreeSet<&ClientId>,
) -> Diagnostic {
    let key = evidence.origin(id).key("preserve_client_ip");
    let title = format!("{} {what} `{id}`", words::code_list(clients));
    Diagnostic::warning("hairpin", title, value(key))
        .label("targets see the clients' own addresses")
        .note(
            "two connections with the same addresses and ports cannot be told apart: one times out",
        )
        .help("leave `preserve_client_ip` out: without it targets see the node's address")
}
