//! Everything that has a page: what `explain` prints, the book holds and SARIF takes for rules.

mod facts;
mod patterns;

use std::collections::BTreeSet;

use blueprint::diagnostic::Level;

/// Pages of one kind.
#[derive(Debug)]
pub struct Group {
    /// What they are, as a heading in lower case.
    pub title: &'static str,
    /// The book's folder they lie in, below `docs/`; none if each stands by itself in `docs/`.
    pub folder: Option<&'static str>,
    /// The pages in the order they are listed.
    pub pages: Vec<Page>,
}

/// The page of one name.
#[derive(Debug)]
pub struct Page {
    /// What it explains, in kebab-case.
    pub name: &'static str,
    /// Its text in Markdown, headed by its name.
    pub text: String,
    /// How bad a finding of this name can be; none for what is no finding.
    pub level: Option<Level>,
}

impl Page {
    /// Its first paragraph on one line: what the name means.
    pub fn summary(&self) -> String {
        let lines = self
            .text
            .lines()
            .skip_while(|line| line.starts_with('#') || line.is_empty());
        let paragraph: Vec<_> = lines.take_while(|line| !line.is_empty()).collect();
        paragraph.join(" ")
    }
}

/// Faults of reader and plan that are never errors.
const WARNINGS: [&str; 5] = [
    "idle-key",
    "public-range",
    "unknown-combination",
    "unseen-existing-object",
    "unused-suppression",
];

/// All pages. A name may be a check's and a verdict's; the check's comes first and tells more.
pub fn groups() -> Vec<Group> {
    let checks = verify::checks().iter().map(|check| Page {
        name: check.name,
        text: check.page(),
        level: Some(check.level),
    });
    let verdicts = verify::verdicts().iter().map(|(name, text)| Page {
        name,
        text: (*text).to_owned(),
        level: None,
    });
    let group = |title, folder, pages| Group {
        title,
        folder,
        pages,
    };
    let (plans, specs) = (faults(plan::faults()), faults(blueprint::faults()));
    let renders = faults(render::faults());
    let groups = [
        group(
            "checks of the settled network",
            Some("checks"),
            checks.collect(),
        ),
        group(
            "verdicts: how a path ends",
            Some("verdicts"),
            verdicts.collect(),
        ),
        group("faults found while planning", Some("faults"), plans),
        group("faults found while rendering", Some("faults"), renders),
        group("faults of a spec", Some("faults"), specs),
        group("ways to connect", Some("patterns"), patterns::pages()),
        group("tables", None, tables()),
    ];
    let groups = groups.into_iter().filter(|group| !group.pages.is_empty());
    groups.collect()
}

/// Pages that are written from data: `explain NAME` prints one, and the book has it as
/// `docs/NAME.md`.
fn tables() -> Vec<Page> {
    vec![facts::table(), patterns::table()]
}

/// The names of all findings there can be.
pub(crate) fn findings() -> BTreeSet<&'static str> {
    let checks = verify::checks().iter().map(|check| check.name);
    let faults = plan::faults().iter().chain(render::faults());
    let faults = faults.chain(blueprint::faults());
    checks.chain(faults.map(|(name, _)| *name)).collect()
}

fn faults(pages: &[(&'static str, &'static str)]) -> Vec<Page> {
    let page = |(name, text): &(&'static str, &'static str)| Page {
        name,
        text: (*text).to_owned(),
        level: Some(if WARNINGS.contains(name) {
            Level::Warning
        } else {
            Level::Error
        }),
    };
    pages.iter().map(page).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_page_is_headed_by_its_name_and_sums_it_up() {
        for page in groups().iter().flat_map(|group| &group.pages) {
            assert!(
                page.text.starts_with(&format!("# {}\n\n", page.name)),
                "{page:?}"
            );
            let summary = page.summary();
            assert!(20 < summary.len() && !summary.contains('\n'), "{page:?}");
        }
    }

    #[test]
    fn warnings_are_faults() {
        let names = findings();
        assert!(WARNINGS.iter().all(|name| names.contains(name)));
    }
}
