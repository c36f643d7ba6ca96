//! Findings as SARIF 2.1.0, the form that code hosts and editors read.

mod log;

use std::collections::BTreeMap;
use std::ops::Range;

use blueprint::diagnostic::{At, Diagnostic, Trace};
use blueprint::source::Source;
use blueprint::suppression::Suppressed;

use super::findings::{by_place, level_word};
use crate::pages;
use log::{
    ArtifactLocation, CodeFlow, Configuration, Driver, Help, Location, Log, Message, Outcome,
    PhysicalLocation, Region, Rule, Run, Suppression, ThreadFlow, ThreadFlowLocation, Tool,
};

/// What our fingerprint is called; another way to make it takes another number.
const FINGERPRINT: &str = "breezewayFinding/v1";

/// Most of a line that a fingerprint holds, in characters: enough to tell lines of a spec apart.
const MAX_LINE_CHARS: usize = 100;

/// The answer of `check --format sarif`: what was found, what was suppressed with its reason, and
/// every name that could have been found as a rule.
///
/// # Errors
/// When it cannot be serialized, which no value of these types brings about.
pub fn check(
    file: &str,
    source: &Source,
    findings: &[Diagnostic],
    suppressed: &[Suppressed],
) -> serde_json::Result<String> {
    let rules = rules();
    let text = Text {
        uri: uri(file),
        source,
    };
    let mut told = Told {
        indices: rules
            .iter()
            .enumerate()
            .map(|(i, rule)| (rule.id, i))
            .collect(),
        n_told: BTreeMap::new(),
    };
    let mut results: Vec<_> = by_place(findings, source)
        .into_iter()
        .map(|finding| told.one(finding, &text, None))
        .collect();
    results.extend(
        suppressed
            .iter()
            .map(|one| told.one(&one.finding, &text, Some(one))),
    );
    let driver = Driver {
        name: "breezeway",
        semantic_version: env!("CARGO_PKG_VERSION"),
        rules,
    };
    serde_json::to_string_pretty(&Log {
        schema: log::SCHEMA,
        version: log::VERSION,
        runs: [Run {
            tool: Tool { driver },
            column_kind: "unicodeCodePoints",
            results,
        }],
    })
}

/// One rule for each name a finding can have.
fn rules() -> Vec<Rule> {
    let pages = pages::groups().into_iter().flat_map(|group| group.pages);
    pages
        .filter_map(|page| {
            let level = level_word(page.level?);
            Some(Rule {
                id: page.name,
                short_description: message(page.summary()),
                help: Help {
                    text: page.text.clone(),
                    markdown: page.text,
                },
                default_configuration: Configuration { level },
            })
        })
        .collect()
}

/// The file as SARIF speaks of it.
struct Text<'s> {
    uri: String,
    source: &'s Source,
}

/// What was told so far.
struct Told {
    indices: BTreeMap<&'static str, usize>,
    /// How often each fingerprint was given.
    n_told: BTreeMap<String, usize>,
}

impl Told {
    fn one(
        &mut self,
        finding: &Diagnostic,
        text: &Text<'_>,
        suppressed: Option<&Suppressed>,
    ) -> Outcome {
        let related = finding.related.iter().enumerate();
        let related = related.map(|(i, place)| Location {
            id: Some(i + 1),
            ..text.location(&text.source.span(&place.at), &place.label)
        });
        let flow = finding
            .trace
            .as_ref()
            .map(|trace| text.flow(trace, &finding.primary.at));
        Outcome {
            rule_id: finding.name,
            rule_index: self.indices.get(finding.name).copied(),
            level: level_word(finding.level),
            message: message(words(finding)),
            locations: [text.location(
                &text.source.span(&finding.primary.at),
                &finding.primary.label,
            )],
            related_locations: related.collect(),
            code_flows: flow.into_iter().collect(),
            partial_fingerprints: [(FINGERPRINT, self.fingerprint(finding, text.source))].into(),
            suppressions: suppressed.iter().map(|one| text.suppression(one)).collect(),
        }
    }

    /// What stays when lines are added elsewhere: the name and the key, or else the line's text.
    fn fingerprint(&mut self, finding: &Diagnostic, source: &Source) -> String {
        let place = match &finding.primary.at {
            At::Value(key) | At::Key(key) => key.to_string(),
            At::Bytes(..) => line(source, source.span(&finding.primary.at).start),
        };
        let print = format!("{}:{place}", finding.name);
        let n_told = self.n_told.entry(print.clone()).or_default();
        *n_told += 1;
        match *n_told {
            1 => print,
            n => format!("{print}:{n}"),
        }
    }
}

impl Text<'_> {
    fn location(&self, span: &Range<usize>, label: &str) -> Location {
        let (start_line, start_column) = self.source.line_and_column(span.start);
        let (end_line, end_column) = self.source.line_and_column(span.end);
        Location {
            id: None,
            physical_location: PhysicalLocation {
                artifact_location: ArtifactLocation {
                    uri: self.uri.clone(),
                },
                region: Region {
                    start_line,
                    start_column,
                    end_line,
                    end_column,
                },
            },
            message: (!label.is_empty()).then(|| message(label)),
        }
    }

    /// The blocked path. Its hops lie in the network and not in the text, so each points at what
    /// the finding points at.
    fn flow(&self, trace: &Trace, at: &At) -> CodeFlow {
        let span = self.source.span(at);
        let hop = |text: String, importance| ThreadFlowLocation {
            location: self.location(&span, &text),
            importance,
        };
        let hops = trace.hops.iter().map(|one| {
            let importance = if one.outcome == "ok" {
                "important"
            } else {
                "essential"
            };
            hop(
                format!("{}: {} ({})", one.step, one.detail, one.outcome),
                importance,
            )
        });
        let verdict = hop(format!("verdict: {}", trace.verdict), "essential");
        CodeFlow {
            message: message(trace.title.as_str()),
            thread_flows: [ThreadFlow {
                locations: hops.chain([verdict]).collect(),
            }],
        }
    }

    fn suppression(&self, suppressed: &Suppressed) -> Suppression {
        Suppression {
            kind: "inSource",
            status: "accepted",
            justification: suppressed.reason.clone(),
            location: self.location(&suppressed.comment, ""),
        }
    }
}

/// Title, notes and help: what a reader sees who sees the message alone.
fn words(finding: &Diagnostic) -> String {
    let notes = finding.notes.iter().map(|note| format!("\nnote: {note}"));
    let help = finding.help.iter().map(|help| format!("\nhelp: {help}"));
    let more: String = notes.chain(help).collect();
    format!("{}{more}", finding.title)
}

fn message(text: impl Into<String>) -> Message {
    Message { text: text.into() }
}

/// The text of a byte's line without its indentation.
fn line(source: &Source, byte: usize) -> String {
    let (line, _) = source.line_and_column(byte);
    let text = source.text().lines().nth(line.saturating_sub(1));
    text.unwrap_or_default()
        .trim()
        .chars()
        .take(MAX_LINE_CHARS)
        .collect()
}

/// A path as a reference in the sense of RFC 3986, with what is neither a separator nor unreserved
/// percent-encoded.
fn uri(path: &str) -> String {
    let mut uri = String::new();
    if path.starts_with('/') {
        uri.push_str("file://");
    }
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            uri.push(char::from(byte));
        } else {
            uri.push_str(&format!("%{byte:02X}"));
        }
    }
    uri
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_become_references() {
        for (path, expected) in [
            ("broken/cross-zone.yaml", "broken/cross-zone.yaml"),
            ("../a b.yaml", "../a%20b.yaml"),
            ("a:b#c?.yaml", "a%3Ab%23c%3F.yaml"),
            ("/tmp/é.yaml", "file:///tmp/%C3%A9.yaml"),
        ] {
            assert_eq!(uri(path), expected);
        }
    }
}
