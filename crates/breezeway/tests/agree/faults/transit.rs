//! Faults at transit gateways.

use blueprint::Blueprint;
use blueprint::ids::{RouteTableId, TransitAttachmentId, TransitTableId};
use blueprint::network::RouteTarget;
use blueprint::transit::{TransitRoute, TransitTarget};
use fastrand::Rng;
use ipnet::Ipv4Net;

use super::{pick, position};

pub(super) fn dissociate(blueprint: &mut Blueprint, rng: &mut Rng) -> bool {
    pick(blueprint.transit_attachments.iter_mut(), rng)
        .and_then(|(_, attachment)| attachment.table.take())
        .is_some()
}

pub(super) fn stop_propagation(blueprint: &mut Blueprint, rng: &mut Rng) -> bool {
    let tables = blueprint.transit_tables.iter_mut();
    let learning = tables.filter(|(_, table)| !table.propagations.is_empty());
    let Some((_, table)) = pick(learning, rng) else {
        return false;
    };
    let ids: Vec<_> = table.propagations.iter().cloned().collect();
    position(&ids, rng).is_some_and(|at| table.propagations.remove(&ids[at]))
}

/// Leaves the attachment in another zone, so that it is the zone that decides.
pub(super) fn leave_zone(blueprint: &mut Blueprint, rng: &mut Rng) -> bool {
    let attachments = blueprint.transit_attachments.iter_mut();
    let standing = attachments.filter(|(_, attachment)| 1 < attachment.subnets.len());
    let Some((_, attachment)) = pick(standing, rng) else {
        return false;
    };
    let zones: Vec<_> = attachment.subnets.keys().cloned().collect();
    position(&zones, rng)
        .and_then(|at| attachment.subnets.remove(&zones[at]))
        .is_some()
}

/// The range of some VPC that a table leads to, all of it or the half that its first subnets lie
/// in.
fn led_to(blueprint: &mut Blueprint, rng: &mut Rng) -> Option<(TransitTableId, Ipv4Net)> {
    let (id, table) = pick(blueprint.transit_tables.iter_mut(), rng)?;
    let learnt: Vec<_> = table.propagations.iter().cloned().collect();
    let attachment = learnt.get(position(&learnt, rng)?)?;
    let vpc = &blueprint.transit_attachments.get(attachment)?.vpc;
    let range = blueprint.vpcs.get(vpc)?.cidrs.first().copied()?;
    let half = Ipv4Net::new(range.network(), range.prefix_len() + 1).ok()?;
    Some((id, if rng.bool() { range } else { half }))
}

fn add_route(blueprint: &mut Blueprint, rng: &mut Rng, target: TransitTarget) -> bool {
    let Some((table, destination)) = led_to(blueprint, rng) else {
        return false;
    };
    let table = blueprint.transit_tables.get_mut(&table);
    table.is_some_and(|table| {
        table.routes.push(TransitRoute {
            destination,
            target,
        });
        true
    })
}

pub(super) fn blackhole(blueprint: &mut Blueprint, rng: &mut Rng) -> bool {
    add_route(blueprint, rng, TransitTarget::Blackhole)
}

/// Leads a VPC's range to some attachment, as likely as not another one.
pub(super) fn lead_elsewhere(blueprint: &mut Blueprint, rng: &mut Rng) -> bool {
    let attachments: Vec<TransitAttachmentId> =
        blueprint.transit_attachments.keys().cloned().collect();
    position(&attachments, rng).is_some_and(|at| {
        let target = TransitTarget::Attachment(attachments[at].clone());
        add_route(blueprint, rng, target)
    })
}

/// Gives a VPC at a transit gateway the range of another one as well, as a secondary range.
pub(super) fn overlap_at_gateway(blueprint: &mut Blueprint, rng: &mut Rng) -> bool {
    let vpcs: Vec<_> = blueprint
        .transit_attachments
        .values()
        .map(|attachment| attachment.vpc.clone())
        .collect();
    let (Some(one), Some(other)) = (position(&vpcs, rng), position(&vpcs, rng)) else {
        return false;
    };
    if vpcs[one] == vpcs[other] {
        return false;
    }
    let ranges = blueprint.vpcs.get(&vpcs[other]);
    let Some(range) = ranges.and_then(|vpc| vpc.cidrs.first().copied()) else {
        return false;
    };
    blueprint.vpcs.get_mut(&vpcs[one]).is_some_and(|vpc| {
        !vpc.cidrs.contains(&range) && {
            vpc.cidrs.push(range);
            true
        }
    })
}

pub(super) fn cut_peering(blueprint: &mut Blueprint, rng: &mut Rng) -> bool {
    let Some((_, peering)) = pick(blueprint.transit_peerings.iter_mut(), rng) else {
        return false;
    };
    let sides: Vec<_> = peering.tables.keys().cloned().collect();
    position(&sides, rng)
        .and_then(|at| peering.tables.remove(&sides[at]))
        .is_some()
}

/// Leads what a gateway sends over its peering back, so that it goes in circles.
pub(super) fn circle(blueprint: &mut Blueprint, rng: &mut Rng) -> bool {
    let Some((id, peering)) = pick(blueprint.transit_peerings.iter_mut(), rng) else {
        return false;
    };
    let sides = [peering.requester.clone(), peering.accepter.clone()];
    let [from, to] = if rng.bool() {
        sides
    } else {
        let [requester, accepter] = sides;
        [accepter, requester]
    };
    let over = TransitTarget::Peering(id);
    let tables = blueprint.transit_tables.values();
    let led: Vec<_> = tables
        .filter(|table| table.gateway == from)
        .flat_map(|table| &table.routes)
        .filter(|route| route.target == over)
        .map(|route| route.destination)
        .collect();
    let mut circles = false;
    for table in blueprint.transit_tables.values_mut() {
        if table.gateway == to {
            circles |= !led.is_empty();
            let back = led.iter().map(|destination| TransitRoute {
                destination: *destination,
                target: over.clone(),
            });
            table.routes.extend(back);
        }
    }
    circles
}

/// Removes the routes of one table that lead to a transit gateway.
pub(super) fn forget_gateway(blueprint: &mut Blueprint, rng: &mut Rng) -> bool {
    let leads = |target: &RouteTarget| matches!(target, RouteTarget::TransitGateway(_));
    let tables = blueprint.route_tables.iter_mut();
    let leading = tables.filter(|(_, table)| table.routes.iter().any(|r| leads(&r.target)));
    let found: Option<(RouteTableId, _)> = pick(leading, rng);
    found.is_some_and(|(_, table)| {
        table.routes.retain(|route| !leads(&route.target));
        true
    })
}
