//! Estates written by hand in CloudFormation, from AWS's documents, and how their paths end.

mod apart;
mod existing;
mod served;
mod shop;
mod wider;

use std::collections::BTreeMap;
use std::path::Path;

use blueprint::Blueprint;
use blueprint::kafka::Goal;

use super::{Assembled, assemble};
use crate::cloudformation;
use crate::graph::Prop;
use crate::known::Known;
use crate::wiring::{BrokerSettings, Reading, Stack, Unit, Values};

/// A template: account, Region, text.
type Template<'t> = (&'t str, &'t str, &'t str);

/// Reads templates one after the other. Parameters have the names of outputs of earlier ones;
/// outputs that have the name of a client or a cluster are its group or its ARN.
fn reading(templates: &[Template<'_>], known: &Known) -> Reading {
    let mut reading = Reading::default();
    let mut published = Values::new();
    for (position, template) in templates.iter().enumerate() {
        let Stack { nodes, outputs } = stack(position, template, &published);
        reading.graph.nodes.extend(nodes);
        published.extend(outputs);
    }
    for (name, value) in published {
        let name_of = |names: Vec<&str>| names.contains(&name.as_str());
        if name_of(known.said.clients.keys().map(|id| id.as_str()).collect()) {
            reading.clients.insert(name, value);
        } else if name_of(known.said.clusters.keys().map(|id| id.as_str()).collect()) {
            reading.clusters.insert(name, value);
        }
    }
    reading
}

fn stack(position: usize, (account, region, text): &Template<'_>, published: &Values) -> Stack {
    let unit: Unit = serde_json::from_value(serde_json::json!({
        "path": format!("{account}/{region}/{position}.yaml"), "account": account,
        "region": region, "stage": "network", "inputs": [], "outputs": [],
    }))
    .expect("a unit");
    let asked = published.iter();
    let asked = asked.filter(|(name, _)| text.contains(&format!("\n  {name}: {{ Type: String")));
    let inputs = asked.map(|(name, value)| (name.clone(), value.clone()));
    let inputs: BTreeMap<String, Prop> = inputs.collect();
    cloudformation::stack(&unit, text, &inputs).expect("a template")
}

/// The blueprint of a spec among the examples, of which a reader may know a part.
fn spec(name: &str) -> Blueprint {
    let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples");
    let text = std::fs::read_to_string(examples.join(name)).expect("an example");
    settled(&text)
}

/// The blueprint of a spec.
fn settled(text: &str) -> Blueprint {
    let (spec, _, findings) = blueprint::read(text);
    let spec = spec.unwrap_or_else(|| panic!("{findings:?}"));
    plan::build(&spec).0
}

/// How every path ends: `client/bootstrap` or `client/broker`, and the cell of the matrix.
fn ends(blueprint: &Blueprint) -> Vec<String> {
    let paths = verify::paths(blueprint);
    let told = paths.iter().map(|path| {
        let goal = match path.promise.goal {
            Goal::Bootstrap => "bootstrap".to_owned(),
            Goal::Broker(id) => id.to_string(),
        };
        format!("{}/{goal} {}", path.promise.client, path.summary())
    });
    told.collect()
}

/// How every path of templates ends, none of which may be misunderstood.
fn ends_of(
    templates: &[Template<'_>],
    spec: &Blueprint,
    settings: &[BrokerSettings],
) -> Vec<String> {
    let Assembled { blueprint, trouble } = assembled(templates, spec, settings);
    assert_eq!(trouble, Vec::<String>::new());
    ends(&blueprint)
}

fn assembled(
    templates: &[Template<'_>],
    spec: &Blueprint,
    settings: &[BrokerSettings],
) -> Assembled {
    let known = Known::of(spec);
    let mut reading = reading(templates, &known);
    reading.settings = settings.to_vec();
    assemble(&reading, &known)
}

/// The part of a text from a resource's name to the next one's.
fn without(text: &str, resource: &str) -> String {
    let start = text
        .find(&format!("\n  {resource}:\n"))
        .expect("the resource is there");
    let rest = &text[start + 1..];
    let next = rest.match_indices('\n').find(|(at, _)| {
        let line = &rest[at + 1..];
        !line.starts_with("   ")
    });
    let end = next.map_or(text.len(), |(at, _)| start + 1 + at);
    format!("{}{}", &text[..start], &text[end..])
}

/// A text in which something that stands there once is replaced.
fn with(text: &str, old: &str, new: &str) -> String {
    assert_eq!(text.matches(old).count(), 1, "{old}");
    text.replace(old, new)
}
