//! What is rendered: objects of the blueprint, by their ids, and what AWS gives each of them.

use blueprint::ids::{
    BalancerId, ClientId, ClusterId, EndpointId, EniId, HostedZoneId, NetworkAclId, ObjectId,
    PeeringId, ResolverRuleId, ResourceConfigurationId, ResourceGatewayId, RouteTableId,
    SecurityGroupId, ServiceId, SubnetId, TargetGroupId, TransitAttachmentId, TransitGatewayId,
    TransitPeeringId, TransitTableId, VpcId,
};
use ipnet::Ipv4Net;

/// One object of a target's text. Some targets need several resources for it; the first is the
/// one that others refer to.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Object {
    /// A VPC with its ranges.
    Vpc(VpcId),
    /// A subnet.
    Subnet(SubnetId),
    /// A route table.
    RouteTable(RouteTableId),
    /// That a subnet uses its route table.
    RouteTableAssociation(SubnetId),
    /// The route of a table to a range; local ones are AWS's.
    Route(RouteTableId, Ipv4Net),
    /// A network ACL.
    NetworkAcl(NetworkAclId),
    /// The entry of a network ACL with this number.
    AclEntry(NetworkAclId, Way, u16),
    /// That a subnet uses its network ACL.
    AclAssociation(SubnetId),
    /// A security group without rules.
    SecurityGroup(SecurityGroupId),
    /// The rule of a security group at this position.
    Rule(SecurityGroupId, Way, usize),
    /// An interface with a fixed address.
    Eni(EniId),
    /// A VPC peering connection, as requested.
    Peering(PeeringId),
    /// A transit gateway.
    TransitGateway(TransitGatewayId),
    /// The share of a transit gateway with other accounts.
    TransitShare(TransitGatewayId),
    /// A route table of a transit gateway.
    TransitTable(TransitTableId),
    /// A VPC's attachment to a transit gateway.
    TransitAttachment(TransitAttachmentId),
    /// A peering of transit gateways, as requested.
    TransitPeering(TransitPeeringId),
    /// That an attachment's packets are routed by its table.
    TransitAssociation(TransitAttachmentId),
    /// That one side of a peering of transit gateways is routed by its table.
    TransitPeeringAssociation(TransitPeeringId, TransitGatewayId),
    /// That a table learns an attachment's ranges.
    TransitPropagation(TransitTableId, TransitAttachmentId),
    /// A static route of a transit gateway's table.
    TransitRoute(TransitTableId, Ipv4Net),
    /// A customer-managed key for the secrets of a cluster's SCRAM users.
    ScramKey(ClusterId),
    /// The secret of a client that authenticates by SCRAM.
    ScramSecret(ClientId),
    /// That a cluster knows the secrets of its SCRAM users.
    ScramAssociation(ClusterId),
    /// Settings of an Amazon MSK cluster.
    Configuration(ClusterId),
    /// An Amazon MSK cluster.
    Cluster(ClusterId),
    /// Who else may connect to an Amazon MSK cluster.
    ClusterPolicy(ClusterId),
    /// A Network Load Balancer.
    Balancer(BalancerId),
    /// A target group with its targets.
    TargetGroup(TargetGroupId),
    /// The listener of a balancer on a port.
    Listener(BalancerId, u16),
    /// A VPC endpoint service.
    Service(ServiceId),
    /// Who may create endpoints to a service.
    ServicePermissions(ServiceId),
    /// A VPC Lattice resource gateway.
    ResourceGateway(ResourceGatewayId),
    /// A VPC Lattice resource configuration.
    ResourceConfiguration(ResourceConfigurationId),
    /// The share of the resources behind a gateway with other accounts.
    ResourceShare(ResourceGatewayId),
    /// An interface endpoint or resource endpoint.
    Endpoint(EndpointId),
    /// The connection of a VPC to an Amazon MSK cluster, by the endpoint that MSK makes for it.
    VpcConnection(EndpointId),
    /// A private hosted zone.
    HostedZone(HostedZoneId),
    /// The record of a private hosted zone for a name.
    Record(HostedZoneId, String),
    /// A Route 53 Resolver rule.
    ResolverRule(ResolverRuleId),
    /// That a VPC uses a resolver rule.
    ResolverRuleAssociation(ResolverRuleId, VpcId),
}

/// Which way the packets go that a rule or entry is asked about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Way {
    /// Towards the interface or subnet.
    Ingress,
    /// From it.
    Egress,
}

/// What AWS gives an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Attribute {
    /// Its id, such as `vpc-0abc`; of an object that is referred to by its ARN only, that.
    Id,
    /// Its ARN.
    Arn,
    /// Its regional DNS name.
    DnsName,
    /// The hosted zone of its DNS name, for aliases.
    DnsZone,
    /// An endpoint service's name, `com.amazonaws.vpce.REGION.vpce-svc-…`.
    ServiceName,
    /// The newest revision of an MSK configuration.
    Revision,
}

impl Object {
    /// What it shares with other accounts, if it is a share.
    pub fn shares(&self) -> Option<ObjectId> {
        if let Self::TransitShare(id) = self {
            return Some(id.into());
        }
        if let Self::ResourceShare(id) = self {
            return Some(id.into());
        }
        None
    }

    /// The blueprint's object that stands for this one, if it can exist already.
    pub fn noun(&self) -> Option<ObjectId> {
        Some(match self {
            Self::Vpc(id) => id.into(),
            Self::Subnet(id) => id.into(),
            Self::RouteTable(id) => id.into(),
            Self::NetworkAcl(id) => id.into(),
            Self::SecurityGroup(id) => id.into(),
            Self::Eni(id) => id.into(),
            Self::Peering(id) => id.into(),
            Self::TransitGateway(id) => id.into(),
            Self::TransitTable(id) => id.into(),
            Self::TransitAttachment(id) => id.into(),
            Self::TransitPeering(id) => id.into(),
            Self::Cluster(id) => id.into(),
            Self::Balancer(id) => id.into(),
            Self::TargetGroup(id) => id.into(),
            Self::Service(id) => id.into(),
            Self::ResourceGateway(id) => id.into(),
            Self::ResourceConfiguration(id) => id.into(),
            Self::Endpoint(id) | Self::VpcConnection(id) => id.into(),
            Self::HostedZone(id) => id.into(),
            Self::ResolverRule(id) => id.into(),
            Self::RouteTableAssociation(_)
            | Self::Route(..)
            | Self::AclEntry(..)
            | Self::AclAssociation(_)
            | Self::Rule(..)
            | Self::TransitShare(_)
            | Self::TransitAssociation(_)
            | Self::TransitPeeringAssociation(..)
            | Self::TransitPropagation(..)
            | Self::TransitRoute(..)
            | Self::ScramKey(_)
            | Self::ScramSecret(_)
            | Self::ScramAssociation(_)
            | Self::Configuration(_)
            | Self::ClusterPolicy(_)
            | Self::Listener(..)
            | Self::ServicePermissions(_)
            | Self::ResourceShare(_)
            | Self::Record(..)
            | Self::ResolverRuleAssociation(..) => return None,
        })
    }
}
