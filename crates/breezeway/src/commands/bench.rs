//! `breezeway bench-lab`: from nothing to the first acknowledged record, inside the lab through
//! its connections and bare on loopback, pair by pair in one run.

use std::io::{Read, Write};
use std::net::Ipv4Addr;
use std::path::Path;
use std::process::Child;
use std::rc::Rc;
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use blueprint::Blueprint;
use blueprint::ids::{ClientId, ClusterId};
use blueprint::kafka::{Cluster, HostPort};

use crate::brokers::{self, Distributions};
use crate::cli::{BenchArgs, Brokers};
use crate::estate::Estate;
use crate::format::columns::columns;
use crate::raised::{self, Kind};
use crate::{contained, output};

pub(crate) fn run(args: &BenchArgs) -> anyhow::Result<u8> {
    let estate = Estate::load(&args.spec)?;
    let Ok(blueprint) = estate.settled() else {
        bail!("the spec has errors; `breezeway check` shows them")
    };
    let Kind::Apache(distributions) = Kind::choose(Brokers::Apache, blueprint)? else {
        bail!("the benchmark needs Apache Kafka");
    };
    let blueprint = Rc::new(blueprint.clone());
    let mut pairs = Vec::new();
    for pair in 1..=args.pairs {
        let lab = in_lab(&blueprint, &distributions)?;
        let bare = on_loopback(&blueprint, &distributions)?;
        output::talk(&format!(
            "pair {pair}: lab {:.2} s, bare {:.2} s",
            lab.first_ack, bare.first_ack
        ));
        pairs.push((lab, bare));
    }
    output::data(&table(&pairs))?;
    Ok(crate::FINE)
}

/// One measured start, in seconds from nothing.
struct Start {
    /// Until every namespace, rule and resolver was there; zero without a lab.
    network: f64,
    /// Until every broker's process was started.
    processes: f64,
    /// Until the cluster had made a topic.
    topic: f64,
    /// Until the first record was acknowledged.
    first_ack: f64,
}

impl Start {
    /// Puts the client's own figures, in milliseconds from its start, behind what came before it.
    fn new(network: Duration, processes: Duration, client: &str) -> anyhow::Result<Self> {
        let figures: Vec<f64> = client
            .split_whitespace()
            .filter_map(|word| word.parse().ok())
            .collect();
        let [topic_ms, first_ack_ms] = figures[..] else {
            bail!("the client reported `{client}`")
        };
        let processes = processes.as_secs_f64();
        Ok(Self {
            network: network.as_secs_f64(),
            processes,
            topic: processes + topic_ms / 1e3,
            first_ack: processes + first_ack_ms / 1e3,
        })
    }
}

fn in_lab(blueprint: &Rc<Blueprint>, distributions: &Distributions) -> anyhow::Result<Start> {
    let logs = raised::log_folder(&format!("bench-{}", std::process::id()))?;
    let (mut heard, say) = std::io::pipe().context("could not make a pipe")?;
    let (settled, obtained, folder) = (Rc::clone(blueprint), distributions.clone(), logs.clone());
    let began = Instant::now();
    let code =
        contained::run(move |inside| measure(inside, settled, obtained, folder, say, began))?;
    anyhow::ensure!(
        code == crate::FINE,
        "the lab ended with exit code {code}; logs are in `{}`",
        logs.display()
    );
    let _ = std::fs::remove_dir_all(&logs);
    let mut text = String::new();
    heard
        .read_to_string(&mut text)
        .context("could not read the lab's figures")?;
    let mut parts = text.splitn(3, ' ');
    let mut micros = || parts.next()?.parse().ok().map(Duration::from_micros);
    let (Some(network), Some(processes)) = (micros(), micros()) else {
        bail!("the lab reported `{text}`")
    };
    Start::new(network, processes, parts.next().unwrap_or_default())
}

async fn measure(
    inside: Rc<lab::Inside>,
    blueprint: Rc<Blueprint>,
    distributions: Distributions,
    logs: std::path::PathBuf,
    mut say: std::io::PipeWriter,
    began: Instant,
) -> anyhow::Result<u8> {
    let network = inside.raise(&blueprint).await?;
    let _resolvers = network.serve_names()?;
    let up = began.elapsed();
    let _running = brokers::start_apache(&blueprint, &network, &distributions, &logs)?;
    let id = measured_client(&blueprint)?;
    let host = blueprint
        .clients
        .get(id)
        .and_then(|client| client.enis.first())
        .context("the client has no interface")?;
    let command = raised::client_command(&blueprint, id, 0)?;
    let processes = began.elapsed();
    let child = network.spawn(host, command)?;
    let client =
        acknowledged(tokio::task::spawn_blocking(move || child.wait_with_output()).await??)?;
    write!(say, "{} {} {client}", up.as_micros(), processes.as_micros())?;
    Ok(crate::FINE)
}

/// The first client that lives in another VPC than its cluster: its path is the long one.
fn measured_client(blueprint: &Blueprint) -> anyhow::Result<&ClientId> {
    let remote = |client: &blueprint::kafka::Client| {
        blueprint
            .clusters
            .get(&client.cluster)
            .is_some_and(|cluster| cluster.vpc != client.vpc)
    };
    let found = blueprint.clients.iter().find(|(_, client)| remote(client));
    found
        .map(|(id, _)| id)
        .context("the spec has no client in another VPC than its cluster")
}

/// What the client that waited for its first acknowledged record said.
fn acknowledged(output: std::process::Output) -> anyhow::Result<String> {
    if !output.status.success() {
        bail!(
            "no record was acknowledged: {}",
            String::from_utf8_lossy(&output.stderr).trim()
        );
    }
    Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

fn on_loopback(blueprint: &Blueprint, distributions: &Distributions) -> anyhow::Result<Start> {
    let id = measured_client(blueprint)?;
    let client = blueprint.clients.get(id).context("no such client")?;
    let mut bare = blueprint.clone();
    let cluster = bare
        .clusters
        .get_mut(&client.cluster)
        .context("no such cluster")?;
    let bootstrap = move_to_loopback(cluster, &client.listener)?;
    let moved = cluster.clone();
    if let Some(client) = bare.clients.get_mut(id) {
        client.bootstrap = bootstrap;
    }
    let folder = raised::log_folder(&format!("bare-{}", std::process::id()))?;
    let began = Instant::now();
    let mut brokers = Bare(Vec::new());
    for node in moved.brokers.keys() {
        brokers.0.push(start_bare(
            blueprint,
            distributions,
            &client.cluster,
            &moved,
            *node,
            &folder,
        )?);
    }
    let command = &mut raised::client_command(&bare, id, 0)?;
    let processes = began.elapsed();
    let client = acknowledged(command.output()?)?;
    drop(brokers);
    let _ = std::fs::remove_dir_all(&folder);
    Start::new(Duration::ZERO, processes, &client)
}

/// Brokers that end when this is dropped.
struct Bare(Vec<Child>);

impl Drop for Bare {
    fn drop(&mut self) {
        for child in &mut self.0 {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

fn start_bare(
    blueprint: &Blueprint,
    distributions: &Distributions,
    id: &ClusterId,
    cluster: &Cluster,
    node: u32,
    folder: &Path,
) -> anyhow::Result<Child> {
    let distribution = distributions
        .get(id)
        .context("no Kafka was obtained for the cluster")?;
    let settings = blueprint::kafka::properties(cluster, node, Ipv4Addr::LOCALHOST);
    let home = folder.join(format!("{id}-{node}"));
    let log = folder.join(format!("{id}-{node}.log"));
    let mut command = brokers::prepare(
        distribution,
        &home,
        &log,
        &brokers::cluster_id(blueprint, id),
        node,
        settings,
    )?;
    command.spawn().context("could not start a bare broker")
}

/// Gives every listener of every broker a free loopback port of its own, and returns the
/// bootstrap servers of `listener`.
fn move_to_loopback(cluster: &mut Cluster, listener: &str) -> anyhow::Result<Vec<HostPort>> {
    let mut held = Vec::new();
    let mut free_port = || -> anyhow::Result<u16> {
        let socket = std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
            .context("no free port on loopback")?;
        let port = socket.local_addr()?.port();
        held.push(socket);
        Ok(port)
    };
    let mut bootstrap = Vec::new();
    for broker in cluster.brokers.values_mut() {
        for (name, bound) in &mut broker.listeners {
            bound.port = free_port()?;
            let at = HostPort {
                host: Ipv4Addr::LOCALHOST.to_string(),
                port: bound.port,
            };
            if name == listener {
                bootstrap.push(at.clone());
            }
            bound.advertised = Some(at);
        }
    }
    for voter in cluster.controllers.values_mut() {
        *voter = (Ipv4Addr::LOCALHOST, free_port()?);
    }
    Ok(bootstrap)
}

fn table(pairs: &[(Start, Start)]) -> String {
    let lab =
        |figure: fn(&Start) -> f64| pairs.iter().map(|(lab, _)| figure(lab)).collect::<Vec<_>>();
    let bare = |figure: fn(&Start) -> f64| {
        pairs
            .iter()
            .map(|(_, bare)| figure(bare))
            .collect::<Vec<_>>()
    };
    let ratios: Vec<_> = pairs
        .iter()
        .map(|(lab, bare)| lab.first_ack / bare.first_ack)
        .collect();
    let head = ["seconds from nothing until", "median", "least", "most"]
        .map(str::to_owned)
        .to_vec();
    columns(&[
        head,
        row(
            "lab: network and resolvers are up",
            &lab(|start| start.network),
        ),
        row(
            "lab: brokers' processes are started",
            &lab(|start| start.processes),
        ),
        row("lab: a topic is made", &lab(|start| start.topic)),
        row(
            "lab: the first record is acknowledged",
            &lab(|start| start.first_ack),
        ),
        row(
            "bare: brokers' processes are started",
            &bare(|start| start.processes),
        ),
        row("bare: a topic is made", &bare(|start| start.topic)),
        row(
            "bare: the first record is acknowledged",
            &bare(|start| start.first_ack),
        ),
        row("ratio lab : bare of each pair's last", &ratios),
    ])
}

fn row(title: &str, figures: &[f64]) -> Vec<String> {
    let mut sorted = figures.to_vec();
    sorted.sort_by(f64::total_cmp);
    let at = |i: usize| {
        sorted
            .get(i)
            .map_or("–".to_owned(), |figure| format!("{figure:.3}"))
    };
    vec![
        title.to_owned(),
        at(sorted.len() / 2),
        at(0),
        at(sorted.len().saturating_sub(1)),
    ]
}
