//! Transit gateways: association, propagation, zones, overlapping ranges, peerings, loops.

use blueprint::network::RouteTarget;

use super::dials;
use crate::estate::Estate;

fn gateway(id: &str) -> RouteTarget {
    RouteTarget::TransitGateway(id.into())
}

/// `a` and `b` know each other; `c` is not associated; `d` has no attachment; `e` is not
/// propagated and has a secondary static route; `b` has an attachment in one of its zones.
fn hub() -> Estate {
    let two = |n: u8| [format!("10.{n}.1.0/24"), format!("10.{n}.2.0/24")];
    let mut estate = Estate::default();
    for (n, vpc) in (1..).zip(["a", "b", "c", "d", "e"]) {
        let range = format!("10.{n}.0.0/16");
        let [z1, z2] = two(n);
        estate = estate.vpc(vpc, &range, &[("z1", &z1), ("z2", &z2)]);
        for (zone, host) in [("z1", "1"), ("z2", "2")] {
            let subnet = format!("{vpc}/{zone}");
            let address = format!("10.{n}.{host}.10");
            estate = estate.route(&subnet, "10.0.0.0/8", gateway("hub")).eni(
                &format!("{vpc}{host}"),
                &subnet,
                &address,
                &[],
            );
        }
    }
    estate
        .transit_gateway("hub")
        .attach("a", "hub", &["a/z1", "a/z2"], "main")
        .attach("b", "hub", &["b/z1"], "main")
        .attach("c", "hub", &["c/z1", "c/z2"], "")
        .attach("e", "hub", &["e/z1", "e/z2"], "main")
        .transit_table(
            "main",
            "hub",
            &["a@hub", "b@hub", "c@hub"],
            &[
                "10.2.1.128/25 nowhere",
                "10.7.0.0/16 to lost@hub",
                "10.8.0.0/16 over nothing",
                "10.5.2.0/24 to e@hub",
            ],
        )
}

pub(crate) fn over_a_transit_gateway() -> bool {
    let estate = hub().eni("b3", "b/z1", "10.2.1.200", &[]);
    dials(
        estate,
        &[("b1", 9092), ("b2", 9092), ("c1", 9092), ("e2", 9092)],
        &[
            ("a1", "10.2.1.10:9092", "delivered by b1"),
            ("a2", "10.2.1.10:9092", "delivered by b1"),
            ("a1", "10.2.1.10:9093", "refused at b1"),
            // Delivered to a zone without an attachment, which cannot answer.
            ("a1", "10.2.2.10:9092", "no-route at routing of b, return"),
            ("b2", "10.1.1.10:9092", "no-route at routing of b"),
            ("a1", "10.2.1.99:9092", "no-route at routing of b"),
            ("a1", "10.2.1.200:9092", "no-route at routing of hub"),
            // Not associated: it is reached and cannot answer.
            ("a1", "10.3.1.10:9092", "no-route at routing of hub, return"),
            ("c1", "10.1.1.10:9092", "no-route at routing of hub"),
            ("d1", "10.1.1.10:9092", "no-route at routing of d"),
            ("a1", "10.4.1.10:9092", "no-route at routing of hub"),
            ("a1", "10.5.1.10:9092", "no-route at routing of hub"),
            ("a1", "10.5.2.10:9092", "delivered by e2"),
            ("e1", "10.1.1.10:9092", "no-route at routing of hub, return"),
            ("e2", "10.1.1.10:9092", "refused at a1"),
            ("a1", "10.7.1.10:9092", "no-route at routing of hub"),
            ("a1", "10.8.1.10:9092", "no-route at routing of hub"),
            ("a1", "192.0.2.1:9092", "no-route at routing of a"),
        ],
    )
}

/// Three VPCs of one range at one gateway: answers go to the first, and group references do not
/// count however the addresses look.
pub(crate) fn overlapping_at_a_transit_gateway() -> bool {
    let mut estate = Estate::default().vpc("hub", "10.9.0.0/16", &[("z1", "10.9.1.0/24")]);
    for vpc in ["left", "right", "third"] {
        let subnet = format!("{vpc}/z1");
        estate = estate
            .vpc(vpc, "10.1.0.0/16", &[("z1", "10.1.1.0/24")])
            .route(&subnet, "10.9.0.0/16", gateway("tgw"));
    }
    let estate = estate
        .route("hub/z1", "10.1.0.0/16", gateway("tgw"))
        .eni("left", "left/z1", "10.1.1.10", &["apps"])
        .eni("left2", "left/z1", "10.1.1.11", &[])
        .eni("right", "right/z1", "10.1.1.10", &[])
        .eni("right2", "right/z1", "10.1.1.12", &[])
        .eni("broker", "hub/z1", "10.9.1.10", &["kafka"])
        .eni("local", "hub/z1", "10.9.1.11", &["apps"])
        .group("apps", "left", &[], &["1-65535 0.0.0.0/0"])
        .group("kafka", "hub", &["9092 apps", "9093 0.0.0.0/0"], &[])
        .transit_gateway("tgw")
        .attach("hub", "tgw", &["hub/z1"], "main")
        .attach("left", "tgw", &["left/z1"], "main")
        .attach("right", "tgw", &["right/z1"], "main")
        .transit_table("main", "tgw", &["right@tgw", "left@tgw", "hub@tgw"], &[]);
    dials(
        estate,
        &[("broker", 9093), ("broker", 9092)],
        &[
            ("left", "10.9.1.10:9092", "denied-in at broker"),
            ("local", "10.9.1.10:9092", "delivered by broker"),
            ("left", "10.9.1.10:9093", "delivered by broker"),
            (
                "right",
                "10.9.1.10:9093",
                "no-route at routing of left, return",
            ),
            (
                "right2",
                "10.9.1.10:9093",
                "no-route at routing of left, return",
            ),
        ],
    )
}

/// Group references count across a peering of one Region, and not across Regions.
pub(crate) fn groups_across_a_peering() -> bool {
    let peering = || RouteTarget::Peering("ab".into());
    let estate = Estate::default()
        .vpc("a", "10.1.0.0/16", &[("z1", "10.1.1.0/24")])
        .vpc("b", "10.2.0.0/16", &[("z1", "10.2.1.0/24")])
        .vpc("c", "10.1.0.0/16", &[("z1", "10.1.1.0/24")])
        .peering("ab", "a", "b")
        .route("a/z1", "10.2.0.0/16", peering())
        .route("b/z1", "10.1.0.0/16", peering())
        .eni("a", "a/z1", "10.1.1.10", &["apps"])
        .eni("a2", "a/z1", "10.1.1.11", &[])
        // Holds the address of `a2` in a VPC that `b` does not see.
        .eni("c", "c/z1", "10.1.1.11", &["apps"])
        .eni("b", "b/z1", "10.2.1.10", &["kafka"])
        .group("apps", "a", &[], &["9092 kafka"])
        .group("kafka", "b", &["9092 apps"], &[]);
    let abroad = Estate(estate.0.clone()).in_region("a", "eu-west-1");
    let near = dials(
        estate,
        &[("b", 9092)],
        &[
            ("a", "10.2.1.10:9092", "delivered by b"),
            ("a2", "10.2.1.10:9092", "denied-in at b"),
        ],
    );
    let far = dials(
        abroad,
        &[("b", 9092)],
        &[
            ("a", "10.2.1.10:9092", "denied-out at a"),
            ("a2", "10.2.1.10:9092", "denied-in at b"),
        ],
    );
    near && far
}

/// A chain of gateways `g1` … `gN` with a VPC at each end.
fn chain(n_gateways: usize) -> Estate {
    let id = |n: usize| format!("g{n}");
    let last = id(n_gateways);
    let mut estate = Estate::default()
        .vpc("a", "10.1.0.0/16", &[("z1", "10.1.1.0/24")])
        .vpc("b", "10.2.0.0/16", &[("z1", "10.2.1.0/24")])
        .route("a/z1", "10.2.0.0/15", gateway("g1"))
        .route("b/z1", "10.1.0.0/16", gateway(&last))
        .eni("a", "a/z1", "10.1.1.10", &[])
        .eni("b", "b/z1", "10.2.1.10", &[]);
    for n in 1..=n_gateways {
        let (own, before, after) = (id(n), format!("p{}", n - 1), format!("p{n}"));
        let mut routes = Vec::new();
        if 1 < n {
            routes.push(format!("10.1.0.0/16 over {before}"));
        }
        if n < n_gateways {
            routes.push(format!("10.2.0.0/16 over {after}"));
            estate = estate.transit_peering(
                &after,
                [&own, &id(n + 1)],
                &[(&own, &own), (&id(n + 1), &id(n + 1))],
            );
        }
        // Leads to and fro between the first two.
        routes.push(format!(
            "10.3.0.0/16 over {}",
            if n == 1 { "p1" } else { &before }
        ));
        let routes: Vec<_> = routes.iter().map(String::as_str).collect();
        let own_vpc = match n {
            1 => vec!["a@g1".to_owned()],
            _ if n == n_gateways => vec![format!("b@{own}")],
            _ => Vec::new(),
        };
        let own_vpc: Vec<_> = own_vpc.iter().map(String::as_str).collect();
        estate = estate
            .transit_gateway(&own)
            .transit_table(&own, &own, &own_vpc, &routes);
    }
    estate
        .attach("a", "g1", &["a/z1"], "g1")
        .attach("b", &last, &["b/z1"], &last)
}

pub(crate) fn over_peered_transit_gateways() -> bool {
    let mut one_way = chain(2);
    let peering = one_way.0.transit_peerings.get_mut(&"p1".into()).unwrap();
    peering.tables.remove(&"g1".into());
    let two = dials(
        chain(2),
        &[("b", 9092)],
        &[
            ("a", "10.2.1.10:9092", "delivered by b"),
            ("a", "10.2.1.10:9093", "refused at b"),
            ("a", "10.2.9.9:9092", "no-route at routing of b"),
            ("a", "10.3.9.9:9092", "loop at routing of g1"),
            ("b", "10.1.1.10:9092", "refused at a"),
        ],
    );
    let one_way = dials(
        one_way,
        &[("b", 9092)],
        &[
            ("a", "10.2.1.10:9092", "no-route at routing of g1, return"),
            ("b", "10.1.1.10:9092", "no-route at routing of g1"),
        ],
    );
    let eight = dials(
        chain(8),
        &[("b", 9092)],
        &[("a", "10.2.1.10:9092", "delivered by b")],
    );
    let nine = dials(
        chain(9),
        &[("b", 9092)],
        &[("a", "10.2.1.10:9092", "loop at routing of g9")],
    );
    two && one_way && eight && nine
}
