//! A Kafka that is ready to run: the command of a broker, and data folders formatted without a JVM.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::error::{KafkaError, at};
use super::settings;
use super::version::Version;

/// What makes a broker's JVM start fast and stay small, the same for the run that makes the
/// class-data archive as for every run that uses it.
const LEAN_FLAGS: [&str; 6] = [
    // A ceiling far above the 30 MiB that an idle broker keeps; untouched memory costs nothing.
    "-Xmx256m",
    // A young generation that the garbage of a start fits into once: smaller heaps spend 0.15 s
    // of a start collecting.
    "-Xms64m",
    "-Xmn40m",
    // One collector thread and no remembered sets; other collectors start 0.2 s later.
    "-XX:+UseSerialGC",
    // The optimising compiler costs more in a broker's first seconds than it gives back. Wrong
    // where throughput is measured.
    "-XX:TieredStopAtLevel=1",
    // No statistics file, which is named by process id alone: brokers in process namespaces of
    // their own have the same id.
    "-XX:-UsePerfData",
];

/// The class that is a broker, a controller or both.
const BROKER_CLASS: &str = "kafka.Kafka";

/// The jars of a Kafka, and the folder for what is prepared for it.
pub(super) struct Libraries {
    pub(super) version: Version,
    pub(super) jars: Vec<PathBuf>,
    pub(super) folder: PathBuf,
}

/// A Kafka that is ready to run.
#[derive(Clone, Debug)]
pub struct Distribution {
    pub(super) version: Version,
    pub(super) java: PathBuf,
    /// The jars in a settled order: a class-data archive holds for one order only.
    pub(super) class_path: OsString,
    /// The option that names the logging configuration.
    pub(super) logging: OsString,
    pub(super) checkpoint: PathBuf,
    pub(super) archive: Option<PathBuf>,
}

impl Distribution {
    /// The version that runs, which may differ from the one asked for when `KAFKA_HOME` is set.
    pub fn version(&self) -> Version {
        self.version
    }

    /// Whether starts use a class-data archive, which saves about a second each.
    pub fn has_archive(&self) -> bool {
        self.archive.is_some()
    }

    /// The command that runs a broker in the foreground, warnings and worse on its output.
    ///
    /// SIGTERM stops it with status 143. Its data folder must have been formatted.
    pub fn broker_command(&self, properties: &Path) -> Command {
        let mut archive = OsString::from("-XX:SharedArchiveFile=");
        let flag = self.archive.as_ref().map(|path| {
            archive.push(path);
            archive
        });
        let mut command = self.java_command(flag);
        command.arg(BROKER_CLASS).arg(properties);
        command
    }

    /// The broker command that writes a class-data archive when it ends.
    pub(super) fn archiving_command(&self, properties: &Path, archive: &Path) -> Command {
        let mut flag = OsString::from("-XX:ArchiveClassesAtExit=");
        flag.push(archive);
        let mut command = self.java_command(Some(flag));
        command.arg(BROKER_CLASS).arg(properties);
        command
    }

    /// Java with the lean flags, one flag about class data, logging and the class path.
    pub(super) fn java_command(&self, class_data: Option<OsString>) -> Command {
        let mut command = Command::new(&self.java);
        command
            .args(LEAN_FLAGS)
            .args(class_data)
            .arg(&self.logging)
            .arg("-cp")
            .arg(&self.class_path);
        command
    }

    /// Formats a broker's data folder (`log.dirs`), creating it, without starting a JVM.
    ///
    /// Writes `meta.properties` and the checkpoint of bootstrap records that Kafka's own tool
    /// made for this version. The checkpoint holds no ids; without it the group, transaction and
    /// share features would stay at level 0. For a static quorum (`controller.quorum.voters`).
    ///
    /// # Errors
    /// When a file cannot be written.
    pub fn format(&self, folder: &Path, cluster_id: &str, node_id: u32) -> Result<(), KafkaError> {
        std::fs::create_dir_all(folder).map_err(at("create", folder))?;
        let identity = [
            ("version".to_owned(), "1".to_owned()),
            ("cluster.id".to_owned(), cluster_id.to_owned()),
            ("node.id".to_owned(), node_id.to_string()),
        ];
        settings::write_properties(&folder.join("meta.properties"), &identity)?;
        let checkpoint = folder.join(CHECKPOINT);
        std::fs::copy(&self.checkpoint, &checkpoint)
            .map(drop)
            .map_err(at("write", checkpoint))
    }
}

/// The name of the file of bootstrap records, in Kafka's own spelling.
pub(super) const CHECKPOINT: &str = "bootstrap.checkpoint";

/// The flags that an archive depends on, beside the jars.
pub(super) fn flags() -> String {
    LEAN_FLAGS.join(" ")
}

/// The jars in a folder, sorted.
pub(super) fn jars_in(folder: &Path) -> Result<Vec<PathBuf>, KafkaError> {
    let entries = std::fs::read_dir(folder).map_err(at("read", folder))?;
    let mut jars = Vec::new();
    for entry in entries {
        let path = entry.map_err(at("read", folder))?.path();
        if path.extension().is_some_and(|extension| extension == "jar") {
            jars.push(path);
        }
    }
    jars.sort();
    Ok(jars)
}

/// The version and the jars of an unpacked Apache Kafka.
pub(super) fn installation(home: PathBuf) -> Result<(Version, Vec<PathBuf>), KafkaError> {
    let libs = home.join("libs");
    let jars = if libs.is_dir() {
        jars_in(&libs)?
    } else {
        Vec::new()
    };
    let version = version_among(&jars).ok_or(KafkaError::NotKafka { home })?;
    Ok((version, jars))
}

/// The version in the name of Kafka's own jar.
pub(super) fn version_among(jars: &[PathBuf]) -> Option<Version> {
    jars.iter().find_map(|jar| {
        let stem = jar.file_stem()?.to_str()?;
        Version::read_any(stem.strip_prefix("kafka_2.13-")?)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn distribution(archive: Option<&str>) -> Distribution {
        Distribution {
            version: Version::DEFAULT,
            java: "/j/java".into(),
            class_path: "/l/a.jar:/l/b.jar".into(),
            logging: "-Dlog=/l/log".into(),
            checkpoint: "/none".into(),
            archive: archive.map(PathBuf::from),
        }
    }

    fn words(command: &Command) -> Vec<&str> {
        command
            .get_args()
            .filter_map(|word| word.to_str())
            .collect()
    }

    #[test]
    fn the_archive_is_made_and_used_with_the_same_words() {
        let properties = Path::new("/p");
        let used = distribution(Some("/a.jsa")).broker_command(properties);
        let made = distribution(None).archiving_command(properties, Path::new("/a.jsa"));
        let plain = distribution(None).broker_command(properties);
        let without = |command: &Command| {
            let words = words(command);
            let kept: Vec<_> = words.iter().filter(|word| !word.contains(".jsa")).collect();
            kept.into_iter()
                .map(|word| (*word).to_owned())
                .collect::<Vec<_>>()
        };
        assert_eq!(without(&used), without(&made));
        assert_eq!(without(&used), words(&plain));
        assert!(words(&used).contains(&"-XX:SharedArchiveFile=/a.jsa"));
        assert!(words(&made).contains(&"-XX:ArchiveClassesAtExit=/a.jsa"));
        assert!(words(&plain).ends_with(&["-cp", "/l/a.jar:/l/b.jar", "kafka.Kafka", "/p"]));
    }

    #[test]
    fn the_version_is_that_of_the_broker_jar() {
        let jars = |names: &[&str]| names.iter().map(PathBuf::from).collect::<Vec<_>>();
        for (names, found) in [
            (
                jars(&["/l/kafka-clients-4.2.0.jar", "/l/kafka_2.13-4.1.2.jar"]),
                Some("4.1.2"),
            ),
            (jars(&["/l/kafka_2.12-3.9.2.jar"]), None),
            (jars(&["/l/kafka_2.13-3.7.1-sources.jar"]), Some("3.7.1")),
            (jars(&[]), None),
        ] {
            let version = version_among(&names).map(|version| version.to_string());
            assert_eq!(version.as_deref(), found);
        }
    }
}
