//! Asks one name server for the IPv4 addresses of one name, over a socket of the caller's.
//!
//! The resolver of the C library reads files of the host and asks servers of the host's network; a
//! client in a namespace has a name server of its own, and each of its answers is evidence.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::atomic::{AtomicU16, Ordering};
use std::time::{Duration, Instant};

use hickory_proto::ProtoError;
use hickory_proto::op::{Message, MessageType, OpCode, Query, ResponseCode};
use hickory_proto::rr::{Name, RData, Record, RecordType};
use hickory_proto::serialize::binary::DecodeError;
use tokio::net::UdpSocket;
use tokio::time;

/// The aliases followed within one answer; longer chains are loops or mistakes.
pub const N_ALIASES_MAX: usize = 8;

/// A question unanswered for so long, or for half the time allowed, is sent once more.
const RESEND_AFTER_MAX: Duration = Duration::from_secs(1);

/// No question without EDNS gets more than 512 bytes; the rest is for servers that ignore that.
const DATAGRAM_BYTES_MAX: usize = 4096;

static NEXT_ID: AtomicU16 = AtomicU16::new(1);

/// What a name server says about a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Resolution {
    /// The addresses, in the order of the answer.
    Addresses(Vec<Ipv4Addr>),
    /// There is no such name (NXDOMAIN).
    NoSuchName,
    /// The name exists and has no IPv4 address.
    NoData,
    /// The server failed or refused, with this response code.
    Failed(u16),
}

/// The reason why nothing is known about a name.
#[derive(Debug, thiserror::Error)]
pub enum ResolveError {
    /// The text is no name.
    #[error("`{name}` is not a name that can be asked for")]
    Name {
        /// The text.
        name: String,
        /// What is wrong with it.
        source: ProtoError,
    },
    /// The question has no form.
    #[error("could not write the question for `{name}`")]
    Question {
        /// The name asked for.
        name: String,
        /// What is wrong with it.
        source: ProtoError,
    },
    /// The question could not be sent.
    #[error("could not ask {server}")]
    Send {
        /// The name server.
        server: SocketAddr,
        /// What the system says.
        source: io::Error,
    },
    /// The answer could not be received.
    #[error("could not hear from {server}")]
    Receive {
        /// The name server.
        server: SocketAddr,
        /// What the system says.
        source: io::Error,
    },
    /// No answer came in time.
    #[error("{server} did not answer for `{name}`")]
    TimedOut {
        /// The name server.
        server: SocketAddr,
        /// The name asked for.
        name: String,
    },
    /// The answer is not one.
    #[error("the answer of {server} for `{name}` is malformed")]
    Malformed {
        /// The name server.
        server: SocketAddr,
        /// The name asked for.
        name: String,
        /// What is wrong with it.
        source: DecodeError,
    },
    /// The answer did not fit in a datagram.
    #[error("the answer of {server} for `{name}` is truncated")]
    Truncated {
        /// The name server.
        server: SocketAddr,
        /// The name asked for.
        name: String,
    },
    /// The answer leads from alias to alias.
    #[error("`{name}` is an alias through more than {N_ALIASES_MAX} names")]
    AliasChain {
        /// The name asked for.
        name: String,
    },
}

/// Asks a name server for the IPv4 addresses of a name, which is taken as fully qualified.
///
/// The socket may be connected to the server or not; what others send is ignored.
///
/// # Errors
///
/// The server gave no answer before the deadline, or none that can be read.
pub async fn lookup_a(
    socket: &UdpSocket,
    server: SocketAddr,
    name: &str,
    deadline: Instant,
) -> Result<Resolution, ResolveError> {
    let asked = asked_name(name)?;
    let id = NEXT_ID.fetch_add(1, Ordering::Relaxed);
    let lookup = Lookup {
        socket,
        server,
        name,
        id,
    };
    let question = question(id, &asked).map_err(|source| ResolveError::Question {
        name: name.to_owned(),
        source,
    })?;
    let answer = lookup.exchange(&question, deadline).await?;
    lookup.read(&answer, &asked)
}

struct Lookup<'a> {
    socket: &'a UdpSocket,
    server: SocketAddr,
    name: &'a str,
    id: u16,
}

impl Lookup<'_> {
    /// Sends once, and once more; both carry one id, so that a late answer to the first counts.
    async fn exchange(&self, question: &[u8], deadline: Instant) -> Result<Vec<u8>, ResolveError> {
        let patience = deadline.saturating_duration_since(Instant::now()) / 2;
        let resend = Instant::now() + patience.min(RESEND_AFTER_MAX);
        for due in [resend, deadline] {
            self.send(question).await?;
            if let Ok(answer) = time::timeout_at(due.into(), self.receive()).await {
                return answer;
            }
        }
        Err(ResolveError::TimedOut {
            server: self.server,
            name: self.name.to_owned(),
        })
    }

    async fn send(&self, question: &[u8]) -> Result<(), ResolveError> {
        let sent = if self.socket.peer_addr().is_ok() {
            self.socket.send(question).await
        } else {
            self.socket.send_to(question, self.server).await
        };
        sent.map(drop).map_err(|source| ResolveError::Send {
            server: self.server,
            source,
        })
    }

    async fn receive(&self) -> Result<Vec<u8>, ResolveError> {
        let mut datagram = [0; DATAGRAM_BYTES_MAX];
        loop {
            let (n_bytes, from) = self
                .socket
                .recv_from(&mut datagram)
                .await
                .map_err(|source| ResolveError::Receive {
                    server: self.server,
                    source,
                })?;
            let answer = &datagram[..n_bytes];
            if from == self.server && answer.starts_with(&self.id.to_be_bytes()) {
                return Ok(answer.to_vec());
            }
        }
    }

    fn read(&self, answer: &[u8], asked: &Name) -> Result<Resolution, ResolveError> {
        let message = Message::from_vec(answer).map_err(|source| ResolveError::Malformed {
            server: self.server,
            name: self.name.to_owned(),
            source,
        })?;
        if message.metadata.truncation {
            return Err(ResolveError::Truncated {
                server: self.server,
                name: self.name.to_owned(),
            });
        }
        let code = message.metadata.response_code;
        if code == ResponseCode::NXDomain {
            return Ok(Resolution::NoSuchName);
        }
        if code != ResponseCode::NoError {
            return Ok(Resolution::Failed(u16::from(code)));
        }
        follow(&message.answers, asked).ok_or_else(|| ResolveError::AliasChain {
            name: self.name.to_owned(),
        })
    }
}

fn asked_name(name: &str) -> Result<Name, ResolveError> {
    let mut asked = Name::from_ascii(name).map_err(|source| ResolveError::Name {
        name: name.to_owned(),
        source,
    })?;
    asked.set_fqdn(true);
    Ok(asked)
}

fn question(id: u16, name: &Name) -> Result<Vec<u8>, ProtoError> {
    let mut message = Message::new(id, MessageType::Query, OpCode::Query);
    message.metadata.recursion_desired = true;
    message.add_query(Query::query(name.clone(), RecordType::A));
    message.to_vec()
}

/// Collects the addresses of a name, or of what it is an alias of; none when there is no end.
fn follow(answers: &[Record], asked: &Name) -> Option<Resolution> {
    let mut name = asked;
    for _ in 0..=N_ALIASES_MAX {
        let of_name = || answers.iter().filter(|record| record.name == *name);
        let addresses: Vec<Ipv4Addr> = of_name().filter_map(address).collect();
        if !addresses.is_empty() {
            return Some(Resolution::Addresses(addresses));
        }
        match of_name().find_map(alias) {
            Some(target) => name = target,
            None => return Some(Resolution::NoData),
        }
    }
    None
}

fn address(record: &Record) -> Option<Ipv4Addr> {
    if let RData::A(address) = &record.data {
        return Some(address.0);
    }
    None
}

fn alias(record: &Record) -> Option<&Name> {
    if let RData::CNAME(target) = &record.data {
        return Some(&target.0);
    }
    None
}
