//! What no text can say: faults by which a blueprint holds what AWS itself would have otherwise.
//! The agreement run with the kernel puts them in; a template cannot.

use std::collections::{BTreeMap, BTreeSet};

use blueprint::Blueprint;
use blueprint::ids::{EniId, SecurityGroupId};
use blueprint::kafka::Cluster;
use blueprint::network::{EniOwner, RouteTarget};
use blueprint::spec::Auth;

/// A reason why a text cannot say a blueprint, and whether it applies to one and to what it was
/// before faults were put in.
type Rule = (&'static str, fn(&Blueprint, &Blueprint) -> bool);

const RULES: [Rule; 9] = [
    (
        "AWS answers its own names by the interfaces there are",
        names,
    ),
    ("AWS keeps what it manages", managed),
    ("a route leads to what is there", routes),
    ("a VPC's own ranges are routed locally", local_routes),
    ("all interfaces of one object wear its groups", groups),
    ("two zones of one name do not share a VPC", zones),
    (
        "a private zone is made with a VPC of its owner",
        homeless_zones,
    ),
    ("Amazon MSK binds its own ports", ports),
    (
        "Amazon MSK advertises what its configuration says",
        advertised,
    ),
];

/// Why a text cannot say this blueprint, if so.
pub(crate) fn untellable(blueprint: &Blueprint, before: &Blueprint) -> Option<&'static str> {
    let mut rules = RULES.iter();
    let rule = rules.find(|(_, applies)| applies(blueprint, before));
    rule.map(|(why, _)| *why)
}

fn names(blueprint: &Blueprint, _: &Blueprint) -> bool {
    let balancers = blueprint.balancers.values();
    let balancers = balancers.map(|one| (&one.dns_name, &one.nodes));
    let endpoints = blueprint.endpoints.values();
    let endpoints = endpoints.map(|one| (&one.dns_name, &one.enis));
    balancers.chain(endpoints).any(|(name, enis)| {
        let enis = enis.values().filter_map(|id| blueprint.enis.get(id));
        let held: BTreeSet<_> = enis.map(|eni| eni.address).collect();
        let said = blueprint.public_names.get(name);
        let said = said.into_iter().flat_map(|said| &said.addresses);
        said.copied().collect::<BTreeSet<_>>() != held
    })
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

fn local_routes(blueprint: &Blueprint, _: &Blueprint) -> bool {
    blueprint.route_tables.values().any(|table| {
        let local = table
            .routes
            .iter()
            .filter(|route| route.target == RouteTarget::Local);
        let local: BTreeSet<_> = local.map(|route| route.destination).collect();
        let ranges = blueprint
            .vpcs
            .get(&table.vpc)
            .into_iter()
            .flat_map(|vpc| &vpc.cidrs);
        ranges.copied().collect::<BTreeSet<_>>() != local
    })
}

fn groups(blueprint: &Blueprint, _: &Blueprint) -> bool {
    let mut worn: BTreeMap<String, &Vec<SecurityGroupId>> = BTreeMap::new();
    blueprint.enis.iter().any(|(id, eni)| {
        let object = wearer(blueprint, id, &eni.owner);
        let known = worn.entry(object).or_insert(&eni.security_groups);
        *known != &eni.security_groups || eni.security_groups.is_empty()
    })
}

/// The object whose interfaces wear the same groups.
fn wearer(blueprint: &Blueprint, id: &EniId, owner: &EniOwner) -> String {
    match owner {
        EniOwner::Broker { cluster, .. } => match blueprint.clusters.get(cluster) {
            Some(of) if of.kind.is_msk() => format!("cluster {cluster}"),
            Some(_) | None => format!("interface {id}"),
        },
        EniOwner::BalancerNode(of) => format!("balancer {of}"),
        EniOwner::Endpoint(of) => format!("endpoint {of}"),
        EniOwner::ResourceGateway(of) => format!("resource gateway {of}"),
        EniOwner::Client(of) => format!("client {of}"),
        EniOwner::Gateway(_) | EniOwner::Witness => format!("interface {id}"),
    }
}

fn zones(blueprint: &Blueprint, _: &Blueprint) -> bool {
    let mut taken = BTreeSet::new();
    let zones = blueprint.zones.values();
    let mut uses = zones.flat_map(|zone| zone.vpcs.iter().map(|vpc| (&zone.name, vpc)));
    uses.any(|one| !taken.insert(one))
}

fn homeless_zones(blueprint: &Blueprint, _: &Blueprint) -> bool {
    let mut zones = blueprint.zones.values().filter(|zone| !zone.managed);
    zones.any(|zone| {
        let mut vpcs = zone.vpcs.iter().filter_map(|vpc| blueprint.vpcs.get(vpc));
        !vpcs.any(|vpc| vpc.account == zone.account)
    })
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
