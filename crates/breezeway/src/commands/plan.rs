//! `breezeway plan`: the settled blueprint.

use crate::cli::{PlanArgs, PlanFormat};
use crate::estate::{Estate, Judged};
use crate::{format, output};

pub(crate) fn run(args: &PlanArgs) -> anyhow::Result<u8> {
    let estate = Estate::load(&args.spec.spec)?;
    let judged = estate.judged(None);
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
