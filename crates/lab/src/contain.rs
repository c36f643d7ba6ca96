//! The way in: a process tree in user, mount, network, process, IPC and UTS namespaces of its
//! own, whose death, whoever dies first, leaves nothing.
//!
//! The caller forks a supervisor, which leaves the host's namespaces and forks the lab's first
//! process, which mounts what the lab needs, forks the worker and from then on only reaps.
//! Death travels downwards: by PDEATHSIG from caller to supervisor to first process, and by the
//! process namespace from the first process to everything in it.

use std::fs::{self, File};
use std::io::{self, PipeReader, PipeWriter, Read, Write};
use std::os::fd::AsFd;
use std::os::unix::fs::MetadataExt;
use std::panic::{self, AssertUnwindSafe};
use std::path::Path;

use nix::errno::Errno;
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use nix::sched::{CloneFlags, unshare};
use nix::sys::prctl;
use nix::sys::signal::Signal;
use nix::sys::wait::{WaitStatus, waitpid};
use nix::unistd::{ForkResult, Pid, fork, getgid, getpid, getppid, getuid, setsid};

use crate::error::{LabError, Stage};
use crate::mounts;
use crate::process::ProcessId;

/// Exit code of a worker that panicked: a bug of ours.
const PANICKED: u8 = 101;

/// The namespaces that a lab has for itself: what starts it leaves these, what joins it enters
/// them.
pub(crate) const OWN_NAMESPACES: CloneFlags = CloneFlags::CLONE_NEWUSER
    .union(CloneFlags::CLONE_NEWNS)
    .union(CloneFlags::CLONE_NEWNET)
    .union(CloneFlags::CLONE_NEWPID)
    .union(CloneFlags::CLONE_NEWIPC)
    .union(CloneFlags::CLONE_NEWUTS);

/// How the lab's processes hang together with the caller.
#[derive(Clone, Debug)]
pub struct Options {
    /// Whether the lab ends with the caller. Otherwise it leaves the caller's session and lives
    /// on; its worker still prints where the caller does, until
    /// [`detach_output`](Inside::detach_output), and learns by [`say`](Inside::say) whether the
    /// caller is still there.
    pub tie_to_caller: bool,
}

/// What the worker knows of where it is.
#[derive(Debug)]
pub struct Inside {
    pub(crate) host: NamespaceId,
    to_caller: PipeWriter,
}

impl Inside {
    /// Says a line to the caller, who [hears](Contained::heard) it.
    ///
    /// # Errors
    /// If the caller is gone, so that nobody may know of the lab.
    pub fn say(&self, line: &str) -> Result<(), LabError> {
        writeln!(&self.to_caller, "{line}").map_err(|source| LabError::Abandoned { source })
    }

    /// Sends what the lab prints from here on to a file, at its end.
    ///
    /// # Errors
    /// If the file cannot be opened.
    pub fn detach_output(&self, path: &Path) -> Result<(), LabError> {
        mounts::redirect_output(Some(path)).map_err(|source| LabError::File {
            operation: "append to",
            path: path.to_owned(),
            source,
        })
    }
}

/// A running lab as its starter sees it.
#[derive(Debug)]
pub struct Contained {
    init: ProcessId,
    supervisor: Pid,
    heard: PipeReader,
    tied: bool,
    over: bool,
}

/// What tells one namespace from another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct NamespaceId {
    device: u64,
    inode: u64,
}

impl NamespaceId {
    pub(crate) fn of(file: &File) -> io::Result<Self> {
        let meta = file.metadata()?;
        Ok(Self {
            device: meta.dev(),
            inode: meta.ino(),
        })
    }

    fn own() -> io::Result<Self> {
        Self::of(&File::open("/proc/self/ns/net")?)
    }
}

/// Runs `inside` as the worker of a new lab and returns once the lab is ready for it; its return
/// value becomes the exit code.
///
/// # Errors
/// If other threads exist, or the kernel refuses a stage.
pub fn contain(
    options: &Options,
    inside: impl FnOnce(Inside) -> u8,
) -> Result<Contained, LabError> {
    let n_threads = fs::read_dir("/proc/self/task").map_or(1, Iterator::count);
    if n_threads != 1 {
        return Err(LabError::NotSingleThreaded { n_threads });
    }
    let host = NamespaceId::own().map_err(failed(Stage::Fork))?;
    let (news, report) = io::pipe().map_err(failed(Stage::Fork))?;
    let (heard, to_caller) = io::pipe().map_err(failed(Stage::Fork))?;
    let caller = getpid();
    flush();
    // SAFETY: the process has one thread, so the child may do whatever the parent may.
    #[expect(unsafe_code, reason = "fork")]
    match unsafe { fork() } {
        Err(errno) => Err(failed(Stage::Fork)(errno.into())),
        Ok(ForkResult::Parent { child }) => {
            drop((report, to_caller));
            let init = await_ready(news, child)?;
            Ok(Contained {
                init,
                supervisor: child,
                heard,
                tied: options.tie_to_caller,
                over: false,
            })
        }
        Ok(ForkResult::Child) => {
            // Nobody but the caller may hold the reading ends, or its death would not show.
            drop((news, heard));
            let code = supervise(options, caller, report, Inside { host, to_caller }, inside);
            leave(code)
        }
    }
}

impl Contained {
    /// What the worker [says](Inside::say); it ends with the lab.
    ///
    /// # Errors
    /// If no descriptor is left.
    pub fn heard(&self) -> Result<PipeReader, LabError> {
        self.heard.try_clone().map_err(failed(Stage::Fork))
    }

    /// Waits until the lab is over and returns its exit code, 128 + n for death by signal n.
    ///
    /// # Errors
    /// If the supervisor cannot be waited for.
    pub fn wait(mut self) -> Result<u8, LabError> {
        self.over = true;
        reap(self.supervisor).map_err(|source| LabError::Process {
            operation: "wait for",
            pid: self.supervisor.as_raw(),
            source,
        })
    }

    /// Kills the lab and waits until its processes are gone.
    ///
    /// # Errors
    /// If the supervisor cannot be waited for.
    pub fn kill(self) -> Result<(), LabError> {
        self.killer().kill();
        self.wait().map(drop)
    }

    /// What ends the lab while somebody else waits for it.
    pub fn killer(&self) -> Killer {
        Killer { init: self.init }
    }

    /// The lab's first process, in the caller's numbering.
    pub fn init(&self) -> ProcessId {
        self.init
    }

    /// The supervisor, in the caller's numbering.
    pub fn supervisor_pid(&self) -> i32 {
        self.supervisor.as_raw()
    }
}

/// Ends a lab from anywhere.
#[derive(Clone, Copy, Debug)]
pub struct Killer {
    init: ProcessId,
}

impl Killer {
    /// Kills the lab's first process, and with it everything in the lab, and waits for its end,
    /// two seconds at most.
    pub fn kill(&self) {
        let _ = self.init.kill();
    }
}

impl Drop for Contained {
    fn drop(&mut self) {
        if self.tied && !self.over {
            let _ = self.init.kill();
            let _ = reap(self.supervisor);
        }
    }
}

fn failed(stage: Stage) -> impl FnOnce(io::Error) -> LabError {
    move |source| LabError::Contain { stage, source }
}

/// Kinds of messages besides the index of a failed stage: the first process's number, readiness.
const PID: u8 = 250;
const READY: u8 = 251;

/// What the supervisor says when it knows the first process, which may then cover `/proc`.
const KNOWN: &[u8] = b".";

/// A kind, a number and a start time; short enough for a pipe to take it whole.
const MESSAGE_BYTES: usize = 1 + 4 + 8;

/// Hears both processes out: the first one may be ready before its number is told.
fn await_ready(mut news: PipeReader, supervisor: Pid) -> Result<ProcessId, LabError> {
    let (mut init, mut ready) = (None, false);
    loop {
        if let (Some(init), true) = (init, ready) {
            return Ok(init);
        }
        let mut message = [0; MESSAGE_BYTES];
        let heard = news.read_exact(&mut message);
        let [kind, a, b, c, d, started @ ..] = message;
        let value = i32::from_ne_bytes([a, b, c, d]);
        match kind {
            PID if heard.is_ok() => {
                let started = u64::from_ne_bytes(started);
                init = Some(ProcessId {
                    pid: value,
                    started,
                });
            }
            READY if heard.is_ok() => ready = true,
            stage => {
                let _ = reap(supervisor);
                let stage = Stage::ALL.get(usize::from(stage)).filter(|_| heard.is_ok());
                let source = io::Error::from_raw_os_error(value);
                return Err(match stage {
                    Some(stage) => failed(*stage)(source),
                    None => LabError::EndedEarly,
                });
            }
        }
    }
}

fn tell(report: &mut PipeWriter, kind: u8, value: i32, started: u64) {
    let mut message = vec![kind];
    message.extend(value.to_ne_bytes());
    message.extend(started.to_ne_bytes());
    // A caller that is gone needs no news.
    let _ = report.write_all(&message);
}

fn tell_failure(report: &mut PipeWriter, stage: Stage, errno: Errno) {
    let index = Stage::ALL.iter().position(|s| *s == stage);
    let kind = index.and_then(|i| u8::try_from(i).ok()).unwrap_or(PID - 1);
    tell(report, kind, errno as i32, 0);
}

type Failure = (Stage, Errno);

fn supervise(
    options: &Options,
    caller: Pid,
    mut report: PipeWriter,
    inside: Inside,
    work: impl FnOnce(Inside) -> u8,
) -> u8 {
    let started = leave_host(options, caller).and_then(|()| {
        // The write end stays open as long as this process lives, and nowhere else.
        let (alive, here) = io::pipe().map_err(|e| (Stage::Fork, errno_of(&e)))?;
        // SAFETY: the process has one thread, so the child may do whatever the parent may.
        #[expect(unsafe_code, reason = "fork")]
        let side = unsafe { fork() }.map_err(|e| (Stage::Fork, e))?;
        Ok((alive, here, side))
    });
    match started {
        Err((stage, errno)) => {
            tell_failure(&mut report, stage, errno);
            1
        }
        Ok((alive, here, ForkResult::Child)) => {
            drop(here);
            first_process(options, &alive, report, inside, work)
        }
        Ok((alive, mut here, ForkResult::Parent { child })) => {
            drop(alive);
            // Not reaped yet, it is still there, even if it has ended.
            let started = ProcessId::of(child.as_raw()).map_or(0, |init| init.started);
            tell(&mut report, PID, child.as_raw(), started);
            drop(report);
            let _ = here.write_all(KNOWN);
            stand_back(options);
            let code = reap(child).unwrap_or(1);
            drop(here);
            code
        }
    }
}

fn leave_host(options: &Options, caller: Pid) -> Result<(), Failure> {
    if !options.tie_to_caller {
        setsid().map_err(|e| (Stage::Tie, e))?;
    }
    let (user, group) = (getuid(), getgid());
    unshare(OWN_NAMESPACES).map_err(|e| (Stage::Unshare, e))?;
    write("/proc/self/setgroups", "deny").map_err(|e| (Stage::DenyGroups, e))?;
    write("/proc/self/uid_map", &format!("0 {user} 1")).map_err(|e| (Stage::MapUser, e))?;
    write("/proc/self/gid_map", &format!("0 {group} 1")).map_err(|e| (Stage::MapGroup, e))?;
    if options.tie_to_caller {
        // Changing credentials clears the signal, so it is set after the mapping.
        prctl::set_pdeathsig(Signal::SIGKILL).map_err(|e| (Stage::Tie, e))?;
        if getppid() != caller {
            return Err((Stage::Tie, Errno::ESRCH));
        }
    }
    Ok(())
}

/// The lab's pid 1: prepares the file system, starts the worker and reaps until it ends.
fn first_process(
    options: &Options,
    supervisor: &PipeReader,
    mut report: PipeWriter,
    inside: Inside,
    work: impl FnOnce(Inside) -> u8,
) -> u8 {
    let ready = tie_to_supervisor(supervisor).and_then(|()| mounts::furnish());
    let side = ready.and_then(|()| {
        // SAFETY: the process has one thread, so the child may do whatever the parent may.
        #[expect(unsafe_code, reason = "fork")]
        unsafe { fork() }.map_err(|e| (Stage::Fork, e))
    });
    match side {
        Err((stage, errno)) => {
            tell_failure(&mut report, stage, errno);
            1
        }
        Ok(ForkResult::Parent { child }) => {
            tell(&mut report, READY, 0, 0);
            drop(report);
            stand_back(options);
            reap_until(child)
        }
        Ok(ForkResult::Child) => {
            drop(report);
            let result = panic::catch_unwind(AssertUnwindSafe(|| work(inside)));
            result.unwrap_or(PANICKED)
        }
    }
}

/// Lets go of the terminal, or of whoever reads the caller's output, once nothing is left to say.
fn stand_back(options: &Options) {
    if !options.tie_to_caller {
        let _ = mounts::redirect_output(None);
    }
}

/// In a process namespace of its own a process cannot ask for its parent, so a pipe that only
/// the supervisor holds open tells whether it died before the signal was armed.
fn tie_to_supervisor(mut supervisor: &PipeReader) -> Result<(), Failure> {
    prctl::set_pdeathsig(Signal::SIGKILL).map_err(|e| (Stage::Tie, e))?;
    let known = supervisor.read_exact(&mut [0; KNOWN.len()]);
    known.map_err(|_| (Stage::Tie, Errno::ESRCH))?;
    let mut ends = [PollFd::new(supervisor.as_fd(), PollFlags::POLLIN)];
    let n_closed = poll(&mut ends, PollTimeout::ZERO).map_err(|e| (Stage::Tie, e))?;
    if n_closed == 0 {
        Ok(())
    } else {
        Err((Stage::Tie, Errno::ESRCH))
    }
}

fn reap_until(worker: Pid) -> u8 {
    loop {
        match waitpid(None, None) {
            Ok(status) if status.pid() == Some(worker) => {
                if let Some(code) = exit_code(status) {
                    return code;
                }
            }
            Ok(_) | Err(Errno::EINTR) => {}
            Err(_) => return 1,
        }
    }
}

/// Waits for a child and returns its exit code, 128 + n for death by signal n.
pub(crate) fn reap(child: Pid) -> io::Result<u8> {
    loop {
        match waitpid(child, None) {
            Ok(status) => {
                if let Some(code) = exit_code(status) {
                    return Ok(code);
                }
            }
            Err(Errno::EINTR) => {}
            Err(errno) => return Err(errno.into()),
        }
    }
}

#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "every other status means that the process still lives"
)]
fn exit_code(status: WaitStatus) -> Option<u8> {
    match status {
        WaitStatus::Exited(_, code) => Some(u8::try_from(code & 0xff).unwrap_or(u8::MAX)),
        WaitStatus::Signaled(_, signal, _) => {
            Some(u8::try_from(128 + signal as i32).unwrap_or(u8::MAX))
        }
        _ => None,
    }
}

fn write(path: &str, text: &str) -> Result<(), Errno> {
    fs::write(Path::new(path), text).map_err(|e| errno_of(&e))
}

pub(crate) fn errno_of(error: &io::Error) -> Errno {
    error
        .raw_os_error()
        .map_or(Errno::UnknownErrno, Errno::from_raw)
}

/// What the parent has not written yet must not be written twice.
fn flush() {
    let _ = io::stdout().flush();
    let _ = io::stderr().flush();
}

/// Ends a forked process without the parent's exit handlers.
fn leave(code: u8) -> ! {
    flush();
    // SAFETY: ends the process; nothing of it is used afterwards.
    #[expect(unsafe_code, reason = "_exit")]
    unsafe {
        nix::libc::_exit(i32::from(code))
    }
}
