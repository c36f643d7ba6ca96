//! Kafka listeners of a cluster: which there are and the port each binds.

use std::collections::BTreeMap;

use blueprint::diagnostic::{At, Diagnostic};
use blueprint::spec::ClusterKind;

use crate::draft::Draft;
use crate::intent::Cluster;

/// The listener of clients.
pub(crate) const CLIENT: &str = "CLIENT";

/// The listener that an `ec2` cluster keeps for what arrives through PrivateLink, so that local
/// clients stay where they are.
pub(crate) const PRIVATELINK: &str = "PRIVATELINK";

/// The listener of KRaft controllers.
pub(crate) const CONTROLLER: &str = "CONTROLLER";

/// The listeners of a cluster's brokers, alike on each of them.
pub(crate) struct Listeners {
    /// Port by name, the controller's excepted.
    pub(crate) bound: BTreeMap<String, u16>,
    pub(crate) inter_broker: &'static str,
    pub(crate) controller_port: u16,
}

impl Listeners {
    /// The port a listener binds.
    pub(crate) fn port(&self, name: &str) -> u16 {
        self.bound.get(name).copied().unwrap_or_default()
    }

    /// The ports brokers use among themselves.
    pub(crate) fn internal_ports(&self) -> [u16; 2] {
        [self.port(self.inter_broker), self.controller_port]
    }
}

/// Settles the listeners of a cluster.
pub(crate) fn settle(cluster: &Cluster<'_>, privatelink: bool, draft: &mut Draft) -> Listeners {
    let (inter_broker, defaults) = defaults(cluster.asked.kind, privatelink);
    let key = cluster.key.key("listeners");
    let said = &cluster.asked.listeners;
    let mut bound = said.clone();
    for (name, port, because) in defaults {
        if !said.contains_key(name) {
            draft.fill(key.key(name), port, because);
            bound.insert(name.to_owned(), port);
        }
    }
    report_collisions(cluster, &bound, draft);
    let controller_port = bound.remove(CONTROLLER).unwrap_or_default();
    Listeners {
        bound,
        inter_broker,
        controller_port,
    }
}

type Default = (&'static str, u16, &'static str);

/// The inter-broker listener, and every listener with its port and why it has it.
fn defaults(kind: ClusterKind, privatelink: bool) -> (&'static str, Vec<Default>) {
    match kind {
        ClusterKind::Msk | ClusterKind::MskExpress | ClusterKind::MskServerless => (
            "REPLICATION",
            vec![
                (CLIENT, 9092, "MSK's plaintext port"),
                ("REPLICATION", 9093, "MSK's port between brokers"),
                (
                    CONTROLLER,
                    9099,
                    "MSK does not show its own; any free port serves the lab",
                ),
            ],
        ),
        ClusterKind::Ec2 => {
            let mut listeners = vec![
                (CLIENT, 9092, "Kafka's usual port"),
                (CONTROLLER, 9093, "Kafka's usual port of controllers"),
                ("INTERNAL", 9094, "brokers talk on a listener of their own"),
            ];
            if privatelink {
                let because = "what arrives through PrivateLink needs other advertised ports";
                listeners.push((PRIVATELINK, 9095, because));
            }
            ("INTERNAL", listeners)
        }
    }
}

fn report_collisions(cluster: &Cluster<'_>, bound: &BTreeMap<String, u16>, draft: &mut Draft) {
    let mut holders: BTreeMap<u16, &String> = BTreeMap::new();
    for (name, port) in bound {
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
