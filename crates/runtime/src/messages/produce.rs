//! Producing, with acks from every replica in sync and no duplicates by retries.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use rdkafka::ClientContext;
use rdkafka::config::RDKafkaLogLevel;
use rdkafka::error::{KafkaError, RDKafkaErrorCode};
use rdkafka::message::DeliveryResult;
use rdkafka::producer::{BaseProducer, BaseRecord, Producer as _, ProducerContext, PurgeConfig};

use super::client::{self, Complaints};
use super::topic::Admin;
use super::{MessagesError, Topic, record};

/// A poll lasts as long as it is told even when all has arrived, so it is told little.
const POLL_TIME: Duration = Duration::from_millis(2);

/// A client that sends records.
pub(super) struct Producer {
    client: BaseProducer<Listener>,
    deliveries: Arc<Mutex<Deliveries>>,
    complaints: Arc<Complaints>,
}

/// What was sent and confirmed.
pub(super) struct Produced {
    /// For each record whether it was confirmed.
    pub(super) acked: Vec<bool>,
    /// When the first confirmation came.
    pub(super) first_ack: Instant,
    /// From the first record handed over to the last confirmation.
    pub(super) duration: Duration,
}

/// How far the client goes against duplicates.
#[derive(Clone, Copy, Debug)]
pub(super) enum Retries {
    /// The cluster drops what a retry sends twice. On a cluster that has just started, librdkafka
    /// waits half a second for the id that this takes.
    Idempotent,
    /// A retry may write twice.
    Plain,
}

/// Makes the topic and returns the producer for it, with the administrator, which is slow to stop.
///
/// Both clients start and connect at the same time.
pub(super) fn prepare(
    bootstrap: &str,
    topic: &Topic,
    retries: Retries,
    deadline: Instant,
) -> Result<(Producer, Admin), MessagesError> {
    let complaints = Arc::<Complaints>::default();
    let admin = Admin::new(bootstrap, Arc::clone(&complaints))?;
    let producer = Producer::new(bootstrap, complaints, retries, deadline)?;
    admin.create(topic, deadline, || producer.client.poll(POLL_TIME))?;
    Ok((producer, admin))
}

impl Produced {
    /// Returns how many records were confirmed.
    pub(super) fn n_acked(&self) -> usize {
        self.acked.iter().filter(|acked| **acked).count()
    }
}

impl Producer {
    fn new(
        bootstrap: &str,
        complaints: Arc<Complaints>,
        retries: Retries,
        deadline: Instant,
    ) -> Result<Self, MessagesError> {
        let time_left = deadline.saturating_duration_since(Instant::now());
        let deliveries = Arc::<Mutex<Deliveries>>::default();
        let listener = Listener {
            deliveries: Arc::clone(&deliveries),
            complaints: Arc::clone(&complaints),
        };
        let idempotence = match retries {
            Retries::Idempotent => "true",
            Retries::Plain => "false",
        };
        let client = client::config(bootstrap)
            .set("acks", "all")
            .set("enable.idempotence", idempotence)
            .set("linger.ms", "1")
            .set(
                "message.timeout.ms",
                time_left.as_millis().max(1).to_string(),
            )
            .create_with_context(listener)
            .map_err(|source| MessagesError::Client {
                bootstrap: bootstrap.to_owned(),
                source: Box::new(source),
            })?;
        Ok(Self {
            client,
            deliveries,
            complaints,
        })
    }

    /// Sends so many records and waits until each is confirmed.
    pub(super) fn send_all(
        &self,
        topic: &str,
        n_records: usize,
        deadline: Instant,
    ) -> Result<Produced, MessagesError> {
        let started = Instant::now();
        self.deliveries().acked = vec![false; n_records];
        for index in 0..n_records {
            self.send(topic, index, deadline)?;
        }
        while self.deliveries().n_reported < n_records && Instant::now() < deadline {
            self.client.poll(POLL_TIME);
        }
        let deliveries = self.deliveries();
        let produced = Produced {
            acked: deliveries.acked.clone(),
            first_ack: deliveries.first_ack.unwrap_or(deadline),
            duration: started.elapsed(),
        };
        if produced.n_acked() < n_records {
            return Err(MessagesError::NotAcked {
                n_acked: produced.n_acked(),
                n_records,
                topic: topic.to_owned(),
                complaints: self.complaints.text(),
            });
        }
        Ok(produced)
    }

    /// Hands one record over, and waits while the queue of the client is full.
    fn send(&self, topic: &str, index: usize, deadline: Instant) -> Result<(), MessagesError> {
        let (key, payload) = (record::key(index), record::payload(index));
        loop {
            let record = BaseRecord::with_opaque_to(topic, index)
                .key(&key)
                .payload(&payload);
            let refused = match self.client.send(record) {
                Ok(()) => return Ok(()),
                Err((refused, _)) => refused,
            };
            let is_full = refused.rdkafka_error_code() == Some(RDKafkaErrorCode::QueueFull);
            if !is_full || deadline <= Instant::now() {
                return Err(MessagesError::Send {
                    index,
                    topic: topic.to_owned(),
                    complaints: self.complaints.text(),
                    source: Box::new(refused),
                });
            }
            self.client.poll(POLL_TIME);
        }
    }

    fn deliveries(&self) -> MutexGuard<'_, Deliveries> {
        self.deliveries
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Producer {
    /// What is still queued after the deadline is of no use, and waiting for it is what a drop does.
    fn drop(&mut self) {
        self.client.purge(PurgeConfig::default().queue().inflight());
    }
}

#[derive(Default)]
struct Deliveries {
    acked: Vec<bool>,
    n_reported: usize,
    first_ack: Option<Instant>,
}

struct Listener {
    deliveries: Arc<Mutex<Deliveries>>,
    complaints: Arc<Complaints>,
}

impl ClientContext for Listener {
    fn error(&self, error: KafkaError, reason: &str) {
        self.complaints.hear(&error, reason);
    }

    fn log(&self, _level: RDKafkaLogLevel, _facility: &str, line: &str) {
        self.complaints.note(line.to_owned());
    }
}

impl ProducerContext for Listener {
    type DeliveryOpaque = usize;

    fn delivery(&self, result: &DeliveryResult<'_>, index: usize) {
        let mut deliveries = self
            .deliveries
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        deliveries.n_reported += 1;
        match result {
            Ok(_) => {
                deliveries.first_ack.get_or_insert_with(Instant::now);
                if let Some(acked) = deliveries.acked.get_mut(index) {
                    *acked = true;
                }
            }
            Err((error, _)) => self.complaints.note(error.to_string()),
        }
    }
}
