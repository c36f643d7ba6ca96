//! Rule 2e, balancing: what an endpoint and a balancer's node do with a connection.

use std::net::Ipv4Addr;

use blueprint::Blueprint;
use blueprint::balancing::{EndpointService, EndpointTarget, Listener, LoadBalancer, Target};
use blueprint::ids::{BalancerId, EndpointId, VpcId, ZoneId};

use crate::journey::{End, NoTarget, Step};
use crate::network::{Interface, Network};
use crate::security;

/// The node that a part of an endpoint leads to, the service's balancer's in the same zone.
pub(crate) fn node_behind<'a>(
    network: &Network<'a>,
    part: Interface<'a>,
    endpoint: &'a EndpointId,
) -> Result<(Step<'a>, Interface<'a>, &'a BalancerId), End<'a>> {
    let zone = part.zone();
    let service = service_of(network.blueprint, endpoint);
    let node = service.and_then(|service| node_in(network, &service.balancer, zone));
    let (Some(service), Some(node)) = (service, node) else {
        let why = NoTarget::NoNode { endpoint, zone };
        return Err(End::NoTarget { at: part, why });
    };
    let step = Step::EnteredService {
        endpoint,
        service_name: &service.name,
        node,
    };
    Ok((step, node, &service.balancer))
}

/// The service that an endpoint leads to; none where it leads to a resource.
pub(crate) fn service_of<'a>(
    blueprint: &'a Blueprint,
    endpoint: &EndpointId,
) -> Option<&'a EndpointService> {
    match &blueprint.endpoints.get(endpoint)?.target {
        EndpointTarget::Service(service) => blueprint.services.get(service),
        EndpointTarget::Resource(_) => None,
    }
}

fn node_in<'a>(network: &Network<'a>, id: &BalancerId, zone: &ZoneId) -> Option<Interface<'a>> {
    let balancer = network.blueprint.balancers.get(id)?;
    network.interface(balancer.nodes.get(zone)?)
}

/// Asks a node's groups about a connection that came through PrivateLink, with the address of
/// who dialled the endpoint; none where the balancer does not enforce them.
pub(crate) fn enter_by_privatelink<'a>(
    network: &Network<'a>,
    node: Interface<'a>,
    balancer: &BalancerId,
    source: Ipv4Addr,
    port: u16,
) -> Option<Result<Step<'a>, End<'a>>> {
    let balancer = network.blueprint.balancers.get(balancer)?;
    let enforced = balancer.enforce_on_privatelink;
    enforced.then(|| security::enter(network, node, source, port))
}

/// The listener of a balancer on a port; what comes to another port is dropped.
pub(crate) fn listener<'a>(
    network: &Network<'a>,
    node: Interface<'a>,
    id: &'a BalancerId,
    port: u16,
) -> Result<(Step<'a>, &'a LoadBalancer, &'a Listener), End<'a>> {
    let balancer = network.blueprint.balancers.get(id);
    let found = balancer.and_then(|balancer| Some((balancer, balancer.listeners.get(&port)?)));
    let (balancer, listener) = found.ok_or(End::NoListener { node, port })?;
    let step = Step::Listened {
        balancer: id,
        node,
        port,
    };
    Ok((step, balancer, listener))
}

/// The targets of a listener that a node may use, at least one.
pub(crate) fn targets<'a>(
    network: &Network<'a>,
    node: Interface<'a>,
    balancer: &'a LoadBalancer,
    listener: &Listener,
) -> Result<Vec<&'a Target>, NoTarget<'a>> {
    let group = network.blueprint.target_groups.get(&listener.target_group);
    let targets = group.map_or(&[][..], |group| &group.targets);
    let usable: Vec<_> = targets
        .iter()
        .filter(|target| may_use(network.blueprint, node, balancer, target))
        .collect();
    if !usable.is_empty() {
        Ok(usable)
    } else if targets.is_empty() {
        Err(NoTarget::NoneRegistered)
    } else {
        Err(NoTarget::OtherZones { balancer, targets })
    }
}

/// A node keeps to targets of its own zone unless the balancer works across zones.
fn may_use(
    blueprint: &Blueprint,
    node: Interface<'_>,
    balancer: &LoadBalancer,
    target: &Target,
) -> bool {
    balancer.cross_zone || zone_of(blueprint, &balancer.vpc, target.address) == Some(node.zone())
}

/// The zone of the subnet that an address of a VPC lies in.
pub(crate) fn zone_of<'a>(
    blueprint: &'a Blueprint,
    vpc: &VpcId,
    address: Ipv4Addr,
) -> Option<&'a ZoneId> {
    let mut subnets = blueprint.subnets.values();
    let subnet = subnets.find(|subnet| subnet.vpc == *vpc && subnet.cidr.contains(&address))?;
    Some(&subnet.zone)
}
