//! Requests and responses with their headers, as whole frames.

use std::error::Error;

use bytes::{Bytes, BytesMut};
use kafka_protocol::messages::{RequestHeader, ResponseHeader};
use kafka_protocol::protocol::{Decodable, Encodable, StrBytes};

use crate::api::Api;
use crate::layout::Layout;
use crate::{api_versions, describe_configs, error_code, frame, metadata};

type Cause = Box<dyn Error + Send + Sync>;

/// What a client asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Request {
    /// Which APIs, in which versions.
    ApiVersions(api_versions::Request),
    /// Which brokers.
    Metadata(metadata::Request),
    /// Which settings.
    DescribeConfigs(describe_configs::Request),
}

/// What a broker answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Response {
    /// The APIs and their versions.
    ApiVersions(api_versions::Response),
    /// The brokers.
    Metadata(metadata::Response),
    /// The settings.
    DescribeConfigs(describe_configs::Response),
}

/// What precedes the body of every request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestHead {
    /// The key of the API, which need not be one this crate knows.
    pub api_key: i16,
    /// The version of the API, which need not be one this crate knows.
    pub api_version: i16,
    /// The number that the answer repeats.
    pub correlation_id: i32,
    /// The name the client gives itself.
    pub client_id: Option<String>,
}

/// The reason why a message cannot be written.
#[derive(Debug, thiserror::Error)]
pub enum EncodeError {
    /// The message or one of its fields has no form in this version.
    #[error("could not write {api} in version {api_version}")]
    Message {
        /// The API of the message.
        api: Api,
        /// The version it was to be written in.
        api_version: i16,
        /// What the codec says.
        source: Cause,
    },
    /// The message is too long for a frame.
    #[error("could not frame {api}")]
    Frame {
        /// The API of the message.
        api: Api,
        /// The length and its limit.
        source: frame::FrameError,
    },
}

/// The reason why bytes are not the message they should be.
#[derive(Debug, thiserror::Error)]
pub enum DecodeError {
    /// The header does not have its form.
    #[error("malformed header in a frame of {n_bytes} bytes")]
    Head {
        /// The length of the frame.
        n_bytes: usize,
        /// What the codec says.
        source: Cause,
    },
    /// The version is none that this crate reads.
    #[error("version {api_version} of {api} is unknown")]
    UnknownVersion {
        /// The API of the message.
        api: Api,
        /// The version it is in.
        api_version: i16,
    },
    /// The body does not have the form of its version.
    #[error("malformed {api} in version {api_version}")]
    Body {
        /// The API of the message.
        api: Api,
        /// The version it is in.
        api_version: i16,
        /// What is wrong with it.
        source: Cause,
    },
    /// A broker is advertised at a port that cannot exist.
    #[error("broker {broker} is advertised at port {port}")]
    Port {
        /// The id of the broker.
        broker: i32,
        /// The port as declared.
        port: i32,
    },
}

impl Request {
    /// Returns the API that is asked.
    pub fn api(&self) -> Api {
        match self {
            Self::ApiVersions(_) => Api::ApiVersions,
            Self::Metadata(_) => Api::Metadata,
            Self::DescribeConfigs(_) => Api::DescribeConfigs,
        }
    }

    /// Writes the request as a whole frame, length included.
    ///
    /// # Errors
    ///
    /// The version cannot carry the request, or the frame would be too long.
    pub fn encode(
        &self,
        api_version: i16,
        correlation_id: i32,
        client_id: &str,
    ) -> Result<Bytes, EncodeError> {
        let header = RequestHeader::default()
            .with_request_api_key(self.api().key())
            .with_request_api_version(api_version)
            .with_correlation_id(correlation_id)
            .with_client_id(Some(StrBytes::from_string(client_id.to_owned())));
        let mut writer = Writer::new(self.api(), api_version);
        writer.put(&header, self.api().request_header_version(api_version))?;
        match self {
            Self::ApiVersions(request) => writer.put(&request.to_generated(), api_version)?,
            Self::Metadata(request) => writer.put(&request.to_generated(), api_version)?,
            Self::DescribeConfigs(request) => writer.put(&request.to_generated(), api_version)?,
        }
        writer.finish()
    }

    /// Reads the body that follows a [`RequestHead`].
    ///
    /// # Errors
    ///
    /// The version is unknown or the body is malformed.
    pub fn decode(api: Api, api_version: i16, body: Bytes) -> Result<Self, DecodeError> {
        let reader = Reader { api, api_version };
        Ok(match api {
            Api::ApiVersions => {
                let generated = reader.take(&api_versions::REQUEST, body)?;
                Self::ApiVersions(api_versions::Request::from_generated(generated))
            }
            Api::Metadata => {
                let generated = reader.take(&metadata::REQUEST, body)?;
                Self::Metadata(metadata::Request::from_generated(api_version, generated))
            }
            Api::DescribeConfigs => {
                let generated = reader.take(&describe_configs::REQUEST, body)?;
                Self::DescribeConfigs(describe_configs::Request::from_generated(generated))
            }
        })
    }
}

impl RequestHead {
    /// Takes the head off the frame of a request, leaving the body.
    ///
    /// Of an API that this crate does not know, everything up to the name of the client is read, so
    /// that the request can be named when it is refused.
    ///
    /// # Errors
    ///
    /// The frame is too short for a head, or its text is none.
    pub fn take(frame: &mut Bytes) -> Result<Self, DecodeError> {
        let n_bytes = frame.len();
        let malformed = |source: Cause| DecodeError::Head { n_bytes, source };
        let Some(&[key_0, key_1, version_0, version_1]) = frame.first_chunk::<4>() else {
            return Err(malformed("a request has a key and a version".into()));
        };
        let api = Api::from_key(i16::from_be_bytes([key_0, key_1]));
        let version = i16::from_be_bytes([version_0, version_1]);
        let header_version = api.map_or(1, |api| api.request_header_version(version));
        let header = RequestHeader::decode(frame, header_version)
            .map_err(|error| malformed(error.into()))?;
        Ok(Self {
            api_key: header.request_api_key,
            api_version: header.request_api_version,
            correlation_id: header.correlation_id,
            client_id: header.client_id.map(|name| name.to_string()),
        })
    }
}

impl Response {
    /// Returns the API that is answered.
    pub fn api(&self) -> Api {
        match self {
            Self::ApiVersions(_) => Api::ApiVersions,
            Self::Metadata(_) => Api::Metadata,
            Self::DescribeConfigs(_) => Api::DescribeConfigs,
        }
    }

    /// Writes the response as a whole frame, length included.
    ///
    /// # Errors
    ///
    /// The version cannot carry the response, or the frame would be too long.
    pub fn encode(&self, api_version: i16, correlation_id: i32) -> Result<Bytes, EncodeError> {
        let header = ResponseHeader::default().with_correlation_id(correlation_id);
        let mut writer = Writer::new(self.api(), api_version);
        writer.put(&header, self.api().response_header_version(api_version))?;
        match self {
            Self::ApiVersions(response) => writer.put(&response.to_generated(), api_version)?,
            Self::Metadata(response) => writer.put(&response.to_generated(), api_version)?,
            Self::DescribeConfigs(response) => writer.put(&response.to_generated(), api_version)?,
        }
        writer.finish()
    }

    /// Reads the frame of a response to a request of this API and version, and returns it with its
    /// correlation id.
    ///
    /// # Errors
    ///
    /// The version is unknown, or the head or the body is malformed.
    pub fn decode(
        api: Api,
        api_version: i16,
        mut frame: Bytes,
    ) -> Result<(i32, Self), DecodeError> {
        let n_bytes = frame.len();
        let header = ResponseHeader::decode(&mut frame, api.response_header_version(api_version))
            .map_err(|error| DecodeError::Head {
            n_bytes,
            source: error.into(),
        })?;
        let reader = Reader { api, api_version };
        let response = match api {
            Api::ApiVersions => Self::ApiVersions(reader.api_versions_response(frame)?),
            Api::Metadata => {
                let generated = reader.take(&metadata::RESPONSE, frame)?;
                Self::Metadata(metadata::Response::from_generated(api_version, generated)?)
            }
            Api::DescribeConfigs => {
                let generated = reader.take(&describe_configs::RESPONSE, frame)?;
                Self::DescribeConfigs(describe_configs::Response::from_generated(generated))
            }
        };
        Ok((header.correlation_id, response))
    }
}

struct Writer {
    api: Api,
    api_version: i16,
    payload: BytesMut,
}

impl Writer {
    fn new(api: Api, api_version: i16) -> Self {
        Self {
            api,
            api_version,
            payload: BytesMut::new(),
        }
    }

    fn put(&mut self, part: &impl Encodable, version: i16) -> Result<(), EncodeError> {
        part.encode(&mut self.payload, version)
            .map_err(|error| EncodeError::Message {
                api: self.api,
                api_version: self.api_version,
                source: error.into(),
            })
    }

    fn finish(self) -> Result<Bytes, EncodeError> {
        frame::encode(&self.payload).map_err(|source| EncodeError::Frame {
            api: self.api,
            source,
        })
    }
}

#[derive(Clone, Copy)]
struct Reader {
    api: Api,
    api_version: i16,
}

impl Reader {
    /// Measures, then decodes; bytes after the message are left unread, as Kafka's clients do.
    fn take<M: Decodable>(self, layout: &Layout, mut body: Bytes) -> Result<M, DecodeError> {
        let Self { api, api_version } = self;
        if !api.versions().contains(&api_version) {
            return Err(DecodeError::UnknownVersion { api, api_version });
        }
        let malformed = |source: Cause| DecodeError::Body {
            api,
            api_version,
            source,
        };
        layout
            .measure(api_version, &body)
            .map_err(|error| malformed(error.into()))?;
        M::decode(&mut body, api_version).map_err(|error| malformed(error.into()))
    }

    /// A broker that does not know the version answers in version 0, and one stand-in (librdkafka's
    /// mock) with a body that is none: the error alone is believed then.
    fn api_versions_response(self, body: Bytes) -> Result<api_versions::Response, DecodeError> {
        let refused = body.first_chunk::<2>()
            == Some(&error_code::UNSUPPORTED_VERSION.to_be_bytes())
            && self.api_version != 0;
        if !refused {
            let generated = self.take(&api_versions::RESPONSE, body)?;
            return Ok(api_versions::Response::from_generated(generated));
        }
        let in_version_0 = Self {
            api_version: 0,
            ..self
        };
        Ok(in_version_0
            .take(&api_versions::RESPONSE, body)
            .map_or_else(
                |_| api_versions::Response {
                    error_code: error_code::UNSUPPORTED_VERSION,
                    apis: Vec::new(),
                },
                api_versions::Response::from_generated,
            ))
    }
}

#[cfg(test)]
mod tests;
