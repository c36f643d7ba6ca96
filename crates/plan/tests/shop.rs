//! Product.md's example: MSK, PrivateLink, both VPCs 10.0.0.0/16.

mod support;

use std::collections::BTreeSet;

use blueprint::dns::Record;
use blueprint::network::{DenialTarget, EniOwner};
use support::{SHOP, address, advertised, filled, plan, rules};

const SUFFIX: &str = "orders.SUFFIX";

/// Replaces the cluster's domain by a short one, so that expectations can be read.
fn short(blueprint: &blueprint::Blueprint, text: &str) -> String {
    let suffix = &blueprint.clusters[&"orders".into()].suffix;
    text.replace(suffix.as_str(), SUFFIX)
}

#[test]
fn addresses_follow_bands_and_zones() {
    let plan = plan(SHOP);
    let table = [
        ("orders/1", "10.0.0.10"),
        ("orders/2", "10.0.16.10"),
        ("orders/3", "10.0.32.10"),
        ("orders-nlb/euc1-az1", "10.0.4.10"),
        ("orders-nlb/euc1-az3", "10.0.36.10"),
        ("shop-orders/euc1-az1", "10.0.6.10"),
        ("shop-orders/euc1-az2", "10.0.22.10"),
        ("stranger.shop", "10.0.8.10"),
        ("stranger.data", "10.0.8.10"),
        ("checkout/euc1-az1", "10.0.8.11"),
        ("checkout/euc1-az2", "10.0.24.11"),
        ("billing/euc1-az3", "10.0.40.11"),
    ];
    for (eni, expected) in table {
        assert_eq!(address(&plan, eni), expected, "{eni}");
    }
    assert_eq!(plan.enis.len(), 3 + 3 + 2 + 2 + 3 + 2);
    assert_eq!(
        filled(&plan, "connections[0].endpoint_zones"),
        "[euc1-az1, euc1-az2]"
    );
}

#[test]
fn the_listener_moves_to_the_balancer_for_everybody() {
    let plan = plan(SHOP);
    let moved: Vec<_> = advertised(&plan, "orders", "CLIENT")
        .iter()
        .map(|at| short(&plan, at))
        .collect();
    assert_eq!(
        moved,
        [
            "b-1.orders.SUFFIX:9001",
            "b-2.orders.SUFFIX:9002",
            "b-3.orders.SUFFIX:9003"
        ]
    );
    let internal = advertised(&plan, "orders", "REPLICATION");
    assert_eq!(
        short(&plan, &internal[0]),
        "b-1-internal.orders.SUFFIX:9093"
    );
    for client in ["checkout", "billing"] {
        let client = &plan.clients[&client.into()];
        assert_eq!(client.listener, "CLIENT");
        let bootstrap: Vec<_> = client
            .bootstrap
            .iter()
            .map(|at| short(&plan, &at.to_string()))
            .collect();
        assert_eq!(bootstrap, ["bootstrap.orders.SUFFIX:9000"]);
    }
}

#[test]
fn the_balancer_has_a_listener_per_broker_and_one_over_all() {
    let plan = plan(SHOP);
    let balancer = &plan.balancers[&"orders-nlb".into()];
    assert!(balancer.cross_zone && !balancer.enforce_on_privatelink);
    let listeners: Vec<_> = balancer
        .listeners
        .iter()
        .map(|(port, listener)| {
            let group = &plan.target_groups[&listener.target_group];
            let targets: Vec<_> = group
                .targets
                .iter()
                .map(|t| format!("{}:{}", t.address, t.port))
                .collect();
            format!("{port} {}", targets.join(" "))
        })
        .collect();
    let expected = [
        "9000 10.0.0.10:9092 10.0.16.10:9092 10.0.32.10:9092",
        "9001 10.0.0.10:9092",
        "9002 10.0.16.10:9092",
        "9003 10.0.32.10:9092",
    ];
    assert_eq!(listeners, expected);
    let nodes = &plan.public_names[&balancer.dns_name].addresses;
    let nodes: Vec<_> = nodes.iter().map(ToString::to_string).collect();
    assert_eq!(nodes, ["10.0.4.10", "10.0.20.10", "10.0.36.10"]);
    let service = &plan.services[&"orders".into()];
    assert_eq!(
        service.allowed_accounts,
        BTreeSet::from(["222222222222".to_owned()])
    );
}

#[test]
fn rules_are_the_least_that_is_needed() {
    let plan = plan(SHOP);
    let table: [(&str, &[&str], &[&str]); 6] = [
        ("checkout", &[], &["9000-9003 shop-orders-endpoint"]),
        ("shop-orders-endpoint", &["9000-9003 checkout"], &[]),
        (
            "orders-nlb",
            &["9000-9003 billing"],
            &["9092 orders-brokers"],
        ),
        (
            "orders-brokers",
            &[
                "9093 orders-brokers",
                "9099 orders-brokers",
                "9092 orders-nlb",
            ],
            &["9093 orders-brokers", "9099 orders-brokers"],
        ),
        ("billing", &[], &["9000-9003 orders-nlb"]),
        ("stranger.shop", &[], &["0-65535 0.0.0.0/0"]),
    ];
    for (group, ingress, egress) in table {
        let (towards, from) = rules(&plan, group);
        assert_eq!(towards, ingress, "towards {group}");
        assert_eq!(from, egress, "from {group}");
    }
}

#[test]
fn names_lead_to_the_endpoint_in_one_vpc_and_to_the_balancer_in_the_other() {
    let plan = plan(SHOP);
    let balancer = plan.balancers[&"orders-nlb".into()].dns_name.clone();
    let endpoint = plan.endpoints[&"shop-orders".into()].dns_name.clone();
    for (vpc, target) in [("shop", endpoint), ("data", balancer)] {
        let zones = plan
            .zones
            .values()
            .filter(|zone| zone.vpcs.contains(&vpc.into()));
        let mut names = Vec::new();
        for zone in zones {
            let apex = (zone.name.clone(), Record::Alias(target.clone()));
            assert_eq!(zone.records, [apex].into(), "{vpc}");
            names.push(short(&plan, &zone.name));
        }
        let expected = ["b-1", "b-2", "b-3", "bootstrap"].map(|name| format!("{name}.{SUFFIX}"));
        assert_eq!(names, expected, "{vpc}");
        assert!(plan.public_names.contains_key(&target));
    }
    let cluster = &plan.clusters[&"orders".into()];
    assert_eq!(cluster.service_names.len(), 6);
    assert_eq!(
        plan.public_names[&format!("b-2.{}", cluster.suffix)].addresses[0].to_string(),
        "10.0.16.10"
    );
}

#[test]
fn controllers_and_settings() {
    let plan = plan(SHOP);
    let cluster = &plan.clusters[&"orders".into()];
    assert_eq!(
        cluster.controllers.keys().copied().collect::<Vec<_>>(),
        [1, 2, 3]
    );
    assert!(cluster.controllers.values().all(|(_, port)| *port == 9099));
    let expected = [
        ("default.replication.factor", "3"),
        ("min.insync.replicas", "2"),
        ("offsets.topic.replication.factor", "3"),
        ("transaction.state.log.min.isr", "2"),
        ("transaction.state.log.replication.factor", "3"),
    ];
    let settings: Vec<_> = cluster
        .settings
        .iter()
        .map(|(k, v)| (k.as_str(), v.as_str()))
        .collect();
    assert_eq!(settings, expected);
}

#[test]
fn strangers_and_brokers_are_to_be_denied() {
    let plan = plan(SHOP);
    let denials: Vec<_> = plan
        .denials
        .iter()
        .map(|denial| {
            let to = match &denial.to {
                DenialTarget::Name(name) => short(&plan, name),
                DenialTarget::Address(address) => address.to_string(),
            };
            format!("{} {to}:{}", denial.from, denial.port)
        })
        .collect();
    let mut expected = Vec::new();
    for vpc in ["data", "shop"] {
        for at in [
            "bootstrap.orders.SUFFIX:9000",
            "b-1.orders.SUFFIX:9001",
            "b-2.orders.SUFFIX:9002",
            "b-3.orders.SUFFIX:9003",
        ] {
            expected.push(format!("stranger.{vpc} {at}"));
        }
    }
    expected.push("orders/1 10.0.6.10:22".to_owned());
    expected.push("stranger.data 10.0.6.10:22".to_owned());
    assert_eq!(denials, expected);
}

#[test]
fn a_range_that_admits_the_stranger_is_not_expected_to_deny_it() {
    let open = SHOP.replace(
        "via: privatelink",
        "via: privatelink, admit: { endpoint: [10.0.0.0/16] }",
    );
    let plan = plan(&open);
    assert_eq!(
        rules(&plan, "shop-orders-endpoint").0,
        ["9000-9003 10.0.0.0/16"]
    );
    let strangers: BTreeSet<_> = plan
        .denials
        .iter()
        .filter(|denial| plan.enis[&denial.from].owner == EniOwner::Witness)
        .map(|denial| denial.from.as_str())
        .collect();
    assert_eq!(strangers, ["stranger.data"].into());
}

#[test]
fn steps_give_the_exact_setting() {
    let plan = plan(SHOP);
    let lines: Vec<_> = plan
        .steps
        .iter()
        .flat_map(|step| &step.lines)
        .map(|line| short(&plan, line))
        .collect();
    assert_eq!(
        lines,
        [
            "custom.advertised.listeners=CLIENT://b-{broker_id}.orders.SUFFIX:9000+{broker_id}",
            "bootstrap.servers=bootstrap.orders.SUFFIX:9000",
            "connections.max.idle.ms=300000",
            "bootstrap.servers=bootstrap.orders.SUFFIX:9000",
            "connections.max.idle.ms=300000",
        ]
    );
}
