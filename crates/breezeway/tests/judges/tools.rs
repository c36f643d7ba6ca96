//! Python packages of the judges, in a virtual environment of their own, by pip; versions are
//! those of `requirements.txt`.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::Context;

use super::kept::{fingerprint, folder, kept};
use super::process::succeed;
use super::{Skipped, progress};

const REQUIREMENTS: &str = include_str!("requirements.txt");

/// Longest installation: it takes 20 s where the packages are near.
const INSTALL_LIMIT: Duration = Duration::from_secs(8 * 60);

/// How often pip asks again, and how long it waits for an answer: a host without an index must not
/// wait for minutes in each test target.
const PIP_RETRIES: &str = "1";
const PIP_TIMEOUT_S: &str = "60";

const REMEDY: &str = "Python 3.10 or newer with `venv` and pip, and an index that pip can reach, \
                      are needed";

/// A virtual environment that holds the packages.
#[derive(Clone, Debug)]
pub(super) struct Tools {
    /// Its folder.
    pub(super) folder: PathBuf,
}

impl Tools {
    /// A command of its Python.
    pub(super) fn python(&self) -> Command {
        // A user's own settings must not change what a judge says.
        let mut command = Command::new(self.folder.join("bin/python"));
        command.arg("-I").env("PYTHONDONTWRITEBYTECODE", "1");
        command
    }
}

/// The environment, made if it is not there.
pub(super) fn ready() -> Result<Tools, Skipped> {
    made().map_err(|error| Skipped::because("Python tools", &error))
}

fn made() -> anyhow::Result<Tools> {
    let name = format!("tools-{}", fingerprint(&[REQUIREMENTS]));
    let folder = kept(&folder()?.join(name), install).context(REMEDY)?;
    Ok(Tools { folder })
}

fn install(part: &Path) -> anyhow::Result<()> {
    progress("installing cfn-lint and what the stand-in needs, with pip (150 MB, once)");
    let mut venv = Command::new("python3");
    succeed(venv.args(["-m", "venv"]).arg(part), INSTALL_LIMIT)?;
    let mut pip = Command::new(part.join("bin/python"));
    pip.args(["-m", "pip", "install", "--quiet", "--no-input"]);
    pip.args(["--retries", PIP_RETRIES, "--timeout", PIP_TIMEOUT_S]);
    pip.args(REQUIREMENTS.lines());
    succeed(&mut pip, INSTALL_LIMIT)?;
    Ok(())
}
