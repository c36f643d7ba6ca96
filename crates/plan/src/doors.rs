//! Doors: where the clients of a way enter, what they dial there, and the brokers' listener they
//! arrive on. Names, rules, clients and denials all follow from these.

use std::collections::BTreeSet;

use blueprint::kafka::HostPort;
use blueprint::spec::Auth;

use crate::intent::{Cluster, Link, Means, Way};
use crate::listeners;
use crate::sets::{self, Set};
use crate::settled::Settled;

/// The object through which a client enters a cluster's VPC or reaches its brokers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Entry {
    Brokers,
    Balancer,
    Endpoint,
}

/// The way in for the clients of one way and one scheme.
pub(crate) struct Door {
    /// The brokers' listener behind it.
    pub(crate) listener: String,
    /// Every port that is dialled.
    pub(crate) ports: BTreeSet<u16>,
    /// What clients bootstrap from.
    pub(crate) bootstrap: Bootstrap,
}

/// Bootstrap servers as chosen.
pub(crate) struct Bootstrap {
    pub(crate) servers: Vec<HostPort>,
    /// The servers in short, for people.
    pub(crate) value: String,
    pub(crate) because: &'static str,
}

impl<'s> Settled<'s> {
    /// Where a way to a cluster enters it. Without a way the brokers are dialled, in vain.
    pub(crate) fn entry(&self, way: Way, cluster: &Cluster<'_>) -> Entry {
        let is_routed = self.link(way).is_none_or(|link| link.means.is_routed());
        let moved = way != Way::Unconnected && self.moving_front(cluster).is_some();
        match (is_routed, moved) {
            (false, _) => Entry::Endpoint,
            (true, true) => Entry::Balancer,
            (true, false) => Entry::Brokers,
        }
    }

    /// The door of a way for clients of one scheme.
    pub(crate) fn door(&self, way: Way, cluster: &Cluster<'_>, auth: Auth) -> Door {
        let entry = self.entry(way, cluster);
        match (entry, self.link(way)) {
            (Entry::Brokers, _) => self.at_brokers(cluster, auth),
            (Entry::Balancer, _) => self.at_balancer(None, cluster, auth),
            (Entry::Endpoint, Some(link)) => self.at_endpoint(link, auth),
            (Entry::Endpoint, None) => self.at_brokers(cluster, auth),
        }
    }

    /// The doors of a way: one for each scheme its clients use, the first scheme's if it has no
    /// clients.
    pub(crate) fn doors(&self, way: Way, cluster: &Cluster<'_>) -> Vec<Door> {
        let mut used: Vec<Auth> = Vec::new();
        for client in self.asked.clients_by(way, cluster.name) {
            if !used.contains(&client.auth()) {
                used.push(client.auth());
            }
        }
        if used.is_empty() {
            used.push(cluster.scheme(Auth::None));
        }
        used.into_iter()
            .map(|auth| self.door(way, cluster, auth))
            .collect()
    }

    fn at_endpoint(&self, link: &Link<'_>, auth: Auth) -> Door {
        match link.means {
            Means::Privatelink => self.at_balancer(sets::group_of(link), &link.to, auth),
            Means::Peering
            | Means::TransitGateway
            | Means::PrivatelinkPerBroker
            | Means::MskMultiVpc
            | Means::ResourceEndpoint
            | Means::Gateway => self.at_brokers(&link.to, auth),
        }
    }

    /// Brokers are dialled by their own names, on the listener of the scheme.
    fn at_brokers(&self, cluster: &Cluster<'_>, auth: Auth) -> Door {
        let listener = listeners::of_clients(cluster.asked.kind, auth);
        let port = self.choices(cluster).listeners.port(listener);
        let boot_hosts = cluster.boot_hosts();
        let bootstrap = if boot_hosts.is_empty() {
            Bootstrap {
                servers: servers(
                    cluster.brokers.iter().map(|id| cluster.broker_host(*id)),
                    port,
                ),
                value: format!("{}:{port} of every broker", cluster.host_form()),
                because: "any broker can introduce the others",
            }
        } else {
            by_given_names(boot_hosts, port)
        };
        Door {
            listener: listener.to_owned(),
            ports: BTreeSet::from([port]),
            bootstrap,
        }
    }

    /// The shared balancer is dialled, or an endpoint that leads to it.
    fn at_balancer(&self, group: Option<&str>, cluster: &Cluster<'_>, auth: Auth) -> Door {
        let front = self.choices(cluster).front.as_ref();
        let position = sets::position(cluster, auth);
        let found = front.and_then(|front| Some((front, front.set(cluster, group, position)?)));
        let Some((front, set)) = found else {
            return self.at_brokers(cluster, auth);
        };
        let ends_tls = front.certificate.is_some();
        Door {
            listener: set.listener.clone(),
            ports: set.listening(),
            bootstrap: behind_balancer(cluster, set, ends_tls, auth),
        }
    }
}

/// One listener leads to all brokers, if the name that is dialled is one that they can answer
/// to; each broker's own name is.
fn behind_balancer(cluster: &Cluster<'_>, set: &Set, ends_tls: bool, auth: Auth) -> Bootstrap {
    let common = cluster.common_hosts();
    if ends_tls || common.iter().all(|host| cluster.is_certified(host, auth)) {
        let servers = servers(common, set.bootstrap);
        return Bootstrap {
            value: list(&servers),
            servers,
            because: "the balancer's listener over all brokers",
        };
    }
    let ports = set.ports.iter();
    let servers: Vec<_> = ports
        .map(|(id, port)| HostPort {
            host: cluster.broker_host(*id),
            port: *port,
        })
        .collect();
    Bootstrap {
        value: format!("{} of every broker, at its own port", cluster.host_form()),
        servers,
        because: "a broker's certificate holds its own name and no name over all brokers",
    }
}

fn by_given_names(hosts: Vec<String>, port: u16) -> Bootstrap {
    let servers = servers(hosts, port);
    Bootstrap {
        value: list(&servers),
        servers,
        because: "the names AWS gives to bootstrap from",
    }
}

fn servers(hosts: impl IntoIterator<Item = String>, port: u16) -> Vec<HostPort> {
    hosts
        .into_iter()
        .map(|host| HostPort { host, port })
        .collect()
}

fn list(servers: &[HostPort]) -> String {
    let servers: Vec<_> = servers.iter().map(ToString::to_string).collect();
    servers.join(",")
}
