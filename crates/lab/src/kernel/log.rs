//! The kernel's packet log of one namespace (NFLOG): logged packets arrive at once, in order.
//!
//! Written by hand because the reader must be drained on demand and must know when the kernel
//! dropped entries, which a stream of packets hides. Numbers are of `linux/netfilter/
//! nfnetlink_log.h`.

use std::io;
use std::net::{Ipv4Addr, SocketAddrV4};
use std::os::fd::{AsRawFd, OwnedFd};

use nix::errno::Errno;
use nix::sys::socket::{
    AddressFamily, MsgFlags, NetlinkAddr, SockFlag, SockProtocol, SockType, bind, recv, send,
    setsockopt, socket, sockopt,
};

use super::Room;
use crate::error::LabError;
use crate::steps::nft::{LOG_GROUP, LOG_SNAPLEN};

const NFNL_SUBSYS_ULOG: u16 = 4;
const NFULNL_MSG_PACKET: u16 = NFNL_SUBSYS_ULOG << 8;
const NFULNL_MSG_CONFIG: u16 = (NFNL_SUBSYS_ULOG << 8) | 1;
const NFULA_CFG_CMD: u16 = 1;
const NFULA_CFG_MODE: u16 = 2;
const NFULA_CFG_QTHRESH: u16 = 5;
const NFULNL_CFG_CMD_BIND: u8 = 1;
const NFULNL_COPY_PACKET: u8 = 2;
const NFULA_IFINDEX_INDEV: u16 = 4;
const NFULA_IFINDEX_OUTDEV: u16 = 5;
const NFULA_PAYLOAD: u16 = 9;
const NFULA_PREFIX: u16 = 10;

const NLM_F_REQUEST: u16 = 1;
const NLM_F_ACK: u16 = 4;
const NLMSG_ERROR: u16 = 2;

/// Bytes of a netlink header and of the netfilter header behind it.
const HEADER_LEN: usize = 16;
const NETFILTER_HEADER_LEN: usize = 4;

/// What the socket may hold before the kernel drops entries: some 800 of them, far more than
/// one scan of a network causes in one namespace between two reads.
const RECEIVE_BUFFER_BYTES: usize = 1 << 20;

/// Longest datagram read: one entry is some 150 bytes, and the kernel sends them one by one.
const DATAGRAM_BYTES: usize = 8192;

/// The log of one namespace.
#[derive(Debug)]
pub(crate) struct PacketLog {
    namespace: String,
    socket: OwnedFd,
}

/// One logged packet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Entry {
    /// The rule's prefix.
    pub(crate) prefix: String,
    /// Number of the link it came in by.
    pub(crate) from_link: Option<u32>,
    /// Number of the link it goes out by.
    pub(crate) to_link: Option<u32>,
    /// What its headers say.
    pub(crate) head: Head,
}

/// The parts of a TCP packet's headers that evidence needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Head {
    pub(crate) source: SocketAddrV4,
    pub(crate) destination: SocketAddrV4,
    pub(crate) sequence: u32,
    pub(crate) acknowledgement: u32,
    pub(crate) syn: bool,
    pub(crate) ack: bool,
    pub(crate) rst: bool,
}

impl PacketLog {
    /// Opens the log of a namespace.
    pub(crate) fn open(room: &Room) -> Result<Self, LabError> {
        let namespace = room.name().to_owned();
        let opened =
            room.run(|| open_socket().and_then(|socket| configure(&socket).map(|()| socket)));
        match opened.and_then(|inner| inner) {
            Ok(socket) => Ok(Self { namespace, socket }),
            Err(source) => Err(LabError::Log {
                operation: "open",
                namespace,
                source,
            }),
        }
    }

    pub(crate) fn namespace(&self) -> &str {
        &self.namespace
    }

    pub(crate) fn socket(&self) -> &OwnedFd {
        &self.socket
    }

    /// Reads what is there without waiting. The flag says whether entries were lost before.
    pub(crate) fn drain(&self, mut take: impl FnMut(Entry)) -> io::Result<bool> {
        let mut buffer = [0; DATAGRAM_BYTES];
        let mut lost = false;
        loop {
            match recv(self.socket.as_raw_fd(), &mut buffer, MsgFlags::MSG_DONTWAIT) {
                Ok(len) => {
                    let datagram = buffer.get(..len).unwrap_or_default();
                    for (kind, body) in messages(datagram) {
                        if kind == NFULNL_MSG_PACKET
                            && let Some(entry) = entry(body)
                        {
                            take(entry);
                        }
                    }
                }
                Err(Errno::ENOBUFS) => lost = true,
                Err(Errno::EINTR) => {}
                Err(Errno::EAGAIN) => return Ok(lost),
                Err(errno) => return Err(errno.into()),
            }
        }
    }
}

fn open_socket() -> io::Result<OwnedFd> {
    let flags = SockFlag::SOCK_CLOEXEC | SockFlag::SOCK_NONBLOCK;
    let socket = socket(
        AddressFamily::Netlink,
        SockType::Raw,
        flags,
        SockProtocol::NetlinkNetFilter,
    )?;
    bind(socket.as_raw_fd(), &NetlinkAddr::new(0, 0))?;
    setsockopt(&socket, sockopt::RcvBuf, &RECEIVE_BUFFER_BYTES)?;
    Ok(socket)
}

fn configure(socket: &OwnedFd) -> io::Result<()> {
    let mut mode = LOG_SNAPLEN.to_be_bytes().to_vec();
    mode.extend([NFULNL_COPY_PACKET, 0]);
    request(socket, NFULA_CFG_CMD, &[NFULNL_CFG_CMD_BIND])?;
    request(socket, NFULA_CFG_MODE, &mode)?;
    request(socket, NFULA_CFG_QTHRESH, &1_u32.to_be_bytes())
}

/// Sends one setting of the log group and reads the kernel's answer, which is there at once.
fn request(socket: &OwnedFd, attribute: u16, value: &[u8]) -> io::Result<()> {
    let mut body = vec![0, 0];
    body.extend(LOG_GROUP.to_be_bytes());
    let attribute_len = u16::try_from(4 + value.len()).unwrap_or(u16::MAX);
    body.extend(attribute_len.to_ne_bytes());
    body.extend(attribute.to_ne_bytes());
    body.extend(value);
    body.resize(body.len().next_multiple_of(4), 0);
    let len = u32::try_from(HEADER_LEN + body.len()).unwrap_or(u32::MAX);
    let mut message = len.to_ne_bytes().to_vec();
    message.extend(NFULNL_MSG_CONFIG.to_ne_bytes());
    message.extend((NLM_F_REQUEST | NLM_F_ACK).to_ne_bytes());
    message.extend([0; 8]);
    message.extend(body);
    send(socket.as_raw_fd(), &message, MsgFlags::empty())?;
    let mut buffer = [0; DATAGRAM_BYTES];
    let len = recv(socket.as_raw_fd(), &mut buffer, MsgFlags::empty())?;
    let answer = messages(buffer.get(..len).unwrap_or_default()).next();
    let status = answer.filter(|(kind, _)| *kind == NLMSG_ERROR);
    match status.and_then(|(_, body)| word(body, 0)) {
        Some(word) => match i32::from_ne_bytes(word) {
            0 => Ok(()),
            errno => Err(io::Error::from_raw_os_error(-errno)),
        },
        None => Err(io::ErrorKind::InvalidData.into()),
    }
}

/// The netlink messages of a datagram: type and what follows the header.
fn messages(mut datagram: &[u8]) -> impl Iterator<Item = (u16, &[u8])> {
    std::iter::from_fn(move || {
        let len = usize::try_from(u32::from_ne_bytes(word(datagram, 0)?)).ok()?;
        let kind = u16::from_ne_bytes(half(datagram, 4)?);
        let body = datagram.get(HEADER_LEN..len)?;
        let next = len.next_multiple_of(4);
        datagram = datagram.get(next..).unwrap_or_default();
        Some((kind, body))
    })
}

/// The attributes behind a netfilter header: type and value.
fn attributes(body: &[u8]) -> impl Iterator<Item = (u16, &[u8])> {
    let mut rest = body.get(NETFILTER_HEADER_LEN..).unwrap_or_default();
    std::iter::from_fn(move || {
        let len = usize::from(u16::from_ne_bytes(half(rest, 0)?));
        let kind = u16::from_ne_bytes(half(rest, 2)?) & 0x3fff;
        let value = rest.get(4..len)?;
        rest = rest.get(len.next_multiple_of(4)..).unwrap_or_default();
        Some((kind, value))
    })
}

fn entry(body: &[u8]) -> Option<Entry> {
    let (mut prefix, mut from_link, mut to_link, mut packet) = (None, None, None, None);
    for (kind, value) in attributes(body) {
        match kind {
            NFULA_PREFIX => {
                let text = value.split(|byte| *byte == 0).next().unwrap_or_default();
                prefix = Some(String::from_utf8_lossy(text).into_owned());
            }
            NFULA_IFINDEX_INDEV => from_link = word(value, 0).map(u32::from_be_bytes),
            NFULA_IFINDEX_OUTDEV => to_link = word(value, 0).map(u32::from_be_bytes),
            NFULA_PAYLOAD => packet = head(value),
            _ => {}
        }
    }
    Some(Entry {
        prefix: prefix?,
        from_link,
        to_link,
        head: packet?,
    })
}

/// Reads IPv4 and TCP headers.
fn head(packet: &[u8]) -> Option<Head> {
    let header_len = usize::from(packet.first()? & 0x0f) * 4;
    let tcp = packet.get(header_len..)?;
    let flags = *tcp.get(13)?;
    let address = |at| Some(Ipv4Addr::from(word(packet, at)?));
    let port = |at| Some(u16::from_be_bytes(half(tcp, at)?));
    Some(Head {
        source: SocketAddrV4::new(address(12)?, port(0)?),
        destination: SocketAddrV4::new(address(16)?, port(2)?),
        sequence: u32::from_be_bytes(word(tcp, 4)?),
        acknowledgement: u32::from_be_bytes(word(tcp, 8)?),
        syn: flags & 0x02 != 0,
        ack: flags & 0x10 != 0,
        rst: flags & 0x04 != 0,
    })
}

fn word(bytes: &[u8], at: usize) -> Option<[u8; 4]> {
    bytes.get(at..at.checked_add(4)?)?.try_into().ok()
}

fn half(bytes: &[u8], at: usize) -> Option<[u8; 2]> {
    bytes.get(at..at.checked_add(2)?)?.try_into().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn syn() -> Vec<u8> {
        let mut packet = vec![
            0x45, 0, 0, 40, 0, 0, 0, 0, 64, 6, 0, 0, 10, 0, 1, 10, 10, 0, 2, 20,
        ];
        packet.extend(40000_u16.to_be_bytes());
        packet.extend(9092_u16.to_be_bytes());
        packet.extend(7_u32.to_be_bytes());
        packet.extend([0, 0, 0, 0, 0x50, 0x02, 0, 0, 0, 0, 0, 0]);
        packet
    }

    #[test]
    fn a_logged_syn_is_read() {
        let mut body = vec![2, 0, 0, 7];
        body.extend([7, 0, 10, 0, b'i', b'n', 0, 0]);
        body.extend([8, 0, 4, 0, 0, 0, 0, 3]);
        body.extend([44, 0, 9, 0]);
        body.extend(syn());
        let entry = entry(&body).unwrap();
        assert_eq!(entry.prefix, "in");
        assert_eq!((entry.from_link, entry.to_link), (Some(3), None));
        assert_eq!(entry.head.source.to_string(), "10.0.1.10:40000");
        assert_eq!(entry.head.destination.to_string(), "10.0.2.20:9092");
        assert_eq!(
            (entry.head.sequence, entry.head.syn, entry.head.ack),
            (7, true, false)
        );
    }

    #[test]
    fn no_cut_makes_it_panic() {
        let mut body = vec![2, 0, 0, 7, 44, 0, 9, 0];
        body.extend(syn());
        for len in 0..body.len() {
            let cut = body.get(..len).unwrap();
            assert_eq!(entry(cut), None);
            assert!(messages(cut).count() <= 1);
        }
    }
}
