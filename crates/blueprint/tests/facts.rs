//! Facts: what is embedded can be looked up, and a user's file replaces it or says what is wrong.

use blueprint::diagnostic::Diagnostic;
use blueprint::facts::{Confidence, Decimal, FactId, Facts, id};

fn number(text: &str) -> Decimal {
    Decimal::parse(text).expect("a decimal number")
}

/// A fact in one line as a table would print it.
fn told(facts: &Facts, id: FactId, region: &str) -> String {
    let Some(found) = facts.fact(id, region) else {
        return "nothing".to_owned();
    };
    let borrowed = found.borrowed_from.map(|from| format!(" of {from}"));
    let mark = if found.is_unverified() {
        ", unverified"
    } else {
        ""
    };
    let fact = found.fact;
    format!(
        "{} {}{}{mark}",
        fact.value,
        fact.unit,
        borrowed.unwrap_or_default()
    )
}

fn findings(text: &str) -> String {
    let (_, source, findings) = Facts::embedded().overlaid(text);
    let line = |finding: &Diagnostic| {
        assert!(!finding.primary.label.is_empty(), "{finding:?}");
        let (line, column) = source.line_and_column(source.span(&finding.primary.at).start);
        let help = finding.help.as_deref().unwrap_or_default();
        format!(
            "{line}:{column} {}: {} => {help}",
            finding.name, finding.title
        )
    };
    findings.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// The findings of a file with one fact, its keys given in one line.
fn check(fact: &str, expected: &str) {
    let text = format!("read: 2026-12-01\nfacts:\n- {{ {fact} }}\n");
    assert_eq!(findings(&text), expected);
}

fn overlaid(text: &str) -> Facts {
    assert_eq!(findings(text), "");
    Facts::embedded().overlaid(text).0
}

#[test]
fn a_price_of_another_region_is_marked() {
    let facts = Facts::embedded();
    let cases = [
        (id::PRICES_NLB_HOUR, "us-east-1", "0.0225 USD per hour"),
        (id::PRICES_NLB_HOUR, "ap-south-1", "0.0239 USD per hour"),
        (
            id::PRICES_NLB_HOUR,
            "eu-west-1",
            "0.0225 USD per hour of us-east-1, unverified",
        ),
        (
            id::PRICES_MSK_MULTI_VPC_GB,
            "us-east-1",
            "0.006 USD per GB, unverified",
        ),
        (id::MTU_ENDPOINT, "eu-west-1", "8500 bytes"),
        (
            id::NAMES_NLB_ALIAS_ZONE,
            "us-west-1",
            "Z24FKFUX50B4VW hosted zone id",
        ),
        (
            id::PRICES_ENDPOINT_GB,
            "us-east-1",
            "0.01 up to 1048576, 0.006 up to 5242880, 0.004 above USD per GB",
        ),
    ];
    for (id, region, expected) in cases {
        assert_eq!(told(facts, id, region), expected, "{id} in {region}");
    }
}

#[test]
fn tiers_are_paid_part_by_part() {
    let facts = Facts::embedded();
    let price = facts
        .fact(id::PRICES_ENDPOINT_GB, "us-east-1")
        .expect("a price");
    let cases = [
        ("0", "0"),
        ("10000", "100"),
        ("1048576", "10485.76"),
        ("2000000", "16194.304"),
        ("6000000", "38680.064"),
    ];
    for (amount, total) in cases {
        assert_eq!(
            price.fact.value.total(number(amount)),
            Some(number(total)),
            "{amount}"
        );
    }
    let name = facts
        .fact(id::NAMES_MSK_BROKER, "us-east-1")
        .expect("a name");
    assert_eq!(name.fact.value.total(number("1")), None);
}

#[test]
fn a_users_fact_replaces_the_embedded_one() {
    let facts = overlaid(
        "read: 2026-12-01\nfacts:\n\
         - { id: prices.nlb-hour, region: eu-west-1, value: 0.0252, source: our invoice of November }\n\
         - { id: prices.endpoint-gb, value: 0.008 }\n\
         - { id: quotas.endpoints-per-vpc, value: 200, confidence: inferred }\n",
    );
    assert_eq!(facts.date(), "2026-12-01");
    let price = facts
        .fact(id::PRICES_NLB_HOUR, "eu-west-1")
        .expect("a price");
    assert_eq!(price.fact.source, "our invoice of November");
    assert!(price.fact.overridden);
    let cases = [
        (id::PRICES_NLB_HOUR, "eu-west-1", "0.0252 USD per hour"),
        (id::PRICES_NLB_HOUR, "us-east-1", "0.0225 USD per hour"),
        (id::PRICES_ENDPOINT_GB, "us-east-1", "0.008 USD per GB"),
        (id::PRICES_ENDPOINT_GB, "sa-east-1", "0.008 USD per GB"),
        (id::QUOTAS_ENDPOINTS_PER_VPC, "eu-west-1", "200 endpoints"),
    ];
    for (id, region, expected) in cases {
        assert_eq!(told(&facts, id, region), expected, "{id} in {region}");
    }
    let quota = facts.fact(id::QUOTAS_ENDPOINTS_PER_VPC, "eu-west-1");
    let quota = quota.expect("a quota");
    assert_eq!(
        (quota.whole(), quota.confidence),
        (Some(200), Confidence::Inferred)
    );
}

#[test]
fn a_fact_at_fault_is_told_with_its_remedy_and_left_out() {
    check(
        "id: prices.nlb-hours, value: 0.02",
        "3:9 unknown-fact: there is no fact `prices.nlb-hours` => write `prices.nlb-hour`",
    );
    check(
        "id: weather, value: 1",
        "3:9 unknown-fact: there is no fact `weather` => write one of the names that `breezeway explain facts` lists",
    );
    check(
        "id: prices.nlb-hour, value: 2,25",
        "3:35 unknown-key: unknown key `25` in a fact => remove this key, or write one of those above",
    );
    check(
        "id: prices.nlb-hour, value: -1",
        "3:33 bad-fact: `-1` is no number of a fact => write digits with at most nine after the point, such as `0.0225`, and quote a text",
    );
    check(
        "id: prices.nlb-hour, value: \"0.02\"",
        "3:3 bad-fact: the value of `prices.nlb-hour` is of another form => write it as in `0.0225`",
    );
    check(
        "id: prices.nlb-hour, value: 0.02, unit: EUR per hour",
        "3:45 bad-fact: `prices.nlb-hour` is given in `EUR per hour`, not in `USD per hour` => convert the value, and leave `unit` out",
    );
    check(
        "id: prices.nlb-hour, value: 0.02, read: yesterday",
        "3:45 bad-fact: `yesterday` is no date => write year, month and day, such as `2026-02-01`",
    );
    check(
        "id: prices.endpoint-gb, tiers: [{ up_to: 9, value: 1 }, { up_to: 8, value: 1 }, { value: 1 }]",
        "3:61 bad-fact: tiers do not follow each other => give every tier but the last an `up_to`, in rising order",
    );
    check(
        "id: prices.endpoint-gb, tiers: [{ value: 1 }, { value: 2 }]",
        "3:37 bad-fact: tiers do not follow each other => give every tier but the last an `up_to`, in rising order",
    );
    check(
        "id: prices.nlb-hour",
        "3:3 missing-key: a fact has no `value` or `tiers` => add `value:` with a number, or a text in quotes",
    );
    check(
        "id: prices.nlb-hour, value: 0.02, confidence: certain",
        "3:51 unknown-value: `certain` is no value of `confidence` of a fact => write one of those above",
    );
    check(
        "id: prices.nlb-hour, value: 0.02, region: eu-central",
        "3:47 bad-region: `eu-central` is no AWS Region => write `eu-central-1`",
    );
}

#[test]
fn the_form_of_the_file_is_judged() {
    let cases = [
        (
            "",
            "1:1 wrong-type: the file of facts holds nothing, not a mapping => write `key: value` lines below it",
        ),
        (
            "facts: []",
            "1:1 missing-key: the file of facts has no `read` => add `read: 2026-02-01`",
        ),
        (
            "read: 2026-12-01\nfacts:\n- { id: mtu.vpc, value: 1 }\n- { id: mtu.vpc, value: 2 }\n",
            "4:3 repeated-item: fact `mtu.vpc` is given twice for every Region => remove one of the two",
        ),
        (
            "read: 2026-12-01\nfakts: []\n",
            "2:1 unknown-key: unknown key `fakts` in the file of facts => write `facts`",
        ),
    ];
    for (text, expected) in cases {
        assert_eq!(findings(text), expected);
    }
}

/// Characters that mean something to YAML or to a number.
const DAMAGE: [char; 14] = [
    ':', '{', '}', '[', ']', '-', '"', '\'', '#', ' ', '\n', 'x', '.', 'é',
];

#[test]
fn damaged_files_are_told_and_never_panic() {
    let whole = include_str!("../facts/prices.yaml");
    let mut rng = fastrand::Rng::with_seed(4);
    let mut n_findings = 0;
    for seed in 0..400 {
        let mut text: Vec<char> = whole.chars().collect();
        for _ in 0..rng.usize(1..4) {
            let at = rng.usize(..text.len());
            match rng.u8(..3) {
                0 => text.truncate(at),
                1 => text[at] = rng.choice(DAMAGE).unwrap_or('-'),
                _ => text.insert(at, rng.alphanumeric()),
            }
            text.push('\n');
        }
        let text: String = text.into_iter().collect();
        let (_, source, findings) = Facts::embedded().overlaid(&text);
        for finding in &findings {
            assert!(finding.help.is_some(), "seed {seed}: {finding:?}");
            let span = source.span(&finding.primary.at);
            assert!(
                source.text().get(span).is_some(),
                "seed {seed}: {finding:?}"
            );
        }
        n_findings += findings.len();
    }
    assert!(100 < n_findings, "only {n_findings} findings");
}

#[test]
fn dates_and_marks_are_those_of_the_files() {
    let facts = Facts::embedded();
    assert_eq!(facts.date(), "2026-11-21");
    let n_of = |confidence| facts.iter().filter(|f| f.confidence == confidence).count();
    let counts = Confidence::ALL.map(n_of);
    assert_eq!(counts.iter().sum::<usize>(), facts.iter().count());
    assert!(counts.iter().all(|n| 0 < *n), "{counts:?}");
}
