//! The agreement test: random estates are settled, checked and raised with the responder, and
//! every path is one assertion. A process of its own without a test harness, because entering a
//! lab needs a single-threaded caller.
//!
//! `cargo test -p breezeway --test agree -- --estates N --seed S [--only I] [--show] [--stop-at-first]`

#![expect(clippy::print_stdout, reason = "a test reports on stdout")]

mod estate;
mod faults;
mod generate;
mod settled;
mod tally;

use std::io::{BufRead, Write};
use std::process::ExitCode;
use std::time::Instant;

use estate::Outcome;
use tally::Tally;

/// Estates raised at once: as many as the cores this is tuned for.
const N_AT_ONCE: usize = 2;

struct Arguments {
    n_estates: u64,
    seed: u64,
    only: Option<u64>,
    /// Whether the specs are printed.
    shows: bool,
    /// Whether the first disagreement is enough.
    stop_at_first: bool,
}

fn main() -> ExitCode {
    let arguments = arguments();
    if let Err(why) = lab::contain(
        &lab::Options {
            tie_to_caller: true,
        },
        |_| 0,
    )
    .and_then(lab::Contained::wait)
    {
        println!(
            "skipped: {} estates, no lab can be raised here: {why}",
            arguments.n_estates
        );
        return ExitCode::SUCCESS;
    }
    let began = Instant::now();
    let mut tally = Tally::default();
    let estates: Vec<u64> = arguments
        .only
        .map_or_else(|| (0..arguments.n_estates).collect(), |only| vec![only]);
    if arguments.shows {
        for index in &estates {
            println!("{}", generate::estate(arguments.seed, *index, 0).text);
        }
    }
    for batch in estates.chunks(N_AT_ONCE) {
        let running: Vec<_> = batch
            .iter()
            .map(|index| start(arguments.seed, *index))
            .collect();
        for (index, outcome) in batch.iter().zip(running) {
            tally.add(*index, finish(outcome));
        }
        if arguments.stop_at_first && tally.disagrees() {
            break;
        }
    }
    println!("{}", tally.report(arguments.seed, began.elapsed()));
    let complete = arguments.only.is_some()
        || arguments.stop_at_first
        || arguments.n_estates < tally::N_ESTATES_FOR_COVERAGE
        || tally.covers();
    ExitCode::from(u8::from(!tally.agrees() || !complete))
}

fn arguments() -> Arguments {
    let mut arguments = Arguments {
        n_estates: 40,
        seed: 1,
        only: None,
        shows: false,
        stop_at_first: false,
    };
    let given: Vec<String> = std::env::args().skip(1).collect();
    arguments.stop_at_first = given.iter().any(|argument| argument == "--stop-at-first");
    arguments.shows = given.iter().any(|argument| argument == "--show");
    let value = |flag: &str| {
        let at = given.iter().position(|argument| argument == flag)?;
        given.get(at + 1)?.parse().ok()
    };
    arguments.n_estates = value("--estates").unwrap_or(arguments.n_estates);
    arguments.seed = value("--seed").unwrap_or(arguments.seed);
    arguments.only = value("--only");
    arguments
}

/// A raised estate and the pipe it reports through.
type Started = Result<(lab::Contained, std::io::PipeReader), String>;

fn start(seed: u64, index: u64) -> Started {
    let (heard, mut say) = std::io::pipe().map_err(|error| error.to_string())?;
    let contained = lab::contain(
        &lab::Options {
            tie_to_caller: true,
        },
        move |inside| {
            let outcome = estate::run(&inside, seed, index);
            u8::from(write!(say, "{}", outcome.to_lines()).is_err())
        },
    );
    Ok((contained.map_err(|error| error.to_string())?, heard))
}

fn finish(started: Started) -> Result<Outcome, String> {
    let (contained, heard) = started?;
    let lines: Vec<String> = std::io::BufReader::new(heard)
        .lines()
        .map_while(Result::ok)
        .collect();
    match contained.wait() {
        Ok(0) => Outcome::from_lines(&lines),
        Ok(code) => Err(format!(
            "the lab ended with exit code {code}; said: {}",
            lines.join(" / ")
        )),
        Err(error) => Err(error.to_string()),
    }
}
