//! Kafka clusters, brokers, listeners and clients, in Kafka's own words.

use std::collections::{BTreeMap, BTreeSet};
use std::net::Ipv4Addr;

use crate::ids::{ClientId, ClusterId, EniId, VpcId};
use crate::spec::{Auth, ClientKind, ClusterKind, Lambda, Traffic};

/// A Kafka cluster.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cluster {
    /// Who runs it.
    pub kind: ClusterKind,
    /// The VPC of its brokers.
    pub vpc: VpcId,
    /// Version as written in the spec, such as `3.9`.
    pub kafka_version: String,
    /// Instance type of its brokers, such as `kafka.m7g.large`, if it was said.
    pub instance_type: Option<String>,
    /// Whether metadata is kept by ZooKeeper and not by KRaft.
    pub zookeeper: bool,
    /// Names that lead to any broker and are none's own (`boot-…`), lower case; empty where
    /// clients bootstrap from brokers' names.
    pub bootstrap_names: Vec<String>,
    /// Schemes for which VPC connectivity is turned on, and accounts that the cluster's policy
    /// lets connect (MSK multi-VPC).
    pub vpc_connectivity: BTreeMap<Auth, BTreeSet<String>>,
    /// Domain under which the brokers are named, lower case, no trailing dot.
    pub suffix: String,
    /// Brokers by Kafka id.
    pub brokers: BTreeMap<u32, Broker>,
    /// The listener brokers use among themselves (`inter.broker.listener.name`).
    pub inter_broker_listener: String,
    /// The listener of KRaft controllers (`controller.listener.names`).
    pub controller_listener: String,
    /// KRaft voters: node id to address and controller port. The nodes are brokers as well.
    pub controllers: BTreeMap<u32, (Ipv4Addr, u16)>,
    /// Settings that are the same on every broker, Kafka's spelling.
    pub settings: BTreeMap<String, String>,
    /// How the brokers are told what to advertise; none where they advertise what they always do.
    pub advertised_by: Option<AdvertisedBy>,
    /// The names brokers see for each other where the service gives them a resolver of their
    /// own (Amazon MSK); empty where they use the VPC's resolver.
    pub service_names: BTreeMap<String, Ipv4Addr>,
}

/// How brokers are told what to advertise.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AdvertisedBy {
    /// The value of `custom.advertised.listeners` in the configuration of a cluster of Amazon MSK:
    /// one rule per listener, in which `{broker_id}` stands for the broker's id. Listeners that it
    /// leaves out stay as they are.
    Property(String),
    /// The value of each broker's dynamic setting `advertised.listeners`, which repeats every
    /// listener; brokers under KRaft refuse it (KAFKA-18403).
    PerBroker(BTreeMap<u32, String>),
    /// Each broker's `server.properties`, as [`properties`] writes them.
    ServerProperties,
}

/// A broker.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Broker {
    /// Its interface.
    pub eni: EniId,
    /// Its listeners by name, the controller's excepted.
    pub listeners: BTreeMap<String, BrokerListener>,
}

/// A broker's listener.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BrokerListener {
    /// Port it binds on the broker's address.
    pub port: u16,
    /// Host and port that metadata gives to clients of this listener; none if the broker's
    /// `advertised.listeners` leaves it out.
    pub advertised: Option<HostPort>,
    /// Security protocol (`PLAINTEXT`, `SSL`, `SASL_SSL`).
    pub protocol: String,
    /// How clients of this listener authenticate.
    pub auth: Auth,
    /// Names of the certificate it presents, lower case, `*` standing for one label; empty for
    /// plaintext.
    pub certificate_names: BTreeSet<String>,
}

/// A host name and a TCP port.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct HostPort {
    /// Host name, lower case, or an address in dotted form.
    pub host: String,
    /// TCP port.
    pub port: u16,
}

impl std::fmt::Display for HostPort {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}", self.host, self.port)
    }
}

/// A client application.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Client {
    /// What it is.
    pub kind: ClientKind,
    /// The VPC it runs in.
    pub vpc: VpcId,
    /// The cluster it was promised.
    pub cluster: ClusterId,
    /// How it authenticates.
    pub auth: Auth,
    /// Its interfaces, one per zone of the VPC.
    pub enis: Vec<EniId>,
    /// The bootstrap servers it is given; any of them will do.
    pub bootstrap: Vec<HostPort>,
    /// The brokers' listener it is meant to arrive on.
    pub listener: String,
    /// Its Kafka client settings, Kafka's spelling.
    pub settings: BTreeMap<String, String>,
    /// What it carries, if that was said.
    pub traffic: Option<Traffic>,
    /// How its event source mapping is set, for a Lambda client.
    pub lambda: Option<Lambda>,
}

/// The `id` of a promise's goal: the bootstrap servers, or one broker.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Goal {
    /// Any of the bootstrap servers.
    Bootstrap,
    /// The broker with this Kafka id.
    Broker(u32),
}

/// A client and one goal it must reach.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct PromiseId {
    /// Who.
    pub client: ClientId,
    /// Which cluster.
    pub cluster: ClusterId,
    /// What of it.
    pub goal: Goal,
}

impl std::fmt::Display for PromiseId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.goal {
            Goal::Bootstrap => write!(f, "{}:{}/bootstrap", self.client, self.cluster),
            Goal::Broker(id) => write!(f, "{}:{}/{id}", self.client, self.cluster),
        }
    }
}

/// The lines of a broker's `server.properties` that the blueprint settles, in Kafka's order of
/// importance: identity, listeners, then the cluster's settings. `address` is its interface's.
pub fn properties(cluster: &Cluster, id: u32, address: Ipv4Addr) -> Vec<(String, String)> {
    let Some(broker) = cluster.brokers.get(&id) else {
        return Vec::new();
    };
    let controls = cluster.controllers.get(&id);
    let mut lines = vec![
        (
            "process.roles".to_owned(),
            if controls.is_some() {
                "broker,controller"
            } else {
                "broker"
            }
            .to_owned(),
        ),
        ("node.id".to_owned(), id.to_string()),
        ("controller.quorum.voters".to_owned(), voters(cluster)),
        (
            "controller.listener.names".to_owned(),
            cluster.controller_listener.clone(),
        ),
        (
            "inter.broker.listener.name".to_owned(),
            cluster.inter_broker_listener.clone(),
        ),
        (
            "listeners".to_owned(),
            bound(cluster, broker, controls, address),
        ),
        ("advertised.listeners".to_owned(), advertised(broker)),
        (
            "listener.security.protocol.map".to_owned(),
            protocols(cluster, broker),
        ),
    ];
    lines.extend(cluster.settings.iter().map(|(k, v)| (k.clone(), v.clone())));
    lines
}

fn voters(cluster: &Cluster) -> String {
    let voters = cluster
        .controllers
        .iter()
        .map(|(id, (address, port))| format!("{id}@{address}:{port}"));
    voters.collect::<Vec<_>>().join(",")
}

fn bound(
    cluster: &Cluster,
    broker: &Broker,
    controls: Option<&(Ipv4Addr, u16)>,
    address: Ipv4Addr,
) -> String {
    let mut parts: Vec<_> = broker
        .listeners
        .iter()
        .map(|(name, l)| format!("{name}://{address}:{}", l.port))
        .collect();
    if let Some((_, port)) = controls {
        parts.push(format!(
            "{}://{address}:{port}",
            cluster.controller_listener
        ));
    }
    parts.join(",")
}

/// The value of a broker's `advertised.listeners`: every listener that is advertised.
pub fn advertised(broker: &Broker) -> String {
    let parts = broker
        .listeners
        .iter()
        .filter_map(|(name, l)| l.advertised.as_ref().map(|at| format!("{name}://{at}")));
    parts.collect::<Vec<_>>().join(",")
}

fn protocols(cluster: &Cluster, broker: &Broker) -> String {
    let mut parts: Vec<_> = broker
        .listeners
        .iter()
        .map(|(name, l)| format!("{name}:{}", l.protocol))
        .collect();
    parts.push(format!("{}:PLAINTEXT", cluster.controller_listener));
    parts.join(",")
}
