//! Kafka settings that are the same on every broker. What the plan adds never contradicts what
//! was said: min.insync.replicas < replication factor ≤ brokers wherever that is possible.

use std::collections::BTreeMap;

use crate::draft::Draft;
use crate::intent::Cluster;

/// Replicas of a partition where there are brokers enough: one may fail while one is restarted.
const REPLICAS: usize = 3;

/// A cluster's settings: the user's, then the plan's.
pub(crate) fn settle(cluster: &Cluster<'_>, draft: &mut Draft) -> BTreeMap<String, String> {
    let mut settings = Settings {
        cluster,
        all: cluster.asked.config.clone(),
        draft,
    };
    settings.replication("default.replication.factor", Some("min.insync.replicas"));
    settings.replication("offsets.topic.replication.factor", None);
    settings.replication(
        "transaction.state.log.replication.factor",
        Some("transaction.state.log.min.isr"),
    );
    settings.all
}

struct Settings<'a, 's> {
    cluster: &'a Cluster<'s>,
    all: BTreeMap<String, String>,
    draft: &'a mut Draft,
}

impl Settings<'_, '_> {
    /// Fills in a replication factor and the least number of replicas in sync for it.
    fn replication(&mut self, factor: &str, in_sync: Option<&str>) {
        let n_brokers = self.cluster.brokers.len().max(1);
        let least = in_sync.and_then(|name| self.number(name)).unwrap_or(0);
        let wanted = REPLICAS.max(least.saturating_add(1));
        let because = format!("{wanted} replicas, or as many as there are brokers");
        self.default(factor, wanted.min(n_brokers), &because);
        if let Some(name) = in_sync {
            let replicas = self.number(factor).unwrap_or(1);
            let because = "one less than the replicas, so that one may be down, and at least one";
            self.default(name, replicas.saturating_sub(1).max(1), because);
        }
    }

    fn number(&self, name: &str) -> Option<usize> {
        self.all.get(name)?.trim().parse().ok()
    }

    fn default(&mut self, name: &str, value: usize, because: &str) {
        if self.all.contains_key(name) {
            return;
        }
        let key = self.cluster.key.key("config").key(name);
        self.draft.fill(key, value, because);
        self.all.insert(name.to_owned(), value.to_string());
    }
}
