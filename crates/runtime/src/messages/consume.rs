//! Consuming in a group, to the end of every partition, and comparing with what was sent.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::{Duration, Instant};

use rdkafka::ClientContext;
use rdkafka::config::RDKafkaLogLevel;
use rdkafka::consumer::{BaseConsumer, CommitMode, Consumer as _, ConsumerContext};
use rdkafka::error::KafkaError;
use rdkafka::message::{BorrowedMessage, Message};

use super::client::{self, Complaints};
use super::produce::Produced;
use super::{MessagesError, Plan, record};

/// The wait for one event; the deadline is looked at in between.
const POLL_TIME: Duration = Duration::from_millis(100);

/// The end of a partition shows when a fetch finds nothing for so long.
const FETCH_WAIT_MAX_MS: &str = "20";

/// What was received.
pub(super) struct Consumed {
    pub(super) n_received: usize,
    pub(super) n_lost: usize,
    pub(super) n_duplicated: usize,
    pub(super) n_mismatched: usize,
    /// From joining the group to the end of every partition.
    pub(super) duration: Duration,
}

/// Reads the whole topic. As nobody writes any more, the end of each partition is the end: what
/// has not come by then is lost, and what is there twice has come twice.
pub(super) fn all(
    group: &Group,
    plan: &Plan,
    produced: &Produced,
    deadline: Instant,
) -> Result<Consumed, MessagesError> {
    let started = Instant::now();
    group.join(&plan.topic.name)?;
    let mut tally = Tally::new(produced.acked.len());
    let mut ended = BTreeSet::new();
    let n_partitions = usize::try_from(plan.topic.n_partitions).unwrap_or(0);
    while ended.len() < n_partitions {
        if deadline <= Instant::now() {
            return Err(MessagesError::NotConsumed {
                n_consumed: tally.n_received,
                n_records: produced.n_acked(),
                topic: plan.topic.name.clone(),
                n_ended: ended.len(),
                n_partitions: plan.topic.n_partitions,
                limit: plan.timeout,
                complaints: group.complaints.text(),
            });
        }
        match group.consumer.poll(POLL_TIME) {
            Some(Ok(message)) => tally.take(&message),
            Some(Err(KafkaError::PartitionEOF(partition))) => {
                ended.insert(partition);
            }
            Some(Err(error)) => group.complain(error)?,
            None => {}
        }
    }
    let duration = started.elapsed();
    group.keep_place(tally.n_received)?;
    Ok(tally.compare(produced, duration))
}

/// A consumer of a group of its own.
pub(super) struct Group {
    name: String,
    consumer: BaseConsumer<Listener>,
    complaints: Arc<Complaints>,
}

impl Group {
    /// Starts a client, which looks for the coordinator of its group at once: it asks only every
    /// half second, and the first group of a cluster waits for the topic of all offsets.
    pub(super) fn new(plan: &Plan) -> Result<Self, MessagesError> {
        let complaints = Arc::<Complaints>::default();
        let name = format!("{}-readers", plan.topic.name);
        let consumer: BaseConsumer<Listener> = client::config(&plan.bootstrap)
            .set("group.id", &name)
            .set("auto.offset.reset", "earliest")
            .set("enable.auto.commit", "false")
            .set("enable.partition.eof", "true")
            .set("fetch.error.backoff.ms", "20")
            .set("fetch.wait.max.ms", FETCH_WAIT_MAX_MS)
            .create_with_context(Listener(Arc::clone(&complaints)))
            .map_err(|source| MessagesError::Client {
                bootstrap: plan.bootstrap.clone(),
                source: Box::new(source),
            })?;
        Ok(Self {
            name,
            consumer,
            complaints,
        })
    }

    fn join(&self, topic: &str) -> Result<(), MessagesError> {
        self.consumer
            .subscribe(&[topic])
            .map_err(|source| self.error(source))
    }

    /// An error that librdkafka does not call fatal it mends by itself, such as a coordinator that
    /// is still to be chosen.
    fn complain(&self, error: KafkaError) -> Result<(), MessagesError> {
        if matches!(error, KafkaError::MessageConsumptionFatal(_)) {
            return Err(self.error(error));
        }
        self.complaints.hear(&error, "");
        Ok(())
    }

    /// Commits, as a consumer does that wants to go on where it was.
    fn keep_place(&self, n_received: usize) -> Result<(), MessagesError> {
        if n_received == 0 {
            return Ok(());
        }
        self.consumer
            .commit_consumer_state(CommitMode::Sync)
            .map_err(|source| self.error(source))
    }

    fn error(&self, source: KafkaError) -> MessagesError {
        MessagesError::Group {
            group: self.name.clone(),
            complaints: self.complaints.text(),
            source: Box::new(source),
        }
    }
}

struct Listener(Arc<Complaints>);

impl ClientContext for Listener {
    fn error(&self, error: KafkaError, reason: &str) {
        self.0.hear(&error, reason);
    }

    fn log(&self, _level: RDKafkaLogLevel, _facility: &str, line: &str) {
        self.0.note(line.to_owned());
    }
}

impl ConsumerContext for Listener {}

/// What has come, record by record.
struct Tally {
    n_received: usize,
    n_mismatched: usize,
    n_copies: Vec<usize>,
}

impl Tally {
    fn new(n_records: usize) -> Self {
        Self {
            n_received: 0,
            n_mismatched: 0,
            n_copies: vec![0; n_records],
        }
    }

    fn take(&mut self, message: &BorrowedMessage<'_>) {
        self.count(message.key(), message.payload());
    }

    fn count(&mut self, key: Option<&[u8]>, payload: Option<&[u8]>) {
        self.n_received += 1;
        let index = key.and_then(record::index);
        let Some(n_copies) = index.and_then(|index| self.n_copies.get_mut(index)) else {
            self.n_mismatched += 1;
            return;
        };
        *n_copies += 1;
        if index.map(record::payload).as_deref() != payload {
            self.n_mismatched += 1;
        }
    }

    fn compare(self, produced: &Produced, duration: Duration) -> Consumed {
        let pairs = || self.n_copies.iter().zip(&produced.acked);
        Consumed {
            n_received: self.n_received,
            n_lost: pairs().filter(|(n, acked)| **n == 0 && **acked).count(),
            n_duplicated: pairs().map(|(n, _)| n.saturating_sub(1)).sum(),
            n_mismatched: self.n_mismatched,
            duration,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_wrong_is_counted_once() {
        let mut tally = Tally::new(4);
        let good = |index: usize| (record::key(index), record::payload(index));
        for (key, payload) in [good(0), good(1), good(1), good(1), good(4)] {
            tally.count(Some(key.as_bytes()), Some(&payload));
        }
        tally.count(Some(record::key(2).as_bytes()), Some(b"changed"));
        tally.count(None, Some(b"without a key"));
        tally.count(Some(b"foreign"), None);
        let produced = Produced {
            acked: vec![true; 4],
            first_ack: Instant::now(),
            duration: Duration::ZERO,
        };
        let consumed = tally.compare(&produced, Duration::ZERO);
        assert_eq!(consumed.n_received, 8);
        assert_eq!(consumed.n_lost, 1);
        assert_eq!(consumed.n_duplicated, 2);
        assert_eq!(consumed.n_mismatched, 4);
    }

    #[test]
    fn a_record_never_confirmed_is_not_lost() {
        let produced = Produced {
            acked: vec![false, true],
            first_ack: Instant::now(),
            duration: Duration::ZERO,
        };
        let consumed = Tally::new(2).compare(&produced, Duration::ZERO);
        assert_eq!((consumed.n_received, consumed.n_lost), (0, 1));
    }
}
