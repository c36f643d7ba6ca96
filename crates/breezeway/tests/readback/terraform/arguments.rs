//! Arguments of a resource or of a block in it: each is taken once, and what is left is a fault.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::answers::Answers;
use crate::graph::Prop;

/// Properties in CloudFormation's words.
pub(super) type Properties = BTreeMap<String, Prop>;

/// Arguments whose text is JSON.
const JSON: [&str; 1] = ["policy"];

/// Arguments that say nothing about connectivity, on every resource.
const SAYS_NOTHING: [&str; 4] = ["description", "tags", "tags_all", "timeouts"];

/// Arguments of a resource or block.
#[derive(Debug)]
pub(super) struct Arguments {
    of: String,
    entries: BTreeMap<String, Prop>,
}

impl Arguments {
    /// The arguments of a resource of this type.
    pub(super) fn read(
        of: &str,
        values: &Map<String, Value>,
        answers: &Answers,
    ) -> Result<Self, String> {
        let mut entries = BTreeMap::new();
        for (name, value) in values {
            if SAYS_NOTHING.contains(&name.as_str()) {
                continue;
            }
            let read = match value.as_str().filter(|_| JSON.contains(&name.as_str())) {
                Some(text) => answers.json(text),
                None => answers.prop(value),
            };
            if let Some(read) = read.map_err(|why| format!("{name}: {why}"))? {
                entries.insert(name.clone(), read);
            }
        }
        let of = of.to_owned();
        Ok(Self { of, entries })
    }

    /// An argument.
    pub(super) fn take(&mut self, name: &str) -> Option<Prop> {
        self.entries.remove(name)
    }

    /// An argument that must be there.
    pub(super) fn need(&mut self, name: &str) -> Result<Prop, String> {
        let missing = format!("{}.{name} is missing", self.of);
        self.take(name).ok_or(missing)
    }

    /// An argument that is true or false.
    pub(super) fn flag(&mut self, name: &str, default: bool) -> Result<bool, String> {
        let of = format!("{}.{name}", self.of);
        match self.take(name) {
            None => Ok(default),
            Some(prop) => prop.flag().ok_or(format!("{of} is {prop:?}")),
        }
    }

    /// Puts arguments where CloudFormation has them.
    pub(super) fn rename(&mut self, names: &[(&str, &str)], to: &mut Properties) {
        for (from, name) in names {
            if let Some(prop) = self.take(from) {
                to.insert((*name).to_owned(), prop);
            }
        }
    }

    /// The blocks of a name.
    pub(super) fn blocks(&mut self, name: &str) -> Result<Vec<Self>, String> {
        let of = format!("{}.{name}", self.of);
        let items = match self.take(name) {
            None => Vec::new(),
            Some(Prop::List(items)) => items,
            Some(one) => vec![one],
        };
        let block = |item: Prop| {
            let Prop::Map(entries) = item else {
                return Err(format!("{of} is {item:?}"));
            };
            Ok(Self {
                of: of.clone(),
                entries,
            })
        };
        items.into_iter().map(block).collect()
    }

    /// The block of a name that may stand once.
    pub(super) fn block(&mut self, name: &str) -> Result<Option<Self>, String> {
        let mut blocks = self.blocks(name)?;
        match blocks.len() {
            0 | 1 => Ok(blocks.pop()),
            n => Err(format!("{}: {n} blocks {name}", self.of)),
        }
    }

    /// Renames all arguments of a block that may stand once; none if it does not stand.
    pub(super) fn renamed_block(
        &mut self,
        name: &str,
        names: &[(&str, &str)],
    ) -> Result<Option<Prop>, String> {
        let Some(mut block) = self.block(name)? else {
            return Ok(None);
        };
        let mut properties = Properties::new();
        block.rename(names, &mut properties);
        block.end(&[])?;
        Ok(Some(Prop::Map(properties)))
    }

    /// Refuses what was not taken and must not be ignored.
    pub(super) fn end(self, ignored: &[&str]) -> Result<(), String> {
        let mut left = self.entries.keys();
        match left.find(|name| !ignored.contains(&name.as_str())) {
            None => Ok(()),
            Some(name) => Err(format!("{}.{name} is not understood", self.of)),
        }
    }
}
