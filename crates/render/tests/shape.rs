//! What holds of every rendering, whatever it is rendered to: tried on all examples.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use blueprint::Blueprint;
use blueprint::network::Peer;
use render::object::{Object, Way};
use render::unit::Source;
use render::{Rendered, Target, render};

const TARGETS: [Target; 2] = [Target::CloudFormation, Target::Terraform];

fn specs_below(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            specs_below(&path, found);
        } else if path
            .extension()
            .is_some_and(|extension| extension == "yaml")
        {
            found.push(path);
        }
    }
}

/// Every example's blueprint, by its path.
fn examples() -> BTreeMap<PathBuf, Blueprint> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples");
    let mut paths = Vec::new();
    specs_below(&root, &mut paths);
    let settled = paths.into_iter().map(|path| {
        let text = std::fs::read_to_string(&path).expect("a spec");
        let (spec, _, found) = blueprint::read(&text);
        let spec = spec.unwrap_or_else(|| panic!("{}: {found:?}", path.display()));
        (path, plan::build(&spec).0)
    });
    settled.collect()
}

fn settled(text: &str) -> Blueprint {
    let (spec, _, found) = blueprint::read(text);
    plan::build(&spec.unwrap_or_else(|| panic!("{found:?}"))).0
}

fn rendered(blueprint: &Blueprint, target: Target) -> Rendered {
    render(blueprint, target, &[]).0
}

#[test]
fn every_input_is_an_output_of_an_earlier_unit_or_comes_from_outside() {
    for (path, blueprint) in examples() {
        for target in TARGETS {
            let mut told: BTreeSet<(String, String)> = BTreeSet::new();
            for unit in rendered(&blueprint, target).units {
                for (name, source) in &unit.inputs {
                    if let Source::Output {
                        unit: from,
                        name: of,
                    } = source
                    {
                        let is_told = told.contains(&(from.clone(), of.clone()));
                        assert!(is_told, "{}: {name} of {}", path.display(), unit.path);
                    }
                }
                let outputs = unit.outputs.keys();
                told.extend(outputs.map(|name| (unit.path.clone(), name.clone())));
            }
        }
    }
}

#[test]
fn every_object_is_rendered_once_and_no_two_have_one_name() {
    for (path, blueprint) in examples() {
        for target in TARGETS {
            let units = rendered(&blueprint, target).units;
            let items = units.iter().flat_map(|unit| &unit.items);
            let mut objects = BTreeSet::new();
            let mut names = BTreeSet::new();
            for item in items {
                let object = &item.part.object;
                assert!(objects.insert(object), "{}: {object:?}", path.display());
                let kind = std::mem::discriminant(object);
                let name = (format!("{kind:?}"), &item.name);
                assert!(names.insert(name), "{}: {}", path.display(), item.name);
            }
        }
    }
}

#[test]
fn no_text_holds_a_domain_that_amazon_msk_has_yet_to_choose() {
    let mut n_invented = 0;
    for (path, blueprint) in examples() {
        let clusters = blueprint.clusters.iter();
        let invented = clusters.filter(|(id, cluster)| {
            let key = format!("clusters.{id}.suffix");
            let mut defaults = blueprint.defaults.iter();
            let is_invented = defaults.any(|filled| filled.key.to_string() == key);
            cluster.kind.is_msk() && !cluster.suffix.is_empty() && is_invented
        });
        for (_, cluster) in invented {
            n_invented += 1;
            for target in TARGETS {
                for (file, text) in rendered(&blueprint, target).files {
                    let found = text.lines().find(|line| line.contains(&cluster.suffix));
                    assert_eq!(found, None, "{}: {file}", path.display());
                }
            }
        }
    }
    assert!(10 < n_invented, "{n_invented}");
}

#[test]
fn rendering_twice_gives_the_same_bytes() {
    for blueprint in examples().values() {
        for target in TARGETS {
            assert_eq!(rendered(blueprint, target), rendered(blueprint, target));
        }
    }
}

/// What of these files is gone or other lines, ignoring what was added.
fn lost(before: &Rendered, after: &Rendered) -> Vec<String> {
    let mut lost = Vec::new();
    for (path, text) in &before.files {
        let mut left = after.files.get(path).map_or("", String::as_str).lines();
        for line in text.lines() {
            if !left.any(|other| other == line) {
                lost.push(format!("{path}: {line}"));
                left = "".lines();
                break;
            }
        }
    }
    lost
}

#[test]
fn a_broker_more_and_a_client_vpc_more_only_add() {
    let spec = |brokers: u32, more: &str, connection: &str| {
        format!(
            "name: orders\nregion: eu-central-1\nvpcs:\n  data: {{ account: \"111111111111\", cidr: 10.0.0.0/16, zones: [euc1-az1, euc1-az2, euc1-az3] }}\n  shop: {{ account: \"222222222222\", cidr: 10.0.0.0/16, zones: [euc1-az1, euc1-az2] }}\n{more}clusters:\n  orders: {{ kind: ec2, vpc: data, brokers: {brokers} }}\nclients:\n  checkout: {{ vpc: shop, cluster: orders }}\nconnections:\n  - {{ from: shop, to: orders, via: privatelink-per-broker }}\n{connection}"
        )
    };
    let before = spec(3, "", "");
    let broker = spec(4, "", "");
    let vpc = spec(
        3,
        "  depot: { account: \"333333333333\", cidr: 10.7.0.0/16, zones: [euc1-az1, euc1-az2] }\n",
        "  - { from: depot, to: orders, via: privatelink-per-broker }\n",
    );
    for target in TARGETS {
        let before = rendered(&settled(&before), target);
        for after in [&broker, &vpc] {
            let mut lost = lost(&before, &rendered(&settled(after), target));
            lost.retain(|line| !line.starts_with("STEPS.md"));
            assert_eq!(lost, Vec::<String>::new(), "{target}");
        }
    }
}

/// The ports of rules of the brokers' group towards itself, by direction.
fn among_brokers(text: &str) -> BTreeSet<(Way, u16)> {
    let blueprint = settled(text);
    let group = "orders-brokers".into();
    let mut ports = BTreeSet::new();
    for unit in rendered(&blueprint, Target::Terraform).units {
        for item in unit.items {
            let Object::Rule(id, way, at) = item.part.object else {
                continue;
            };
            let of = &blueprint.security_groups[&id];
            let rules = match way {
                Way::Ingress => &of.ingress,
                Way::Egress => &of.egress,
            };
            if id == group && rules[at].peer == Peer::Group(group.clone()) {
                ports.extend((rules[at].from_port..=rules[at].to_port).map(|port| (way, port)));
            }
        }
    }
    ports
}

#[test]
fn brokers_of_amazon_msk_get_rules_for_one_another_only_where_they_need_them() {
    let spec = |cluster: &str, rest: &str| {
        format!(
            "name: orders\nregion: eu-central-1\nvpcs:\n  data: {{ account: \"111111111111\", cidr: 10.0.0.0/16, zones: [euc1-az1, euc1-az2, euc1-az3] }}\n  shop: {{ account: \"222222222222\", cidr: 10.0.0.0/16, zones: [euc1-az1, euc1-az2, euc1-az3] }}\nclusters:\n  orders: {{ vpc: data, brokers: 3, {cluster} }}\nclients:\n  checkout: {{ vpc: shop, cluster: orders }}\nconnections:\n  - {{ from: shop, to: orders, {rest} }}\n"
        )
    };
    let both = |ports: &[u16]| {
        let ways = [Way::Ingress, Way::Egress].into_iter();
        let rules = ways.flat_map(|way| ports.iter().map(move |port| (way, *port)));
        rules.collect::<BTreeSet<_>>()
    };
    let existing = "kind: msk, id: \"arn:aws:kafka:eu-central-1:111111111111:cluster/orders/0abc\", suffix: orders.0abc.c2.kafka.eu-central-1.amazonaws.com, addresses: { 1: 10.0.0.10, 2: 10.0.16.10, 3: 10.0.32.10 }";
    let privatelink = "via: privatelink-per-broker";
    let replication = both(&[9093]);
    let of_lab = both(&[9093, 9094]);
    for (cluster, expected) in [
        ("kind: ec2", &of_lab),
        ("kind: msk", &replication),
        ("kind: msk, security_group: sg-0abc", &both(&[])),
        (existing, &both(&[])),
    ] {
        let found = among_brokers(&spec(cluster, privatelink));
        assert_eq!(found, *expected, "{cluster}");
    }
    let managed = spec("kind: msk, auth: [iam]", "via: msk-multi-vpc");
    assert_eq!(among_brokers(&managed), both(&[9095, 14_098]));
}

#[test]
fn as_many_clients_as_a_spec_may_have_fit_into_templates() {
    let mut spec = "name: crowd\nregion: eu-central-1\nvpcs:\n  data: { account: \"111111111111\", cidr: 10.0.0.0/16, zones: [euc1-az1, euc1-az2, euc1-az3] }\n  shop: { account: \"222222222222\", cidr: 10.0.0.0/16, zones: [euc1-az1, euc1-az2] }\nclusters:\n  orders: { kind: msk, vpc: data, brokers: 3 }\nclients:\n".to_owned();
    for n in 0..200 {
        spec += &format!("  client-of-some-length-{n}: {{ vpc: shop, cluster: orders }}\n");
    }
    spec += "connections:\n  - { from: shop, to: orders, via: privatelink }\n";
    let (rendered, found) = render(&settled(&spec), Target::CloudFormation, &[]);
    let found: Vec<_> = found.iter().map(|found| &found.title).collect();
    assert_eq!(found, Vec::<&String>::new());
    assert!(10 < rendered.units.len());
}
