//! Breezeway's Kafka-aware gateway: its instances behind one balancer, and how it tells brokers
//! apart. Ports and names are kept ahead for brokers to come, so that they change nothing here.

use std::collections::{BTreeMap, BTreeSet};

use blueprint::gateway::Gateway;
use blueprint::ids::{ClusterId, EniId, GatewayId, VpcId, ZoneId};
use blueprint::kafka::HostPort;
use blueprint::key::SpecKey;
use blueprint::spec::{Auth, GatewayMode, Ports};

use crate::draft::Draft;
use crate::front::{self, LISTENERS_PER_BALANCER, Tuning};
use crate::intent::{Cluster, Intent, Link, Means};
use crate::layout::Plots;
use crate::{listeners, naming, said, sets};

/// Brokers to come are counted in steps of this many.
const RESERVE: u32 = 8;

/// Instances where nothing is said: one may be down.
const INSTANCES: u32 = 2;

/// Instances at most: as many targets as a balancer has in a zone would be no limit to a typo.
const MOST_INSTANCES: usize = 64;

/// Port of every broker where names tell them apart: Kafka's usual one for TLS.
const SNI_PORT: u16 = 9094;

/// Ports from one scheme to the next.
const BLOCK: u16 = 1000;

/// A cluster's side of the pattern.
pub(crate) struct Gateways {
    /// The first connection that needs it.
    pub(crate) key: SpecKey,
    pub(crate) mode: GatewayMode,
    /// The domain of the names it is dialled by, in the modes that rewrite names.
    pub(crate) domain: String,
    /// Zones in which its balancer has a node, in order.
    pub(crate) zones: Vec<ZoneId>,
    /// How many instances.
    pub(crate) instances: u32,
    pub(crate) cross_zone: bool,
    pub(crate) tuning: Tuning,
    pub(crate) schemes: Vec<Scheme>,
}

/// The gateway of one scheme.
pub(crate) struct Scheme {
    pub(crate) id: GatewayId,
    /// The brokers' listener that it dials.
    pub(crate) listener: &'static str,
    /// Its listener's position among the cluster's.
    pub(crate) position: usize,
    pub(crate) port: u16,
    pub(crate) slots: BTreeMap<u16, u32>,
    pub(crate) names: BTreeMap<String, u32>,
    pub(crate) bootstrap_names: BTreeSet<String>,
    pub(crate) advertised: BTreeMap<u32, HostPort>,
    certificate: BTreeSet<String>,
}

impl Scheme {
    /// Every port it listens on.
    pub(crate) fn ports(&self) -> BTreeSet<u16> {
        self.slots.keys().copied().chain([self.port]).collect()
    }

    /// What clients are told to dial for the brokers there are.
    pub(crate) fn told(&self, cluster: &Cluster<'_>) -> Vec<HostPort> {
        let ids = cluster.brokers.iter();
        ids.filter_map(|id| self.advertised.get(id).cloned())
            .collect()
    }

    /// Every name that leads to it.
    pub(crate) fn hosts(&self) -> BTreeSet<String> {
        let names = self.names.keys().chain(&self.bootstrap_names);
        names.cloned().collect()
    }

    /// What a client bootstraps from: the names over all brokers, or else every broker's.
    pub(crate) fn bootstrap(&self, cluster: &Cluster<'_>) -> Vec<HostPort> {
        let common: Vec<&String> = self.bootstrap_names.iter().collect();
        let own: Vec<&String> = self
            .names
            .iter()
            .filter(|(_, id)| cluster.brokers.contains(id))
            .map(|(host, _)| host)
            .collect();
        let hosts = if common.is_empty() { own } else { common };
        hosts
            .into_iter()
            .map(|host| HostPort {
                host: host.clone(),
                port: self.port,
            })
            .collect()
    }

    /// As the blueprint holds it.
    pub(crate) fn written(
        &self,
        cluster: &Cluster<'_>,
        mode: GatewayMode,
        instances: Vec<EniId>,
    ) -> Gateway {
        Gateway {
            cluster: ClusterId::from(cluster.name),
            vpc: VpcId::from(cluster.vpc.name),
            mode,
            instances,
            port: self.port,
            slots: self.slots.clone(),
            names: self.names.clone(),
            bootstrap_names: self.bootstrap_names.clone(),
            advertised: self.advertised.clone(),
            listener: self.listener.to_owned(),
            certificate_names: self.certificate.clone(),
        }
    }
}

impl Gateways {
    /// The gateway of clients who use a scheme.
    pub(crate) fn scheme(&self, cluster: &Cluster<'_>, auth: Auth) -> Option<&Scheme> {
        let position = sets::position(cluster, auth);
        self.schemes
            .iter()
            .find(|scheme| scheme.position == position)
    }

    /// The interfaces of a scheme's instances.
    pub(crate) fn instances_of(&self, scheme: &Scheme) -> Vec<EniId> {
        let nth = 1..=usize::try_from(self.instances).unwrap_or(MOST_INSTANCES);
        let bounded = nth.take(MOST_INSTANCES);
        bounded
            .map(|nth| naming::gateway_eni(&scheme.id, nth))
            .collect()
    }

    /// Whether it gives names of its own in place of the brokers'.
    pub(crate) fn rewrites(&self) -> bool {
        match self.mode {
            GatewayMode::Port | GatewayMode::Sni => true,
            GatewayMode::SniPassthrough => false,
        }
    }
}

/// Settles the pattern, if a connection needs it.
pub(super) fn settle(
    cluster: &Cluster<'_>,
    intent: &Intent<'_>,
    plots: &Plots,
    draft: &mut Draft,
) -> Option<Gateways> {
    let links = super::links(intent, cluster, Means::Gateway);
    let first = links.first()?;
    let zones = front::balancer_zones(cluster, &links, plots, draft);
    let mode = mode(&links, draft);
    let domain = domain(cluster, &links, mode, draft);
    let used = sets::listeners_used(cluster, &links, intent).into_iter();
    let asked = Asked::new(&links, draft);
    let schemes = used
        .map(|used| scheme(cluster, (mode, &domain), used, &asked, draft))
        .collect();
    Some(Gateways {
        key: first.key.clone(),
        mode,
        domain,
        instances: instances(&links, draft),
        cross_zone: cross_zone(&links, draft),
        tuning: front::tuning(&links, draft),
        zones,
        schemes,
    })
}

fn mode(links: &[&Link<'_>], draft: &mut Draft) -> GatewayMode {
    let found = said::said(
        links,
        "mode",
        super::ONE_PATTERN,
        |c| c.mode.as_ref(),
        draft,
    );
    if let Some((_, mode)) = found {
        return *mode;
    }
    let mode = GatewayMode::default();
    if let Some(first) = links.first() {
        draft.fill(
            first.key.key("mode"),
            mode,
            "it serves every scheme that a gateway can",
        );
    }
    mode
}

fn instances(links: &[&Link<'_>], draft: &mut Draft) -> u32 {
    let name = "instances";
    let found = said::said(
        links,
        name,
        super::ONE_PATTERN,
        |c| c.instances.as_ref(),
        draft,
    );
    if let Some((_, instances)) = found {
        return *instances;
    }
    if let Some(first) = links.first() {
        draft.fill(first.key.key(name), INSTANCES, "one may be down");
    }
    INSTANCES
}

fn cross_zone(links: &[&Link<'_>], draft: &mut Draft) -> bool {
    let name = "cross_zone";
    let found = said::said(
        links,
        name,
        super::ONE_PATTERN,
        |c| c.cross_zone.as_ref(),
        draft,
    );
    if let Some((_, value)) = found {
        return *value;
    }
    if let Some(first) = links.first() {
        let because = "a zone without an instance of the gateway is served by another";
        draft.fill(first.key.key(name), true, because);
    }
    true
}

/// The domain of the gateway's own names.
fn domain(
    cluster: &Cluster<'_>,
    links: &[&Link<'_>],
    mode: GatewayMode,
    draft: &mut Draft,
) -> String {
    let name = "zone_name";
    let found = said::said(
        links,
        name,
        super::ONE_PATTERN,
        |c| c.zone_name.as_ref(),
        draft,
    );
    if let Some((_, said)) = found {
        return said.trim_end_matches('.').to_lowercase();
    }
    let domain = naming::gateway_domain(cluster.name);
    let rewrites = mode != GatewayMode::SniPassthrough;
    if let Some(first) = links.first().filter(|_| rewrites) {
        let because = "a domain of its own, which hides nothing";
        draft.fill(first.key.key(name), &domain, because);
    }
    domain
}

/// What connections say of its ports and its certificate.
struct Asked<'s> {
    key: SpecKey,
    ports: Option<&'s Ports>,
    certificate: Option<&'s Vec<String>>,
}

impl<'s> Asked<'s> {
    fn new(links: &[&Link<'s>], draft: &mut Draft) -> Self {
        let why = super::ONE_PATTERN;
        let ports = said::said(links, "ports", why, |c| c.ports.as_ref(), draft);
        let name = "certificate_names";
        let names = said::said(links, name, why, |c| c.certificate_names.as_ref(), draft);
        Self {
            key: links
                .first()
                .map(|link| link.key.clone())
                .unwrap_or_default(),
            ports: ports.map(|(_, ports)| ports),
            certificate: names.map(|(_, names)| names),
        }
    }
}

fn scheme(
    cluster: &Cluster<'_>,
    (mode, domain): (GatewayMode, &str),
    (listener, auth): (&'static str, Auth),
    asked: &Asked<'_>,
    draft: &mut Draft,
) -> Scheme {
    let position = sets::position(cluster, auth);
    let mut scheme = Scheme {
        id: naming::gateway(cluster.name, position, auth),
        listener,
        position,
        port: port(cluster, mode, (listener, auth), asked, draft),
        slots: BTreeMap::new(),
        names: BTreeMap::new(),
        bootstrap_names: BTreeSet::new(),
        advertised: BTreeMap::new(),
        certificate: BTreeSet::new(),
    };
    let common = format!("bootstrap.{domain}");
    match mode {
        GatewayMode::Port => {
            scheme.slots = slots(cluster, scheme.port, asked);
            scheme.bootstrap_names = BTreeSet::from([common.clone()]);
            let told = scheme.slots.iter().map(|(port, id)| {
                let at = HostPort {
                    host: common.clone(),
                    port: *port,
                };
                (*id, at)
            });
            scheme.advertised = told.collect();
            if auth != Auth::None {
                scheme.certificate = certificate(asked, common);
            }
        }
        GatewayMode::Sni => {
            scheme.bootstrap_names = BTreeSet::from([common]);
            for id in reserved(cluster) {
                let host = format!("b{id}.{domain}");
                scheme.names.insert(host.clone(), id);
                let port = scheme.port;
                scheme.advertised.insert(id, HostPort { host, port });
            }
            scheme.certificate = certificate(asked, format!("*.{domain}"));
        }
        GatewayMode::SniPassthrough => {
            let own = cluster
                .brokers
                .iter()
                .map(|id| (cluster.broker_host(*id), *id));
            scheme.names = own.collect();
            let common = cluster.common_hosts().into_iter();
            scheme.bootstrap_names = common
                .filter(|host| cluster.is_certified(host, auth))
                .collect();
        }
    }
    scheme
}

fn certificate(asked: &Asked<'_>, default: String) -> BTreeSet<String> {
    match asked.certificate {
        Some(said) => said.iter().map(|name| name.to_lowercase()).collect(),
        None => BTreeSet::from([default]),
    }
}

/// The port clients bootstrap from, and in both modes by name that of every broker. What is
/// passed through unread keeps the port that the brokers advertise.
fn port(
    cluster: &Cluster<'_>,
    mode: GatewayMode,
    (listener, auth): (&str, Auth),
    asked: &Asked<'_>,
    draft: &mut Draft,
) -> u16 {
    let key = asked.key.key("ports");
    let shift = u16::try_from(sets::position(cluster, auth)).unwrap_or(u16::MAX);
    let shift = shift.saturating_mul(BLOCK);
    let said = match asked.ports {
        Some(Ports::Base(base)) => Some(*base),
        Some(Ports::Each { bootstrap, .. }) => *bootstrap,
        None => None,
    };
    let said = said.filter(|port| *port != 0);
    let (default, because) = match mode {
        GatewayMode::Port => (
            sets::DEFAULT_BASE,
            "the bootstrap port; broker n has it + n",
        ),
        GatewayMode::Sni => (SNI_PORT, "names tell brokers apart, so one port serves all"),
        GatewayMode::SniPassthrough => {
            let port = listeners::port(cluster, listener, auth);
            let because = "what is passed through arrives at the port that brokers advertise";
            draft.fill(key, port, because);
            return port;
        }
    };
    if said.is_none() {
        draft.fill(key, default.saturating_add(shift), because);
    }
    said.unwrap_or(default).saturating_add(shift)
}

/// Broker ids that have a slot: up to the next multiple of [`RESERVE`] above the highest.
fn reserved(cluster: &Cluster<'_>) -> BTreeSet<u32> {
    let dense = u32::try_from(LISTENERS_PER_BALANCER - 2).unwrap_or(u32::MAX);
    let highest = cluster.brokers.iter().max().copied().unwrap_or_default();
    let end = (highest / RESERVE)
        .saturating_add(1)
        .saturating_mul(RESERVE);
    let ids = cluster.brokers.iter().copied();
    ids.chain(1..=end.min(dense))
        .chain(highest.saturating_add(1)..=end)
        .collect()
}

/// A port for each broker there is or may come.
fn slots(cluster: &Cluster<'_>, bootstrap: u16, asked: &Asked<'_>) -> BTreeMap<u16, u32> {
    let at = |id: u32| u16::try_from(u64::from(bootstrap) + u64::from(id)).ok();
    let slots = match asked.ports {
        Some(Ports::Each { brokers, .. }) => {
            brokers.iter().map(|(id, port)| (*port, *id)).collect()
        }
        Some(Ports::Base(_)) | None => {
            let ids = reserved(cluster).into_iter();
            ids.filter_map(|id| Some((at(id)?, id)))
                .collect::<BTreeMap<_, _>>()
        }
    };
    let free = |(port, _): &(u16, u32)| *port != bootstrap && *port != 0;
    slots.into_iter().filter(free).collect()
}
