//! A spec on its way: read from disk, settled, checked.

use std::path::Path;

use anyhow::Context;
use blueprint::Blueprint;
use blueprint::diagnostic::{Diagnostic, Level};
use blueprint::source::Source;

/// A spec that was read, and what became of it.
pub(crate) struct Estate {
    /// The file's name as the user wrote it.
    pub(crate) file: String,
    /// Its text and places.
    pub(crate) source: Source,
    /// The settled blueprint; none if the spec itself has errors.
    pub(crate) blueprint: Option<Blueprint>,
    /// Faults of the spec, then of the plan.
    pub(crate) diagnostics: Vec<Diagnostic>,
}

impl Estate {
    /// Reads and settles the spec in `path`.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub(crate) fn load(path: &Path) -> anyhow::Result<Self> {
        let file = path.display().to_string();
        let text = read(path)?;
        let (spec, source, mut diagnostics) = blueprint::read(&text);
        let sound = !has_errors(&diagnostics);
        let blueprint = spec.filter(|_| sound).map(|spec| {
            let (blueprint, found) = plan::build(&spec);
            diagnostics.extend(found);
            blueprint
        });
        Ok(Self {
            file,
            source,
            blueprint,
            diagnostics,
        })
    }

    /// The blueprint, or an error that says why there is none.
    pub(crate) fn settled(&self) -> Result<&Blueprint, Unsettled> {
        self.blueprint.as_ref().ok_or(Unsettled)
    }
}

/// The spec has errors, so no blueprint was made of it.
#[derive(Debug)]
pub(crate) struct Unsettled;

/// Whether any of the findings is an error.
pub(crate) fn has_errors(diagnostics: &[Diagnostic]) -> bool {
    diagnostics.iter().any(|d| d.level == Level::Error)
}

fn read(path: &Path) -> anyhow::Result<String> {
    let size = std::fs::metadata(path)
        .with_context(|| unreadable(path))?
        .len();
    let limit = blueprint::source::MAX_SPEC_BYTES;
    anyhow::ensure!(
        size <= limit as u64,
        "`{}` has {size} bytes; a spec has at most {limit}",
        path.display()
    );
    let bytes = std::fs::read(path).with_context(|| unreadable(path))?;
    String::from_utf8(bytes).with_context(|| format!("`{}` is not UTF-8 text", path.display()))
}

fn unreadable(path: &Path) -> String {
    format!("could not read the spec `{}`", path.display())
}
