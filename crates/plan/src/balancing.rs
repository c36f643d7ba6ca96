//! Balancers with their listeners and target groups, endpoint services, endpoints.

use std::collections::BTreeMap;
use std::net::Ipv4Addr;

use blueprint::balancing::{
    Endpoint, EndpointService, EndpointTarget, HealthCheck, Listener, LoadBalancer, Target,
    TargetGroup,
};
use blueprint::dns::PublicName;
use blueprint::ids::{EniId, TargetGroupId, VpcId, ZoneId};
use blueprint::spec::Auth;

use crate::brokers;
use crate::draft::Draft;
use crate::front::Front;
use crate::intent::{Cluster, Link, Means};
use crate::naming;
use crate::sets::Set;
use crate::settled::Settled;

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
        if let Some(front) = &choices.front {
            let mut listeners = BTreeMap::new();
            for set in &front.sets {
                let port = choices.listeners.port(&set.listener);
                write_set(cluster, (front, set), port, &mut listeners, draft);
            }
            write_balancer(cluster, front, listeners, draft);
            write_service(cluster, front, settled, draft);
        }
    }
    for link in &settled.asked.links {
        if link.means == Means::Privatelink && !link.shares_endpoints {
            write_endpoint(link, settled, draft);
        }
    }
}

/// Writes the target groups of a set, and adds a listener for each. A port is a broker's before
/// it is the bootstrap's, since metadata depends on the former.
fn write_set(
    cluster: &Cluster<'_>,
    (front, set): (&Front, &Set),
    port: u16,
    listeners: &mut BTreeMap<u16, Listener>,
    draft: &mut Draft,
) {
    let addresses = brokers::addresses(cluster, draft);
    let all = naming::bootstrap_targets(cluster.name, &set.label);
    let every_address = addresses.values().copied().collect();
    write_targets(
        cluster,
        (front, set),
        all.clone(),
        every_address,
        port,
        draft,
    );
    let certificate = front.certificate.clone().filter(|_| set.auth != Auth::None);
    let listener = |target_group: TargetGroupId| Listener {
        target_group,
        idle_timeout_s: front.tuning.idle_timeout_s,
        certificate_names: certificate.clone(),
    };
    listeners.entry(set.bootstrap).or_insert(listener(all));
    for (id, address) in &addresses {
        if let Some(listening) = set.ports.get(id) {
            let one = naming::broker_targets(cluster.name, *id, &set.label);
            let address = vec![*address];
            write_targets(cluster, (front, set), one.clone(), address, port, draft);
            listeners.insert(*listening, listener(one));
        }
    }
}

fn write_targets(
    cluster: &Cluster<'_>,
    (front, set): (&Front, &Set),
    id: TargetGroupId,
    addresses: Vec<Ipv4Addr>,
    port: u16,
    draft: &mut Draft,
) {
    let targets = addresses
        .into_iter()
        .map(|address| Target { address, port });
    let group = TargetGroup {
        vpc: VpcId::from(cluster.vpc.name),
        port,
        targets: targets.collect(),
        health_check: HEALTH_CHECK,
        preserve_client_ip: front.tuning.preserve_client_ip,
        proxy_protocol: false,
    };
    draft.origin(&id, &set.key);
    draft.blueprint.target_groups.insert(id, group);
}

fn write_balancer(
    cluster: &Cluster<'_>,
    front: &Front,
    listeners: BTreeMap<u16, Listener>,
    draft: &mut Draft,
) {
    let account = &cluster.vpc.asked.account;
    let dns_name = naming::balancer_host(cluster.name, account, cluster.vpc.region);
    let nodes = present(
        &front.zones,
        |zone| naming::node_eni(cluster.name, zone),
        draft,
    );
    publish(&dns_name, &front.zones, &nodes, draft);
    let balancer = LoadBalancer {
        vpc: VpcId::from(cluster.vpc.name),
        dns_name,
        nodes,
        cross_zone: front.cross_zone,
        enforce_on_privatelink: front.tuning.enforce_on_privatelink,
        listeners,
        managed: false,
    };
    let id = naming::balancer(cluster.name);
    draft.origin(&id, &front.key);
    draft.blueprint.balancers.insert(id, balancer);
}

fn write_service(cluster: &Cluster<'_>, front: &Front, settled: &Settled<'_>, draft: &mut Draft) {
    let account = &cluster.vpc.asked.account;
    let links: Vec<_> = settled.asked.privatelinks(cluster.name).collect();
    let regions = links.iter().map(|link| link.holder.region);
    let service = EndpointService {
        balancer: naming::balancer(cluster.name),
        name: naming::service_name(cluster.name, account, cluster.vpc.region),
        acceptance_required: front.tuning.acceptance_required,
        allowed_accounts: links
            .iter()
            .map(|link| link.holder.asked.account.clone())
            .collect(),
        supported_regions: regions
            .filter(|region| *region != cluster.vpc.region)
            .map(str::to_owned)
            .collect(),
    };
    let id = naming::service(cluster.name);
    draft.origin(&id, &front.key);
    draft.blueprint.services.insert(id, service);
}

fn write_endpoint(link: &Link<'_>, settled: &Settled<'_>, draft: &mut Draft) {
    let (vpc, cluster) = (link.holder.name, link.to.name);
    let id = naming::endpoint(vpc, cluster);
    let zones = settled
        .endpoint_zones
        .get(&id)
        .map_or(&[][..], Vec::as_slice);
    let enis = present(
        zones,
        |zone| naming::endpoint_eni(vpc, cluster, zone),
        draft,
    );
    let dns_name = endpoint_host(link);
    publish(&dns_name, zones, &enis, draft);
    let endpoint = Endpoint {
        target: EndpointTarget::Service(naming::service(cluster)),
        vpc: VpcId::from(vpc),
        dns_name,
        enis,
    };
    draft.origin(&id, &link.key);
    draft.blueprint.endpoints.insert(id, endpoint);
}

/// Regional DNS name of a connection's endpoint.
pub(crate) fn endpoint_host(link: &Link<'_>) -> String {
    let account = &link.to.vpc.asked.account;
    naming::endpoint_host(link.holder.name, link.to.name, account, link.holder.region)
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
