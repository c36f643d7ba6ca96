//! The client's side of one connection that asks a broker who it is.
//!
//! ```text
//! ApiVersions --> Metadata --> DescribeConfigs of every known broker --> Answer
//!     ^    |
//!     +----+ once more in a lower version, when the first is not known
//! ```
//!
//! Metadata does not say which broker sends it, so a listener that ends at the wrong broker looks
//! healthy. A broker describes its own settings and no other's: the one described has answered.

use std::collections::BTreeSet;
use std::mem;
use std::time::{Duration, Instant};

use wire::api::{Api, ApiRange};
use wire::frame::{FrameDecoder, FrameError};
use wire::message::{DecodeError, EncodeError, Request, Response};
use wire::metadata::Advertised;
use wire::{Bytes, api_versions, describe_configs, error_code, metadata};

use crate::responder;

const CLIENT_ID: &str = "breezeway-probe";

/// What a probe allows a peer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// The time for the answer to one question.
    pub answer_time: Duration,
    /// The number of brokers that metadata may name.
    pub n_brokers: usize,
}

impl Default for Limits {
    /// Five seconds are fifty times what a broker on a busy machine takes while it starts; a
    /// thousand brokers are more than any one cluster is known to have.
    fn default() -> Self {
        Self {
            answer_time: Duration::from_secs(5),
            n_brokers: 1000,
        }
    }
}

/// What a broker said about itself and its cluster.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The id of the cluster, if the broker knows one.
    pub cluster_id: Option<String>,
    /// The id of the controller, -1 when there is none.
    pub controller_id: i32,
    /// The brokers of the cluster as the listener advertises them, by ascending id.
    pub brokers: Vec<Advertised>,
    /// The broker at the other end; none when no broker asked about described itself, or when the
    /// peer offers no DescribeConfigs.
    pub answered_by: Option<i32>,
    /// Whether the built-in responder answered, which is not Kafka.
    pub by_responder: bool,
}

/// The reason why a peer gave no [`Answer`].
#[derive(Debug, thiserror::Error)]
pub enum ProbeError {
    /// The peer closed the connection.
    #[error("the peer closed the connection before it answered {step}")]
    ClosedEarly {
        /// The question that was open.
        step: Api,
    },
    /// The peer was silent, or too slow.
    #[error("no answer to {step} within {} ms", limit.as_millis())]
    TimedOut {
        /// The question that was open.
        step: Api,
        /// The time allowed.
        limit: Duration,
    },
    /// The peer answered with an error.
    #[error("{step} was refused with error {}", error_code::describe(*code))]
    Refused {
        /// The question.
        step: Api,
        /// The error code of the protocol.
        code: i16,
    },
    /// The peer speaks no version of the question that is spoken here.
    #[error("the peer offers no known version of {step}")]
    NoCommonVersion {
        /// The question.
        step: Api,
    },
    /// The bytes are no frames.
    #[error("could not cut the answer to {step} from the stream")]
    Frame {
        /// The question that was open.
        step: Api,
        /// What is wrong with the length.
        source: FrameError,
    },
    /// The frame is no answer to the question.
    #[error("could not read the answer to {step}")]
    Malformed {
        /// The question that was open.
        step: Api,
        /// What is wrong with the answer.
        source: DecodeError,
    },
    /// The peer answered another question.
    #[error("the answer to {step} has correlation id {found}, not {expected}")]
    WrongCorrelation {
        /// The question that was open.
        step: Api,
        /// The id of the question.
        expected: i32,
        /// The id of the answer.
        found: i32,
    },
    /// Metadata names more brokers than allowed.
    #[error("metadata names {n_brokers} brokers, more than the limit of {limit}")]
    TooManyBrokers {
        /// The number of brokers named.
        n_brokers: usize,
        /// The number allowed.
        limit: usize,
    },
    /// The peer describes two brokers as itself.
    #[error("the peer answers both as broker {first} and as broker {second}")]
    TwoNames {
        /// The lower id.
        first: i32,
        /// The higher id.
        second: i32,
    },
    /// The question has no form.
    #[error("could not write {step}")]
    Question {
        /// The question.
        step: Api,
        /// What is wrong with it.
        source: EncodeError,
    },
}

/// Asks one broker who it is, over one connection.
#[derive(Debug)]
pub struct Probe {
    limits: Limits,
    expected_ids: BTreeSet<i32>,
    decoder: FrameDecoder,
    output: Option<Bytes>,
    asked: Asked,
    state: State,
    outcome: Option<Result<Answer, ProbeError>>,
}

/// The question that is open.
#[derive(Clone, Copy, Debug)]
struct Asked {
    step: Api,
    version: i16,
    correlation_id: i32,
    deadline: Instant,
}

#[derive(Debug)]
enum State {
    AwaitingVersions,
    AwaitingMetadata { offered: Vec<ApiRange> },
    AwaitingConfigs { answer: Answer },
    Finished,
}

/// What an answer leads to.
enum Next {
    Await(State),
    Done(Answer),
}

impl Probe {
    /// Creates a probe of a connection just made; `expected_ids` are brokers to ask about besides
    /// those that metadata names.
    pub fn new(now: Instant, limits: Limits, expected_ids: impl IntoIterator<Item = i32>) -> Self {
        let version = *Api::ApiVersions.versions().end();
        let mut probe = Self {
            limits,
            expected_ids: expected_ids.into_iter().collect(),
            decoder: FrameDecoder::new(),
            output: None,
            asked: Asked {
                step: Api::ApiVersions,
                version,
                correlation_id: 0,
                deadline: now,
            },
            state: State::AwaitingVersions,
            outcome: None,
        };
        if let Err(error) = probe.ask(now, version, &api_versions_question()) {
            probe.finish(Err(error));
        }
        probe
    }

    /// Takes bytes from the broker.
    pub fn handle_input(&mut self, now: Instant, bytes: &[u8]) {
        self.decoder.feed(bytes);
        while !self.is_finished() {
            let step = self.asked.step;
            match self.decoder.next_frame() {
                Ok(None) => break,
                Ok(Some(frame)) => self.handle_frame(now, frame),
                Err(source) => self.finish(Err(ProbeError::Frame { step, source })),
            }
        }
    }

    /// Takes note that the broker closed the connection.
    pub fn handle_close(&mut self) {
        if !self.is_finished() {
            let step = self.asked.step;
            self.finish(Err(ProbeError::ClosedEarly { step }));
        }
    }

    /// Takes note of the time.
    pub fn handle_timeout(&mut self, now: Instant) {
        if !self.is_finished() && self.asked.deadline <= now {
            self.finish(Err(ProbeError::TimedOut {
                step: self.asked.step,
                limit: self.limits.answer_time,
            }));
        }
    }

    /// Returns the next bytes for the broker.
    pub fn poll_output(&mut self) -> Option<Bytes> {
        self.output.take()
    }

    /// Returns when [`Probe::handle_timeout`] is due, and why.
    pub fn poll_timeout(&self) -> Option<(Instant, &'static str)> {
        let reason = match self.asked.step {
            Api::ApiVersions => "answer to ApiVersions",
            Api::Metadata => "answer to Metadata",
            Api::DescribeConfigs => "answer to DescribeConfigs",
        };
        (!self.is_finished()).then_some((self.asked.deadline, reason))
    }

    /// Returns the outcome, once.
    pub fn poll_outcome(&mut self) -> Option<Result<Answer, ProbeError>> {
        self.outcome.take()
    }

    fn is_finished(&self) -> bool {
        matches!(self.state, State::Finished)
    }

    fn finish(&mut self, outcome: Result<Answer, ProbeError>) {
        self.output = None;
        self.state = State::Finished;
        self.outcome = Some(outcome);
    }

    fn ask(&mut self, now: Instant, version: i16, question: &Request) -> Result<(), ProbeError> {
        let step = question.api();
        let correlation_id = self.asked.correlation_id.wrapping_add(1);
        let bytes = question
            .encode(version, correlation_id, CLIENT_ID)
            .map_err(|source| ProbeError::Question { step, source })?;
        self.output = Some(bytes);
        self.asked = Asked {
            step,
            version,
            correlation_id,
            deadline: now + self.limits.answer_time,
        };
        Ok(())
    }

    fn handle_frame(&mut self, now: Instant, frame: Bytes) {
        let next = self
            .read(frame)
            .and_then(|response| self.advance(now, response));
        match next {
            Ok(Next::Await(state)) => self.state = state,
            Ok(Next::Done(answer)) => self.finish(Ok(answer)),
            Err(error) => self.finish(Err(error)),
        }
    }

    fn read(&self, frame: Bytes) -> Result<Response, ProbeError> {
        let Asked { step, version, .. } = self.asked;
        let (found, response) = Response::decode(step, version, frame)
            .map_err(|source| ProbeError::Malformed { step, source })?;
        let expected = self.asked.correlation_id;
        if found != expected {
            return Err(ProbeError::WrongCorrelation {
                step,
                expected,
                found,
            });
        }
        Ok(response)
    }

    /// The response is of the API asked, so the state and it agree; where they did not, nothing
    /// would change and the deadline would end the wait.
    fn advance(&mut self, now: Instant, response: Response) -> Result<Next, ProbeError> {
        match (mem::replace(&mut self.state, State::Finished), response) {
            (State::AwaitingVersions, Response::ApiVersions(versions)) => {
                self.handle_versions(now, versions)
            }
            (State::AwaitingMetadata { offered }, Response::Metadata(metadata)) => {
                self.handle_metadata(now, &offered, metadata)
            }
            (State::AwaitingConfigs { answer }, Response::DescribeConfigs(configs)) => {
                identify(answer, &configs).map(Next::Done)
            }
            (unchanged, _) => Ok(Next::Await(unchanged)),
        }
    }

    fn handle_versions(
        &mut self,
        now: Instant,
        versions: api_versions::Response,
    ) -> Result<Next, ProbeError> {
        if versions.error_code == error_code::UNSUPPORTED_VERSION && 0 < self.asked.version {
            let lower = Api::ApiVersions
                .choose(&versions.apis)
                .filter(|version| *version < self.asked.version);
            self.ask(now, lower.unwrap_or(0), &api_versions_question())?;
            return Ok(Next::Await(State::AwaitingVersions));
        }
        check(Api::ApiVersions, versions.error_code)?;
        let step = Api::Metadata;
        let version = step
            .choose(&versions.apis)
            .filter(|version| *version != 0)
            .ok_or(ProbeError::NoCommonVersion { step })?;
        let question = Request::Metadata(metadata::Request::without_topics());
        self.ask(now, version, &question)?;
        Ok(Next::Await(State::AwaitingMetadata {
            offered: versions.apis,
        }))
    }

    fn handle_metadata(
        &mut self,
        now: Instant,
        offered: &[ApiRange],
        metadata: metadata::Response,
    ) -> Result<Next, ProbeError> {
        check(Api::Metadata, metadata.error_code)?;
        let (n_brokers, limit) = (metadata.brokers.len(), self.limits.n_brokers);
        if limit < n_brokers {
            return Err(ProbeError::TooManyBrokers { n_brokers, limit });
        }
        let answer = unidentified(metadata);
        let ids: BTreeSet<i32> = answer
            .brokers
            .iter()
            .map(|broker| broker.id)
            .chain(self.expected_ids.iter().copied())
            .collect();
        match Api::DescribeConfigs.choose(offered) {
            Some(version) if !ids.is_empty() => {
                self.ask(now, version, &configs_question(&ids))?;
                Ok(Next::Await(State::AwaitingConfigs { answer }))
            }
            Some(_) | None => Ok(Next::Done(answer)),
        }
    }
}

fn api_versions_question() -> Request {
    Request::ApiVersions(api_versions::Request {
        software_name: "breezeway".to_owned(),
        software_version: env!("CARGO_PKG_VERSION").to_owned(),
    })
}

/// Asks for two settings instead of some two hundred: only who describes itself matters.
fn configs_question(ids: &BTreeSet<i32>) -> Request {
    let keys = ["node.id", responder::SETTING].map(str::to_owned).to_vec();
    let resource = |id: &i32| describe_configs::Resource {
        kind: describe_configs::BROKER,
        name: id.to_string(),
        keys: Some(keys.clone()),
    };
    Request::DescribeConfigs(describe_configs::Request {
        resources: ids.iter().map(resource).collect(),
    })
}

fn check(step: Api, code: i16) -> Result<(), ProbeError> {
    if code == error_code::NONE {
        return Ok(());
    }
    Err(ProbeError::Refused { step, code })
}

fn unidentified(metadata: metadata::Response) -> Answer {
    let mut brokers = metadata.brokers;
    brokers.sort();
    Answer {
        cluster_id: metadata.cluster_id,
        controller_id: metadata.controller_id,
        brokers,
        answered_by: None,
        by_responder: false,
    }
}

fn identify(answer: Answer, configs: &describe_configs::Response) -> Result<Answer, ProbeError> {
    let own = configs.results.iter().filter(|described| {
        described.kind == describe_configs::BROKER && described.error_code == error_code::NONE
    });
    let ids: BTreeSet<i32> = own
        .clone()
        .filter_map(|described| described.name.parse().ok())
        .collect();
    if let (Some(&first), Some(&second)) = (ids.first(), ids.last())
        && first != second
    {
        return Err(ProbeError::TwoNames { first, second });
    }
    let mut entries = own.flat_map(|described| &described.entries);
    Ok(Answer {
        answered_by: ids.first().copied(),
        by_responder: entries.any(|entry| entry.name == responder::SETTING),
        ..answer
    })
}
