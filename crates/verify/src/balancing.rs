//! Rule 2e, balancing: what an endpoint and a balancer's node do with a connection.

use std::net::{Ipv4Addr, SocketAddrV4};

use blueprint::Blueprint;
use blueprint::balancing::{
    EndpointService, EndpointTarget, Listener, LoadBalancer, Target, TargetGroup,
};
use blueprint::ids::{BalancerId, EndpointId, ResourceConfigurationId, VpcId};

use crate::journey::{End, NoTarget, Step};
use crate::network::{Interface, Network};
use crate::security;

/// A node that a part of an endpoint leads to.
pub(crate) type Entered<'a> = (Step<'a>, Interface<'a>);

/// The nodes that a part of an endpoint may lead to: the one in its zone, or across Regions,
/// where zones are not shared, any of them.
pub(crate) fn nodes_behind<'a>(
    network: &Network<'a>,
    part: Interface<'a>,
    endpoint: &'a EndpointId,
) -> Result<(Vec<Entered<'a>>, &'a BalancerId), End<'a>> {
    let zone = part.zone();
    let missing = |why| End::NoTarget { at: part, why };
    let service = service_of(network.blueprint, endpoint);
    let balancer = service.and_then(|service| network.blueprint.balancers.get(&service.balancer));
    let (Some(service), Some(balancer)) = (service, balancer) else {
        return Err(missing(NoTarget::NoNode { endpoint, zone }));
    };
    let nodes: Vec<_> = match other_region(network, part.vpc(), &balancer.vpc) {
        Some(region) if !service.supported_regions.contains(region) => {
            return Err(missing(NoTarget::OtherRegion { endpoint, region }));
        }
        Some(_) => balancer.nodes.values().collect(),
        None => balancer.nodes.get(zone).into_iter().collect(),
    };
    let nodes = nodes.into_iter().filter_map(|id| network.interface(id));
    let entered = nodes.map(|node| {
        let step = Step::EnteredService {
            endpoint,
            service_name: &service.name,
            node,
        };
        (step, node)
    });
    let entered: Vec<_> = entered.collect();
    if entered.is_empty() {
        return Err(missing(NoTarget::NoNode { endpoint, zone }));
    }
    Ok((entered, &service.balancer))
}

/// The Region of one VPC, if it is not that of the other.
pub(crate) fn other_region<'a>(
    network: &Network<'a>,
    here: &VpcId,
    there: &VpcId,
) -> Option<&'a str> {
    let (here, there) = (network.region(here)?, network.region(there)?);
    (here != there).then_some(here)
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

/// The resource that an endpoint leads to; none where it leads to a service.
pub(crate) fn resource_of<'a>(
    blueprint: &'a Blueprint,
    endpoint: &EndpointId,
) -> Option<&'a ResourceConfigurationId> {
    match &blueprint.endpoints.get(endpoint)?.target {
        EndpointTarget::Service(_) => None,
        EndpointTarget::Resource(configuration) => Some(configuration),
    }
}

/// The interface of a resource gateway that a part of a resource endpoint leads to, and what
/// that interface dials.
pub(crate) fn resource_behind<'a>(
    network: &Network<'a>,
    part: Interface<'a>,
    endpoint: &'a EndpointId,
    configuration: &'a ResourceConfigurationId,
    port: u16,
) -> Result<(Step<'a>, Interface<'a>, SocketAddrV4), End<'a>> {
    let blueprint = network.blueprint;
    let zone = part.zone();
    let missing = |why| End::NoTarget { at: part, why };
    let nothing = missing(NoTarget::NoResource { endpoint, zone });
    let Some(known) = blueprint.resource_configurations.get(configuration) else {
        return Err(nothing);
    };
    if !known.ports.contains(&port) {
        return Err(End::NotShared {
            at: part,
            configuration,
            port,
        });
    }
    let Some(gateway) = blueprint.resource_gateways.get(&known.gateway) else {
        return Err(nothing);
    };
    if let Some(region) = other_region(network, part.vpc(), &gateway.vpc) {
        return Err(missing(NoTarget::OtherRegion { endpoint, region }));
    }
    let through = gateway.enis.get(zone).and_then(|id| network.interface(id));
    let through = through.ok_or(nothing)?;
    let step = Step::EnteredResource {
        endpoint,
        configuration,
        through,
    };
    Ok((step, through, SocketAddrV4::new(known.address, port)))
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

/// A listener with the balancer it belongs to and the target group that serves it.
#[derive(Clone, Copy)]
pub(crate) struct Served<'a> {
    balancer: &'a LoadBalancer,
    group: Option<&'a TargetGroup>,
}

impl Served<'_> {
    /// Whether targets see the address of who dialled the balancer.
    pub(crate) fn preserves_source(&self) -> bool {
        self.group.is_some_and(|group| group.preserve_client_ip)
    }
}

/// The listener of a balancer on a port; what comes to another port is dropped.
pub(crate) fn listener<'a>(
    network: &Network<'a>,
    node: Interface<'a>,
    id: &'a BalancerId,
    port: u16,
) -> Result<(Step<'a>, Served<'a>), End<'a>> {
    let balancer = network.blueprint.balancers.get(id);
    let found = balancer.and_then(|balancer| Some((balancer, balancer.listeners.get(&port)?)));
    let (balancer, listener) = found.ok_or(End::NoListener { node, port })?;
    let step = Step::Listened {
        balancer: id,
        node,
        port,
    };
    let group = group_of(network, listener);
    Ok((step, Served { balancer, group }))
}

fn group_of<'a>(network: &Network<'a>, listener: &Listener) -> Option<&'a TargetGroup> {
    network.blueprint.target_groups.get(&listener.target_group)
}

/// The targets of a listener that a node may use, at least one.
pub(crate) fn targets<'a>(
    network: &Network<'a>,
    node: Interface<'a>,
    served: Served<'a>,
) -> Result<Vec<&'a Target>, NoTarget<'a>> {
    let Served { balancer, group } = served;
    let targets = group.map_or(&[][..], |group| &group.targets);
    let usable: Vec<_> = targets
        .iter()
        .filter(|target| may_use(network, node, balancer, target))
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
    network: &Network<'_>,
    node: Interface<'_>,
    balancer: &LoadBalancer,
    target: &Target,
) -> bool {
    balancer.cross_zone || network.zone_of(&balancer.vpc, target.address) == Some(node.zone())
}
