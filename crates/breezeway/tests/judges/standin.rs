//! A stand-in for Terraform's AWS provider, with the schema of its version 6.25 and the newer
//! attributes that `standin/newer.json` cites: what it is made of lies in `standin/`.

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::Context;

use super::kept::{fingerprint, folder, kept};
use super::process::succeed;
use super::tools::Tools;
use super::{Skipped, progress};

/// The npm package whose classes were generated from the provider's schema.
const PACKAGE: &str = "@cdktf/provider-aws";

/// Its version, generated from version 6.25.0 of the provider.
const PACKAGE_VERSION: &str = "21.22.1";

/// Longest fetch of the package: 37 MB, seconds where it is near.
const FETCH_LIMIT: Duration = Duration::from_secs(5 * 60);

/// Longest reading of the schema; it takes 6 s.
const SCHEMA_LIMIT: Duration = Duration::from_secs(2 * 60);

const SCHEMA: &str = include_str!("standin/schema.py");
const PROVIDER: &str = include_str!("standin/provider.py");
const NEWER: &str = include_str!("standin/newer.json");
const PLUGIN: &str = include_str!("standin/plugin.proto");
const SHUTDOWN: &str = include_str!("standin/shutdown.proto");

/// What the stand-in is made of, with the names of its files.
const PARTS: [(&str, &str); 5] = [
    ("schema.py", SCHEMA),
    ("provider.py", PROVIDER),
    ("newer.json", NEWER),
    ("plugin.proto", PLUGIN),
    ("shutdown.proto", SHUTDOWN),
];

/// The program that Terraform starts.
const PROGRAM: &str = "terraform-provider-aws";

/// The stand-in, ready to be started by Terraform.
#[derive(Clone, Debug)]
pub(super) struct StandIn {
    folder: PathBuf,
}

impl StandIn {
    pub(super) fn of(tools: &Result<Tools, Skipped>) -> Result<Self, Skipped> {
        const NAME: &str = "stand-in for the AWS provider";
        let tools = tools.as_ref().map_err(|reason| reason.of(NAME))?;
        made(tools).map_err(|error| Skipped::because(NAME, &error))
    }

    pub(super) fn describe(&self) -> String {
        format!("stand-in for the AWS provider, {PACKAGE} {PACKAGE_VERSION} and newer attributes")
    }

    /// What makes Terraform use it: the provider of that name, whatever version is asked for.
    pub(super) fn installation(&self) -> String {
        let folder = self.folder.display();
        format!("dev_overrides {{\n    \"hashicorp/aws\" = \"{folder}\"\n  }}")
    }
}

fn made(tools: &Tools) -> anyhow::Result<StandIn> {
    let cache = folder()?;
    let python = tools.folder.join("bin/python");
    let texts = PARTS.map(|(_, text)| text);
    let of_parts = fingerprint(&texts);
    let name = format!("standin-{PACKAGE_VERSION}-{of_parts}");
    let folder = cache.join(name);
    kept(&folder, |part| {
        let package = cache.join(format!("provider-aws-{PACKAGE_VERSION}.tgz"));
        let package = kept(&package, fetch)?;
        progress("reading the AWS provider's schema (10 s, once)");
        std::fs::create_dir(part)?;
        for (name, text) in PARTS {
            std::fs::write(part.join(name), text)?;
        }
        compile(tools, part, &package)?;
        launcher(part, &python, &folder)
    })?;
    Ok(StandIn { folder })
}

fn fetch(part: &Path) -> anyhow::Result<()> {
    progress("fetching the AWS provider's schema with npm (37 MB, once)");
    let folder = part.with_added_extension("folder");
    std::fs::create_dir_all(&folder)?;
    let mut npm = Command::new("npm");
    npm.args([
        "--fetch-retries=1",
        "pack",
        "--silent",
        "--pack-destination",
    ])
    .arg(&folder);
    npm.arg(format!("{PACKAGE}@{PACKAGE_VERSION}"));
    succeed(&mut npm, FETCH_LIMIT).context("npm, and a registry that it can reach, are needed")?;
    let packed = std::fs::read_dir(&folder)?
        .next()
        .context("npm packed nothing")??;
    std::fs::rename(packed.path(), part)?;
    std::fs::remove_dir(&folder)?;
    Ok(())
}

fn compile(tools: &Tools, part: &Path, package: &Path) -> anyhow::Result<()> {
    let mut compiler = tools.python();
    compiler.current_dir(part).args(["-m", "grpc_tools.protoc"]);
    compiler.args(["-I.", "--python_out=.", "--grpc_python_out=."]);
    compiler.args(["plugin.proto", "shutdown.proto"]);
    succeed(&mut compiler, SCHEMA_LIMIT)?;
    let mut reader = tools.python();
    reader
        .current_dir(part)
        .arg("schema.py")
        .arg(package)
        .arg(".");
    succeed(&mut reader, SCHEMA_LIMIT)?;
    Ok(())
}

/// Writes the program; its paths are those of the folder's last place.
fn launcher(part: &Path, python: &Path, folder: &Path) -> anyhow::Result<()> {
    let [python, folder] = [python, folder].map(|path| path.display().to_string());
    let text = format!("#!/bin/sh\nexec '{python}' -I '{folder}/provider.py' '{folder}'\n");
    let program = part.join(PROGRAM);
    std::fs::write(&program, text)?;
    std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o755))?;
    Ok(())
}
