//! `breezeway check`: the matrix of verdicts and the findings.

use anyhow::{Context, bail};
use blueprint::diagnostic::{Diagnostic, Level};
use blueprint::facts::Facts;
use blueprint::kafka::{Goal, PromiseId};
use blueprint::verdict::{Attempt, Class, PathVerdict, Summary};

use crate::cli::{CheckArgs, FindingsFormat};
use crate::estate::{self, Estate, Judged};
use crate::format::count::{count, thousands};
use crate::{format, output};

/// Delivered attempts of one path that are told hop by hop; behind balancers there are dozens, all
/// alike. What is not delivered is always told.
const MAX_DELIVERED: usize = 4;

pub(crate) fn run(args: &CheckArgs) -> anyhow::Result<u8> {
    let estate = Estate::load(&args.spec.spec)?;
    if let Some(path) = &args.path {
        return one_path(&estate, path);
    }
    let (facts, sound) = estate::facts(args.facts.as_deref())?;
    let examined = examined(&estate, &facts);
    output::data(&text(args.format, &estate, &examined)?)?;
    if args.format == FindingsFormat::Concise {
        tell_suppressed(&examined.judged);
    }
    Ok(if sound {
        examined.judged.code()
    } else {
        crate::FINDINGS
    })
}

/// Says how many findings comments allow, where the form on stdout has no place for it.
pub(crate) fn tell_suppressed(judged: &Judged) {
    if !judged.suppressed.is_empty() {
        output::talk(&suppressed(judged));
    }
}

fn suppressed(judged: &Judged) -> String {
    format!("{} suppressed", thousands(judged.suppressed.len()))
}

/// Verdicts and findings in one of the forms.
///
/// # Errors
/// When they cannot be serialized, which no value brings about.
pub(crate) fn text(
    format: FindingsFormat,
    estate: &Estate,
    examined: &Examined,
) -> anyhow::Result<String> {
    let Estate { file, source, .. } = estate;
    let Examined { paths, judged, .. } = examined;
    let Judged {
        findings,
        suppressed,
    } = judged;
    Ok(match format {
        FindingsFormat::Full => full(estate, examined),
        FindingsFormat::Concise => format::concise(findings, source, file),
        FindingsFormat::Json => format::json::check(file, source, paths, findings, suppressed)?,
        FindingsFormat::Sarif => format::sarif::check(file, source, findings, suppressed)?,
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
    pub(crate) judged: Judged,
}

/// Walks the blueprint, if the spec was sound enough for one.
pub(crate) fn examined(estate: &Estate, facts: &Facts) -> Examined {
    examined_with(estate, facts, Vec::new())
}

/// Walks the blueprint and takes findings of others beside its own.
pub(crate) fn examined_with(estate: &Estate, facts: &Facts, others: Vec<Diagnostic>) -> Examined {
    let Some(blueprint) = &estate.blueprint else {
        return Examined {
            judged: estate.judged(None),
            ..Examined::default()
        };
    };
    let mut checked = verify::check_by(blueprint, facts);
    let paths = std::mem::take(&mut checked.paths);
    let denials = std::mem::take(&mut checked.denials);
    let mut beyond = checked.beyond(&estate.diagnostics);
    beyond.extend(others);
    Examined {
        paths,
        denials,
        judged: estate.judged(Some(beyond)),
    }
}

/// Findings as they are drawn for people.
pub(crate) fn drawn(estate: &Estate, diagnostics: &[Diagnostic]) -> String {
    format::draw(diagnostics, &estate.source, &estate.file, output::colour())
}

fn full(estate: &Estate, examined: &Examined) -> String {
    let Examined { paths, judged, .. } = examined;
    let findings = &judged.findings;
    let matrix = estate
        .blueprint
        .as_ref()
        .map(|blueprint| format::matrix::checked(blueprint, paths));
    let findings = (!findings.is_empty()).then(|| drawn(estate, findings));
    let parts = [matrix, findings, Some(summary(paths, judged))];
    let parts = parts.iter().flatten().map(|part| part.trim_end());
    parts.collect::<Vec<_>>().join("\n\n")
}

/// The last line: how many findings, and how the paths fare.
fn summary(paths: &[PathVerdict], judged: &Judged) -> String {
    let findings = counted(judged);
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

fn counted(judged: &Judged) -> String {
    let n_of = |level| {
        let findings = judged.findings.iter();
        findings.filter(|finding| finding.level == level).count()
    };
    let levels = [(Level::Error, "error"), (Level::Warning, "warning")];
    let mut parts: Vec<_> = levels
        .into_iter()
        .map(|(level, noun)| (n_of(level), noun))
        .filter(|(n, _)| *n > 0)
        .map(|(n, noun)| count(n, noun))
        .collect();
    if parts.is_empty() {
        parts.push("no findings".to_owned());
    }
    if !judged.suppressed.is_empty() {
        parts.push(suppressed(judged));
    }
    parts.join(", ")
}

fn one_path(estate: &Estate, path: &str) -> anyhow::Result<u8> {
    let Ok(blueprint) = estate.settled() else {
        output::data(&drawn(estate, &estate.judged(None).findings))?;
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
    let (delivered, others): (Vec<_>, Vec<_>) = verdict
        .attempts
        .iter()
        .zip(&traces)
        .partition(|(attempt, _)| attempt.verdict.class == Class::Delivered);
    let n_left_out = delivered.len().saturating_sub(MAX_DELIVERED);
    let told = others
        .into_iter()
        .chain(delivered.into_iter().take(MAX_DELIVERED));
    let mut blocks: Vec<_> = told.map(|(_, trace)| format::trace(trace)).collect();
    if n_left_out != 0 {
        blocks.push(format!(
            "{n_left_out} more attempts are delivered as well\n"
        ));
    }
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
