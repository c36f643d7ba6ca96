//! `breezeway explain`: the page of a check, a verdict or a fault.

use anyhow::bail;

use crate::cli::ExplainArgs;
use crate::output;

pub(crate) fn run(args: &ExplainArgs) -> anyhow::Result<u8> {
    let pages = pages();
    let Some(name) = &args.name else {
        output::data(&listing(&pages))?;
        return Ok(crate::FINE);
    };
    let Some((_, _, page)) = pages.iter().find(|(_, known, _)| known == name) else {
        bail!("there is no page on `{name}`{}", suggestion(name, &pages));
    };
    output::data(page)?;
    Ok(crate::FINE)
}

/// Kind, name and page of everything that can be explained.
fn pages() -> Vec<(&'static str, &'static str, String)> {
    let checks = verify::checks()
        .iter()
        .map(|check| ("check", check.name, check.page()));
    let verdicts = verify::verdicts()
        .iter()
        .map(|(name, page)| ("verdict", *name, (*page).to_owned()));
    let plans = plan::faults()
        .iter()
        .map(|(name, page)| ("plan", *name, (*page).to_owned()));
    let faults = blueprint::faults()
        .iter()
        .map(|(name, page)| ("spec", *name, (*page).to_owned()));
    checks.chain(verdicts).chain(plans).chain(faults).collect()
}

fn listing(pages: &[(&'static str, &'static str, String)]) -> String {
    let titled = [
        ("check", "checks of the settled network"),
        ("verdict", "verdicts: how a path ends"),
        ("plan", "faults found while planning"),
        ("spec", "faults of a spec"),
    ];
    let block = |(kind, title): (&str, &str)| {
        let names = pages
            .iter()
            .filter(|(of, _, _)| *of == kind)
            .map(|(_, name, _)| format!("  {name}\n"));
        format!("{title}\n{}", names.collect::<String>())
    };
    titled.map(block).join("\n")
}

fn suggestion(name: &str, pages: &[(&'static str, &'static str, String)]) -> String {
    let known = pages.iter().map(|(_, known, _)| *known);
    blueprint::nearest(name, known).map_or_else(
        || "; `breezeway explain` lists all".to_owned(),
        |near| format!("; did you mean `{near}`?"),
    )
}
