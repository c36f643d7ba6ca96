//! Fetches a broker's jars with the user's Maven, under the user's own settings.

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use super::distribution;
use super::error::{KafkaError, at};
use super::process;
use super::version::Version;

/// The folder of the jars, below a version's folder.
pub(super) const LIBS: &str = "libs";

/// Longest run of Maven: 45 MB took 10 to 40 s; ten minutes are a slow line, more is a hang.
const FETCH_LIMIT: Duration = Duration::from_secs(10 * 60);

/// The binding that makes a broker's log messages appear, as `group:artifact:version`. Kafka 4
/// works with Log4j 2 and slf4j 1.7; Kafka 3.9 with reload4j.
const LOGGING_OF_4: [&str; 1] = ["org.apache.logging.log4j:log4j-slf4j-impl:2.25.4"];
const LOGGING_OF_3: [&str; 2] = [
    "ch.qos.reload4j:reload4j:1.2.25",
    "org.slf4j:slf4j-reload4j:1.7.36",
];

/// Fetches the jars of a version into `LIBS` below `folder`; `maven` is the program.
pub(super) fn fetch(maven: &Path, version: Version, folder: &Path) -> Result<(), KafkaError> {
    let project = folder.join("pom.xml");
    std::fs::write(&project, pom(version)).map_err(at("write", &project))?;
    let libs = folder.join(LIBS);
    let mut command = Command::new(maven);
    command
        .current_dir(folder)
        .args(["-B", "-q", "-Dstyle.color=never"])
        .arg("dependency:copy-dependencies")
        .arg(format!("-DoutputDirectory={}", libs.display()));
    let log = folder.join("maven.log");
    process::succeed(&command, &log, FETCH_LIMIT)
        .map_err(|source| KafkaError::Fetch { version, source })?;
    let jars = distribution::jars_in(&libs)?;
    if distribution::version_among(&jars) == Some(version) {
        Ok(())
    } else {
        Err(KafkaError::Incomplete { version })
    }
}

fn pom(version: Version) -> String {
    let mut coordinates = vec![format!("org.apache.kafka:kafka_2.13:{version}")];
    let logging: &[&str] = if version.major() < 4 {
        &LOGGING_OF_3
    } else {
        &LOGGING_OF_4
    };
    coordinates.extend(logging.iter().map(|coordinate| (*coordinate).to_owned()));
    let dependencies: String = coordinates.iter().filter_map(|c| dependency(c)).collect();
    format!(
        "<project xmlns=\"http://maven.apache.org/POM/4.0.0\">\n  \
         <modelVersion>4.0.0</modelVersion>\n  \
         <groupId>breezeway</groupId>\n  \
         <artifactId>kafka-broker</artifactId>\n  \
         <version>{version}</version>\n  \
         <packaging>pom</packaging>\n  \
         <dependencies>\n{dependencies}  </dependencies>\n\
         </project>\n"
    )
}

fn dependency(coordinate: &str) -> Option<String> {
    let mut parts = coordinate.split(':');
    let (group, artifact, version) = (parts.next()?, parts.next()?, parts.next()?);
    Some(format!(
        "    <dependency><groupId>{group}</groupId><artifactId>{artifact}</artifactId>\
         <version>{version}</version></dependency>\n"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_line_of_kafka_gets_its_logging() {
        for (version, logging, not) in [
            (
                "3.9",
                "<artifactId>slf4j-reload4j</artifactId>",
                "log4j-slf4j-impl",
            ),
            (
                "4.3",
                "<artifactId>log4j-slf4j-impl</artifactId>",
                "reload4j",
            ),
        ] {
            let version: Version = version.parse().unwrap();
            let text = pom(version);
            assert!(text.contains(logging) && !text.contains(not), "{text}");
            let kafka = format!("<artifactId>kafka_2.13</artifactId><version>{version}</version>");
            assert!(text.contains(&kafka), "{text}");
        }
    }
}
