//! Transit gateways: attachments, tables, peerings.

use std::collections::{BTreeMap, BTreeSet};

use blueprint::Blueprint;
use blueprint::network::RouteTarget;
use blueprint::transit::{
    TransitAttachment, TransitGateway, TransitPeering, TransitRoute, TransitTable, TransitTarget,
};

use crate::estate::{add_vpc, admit_group, eni, group, line, peered, route, set_region, unroute};
use crate::{BROKER_1, BROKER_2, Change, try_all};
use blueprint::network::EniOwner;

fn gateway(blueprint: &mut Blueprint, id: &str) {
    let gateway = TransitGateway {
        account: "111111111111".to_owned(),
        region: "eu-central-1".to_owned(),
        mtu: 8500,
        shared_with: BTreeSet::new(),
    };
    blueprint.transit_gateways.insert(id.into(), gateway);
    let table = TransitTable {
        gateway: id.into(),
        propagations: BTreeSet::new(),
        routes: Vec::new(),
    };
    blueprint.transit_tables.insert(id.into(), table);
}

/// Attaches a VPC in these zones; the gateway's table routes and learns it.
fn attach(blueprint: &mut Blueprint, vpc: &str, gateway: &str, zones: &[&str]) {
    let id = format!("{vpc}@{gateway}");
    let subnet = |zone: &&str| ((*zone).into(), format!("{vpc}/{zone}").into());
    let attachment = TransitAttachment {
        gateway: gateway.into(),
        vpc: vpc.into(),
        subnets: zones.iter().map(subnet).collect(),
        table: Some(gateway.into()),
    };
    let attachments = &mut blueprint.transit_attachments;
    attachments.insert(id.as_str().into(), attachment);
    table(blueprint, gateway).propagations.insert(id.into());
}

fn table<'b>(blueprint: &'b mut Blueprint, id: &str) -> &'b mut TransitTable {
    let table = blueprint.transit_tables.get_mut(&id.into());
    table.expect("a table")
}

fn attachment<'b>(blueprint: &'b mut Blueprint, id: &str) -> &'b mut TransitAttachment {
    let attachment = blueprint.transit_attachments.get_mut(&id.into());
    attachment.expect("an attachment")
}

fn write(blueprint: &mut Blueprint, id: &str, to: &str, target: TransitTarget) {
    table(blueprint, id).routes.push(TransitRoute {
        destination: to.parse().expect("a range"),
        target,
    });
}

fn forget(blueprint: &mut Blueprint, id: &str, attachment: &str) {
    table(blueprint, id).propagations.remove(&attachment.into());
}

fn join(blueprint: &mut Blueprint, one: &str, other: &str) {
    let peering = TransitPeering {
        requester: one.into(),
        accepter: other.into(),
        tables: BTreeMap::from([one, other].map(|side| (side.into(), side.into()))),
        mtu: 8500,
    };
    let id = format!("{one}-{other}");
    blueprint.transit_peerings.insert(id.into(), peering);
}

fn via(id: &str) -> RouteTarget {
    RouteTarget::TransitGateway(id.into())
}

/// [`peered`], with the transit gateway `core` in place of the peering.
pub(super) fn attached() -> Blueprint {
    let mut blueprint = peered();
    blueprint.peerings.clear();
    gateway(&mut blueprint, "core");
    attach(&mut blueprint, "shop", "core", &["a"]);
    attach(&mut blueprint, "data", "core", &["a", "b"]);
    lead(&mut blueprint, "core", "core");
    blueprint
}

fn lead(blueprint: &mut Blueprint, shop: &str, data: &str) {
    for (table, to, gateway) in [
        ("shop/a", "10.2.0.0/16", shop),
        ("data/a", "10.1.0.0/16", data),
        ("data/b", "10.1.0.0/16", data),
    ] {
        unroute(blueprint, table, to);
        route(blueprint, table, to, via(gateway));
    }
}

/// `shop` at `near` and `data` at `far`, which are peered and route to each other.
pub(super) fn apart() -> Blueprint {
    let mut blueprint = peered();
    blueprint.peerings.clear();
    gateway(&mut blueprint, "near");
    gateway(&mut blueprint, "far");
    attach(&mut blueprint, "shop", "near", &["a"]);
    attach(&mut blueprint, "data", "far", &["a", "b"]);
    lead(&mut blueprint, "near", "far");
    join(&mut blueprint, "near", "far");
    let peering = || TransitTarget::Peering("near-far".into());
    write(&mut blueprint, "near", "10.2.0.0/16", peering());
    write(&mut blueprint, "far", "10.1.0.0/16", peering());
    blueprint
}

#[test]
fn one_gateway() {
    try_all(attached, ONE_GATEWAY);
}

static ONE_GATEWAY: &[Change] = &[
    Change {
        rule: "attached, associated, propagated, routed",
        change: |_| (),
        goal: BROKER_2,
        ends: &["b-2.orders:9092 10.2.1.1 delivered 2"],
    },
    Change {
        rule: "a VPC that is not attached",
        change: |b| drop(b.transit_attachments.remove(&"shop@core".into())),
        goal: BROKER_1,
        ends: &["b-1.orders:9092 10.2.0.1 no-route at routing of shop"],
    },
    Change {
        rule: "a route to another gateway",
        change: |b| {
            gateway(b, "other");
            unroute(b, "shop/a", "10.2.0.0/16");
            route(b, "shop/a", "10.2.0.0/16", via("other"));
        },
        goal: BROKER_1,
        ends: &["b-1.orders:9092 10.2.0.1 no-route at routing of shop"],
    },
    Change {
        rule: "no attachment subnet in the sender's zone",
        change: |b| attachment(b, "shop@core").subnets.clear(),
        goal: BROKER_1,
        ends: &["b-1.orders:9092 10.2.0.1 no-route at routing of shop"],
    },
    Change {
        rule: "nor in that of who answers",
        change: |b| drop(attachment(b, "data@core").subnets.remove(&"b".into())),
        goal: BROKER_2,
        ends: &["b-2.orders:9092 10.2.1.1 no-route at routing of data on the way back"],
    },
    Change {
        rule: "other zones of the VPC still answer",
        change: |b| drop(attachment(b, "data@core").subnets.remove(&"b".into())),
        goal: BROKER_1,
        ends: &["b-1.orders:9092 10.2.0.1 delivered 1"],
    },
    Change {
        rule: "no association",
        change: |b| attachment(b, "shop@core").table = None,
        goal: BROKER_1,
        ends: &["b-1.orders:9092 10.2.0.1 no-route at routing of core"],
    },
    Change {
        rule: "no association on the way back",
        change: |b| attachment(b, "data@core").table = None,
        goal: BROKER_1,
        ends: &["b-1.orders:9092 10.2.0.1 no-route at routing of core on the way back"],
    },
    Change {
        rule: "no propagation",
        change: |b| forget(b, "core", "data@core"),
        goal: BROKER_1,
        ends: &["b-1.orders:9092 10.2.0.1 no-route at routing of core"],
    },
    Change {
        rule: "no propagation of the caller",
        change: |b| forget(b, "core", "shop@core"),
        goal: BROKER_1,
        ends: &["b-1.orders:9092 10.2.0.1 no-route at routing of core on the way back"],
    },
    Change {
        rule: "a static route in its place",
        change: |b| {
            forget(b, "core", "data@core");
            let target = TransitTarget::Attachment("data@core".into());
            write(b, "core", "10.2.0.0/24", target);
        },
        goal: BROKER_1,
        ends: &["b-1.orders:9092 10.2.0.1 delivered 1"],
    },
    Change {
        rule: "which covers its range only",
        change: |b| {
            forget(b, "core", "data@core");
            let target = TransitTarget::Attachment("data@core".into());
            write(b, "core", "10.2.0.0/24", target);
        },
        goal: BROKER_2,
        ends: &["b-2.orders:9092 10.2.1.1 no-route at routing of core"],
    },
    Change {
        rule: "of equal ranges the static route decides",
        change: |b| write(b, "core", "10.2.0.0/16", TransitTarget::Blackhole),
        goal: BROKER_1,
        ends: &["b-1.orders:9092 10.2.0.1 no-route at routing of core"],
    },
    Change {
        rule: "a wider one does not",
        change: |b| write(b, "core", "10.0.0.0/8", TransitTarget::Blackhole),
        goal: BROKER_1,
        ends: &["b-1.orders:9092 10.2.0.1 delivered 1"],
    },
    Change {
        rule: "a static route to a VPC where nobody holds the address",
        change: |b| {
            let target = TransitTarget::Attachment("shop@core".into());
            write(b, "core", "10.2.0.0/16", target);
        },
        goal: BROKER_1,
        ends: &["b-1.orders:9092 10.2.0.1 no-route at routing of shop"],
    },
    Change {
        rule: "of equal propagations that of the lowest attachment",
        change: |b| {
            add_vpc(b, "copy", "10.2.0.0/16", &[("a", "10.2.0.0/24")]);
            attach(b, "copy", "core", &["a"]);
        },
        goal: BROKER_1,
        ends: &["b-1.orders:9092 10.2.0.1 no-route at routing of copy"],
    },
    Change {
        rule: "an attachment of another gateway leads nowhere",
        change: |b| {
            gateway(b, "other");
            attach(b, "data", "other", &["a", "b"]);
            let target = TransitTarget::Attachment("data@other".into());
            write(b, "core", "10.2.0.0/16", target);
        },
        goal: BROKER_1,
        ends: &["b-1.orders:9092 10.2.0.1 no-route at routing of core"],
    },
    Change {
        rule: "an answer that goes to a twin of the caller",
        change: |b| {
            add_vpc(b, "desk", "10.1.0.0/16", &[("a", "10.1.0.0/24")]);
            eni(b, "twin", "desk/a", "10.1.0.10", EniOwner::Witness, &[]);
            attach(b, "desk", "core", &["a"]);
        },
        goal: BROKER_1,
        ends: &["b-1.orders:9092 10.2.0.1 no-route at routing of desk on the way back"],
    },
    Change {
        rule: "a group is not known across a transit gateway",
        change: |b| {
            group(b, "orders", &[], &[]);
            admit_group(b, "orders", 9092, "checkout");
        },
        goal: BROKER_1,
        ends: &["b-1.orders:9092 10.2.0.1 denied-in at orders/1"],
    },
];

#[test]
fn peered_gateways() {
    try_all(apart, PEERED_GATEWAYS);
}

static PEERED_GATEWAYS: &[Change] = &[
    Change {
        rule: "static routes on both sides",
        change: |_| (),
        goal: BROKER_1,
        ends: &["b-1.orders:9092 10.2.0.1 delivered 1"],
    },
    Change {
        rule: "nothing is propagated across",
        change: |b| table(b, "near").routes.clear(),
        goal: BROKER_1,
        ends: &["b-1.orders:9092 10.2.0.1 no-route at routing of near"],
    },
    Change {
        rule: "nor back",
        change: |b| table(b, "far").routes.clear(),
        goal: BROKER_1,
        ends: &["b-1.orders:9092 10.2.0.1 no-route at routing of far on the way back"],
    },
    Change {
        rule: "the far side routes what comes by a table",
        change: |b| {
            let peering = b.transit_peerings.get_mut(&"near-far".into());
            peering.expect("it").tables.remove(&"far".into());
        },
        goal: BROKER_1,
        ends: &["b-1.orders:9092 10.2.0.1 no-route at routing of far"],
    },
    Change {
        rule: "a peering that does not exist",
        change: |b| b.transit_peerings.clear(),
        goal: BROKER_1,
        ends: &["b-1.orders:9092 10.2.0.1 no-route at routing of near"],
    },
    Change {
        rule: "a peering of others",
        change: |b| {
            gateway(b, "third");
            join(b, "far", "third");
            table(b, "near").routes.clear();
            let target = TransitTarget::Peering("far-third".into());
            write(b, "near", "10.2.0.0/16", target);
        },
        goal: BROKER_1,
        ends: &["b-1.orders:9092 10.2.0.1 no-route at routing of near"],
    },
    Change {
        rule: "gateways that send a packet to each other",
        change: |b| {
            forget(b, "far", "data@far");
            let target = TransitTarget::Peering("near-far".into());
            write(b, "far", "10.2.0.0/16", target);
        },
        goal: BROKER_1,
        ends: &["b-1.orders:9092 10.2.0.1 loop at routing of near"],
    },
    Change {
        rule: "and its answer",
        change: |b| {
            forget(b, "near", "shop@near");
            let target = TransitTarget::Peering("near-far".into());
            write(b, "near", "10.1.0.0/16", target);
        },
        goal: BROKER_1,
        ends: &["b-1.orders:9092 10.2.0.1 loop at routing of far on the way back"],
    },
];

#[test]
fn groups_are_known_in_one_region_only() {
    let by_group = || {
        let mut blueprint = peered();
        group(&mut blueprint, "orders", &[], &[]);
        admit_group(&mut blueprint, "orders", 9092, "checkout");
        blueprint
    };
    try_all(by_group, GROUPS);
}

static GROUPS: &[Change] = &[
    Change {
        rule: "peered within the Region",
        change: |_| (),
        goal: BROKER_1,
        ends: &["b-1.orders:9092 10.2.0.1 delivered 1"],
    },
    Change {
        rule: "peered across Regions",
        change: |b| set_region(b, "shop", "us-east-1"),
        goal: BROKER_1,
        ends: &["b-1.orders:9092 10.2.0.1 denied-in at orders/1"],
    },
    Change {
        rule: "a range does not mind the Region",
        change: |b| {
            set_region(b, "shop", "us-east-1");
            group(b, "orders", &[(9092, 9092, "10.1.0.0/16")], &[]);
        },
        goal: BROKER_1,
        ends: &["b-1.orders:9092 10.2.0.1 delivered 1"],
    },
    Change {
        rule: "a member elsewhere with the caller's address does not count",
        change: |b| {
            let caller = b.enis.get_mut(&"checkout/a".into()).expect("the caller");
            caller.security_groups.clear();
            add_vpc(b, "desk", "10.1.0.0/16", &[("a", "10.1.0.0/24")]);
            eni(
                b,
                "twin",
                "desk/a",
                "10.1.0.10",
                EniOwner::Witness,
                &["checkout"],
            );
        },
        goal: BROKER_1,
        ends: &["b-1.orders:9092 10.2.0.1 denied-in at orders/1"],
    },
    Change {
        rule: "ranges of IPv6 keep a peering from existing as well",
        change: |b| {
            for (vpc, range) in [("shop", "fd00:1::/56"), ("data", "fd00:1:0:80::/64")] {
                let vpc = b.vpcs.get_mut(&vpc.into()).expect("a VPC");
                vpc.ipv6_cidrs = vec![range.parse().expect("a range")];
            }
        },
        goal: BROKER_1,
        ends: &["b-1.orders:9092 10.2.0.1 no-route at routing of shop"],
    },
];

#[test]
fn a_trace_tells_each_gateway() {
    let blueprint = apart();
    let paths = verify::paths(&blueprint);
    assert_eq!(
        line(&paths[1].attempts[0]),
        "b-1.orders:9092 10.2.0.1 delivered 1"
    );
    let traces = verify::traces(&blueprint, &paths[1].promise);
    let hops = traces[0].hops.iter();
    let hops: Vec<_> = hops
        .filter(|hop| hop.step == "route" || hop.step == "transit gateway")
        .map(|hop| format!("{}: {}", hop.step, hop.detail))
        .collect();
    assert_eq!(
        hops,
        [
            "route: 10.2.0.0/16 via transit gateway near",
            "transit gateway: near, table near: 10.2.0.0/16 to far",
            "transit gateway: far, table far: 10.2.0.0/16 to data, propagated",
            "route: in data, to orders/1",
            "route: back: 10.1.0.0/16 via transit gateway far",
            "transit gateway: back: far, table far: 10.1.0.0/16 to near",
            "transit gateway: back: near, table near: 10.1.0.0/16 to shop, propagated",
            "route: back: in shop, to checkout/a",
        ]
    );
}
