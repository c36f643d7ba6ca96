//! # unwritable-topic
//!
//! A cluster's replication settings contradict each other or its number of brokers.
//!
//! ## Why it is bad
//!
//! A producer with `acks=all` is answered once `min.insync.replicas` replicas hold a record. If
//! a topic has fewer replicas than that, every write fails with `NOT_ENOUGH_REPLICAS`. If it has
//! exactly that many, writes stop whenever one broker restarts, as in each rolling update. A
//! replication factor above the number of brokers keeps topics from being created at all: for
//! `offsets.topic.replication.factor` that means no consumer group works.
//!
//! ## Example
//!
//! ```yaml
//! clusters:
//!   orders:
//!     brokers: 3
//!     config: { default.replication.factor: 2, min.insync.replicas: 3 }
//! ```
//!
//! ## Remedy
//!
//! Keep `min.insync.replicas` below the replication factor and that no higher than the number
//! of brokers: 3 and 2 for three brokers. Left out, the plan chooses such numbers.

use blueprint::diagnostic::{Diagnostic, Level};
use blueprint::ids::ClusterId;
use blueprint::kafka::Cluster;

use crate::evidence::{Evidence, Finding, value};
use crate::words;

/// A kind of topic: the setting of its replication factor and of the replicas a write needs,
/// each with what Apache Kafka takes where it is not set.
struct Kind {
    topics: &'static str,
    factor: (&'static str, u64),
    in_sync: (&'static str, u64),
}

const KINDS: [Kind; 3] = [
    Kind {
        topics: "new topics",
        factor: ("default.replication.factor", 1),
        in_sync: ("min.insync.replicas", 1),
    },
    Kind {
        topics: "the offsets topic",
        factor: ("offsets.topic.replication.factor", 3),
        in_sync: ("min.insync.replicas", 1),
    },
    Kind {
        topics: "the transaction log",
        factor: ("transaction.state.log.replication.factor", 3),
        in_sync: ("transaction.state.log.min.isr", 2),
    },
];

pub(super) fn run(evidence: &Evidence<'_, '_>) -> Vec<Finding> {
    let clusters = evidence.blueprint().clusters.iter();
    let judged = clusters.flat_map(|(id, cluster)| {
        KINDS
            .iter()
            .filter_map(move |kind| judge(evidence, id, cluster, kind))
    });
    judged.map(Finding::of_structure).collect()
}

fn judge(
    evidence: &Evidence<'_, '_>,
    id: &ClusterId,
    cluster: &Cluster,
    kind: &Kind,
) -> Option<Diagnostic> {
    let n_brokers = cluster.brokers.len() as u64;
    let factor = number(cluster, kind.factor)?;
    let in_sync = number(cluster, kind.in_sync)?;
    let topics = kind.topics;
    let (level, setting, title, label) = if n_brokers < factor {
        let brokers = words::plural(cluster.brokers.len(), "broker", "brokers");
        (
            Level::Error,
            kind.factor.0,
            format!("{topics} of `{id}` want {factor} replicas of {n_brokers} {brokers}"),
            "no such topic can be created",
        )
    } else if factor < in_sync {
        (
            Level::Error,
            kind.in_sync.0,
            format!("writes to {topics} of `{id}` need {in_sync} replicas and there are {factor}"),
            "every write with acks=all fails with NOT_ENOUGH_REPLICAS",
        )
    } else if factor == in_sync && 1 < factor && kind.factor.0 != "offsets.topic.replication.factor"
    {
        (
            Level::Warning,
            kind.in_sync.0,
            format!("writes to {topics} of `{id}` need all {factor} replicas"),
            "writes stop whenever one broker restarts",
        )
    } else {
        return None;
    };
    let at = value(evidence.origin(id).key("config").key(setting));
    let diagnostic = match level {
        Level::Error => Diagnostic::error("unwritable-topic", title, at),
        Level::Warning => Diagnostic::warning("unwritable-topic", title, at),
    };
    Some(diagnostic.label(label).help(remedy(kind, n_brokers)))
}

/// A setting as a number; none if it is not one, which the reader of the spec reports.
fn number(cluster: &Cluster, (setting, default): (&str, u64)) -> Option<u64> {
    match cluster.settings.get(setting) {
        Some(text) => text.trim().parse().ok(),
        None => Some(default),
    }
}

fn remedy(kind: &Kind, n_brokers: u64) -> String {
    let factor = n_brokers.clamp(1, 3);
    let in_sync = factor.saturating_sub(1).max(1);
    format!(
        "say `{}: {factor}` and `{}: {in_sync}`",
        kind.factor.0, kind.in_sync.0
    )
}
