//! `breezeway plan`: the settled blueprint.

use crate::cli::PlanArgs;
use crate::estate::Estate;
use crate::{format, output};

pub(crate) fn run(args: &PlanArgs) -> anyhow::Result<u8> {
    let estate = Estate::load(&args.spec.spec)?;
    if let Some(blueprint) = &estate.blueprint {
        output::data(&format::blueprint::text(blueprint))?;
    }
    let judged = estate.judged(None);
    if !judged.findings.is_empty() {
        output::talk(&super::check::drawn(&estate, &judged.findings));
    }
    super::check::tell_suppressed(&judged);
    Ok(judged.code())
}
