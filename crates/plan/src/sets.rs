//! Listener sets of a balancer: the ports of one class of clients, which arrive on one listener
//! of the brokers. A class is a scheme, or on `ec2` a scheme and a group of connections.

use std::collections::{BTreeMap, BTreeSet};

use blueprint::diagnostic::{At, Diagnostic};
use blueprint::key::SpecKey;
use blueprint::spec::{Auth, ClusterKind, Ports};

use crate::draft::Draft;
use crate::intent::{Cluster, Intent, Link, Way};
use crate::listeners;
use crate::said::said;

/// Port of the bootstrap listener, to which broker ids are added.
pub(crate) const DEFAULT_BASE: u16 = 9000;

/// Ports from one listener set to the next.
const BLOCK: u16 = 1000;

/// Listener sets that a group of connections may need, one for each scheme there is.
const BLOCKS_PER_GROUP: usize = Auth::ALL.len();

/// Port of the brokers' listener for PrivateLink.
const PRIVATELINK_PORT: u16 = 9095;

/// Ports of the brokers' further listeners for PrivateLink begin here.
const FURTHER_PORTS: u16 = 9100;

/// The ports of one class of clients.
pub(crate) struct Set {
    /// The first connection that needs it.
    pub(crate) key: SpecKey,
    /// The group of connections it is for; none for all without one.
    pub(crate) group: Option<String>,
    pub(crate) auth: Auth,
    /// The brokers' listener behind it.
    pub(crate) listener: String,
    /// What its target groups are called beside the cluster's name; empty for the first set.
    pub(crate) label: String,
    /// Port of the listener over all brokers.
    pub(crate) bootstrap: u16,
    /// Port of each broker's listener.
    pub(crate) ports: BTreeMap<u32, u16>,
    /// Port that each broker's metadata gives; a broker without one keeps its own.
    pub(crate) advertised: BTreeMap<u32, u16>,
    /// The key that says those ports.
    pub(crate) advertised_key: SpecKey,
    /// The listener that the brokers must have for it.
    further: Option<(u16, &'static str)>,
}

impl Set {
    /// Every port the balancer listens on for it.
    pub(crate) fn listening(&self) -> BTreeSet<u16> {
        let brokers = self.ports.values().copied();
        brokers.chain([self.bootstrap]).collect()
    }

    /// The brokers' listener that is there for this set only.
    pub(crate) fn further_listener(&self) -> Option<listeners::Default> {
        let (port, because) = self.further?;
        Some(listeners::Default {
            name: self.listener.clone(),
            port,
            auth: self.auth,
            because,
        })
    }
}

/// A class of clients, not yet with ports.
struct Class<'a, 's> {
    group: Option<&'s str>,
    /// Position of its group: 0 for connections without one.
    rank: usize,
    /// Position of its listener among the cluster's.
    position: usize,
    auth: Auth,
    asked: &'a Asked<'s>,
}

/// What the connections of a group say of its ports.
struct Asked<'s> {
    key: SpecKey,
    ports: Option<(SpecKey, &'s Ports)>,
    advertise: Option<(SpecKey, &'s Ports)>,
}

impl Class<'_, '_> {
    /// Its position among all classes there could be.
    fn index(&self) -> u16 {
        let index = self.rank * BLOCKS_PER_GROUP + self.position;
        u16::try_from(index).unwrap_or(u16::MAX)
    }

    /// What is added to the ports that its group was given.
    fn shift(&self) -> u32 {
        u32::try_from(self.position)
            .unwrap_or(u32::MAX)
            .saturating_mul(u32::from(BLOCK))
    }
}

/// Settles the listener sets of the PrivateLink connections to a cluster.
pub(crate) fn settle<'s>(
    cluster: &Cluster<'s>,
    links: &[&Link<'s>],
    intent: &Intent<'s>,
    draft: &mut Draft,
) -> Vec<Set> {
    let listeners = listeners::client_listeners(cluster);
    let mut sets: Vec<Set> = Vec::new();
    for (rank, group) in groups(links).into_iter().enumerate() {
        let links: Vec<&Link> = links
            .iter()
            .copied()
            .filter(|l| group_of(l) == group)
            .collect();
        let Some(first) = links.first() else {
            continue;
        };
        let why = why(cluster);
        let asked = Asked {
            key: first.key.clone(),
            ports: said(&links, "ports", why, |c| c.ports.as_ref(), draft),
            advertise: said(&links, "advertise", why, |c| c.advertise.as_ref(), draft),
        };
        let used = used(cluster, &links, intent, moves_local_clients(cluster));
        for (position, (_, auth)) in listeners.iter().enumerate() {
            if !used.contains(&position) {
                continue;
            }
            let auth = *auth;
            let asked = &asked;
            let class = Class {
                group,
                rank,
                position,
                auth,
                asked,
            };
            let taken = sets.iter().flat_map(Set::listening).collect();
            sets.push(set(cluster, &class, &taken, draft));
        }
    }
    sets
}

/// The groups of connections in the spec's order, behind those without one.
fn groups<'s>(links: &[&Link<'s>]) -> Vec<Option<&'s str>> {
    let mut groups = vec![None];
    for link in links {
        let group = group_of(link);
        if !groups.contains(&group) {
            groups.push(group);
        }
    }
    groups
}

/// The group of a connection. On MSK there is none: a broker's metadata gives one port for each
/// listener, and its listeners are not the owner's to add.
pub(crate) fn group_of<'s>(link: &Link<'s>) -> Option<&'s str> {
    let named = !link.to.asked.kind.is_msk();
    link.asked.group.as_deref().filter(|_| named)
}

/// The positions of the listeners in use. Where listeners are moved, the brokers' names lead to
/// the balancer in every VPC, so whoever dials them by name is moved as well.
fn used(
    cluster: &Cluster<'_>,
    links: &[&Link<'_>],
    intent: &Intent<'_>,
    moves: bool,
) -> BTreeSet<usize> {
    let clients = intent.clients.iter();
    let of_cluster = clients.filter(|client| client.cluster.name == cluster.name);
    let mut used = BTreeSet::new();
    let mut served: BTreeSet<&str> = BTreeSet::new();
    for client in of_cluster {
        let is_ours = links.iter().any(|link| link.from.name == client.vpc.name);
        let is_by_name = match client.way {
            Way::SameVpc => true,
            Way::Link(position) => intent.links[position].means.is_routed(),
            Way::Unconnected => false,
        };
        if is_ours {
            served.insert(client.vpc.name);
        }
        if is_ours || moves && is_by_name {
            used.insert(position(cluster, client.auth()));
        }
    }
    if links.iter().any(|link| !served.contains(link.from.name)) {
        used.insert(0);
    }
    used
}

/// The listeners that the clients of connections use, with the first scheme of each.
pub(crate) fn listeners_used(
    cluster: &Cluster<'_>,
    links: &[&Link<'_>],
    intent: &Intent<'_>,
) -> Vec<(&'static str, Auth)> {
    let used = used(cluster, links, intent, false);
    let listeners = listeners::client_listeners(cluster).into_iter();
    let found = listeners.enumerate();
    let found = found.filter(|(position, _)| used.contains(position));
    found.map(|(_, listener)| listener).collect()
}

/// The position of a scheme's listener among those of the cluster's clients.
pub(crate) fn position(cluster: &Cluster<'_>, auth: Auth) -> usize {
    let name = listeners::of_clients(cluster.asked.kind, auth);
    let listeners = listeners::client_listeners(cluster);
    let found = listeners.iter().position(|(known, _)| *known == name);
    found.unwrap_or_default()
}

/// Whether the balancer stands before the listeners that local clients use, so that they are
/// moved as well.
pub(crate) fn moves_local_clients(cluster: &Cluster<'_>) -> bool {
    match cluster.asked.kind {
        ClusterKind::Msk | ClusterKind::MskExpress => true,
        ClusterKind::MskServerless | ClusterKind::Ec2 => false,
    }
}

/// The brokers' listener of a class, and its port if it is there for that class only.
fn listener(cluster: &Cluster<'_>, class: &Class<'_, '_>) -> (String, Option<(u16, &'static str)>) {
    if cluster.asked.kind.is_msk() {
        let name = listeners::of_clients(cluster.asked.kind, class.auth);
        return (name.to_owned(), None);
    }
    let mut name = listeners::PRIVATELINK.to_owned();
    if 0 < class.position {
        name.push_str(match class.auth {
            Auth::None => "_NONE",
            Auth::Tls => "_TLS",
            Auth::Mtls => "_MTLS",
            Auth::Scram => "_SASL_SCRAM",
            Auth::Iam => "_IAM",
        });
    }
    if let Some(group) = class.group {
        name = format!("{name}-{}", group.to_uppercase());
    }
    let index = class.index();
    let further = match index {
        0 => (
            PRIVATELINK_PORT,
            "what arrives through PrivateLink needs other advertised ports",
        ),
        index => (
            FURTHER_PORTS.saturating_add(index),
            "each class of clients behind PrivateLink needs advertised ports of its own",
        ),
    };
    (name, Some(further))
}

fn label(class: &Class<'_, '_>) -> String {
    let scheme = (0 < class.position).then(|| class.auth.as_str());
    let parts = class.group.into_iter().chain(scheme);
    parts.collect::<Vec<_>>().join(".")
}

/// Why connections of one class have one value.
fn why(cluster: &Cluster<'_>) -> &'static str {
    if cluster.asked.kind.is_msk() {
        "a broker's metadata gives one port for each listener, and MSK's listeners cannot be added to, so all connections to the cluster share its ports"
    } else {
        "the PrivateLink connections to one cluster share its balancer, those of one group its ports"
    }
}

/// Gives a class its ports.
fn set(
    cluster: &Cluster<'_>,
    class: &Class<'_, '_>,
    taken: &BTreeSet<u16>,
    draft: &mut Draft,
) -> Set {
    let (listener, further) = listener(cluster, class);
    let (bootstrap, ports) = listener_ports(cluster, class, taken, draft);
    let said = class
        .asked
        .advertise
        .as_ref()
        .or(class.asked.ports.as_ref());
    let advertised_key = said.map_or_else(|| class.asked.key.clone(), |(key, _)| key.clone());
    let advertised = match &class.asked.advertise {
        _ if cluster.asked.kind == ClusterKind::MskServerless => BTreeMap::new(),
        Some((key, ports)) => expand(ports, class.shift(), cluster, key, draft),
        None => {
            let because = "a broker is dialled where the balancer listens for it";
            draft.fill(class.asked.key.key("advertise"), "as `ports`", because);
            ports.clone()
        }
    };
    Set {
        key: class.asked.key.clone(),
        group: class.group.map(str::to_owned),
        auth: class.auth,
        listener,
        label: label(class),
        bootstrap,
        ports,
        advertised,
        advertised_key,
        further,
    }
}

/// The bootstrap port and each broker's.
fn listener_ports(
    cluster: &Cluster<'_>,
    class: &Class<'_, '_>,
    taken: &BTreeSet<u16>,
    draft: &mut Draft,
) -> (u16, BTreeMap<u32, u16>) {
    let shift = class.shift();
    let (key, ports, shift) = match &class.asked.ports {
        Some((key, ports)) => (key.clone(), (*ports).clone(), shift),
        None => {
            let key = class.asked.key.key("ports");
            let base = free_base(cluster, class.index(), taken);
            let because = "the bootstrap listener's port; broker n listens on it + n";
            draft.fill(key.clone(), base, because);
            (key, Ports::Base(base), 0)
        }
    };
    let mut brokers = expand(&ports, shift, cluster, &key, draft);
    drop_taken(&mut brokers, taken, cluster, &key, draft);
    drop_collisions(&mut brokers, cluster, &key, draft);
    let bootstrap = bootstrap_port(&ports, shift, (&brokers, taken), cluster, &key, draft);
    (bootstrap, brokers)
}

/// The base of a class: the one of its position, or the next block that no other class is in.
fn free_base(cluster: &Cluster<'_>, index: u16, taken: &BTreeSet<u16>) -> u16 {
    let own = DEFAULT_BASE.saturating_add(index.saturating_mul(BLOCK));
    let is_free = |base: &u16| {
        let ids = cluster.brokers.iter().copied().chain([0]);
        let mut ports = ids.filter_map(|id| port(u32::from(*base), 0, id));
        ports.all(|port| !taken.contains(&port))
    };
    let mut bases = (own..=u16::MAX).step_by(usize::from(BLOCK));
    bases.find(is_free).unwrap_or(own)
}

/// The port of a broker, if there is one.
fn port(base: u32, shift: u32, id: u32) -> Option<u16> {
    let sum = u64::from(base) + u64::from(shift) + u64::from(id);
    u16::try_from(sum).ok().filter(|port| *port != 0)
}

fn bootstrap_port(
    ports: &Ports,
    shift: u32,
    (brokers, taken): (&BTreeMap<u32, u16>, &BTreeSet<u16>),
    cluster: &Cluster<'_>,
    key: &SpecKey,
    draft: &mut Draft,
) -> u16 {
    let held: BTreeSet<u16> = brokers.values().chain(taken).copied().collect();
    let free = || {
        (DEFAULT_BASE..=u16::MAX)
            .find(|port| !held.contains(port))
            .unwrap_or(DEFAULT_BASE)
    };
    let (said, key) = match ports {
        Ports::Base(base) => (Some(*base), key.clone()),
        Ports::Each { bootstrap, .. } => (*bootstrap, key.key("bootstrap")),
    };
    let said = said.filter(|said| *said != 0);
    let said = said.and_then(|said| port(u32::from(said), shift, 0));
    let Some(port) = said.filter(|port| !taken.contains(port)) else {
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
    shift: u32,
    cluster: &Cluster<'_>,
    key: &SpecKey,
    draft: &mut Draft,
) -> BTreeMap<u32, u16> {
    let base = match ports {
        Ports::Each { brokers, .. } => {
            let known = brokers
                .iter()
                .filter(|(id, port)| cluster.brokers.contains(id) && **port != 0);
            let shifted = known.filter_map(|(id, at)| Some((*id, port(u32::from(*at), shift, 0)?)));
            return shifted.collect();
        }
        Ports::Base(base) => u32::from(*base),
    };
    let sum = |id: u32| port(base, shift, id);
    let ids = cluster.brokers.iter().copied();
    let beyond: Vec<u32> = ids.filter(|id| sum(*id).is_none()).collect();
    if let Some(id) = beyond.first() {
        let title = format!("{} + {id} is no TCP port", base + shift);
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

/// Takes the ports that another class of clients has.
fn drop_taken(
    brokers: &mut BTreeMap<u32, u16>,
    taken: &BTreeSet<u16>,
    cluster: &Cluster<'_>,
    key: &SpecKey,
    draft: &mut Draft,
) {
    let held: Vec<(u32, u16)> = brokers
        .iter()
        .filter(|(_, port)| taken.contains(port))
        .map(|(id, port)| (*id, *port))
        .collect();
    brokers.retain(|_, port| !taken.contains(port));
    if let Some((id, port)) = held.first() {
        let title = format!(
            "two classes of clients of `{}` have port {port}",
            cluster.name
        );
        let fault = Diagnostic::error("colliding-ports", title, At::Value(key.clone()))
            .label(format!("broker {id} gets no listener here"))
            .note("each scheme and each group has a listener of its own for every broker")
            .help("say a base that is 1000 or more away from the others");
        draft.report(fault);
    }
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
