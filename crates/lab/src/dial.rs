//! Dialling: a connection attempt watched by the kernel's packet logs, so that a silent drop is
//! known in milliseconds and never by a time-out alone.

use std::io;
use std::net::SocketAddrV4;
use std::time::Instant;

use blueprint::ids::EniId;
use blueprint::verdict::Class;
use tokio::net::TcpStream;

use crate::error::LabError;
use crate::evidence::Trail;
use crate::network::Network;

/// How a dial came out.
#[derive(Debug)]
pub struct Dialled {
    /// The connection, if it was opened.
    pub stream: Option<TcpStream>,
    /// The local port, which names the attempt in the evidence.
    pub local_port: u16,
    /// What was seen of it. Without an end in it nothing is known.
    pub trail: Trail,
}

impl Network {
    /// Connects from an interface's host, until the connection is opened, refused, seen to end
    /// on the way, or the deadline passes.
    ///
    /// # Errors
    /// If the lab has no such interface or no socket can be made there.
    pub async fn dial(
        &self,
        eni: &EniId,
        to: SocketAddrV4,
        deadline: Instant,
    ) -> Result<Dialled, LabError> {
        let socket = self.tcp_socket(eni)?;
        let local = self.bind(eni, &socket)?;
        let mut connecting = std::pin::pin!(socket.connect(to.into()));
        let ended = self.evidence().settled(eni, local, deadline);
        let stream = tokio::select! {
            // The connection first: until its request is sent, the evidence of this port may be
            // that of an earlier attempt.
            biased;
            result = &mut connecting => result.ok(),
            trail = ended => {
                if trail.end().is_none_or(|end| end.class != Class::Delivered) {
                    return Ok(Dialled { stream: None, local_port: local, trail });
                }
                connecting.await.ok()
            }
        };
        let trail = self.evidence().settled(eni, local, deadline).await;
        Ok(Dialled {
            stream,
            local_port: local,
            trail,
        })
    }

    fn bind(&self, eni: &EniId, socket: &tokio::net::TcpSocket) -> Result<u16, LabError> {
        let Some(host) = self.hosts().get(eni) else {
            return Err(LabError::NoSuchEni { eni: eni.clone() });
        };
        let address = SocketAddrV4::new(host.address, 0);
        let bound: io::Result<_> = socket
            .bind(address.into())
            .and_then(|()| socket.local_addr());
        bound
            .map(|local| local.port())
            .map_err(|source| LabError::Socket {
                namespace: host.namespace.clone(),
                address,
                source,
            })
    }
}
