//! Balancers with their listeners and target groups, endpoint services, endpoints, resources
//! and gateways.

use std::collections::{BTreeMap, BTreeSet};

use blueprint::balancing::{
    Endpoint, EndpointService, EndpointTarget, HealthCheck, Listener, LoadBalancer,
    ResourceConfiguration, ResourceGateway, Target, TargetGroup,
};
use blueprint::dns::PublicName;
use blueprint::ids::{EniId, VpcId, ZoneId};

use crate::balancers::{Balancer, Line};
use crate::draft::Draft;
use crate::entrances::Entrance;
use crate::intent::{Cluster, Link};
use crate::patterns::resources::Resources;
use crate::settled::Settled;
use crate::{brokers, naming};

/// How targets are tested: NLB's quickest interval, and its default counts.
const HEALTH_CHECK: HealthCheck = HealthCheck {
    interval_s: 10,
    healthy_threshold: 3,
    unhealthy_threshold: 3,
};

/// Writes the balancing objects of every cluster and connection that has them.
pub(crate) fn write(settled: &Settled<'_>, draft: &mut Draft) {
    for cluster in &settled.asked.clusters {
        let choices = settled.choices(cluster);
        for balancer in &choices.balancers {
            write_balancer(cluster, balancer, draft);
            write_service(cluster, balancer, settled, draft);
        }
        if let Some(resources) = &choices.patterns.resources {
            write_resources(cluster, resources, settled, draft);
        }
        if let Some(gateways) = &choices.patterns.gateways {
            for scheme in &gateways.schemes {
                let instances = gateways.instances_of(scheme).into_iter();
                let placed = instances.filter(|eni| draft.blueprint.enis.contains_key(eni));
                let gateway = scheme.written(cluster, gateways.mode, placed.collect());
                draft.origin(&scheme.id, &gateways.key);
                draft.blueprint.gateways.insert(scheme.id.clone(), gateway);
            }
        }
    }
    for (position, link) in settled.asked.links.iter().enumerate() {
        for entrance in settled.entrances_made(position) {
            write_endpoint(link, entrance, draft);
        }
    }
}

/// Writes a listener and its target group. The first line of a port has it, since metadata
/// depends on a broker's own.
fn write_line(
    cluster: &Cluster<'_>,
    (balancer, line): (&Balancer, &Line),
    listeners: &mut BTreeMap<u16, Listener>,
    draft: &mut Draft,
) {
    let enis = &draft.blueprint.enis;
    let targets = line.to.iter().filter_map(|eni| enis.get(eni));
    let targets: Vec<Target> = targets
        .map(|eni| Target {
            address: eni.address,
            port: line.at,
        })
        .collect();
    if targets.is_empty() && line.to.len() == 1 {
        return;
    }
    let group = TargetGroup {
        vpc: VpcId::from(cluster.vpc.name),
        port: line.at,
        targets,
        health_check: HEALTH_CHECK,
        preserve_client_ip: balancer.tuning.preserve_client_ip,
        proxy_protocol: false,
    };
    draft.origin(&line.targets, &line.key);
    let groups = &mut draft.blueprint.target_groups;
    groups.insert(line.targets.clone(), group);
    listeners.entry(line.port).or_insert_with(|| Listener {
        target_group: line.targets.clone(),
        idle_timeout_s: balancer.tuning.idle_timeout_s,
        certificate_names: line.certificate.clone(),
    });
}

fn write_balancer(cluster: &Cluster<'_>, settled: &Balancer, draft: &mut Draft) {
    let mut listeners = BTreeMap::new();
    for line in &settled.lines {
        write_line(cluster, (settled, line), &mut listeners, draft);
    }
    let nodes = present(
        &settled.zones,
        |zone| naming::node_of(&settled.id, zone),
        draft,
    );
    publish(&settled.dns_name, &settled.zones, &nodes, draft);
    let balancer = LoadBalancer {
        vpc: VpcId::from(cluster.vpc.name),
        dns_name: settled.dns_name.clone(),
        nodes,
        cross_zone: settled.cross_zone,
        enforce_on_privatelink: settled.tuning.enforce_on_privatelink,
        listeners,
        managed: settled.managed,
    };
    draft.origin(&settled.id, &settled.key);
    draft
        .blueprint
        .balancers
        .insert(settled.id.clone(), balancer);
}

fn write_service(
    cluster: &Cluster<'_>,
    balancer: &Balancer,
    settled: &Settled<'_>,
    draft: &mut Draft,
) {
    let links = settled.links_to_service(cluster, &balancer.service);
    let regions = links.iter().map(|link| link.holder.region);
    let service = EndpointService {
        balancer: balancer.id.clone(),
        name: balancer.service_name.clone(),
        acceptance_required: balancer.tuning.acceptance_required,
        allowed_accounts: accounts(&links),
        supported_regions: regions
            .filter(|region| *region != cluster.vpc.region)
            .map(str::to_owned)
            .collect(),
    };
    draft.origin(&balancer.service, &balancer.key);
    let services = &mut draft.blueprint.services;
    services.insert(balancer.service.clone(), service);
}

/// The accounts that hold the endpoints of connections.
fn accounts(links: &[&Link<'_>]) -> BTreeSet<String> {
    let accounts = links.iter().map(|link| link.holder.asked.account.clone());
    accounts.collect()
}

/// The resource gateway, and a resource for each broker.
fn write_resources(
    cluster: &Cluster<'_>,
    own: &Resources,
    settled: &Settled<'_>,
    draft: &mut Draft,
) {
    let gateway = naming::resource_gateway(cluster.name);
    let enis = present(
        &own.zones,
        |zone| naming::resource_gateway_eni(cluster.name, zone),
        draft,
    );
    let written = ResourceGateway {
        vpc: VpcId::from(cluster.vpc.name),
        enis,
    };
    draft.origin(&gateway, &own.key);
    draft
        .blueprint
        .resource_gateways
        .insert(gateway.clone(), written);
    let listeners = &settled.choices(cluster).listeners;
    let ports = own.listeners.iter();
    let ports: BTreeSet<u16> = ports.map(|(name, _)| listeners.port(name)).collect();
    for (id, address) in brokers::addresses(cluster, draft) {
        let resource = naming::resource(cluster.name, id);
        let links = settled.links_to_resource(cluster, &resource);
        let written = ResourceConfiguration {
            gateway: gateway.clone(),
            name: cluster.broker_host(id),
            address,
            ports: ports.clone(),
            allowed_accounts: accounts(&links),
        };
        draft.origin(&resource, &own.key);
        let resources = &mut draft.blueprint.resource_configurations;
        resources.insert(resource, written);
    }
}

fn write_endpoint(link: &Link<'_>, entrance: &Entrance, draft: &mut Draft) {
    if !leads_somewhere(&entrance.target, draft) {
        return;
    }
    let enis = present(
        &entrance.zones,
        |zone| naming::eni_of_endpoint(&entrance.id, zone),
        draft,
    );
    publish(&entrance.dns_name, &entrance.zones, &enis, draft);
    let endpoint = Endpoint {
        target: entrance.target.clone(),
        vpc: VpcId::from(link.holder.name),
        dns_name: entrance.dns_name.clone(),
        enis,
    };
    draft.origin(&entrance.id, &link.key);
    draft
        .blueprint
        .endpoints
        .insert(entrance.id.clone(), endpoint);
}

/// A broker that found no address has no resource, though an endpoint was meant for it.
fn leads_somewhere(target: &EndpointTarget, draft: &Draft) -> bool {
    match target {
        EndpointTarget::Service(service) => draft.blueprint.services.contains_key(service),
        EndpointTarget::Resource(resource) => draft
            .blueprint
            .resource_configurations
            .contains_key(resource),
    }
}

/// The interfaces of these zones that found an address.
fn present(
    zones: &[ZoneId],
    name: impl Fn(&ZoneId) -> EniId,
    draft: &Draft,
) -> BTreeMap<ZoneId, EniId> {
    let named = zones.iter().map(|zone| (zone.clone(), name(zone)));
    named
        .filter(|(_, eni)| draft.blueprint.enis.contains_key(eni))
        .collect()
}

/// Has public DNS answer a name with interfaces' addresses, in the order of zones.
fn publish(dns_name: &str, zones: &[ZoneId], enis: &BTreeMap<ZoneId, EniId>, draft: &mut Draft) {
    let held = zones
        .iter()
        .filter_map(|zone| draft.blueprint.enis.get(enis.get(zone)?));
    let name = PublicName {
        addresses: held.map(|eni| eni.address).collect(),
    };
    draft
        .blueprint
        .public_names
        .insert(dns_name.to_owned(), name);
}
