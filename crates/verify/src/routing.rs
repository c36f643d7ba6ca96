//! Rules 2c and 2f, routing: where a subnet's route table leads a packet, and whether the
//! answer finds its way back.

use std::net::Ipv4Addr;

use blueprint::ids::{PeeringId, VpcId};
use blueprint::network::{Peering, Route, RouteTable, RouteTarget};
use blueprint::verdict::Direction;
use ipnet::Ipv4Net;

use crate::journey::{Astray, End, NoRoute, Step};
use crate::network::{Interface, Network};

/// One stretch of a path: a connection from one interface to another.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Leg<'a> {
    pub(crate) from: Interface<'a>,
    pub(crate) to: Interface<'a>,
}

/// Routes a packet from an interface to the interface that holds an address.
pub(crate) fn forward<'a>(
    network: &Network<'a>,
    from: Interface<'a>,
    to: Ipv4Addr,
) -> Result<(Step<'a>, Interface<'a>), End<'a>> {
    match lead(network, from, to) {
        Ok((route, holder)) => Ok((Step::Routed { route, to: holder }, holder)),
        Err(Stop::Outside { route, gateway }) => Err(End::LeavesBlueprint {
            from,
            to,
            route,
            gateway,
        }),
        Err(Stop::Nowhere { at, why }) => Err(End::NoRoute(Astray {
            from,
            to,
            direction: Direction::Forward,
            at,
            why,
        })),
    }
}

/// Routes the answer back over a leg; it must end at the very interface that asked. Within a
/// VPC it always does.
pub(crate) fn back<'a>(network: &Network<'a>, leg: Leg<'a>) -> Result<Option<Step<'a>>, End<'a>> {
    if leg.from.vpc() == leg.to.vpc() {
        return Ok(None);
    }
    let to = leg.from.address();
    let (at, why) = match lead(network, leg.to, to) {
        Ok((route, holder)) if holder.id == leg.from.id => {
            return Ok(Some(Step::RoutedBack { route, to: holder }));
        }
        Ok((_, other)) => (other.vpc(), NoRoute::Another(other)),
        Err(Stop::Outside { gateway, .. }) => (leg.to.vpc(), NoRoute::Outside(gateway)),
        Err(Stop::Nowhere { at, why }) => (at, why),
    };
    Err(End::NoRoute(Astray {
        from: leg.to,
        to,
        direction: Direction::Return,
        at,
        why,
    }))
}

/// Why a route table does not lead to an interface.
enum Stop<'a> {
    Outside { route: &'a Route, gateway: &'a str },
    Nowhere { at: &'a VpcId, why: NoRoute<'a> },
}

/// Follows the sender's route table to the holder of an address, one VPC away at most.
fn lead<'a>(
    network: &Network<'a>,
    from: Interface<'a>,
    to: Ipv4Addr,
) -> Result<(&'a Route, Interface<'a>), Stop<'a>> {
    let here = from.vpc();
    let table = network.blueprint.route_tables.get(&from.subnet.route_table);
    let Some(route) = table.and_then(|table| longest_prefix(table, to)) else {
        let why = NoRoute::NoEntry;
        return Err(Stop::Nowhere { at: here, why });
    };
    let there = match &route.target {
        RouteTarget::Local => here,
        RouteTarget::Peering(id) => {
            beyond(network, id, here).map_err(|why| Stop::Nowhere { at: here, why })?
        }
        RouteTarget::Outside(gateway) => return Err(Stop::Outside { route, gateway }),
        RouteTarget::TransitGateway(_) => {
            let why = NoRoute::Unheld(route);
            return Err(Stop::Nowhere { at: here, why });
        }
    };
    let holder = network.holder(there, to);
    holder.map(|holder| (route, holder)).ok_or(Stop::Nowhere {
        at: there,
        why: NoRoute::Unheld(route),
    })
}

/// The route of the narrowest range that contains the address; of equal ones the first.
fn longest_prefix(table: &RouteTable, to: Ipv4Addr) -> Option<&Route> {
    let matching = table
        .routes
        .iter()
        .filter(|route| route.destination.contains(&to));
    matching.reduce(|best, route| {
        if best.destination.prefix_len() < route.destination.prefix_len() {
            route
        } else {
            best
        }
    })
}

/// The VPC on the other side of a peering.
fn beyond<'a>(
    network: &Network<'a>,
    id: &'a PeeringId,
    here: &VpcId,
) -> Result<&'a VpcId, NoRoute<'a>> {
    let Some(peering) = network.blueprint.peerings.get(id) else {
        return Err(NoRoute::NotASide(id));
    };
    let there = match here {
        vpc if *vpc == peering.requester => &peering.accepter,
        vpc if *vpc == peering.accepter => &peering.requester,
        _ => return Err(NoRoute::NotASide(id)),
    };
    if overlaps(network, peering).is_empty() {
        Ok(there)
    } else {
        Err(NoRoute::Overlapping(id))
    }
}

/// Every pair of ranges, the requester's first, that keeps a peering from existing.
pub(crate) fn overlaps(network: &Network<'_>, peering: &Peering) -> Vec<(Ipv4Net, Ipv4Net)> {
    let ranges = |vpc: &VpcId| {
        network
            .blueprint
            .vpcs
            .get(vpc)
            .map_or(&[][..], |vpc| &vpc.cidrs)
    };
    let mut pairs = Vec::new();
    for one in ranges(&peering.requester) {
        for other in ranges(&peering.accepter) {
            if overlap(one, other) {
                pairs.push((*one, *other));
            }
        }
    }
    pairs
}

/// Two ranges overlap if and only if one contains the other's first address.
fn overlap(one: &Ipv4Net, other: &Ipv4Net) -> bool {
    one.contains(&other.network()) || other.contains(&one.network())
}
