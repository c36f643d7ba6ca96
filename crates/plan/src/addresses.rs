//! The addresses of one subnet and who has them. Each kind of owner draws from a band of its
//! own, and within it from a slice that depends on positions in the spec only: what is appended
//! to one list takes no address that something else would have had. When a slice is full, its
//! owners spill into the subnet's free addresses from the top; only those may move as it grows.

use std::collections::BTreeMap;
use std::net::Ipv4Addr;
use std::ops::Range;

use blueprint::ids::EniId;
use ipnet::Ipv4Net;

/// Addresses AWS keeps at a subnet's start: network, router, resolver, one spare.
const RESERVED_AT_START: u32 = 4;

/// Addresses AWS keeps at a subnet's end: the broadcast address.
const RESERVED_AT_END: u32 = 1;

/// Share of a subnet for brokers.
const BROKERS_SHARE: u32 = 4;

/// Share of a subnet for balancer nodes, and for endpoints: one each per cluster or connection.
const SINGLES_SHARE: u32 = 8;

/// Largest slice of the brokers' band for one cluster: MSK's most brokers are 60.
const CLUSTER_SLICE_MAX: u32 = 64;

/// Smallest slice of the brokers' band for one cluster.
const CLUSTER_SLICE_MIN: u32 = 4;

/// Who draws an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Band {
    /// Brokers of the cluster at this position in its VPC.
    Brokers(usize),
    /// A balancer's node, of the cluster at this position in its VPC.
    Node(usize),
    /// An endpoint's interface, of the connection at this position among those of its VPC.
    Endpoint(usize),
    /// The stranger.
    Witness,
    /// Clients.
    Clients,
}

/// The addresses of a subnet.
pub(crate) struct Pool {
    first: u32,
    n_usable: u32,
    taken: BTreeMap<u32, EniId>,
}

/// Why an address cannot be had.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Refused {
    /// AWS keeps it.
    Reserved,
    /// Somebody has it.
    Taken(EniId),
}

impl Pool {
    pub(crate) fn new(cidr: Ipv4Net) -> Self {
        let base = u32::from(cidr.network());
        let last = u32::from(cidr.broadcast()) - base;
        Self {
            first: base.saturating_add(RESERVED_AT_START),
            n_usable: last.saturating_sub(RESERVED_AT_START + RESERVED_AT_END - 1),
            taken: BTreeMap::new(),
        }
    }

    /// Takes one certain address of the subnet.
    pub(crate) fn take(&mut self, address: Ipv4Addr, owner: &EniId) -> Result<(), Refused> {
        let offset = u32::from(address)
            .checked_sub(self.first)
            .filter(|offset| *offset < self.n_usable)
            .ok_or(Refused::Reserved)?;
        if let Some(holder) = self.taken.get(&offset) {
            return Err(Refused::Taken(holder.clone()));
        }
        self.taken.insert(offset, owner.clone());
        Ok(())
    }

    /// Takes the lowest free address of the owner's slice.
    pub(crate) fn draw(&mut self, band: Band, owner: &EniId) -> Option<Ipv4Addr> {
        let free = self
            .slice(band)
            .find(|offset| !self.taken.contains_key(offset))?;
        Some(self.give(free, owner))
    }

    /// Takes the highest free address of the subnet.
    pub(crate) fn spill(&mut self, owner: &EniId) -> Option<Ipv4Addr> {
        let n_taken = u32::try_from(self.taken.len()).unwrap_or(u32::MAX);
        let mut offsets = (n_taken < self.n_usable).then_some(0..self.n_usable)?.rev();
        let free = offsets.find(|offset| !self.taken.contains_key(offset))?;
        Some(self.give(free, owner))
    }

    fn give(&mut self, offset: u32, owner: &EniId) -> Ipv4Addr {
        self.taken.insert(offset, owner.clone());
        Ipv4Addr::from(self.first + offset)
    }

    /// Offsets from the first usable address.
    fn slice(&self, band: Band) -> Range<u32> {
        let brokers = self.n_usable / BROKERS_SHARE;
        let singles = self.n_usable / SINGLES_SHARE;
        let endpoints = brokers + singles;
        let clients = endpoints + singles;
        match band {
            Band::Brokers(cluster) => {
                let size = (brokers / BROKERS_SHARE).clamp(CLUSTER_SLICE_MIN, CLUSTER_SLICE_MAX);
                let start = position(cluster).saturating_mul(size).min(brokers);
                start..start.saturating_add(size).min(brokers)
            }
            Band::Node(cluster) => single(brokers, position(cluster), singles),
            Band::Endpoint(link) => single(endpoints, position(link), singles),
            Band::Witness => clients..(clients + 1).min(self.n_usable),
            Band::Clients => (clients + 1).min(self.n_usable)..self.n_usable,
        }
    }
}

fn position(ordinal: usize) -> u32 {
    u32::try_from(ordinal).unwrap_or(u32::MAX)
}

fn single(start: u32, position: u32, length: u32) -> Range<u32> {
    let position = position.min(length);
    start + position..start + (position + 1).min(length)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pool(cidr: &str) -> Pool {
        Pool::new(cidr.parse().unwrap())
    }

    #[test]
    fn bands_do_not_meet() {
        for cidr in [
            "10.0.0.0/16",
            "10.0.0.0/20",
            "10.0.0.0/24",
            "10.0.0.0/26",
            "10.0.0.0/28",
        ] {
            let pool = pool(cidr);
            let bands = (0..200)
                .flat_map(|n| [Band::Brokers(n), Band::Node(n), Band::Endpoint(n)])
                .chain([Band::Witness, Band::Clients]);
            let mut seen = std::collections::BTreeSet::new();
            for band in bands {
                for offset in pool.slice(band) {
                    assert!(offset < pool.n_usable, "{cidr} {band:?}");
                    assert!(seen.insert(offset), "{cidr} {band:?} {offset}");
                }
            }
        }
    }

    #[test]
    fn reserved_addresses_are_never_given() {
        for (cidr, usable) in [
            ("10.0.0.0/28", 11),
            ("10.0.0.0/30", 0),
            ("10.0.0.0/32", 0),
            ("0.0.0.0/0", u32::MAX - 4),
        ] {
            assert_eq!(pool(cidr).n_usable, usable, "{cidr}");
        }
        let mut small = pool("10.0.0.0/28");
        let given: Vec<_> = (0..12)
            .filter_map(|n| small.spill(&EniId(n.to_string())))
            .collect();
        assert_eq!(given.len(), 11);
        assert_eq!(given.first().unwrap().to_string(), "10.0.0.14");
        assert_eq!(given.last().unwrap().to_string(), "10.0.0.4");
    }

    #[test]
    fn a_certain_address_is_had_once() {
        let mut pool = pool("10.0.0.0/24");
        let (one, other) = (EniId::from("one"), EniId::from("other"));
        assert_eq!(pool.take("10.0.0.4".parse().unwrap(), &one), Ok(()));
        let again = pool.take("10.0.0.4".parse().unwrap(), &other);
        assert_eq!(again, Err(Refused::Taken(one.clone())));
        for reserved in ["10.0.0.0", "10.0.0.3", "10.0.0.255"] {
            let refused = pool.take(reserved.parse().unwrap(), &other);
            assert_eq!(refused, Err(Refused::Reserved), "{reserved}");
        }
        let next = pool.draw(Band::Brokers(0), &other).unwrap();
        assert_eq!(next.to_string(), "10.0.0.5");
    }
}
