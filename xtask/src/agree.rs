//! The agreement run: random estates are raised with the built-in responder, and every path's
//! checked verdict is compared with the live one. The run itself is the test target `agree` of
//! `breezeway`; this passes the arguments on.

use std::process::Command;

use clap::Args;

use crate::command;

/// Estates in the run that CI makes: from so many on it must meet every verdict, and they take
/// little more than a minute.
pub(crate) const CI_ESTATES: u32 = 320;

/// Seed of the run that CI makes, so that two runs of one commit say the same.
pub(crate) const CI_SEED: u64 = 1;

#[derive(Args)]
pub(crate) struct Options {
    /// How many estates to raise
    #[arg(long, default_value_t = CI_ESTATES)]
    pub(crate) estates: u32,
    /// Seed of the first estate
    #[arg(long, default_value_t = CI_SEED)]
    pub(crate) seed: u64,
    /// Further arguments for the run
    #[arg(last = true)]
    pub(crate) rest: Vec<String>,
}

pub(crate) fn run(options: &Options) -> anyhow::Result<bool> {
    command::succeeds(&mut test_target(options))
}

/// Makes the command that runs the agreement target.
pub(crate) fn test_target(options: &Options) -> Command {
    let mut cargo = command::cargo(["test", "--package", "breezeway", "--test", "agree", "--"]);
    cargo.args(arguments(options.estates, options.seed));
    cargo.args(&options.rest);
    cargo
}

/// Arguments of the agreement target.
pub(crate) fn arguments(estates: u32, seed: u64) -> [String; 4] {
    [
        "--estates".to_owned(),
        estates.to_string(),
        "--seed".to_owned(),
        seed.to_string(),
    ]
}
