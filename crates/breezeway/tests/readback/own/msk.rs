//! Amazon MSK: what a cluster may be, and the secrets it reads.

use std::collections::BTreeSet;

use super::super::graph::{Graph, Node, Prop};
use super::{Objections, reach, shown};

/// Versions as the API takes them: those that the developer guide lists as supported, with and
/// without ZooKeeper as AWS's CDK names them (aws-msk, `KafkaVersion`).
const VERSIONS: [&str; 10] = [
    "3.6.0",
    "3.7.x",
    "3.7.x.kraft",
    "3.8.x",
    "3.8.x.kraft",
    "3.9.x",
    "3.9.x.kraft",
    "4.0.x.kraft",
    "4.1.x.kraft",
    "4.2.x.kraft",
];

/// Families of brokers with their sizes (Amazon MSK developer guide, broker instance sizes).
const SIZES: [(&str, &[&str]); 4] = [
    ("kafka.t3", &["small"]),
    (
        "kafka.m5",
        &[
            "large", "xlarge", "2xlarge", "4xlarge", "8xlarge", "12xlarge", "16xlarge", "24xlarge",
        ],
    ),
    (
        "kafka.m7g",
        &[
            "large", "xlarge", "2xlarge", "4xlarge", "8xlarge", "12xlarge", "16xlarge",
        ],
    ),
    (
        "express.m7g",
        &[
            "large", "xlarge", "2xlarge", "4xlarge", "8xlarge", "12xlarge", "16xlarge",
        ],
    ),
];

/// Sizes of a broker's volume, GiB (MSK API reference, EBSStorageInfo).
const VOLUME_GIB: std::ops::RangeInclusive<i64> = 1..=16_384;

/// How names of secrets begin that a cluster can read (developer guide, SASL/SCRAM).
const SECRET_PREFIX: &str = "AmazonMSK_";

pub(super) fn judge(graph: &Graph, found: &mut Objections) {
    for node in graph.of_kind("AWS::MSK::Cluster") {
        version(node, found);
        brokers(graph, node, found);
        storage(node, found);
    }
    for node in graph.of_kind("AWS::MSK::BatchScramSecret") {
        for secret in reach(node, "SecretArnList") {
            if let Some(secret) = graph.target(secret, "AWS::SecretsManager::Secret") {
                scram_secret(secret, found);
            }
        }
    }
}

fn version(node: &Node, found: &mut Objections) {
    let version = node.text("KafkaVersion").unwrap_or_default();
    if !VERSIONS.contains(&version) {
        found.at(node, "no-version-of-msk", format!("`{version}`"));
    }
}

fn brokers(graph: &Graph, node: &Node, found: &mut Objections) {
    let subnets = reach(node, "BrokerNodeGroupInfo.ClientSubnets");
    let n_brokers = node.number("NumberOfBrokerNodes").unwrap_or(0);
    let n_subnets = i64::try_from(subnets.len()).unwrap_or(i64::MAX);
    if ![2, 3].contains(&n_subnets) {
        found.at(
            node,
            "zones-of-a-cluster",
            format!("{n_subnets} subnets, 2 or 3 are needed"),
        );
    }
    if n_brokers < 1 || n_brokers.checked_rem(n_subnets) != Some(0) {
        found.at(
            node,
            "brokers-of-a-zone",
            format!("{n_brokers} brokers in {n_subnets} zones"),
        );
    }
    let made = subnets
        .iter()
        .filter_map(|subnet| graph.target(subnet, "AWS::EC2::Subnet"));
    let zones = made.map(|s| {
        s.get("AvailabilityZoneId")
            .or_else(|| s.get("AvailabilityZone"))
    });
    let zones: Vec<Option<&Prop>> = zones.collect();
    if zones.iter().collect::<BTreeSet<_>>().len() < zones.len() {
        found.at(
            node,
            "zone-twice",
            "two subnets of the cluster lie in one zone",
        );
    }
    let size = size(node);
    let known = |(family, sizes): &(&str, &[&str])| {
        let of_family = size
            .strip_prefix(family)
            .and_then(|rest| rest.strip_prefix('.'));
        of_family.is_some_and(|size| sizes.contains(&size))
    };
    if !SIZES.iter().any(known) {
        found.at(node, "no-size-of-a-broker", format!("`{size}`"));
    }
}

fn size(node: &Node) -> &str {
    let sizes = reach(node, "BrokerNodeGroupInfo.InstanceType");
    sizes
        .first()
        .and_then(|size| size.text())
        .unwrap_or_default()
}

fn storage(node: &Node, found: &mut Objections) {
    let volumes = reach(
        node,
        "BrokerNodeGroupInfo.StorageInfo.EBSStorageInfo.VolumeSize",
    );
    let is_express = size(node).starts_with("express.");
    if is_express != volumes.is_empty() {
        found.at(
            node,
            "volumes",
            "Standard brokers need a volume, Express brokers have none",
        );
    }
    for volume in volumes {
        if !volume.number().is_some_and(|gib| VOLUME_GIB.contains(&gib)) {
            found.at(node, "volumes", format!("{} GiB", shown(volume)));
        }
    }
}

/// MSK cannot read a secret that the account's default key encrypts, nor one of another name.
fn scram_secret(secret: &Node, found: &mut Objections) {
    if secret.get("KmsKeyId").is_none() {
        found.at(
            secret,
            "secret-without-key",
            "MSK needs a customer-managed key",
        );
    }
    let name = secret.get("Name");
    let starts = match name {
        Some(Prop::Text(text)) => text.starts_with(SECRET_PREFIX),
        Some(Prop::Joined(parts)) => parts
            .first()
            .and_then(Prop::text)
            .is_some_and(|text| text.starts_with(SECRET_PREFIX)),
        Some(Prop::Number(_) | Prop::Flag(_) | Prop::List(_) | Prop::Map(_) | Prop::Ref(..))
        | None => false,
    };
    if !starts {
        let name = name.map_or("none".to_owned(), shown);
        found.at(
            secret,
            "name-of-a-secret",
            format!("{name}, not {SECRET_PREFIX}…"),
        );
    }
}
