//! Records where no cluster is: the failure says why, and in time.

use std::error::Error;
use std::net::TcpListener;
use std::sync::Arc;
use std::time::{Duration, Instant};

use automata::responder::Identity;
use runtime::messages::{MessagesError, Plan, Topic, first_ack, run};
use runtime::responder::serve;
use wire::metadata::Advertised;

/// What librdkafka takes to stop, on a busy machine.
const GRACE: Duration = Duration::from_secs(20);

fn plan(bootstrap: String) -> Plan {
    Plan {
        bootstrap,
        topic: Topic::durable("orders"),
        n_records: 10,
        timeout: Duration::from_millis(700),
    }
}

#[test]
fn a_refused_connection_is_named_in_time() -> Result<(), Box<dyn Error>> {
    let closed = TcpListener::bind("127.0.0.1:0")?;
    let address = closed.local_addr()?;
    drop(closed);
    let plan = plan(address.to_string());
    let started = Instant::now();
    let error = run(&plan).expect_err("nobody is there");
    assert!(
        matches!(error, MessagesError::AskForTopic { .. }),
        "{error}"
    );
    assert!(error.to_string().contains("Connection refused"), "{error}");
    assert!(started.elapsed() < plan.timeout + GRACE);

    let error = first_ack(&plan.bootstrap, &plan.topic, plan.timeout);
    let text = error.expect_err("nobody is there").to_string();
    assert!(text.contains("Connection refused"), "{text}");
    Ok(())
}

/// The name has a label that is too long, so that no name server has to be there to refuse it.
#[test]
fn a_name_that_does_not_resolve_is_named() {
    let bootstrap = format!("{}.invalid:9092", "b".repeat(64));
    let error = run(&plan(bootstrap)).expect_err("no such name");
    assert!(error.to_string().contains("Failed to resolve"), "{error}");
}

#[tokio::test]
async fn the_responder_takes_no_topic() -> Result<(), Box<dyn Error>> {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    let identity = Identity {
        cluster_id: "lkc-orders".to_owned(),
        node_id: 1,
        controller_id: 1,
        brokers: vec![Advertised {
            id: 1,
            host: "127.0.0.1".to_owned(),
            port: address.port(),
        }],
    };
    tokio::spawn(serve(listener, Arc::new(identity)));
    let plan = plan(address.to_string());
    let outcome = tokio::task::spawn_blocking(move || run(&plan)).await?;
    let error = outcome.expect_err("it is not Kafka");
    assert!(
        matches!(error, MessagesError::AskForTopic { .. }),
        "{error}"
    );
    Ok(())
}
