//! Transit gateways: tables, shares, attachments, peerings, routing.

use std::collections::BTreeSet;

use blueprint::Blueprint;
use blueprint::ids::{TransitAttachmentId, TransitGatewayId, TransitPeeringId, TransitTableId};
use blueprint::transit::TransitTarget;
use ipnet::Ipv4Net;

use super::properties::{Properties, arn, id};
use crate::names;
use crate::object::{Attribute, Object};
use crate::part::Resource;
use crate::value::Value;

pub(super) fn gateway(blueprint: &Blueprint, of: &TransitGatewayId) -> Option<Vec<Resource>> {
    blueprint.transit_gateways.get(of)?;
    // Every attachment is associated and propagated by name, so nothing is by itself.
    let properties = Properties::new()
        .with("Description", format!("{of} of {}", blueprint.name))
        .with("AutoAcceptSharedAttachments", "disable")
        .with("DefaultRouteTableAssociation", "disable")
        .with("DefaultRouteTablePropagation", "disable")
        .tags(blueprint, of.as_str());
    Some(vec![properties.resource("AWS::EC2::TransitGateway")])
}

pub(super) fn share(blueprint: &Blueprint, of: &TransitGatewayId) -> Option<Vec<Resource>> {
    let gateway = blueprint.transit_gateways.get(of)?;
    let object = Object::TransitGateway(of.clone());
    let shared = match blueprint.existing.get(&of.into()) {
        None => Value::Of(object, Attribute::Arn),
        Some(known) => arn(&format!(
            "ec2:{}:{}:transit-gateway/{known}",
            gateway.region, gateway.account
        )),
    };
    let accounts = gateway.shared_with.iter().map(String::as_str).collect();
    Some(vec![shared_with(
        blueprint,
        of.as_str(),
        vec![shared],
        &accounts,
    )])
}

/// A share of resources with accounts (AWS RAM).
pub(super) fn shared_with(
    blueprint: &Blueprint,
    name: &str,
    resources: Vec<Value>,
    accounts: &BTreeSet<&str>,
) -> Resource {
    let accounts = accounts.iter().map(|account| Value::from(*account));
    Properties::new()
        .with(
            "Name",
            names::of_share(&format!("{}-{name}", blueprint.name)),
        )
        .with("AllowExternalPrincipals", true)
        .with("Principals", accounts.collect::<Vec<_>>())
        .with("ResourceArns", resources)
        .tags(blueprint, name)
        .resource("AWS::RAM::ResourceShare")
}

pub(super) fn table(blueprint: &Blueprint, of: &TransitTableId) -> Option<Vec<Resource>> {
    let table = blueprint.transit_tables.get(of)?;
    let properties = Properties::new()
        .with(
            "TransitGatewayId",
            id(Object::TransitGateway(table.gateway.clone())),
        )
        .tags(blueprint, of.as_str());
    Some(vec![
        properties.resource("AWS::EC2::TransitGatewayRouteTable"),
    ])
}

/// The type that can take further subnets without being replaced; `TransitGatewayVpcAttachment`
/// cannot.
pub(super) fn attachment(blueprint: &Blueprint, of: &TransitAttachmentId) -> Option<Vec<Resource>> {
    let attachment = blueprint.transit_attachments.get(of)?;
    let subnets = attachment.subnets.values();
    let subnets = subnets.map(|subnet| id(Object::Subnet(subnet.clone())));
    let properties = Properties::new()
        .with(
            "TransitGatewayId",
            id(Object::TransitGateway(attachment.gateway.clone())),
        )
        .with("VpcId", id(Object::Vpc(attachment.vpc.clone())))
        .with("SubnetIds", subnets.collect::<Vec<_>>())
        .tags(blueprint, of.as_str());
    Some(vec![
        properties.resource("AWS::EC2::TransitGatewayAttachment"),
    ])
}

pub(super) fn peering(blueprint: &Blueprint, of: &TransitPeeringId) -> Option<Vec<Resource>> {
    let peering = blueprint.transit_peerings.get(of)?;
    let accepter = blueprint.transit_gateways.get(&peering.accepter)?;
    let requester = id(Object::TransitGateway(peering.requester.clone()));
    let peer = id(Object::TransitGateway(peering.accepter.clone()));
    let properties = Properties::new()
        .with("TransitGatewayId", requester)
        .with("PeerTransitGatewayId", peer)
        .with("PeerAccountId", accepter.account.as_str())
        .with("PeerRegion", accepter.region.as_str())
        .tags(blueprint, of.as_str());
    Some(vec![
        properties.resource("AWS::EC2::TransitGatewayPeeringAttachment"),
    ])
}

pub(super) fn association(
    blueprint: &Blueprint,
    of: &TransitAttachmentId,
) -> Option<Vec<Resource>> {
    let attachment = blueprint.transit_attachments.get(of)?;
    let table = attachment.table.clone()?;
    let of = Object::TransitAttachment(of.clone());
    Some(vec![routed(
        table,
        of,
        "AWS::EC2::TransitGatewayRouteTableAssociation",
    )])
}

pub(super) fn peering_association(
    blueprint: &Blueprint,
    of: &TransitPeeringId,
    gateway: &TransitGatewayId,
) -> Option<Vec<Resource>> {
    let peering = blueprint.transit_peerings.get(of)?;
    let table = peering.tables.get(gateway)?.clone();
    let of = Object::TransitPeering(of.clone());
    Some(vec![routed(
        table,
        of,
        "AWS::EC2::TransitGatewayRouteTableAssociation",
    )])
}

pub(super) fn propagation(
    table: &TransitTableId,
    attachment: &TransitAttachmentId,
) -> Option<Vec<Resource>> {
    let of = Object::TransitAttachment(attachment.clone());
    let kind = "AWS::EC2::TransitGatewayRouteTablePropagation";
    Some(vec![routed(table.clone(), of, kind)])
}

fn routed(table: TransitTableId, attachment: Object, kind: &'static str) -> Resource {
    Properties::new()
        .with(
            "TransitGatewayRouteTableId",
            id(Object::TransitTable(table)),
        )
        .with("TransitGatewayAttachmentId", id(attachment))
        .resource(kind)
}

pub(super) fn route(
    blueprint: &Blueprint,
    of: &TransitTableId,
    to: &Ipv4Net,
) -> Option<Vec<Resource>> {
    let table = blueprint.transit_tables.get(of)?;
    let route = table.routes.iter().find(|route| route.destination == *to)?;
    let properties = Properties::new()
        .with(
            "TransitGatewayRouteTableId",
            id(Object::TransitTable(of.clone())),
        )
        .with("DestinationCidrBlock", to.to_string());
    let properties = match &route.target {
        TransitTarget::Attachment(attachment) => properties.with(
            "TransitGatewayAttachmentId",
            id(Object::TransitAttachment(attachment.clone())),
        ),
        TransitTarget::Peering(peering) => properties.with(
            "TransitGatewayAttachmentId",
            id(Object::TransitPeering(peering.clone())),
        ),
        TransitTarget::Blackhole => properties.with("Blackhole", true),
    };
    Some(vec![properties.resource("AWS::EC2::TransitGatewayRoute")])
}
