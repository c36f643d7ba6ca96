//! Reads `clients`.

use super::clusters::{MAX_ADMITTED, find};
use super::existing::Existing;
use super::fields::{Fields, Item, Reader};
use super::scalars::short;
use super::settings::OF_CLIENTS;
use crate::diagnostic::Diagnostic;
use crate::kafka::HostPort;
use crate::key::SpecKey;
use crate::language;
use crate::source::{Entry, Value};
use crate::spec::{Auth, Client, ClientKind, Lambda, Spec, Traffic, TrafficDirection};

/// Most clients of a spec: each promises a path to every broker, and every path is walked.
pub const MAX_CLIENTS: usize = 256;

/// Most bootstrap servers of a client: no client needs more than it has brokers.
pub const MAX_BOOTSTRAP_SERVERS: usize = super::clusters::MAX_BROKERS;

/// Most records of a batch of an event source mapping (Lambda API, `BatchSize`).
pub const MAX_LAMBDA_BATCH: u32 = 10_000;

/// Longest time-out of a Lambda function, in seconds (Lambda quotas, "Function timeout").
pub const MAX_FUNCTION_TIMEOUT_S: u32 = 900;

/// Where an event source mapping may begin to read, as far as a spec says it.
pub const LAMBDA_POSITIONS: &[&str] = &["LATEST", "TRIM_HORIZON"];

impl Reader {
    /// Reads one client under its name. References to VPCs and clusters that were refused yield
    /// nothing, silently: their own findings say why.
    pub(super) fn client(&mut self, entry: &Entry, spec: &Spec) -> Option<(String, Client)> {
        let name = &entry.key.text;
        let owner = format!("client `{}`", short(name));
        let item = Item::of_entry(entry, owner.clone());
        let named = self.name(name, item.head());
        let fields = self.fields(&item, &owner, &language::CLIENT)?;
        let vpc_name = fields
            .require(self, "vpc", "`vpc:` and the name of a VPC")
            .and_then(|item| self.vpc_reference(&item));
        let cluster = fields
            .require(self, "cluster", "`cluster:` and the name of a cluster")
            .and_then(|item| self.cluster_reference(&item));
        let mut client = self.client_basics(&fields);
        client.auth = self.client_auth(&fields, name, cluster.as_deref(), spec);
        let vpc = find(&spec.vpcs, vpc_name.as_deref());
        let addresses = fields.get("addresses");
        if let (Some(item), Some(vpc_name), Some(vpc)) = (addresses, &vpc_name, vpc) {
            client.addresses = self.addresses_by_zone(&item, vpc_name, vpc);
        }
        client.vpc = vpc_name?;
        client.cluster = cluster?;
        named.then(|| (name.clone(), client))
    }

    fn client_basics(&mut self, fields: &Fields<'_>) -> Client {
        let kind = fields.get("kind");
        let kind = kind.and_then(|item| {
            let expected = "a kind of client";
            self.word_of(&item, expected, ClientKind::WORDS, ClientKind::from_word)
        });
        let kind = kind.unwrap_or_default();
        let traffic = fields.get("traffic");
        let egress = fields.get("egress");
        let bootstrap = fields.get("bootstrap");
        let group = fields.get("security_group");
        Client {
            kind,
            traffic: traffic.and_then(|item| self.client_traffic(&item)),
            egress: egress.and_then(|item| self.cidrs(&item, MAX_ADMITTED)),
            bootstrap: bootstrap.and_then(|item| self.bootstrap(&item)),
            security_group: group.and_then(|item| self.existing(&item, Existing::SecurityGroup)),
            config: self.settings(fields, OF_CLIENTS),
            lambda: self.lambda(fields, kind),
            ..Client::default()
        }
    }

    /// How a client authenticates: a scheme that its cluster offers, or the cluster's first.
    fn client_auth(
        &mut self,
        fields: &Fields<'_>,
        name: &str,
        cluster_name: Option<&str>,
        spec: &Spec,
    ) -> Auth {
        let cluster = find(&spec.clusters, cluster_name);
        let offered = cluster.map_or(&[][..], |cluster| cluster.auth.as_slice());
        let first = offered.first().copied().unwrap_or_default();
        let cluster_name = short(cluster_name.unwrap_or_default());
        let Some(item) = fields.get("auth") else {
            if cluster.is_some() {
                let key = SpecKey::root().key("clients").key(name).key("auth");
                let because = format!("the first scheme of cluster `{cluster_name}`");
                self.fill(key, first.as_str(), &because);
            }
            return first;
        };
        let Some(auth) = self.auth(&item) else {
            return first;
        };
        if cluster.is_some() && !offered.contains(&auth) {
            let offered: Vec<&str> = offered.iter().map(|auth| auth.as_str()).collect();
            self.push(
                Diagnostic::error(
                    "unoffered-auth",
                    format!("cluster `{cluster_name}` does not offer `{auth}`"),
                    item.at(),
                )
                .label(format!("the cluster's `auth` is [{}]", offered.join(", ")))
                .help(format!(
                    "write `auth: {first}`, or add `{auth}` to `auth` of the cluster"
                )),
            );
        }
        auth
    }

    fn client_traffic(&mut self, item: &Item<'_>) -> Option<Traffic> {
        if !matches!(item.node.value, Value::Map(_)) {
            let rate = self.traffic(item)?;
            return Some(Traffic {
                rate,
                ..Traffic::default()
            });
        }
        let fields = self.fields(item, &item.name, &language::TRAFFIC)?;
        let rate = fields
            .require(self, "rate", "`rate: 40 MB/s`")
            .and_then(|item| self.traffic(&item));
        let direction = fields.get("direction");
        let direction = direction.and_then(|item| {
            let words = TrafficDirection::WORDS;
            self.word_of(&item, "a direction", words, TrafficDirection::from_word)
        });
        let rack_aware = fields.get("rack_aware").and_then(|item| self.flag(&item));
        Some(Traffic {
            rate: rate?,
            direction: direction.unwrap_or_default(),
            rack_aware: rack_aware.unwrap_or_default(),
        })
    }

    fn lambda(&mut self, fields: &Fields<'_>, kind: ClientKind) -> Lambda {
        let Some(item) = fields.get("lambda") else {
            return Lambda::default();
        };
        if kind != ClientKind::Lambda {
            self.push(
                Diagnostic::warning(
                    "idle-key",
                    format!("`lambda` has no effect on a client of `kind: {kind}`"),
                    item.head(),
                )
                .label("only a Lambda client has an event source mapping")
                .help("remove `lambda`, or write `kind: lambda`"),
            );
        }
        let Some(fields) = self.fields(&item, &item.name, &language::LAMBDA) else {
            return Lambda::default();
        };
        let provisioned = fields.get("provisioned").and_then(|item| self.flag(&item));
        let position = fields.get("starting_position");
        let batch = fields.get("batch_size");
        let timeout = fields.get("function_timeout_s");
        let position = position.and_then(|item| {
            let known = |text: &str| LAMBDA_POSITIONS.contains(&text).then(|| text.to_owned());
            self.word_of(&item, "a starting position", LAMBDA_POSITIONS, known)
        });
        Lambda {
            provisioned: provisioned.unwrap_or_default(),
            starting_position: position,
            batch_size: batch
                .and_then(|item| self.number(&item, "bad-number", 1..=MAX_LAMBDA_BATCH, "`500`")),
            function_timeout_s: timeout.and_then(|item| {
                self.number(&item, "bad-number", 1..=MAX_FUNCTION_TIMEOUT_S, "`60`")
            }),
        }
    }

    /// Bootstrap servers: a list, or one of them alone.
    fn bootstrap(&mut self, item: &Item<'_>) -> Option<Vec<HostPort>> {
        let example = "`bootstrap: [b-1.orders.internal:9092]`";
        let Value::List(nodes) = &item.node.value else {
            let server = self.host_port(item, "`b-1.orders.internal:9092`");
            return server.map(|server| vec![server]);
        };
        if nodes.is_empty() {
            self.empty(item, example);
            return None;
        }
        let items = self.list(item, example, MAX_BOOTSTRAP_SERVERS)?;
        let servers: Vec<HostPort> = items
            .iter()
            .filter_map(|item| self.host_port(item, "`b-1.orders.internal:9092`"))
            .collect();
        (!servers.is_empty()).then_some(servers)
    }
}
