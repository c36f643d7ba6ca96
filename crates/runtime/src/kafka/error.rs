//! What may go wrong while Kafka is obtained and prepared.

use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use super::process::Ending;
use super::version::Version;

/// Why Kafka cannot be had.
#[derive(Debug, thiserror::Error)]
pub enum KafkaError {
    /// A program of the user's machine that is needed is not there, or too old.
    #[error("{need} is not available: {reason}; {remedy}")]
    Unavailable {
        /// What is missing.
        need: Need,
        /// What was found in its place.
        reason: String,
        /// What the user may do.
        remedy: &'static str,
    },
    /// No environment variable says where to keep files.
    #[error("none of `BREEZEWAY_CACHE`, `XDG_CACHE_HOME` and `HOME` is set, so there is no cache")]
    NoCache,
    /// An operation on a file or folder failed.
    #[error("could not {action} `{}`", path.display())]
    File {
        /// What was tried, as a verb.
        action: &'static str,
        /// Where.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// Another process holds the cache for longer than preparing takes.
    #[error("`{}` is still locked by another process after {} s", path.display(), limit.as_secs())]
    Locked {
        /// The lock file.
        path: PathBuf,
        /// How long was waited.
        limit: Duration,
    },
    /// `KAFKA_HOME` does not name an installation of Kafka.
    #[error("`KAFKA_HOME` is `{}`, but no `kafka_2.13-*.jar` lies in its `libs`", home.display())]
    NotKafka {
        /// The folder.
        home: PathBuf,
    },
    /// A path with a colon, which divides the entries of a class path.
    #[error("Java cannot load jars below `{}`: the path has a colon", path.display())]
    Colon {
        /// The path.
        path: PathBuf,
    },
    /// Maven ended without success.
    #[error("Maven could not fetch Kafka {version}")]
    Fetch {
        /// The version asked for.
        version: Version,
        /// How Maven ended, and its last words.
        source: Ending,
    },
    /// Maven succeeded, but Kafka's own jar is not among what it fetched.
    #[error("Maven fetched no `kafka_2.13-{version}.jar`")]
    Incomplete {
        /// The version asked for.
        version: Version,
    },
    /// Kafka's own tool could not format a data folder.
    #[error("Kafka {version} could not format a data folder")]
    Format {
        /// The version that was run.
        version: Version,
        /// How the tool ended, and its last words.
        source: Ending,
    },
}

/// A program that must be installed on the user's machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    /// Java, at least 17.
    Java,
    /// Apache Maven.
    Maven,
}

impl fmt::Display for Need {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Java => "Java 17 or later",
            Self::Maven => "Maven",
        })
    }
}

/// Makes an error out of a failed operation on a path.
pub(super) fn at(
    action: &'static str,
    path: impl Into<PathBuf>,
) -> impl FnOnce(std::io::Error) -> KafkaError {
    let path = path.into();
    move |source| KafkaError::File {
        action,
        path,
        source,
    }
}
