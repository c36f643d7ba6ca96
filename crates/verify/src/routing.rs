//! Rules 2c and 2f, routing: where a subnet's route table leads a packet, and whether the
//! answer finds its way back.

use std::net::Ipv4Addr;

use blueprint::Blueprint;
use blueprint::ids::{PeeringId, TransitGatewayId, VpcId};
use blueprint::network::{Route, RouteTarget};
use blueprint::verdict::Direction;
use ipnet::IpNet;

use crate::journey::{Astray, End, NoRoute, Router, Step};
use crate::network::{Interface, Network};
use crate::transit::{self, Handed};

/// One stretch of a path: a connection from one interface to another.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Leg<'a> {
    pub(crate) from: Interface<'a>,
    pub(crate) to: Interface<'a>,
    /// The address that the receiver sees in place of the sender's, if a balancer preserves it.
    pub(crate) preserved: Option<Ipv4Addr>,
}

impl Leg<'_> {
    /// The address that the receiver sees.
    pub(crate) fn source(&self) -> Ipv4Addr {
        self.preserved.unwrap_or(self.from.address())
    }

    /// Whether its ends lie in different subnets.
    pub(crate) fn crosses_subnets(&self) -> bool {
        self.from.eni.subnet != self.to.eni.subnet
    }
}

/// What routing did with a packet: the transit gateways it passed, and how it ended.
pub(crate) struct Routed<'a, T> {
    pub(crate) passed: Vec<Step<'a>>,
    pub(crate) end: Result<T, End<'a>>,
}

/// Routes a packet from an interface to the interface that holds an address.
pub(crate) fn forward<'a>(
    network: &Network<'a>,
    from: Interface<'a>,
    to: Ipv4Addr,
) -> Routed<'a, (Step<'a>, Interface<'a>)> {
    let direction = Direction::Forward;
    let mut passed = Vec::new();
    let led = lead(network, from, to, direction, &mut passed);
    let end = led
        .map(|(route, holder)| (Step::Routed { route, to: holder }, holder))
        .map_err(|stop| match stop {
            Stop::Outside { route, gateway } => End::LeavesBlueprint {
                from,
                to,
                route,
                gateway,
            },
            Stop::Nowhere { at, why } => astray(from, to, direction, at, why),
            Stop::Circling { at } => End::TransitLoop { at, direction },
        });
    Routed { passed, end }
}

/// Routes the answer back over a leg; it must end at the very interface that asked. Within a
/// VPC it always does, and a balancer that preserves addresses knows whose answer it is.
pub(crate) fn back<'a>(network: &Network<'a>, leg: Leg<'a>) -> Routed<'a, Option<Step<'a>>> {
    let mut passed = Vec::new();
    if leg.from.vpc() == leg.to.vpc() || leg.preserved.is_some() {
        let end = Ok(None);
        return Routed { passed, end };
    }
    let to = leg.from.address();
    let direction = Direction::Return;
    let led = lead(network, leg.to, to, direction, &mut passed);
    let lost = |at, why| Err(astray(leg.to, to, direction, Router::Vpc(at), why));
    let end = match led {
        Ok((route, holder)) if holder.id == leg.from.id => {
            Ok(Some(Step::RoutedBack { route, to: holder }))
        }
        Ok((_, other)) => lost(other.vpc(), NoRoute::Another(other)),
        Err(Stop::Outside { gateway, .. }) => lost(leg.to.vpc(), NoRoute::Outside(gateway)),
        Err(Stop::Nowhere { at, why }) => Err(astray(leg.to, to, direction, at, why)),
        Err(Stop::Circling { at }) => Err(End::TransitLoop { at, direction }),
    };
    Routed { passed, end }
}

fn astray<'a>(
    from: Interface<'a>,
    to: Ipv4Addr,
    direction: Direction,
    at: Router<'a>,
    why: NoRoute<'a>,
) -> End<'a> {
    End::NoRoute(Astray {
        from,
        to,
        direction,
        at,
        why,
    })
}

/// Why routing does not lead to an interface.
pub(crate) enum Stop<'a> {
    /// A route leads out of the blueprint.
    Outside { route: &'a Route, gateway: &'a str },
    /// Routing leads nowhere.
    Nowhere { at: Router<'a>, why: NoRoute<'a> },
    /// Transit gateways hand the packet to each other without end.
    Circling { at: &'a TransitGatewayId },
}

/// Follows the sender's route table to the holder of an address: one peering away at most, or
/// beyond transit gateways.
fn lead<'a>(
    network: &Network<'a>,
    from: Interface<'a>,
    to: Ipv4Addr,
    direction: Direction,
    passed: &mut Vec<Step<'a>>,
) -> Result<(&'a Route, Interface<'a>), Stop<'a>> {
    let here = from.vpc();
    let stop = |at, why| Stop::Nowhere {
        at: Router::Vpc(at),
        why,
    };
    let route = network.route(from, to);
    let route = route.ok_or(stop(here, NoRoute::NoEntry))?;
    let there = match &route.target {
        RouteTarget::Local => here,
        RouteTarget::Peering(id) => beyond(network, id, here).map_err(|why| stop(here, why))?,
        RouteTarget::TransitGateway(gateway) => {
            let packet = Handed {
                from,
                route,
                gateway,
                to,
                direction,
            };
            transit::cross(network, packet, passed)?
        }
        RouteTarget::Outside(gateway) => return Err(Stop::Outside { route, gateway }),
    };
    let holder = network.holder(there, to);
    let holder = holder.ok_or(stop(there, NoRoute::Unheld(route)))?;
    Ok((route, holder))
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
    if network.exists(id) {
        Ok(there)
    } else {
        Err(NoRoute::Overlapping(id))
    }
}

/// Every pair of ranges, the requester's first, that keeps a peering from existing.
pub(crate) fn overlaps(
    blueprint: &Blueprint,
    requester: &VpcId,
    accepter: &VpcId,
) -> Vec<(IpNet, IpNet)> {
    let ours = ranges(blueprint, requester);
    let theirs = ranges(blueprint, accepter);
    let mut pairs = Vec::new();
    for one in &ours {
        for other in &theirs {
            if overlap(one, other) {
                pairs.push((*one, *other));
            }
        }
    }
    pairs
}

/// A VPC's ranges, those of IPv6 last: nothing is carried by them, but they must not overlap.
fn ranges(blueprint: &Blueprint, vpc: &VpcId) -> Vec<IpNet> {
    let Some(vpc) = blueprint.vpcs.get(vpc) else {
        return Vec::new();
    };
    let v4 = vpc.cidrs.iter().map(|range| IpNet::V4(*range));
    let v6 = vpc.ipv6_cidrs.iter().map(|range| IpNet::V6(*range));
    v4.chain(v6).collect()
}

/// Two ranges overlap if and only if one contains the other's first address.
fn overlap(one: &IpNet, other: &IpNet) -> bool {
    one.contains(&other.network()) || other.contains(&one.network())
}
