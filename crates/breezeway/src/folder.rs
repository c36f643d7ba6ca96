//! A folder of rendered files: what Breezeway wrote there it knows again by its digest, and nothing
//! else is ever overwritten or removed.
//!
//! Everything is looked at before anything is written; what is to be done is a list of steps. The
//! first of them writes down the digests of all that follows (the journal), the last but one the
//! wiring file, so that whoever interrupts the list leaves files that the next run knows.

mod memory;
mod steps;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::fmt;
use std::fs::{File, TryLockError};
use std::io::ErrorKind;
use std::path::{Component, Path};

use anyhow::{Context, bail};
use sha2::{Digest, Sha256};

pub use memory::Unit;

use memory::Memory;
use steps::Step;

/// The file that says which files are Breezeway's, and how units are wired.
pub const WIRING: &str = "breezeway-render.json";

/// Digests of files that are being written; gone once they are.
const JOURNAL: &str = ".breezeway-render.pending";

/// Where a file is written before it gets its name. One name for all, so that an interruption
/// leaves one such file at most and the next run knows it.
const TEMPORARY: &str = ".breezeway-render.new";

/// What Terraform leaves in the folder of a module that was applied.
const TERRAFORM_STATE: [&str; 2] = [".terraform", "terraform.tfstate"];

/// Bytes above which a file is not read: rendered ones have at most a few hundred thousand.
const MAX_BYTES: u64 = 64 << 20;

/// What a folder is to hold.
#[derive(Clone, Debug)]
pub struct Wanted<'r> {
    /// The spec's name.
    pub name: &'r str,
    /// The target's word.
    pub target: &'r str,
    /// Texts by their path below the folder, with forward slashes.
    pub files: &'r BTreeMap<String, String>,
    /// Text of the wiring file, which holds the digest of each of them.
    pub wiring: &'r str,
    /// Whether files that were edited since Breezeway wrote them are written anew.
    pub discard_edits: bool,
}

/// What becomes of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fate {
    /// It was not there.
    Written,
    /// It was there with another text.
    Changed,
    /// It was there as it is to be.
    Unchanged,
    /// It is rendered no more, and was as Breezeway left it.
    Removed,
    /// It is rendered no more, but was edited, or Terraform needs it to destroy what it made: it
    /// stays.
    Kept,
}

impl Fate {
    /// Every one.
    pub const ALL: [Self; 5] = [
        Self::Written,
        Self::Changed,
        Self::Unchanged,
        Self::Removed,
        Self::Kept,
    ];

    /// Its word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Written => "written",
            Self::Changed => "changed",
            Self::Unchanged => "unchanged",
            Self::Removed => "removed",
            Self::Kept => "kept",
        }
    }
}

/// What is to be done to a folder, and what becomes of each file by that.
#[derive(Debug, Default)]
struct Work {
    steps: Vec<Step>,
    done: Done,
}

/// What became of a folder.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Done {
    /// What became of each file.
    pub fates: BTreeMap<String, Fate>,
    /// Units whose file was removed, those that are applied last before the others.
    pub gone: Vec<Unit>,
}

/// Why a file is in the way.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Obstacle {
    /// Breezeway wrote it, and it was edited since.
    Edited,
    /// Breezeway did not write it.
    Foreign,
    /// It is no regular file below the folder: what it is instead.
    NoFile(String),
}

impl fmt::Display for Obstacle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Edited => f.write_str("edited since Breezeway wrote it"),
            Self::Foreign => f.write_str("not written by Breezeway"),
            Self::NoFile(what) => f.write_str(what),
        }
    }
}

/// Files are in the way, and nothing was written.
#[derive(Debug)]
pub struct Obstructed {
    folder: String,
    obstacles: BTreeMap<String, Obstacle>,
}

impl Obstructed {
    /// Whether every one of them was written by Breezeway and edited since.
    pub fn is_only_edits(&self) -> bool {
        let mut obstacles = self.obstacles.values();
        obstacles.all(|obstacle| *obstacle == Obstacle::Edited)
    }
}

impl std::error::Error for Obstructed {}

impl fmt::Display for Obstructed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let folder = &self.folder;
        write!(
            f,
            "nothing was written to `{folder}`, for these are in the way:"
        )?;
        for (path, obstacle) in &self.obstacles {
            write!(f, "\n  {path}: {obstacle}")?;
        }
        Ok(())
    }
}

/// Makes a folder hold what is wanted, and says what became of each file.
///
/// # Errors
/// When a file is in the way or the folder holds another rendering; nothing was written then. When
/// the folder cannot be read or written; the same command goes on from there.
pub fn write(folder: &Path, wanted: &Wanted<'_>) -> anyhow::Result<Done> {
    let shown = folder.display();
    std::fs::create_dir_all(folder)
        .with_context(|| format!("could not make the folder `{shown}`"))?;
    let _lock = locked(folder)?;
    let work = work(folder, wanted)?;
    for step in &work.steps {
        step.take(folder)?;
    }
    Ok(work.done)
}

/// Keeps a second run out of the folder until the handle is dropped.
fn locked(folder: &Path) -> anyhow::Result<File> {
    let shown = folder.display();
    let handle = File::open(folder).with_context(|| format!("could not open `{shown}`"))?;
    match handle.try_lock() {
        Err(TryLockError::WouldBlock) => {
            bail!("another `breezeway render` is writing to `{shown}`; wait until it is done")
        }
        // Some network file systems lock nothing; one writer at a time is up to the user there.
        Ok(()) | Err(TryLockError::Error(_)) => Ok(handle),
    }
}

/// Looks at everything in the folder that matters and decides what is to be done.
fn work(folder: &Path, wanted: &Wanted<'_>) -> anyhow::Result<Work> {
    let memory = Memory::of(folder)?;
    memory.fits(folder, wanted)?;
    let mut work = Work::default();
    let mut writes = Vec::new();
    let mut obstacles = BTreeMap::new();
    let mut journal = BTreeMap::new();
    for (path, text) in wanted.files {
        anyhow::ensure!(is_below(path), "`{path}` leads out of the folder");
        let digest = digest(text.as_bytes());
        let found = found(folder, path)?;
        let mut digests = found.known(&memory, path);
        match judged(&found, &digest, &memory, path) {
            Ok(fate) => {
                work.done.fates.insert(path.clone(), fate);
                if fate != Fate::Unchanged {
                    writes.push(Step::write(path, text));
                }
            }
            Err(Obstacle::Edited) if wanted.discard_edits => {
                work.done.fates.insert(path.clone(), Fate::Changed);
                writes.push(Step::write(path, text));
            }
            Err(obstacle) => {
                obstacles.insert(path.clone(), obstacle);
            }
        }
        digests.push(digest);
        journal.insert(path.clone(), digests);
    }
    if !obstacles.is_empty() {
        return Err(Obstructed {
            folder: folder.display().to_string(),
            obstacles,
        }
        .into());
    }
    let removals = work.removals(folder, wanted, &memory, &mut journal)?;
    work.order(folder, wanted, &memory, writes, removals, journal)?;
    Ok(work)
}

impl Work {
    /// Decides on the files that are rendered no more; returns the paths that go.
    fn removals(
        &mut self,
        folder: &Path,
        wanted: &Wanted<'_>,
        memory: &Memory,
        journal: &mut BTreeMap<String, Vec<String>>,
    ) -> anyhow::Result<Vec<String>> {
        let mut removals = Vec::new();
        for path in memory.paths() {
            if wanted.files.contains_key(path) {
                continue;
            }
            let found = found(folder, path)?;
            if matches!(found, Found::Nothing) {
                continue;
            }
            let known = found.known(memory, path);
            if known.is_empty() || is_needed(folder, path, wanted)? {
                self.done.fates.insert(path.clone(), Fate::Kept);
            } else {
                self.done.fates.insert(path.clone(), Fate::Removed);
                removals.push(path.clone());
                journal.insert(path.clone(), known);
            }
        }
        let units = memory.units_backwards();
        let gone = units.filter(|unit| removals.contains(&unit.path));
        self.done.gone.extend(gone.cloned());
        Ok(removals)
    }

    /// Puts the steps into the order that survives an interruption anywhere.
    fn order(
        &mut self,
        folder: &Path,
        wanted: &Wanted<'_>,
        memory: &Memory,
        writes: Vec<Step>,
        removals: Vec<String>,
        journal: BTreeMap<String, Vec<String>>,
    ) -> anyhow::Result<()> {
        if there(folder, TEMPORARY)? {
            self.steps.push(Step::Remove(TEMPORARY.to_owned()));
        }
        let begins = !(writes.is_empty() && removals.is_empty());
        if begins {
            let journal = memory::journal(wanted, journal)?;
            self.steps.push(Step::write(JOURNAL, &journal));
        }
        self.steps.extend(folders(writes.iter().map(Step::path)));
        self.steps.extend(writes);
        self.steps
            .extend(removals.iter().cloned().map(Step::Remove));
        self.steps.extend(emptied(&removals));
        if memory.wiring() != Some(wanted.wiring) {
            self.steps.push(Step::write(WIRING, wanted.wiring));
        }
        if begins || memory.was_interrupted() {
            self.steps.push(Step::Remove(JOURNAL.to_owned()));
        }
        Ok(())
    }
}

/// What becomes of a file that is to have a digest, or why it is in the way.
fn judged(found: &Found, wanted: &str, memory: &Memory, path: &str) -> Result<Fate, Obstacle> {
    match found {
        Found::Nothing => Ok(Fate::Written),
        Found::File { digest } if digest == wanted => Ok(Fate::Unchanged),
        Found::File { digest } if memory.knows(path, digest) => Ok(Fate::Changed),
        Found::File { .. } | Found::Large => Err(match memory.digests(path).next() {
            Some(_) => Obstacle::Edited,
            None => Obstacle::Foreign,
        }),
        Found::Other(what) => Err(Obstacle::NoFile(what.clone())),
    }
}

/// What stands at a path.
enum Found {
    Nothing,
    File {
        digest: String,
    },
    /// A file too large to be Breezeway's.
    Large,
    /// Something that is no regular file, or lies behind such a thing.
    Other(String),
}

impl Found {
    /// Its digest if Breezeway wrote it so.
    fn known(&self, memory: &Memory, path: &str) -> Vec<String> {
        match self {
            Self::File { digest } if memory.knows(path, digest) => vec![digest.clone()],
            Self::Nothing | Self::File { .. } | Self::Large | Self::Other(_) => Vec::new(),
        }
    }
}

/// Looks at a path below the folder without following a link.
fn found(folder: &Path, path: &str) -> anyhow::Result<Found> {
    let mut at = folder.to_owned();
    let mut parts = path.split('/').peekable();
    while let Some(part) = parts.next() {
        at.push(part);
        let looked = at.symlink_metadata();
        let kind = match looked {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Found::Nothing),
            looked => looked.with_context(|| format!("could not look at `{}`", at.display()))?,
        };
        let is_last = parts.peek().is_none();
        let shown = at.strip_prefix(folder).unwrap_or(&at).display();
        let other = if kind.is_symlink() {
            format!("`{shown}` is a symbolic link, which is not followed")
        } else if is_last && kind.is_dir() {
            format!("`{shown}` is a folder")
        } else if is_last && !kind.is_file() {
            format!("`{shown}` is no regular file")
        } else if !is_last && !kind.is_dir() {
            format!("`{shown}` is no folder")
        } else if !is_last {
            continue;
        } else if MAX_BYTES < kind.len() {
            return Ok(Found::Large);
        } else {
            let bytes =
                std::fs::read(&at).with_context(|| format!("could not read `{}`", at.display()))?;
            return Ok(Found::File {
                digest: digest(&bytes),
            });
        };
        return Ok(Found::Other(other));
    }
    Ok(Found::Nothing)
}

/// Whether anything stands at a path.
fn there(folder: &Path, path: &str) -> anyhow::Result<bool> {
    Ok(!matches!(found(folder, path)?, Found::Nothing))
}

/// Whether a file belongs to a module of Terraform that is rendered no more but was applied here:
/// without its files nothing could destroy what it made.
fn is_needed(folder: &Path, path: &str, wanted: &Wanted<'_>) -> anyhow::Result<bool> {
    let Some((module, _)) = path.rsplit_once('/') else {
        return Ok(false);
    };
    let mut here = wanted.files.keys();
    if here.any(|other| other.rsplit_once('/').is_some_and(|(at, _)| at == module)) {
        return Ok(false);
    }
    for state in TERRAFORM_STATE {
        if there(folder, &format!("{module}/{state}"))? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Whether a path stays below the folder and is none of the folder's own files.
fn is_below(path: &str) -> bool {
    let parts = Path::new(path).components();
    let is_plain = path.split('/').count() == parts.clone().count();
    is_plain
        && !path.is_empty()
        && parts
            .into_iter()
            .all(|part| matches!(part, Component::Normal(_)))
        && ![WIRING, JOURNAL, TEMPORARY].contains(&path)
}

/// The folders above paths, outer ones first.
fn folders<'p>(paths: impl Iterator<Item = &'p str>) -> impl Iterator<Item = Step> {
    let mut folders: Vec<_> = paths.flat_map(above).collect();
    folders.sort();
    folders.dedup();
    folders.into_iter().map(Step::Folder)
}

/// The folders above removed paths, inner ones first.
fn emptied(paths: &[String]) -> impl Iterator<Item = Step> + use<> {
    let mut folders: Vec<_> = paths.iter().flat_map(|path| above(path)).collect();
    folders.sort();
    folders.dedup();
    folders.into_iter().rev().map(Step::Prune)
}

fn above(path: &str) -> impl Iterator<Item = String> {
    path.match_indices('/').map(|(at, _)| path[..at].to_owned())
}

/// SHA-256, in hexadecimal digits.
pub fn digest(bytes: &[u8]) -> String {
    let digest = Sha256::digest(bytes);
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}
