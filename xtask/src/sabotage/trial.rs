//! One trial: builds the agreement target of the copy and runs estates with it until two verdicts
//! differ.

use std::fmt;
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use anyhow::Context;
use serde_json::Value;

use super::last_lines;
use super::tree::Tree;
use crate::agree;
use crate::command;

/// What the estates may take: they take well under a minute, and a network that is broken on
/// purpose may make them wait for every time-out there is.
const TRIAL_S_MAX: u64 = 300;

/// How often the run is asked whether it is over; short against the run itself.
const POLL_MS: u64 = 50;

/// Debug information of the copy's crates, which must be another than the workspace's: Cargo
/// tells two builds of one crate apart by its profile and its path below the root, not by the
/// root. Were they the same, the original would be built from the copy's broken crates.
/// Dependencies have a profile of their own, and so are shared.
const DEBUG: &str = "none";

/// Exit code of an agreement run with complaints; a panic's is 101.
const DISAGREED: i32 = 1;

/// How a trial ends.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum End {
    /// The estates disagreed, first on this path: the break was seen.
    Disagreed(String),
    /// They agreed, or the machine cannot raise them.
    Agreed { skipped: Option<String> },
    /// The edit does not compile.
    NotBuilt(String),
    /// The run ended in another way, and how.
    Broke(String),
}

impl fmt::Display for End {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Disagreed(_) => f.write_str("caught"),
            Self::Agreed { skipped: None } => f.write_str("missed"),
            Self::Agreed {
                skipped: Some(reason),
            } => write!(f, "skipped: {reason}"),
            Self::NotBuilt(messages) => write!(f, "not built\n{messages}"),
            Self::Broke(how) => write!(f, "broke off: {how}"),
        }
    }
}

/// What Cargo said of a build.
pub(super) struct Build {
    /// The agreement target, if it was built.
    pub(super) program: Option<PathBuf>,
    pub(super) messages: String,
}

/// Builds and runs.
pub(super) fn run(tree: &Tree, estates: u32, seed: u64) -> anyhow::Result<End> {
    let build = build(tree)?;
    let Some(program) = &build.program else {
        return Ok(End::NotBuilt(last_lines(&build)));
    };
    let package = tree.root.join("crates/breezeway");
    let mut estates_run = Command::new(program);
    estates_run
        .args(agree::arguments(estates, seed))
        .arg("--stop-at-first")
        .env("CARGO_MANIFEST_DIR", &package)
        .current_dir(&package);
    ended(&mut estates_run, Duration::from_secs(TRIAL_S_MAX))
}

fn build(tree: &Tree) -> anyhow::Result<Build> {
    let mut cargo = command::cargo(["test", "--package", "breezeway", "--test", "agree"]);
    cargo
        .args(["--no-run", "--message-format", "json-render-diagnostics"])
        .current_dir(&tree.root)
        .env("CARGO_BUILD_BUILD_DIR", &tree.build_folder)
        .env("CARGO_TARGET_DIR", &tree.program_folder)
        .env("CARGO_PROFILE_DEV_DEBUG", DEBUG);
    let output = command::captured(&mut cargo)?;
    let program = output.success.then(|| program_in(&output.stdout)).flatten();
    Ok(Build {
        program,
        messages: output.stderr,
    })
}

/// Finds the path of the agreement target among Cargo's messages.
fn program_in(messages: &str) -> Option<PathBuf> {
    let messages = messages
        .lines()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok());
    messages
        .filter(|message| message["target"]["name"] == "agree")
        .find_map(|message| message["executable"].as_str().map(PathBuf::from))
}

/// Runs it without showing what it prints: hundreds of expected disagreements would hide the
/// table.
fn ended(command: &mut Command, limit: Duration) -> anyhow::Result<End> {
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .context("failed to start the agreement target")?;
    let (stdout, stderr) = (child.stdout.take(), child.stderr.take());
    let stdout = std::thread::spawn(move || stdout.map(std::io::read_to_string));
    let stderr = std::thread::spawn(move || stderr.map(std::io::read_to_string));
    let Some(status) = wait(&mut child, limit)? else {
        return Ok(End::Broke("it took too long".to_owned()));
    };
    let said = |reader: JoinHandle<_>| reader.join().ok().flatten().and_then(Result::ok);
    let said = said(stdout).unwrap_or_default() + &said(stderr).unwrap_or_default();
    Ok(judge(status, &said))
}

/// Waits for the end, or makes one when the limit is reached.
fn wait(child: &mut Child, limit: Duration) -> anyhow::Result<Option<ExitStatus>> {
    let started = Instant::now();
    loop {
        if let Some(status) = child.try_wait().context("failed to wait for it")? {
            return Ok(Some(status));
        }
        if limit < started.elapsed() {
            child.kill().context("failed to end the agreement target")?;
            child.wait().context("failed to wait for it")?;
            return Ok(None);
        }
        std::thread::sleep(Duration::from_millis(POLL_MS));
    }
}

fn judge(status: ExitStatus, said: &str) -> End {
    match status.code() {
        Some(0) => End::Agreed {
            skipped: said.lines().find_map(command::skip_reason),
        },
        Some(DISAGREED) if let Some(path) = first_disagreement(said) => {
            End::Disagreed(path.to_owned())
        }
        Some(_) | None => {
            let last = said
                .lines()
                .rfind(|line| !line.is_empty())
                .unwrap_or_default();
            End::Broke(format!("{status}; {last}"))
        }
    }
}

/// Finds a path on which the two verdicts differ; an estate that could not be raised is a
/// complaint too, and no evidence that the two were compared.
fn first_disagreement(said: &str) -> Option<&str> {
    let mut paths = said
        .lines()
        .filter_map(|line| line.strip_prefix("DISAGREE "));
    paths.find(|path| path.contains(": checked ") && path.contains("; live "))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn end_of(script: &str) -> End {
        let limit = Duration::from_secs(20);
        ended(Command::new("sh").args(["-c", script]), limit).unwrap()
    }

    #[test]
    fn the_copy_is_built_by_a_profile_of_its_own() {
        let manifest = std::fs::read_to_string(crate::repo::root().join("Cargo.toml")).unwrap();
        let (_, dev) = manifest.split_once("[profile.dev]").unwrap();
        let (dev, others) = dev.split_once("[profile.").unwrap();
        assert!(dev.contains("debug = \"line-tables-only\""), "{dev}");
        let dependencies = others.strip_prefix("dev.package.\"*\"]");
        assert!(dependencies.unwrap().contains("debug = false"), "{others}");
    }

    #[test]
    fn a_disagreement_is_told_from_a_crash() {
        let told = "estate 3: checkout -> orders/1: checked delivered; live no-target";
        let path = format!("echo 'DISAGREE {told}'");
        assert_eq!(
            end_of(&format!("{path}; exit 1")),
            End::Disagreed(told.to_owned())
        );
        assert_eq!(end_of("exit 0"), End::Agreed { skipped: None });
        for script in [
            "echo 'DISAGREE estate 3: could not be raised'; exit 1",
            "exit 1",
            "exit 101",
            &format!("{path}; exit 101"),
            "kill -9 $$",
        ] {
            assert!(matches!(end_of(script), End::Broke(_)), "{script}");
        }
    }

    #[test]
    fn a_skipped_run_does_not_count_as_agreement() {
        let skipped = Some("no user namespaces".to_owned());
        assert_eq!(
            end_of("echo 'skipped: no user namespaces'"),
            End::Agreed { skipped }
        );
    }

    #[test]
    fn a_run_that_hangs_is_ended() {
        let end = ended(Command::new("sleep").arg("600"), Duration::from_millis(20));
        assert_eq!(end.unwrap(), End::Broke("it took too long".to_owned()));
    }

    #[test]
    fn the_program_is_found_among_messages() {
        let messages = "{\"reason\":\"compiler-artifact\",\"target\":{\"name\":\"lab\"},\
                        \"executable\":null}\nnoise\n{\"reason\":\"compiler-artifact\",\
                        \"target\":{\"name\":\"agree\"},\"executable\":\"/somewhere/agree-1\"}\n";
        assert_eq!(
            program_in(messages),
            Some(PathBuf::from("/somewhere/agree-1"))
        );
        assert_eq!(program_in("{}"), None);
    }
}
