//! Transit gateways: chosen or said, in one Region and across two.

mod support;

use blueprint::Blueprint;
use blueprint::spec::{Route, Spec, TransitGateway, TransitRoute, TransitTable, Via};
use blueprint::transit::TransitTarget;
use support::{PEERING, filled, growth, routes, rules};

fn zones(list: &[&str]) -> Vec<blueprint::ids::ZoneId> {
    list.iter().map(|zone| (*zone).into()).collect()
}

fn near() -> Spec {
    let mut spec = support::spec(PEERING);
    spec.connections[0].via = Via::TransitGateway;
    spec
}

fn far() -> Spec {
    let mut spec = near();
    let (_, shop) = &mut spec.vpcs[1];
    shop.region = "us-east-1".to_owned();
    shop.zones = zones(&["use1-az1", "use1-az2"]);
    spec
}

/// A third VPC like `shop` with a client.
fn add_mail(spec: &mut Spec, range: &str) {
    let (_, mut mail) = spec.vpcs[1].clone();
    mail.account = "333333333333".to_owned();
    mail.cidrs = vec![range.parse().expect("a range")];
    spec.vpcs.push(("mail".to_owned(), mail));
    let (_, mut sender) = spec.clients[0].clone();
    sender.vpc = "mail".to_owned();
    spec.clients.push(("sender".to_owned(), sender));
    let mut connection = spec.connections[0].clone();
    connection.from = "mail".to_owned();
    spec.connections.push(connection);
}

fn plan(spec: &Spec) -> Blueprint {
    let (blueprint, findings) = plan::build(spec);
    assert!(findings.is_empty(), "{findings:#?}");
    blueprint
}

fn faults(spec: &Spec) -> Vec<String> {
    let found = plan::build(spec).1.into_iter();
    found
        .map(|fault| format!("{}: {}", fault.name, fault.title))
        .collect()
}

/// The tables of every gateway: propagations, then static routes.
fn tables(blueprint: &Blueprint) -> Vec<String> {
    let mut lines = Vec::new();
    for (id, table) in &blueprint.transit_tables {
        let learnt = table.propagations.iter();
        lines.extend(learnt.map(|attachment| format!("{id} learns {attachment}")));
        for route in &table.routes {
            let target = match &route.target {
                TransitTarget::Attachment(id) => id.to_string(),
                TransitTarget::Peering(id) => id.to_string(),
                TransitTarget::Blackhole => "nowhere".to_owned(),
            };
            lines.push(format!("{id} {} {target}", route.destination));
        }
    }
    lines
}

#[test]
fn one_gateway_serves_a_region() {
    let plan = plan(&near());
    let gateway = &plan.transit_gateways[&"tgw-eu-central-1".into()];
    assert_eq!(gateway.account, "111111111111", "the cluster's");
    assert_eq!(gateway.region, "eu-central-1");
    assert_eq!(gateway.mtu, 8500);
    assert_eq!(
        gateway.shared_with.iter().collect::<Vec<_>>(),
        ["222222222222"]
    );
    assert_eq!(
        tables(&plan),
        [
            "tgw-eu-central-1/main learns data@tgw-eu-central-1",
            "tgw-eu-central-1/main learns shop@tgw-eu-central-1"
        ]
    );
    for (id, n_zones) in [("data", 3), ("shop", 2)] {
        let id = format!("{id}@tgw-eu-central-1");
        let attachment = &plan.transit_attachments[&id.into()];
        assert_eq!(attachment.subnets.len(), n_zones);
        let table = attachment.table.as_ref().map(|table| table.as_str());
        assert_eq!(table, Some("tgw-eu-central-1/main"));
    }
    assert!(plan.peerings.is_empty() && plan.transit_peerings.is_empty());
    assert_eq!(
        filled(&plan, "connections[0].transit_gateway"),
        "tgw-eu-central-1"
    );
    assert_eq!(
        filled(&plan, "vpcs.shop.transit_zones"),
        "[euc1-az1, euc1-az2]"
    );
}

#[test]
fn routes_lead_to_the_gateway_from_both_sides() {
    let plan = plan(&near());
    assert_eq!(
        routes(&plan, "shop"),
        [
            "shop/euc1-az1 10.0.0.0/16 tgw-eu-central-1",
            "shop/euc1-az2 10.0.0.0/16 tgw-eu-central-1"
        ]
    );
    assert_eq!(routes(&plan, "data").len(), 6, "two ranges in three tables");
    assert_eq!(rules(&plan, "checkout").1, ["9092 10.0.0.0/16"]);
    assert_eq!(
        rules(&plan, "orders-brokers").0,
        [
            "9093-9094 orders-brokers",
            "9092 billing",
            "9092 10.1.0.0/16",
            "9092 10.2.0.0/16"
        ]
    );
    assert_eq!(
        support::records(&plan, "shop").len(),
        6,
        "names as in the cluster's VPC"
    );
}

#[test]
fn gateways_of_two_regions_are_peered_with_static_routes() {
    let plan = plan(&far());
    assert_eq!(plan.transit_gateways.len(), 2);
    assert_eq!(
        plan.transit_gateways[&"tgw-us-east-1".into()].account,
        "222222222222"
    );
    let peering = &plan.transit_peerings[&"tgw-us-east-1@tgw-eu-central-1".into()];
    assert_eq!(peering.tables.len(), 2);
    assert_eq!(
        tables(&plan),
        [
            "tgw-eu-central-1/main learns data@tgw-eu-central-1",
            "tgw-eu-central-1/main 10.1.0.0/16 tgw-us-east-1@tgw-eu-central-1",
            "tgw-eu-central-1/main 10.2.0.0/16 tgw-us-east-1@tgw-eu-central-1",
            "tgw-us-east-1/main learns shop@tgw-us-east-1",
            "tgw-us-east-1/main 10.0.0.0/16 tgw-us-east-1@tgw-eu-central-1"
        ]
    );
    assert_eq!(
        routes(&plan, "shop")[0],
        "shop/use1-az1 10.0.0.0/16 tgw-us-east-1"
    );
    assert_eq!(
        routes(&plan, "data")[0],
        "data/euc1-az1 10.1.0.0/16 tgw-eu-central-1"
    );
}

#[test]
fn a_gateway_of_the_spec_is_used_in_its_region() {
    let mut spec = far();
    let hub = TransitGateway {
        account: "999999999999".to_owned(),
        ..TransitGateway::default()
    };
    spec.transit_gateways.push(("core".to_owned(), hub.clone()));
    assert!(
        plan(&spec)
            .transit_attachments
            .contains_key(&"data@core".into())
    );
    spec.connections[0].transit_gateway = Some("core".to_owned());
    assert_eq!(
        faults(&spec),
        ["distant-transit-gateway: `shop` cannot be attached to `core`"]
    );
    spec.transit_gateways[0].1.region = "us-east-1".to_owned();
    let plan = plan(&spec);
    assert!(plan.transit_attachments.contains_key(&"shop@core".into()));
    assert_eq!(plan.transit_gateways[&"core".into()].shared_with.len(), 1);
}

#[test]
fn attachments_stand_where_it_was_said() {
    let mut spec = near();
    spec.vpcs[1].1.transit_zones = Some(zones(&["euc1-az2"]));
    let attachment = plan(&spec).transit_attachments[&"shop@tgw-eu-central-1".into()].clone();
    let zones_of = attachment.subnets.keys().map(|zone| zone.as_str());
    assert_eq!(zones_of.collect::<Vec<_>>(), ["euc1-az2"]);
    spec.vpcs[1].1.transit_zones = Some(zones(&["euc1-az9"]));
    assert_eq!(
        faults(&spec),
        ["missing-subnet: `shop` has no subnet in euc1-az9"]
    );
}

#[test]
fn tables_as_said_hold_nothing_else() {
    let mut spec = near();
    let names = |list: &[&str]| {
        list.iter()
            .map(|name| (*name).to_owned())
            .collect::<Vec<_>>()
    };
    let route = |to: &str, via: &str| TransitRoute {
        to: to.parse().expect("a range"),
        via: via.to_owned(),
    };
    let clients = TransitTable {
        associate: names(&["shop"]),
        propagate: names(&["data"]),
        routes: vec![route("10.0.48.0/20", "blackhole")],
    };
    let brokers = TransitTable {
        associate: names(&["data", "shop"]),
        propagate: Vec::new(),
        routes: vec![route("10.1.0.0/16", "shop"), route("10.5.0.0/16", "mars")],
    };
    let hub = TransitGateway {
        account: "111111111111".to_owned(),
        tables: Some(vec![
            ("clients".to_owned(), clients),
            ("brokers".to_owned(), brokers),
        ]),
        ..TransitGateway::default()
    };
    spec.transit_gateways.push(("core".to_owned(), hub));
    assert_eq!(
        faults(&spec),
        [
            "contradicting-settings: `shop` is associated with two tables of `core`",
            "distant-transit-gateway: `core` is not peered with `mars`"
        ]
    );
    let (plan, _) = plan::build(&spec);
    assert_eq!(
        tables(&plan),
        [
            "core/brokers 10.1.0.0/16 shop@core",
            "core/clients learns data@core",
            "core/clients 10.0.48.0/20 nowhere"
        ]
    );
    let table = |id: &str| plan.transit_attachments[&id.into()].table.clone();
    assert_eq!(table("shop@core"), Some("core/clients".into()));
    assert_eq!(table("data@core"), Some("core/brokers".into()));
}

#[test]
fn overlapping_ranges_behind_one_gateway_are_propagated_once() {
    let mut spec = near();
    add_mail(&mut spec, "10.2.0.0/16");
    assert_eq!(
        faults(&spec),
        ["conflicting-routes: `tgw-eu-central-1` cannot route to `shop` and to `mail`"]
    );
    let (plan, _) = plan::build(&spec);
    assert_eq!(tables(&plan).len(), 2);
    assert_eq!(plan.transit_attachments.len(), 3);
}

#[test]
fn one_pair_is_joined_in_one_way() {
    let mut spec = near();
    let (_, orders) = spec.clusters[0].clone();
    spec.clusters.push(("clicks".to_owned(), orders));
    let mut second = spec.connections[0].clone();
    second.to = "clicks".to_owned();
    second.via = Via::Peering;
    spec.connections.push(second);
    assert_eq!(
        faults(&spec),
        ["contradicting-settings: `shop` and `data` are joined in two ways"]
    );
}

#[test]
fn routes_as_said_may_name_the_gateway() {
    let mut spec = near();
    let route = |via: &str| Route {
        to: "10.0.0.0/8".parse().expect("a range"),
        via: via.to_owned(),
        zones: Vec::new(),
    };
    let hub = TransitGateway {
        account: "111111111111".to_owned(),
        ..TransitGateway::default()
    };
    spec.transit_gateways.push(("core".to_owned(), hub.clone()));
    spec.vpcs[1].1.routes = Some(vec![route("core")]);
    assert_eq!(
        routes(&plan(&spec), "shop")[0],
        "shop/euc1-az1 10.0.0.0/8 core"
    );
    spec.transit_gateways.push(("edge".to_owned(), hub));
    spec.vpcs[1].1.routes = Some(vec![route("edge")]);
    assert_eq!(
        faults(&spec),
        ["unpeered-route: `shop` routes to `edge` without an attachment"]
    );
}

#[test]
fn a_carrier_may_be_a_transit_gateway() {
    let mut spec = near();
    let hub = blueprint::spec::Vpc {
        cidrs: vec!["10.9.0.0/16".parse().expect("a range")],
        ..spec.vpcs[1].1.clone()
    };
    spec.vpcs.push(("hub".to_owned(), hub));
    spec.connections[0].via = Via::Privatelink;
    spec.connections[0].through = Some("hub".to_owned());
    spec.connections[0].carrier = Some(blueprint::spec::Carrier::TransitGateway);
    let plan = plan(&spec);
    assert_eq!(routes(&plan, "hub").len(), 4);
    assert!(routes(&plan, "data").is_empty());
    let gateway = &plan.transit_gateways[&"tgw-eu-central-1".into()];
    assert_eq!(
        gateway.account, "222222222222",
        "of the VPC with the endpoint"
    );
}

#[test]
fn growth_only_adds() {
    for mut spec in [near(), far()] {
        let old = plan(&spec);
        add_mail(&mut spec, "10.7.0.0/16");
        let new = plan(&spec);
        let lost = growth::losses(&old, &new);
        assert!(lost.is_empty(), "{lost:#?}");
        let zone = if spec.vpcs[1].1.region.is_empty() {
            "euc1-az3"
        } else {
            "use1-az4"
        };
        spec.vpcs[1].1.zones.push(zone.into());
        let grown = plan(&spec);
        let attachment = |plan: &Blueprint| {
            let mut of_shop = plan.transit_attachments.values();
            of_shop
                .find(|a| a.vpc.as_str() == "shop")
                .map(|a| a.subnets.len())
        };
        assert_eq!((attachment(&new), attachment(&grown)), (Some(2), Some(3)));
    }
}
