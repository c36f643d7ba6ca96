//! What changes between two plans: growth adds and touches nothing, and what AWS sets only when
//! an object is made is a replacement with its reason.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use std::collections::BTreeSet;

use blueprint::Blueprint;
use blueprint::spec::{Ports, Spec, Via};
use plan::diff::{Change, ChangeKind};

const ESTATE: &str = r#"
vpcs:
  data: { account: "111111111111", cidr: 10.0.0.0/16, zones: [euc1-az1, euc1-az2, euc1-az3] }
  shop: { account: "222222222222", cidr: 10.1.0.0/16, zones: [euc1-az1, euc1-az2, euc1-az3] }
clusters:
  orders: { kind: msk, vpc: data, kafka_version: "3.9", brokers: 3, auth: [iam] }
clients:
  checkout: { vpc: shop, cluster: orders, auth: iam }
  billing: { vpc: data, cluster: orders, auth: iam }
connections:
  - { from: shop, to: orders, via: peering }
"#;

const WAYS: [Via; 7] = [
    Via::Peering,
    Via::TransitGateway,
    Via::Privatelink,
    Via::PrivatelinkPerBroker,
    Via::MskMultiVpc,
    Via::ResourceEndpoint,
    Via::Gateway,
];

fn estate(via: Via) -> Spec {
    let mut spec = support::spec(ESTATE);
    spec.connections[0].via = via;
    spec
}

/// Plans a spec in which nothing is wrong but what AWS leaves open.
fn build(spec: &Spec) -> Blueprint {
    plan::build(spec).0
}

/// The changes, one line each: `replaced TargetGroupId orders-1: port`.
fn lines(changes: &[Change]) -> Vec<String> {
    let line = |change: &Change| {
        let (verb, fields) = match &change.kind {
            ChangeKind::Added => ("added", Vec::new()),
            ChangeKind::Removed => ("removed", Vec::new()),
            ChangeKind::Changed { fields } => ("changed", fields.iter().map(|f| f.field).collect()),
            ChangeKind::Replaced { because, .. } => {
                ("replaced", because.iter().map(|b| b.field).collect())
            }
        };
        let (kind, id) = (change.object.kind, &change.object.id);
        let text = format!("{verb} {kind} {id}: {}", fields.join(", "));
        text.trim_end_matches(": ").to_owned()
    };
    changes.iter().map(line).collect()
}

fn touched(old: &Spec, grow: impl Fn(&mut Spec)) -> Vec<String> {
    let mut new = old.clone();
    grow(&mut new);
    let changes = plan::diff(&build(old), &build(&new));
    assert!(!changes.is_empty(), "nothing has changed");
    let touched: Vec<_> = changes
        .into_iter()
        .filter(|change| !change.only_adds())
        .collect();
    lines(&touched)
}

#[test]
fn a_plan_differs_from_itself_in_nothing() {
    for via in WAYS {
        let plan = build(&estate(via));
        assert_eq!(lines(&plan::diff(&plan, &plan)), [""; 0], "{via}");
    }
}

#[test]
fn growth_touches_nothing_whatever_the_way() {
    for via in WAYS {
        let old = estate(via);
        let broker = touched(&old, |spec| spec.clusters[0].1.brokers.extend(4..7));
        assert_eq!(broker, [""; 0], "three brokers more by {via}");
        let client = touched(&old, |spec| {
            let copy = spec.clients[0].1.clone();
            spec.clients.push(("sender".to_owned(), copy));
        });
        assert_eq!(client, [""; 0], "a client more by {via}");
        let vpc = touched(&old, |spec| {
            let mut mail = spec.vpcs[1].1.clone();
            mail.cidrs = vec!["10.7.0.0/16".parse().unwrap()];
            mail.account = "333333333333".to_owned();
            spec.vpcs.push(("mail".to_owned(), mail));
            let mut client = spec.clients[0].1.clone();
            client.vpc = "mail".to_owned();
            spec.clients.push(("sender".to_owned(), client));
            let mut connection = spec.connections[0].clone();
            connection.from = "mail".to_owned();
            spec.connections.push(connection);
        });
        assert_eq!(vpc, [""; 0], "a client VPC more by {via}");
    }
}

/// AWS sets the zones of a resource endpoint once, so its endpoints are replaced.
#[test]
fn a_zone_more_for_the_clients_touches_nothing() {
    for via in WAYS {
        let mut old = estate(via);
        old.vpcs[0].1.zones.push("euc1-az4".into());
        let more = touched(&old, |spec| spec.vpcs[1].1.zones.push("euc1-az4".into()));
        if via == Via::ResourceEndpoint {
            let told = "interfaces of a resource endpoint";
            assert_eq!(more.len(), 3, "{more:#?}");
            assert!(more.iter().all(|line| line.ends_with(told)), "{more:#?}");
        } else {
            assert_eq!(more, [""; 0], "by {via}");
        }
    }
}

#[test]
fn a_zone_more_for_the_cluster_moves_no_broker() {
    for via in WAYS {
        let more = touched(&estate(via), |spec| {
            spec.vpcs[0].1.zones.push("euc1-az4".into());
        });
        let brokers = more
            .iter()
            .filter(|line| line.contains("orders/") || line.contains("ClusterId"));
        assert_eq!(brokers.count(), 0, "by {via}: {more:#?}");
    }
}

/// A change and what it replaces.
type Case = (Via, fn(&mut Spec), &'static [&'static str]);

const REPLACEMENTS: &[Case] = &[
    (
        Via::Peering,
        |spec| spec.vpcs[1].1.cidrs = vec!["10.8.0.0/16".parse().unwrap()],
        &[
            "VpcId shop: primary range",
            "SubnetId shop/euc1-az1: range",
            "SubnetId shop/euc1-az2: range",
            "SubnetId shop/euc1-az3: range",
            "EniId checkout/euc1-az1: address",
            "EniId checkout/euc1-az2: address",
            "EniId checkout/euc1-az3: address",
        ],
    ),
    (
        Via::TransitGateway,
        |spec| spec.vpcs[1].1.transit_zones = Some(vec!["euc1-az1".into()]),
        &["TransitAttachmentId shop@tgw-eu-central-1: subnets"],
    ),
    (
        Via::Privatelink,
        |spec| spec.connections[0].balancer_zones = Some(vec!["euc1-az1".into()]),
        &["BalancerId orders-nlb: nodes"],
    ),
    (
        Via::Privatelink,
        |spec| {
            spec.clusters[0].1.broker_zones =
                [(1, "euc1-az2".into()), (2, "euc1-az1".into())].into();
        },
        &[
            "EniId orders/1: subnet, address",
            "EniId orders/2: subnet, address",
        ],
    ),
    (
        Via::Privatelink,
        |spec| spec.vpcs[0].1.region = "eu-west-1".to_owned(),
        &[
            "VpcId data: region",
            "EndpointId shop-orders: service region",
        ],
    ),
    (
        Via::Peering,
        |spec| {
            spec.clusters[0].1.broker_zones = [(3, "euc1-az2".into())].into();
        },
        &[
            "EniId orders/3: subnet, address",
            "ClusterId orders: client subnets",
        ],
    ),
];

#[test]
fn what_aws_sets_once_is_a_replacement() {
    for (index, (via, change, expected)) in REPLACEMENTS.iter().enumerate() {
        let old = estate(*via);
        let mut new = old.clone();
        change(&mut new);
        let changes = plan::diff(&build(&old), &build(&new));
        let replaced = lines(&changes).into_iter();
        let replaced = replaced.filter_map(|line| Some(line.strip_prefix("replaced ")?.to_owned()));
        assert_eq!(replaced.collect::<Vec<_>>(), *expected, "case {index}");
    }
}

#[test]
fn a_target_groups_port_is_set_once() {
    let old = support::spec(support::PEERING);
    let mut old = old;
    old.connections[0].via = Via::Privatelink;
    let touched = touched(&old, |spec| {
        spec.clusters[0].1.listeners = [("PRIVATELINK".to_owned(), 9195)].into();
    });
    let replaced = touched.iter().filter(|line| line.contains("TargetGroupId"));
    assert_eq!(
        replaced.collect::<Vec<_>>(),
        [
            "replaced TargetGroupId orders-1: port",
            "replaced TargetGroupId orders-2: port",
            "replaced TargetGroupId orders-3: port",
            "replaced TargetGroupId orders-bootstrap: port"
        ]
    );
}

#[test]
fn what_changes_in_place_says_what_it_gains_and_loses() {
    let old = estate(Via::Privatelink);
    let mut new = old.clone();
    new.connections[0].cross_zone = Some(false);
    new.connections[0].ports = Some(Ports::Base(9100));
    let changes = plan::diff(&build(&old), &build(&new));
    let balancer = changes
        .iter()
        .find(|change| change.object.kind == "BalancerId")
        .unwrap();
    let ChangeKind::Changed { fields } = &balancer.kind else {
        panic!("{balancer:?}");
    };
    let cross = fields
        .iter()
        .find(|field| field.field == "cross-zone")
        .unwrap();
    assert_eq!(
        (cross.lost.join(""), cross.gained.join("")),
        ("true".to_owned(), "false".to_owned())
    );
    let listeners = fields
        .iter()
        .find(|field| field.field == "listeners")
        .unwrap();
    assert_eq!((listeners.lost.len(), listeners.gained.len()), (4, 4));
    assert!(!balancer.only_adds());
    new.connections.clear();
    let gone = plan::diff(&build(&old), &build(&new));
    assert!(lines(&gone).contains(&"removed EndpointId shop-orders".to_owned()));
}

#[test]
fn every_reason_says_why_and_who_says_so() {
    let mut seen = BTreeSet::new();
    for reason in plan::diff::reasons() {
        assert!(seen.insert((reason.kind, reason.field)), "{reason:?} twice");
        for text in [reason.property, reason.because, reason.source] {
            assert!(!text.is_empty() && !text.ends_with('.'), "{reason:?}");
        }
        assert!(reason.because.starts_with(char::is_lowercase), "{reason:?}");
    }
}
