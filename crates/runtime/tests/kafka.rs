//! Real Kafka, obtained and started on loopback: one broker, and three that elect a controller.
#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "helpers of tests: a failure is a failed test, and a skipped one says so"
)]

use std::io::{Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use runtime::kafka::{self, Cache, Distribution, KafkaError, Version};

/// Longest start of three brokers on a machine that builds something else meanwhile.
const READY_LIMIT: Duration = Duration::from_secs(90);

/// Pause between two questions to a broker that starts; asking without pause slows its start.
const ASK_PAUSE: Duration = Duration::from_millis(10);

/// Longest answer to one question.
const ANSWER_LIMIT: Duration = Duration::from_secs(5);

/// Brokers of one cluster, killed when dropped, with their folder.
struct Cluster {
    folder: PathBuf,
    ports: Vec<[u16; 2]>,
    children: Vec<Child>,
}

impl Cluster {
    /// Starts `n_brokers` nodes, all of them voters.
    fn start(name: &str, kafka: &Distribution, n_brokers: usize) -> Self {
        let folder = std::env::temp_dir().join(format!("breezeway-{name}-{}", std::process::id()));
        let ports = free_ports(n_brokers);
        let mut cluster = Self {
            folder,
            ports,
            children: Vec::new(),
        };
        for n in 0..n_brokers {
            let home = cluster.folder.join(n.to_string());
            let data = home.join("data");
            kafka
                .format(&data, &kafka::cluster_id(name), id_of(n))
                .unwrap();
            let properties = home.join("server.properties");
            kafka::write_properties(&properties, &cluster.settings(n, &data)).unwrap();
            let log = std::fs::File::create(home.join("log")).unwrap();
            let mut command = kafka.broker_command(&properties);
            command
                .stdin(Stdio::null())
                .stdout(log.try_clone().unwrap())
                .stderr(log);
            cluster.children.push(command.spawn().unwrap());
        }
        cluster
    }

    fn settings(&self, n: usize, data: &Path) -> Vec<(String, String)> {
        let [clients, controller] = self.ports[n];
        let voters = self.ports.iter().enumerate();
        let voters = voters.map(|(n, [_, port])| format!("{}@127.0.0.1:{port}", id_of(n)));
        let listeners =
            format!("PLAINTEXT://127.0.0.1:{clients},CONTROLLER://127.0.0.1:{controller}");
        let own = [
            ("process.roles", "broker,controller".to_owned()),
            ("node.id", id_of(n).to_string()),
            (
                "controller.quorum.voters",
                voters.collect::<Vec<_>>().join(","),
            ),
            ("controller.listener.names", "CONTROLLER".to_owned()),
            ("listeners", listeners),
            ("log.dirs", data.display().to_string()),
        ];
        let small = kafka::lab_settings().into_iter();
        let small = small.map(|(key, value)| (key, value.to_owned()));
        own.into_iter()
            .chain(small)
            .map(|(key, value)| (key.to_owned(), value))
            .collect()
    }

    /// Waits until every broker names all of them; gives how long that took.
    fn ready(&mut self) -> Duration {
        let began = Instant::now();
        let expected: Vec<_> = (0..self.ports.len())
            .map(|n| id_of(n).cast_signed())
            .collect();
        for n in 0..self.ports.len() {
            while named_by(self.ports[n][0]).as_deref() != Some(&expected) {
                let ended = self.children[n].try_wait().unwrap();
                let late = READY_LIMIT < began.elapsed();
                assert!(ended.is_none() && !late, "{ended:?}\n{}", self.log(n));
                std::thread::sleep(ASK_PAUSE);
            }
        }
        began.elapsed()
    }

    fn log(&self, n: usize) -> String {
        let log = self.folder.join(n.to_string()).join("log");
        std::fs::read_to_string(log).unwrap_or_default()
    }

    /// Asks broker `n` to stop and gives its exit code.
    fn stop(&mut self, n: usize) -> Option<i32> {
        let id = nix::unistd::Pid::from_raw(self.children[n].id().cast_signed());
        nix::sys::signal::kill(id, nix::sys::signal::Signal::SIGTERM).unwrap();
        self.children[n].wait().unwrap().code()
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        for child in &mut self.children {
            let _ = child.kill();
            let _ = child.wait();
        }
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

fn id_of(n: usize) -> u32 {
    u32::try_from(n + 1).unwrap()
}

fn free_ports(n_brokers: usize) -> Vec<[u16; 2]> {
    let bind = || TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let held: Vec<_> = (0..n_brokers).map(|_| [bind(), bind()]).collect();
    let port = |listener: &TcpListener| listener.local_addr().unwrap().port();
    held.iter().map(|[a, b]| [port(a), port(b)]).collect()
}

/// Asks the broker at a loopback port one thing and gives the answer without its length.
fn ask(port: u16, request: &[u8]) -> Option<Vec<u8>> {
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    let mut stream = TcpStream::connect_timeout(&address, ANSWER_LIMIT).ok()?;
    stream.set_read_timeout(Some(ANSWER_LIMIT)).ok()?;
    let length = u32::try_from(request.len()).ok()?;
    stream
        .write_all(&[&length.to_be_bytes()[..], request].concat())
        .ok()?;
    let mut length = [0; 4];
    stream.read_exact(&mut length).ok()?;
    let mut answer = vec![0; usize::try_from(u32::from_be_bytes(length)).ok()?];
    stream.read_exact(&mut answer).ok()?;
    Some(answer)
}

/// The ids of the brokers in Metadata (version 1), sorted.
fn named_by(port: u16) -> Option<Vec<i32>> {
    // Key 3, version 1, correlation 1, no client id, no topics.
    let answer = ask(port, &[0, 3, 0, 1, 0, 0, 0, 1, 0xff, 0xff, 0, 0, 0, 0])?;
    let mut rest = answer.get(4..)?;
    let mut take = |n: usize| -> Option<&[u8]> {
        let (taken, left) = rest.split_at_checked(n)?;
        rest = left;
        Some(taken)
    };
    let n_brokers = i32::from_be_bytes(take(4)?.try_into().ok()?);
    let mut ids = Vec::new();
    for _ in 0..n_brokers {
        ids.push(i32::from_be_bytes(take(4)?.try_into().ok()?));
        let host = u16::from_be_bytes(take(2)?.try_into().ok()?);
        take(usize::from(host) + 4)?;
        let rack = i16::from_be_bytes(take(2)?.try_into().ok()?);
        take(usize::try_from(rack).unwrap_or(0))?;
    }
    ids.sort_unstable();
    Some(ids)
}

/// The level of a feature in ApiVersions (version 3), as the cluster settled it.
fn level_of(feature: &str, port: u16) -> Option<u16> {
    // Key 18, version 3, correlation 1, no client id, no tags; name and version "t", no tags.
    let request = [0, 18, 0, 3, 0, 0, 0, 1, 0xff, 0xff, 0, 2, b't', 2, b't', 0];
    let answer = ask(port, &request)?;
    // Supported features come first and are as long, the settled ones last: name, highest and
    // lowest level, no tags.
    let name = feature.as_bytes();
    let last = answer
        .windows(name.len())
        .rposition(|window| window == name)?;
    let level = answer.get(last + name.len()..last + name.len() + 2)?;
    Some(u16::from_be_bytes(level.try_into().ok()?))
}

/// Obtains a version, or says why the test cannot run.
fn obtained(version: &str) -> Option<Distribution> {
    let cache = Cache::locate().unwrap();
    let version: Version = version.parse().unwrap();
    match kafka::obtain(version, &cache, &mut |progress| {
        println!("kafka {progress}")
    }) {
        Ok(distribution) => Some(distribution),
        Err(KafkaError::Unavailable { need, reason, .. }) => {
            println!("skipped: {need} is not available: {reason}");
            None
        }
        Err(error) => panic!("{error}: {:?}", std::error::Error::source(&error)),
    }
}

#[test]
fn one_broker_starts_from_a_folder_no_jvm_formatted_and_stops_when_asked() {
    let Some(distribution) = obtained("4.3.1") else {
        return;
    };
    let mut cluster = Cluster::start("one", &distribution, 1);
    let took = cluster.ready();
    println!(
        "one broker: {took:?}, archive: {}",
        distribution.has_archive()
    );
    assert!(distribution.has_archive());
    let ended = cluster.stop(0);
    assert_eq!(ended, Some(143), "{}", cluster.log(0));
}

#[test]
fn three_combined_nodes_elect_a_controller_and_settle_their_features() {
    for (version, features) in [
        (
            "4.3.1",
            &[("group.version", 1), ("transaction.version", 2)][..],
        ),
        ("3.9.2", &[("metadata.version", 21)][..]),
    ] {
        let Some(distribution) = obtained(version) else {
            return;
        };
        let mut cluster = Cluster::start(&format!("three-{version}"), &distribution, 3);
        let took = cluster.ready();
        println!("three brokers of {version}: {took:?}");
        for (feature, level) in features {
            for [port, _] in &cluster.ports {
                assert_eq!(
                    level_of(feature, *port),
                    Some(*level),
                    "{feature} of {version}"
                );
            }
        }
    }
}
