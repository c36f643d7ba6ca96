//! What no text can say: faults by which a blueprint differs from what AWS itself would have. The
//! agreement run with the kernel puts them in; a template cannot.

use std::collections::{BTreeMap, BTreeSet};

use blueprint::Blueprint;
use blueprint::kafka::Cluster;
use blueprint::network::RouteTarget;
use blueprint::spec::Auth;

use crate::uncarried::uncarried;

/// A reason why a text cannot say a blueprint, and whether it applies to one and to what it was
/// before faults were put in.
type Rule = (&'static str, fn(&Blueprint, &Blueprint) -> bool);

const RULES: [Rule; 5] = [
    ("AWS keeps what it manages", managed),
    ("a route leads to what is there", routes),
    ("two zones of one name do not share a VPC", zones),
    ("Amazon MSK binds its own ports", ports),
    (
        "Amazon MSK advertises what its configuration says",
        advertised,
    ),
];

/// Why a text cannot say this blueprint, if so.
pub(crate) fn untellable(blueprint: &Blueprint, before: &Blueprint) -> Option<&'static str> {
    let rules = RULES
        .iter()
        .filter(|(_, applies)| applies(blueprint, before));
    let mut reasons = uncarried(blueprint)
        .into_iter()
        .chain(rules.map(|(why, _)| *why));
    reasons.next()
}

fn managed(blueprint: &Blueprint, before: &Blueprint) -> bool {
    let of = |blueprint: &Blueprint| {
        let balancers = blueprint.balancers.iter().filter(|(_, one)| one.managed);
        let balancers: BTreeMap<_, _> = balancers
            .map(|(id, one)| (id.clone(), one.clone()))
            .collect();
        let listeners = balancers.values().flat_map(|one| one.listeners.values());
        let groups = listeners.map(|one| blueprint.target_groups.get(&one.target_group).cloned());
        let groups: Vec<_> = groups.collect();
        let zones = blueprint.zones.iter().filter(|(_, one)| one.managed);
        let zones: BTreeMap<_, _> = zones.map(|(id, one)| (id.clone(), one.clone())).collect();
        (balancers, groups, zones)
    };
    of(blueprint) != of(before)
}

fn routes(blueprint: &Blueprint, _: &Blueprint) -> bool {
    let routes = blueprint
        .route_tables
        .values()
        .flat_map(|table| &table.routes);
    let mut targets = routes.map(|route| &route.target);
    targets.any(|target| match target {
        RouteTarget::Peering(id) => !blueprint.peerings.contains_key(id),
        RouteTarget::TransitGateway(id) => !blueprint.transit_gateways.contains_key(id),
        RouteTarget::Local | RouteTarget::Outside(_) => false,
    })
}

fn zones(blueprint: &Blueprint, _: &Blueprint) -> bool {
    let mut taken = BTreeSet::new();
    let zones = blueprint.zones.values();
    let mut uses = zones.flat_map(|zone| zone.vpcs.iter().map(|vpc| (&zone.name, vpc)));
    uses.any(|one| !taken.insert(one))
}

fn msk(blueprint: &Blueprint) -> impl Iterator<Item = &Cluster> {
    blueprint.clusters.values().filter(|one| one.kind.is_msk())
}

fn ports(blueprint: &Blueprint, _: &Blueprint) -> bool {
    let brokers = msk(blueprint).flat_map(|cluster| cluster.brokers.values());
    let mut listeners = brokers.flat_map(|broker| &broker.listeners);
    listeners.any(|(name, listener)| {
        let is_for_clients = name.starts_with("CLIENT") && !name.ends_with("_VPCE");
        let port = match listener.auth {
            Auth::None => 9092,
            Auth::Tls | Auth::Mtls => 9094,
            Auth::Scram => 9096,
            Auth::Iam => 9098,
        };
        is_for_clients && listener.port != port
    })
}

fn advertised(blueprint: &Blueprint, before: &Blueprint) -> bool {
    let brokers = |blueprint| -> Vec<_> {
        msk(blueprint)
            .map(|cluster| cluster.brokers.clone())
            .collect()
    };
    let unsaid = msk(blueprint).any(|cluster| {
        let brokers = cluster.brokers.values();
        let mut listeners = brokers.flat_map(|broker| &broker.listeners);
        listeners.any(|(name, one)| name.starts_with("CLIENT") && one.advertised.is_none())
    });
    brokers(blueprint) != brokers(before) || unsaid
}
