//! Clusters and their brokers: what each listener advertises, who votes, what they are set to.

use std::collections::{BTreeMap, BTreeSet};
use std::net::Ipv4Addr;

use blueprint::diagnostic::{At, Diagnostic};
use blueprint::ids::{ClusterId, VpcId};
use blueprint::kafka::{self, Broker, BrokerListener, HostPort};
use blueprint::spec::{Auth, ClusterKind};

use crate::draft::Draft;
use crate::intent::Cluster;
use crate::settled::{Choices, Settled};
use crate::{advertised, listeners, naming, ports, settings, template};

/// Voters where there are brokers enough: a majority survives the loss of one.
const VOTERS: usize = 3;

/// Writes every cluster with the brokers that have an interface.
pub(crate) fn write(settled: &Settled<'_>, draft: &mut Draft) {
    for cluster in &settled.asked.clusters {
        let choices = settled.choices(cluster);
        let addresses = addresses(cluster, draft);
        let brokers = brokers(cluster, choices, &addresses, draft);
        let advertised_by = advertised::settle(cluster, choices, &brokers, draft);
        let written = kafka::Cluster {
            kind: cluster.asked.kind,
            vpc: VpcId::from(cluster.vpc.name),
            kafka_version: cluster.asked.kafka_version.clone(),
            instance_type: cluster.asked.instance_type.clone(),
            zookeeper: cluster.asked.zookeeper,
            bootstrap_names: cluster.boot_hosts(),
            vpc_connectivity: connectivity(choices),
            suffix: cluster.suffix.clone(),
            brokers,
            inter_broker_listener: choices.listeners.inter_broker.to_owned(),
            controller_listener: listeners::CONTROLLER.to_owned(),
            controllers: voters(&addresses, choices.listeners.controller_port),
            settings: settings::settle(cluster, draft),
            advertised_by,
            service_names: service_names(cluster, &addresses),
        };
        let id = ClusterId::from(cluster.name);
        draft.origin(&id, &cluster.key);
        draft.blueprint.clusters.insert(id, written);
    }
}

/// The schemes for which MSK's VPC connectivity is on, and who may connect.
fn connectivity(choices: &Choices) -> BTreeMap<Auth, BTreeSet<String>> {
    let schemes = choices.patterns.multi_vpc.iter();
    let schemes = schemes.flat_map(|own| &own.schemes);
    schemes
        .map(|scheme| (scheme.auth, scheme.accounts.clone()))
        .collect()
}

/// The addresses of a cluster's brokers, by id.
pub(crate) fn addresses(cluster: &Cluster<'_>, draft: &Draft) -> BTreeMap<u32, Ipv4Addr> {
    let held = cluster.brokers.iter().filter_map(|id| {
        let eni = draft
            .blueprint
            .enis
            .get(&naming::broker_eni(cluster.name, *id))?;
        Some((*id, eni.address))
    });
    held.collect()
}

/// The lowest ids vote.
fn voters(addresses: &BTreeMap<u32, Ipv4Addr>, port: u16) -> BTreeMap<u32, (Ipv4Addr, u16)> {
    let n_voters = if addresses.len() < VOTERS { 1 } else { VOTERS };
    let lowest = addresses.iter().take(n_voters);
    lowest
        .map(|(id, address)| (*id, (*address, port)))
        .collect()
}

/// MSK's brokers have a resolver of their own, which knows both names of each.
fn service_names(
    cluster: &Cluster<'_>,
    addresses: &BTreeMap<u32, Ipv4Addr>,
) -> BTreeMap<String, Ipv4Addr> {
    match cluster.asked.kind {
        ClusterKind::Ec2 => BTreeMap::new(),
        ClusterKind::Msk | ClusterKind::MskExpress | ClusterKind::MskServerless => {
            both_names(cluster, addresses)
        }
    }
}

/// The name for clients and the name for brokers, of each broker.
pub(crate) fn both_names(
    cluster: &Cluster<'_>,
    addresses: &BTreeMap<u32, Ipv4Addr>,
) -> BTreeMap<String, Ipv4Addr> {
    let named = addresses.iter().flat_map(|(id, address)| {
        let hosts = [cluster.broker_host(*id), cluster.internal_host(*id)];
        hosts.map(|host| (host, *address))
    });
    named.collect()
}

fn brokers(
    cluster: &Cluster<'_>,
    choices: &Choices,
    addresses: &BTreeMap<u32, Ipv4Addr>,
    draft: &mut Draft,
) -> BTreeMap<u32, Broker> {
    let mut brokers: BTreeMap<u32, Broker> = addresses
        .keys()
        .map(|id| {
            let broker = Broker {
                eni: naming::broker_eni(cluster.name, *id),
                listeners: BTreeMap::new(),
            };
            (*id, broker)
        })
        .collect();
    for (name, listener) in &choices.listeners.bound {
        let advertised = advertised(cluster, choices, name, listener.port, draft);
        for (id, broker) in &mut brokers {
            let mut certificate_names = match listener.auth {
                Auth::None => BTreeSet::new(),
                Auth::Tls | Auth::Mtls | Auth::Scram | Auth::Iam => cluster.certificate(*id),
            };
            let managed = choices.managed_names(name);
            let managed = managed.and_then(|names| names.get(id));
            certificate_names.extend(managed.map(|at| at.host.clone()));
            let listener = BrokerListener {
                port: listener.port,
                advertised: advertised.get(id).cloned(),
                protocol: listener.protocol().to_owned(),
                auth: listener.auth,
                certificate_names,
            };
            broker.listeners.insert(name.clone(), listener);
        }
    }
    brokers
}

/// What a listener advertises on each broker.
fn advertised(
    cluster: &Cluster<'_>,
    choices: &Choices,
    listener: &str,
    port: u16,
    draft: &mut Draft,
) -> BTreeMap<u32, HostPort> {
    if let Some(names) = choices.managed_names(listener) {
        let because = "the names and ports MSK gives to VPC connections";
        let value = names.values().next().map(ToString::to_string);
        let key = cluster.key.key("advertised").key(listener);
        draft.fill(key, value.unwrap_or_default(), because);
        return names.clone();
    }
    match &cluster.asked.advertised {
        Some(said) => match said.get(listener) {
            Some(template) => from_template(cluster, listener, template, draft),
            None => BTreeMap::new(),
        },
        None => by_choice(cluster, choices, listener, port, draft),
    }
}

fn from_template(
    cluster: &Cluster<'_>,
    listener: &str,
    template: &str,
    draft: &mut Draft,
) -> BTreeMap<u32, HostPort> {
    let mut filled = BTreeMap::new();
    let mut fault = None;
    for id in &cluster.brokers {
        match template::fill(template, *id) {
            Ok(at) => {
                filled.insert(*id, at);
            }
            Err(why) => fault = fault.or(Some((*id, why))),
        }
    }
    if let Some((id, why)) = fault {
        let key = cluster.key.key("advertised").key(listener);
        let title = format!(
            "`{listener}` of `{}` has no address to advertise",
            cluster.name
        );
        let fault = Diagnostic::error("malformed-template", title, At::Value(key))
            .label(format!("broker {id}: {why}"))
            .help("write `host:port`, such as `b-{id}.orders.internal:{9000+id}`");
        draft.report(fault);
    }
    filled
}

/// The broker's own name, with the balancer's port on the listener behind it.
fn by_choice(
    cluster: &Cluster<'_>,
    choices: &Choices,
    listener: &str,
    port: u16,
    draft: &mut Draft,
) -> BTreeMap<u32, HostPort> {
    let key = cluster.key.key("advertised").key(listener);
    let suffix = &cluster.suffix;
    if listener == choices.listeners.inter_broker {
        let because = "brokers name each other apart from what clients are told";
        draft.fill(key, format!("b-{{id}}-internal.{suffix}:{port}"), because);
        let named = cluster
            .brokers
            .iter()
            .map(|id| (*id, cluster.internal_host(*id)));
        return named
            .map(|(id, host)| (id, HostPort { host, port }))
            .collect();
    }
    let set = choices.set_behind(listener);
    let form = cluster.host_form();
    match set {
        None => draft.fill(
            key,
            format!("{form}:{port}"),
            "the broker's own name and port",
        ),
        Some(set) => {
            let port = ports::base(&set.advertised).map_or_else(
                || "as the balancer listens".to_owned(),
                |base| format!("{{{base}+id}}"),
            );
            let because = "the broker's own name, at the port where the balancer leads to it";
            draft.fill(key, format!("{form}:{port}"), because);
        }
    }
    let moved = |id: &u32| set.and_then(|set| set.advertised.get(id)).copied();
    let named = cluster.brokers.iter().map(|id| {
        let at = HostPort {
            host: cluster.broker_host(*id),
            port: moved(id).unwrap_or(port),
        };
        (*id, at)
    });
    named.collect()
}
