//! The language of `clusters`.

use super::forms::{
    ADDRESS, BROKER_ID, CERTIFICATE_NAMES, CIDRS, DOMAIN, GROUP_ID, HOST_PORT_TEMPLATE, LISTENER,
    NAME, PORT, SETTINGS, ZONE,
};
use super::{Bare, Form, Key, Need, Section};
use crate::read::{MAX_BROKER_ID, MAX_BROKERS, MAX_LISTENERS};
use crate::spec::{Auth, ClusterKind};

const BROKERS: Form = Form::Either(&[
    Form::Number { min: 1, max: 180 },
    Form::List {
        item: &Form::Number {
            min: 0,
            max: MAX_BROKER_ID,
        },
        max: MAX_BROKERS,
        may_be_empty: false,
    },
]);

/// A Kafka cluster.
pub const CLUSTER: Section = Section {
    name: "cluster",
    path: "clusters.NAME",
    doc: "A Kafka cluster.",
    keys: &[
        Key::new(
            "kind",
            Form::Word(ClusterKind::WORDS),
            Need::Required,
            "msk",
            "Who runs it: Amazon MSK with Standard brokers, with Express brokers or Serverless, or you on EC2.",
        ),
        Key::new(
            "id",
            Form::Text {
                what: "an ARN of Amazon MSK, or the name of a cluster on EC2",
                pattern: "^(arn:aws(-cn|-us-gov)?:kafka:[a-z0-9-]+:[0-9]{12}:cluster/[A-Za-z0-9-]+/[A-Za-z0-9-]+|[A-Za-z0-9._-]+)$",
                bare: Bare::Text,
            },
            Need::Default("the cluster is made"),
            "arn:aws:kafka:eu-central-1:111111111111:cluster/orders/0abc-1",
            "The cluster exists under this ARN (MSK) or name (EC2).",
        ),
        Key::new(
            "vpc",
            NAME,
            Need::Required,
            "data",
            "The VPC of its brokers.",
        ),
        Key::new(
            "kafka_version",
            Form::Text {
                what: "a version of Kafka",
                pattern: "^[0-9]{1,3}\\.[0-9]{1,3}(\\.([0-9]{1,3}|x))?(\\.kraft)?$",
                bare: Bare::Number,
            },
            Need::Default("`3.9` for MSK, `4.3` for `ec2`"),
            "\"3.9\"",
            "Kafka's version; quotes keep `3.10` from being read as 3.1 by other tools.",
        ),
        Key::new(
            "instance_type",
            Form::Text {
                what: "an instance type",
                pattern: "^((kafka|express)\\.)?[a-z][a-z0-9-]*\\.[a-z0-9-]+$",
                bare: Bare::Text,
            },
            Need::Default("unknown"),
            "kafka.m7g.large",
            "The brokers' instance type, in Amazon MSK's spelling or EC2's, for what is rendered, checks and prices; where none is said, `kafka.m7g.large` or `express.m7g.large` is rendered.",
        ),
        Key::new(
            "brokers",
            BROKERS,
            Need::UnlessSays {
                key: "kind",
                word: ClusterKind::MskServerless.as_str(),
                default: "three",
            },
            "3",
            "A count, which gives ids from 1, or a list of ids; 0 is an id on `ec2` only.",
        ),
        Key::new(
            "auth",
            Form::Either(&[
                Form::Word(Auth::WORDS),
                Form::List {
                    item: &Form::Word(Auth::WORDS),
                    max: Auth::WORDS.len(),
                    may_be_empty: false,
                },
            ]),
            Need::Default(
                "`[none]` for `msk` and `ec2`, `[iam]` for `msk-express` and `msk-serverless`",
            ),
            "[iam, scram]",
            "How clients may authenticate; every scheme but `none` is encrypted.",
        ),
        Key::new(
            "config",
            SETTINGS,
            Need::Default("replication that fits the brokers"),
            "{ min.insync.replicas: 2 }",
            "Kafka's settings of every broker, in Kafka's spelling.",
        ),
        Key::new(
            "suffix",
            DOMAIN,
            Need::Default("MSK's form, or `NAME.internal`"),
            "orders.internal",
            "The domain under which brokers are named.",
        ),
        Key::new(
            "addresses",
            Form::Map {
                keys: &BROKER_ID,
                values: &ADDRESS,
                max: MAX_BROKERS,
                may_be_empty: true,
            },
            Need::Default("chosen"),
            "{ 1: 10.0.0.11 }",
            "Broker id to address.",
        ),
        Key::new(
            "broker_zones",
            Form::Map {
                keys: &BROKER_ID,
                values: &ZONE,
                max: MAX_BROKERS,
                may_be_empty: true,
            },
            Need::Default("the VPC's zones in turn"),
            "{ 1: euc1-az1 }",
            "Broker id to zone.",
        ),
        Key::new(
            "listeners",
            Form::Map {
                keys: &LISTENER,
                values: &PORT,
                max: MAX_LISTENERS,
                may_be_empty: true,
            },
            Need::Default("what the kind and `auth` open"),
            "{ CLIENT: 9092 }",
            "Listener name to the port it binds.",
        ),
        Key::new(
            "advertised",
            Form::Map {
                keys: &LISTENER,
                values: &HOST_PORT_TEMPLATE,
                max: MAX_LISTENERS,
                may_be_empty: true,
            },
            Need::Default("the broker's own name, at the port that leads to it"),
            "{ CLIENT: \"b-{id}.orders.internal:{9000+id}\" }",
            "Listener name to what it advertises, where `{id}` and `{9000+id}` stand for the broker's id and a sum; a listener it leaves out is not advertised.",
        ),
        Key::new(
            "admit",
            CIDRS,
            Need::Default("none"),
            "[10.9.0.0/16]",
            "Ranges that the brokers' security group admits beside what connections need.",
        ),
        Key::new(
            "security_group",
            GROUP_ID,
            Need::Default("a group is made"),
            "sg-0abc",
            "The brokers' security group exists under this id; rules are added to it.",
        ),
        Key::new(
            "certificate_names",
            CERTIFICATE_NAMES,
            Need::Default("their own names"),
            "[\"*.orders.internal\"]",
            "What the brokers' certificates are made out to.",
        ),
        Key::new(
            "zookeeper",
            Form::Flag,
            Need::Default("`false`"),
            "true",
            "Whether ZooKeeper keeps the cluster's metadata, and not KRaft.",
        ),
    ],
};
