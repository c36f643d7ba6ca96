//! Processes known for certain: a number alone may have passed to another process.

use std::fs;
use std::io;
use std::os::fd::{AsFd, AsRawFd, FromRawFd, OwnedFd};
use std::time::{Duration, Instant};

use nix::libc;
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};

/// How long a killed lab may take to be gone: the kernel ends its processes in milliseconds,
/// Kafka's JVMs with their memory in some hundreds.
pub(crate) const GONE_LIMIT: Duration = Duration::from_secs(2);

/// Which field of `/proc/PID/stat` behind the program's name is the start time, from 0.
const START_TIME_FIELD: usize = 19;

/// A process, told apart from later ones of the same number by its start time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ProcessId {
    /// Its number, as the host counts.
    pub pid: i32,
    /// When it started, in clock ticks since boot.
    pub started: u64,
}

impl ProcessId {
    /// The process that has a number at the moment.
    pub fn of(pid: i32) -> Option<Self> {
        let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
        let started = start_time(&stat)?;
        Some(Self { pid, started })
    }

    /// Whether it still lives.
    pub fn is_alive(&self) -> bool {
        Self::of(self.pid) == Some(*self) && !self.is_zombie()
    }

    fn is_zombie(&self) -> bool {
        let stat = fs::read_to_string(format!("/proc/{}/stat", self.pid));
        stat.is_ok_and(|stat| behind_name(&stat).is_some_and(|rest| rest.starts_with('Z')))
    }

    /// A handle on the process; none if it is gone.
    pub(crate) fn open(&self) -> io::Result<Option<OwnedFd>> {
        // SAFETY: a system call on two numbers that returns a new descriptor or -1.
        #[expect(unsafe_code, reason = "pidfd_open has no wrapper")]
        let opened = unsafe { libc::syscall(libc::SYS_pidfd_open, self.pid, 0) };
        let descriptor = match i32::try_from(opened) {
            Ok(descriptor) if 0 <= descriptor => descriptor,
            _ => {
                let error = io::Error::last_os_error();
                let gone = error.raw_os_error() == Some(libc::ESRCH);
                return if gone { Ok(None) } else { Err(error) };
            }
        };
        // SAFETY: the kernel just made this descriptor for us alone.
        #[expect(unsafe_code, reason = "owning a new descriptor")]
        let handle = unsafe { OwnedFd::from_raw_fd(descriptor) };
        // Only after opening is it certain that the number still means the same process.
        Ok(self.is_alive().then_some(handle))
    }

    /// Kills the process and waits until it, and for a lab's first process all of the lab, is
    /// gone. Says whether it is gone in time.
    pub(crate) fn kill(&self) -> io::Result<bool> {
        let Some(handle) = self.open()? else {
            return Ok(true);
        };
        let nothing = std::ptr::null::<libc::siginfo_t>();
        // SAFETY: a system call on a descriptor that is open; no signal information is passed.
        #[expect(unsafe_code, reason = "pidfd_send_signal has no wrapper")]
        let sent = unsafe {
            let handle = handle.as_raw_fd();
            libc::syscall(
                libc::SYS_pidfd_send_signal,
                handle,
                libc::SIGKILL,
                nothing,
                0,
            )
        };
        if sent < 0 {
            let error = io::Error::last_os_error();
            if error.raw_os_error() != Some(libc::ESRCH) {
                return Err(error);
            }
        }
        gone(&handle)
    }
}

/// Waits until the process behind a handle has ended.
fn gone(handle: &OwnedFd) -> io::Result<bool> {
    let deadline = Instant::now() + GONE_LIMIT;
    loop {
        let left = deadline.saturating_duration_since(Instant::now());
        let left = PollTimeout::try_from(left).unwrap_or(PollTimeout::MAX);
        let mut handles = [PollFd::new(handle.as_fd(), PollFlags::POLLIN)];
        match poll(&mut handles, left) {
            Ok(n_ended) => return Ok(n_ended == 1),
            Err(nix::errno::Errno::EINTR) => {}
            Err(errno) => return Err(errno.into()),
        }
    }
}

/// What follows the program's name, which may itself contain anything.
fn behind_name(stat: &str) -> Option<&str> {
    stat.rsplit_once(')').map(|(_, rest)| rest.trim_start())
}

fn start_time(stat: &str) -> Option<u64> {
    let mut fields = behind_name(stat)?.split_whitespace();
    fields.nth(START_TIME_FIELD)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_start_time_is_found_behind_any_name() {
        let stat = "12 (a) b (c) S 1 12 12 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 1 0 98765 1 2";
        assert_eq!(start_time(stat), Some(98765));
        assert_eq!(start_time("12 (x"), None);
    }

    #[test]
    fn this_process_lives() {
        let own = ProcessId::of(std::process::id().cast_signed()).unwrap();
        assert!(own.is_alive());
        let other = ProcessId {
            started: own.started + 1,
            ..own
        };
        assert!(!other.is_alive());
    }
}
