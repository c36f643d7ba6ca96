//! VPCs and what lies in them: subnets, routes, interfaces, security groups, network ACLs,
//! peerings.

use std::collections::BTreeSet;
use std::net::Ipv4Addr;

use ipnet::{Ipv4Net, Ipv6Net};

use crate::ids::{
    BalancerId, ClientId, ClusterId, EndpointId, EniId, GatewayId, NetworkAclId, PeeringId,
    ResourceGatewayId, RouteTableId, SecurityGroupId, SubnetId, TransitGatewayId, VpcId, ZoneId,
};

/// A VPC.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Vpc {
    /// Owning account, twelve digits.
    pub account: String,
    /// AWS Region, such as `eu-central-1`.
    pub region: String,
    /// Primary range first, then secondary ones.
    pub cidrs: Vec<Ipv4Net>,
    /// IPv6 ranges; nothing is carried by them, but AWS refuses peerings whose ranges overlap.
    pub ipv6_cidrs: Vec<Ipv6Net>,
    /// Address of the VPC's DNS resolver: the primary range's base plus two.
    pub resolver: Ipv4Addr,
    /// Largest packet between interfaces of the VPC, in bytes (9001 on AWS).
    pub mtu: u32,
    /// Whether `enableDnsSupport` and `enableDnsHostnames` are on. Without them its resolver
    /// answers nothing.
    pub dns: bool,
    /// Whether its subnets reach AWS's public endpoints through a NAT gateway.
    pub nat: bool,
    /// AWS services with an interface endpoint here, such as `lambda` or `sts`.
    pub service_endpoints: BTreeSet<String>,
}

/// A subnet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subnet {
    /// The VPC it divides.
    pub vpc: VpcId,
    /// The zone it lies in.
    pub zone: ZoneId,
    /// Its range.
    pub cidr: Ipv4Net,
    /// The route table that serves it.
    pub route_table: RouteTableId,
    /// Its network ACL; none for AWS's default one, which lets everything through.
    pub network_acl: Option<NetworkAclId>,
}

/// A route table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RouteTable {
    /// The VPC it belongs to.
    pub vpc: VpcId,
    /// Its routes, local ones first.
    pub routes: Vec<Route>,
}

/// One route.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Route {
    /// Packets to this range…
    pub destination: Ipv4Net,
    /// …go there.
    pub target: RouteTarget,
}

/// Where a route leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RouteTarget {
    /// The VPC itself.
    Local,
    /// The other side of a peering connection.
    Peering(PeeringId),
    /// A transit gateway, by the attachment the VPC has to it.
    TransitGateway(TransitGatewayId),
    /// A gateway this blueprint does not hold, such as `igw-0abc` or `nat-0abc`.
    Outside(String),
}

/// An elastic network interface with one private address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Eni {
    /// The subnet it lies in.
    pub subnet: SubnetId,
    /// Its private address.
    pub address: Ipv4Addr,
    /// Security groups; with none, no rule filters this interface.
    pub security_groups: Vec<SecurityGroupId>,
    /// What uses it.
    pub owner: EniOwner,
}

/// What an interface belongs to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EniOwner {
    /// A broker.
    Broker {
        /// Its cluster.
        cluster: ClusterId,
        /// Its Kafka broker id.
        id: u32,
    },
    /// The node of a Network Load Balancer in the subnet's zone.
    BalancerNode(BalancerId),
    /// The part of an interface endpoint in the subnet's zone.
    Endpoint(EndpointId),
    /// The part of a VPC Lattice resource gateway in the subnet's zone.
    ResourceGateway(ResourceGatewayId),
    /// An instance of the Kafka-aware gateway.
    Gateway(GatewayId),
    /// A client.
    Client(ClientId),
    /// A stranger in the VPC, without any client's security group.
    Witness,
}

/// A security group: stateful, what no rule allows is dropped.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SecurityGroup {
    /// The VPC it belongs to.
    pub vpc: VpcId,
    /// Rules for connections towards its interfaces.
    pub ingress: Vec<Rule>,
    /// Rules for connections from its interfaces.
    pub egress: Vec<Rule>,
}

/// One TCP rule of a security group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    /// First port of the range.
    pub from_port: u16,
    /// Last port of the range.
    pub to_port: u16,
    /// The other side: source of an ingress rule, destination of an egress rule.
    pub peer: Peer,
    /// The promise it serves, for people.
    pub because: String,
}

/// The other side of a rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Peer {
    /// Addresses of a range.
    Cidr(Ipv4Net),
    /// Interfaces that carry a security group.
    Group(SecurityGroupId),
}

/// A network ACL: stateless, asked when a packet leaves or enters a subnet, answers included.
/// The entry with the lowest number that matches decides; what none matches is dropped.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NetworkAcl {
    /// The VPC it belongs to.
    pub vpc: VpcId,
    /// Entries for packets into its subnets, by number.
    pub ingress: Vec<AclEntry>,
    /// Entries for packets out of its subnets, by number.
    pub egress: Vec<AclEntry>,
}

/// One TCP entry of a network ACL.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AclEntry {
    /// Its number, 1 to 32766.
    pub number: u16,
    /// Whether it allows or denies.
    pub allow: bool,
    /// The other side's range: source of an ingress entry, destination of an egress entry.
    pub cidr: Ipv4Net,
    /// First destination port.
    pub from_port: u16,
    /// Last destination port.
    pub to_port: u16,
}

/// A VPC peering connection as requested.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Peering {
    /// The VPC that asks.
    pub requester: VpcId,
    /// The VPC that is asked.
    pub accepter: VpcId,
    /// Largest packet across it, in bytes.
    pub mtu: u32,
}

/// A connection attempt that should not succeed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Denial {
    /// The interface that tries.
    pub from: EniId,
    /// What it tries to reach.
    pub to: DenialTarget,
    /// TCP port.
    pub port: u16,
    /// What a success would mean, for people.
    pub because: String,
}

/// What a [`Denial`] tries to reach.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DenialTarget {
    /// A name, resolved where the attempt starts.
    Name(String),
    /// An address.
    Address(Ipv4Addr),
}
