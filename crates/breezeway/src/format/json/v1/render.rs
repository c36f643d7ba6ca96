//! What `render --format json` prints.

use std::collections::BTreeMap;

use render::{Rendered, Target};
use serde::Serialize;

use super::{Finding, Suppressed};
use crate::folder::{Fate, digest};
use crate::format::rendering;

/// What was rendered.
#[derive(Clone, Debug, Serialize)]
pub struct Render {
    /// 1.
    pub version: u32,
    /// The spec's path as it was given.
    pub file: String,
    /// `cloudformation` or `terraform`.
    pub target: &'static str,
    /// The folder that was written to; none if nothing was written.
    pub out: Option<String>,
    /// Whether anything was rendered; errors keep it from being so unless they are allowed.
    pub rendered: bool,
    /// Findings in the order of their places.
    pub findings: Vec<Finding>,
    /// Findings that a comment allows.
    pub suppressed: Vec<Suppressed>,
    /// Files in the order in which they are applied, then those that are rendered no more.
    pub files: Vec<File>,
}

/// A file.
#[derive(Clone, Debug, Serialize)]
pub struct File {
    /// Its path below the folder.
    pub path: String,
    /// The template or module it belongs to; none for steps and settings.
    pub unit: Option<String>,
    /// `network`, `cluster`, `front`, `entrance` or `routes`, where it has a unit.
    pub stage: Option<&'static str>,
    /// Its length; none if it is rendered no more.
    pub bytes: Option<usize>,
    /// SHA-256 of it, in hexadecimal digits; none if it is rendered no more.
    pub sha256: Option<String>,
    /// `written`, `changed`, `unchanged`, `removed` or `kept`; none if nothing was written.
    pub change: Option<&'static str>,
}

/// What it is made of.
#[derive(Clone, Debug)]
pub struct Of<'r> {
    /// The target.
    pub target: Target,
    /// The folder that was written to.
    pub out: Option<String>,
    /// The texts, if there are any.
    pub rendered: Option<&'r Rendered>,
    /// What became of files, if any was written.
    pub fates: Option<&'r BTreeMap<String, Fate>>,
}

/// Every file of a rendering, and of the folder it was written to.
pub fn files(of: &Of<'_>) -> Vec<File> {
    let Some(rendered) = of.rendered else {
        return Vec::new();
    };
    let change = |path: &str| Some(of.fates?.get(path)?.as_str());
    let here = rendering::in_order(rendered)
        .into_iter()
        .map(|(path, unit)| {
            let text = rendered.files.get(path);
            File {
                path: path.to_owned(),
                unit: unit.map(|unit| unit.path.clone()),
                stage: unit.map(|unit| unit.place.stage.as_str()),
                bytes: text.map(String::len),
                sha256: text.map(|text| digest(text.as_bytes())),
                change: change(path),
            }
        });
    let gone = of.fates.into_iter().flat_map(BTreeMap::keys);
    let gone = gone.filter(|path| !rendered.files.contains_key(*path));
    let gone = gone.map(|path| File {
        path: path.clone(),
        unit: None,
        stage: None,
        bytes: None,
        sha256: None,
        change: change(path),
    });
    here.chain(gone).collect()
}
