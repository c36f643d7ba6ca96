//! The command line: the only crate that prints, and the bridge between design time
//! (spec, blueprint, verdict, lab) and run time (responder, probe, messages).

pub mod agreement;
pub mod brokers;
pub mod comparison;
pub mod first;
pub mod folder;
pub mod format;
pub mod live;
pub mod pages;
pub mod proof;

mod cli;
mod commands;
mod contained;
mod estate;
mod hints;
mod output;
mod raised;
mod ways;

use std::process::ExitCode;

use clap::Parser;

/// Nothing at error level.
const FINE: u8 = 0;
/// Findings at error level, or a live disagreement.
const FINDINGS: u8 = 1;
/// Arguments, files or permissions kept the command from running.
const COULD_NOT_RUN: u8 = 2;
/// A bug of ours.
const OUR_BUG: u8 = 101;
/// Interrupted by the user, after tearing down.
const INTERRUPTED: u8 = 130;

/// Runs the command line and says how it ended.
///
/// Nothing here starts a thread before the command does: the lab must fork while the process
/// is single-threaded.
pub fn main() -> ExitCode {
    std::panic::set_hook(Box::new(|info| output::bug(&info.to_string())));
    let cli = cli::Cli::parse();
    let ran = std::panic::catch_unwind(|| commands::run(cli.command));
    ExitCode::from(match ran {
        Ok(Ok(code)) => code,
        Ok(Err(error)) => {
            output::failure(&error);
            COULD_NOT_RUN
        }
        Err(_) => OUR_BUG,
    })
}
