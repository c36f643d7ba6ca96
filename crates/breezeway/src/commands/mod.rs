//! One module per command; each returns the exit code.

mod bench;
mod bench_design;
mod check;
mod compare;
mod doctor;
mod explain;
mod init;
mod lab;
mod messages;
mod plan;
mod prove;
mod render;

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
        Command::Compare(args) => compare::run(&args),
        Command::Render(args) => render::run(&args),
        Command::Prove(args) => prove::run(&args),
        Command::Lab(args) => lab::run(args.command),
        Command::Explain(args) => explain::run(&args),
        Command::Doctor => doctor::run(),
        Command::Schema => {
            crate::output::data(&crate::format::schema::text())?;
            Ok(crate::FINE)
        }
        Command::Completions { shell } => {
            crate::output::data(&completions(shell))?;
            Ok(crate::FINE)
        }
        Command::Messages(args) => messages::run(&args),
        Command::BenchLab(args) => bench::run(&args),
        Command::BenchDesign(args) => bench_design::run(&args),
    }
}

/// The completions of a shell, without the commands that the help hides.
fn completions(shell: clap_complete::Shell) -> String {
    let whole = Cli::command();
    let shown = whole
        .get_subcommands()
        .filter(|command| !command.is_hide_set());
    let mut command = clap::Command::new("breezeway")
        .version(env!("CARGO_PKG_VERSION"))
        .propagate_version(true)
        .subcommands(shown.cloned());
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut command, "breezeway", &mut script);
    String::from_utf8_lossy(&script).into_owned()
}
