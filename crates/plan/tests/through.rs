//! Clients in one VPC, the endpoint in another: what joins the two, who shares the endpoint, and
//! where its names are answered.

mod support;

use blueprint::Blueprint;
use blueprint::spec::{Spec, Via};
use support::{SHOP, address, filled, records, routes, rules, spec};

/// SHOP with the endpoint in `hub`, peered with `shop` by ranges apart.
fn through_hub() -> Spec {
    let body = SHOP
        .replace("  shop: { account: \"222222222222\", cidr: 10.0.0.0/16", "  hub: { account: \"333333333333\", cidr: 10.9.0.0/16, zones: [euc1-az1, euc1-az3] }\n  shop: { account: \"222222222222\", cidr: 10.1.0.0/16");
    let mut spec = spec(&body);
    spec.connections[0].through = Some("hub".to_owned());
    spec
}

fn plan(spec: &Spec) -> Blueprint {
    let (blueprint, findings) = plan::build(spec);
    assert!(findings.is_empty(), "{findings:#?}");
    blueprint
}

#[test]
fn the_endpoint_stands_in_the_other_vpc_and_a_peering_leads_there() {
    let plan = plan(&through_hub());
    let endpoint = &plan.endpoints[&"hub-orders".into()];
    assert_eq!(endpoint.vpc.as_str(), "hub");
    let zones: Vec<_> = endpoint.enis.keys().map(|zone| zone.as_str()).collect();
    assert_eq!(
        zones,
        ["euc1-az1", "euc1-az3"],
        "its own zones, not the clients'"
    );
    assert!(address(&plan, "hub-orders/euc1-az3").starts_with("10.9."));
    assert_eq!(plan.peerings.len(), 1);
    assert_eq!(plan.peerings[&"shop-hub".into()].accepter.as_str(), "hub");
    assert_eq!(routes(&plan, "shop").len(), 2);
    assert_eq!(routes(&plan, "hub").len(), 2);
    assert!(routes(&plan, "data").is_empty());
    assert_eq!(filled(&plan, "connections[0].carrier"), "peering");
    let allowed: Vec<_> = plan.services[&"orders".into()]
        .allowed_accounts
        .iter()
        .collect();
    assert_eq!(allowed, ["333333333333"], "the account of the endpoint");
}

#[test]
fn the_endpoint_admits_the_ranges_of_the_clients() {
    let plan = plan(&through_hub());
    assert_eq!(
        rules(&plan, "hub-orders-endpoint").0,
        ["9000-9003 10.1.0.0/16"]
    );
    assert_eq!(rules(&plan, "checkout").1, ["9000-9003 10.9.0.0/16"]);
}

#[test]
fn names_are_answered_in_both_vpcs() {
    let plan = plan(&through_hub());
    assert_eq!(records(&plan, "shop").len(), 4);
    assert_eq!(records(&plan, "shop"), records(&plan, "hub"));
    let lines = plan
        .steps
        .iter()
        .filter(|step| step.account == "222222222222");
    let associated = lines.filter(|step| step.title.starts_with("associate `shop`"));
    assert_eq!(associated.count(), 4);
}

#[test]
fn connections_through_one_vpc_share_its_endpoint() {
    let mut spec = through_hub();
    let (_, shop) = spec.vpcs[2].clone();
    let mail = blueprint::spec::Vpc {
        cidrs: vec!["10.2.0.0/16".parse().expect("a range")],
        ..shop
    };
    spec.vpcs.push(("mail".to_owned(), mail));
    let mut second = spec.connections[0].clone();
    second.from = "mail".to_owned();
    spec.connections.push(second.clone());
    second.from = "hub".to_owned();
    second.through = None;
    spec.connections.push(second);
    let mut sender = spec.clients[0].1.clone();
    sender.vpc = "mail".to_owned();
    spec.clients.push(("sender".to_owned(), sender.clone()));
    sender.vpc = "hub".to_owned();
    spec.clients.push(("relay".to_owned(), sender));
    let plan = plan(&spec);
    assert_eq!(plan.endpoints.len(), 1);
    assert_eq!(
        rules(&plan, "hub-orders-endpoint").0,
        [
            "9000-9003 10.1.0.0/16",
            "9000-9003 10.2.0.0/16",
            "9000-9003 relay"
        ]
    );
    assert_eq!(records(&plan, "mail").len(), 4);
    assert_eq!(
        plan.zones
            .values()
            .filter(|zone| zone.vpcs.len() == 3)
            .count(),
        4
    );
}

#[test]
fn an_endpoint_in_the_services_region_serves_a_peered_vpc_of_another() {
    let mut spec = through_hub();
    let (_, shop) = &mut spec.vpcs[2];
    shop.region = "us-east-1".to_owned();
    shop.zones = vec!["use1-az1".into()];
    let plan = plan(&spec);
    assert!(plan.services[&"orders".into()].supported_regions.is_empty());
    assert_eq!(plan.peerings[&"shop-hub".into()].mtu, 8500);
}

#[test]
fn what_cannot_be_shared_or_held_is_said() {
    let mut spec = through_hub();
    spec.connections[0].via = Via::Peering;
    let names = |spec: &Spec| {
        let found = plan::build(spec).1.into_iter();
        found.map(|fault| fault.title).collect::<Vec<_>>()
    };
    assert_eq!(
        names(&spec),
        ["`peering` has no endpoint for `hub` to hold"]
    );
    let mut spec = through_hub();
    let mut second = spec.connections[0].clone();
    second.from = "hub".to_owned();
    second.through = None;
    second.via = Via::MskMultiVpc;
    spec.connections.push(second);
    assert_eq!(
        names(&spec),
        ["two connections need different endpoints to `orders` in `hub`"]
    );
}
