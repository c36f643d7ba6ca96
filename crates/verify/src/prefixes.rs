//! Tables of ranges: the narrowest range that contains an address decides, however many there
//! are.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::net::Ipv4Addr;

use ipnet::Ipv4Net;

/// What each of many ranges leads to.
#[derive(Debug)]
pub(crate) struct Prefixes<T> {
    by_length: BTreeMap<Reverse<u8>, BTreeMap<u32, T>>,
}

impl<T> Default for Prefixes<T> {
    fn default() -> Self {
        Self {
            by_length: BTreeMap::new(),
        }
    }
}

impl<T> Prefixes<T> {
    /// Adds what a range leads to; of equal ranges the first one added counts.
    pub(crate) fn add(&mut self, range: Ipv4Net, value: T) {
        let length = range.prefix_len();
        let same_length = self.by_length.entry(Reverse(length)).or_default();
        let start = masked(range.addr(), length);
        same_length.entry(start).or_insert(value);
    }

    /// What the narrowest range that contains an address leads to.
    pub(crate) fn narrowest(&self, address: Ipv4Addr) -> Option<&T> {
        let mut lengths = self.by_length.iter();
        lengths.find_map(|(Reverse(length), ranges)| ranges.get(&masked(address, *length)))
    }
}

/// The first address of the range of this length that an address lies in.
fn masked(address: Ipv4Addr, length: u8) -> u32 {
    let rest = 32_u32.saturating_sub(length.into());
    let mask = u32::MAX.checked_shl(rest).unwrap_or(0);
    u32::from(address) & mask
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_narrowest_and_then_the_first_counts() {
        let mut table = Prefixes::default();
        for (value, range) in [
            "10.0.0.0/8",
            "10.1.0.0/16",
            "10.1.0.0/16",
            "10.1.2.3/32",
            "0.0.0.0/0",
        ]
        .iter()
        .enumerate()
        {
            table.add(range.parse().expect("a range"), value);
        }
        let found = |address: &str| {
            table
                .narrowest(address.parse().expect("an address"))
                .copied()
        };
        assert_eq!(found("10.1.2.3"), Some(3));
        assert_eq!(found("10.1.2.4"), Some(1));
        assert_eq!(found("10.2.0.0"), Some(0));
        assert_eq!(found("11.0.0.0"), Some(4));
        assert_eq!(
            Prefixes::<u8>::default().narrowest(Ipv4Addr::LOCALHOST),
            None
        );
    }
}
