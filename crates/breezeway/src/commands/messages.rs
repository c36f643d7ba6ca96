//! `breezeway messages`: one client's records, there and back, as a process of its own so that
//! it lives in one host of the lab.

use std::time::Duration;

use anyhow::Context;
use runtime::messages;

use crate::cli::MessagesArgs;
use crate::output;

/// Longest time a client may need from its start to its last record.
const MESSAGES_TIMEOUT: Duration = Duration::from_secs(90);

pub(crate) fn run(args: &MessagesArgs) -> anyhow::Result<u8> {
    let topic = messages::Topic {
        name: args.topic.clone(),
        n_partitions: args.replication_factor.max(1),
        replication_factor: args.replication_factor,
        min_insync_replicas: args.min_insync_replicas,
    };
    if args.records == 0 {
        let took = messages::first_ack(&args.bootstrap, &topic, MESSAGES_TIMEOUT)
            .context("no record was acknowledged")?;
        output::data(&format!("{} {}", took.topic_ms, took.first_ack_ms))?;
        return Ok(crate::FINE);
    }
    let plan = messages::Plan {
        bootstrap: args.bootstrap.clone(),
        topic,
        n_records: args.records,
        timeout: MESSAGES_TIMEOUT,
    };
    let report = messages::run(&plan).context("the records did not come back")?;
    output::data(&serde_json::to_string(
        &crate::format::json::v1::Messages::from(&report),
    )?)?;
    Ok(crate::FINE)
}
