//! The overview: who does what in which stage, by the numbers of the entries.

use std::collections::BTreeMap;
use std::fmt::Write;

use blueprint::stage::Stage;

use super::agenda::Entry;

/// Columns between two stages.
const GAP: usize = 2;

/// The numbers of one account and Region by stage, and whether each is a unit.
type Row = BTreeMap<Stage, Vec<(usize, bool)>>;

/// A row for each account and Region, a column for each stage; numbers rise from left to right,
/// and those in brackets are no unit of the target.
pub(super) fn draw(entries: &[Entry<'_>]) -> String {
    let mut rows: BTreeMap<(&str, &str), Row> = BTreeMap::new();
    for (at, entry) in entries.iter().enumerate() {
        let row = rows.entry((entry.account, entry.region)).or_default();
        let cell = row.entry(entry.stage).or_default();
        cell.push((at + 1, entry.work.is_unit()));
    }
    let head: Vec<String> = Stage::ALL.iter().map(ToString::to_string).collect();
    let mut lines: Vec<(String, Vec<String>)> = vec![(String::new(), head)];
    for ((account, region), row) in &rows {
        let written = Stage::ALL.iter();
        let written =
            written.map(|stage| row.get(stage).map(|cell| ranges(cell)).unwrap_or_default());
        lines.push((format!("{account} {region}"), written.collect()));
    }
    aligned(&lines)
}

/// Numbers as ranges: `1-3 (4-5)`.
fn ranges(numbers: &[(usize, bool)]) -> String {
    let mut runs: Vec<(usize, usize, bool)> = Vec::new();
    for (number, is_unit) in numbers {
        match runs.last_mut() {
            Some((_, last, kind)) if *last + 1 == *number && kind == is_unit => *last = *number,
            Some(_) | None => runs.push((*number, *number, *is_unit)),
        }
    }
    let texts = runs.into_iter().map(|(first, last, is_unit)| {
        let text = if first == last {
            first.to_string()
        } else {
            format!("{first}-{last}")
        };
        if is_unit { text } else { format!("({text})") }
    });
    texts.collect::<Vec<_>>().join(" ")
}

fn aligned(rows: &[(String, Vec<String>)]) -> String {
    let name = rows.iter().map(|(name, _)| name.len()).max().unwrap_or(0);
    let width = |column: usize| {
        let cells = rows.iter().filter_map(|(_, cells)| cells.get(column));
        cells.map(String::len).max().unwrap_or(0)
    };
    let mut text = String::new();
    for (row, cells) in rows {
        let mut line = format!("{row:<name$}");
        for (column, cell) in cells.iter().enumerate() {
            let _ = write!(line, "{:GAP$}{cell:<width$}", "", width = width(column));
        }
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::ranges;

    #[test]
    fn neighbours_of_a_kind_are_one_range() {
        let numbers = [(1, true), (2, true), (4, true), (5, false), (6, false)];
        assert_eq!(ranges(&numbers), "1-2 4 (5-6)");
        assert_eq!(ranges(&[]), "");
    }
}
