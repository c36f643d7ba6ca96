//! Reading a trail: following a packet from namespace to namespace over the cables, and its
//! answer back, until it arrives, is dropped by a rule, or enters a router and leaves no more.

use std::collections::{BTreeMap, BTreeSet};
use std::net::SocketAddrV4;
use std::sync::Arc;

use blueprint::ids::EniId;
use blueprint::verdict::{Class, Direction, Place};

use crate::steps::{Namespace, Note, Operation, Owner, Role, Steps};

/// Interfaces a packet may visit before it counts as going in circles; the rules of the network
/// say sixteen legs.
const MAX_LEGS: usize = 16;

/// Transit gateways a packet may pass before it counts as going in circles, by the same rules.
const MAX_GATEWAYS: usize = 8;

/// One look at one packet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sighting {
    /// The namespace it was seen in.
    pub namespace: String,
    /// What happened to it there.
    pub note: Note,
    /// What packet it was.
    pub packet: Packet,
    /// The link it came in by.
    pub from_link: Option<String>,
    /// The link it goes out by.
    pub to_link: Option<String>,
    /// Its source there; translation changes it on the way.
    pub source: SocketAddrV4,
    /// Its destination there.
    pub destination: SocketAddrV4,
}

/// The packets that open or refuse a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Packet {
    /// Asks for a connection.
    Syn,
    /// Grants it.
    SynAck,
    /// Refuses it.
    Rst,
}

/// Where a connection attempt ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct End {
    /// How: `delivered` means that the connection was opened, whoever answered.
    pub class: Class,
    /// Where; none for delivered.
    pub place: Option<Place>,
    /// Which way the packet went that ended.
    pub direction: Direction,
}

/// Everything seen of one connection attempt.
#[derive(Clone, Debug)]
pub struct Trail {
    /// Its sightings; those of one namespace in the order they happened.
    pub sightings: Vec<Sighting>,
    wiring: Arc<Wiring>,
    dialler: EniId,
    /// Namespaces whose log has gaps, so that absence proves nothing there.
    blind: BTreeSet<String>,
}

/// Which namespaces there are and how they are connected.
#[derive(Debug)]
pub(super) struct Wiring {
    namespaces: BTreeMap<String, Namespace>,
    far_ends: BTreeMap<(String, String), (String, String)>,
}

impl Wiring {
    pub(super) fn of(steps: &Steps) -> Self {
        let mut far_ends = BTreeMap::new();
        for operation in &steps.operations {
            if let Operation::Cable(cable) = operation {
                let [a, b] = cable.ends.clone().map(|end| (end.namespace, end.link));
                far_ends.insert(a.clone(), b.clone());
                far_ends.insert(b, a);
            }
        }
        Self {
            namespaces: steps.namespaces.clone(),
            far_ends,
        }
    }

    /// The interface whose host a namespace is.
    pub(super) fn host(&self, namespace: &str) -> Option<&EniId> {
        match self.namespaces.get(namespace)? {
            Namespace {
                stands_for: Owner::Eni(eni),
                role: Role::Host,
            } => Some(eni),
            Namespace { .. } => None,
        }
    }

    /// Where a packet arrives that leaves by a link.
    fn far_end(&self, namespace: &str, link: &str) -> Option<(String, String)> {
        let here = (namespace.to_owned(), link.to_owned());
        if link == "lo" {
            return Some(here);
        }
        self.far_ends.get(&here).cloned()
    }
}

/// How a walk along the sightings of one packet came out.
enum Walk {
    /// A host took it.
    Arrived(String),
    /// It ended at a place.
    Ended(Class, Place),
    /// It entered a router and was not seen again.
    Vanished(String),
    /// The sightings break off.
    Open,
}

impl Trail {
    pub(super) fn new(
        wiring: Arc<Wiring>,
        dialler: EniId,
        sightings: Vec<Sighting>,
        blind: BTreeSet<String>,
    ) -> Self {
        Self {
            sightings,
            wiring,
            dialler,
            blind,
        }
    }

    /// Where the attempt ended by what has been seen; none if that is too little to say. While
    /// packets still move, a router may seem to have swallowed one: see
    /// [`settled`](super::Evidence::settled).
    pub fn end(&self) -> Option<End> {
        self.read().map(|(end, _)| end)
    }

    /// Whether no later sighting can change the end.
    pub(super) fn is_final(&self) -> bool {
        self.read().is_some_and(|(_, certain)| certain)
    }

    /// The interface whose host the request finally reached.
    pub fn reached(&self) -> Option<EniId> {
        match self.walk(Packet::Syn, &self.start()?) {
            Walk::Arrived(namespace) => self.wiring.host(&namespace).cloned(),
            Walk::Ended(..) | Walk::Vanished(_) | Walk::Open => None,
        }
    }

    /// The interfaces on the way that translated the request's addresses: of each, another
    /// connection may take another way.
    pub fn relays(&self) -> Vec<EniId> {
        let entered = self.sightings.iter().filter_map(|s| {
            let namespace = self.wiring.namespaces.get(&s.namespace)?;
            let enters = s.packet == Packet::Syn && s.note == Note::Entered;
            match (&namespace.stands_for, namespace.role) {
                (Owner::Eni(eni), Role::Relay) if enters => Some(eni.clone()),
                (
                    Owner::Eni(_) | Owner::Router(_) | Owner::Transit(_),
                    Role::Relay | Role::Host | Role::Router,
                ) => None,
            }
        });
        let entered: BTreeSet<_> = entered.collect();
        entered.into_iter().collect()
    }

    /// The end, and whether it is certain already.
    fn read(&self) -> Option<(End, bool)> {
        let start = self.start()?;
        let end = |class, place, direction| End {
            class,
            place: Some(place),
            direction,
        };
        let host = match self.walk(Packet::Syn, &start) {
            Walk::Arrived(host) => host,
            Walk::Ended(class, place) => {
                return Some((end(class, place, Direction::Forward), true));
            }
            Walk::Vanished(router) => {
                let place = self.place(&router)?;
                return Some((end(Class::NoRoute, place, Direction::Forward), false));
            }
            Walk::Open => return None,
        };
        let packet = self.answer(&host)?;
        match self.walk(packet, &host) {
            Walk::Arrived(back) if back == start => Some((self.answered(packet, &host)?, true)),
            Walk::Ended(class @ (Class::DeniedOut | Class::DeniedIn | Class::Loop), place) => {
                Some((end(class, place, Direction::Return), true))
            }
            // Wherever else an answer ends, no route carries it on.
            Walk::Ended(_, place) => Some((end(Class::NoRoute, place, Direction::Return), true)),
            Walk::Vanished(router) => {
                let place = self.place(&router)?;
                Some((end(Class::NoRoute, place, Direction::Return), false))
            }
            Walk::Arrived(_) | Walk::Open => None,
        }
    }

    fn answered(&self, packet: Packet, host: &str) -> Option<End> {
        let refused = packet == Packet::Rst;
        Some(End {
            class: if refused {
                Class::Refused
            } else {
                Class::Delivered
            },
            place: if refused {
                Some(self.place(host)?)
            } else {
                None
            },
            direction: Direction::Forward,
        })
    }

    fn place(&self, namespace: &str) -> Option<Place> {
        let namespace = self.wiring.namespaces.get(namespace)?;
        Some(namespace.stands_for.place())
    }

    /// The namespace of the host that dialled.
    fn start(&self) -> Option<String> {
        let mut namespaces = self.wiring.namespaces.keys();
        let own = |name: &&String| self.wiring.host(name) == Some(&self.dialler);
        namespaces.find(own).cloned()
    }

    /// What the host that the request reached answered.
    fn answer(&self, host: &str) -> Option<Packet> {
        let answers = self
            .sightings
            .iter()
            .filter(|s| s.namespace == host && s.note == Note::Left && s.packet != Packet::Syn);
        answers.map(|s| s.packet).next()
    }

    /// Follows one packet from the namespace that sends it.
    fn walk(&self, packet: Packet, from: &str) -> Walk {
        let mut left: Vec<_> = self
            .sightings
            .iter()
            .filter(|s| s.packet == packet)
            .collect();
        let mut here = from.to_owned();
        let mut entered: Option<&Sighting> = None;
        let (mut n_legs, mut n_gateways) = (0, 0);
        loop {
            let leaving = |s: &&Sighting| {
                s.namespace == here && s.note == Note::Left && self.same_pass(entered, s)
            };
            let Some(out) = take(&mut left, leaving) else {
                return self.stopped(&here, entered);
            };
            let link = out.to_link.as_deref().unwrap_or_default();
            let Some((there, link)) = self.wiring.far_end(&here, link) else {
                return Walk::Open;
            };
            let at = |s: &&Sighting| s.namespace == there && s.from_link.as_ref() == Some(&link);
            let Some(entry) = take(&mut left, |s| at(s) && s.note == Note::Entered) else {
                return self.dropped_on_arrival(&left, &there, &link);
            };
            if let Walk::Ended(class, place) = self.dropped_on_arrival(&left, &there, &link) {
                return Walk::Ended(class, place);
            }
            match self.wiring.namespaces.get(&there).map(|n| n.role) {
                Some(Role::Host) => return Walk::Arrived(there),
                Some(Role::Relay) if self.taken(&left, &there, &link) => {
                    return Walk::Arrived(there);
                }
                Some(Role::Relay) => n_legs += 1,
                Some(Role::Router) if self.is_gateway(&there) => n_gateways += 1,
                Some(Role::Router) => {}
                None => return Walk::Open,
            }
            if MAX_LEGS < n_legs || MAX_GATEWAYS < n_gateways {
                let place = self.place(&there);
                return place.map_or(Walk::Open, |place| Walk::Ended(Class::Loop, place));
            }
            entered = Some(entry);
            here = there;
        }
    }

    fn is_gateway(&self, namespace: &str) -> bool {
        let namespace = self.wiring.namespaces.get(namespace);
        namespace.is_some_and(|n| matches!(n.stands_for, Owner::Transit(_)))
    }

    /// Whether a relay's own stack took a packet that came by a link.
    fn taken(&self, left: &[&Sighting], there: &str, link: &str) -> bool {
        let mut here = left.iter().filter(|s| s.namespace == there);
        here.any(|s| s.note == Note::Taken && s.from_link.as_deref() == Some(link))
    }

    /// A router forwards a packet unchanged, so what leaves it is told apart by its addresses.
    fn same_pass(&self, entered: Option<&Sighting>, leaving: &Sighting) -> bool {
        let Some(entered) = entered else {
            return true;
        };
        let role = self
            .wiring
            .namespaces
            .get(&leaving.namespace)
            .map(|n| n.role);
        let unchanged =
            (entered.source, entered.destination) == (leaving.source, leaving.destination);
        role != Some(Role::Router) || unchanged
    }

    /// What it means that a packet does not leave a namespace that it entered.
    fn stopped(&self, here: &str, entered: Option<&Sighting>) -> Walk {
        let role = self.wiring.namespaces.get(here).map(|n| n.role);
        let swallowed = entered.is_some() && role == Some(Role::Router);
        if swallowed && !self.blind.contains(here) {
            Walk::Vanished(here.to_owned())
        } else {
            Walk::Open
        }
    }

    fn dropped_on_arrival(&self, left: &[&Sighting], there: &str, link: &str) -> Walk {
        let mut drops = left
            .iter()
            .filter(|s| s.namespace == there && s.from_link.as_deref() == Some(link));
        let drop = drops.find_map(|s| match &s.note {
            Note::Dropped(class, place) => Some(Walk::Ended(*class, place.clone())),
            Note::Entered | Note::Taken | Note::Left => None,
        });
        drop.unwrap_or(Walk::Open)
    }
}

/// Takes the first that fits, so that no sighting counts twice.
fn take<'s>(
    left: &mut Vec<&'s Sighting>,
    fits: impl Fn(&&Sighting) -> bool,
) -> Option<&'s Sighting> {
    let at = left.iter().position(fits)?;
    Some(left.remove(at))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A client, a router and a host: `c` and `h` behind `r`.
    fn wiring() -> Arc<Wiring> {
        let namespace = |stands_for, role| Namespace { stands_for, role };
        let host = |id: &str| namespace(Owner::Eni(id.into()), Role::Host);
        let router = namespace(Owner::Router("v".into()), Role::Router);
        let namespaces = [("c", host("c")), ("h", host("h")), ("r", router)];
        let pairs = [
            (("c", "eth0"), ("r", "eni1")),
            (("h", "eth0"), ("r", "eni2")),
        ];
        let owned = |(a, b): (&str, &str)| (a.to_owned(), b.to_owned());
        let ends = pairs.iter().flat_map(|(a, b)| [(*a, *b), (*b, *a)]);
        Arc::new(Wiring {
            namespaces: namespaces.map(|(name, n)| (name.to_owned(), n)).into(),
            far_ends: ends.map(|(a, b)| (owned(a), owned(b))).collect(),
        })
    }

    /// Sightings as `syn c > eth0` (left) or `rst r < eni2` (entered) or `syn r ! eni1` (denied).
    fn trail(lines: &str, blind: &[&str]) -> Trail {
        let sighting = |line: &str| {
            let words: Vec<_> = line.split_whitespace().collect();
            let [packet, namespace, what, link] = words.as_slice() else {
                panic!("{line}");
            };
            let packet = match *packet {
                "syn" => Packet::Syn,
                "synack" => Packet::SynAck,
                _ => Packet::Rst,
            };
            let denied = Note::Dropped(Class::DeniedIn, Place::Eni("h".into()));
            let (note, leaves) = match *what {
                ">" => (Note::Left, true),
                "<" => (Note::Entered, false),
                _ => (denied, false),
            };
            let at = SocketAddrV4::new(std::net::Ipv4Addr::LOCALHOST, 1);
            Sighting {
                namespace: (*namespace).to_owned(),
                note,
                packet,
                from_link: (!leaves).then(|| (*link).to_owned()),
                to_link: leaves.then(|| (*link).to_owned()),
                source: at,
                destination: at,
            }
        };
        let sightings = lines.split(';').map(|line| sighting(line.trim())).collect();
        let blind = blind.iter().map(|name| (*name).to_owned()).collect();
        Trail::new(wiring(), "c".into(), sightings, blind)
    }

    fn end(lines: &str) -> String {
        match trail(lines, &[]).end() {
            None => "unknown".to_owned(),
            Some(End {
                class,
                place,
                direction,
            }) => {
                let place = place.map_or_else(String::new, |place| place.to_string());
                format!("{class} {place} {direction}")
            }
        }
    }

    const THERE: &str = "syn c > eth0; syn r < eni1; syn r > eni2; syn h < eth0";

    #[test]
    fn a_trail_ends_where_the_packet_is_seen_last() {
        let cases = [
            ("syn c > eth0", "unknown"),
            (
                "syn c > eth0; syn r < eni1",
                "no-route routing of v forward",
            ),
            (
                "syn c > eth0; syn r < eni1; syn r ! eni1",
                "denied-in h forward",
            ),
            ("syn c > eth0; syn r < eni1; syn r > eni2", "unknown"),
        ];
        for (lines, expected) in cases {
            assert_eq!(end(lines), expected, "{lines}");
        }
        assert_eq!(end(THERE), "unknown");
    }

    #[test]
    fn an_answer_is_followed_back() {
        let back = |packet| {
            let way = format!("{packet} h > eth0; {packet} r < eni2; {packet} r > eni1");
            format!("{THERE}; {way}; {packet} c < eth0")
        };
        assert_eq!(end(&back("rst")), "refused h forward");
        assert_eq!(end(&back("synack")), "delivered  forward");
        let lost = format!("{THERE}; rst h > eth0; rst r < eni2");
        assert_eq!(end(&lost), "no-route routing of v return");
    }

    #[test]
    fn absence_proves_nothing_where_entries_were_lost() {
        let lines = "syn c > eth0; syn r < eni1";
        assert!(trail(lines, &[]).end().is_some());
        assert_eq!(trail(lines, &["r"]).end(), None);
    }

    #[test]
    fn retransmissions_change_nothing() {
        let again =
            format!("{THERE}; {THERE}; rst h > eth0; rst h > eth0; rst r < eni2; rst r < eni2");
        assert_eq!(end(&again), "no-route routing of v return");
        assert_eq!(trail(&again, &[]).reached(), Some("h".into()));
    }
}
