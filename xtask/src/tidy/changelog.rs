//! Entries that wait for a release are one file each, `changelog.d/<slug>.<kind>.md`, so that
//! branches do not collide.

use super::Fault;
use crate::repo::File;

const KINDS: [&str; 4] = ["added", "changed", "fixed", "removed"];

pub(super) fn check(files: &[File]) -> Vec<Fault> {
    let entries = files
        .iter()
        .filter(|file| file.path.starts_with("changelog.d/") && !is_well_named(&file.path));
    entries
        .map(|file| {
            let kinds = KINDS.join("|");
            let message = format!("is not named `<slug>.<{kinds}>.md`");
            Fault::new(&file.path, 0, message)
        })
        .collect()
}

fn is_well_named(path: &str) -> bool {
    let name = path.trim_start_matches("changelog.d/");
    let parts: Vec<_> = name.split('.').collect();
    match parts.as_slice() {
        [slug, kind, "md"] => !slug.is_empty() && KINDS.contains(kind),
        [..] => false,
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{files, told};
    use super::*;

    #[test]
    fn an_entry_says_its_kind() {
        let files = files([
            ("changelog.d/prove.added.md", "text"),
            ("changelog.d/prove.feature.md", "text"),
            ("changelog.d/notes.md", "text"),
        ]);
        assert_eq!(
            told(check(&files)),
            [
                "changelog.d/notes.md: is not named `<slug>.<added|changed|fixed|removed>.md`",
                "changelog.d/prove.feature.md: is not named `<slug>.<added|changed|fixed|removed>.md`",
            ]
        );
    }
}
