//! Broker settings for labs, settings files in Java's notation, and ids made from names.

use std::fmt::Write as _;
use std::path::Path;

use super::error::{KafkaError, at};

/// The broker settings that make a broker small and quick on a laptop, as key and value. None of
/// them has a say in who reaches whom, or in what is kept.
pub fn lab_settings() -> Vec<(&'static str, &'static str)> {
    vec![
        // The cleaner's default buffer is 128 MiB of heap, allocated at the start; this is the
        // smallest size that is accepted with room to spare.
        ("log.cleaner.dedupe.buffer.size", "2097152"),
        // The defaults are 50 partitions each, all created when the first group, transaction or
        // share group comes; three still spread the coordinators over three brokers.
        ("offsets.topic.num.partitions", "3"),
        ("transaction.state.log.num.partitions", "3"),
        ("share.coordinator.state.topic.num.partitions", "3"),
        // A group's first member otherwise waits three seconds for others to join.
        ("group.initial.rebalance.delay.ms", "0"),
        // A controller that starts waits for this long, and up to twice that, for a leader to
        // appear before it asks for votes. The default of 1000 ms leaves three combined nodes
        // idle for 0.7 s; followers of a living leader go by the fetch time-out, which stays.
        ("controller.quorum.election.timeout.ms", "250"),
        ("controller.quorum.election.backoff.max.ms", "100"),
        // A follower that asks a leader before that one knows of a new topic sits out this long,
        // and a produce request with acks=all waits for it; the default is 1000 ms.
        ("replica.fetch.backoff.ms", "50"),
        // Threads are made at the start, and several brokers share two cores. Network threads
        // are per listener.
        ("num.network.threads", "1"),
        ("num.io.threads", "2"),
        ("background.threads", "2"),
        ("group.coordinator.threads", "1"),
        ("num.recovery.threads.per.data.dir", "1"),
    ]
}

/// Writes a `.properties` file as Java reads it, in the order given; the last of equal keys wins.
///
/// # Errors
/// When the file cannot be written.
pub fn write_properties(path: &Path, properties: &[(String, String)]) -> Result<(), KafkaError> {
    let mut text = String::new();
    for (key, value) in properties {
        text.push_str(&escaped(key, Part::Key));
        text.push('=');
        text.push_str(&escaped(value, Part::Value));
        text.push('\n');
    }
    std::fs::write(path, text).map_err(at("write", path))
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Key,
    Value,
}

/// Escapes by the rules of `java.util.Properties`, whose files are Latin-1: what is not printable
/// ASCII becomes UTF-16 units in hexadecimal.
fn escaped(text: &str, part: Part) -> String {
    let mut out = String::with_capacity(text.len());
    for (n, character) in text.chars().enumerate() {
        match character {
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\\' => out.push_str("\\\\"),
            ' ' if n == 0 || part == Part::Key => out.push_str("\\ "),
            ':' | '=' | '#' | '!' if part == Part::Key => {
                out.push('\\');
                out.push(character);
            }
            ' '..='~' => out.push(character),
            _ => {
                for unit in character.encode_utf16(&mut [0; 2]) {
                    let _ = write!(out, "\\u{unit:04x}");
                }
            }
        }
    }
    out
}

/// The id of a cluster, always the same for the same `seed`: 16 bytes as 22 characters of
/// URL-safe base64, the form of Kafka's own ids. It never begins with a hyphen, which Kafka's
/// tools would take for an option.
pub fn cluster_id(seed: &str) -> String {
    let high = hash(seed.as_bytes(), 0) & (u64::MAX >> 1);
    let low = hash(seed.as_bytes(), 1);
    let id = (u128::from(high) << 64) | u128::from(low);
    // 128 bits are 21 groups of six and two more bits, which stand at the top of the last group.
    let group = |n: u32| {
        let shift = 128_u32.saturating_sub(6 * (n + 1));
        let bits = if n < 21 { id >> shift } else { id << 4 };
        digit(u8::try_from(bits & 0x3f).unwrap_or_default())
    };
    (0..22).map(group).collect()
}

fn digit(value: u8) -> char {
    char::from(match value {
        0..=25 => b'A' + value,
        26..=51 => b'a' + (value - 26),
        52..=61 => b'0' + (value - 52),
        62 => b'-',
        _ => b'_',
    })
}

/// A 64-bit hash that never changes: FNV-1a, then the finishing mix of splitmix64, because FNV
/// alone spreads the last bytes badly.
pub(super) fn hash(bytes: &[u8], seed: u64) -> u64 {
    let mut state = 0xcbf2_9ce4_8422_2325 ^ seed.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    for byte in bytes {
        state = (state ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3);
    }
    state = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    state = (state ^ (state >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    state ^ (state >> 31)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn properties_are_escaped_as_java_reads_them() {
        for (text, key, value) in [
            ("listeners", "listeners", "listeners"),
            (
                "A://b:1,C://d:2",
                "A\\://b\\:1,C\\://d\\:2",
                "A://b:1,C://d:2",
            ),
            ("  two words ", "\\ \\ two\\ words\\ ", "\\  two words "),
            ("#a=b!", "\\#a\\=b\\!", "#a=b!"),
            ("back\\slash", "back\\\\slash", "back\\\\slash"),
            ("a\nb\tc\rd", "a\\nb\\tc\\rd", "a\\nb\\tc\\rd"),
            (
                "é€😀\u{0}",
                "\\u00e9\\u20ac\\ud83d\\ude00\\u0000",
                "\\u00e9\\u20ac\\ud83d\\ude00\\u0000",
            ),
            ("", "", ""),
        ] {
            assert_eq!(escaped(text, Part::Key), key);
            assert_eq!(escaped(text, Part::Value), value);
        }
    }

    #[test]
    fn properties_are_written_in_order() {
        let path = std::env::temp_dir().join(format!("breezeway-props-{}", std::process::id()));
        let lines = [("node.id", "1"), ("a b", " c")].map(|(k, v)| (k.to_owned(), v.to_owned()));
        write_properties(&path, &lines).unwrap();
        let text = std::fs::read_to_string(&path).unwrap();
        let _ = std::fs::remove_file(&path);
        assert_eq!(text, "node.id=1\na\\ b=\\ c\n");
    }

    #[test]
    fn cluster_ids_are_canonical_and_differ() {
        let seeds: Vec<_> = (0..2000).map(|n| format!("shop/orders-{n}")).collect();
        let ids: BTreeSet<_> = seeds.iter().map(|seed| cluster_id(seed)).collect();
        assert_eq!(ids.len(), seeds.len());
        for id in &ids {
            assert_eq!(id.len(), 22);
            let word = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
            assert!(id.chars().all(word) && !id.starts_with('-'), "{id}");
            // Two bits are left for the last character; a decoder refuses more.
            assert!(id.ends_with(['A', 'Q', 'g', 'w']), "{id}");
        }
        assert_eq!(cluster_id("shop/orders"), cluster_id("shop/orders"));
    }

    #[test]
    fn cluster_ids_never_change() {
        assert_eq!(cluster_id("shop/orders"), "S7SFsGvFfBF2SexAtsShSg");
    }

    #[test]
    fn lab_settings_say_each_thing_once() {
        let settings = lab_settings();
        let keys: BTreeSet<_> = settings.iter().map(|(key, _)| key).collect();
        assert_eq!(keys.len(), settings.len());
    }
}
