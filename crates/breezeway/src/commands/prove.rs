//! `breezeway prove`: raises the network, walks every path and compares with the checked verdicts.

use std::path::PathBuf;
use std::rc::Rc;
use std::time::Instant;

use anyhow::Context;
use blueprint::Blueprint;
use blueprint::diagnostic::Diagnostic;
use blueprint::ids::ClientId;
use blueprint::verdict::{Attempt, Class, PathVerdict, Summary};

use crate::agreement::{self, Disagreement};
use crate::brokers::{self, Distributions};
use crate::cli::{Brokers, Format, ProveArgs};
use crate::estate::{Estate, has_errors};
use crate::format::count::{count, thousands};
use crate::format::json::v1;
use crate::format::matrix::{self, Live};
use crate::live::Walk;
use crate::{contained, format, output};

pub(crate) fn run(args: &ProveArgs) -> anyhow::Result<u8> {
    let estate = Estate::load(&args.spec.spec)?;
    let Ok(blueprint) = estate.settled() else {
        output::data(&super::check::drawn(&estate, &estate.diagnostics));
        return Ok(crate::FINDINGS);
    };
    let blueprint = Rc::new(blueprint.clone());
    let (paths, diagnostics) = super::check::examined(&estate);
    let kind = Kind::choose(args.brokers, &blueprint)?;
    let job = Job {
        denials: verify::denials(&blueprint),
        blueprint,
        paths,
        n_records: args.messages,
        kind,
        logs: LogFolder::of_this_process()?,
        format: args.format,
        findings: diagnostics,
    };
    let findings = has_errors(&job.findings);
    if args.format == Format::Full && !job.findings.is_empty() {
        output::talk(&super::check::drawn(&estate, &job.findings));
    }
    let logs = job.logs.0.clone();
    let code = contained::run(|inside| prove(inside, job))?;
    if code != crate::COULD_NOT_RUN {
        let _ = std::fs::remove_dir_all(logs);
    }
    if code != crate::INTERRUPTED {
        output::talk("lab is down, nothing left behind");
    }
    Ok(if code == crate::FINE && findings {
        crate::FINDINGS
    } else {
        code
    })
}

/// What runs as brokers.
pub(crate) enum Kind {
    /// Real Kafka.
    Apache(Distributions),
    /// The built-in responder.
    Responder,
}

impl Kind {
    /// Obtains Kafka if it is wanted; `auto` falls back to the responder and says why.
    ///
    /// # Errors
    /// When Kafka was asked for and cannot be had.
    pub(crate) fn choose(wanted: Brokers, blueprint: &Blueprint) -> anyhow::Result<Self> {
        let mut say = |text: String| output::talk(&format!("kafka    {text}"));
        match wanted {
            Brokers::Responder => Ok(Self::Responder),
            Brokers::Apache => Ok(Self::Apache(brokers::obtain(blueprint, &mut say)?)),
            Brokers::Auto => Ok(match brokers::obtain(blueprint, &mut say) {
                Ok(distributions) => Self::Apache(distributions),
                Err(error) => {
                    output::talk(&format!(
                        "kafka    none, the built-in responder stands in: {error:#}"
                    ));
                    Self::Responder
                }
            }),
        }
    }
}

/// A folder for the brokers' logs, kept when the lab fails.
pub(crate) struct LogFolder(pub(crate) PathBuf);

impl LogFolder {
    fn of_this_process() -> anyhow::Result<Self> {
        Self::named(&format!("prove-{}", std::process::id()))
    }

    /// The folder of that name in the cache.
    pub(crate) fn named(name: &str) -> anyhow::Result<Self> {
        let folder = runtime::kafka::Cache::locate()?
            .root()
            .join("logs")
            .join(name);
        std::fs::create_dir_all(&folder)
            .with_context(|| format!("could not create `{}`", folder.display()))?;
        Ok(Self(folder))
    }
}

struct Job {
    blueprint: Rc<Blueprint>,
    paths: Vec<PathVerdict>,
    denials: Vec<Vec<Attempt>>,
    n_records: usize,
    kind: Kind,
    logs: LogFolder,
    format: Format,
    findings: Vec<Diagnostic>,
}

async fn prove(inside: Rc<lab::Inside>, job: Job) -> anyhow::Result<u8> {
    let (network, _resolvers) = raise(&inside, &job.blueprint).await?;
    let network = Rc::new(network);
    start(&job.kind, &job.blueprint, &network, &job.logs).await?;
    let walk = Walk::new(Rc::clone(&job.blueprint), Rc::clone(&network));
    let live = walk.paths().await;
    let denials = walk.denials().await;
    let messages = match job.kind {
        Kind::Apache(_) if job.n_records > 0 => messages(&job, &network, &live).await?,
        Kind::Apache(_) | Kind::Responder => Vec::new(),
    };
    let mut disagreements = agreement::paths(&job.paths, live.iter().map(|path| &path.verdict));
    disagreements.extend(denied_differently(&job, &denials));
    report(&job, &live, &denials, &messages, &disagreements)?;
    let lost = messages.iter().any(|(_, outcome)| !outcome.sound());
    Ok(if disagreements.is_empty() && !lost {
        crate::FINE
    } else {
        crate::FINDINGS
    })
}

/// Raises the network and its resolvers.
///
/// # Errors
/// When the kernel refuses.
pub(crate) async fn raise(
    inside: &lab::Inside,
    blueprint: &Blueprint,
) -> anyhow::Result<(lab::Network, lab::Resolvers)> {
    let began = Instant::now();
    let network = inside
        .raise(blueprint)
        .await
        .context("could not raise the network")?;
    let resolvers = network
        .serve_names()
        .context("could not start the resolvers")?;
    output::talk(&format!(
        "network  {}, {}  up in {:.2} s",
        count(blueprint.vpcs.len(), "VPC"),
        count(blueprint.enis.len(), "interface"),
        began.elapsed().as_secs_f64()
    ));
    Ok((network, resolvers))
}

/// Starts the brokers and waits until they answer.
///
/// # Errors
/// When a broker does not come up; its log's end is part of the error.
pub(crate) async fn start(
    kind: &Kind,
    blueprint: &Blueprint,
    network: &lab::Network,
    logs: &LogFolder,
) -> anyhow::Result<()> {
    match kind {
        Kind::Responder => {
            brokers::start_responders(blueprint, network)?;
            output::talk("brokers  built-in responders: they say who they are, they are not Kafka");
        }
        Kind::Apache(distributions) => {
            let mut running = brokers::start_apache(blueprint, network, distributions, &logs.0)?;
            let took = brokers::ready(blueprint, network, &mut running).await?;
            output::talk(&format!(
                "brokers  {}  ready in {:.1} s",
                count(running.len(), "JVM"),
                took.as_secs_f64()
            ));
        }
    }
    Ok(())
}

/// What became of one client's records.
enum Messages {
    /// They were tried.
    Tried(v1::Messages),
    /// Not every path of the client is delivered, so they were not.
    Skipped,
    /// The client's process failed.
    Failed(String),
}

impl Messages {
    fn sound(&self) -> bool {
        match self {
            Self::Tried(report) => report.is_complete(),
            Self::Skipped => true,
            Self::Failed(_) => false,
        }
    }
}

/// Lets every client whose paths are all delivered produce and consume, one after the other.
async fn messages(
    job: &Job,
    network: &lab::Network,
    live: &[Live],
) -> anyhow::Result<Vec<(ClientId, Messages)>> {
    let mut outcomes = Vec::new();
    for (id, client) in &job.blueprint.clients {
        let mut paths = live
            .iter()
            .filter(|path| path.verdict.promise.client == *id);
        let delivered = paths.all(|path| path.verdict.summary() == Summary::All(Class::Delivered));
        let outcome = match client.enis.first() {
            Some(host) if delivered => exchange(job, network, id, host).await?,
            _ => Messages::Skipped,
        };
        outcomes.push((id.clone(), outcome));
    }
    Ok(outcomes)
}

async fn exchange(
    job: &Job,
    network: &lab::Network,
    id: &ClientId,
    host: &blueprint::ids::EniId,
) -> anyhow::Result<Messages> {
    let command = client_command(&job.blueprint, id, job.n_records)?;
    let child = network.spawn(host, command)?;
    let output = tokio::task::spawn_blocking(move || child.wait_with_output()).await??;
    if !output.status.success() {
        return Ok(Messages::Failed(
            String::from_utf8_lossy(&output.stderr).trim().to_owned(),
        ));
    }
    Ok(Messages::Tried(
        serde_json::from_slice(&output.stdout).context("the client's report is unreadable")?,
    ))
}

/// The process that produces and consumes as `id` would.
///
/// # Errors
/// When the client is not in the blueprint or this binary cannot be found.
pub(crate) fn client_command(
    blueprint: &Blueprint,
    id: &ClientId,
    n_records: usize,
) -> anyhow::Result<std::process::Command> {
    let client = blueprint.clients.get(id).context("no such client")?;
    let cluster = blueprint
        .clusters
        .get(&client.cluster)
        .context("no such cluster")?;
    let bootstrap: Vec<_> = client.bootstrap.iter().map(ToString::to_string).collect();
    let setting = |key: &str, default: &str| {
        cluster
            .settings
            .get(key)
            .map_or(default.to_owned(), Clone::clone)
    };
    let mut command = std::process::Command::new(std::env::current_exe()?);
    command
        .arg("messages")
        .args(["--bootstrap", &bootstrap.join(",")]);
    command.args([
        "--topic",
        &format!("breezeway-{id}"),
        "--records",
        &n_records.to_string(),
    ]);
    command.args([
        "--replication-factor",
        &setting("default.replication.factor", "1"),
    ]);
    command.args([
        "--min-insync-replicas",
        &setting("min.insync.replicas", "1"),
    ]);
    command.stdin(std::process::Stdio::null());
    command
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped());
    Ok(command)
}

fn denied_differently(job: &Job, live: &[Vec<Attempt>]) -> Vec<Disagreement> {
    let pairs = job
        .blueprint
        .denials
        .iter()
        .zip(job.denials.iter().zip(live));
    pairs
        .filter_map(|(denial, (checked, live))| {
            agreement::attempts(format!("denial of {}", denial.from), checked, live)
        })
        .collect()
}

fn report(
    job: &Job,
    live: &[Live],
    denials: &[Vec<Attempt>],
    messages: &[(ClientId, Messages)],
    disagreements: &[Disagreement],
) -> anyhow::Result<()> {
    if job.format == Format::Json {
        let tried = messages.iter().filter_map(|(id, outcome)| match outcome {
            Messages::Tried(report) => Some((id.to_string(), report.clone())),
            Messages::Skipped | Messages::Failed(_) => None,
        });
        let said: Vec<_> = disagreements.iter().map(ToString::to_string).collect();
        output::data(&format::json::prove(
            &job.paths,
            live,
            tried.collect(),
            said,
        )?);
        return Ok(());
    }
    let mut lines = vec![];
    if job.format == Format::Full {
        lines.push(matrix::compared(&job.blueprint, &job.paths, live));
    }
    lines.extend(
        messages
            .iter()
            .map(|(id, outcome)| message_line(id, outcome)),
    );
    lines.push(denial_line(job, denials));
    lines.extend(
        disagreements
            .iter()
            .map(|disagreement| format!("DISAGREE {disagreement}")),
    );
    let n_paths = live.len();
    let goals = disagreements
        .iter()
        .filter(|d| !d.of.starts_with("denial"))
        .count();
    lines.push(format!(
        "agree     {} of {}",
        n_paths - goals.min(n_paths),
        count(n_paths, "path")
    ));
    output::data(&lines.join("\n"));
    Ok(())
}

fn message_line(id: &ClientId, outcome: &Messages) -> String {
    match outcome {
        Messages::Tried(report) => format!("messages  {id} {}", report.in_words()),
        Messages::Skipped => format!("messages  {id}: skipped, not every path of it is delivered"),
        Messages::Failed(why) => format!("messages  {id} failed: {why}"),
    }
}

fn denial_line(job: &Job, live: &[Vec<Attempt>]) -> String {
    let attempts: Vec<_> = live.iter().flatten().collect();
    let passed = attempts
        .iter()
        .filter(|attempt| attempt.verdict.class == Class::Delivered)
        .count();
    let as_checked = job
        .denials
        .iter()
        .zip(live)
        .filter(|(c, l)| agreement::attempts(String::new(), c, l).is_none());
    format!(
        "negative  {} by strangers and backwards: {} denied, {passed} delivered; {} of {} as checked",
        count(attempts.len(), "attempt"),
        thousands(attempts.len() - passed),
        as_checked.count(),
        live.len()
    )
}
