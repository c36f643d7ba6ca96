//! The steps by which a folder changes, each of which is done or not done.

use std::fs::File;
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

use anyhow::Context;

use super::TEMPORARY;

/// One step; paths are below the folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// Makes a folder unless it is there.
    Folder(String),
    /// Writes a file, whole or not at all.
    Write {
        /// The file.
        path: String,
        /// Its text.
        text: String,
    },
    /// Removes a file unless it is gone.
    Remove(String),
    /// Removes a folder if nothing is left in it.
    Prune(String),
}

impl Step {
    pub(super) fn write(path: &str, text: &str) -> Self {
        Self::Write {
            path: path.to_owned(),
            text: text.to_owned(),
        }
    }

    /// The path that it is about.
    pub(super) fn path(&self) -> &str {
        match self {
            Self::Folder(path) | Self::Remove(path) | Self::Prune(path) => path,
            Self::Write { path, .. } => path,
        }
    }

    /// Takes the step.
    ///
    /// # Errors
    /// When the folder does not let it.
    pub(super) fn take(&self, folder: &Path) -> anyhow::Result<()> {
        let at = folder.join(self.path());
        let shown = at.display();
        match self {
            Self::Folder(_) => pass(std::fs::create_dir(&at), &[ErrorKind::AlreadyExists])
                .and_then(|()| persist(&at))
                .with_context(|| format!("could not make the folder `{shown}`")),
            Self::Write { text, .. } => replace(folder, &at, text).with_context(|| {
                format!("could not write `{shown}`; once that is mended, the same command goes on")
            }),
            Self::Remove(_) => pass(std::fs::remove_file(&at), &[ErrorKind::NotFound])
                .and_then(|()| persist(&at))
                .with_context(|| {
                    format!(
                        "could not remove `{shown}`; once that is mended, the same command goes on"
                    )
                }),
            Self::Prune(_) => pass(
                std::fs::remove_dir(&at),
                &[ErrorKind::NotFound, ErrorKind::DirectoryNotEmpty],
            )
            .with_context(|| format!("could not remove the empty folder `{shown}`")),
        }
    }
}

/// Writes a text beside everything and gives it its name when it is on the disk.
fn replace(folder: &Path, at: &Path, text: &str) -> std::io::Result<()> {
    let new = folder.join(TEMPORARY);
    pass(std::fs::remove_file(&new), &[ErrorKind::NotFound])?;
    let mut file = File::create_new(&new)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    std::fs::rename(&new, at)?;
    persist(at)
}

/// Waits until what a path's folder lists is on the disk.
fn persist(at: &Path) -> std::io::Result<()> {
    let folder = at.parent().map_or_else(PathBuf::new, Path::to_owned);
    File::open(folder)?.sync_all()
}

/// Takes errors that say that nothing is to be done for none.
fn pass(done: std::io::Result<()>, fine: &[ErrorKind]) -> std::io::Result<()> {
    match done {
        Err(error) if fine.contains(&error.kind()) => Ok(()),
        done => done,
    }
}
