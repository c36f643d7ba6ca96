//! Estates in which one VPC's objects are in another's way: peers that share addresses, and names
//! of the user's choice that must be answered wherever they are dialled.

mod support;

use blueprint::dns::Record;
use support::{PEERING, SHOP, filled, plan, records, routes, spec};

/// A VPC whose ranges are those of `shop`, with a client and a connection by `via`.
fn with_twin(via: &str) -> String {
    let twin = "  mail: { account: \"333333333333\", cidr: 10.2.0.0/16, zones: [euc1-az1] }\n";
    PEERING
        .replace("clusters:", &format!("{twin}clusters:"))
        .replace(
            "clients:",
            "clients:\n  sender: { vpc: mail, cluster: orders }",
        )
        + via
}

#[test]
fn auto_gives_no_vpc_two_routes_for_one_range() {
    let auto = plan(&with_twin("  - { from: mail, to: orders, via: auto }\n"));
    assert_eq!(filled(&auto, "connections[1].via"), "privatelink");
    let chosen = auto
        .defaults
        .iter()
        .find(|f| f.key.to_string() == "connections[1].via");
    let because = &chosen.unwrap().because;
    let why = "peering is refused: conflicting-routes: `data` is peered with `shop`, which holds 10.2.0.0/16 as well";
    assert!(because.ends_with(why), "{because}");

    let unconnected = spec(&with_twin(""));
    let (_, found) = plan::build(&unconnected);
    let help = found[0].help.as_deref().unwrap();
    assert!(help.contains("via: privatelink"), "{help}");
    let refused = |spec: &blueprint::spec::Spec| {
        let candidates = plan::means(spec, "mail", "orders");
        candidates[0].refused.as_ref().map(|why| why.check)
    };
    assert_eq!(refused(&unconnected), Some("conflicting-routes"));

    let both = with_twin("  - { from: mail, to: orders, via: auto }\n");
    let both = both.replace("via: peering", "via: auto");
    assert_eq!(refused(&spec(&both)), Some("conflicting-routes"));
    assert_eq!(filled(&plan(&both), "connections[0].via"), "peering");

    let said = "zones: [euc1-az1, euc1-az2, euc1-az3], routes: [{ to: 10.1.0.0/16, via: shop }, { to: 10.2.0.0/17, via: shop }, { to: 10.2.0.0/16, via: mail }]";
    let said = both.replace("zones: [euc1-az1, euc1-az2, euc1-az3]", said);
    assert_eq!(
        refused(&spec(&said)),
        None,
        "the VPC's own routes tell them apart"
    );
}

#[test]
fn the_second_of_two_conflicting_peerings_gets_no_route() {
    let body = with_twin("  - { from: mail, to: orders, via: peering }\n");
    let (blueprint, found) = plan::build(&spec(&body));
    assert_eq!(
        found[0].title,
        "`data` cannot route to `shop` and to `mail`"
    );
    assert_eq!(found.len(), 1);
    let towards: Vec<_> = routes(&blueprint, "data")
        .into_iter()
        .filter(|line| line.starts_with("data/euc1-az1"))
        .collect();
    assert_eq!(
        towards,
        [
            "data/euc1-az1 10.1.0.0/16 shop-data",
            "data/euc1-az1 10.2.0.0/16 shop-data"
        ]
    );
    assert_eq!(routes(&blueprint, "mail").len(), 1);
}

/// Names under `example.com` that a VPC's zones answer, each with its answer.
fn foreign(blueprint: &blueprint::Blueprint, vpc: &str) -> Vec<String> {
    let zones = blueprint.zones.values();
    let here = zones.filter(|zone| zone.vpcs.contains(&vpc.into()));
    let records = here.flat_map(|zone| &zone.records);
    let foreign = records.filter(|(name, _)| name.ends_with("example.com"));
    foreign
        .map(|(name, record)| match record {
            Record::A(addresses) => format!("{name} {addresses:?}"),
            Record::Alias(target) => {
                let kind = if target.starts_with("vpce-") {
                    "endpoint"
                } else {
                    "balancer"
                };
                format!("{name} {kind}")
            }
        })
        .collect()
}

#[test]
fn names_of_the_users_choice_are_answered_where_they_are_dialled() {
    let advertised = |listener: &str| {
        format!("brokers: 3, advertised: {{ {listener}: \"k{{id}}.example.com:{{9000+id}}\" }}")
    };
    let direct = plan(&PEERING.replace("brokers: 3", &advertised("CLIENT")));
    let answers = [
        "k1.example.com [10.0.0.10]",
        "k2.example.com [10.0.16.10]",
        "k3.example.com [10.0.32.10]",
    ];
    assert_eq!(foreign(&direct, "data"), answers);
    assert_eq!(foreign(&direct, "shop"), answers);
    let associations = direct
        .steps
        .iter()
        .filter(|step| step.title.starts_with("associate"));
    assert_eq!(associations.count(), 1 + 3, "in another account");

    let body = PEERING.replace("via: peering", "via: privatelink");
    let remote = plan(&body.replace("brokers: 3", &advertised("PRIVATELINK")));
    assert_eq!(foreign(&remote, "shop").len(), 3);
    assert_eq!(foreign(&remote, "shop")[0], "k1.example.com endpoint");
    assert_eq!(foreign(&remote, "data"), [""; 0]);

    let moved = advertised("CLIENT").replace(", ", "\n    ");
    let moved = plan(&SHOP.replace("brokers: 3", &moved));
    assert_eq!(foreign(&moved, "shop")[2], "k3.example.com endpoint");
    assert_eq!(foreign(&moved, "data")[2], "k3.example.com balancer");

    let zone = "via: peering, zone_name: example.com";
    let zone = PEERING.replace("via: peering", zone);
    let zone = plan(&zone.replace("brokers: 3", &advertised("CLIENT")));
    assert_eq!(foreign(&zone, "shop"), answers);
    assert_eq!(
        zone.zones[&"shop-orders/example.com".into()].records.len(),
        3
    );
}

#[test]
fn addresses_and_brokers_own_names_get_no_zone() {
    for template in ["10.0.{id}.10:9092", "b-1.orders.internal:9092"] {
        let said = format!("brokers: 3, advertised: {{ CLIENT: \"{template}\" }}");
        let plan = plan(&PEERING.replace("brokers: 3", &said));
        assert_eq!(plan.zones.len(), 1, "{template}");
        assert_eq!(records(&plan, "shop").len(), 6, "{template}");
    }
}
