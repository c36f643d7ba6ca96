//! `breezeway check`: the matrix of verdicts and the findings.

use anyhow::{Context, bail};
use blueprint::diagnostic::{Diagnostic, Level};
use blueprint::kafka::{Goal, PromiseId};
use blueprint::verdict::{Attempt, Class, PathVerdict, Summary};

use crate::cli::{CheckArgs, Format};
use crate::estate::{Estate, has_errors};
use crate::format::count::count;
use crate::{format, output};

pub(crate) fn run(args: &CheckArgs) -> anyhow::Result<u8> {
    let estate = Estate::load(&args.spec.spec)?;
    if let Some(path) = &args.path {
        return one_path(&estate, path);
    }
    let Examined {
        paths,
        findings: diagnostics,
        ..
    } = examined(&estate);
    let code = if has_errors(&diagnostics) {
        crate::FINDINGS
    } else {
        crate::FINE
    };
    output::data(&text(args.format, &estate, &paths, &diagnostics)?)?;
    Ok(code)
}

/// Verdicts and findings in one of the forms.
///
/// # Errors
/// When they cannot be serialized, which no value brings about.
pub(crate) fn text(
    format: Format,
    estate: &Estate,
    paths: &[PathVerdict],
    diagnostics: &[Diagnostic],
) -> anyhow::Result<String> {
    Ok(match format {
        Format::Full => full(estate, paths, diagnostics),
        Format::Concise => format::concise(diagnostics, &estate.source, &estate.file),
        Format::Json => format::json::check(&estate.file, &estate.source, paths, diagnostics)?,
    })
}

/// What one walk over a spec's blueprint gives.
#[derive(Default)]
pub(crate) struct Examined {
    /// Every path's verdict.
    pub(crate) paths: Vec<PathVerdict>,
    /// How each attempt ends that should be denied, in the blueprint's order.
    pub(crate) denials: Vec<Vec<Attempt>>,
    /// The findings of reader, plan and checks together.
    pub(crate) findings: Vec<Diagnostic>,
}

/// Walks the blueprint, if the spec was sound enough for one.
pub(crate) fn examined(estate: &Estate) -> Examined {
    let mut findings = estate.diagnostics.clone();
    let Some(blueprint) = &estate.blueprint else {
        return Examined {
            findings,
            ..Examined::default()
        };
    };
    let mut checked = verify::check(blueprint);
    let paths = std::mem::take(&mut checked.paths);
    let denials = std::mem::take(&mut checked.denials);
    findings.extend(checked.beyond(&estate.diagnostics));
    Examined {
        paths,
        denials,
        findings,
    }
}

/// Findings as they are drawn for people.
pub(crate) fn drawn(estate: &Estate, diagnostics: &[Diagnostic]) -> String {
    format::draw(diagnostics, &estate.source, &estate.file, output::colour())
}

fn full(estate: &Estate, paths: &[PathVerdict], diagnostics: &[Diagnostic]) -> String {
    let matrix = estate
        .blueprint
        .as_ref()
        .map(|blueprint| format::matrix::checked(blueprint, paths));
    let findings = (!diagnostics.is_empty()).then(|| drawn(estate, diagnostics));
    let parts = [matrix, findings, Some(summary(paths, diagnostics))];
    let parts = parts.iter().flatten().map(|part| part.trim_end());
    parts.collect::<Vec<_>>().join("\n\n")
}

/// The last line: how many findings, and how the paths fare.
pub(crate) fn summary(paths: &[PathVerdict], diagnostics: &[Diagnostic]) -> String {
    let n_of = |level| diagnostics.iter().filter(|d| d.level == level).count();
    let mut parts = vec![];
    for (n, noun) in [
        (n_of(Level::Error), "error"),
        (n_of(Level::Warning), "warning"),
    ] {
        if n > 0 {
            parts.push(count(n, noun));
        }
    }
    let findings = if parts.is_empty() {
        "no findings".to_owned()
    } else {
        parts.join(", ")
    };
    if paths.is_empty() {
        return format!("{findings}; no path was examined");
    }
    let delivered = paths
        .iter()
        .filter(|path| path.summary() == Summary::All(Class::Delivered))
        .count();
    let partly = paths
        .iter()
        .filter(|path| matches!(path.summary(), Summary::Partly { .. }))
        .count();
    let blocked = paths.len() - delivered - partly;
    format!(
        "{findings}; of {} {delivered} delivered, {partly} partly, {blocked} not",
        count(paths.len(), "path")
    )
}

fn one_path(estate: &Estate, path: &str) -> anyhow::Result<u8> {
    let Ok(blueprint) = estate.settled() else {
        output::data(&drawn(estate, &estate.diagnostics))?;
        return Ok(crate::FINDINGS);
    };
    let promise = promise(path)?;
    let paths = verify::paths(blueprint);
    let Some(verdict) = paths.iter().find(|known| known.promise == promise) else {
        let known: Vec<_> = paths.iter().map(|path| path.promise.to_string()).collect();
        let near = blueprint::nearest(path, known.iter().map(String::as_str));
        let near = near.map_or_else(String::new, |near| format!("; did you mean `{near}`?"));
        bail!("no promise is called `{path}`{near}");
    };
    let summary = verdict.summary();
    let traces = verify::traces(blueprint, &promise);
    let mut blocks: Vec<_> = traces.iter().map(format::trace).collect();
    blocks.push(format!("{promise}  {summary}"));
    output::data(&blocks.join("\n"))?;
    Ok(if summary == Summary::All(Class::Delivered) {
        crate::FINE
    } else {
        crate::FINDINGS
    })
}

/// Reads `CLIENT:CLUSTER/BROKER`, where the broker is an id or `bootstrap`.
fn promise(text: &str) -> anyhow::Result<PromiseId> {
    let shape = || {
        format!(
            "`{text}` is no path; write one such as `checkout:orders/3` or `checkout:orders/bootstrap`"
        )
    };
    let (client, rest) = text.split_once(':').with_context(shape)?;
    let (cluster, goal) = rest.rsplit_once('/').with_context(shape)?;
    let goal = match goal {
        "bootstrap" => Goal::Bootstrap,
        id => Goal::Broker(id.parse().ok().with_context(shape)?),
    };
    Ok(PromiseId {
        client: client.into(),
        cluster: cluster.into(),
        goal,
    })
}
