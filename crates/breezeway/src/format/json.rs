//! Findings and verdicts for machines, in frozen forms that are converted by hand.

pub mod v1;

use std::collections::BTreeMap;

use blueprint::diagnostic::Diagnostic;
use blueprint::source::Source;
use blueprint::verdict::PathVerdict;

use super::matrix::Live;

/// The answer of `check --format json`.
///
/// # Errors
/// When it cannot be serialized, which no value of these types brings about.
pub fn check(
    file: &str,
    source: &Source,
    paths: &[PathVerdict],
    findings: &[Diagnostic],
) -> serde_json::Result<String> {
    let findings = super::findings::by_place(findings, source).into_iter();
    serde_json::to_string_pretty(&v1::Check {
        version: v1::VERSION,
        file: file.to_owned(),
        findings: findings
            .map(|finding| v1::Finding::new(finding, source))
            .collect(),
        paths: paths.iter().map(v1::Path::from).collect(),
    })
}

/// The answer of `prove --format json`.
///
/// # Errors
/// When it cannot be serialized, which no value of these types brings about.
pub fn prove(
    checked: &[PathVerdict],
    live: &[Live],
    messages: BTreeMap<String, v1::Messages>,
    disagreements: Vec<String>,
) -> serde_json::Result<String> {
    serde_json::to_string_pretty(&v1::Prove {
        version: v1::VERSION,
        agrees: disagreements.is_empty(),
        checked: checked.iter().map(v1::Path::from).collect(),
        live: live.iter().map(v1::LivePath::from).collect(),
        messages,
        disagreements,
    })
}

#[cfg(test)]
mod tests {
    use blueprint::diagnostic::{At, Hop, Trace};

    use super::*;

    #[test]
    fn the_form_of_findings_is_frozen() {
        let (source, _) = Source::parse("näme: x\nvia: y\n");
        let finding = Diagnostic::warning("a-fault", "a title", At::Bytes(14, 15))
            .label("a label")
            .related(At::Bytes(0, 5), "why")
            .trace(Trace {
                title: "from → to".to_owned(),
                hops: vec![Hop {
                    step: "name",
                    detail: "x → y".to_owned(),
                    outcome: "ok",
                }],
                verdict: "no-name at resolver of shop".to_owned(),
            })
            .note("a note")
            .help("an edit");
        let answer = check("a.yaml", &source, &[], &[finding]).unwrap_or_default();
        let answer: serde_json::Value = serde_json::from_str(&answer).unwrap_or_default();
        let expected = serde_json::json!({
            "version": 1,
            "file": "a.yaml",
            "findings": [{
                "name": "a-fault",
                "level": "warning",
                "title": "a title",
                "primary": {
                    "start": { "line": 2, "column": 6, "byte": 14 },
                    "end": { "line": 2, "column": 7, "byte": 15 },
                    "label": "a label",
                },
                "related": [{
                    "start": { "line": 1, "column": 1, "byte": 0 },
                    "end": { "line": 1, "column": 5, "byte": 5 },
                    "label": "why",
                }],
                "trace": {
                    "title": "from → to",
                    "hops": [{ "step": "name", "detail": "x → y", "outcome": "ok" }],
                    "verdict": "no-name at resolver of shop",
                },
                "notes": ["a note"],
                "help": "an edit",
            }],
            "paths": [],
        });
        assert_eq!(answer, expected);
    }

    #[test]
    fn messages_are_said_in_one_line() {
        let mut messages = v1::Messages::from(&runtime::messages::Report {
            produced: 3000,
            acked: 3000,
            consumed: 3000,
            lost: 0,
            duplicated: 0,
            mismatched: 0,
            first_ack_ms: 1,
            produce_ms: 2,
            consume_ms: 3,
        });
        assert!(messages.is_complete());
        assert_eq!(
            messages.in_words(),
            "produced 3,000 and consumed 3,000, none lost, none twice, none altered"
        );
        messages.lost = 1;
        assert!(!messages.is_complete());
    }
}
