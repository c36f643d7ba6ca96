//! One connection to the built-in responder, which stands where a broker would and says who it is.
//!
//! It answers ApiVersions, Metadata and DescribeConfigs, and nothing else; it is not Kafka and says
//! so in the one setting it has.

use std::collections::VecDeque;
use std::sync::Arc;

use wire::api::Api;
use wire::frame::{FrameDecoder, FrameError};
use wire::message::{DecodeError, EncodeError, Request, RequestHead, Response};
use wire::metadata::Advertised;
use wire::{Bytes, api_versions, describe_configs, error_code, metadata};

/// The setting by which the responder is told from a broker of Kafka.
pub const SETTING: &str = "breezeway.responder";

const SETTING_VALUE: &str =
    "not Kafka: answers ApiVersions, Metadata and DescribeConfigs, holds no records";

/// What one listener of one broker says about itself and its cluster.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// The id of the cluster.
    pub cluster_id: String,
    /// The id of the broker that answers.
    pub node_id: i32,
    /// The id of the broker named as controller.
    pub controller_id: i32,
    /// Every broker of the cluster, as this listener advertises them.
    pub brokers: Vec<Advertised>,
}

/// The reason why a connection is closed.
#[derive(Debug, thiserror::Error)]
pub enum SessionError {
    /// The bytes are no frames.
    #[error("could not cut a request from the stream")]
    Frame {
        /// What is wrong with the length.
        source: FrameError,
    },
    /// The frame is no request.
    #[error("could not read a request")]
    Request {
        /// What is wrong with the request.
        source: DecodeError,
    },
    /// The request is for Kafka.
    #[error("API key {api_key} in version {api_version} is not answered by the responder")]
    NotAnswered {
        /// The key of the API.
        api_key: i16,
        /// The version of the request.
        api_version: i16,
    },
    /// The answer has no form.
    #[error("could not write an answer")]
    Answer {
        /// What is wrong with the answer.
        source: EncodeError,
    },
}

/// The server's side of one connection.
#[derive(Debug)]
pub struct Session {
    identity: Arc<Identity>,
    decoder: FrameDecoder,
    output: VecDeque<Bytes>,
}

impl Session {
    /// Creates the session of a connection just accepted.
    pub fn new(identity: Arc<Identity>) -> Self {
        Self {
            identity,
            decoder: FrameDecoder::new(),
            output: VecDeque::new(),
        }
    }

    /// Takes bytes from the client and answers every request they complete.
    ///
    /// # Errors
    ///
    /// The connection is to be closed once the answers already made are sent.
    pub fn handle_input(&mut self, bytes: &[u8]) -> Result<(), SessionError> {
        self.decoder.feed(bytes);
        while let Some(frame) = self
            .decoder
            .next_frame()
            .map_err(|source| SessionError::Frame { source })?
        {
            let answer = self.answer(frame)?;
            self.output.push_back(answer);
        }
        Ok(())
    }

    /// Returns the next bytes for the client.
    pub fn poll_output(&mut self) -> Option<Bytes> {
        self.output.pop_front()
    }

    fn answer(&self, mut frame: Bytes) -> Result<Bytes, SessionError> {
        let unreadable = |source| SessionError::Request { source };
        let head = RequestHead::take(&mut frame).map_err(unreadable)?;
        let api = Api::from_key(head.api_key).ok_or(SessionError::NotAnswered {
            api_key: head.api_key,
            api_version: head.api_version,
        })?;
        if api == Api::ApiVersions && !api.versions().contains(&head.api_version) {
            return encode(&refused_api_versions(), 0, head.correlation_id);
        }
        let response = match Request::decode(api, head.api_version, frame).map_err(unreadable)? {
            Request::ApiVersions(_) => api_versions(),
            Request::Metadata(request) => self.metadata(&request),
            Request::DescribeConfigs(request) => self.configs(&request),
        };
        encode(&response, head.api_version, head.correlation_id)
    }

    fn metadata(&self, request: &metadata::Request) -> Response {
        let unknown = |name: &String| metadata::Topic {
            name: Some(name.clone()),
            error_code: error_code::UNKNOWN_TOPIC_OR_PARTITION,
        };
        Response::Metadata(metadata::Response {
            error_code: error_code::NONE,
            cluster_id: Some(self.identity.cluster_id.clone()),
            controller_id: self.identity.controller_id,
            brokers: self.identity.brokers.clone(),
            topics: request.topics.iter().flatten().map(unknown).collect(),
        })
    }

    fn configs(&self, request: &describe_configs::Request) -> Response {
        let results = request.resources.iter();
        Response::DescribeConfigs(describe_configs::Response {
            results: results.map(|resource| self.describe(resource)).collect(),
        })
    }

    /// A broker of Kafka describes itself alone and calls any other id an invalid request
    /// (`ConfigHelper.describeConfigs`); which one does not is therefore the one that answers.
    fn describe(&self, resource: &describe_configs::Resource) -> describe_configs::Described {
        let own_id = self.identity.node_id.to_string();
        let is_own = resource.kind == describe_configs::BROKER && resource.name == own_id;
        let entries = if is_own {
            vec![describe_configs::Entry {
                name: SETTING.to_owned(),
                value: Some(SETTING_VALUE.to_owned()),
            }]
        } else {
            Vec::new()
        };
        describe_configs::Described {
            kind: resource.kind,
            name: resource.name.clone(),
            error_code: if is_own {
                error_code::NONE
            } else {
                error_code::INVALID_REQUEST
            },
            error_message: (!is_own).then(|| format!("this is the responder of broker {own_id}")),
            entries,
        }
    }
}

fn api_versions() -> Response {
    Response::ApiVersions(api_versions::Response {
        error_code: error_code::NONE,
        apis: Api::ALL.map(Api::range).to_vec(),
    })
}

/// The answer to a version that is not known, in which a client finds the one to ask in (KIP-511).
fn refused_api_versions() -> Response {
    Response::ApiVersions(api_versions::Response {
        error_code: error_code::UNSUPPORTED_VERSION,
        apis: vec![Api::ApiVersions.range()],
    })
}

fn encode(
    response: &Response,
    api_version: i16,
    correlation_id: i32,
) -> Result<Bytes, SessionError> {
    response
        .encode(api_version, correlation_id)
        .map_err(|source| SessionError::Answer { source })
}
