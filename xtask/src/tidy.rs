//! The guards: every rule of ARCHITECTURE.md that a compiler does not hold, as a function from
//! the working tree to the places that break it. All of them run, and all faults are told.

mod changelog;
mod edges;
mod function_length;
mod leftovers;
mod licences;
mod lints;
mod module_docs;
mod nouns;
mod pages;
mod prints;
mod purity;
mod serialize;
mod unsafety;
mod words;

use std::fmt;

use crate::repo::{self, File};
use crate::sabotage;

/// Crates that decide and judge, and so may not touch the world.
const PURE: [&str; 6] = ["automata", "blueprint", "plan", "render", "verify", "wire"];

/// One place that breaks a rule.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Fault {
    path: String,
    /// Line, counted from 1; 0 for the whole file.
    line: usize,
    message: String,
}

impl Fault {
    pub(crate) fn new(path: impl Into<String>, line: usize, message: impl Into<String>) -> Self {
        Self {
            path: path.into(),
            line,
            message: message.into(),
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            0 => write!(f, "{}: {}", self.path, self.message),
            line => write!(f, "{}:{line}: {}", self.path, self.message),
        }
    }
}

/// A rule and what judges it.
struct Guard {
    name: &'static str,
    check: fn(&[File]) -> anyhow::Result<Vec<Fault>>,
}

const GUARDS: [Guard; 15] = [
    Guard {
        name: "purity",
        check: purity::check,
    },
    Guard {
        name: "edges",
        check: edges::check,
    },
    Guard {
        name: "lints",
        check: |files| Ok(lints::check(files)),
    },
    Guard {
        name: "prints",
        check: |files| Ok(prints::check(files)),
    },
    Guard {
        name: "unsafety",
        check: |files| Ok(unsafety::check(files)),
    },
    Guard {
        name: "module-docs",
        check: |files| Ok(module_docs::check(files)),
    },
    Guard {
        name: "function-length",
        check: |files| Ok(function_length::check(files)),
    },
    Guard {
        name: "pages",
        check: |files| Ok(pages::check(files)),
    },
    Guard {
        name: "nouns",
        check: |files| Ok(nouns::check(files)),
    },
    Guard {
        name: "serialize",
        check: |files| Ok(serialize::check(files)),
    },
    Guard {
        name: "leftovers",
        check: |files| Ok(leftovers::check(files)),
    },
    Guard {
        name: "licences",
        check: |files| Ok(licences::check(files)),
    },
    Guard {
        name: "changelog",
        check: |files| Ok(changelog::check(files)),
    },
    Guard {
        name: "parses",
        check: |files| Ok(words::check(files)),
    },
    Guard {
        name: "sabotage-table",
        check: |files| Ok(sabotage::table_faults(files)),
    },
];

/// Runs every guard and prints what they found; true if that is nothing.
pub(crate) fn run() -> anyhow::Result<bool> {
    let n_faults = report()?;
    eprintln!("tidy: {} guards, {n_faults} faults", GUARDS.len());
    Ok(n_faults == 0)
}

/// Runs every guard, prints each fault on a line of its own, and returns their number.
pub(crate) fn report() -> anyhow::Result<usize> {
    let files = repo::read(repo::root())?;
    let mut n_faults = 0;
    for guard in &GUARDS {
        let mut faults = (guard.check)(&files)?;
        faults.sort();
        n_faults += faults.len();
        for fault in faults {
            println!("{fault} [{}]", guard.name);
        }
    }
    eprintln!("tidy: {}", function_length::measure(&files));
    Ok(n_faults)
}

#[cfg(test)]
mod testing {
    //! Files that exist only in a test.

    use super::{Fault, File};

    pub(crate) fn files<const N: usize>(files: [(&str, &str); N]) -> Vec<File> {
        let file = |(path, text): (&str, &str)| File {
            path: path.to_owned(),
            text: text.to_owned(),
        };
        files.into_iter().map(file).collect()
    }

    /// The faults as a person reads them, in order.
    pub(crate) fn told(mut faults: Vec<Fault>) -> Vec<String> {
        faults.sort();
        faults.iter().map(Fault::to_string).collect()
    }
}
