//! ApiVersions: what a broker speaks.

use kafka_protocol::messages::api_versions_response::ApiVersion;
use kafka_protocol::messages::{ApiVersionsRequest, ApiVersionsResponse};
use kafka_protocol::protocol::StrBytes;

use crate::api::ApiRange;
use crate::layout::{Kind, Layout};

/// The question which APIs a broker speaks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Request {
    /// The name of the asking software; versions from 3 on carry it, and want letters, digits,
    /// dots and dashes.
    pub software_name: String,
    /// The version of the asking software, as above.
    pub software_version: String,
}

/// The APIs a broker speaks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Response {
    /// Zero, or the reason for refusal.
    pub error_code: i16,
    /// One range for each API; with an error the one of ApiVersions itself, if any.
    pub apis: Vec<ApiRange>,
}

pub(crate) const REQUEST: Layout = Layout {
    flexible_from: 3,
    fields: &[Kind::Text.since(3), Kind::Text.since(3)],
};

const FEATURES: Kind = Kind::Array(&Kind::Struct(&[
    Kind::Text.always(),
    Kind::Fixed(2).always(),
    Kind::Fixed(2).always(),
]));

pub(crate) const RESPONSE: Layout = Layout {
    flexible_from: 3,
    fields: &[
        Kind::Fixed(2).always(),
        Kind::Array(&Kind::Struct(&[
            Kind::Fixed(2).always(),
            Kind::Fixed(2).always(),
            Kind::Fixed(2).always(),
        ]))
        .always(),
        Kind::Fixed(4).since(1),
        Kind::Tagged(&[
            (0, FEATURES),
            (1, Kind::Fixed(8)),
            (2, FEATURES),
            (3, Kind::Fixed(1)),
        ])
        .since(3),
    ],
};

impl Request {
    pub(crate) fn to_generated(&self) -> ApiVersionsRequest {
        ApiVersionsRequest::default()
            .with_client_software_name(StrBytes::from_string(self.software_name.clone()))
            .with_client_software_version(StrBytes::from_string(self.software_version.clone()))
    }

    pub(crate) fn from_generated(generated: ApiVersionsRequest) -> Self {
        Self {
            software_name: generated.client_software_name.to_string(),
            software_version: generated.client_software_version.to_string(),
        }
    }
}

impl Response {
    pub(crate) fn to_generated(&self) -> ApiVersionsResponse {
        let apis = self.apis.iter().map(|range| {
            ApiVersion::default()
                .with_api_key(range.key)
                .with_min_version(range.min)
                .with_max_version(range.max)
        });
        ApiVersionsResponse::default()
            .with_error_code(self.error_code)
            .with_api_keys(apis.collect())
    }

    pub(crate) fn from_generated(generated: ApiVersionsResponse) -> Self {
        let apis = generated.api_keys.iter().map(|api| ApiRange {
            key: api.api_key,
            min: api.min_version,
            max: api.max_version,
        });
        Self {
            error_code: generated.error_code,
            apis: apis.collect(),
        }
    }
}
