//! What "the difference only adds" means: every object of the old blueprint is in the new one
//! and equal, and a container may gain members. Containers are the lists and maps whose members
//! are objects, or belong to one: targets of a target group, listeners of a balancer, allowed
//! accounts of a service, VPCs and records of a zone, routes of a table, accounts a transit
//! gateway is shared with, its attachments' subnets and its tables' propagations, rules of a group,
//! brokers, their listeners and their names in a cluster, accounts its policy lets connect,
//! bootstrap servers and interfaces of a client, clients that the title of a step names, names of
//! a gateway. A rule counts as kept
//! if rules towards the same peer cover its ports, since neighbouring ports are merged.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Debug;

use blueprint::balancing::{EndpointService, LoadBalancer, ResourceConfiguration, TargetGroup};
use blueprint::dns::HostedZone;
use blueprint::gateway::Gateway;
use blueprint::kafka::{Broker, Client, Cluster};
use blueprint::network::{RouteTable, Rule, SecurityGroup};
use blueprint::spec::Auth;
use blueprint::step::StepKind;
use blueprint::transit::{TransitAttachment, TransitGateway, TransitTable};
use blueprint::{Blueprint, Step};

/// What the new blueprint takes away or changes, one line each.
pub(crate) fn losses(old: &Blueprint, new: &Blueprint) -> Vec<String> {
    compared_whole(old);
    let mut sides = Sides {
        old,
        new,
        losses: Vec::new(),
    };
    sides.places();
    sides.balancing();
    sides.carriers();
    sides.kafka();
    if (&old.name, &old.region) != (&new.name, &new.region) {
        sides.losses.push("name or Region".to_owned());
    }
    sides.losses
}

/// Names every field of a blueprint, so that a new one is not forgotten by [`Sides`].
fn compared_whole(blueprint: &Blueprint) {
    let Blueprint {
        name: _,
        region: _,
        vpcs: _,
        subnets: _,
        route_tables: _,
        enis: _,
        security_groups: _,
        peerings: _,
        balancers: _,
        target_groups: _,
        services: _,
        endpoints: _,
        zones: _,
        public_names: _,
        clusters: _,
        clients: _,
        denials: _,
        steps: _,
        defaults: _,
        origins: _,
        network_acls: _,
        transit_gateways: _,
        transit_attachments: _,
        transit_tables: _,
        transit_peerings: _,
        resource_gateways: _,
        resource_configurations: _,
        gateways: _,
        resolver_rules: _,
        existing: _,
    } = blueprint;
}

/// Both blueprints, and what is lost between them.
struct Sides<'b> {
    old: &'b Blueprint,
    new: &'b Blueprint,
    losses: Vec<String>,
}

impl<'b> Sides<'b> {
    fn kept<K: Ord + Debug + 'b, V: Debug + 'b>(
        &mut self,
        kind: &str,
        of: impl Fn(&'b Blueprint) -> &'b BTreeMap<K, V>,
        is_kept: fn(&V, &V) -> bool,
    ) {
        map(&mut self.losses, kind, of(self.old), of(self.new), is_kept);
    }

    fn places(&mut self) {
        self.kept("vpc", |b| &b.vpcs, PartialEq::eq);
        self.kept("subnet", |b| &b.subnets, PartialEq::eq);
        self.kept("route table", |b| &b.route_tables, table);
        self.kept("network ACL", |b| &b.network_acls, PartialEq::eq);
        self.kept("interface", |b| &b.enis, PartialEq::eq);
        self.kept("group", |b| &b.security_groups, group);
        self.kept("zone", |b| &b.zones, zone);
        self.kept("public name", |b| &b.public_names, PartialEq::eq);
        self.kept("resolver rule", |b| &b.resolver_rules, PartialEq::eq);
        self.kept("existing id", |b| &b.existing, PartialEq::eq);
        self.kept("origin", |b| &b.origins, PartialEq::eq);
    }

    fn balancing(&mut self) {
        self.kept("balancer", |b| &b.balancers, balancer);
        self.kept("target group", |b| &b.target_groups, targets);
        self.kept("service", |b| &b.services, service);
        self.kept("endpoint", |b| &b.endpoints, PartialEq::eq);
        self.kept("resource gateway", |b| &b.resource_gateways, PartialEq::eq);
        self.kept(
            "resource configuration",
            |b| &b.resource_configurations,
            resource,
        );
        self.kept("gateway", |b| &b.gateways, gateway);
    }

    fn carriers(&mut self) {
        self.kept("peering", |b| &b.peerings, PartialEq::eq);
        self.kept("transit gateway", |b| &b.transit_gateways, transit_gateway);
        self.kept(
            "transit attachment",
            |b| &b.transit_attachments,
            transit_attachment,
        );
        self.kept("transit table", |b| &b.transit_tables, transit_table);
        self.kept("transit peering", |b| &b.transit_peerings, PartialEq::eq);
    }

    fn kafka(&mut self) {
        self.kept("cluster", |b| &b.clusters, cluster);
        self.kept("client", |b| &b.clients, client);
        list(
            &mut self.losses,
            "denial",
            &self.old.denials,
            &self.new.denials,
        );
        for step in &self.old.steps {
            let mut steps = self.new.steps.iter();
            if !steps.any(|new| new == step || names_more(step, new)) {
                self.losses.push(format!("step {step:?} is gone"));
            }
        }
        list(
            &mut self.losses,
            "default",
            &self.old.defaults,
            &self.new.defaults,
        );
    }
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

/// Whether a step tells whom it told the same, and perhaps others.
fn names_more(old: &Step, new: &Step) -> bool {
    let named = |step: &Step| -> BTreeSet<String> {
        let words = step.title.split('`').skip(1).step_by(2);
        words.map(str::to_owned).collect()
    };
    let title = old.title.clone();
    let same = Step {
        title,
        ..new.clone()
    };
    matches!(old.kind, StepKind::ClientSettings(_))
        && same == *old
        && named(old).is_subset(&named(new))
}
