//! `breezeway compare`: the ways to connect, with what each costs, takes and moves.

use std::path::Path;

use anyhow::Context;
use blueprint::facts::Decimal;

use crate::cli::{CompareArgs, CompareFormat};
use crate::comparison::{self, Comparison};
use crate::estate::{self, Estate};
use crate::{format, output};

/// What every page begins with.
const PAGE: &[u8] = b"<!doctype html>";

pub(crate) fn run(args: &CompareArgs) -> anyhow::Result<u8> {
    let estate = Estate::load(&args.spec.spec)?;
    let Some(spec) = &estate.spec else {
        output::talk(&super::check::drawn(&estate, &estate.diagnostics));
        return Ok(crate::FINDINGS);
    };
    let (facts, sound) = estate::facts(args.facts.as_deref())?;
    if !sound {
        return Ok(crate::FINDINGS);
    }
    let gb = args.gb_per_month.map(Decimal::from_whole);
    let compared = comparison::compare(spec, &facts, gb);
    if let Some(path) = &args.html {
        keep_others(path)?;
        let page = format::comparison::html::page(&spec.name, &compared, &comparison::routes(spec));
        std::fs::write(path, page)
            .with_context(|| format!("could not write `{}`", path.display()))?;
        output::talk(&format!("wrote `{}`", path.display()));
    }
    output::data(&text(args, &estate, &compared)?)?;
    Ok(crate::FINE)
}

/// Refuses to write the page over a file that is no page: a spec, or facts, by a slip.
///
/// # Errors
/// When the file is there and does not begin as a page does.
fn keep_others(path: &Path) -> anyhow::Result<()> {
    let Ok(there) = std::fs::read(path) else {
        return Ok(());
    };
    let is_page = there.is_empty()
        || there
            .get(..PAGE.len())
            .is_some_and(|start| start.eq_ignore_ascii_case(PAGE));
    anyhow::ensure!(
        is_page,
        "`{}` is there already and is no page; give `--html` another name",
        path.display()
    );
    Ok(())
}

fn text(args: &CompareArgs, estate: &Estate, compared: &Comparison) -> anyhow::Result<String> {
    use format::comparison::{csv, markdown, terminal};
    Ok(match args.format {
        CompareFormat::Table => terminal::text(compared, args.wide),
        CompareFormat::Markdown => markdown::text(compared),
        CompareFormat::Csv => csv::text(compared),
        CompareFormat::Json => format::json::compare(&estate.file, compared)?,
    })
}
