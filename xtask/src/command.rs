//! Starts programs: with our own output, with their output kept, or with both.

use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Command, Stdio};

use anyhow::Context;

use crate::repo;

/// What follows this in a line of a test's output is the reason of something that did not run.
pub(crate) const SKIP_MARK: &str = "skipped: ";

/// What a program said and how it ended.
pub(crate) struct Captured {
    pub(crate) success: bool,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

/// Makes a Cargo command that runs in the workspace's root.
pub(crate) fn cargo<const N: usize>(args: [&str; N]) -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(repo::root()).args(args);
    command
}

/// Runs to the end with our input and output; true if it succeeded.
pub(crate) fn succeeds(command: &mut Command) -> anyhow::Result<bool> {
    let status = command.status().with_context(|| failed_to_start(command))?;
    Ok(status.success())
}

/// Runs to the end and keeps both streams.
pub(crate) fn captured(command: &mut Command) -> anyhow::Result<Captured> {
    let output = command
        .stdin(Stdio::null())
        .output()
        .with_context(|| failed_to_start(command))?;
    Ok(Captured {
        success: output.status.success(),
        stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
        stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
    })
}

/// Runs to the end, passes both streams on to our standard error, and returns the reasons of
/// what it skipped, each once.
pub(crate) fn watched(command: &mut Command) -> anyhow::Result<(bool, Vec<String>)> {
    watched_by(command, |line| {
        // A closed terminal must not end the run that it only watches.
        let _ = std::io::stderr().write_all(line);
    })
}

fn watched_by(
    command: &mut Command,
    show: impl Fn(&[u8]) + Sync,
) -> anyhow::Result<(bool, Vec<String>)> {
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .with_context(|| failed_to_start(command))?;
    let (stdout, stderr) = (child.stdout.take(), child.stderr.take());
    let pass_on = |stream| pass_on(stream, &show);
    let mut skipped = std::thread::scope(|scope| {
        let errors = scope.spawn(|| stderr.map(|stream| pass_on(Box::new(stream))));
        let mut skipped = stdout
            .map(|stream| pass_on(Box::new(stream)))
            .unwrap_or_default();
        skipped.extend(errors.join().ok().flatten().unwrap_or_default());
        skipped
    });
    skipped.sort();
    skipped.dedup();
    let status = child.wait().context("failed to wait for a program")?;
    Ok((status.success(), skipped))
}

fn pass_on(stream: Box<dyn Read>, show: &impl Fn(&[u8])) -> Vec<String> {
    let mut reader = BufReader::new(stream);
    let mut skipped = Vec::new();
    let mut line = Vec::new();
    while matches!(reader.read_until(b'\n', &mut line), Ok(1..)) {
        show(&line);
        skipped.extend(skip_reason(&String::from_utf8_lossy(&line)));
        line.clear();
    }
    skipped
}

/// Reads the reason out of a line; the harness may have begun the line with a test's name.
pub(crate) fn skip_reason(line: &str) -> Option<String> {
    let (_, reason) = line.split_once(SKIP_MARK)?;
    Some(reason.trim().to_owned())
}

fn failed_to_start(command: &Command) -> String {
    format!("failed to start `{}`", command.get_program().display())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn skips_are_counted_once_from_both_streams() {
        let script = "echo 'skipped: no user namespaces'; echo fine; \
                      echo 'test a ... skipped: no user namespaces' >&2; \
                      echo 'skipped: no Java' >&2; exit 3";
        let mut shell = Command::new("sh");
        let (success, skipped) = watched_by(shell.args(["-c", script]), |_| {}).unwrap();
        assert!(!success);
        assert_eq!(skipped, ["no Java", "no user namespaces"]);
    }

    #[test]
    fn a_missing_program_is_named() {
        let error = succeeds(&mut Command::new("no-such-program-here")).unwrap_err();
        assert_eq!(error.to_string(), "failed to start `no-such-program-here`");
    }
}
