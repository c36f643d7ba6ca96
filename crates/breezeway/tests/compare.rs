//! What leaves `compare`: the frozen names of its JSON, the width of its table, the page that
//! needs nothing else, and the same answers for pairs that are alike.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use blueprint::facts::{Decimal, Facts};
use blueprint::spec::Spec;
use breezeway::comparison::{self, Comparison};
use breezeway::format::comparison::{html, terminal};
use serde_json::Value;

/// The widest line of a terminal's table.
const WIDTH: usize = 100;

fn spec(text: &str) -> Spec {
    let (spec, _, findings) = blueprint::read(text);
    spec.unwrap_or_else(|| panic!("{findings:#?}"))
}

fn example(name: &str) -> Spec {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples");
    spec(&fs::read_to_string(folder.join(name)).expect("an example is text"))
}

fn compared(spec: &Spec) -> Comparison {
    comparison::compare(spec, Facts::embedded(), Some(Decimal::from_whole(10_000)))
}

/// Every name of a JSON text, by its way down.
fn names(value: &Value, way: &str, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(map) => {
            for (name, inner) in map {
                let way = format!("{way}.{name}");
                found.insert(way.clone());
                names(inner, &way, found);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| names(item, way, found)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

#[test]
fn the_names_of_its_json_are_frozen() {
    let text = breezeway::format::json::compare("shop", &compared(&example("shop/breezeway.yaml")));
    let value: Value = serde_json::from_str(&text.expect("it serializes")).expect("it is JSON");
    let mut found = BTreeSet::new();
    names(&value, "", &mut found);
    let frozen: BTreeSet<String> = FROZEN.split_whitespace().map(str::to_owned).collect();
    let lost: Vec<_> = frozen.difference(&found).collect();
    assert!(lost.is_empty(), "lost: {lost:?}\nall: {found:#?}");
}

/// Names that programs may rely on.
const FROZEN: &str = "
.version .file .facts .pairs .pairs.from .pairs.to .pairs.from_region .pairs.to_region
.pairs.brokers .pairs.gb_per_month .pairs.cheapest .pairs.next .pairs.break_even_gb .pairs.anyway
.pairs.ways .pairs.ways.name .pairs.ways.via .pairs.ways.outcome .pairs.ways.check
.pairs.ways.because .pairs.ways.counted
.pairs.ways.counted.fixed_owner .pairs.ways.counted.fixed_client
.pairs.ways.counted.per_gb_same_zone .pairs.ways.counted.per_gb_cross_zone
.pairs.ways.counted.per_gb_cross_region .pairs.ways.counted.per_gb_average
.pairs.ways.counted.crossing .pairs.ways.counted.total .pairs.ways.counted.total.usd
.pairs.ways.counted.total.unverified .pairs.ways.counted.total.partial
.pairs.ways.counted.flow_gbps .pairs.ways.counted.flow_gbps.value
.pairs.ways.counted.zone_gbps .pairs.ways.counted.total_gbps .pairs.ways.counted.mtu
.pairs.ways.counted.hops .pairs.ways.counted.idle_s .pairs.ways.counted.client_idle_ms
.pairs.ways.counted.idle_resets .pairs.ways.counted.direction .pairs.ways.counted.exposure
.pairs.ways.counted.seen_as .pairs.ways.counted.hosted_zones .pairs.ways.counted.records
.pairs.ways.counted.zone_associations .pairs.ways.counted.managed_zones
.pairs.ways.counted.moved_listeners .pairs.ways.counted.added_listeners
.pairs.ways.counted.moved_clients .pairs.ways.counted.most_brokers
.pairs.ways.counted.most_brokers.most .pairs.ways.counted.most_brokers.headroom
.pairs.ways.counted.most_brokers.quota .pairs.ways.counted.most_brokers.quota_value
.pairs.ways.counted.most_client_vpcs .pairs.ways.counted.new_broker
.pairs.ways.counted.new_broker.made .pairs.ways.counted.new_broker.touched
.pairs.ways.counted.new_client_vpc .pairs.ways.counted.phases
.pairs.ways.counted.phases.account .pairs.ways.counted.phases.work
.pairs.ways.counted.zone_loss .pairs.ways.counted.zone_loss.zone
.pairs.ways.counted.zone_loss.brokers .pairs.ways.counted.zone_loss.others
.pairs.ways.counted.zone_loss.dead_addresses
";

#[test]
fn no_line_is_wider_than_a_page() {
    for name in ["shop/breezeway.yaml", "peering/breezeway.yaml"] {
        let compared = compared(&example(name));
        for wide in [false, true] {
            let text = terminal::text(&compared, wide);
            let widest = text.lines().map(|line| line.chars().count()).max();
            assert!(widest <= Some(WIDTH), "{name}: {widest:?}\n{text}");
        }
    }
}

#[test]
fn the_page_needs_nothing_else_and_draws_real_paths() {
    let spec = example("shop/breezeway.yaml");
    let routes = comparison::routes(&spec);
    let page = html::page(&spec.name, &compared(&spec), &routes);
    for foreign in ["://", "src=", "href=", "url(", "@import", "<script"] {
        assert!(!page.contains(foreign), "{foreign}");
    }
    assert!(page.contains("prefers-color-scheme: dark"));
    assert_eq!(page.matches("<svg").count(), routes.len());
    for route in &routes {
        for hop in &route.trace.hops {
            assert!(page.contains(hop.step), "{hop:?}");
        }
    }
}

/// Client VPCs that differ in names and ranges only, beside one of another size and one whose
/// ranges overlap the cluster's.
fn estate(n_alike: usize) -> Spec {
    let mut vpcs = String::new();
    let mut clients = String::new();
    let mut connections = String::new();
    for n in 0..n_alike + 2 {
        let range = if n == n_alike { 0 } else { n + 1 };
        let zones = if n == n_alike + 1 {
            "[euc1-az1]"
        } else {
            "[euc1-az1, euc1-az2]"
        };
        vpcs.push_str(&format!(
            "  team{n}: {{ account: \"2222222222{n:02}\", cidr: 10.{range}.0.0/16, zones: {zones} }}\n"
        ));
        clients.push_str(&format!(
            "  app{n}: {{ vpc: team{n}, cluster: orders, auth: scram }}\n"
        ));
        connections.push_str(&format!(
            "  - {{ from: team{n}, to: orders, via: transit-gateway }}\n"
        ));
    }
    spec(&format!(
        "name: many\nregion: eu-central-1\nvpcs:\n  data: {{ account: \"111111111111\", cidr: 10.0.0.0/16, zones: [euc1-az1, euc1-az2, euc1-az3] }}\n{vpcs}clusters:\n  orders: {{ kind: ec2, vpc: data, kafka_version: \"4.1\", brokers: 3, auth: [scram] }}\nclients:\n{clients}connections:\n{connections}"
    ))
}

/// One pair of a spec, as it is compared when nothing else is like it.
fn alone(spec: &Spec, at: usize) -> comparison::Compared {
    let mut other = spec.clone();
    other.connections = vec![spec.connections[at].clone()];
    let from = &spec.connections[at].from;
    other.clients.retain(|(_, client)| client.vpc == *from);
    compared(&other).pairs.remove(0)
}

#[test]
fn alike_pairs_are_told_what_each_would_be_told_alone() {
    let spec = estate(3);
    let together = compared(&spec).pairs;
    assert_eq!(together.len(), 5);
    for (at, pair) in together.iter().enumerate() {
        let alone = alone(&spec, at);
        assert_eq!(pair.pair.from, alone.pair.from);
        for (one, other) in pair.ways.iter().zip(&alone.ways) {
            assert_eq!(
                one.outcome, other.outcome,
                "{} {}",
                pair.pair.from, one.row.variant
            );
            let mut row = one.row.clone();
            row.client_vpcs = other.row.client_vpcs;
            assert_eq!(row, other.row, "{}", pair.pair.from);
        }
    }
}
