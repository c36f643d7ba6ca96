//! The addresses of one subnet and who has them. Each kind of owner draws from a band of its
//! own, and within it from a slice that depends on positions in the spec only: what is appended
//! to one list takes no address that something else would have had. When a slice is full, its
//! owners spill into the subnet's free addresses from the top; only those may move as it grows.

use std::collections::BTreeMap;
use std::net::Ipv4Addr;
use std::ops::Range;

use blueprint::ids::EniId;
use ipnet::Ipv4Net;

/// Addresses AWS keeps at a subnet's start: network, router, resolver, one spare. The last one,
/// for broadcast, is kept as well.
const RESERVED: u32 = 4;

/// Part of a subnet for brokers: one in this many.
const BROKERS_PART: u32 = 4;

/// Least end of the brokers' band, so that the smallest subnet (/28) has two of them in it.
const BROKERS_END_MIN: u32 = 6;

/// Part of a subnet for balancer nodes, and for endpoints, one in this many: there is one each
/// per cluster or connection. Clients have the rest.
const SINGLES_PART: u32 = 8;

/// Where a band begins in itself if the subnet is large: people say low addresses themselves,
/// and an address that ends in 0 reads like a range.
const LEAD: u32 = 10;

/// Least size of a subnet in which bands have a [`LEAD`].
const LEAD_SIZE_MIN: u32 = 256;

/// Largest slice of the brokers' band for one cluster: MSK has at most 60 brokers.
const CLUSTER_SLICE_MAX: u32 = 64;

/// Smallest slice of the brokers' band for one cluster.
const CLUSTER_SLICE_MIN: u32 = 4;

/// Least size of a band that is shared with those who need many addresses.
const SHARED_BAND_MIN: usize = 16;

/// Part of half a band for one who needs many addresses, one in this many.
const FURTHER_PART: u32 = 4;

/// Largest such part: an endpoint for each of the most brokers MSK has, and a few.
const FURTHER_SLICE_MAX: u32 = 80;

/// Who draws an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Band {
    /// Brokers of the cluster at this position in its VPC.
    Brokers(usize),
    /// A balancer's node, of the cluster at this position in its VPC.
    Node(usize),
    /// Something else of the cluster at this position in its VPC that takes connections: the
    /// `nth` of all there may be.
    Beside { cluster: usize, nth: usize },
    /// An endpoint's interface, of the connection at this position among those of its VPC.
    Endpoint(usize),
    /// One of several endpoints of the connection at this position: the `nth`.
    EndpointOf { link: usize, nth: usize },
    /// The stranger.
    Witness,
    /// Clients.
    Clients,
}

/// The addresses of a subnet, as offsets from its first.
pub(crate) struct Pool {
    base: u32,
    last: u32,
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
        Self {
            base,
            last: u32::from(cidr.broadcast()) - base,
            taken: BTreeMap::new(),
        }
    }

    /// Takes one certain address of the subnet.
    pub(crate) fn take(&mut self, address: Ipv4Addr, owner: &EniId) -> Result<(), Refused> {
        let offset = u32::from(address).wrapping_sub(self.base);
        if !self.usable().contains(&offset) {
            return Err(Refused::Reserved);
        }
        if let Some(holder) = self.taken.get(&offset) {
            return Err(Refused::Taken(holder.clone()));
        }
        self.taken.insert(offset, owner.clone());
        Ok(())
    }

    /// Takes the lowest free address of the owner's slice.
    pub(crate) fn draw(&mut self, band: Band, owner: &EniId) -> Option<Ipv4Addr> {
        let mut offsets = self.slice(band);
        let free = offsets.find(|offset| !self.taken.contains_key(offset))?;
        Some(self.give(free, owner))
    }

    /// Takes the highest free address of the subnet.
    pub(crate) fn spill(&mut self, owner: &EniId) -> Option<Ipv4Addr> {
        let usable = self.usable();
        if usable.len() <= self.taken.len() {
            return None;
        }
        let free = usable
            .rev()
            .find(|offset| !self.taken.contains_key(offset))?;
        Some(self.give(free, owner))
    }

    fn give(&mut self, offset: u32, owner: &EniId) -> Ipv4Addr {
        self.taken.insert(offset, owner.clone());
        Ipv4Addr::from(self.base + offset)
    }

    fn usable(&self) -> Range<u32> {
        RESERVED..self.last.max(RESERVED)
    }

    fn slice(&self, band: Band) -> Range<u32> {
        let size = self.last.saturating_add(1);
        let lead = if size < LEAD_SIZE_MIN { 0 } else { LEAD };
        let nodes = (size / BROKERS_PART).max(BROKERS_END_MIN);
        let endpoints = nodes + size / SINGLES_PART;
        let clients = endpoints + size / SINGLES_PART;
        let slice = match band {
            Band::Brokers(cluster) => {
                let share = (nodes / BROKERS_PART).clamp(CLUSTER_SLICE_MIN, CLUSTER_SLICE_MAX);
                nth(cluster, share, lead.max(RESERVED)..nodes)
            }
            Band::Node(cluster) => nth(cluster, 1, singles(nodes + lead..endpoints)),
            Band::Beside { cluster, nth } => further(cluster, nth, nodes + lead..endpoints),
            Band::Endpoint(link) => nth(link, 1, singles(endpoints + lead..clients)),
            Band::EndpointOf { link, nth } => further(link, nth, endpoints + lead..clients),
            Band::Witness => nth(0, 1, clients + lead..self.last),
            Band::Clients => clients + lead + 1..self.last,
        };
        slice.start..slice.end.min(self.usable().end)
    }
}

/// The part of a band for those who need one address each: all of a small one.
fn singles(band: Range<u32>) -> Range<u32> {
    if band.len() < SHARED_BAND_MIN {
        return band;
    }
    band.start..middle(&band)
}

fn middle(band: &Range<u32>) -> u32 {
    band.start.midpoint(band.end)
}

/// One address of the part of a band for those who need many: the `nth` of a position's share.
fn further(position: usize, nth_of: usize, band: Range<u32>) -> Range<u32> {
    if band.len() < SHARED_BAND_MIN {
        return band.end..band.end;
    }
    let half = middle(&band)..band.end;
    let size = (half.end - half.start) / FURTHER_PART;
    let share = nth(position, size.clamp(1, FURTHER_SLICE_MAX), half);
    nth(nth_of, 1, share)
}

/// The slice at a position of a band that is cut into slices of one size.
fn nth(position: usize, size: u32, band: Range<u32>) -> Range<u32> {
    let position = u32::try_from(position).unwrap_or(u32::MAX);
    let start = band.start.saturating_add(position.saturating_mul(size));
    start..start.saturating_add(size).min(band.end)
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
            let many = (0..9).flat_map(|of| (0..90).map(move |nth| (of, nth)));
            let many = many.flat_map(|(of, nth)| {
                [
                    Band::Beside { cluster: of, nth },
                    Band::EndpointOf { link: of, nth },
                ]
            });
            let bands = bands.chain(many);
            let mut seen = std::collections::BTreeSet::new();
            for band in bands {
                for offset in pool.slice(band) {
                    assert!(pool.usable().contains(&offset), "{cidr} {band:?}");
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
            ("0.0.0.0/0", u32::MAX as usize - 4),
        ] {
            assert_eq!(pool(cidr).usable().len(), usable, "{cidr}");
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
        assert_eq!(pool.take("10.0.0.10".parse().unwrap(), &one), Ok(()));
        let again = pool.take("10.0.0.10".parse().unwrap(), &other);
        assert_eq!(again, Err(Refused::Taken(one.clone())));
        for reserved in ["10.0.0.0", "10.0.0.3", "10.0.0.255"] {
            let refused = pool.take(reserved.parse().unwrap(), &other);
            assert_eq!(refused, Err(Refused::Reserved), "{reserved}");
        }
        let next = pool.draw(Band::Brokers(0), &other).unwrap();
        assert_eq!(next.to_string(), "10.0.0.11");
    }
}
