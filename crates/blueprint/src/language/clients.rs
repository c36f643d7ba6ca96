//! The language of `clients`.

use super::forms::{ADDRESS_BY_ZONE, CIDRS, GROUP_ID, HOST_PORT, NAME, SETTINGS};
use super::{Bare, Form, Key, Need, Section};
use crate::read::{
    LAMBDA_POSITIONS, MAX_BOOTSTRAP_SERVERS, MAX_FUNCTION_TIMEOUT_S, MAX_LAMBDA_BATCH,
};
use crate::spec::{Auth, ClientKind, TrafficDirection};

const RATE: Form = Form::Text {
    what: "a rate in `B/s`, `KB/s`, `MB/s` or `GB/s`",
    pattern: "^[0-9]+(\\.[0-9]+)? *[kKMG]?B/s$",
    bare: Bare::Text,
};

/// A client.
pub const CLIENT: Section = Section {
    name: "client",
    path: "clients.NAME",
    doc: "A client: the promise that it reaches every broker of its cluster.",
    keys: &[
        Key::new(
            "kind",
            Form::Word(ClientKind::WORDS),
            Need::Default("`service`"),
            "lambda",
            "What it is: an application, a Lambda event source mapping, or a Kafka Connect worker.",
        ),
        Key::new("vpc", NAME, Need::Required, "shop", "The VPC it runs in."),
        Key::new(
            "cluster",
            NAME,
            Need::Required,
            "orders",
            "The cluster it was promised.",
        ),
        Key::new(
            "auth",
            Form::Word(Auth::WORDS),
            Need::Default("the first scheme of its cluster"),
            "iam",
            "How it authenticates, by a scheme that its cluster offers.",
        ),
        Key::new(
            "traffic",
            Form::Either(&[RATE, Form::Mapping(&TRAFFIC)]),
            Need::Default("unknown"),
            "40 MB/s",
            "How much it reads, or the long form that says more; only the comparison uses it.",
        ),
        Key::new(
            "addresses",
            ADDRESS_BY_ZONE,
            Need::Default("chosen"),
            "{ euc1-az1: 10.0.0.20 }",
            "Zone to address: a client has one interface in each zone of its VPC.",
        ),
        Key::new(
            "egress",
            CIDRS,
            Need::Default("what the promise needs"),
            "[10.0.0.0/16]",
            "Ranges that its security group lets it dial.",
        ),
        Key::new(
            "bootstrap",
            Form::Either(&[
                HOST_PORT,
                Form::List {
                    item: &HOST_PORT,
                    max: MAX_BOOTSTRAP_SERVERS,
                    may_be_empty: false,
                },
            ]),
            Need::Default("what the connection leads to"),
            "b-1.orders.internal:9092",
            "The bootstrap servers it was given.",
        ),
        Key::new(
            "security_group",
            GROUP_ID,
            Need::Default("a group is made"),
            "sg-0abc",
            "Its security group exists under this id; rules are added to it.",
        ),
        Key::new(
            "config",
            SETTINGS,
            Need::Default("Kafka's defaults"),
            "{ connections.max.idle.ms: 300000 }",
            "Kafka's client settings, in Kafka's spelling.",
        ),
        Key::new(
            "lambda",
            Form::Mapping(&LAMBDA),
            Need::Default("AWS's defaults"),
            "{ provisioned: true }",
            "How its event source mapping is set, for `kind: lambda`.",
        ),
    ],
};

/// A client's traffic.
pub const TRAFFIC: Section = Section {
    name: "traffic",
    path: "clients.NAME.traffic",
    doc: "A client's traffic, in full.",
    keys: &[
        Key::new("rate", RATE, Need::Required, "40 MB/s", "How much."),
        Key::new(
            "direction",
            Form::Word(TrafficDirection::WORDS),
            Need::Default("`consume`"),
            "produce",
            "Whether it reads from brokers or writes to them.",
        ),
        Key::new(
            "rack_aware",
            Form::Flag,
            Need::Default("`false`"),
            "true",
            "Whether it reads from the replica in its own zone where there is one.",
        ),
    ],
};

/// A Lambda event source mapping.
pub const LAMBDA: Section = Section {
    name: "lambda",
    path: "clients.NAME.lambda",
    doc: "How a Lambda event source mapping is set.",
    keys: &[
        Key::new(
            "provisioned",
            Form::Flag,
            Need::Default("`false`"),
            "true",
            "Whether its pollers run in provisioned mode, which needs no way to Lambda and STS.",
        ),
        Key::new(
            "starting_position",
            Form::Word(LAMBDA_POSITIONS),
            Need::Default("unknown"),
            "TRIM_HORIZON",
            "Where it begins to read.",
        ),
        Key::new(
            "batch_size",
            Form::Number {
                min: 1,
                max: MAX_LAMBDA_BATCH,
            },
            Need::Default("AWS's own, 100 records"),
            "500",
            "Most records that one call is given.",
        ),
        Key::new(
            "function_timeout_s",
            Form::Number {
                min: 1,
                max: MAX_FUNCTION_TIMEOUT_S,
            },
            Need::Default("unknown"),
            "60",
            "The function's time-out, in seconds.",
        ),
    ],
};
