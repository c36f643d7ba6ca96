//! What can go wrong, one variant per operation.

use std::io;
use std::net::{SocketAddr, SocketAddrV4};
use std::path::PathBuf;

use blueprint::ids::EniId;

/// Why the lab could not do something.
#[derive(Debug, thiserror::Error)]
pub enum LabError {
    /// The caller has more than one thread.
    #[error("the lab must be entered before any other thread starts, and there are {n_threads}")]
    NotSingleThreaded {
        /// How many threads there are.
        n_threads: usize,
    },
    /// The kernel refused a stage of going into the lab's own namespaces.
    #[error("could not {stage}; `breezeway doctor` shows what this kernel allows and the remedy")]
    Contain {
        /// What was tried.
        stage: Stage,
        /// What the kernel said.
        source: io::Error,
    },
    /// A process of the lab ended before it was ready.
    #[error("the lab's first process ended before it was ready")]
    EndedEarly,
    /// A process of the lab could not be waited for or ended.
    #[error("could not {operation} process {pid}")]
    Process {
        /// What was tried.
        operation: &'static str,
        /// The process.
        pid: i32,
        /// What the kernel said.
        source: io::Error,
    },
    /// A namespace handle turned out to be the host's.
    #[error("namespace `{namespace}` is the host's own; nothing was changed")]
    HostNamespace {
        /// The namespace.
        namespace: String,
    },
    /// A namespace could not be made or entered.
    #[error("could not {operation} namespace `{namespace}`")]
    Namespace {
        /// What was tried.
        operation: &'static str,
        /// The namespace.
        namespace: String,
        /// What the kernel said.
        source: io::Error,
    },
    /// A kernel parameter could not be set.
    #[error("could not set `{key}` in namespace `{namespace}`")]
    Sysctl {
        /// The namespace.
        namespace: String,
        /// The parameter.
        key: &'static str,
        /// What the kernel said.
        source: io::Error,
    },
    /// The kernel refused a network operation.
    #[error("the kernel refused `{}`", head(operation))]
    Netlink {
        /// The operation as text.
        operation: String,
        /// What the kernel said.
        source: Box<nlink::Error>,
    },
    /// The blueprint holds an object that a lab does not raise.
    #[error("`{object}` is {pattern}, and that is not raised on this machine yet")]
    NotRaised {
        /// Its id.
        object: String,
        /// What it is.
        pattern: &'static str,
    },
    /// An operation names a namespace or link that does not exist.
    #[error("`{operation}` names what does not exist")]
    Dangling {
        /// The operation as text.
        operation: String,
    },
    /// A link was brought up and carries no packets.
    #[error("link `{link}` of namespace `{namespace}` did not come up")]
    LinkDown {
        /// The namespace.
        namespace: String,
        /// The link.
        link: String,
    },
    /// The kernel's packet log could not be set up or read.
    #[error("could not {operation} the packet log of namespace `{namespace}`")]
    Log {
        /// What was tried.
        operation: &'static str,
        /// The namespace.
        namespace: String,
        /// What the kernel said.
        source: io::Error,
    },
    /// No interface of that id is in the lab.
    #[error("no interface `{eni}` is in the lab")]
    NoSuchEni {
        /// The id asked for.
        eni: EniId,
    },
    /// A socket could not be made or bound.
    #[error("could not open a socket on {address} in namespace `{namespace}`")]
    Socket {
        /// The namespace.
        namespace: String,
        /// The address, with port 0 where none was asked for.
        address: SocketAddrV4,
        /// What the kernel said.
        source: io::Error,
    },
    /// A resolver gave no answer.
    #[error("could not ask for `{name}` from `{eni}`")]
    Resolve {
        /// The interface that asked.
        eni: EniId,
        /// The name asked for.
        name: String,
        /// What went wrong.
        source: io::Error,
    },
    /// A program could not be started.
    #[error("could not start `{program}` in namespace `{namespace}`")]
    Spawn {
        /// The namespace.
        namespace: String,
        /// The program.
        program: String,
        /// What the kernel said.
        source: io::Error,
    },
    /// A connection from outside the lab was not opened.
    #[error("could not connect from `{host}` to {to}")]
    Connect {
        /// The host it starts from.
        host: String,
        /// Where it goes.
        to: SocketAddr,
        /// What the kernel said.
        source: io::Error,
    },
    /// A file of the lab could not be read or written.
    #[error("could not {operation} `{path}`")]
    File {
        /// What was tried.
        operation: &'static str,
        /// The file.
        path: PathBuf,
        /// What the kernel said.
        source: io::Error,
    },
    /// The directory of state files belongs to somebody else or is open to others.
    #[error("`{path}` is not a directory of this user alone")]
    Unsafe {
        /// The directory.
        path: PathBuf,
    },
    /// A lab of that name runs already, or is being started.
    #[error("a lab `{name}` runs already")]
    Taken {
        /// The lab's name.
        name: String,
    },
    /// Whoever started a lab is gone.
    #[error("the command that raised the lab is gone")]
    Abandoned {
        /// What the pipe to it says.
        source: io::Error,
    },
    /// A lab was not gone in time.
    #[error("lab `{name}` was not gone after {waited_ms} ms")]
    Lingers {
        /// The lab's name.
        name: String,
        /// How long it was waited for.
        waited_ms: u64,
    },
}

/// A stage of going into the lab's own namespaces.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Fork a process or make a pipe.
    Fork,
    /// Leave the host's namespaces.
    Unshare,
    /// Say that groups stay as they are.
    DenyGroups,
    /// Map the user.
    MapUser,
    /// Map the group.
    MapGroup,
    /// Tie the life of a process to its parent.
    Tie,
    /// Keep mounts from spreading.
    MountPrivate,
    /// Mount `/proc`.
    MountProc,
    /// Mount a `tmpfs` on `/run`.
    MountRun,
}

impl Stage {
    /// Every stage, in order.
    pub const ALL: [Self; 9] = [
        Self::Fork,
        Self::Unshare,
        Self::DenyGroups,
        Self::MapUser,
        Self::MapGroup,
        Self::Tie,
        Self::MountPrivate,
        Self::MountProc,
        Self::MountRun,
    ];
}

impl std::fmt::Display for Stage {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Fork => "start a process",
            Self::Unshare => "make user, mount, network and process namespaces",
            Self::DenyGroups => "write `/proc/self/setgroups`",
            Self::MapUser => "write `/proc/self/uid_map`",
            Self::MapGroup => "write `/proc/self/gid_map`",
            Self::Tie => "tie a process to its parent",
            Self::MountPrivate => "make mounts private",
            Self::MountProc => "mount `/proc`",
            Self::MountRun => "mount a `tmpfs` on `/run`",
        })
    }
}

/// Longest piece of an operation that an error quotes, in characters: a line of a terminal.
const HEAD_CHARS: usize = 100;

/// The beginning of an operation, which may be a ruleset of a thousand lines.
fn head(operation: &str) -> String {
    let line = operation.lines().next().unwrap_or_default();
    if line.len() == operation.len() && line.chars().count() <= HEAD_CHARS {
        return line.to_owned();
    }
    format!("{}…", line.chars().take(HEAD_CHARS).collect::<String>())
}
