//! The file system of the lab: mounts that spread nowhere, its own `/proc` and `/run`, and the
//! resolver configuration of a host.

use std::ffi::CString;
use std::fs::{self, File, OpenOptions};
use std::io;
use std::net::Ipv4Addr;
use std::os::fd::{AsFd, AsRawFd};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::symlink;
use std::path::{Component, Path, PathBuf};

use nix::errno::Errno;
use nix::mount::{MsFlags, mount};
use nix::sched::{CloneFlags, unshare};
use nix::unistd::{dup2_stderr, dup2_stdin, dup2_stdout};

use crate::contain::errno_of;
use crate::error::Stage;

/// Where namespaces are named, as `ip -n` expects it.
pub(crate) const NAMESPACES: &str = "/run/netns";

/// Where hosts' own files lie inside the lab.
const HOSTS: &str = "/run/breezeway";

const RESOLV_CONF: &str = "/etc/resolv.conf";
const ETC_HOSTS: &str = "/etc/hosts";

/// More links than this in a row are a circle.
const MAX_LINKS: usize = 16;

/// Mounts what the lab's processes see. Runs in the lab's first process.
pub(crate) fn furnish() -> Result<(), (Stage, Errno)> {
    let none = None::<&str>;
    let private = MsFlags::MS_REC | MsFlags::MS_PRIVATE;
    mount(none, "/", none, private, none).map_err(|e| (Stage::MountPrivate, e))?;
    let proc = Some("proc");
    mount(proc, "/proc", proc, MsFlags::empty(), none).map_err(|e| (Stage::MountProc, e))?;
    let resolver = resolver_below_run();
    let tmpfs = Some("tmpfs");
    mount(tmpfs, "/run", tmpfs, MsFlags::empty(), Some("mode=755"))
        .map_err(|e| (Stage::MountRun, e))?;
    let made = fs::create_dir_all(NAMESPACES)
        .and_then(|()| fs::create_dir_all(HOSTS))
        .and_then(|()| resolver.as_deref().map_or(Ok(()), make_empty));
    made.map_err(|e| (Stage::MountRun, errno_of(&e)))
}

/// Where `/etc/resolv.conf` really lies, if that is below `/run` and so about to disappear.
fn resolver_below_run() -> Option<PathBuf> {
    let mut path = PathBuf::from(RESOLV_CONF);
    for _ in 0..MAX_LINKS {
        let Ok(target) = fs::read_link(&path) else {
            break;
        };
        path = normal(&path.parent()?.join(target));
    }
    let path = match path.strip_prefix("/var/run") {
        Ok(rest) => Path::new("/run").join(rest),
        Err(_) => path,
    };
    path.starts_with("/run").then_some(path)
}

/// A path without `.` and `..`, taken as text.
fn normal(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for part in path.components() {
        match part {
            Component::ParentDir => {
                plain.pop();
            }
            Component::CurDir => {}
            Component::Prefix(_) | Component::RootDir | Component::Normal(_) => plain.push(part),
        }
    }
    plain
}

fn make_empty(path: &Path) -> io::Result<()> {
    if let Some(parent) = path.parent() {
        fs::create_dir_all(parent)?;
    }
    File::create(path).map(drop)
}

/// Sends what a detached lab prints to a file, or nowhere.
pub(crate) fn redirect_output(output: Option<&Path>) -> io::Result<()> {
    let nowhere = OpenOptions::new()
        .read(true)
        .write(true)
        .open("/dev/null")?;
    dup2_stdin(&nowhere)?;
    let target = match output {
        Some(path) => OpenOptions::new().create(true).append(true).open(path)?,
        None => nowhere,
    };
    dup2_stdout(&target)?;
    dup2_stderr(&target)?;
    Ok(())
}

/// Gives a namespace a name that other programs can find.
pub(crate) fn name_namespace(namespace: &File, name: &str) -> io::Result<()> {
    let path = Path::new(NAMESPACES).join(name);
    File::create(&path)?;
    let source = format!("/proc/self/fd/{}", namespace.as_raw_fd());
    let none = None::<&str>;
    mount(Some(source.as_str()), &path, none, MsFlags::MS_BIND, none)?;
    Ok(())
}

/// Writes the files that programs on a host see in place of the machine's own, and a link by
/// which its namespace is found.
pub(crate) fn furnish_host(id: &str, namespace: &str, resolver: Ipv4Addr) -> io::Result<()> {
    let directory = directory_of(id);
    fs::create_dir_all(&directory)?;
    let resolv = format!("nameserver {resolver}\noptions timeout:1 attempts:2\n");
    fs::write(directory.join("resolv.conf"), resolv)?;
    fs::write(directory.join("hosts"), "127.0.0.1 localhost\n")?;
    symlink(
        Path::new(NAMESPACES).join(namespace),
        directory.join("network"),
    )
}

/// Where a host's network namespace is found inside the lab.
pub(crate) fn network_of(id: &str) -> io::Result<CString> {
    as_c_string(&directory_of(id).join("network"))
}

fn directory_of(id: &str) -> PathBuf {
    Path::new(HOSTS).join(file_name(id))
}

fn as_c_string(path: &Path) -> io::Result<CString> {
    Ok(CString::new(path.as_os_str().as_bytes())?)
}

/// A name as part of a path: whatever is not plain becomes `%XX`.
pub(crate) fn file_name(name: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_".contains(&byte);
    escape(name, plain)
}

/// A text in which every byte that is not plain is written `%XX`.
pub(crate) fn escape(text: &str, plain: impl Fn(u8) -> bool) -> String {
    let mut escaped = String::new();
    for byte in text.bytes() {
        if plain(byte) {
            escaped.push(char::from(byte));
        } else {
            escaped.push_str(&format!("%{byte:02X}"));
        }
    }
    escaped
}

/// What a process needs to see a host's files: prepared before a fork, used after it.
#[derive(Clone, Debug)]
pub(crate) struct HostFiles {
    binds: Vec<(CString, CString)>,
}

impl HostFiles {
    pub(crate) fn of(id: &str) -> io::Result<Self> {
        let directory = directory_of(id);
        let pairs = [("resolv.conf", RESOLV_CONF), ("hosts", ETC_HOSTS)];
        let binds = pairs
            .map(|(file, target)| Ok((as_c_string(&directory.join(file))?, CString::new(target)?)));
        let binds = binds.into_iter().collect::<io::Result<_>>()?;
        Ok(Self { binds })
    }

    /// Enters the network namespace and a mount namespace where the host's files cover the
    /// machine's. A machine without such a file goes without the cover.
    pub(crate) fn enter(&self, network: impl AsFd) -> io::Result<()> {
        nix::sched::setns(network, CloneFlags::CLONE_NEWNET)?;
        unshare(CloneFlags::CLONE_NEWNS)?;
        for (source, target) in &self.binds {
            let none = None::<&str>;
            match mount(
                Some(source.as_c_str()),
                target.as_c_str(),
                none,
                MsFlags::MS_BIND,
                none,
            ) {
                Ok(()) | Err(Errno::ENOENT) => {}
                Err(errno) => return Err(errno.into()),
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn relative_links_are_followed_as_text() {
        let path = normal(Path::new("/etc/../run/./systemd/resolve/stub-resolv.conf"));
        assert_eq!(path, Path::new("/run/systemd/resolve/stub-resolv.conf"));
    }
}
