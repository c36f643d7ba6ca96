//! Evidence: what the kernel's packet logs say of every connection attempt.
//!
//! A flow is known by its TCP initial sequence number, which address translation leaves alone:
//! a SYN carries it, a SYN-ACK or RST acknowledges it plus one.

mod ledger;
mod trail;

use std::collections::BTreeMap;
use std::io;
use std::os::fd::OwnedFd;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use blueprint::ids::EniId;
use tokio::io::unix::AsyncFd;
use tokio::sync::Notify;
use tokio::task::JoinHandle;

use crate::error::LabError;
use crate::kernel::{Entry, PacketLog};
use crate::steps::{Note, Operation, Steps, nft};

pub use trail::{End, Packet, Sighting, Trail};

use ledger::Ledger;
use trail::Wiring;

/// A router that let nothing out for so long has dropped the packet: it forwards in the same
/// kernel call that received it, so this is some thousand times what it needs.
const QUIET: Duration = Duration::from_millis(30);

/// The evidence of a network, growing as packets move.
#[derive(Debug)]
pub struct Evidence {
    shared: Arc<Shared>,
    readers: Vec<JoinHandle<()>>,
}

#[derive(Debug)]
struct Shared {
    logs: Vec<Watched>,
    wiring: Arc<Wiring>,
    ledger: Mutex<Ledger>,
    news: Notify,
}

/// A packet log and what its entries mean.
#[derive(Debug)]
struct Watched {
    log: PacketLog,
    bell: AsyncFd<OwnedFd>,
    notes: BTreeMap<String, Note>,
    links: BTreeMap<u32, String>,
}

impl Evidence {
    /// Starts reading the logs. Needs a tokio runtime.
    pub(crate) fn gather(
        steps: &Steps,
        logs: Vec<(PacketLog, BTreeMap<u32, String>)>,
    ) -> Result<Self, LabError> {
        let notes = notes(steps);
        let watched = logs.into_iter().map(|(log, links)| {
            let namespace = log.namespace().to_owned();
            let notes = notes.get(&namespace).cloned().unwrap_or_default();
            match log.socket().try_clone().and_then(bell) {
                Ok(bell) => Ok(Watched {
                    log,
                    bell,
                    notes,
                    links,
                }),
                Err(source) => Err(LabError::Log {
                    operation: "watch",
                    namespace,
                    source,
                }),
            }
        });
        let shared = Arc::new(Shared {
            logs: watched.collect::<Result<_, _>>()?,
            wiring: Arc::new(Wiring::of(steps)),
            ledger: Mutex::new(Ledger::default()),
            news: Notify::new(),
        });
        let readers = (0..shared.logs.len()).map(|i| tokio::spawn(read(shared.clone(), i)));
        let readers = readers.collect();
        Ok(Self { shared, readers })
    }

    /// What has been seen of the latest connection from an interface's local port.
    pub fn trail(&self, eni: &EniId, local_port: u16) -> Trail {
        self.shared.drain_all();
        let (sightings, blind) = self.shared.ledger().seen(eni, local_port);
        Trail::new(self.shared.wiring.clone(), eni.clone(), sightings, blind)
    }

    /// Waits until a connection attempt's end is certain, or until the deadline.
    pub async fn settled(&self, eni: &EniId, local_port: u16, deadline: Instant) -> Trail {
        loop {
            let news = self.shared.news.notified();
            let trail = self.trail(eni, local_port);
            let quiet = self.shared.ledger().quiet(eni, local_port);
            let vanished = QUIET <= quiet && trail.end().is_some();
            let now = Instant::now();
            if trail.is_final() || vanished || deadline <= now {
                return trail;
            }
            let patience = QUIET.saturating_sub(quiet).max(Duration::from_millis(1));
            let patience = patience.min(deadline.saturating_duration_since(now));
            // Either way the loop looks again.
            let _ = tokio::time::timeout(patience, news).await;
        }
    }
}

impl Drop for Evidence {
    fn drop(&mut self) {
        for reader in &self.readers {
            reader.abort();
        }
    }
}

impl Shared {
    fn ledger(&self) -> MutexGuard<'_, Ledger> {
        self.ledger.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn drain_all(&self) {
        for log in &self.logs {
            // An unreadable log leaves gaps, and gaps end as `unknown`.
            let _ = self.drain(log);
        }
    }

    /// Moves what a log holds into the ledger, which stays locked so that order is kept.
    fn drain(&self, watched: &Watched) -> io::Result<()> {
        let mut ledger = self.ledger();
        let namespace = watched.log.namespace();
        let mut n_entries = 0_usize;
        let lost = watched.log.drain(|entry| {
            n_entries += 1;
            if let Some((flow, sighting)) = sighting(watched, entry) {
                ledger.enter(flow, sighting, &self.wiring);
            }
        })?;
        if lost {
            ledger.lose(namespace);
        }
        drop(ledger);
        if 0 < n_entries {
            self.news.notify_waiters();
        }
        Ok(())
    }
}

/// Rings when a socket has something to read.
fn bell(socket: OwnedFd) -> io::Result<AsyncFd<OwnedFd>> {
    // SAFETY: the descriptor is owned by what is returned, so it is open as long as that lives.
    #[expect(unsafe_code, reason = "registering a descriptor")]
    let registered = unsafe { AsyncFd::register(socket) };
    Ok(registered?)
}

async fn read(shared: Arc<Shared>, index: usize) {
    let Some(log) = shared.logs.get(index) else {
        return;
    };
    while let Ok(mut ready) = log.bell.readable().await {
        if shared.drain(log).is_err() {
            return;
        }
        ready.clear_ready();
    }
}

/// What the log entries of each namespace mean, by prefix.
fn notes(steps: &Steps) -> BTreeMap<String, BTreeMap<String, Note>> {
    let rulesets = steps.operations.iter().filter_map(|operation| {
        if let Operation::Ruleset { namespace, table } = operation {
            Some((namespace, table))
        } else {
            None
        }
    });
    let notes = |table: &nft::Table| table.notes().map(|(p, note)| (p, note.clone())).collect();
    rulesets
        .map(|(namespace, table)| (namespace.clone(), notes(table)))
        .collect()
}

/// Reads a log entry as part of a flow: its initial sequence number and what was seen.
fn sighting(watched: &Watched, entry: Entry) -> Option<(u32, Sighting)> {
    let head = entry.head;
    let answered = head.acknowledgement.wrapping_sub(1);
    let (packet, flow) = match (head.syn, head.ack, head.rst) {
        (true, false, false) => (Packet::Syn, head.sequence),
        (true, true, false) => (Packet::SynAck, answered),
        // The RST that refuses a SYN has sequence number zero; others end older connections.
        (false, true, true) if head.sequence == 0 => (Packet::Rst, answered),
        _ => return None,
    };
    let link = |number: Option<u32>| watched.links.get(&number?).cloned();
    let sighting = Sighting {
        namespace: watched.log.namespace().to_owned(),
        note: watched.notes.get(&entry.prefix)?.clone(),
        packet,
        from_link: link(entry.from_link),
        to_link: link(entry.to_link),
        source: head.source,
        destination: head.destination,
    };
    Some((flow, sighting))
}
