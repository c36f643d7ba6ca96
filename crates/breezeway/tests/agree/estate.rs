//! One estate: a random spec, perhaps a fault in the settled blueprint, both walks, compared.

use std::rc::Rc;

use blueprint::Blueprint;
use blueprint::diagnostic::Level;
use blueprint::network::EniOwner;
use blueprint::verdict::{Attempt, Class, PathVerdict, Place, Summary};
use breezeway::agreement;
use breezeway::live::Walk;

use crate::{faults, generate};

/// What one estate showed.
#[derive(Debug, Default)]
pub(crate) struct Outcome {
    /// Paths walked, denials included.
    pub n_paths: usize,
    /// Pattern, verdict and hop of every attempt.
    pub cells: Vec<(String, String, String)>,
    /// Disagreements, and paths of sound specs that were not delivered.
    pub complaints: Vec<String>,
}

/// Raises and compares estate `index` of the series `seed`.
pub(crate) fn run(inside: &lab::Inside, seed: u64, index: u64) -> Outcome {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    let estate = generate::estate(seed, index);
    let compared = runtime.map_err(anyhow::Error::from).and_then(|runtime| {
        tokio::task::LocalSet::new().block_on(&runtime, compare(inside, &estate))
    });
    compared.unwrap_or_else(|error| Outcome {
        complaints: vec![format!("{error:#}")],
        ..Outcome::default()
    })
}

async fn compare(inside: &lab::Inside, estate: &generate::Estate) -> anyhow::Result<Outcome> {
    let (spec, _, diagnostics) = blueprint::read(&estate.text);
    let Some(spec) = spec else {
        anyhow::bail!("the generated spec was refused: {:?}", diagnostics.first());
    };
    let (mut settled, found) = plan::build(&spec);
    let mut complaints = Vec::new();
    if estate.sound {
        complaints.extend(
            diagnostics
                .iter()
                .chain(&found)
                .map(|d| format!("a sound spec was blamed: {} {}", d.name, d.title)),
        );
    }
    if let Some(seed) = estate.blueprint_fault {
        complaints.extend(faults::apply(&mut settled, seed).err());
    }
    let settled = Rc::new(settled);
    let verify::Checked {
        paths: checked,
        denials,
        diagnostics: findings,
    } = verify::check(&settled);
    let blamed = diagnostics.iter().chain(&found).chain(&findings);
    if !blamed.clone().any(|d| d.level == Level::Error) {
        let unexplained = undelivered(&checked).map(|path| format!("no finding explains {path}"));
        complaints.extend(unexplained);
    }
    let network = Rc::new(inside.raise(&settled).await?);
    let _resolvers = network.serve_names()?;
    breezeway::brokers::start_responders(&settled, &network)?;
    let walk = Walk::new(Rc::clone(&settled), network);
    let live = walk.paths().await;
    let live_denials = walk.denials().await;
    complaints.extend(
        agreement::paths(&checked, live.iter().map(|path| &path.verdict))
            .iter()
            .map(ToString::to_string),
    );
    for (i, (checked, live)) in denials.iter().zip(&live_denials).enumerate() {
        complaints.extend(
            agreement::attempts(format!("denial {i}"), checked, live).map(|d| d.to_string()),
        );
    }
    if estate.sound {
        let failed =
            undelivered(&checked).map(|path| format!("a sound spec does not deliver {path}"));
        complaints.extend(failed);
    }
    let denied = live_denials
        .iter()
        .flatten()
        .map(|attempt| cell(&settled, "denial".to_owned(), attempt));
    let cells = live
        .iter()
        .flat_map(|path| cells(&settled, &path.verdict))
        .chain(denied)
        .collect();
    Ok(Outcome {
        n_paths: checked.len() + denials.len(),
        cells,
        complaints,
    })
}

fn undelivered(checked: &[PathVerdict]) -> impl Iterator<Item = String> {
    let failed = checked
        .iter()
        .filter(|path| path.summary() != Summary::All(Class::Delivered));
    failed.map(|path| format!("{}: {}", path.promise, path.summary()))
}

fn cells(blueprint: &Blueprint, path: &PathVerdict) -> Vec<(String, String, String)> {
    let pattern = pattern(blueprint, path);
    path.attempts
        .iter()
        .map(|attempt| cell(blueprint, pattern.clone(), attempt))
        .collect()
}

/// The means between the client's VPC and the cluster's, from the objects that are there.
fn pattern(blueprint: &Blueprint, path: &PathVerdict) -> String {
    let client = blueprint.clients.get(&path.promise.client);
    let cluster = blueprint.clusters.get(&path.promise.cluster);
    let (Some(client), Some(cluster)) = (client, cluster) else {
        return "none".to_owned();
    };
    let joins = |a: &_, b: &_| {
        (a, b) == (&client.vpc, &cluster.vpc) || (b, a) == (&client.vpc, &cluster.vpc)
    };
    let peered = blueprint
        .peerings
        .values()
        .any(|peering| joins(&peering.requester, &peering.accepter));
    let endpoint = blueprint
        .endpoints
        .values()
        .any(|endpoint| endpoint.vpc == client.vpc);
    let name = if client.vpc == cluster.vpc {
        "same-vpc"
    } else if peered {
        "peering"
    } else if endpoint {
        "privatelink"
    } else {
        "none"
    };
    name.to_owned()
}

fn cell(blueprint: &Blueprint, pattern: String, attempt: &Attempt) -> (String, String, String) {
    let hop = match &attempt.verdict.place {
        None => "-".to_owned(),
        Some(Place::Resolver(_)) => "resolver".to_owned(),
        Some(Place::Router(_)) => format!("router/{}", attempt.verdict.direction),
        Some(Place::Eni(eni)) => match blueprint.enis.get(eni).map(|eni| &eni.owner) {
            Some(EniOwner::Broker { .. }) => "broker".to_owned(),
            Some(EniOwner::BalancerNode(_)) => "node".to_owned(),
            Some(EniOwner::Endpoint(_)) => "endpoint".to_owned(),
            Some(EniOwner::Client(_)) => "client".to_owned(),
            Some(EniOwner::Witness) => "stranger".to_owned(),
            None => "gone".to_owned(),
        },
    };
    (pattern, attempt.verdict.class.to_string(), hop)
}

impl Outcome {
    /// One line per fact, for a pipe.
    pub(crate) fn to_lines(&self) -> String {
        let cells = self
            .cells
            .iter()
            .map(|(pattern, verdict, hop)| format!("cell\t{pattern}\t{verdict}\t{hop}\n"));
        let complaints = self
            .complaints
            .iter()
            .map(|text| format!("complaint\t{}\n", text.replace('\n', " / ")));
        format!(
            "paths\t{}\n{}{}end\n",
            self.n_paths,
            cells.collect::<String>(),
            complaints.collect::<String>()
        )
    }

    /// Reads what [`Outcome::to_lines`] wrote.
    pub(crate) fn from_lines(lines: &[String]) -> Result<Self, String> {
        let mut outcome = Self::default();
        if lines.last().map(String::as_str) != Some("end") {
            return Err("the estate's report was cut off".to_owned());
        }
        for line in lines {
            match line.split('\t').collect::<Vec<_>>()[..] {
                ["paths", n] => {
                    outcome.n_paths = n.parse().map_err(|_| format!("`{n}` is no count"))?
                }
                ["cell", pattern, verdict, hop] => {
                    outcome
                        .cells
                        .push((pattern.into(), verdict.into(), hop.into()))
                }
                ["complaint", ref text @ ..] => outcome.complaints.push(text.join(" ")),
                _ => {}
            }
        }
        Ok(outcome)
    }
}
