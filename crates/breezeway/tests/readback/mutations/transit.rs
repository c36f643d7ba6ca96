//! Transit gateways: attachments, their tables, peerings.

use blueprint::Blueprint;
use blueprint::ids::{TransitAttachmentId, TransitTableId};
use blueprint::transit::{TransitRoute, TransitTarget};
use render::object::Object;

use super::{Case, Change, Row, of_each, row, unseen};

pub(super) const ROWS: &[Row] = &[
    row("attachment without a table", dissociate),
    row("propagation removed", stop_propagation),
    row("attachment propagated to no table", propagate_nowhere),
    row("attachment removed", remove_attachment),
    row("attachment's zone removed", leave_zone),
    row("static route removed", remove_route),
    row("static route into a black hole", blackhole),
    row("static route to another range", route_elsewhere),
    row("peering of gateways without a table", dissociate_peering),
    row("peering of gateways removed", remove_peering),
    unseen("gateway shared with one account less", unshare, shares),
];

const NOWHERE: &str = "10.99.0.0/16";

fn attachments(case: &Case) -> Vec<TransitAttachmentId> {
    let all = case.blueprint.transit_attachments.keys().cloned();
    all.filter(|id| case.text.has(&Object::TransitAttachment(id.clone())))
        .collect()
}

fn dissociate(case: &Case) -> Vec<Change> {
    of_each(attachments(case), |id| {
        let object = Object::TransitAssociation(id.clone());
        case.text.has(&object).then_some(())?;
        Some(Change::new(
            id.clone(),
            move |blueprint| {
                let attachment = blueprint.transit_attachments.get_mut(&id);
                attachment.expect("it").table = None;
            },
            move |text| text.remove(&object),
        ))
    })
}

fn stop_propagation(case: &Case) -> Vec<Change> {
    let tables = case.blueprint.transit_tables.iter();
    let all = tables.flat_map(|(id, table)| {
        let learned = table.propagations.iter();
        learned.map(move |attachment| (id.clone(), attachment.clone()))
    });
    of_each(all, |(table, id)| {
        let object = Object::TransitPropagation(table.clone(), id.clone());
        case.text.has(&object).then_some(())?;
        Some(Change::new(
            format!("{table} from {id}"),
            move |blueprint| {
                let table = blueprint.transit_tables.get_mut(&table).expect("it");
                table.propagations.remove(&id);
            },
            move |text| text.remove(&object),
        ))
    })
}

fn propagate_nowhere(case: &Case) -> Vec<Change> {
    of_each(attachments(case), |id| {
        let tables = case.blueprint.transit_tables.iter();
        let learning = tables.filter(|(_, table)| table.propagations.contains(&id));
        let of = |table: &TransitTableId| Object::TransitPropagation(table.clone(), id.clone());
        let objects: Vec<_> = learning.map(|(table, _)| of(table)).collect();
        (!objects.is_empty()).then_some(())?;
        Some(Change::new(
            id.clone(),
            move |blueprint| {
                for table in blueprint.transit_tables.values_mut() {
                    table.propagations.remove(&id);
                }
            },
            move |text| objects.iter().try_for_each(|object| text.remove(object)),
        ))
    })
}

fn remove_attachment(case: &Case) -> Vec<Change> {
    of_each(attachments(case), |id| {
        let object = Object::TransitAttachment(id.clone());
        Some(Change::new(
            id.clone(),
            move |blueprint| {
                blueprint.transit_attachments.remove(&id);
                let gone = TransitTarget::Attachment(id.clone());
                for table in blueprint.transit_tables.values_mut() {
                    table.propagations.remove(&id);
                    table.routes.retain(|route| route.target != gone);
                }
            },
            move |text| text.remove(&object),
        ))
    })
}

fn leave_zone(case: &Case) -> Vec<Change> {
    let zones = attachments(case).into_iter().flat_map(|id| {
        let attachment = case.blueprint.transit_attachments.get(&id);
        let subnets = attachment
            .into_iter()
            .flat_map(|attachment| &attachment.subnets);
        let subnets = subnets.enumerate();
        subnets.map(move |(at, (zone, _))| (id.clone(), at, zone.clone()))
    });
    of_each(zones, |(id, at, zone)| {
        let object = Object::TransitAttachment(id.clone());
        (1 < case.text.len(&object, "SubnetIds")).then_some(())?;
        Some(Change::new(
            format!("{id} in {zone}"),
            move |blueprint| {
                let attachment = blueprint.transit_attachments.get_mut(&id).expect("it");
                attachment.subnets.remove(&zone);
            },
            move |text| text.cut(&object, &format!("SubnetIds/{at}")),
        ))
    })
}

fn routes(case: &Case) -> Vec<(TransitTableId, TransitRoute, Object)> {
    let tables = case.blueprint.transit_tables.iter();
    let all = tables.flat_map(|(id, table)| {
        let routes = table.routes.iter();
        routes.map(move |route| {
            let object = Object::TransitRoute(id.clone(), route.destination);
            (id.clone(), route.clone(), object)
        })
    });
    all.filter(|(_, _, object)| case.text.has(object)).collect()
}

fn routes_of<'b>(blueprint: &'b mut Blueprint, id: &TransitTableId) -> &'b mut Vec<TransitRoute> {
    &mut blueprint.transit_tables.get_mut(id).expect("it").routes
}

fn remove_route(case: &Case) -> Vec<Change> {
    of_each(routes(case), |(id, route, object)| {
        Some(Change::new(
            format!("{id} to {}", route.destination),
            move |blueprint| routes_of(blueprint, &id).retain(|other| *other != route),
            move |text| text.remove(&object),
        ))
    })
}

fn blackhole(case: &Case) -> Vec<Change> {
    of_each(routes(case), |(id, route, object)| {
        (route.target != TransitTarget::Blackhole).then_some(())?;
        Some(Change::new(
            format!("{id} to {}", route.destination),
            move |blueprint| {
                let mut routes = routes_of(blueprint, &id).iter_mut();
                let found = routes.find(|other| **other == route);
                found.expect("it").target = TransitTarget::Blackhole;
            },
            move |text| {
                text.cut(&object, "TransitGatewayAttachmentId")?;
                text.add(&object, "Blackhole: true")
            },
        ))
    })
}

fn route_elsewhere(case: &Case) -> Vec<Change> {
    of_each(routes(case), |(id, route, object)| {
        Some(Change::new(
            format!("{id} to {}", route.destination),
            move |blueprint| {
                let mut routes = routes_of(blueprint, &id).iter_mut();
                let found = routes.find(|other| **other == route).expect("it");
                found.destination = NOWHERE.parse().expect("a range");
            },
            move |text| text.set(&object, "DestinationCidrBlock", NOWHERE),
        ))
    })
}

fn dissociate_peering(case: &Case) -> Vec<Change> {
    let peerings = case.blueprint.transit_peerings.iter();
    let sides = peerings.flat_map(|(id, peering)| {
        let sides = peering.tables.keys();
        sides.map(move |gateway| (id.clone(), gateway.clone()))
    });
    of_each(sides, |(id, gateway)| {
        let object = Object::TransitPeeringAssociation(id.clone(), gateway.clone());
        case.text.has(&object).then_some(())?;
        Some(Change::new(
            format!("{id} at {gateway}"),
            move |blueprint| {
                let peering = blueprint.transit_peerings.get_mut(&id).expect("it");
                peering.tables.remove(&gateway);
            },
            move |text| text.remove(&object),
        ))
    })
}

fn remove_peering(case: &Case) -> Vec<Change> {
    of_each(case.blueprint.transit_peerings.keys().cloned(), |id| {
        let object = Object::TransitPeering(id.clone());
        case.text.has(&object).then_some(())?;
        Some(Change::new(
            id.clone(),
            move |blueprint| {
                blueprint.transit_peerings.remove(&id);
                let gone = TransitTarget::Peering(id.clone());
                for table in blueprint.transit_tables.values_mut() {
                    table.routes.retain(|route| route.target != gone);
                }
            },
            move |text| text.remove(&object),
        ))
    })
}

fn unshare(case: &Case) -> Vec<Change> {
    let gateways = case.blueprint.transit_gateways.iter();
    let shares = gateways.flat_map(|(id, gateway)| {
        let accounts = gateway.shared_with.iter().enumerate();
        accounts.map(move |(at, account)| (id.clone(), at, account.clone()))
    });
    of_each(shares, |(id, at, account)| {
        let object = Object::TransitShare(id.clone());
        let n_accounts = case.text.len(&object, "Principals");
        Some(Change::new(
            format!("{id} with {account}"),
            move |blueprint| {
                let gateway = blueprint.transit_gateways.get_mut(&id).expect("it");
                gateway.shared_with.remove(&account);
            },
            move |text| match n_accounts {
                1 => text.remove(&object),
                _ => text.cut(&object, &format!("Principals/{at}")),
            },
        ))
    })
}

fn shares(blueprint: &Blueprint) -> Vec<String> {
    let gateways = blueprint.transit_gateways.values();
    let told = gateways.map(|g| format!("{}/{} {:?}", g.account, g.region, g.shared_with));
    let mut told: Vec<_> = told.collect();
    told.sort();
    told
}
