//! What every section's reader uses: items with names, mappings whose keys are all accounted
//! for, and the findings collected on the way.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::nearest::{nearest, quoted};
use super::scalars::short;
use crate::FilledIn;
use crate::diagnostic::{At, Diagnostic};
use crate::key::SpecKey;
use crate::language::Section;
use crate::source::{Entry, Key, Node, Source, Value};

/// Most findings of one reading. Nobody mends more at once, and each costs a pass over the text
/// when it is drawn.
pub const MAX_FINDINGS: usize = 500;

/// The state of one reading: findings, and the names that later sections may refer to.
#[derive(Default)]
pub(super) struct Reader {
    pub(super) findings: Vec<Diagnostic>,
    /// Findings beyond the limit, which were not kept.
    n_dropped: usize,
    /// The spec's Region, if it is a valid one.
    pub(super) region: Option<String>,
    /// Where each Region is first said.
    pub(super) regions_at: BTreeMap<String, At>,
    /// Regions that were reported because of their zones: no further zone is measured by them.
    pub(super) doubted_regions: BTreeSet<String>,
    /// Keys of `vpcs`, those of refused VPCs included.
    pub(super) vpc_names: Vec<String>,
    /// Keys of `clusters`, those of refused clusters included.
    pub(super) cluster_names: Vec<String>,
    /// Keys of `transit_gateways`, those of refused ones included.
    pub(super) transit_names: Vec<String>,
    /// AWS's ids that were given, and where.
    pub(super) ids: BTreeMap<String, At>,
    /// Values that were filled in.
    pub(super) filled: Vec<FilledIn>,
}

/// A value to be judged.
#[derive(Clone, Debug)]
pub(super) struct Item<'n> {
    pub(super) node: &'n Node,
    /// How findings call it, such as "`brokers` of cluster `orders`".
    pub(super) name: String,
    /// Stands in for a value that is not written.
    head: Range<usize>,
}

/// A mapping whose unknown keys have been reported.
pub(super) struct Fields<'n> {
    owner: String,
    head: Range<usize>,
    /// Keys that unknown ones were probably meant to be: not missing, then.
    misspelt: Vec<String>,
    entries: BTreeMap<&'n str, &'n Entry>,
}

impl Reader {
    pub(super) fn push(&mut self, finding: Diagnostic) {
        if self.is_full() {
            self.n_dropped += 1;
        } else {
            self.findings.push(finding);
        }
    }

    /// Says how many findings were not kept, if any.
    pub(super) fn surplus(&self, source: &Source) -> Option<Diagnostic> {
        let end = source.text().len();
        let title = format!("{} more findings are not shown", self.n_dropped);
        let finding = Diagnostic::error("exceeded-limit", title, At::Bytes(end, end))
            .label(format!("only the first {MAX_FINDINGS} are shown"))
            .help("mend those first");
        (self.n_dropped != 0).then_some(finding)
    }

    fn is_full(&self) -> bool {
        MAX_FINDINGS <= self.findings.len()
    }

    /// Notes a value that the text leaves open and what it became.
    pub(super) fn fill(&mut self, key: SpecKey, value: impl Into<String>, because: &str) {
        self.filled.push(FilledIn {
            key,
            value: value.into(),
            because: because.to_owned(),
        });
    }

    /// Opens a mapping and reports its duplicate keys and those that its section does not have;
    /// these cannot be read.
    pub(super) fn fields<'n>(
        &mut self,
        item: &Item<'n>,
        owner: &str,
        section: &Section,
    ) -> Option<Fields<'n>> {
        self.fields_of(item, owner, &section.names())
    }

    /// The same for files other than the spec, whose keys are `allowed`.
    pub(super) fn fields_of<'n>(
        &mut self,
        item: &Item<'n>,
        owner: &str,
        allowed: &[&str],
    ) -> Option<Fields<'n>> {
        let mut entries = self.entries(item, owner)?;
        let mut misspelt = Vec::new();
        for entry in &entries {
            if !allowed.contains(&entry.key.text.as_str()) {
                let mut candidates = allowed.iter().copied().filter(|_| !self.is_full());
                let meant = nearest(&entry.key.text, &mut candidates);
                self.unknown_key(&entry.key, owner, allowed, meant);
                misspelt.extend(meant.map(str::to_owned));
            }
        }
        entries.retain(|entry| allowed.contains(&entry.key.text.as_str()));
        Some(Fields {
            owner: owner.to_owned(),
            head: item.head.clone(),
            misspelt,
            entries: entries.iter().map(|e| (e.key.text.as_str(), *e)).collect(),
        })
    }

    /// The entries of a mapping with free keys, each once, in file order.
    pub(super) fn entries<'n>(&mut self, item: &Item<'n>, owner: &str) -> Option<Vec<&'n Entry>> {
        let Value::Map(entries) = &item.node.value else {
            self.wrong_type(item, "a mapping", "write `key: value` lines below it");
            return None;
        };
        let mut firsts: BTreeMap<&str, &Entry> = BTreeMap::new();
        let mut kept = Vec::new();
        for entry in entries {
            if let Some(first) = firsts.get(entry.key.text.as_str()) {
                self.duplicate_key(&first.key, &entry.key, owner);
            } else {
                firsts.insert(&entry.key.text, entry);
                kept.push(entry);
            }
        }
        Some(kept)
    }

    /// The items of a list of at most `limit` items; what is beyond is reported and left out.
    pub(super) fn list<'n>(
        &mut self,
        item: &Item<'n>,
        example: &str,
        limit: usize,
    ) -> Option<Vec<Item<'n>>> {
        let Value::List(nodes) = &item.node.value else {
            self.wrong_type(item, "a list", &format!("write {example}"));
            return None;
        };
        if let Some(surplus) = nodes.get(limit) {
            self.exceeded(&item.name, limit, &surplus.span);
        }
        let head = |node: &Node| {
            if node.span.is_empty() {
                item.head.clone()
            } else {
                node.span.clone()
            }
        };
        let items = nodes.iter().enumerate().take(limit);
        let items = items.map(|(index, node)| Item {
            node,
            name: indexed(&item.name, index),
            head: head(node),
        });
        Some(items.collect())
    }

    /// The text of a single value. `expected` says what it should be, `example` is typed by the
    /// user, such as "`brokers: 3`".
    pub(super) fn text<'n>(
        &mut self,
        item: &Item<'n>,
        expected: &str,
        example: &str,
    ) -> Option<&'n str> {
        if let Value::Scalar { text, .. } = &item.node.value {
            return Some(text);
        }
        self.wrong_type(item, expected, &format!("write {example}"));
        None
    }

    /// Reports a value of another form; silent where the form itself was reported before.
    pub(super) fn wrong_type(&mut self, item: &Item<'_>, expected: &str, help: &str) {
        let found = match &item.node.value {
            Value::Refused => return,
            Value::Null => "nothing",
            Value::Scalar { .. } => "a single value",
            Value::List(_) => "a list",
            Value::Map(_) => "a mapping",
        };
        self.push(
            Diagnostic::error(
                "wrong-type",
                format!("{} holds {found}, not {expected}", item.name),
                item.at(),
            )
            .label(format!("{found}; expected {expected}"))
            .help(help),
        );
    }

    /// Reports that a limit of the reader is exceeded at a place.
    pub(super) fn exceeded(&mut self, name: &str, limit: usize, place: &Range<usize>) {
        self.push(
            Diagnostic::error(
                "exceeded-limit",
                format!("{name} holds more than {limit} items"),
                At::Bytes(place.start, place.end),
            )
            .label("the first one too many")
            .help(format!(
                "keep it to {limit}, or split the spec into several"
            )),
        );
    }

    fn unknown_key(&mut self, key: &Key, owner: &str, allowed: &[&str], meant: Option<&str>) {
        let help = meant.map_or_else(
            || "remove this key, or write one of those above".to_owned(),
            |near| format!("write `{near}`"),
        );
        self.push(
            Diagnostic::error(
                "unknown-key",
                format!("unknown key `{}` in {owner}", short(&key.text)),
                key.at(),
            )
            .label("no key of this name")
            .note(format!("keys of {owner} are {}", quoted(allowed)))
            .help(help),
        );
    }

    fn duplicate_key(&mut self, first: &Key, second: &Key, owner: &str) {
        self.push(
            Diagnostic::error(
                "duplicate-key",
                format!("`{}` is given twice in {owner}", short(&second.text)),
                second.at(),
            )
            .label("given again")
            .related(first.at(), "first given here; this one was read")
            .help("remove one of the two"),
        );
    }
}

impl<'n> Item<'n> {
    /// The whole spec.
    pub(super) fn root(node: &'n Node) -> Self {
        let start = match &node.value {
            Value::Map(entries) => entries.first().map(|entry| entry.key.span.clone()),
            Value::Null | Value::Scalar { .. } | Value::List(_) | Value::Refused => None,
        };
        Self {
            node,
            name: "the spec".to_owned(),
            head: start.unwrap_or_else(|| node.span.clone()),
        }
    }

    /// An entry under a free key, such as a VPC under its name.
    pub(super) fn of_entry(entry: &'n Entry, name: String) -> Self {
        Self {
            node: &entry.value,
            name,
            head: entry.key.span.clone(),
        }
    }

    /// An entry of this mapping, which has free keys.
    pub(super) fn entry(&self, entry: &'n Entry) -> Self {
        Self::of_entry(
            entry,
            format!("`{}` of {}", short(&entry.key.text), self.name),
        )
    }

    /// The place of the value, or of its key where no value is written.
    pub(super) fn at(&self) -> At {
        let span = if self.node.span.is_empty() {
            &self.head
        } else {
            &self.node.span
        };
        At::Bytes(span.start, span.end)
    }

    /// The place of the key that leads to it.
    pub(super) fn head(&self) -> At {
        At::Bytes(self.head.start, self.head.end)
    }

    /// Whether nothing is written.
    pub(super) fn is_null(&self) -> bool {
        self.node.value == Value::Null
    }
}

impl<'n> Fields<'n> {
    /// The value of an optional key.
    pub(super) fn get(&self, key: &str) -> Option<Item<'n>> {
        let entry = self.entries.get(key)?;
        let name = if self.owner == "the spec" {
            format!("`{key}`")
        } else {
            format!("`{key}` of {}", self.owner)
        };
        Some(Item::of_entry(entry, name))
    }

    /// The value of a key that must be there; `example` is what to add, such as "`brokers: 3`".
    pub(super) fn require(
        &self,
        reader: &mut Reader,
        key: &str,
        example: &str,
    ) -> Option<Item<'n>> {
        let found = self.get(key);
        if found.is_none() && !self.is_misspelt(key) {
            reader.push(self.missing(&format!("`{key}`"), example));
        }
        found
    }

    /// The one of two keys that is given; both at once are reported, and so is neither.
    pub(super) fn either(
        &self,
        reader: &mut Reader,
        [one, other]: [&str; 2],
        example: &str,
    ) -> Option<Item<'n>> {
        match (self.get(one), self.get(other)) {
            (Some(first), Some(second)) => {
                reader.push(
                    Diagnostic::error(
                        "conflicting-keys",
                        format!("{} has both `{one}` and `{other}`", self.owner),
                        second.head(),
                    )
                    .label(format!("says the same as `{one}`"))
                    .related(first.head(), "given here; this one was read")
                    .help(format!("keep `{one}` or `{other}`")),
                );
                Some(first)
            }
            (None, None) if self.is_misspelt(one) || self.is_misspelt(other) => None,
            (None, None) => {
                reader.push(self.missing(&format!("`{one}` or `{other}`"), example));
                None
            }
            (found, None) | (None, found) => found,
        }
    }

    /// The place of the key that leads to the mapping.
    pub(super) fn head(&self) -> At {
        At::Bytes(self.head.start, self.head.end)
    }

    fn is_misspelt(&self, key: &str) -> bool {
        self.misspelt.iter().any(|meant| meant == key)
    }

    fn missing(&self, keys: &str, example: &str) -> Diagnostic {
        Diagnostic::error(
            "missing-key",
            format!("{} has no {keys}", self.owner),
            self.head(),
        )
        .label(format!("{keys} is missing"))
        .help(format!("add {example}"))
    }
}

/// The name of a list's item: `auth` of a cluster becomes `auth[0]` of it.
fn indexed(list: &str, index: usize) -> String {
    match list.strip_prefix('`').and_then(|rest| rest.split_once('`')) {
        Some((key, owner)) => format!("`{key}[{index}]`{owner}"),
        None => format!("item {index} of {list}"),
    }
}

impl Key {
    pub(super) fn at(&self) -> At {
        At::Bytes(self.span.start, self.span.end)
    }
}
