//! The walk, rule by rule: a sound network, one thing changed in it, and how the paths then end.

mod estate;
mod rules;

use blueprint::Blueprint;
use blueprint::dns::Record;
use blueprint::ids::EniId;
use blueprint::kafka::Goal;
use blueprint::network::{Denial, DenialTarget, EniOwner, RouteTarget};
use blueprint::verdict::Class;

use estate::{
    add_vpc, admit_group, at, eni, group, ip, line, linked, peer, peered, publish, route, targets,
    unroute,
};

/// One change of a network and what becomes of one path.
struct Change {
    rule: &'static str,
    change: fn(&mut Blueprint),
    goal: Goal,
    ends: &'static [&'static str],
}

const BOOTSTRAP: Goal = Goal::Bootstrap;
const BROKER_1: Goal = Goal::Broker(1);
const BROKER_2: Goal = Goal::Broker(2);

fn try_all(network: fn() -> Blueprint, changes: &[Change]) {
    let mut failures = Vec::new();
    for Change {
        rule,
        change,
        goal,
        ends,
    } in changes
    {
        let mut blueprint = network();
        change(&mut blueprint);
        let found = ends_of(&blueprint, *goal);
        if found != *ends {
            failures.push(format!("{rule}:\n  expected {ends:#?}\n  found {found:#?}"));
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

fn ends_of(blueprint: &Blueprint, goal: Goal) -> Vec<String> {
    let paths = verify::paths(blueprint);
    let path = paths.iter().find(|path| path.promise.goal == goal);
    path.expect("a promise").attempts.iter().map(line).collect()
}

fn zone_records(blueprint: &mut Blueprint) -> &mut std::collections::BTreeMap<String, Record> {
    &mut blueprint
        .zones
        .get_mut(&"zone of orders".into())
        .expect("the zone")
        .records
}

fn set_host(blueprint: &mut Blueprint, host: &str) {
    blueprint
        .clients
        .get_mut(&"checkout".into())
        .expect("the client")
        .bootstrap = vec![at(host)];
}

#[test]
fn sound_networks_deliver_everything() {
    let one = ["b-1.orders:9092 10.2.0.1 delivered 1"];
    assert_eq!(ends_of(&peered(), BOOTSTRAP), one);
    assert_eq!(ends_of(&peered(), BROKER_1), one);
    assert_eq!(
        ends_of(&peered(), BROKER_2),
        ["b-2.orders:9092 10.2.1.1 delivered 2"]
    );
    assert_eq!(
        ends_of(&linked(), BOOTSTRAP),
        [
            "boot.orders:9000 10.0.0.20 delivered 1",
            "boot.orders:9000 10.0.0.20 delivered 2",
            "boot.orders:9000 10.0.1.20 delivered 1",
            "boot.orders:9000 10.0.1.20 delivered 2",
        ]
    );
    assert_eq!(
        ends_of(&linked(), BROKER_2),
        [
            "b-2.orders:9002 10.0.0.20 delivered 2",
            "b-2.orders:9002 10.0.1.20 delivered 2"
        ]
    );
}

#[test]
fn names() {
    try_all(peered, NAMES);
}

static NAMES: &[Change] = &[
    Change {
        rule: "a zone without the record answers nothing, whatever public DNS knows",
        change: |b| {
            publish(b, "b-1.orders", &["10.2.0.1"]);
            zone_records(b).remove("b-1.orders");
        },
        goal: BROKER_1,
        ends: &["b-1.orders:9092 no-name at resolver of shop"],
    },
    Change {
        rule: "the narrowest zone decides",
        change: |b| estate::add_zone(b, "b-1.orders", &["shop"], [].into()),
        goal: BROKER_1,
        ends: &["b-1.orders:9092 no-name at resolver of shop"],
    },
    Change {
        rule: "a narrower zone decides for its own names only",
        change: |b| estate::add_zone(b, "b-1.orders", &["shop"], [].into()),
        goal: BROKER_2,
        ends: &["b-2.orders:9092 10.2.1.1 delivered 2"],
    },
    Change {
        rule: "a zone counts where it is associated",
        change: |b| estate::add_zone(b, "b-1.orders", &["data"], [].into()),
        goal: BROKER_1,
        ends: &["b-1.orders:9092 10.2.0.1 delivered 1"],
    },
    Change {
        rule: "a suffix ends at a dot",
        change: |b| estate::add_zone(b, "1.orders", &["shop"], [].into()),
        goal: BROKER_1,
        ends: &["b-1.orders:9092 10.2.0.1 delivered 1"],
    },
    Change {
        rule: "of two zones of one name the lowest id answers",
        change: |b| {
            let mut empty = b.zones[&"zone of orders".into()].clone();
            empty.records.clear();
            b.zones.insert("a zone".into(), empty);
        },
        goal: BROKER_1,
        ends: &["b-1.orders:9092 no-name at resolver of shop"],
    },
    Change {
        rule: "without a zone public DNS answers",
        change: |b| {
            b.zones.clear();
            publish(b, "b-1.orders", &["10.2.0.1"]);
        },
        goal: BROKER_1,
        ends: &["b-1.orders:9092 10.2.0.1 delivered 1"],
    },
    Change {
        rule: "a name that nobody knows",
        change: |b| b.zones.clear(),
        goal: BROKER_1,
        ends: &["b-1.orders:9092 no-name at resolver of shop"],
    },
    Change {
        rule: "an alias is answered by public DNS",
        change: |b| {
            publish(b, "somewhere.elb", &["10.2.0.1"]);
            zone_records(b).insert(
                "b-1.orders".to_owned(),
                Record::Alias("somewhere.elb".to_owned()),
            );
        },
        goal: BROKER_1,
        ends: &["b-1.orders:9092 10.2.0.1 delivered 1"],
    },
    Change {
        rule: "an alias of a name without addresses",
        change: |b| {
            publish(b, "somewhere.elb", &[]);
            zone_records(b).insert(
                "b-1.orders".to_owned(),
                Record::Alias("somewhere.elb".to_owned()),
            );
        },
        goal: BROKER_1,
        ends: &["b-1.orders:9092 no-name at resolver of shop"],
    },
    Change {
        rule: "an alias of a name that does not exist",
        change: |b| {
            drop(zone_records(b).insert(
                "b-1.orders".to_owned(),
                Record::Alias("nowhere.elb".to_owned()),
            ))
        },
        goal: BROKER_1,
        ends: &["b-1.orders:9092 no-name at resolver of shop"],
    },
    Change {
        rule: "every address of an answer is tried",
        change: |b| {
            drop(zone_records(b).insert(
                "b-1.orders".to_owned(),
                Record::A(vec![ip("10.2.0.99"), ip("10.2.0.1")]),
            ))
        },
        goal: BROKER_1,
        ends: &[
            "b-1.orders:9092 10.2.0.99 no-route at routing of data",
            "b-1.orders:9092 10.2.0.1 delivered 1",
        ],
    },
    Change {
        rule: "an address is its own answer",
        change: |b| set_host(b, "10.2.1.1:9092"),
        goal: BOOTSTRAP,
        ends: &["10.2.1.1:9092 10.2.1.1 delivered 2"],
    },
];

#[test]
fn one_s_own_range_comes_first() {
    try_all(linked, OWN_RANGE);
}

static OWN_RANGE: &[Change] = &[
    Change {
        rule: "one's own address is refused at once, though no group allows it",
        change: |b| {
            group(b, "checkout", &[], &[]);
            set_host(b, "10.0.0.10:9092");
        },
        goal: BOOTSTRAP,
        ends: &["10.0.0.10:9092 10.0.0.10 refused at checkout/a"],
    },
    Change {
        rule: "a broker's address means a neighbour of one's own VPC",
        change: |b| {
            eni(b, "stranger", "shop/a", "10.0.0.1", EniOwner::Witness, &[]);
            group(b, "checkout", &[], &[(9095, 9095, "10.0.0.0/16")]);
            set_host(b, "10.0.0.1:9095");
        },
        goal: BOOTSTRAP,
        ends: &["10.0.0.1:9095 10.0.0.1 refused at stranger"],
    },
    Change {
        rule: "or nobody",
        change: |b| {
            group(b, "checkout", &[], &[(9095, 9095, "10.0.0.0/16")]);
            set_host(b, "10.0.0.1:9095");
        },
        goal: BOOTSTRAP,
        ends: &["10.0.0.1:9095 10.0.0.1 no-route at routing of shop"],
    },
];

#[test]
fn security_groups() {
    try_all(peered, SECURITY_GROUPS);
}

static SECURITY_GROUPS: &[Change] = &[
    Change {
        rule: "no egress rule",
        change: |b| group(b, "checkout", &[], &[]),
        goal: BROKER_1,
        ends: &["b-1.orders:9092 10.2.0.1 denied-out at checkout/a"],
    },
    Change {
        rule: "an egress rule for other ports, just above",
        change: |b| group(b, "checkout", &[], &[(9093, 65535, "0.0.0.0/0")]),
        goal: BROKER_1,
        ends: &["b-1.orders:9092 10.2.0.1 denied-out at checkout/a"],
    },
    Change {
        rule: "an egress rule for other ports, just below",
        change: |b| group(b, "checkout", &[], &[(0, 9091, "0.0.0.0/0")]),
        goal: BROKER_1,
        ends: &["b-1.orders:9092 10.2.0.1 denied-out at checkout/a"],
    },
    Change {
        rule: "an egress rule for another range",
        change: |b| group(b, "checkout", &[], &[(9092, 9092, "10.2.1.0/24")]),
        goal: BROKER_1,
        ends: &["b-1.orders:9092 10.2.0.1 denied-out at checkout/a"],
    },
    Change {
        rule: "egress is asked before routing",
        change: |b| {
            group(b, "checkout", &[], &[]);
            unroute(b, "shop/a", "10.2.0.0/16");
        },
        goal: BROKER_1,
        ends: &["b-1.orders:9092 10.2.0.1 denied-out at checkout/a"],
    },
    Change {
        rule: "no ingress rule",
        change: |b| group(b, "orders", &[], &[]),
        goal: BROKER_1,
        ends: &["b-1.orders:9092 10.2.0.1 denied-in at orders/1"],
    },
    Change {
        rule: "a group as a source is the addresses that carry it",
        change: |b| {
            group(b, "orders", &[], &[]);
            admit_group(b, "orders", 9092, "checkout");
        },
        goal: BROKER_1,
        ends: &["b-1.orders:9092 10.2.0.1 delivered 1"],
    },
    Change {
        rule: "another group as a source",
        change: |b| {
            group(b, "orders", &[], &[]);
            admit_group(b, "orders", 9092, "orders");
        },
        goal: BROKER_1,
        ends: &["b-1.orders:9092 10.2.0.1 denied-in at orders/1"],
    },
    Change {
        rule: "any group of an interface will do",
        change: |b| {
            group(b, "orders", &[], &[]);
            group(b, "more", &[(9092, 9092, "10.1.0.10/32")], &[]);
            b.enis
                .get_mut(&"orders/1".into())
                .expect("a broker")
                .security_groups
                .push("more".into());
        },
        goal: BROKER_1,
        ends: &["b-1.orders:9092 10.2.0.1 delivered 1"],
    },
    Change {
        rule: "a group that does not exist allows nothing",
        change: |b| drop(b.security_groups.remove(&"orders".into())),
        goal: BROKER_1,
        ends: &["b-1.orders:9092 10.2.0.1 denied-in at orders/1"],
    },
    Change {
        rule: "an interface without groups is not filtered",
        change: |b| {
            b.security_groups.clear();
            b.enis
                .values_mut()
                .for_each(|eni| eni.security_groups.clear());
        },
        goal: BROKER_1,
        ends: &["b-1.orders:9092 10.2.0.1 delivered 1"],
    },
];

#[test]
fn groups_are_stateful() {
    let blueprint = peered();
    assert!(
        blueprint.security_groups[&"checkout".into()]
            .ingress
            .is_empty()
    );
    assert!(
        blueprint.security_groups[&"orders".into()]
            .egress
            .is_empty()
    );
    assert_eq!(
        ends_of(&blueprint, BROKER_1),
        ["b-1.orders:9092 10.2.0.1 delivered 1"]
    );
}

#[test]
fn routes_there() {
    try_all(peered, ROUTES_THERE);
}

static ROUTES_THERE: &[Change] = &[
    Change {
        rule: "no route",
        change: |b| unroute(b, "shop/a", "10.2.0.0/16"),
        goal: BROKER_1,
        ends: &["b-1.orders:9092 10.2.0.1 no-route at routing of shop"],
    },
    Change {
        rule: "the longest prefix wins",
        change: |b| {
            route(
                b,
                "shop/a",
                "10.2.0.0/24",
                RouteTarget::Outside("igw-1".to_owned()),
            )
        },
        goal: BROKER_1,
        ends: &["b-1.orders:9092 10.2.0.1 leaves-blueprint at routing of shop"],
    },
    Change {
        rule: "a shorter prefix does not",
        change: |b| {
            route(
                b,
                "shop/a",
                "0.0.0.0/0",
                RouteTarget::Outside("igw-1".to_owned()),
            )
        },
        goal: BROKER_1,
        ends: &["b-1.orders:9092 10.2.0.1 delivered 1"],
    },
    Change {
        rule: "of equal prefixes the first wins",
        change: |b| {
            route(
                b,
                "shop/a",
                "10.2.0.0/16",
                RouteTarget::Outside("igw-1".to_owned()),
            )
        },
        goal: BROKER_1,
        ends: &["b-1.orders:9092 10.2.0.1 delivered 1"],
    },
    Change {
        rule: "nobody at the other side of the peering",
        change: |b| set_host(b, "10.2.0.2:9092"),
        goal: BOOTSTRAP,
        ends: &["10.2.0.2:9092 10.2.0.2 no-route at routing of data"],
    },
    Change {
        rule: "nobody at a local address",
        change: |b| {
            group(b, "checkout", &[], &[(9092, 9092, "10.1.0.0/16")]);
            set_host(b, "10.1.0.2:9092");
        },
        goal: BOOTSTRAP,
        ends: &["10.1.0.2:9092 10.1.0.2 no-route at routing of shop"],
    },
    Change {
        rule: "ranges that overlap at their edge keep a peering from existing",
        change: |b| {
            let shop = b.vpcs.get_mut(&"shop".into()).expect("shop");
            shop.cidrs.push("10.2.255.0/24".parse().expect("a range"));
        },
        goal: BROKER_1,
        ends: &["b-1.orders:9092 10.2.0.1 no-route at routing of shop"],
    },
    Change {
        rule: "a peering of others",
        change: |b| {
            add_vpc(b, "desk", "10.3.0.0/16", &[]);
            peer(b, "desk", "data");
            unroute(b, "shop/a", "10.2.0.0/16");
            route(
                b,
                "shop/a",
                "10.2.0.0/16",
                RouteTarget::Peering("desk-data".into()),
            );
        },
        goal: BROKER_1,
        ends: &["b-1.orders:9092 10.2.0.1 no-route at routing of shop"],
    },
    Change {
        rule: "a peering is not transitive",
        change: |b| {
            add_vpc(b, "desk", "10.3.0.0/16", &[("a", "10.3.0.0/24")]);
            peer(b, "shop", "desk");
            peer(b, "desk", "data");
            unroute(b, "shop/a", "10.2.0.0/16");
            route(
                b,
                "shop/a",
                "10.2.0.0/16",
                RouteTarget::Peering("shop-desk".into()),
            );
            route(
                b,
                "desk/a",
                "10.2.0.0/16",
                RouteTarget::Peering("desk-data".into()),
            );
        },
        goal: BROKER_1,
        ends: &["b-1.orders:9092 10.2.0.1 no-route at routing of desk"],
    },
];

#[test]
fn routes_back() {
    try_all(peered, ROUTES_BACK);
}

static ROUTES_BACK: &[Change] = &[
    Change {
        rule: "no route from the broker's own subnet",
        change: |b| unroute(b, "data/b", "10.1.0.0/16"),
        goal: BROKER_2,
        ends: &["b-2.orders:9092 10.2.1.1 no-route at routing of data on the way back"],
    },
    Change {
        rule: "another subnet's table does not matter",
        change: |b| unroute(b, "data/b", "10.1.0.0/16"),
        goal: BROKER_1,
        ends: &["b-1.orders:9092 10.2.0.1 delivered 1"],
    },
    Change {
        rule: "a gateway on the way back is no way back",
        change: |b| {
            route(
                b,
                "data/a",
                "10.1.0.0/24",
                RouteTarget::Outside("nat-1".to_owned()),
            )
        },
        goal: BROKER_1,
        ends: &["b-1.orders:9092 10.2.0.1 no-route at routing of data on the way back"],
    },
    Change {
        rule: "an answer that goes to somebody else with the caller's address",
        change: |b| {
            add_vpc(b, "twin", "10.1.0.0/16", &[("a", "10.1.0.0/24")]);
            eni(b, "double", "twin/a", "10.1.0.10", EniOwner::Witness, &[]);
            peer(b, "twin", "data");
            route(
                b,
                "data/a",
                "10.1.0.0/24",
                RouteTarget::Peering("twin-data".into()),
            );
        },
        goal: BROKER_1,
        ends: &["b-1.orders:9092 10.2.0.1 no-route at routing of twin on the way back"],
    },
    Change {
        rule: "a refusal is an answer as well",
        change: |b| {
            group(b, "checkout", &[], &[(9999, 9999, "10.2.0.0/16")]);
            group(b, "orders", &[(9999, 9999, "10.1.0.0/16")], &[]);
            set_host(b, "10.2.1.1:9999");
        },
        goal: BOOTSTRAP,
        ends: &["10.2.1.1:9999 10.2.1.1 refused at orders/2"],
    },
    Change {
        rule: "and is lost like one",
        change: |b| {
            group(b, "checkout", &[], &[(9999, 9999, "10.2.0.0/16")]);
            group(b, "orders", &[(9999, 9999, "10.1.0.0/16")], &[]);
            set_host(b, "10.2.1.1:9999");
            unroute(b, "data/b", "10.1.0.0/16");
        },
        goal: BOOTSTRAP,
        ends: &["10.2.1.1:9999 10.2.1.1 no-route at routing of data on the way back"],
    },
    Change {
        rule: "a drop has no answer that could be lost",
        change: |b| {
            group(b, "orders", &[], &[]);
            unroute(b, "data/a", "10.1.0.0/16");
        },
        goal: BROKER_1,
        ends: &["b-1.orders:9092 10.2.0.1 denied-in at orders/1"],
    },
];

#[test]
fn endpoints_and_nodes() {
    try_all(linked, ENDPOINTS_AND_NODES);
}

static ENDPOINTS_AND_NODES: &[Change] = &[
    Change {
        rule: "a part of an endpoint leads to the node of its zone",
        change: |b| {
            drop(
                b.balancers
                    .get_mut(&"nlb".into())
                    .expect("nlb")
                    .nodes
                    .remove(&"b".into()),
            )
        },
        goal: BROKER_1,
        ends: &[
            "b-1.orders:9001 10.0.0.20 delivered 1",
            "b-1.orders:9001 10.0.1.20 no-target at link/b",
        ],
    },
    Change {
        rule: "the endpoint's groups are asked",
        change: |b| group(b, "link", &[(9000, 9001, "10.0.0.0/16")], &[]),
        goal: BROKER_2,
        ends: &[
            "b-2.orders:9002 10.0.0.20 denied-in at link/a",
            "b-2.orders:9002 10.0.1.20 denied-in at link/b",
        ],
    },
    Change {
        rule: "the node's are not, as long as that is not enforced",
        change: |b| group(b, "nlb", &[], &[(9095, 9095, "10.0.0.0/16")]),
        goal: BROKER_2,
        ends: &[
            "b-2.orders:9002 10.0.0.20 delivered 2",
            "b-2.orders:9002 10.0.1.20 delivered 2",
        ],
    },
    Change {
        rule: "where it is, with the address of who dialled the endpoint",
        change: |b| {
            b.balancers
                .get_mut(&"nlb".into())
                .expect("nlb")
                .enforce_on_privatelink = true;
            group(
                b,
                "nlb",
                &[(9000, 9002, "10.0.0.20/32")],
                &[(9095, 9095, "10.0.0.0/16")],
            );
        },
        goal: BROKER_2,
        ends: &[
            "b-2.orders:9002 10.0.0.20 denied-in at nlb/a",
            "b-2.orders:9002 10.0.1.20 denied-in at nlb/b",
        ],
    },
    Change {
        rule: "enforced and admitted",
        change: |b| {
            b.balancers
                .get_mut(&"nlb".into())
                .expect("nlb")
                .enforce_on_privatelink = true;
            group(
                b,
                "nlb",
                &[(9000, 9002, "10.0.0.10/32")],
                &[(9095, 9095, "10.0.0.0/16")],
            );
        },
        goal: BROKER_2,
        ends: &[
            "b-2.orders:9002 10.0.0.20 delivered 2",
            "b-2.orders:9002 10.0.1.20 delivered 2",
        ],
    },
    Change {
        rule: "no listener",
        change: |b| {
            drop(
                b.balancers
                    .get_mut(&"nlb".into())
                    .expect("nlb")
                    .listeners
                    .remove(&9002),
            )
        },
        goal: BROKER_2,
        ends: &[
            "b-2.orders:9002 10.0.0.20 no-listener at nlb/a",
            "b-2.orders:9002 10.0.1.20 no-listener at nlb/b",
        ],
    },
    Change {
        rule: "an empty target group",
        change: |b| targets(b, "two", &[]),
        goal: BROKER_2,
        ends: &[
            "b-2.orders:9002 10.0.0.20 no-target at nlb/a",
            "b-2.orders:9002 10.0.1.20 no-target at nlb/b",
        ],
    },
    Change {
        rule: "without cross-zone a node keeps to its zone",
        change: |b| b.balancers.get_mut(&"nlb".into()).expect("nlb").cross_zone = false,
        goal: BROKER_2,
        ends: &[
            "b-2.orders:9002 10.0.0.20 no-target at nlb/a",
            "b-2.orders:9002 10.0.1.20 delivered 2",
        ],
    },
    Change {
        rule: "and each address then has one target",
        change: |b| b.balancers.get_mut(&"nlb".into()).expect("nlb").cross_zone = false,
        goal: BOOTSTRAP,
        ends: &[
            "boot.orders:9000 10.0.0.20 delivered 1",
            "boot.orders:9000 10.0.1.20 delivered 2",
        ],
    },
    Change {
        rule: "a node's egress",
        change: |b| group(b, "nlb", &[], &[(9095, 9095, "10.0.0.0/24")]),
        goal: BROKER_2,
        ends: &[
            "b-2.orders:9002 10.0.0.20 denied-out at nlb/a",
            "b-2.orders:9002 10.0.1.20 denied-out at nlb/b",
        ],
    },
    Change {
        rule: "a broker sees the node and not the client",
        change: |b| group(b, "orders", &[(9095, 9095, "10.0.0.10/32")], &[]),
        goal: BROKER_1,
        ends: &[
            "b-1.orders:9001 10.0.0.20 denied-in at orders/1",
            "b-1.orders:9001 10.0.1.20 denied-in at orders/1",
        ],
    },
    Change {
        rule: "a target on a port that the broker does not bind",
        change: |b| {
            targets(b, "one", &["10.0.0.1:9999"]);
            group(b, "nlb", &[], &[(9999, 9999, "10.0.0.0/16")]);
            admit_group(b, "orders", 9999, "nlb");
        },
        goal: BROKER_1,
        ends: &[
            "b-1.orders:9001 10.0.0.20 refused at orders/1",
            "b-1.orders:9001 10.0.1.20 refused at orders/1",
        ],
    },
    Change {
        rule: "another broker behind the port",
        change: |b| targets(b, "one", &["10.0.1.1:9095"]),
        goal: BROKER_1,
        ends: &[
            "b-1.orders:9001 10.0.0.20 wrong-broker 2 at orders/2",
            "b-1.orders:9001 10.0.1.20 wrong-broker 2 at orders/2",
        ],
    },
    Change {
        rule: "every target is a way of its own",
        change: |b| targets(b, "one", &["10.0.0.1:9095", "10.0.1.1:9095"]),
        goal: BROKER_1,
        ends: &[
            "b-1.orders:9001 10.0.0.20 delivered 1",
            "b-1.orders:9001 10.0.0.20 wrong-broker 2 at orders/2",
            "b-1.orders:9001 10.0.1.20 delivered 1",
            "b-1.orders:9001 10.0.1.20 wrong-broker 2 at orders/2",
        ],
    },
    Change {
        rule: "a node that leads back to itself",
        change: |b| {
            targets(b, "one", &["10.0.0.30:9001"]);
            b.enis
                .values_mut()
                .for_each(|eni| eni.security_groups.clear());
        },
        goal: BROKER_1,
        ends: &[
            "b-1.orders:9001 10.0.0.20 loop at nlb/a",
            "b-1.orders:9001 10.0.1.20 loop at nlb/a",
        ],
    },
];

/// From `desk`, peered with `shop`, through the endpoint in `shop`.
fn through_a_peered_endpoint() -> Blueprint {
    let mut blueprint = linked();
    add_vpc(
        &mut blueprint,
        "desk",
        "10.9.0.0/16",
        &[("a", "10.9.0.0/24")],
    );
    peer(&mut blueprint, "desk", "shop");
    route(
        &mut blueprint,
        "desk/a",
        "10.0.0.0/16",
        RouteTarget::Peering("desk-shop".into()),
    );
    for table in ["shop/a", "shop/b"] {
        route(
            &mut blueprint,
            table,
            "10.9.0.0/16",
            RouteTarget::Peering("desk-shop".into()),
        );
    }
    eni(
        &mut blueprint,
        "checkout/a",
        "desk/a",
        "10.9.0.10",
        EniOwner::Client("checkout".into()),
        &["checkout"],
    );
    blueprint
        .zones
        .get_mut(&"zone of orders".into())
        .expect("the zone")
        .vpcs
        .insert("desk".into());
    group(&mut blueprint, "link", &[(9000, 9002, "10.9.0.0/16")], &[]);
    blueprint
}

#[test]
fn an_answer_passes_every_leg() {
    try_all(through_a_peered_endpoint, EVERY_LEG);
}

static EVERY_LEG: &[Change] = &[
    Change {
        rule: "an endpoint can be reached from a peer",
        change: |_| (),
        goal: BROKER_1,
        ends: &[
            "b-1.orders:9001 10.0.0.20 delivered 1",
            "b-1.orders:9001 10.0.1.20 delivered 1",
        ],
    },
    Change {
        rule: "and must find its way back there",
        change: |b| unroute(b, "shop/b", "10.9.0.0/16"),
        goal: BROKER_1,
        ends: &[
            "b-1.orders:9001 10.0.0.20 delivered 1",
            "b-1.orders:9001 10.0.1.20 no-route at routing of shop on the way back",
        ],
    },
];

#[test]
fn metadata_is_the_listener_s_that_bootstrap_arrived_on() {
    try_all(peered, METADATA);
}

static METADATA: &[Change] = &[
    Change {
        rule: "another listener answers the bootstrap and advertises its own port",
        change: |b| {
            group(b, "checkout", &[], &[(9094, 9094, "10.2.0.0/16")]);
            group(b, "orders", &[(9094, 9094, "10.1.0.0/16")], &[]);
            set_host(b, "b-2.orders:9094");
        },
        goal: BROKER_1,
        ends: &["b-1.orders:9094 10.2.0.1 delivered 1"],
    },
    Change {
        rule: "without a bootstrap it is the one that was meant",
        change: |b| set_host(b, "b-7.orders:9094"),
        goal: BROKER_1,
        ends: &["b-1.orders:9092 10.2.0.1 delivered 1"],
    },
    Change {
        rule: "a listener that is not advertised",
        change: |b| {
            let cluster = b.clusters.get_mut(&"orders".into()).expect("orders");
            let broker = cluster.brokers.get_mut(&2).expect("broker 2");
            broker
                .listeners
                .get_mut("CLIENT")
                .expect("CLIENT")
                .advertised = None;
        },
        goal: BROKER_2,
        ends: &[":0 no-listener at orders/2"],
    },
    Change {
        rule: "a listener that a broker does not have",
        change: |b| {
            let cluster = b.clusters.get_mut(&"orders".into()).expect("orders");
            cluster
                .brokers
                .get_mut(&2)
                .expect("broker 2")
                .listeners
                .remove("CLIENT");
        },
        goal: BROKER_2,
        ends: &[":0 no-listener at orders/2"],
    },
    Change {
        rule: "a broker of another cluster with the same id is the wrong one",
        change: |b| {
            let owner = EniOwner::Broker {
                cluster: "stock".into(),
                id: 1,
            };
            b.enis.get_mut(&"orders/1".into()).expect("a broker").owner = owner;
            let stock = b.clusters[&"orders".into()].clone();
            b.clusters.insert("stock".into(), stock);
        },
        goal: BROKER_1,
        ends: &["b-1.orders:9092 10.2.0.1 wrong-broker 1 at orders/1"],
    },
    Change {
        rule: "a start that does not exist",
        change: |b| {
            b.clients
                .get_mut(&"checkout".into())
                .expect("the client")
                .enis = vec![EniId::from("nowhere")]
        },
        goal: BROKER_1,
        ends: &["b-1.orders:9092 unknown"],
    },
];

#[test]
fn balancers_that_multiply_come_to_an_end() {
    let mut blueprint = linked();
    blueprint
        .enis
        .values_mut()
        .for_each(|eni| eni.security_groups.clear());
    targets(
        &mut blueprint,
        "one",
        &["10.0.0.30:9001", "10.0.1.30:9001", "10.0.0.30:9001"],
    );
    let mut ends = ends_of(&blueprint, BROKER_1);
    let (loops, unknown): (Vec<_>, Vec<_>) = ends
        .drain(..)
        .partition(|end| end.contains(&Class::Loop.to_string()));
    assert_eq!(
        loops.len(),
        2 * 1_000,
        "as many as are followed for each of two addresses"
    );
    assert_eq!(
        unknown,
        [
            "b-1.orders:9001 10.0.0.20 unknown",
            "b-1.orders:9001 10.0.1.20 unknown"
        ]
    );
}

#[test]
fn denials_are_dialled_like_any_connection() {
    let mut blueprint = peered();
    eni(
        &mut blueprint,
        "stranger",
        "shop/a",
        "10.1.0.66",
        EniOwner::Witness,
        &[],
    );
    let denial = |from: &str, to, port| Denial {
        from: from.into(),
        to,
        port,
        because: String::new(),
    };
    let name = |name: &str| DenialTarget::Name(name.to_owned());
    blueprint.denials = vec![
        denial("stranger", name("b-2.orders"), 9092),
        denial("stranger", name("b-2.orders"), 9093),
        denial("orders/1", DenialTarget::Address(ip("10.1.0.10")), 22),
        denial("stranger", name("nobody"), 9092),
        denial("orders/1", name("b-1.orders"), 9092),
        denial("orders/1", name("b-1.msk"), 9094),
    ];
    let cluster = blueprint
        .clusters
        .get_mut(&"orders".into())
        .expect("orders");
    cluster
        .service_names
        .insert("b-1.msk".to_owned(), ip("10.2.0.1"));
    let found: Vec<_> = verify::denials(&blueprint)
        .iter()
        .flatten()
        .map(line)
        .collect();
    assert_eq!(
        found,
        [
            "b-2.orders:9092 10.2.1.1 delivered 2",
            "b-2.orders:9093 10.2.1.1 denied-in at orders/2",
            "10.1.0.10:22 10.1.0.10 denied-out at orders/1",
            "nobody:9092 no-name at resolver of shop",
            "b-1.orders:9092 10.2.0.1 delivered 1",
            "b-1.msk:9094 10.2.0.1 delivered 1",
        ]
    );
    let traces = verify::traces_of_denial(&blueprint, &blueprint.denials[1]);
    assert_eq!(traces[0].verdict, "denied-in at orders/2");
}

#[test]
fn a_trace_has_a_hop_for_every_rule_that_was_asked() {
    let blueprint = linked();
    let paths = verify::paths(&blueprint);
    let traces = verify::traces(&blueprint, &paths[1].promise);
    assert_eq!(traces.len(), paths[1].attempts.len());
    let steps: Vec<_> = traces[0]
        .hops
        .iter()
        .map(|hop| (hop.step, hop.outcome))
        .collect();
    let expected = [
        "name",
        "security group",
        "route",
        "security group",
        "endpoint",
        "load balancer",
        "target",
        "security group",
        "route",
        "security group",
        "broker",
    ];
    assert_eq!(steps, expected.map(|step| (step, "ok")));
    assert_eq!(traces[0].title, "checkout/a → b-1.orders:9001");
    assert_eq!(traces[0].verdict, "delivered");
}

#[test]
fn every_verdict_has_its_page() {
    let pages: Vec<_> = verify::verdicts().iter().map(|(name, _)| *name).collect();
    let mut words = Class::ALL.map(Class::as_str).to_vec();
    words.push("partly");
    assert_eq!(pages, words);
    for name in verify::explainable() {
        let page = verify::explain(name).expect("a page");
        assert!(page.starts_with(&format!("# {name}\n")), "{name}: {page}");
        assert!(page.contains("\n## Remedy\n"), "{name}: {page}");
        assert!(!page.contains("**"), "{name}: {page}");
        assert!(
            page.ends_with('\n') && !page.contains("//!"),
            "{name}: {page}"
        );
    }
    assert_eq!(verify::explain("no-such-fault"), None);
}
