//! The loop of the built-in responder: accepts, and lets a session of `automata` answer.

use std::convert::Infallible;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use automata::responder::{Identity, Session};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use tokio::time;

/// The connections that one listener serves at a time; further ones wait in the kernel's backlog.
///
/// A probe holds one connection for milliseconds, and a lab has some tens of clients; the number
/// keeps the descriptors of a lab of a hundred responders below common limits when it is flooded.
pub const N_CONNECTIONS_MAX: usize = 64;

/// The time a connection may be silent, or refuse to take an answer.
///
/// Long enough for a person with a client at a prompt, short enough to free a slot again.
pub const SILENCE_MAX: Duration = Duration::from_secs(60);

/// The pause after a failed accept, which is mostly a lack of descriptors that others must free.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// One question fits; more would let a client ask for many answers before it takes any.
const PIECE_BYTES: usize = 4096;

/// Answers on a listener as one broker, until the future is dropped, which closes all connections.
pub async fn serve(listener: TcpListener, identity: Arc<Identity>) -> Infallible {
    let mut connections = JoinSet::new();
    loop {
        if N_CONNECTIONS_MAX <= connections.len() {
            connections.join_next().await;
        }
        while connections.try_join_next().is_some() {}
        match listener.accept().await {
            Ok((stream, _)) => {
                connections.spawn(answer(stream, Session::new(Arc::clone(&identity))));
            }
            Err(_) => time::sleep(ACCEPT_PAUSE).await,
        }
    }
}

/// However it ends, the connection is closed: that is all a client is told by a broker, too.
async fn answer(mut stream: TcpStream, mut session: Session) {
    let _ = stream.set_nodelay(true);
    let mut piece = [0; PIECE_BYTES];
    while let Ok(Ok(n_bytes)) = time::timeout(SILENCE_MAX, stream.read(&mut piece)).await {
        if n_bytes == 0 {
            break;
        }
        let verdict = session.handle_input(&piece[..n_bytes]);
        let sent = time::timeout(SILENCE_MAX, send(&mut stream, &mut session)).await;
        if verdict.is_err() || !matches!(sent, Ok(Ok(()))) {
            break;
        }
    }
}

async fn send(stream: &mut TcpStream, session: &mut Session) -> io::Result<()> {
    while let Some(bytes) = session.poll_output() {
        stream.write_all(&bytes).await?;
    }
    Ok(())
}
