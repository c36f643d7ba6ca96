//! `breezeway plan`: the settled blueprint.

use crate::cli::PlanArgs;
use crate::estate::{Estate, has_errors};
use crate::{format, output};

pub(crate) fn run(args: &PlanArgs) -> anyhow::Result<u8> {
    let estate = Estate::load(&args.spec.spec)?;
    if let Some(blueprint) = &estate.blueprint {
        output::data(&format::blueprint::text(blueprint))?;
    }
    if !estate.diagnostics.is_empty() {
        output::talk(&super::check::drawn(&estate, &estate.diagnostics));
    }
    Ok(if has_errors(&estate.diagnostics) {
        crate::FINDINGS
    } else {
        crate::FINE
    })
}
