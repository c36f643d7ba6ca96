//! The tasks of the house: one command that runs every test (`ci`), the guards of
//! ARCHITECTURE.md (`tidy`), the agreement and read-back runs, the benchmarks, and the test of the
//! test. It links no crate of ours: it judges sources and starts what Cargo built.
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a task speaks to a person and is no part of the product"
)]

mod agree;
mod bench;
mod ci;
mod command;
mod judges;
mod readback;
mod repo;
mod sabotage;
mod tidy;

use std::process::ExitCode;

use clap::Parser;

/// Tasks of the Breezeway workspace.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
enum Task {
    /// Run every test and every guard; what CI runs
    Ci,
    /// Run the guards of ARCHITECTURE.md alone
    Tidy,
    /// Raise random estates and compare the checked verdict with the live one
    Agree(agree::Options),
    /// Fetch the judges of rendered text, and say which are there
    Judges,
    /// Render cells of the pattern table and random estates, judge them, read them back and
    /// compare the verdicts
    Readback(readback::Options),
    /// Measure
    #[command(subcommand)]
    Bench(bench::Bench),
    /// Break one rule at a time, in `lab` alone or in `verify` alone, and expect disagreement
    Sabotage(sabotage::Options),
}

fn main() -> ExitCode {
    match run(&Task::parse()) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(1),
        Err(error) => {
            eprintln!("error: {error}");
            for cause in error.chain().skip(1) {
                eprintln!("  caused by: {cause}");
            }
            ExitCode::from(2)
        }
    }
}

fn run(task: &Task) -> anyhow::Result<bool> {
    match task {
        Task::Ci => ci::run(),
        Task::Tidy => tidy::run(),
        Task::Agree(options) => agree::run(options),
        Task::Judges => judges::run(),
        Task::Readback(options) => readback::run(options),
        Task::Bench(bench) => bench::run(bench),
        Task::Sabotage(options) => sabotage::run(options),
    }
}
