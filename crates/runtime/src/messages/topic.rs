//! Making of the topic.

use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};
use std::time::{Duration, Instant};

use rdkafka::admin::{AdminClient, AdminOptions, NewTopic, TopicReplication, TopicResult};
use rdkafka::client::ClientContext;
use rdkafka::config::RDKafkaLogLevel;
use rdkafka::error::{KafkaError, RDKafkaErrorCode};

use super::client::{self, Complaints};
use super::{MessagesError, Topic};

/// How long one attempt to make a topic may take: a cluster that is up needs some hundred
/// milliseconds, and an attempt that librdkafka forgot is made again.
const ATTEMPT_TIME: Duration = Duration::from_secs(4);

/// How long one question for metadata waits. A cluster that is up answers in milliseconds; one
/// that is not is asked again.
const QUESTION_TIME: Duration = Duration::from_millis(250);

/// A client for administration.
///
/// To drop one takes up to a tenth of a second, as its thread looks up that often; so it is kept
/// until what is measured has been.
pub(super) struct Admin {
    client: AdminClient<Listener>,
    complaints: Arc<Complaints>,
}

impl Admin {
    /// Starts a client, which begins to connect.
    pub(super) fn new(bootstrap: &str, complaints: Arc<Complaints>) -> Result<Self, MessagesError> {
        let client = client::config(bootstrap)
            .create_with_context(Listener(Arc::clone(&complaints)))
            .map_err(|source| MessagesError::Client {
                bootstrap: bootstrap.to_owned(),
                source: Box::new(source),
            })?;
        Ok(Self { client, complaints })
    }

    /// Makes a topic and waits until the cluster has it, pausing in between by `pause`.
    ///
    /// While brokers join one after the other, librdkafka drops connections to those it no longer
    /// counts on, and a question on its way ends with them; so it is asked again until the
    /// deadline. An attempt that was cut off may have made the topic all the same.
    pub(super) fn create(
        &self,
        topic: &Topic,
        deadline: Instant,
        pause: impl Fn(),
    ) -> Result<(), MessagesError> {
        let unasked = |source| MessagesError::AskForTopic {
            topic: topic.name.clone(),
            complaints: self.complaints.text(),
            source: Box::new(source),
        };
        self.await_brokers(topic.replication_factor, deadline, &pause)
            .map_err(unasked)?;
        let mut cut_off = false;
        loop {
            match self.ask_for(topic, deadline, &pause) {
                Ok(Some(Ok(_))) => return Ok(()),
                Ok(Some(Err((_, RDKafkaErrorCode::TopicAlreadyExists)))) if cut_off => {
                    return Ok(());
                }
                Ok(Some(Err((_, code)))) if passes(code) && Instant::now() < deadline => pause(),
                Ok(Some(Err((topic, code)))) => {
                    return Err(MessagesError::TopicRefused { topic, code });
                }
                Ok(None) => return Err(unasked(KafkaError::Canceled)),
                Err(error) if deadline <= Instant::now() => return Err(unasked(error)),
                Err(_) => cut_off = true,
            }
        }
    }

    /// One attempt to make a topic.
    fn ask_for(
        &self,
        topic: &Topic,
        deadline: Instant,
        pause: &impl Fn(),
    ) -> Result<Option<TopicResult>, KafkaError> {
        let min_insync_replicas = topic.min_insync_replicas.to_string();
        let replication = TopicReplication::Fixed(topic.replication_factor);
        let new_topic = NewTopic::new(&topic.name, topic.n_partitions, replication)
            .set("min.insync.replicas", &min_insync_replicas);
        let time_left = deadline.saturating_duration_since(Instant::now());
        let patience = time_left.min(ATTEMPT_TIME);
        let options = AdminOptions::new()
            .request_timeout(Some(patience))
            .operation_timeout(Some(patience));
        let answered = wait(self.client.create_topics([&new_topic], &options), pause)?;
        Ok(answered.into_iter().next())
    }
}

impl Admin {
    /// Waits until the metadata names so many brokers: a topic that wants more copies than there
    /// are brokers is refused, and librdkafka, once told of no controller, would not ask again
    /// for minutes.
    fn await_brokers(
        &self,
        n_brokers: i32,
        deadline: Instant,
        pause: &impl Fn(),
    ) -> Result<(), KafkaError> {
        loop {
            match self.client.inner().fetch_metadata(None, QUESTION_TIME) {
                Ok(metadata)
                    if n_brokers <= metadata.brokers().len().try_into().unwrap_or(i32::MAX) =>
                {
                    return Ok(());
                }
                Err(error) if deadline <= Instant::now() => return Err(error),
                Ok(_) if deadline <= Instant::now() => return Err(KafkaError::Canceled),
                Ok(_) | Err(_) => pause(),
            }
        }
    }
}

/// Whether a refusal means that the cluster is not whole yet.
fn passes(code: RDKafkaErrorCode) -> bool {
    [
        RDKafkaErrorCode::InvalidReplicationFactor,
        RDKafkaErrorCode::NotController,
        RDKafkaErrorCode::RequestTimedOut,
    ]
    .contains(&code)
}

/// Hears log lines alone: nobody looks at the queue that errors of this client go to, and the
/// producer beside it has the same ones.
struct Listener(Arc<Complaints>);

impl ClientContext for Listener {
    fn log(&self, _level: RDKafkaLogLevel, _facility: &str, line: &str) {
        self.0.note(line.to_owned());
    }
}

/// Waits for a future on this thread, which may be inside of a runtime that would refuse to block.
fn wait<T>(future: impl Future<Output = T>, pause: &impl Fn()) -> T {
    let mut future = pin!(future);
    let mut context = Context::from_waker(Waker::noop());
    loop {
        if let Poll::Ready(output) = future.as_mut().poll(&mut context) {
            return output;
        }
        pause();
    }
}
