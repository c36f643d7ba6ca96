//! Reads `config` of a cluster or client: Kafka's settings, those excepted that the plan settles
//! itself.

use std::collections::BTreeMap;

use super::fields::{Fields, Item, Reader};
use super::scalars::short;
use crate::diagnostic::Diagnostic;
use crate::source::Key;

/// Most Kafka settings of a cluster or client: Kafka has about 300 for a broker.
pub const MAX_SETTINGS: usize = 400;

/// Settings that follow from the rest of the spec, and what to do instead.
pub(super) const OF_BROKERS: &[(&str, &str)] = &[
    ("node.id", BY_BROKERS),
    ("broker.id", BY_BROKERS),
    ("process.roles", BY_BROKERS),
    ("controller.quorum.voters", BY_BROKERS),
    ("controller.quorum.bootstrap.servers", BY_BROKERS),
    ("controller.listener.names", BY_LISTENERS),
    ("listeners", BY_LISTENERS),
    ("host.name", BY_LISTENERS),
    ("port", BY_LISTENERS),
    ("inter.broker.listener.name", BY_LISTENERS),
    ("advertised.listeners", BY_ADVERTISED),
    ("advertised.host.name", BY_ADVERTISED),
    ("advertised.port", BY_ADVERTISED),
    ("listener.security.protocol.map", BY_AUTH),
    ("security.inter.broker.protocol", BY_AUTH),
    ("log.dir", BY_NOBODY),
    ("log.dirs", BY_NOBODY),
    ("metadata.log.dir", BY_NOBODY),
    ("zookeeper.connect", WITHOUT_ZOOKEEPER),
];

/// The same for clients.
pub(super) const OF_CLIENTS: &[(&str, &str)] = &[
    ("bootstrap.servers", BY_BOOTSTRAP),
    ("security.protocol", BY_CLIENT_AUTH),
    ("sasl.mechanism", BY_CLIENT_AUTH),
];

const BY_BOOTSTRAP: &str = "remove it, and say the servers in `bootstrap`";
const BY_CLIENT_AUTH: &str = "remove it; it follows from the client's `auth`";
const BY_BROKERS: &str = "remove it, and say the ids in `brokers`; the lowest vote";
const BY_LISTENERS: &str = "remove it, and say the ports in `listeners`";
const BY_ADVERTISED: &str = "remove it, and say the addresses in `advertised`";
const BY_AUTH: &str = "remove it; it follows from `auth`";
const BY_NOBODY: &str = "remove it; each broker that is raised has a folder of its own";
const WITHOUT_ZOOKEEPER: &str = "remove it; brokers vote among themselves";

/// Settings that checks reckon with.
const COUNTS: [&str; 5] = [
    "min.insync.replicas",
    "default.replication.factor",
    "offsets.topic.replication.factor",
    "transaction.state.log.replication.factor",
    "transaction.state.log.min.isr",
];

/// Largest replication factor: Kafka keeps it in 16 bits.
const MAX_REPLICAS: u32 = 32_767;

impl Reader {
    /// Reads the settings of a cluster or client, of which some are `settled`.
    pub(super) fn settings(
        &mut self,
        fields: &Fields<'_>,
        settled: &[(&str, &str)],
    ) -> BTreeMap<String, String> {
        let Some(item) = fields.get("config") else {
            return BTreeMap::new();
        };
        let entries = self.entries(&item, &item.name).unwrap_or_default();
        if let Some(surplus) = entries.get(MAX_SETTINGS) {
            self.exceeded(&item.name, MAX_SETTINGS, &surplus.key.span);
        }
        let mut settings = BTreeMap::new();
        for entry in entries.into_iter().take(MAX_SETTINGS) {
            let value = Item::of_entry(entry, format!("`{}`", short(&entry.key.text)));
            let text = self.setting(&entry.key, &value, settled);
            settings.extend(text.map(|text| (entry.key.text.clone(), text)));
        }
        settings
    }

    fn setting(&mut self, key: &Key, value: &Item<'_>, settled: &[(&str, &str)]) -> Option<String> {
        let name = key.text.as_str();
        let example = "`min.insync.replicas: 2`";
        let text = self.text(value, "a single value", example)?;
        if let Some((_, instead)) = settled.iter().find(|(settled, _)| *settled == name) {
            let title = format!("`{name}` follows from the rest of the spec");
            let finding = Diagnostic::error("settled-setting", title, key.at())
                .label("settled already")
                .help(*instead);
            self.push(finding);
            return None;
        }
        let is_word = |c: char| c.is_ascii_alphanumeric() || "._-".contains(c);
        if name.is_empty() || !name.chars().all(is_word) {
            let title = format!("`{}` is no name of a setting", short(name));
            let finding = Diagnostic::error("bad-setting", title, key.at())
                .label("expected letters, digits, `.`, `_` and `-`")
                .help("write it as Kafka spells it, such as `min.insync.replicas`");
            self.push(finding);
            return None;
        }
        if text.chars().any(char::is_control) {
            let title = format!("the value of `{}` is more than one line", short(name));
            let finding = Diagnostic::error("bad-setting", title, value.at())
                .label("holds a line break or another control character")
                .help("write it in one line, without `|` or `\\n`");
            self.push(finding);
            return None;
        }
        if COUNTS.contains(&name) {
            let example = format!("`{name}: 2`");
            self.number(value, "bad-setting", 1..=MAX_REPLICAS, &example)?;
        }
        Some(text.to_owned())
    }
}
