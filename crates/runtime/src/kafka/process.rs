//! Child processes that must come to an end: with a limit, their output kept for the error.

use std::fs::File;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

/// Pause between two looks at a child. A look costs a microsecond, and what is waited for takes
/// seconds.
const LOOK_PAUSE: Duration = Duration::from_millis(10);

/// Lines of output that an error carries: enough for Maven's cause and the line that names it.
const LINES_SHOWN: usize = 12;

/// Longest line that an error carries, in characters; Maven repeats whole dependency paths.
const LINE_CHARACTERS_SHOWN: usize = 400;

/// How a process ended that should have succeeded.
#[derive(Debug, thiserror::Error)]
pub enum Ending {
    /// It could not be started.
    #[error("could not start `{program}`")]
    NotStarted {
        /// The program.
        program: String,
        /// What the system said.
        source: std::io::Error,
    },
    /// It ended, but not well.
    #[error("it ended with {status} after writing\n{output}")]
    Failed {
        /// How it ended.
        status: ExitStatus,
        /// Its last lines, indented.
        output: String,
    },
    /// It was ended because it took too long.
    #[error("it was stopped after {} s, having written\n{output}", limit.as_secs())]
    TooLong {
        /// The limit.
        limit: Duration,
        /// Its last lines, indented.
        output: String,
    },
}

/// Runs its arguments as a program, and asks that program to stop (SIGTERM) when its own input
/// ends. Its input is a pipe of ours, so a program also stops when this process is killed.
const UNTIL_INPUT_ENDS: &str = r#"
exec 3<&0
"$@" </dev/null 3<&- &
program=$!
{ read -r _ <&3; kill -TERM "$program"; } 2>/dev/null &
watch=$!
wait "$program"
status=$?
kill "$watch" 2>/dev/null
exit "$status"
"#;

/// A program in a process group of its own, all of which is killed when this is dropped.
pub(super) struct Group {
    child: Child,
}

impl Group {
    /// Starts `command` with its output, both streams, in the file `log`.
    pub(super) fn start(command: &Command, log: &Path) -> Result<Self, Ending> {
        let mut guarded = Command::new("sh");
        guarded
            .args(["-c", UNTIL_INPUT_ENDS, "sh"])
            .arg(command.get_program())
            .args(command.get_args());
        if let Some(folder) = command.get_current_dir() {
            guarded.current_dir(folder);
        }
        let started = File::create(log).and_then(|out| {
            guarded
                .stdin(Stdio::piped())
                .stdout(out.try_clone()?)
                .stderr(out);
            guarded.process_group(0).spawn()
        });
        match started {
            Ok(child) => Ok(Self { child }),
            Err(source) => Err(Ending::NotStarted {
                program: command.get_program().to_string_lossy().into_owned(),
                source,
            }),
        }
    }

    /// The status, once the child has ended by itself.
    pub(super) fn ended(&mut self) -> Option<ExitStatus> {
        self.child.try_wait().ok().flatten()
    }

    /// Asks the program to stop.
    pub(super) fn stop(&mut self) {
        drop(self.child.stdin.take());
    }

    /// Waits until the child ended or `over` says so or the limit is reached; gives its status.
    pub(super) fn wait(
        &mut self,
        limit: Duration,
        over: &mut dyn FnMut() -> bool,
    ) -> Option<ExitStatus> {
        let began = Instant::now();
        while began.elapsed() <= limit {
            let status = self.ended();
            if status.is_some() || over() {
                return status;
            }
            std::thread::sleep(LOOK_PAUSE);
        }
        None
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        if self.ended().is_some() {
            return;
        }
        if let Ok(id) = i32::try_from(self.child.id()) {
            let group = nix::unistd::Pid::from_raw(id);
            let _ = nix::sys::signal::killpg(group, nix::sys::signal::Signal::SIGKILL);
        }
        let _ = self.child.wait();
    }
}

/// Runs a command to its end and expects success; its output goes to the file `log`.
pub(super) fn succeed(command: &Command, log: &Path, limit: Duration) -> Result<(), Ending> {
    let mut group = Group::start(command, log)?;
    match group.wait(limit, &mut || false) {
        Some(status) if status.success() => Ok(()),
        Some(status) => Err(Ending::Failed {
            status,
            output: last_lines(log),
        }),
        None => Err(Ending::TooLong {
            limit,
            output: last_lines(log),
        }),
    }
}

/// The last lines of a log that are not blank, indented, without control characters.
pub(super) fn last_lines(log: &Path) -> String {
    let bytes = std::fs::read(log).unwrap_or_default();
    let text = String::from_utf8_lossy(&bytes);
    let lines: Vec<_> = text
        .lines()
        .filter(|line| !line.trim().is_empty())
        .collect();
    let last = lines.iter().skip(lines.len().saturating_sub(LINES_SHOWN));
    let shown = last.map(|line| {
        let printable = line.chars().filter(|character| !character.is_control());
        let line: String = printable.take(LINE_CHARACTERS_SHOWN).collect();
        format!("  | {line}")
    });
    shown.collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(script: &str, limit: Duration) -> (Result<(), Ending>, std::path::PathBuf) {
        let thread = std::thread::current();
        let name = thread.name().unwrap_or("test").replace(':', "-");
        let log = std::env::temp_dir().join(format!("breezeway-{name}-{}", std::process::id()));
        let mut command = Command::new("sh");
        command.args(["-c", script]);
        (succeed(&command, &log, limit), log)
    }

    #[test]
    fn a_failure_carries_the_last_lines() {
        let script = "for n in $(seq 30); do echo line $n; echo; done; echo cause >&2; exit 3";
        let (result, log) = run(script, Duration::from_secs(20));
        let _ = std::fs::remove_file(log);
        let said = result.unwrap_err().to_string();
        assert!(
            said.starts_with("it ended with exit status: 3 after writing\n  | line 20\n"),
            "{said}"
        );
        assert!(said.ends_with("  | line 30\n  | cause"), "{said}");
    }

    #[test]
    fn a_process_that_does_not_end_is_killed_with_its_children() {
        let (result, log) = run("sleep 600 & echo $!; wait", Duration::from_millis(300));
        assert!(matches!(result, Err(Ending::TooLong { .. })), "{result:?}");
        let grandchild: i32 = std::fs::read_to_string(&log)
            .unwrap()
            .trim()
            .parse()
            .unwrap();
        let _ = std::fs::remove_file(log);
        let alive = || {
            let status = std::fs::read_to_string(format!("/proc/{grandchild}/stat"));
            status.is_ok_and(|text| !text.contains(") Z "))
        };
        let began = Instant::now();
        while alive() && began.elapsed() < Duration::from_secs(10) {
            std::thread::yield_now();
        }
        assert!(!alive());
    }

    #[test]
    fn a_program_that_is_not_there_is_named() {
        let (result, log) = run("exec /no/such/program", Duration::from_secs(20));
        let _ = std::fs::remove_file(log);
        let said = result.unwrap_err().to_string();
        assert!(
            said.contains("127") && said.contains("/no/such/program"),
            "{said}"
        );
    }

    #[test]
    fn a_program_is_asked_to_stop_before_it_is_killed() {
        let log = std::env::temp_dir().join(format!("breezeway-stop-{}", std::process::id()));
        let mut command = Command::new("sh");
        command.args([
            "-c",
            "trap 'echo asked; exit 9' TERM; echo up; while :; do sleep 0.01; done",
        ]);
        let mut group = Group::start(&command, &log).unwrap();
        let said = |word: &str| std::fs::read_to_string(&log).unwrap().contains(word);
        assert_eq!(
            group.wait(Duration::from_secs(20), &mut || said("up")),
            None
        );
        group.stop();
        let status = group.wait(Duration::from_secs(20), &mut || false);
        assert_eq!(status.and_then(|status| status.code()), Some(9));
        assert!(said("asked"));
        let _ = std::fs::remove_file(log);
    }
}
