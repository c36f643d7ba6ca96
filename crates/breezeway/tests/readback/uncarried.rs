//! What a blueprint may hold and no text for AWS can say, because AWS has no such thing. Estates
//! that are broken this way are not compared.

use std::collections::{BTreeMap, BTreeSet};
use std::net::Ipv4Addr;

use blueprint::Blueprint;
use blueprint::ids::{EniId, SecurityGroupId};
use blueprint::kafka::Cluster;
use blueprint::network::{EniOwner, RouteTarget};

/// Why texts cannot carry a blueprint; nothing if they can.
pub(crate) fn uncarried(spec: &Blueprint) -> Vec<&'static str> {
    let all = [
        (
            groups_differ(spec),
            "an interface without a group, or with others than its fellows",
        ),
        (
            is_foreign(spec),
            "a private zone without a VPC of its own account",
        ),
        (is_unrouted(spec), "a range of a VPC without a local route"),
        (is_stale(spec), "a name of AWS's with addresses of nobody"),
        (
            spec.clusters.values().any(is_told_apart),
            "brokers of Amazon MSK with listeners of their own",
        ),
        (is_bent(spec), "a balancer of Amazon MSK with parts missing"),
    ];
    let found = all.into_iter().filter(|(is_so, _)| *is_so);
    found.map(|(_, why)| why).collect()
}

/// Groups are said once for all interfaces of one thing; where none is said AWS has the default one.
fn groups_differ(spec: &Blueprint) -> bool {
    let mut worn: BTreeMap<String, BTreeSet<&[SecurityGroupId]>> = BTreeMap::new();
    for (id, eni) in &spec.enis {
        let owner = match &eni.owner {
            EniOwner::Broker { cluster, .. } => {
                let kind = spec.clusters.get(cluster).map(|cluster| cluster.kind);
                match kind.is_some_and(|kind| kind.is_msk()) {
                    true => format!("brokers {cluster}"),
                    false => id.to_string(),
                }
            }
            EniOwner::BalancerNode(id) => format!("nodes {id}"),
            EniOwner::Endpoint(id) => format!("endpoint {id}"),
            EniOwner::ResourceGateway(id) => format!("resources {id}"),
            EniOwner::Client(id) => format!("client {id}"),
            EniOwner::Gateway(_) | EniOwner::Witness => id.to_string(),
        };
        worn.entry(owner).or_default().insert(&eni.security_groups);
    }
    let mut worn = worn.values();
    worn.any(|worn| 1 < worn.len() || worn.iter().any(|groups| groups.is_empty()))
}

fn is_foreign(spec: &Blueprint) -> bool {
    let mut zones = spec.zones.values().filter(|zone| !zone.managed);
    zones.any(|zone| {
        let mut vpcs = zone.vpcs.iter().filter_map(|vpc| spec.vpcs.get(vpc));
        vpcs.all(|vpc| vpc.account != zone.account)
    })
}

fn is_unrouted(spec: &Blueprint) -> bool {
    spec.route_tables.values().any(|table| {
        let cidrs = spec.vpcs.get(&table.vpc).map(|vpc| &vpc.cidrs);
        let is_local = |cidr| {
            let mut routes = table.routes.iter();
            routes.any(|r| r.destination == cidr && r.target == RouteTarget::Local)
        };
        cidrs.into_iter().flatten().any(|cidr| !is_local(*cidr))
    })
}

fn is_stale(spec: &Blueprint) -> bool {
    let endpoints = spec.endpoints.values();
    let endpoints = endpoints.map(|e| (&e.dns_name, e.enis.values().collect::<Vec<_>>()));
    let balancers = spec.balancers.values();
    let balancers = balancers.map(|b| (&b.dns_name, b.nodes.values().collect::<Vec<_>>()));
    endpoints.chain(balancers).any(|(name, enis)| {
        let held: BTreeSet<Ipv4Addr> = enis
            .into_iter()
            .filter_map(|id| address(spec, id))
            .collect();
        let said = spec.public_names.get(name);
        said.is_some_and(|said| said.addresses.iter().copied().collect::<BTreeSet<_>>() != held)
    })
}

fn address(spec: &Blueprint, eni: &EniId) -> Option<Ipv4Addr> {
    spec.enis.get(eni).map(|eni| eni.address)
}

/// Amazon MSK binds one port for a listener on every broker, and advertises each of them.
fn is_told_apart(cluster: &Cluster) -> bool {
    let mut bound: BTreeMap<&str, BTreeSet<u16>> = BTreeMap::new();
    let listeners = cluster
        .brokers
        .values()
        .flat_map(|broker| &broker.listeners);
    let mut is_silent = false;
    for (name, listener) in listeners {
        bound.entry(name).or_default().insert(listener.port);
        is_silent |= listener.advertised.is_none();
    }
    cluster.kind.is_msk() && (is_silent || bound.values().any(|ports| 1 < ports.len()))
}

fn is_bent(spec: &Blueprint) -> bool {
    let managed = spec.balancers.values().filter(|balancer| balancer.managed);
    let mut managed = managed.map(|balancer| {
        let clusters = spec.clusters.values().filter(|c| c.vpc == balancer.vpc);
        let brokers = clusters.flat_map(|cluster| cluster.brokers.values());
        let zones = brokers.filter_map(|broker| {
            let eni = spec.enis.get(&broker.eni)?;
            Some(&spec.subnets.get(&eni.subnet)?.zone)
        });
        let zones: BTreeSet<_> = zones.collect();
        let targets = balancer.listeners.values().filter(|listener| {
            let group = spec.target_groups.get(&listener.target_group);
            group.is_some_and(|group| group.targets.len() == 1)
        });
        let is_whole = targets.count() == balancer.listeners.len();
        is_whole && zones.iter().all(|zone| balancer.nodes.contains_key(*zone))
    });
    managed.any(|is_whole| !is_whole)
}
