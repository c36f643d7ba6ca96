//! Every check has its page and its case file, and every verdict its page, so that
//! `breezeway explain` can answer for each word a user meets.

use syn::visit::Visit;

use super::Fault;
use crate::repo::File;

const CHECKS: &str = "crates/verify/src/checks/";
const CASES: &str = "crates/verify/tests/cases/";
const VERDICTS: &str = "crates/verify/src/verdicts/";
const CLASSES: &str = "crates/blueprint/src/verdict.rs";

/// What, why it is bad, an example and a remedy do not fit into fewer.
const PAGE_LINES_MIN: usize = 5;

pub(super) fn check(files: &[File]) -> Vec<Fault> {
    let mut faults = checks(files);
    faults.extend(verdicts(files));
    faults
}

fn checks(files: &[File]) -> Vec<Fault> {
    let mut faults = Vec::new();
    let mut n_checks = 0;
    for file in files {
        if let Some(name) = name_in(&file.path, CHECKS, ".rs") {
            n_checks += 1;
            faults.extend(one_check(files, file, &name.replace('_', "-")));
        }
    }
    if n_checks == 0 {
        faults.push(Fault::new(CHECKS, 0, "holds no check"));
    }
    faults
}

fn one_check(files: &[File], file: &File, name: &str) -> Vec<Fault> {
    let mut faults = Vec::new();
    let n_lines = page(&file.text).filter(|line| !line.is_empty()).count();
    if n_lines < PAGE_LINES_MIN {
        let message = format!("the page of `{name}` has {n_lines} lines of {PAGE_LINES_MIN}");
        faults.push(Fault::new(&file.path, 1, message));
    }
    if !file.text.contains(&format!("\"{name}\"")) {
        faults.push(Fault::new(&file.path, 0, format!("does not name `{name}`")));
    }
    let case = format!("{CASES}{name}.md");
    if !files.iter().any(|file| file.path == case) {
        faults.push(Fault::new(
            case,
            0,
            format!("the check `{name}` has no cases"),
        ));
    }
    faults
}

fn page(text: &str) -> impl Iterator<Item = &str> {
    text.lines()
        .map_while(|line| line.strip_prefix("//!"))
        .map(str::trim)
}

fn verdicts(files: &[File]) -> Vec<Fault> {
    let classes: Vec<String> = files
        .iter()
        .filter(|file| file.path == CLASSES)
        .flat_map(|file| classes(&file.text))
        .collect();
    if classes.is_empty() {
        return vec![Fault::new(CLASSES, 0, "holds no verdict class")];
    }
    let mut faults: Vec<_> = classes
        .iter()
        .filter(|class| !has_page(files, class))
        .map(|class| {
            let message = format!("the verdict `{class}` has no page");
            Fault::new(format!("{VERDICTS}{class}.md"), 0, message)
        })
        .collect();
    let pages = files
        .iter()
        .filter_map(|file| name_in(&file.path, VERDICTS, ".md"));
    let strays = pages.filter(|page| !classes.iter().any(|class| class == page));
    faults.extend(strays.map(|page| {
        Fault::new(
            format!("{VERDICTS}{page}.md"),
            0,
            format!("`{page}` is no verdict"),
        )
    }));
    faults
}

fn has_page(files: &[File], class: &str) -> bool {
    files.iter().any(|file| {
        let n_lines = file
            .text
            .lines()
            .filter(|line| !line.trim().is_empty())
            .count();
        name_in(&file.path, VERDICTS, ".md") == Some(class) && PAGE_LINES_MIN <= n_lines
    })
}

/// Lists the classes as users see them: the variants of `Class` in kebab-case.
fn classes(source: &str) -> Vec<String> {
    let mut classes = Classes(Vec::new());
    if let Ok(source) = syn::parse_file(source) {
        classes.visit_file(&source);
    }
    classes.0
}

struct Classes(Vec<String>);

impl Visit<'_> for Classes {
    fn visit_item_enum(&mut self, item: &syn::ItemEnum) {
        if item.ident == "Class" {
            let variants = item.variants.iter();
            self.0
                .extend(variants.map(|variant| kebab(&variant.ident.to_string())));
        }
    }
}

fn kebab(name: &str) -> String {
    let mut kebab = String::new();
    for c in name.chars() {
        if c.is_uppercase() && !kebab.is_empty() {
            kebab.push('-');
        }
        kebab.extend(c.to_lowercase());
    }
    kebab
}

fn name_in<'p>(path: &'p str, folder: &str, ending: &str) -> Option<&'p str> {
    let name = path.strip_prefix(folder)?.strip_suffix(ending)?;
    (!name.contains('/') && name != "mod").then_some(name)
}

#[cfg(test)]
mod tests {
    use super::super::testing::{files, told};
    use super::*;

    const LONG: &str = "//! 1\n//! 2\n//!\n//! 3\n//! 4\n//! 5\nconst N: &str = \"closed-port\";\n";

    #[test]
    fn a_check_has_page_name_and_cases() {
        let files = files([
            ("crates/verify/src/checks/closed_port.rs", LONG),
            ("crates/verify/tests/cases/closed-port.md", "cases"),
            ("crates/verify/src/checks/missing_route.rs", "//! Short.\n"),
        ]);
        assert_eq!(
            told(checks(&files)),
            [
                "crates/verify/src/checks/missing_route.rs: does not name `missing-route`",
                "crates/verify/src/checks/missing_route.rs:1: the page of `missing-route` has 1 lines of 5",
                "crates/verify/tests/cases/missing-route.md: the check `missing-route` has no cases",
            ]
        );
    }

    #[test]
    fn a_verdict_has_a_page_and_a_page_a_verdict() {
        let page = "# t\na\nb\nc\nd\n";
        let files = files([
            (CLASSES, "pub enum Class { NoName, Delivered }"),
            ("crates/verify/src/verdicts/delivered.md", page),
            ("crates/verify/src/verdicts/no-name.md", "# t\n\n\n\n\n\n"),
            ("crates/verify/src/verdicts/lost.md", page),
        ]);
        assert_eq!(
            told(verdicts(&files)),
            [
                "crates/verify/src/verdicts/lost.md: `lost` is no verdict",
                "crates/verify/src/verdicts/no-name.md: the verdict `no-name` has no page",
            ]
        );
    }

    #[test]
    fn finding_nothing_to_judge_is_a_fault() {
        let told = told(check(&[]));
        assert_eq!(told.len(), 2, "{told:?}");
    }
}
