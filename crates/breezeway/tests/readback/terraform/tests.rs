//! Modules by hand, read with the stand-in for the AWS provider: what they say in
//! CloudFormation's words, and what is refused.

use std::collections::BTreeMap;
use std::fmt::Write;

use serde_json::{Value, json};

use super::{Read, Rendering, read};
use crate::graph::Prop;
use crate::judges::{Judges, Module, Planned, Provider, Scratch, Terraform};
use crate::known::Known;
use crate::wiring::{FILE, Files, sha256};

const PROVIDER: &str = include_str!("hand/provider.tf");
const CONSUMER: &str = include_str!("hand/consumer.tf");
const CLUSTER: &str = include_str!("hand/cluster.tf");

const OWNER: &str = "111111111111/eu-central-1/3-front";
const SHOP: &str = "222222222222/eu-central-1/4-entrance";
const MSK: &str = "111111111111/eu-central-1/2-cluster";

fn unit(path: &str, inputs: &Value, outputs: &[&str]) -> Value {
    let parts: Vec<_> = path.split('/').collect();
    json!({
        "path": path, "account": parts[0], "region": parts[1], "stage": parts[2],
        "inputs": inputs, "outputs": outputs,
    })
}

/// Three modules, with texts replaced in them.
fn files(replaced: &[(&str, &str)]) -> Files {
    let mut files = Files::new();
    for (path, text) in [(OWNER, PROVIDER), (SHOP, CONSUMER), (MSK, CLUSTER)] {
        let mut text = text.to_owned();
        for (from, to) in replaced {
            text = text.replace(from, to);
        }
        let account = &path[..12];
        let provider = format!(
            "terraform {{\n  required_providers {{\n    aws = {{\n      source = \"hashicorp/aws\"\n    \
             }}\n  }}\n}}\nprovider \"aws\" {{\n  region              = \"eu-central-1\"\n  \
             allowed_account_ids = [\"{account}\"]\n}}\n"
        );
        files.insert(format!("{path}/main.tf"), text);
        files.insert(format!("{path}/provider.tf"), provider);
    }
    let sums: BTreeMap<_, _> = files
        .iter()
        .map(|(path, text)| (path, sha256(text)))
        .collect();
    let certificate = json!({"certificate": {"of": "orders", "names": ["b-1.example.com"]}});
    let owner = json!([
        {"name": "broker_1_address", "from": {"given": {"what": "address"}}},
        {"name": "certificate_arn", "from": certificate},
    ]);
    let service = json!({"output": {"unit": OWNER, "name": "service_name"}});
    let shop = json!([
        {"name": "service_name", "from": service},
        {"name": "orders_domain", "from": {"given": {"what": "domain"}}},
    ]);
    let switch = json!({"switch": {"first": "false", "then": "true", "when": "later"}});
    let cluster = json!([{"name": "vpc_connectivity", "from": switch}]);
    let wiring = json!({
        "format": "breezeway-render/1", "name": "hand", "target": "terraform",
        "despite_findings": false, "files": sums,
        "units": [
            unit(MSK, &cluster, &["cluster_arn"]),
            unit(OWNER, &owner, &["service_name"]),
            unit(SHOP, &shop, &["checkout_group_id"]),
        ],
        "clients": {"checkout": {
            "security_group": {"output": {"unit": SHOP, "name": "checkout_group_id"}},
        }},
        "clusters": {"orders": {"arn": {"output": {"unit": MSK, "name": "cluster_arn"}}}},
    });
    files.insert(FILE.to_owned(), wiring.to_string());
    files
}

fn read_all(terraform: &Terraform, all: &[Files]) -> Vec<Read> {
    let known = Known::default();
    let renderings: Vec<_> = all
        .iter()
        .map(|files| Rendering {
            files,
            known: &known,
        })
        .collect();
    read(terraform, &renderings).expect("Terraform runs")
}

/// A value in one line: references as `→ resource.attribute`.
fn shown(prop: &Prop) -> String {
    let listed = |items: &[Prop]| items.iter().map(shown).collect::<Vec<_>>();
    match prop {
        Prop::Text(text) => text.trim_end().to_owned(),
        Prop::Number(number) => number.to_string(),
        Prop::Flag(flag) => flag.to_string(),
        Prop::List(items) => {
            let mut items = listed(items);
            items.sort();
            format!("[{}]", items.join(", "))
        }
        Prop::Map(entries) => {
            let entries = entries
                .iter()
                .map(|(name, prop)| format!("{name}: {}", shown(prop)));
            format!("{{{}}}", entries.collect::<Vec<_>>().join(", "))
        }
        Prop::Ref(id, attribute) => format!("→{}.{attribute}", id.name),
        Prop::Joined(parts) => listed(parts).join(" + "),
    }
}

#[test]
fn modules_say_this_in_the_words_of_cloudformation() {
    let Some(terraform) = Judges::ready().with(Provider::StandIn) else {
        return;
    };
    let read = read_all(terraform, &[files(&[])]);
    let reading = read.into_iter().next().expect("one").expect("read");
    let mut text = String::new();
    let mut nodes: Vec<_> = reading.graph.nodes.iter().collect();
    nodes.sort_by_key(|node| (&node.kind, &node.id));
    for node in nodes {
        let _ = writeln!(text, "{} {}", node.kind, node.id.name);
        for (name, prop) in &node.properties {
            let _ = writeln!(text, "  {name}: {}", shown(prop));
        }
    }
    assert_eq!(text, include_str!("hand/expected.txt"));
    assert_eq!(
        shown(&reading.clients["checkout"]),
        "→aws_security_group.checkout.Ref"
    );
    assert_eq!(
        shown(&reading.clusters["orders"]),
        "→aws_msk_cluster.orders.Ref"
    );
}

#[test]
fn what_is_refused_is_refused_of_its_own_rendering_only() {
    let Some(terraform) = Judges::ready().with(Provider::StandIn) else {
        return;
    };
    let mutations = [
        (
            "enable_dns_hostnames = true",
            "enable_network_address_usage_metrics = true",
            "aws_vpc",
        ),
        (
            "\"aws_route_table\" \"shop\"",
            "\"aws_internet_gateway\" \"shop\"",
            "aws_internet",
        ),
        (
            "  vpc_id     = aws_vpc.data.id",
            "  vpc_idd    = aws_vpc.data.id",
            "vpc_idd",
        ),
        (
            "output \"service_name\"",
            "output \"service_nam\"",
            "service_name",
        ),
        (
            "  value = aws_msk_cluster.orders.arn\n}",
            "  value = aws_msk_cluster.orders.arn\n",
            "",
        ),
        (
            "= aws_lb_target_group.b1.arn\n  target",
            "= \"arn:of:another\"\n  target",
            "not made",
        ),
        (
            "= aws_security_group.checkout.id\n}",
            "= aws_vpc.shop.main_route_table_id\n}",
            "main_route",
        ),
    ];
    let mut all = vec![files(&[])];
    all.extend(mutations.map(|(from, to, _)| files(&[(from, to)])));
    all.push(files(&[]));
    let read = read_all(terraform, &all);
    assert_eq!(read.len(), all.len());
    assert!(read.first().expect("one").is_ok() && read.last().expect("one").is_ok());
    for (read, (from, to, why)) in read[1..].iter().zip(mutations) {
        let text = read
            .as_ref()
            .map(|_| ())
            .map_err(|faults| faults.join("\n"));
        let faults = text.expect_err(&format!("{from} -> {to} was read"));
        assert!(faults.contains(why), "{from} -> {to}: {faults}");
    }
}

/// What the AWS provider takes where nothing is said, by where it stands in a resource: those that
/// the reader or CloudFormation's pages take for granted.
const DEFAULTS: &[(&str, &str, &str)] = &[
    ("aws_vpc", "/enable_dns_support", "true"),
    ("aws_vpc", "/instance_tenancy", "\"default\""),
    ("aws_network_acl_rule", "/egress", "false"),
    ("aws_network_interface", "/source_dest_check", "true"),
    ("aws_lb", "/enable_cross_zone_load_balancing", "false"),
    ("aws_lb", "/enable_deletion_protection", "false"),
    ("aws_lb_target_group", "/target_type", "\"instance\""),
    ("aws_lb_target_group", "/proxy_protocol_v2", "false"),
    (
        "aws_lb_target_group",
        "/health_check/0/protocol",
        "\"HTTP\"",
    ),
    (
        "aws_lb_target_group",
        "/health_check/0/healthy_threshold",
        "3",
    ),
    (
        "aws_lb_target_group",
        "/health_check/0/unhealthy_threshold",
        "3",
    ),
    ("aws_lb_target_group", "/health_check/0/interval", "30"),
    (
        "aws_lb_target_group",
        "/health_check/0/port",
        "\"traffic-port\"",
    ),
    ("aws_vpc_endpoint", "/vpc_endpoint_type", "\"Gateway\""),
    (
        "aws_ec2_transit_gateway",
        "/auto_accept_shared_attachments",
        "\"disable\"",
    ),
    (
        "aws_ec2_transit_gateway",
        "/default_route_table_association",
        "\"enable\"",
    ),
    (
        "aws_ec2_transit_gateway",
        "/default_route_table_propagation",
        "\"enable\"",
    ),
    ("aws_ec2_transit_gateway", "/dns_support", "\"enable\""),
    ("aws_ec2_transit_gateway", "/vpn_ecmp_support", "\"enable\""),
    (
        "aws_ram_resource_share",
        "/allow_external_principals",
        "false",
    ),
    ("aws_route53_resolver_rule", "/target_ip/0/port", "53"),
    (
        "aws_vpclattice_resource_configuration",
        "/type",
        "\"SINGLE\"",
    ),
    (
        "aws_msk_cluster",
        "/encryption_info/0/encryption_in_transit/0/client_broker",
        "\"TLS\"",
    ),
    (
        "aws_msk_cluster",
        "/encryption_info/0/encryption_in_transit/0/in_cluster",
        "true",
    ),
];

#[test]
fn the_real_provider_has_the_defaults_that_are_taken_for_granted() {
    let Some(terraform) = Judges::ready().with(Provider::Real) else {
        return;
    };
    let scratch = Scratch::new().expect("a folder");
    let text = include_str!("hand/defaults.tf");
    std::fs::write(scratch.path().join("main.tf"), text).expect("written");
    let module = Module {
        name: "defaults".to_owned(),
        folder: scratch.path().to_owned(),
        inputs: BTreeMap::new(),
    };
    let root = terraform
        .composed(&[module], Provider::Real)
        .expect("a root");
    let plan = match root.plan().expect("Terraform runs") {
        Planned::Plan(plan) => plan,
        Planned::Refused(findings) => panic!("{findings:?}"),
    };
    let resources = &plan["planned_values"]["root_module"]["child_modules"][0]["resources"];
    let resources = resources.as_array().expect("resources");
    let wrong = DEFAULTS.iter().filter_map(|(kind, place, value)| {
        let resource = resources.iter().find(|one| one["type"] == *kind);
        let found = resource.and_then(|one| one["values"].pointer(place));
        let found = found.map(Value::to_string);
        (found.as_deref() != Some(*value)).then(|| format!("{kind}{place}: {found:?}"))
    });
    let wrong: Vec<_> = wrong.collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
