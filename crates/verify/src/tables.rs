//! What checks ask of route tables: which route takes an address, and which item of the spec's
//! `routes` it comes from.

use std::net::Ipv4Addr;

use blueprint::Blueprint;
use blueprint::diagnostic::{At, Diagnostic};
use blueprint::ids::VpcId;
use blueprint::key::{Part, SpecKey};
use blueprint::network::{Route, RouteTarget};
use ipnet::Ipv4Net;

use crate::evidence;
use crate::network::{Interface, Network};

/// The route that takes an address where an interface stands.
pub(crate) fn taker<'a>(
    network: &Network<'a>,
    from: Interface<'_>,
    to: Ipv4Addr,
) -> Option<&'a Route> {
    // Of equal maxima the last is kept, and of equal ranges the first listed route counts.
    let routes = routes(network.blueprint, from).iter().rev();
    let matching = routes.filter(|route| route.destination.contains(&to));
    matching.max_by_key(|route| route.destination.prefix_len())
}

/// Whether any route of an interface's table leads an address straight to a peered VPC.
pub(crate) fn leads_to(
    blueprint: &Blueprint,
    from: Interface<'_>,
    to: Ipv4Addr,
    vpc: &VpcId,
) -> bool {
    let mut matching = routes(blueprint, from)
        .iter()
        .filter(|route| route.destination.contains(&to));
    matching.any(|route| beyond(blueprint, from.vpc(), route) == Some(vpc))
}

fn routes<'a>(blueprint: &'a Blueprint, from: Interface<'_>) -> &'a [Route] {
    let table = blueprint.route_tables.get(&from.subnet.route_table);
    table.map_or(&[][..], |table| &table.routes)
}

/// The VPC that a route hands packets to, if it is the other side of a peering.
pub(crate) fn beyond<'a>(
    blueprint: &'a Blueprint,
    here: &VpcId,
    route: &Route,
) -> Option<&'a VpcId> {
    match &route.target {
        RouteTarget::Peering(id) => evidence::other_side(blueprint.peerings.get(id)?, here),
        RouteTarget::Local | RouteTarget::TransitGateway(_) | RouteTarget::Outside(_) => None,
    }
}

/// Where a route leads, by the name a user would write.
pub(crate) fn via(blueprint: &Blueprint, here: &VpcId, route: &Route) -> String {
    match &route.target {
        RouteTarget::Local => here.to_string(),
        RouteTarget::Peering(id) => beyond(blueprint, here, route)
            .map_or_else(|| format!("peering {id}"), ToString::to_string),
        RouteTarget::TransitGateway(gateway) => gateway.to_string(),
        RouteTarget::Outside(gateway) => gateway.clone(),
    }
}

/// The range of a VPC that an address lies in.
pub(crate) fn range_of(blueprint: &Blueprint, vpc: &VpcId, address: Ipv4Addr) -> Option<Ipv4Net> {
    let ranges = &blueprint.vpcs.get(vpc)?.cidrs;
    ranges
        .iter()
        .find(|range| range.contains(&address))
        .copied()
}

/// The position of a route among the VPC's `routes`: tables keep the order of the list, and one
/// that holds all routes of the others shows it whole. None where no table does.
pub(crate) fn position(blueprint: &Blueprint, vpc: &VpcId, route: &Route) -> Option<usize> {
    let tables = blueprint.route_tables.values();
    let lists = tables.filter(|table| table.vpc == *vpc).map(|table| {
        let routes = table.routes.iter();
        let said = routes.filter(|route| route.target != RouteTarget::Local);
        said.collect::<Vec<_>>()
    });
    let lists: Vec<_> = lists.collect();
    let whole = lists.iter().max_by_key(|list| list.len())?;
    let shown = lists.iter().all(|list| is_within(list, whole));
    let found = whole.iter().position(|known| *known == route);
    found.filter(|_| shown)
}

/// Whether a list is another one with items left out.
fn is_within<T: PartialEq>(part: &[T], whole: &[T]) -> bool {
    let mut rest = whole.iter();
    part.iter().all(|item| rest.any(|known| known == item))
}

/// The list of routes that a place is an item of, if an item of it is at fault by itself: it may
/// have been left out.
pub(crate) fn uncounted(at: &At, errors: &[&Diagnostic]) -> Option<SpecKey> {
    let (At::Value(key) | At::Key(key)) = at else {
        return None;
    };
    let [list @ .., Part::Index(_)] = key.parts() else {
        return None;
    };
    if list.last() != Some(&Part::Key("routes".to_owned())) {
        return None;
    }
    let left_out = errors.iter().any(|error| {
        let (At::Value(key) | At::Key(key)) = &error.primary.at else {
            return false;
        };
        key.parts().starts_with(list)
    });
    let list = list.iter().fold(SpecKey::root(), |key, part| match part {
        Part::Key(name) => key.key(name),
        Part::Index(index) => key.index(*index),
    });
    left_out.then_some(list)
}
