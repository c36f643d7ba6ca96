//! One module per command; each returns the exit code.

mod bench;
mod check;
mod doctor;
mod explain;
mod init;
mod lab;
mod messages;
mod plan;
mod prove;

use clap::CommandFactory;

use crate::cli::{Cli, Command};

/// Runs one command.
///
/// # Errors
/// When it could not run at all; findings are no errors but an exit code.
pub(crate) fn run(command: Command) -> anyhow::Result<u8> {
    match command {
        Command::Init(args) => init::run(&args),
        Command::Plan(args) => plan::run(&args),
        Command::Check(args) => check::run(&args),
        Command::Prove(args) => prove::run(&args),
        Command::Lab(args) => lab::run(args.command),
        Command::Explain(args) => explain::run(&args),
        Command::Doctor => doctor::run(),
        Command::Completions { shell } => {
            let mut script = Vec::new();
            clap_complete::generate(shell, &mut Cli::command(), "breezeway", &mut script);
            crate::output::data(&String::from_utf8_lossy(&script))?;
            Ok(crate::FINE)
        }
        Command::Messages(args) => messages::run(&args),
        Command::BenchLab(args) => bench::run(&args),
    }
}
