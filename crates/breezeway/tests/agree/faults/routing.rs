//! Faults in routes and peerings.

use blueprint::Blueprint;
use blueprint::ids::{PeeringId, VpcId};
use blueprint::network::{Peering, Route, RouteTable, RouteTarget};
use fastrand::Rng;
use ipnet::Ipv4Net;

use super::{pick, position};

/// A table with a route to somewhere else than its own VPC.
fn leading_away<'b>(blueprint: &'b mut Blueprint, rng: &mut Rng) -> Option<&'b mut RouteTable> {
    let tables = blueprint.route_tables.iter_mut();
    let leading =
        tables.filter(|(_, table)| table.routes.iter().any(|r| r.target != RouteTarget::Local));
    pick(leading, rng).map(|(_, table)| table)
}

pub(super) fn remove_route(blueprint: &mut Blueprint, rng: &mut Rng) -> bool {
    let Some(table) = leading_away(blueprint, rng) else {
        return false;
    };
    let farther = table
        .routes
        .iter()
        .rposition(|r| r.target != RouteTarget::Local);
    farther.map(|at| table.routes.remove(at)).is_some()
}

/// Removes the routes over peerings from the tables of a cluster's VPC, which then cannot answer.
pub(super) fn forget_way_back(blueprint: &mut Blueprint, rng: &mut Rng) -> bool {
    let peered = |route: &Route| matches!(route.target, RouteTarget::Peering(_));
    let homes: Vec<VpcId> = blueprint
        .clusters
        .values()
        .map(|cluster| cluster.vpc.clone())
        .collect();
    let Some(home) = position(&homes, rng).map(|at| &homes[at]) else {
        return false;
    };
    let mut forgotten = false;
    for table in blueprint.route_tables.values_mut() {
        if table.vpc == *home {
            forgotten |= table.routes.iter().any(peered);
            table.routes.retain(|route| !peered(route));
        }
    }
    forgotten
}

pub(super) fn route_outside(blueprint: &mut Blueprint, rng: &mut Rng) -> bool {
    let Some(table) = leading_away(blueprint, rng) else {
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
pub(super) fn specific_route(blueprint: &mut Blueprint, rng: &mut Rng) -> bool {
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

pub(super) fn remove_peering(blueprint: &mut Blueprint, rng: &mut Rng) -> bool {
    let ids: Vec<_> = blueprint.peerings.keys().cloned().collect();
    position(&ids, rng)
        .and_then(|at| blueprint.peerings.remove(&ids[at]))
        .is_some()
}

/// A secondary range on both sides, with which AWS would not have granted the peering.
pub(super) fn common_range(blueprint: &mut Blueprint, rng: &mut Rng) -> bool {
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
pub(super) fn detour(blueprint: &mut Blueprint, rng: &mut Rng) -> bool {
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
