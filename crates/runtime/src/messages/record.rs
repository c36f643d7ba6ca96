//! The records: each a function of its number, so that the receiver knows what was sent.

/// Long enough to differ everywhere, short enough that a few thousand cross in a moment.
const PAYLOAD_BYTES_MIN: u64 = 32;
const PAYLOAD_BYTES_SPAN: u64 = 480;

const KEY_PREFIX: &str = "record-";

/// Returns the key of a record.
pub(super) fn key(index: usize) -> String {
    format!("{KEY_PREFIX}{index:06}")
}

/// Returns the number of the record with this key, if it is one that [`key`] makes.
pub(super) fn index(found: &[u8]) -> Option<usize> {
    let text = std::str::from_utf8(found).ok()?;
    let index = text.strip_prefix(KEY_PREFIX)?.parse().ok()?;
    (key(index) == text).then_some(index)
}

/// Returns the payload of a record.
pub(super) fn payload(index: usize) -> Vec<u8> {
    let mut state = index as u64;
    let n_bytes = PAYLOAD_BYTES_MIN + scramble(&mut state) % PAYLOAD_BYTES_SPAN;
    (0..n_bytes).map(|_| scramble(&mut state) as u8).collect()
}

/// Steps a counter by the golden ratio and mixes it (SplitMix64), so that neighbours differ.
fn scramble(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mut mixed = *state;
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn payloads_repeat_and_differ() {
        let payloads: BTreeSet<Vec<u8>> = (0..3000).map(payload).collect();
        assert_eq!(payloads.len(), 3000);
        assert_eq!(payload(7), payload(7));
        assert!(payloads.iter().all(|p| (32..512).contains(&p.len())));
    }

    #[test]
    fn a_key_gives_its_number_back() {
        for number in [0, 42, 999_999, 1_000_000] {
            assert_eq!(index(key(number).as_bytes()), Some(number));
        }
        for foreign in ["", "record-", "record-7", "record-+00042", "order-000042"] {
            assert_eq!(index(foreign.as_bytes()), None, "{foreign}");
        }
        assert_eq!(index(&[0xff]), None);
    }
}
