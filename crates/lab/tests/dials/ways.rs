//! Several balancers and endpoints, resource endpoints, endpoints of other Regions.

use blueprint::balancing::EndpointTarget;

use super::dials;
use crate::estate::Estate;

fn service(id: &str) -> EndpointTarget {
    EndpointTarget::Service(id.into())
}

fn resource(id: &str) -> EndpointTarget {
    EndpointTarget::Resource(id.into())
}

/// Two VPCs of one range with two zones, a client in one and two brokers in the other.
fn two_vpcs() -> Estate {
    let zones = |vpc: &str, estate: Estate| {
        let subnets = [("z1", "10.0.1.0/24"), ("z2", "10.0.2.0/24")];
        estate.vpc(vpc, "10.0.0.0/16", &subnets)
    };
    zones("platform", zones("shop", Estate::default()))
        .eni("client", "shop/z1", "10.0.1.10", &[])
        .eni("b1", "platform/z1", "10.0.1.10", &["kafka"])
        .eni("b2", "platform/z2", "10.0.2.10", &["kafka"])
        .group("kafka", "platform", &["9092-9094 10.0.0.0/16"], &[])
}

/// A balancer per broker, of which one spreads over zones and one stays in its broker's.
pub(crate) fn a_balancer_per_broker() -> bool {
    let (in_z1, in_z2) = (("platform/z1", "10.0.1.40"), ("platform/z2", "10.0.2.40"));
    let estate = two_vpcs()
        .named_balancer(
            "n1",
            "platform",
            true,
            &[in_z1, in_z2],
            &[],
            &[(9092, &["10.0.1.10:9092"])],
        )
        .named_balancer(
            "n2",
            "platform",
            false,
            &[("platform/z2", "10.0.2.41")],
            &[],
            &[(9092, &["10.0.2.10:9092"])],
        )
        .named_endpoint(
            "e1",
            service("n1"),
            "shop",
            &[("shop/z1", "10.0.1.21"), ("shop/z2", "10.0.2.21")],
            &[],
        )
        .named_endpoint(
            "e2",
            service("n2"),
            "shop",
            &[("shop/z1", "10.0.1.22"), ("shop/z2", "10.0.2.22")],
            &[],
        );
    dials(
        estate,
        &[("b1", 9092), ("b2", 9092)],
        &[
            ("client", "10.0.1.21:9092", "delivered by b1"),
            ("client", "10.0.2.21:9092", "delivered by b1"),
            ("client", "10.0.1.22:9092", "no-target at e2/z1"),
            ("client", "10.0.2.22:9092", "delivered by b2"),
            ("client", "10.0.2.22:9093", "no-listener at n2/z2"),
        ],
    )
}

/// One resource gateway in front of two brokers, an endpoint for each.
pub(crate) fn through_a_resource_gateway() -> bool {
    let estate = two_vpcs()
        .group(
            "gateway",
            "platform",
            &[],
            &["9092-9093 10.0.0.0/16", "9095 10.0.0.0/16"],
        )
        .group("vpce", "shop", &["9092-9096 10.0.0.0/16"], &[])
        .resource_gateway(
            "rgw",
            "platform",
            &[("platform/z1", "10.0.1.50")],
            &["gateway"],
        )
        .resource("r1", "rgw", "10.0.1.10", &[9092, 9093, 9094, 9095])
        .resource("r2", "rgw", "10.0.2.10", &[9092])
        .resource("lost", "rgw", "10.0.2.99", &[9092])
        .named_endpoint(
            "e1",
            resource("r1"),
            "shop",
            &[("shop/z1", "10.0.1.21"), ("shop/z2", "10.0.2.21")],
            &["vpce"],
        )
        .named_endpoint(
            "e2",
            resource("r2"),
            "shop",
            &[("shop/z1", "10.0.1.22")],
            &[],
        )
        .named_endpoint(
            "e3",
            resource("lost"),
            "shop",
            &[("shop/z1", "10.0.1.23")],
            &[],
        )
        .eni("insider", "platform/z2", "10.0.2.12", &[]);
    dials(
        estate,
        &[("b1", 9092), ("b2", 9092)],
        &[
            ("client", "10.0.1.21:9092", "delivered by b1"),
            ("client", "10.0.1.21:9093", "refused at b1"),
            ("client", "10.0.1.21:9094", "denied-out at rgw/z1"),
            ("client", "10.0.1.21:9095", "denied-in at b1"),
            ("client", "10.0.1.21:9096", "no-listener at e1/z1"),
            ("client", "10.0.1.21:9097", "denied-in at e1/z1"),
            ("client", "10.0.2.21:9092", "no-target at e1/z2"),
            ("client", "10.0.2.21:9096", "no-listener at e1/z2"),
            ("client", "10.0.1.22:9092", "delivered by b2"),
            (
                "client",
                "10.0.1.23:9092",
                "no-route at routing of platform",
            ),
            ("insider", "10.0.1.50:9092", "denied-in at rgw/z1"),
        ],
    ) && nobody_dials_a_resource_gateway()
}

fn nobody_dials_a_resource_gateway() -> bool {
    let far = ("10.0.1.10", "10.0.1.50");
    let estate = two_vpcs()
        .resource_gateway("rgw", "platform", &[("platform/z1", far.1)], &[])
        .resource("r1", "rgw", far.0, &[9092])
        .resource("own", "rgw", far.1, &[9092])
        .named_endpoint(
            "e1",
            resource("r1"),
            "shop",
            &[("shop/z1", "10.0.1.21")],
            &[],
        )
        .named_endpoint(
            "e2",
            resource("own"),
            "shop",
            &[("shop/z1", "10.0.1.22")],
            &[],
        )
        .eni("insider", "platform/z2", "10.0.2.12", &[]);
    let abroad = Estate(estate.0.clone()).in_region("shop", "eu-west-1");
    let near = dials(
        estate,
        &[("b1", 9092)],
        &[
            ("insider", "10.0.1.50:9092", "refused at rgw/z1"),
            ("insider", "10.0.1.50:22", "refused at rgw/z1"),
            ("client", "10.0.1.21:9092", "delivered by b1"),
            ("client", "10.0.1.22:9092", "refused at rgw/z1"),
        ],
    );
    let far = dials(
        abroad,
        &[("b1", 9092)],
        &[
            ("client", "10.0.1.21:9092", "no-target at e1/z1"),
            ("client", "10.0.1.21:9093", "no-listener at e1/z1"),
        ],
    );
    near && far
}

/// An endpoint of another Region takes any node, in turn.
pub(crate) fn from_another_region() -> bool {
    let estate = two_vpcs()
        .group(
            "guard",
            "platform",
            &["9001-9002 10.0.0.0/16"],
            &["9092 0.0.0.0/0"],
        )
        .balancer(
            "platform",
            false,
            &[("platform/z1", "10.0.1.40"), ("platform/z2", "10.0.2.40")],
            &[],
            &[
                (9001, &["10.0.1.10:9092", "10.0.2.10:9092"]),
                (9002, &["10.0.2.10:9092"]),
                (9004, &["10.0.1.10:9092"]),
            ],
        )
        .endpoint("shop", &[("shop/z2", "10.0.2.21")], &[])
        .in_region("shop", "eu-west-1");
    let mut guarded = Estate(estate.0.clone()).enforcing(true);
    let node = guarded.0.enis.get_mut(&"nlb/z2".into()).unwrap();
    node.security_groups = vec!["guard".into()];
    let listening = [("b1", 9092), ("b2", 9092)];
    let at = |port: u16| format!("10.0.2.21:{port}");
    let (both, one, none, four) = (at(9001), at(9002), at(9003), at(9004));
    let unsupported = dials(
        Estate(estate.0.clone()),
        &listening,
        &[("client", &both, "no-target at endpoint/z2")],
    );
    let supported = dials(
        estate.supporting("nlb", "eu-west-1"),
        &listening,
        &[
            ("client", &both, "delivered by b1"),
            ("client", &both, "delivered by b2"),
            ("client", &both, "delivered by b1"),
            ("client", &one, "no-target at nlb/z1"),
            ("client", &one, "delivered by b2"),
            ("client", &none, "no-listener at nlb/z1"),
            ("client", &none, "no-listener at nlb/z2"),
        ],
    );
    let guarded = dials(
        guarded.supporting("nlb", "eu-west-1"),
        &listening,
        &[
            ("client", &four, "delivered by b1"),
            ("client", &four, "denied-in at nlb/z2"),
            ("client", &both, "delivered by b1"),
            ("client", &both, "delivered by b2"),
        ],
    );
    unsupported && supported && guarded
}
