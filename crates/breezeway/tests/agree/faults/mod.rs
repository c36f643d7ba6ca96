//! Faults put into a settled blueprint: what an estate looks like after somebody touched it by
//! hand. Each changes one object as an AWS call could.

mod resources;
mod routing;
mod security;
mod transit;
mod ways;

use std::net::Ipv4Addr;

use blueprint::Blueprint;
use blueprint::dns::{HostedZone, Record};
use blueprint::ids::{HostedZoneId, VpcId};
use blueprint::kafka::{Broker, HostPort};
use fastrand::Rng;

/// A fault: gives false where the blueprint has nothing it could touch.
type Fault = fn(&mut Blueprint, &mut Rng) -> bool;

const FAULTS: [(&str, Fault); 50] = [
    ("remove a route", routing::remove_route),
    (
        "forget the way back over peerings",
        routing::forget_way_back,
    ),
    ("send a route outside", routing::route_outside),
    ("add a more specific route outside", routing::specific_route),
    ("remove a rule", security::remove_rule),
    ("shift a rule's ports", security::shift_rule),
    ("change a rule's peer", security::change_peer),
    (
        "close a listener's port at its brokers",
        security::close_listener,
    ),
    ("close an endpoint", security::close_endpoint),
    ("hold a client back", security::close_client),
    ("remove an interface's groups", security::clear_groups),
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
    ("bind other ports", bind_ports),
    ("bind other ports behind a balancer", bind_target_ports),
    ("remove a peering", routing::remove_peering),
    ("give two peers a common range", routing::common_range),
    (
        "lead a peering's routes through a third VPC",
        routing::detour,
    ),
    ("dissociate an attachment", transit::dissociate),
    ("stop a propagation", transit::stop_propagation),
    ("take an attachment out of a zone", transit::leave_zone),
    ("add a blackhole", transit::blackhole),
    (
        "lead a gateway's traffic elsewhere",
        transit::lead_elsewhere,
    ),
    (
        "let ranges overlap at a gateway",
        transit::overlap_at_gateway,
    ),
    ("cut a gateway's peering", transit::cut_peering),
    ("lead two gateways in circles", transit::circle),
    ("remove the routes to a gateway", transit::forget_gateway),
    ("fence a subnet", ways::fence),
    ("fence another subnet", ways::fence),
    ("forward names", ways::forward_names),
    ("switch DNS off", ways::switch_dns_off),
    ("remove an endpoint's part", ways::remove_endpoint_part),
    ("remove another endpoint's part", ways::remove_endpoint_part),
    ("leave a Region unsupported", ways::unsupport),
    ("close a resource's port", resources::close_port),
    ("move a resource", resources::readdress),
    (
        "remove a resource gateway's interface",
        resources::remove_interface,
    ),
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

/// Puts the fault whose turn it is into `blueprint`, and at times a second one; returns what they
/// are called.
///
/// # Errors
/// When the fault finds nothing to touch.
pub(crate) fn apply(blueprint: &mut Blueprint, draw: Draw) -> Result<Vec<&'static str>, String> {
    let mut rng = Rng::with_seed(draw.seed);
    let turn = draw.turn % FAULTS.len() as u64;
    let (name, fault) = FAULTS[usize::try_from(turn).unwrap_or_default()];
    if !fault(blueprint, &mut rng) {
        return Err(format!("nothing to do for `{name}`"));
    }
    let mut names = vec![name];
    if rng.bool() {
        let mut draws = (0..N_DRAWS).map(|_| rng.usize(0..FAULTS.len()));
        let mut rng = Rng::with_seed(draw.seed.wrapping_add(1));
        let second = draws.find(|second| FAULTS[*second].1(blueprint, &mut rng));
        names.extend(second.map(|second| FAULTS[second].0));
    }
    Ok(names)
}

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
        managed: false,
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

fn bind_ports(blueprint: &mut Blueprint, rng: &mut Rng) -> bool {
    let Some((_, client)) = pick(blueprint.clients.iter_mut(), rng) else {
        return false;
    };
    let Some(cluster) = blueprint.clusters.get_mut(&client.cluster) else {
        return false;
    };
    pick(cluster.brokers.iter_mut(), rng).is_some_and(|(_, broker)| move_listeners(broker))
}

fn bind_target_ports(blueprint: &mut Blueprint, rng: &mut Rng) -> bool {
    let Some((_, group)) = pick(blueprint.target_groups.iter_mut(), rng) else {
        return false;
    };
    let Some(target) = position(&group.targets, rng).map(|at| group.targets[at].address) else {
        return false;
    };
    let holds = |broker: &&mut Broker| {
        let eni = blueprint.enis.get(&broker.eni);
        eni.is_some_and(|eni| eni.address == target)
    };
    let clusters = blueprint.clusters.values_mut();
    let mut brokers = clusters.flat_map(|cluster| cluster.brokers.values_mut());
    brokers.find(holds).is_some_and(move_listeners)
}

/// Binds every listener of a broker to a port that nobody knows of.
fn move_listeners(broker: &mut Broker) -> bool {
    for (listener, port) in broker.listeners.values_mut().zip(9180..) {
        listener.port = port;
    }
    !broker.listeners.is_empty()
}
