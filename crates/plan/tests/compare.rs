//! What a comparison counts, beside its bills (`costs`).
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use blueprint::facts::{Decimal, Facts};
use plan::compare::{self, BreakEven, Ground, Pair, Row, Variant};
use support::{SHOP, spec};

fn row(body: &str, variant: Variant) -> Row {
    let spec = spec(body);
    let pair: Pair = compare::pairs(&spec).remove(0);
    let ground = Ground::new(&spec, &pair).unwrap();
    let row = ground
        .case(variant)
        .row(Facts::embedded(), Decimal::from_whole(10_000));
    row.unwrap()
}

/// What was counted, in one line.
fn counted(row: &Row) -> String {
    let limit = |limit: Option<compare::Limit>| {
        limit.map_or("–".to_owned(), |limit| {
            format!("{} ({})", limit.most, limit.quota)
        })
    };
    format!(
        "hops {:?}; {} brokers, {} VPCs; broker +{} ~{}, VPC +{} ~{}; {} zones, {} records; {} hand-offs",
        row.hops,
        limit(row.brokers),
        limit(row.client_vpcs),
        row.new_broker.added,
        row.new_broker.changed,
        row.new_client_vpc.added,
        row.new_client_vpc.changed,
        row.names.zones,
        row.names.records,
        row.hand_offs(),
    )
}

#[test]
fn counts_come_from_grown_blueprints() {
    assert_eq!(
        counted(&row(SHOP, Variant::Peering)),
        "hops []; 60 (quotas.msk-brokers-per-cluster-kraft) brokers, 49 (quotas.routes-per-table) VPCs; broker +0 ~0, VPC +6 ~1; 0 zones, 0 records; 2 hand-offs"
    );
    assert_eq!(
        counted(&row(SHOP, Variant::Privatelink)),
        "hops [\"endpoint\", \"load balancer\"]; 49 (quotas.nlb-listeners-per-balancer) brokers, – VPCs; broker +6 ~5, VPC +11 ~0; 8 zones, 8 records; 2 hand-offs"
    );
}

#[test]
fn a_moved_listener_names_whom_else_it_moves() {
    let listeners = row(SHOP, Variant::Privatelink).listeners;
    assert_eq!(listeners.moved, ["CLIENT"]);
    assert_eq!(listeners.others, ["billing"]);
    assert_eq!(
        row(SHOP, Variant::Peering).listeners,
        compare::Listeners::default()
    );
}

#[test]
fn what_a_zone_takes_is_walked() {
    let loss = row(SHOP, Variant::Privatelink).zone_loss.unwrap();
    assert!(loss.dead_addresses && loss.others.is_empty(), "{loss:?}");
    let one_entry = SHOP.replace("zones: [euc1-az1, euc1-az2] }", "zones: [euc1-az1] }");
    assert_ne!(one_entry, SHOP);
    let loss = row(&one_entry, Variant::Privatelink).zone_loss.unwrap();
    assert_eq!((loss.zone.as_str(), loss.others), ("euc1-az1", vec![2, 3]));
}

#[test]
fn silence_is_compared_with_the_clients_patience() {
    let chosen = "checkout: { vpc: shop, cluster: orders }";
    let said =
        "checkout: { vpc: shop, cluster: orders, config: { connections.max.idle.ms: 540000 } }";
    let patient = SHOP.replace(chosen, said);
    assert_ne!(patient, SHOP);
    let idle = row(&patient, Variant::Privatelink).idle;
    assert!(idle.resets() && idle.limit.unwrap().value == 350);
    assert!(!row(&patient, Variant::Peering).idle.resets());
    assert!(!row(SHOP, Variant::Privatelink).idle.resets());
}

#[test]
fn bills_meet_where_the_arithmetic_says() {
    let facts = Facts::embedded();
    let peering = row(SHOP, Variant::Peering);
    let privatelink = row(SHOP, Variant::Privatelink);
    assert_eq!(
        compare::break_even(&peering, &privatelink, facts),
        BreakEven::Never
    );
    let mut fixed = peering.clone();
    fixed.fixed.owner.amount = Decimal::from_whole(100);
    let met = compare::break_even(&fixed, &privatelink, facts);
    let BreakEven::At(gb) = met else {
        panic!("they never meet");
    };
    let apart = fixed
        .bill(facts, gb)
        .amount
        .minus(privatelink.bill(facts, gb).amount);
    assert_eq!(apart.fixed(2).trim_start_matches('-'), "0.00", "at {gb}");
}

#[test]
fn a_gateway_by_port_ends_where_its_listeners_end() {
    let brokers = row(SHOP, Variant::GatewayPort).brokers.unwrap();
    assert_eq!(brokers.most, 49, "{brokers:?}");
    assert_eq!(brokers.quota.as_str(), "quotas.nlb-listeners-per-balancer");
}

#[test]
fn what_is_known_of_interface_endpoints_is_a_guess_for_resource_endpoints() {
    let guessed = row(SHOP, Variant::ResourceEndpoint);
    assert!(guessed.idle.limit.unwrap().unverified && guessed.mtu.unwrap().unverified);
    let known = row(SHOP, Variant::PerBrokerSpread);
    assert!(!known.idle.limit.unwrap().unverified && !known.mtu.unwrap().unverified);
}

#[test]
fn another_region_pays_for_both_gateways_of_a_peering() {
    let body = SHOP.replace(
        "cidr: 10.0.0.0/16, zones: [euc1-az1, euc1-az2] }",
        "cidr: 10.1.0.0/16, region: us-west-2, zones: [usw2-az1, usw2-az2] }",
    );
    assert_ne!(body, SHOP);
    let transit = row(&body, Variant::TransitGateway);
    assert_eq!(
        transit.fixed.sum().amount.fixed(2),
        "146.00",
        "four attachments"
    );
    assert_eq!(transit.per_gb.average.amount.fixed(3), "0.040");
    assert_eq!(transit.hops.len(), 2);
    assert!(transit.per_gb.same_zone.is_none() && transit.per_gb.other_region.is_some());
    let privatelink = row(&body, Variant::Privatelink);
    assert_eq!(
        privatelink.fixed.owner.amount.fixed(3),
        "52.925",
        "a balancer and a remote Region"
    );
    assert_eq!(privatelink.per_gb.average.amount.fixed(4), "0.0493");
}
