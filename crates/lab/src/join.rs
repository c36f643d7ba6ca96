//! Joining a running lab from outside: no daemon is asked, the kernel lets the same user in.

use std::ffi::CString;
use std::io::{self, IoSlice, IoSliceMut};
use std::net::{SocketAddr, TcpStream};
use std::os::fd::{AsRawFd, FromRawFd, OwnedFd, RawFd};
use std::os::unix::net::UnixStream;
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::process::Command;
use std::time::Duration;

use nix::fcntl::{OFlag, open};
use nix::libc;
use nix::sched::{CloneFlags, setns};
use nix::sys::prctl;
use nix::sys::signal::{SigHandler, Signal, signal};
use nix::sys::socket::{ControlMessage, ControlMessageOwned, MsgFlags, recvmsg, sendmsg};
use nix::sys::stat::Mode;
use nix::unistd::{ForkResult, chdir, fork};

use crate::contain::OWN_NAMESPACES;
use crate::contain::reap;
use crate::error::LabError;
use crate::mounts::{self, HostFiles};
use crate::state::{HostEntry, LabState};

/// How long a connection from outside may take: within one machine, a dropped packet otherwise.
const CONNECT_LIMIT: Duration = Duration::from_secs(2);

/// Runs a program on a host of a running lab and returns its exit code, 128 + n for death by
/// signal n. The program sees that host's network, resolver and processes.
///
/// # Errors
/// If the lab or the host is gone, or the program cannot be started.
pub fn exec(state: &LabState, host: &str, argv: &[String]) -> Result<u8, LabError> {
    let host = entry(state, host)?;
    let Some((program, arguments)) = argv.split_first() else {
        return Err(spawn_failed(host, "", io::ErrorKind::InvalidInput.into()));
    };
    let failed = |source| spawn_failed(host, program, source);
    let entrance = Entrance::to(state, host).map_err(failed)?;
    let mut command = Command::new(program);
    command.args(arguments);
    // SAFETY: between fork and exec only system calls are made, with what was prepared above.
    #[expect(unsafe_code, reason = "the child enters the lab before exec")]
    unsafe {
        command.pre_exec(move || entrance.pass());
    }
    let patience = Patience::begin();
    let status = command.status();
    drop(patience);
    let status = status.map_err(failed)?;
    let signal = status.signal().map(|signal| 128 + signal);
    let code = status.code().or(signal).unwrap_or(1);
    Ok(u8::try_from(code).unwrap_or(u8::MAX))
}

/// Connects from a host of a running lab. The connection is used from outside it.
///
/// # Errors
/// If the lab or the host is gone, or the connection is not opened.
pub fn connect(state: &LabState, host: &str, to: SocketAddr) -> Result<TcpStream, LabError> {
    let host = entry(state, host)?;
    let failed = |source| LabError::Connect {
        host: host.host.clone(),
        to,
        source,
    };
    let entrance = Entrance::to(state, host).map_err(failed)?;
    entrance.connect(to).map_err(failed)
}

fn entry<'s>(state: &'s LabState, host: &str) -> Result<&'s HostEntry, LabError> {
    let entry = state.hosts.iter().find(|entry| entry.host == host);
    entry.ok_or_else(|| LabError::NoSuchEni { eni: host.into() })
}

fn spawn_failed(host: &HostEntry, program: &str, source: io::Error) -> LabError {
    LabError::Spawn {
        namespace: host.host.clone(),
        program: program.to_owned(),
        source,
    }
}

/// The way into a host, prepared before a fork and taken after it.
struct Entrance {
    init: OwnedFd,
    network: CString,
    files: HostFiles,
    directory: Option<CString>,
}

impl Entrance {
    fn to(state: &LabState, host: &HostEntry) -> io::Result<Self> {
        let init = state.init.open()?;
        let directory = std::env::current_dir().ok();
        let directory =
            directory.and_then(|d| CString::new(d.into_os_string().into_encoded_bytes()).ok());
        Ok(Self {
            init: init.ok_or(io::ErrorKind::NotFound)?,
            network: mounts::network_of(&host.host)?,
            files: HostFiles::of(&host.host)?,
            directory,
        })
    }

    /// Enters the lab's namespaces; only children are in its process namespace.
    fn enter_lab(&self) -> io::Result<()> {
        Ok(setns(&self.init, OWN_NAMESPACES)?)
    }

    fn network(&self) -> io::Result<OwnedFd> {
        Ok(open(
            self.network.as_c_str(),
            OFlag::O_RDONLY | OFlag::O_CLOEXEC,
            Mode::empty(),
        )?)
    }

    /// Becomes a process of the lab on the host. The process that remains outside only waits,
    /// and takes the code of the one inside for its own.
    fn pass(&self) -> io::Result<()> {
        self.enter_lab()?;
        prctl::set_pdeathsig(Signal::SIGKILL)?;
        // SAFETY: as after any fork of a process that may have had threads, both sides make
        // system calls only.
        #[expect(unsafe_code, reason = "fork")]
        if let ForkResult::Parent { child } = unsafe { fork() }? {
            let code = reap(child).unwrap_or(1);
            // SAFETY: ends the process; nothing of it is used afterwards.
            #[expect(unsafe_code, reason = "_exit")]
            unsafe {
                libc::_exit(i32::from(code))
            }
        }
        prctl::set_pdeathsig(Signal::SIGKILL)?;
        set_interrupts(SigHandler::SigDfl)?;
        self.files.enter(self.network()?)?;
        if let Some(directory) = &self.directory {
            // The lab sees the machine's files; where it does not, the root will do.
            let _ = chdir(directory.as_c_str());
        }
        Ok(())
    }

    /// Connects by way of a child process, as a process with threads cannot enter.
    fn connect(&self, to: SocketAddr) -> io::Result<TcpStream> {
        let (ours, theirs) = UnixStream::pair()?;
        // SAFETY: as after any fork of a process that may have had threads, the child makes
        // system calls only, and ends by one.
        #[expect(unsafe_code, reason = "fork")]
        match unsafe { fork() }? {
            ForkResult::Child => {
                let sent = self
                    .connected(to)
                    .and_then(|stream| send_descriptor(&theirs, &stream));
                let code = sent
                    .err()
                    .map_or(0, |error| error.raw_os_error().unwrap_or(libc::EIO));
                // SAFETY: ends the process; nothing of it is used afterwards.
                #[expect(unsafe_code, reason = "_exit")]
                unsafe {
                    libc::_exit(code & 0xff)
                }
            }
            ForkResult::Parent { child } => {
                drop(theirs);
                let received = receive_descriptor(&ours);
                match reap(child)? {
                    0 => Ok(TcpStream::from(received?)),
                    errno => Err(io::Error::from_raw_os_error(i32::from(errno))),
                }
            }
        }
    }

    fn connected(&self, to: SocketAddr) -> io::Result<TcpStream> {
        self.enter_lab()?;
        setns(self.network()?, CloneFlags::CLONE_NEWNET)?;
        TcpStream::connect_timeout(&to, CONNECT_LIMIT)
    }
}

fn send_descriptor(way: &UnixStream, stream: &TcpStream) -> io::Result<()> {
    let descriptors = [stream.as_raw_fd()];
    let message = [ControlMessage::ScmRights(&descriptors)];
    let text = [IoSlice::new(b".")];
    sendmsg::<()>(way.as_raw_fd(), &text, &message, MsgFlags::empty(), None)?;
    Ok(())
}

fn receive_descriptor(way: &UnixStream) -> io::Result<OwnedFd> {
    let mut byte = [0];
    let mut text = [IoSliceMut::new(&mut byte)];
    let mut space = nix::cmsg_space!([RawFd; 1]);
    let flags = MsgFlags::MSG_CMSG_CLOEXEC;
    let message = recvmsg::<()>(way.as_raw_fd(), &mut text, Some(&mut space), flags)?;
    for part in message.cmsgs()? {
        if let ControlMessageOwned::ScmRights(descriptors) = part
            && let Some(descriptor) = descriptors.first()
        {
            // SAFETY: the kernel just made this descriptor for us alone.
            #[expect(unsafe_code, reason = "owning a received descriptor")]
            return Ok(unsafe { OwnedFd::from_raw_fd(*descriptor) });
        }
    }
    Err(io::ErrorKind::UnexpectedEof.into())
}

/// While a program runs in the lab, Ctrl-C is for it and not for the command that waits.
struct Patience;

impl Patience {
    fn begin() -> Self {
        let _ = set_interrupts(SigHandler::SigIgn);
        Self
    }
}

impl Drop for Patience {
    fn drop(&mut self) {
        let _ = set_interrupts(SigHandler::SigDfl);
    }
}

fn set_interrupts(handler: SigHandler) -> io::Result<()> {
    for interrupt in [Signal::SIGINT, Signal::SIGQUIT] {
        // SAFETY: no handler function is installed, only a standard disposition.
        #[expect(unsafe_code, reason = "signal disposition")]
        unsafe { signal(interrupt, handler) }?;
    }
    Ok(())
}
