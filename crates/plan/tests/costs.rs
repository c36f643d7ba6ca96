//! The bills of `docs/guide/costs.md`, which are worked by hand: each line of arithmetic is done
//! again, and what it comes to is what the comparison says of the spec above it.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use blueprint::facts::{Decimal, Facts};
use plan::compare::{self, BreakEven, Figure, Ground, Row, Variant};

const PAGE: &str = include_str!("../../../docs/guide/costs.md");

/// The least number of bills that are worked.
const MIN_BILLS: usize = 12;

/// Half a cent of rounding on each side.
const TOLERANCE: f64 = 0.011;

/// A fenced block: its language and its lines.
struct Block {
    language: &'static str,
    text: String,
}

fn blocks() -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut open: Option<Block> = None;
    for line in PAGE.lines() {
        match (line.strip_prefix("```"), open.take()) {
            (Some(_), Some(block)) => blocks.push(block),
            (Some(language), None) => {
                open = Some(Block {
                    language,
                    text: String::new(),
                });
            }
            (None, Some(mut block)) => {
                block.text.push_str(line);
                block.text.push('\n');
                open = Some(block);
            }
            (None, None) => {}
        }
    }
    blocks
}

fn row(spec: &str, variant: Variant, gb: Decimal) -> Row {
    let (spec, _, findings) = blueprint::read(spec);
    assert!(findings.is_empty(), "{findings:#?}");
    let spec = spec.unwrap();
    let pair = compare::pairs(&spec).remove(0);
    let ground = Ground::new(&spec, &pair).unwrap();
    ground.case(variant).row(Facts::embedded(), gb).unwrap()
}

/// `privatelink at 10000 GB`
fn asked(line: &str) -> (Variant, Decimal) {
    let (name, gb) = line.split_once(" at ").unwrap();
    let variant = Variant::ALL
        .into_iter()
        .find(|variant| variant.as_str() == name);
    let gb = Decimal::parse(gb.strip_suffix(" GB").unwrap());
    (variant.unwrap_or_else(|| panic!("{name}")), gb.unwrap())
}

/// Sums of products of numbers and fractions.
fn worked(expression: &str) -> f64 {
    let factor = |text: &str| match text.trim().split_once('/') {
        Some((one, other)) => one.parse::<f64>().unwrap() / other.parse::<f64>().unwrap(),
        None => text.trim().parse().unwrap(),
    };
    let product = |text: &str| text.split('×').map(factor).product::<f64>();
    expression.split('+').map(product).sum()
}

/// `owner  730 × 0.05 = 36.50`: the label and what the line comes to, once it is worked.
fn line(text: &str) -> (&str, f64) {
    let (label, rest) = text.split_once(' ').unwrap();
    let (expression, result) = rest.split_once('=').unwrap();
    let result: f64 = result.trim().parse().unwrap();
    let again = worked(expression);
    assert!((again - result).abs() < TOLERANCE, "{text}: it is {again}");
    (label, result)
}

fn dollars(figure: Figure) -> f64 {
    figure.amount.to_string().parse().unwrap()
}

#[test]
fn every_bill_is_what_the_comparison_says() {
    let mut spec = String::new();
    let mut n_bills = 0;
    let mut wrong = Vec::new();
    for block in blocks() {
        if block.language == "yaml" {
            spec = block.text;
            continue;
        }
        let mut lines = block.text.lines();
        let (variant, gb) = asked(lines.next().unwrap());
        let row = row(&spec, variant, gb);
        let fixed = row.fixed;
        for text in lines {
            let (label, by_hand) = line(text);
            let counted = match label {
                "owner" => dollars(fixed.owner),
                "client" => dollars(fixed.client),
                "bytes" => dollars(row.flow.cost(Facts::embedded(), gb)),
                "total" => dollars(row.total),
                other => panic!("{other}"),
            };
            if TOLERANCE < (counted - by_hand).abs() {
                wrong.push(format!(
                    "{variant} at {gb} GB: {label} is {counted}, by hand {by_hand}"
                ));
            }
        }
        n_bills += 1;
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(MIN_BILLS <= n_bills, "{n_bills} bills");
}

#[test]
fn bills_meet_where_the_page_says() {
    let facts = Facts::embedded();
    let spec = blocks().remove(0).text;
    let of = |variant| row(&spec, variant, Decimal::from_whole(10_000));
    let met = |one: Variant, other: Variant| compare::break_even(&of(one), &of(other), facts);
    assert_eq!(
        met(Variant::Peering, Variant::TransitGateway),
        BreakEven::Never
    );
    assert_eq!(
        met(Variant::PerBrokerAligned, Variant::TransitGateway),
        BreakEven::Never
    );
    let BreakEven::At(gb) = met(Variant::TransitGateway, Variant::Privatelink) else {
        panic!("they never meet");
    };
    assert_eq!(gb.fixed(0), "3715");
    assert!(PAGE.contains("= 3,715 GB a month"));
}
