//! Kafka listeners of a cluster: which there are, the port each binds and how its clients
//! authenticate.

use std::collections::BTreeMap;

use blueprint::diagnostic::{At, Diagnostic};
use blueprint::spec::{Auth, ClusterKind};

use crate::draft::Draft;
use crate::intent::Cluster;

/// The listener that an `ec2` cluster keeps for what arrives through PrivateLink, so that local
/// clients stay where they are.
pub(crate) const PRIVATELINK: &str = "PRIVATELINK";

/// The listener of KRaft controllers.
pub(crate) const CONTROLLER: &str = "CONTROLLER";

/// The listeners of a cluster's brokers, alike on each of them.
pub(crate) struct Listeners {
    /// By name, the controller's excepted.
    pub(crate) bound: BTreeMap<String, Listener>,
    pub(crate) inter_broker: &'static str,
    pub(crate) controller_port: u16,
}

/// A listener.
#[derive(Clone, Copy)]
pub(crate) struct Listener {
    pub(crate) port: u16,
    pub(crate) auth: Auth,
}

impl Listener {
    /// Kafka's security protocol.
    pub(crate) fn protocol(self) -> &'static str {
        match self.auth {
            Auth::None => "PLAINTEXT",
            Auth::Tls | Auth::Mtls => "SSL",
            Auth::Scram | Auth::Iam => "SASL_SSL",
        }
    }
}

impl Listeners {
    /// The port a listener binds.
    pub(crate) fn port(&self, name: &str) -> u16 {
        let known = self.bound.get(name);
        known.map(|listener| listener.port).unwrap_or_default()
    }

    /// The ports brokers use among themselves.
    pub(crate) fn internal_ports(&self) -> [u16; 2] {
        [self.port(self.inter_broker), self.controller_port]
    }
}

/// A listener that a cluster has if nothing else is said.
pub(crate) struct Default {
    pub(crate) name: String,
    pub(crate) port: u16,
    pub(crate) auth: Auth,
    pub(crate) because: &'static str,
}

impl Default {
    fn new(name: &str, port: u16, auth: Auth, because: &'static str) -> Self {
        Self {
            name: name.to_owned(),
            port,
            auth,
            because,
        }
    }
}

/// The listener of clients who use a scheme and dial brokers by their own names.
pub(crate) fn of_clients(kind: ClusterKind, auth: Auth) -> &'static str {
    match (kind.is_msk(), auth) {
        (_, Auth::None) => "CLIENT",
        (true, Auth::Tls | Auth::Mtls) => "CLIENT_SECURE",
        (false, Auth::Tls) => "CLIENT_TLS",
        (false, Auth::Mtls) => "CLIENT_MTLS",
        (_, Auth::Scram) => "CLIENT_SASL_SCRAM",
        (_, Auth::Iam) => "CLIENT_IAM",
    }
}

/// The clients' listeners of a cluster in the order of its schemes, each with the first scheme
/// it serves.
pub(crate) fn client_listeners(cluster: &Cluster<'_>) -> Vec<(&'static str, Auth)> {
    let mut listeners: Vec<(&str, Auth)> = Vec::new();
    for auth in cluster.schemes() {
        let name = of_clients(cluster.asked.kind, auth);
        if listeners.iter().all(|(known, _)| *known != name) {
            listeners.push((name, auth));
        }
    }
    listeners
}

/// Settles the listeners of a cluster; `further` are those that connections need.
pub(crate) fn settle(cluster: &Cluster<'_>, further: Vec<Default>, draft: &mut Draft) -> Listeners {
    let key = cluster.key.key("listeners");
    let said = &cluster.asked.listeners;
    let plain = |(name, port): (&String, &u16)| {
        let auth = Auth::None;
        (name.clone(), Listener { port: *port, auth })
    };
    let mut bound: BTreeMap<String, Listener> = said.iter().map(plain).collect();
    for default in defaults(cluster).into_iter().chain(further) {
        let Default { port, auth, .. } = default;
        if let Some(known) = bound.get_mut(&default.name) {
            known.auth = auth;
        } else {
            draft.fill(key.key(&default.name), port, default.because);
            bound.insert(default.name, Listener { port, auth });
        }
    }
    report_collisions(cluster, &bound, draft);
    let controller = bound.remove(CONTROLLER);
    Listeners {
        bound,
        inter_broker: inter_broker(cluster).0,
        controller_port: controller.map(|c| c.port).unwrap_or_default(),
    }
}

/// The brokers' own listener and how it is protected: as the first scheme of clients is, which
/// no scheme that is added later changes.
fn inter_broker(cluster: &Cluster<'_>) -> (&'static str, Auth) {
    let is_plain = cluster.schemes().first() == Some(&Auth::None);
    match (cluster.asked.kind.is_msk(), is_plain) {
        (true, true) => ("REPLICATION", Auth::None),
        (true, false) => ("REPLICATION_SECURE", Auth::Tls),
        (false, true) => ("INTERNAL", Auth::None),
        (false, false) => ("INTERNAL", Auth::Tls),
    }
}

/// Every listener that a cluster has for itself.
fn defaults(cluster: &Cluster<'_>) -> Vec<Default> {
    let is_msk = cluster.asked.kind.is_msk();
    let clients = client_listeners(cluster).into_iter();
    let mut listeners: Vec<_> = clients
        .map(|(name, auth)| {
            let (port, because) = if is_msk {
                msk_port(auth)
            } else {
                ec2_port(auth)
            };
            Default::new(name, port, auth, because)
        })
        .collect();
    let (name, auth) = inter_broker(cluster);
    if is_msk {
        let port = if auth == Auth::None { 9093 } else { 9095 };
        let because = "MSK's port between brokers";
        listeners.push(Default::new(name, port, auth, because));
        let because = "MSK does not show its own; any free port serves the lab";
        listeners.push(Default::new(CONTROLLER, 9099, Auth::None, because));
    } else {
        let because = "Kafka's usual port of controllers";
        listeners.push(Default::new(CONTROLLER, 9093, Auth::None, because));
        let because = "brokers talk on a listener of their own";
        listeners.push(Default::new(name, 9094, auth, because));
    }
    listeners
}

/// MSK's ports (its guide, "port information").
fn msk_port(auth: Auth) -> (u16, &'static str) {
    match auth {
        Auth::None => (9092, "MSK's plaintext port"),
        Auth::Tls | Auth::Mtls => (9094, "MSK's TLS port"),
        Auth::Scram => (9096, "MSK's SASL/SCRAM port"),
        Auth::Iam => (9098, "MSK's IAM port"),
    }
}

fn ec2_port(auth: Auth) -> (u16, &'static str) {
    let because = "each scheme has a listener of its own";
    match auth {
        Auth::None => (9092, "Kafka's usual port"),
        Auth::Tls => (9096, because),
        Auth::Mtls => (9097, because),
        Auth::Scram => (9098, because),
        Auth::Iam => (9099, because),
    }
}

/// The port a client listener of a cluster binds, as said or by default.
pub(crate) fn port(cluster: &Cluster<'_>, name: &str, auth: Auth) -> u16 {
    let default = if cluster.asked.kind.is_msk() {
        msk_port(auth).0
    } else {
        ec2_port(auth).0
    };
    let said = cluster.asked.listeners.get(name).copied();
    said.unwrap_or(default)
}

fn report_collisions(cluster: &Cluster<'_>, bound: &BTreeMap<String, Listener>, draft: &mut Draft) {
    let mut holders: BTreeMap<u16, &String> = BTreeMap::new();
    for (name, Listener { port, .. }) in bound {
        let Some(holder) = holders.insert(*port, name) else {
            continue;
        };
        let said = &cluster.asked.listeners;
        let (moved, other) = if said.contains_key(name) {
            (name, holder)
        } else {
            (holder, name)
        };
        let key = cluster.key.key("listeners");
        let title = format!("two listeners of `{}` bind port {port}", cluster.name);
        let fault = Diagnostic::error("colliding-ports", title, At::Value(key.key(moved)))
            .label(format!("{other} binds {port} too"))
            .help(format!("give {moved} a port of its own"));
        draft.report(fault);
    }
}
