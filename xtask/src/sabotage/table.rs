//! The rules that are broken, and how: one edit of one file for each rule and side. The edits
//! are exact text, so that a change of that text is noticed at once.

use std::collections::BTreeSet;
use std::fmt;

use crate::repo::File;
use crate::tidy::Fault;

const HERE: &str = "xtask/src/sabotage/table.rs";

/// Rules that the table must break at least, each on both sides.
const RULES_MIN: usize = 10;

/// Which of the two readings of the network is broken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Side {
    Lab,
    Verify,
}

impl Side {
    const ALL: [Self; 2] = [Self::Lab, Self::Verify];

    fn folder(self) -> &'static str {
        match self {
            Self::Lab => "crates/lab/src/",
            Self::Verify => "crates/verify/src/",
        }
    }
}

impl fmt::Display for Side {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Lab => "lab",
            Self::Verify => "verify",
        })
    }
}

/// One break.
#[derive(Debug)]
pub(super) struct Entry {
    /// The rule of the network, in kebab-case; the same on both sides.
    pub(super) rule: &'static str,
    pub(super) side: Side,
    /// Path below the root.
    pub(super) file: &'static str,
    /// Exact text that occurs once.
    pub(super) find: &'static str,
    pub(super) replace: &'static str,
}

pub(super) const ENTRIES: [Entry; 0] = [];

/// Finds entries that cannot be applied, rules that are broken on one side only, and a table
/// that is too short.
pub(super) fn faults(entries: &[Entry], files: &[File]) -> Vec<Fault> {
    let mut faults: Vec<_> = entries
        .iter()
        .filter_map(|entry| {
            let message = misfit(entry, files)?;
            let message = format!("`{}` in {}: {message}", entry.rule, entry.side);
            Some(Fault::new(HERE, 0, message))
        })
        .collect();
    faults.extend(missing_sides(entries));
    let n_rules = rules(entries).len();
    if n_rules < RULES_MIN {
        let message = format!("{n_rules} rules; {RULES_MIN} are the least");
        faults.push(Fault::new(HERE, 0, message));
    }
    faults
}

fn misfit(entry: &Entry, files: &[File]) -> Option<String> {
    let (file, find) = (entry.file, entry.find);
    if !file.starts_with(entry.side.folder()) {
        return Some(format!("`{file}` is not of that side"));
    }
    if find.is_empty() || find == entry.replace {
        return Some("it changes nothing".to_owned());
    }
    let Some(text) = files.iter().find(|known| known.path == file) else {
        return Some(format!("`{file}` is not there"));
    };
    match text.text.matches(find).count() {
        1 => None,
        n => Some(format!("its text occurs {n} times in `{file}`")),
    }
}

fn missing_sides(entries: &[Entry]) -> Vec<Fault> {
    let mut faults = Vec::new();
    for rule in rules(entries) {
        for side in Side::ALL {
            let of_both = |entry: &&Entry| entry.rule == rule && entry.side == side;
            let n_entries = entries.iter().filter(of_both).count();
            if n_entries != 1 {
                let message = format!("`{rule}` is broken {n_entries} times in {side}, not once");
                faults.push(Fault::new(HERE, 0, message));
            }
        }
    }
    faults
}

fn rules(entries: &[Entry]) -> BTreeSet<&'static str> {
    entries.iter().map(|entry| entry.rule).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "let route = routes.max();\n";

    fn files() -> Vec<File> {
        let file = |path: &str| File {
            path: path.to_owned(),
            text: TEXT.to_owned(),
        };
        vec![file("crates/lab/src/a.rs"), file("crates/verify/src/a.rs")]
    }

    const LAB: Entry = Entry {
        rule: "longest-prefix",
        side: Side::Lab,
        file: "crates/lab/src/a.rs",
        find: "max()",
        replace: "min()",
    };

    #[test]
    fn an_edit_that_fits_is_fine() {
        assert_eq!(misfit(&LAB, &files()), None);
    }

    #[test]
    fn edits_that_do_not_fit_are_told() {
        let wrong = [
            (
                Entry {
                    find: "sum()",
                    ..LAB
                },
                "its text occurs 0 times in `crates/lab/src/a.rs`",
            ),
            (
                Entry {
                    find: "route",
                    ..LAB
                },
                "its text occurs 2 times in `crates/lab/src/a.rs`",
            ),
            (
                Entry {
                    replace: "max()",
                    ..LAB
                },
                "it changes nothing",
            ),
            (
                Entry {
                    file: "crates/lab/src/b.rs",
                    ..LAB
                },
                "`crates/lab/src/b.rs` is not there",
            ),
            (
                Entry {
                    side: Side::Verify,
                    ..LAB
                },
                "`crates/lab/src/a.rs` is not of that side",
            ),
        ];
        for (entry, told) in wrong {
            assert_eq!(misfit(&entry, &files()).as_deref(), Some(told));
        }
    }

    #[test]
    fn a_rule_is_broken_once_on_each_side() {
        let told: Vec<_> = missing_sides(&[LAB, LAB])
            .iter()
            .map(Fault::to_string)
            .collect();
        assert_eq!(
            told,
            [
                format!("{HERE}: `longest-prefix` is broken 2 times in lab, not once"),
                format!("{HERE}: `longest-prefix` is broken 0 times in verify, not once"),
            ]
        );
    }

    #[test]
    fn an_empty_table_is_a_fault() {
        let told = faults(&[], &files())[0].to_string();
        assert_eq!(told, format!("{HERE}: 0 rules; 10 are the least"));
    }
}
