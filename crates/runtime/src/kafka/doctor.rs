//! What of Kafka's needs this machine has, found by trying.

use std::path::PathBuf;

use super::cache::Cache;
use super::distribution;
use super::error::KafkaError;
use super::maven::LIBS;
use super::programs::{self, Java};
use super::version::Version;

/// One thing that real Kafka needs or has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// What it is, such as `java`.
    pub name: &'static str,
    /// Whether it is there and can be used.
    pub present: bool,
    /// What was found.
    pub found: String,
    /// What the user may do where something is missing.
    pub remedy: Option<String>,
}

/// Looks for Java, Maven or `KAFKA_HOME`, and versions in the cache.
pub fn doctor() -> Vec<Part> {
    let java = Java::find().and_then(|java| {
        let version = java.check()?;
        Ok(format!("Java {version} at `{}`", java.program.display()))
    });
    let home = std::env::var_os(super::KAFKA_HOME).filter(|home| !home.is_empty());
    let source = match home {
        Some(home) => part("KAFKA_HOME", installation(home.into())),
        None => {
            let maven = programs::maven().map(|maven| format!("`{}`", maven.display()));
            part("maven", maven)
        }
    };
    vec![part("java", java), source, part("kafka", cached())]
}

fn part(name: &'static str, found: Result<String, KafkaError>) -> Part {
    let (present, found, remedy) = match found {
        Ok(found) => (true, found, None),
        Err(KafkaError::Unavailable { reason, remedy, .. }) => {
            (false, reason, Some(remedy.to_owned()))
        }
        Err(other) => (false, other.to_string(), None),
    };
    Part {
        name,
        present,
        found,
        remedy,
    }
}

fn installation(home: PathBuf) -> Result<String, KafkaError> {
    let shown = format!("at `{}`", home.display());
    let (version, _) = distribution::installation(home)?;
    Ok(format!("Kafka {version} {shown}"))
}

fn cached() -> Result<String, KafkaError> {
    let cache = Cache::locate()?;
    let held = |version: &&Version| cache.folder_of_version(**version).join(LIBS).is_dir();
    let versions: Vec<_> = Version::available()
        .iter()
        .filter(held)
        .map(Version::to_string)
        .collect();
    Ok(if versions.is_empty() {
        "none cached, fetched when a lab needs it".to_owned()
    } else {
        format!("{} cached", versions.join(", "))
    })
}
