//! Puts brokers into a raised network: real Kafka, or the responder that says who it is.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Child;
use std::rc::Rc;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use automata::probe::Limits;
use automata::responder::Identity;
use blueprint::Blueprint;
use blueprint::ids::{ClusterId, EniId};
use blueprint::kafka::{Broker, Cluster};
use runtime::kafka::Distribution;
use wire::metadata::Advertised;

/// Longest time from the start of the JVMs to all brokers naming each other.
const READY_LIMIT: Duration = Duration::from_secs(60);

/// Pause between two questions to a broker that is still starting. Short against a start of a
/// second, long against the 0.3 ms a question costs.
const READY_PAUSE: Duration = Duration::from_millis(20);

/// What one question to a starting broker may take before it is asked again.
const ASKING: Limits = Limits {
    answer_time: Duration::from_secs(2),
    n_brokers: 1000,
};

/// Where brokers keep their data: memory of the lab's own, which goes when the lab goes.
const LAB_DATA: &str = "/run/breezeway";

/// Lines of a broker's log that are shown when it fails.
const LOG_LINES_SHOWN: usize = 12;

/// The id the brokers of a cluster give in metadata, 22 characters.
pub(crate) fn cluster_id(blueprint: &Blueprint, cluster: &ClusterId) -> String {
    runtime::kafka::cluster_id(&format!("{}/{cluster}", blueprint.name))
}

/// Starts a responder on every listener of every broker.
///
/// # Errors
/// When a listener's port cannot be bound.
pub fn start_responders(blueprint: &Blueprint, network: &lab::Network) -> anyhow::Result<()> {
    for (id, cluster) in &blueprint.clusters {
        for (node, broker) in &cluster.brokers {
            for (name, listener) in &broker.listeners {
                let socket = network.listen(&broker.eni, listener.port)?;
                socket.set_nonblocking(true)?;
                let socket = tokio::net::TcpListener::from_std(socket)?;
                let identity = Arc::new(identity(blueprint, id, cluster, *node, name));
                tokio::task::spawn_local(runtime::responder::serve(socket, identity));
            }
        }
    }
    Ok(())
}

/// What a broker says on one listener: every broker under the address it advertises there.
fn identity(
    blueprint: &Blueprint,
    id: &ClusterId,
    cluster: &Cluster,
    node: u32,
    listener: &str,
) -> Identity {
    let advertised = |(id, broker): (&u32, &Broker)| {
        let at = broker.listeners.get(listener)?.advertised.clone()?;
        Some(Advertised {
            id: i32::try_from(*id).ok()?,
            host: at.host,
            port: at.port,
        })
    };
    Identity {
        cluster_id: cluster_id(blueprint, id),
        node_id: i32::try_from(node).unwrap_or(i32::MAX),
        controller_id: cluster
            .controllers
            .keys()
            .next()
            .and_then(|id| i32::try_from(*id).ok())
            .unwrap_or(-1),
        brokers: cluster.brokers.iter().filter_map(advertised).collect(),
    }
}

/// Kafka's versions by cluster, fetched and ready to run.
pub(crate) type Distributions = BTreeMap<ClusterId, Rc<Distribution>>;

/// Fetches the Kafka each cluster asks for, once per version.
///
/// # Errors
/// When a listener is encrypted, a version is unknown, or Java, Maven or the fetch fails.
pub(crate) fn obtain(
    blueprint: &Blueprint,
    say: &mut dyn FnMut(String),
) -> anyhow::Result<Distributions> {
    if let Some((cluster, listener)) = encrypted(blueprint) {
        bail!(
            "{listener} of `{cluster}` is encrypted, and real brokers get no certificates here: say `--brokers responder`"
        );
    }
    let cache = runtime::kafka::Cache::locate()?;
    let mut by_version: BTreeMap<String, Rc<Distribution>> = BTreeMap::new();
    let mut distributions = BTreeMap::new();
    for (id, cluster) in &blueprint.clusters {
        let version: runtime::kafka::Version = cluster.kafka_version.parse()?;
        let key = version.to_string();
        if !by_version.contains_key(&key) {
            let obtained =
                runtime::kafka::obtain(version, &cache, &mut |progress| say(progress.to_string()))?;
            by_version.insert(key.clone(), Rc::new(obtained));
        }
        if let Some(distribution) = by_version.get(&key) {
            distributions.insert(id.clone(), Rc::clone(distribution));
        }
    }
    Ok(distributions)
}

/// The first listener that is not plaintext.
fn encrypted(blueprint: &Blueprint) -> Option<(&ClusterId, &str)> {
    blueprint.clusters.iter().find_map(|(id, cluster)| {
        let brokers = cluster.brokers.values();
        let mut listeners = brokers.flat_map(|broker| &broker.listeners);
        let (name, _) = listeners.find(|(_, listener)| listener.protocol != "PLAINTEXT")?;
        Some((id, name.as_str()))
    })
}

/// A running broker and where its log lies.
pub(crate) struct Running {
    cluster: ClusterId,
    id: u32,
    eni: EniId,
    child: Child,
    log: PathBuf,
}

/// Starts one JVM per broker, all at once, with logs in the folder `logs`.
///
/// # Errors
/// When a broker's folder cannot be prepared or its process not be started.
pub(crate) fn start_apache(
    blueprint: &Blueprint,
    network: &lab::Network,
    distributions: &Distributions,
    logs: &Path,
) -> anyhow::Result<Vec<Running>> {
    let mut running = Vec::new();
    for (id, cluster) in &blueprint.clusters {
        let distribution = distributions
            .get(id)
            .context("no Kafka was obtained for the cluster")?;
        for (node, broker) in &cluster.brokers {
            let eni = blueprint
                .enis
                .get(&broker.eni)
                .context("a broker has no interface")?;
            let settings = blueprint::kafka::properties(cluster, *node, eni.address);
            let home = Path::new(LAB_DATA).join(format!("{id}-{node}"));
            let log = logs.join(format!("{id}-{node}.log"));
            let command = prepare(
                distribution,
                &home,
                &log,
                &cluster_id(blueprint, id),
                *node,
                settings,
            )
            .with_context(|| format!("could not prepare broker {node} of `{id}`"))?;
            let child = network.spawn(&broker.eni, command)?;
            running.push(Running {
                cluster: id.clone(),
                id: *node,
                eni: broker.eni.clone(),
                child,
                log,
            });
        }
    }
    Ok(running)
}

/// Writes a broker's settings and formats its data folder; gives its command, output to a log.
pub(crate) fn prepare(
    distribution: &Distribution,
    home: &Path,
    log: &Path,
    cluster_id: &str,
    node: u32,
    mut settings: Vec<(String, String)>,
) -> anyhow::Result<std::process::Command> {
    let data = home.join("data");
    std::fs::create_dir_all(&data)
        .with_context(|| format!("could not create `{}`", data.display()))?;
    let said: Vec<String> = settings.iter().map(|(key, _)| key.clone()).collect();
    let small = runtime::kafka::lab_settings();
    settings.extend(
        small
            .into_iter()
            .filter(|(key, _)| !said.iter().any(|k| k == key))
            .map(|(k, v)| (k.into(), v.into())),
    );
    settings.push(("log.dirs".to_owned(), data.display().to_string()));
    let file = home.join("server.properties");
    runtime::kafka::write_properties(&file, &settings)?;
    distribution.format(&data, cluster_id, node)?;
    let out = std::fs::File::create(log)
        .with_context(|| format!("could not create `{}`", log.display()))?;
    let mut command = distribution.broker_command(&file);
    command
        .stdin(std::process::Stdio::null())
        .stdout(out.try_clone()?)
        .stderr(out);
    Ok(command)
}

/// Waits until every broker names all brokers of its own cluster.
///
/// # Errors
/// When a broker ends or the limit passes; the end of its log is part of the error.
pub(crate) async fn ready(
    blueprint: &Blueprint,
    network: &lab::Network,
    running: &mut [Running],
) -> anyhow::Result<Duration> {
    let began = Instant::now();
    for broker in running.iter_mut() {
        loop {
            if answers(blueprint, network, broker).await {
                break;
            }
            let what = if let Some(status) = broker.child.try_wait()? {
                Some(format!("ended: {status}"))
            } else {
                (READY_LIMIT < began.elapsed())
                    .then(|| format!("was not ready within {} s", READY_LIMIT.as_secs()))
            };
            if let Some(what) = what {
                bail!(
                    "broker {} of `{}` {what}\n{}",
                    broker.id,
                    broker.cluster,
                    log_end(&broker.log)
                );
            }
            tokio::time::sleep(READY_PAUSE).await;
        }
    }
    Ok(began.elapsed())
}

/// Whether the broker answers on each client listener as a member of its full cluster.
async fn answers(blueprint: &Blueprint, network: &lab::Network, broker: &Running) -> bool {
    let Some(cluster) = blueprint.clusters.get(&broker.cluster) else {
        return false;
    };
    let Some(listeners) = cluster.brokers.get(&broker.id).map(|b| &b.listeners) else {
        return false;
    };
    let id = cluster_id(blueprint, &broker.cluster);
    for (name, listener) in listeners {
        let n_named = cluster
            .brokers
            .values()
            .filter(|b| {
                b.listeners
                    .get(name)
                    .is_some_and(|l| l.advertised.is_some())
            })
            .count();
        let Some(answer) = ask_own(blueprint, network, &broker.eni, listener.port).await else {
            return false;
        };
        if answer.cluster_id.as_ref() != Some(&id) || answer.brokers.len() < n_named {
            return false;
        }
    }
    true
}

/// Asks the host of `eni` on its own address who it is.
pub(crate) async fn ask_own(
    blueprint: &Blueprint,
    network: &lab::Network,
    eni: &EniId,
    port: u16,
) -> Option<automata::probe::Answer> {
    let address = blueprint.enis.get(eni)?.address;
    let socket = network.tcp_socket(eni).ok()?;
    let to = std::net::SocketAddr::from((address, port));
    let mut stream = tokio::time::timeout(Duration::from_secs(1), socket.connect(to))
        .await
        .ok()?
        .ok()?;
    runtime::probe::ask(&mut stream, ASKING, &[]).await.ok()
}

/// The last lines of a log, indented.
pub(crate) fn log_end(log: &Path) -> String {
    let text = std::fs::read_to_string(log).unwrap_or_default();
    let lines: Vec<_> = text.lines().collect();
    let shown = lines
        .iter()
        .skip(lines.len().saturating_sub(LOG_LINES_SHOWN))
        .map(|line| format!("  | {line}\n"));
    format!(
        "its log `{}` ends:\n{}",
        log.display(),
        shown.collect::<String>()
    )
}

/// Asks over a connection that is already made who answers.
pub(crate) fn ask_blocking(stream: std::net::TcpStream) -> anyhow::Result<automata::probe::Answer> {
    stream.set_nonblocking(true)?;
    let driver = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    driver.block_on(async {
        let mut stream = tokio::net::TcpStream::from_std(stream)?;
        Ok(runtime::probe::ask(&mut stream, ASKING, &[]).await?)
    })
}
