//! What carries connections between VPCs, in its frozen forms.

use std::collections::BTreeMap;

use serde::Serialize;

use blueprint::{balancing, gateway, transit};

use super::forms::{forms, list, map, maybe, text, texts, texts_by};
use super::kafka::HostPort;

forms! {
    /// A transit gateway.
    TransitGateway of transit::TransitGateway {
        /// Owning account.
        account: String = account.clone(),
        /// AWS Region.
        region: String = region.clone(),
        /// Largest packet through it, in bytes.
        mtu: u32 = *mtu,
        /// Accounts it is shared with.
        shared_with: Vec<String> = texts(shared_with),
    }

    /// A VPC's attachment to a transit gateway.
    TransitAttachment of transit::TransitAttachment {
        /// The gateway.
        gateway: String = text(gateway),
        /// The VPC.
        vpc: String = text(vpc),
        /// Its subnet by zone id.
        subnets: BTreeMap<String, String> = texts_by(subnets),
        /// The table that routes what comes from it.
        table: Option<String> = maybe(table),
    }

    /// A route table of a transit gateway.
    TransitTable of transit::TransitTable {
        /// The gateway.
        gateway: String = text(gateway),
        /// Attachments whose VPC's ranges it holds.
        propagations: Vec<String> = texts(propagations),
        /// Static routes.
        routes: Vec<TransitRoute> = list(routes),
    }

    /// A static route of a transit gateway's table.
    TransitRoute of transit::TransitRoute {
        /// Packets to this range…
        destination: String = text(destination),
        /// …go there.
        target: TransitTarget = TransitTarget::from(target),
    }

    /// A peering of two transit gateways.
    TransitPeering of transit::TransitPeering {
        /// The gateway that asks.
        requester: String = text(requester),
        /// The gateway that is asked.
        accepter: String = text(accepter),
        /// By gateway, the table that routes what comes from the other one.
        tables: BTreeMap<String, String> = texts_by(tables),
        /// Largest packet across it, in bytes.
        mtu: u32 = *mtu,
    }

    /// An internal Network Load Balancer.
    LoadBalancer of balancing::LoadBalancer {
        /// Its VPC.
        vpc: String = text(vpc),
        /// Its DNS name.
        dns_name: String = dns_name.clone(),
        /// Its node's interface by zone id.
        nodes: BTreeMap<String, String> = texts_by(nodes),
        /// Whether a node may use targets of other zones.
        cross_zone: bool = *cross_zone,
        /// Whether its security groups judge what arrives through PrivateLink.
        enforce_on_privatelink: bool = *enforce_on_privatelink,
        /// Listeners by port.
        listeners: BTreeMap<String, Listener> = map(listeners),
        /// Whether Amazon MSK runs it.
        managed: bool = *managed,
    }

    /// A listener of a balancer.
    Listener of balancing::Listener {
        /// The target group that serves it.
        target_group: String = text(target_group),
        /// Idle time-out in seconds.
        idle_timeout_s: u32 = *idle_timeout_s,
        /// Names of its certificate; none for a TCP listener.
        certificate_names: Option<Vec<String>> = certificate_names.as_ref().map(texts),
    }

    /// A target group of type `ip`.
    TargetGroup of balancing::TargetGroup {
        /// The VPC of its targets.
        vpc: String = text(vpc),
        /// Port that new targets get.
        port: u16 = *port,
        /// Where connections may go.
        targets: Vec<Target> = list(targets),
        /// How targets are tested.
        health_check: HealthCheck = health_check.into(),
        /// Whether targets see the address of who dialled the balancer.
        preserve_client_ip: bool = *preserve_client_ip,
        /// Whether the balancer sends a PROXY v2 header first.
        proxy_protocol: bool = *proxy_protocol,
    }

    /// An address and port that takes connections.
    Target of balancing::Target {
        /// Address of an interface.
        address: String = text(address),
        /// TCP port.
        port: u16 = *port,
    }

    /// A TCP health check.
    HealthCheck of balancing::HealthCheck {
        /// Seconds between tests.
        interval_s: u32 = *interval_s,
        /// Successes in a row that make a target healthy.
        healthy_threshold: u32 = *healthy_threshold,
        /// Failures in a row that make it unhealthy.
        unhealthy_threshold: u32 = *unhealthy_threshold,
    }

    /// A VPC endpoint service.
    EndpointService of balancing::EndpointService {
        /// The balancer it exposes.
        balancer: String = text(balancer),
        /// Service name.
        name: String = name.clone(),
        /// Whether the owner must accept each endpoint.
        acceptance_required: bool = *acceptance_required,
        /// Accounts that may create endpoints.
        allowed_accounts: Vec<String> = texts(allowed_accounts),
        /// Further Regions in which endpoints may stand.
        supported_regions: Vec<String> = texts(supported_regions),
    }

    /// An interface VPC endpoint or a resource endpoint.
    Endpoint of balancing::Endpoint {
        /// What it leads to.
        target: EndpointTarget = EndpointTarget::from(target),
        /// Its VPC.
        vpc: String = text(vpc),
        /// Its regional DNS name.
        dns_name: String = dns_name.clone(),
        /// Its interface by zone id.
        enis: BTreeMap<String, String> = texts_by(enis),
    }

    /// A VPC Lattice resource gateway.
    ResourceGateway of balancing::ResourceGateway {
        /// Its VPC.
        vpc: String = text(vpc),
        /// Its interface by zone id.
        enis: BTreeMap<String, String> = texts_by(enis),
    }

    /// A VPC Lattice resource configuration.
    ResourceConfiguration of balancing::ResourceConfiguration {
        /// The resource gateway that leads to it.
        gateway: String = text(gateway),
        /// Its custom domain name.
        name: String = name.clone(),
        /// Where connections go.
        address: String = text(address),
        /// TCP ports that are let through.
        ports: Vec<u16> = ports.iter().copied().collect(),
        /// Accounts it is shared with.
        allowed_accounts: Vec<String> = texts(allowed_accounts),
    }

    /// Instances of the Kafka-aware gateway in front of one cluster.
    Gateway of gateway::Gateway {
        /// The cluster it leads to.
        cluster: String = text(cluster),
        /// Its VPC.
        vpc: String = text(vpc),
        /// How it tells brokers apart.
        mode: String = text(mode),
        /// Its instances' interfaces.
        instances: Vec<String> = texts(instances),
        /// Port for bootstrapping, and in the SNI modes for every broker.
        port: u16 = *port,
        /// Broker id by port.
        slots: BTreeMap<u16, u32> = slots.clone(),
        /// Broker id by the name that is dialled.
        names: BTreeMap<String, u32> = names.clone(),
        /// Names that lead to any broker.
        bootstrap_names: Vec<String> = texts(bootstrap_names),
        /// What clients are told to dial, by broker id.
        advertised: BTreeMap<String, HostPort> = map(advertised),
        /// The brokers' listener it dials.
        listener: String = listener.clone(),
        /// Names of the certificate it presents.
        certificate_names: Vec<String> = texts(certificate_names),
    }
}

/// Where a static route of a transit gateway leads.
#[derive(Clone, Debug, Serialize)]
#[serde(tag = "kind", content = "id", rename_all = "kebab-case")]
pub enum TransitTarget {
    /// The VPC of an attachment.
    Attachment(String),
    /// The transit gateway on the other side of a peering.
    Peering(String),
    /// Nowhere.
    Blackhole,
}

impl From<&transit::TransitTarget> for TransitTarget {
    fn from(target: &transit::TransitTarget) -> Self {
        match target {
            transit::TransitTarget::Attachment(id) => Self::Attachment(text(id)),
            transit::TransitTarget::Peering(id) => Self::Peering(text(id)),
            transit::TransitTarget::Blackhole => Self::Blackhole,
        }
    }
}

/// What an endpoint leads to.
#[derive(Clone, Debug, Serialize)]
#[serde(tag = "kind", content = "id", rename_all = "kebab-case")]
pub enum EndpointTarget {
    /// A VPC endpoint service.
    Service(String),
    /// A resource configuration.
    Resource(String),
}

impl From<&balancing::EndpointTarget> for EndpointTarget {
    fn from(target: &balancing::EndpointTarget) -> Self {
        match target {
            balancing::EndpointTarget::Service(id) => Self::Service(text(id)),
            balancing::EndpointTarget::Resource(id) => Self::Resource(text(id)),
        }
    }
}
