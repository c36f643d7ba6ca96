//! Findings and verdicts for machines, in frozen forms that are converted by hand.

pub mod v1;

use blueprint::Blueprint;
use blueprint::diagnostic::Diagnostic;
use blueprint::source::Source;
use blueprint::suppression::Suppressed;
use blueprint::verdict::PathVerdict;

use crate::comparison::Comparison;
use crate::proof::Proof;

/// The answer of `check --format json`.
///
/// # Errors
/// When it cannot be serialized, which no value of these types brings about.
pub fn check(
    file: &str,
    source: &Source,
    paths: &[PathVerdict],
    findings: &[Diagnostic],
    suppressed: &[Suppressed],
) -> serde_json::Result<String> {
    let findings = super::findings::by_place(findings, source).into_iter();
    serde_json::to_string_pretty(&v1::Check {
        version: v1::VERSION,
        file: file.to_owned(),
        findings: findings
            .map(|finding| v1::Finding::new(finding, source))
            .collect(),
        suppressed: suppressed
            .iter()
            .map(|one| v1::Suppressed::new(one, source))
            .collect(),
        paths: paths.iter().map(v1::Path::from).collect(),
    })
}

/// The answer of `plan --format json`.
///
/// # Errors
/// When it cannot be serialized, which no value of these types brings about.
pub fn plan(
    file: &str,
    source: &Source,
    blueprint: Option<&Blueprint>,
    findings: &[Diagnostic],
    suppressed: &[Suppressed],
) -> serde_json::Result<String> {
    let findings = super::findings::by_place(findings, source).into_iter();
    let suppressed = suppressed.iter();
    serde_json::to_string_pretty(&v1::plan::Plan {
        version: v1::VERSION,
        file: file.to_owned(),
        findings: findings
            .map(|finding| v1::Finding::new(finding, source))
            .collect(),
        suppressed: suppressed
            .map(|one| v1::Suppressed::new(one, source))
            .collect(),
        blueprint: blueprint.map(v1::plan::Blueprint::from),
    })
}

/// The answer of `plan --diff --format json`.
///
/// # Errors
/// When a value cannot be written as JSON.
pub fn diff(old: &str, new: &str, changes: &[plan::diff::Change]) -> serde_json::Result<String> {
    serde_json::to_string_pretty(&v1::diff::Diff {
        version: v1::VERSION,
        old: old.to_owned(),
        new: new.to_owned(),
        only_adds: changes.iter().all(plan::diff::Change::only_adds),
        changes: changes.iter().map(v1::diff::Change::from).collect(),
    })
}

/// The answer of `prove --format json`.
///
/// # Errors
/// When it cannot be serialized, which no value of these types brings about.
pub fn prove(
    file: &str,
    source: &Source,
    findings: &[Diagnostic],
    suppressed: &[Suppressed],
    proof: &Proof,
) -> serde_json::Result<String> {
    let findings = super::findings::by_place(findings, source).into_iter();
    let denials = proof
        .denials
        .iter()
        .filter_map(|denied| denied.disagreement());
    let disagreements: Vec<_> = proof.disagreements().into_iter().chain(denials).collect();
    let messages = proof.messages.iter();
    serde_json::to_string_pretty(&v1::Prove {
        version: v1::VERSION,
        file: file.to_owned(),
        holds: proof.holds(),
        agrees: disagreements.is_empty(),
        findings: findings
            .map(|finding| v1::Finding::new(finding, source))
            .collect(),
        suppressed: suppressed
            .iter()
            .map(|one| v1::Suppressed::new(one, source))
            .collect(),
        checked: proof.checked.iter().map(v1::Path::from).collect(),
        live: proof.live.iter().map(v1::LivePath::from).collect(),
        denials: proof.denials.iter().map(v1::Denial::from).collect(),
        messages: messages
            .map(|(id, exchange)| (id.to_string(), exchange.into()))
            .collect(),
        disagreements: disagreements.iter().map(ToString::to_string).collect(),
    })
}

/// The answer of `compare --format json`.
///
/// # Errors
/// When it cannot be serialized, which no value of these types brings about.
pub fn compare(file: &str, comparison: &Comparison) -> serde_json::Result<String> {
    serde_json::to_string_pretty(&v1::comparison::Compare::new(file, comparison))
}

/// The answer of `render --format json`.
///
/// # Errors
/// When it cannot be serialized, which no value of these types brings about.
pub fn render(
    file: &str,
    source: &Source,
    findings: &[Diagnostic],
    suppressed: &[Suppressed],
    of: &v1::render::Of<'_>,
) -> serde_json::Result<String> {
    let findings = super::findings::by_place(findings, source).into_iter();
    let suppressed = suppressed.iter();
    serde_json::to_string_pretty(&v1::render::Render {
        version: v1::VERSION,
        file: file.to_owned(),
        target: of.target.as_str(),
        out: of.out.clone(),
        rendered: of.rendered.is_some(),
        findings: findings
            .map(|finding| v1::Finding::new(finding, source))
            .collect(),
        suppressed: suppressed
            .map(|one| v1::Suppressed::new(one, source))
            .collect(),
        files: v1::render::files(of),
    })
}
