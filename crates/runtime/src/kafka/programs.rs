//! The two programs of the user's machine that Kafka needs: Java to run, Maven to be fetched.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::error::{KafkaError, Need};

/// The oldest Java that runs Kafka 4 brokers.
const OLDEST_JAVA: u32 = 17;

const JAVA_REMEDY: &str = "install a Java 17 runtime, or set `JAVA_HOME`";
const MAVEN_REMEDY: &str = "install Maven, or set `KAFKA_HOME` to an unpacked Apache Kafka";

/// A Java that was found.
#[derive(Clone, Debug)]
pub(super) struct Java {
    /// The program, an absolute path.
    pub(super) program: PathBuf,
}

impl Java {
    /// Finds the `java` of `JAVA_HOME`, or where that is not set, of `PATH`.
    pub(super) fn find() -> Result<Self, KafkaError> {
        let home = std::env::var_os("JAVA_HOME").filter(|home| !home.is_empty());
        let program = match &home {
            Some(home) => Some(Path::new(home).join("bin/java")).filter(|java| java.is_file()),
            None => on_path("java"),
        };
        match program {
            Some(program) => Ok(Self { program }),
            None if home.is_some() => Err(no_java("`JAVA_HOME` has no `bin/java`".to_owned())),
            None => Err(no_java("there is no `java` on `PATH`".to_owned())),
        }
    }

    /// Runs it to learn its version, which must be recent enough; gives the version as printed.
    pub(super) fn check(&self) -> Result<String, KafkaError> {
        let shown = self.program.display();
        let run = Command::new(&self.program).arg("-version").output();
        let output =
            run.map_err(|error| no_java(format!("`{shown}` could not be run: {error}")))?;
        let text = String::from_utf8_lossy(&output.stderr);
        let version = version_in(&text)
            .ok_or_else(|| no_java(format!("`{shown} -version` names no version")))?;
        match major(version) {
            Some(major) if OLDEST_JAVA <= major => Ok(version.to_owned()),
            Some(_) | None => Err(no_java(format!("`{shown}` is Java {version}"))),
        }
    }
}

/// Finds `mvn` on `PATH`.
pub(super) fn maven() -> Result<PathBuf, KafkaError> {
    on_path("mvn").ok_or_else(|| KafkaError::Unavailable {
        need: Need::Maven,
        reason: "there is no `mvn` on `PATH`".to_owned(),
        remedy: MAVEN_REMEDY,
    })
}

fn no_java(reason: String) -> KafkaError {
    KafkaError::Unavailable {
        need: Need::Java,
        reason,
        remedy: JAVA_REMEDY,
    }
}

fn on_path(name: &str) -> Option<PathBuf> {
    first_in(&std::env::var_os("PATH")?, name)
}

/// The first file of that name in the folders of a search path.
fn first_in(folders: &OsStr, name: &str) -> Option<PathBuf> {
    std::env::split_paths(folders)
        .filter(|folder| folder.is_absolute())
        .map(|folder| folder.join(name))
        .find(|file| file.is_file())
}

/// The quoted version in what `java -version` writes, which other lines may precede.
fn version_in(text: &str) -> Option<&str> {
    let (_, rest) = text.split_once(" version \"")?;
    rest.split_once('"').map(|(version, _)| version)
}

/// `17` of `17.0.15`, and `8` of `1.8.0_392`, as versions were written before Java 9.
fn major(version: &str) -> Option<u32> {
    let mut numbers = version.split(['.', '-', '+', '_']).map(str::parse);
    match numbers.next()?.ok()? {
        1 => numbers.next()?.ok(),
        major => Some(major),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_of_java_are_read_from_what_it_prints() {
        for (printed, expected) in [
            (
                "openjdk version \"17.0.15\" 2025-04-15\nOpenJDK …",
                Some(17),
            ),
            ("openjdk version \"21\" 2023-09-19", Some(21)),
            ("openjdk version \"25-ea\" 2025-09-16", Some(25)),
            ("java version \"1.8.0_392\"", Some(8)),
            (
                "Picked up JAVA_TOOL_OPTIONS: -Xmx1g\nopenjdk version \"11.0.2\"",
                Some(11),
            ),
            ("openjdk version \"\"", None),
            ("no such thing", None),
        ] {
            assert_eq!(version_in(printed).and_then(major), expected, "{printed}");
        }
    }

    #[test]
    fn a_search_path_is_searched_in_order_and_without_relative_folders() {
        let folder = std::env::temp_dir().join(format!("breezeway-path-{}", std::process::id()));
        std::fs::create_dir_all(folder.join("b/mvn")).unwrap();
        std::fs::create_dir_all(folder.join("c")).unwrap();
        std::fs::write(folder.join("c/mvn"), "").unwrap();
        let path = std::env::join_paths([
            PathBuf::from("relative"),
            folder.join("a"),
            folder.join("b"),
            folder.join("c"),
        ])
        .unwrap();
        let found = first_in(&path, "mvn");
        let absent = first_in(&path, "java");
        let _ = std::fs::remove_dir_all(&folder);
        assert_eq!(found, Some(folder.join("c/mvn")));
        assert_eq!(absent, None);
    }

    #[test]
    fn what_is_missing_is_said_with_a_remedy() {
        let error = no_java("there is no `java` on `PATH`".to_owned()).to_string();
        assert_eq!(
            error,
            "Java 17 or later is not available: there is no `java` on `PATH`; \
             install a Java 17 runtime, or set `JAVA_HOME`"
        );
    }
}
