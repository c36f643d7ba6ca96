//! `breezeway bench-lab`: from nothing to the first acknowledged record, inside the lab through
//! its connections and bare on loopback, pair by pair in one run.

use std::net::Ipv4Addr;
use std::path::Path;
use std::process::Child;
use std::rc::Rc;
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use blueprint::Blueprint;
use blueprint::ids::{ClientId, ClusterId};
use blueprint::kafka::{Cluster, HostPort};

use super::prove::{self, Kind, LogFolder};
use crate::brokers::{self, Distributions};
use crate::cli::{BenchArgs, Brokers};
use crate::estate::Estate;
use crate::format::columns::columns;
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
            "pair {pair}: lab {:.2} s (network {:.2} s), bare {:.2} s",
            lab.first_ack.as_secs_f64(),
            lab.network.as_secs_f64(),
            bare.as_secs_f64()
        ));
        pairs.push((lab, bare));
    }
    output::data(&table(&pairs));
    Ok(crate::FINE)
}

/// One measured lab.
struct InLab {
    /// From entering the lab to every namespace, rule and resolver being there.
    network: Duration,
    /// From entering the lab to the first acknowledged record.
    first_ack: Duration,
}

fn in_lab(blueprint: &Rc<Blueprint>, distributions: &Distributions) -> anyhow::Result<InLab> {
    let logs = LogFolder::named(&format!("bench-{}", std::process::id()))?;
    let (mut heard, say) = std::io::pipe().context("could not make a pipe")?;
    let (settled, obtained) = (Rc::clone(blueprint), distributions.clone());
    let folder = logs.0.clone();
    let began = Instant::now();
    let code =
        contained::run(move |inside| measure(inside, settled, obtained, folder, say, began))?;
    anyhow::ensure!(
        code == crate::FINE,
        "the lab ended with exit code {code}; logs are in `{}`",
        logs.0.display()
    );
    let mut text = String::new();
    std::io::Read::read_to_string(&mut heard, &mut text)
        .context("could not read the lab's figures")?;
    let figures: Vec<u64> = text
        .split_whitespace()
        .filter_map(|word| word.parse().ok())
        .collect();
    let [network, first_ack] = figures[..] else {
        bail!("the lab reported `{text}`")
    };
    Ok(InLab {
        network: Duration::from_micros(network),
        first_ack: Duration::from_micros(first_ack),
    })
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
    let child = network.spawn(host, prove::client_command(&blueprint, id, 0)?)?;
    acknowledged(tokio::task::spawn_blocking(move || child.wait_with_output()).await??)?;
    std::io::Write::write_fmt(
        &mut say,
        format_args!("{} {}", up.as_micros(), began.elapsed().as_micros()),
    )?;
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

fn acknowledged(output: std::process::Output) -> anyhow::Result<()> {
    if !output.status.success() {
        bail!(
            "no record was acknowledged: {}",
            String::from_utf8_lossy(&output.stderr).trim()
        );
    }
    Ok(())
}

fn on_loopback(blueprint: &Blueprint, distributions: &Distributions) -> anyhow::Result<Duration> {
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
    let folder = LogFolder::named(&format!("bare-{}", std::process::id()))?;
    let began = Instant::now();
    let mut brokers = Bare(Vec::new());
    for node in moved.brokers.keys() {
        brokers.0.push(start_bare(
            blueprint,
            distributions,
            &client.cluster,
            &moved,
            *node,
            &folder.0,
        )?);
    }
    acknowledged(prove::client_command(&bare, id, 0)?.output()?)?;
    let took = began.elapsed();
    drop(brokers);
    let _ = std::fs::remove_dir_all(&folder.0);
    Ok(took)
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

fn table(pairs: &[(InLab, Duration)]) -> String {
    let lab: Vec<_> = pairs
        .iter()
        .map(|(lab, _)| lab.first_ack.as_secs_f64())
        .collect();
    let bare: Vec<_> = pairs.iter().map(|(_, bare)| bare.as_secs_f64()).collect();
    let network: Vec<_> = pairs
        .iter()
        .map(|(lab, _)| lab.network.as_secs_f64())
        .collect();
    let ratios: Vec<_> = lab
        .iter()
        .zip(&bare)
        .map(|(lab, bare)| lab / bare)
        .collect();
    let head = ["", "median", "least", "most"].map(str::to_owned).to_vec();
    columns(&[
        head,
        row("lab, first acknowledged record, s", &lab),
        row("bare, first acknowledged record, s", &bare),
        row("ratio lab : bare of each pair", &ratios),
        row("network part of the lab, s", &network),
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
