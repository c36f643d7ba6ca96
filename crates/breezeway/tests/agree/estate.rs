//! One estate: a random spec, perhaps a fault in the settled blueprint, both walks, compared.

use std::rc::Rc;

use blueprint::Blueprint;
use blueprint::diagnostic::Level;
use blueprint::network::EniOwner;
use blueprint::verdict::{Attempt, Class, PathVerdict, Place, Summary};
use breezeway::agreement;
use breezeway::live::{Progress, Walk};

use crate::settled::{Settled, settle};

/// What one estate showed.
#[derive(Debug, Default)]
pub(crate) struct Outcome {
    /// Paths walked, denials included.
    pub n_paths: usize,
    /// Pattern, verdict and hop of every attempt.
    pub cells: Vec<(String, String, String)>,
    /// Paths on which the checked and the live walk differ.
    pub disagreements: Vec<String>,
    /// What else is wrong, such as paths of sound specs that were not delivered.
    pub complaints: Vec<String>,
}

/// Raises and compares estate `index` of the series `seed`.
pub(crate) fn run(inside: &lab::Inside, seed: u64, index: u64) -> Outcome {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    let compared = runtime.map_err(anyhow::Error::from).and_then(|runtime| {
        let estate = settle(seed, index)?;
        tokio::task::LocalSet::new().block_on(&runtime, compare(inside, &estate))
    });
    compared.unwrap_or_else(|error| Outcome {
        complaints: vec![format!("{error:#}")],
        ..Outcome::default()
    })
}

async fn compare(inside: &lab::Inside, estate: &Settled) -> anyhow::Result<Outcome> {
    let blueprint = &estate.blueprint;
    let checked = verify::check(blueprint);
    let network = Rc::new(inside.raise(blueprint).await?);
    let _resolvers = network.serve_names()?;
    breezeway::brokers::start_responders(blueprint, &network)?;
    let walk = Walk::new(Rc::clone(blueprint), network);
    let live = walk.paths(&mut Progress::new(|_| ())).await;
    let live_denials = walk.denials().await;
    let paths = agreement::paths(&checked.paths, live.iter().map(|path| &path.verdict));
    let mut disagreements: Vec<_> = paths.iter().map(ToString::to_string).collect();
    for (i, (checked, live)) in checked.denials.iter().zip(&live_denials).enumerate() {
        let denial = agreement::attempts(format!("denial {i}"), checked, live);
        disagreements.extend(denial.map(|d| d.to_string()));
    }
    let denied = live_denials
        .iter()
        .flatten()
        .map(|attempt| cell(blueprint, "denial".to_owned(), attempt));
    let cells = live
        .iter()
        .flat_map(|path| cells(estate, &path.verdict))
        .chain(denied)
        .collect();
    let mut complaints = complaints(estate, &checked);
    if !disagreements.is_empty() && !estate.faults.is_empty() {
        complaints.push(format!("it was given: {}", estate.faults.join(", ")));
    }
    Ok(Outcome {
        n_paths: checked.paths.len() + checked.denials.len(),
        cells,
        disagreements,
        complaints,
    })
}

/// A sound spec is blamed for nothing and delivers everything; of any other, what is not
/// delivered has a finding.
fn complaints(estate: &Settled, checked: &verify::Checked) -> Vec<String> {
    let undelivered = undelivered(&checked.paths);
    if estate.sound {
        let checked = checked.diagnostics.iter();
        let checked = checked.filter(|found| found.level == Level::Error);
        let found = estate.diagnostics.iter().chain(checked);
        // That nobody has documented a combination says nothing about its network.
        let blamed = found.filter(|found| found.name != "unknown-combination");
        blamed
            .map(|d| format!("a sound spec was blamed: {} {}", d.name, d.title))
            .chain(undelivered.map(|path| format!("a sound spec does not deliver {path}")))
            .collect()
    } else {
        let mut findings = estate.diagnostics.iter().chain(&checked.diagnostics);
        if findings.any(|finding| finding.level == Level::Error) {
            return Vec::new();
        }
        undelivered
            .map(|path| format!("no finding explains {path}"))
            .collect()
    }
}

fn undelivered(checked: &[PathVerdict]) -> impl Iterator<Item = String> {
    let failed = checked
        .iter()
        .filter(|path| path.summary() != Summary::All(Class::Delivered));
    failed.map(|path| format!("{}: {}", path.promise, path.summary()))
}

fn cells(estate: &Settled, path: &PathVerdict) -> Vec<(String, String, String)> {
    let pattern = estate.patterns.get(path.promise.client.as_str());
    let pattern = pattern.cloned().unwrap_or_default();
    path.attempts
        .iter()
        .map(|attempt| cell(&estate.blueprint, pattern.clone(), attempt))
        .collect()
}

fn cell(blueprint: &Blueprint, pattern: String, attempt: &Attempt) -> (String, String, String) {
    let hop = match &attempt.verdict.place {
        None => "-".to_owned(),
        Some(Place::Resolver(_)) => "resolver".to_owned(),
        Some(Place::TransitGateway(_)) => format!("transit/{}", attempt.verdict.direction),
        Some(Place::Router(_)) => format!("router/{}", attempt.verdict.direction),
        Some(Place::Eni(eni)) => match blueprint.enis.get(eni).map(|eni| &eni.owner) {
            Some(EniOwner::Broker { .. }) => "broker".to_owned(),
            Some(EniOwner::BalancerNode(_)) => "node".to_owned(),
            Some(EniOwner::Endpoint(_)) => "endpoint".to_owned(),
            Some(EniOwner::ResourceGateway(_)) => "resource gateway".to_owned(),
            Some(EniOwner::Gateway(_)) => "gateway".to_owned(),
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
        let told = |what: &str, texts: &[String]| -> String {
            let texts = texts.iter().map(|text| text.replace('\n', " / "));
            texts.map(|text| format!("{what}\t{text}\n")).collect()
        };
        format!(
            "paths\t{}\n{}{}{}end\n",
            self.n_paths,
            cells.collect::<String>(),
            told("disagreement", &self.disagreements),
            told("complaint", &self.complaints)
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
                ["disagreement", ref text @ ..] => outcome.disagreements.push(text.join(" ")),
                ["complaint", ref text @ ..] => outcome.complaints.push(text.join(" ")),
                _ => {}
            }
        }
        Ok(outcome)
    }
}
