//! What Amazon MSK makes for a VPC connection: its own balancer and service before the brokers, an
//! endpoint in the client's VPC, and a zone with the brokers' names there.

use std::collections::{BTreeMap, BTreeSet};

use blueprint::balancing::{
    Endpoint, EndpointService, EndpointTarget, HealthCheck, Listener, LoadBalancer, Target,
    TargetGroup,
};
use blueprint::dns::{HostedZone, Record};
use blueprint::ids::{
    BalancerId, ClusterId, EndpointId, HostedZoneId, ServiceId, SubnetId, TargetGroupId, VpcId,
};
use blueprint::kafka::Cluster;
use blueprint::network::EniOwner;

use super::balancers::parts;
use super::network::VPC;
use super::references::own;
use super::{Draft, msk, network};
use crate::graph::Node;

/// What AWS tests with, and when it forgets a silent connection, nobody sees; no path depends on
/// either.
const UNSEEN_CHECK: HealthCheck = HealthCheck {
    interval_s: 10,
    healthy_threshold: 3,
    unhealthy_threshold: 3,
};
const IDLE_S: u32 = 350;

/// Writes every VPC connection.
pub(super) fn write(draft: &mut Draft<'_>) {
    draft.each("AWS::MSK::VpcConnection", write_connection);
}

fn write_connection(draft: &mut Draft<'_>, node: &Node) -> Result<(), String> {
    let arn = node.need("TargetClusterArn")?;
    let cluster_id = msk::cluster_of(draft, arn);
    let cluster_id = cluster_id.ok_or_else(|| format!("{arn:?} is no cluster"))?;
    let cluster = draft.made.clusters.get(&cluster_id).cloned();
    let cluster = cluster.ok_or("no such cluster")?;
    let (_, label, listener) = msk::scheme(node)?;
    let service = service(draft, &cluster_id, &cluster, label, &listener)?;
    let (subnets, groups) = msk::connection(draft, node)?;
    let id: EndpointId = own(node);
    let owner = EniOwner::Endpoint(id.clone());
    let vpc: VpcId = draft.needed(node, "VpcId", &[VPC])?;
    let name = network::label(draft, node);
    let endpoint = Endpoint {
        target: EndpointTarget::Service(service),
        dns_name: format!("vpce-{name}.{}.vpce.amazonaws.com", node.region),
        enis: parts(draft, id.as_str(), unaddressed(subnets), &groups, &owner)?,
        vpc,
    };
    insert_zone(draft, node, &cluster, label, &endpoint);
    draft.made.endpoints.insert(id, endpoint);
    Ok(())
}

fn unaddressed(subnets: Vec<SubnetId>) -> Vec<(SubnetId, Option<std::net::Ipv4Addr>)> {
    subnets.into_iter().map(|subnet| (subnet, None)).collect()
}

/// The service of a cluster for a scheme: one for all connections, before a balancer with nodes in
/// the cluster's subnets and the brokers' groups.
fn service(
    draft: &mut Draft<'_>,
    id: &ClusterId,
    cluster: &Cluster,
    label: &str,
    listener: &str,
) -> Result<ServiceId, String> {
    let name = format!("{id} for VPC connections by {label}");
    let service = ServiceId::from(name.as_str());
    if draft.made.services.contains_key(&service) {
        return Ok(service);
    }
    let balancer = BalancerId::from(name.as_str());
    let mut listeners = BTreeMap::new();
    for (broker, content) in &cluster.brokers {
        let eni = draft
            .made
            .enis
            .get(&content.eni)
            .ok_or("a broker has no interface")?;
        // Without the listener the connection has nowhere to go, as without VPC connectivity.
        let Some(bound) = content.listeners.get(listener) else {
            continue;
        };
        let port = bound.port;
        let group = TargetGroup {
            vpc: cluster.vpc.clone(),
            port,
            targets: vec![Target {
                address: eni.address,
                port,
            }],
            health_check: UNSEEN_CHECK,
            preserve_client_ip: false,
            proxy_protocol: false,
        };
        let group_id = TargetGroupId::from(format!("{name}, broker {broker}"));
        draft.made.target_groups.insert(group_id.clone(), group);
        let listener = Listener {
            target_group: group_id,
            idle_timeout_s: IDLE_S,
            certificate_names: None,
        };
        listeners.insert(msk::private_port(*broker)?, listener);
    }
    insert_balancer(draft, id, cluster, &balancer, listeners)?;
    let region = draft
        .made
        .vpcs
        .get(&cluster.vpc)
        .map(|vpc| vpc.region.clone());
    let made = EndpointService {
        balancer,
        name: format!("com.amazonaws.vpce.{}.{name}", region.unwrap_or_default()),
        acceptance_required: false,
        allowed_accounts: cluster
            .vpc_connectivity
            .values()
            .flatten()
            .cloned()
            .collect(),
        supported_regions: BTreeSet::new(),
    };
    draft.made.services.insert(service.clone(), made);
    Ok(service)
}

fn insert_balancer(
    draft: &mut Draft<'_>,
    id: &ClusterId,
    cluster: &Cluster,
    balancer: &BalancerId,
    listeners: BTreeMap<u16, Listener>,
) -> Result<(), String> {
    let grounds = draft.grounds.get(id).cloned().unwrap_or_default();
    let owner = EniOwner::BalancerNode(balancer.clone());
    let mut zones = BTreeSet::new();
    let mut subnets = grounds.subnets;
    subnets.retain(|subnet| {
        let subnet = draft.made.subnets.get(subnet);
        subnet.is_some_and(|subnet| zones.insert(subnet.zone.clone()))
    });
    let places = unaddressed(subnets);
    let made = LoadBalancer {
        vpc: cluster.vpc.clone(),
        dns_name: format!("{id}.managed.elb.amazonaws.com"),
        nodes: parts(draft, balancer.as_str(), places, &grounds.groups, &owner)?,
        cross_zone: true,
        enforce_on_privatelink: false,
        listeners,
        managed: true,
    };
    draft.made.balancers.insert(balancer.clone(), made);
    Ok(())
}

/// The names `b-N.SCHEME.SUFFIX` are answered in the client's VPC only.
fn insert_zone(
    draft: &mut Draft<'_>,
    node: &Node,
    cluster: &Cluster,
    label: &str,
    endpoint: &Endpoint,
) {
    let name = format!("{label}.{}", cluster.suffix);
    let records = cluster.brokers.keys().map(|broker| {
        let record = Record::Alias(endpoint.dns_name.clone());
        (format!("b-{broker}.{name}"), record)
    });
    let zone = HostedZone {
        account: node.account.clone(),
        vpcs: BTreeSet::from([endpoint.vpc.clone()]),
        records: records.collect(),
        managed: true,
        name,
    };
    let id = HostedZoneId::from(format!("zone of {}", node.id));
    draft.made.zones.insert(id, zone);
}
