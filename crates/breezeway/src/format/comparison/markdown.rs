//! A comparison in Markdown: a table of all columns for each pair.

use super::{cells, heading, headings, legend, remarks};
use crate::comparison::Comparison;

/// Writes a section for each pair.
pub fn text(comparison: &Comparison) -> String {
    let mut parts = Vec::new();
    for compared in &comparison.pairs {
        let (pair, facts) = heading(compared);
        let rule = vec!["---".to_owned(); headings().len()];
        let rows = [headings(), rule].into_iter();
        let rows = rows
            .chain(compared.ways.iter().map(cells))
            .map(|row| line(&row));
        let remarks = remarks(compared)
            .into_iter()
            .map(|remark| format!("- {}\n", escaped(&remark)));
        parts.push(format!(
            "## {}\n\n{}\n\n{}\n{}",
            escaped(&pair),
            escaped(&facts),
            rows.collect::<String>(),
            remarks.collect::<String>()
        ));
    }
    parts.push(format!(
        "{}\n",
        escaped(&legend(&comparison.pairs, &comparison.date))
    ));
    parts.join("\n")
}

fn line(cells: &[String]) -> String {
    let cells: Vec<_> = cells.iter().map(|cell| escaped(cell)).collect();
    format!("| {} |\n", cells.join(" | "))
}

/// A bar would end the cell, and a leading tilde pair strike text out.
fn escaped(text: &str) -> String {
    text.replace('|', "\\|")
        .replace('~', "\\~")
        .replace('<', "&lt;")
}
