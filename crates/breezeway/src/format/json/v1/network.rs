//! VPCs and what lies in them, in their frozen forms.

use serde::Serialize;

use blueprint::network as nouns;

use super::forms::{forms, list, maybe, text, texts};

forms! {
    /// A VPC.
    Vpc of nouns::Vpc {
        /// Owning account.
        account: String = account.clone(),
        /// AWS Region.
        region: String = region.clone(),
        /// Primary range first.
        cidrs: Vec<String> = texts(cidrs),
        /// IPv6 ranges.
        ipv6_cidrs: Vec<String> = texts(ipv6_cidrs),
        /// Address of its DNS resolver.
        resolver: String = text(resolver),
        /// Largest packet within it, in bytes.
        mtu: u32 = *mtu,
        /// Whether its resolver answers.
        dns: bool = *dns,
        /// Whether its subnets reach AWS's public endpoints through a NAT gateway.
        nat: bool = *nat,
        /// AWS services with an interface endpoint in it.
        service_endpoints: Vec<String> = texts(service_endpoints),
    }

    /// A subnet.
    Subnet of nouns::Subnet {
        /// Its VPC.
        vpc: String = text(vpc),
        /// Its zone's id.
        zone: String = text(zone),
        /// Its range.
        cidr: String = text(cidr),
        /// The route table that serves it.
        route_table: String = text(route_table),
        /// Its network ACL; none for AWS's default one.
        network_acl: Option<String> = maybe(network_acl),
    }

    /// A route table.
    RouteTable of nouns::RouteTable {
        /// Its VPC.
        vpc: String = text(vpc),
        /// Its routes, local ones first.
        routes: Vec<Route> = list(routes),
    }

    /// One route.
    Route of nouns::Route {
        /// Packets to this range…
        destination: String = text(destination),
        /// …go there.
        target: Target = Target::from(target),
    }

    /// An elastic network interface.
    Eni of nouns::Eni {
        /// Its subnet.
        subnet: String = text(subnet),
        /// Its private address.
        address: String = text(address),
        /// Its security groups; with none, no rule filters it.
        security_groups: Vec<String> = texts(security_groups),
        /// What uses it.
        owner: Owner = Owner::from(owner),
    }

    /// A security group.
    SecurityGroup of nouns::SecurityGroup {
        /// Its VPC.
        vpc: String = text(vpc),
        /// Rules for connections towards its interfaces.
        ingress: Vec<Rule> = list(ingress),
        /// Rules for connections from its interfaces.
        egress: Vec<Rule> = list(egress),
    }

    /// One TCP rule of a security group.
    Rule of nouns::Rule {
        /// First port.
        from_port: u16 = *from_port,
        /// Last port.
        to_port: u16 = *to_port,
        /// The other side.
        peer: Peer = Peer::from(peer),
        /// The promise it serves.
        because: String = because.clone(),
    }

    /// A network ACL.
    NetworkAcl of nouns::NetworkAcl {
        /// Its VPC.
        vpc: String = text(vpc),
        /// Entries for packets into its subnets, by number.
        ingress: Vec<AclEntry> = list(ingress),
        /// Entries for packets out of its subnets, by number.
        egress: Vec<AclEntry> = list(egress),
    }

    /// One TCP entry of a network ACL.
    AclEntry of nouns::AclEntry {
        /// Its number.
        number: u16 = *number,
        /// Whether it allows or denies.
        allow: bool = *allow,
        /// The other side's range.
        cidr: String = text(cidr),
        /// First destination port.
        from_port: u16 = *from_port,
        /// Last destination port.
        to_port: u16 = *to_port,
    }

    /// A VPC peering connection.
    Peering of nouns::Peering {
        /// The VPC that asks.
        requester: String = text(requester),
        /// The VPC that is asked.
        accepter: String = text(accepter),
        /// Largest packet across it, in bytes.
        mtu: u32 = *mtu,
    }

    /// A connection attempt that should not succeed.
    Denial of nouns::Denial {
        /// The interface that tries.
        from: String = text(from),
        /// The name or address it tries to reach.
        to: DenialTarget = DenialTarget::from(to),
        /// TCP port.
        port: u16 = *port,
        /// What a success would mean.
        because: String = because.clone(),
    }
}

/// Where a route leads.
#[derive(Clone, Debug, Serialize)]
#[serde(tag = "kind", content = "id", rename_all = "kebab-case")]
pub enum Target {
    /// The VPC itself.
    Local,
    /// The other side of a peering connection.
    Peering(String),
    /// A transit gateway.
    TransitGateway(String),
    /// A gateway that the blueprint does not hold, by AWS's id.
    Outside(String),
}

impl From<&nouns::RouteTarget> for Target {
    fn from(target: &nouns::RouteTarget) -> Self {
        match target {
            nouns::RouteTarget::Local => Self::Local,
            nouns::RouteTarget::Peering(id) => Self::Peering(text(id)),
            nouns::RouteTarget::TransitGateway(id) => Self::TransitGateway(text(id)),
            nouns::RouteTarget::Outside(id) => Self::Outside(id.clone()),
        }
    }
}

/// What an interface belongs to.
#[derive(Clone, Debug, Serialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Owner {
    /// A broker.
    Broker {
        /// Its cluster.
        cluster: String,
        /// Its Kafka id.
        broker: u32,
    },
    /// A load balancer's node.
    BalancerNode {
        /// The balancer.
        id: String,
    },
    /// A part of an endpoint.
    Endpoint {
        /// The endpoint.
        id: String,
    },
    /// A part of a resource gateway.
    ResourceGateway {
        /// The resource gateway.
        id: String,
    },
    /// An instance of a Kafka-aware gateway.
    Gateway {
        /// The gateway.
        id: String,
    },
    /// A client.
    Client {
        /// The client.
        id: String,
    },
    /// A stranger without any client's security group.
    Witness,
}

impl From<&nouns::EniOwner> for Owner {
    fn from(owner: &nouns::EniOwner) -> Self {
        match owner {
            nouns::EniOwner::Broker { cluster, id } => Self::Broker {
                cluster: text(cluster),
                broker: *id,
            },
            nouns::EniOwner::BalancerNode(id) => Self::BalancerNode { id: text(id) },
            nouns::EniOwner::Endpoint(id) => Self::Endpoint { id: text(id) },
            nouns::EniOwner::ResourceGateway(id) => Self::ResourceGateway { id: text(id) },
            nouns::EniOwner::Gateway(id) => Self::Gateway { id: text(id) },
            nouns::EniOwner::Client(id) => Self::Client { id: text(id) },
            nouns::EniOwner::Witness => Self::Witness,
        }
    }
}

/// The other side of a rule.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Peer {
    /// Addresses of a range.
    Cidr(String),
    /// Interfaces that carry a security group.
    Group(String),
}

impl From<&nouns::Peer> for Peer {
    fn from(peer: &nouns::Peer) -> Self {
        match peer {
            nouns::Peer::Cidr(cidr) => Self::Cidr(text(cidr)),
            nouns::Peer::Group(group) => Self::Group(text(group)),
        }
    }
}

/// What an attempt that should fail tries to reach.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum DenialTarget {
    /// A name.
    Name(String),
    /// An address.
    Address(String),
}

impl From<&nouns::DenialTarget> for DenialTarget {
    fn from(target: &nouns::DenialTarget) -> Self {
        match target {
            nouns::DenialTarget::Name(name) => Self::Name(name.clone()),
            nouns::DenialTarget::Address(address) => Self::Address(text(address)),
        }
    }
}
