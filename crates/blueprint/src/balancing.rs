//! Network Load Balancers and PrivateLink.

use std::collections::{BTreeMap, BTreeSet};
use std::net::Ipv4Addr;

use crate::ids::{BalancerId, EniId, ServiceId, TargetGroupId, VpcId, ZoneId};

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
    /// TCP listeners by port.
    pub listeners: BTreeMap<u16, Listener>,
}

/// A TCP listener: it passes connections through, TLS included.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listener {
    /// The target group that serves it.
    pub target_group: TargetGroupId,
    /// Idle time-out in seconds, 60 to 6000 (`tcp.idle_timeout.seconds`).
    pub idle_timeout_s: u32,
}

/// A target group of type `ip`; clients' addresses are not preserved.
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
}

/// An interface VPC endpoint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Endpoint {
    /// The service it leads to.
    pub service: ServiceId,
    /// The VPC it stands in.
    pub vpc: VpcId,
    /// Its regional DNS name, which public DNS answers with all its addresses.
    pub dns_name: String,
    /// Its interface per zone.
    pub enis: BTreeMap<ZoneId, EniId>,
}
