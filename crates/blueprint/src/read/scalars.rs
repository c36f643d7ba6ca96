//! Readers of single values: names, words, numbers, ports, versions, rates. Each reports
//! what is wrong and yields nothing then.

use super::fields::{Item, Reader};
use super::nearest::{nearest, quoted};
use crate::diagnostic::{At, Diagnostic};

/// Longest name, in characters: names become parts of interface and DNS names, which hold 63.
pub const MAX_NAME_CHARS: usize = 31;

/// Largest traffic, in bytes per second: a petabyte, above which a figure is a slip.
const MAX_TRAFFIC_BYTES_PER_S: f64 = 1e15;

impl Reader {
    /// Judges a name: a key of a section, or the spec's own.
    pub(super) fn name(&mut self, text: &str, at: At) -> bool {
        let mut chars = text.chars();
        let starts = chars.next().is_some_and(|c| c.is_ascii_lowercase());
        let goes_on = chars.all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-');
        let valid = starts && goes_on && text.len() <= MAX_NAME_CHARS;
        if !valid {
            self.push(
                Diagnostic::error("bad-name", format!("`{}` is no name", short(text)), at)
                    .label("not a name of the spec's form")
                    .note(format!(
                        "names are lower-case letters, digits and `-`, start with a letter and have at most {MAX_NAME_CHARS} characters"
                    ))
                    .help(format!("write `{}`", name_like(text))),
            );
        }
        valid
    }

    /// Reads a reference to one of `names`, such as a VPC's; `kind` is the word for it.
    pub(super) fn reference(
        &mut self,
        item: &Item<'_>,
        kind: &str,
        names: &[String],
    ) -> Option<String> {
        let text = self.text(item, &format!("the name of a {kind}"), "its name")?;
        if names.iter().any(|name| name == text) {
            return Some(text.to_owned());
        }
        let help = nearest(text, names.iter().map(String::as_str)).map_or_else(
            || format!("add {kind} `{}`, or name one of those above", short(text)),
            |near| format!("write `{near}`"),
        );
        let title = format!("there is no {kind} `{}`", short(text));
        let mut finding = Diagnostic::error("unknown-reference", title, item.at())
            .label(format!("no {kind} of this name"));
        if !names.is_empty() {
            finding = finding.note(format!("the spec's {kind}s are {}", quoted(names)));
        }
        self.push(finding.help(help));
        None
    }

    /// Reads the name of a VPC; silent where the spec has none at all, which is said elsewhere.
    pub(super) fn vpc_reference(&mut self, item: &Item<'_>) -> Option<String> {
        self.reference_to(item, "VPC", |reader| &mut reader.vpc_names)
    }

    /// Reads the name of a cluster; silent where the spec has none at all.
    pub(super) fn cluster_reference(&mut self, item: &Item<'_>) -> Option<String> {
        self.reference_to(item, "cluster", |reader| &mut reader.cluster_names)
    }

    fn reference_to(
        &mut self,
        item: &Item<'_>,
        kind: &str,
        names: fn(&mut Self) -> &mut Vec<String>,
    ) -> Option<String> {
        let known = std::mem::take(names(self));
        let found = if known.is_empty() {
            self.text(item, &format!("the name of a {kind}"), "its name");
            None
        } else {
            self.reference(item, kind, &known)
        };
        *names(self) = known;
        found
    }

    /// Reads a word of a closed set, of which `of` knows the meanings.
    pub(super) fn word_of<T>(
        &mut self,
        item: &Item<'_>,
        expected: &str,
        words: &[&str],
        of: impl Fn(&str) -> Option<T>,
    ) -> Option<T> {
        let example = words.first().map(|word| format!("`{word}`"));
        let text = self.text(item, expected, &example.unwrap_or_default())?;
        let found = of(text);
        if found.is_none() {
            self.unknown_value(item, text, words);
        }
        found
    }

    /// Reports a word that is none of a closed set.
    pub(super) fn unknown_value(&mut self, item: &Item<'_>, text: &str, known: &[&str]) {
        let help = nearest(text, known.iter().copied()).map_or_else(
            || "write one of those above".to_owned(),
            |near| format!("write `{near}`"),
        );
        self.push(
            Diagnostic::error(
                "unknown-value",
                format!("`{}` is no value of {}", short(text), item.name),
                item.at(),
            )
            .label("not one of the known words")
            .note(format!("known words are {}", quoted(known)))
            .help(help),
        );
    }

    /// Reads `true` or `false`.
    pub(super) fn flag(&mut self, item: &Item<'_>) -> Option<bool> {
        let text = self.text(item, "`true` or `false`", "`true` or `false`")?;
        match text {
            "true" => return Some(true),
            "false" => return Some(false),
            _ => {}
        }
        let meant = match text.to_lowercase().as_str() {
            "yes" | "on" | "true" | "1" => "`true`",
            "no" | "off" | "false" | "0" => "`false`",
            _ => "`true` or `false`",
        };
        self.push(
            Diagnostic::error(
                "unknown-value",
                format!("`{}` is no value of {}", short(text), item.name),
                item.at(),
            )
            .label("expected `true` or `false`")
            .help(format!("write {meant}")),
        );
        None
    }

    /// Reads an AWS account id.
    pub(super) fn account(&mut self, item: &Item<'_>) -> Option<String> {
        let example = "`account: \"111111111111\"`";
        let text = self.text(item, "an account id", example)?;
        let digits = |text: &str| text.len() == 12 && text.chars().all(|c| c.is_ascii_digit());
        if digits(text) {
            return Some(text.to_owned());
        }
        let bare: String = text.chars().filter(char::is_ascii_digit).collect();
        let help = if digits(&bare) {
            format!("write `\"{bare}\"`")
        } else {
            "write all twelve digits, in quotes, leading zeros included".to_owned()
        };
        self.push(
            Diagnostic::error(
                "bad-account",
                format!("`{}` is no AWS account id", short(text)),
                item.at(),
            )
            .label("an account id has twelve digits")
            .help(help),
        );
        None
    }

    /// Reads a version of Kafka.
    pub(super) fn version(&mut self, item: &Item<'_>) -> Option<String> {
        let text = self.text(item, "a version of Kafka", "`kafka_version: \"3.9\"`")?;
        if is_version(text) {
            return Some(text.to_owned());
        }
        let bare = text.trim_start_matches(['v', 'V']);
        let help = if is_version(bare) {
            format!("write `\"{bare}\"`")
        } else if !bare.is_empty() && bare.chars().all(|c| c.is_ascii_digit()) {
            format!("write `\"{bare}.0\"`")
        } else {
            "write major and minor, such as `\"3.9\"`".to_owned()
        };
        self.push(
            Diagnostic::error(
                "bad-version",
                format!("`{}` is no version of Kafka", short(text)),
                item.at(),
            )
            .label("expected `MAJOR.MINOR` or `MAJOR.MINOR.PATCH`")
            .help(help),
        );
        None
    }

    /// Reads a whole number between two bounds.
    pub(super) fn number(
        &mut self,
        item: &Item<'_>,
        fault: &'static str,
        bounds: std::ops::RangeInclusive<u32>,
        example: &str,
    ) -> Option<u32> {
        let text = self.text(item, "a number", example)?;
        let number = parse_number(text);
        if let Some(number) = number.filter(|number| bounds.contains(number)) {
            return Some(number);
        }
        let (low, high) = (bounds.start(), bounds.end());
        let is_number = !text.is_empty() && text.chars().all(|c| c.is_ascii_digit());
        let label = if is_number {
            "out of bounds"
        } else {
            "no whole number"
        };
        self.push(
            Diagnostic::error(
                fault,
                format!(
                    "`{}` for {} is no number from {low} to {high}",
                    short(text),
                    item.name
                ),
                item.at(),
            )
            .label(label)
            .help(format!(
                "write a number from {low} to {high}, such as {example}"
            )),
        );
        None
    }

    /// Reads a TCP port.
    pub(super) fn port(&mut self, item: &Item<'_>, example: &str) -> Option<u16> {
        let number = self.number(item, "bad-port", 1..=u32::from(u16::MAX), example)?;
        u16::try_from(number).ok()
    }

    /// Reads a rate such as `40 MB/s` in bytes per second.
    pub(super) fn traffic(&mut self, item: &Item<'_>) -> Option<u64> {
        let text = self.text(item, "a rate", "`40 MB/s`")?;
        let rate = parse_traffic(text);
        if rate.is_none() {
            self.push(
                Diagnostic::error(
                    "bad-traffic",
                    format!("`{}` is no rate of traffic", short(text)),
                    item.at(),
                )
                .label("expected a number and `B/s`, `KB/s`, `MB/s` or `GB/s`")
                .help("write it as `40 MB/s`"),
            );
        }
        rate
    }
}

/// A text as findings quote it: a long one is cut, a line break shown as a space.
pub(super) fn short(text: &str) -> String {
    const MAX_QUOTED_CHARS: usize = 60;
    let cut: String = text
        .chars()
        .take(MAX_QUOTED_CHARS)
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    if text.chars().nth(MAX_QUOTED_CHARS).is_some() {
        format!("{cut}…")
    } else {
        cut
    }
}

/// Digits without sign or leading zeros, so that `010` is not taken for 8 or 10.
pub(super) fn parse_number(text: &str) -> Option<u32> {
    let digits = !text.is_empty() && text.chars().all(|c| c.is_ascii_digit());
    let canonical = text == "0" || !text.starts_with('0');
    (digits && canonical).then(|| text.parse().ok()).flatten()
}

/// The nearest text that is a name.
fn name_like(text: &str) -> String {
    let lower = text.to_lowercase();
    let parts: Vec<&str> = lower
        .split(|c: char| !c.is_ascii_lowercase() && !c.is_ascii_digit())
        .filter(|part| !part.is_empty())
        .collect();
    let joined = parts.join("-");
    let starts = joined.starts_with(|c: char| c.is_ascii_lowercase());
    let full = if starts {
        joined
    } else {
        format!("n-{joined}")
    };
    let cut: String = full.chars().take(MAX_NAME_CHARS).collect();
    cut.trim_end_matches('-').to_owned()
}

/// `3.9`, `3.9.2`, and Amazon MSK's `3.7.x` and `3.7.x.kraft`.
fn is_version(text: &str) -> bool {
    let text = text.strip_suffix(".kraft").unwrap_or(text);
    let parts: Vec<&str> = text.split('.').collect();
    let number = |part: &&str| part.len() <= 3 && parse_number(part).is_some();
    match parts.as_slice() {
        [major, minor] => number(major) && number(minor),
        [major, minor, patch] => number(major) && number(minor) && (*patch == "x" || number(patch)),
        _ => false,
    }
}

fn parse_traffic(text: &str) -> Option<u64> {
    let amount_end = text.find(|c: char| !c.is_ascii_digit() && c != '.')?;
    let (amount, unit) = text.split_at(amount_end);
    let unit = match unit.trim_start() {
        "B/s" => 1.0,
        "KB/s" | "kB/s" => 1e3,
        "MB/s" => 1e6,
        "GB/s" => 1e9,
        _ => return None,
    };
    let rate = amount.parse::<f64>().ok()? * unit;
    let sensible = rate.is_finite() && 0.0 < rate && rate <= MAX_TRAFFIC_BYTES_PER_S;
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "positive and bounded above, so the rounded rate fits"
    )]
    sensible.then_some(rate.round() as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn traffic_is_read_in_bytes_per_second() {
        let cases = [
            ("40 MB/s", Some(40_000_000)),
            ("200 KB/s", Some(200_000)),
            ("1 GB/s", Some(1_000_000_000)),
            ("1.5 GB/s", Some(1_500_000_000)),
            ("7B/s", Some(7)),
            ("0 MB/s", None),
            ("40", None),
            ("40 MB", None),
            ("-1 MB/s", None),
            ("1..5 MB/s", None),
            ("999999999999 GB/s", None),
            ("", None),
        ];
        for (text, expected) in cases {
            assert_eq!(parse_traffic(text), expected, "{text}");
        }
    }

    #[test]
    fn versions_have_two_or_three_parts() {
        let cases = [
            ("3.9", true),
            ("3.10", true),
            ("4.3.1", true),
            ("3.7.x", true),
            ("3.7.x.kraft", true),
            ("4", false),
            ("v3.9", false),
            ("3.9.2.1", false),
            ("3.09", false),
            ("3.", false),
        ];
        for (text, expected) in cases {
            assert_eq!(is_version(text), expected, "{text}");
        }
    }

    #[test]
    fn suggested_names_are_names() {
        let cases = [
            ("Shop", "shop"),
            ("my_shop", "my-shop"),
            ("1st", "n-1st"),
            ("éa", "a"),
            ("--", "n"),
            (
                "a-name-that-goes-on-and-on-for-ever-and-ever",
                "a-name-that-goes-on-and-on-for",
            ),
        ];
        for (text, expected) in cases {
            assert_eq!(name_like(text), expected, "{text}");
        }
    }
}
