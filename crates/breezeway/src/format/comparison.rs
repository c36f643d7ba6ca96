//! A comparison in words: one list of columns for every form it is printed in.

pub mod csv;
pub mod html;
pub mod markdown;
mod picture;
pub mod terminal;

use std::collections::BTreeMap;

use blueprint::facts::Decimal;
use plan::compare::{BreakEven, Delta, Figure, Limit, Measure, Row};

use super::count::{count, thousands};
use crate::comparison::{Best, Compared, Outcome, Way};

/// What marks a figure that rests on an unverified fact.
const UNVERIFIED: &str = "~";
/// What marks a sum that leaves out something without a known price.
const PARTIAL: &str = "≥ ";
/// What stands where there is nothing to say.
const NONE: &str = "–";

/// A column: its heading and what a row says in it.
pub(super) struct Column {
    pub(super) heading: &'static str,
    pub(super) cell: fn(&Row) -> String,
}

macro_rules! column {
    ($heading:literal, $cell:expr) => {
        Column {
            heading: $heading,
            cell: $cell,
        }
    };
}

/// Every column behind the way and its outcome.
pub(super) static COLUMNS: [Column; 24] = [
    column!("fixed $/month, owner", |row| money(row.fixed.owner)),
    column!("fixed $/month, client", |row| money(row.fixed.client)),
    column!("$/GB, same zone", |row| rate(row.per_gb.same_zone)),
    column!("$/GB, cross-zone", |row| rate(row.per_gb.cross_zone)),
    column!("$/GB, cross-Region", |row| rate(row.per_gb.other_region)),
    column!("$/GB, average", |row| rate(Some(row.per_gb.average))),
    column!("billed zone crossings of a byte", |row| row
        .per_gb
        .crossing
        .to_string()),
    column!("total $/month", |row| money(row.total)),
    column!("Gbps, flow", |row| measure(row.ceiling.flow)),
    column!("Gbps, zone", |row| measure(row.ceiling.zone)),
    column!("Gbps, total", |row| measure(row.ceiling.total)),
    column!("MTU", |row| measure(row.mtu)),
    column!("added hops", |row| hops(row)),
    column!("idle time-out", idle),
    column!("direction", |row| row.direction.to_owned()),
    column!("exposed", |row| row.exposure.to_owned()),
    column!("broker sees", |row| format!("{} address", row.seen_as)),
    column!("DNS objects", names),
    column!("brokers' listeners", listeners),
    column!("most brokers", |row| limit(row.brokers)),
    column!("most client VPCs", |row| limit(row.client_vpcs)),
    column!("at a new broker, a new client VPC", |row| format!(
        "{}; {}",
        delta(row.new_broker),
        delta(row.new_client_vpc)
    )),
    column!("phases", phases),
    column!("a zone's loss takes", zone_loss),
];

/// The heading above a pair's table.
pub(super) fn heading(compared: &Compared) -> (String, String) {
    let pair = format!("{} → {}", compared.pair.from, compared.pair.to);
    let regions = if compared.region == compared.client_region {
        compared.region.clone()
    } else {
        format!("{} → {}", compared.client_region, compared.region)
    };
    let traffic = compared.gb.map_or_else(
        || "no traffic said: totals are fixed prices".to_owned(),
        |gb| format!("{} GB a month", grouped(gb, 0)),
    );
    let n_brokers = count(compared.n_brokers, "broker");
    (pair, format!("{n_brokers}, {traffic}, {regions}"))
}

/// The word for an outcome, and what it says besides.
pub(super) fn outcome(way: &Way) -> (&'static str, Option<String>) {
    match &way.outcome {
        Outcome::Works => ("yes", None),
        Outcome::Unknown { because } => ("unknown", Some(because.clone())),
        Outcome::Refused {
            check, title, more, ..
        } => {
            let more = match more {
                0 => String::new(),
                more => format!(" (and {})", count(*more, "more error")),
            };
            ("no", Some(format!("{check}: {title}{more}")))
        }
    }
}

/// What a refused or unknown way says in place of, or beside, its numbers.
pub(super) fn cells(way: &Way) -> Vec<String> {
    let (word, said) = outcome(way);
    let works = said.map_or_else(|| word.to_owned(), |said| format!("{word}: {said}"));
    let counted = COLUMNS.iter().map(|column| {
        if way.outcome.is_open() {
            (column.cell)(&way.row)
        } else {
            NONE.to_owned()
        }
    });
    [way.row.variant.to_string(), works]
        .into_iter()
        .chain(counted)
        .collect()
}

/// Headings of [`cells`].
pub(super) fn headings() -> Vec<String> {
    let counted = COLUMNS.iter().map(|column| column.heading.to_owned());
    ["via".to_owned(), "works".to_owned()]
        .into_iter()
        .chain(counted)
        .collect()
}

/// What is said below a pair's table.
pub(super) fn remarks(compared: &Compared) -> Vec<String> {
    let mut remarks = Vec::new();
    if let Some(best) = &compared.best {
        let first = &compared.ways[best.first];
        remarks.push(format!("cheapest that works: {}", praise(&first.row)));
        remarks.extend(cheaper(compared, best));
        if let Some(next) = best.next {
            remarks.push(next_best(compared, next));
        }
    } else {
        remarks.push("nothing that is compared works as the spec stands".to_owned());
    }
    remarks.extend(unsettled(compared));
    remarks.extend(resets(compared));
    remarks.extend(
        compared
            .anyway
            .iter()
            .map(|error| format!("whatever the way: {error}")),
    );
    remarks
}

/// The way, what it costs, and what it leaves alone.
fn praise(row: &Row) -> String {
    let effect = if row.listeners.moved.is_empty() && row.listeners.added.is_empty() {
        "brokers' listeners stay".to_owned()
    } else {
        listeners(row)
    };
    format!(
        "{}, {} $/month ({effect}); `{}`",
        row.variant,
        money(row.total),
        row.variant.lines()
    )
}

/// Ways that would be cheaper if nothing refused them, where their bill is whole.
fn cheaper(compared: &Compared, best: &Best) -> Option<String> {
    let first = &compared.ways[best.first].row;
    let ways = best.cheaper_but_refused.iter().filter_map(|at| {
        let way = &compared.ways[*at];
        let less = first.total.amount.minus(way.row.total.amount);
        let Outcome::Refused { check, .. } = &way.outcome else {
            return None;
        };
        let told = way.row.is_whole && !way.row.total.partial && Decimal::ZERO < less;
        told.then(|| format!("{} ({} less, {check})", way.row.variant, grouped(less, 0)))
    });
    let ways: Vec<_> = ways.collect();
    (!ways.is_empty()).then(|| format!("cheaper, but refused: {}", ways.join(", ")))
}

/// Ways that no check refuses and no source confirms, with what is not known.
fn unsettled(compared: &Compared) -> Vec<String> {
    let mut reasons: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for way in &compared.ways {
        if let Outcome::Unknown { because } = &way.outcome {
            let ways = reasons.entry(because).or_default();
            ways.push(way.row.variant.to_string());
        }
    }
    let reasons = reasons.into_iter();
    reasons
        .map(|(because, ways)| format!("unknown: {}: {because}", ways.join(", ")))
        .collect()
}

fn next_best(compared: &Compared, next: usize) -> String {
    let best = compared.best.as_ref();
    let more = best.and_then(|best| best.dearer_by);
    let more = more.map_or_else(String::new, |more| {
        format!(", {} $/month more", money(more))
    });
    let met = match best.and_then(|best| best.break_even) {
        Some(BreakEven::At(gb)) => format!("; the bills meet at {} GB a month", grouped(gb, 0)),
        Some(BreakEven::Never) => "; the bills never meet".to_owned(),
        None => String::new(),
    };
    format!("next: {}{more}{met}", compared.ways[next].row.variant)
}

/// Ways on which silent connections die under a client.
fn resets(compared: &Compared) -> Option<String> {
    let resetting = compared
        .ways
        .iter()
        .filter(|way| way.outcome.is_open() && way.row.idle.resets());
    let first = resetting
        .map(|way| way.row.idle)
        .min_by_key(|idle| idle.limit.map(|l| l.value))?;
    let limit = first.limit?.value;
    Some(format!(
        "idle: endpoints cut a connection silent for {limit} s, and the client keeps one for {} s: set its `connections.max.idle.ms` below {}",
        first.client_ms / 1000,
        limit.saturating_mul(1000)
    ))
}

/// What the marks mean, as far as they are used.
pub(super) fn legend(pairs: &[Compared], date: &str) -> String {
    let open = pairs
        .iter()
        .flat_map(|pair| &pair.ways)
        .filter(|way| way.outcome.is_open());
    let cells: Vec<String> = open.flat_map(cells).collect();
    let used = |mark: &str| cells.iter().any(|cell| cell.contains(mark));
    let mut parts = vec![format!("facts of {date}")];
    if used(UNVERIFIED) {
        parts.push(format!(
            "{UNVERIFIED} rests on an unverified fact or another Region's price"
        ));
    }
    if used(PARTIAL) {
        parts.push("≥ leaves out what has no known price (instances)".to_owned());
    }
    parts.push("GB are 10⁹ bytes; a balancer's price counts whole for each pair".to_owned());
    parts.push(
        "+broker and +VPC count objects made and, behind the sign, objects touched".to_owned(),
    );
    parts.join("; ")
}

fn marked(figure: Figure, text: String) -> String {
    let partial = if figure.partial { PARTIAL } else { "" };
    let unverified = if figure.unverified { UNVERIFIED } else { "" };
    format!("{partial}{unverified}{text}")
}

/// Dollars: cents below a hundred, whole ones above.
fn money(figure: Figure) -> String {
    let places = if figure.amount < Decimal::from_whole(100) {
        2
    } else {
        0
    };
    marked(figure, grouped(figure.amount, places))
}

fn rate(figure: Option<Figure>) -> String {
    figure.map_or_else(
        || NONE.to_owned(),
        |figure| marked(figure, figure.amount.fixed(4)),
    )
}

/// A number with so many places, its digits grouped by commas.
fn grouped(amount: Decimal, places: u32) -> String {
    let text = amount.fixed(places);
    let (whole, rest) = text
        .split_once('.')
        .map_or((text.as_str(), None), |(w, r)| (w, Some(r)));
    let whole = whole
        .parse::<usize>()
        .map_or_else(|_| whole.to_owned(), thousands);
    rest.map_or_else(|| whole.clone(), |rest| format!("{whole}.{rest}"))
}

fn measure(measure: Option<Measure>) -> String {
    measure.map_or_else(
        || NONE.to_owned(),
        |measure| {
            let mark = if measure.unverified { UNVERIFIED } else { "" };
            format!("{mark}{}", measure.value)
        },
    )
}

fn hops(row: &Row) -> String {
    if row.hops.is_empty() {
        "none".to_owned()
    } else {
        format!("{}: {}", row.hops.len(), row.hops.join(", "))
    }
}

fn idle(row: &Row) -> String {
    let Some(limit) = row.idle.limit else {
        return "none".to_owned();
    };
    let ends = if row.idle.resets() {
        "resets the client's"
    } else {
        "above the client's"
    };
    format!(
        "{} s, {ends} {} s",
        measure(Some(limit)),
        row.idle.client_ms / 1000
    )
}

fn names(row: &Row) -> String {
    let names = row.names;
    let parts = [
        (names.zones, "zone"),
        (names.records, "record"),
        (names.associations, "association"),
        (names.managed, "zone kept by AWS"),
    ];
    let parts = parts.into_iter().filter(|(n, _)| 0 < *n);
    let parts: Vec<_> = parts
        .map(|(n, noun)| match noun {
            "zone kept by AWS" => format!("{} kept by AWS", count(n, "zone")),
            _ => count(n, noun),
        })
        .collect();
    if parts.is_empty() {
        "none".to_owned()
    } else {
        parts.join(", ")
    }
}

fn listeners(row: &Row) -> String {
    let listeners = &row.listeners;
    let mut parts = Vec::new();
    if !listeners.moved.is_empty() {
        let others = if listeners.others.is_empty() {
            String::new()
        } else {
            format!(" and with it {}", listeners.others.join(", "))
        };
        parts.push(format!("{} moves{others}", listeners.moved.join(", ")));
    }
    if !listeners.added.is_empty() {
        parts.push(format!("{} is added", listeners.added.join(", ")));
    }
    if parts.is_empty() {
        "unchanged".to_owned()
    } else {
        parts.join("; ")
    }
}

fn limit(limit: Option<Limit>) -> String {
    limit.map_or_else(
        || "no quota known".to_owned(),
        |limit| {
            let mark = if limit.unverified { UNVERIFIED } else { "" };
            format!(
                "{mark}{}, {} more ({} of {})",
                limit.most,
                limit.headroom(),
                limit.quota.as_str().trim_start_matches("quotas."),
                limit.of
            )
        },
    )
}

fn delta(delta: Delta) -> String {
    match (delta.added, delta.changed) {
        (0, 0) => "nothing".to_owned(),
        (added, 0) => format!("{added} made"),
        (0, changed) => format!("{changed} touched"),
        (added, changed) => format!("{added} made, {changed} touched"),
    }
}

fn phases(row: &Row) -> String {
    if row.phases.is_empty() {
        return "none".to_owned();
    }
    let turns: Vec<_> = row
        .phases
        .iter()
        .map(|phase| format!("{}: {}", phase.account, phase.work.join(", ")))
        .collect();
    let n_phases = count(row.phases.len(), "phase");
    format!(
        "{n_phases}, {} ({})",
        count(row.hand_offs(), "hand-off"),
        turns.join("; then ")
    )
}

fn zone_loss(row: &Row) -> String {
    let Some(loss) = &row.zone_loss else {
        return NONE.to_owned();
    };
    let ids = |ids: &[u32]| {
        ids.iter()
            .map(u32::to_string)
            .collect::<Vec<_>>()
            .join(", ")
    };
    let own = match loss.brokers.len() {
        0 => "no broker of its own".to_owned(),
        1..=6 => format!("its brokers ({})", ids(&loss.brokers)),
        n => format!("its {}", count(n, "broker")),
    };
    let others = match loss.others.len() {
        0 if loss.dead_addresses => "; one address of each other broker goes dead".to_owned(),
        0 => String::new(),
        n => format!("; the way to {} elsewhere too", count(n, "broker")),
    };
    format!("{}: {own}{others}", loss.zone)
}
