//! The language of the spec as one table: every section with its keys, their forms, limits,
//! defaults and words for people. The reader takes no key that is not in it; the JSON Schema and
//! the reference page are written from it.

mod clients;
mod clusters;
mod connections;
mod forms;
mod transit;
mod vpcs;

pub use clients::{CLIENT, LAMBDA, TRAFFIC};
pub use clusters::CLUSTER;
pub use connections::{ADMIT, CONNECTION};
pub use transit::{TRANSIT_GATEWAY, TRANSIT_ROUTE, TRANSIT_TABLE};
pub use vpcs::{ACL_ENTRY, HOSTED_ZONE, NETWORK_ACL, RESOLVER_RULE, ROUTE, SUBNET, VPC};

use crate::read::{MAX_CLIENTS, MAX_CLUSTERS, MAX_CONNECTIONS, MAX_TRANSIT_GATEWAYS, MAX_VPCS};
use crate::spec::Via;
use forms::{NAME, REGION};

/// Version of the language: it rises when a sound spec may have become unsound.
pub const VERSION: u32 = 1;

/// A mapping with keys of its own.
#[derive(Debug, PartialEq, Eq)]
pub struct Section {
    /// A word for it, such as `vpc`.
    pub name: &'static str,
    /// Where it stands, such as `vpcs.NAME`.
    pub path: &'static str,
    /// What it is, one sentence.
    pub doc: &'static str,
    /// Its keys, in the order of the documents.
    pub keys: &'static [Key],
}

/// A key of a [`Section`].
#[derive(Debug, PartialEq, Eq)]
pub struct Key {
    /// The key.
    pub name: &'static str,
    /// What it says, one sentence.
    pub doc: &'static str,
    /// What its value looks like.
    pub form: Form,
    /// Whether it must be there.
    pub need: Need,
    /// A value that could be written.
    pub example: &'static str,
    /// The ways to connect that it has an effect on; empty for every way.
    pub with: &'static [Via],
}

/// Whether a key must be there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    /// Always.
    Required,
    /// Unless the other key is there; never both.
    Unless(&'static str),
    /// Unless another key says a certain word.
    UnlessSays {
        /// The other key.
        key: &'static str,
        /// What it says.
        word: &'static str,
        /// What holds then without it, in words.
        default: &'static str,
    },
    /// No; what holds without it, in words.
    Default(&'static str),
}

/// What a text without quotes may look like to YAML, besides a text. The reader goes by the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bare {
    /// A text only.
    Text,
    /// A number, such as `3.9`.
    Number,
    /// A number, `true` or `false`.
    Any,
}

/// What a value looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// A single value.
    Text {
        /// What it is, such as "a range".
        what: &'static str,
        /// The regular expression (ECMA 262) that all of it matches.
        pattern: &'static str,
        /// What else it may look like to YAML where it has no quotes.
        bare: Bare,
    },
    /// One of a closed set of words.
    Word(&'static [&'static str]),
    /// `true` or `false`.
    Flag,
    /// A whole number between two bounds.
    Number {
        /// The least.
        min: u32,
        /// The greatest.
        max: u32,
    },
    /// A list.
    List {
        /// Of these.
        item: &'static Form,
        /// At most so many.
        max: usize,
        /// Whether it may be empty.
        may_be_empty: bool,
    },
    /// A mapping with free keys.
    Map {
        /// What its keys are, a [`Form::Text`].
        keys: &'static Form,
        /// What they lead to.
        values: &'static Form,
        /// At most so many.
        max: usize,
        /// Whether it may be empty.
        may_be_empty: bool,
    },
    /// A mapping with keys of its own.
    Mapping(&'static Section),
    /// A short form or a long one.
    Either(&'static [Form]),
}

impl Section {
    /// The key of a name.
    pub fn key(&self, name: &str) -> Option<&'static Key> {
        self.keys.iter().find(|key| key.name == name)
    }

    /// The names of its keys.
    pub fn names(&self) -> Vec<&'static str> {
        self.keys.iter().map(|key| key.name).collect()
    }
}

impl Key {
    const fn new(
        name: &'static str,
        form: Form,
        need: Need,
        example: &'static str,
        doc: &'static str,
    ) -> Self {
        Self {
            name,
            doc,
            form,
            need,
            example,
            with: &[],
        }
    }

    const fn with(mut self, vias: &'static [Via]) -> Self {
        self.with = vias;
        self
    }

    /// Whether it has an effect on a way to connect.
    pub fn works_with(&self, via: Via) -> bool {
        self.with.is_empty() || via == Via::Auto || self.with.contains(&via)
    }
}

/// The whole spec.
pub const SPEC: Section = Section {
    name: "spec",
    path: "",
    doc: "A spec: which clients must reach which Kafka clusters, and by what connection.",
    keys: &[
        Key::new(
            "name",
            NAME,
            Need::Required,
            "orders",
            "The estate's name, also the lab's.",
        ),
        Key::new(
            "region",
            REGION,
            Need::Required,
            "eu-central-1",
            "The AWS Region of every VPC and transit gateway that says none of its own.",
        ),
        Key::new(
            "vpcs",
            Form::Map {
                keys: &NAME,
                values: &Form::Mapping(&VPC),
                max: MAX_VPCS,
                may_be_empty: false,
            },
            Need::Required,
            "{ data: { … } }",
            "The VPCs by name.",
        ),
        Key::new(
            "transit_gateways",
            Form::Map {
                keys: &NAME,
                values: &Form::Mapping(&TRANSIT_GATEWAY),
                max: MAX_TRANSIT_GATEWAYS,
                may_be_empty: false,
            },
            Need::Default("one for each Region that needs it"),
            "{ core: { … } }",
            "Transit gateways by name, whose tables are said or which exist.",
        ),
        Key::new(
            "clusters",
            Form::Map {
                keys: &NAME,
                values: &Form::Mapping(&CLUSTER),
                max: MAX_CLUSTERS,
                may_be_empty: false,
            },
            Need::Required,
            "{ orders: { … } }",
            "The Kafka clusters by name.",
        ),
        Key::new(
            "clients",
            Form::Map {
                keys: &NAME,
                values: &Form::Mapping(&CLIENT),
                max: MAX_CLIENTS,
                may_be_empty: false,
            },
            Need::Default("none"),
            "{ checkout: { … } }",
            "The clients by name: promises that each reaches every broker of its cluster.",
        ),
        Key::new(
            "connections",
            Form::List {
                item: &Form::Mapping(&CONNECTION),
                max: MAX_CONNECTIONS,
                may_be_empty: true,
            },
            Need::Default("none"),
            "[{ from: shop, to: orders }]",
            "The connections: means by which a VPC reaches a cluster.",
        ),
    ],
};

/// Every section, outermost first, each once.
pub const SECTIONS: &[&Section] = &[
    &SPEC,
    &VPC,
    &SUBNET,
    &ROUTE,
    &NETWORK_ACL,
    &ACL_ENTRY,
    &HOSTED_ZONE,
    &RESOLVER_RULE,
    &TRANSIT_GATEWAY,
    &TRANSIT_TABLE,
    &TRANSIT_ROUTE,
    &CLUSTER,
    &CLIENT,
    &TRAFFIC,
    &LAMBDA,
    &CONNECTION,
    &ADMIT,
];
