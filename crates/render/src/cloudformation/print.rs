//! A unit as a template.

use std::collections::{BTreeMap, BTreeSet};

use blueprint::Blueprint;

use super::intrinsics::{Ids, condition, written};
use super::parameters;
use super::yaml::Yaml;
use crate::names;
use crate::object::Object;
use crate::part::Resource;
use crate::unit::{Item, Source, Unit};
use crate::value::Value;

/// Spaces before what belongs to a section.
const DEPTH: usize = 2;

/// The text of a unit.
pub(super) fn template(blueprint: &Blueprint, unit: &Unit) -> String {
    let ids = Ids::new(logical_ids(unit));
    let mut out = String::from("AWSTemplateFormatVersion: \"2010-09-09\"\n");
    let what = Yaml::Text(description(blueprint, unit));
    out.push_str(&what.entry("Description", 0));
    section("Parameters", &parameters(blueprint, unit), &mut out);
    section("Conditions", &conditions(unit), &mut out);
    out.push_str("\nResources:\n");
    let mut written = BTreeSet::new();
    for item in &unit.items {
        write_item(item, &ids, &mut written, &mut out);
    }
    section("Outputs", &outputs(unit, &ids), &mut out);
    out
}

fn description(blueprint: &Blueprint, unit: &Unit) -> String {
    let place = &unit.place;
    format!(
        "{} - stage {} ({}) of {} in {}/{} - rendered by Breezeway",
        blueprint.name,
        place.stage.number(),
        place.stage,
        place.subject,
        place.account,
        place.region
    )
}

fn section(name: &str, entries: &[(String, Yaml)], out: &mut String) {
    if entries.is_empty() {
        return;
    }
    out.push_str(&format!("\n{name}:\n"));
    for (key, value) in entries {
        out.push_str(&value.entry(key, DEPTH));
    }
}

fn parameters(blueprint: &Blueprint, unit: &Unit) -> Vec<(String, Yaml)> {
    let inputs = unit.inputs.iter();
    let inputs = inputs.map(|(name, source)| {
        let declared = parameters::declaration(blueprint, name, source, unit);
        (written(name), declared)
    });
    inputs.collect()
}

fn conditions(unit: &Unit) -> Vec<(String, Yaml)> {
    let switches = unit
        .inputs
        .iter()
        .filter_map(|(name, source)| match source {
            Source::Switch(_) => Some(name),
            Source::Output { .. } | Source::Outside(_) => None,
        });
    let conditions = switches.map(|name| {
        let parameter = Yaml::Call("Ref", Box::new(Yaml::Text(written(name))));
        let sides = Yaml::Row(vec![parameter, Yaml::Text("true".to_owned())]);
        (condition(name), Yaml::Call("Equals", Box::new(sides)))
    });
    conditions.collect()
}

fn outputs(unit: &Unit, ids: &Ids) -> Vec<(String, Yaml)> {
    let outputs = unit.outputs.iter();
    let outputs = outputs.map(|(name, (object, attribute))| {
        let what = parameters::description(name, object, *attribute);
        let what = Yaml::Text(parameters::sentence(&what));
        let value = ids.yaml(&Value::Of(object.clone(), *attribute));
        let entries = vec![
            ("Description".to_owned(), what),
            ("Value".to_owned(), value),
        ];
        (written(name), Yaml::Map(entries))
    });
    outputs.collect()
}

/// An item's resources behind a comment that says what it is for.
fn write_item(item: &Item, ids: &Ids, before: &mut BTreeSet<Object>, out: &mut String) {
    let because = item
        .part
        .because
        .replace(|letter: char| letter.is_control(), " ");
    if !before.is_empty() {
        out.push('\n');
    }
    before.insert(item.part.object.clone());
    out.push_str(&format!("  # {}\n", because.trim()));
    let own = ids.of(&item.part.object);
    for (resource, id) in item.resources.iter().zip(own) {
        out.push_str(&body(resource, ids).entry(id, DEPTH));
    }
}

fn body(resource: &Resource, ids: &Ids) -> Yaml {
    let text = |text: &str| Yaml::Text(text.to_owned());
    let mut entries = vec![("Type".to_owned(), text(resource.kind))];
    let waits = waits_for(resource, ids);
    match waits.as_slice() {
        [] => {}
        [one] => entries.push(("DependsOn".to_owned(), text(one))),
        [..] => {
            let all = waits.iter().map(|id| text(id)).collect();
            entries.push(("DependsOn".to_owned(), Yaml::List(all)));
        }
    }
    if resource.keeps_data {
        entries.push(("DeletionPolicy".to_owned(), text("Retain")));
        entries.push(("UpdateReplacePolicy".to_owned(), text("Retain")));
    }
    let properties = resource.properties.iter();
    let properties = properties.map(|(name, value)| (name.clone(), ids.yaml(value)));
    entries.push(("Properties".to_owned(), Yaml::Map(properties.collect())));
    Yaml::Map(entries)
}

/// Resources that must be there first although no property refers to them.
fn waits_for(resource: &Resource, ids: &Ids) -> Vec<String> {
    let mut referred = BTreeSet::new();
    for (_, value) in &resource.properties {
        value.walk(&mut |value| {
            if let Value::Of(object, _) = value {
                referred.extend(ids.of(object).first().cloned());
            }
        });
    }
    let named = resource.after.iter().flat_map(|object| ids.of(object));
    let waits = named.filter(|id| !referred.contains(*id));
    waits.cloned().collect()
}

/// A logical id for every resource: an object's name with its kind behind it. Two that would be
/// one are told apart by a number.
fn logical_ids(unit: &Unit) -> BTreeMap<Object, Vec<String>> {
    let mut taken: BTreeSet<String> = unit.inputs.keys().map(|name| written(name)).collect();
    let mut ids = BTreeMap::new();
    for item in &unit.items {
        let own = item.resources.iter().map(|resource| {
            let id = logical_id(item, resource);
            let mut candidates = (2..).map(|nth| format!("{id}{nth}"));
            let mut unique = id.clone();
            while !taken.insert(unique.clone()) {
                unique = candidates.next().unwrap_or_default();
            }
            unique
        });
        let own: Vec<_> = own.collect();
        ids.insert(item.part.object.clone(), own);
    }
    ids
}

fn logical_id(item: &Item, resource: &Resource) -> String {
    let kind = names::kind(&item.part.object);
    let named = match item.name.ends_with(&format!("-{kind}")) {
        true => item.name.clone(),
        false => format!("{}-{kind}", item.name),
    };
    match resource.suffix.as_str() {
        "" => written(&named),
        suffix => written(&format!("{named}-{suffix}")),
    }
}
