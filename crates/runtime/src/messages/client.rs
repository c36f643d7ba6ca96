//! What every client of librdkafka here has in common: its settings and its ear for complaints.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

use rdkafka::ClientConfig;
use rdkafka::config::RDKafkaLogLevel;
use rdkafka::error::KafkaError;

/// The complaints kept: the last is mostly the consequence ("all brokers are down") of those before.
const N_COMPLAINTS_MAX: usize = 4;

/// Returns the settings of every client.
///
/// The lab has IPv4 alone. librdkafka's pauses are made for clusters far away and clients that run
/// for months; a client that begins while its brokers do would sleep most of its time, and one that
/// meets silence would not mention it for a minute.
pub(super) fn config(bootstrap: &str) -> ClientConfig {
    let mut config = ClientConfig::new();
    config
        .set("bootstrap.servers", bootstrap)
        .set("client.id", "breezeway-messages")
        .set("broker.address.family", "v4")
        .set("socket.nagle.disable", "true")
        .set("socket.timeout.ms", "5000")
        .set("reconnect.backoff.ms", "20")
        .set("reconnect.backoff.max.ms", "500")
        .set("retry.backoff.ms", "20")
        .set("retry.backoff.max.ms", "500")
        .set("topic.metadata.refresh.fast.interval.ms", "20")
        .set("allow.auto.create.topics", "false")
        .set_log_level(RDKafkaLogLevel::Warning);
    config
}

/// The last few things librdkafka complained of, for the day when nothing comes through: its own
/// errors say that time is up, not why.
#[derive(Debug, Default)]
pub(super) struct Complaints(Mutex<VecDeque<String>>);

impl Complaints {
    /// Takes note of an error event.
    pub(super) fn hear(&self, error: &KafkaError, reason: &str) {
        if reason.is_empty() {
            self.note(error.to_string());
        } else {
            self.note(reason.to_owned());
        }
    }

    /// Takes note of any other complaint, unless it was heard already.
    pub(super) fn note(&self, complaint: String) {
        let mut heard = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if heard.contains(&complaint) {
            return;
        }
        if N_COMPLAINTS_MAX <= heard.len() {
            heard.pop_front();
        }
        heard.push_back(complaint);
    }

    /// Returns all that is kept, in one line.
    pub(super) fn text(&self) -> String {
        let heard = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if heard.is_empty() {
            return "librdkafka has not complained".to_owned();
        }
        let lines: Vec<&str> = heard.iter().map(String::as_str).collect();
        lines.join("; ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_the_last_different_complaints() {
        let complaints = Complaints::default();
        assert_eq!(complaints.text(), "librdkafka has not complained");
        for complaint in ["a", "b", "b", "c", "d", "e", "e"] {
            complaints.note(complaint.to_owned());
        }
        assert_eq!(complaints.text(), "b; c; d; e");
    }
}
