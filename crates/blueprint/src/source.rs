//! The text of a spec as a tree in which everything keeps its place: what the reader judges,
//! and what turns a [`SpecKey`] back into bytes of the file.
//!
//! The tree is built from the events of granit-parser, the parser inside serde-saphyr. Through
//! serde itself a duplicate key is either fatal or invisible, a scalar's source text and quotes
//! are gone, and the place of a block list is empty.

mod parse;

use std::ops::Range;

use crate::diagnostic::{At, Diagnostic};
use crate::key::{Part, SpecKey};

/// Largest text that is read, in bytes. A connection takes about 100 bytes, so this is fifty
/// times what all other limits together admit, and still parsed in well under a second.
pub const MAX_SPEC_BYTES: usize = 1 << 20;

/// Deepest nesting that is read. The spec's own deepest value lies 5 levels down; the parser
/// recurses, so the limit also bounds the stack.
pub const MAX_DEPTH: usize = 16;

/// Largest number of values that is read. A spec at all its other limits has about 50,000.
pub const MAX_NODES: usize = 100_000;

/// A text and the tree read from it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    text: String,
    root: Node,
    comments: Vec<Comment>,
}

/// A comment and where it stands. What looks like one inside a quoted or block text is none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comment {
    /// What follows its `#`, up to the end of the line.
    pub text: String,
    /// Its bytes, the `#` included.
    pub span: Range<usize>,
}

/// A value and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    /// What it is.
    pub value: Value,
    /// Its bytes: quotes and brackets included, a block list or mapping from its first key to
    /// its last value, a block text without its `|`; empty if nothing is written.
    pub span: Range<usize>,
}

/// What a [`Node`] holds. Nothing is converted: `3.10` and `012` keep their text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// Nothing, `null` or `~`.
    Null,
    /// A single value.
    Scalar {
        /// Its text with quotes and escapes resolved.
        text: String,
        /// Whether it was quoted, or written as a block.
        quoted: bool,
    },
    /// A list.
    List(Vec<Node>),
    /// A mapping in file order, duplicate keys included.
    Map(Vec<Entry>),
    /// A form that was reported and is not to be judged again.
    Refused,
}

/// A key of a mapping with its value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The key.
    pub key: Key,
    /// The value.
    pub value: Node,
}

/// A key and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Key {
    /// Its text with quotes and escapes resolved.
    pub text: String,
    /// Its bytes.
    pub span: Range<usize>,
}

impl Source {
    /// Reads YAML. What is wrong with its form is returned beside the tree, whose root is
    /// [`Value::Refused`] if the text could not be understood as a whole.
    pub fn parse(text: &str) -> (Self, Vec<Diagnostic>) {
        let parsed = parse::parse(text);
        let source = Self {
            text: text.to_owned(),
            root: parsed.root,
            comments: parsed.comments,
        };
        (source, parsed.findings)
    }

    /// The text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The value at the top.
    pub fn root(&self) -> &Node {
        &self.root
    }

    /// Its comments in the order of the text, up to where reading had to stop.
    pub fn comments(&self) -> &[Comment] {
        &self.comments
    }

    /// The bytes of a place, always inside the text. A key the text does not have yields the
    /// nearest key above it.
    pub fn span(&self, at: &At) -> Range<usize> {
        match at {
            At::Value(key) => self.find(key).value,
            At::Key(key) => self.find(key).key,
            At::Bytes(start, end) => self.inside(*start..*end),
        }
    }

    /// Line and column of a byte, both from 1, the column in characters.
    pub fn line_and_column(&self, byte: usize) -> (usize, usize) {
        let byte = floor_boundary(&self.text, byte);
        let before = &self.text[..byte];
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        let line = before.matches('\n').count() + 1;
        let line_text = before[line_start..].trim_start_matches('\u{feff}');
        (line, line_text.chars().count() + 1)
    }

    fn find(&self, key: &SpecKey) -> Found {
        let mut found = Found::root(&self.root);
        let mut node = &self.root;
        for part in key.parts() {
            let Some((next, place)) = step(node, part) else {
                return Found {
                    value: found.key.clone(),
                    key: found.key,
                };
            };
            found = place;
            node = next;
        }
        found
    }

    /// A place that can be shown: nothing lies behind the last line that is written.
    fn inside(&self, span: Range<usize>) -> Range<usize> {
        let written = self.text.trim_end();
        let start = floor_boundary(written, span.start);
        start..floor_boundary(written, span.end).max(start)
    }
}

/// Where a key and its value stand.
struct Found {
    key: Range<usize>,
    value: Range<usize>,
}

impl Found {
    /// The root has no key of its own: its first one stands for it.
    fn root(root: &Node) -> Self {
        let key = match &root.value {
            Value::Map(entries) => entries.first().map(|entry| entry.key.span.clone()),
            Value::Null | Value::Scalar { .. } | Value::List(_) | Value::Refused => None,
        };
        Self {
            key: key.unwrap_or(root.span.start..root.span.start),
            value: root.span.clone(),
        }
    }
}

fn step<'n>(node: &'n Node, part: &Part) -> Option<(&'n Node, Found)> {
    match (&node.value, part) {
        (Value::Map(entries), Part::Key(key)) => {
            let entry = entries.iter().find(|entry| entry.key.text == *key)?;
            let key = entry.key.span.clone();
            let value = if entry.value.span.is_empty() {
                key.clone()
            } else {
                entry.value.span.clone()
            };
            Some((&entry.value, Found { key, value }))
        }
        (Value::List(items), Part::Index(index)) => {
            let item = items.get(*index)?;
            let key = item.span.clone();
            let value = key.clone();
            Some((item, Found { key, value }))
        }
        (Value::Map(_) | Value::List(_), Part::Key(_) | Part::Index(_))
        | (Value::Null | Value::Scalar { .. } | Value::Refused, _) => None,
    }
}

fn floor_boundary(text: &str, byte: usize) -> usize {
    let mut byte = byte.min(text.len());
    while !text.is_char_boundary(byte) {
        byte -= 1;
    }
    byte
}
