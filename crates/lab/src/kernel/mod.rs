//! Talking to the kernel: the only place that knows how namespaces, links, routes, rules, packet
//! rules and packet logs are made. Every handle is checked, when it is made, not to be the
//! host's network namespace, so nothing here can change the host.

mod log;
mod network;
mod rules;

use std::fs::{self, File};
use std::io;
use std::thread;

use nix::sched::{CloneFlags, setns, unshare};

use crate::contain::NamespaceId;
use crate::error::LabError;
use crate::mounts;

pub(crate) use log::{Entry, PacketLog};
pub(crate) use network::Configurator;

/// A network namespace of the lab, never the host's.
#[derive(Debug)]
pub(crate) struct Room {
    name: String,
    file: File,
}

impl Room {
    /// Makes a namespace, sets its kernel parameters and names it below `/run/netns`.
    pub(crate) fn make(
        name: &str,
        host: NamespaceId,
        sysctls: &[(&'static str, &'static str)],
    ) -> Result<Self, LabError> {
        let refused = |operation, source| LabError::Namespace {
            operation,
            namespace: name.to_owned(),
            source,
        };
        // A namespace belongs to a thread: this one makes it and goes.
        let made = thread::scope(|scope| {
            let maker = scope.spawn(|| {
                unshare(CloneFlags::CLONE_NEWNET).map_err(|e| refused("make", e.into()))?;
                let file = File::open("/proc/thread-self/ns/net");
                let file = file.map_err(|e| refused("open", e))?;
                let room = Self::checked(name, file, host)?;
                room.set(sysctls)?;
                Ok(room)
            });
            maker.join()
        });
        let room =
            made.unwrap_or_else(|_| Err(refused("make", io::Error::other("thread panicked"))))?;
        mounts::name_namespace(&room.file, name).map_err(|e| refused("name", e))?;
        Ok(room)
    }

    fn checked(name: &str, file: File, host: NamespaceId) -> Result<Self, LabError> {
        let own = NamespaceId::of(&file).map_err(|source| LabError::Namespace {
            operation: "identify",
            namespace: name.to_owned(),
            source,
        })?;
        if own == host {
            let namespace = name.to_owned();
            return Err(LabError::HostNamespace { namespace });
        }
        let name = name.to_owned();
        Ok(Self { name, file })
    }

    /// Sets parameters of the calling thread's namespace.
    fn set(&self, sysctls: &[(&'static str, &'static str)]) -> Result<(), LabError> {
        for (key, value) in sysctls {
            let path = format!("/proc/sys/{}", key.replace('.', "/"));
            match fs::write(path, value) {
                Ok(()) => {}
                // A kernel without IPv6 has nothing to turn off.
                Err(e) if e.kind() == io::ErrorKind::NotFound && key.starts_with("net.ipv6") => {}
                Err(source) => {
                    return Err(LabError::Sysctl {
                        namespace: self.name.clone(),
                        key,
                        source,
                    });
                }
            }
        }
        Ok(())
    }

    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    pub(crate) fn file(&self) -> &File {
        &self.file
    }

    /// Runs something on a thread inside the namespace. Sockets made there may leave it.
    pub(crate) fn run<T: Send>(&self, work: impl FnOnce() -> T + Send) -> io::Result<T> {
        let result = thread::scope(|scope| {
            let visitor = scope.spawn(|| {
                setns(&self.file, CloneFlags::CLONE_NEWNET)?;
                Ok::<_, io::Error>(work())
            });
            visitor.join()
        });
        result.unwrap_or_else(|_| Err(io::Error::other("thread panicked")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_host_namespace_is_refused() {
        let own = File::open("/proc/self/ns/net").unwrap();
        let host = NamespaceId::of(&own).unwrap();
        let refused = Room::checked("router", own, host).unwrap_err();
        assert_eq!(
            refused.to_string(),
            "namespace `router` is the host's own; nothing was changed"
        );
    }
}
