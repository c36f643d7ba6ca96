//! Readers of host names: domains, `host:port`, names of hosted zones and of certificates.

use super::fields::{Item, Reader};
use super::scalars::{parse_number, short};
use crate::diagnostic::Diagnostic;
use crate::kafka::HostPort;
use crate::source::Key;

/// Longest domain, in characters (RFC 1035).
const MAX_DOMAIN_CHARS: usize = 253;

/// Longest label of a domain, in characters (RFC 1035).
const MAX_LABEL_CHARS: usize = 63;

/// Most names of a certificate: AWS's ceiling for "Domain names per ACM certificate".
pub const MAX_CERTIFICATE_NAMES: usize = 100;

impl Reader {
    /// Reads `host:port`.
    pub(super) fn host_port(&mut self, item: &Item<'_>, example: &str) -> Option<HostPort> {
        let text = self.text(item, "`host:port`", example)?;
        let parsed = text.rsplit_once(':').and_then(|(host, port)| {
            let port = parse_number(port).and_then(|port| u16::try_from(port).ok());
            let port = port.filter(|port| *port != 0)?;
            is_host(host).then(|| HostPort {
                host: host.to_lowercase(),
                port,
            })
        });
        if parsed.is_none() {
            self.bad_host(item, text, "`host:port`", example);
        }
        parsed
    }

    /// Reads `host:port` in which `{id}` and `{9000+id}` may stand; yields it as written.
    pub(super) fn host_port_template(&mut self, item: &Item<'_>) -> Option<String> {
        let example = "`b-{id}.orders.internal:{9000+id}`";
        let text = self.text(item, "`host:port`", example)?;
        if is_template(text) {
            return Some(text.to_owned());
        }
        self.bad_host(item, text, "`host:port`", example);
        None
    }

    /// Reads a domain of at least two labels; yields it in lower case.
    pub(super) fn domain(&mut self, item: &Item<'_>, example: &str) -> Option<String> {
        let text = self.text(item, "a domain", example)?;
        if is_host(text) && text.contains('.') {
            return Some(text.to_lowercase());
        }
        let bare = text.trim_matches('.');
        if bare != text && is_host(bare) && bare.contains('.') {
            self.bad_host(
                item,
                text,
                "a domain without outer dots",
                &format!("`{bare}`"),
            );
        } else {
            self.bad_host(item, text, "a domain", example);
        }
        None
    }

    /// Reads a domain that may be a single label; yields it in lower case.
    pub(super) fn any_domain(&mut self, item: &Item<'_>, example: &str) -> Option<String> {
        let text = self.text(item, "a domain", example)?;
        if is_host(text) {
            return Some(text.to_lowercase());
        }
        self.bad_host(item, text, "a domain", example);
        None
    }

    /// Judges a key that is a full name in a hosted zone, if that is known; yields it in lower
    /// case.
    pub(super) fn name_in_zone(&mut self, key: &Key, zone: Option<&str>) -> Option<String> {
        let name = key.text.to_lowercase();
        let below = |zone: &str| {
            name.strip_suffix(zone)
                .is_some_and(|rest| rest.ends_with('.'))
        };
        let wrong = if !is_host(&name) {
            Some("not a host name")
        } else if zone.is_some_and(|zone| name != zone && !below(zone)) {
            Some("not below the zone's domain")
        } else {
            None
        };
        let Some(label) = wrong else {
            return Some(name);
        };
        let example = zone.unwrap_or("corp.internal");
        self.push(
            Diagnostic::error(
                "bad-host",
                format!("`{}` is no name of the hosted zone", short(&key.text)),
                key.at(),
            )
            .label(label)
            .help(format!("write a full name such as `b-1.{example}`")),
        );
        None
    }

    /// Reads the names of a certificate, in which `*.` may lead and `{id}` may stand.
    pub(super) fn certificate_names(&mut self, item: &Item<'_>) -> Option<Vec<String>> {
        let example = "`[\"*.orders.internal\"]`";
        let mut names: Vec<(String, Item<'_>)> = Vec::new();
        for item in self.list(item, example, MAX_CERTIFICATE_NAMES)? {
            let Some(text) = self.text(&item, "a host name", "`\"*.orders.internal\"`") else {
                continue;
            };
            let name = text.to_lowercase();
            let plain = name
                .strip_prefix("*.")
                .unwrap_or(&name)
                .replace("{id}", "1");
            if !is_host(&plain) {
                self.bad_host(
                    &item,
                    text,
                    "a certificate's name",
                    "`\"*.orders.internal\"`",
                );
                continue;
            }
            match names.iter().find(|(other, _)| *other == name) {
                Some((_, first)) => self.repeated(&name, &item, first),
                None => names.push((name, item)),
            }
        }
        Some(names.into_iter().map(|(name, _)| name).collect())
    }

    fn bad_host(&mut self, item: &Item<'_>, text: &str, expected: &str, example: &str) {
        self.push(
            Diagnostic::error(
                "bad-host",
                format!("`{}` for {} is not {expected}", short(text), item.name),
                item.at(),
            )
            .label(format!("expected {expected}"))
            .help(format!("write it as {example}")),
        );
    }
}

fn is_host(text: &str) -> bool {
    let label = |label: &str| {
        let inner = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
        !label.is_empty()
            && label.len() <= MAX_LABEL_CHARS
            && label.chars().all(inner)
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    text.len() <= MAX_DOMAIN_CHARS && text.split('.').all(label)
}

fn is_template(text: &str) -> bool {
    let Some((host, port)) = text.rsplit_once(':') else {
        return false;
    };
    let port_is_sum = port
        .strip_prefix('{')
        .and_then(|inner| inner.strip_suffix("+id}"));
    let port = port_is_sum.unwrap_or(port);
    let port = parse_number(port).filter(|port| (1..=u32::from(u16::MAX)).contains(port));
    port.is_some() && is_host(&without_ids(host))
}

/// The text with a digit for each `{id}` and each sum such as `{9000+id}`; other braces stay.
fn without_ids(text: &str) -> String {
    let mut plain = String::new();
    let mut rest = text;
    while let Some((before, inside, behind)) = next_braces(rest) {
        plain.push_str(before);
        let term = inside.strip_suffix("+id");
        let is_sum = term.is_some_and(|term| parse_number(term).is_some());
        plain.push(if is_sum || inside == "id" { '1' } else { '{' });
        rest = behind;
    }
    plain + rest
}

/// What stands before, in and behind the first pair of braces.
fn next_braces(text: &str) -> Option<(&str, &str, &str)> {
    let (before, opened) = text.split_once('{')?;
    let (inside, behind) = opened.split_once('}')?;
    Some((before, inside, behind))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn templates_are_hosts_with_an_id() {
        let cases = [
            ("b-{id}.orders.internal:{9000+id}", true),
            ("b-{id}.orders.internal:9092", true),
            ("10.0.0.1:9092", true),
            ("10.100.{1+id}.200:9092", true),
            ("10.100.{+id}.200:9092", false),
            ("10.100.{1id}.200:9092", false),
            ("10.100.{one+id}.200:9092", false),
            ("10.100.{1+id.200:9092", false),
            ("b-{id}.orders.internal", false),
            ("b-{n}.orders.internal:9092", false),
            ("b-{id}.orders.internal:{id}", false),
            ("b-{id}.orders.internal:0", false),
            (":9092", false),
        ];
        for (text, expected) in cases {
            assert_eq!(is_template(text), expected, "{text}");
        }
    }
}
