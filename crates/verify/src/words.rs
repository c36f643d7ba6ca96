//! How things are said: lists, plurals, ranges of ports, long names.

use std::collections::BTreeSet;

use blueprint::network::Peer;

/// Longest host name that is said in full within a sentence; names of Amazon MSK are longer and
/// differ only in their first labels.
const MAX_HOST_CHARS: usize = 32;

/// Items that a list names before it counts the rest.
const MAX_LISTED: usize = 6;

/// `one`, `one and two`, `one, two and three`; beyond [`MAX_LISTED`] the rest is counted.
pub(crate) fn list<T: ToString>(items: impl IntoIterator<Item = T>) -> String {
    let mut items: Vec<_> = items.into_iter().map(|item| item.to_string()).collect();
    if MAX_LISTED < items.len() {
        let n_more = items.len() - MAX_LISTED;
        items.truncate(MAX_LISTED);
        items.push(format!("{n_more} more"));
    }
    match items.pop() {
        None => String::new(),
        Some(last) if items.is_empty() => last,
        Some(last) => format!("{} and {last}", items.join(", ")),
    }
}

/// The same with each item in backticks.
pub(crate) fn code_list<T: ToString>(items: impl IntoIterator<Item = T>) -> String {
    list(
        items
            .into_iter()
            .map(|item| format!("`{}`", item.to_string())),
    )
}

/// `one` or `many`, as the number asks.
pub(crate) fn plural<'w>(n: usize, one: &'w str, many: &'w str) -> &'w str {
    if n == 1 { one } else { many }
}

/// `1 path`, `3 paths`.
pub(crate) fn count(n: usize, noun: &str) -> String {
    format!("{n} {noun}{}", plural(n, "", "s"))
}

/// `broker 2`, `brokers 1, 2 and 3`.
pub(crate) fn brokers(ids: &BTreeSet<u32>) -> String {
    format!("{} {}", plural(ids.len(), "broker", "brokers"), list(ids))
}

/// `port 9001`, `ports 9001 to 9003 and 9010`.
pub(crate) fn ports(ports: &BTreeSet<u16>) -> String {
    format!(
        "{} {}",
        plural(ports.len(), "port", "ports"),
        list(port_ranges(ports))
    )
}

/// Neighbouring ports as ranges.
fn port_ranges(ports: &BTreeSet<u16>) -> Vec<String> {
    let mut ranges: Vec<(u16, u16)> = Vec::new();
    for port in ports {
        match ranges.last_mut() {
            Some((_, last)) if last.checked_add(1) == Some(*port) => *last = *port,
            _ => ranges.push((*port, *port)),
        }
    }
    ranges
        .into_iter()
        .map(|(from, to)| port_range(from, to))
        .collect()
}

/// `9001`, or `9001 to 9003`.
fn port_range(from: u16, to: u16) -> String {
    if from == to {
        from.to_string()
    } else {
        format!("{from} to {to}")
    }
}

/// `9001`, or `9001-9003`, where the sentence has a "to" of its own.
pub(crate) fn port_span(from: u16, to: u16) -> String {
    if from == to {
        from.to_string()
    } else {
        format!("{from}-{to}")
    }
}

/// The other side of a rule.
pub(crate) fn peer(peer: &Peer) -> String {
    match peer {
        Peer::Cidr(range) => range.to_string(),
        Peer::Group(group) => group.to_string(),
    }
}

/// A host name, a long one by its first two labels: `b-1.orders.…`.
pub(crate) fn host(name: &str) -> String {
    if name.chars().count() <= MAX_HOST_CHARS {
        return name.to_owned();
    }
    let labels: Vec<_> = name.splitn(3, '.').collect();
    match labels[..] {
        [first, second, _] => format!("{first}.{second}.…"),
        _ => name.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_read_as_sentences() {
        assert_eq!(list(Vec::<u32>::new()), "");
        assert_eq!(list([1]), "1");
        assert_eq!(list([1, 2]), "1 and 2");
        assert_eq!(list([1, 2, 3]), "1, 2 and 3");
        assert_eq!(list(1..=9), "1, 2, 3, 4, 5, 6 and 3 more");
        assert_eq!(code_list(["a", "b"]), "`a` and `b`");
    }

    #[test]
    fn neighbouring_ports_are_one_range() {
        assert_eq!(ports(&BTreeSet::from([9001])), "port 9001");
        assert_eq!(
            ports(&BTreeSet::from([65535, 9003, 9001, 9002])),
            "ports 9001 to 9003 and 65535"
        );
    }

    #[test]
    fn long_hosts_keep_their_first_labels() {
        assert_eq!(host("b-1.orders.internal"), "b-1.orders.internal");
        assert_eq!(
            host("b-1.orders.ab12cd.c2.kafka.eu-central-1.amazonaws.com"),
            "b-1.orders.…"
        );
        assert_eq!(host(&"x".repeat(60)), "x".repeat(60));
    }
}
