//! Networks raised for real and dialled through: every way a connection can end.

pub(crate) mod acls;
pub(crate) mod transit;
pub(crate) mod ways;

use std::time::{Duration, Instant};

use blueprint::ids::EniId;
use blueprint::network::RouteTarget;
use blueprint::verdict::Direction;
use lab::Network;

use crate::estate::Estate;
use crate::{inside, told};

type Dials<'a> = &'a [(&'a str, &'a str, &'a str)];

/// Raises an estate with echo listeners and dials; each dial is `from`, `to` and its end.
fn dials(estate: Estate, listening: &[(&str, u16)], dials: Dials) -> bool {
    inside(move |inside| async move {
        let began = Instant::now();
        let network = match inside.raise(&estate.0).await {
            Ok(network) => network,
            Err(error) => return told(&error),
        };
        let n = network.namespaces().count();
        println!("  raised {n} namespaces in {:?}", began.elapsed());
        let listeners = listening
            .iter()
            .map(|(eni, port)| network.listen(&(*eni).into(), *port));
        let _listeners: Vec<_> = listeners.map(Result::unwrap).collect();
        let mut good = true;
        for (from, to, expected) in dials {
            let began = Instant::now();
            let seen = dial(&network, from, to).await;
            let took = began.elapsed();
            let agrees = seen == *expected;
            good &= agrees;
            let mark = if agrees { "  " } else { "!!" };
            println!("  {mark} {from} -> {to}: {seen} ({took:.0?})");
            if !agrees {
                println!("     expected {expected}");
            }
        }
        good
    })
}

async fn dial(network: &Network, from: &str, to: &str) -> String {
    let from = EniId::from(from);
    let deadline = Instant::now() + Duration::from_secs(3);
    let dialled = network
        .dial(&from, to.parse().unwrap(), deadline)
        .await
        .unwrap();
    let reached = dialled.trail.reached();
    let Some(end) = dialled.trail.end() else {
        for sighting in &dialled.trail.sightings {
            println!("     {sighting:?}");
        }
        return "unknown".to_owned();
    };
    let place = end
        .place
        .map(|place| format!(" at {place}"))
        .unwrap_or_default();
    let direction = match end.direction {
        Direction::Forward => "",
        Direction::Return => ", return",
    };
    let by = match (dialled.stream, reached) {
        (Some(_), Some(eni)) => format!(" by {eni}"),
        _ => String::new(),
    };
    format!("{}{by}{place}{direction}", end.class)
}

pub(crate) fn within_one_vpc() -> bool {
    let estate = Estate::default()
        .vpc(
            "v",
            "10.0.0.0/16",
            &[("z1", "10.0.1.0/24"), ("z2", "10.0.2.0/24")],
        )
        .group(
            "apps",
            "v",
            &[],
            &["9092-9094 0.0.0.0/0", "7 10.0.0.0/8", "8 apps"],
        )
        .group("kafka", "v", &["9092-9093 apps", "9094 10.0.2.0/24"], &[])
        .group("mute", "v", &[], &[])
        .eni("client", "v/z1", "10.0.1.10", &["apps"])
        .eni("mute", "v/z1", "10.0.1.11", &["mute"])
        .eni("stranger", "v/z2", "10.0.2.12", &[])
        .eni("broker", "v/z2", "10.0.2.20", &["kafka"])
        .route("v/z1", "0.0.0.0/0", RouteTarget::Outside("igw".to_owned()))
        .route(
            "v/z1",
            "10.0.9.0/24",
            RouteTarget::Outside("nat".to_owned()),
        );
    let listening = [("broker", 9092), ("broker", 9094), ("client", 7)];
    dials(
        estate,
        &listening,
        &[
            ("client", "10.0.2.20:9092", "delivered by broker"),
            ("client", "10.0.2.20:9093", "refused at broker"),
            ("client", "10.0.2.20:9094", "denied-in at broker"),
            ("client", "10.0.2.20:9095", "denied-out at client"),
            ("client", "10.0.1.10:7", "delivered by client"),
            ("client", "10.0.1.10:9092", "refused at client"),
            ("client", "10.0.1.10:4444", "refused at client"),
            ("client", "10.0.2.12:9092", "refused at stranger"),
            ("client", "10.0.1.10:8", "refused at client"),
            ("client", "10.0.2.12:8", "denied-out at client"),
            ("client", "10.0.2.99:9092", "no-route at routing of v"),
            ("client", "10.0.2.99:9095", "denied-out at client"),
            ("client", "10.0.0.2:9092", "no-route at routing of v"),
            ("client", "10.0.1.1:9092", "no-route at routing of v"),
            (
                "client",
                "10.0.9.9:9092",
                "leaves-blueprint at routing of v",
            ),
            (
                "client",
                "192.0.2.1:9092",
                "leaves-blueprint at routing of v",
            ),
            ("stranger", "192.0.2.1:9092", "no-route at routing of v"),
            ("stranger", "10.0.2.20:9094", "delivered by broker"),
            ("stranger", "10.0.2.20:9092", "denied-in at broker"),
            ("mute", "10.0.2.20:9092", "denied-out at mute"),
            ("broker", "10.0.1.10:9092", "denied-out at broker"),
            ("stranger", "10.0.1.10:7", "denied-in at client"),
        ],
    )
}

pub(crate) fn through_privatelink() -> bool {
    let b1 = "10.0.1.10:9092";
    let (b2, b3) = ("10.0.2.10:9092", "10.0.2.11:9092");
    let estate = Estate::default()
        .vpc(
            "shop",
            "10.0.0.0/16",
            &[
                ("z1", "10.0.1.0/24"),
                ("z2", "10.0.2.0/24"),
                ("z3", "10.0.3.0/24"),
            ],
        )
        .vpc(
            "platform",
            "10.0.0.0/16",
            &[("z1", "10.0.1.0/24"), ("z2", "10.0.2.0/24")],
        )
        .group("apps", "shop", &[], &["1-65535 0.0.0.0/0"])
        .group("vpce", "shop", &["9000-9010 apps"], &[])
        .eni("client", "shop/z1", "10.0.1.10", &["apps"])
        .eni("witness", "shop/z1", "10.0.1.11", &[])
        .eni("b1", "platform/z1", "10.0.1.10", &[])
        .eni("b2", "platform/z2", "10.0.2.10", &[])
        .eni("b3", "platform/z2", "10.0.2.11", &[])
        .balancer(
            "platform",
            false,
            &[("platform/z1", "10.0.1.40"), ("platform/z2", "10.0.2.40")],
            &[],
            &[(9001, &[b1]), (9002, &[b2]), (9005, &[b2, b3]), (9006, &[])],
        )
        .endpoint(
            "shop",
            &[
                ("shop/z1", "10.0.1.23"),
                ("shop/z2", "10.0.2.23"),
                ("shop/z3", "10.0.3.23"),
            ],
            &["vpce"],
        );
    let listening = [("b1", 9092), ("b2", 9092), ("b3", 9092)];
    dials(
        estate,
        &listening,
        &[
            ("client", "10.0.1.23:9001", "delivered by b1"),
            ("client", "10.0.2.23:9001", "no-target at nlb/z2"),
            ("client", "10.0.1.23:9002", "no-target at nlb/z1"),
            ("client", "10.0.2.23:9002", "delivered by b2"),
            ("client", "10.0.2.23:9005", "delivered by b2"),
            ("client", "10.0.2.23:9005", "delivered by b3"),
            ("client", "10.0.2.23:9005", "delivered by b2"),
            ("client", "10.0.1.23:9006", "no-target at nlb/z1"),
            ("client", "10.0.1.23:9007", "no-listener at nlb/z1"),
            ("client", "10.0.1.23:9011", "denied-in at endpoint/z1"),
            ("client", "10.0.3.23:9001", "no-target at endpoint/z3"),
            ("witness", "10.0.1.23:9001", "denied-in at endpoint/z1"),
            ("b1", "10.0.1.40:9001", "delivered by b1"),
            ("b2", "10.0.1.40:9001", "delivered by b1"),
            ("b2", "10.0.1.23:9001", "no-route at routing of platform"),
            ("b2", "10.0.1.40:9002", "no-target at nlb/z1"),
        ],
    )
}

fn peered() -> Estate {
    let peering = |id: &str| RouteTarget::Peering(id.into());
    Estate::default()
        .vpc(
            "a",
            "10.1.0.0/16",
            &[("z1", "10.1.1.0/24"), ("z2", "10.1.2.0/24")],
        )
        .vpc(
            "b",
            "10.2.0.0/16",
            &[("z1", "10.2.1.0/24"), ("z2", "10.2.2.0/24")],
        )
        .vpc("c", "10.3.0.0/16", &[("z1", "10.3.1.0/24")])
        .vpc("x", "10.1.128.0/17", &[("z1", "10.1.200.0/24")])
        .peering("ab", "a", "b")
        .peering("bc", "b", "c")
        .peering("ax", "a", "x")
        .peering("cb", "c", "b")
        .route("a/z1", "10.2.0.0/16", peering("ab"))
        .route("a/z1", "10.3.0.0/16", peering("ab"))
        .route("a/z1", "10.1.200.0/24", peering("ax"))
        .route("a/z1", "172.16.0.0/12", peering("bc"))
        .route("b/z1", "10.1.0.0/16", peering("ab"))
        .route("b/z1", "10.3.0.0/16", peering("bc"))
        .route("b/z2", "0.0.0.0/0", RouteTarget::Outside("igw".to_owned()))
        .route("c/z1", "10.2.0.0/16", peering("bc"))
        .eni("a", "a/z1", "10.1.1.10", &[])
        .eni("a2", "a/z2", "10.1.2.10", &[])
        .eni("b", "b/z1", "10.2.1.10", &["b"])
        .eni("b2", "b/z2", "10.2.2.10", &[])
        .eni("c", "c/z1", "10.3.1.10", &[])
        .eni("x", "x/z1", "10.1.200.10", &[])
        .group(
            "b",
            "b",
            &["9092 10.1.0.0/16", "9093 0.0.0.0/0"],
            &["9092 0.0.0.0/0"],
        )
}

pub(crate) fn over_a_peering() -> bool {
    let estate = peered();
    let listening = [
        ("a", 9092),
        ("a2", 9092),
        ("b", 9092),
        ("b2", 9092),
        ("c", 9092),
        ("x", 9092),
    ];
    dials(
        estate,
        &listening,
        &[
            ("a", "10.2.1.10:9092", "delivered by b"),
            ("a", "10.2.1.10:9093", "refused at b"),
            ("a", "10.2.1.10:9094", "denied-in at b"),
            ("a", "10.2.2.10:9092", "no-route at routing of b, return"),
            ("a", "10.2.2.10:9093", "no-route at routing of b, return"),
            ("a2", "10.2.1.10:9092", "no-route at routing of a"),
            ("b", "10.1.2.10:9092", "no-route at routing of a, return"),
            ("a", "10.2.1.99:9092", "no-route at routing of b"),
            ("a", "10.3.1.10:9092", "no-route at routing of b"),
            ("a", "10.1.200.10:9092", "no-route at routing of a"),
            ("a", "172.16.0.1:9092", "no-route at routing of a"),
            ("b", "10.3.1.10:9092", "delivered by c"),
            ("c", "10.2.1.10:9092", "denied-in at b"),
            ("c", "10.2.1.10:9093", "refused at b"),
            ("c", "10.1.1.10:9092", "no-route at routing of c"),
            ("a", "10.2.0.2:53", "no-route at routing of b"),
            ("a", "169.254.255.1:9092", "no-route at routing of a"),
        ],
    )
}

fn guarded_balancer() -> Estate {
    let b1 = "10.0.1.10:9092";
    Estate::default()
        .vpc("shop", "10.0.0.0/16", &[("z1", "10.0.1.0/24")])
        .vpc("platform", "10.0.0.0/16", &[("z1", "10.0.1.0/24")])
        .vpc("far", "10.9.0.0/16", &[("z1", "10.9.1.0/24")])
        .peering("pf", "platform", "far")
        .route(
            "platform/z1",
            "10.9.0.0/16",
            RouteTarget::Peering("pf".into()),
        )
        .group(
            "apps",
            "shop",
            &["1-65535 0.0.0.0/0"],
            &["1-65535 0.0.0.0/0"],
        )
        .group(
            "nlb",
            "platform",
            &["9001-9004 10.0.1.10/32", "9005 apps"],
            &["9092-9093 kafka", "9092 10.9.0.0/16", "9095 0.0.0.0/0"],
        )
        .group("kafka", "platform", &["9092-9093 nlb"], &[])
        .eni("client", "shop/z1", "10.0.1.10", &["apps"])
        .eni("other", "shop/z1", "10.0.1.11", &[])
        .eni("b1", "platform/z1", "10.0.1.10", &["kafka"])
        .eni("insider", "platform/z1", "10.0.1.12", &[])
        .eni("remote", "far/z1", "10.9.1.10", &[])
        .balancer(
            "platform",
            true,
            &[("platform/z1", "10.0.1.40")],
            &["nlb"],
            &[
                (9001, &[b1]),
                (9002, &["10.0.1.10:9093"]),
                (9003, &["10.0.1.10:9094"]),
                (9004, &["10.9.1.10:9092"]),
                (9005, &[b1]),
                (9006, &["10.0.1.10:9095"]),
            ],
        )
        .endpoint("shop", &[("shop/z1", "10.0.1.23")], &[])
}

pub(crate) fn judged_behind_the_balancer() -> bool {
    let estate = guarded_balancer();
    let lenient = Estate(estate.0.clone()).enforcing(false);
    let enforced = dials(
        estate,
        &[("b1", 9092), ("remote", 9092)],
        &[
            ("client", "10.0.1.23:9001", "delivered by b1"),
            ("client", "10.0.1.23:9002", "refused at b1"),
            ("client", "10.0.1.23:9003", "denied-out at nlb/z1"),
            (
                "client",
                "10.0.1.23:9004",
                "no-route at routing of far, return",
            ),
            ("client", "10.0.1.23:9005", "denied-in at nlb/z1"),
            ("other", "10.0.1.23:9001", "denied-in at nlb/z1"),
            ("insider", "10.0.1.40:9001", "denied-in at nlb/z1"),
            ("insider", "10.0.1.10:9092", "denied-in at b1"),
            ("client", "10.0.1.10:9092", "refused at client"),
        ],
    );
    let open = dials(
        lenient,
        &[("b1", 9092)],
        &[
            ("client", "10.0.1.23:9005", "delivered by b1"),
            ("other", "10.0.1.23:9001", "delivered by b1"),
            ("client", "10.0.1.23:9006", "denied-in at b1"),
            ("insider", "10.0.1.40:9001", "denied-in at nlb/z1"),
        ],
    );
    enforced && open
}

/// Two VPCs of one range peer with a third, whose answers can go to one of them alone.
pub(crate) fn an_answer_gone_astray() -> bool {
    let peering = |id: &str| RouteTarget::Peering(id.into());
    let estate = Estate::default()
        .vpc("left", "10.1.0.0/16", &[("z1", "10.1.1.0/24")])
        .vpc("right", "10.1.0.0/16", &[("z1", "10.1.1.0/24")])
        .vpc("hub", "10.2.0.0/16", &[("z1", "10.2.1.0/24")])
        .peering("lh", "left", "hub")
        .peering("rh", "right", "hub")
        .route("left/z1", "10.2.0.0/16", peering("lh"))
        .route("right/z1", "10.2.0.0/16", peering("rh"))
        .route("hub/z1", "10.1.0.0/16", peering("lh"))
        .route("hub/z1", "10.1.0.0/16", peering("rh"))
        .eni("left", "left/z1", "10.1.1.10", &[])
        .eni("right", "right/z1", "10.1.1.10", &[])
        .eni("right2", "right/z1", "10.1.1.11", &[])
        .eni("hub", "hub/z1", "10.2.1.10", &[]);
    dials(
        estate,
        &[("hub", 9092)],
        &[
            ("left", "10.2.1.10:9092", "delivered by hub"),
            (
                "right",
                "10.2.1.10:9092",
                "no-route at routing of left, return",
            ),
            (
                "right",
                "10.2.1.10:9093",
                "no-route at routing of left, return",
            ),
            (
                "right2",
                "10.2.1.10:9092",
                "no-route at routing of left, return",
            ),
        ],
    )
}

pub(crate) fn names_and_programs() -> bool {
    let estate = Estate::default()
        .vpc("shop", "10.0.0.0/16", &[("z1", "10.0.1.0/24")])
        .vpc("platform", "10.0.0.0/16", &[("z1", "10.0.1.0/24")])
        .zone(
            "kafka",
            &["shop"],
            &[("b-1.kafka", "vpce.aws"), ("lost.kafka", "gone.aws")],
        )
        .public_name("vpce.aws", "10.0.1.23")
        .public_name("b-2.kafka", "10.0.1.99")
        .eni("client/z1", "shop/z1", "10.0.1.10", &[])
        .eni("b1", "platform/z1", "10.0.1.10", &[])
        .served_broker("b1", "platform", &[("b-1.kafka", "10.0.1.10")]);
    let expected = [
        ("client/z1", "b-1.kafka", "[10.0.1.23]"),
        ("client/z1", "B-1.Kafka.", "[10.0.1.23]"),
        ("client/z1", "b-2.kafka", "[]"),
        ("client/z1", "lost.kafka", "[]"),
        ("client/z1", "vpce.aws", "[10.0.1.23]"),
        ("b1", "b-1.kafka", "[10.0.1.10]"),
        ("b1", "b-2.kafka", "[10.0.1.99]"),
    ];
    inside(move |inside| async move {
        let network = inside.raise(&estate.0).await.unwrap();
        let _resolvers = network.serve_names().unwrap();
        let mut good = true;
        for (eni, name, expected) in expected {
            let found = network.resolve(&eni.into(), name).await.unwrap();
            let found = format!("{found:?}");
            good &= found == expected;
            println!("  {eni} asks for {name}: {found}, expected {expected}");
        }
        for (eni, resolver) in [("client/z1", "10.0.0.2"), ("b1", "127.0.0.53")] {
            let mut command = std::process::Command::new("cat");
            command.args(["/etc/resolv.conf", "/etc/hosts", "/proc/net/fib_trie"]);
            command.stdout(std::process::Stdio::piped());
            let child = network.spawn(&eni.into(), command).unwrap();
            let output = child.wait_with_output().unwrap();
            let text = String::from_utf8(output.stdout).unwrap();
            good &= text.starts_with(&format!("nameserver {resolver}\n"));
            good &= text.contains("127.0.0.1 localhost\n") && text.contains("10.0.1.10");
            good &= output.status.success();
        }
        good
    })
}

/// How long it takes to raise a larger network: four VPCs, fourteen interfaces each.
pub(crate) fn sixty_namespaces() -> bool {
    let mut estate = Estate::default();
    for vpc in 0..4 {
        let id = format!("v{vpc}");
        let cidr = format!("10.{vpc}.0.0/16");
        let subnet = format!("10.{vpc}.1.0/24");
        estate = estate.vpc(&id, &cidr, &[("z1", &subnet)]);
        let group = format!("g{vpc}");
        estate = estate.group(
            &group,
            &id,
            &["9092-9100 0.0.0.0/0"],
            &["1-65535 0.0.0.0/0"],
        );
        for host in 10..24 {
            let address = format!("10.{vpc}.1.{host}");
            let subnet = format!("{id}/z1");
            estate = estate.eni(&format!("h{vpc}/{host}"), &subnet, &address, &[&group]);
        }
    }
    let expected = [
        ("h0/10", "10.0.1.23:9092", "refused at h0/23"),
        ("h3/10", "10.3.1.23:9", "denied-in at h3/23"),
    ];
    dials(estate, &[], &expected)
}
