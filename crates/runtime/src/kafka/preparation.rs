//! What is made once per version so that every start is fast: the logging configuration, the
//! checkpoint that formats data folders, and the class-data archive.

use std::ffi::OsString;
use std::io;
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::Progress;
use super::cache::{self, Cache, Claim};
use super::distribution::{self, CHECKPOINT, Distribution, Libraries};
use super::error::{KafkaError, at};
use super::process::{self, Ending, Group};
use super::programs::Java;
use super::settings;

/// Longest run of the formatting tool, which takes one to two seconds.
const FORMAT_LIMIT: Duration = Duration::from_secs(60);

/// Longest start of the broker whose classes are archived, which takes three to five seconds.
const START_LIMIT: Duration = Duration::from_secs(60);

/// Longest stop of that broker, which takes three to four seconds because it writes the archive.
const ARCHIVE_LIMIT: Duration = Duration::from_secs(60);

/// Longest wait for a loopback connection to be accepted or refused.
const CONNECT_LIMIT: Duration = Duration::from_millis(200);

/// Warnings and worse on standard output, for Log4j 2.
const LOG4J_2: &str = "\
status=off
appender.out.type=Console
appender.out.name=out
appender.out.layout.type=PatternLayout
appender.out.layout.pattern=%d{ISO8601} %p %m (%c)%n
rootLogger.level=warn
rootLogger.appenderRef.out.ref=out
";

/// The same for Log4j 1 and reload4j, its successor.
const LOG4J_1: &str = "\
log4j.rootLogger=WARN, out
log4j.appender.out=org.apache.log4j.ConsoleAppender
log4j.appender.out.layout=org.apache.log4j.PatternLayout
log4j.appender.out.layout.ConversionPattern=%d{ISO8601} %p %m (%c)%n
";

/// Makes what is missing for `libraries`, all at its final place: an archive of classes holds for
/// the absolute paths of the jars. Without an archive Kafka still runs, so its failure is told
/// and not returned.
pub(super) fn prepare(
    libraries: Libraries,
    java: &Java,
    cache: &Cache,
    progress: &mut dyn FnMut(Progress),
) -> Result<Distribution, KafkaError> {
    let prepared = Prepared::new(&libraries, java);
    let mut distribution = prepared.distribution(&libraries, java)?;
    let version = libraries.version;
    if !prepared.is_complete() {
        let mut waiting = || progress(Progress::Waiting(version));
        let claim = cache.claim(&libraries.folder, &mut waiting)?;
        if !prepared.is_complete() {
            java.check()?;
            progress(Progress::Preparing(version));
        }
        claim.fill(&mut |_| Ok(()))?;
        prepared.make_needed(&claim, &distribution)?;
        if let Err(failure) = prepared.make_archive(&claim, &distribution) {
            progress(Progress::WithoutArchive(failure.to_string()));
        }
    }
    distribution.archive = Some(prepared.archive).filter(|archive| archive.exists());
    Ok(distribution)
}

/// The files that are prepared for one set of jars and one Java.
struct Prepared {
    logging: PathBuf,
    dialect: Dialect,
    checkpoint: PathBuf,
    archive: PathBuf,
}

/// The two notations of logging configurations.
#[derive(Clone, Copy)]
enum Dialect {
    Log4j1,
    Log4j2,
}

/// Why there is no archive.
#[derive(Debug, thiserror::Error)]
enum NoArchive {
    #[error("{0}")]
    File(#[from] KafkaError),
    #[error("no loopback port could be had: {0}")]
    Port(io::Error),
    #[error("the broker whose classes would be archived did not start: {0}")]
    Start(Ending),
    #[error("the broker whose classes would be archived was not up after {} s, having written\n{output}", START_LIMIT.as_secs())]
    NotUp { output: String },
    #[error("Java wrote no class-data archive, but\n{output}")]
    NotWritten { output: String },
}

impl Prepared {
    fn new(libraries: &Libraries, java: &Java) -> Self {
        let named = |part: &str| {
            let mut names = libraries.jars.iter().filter_map(|jar| jar.file_name());
            names.any(|name| name.to_string_lossy().starts_with(part))
        };
        let dialect = if named("log4j-core-") {
            Dialect::Log4j2
        } else {
            Dialect::Log4j1
        };
        let (program, flags) = (java.program.clone(), distribution::flags());
        let runs_on = cache::fingerprint(&[program.canonicalize().unwrap_or(program)]);
        let with = settings::hash(flags.as_bytes(), 0);
        let archive = format!("classes-{runs_on}-{with:016x}.jsa");
        Self {
            logging: libraries.folder.join("logging.properties"),
            dialect,
            checkpoint: libraries.folder.join(CHECKPOINT),
            archive: libraries.folder.join(archive),
        }
    }

    fn is_complete(&self) -> bool {
        let files = [&self.logging, &self.checkpoint, &self.archive];
        files.iter().all(|file| file.exists())
    }

    /// The distribution before there is an archive.
    fn distribution(&self, libraries: &Libraries, java: &Java) -> Result<Distribution, KafkaError> {
        let colon = |_| KafkaError::Colon {
            path: libraries.folder.clone(),
        };
        let mut logging = OsString::from(match self.dialect {
            Dialect::Log4j1 => "-Dlog4j.configuration=file:",
            Dialect::Log4j2 => "-Dlog4j2.configurationFile=",
        });
        logging.push(&self.logging);
        Ok(Distribution {
            version: libraries.version,
            java: java.program.clone(),
            class_path: std::env::join_paths(&libraries.jars).map_err(colon)?,
            logging,
            checkpoint: self.checkpoint.clone(),
            archive: None,
        })
    }

    /// Makes the files without which no broker can be started.
    fn make_needed(&self, claim: &Claim, distribution: &Distribution) -> Result<(), KafkaError> {
        claim.make_file::<KafkaError>(&self.logging, &mut |work| {
            let file = work.join("logging.properties");
            let text = match self.dialect {
                Dialect::Log4j1 => LOG4J_1,
                Dialect::Log4j2 => LOG4J_2,
            };
            std::fs::write(&file, text).map_err(at("write", &file))?;
            Ok(file)
        })?;
        claim.make_file::<KafkaError>(&self.checkpoint, &mut |work| {
            format_by_kafka(distribution, work)
        })
    }

    fn make_archive(&self, claim: &Claim, distribution: &Distribution) -> Result<(), NoArchive> {
        claim.make_file(&self.archive, &mut |work| {
            archive_classes(distribution, work)
        })
    }
}

/// Has Kafka's own tool format a data folder; gives the checkpoint from it.
fn format_by_kafka(distribution: &Distribution, work: &Path) -> Result<PathBuf, KafkaError> {
    let properties = work.join("server.properties");
    let data = work.join("data");
    settings::write_properties(&properties, &loopback_broker(&data, [9092, 9093]))?;
    let mut command = distribution.java_command(None);
    command
        .arg("kafka.tools.StorageTool")
        .args(["format", "--cluster-id", &settings::cluster_id("any")])
        .arg("--config")
        .arg(&properties);
    process::succeed(&command, &work.join("log"), FORMAT_LIMIT).map_err(|source| {
        KafkaError::Format {
            version: distribution.version,
            source,
        }
    })?;
    Ok(data.join(CHECKPOINT))
}

/// Starts and stops a broker on loopback so that its JVM archives the classes it loaded; gives
/// the archive.
fn archive_classes(distribution: &Distribution, work: &Path) -> Result<PathBuf, NoArchive> {
    let (properties, data) = (work.join("server.properties"), work.join("data"));
    let (archive, log) = (work.join("classes.jsa"), work.join("log"));
    let ports = free_ports().map_err(NoArchive::Port)?;
    settings::write_properties(&properties, &loopback_broker(&data, ports))?;
    distribution.format(&data, &settings::cluster_id("any"), 1)?;
    let command = distribution.archiving_command(&properties, &archive);
    let mut broker = Group::start(&command, &log).map_err(NoArchive::Start)?;
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, ports[0]));
    let mut up = false;
    broker.wait(START_LIMIT, &mut || {
        up = TcpStream::connect_timeout(&address, CONNECT_LIMIT).is_ok();
        up
    });
    if !up {
        let output = process::last_lines(&log);
        return Err(NoArchive::NotUp { output });
    }
    broker.stop();
    broker.wait(ARCHIVE_LIMIT, &mut || false);
    if archive.exists() {
        Ok(archive)
    } else {
        let output = process::last_lines(&log);
        Err(NoArchive::NotWritten { output })
    }
}

/// Two loopback ports nobody listens on, for clients and for the controller.
fn free_ports() -> io::Result<[u16; 2]> {
    let any = || TcpListener::bind((Ipv4Addr::LOCALHOST, 0));
    let (clients, controller) = (any()?, any()?);
    Ok([
        clients.local_addr()?.port(),
        controller.local_addr()?.port(),
    ])
}

/// The settings of a broker alone on loopback, as small as in a lab.
fn loopback_broker(data: &Path, [clients, controller]: [u16; 2]) -> Vec<(String, String)> {
    let own = [
        ("process.roles", "broker,controller".to_owned()),
        ("node.id", "1".to_owned()),
        (
            "controller.quorum.voters",
            format!("1@127.0.0.1:{controller}"),
        ),
        ("controller.listener.names", "CONTROLLER".to_owned()),
        (
            "listeners",
            format!("PLAINTEXT://127.0.0.1:{clients},CONTROLLER://127.0.0.1:{controller}"),
        ),
        ("log.dirs", data.display().to_string()),
    ];
    let small = settings::lab_settings().into_iter();
    own.into_iter()
        .map(|(key, value)| (key.to_owned(), value))
        .chain(small.map(|(key, value)| (key.to_owned(), value.to_owned())))
        .collect()
}
