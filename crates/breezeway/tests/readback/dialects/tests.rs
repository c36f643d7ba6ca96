//! Both dialects of every example.

use super::explained::is_explained;
use super::normal::DEFAULTS;
use super::{Used, differences};
use crate::graph::{Graph, Node, Prop};
use crate::judges::{Judges, Provider};
use crate::whole::{Example, examples_read};
use crate::wiring::Reading;

/// Of so many changes one is tried: all were, and they take a minute.
const ONE_OF: usize = 5;

/// What no example has: secrets of SCRAM users, in an account of their own.
const SCRAM: &str = "
name: scram
region: us-east-1
vpcs:
  a: { account: '111111111111', cidr: 10.0.0.0/16, zones: [use1-az1, use1-az2] }
  b: { account: '222222222222', cidr: 10.1.0.0/16, zones: [use1-az1, use1-az2] }
clusters:
  msk: { kind: msk, vpc: a, brokers: 2, auth: [scram] }
clients:
  remote: { vpc: b, cluster: msk }
connections:
  - { from: b, to: msk, via: privatelink-per-broker }
";

#[test]
fn cloudformation_and_terraform_of_every_example_say_the_same() {
    let Some(terraform) = Judges::ready().with(Provider::StandIn) else {
        return;
    };
    let scram = [Example::planned("scram", SCRAM)];
    let theirs = Example::read_modules(&scram, terraform);
    let ours = scram.each_ref().map(Example::read_templates);
    let scram = scram.iter().zip(&ours).zip(&theirs);
    let mut all: Vec<_> = scram
        .map(|((one, ours), theirs)| (one, ours, theirs))
        .collect();
    for (one, read) in examples_read() {
        all.extend(
            read.modules
                .as_ref()
                .map(|theirs| (one, &read.templates, theirs)),
        );
    }
    let mut used = Used::default();
    let mut told = Vec::new();
    let mut n_objects = 0;
    for (one, ours, theirs) in all {
        let ours = ours.as_ref().expect("templates");
        n_objects += ours.graph.nodes.len();
        let lines = differences(ours, theirs.as_ref().expect("modules"), &mut used);
        if !lines.is_empty() {
            told.push(format!("{}:\n  {}", one.name, lines.join("\n  ")));
        }
    }
    assert!(told.is_empty(), "{}", told.join("\n"));
    assert_eq!(used.stale(), Vec::<String>::new());
    assert!(1000 < n_objects, "{n_objects} objects");
}

/// A value that is not this one.
fn another(prop: &Prop, graph: &Graph) -> Option<Prop> {
    Some(match prop {
        Prop::Text(text) => Prop::Text(format!("{text}x")),
        Prop::Number(number) => Prop::Number(number + 1),
        Prop::Flag(flag) => Prop::Flag(!flag),
        Prop::List(items) => Prop::List(items.get(1..)?.to_vec()),
        Prop::Map(entries) => {
            let (name, inner) = entries.iter().find(|(name, _)| *name != "Description")?;
            let mut entries = entries.clone();
            entries.insert(name.clone(), another(inner, graph)?);
            Prop::Map(entries)
        }
        Prop::Ref(id, attribute) => {
            let kind = &graph.node(id)?.kind;
            let other = graph.of_kind(kind).find(|node| node.id != *id)?;
            Prop::Ref(other.id.clone(), attribute.clone())
        }
        Prop::Joined(parts) => Prop::Joined(parts.get(1..)?.to_vec()),
    })
}

/// Whether a property may as well not be said.
fn is_default(node: &Node, name: &str, prop: &Prop) -> bool {
    let spelled = prop.flag().map(|flag| flag.to_string());
    let spelled = spelled.or_else(|| prop.text().map(str::to_owned));
    DEFAULTS.iter().any(|(kind, of, value)| {
        *kind == node.kind && *of == name && spelled.as_deref() == Some(*value)
    })
}

/// Changes of a reading: an object gone, a property gone, a property with another value.
fn changed(reading: &Reading) -> Vec<(String, Reading)> {
    let mut all = Vec::new();
    for (index, node) in reading.graph.nodes.iter().enumerate() {
        let mut without = reading.clone();
        without.graph.nodes.remove(index);
        all.push((format!("without {}", node.id), without));
        for (name, prop) in &node.properties {
            if ["Description", "GroupDescription", "HostedZoneTags"].contains(&name.as_str()) {
                continue;
            }
            let gone = (!is_default(node, name, prop)).then_some(None);
            let other = another(prop, &reading.graph).map(Some);
            for other in gone.into_iter().chain(other) {
                let mut changed = reading.clone();
                let properties = &mut changed.graph.nodes[index].properties;
                properties.remove(name);
                let what = format!("{}: {name} {prop:?} -> {other:?}", node.id);
                properties.extend(other.map(|other| (name.clone(), other)));
                all.push((what, changed));
            }
        }
    }
    all
}

#[test]
fn whatever_is_changed_on_one_side_is_told() {
    let all = examples_read();
    let mut n_changes = 0;
    for name in [
        "/privatelink.yaml",
        "/transit-gateway.yaml",
        "/peering.yaml",
    ] {
        let example = all.iter().find(|(example, _)| example.name.ends_with(name));
        let (_, read) = example.expect("an example");
        let mut reading = read.templates.clone().expect("templates");
        for node in &mut reading.graph.nodes {
            let kind = &node.kind;
            node.properties.retain(|name, _| !is_explained(kind, name));
        }
        let of = |other: &Reading| differences(&reading, other, &mut Used::default());
        assert_eq!(of(&reading), Vec::<String>::new());
        let some = changed(&reading).into_iter().step_by(ONE_OF);
        let silent = some.filter_map(|(what, other)| {
            n_changes += 1;
            of(&other).is_empty().then_some(what)
        });
        let silent: Vec<_> = silent.collect();
        assert!(silent.is_empty(), "{name}:\n{}", silent.join("\n"));
    }
    assert!(200 < n_changes, "{n_changes} changes");
}
