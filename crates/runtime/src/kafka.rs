//! Real Apache Kafka: obtained once with Maven, prepared to start fast, described as commands.
//!
//! Nothing here runs a broker for a lab: [`Distribution::broker_command`] gives the command line,
//! and the caller starts it in the network namespace it belongs to. Everything that is the same
//! for all brokers of a version lies in the [`Cache`] and appears there piece by piece, each piece
//! by one rename, so that what can be seen is complete.

mod cache;
mod distribution;
mod doctor;
mod error;
mod maven;
mod preparation;
mod process;
mod programs;
mod settings;
mod version;

use std::ffi::OsString;
use std::fmt;
use std::path::PathBuf;

pub use cache::Cache;
pub use distribution::Distribution;
pub use doctor::{Part, doctor};
pub use error::{KafkaError, Need};
pub use process::Ending;
pub use settings::{cluster_id, lab_settings, write_properties};
pub use version::{UnknownVersion, Version};

use distribution::Libraries;
use programs::Java;

/// Names a Kafka installation to use in place of a fetched one.
const KAFKA_HOME: &str = "KAFKA_HOME";

/// What [`obtain`] is doing, for people who wait.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Progress {
    /// Another process is preparing the same Kafka.
    Waiting(Version),
    /// Maven is fetching the jars.
    Fetching(Version),
    /// `KAFKA_HOME` holds a version that was not asked for; it is used all the same.
    OtherVersion {
        /// The version asked for.
        asked: Version,
        /// The version that will run.
        found: Version,
    },
    /// The files that make starts fast are being made.
    Preparing(Version),
    /// There will be no class-data archive, so every start costs about a second more.
    WithoutArchive(String),
    /// Kafka can be started.
    Ready {
        /// The version that will run.
        version: Version,
        /// Where its jars come from.
        origin: Origin,
    },
}

/// Where the jars of a distribution come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// Fetched by this call.
    Fetched,
    /// Fetched by an earlier call.
    Cached,
    /// The installation that `KAFKA_HOME` names.
    Home,
}

impl fmt::Display for Progress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Waiting(version) => {
                write!(f, "{version}, waiting for another process that prepares it")
            }
            Self::Fetching(version) => {
                write!(f, "{version}, fetching it with Maven (45 MB, once)")
            }
            Self::OtherVersion { asked, found } => {
                write!(
                    f,
                    "{found} is what `{KAFKA_HOME}` holds; {asked} was asked for"
                )
            }
            Self::Preparing(version) => write!(f, "{version}, preparing fast starts (once)"),
            Self::WithoutArchive(reason) => write!(f, "starts will be slower: {reason}"),
            Self::Ready { version, origin } => write!(f, "{version}, {origin}"),
        }
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Fetched => "fetched",
            Self::Cached => "cached",
            Self::Home => "from `KAFKA_HOME`",
        })
    }
}

/// Gives Kafka ready to run: the installation in `KAFKA_HOME` if that is set, else the version
/// asked for from the cache, fetched with Maven where the cache does not hold it.
///
/// # Errors
/// [`KafkaError::Unavailable`] when Java 17 or Maven is missing, so that a caller may do without
/// Kafka and say why; other variants when fetching or preparing fails.
pub fn obtain(
    version: Version,
    cache: &Cache,
    progress: &mut dyn FnMut(Progress),
) -> Result<Distribution, KafkaError> {
    let home = std::env::var_os(KAFKA_HOME).filter(|home| !home.is_empty());
    obtain_from(home, version, cache, progress)
}

fn obtain_from(
    home: Option<OsString>,
    asked: Version,
    cache: &Cache,
    progress: &mut dyn FnMut(Progress),
) -> Result<Distribution, KafkaError> {
    let java = Java::find()?;
    let (libraries, origin) = match home {
        Some(home) => (
            installed(PathBuf::from(home), asked, cache, progress)?,
            Origin::Home,
        ),
        None => fetched(asked, cache, &java, progress)?,
    };
    let version = libraries.version;
    let distribution = preparation::prepare(libraries, &java, cache, progress)?;
    progress(Progress::Ready { version, origin });
    Ok(distribution)
}

/// The jars of the installation at `home`.
fn installed(
    home: PathBuf,
    asked: Version,
    cache: &Cache,
    progress: &mut dyn FnMut(Progress),
) -> Result<Libraries, KafkaError> {
    let (found, jars) = distribution::installation(home)?;
    if found != asked {
        progress(Progress::OtherVersion { asked, found });
    }
    let folder = cache.folder_of_installation(found, &jars);
    Ok(Libraries {
        version: found,
        jars,
        folder,
    })
}

/// The jars of a version from the cache, into which they are fetched first if need be.
fn fetched(
    version: Version,
    cache: &Cache,
    java: &Java,
    progress: &mut dyn FnMut(Progress),
) -> Result<(Libraries, Origin), KafkaError> {
    let folder = cache.folder_of_version(version);
    let libs = folder.join(maven::LIBS);
    let mut origin = Origin::Cached;
    if !libs.is_dir() {
        let maven = programs::maven()?;
        java.check()?;
        let claim = cache.claim(&folder, &mut || progress(Progress::Waiting(version)))?;
        let made = claim.fill(&mut |part| {
            progress(Progress::Fetching(version));
            maven::fetch(&maven, version, part)
        })?;
        if made {
            origin = Origin::Fetched;
        }
    }
    let jars = distribution::jars_in(&libs)?;
    Ok((
        Libraries {
            version,
            jars,
            folder,
        },
        origin,
    ))
}
