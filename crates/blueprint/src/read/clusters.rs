//! Reads `clusters`.

use std::collections::BTreeMap;

use super::existing::Existing;
use super::fields::{Fields, Item, Reader};
use super::maps::has_zone;
use super::scalars::short;
use super::settings::OF_BROKERS;
use crate::diagnostic::Diagnostic;
use crate::ids::ZoneId;
use crate::key::SpecKey;
use crate::language;
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

/// Brokers of a Serverless cluster whose spec says nothing: AWS shows three in metadata.
const N_SERVERLESS_BROKERS: u32 = 3;

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
        let fields = self.fields(&item, &owner, &language::CLUSTER)?;
        let kind = fields
            .require(self, "kind", "`kind: msk` or `kind: ec2`")
            .and_then(|item| {
                let expected = "a kind of cluster";
                self.word_of(&item, expected, ClusterKind::WORDS, ClusterKind::from_word)
            });
        let vpc_name = fields
            .require(self, "vpc", "`vpc:` and the name of a VPC")
            .and_then(|item| self.vpc_reference(&item));
        let key = SpecKey::root().key("clusters").key(name.as_str());
        let vpc = find(vpcs, vpc_name.as_deref());
        let mut cluster = Cluster {
            brokers: self.cluster_brokers(&fields, kind, &key),
            ..self.cluster_basics(&fields, kind, &key)
        };
        self.cluster_existing(&fields, kind, vpc, &mut cluster);
        self.cluster_places(&fields, &mut cluster, vpc_name.as_deref(), vpc);
        self.cluster_listeners(&fields, &mut cluster);
        let complete = kind.is_some() && vpc.is_some() && !cluster.brokers.is_empty();
        cluster.vpc = vpc_name?;
        (named && complete).then(|| (name.clone(), cluster))
    }

    fn cluster_basics(
        &mut self,
        fields: &Fields<'_>,
        kind: Option<ClusterKind>,
        key: &SpecKey,
    ) -> Cluster {
        let suffix = fields.get("suffix");
        let suffix = suffix.and_then(|item| self.domain(&item, "`orders.internal`"));
        let names = fields.get("certificate_names");
        let names = names.and_then(|item| self.certificate_names(&item));
        let zookeeper = fields.get("zookeeper").and_then(|item| self.flag(&item));
        Cluster {
            kind: kind.unwrap_or_default(),
            kafka_version: self.kafka_version(fields, kind, key),
            auth: self.cluster_auth(fields, kind, key),
            config: self.settings(fields, OF_BROKERS),
            suffix,
            certificate_names: names,
            zookeeper: zookeeper.unwrap_or_default(),
            ..Cluster::default()
        }
    }

    fn kafka_version(
        &mut self,
        fields: &Fields<'_>,
        kind: Option<ClusterKind>,
        key: &SpecKey,
    ) -> String {
        let (default, because) = match kind.unwrap_or_default() {
            ClusterKind::Msk | ClusterKind::MskExpress => (
                "3.9",
                "a version that Amazon MSK offers for Standard and Express brokers",
            ),
            ClusterKind::MskServerless => (
                "3.9",
                "AWS chooses the version of a Serverless cluster; this one stands in",
            ),
            ClusterKind::Ec2 => ("4.3", "the newest version that the lab runs"),
        };
        if let Some(item) = fields.get("kafka_version") {
            let version = self.version(&item);
            return version.unwrap_or_else(|| default.to_owned());
        }
        if kind.is_some() {
            self.fill(key.key("kafka_version"), default, because);
        }
        default.to_owned()
    }

    fn cluster_auth(
        &mut self,
        fields: &Fields<'_>,
        kind: Option<ClusterKind>,
        key: &SpecKey,
    ) -> Vec<Auth> {
        let (default, because) = match kind.unwrap_or_default() {
            ClusterKind::Msk | ClusterKind::Ec2 => (
                Auth::None,
                "nobody is asked and nothing encrypted where nothing is said",
            ),
            ClusterKind::MskExpress => (
                Auth::Iam,
                "what Express brokers can be used with where nothing is prepared",
            ),
            ClusterKind::MskServerless => (Auth::Iam, "all that MSK Serverless offers"),
        };
        if let Some(item) = fields.get("auth") {
            let auths = self.auths(&item);
            return if auths.is_empty() {
                vec![default]
            } else {
                auths
            };
        }
        if kind.is_some() {
            self.fill(key.key("auth"), format!("[{default}]"), because);
        }
        vec![default]
    }

    fn cluster_brokers(
        &mut self,
        fields: &Fields<'_>,
        kind: Option<ClusterKind>,
        key: &SpecKey,
    ) -> Vec<u32> {
        let may_be_absent = kind == Some(ClusterKind::MskServerless);
        if may_be_absent && fields.get("brokers").is_none() {
            let because = "what metadata of a Serverless cluster shows is AWS's to choose";
            self.fill(
                key.key("brokers"),
                N_SERVERLESS_BROKERS.to_string(),
                because,
            );
            return (1..=N_SERVERLESS_BROKERS).collect();
        }
        let item = fields.require(self, "brokers", "`brokers: 3`");
        item.and_then(|item| self.brokers(&item, lowest_id(kind)))
            .unwrap_or_default()
    }

    fn cluster_existing(
        &mut self,
        fields: &Fields<'_>,
        kind: Option<ClusterKind>,
        vpc: Option<&Vpc>,
        cluster: &mut Cluster,
    ) {
        let is_msk = kind.is_none_or(ClusterKind::is_msk);
        cluster.id = fields.get("id").and_then(|item| {
            if is_msk {
                self.cluster_arn(&item, vpc)
            } else {
                self.cluster_word(&item)
            }
        });
        let group = fields.get("security_group");
        cluster.security_group =
            group.and_then(|item| self.existing(&item, Existing::SecurityGroup));
        let instance_type = fields.get("instance_type");
        cluster.instance_type = instance_type.and_then(|item| self.instance_type(&item, kind?));
    }

    /// Reads an instance type in the spelling of a kind of cluster.
    fn instance_type(&mut self, item: &Item<'_>, kind: ClusterKind) -> Option<String> {
        let prefix = match kind {
            ClusterKind::Msk => "kafka.",
            ClusterKind::MskExpress => "express.",
            ClusterKind::Ec2 => "",
            ClusterKind::MskServerless => {
                self.push(
                    Diagnostic::warning(
                        "idle-key",
                        "`instance_type` has no effect on a Serverless cluster",
                        item.head(),
                    )
                    .label("AWS chooses the machines")
                    .help("remove `instance_type`"),
                );
                return None;
            }
        };
        let example = format!("`{prefix}m7g.large`");
        let text = self.text(item, "an instance type", &example)?;
        let bare = text.strip_prefix(prefix);
        if bare.is_some_and(is_instance_type) {
            return Some(text.to_owned());
        }
        let rest = text.strip_prefix("kafka.").unwrap_or(text);
        let rest = rest.strip_prefix("express.").unwrap_or(rest);
        let help = if is_instance_type(rest) {
            format!("write `{prefix}{rest}`")
        } else {
            format!("write a type such as {example}")
        };
        self.push(
            Diagnostic::error(
                "bad-instance-type",
                format!("`{}` is no instance type of `kind: {kind}`", short(text)),
                item.at(),
            )
            .label(format!("expected the form of {example}"))
            .help(help),
        );
        None
    }

    fn brokers(&mut self, item: &Item<'_>, lowest: u32) -> Option<Vec<u32>> {
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
            let id = self.number(&item, "bad-brokers", lowest..=MAX_BROKER_ID, example);
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
        let items = self
            .list(item, "`auth: [none]`", Auth::WORDS.len())
            .unwrap_or_default();
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
        auths.into_iter().map(|(auth, _)| auth).collect()
    }

    /// Reads a way to authenticate.
    pub(super) fn auth(&mut self, item: &Item<'_>) -> Option<Auth> {
        self.word_of(item, "a way to authenticate", Auth::WORDS, Auth::from_word)
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
            let Some(zone) = self.zone(&item, &vpc.region) else {
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
            let form = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || "_-".contains(c);
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
                .label("expected upper-case letters, digits, `_` and `-`")
                .help("write a name such as `CLIENT`"),
            );
        }
        found
    }
}

/// `m7g.large`: a family and a size.
fn is_instance_type(text: &str) -> bool {
    let is_part = |part: &str| {
        let inner = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        !part.is_empty() && part.chars().all(inner)
    };
    let (family, size) = text.split_once('.').unwrap_or(("", ""));
    is_part(family) && family.starts_with(|c: char| c.is_ascii_lowercase()) && is_part(size)
}

/// The lowest id a broker may have: Amazon MSK numbers its brokers from 1, Kafka itself takes 0.
fn lowest_id(kind: Option<ClusterKind>) -> u32 {
    match kind {
        Some(ClusterKind::Ec2) => 0,
        Some(ClusterKind::Msk | ClusterKind::MskExpress | ClusterKind::MskServerless) | None => 1,
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
