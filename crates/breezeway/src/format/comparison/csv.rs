//! A comparison as comma-separated values (RFC 4180): a line for each way of each pair.

use super::{cells, headings};
use crate::comparison::Comparison;

/// Writes a heading and the lines.
pub fn text(comparison: &Comparison) -> String {
    let head = ["from".to_owned(), "to".to_owned(), "GB/month".to_owned()].into_iter();
    let mut lines = vec![line(head.chain(headings()))];
    for compared in &comparison.pairs {
        let gb = compared.gb.map_or_else(String::new, |gb| gb.fixed(0));
        for way in &compared.ways {
            let lead = [
                compared.pair.from.clone(),
                compared.pair.to.clone(),
                gb.clone(),
            ];
            lines.push(line(lead.into_iter().chain(cells(way))));
        }
    }
    lines.join("\r\n") + "\r\n"
}

fn line(cells: impl Iterator<Item = String>) -> String {
    cells
        .map(|cell| quoted(&cell))
        .collect::<Vec<_>>()
        .join(",")
}

/// Quotes what would end a cell.
fn quoted(cell: &str) -> String {
    if cell.contains([',', '"', '\n', '\r']) {
        format!("\"{}\"", cell.replace('"', "\"\""))
    } else {
        cell.to_owned()
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn commas_and_quotes_are_quoted() {
        assert_eq!(super::quoted("a"), "a");
        assert_eq!(super::quoted("a, \"b\""), "\"a, \"\"b\"\"\"");
    }
}
