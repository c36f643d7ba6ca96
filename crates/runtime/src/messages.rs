//! Real records through a real client: creates a topic, produces, consumes, compares.
//!
//! The client is librdkafka, the one most people run. It makes its own sockets and threads, so the
//! process that calls this must already be where the client is; everything here blocks.

mod client;
mod consume;
mod produce;
mod record;
mod topic;

use std::time::{Duration, Instant};

use rdkafka::error::KafkaError;
use rdkafka::types::RDKafkaErrorCode;

/// A topic to be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Topic {
    /// The name, which must be free.
    pub name: String,
    /// The number of partitions.
    pub n_partitions: i32,
    /// The number of brokers that hold each record.
    pub replication_factor: i32,
    /// The number of brokers that must hold a record before it counts as written.
    pub min_insync_replicas: i32,
}

impl Topic {
    /// Describes a topic as a careful team makes it: three partitions, three copies, two of them
    /// before a record counts.
    pub fn durable(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            n_partitions: 3,
            replication_factor: 3,
            min_insync_replicas: 2,
        }
    }
}

/// What to send, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// The bootstrap servers, `host:port` with commas between.
    pub bootstrap: String,
    /// The topic to make and to use.
    pub topic: Topic,
    /// The number of records.
    pub n_records: usize,
    /// The time for all of it.
    pub timeout: Duration,
}

/// What became of the records.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Report {
    /// The records sent.
    pub produced: usize,
    /// The records the cluster confirmed as written.
    pub acked: usize,
    /// The records received, duplicates included.
    pub consumed: usize,
    /// The records confirmed and not received.
    pub lost: usize,
    /// The records received once more than once.
    pub duplicated: usize,
    /// The records received that differ from what was sent, or that nobody sent.
    pub mismatched: usize,
    /// The milliseconds from the start, topic included, to the first confirmation.
    pub first_ack_ms: u64,
    /// The milliseconds from the first record handed over to the last confirmation.
    pub produce_ms: u64,
    /// The milliseconds from joining the group to the end of every partition.
    pub consume_ms: u64,
}

/// What a topic and one record took.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FirstAck {
    /// The milliseconds from the start until the topic was made.
    pub topic_ms: u64,
    /// The milliseconds from the start until the record was confirmed.
    pub first_ack_ms: u64,
}

/// The reason why records did not get through; `complaints` are the last words of librdkafka.
#[derive(Debug, thiserror::Error)]
pub enum MessagesError {
    /// The client could not be made.
    #[error("could not make a client for {bootstrap}")]
    Client {
        /// The bootstrap servers.
        bootstrap: String,
        /// What librdkafka says.
        source: Box<KafkaError>,
    },
    /// The topic could not be asked for.
    #[error("could not ask for topic `{topic}` ({complaints})")]
    AskForTopic {
        /// The topic.
        topic: String,
        /// The last words of librdkafka.
        complaints: String,
        /// What librdkafka says.
        source: Box<KafkaError>,
    },
    /// The cluster refused the topic.
    #[error("topic `{topic}` was refused: {code}")]
    TopicRefused {
        /// The topic.
        topic: String,
        /// The reason.
        code: RDKafkaErrorCode,
    },
    /// A record could not be handed to the client.
    #[error("could not send record {index} to `{topic}` ({complaints})")]
    Send {
        /// The number of the record.
        index: usize,
        /// The topic.
        topic: String,
        /// The last words of librdkafka.
        complaints: String,
        /// What librdkafka says.
        source: Box<KafkaError>,
    },
    /// Records were not confirmed.
    #[error("{n_acked} of {n_records} records to `{topic}` were confirmed ({complaints})")]
    NotAcked {
        /// The records confirmed.
        n_acked: usize,
        /// The records sent.
        n_records: usize,
        /// The topic.
        topic: String,
        /// The last words of librdkafka.
        complaints: String,
    },
    /// The group could not be joined, or its place not be kept.
    #[error("could not use group `{group}` ({complaints})")]
    Group {
        /// The group.
        group: String,
        /// The last words of librdkafka.
        complaints: String,
        /// What librdkafka says.
        source: Box<KafkaError>,
    },
    /// The end of the topic was not reached in time.
    #[error(
        "{n_consumed} of {n_records} records were read from `{topic}`, and the end of \
         {n_ended} of {n_partitions} partitions was reached, in {} ms ({complaints})",
        limit.as_millis()
    )]
    NotConsumed {
        /// The records received.
        n_consumed: usize,
        /// The records confirmed.
        n_records: usize,
        /// The topic.
        topic: String,
        /// The partitions read to their end.
        n_ended: usize,
        /// The partitions of the topic.
        n_partitions: i32,
        /// The time allowed for everything.
        limit: Duration,
        /// The last words of librdkafka.
        complaints: String,
    },
}

/// Makes the topic, produces the records with acks=all and idempotence, consumes them in a group
/// of the topic's own, and compares them byte for byte.
///
/// # Errors
///
/// A step could not be done in time. That records are lost, doubled or changed is no error, it is
/// in the report.
pub fn run(plan: &Plan) -> Result<Report, MessagesError> {
    let started = Instant::now();
    let deadline = started + plan.timeout;
    let group = consume::Group::new(plan)?;
    let retries = produce::Retries::Idempotent;
    let (producer, _admin) = produce::prepare(&plan.bootstrap, &plan.topic, retries, deadline)?;
    let produced = producer.send_all(&plan.topic.name, plan.n_records, deadline)?;
    let consumed = consume::all(&group, plan, &produced, deadline)?;
    Ok(Report {
        produced: plan.n_records,
        acked: produced.n_acked(),
        consumed: consumed.n_received,
        lost: consumed.n_lost,
        duplicated: consumed.n_duplicated,
        mismatched: consumed.n_mismatched,
        first_ack_ms: millis(produced.first_ack.saturating_duration_since(started)),
        produce_ms: millis(produced.duration),
        consume_ms: millis(consumed.duration),
    })
}

/// Makes the topic and produces one record with acks=all, without idempotence: how soon a cluster
/// is of use.
///
/// # Errors
///
/// The topic could not be made, or the record was not confirmed in time.
pub fn first_ack(
    bootstrap: &str,
    topic: &Topic,
    timeout: Duration,
) -> Result<FirstAck, MessagesError> {
    let started = Instant::now();
    let deadline = started + timeout;
    let retries = produce::Retries::Plain;
    let (producer, _admin) = produce::prepare(bootstrap, topic, retries, deadline)?;
    let topic_time = started.elapsed();
    let produced = producer.send_all(&topic.name, 1, deadline)?;
    Ok(FirstAck {
        topic_ms: millis(topic_time),
        first_ack_ms: millis(produced.first_ack.saturating_duration_since(started)),
    })
}

fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}
