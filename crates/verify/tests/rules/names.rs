//! Names: resolver rules, and resolvers that are turned off.

use blueprint::Blueprint;
use blueprint::dns::ResolverRule;

use crate::estate::{ip, peered};
use crate::{BOOTSTRAP, BROKER_1, BROKER_2, Change, set_host, try_all};

fn forward(blueprint: &mut Blueprint, domain: &str, vpc: &str) {
    let rule = ResolverRule {
        domain: domain.to_owned(),
        vpcs: [vpc.into()].into(),
        servers: vec![ip("10.1.0.53")],
    };
    let id = format!("rule for {domain}");
    blueprint.resolver_rules.insert(id.into(), rule);
}

#[test]
fn rules_and_zones() {
    try_all(peered, RULES);
}

static RULES: &[Change] = &[
    Change {
        rule: "of a rule and a zone of one domain the rule decides",
        change: |b| forward(b, "orders", "shop"),
        goal: BROKER_1,
        ends: &["b-1.orders:9092 no-name at resolver of shop"],
    },
    Change {
        rule: "a longer rule decides for its own names",
        change: |b| forward(b, "b-1.orders", "shop"),
        goal: BROKER_1,
        ends: &["b-1.orders:9092 no-name at resolver of shop"],
    },
    Change {
        rule: "and for no others",
        change: |b| forward(b, "b-1.orders", "shop"),
        goal: BROKER_2,
        ends: &["b-2.orders:9092 10.2.1.1 delivered 2"],
    },
    Change {
        rule: "a longer zone decides before a rule",
        change: |b| {
            let zone = b.zones.get_mut(&"zone of orders".into()).expect("it");
            zone.name = "b-1.orders".to_owned();
            forward(b, "orders", "shop");
        },
        goal: BROKER_1,
        ends: &["b-1.orders:9092 10.2.0.1 delivered 1"],
    },
    Change {
        rule: "a rule counts where it is associated",
        change: |b| forward(b, "orders", "data"),
        goal: BROKER_1,
        ends: &["b-1.orders:9092 10.2.0.1 delivered 1"],
    },
    Change {
        rule: "a resolver that is turned off",
        change: |b| b.vpcs.get_mut(&"shop".into()).expect("shop").dns = false,
        goal: BROKER_1,
        ends: &["b-1.orders:9092 no-name at resolver of shop"],
    },
    Change {
        rule: "an address needs none",
        change: |b| {
            b.vpcs.get_mut(&"shop".into()).expect("shop").dns = false;
            set_host(b, "10.2.1.1:9092");
        },
        goal: BOOTSTRAP,
        ends: &["10.2.1.1:9092 10.2.1.1 delivered 2"],
    },
    Change {
        rule: "another VPC's resolver does not matter",
        change: |b| b.vpcs.get_mut(&"data".into()).expect("data").dns = false,
        goal: BROKER_1,
        ends: &["b-1.orders:9092 10.2.0.1 delivered 1"],
    },
];
