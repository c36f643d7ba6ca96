//! Network ACLs: asked at the edge of a subnet, in both directions, answers included.

use blueprint::Blueprint;
use blueprint::network::{AclEntry, NetworkAcl};

use crate::estate::{eni, group, ip, linked, peered, unroute};
use crate::{BOOTSTRAP, BROKER_1, BROKER_2, Change, set_host, try_all};
use blueprint::network::EniOwner;

/// Allowed or denied, a range, first and last port.
pub(super) type Entry = (bool, &'static str, u16, u16);

const ALL: &[Entry] = &[(true, "0.0.0.0/0", 0, 65_535)];

/// Gives a subnet an ACL; entries are numbered in tens.
pub(super) fn acl(blueprint: &mut Blueprint, subnet: &str, ingress: &[Entry], egress: &[Entry]) {
    let entries = |entries: &[Entry]| {
        let numbered = (10..).step_by(10).zip(entries);
        let entries = numbered.map(|(number, (allow, cidr, from_port, to_port))| AclEntry {
            number,
            allow: *allow,
            cidr: cidr.parse().expect("a range"),
            from_port: *from_port,
            to_port: *to_port,
        });
        entries.collect()
    };
    let acl = NetworkAcl {
        vpc: "unused".into(),
        ingress: entries(ingress),
        egress: entries(egress),
    };
    let id = format!("acl of {subnet}");
    blueprint.network_acls.insert(id.as_str().into(), acl);
    let subnet = blueprint.subnets.get_mut(&subnet.into());
    subnet.expect("a subnet").network_acl = Some(id.into());
}

#[test]
fn connections_and_answers_cross_the_edge() {
    try_all(peered, EDGES);
}

static EDGES: &[Change] = &[
    Change {
        rule: "what allows everything changes nothing",
        change: |b| {
            acl(b, "shop/a", ALL, ALL);
            acl(b, "data/a", ALL, ALL);
        },
        goal: BROKER_1,
        ends: &["b-1.orders:9092 10.2.0.1 delivered 1"],
    },
    Change {
        rule: "just enough, on both sides",
        change: |b| {
            acl(
                b,
                "shop/a",
                &[(true, "10.2.0.0/16", 1_024, 65_535)],
                &[(true, "10.2.0.1/32", 9092, 9092)],
            );
            acl(
                b,
                "data/a",
                &[(true, "10.1.0.10/32", 9092, 9092)],
                &[(true, "10.1.0.0/16", 1_024, 65_535)],
            );
        },
        goal: BROKER_1,
        ends: &["b-1.orders:9092 10.2.0.1 delivered 1"],
    },
    Change {
        rule: "no entry lets the connection out",
        change: |b| acl(b, "shop/a", ALL, &[(true, "10.2.0.1/32", 9093, 9093)]),
        goal: BROKER_1,
        ends: &["b-1.orders:9092 10.2.0.1 denied-out at checkout/a"],
    },
    Change {
        rule: "the sender's security group is asked first, routing last",
        change: |b| {
            acl(b, "shop/a", ALL, &[]);
            unroute(b, "shop/a", "10.2.0.0/16");
        },
        goal: BROKER_1,
        ends: &["b-1.orders:9092 10.2.0.1 denied-out at checkout/a"],
    },
    Change {
        rule: "no entry lets the connection in",
        change: |b| acl(b, "data/a", &[(true, "10.1.0.11/32", 0, 65_535)], ALL),
        goal: BROKER_1,
        ends: &["b-1.orders:9092 10.2.0.1 denied-in at orders/1"],
    },
    Change {
        rule: "another subnet's ACL does not matter",
        change: |b| acl(b, "data/b", &[], &[]),
        goal: BROKER_1,
        ends: &["b-1.orders:9092 10.2.0.1 delivered 1"],
    },
    Change {
        rule: "the lowest number decides",
        change: |b| {
            acl(
                b,
                "data/a",
                &[
                    (false, "10.1.0.10/32", 9092, 9092),
                    (true, "0.0.0.0/0", 0, 65_535),
                ],
                ALL,
            )
        },
        goal: BROKER_1,
        ends: &["b-1.orders:9092 10.2.0.1 denied-in at orders/1"],
    },
    Change {
        rule: "not the place in the list",
        change: |b| {
            let both = [
                (true, "0.0.0.0/0", 0, 65_535),
                (false, "10.1.0.10/32", 9092, 9092),
            ];
            acl(b, "data/a", &both, ALL);
            let acl = b.network_acls.get_mut(&"acl of data/a".into());
            acl.expect("the ACL").ingress.reverse();
        },
        goal: BROKER_1,
        ends: &["b-1.orders:9092 10.2.0.1 delivered 1"],
    },
    Change {
        rule: "the answer must get out, to every port that a caller may have picked",
        change: |b| acl(b, "data/a", ALL, &[(true, "10.1.0.0/16", 32_768, 65_535)]),
        goal: BROKER_1,
        ends: &["b-1.orders:9092 10.2.0.1 denied-out at orders/1 on the way back"],
    },
    Change {
        rule: "one port that is denied is enough",
        change: |b| {
            acl(
                b,
                "data/a",
                ALL,
                &[
                    (false, "0.0.0.0/0", 3_389, 3_389),
                    (true, "0.0.0.0/0", 0, 65_535),
                ],
            )
        },
        goal: BROKER_1,
        ends: &["b-1.orders:9092 10.2.0.1 denied-out at orders/1 on the way back"],
    },
    Change {
        rule: "one that no caller picks is not",
        change: |b| {
            acl(
                b,
                "data/a",
                ALL,
                &[
                    (false, "0.0.0.0/0", 0, 1_023),
                    (true, "0.0.0.0/0", 0, 65_535),
                ],
            )
        },
        goal: BROKER_1,
        ends: &["b-1.orders:9092 10.2.0.1 delivered 1"],
    },
    Change {
        rule: "and the answer must get in",
        change: |b| acl(b, "shop/a", &[(true, "10.2.1.0/24", 0, 65_535)], ALL),
        goal: BROKER_1,
        ends: &["b-1.orders:9092 10.2.0.1 denied-in at checkout/a on the way back"],
    },
    Change {
        rule: "from the broker's address",
        change: |b| acl(b, "shop/a", &[(true, "10.2.1.0/24", 0, 65_535)], ALL),
        goal: BROKER_2,
        ends: &["b-2.orders:9092 10.2.1.1 delivered 2"],
    },
    Change {
        rule: "on the way back the receiver's subnet comes before its routes",
        change: |b| {
            acl(b, "data/a", ALL, &[]);
            unroute(b, "data/a", "10.1.0.0/16");
        },
        goal: BROKER_1,
        ends: &["b-1.orders:9092 10.2.0.1 denied-out at orders/1 on the way back"],
    },
    Change {
        rule: "and its routes before the sender's subnet",
        change: |b| {
            acl(b, "shop/a", &[], ALL);
            unroute(b, "data/a", "10.1.0.0/16");
        },
        goal: BROKER_1,
        ends: &["b-1.orders:9092 10.2.0.1 no-route at routing of data on the way back"],
    },
    Change {
        rule: "a refusal is lost like any answer",
        change: |b| {
            group(b, "checkout", &[], &[(9999, 9999, "10.2.0.0/16")]);
            group(b, "orders", &[(9999, 9999, "10.1.0.0/16")], &[]);
            set_host(b, "10.2.1.1:9999");
            acl(b, "shop/a", &[], ALL);
        },
        goal: BOOTSTRAP,
        ends: &["10.2.1.1:9999 10.2.1.1 denied-in at checkout/a on the way back"],
    },
    Change {
        rule: "neighbours in one subnet do not pass its edge",
        change: |b| {
            acl(b, "shop/a", &[], &[]);
            eni(b, "stranger", "shop/a", "10.1.0.66", EniOwner::Witness, &[]);
            group(b, "checkout", &[], &[(9092, 9092, "10.1.0.0/16")]);
            set_host(b, "10.1.0.66:9092");
        },
        goal: BOOTSTRAP,
        ends: &["10.1.0.66:9092 10.1.0.66 refused at stranger"],
    },
    Change {
        rule: "nor does what is meant for nobody in it",
        change: |b| {
            acl(b, "shop/a", &[], &[]);
            group(b, "checkout", &[], &[(9092, 9092, "10.1.0.0/16")]);
            set_host(b, "10.1.0.66:9092");
        },
        goal: BOOTSTRAP,
        ends: &["10.1.0.66:9092 10.1.0.66 no-route at routing of shop"],
    },
    Change {
        rule: "an ACL that does not exist lets nothing through",
        change: |b| {
            acl(b, "data/a", ALL, ALL);
            b.network_acls.clear();
        },
        goal: BROKER_1,
        ends: &["b-1.orders:9092 10.2.0.1 denied-in at orders/1"],
    },
];

#[test]
fn every_leg_has_its_edges() {
    try_all(linked, LEGS);
}

static LEGS: &[Change] = &[
    Change {
        rule: "a node's leg to a broker of another subnet; within one it is not asked",
        change: |b| acl(b, "data/a", ALL, &[]),
        goal: BROKER_2,
        ends: &[
            "b-2.orders:9002 10.0.0.20 denied-out at nlb/a",
            "b-2.orders:9002 10.0.1.20 delivered 2",
        ],
    },
    Change {
        rule: "the answer to a node of another subnet of the same VPC",
        change: |b| acl(b, "data/b", ALL, &[(true, "10.0.0.0/16", 32_768, 65_535)]),
        goal: BROKER_2,
        ends: &[
            "b-2.orders:9002 10.0.0.20 denied-out at orders/2 on the way back",
            "b-2.orders:9002 10.0.1.20 delivered 2",
        ],
    },
    Change {
        rule: "PrivateLink itself passes no edge of the node's subnet",
        change: |b| {
            let near = [(true, "10.0.0.0/23", 9_095, 9_095)];
            let back = [(true, "10.0.0.0/23", 1_024, 65_535)];
            acl(b, "data/a", &[near[0], back[0]], &[near[0], back[0]]);
            assert_eq!(ip("10.0.0.20"), b.enis[&"link/a".into()].address);
        },
        goal: BROKER_2,
        ends: &[
            "b-2.orders:9002 10.0.0.20 delivered 2",
            "b-2.orders:9002 10.0.1.20 delivered 2",
        ],
    },
];

#[test]
fn a_trace_names_the_entry() {
    let mut blueprint = peered();
    let denied: &[Entry] = &[
        (true, "10.2.0.0/24", 0, 65_535),
        (false, "10.2.0.0/16", 0, 9_999),
    ];
    acl(&mut blueprint, "shop/a", denied, ALL);
    let paths = verify::paths(&blueprint);
    let traces = verify::traces(&blueprint, &paths[2].promise);
    let hops = traces[0].hops.iter();
    let hops: Vec<_> = hops
        .filter(|hop| hop.step == "network ACL")
        .map(|hop| format!("{}: {}", hop.detail, hop.outcome))
        .collect();
    assert_eq!(
        hops,
        [
            "acl of shop/a lets out 9092 to 10.2.1.1: ok",
            "back: acl of shop/a denies 1024-9999 from 10.2.1.1, entry 20: denied",
        ]
    );
}
