//! The spec as asked: plain values that were read and judged one by one. Lists keep the order
//! of the file, because what is appended must not move what was there.

use std::collections::{BTreeMap, BTreeSet};
use std::net::Ipv4Addr;

use ipnet::{Ipv4Net, Ipv6Net};

use crate::FilledIn;
use crate::ids::ZoneId;
use crate::kafka::HostPort;
use crate::words::words;

/// A whole spec.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Spec {
    /// `name`
    pub name: String,
    /// `region`: of every VPC that says none of its own.
    pub region: String,
    /// `vpcs`, in file order.
    pub vpcs: Vec<(String, Vpc)>,
    /// `transit_gateways`, in file order.
    pub transit_gateways: Vec<(String, TransitGateway)>,
    /// `clusters`, in file order.
    pub clusters: Vec<(String, Cluster)>,
    /// `clients`, in file order.
    pub clients: Vec<(String, Client)>,
    /// `connections`
    pub connections: Vec<Connection>,
    /// What the reader filled in where the text says nothing.
    pub filled: Vec<FilledIn>,
}

/// `vpcs.NAME`
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Vpc {
    /// `account`, twelve digits.
    pub account: String,
    /// `region`, or the spec's.
    pub region: String,
    /// `id`: the VPC exists under this id, such as `vpc-0abc`.
    pub id: Option<String>,
    /// `cidr` or `cidrs`, primary first.
    pub cidrs: Vec<Ipv4Net>,
    /// `ipv6_cidrs`: they count for overlaps only.
    pub ipv6_cidrs: Vec<Ipv6Net>,
    /// `zones`: one subnet each is laid out. Empty if `subnets` is given.
    pub zones: Vec<ZoneId>,
    /// `subnets`: said by the user.
    pub subnets: Vec<Subnet>,
    /// `routes`: if given, they are all the routes of this VPC beside the local ones.
    pub routes: Option<Vec<Route>>,
    /// `transit_zones`: zones in which a transit gateway's attachment has a subnet; all if absent.
    pub transit_zones: Option<Vec<ZoneId>>,
    /// `network_acls`: of the subnets they name; other subnets have AWS's default, which lets
    /// everything through.
    pub network_acls: Vec<NetworkAcl>,
    /// `hosted_zones`: private hosted zones that exist on this VPC beside the plan's.
    pub hosted_zones: Vec<HostedZone>,
    /// `resolver_rules`: domains whose names are asked of other servers.
    pub resolver_rules: Vec<ResolverRule>,
    /// `dns`: whether `enableDnsSupport` and `enableDnsHostnames` are both on; yes if absent.
    pub dns: Option<bool>,
    /// `mtu`: the largest packet its hosts send, in bytes; 9001, AWS's jumbo frames, if absent.
    pub mtu: Option<u32>,
    /// `nat`: whether its subnets reach the internet through a NAT gateway; no if absent.
    pub nat: Option<bool>,
    /// `service_endpoints`: AWS services with an interface endpoint here, such as `lambda`, `sts`
    /// or `secretsmanager`.
    pub service_endpoints: BTreeSet<String>,
}

/// `vpcs.NAME.subnets[]`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subnet {
    /// `zone`
    pub zone: ZoneId,
    /// `cidr`
    pub cidr: Ipv4Net,
    /// `id`: the subnet exists under this id, such as `subnet-0abc`.
    pub id: Option<String>,
}

/// `vpcs.NAME.routes[]`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Route {
    /// `to`
    pub to: Ipv4Net,
    /// `via`: the name of a peered VPC or of a transit gateway, or a gateway's id such as
    /// `igw-0abc`.
    pub via: String,
    /// `zones`: only the tables of these zones' subnets; empty for all.
    pub zones: Vec<ZoneId>,
}

/// `vpcs.NAME.network_acls[]`: stateless; what no entry allows is dropped.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NetworkAcl {
    /// `zones`: of all subnets in these zones; empty for every subnet.
    pub zones: Vec<ZoneId>,
    /// `ingress`, in the order of their numbers.
    pub ingress: Vec<AclEntry>,
    /// `egress`, in the order of their numbers.
    pub egress: Vec<AclEntry>,
}

/// `vpcs.NAME.network_acls[].ingress[]` and `.egress[]`: `{ allow: 10.0.0.0/16, ports: 9092 }`,
/// or `deny:` in place of `allow:`; `ports` is one port, a range `1024-65535`, or absent for all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AclEntry {
    /// Whether it allows or denies.
    pub allow: bool,
    /// The other side's range.
    pub cidr: Ipv4Net,
    /// First TCP port.
    pub from_port: u16,
    /// Last TCP port.
    pub to_port: u16,
}

/// `vpcs.NAME.hosted_zones[]`: `{ name: kafka.eu-central-1.amazonaws.com, id: Z0ABC, records: { … } }`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HostedZone {
    /// `name`
    pub name: String,
    /// `id`
    pub id: Option<String>,
    /// `records`: full name to addresses.
    pub records: BTreeMap<String, Vec<Ipv4Addr>>,
}

/// `vpcs.NAME.resolver_rules[]`: `{ domain: corp.internal, to: [10.9.0.2] }`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResolverRule {
    /// `domain`
    pub domain: String,
    /// `to`: the servers that are asked.
    pub to: Vec<Ipv4Addr>,
}

/// `transit_gateways.NAME`. Without one, the plan makes one per Region that needs it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TransitGateway {
    /// `account`, twelve digits; the owner.
    pub account: String,
    /// `region`, or the spec's.
    pub region: String,
    /// `id`: it exists under this id, such as `tgw-0abc`.
    pub id: Option<String>,
    /// `tables`: its route tables by name; if absent, one table with which every attachment is
    /// associated and into which every attachment propagates.
    pub tables: Option<Vec<(String, TransitTable)>>,
}

/// `transit_gateways.NAME.tables.NAME`
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TransitTable {
    /// `associate`: VPCs, or peered transit gateways, whose packets it routes.
    pub associate: Vec<String>,
    /// `propagate`: VPCs whose ranges it learns.
    pub propagate: Vec<String>,
    /// `routes`: static ones; `via` is a VPC, a peered transit gateway, or `blackhole`.
    pub routes: Vec<TransitRoute>,
}

/// `transit_gateways.NAME.tables.NAME.routes[]`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TransitRoute {
    /// `to`
    pub to: Ipv4Net,
    /// `via`
    pub via: String,
}

words! {
    /// Who runs a cluster, and how.
    #[derive(Default)]
    ClusterKind {
        /// Amazon MSK, provisioned, Standard brokers.
        #[default]
        Msk = "msk",
        /// Amazon MSK, provisioned, Express brokers: bootstrap names differ from brokers' names.
        MskExpress = "msk-express",
        /// Amazon MSK Serverless: IAM only, brokers are not the owner's to set.
        MskServerless = "msk-serverless",
        /// Brokers on EC2 instances.
        Ec2 = "ec2",
    }
}

impl ClusterKind {
    /// Whether Amazon MSK runs it.
    pub fn is_msk(self) -> bool {
        match self {
            Self::Msk | Self::MskExpress | Self::MskServerless => true,
            Self::Ec2 => false,
        }
    }
}

words! {
    /// How clients authenticate, and whether the connection is encrypted.
    #[derive(Default)]
    Auth {
        /// Plaintext, nobody is asked.
        #[default]
        None = "none",
        /// TLS, nobody is asked.
        Tls = "tls",
        /// TLS with a client's certificate.
        Mtls = "mtls",
        /// SASL/SCRAM over TLS.
        Scram = "scram",
        /// AWS IAM over TLS (SASL mechanism `AWS_MSK_IAM`).
        Iam = "iam",
    }
}

words! {
    /// The ways to connect.
    #[derive(Default)]
    Via {
        /// The plan chooses the first that works, in the usual order of price.
        #[default]
        Auto = "auto",
        /// Client and brokers in one VPC: what needs no connection.
        SameVpc = "same-vpc",
        /// VPC peering.
        Peering = "peering",
        /// Transit Gateway, peered with another one across Regions.
        TransitGateway = "transit-gateway",
        /// One NLB and endpoint service, one port per broker.
        Privatelink = "privatelink",
        /// An NLB, endpoint service and endpoint per broker.
        PrivatelinkPerBroker = "privatelink-per-broker",
        /// PrivateLink run by MSK.
        MskMultiVpc = "msk-multi-vpc",
        /// VPC Lattice: resource gateway, resource configurations, resource endpoints.
        ResourceEndpoint = "resource-endpoint",
        /// Breezeway's Kafka-aware gateway behind one NLB and endpoint service.
        Gateway = "gateway",
    }
}

words! {
    /// How the Kafka-aware gateway tells brokers apart.
    #[derive(Default)]
    GatewayMode {
        /// By port, on one host name.
        #[default]
        Port = "port",
        /// By the name in the TLS handshake; TLS ends at the gateway.
        Sni = "sni",
        /// By the name in the TLS handshake; nothing is decrypted.
        SniPassthrough = "sni-passthrough",
    }
}

words! {
    /// What a client is.
    #[derive(Default)]
    ClientKind {
        /// An application with interfaces of its own.
        #[default]
        Service = "service",
        /// A Lambda event source mapping: its pollers dial, wherever AWS puts their interfaces.
        Lambda = "lambda",
        /// A Kafka Connect worker.
        Connect = "connect",
    }
}

words! {
    /// Which way a client's records go.
    #[derive(Default)]
    TrafficDirection {
        /// From brokers to the client.
        #[default]
        Consume = "consume",
        /// From the client to brokers.
        Produce = "produce",
    }
}

words! {
    /// What joins the VPC of a client to the VPC that holds the endpoint it uses.
    #[derive(Default)]
    Carrier {
        /// VPC peering.
        #[default]
        Peering = "peering",
        /// Transit Gateway.
        TransitGateway = "transit-gateway",
    }
}

/// `clusters.NAME`
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cluster {
    /// `kind`
    pub kind: ClusterKind,
    /// `id`: the cluster exists under this ARN (MSK) or name (EC2).
    pub id: Option<String>,
    /// `vpc`
    pub vpc: String,
    /// `kafka_version`
    pub kafka_version: String,
    /// `instance_type`, such as `kafka.m7g.large` or `m7g.large`; what is rendered, checks and prices use it.
    pub instance_type: Option<String>,
    /// `brokers`: a count gives ids from 1, a list gives the ids. Of a Serverless cluster it is
    /// what metadata shows, three if absent.
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
    /// `security_group`: the brokers' group exists under this id; rules are added to it.
    pub security_group: Option<String>,
    /// `certificate_names`: what the brokers' certificates are made out to, wildcards and `{id}`
    /// allowed; their own names if absent.
    pub certificate_names: Option<Vec<String>>,
    /// `zookeeper`: whether metadata is kept by ZooKeeper and not by KRaft.
    pub zookeeper: bool,
}

/// `clients.NAME`
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Client {
    /// `kind`
    pub kind: ClientKind,
    /// `vpc`
    pub vpc: String,
    /// `cluster`
    pub cluster: String,
    /// `auth`: one the cluster offers; its first if absent.
    pub auth: Auth,
    /// `traffic`: only the comparison uses it.
    pub traffic: Option<Traffic>,
    /// `addresses`: zone to address.
    pub addresses: BTreeMap<ZoneId, Ipv4Addr>,
    /// `egress`: ranges its security group lets it dial; the plan's choice if absent.
    pub egress: Option<Vec<Ipv4Net>>,
    /// `bootstrap`: the bootstrap servers it was given; the plan's choice if absent.
    pub bootstrap: Option<Vec<HostPort>>,
    /// `security_group`: its group exists under this id; rules are added to it.
    pub security_group: Option<String>,
    /// `config`: Kafka's client settings, Kafka's spelling, such as `connections.max.idle.ms`.
    pub config: BTreeMap<String, String>,
    /// `lambda`: for `kind: lambda`.
    pub lambda: Lambda,
}

/// `clients.NAME.traffic`: `40 MB/s`, or
/// `{ rate: 40 MB/s, direction: produce, rack_aware: true }`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Traffic {
    /// `rate`, in bytes per second.
    pub rate: u64,
    /// `direction`
    pub direction: TrafficDirection,
    /// `rack_aware`: whether it reads from the replica in its own zone where there is one.
    pub rack_aware: bool,
}

/// `clients.NAME.lambda`
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lambda {
    /// `provisioned`: pollers in provisioned mode, which need no way to Lambda and STS.
    pub provisioned: bool,
    /// `starting_position`: `LATEST` or `TRIM_HORIZON`.
    pub starting_position: Option<String>,
    /// `batch_size`, records.
    pub batch_size: Option<u32>,
    /// `function_timeout_s`, seconds.
    pub function_timeout_s: Option<u32>,
}

/// `connections[]`
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Connection {
    /// `from`: the client VPC.
    pub from: String,
    /// `to`: the cluster.
    pub to: String,
    /// `via`
    pub via: Via,
    /// `through`: another VPC, which holds the endpoints this connection uses.
    pub through: Option<String>,
    /// `carrier`: what joins `from` to `through`.
    pub carrier: Option<Carrier>,
    /// `transit_gateway`: the one of `from`, by name; the plan's own if absent.
    pub transit_gateway: Option<String>,
    /// `group`: connections of one group share the balancer's listeners and the brokers'
    /// listeners behind them; without one, the cluster's common ones.
    pub group: Option<String>,
    /// `zone_aligned`: whether a per-broker balancer and endpoint stand in the broker's zone only.
    pub zone_aligned: Option<bool>,
    /// `terminate_tls`: whether the balancer's listeners are TLS listeners with a certificate of
    /// their own.
    pub terminate_tls: Option<bool>,
    /// `certificate_names`: what the certificate of the balancer's TLS listeners, or of the
    /// gateway, is made out to; the names that are dialled if absent.
    pub certificate_names: Option<Vec<String>>,
    /// `mode`: of a gateway.
    pub mode: Option<GatewayMode>,
    /// `instances`: how many gateways.
    pub instances: Option<u32>,
    /// `cross_zone`: whether the balancer's nodes use targets of other zones.
    pub cross_zone: Option<bool>,
    /// `preserve_client_ip`: whether targets see the address of who dialled the balancer itself.
    pub preserve_client_ip: Option<bool>,
    /// `idle_timeout_s`: of the balancer's TCP listeners, in seconds.
    pub idle_timeout_s: Option<u32>,
    /// `enforce_on_privatelink`: whether the balancer's groups judge what comes by PrivateLink.
    pub enforce_on_privatelink: Option<bool>,
    /// `acceptance_required`: whether the service's owner accepts each endpoint.
    pub acceptance_required: Option<bool>,
    /// `ports`: the balancer's listener for each broker.
    pub ports: Option<Ports>,
    /// `advertise`: the ports the brokers' metadata gives; as `ports` if absent.
    pub advertise: Option<Ports>,
    /// `balancer_zones`: zones the balancer has nodes in, or the resource gateway interfaces; all
    /// of the cluster's VPC if absent.
    pub balancer_zones: Option<Vec<ZoneId>>,
    /// `endpoint_zones`: zones the endpoint has an interface in; those shared with the balancer
    /// if absent.
    pub endpoint_zones: Option<Vec<ZoneId>>,
    /// `endpoint_addresses`: zone to address.
    pub endpoint_addresses: BTreeMap<ZoneId, Ipv4Addr>,
    /// `zone_name`: the domain of the private hosted zone in the client VPC.
    pub zone_name: Option<String>,
    /// `private_dns_preference`: of a resource endpoint.
    pub private_dns_preference: Option<String>,
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
