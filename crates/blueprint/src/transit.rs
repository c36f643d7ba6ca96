//! Transit gateways: attachments, route tables, peerings across Regions.

use std::collections::{BTreeMap, BTreeSet};

use ipnet::Ipv4Net;

use crate::ids::{
    SubnetId, TransitAttachmentId, TransitGatewayId, TransitPeeringId, TransitTableId, VpcId,
    ZoneId,
};

/// A transit gateway.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TransitGateway {
    /// Owning account, twelve digits.
    pub account: String,
    /// AWS Region.
    pub region: String,
    /// Largest packet through it, in bytes (8500 on AWS; no path MTU discovery).
    pub mtu: u32,
    /// Accounts it is shared with by AWS RAM.
    pub shared_with: BTreeSet<String>,
}

/// A VPC's attachment to a transit gateway. Interfaces in a zone without an attachment subnet
/// cannot reach the gateway; what comes from the gateway reaches every zone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TransitAttachment {
    /// The gateway.
    pub gateway: TransitGatewayId,
    /// The VPC.
    pub vpc: VpcId,
    /// The attachment's subnet per zone.
    pub subnets: BTreeMap<ZoneId, SubnetId>,
    /// The table that routes what comes from it (association); none drops everything.
    pub table: Option<TransitTableId>,
}

/// A route table of a transit gateway. The longest prefix decides, of equal ones a static route
/// before a propagated one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TransitTable {
    /// The gateway.
    pub gateway: TransitGatewayId,
    /// Attachments whose VPC's ranges it holds.
    pub propagations: BTreeSet<TransitAttachmentId>,
    /// Static routes.
    pub routes: Vec<TransitRoute>,
}

/// A static route of a transit gateway's table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TransitRoute {
    /// Packets to this range…
    pub destination: Ipv4Net,
    /// …go there.
    pub target: TransitTarget,
}

/// Where a static route leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TransitTarget {
    /// The VPC of an attachment.
    Attachment(TransitAttachmentId),
    /// The transit gateway on the other side of a peering.
    Peering(TransitPeeringId),
    /// Nowhere.
    Blackhole,
}

/// A peering of two transit gateways; nothing is propagated across it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TransitPeering {
    /// The gateway that asks.
    pub requester: TransitGatewayId,
    /// The gateway that is asked.
    pub accepter: TransitGatewayId,
    /// For each side, the table that routes what comes from the other one; a side without one
    /// drops everything.
    pub tables: BTreeMap<TransitGatewayId, TransitTableId>,
    /// Largest packet across it, in bytes.
    pub mtu: u32,
}
