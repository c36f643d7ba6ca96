//! The kernel operations of small networks, as text: what people review, and what must not
//! change unnoticed. `UPDATE=1` rewrites the drawings.
#![allow(clippy::unwrap_used, reason = "tests")]

mod estate;

use blueprint::balancing::{EndpointTarget, TargetGroup};
use blueprint::gateway::Gateway;
use blueprint::network::RouteTarget;
use blueprint::spec::GatewayMode;
use estate::Estate;

fn check(name: &str, estate: &Estate) {
    let path = format!("{}/tests/drawings/{name}.txt", env!("CARGO_MANIFEST_DIR"));
    let drawn = lab::steps(&estate.0).unwrap().to_string();
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&path, &drawn).unwrap();
    }
    let expected = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        drawn == expected,
        "`{path}` differs; UPDATE=1 rewrites it:\n{drawn}"
    );
}

#[test]
fn two_hosts_and_a_group() {
    let estate = Estate::default()
        .vpc("v", "10.0.0.0/16", &[("z1", "10.0.1.0/24")])
        .group("apps", "v", &[], &["9092 kafka"])
        .group("kafka", "v", &["9092-9094 apps", "9099 10.0.0.0/16"], &[])
        .eni("client", "v/z1", "10.0.1.10", &["apps"])
        .eni("broker/1", "v/z1", "10.0.1.20", &["kafka"])
        .route("v/z1", "0.0.0.0/0", RouteTarget::Outside("igw".to_owned()));
    check("two-hosts-and-a-group", &estate);
}

#[test]
fn a_balancer_and_its_endpoint() {
    let estate = Estate::default()
        .vpc("shop", "10.0.0.0/16", &[("z1", "10.0.1.0/24")])
        .vpc(
            "platform",
            "10.0.0.0/16",
            &[("z1", "10.0.1.0/24"), ("z2", "10.0.2.0/24")],
        )
        .group("nlb", "platform", &["9001-9002 apps"], &["9092 0.0.0.0/0"])
        .balancer(
            "platform",
            false,
            &[("platform/z1", "10.0.1.40")],
            &["nlb"],
            &[
                (
                    9000,
                    &["10.0.1.10:9092", "10.0.1.11:9092", "10.0.2.10:9092"],
                ),
                (9001, &["10.0.1.10:9092"]),
                (9002, &["10.0.2.10:9092"]),
            ],
        )
        .endpoint("shop", &[("shop/z1", "10.0.1.23")], &[]);
    check("a-balancer-and-its-endpoint", &estate);
}

#[test]
fn a_peering_and_one_that_aws_refuses() {
    let estate = Estate::default()
        .vpc("a", "10.1.0.0/16", &[("z1", "10.1.1.0/24")])
        .vpc("b", "10.2.0.0/16", &[("z1", "10.2.1.0/24")])
        .vpc("x", "10.1.128.0/17", &[("z1", "10.1.200.0/24")])
        .peering("ab", "a", "b")
        .peering("ax", "a", "x")
        .route("a/z1", "10.2.0.0/16", RouteTarget::Peering("ab".into()))
        .route("a/z1", "10.1.128.0/17", RouteTarget::Peering("ax".into()))
        .route("b/z1", "10.1.0.0/16", RouteTarget::Peering("ab".into()))
        .eni("a", "a/z1", "10.1.1.10", &[])
        .eni("b", "b/z1", "10.2.1.10", &[]);
    check("a-peering-and-one-that-aws-refuses", &estate);
}

#[test]
fn a_transit_gateway_and_an_acl() {
    let hub = || RouteTarget::TransitGateway("hub".into());
    let estate = Estate::default()
        .vpc("a", "10.1.0.0/16", &[("z1", "10.1.1.0/24")])
        .vpc("b", "10.2.0.0/16", &[("z1", "10.2.1.0/24")])
        .route("a/z1", "10.2.0.0/16", hub())
        .route("b/z1", "10.1.0.0/16", hub())
        .eni("a", "a/z1", "10.1.1.10", &[])
        .eni("b", "b/z1", "10.2.1.10", &[])
        .acl(
            "acl",
            &["b/z1"],
            &["100 allow 9092 10.0.0.0/8", "200 deny 9093 0.0.0.0/0"],
            &["100 allow 1024-65535 10.1.0.0/16"],
        )
        .transit_gateway("hub")
        .attach("a", "hub", &["a/z1"], "main")
        .attach("b", "hub", &["b/z1"], "")
        .transit_table("main", "hub", &["b@hub"], &["10.3.0.0/16 nowhere"]);
    check("a-transit-gateway-and-an-acl", &estate);
}

#[test]
fn a_resource_behind_its_gateway() {
    let estate = Estate::default()
        .vpc("shop", "10.0.0.0/16", &[("z1", "10.0.1.0/24")])
        .vpc("platform", "10.0.0.0/16", &[("z1", "10.0.1.0/24")])
        .resource_gateway("rgw", "platform", &[("platform/z1", "10.0.1.50")], &[])
        .resource("b-1", "rgw", "10.0.1.10", &[9092, 9094])
        .named_endpoint(
            "endpoint",
            EndpointTarget::Resource("b-1".into()),
            "shop",
            &[("shop/z1", "10.0.1.21")],
            &[],
        );
    check("a-resource-behind-its-gateway", &estate);
}

#[test]
fn what_is_not_raised_is_named() {
    let balanced = || {
        let target: &[&str] = &["10.0.1.10:9092"];
        Estate::default()
            .vpc("v", "10.0.0.0/16", &[("z1", "10.0.1.0/24")])
            .balancer("v", true, &[("v/z1", "10.0.1.40")], &[], &[(9092, target)])
    };
    let refusal = |estate: Estate| lab::steps(&estate.0).unwrap_err().to_string();
    let group = |estate: &mut Estate, change: fn(&mut TargetGroup)| {
        change(estate.0.target_groups.get_mut(&"nlb-9092".into()).unwrap());
    };
    assert!(lab::steps(&balanced().0).is_ok());
    let mut preserving = balanced();
    group(&mut preserving, |group| group.preserve_client_ip = true);
    let mut announcing = balanced();
    group(&mut announcing, |group| group.proxy_protocol = true);
    let mut ending_tls = balanced();
    let balancer = ending_tls.0.balancers.get_mut(&"nlb".into()).unwrap();
    let listener = balancer.listeners.get_mut(&9092).unwrap();
    listener.certificate_names = Some(["kafka".to_owned()].into());
    let mut gateway = balanced();
    let routing = Gateway {
        cluster: "orders".into(),
        vpc: "v".into(),
        mode: GatewayMode::Port,
        instances: Vec::new(),
        port: 9092,
        slots: Default::default(),
        names: Default::default(),
        bootstrap_names: Default::default(),
        advertised: Default::default(),
        listener: "CLIENT".to_owned(),
        certificate_names: Default::default(),
    };
    gateway.0.gateways.insert("gw".into(), routing);
    for (estate, expected) in [
        (
            preserving,
            "`nlb-9092` is a target group that preserves client addresses",
        ),
        (
            announcing,
            "`nlb-9092` is a target group that sends PROXY headers",
        ),
        (ending_tls, "`nlb:9092` is a listener that ends TLS"),
        (gateway, "`gw` is a Kafka-aware gateway"),
    ] {
        let refused = refusal(estate);
        assert!(refused.starts_with(expected), "{refused}");
        assert!(
            refused.contains("not raised on this machine yet"),
            "{refused}"
        );
    }
}

#[test]
fn what_dangles_is_left_out() {
    let estate = Estate::default()
        .vpc("v", "10.0.0.0/16", &[("z1", "10.0.1.0/24")])
        .eni("here", "v/z1", "10.0.1.10", &["no-such-group"])
        .eni("nowhere", "no-such-subnet", "10.0.1.11", &[])
        .peering("p", "v", "no-such-vpc")
        .route("v/z1", "10.9.0.0/16", RouteTarget::Peering("p".into()))
        .route(
            "v/z1",
            "10.8.0.0/16",
            RouteTarget::Peering("no-such-peering".into()),
        );
    let drawn = lab::steps(&estate.0).unwrap().to_string();
    assert!(!drawn.contains("nowhere"), "{drawn}");
    assert!(drawn.contains("route add blackhole 10.9.0.0/16"), "{drawn}");
    assert!(drawn.contains("route add blackhole 10.8.0.0/16"), "{drawn}");
}

#[test]
fn like_names_get_namespaces_of_their_own() {
    let estate = Estate::default()
        .vpc("v", "10.0.0.0/16", &[("z1", "10.0.1.0/24")])
        .eni("a/b", "v/z1", "10.0.1.10", &[])
        .eni("a.b", "v/z1", "10.0.1.11", &[]);
    let steps = lab::steps(&estate.0).unwrap();
    let names: Vec<_> = steps.namespaces.keys().map(String::as_str).collect();
    assert_eq!(names, ["a.b", "a.b.2", "vpc.v"]);
}
