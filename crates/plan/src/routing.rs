//! Peerings, and the routes beside the local ones.

use std::collections::BTreeMap;

use blueprint::diagnostic::{At, Diagnostic};
use blueprint::ids::{PeeringId, RouteTableId, TransitGatewayId, VpcId};
use blueprint::key::SpecKey;
use blueprint::network::{Peering, Route, RouteTarget};
use blueprint::spec::{self, Carrier};
use ipnet::Ipv4Net;

use crate::draft::Draft;
use crate::intent::{Join, Link, Vpc};
use crate::peers::{Conflict, Peers};
use crate::settled::Settled;
use crate::transit::{self, Crossings};
use crate::{choice, keys, layout, naming};

/// The VPCs that a VPC is joined to, by name.
type Neighbours<'a, 's> = BTreeMap<&'s str, Neighbour<'a, 's>>;

/// The other side of a join.
struct Neighbour<'a, 's> {
    vpc: &'a Vpc<'s>,
    carrier: Carrier,
    target: RouteTarget,
    /// How many neighbours the VPC had before: where two hold one range, the first has the route.
    rank: usize,
}

/// Writes peerings, transit gateways and routes.
pub(crate) fn write(settled: &Settled<'_>, draft: &mut Draft) {
    let crossings = transit::write(settled, draft);
    let neighbours = join(settled, &crossings, draft);
    let none = Neighbours::new();
    for vpc in &settled.asked.vpcs {
        let neighbours = neighbours.get(vpc.name).unwrap_or(&none);
        match &vpc.asked.routes {
            Some(said) => write_said(vpc, said, neighbours, settled, draft),
            None => write_chosen(vpc, neighbours, settled, draft),
        }
    }
}

/// Joins the VPCs of every connection that needs it, each pair once.
fn join<'a, 's>(
    settled: &'a Settled<'s>,
    crossings: &Crossings<'s>,
    draft: &mut Draft,
) -> BTreeMap<&'s str, Neighbours<'a, 's>> {
    let mut neighbours: BTreeMap<&str, Neighbours> = BTreeMap::new();
    let mut peers = Peers::default();
    for join in settled.asked.links.iter().filter_map(Link::join) {
        let Join {
            link,
            from,
            to,
            carrier,
        } = join;
        let of = neighbours.get(from.name);
        if let Some(known) = of.and_then(|of| of.get(to.name)) {
            if known.carrier != carrier {
                draft.report(joined_twice(&join, known.carrier));
            }
            continue;
        }
        let crossing = crossings
            .get(&(from.name, to.name))
            .map(|crossing| (&crossing.near, &crossing.far, crossing.is_blocked))
            .or_else(|| {
                let crossing = crossings.get(&(to.name, from.name))?;
                Some((&crossing.far, &crossing.near, crossing.is_blocked))
            });
        let (targets, is_reported) = match (carrier, crossing) {
            (Carrier::Peering, _) => match peering(&join, draft) {
                Some(id) => ([&id, &id].map(|id| RouteTarget::Peering(id.clone())), false),
                None => continue,
            },
            (Carrier::TransitGateway, Some((near, far, is_blocked))) => {
                let target = |id: &TransitGatewayId| RouteTarget::TransitGateway(id.clone());
                ([target(near), target(far)], is_blocked)
            }
            (Carrier::TransitGateway, None) => continue,
        };
        let ends = [(from.name, from.asked), (to.name, to.asked)];
        if let Some(conflict) = peers.conflict(ends[0], ends[1])
            && !is_reported
        {
            draft.report(conflicting(&link.key, &conflict));
        }
        peers.join(ends[0], ends[1], carrier);
        for ((here, vpc), target) in [(from, to), (to, from)].into_iter().zip(targets) {
            let of = neighbours.entry(here.name).or_default();
            let neighbour = Neighbour {
                vpc,
                carrier,
                target,
                rank: of.len(),
            };
            of.insert(vpc.name, neighbour);
        }
    }
    neighbours
}

/// Writes the peering of two VPCs, asked for by the client's side of the first connection.
fn peering(join: &Join<'_, '_>, draft: &mut Draft) -> Option<PeeringId> {
    let Join { link, from, to, .. } = join;
    let id = naming::peering(from.name, to.name);
    if draft.blueprint.peerings.contains_key(&id) {
        let title = format!("two peerings would be called `{id}`");
        let fault = Diagnostic::error("ambiguous-name", title, At::Value(link.key.clone()))
            .label("this one is left out")
            .help("give one of the VPCs another name");
        draft.report(fault);
        return None;
    }
    let peering = Peering {
        requester: VpcId::from(from.name),
        accepter: VpcId::from(to.name),
        mtu: layout::peering_mtu_bytes(from, to),
    };
    draft.origin(&id, &link.key);
    draft.blueprint.peerings.insert(id.clone(), peering);
    Some(id)
}

fn joined_twice(join: &Join<'_, '_>, known: Carrier) -> Diagnostic {
    let (from, to) = (join.from.name, join.to.name);
    let title = format!("`{from}` and `{to}` are joined in two ways");
    let key = if join.link.means.is_routed() {
        "via"
    } else {
        "carrier"
    };
    let at = At::Value(join.link.key.key(key));
    Diagnostic::error("contradicting-settings", title, at)
        .label(format!("the routes lead by {known} already"))
        .note("a route table has one route for a range")
        .help(format!("say `{known}` here as well"))
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
        .related(place(first), "joined before it, and has the route")
        .related(place(next), "shares addresses with it, and gets none")
        .note("a route table has one route for a range")
        .help("say `via: privatelink`, which needs no routes")
}

/// Routes to every range of every neighbour, the first one's first, in every table.
fn write_chosen(
    vpc: &Vpc<'_>,
    neighbours: &Neighbours<'_, '_>,
    settled: &Settled<'_>,
    draft: &mut Draft,
) {
    let mut in_order: Vec<_> = neighbours.iter().collect();
    in_order.sort_by_key(|(_, neighbour)| neighbour.rank);
    for (name, neighbour) in in_order {
        let routed = routed(neighbour, neighbours);
        if routed.is_empty() {
            continue;
        }
        let ranges: Vec<_> = routed.iter().map(ToString::to_string).collect();
        let value = format!("{} via {name}", ranges.join(", "));
        draft.fill(
            vpc.key.key("routes"),
            value,
            "packets go where routes lead, and nowhere by themselves",
        );
        for range in routed {
            let route = Route {
                destination: range.trunc(),
                target: neighbour.target.clone(),
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
        let hub = TransitGatewayId::from(route.via.as_str());
        let target = match neighbours.get(route.via.as_str()) {
            Some(neighbour) => neighbour.target.clone(),
            None if is_vpc => {
                draft.report(unpeered(vpc, index, &route.via));
                continue;
            }
            None if draft.blueprint.transit_gateways.contains_key(&hub) => {
                let attachment = naming::transit_attachment(vpc.name, &hub);
                if !draft
                    .blueprint
                    .transit_attachments
                    .contains_key(&attachment)
                {
                    draft.report(unattached(vpc, index, &route.via));
                    continue;
                }
                RouteTarget::TransitGateway(hub)
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

fn unattached(vpc: &Vpc<'_>, index: usize, via: &str) -> Diagnostic {
    let title = format!("`{}` routes to `{via}` without an attachment", vpc.name);
    let key = vpc.key.key("routes").index(index).key("via");
    Diagnostic::error("unpeered-route", title, At::Value(key))
        .label("this route is left out")
        .help(format!(
            "connect `{}` by `via: transit-gateway, transit_gateway: {via}`, or name it in a table of `{via}`",
            vpc.name
        ))
}

fn push(table: &str, route: Route, draft: &mut Draft) {
    let table = RouteTableId::from(table);
    if let Some(table) = draft.blueprint.route_tables.get_mut(&table) {
        table.routes.push(route);
    }
}
