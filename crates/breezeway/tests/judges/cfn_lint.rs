//! cfn-lint: one process for all templates of a Region, because its start costs what fifty small
//! templates do.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, bail};
use serde::Deserialize;

use super::process::{Scratch, run, succeed};
use super::tools::Tools;
use super::{Finding, Skipped};

/// Longest run: 0.7 s to start, and up to 0.3 s for a template of the largest size.
const RUN_LIMIT: Duration = Duration::from_secs(10 * 60);

/// A template and the Region it is for.
#[derive(Clone, Debug)]
pub(crate) struct Template {
    pub(crate) file: PathBuf,
    pub(crate) region: String,
}

/// cfn-lint, ready to run.
pub(crate) struct CfnLint {
    tools: Tools,
    version: String,
}

impl CfnLint {
    pub(super) fn of(tools: &Result<Tools, Skipped>) -> Result<Self, Skipped> {
        let tools = tools.as_ref().map_err(|reason| reason.of("cfn-lint"))?;
        let mut found = Self {
            tools: tools.clone(),
            version: String::new(),
        };
        let said = succeed(found.command().arg("--version"), RUN_LIMIT);
        let said = said.map_err(|error| Skipped::because("cfn-lint", &error))?;
        found.version = said.stdout.trim().to_owned();
        Ok(found)
    }

    pub(super) fn describe(&self) -> String {
        self.version.clone()
    }

    /// Judges templates, each for its Region; everything it says counts, warnings too.
    ///
    /// # Errors
    /// When cfn-lint cannot be run or does not answer with findings.
    pub(crate) fn judge(&self, templates: &[Template]) -> anyhow::Result<Vec<Finding>> {
        let mut by_region: BTreeMap<&str, Vec<&Path>> = BTreeMap::new();
        for template in templates {
            by_region
                .entry(&template.region)
                .or_default()
                .push(&template.file);
        }
        let mut findings = Vec::new();
        for (region, files) in by_region {
            findings.extend(self.in_region(region, &files)?);
        }
        findings.sort();
        Ok(findings)
    }

    fn in_region(&self, region: &str, files: &[&Path]) -> anyhow::Result<Vec<Finding>> {
        let home = Scratch::new()?;
        let mut command = self.command();
        // Its settings are looked for there and in the working directory.
        command.current_dir(home.path()).env("HOME", home.path());
        command.args(["--format", "json", "--regions", region, "--"]);
        for file in files {
            command.arg(std::path::absolute(file)?);
        }
        let ended = run(&mut command, RUN_LIMIT)?;
        let Ok(said) = serde_json::from_str::<Vec<Match>>(&ended.stdout) else {
            bail!("cfn-lint gave no findings but\n{}", ended.last_lines());
        };
        if !ended.success && said.is_empty() {
            bail!("cfn-lint failed:\n{}", ended.last_lines());
        }
        said.into_iter().map(|said| said.finding(files)).collect()
    }

    fn command(&self) -> Command {
        let mut command = self.tools.python();
        command.arg(self.tools.folder.join("bin/cfn-lint"));
        command
    }
}

/// A finding as cfn-lint writes it.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Match {
    filename: PathBuf,
    location: Location,
    message: String,
    rule: Rule,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Location {
    start: Start,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Start {
    line_number: u64,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Rule {
    id: String,
}

impl Match {
    fn finding(self, files: &[&Path]) -> anyhow::Result<Finding> {
        let is_meant = |file: &&&Path| std::path::absolute(file).is_ok_and(|f| f == self.filename);
        let file = files.iter().find(is_meant);
        let file = file.with_context(|| format!("{:?} was not given", self.filename))?;
        Ok(Finding {
            file: file.to_path_buf(),
            line: Some(self.location.start.line_number),
            rule: self.rule.id,
            message: self.message,
        })
    }
}
