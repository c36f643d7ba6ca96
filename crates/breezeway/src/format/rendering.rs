//! What is rendered and what became of it in a folder, as text.

use std::collections::BTreeMap;

use render::Rendered;
use render::unit::Unit;

use super::columns::columns;
use super::count::{count, thousands};
use crate::folder::Fate;

/// Every file in the order in which it is read or applied: the steps, the units, the rest.
pub fn in_order(rendered: &Rendered) -> Vec<(&str, Option<&Unit>)> {
    let mut ordered: Vec<(&str, Option<&Unit>)> = Vec::new();
    let unit_of = |path: &str| {
        let mut units = rendered.units.iter().enumerate();
        units.find(|(_, unit)| belongs(path, unit))
    };
    let mut files: Vec<_> = rendered
        .files
        .keys()
        .map(|path| (unit_of(path), path.as_str()))
        .collect();
    let is_page = |path: &str| !path.contains('/');
    files.sort_by_key(|(unit, path)| {
        let at = unit.map_or(rendered.units.len(), |(at, _)| at);
        (!is_page(path), at, *path)
    });
    ordered.extend(
        files
            .into_iter()
            .map(|(unit, path)| (path, unit.map(|(_, unit)| unit))),
    );
    ordered
}

/// Whether a file is a unit's, or lies in a unit's folder.
fn belongs(path: &str, unit: &Unit) -> bool {
    let rest = path.strip_prefix(unit.path.as_str());
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// The list of files, with the stage and size of what each of them begins.
pub fn list(rendered: &Rendered) -> String {
    let mut rows = vec![row(["stage", "resources", "file"])];
    let mut before = None;
    for (path, unit) in in_order(rendered) {
        let here = unit.map(|unit| unit.path.as_str());
        match unit {
            Some(unit) if here != before => {
                let resources = unit.items.iter().flat_map(|item| &item.resources).count();
                let stage = unit.place.stage.as_str();
                rows.push(row([stage, &thousands(resources), path]));
            }
            Some(_) | None => rows.push(row(["", "", path])),
        }
        before = here;
    }
    let n_files = count(rendered.files.len(), "file");
    format!(
        "{}\n{n_files}, applied from top to bottom\n",
        columns(&rows)
    )
}

/// What became of files, those that stayed as they were only counted.
pub fn fates(rendered: &Rendered, fates: &BTreeMap<String, Fate>) -> String {
    let here = in_order(rendered).into_iter().map(|(path, _)| path);
    let gone = fates.keys().map(String::as_str);
    let gone = gone.filter(|path| !rendered.files.contains_key(*path));
    let rows = here.chain(gone).filter_map(|path| match fates.get(path) {
        None | Some(Fate::Unchanged) => None,
        Some(fate) => Some(row([fate.as_str(), path])),
    });
    let rows: Vec<_> = rows.collect();
    let summary = summary(fates);
    if rows.is_empty() {
        format!("{summary}\n")
    } else {
        format!("{}\n{summary}\n", columns(&rows))
    }
}

fn summary(fates: &BTreeMap<String, Fate>) -> String {
    let n_of = |fate| fates.values().filter(|other| **other == fate).count();
    let n_unchanged = n_of(Fate::Unchanged);
    if n_unchanged == fates.len() {
        return format!("nothing changed in {}", count(n_unchanged, "file"));
    }
    let counts = Fate::ALL.iter().map(|fate| (n_of(*fate), fate.as_str()));
    let counts = counts.filter(|(n, _)| *n != 0);
    let counts = counts.map(|(n, word)| format!("{} {word}", thousands(n)));
    counts.collect::<Vec<_>>().join(", ")
}

fn row<const N: usize>(cells: [&str; N]) -> Vec<String> {
    cells.map(str::to_owned).to_vec()
}
