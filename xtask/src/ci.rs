//! The one command that CI runs: steps from cheap to costly. After a failure the costly steps
//! are not run, the cheap ones are, so that one run tells as much as it can; what was skipped
//! is named and counted.

use std::fmt;
use std::time::{Duration, Instant};

use crate::{agree, command, judges, readback, repo, sabotage, tidy};

/// How a step ended.
enum Outcome {
    /// It passed, and these of its tests were skipped.
    Passed {
        skipped: Vec<String>,
    },
    Failed(String),
    /// It could not be tried on this machine.
    Skipped(String),
    /// An earlier step failed.
    NotRun,
}

struct Step {
    name: &'static str,
    /// Takes seconds, so it runs even after a failure.
    is_cheap: bool,
    run: fn() -> anyhow::Result<Outcome>,
}

struct Report {
    name: &'static str,
    took: Duration,
    outcome: Outcome,
}

const STEPS: [Step; 11] = [
    Step {
        name: "fmt",
        is_cheap: true,
        run: fmt,
    },
    Step {
        name: "tidy",
        is_cheap: true,
        run: tidy,
    },
    Step {
        name: "deny",
        is_cheap: true,
        run: deny,
    },
    Step {
        name: "shear",
        is_cheap: true,
        run: shear,
    },
    Step {
        name: "clippy",
        is_cheap: false,
        run: clippy,
    },
    Step {
        name: "doc",
        is_cheap: false,
        run: doc,
    },
    Step {
        name: "judges",
        is_cheap: false,
        run: judges,
    },
    Step {
        name: "test",
        is_cheap: false,
        run: test,
    },
    Step {
        name: "agree",
        is_cheap: false,
        run: agree,
    },
    Step {
        name: "readback",
        is_cheap: false,
        run: readback,
    },
    Step {
        name: "sabotage",
        is_cheap: false,
        run: sabotage,
    },
];

/// Runs the steps and prints the summary; true if none failed.
pub(crate) fn run() -> anyhow::Result<bool> {
    let reports = run_steps(&STEPS);
    print!("{}", Summary(&reports));
    Ok(!reports.iter().any(Report::has_failed))
}

fn run_steps(steps: &[Step]) -> Vec<Report> {
    let mut reports: Vec<Report> = Vec::new();
    for step in steps {
        let started = Instant::now();
        let outcome = if step.is_cheap || !reports.iter().any(Report::has_failed) {
            eprintln!("ci: {}", step.name);
            (step.run)().unwrap_or_else(|error| Outcome::Failed(format!("{error:#}")))
        } else {
            Outcome::NotRun
        };
        reports.push(Report {
            name: step.name,
            took: started.elapsed(),
            outcome,
        });
    }
    reports
}

impl Report {
    fn has_failed(&self) -> bool {
        matches!(self.outcome, Outcome::Failed(_))
    }

    fn result(&self) -> (&str, &str) {
        match &self.outcome {
            Outcome::Passed { .. } => ("passed", ""),
            Outcome::Failed(reason) => ("FAILED", reason),
            Outcome::Skipped(reason) => ("skipped", reason),
            Outcome::NotRun => ("not run", "an earlier step failed"),
        }
    }

    fn skipped_tests(&self) -> &[String] {
        match &self.outcome {
            Outcome::Passed { skipped } => skipped,
            Outcome::Failed(_) | Outcome::Skipped(_) | Outcome::NotRun => &[],
        }
    }
}

struct Summary<'r>(&'r [Report]);

impl fmt::Display for Summary<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{:<10}{:<9}{:>8}", "step", "result", "seconds")?;
        for report in self.0 {
            let (result, reason) = report.result();
            let seconds = report.took.as_secs_f64();
            let line = format!("{:<10}{result:<9}{seconds:>8.1}  {reason}", report.name);
            writeln!(f, "{}", line.trim_end())?;
            for test in report.skipped_tests() {
                writeln!(f, "          skipped: {test}")?;
            }
        }
        let count = |wanted: &str| {
            let results = self.0.iter().map(|report| report.result().0);
            results.filter(|result| *result == wanted).count()
        };
        let n_skipped: usize = self
            .0
            .iter()
            .map(|report| report.skipped_tests().len())
            .sum();
        writeln!(
            f,
            "{} passed, {} failed, {} skipped, {} not run; within steps {n_skipped} skipped",
            count("passed"),
            count("FAILED"),
            count("skipped"),
            count("not run"),
        )
    }
}

fn fmt() -> anyhow::Result<Outcome> {
    let passed = command::succeeds(&mut command::cargo(["fmt", "--all", "--check"]))?;
    Ok(judge(passed, "`cargo fmt --all` formats it"))
}

fn tidy() -> anyhow::Result<Outcome> {
    let n_faults = tidy::report()?;
    Ok(judge(n_faults == 0, &format!("{n_faults} faults")))
}

/// Advisories change without a commit, and the answer of this command must not; they are asked
/// for by hand.
fn deny() -> anyhow::Result<Outcome> {
    if !is_installed("deny")? {
        return Ok(not_installed("deny"));
    }
    let mut cargo = command::cargo(["deny", "check", "bans", "licenses", "sources"]);
    Ok(judge(command::succeeds(&mut cargo)?, "see above"))
}

fn shear() -> anyhow::Result<Outcome> {
    if !is_installed("shear")? {
        return Ok(not_installed("shear"));
    }
    let passed = command::succeeds(&mut command::cargo(["shear"]))?;
    Ok(judge(passed, "a dependency is not used"))
}

/// The agreement and read-back targets are no part of `cargo test` (they are steps of their own),
/// and so no part of `--all-targets` either.
fn clippy() -> anyhow::Result<Outcome> {
    let mut all = command::cargo(["clippy", "--workspace", "--all-targets", "--"]);
    let mut runs = command::cargo(["clippy", "--package", "breezeway"]);
    runs.args(["--test", "agree", "--test", "rendered", "--"]);
    let passed = command::succeeds(all.args(["-D", "warnings"]))?
        && command::succeeds(runs.args(["-D", "warnings"]))?;
    Ok(judge(passed, "see above"))
}

fn doc() -> anyhow::Result<Outcome> {
    let mut cargo = command::cargo(["doc", "--workspace", "--no-deps"]);
    cargo.arg("--document-private-items");
    let passed = command::succeeds(cargo.env("RUSTDOCFLAGS", "-D warnings"))?;
    Ok(judge(passed, "see above"))
}

fn judges() -> anyhow::Result<Outcome> {
    let (passed, skipped) = command::watched(&mut judges::test_target())?;
    Ok(judge_tests(passed, skipped))
}

/// Shows what passing tests print: that is where a skipped one says so.
fn test() -> anyhow::Result<Outcome> {
    let mut cargo = command::cargo(["test", "--workspace", "--no-fail-fast"]);
    let (passed, skipped) = command::watched(cargo.args(["--", "--show-output"]))?;
    Ok(judge_tests(passed, skipped))
}

fn agree() -> anyhow::Result<Outcome> {
    let options = agree::Options {
        estates: agree::CI_ESTATES,
        seed: agree::CI_SEED,
        rest: Vec::new(),
    };
    let (passed, skipped) = command::watched(&mut agree::test_target(&options))?;
    Ok(judge_tests(passed, skipped))
}

fn readback() -> anyhow::Result<Outcome> {
    let mut target = readback::test_target(&readback::Options::default());
    let (passed, skipped) = command::watched(&mut target)?;
    Ok(judge_tests(passed, skipped))
}

fn sabotage() -> anyhow::Result<Outcome> {
    match sabotage::report(&sabotage::Options::default(), repo::root())? {
        sabotage::Answer::Caught => Ok(judge(true, "")),
        sabotage::Answer::Missed(reason) => Ok(Outcome::Failed(reason)),
        sabotage::Answer::Skipped(reason) => Ok(Outcome::Skipped(reason)),
    }
}

fn judge(passed: bool, reason: &str) -> Outcome {
    if passed {
        Outcome::Passed {
            skipped: Vec::new(),
        }
    } else {
        Outcome::Failed(reason.to_owned())
    }
}

fn judge_tests(passed: bool, skipped: Vec<String>) -> Outcome {
    if passed {
        Outcome::Passed { skipped }
    } else {
        Outcome::Failed("see above".to_owned())
    }
}

fn not_installed(tool: &str) -> Outcome {
    Outcome::Skipped(format!("`cargo {tool}` is not installed"))
}

fn is_installed(tool: &str) -> anyhow::Result<bool> {
    Ok(command::captured(&mut command::cargo([tool, "--version"]))?.success)
}

#[cfg(test)]
mod tests {
    use super::*;

    const PASSES: fn() -> anyhow::Result<Outcome> = || {
        Ok(Outcome::Passed {
            skipped: vec!["no user namespaces".to_owned()],
        })
    };
    const FAILS: fn() -> anyhow::Result<Outcome> = || anyhow::bail!("it broke");

    fn summary(steps: &[Step]) -> String {
        let mut reports = run_steps(steps);
        for report in &mut reports {
            report.took = Duration::from_millis(1500);
        }
        Summary(&reports).to_string()
    }

    #[test]
    fn after_a_failure_only_cheap_steps_run() {
        let steps = [
            Step {
                name: "one",
                is_cheap: false,
                run: FAILS,
            },
            Step {
                name: "two",
                is_cheap: false,
                run: PASSES,
            },
            Step {
                name: "three",
                is_cheap: true,
                run: || Ok(not_installed("three")),
            },
        ];
        assert_eq!(
            summary(&steps),
            "step      result    seconds\n\
             one       FAILED        1.5  it broke\n\
             two       not run       1.5  an earlier step failed\n\
             three     skipped       1.5  `cargo three` is not installed\n\
             0 passed, 1 failed, 1 skipped, 1 not run; within steps 0 skipped\n"
        );
    }

    #[test]
    fn skipped_tests_are_named_and_counted() {
        let steps = [Step {
            name: "test",
            is_cheap: false,
            run: PASSES,
        }];
        assert_eq!(
            summary(&steps),
            "step      result    seconds\n\
             test      passed        1.5\n          skipped: no user namespaces\n\
             1 passed, 0 failed, 0 skipped, 0 not run; within steps 1 skipped\n"
        );
    }
}
