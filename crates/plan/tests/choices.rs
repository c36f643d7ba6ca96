//! What the plan chooses, and what can be said in its place.

mod support;

use blueprint::spec::{Ports, Via};
use support::{PEERING, SHOP, address, advertised, filled, plan, records, routes, rules, spec};

#[test]
fn peering_leaves_listeners_and_names_as_they_are() {
    let plan = plan(PEERING);
    assert_eq!(
        advertised(&plan, "orders", "CLIENT"),
        [
            "b-1.orders.internal:9092",
            "b-2.orders.internal:9092",
            "b-3.orders.internal:9092"
        ]
    );
    let checkout = &plan.clients[&"checkout".into()];
    assert_eq!(checkout.bootstrap.len(), 3);
    assert_eq!(plan.zones.len(), 1);
    assert_eq!(records(&plan, "shop"), records(&plan, "data"));
    assert_eq!(records(&plan, "shop").len(), 6);
    assert_eq!(
        routes(&plan, "shop"),
        [
            "shop/euc1-az1 10.0.0.0/16 shop-data",
            "shop/euc1-az2 10.0.0.0/16 shop-data"
        ]
    );
    assert_eq!(routes(&plan, "data").len(), 6, "two ranges in three tables");
    assert_eq!(rules(&plan, "checkout").1, ["9092 orders-brokers"]);
    let (towards, _) = rules(&plan, "orders-brokers");
    assert_eq!(
        towards,
        ["9093-9094 orders-brokers", "9092 billing", "9092 checkout"]
    );
    let titles: Vec<_> = plan.steps.iter().map(|step| step.title.as_str()).collect();
    assert_eq!(titles.len(), 1 + 2 + 3 + 3, "{titles:#?}");
    assert!(plan.balancers.is_empty() && plan.endpoints.is_empty());
}

#[test]
fn the_lines_of_server_properties_are_exact() {
    let plan = plan(PEERING);
    let step = plan
        .steps
        .iter()
        .find(|step| step.title.contains("broker 2"))
        .unwrap();
    for line in [
        "controller.quorum.voters=1@10.0.0.10:9093,2@10.0.16.10:9093,3@10.0.32.10:9093",
        "listeners=CLIENT://10.0.16.10:9092,INTERNAL://10.0.16.10:9094,CONTROLLER://10.0.16.10:9093",
        "advertised.listeners=CLIENT://b-2.orders.internal:9092,INTERNAL://b-2-internal.orders.internal:9094",
        "inter.broker.listener.name=INTERNAL",
        "min.insync.replicas=2",
    ] {
        assert!(
            step.lines.iter().any(|known| known == line),
            "{line}: {:#?}",
            step.lines
        );
    }
}

#[test]
fn a_client_in_the_clusters_vpc_needs_no_means() {
    let body = SHOP
        .replace("  - { from: shop, to: orders, via: privatelink }\n", "")
        .replace("connections:\n", "")
        .replace("  checkout: { vpc: shop, cluster: orders }\n", "");
    let plan = plan(&body);
    assert_eq!(rules(&plan, "billing").1, ["9092 orders-brokers"]);
    assert!(
        advertised(&plan, "orders", "CLIENT")
            .iter()
            .all(|at| at.ends_with(":9092"))
    );
    assert!(plan.zones.is_empty() && plan.steps.is_empty());
}

#[test]
fn an_ec2_cluster_keeps_its_listener_and_gains_one() {
    let body = PEERING.replace("via: peering", "via: privatelink");
    let plan = plan(&body);
    assert!(
        advertised(&plan, "orders", "CLIENT")
            .iter()
            .all(|at| at.ends_with(":9092"))
    );
    assert_eq!(
        advertised(&plan, "orders", "PRIVATELINK")[2],
        "b-3.orders.internal:9003"
    );
    assert_eq!(plan.clients[&"checkout".into()].listener, "PRIVATELINK");
    assert_eq!(plan.clients[&"billing".into()].listener, "CLIENT");
    assert!(
        rules(&plan, "orders-brokers")
            .0
            .contains(&"9095 orders-nlb".to_owned())
    );
    assert_eq!(rules(&plan, "orders-nlb").0, Vec::<String>::new());
}

#[test]
fn a_zone_name_holds_the_names_under_it_only() {
    let with = |zone: &str| {
        let body = PEERING.replace(
            "via: peering",
            &format!("via: privatelink, zone_name: {zone}"),
        );
        records(&plan(&body), "shop")
    };
    let wide = with("orders.internal");
    assert_eq!(wide.len(), 4);
    assert!(wide.values().all(|zone| zone == "orders.internal"));
    assert_eq!(with("b-1.orders.internal").len(), 1);
    assert_eq!(with("ders.internal").len(), 0, "no label ends there");
}

#[test]
fn explicit_ports_are_kept_as_said() {
    let ports = "ports: { bootstrap: 9100, 1: 9002, 2: 9001, 3: 9003 }";
    let body = SHOP.replace("via: privatelink", &format!("via: privatelink, {ports}"));
    let body = body.replace("brokers: 3", "brokers: 3\n    zookeeper: true");
    let swapped = plan(&body);
    assert!(advertised(&swapped, "orders", "CLIENT")[0].ends_with(":9002"));
    let listeners = &swapped.balancers[&"orders-nlb".into()].listeners;
    assert_eq!(listeners[&9001].target_group.as_str(), "orders-2");
    assert_eq!(
        rules(&swapped, "checkout").1,
        [
            "9001-9003 shop-orders-endpoint",
            "9100 shop-orders-endpoint"
        ]
    );
    let step = support::step(&swapped, "set the listeners of `orders` broker by broker");
    assert_eq!(step.lines.len(), 2 * 3, "no formula gives these ports");
    let suffix = &swapped.clusters[&"orders".into()].suffix;
    let short = |line: &String| line.replace(suffix.as_str(), "orders.SUFFIX");
    let lines = step.lines[2..4].iter().map(short);
    let kafka = "kafka-configs.sh --bootstrap-server b-2.orders.SUFFIX:9092 --entity-type brokers --entity-name 2";
    assert_eq!(
        lines.collect::<Vec<_>>(),
        [
            format!("{kafka} --describe --all | grep advertised.listeners"),
            format!(
                "{kafka} --alter --add-config \"advertised.listeners=[CLIENT://b-2.orders.SUFFIX:9001,REPLICATION://b-2-internal.orders.SUFFIX:9093]\""
            ),
        ],
        "every listener is repeated"
    );

    let body = body.replace(ports, &format!("{ports}, advertise: 9000"));
    assert!(advertised(&plan(&body), "orders", "CLIENT")[0].ends_with(":9001"));
}

#[test]
fn a_port_is_a_function_of_the_id() {
    let port = |brokers: &str| {
        let body = SHOP.replace("brokers: 3", &format!("brokers: {brokers}"));
        let plan = plan(&body);
        let targets = &plan.target_groups[&"orders-7".into()].targets;
        let listeners = &plan.balancers[&"orders-nlb".into()].listeners;
        let listener = listeners
            .iter()
            .find(|(_, l)| l.target_group.as_str() == "orders-7");
        (*listener.unwrap().0, targets.len())
    };
    for brokers in [
        "[7, 8, 9]",
        "[9, 8, 7]",
        "[1, 2, 3, 4, 5, 7]",
        "[7, 100, 40]",
    ] {
        assert_eq!(port(brokers), (9007, 1), "{brokers}");
    }
}

#[test]
fn connections_to_one_cluster_share_its_balancer() {
    let body = SHOP
        .replace("clusters:", "  mail: { account: \"333333333333\", cidr: 10.0.0.0/16, zones: [euc1-az3] }\nclusters:")
        .replace("clients:", "clients:\n  sender: { vpc: mail, cluster: orders }")
        + "  - { from: mail, to: orders, via: privatelink }\n";
    let plan = plan(&body);
    assert_eq!(
        (
            plan.balancers.len(),
            plan.services.len(),
            plan.endpoints.len()
        ),
        (1, 1, 2)
    );
    assert_eq!(plan.services[&"orders".into()].allowed_accounts.len(), 2);
    assert_eq!(rules(&plan, "mail-orders-endpoint").0, ["9000-9003 sender"]);
    let (towards, _) = rules(&plan, "orders-brokers");
    assert_eq!(
        towards.iter().filter(|rule| rule.contains("nlb")).count(),
        1
    );
}

#[test]
fn auto_takes_the_cheapest_and_says_why_not_the_others() {
    let auto = |body: &str, via: &str| plan(&body.replace(via, "via: auto"));
    let peered = auto(PEERING, "via: peering");
    assert_eq!(filled(&peered, "connections[0].via"), "peering");
    let shop = auto(SHOP, "via: privatelink");
    assert_eq!(filled(&shop, "connections[0].via"), "privatelink");
    let chosen = shop
        .defaults
        .iter()
        .find(|f| f.key.to_string() == "connections[0].via");
    let because = &chosen.unwrap().because;
    assert!(
        because.contains("peering is refused: overlapping-ranges: both VPCs hold 10.0.0.0/16"),
        "{because}"
    );
}

#[test]
fn means_are_refused_by_the_check_that_would_fail() {
    let table: [(&str, [Option<&str>; 2]); 6] = [
        (PEERING, [None, None]),
        (SHOP, [Some("overlapping-ranges"), None]),
        (
            &PEERING.replace("10.2.0.0/16]", "10.2.0.0/16, 10.0.0.0/24]"),
            [Some("overlapping-ranges"), None],
        ),
        (
            &PEERING.replace("zones: [euc1-az1, euc1-az2]", "zones: [euc1-az4]"),
            [None, Some("mismatched-zones")],
        ),
        (
            &PEERING.replace("brokers: 3", "brokers: 50"),
            [None, Some("exhausted-quota")],
        ),
        (
            &PEERING.replace(
                "zones: [euc1-az1, euc1-az2]",
                "zones: [euc1-az1], routes: []",
            ),
            [Some("missing-route"), None],
        ),
    ];
    for (body, expected) in table {
        let candidates = plan::means(&spec(body), "shop", "orders");
        let order: Vec<_> = candidates.iter().map(|candidate| candidate.via).collect();
        assert_eq!(order[..2], [Via::Peering, Via::Privatelink]);
        assert_eq!(order.len(), 7, "every way");
        let refused: Vec<_> = candidates
            .iter()
            .map(|c| c.refused.as_ref().map(|why| why.check))
            .take(2)
            .collect();
        assert_eq!(refused, expected, "{body}");
    }
    assert!(plan::means(&spec(SHOP), "nowhere", "orders").is_empty());
}

#[test]
fn routes_that_were_said_are_all_there_are() {
    let said = "zones: [euc1-az1, euc1-az2], routes: [{ to: 10.0.0.0/16, via: data, zones: [euc1-az2] }, { to: 0.0.0.0/0, via: igw-0abc }]";
    let plan = plan(&PEERING.replace("zones: [euc1-az1, euc1-az2] }", &format!("{said} }}")));
    assert_eq!(
        routes(&plan, "shop"),
        [
            "shop/euc1-az1 0.0.0.0/0 igw-0abc",
            "shop/euc1-az2 10.0.0.0/16 shop-data",
            "shop/euc1-az2 0.0.0.0/0 igw-0abc",
        ]
    );
    assert_eq!(routes(&plan, "data").len(), 6);
}

#[test]
fn peered_clients_of_a_moved_listener_enter_by_the_balancer() {
    let body = SHOP
        .replace("clusters:", "  mail: { account: \"333333333333\", cidr: 10.7.0.0/16, zones: [euc1-az3] }\nclusters:")
        .replace("clients:", "clients:\n  sender: { vpc: mail, cluster: orders }")
        + "  - { from: mail, to: orders, via: peering }\n";
    let plan = plan(&body);
    assert_eq!(rules(&plan, "sender").1, ["9000-9003 orders-nlb"]);
    assert_eq!(
        rules(&plan, "orders-nlb").0,
        ["9000-9003 billing", "9000-9003 sender"]
    );
    assert_eq!(records(&plan, "mail").len(), 4);
    assert_eq!(plan.clients[&"sender".into()].bootstrap[0].port, 9000);
}

#[test]
fn addresses_and_zones_can_be_said() {
    let body = SHOP
        .replace("brokers: 3", "brokers: 3\n    addresses: { 1: 10.0.16.4, 3: 10.0.0.4 }\n    broker_zones: { 2: euc1-az3 }")
        .replace("via: privatelink", "via: privatelink, endpoint_zones: [euc1-az2], endpoint_addresses: { euc1-az2: 10.0.16.77 }, balancer_zones: [euc1-az3, euc1-az2]")
        .replace("checkout: { vpc: shop,", "checkout: { vpc: shop, addresses: { euc1-az1: 10.0.0.99 },");
    let plan = plan(&body);
    for (eni, expected) in [
        ("orders/1", "10.0.16.4"),
        ("orders/2", "10.0.32.10"),
        ("orders/3", "10.0.0.4"),
        ("shop-orders/euc1-az2", "10.0.16.77"),
        ("checkout/euc1-az1", "10.0.0.99"),
    ] {
        assert_eq!(address(&plan, eni), expected, "{eni}");
    }
    assert_eq!(
        plan.enis[&"orders/1".into()].subnet.as_str(),
        "data/euc1-az2",
        "the address decides"
    );
    assert_eq!(plan.endpoints[&"shop-orders".into()].enis.len(), 1);
    let balancer = &plan.balancers[&"orders-nlb".into()];
    assert_eq!(balancer.nodes.len(), 2);
    let nodes = &plan.public_names[&balancer.dns_name].addresses;
    assert_eq!(
        nodes[0].to_string(),
        "10.0.36.10",
        "in the order of zones as said"
    );
}

#[test]
fn advertised_and_bootstrap_can_be_said() {
    let body = SHOP
        .replace(
            "brokers: 3",
            "brokers: 3\n    advertised: { CLIENT: \"k{id}.example.com:{9100+id}\" }",
        )
        .replace(
            "checkout: { vpc: shop,",
            "checkout: { vpc: shop, bootstrap: [\"10.0.6.10:9000\"], egress: [10.0.0.0/8],",
        );
    let plan = plan(&body);
    assert_eq!(
        advertised(&plan, "orders", "CLIENT")[1],
        "k2.example.com:9102"
    );
    assert_eq!(advertised(&plan, "orders", "REPLICATION")[1], "nothing");
    assert_eq!(
        plan.clients[&"checkout".into()].bootstrap[0].to_string(),
        "10.0.6.10:9000"
    );
    assert_eq!(rules(&plan, "checkout").1, ["9000-9003 10.0.0.0/8"]);
    let step = support::step(&plan, "set the listener");
    assert_eq!(
        step.lines[0],
        "custom.advertised.listeners=CLIENT://k{broker_id}.example.com:9100+{broker_id}"
    );
}

#[test]
fn admitted_ranges_stand_in_place_of_what_would_be_chosen() {
    let admit = "admit: { brokers: [10.0.4.0/24], balancer: [], endpoint: [10.0.8.0/24] }";
    let body = SHOP
        .replace("via: privatelink", &format!("via: privatelink, {admit}"))
        .replace("brokers: 3", "brokers: 3\n    admit: [10.0.99.0/24]");
    let plan = plan(&body);
    let (towards, _) = rules(&plan, "orders-brokers");
    assert_eq!(towards[2..], ["9092 10.0.4.0/24", "9092 10.0.99.0/24"]);
    assert_eq!(rules(&plan, "orders-nlb").0, Vec::<String>::new());
    assert_eq!(
        rules(&plan, "shop-orders-endpoint").0,
        ["9000-9003 10.0.8.0/24"]
    );
}

#[test]
fn settings_never_contradict_each_other() {
    for brokers in 1..7_usize {
        for said in [
            "",
            "min.insync.replicas: 1",
            "min.insync.replicas: 2",
            "min.insync.replicas: 3",
            "default.replication.factor: 2",
            "default.replication.factor: 5",
        ] {
            let body = SHOP
                .replace("kind: msk", "kind: ec2")
                .replace("brokers: 3", &format!("brokers: {brokers}"))
                .replace(
                    "default.replication.factor: 3, min.insync.replicas: 2",
                    said,
                );
            let plan = plan(&body);
            let settings = &plan.clusters[&"orders".into()].settings;
            let number = |name: &str| settings[name].parse::<usize>().unwrap();
            for (factor, in_sync) in [
                ("default.replication.factor", "min.insync.replicas"),
                (
                    "transaction.state.log.replication.factor",
                    "transaction.state.log.min.isr",
                ),
            ] {
                let chosen = |name: &str| !said.starts_with(name);
                if chosen(factor) {
                    assert!(number(factor) <= brokers, "{brokers} {said}: {settings:?}");
                }
                let possible = chosen(in_sync) || number(in_sync) < brokers;
                if possible && chosen(factor) {
                    assert!(
                        number(in_sync) <= number(factor),
                        "{brokers} {said}: {settings:?}"
                    );
                    let one_may_fail = number(in_sync) < number(factor);
                    assert!(
                        one_may_fail || brokers == 1,
                        "{brokers} {said}: {settings:?}"
                    );
                }
            }
            assert!(number("offsets.topic.replication.factor") <= brokers);
        }
    }
}

#[test]
fn ports_one_by_one_leave_the_bootstrap_a_free_one() {
    let shop = |ports: &str| {
        let plan = plan(&SHOP.replace(
            "via: privatelink",
            &format!("via: privatelink, advertise: 9000, ports: {ports}"),
        ));
        plan.clients[&"checkout".into()].bootstrap[0].port
    };
    assert_eq!(shop("{ 1: 9001, 2: 9002, 3: 9003 }"), 9000);
    assert_eq!(shop("{ 1: 9000, 2: 9001, 3: 9003 }"), 9002);
}

#[test]
fn each_means_is_said_by_ports_of_its_kind() {
    let spec = spec(&SHOP.replace("via: privatelink", "via: privatelink, ports: 9200"));
    assert_eq!(spec.connections[0].ports, Some(Ports::Base(9200)));
    let (plan, _) = plan::build(&spec);
    assert_eq!(plan.clients[&"checkout".into()].bootstrap[0].port, 9200);
    assert!(support::step(&plan, "set the listener").lines[0].ends_with(":9200+{broker_id}"));
}
