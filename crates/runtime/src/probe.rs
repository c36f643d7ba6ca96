//! Drives the probe of `automata` over a connection that the caller has made.

use std::io;
use std::time::Instant;

use automata::probe::{Answer, Limits, Probe, ProbeError};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time;

/// What a broker answers to a probe, some hundred bytes, fits in one piece.
const PIECE_BYTES: usize = 4096;

/// The reason why a peer gave no [`Answer`].
#[derive(Debug, thiserror::Error)]
pub enum AskError {
    /// The peer answered wrongly, too late or not at all.
    #[error(transparent)]
    Probe(#[from] ProbeError),
    /// The connection does not carry what is sent.
    #[error("could not send to {peer}")]
    Send {
        /// The other end of the connection, where it is known.
        peer: String,
        /// What the system says.
        source: io::Error,
    },
    /// The connection does not carry what is answered.
    #[error("could not receive from {peer}")]
    Receive {
        /// The other end of the connection, where it is known.
        peer: String,
        /// What the system says.
        source: io::Error,
    },
}

/// Asks the broker at the other end of a connection who it is; `expected_ids` are brokers to ask
/// about besides those that its metadata names.
///
/// # Errors
///
/// The connection breaks, or the peer does not answer as a broker in the time of the limits.
pub async fn ask(
    stream: &mut TcpStream,
    limits: Limits,
    expected_ids: &[i32],
) -> Result<Answer, AskError> {
    let mut probe = Probe::new(Instant::now(), limits, expected_ids.iter().copied());
    loop {
        if let Some(outcome) = probe.poll_outcome() {
            return Ok(outcome?);
        }
        let due = probe
            .poll_timeout()
            .map_or_else(Instant::now, |(due, _)| due);
        match time::timeout_at(due.into(), exchange(stream, &mut probe)).await {
            Ok(exchanged) => exchanged?,
            Err(_) => probe.handle_timeout(Instant::now()),
        }
    }
}

async fn exchange(stream: &mut TcpStream, probe: &mut Probe) -> Result<(), AskError> {
    if let Some(question) = probe.poll_output()
        && let Err(source) = stream.write_all(&question).await
    {
        let peer = peer(stream);
        return Err(AskError::Send { peer, source });
    }
    let mut piece = [0; PIECE_BYTES];
    match stream.read(&mut piece).await {
        Ok(0) => probe.handle_close(),
        Ok(n_bytes) => probe.handle_input(Instant::now(), &piece[..n_bytes]),
        Err(source) => {
            let peer = peer(stream);
            return Err(AskError::Receive { peer, source });
        }
    }
    Ok(())
}

fn peer(stream: &TcpStream) -> String {
    stream
        .peer_addr()
        .map_or_else(|_| "an unknown peer".to_owned(), |peer| peer.to_string())
}
