//! Judges of rendered text that are not ours: cfn-lint, and Terraform with the AWS provider or
//! with a stand-in that has its schema. They are fetched once into the cache that Kafka is kept
//! in; each is there or says why it is not, and a test that needs it prints that.

#![allow(
    dead_code,
    unused_imports,
    reason = "each test target uses a part of it"
)]

mod cfn_lint;
mod kept;
mod process;
mod real;
mod rendering;
mod standin;
mod terraform;
mod tools;

use std::fmt;
use std::io::Write;
use std::path::PathBuf;
use std::sync::OnceLock;

pub(crate) use cfn_lint::Template;
pub(crate) use process::Scratch;
pub(crate) use real::newest_minimum;
pub(crate) use rendering::Rendering;
pub(crate) use terraform::{Input, Module, Planned, Provider, Terraform, module_name};

use cfn_lint::CfnLint;

/// Every judge, or why it cannot be had here.
pub(crate) struct Judges {
    cfn_lint: Result<CfnLint, Skipped>,
    terraform: Result<Terraform, Skipped>,
}

/// A judge that cannot be had, and why.
#[derive(Clone, Debug)]
pub(crate) struct Skipped {
    judge: &'static str,
    reason: String,
}

/// What a judge objects to.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Finding {
    /// The file, as the judge was given it or below the folder it was given.
    pub(crate) file: PathBuf,
    /// Line, from one; none where the judge names none.
    pub(crate) line: Option<u64>,
    /// The judge's rule, or its summary.
    pub(crate) rule: String,
    /// What is wrong.
    pub(crate) message: String,
}

impl Judges {
    /// Fetches what is missing, once in a process, with progress on standard error.
    pub(crate) fn ready() -> &'static Self {
        static READY: OnceLock<Judges> = OnceLock::new();
        READY.get_or_init(|| {
            let tools = tools::ready();
            Self {
                cfn_lint: CfnLint::of(&tools),
                terraform: Terraform::of(&tools),
            }
        })
    }

    /// cfn-lint.
    pub(crate) fn cfn_lint(&self) -> Result<&CfnLint, &Skipped> {
        self.cfn_lint.as_ref()
    }

    /// Terraform, with or without providers.
    pub(crate) fn terraform(&self) -> Result<&Terraform, &Skipped> {
        self.terraform.as_ref()
    }

    /// Terraform with a provider, or none and a line that says why.
    pub(crate) fn with(&self, provider: Provider) -> Option<&Terraform> {
        let terraform = self.terraform.as_ref();
        let found = terraform.and_then(|found| found.has(provider).map(|()| found));
        if let Err(skipped) = found {
            progress(format!("skipped: {skipped}"));
        }
        found.ok()
    }

    /// What cannot be had here.
    pub(crate) fn skipped(&self) -> Vec<&Skipped> {
        let mut skipped: Vec<&Skipped> = self.cfn_lint.as_ref().err().into_iter().collect();
        match &self.terraform {
            Err(reason) => skipped.push(reason),
            Ok(terraform) => {
                skipped.extend(Provider::ALL.iter().filter_map(|p| terraform.has(*p).err()));
            }
        }
        skipped
    }

    /// What is there: a line for each judge.
    pub(crate) fn inventory(&self) -> Vec<String> {
        let mut lines = Vec::new();
        lines.extend(self.cfn_lint.as_ref().ok().map(CfnLint::describe));
        if let Ok(terraform) = &self.terraform {
            lines.extend(terraform.describe());
        }
        lines
    }
}

impl Skipped {
    fn new(judge: &'static str, reason: impl fmt::Display) -> Self {
        Self {
            judge,
            reason: reason.to_string(),
        }
    }

    fn because(judge: &'static str, error: &anyhow::Error) -> Self {
        Self::new(judge, format!("{error:#}"))
    }

    /// The same cause for a judge that depends on this one.
    fn of(&self, judge: &'static str) -> Self {
        Self::new(judge, &self.reason)
    }
}

impl fmt::Display for Skipped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let reason = self.reason.split_whitespace().collect::<Vec<_>>();
        write!(f, "{}: {}", self.judge, reason.join(" "))
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.file.display())?;
        if let Some(line) = self.line {
            write!(f, ":{line}")?;
        }
        write!(f, ": {}: {}", self.rule, self.message)
    }
}

/// Tells people who wait. Past the harness's capture, because a fetch takes a minute.
fn progress(told: impl fmt::Display) {
    let _ = writeln!(std::io::stderr(), "judges: {told}");
}
