//! A comparison for a terminal: the columns one decides by, or one block for each way.

use plan::compare::{Delta, Row, Variant};

use super::{NONE, cells, heading, headings, legend, money, outcome, remarks};
use crate::comparison::{Compared, Comparison, Way};

/// The width everything fits in.
const WIDTH: usize = 100;

/// Blanks between columns.
const GAP: &str = "  ";

/// Draws the columns one decides by, or with `wide` everything.
pub fn text(comparison: &Comparison, wide: bool) -> String {
    let mut blocks: Vec<String> = comparison
        .pairs
        .iter()
        .map(|compared| {
            let (pair, facts) = heading(compared);
            let body = if wide {
                blocks_of(compared)
            } else {
                table(compared)
            };
            let remarks = remarks(compared).into_iter();
            let remarks: Vec<_> = remarks.map(|remark| wrapped(&remark, "", "  ")).collect();
            let head = format!("{pair}{:>gap$}{facts}", "", gap = HEADING_GAP);
            format!(
                "{}\n\n{body}\n{}",
                wrapped(&head, "", "  "),
                remarks.join("\n")
            )
        })
        .collect();
    blocks.push(wrapped(
        &legend(&comparison.pairs, &comparison.date),
        "",
        "  ",
    ));
    blocks.join("\n\n")
}

/// Blanks between a pair's names and what is known of it.
const HEADING_GAP: usize = 4;

fn table(compared: &Compared) -> String {
    let head = [
        "via",
        "works",
        "$/month",
        "$/GB",
        "Gbps",
        "hops",
        "listeners",
        "+broker",
        "+VPC",
    ];
    let mut rows = vec![head.map(str::to_owned).to_vec()];
    rows.extend(compared.ways.iter().map(essential));
    let widths: Vec<usize> = (0..head.len())
        .map(|column| {
            let cells = rows.iter().filter(|row| row.len() == head.len());
            let widths = cells
                .filter_map(|row| row.get(column))
                .map(|cell| cell.chars().count());
            let names = rows
                .iter()
                .filter(|_| column == 0)
                .filter_map(|row| row.first());
            widths
                .chain(names.map(|name| name.chars().count()))
                .max()
                .unwrap_or(0)
        })
        .collect();
    let lines = rows.iter().map(|row| line(row, &widths));
    lines.collect::<Vec<_>>().join("\n") + "\n"
}

/// The cells of a way that works; of another one its name, the word and why.
fn essential(way: &Way) -> Vec<String> {
    let (word, said) = outcome(way);
    let name = name(way.row.variant);
    if let (false, Some(said)) = (way.outcome.is_open(), said) {
        return vec![name, word.to_owned(), said];
    }
    let row = &way.row;
    let average = row.per_gb.average;
    let ceiling = row.ceiling.zone.map_or_else(
        || {
            row.ceiling
                .total
                .or(row.ceiling.flow)
                .map(|total| total.value.to_string())
        },
        |zone| Some(format!("{}/zone", zone.value)),
    );
    vec![
        name,
        word.to_owned(),
        money(row.total),
        super::marked(average, average.amount.fixed(4)),
        ceiling.unwrap_or_else(|| NONE.to_owned()),
        format!("+{}", row.hops.len()),
        listeners(row),
        short(row.new_broker),
        short(row.new_client_vpc),
    ]
}

/// The form of a way stands below the word it shares with another one.
fn name(variant: Variant) -> String {
    match variant {
        Variant::PerBrokerAligned => "  zone-aligned".to_owned(),
        Variant::SameVpc
        | Variant::Peering
        | Variant::TransitGateway
        | Variant::Privatelink
        | Variant::PerBrokerSpread
        | Variant::MskMultiVpc
        | Variant::ResourceEndpoint
        | Variant::GatewayPort
        | Variant::GatewaySni
        | Variant::GatewaySniPassthrough => variant.to_string(),
    }
}

fn listeners(row: &Row) -> String {
    let listeners = &row.listeners;
    match (listeners.moved.len(), listeners.added.len()) {
        (0, 0) => "stay".to_owned(),
        (0, added) => format!("{added} added"),
        (moved, _) => format!("{moved} moved"),
    }
}

fn short(delta: Delta) -> String {
    if delta.changed == 0 {
        delta.added.to_string()
    } else {
        format!("{} ~ {}", delta.added, delta.changed).replace(" ~ ", "+")
    }
}

/// A whole row in columns, or a short one whose last cell takes the rest of the line.
fn line(row: &[String], widths: &[usize]) -> String {
    let pad = |cell: &String, width: &usize| {
        let blanks = width.saturating_sub(cell.chars().count());
        format!("{cell}{}", " ".repeat(blanks))
    };
    if row.len() == widths.len() {
        let cells = row.iter().zip(widths).map(|(cell, width)| pad(cell, width));
        return cells.collect::<Vec<_>>().join(GAP).trim_end().to_owned();
    }
    let Some((last, first)) = row.split_last() else {
        return String::new();
    };
    let cells = first
        .iter()
        .zip(widths)
        .map(|(cell, width)| pad(cell, width));
    let lead = cells.collect::<Vec<_>>().join(GAP) + GAP;
    let indent = " ".repeat(lead.chars().count());
    wrapped(last, &lead, &indent)
}

fn blocks_of(compared: &Compared) -> String {
    let headings = headings();
    let widest = headings
        .iter()
        .map(|heading| heading.chars().count())
        .max()
        .unwrap_or(0);
    let blocks = compared.ways.iter().map(|way| {
        let cells = cells(way);
        let n_shown = if way.outcome.is_open() {
            cells.len()
        } else {
            2
        };
        let rows = headings.iter().zip(cells).take(n_shown).enumerate();
        let lines = rows.map(|(at, (heading, cell))| {
            if at == 0 {
                return cell;
            }
            let lead = format!("  {heading:<widest$}{GAP}");
            let indent = " ".repeat(lead.chars().count());
            wrapped(&cell, &lead, &indent)
        });
        lines.collect::<Vec<_>>().join("\n")
    });
    blocks.collect::<Vec<_>>().join("\n\n") + "\n"
}

/// Breaks a text between words so that it fits, the first line behind `lead`, others behind
/// `indent`.
fn wrapped(text: &str, lead: &str, indent: &str) -> String {
    let mut lines = Vec::new();
    let mut line = lead.to_owned();
    let mut is_empty = true;
    for word in text.split(' ') {
        let length = line.chars().count() + word.chars().count() + usize::from(!is_empty);
        if WIDTH < length && !is_empty {
            lines.push(std::mem::replace(&mut line, indent.to_owned()));
            is_empty = true;
        }
        if !is_empty {
            line.push(' ');
        }
        line.push_str(word);
        is_empty = false;
    }
    lines.push(line);
    let lines = lines.iter().map(|line| line.trim_end());
    lines.collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_texts_break_between_words() {
        let text = wrapped(&"four ".repeat(30), "lead  ", "      ");
        assert!(text.lines().all(|line| line.chars().count() <= WIDTH));
        assert_eq!(text.lines().count(), 2);
        assert!(
            text.lines()
                .skip(1)
                .all(|line| line.starts_with("      four"))
        );
    }
}
