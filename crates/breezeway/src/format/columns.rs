//! Text in aligned columns.

/// Pads every cell to its column's width, two spaces between columns, nothing at line ends.
pub fn columns(rows: &[Vec<String>]) -> String {
    let n_columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let widths: Vec<usize> = (0..n_columns).map(|i| width(rows, i)).collect();
    let mut text = String::new();
    for row in rows {
        let cells = row
            .iter()
            .zip(&widths)
            .map(|(cell, width)| format!("{cell:<width$}"));
        text.push_str(cells.collect::<Vec<_>>().join("  ").trim_end());
        text.push('\n');
    }
    text
}

fn width(rows: &[Vec<String>], column: usize) -> usize {
    rows.iter()
        .filter_map(|row| row.get(column))
        .map(|cell| cell.chars().count())
        .max()
        .unwrap_or(0)
}

#[cfg(test)]
mod tests {
    #[test]
    fn short_rows_and_wide_cells_align() {
        let rows = [
            vec!["a".into(), "long".into()],
            vec!["broker".into()],
            vec!["b".into(), "é".into(), "c".into()],
        ];
        assert_eq!(
            super::columns(&rows),
            "a       long\nbroker\nb       é     c\n"
        );
    }
}
