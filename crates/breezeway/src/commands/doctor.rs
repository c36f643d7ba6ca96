//! `breezeway doctor`: what this machine can do, found by trying it.

use std::io::ErrorKind;
use std::process::{Command, Stdio};

use crate::format::columns::columns;
use crate::output;

/// A program that uses what `render` writes; Breezeway itself needs none of them.
struct Tool {
    name: &'static str,
    /// The argument that makes it say its version.
    version: &'static str,
    remedy: &'static str,
}

const TOOLS: [Tool; 3] = [
    Tool {
        name: "aws",
        version: "--version",
        remedy: "install the AWS CLI to follow the steps that `breezeway render` writes",
    },
    Tool {
        name: "terraform",
        version: "version",
        remedy: "install Terraform to apply what `breezeway render --to terraform` writes",
    },
    Tool {
        name: "cfn-lint",
        version: "--version",
        remedy: "install cfn-lint to judge what `breezeway render --to cloudformation` writes; nothing else needs it",
    },
];

pub(crate) fn run() -> anyhow::Result<u8> {
    let mut rows = Vec::new();
    let mut remedies = Vec::new();
    let mut sound = true;
    for capability in lab::doctor() {
        let (mark, found) = match capability.found {
            Ok(found) => ("ok", found),
            Err(found) => {
                sound = false;
                remedies.push(format!("{}: {}", capability.name, capability.remedy));
                ("missing", found)
            }
        };
        rows.push(vec![capability.name.to_owned(), mark.to_owned(), found]);
    }
    for part in runtime::kafka::doctor() {
        let mark = if part.present { "ok" } else { "missing" };
        rows.push(vec![part.name.to_owned(), mark.to_owned(), part.found]);
        remedies.extend(part.remedy.map(|remedy| format!("{}: {remedy}", part.name)));
    }
    for tool in TOOLS {
        let (mark, found) = match tool.tried() {
            Ok(version) => ("ok", version),
            Err(reason) => {
                remedies.push(format!("{}: {}", tool.name, tool.remedy));
                ("missing", reason)
            }
        };
        rows.push(vec![tool.name.to_owned(), mark.to_owned(), found]);
    }
    output::data(&columns(&rows))?;
    for remedy in &remedies {
        output::data(&format!("remedy for {remedy}"))?;
    }
    Ok(if sound { crate::FINE } else { crate::FINDINGS })
}

impl Tool {
    /// Runs it to learn its version, or why it cannot be run.
    fn tried(&self) -> Result<String, String> {
        let mut command = Command::new(self.name);
        command.arg(self.version).stdin(Stdio::null());
        let ran = command.output();
        let output = ran.map_err(|error| {
            if error.kind() == ErrorKind::NotFound {
                format!("there is no `{}` on `PATH`", self.name)
            } else {
                error.to_string()
            }
        })?;
        let text = String::from_utf8_lossy(&output.stdout);
        match text.lines().next() {
            Some(line) if output.status.success() => Ok(line.to_owned()),
            Some(_) | None => Err(format!("`{} {}` failed", self.name, self.version)),
        }
    }
}
