//! # unknown-version
//!
//! A cluster of Amazon MSK is to run a version of Kafka that MSK does not offer, or no longer, or
//! on an instance family that its kind of broker does not come on; or any cluster is to keep its
//! metadata in ZooKeeper with a Kafka that has none.
//!
//! ## Why it is bad
//!
//! MSK refuses to create a cluster of a version it does not list, and upgrades one by itself once
//! its version has reached the end of support, whenever that suits AWS. The API refuses an
//! instance type of the other kind of broker: Standard brokers are of types `kafka.…`, Express
//! brokers of types `express.…`. What is listed changes with time: the lists used here are facts
//! with a date (`breezeway explain facts`), and another list can be laid over them (`--facts`).
//! Kafka 4.0 and later do not start with ZooKeeper, and a cluster that uses it must move to KRaft
//! before it can be upgraded (Apache Kafka 4.0, upgrade notes).
//!
//! ## Example
//!
//! ```yaml
//! clusters:
//!   orders: { kind: msk, vpc: data, brokers: 3, kafka_version: "2.8.1", instance_type: kafka.c5.large }
//! ```
//!
//! ## Remedy
//!
//! Choose a version that is supported, such as 3.9, and an instance type of the kind, such as
//! `kafka.m7g.large` or `express.m7g.large`. Leave `zookeeper` out, or stay on 3.9 until the
//! cluster has moved.

use blueprint::diagnostic::Diagnostic;
use blueprint::facts::id::{self, FactId};
use blueprint::ids::ClusterId;
use blueprint::kafka::Cluster;
use blueprint::spec::ClusterKind;

use crate::evidence::{Evidence, Finding, value};

pub(super) fn run(evidence: &Evidence<'_, '_>) -> Vec<Finding> {
    let clusters = evidence.blueprint().clusters.iter();
    let judged = clusters.flat_map(|(id, cluster)| {
        if let Some(found) = of_zookeeper(evidence, id, cluster) {
            return vec![found];
        }
        let families = match cluster.kind {
            ClusterKind::Msk => id::VERSIONS_MSK_INSTANCE_FAMILIES,
            ClusterKind::MskExpress => id::VERSIONS_MSK_EXPRESS_INSTANCE_FAMILIES,
            ClusterKind::MskServerless | ClusterKind::Ec2 => return Vec::new(),
        };
        let of_version = of_version(evidence, id, cluster);
        let of_instance = of_instance(evidence, id, cluster, families);
        of_version.into_iter().chain(of_instance).collect()
    });
    judged.map(Finding::of_structure).collect()
}

/// The first version without ZooKeeper (Apache Kafka 4.0, upgrade notes).
const FIRST_WITHOUT_ZOOKEEPER: (u32, u32) = (4, 0);

fn of_zookeeper(
    evidence: &Evidence<'_, '_>,
    id: &ClusterId,
    cluster: &Cluster,
) -> Option<Diagnostic> {
    let version = &cluster.kafka_version;
    if !cluster.zookeeper || minor(version)? < FIRST_WITHOUT_ZOOKEEPER {
        return None;
    }
    let title = format!("`{id}` keeps its metadata in ZooKeeper, which Kafka {version} has not");
    let origin = evidence.origin(id);
    let diagnostic = Diagnostic::error("unknown-version", title, value(origin.key("zookeeper")))
        .label("brokers do not start")
        .related(
            value(origin.key("kafka_version")),
            "4.0 and later have KRaft only",
        )
        .help(
            "leave `zookeeper` out, or choose `kafka_version: \"3.9\"` until the cluster has moved",
        );
    Some(diagnostic)
}

/// Major and minor number of a version; none of a text that is no version.
fn minor(version: &str) -> Option<(u32, u32)> {
    let mut parts = version.split('.').map(|part| part.parse().ok());
    Some((parts.next()??, parts.next()??))
}

fn of_version(
    evidence: &Evidence<'_, '_>,
    id: &ClusterId,
    cluster: &Cluster,
) -> Option<Diagnostic> {
    let oldest = evidence.text_fact(id::VERSIONS_MSK_OLDEST_SUPPORTED)?;
    let newest = evidence.text_fact(id::VERSIONS_MSK_NEWEST_LISTED)?;
    let version = &cluster.kafka_version;
    let asked = minor(version)?;
    let (title, label) = if asked < minor(oldest)? {
        (
            format!("`{id}` runs Kafka {version}, which MSK no longer supports"),
            format!("{oldest} is the oldest that is supported"),
        )
    } else if minor(newest)? < asked {
        (
            format!("`{id}` runs Kafka {version}, which MSK did not list when its guide was read"),
            format!("{newest} is the newest that was listed"),
        )
    } else {
        return None;
    };
    let key = evidence.origin(id).key("kafka_version");
    let diagnostic = Diagnostic::warning("unknown-version", title, value(key))
        .label(label)
        .help(format!(
            "choose a version from {oldest} to {newest}, or say what is listed now by `--facts`"
        ));
    Some(diagnostic)
}

fn of_instance(
    evidence: &Evidence<'_, '_>,
    id: &ClusterId,
    cluster: &Cluster,
    families: FactId,
) -> Option<Diagnostic> {
    let instance = cluster.instance_type.as_deref()?;
    let families = evidence.text_fact(families)?;
    let (family, _) = instance.rsplit_once('.').unwrap_or((instance, ""));
    if families.split(' ').any(|known| known == family) {
        return None;
    }
    let title = format!(
        "brokers of `{id}` are of type {instance}, which kind {} does not come on",
        cluster.kind
    );
    let known: Vec<_> = families
        .split(' ')
        .map(|family| format!("{family}.…"))
        .collect();
    let key = evidence.origin(id).key("instance_type");
    let diagnostic = Diagnostic::warning("unknown-version", title, value(key))
        .label(format!("known are {}", known.join(", ")))
        .help("choose one of these, or say what is offered now by `--facts`");
    Some(diagnostic)
}
