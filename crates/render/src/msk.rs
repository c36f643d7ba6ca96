//! What the texts of both targets say about Amazon MSK.

use std::collections::BTreeSet;

use blueprint::Blueprint;
use blueprint::balancing::{Endpoint, EndpointTarget};
use blueprint::ids::{ClientId, ClusterId};
use blueprint::kafka::{AdvertisedBy, Broker, BrokerListener, Client, Cluster};
use blueprint::network::{Eni, EniOwner};
use blueprint::spec::{Auth, ClusterKind};

use crate::assigned;
use crate::interfaces;
use crate::names;
use crate::object::{Attribute, Object};
use crate::value::{Input, Switch, Value};

/// Storage of each broker in GiB where nothing else is known: what Amazon MSK's console proposes
/// (unverified). It can be raised in place and never lowered.
pub(crate) const VOLUME_GIB: u32 = 100;

/// Most characters of the name of a cluster or configuration (Amazon MSK API, `CreateCluster`).
const MAX_NAME_CHARS: usize = 64;

/// The newest release of each Kafka version before 3.7 that Amazon MSK has; of later ones it
/// chooses the patch itself, `3.7.x` (Amazon MSK developer guide, "Supported Apache Kafka
/// versions").
const RELEASES: [(&str, &str); 13] = [
    ("2.2", "2.2.1"),
    ("2.3", "2.3.1"),
    ("2.4", "2.4.1.1"),
    ("2.5", "2.5.1"),
    ("2.6", "2.6.3"),
    ("2.7", "2.7.2"),
    ("2.8", "2.8.1"),
    ("3.1", "3.1.1"),
    ("3.2", "3.2.0"),
    ("3.3", "3.3.2"),
    ("3.4", "3.4.0"),
    ("3.5", "3.5.1"),
    ("3.6", "3.6.0"),
];

/// What Express brokers set themselves and let nobody set (Amazon MSK developer guide, "Express
/// brokers read-only configurations"; the last three are not among those that can be set).
const SET_BY_EXPRESS: [&str; 5] = [
    "default.replication.factor",
    "min.insync.replicas",
    "offsets.topic.replication.factor",
    "transaction.state.log.min.isr",
    "transaction.state.log.replication.factor",
];

/// Amazon MSK's own default, for a configuration that would be empty (Amazon MSK developer guide,
/// "Default Amazon MSK configuration").
const NEUTRAL_SETTING: &str = "auto.create.topics.enable=false\n";

/// A client that authenticates by SCRAM.
pub(crate) struct User<'b> {
    pub(crate) client: &'b ClientId,
    /// The client's account.
    pub(crate) account: &'b str,
    pub(crate) cluster: &'b ClusterId,
    /// Account and Region of the cluster.
    pub(crate) home: (&'b str, &'b str),
}

/// The name of a cluster's configuration. Amazon MSK tries its settings against the Kafka versions
/// it is for, which cannot change; so another version has another configuration beside the first.
pub(crate) fn configuration_name(id: &ClusterId, cluster: &Cluster) -> String {
    let name = format!("{id}-{}", kafka_version(cluster));
    names::short(&name, MAX_NAME_CHARS)
}

/// The name of a cluster.
pub(crate) fn name(id: &ClusterId) -> String {
    names::short(id.as_str(), MAX_NAME_CHARS)
}

/// The Kafka version in Amazon MSK's spelling.
pub(crate) fn kafka_version(cluster: &Cluster) -> String {
    let said = cluster.kafka_version.as_str();
    if said.split('.').count() != 2 {
        return said.to_owned();
    }
    let mut releases = RELEASES.iter();
    if let Some((_, release)) = releases.find(|(version, _)| *version == said) {
        return (*release).to_owned();
    }
    match cluster.zookeeper {
        true => format!("{said}.x"),
        false => format!("{said}.x.kraft"),
    }
}

/// The instance type of a provisioned cluster's brokers.
pub(crate) fn instance_type(cluster: &Cluster) -> String {
    let (prefix, default) = match cluster.kind {
        ClusterKind::MskExpress => ("express.", "express.m7g.large"),
        ClusterKind::Msk | ClusterKind::MskServerless | ClusterKind::Ec2 => {
            ("kafka.", "kafka.m7g.large")
        }
    };
    match cluster.instance_type.as_deref() {
        None => default.to_owned(),
        Some(said) if said.matches('.').count() > 1 => said.to_owned(),
        Some(said) => format!("{prefix}{said}"),
    }
}

/// The subnets of a cluster's brokers.
pub(crate) fn subnets(blueprint: &Blueprint, id: &ClusterId) -> Vec<Value> {
    let subnets: BTreeSet<_> = enis(blueprint, id).map(|eni| &eni.subnet).collect();
    let subnets = subnets.into_iter();
    subnets
        .map(|subnet| Value::Of(Object::Subnet(subnet.clone()), Attribute::Id))
        .collect()
}

/// The security groups of a cluster's brokers.
pub(crate) fn groups(blueprint: &Blueprint, id: &ClusterId) -> Vec<Value> {
    let enis: Vec<_> = enis(blueprint, id).collect();
    interfaces::groups(&enis)
}

fn enis<'b>(blueprint: &'b Blueprint, id: &'b ClusterId) -> impl Iterator<Item = &'b Eni> {
    let enis = blueprint.enis.values();
    enis.filter(move |eni| matches!(&eni.owner, EniOwner::Broker { cluster, .. } if cluster == id))
}

/// How clients inside the VPC may authenticate: the schemes of the listeners for them.
pub(crate) fn schemes(cluster: &Cluster) -> BTreeSet<Auth> {
    let brokers = cluster.brokers.values();
    let listeners = brokers.flat_map(|broker| client_listeners(cluster, broker));
    listeners.map(|(_, listener)| listener.auth).collect()
}

/// Listeners for clients, without those of MSK's own balancers and of brokers among themselves.
pub(crate) fn client_listeners<'b>(
    cluster: &Cluster,
    broker: &'b Broker,
) -> impl Iterator<Item = (&'b String, &'b BrokerListener)> {
    let listeners = broker.listeners.iter();
    listeners
        .filter(|(name, _)| **name != cluster.inter_broker_listener && !name.ends_with("_VPCE"))
}

/// The port on which Amazon MSK's brokers listen for clients of a scheme (Amazon MSK developer
/// guide, "Port information").
pub(crate) fn port(auth: Auth) -> u16 {
    match auth {
        Auth::None => 9092,
        Auth::Tls | Auth::Mtls => 9094,
        Auth::Scram => 9096,
        Auth::Iam => 9098,
    }
}

/// Amazon MSK's word for a scheme (Amazon MSK API, `CreateVpcConnection`).
pub(crate) fn scheme(auth: Auth) -> &'static str {
    match auth {
        Auth::Iam => "SASL_IAM",
        Auth::Scram => "SASL_SCRAM",
        Auth::None | Auth::Tls | Auth::Mtls => "TLS",
    }
}

/// Whether clients speak TLS to brokers (Amazon MSK API, `ClientBroker`).
pub(crate) fn client_broker(cluster: &Cluster) -> &'static str {
    let schemes = schemes(cluster);
    if schemes == BTreeSet::from([Auth::None]) {
        "PLAINTEXT"
    } else if schemes.contains(&Auth::None) {
        "TLS_PLAINTEXT"
    } else {
        "TLS"
    }
}

/// The private CA that signs certificates of clients: one that exists.
pub(crate) fn private_ca(id: &ClusterId) -> Value {
    Value::Input(Input::Given {
        name: format!("{}-private-ca-arn", names::kebab(id.as_str())),
        what: format!("ARN of the private CA (ACM) that signs certificates of `{id}`'s clients"),
    })
}

/// Whether a cluster has VPC connectivity by any of these schemes, which Amazon MSK refuses while
/// it is being made.
pub(crate) fn has_connectivity(id: &ClusterId, cluster: &Cluster, schemes: &[Auth]) -> Value {
    let mut schemes = schemes.iter();
    match schemes.any(|scheme| cluster.vpc_connectivity.contains_key(scheme)) {
        false => Value::Flag(false),
        true => Value::Switched {
            switch: Switch::VpcConnectivity {
                cluster: id.to_string(),
            },
            first: Box::new(false.into()),
            then: Box::new(true.into()),
        },
    }
}

/// The name of a user's secret: Amazon MSK takes only those that begin so.
pub(crate) fn secret_name(blueprint: &Blueprint, of: &ClientId) -> String {
    format!("AmazonMSK_{}_{of}", blueprint.name)
}

/// Whether a cluster's brokers set a setting themselves and let nobody set it.
pub(crate) fn is_set_by_service(cluster: &Cluster, setting: &str) -> bool {
    cluster.kind == ClusterKind::MskExpress && SET_BY_EXPRESS.contains(&setting)
}

/// The settings of a cluster's configuration, a line for each; what moves its listeners behind
/// the switch.
pub(crate) fn server_properties(blueprint: &Blueprint, id: &ClusterId) -> Option<Value> {
    let cluster = blueprint.clusters.get(id)?;
    let settings = cluster.settings.iter();
    let settings = settings.filter(|(key, _)| !is_set_by_service(cluster, key));
    let mut settings: String = settings
        .map(|(key, value)| format!("{key}={value}\n"))
        .collect();
    if settings.is_empty() {
        settings.push_str(NEUTRAL_SETTING);
    }
    let Some(AdvertisedBy::Property(rules)) = &cluster.advertised_by else {
        return Some(Value::Text(settings));
    };
    let mut then = vec![Value::from("custom.advertised.listeners=")];
    then.extend(with_domain(blueprint, cluster, rules));
    let moved = Value::Switched {
        switch: Switch::Advertised {
            cluster: id.to_string(),
        },
        first: Box::new(Value::from("")),
        then: Box::new(Value::Joined(then)),
    };
    Some(Value::Joined(vec![Value::Text(settings), moved]))
}

/// A text in which the domain of a cluster's brokers may occur, as often as it likes.
fn with_domain(blueprint: &Blueprint, cluster: &Cluster, text: &str) -> Vec<Value> {
    let domain = assigned::host(blueprint, &cluster.suffix);
    if cluster.suffix.is_empty() || matches!(domain, Value::Text(_)) {
        return vec![Value::from(text)];
    }
    let mut parts = Vec::new();
    for part in text.split(&cluster.suffix) {
        if !parts.is_empty() {
            parts.push(domain.clone());
        }
        parts.push(Value::from(part));
    }
    parts
}

/// The cluster and scheme of a VPC connection.
pub(crate) fn connected<'b>(
    blueprint: &'b Blueprint,
    endpoint: &Endpoint,
) -> Option<(&'b ClusterId, Auth)> {
    let EndpointTarget::Service(service) = &endpoint.target else {
        return None;
    };
    let balancer = &blueprint.services.get(service)?.balancer;
    let listeners = blueprint.balancers.get(balancer)?.listeners.values();
    let groups = listeners.filter_map(|own| blueprint.target_groups.get(&own.target_group));
    let targets = groups.flat_map(|group| group.targets.iter().map(move |at| (&group.vpc, at)));
    let mut found = targets.filter_map(|(vpc, target)| {
        let (_, eni) = interfaces::at(blueprint, vpc, target.address)?;
        let EniOwner::Broker { cluster, id } = &eni.owner else {
            return None;
        };
        let broker = blueprint.clusters.get(cluster)?.brokers.get(id)?;
        let listener = bound(broker.listeners.values(), target.port)?;
        Some((cluster, listener.auth))
    });
    found.next()
}

fn bound<'b>(
    mut listeners: impl Iterator<Item = &'b BrokerListener>,
    port: u16,
) -> Option<&'b BrokerListener> {
    listeners.find(|listener| listener.port == port)
}

/// A client as a SCRAM user of its cluster.
pub(crate) fn user<'b>(blueprint: &'b Blueprint, id: &'b ClientId) -> Option<User<'b>> {
    let client = blueprint.clients.get(id)?;
    let cluster = blueprint.clusters.get(&client.cluster)?;
    let home = blueprint.vpcs.get(&cluster.vpc)?;
    Some(User {
        client: id,
        account: &blueprint.vpcs.get(&client.vpc)?.account,
        cluster: &client.cluster,
        home: (&home.account, &home.region),
    })
}

/// The SCRAM users of a cluster.
pub(crate) fn users<'b>(blueprint: &'b Blueprint, id: &'b ClusterId) -> Vec<User<'b>> {
    let is_user = |client: &Client| client.cluster == *id && client.auth == Auth::Scram;
    let users = blueprint.clients.iter();
    let users = users.filter(|(_, client)| is_user(client));
    users.filter_map(|(id, _)| user(blueprint, id)).collect()
}

/// Accounts besides the owner's that a cluster's policy lets connect: those of VPC connections,
/// and those of clients that authenticate by IAM.
pub(crate) fn policy_accounts(blueprint: &Blueprint, id: &ClusterId) -> BTreeSet<String> {
    let mut accounts = connecting_accounts(blueprint, id);
    accounts.extend(iam_accounts(blueprint, id));
    accounts
}

/// Accounts besides the owner's that may make VPC connections.
pub(crate) fn connecting_accounts(blueprint: &Blueprint, id: &ClusterId) -> BTreeSet<String> {
    let cluster = blueprint.clusters.get(id);
    let accounts = cluster
        .into_iter()
        .flat_map(|cluster| cluster.vpc_connectivity.values());
    but_owner(blueprint, id, accounts.flatten().cloned())
}

/// Accounts besides the owner's whose clients authenticate by IAM.
pub(crate) fn iam_accounts(blueprint: &Blueprint, id: &ClusterId) -> BTreeSet<String> {
    let clients = blueprint.clients.values();
    let by_iam = clients.filter(|client| client.cluster == *id && client.auth == Auth::Iam);
    let vpcs = by_iam.filter_map(|client| blueprint.vpcs.get(&client.vpc));
    but_owner(blueprint, id, vpcs.map(|vpc| vpc.account.clone()))
}

fn but_owner(
    blueprint: &Blueprint,
    id: &ClusterId,
    accounts: impl Iterator<Item = String>,
) -> BTreeSet<String> {
    let cluster = blueprint.clusters.get(id);
    let owner = cluster.and_then(|cluster| blueprint.vpcs.get(&cluster.vpc));
    accounts
        .filter(|account| owner.is_some_and(|owner| owner.account != *account))
        .collect()
}
