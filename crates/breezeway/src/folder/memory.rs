//! What a folder says of itself: the wiring file of the last rendering, and the journal of one that
//! was interrupted.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use anyhow::{Context, bail};
use serde::{Deserialize, Serialize};

use super::{Found, JOURNAL, WIRING, Wanted, found, is_below};
use crate::format::wiring;

/// What the journal's `format` says.
const JOURNAL_FORMAT: &str = "breezeway-render-pending/1";

/// What is known of a folder.
#[derive(Debug, Default)]
pub(super) struct Memory {
    /// Text of the wiring file.
    wiring: Option<String>,
    /// Names and targets of the renderings it holds: one, unless someone wrote these files.
    renderings: BTreeSet<(String, String)>,
    /// Digests under which Breezeway wrote each file.
    digests: BTreeMap<String, BTreeSet<String>>,
    /// Units of the last rendering, in the order in which they are applied.
    units: Vec<Unit>,
    was_interrupted: bool,
}

/// A unit of the last rendering.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Unit {
    /// Its file or folder.
    pub path: String,
    /// Name of its stack.
    pub stack: String,
    /// Its account.
    pub account: String,
    /// Its Region.
    pub region: String,
}

/// What is read of a wiring file.
#[derive(Deserialize)]
struct Written {
    format: String,
    name: String,
    target: String,
    files: BTreeMap<String, String>,
    units: Vec<Unit>,
}

/// The journal.
#[derive(Deserialize, Serialize)]
struct Journal {
    format: String,
    name: String,
    target: String,
    files: BTreeMap<String, Vec<String>>,
}

/// The text of a journal: every digest under which each file may be found until all is done.
///
/// # Errors
/// When it cannot be serialized, which no text brings about.
pub(super) fn journal(
    wanted: &Wanted<'_>,
    files: BTreeMap<String, Vec<String>>,
) -> anyhow::Result<String> {
    Ok(serde_json::to_string_pretty(&Journal {
        format: JOURNAL_FORMAT.to_owned(),
        name: wanted.name.to_owned(),
        target: wanted.target.to_owned(),
        files,
    })?)
}

impl Memory {
    /// Reads what a folder says of itself.
    pub(super) fn of(folder: &Path) -> anyhow::Result<Self> {
        let mut memory = Self::default();
        if let Some(text) = own(folder, WIRING)? {
            let read = serde_json::from_str::<Written>(&text);
            let written = read.with_context(|| not_ours(folder, WIRING))?;
            let files = written.files.into_iter();
            let files = files.map(|(path, digest)| (path, vec![digest])).collect();
            let is_known = written.format == wiring::FORMAT;
            memory.take(
                written.name,
                written.target,
                files,
                is_known,
                folder,
                WIRING,
            )?;
            memory.wiring = Some(text);
            memory.units = written.units;
        }
        if let Some(text) = own(folder, JOURNAL)? {
            let read = serde_json::from_str::<Journal>(&text);
            let Journal {
                format,
                name,
                target,
                files,
            } = read.with_context(|| not_ours(folder, JOURNAL))?;
            let is_known = format == JOURNAL_FORMAT;
            memory.take(name, target, files, is_known, folder, JOURNAL)?;
            memory.was_interrupted = true;
        }
        Ok(memory)
    }

    fn take(
        &mut self,
        name: String,
        target: String,
        files: BTreeMap<String, Vec<String>>,
        is_known: bool,
        folder: &Path,
        file: &str,
    ) -> anyhow::Result<()> {
        if !(is_known && files.keys().all(|path| is_below(path))) {
            bail!(not_ours(folder, file));
        }
        self.renderings.insert((name, target));
        for (path, digests) in files {
            self.digests.entry(path).or_default().extend(digests);
        }
        Ok(())
    }

    /// Refuses a rendering of another spec or to another target: it would remove this one.
    pub(super) fn fits(&self, folder: &Path, wanted: &Wanted<'_>) -> anyhow::Result<()> {
        for (name, target) in &self.renderings {
            if (name.as_str(), target.as_str()) != (wanted.name, wanted.target) {
                bail!(
                    "`{}` holds `{name}` for {target}, which `{}` for {} would replace; nothing was written: give `--out` another folder, or delete this one",
                    folder.display(),
                    wanted.name,
                    wanted.target,
                );
            }
        }
        Ok(())
    }

    /// Units of the last rendering, those that are applied last before the others.
    pub(super) fn units_backwards(&self) -> impl Iterator<Item = &Unit> {
        self.units.iter().rev()
    }

    /// Text of the wiring file, if there is one.
    pub(super) fn wiring(&self) -> Option<&str> {
        self.wiring.as_deref()
    }

    /// Whether a run ended before it was done.
    pub(super) fn was_interrupted(&self) -> bool {
        self.was_interrupted
    }

    /// Files that Breezeway wrote.
    pub(super) fn paths(&self) -> impl Iterator<Item = &String> {
        self.digests.keys()
    }

    /// Digests under which it wrote one of them.
    pub(super) fn digests(&self, path: &str) -> impl Iterator<Item = &str> {
        let digests = self.digests.get(path).into_iter().flatten();
        digests.map(String::as_str)
    }

    /// Whether Breezeway wrote this file with this text.
    pub(super) fn knows(&self, path: &str, digest: &str) -> bool {
        self.digests(path).any(|known| known == digest)
    }
}

/// The text of one of the folder's own files.
fn own(folder: &Path, file: &str) -> anyhow::Result<Option<String>> {
    match found(folder, file)? {
        Found::Nothing => Ok(None),
        Found::File { .. } => {
            let text = std::fs::read_to_string(folder.join(file));
            Ok(Some(text.with_context(|| not_ours(folder, file))?))
        }
        Found::Large | Found::Other(_) => bail!(not_ours(folder, file)),
    }
}

fn not_ours(folder: &Path, file: &str) -> String {
    format!(
        "`{}` is not as this version of Breezeway writes it; nothing was written: move it away, or give `--out` another folder",
        folder.join(file).display()
    )
}
