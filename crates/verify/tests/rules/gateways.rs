//! The Kafka-aware gateway, in its three modes.

use std::collections::{BTreeMap, BTreeSet};

use blueprint::Blueprint;
use blueprint::gateway::Gateway;
use blueprint::network::EniOwner;
use blueprint::spec::GatewayMode;

use crate::estate::{at, eni, group, linked, targets};
use crate::{BOOTSTRAP, BROKER_1, BROKER_2, Change, try_all};

/// [`linked`], whose balancer leads to the gateway `gw` at 10.0.0.70 and 10.0.1.70, which dials
/// the brokers on LINK. The endpoint has a part in zone `a` only.
fn guarded(mode: GatewayMode, slots: &[(u16, u32)]) -> Blueprint {
    let mut blueprint = linked();
    let b = &mut blueprint;
    for (id, subnet, address) in [
        ("gw/1", "data/a", "10.0.0.70"),
        ("gw/2", "data/b", "10.0.1.70"),
    ] {
        let owner = EniOwner::Gateway("gw".into());
        eni(b, id, subnet, address, owner, &["gw"]);
    }
    for (id, port) in [("all", 9000), ("one", 9001), ("two", 9002)] {
        targets(b, id, &[&format!("10.0.0.70:{port}")]);
    }
    let name = |id: u32| (format!("b-{id}.orders"), id);
    let gateway = Gateway {
        cluster: "orders".into(),
        vpc: "data".into(),
        mode,
        instances: vec!["gw/1".into(), "gw/2".into()],
        port: 9000,
        slots: slots.iter().copied().collect(),
        names: BTreeMap::from([1, 2, 3].map(name)),
        bootstrap_names: BTreeSet::from(["boot.orders".to_owned()]),
        advertised: BTreeMap::new(),
        listener: "LINK".to_owned(),
        certificate_names: BTreeSet::new(),
    };
    b.gateways.insert("gw".into(), gateway);
    group(b, "nlb", &[], &[(9000, 9003, "10.0.0.0/16")]);
    group(
        b,
        "gw",
        &[(9000, 9003, "10.0.0.0/16")],
        &[(9095, 9095, "10.0.0.0/16")],
    );
    group(b, "orders", &[(9095, 9095, "10.0.0.70/32")], &[]);
    let public = b.public_names.get_mut("link.vpce").expect("it");
    public.addresses.truncate(1);
    blueprint
}

pub(super) fn by_port() -> Blueprint {
    let mut blueprint = guarded(GatewayMode::Port, &[(9001, 1), (9002, 2), (9003, 3)]);
    let addresses = [1, 2].map(|id| (id, at(&format!("boot.orders:{}", 9000 + id))));
    gateway(&mut blueprint).advertised = addresses.into();
    blueprint
}

pub(super) fn by_name() -> Blueprint {
    let mut blueprint = guarded(GatewayMode::Sni, &[]);
    let addresses = [1, 2].map(|id| (id, at(&format!("b-{id}.orders:9000"))));
    gateway(&mut blueprint).advertised = addresses.into();
    blueprint
}

fn passing_through() -> Blueprint {
    let mut blueprint = guarded(GatewayMode::SniPassthrough, &[]);
    let cluster = blueprint.clusters.get_mut(&"orders".into()).expect("it");
    for (id, broker) in &mut cluster.brokers {
        let link = broker.listeners.get_mut("LINK").expect("LINK");
        link.advertised = Some(at(&format!("b-{id}.orders:9000")));
    }
    blueprint
}

fn gateway(blueprint: &mut Blueprint) -> &mut Gateway {
    blueprint
        .gateways
        .get_mut(&"gw".into())
        .expect("the gateway")
}

fn unlisten(blueprint: &mut Blueprint, broker: u32) {
    let cluster = blueprint.clusters.get_mut(&"orders".into()).expect("it");
    let broker = cluster.brokers.get_mut(&broker).expect("the broker");
    broker.listeners.remove("LINK");
}

#[test]
fn modes() {
    try_all(by_port, BY_PORT);
    try_all(by_name, BY_NAME);
    try_all(passing_through, PASSING_THROUGH);
}

static BY_PORT: &[Change] = &[
    Change {
        rule: "bootstrapping may end at any broker",
        change: |_| (),
        goal: BOOTSTRAP,
        ends: &[
            "boot.orders:9000 10.0.0.20 delivered 1",
            "boot.orders:9000 10.0.0.20 delivered 2",
        ],
    },
    Change {
        rule: "the gateway's addresses are given, a port for each broker",
        change: |_| (),
        goal: BROKER_2,
        ends: &["boot.orders:9002 10.0.0.20 delivered 2"],
    },
    Change {
        rule: "none is given for a broker without one",
        change: |b| drop(gateway(b).advertised.remove(&2)),
        goal: BROKER_2,
        ends: &[":0 no-listener at orders/2"],
    },
    Change {
        rule: "without any the brokers' own are given",
        change: |b| gateway(b).advertised.clear(),
        goal: BROKER_2,
        ends: &["b-2.orders:9002 10.0.0.20 delivered 2"],
    },
    Change {
        rule: "a slot of another broker",
        change: |b| {
            gateway(b).slots.insert(9002, 1);
        },
        goal: BROKER_2,
        ends: &["boot.orders:9002 10.0.0.20 wrong-broker 1 at orders/1"],
    },
    Change {
        rule: "a slot of a broker to come",
        change: |b| targets(b, "two", &["10.0.0.70:9003"]),
        goal: BROKER_2,
        ends: &["boot.orders:9002 10.0.0.20 refused at gw/1"],
    },
    Change {
        rule: "a port without a slot",
        change: |b| {
            gateway(b).slots.remove(&9002);
        },
        goal: BROKER_2,
        ends: &["boot.orders:9002 10.0.0.20 refused at gw/1"],
    },
    Change {
        rule: "a broker without the listener",
        change: |b| unlisten(b, 2),
        goal: BOOTSTRAP,
        ends: &[
            "boot.orders:9000 10.0.0.20 delivered 1",
            "boot.orders:9000 10.0.0.20 refused at gw/1",
        ],
    },
    Change {
        rule: "a cluster without brokers",
        change: |b| gateway(b).cluster = "nothing".into(),
        goal: BOOTSTRAP,
        ends: &["boot.orders:9000 10.0.0.20 refused at gw/1"],
    },
    Change {
        rule: "brokers see the instance",
        change: |b| group(b, "orders", &[(9095, 9095, "10.0.0.30/32")], &[]),
        goal: BROKER_2,
        ends: &["b-2.orders:9002 10.0.0.20 denied-in at orders/2"],
    },
    Change {
        rule: "whose groups are asked",
        change: |b| {
            group(
                b,
                "gw",
                &[(9000, 9003, "10.0.0.0/16")],
                &[(9095, 9095, "10.0.0.0/24")],
            )
        },
        goal: BROKER_2,
        ends: &["boot.orders:9002 10.0.0.20 denied-out at gw/1"],
    },
    Change {
        rule: "in both directions",
        change: |b| group(b, "gw", &[], &[(9095, 9095, "10.0.0.0/16")]),
        goal: BROKER_2,
        ends: &["b-2.orders:9002 10.0.0.20 denied-in at gw/1"],
    },
];

static BY_NAME: &[Change] = &[
    Change {
        rule: "the bootstrap name may end at any broker",
        change: |_| (),
        goal: BOOTSTRAP,
        ends: &[
            "boot.orders:9000 10.0.0.20 delivered 1",
            "boot.orders:9000 10.0.0.20 delivered 2",
        ],
    },
    Change {
        rule: "a broker's name ends at it",
        change: |_| (),
        goal: BROKER_1,
        ends: &["b-1.orders:9000 10.0.0.20 delivered 1"],
    },
    Change {
        rule: "a name that the gateway does not know",
        change: |b| {
            gateway(b).names.remove("b-1.orders");
        },
        goal: BROKER_1,
        ends: &["b-1.orders:9000 10.0.0.20 refused at gw/1"],
    },
    Change {
        rule: "a name of a broker to come",
        change: |b| {
            gateway(b).names.insert("b-1.orders".to_owned(), 3);
        },
        goal: BROKER_1,
        ends: &["b-1.orders:9000 10.0.0.20 refused at gw/1"],
    },
    Change {
        rule: "an address is no name",
        change: |b| crate::set_host(b, "10.0.0.20:9000"),
        goal: BOOTSTRAP,
        ends: &["10.0.0.20:9000 10.0.0.20 refused at gw/1"],
    },
    Change {
        rule: "another port, whatever the name",
        change: |b| targets(b, "all", &["10.0.0.70:9001"]),
        goal: BOOTSTRAP,
        ends: &["boot.orders:9000 10.0.0.20 refused at gw/1"],
    },
];

static PASSING_THROUGH: &[Change] = &[
    Change {
        rule: "the brokers' own names lead through",
        change: |_| (),
        goal: BROKER_2,
        ends: &["b-2.orders:9000 10.0.0.20 delivered 2"],
    },
    Change {
        rule: "a name that the gateway does not know",
        change: |b| {
            gateway(b).names.remove("b-2.orders");
        },
        goal: BROKER_2,
        ends: &["b-2.orders:9000 10.0.0.20 refused at gw/1"],
    },
];

#[test]
fn a_trace_names_the_broker_that_was_chosen() {
    let blueprint = by_name();
    let paths = verify::paths(&blueprint);
    let traces = verify::traces(&blueprint, &paths[2].promise);
    let hops: Vec<_> = traces[0].hops.iter().map(|hop| hop.step).collect();
    assert!(hops.contains(&"gateway"), "{hops:?}");
    let hop = traces[0].hops.iter().find(|hop| hop.step == "gateway");
    let hop = hop.expect("the gateway's hop");
    assert_eq!(hop.detail, "gw dials broker 2, LINK on 9095");
}
