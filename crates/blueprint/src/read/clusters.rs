//! Reads `clusters`.

use std::collections::BTreeMap;

use super::fields::{Fields, Item, Reader};
use super::maps::has_zone;
use super::scalars::short;
use crate::diagnostic::Diagnostic;
use crate::ids::ZoneId;
use crate::source::{Entry, Value};
use crate::spec::{Auth, Cluster, ClusterKind, Vpc};

/// Most clusters of a spec; each has its own service, zones and quorum.
pub const MAX_CLUSTERS: usize = 32;

/// Most brokers of a cluster: three times what Amazon MSK allows without asking, and more than
/// an NLB has listeners for.
pub const MAX_BROKERS: usize = 180;

/// Largest broker id: balancer ports are a base plus the id, and must stay below 65536.
pub const MAX_BROKER_ID: u32 = 10_000;

/// Most listeners of a cluster: twice what Amazon MSK opens.
pub const MAX_LISTENERS: usize = 16;

/// Most ranges a security group is told to admit: AWS's ceiling for rules per interface.
pub const MAX_ADMITTED: usize = 1000;

/// Kafka's version where the spec says none: the newest each kind offers.
const DEFAULT_VERSIONS: [(ClusterKind, &str); 2] =
    [(ClusterKind::Msk, "3.9"), (ClusterKind::Ec2, "4.3")];

const KEYS: [&str; 12] = [
    "kind",
    "vpc",
    "kafka_version",
    "brokers",
    "auth",
    "config",
    "suffix",
    "addresses",
    "broker_zones",
    "listeners",
    "advertised",
    "admit",
];

impl Reader {
    /// Reads one cluster under its name.
    pub(super) fn cluster(
        &mut self,
        entry: &Entry,
        vpcs: &[(String, Vpc)],
    ) -> Option<(String, Cluster)> {
        let name = &entry.key.text;
        let owner = format!("cluster `{}`", short(name));
        let item = Item::of_entry(entry, owner.clone());
        let named = self.name(name, item.head());
        let fields = self.fields(&item, &owner, &KEYS)?;
        let kind = fields
            .require(self, "kind", "`kind: msk` or `kind: ec2`")
            .and_then(|item| self.cluster_kind(&item));
        let vpc_name = fields
            .require(self, "vpc", "`vpc:` and the name of a VPC")
            .and_then(|item| self.vpc_reference(&item));
        let brokers = fields
            .require(self, "brokers", "`brokers: 3`")
            .and_then(|item| self.brokers(&item));
        let vpc = find(vpcs, vpc_name.as_deref());
        let mut cluster = self.cluster_basics(&fields, kind);
        cluster.brokers = brokers.unwrap_or_default();
        self.cluster_places(&fields, &mut cluster, vpc_name.as_deref(), vpc);
        self.cluster_listeners(&fields, &mut cluster);
        let complete = kind.is_some() && vpc.is_some() && !cluster.brokers.is_empty();
        cluster.vpc = vpc_name?;
        (named && complete).then(|| (name.clone(), cluster))
    }

    /// Reads the name of a VPC.
    pub(super) fn vpc_reference(&mut self, item: &Item<'_>) -> Option<String> {
        let names = std::mem::take(&mut self.vpc_names);
        let found = self.reference(item, "VPC", &names);
        self.vpc_names = names;
        found
    }

    fn cluster_basics(&mut self, fields: &Fields<'_>, kind: Option<ClusterKind>) -> Cluster {
        let kind = kind.unwrap_or(ClusterKind::Ec2);
        let version = fields.get("kafka_version");
        let version = version.and_then(|item| self.version(&item));
        let default = DEFAULT_VERSIONS.iter().find(|(of, _)| *of == kind);
        let auth = fields.get("auth").map(|item| self.auths(&item));
        let suffix = fields.get("suffix");
        let suffix = suffix.and_then(|item| self.domain(&item, "`orders.internal`"));
        Cluster {
            kind,
            vpc: String::new(),
            kafka_version: version
                .unwrap_or_else(|| default.map_or(String::new(), |(_, v)| (*v).to_owned())),
            brokers: Vec::new(),
            auth: auth.unwrap_or_else(|| vec![Auth::None]),
            config: self.settings(fields),
            suffix,
            ..Cluster::default()
        }
    }

    fn cluster_kind(&mut self, item: &Item<'_>) -> Option<ClusterKind> {
        let known = ["msk", "msk-express", "msk-serverless", "ec2"];
        let text = self.text(item, "a kind of cluster", "`kind: msk` or `kind: ec2`")?;
        match text {
            "msk" => Some(ClusterKind::Msk),
            "ec2" => Some(ClusterKind::Ec2),
            "msk-express" | "msk-serverless" => {
                self.unavailable("unavailable-kind", item, text, "`kind: msk` or `kind: ec2`");
                None
            }
            _ => {
                self.unknown_value(item, text, &known);
                None
            }
        }
    }

    /// Reports a word that is known and has no meaning in this version.
    pub(super) fn unavailable(
        &mut self,
        fault: &'static str,
        item: &Item<'_>,
        text: &str,
        instead: &str,
    ) {
        self.push(
            Diagnostic::error(
                fault,
                format!("`{text}` is not available in this version"),
                item.at(),
            )
            .label("known, and not available yet")
            .help(format!("write {instead}")),
        );
    }

    fn brokers(&mut self, item: &Item<'_>) -> Option<Vec<u32>> {
        if !matches!(item.node.value, Value::List(_)) {
            let most = u32::try_from(MAX_BROKERS).unwrap_or(u32::MAX);
            let n = self.number(item, "bad-brokers", 1..=most, "`brokers: 3`")?;
            return Some((1..=n).collect());
        }
        let items = self.list(item, "`brokers: 3`", MAX_BROKERS)?;
        if items.is_empty() {
            self.empty(item, "`brokers: 3`");
        }
        let mut seen: Vec<(u32, Item<'_>)> = Vec::new();
        for item in items {
            let example = "`brokers: [1, 2, 3]`";
            let id = self.number(&item, "bad-brokers", 1..=MAX_BROKER_ID, example);
            let Some(id) = id else { continue };
            match seen.iter().find(|(other, _)| *other == id) {
                Some((_, first)) => self.repeated(&id.to_string(), &item, first),
                None => seen.push((id, item)),
            }
        }
        Some(seen.into_iter().map(|(id, _)| id).collect())
    }

    fn auths(&mut self, item: &Item<'_>) -> Vec<Auth> {
        if !matches!(item.node.value, Value::List(_)) {
            return self.auth(item).into_iter().collect();
        }
        let items = self.list(item, "`auth: [none]`", 5).unwrap_or_default();
        if items.is_empty() {
            self.empty(item, "`auth: [none]`");
        }
        let mut auths: Vec<(Auth, Item<'_>)> = Vec::new();
        for item in items {
            let Some(auth) = self.auth(&item) else {
                continue;
            };
            match auths.iter().find(|(other, _)| *other == auth) {
                Some((_, first)) => self.repeated(auth.as_str(), &item, first),
                None => auths.push((auth, item)),
            }
        }
        let found: Vec<Auth> = auths.into_iter().map(|(auth, _)| auth).collect();
        if found.is_empty() {
            return vec![Auth::None];
        }
        found
    }

    /// Reads a way to authenticate.
    pub(super) fn auth(&mut self, item: &Item<'_>) -> Option<Auth> {
        let known = ["none", "tls", "mtls", "scram", "iam"];
        let text = self.text(item, "a way to authenticate", "`auth: none`")?;
        match text {
            "none" => Some(Auth::None),
            "tls" | "mtls" | "scram" | "iam" => {
                self.unavailable("unavailable-auth", item, text, "`none`, which is plaintext");
                None
            }
            _ => {
                self.unknown_value(item, text, &known);
                None
            }
        }
    }

    fn cluster_places(
        &mut self,
        fields: &Fields<'_>,
        cluster: &mut Cluster,
        vpc_name: Option<&str>,
        vpc: Option<&Vpc>,
    ) {
        let admit = fields.get("admit");
        cluster.admit = admit
            .and_then(|item| self.cidrs(&item, MAX_ADMITTED))
            .unwrap_or_default();
        let (Some(vpc_name), Some(vpc)) = (vpc_name, vpc) else {
            return;
        };
        if cluster.brokers.is_empty() {
            return;
        }
        if let Some(item) = fields.get("addresses") {
            let ids = &cluster.brokers;
            cluster.addresses = self.addresses_by_broker(&item, ids, vpc_name, vpc);
        }
        if let Some(item) = fields.get("broker_zones") {
            cluster.broker_zones = self.broker_zones(&item, &cluster.brokers, vpc_name, vpc);
        }
    }

    fn broker_zones(
        &mut self,
        item: &Item<'_>,
        ids: &[u32],
        vpc_name: &str,
        vpc: &Vpc,
    ) -> BTreeMap<u32, ZoneId> {
        let mut zones = BTreeMap::new();
        for (id, item) in self.by_broker(item, ids).unwrap_or_default() {
            let Some(zone) = self.zone(&item) else {
                continue;
            };
            if has_zone(vpc, &zone) {
                zones.insert(id, zone);
            } else {
                self.unknown_zone(&item, &zone, vpc_name, item.at());
            }
        }
        zones
    }

    fn cluster_listeners(&mut self, fields: &Fields<'_>, cluster: &mut Cluster) {
        if let Some(item) = fields.get("listeners") {
            let mut firsts: BTreeMap<u16, Item<'_>> = BTreeMap::new();
            for (name, item) in self.by_listener(&item) {
                let Some(port) = self.port(&item, "`9092`") else {
                    continue;
                };
                if let Some(first) = firsts.get(&port) {
                    self.repeated_value("duplicate-port", &port.to_string(), &item, first);
                    continue;
                }
                firsts.insert(port, item);
                cluster.listeners.insert(name, port);
            }
        }
        if let Some(item) = fields.get("advertised") {
            let mut advertised = BTreeMap::new();
            for (name, item) in self.by_listener(&item) {
                if let Some(template) = self.host_port_template(&item) {
                    advertised.insert(name, template);
                }
            }
            cluster.advertised = Some(advertised);
        }
    }

    /// The entries of a mapping from names of listeners.
    fn by_listener<'n>(&mut self, item: &Item<'n>) -> Vec<(String, Item<'n>)> {
        let entries = self.entries(item, &item.name).unwrap_or_default();
        if let Some(surplus) = entries.get(MAX_LISTENERS) {
            self.exceeded(&item.name, MAX_LISTENERS, &surplus.key.span);
        }
        let mut found = Vec::new();
        for entry in entries.into_iter().take(MAX_LISTENERS) {
            let name = &entry.key.text;
            let form = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_';
            if !name.is_empty() && name.chars().all(form) {
                let value = Item::of_entry(entry, format!("`{name}` of {}", item.name));
                found.push((name.clone(), value));
                continue;
            }
            self.push(
                Diagnostic::error(
                    "bad-name",
                    format!("`{}` is no name of a listener", short(name)),
                    entry.key.at(),
                )
                .label("expected upper-case letters, digits and `_`")
                .help("write a name such as `CLIENT`"),
            );
        }
        found
    }
}

/// The value of a section under a name.
pub(super) fn find<'s, T>(section: &'s [(String, T)], name: Option<&str>) -> Option<&'s T> {
    let name = name?;
    section
        .iter()
        .find(|(n, _)| n == name)
        .map(|(_, value)| value)
}
