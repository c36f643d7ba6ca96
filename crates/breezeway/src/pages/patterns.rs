//! The pages of patterns: what each is in a few lines, with the numbers of the facts, and the
//! whole table of what they serve.

use blueprint::facts::{Facts, PRICED_REGION, id};
use blueprint::patterns::{Cell, Pattern, Relation, Ruling, State, Table};
use blueprint::spec::{Auth, ClusterKind};

use super::Page;

macro_rules! pages {
    ($($name:literal),+ $(,)?) => {
        [$(($name, include_str!(concat!("patterns/", $name, ".md")))),+]
    };
}

/// Name and text of each page, with facts by their names in braces.
const TEXTS: [(&str, &str); 8] = pages![
    "same-vpc",
    "peering",
    "transit-gateway",
    "privatelink",
    "privatelink-per-broker",
    "msk-multi-vpc",
    "resource-endpoint",
    "gateway",
];

/// One page for each word of `via`.
pub(super) fn pages() -> Vec<Page> {
    let facts = Facts::embedded();
    let pages = TEXTS.iter().map(|(name, text)| Page {
        name,
        text: filled(text, facts),
        level: None,
    });
    pages.collect()
}

/// Replaces `{prices.nlb-hour}` by the value and unit of the fact, us-east-1's if it is one of a
/// Region. What no fact is called stays as it is.
fn filled(text: &str, facts: &Facts) -> String {
    let mut parts = text.split('{');
    let mut filled = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        match part
            .split_once('}')
            .and_then(|(name, rest)| Some((told(name, facts)?, rest)))
        {
            Some((fact, rest)) => filled.push_str(&format!("{fact}{rest}")),
            None => filled.push_str(&format!("{{{part}")),
        }
    }
    filled
}

fn told(name: &str, facts: &Facts) -> Option<String> {
    let found = facts.fact(id::named(name)?, PRICED_REGION)?;
    let mark = if found.is_unverified() {
        ", unverified"
    } else {
        ""
    };
    let unit = found.fact.unit.as_str();
    let unit = if matches!(unit, "version" | "port") {
        ""
    } else {
        unit
    };
    Some(format!("{} {unit}", found.fact.value).trim_end().to_owned() + mark)
}

/// The table, pattern by pattern: every ruling once, with the cells it rules.
pub(super) fn table() -> Page {
    let table = Table::embedded();
    let mut text = format!(
        "# patterns\n\nWhich way to connect serves which kind of cluster, by which authentication, across accounts and Regions: {} cells, of which {} are allowed, {} refused and {} unknown.\n\nA refused cell names the check that refuses it; an unknown one is planned with a warning, because no source settles it. Ranges, quotas and zones depend on the spec and are judged by checks. Accounts and Regions are those of the client beside the cluster's.\n",
        table.cells().count(),
        n_of(table, "allowed"),
        n_of(table, "refused"),
        n_of(table, "unknown"),
    );
    for pattern in Pattern::ALL {
        text.push_str(&format!("\n## {pattern}\n\n| cluster | authentication | account | Region | state | because | source |\n| --- | --- | --- | --- | --- | --- | --- |\n"));
        for (cells, ruling) in ruled(table, *pattern) {
            text.push_str(&line(&cells, ruling));
        }
    }
    Page {
        name: "patterns",
        text,
        level: None,
    }
}

fn n_of(table: &Table, state: &str) -> usize {
    table
        .cells()
        .filter(|(_, ruling)| ruling.state.as_str() == state)
        .count()
}

/// The rulings of a pattern for one kind each, with the cells that share them.
fn ruled(table: &Table, pattern: Pattern) -> Vec<(Vec<Cell>, &Ruling)> {
    let mut ruled: Vec<(Vec<Cell>, &Ruling)> = Vec::new();
    for (cell, ruling) in table.cells().filter(|(cell, _)| cell.pattern == pattern) {
        let known = ruled.iter_mut().find(|(cells, known)| {
            *known == ruling && cells.first().is_some_and(|first| first.kind == cell.kind)
        });
        match known {
            Some((cells, _)) => cells.push(cell),
            None => ruled.push((vec![cell], ruling)),
        }
    }
    ruled
}

fn line(cells: &[Cell], ruling: &Ruling) -> String {
    let kind = cells
        .first()
        .map_or("", |cell| ClusterKind::as_str(cell.kind));
    let auths = words(Auth::ALL, |auth| {
        cells.iter().any(|cell| cell.auth == *auth)
    });
    let accounts = words(Relation::ALL, |at| {
        cells.iter().any(|cell| cell.account == *at)
    });
    let regions = words(Relation::ALL, |at| {
        cells.iter().any(|cell| cell.region == *at)
    });
    let state = match ruling.state {
        State::Refused { check } => format!("refused: `{check}`"),
        State::Allowed | State::Unknown => ruling.state.as_str().to_owned(),
    };
    format!(
        "| {kind} | {auths} | {accounts} | {regions} | {state} | {} | {} ({}) |\n",
        cell_text(&ruling.because),
        cell_text(&ruling.source),
        ruling.confidence.as_str()
    )
}

fn words<T: std::fmt::Display>(all: &[T], is_in: impl Fn(&T) -> bool) -> String {
    let within: Vec<_> = all
        .iter()
        .filter(|word| is_in(word))
        .map(ToString::to_string)
        .collect();
    if within.len() == all.len() {
        "any".to_owned()
    } else {
        within.join(", ")
    }
}

/// A text inside a cell of a table.
pub(super) fn cell_text(text: &str) -> String {
    text.replace('|', "\\|")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_fact_of_a_page_is_known() {
        for page in pages() {
            assert!(!page.text.contains('{'), "{}", page.text);
        }
        let facts = Facts::embedded();
        assert_eq!(filled("{no.fact} {", facts), "{no.fact} {");
        assert_eq!(filled("a {mtu.vpc}.", facts), "a 9001 bytes.");
    }

    #[test]
    fn every_via_has_a_page() {
        let names: Vec<&str> = pages().iter().map(|page| page.name).collect();
        for via in blueprint::spec::Via::ALL {
            let is_way = *via != blueprint::spec::Via::Auto;
            assert_eq!(names.contains(&via.as_str()), is_way, "{via}");
        }
    }

    #[test]
    fn a_line_of_the_table_stands_for_its_cells_only() {
        let table = Table::embedded();
        for pattern in Pattern::ALL {
            for (cells, ruling) in ruled(table, *pattern) {
                let of = |by: fn(&Cell) -> String| {
                    cells
                        .iter()
                        .map(by)
                        .collect::<std::collections::BTreeSet<_>>()
                };
                let product = of(|cell| cell.auth.to_string()).len()
                    * of(|cell| cell.account.to_string()).len()
                    * of(|cell| cell.region.to_string()).len();
                assert_eq!(product, cells.len(), "{pattern}: {ruling:?}");
            }
        }
    }
}
