//! A folder that `breezeway render` wrote, as the judges take it: templates with their Regions,
//! modules with values for their variables.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, bail};
use serde_json::{Value, json};

use super::{Input, Module, Template};

/// The file that says how units are wired.
const WIRING: &str = "breezeway-render.json";

/// What a spec was rendered to.
pub(crate) struct Rendering {
    /// A name that tells it from other renderings.
    pub(crate) name: String,
    pub(crate) folder: PathBuf,
    pub(crate) wiring: Value,
}

impl Rendering {
    /// Renders a spec with the built binary.
    ///
    /// # Errors
    /// When it is refused, with what was said.
    pub(crate) fn of(spec: &Path, target: &str, folder: &Path) -> anyhow::Result<Self> {
        let mut command = Command::new(env!("CARGO_BIN_EXE_breezeway"));
        command
            .arg("render")
            .arg(spec)
            .args(["--to", target, "--out"])
            .arg(folder);
        let output = command.output().context("the binary starts")?;
        if !output.status.success() {
            bail!("{}", String::from_utf8_lossy(&output.stderr));
        }
        let wiring = fs::read_to_string(folder.join(WIRING)).context("the wiring is written")?;
        Ok(Self {
            name: folder
                .file_name()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned(),
            folder: folder.to_owned(),
            wiring: serde_json::from_str(&wiring).context("the wiring is JSON")?,
        })
    }

    /// Its files by path, the wiring among them.
    ///
    /// # Errors
    /// When one cannot be read.
    pub(crate) fn files(&self) -> anyhow::Result<BTreeMap<String, String>> {
        let listed = self.wiring["files"].as_object().into_iter().flatten();
        let paths = listed.map(|(path, _)| path.as_str()).chain([WIRING]);
        let read = paths.map(|path| {
            let text = fs::read_to_string(self.folder.join(path));
            Ok((
                path.to_owned(),
                text.with_context(|| format!("`{path}` is there"))?,
            ))
        });
        read.collect()
    }

    /// Its units, for cfn-lint.
    pub(crate) fn templates(&self) -> Vec<Template> {
        let of = |unit: &Value| Template {
            file: self.folder.join(text(&unit["path"])),
            region: text(&unit["region"]).to_owned(),
        };
        self.units().iter().map(of).collect()
    }

    /// Its units, for Terraform: values of other units are theirs, all others made up. A switch has
    /// its later value, with which there is more to judge.
    pub(crate) fn modules(&self) -> Vec<Module> {
        let of = |unit: &Value| {
            let inputs = unit["inputs"].as_array().into_iter().flatten();
            let inputs = inputs.map(|input| (text(&input["name"]).to_owned(), self.input(input)));
            Module {
                name: self.called(text(&unit["path"])),
                folder: self.folder.join(text(&unit["path"])),
                inputs: inputs.collect(),
            }
        };
        self.units().iter().map(of).collect()
    }

    /// A unit's name among the modules of several renderings.
    pub(crate) fn called(&self, path: &str) -> String {
        format!("{}/{path}", self.name)
    }

    fn units(&self) -> &[Value] {
        self.wiring["units"].as_array().map_or(&[], Vec::as_slice)
    }

    fn input(&self, input: &Value) -> Input {
        let from = &input["from"];
        let output = &from["output"];
        if output.is_object() {
            return Input::Output {
                module: self.called(text(&output["unit"])),
                output: text(&output["name"]).to_owned(),
            };
        }
        let source = from.as_object().and_then(|from| from.keys().next());
        Input::Given(match source.map(String::as_str) {
            // Addresses for documentation (RFC 5737), of which each broker has one.
            Some("broker_address") => {
                json!(format!("192.0.2.{}", from["broker_address"]["broker"]))
            }
            Some("suffix") => json!("orders.abcdef.c2.kafka.eu-central-1.amazonaws.com"),
            Some("switch") => json!(text(&from["switch"]["then"]) == "true"),
            Some("route_table") => json!("rtb-0123456789abcdef0"),
            _ if text(&input["name"]).ends_with("arn")
                || source.is_some_and(|s| s == "certificate") =>
            {
                json!(
                    "arn:aws:acm:eu-central-1:111111111111:certificate/11111111-1111-1111-1111-111111111111"
                )
            }
            _ => json!("given"),
        })
    }
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}
