//! Transit gateways: tables, shares, attachments, peerings, routing.

use blueprint::Blueprint;
use blueprint::ids::{
    TransitAttachmentId, TransitGatewayId, TransitPeeringId, TransitTableId, VpcId,
};
use blueprint::transit::TransitTarget;
use ipnet::Ipv4Net;

use super::text::{arn, further, home, id, resource, tags};
use crate::names;
use crate::object::Object;
use crate::part::Resource;
use crate::policies::partition;
use crate::value::Value;

pub(super) fn gateway(
    blueprint: &Blueprint,
    gateway_id: &TransitGatewayId,
) -> Option<Vec<Resource>> {
    blueprint.transit_gateways.get(gateway_id)?;
    Some(vec![resource(
        "aws_ec2_transit_gateway",
        vec![
            (
                "description",
                Value::Text(format!("{gateway_id} of {}", blueprint.name)),
            ),
            // Every association and propagation is one that the spec asks for.
            ("default_route_table_association", "disable".into()),
            ("default_route_table_propagation", "disable".into()),
            tags(gateway_id.as_str()),
        ],
    )])
}

pub(super) fn share(blueprint: &Blueprint, gateway_id: &TransitGatewayId) -> Option<Vec<Resource>> {
    let gateway = blueprint.transit_gateways.get(gateway_id)?;
    let of = Object::TransitGateway(gateway_id.clone());
    let exists = blueprint.existing.contains_key(&gateway_id.into());
    let resource_arn = match exists {
        false => arn(of),
        // Of what exists the id is known.
        true => Value::Joined(vec![
            Value::Text(format!(
                "arn:{}:ec2:{}:{}:transit-gateway/",
                partition(&gateway.region),
                gateway.region,
                gateway.account
            )),
            id(of),
        ]),
    };
    let name = format!("{}-{gateway_id}", blueprint.name);
    let shared = vec![(String::new(), resource_arn)];
    Some(shared_with(
        &Object::TransitShare(gateway_id.clone()),
        &name,
        shared,
        gateway.shared_with.iter().map(String::as_str),
    ))
}

/// A share (AWS RAM) of resources, each with what stands behind its name, with accounts.
pub(super) fn shared_with<'a>(
    share: &Object,
    name: &str,
    shared: Vec<(String, Value)>,
    accounts: impl Iterator<Item = &'a str>,
) -> Vec<Resource> {
    let mut resources = vec![resource(
        "aws_ram_resource_share",
        vec![
            ("name", names::of_share(name).into()),
            ("allow_external_principals", true.into()),
            tags(name),
        ],
    )];
    resources.extend(shared.into_iter().map(|(suffix, resource_arn)| {
        further(
            "aws_ram_resource_association",
            suffix,
            vec![
                ("resource_share_arn", arn(share.clone())),
                ("resource_arn", resource_arn),
            ],
        )
    }));
    resources.extend(accounts.map(|account| {
        further(
            "aws_ram_principal_association",
            account.to_owned(),
            vec![
                ("resource_share_arn", arn(share.clone())),
                ("principal", account.into()),
            ],
        )
    }));
    resources
}

pub(super) fn table(blueprint: &Blueprint, table_id: &TransitTableId) -> Option<Vec<Resource>> {
    let table = blueprint.transit_tables.get(table_id)?;
    let gateway = Object::TransitGateway(table.gateway.clone());
    Some(vec![resource(
        "aws_ec2_transit_gateway_route_table",
        vec![("transit_gateway_id", id(gateway)), tags(table_id.as_str())],
    )])
}

pub(super) fn attachment(
    blueprint: &Blueprint,
    attachment_id: &TransitAttachmentId,
) -> Option<Vec<Resource>> {
    let attachment = blueprint.transit_attachments.get(attachment_id)?;
    let gateway = blueprint.transit_gateways.get(&attachment.gateway)?;
    let subnets = attachment.subnets.values();
    let subnets: Vec<_> = subnets
        .map(|subnet| id(Object::Subnet(subnet.clone())))
        .collect();
    let mut properties = vec![
        (
            "transit_gateway_id",
            id(Object::TransitGateway(attachment.gateway.clone())),
        ),
        ("vpc_id", id(Object::Vpc(attachment.vpc.clone()))),
        ("subnet_ids", subnets.into()),
    ];
    if may_set_defaults(
        blueprint,
        &attachment.vpc,
        &attachment.gateway,
        &gateway.account,
    ) {
        for default in [
            "transit_gateway_default_route_table_association",
            "transit_gateway_default_route_table_propagation",
        ] {
            properties.push((default, false.into()));
        }
    }
    properties.push(tags(attachment_id.as_str()));
    Some(vec![resource(
        "aws_ec2_transit_gateway_vpc_attachment",
        properties,
    )])
}

/// Whether a gateway may have defaults and its owner attaches the VPC: nobody else can turn them
/// off (documentation of the provider's resource).
fn may_set_defaults(
    blueprint: &Blueprint,
    vpc: &VpcId,
    gateway: &TransitGatewayId,
    owner: &str,
) -> bool {
    let exists = blueprint.existing.contains_key(&gateway.into());
    exists && home(blueprint, vpc).is_some_and(|(account, _)| account == owner)
}

pub(super) fn peering(
    blueprint: &Blueprint,
    peering_id: &TransitPeeringId,
) -> Option<Vec<Resource>> {
    let peering = blueprint.transit_peerings.get(peering_id)?;
    let requester = blueprint.transit_gateways.get(&peering.requester)?;
    let accepter = blueprint.transit_gateways.get(&peering.accepter)?;
    let mut properties = vec![
        (
            "transit_gateway_id",
            id(Object::TransitGateway(peering.requester.clone())),
        ),
        (
            "peer_transit_gateway_id",
            id(Object::TransitGateway(peering.accepter.clone())),
        ),
        ("peer_region", accepter.region.as_str().into()),
    ];
    if requester.account != accepter.account {
        properties.push(("peer_account_id", accepter.account.as_str().into()));
    }
    properties.push(tags(peering_id.as_str()));
    Some(vec![resource(
        "aws_ec2_transit_gateway_peering_attachment",
        properties,
    )])
}

pub(super) fn association(
    blueprint: &Blueprint,
    attachment_id: &TransitAttachmentId,
) -> Option<Vec<Resource>> {
    let attachment = blueprint.transit_attachments.get(attachment_id)?;
    let table = attachment.table.clone()?;
    Some(vec![associated(
        id(Object::TransitAttachment(attachment_id.clone())),
        table,
    )])
}

pub(super) fn peering_association(
    blueprint: &Blueprint,
    peering_id: &TransitPeeringId,
    gateway: &TransitGatewayId,
) -> Option<Vec<Resource>> {
    let peering = blueprint.transit_peerings.get(peering_id)?;
    let table = peering.tables.get(gateway)?.clone();
    Some(vec![associated(
        id(Object::TransitPeering(peering_id.clone())),
        table,
    )])
}

fn associated(attachment: Value, table: TransitTableId) -> Resource {
    resource(
        "aws_ec2_transit_gateway_route_table_association",
        vec![
            ("transit_gateway_attachment_id", attachment),
            (
                "transit_gateway_route_table_id",
                id(Object::TransitTable(table)),
            ),
        ],
    )
}

pub(super) fn propagation(
    table: &TransitTableId,
    attachment: &TransitAttachmentId,
) -> Option<Vec<Resource>> {
    Some(vec![resource(
        "aws_ec2_transit_gateway_route_table_propagation",
        vec![
            (
                "transit_gateway_attachment_id",
                id(Object::TransitAttachment(attachment.clone())),
            ),
            (
                "transit_gateway_route_table_id",
                id(Object::TransitTable(table.clone())),
            ),
        ],
    )])
}

pub(super) fn route(
    blueprint: &Blueprint,
    table_id: &TransitTableId,
    to: Ipv4Net,
) -> Option<Vec<Resource>> {
    let table = blueprint.transit_tables.get(table_id)?;
    let route = table.routes.iter().find(|route| route.destination == to)?;
    let target = match &route.target {
        TransitTarget::Attachment(attachment) => (
            "transit_gateway_attachment_id",
            id(Object::TransitAttachment(attachment.clone())),
        ),
        TransitTarget::Peering(peering) => (
            "transit_gateway_attachment_id",
            id(Object::TransitPeering(peering.clone())),
        ),
        TransitTarget::Blackhole => ("blackhole", true.into()),
    };
    Some(vec![resource(
        "aws_ec2_transit_gateway_route",
        vec![
            (
                "transit_gateway_route_table_id",
                id(Object::TransitTable(table_id.clone())),
            ),
            ("destination_cidr_block", to.to_string().into()),
            target,
        ],
    )])
}
