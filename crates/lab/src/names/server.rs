//! A resolver on a UDP socket.

use tokio::net::UdpSocket;

use super::{View, codec};

/// Longest question read: names end at 255 bytes.
const QUESTION_BYTES: usize = 1232;

/// Answers questions until the socket fails.
pub(crate) async fn serve(socket: UdpSocket, view: View) {
    let mut buffer = [0; QUESTION_BYTES];
    while let Ok((len, from)) = socket.recv_from(&mut buffer).await {
        let question = buffer.get(..len).unwrap_or_default();
        if let Some(answer) = codec::answer(&view, question) {
            // A client that is gone needs no answer.
            let _ = socket.send_to(&answer, from).await;
        }
    }
}
