//! DescribeConfigs: settings, and thereby who answers, since a broker describes no other broker.

use kafka_protocol::messages::describe_configs_request::DescribeConfigsResource;
use kafka_protocol::messages::describe_configs_response::{
    DescribeConfigsResourceResult, DescribeConfigsResult,
};
use kafka_protocol::messages::{DescribeConfigsRequest, DescribeConfigsResponse};
use kafka_protocol::protocol::StrBytes;

use crate::layout::{Kind, Layout};

/// The resource type of a broker (`ConfigResource.Type.BROKER` in Kafka).
pub const BROKER: i8 = 4;

/// `ConfigSource.STATIC_BROKER_CONFIG` in Kafka.
const SOURCE_STATIC_BROKER: i8 = 4;
/// `ConfigType.STRING` in Kafka.
const TYPE_STRING: i8 = 2;

/// The question about the settings of resources.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Request {
    /// The resources asked about.
    pub resources: Vec<Resource>,
}

/// One resource asked about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resource {
    /// The type, such as [`BROKER`].
    pub kind: i8,
    /// The name; of a broker its id in decimal.
    pub name: String,
    /// The settings asked about, all of them when absent.
    pub keys: Option<Vec<String>>,
}

/// The settings of resources.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Response {
    /// One answer for each resource.
    pub results: Vec<Described>,
}

/// The answer about one resource.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Described {
    /// The type, such as [`BROKER`].
    pub kind: i8,
    /// The name; of a broker its id in decimal.
    pub name: String,
    /// Zero, or the reason why the resource is not described.
    pub error_code: i16,
    /// The same in words.
    pub error_message: Option<String>,
    /// The settings.
    pub entries: Vec<Entry>,
}

/// One setting.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The name.
    pub name: String,
    /// The value, absent when it is secret.
    pub value: Option<String>,
}

pub(crate) const REQUEST: Layout = Layout {
    flexible_from: 4,
    fields: &[
        Kind::Array(&Kind::Struct(&[
            Kind::Fixed(1).always(),
            Kind::Text.always(),
            Kind::Array(&Kind::Text).always(),
        ]))
        .always(),
        Kind::Fixed(1).since(1),
        Kind::Fixed(1).since(3),
    ],
};

const SYNONYM: Kind = Kind::Struct(&[
    Kind::Text.always(),
    Kind::Text.always(),
    Kind::Fixed(1).always(),
]);

const ENTRY: Kind = Kind::Struct(&[
    Kind::Text.always(),
    Kind::Text.always(),
    Kind::Fixed(1).always(),
    Kind::Fixed(1).always(),
    Kind::Fixed(1).always(),
    Kind::Array(&SYNONYM).always(),
    Kind::Fixed(1).since(3),
    Kind::Text.since(3),
]);

pub(crate) const RESPONSE: Layout = Layout {
    flexible_from: 4,
    fields: &[
        Kind::Fixed(4).always(),
        Kind::Array(&Kind::Struct(&[
            Kind::Fixed(2).always(),
            Kind::Text.always(),
            Kind::Fixed(1).always(),
            Kind::Text.always(),
            Kind::Array(&ENTRY).always(),
        ]))
        .always(),
    ],
};

impl Request {
    pub(crate) fn to_generated(&self) -> DescribeConfigsRequest {
        let resources = self.resources.iter().map(|resource| {
            let keys = resource.keys.as_ref();
            DescribeConfigsResource::default()
                .with_resource_type(resource.kind)
                .with_resource_name(text(&resource.name))
                .with_configuration_keys(
                    keys.map(|keys| keys.iter().map(|key| text(key)).collect()),
                )
        });
        DescribeConfigsRequest::default().with_resources(resources.collect())
    }

    pub(crate) fn from_generated(generated: DescribeConfigsRequest) -> Self {
        let resources = generated.resources.into_iter().map(|resource| Resource {
            kind: resource.resource_type,
            name: resource.resource_name.to_string(),
            keys: resource
                .configuration_keys
                .map(|keys| keys.iter().map(ToString::to_string).collect()),
        });
        Self {
            resources: resources.collect(),
        }
    }
}

impl Response {
    pub(crate) fn to_generated(&self) -> DescribeConfigsResponse {
        let results = self.results.iter().map(|result| {
            DescribeConfigsResult::default()
                .with_resource_type(result.kind)
                .with_resource_name(text(&result.name))
                .with_error_code(result.error_code)
                .with_error_message(result.error_message.as_deref().map(text))
                .with_configs(result.entries.iter().map(Entry::to_generated).collect())
        });
        DescribeConfigsResponse::default().with_results(results.collect())
    }

    pub(crate) fn from_generated(generated: DescribeConfigsResponse) -> Self {
        let results = generated.results.into_iter().map(|result| Described {
            kind: result.resource_type,
            name: result.resource_name.to_string(),
            error_code: result.error_code,
            error_message: result.error_message.map(|message| message.to_string()),
            entries: result
                .configs
                .into_iter()
                .map(Entry::from_generated)
                .collect(),
        });
        Self {
            results: results.collect(),
        }
    }
}

impl Entry {
    fn to_generated(&self) -> DescribeConfigsResourceResult {
        DescribeConfigsResourceResult::default()
            .with_name(text(&self.name))
            .with_value(self.value.as_deref().map(text))
            .with_read_only(true)
            .with_config_source(SOURCE_STATIC_BROKER)
            .with_config_type(TYPE_STRING)
            .with_documentation(None)
    }

    fn from_generated(generated: DescribeConfigsResourceResult) -> Self {
        Self {
            name: generated.name.to_string(),
            value: generated.value.map(|value| value.to_string()),
        }
    }
}

fn text(text: &str) -> StrBytes {
    StrBytes::from_string(text.to_owned())
}
