//! `breezeway explain`: the page of a check, a verdict or a fault.

use anyhow::bail;

use crate::cli::ExplainArgs;
use crate::output;
use crate::pages::{self, Group, Page};

pub(crate) fn run(args: &ExplainArgs) -> anyhow::Result<u8> {
    let groups = pages::groups();
    let Some(name) = &args.name else {
        output::data(&listing(&groups))?;
        return Ok(crate::FINE);
    };
    let Some(page) = all(&groups).find(|page| page.name == name) else {
        bail!("there is no page on `{name}`{}", suggestion(name, &groups));
    };
    output::data(&page.text)?;
    Ok(crate::FINE)
}

fn all(groups: &[Group]) -> impl Iterator<Item = &Page> {
    groups.iter().flat_map(|group| &group.pages)
}

fn listing(groups: &[Group]) -> String {
    let block = |group: &Group| {
        let names = group.pages.iter().map(|page| format!("  {}\n", page.name));
        format!("{}\n{}", group.title, names.collect::<String>())
    };
    groups.iter().map(block).collect::<Vec<_>>().join("\n")
}

fn suggestion(name: &str, groups: &[Group]) -> String {
    let known = all(groups).map(|page| page.name);
    blueprint::nearest(name, known).map_or_else(
        || "; `breezeway explain` lists all".to_owned(),
        |near| format!("; did you mean `{near}`?"),
    )
}
