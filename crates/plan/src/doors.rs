//! Doors: where the clients of a way enter, what they dial there, and the brokers' listener they
//! arrive on. Names, rules, clients and denials all follow from these.

use std::collections::BTreeSet;

use blueprint::balancing::EndpointTarget;
use blueprint::kafka::HostPort;
use blueprint::spec::Auth;

use crate::entrances::Entrance;
use crate::intent::{Cluster, Link, Means, Way};
use crate::patterns::gateways::Scheme;
use crate::sets::{self, Set};
use crate::settled::Settled;
use crate::{listeners, naming};

/// Brokers that a client bootstraps from where it dials them by name through endpoints: as many
/// as MSK's own strings name.
const BOOTSTRAP_BROKERS: usize = 3;

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
    /// What a gateway tells them to dial in place of what the brokers advertise.
    pub(crate) rewritten: Vec<HostPort>,
}

impl Door {
    /// The same with a few bootstrap servers, which brokers to come change nothing of.
    fn by_few(mut self) -> Self {
        let servers = &mut self.bootstrap.servers;
        servers.truncate(BOOTSTRAP_BROKERS);
        self.bootstrap.value = list(servers);
        self
    }
}

/// A name and the endpoint it leads to.
pub(crate) struct Lead<'a> {
    pub(crate) host: String,
    pub(crate) entrance: &'a Entrance,
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
            Means::PrivatelinkPerBroker => self.at_each_broker(&link.to, auth).by_few(),
            Means::MskMultiVpc => self.at_vpc_connection(&link.to, auth),
            Means::Gateway => self.at_gateway(&link.to, auth).by_few(),
            Means::ResourceEndpoint => self.at_brokers(&link.to, auth).by_few(),
            Means::Peering | Means::TransitGateway => self.at_brokers(&link.to, auth),
        }
    }

    /// Each broker is dialled at its own name and port, through its own balancer.
    fn at_each_broker(&self, cluster: &Cluster<'_>, auth: Auth) -> Door {
        let door = self.at_brokers(cluster, auth);
        let choices = self.choices(cluster);
        let ids = cluster.brokers.iter();
        let dialled: Vec<HostPort> = ids
            .map(|id| choices.dialled(cluster, &door.listener, *id))
            .collect();
        let ports: BTreeSet<u16> = dialled.iter().map(|at| at.port).collect();
        if ports == door.ports {
            return door;
        }
        let bootstrap = Bootstrap {
            value: "what every broker advertises".to_owned(),
            servers: dialled,
            because: "any broker can introduce the others",
        };
        Door {
            ports,
            bootstrap,
            ..door
        }
    }

    /// MSK's own names and ports are dialled. Without a scheme that MSK connects, the brokers
    /// are, in vain.
    fn at_vpc_connection(&self, cluster: &Cluster<'_>, auth: Auth) -> Door {
        let own = self.choices(cluster).patterns.multi_vpc.as_ref();
        let Some(scheme) = own.and_then(|own| own.scheme(auth)) else {
            return self.at_brokers(cluster, auth);
        };
        let servers = scheme.bootstrap(cluster);
        Door {
            listener: scheme.listener.to_owned(),
            ports: scheme.ports(),
            bootstrap: Bootstrap {
                value: list(&servers),
                servers,
                because: "the bootstrap string MSK gives to a VPC connection",
            },
            rewritten: Vec::new(),
        }
    }

    fn at_gateway(&self, cluster: &Cluster<'_>, auth: Auth) -> Door {
        let own = self.choices(cluster).patterns.gateways.as_ref();
        let scheme = own.and_then(|own| own.scheme(cluster, auth));
        let Some(scheme) = scheme else {
            return self.at_brokers(cluster, auth);
        };
        let servers = scheme.bootstrap(cluster);
        Door {
            listener: scheme.listener.to_owned(),
            ports: scheme.ports(),
            bootstrap: Bootstrap {
                value: list(&servers),
                servers,
                because: "the gateway asks any broker",
            },
            rewritten: scheme.told(cluster),
        }
    }

    /// The names that the clients of a connection dial at its endpoints, each with the endpoint
    /// it leads to.
    pub(crate) fn names_at_endpoints(&self, link: &Link<'_>, doors: &[Door]) -> Vec<Lead<'_>> {
        let cluster = &link.to;
        let entrances = self.entrances(link);
        let mut leads = Vec::new();
        match link.means {
            Means::Peering | Means::TransitGateway => {}
            Means::Privatelink => {
                let hosts = cluster.brokers.iter().map(|id| cluster.broker_host(*id));
                let hosts = hosts.chain(cluster.common_hosts());
                leads.extend(
                    entrances.iter().zip([hosts]).flat_map(|(entrance, hosts)| {
                        hosts.map(move |host| Lead { host, entrance })
                    }),
                );
            }
            Means::PrivatelinkPerBroker | Means::ResourceEndpoint => {
                leads.extend(self.names_per_broker(cluster, entrances, doors));
            }
            Means::MskMultiVpc => {
                let own = self.choices(cluster).patterns.multi_vpc.as_ref();
                let schemes = own.into_iter().flat_map(|own| &own.schemes);
                for scheme in schemes {
                    let service = naming::managed_service(cluster.name, scheme.label);
                    let target = EndpointTarget::Service(service);
                    let found = entrances.iter().find(|entrance| entrance.target == target);
                    let hosts = scheme.advertised.values().map(|at| at.host.clone());
                    leads.extend(found.into_iter().flat_map(|entrance| {
                        hosts.clone().map(move |host| Lead { host, entrance })
                    }));
                }
            }
            Means::Gateway => {
                let own = self.choices(cluster).patterns.gateways.as_ref();
                let schemes = own.into_iter().flat_map(|own| &own.schemes);
                let hosts: BTreeSet<String> = schemes.flat_map(Scheme::hosts).collect();
                let entrance = entrances.first();
                leads.extend(entrance.into_iter().flat_map(|entrance| {
                    let hosts = hosts.clone().into_iter();
                    hosts.map(move |host| Lead { host, entrance })
                }));
            }
        }
        leads
    }

    /// A broker's names lead to its own endpoint, and names over all brokers to some.
    fn names_per_broker<'a>(
        &self,
        cluster: &Cluster<'_>,
        entrances: &'a [Entrance],
        doors: &[Door],
    ) -> Vec<Lead<'a>> {
        let choices = self.choices(cluster);
        let mut leads = Vec::new();
        for entrance in entrances {
            let Some(id) = entrance.broker else {
                continue;
            };
            let told = doors.iter().map(|door| {
                let at = choices.dialled(cluster, &door.listener, id);
                at.host
            });
            let hosts = told.chain([cluster.broker_host(id)]);
            leads.extend(hosts.map(|host| Lead { host, entrance }));
        }
        let common = cluster.boot_hosts().into_iter().zip(entrances);
        leads.extend(common.map(|(host, entrance)| Lead { host, entrance }));
        leads
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
            rewritten: Vec::new(),
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
            rewritten: Vec::new(),
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
    let ids = cluster.brokers.iter();
    let servers = ids.filter_map(|id| {
        let host = cluster.broker_host(*id);
        let port = *set.ports.get(id)?;
        Some(HostPort { host, port })
    });
    let servers: Vec<_> = servers.take(BOOTSTRAP_BROKERS).collect();
    Bootstrap {
        value: list(&servers),
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
