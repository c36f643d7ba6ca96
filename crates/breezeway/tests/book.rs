//! The book's generated pages are those that `breezeway explain` prints, and no others: a page per
//! check, verdict and fault, and an index for each folder. `UPDATE=1` writes them.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use breezeway::pages::{self, Group};

#[test]
fn the_book_is_what_explain_prints_and_its_links_hold() {
    let groups = pages::groups();
    let expected = book(&groups);
    let folders: BTreeSet<_> = groups.iter().filter_map(|group| group.folder).collect();
    let kept = folders
        .iter()
        .flat_map(|folder| pages_in(Path::new(folder)));
    let strays: BTreeSet<_> = kept.filter(|path| !expected.contains_key(path)).collect();
    let stale = |(path, text): &(&PathBuf, &String)| {
        fs::read_to_string(docs().join(path)).ok().as_ref() != Some(text)
    };
    let stale: BTreeMap<_, _> = expected.iter().filter(stale).collect();
    if std::env::var_os("UPDATE").is_some_and(|value| value == "1") {
        for (path, text) in stale {
            write(&docs().join(path), text);
        }
        for path in strays {
            fs::remove_file(docs().join(path)).expect("a stray page is removed");
        }
        return every_link_leads_somewhere();
    }
    assert!(
        stale.is_empty() && strays.is_empty(),
        "stale: {:?}\nof something that is no more: {strays:?}\n`UPDATE=1 cargo test -p breezeway --test book` writes the book",
        stale.keys()
    );
    every_link_leads_somewhere();
}

fn every_link_leads_somewhere() {
    let folders = fs::read_dir(docs()).expect("the book exists");
    let folders = folders.map(|entry| entry.expect("readable").path());
    let folders = folders.filter(|path| path.is_dir()).chain([docs()]);
    let mut n_links = 0;
    for path in folders.flat_map(|folder| pages_in(&folder)) {
        let text = fs::read_to_string(docs().join(&path)).expect("a page is text");
        for target in links(&text) {
            let folder = docs().join(&path);
            let to = folder
                .parent()
                .expect("a page lies in a folder")
                .join(target);
            assert!(to.exists(), "{} links to {target}", path.display());
            n_links += 1;
        }
    }
    assert!(100 < n_links, "{n_links} links");
}

#[test]
fn names_become_links_outside_code() {
    let places = [("no-target", "verdicts"), ("cross-zone-off", "checks")].into();
    let text = "see `no-target`, `cross-zone-off` and `other`\n```\n`no-target`\n```\n";
    assert_eq!(
        linked(text, "cross-zone-off", &places),
        "see [`no-target`](../verdicts/no-target.md), `cross-zone-off` and `other`\n```\n`no-target`\n```\n"
    );
}

fn docs() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs")
}

/// Every generated page by its path below `docs/`.
fn book(groups: &[Group]) -> BTreeMap<PathBuf, String> {
    let places = places(groups);
    let mut book: BTreeMap<PathBuf, String> = BTreeMap::new();
    for group in groups {
        let folder = Path::new(group.folder.unwrap_or_default());
        for page in &group.pages {
            let text = linked(&page.text, page.name, &places);
            let text = if group.folder.is_some() {
                text
            } else {
                page.text.clone()
            };
            book.insert(folder.join(format!("{}.md", page.name)), text);
        }
        if let Some(name) = group.folder {
            let index = book.entry(folder.join("index.md"));
            index
                .or_insert_with(|| heading(name))
                .push_str(&section(group));
        }
    }
    book
}

/// The folder of every name; a check's where a verdict has its name.
fn places(groups: &[Group]) -> BTreeMap<&str, &'static str> {
    let mut places = BTreeMap::new();
    for group in groups {
        for page in &group.pages {
            if let Some(folder) = group.folder {
                places.entry(page.name).or_insert(folder);
            }
        }
    }
    places
}

fn heading(folder: &str) -> String {
    let (first, rest) = folder.split_at(1);
    format!(
        "# {}{rest}\n\n`breezeway explain NAME` prints each of these pages. They are written by `UPDATE=1 cargo test -p breezeway --test book`.\n",
        first.to_uppercase()
    )
}

fn section(group: &Group) -> String {
    let (first, rest) = group.title.split_at(1);
    let line = |page: &pages::Page| format!("- [`{0}`]({0}.md): {1}\n", page.name, page.summary());
    let lines: String = group.pages.iter().map(line).collect();
    format!("\n## {}{rest}\n\n{lines}", first.to_uppercase())
}

/// A page in which each name that has a page of its own links to it.
fn linked(text: &str, own: &str, places: &BTreeMap<&str, &'static str>) -> String {
    let mut in_code = false;
    let line = |line: &str| {
        in_code ^= line.starts_with("```");
        let parts = line.split('`').enumerate();
        let part = |(i, part): (usize, &str)| match places.get(part) {
            Some(folder) if i % 2 == 1 && part != own => {
                format!("[`{part}`](../{folder}/{part}.md)")
            }
            Some(_) | None if i % 2 == 1 => format!("`{part}`"),
            Some(_) | None => part.to_owned(),
        };
        if in_code || line.starts_with("```") || line.matches('`').count() % 2 == 1 {
            line.to_owned()
        } else {
            parts.map(part).collect()
        }
    };
    text.split_inclusive('\n').map(line).collect()
}

/// Markdown files of a folder, by their paths below `docs/`.
fn pages_in(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(docs().join(folder)) else {
        return Vec::new();
    };
    let paths = entries.map(|entry| entry.expect("readable").path());
    let pages = paths.filter(|path| path.extension().is_some_and(|end| end == "md"));
    let below = |path: PathBuf| path.strip_prefix(docs()).expect("below").to_owned();
    pages.map(below).collect()
}

/// Targets of a page's links that are neither addresses nor places in the page itself.
fn links(text: &str) -> impl Iterator<Item = &str> {
    let targets = text
        .split("](")
        .skip(1)
        .filter_map(|rest| rest.split(')').next());
    let targets = targets.map(|target| target.split('#').next().unwrap_or_default());
    targets.filter(|target| !target.is_empty() && !target.contains("://"))
}

fn write(path: &Path, text: &str) {
    fs::create_dir_all(path.parent().expect("a page lies in a folder"))
        .expect("the folder is made");
    fs::write(path, text).expect("the page is written");
}
