//! The matrix of clients and brokers, one block per cluster.

use std::collections::BTreeSet;
use std::time::Duration;

use blueprint::Blueprint;
use blueprint::ids::{ClientId, ClusterId};
use blueprint::kafka::Goal;
use blueprint::verdict::{Class, PathVerdict, Summary};

use super::columns::columns;

/// Draws the verdicts of `paths`: a row per client, a column for bootstrap and one per broker.
pub fn checked(blueprint: &Blueprint, paths: &[PathVerdict]) -> String {
    let row = |client: &ClientId, goals: &[Goal]| {
        vec![
            [
                vec![name(client), vpc(blueprint, client)],
                cells(client, goals, paths),
            ]
            .concat(),
        ]
    };
    blocks(blueprint, 2, row)
}

/// A live path: its verdict and how long the first delivered attempt took.
pub struct Live {
    /// What the kernel did.
    pub verdict: PathVerdict,
    /// From the dial to the broker's answer.
    pub took: Option<Duration>,
}

/// Draws checked and live verdicts, one below the other.
pub fn compared(blueprint: &Blueprint, checked: &[PathVerdict], live: &[Live]) -> String {
    let row = |client: &ClientId, goals: &[Goal]| {
        let above = [
            vec![name(client), "checked".into()],
            cells(client, goals, checked),
        ]
        .concat();
        let below = goals.iter().map(|goal| live_cell(client, *goal, live));
        vec![
            above,
            [vec![String::new(), "live".into()], below.collect()].concat(),
        ]
    };
    blocks(blueprint, 2, row)
}

fn blocks(
    blueprint: &Blueprint,
    n_leading: usize,
    rows_of: impl Fn(&ClientId, &[Goal]) -> Vec<Vec<String>>,
) -> String {
    let clusters: BTreeSet<&ClusterId> = blueprint
        .clients
        .values()
        .map(|client| &client.cluster)
        .collect();
    let mut blocks = Vec::new();
    for id in clusters {
        let Some(cluster) = blueprint.clusters.get(id) else {
            continue;
        };
        let goals: Vec<Goal> = std::iter::once(Goal::Bootstrap)
            .chain(cluster.brokers.keys().map(|broker| Goal::Broker(*broker)))
            .collect();
        let mut head = vec![String::new(); n_leading];
        head.extend(goals.iter().map(|goal| heading(id, *goal)));
        let mut rows = vec![head];
        for (client, _) in blueprint
            .clients
            .iter()
            .filter(|(_, client)| client.cluster == *id)
        {
            rows.extend(rows_of(client, &goals));
        }
        blocks.push(columns(&rows));
    }
    blocks.join("\n")
}

fn heading(cluster: &ClusterId, goal: Goal) -> String {
    match goal {
        Goal::Bootstrap => "bootstrap".to_owned(),
        Goal::Broker(id) => format!("{cluster}/{id}"),
    }
}

fn name(client: &ClientId) -> String {
    client.to_string()
}

fn vpc(blueprint: &Blueprint, client: &ClientId) -> String {
    blueprint
        .clients
        .get(client)
        .map_or_else(String::new, |client| format!("({})", client.vpc))
}

fn cells(client: &ClientId, goals: &[Goal], paths: &[PathVerdict]) -> Vec<String> {
    let cell = |goal: &Goal| {
        find(client, *goal, paths.iter())
            .map_or("–".to_owned(), |path| path.summary().to_string())
    };
    goals.iter().map(cell).collect()
}

fn live_cell(client: &ClientId, goal: Goal, live: &[Live]) -> String {
    let found = live
        .iter()
        .find(|l| l.verdict.promise.client == *client && l.verdict.promise.goal == goal);
    let Some(path) = found else {
        return "–".to_owned();
    };
    match (path.verdict.summary(), path.took) {
        (summary @ (Summary::All(Class::Delivered) | Summary::Partly { .. }), Some(took)) => {
            format!("{summary}  {:.1} ms", took.as_secs_f64() * 1e3)
        }
        (summary, _) => summary.to_string(),
    }
}

fn find<'a>(
    client: &ClientId,
    goal: Goal,
    mut paths: impl Iterator<Item = &'a PathVerdict>,
) -> Option<&'a PathVerdict> {
    paths.find(|path| path.promise.client == *client && path.promise.goal == goal)
}
