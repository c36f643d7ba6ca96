//! Faults put into a settled blueprint: what an estate looks like after somebody touched it by
//! hand. Each changes one object as an AWS call could.

use std::net::Ipv4Addr;

use blueprint::Blueprint;
use blueprint::dns::{HostedZone, Record};
use blueprint::ids::{HostedZoneId, PeeringId, VpcId};
use blueprint::kafka::HostPort;
use blueprint::network::{Peer, Peering, Route, RouteTarget, Rule};
use fastrand::Rng;
use ipnet::Ipv4Net;

/// A fault: gives false where the blueprint has nothing it could touch.
type Fault = fn(&mut Blueprint, &mut Rng) -> bool;

const FAULTS: [(&str, Fault); 26] = [
    ("remove a route", remove_route),
    ("send a route outside", route_outside),
    ("add a more specific route outside", specific_route),
    ("remove a rule", remove_rule),
    ("shift a rule's ports", shift_rule),
    ("change a rule's peer", change_peer),
    ("remove an interface's groups", clear_groups),
    ("remove a listener", remove_listener),
    ("point a listener elsewhere", remap_listener),
    ("remove a target", remove_target),
    ("change a target's port", target_port),
    ("change a target's address", target_address),
    ("turn cross-zone around", toggle_cross_zone),
    ("judge PrivateLink by the balancer's groups", enforce),
    ("remove a balancer's node", remove_node),
    ("remove a record", remove_record),
    ("change a record", change_record),
    ("add a wide zone", wide_zone),
    ("add a narrow zone", narrow_zone),
    ("dissociate a zone", dissociate),
    ("advertise another port", advertise_port),
    ("advertise nothing", advertise_nothing),
    ("bind another port", bind_port),
    ("remove a peering", remove_peering),
    ("give two peers a common range", common_range),
    ("lead a peering's routes through a third VPC", detour),
];

/// How often another fault is drawn when one finds nothing to touch.
const N_DRAWS: usize = 200;

/// Which faults an estate gets.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Draw {
    /// Decides everything but the first fault's kind.
    pub seed: u64,
    /// The estate's number among those with such faults: their kinds take turns, so that a run
    /// meets each.
    pub turn: u64,
}

/// Puts the fault whose turn it is into `blueprint`, and at times a second one.
///
/// # Errors
/// When the fault finds nothing to touch.
pub(crate) fn apply(blueprint: &mut Blueprint, draw: Draw) -> Result<(), String> {
    let mut rng = Rng::with_seed(draw.seed);
    let turn = draw.turn % FAULTS.len() as u64;
    let (name, fault) = FAULTS[usize::try_from(turn).unwrap_or_default()];
    if !fault(blueprint, &mut rng) {
        return Err(format!("nothing to do for `{name}`"));
    }
    if rng.bool() {
        let mut draws = (0..N_DRAWS).map(|_| rng.usize(0..FAULTS.len()));
        let mut rng = Rng::with_seed(draw.seed.wrapping_add(1));
        draws.any(|second| FAULTS[second].1(blueprint, &mut rng));
    }
    Ok(())
}

/// One value of a map, drawn at random.
fn pick<'a, K: Clone + 'a, V: 'a>(
    map: impl Iterator<Item = (&'a K, &'a mut V)>,
    rng: &mut Rng,
) -> Option<(K, &'a mut V)> {
    let mut all: Vec<_> = map.collect();
    if all.is_empty() {
        return None;
    }
    let (key, value) = all.swap_remove(rng.usize(0..all.len()));
    Some((key.clone(), value))
}

fn position<T>(list: &[T], rng: &mut Rng) -> Option<usize> {
    (!list.is_empty()).then(|| rng.usize(0..list.len()))
}

fn remove_route(blueprint: &mut Blueprint, rng: &mut Rng) -> bool {
    let tables = blueprint
        .route_tables
        .iter_mut()
        .filter(|(_, table)| table.routes.iter().any(|r| r.target != RouteTarget::Local));
    let Some((_, table)) = pick(tables, rng) else {
        return false;
    };
    let farther = table
        .routes
        .iter()
        .rposition(|r| r.target != RouteTarget::Local);
    farther.map(|at| table.routes.remove(at)).is_some()
}

fn route_outside(blueprint: &mut Blueprint, rng: &mut Rng) -> bool {
    let tables = blueprint
        .route_tables
        .iter_mut()
        .filter(|(_, table)| table.routes.iter().any(|r| r.target != RouteTarget::Local));
    let Some((_, table)) = pick(tables, rng) else {
        return false;
    };
    for route in table
        .routes
        .iter_mut()
        .filter(|route| route.target != RouteTarget::Local)
    {
        route.target = RouteTarget::Outside("nat-0abc".to_owned());
    }
    true
}

/// Leads one host of a peer's range outside, beside the wider route to the peering.
fn specific_route(blueprint: &mut Blueprint, rng: &mut Rng) -> bool {
    let broker = blueprint
        .clusters
        .values()
        .flat_map(|cluster| cluster.brokers.values())
        .next();
    let Some(address) = broker
        .and_then(|broker| blueprint.enis.get(&broker.eni))
        .map(|eni| eni.address)
    else {
        return false;
    };
    let Ok(destination) = Ipv4Net::new(address, 28) else {
        return false;
    };
    let tables = blueprint.route_tables.iter_mut().filter(|(_, table)| {
        table.routes.iter().any(|r| {
            matches!(r.target, RouteTarget::Peering(_)) && r.destination.contains(&address)
        })
    });
    let Some((_, table)) = pick(tables, rng) else {
        return false;
    };
    table.routes.push(Route {
        destination: destination.trunc(),
        target: RouteTarget::Outside("igw-0abc".to_owned()),
    });
    true
}

/// A list of rules of some group that has any.
fn rules<'a>(blueprint: &'a mut Blueprint, rng: &mut Rng) -> Option<&'a mut Vec<Rule>> {
    let ingress = rng.bool();
    let groups = blueprint.security_groups.iter_mut();
    let groups = groups.filter(|(_, group)| {
        !if ingress {
            &group.ingress
        } else {
            &group.egress
        }
        .is_empty()
    });
    let (_, group) = pick(groups, rng)?;
    Some(if ingress {
        &mut group.ingress
    } else {
        &mut group.egress
    })
}

fn remove_rule(blueprint: &mut Blueprint, rng: &mut Rng) -> bool {
    let Some(rules) = rules(blueprint, rng) else {
        return false;
    };
    position(rules, rng).map(|at| rules.remove(at)).is_some()
}

fn shift_rule(blueprint: &mut Blueprint, rng: &mut Rng) -> bool {
    let Some(rules) = rules(blueprint, rng) else {
        return false;
    };
    let Some(at) = position(rules, rng) else {
        return false;
    };
    let rule = &mut rules[at];
    if rule.from_port < rule.to_port {
        rule.to_port -= 1;
    } else {
        rule.from_port = rule.from_port.saturating_add(1000);
        rule.to_port = rule.from_port;
    }
    true
}

fn change_peer(blueprint: &mut Blueprint, rng: &mut Rng) -> bool {
    let Some(rules) = rules(blueprint, rng) else {
        return false;
    };
    let Some(at) = position(rules, rng) else {
        return false;
    };
    let ranges = ["10.0.0.0/20", "10.99.0.0/16", "0.0.0.0/0"];
    let Ok(range) = ranges[rng.usize(0..ranges.len())].parse() else {
        return false;
    };
    rules[at].peer = Peer::Cidr(range);
    true
}

fn clear_groups(blueprint: &mut Blueprint, rng: &mut Rng) -> bool {
    let enis = blueprint
        .enis
        .iter_mut()
        .filter(|(_, eni)| !eni.security_groups.is_empty());
    pick(enis, rng)
        .map(|(_, eni)| eni.security_groups.clear())
        .is_some()
}

fn remove_listener(blueprint: &mut Blueprint, rng: &mut Rng) -> bool {
    let Some((_, balancer)) = pick(blueprint.balancers.iter_mut(), rng) else {
        return false;
    };
    let ports: Vec<u16> = balancer.listeners.keys().copied().collect();
    position(&ports, rng)
        .and_then(|at| balancer.listeners.remove(&ports[at]))
        .is_some()
}

fn remap_listener(blueprint: &mut Blueprint, rng: &mut Rng) -> bool {
    let groups: Vec<_> = blueprint.target_groups.keys().cloned().collect();
    let Some((_, balancer)) = pick(blueprint.balancers.iter_mut(), rng) else {
        return false;
    };
    let Some(at) = position(&groups, rng) else {
        return false;
    };
    pick(balancer.listeners.iter_mut(), rng)
        .map(|(_, listener)| listener.target_group = groups[at].clone())
        .is_some()
}

fn remove_target(blueprint: &mut Blueprint, rng: &mut Rng) -> bool {
    let Some((_, group)) = pick(blueprint.target_groups.iter_mut(), rng) else {
        return false;
    };
    position(&group.targets, rng)
        .map(|at| group.targets.remove(at))
        .is_some()
}

fn target_port(blueprint: &mut Blueprint, rng: &mut Rng) -> bool {
    let Some((_, group)) = pick(blueprint.target_groups.iter_mut(), rng) else {
        return false;
    };
    position(&group.targets, rng)
        .map(|at| group.targets[at].port = 9177)
        .is_some()
}

fn target_address(blueprint: &mut Blueprint, rng: &mut Rng) -> bool {
    let brokers: Vec<Ipv4Addr> = blueprint
        .clusters
        .values()
        .flat_map(|cluster| cluster.brokers.values())
        .filter_map(|broker| blueprint.enis.get(&broker.eni).map(|eni| eni.address))
        .collect();
    let Some((_, group)) = pick(blueprint.target_groups.iter_mut(), rng) else {
        return false;
    };
    let (Some(at), Some(other)) = (position(&group.targets, rng), position(&brokers, rng)) else {
        return false;
    };
    let changed = group.targets[at].address != brokers[other];
    group.targets[at].address = brokers[other];
    changed
}

fn toggle_cross_zone(blueprint: &mut Blueprint, rng: &mut Rng) -> bool {
    pick(blueprint.balancers.iter_mut(), rng)
        .map(|(_, balancer)| balancer.cross_zone = !balancer.cross_zone)
        .is_some()
}

fn enforce(blueprint: &mut Blueprint, rng: &mut Rng) -> bool {
    pick(blueprint.balancers.iter_mut(), rng)
        .map(|(_, balancer)| balancer.enforce_on_privatelink = true)
        .is_some()
}

fn remove_node(blueprint: &mut Blueprint, rng: &mut Rng) -> bool {
    let Some((_, balancer)) = pick(blueprint.balancers.iter_mut(), rng) else {
        return false;
    };
    let zones: Vec<_> = balancer.nodes.keys().cloned().collect();
    let Some(eni) = position(&zones, rng).and_then(|at| balancer.nodes.remove(&zones[at])) else {
        return false;
    };
    blueprint.enis.remove(&eni).is_some()
}

fn some_zone<'a>(blueprint: &'a mut Blueprint, rng: &mut Rng) -> Option<&'a mut HostedZone> {
    pick(blueprint.zones.iter_mut(), rng).map(|(_, zone)| zone)
}

fn remove_record(blueprint: &mut Blueprint, rng: &mut Rng) -> bool {
    let Some(zone) = some_zone(blueprint, rng) else {
        return false;
    };
    let names: Vec<_> = zone.records.keys().cloned().collect();
    position(&names, rng)
        .and_then(|at| zone.records.remove(&names[at]))
        .is_some()
}

fn change_record(blueprint: &mut Blueprint, rng: &mut Rng) -> bool {
    let enis: Vec<Ipv4Addr> = blueprint.enis.values().map(|eni| eni.address).collect();
    let address = if rng.bool() {
        Ipv4Addr::new(10, 0, 0, 99)
    } else {
        enis[rng.usize(0..enis.len())]
    };
    let Some(zone) = some_zone(blueprint, rng) else {
        return false;
    };
    pick(zone.records.iter_mut(), rng)
        .map(|(_, record)| *record = Record::A(vec![address]))
        .is_some()
}

/// A zone without records over a name that some client dials, and over much else.
fn wide_zone(blueprint: &mut Blueprint, rng: &mut Rng) -> bool {
    let Some((vpc, host)) = dialled_name(blueprint, rng) else {
        return false;
    };
    let parents = std::iter::successors(Some(host.as_str()), |name| {
        name.split_once('.').map(|(_, parent)| parent)
    });
    let parents: Vec<&str> = parents.skip(1).collect();
    position(&parents, rng).is_some_and(|at| add_zone(blueprint, parents[at], vpc))
}

/// A zone for one name that some client dials, which then has no record.
fn narrow_zone(blueprint: &mut Blueprint, rng: &mut Rng) -> bool {
    dialled_name(blueprint, rng).is_some_and(|(vpc, host)| add_zone(blueprint, &host, vpc))
}

/// A name that some client dials, and the client's VPC.
fn dialled_name(blueprint: &mut Blueprint, rng: &mut Rng) -> Option<(VpcId, String)> {
    let (_, client) = pick(blueprint.clients.iter_mut(), rng)?;
    let cluster = blueprint.clusters.get(&client.cluster)?;
    let listeners = cluster.brokers.values().map(|broker| &broker.listeners);
    let advertised = listeners.filter_map(|all| all.get(&client.listener)?.advertised.as_ref());
    let dialled = client.bootstrap.iter().chain(advertised);
    let names: Vec<&String> = dialled
        .map(|at| &at.host)
        .filter(|host| host.parse::<Ipv4Addr>().is_err())
        .collect();
    let at = position(&names, rng)?;
    Some((client.vpc.clone(), names[at].clone()))
}

fn add_zone(blueprint: &mut Blueprint, name: &str, vpc: VpcId) -> bool {
    let mut zones = blueprint.zones.values();
    if zones.any(|zone| zone.name == name && zone.vpcs.contains(&vpc)) {
        return false;
    }
    let zone = HostedZone {
        name: name.to_owned(),
        account: "0".repeat(12),
        vpcs: [vpc].into(),
        records: [].into(),
    };
    blueprint
        .zones
        .insert(HostedZoneId("by-hand".to_owned()), zone)
        .is_none()
}

fn dissociate(blueprint: &mut Blueprint, rng: &mut Rng) -> bool {
    some_zone(blueprint, rng)
        .and_then(|zone| zone.vpcs.pop_first())
        .is_some()
}

fn advertised<'a>(blueprint: &'a mut Blueprint, rng: &mut Rng) -> Option<&'a mut Option<HostPort>> {
    let (_, cluster) = pick(blueprint.clusters.iter_mut(), rng)?;
    let (_, broker) = pick(cluster.brokers.iter_mut(), rng)?;
    pick(broker.listeners.iter_mut(), rng).map(|(_, listener)| &mut listener.advertised)
}

fn advertise_port(blueprint: &mut Blueprint, rng: &mut Rng) -> bool {
    let Some(Some(at)) = advertised(blueprint, rng) else {
        return false;
    };
    at.port += 1;
    true
}

fn advertise_nothing(blueprint: &mut Blueprint, rng: &mut Rng) -> bool {
    advertised(blueprint, rng).and_then(Option::take).is_some()
}

/// Moves the listener that some client is told of, at one broker.
fn bind_port(blueprint: &mut Blueprint, rng: &mut Rng) -> bool {
    let Some((_, client)) = pick(blueprint.clients.iter_mut(), rng) else {
        return false;
    };
    let Some(cluster) = blueprint.clusters.get_mut(&client.cluster) else {
        return false;
    };
    let Some((_, broker)) = pick(cluster.brokers.iter_mut(), rng) else {
        return false;
    };
    let listener = broker.listeners.get_mut(&client.listener);
    listener.map(|listener| listener.port = 9188).is_some()
}

fn remove_peering(blueprint: &mut Blueprint, rng: &mut Rng) -> bool {
    let ids: Vec<_> = blueprint.peerings.keys().cloned().collect();
    position(&ids, rng)
        .and_then(|at| blueprint.peerings.remove(&ids[at]))
        .is_some()
}

/// A secondary range on both sides, with which AWS would not have granted the peering.
fn common_range(blueprint: &mut Blueprint, rng: &mut Rng) -> bool {
    let Ok(range) = "100.64.0.0/16".parse() else {
        return false;
    };
    let Some((_, peering)) = pick(blueprint.peerings.iter_mut(), rng) else {
        return false;
    };
    for vpc in [&peering.requester, &peering.accepter] {
        if let Some(vpc) = blueprint.vpcs.get_mut(vpc) {
            vpc.cidrs.push(range);
        }
    }
    true
}

/// Peers both sides of a peering with a third VPC and lets every route lead through that one,
/// there and back: all is there but the right to pass.
fn detour(blueprint: &mut Blueprint, rng: &mut Rng) -> bool {
    let mut found = None;
    if let Some((id, peering)) = pick(blueprint.peerings.iter_mut(), rng) {
        found = Some((id, peering.clone()));
    }
    let Some((direct, peering)) = found else {
        return false;
    };
    let sides = [&peering.requester, &peering.accepter];
    let hubs: Vec<VpcId> = blueprint
        .vpcs
        .keys()
        .filter(|hub| is_hub(blueprint, hub, sides))
        .cloned()
        .collect();
    let Some(hub) = position(&hubs, rng).map(|at| &hubs[at]) else {
        return false;
    };
    for side in sides {
        lead_through(blueprint, side, hub, &direct);
    }
    true
}

/// Whether a VPC has interfaces and could be peered with both sides.
fn is_hub(blueprint: &Blueprint, hub: &VpcId, sides: [&VpcId; 2]) -> bool {
    let ranges = |vpc: &VpcId| {
        let vpc = blueprint.vpcs.get(vpc);
        vpc.map_or(&[][..], |vpc| &vpc.cidrs)
    };
    let clear = |side: &&VpcId| {
        let mut pairs = ranges(hub)
            .iter()
            .flat_map(|one| ranges(side).iter().map(move |other| (one, other)));
        !pairs.any(|(a, b)| a.contains(&b.network()) || b.contains(&a.network()))
    };
    let mut subnets = blueprint.enis.values().map(|eni| &eni.subnet);
    let inhabited = subnets.any(|id| blueprint.subnets.get(id).is_some_and(|s| s.vpc == *hub));
    inhabited && sides.iter().all(clear)
}

/// Turns a side's routes over the direct peering to the hub, and gives the hub routes to it.
fn lead_through(blueprint: &mut Blueprint, side: &VpcId, hub: &VpcId, direct: &PeeringId) {
    let id = PeeringId(format!("by-hand-{side}-{hub}"));
    let peering = Peering {
        requester: side.clone(),
        accepter: hub.clone(),
        mtu: 1500,
    };
    blueprint.peerings.insert(id.clone(), peering);
    let ranges = blueprint.vpcs.get(side).map(|vpc| vpc.cidrs.clone());
    for table in blueprint.route_tables.values_mut() {
        if table.vpc == *hub {
            let routes = ranges.iter().flatten().map(|range| Route {
                destination: *range,
                target: RouteTarget::Peering(id.clone()),
            });
            table.routes.extend(routes);
        } else if table.vpc == *side {
            let over = table
                .routes
                .iter_mut()
                .filter(|route| route.target == RouteTarget::Peering(direct.clone()));
            over.for_each(|route| route.target = RouteTarget::Peering(id.clone()));
        }
    }
}
