//! The book of sightings, by flow, within bounds.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::time::{Duration, Instant};

use blueprint::ids::EniId;

use super::trail::{Packet, Sighting, Wiring};
use crate::steps::Note;

/// Flows remembered at once; older ones are forgotten. A probe looks at a flow within seconds,
/// and a busy lab opens some tens of connections a second.
const MAX_FLOWS: usize = 4096;

/// Sightings kept per flow: sixteen legs there and back, and some retransmissions.
const MAX_SIGHTINGS: usize = 512;

/// Sightings by initial sequence number.
#[derive(Debug, Default)]
pub(super) struct Ledger {
    flows: BTreeMap<u32, Flow>,
    ages: VecDeque<u32>,
    dialled: BTreeMap<(EniId, u16), u32>,
    lost: BTreeMap<String, Instant>,
}

#[derive(Debug)]
struct Flow {
    sightings: Vec<Sighting>,
    first: Instant,
    last: Instant,
}

impl Ledger {
    pub(super) fn enter(&mut self, flow: u32, sighting: Sighting, wiring: &Wiring) {
        let leaves = sighting.packet == Packet::Syn && sighting.note == Note::Left;
        if leaves && let Some(eni) = wiring.host(&sighting.namespace) {
            let dialled = (eni.clone(), sighting.source.port());
            self.dialled.insert(dialled, flow);
        }
        let now = Instant::now();
        let known = self.flows.entry(flow).or_insert_with(|| {
            self.ages.push_back(flow);
            Flow {
                sightings: Vec::new(),
                first: now,
                last: now,
            }
        });
        known.last = now;
        if known.sightings.len() < MAX_SIGHTINGS {
            known.sightings.push(sighting);
        }
        if MAX_FLOWS < self.ages.len() {
            self.forget_oldest();
        }
    }

    fn forget_oldest(&mut self) {
        if let Some(oldest) = self.ages.pop_front() {
            self.flows.remove(&oldest);
            self.dialled.retain(|_, flow| *flow != oldest);
        }
    }

    /// Notes that the kernel dropped log entries of a namespace.
    pub(super) fn lose(&mut self, namespace: &str) {
        self.lost.insert(namespace.to_owned(), Instant::now());
    }

    /// The sightings of a dialled connection, and the namespaces whose log has gaps since.
    pub(super) fn seen(&self, eni: &EniId, port: u16) -> (Vec<Sighting>, BTreeSet<String>) {
        let Some(flow) = self.flow(eni, port) else {
            return (Vec::new(), BTreeSet::new());
        };
        let lost = self.lost.iter().filter(|(_, when)| flow.first <= **when);
        let blind = lost.map(|(namespace, _)| namespace.clone()).collect();
        (flow.sightings.clone(), blind)
    }

    /// For how long nothing has been seen of a dialled connection.
    pub(super) fn quiet(&self, eni: &EniId, port: u16) -> Duration {
        let flow = self.flow(eni, port);
        flow.map_or(Duration::ZERO, |flow| flow.last.elapsed())
    }

    fn flow(&self, eni: &EniId, port: u16) -> Option<&Flow> {
        let flow = self.dialled.get(&(eni.clone(), port))?;
        self.flows.get(flow)
    }
}
