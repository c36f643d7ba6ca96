//! Benchmarks: builds the release binary and starts its hidden command that measures.

use std::io::Write;
use std::process::Command;

use anyhow::{Context, bail};
use clap::Subcommand;

use crate::{command, repo};

/// Groups of clients of each size, as in `breezeway bench-design`.
const GROUPS: [u32; 4] = [1, 10, 100, 1_000];

#[derive(Subcommand)]
pub(crate) enum Bench {
    /// Time from nothing to the first acked produce, in the lab and bare on loopback
    Lab {
        /// Arguments for the measuring command
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<String>,
    },
    /// Paths surveyed per second, and plan, check and compare of large connections
    Design {
        /// Count instructions per path and per walk under valgrind instead
        #[arg(long)]
        instructions: bool,
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
        Bench::Design { instructions, .. } if *instructions => count_instructions(),
        Bench::Design { arguments, .. } => {
            let mut cargo = command::cargo(["run", "--release", "--package", "breezeway", "--"]);
            command::succeeds(cargo.arg("bench-design").args(arguments))
        }
    }
}

/// Prints the instructions per path and per walk of each size: what making the estate takes is left out.
fn count_instructions() -> anyhow::Result<bool> {
    let mut cargo = command::cargo(["build", "--release", "--package", "breezeway"]);
    if !command::succeeds(&mut cargo)? {
        return Ok(false);
    }
    for n_groups in GROUPS {
        let (estate, _) = instructions(n_groups, &["--estate-only"])?;
        let (both, printed) = instructions(n_groups, &[])?;
        let survey = both.saturating_sub(estate);
        let numbers = printed
            .split_whitespace()
            .filter_map(|word| word.parse().ok());
        let [n_paths, n_walks] = numbers.collect::<Vec<u64>>()[..] else {
            bail!("the measuring command printed `{printed}`");
        };
        say(&format!(
            "{n_paths} paths: {} instructions for each; {n_walks} walks: {} for each",
            survey / n_paths.max(1),
            survey / n_walks.max(1)
        ))?;
    }
    Ok(true)
}

/// The instructions of one start of the measuring command, and what it printed.
fn instructions(n_groups: u32, more: &[&str]) -> anyhow::Result<(u64, String)> {
    let binary = repo::root().join("target/release/breezeway");
    let mut valgrind = Command::new("valgrind");
    valgrind.args([
        "--tool=cachegrind",
        "--cache-sim=no",
        "--cachegrind-out-file=/dev/null",
    ]);
    valgrind.arg(binary).args(["bench-design", "--once"]);
    valgrind.arg(n_groups.to_string()).args(more);
    let captured = command::captured(&mut valgrind)?;
    let counted = captured.stderr.lines().find_map(|line| {
        let (_, figure) = line
            .split_once("I   refs:")
            .or_else(|| line.split_once("I refs:"))?;
        figure.trim().replace(',', "").parse().ok()
    });
    let counted =
        counted.with_context(|| format!("valgrind counted nothing: {}", captured.stderr))?;
    Ok((counted, captured.stdout))
}

fn say(line: &str) -> anyhow::Result<()> {
    writeln!(std::io::stdout(), "{line}").context("could not write the result")
}
