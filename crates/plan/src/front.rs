//! What the PrivateLink connections to one cluster share: the balancer's zones, its listeners,
//! and the ports the brokers advertise.

use std::collections::{BTreeMap, BTreeSet};

use blueprint::diagnostic::{At, Diagnostic};
use blueprint::ids::ZoneId;
use blueprint::key::SpecKey;
use blueprint::spec::{ClusterKind, Connection, Ports};

use crate::draft::Draft;
use crate::intent::{Cluster, Intent, Link};
use crate::layout::Plots;
use crate::listeners;

/// Port of the bootstrap listener, to which broker ids are added.
pub(crate) const DEFAULT_BASE: u16 = 9000;

/// Listeners a Network Load Balancer has at most; AWS does not raise it (NLB quotas).
pub(crate) const LISTENERS_PER_BALANCER: usize = 50;

/// A cluster's side of PrivateLink.
pub(crate) struct Front {
    /// The first connection that needs it.
    pub(crate) key: SpecKey,
    /// Zones with a node, in order.
    pub(crate) zones: Vec<ZoneId>,
    pub(crate) cross_zone: bool,
    /// Port of the listener over all brokers.
    pub(crate) bootstrap: u16,
    /// Port of each broker's listener.
    pub(crate) ports: BTreeMap<u32, u16>,
    /// Port that each broker's metadata gives.
    pub(crate) advertised: BTreeMap<u32, u16>,
    /// The brokers' listener behind it.
    pub(crate) listener: &'static str,
    /// Whether that listener is the one local clients use, so that they are moved as well.
    pub(crate) moves_local_clients: bool,
}

impl Front {
    /// Every port the balancer listens on.
    pub(crate) fn listening(&self) -> BTreeSet<u16> {
        let brokers = self.ports.values().copied();
        brokers.chain([self.bootstrap]).collect()
    }
}

/// Settles the front of a cluster, if a connection needs one.
pub(crate) fn settle(
    cluster: &Cluster<'_>,
    intent: &Intent<'_>,
    plots: &Plots,
    draft: &mut Draft,
) -> Option<Front> {
    let links: Vec<&Link> = intent.privatelinks(cluster.name).collect();
    let first = links.first()?;
    let zones = balancer_zones(cluster, &links, plots, draft);
    let cross_zone = said(
        &links,
        "cross_zone",
        |asked| asked.cross_zone.as_ref(),
        draft,
    );
    let cross_zone = cross_zone.map_or_else(
        || {
            let because = "each broker's listener has one target, which every zone must reach";
            draft.fill(first.key.key("cross_zone"), true, because);
            true
        },
        |(_, value)| *value,
    );
    let (bootstrap, ports) = listener_ports(cluster, &links, draft);
    let advertised = said(&links, "advertise", |asked| asked.advertise.as_ref(), draft);
    let advertised = match advertised {
        Some((key, ports)) => expand(ports, cluster, &key, draft),
        None => {
            let because = "a broker is dialled where the balancer listens for it";
            draft.fill(first.key.key("advertise"), "as `ports`", because);
            ports.clone()
        }
    };
    let moves_local_clients = cluster.asked.kind == ClusterKind::Msk;
    Some(Front {
        key: first.key.clone(),
        zones,
        cross_zone,
        bootstrap,
        ports,
        advertised,
        listener: if moves_local_clients {
            listeners::CLIENT
        } else {
            listeners::PRIVATELINK
        },
        moves_local_clients,
    })
}

/// The value of the first connection that says one; others that say another are reported.
fn said<'s, T: PartialEq>(
    links: &[&Link<'s>],
    name: &str,
    value: impl Fn(&'s Connection) -> Option<&'s T>,
    draft: &mut Draft,
) -> Option<(SpecKey, &'s T)> {
    let mut saying = links
        .iter()
        .filter_map(|link| Some((link, value(link.asked)?)));
    let (first, chosen) = saying.next()?;
    let key = first.key.key(name);
    for (link, _) in saying.filter(|(_, other)| *other != chosen) {
        let title = format!("connections to `{}` disagree on `{name}`", first.to.name);
        let at = At::Value(link.key.key(name));
        let fault = Diagnostic::error("contradicting-settings", title, at)
            .label("this value is not used")
            .related(At::Value(key.clone()), "the first one counts")
            .note("the PrivateLink connections to one cluster share its balancer")
            .help(format!("say `{name}` on one of them only"));
        draft.report(fault);
    }
    Some((key, chosen))
}

fn balancer_zones(
    cluster: &Cluster<'_>,
    links: &[&Link<'_>],
    plots: &Plots,
    draft: &mut Draft,
) -> Vec<ZoneId> {
    let vpc = cluster.vpc.name;
    let chosen = said(
        links,
        "balancer_zones",
        |asked| asked.balancer_zones.as_ref(),
        draft,
    );
    if let Some((key, zones)) = chosen {
        return crate::settled::zones_with_subnets(zones, vpc, plots, &key, draft);
    }
    let zones: Vec<ZoneId> = plots.zones(vpc).into_iter().cloned().collect();
    if let Some(first) = links.first() {
        let because = format!("every zone of `{vpc}`, so that each endpoint finds its own");
        draft.fill(first.key.key("balancer_zones"), list(&zones), because);
    }
    zones
}

pub(crate) fn list(zones: &[ZoneId]) -> String {
    let zones: Vec<_> = zones.iter().map(ZoneId::as_str).collect();
    format!("[{}]", zones.join(", "))
}

/// The bootstrap port and each broker's.
fn listener_ports(
    cluster: &Cluster<'_>,
    links: &[&Link<'_>],
    draft: &mut Draft,
) -> (u16, BTreeMap<u32, u16>) {
    let chosen = said(links, "ports", |asked| asked.ports.as_ref(), draft);
    let (key, ports) = match chosen {
        Some((key, ports)) => (key, ports),
        None => {
            let key = links
                .first()
                .map(|link| link.key.key("ports"))
                .unwrap_or_default();
            let because = "the bootstrap listener's port; broker n listens on it + n";
            draft.fill(key.clone(), DEFAULT_BASE, because);
            (key, &Ports::Base(DEFAULT_BASE))
        }
    };
    let mut brokers = expand(ports, cluster, &key, draft);
    drop_collisions(&mut brokers, cluster, &key, draft);
    let bootstrap = bootstrap_port(ports, &brokers, cluster, &key, draft);
    (bootstrap, brokers)
}

fn bootstrap_port(
    ports: &Ports,
    brokers: &BTreeMap<u32, u16>,
    cluster: &Cluster<'_>,
    key: &SpecKey,
    draft: &mut Draft,
) -> u16 {
    let taken: BTreeSet<u16> = brokers.values().copied().collect();
    let free = || {
        (DEFAULT_BASE..=u16::MAX)
            .find(|port| !taken.contains(port))
            .unwrap_or(DEFAULT_BASE)
    };
    let (said, key) = match ports {
        Ports::Base(base) => (Some(*base), key.clone()),
        Ports::Each { bootstrap, .. } => (*bootstrap, key.key("bootstrap")),
    };
    let Some(port) = said.filter(|port| *port != 0) else {
        let port = free();
        draft.fill(key, port, "a port that no broker's listener has");
        return port;
    };
    let holder = brokers.iter().find(|(_, other)| **other == port);
    if let Some((id, _)) = holder {
        let title = format!(
            "broker {id} of `{}` has the bootstrap listener's port",
            cluster.name
        );
        let fault = Diagnostic::error("colliding-ports", title, At::Value(key))
            .label(format!("{port} leads to broker {id} alone"))
            .note("a client that bootstraps while that broker is down finds nobody")
            .help(format!(
                "say the ports one by one: `ports: {{ bootstrap: {}, … }}`",
                free()
            ));
        draft.report(fault);
    }
    port
}

/// A port for each broker, as far as there is one.
fn expand(
    ports: &Ports,
    cluster: &Cluster<'_>,
    key: &SpecKey,
    draft: &mut Draft,
) -> BTreeMap<u32, u16> {
    let base = match ports {
        Ports::Each { brokers, .. } => {
            let known = brokers
                .iter()
                .filter(|(id, port)| cluster.brokers.contains(id) && **port != 0);
            return known.map(|(id, port)| (*id, *port)).collect();
        }
        Ports::Base(base) => *base,
    };
    let sum = |id: u32| {
        u16::try_from(u64::from(base) + u64::from(id))
            .ok()
            .filter(|port| *port != 0)
    };
    let beyond: Vec<u32> = cluster
        .brokers
        .iter()
        .copied()
        .filter(|id| sum(*id).is_none())
        .collect();
    if let Some(id) = beyond.first() {
        let title = format!("{base} + {id} is no TCP port");
        let others = match beyond.len() {
            1 => String::new(),
            n => format!(", and {} brokers more", n - 1),
        };
        let fault = Diagnostic::error("port-out-of-range", title, At::Value(key.clone()))
            .label(format!(
                "broker {id} of `{}` gets no listener{others}",
                cluster.name
            ))
            .related(
                At::Value(cluster.key.key("brokers")),
                format!("broker {id}"),
            )
            .help("say the ports one by one, `ports: { 1: … }`, or choose lower ids");
        draft.report(fault);
    }
    let known = cluster
        .brokers
        .iter()
        .filter_map(|id| Some((*id, sum(*id)?)));
    known.collect()
}

/// Takes the port from all brokers but the first that have the same one.
fn drop_collisions(
    brokers: &mut BTreeMap<u32, u16>,
    cluster: &Cluster<'_>,
    key: &SpecKey,
    draft: &mut Draft,
) {
    let mut holders: BTreeMap<u16, u32> = BTreeMap::new();
    brokers.retain(|id, port| {
        let holder = *holders.entry(*port).or_insert(*id);
        if holder == *id {
            return true;
        }
        let at = |id: u32| At::Value(key.key(id.to_string()));
        let title = format!("two brokers of `{}` have port {port}", cluster.name);
        let fault = Diagnostic::error("colliding-ports", title, at(*id))
            .label(format!("broker {id} gets no listener"))
            .related(at(holder), format!("broker {holder} has {port}"))
            .help(format!("give broker {id} a port of its own"));
        draft.report(fault);
        false
    });
}
