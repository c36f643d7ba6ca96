//! Peerings, and the routes beside the local ones.

use std::collections::BTreeMap;

use blueprint::diagnostic::{At, Diagnostic};
use blueprint::ids::{PeeringId, RouteTableId, VpcId};
use blueprint::network::{Peering, Route, RouteTarget};
use blueprint::spec;

use crate::draft::Draft;
use crate::intent::{Means, Vpc};
use crate::layout::MTU_BYTES;
use crate::naming;
use crate::settled::Settled;

/// The peerings of a VPC: the other side's, by name, and the id.
type Neighbours<'a, 's> = BTreeMap<&'s str, (&'a Vpc<'s>, PeeringId)>;

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
    let links = settled.asked.links.iter();
    for link in links.filter(|link| link.means == Means::Peering) {
        let (from, to) = (&link.from, &link.to.vpc);
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
            mtu: MTU_BYTES,
        };
        draft.origin(&id, &link.key);
        draft.blueprint.peerings.insert(id.clone(), peering);
        neighbours
            .entry(from.name)
            .or_default()
            .insert(to.name, (to, id.clone()));
        neighbours
            .entry(to.name)
            .or_default()
            .insert(from.name, (from, id));
    }
    neighbours
}

/// Routes to every range of every neighbour, in every table.
fn write_chosen(
    vpc: &Vpc<'_>,
    neighbours: &Neighbours<'_, '_>,
    settled: &Settled<'_>,
    draft: &mut Draft,
) {
    for (name, (other, id)) in neighbours {
        let ranges: Vec<_> = other.asked.cidrs.iter().map(ToString::to_string).collect();
        let value = format!("{} via {name}", ranges.join(", "));
        draft.fill(
            vpc.key.key("routes"),
            value,
            "a peering carries only what is routed to it",
        );
        for range in &other.asked.cidrs {
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
            Some((_, id)) => RouteTarget::Peering(id.clone()),
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
