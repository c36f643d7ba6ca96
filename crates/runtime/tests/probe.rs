//! Probe and responder over loopback sockets, and peers that are neither.

use std::error::Error;
use std::io;
use std::sync::Arc;
use std::time::{Duration, Instant};

use automata::probe::{Answer, Limits};
use automata::responder::{Identity, SETTING};
use runtime::probe::{AskError, ask};
use runtime::responder::{N_CONNECTIONS_MAX, serve};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::time;
use wire::metadata::Advertised;

/// Enough on a busy machine for what takes a millisecond on an idle one.
const PATIENCE: Duration = Duration::from_secs(20);

fn limits(answer_time: Duration) -> Limits {
    Limits {
        answer_time,
        ..Limits::default()
    }
}

async fn responder(node_id: i32) -> io::Result<String> {
    let broker = |id| Advertised {
        id,
        host: format!("b-{id}.orders.internal"),
        port: 9092,
    };
    let identity = Identity {
        cluster_id: "lkc-orders".to_owned(),
        node_id,
        controller_id: 1,
        brokers: vec![broker(1), broker(2), broker(3)],
    };
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?.to_string();
    tokio::spawn(serve(listener, Arc::new(identity)));
    Ok(address)
}

async fn probe(address: &str, expected_ids: &[i32]) -> Result<Answer, AskError> {
    let mut stream = TcpStream::connect(address).await.expect("a connection");
    ask(&mut stream, limits(PATIENCE), expected_ids).await
}

#[tokio::test]
async fn the_responder_says_which_broker_it_is() -> Result<(), Box<dyn Error>> {
    for node_id in [1, 2, 3] {
        let answer = probe(&responder(node_id).await?, &[]).await?;
        assert_eq!(answer.answered_by, Some(node_id));
        assert_eq!(answer.cluster_id.as_deref(), Some("lkc-orders"));
        assert_eq!(answer.controller_id, 1);
        let hosts: Vec<_> = answer.brokers.iter().map(|b| b.host.as_str()).collect();
        let expected = [
            "b-1.orders.internal",
            "b-2.orders.internal",
            "b-3.orders.internal",
        ];
        assert_eq!(hosts, expected);
        assert!(answer.by_responder, "{SETTING} is described");
    }
    Ok(())
}

#[tokio::test]
async fn an_id_outside_metadata_is_asked_about_too() -> Result<(), Box<dyn Error>> {
    let address = responder(7).await?;
    assert_eq!(probe(&address, &[1]).await?.answered_by, None);
    assert_eq!(probe(&address, &[7]).await?.answered_by, Some(7));
    Ok(())
}

#[tokio::test]
async fn more_clients_than_places_wait_their_turn() -> Result<(), Box<dyn Error>> {
    let address = responder(1).await?;
    let mut idle = Vec::new();
    for _ in 0..N_CONNECTIONS_MAX {
        let mut stream = TcpStream::connect(&address).await?;
        ask(&mut stream, limits(PATIENCE), &[]).await?;
        idle.push(stream);
    }
    let mut waiting = TcpStream::connect(&address).await?;
    let error = ask(&mut waiting, limits(Duration::from_millis(100)), &[])
        .await
        .expect_err("no place is free");
    assert_eq!(error.to_string(), "no answer to ApiVersions within 100 ms");
    drop((idle, waiting));
    assert_eq!(probe(&address, &[]).await?.answered_by, Some(1));
    Ok(())
}

/// A peer that reads the first question and then does as told.
async fn peer(answer: &'static [u8], stays: bool) -> io::Result<String> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?.to_string();
    tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await?;
        stream.read_u8().await?;
        stream.write_all(answer).await?;
        if stays {
            let mut rest = Vec::new();
            stream.read_to_end(&mut rest).await?;
        }
        io::Result::Ok(())
    });
    Ok(address)
}

#[tokio::test]
async fn peers_that_are_no_brokers_are_named() -> Result<(), Box<dyn Error>> {
    let silent: &[u8] = &[];
    let cases = [
        (
            b"HTTP/1.1 400 Bad Request\r\n\r\n".as_slice(),
            "could not cut the answer to ApiVersions from the stream",
        ),
        (
            &[0, 0, 0, 9, 0, 0, 0, 1, 0, 0, 0xff, 0xff, 0xff],
            "could not read the answer to ApiVersions",
        ),
        (silent, "no answer to ApiVersions within 200 ms"),
        (
            &[0, 0, 0, 99, 0, 0],
            "no answer to ApiVersions within 200 ms",
        ),
    ];
    for (bytes, message) in cases {
        let mut stream = TcpStream::connect(peer(bytes, true).await?).await?;
        let started = Instant::now();
        let limits = limits(Duration::from_millis(200));
        let error = time::timeout(PATIENCE, ask(&mut stream, limits, &[])).await?;
        assert_eq!(error.expect_err(message).to_string(), message);
        assert!(started.elapsed() < PATIENCE);
    }
    Ok(())
}

#[tokio::test]
async fn a_peer_that_hangs_up_is_named() -> Result<(), Box<dyn Error>> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let mut stream = TcpStream::connect(listener.local_addr()?).await?;
    let (mut accepted, _) = listener.accept().await?;
    accepted.shutdown().await?;
    let error = ask(&mut stream, limits(PATIENCE), &[]).await;
    assert_eq!(
        error.expect_err("closed").to_string(),
        "the peer closed the connection before it answered ApiVersions"
    );
    Ok(())
}

#[tokio::test]
async fn a_reset_names_the_peer() -> Result<(), Box<dyn Error>> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    let mut stream = TcpStream::connect(address).await?;
    let (mut accepted, _) = listener.accept().await?;
    stream
        .write_all(b"unread, so that the close becomes a reset")
        .await?;
    accepted.read_u8().await?;
    drop(accepted);
    let error = ask(&mut stream, limits(PATIENCE), &[])
        .await
        .expect_err("reset");
    let messages = [
        format!("could not send to {address}"),
        format!("could not receive from {address}"),
        "could not receive from an unknown peer".to_owned(),
        "could not send to an unknown peer".to_owned(),
    ];
    assert!(messages.contains(&error.to_string()), "{error}");
    assert!(error.source().is_some());
    Ok(())
}

#[tokio::test]
async fn the_responder_closes_on_what_is_not_for_it() -> Result<(), Box<dyn Error>> {
    let produce_v9: &[u8] = &[0, 0, 0, 11, 0, 0, 0, 9, 0, 0, 0, 1, 0xff, 0xff, 0];
    for question in [b"GET / HTTP/1.1\r\n\r\n", produce_v9] {
        let mut stream = TcpStream::connect(responder(1).await?).await?;
        stream.write_all(question).await?;
        let mut answer = Vec::new();
        let ended = time::timeout(PATIENCE, stream.read_to_end(&mut answer)).await?;
        assert!(ended.is_err() || answer.is_empty());
    }
    Ok(())
}

#[tokio::test]
async fn dropping_the_responder_closes_its_connections() -> Result<(), Box<dyn Error>> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    let identity = Identity {
        cluster_id: "lkc".to_owned(),
        node_id: 1,
        controller_id: 1,
        brokers: Vec::new(),
    };
    let served = tokio::spawn(serve(listener, Arc::new(identity)));
    let mut stream = TcpStream::connect(address).await?;
    assert_eq!(
        ask(&mut stream, limits(PATIENCE), &[1]).await?.answered_by,
        Some(1)
    );
    served.abort();
    let n_bytes = time::timeout(PATIENCE, stream.read(&mut [0; 1])).await??;
    assert_eq!(n_bytes, 0);
    Ok(())
}
