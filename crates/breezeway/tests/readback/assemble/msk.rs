//! Clusters of Amazon MSK: brokers in the client subnets, listeners by what is turned on.

use std::collections::{BTreeMap, BTreeSet};
use std::net::Ipv4Addr;

use blueprint::ids::{ClusterId, SecurityGroupId, SubnetId, VpcId};
use blueprint::kafka::{Broker, BrokerListener, Cluster, HostPort};
use blueprint::network::{Eni, EniOwner};
use blueprint::spec::Auth;

use super::network::SUBNET;
use super::props::{deep, deep_flag, domain, spelled};
use super::settings::{advertised, commanded, listeners, properties};
use super::transit::principals;
use super::{Draft, Grounds, groups, network};
use crate::graph::{Node, Prop};

pub(super) const CLUSTER: &str = "AWS::MSK::Cluster";
pub(super) const SERVERLESS: &str = "AWS::MSK::ServerlessCluster";
const CONFIGURATION: &str = "AWS::MSK::Configuration";

/// The setting by which brokers advertise other hosts and ports.
const ADVERTISED: &str = "custom.advertised.listeners";

/// A listener of a kind: AWS's name, its port ("Port information" in the Amazon MSK guide), its
/// protocol, its scheme.
#[derive(Clone, Copy)]
struct Kind {
    name: &'static str,
    port: u16,
    protocol: &'static str,
    auth: Auth,
}

const PLAINTEXT: Kind = Kind {
    name: "CLIENT",
    port: 9092,
    protocol: "PLAINTEXT",
    auth: Auth::None,
};
const TLS: Kind = Kind {
    name: "CLIENT_SECURE",
    port: 9094,
    protocol: "SSL",
    auth: Auth::Tls,
};
const MTLS: Kind = Kind {
    auth: Auth::Mtls,
    ..TLS
};
const SCRAM: Kind = Kind {
    name: "CLIENT_SASL_SCRAM",
    port: 9096,
    protocol: "SASL_SSL",
    auth: Auth::Scram,
};
const IAM: Kind = Kind {
    name: "CLIENT_IAM",
    port: 9098,
    protocol: "SASL_SSL",
    auth: Auth::Iam,
};

/// Where the brokers' properties say for which schemes VPC connections are on.
const VPC_CONNECTIVITY: [&str; 3] = [
    "ConnectivityInfo",
    "VpcConnectivity",
    "ClientAuthentication",
];

/// Writes a provisioned cluster.
pub(super) fn write(draft: &mut Draft<'_>, id: &ClusterId, said: &Cluster) -> Result<(), String> {
    let node = node_of(draft, id, CLUSTER)?;
    let nodes = node.get("BrokerNodeGroupInfo").ok_or("it has no brokers")?;
    let listed = |name: &str| nodes.get(name).and_then(Prop::list).unwrap_or_default();
    let grounds = Grounds {
        subnets: objects(draft, listed("ClientSubnets"), SUBNET)?,
        groups: objects(draft, listed("SecurityGroups"), groups::GROUP)?,
    };
    let n_brokers = usize::try_from(node.number("NumberOfBrokerNodes")?).unwrap_or_default();
    let ids: Vec<u32> = said.brokers.keys().copied().take(n_brokers).collect();
    if ids.len() < n_brokers {
        return Err(format!("nobody knows the addresses of {n_brokers} brokers"));
    }
    let encryption = node.get("EncryptionInfo");
    let in_cluster = deep_flag(encryption, &["EncryptionInTransit", "InCluster"])?;
    let mut making = Making {
        cluster: bare(said, &in_cluster),
        kinds: kinds(node)?,
        private: private_kinds(node)?,
        settings: configuration(draft, node)?,
    };
    let connectivity = making.private.iter();
    let policy = policy(draft, node);
    making.cluster.vpc_connectivity = connectivity
        .map(|(kind, _)| (kind.auth, policy.clone()))
        .collect();
    place(draft, id, said, &ids, grounds, &making)
}

/// Writes a Serverless cluster: IAM only, and brokers of which nobody sees more than addresses
/// and names.
pub(super) fn write_serverless(
    draft: &mut Draft<'_>,
    id: &ClusterId,
    said: &Cluster,
) -> Result<(), String> {
    let node = node_of(draft, id, SERVERLESS)?;
    let [vpc] = node.list("VpcConfigs")? else {
        return Err("it lies in several VPCs, or none".to_owned());
    };
    let listed = |name: &str| vpc.get(name).and_then(Prop::list).unwrap_or_default();
    let grounds = Grounds {
        subnets: objects(draft, listed("SubnetIds"), SUBNET)?,
        groups: objects(draft, listed("SecurityGroups"), groups::GROUP)?,
    };
    let ids: Vec<u32> = said.brokers.keys().copied().collect();
    let making = Making {
        cluster: bare(said, &None),
        kinds: vec![IAM],
        private: Vec::new(),
        settings: BTreeMap::new(),
    };
    place(draft, id, said, &ids, grounds, &making)
}

/// The VPC in which Amazon MSK puts the brokers of a cluster.
pub(super) fn ground_of(draft: &Draft<'_>, id: &ClusterId) -> Option<VpcId> {
    let arn = draft.reading.clusters.get(id.as_str())?;
    let node = draft.resource(arn, &[CLUSTER, SERVERLESS])?;
    let subnets = match node.get("VpcConfigs").and_then(Prop::list) {
        Some(configs) => configs.first()?.get("SubnetIds"),
        None => deep(node.get("BrokerNodeGroupInfo"), &["ClientSubnets"]),
    };
    let subnets: Vec<SubnetId> = objects(draft, subnets?.list()?, SUBNET).ok()?;
    network::vpc_of(draft, subnets.first()?).ok()
}

/// A cluster whose brokers are still to be written.
struct Making {
    cluster: Cluster,
    kinds: Vec<Kind>,
    /// For VPC connections, with the part of the names that tells schemes apart.
    private: Vec<(Kind, &'static str)>,
    settings: BTreeMap<String, String>,
}

/// Whether brokers encrypt among themselves, which they do if nothing is said
/// (`EncryptionInTransit` in the template reference), names the listener they use.
fn bare(said: &Cluster, in_cluster: &Option<bool>) -> Cluster {
    let inter_broker = if in_cluster.unwrap_or(true) {
        "REPLICATION_SECURE"
    } else {
        "REPLICATION"
    };
    Cluster {
        brokers: BTreeMap::new(),
        settings: BTreeMap::new(),
        vpc_connectivity: BTreeMap::new(),
        advertised_by: None,
        inter_broker_listener: inter_broker.to_owned(),
        ..said.clone()
    }
}

/// The resource that a cluster of the spec is.
fn node_of<'g>(draft: &Draft<'g>, id: &ClusterId, kind: &str) -> Result<&'g Node, String> {
    let arn = draft.reading.clusters.get(id.as_str());
    let arn = arn.ok_or("the wiring does not name it")?;
    let node = draft.resource(arn, &[kind]);
    node.ok_or_else(|| format!("{arn:?} is no {kind}"))
}

fn objects<I>(draft: &Draft<'_>, items: &[Prop], kind: &str) -> Result<Vec<I>, String>
where
    I: From<String> + Into<blueprint::ids::ObjectId>,
{
    let objects = items.iter().map(|item| draft.object(item, &[kind]));
    objects.collect()
}

/// The listeners for clients ("Amazon MSK encryption" and "Authentication and authorization"):
/// plaintext and TLS by `ClientBroker`, which is TLS if nothing is said; those of SASL where it is
/// on; unauthenticated access where it is on, or where nothing is said of any scheme.
fn kinds(node: &Node) -> Result<Vec<Kind>, String> {
    let asked = node.get("ClientAuthentication");
    let is_on = |path: &[&str]| deep_flag(asked, path);
    let iam = is_on(&["Sasl", "Iam", "Enabled"])?.unwrap_or(false);
    let scram = is_on(&["Sasl", "Scram", "Enabled"])?.unwrap_or(false);
    let mtls_authorities = deep(asked, &["Tls", "CertificateAuthorityArnList"]);
    let mtls = is_on(&["Tls", "Enabled"])?.unwrap_or(mtls_authorities.is_some());
    let anybody = is_on(&["Unauthenticated", "Enabled"])?;
    let anybody = anybody.unwrap_or(!(iam || scram || mtls));
    let in_transit = deep(
        node.get("EncryptionInfo"),
        &["EncryptionInTransit", "ClientBroker"],
    );
    let in_transit = in_transit.map_or(Some("TLS"), Prop::text);
    let (plaintext, tls) = match in_transit.ok_or("ClientBroker is no text")? {
        "PLAINTEXT" => (true, false),
        "TLS" => (false, true),
        "TLS_PLAINTEXT" => (true, true),
        other => return Err(format!("ClientBroker is `{other}`")),
    };
    let all = [
        (plaintext && anybody, PLAINTEXT),
        (tls && anybody && !mtls, TLS),
        (tls && mtls, MTLS),
        (tls && scram, SCRAM),
        (tls && iam, IAM),
    ];
    let on = all.into_iter().filter(|(is_on, _)| *is_on);
    Ok(on.map(|(_, kind)| kind).collect())
}

/// The listeners for VPC connections ("Multi-VPC private connectivity"), each with the label in
/// its brokers' names.
fn private_kinds(node: &Node) -> Result<Vec<(Kind, &'static str)>, String> {
    let asked = deep(node.get("BrokerNodeGroupInfo"), &VPC_CONNECTIVITY);
    let is_on = |path: &[&str]| Ok::<_, String>(deep_flag(asked, path)?.unwrap_or(false));
    let all = [
        (is_on(&["Sasl", "Iam", "Enabled"])?, (IAM, "iam")),
        (is_on(&["Sasl", "Scram", "Enabled"])?, (SCRAM, "scram")),
        (is_on(&["Tls", "Enabled"])?, (MTLS, "tls")),
    ];
    let on = all.into_iter().filter(|(is_on, _)| *is_on);
    Ok(on.map(|(_, kind)| kind).collect())
}

/// The settings of the configuration that a cluster uses.
fn configuration(draft: &Draft<'_>, node: &Node) -> Result<BTreeMap<String, String>, String> {
    let Some(arn) = deep(node.get("ConfigurationInfo"), &["Arn"]) else {
        return Ok(BTreeMap::new());
    };
    let configuration = draft.resource(arn, &[CONFIGURATION]);
    let configuration = configuration.ok_or("its configuration is nowhere")?;
    Ok(properties(configuration.text("ServerProperties")?))
}

/// Accounts that a cluster's policy lets connect.
fn policy(draft: &Draft<'_>, cluster: &Node) -> BTreeSet<String> {
    let policies = draft.graph.of_kind("AWS::MSK::ClusterPolicy");
    let own = policies.filter(|policy| {
        let arn = policy.get("ClusterArn");
        let node = arn.and_then(|arn| draft.resource(arn, &[CLUSTER]));
        node.is_some_and(|node| node.id == cluster.id)
    });
    let statements = own.filter_map(|node| deep(node.get("Policy"), &["Statement"]));
    let statements = statements.filter_map(Prop::list).flatten();
    let statements = statements.filter(|statement| lets_connect(statement));
    let allowed = statements.filter_map(|statement| deep(Some(statement), &["Principal", "AWS"]));
    let accounts = allowed.flat_map(|allowed| match allowed {
        Prop::List(items) => principals(items).unwrap_or_default(),
        Prop::Text(_)
        | Prop::Number(_)
        | Prop::Flag(_)
        | Prop::Map(_)
        | Prop::Ref(..)
        | Prop::Joined(_) => principals(std::slice::from_ref(allowed)).unwrap_or_default(),
    });
    accounts.collect()
}

/// Whether a statement is about making VPC connections ("Multi-VPC private connectivity in a single
/// Region"); others are about what clients do by IAM.
fn lets_connect(statement: &Prop) -> bool {
    let action = statement.get("Action");
    let one = action.and_then(Prop::text).into_iter();
    let several = action.and_then(Prop::list).unwrap_or_default().iter();
    let mut all = one.chain(several.filter_map(Prop::text));
    all.any(|action| ["kafka:CreateVpcConnection", "kafka:*", "*"].contains(&action))
}

fn place(
    draft: &mut Draft<'_>,
    id: &ClusterId,
    said: &Cluster,
    ids: &[u32],
    grounds: Grounds,
    making: &Making,
) -> Result<(), String> {
    let first = grounds.subnets.first().ok_or("it has no subnets")?;
    let mut cluster = Cluster {
        vpc: network::vpc_of(draft, first)?,
        settings: making.settings.clone(),
        ..making.cluster.clone()
    };
    let told = Told::of(draft, id, making)?;
    for broker in ids {
        let address = draft.known.broker_address(id.as_str(), *broker);
        let address = address.ok_or_else(|| format!("nobody knows broker {broker}"))?;
        let eni = said.brokers.get(broker).map(|broker| broker.eni.clone());
        let eni = eni.ok_or_else(|| format!("nobody knows broker {broker}"))?;
        let interface = Eni {
            subnet: ground(draft, &grounds.subnets, address)?,
            address,
            security_groups: grounds.groups.clone(),
            owner: EniOwner::Broker {
                cluster: id.clone(),
                id: *broker,
            },
        };
        network::insert_eni(draft, eni.clone(), interface);
        let listeners = broker_listeners(draft, id, making, (*broker, address), &told)?;
        cluster.brokers.insert(*broker, Broker { eni, listeners });
    }
    draft.grounds.insert(id.clone(), grounds);
    draft.made.clusters.insert(id.clone(), cluster);
    Ok(())
}

/// The client subnet that an address of a broker lies in.
fn ground(draft: &Draft<'_>, subnets: &[SubnetId], address: Ipv4Addr) -> Result<SubnetId, String> {
    let holds = |id: &&SubnetId| {
        let subnet = draft.made.subnets.get(*id);
        subnet.is_some_and(|subnet| subnet.cidr.contains(&address))
    };
    let subnet = subnets.iter().find(holds).cloned();
    subnet.ok_or_else(|| format!("{address} lies in none of its subnets"))
}

/// What brokers are told to advertise.
struct Told {
    /// The rules of the configuration: listener, host, port.
    rules: Vec<(String, String, String)>,
    /// What commands tell brokers, which counts before any rule and repeats every listener.
    commanded: BTreeMap<u32, BTreeMap<String, HostPort>>,
}

impl Told {
    fn of(draft: &Draft<'_>, id: &ClusterId, making: &Making) -> Result<Self, String> {
        let rules = making.settings.get(ADVERTISED);
        let steps = &draft.reading.steps;
        Ok(Self {
            rules: listeners(rules.map_or("", String::as_str))?,
            commanded: commanded(steps, id.as_str(), &making.cluster.suffix)?,
        })
    }

    /// What a broker advertises for a listener: by itself its own name and the port it binds.
    fn advertised(&self, kind: Kind, broker: u32, own: &str) -> Result<Option<HostPort>, String> {
        if let Some(commanded) = self.commanded.get(&broker) {
            return Ok(commanded.get(kind.name).cloned());
        }
        let rule = self.rules.iter().find(|(name, _, _)| name == kind.name);
        let told = rule.map(|(_, host, port)| advertised(host, port, broker));
        let by_itself = || HostPort {
            host: own.to_owned(),
            port: kind.port,
        };
        Ok(Some(told.transpose()?.unwrap_or_else(by_itself)))
    }
}

fn broker_listeners(
    draft: &Draft<'_>,
    id: &ClusterId,
    making: &Making,
    (broker, address): (u32, Ipv4Addr),
    told: &Told,
) -> Result<BTreeMap<String, BrokerListener>, String> {
    let own = own_name(&making.cluster, broker, address);
    let suffix = &making.cluster.suffix;
    let mut made = BTreeMap::new();
    for kind in &making.kinds {
        let advertised = told.advertised(*kind, broker, &own)?;
        let names = own_names(&making.cluster, &own);
        made.insert(
            kind.name.to_owned(),
            kind.listener(kind.port, advertised, names),
        );
    }
    for (kind, label) in &making.private {
        let name = format!("{}_VPCE", kind.name);
        let port = draft.known.private_ports.get(&(id.clone(), name.clone()));
        let port = port.copied().unwrap_or(PRIVATE_BASE + (kind.port - 9_000));
        let host = format!("b-{broker}.{label}.{suffix}");
        let mut names = own_names(&making.cluster, &own);
        names.insert(host.clone());
        let advertised = HostPort {
            host,
            port: private_port(broker)?,
        };
        made.insert(name, kind.listener(port, Some(advertised), names));
    }
    Ok(made)
}

/// Base of the ports of VPC connections: broker N is dialled at 14000 + N ("Multi-VPC private
/// connectivity"). What brokers bind behind MSK's own balancer no document says, so the spec does.
const PRIVATE_BASE: u16 = 14_000;

/// The port at which a VPC connection leads to a broker.
pub(super) fn private_port(broker: u32) -> Result<u16, String> {
    let port = u16::try_from(broker).ok();
    let port = port.and_then(|broker| PRIVATE_BASE.checked_add(broker));
    port.ok_or_else(|| format!("broker {broker} has no port"))
}

impl Kind {
    fn listener(
        self,
        port: u16,
        advertised: Option<HostPort>,
        names: BTreeSet<String>,
    ) -> BrokerListener {
        let certificate_names = if self.protocol == PLAINTEXT.protocol {
            BTreeSet::new()
        } else {
            names
        };
        BrokerListener {
            port,
            advertised,
            protocol: self.protocol.to_owned(),
            auth: self.auth,
            certificate_names,
        }
    }
}

/// A broker's own name: `b-N.SUFFIX`; of a Serverless cluster only the service knows it.
pub(super) fn own_name(cluster: &Cluster, broker: u32, address: Ipv4Addr) -> String {
    let usual = domain(&format!("b-{broker}.{}", cluster.suffix));
    let names = cluster.service_names.iter();
    let mut own = names.filter(|(name, at)| **at == address && !is_internal(name));
    if cluster.service_names.is_empty() || cluster.service_names.contains_key(&usual) {
        return usual;
    }
    let boots = &cluster.bootstrap_names;
    let known = own.find(|(name, _)| !boots.contains(name));
    known.map_or(usual, |(name, _)| name.clone())
}

fn is_internal(name: &str) -> bool {
    let label = name.split('.').next();
    label.is_some_and(|label| label.ends_with("-internal"))
}

/// What certificates of Amazon MSK are made out to: brokers' own names and bootstrap names.
fn own_names(cluster: &Cluster, own: &str) -> BTreeSet<String> {
    let mut names: BTreeSet<_> = cluster.bootstrap_names.iter().cloned().collect();
    if let Some((label, rest)) = own.split_once('.') {
        names.insert(format!("{label}-internal.{rest}"));
    }
    names.insert(own.to_owned());
    names
}

/// The scheme of a VPC connection: how the text spells it, and the label in names.
pub(super) fn scheme(node: &Node) -> Result<(Auth, &'static str, String), String> {
    let spelled = spelled(node.need("Authentication")?).ok_or("no scheme")?;
    let (kind, label) = match spelled.as_str() {
        "SASL_IAM" => (IAM, "iam"),
        "SASL_SCRAM" => (SCRAM, "scram"),
        "TLS" => (MTLS, "tls"),
        other => return Err(format!("authentication `{other}` is not understood")),
    };
    Ok((kind.auth, label, format!("{}_VPCE", kind.name)))
}

/// The groups of a VPC connection, and its subnets.
pub(super) fn connection(
    draft: &Draft<'_>,
    node: &Node,
) -> Result<(Vec<SubnetId>, Vec<SecurityGroupId>), String> {
    let subnets = draft.each_of(node, "ClientSubnets", &[SUBNET])?;
    let groups = draft.each_of(node, "SecurityGroups", &[groups::GROUP])?;
    Ok((subnets, groups))
}

/// The cluster of the spec that an ARN stands for.
pub(super) fn cluster_of(draft: &Draft<'_>, arn: &Prop) -> Option<ClusterId> {
    if let Some(id) = arn.text() {
        return draft.existing(id);
    }
    let node = draft.resource(arn, &[CLUSTER, SERVERLESS])?;
    let mut known = draft.reading.clusters.iter();
    let found = known.find(|(_, arn)| {
        let other = draft.resource(arn, &[CLUSTER, SERVERLESS]);
        other.is_some_and(|other| other.id == node.id)
    });
    found.map(|(id, _)| ClusterId::from(id.as_str()))
}
