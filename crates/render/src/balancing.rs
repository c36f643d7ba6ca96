//! What the texts of both targets say about Network Load Balancers and endpoint services.

use std::collections::BTreeSet;

use blueprint::Blueprint;
use blueprint::balancing::{Endpoint, EndpointTarget, LoadBalancer, Target, TargetGroup};
use blueprint::ids::{ServiceId, TargetGroupId};
use blueprint::network::EniOwner;

use crate::interfaces;

/// Seconds after which AWS ends an idle TCP connection unless told otherwise (Network Load
/// Balancer guide, "Connection idle timeout").
pub(crate) const IDLE_TIMEOUT_S: u32 = 350;

/// TLS 1.3 and 1.2 with forward secrecy, which AWS recommends (Network Load Balancer guide,
/// "Security policies").
pub(crate) const TLS_POLICY: &str = "ELBSecurityPolicy-TLS13-1-2-2021-06";

/// Whether a balancer's security groups also judge what arrives through PrivateLink, in the word
/// that AWS has for it.
pub(crate) fn enforcement(balancer: &LoadBalancer) -> &'static str {
    match balancer.enforce_on_privatelink {
        true => "on",
        false => "off",
    }
}

/// In what a balancer speaks to targets: where it ended TLS and the brokers' listener expects TLS,
/// in TLS again.
pub(crate) fn protocol(
    blueprint: &Blueprint,
    of: &TargetGroupId,
    group: &TargetGroup,
) -> &'static str {
    let balancers = blueprint.balancers.values();
    let mut listeners = balancers.flat_map(|balancer| balancer.listeners.values());
    let ends_tls = listeners
        .any(|listener| listener.target_group == *of && listener.certificate_names.is_some());
    let mut targets = group.targets.iter();
    match ends_tls && targets.any(|target| expects_tls(blueprint, group, target)) {
        true => "TLS",
        false => "TCP",
    }
}

fn expects_tls(blueprint: &Blueprint, group: &TargetGroup, target: &Target) -> bool {
    let found = interfaces::at(blueprint, &group.vpc, target.address);
    let Some(EniOwner::Broker { cluster, id }) = found.map(|(_, eni)| &eni.owner) else {
        return false;
    };
    let cluster = blueprint.clusters.get(cluster);
    let broker = cluster.and_then(|cluster| cluster.brokers.get(id));
    let mut listeners = broker
        .into_iter()
        .flat_map(|broker| broker.listeners.values());
    listeners.any(|own| own.port == target.port && own.protocol.ends_with("SSL"))
}

/// Whether a target lies outside the ranges of its group's VPC, which has to be said.
pub(crate) fn is_outside(blueprint: &Blueprint, group: &TargetGroup, target: &Target) -> bool {
    let vpc = blueprint.vpcs.get(&group.vpc);
    let mut ranges = vpc.into_iter().flat_map(|vpc| &vpc.cidrs);
    !ranges.any(|range| range.contains(&target.address))
}

/// The Regions in which a service can be used, if it says any: AWS counts its own among them.
pub(crate) fn supported_regions<'b>(blueprint: &'b Blueprint, of: &ServiceId) -> BTreeSet<&'b str> {
    let service = blueprint.services.get(of);
    let said = service
        .into_iter()
        .flat_map(|service| &service.supported_regions);
    let mut regions: BTreeSet<&str> = said.map(String::as_str).collect();
    if !regions.is_empty() {
        regions.extend(region_of(blueprint, of));
    }
    regions
}

/// The Region of a service: that of its balancer.
pub(crate) fn region_of<'b>(blueprint: &'b Blueprint, of: &ServiceId) -> Option<&'b str> {
    let service = blueprint.services.get(of)?;
    let balancer = blueprint.balancers.get(&service.balancer)?;
    let vpc = blueprint.vpcs.get(&balancer.vpc)?;
    Some(&vpc.region)
}

/// The Region of the service that an endpoint leads to, if it is not the endpoint's own.
pub(crate) fn other_region<'b>(blueprint: &'b Blueprint, endpoint: &Endpoint) -> Option<&'b str> {
    let EndpointTarget::Service(service) = &endpoint.target else {
        return None;
    };
    let region = region_of(blueprint, service)?;
    let own = blueprint.vpcs.get(&endpoint.vpc)?;
    (region != own.region).then_some(region)
}
