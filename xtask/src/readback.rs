//! The read-back run: what is rendered is judged, read back and walked again. The run itself is
//! the test target `rendered` of `breezeway`; this passes the arguments on.

use std::process::Command;

use clap::Args;

use crate::command;

/// Random estates in the run that CI makes: with them and the cells it takes about two minutes,
/// most of them Terraform's.
const CI_ESTATES: u32 = 60;

/// Of the cells of the pattern table CI takes every so many-th, so that each pattern comes twice.
const CI_EVERY_CELL: u32 = 20;

/// Seed of the run that CI makes, so that two runs of one commit say the same.
const CI_SEED: u64 = 1;

#[derive(Args)]
pub(crate) struct Options {
    /// How many random estates to render
    #[arg(long, default_value_t = CI_ESTATES)]
    pub(crate) estates: u32,
    /// Take every K-th allowed cell of the pattern table; 0 for none
    #[arg(long, value_name = "K", default_value_t = CI_EVERY_CELL)]
    pub(crate) every_cell: u32,
    /// Seed of the first estate
    #[arg(long, default_value_t = CI_SEED)]
    pub(crate) seed: u64,
    /// Further arguments for the run
    #[arg(last = true)]
    pub(crate) rest: Vec<String>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            estates: CI_ESTATES,
            every_cell: CI_EVERY_CELL,
            seed: CI_SEED,
            rest: Vec::new(),
        }
    }
}

pub(crate) fn run(options: &Options) -> anyhow::Result<bool> {
    command::succeeds(&mut test_target(options))
}

/// Makes the command that runs the read-back target.
pub(crate) fn test_target(options: &Options) -> Command {
    let mut cargo = command::cargo(["test", "--package", "breezeway", "--test", "rendered", "--"]);
    cargo.args(["--estates", &options.estates.to_string()]);
    cargo.args(["--every-cell", &options.every_cell.to_string()]);
    cargo.args(["--seed", &options.seed.to_string()]);
    cargo.args(&options.rest);
    cargo
}
