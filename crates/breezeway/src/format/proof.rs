//! A proof as text: the matrix, the records, the denials, and whether all agrees.

use blueprint::Blueprint;
use blueprint::ids::ClientId;
use blueprint::verdict::Class;

use super::count::{count, thousands};
use super::matrix;
use crate::proof::{Exchange, Proof};

/// The whole proof, matrix included.
pub fn full(blueprint: &Blueprint, proof: &Proof) -> String {
    let matrix = matrix::compared(blueprint, &proof.checked, &proof.live);
    format!("{matrix}\n{}", concise(proof))
}

/// The proof without its matrix: one line per fact.
pub fn concise(proof: &Proof) -> String {
    let disagreements = proof.disagreements();
    let denials = proof
        .denials
        .iter()
        .filter_map(|denied| denied.disagreement());
    let differences = disagreements.iter().cloned().chain(denials);
    let mut lines: Vec<_> = proof
        .messages
        .iter()
        .map(|(id, exchange)| records(id, exchange))
        .collect();
    lines.push(negative(proof));
    lines.extend(differences.map(|difference| format!("DISAGREE {difference}")));
    let n_paths = proof.live.len();
    let n_agreeing = n_paths.saturating_sub(disagreements.len());
    lines.push(format!(
        "agree     {n_agreeing} of {}",
        count(n_paths, "path")
    ));
    lines.join("\n")
}

fn records(id: &ClientId, exchange: &Exchange) -> String {
    match exchange {
        Exchange::Tried(report) => format!("messages  {id} {}", report.in_words()),
        Exchange::Skipped => format!("messages  {id}: skipped, not every path of it is delivered"),
        Exchange::Failed(why) => format!("messages  {id} failed: {why}"),
    }
}

fn negative(proof: &Proof) -> String {
    let n_attempts = proof.n_denials(|_| true);
    let delivered = proof.n_denials(|class| class == Class::Delivered);
    let unknown = proof.n_denials(|class| class == Class::Unknown);
    let as_checked = proof
        .denials
        .iter()
        .filter(|denied| denied.disagreement().is_none());
    format!(
        "negative  {} by strangers and backwards: {} denied, {delivered} delivered, {unknown} unknown; {} of {} as checked",
        count(n_attempts, "attempt"),
        thousands(n_attempts - delivered - unknown),
        as_checked.count(),
        proof.denials.len()
    )
}
