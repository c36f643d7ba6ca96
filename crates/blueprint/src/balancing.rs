//! Network Load Balancers, PrivateLink, and VPC Lattice's resources.

use std::collections::{BTreeMap, BTreeSet};
use std::net::Ipv4Addr;

use crate::ids::{
    BalancerId, EniId, ResourceConfigurationId, ResourceGatewayId, ServiceId, TargetGroupId, VpcId,
    ZoneId,
};

/// An internal Network Load Balancer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoadBalancer {
    /// The VPC it stands in.
    pub vpc: VpcId,
    /// Its DNS name, which public DNS answers with the nodes' private addresses.
    pub dns_name: String,
    /// Its node per zone.
    pub nodes: BTreeMap<ZoneId, EniId>,
    /// Whether a node may use targets of other zones (`load_balancing.cross_zone.enabled`).
    pub cross_zone: bool,
    /// Whether the nodes' security groups also judge what arrives through PrivateLink
    /// (`EnforceSecurityGroupInboundRulesOnPrivateLinkTraffic`).
    pub enforce_on_privatelink: bool,
    /// Listeners by port.
    pub listeners: BTreeMap<u16, Listener>,
    /// Whether Amazon MSK runs it for a cluster's VPC connections; its owner sees none of it.
    pub managed: bool,
}

/// A listener. A TCP listener passes connections through, TLS included; a TLS listener ends TLS
/// and has one idle time-out only, 350 s.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listener {
    /// The target group that serves it.
    pub target_group: TargetGroupId,
    /// Idle time-out in seconds, 60 to 6000 (`tcp.idle_timeout.seconds`).
    pub idle_timeout_s: u32,
    /// The names its certificate is made out to, if it is a TLS listener.
    pub certificate_names: Option<BTreeSet<String>>,
}

/// A target group of type `ip`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TargetGroup {
    /// The VPC of its targets.
    pub vpc: VpcId,
    /// Port new targets get by default.
    pub port: u16,
    /// Where connections may go.
    pub targets: Vec<Target>,
    /// How targets are tested.
    pub health_check: HealthCheck,
    /// Whether targets see the address of who dialled the balancer (`preserve_client_ip.enabled`);
    /// without effect on what comes through PrivateLink.
    pub preserve_client_ip: bool,
    /// Whether the balancer sends a PROXY v2 header first (`proxy_protocol_v2.enabled`).
    pub proxy_protocol: bool,
}

/// An address and port that takes connections.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Target {
    /// Address of an interface.
    pub address: Ipv4Addr,
    /// TCP port.
    pub port: u16,
}

/// A TCP health check on the target's port.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HealthCheck {
    /// Seconds between tests.
    pub interval_s: u32,
    /// Successes in a row that make a target healthy.
    pub healthy_threshold: u32,
    /// Failures in a row that make it unhealthy.
    pub unhealthy_threshold: u32,
}

/// A VPC endpoint service in front of one balancer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EndpointService {
    /// The balancer it exposes, in the balancer's zones.
    pub balancer: BalancerId,
    /// Service name, `com.amazonaws.vpce.REGION.vpce-svc-…`.
    pub name: String,
    /// Whether the owner must accept each endpoint.
    pub acceptance_required: bool,
    /// Accounts that may create endpoints.
    pub allowed_accounts: BTreeSet<String>,
    /// Regions besides the balancer's in which endpoints may stand.
    pub supported_regions: BTreeSet<String>,
}

/// An interface VPC endpoint, or a resource endpoint. The connection of a client VPC to an MSK
/// cluster (`AWS::MSK::VpcConnection`) is an endpoint to the managed balancer's service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Endpoint {
    /// What it leads to.
    pub target: EndpointTarget,
    /// The VPC it stands in.
    pub vpc: VpcId,
    /// Its regional DNS name, which public DNS answers with all its addresses.
    pub dns_name: String,
    /// Its interface per zone.
    pub enis: BTreeMap<ZoneId, EniId>,
}

/// What an endpoint leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EndpointTarget {
    /// A VPC endpoint service.
    Service(ServiceId),
    /// A resource behind a resource gateway.
    Resource(ResourceConfigurationId),
}

/// A VPC Lattice resource gateway: where connections of resource endpoints enter the VPC, from
/// its addresses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResourceGateway {
    /// The VPC it stands in.
    pub vpc: VpcId,
    /// Its interface per zone.
    pub enis: BTreeMap<ZoneId, EniId>,
}

/// A VPC Lattice resource configuration: one broker, shared by AWS RAM. It is rendered with type
/// SINGLE, because it has an endpoint of its own; one endpoint for all would take a GROUP of CHILDs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResourceConfiguration {
    /// The resource gateway that leads to it.
    pub gateway: ResourceGatewayId,
    /// Its custom domain name.
    pub name: String,
    /// Where connections go.
    pub address: Ipv4Addr,
    /// TCP ports that are let through, unchanged.
    pub ports: BTreeSet<u16>,
    /// Accounts it is shared with.
    pub allowed_accounts: BTreeSet<String>,
}
