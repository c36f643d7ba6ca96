//! `breezeway plan`: the settled blueprint.

use std::path::Path;

use crate::cli::{PlanArgs, PlanFormat};
use crate::estate::{Estate, Judged};
use crate::{format, output};

pub(crate) fn run(args: &PlanArgs) -> anyhow::Result<u8> {
    let estate = Estate::load(&args.spec.spec)?;
    let judged = estate.judged(None);
    if let Some(old) = &args.diff {
        return diff(old, args.format, &estate, &judged);
    }
    match args.format {
        PlanFormat::Full => full(&estate, &judged)?,
        PlanFormat::Json => output::data(&format::json::plan(
            &estate.file,
            &estate.source,
            estate.blueprint.as_ref(),
            &judged.findings,
            &judged.suppressed,
        )?)?,
    }
    Ok(judged.code())
}

/// What the spec changes against an older one, which must settle without an error: its blueprint
/// stands for what is deployed.
fn diff(old: &Path, form: PlanFormat, estate: &Estate, judged: &Judged) -> anyhow::Result<u8> {
    let older = Estate::load(old)?;
    let found = older.judged(None);
    if found.code() != crate::FINE {
        output::talk(&super::check::drawn(&older, &found.findings));
        anyhow::bail!(
            "the older spec `{}` has errors, so nothing can be compared with it",
            older.file
        );
    }
    if let (Some(before), Some(after)) = (&older.blueprint, &estate.blueprint) {
        let changes = plan::diff(before, after);
        output::data(&match form {
            PlanFormat::Full => format::changes::text(&older.file, &estate.file, &changes),
            PlanFormat::Json => format::json::diff(&older.file, &estate.file, &changes)?,
        })?;
    }
    if !judged.findings.is_empty() {
        output::talk(&super::check::drawn(estate, &judged.findings));
    }
    super::check::tell_suppressed(judged);
    Ok(judged.code())
}

fn full(estate: &Estate, judged: &Judged) -> anyhow::Result<()> {
    if let Some(blueprint) = &estate.blueprint {
        output::data(&format::blueprint::text(blueprint))?;
    }
    if !judged.findings.is_empty() {
        output::talk(&super::check::drawn(estate, &judged.findings));
    }
    super::check::tell_suppressed(judged);
    Ok(())
}
