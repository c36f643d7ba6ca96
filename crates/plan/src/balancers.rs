//! Every balancer as settled, whatever pattern it belongs to: where its nodes stand, on which
//! ports it listens, and which interfaces take what arrives.

use std::collections::BTreeSet;

use blueprint::ids::{BalancerId, EniId, SecurityGroupId, ServiceId, TargetGroupId, ZoneId};
use blueprint::key::SpecKey;
use blueprint::spec::Auth;

use crate::addresses::Band;
use crate::front::{Front, Tuning};
use crate::intent::Cluster;
use crate::listeners::Listeners;
use crate::naming;
use crate::patterns::gateways::Gateways;
use crate::patterns::multi_vpc::MultiVpc;
use crate::patterns::per_broker::PerBroker;
use crate::settled::Choices;

/// A balancer and the service in front of it.
pub(crate) struct Balancer {
    pub(crate) id: BalancerId,
    pub(crate) service: ServiceId,
    pub(crate) dns_name: String,
    pub(crate) service_name: String,
    /// The first connection that needs it.
    pub(crate) key: SpecKey,
    /// Zones with a node, in order.
    pub(crate) zones: Vec<ZoneId>,
    pub(crate) band: Band,
    pub(crate) group: SecurityGroupId,
    pub(crate) cross_zone: bool,
    pub(crate) tuning: Tuning,
    pub(crate) managed: bool,
    /// Listeners, one that counts before one of the same port that does not.
    pub(crate) lines: Vec<Line>,
}

/// A listener with its target group.
pub(crate) struct Line {
    pub(crate) port: u16,
    pub(crate) targets: TargetGroupId,
    /// The connection that needs it.
    pub(crate) key: SpecKey,
    /// Who takes what arrives…
    pub(crate) to: Vec<EniId>,
    /// …on which port.
    pub(crate) at: u16,
    /// The names of its certificate, if it ends TLS.
    pub(crate) certificate: Option<BTreeSet<String>>,
}

/// Every balancer of a cluster.
pub(crate) fn settle(cluster: &Cluster<'_>, choices: &Choices) -> Vec<Balancer> {
    let shared = choices.front.iter();
    let shared = shared.map(|front| shared_balancer(cluster, front, &choices.listeners));
    let patterns = &choices.patterns;
    let per_broker = patterns.per_broker.iter();
    let per_broker = per_broker.flat_map(|own| balancer_per_broker(cluster, own, choices));
    let managed = patterns.multi_vpc.iter();
    let managed = managed.flat_map(|own| managed_balancers(cluster, own, &choices.listeners));
    let gateways = patterns.gateways.iter();
    let gateways = gateways.map(|own| gateway_balancer(cluster, own));
    shared
        .chain(per_broker)
        .chain(managed)
        .chain(gateways)
        .collect()
}

fn shared_balancer(cluster: &Cluster<'_>, front: &Front, listeners: &Listeners) -> Balancer {
    let (account, region) = (&cluster.vpc.asked.account, cluster.vpc.region);
    let all: Vec<EniId> = enis(cluster);
    let mut lines = Vec::new();
    for set in &front.sets {
        let at = listeners.port(&set.listener);
        let line = |port: u16, targets: TargetGroupId, to: Vec<EniId>| Line {
            port,
            targets,
            key: set.key.clone(),
            to,
            at,
            certificate: front.certificate.clone().filter(|_| set.auth != Auth::None),
        };
        for (id, port) in &set.ports {
            let targets = naming::broker_targets(cluster.name, *id, &set.label);
            lines.push(line(
                *port,
                targets,
                vec![naming::broker_eni(cluster.name, *id)],
            ));
        }
        let targets = naming::bootstrap_targets(cluster.name, &set.label);
        lines.push(line(set.bootstrap, targets, all.clone()));
    }
    Balancer {
        id: naming::balancer(cluster.name),
        service: naming::service(cluster.name),
        dns_name: naming::balancer_host(cluster.name, account, region),
        service_name: naming::service_name(cluster.name, account, region),
        key: front.key.clone(),
        zones: front.zones.clone(),
        band: Band::Node(cluster.ordinal),
        group: naming::balancer_group(cluster.name),
        cross_zone: front.cross_zone,
        tuning: front.tuning,
        managed: false,
        lines,
    }
}

fn enis(cluster: &Cluster<'_>) -> Vec<EniId> {
    let mut ids = cluster.brokers.clone();
    ids.sort_unstable();
    let enis = ids.iter().map(|id| naming::broker_eni(cluster.name, *id));
    enis.collect()
}

fn balancer_per_broker(cluster: &Cluster<'_>, own: &PerBroker, choices: &Choices) -> Vec<Balancer> {
    let mut balancers = Vec::new();
    for (position, id) in cluster.brokers.iter().enumerate() {
        let name = naming::balancer_of_broker(cluster.name, *id);
        let service = naming::service_of_broker(cluster.name, *id);
        let listeners = own.listeners.iter().enumerate();
        let lines = listeners.map(|(nth, (listener, auth))| Line {
            port: choices.dialled(cluster, listener, *id).port,
            targets: naming::targets_beside(&name, (0 < nth).then_some(auth.as_str())),
            key: own.key.clone(),
            to: vec![naming::broker_eni(cluster.name, *id)],
            at: choices.listeners.port(listener),
            certificate: None,
        });
        balancers.push(Balancer {
            lines: lines.collect(),
            zones: own.zones.get(id).cloned().unwrap_or_default(),
            band: Band::Beside {
                cluster: cluster.ordinal,
                nth: PER_BROKER + position,
            },
            group: naming::balancer_group(cluster.name),
            key: own.key.clone(),
            cross_zone: own.cross_zone,
            tuning: own.tuning,
            managed: false,
            ..named(cluster, name, service)
        });
    }
    balancers
}

fn managed_balancers(
    cluster: &Cluster<'_>,
    own: &MultiVpc,
    listeners: &Listeners,
) -> Vec<Balancer> {
    let balancer = |scheme: &crate::patterns::multi_vpc::Scheme| {
        let name = naming::managed_balancer(cluster.name, scheme.label);
        let service = naming::managed_service(cluster.name, scheme.label);
        let lines = scheme.advertised.iter().map(|(id, at)| Line {
            port: at.port,
            targets: naming::targets_beside(&name, Some(&id.to_string())),
            key: own.key.clone(),
            to: vec![naming::broker_eni(cluster.name, *id)],
            at: listeners.port(scheme.listener),
            certificate: None,
        });
        Balancer {
            lines: lines.collect(),
            zones: own.zones.clone(),
            band: Band::Beside {
                cluster: cluster.ordinal,
                nth: scheme.nth,
            },
            group: naming::brokers_group(cluster.name),
            key: own.key.clone(),
            cross_zone: true,
            tuning: Tuning::default(),
            managed: true,
            ..named(cluster, name, service)
        }
    };
    own.schemes.iter().map(balancer).collect()
}

fn gateway_balancer(cluster: &Cluster<'_>, own: &Gateways) -> Balancer {
    let name = naming::gateway_balancer(cluster.name);
    let service = naming::gateway_service(cluster.name);
    let mut lines = Vec::new();
    for scheme in &own.schemes {
        let to: Vec<EniId> = own.instances_of(scheme);
        lines.extend(scheme.ports().into_iter().map(|port| Line {
            port,
            targets: naming::targets_beside(&name, Some(&port.to_string())),
            key: own.key.clone(),
            to: to.clone(),
            at: port,
            certificate: None,
        }));
    }
    Balancer {
        lines,
        zones: own.zones.clone(),
        band: Band::Beside {
            cluster: cluster.ordinal,
            nth: GATEWAY_NODE,
        },
        group: naming::gateway_balancer_group(cluster.name),
        key: own.key.clone(),
        cross_zone: own.cross_zone,
        tuning: own.tuning,
        managed: false,
        ..named(cluster, name, service)
    }
}

/// A balancer with the names AWS would give it and nothing else.
fn named(cluster: &Cluster<'_>, id: BalancerId, service: ServiceId) -> Balancer {
    let (account, region) = (&cluster.vpc.asked.account, cluster.vpc.region);
    Balancer {
        dns_name: naming::host_of_balancer(&id, account, region),
        service_name: naming::service_name(service.as_str(), account, region),
        id,
        service,
        key: cluster.key.clone(),
        zones: Vec::new(),
        band: Band::Node(cluster.ordinal),
        group: naming::balancer_group(cluster.name),
        cross_zone: false,
        tuning: Tuning::default(),
        managed: false,
        lines: Vec::new(),
    }
}

/// Places in [`Band::Beside`]: the balancers of MSK's three schemes have the first ones.
const GATEWAY_NODE: usize = 3;

/// Place of the resource gateway in [`Band::Beside`].
pub(crate) const RESOURCE_GATEWAY: usize = 4;

/// Place of the first scheme's first instance of a gateway in [`Band::Beside`]; each further
/// instance is [`GATEWAY_SCHEMES`] behind it.
pub(crate) const GATEWAY_INSTANCES: usize = 5;

/// Schemes that may have a gateway each.
pub(crate) const GATEWAY_SCHEMES: usize = Auth::ALL.len();

/// Place of the first broker's own balancer in [`Band::Beside`].
const PER_BROKER: usize = 15;
