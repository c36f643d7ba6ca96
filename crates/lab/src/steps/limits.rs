//! What a lab does not raise: found before anything is drawn, so that no network stands that
//! would quietly be another one.

use blueprint::Blueprint;
use blueprint::balancing::EndpointTarget;
use blueprint::ids::EndpointId;

use crate::error::LabError;

/// Refuses a blueprint of which some object cannot be raised, and names the first such object.
pub(super) fn raisable(blueprint: &Blueprint) -> Result<(), LabError> {
    let first = gateways(blueprint)
        .or_else(|| balancing(blueprint))
        .or_else(|| network(blueprint))
        .or_else(|| names(blueprint));
    match first {
        None => Ok(()),
        Some((object, pattern)) => Err(LabError::NotRaised { object, pattern }),
    }
}

type Unraised = Option<(String, &'static str)>;

fn gateways(blueprint: &Blueprint) -> Unraised {
    let id = blueprint.gateways.keys().next()?;
    Some((id.to_string(), "a Kafka-aware gateway"))
}

fn balancing(blueprint: &Blueprint) -> Unraised {
    let resources = blueprint.resource_gateways.keys().next();
    let resources = resources.map(|id| (id.to_string(), "a resource gateway"));
    resources
        .or_else(|| listeners(blueprint))
        .or_else(|| target_groups(blueprint))
        .or_else(|| endpoints(blueprint))
}

fn listeners(blueprint: &Blueprint) -> Unraised {
    blueprint.balancers.iter().find_map(|(id, balancer)| {
        let mut listeners = balancer.listeners.iter();
        let (port, _) = listeners.find(|(_, listener)| listener.certificate_names.is_some())?;
        Some((format!("{id}:{port}"), "a listener that ends TLS"))
    })
}

fn target_groups(blueprint: &Blueprint) -> Unraised {
    blueprint.target_groups.iter().find_map(|(id, group)| {
        let preserves = "a target group that preserves client addresses";
        let announces = "a target group that sends PROXY headers";
        let pattern = match (group.preserve_client_ip, group.proxy_protocol) {
            (true, _) => preserves,
            (false, true) => announces,
            (false, false) => return None,
        };
        Some((id.to_string(), pattern))
    })
}

fn endpoints(blueprint: &Blueprint) -> Unraised {
    blueprint.endpoints.iter().find_map(|(id, endpoint)| {
        let pattern = match &endpoint.target {
            EndpointTarget::Resource(_) => "a resource endpoint",
            EndpointTarget::Service(_) if abroad(blueprint, id) => "an endpoint in another Region",
            EndpointTarget::Service(_) => return None,
        };
        Some((id.to_string(), pattern))
    })
}

/// Whether an endpoint and the balancer it leads to lie in different Regions.
fn abroad(blueprint: &Blueprint, endpoint: &EndpointId) -> bool {
    let regions = || {
        let endpoint = blueprint.endpoints.get(endpoint)?;
        let EndpointTarget::Service(service) = &endpoint.target else {
            return None;
        };
        let service = blueprint.services.get(service)?;
        let balancer = blueprint.balancers.get(&service.balancer)?;
        let region = |vpc| Some(&blueprint.vpcs.get(vpc)?.region);
        Some((region(&endpoint.vpc)?, region(&balancer.vpc)?))
    };
    regions().is_some_and(|(here, there)| here != there)
}

fn network(blueprint: &Blueprint) -> Unraised {
    let gateway = blueprint.transit_gateways.keys().next();
    let gateway = gateway.map(|id| (id.to_string(), "a transit gateway"));
    let acl = blueprint.network_acls.keys().next();
    gateway.or_else(|| acl.map(|id| (id.to_string(), "a network ACL")))
}

fn names(blueprint: &Blueprint) -> Unraised {
    let rule = blueprint.resolver_rules.keys().next();
    let rule = rule.map(|id| (id.to_string(), "a resolver rule"));
    let silent = || {
        let (id, _) = blueprint.vpcs.iter().find(|(_, vpc)| !vpc.dns)?;
        Some((id.to_string(), "a VPC without DNS"))
    };
    rule.or_else(silent)
}
