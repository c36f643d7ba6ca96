//! Benchmarks: builds the release binary and starts its hidden command that measures.

use clap::Subcommand;

use crate::command;

#[derive(Subcommand)]
pub(crate) enum Bench {
    /// Time from nothing to the first acked produce, in the lab and bare on loopback
    Lab {
        /// Arguments for the measuring command
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<String>,
    },
}

pub(crate) fn run(bench: &Bench) -> anyhow::Result<bool> {
    match bench {
        Bench::Lab { arguments } => {
            let mut cargo = command::cargo(["run", "--release", "--package", "breezeway", "--"]);
            command::succeeds(cargo.arg("bench-lab").args(arguments))
        }
    }
}
