//! The spec as asked: plain values that were read and judged one by one. Lists keep the order
//! of the file, because what is appended must not move what was there.

use std::collections::BTreeMap;
use std::net::Ipv4Addr;

use ipnet::Ipv4Net;

use crate::ids::ZoneId;
use crate::kafka::HostPort;

/// A whole spec.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Spec {
    /// `name`
    pub name: String,
    /// `region`
    pub region: String,
    /// `vpcs`, in file order.
    pub vpcs: Vec<(String, Vpc)>,
    /// `clusters`, in file order.
    pub clusters: Vec<(String, Cluster)>,
    /// `clients`, in file order.
    pub clients: Vec<(String, Client)>,
    /// `connections`
    pub connections: Vec<Connection>,
}

/// `vpcs.NAME`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Vpc {
    /// `account`, twelve digits.
    pub account: String,
    /// `cidr` or `cidrs`, primary first.
    pub cidrs: Vec<Ipv4Net>,
    /// `zones`: one subnet each is laid out. Empty if `subnets` is given.
    pub zones: Vec<ZoneId>,
    /// `subnets`: said by the user.
    pub subnets: Vec<Subnet>,
    /// `routes`: if given, they are all the routes of this VPC beside the local ones.
    pub routes: Option<Vec<Route>>,
}

/// `vpcs.NAME.subnets[]`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subnet {
    /// `zone`
    pub zone: ZoneId,
    /// `cidr`
    pub cidr: Ipv4Net,
}

/// `vpcs.NAME.routes[]`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Route {
    /// `to`
    pub to: Ipv4Net,
    /// `via`: the name of a peered VPC, or a gateway's id such as `igw-0abc`.
    pub via: String,
    /// `zones`: only the tables of these zones' subnets; empty for all.
    pub zones: Vec<ZoneId>,
}

/// Who runs a cluster.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ClusterKind {
    /// Amazon MSK, provisioned.
    Msk,
    /// Brokers on EC2 instances.
    Ec2,
}

impl ClusterKind {
    /// The word of the spec.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Msk => "msk",
            Self::Ec2 => "ec2",
        }
    }
}

/// How clients authenticate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Auth {
    /// Plaintext, nobody is asked.
    None,
}

impl Auth {
    /// The word of the spec.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
        }
    }
}

/// `clusters.NAME`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cluster {
    /// `kind`
    pub kind: ClusterKind,
    /// `vpc`
    pub vpc: String,
    /// `kafka_version`
    pub kafka_version: String,
    /// `brokers`: a count gives ids from 1, a list gives the ids.
    pub brokers: Vec<u32>,
    /// `auth`
    pub auth: Vec<Auth>,
    /// `config`: Kafka's settings for every broker, Kafka's spelling.
    pub config: BTreeMap<String, String>,
    /// `suffix`: the domain under which brokers are named.
    pub suffix: Option<String>,
    /// `addresses`: broker id to address.
    pub addresses: BTreeMap<u32, Ipv4Addr>,
    /// `broker_zones`: broker id to zone.
    pub broker_zones: BTreeMap<u32, ZoneId>,
    /// `listeners`: listener name to the port it binds.
    pub listeners: BTreeMap<String, u16>,
    /// `advertised`: listener name to `host:port`, where `{id}` and `{9000+id}` stand for the
    /// broker's id and a sum. If given, listeners it leaves out are not advertised.
    pub advertised: Option<BTreeMap<String, String>>,
    /// `admit`: ranges the brokers' security group admits beside what connections need.
    pub admit: Vec<Ipv4Net>,
}

/// `clients.NAME`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Client {
    /// `vpc`
    pub vpc: String,
    /// `cluster`
    pub cluster: String,
    /// `auth`
    pub auth: Auth,
    /// `traffic`, in bytes per second; only the comparison uses it.
    pub traffic: Option<u64>,
    /// `addresses`: zone to address.
    pub addresses: BTreeMap<ZoneId, Ipv4Addr>,
    /// `egress`: ranges its security group lets it dial; the plan's choice if absent.
    pub egress: Option<Vec<Ipv4Net>>,
    /// `bootstrap`: the bootstrap servers it was given; the plan's choice if absent.
    pub bootstrap: Option<Vec<HostPort>>,
}

/// The ways to connect.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Via {
    /// The plan chooses the cheapest that works.
    Auto,
    /// VPC peering.
    Peering,
    /// One NLB and endpoint service, one port per broker.
    Privatelink,
}

impl Via {
    /// The word of the spec.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Peering => "peering",
            Self::Privatelink => "privatelink",
        }
    }
}

/// `connections[]`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Connection {
    /// `from`: the client VPC.
    pub from: String,
    /// `to`: the cluster.
    pub to: String,
    /// `via`
    pub via: Via,
    /// `cross_zone`: whether the balancer's nodes use targets of other zones.
    pub cross_zone: Option<bool>,
    /// `ports`: the balancer's listener for each broker.
    pub ports: Option<Ports>,
    /// `advertise`: the ports the brokers' metadata gives; as `ports` if absent.
    pub advertise: Option<Ports>,
    /// `balancer_zones`: zones the balancer has nodes in; all of the cluster's VPC if absent.
    pub balancer_zones: Option<Vec<ZoneId>>,
    /// `endpoint_zones`: zones the endpoint has an interface in; those shared with the balancer
    /// if absent.
    pub endpoint_zones: Option<Vec<ZoneId>>,
    /// `endpoint_addresses`: zone to address.
    pub endpoint_addresses: BTreeMap<ZoneId, Ipv4Addr>,
    /// `zone_name`: the domain of the private hosted zone in the client VPC.
    pub zone_name: Option<String>,
    /// `admit`: what security groups admit, in place of the plan's choice.
    pub admit: Admit,
}

/// `connections[].ports`
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ports {
    /// A base: the bootstrap listener has it, broker `n` listens on base + n.
    Base(u16),
    /// Said one by one.
    Each {
        /// `bootstrap`
        bootstrap: Option<u16>,
        /// Broker id to port.
        brokers: BTreeMap<u32, u16>,
    },
}

/// `connections[].admit`: ranges, in place of the plan's choice; an empty list admits nobody.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Admit {
    /// `brokers`: who may dial the brokers because of this connection.
    pub brokers: Option<Vec<Ipv4Net>>,
    /// `balancer`: who may dial the balancer's nodes.
    pub balancer: Option<Vec<Ipv4Net>>,
    /// `endpoint`: who may dial the endpoint.
    pub endpoint: Option<Vec<Ipv4Net>>,
}
