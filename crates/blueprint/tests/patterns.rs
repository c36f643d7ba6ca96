//! The table of patterns: how many cells stand where, and what single cells say.

use std::collections::BTreeMap;

use blueprint::facts::Confidence;
use blueprint::patterns::{Cell, Pattern, REFUSALS, Relation, State, Table};
use blueprint::spec::{Auth, ClusterKind, GatewayMode, Via};

fn one<T: Copy>(all: &[T], word: &str, as_str: fn(T) -> &'static str) -> T {
    let found = all.iter().copied().find(|one| as_str(*one) == word);
    found.unwrap_or_else(|| panic!("no such word: {word}"))
}

/// A cell by its words, such as `peering msk none same other`.
fn cell(words: &str) -> Cell {
    let words: Vec<&str> = words.split(' ').collect();
    let [pattern, kind, auth, account, region] = words.as_slice() else {
        panic!("five words: {words:?}");
    };
    Cell {
        pattern: one(Pattern::ALL, pattern, Pattern::as_str),
        kind: one(ClusterKind::ALL, kind, ClusterKind::as_str),
        auth: one(Auth::ALL, auth, Auth::as_str),
        account: one(Relation::ALL, account, Relation::as_str),
        region: one(Relation::ALL, region, Relation::as_str),
    }
}

fn told(words: &str) -> String {
    match Table::embedded().ruling(cell(words)).state {
        State::Refused { check } => format!("refused {check}"),
        state @ (State::Allowed | State::Unknown) => state.as_str().to_owned(),
    }
}

#[test]
fn cells_are_counted_by_pattern_and_state() {
    let table = Table::embedded();
    let mut counts: BTreeMap<(Pattern, &str), usize> = BTreeMap::new();
    for (cell, ruling) in table.cells() {
        *counts
            .entry((cell.pattern, ruling.state.as_str()))
            .or_default() += 1;
    }
    let lines: Vec<String> = Pattern::ALL
        .iter()
        .map(|pattern| {
            let n = |state| counts.get(&(*pattern, state)).copied().unwrap_or(0);
            let [allowed, refused, unknown] = ["allowed", "refused", "unknown"].map(n);
            format!("{pattern:24}{allowed:4}{refused:4}{unknown:4}\n")
        })
        .collect();
    assert_eq!(lines.concat(), COUNTS);
}

/// Pattern, allowed, refused, unknown: 80 cells each.
const COUNTS: &str = "\
same-vpc                  15  65   0
peering                   60  20   0
transit-gateway           60  20   0
privatelink               24  24  32
privatelink-per-broker    56  24   0
msk-multi-vpc              6  68   6
resource-endpoint         30  50   0
gateway-port              36  32  12
gateway-sni               24  44  12
gateway-sni-passthrough   48  32   0
";

#[test]
fn order_of_cells_is_that_of_the_words() {
    let cells: Vec<Cell> = Table::embedded().cells().map(|(cell, _)| cell).collect();
    assert_eq!(cells.len(), 800);
    assert!(cells.is_sorted());
    assert_eq!(cells.first(), Some(&cell("same-vpc msk none same same")));
    assert_eq!(
        cells.last(),
        Some(&cell("gateway-sni-passthrough ec2 iam other other"))
    );
}

#[test]
fn what_a_kind_does_not_offer_is_refused_everywhere() {
    for (cell, ruling) in Table::embedded().cells() {
        let offered = match cell.kind {
            ClusterKind::Msk | ClusterKind::MskExpress => true,
            ClusterKind::MskServerless => cell.auth == Auth::Iam,
            ClusterKind::Ec2 => cell.auth != Auth::Iam,
        };
        let check = "unsupported-auth";
        assert_eq!(
            ruling.state == State::Refused { check },
            !offered,
            "{cell:?}"
        );
    }
}

#[test]
fn what_is_unknown_is_marked_and_all_else_has_a_reason() {
    for (cell, ruling) in Table::embedded().cells() {
        let unknown = ruling.state == State::Unknown;
        let unverified = ruling.confidence == Confidence::Unverified;
        assert_eq!(unknown, unverified, "{cell:?}");
        assert!(
            !ruling.because.is_empty() && !ruling.because.ends_with('.'),
            "{cell:?}"
        );
        if let State::Refused { check } = ruling.state {
            assert!(REFUSALS.contains(&check), "{cell:?}");
        }
    }
}

#[test]
fn an_account_matters_only_to_clients_in_the_brokers_own_vpc() {
    let table = Table::embedded();
    for (cell, ruling) in table.cells() {
        let account = Relation::Same;
        let same = table.ruling(Cell { account, ..cell });
        assert!(
            ruling == same || cell.pattern == Pattern::SameVpc,
            "{cell:?}"
        );
    }
}

#[test]
fn single_cells() {
    for (words, expected) in CASES {
        assert_eq!(told(words), *expected, "{words}");
    }
}

const CASES: &[(&str, &str)] = &[
    ("same-vpc msk iam same same", "allowed"),
    ("same-vpc msk iam other same", "refused unsupported-pattern"),
    (
        "same-vpc ec2 none same other",
        "refused unsupported-pattern",
    ),
    ("peering msk mtls other other", "allowed"),
    ("peering msk-serverless iam other same", "allowed"),
    (
        "peering msk-serverless scram other same",
        "refused unsupported-auth",
    ),
    ("transit-gateway ec2 scram other other", "allowed"),
    (
        "transit-gateway ec2 iam same same",
        "refused unsupported-auth",
    ),
    ("privatelink msk none other same", "allowed"),
    ("privatelink msk tls same same", "unknown"),
    ("privatelink msk-express mtls same other", "unknown"),
    ("privatelink ec2 mtls same same", "allowed"),
    ("privatelink ec2 tls other other", "allowed"),
    (
        "privatelink msk-serverless iam same same",
        "refused unsupported-pattern",
    ),
    ("privatelink-per-broker msk mtls other other", "allowed"),
    (
        "privatelink-per-broker msk-serverless iam same same",
        "refused unsupported-pattern",
    ),
    ("msk-multi-vpc msk iam other same", "allowed"),
    ("msk-multi-vpc msk mtls same same", "allowed"),
    (
        "msk-multi-vpc msk tls same same",
        "refused unready-multi-vpc",
    ),
    (
        "msk-multi-vpc msk none same same",
        "refused unready-multi-vpc",
    ),
    (
        "msk-multi-vpc msk scram same other",
        "refused unready-multi-vpc",
    ),
    ("msk-multi-vpc msk-express iam same same", "unknown"),
    (
        "msk-multi-vpc msk-express tls same same",
        "refused unready-multi-vpc",
    ),
    (
        "msk-multi-vpc msk-serverless iam same same",
        "refused unready-multi-vpc",
    ),
    (
        "msk-multi-vpc ec2 scram same same",
        "refused unsupported-pattern",
    ),
    ("resource-endpoint msk iam other same", "allowed"),
    (
        "resource-endpoint ec2 none same other",
        "refused unsupported-pattern",
    ),
    ("resource-endpoint msk-serverless iam other same", "allowed"),
    ("gateway-port msk none same same", "allowed"),
    ("gateway-port msk scram other other", "allowed"),
    (
        "gateway-port ec2 mtls same same",
        "refused unsupported-pattern",
    ),
    ("gateway-port msk iam same same", "unknown"),
    (
        "gateway-sni msk none same same",
        "refused unsupported-pattern",
    ),
    (
        "gateway-sni msk mtls same same",
        "refused unsupported-pattern",
    ),
    ("gateway-sni msk tls same same", "allowed"),
    (
        "gateway-sni-passthrough msk none same same",
        "refused unsupported-pattern",
    ),
    ("gateway-sni-passthrough msk mtls other other", "allowed"),
    (
        "gateway-sni-passthrough msk-serverless iam same same",
        "allowed",
    ),
];

#[test]
fn every_way_to_connect_has_a_pattern() {
    let mut patterns: Vec<Pattern> = Vec::new();
    for via in Via::ALL {
        for mode in GatewayMode::ALL {
            patterns.extend(Pattern::of(*via, *mode));
        }
    }
    patterns.dedup();
    assert_eq!(patterns, Pattern::ALL);
    assert_eq!(Pattern::of(Via::Auto, GatewayMode::Port), None);
    assert_eq!(Relation::between("eu-west-1", "eu-west-1"), Relation::Same);
    assert_eq!(Relation::between("1", "2"), Relation::Other);
}
