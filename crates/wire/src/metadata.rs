//! Metadata: the brokers of a cluster, as the listener that was asked advertises them.

use kafka_protocol::messages::metadata_request::MetadataRequestTopic;
use kafka_protocol::messages::metadata_response::{MetadataResponseBroker, MetadataResponseTopic};
use kafka_protocol::messages::{BrokerId, MetadataRequest, MetadataResponse, TopicName};
use kafka_protocol::protocol::StrBytes;

use crate::layout::{Kind, Layout};
use crate::message::DecodeError;

/// A broker as a listener advertises it: where clients are told to go.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Advertised {
    /// The id of the broker.
    pub id: i32,
    /// The name or address.
    pub host: String,
    /// The port.
    pub port: u16,
}

/// The question which brokers there are and where topics live.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// The topics asked about: some, none, or all of them when absent. Version 0 cannot ask about
    /// none. A topic asked by its id alone is left out when read.
    pub topics: Option<Vec<String>>,
}

/// The brokers, and what became of the topics asked about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Response {
    /// Zero, or the reason for refusal; versions from 13 on carry it.
    pub error_code: i16,
    /// The id of the cluster; versions from 2 on carry it.
    pub cluster_id: Option<String>,
    /// The broker to which administration is sent, -1 when there is none; versions from 1 on carry
    /// it.
    pub controller_id: i32,
    /// The brokers that are alive.
    pub brokers: Vec<Advertised>,
    /// The topics asked about.
    pub topics: Vec<Topic>,
}

/// What became of one topic; its partitions are not read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Topic {
    /// The name, which an answer to a question by id may lack.
    pub name: Option<String>,
    /// Zero, or the reason why the topic is not described.
    pub error_code: i16,
}

pub(crate) const REQUEST: Layout = Layout {
    flexible_from: 9,
    fields: &[
        Kind::Array(&Kind::Struct(&[
            Kind::Fixed(16).since(10),
            Kind::Text.always(),
        ]))
        .always(),
        Kind::Fixed(1).since(4),
        Kind::Fixed(1).between(8, 10),
        Kind::Fixed(1).since(8),
    ],
};

const IDS: Kind = Kind::Array(&Kind::Fixed(4));

const PARTITION: Kind = Kind::Struct(&[
    Kind::Fixed(2).always(),
    Kind::Fixed(4).always(),
    Kind::Fixed(4).always(),
    Kind::Fixed(4).since(7),
    IDS.always(),
    IDS.always(),
    IDS.since(5),
]);

const TOPIC: Kind = Kind::Struct(&[
    Kind::Fixed(2).always(),
    Kind::Text.always(),
    Kind::Fixed(16).since(10),
    Kind::Fixed(1).since(1),
    Kind::Array(&PARTITION).always(),
    Kind::Fixed(4).since(8),
]);

const BROKER: Kind = Kind::Struct(&[
    Kind::Fixed(4).always(),
    Kind::Text.always(),
    Kind::Fixed(4).always(),
    Kind::Text.since(1),
]);

pub(crate) const RESPONSE: Layout = Layout {
    flexible_from: 9,
    fields: &[
        Kind::Fixed(4).since(3),
        Kind::Array(&BROKER).always(),
        Kind::Text.since(2),
        Kind::Fixed(4).since(1),
        Kind::Array(&TOPIC).always(),
        Kind::Fixed(4).between(8, 10),
        Kind::Fixed(2).since(13),
    ],
};

impl Request {
    /// Returns the question about the brokers alone.
    pub fn without_topics() -> Self {
        Self {
            topics: Some(Vec::new()),
        }
    }

    pub(crate) fn to_generated(&self) -> MetadataRequest {
        let topics = self.topics.as_ref().map(|names| {
            let topic = |name: &String| {
                MetadataRequestTopic::default().with_name(Some(topic_name(name.clone())))
            };
            names.iter().map(topic).collect()
        });
        MetadataRequest::default().with_topics(topics)
    }

    /// In version 0 an empty list asks about every topic, in later ones about none.
    pub(crate) fn from_generated(api_version: i16, generated: MetadataRequest) -> Self {
        let names = generated.topics.map(|topics| {
            let name = |topic: MetadataRequestTopic| topic.name.map(|name| name.0.to_string());
            topics.into_iter().filter_map(name).collect::<Vec<_>>()
        });
        Self {
            topics: names.filter(|names| api_version != 0 || !names.is_empty()),
        }
    }
}

impl Response {
    pub(crate) fn to_generated(&self) -> MetadataResponse {
        let brokers = self.brokers.iter().map(|broker| {
            MetadataResponseBroker::default()
                .with_node_id(BrokerId(broker.id))
                .with_host(StrBytes::from_string(broker.host.clone()))
                .with_port(i32::from(broker.port))
                .with_rack(None)
        });
        let topics = self.topics.iter().map(|topic| {
            MetadataResponseTopic::default()
                .with_name(topic.name.clone().map(topic_name))
                .with_error_code(topic.error_code)
        });
        MetadataResponse::default()
            .with_error_code(self.error_code)
            .with_cluster_id(self.cluster_id.clone().map(StrBytes::from_string))
            .with_controller_id(BrokerId(self.controller_id))
            .with_brokers(brokers.collect())
            .with_topics(topics.collect())
    }

    /// The generated decoder gives an absent cluster id as an empty one.
    pub(crate) fn from_generated(
        api_version: i16,
        generated: MetadataResponse,
    ) -> Result<Self, DecodeError> {
        let topics = generated.topics.into_iter().map(|topic| Topic {
            name: topic.name.map(|name| name.0.to_string()),
            error_code: topic.error_code,
        });
        Ok(Self {
            error_code: generated.error_code,
            cluster_id: generated
                .cluster_id
                .filter(|_| 2 <= api_version)
                .map(|id| id.to_string()),
            controller_id: generated.controller_id.0,
            brokers: generated
                .brokers
                .iter()
                .map(advertised)
                .collect::<Result<_, _>>()?,
            topics: topics.collect(),
        })
    }
}

fn advertised(broker: &MetadataResponseBroker) -> Result<Advertised, DecodeError> {
    Ok(Advertised {
        id: broker.node_id.0,
        host: broker.host.to_string(),
        port: u16::try_from(broker.port).map_err(|_| DecodeError::Port {
            broker: broker.node_id.0,
            port: broker.port,
        })?,
    })
}

fn topic_name(name: String) -> TopicName {
    TopicName(StrBytes::from_string(name))
}
