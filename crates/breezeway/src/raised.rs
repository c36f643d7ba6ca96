//! A raised network with brokers in it: what `prove`, `lab up` and the benchmark have in common.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

use anyhow::Context;
use blueprint::Blueprint;
use blueprint::ids::ClientId;

use crate::brokers::{self, Distributions};
use crate::cli::Brokers;
use crate::format::count::count;
use crate::output;

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

/// Where the brokers' logs lie; nowhere where no broker writes any.
#[derive(Clone, Debug)]
pub(crate) struct LogFolder(Option<PathBuf>);

impl LogFolder {
    /// A folder of that name in the cache, if the brokers are real.
    pub(crate) fn for_brokers(kind: &Kind, name: &str) -> anyhow::Result<Self> {
        match kind {
            Kind::Apache(_) => Ok(Self(Some(log_folder(name)?))),
            Kind::Responder => Ok(Self(None)),
        }
    }

    /// A folder that is there already.
    pub(crate) fn at(folder: &Path) -> Self {
        Self(Some(folder.to_owned()))
    }

    /// The folder, if there is one.
    pub(crate) fn path(&self) -> Option<&Path> {
        self.0.as_deref()
    }

    /// Removes the folder unless it is to be kept; gives the one that was kept.
    pub(crate) fn settle(self, keep: bool) -> Option<PathBuf> {
        let folder = self.0?;
        if keep {
            return Some(folder);
        }
        let _ = std::fs::remove_dir_all(&folder);
        None
    }
}

/// Makes the folder of that name for logs in the cache.
///
/// # Errors
/// When there is no cache or it cannot be written.
pub(crate) fn log_folder(name: &str) -> anyhow::Result<PathBuf> {
    let folder = runtime::kafka::Cache::locate()?
        .root()
        .join("logs")
        .join(name);
    std::fs::create_dir_all(&folder).with_context(|| {
        format!(
            "could not create `{}`; `BREEZEWAY_CACHE` names another cache",
            folder.display()
        )
    })?;
    Ok(folder)
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
            let mut running = brokers::start_apache(
                blueprint,
                network,
                distributions,
                logs.path()
                    .context("the brokers have no folder for their logs")?,
            )?;
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

/// The process that produces and consumes as `id` would.
///
/// # Errors
/// When the client is not in the blueprint or this binary cannot be found.
pub(crate) fn client_command(
    blueprint: &Blueprint,
    id: &ClientId,
    n_records: usize,
) -> anyhow::Result<Command> {
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
    let mut command = Command::new(std::env::current_exe()?);
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
    command.stdin(Stdio::null());
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    Ok(command)
}
