//! What the plan reports: the fault, and the key at which it is mended.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use std::collections::BTreeSet;
use std::net::Ipv4Addr;

use blueprint::diagnostic::{At, Diagnostic, Level};
use blueprint::ids::ZoneId;
use blueprint::spec::{Ports, Route, Spec, Subnet};
use support::{PEERING, SHOP, spec};

/// A change to a spec, and what must be reported: level, name, key.
struct Case {
    spec: &'static str,
    change: fn(&mut Spec),
    expected: &'static [&'static str],
}

fn line(fault: &Diagnostic) -> String {
    let level = match fault.level {
        Level::Error => "error",
        Level::Warning => "warning",
    };
    let at = match &fault.primary.at {
        At::Value(key) | At::Key(key) => key.to_string(),
        At::Bytes(..) => "bytes".to_owned(),
    };
    format!("{level}[{}] {at}", fault.name)
}

fn zone(id: &str) -> ZoneId {
    ZoneId::from(id)
}

const CASES: &[Case] = &[
    Case {
        spec: SHOP,
        change: |spec| spec.connections.clear(),
        expected: &["error[unconnected-promise] clients.checkout.cluster"],
    },
    Case {
        spec: SHOP,
        change: |spec| {
            spec.connections[0].via = blueprint::spec::Via::Auto;
            spec.vpcs[1].1.zones = vec![zone("euc1-az4")];
        },
        expected: &["error[unconnected-promise] connections[0].via"],
    },
    Case {
        spec: SHOP,
        change: |spec| {
            let mut second = spec.connections[0].clone();
            spec.vpcs.push(("mail".to_owned(), spec.vpcs[1].1.clone()));
            second.from = "mail".to_owned();
            second.ports = Some(Ports::Base(9100));
            second.cross_zone = Some(true);
            second.balancer_zones = Some(vec![zone("euc1-az1")]);
            spec.connections[0].ports = Some(Ports::Base(9200));
            spec.connections[0].cross_zone = Some(false);
            spec.connections[0].balancer_zones = Some(vec![zone("euc1-az2")]);
            spec.connections.push(second);
        },
        expected: &[
            "error[contradicting-settings] connections[1].balancer_zones",
            "error[contradicting-settings] connections[1].cross_zone",
            "error[contradicting-settings] connections[1].ports",
        ],
    },
    Case {
        spec: SHOP,
        change: |spec| spec.clusters[0].1.brokers = vec![0, 1, 2],
        expected: &["error[colliding-ports] connections[0].ports"],
    },
    Case {
        spec: SHOP,
        change: |spec| {
            spec.connections[0].ports = Some(Ports::Each {
                bootstrap: Some(9001),
                brokers: [(1, 9001), (2, 9001), (3, 9003)].into(),
            });
        },
        expected: &[
            "error[colliding-ports] connections[0].ports.2",
            "error[colliding-ports] connections[0].ports.bootstrap",
        ],
    },
    Case {
        spec: SHOP,
        change: |spec| {
            spec.clusters[0]
                .1
                .listeners
                .insert("CLIENT".to_owned(), 9093);
        },
        expected: &["error[colliding-ports] clusters.orders.listeners.CLIENT"],
    },
    Case {
        spec: SHOP,
        change: |spec| {
            spec.connections[0].ports = Some(Ports::Each {
                bootstrap: None,
                brokers: [(1, 9001), (2, 9012), (3, 9023)].into(),
            });
        },
        expected: &["error[irregular-listener] connections[0].ports"],
    },
    Case {
        spec: SHOP,
        change: |spec| {
            let template = "b-{id}.k{100+id}.example.com:{9000+id}".to_owned();
            let advertised = [("CLIENT".to_owned(), template)].into();
            spec.clusters[0].1.advertised = Some(advertised);
        },
        expected: &["error[irregular-listener] clusters.orders.advertised.CLIENT"],
    },
    Case {
        spec: SHOP,
        change: |spec| spec.clusters[0].1.brokers = vec![1, 60000, u32::MAX],
        expected: &["error[port-out-of-range] connections[0].ports"],
    },
    Case {
        spec: SHOP,
        change: |spec| spec.clients[0].0 = "shop-orders".to_owned(),
        expected: &["error[ambiguous-name] clients.shop-orders"],
    },
    Case {
        spec: SHOP,
        change: |spec| spec.clients[1].0 = "orders".to_owned(),
        expected: &["error[ambiguous-name] clients.orders"],
    },
    Case {
        spec: SHOP,
        change: |spec| {
            spec.vpcs[0].1.cidrs = vec!["10.0.0.0/28".parse().unwrap()];
        },
        expected: &[
            "error[exhausted-range] vpcs.data.zones",
            "error[exhausted-range] vpcs.data.zones",
        ],
    },
    Case {
        spec: SHOP,
        change: |spec| {
            spec.vpcs[0].1.cidrs = vec!["10.0.0.0/24".parse().unwrap()];
            spec.clusters[0].1.brokers = (1..=40).collect();
        },
        expected: &[
            "error[exhausted-range] clusters.orders.brokers",
            "error[exhausted-range] clusters.orders.brokers",
            "error[exhausted-range] clusters.orders.brokers",
        ],
    },
    Case {
        spec: SHOP,
        change: |spec| {
            let cluster = &mut spec.clusters[0].1;
            cluster.addresses = [
                (1, Ipv4Addr::new(10, 0, 0, 3)),
                (2, Ipv4Addr::new(10, 0, 200, 9)),
                (3, Ipv4Addr::new(10, 0, 0, 77)),
            ]
            .into();
            spec.clients[1].1.addresses = [(zone("euc1-az1"), Ipv4Addr::new(10, 0, 0, 77))].into();
            spec.connections[0].endpoint_addresses =
                [(zone("euc1-az1"), Ipv4Addr::new(10, 0, 16, 9))].into();
        },
        expected: &[
            "error[misplaced-address] clusters.orders.addresses.1",
            "error[misplaced-address] clusters.orders.addresses.2",
            "error[misplaced-address] connections[0].endpoint_addresses.euc1-az1",
            "error[misplaced-address] clients.billing.addresses.euc1-az1",
            "error[uneven-brokers] clusters.orders.brokers",
        ],
    },
    Case {
        spec: SHOP,
        change: |spec| {
            let subnet = |zone, cidr: &str| Subnet {
                zone: ZoneId::from(zone),
                cidr: cidr.parse().unwrap(),
                id: None,
            };
            spec.vpcs[0].1.subnets = vec![
                subnet("euc1-az1", "10.0.0.0/24"),
                subnet("euc1-az1", "10.1.0.0/24"),
                subnet("euc1-az2", "10.0.0.128/25"),
            ];
        },
        expected: &[
            "error[misplaced-subnet] vpcs.data.subnets[1].cidr",
            "error[misplaced-subnet] vpcs.data.subnets[2].cidr",
        ],
    },
    Case {
        spec: SHOP,
        change: |spec| {
            spec.vpcs[0].1.zones.clear();
        },
        expected: &[
            "error[missing-subnet] clusters.orders.vpc",
            "error[missing-subnet] clients.billing.vpc",
        ],
    },
    Case {
        spec: SHOP,
        change: |spec| {
            spec.clusters[0].1.broker_zones = [(2, zone("euc1-az9"))].into();
            spec.connections[0].balancer_zones = Some(vec![zone("euc1-az1"), zone("euc1-az9")]);
            spec.connections[0].endpoint_zones = Some(vec![zone("euc1-az3"), zone("euc1-az1")]);
        },
        expected: &[
            "error[missing-subnet] connections[0].balancer_zones[1]",
            "error[missing-subnet] connections[0].endpoint_zones[0]",
            "error[missing-subnet] clusters.orders.broker_zones.2",
        ],
    },
    Case {
        spec: SHOP,
        change: |spec| {
            let said = [(
                "CLIENT".to_owned(),
                "b-{id}.example.com:{65534+id}".to_owned(),
            )];
            spec.clusters[0].1.advertised = Some(said.into());
        },
        expected: &["error[malformed-template] clusters.orders.advertised.CLIENT"],
    },
    Case {
        spec: SHOP,
        change: |spec| {
            spec.vpcs[1].1.routes = Some(vec![Route {
                to: "10.9.0.0/16".parse().unwrap(),
                via: "data".to_owned(),
                zones: Vec::new(),
            }]);
        },
        expected: &["error[unpeered-route] vpcs.shop.routes[0].via"],
    },
    Case {
        spec: PEERING,
        change: |spec| {
            spec.vpcs.push(("mail".to_owned(), spec.vpcs[1].1.clone()));
            let mut second = spec.connections[0].clone();
            second.from = "mail".to_owned();
            spec.connections.push(second);
        },
        expected: &["error[conflicting-routes] connections[1].via"],
    },
    Case {
        spec: PEERING,
        change: |spec| {
            let mut mail = spec.vpcs[0].1.clone();
            mail.account = "333333333333".to_owned();
            spec.vpcs.push(("mail".to_owned(), mail));
            let mut returns = spec.clusters[0].clone();
            returns.0 = "returns".to_owned();
            returns.1.vpc = "mail".to_owned();
            spec.clusters.push(returns);
            let mut second = spec.connections[0].clone();
            second.to = "returns".to_owned();
            spec.connections.push(second);
        },
        expected: &["error[conflicting-routes] connections[1].via"],
    },
    Case {
        spec: SHOP,
        change: |spec| spec.clusters[0].1.brokers.push(4),
        expected: &["error[uneven-brokers] clusters.orders.brokers"],
    },
    Case {
        spec: SHOP,
        change: |spec| {
            spec.clusters[0].1.broker_zones = [(2, zone("euc1-az1"))].into();
        },
        expected: &["error[uneven-brokers] clusters.orders.brokers"],
    },
    Case {
        spec: PEERING,
        change: |spec| {
            let hub = blueprint::spec::TransitGateway {
                region: "us-east-1".to_owned(),
                ..Default::default()
            };
            spec.transit_gateways.push(("core".to_owned(), hub));
            spec.connections[0].via = blueprint::spec::Via::TransitGateway;
            spec.connections[0].transit_gateway = Some("core".to_owned());
        },
        expected: &["error[distant-transit-gateway] connections[0].transit_gateway"],
    },
    Case {
        spec: SHOP,
        change: |spec| {
            spec.vpcs[1].1.id = Some("vpc-0abc".to_owned());
            spec.clusters[0].1.id = Some("arn:aws:kafka:…".to_owned());
        },
        expected: &[
            "warning[unseen-existing-object] vpcs.shop.id",
            "error[unfit-existing-object] clusters.orders.id",
        ],
    },
    Case {
        spec: PEERING,
        change: |spec| spec.clusters[0].1.auth = vec![blueprint::spec::Auth::Iam],
        expected: &[
            "error[unsupported-auth] connections[0].via",
            "error[unsupported-auth] clients.billing.cluster",
        ],
    },
    Case {
        spec: SHOP,
        change: |spec| {
            spec.clusters[0].1.kind = blueprint::spec::ClusterKind::MskServerless;
            spec.clusters[0].1.auth = vec![blueprint::spec::Auth::Iam];
        },
        expected: &["error[unsupported-pattern] connections[0].via"],
    },
    Case {
        spec: SHOP,
        change: |spec| spec.clusters[0].1.auth = vec![blueprint::spec::Auth::Iam],
        expected: &["warning[unknown-combination] connections[0].via"],
    },
    Case {
        spec: PEERING,
        change: |spec| {
            let mut dangling = spec.connections[0].clone();
            dangling.to = "nothing".to_owned();
            spec.connections.push(dangling);
            spec.connections.push(spec.connections[0].clone());
            spec.clients[1].1.vpc = "nowhere".to_owned();
            let mut homeless = spec.clusters[0].clone();
            homeless.0 = "homeless".to_owned();
            homeless.1.vpc = "nowhere".to_owned();
            spec.clusters.push(homeless);
        },
        expected: &[],
    },
];

#[test]
fn faults_are_reported_where_they_are_mended() {
    for (index, case) in CASES.iter().enumerate() {
        let mut changed = spec(case.spec);
        (case.change)(&mut changed);
        let (_, found) = plan::build(&changed);
        let lines: Vec<_> = found.iter().map(line).collect();
        assert_eq!(lines, case.expected, "case {index}: {found:#?}");
        for fault in &found {
            assert!(
                plan::explain(fault.name).is_some(),
                "{} has no page",
                fault.name
            );
            let remedy = fault.help.is_some() || !fault.notes.is_empty();
            assert!(remedy, "{} has no remedy", fault.title);
            let is_fragment =
                !fault.title.ends_with('.') && !fault.title.starts_with(char::is_uppercase);
            assert!(is_fragment, "{}", fault.title);
        }
    }
}

#[test]
fn every_fault_is_met_and_has_its_page() {
    let met: BTreeSet<&str> = CASES
        .iter()
        .flat_map(|case| case.expected)
        .filter_map(|line| line.split(['[', ']']).nth(1))
        .collect();
    let listed: BTreeSet<&str> = plan::faults().iter().map(|(name, _)| *name).collect();
    assert_eq!(met, listed);
    for (name, page) in plan::faults() {
        assert!(page.starts_with(&format!("# {name}\n")), "{name}");
        assert!(page.contains("**Remedy.**"), "{name}");
    }
    let read: BTreeSet<&str> = blueprint::faults().iter().map(|(name, _)| *name).collect();
    assert!(read.is_disjoint(&listed), "one name for two faults");
}

#[test]
fn an_unconnected_promise_names_the_cheapest_means_that_works() {
    for (body, via) in [(SHOP, "privatelink"), (PEERING, "peering")] {
        let mut unconnected = spec(body);
        unconnected.connections.clear();
        let (blueprint, found) = plan::build(&unconnected);
        let help = found[0].help.as_deref().unwrap();
        let expected =
            format!("add to `connections`: `- {{ from: shop, to: orders, via: {via} }}`");
        assert_eq!(help, expected);
        let client = &blueprint.clients[&"checkout".into()];
        assert_eq!(
            (client.bootstrap.len(), client.bootstrap[0].port),
            (3, 9092)
        );
        let (_, egress) = support::rules(&blueprint, "checkout");
        assert_eq!(egress, ["9092 10.0.0.0/16"]);
    }
    let mut unconnected = spec(SHOP);
    unconnected.connections.clear();
    let (_, found) = plan::build(&unconnected);
    let refused = "`peering` is refused: overlapping-ranges: both VPCs hold 10.0.0.0/16";
    assert!(
        found[0].notes.iter().any(|note| note == refused),
        "{:?}",
        found[0].notes
    );
}

#[test]
fn help_is_one_edit() {
    let check = |body: &str, change: fn(&mut Spec), expected: &[&str]| {
        let mut changed = spec(body);
        change(&mut changed);
        let found = plan::build(&changed).1;
        let help: Vec<_> = found.iter().map(|f| f.help.as_deref().unwrap()).collect();
        assert_eq!(help, expected);
    };
    check(
        SHOP,
        |spec| {
            spec.connections.clear();
            spec.vpcs[1].1.zones = vec![zone("euc1-az4")];
        },
        &[
            "give `shop` a range apart from `data`'s, or give `shop` a subnet in euc1-az1 or euc1-az2 or euc1-az3; then add a connection",
        ],
    );
    check(
        SHOP,
        |spec| {
            spec.connections[0].via = blueprint::spec::Via::Auto;
            spec.clusters[0].1.brokers = (1..=51).collect();
        },
        &[],
    );
    check(
        SHOP,
        |spec| spec.clients[0].0 = "shop-orders".to_owned(),
        &["call client `shop-orders` otherwise, such as `shop-orders-client`"],
    );
}

#[test]
fn brokers_without_an_address_are_counted_per_subnet() {
    let mut small = spec(SHOP);
    small.vpcs[0].1.cidrs = vec!["10.0.0.0/24".parse().unwrap()];
    small.clusters[0].1.brokers = (1..=60).collect();
    let (_, found) = plan::build(&small);
    let titles: Vec<_> = found
        .iter()
        .filter(|fault| fault.title.contains("brokers"))
        .map(|fault| fault.title.as_str())
        .collect();
    assert_eq!(
        titles,
        [
            "12 of 60 brokers of `orders` do not fit into `data/euc1-az1`",
            "11 of 60 brokers of `orders` do not fit into `data/euc1-az2`",
            "11 of 60 brokers of `orders` do not fit into `data/euc1-az3`",
        ]
    );
}
