//! The judges of rendered text (cfn-lint, Terraform, the AWS provider, its stand-in): fetched
//! before the tests that need them, so that a fetch is a step with a name and a time of its own.
//! How each is obtained is written in `breezeway`'s tests; this starts the one that names them.

use std::process::Command;

use crate::command;

/// The test that fetches what is missing and prints a line for each judge.
const INVENTORY: &str = "what_is_there";

pub(crate) fn run() -> anyhow::Result<bool> {
    command::succeeds(&mut test_target())
}

/// Makes the command that fetches and names them.
pub(crate) fn test_target() -> Command {
    let mut cargo = command::cargo(["test", "--package", "breezeway", "--test", "judges_catch"]);
    cargo.args(["--", "--exact", INVENTORY, "--nocapture"]);
    cargo
}
