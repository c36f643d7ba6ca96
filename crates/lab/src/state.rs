//! State files: which labs run, for commands in other processes. One text file per lab in a
//! directory of the user's own; a file whose first process is gone counts for nothing.

use std::collections::BTreeMap;
use std::fs::{self, DirBuilder, File, OpenOptions, TryLockError};
use std::io::{self, Write};
use std::net::Ipv4Addr;
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use nix::unistd::getuid;

use crate::error::LabError;
use crate::mounts::{escape, file_name};
use crate::process::{GONE_LIMIT, ProcessId};

/// First line of every state file.
const FORMAT: &str = "breezeway lab state 1";

/// Largest state file read, in bytes: some thousand hosts.
const MAX_STATE_BYTES: u64 = 1 << 20;

/// How often a name is looked at that is about to be free.
const LOOK_AGAIN: Duration = Duration::from_millis(1);

/// What is known of a running lab.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LabState {
    /// Its name: the spec's.
    pub name: String,
    /// Its first process.
    pub init: ProcessId,
    /// The spec it was raised from.
    pub spec: PathBuf,
    /// Where its logs are.
    pub logs: PathBuf,
    /// Its hosts.
    pub hosts: Vec<HostEntry>,
}

/// A host of a running lab.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HostEntry {
    /// The id of its interface.
    pub host: String,
    /// Its address.
    pub address: Ipv4Addr,
    /// The ports it is meant to listen on.
    pub ports: Vec<u16>,
}

/// The exclusive right to a lab's name. The processes of a lab started under it hold it as long
/// as they live, whatever they die of.
#[derive(Debug)]
pub struct NameLock {
    _file: File,
}

/// Takes the right to a name.
///
/// # Errors
/// If a lab of that name runs or is being started, or the directory is not the user's own.
pub fn lock(name: &str) -> Result<NameLock, LabError> {
    let path = directory()?.join(format!("{}.lock", file_name(name)));
    let mut options = OpenOptions::new();
    let file = options
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .mode(0o600)
        .open(&path);
    let file = file.map_err(|source| failed("open", &path, source))?;
    // Nothing unlocks it: the lock goes with the last process that has the file open.
    match file.try_lock() {
        Ok(()) => Ok(NameLock { _file: file }),
        Err(TryLockError::WouldBlock) => Err(LabError::Taken {
            name: name.to_owned(),
        }),
        Err(TryLockError::Error(source)) => Err(failed("lock", &path, source)),
    }
}

/// Writes a lab's state, replacing an older one at once.
///
/// # Errors
/// If the file cannot be written.
pub fn write(state: &LabState) -> Result<(), LabError> {
    let path = state_path(&state.name)?;
    let draft = path.with_extension("draft");
    let written = || {
        let mut options = OpenOptions::new();
        let mut file = options
            .write(true)
            .create(true)
            .truncate(true)
            .mode(0o600)
            .open(&draft)?;
        file.write_all(encode(state).as_bytes())?;
        fs::rename(&draft, &path)
    };
    written().map_err(|source| failed("write", &path, source))
}

/// The running labs, by name. Files of labs that are gone are removed.
///
/// # Errors
/// If the directory cannot be read.
pub fn list() -> Result<Vec<LabState>, LabError> {
    let directory = directory()?;
    let entries = fs::read_dir(&directory).map_err(|e| failed("read", &directory, e))?;
    let paths = entries.filter_map(|entry| Some(entry.ok()?.path()));
    let states = paths.filter(|path| path.extension().is_some_and(|e| e == "state"));
    let alive = states.filter_map(|path| alive(&path).map(|state| (state.name.clone(), state)));
    Ok(alive.collect::<BTreeMap<_, _>>().into_values().collect())
}

/// The running lab of a name.
///
/// # Errors
/// If the directory is not the user's own.
pub fn find(name: &str) -> Result<Option<LabState>, LabError> {
    let path = state_path(name)?;
    Ok(if path.exists() { alive(&path) } else { None })
}

/// Forgets a lab.
///
/// # Errors
/// If the file cannot be removed.
pub fn remove(name: &str) -> Result<(), LabError> {
    let path = state_path(name)?;
    match fs::remove_file(&path) {
        Ok(()) => Ok(()),
        Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(source) => Err(failed("remove", &path, source)),
    }
}

/// Kills a lab, waits until it is gone and its name free, and forgets it.
///
/// # Errors
/// If it cannot be killed or is not gone in time.
pub fn down(state: &LabState) -> Result<(), LabError> {
    let deadline = Instant::now() + GONE_LIMIT;
    let gone = state.init.kill().map_err(|source| LabError::Process {
        operation: "kill",
        pid: state.init.pid,
        source,
    })?;
    remove(&state.name)?;
    // The supervisor holds the name until it has noticed.
    while let Err(LabError::Taken { name }) = lock(&state.name) {
        if !gone || deadline <= Instant::now() {
            let waited_ms = u64::try_from(GONE_LIMIT.as_millis()).unwrap_or(u64::MAX);
            return Err(LabError::Lingers { name, waited_ms });
        }
        std::thread::sleep(LOOK_AGAIN);
    }
    Ok(())
}

fn failed(operation: &'static str, path: &Path, source: io::Error) -> LabError {
    LabError::File {
        operation,
        path: path.to_owned(),
        source,
    }
}

/// The state of a file if its lab lives and can be seen from here; a stale file goes.
fn alive(path: &Path) -> Option<LabState> {
    let meta = fs::metadata(path).ok()?;
    let text = if meta.len() <= MAX_STATE_BYTES {
        fs::read_to_string(path).ok()?
    } else {
        String::new()
    };
    let state = decode(&text).filter(|state| state.init.is_alive());
    if state.is_none() && !is_held(&path.with_extension("lock")) {
        let _ = fs::remove_file(path);
    }
    state
}

/// Whether some process still holds a name: then its lab lives, though it may not be seen from
/// inside another lab.
fn is_held(lock: &Path) -> bool {
    let taken = File::open(lock).map(|file| file.try_lock());
    matches!(taken, Ok(Err(TryLockError::WouldBlock)))
}

fn state_path(name: &str) -> Result<PathBuf, LabError> {
    Ok(directory()?.join(format!("{}.state", file_name(name))))
}

/// The directory of state files, made if need be, and nobody else's.
fn directory() -> Result<PathBuf, LabError> {
    let user = getuid();
    let runtime = std::env::var_os("XDG_RUNTIME_DIR").map(PathBuf::from);
    let path = match runtime.filter(|path| path.is_absolute() && path.is_dir()) {
        Some(path) => path.join("breezeway"),
        None => std::env::temp_dir().join(format!("breezeway-{user}")),
    };
    match DirBuilder::new().mode(0o700).create(&path) {
        Ok(()) => {}
        Err(e) if e.kind() == io::ErrorKind::AlreadyExists => {}
        Err(source) => return Err(failed("make", &path, source)),
    }
    let meta = fs::symlink_metadata(&path).map_err(|e| failed("examine", &path, e))?;
    let private = meta.is_dir() && meta.uid() == user.as_raw() && meta.mode() & 0o077 == 0;
    if private {
        Ok(path)
    } else {
        Err(LabError::Unsafe { path })
    }
}

fn unescape(text: &str) -> Option<String> {
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let Some((first, tail)) = rest.split_first() {
        rest = tail;
        if *first == b'%' {
            let (digits, tail) = tail.split_at_checked(2)?;
            rest = tail;
            let digits = std::str::from_utf8(digits).ok()?;
            bytes.push(u8::from_str_radix(digits, 16).ok()?);
        } else {
            bytes.push(*first);
        }
    }
    String::from_utf8(bytes).ok()
}

fn encode(state: &LabState) -> String {
    let field = |text: &str| escape(text, |byte| byte.is_ascii_graphic() && byte != b'%');
    let path = |path: &Path| field(&path.to_string_lossy());
    let mut lines = vec![
        FORMAT.to_owned(),
        format!("name {}", field(&state.name)),
        format!("init {} {}", state.init.pid, state.init.started),
        format!("spec {}", path(&state.spec)),
        format!("logs {}", path(&state.logs)),
    ];
    for host in &state.hosts {
        let ports: Vec<_> = host.ports.iter().map(ToString::to_string).collect();
        let id = field(&host.host);
        lines.push(format!("host {id} {} {}", host.address, ports.join(",")));
    }
    lines.push(String::new());
    lines.join("\n")
}

fn decode(text: &str) -> Option<LabState> {
    let mut lines = text.lines();
    if lines.next()? != FORMAT {
        return None;
    }
    let mut field = |key: &str| lines.next()?.strip_prefix(key)?.strip_prefix(' ');
    let name = unescape(field("name")?)?;
    let (pid, started) = field("init")?.split_once(' ')?;
    let init = ProcessId {
        pid: pid.parse().ok()?,
        started: started.parse().ok()?,
    };
    let spec = unescape(field("spec")?)?.into();
    let logs = unescape(field("logs")?)?.into();
    let hosts = lines.map(decode_host).collect::<Option<_>>()?;
    Some(LabState {
        name,
        init,
        spec,
        logs,
        hosts,
    })
}

fn decode_host(line: &str) -> Option<HostEntry> {
    let mut fields = line.strip_prefix("host ")?.splitn(3, ' ');
    let host = unescape(fields.next()?)?;
    let address = fields.next()?.parse().ok()?;
    let ports = fields.next()?.split(',').filter(|port| !port.is_empty());
    Some(HostEntry {
        host,
        address,
        ports: ports.map(str::parse).collect::<Result<_, _>>().ok()?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn state() -> LabState {
        let host = |host: &str, ports: &[u16]| HostEntry {
            host: host.to_owned(),
            address: Ipv4Addr::new(10, 0, 1, 10),
            ports: ports.to_vec(),
        };
        LabState {
            name: "shop / two\nlines 100%".to_owned(),
            init: ProcessId {
                pid: 7,
                started: 99,
            },
            spec: "/specs/my specs/breezeway.yaml".into(),
            logs: "/tmp/logs".into(),
            hosts: vec![host("orders/1", &[9092, 9098]), host("checkout/z1", &[])],
        }
    }

    #[test]
    fn a_state_survives_its_file() {
        let text = encode(&state());
        assert_eq!(decode(&text), Some(state()), "{text}");
    }

    #[test]
    fn no_damage_makes_it_panic() {
        let text = encode(&state());
        for len in 0..text.len() {
            if let Some(cut) = text.get(..len) {
                assert_ne!(
                    decode(cut),
                    Some(state()).filter(|_| len + 1 < text.len()),
                    "{len}"
                );
            }
        }
        assert_eq!(decode("another format 9\n"), None);
    }

    #[test]
    fn names_stay_in_the_directory() {
        assert_eq!(
            file_name("../../etc/passwd"),
            "%2E%2E%2F%2E%2E%2Fetc%2Fpasswd"
        );
        assert_eq!(file_name("shop-1_a"), "shop-1_a");
    }
}
