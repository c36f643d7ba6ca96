//! The page of facts: every number, name and date Breezeway rests on, and where each was read.

use blueprint::facts::{Confidence, Fact, Facts};

use super::Page;
use super::patterns::cell_text;

/// The table of all facts, a section for each subject.
pub(super) fn table() -> Page {
    let facts = Facts::embedded();
    let all: Vec<&Fact> = facts.iter().collect();
    let n_of = |confidence: Confidence| {
        all.iter()
            .filter(|fact| fact.confidence == confidence)
            .count()
    };
    let mut text = format!(
        "# facts\n\nWhat Breezeway knows of AWS and Kafka in numbers and names, each with the place it was read at: {} facts, of which {} stand in their source, {} follow from one and {} are unverified.\n\nUnverified ones are marked wherever they are printed, and so is a price of us-east-1 that stands in for another Region's. `breezeway compare --facts FILE` lays others over them, in the same form.\n",
        all.len(),
        n_of(Confidence::Read),
        n_of(Confidence::Inferred),
        n_of(Confidence::Unverified),
    );
    let mut subject = "";
    for fact in all {
        if fact.id.subject() != subject {
            subject = fact.id.subject();
            text.push_str(&format!("\n## {subject}\n\n| fact | Region | value | unit | since | read | confidence | source |\n| --- | --- | --- | --- | --- | --- | --- | --- |\n"));
        }
        text.push_str(&line(fact));
    }
    Page {
        name: "facts",
        text,
        level: None,
    }
}

fn line(fact: &Fact) -> String {
    let note = if fact.note.is_empty() {
        String::new()
    } else {
        format!("; {}", fact.note)
    };
    format!(
        "| `{}` | {} | {} | {} | {} | {} | {} | {}{} |\n",
        fact.id,
        fact.region.as_deref().unwrap_or("any"),
        cell_text(&fact.value.to_string()),
        fact.unit,
        fact.valid_from.as_deref().unwrap_or("–"),
        fact.read,
        fact.confidence.as_str(),
        cell_text(&fact.source),
        cell_text(&note),
    )
}
