//! Balancers, endpoint services, resource gateways, and the endpoints to them.

use std::collections::BTreeSet;

use blueprint::balancing::EndpointTarget;
use blueprint::ids::{BalancerId, ClusterId, ResourceConfigurationId, TargetGroupId};
use blueprint::stage::Stage;

use super::{Parts, subject};
use crate::assigned;
use crate::lattice;
use crate::object::Object;
use crate::part::Place;

pub(super) fn write(parts: &mut Parts<'_>) {
    write_balancers(parts);
    write_services(parts);
    write_resources(parts);
    write_endpoints(parts);
}

fn write_balancers(parts: &mut Parts<'_>) {
    let blueprint = parts.blueprint;
    let mut written: BTreeSet<&TargetGroupId> = BTreeSet::new();
    for (id, balancer) in blueprint.balancers.iter().filter(|(_, b)| !b.managed) {
        let Some(place) = place_of(id, parts) else {
            continue;
        };
        let because = match balancer.cross_zone {
            true => format!("balancer `{id}`, whose nodes use targets of every zone"),
            false => format!("balancer `{id}`, whose nodes use targets of their own zone"),
        };
        parts.add(Object::Balancer(id.clone()), place.clone(), because);
        for (port, listener) in &balancer.listeners {
            let group = &listener.target_group;
            let behind = parts.behind([group].into_iter());
            let place = Place {
                subject: cluster_subject(behind, &place.subject),
                ..place.clone()
            };
            let leads = leads_to(behind);
            if written.insert(group) {
                let object = Object::TargetGroup(group.clone());
                parts.add(object, place.clone(), format!("targets: {leads}"));
            }
            let object = Object::Listener(id.clone(), *port);
            parts.add(object, place, format!("port {port} leads to {leads}"));
        }
    }
}

/// Where a balancer is made: with what serves its cluster.
fn place_of(id: &BalancerId, parts: &Parts<'_>) -> Option<Place> {
    let balancer = parts.blueprint.balancers.get(id)?;
    let groups = balancer.listeners.values();
    let behind = parts.behind(groups.map(|listener| &listener.target_group));
    let subject = cluster_subject(behind, balancer.vpc.as_str());
    parts.in_vpc(&balancer.vpc, Stage::Front, subject)
}

fn cluster_subject(behind: Option<(&ClusterId, Option<u32>)>, otherwise: &str) -> String {
    behind.map_or_else(
        || otherwise.to_owned(),
        |(cluster, broker)| subject(cluster.as_str(), broker),
    )
}

fn leads_to(behind: Option<(&ClusterId, Option<u32>)>) -> String {
    match behind {
        Some((cluster, Some(broker))) => format!("broker {broker} of `{cluster}`"),
        Some((cluster, None)) => format!("any of `{cluster}`"),
        None => "nothing".to_owned(),
    }
}

fn write_services(parts: &mut Parts<'_>) {
    let blueprint = parts.blueprint;
    for (id, service) in &blueprint.services {
        let managed = blueprint.balancers.get(&service.balancer);
        if managed.is_none_or(|balancer| balancer.managed) {
            continue;
        }
        let Some(place) = place_of(&service.balancer, parts) else {
            continue;
        };
        let because = format!("offers `{}` to other VPCs", service.balancer);
        parts.add(Object::Service(id.clone()), place.clone(), because);
        let because = match service.allowed_accounts.is_empty() {
            true => "lets nobody create endpoints".to_owned(),
            false => "lets these accounts create endpoints".to_owned(),
        };
        parts.add(Object::ServicePermissions(id.clone()), place, because);
    }
}

fn write_resources(parts: &mut Parts<'_>) {
    let blueprint = parts.blueprint;
    for (id, gateway) in &blueprint.resource_gateways {
        let own = lattice::behind(blueprint, id);
        let behind = own.iter().find_map(|(own, _)| resource_behind(own, parts));
        let base = behind.map_or(id.as_str(), |(cluster, _)| cluster.as_str());
        let Some(place) = parts.in_vpc(&gateway.vpc, Stage::Front, base) else {
            continue;
        };
        let because = format!(
            "connections of resource endpoints enter `{}` here",
            gateway.vpc
        );
        parts.add(Object::ResourceGateway(id.clone()), place.clone(), because);
        for (own, _) in &own {
            let behind = resource_behind(own, parts);
            let place = Place {
                subject: cluster_subject(behind, base),
                ..place.clone()
            };
            let because = format!("resource: {}", leads_to(behind));
            parts.add(
                Object::ResourceConfiguration((*own).clone()),
                place,
                because,
            );
        }
        if !lattice::other_accounts(blueprint, id).is_empty() {
            let because = format!("lets other accounts use the resources behind `{id}`");
            // After all of them, wherever they stand: a share names every resource.
            let place = Place {
                subject: format!("{base}-share"),
                ..place
            };
            parts.add(Object::ResourceShare(id.clone()), place, because);
        }
    }
}

fn resource_behind<'b>(
    id: &ResourceConfigurationId,
    parts: &Parts<'b>,
) -> Option<(&'b ClusterId, Option<u32>)> {
    let configuration = parts.blueprint.resource_configurations.get(id)?;
    let gateway = parts
        .blueprint
        .resource_gateways
        .get(&configuration.gateway)?;
    let owner = parts.owners.get(&(&gateway.vpc, configuration.address));
    owner.copied()
}

fn write_endpoints(parts: &mut Parts<'_>) {
    let blueprint = parts.blueprint;
    for (id, endpoint) in &blueprint.endpoints {
        let behind = match &endpoint.target {
            EndpointTarget::Resource(resource) => resource_behind(resource, parts),
            EndpointTarget::Service(service) => {
                let service = blueprint.services.get(service);
                let balancer = service.and_then(|s| blueprint.balancers.get(&s.balancer));
                let groups = balancer.into_iter().flat_map(|b| b.listeners.values());
                parts.behind(groups.map(|listener| &listener.target_group))
            }
        };
        let cluster = behind.map_or(id.as_str(), |(cluster, _)| cluster.as_str());
        let broker = behind.and_then(|(_, broker)| broker);
        let base = format!("{}-{cluster}", endpoint.vpc);
        let subject = subject(&base, broker);
        let Some(place) = parts.in_vpc(&endpoint.vpc, Stage::Entrance, subject) else {
            continue;
        };
        let because = format!("`{}` reaches {} here", endpoint.vpc, leads_to(behind));
        let object = match assigned::is_vpc_connection(blueprint, &endpoint.target) {
            true => Object::VpcConnection(id.clone()),
            false => Object::Endpoint(id.clone()),
        };
        parts.add(object, place, because);
    }
}
