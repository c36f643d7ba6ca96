//! The steps of whole estates as text, with a language in the place of the real ones that refers
//! to what they refer to. `UPDATE=1` writes the texts anew.
#![expect(
    clippy::disallowed_methods,
    reason = "tests read specs and compare with files"
)]

use std::fs;
use std::path::Path;

use blueprint::Blueprint;
use blueprint::balancing::EndpointTarget;
use blueprint::ids::ServiceId;
use blueprint::kafka::AdvertisedBy;

use super::text;
use crate::assigned;
use crate::dialect::Dialect;
use crate::object::{Attribute, Object};
use crate::part::Resource;
use crate::target::Target;
use crate::unit::{Granularity, Unit, divide};
use crate::value::{Input, Switch, Value};
use crate::{parts, settings};

/// Every object one resource, with the references by which units depend on each other.
struct StandIn;

impl Dialect for StandIn {
    fn resources(&self, blueprint: &Blueprint, object: &Object) -> Vec<Resource> {
        let properties = references(blueprint, object).into_iter();
        vec![Resource {
            kind: "stand-in",
            suffix: String::new(),
            properties: properties.map(|value| ("of".to_owned(), value)).collect(),
            after: Vec::new(),
            keeps_data: matches!(object, Object::Cluster(_) | Object::ScramKey(_)),
        }]
    }

    fn print(&self, _: &Blueprint, _: &Unit) -> Vec<(String, String)> {
        Vec::new()
    }
}

fn id(object: Object) -> Value {
    Value::Of(object, Attribute::Id)
}

#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "most objects refer to nothing that another unit has"
)]
fn references(blueprint: &Blueprint, object: &Object) -> Vec<Value> {
    match object {
        Object::Cluster(cluster) => cluster_references(blueprint, object, cluster.as_str()),
        Object::Configuration(cluster) => {
            let settled = &blueprint.clusters[cluster];
            let advertised = matches!(settled.advertised_by, Some(AdvertisedBy::Property(_)));
            let switch = Switch::Advertised {
                cluster: cluster.to_string(),
            };
            let value = Value::Switched {
                switch,
                first: Box::new(Value::from("")),
                then: Box::new(assigned::host(blueprint, &settled.suffix)),
            };
            advertised.then_some(value).into_iter().collect()
        }
        Object::TargetGroup(group) => {
            let group = &blueprint.target_groups[group];
            let targets = group.targets.iter();
            let addresses =
                targets.map(|target| assigned::address(blueprint, &group.vpc, target.address));
            addresses
                .chain([id(Object::Vpc(group.vpc.clone()))])
                .collect()
        }
        Object::Listener(balancer, port) => {
            let listener = &blueprint.balancers[balancer].listeners[port];
            let certificate = listener.certificate_names.clone().map(|names| {
                Value::Input(Input::Certificate {
                    of: balancer.to_string(),
                    names,
                })
            });
            certificate.into_iter().collect()
        }
        Object::Endpoint(endpoint) | Object::VpcConnection(endpoint) => {
            let endpoint = &blueprint.endpoints[endpoint];
            let target = match &endpoint.target {
                EndpointTarget::Service(service) => of_service(blueprint, service),
                EndpointTarget::Resource(resource) => {
                    id(Object::ResourceConfiguration(resource.clone()))
                }
            };
            vec![id(Object::Vpc(endpoint.vpc.clone())), target]
        }
        Object::TransitAttachment(attachment) => {
            let attachment = &blueprint.transit_attachments[attachment];
            vec![
                id(Object::TransitGateway(attachment.gateway.clone())),
                id(Object::Vpc(attachment.vpc.clone())),
            ]
        }
        Object::HostedZone(zone) => {
            let zone = &blueprint.zones[zone];
            let vpcs = zone.vpcs.iter().map(|vpc| id(Object::Vpc(vpc.clone())));
            vpcs.chain([assigned::host(blueprint, &zone.name)])
                .collect()
        }
        _ => Vec::new(),
    }
}

fn of_service(blueprint: &Blueprint, service: &ServiceId) -> Value {
    let balancer = &blueprint.services[service].balancer;
    match blueprint.balancers[balancer].managed {
        true => {
            let cluster = blueprint.clusters.keys().next().cloned();
            Value::Of(Object::Cluster(cluster.expect("a cluster")), Attribute::Arn)
        }
        false => Value::Of(Object::Service(service.clone()), Attribute::ServiceName),
    }
}

fn cluster_references(blueprint: &Blueprint, object: &Object, name: &str) -> Vec<Value> {
    let settled = &blueprint.clusters[&name.into()];
    let switch = Switch::VpcConnectivity {
        cluster: name.to_owned(),
    };
    let connectivity = Value::Switched {
        switch,
        first: Box::new(Value::Flag(false)),
        then: Box::new(Value::Flag(true)),
    };
    let connectivity = (!settled.vpc_connectivity.is_empty()).then_some(connectivity);
    let subnets = settled.brokers.values().map(|broker| {
        let subnet = blueprint.enis[&broker.eni].subnet.clone();
        id(Object::Subnet(subnet))
    });
    assert!(object.noun().is_some());
    subnets.chain(connectivity).collect()
}

fn blueprint(spec: &str) -> Blueprint {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../examples")
        .join(spec);
    let text = fs::read_to_string(path).expect("an example");
    blueprint_of(&text)
}

fn blueprint_of(text: &str) -> Blueprint {
    let (spec, _, faults) = blueprint::read(text);
    let (blueprint, _) = plan::build(&spec.unwrap_or_else(|| panic!("{faults:#?}")));
    blueprint
}

fn steps(blueprint: &Blueprint, target: Target) -> String {
    let granularity = match target {
        Target::CloudFormation => Granularity::Subject(".yaml"),
        Target::Terraform => Granularity::Stage,
    };
    let units = divide(blueprint, parts::of(blueprint), &StandIn, granularity);
    text(blueprint, &units, target)
}

/// Compares a text with the one that is written down.
fn golden(name: &str, text: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/steps")
        .join(name);
    if std::env::var_os("UPDATE").is_some_and(|value| value == "1") {
        fs::write(&path, text).expect("the golden file is written");
    }
    let known = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        known == text,
        "{name} differs; `UPDATE=1 cargo test -p render steps` writes it"
    );
}

/// An example, the target, and the file with its steps.
const TEXTS: [(&str, Target, &str); 6] = [
    ("shop/breezeway.yaml", Target::CloudFormation, "shop.md"),
    (
        "shop/breezeway.yaml",
        Target::Terraform,
        "shop-terraform.md",
    ),
    (
        "patterns/transit-gateway.yaml",
        Target::CloudFormation,
        "transit-gateway.md",
    ),
    (
        "patterns/msk-multi-vpc.yaml",
        Target::CloudFormation,
        "msk-multi-vpc.md",
    ),
    (
        "patterns/privatelink-per-broker-aligned.yaml",
        Target::Terraform,
        "privatelink-per-broker.md",
    ),
    (
        "broker-service/breezeway.yaml",
        Target::CloudFormation,
        "ec2.md",
    ),
];

#[test]
fn steps_are_as_written_down() {
    for (spec, target, file) in TEXTS {
        golden(file, &steps(&blueprint(spec), target));
    }
}

/// Every example, and estates that the examples lack.
fn estates() -> Vec<(String, Blueprint)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples");
    let mut estates = Vec::new();
    for entry in fs::read_dir(&folder).expect("the examples") {
        let folder = entry.expect("an entry").path();
        if !folder.is_dir() {
            continue;
        }
        for spec in fs::read_dir(&folder).expect("a folder") {
            let spec = spec.expect("an entry").path();
            if spec.extension().is_some_and(|ending| ending == "yaml") {
                let text = fs::read_to_string(&spec).expect("a spec");
                estates.push((spec.display().to_string(), blueprint_of(&text)));
            }
        }
    }
    assert!(20 < estates.len(), "{}", estates.len());
    for text in [EXISTING, ZOOKEEPER, USERS, SERVERLESS, PEERING] {
        estates.push((text.to_owned(), blueprint_of(text)));
    }
    estates
}

#[test]
fn every_value_is_read_before_it_is_used_and_from_what_is_there() {
    for (name, blueprint) in estates() {
        for target in [Target::CloudFormation, Target::Terraform] {
            let text = steps(&blueprint, target);
            for block in text.split("```sh\n").skip(1) {
                let block = block.split("```").next().unwrap_or_default();
                read_before_use(&name, block);
            }
            for what in ["<id of", "<ARN of", "<version of", "<invitation"] {
                assert!(!text.contains(what), "{name}: {what}\n{text}");
            }
            units_in_order(&name, &text, target);
        }
    }
}

/// Every `${NAME:?}` of a block is assigned, or asked for, above.
fn read_before_use(name: &str, block: &str) {
    for (at, rest) in block
        .match_indices("${")
        .map(|(at, _)| (at, &block[at + 2..]))
    {
        let Some((variable, _)) = rest.split_once(":?}") else {
            continue;
        };
        let above = &block[..at];
        let is_read = above
            .lines()
            .any(|line| line.starts_with(&format!("{variable}=")));
        let is_asked = above.contains(&format!("# first set {variable}:"));
        assert!(is_read || is_asked, "{name}: {variable}\n{block}");
    }
}

/// What a unit gives is read only behind the section that makes it.
fn units_in_order(name: &str, text: &str, target: Target) {
    let sections: Vec<_> = text.split("\n### ").skip(1).collect();
    let mut made: Vec<&str> = Vec::new();
    for section in sections {
        for line in section.lines() {
            let Some((_, call)) = line.split_once("=$(output ") else {
                continue;
            };
            let words: Vec<_> = call.trim_end_matches(')').split(' ').collect();
            let of = match target {
                Target::CloudFormation => words[2],
                Target::Terraform => words[1],
            };
            let is_last = section.contains("## Yours");
            assert!(is_last || made.contains(&of), "{name}: {of}\n{section}");
        }
        let title = section.lines().next().unwrap_or_default();
        if let Some((_, unit)) = title.split_once("stack `").or(title.split_once("Apply `")) {
            let unit = unit.trim_end_matches('`');
            assert!(!made.contains(&unit), "{name}: {unit} twice");
            made.push(unit);
        }
    }
    assert!(!made.is_empty(), "{name}");
}

const EXISTING: &str = "name: test
region: eu-central-1
vpcs:
  data: { account: \"111111111111\", cidr: 10.0.0.0/16, zones: [euc1-az1, euc1-az2, euc1-az3] }
  shop: { account: \"222222222222\", cidr: 10.1.0.0/16, zones: [euc1-az1, euc1-az2, euc1-az3] }
clusters:
  orders:
    kind: msk
    id: arn:aws:kafka:eu-central-1:111111111111:cluster/orders/0abc
    suffix: orders.0abc.c2.kafka.eu-central-1.amazonaws.com
    addresses: { 1: 10.0.0.10, 2: 10.0.16.10, 3: 10.0.32.10 }
    vpc: data
    brokers: 3
    auth: [none]
clients:
  checkout: { vpc: shop, cluster: orders, auth: none }
connections:
  - { from: shop, to: orders, via: privatelink, acceptance_required: true }
";

const ZOOKEEPER: &str = "name: test
region: eu-central-1
vpcs:
  data: { account: \"111111111111\", cidr: 10.0.0.0/16, zones: [euc1-az1, euc1-az2, euc1-az3] }
  shop: { account: \"222222222222\", cidr: 10.1.0.0/16, zones: [euc1-az1, euc1-az2, euc1-az3] }
clusters:
  orders: { kind: msk, vpc: data, brokers: 3, auth: [none], zookeeper: true }
clients:
  checkout: { vpc: shop, cluster: orders, auth: none }
connections:
  - { from: shop, to: orders, via: privatelink, ports: { 1: 9001, 2: 9012, 3: 9023 } }
";

const USERS: &str = "name: test
region: eu-central-1
vpcs:
  data: { account: \"111111111111\", cidr: 10.0.0.0/16, zones: [euc1-az1, euc1-az2, euc1-az3] }
  shop: { account: \"222222222222\", cidr: 10.1.0.0/16, zones: [euc1-az1, euc1-az2, euc1-az3] }
clusters:
  orders: { kind: msk, vpc: data, brokers: 3, auth: [scram, tls] }
clients:
  checkout: { vpc: shop, cluster: orders, auth: scram }
connections:
  - { from: shop, to: orders, via: msk-multi-vpc }
";

const SERVERLESS: &str = "name: test
region: eu-central-1
vpcs:
  data: { account: \"111111111111\", cidr: 10.0.0.0/16, zones: [euc1-az1, euc1-az2, euc1-az3] }
  shop: { account: \"222222222222\", cidr: 10.1.0.0/16, zones: [euc1-az1, euc1-az2, euc1-az3] }
clusters:
  orders: { kind: msk-serverless, vpc: data, brokers: 3, auth: [iam] }
clients:
  checkout: { vpc: shop, cluster: orders, auth: iam }
connections:
  - { from: shop, to: orders, via: resource-endpoint }
";

const PEERING: &str = "name: test
region: eu-central-1
vpcs:
  data: { account: \"111111111111\", cidr: 10.0.0.0/16, zones: [euc1-az1, euc1-az2, euc1-az3] }
  shop: { account: \"222222222222\", cidr: 10.1.0.0/16, zones: [euc1-az1, euc1-az2, euc1-az3] }
clusters:
  orders: { kind: ec2, vpc: data, brokers: 3, auth: [none] }
clients:
  checkout: { vpc: shop, cluster: orders, auth: none }
connections:
  - { from: shop, to: orders, via: peering }
";

/// An estate, the target, and lines that its steps hold.
const LINES: [(&str, Target, &[&str]); 6] = [
    (
        EXISTING,
        Target::CloudFormation,
        &[
            "OrdersServiceId=$(output 111111111111 eu-central-1 test-front-orders OrdersServiceId)",
            "aws ec2 accept-vpc-endpoint-connections --region eu-central-1 --service-id \"${OrdersServiceId:?}\" --vpc-endpoint-ids \"${ShopOrdersEndpointId:?}\" --profile 111111111111",
            "echo \"custom.advertised.listeners=CLIENT://b-{broker_id}.orders.0abc.c2.kafka.eu-central-1.amazonaws.com:9000+{broker_id}\" >> orders.properties",
            "aws kafka update-cluster-configuration --profile 111111111111 --region eu-central-1 --cluster-arn arn:aws:kafka:eu-central-1:111111111111:cluster/orders/0abc --current-version \"${version:?}\" --configuration-info Arn=\"${configuration:?}\",Revision=\"${newest:?}\"",
        ],
    ),
    (
        ZOOKEEPER,
        Target::Terraform,
        &[
            "kafka-configs.sh --bootstrap-server b-2.${orders_domain:?}:9092 --entity-type brokers --entity-name 2 --alter --add-config \"advertised.listeners=[CLIENT://b-2.${orders_domain:?}:9012,REPLICATION://b-2-internal.${orders_domain:?}:9093]\"",
        ],
    ),
    (
        USERS,
        Target::CloudFormation,
        &[
            "CheckoutSecretArn=$(output 111111111111 eu-central-1 test-cluster-orders CheckoutSecretArn)",
            "  | aws secretsmanager put-secret-value --profile 111111111111 --region eu-central-1 --secret-id \"${CheckoutSecretArn:?}\" --secret-string file:///dev/stdin",
            "    OrdersVpcConnectivity=true",
        ],
    ),
    (
        SERVERLESS,
        Target::Terraform,
        &[
            "orders_domain=$(own_domain 111111111111 eu-central-1 \"${orders_cluster_arn:?}\")",
            "bootstrap.servers=boot-${orders_domain:?}:9098",
        ],
    ),
    (
        PEERING,
        Target::CloudFormation,
        &[
            "aws route53 create-vpc-association-authorization --hosted-zone-id \"${OrdersOrdersInternalZoneId:?}\" --vpc VPCRegion=eu-central-1,VPCId=\"${ShopVpcId:?}\" --profile 111111111111",
            "- broker 2: `111111111111/eu-central-1/settings/orders/broker-2.server.properties`",
        ],
    ),
    (
        PEERING,
        Target::Terraform,
        &[
            "aws ec2 accept-vpc-peering-connection --region eu-central-1 --vpc-peering-connection-id \"${shop_data_peering_id:?}\" --profile 111111111111",
        ],
    ),
];

#[test]
fn commands_are_exact() {
    for (spec, target, lines) in LINES {
        let text = steps(&blueprint_of(spec), target);
        for line in lines {
            assert!(text.lines().any(|known| known == *line), "{line}\n{text}");
        }
    }
    let text = steps(&blueprint_of(PEERING), Target::CloudFormation);
    assert!(!text.contains("accept-vpc-peering-connection"), "{text}");
}

#[test]
fn brokers_on_ec2_get_their_settings() {
    let files = settings::files(&blueprint_of(PEERING));
    let paths: Vec<_> = files.iter().map(|(path, _)| path.as_str()).collect();
    let path = |broker: u32| {
        format!("111111111111/eu-central-1/settings/orders/broker-{broker}.server.properties")
    };
    assert_eq!(paths, [path(1), path(2), path(3)]);
    golden("broker-2.server.properties", &files[1].1);
    assert!(
        settings::files(&blueprint_of(USERS)).is_empty(),
        "MSK has none"
    );
}
