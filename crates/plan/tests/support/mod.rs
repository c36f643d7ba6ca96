//! Specs and plans for the tests of this crate.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
#![allow(dead_code, reason = "each test file uses a part of it")]

pub(crate) mod growth;

use std::collections::BTreeMap;

use blueprint::Blueprint;
use blueprint::diagnostic::Diagnostic;
use blueprint::ids::EniId;
use blueprint::network::{Peer, RouteTarget, Rule};
use blueprint::spec::Spec;

/// Reads a spec without a fault; `body` goes without name and Region.
pub(crate) fn spec(body: &str) -> Spec {
    let text = format!("name: test\nregion: eu-central-1\n{body}");
    let (spec, _, findings) = blueprint::read(&text);
    assert!(findings.is_empty(), "{findings:#?}");
    spec.unwrap()
}

/// Plans a spec without a fault.
pub(crate) fn plan(body: &str) -> Blueprint {
    build(&spec(body))
}

/// Plans a spec without a fault; that nobody has shown a way to work is none here.
pub(crate) fn build(spec: &Spec) -> Blueprint {
    let (blueprint, findings) = plan::build(spec);
    let faults: Vec<_> = settled(findings);
    assert!(faults.is_empty(), "{faults:#?}");
    blueprint
}

/// The findings but for what no source settles.
pub(crate) fn settled(findings: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let findings = findings.into_iter();
    findings
        .filter(|fault| fault.name != "unknown-combination")
        .collect()
}

/// Plans a spec with faults.
pub(crate) fn findings(body: &str) -> Vec<Diagnostic> {
    plan::build(&spec(body)).1
}

/// The address of an interface.
pub(crate) fn address(blueprint: &Blueprint, eni: &str) -> String {
    blueprint.enis[&EniId::from(eni)].address.to_string()
}

/// A rule as `9000-9003 checkout`.
pub(crate) fn rule(rule: &Rule) -> String {
    let peer = match &rule.peer {
        Peer::Cidr(range) => range.to_string(),
        Peer::Group(group) => group.to_string(),
    };
    if rule.from_port == rule.to_port {
        format!("{} {peer}", rule.from_port)
    } else {
        format!("{}-{} {peer}", rule.from_port, rule.to_port)
    }
}

/// Rules towards and from a group, as in [`rule`].
pub(crate) fn rules(blueprint: &Blueprint, group: &str) -> (Vec<String>, Vec<String>) {
    let group = &blueprint.security_groups[&group.into()];
    let text = |rules: &[Rule]| rules.iter().map(rule).collect();
    (text(&group.ingress), text(&group.egress))
}

/// What a listener advertises on each broker of a cluster.
pub(crate) fn advertised(blueprint: &Blueprint, cluster: &str, listener: &str) -> Vec<String> {
    let brokers = blueprint.clusters[&cluster.into()].brokers.values();
    let at = brokers.map(|broker| match &broker.listeners[listener].advertised {
        Some(at) => at.to_string(),
        None => "nothing".to_owned(),
    });
    at.collect()
}

/// The first step whose title begins so.
pub(crate) fn step<'b>(blueprint: &'b Blueprint, title: &str) -> &'b blueprint::Step {
    let mut found = blueprint
        .steps
        .iter()
        .filter(|step| step.title.starts_with(title));
    found.next().unwrap_or_else(|| panic!("no step `{title}`"))
}

/// The value that was filled in for a key.
pub(crate) fn filled<'b>(blueprint: &'b Blueprint, key: &str) -> &'b str {
    let mut found = blueprint
        .defaults
        .iter()
        .filter(|f| f.key.to_string() == key);
    &found
        .next()
        .unwrap_or_else(|| panic!("{key} is not filled in"))
        .value
}

/// The records of the zones on a VPC, by name.
pub(crate) fn records(blueprint: &Blueprint, vpc: &str) -> BTreeMap<String, String> {
    let zones = blueprint
        .zones
        .values()
        .filter(|zone| zone.vpcs.contains(&vpc.into()));
    let records = zones.flat_map(|zone| {
        zone.records
            .keys()
            .map(|name| (name.clone(), zone.name.clone()))
    });
    records.collect()
}

/// The routes of every table of a VPC that are not local, in order.
pub(crate) fn routes(blueprint: &Blueprint, vpc: &str) -> Vec<String> {
    let tables = blueprint
        .route_tables
        .iter()
        .filter(|(_, table)| table.vpc.as_str() == vpc);
    let mut lines = Vec::new();
    for (id, table) in tables {
        for route in &table.routes {
            match &route.target {
                RouteTarget::Local => {}
                RouteTarget::Peering(peering) => {
                    lines.push(format!("{id} {} {peering}", route.destination));
                }
                RouteTarget::TransitGateway(gateway) => {
                    lines.push(format!("{id} {} {gateway}", route.destination));
                }
                RouteTarget::Outside(gateway) => {
                    lines.push(format!("{id} {} {gateway}", route.destination));
                }
            }
        }
    }
    lines
}

/// Product.md's example: two accounts that chose one range.
pub(crate) const SHOP: &str = r#"
vpcs:
  data: { account: "111111111111", cidr: 10.0.0.0/16, zones: [euc1-az1, euc1-az2, euc1-az3] }
  shop: { account: "222222222222", cidr: 10.0.0.0/16, zones: [euc1-az1, euc1-az2] }
clusters:
  orders:
    kind: msk
    vpc: data
    kafka_version: "3.9"
    brokers: 3
    config: { default.replication.factor: 3, min.insync.replicas: 2 }
clients:
  checkout: { vpc: shop, cluster: orders }
  billing: { vpc: data, cluster: orders }
connections:
  - { from: shop, to: orders, via: privatelink }
"#;

/// Brokers on EC2 and a peered VPC of another account.
pub(crate) const PEERING: &str = r#"
vpcs:
  data: { account: "111111111111", cidr: 10.0.0.0/16, zones: [euc1-az1, euc1-az2, euc1-az3] }
  shop: { account: "222222222222", cidrs: [10.1.0.0/16, 10.2.0.0/16], zones: [euc1-az1, euc1-az2] }
clusters:
  orders: { kind: ec2, vpc: data, kafka_version: "4.3", brokers: 3 }
clients:
  checkout: { vpc: shop, cluster: orders }
  billing: { vpc: data, cluster: orders }
connections:
  - { from: shop, to: orders, via: peering }
"#;
