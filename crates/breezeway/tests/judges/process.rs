//! Programs that must come to an end: each has a time limit and a process group of its own, which
//! is killed when the limit is reached; what they write goes to files, so that none can block.

use std::fs::File;
use std::io::{Read, Seek};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use nix::sys::signal::{Signal, killpg};
use nix::unistd::Pid;

/// Pause between two looks at a child; what is waited for takes a tenth of a second and more.
const LOOK_PAUSE: Duration = Duration::from_millis(5);

/// Lines of a program's output that an error repeats.
const LINES_SHOWN: usize = 12;

/// How a program ended, and what it wrote.
pub(super) struct Ended {
    pub(super) success: bool,
    pub(super) stdout: String,
    pub(super) stderr: String,
}

impl Ended {
    /// The last lines of what it wrote.
    pub(super) fn last_lines(&self) -> String {
        let all = format!("{}\n{}", self.stdout, self.stderr);
        let lines: Vec<&str> = all.lines().filter(|line| !line.trim().is_empty()).collect();
        lines[lines.len().saturating_sub(LINES_SHOWN)..].join("\n")
    }
}

/// Runs a program to its end, whichever that is.
pub(super) fn run(command: &mut Command, limit: Duration) -> anyhow::Result<Ended> {
    let program = command.get_program().to_string_lossy().into_owned();
    let scratch = Scratch::new()?;
    let [stdout, stderr] = ["stdout", "stderr"].map(|name| scratch.path().join(name));
    let (mut stdout, mut stderr) = (written(&stdout)?, written(&stderr)?);
    let child = command
        .stdin(Stdio::null())
        .stdout(stdout.try_clone()?)
        .stderr(stderr.try_clone()?)
        .process_group(0)
        .spawn()
        .with_context(|| format!("could not start `{program}`"))?;
    let mut group = Group(child);
    let began = Instant::now();
    let status = loop {
        if let Some(status) = group.0.try_wait()? {
            break status;
        }
        if limit < began.elapsed() {
            drop(group);
            bail!("`{program}` was stopped after {} s", limit.as_secs());
        }
        std::thread::sleep(LOOK_PAUSE);
    };
    Ok(Ended {
        success: status.success(),
        stdout: read_back(&mut stdout)?,
        stderr: read_back(&mut stderr)?,
    })
}

/// Runs a program to its end and expects success.
pub(super) fn succeed(command: &mut Command, limit: Duration) -> anyhow::Result<Ended> {
    let ended = run(command, limit)?;
    if !ended.success {
        let program = command.get_program().to_string_lossy().into_owned();
        bail!("`{program}` failed: {}", ended.last_lines());
    }
    Ok(ended)
}

fn written(path: &Path) -> anyhow::Result<File> {
    let mut options = File::options();
    let file = options.create(true).read(true).append(true).open(path);
    file.with_context(|| format!("could not create `{}`", path.display()))
}

fn read_back(file: &mut File) -> anyhow::Result<String> {
    let mut bytes = Vec::new();
    file.rewind()?;
    file.read_to_end(&mut bytes)?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// A child with its own children; killed when dropped, unless it has ended.
struct Group(Child);

impl Drop for Group {
    fn drop(&mut self) {
        if matches!(self.0.try_wait(), Ok(Some(_))) {
            return;
        }
        if let Ok(id) = i32::try_from(self.0.id()) {
            let _ = killpg(Pid::from_raw(id), Signal::SIGKILL);
        }
        let _ = self.0.wait();
    }
}

/// A folder of one piece of work, removed with it.
pub(crate) struct Scratch(PathBuf);

impl Scratch {
    pub(crate) fn new() -> anyhow::Result<Self> {
        static NEXT: AtomicUsize = AtomicUsize::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let name = format!("judges-{}-{number}", std::process::id());
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        std::fs::create_dir_all(&path)
            .with_context(|| format!("could not create `{}`", path.display()))?;
        Ok(Self(path))
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shell(script: &str) -> Command {
        let mut command = Command::new("sh");
        command.args(["-c", script]);
        command
    }

    #[test]
    fn a_program_that_takes_too_long_ends_with_its_children() {
        let scratch = Scratch::new().expect("a folder");
        let note = scratch.path().join("child");
        let mut command = shell("sleep 600 & echo $! > \"$NOTE\"; wait");
        let limit = Duration::from_millis(300);
        let error = run(command.env("NOTE", &note), limit)
            .err()
            .expect("it is stopped");
        assert!(error.to_string().contains("was stopped after"), "{error}");
        let child = std::fs::read_to_string(note).expect("it began");
        let id = Pid::from_raw(child.trim().parse().expect("an id"));
        let began = Instant::now();
        while nix::sys::signal::kill(id, None).is_ok() && !is_dead(id) {
            assert!(began.elapsed() < Duration::from_secs(10), "it lives on");
            std::thread::sleep(LOOK_PAUSE);
        }
    }

    /// Whether it only waits for somebody to ask how it ended.
    fn is_dead(id: Pid) -> bool {
        let status = std::fs::read_to_string(format!("/proc/{id}/stat"));
        status.is_ok_and(|status| status.contains(") Z "))
    }

    #[test]
    fn what_a_program_wrote_is_kept() {
        let ended = run(
            &mut shell("echo a; echo b >&2; exit 3"),
            Duration::from_secs(20),
        );
        let ended = ended.expect("it runs");
        assert_eq!(
            (ended.success, ended.last_lines()),
            (false, "a\nb".to_owned())
        );
        let missing = succeed(
            &mut Command::new("no-such-program"),
            Duration::from_secs(20),
        );
        let error = missing.err().expect("it is not there").to_string();
        assert_eq!(error, "could not start `no-such-program`");
    }
}
