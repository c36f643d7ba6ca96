//! Transit gateways: attachments, route tables, peerings.

use std::collections::{BTreeMap, BTreeSet};

use blueprint::ids::{
    SubnetId, TransitAttachmentId, TransitGatewayId, TransitPeeringId, TransitTableId, VpcId,
};
use blueprint::transit::{
    TransitAttachment, TransitGateway, TransitPeering, TransitRoute, TransitTable, TransitTarget,
};

use super::Draft;
use super::network::{SUBNET, VPC};
use super::props::{flag_or, range, text_or};
use super::references::own;
use crate::graph::{Node, Prop};

pub(super) const GATEWAY: &str = "AWS::EC2::TransitGateway";
const TABLE: &str = "AWS::EC2::TransitGatewayRouteTable";
const ATTACHMENTS: [&str; 2] = [
    "AWS::EC2::TransitGatewayAttachment",
    "AWS::EC2::TransitGatewayVpcAttachment",
];
const PEERING: &str = "AWS::EC2::TransitGatewayPeeringAttachment";

/// Largest packet through a transit gateway, in bytes ("Transit gateway quotas"). No path depends
/// on it.
const MTU: u32 = 8_500;

/// Writes everything of transit gateways but the routes of VPCs into them.
pub(super) fn write(draft: &mut Draft<'_>) {
    let said = &draft.known.said;
    draft
        .made
        .transit_gateways
        .clone_from(&said.transit_gateways);
    draft.made.transit_tables.clone_from(&said.transit_tables);
    draft.each(GATEWAY, write_gateway);
    draft.each(TABLE, write_table);
    for kind in ATTACHMENTS {
        draft.each(kind, write_attachment);
    }
    draft.each(PEERING, write_peering);
    draft.each("AWS::EC2::TransitGatewayRouteTableAssociation", associate);
    draft.each("AWS::EC2::TransitGatewayRouteTablePropagation", propagate);
    draft.each("AWS::EC2::TransitGatewayRoute", write_route);
    draft.each("AWS::RAM::ResourceShare", share);
}

fn write_gateway(draft: &mut Draft<'_>, node: &Node) -> Result<(), String> {
    let gateway = TransitGateway {
        account: node.account.clone(),
        region: node.region.clone(),
        mtu: MTU,
        shared_with: BTreeSet::new(),
    };
    let id: TransitGatewayId = own(node);
    draft.made.transit_gateways.insert(id.clone(), gateway);
    if is_on(node, ASSOCIATION)? || is_on(node, PROPAGATION)? {
        insert_table(draft, default_table(&id), id);
    }
    Ok(())
}

/// Whether attachments are associated with, or propagate to, the gateway's default table by
/// themselves: yes if nothing is said (`AWS::EC2::TransitGateway` in the template reference).
const ASSOCIATION: &str = "DefaultRouteTableAssociation";
const PROPAGATION: &str = "DefaultRouteTablePropagation";

fn is_on(node: &Node, name: &str) -> Result<bool, String> {
    Ok(text_or(node, name, "enable")? == "enable")
}

fn default_table(gateway: &TransitGatewayId) -> TransitTableId {
    format!("default table of {gateway}").into()
}

fn write_table(draft: &mut Draft<'_>, node: &Node) -> Result<(), String> {
    let gateway = draft.needed(node, "TransitGatewayId", &[GATEWAY])?;
    insert_table(draft, own(node), gateway);
    Ok(())
}

fn insert_table(draft: &mut Draft<'_>, id: TransitTableId, gateway: TransitGatewayId) {
    let table = TransitTable {
        gateway,
        propagations: BTreeSet::new(),
        routes: Vec::new(),
    };
    draft.made.transit_tables.insert(id, table);
}

fn write_attachment(draft: &mut Draft<'_>, node: &Node) -> Result<(), String> {
    let gateway: TransitGatewayId = draft.needed(node, "TransitGatewayId", &[GATEWAY])?;
    let vpc: VpcId = draft.needed(node, "VpcId", &[VPC])?;
    let subnets: Vec<SubnetId> = draft.each_of(node, "SubnetIds", &[SUBNET])?;
    let by_zone = subnets.into_iter().map(|id| {
        let subnet = draft.made.subnets.get(&id);
        let zone = subnet.map(|subnet| subnet.zone.clone());
        Ok((zone.ok_or_else(|| format!("no subnet {id}"))?, id))
    });
    let id: TransitAttachmentId = own(node);
    let subnets = by_zone.collect::<Result<BTreeMap<_, _>, String>>()?;
    let owner = draft.resource(node.need("TransitGatewayId")?, &[GATEWAY]);
    let by_itself = |name| owner.map_or(Ok(false), |owner| is_on(owner, name));
    let (associated, propagated) = (by_itself(ASSOCIATION)?, by_itself(PROPAGATION)?);
    let table = default_table(&gateway);
    if propagated && let Some(table) = draft.made.transit_tables.get_mut(&table) {
        table.propagations.insert(id.clone());
    }
    let attachment = TransitAttachment {
        gateway,
        vpc,
        subnets,
        table: associated.then_some(table),
    };
    draft.made.transit_attachments.insert(id, attachment);
    Ok(())
}

fn write_peering(draft: &mut Draft<'_>, node: &Node) -> Result<(), String> {
    let peering = TransitPeering {
        requester: draft.needed(node, "TransitGatewayId", &[GATEWAY])?,
        accepter: draft.needed(node, "PeerTransitGatewayId", &[GATEWAY])?,
        tables: BTreeMap::new(),
        mtu: MTU,
    };
    let asked = draft.made.transit_gateways.get(&peering.accepter);
    let asked = asked.ok_or("no such peer")?;
    let account = node.text("PeerAccountId")?;
    let region = node.text("PeerRegion")?;
    if (account, region) != (asked.account.as_str(), asked.region.as_str()) {
        return Err(format!("the peer is not in {account}, {region}"));
    }
    draft.made.transit_peerings.insert(own(node), peering);
    Ok(())
}

/// What a value stands for among a gateway's attachments.
enum Attached {
    Vpc(TransitAttachmentId),
    Peering(TransitPeeringId),
}

fn attached(draft: &Draft<'_>, prop: &Prop) -> Result<Attached, String> {
    if let Some(node) = draft.resource(prop, &[PEERING]) {
        return Ok(Attached::Peering(own(node)));
    }
    draft.object(prop, &ATTACHMENTS).map(Attached::Vpc)
}

fn associate(draft: &mut Draft<'_>, node: &Node) -> Result<(), String> {
    let table: TransitTableId = draft.needed(node, "TransitGatewayRouteTableId", &[TABLE])?;
    match attached(draft, node.need("TransitGatewayAttachmentId")?)? {
        Attached::Vpc(id) => {
            let attachment = draft.made.transit_attachments.get_mut(&id);
            attachment.ok_or("no such attachment")?.table = Some(table);
        }
        Attached::Peering(id) => {
            let gateway = draft.made.transit_tables.get(&table);
            let gateway = gateway.ok_or("no such table")?.gateway.clone();
            let peering = draft.made.transit_peerings.get_mut(&id);
            let peering = peering.ok_or("no such peering")?;
            peering.tables.insert(gateway, table);
        }
    }
    Ok(())
}

fn propagate(draft: &mut Draft<'_>, node: &Node) -> Result<(), String> {
    let id: TransitTableId = draft.needed(node, "TransitGatewayRouteTableId", &[TABLE])?;
    let Attached::Vpc(from) = attached(draft, node.need("TransitGatewayAttachmentId")?)? else {
        // "Transit gateway peering attachments": routes across one are static only.
        return Err("a peering propagates nothing".to_owned());
    };
    let table = draft.made.transit_tables.get_mut(&id);
    table.ok_or("no such table")?.propagations.insert(from);
    Ok(())
}

fn write_route(draft: &mut Draft<'_>, node: &Node) -> Result<(), String> {
    let id: TransitTableId = draft.needed(node, "TransitGatewayRouteTableId", &[TABLE])?;
    let target = if flag_or(node, "Blackhole", false)? {
        TransitTarget::Blackhole
    } else {
        match attached(draft, node.need("TransitGatewayAttachmentId")?)? {
            Attached::Vpc(id) => TransitTarget::Attachment(id),
            Attached::Peering(id) => TransitTarget::Peering(id),
        }
    };
    let route = TransitRoute {
        destination: range(node.need("DestinationCidrBlock")?)?,
        target,
    };
    let table = draft.made.transit_tables.get_mut(&id);
    table.ok_or("no such table")?.routes.push(route);
    Ok(())
}

fn share(draft: &mut Draft<'_>, node: &Node) -> Result<(), String> {
    let accounts = principals(node.list("Principals")?)?;
    for shared in node.list("ResourceArns")? {
        if let Ok(id) = draft.object::<TransitGatewayId>(&gateway_arn(shared), &[GATEWAY])
            && let Some(gateway) = draft.made.transit_gateways.get_mut(&id)
        {
            gateway.shared_with.extend(accounts.iter().cloned());
        }
    }
    Ok(())
}

/// An ARN that is put together ends with the id: `arn:aws:ec2:…:transit-gateway/ID`.
fn gateway_arn(prop: &Prop) -> Prop {
    match prop {
        Prop::Joined(parts) => parts.last().unwrap_or(prop).clone(),
        Prop::Text(arn) => Prop::Text(arn.rsplit('/').next().unwrap_or(arn).to_owned()),
        Prop::Number(_) | Prop::Flag(_) | Prop::List(_) | Prop::Map(_) | Prop::Ref(..) => {
            prop.clone()
        }
    }
}

/// Accounts: twelve digits, or the ARN of an account's root or of something in it.
pub(super) fn principals(items: &[Prop]) -> Result<BTreeSet<String>, String> {
    let accounts = items.iter().map(|item| {
        let text = item
            .text()
            .ok_or_else(|| format!("{item:?} is no principal"))?;
        let of_arn = text
            .strip_prefix("arn:")
            .and_then(|arn| arn.split(':').nth(3));
        Ok(of_arn.unwrap_or(text).to_owned())
    });
    accounts.collect()
}
