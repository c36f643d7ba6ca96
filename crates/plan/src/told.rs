//! What clients are told: one step for those of one VPC that dial a cluster by one scheme with
//! the same settings, so that its lines are one properties text.

use std::collections::BTreeMap;

use blueprint::ids::{ClientId, ClusterId};
use blueprint::kafka::{self, HostPort};
use blueprint::spec::Auth;
use blueprint::step::StepKind;
use blueprint::{Blueprint, Step};

use crate::clients;
use crate::doors::Entry;
use crate::intent::{Client, Cluster, Vpc, Way};
use crate::sets;
use crate::settled::Settled;
use crate::steps::{Needs, Phase, Turn};

/// Kafka's setting for how a client protects its connections.
const PROTOCOL: &str = "security.protocol";

/// Kafka's setting for how a client authenticates by SASL.
const MECHANISM: &str = "sasl.mechanism";

/// Kafka's setting for what it authenticates with by SASL; with SCRAM it holds a password.
const JAAS: &str = "sasl.jaas.config";

/// Kafka's setting for where a client's certificate lies.
const KEYSTORE: &str = "ssl.keystore.location";

/// The mechanism of SCRAM: Amazon MSK has no other (MSK developer guide, SASL/SCRAM).
const SCRAM: &str = "SCRAM-SHA-512";

/// Whoever is given the same lines.
struct Group<'a, 's> {
    vpc: &'a Vpc<'s>,
    cluster: &'a Cluster<'s>,
    auth: Auth,
    lines: Vec<String>,
    /// Names of clients in the spec's order; empty for those that no spec names.
    clients: Vec<&'s str>,
}

/// The steps for clients of other VPCs whose bootstrap server is no broker's own.
pub(crate) fn connected(settled: &Settled<'_>, blueprint: &Blueprint) -> Vec<Step> {
    let clients = settled.asked.clients.iter();
    let clients = clients.filter(|client| {
        let entry = settled.entry(client.way, &client.cluster);
        client.way != Way::SameVpc && entry != Entry::Brokers
    });
    let groups = grouped(clients, blueprint).into_iter();
    let steps = groups.map(|group| {
        let title = format!(
            "give {} in `{}` the bootstrap servers and settings of `{}`{}",
            group.people(),
            group.vpc.name,
            group.cluster.name,
            group.note()
        );
        group.step(title, blueprint)
    });
    steps.collect()
}

/// The steps for clients beside the brokers, if it is their listener that is moved.
pub(crate) fn local(
    cluster: &Cluster<'_>,
    settled: &Settled<'_>,
    blueprint: &Blueprint,
) -> Vec<Step> {
    let Some(front) = settled.moving_front(cluster) else {
        return Vec::new();
    };
    let is = match front.sets.len() {
        1 => "the listener is",
        _ => "the listeners are",
    };
    let clients = settled.asked.clients_by(Way::SameVpc, cluster.name);
    let mut groups = grouped(clients, blueprint);
    for auth in cluster.schemes() {
        let is_moved = front.set(cluster, None, sets::position(cluster, auth));
        if is_moved.is_some() && groups.iter().all(|group| group.auth != auth) {
            groups.push(unnamed(cluster, auth, settled, blueprint));
        }
    }
    let steps = groups.into_iter().map(|group| {
        let title = format!(
            "give {} in `{}` the new bootstrap servers and settings of `{}`: {is} theirs too{}",
            group.people(),
            cluster.vpc.name,
            cluster.name,
            group.note()
        );
        group.step(title, blueprint)
    });
    steps.collect()
}

/// Clients by VPC, cluster, scheme and what they are told.
fn grouped<'a, 's: 'a>(
    clients: impl Iterator<Item = &'a Client<'s>>,
    blueprint: &Blueprint,
) -> Vec<Group<'a, 's>> {
    let mut groups: BTreeMap<_, Group<'a, 's>> = BTreeMap::new();
    for client in clients {
        let Some(written) = blueprint.clients.get(&ClientId::from(client.name)) else {
            continue;
        };
        let own = (written.auth, written.listener.as_str());
        let settings = &written.settings;
        let lines = lines(
            &client.cluster,
            own,
            &written.bootstrap,
            settings,
            blueprint,
        );
        let ends = (client.vpc.name, client.cluster.name);
        let group = groups
            .entry((ends, written.auth, lines.clone()))
            .or_insert(Group {
                vpc: &client.vpc,
                cluster: &client.cluster,
                auth: written.auth,
                lines,
                clients: Vec::new(),
            });
        group.clients.push(client.name);
    }
    groups.into_values().collect()
}

/// Whoever uses a scheme beside the brokers, of whom the spec names nobody.
fn unnamed<'a, 's>(
    cluster: &'a Cluster<'s>,
    auth: Auth,
    settled: &Settled<'_>,
    blueprint: &Blueprint,
) -> Group<'a, 's> {
    let door = settled.door(Way::SameVpc, cluster, auth);
    let own = (auth, door.listener.as_str());
    let servers = &door.bootstrap.servers;
    Group {
        vpc: &cluster.vpc,
        cluster,
        auth,
        lines: lines(cluster, own, servers, &clients::idle(), blueprint),
        clients: Vec::new(),
    }
}

impl Group<'_, '_> {
    /// Who they are.
    fn people(&self) -> String {
        let names: Vec<_> = self
            .clients
            .iter()
            .map(|name| format!("`{name}`"))
            .collect();
        match names.split_last() {
            None if self.cluster.schemes().len() == 1 => "clients".to_owned(),
            None => format!("clients that use `{}`", self.auth),
            Some((only, [])) => only.clone(),
            Some((last, others)) => format!("{} and {last}", others.join(", ")),
        }
    }

    /// What each adds itself.
    fn note(&self) -> String {
        match self.auth {
            Auth::Mtls if !is_said(&self.lines, KEYSTORE) => {
                format!("; each adds `{KEYSTORE}`, the key store with its own certificate")
            }
            Auth::None | Auth::Tls | Auth::Mtls | Auth::Scram | Auth::Iam => String::new(),
        }
    }

    fn step(self, title: String, blueprint: &Blueprint) -> Step {
        let mut needs = Needs::of(blueprint);
        needs.domain(self.cluster, &self.lines);
        let turn = Turn {
            account: &self.vpc.asked.account,
            region: self.vpc.region,
            phase: Phase::Clients,
            kind: StepKind::ClientSettings(ClusterId::from(self.cluster.name)),
            title,
        };
        turn.step(self.lines, needs)
    }
}

/// A client's properties: where it bootstraps, what its scheme needs, and its settings, which win
/// where they say the same.
fn lines(
    cluster: &Cluster<'_>,
    (auth, listener): (Auth, &str),
    servers: &[HostPort],
    settings: &BTreeMap<String, String>,
    blueprint: &Blueprint,
) -> Vec<String> {
    let servers: Vec<_> = servers.iter().map(ToString::to_string).collect();
    let mut lines = vec![format!("bootstrap.servers={}", servers.join(","))];
    let written = blueprint.clusters.get(&ClusterId::from(cluster.name));
    let of_scheme = security(auth, &mechanism(written, listener));
    let is_fixed = |name: &str| of_scheme.iter().any(|(fixed, _)| *fixed == name);
    lines.extend(of_scheme.iter().map(|(name, value)| {
        let value = settings.get(*name).unwrap_or(value);
        format!("{name}={value}")
    }));
    let others = settings.iter().filter(|(name, _)| !is_fixed(name));
    lines.extend(others.map(|(name, value)| format!("{name}={value}")));
    if auth == Auth::Scram && !is_said(&lines, JAAS) {
        lines.push(password(cluster));
    }
    lines
}

/// What a scheme needs of a client (Kafka documentation, "Security"; MSK developer guide, "IAM
/// access control" and "Sign-in credentials"). Kafka's default is plaintext.
fn security(auth: Auth, mechanism: &str) -> Vec<(&'static str, String)> {
    let settings: &[(&str, &str)] = match auth {
        Auth::None => &[],
        Auth::Tls | Auth::Mtls => &[(PROTOCOL, "SSL")],
        Auth::Scram => &[(PROTOCOL, "SASL_SSL"), (MECHANISM, mechanism)],
        Auth::Iam => &[
            (PROTOCOL, "SASL_SSL"),
            (MECHANISM, "AWS_MSK_IAM"),
            (
                JAAS,
                "software.amazon.msk.auth.iam.IAMLoginModule required;",
            ),
            (
                "sasl.client.callback.handler.class",
                "software.amazon.msk.auth.iam.IAMClientCallbackHandler",
            ),
        ],
    };
    let settings = settings.iter();
    settings
        .map(|(name, value)| (*name, (*value).to_owned()))
        .collect()
}

/// The mechanism of SCRAM on a listener: the stronger one, unless brokers are set to take only
/// another.
fn mechanism(cluster: Option<&kafka::Cluster>, listener: &str) -> String {
    const ENABLED: &str = "sasl.enabled.mechanisms";
    let of_listener = format!("listener.name.{}.{ENABLED}", listener.to_lowercase());
    let own = cluster.filter(|cluster| !cluster.kind.is_msk());
    let enabled = own.and_then(|own| {
        let settings = &own.settings;
        settings.get(&of_listener).or_else(|| settings.get(ENABLED))
    });
    let enabled = enabled.into_iter().flat_map(|list| list.split(','));
    let enabled = enabled.map(str::trim).filter(|m| m.starts_with("SCRAM-"));
    enabled.max().unwrap_or(SCRAM).to_owned()
}

/// A comment in place of the setting that holds a password.
fn password(cluster: &Cluster<'_>) -> String {
    let whence = match cluster.asked.kind.is_msk() {
        true => " in the client's secret of AWS Secrets Manager",
        false => " that the brokers know",
    };
    format!(
        "# {JAAS} holds a password; add it with org.apache.kafka.common.security.scram.ScramLoginModule and the user and password{whence}"
    )
}

fn is_said(lines: &[String], name: &str) -> bool {
    let mut names = lines.iter().filter_map(|line| line.split_once('='));
    names.any(|(known, _)| known == name)
}
