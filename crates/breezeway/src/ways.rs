//! How often a connection must be dialled until every way that balancers and endpoints may take
//! has been taken.

use blueprint::Blueprint;
use blueprint::balancing::EndpointTarget;
use blueprint::ids::{BalancerId, EndpointId, EniId};
use blueprint::network::EniOwner;

/// How many ways lead on from some interfaces that a connection to a port passed.
pub(crate) fn count(blueprint: &Blueprint, relays: &[EniId], port: u16) -> usize {
    let ways = relays.iter().map(|relay| {
        let eni = blueprint.enis.get(relay);
        match eni.map(|eni| &eni.owner) {
            Some(EniOwner::BalancerNode(balancer)) => n_targets(blueprint, balancer, port),
            Some(EniOwner::Endpoint(endpoint)) => n_nodes(blueprint, endpoint),
            Some(
                EniOwner::Broker { .. }
                | EniOwner::ResourceGateway(_)
                | EniOwner::Gateway(_)
                | EniOwner::Client(_)
                | EniOwner::Witness,
            )
            | None => 1,
        }
    });
    ways.map(|n| n.max(1)).product()
}

/// How many targets stand behind a port of a balancer.
fn n_targets(blueprint: &Blueprint, balancer: &BalancerId, port: u16) -> usize {
    let balancer = blueprint.balancers.get(balancer);
    let listener = balancer.and_then(|balancer| balancer.listeners.get(&port));
    let group = listener.and_then(|listener| blueprint.target_groups.get(&listener.target_group));
    group.map_or(0, |group| group.targets.len())
}

/// How many nodes an endpoint's connections may take: every one if they lie in another
/// Region, else the one of its zone.
fn n_nodes(blueprint: &Blueprint, endpoint: &EndpointId) -> usize {
    let found = || {
        let endpoint = blueprint.endpoints.get(endpoint)?;
        let EndpointTarget::Service(service) = &endpoint.target else {
            return None;
        };
        let service = blueprint.services.get(service)?;
        let balancer = blueprint.balancers.get(&service.balancer)?;
        let region = |vpc| Some(&blueprint.vpcs.get(vpc)?.region);
        let abroad = region(&endpoint.vpc)? != region(&balancer.vpc)?;
        abroad.then_some(balancer.nodes.len())
    };
    found().unwrap_or(1)
}
