//! `breezeway prove`: raises the network, walks every path and compares with the checked verdicts.

use blueprint::facts::Facts;
use std::rc::Rc;

use anyhow::Context;
use blueprint::Blueprint;
use blueprint::ids::{ClientId, EniId};
use blueprint::verdict::{Attempt, Class, Summary};

use super::check::Examined;

use crate::cli::{Format, ProveArgs};
use crate::estate::{Estate, Judged};
use crate::format::matrix::Live;
use crate::live::{Progress, Walk};
use crate::proof::{Denied, Exchange, Proof};
use crate::raised::{self, Kind, LogFolder};
use crate::{contained, format, output};

pub(crate) fn run(args: &ProveArgs) -> anyhow::Result<u8> {
    let estate = Rc::new(Estate::load(&args.spec.spec)?);
    let examined = super::check::examined(&estate, Facts::embedded());
    let Ok(blueprint) = estate.settled() else {
        output::data(&super::check::text(args.format.into(), &estate, &examined)?)?;
        return Ok(crate::FINDINGS);
    };
    let kind = Kind::choose(args.brokers, blueprint)?;
    let logs = LogFolder::for_brokers(&kind, &format!("prove-{}", std::process::id()))?;
    let judged = &examined.judged;
    if args.format == Format::Full && !judged.findings.is_empty() {
        output::talk(&super::check::drawn(&estate, &judged.findings));
    }
    super::check::tell_suppressed(judged);
    let checked_code = judged.code();
    let job = Job {
        blueprint: Rc::new(blueprint.clone()),
        estate: Rc::clone(&estate),
        examined,
        n_records: args.messages,
        kind,
        logs: logs.clone(),
        format: args.format,
    };
    let code = contained::run(|inside| prove(inside, job))?;
    let keeps_logs = code != crate::FINE && code != crate::INTERRUPTED;
    match logs.settle(keeps_logs) {
        Some(folder) => output::talk(&format!(
            "the brokers' logs are kept in `{}`",
            folder.display()
        )),
        None if code != crate::INTERRUPTED => output::talk("lab is down, nothing left behind"),
        None => {}
    }
    Ok(if code == crate::FINE {
        checked_code
    } else {
        code
    })
}

struct Job {
    blueprint: Rc<Blueprint>,
    estate: Rc<Estate>,
    examined: Examined,
    n_records: usize,
    kind: Kind,
    logs: LogFolder,
    format: Format,
}

async fn prove(inside: Rc<lab::Inside>, job: Job) -> anyhow::Result<u8> {
    let (network, _resolvers) = raised::raise(&inside, &job.blueprint).await?;
    let network = Rc::new(network);
    raised::start(&job.kind, &job.blueprint, &network, &job.logs).await?;
    let walk = Walk::new(Rc::clone(&job.blueprint), Rc::clone(&network));
    let mut progress = Progress::new(|text| output::talk(&format!("paths    {text}")));
    let live = walk.paths(&mut progress).await;
    let denials = denials(&job, walk.denials().await);
    let messages = match job.kind {
        Kind::Apache(_) if 0 < job.n_records => messages(&job, &network, &live).await?,
        Kind::Apache(_) | Kind::Responder => Vec::new(),
    };
    let checked = job.examined.paths.clone();
    let proof = Proof {
        checked,
        live,
        denials,
        messages,
    };
    output::data(&told(&job, &proof)?)?;
    Ok(if proof.holds() {
        crate::FINE
    } else {
        crate::FINDINGS
    })
}

fn told(job: &Job, proof: &Proof) -> anyhow::Result<String> {
    let Estate { file, source, .. } = &*job.estate;
    let Judged {
        findings,
        suppressed,
    } = &job.examined.judged;
    Ok(match job.format {
        Format::Full => format::proof::full(&job.blueprint, proof),
        Format::Concise => {
            let findings = format::concise(findings, source, file);
            format!("{findings}{}", format::proof::concise(proof))
        }
        Format::Json => format::json::prove(file, source, findings, suppressed, proof)?,
    })
}

/// Sets each denial's checked attempts beside those that were made.
fn denials(job: &Job, live: Vec<Vec<Attempt>>) -> Vec<Denied> {
    let pairs = job
        .blueprint
        .denials
        .iter()
        .zip(job.examined.denials.iter().zip(live));
    pairs
        .map(|(denial, (checked, live))| Denied {
            from: denial.from.to_string(),
            checked: checked.clone(),
            live,
        })
        .collect()
}

/// Lets every client whose paths are all delivered produce and consume, one after the other.
async fn messages(
    job: &Job,
    network: &lab::Network,
    live: &[Live],
) -> anyhow::Result<Vec<(ClientId, Exchange)>> {
    let mut exchanges = Vec::new();
    for (id, client) in &job.blueprint.clients {
        let mut paths = live
            .iter()
            .filter(|path| path.verdict.promise.client == *id);
        let delivered = paths.all(|path| path.verdict.summary() == Summary::All(Class::Delivered));
        let exchange = match client.enis.first() {
            Some(host) if delivered => exchange(job, network, id, host).await?,
            _ => Exchange::Skipped,
        };
        exchanges.push((id.clone(), exchange));
    }
    Ok(exchanges)
}

async fn exchange(
    job: &Job,
    network: &lab::Network,
    id: &ClientId,
    host: &EniId,
) -> anyhow::Result<Exchange> {
    let command = raised::client_command(&job.blueprint, id, job.n_records)?;
    let child = network.spawn(host, command)?;
    let output = tokio::task::spawn_blocking(move || child.wait_with_output()).await??;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr).trim().to_owned();
        return Ok(Exchange::Failed(said));
    }
    let report =
        serde_json::from_slice(&output.stdout).context("the client's report is unreadable")?;
    Ok(Exchange::Tried(report))
}
