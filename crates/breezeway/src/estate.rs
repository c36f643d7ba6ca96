//! A spec on its way: read from disk, settled, checked.

use std::borrow::Cow;
use std::io::Read;
use std::path::Path;

use anyhow::Context;
use blueprint::Blueprint;
use blueprint::diagnostic::{Diagnostic, Level};
use blueprint::facts::Facts;
use blueprint::source::{MAX_SPEC_BYTES, Source};
use blueprint::spec::Spec;
use blueprint::suppression::{Suppressed, Suppressions};

use crate::cli::DEFAULT_SPEC;
use crate::{format, output, pages};

/// A spec that was read, and what became of it.
pub(crate) struct Estate {
    /// The file's name as the user wrote it.
    pub(crate) file: String,
    /// Its text and places.
    pub(crate) source: Source,
    /// The spec; none if it has errors.
    pub(crate) spec: Option<Spec>,
    /// The settled blueprint; none if the spec itself has errors.
    pub(crate) blueprint: Option<Blueprint>,
    /// Faults of the spec, then of the plan.
    pub(crate) diagnostics: Vec<Diagnostic>,
    /// The comments of the text that allow findings.
    suppressions: Suppressions,
    /// What is wrong with these comments.
    misspoken: Vec<Diagnostic>,
}

/// Findings, those that a comment allows apart from those that count.
#[derive(Default)]
pub(crate) struct Judged {
    /// What counts.
    pub(crate) findings: Vec<Diagnostic>,
    /// What a comment allows, with its reason, in the order of the findings' places.
    pub(crate) suppressed: Vec<Suppressed>,
}

impl Judged {
    /// The exit code that they ask for.
    pub(crate) fn code(&self) -> u8 {
        if has_errors(&self.findings) {
            crate::FINDINGS
        } else {
            crate::FINE
        }
    }
}

impl Estate {
    /// Reads and settles the spec in `path`, or the one of the usual name in a folder.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub(crate) fn load(path: &Path) -> anyhow::Result<Self> {
        let path = if path.is_dir() {
            path.join(DEFAULT_SPEC)
        } else {
            path.to_owned()
        };
        let file = path.display().to_string();
        let text = read(&path)?;
        let (spec, source, mut diagnostics) = blueprint::read(&text);
        let sound = !has_errors(&diagnostics);
        let spec = spec.filter(|_| sound);
        let blueprint = spec.as_ref().map(|spec| {
            let (blueprint, found) = plan::build(spec);
            diagnostics.extend(found);
            blueprint
        });
        let known: Vec<_> = pages::findings().into_iter().collect();
        let (suppressions, misspoken) = Suppressions::read(&source, &known);
        Ok(Self {
            file,
            source,
            spec,
            blueprint,
            diagnostics,
            suppressions,
            misspoken,
        })
    }

    /// The findings of reader and plan, and of the checks if they ran, as the comments of the spec
    /// have it. Errors of reader and plan stay: what they concern is missing from the blueprint.
    pub(crate) fn judged(&self, checked: Option<Vec<Diagnostic>>) -> Judged {
        let found = self.diagnostics.iter().cloned();
        let (errors, found): (Vec<_>, Vec<_>) = found.partition(|d| d.level == Level::Error);
        let complete = checked.is_some() && errors.is_empty();
        let found = found.into_iter().chain(checked.unwrap_or_default());
        let mut sifted = self
            .suppressions
            .sift(&self.source, found.collect(), &errors, complete);
        let start = |one: &Suppressed| self.source.span(&one.finding.primary.at).start;
        sifted.suppressed.sort_by_key(start);
        let misspoken = self.misspoken.iter().cloned();
        Judged {
            findings: errors
                .into_iter()
                .chain(sifted.left)
                .chain(misspoken)
                .collect(),
            suppressed: sifted.suppressed,
        }
    }

    /// The blueprint, or an error that says why there is none.
    pub(crate) fn settled(&self) -> Result<&Blueprint, Unsettled> {
        self.blueprint.as_ref().ok_or(Unsettled)
    }
}

/// The spec has errors, so no blueprint was made of it.
#[derive(Debug)]
pub(crate) struct Unsettled;

/// Whether any of the findings is an error.
pub(crate) fn has_errors(diagnostics: &[Diagnostic]) -> bool {
    diagnostics.iter().any(|d| d.level == Level::Error)
}

/// The spec's file could not be read.
#[derive(Debug)]
pub(crate) struct UnreadableSpec(String);

impl std::fmt::Display for UnreadableSpec {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "could not read the spec `{}`", self.0)
    }
}

/// The facts Breezeway comes with, or those of a file laid over them, and whether that file is
/// sound; what is wrong with it is told.
///
/// # Errors
/// When the file cannot be read.
pub(crate) fn facts(path: Option<&Path>) -> anyhow::Result<(Cow<'static, Facts>, bool)> {
    let embedded = Facts::embedded();
    let Some(path) = path else {
        return Ok((Cow::Borrowed(embedded), true));
    };
    let text =
        text(path).with_context(|| format!("could not read the facts `{}`", path.display()))?;
    let (facts, source, findings) = embedded.overlaid(&text);
    if !findings.is_empty() {
        let file = path.display().to_string();
        output::talk(&format::draw(&findings, &source, &file, false));
    }
    Ok((Cow::Owned(facts), !has_errors(&findings)))
}

fn read(path: &Path) -> anyhow::Result<String> {
    text(path).with_context(|| UnreadableSpec(path.display().to_string()))
}

/// Reads a text, and at most one byte more than a spec may have, whatever the file pretends to be.
///
/// # Errors
/// When it cannot be read, is too long, or is not UTF-8.
pub(crate) fn text(path: &Path) -> anyhow::Result<String> {
    let limit = MAX_SPEC_BYTES as u64;
    let mut bytes = Vec::new();
    let file = std::fs::File::open(path)?;
    file.take(limit + 1).read_to_end(&mut bytes)?;
    anyhow::ensure!(
        bytes.len() <= MAX_SPEC_BYTES,
        "`{}` is longer than {limit} bytes, the most a spec may have",
        path.display()
    );
    String::from_utf8(bytes)
        .with_context(|| format!("`{}` is not UTF-8 text; save it as UTF-8", path.display()))
}
