//! The part of a spec that one comparison is about: two VPCs, the cluster, those who use it from
//! there, and the one connection in question; and the same grown by a broker or a client VPC.

use std::collections::{BTreeMap, BTreeSet};
use std::net::Ipv4Addr;

use blueprint::ids::ZoneId;
use blueprint::spec::{Admit, Carrier, Client, Connection, Spec, TransitGateway, Via, Vpc};
use ipnet::Ipv4Net;

use super::{Pair, Variant};

/// What the grown spec's names end in; no name of a spec ends so.
const NEXT: &str = "~next";

/// What a static route of a transit gateway says that leads nowhere.
const BLACKHOLE: &str = "blackhole";

/// Owner of a client VPC to come, where clients have accounts of their own.
const NEXT_ACCOUNT: &str = "000000000000";

/// The pair's part of the spec, with nothing that connects it.
pub(super) fn bare(spec: &Spec, pair: &Pair) -> Option<Spec> {
    let (_, cluster) = spec.clusters.iter().find(|(name, _)| *name == pair.to)?;
    let asked = pair.connection.and_then(|at| spec.connections.get(at));
    let through = asked.and_then(|asked| asked.through.as_deref());
    let kept = |name: &str| name == pair.from || name == cluster.vpc || through == Some(name);
    let uses = |client: &Client| {
        client.cluster == pair.to && (client.vpc == pair.from || client.vpc == cluster.vpc)
    };
    let vpcs = spec.vpcs.iter().filter(|(name, _)| kept(name));
    let clusters = spec.clusters.iter().filter(|(name, _)| *name == pair.to);
    let clients = spec.clients.iter().filter(|(_, client)| uses(client));
    let mut reduced = Spec {
        name: spec.name.clone(),
        region: spec.region.clone(),
        vpcs: vpcs.cloned().collect(),
        transit_gateways: spec.transit_gateways.clone(),
        clusters: clusters.cloned().collect(),
        clients: clients.cloned().collect(),
        connections: Vec::new(),
        filled: spec.filled.clone(),
    };
    reduced.transit_gateways = hubs(&reduced);
    if !reduced
        .clients
        .iter()
        .any(|(_, client)| client.vpc == pair.from)
    {
        reduced.clients.push(somebody(pair));
    }
    Some(reduced)
}

/// The transit gateways of a reduced spec, whose tables speak of what is left of it.
fn hubs(reduced: &Spec) -> Vec<(String, TransitGateway)> {
    let vpcs = reduced.vpcs.iter().map(|(name, _)| name);
    let gateways = reduced.transit_gateways.iter().map(|(name, _)| name);
    let left: BTreeSet<&String> = vpcs.chain(gateways).collect();
    let is_left = |name: &String| name == BLACKHOLE || left.contains(name);
    let mut hubs = reduced.transit_gateways.clone();
    let tables = hubs.iter_mut().filter_map(|(_, hub)| hub.tables.as_mut());
    for (_, table) in tables.flatten() {
        table.associate.retain(is_left);
        table.propagate.retain(is_left);
        table.routes.retain(|route| is_left(&route.via));
    }
    hubs
}

/// Whether a way needs the transit gateways that were said: it takes one, or a VPC's own routes
/// name one.
fn needs_hubs(spec: &Spec, asked: &Connection) -> bool {
    let takes = asked.via == Via::TransitGateway || asked.carrier == Some(Carrier::TransitGateway);
    let is_hub = |via: &String| spec.transit_gateways.iter().any(|(name, _)| name == via);
    let mut routes = spec
        .vpcs
        .iter()
        .flat_map(|(_, vpc)| vpc.routes.iter().flatten());
    takes || routes.any(|route| is_hub(&route.via))
}

/// A client for a connection nobody uses yet, so that there is a promise to check.
fn somebody(pair: &Pair) -> (String, Client) {
    let client = Client {
        vpc: pair.from.clone(),
        cluster: pair.to.clone(),
        ..Client::default()
    };
    (format!("any-{}", pair.from), client)
}

/// The reduced spec with the one connection.
pub(super) fn joined(bare: &Spec, asked: &Connection, variant: Variant) -> Spec {
    let mut spec = bare.clone();
    if variant != Variant::SameVpc {
        let connection = connection(asked, variant);
        if !needs_hubs(&spec, &connection) {
            spec.transit_gateways.clear();
        }
        spec.connections = vec![connection];
    }
    spec
}

/// The connection as it was asked for if it is of this kind, else what of it says where, not how.
fn connection(asked: &Connection, variant: Variant) -> Connection {
    let own = asked.via == variant.via() && form_is_own(asked, variant);
    let mut connection = if own {
        asked.clone()
    } else {
        Connection {
            from: asked.from.clone(),
            to: asked.to.clone(),
            acceptance_required: asked.acceptance_required,
            transit_gateway: asked.transit_gateway.clone(),
            ..Connection::default()
        }
    };
    if !own && !variant.is_routed() {
        connection.through.clone_from(&asked.through);
        connection.carrier = asked.carrier;
    }
    connection.via = variant.via();
    connection.mode = variant.mode();
    connection.zone_aligned = variant.zone_aligned();
    connection
}

/// Whether what was said of a connection was said of this form of it.
fn form_is_own(asked: &Connection, variant: Variant) -> bool {
    match variant.via() {
        Via::PrivatelinkPerBroker => {
            asked.zone_aligned.unwrap_or_default() == variant.zone_aligned().unwrap_or_default()
        }
        Via::Gateway => Some(asked.mode.unwrap_or_default()) == variant.mode(),
        Via::Auto
        | Via::SameVpc
        | Via::Peering
        | Via::TransitGateway
        | Via::Privatelink
        | Via::MskMultiVpc
        | Via::ResourceEndpoint => true,
    }
}

/// The spec with one broker more: the next id, in the next zone. What was said broker by broker
/// is said of the new one where a base can be made out.
pub(super) fn with_broker(spec: &Spec, pair: &Pair) -> Spec {
    let mut grown = spec.clone();
    for (name, cluster) in &mut grown.clusters {
        if *name == pair.to {
            let next = cluster.brokers.iter().max().map_or(1, |id| id + 1);
            cluster.brokers.push(next);
        }
    }
    grown
}

/// The spec with one client VPC more: a copy of the pair's, with ranges of its own and, where
/// clients have accounts of their own, one of these.
pub(super) fn with_client_vpc(spec: &Spec, pair: &Pair) -> Spec {
    let mut grown = spec.clone();
    let Some((_, vpc)) = spec.vpcs.iter().find(|(name, _)| *name == pair.from) else {
        return grown;
    };
    let name = format!("{}{NEXT}", pair.from);
    grown.vpcs.push((name.clone(), copy_of(vpc, spec, pair)));
    let clients = spec
        .clients
        .iter()
        .filter(|(_, client)| client.vpc == pair.from);
    for (client, asked) in clients {
        let copy = Client {
            vpc: name.clone(),
            addresses: BTreeMap::new(),
            ..asked.clone()
        };
        grown.clients.push((format!("{client}{NEXT}"), copy));
    }
    if let Some(asked) = spec.connections.first() {
        grown.connections.push(Connection {
            from: name,
            endpoint_addresses: BTreeMap::new(),
            admit: Admit::default(),
            ..asked.clone()
        });
    }
    grown
}

fn copy_of(vpc: &Vpc, spec: &Spec, pair: &Pair) -> Vpc {
    let mut taken: Vec<Ipv4Net> = spec
        .vpcs
        .iter()
        .flat_map(|(_, vpc)| vpc.cidrs.clone())
        .collect();
    let mut ranges = Vec::new();
    for range in &vpc.cidrs {
        let free = free_range(range.prefix_len(), &taken);
        taken.extend(free);
        ranges.extend(free);
    }
    let owner = spec.clusters.iter().find(|(name, _)| *name == pair.to);
    let owner =
        owner.and_then(|(_, cluster)| spec.vpcs.iter().find(|(name, _)| *name == cluster.vpc));
    let shared = owner.is_some_and(|(_, owner)| owner.account == vpc.account);
    let zones: BTreeSet<&ZoneId> = vpc.subnets.iter().map(|subnet| &subnet.zone).collect();
    let account = if shared { &vpc.account } else { NEXT_ACCOUNT };
    Vpc {
        account: account.to_owned(),
        region: vpc.region.clone(),
        cidrs: ranges,
        zones: if vpc.zones.is_empty() {
            zones.into_iter().cloned().collect()
        } else {
            vpc.zones.clone()
        },
        transit_zones: vpc.transit_zones.clone(),
        ..Vpc::default()
    }
}

/// The first private range of a size that shares no address with others.
pub(super) fn free_range(prefix: u8, taken: &[Ipv4Net]) -> Option<Ipv4Net> {
    /// The blocks of RFC 1918 and RFC 6598.
    const BLOCKS: [(Ipv4Addr, u8); 4] = [
        (Ipv4Addr::new(10, 0, 0, 0), 8),
        (Ipv4Addr::new(172, 16, 0, 0), 12),
        (Ipv4Addr::new(192, 168, 0, 0), 16),
        (Ipv4Addr::new(100, 64, 0, 0), 10),
    ];
    let blocks = BLOCKS
        .iter()
        .filter_map(|(base, len)| Ipv4Net::new(*base, *len).ok());
    let mut ranges = blocks
        .filter(|block| block.prefix_len() <= prefix)
        .filter_map(|block| block.subnets(prefix).ok())
        .flatten();
    let apart = |range: &Ipv4Net| {
        let mut hit = taken.iter();
        !hit.any(|other| other.contains(range) || range.contains(other))
    };
    ranges.find(|range| apart(range))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_free_range_touches_no_other() {
        let taken: Vec<Ipv4Net> = ["10.0.0.0/16", "10.1.0.0/20"]
            .map(|r| r.parse().unwrap())
            .to_vec();
        assert_eq!(free_range(16, &taken), "10.2.0.0/16".parse().ok());
        assert_eq!(free_range(20, &taken), "10.1.16.0/20".parse().ok());
        assert_eq!(free_range(4, &taken), None);
    }
}
