//! A rendering with a unit that has every kind of input, and every handle: what the frozen wiring
//! file and the answer of `render` must be able to say. It makes no sense as a network.

use std::collections::BTreeMap;

use blueprint::stage::Stage;
use render::object::{Attribute, Object};
use render::part::Place;
use render::unit::{Source, Unit};
use render::value::{Input, Switch};
use render::{Rendered, Target, Whereabouts, ZoneAssociation};

const NETWORK: &str = "any/eu-central-1/1-network-data.yaml";
const CLUSTER: &str = "any/eu-central-1/2-cluster-orders.yaml";

pub(crate) fn rendered(target: Target) -> Rendered {
    let outputs = [("data-vpc-id", Object::Vpc("data".into()), Attribute::Id)];
    let made = || Whereabouts::Output {
        unit: CLUSTER.to_owned(),
        name: "orders-cluster-arn".to_owned(),
    };
    let known = |id: &str| Whereabouts::Existing(id.to_owned());
    Rendered {
        target,
        units: vec![
            unit(NETWORK, Stage::Network, "data", BTreeMap::new(), &outputs),
            unit(CLUSTER, Stage::Cluster, "orders", inputs(), &[]),
        ],
        files: ["STEPS.md", NETWORK, CLUSTER]
            .map(|path| (path.to_owned(), format!("text of {path}\n")))
            .into(),
        client_groups: [
            ("any-made".into(), made()),
            ("any-known".into(), known("sg-0abc")),
        ]
        .into(),
        cluster_arns: [
            ("any-made".into(), made()),
            ("any-known".into(), known("arn:aws:kafka:…")),
        ]
        .into(),
        broker_groups: [("any-known".into(), vec![made(), known("sg-0abc")])].into(),
        zone_associations: vec![
            ZoneAssociation {
                zone: made(),
                vpc: known("vpc-0abc"),
                region: "us-west-2".to_owned(),
            },
            ZoneAssociation {
                zone: known("Z0ABC"),
                vpc: made(),
                region: "us-west-2".to_owned(),
            },
        ],
    }
}

fn unit(
    path: &str,
    stage: Stage,
    subject: &str,
    inputs: BTreeMap<String, Source>,
    outputs: &[(&str, Object, Attribute)],
) -> Unit {
    let outputs = outputs.iter();
    let outputs =
        outputs.map(|(name, object, value)| ((*name).to_owned(), (object.clone(), *value)));
    Unit {
        path: path.to_owned(),
        stack: format!("orders-{stage}-{subject}"),
        place: Place {
            account: "111111111111".to_owned(),
            region: "eu-central-1".to_owned(),
            stage,
            subject: subject.to_owned(),
        },
        inputs,
        outputs: outputs.collect(),
        items: Vec::new(),
    }
}

fn inputs() -> BTreeMap<String, Source> {
    let cluster = || "orders".to_owned();
    let output = Source::Output {
        unit: NETWORK.to_owned(),
        name: "data-vpc-id".to_owned(),
    };
    let outside = [
        (
            "orders-broker-1-address",
            Input::BrokerAddress {
                cluster: cluster(),
                broker: 1,
            },
        ),
        ("orders-domain", Input::Suffix { cluster: cluster() }),
        (
            "route-table-of-subnet-0abc",
            Input::RouteTableOf {
                subnet: "subnet-0abc".to_owned(),
            },
        ),
        (
            "orders-nlb-certificate-arn",
            Input::Certificate {
                of: "orders-nlb".to_owned(),
                names: ["b-1.orders.internal", "b-2.orders.internal"]
                    .map(str::to_owned)
                    .into(),
            },
        ),
        (
            "orders-private-ca-arn",
            Input::Given {
                name: "orders-private-ca-arn".to_owned(),
                what: "ARN of a private CA".to_owned(),
            },
        ),
    ];
    let switches = [
        (
            "orders-advertises-network",
            Switch::Advertised { cluster: cluster() },
        ),
        (
            "orders-vpc-connectivity",
            Switch::VpcConnectivity { cluster: cluster() },
        ),
    ];
    let outside = outside.map(|(name, input)| (name, Source::Outside(input)));
    let switches = switches.map(|(name, switch)| (name, Source::Switch(switch)));
    let all = [("data-vpc-id", output)].into_iter().chain(outside);
    let all = all.chain(switches);
    all.map(|(name, source)| (name.to_owned(), source))
        .collect()
}
