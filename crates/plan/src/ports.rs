//! Sets of TCP ports.

use std::collections::{BTreeMap, BTreeSet};

/// The ranges that cover exactly these ports, neighbours merged, lowest first.
pub(crate) fn ranges(ports: impl IntoIterator<Item = u16>) -> Vec<(u16, u16)> {
    let mut ranges: Vec<(u16, u16)> = Vec::new();
    for port in ports.into_iter().collect::<BTreeSet<_>>() {
        match ranges.last_mut() {
            Some((_, last)) if last.checked_add(1) == Some(port) => *last = port,
            Some(_) | None => ranges.push((port, port)),
        }
    }
    ranges
}

/// The number that gives every broker's port when its id is added, if there is one.
pub(crate) fn base(ports: &BTreeMap<u32, u16>) -> Option<u32> {
    let mut bases = ports
        .iter()
        .map(|(id, port)| u32::from(*port).checked_sub(*id));
    let first = bases.next()??;
    bases.all(|base| base == Some(first)).then_some(first)
}

#[cfg(test)]
mod tests {
    use super::{base, ranges};

    #[test]
    fn a_base_gives_every_port() {
        let check = |ports: &[(u32, u16)], expected: Option<u32>| {
            assert_eq!(
                base(&ports.iter().copied().collect()),
                expected,
                "{ports:?}"
            );
        };
        check(&[], None);
        check(&[(1, 9001), (3, 9003)], Some(9000));
        check(&[(1, 9002), (2, 9001)], None);
        check(&[(9005, 9001)], None);
    }

    #[test]
    fn neighbours_are_merged() {
        let check = |ports: &[u16], expected: &[(u16, u16)]| {
            assert_eq!(ranges(ports.iter().copied()), expected, "{ports:?}");
        };
        check(&[], &[]);
        check(&[9003, 9001, 9002, 9000], &[(9000, 9003)]);
        check(&[9093, 9099, 9093], &[(9093, 9093), (9099, 9099)]);
        check(&[u16::MAX, u16::MAX - 1], &[(u16::MAX - 1, u16::MAX)]);
    }
}
