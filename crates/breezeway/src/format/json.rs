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
        findings: findings.map(|finding| v1::Finding::new(finding, source)).collect(),
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
