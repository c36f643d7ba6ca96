//! Templates of CloudFormation → resources, by AWS's documents about templates. What is not
//! understood is an error; only tags, metadata, descriptions and deletion policies are ignored.

mod intrinsics;
mod parameters;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use super::graph::{Node, NodeId, Prop};
use super::known::Known;
use super::vocabulary;
use super::wiring::{Files, Reading, Stack, Unit, Values, Wiring};
use super::yaml::{Value, Yaml};
use intrinsics::Scope;

/// Largest template that can be given inline, in bytes (AWS's quota).
const MAX_TEMPLATE_BYTES: usize = 51_200;

/// AWS's quotas of a template's resources, parameters and outputs.
const MAX_RESOURCES: usize = 500;
const MAX_PARAMETERS: usize = 200;
const MAX_OUTPUTS: usize = 200;

/// Sections of a template that are read or do not matter.
const SECTIONS: [&str; 7] = [
    "AWSTemplateFormatVersion",
    "Conditions",
    "Description",
    "Metadata",
    "Outputs",
    "Parameters",
    "Resources",
];

/// What a resource may have beside its properties.
const OF_RESOURCE: [&str; 7] = [
    "Condition",
    "DeletionPolicy",
    "DependsOn",
    "Metadata",
    "Properties",
    "Type",
    "UpdateReplacePolicy",
];

/// Reads a rendering: its wiring, then every template in order.
pub(crate) fn read(files: &Files, known: &Known) -> Result<Reading, Vec<String>> {
    let wiring = Wiring::of(files).map_err(|fault| vec![fault])?;
    wiring.read(files, known, |unit, inputs| {
        let missing = || vec![format!("{}: there is no such file", unit.path)];
        let text = files.get(&unit.path).ok_or_else(missing)?;
        stack(unit, text, inputs)
    })
}

/// Reads one template with these values for its parameters.
pub(crate) fn stack(unit: &Unit, text: &str, inputs: &Values) -> Result<Stack, Vec<String>> {
    let at = |what: String| vec![format!("{}: {what}", unit.path)];
    if MAX_TEMPLATE_BYTES < text.len() {
        return Err(at(format!("{} bytes", text.len())));
    }
    let root = Yaml::read(text).map_err(at)?;
    let sections = entries(&root, "the template").map_err(at)?;
    only(sections, &SECTIONS).map_err(at)?;
    let raw = Sections::of(&root).map_err(at)?;
    let parameters = parameters::read(raw.parameters, inputs)
        .map_err(|faults| faults.into_iter().flat_map(at).collect::<Vec<_>>())?;
    let scope = Scope::new(unit, parameters, raw.conditions, raw.resources).map_err(at)?;
    let mut faults = Vec::new();
    let mut stack = Stack::default();
    let mut links = BTreeMap::new();
    for (name, resource) in raw.resources {
        match read_resource(name, resource, &scope) {
            Ok(Some((node, depends_on))) => {
                links.insert(name.clone(), depends_on);
                stack.nodes.push(node);
            }
            Ok(None) => {}
            Err(why) => faults.push(format!("{}: {name}: {why}", unit.path)),
        }
    }
    for (name, output) in raw.outputs {
        match read_output(output, &scope) {
            Ok(Some(value)) => {
                stack.outputs.insert(name.clone(), value);
            }
            Ok(None) => {}
            Err(why) => faults.push(format!("{}: output {name}: {why}", unit.path)),
        }
    }
    faults.extend(circle(&links).map(|names| format!("{}: circular: {names}", unit.path)));
    if faults.is_empty() {
        Ok(stack)
    } else {
        Err(faults)
    }
}

type Entries<'y> = &'y [(String, Yaml)];

struct Sections<'y> {
    parameters: Entries<'y>,
    conditions: Entries<'y>,
    resources: Entries<'y>,
    outputs: Entries<'y>,
}

impl<'y> Sections<'y> {
    fn of(root: &'y Yaml) -> Result<Self, String> {
        let section = |name: &str, most: usize| -> Result<Entries<'y>, String> {
            let Some(section) = root.get(name) else {
                return Ok(&[]);
            };
            let found = entries(section, name)?;
            if most < found.len() {
                return Err(format!("{} {name}, {most} are allowed", found.len()));
            }
            let odd = found
                .iter()
                .find(|(name, _)| !name.bytes().all(|byte| byte.is_ascii_alphanumeric()));
            match odd {
                None => Ok(found),
                Some((id, _)) => Err(format!("{name}: {id} is not alphanumeric")),
            }
        };
        let sections = Self {
            parameters: section("Parameters", MAX_PARAMETERS)?,
            conditions: section("Conditions", MAX_RESOURCES)?,
            resources: section("Resources", MAX_RESOURCES)?,
            outputs: section("Outputs", MAX_OUTPUTS)?,
        };
        let both = sections
            .parameters
            .iter()
            .find(|(name, _)| sections.resources.iter().any(|(other, _)| other == name));
        match both {
            Some((name, _)) => Err(format!("{name} is a parameter and a resource")),
            None if sections.resources.is_empty() => Err("no Resources".to_owned()),
            None => Ok(sections),
        }
    }
}

/// A resource that is made under the template's conditions, and the resources of its template
/// that it waits for.
fn read_resource(
    name: &str,
    resource: &Yaml,
    scope: &Scope<'_>,
) -> Result<Option<(Node, BTreeSet<String>)>, String> {
    only(entries(resource, "the resource")?, &OF_RESOURCE)?;
    if !scope.is_made(name) {
        return Ok(None);
    }
    let mut properties = BTreeMap::new();
    let written = resource.get("Properties");
    let written = written.map_or(Ok(&[][..]), |found| entries(found, "Properties"))?;
    for (property, value) in written {
        if property == "Tags" {
            continue;
        }
        let value = scope
            .value(value)
            .map_err(|why| format!("{property}: {why}"))?;
        if let Some(value) = value {
            properties.insert(property.clone(), value);
        }
    }
    let mut waits_for = depends_on(resource, scope)?;
    let used = properties.values().flat_map(Prop::references);
    let own = used.filter(|(id, _)| id.unit == scope.unit.path);
    waits_for.extend(own.map(|(id, _)| id.name.clone()));
    let node = Node {
        id: NodeId {
            unit: scope.unit.path.clone(),
            name: name.to_owned(),
        },
        account: scope.unit.account.clone(),
        region: scope.unit.region.clone(),
        kind: scope.kind(name).unwrap_or_default().to_owned(),
        properties,
    };
    Ok(Some((node, waits_for)))
}

fn depends_on(resource: &Yaml, scope: &Scope<'_>) -> Result<BTreeSet<String>, String> {
    let Some(written) = resource.get("DependsOn") else {
        return Ok(BTreeSet::new());
    };
    let names = match (written.text(), written.items()) {
        (Some(name), _) => vec![Some(name)],
        (None, Some(items)) => items.iter().map(Yaml::text).collect(),
        (None, None) => vec![None],
    };
    let known = |name: Option<&str>| -> Result<String, String> {
        let name = name.ok_or("DependsOn is no name and no list of names")?;
        match scope.kind(name) {
            Some(_) => Ok(name.to_owned()),
            None => Err(format!("DependsOn {name}, which is no resource")),
        }
    };
    names.into_iter().map(known).collect()
}

fn read_output(output: &Yaml, scope: &Scope<'_>) -> Result<Option<Prop>, String> {
    let written = entries(output, "the output")?;
    only(written, &["Condition", "Description", "Value"])?;
    if let Some(condition) = output.get("Condition") {
        let name = condition.text().ok_or("Condition is no name")?;
        if !scope.condition(name)? {
            return Ok(None);
        }
    }
    let value = output.get("Value").ok_or("no Value")?;
    match scope.value(value)?.ok_or("a Value that is NoValue")? {
        Prop::Number(number) => Ok(Some(Prop::Text(number.to_string()))),
        Prop::Flag(flag) => Ok(Some(Prop::Text(flag.to_string()))),
        Prop::Ref(_, attribute) if vocabulary::is_list(&attribute) => {
            Err(format!("the list {attribute}, an output is text"))
        }
        value @ (Prop::Text(_) | Prop::Ref(..) | Prop::Joined(_)) => Ok(Some(value)),
        Prop::List(_) | Prop::Map(_) => Err("a list or mapping, an output is text".to_owned()),
    }
}

/// A circle of resources that wait for each other, which CloudFormation refuses.
fn circle(links: &BTreeMap<String, BTreeSet<String>>) -> Option<String> {
    let mut left: BTreeSet<&String> = links.keys().collect();
    loop {
        let free = left.iter().copied().find(|name| {
            let waits_for = links.get(*name);
            waits_for.is_none_or(|names| names.iter().all(|other| !left.contains(other)))
        });
        match free {
            Some(name) => left.remove(name),
            None if left.is_empty() => return None,
            None => {
                let names: Vec<_> = left.into_iter().map(String::as_str).collect();
                return Some(names.join(", "));
            }
        };
    }
}

fn entries<'y>(yaml: &'y Yaml, what: &str) -> Result<Entries<'y>, String> {
    let wrong = || format!("line {}: {what} is no mapping", yaml.line);
    yaml.entries().ok_or_else(wrong)
}

/// Refuses keys that are not among those known.
fn only(entries: Entries<'_>, known: &[&str]) -> Result<(), String> {
    let mut entries = entries.iter();
    match entries.find(|(key, _)| !known.contains(&key.as_str())) {
        None => Ok(()),
        Some((key, value)) => Err(format!("line {}: {key} is not understood", value.line)),
    }
}

/// The scalar as it is written into text.
fn scalar(yaml: &Yaml) -> Option<String> {
    match &yaml.value {
        Value::Text(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Flag(flag) => Some(flag.to_string()),
        Value::Null | Value::List(_) | Value::Map(_) => None,
    }
}
