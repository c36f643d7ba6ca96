//! What rendering refuses, each with a near miss that it takes.
#![expect(clippy::expect_used, reason = "a test fails by panicking")]

use std::fmt::Write;

use blueprint::Blueprint;
use blueprint::diagnostic::{At, Diagnostic, Level};
use blueprint::dns::HostedZone;
use render::{Target, render};

const TARGETS: [Target; 2] = [Target::CloudFormation, Target::Terraform];

/// An estate whose cluster is said by the line in place of `CLUSTER`, in three zones unless the
/// case replaces `ZONES`.
const ESTATE: &str = "name: test
region: eu-central-1
vpcs:
  data: { account: \"111111111111\", cidr: 10.0.0.0/16, zones: [ZONES] }
  shop: { account: \"222222222222\", cidr: 10.1.0.0/16, zones: [euc1-az1, euc1-az2] }
clusters:
  orders: { vpc: data, CLUSTER }
clients:
  local: { vpc: data, cluster: orders }
";

const THREE_ZONES: &str = "euc1-az1, euc1-az2, euc1-az3";

fn settled(text: &str) -> Blueprint {
    let (spec, _, found) = blueprint::read(text);
    plan::build(&spec.unwrap_or_else(|| panic!("{found:?}\n{text}"))).0
}

fn estate(zones: &str, cluster: &str) -> Blueprint {
    settled(&ESTATE.replace("ZONES", zones).replace("CLUSTER", cluster))
}

fn found(blueprint: &Blueprint, target: Target) -> Vec<Diagnostic> {
    render(blueprint, target, &[]).1
}

/// Zones, what is said of the cluster, and where the one refusal stands with what it says.
type Case = (
    &'static str,
    &'static str,
    Option<(&'static str, &'static str)>,
);

const CASES: [Case; 22] = [
    (THREE_ZONES, "kind: msk, brokers: 3", None),
    (
        THREE_ZONES,
        "kind: msk, brokers: [4, 7, 9]",
        Some((
            "clusters.orders.brokers",
            "Amazon MSK numbers the brokers of `orders` from 1",
        )),
    ),
    (THREE_ZONES, "kind: msk, brokers: [1, 2, 3]", None),
    (THREE_ZONES, "kind: ec2, brokers: [4, 7, 9]", None),
    (
        "euc1-az1",
        "kind: msk, brokers: 1",
        Some((
            "clusters.orders.vpc",
            "the brokers of `orders` stand in 1 zones",
        )),
    ),
    ("euc1-az1, euc1-az2", "kind: msk, brokers: 2", None),
    (
        "use1-az1, use1-az2, use1-az4, use1-az6",
        "kind: msk, brokers: 4, broker_zones: { 1: use1-az1, 2: use1-az2, 3: use1-az4, 4: use1-az6 }",
        Some((
            "clusters.orders.vpc",
            "the brokers of `orders` stand in 4 zones",
        )),
    ),
    ("euc1-az1", "kind: ec2, brokers: 1", None),
    ("euc1-az1", "kind: msk-serverless", None),
    (
        THREE_ZONES,
        "kind: msk, brokers: 3, listeners: { CLIENT: 9192 }",
        Some((
            "clusters.orders.listeners.CLIENT",
            "the listener CLIENT of broker 1 of `orders` binds port 9192",
        )),
    ),
    (
        THREE_ZONES,
        "kind: msk, brokers: 3, listeners: { CLIENT: 9092 }",
        None,
    ),
    (
        THREE_ZONES,
        "kind: ec2, brokers: 3, listeners: { CLIENT: 9192 }",
        None,
    ),
    (
        THREE_ZONES,
        "kind: msk, brokers: 3, advertised: { REPLICATION: \"b-{id}.x:9093\" }",
        Some((
            "clusters.orders.advertised",
            "the listener CLIENT of `orders` is not advertised",
        )),
    ),
    (
        THREE_ZONES,
        "kind: msk, brokers: 3, advertised: { CLIENT: \"b-{id}.x:{9000+id}\" }",
        None,
    ),
    (
        THREE_ZONES,
        "kind: ec2, brokers: 3, advertised: { REPLICATION: \"b-{id}.x:9093\" }",
        None,
    ),
    (
        THREE_ZONES,
        "kind: msk, brokers: 3, auth: [tls], certificate_names: [\"*.example.org\"]",
        Some((
            "clusters.orders.certificate_names",
            "the brokers of `orders` present a certificate for *.example.org",
        )),
    ),
    (THREE_ZONES, "kind: msk, brokers: 3, auth: [tls]", None),
    (
        THREE_ZONES,
        "kind: ec2, brokers: 3, auth: [tls], certificate_names: [\"*.example.org\"]",
        None,
    ),
    (
        THREE_ZONES,
        "kind: msk-express, brokers: 3, config: { min.insync.replicas: \"1\" }",
        Some((
            "clusters.orders.config.min.insync.replicas",
            "`min.insync.replicas` of `orders` cannot be set",
        )),
    ),
    (
        THREE_ZONES,
        "kind: msk-express, brokers: 3, config: { log.retention.hours: \"24\" }",
        None,
    ),
    (
        THREE_ZONES,
        "kind: msk, brokers: 3, config: { min.insync.replicas: \"1\" }",
        None,
    ),
    (
        THREE_ZONES,
        "kind: msk, brokers: [4, 7, 9], id: \"arn:aws:kafka:eu-central-1:111111111111:cluster/orders/0abc\", suffix: orders.0abc.c2.kafka.eu-central-1.amazonaws.com, addresses: { 4: 10.0.0.10, 7: 10.0.16.10, 9: 10.0.32.10 }",
        None,
    ),
];

/// Asserts that exactly this is refused: name, place and title, with a help.
fn assert_refused(found: &[Diagnostic], name: &str, place: &str, title: &str) {
    let [one] = found else {
        panic!("{title}: {found:#?}");
    };
    let At::Value(key) = &one.primary.at else {
        panic!("{one:#?}");
    };
    assert_eq!((one.name, one.title.as_str()), (name, title));
    assert_eq!(key.to_string(), place);
    assert!(one.level == Level::Error && one.help.is_some(), "{one:#?}");
}

#[test]
fn clusters_that_amazon_msk_makes_in_no_such_way_are_refused_and_their_near_misses_taken() {
    for (zones, cluster, refused) in CASES {
        let region = if zones.starts_with("use1") {
            "us-east-1"
        } else {
            "eu-central-1"
        };
        let text = ESTATE.replace("ZONES", zones).replace("CLUSTER", cluster);
        let text = text.replace("region: eu-central-1", &format!("region: {region}"));
        let text = match region {
            "us-east-1" => text.replace("euc1-", "use1-"),
            _ => text,
        };
        let blueprint = settled(&text);
        for target in TARGETS {
            let found = found(&blueprint, target);
            match refused {
                Some((place, title)) => {
                    assert_refused(&found, "unmakeable-cluster", place, title);
                }
                None => assert!(found.is_empty(), "{cluster}: {found:#?}"),
            }
        }
    }
}

#[test]
fn every_broker_is_looked_at() {
    for target in TARGETS {
        let mut blueprint = estate(THREE_ZONES, "kind: msk, brokers: 3");
        let cluster = blueprint
            .clusters
            .get_mut(&"orders".into())
            .expect("the cluster");
        let last = cluster.brokers.get_mut(&3).expect("a broker");
        let listener = last.listeners.get_mut("CLIENT").expect("a listener");
        let port = std::mem::replace(&mut listener.port, 9192);
        assert_refused(
            &found(&blueprint, target),
            "unmakeable-cluster",
            "clusters.orders.listeners.CLIENT",
            "the listener CLIENT of broker 3 of `orders` binds port 9192",
        );
        let cluster = blueprint
            .clusters
            .get_mut(&"orders".into())
            .expect("the cluster");
        let last = cluster.brokers.get_mut(&3).expect("a broker");
        let listener = last.listeners.get_mut("CLIENT").expect("a listener");
        listener.port = port;
        let advertised = listener.advertised.take();
        assert!(advertised.is_some());
        assert_refused(
            &found(&blueprint, target),
            "unmakeable-cluster",
            "clusters.orders.advertised",
            "the listener CLIENT of `orders` is not advertised",
        );
    }
}

/// The estate with a zone of the first account, which serves these VPCs.
fn with_zone(vpcs: &[&str], managed: bool) -> Blueprint {
    let mut blueprint = estate(THREE_ZONES, "kind: ec2, brokers: 3");
    let zone = HostedZone {
        name: "example.org".to_owned(),
        account: "111111111111".to_owned(),
        vpcs: vpcs.iter().map(|vpc| (*vpc).into()).collect(),
        records: [].into(),
        managed,
    };
    blueprint.zones.insert("by-hand".into(), zone);
    blueprint
}

#[test]
fn a_private_zone_needs_a_vpc_of_its_own_account() {
    for target in TARGETS {
        let homeless = found(&with_zone(&["shop"], false), target);
        assert_refused(
            &homeless,
            "homeless-zone",
            "",
            "the private zone `by-hand` has no VPC of its own account 111111111111",
        );
        for (vpcs, managed) in [
            (&["data", "shop"][..], false),
            (&["data"][..], false),
            (&["shop"][..], true),
            (&[][..], false),
        ] {
            let found = found(&with_zone(vpcs, managed), target);
            assert!(found.is_empty(), "{vpcs:?}: {found:#?}");
        }
    }
}

/// An estate of clients in one VPC, each with a secret of its own beside the cluster.
fn crowd(n_clients: u32) -> Blueprint {
    let (head, _) = ESTATE.split_once("clients:\n").expect("clients");
    let head = head.replace("ZONES", THREE_ZONES);
    let mut text = head.replace("CLUSTER", "kind: msk, brokers: 3, auth: [scram]");
    text.push_str("clients:\n");
    for nth in 0..n_clients {
        let _ = writeln!(text, "  c{nth}: {{ vpc: shop, cluster: orders }}");
    }
    text.push_str("connections:\n  - { from: shop, to: orders, via: privatelink-per-broker }\n");
    settled(&text)
}

#[test]
fn a_template_that_cloudformation_does_not_take_is_refused() {
    let many = crowd(100);
    let refused = found(&many, Target::CloudFormation);
    assert!(!refused.is_empty());
    for one in &refused {
        assert_eq!(one.name, "oversized-template", "{one:#?}");
        assert!(one.title.contains(".yaml would have "), "{}", one.title);
        assert!(one.help.is_some() && !one.notes.is_empty(), "{one:#?}");
    }
    assert_eq!(found(&many, Target::Terraform), []);
    assert_eq!(found(&crowd(20), Target::CloudFormation), []);
}

#[test]
fn every_fault_has_a_page_with_a_remedy() {
    let names: Vec<_> = render::faults().iter().map(|(name, _)| *name).collect();
    let known = ["homeless-zone", "oversized-template", "unmakeable-cluster"];
    assert_eq!(names, known);
    for (name, page) in render::faults() {
        assert!(page.starts_with(&format!("# {name}\n\n")), "{page}");
        for part in ["**Why it is bad.**", "**Remedy.**"] {
            assert!(page.contains(part), "{name}: {part}");
        }
    }
}
