//! Clusters of Amazon MSK and brokers' settings.

use blueprint::Blueprint;
use blueprint::ids::ClusterId;
use blueprint::kafka::{AdvertisedBy, BrokerListener, Cluster, HostPort};
use blueprint::spec::{Auth, ClusterKind};
use render::object::Object;

use super::balancing::MOVED;
use super::balancing::unheld;
use super::{Case, Change, Row, of_each, row, unseen};

pub(super) const ROWS: &[Row] = &[
    row("advertised ports of MSK moved", advertised_base),
    row("advertised hosts of MSK changed", advertised_host),
    row("what MSK advertises removed", advertise_own),
    row("VPC connectivity of a scheme off", connectivity_off),
    row("scheme of MSK off", scheme_off),
    unseen("account no longer allowed at a cluster", forbid, policies),
    row("broker's interface at another address", readdress),
    row("broker advertises another port", settings_port),
    row("broker advertises another host", settings_host),
    row("broker's listener not advertised", unadvertise),
    row("broker's listener bound to another port", bind_elsewhere),
];

fn msk(case: &Case) -> Vec<(ClusterId, Cluster, Object)> {
    let clusters = case.blueprint.clusters.clone().into_iter();
    let clusters = clusters.map(|(id, cluster)| {
        let object = Object::Cluster(id.clone());
        (id, cluster, object)
    });
    clusters
        .filter(|(_, _, object)| case.text.has(object))
        .collect()
}

/// Rules of `custom.advertised.listeners`: cluster, listener, the rule.
fn rules(case: &Case) -> Vec<(ClusterId, String, String, Object)> {
    let clusters = msk(case).into_iter();
    let rules = clusters.flat_map(|(id, cluster, _)| {
        let property = match cluster.advertised_by {
            Some(AdvertisedBy::Property(property)) => property,
            Some(AdvertisedBy::PerBroker(_) | AdvertisedBy::ServerProperties) | None => {
                String::new()
            }
        };
        let rules: Vec<String> = property.split(',').map(str::to_owned).collect();
        let object = Object::Configuration(id.clone());
        rules.into_iter().filter_map(move |rule| {
            let (listener, told) = rule.split_once("://")?;
            Some((
                id.clone(),
                listener.to_owned(),
                told.to_owned(),
                object.clone(),
            ))
        })
    });
    rules.collect()
}

/// What each broker of a cluster advertises for a listener.
fn advertised<'b>(
    blueprint: &'b mut Blueprint,
    id: &ClusterId,
    listener: &str,
) -> impl Iterator<Item = (u32, &'b mut HostPort)> {
    let cluster = blueprint.clusters.get_mut(id).expect("it");
    let brokers = cluster.brokers.iter_mut();
    brokers.filter_map(move |(id, broker)| {
        let listener = broker.listeners.get_mut(listener)?;
        Some((*id, listener.advertised.as_mut()?))
    })
}

fn advertised_base(case: &Case) -> Vec<Change> {
    of_each(rules(case), |(id, listener, rule, object)| {
        let (_, port) = rule.rsplit_once(':')?;
        let base: u16 = port.split('+').next()?.parse().ok()?;
        let (old, new) = (format!(":{base}"), format!(":{}", base + 100));
        let start = format!("{listener}://");
        Some(Change::new(
            format!("{id} {listener}"),
            move |blueprint| {
                for (_, at) in advertised(blueprint, &id, &listener) {
                    at.port += 100;
                }
            },
            move |text| text.replace(&object, &start, (&old, &new)),
        ))
    })
}

/// The same port as before, under the first label `x-ID`.
fn advertised_host(case: &Case) -> Vec<Change> {
    of_each(rules(case), |(id, listener, rule, object)| {
        let (host, _) = rule.split_once('.')?;
        let label = host.replace("{broker_id}", "");
        let (old, new) = (format!("//{host}."), "//x-{broker_id}.".to_owned());
        (!label.is_empty()).then_some(())?;
        let start = format!("{listener}://");
        Some(Change::new(
            format!("{id} {listener}"),
            move |blueprint| {
                for (broker, at) in advertised(blueprint, &id, &listener) {
                    let (_, domain) = at.host.split_once('.').expect("a domain");
                    at.host = format!("x-{broker}.{domain}");
                }
            },
            move |text| text.replace(&object, &start, (&old, &new)),
        ))
    })
}

/// Without the property brokers advertise their own names and the ports they bind.
fn advertise_own(case: &Case) -> Vec<Change> {
    let mut clusters: Vec<_> = rules(case)
        .into_iter()
        .map(|(id, _, _, o)| (id, o))
        .collect();
    clusters.dedup();
    of_each(clusters, |(id, object)| {
        let rules = rules(case);
        let listeners = rules.into_iter().filter(|(of, _, _, _)| *of == id);
        let listeners: Vec<_> = listeners.map(|(_, listener, _, _)| listener).collect();
        Some(Change::new(
            id.clone(),
            move |blueprint| {
                let cluster = blueprint.clusters.get_mut(&id).expect("it");
                for (broker, content) in &mut cluster.brokers {
                    for (name, listener) in &mut content.listeners {
                        if listeners.contains(name) {
                            listener.advertised = Some(HostPort {
                                host: format!("b-{broker}.{}", cluster.suffix),
                                port: listener.port,
                            });
                        }
                    }
                }
            },
            move |text| {
                let name = "custom.advertised.listeners";
                text.replace(&object, name, (name, "custom.nothing"))
            },
        ))
    })
}

/// Where a scheme is turned on among the cluster's properties.
fn place(auth: Auth) -> Option<&'static str> {
    match auth {
        Auth::Iam => Some("Sasl/Iam/Enabled"),
        Auth::Scram => Some("Sasl/Scram/Enabled"),
        Auth::Mtls => Some("Tls/Enabled"),
        Auth::Tls | Auth::None => None,
    }
}

/// Amazon MSK then has no listener for VPC connections, and its balancer leads nowhere.
fn connectivity_off(case: &Case) -> Vec<Change> {
    let schemes = msk(case).into_iter().flat_map(|(id, cluster, object)| {
        let schemes = cluster.vpc_connectivity.into_keys();
        schemes.map(move |auth| (id.clone(), auth, object.clone()))
    });
    of_each(schemes, |(id, auth, object)| {
        let way = "BrokerNodeGroupInfo/ConnectivityInfo/VpcConnectivity/ClientAuthentication";
        let place = format!("{way}/{}", place(auth)?);
        case.text.value(&object, &place).ok()?;
        Some(Change::new(
            format!("{id} {auth:?}"),
            move |blueprint| {
                let cluster = blueprint.clusters.get_mut(&id).expect("it");
                let mut ports = Vec::new();
                for broker in cluster.brokers.values_mut() {
                    let private = |(name, l): (&String, &mut BrokerListener)| {
                        name.ends_with("_VPCE") && l.auth == auth
                    };
                    let gone = broker
                        .listeners
                        .extract_if(.., |name, l| private((name, l)));
                    ports.extend(gone.map(|(_, listener)| listener.port));
                }
                close(blueprint, &ports);
            },
            move |text| text.set(&object, &place, false),
        ))
    })
}

/// Takes the listeners of managed balancers away that lead to these ports.
fn close(blueprint: &mut Blueprint, ports: &[u16]) {
    let groups = &blueprint.target_groups;
    let managed = blueprint.balancers.values_mut().filter(|b| b.managed);
    for balancer in managed {
        balancer.listeners.retain(|_, listener| {
            let group = groups.get(&listener.target_group);
            !group.is_some_and(|group| group.targets.iter().all(|t| ports.contains(&t.port)))
        });
    }
}

fn scheme_off(case: &Case) -> Vec<Change> {
    let schemes = msk(case).into_iter().flat_map(|(id, cluster, object)| {
        let is_private = !cluster.vpc_connectivity.is_empty();
        let schemes = [Auth::Iam, Auth::Scram]
            .into_iter()
            .filter(move |_| !is_private);
        schemes.map(move |auth| (id.clone(), auth, object.clone()))
    });
    of_each(schemes, |(id, auth, object)| {
        let place = format!("ClientAuthentication/{}", place(auth)?);
        (case.text.value(&object, &place).ok()? == "true").then_some(())?;
        Some(Change::new(
            format!("{id} {auth:?}"),
            move |blueprint| {
                let cluster = blueprint.clusters.get_mut(&id).expect("it");
                for broker in cluster.brokers.values_mut() {
                    broker.listeners.retain(|_, listener| listener.auth != auth);
                }
            },
            move |text| text.set(&object, &place, false),
        ))
    })
}

/// The policy lets another account connect instead.
fn forbid(case: &Case) -> Vec<Change> {
    of_each(msk(case), |(id, cluster, _)| {
        let object = Object::ClusterPolicy(id.clone());
        let mut accounts = cluster.vpc_connectivity.values().flatten();
        let account = accounts.next()?.clone();
        case.text.has(&object).then_some(())?;
        let other = "999999999999";
        Some(Change::new(
            format!("{id}: {account}"),
            move |blueprint| {
                let cluster = blueprint.clusters.get_mut(&id).expect("it");
                for accounts in cluster.vpc_connectivity.values_mut() {
                    if accounts.remove(&account) {
                        accounts.insert(other.to_owned());
                    }
                }
            },
            {
                let account = accounts_of(&cluster);
                move |text| text.replace(&object, "arn:", (&*account, other))
            },
        ))
    })
}

/// The first account that may connect.
fn accounts_of(cluster: &Cluster) -> String {
    let mut accounts = cluster.vpc_connectivity.values().flatten();
    accounts.next().cloned().unwrap_or_default()
}

fn policies(blueprint: &Blueprint) -> Vec<String> {
    let clusters = blueprint.clusters.iter();
    let told = clusters.map(|(id, cluster)| format!("{id} {:?}", cluster.vpc_connectivity));
    told.collect()
}

/// Settings move with the interface, and what they advertise by its address; targets and records
/// stay.
fn readdress(case: &Case) -> Vec<Change> {
    let brokers = case.blueprint.clusters.iter().flat_map(|(id, cluster)| {
        let brokers = cluster.brokers.iter();
        brokers.map(move |(broker, content)| (id.clone(), *broker, content.eni.clone()))
    });
    of_each(brokers, |(id, broker, eni)| {
        let object = Object::Eni(eni.clone());
        case.text.has(&object).then_some(())?;
        let old = case.blueprint.enis.get(&eni)?.address;
        let new = unheld(&case.blueprint, &eni)?;
        let own = case
            .text
            .paths(&format!("settings/{id}/broker-{broker}.server.properties"));
        Some(Change::new(
            format!("{id}/{broker} to {new}"),
            move |blueprint| {
                blueprint.enis.get_mut(&eni).expect("it").address = new;
                let cluster = blueprint.clusters.get_mut(&id).expect("it");
                if let Some((address, _)) = cluster.controllers.get_mut(&broker) {
                    *address = new;
                }
                let content = cluster.brokers.get_mut(&broker).expect("it");
                let listeners = content.listeners.values_mut();
                for at in listeners.filter_map(|listener| listener.advertised.as_mut()) {
                    if at.host == old.to_string() {
                        at.host = new.to_string();
                    }
                }
            },
            move |text| {
                text.set(&object, "PrivateIpAddress", new)?;
                let own = own.first().ok_or("no settings")?;
                text.rewrite(own, &format!("://{old}:"), &format!("://{new}:"))
            },
        ))
    })
}

/// A listener of a broker that has settings of its own.
#[derive(Clone)]
struct Site {
    cluster: ClusterId,
    broker: u32,
    name: String,
    listener: BrokerListener,
    path: String,
}

impl Site {
    fn listener<'b>(&self, blueprint: &'b mut Blueprint) -> &'b mut BrokerListener {
        let cluster = blueprint.clusters.get_mut(&self.cluster).expect("it");
        let broker = cluster.brokers.get_mut(&self.broker).expect("it");
        broker.listeners.get_mut(&self.name).expect("it")
    }

    fn site(&self) -> String {
        format!("{}/{} {}", self.cluster, self.broker, self.name)
    }

    /// How the settings advertise it.
    fn told(&self, at: &HostPort) -> String {
        format!("{}://{at}", self.name)
    }
}

fn listeners(case: &Case) -> Vec<Site> {
    let mut sites = Vec::new();
    for (id, cluster) in &case.blueprint.clusters {
        for (broker, content) in &cluster.brokers {
            let end = format!("settings/{id}/broker-{broker}.server.properties");
            let path = case.text.paths(&end).pop();
            let Some(path) = path.filter(|_| cluster.kind == ClusterKind::Ec2) else {
                continue;
            };
            let listeners = content.listeners.iter();
            sites.extend(listeners.map(|(name, listener)| Site {
                cluster: id.clone(),
                broker: *broker,
                name: name.clone(),
                listener: listener.clone(),
                path: path.clone(),
            }));
        }
    }
    sites
}

/// Another thing to advertise for every listener.
fn advertise(case: &Case, other: fn(&HostPort) -> HostPort) -> Vec<Change> {
    of_each(listeners(case), |site| {
        let at = site.listener.advertised.clone()?;
        at.host
            .parse::<std::net::Ipv4Addr>()
            .is_err()
            .then_some(())?;
        let new = other(&at);
        let (path, old, told) = (site.path.clone(), site.told(&at), site.told(&new));
        Some(Change::new(
            site.site(),
            move |blueprint| site.listener(blueprint).advertised = Some(new.clone()),
            move |text| text.rewrite(&path, &old, &told),
        ))
    })
}

fn settings_port(case: &Case) -> Vec<Change> {
    advertise(case, |at| HostPort {
        port: at.port + 100,
        ..at.clone()
    })
}

fn settings_host(case: &Case) -> Vec<Change> {
    advertise(case, |at| HostPort {
        host: format!("x-{}", at.host),
        ..at.clone()
    })
}

fn unadvertise(case: &Case) -> Vec<Change> {
    of_each(listeners(case), |site| {
        let at = site.listener.advertised.clone()?;
        at.host
            .parse::<std::net::Ipv4Addr>()
            .is_err()
            .then_some(())?;
        let (path, told) = (site.path.clone(), site.told(&at));
        Some(Change::new(
            site.site(),
            move |blueprint| site.listener(blueprint).advertised = None,
            move |text| {
                let before = text.rewrite(&path, &format!(",{told}"), "");
                let before = before.or_else(|_| text.rewrite(&path, &format!("{told},"), ""));
                before.or_else(|_| text.rewrite(&path, &told, ""))
            },
        ))
    })
}

fn bind_elsewhere(case: &Case) -> Vec<Change> {
    of_each(listeners(case), |site| {
        let cluster = case.blueprint.clusters.get(&site.cluster)?;
        let broker = cluster.brokers.get(&site.broker)?;
        let address = case.blueprint.enis.get(&broker.eni)?.address;
        let bound = |port| format!("{}://{address}:{port}", site.name);
        let (old, new) = (bound(site.listener.port), bound(MOVED));
        let path = site.path.clone();
        let is_named = |at: &HostPort| at.host != address.to_string();
        site.listener
            .advertised
            .as_ref()
            .is_none_or(is_named)
            .then_some(())?;
        Some(Change::new(
            site.site(),
            move |blueprint| site.listener(blueprint).port = MOVED,
            move |text| text.rewrite(&path, &old, &new),
        ))
    })
}
