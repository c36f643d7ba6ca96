//! Client addresses that a balancer preserves.

use blueprint::Blueprint;

use crate::estate::{admit_group, at, group, linked};
use crate::{BROKER_1, Change, try_all};

/// [`linked`] with the client in the balancer's VPC, at 10.0.0.40, dialling a node.
pub(super) fn direct() -> Blueprint {
    let mut blueprint = linked();
    let client = blueprint.enis.get_mut(&"checkout/a".into()).expect("it");
    client.subnet = "data/a".into();
    client.address = "10.0.0.40".parse().expect("an address");
    let brokers = &mut blueprint
        .clusters
        .get_mut(&"orders".into())
        .expect("it")
        .brokers;
    for (id, broker) in brokers {
        let link = broker.listeners.get_mut("LINK").expect("LINK");
        link.advertised = Some(at(&format!("10.0.0.30:{}", 9000 + id)));
    }
    group(
        &mut blueprint,
        "nlb",
        &[(9000, 9002, "10.0.0.0/16")],
        &[(9095, 9095, "10.0.0.0/16")],
    );
    blueprint
}

pub(super) fn preserve(blueprint: &mut Blueprint) {
    for group in blueprint.target_groups.values_mut() {
        group.preserve_client_ip = true;
    }
}

#[test]
fn targets_see_who_dialled() {
    try_all(direct, DIRECT);
    try_all(linked, LINKED);
}

static DIRECT: &[Change] = &[
    Change {
        rule: "without it targets see the node",
        change: |_| (),
        goal: BROKER_1,
        ends: &["10.0.0.30:9001 10.0.0.30 delivered 1"],
    },
    Change {
        rule: "with it the node's admission is no use",
        change: preserve,
        goal: BROKER_1,
        ends: &["10.0.0.30:9001 10.0.0.30 denied-in at orders/1"],
    },
    Change {
        rule: "the client's is",
        change: |b| {
            preserve(b);
            group(b, "orders", &[(9095, 9095, "10.0.0.40/32")], &[]);
        },
        goal: BROKER_1,
        ends: &["10.0.0.30:9001 10.0.0.30 delivered 1"],
    },
    Change {
        rule: "by its group as well",
        change: |b| {
            preserve(b);
            group(b, "orders", &[], &[]);
            admit_group(b, "orders", 9095, "checkout");
        },
        goal: BROKER_1,
        ends: &["10.0.0.30:9001 10.0.0.30 delivered 1"],
    },
    Change {
        rule: "which without it is no use",
        change: |b| {
            group(b, "orders", &[], &[]);
            admit_group(b, "orders", 9095, "checkout");
        },
        goal: BROKER_1,
        ends: &["10.0.0.30:9001 10.0.0.30 denied-in at orders/1"],
    },
];

static LINKED: &[Change] = &[Change {
    rule: "through an endpoint it has no effect",
    change: preserve,
    goal: BROKER_1,
    ends: &[
        "b-1.orders:9001 10.0.0.20 delivered 1",
        "b-1.orders:9001 10.0.1.20 delivered 1",
    ],
}];
