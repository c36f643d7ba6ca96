//! Peerings, and the routes beside the local ones.

use std::collections::BTreeMap;

use blueprint::diagnostic::{At, Diagnostic};
use blueprint::ids::{PeeringId, RouteTableId, VpcId};
use blueprint::key::SpecKey;
use blueprint::network::{Peering, Route, RouteTarget};
use blueprint::spec::{self, Carrier};
use ipnet::Ipv4Net;

use crate::draft::Draft;
use crate::intent::{Join, Link, Vpc};
use crate::peers::{Conflict, Peers};
use crate::settled::Settled;
use crate::{choice, keys, layout, naming};

/// The peerings of a VPC by the other side's name.
type Neighbours<'a, 's> = BTreeMap<&'s str, Neighbour<'a, 's>>;

/// The other side of a peering.
struct Neighbour<'a, 's> {
    vpc: &'a Vpc<'s>,
    id: PeeringId,
    /// How many neighbours the VPC had before: where two hold one range, the first has the route.
    rank: usize,
}

/// Writes peerings and routes.
pub(crate) fn write(settled: &Settled<'_>, draft: &mut Draft) {
    let neighbours = write_peerings(settled, draft);
    let none = Neighbours::new();
    for vpc in &settled.asked.vpcs {
        let neighbours = neighbours.get(vpc.name).unwrap_or(&none);
        match &vpc.asked.routes {
            Some(said) => write_said(vpc, said, neighbours, settled, draft),
            None => write_chosen(vpc, neighbours, settled, draft),
        }
    }
}

/// One peering for each pair of VPCs, asked for by the client's side of the first connection.
fn write_peerings<'a, 's>(
    settled: &'a Settled<'s>,
    draft: &mut Draft,
) -> BTreeMap<&'s str, Neighbours<'a, 's>> {
    let mut neighbours: BTreeMap<&str, Neighbours> = BTreeMap::new();
    let mut peers = Peers::default();
    let joins = settled.asked.links.iter().filter_map(Link::join);
    for join in joins.filter(|join| join.carrier == Carrier::Peering) {
        let Join { link, from, to, .. } = join;
        let known = neighbours
            .get(from.name)
            .is_some_and(|of| of.contains_key(to.name));
        if known {
            continue;
        }
        let id = naming::peering(from.name, to.name);
        if draft.blueprint.peerings.contains_key(&id) {
            let title = format!("two peerings would be called `{id}`");
            let fault = Diagnostic::error("ambiguous-name", title, At::Value(link.key.clone()))
                .label("this one is left out")
                .help("give one of the VPCs another name");
            draft.report(fault);
            continue;
        }
        let peering = Peering {
            requester: VpcId::from(from.name),
            accepter: VpcId::from(to.name),
            mtu: layout::peering_mtu_bytes(from, to),
        };
        draft.origin(&id, &link.key);
        draft.blueprint.peerings.insert(id.clone(), peering);
        let ends = [(from.name, from.asked), (to.name, to.asked)];
        if let Some(conflict) = peers.conflict(ends[0], ends[1]) {
            draft.report(conflicting(&link.key, &conflict));
        }
        peers.join(ends[0], ends[1]);
        for (here, vpc) in [(from, to), (to, from)] {
            let of = neighbours.entry(here.name).or_default();
            let id = id.clone();
            let rank = of.len();
            of.insert(vpc.name, Neighbour { vpc, id, rank });
        }
    }
    neighbours
}

fn conflicting(link: &SpecKey, conflict: &Conflict<'_>) -> Diagnostic {
    let Conflict {
        hub, first, next, ..
    } = conflict;
    let title = format!("`{hub}` cannot route to `{first}` and to `{next}`");
    let at = At::Value(link.key("via"));
    let place = |vpc: &str| At::Key(keys::vpc(vpc));
    Diagnostic::error("conflicting-routes", title, at)
        .label(conflict.to_string())
        .related(place(first), "peered before it, and has the route")
        .related(place(next), "shares addresses with it, and gets none")
        .note("a route table has one route for a range")
        .help("say `via: privatelink`, which needs no routes")
}

/// Routes to every range of every neighbour, in every table.
fn write_chosen(
    vpc: &Vpc<'_>,
    neighbours: &Neighbours<'_, '_>,
    settled: &Settled<'_>,
    draft: &mut Draft,
) {
    for (name, neighbour) in neighbours {
        let id = &neighbour.id;
        let routed = routed(neighbour, neighbours);
        if routed.is_empty() {
            continue;
        }
        let ranges: Vec<_> = routed.iter().map(ToString::to_string).collect();
        let value = format!("{} via {name}", ranges.join(", "));
        draft.fill(
            vpc.key.key("routes"),
            value,
            "a peering carries only what is routed to it",
        );
        for range in routed {
            let route = Route {
                destination: range.trunc(),
                target: RouteTarget::Peering(id.clone()),
            };
            for plot in settled.plots.of(vpc.name) {
                push(&plot.id.0, route.clone(), draft);
            }
        }
    }
}

/// The ranges of a neighbour that no earlier one shares.
fn routed(neighbour: &Neighbour<'_, '_>, neighbours: &Neighbours<'_, '_>) -> Vec<Ipv4Net> {
    let ranges = neighbour.vpc.asked.cidrs.iter().copied();
    let is_free = |range: &Ipv4Net| {
        let mut earlier = neighbours.values().filter(|n| n.rank < neighbour.rank);
        earlier.all(|n| choice::overlapping(&n.vpc.asked.cidrs, &[*range]).is_none())
    };
    ranges.filter(is_free).collect()
}

/// The routes that were said, and no others.
fn write_said(
    vpc: &Vpc<'_>,
    said: &[spec::Route],
    neighbours: &Neighbours<'_, '_>,
    settled: &Settled<'_>,
    draft: &mut Draft,
) {
    for (index, route) in said.iter().enumerate() {
        let is_vpc = settled
            .asked
            .vpcs
            .iter()
            .any(|known| known.name == route.via);
        let target = match neighbours.get(route.via.as_str()) {
            Some(neighbour) => RouteTarget::Peering(neighbour.id.clone()),
            None if is_vpc => {
                draft.report(unpeered(vpc, index, &route.via));
                continue;
            }
            None => RouteTarget::Outside(route.via.clone()),
        };
        let settled_route = Route {
            destination: route.to.trunc(),
            target,
        };
        for plot in settled.plots.of(vpc.name) {
            if route.zones.is_empty() || route.zones.contains(&plot.zone) {
                push(&plot.id.0, settled_route.clone(), draft);
            }
        }
    }
}

fn unpeered(vpc: &Vpc<'_>, index: usize, via: &str) -> Diagnostic {
    let title = format!("`{}` routes to `{via}` without a peering", vpc.name);
    let key = vpc.key.key("routes").index(index).key("via");
    let help = if via == vpc.name {
        "remove this route: a VPC's own ranges are routed by themselves".to_owned()
    } else {
        format!("connect the two by `via: peering`, or remove the route to `{via}`")
    };
    Diagnostic::error("unpeered-route", title, At::Value(key))
        .label("this route is left out")
        .help(help)
}

fn push(table: &str, route: Route, draft: &mut Draft) {
    let table = RouteTableId::from(table);
    if let Some(table) = draft.blueprint.route_tables.get_mut(&table) {
        table.routes.push(route);
    }
}
