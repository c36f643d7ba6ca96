//! The real AWS provider of Terraform: found where a host keeps providers, else fetched by
//! Terraform from its registry, where that can be reached.

use std::collections::{BTreeMap, VecDeque};
use std::fmt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::Context;
use serde_json::json;

use super::kept::{folder, kept};
use super::process::succeed;
use super::{Skipped, progress};

/// Names folders to search first, separated as in `PATH`.
const PLUGINS: &str = "BREEZEWAY_TERRAFORM_PLUGINS";

/// Where hosts keep providers: where Terraform looks by itself, and where other software is put.
const PLACES: [&str; 3] = [
    "/usr/local/share/terraform/plugins",
    "/usr/share/terraform/plugins",
    "/opt",
];

/// Folders below a place: a mirror's own five, and some above it.
const DEPTH: usize = 9;

/// Folders searched at most, so that a large software folder costs a second and not a minute.
const N_FOLDERS: usize = 20_000;

/// The provider's program in a mirror; its version follows.
const PROGRAM: &str = "terraform-provider-aws_v";

/// Oldest version of use: before it, network objects of today are missing.
const OLDEST: Version = Version([5, 0, 0]);

/// The version that is fetched: the first with all attributes that we render.
const FETCHED: Version = Version([6, 28, 0]);

/// Longest fetch: the provider's archive holds 150 MB and more.
const FETCH_LIMIT: Duration = Duration::from_secs(10 * 60);

/// A version of the provider.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Version([u32; 3]);

/// The provider in a mirror.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Real {
    /// The mirror's root.
    mirror: PathBuf,
    pub(super) version: Version,
    is_fetched: bool,
}

impl Real {
    pub(super) fn find() -> Result<Self, Skipped> {
        match found(&places()).into_iter().max_by_key(|real| real.version) {
            Some(real) => Ok(real),
            None => fetched().map_err(|error| {
                let reason = format!(
                    "no `{PROGRAM}…` below {} or what `{PLUGINS}` names, and none was fetched: \
                     {error:#}",
                    PLACES.join(", ")
                );
                Skipped::new("real AWS provider", reason)
            }),
        }
    }

    pub(super) fn describe(&self) -> String {
        let origin = if self.is_fetched {
            "fetched"
        } else {
            "found on this host"
        };
        format!("real AWS provider {}, {origin}", self.version)
    }

    /// What makes Terraform use it, and nothing else.
    pub(super) fn installation(&self) -> String {
        let mirror = self.mirror.display();
        format!("filesystem_mirror {{\n    path = \"{mirror}\"\n  }}")
    }
}

impl Version {
    /// Reads what a version begins with, such as `5.100.0_x5` or `6.28`.
    pub(super) fn read(text: &str) -> Option<Self> {
        let end = text.find(|c: char| !c.is_ascii_digit() && c != '.');
        let mut numbers = text[..end.unwrap_or(text.len())].split('.');
        let mut version = [numbers.next()?.parse().ok()?, 0, 0];
        for number in &mut version[1..] {
            *number = numbers.next().map_or(Some(0), |n| n.parse().ok())?;
        }
        Some(Self(version))
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [major, minor, patch] = self.0;
        write!(f, "{major}.{minor}.{patch}")
    }
}

/// The least version of the AWS provider that the texts of a module ask for by `>=`.
pub(crate) fn newest_minimum<'t>(texts: impl IntoIterator<Item = &'t str>) -> Option<Version> {
    let lines = texts.into_iter().flat_map(str::lines);
    let stated = lines.filter_map(|line| {
        let (name, value) = line.split_once('=')?;
        let value = value.trim().strip_prefix("\">=")?;
        (name.trim() == "version").then(|| Version::read(value.trim()))?
    });
    stated.max()
}

fn places() -> Vec<PathBuf> {
    let named = std::env::var_os(PLUGINS).unwrap_or_default();
    let named = std::env::split_paths(&named).filter(|path| !path.as_os_str().is_empty());
    named.chain(PLACES.iter().map(PathBuf::from)).collect()
}

/// Every provider of use below some folders, those nearest to them first.
fn found(places: &[PathBuf]) -> Vec<Real> {
    let mut found = Vec::new();
    let mut folders: VecDeque<(PathBuf, usize)> = places.iter().map(|p| (p.clone(), 0)).collect();
    let mut n_folders = 0;
    while let Some((folder, depth)) = folders.pop_front() {
        n_folders += 1;
        if N_FOLDERS < n_folders {
            progress(format!(
                "gave up searching for a provider at {}",
                folder.display()
            ));
            break;
        }
        let Ok(entries) = std::fs::read_dir(&folder) else {
            continue;
        };
        for entry in entries.flatten() {
            let path = entry.path();
            if path.is_dir() && !path.is_symlink() && depth < DEPTH {
                folders.push_back((path, depth + 1));
            } else {
                found.extend(in_mirror(&path));
            }
        }
    }
    found
}

/// The provider that a file is, if it lies in a mirror as
/// `HOST/hashicorp/aws/VERSION/PLATFORM/terraform-provider-aws_v…`.
fn in_mirror(path: &Path) -> Option<Real> {
    let name = path.file_name()?.to_str()?;
    let version = Version::read(name.strip_prefix(PROGRAM)?)?;
    let provider = path.ancestors().nth(3)?;
    if !provider.ends_with("hashicorp/aws") || version < OLDEST {
        return None;
    }
    Some(Real {
        mirror: provider.ancestors().nth(3)?.to_owned(),
        version,
        is_fetched: false,
    })
}

/// Lets Terraform fill its plugin cache, whose folders are those of a mirror.
fn fetched() -> anyhow::Result<Real> {
    let mirror = folder()?.join(format!("provider-{FETCHED}"));
    kept(&mirror, |part| {
        progress(format!(
            "asking Terraform to fetch the AWS provider {FETCHED}"
        ));
        let work = part.with_added_extension("work");
        std::fs::create_dir_all(part)?;
        std::fs::create_dir_all(&work)?;
        let aws = json!({"source": "hashicorp/aws", "version": FETCHED.to_string()});
        let root = json!({"terraform": {"required_providers": {"aws": aws}}});
        std::fs::write(work.join("main.tf.json"), root.to_string())?;
        std::fs::write(work.join("rc"), "")?;
        let settings = BTreeMap::from([
            ("TF_CLI_CONFIG_FILE", work.join("rc")),
            ("TF_PLUGIN_CACHE_DIR", part.to_owned()),
        ]);
        let mut terraform = Command::new("terraform");
        terraform
            .current_dir(&work)
            .envs(settings)
            .env("CHECKPOINT_DISABLE", "1");
        terraform.args(["init", "-input=false", "-no-color"]);
        let ended = succeed(&mut terraform, FETCH_LIMIT);
        std::fs::remove_dir_all(&work)?;
        ended.map(drop)
    })?;
    let mut found = found(std::slice::from_ref(&mirror));
    let mut real = found.pop().context("Terraform fetched no AWS provider")?;
    real.is_fetched = true;
    Ok(real)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_read() {
        let cases = [
            ("5.100.0_x5", Some("5.100.0")),
            ("6.28", Some("6.28.0")),
            ("6", Some("6.0.0")),
            ("", None),
            ("x", None),
        ];
        for (text, expected) in cases {
            let read = Version::read(text).map(|version| version.to_string());
            assert_eq!(read.as_deref(), expected, "{text}");
        }
        assert!(Version::read("5.99.0") < Version::read("5.100.0_x5"));
    }

    #[test]
    fn a_module_states_its_minimum() {
        let stated = "aws = {\n  source  = \"hashicorp/aws\"\n  version = \">= 6.28\"\n}\n";
        let minimum = newest_minimum(["variable \"a\" {}", stated]);
        assert_eq!(minimum, Version::read("6.28.0"));
        assert_eq!(newest_minimum(["required_version = \">= 1.5\"\n"]), None);
    }

    #[test]
    fn a_mirror_is_known_by_its_folders() {
        let mirror = "m/host/hashicorp/aws/5.100.0/linux_amd64/terraform-provider-aws_v5.100.0_x5";
        let real = in_mirror(Path::new(mirror)).expect("it is one");
        assert_eq!(real.mirror, Path::new("m"));
        assert_eq!(real.version.to_string(), "5.100.0");
        for other in [
            "m/host/hashicorp/aws/4.67.0/linux_amd64/terraform-provider-aws_v4.67.0_x5",
            "m/terraform-provider-aws_v5.100.0_x5",
            "m/host/hashicorp/awscc/1.0.0/linux_amd64/terraform-provider-awscc_v1.0.0",
        ] {
            assert_eq!(in_mirror(Path::new(other)), None, "{other}");
        }
    }
}
