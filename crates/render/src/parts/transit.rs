//! Transit gateways: their tables and shares, attachments of VPCs, peerings.

use blueprint::ids::TransitGatewayId;
use blueprint::stage::Stage;
use blueprint::transit::TransitTarget;

use super::Parts;
use crate::object::Object;
use crate::part::Place;

pub(super) fn write(parts: &mut Parts<'_>) {
    write_gateways(parts);
    write_attachments(parts);
    write_peerings(parts);
    write_tables(parts);
}

fn place(gateway: &TransitGatewayId, stage: Stage, parts: &Parts<'_>) -> Option<Place> {
    let of = parts.blueprint.transit_gateways.get(gateway)?;
    Some(Place {
        account: of.account.clone(),
        region: of.region.clone(),
        stage,
        subject: gateway.as_str().to_owned(),
    })
}

fn write_gateways(parts: &mut Parts<'_>) {
    let blueprint = parts.blueprint;
    for (id, gateway) in &blueprint.transit_gateways {
        let Some(place) = place(id, Stage::Network, parts) else {
            continue;
        };
        let because = format!("transit gateway `{id}`");
        parts.add(Object::TransitGateway(id.clone()), place.clone(), because);
        if !gateway.shared_with.is_empty() {
            let because = format!("lets other accounts attach VPCs to `{id}`");
            parts.add(Object::TransitShare(id.clone()), place.clone(), because);
        }
        let tables = blueprint.transit_tables.iter();
        for (table, _) in tables.filter(|(_, table)| table.gateway == *id) {
            let because = format!("route table `{table}` of `{id}`");
            parts.add(Object::TransitTable(table.clone()), place.clone(), because);
        }
    }
}

fn write_attachments(parts: &mut Parts<'_>) {
    let blueprint = parts.blueprint;
    for (id, attachment) in &blueprint.transit_attachments {
        let vpc = &attachment.vpc;
        if let Some(place) = parts.in_vpc(vpc, Stage::Front, vpc.as_str()) {
            let because = format!("attaches `{vpc}` to `{}`", attachment.gateway);
            parts.add(Object::TransitAttachment(id.clone()), place, because);
        }
        let Some(table) = &attachment.table else {
            continue;
        };
        if let Some(place) = place(&attachment.gateway, Stage::Routes, parts) {
            let because = format!("what comes from `{vpc}` is routed by `{table}`");
            parts.add(Object::TransitAssociation(id.clone()), place, because);
        }
    }
}

fn write_peerings(parts: &mut Parts<'_>) {
    let blueprint = parts.blueprint;
    for (id, peering) in &blueprint.transit_peerings {
        if let Some(place) = place(&peering.requester, Stage::Front, parts) {
            let because = format!("joins `{}` and `{}`", peering.requester, peering.accepter);
            parts.add(Object::TransitPeering(id.clone()), place, because);
        }
        for (gateway, table) in &peering.tables {
            if let Some(place) = place(gateway, Stage::Routes, parts) {
                let object = Object::TransitPeeringAssociation(id.clone(), gateway.clone());
                let because = format!("what crosses `{id}` is routed by `{table}`");
                parts.add(object, place, because);
            }
        }
    }
}

fn write_tables(parts: &mut Parts<'_>) {
    let blueprint = parts.blueprint;
    for (id, table) in &blueprint.transit_tables {
        let Some(place) = place(&table.gateway, Stage::Routes, parts) else {
            continue;
        };
        for attachment in &table.propagations {
            let object = Object::TransitPropagation(id.clone(), attachment.clone());
            let because = format!("`{id}` learns the ranges behind `{attachment}`");
            parts.add(object, place.clone(), because);
        }
        for route in &table.routes {
            let object = Object::TransitRoute(id.clone(), route.destination);
            let because = match &route.target {
                TransitTarget::Attachment(attachment) => format!("to attachment `{attachment}`"),
                TransitTarget::Peering(peering) => format!("over peering `{peering}`"),
                TransitTarget::Blackhole => "nowhere, on purpose".to_owned(),
            };
            if parts.written.iter().all(|part| part.object != object) {
                parts.add(object, place.clone(), because);
            }
        }
    }
}
