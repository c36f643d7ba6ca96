//! What "the difference only adds" means: every object of the old blueprint is in the new one
//! and equal, and a container may gain members. Containers are the lists and maps whose members
//! are objects, or belong to one: targets of a target group, listeners of a balancer, allowed
//! accounts of a service, VPCs and records of a zone, routes of a table, accounts a transit
//! gateway is shared with, its attachments' subnets and its tables' propagations, rules of a group,
//! brokers, their listeners and their names in a cluster, accounts its policy lets connect,
//! bootstrap servers and interfaces of a client, names of a gateway. A rule counts as kept
//! if rules towards the same peer cover its ports, since neighbouring ports are merged.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Debug;

use blueprint::Blueprint;
use blueprint::balancing::{EndpointService, LoadBalancer, ResourceConfiguration, TargetGroup};
use blueprint::dns::HostedZone;
use blueprint::gateway::Gateway;
use blueprint::kafka::{Broker, Client, Cluster};
use blueprint::network::{RouteTable, Rule, SecurityGroup};
use blueprint::spec::Auth;
use blueprint::transit::{TransitAttachment, TransitGateway, TransitTable};

/// What the new blueprint takes away or changes, one line each.
pub(crate) fn losses(old: &Blueprint, new: &Blueprint) -> Vec<String> {
    let Blueprint {
        name,
        region,
        vpcs,
        subnets,
        route_tables,
        enis,
        security_groups,
        peerings,
        balancers,
        target_groups,
        services,
        endpoints,
        zones,
        public_names,
        clusters,
        clients,
        denials,
        steps,
        defaults,
        origins,
        network_acls,
        transit_gateways,
        transit_attachments,
        transit_tables,
        transit_peerings,
        resource_gateways,
        resource_configurations,
        gateways,
        resolver_rules,
        existing,
    } = old;
    let mut losses = Vec::new();
    let lost = &mut losses;
    map(lost, "vpc", vpcs, &new.vpcs, PartialEq::eq);
    map(lost, "subnet", subnets, &new.subnets, PartialEq::eq);
    map(lost, "route table", route_tables, &new.route_tables, table);
    map(lost, "interface", enis, &new.enis, PartialEq::eq);
    map(lost, "group", security_groups, &new.security_groups, group);
    map(lost, "peering", peerings, &new.peerings, PartialEq::eq);
    map(lost, "balancer", balancers, &new.balancers, balancer);
    map(
        lost,
        "target group",
        target_groups,
        &new.target_groups,
        targets,
    );
    map(lost, "service", services, &new.services, service);
    map(lost, "endpoint", endpoints, &new.endpoints, PartialEq::eq);
    map(lost, "zone", zones, &new.zones, zone);
    map(
        lost,
        "public name",
        public_names,
        &new.public_names,
        PartialEq::eq,
    );
    map(lost, "cluster", clusters, &new.clusters, cluster);
    map(lost, "client", clients, &new.clients, client);
    map(lost, "origin", origins, &new.origins, PartialEq::eq);
    same(lost, "network ACL", network_acls, &new.network_acls);
    same(
        lost,
        "transit peering",
        transit_peerings,
        &new.transit_peerings,
    );
    same(
        lost,
        "resource gateway",
        resource_gateways,
        &new.resource_gateways,
    );
    same(lost, "resolver rule", resolver_rules, &new.resolver_rules);
    same(lost, "existing id", existing, &new.existing);
    map(
        lost,
        "transit gateway",
        transit_gateways,
        &new.transit_gateways,
        transit_gateway,
    );
    map(
        lost,
        "transit attachment",
        transit_attachments,
        &new.transit_attachments,
        transit_attachment,
    );
    map(
        lost,
        "transit table",
        transit_tables,
        &new.transit_tables,
        transit_table,
    );
    map(
        lost,
        "resource configuration",
        resource_configurations,
        &new.resource_configurations,
        resource,
    );
    map(lost, "gateway", gateways, &new.gateways, gateway);
    list(lost, "denial", denials, &new.denials);
    list(lost, "step", steps, &new.steps);
    list(lost, "default", defaults, &new.defaults);
    if (name, region) != (&new.name, &new.region) {
        lost.push("name or Region".to_owned());
    }
    losses
}

/// Objects without members of their own.
fn same<K: Ord + Debug, V: Debug + PartialEq>(
    losses: &mut Vec<String>,
    kind: &str,
    old: &BTreeMap<K, V>,
    new: &BTreeMap<K, V>,
) {
    map(losses, kind, old, new, PartialEq::eq);
}

fn map<K: Ord + Debug, V: Debug>(
    losses: &mut Vec<String>,
    kind: &str,
    old: &BTreeMap<K, V>,
    new: &BTreeMap<K, V>,
    keeps: impl Fn(&V, &V) -> bool,
) {
    for (id, value) in old {
        match new.get(id) {
            None => losses.push(format!("{kind} {id:?} is gone")),
            Some(other) if !keeps(value, other) => {
                losses.push(format!("{kind} {id:?} was {value:?} and is {other:?}"));
            }
            Some(_) => {}
        }
    }
}

fn list<T: PartialEq + Debug>(losses: &mut Vec<String>, kind: &str, old: &[T], new: &[T]) {
    let gone = old.iter().filter(|item| !new.contains(item));
    losses.extend(gone.map(|item| format!("{kind} {item:?} is gone")));
}

fn within<T: PartialEq>(old: &[T], new: &[T]) -> bool {
    old.iter().all(|item| new.contains(item))
}

fn entries<K: Ord, V: PartialEq>(old: &BTreeMap<K, V>, new: &BTreeMap<K, V>) -> bool {
    old.iter().all(|(key, value)| new.get(key) == Some(value))
}

fn table(old: &RouteTable, new: &RouteTable) -> bool {
    old.vpc == new.vpc && new.routes.starts_with(&old.routes)
}

fn group(old: &SecurityGroup, new: &SecurityGroup) -> bool {
    old.vpc == new.vpc && covered(&old.ingress, &new.ingress) && covered(&old.egress, &new.egress)
}

fn covered(old: &[Rule], new: &[Rule]) -> bool {
    old.iter().all(|rule| {
        new.iter().any(|other| {
            other.peer == rule.peer
                && other.because == rule.because
                && other.from_port <= rule.from_port
                && rule.to_port <= other.to_port
        })
    })
}

fn balancer(old: &LoadBalancer, new: &LoadBalancer) -> bool {
    let listeners = old.listeners.clone();
    entries(&old.listeners, &new.listeners)
        && *old
            == LoadBalancer {
                listeners,
                ..new.clone()
            }
}

fn targets(old: &TargetGroup, new: &TargetGroup) -> bool {
    let targets = old.targets.clone();
    within(&old.targets, &new.targets)
        && *old
            == TargetGroup {
                targets,
                ..new.clone()
            }
}

fn transit_gateway(old: &TransitGateway, new: &TransitGateway) -> bool {
    let shared_with = old.shared_with.clone();
    shared_with.is_subset(&new.shared_with)
        && *old
            == TransitGateway {
                shared_with,
                ..new.clone()
            }
}

fn transit_attachment(old: &TransitAttachment, new: &TransitAttachment) -> bool {
    let subnets = old.subnets.clone();
    entries(&subnets, &new.subnets)
        && *old
            == TransitAttachment {
                subnets,
                ..new.clone()
            }
}

fn transit_table(old: &TransitTable, new: &TransitTable) -> bool {
    old.gateway == new.gateway
        && old.propagations.is_subset(&new.propagations)
        && new.routes.starts_with(&old.routes)
}

fn service(old: &EndpointService, new: &EndpointService) -> bool {
    let allowed_accounts: BTreeSet<String> = old.allowed_accounts.clone();
    allowed_accounts.is_subset(&new.allowed_accounts)
        && *old
            == EndpointService {
                allowed_accounts,
                ..new.clone()
            }
}

fn zone(old: &HostedZone, new: &HostedZone) -> bool {
    let (vpcs, records) = (old.vpcs.clone(), old.records.clone());
    vpcs.is_subset(&new.vpcs)
        && entries(&records, &new.records)
        && *old
            == HostedZone {
                vpcs,
                records,
                ..new.clone()
            }
}

fn resource(old: &ResourceConfiguration, new: &ResourceConfiguration) -> bool {
    let allowed_accounts = old.allowed_accounts.clone();
    allowed_accounts.is_subset(&new.allowed_accounts)
        && *old
            == ResourceConfiguration {
                allowed_accounts,
                ..new.clone()
            }
}

fn gateway(old: &Gateway, new: &Gateway) -> bool {
    let names = old.names.clone();
    entries(&names, &new.names)
        && *old
            == Gateway {
                names,
                ..new.clone()
            }
}

fn cluster(old: &Cluster, new: &Cluster) -> bool {
    let (brokers, service_names) = (old.brokers.clone(), old.service_names.clone());
    let kept = |id: &u32, old: &Broker| new.brokers.get(id).is_some_and(|new| broker(old, new));
    let vpc_connectivity = old.vpc_connectivity.clone();
    let let_in = |(auth, accounts): (&Auth, &BTreeSet<String>)| {
        let others = new.vpc_connectivity.get(auth);
        others.is_some_and(|others| accounts.is_subset(others))
    };
    brokers.iter().all(|(id, old)| kept(id, old))
        && vpc_connectivity.iter().all(let_in)
        && entries(&service_names, &new.service_names)
        && *old
            == Cluster {
                brokers,
                service_names,
                vpc_connectivity,
                ..new.clone()
            }
}

fn client(old: &Client, new: &Client) -> bool {
    let (bootstrap, enis) = (old.bootstrap.clone(), old.enis.clone());
    within(&bootstrap, &new.bootstrap)
        && within(&enis, &new.enis)
        && *old
            == Client {
                bootstrap,
                enis,
                ..new.clone()
            }
}

fn broker(old: &Broker, new: &Broker) -> bool {
    old.eni == new.eni && entries(&old.listeners, &new.listeners)
}
