//! `breezeway lab`: a raised network that stays, and work inside it.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use anyhow::{Context, bail};
use blueprint::Blueprint;
use blueprint::facts::Facts;
use blueprint::kafka::Client;
use lab::LabError;
use lab::state::{HostEntry, LabState};

use crate::cli::{Brokers, LabCommand, LabName};
use crate::estate::Estate;
use crate::format::columns::columns;
use crate::format::count::count;
use crate::raised::{self, Kind, LogFolder};
use crate::{contained, output};

/// What the lab's first process says when its brokers answer.
const READY: &str = "ready";

pub(crate) fn run(command: LabCommand) -> anyhow::Result<u8> {
    match command {
        LabCommand::Up { spec, brokers } => up(&spec.spec, brokers),
        LabCommand::Down(name) => down(&name),
        LabCommand::Ls => ls(),
        LabCommand::Status(name) => status(&name),
        LabCommand::Exec { lab, host, command } => exec(&lab, &host, &command),
        LabCommand::Shell { lab, host } => {
            let shell = std::env::var("SHELL").unwrap_or_else(|_| "/bin/sh".to_owned());
            exec(&lab, &host, &[shell])
        }
    }
}

fn up(spec: &Path, brokers: Brokers) -> anyhow::Result<u8> {
    let estate = Estate::load(spec)?;
    let Ok(blueprint) = estate.settled() else {
        output::data(&super::check::drawn(&estate, &estate.judged(None).findings))?;
        return Ok(crate::FINDINGS);
    };
    let lock = lab::state::lock(&blueprint.name)?;
    let judged = super::check::examined(&estate, Facts::embedded()).judged;
    if !judged.findings.is_empty() {
        output::talk(&super::check::drawn(&estate, &judged.findings));
    }
    super::check::tell_suppressed(&judged);
    let kind = Kind::choose(brokers, blueprint)?;
    let logs = raised::log_folder(&format!("lab-{}", blueprint.name))?;
    let settled = Rc::new(blueprint.clone());
    let options = lab::Options {
        tie_to_caller: false,
    };
    let contained = lab::contain(&options, {
        let (settled, logs) = (Rc::clone(&settled), logs.clone());
        move |inside| contained::drive(|inside| stay(inside, settled, kind, logs), inside)
    })?;
    lab::state::write(&state(blueprint, &contained, spec, &logs))?;
    drop(lock);
    match contained::first_line(contained.heard()?, contained.killer())? {
        Some(line) if line == READY => {
            output::talk(&welcome(blueprint));
            Ok(crate::FINE)
        }
        said => {
            let code = contained.wait()?;
            lab::state::remove(&blueprint.name)?;
            Ok(if said.is_none() {
                crate::INTERRUPTED
            } else {
                code.max(crate::COULD_NOT_RUN)
            })
        }
    }
}

/// Raises everything, says so, and stays until it is killed.
async fn stay(
    inside: Rc<lab::Inside>,
    blueprint: Rc<Blueprint>,
    kind: Kind,
    logs: PathBuf,
) -> anyhow::Result<u8> {
    let (network, _resolvers) = raised::raise(&inside, &blueprint).await?;
    raised::start(&kind, &blueprint, &network, &LogFolder::at(&logs)).await?;
    inside.say(READY)?;
    inside.detach_output(&logs.join("lab.log"))?;
    std::future::pending::<()>().await;
    Ok(crate::FINE)
}

fn state(blueprint: &Blueprint, contained: &lab::Contained, spec: &Path, logs: &Path) -> LabState {
    let hosts = blueprint.enis.iter().map(|(id, eni)| HostEntry {
        host: id.to_string(),
        address: eni.address,
        ports: ports(blueprint, id),
    });
    LabState {
        name: blueprint.name.clone(),
        init: contained.init(),
        spec: std::path::absolute(spec).unwrap_or_else(|_| spec.to_owned()),
        logs: logs.to_owned(),
        hosts: hosts.collect(),
    }
}

fn ports(blueprint: &Blueprint, id: &blueprint::ids::EniId) -> Vec<u16> {
    let brokers = blueprint
        .clusters
        .values()
        .flat_map(|cluster| cluster.brokers.values());
    let mine = brokers.filter(|broker| broker.eni == *id);
    mine.flat_map(|broker| broker.listeners.values().map(|listener| listener.port))
        .collect()
}

fn welcome(blueprint: &Blueprint) -> String {
    let mut lines = vec![format!("lab `{}` is up.  Try:", blueprint.name)];
    let remote = |client: &Client| {
        let cluster = blueprint.clusters.get(&client.cluster);
        cluster.is_some_and(|cluster| cluster.vpc != client.vpc)
    };
    let mut clients = blueprint.clients.iter();
    let shown = clients
        .clone()
        .find(|(_, client)| remote(client))
        .or_else(|| clients.next());
    if let Some((id, client)) = shown {
        if let Some(bootstrap) = client.bootstrap.first() {
            lines.push(format!(
                "  breezeway lab exec {id} -- kcat -L -b {bootstrap}"
            ));
        }
        lines.push(format!("  breezeway lab shell {id}"));
    }
    lines.push("  breezeway lab status".to_owned());
    lines.push("  breezeway lab down".to_owned());
    lines.join("\n")
}

fn down(name: &LabName) -> anyhow::Result<u8> {
    let state = chosen(name)?;
    let began = std::time::Instant::now();
    lab::down(&state)?;
    output::talk(&format!(
        "lab `{}` is down in {:.2} s, nothing left behind",
        state.name,
        began.elapsed().as_secs_f64()
    ));
    Ok(crate::FINE)
}

fn ls() -> anyhow::Result<u8> {
    let labs = lab::state::list()?;
    let rows: Vec<_> = labs
        .iter()
        .map(|state| {
            vec![
                state.name.clone(),
                count(state.hosts.len(), "host"),
                state.spec.display().to_string(),
            ]
        })
        .collect();
    if rows.is_empty() {
        output::talk("no lab is up; `breezeway lab up SPEC` raises one");
    } else {
        output::data(&columns(&rows))?;
    }
    Ok(crate::FINE)
}

fn status(name: &LabName) -> anyhow::Result<u8> {
    let state = chosen(name)?;
    let mut rows = vec![vec![
        "host".to_owned(),
        "address".to_owned(),
        "listens on".to_owned(),
        "answers".to_owned(),
    ]];
    let mut sound = true;
    for host in &state.hosts {
        let ports: Vec<_> = host.ports.iter().map(ToString::to_string).collect();
        let answer = host
            .ports
            .first()
            .map(|port| answering(&state, host, *port));
        sound &= answer.as_ref().is_none_or(Result::is_ok);
        let answer = answer.map_or_else(String::new, |answer| {
            answer.unwrap_or_else(|error| format!("no: {error}"))
        });
        rows.push(vec![
            host.host.clone(),
            host.address.to_string(),
            ports.join(", "),
            answer,
        ]);
    }
    output::data(&columns(&rows))?;
    output::talk(&format!("logs are in `{}`", state.logs.display()));
    Ok(if sound { crate::FINE } else { crate::FINDINGS })
}

/// Who answers on a broker's own address, asked from its own namespace.
fn answering(state: &LabState, host: &HostEntry, port: u16) -> anyhow::Result<String> {
    let to = std::net::SocketAddr::from((host.address, port));
    let stream = lab::join::connect(state, &host.host, to)?;
    let answer = crate::brokers::ask_blocking(stream)?;
    let id = answer
        .answered_by
        .context("it does not say which broker it is")?;
    Ok(format!(
        "as broker {id} of {}",
        count(answer.brokers.len(), "broker")
    ))
}

fn exec(name: &LabName, host: &str, command: &[String]) -> anyhow::Result<u8> {
    let state = chosen(name)?;
    let host = named_host(&state, host)?;
    match lab::join::exec(&state, &host, command) {
        Err(error) => unstartable(error),
        Ok(code) => Ok(code),
    }
}

/// A program that cannot be started has the exit code a shell would give it.
fn unstartable(error: LabError) -> anyhow::Result<u8> {
    let kind = if let LabError::Spawn { source, .. } = &error {
        Some(source.kind())
    } else {
        None
    };
    let code = if kind == Some(ErrorKind::NotFound) {
        127
    } else if kind == Some(ErrorKind::PermissionDenied) {
        126
    } else {
        return Err(error.into());
    };
    output::failure(&error.into());
    Ok(code)
}

/// The host of that name, or the first interface of the client of that name.
fn named_host(state: &LabState, wanted: &str) -> anyhow::Result<String> {
    let names = state.hosts.iter().map(|host| host.host.as_str());
    let exact = names.clone().find(|name| *name == wanted);
    let client = names
        .clone()
        .find(|name| name.split('/').next() == Some(wanted));
    match exact.or(client) {
        Some(name) => Ok(name.to_owned()),
        None => {
            let clients = names.clone().filter_map(|name| name.split('/').next());
            let near = blueprint::nearest(wanted, names.chain(clients));
            let near = near.map_or_else(String::new, |near| format!("; did you mean `{near}`?"));
            bail!("lab `{}` has no host `{wanted}`{near}", state.name)
        }
    }
}

fn chosen(name: &LabName) -> anyhow::Result<LabState> {
    let mut labs = lab::state::list()?;
    let names = || {
        labs.iter()
            .map(|state| state.name.clone())
            .collect::<Vec<_>>()
            .join("`, `")
    };
    if let Some(wanted) = &name.name {
        let up = names();
        let found = labs.iter().position(|state| state.name == *wanted);
        return found
            .map(|i| labs.swap_remove(i))
            .with_context(|| match up.as_str() {
                "" => format!("lab `{wanted}` is not up; no lab is"),
                up => format!("lab `{wanted}` is not up; up are `{up}`"),
            });
    }
    match labs.len() {
        0 => bail!("no lab is up; `breezeway lab up SPEC` raises one"),
        1 => Ok(labs.swap_remove(0)),
        _ => bail!(
            "several labs are up: `{}`; choose one with `--lab NAME`",
            names()
        ),
    }
}
