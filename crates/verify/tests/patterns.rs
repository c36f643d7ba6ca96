//! Every cell of the pattern table, as a spec of its own: what the table allows is planned,
//! walked and delivered without an error; what it refuses is refused by the fault it names; what
//! nobody knows is planned with a warning that says so.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use blueprint::diagnostic::{Diagnostic, Level};
use blueprint::patterns::{Cell, Pattern, Relation, State, Table};
use blueprint::spec::{Auth, ClusterKind};
use blueprint::verdict::{Class, Summary};

/// The warning of the plan for what nobody knows.
const UNKNOWN: &str = "unknown-combination";

#[test]
fn every_cell_fares_as_the_table_says() {
    let table = Table::embedded();
    let mut wrong: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for (cell, ruling) in table.cells() {
        let state = ruling.state;
        *counts.entry(word(state)).or_default() += 1;
        if let Err(why) = fares(cell, state) {
            wrong.entry(why).or_default().push(name(cell));
        }
    }
    println!("cells: {counts:?}");
    let total: usize = counts.values().sum();
    assert_eq!(
        total, 800,
        "patterns x kinds x schemes x accounts x Regions"
    );
    let mut report = String::new();
    for (why, cells) in &wrong {
        let _ = writeln!(
            report,
            "{} cells: {why}\n    {}",
            cells.len(),
            cells.join("\n    ")
        );
    }
    assert!(wrong.is_empty(), "\n{report}");
}

fn word(state: State) -> &'static str {
    match state {
        State::Allowed => "allowed",
        State::Refused { .. } => "refused",
        State::Unknown => "unknown",
    }
}

fn name(cell: Cell) -> String {
    format!(
        "{} {} {} account {} region {}",
        cell.pattern, cell.kind, cell.auth, cell.account, cell.region
    )
}

/// Reads, plans and walks the cell's spec, and compares what is found with its state.
fn fares(cell: Cell, state: State) -> Result<(), String> {
    let text = spec(cell);
    let (spec, _, mut found) = blueprint::read(&text);
    let mut undelivered = Vec::new();
    if let Some(spec) = spec.filter(|_| !blueprint::read::has_errors(&found)) {
        let (blueprint, planned) = plan::build(&spec);
        let checked = verify::check(&blueprint);
        let paths = checked.paths.iter();
        undelivered = paths
            .filter(|path| path.summary() != Summary::All(Class::Delivered))
            .map(|path| format!("{} {}", path.promise, path.summary()))
            .collect();
        found.extend(planned);
        found.extend(checked.diagnostics);
    }
    let errors: Vec<&Diagnostic> = found.iter().filter(|f| f.level == Level::Error).collect();
    let warned = found.iter().any(|finding| finding.name == UNKNOWN);
    let refusal = |check| {
        if is_wordless(cell) {
            "same-vpc-connection"
        } else {
            check
        }
    };
    match state {
        State::Refused { check } if errors.iter().any(|error| error.name == refusal(check)) => {
            Ok(())
        }
        State::Refused { check } => {
            let names: Vec<_> = errors.iter().map(|error| error.name).collect();
            Err(format!("refused by {check} in the table, found {names:?}"))
        }
        State::Allowed | State::Unknown if !errors.is_empty() => {
            let errors: Vec<_> = errors
                .iter()
                .map(|e| format!("{}: {}", e.name, e.title))
                .collect();
            Err(format!("{} in the table, found {errors:?}", word(state)))
        }
        State::Allowed | State::Unknown if !undelivered.is_empty() => Err(format!(
            "{} in the table, undelivered: {undelivered:?}",
            word(state)
        )),
        State::Allowed if warned => Err("allowed in the table, and the plan warns".to_owned()),
        State::Unknown if !warned => {
            Err("unknown in the table, and the plan does not say so".to_owned())
        }
        State::Allowed | State::Unknown => Ok(()),
    }
}

/// Whether a spec has no words for a cell, so that the reader refuses it before anybody asks the
/// table: one VPC has one account and one Region.
fn is_wordless(cell: Cell) -> bool {
    let is_elsewhere = cell.account == Relation::Other || cell.region == Relation::Other;
    cell.pattern == Pattern::SameVpc && is_elsewhere
}

/// The smallest spec of a cell.
fn spec(cell: Cell) -> String {
    let account = match cell.account {
        Relation::Same => "111111111111",
        Relation::Other => "222222222222",
    };
    let (region, zone) = match cell.region {
        Relation::Same => ("eu-central-1", "euc1"),
        Relation::Other => ("us-west-2", "usw2"),
    };
    let is_local = cell.pattern == Pattern::SameVpc && !is_wordless(cell);
    let home = if is_local { "data" } else { "shop" };
    let mut text = format!(
        "name: cell\nregion: eu-central-1\nvpcs:\n  data: {{ account: \"111111111111\", cidr: 10.1.0.0/16, zones: [euc1-az1, euc1-az2, euc1-az3] }}\n  shop: {{ account: \"{account}\", region: {region}, cidr: 10.2.0.0/16, zones: [{zone}-az1, {zone}-az2, {zone}-az3] }}\n"
    );
    let _ = write!(
        text,
        "clusters:\n  orders:\n    kind: {}\n    vpc: data\n    auth: [{}]\n",
        cell.kind, cell.auth
    );
    if cell.kind != ClusterKind::MskServerless {
        text += "    brokers: 3\n";
    }
    let by_lists = matches!(cell.auth, Auth::Mtls | Auth::Scram);
    if by_lists && cell.kind != ClusterKind::MskServerless {
        text += "    config: { allow.everyone.if.no.acl.found: \"false\" }\n";
    }
    let _ = write!(
        text,
        "clients:\n  checkout: {{ vpc: {home}, cluster: orders, auth: {} }}\n",
        cell.auth
    );
    if home == "shop" {
        let _ = write!(
            text,
            "connections:\n  - {{ from: shop, to: orders, {} }}\n",
            means(cell.pattern)
        );
    }
    text
}

fn means(pattern: Pattern) -> &'static str {
    match pattern {
        Pattern::SameVpc => "via: same-vpc",
        Pattern::Peering => "via: peering",
        Pattern::TransitGateway => "via: transit-gateway",
        Pattern::Privatelink => "via: privatelink",
        Pattern::PrivatelinkPerBroker => "via: privatelink-per-broker",
        Pattern::MskMultiVpc => "via: msk-multi-vpc",
        Pattern::ResourceEndpoint => "via: resource-endpoint",
        Pattern::GatewayPort => "via: gateway, mode: port",
        Pattern::GatewaySni => "via: gateway, mode: sni",
        Pattern::GatewaySniPassthrough => "via: gateway, mode: sni-passthrough",
    }
}
