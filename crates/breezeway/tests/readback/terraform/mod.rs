//! Terraform's modules → resources in CloudFormation's words, by Terraform's documents about its
//! JSON output and by the pages of its AWS provider.
//!
//! Terraform itself resolves what stands in a module: one root calls every module of many
//! renderings, each output wired to the inputs it is for, and the stand-in for the AWS provider
//! answers for AWS. So a plan holds no unknown value: what AWS gives is an answer that tells whose
//! it is, also in the middle of a policy or in a set. What is not understood is an error; only
//! tags, descriptions and what is named in `kinds` is ignored.

mod answers;
mod arguments;
mod attributes;
mod balancing;
mod endpoints;
mod kinds;
mod merge;
mod msk;
mod names;
mod network;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use anyhow::Context;
use serde_json::{Map, Value};

use super::graph::{Node, NodeId, Prop};
use super::judges::{Finding, Input, Module, Planned, Provider, Scratch, Terraform, module_name};
use super::known::Known;
use super::wiring::{Files, Reading, Source, Stack, Unit, Values, Wiring, literal};
use answers::Answers;
use arguments::Arguments;

/// A rendering and what a reader may know beside it.
#[derive(Clone, Copy)]
pub(crate) struct Rendering<'r> {
    pub(crate) files: &'r Files,
    pub(crate) known: &'r Known,
}

/// What reading a rendering yields: resources, or what is wrong with it.
pub(crate) type Read = Result<Reading, Vec<String>>;

/// Reads renderings with one run of Terraform, and more only where it refuses some of them.
///
/// # Errors
/// When Terraform cannot be run.
pub(crate) fn read(terraform: &Terraform, all: &[Rendering<'_>]) -> anyhow::Result<Vec<Read>> {
    let mut found: BTreeMap<usize, Read> = BTreeMap::new();
    let mut wired = BTreeMap::new();
    for (index, rendering) in all.iter().enumerate() {
        let wiring = Wiring::of(rendering.files).map_err(|fault| vec![fault]);
        let wiring = wiring.and_then(|wiring| {
            places(&wiring, rendering.files)?;
            Ok(wiring)
        });
        match wiring {
            Ok(wiring) => drop(wired.insert(index, (*rendering, wiring))),
            Err(faults) => drop(found.insert(index, Err(faults))),
        }
    }
    let mut batches: Vec<BTreeSet<usize>> = vec![wired.keys().copied().collect()];
    while let Some(batch) = batches.pop() {
        let chosen: BTreeMap<_, _> = batch
            .iter()
            .filter_map(|index| Some((*index, wired.get(index)?)))
            .collect();
        match plan(terraform, &chosen)? {
            Planned::Plan(plan) => found.extend(readings(&plan, &chosen)),
            Planned::Refused(findings) => {
                let parted = part(&batch, &findings);
                if let [only] = &parted[..] {
                    let told = || findings.iter().map(Finding::to_string).collect();
                    found.extend(only.iter().map(|index| (*index, Err(told()))));
                } else {
                    batches.extend(parted);
                }
            }
        }
    }
    Ok(found.into_values().collect())
}

/// Parts of a batch that Terraform refused: whom its findings name and the others, else halves;
/// a part that cannot be parted is the batch itself.
fn part(batch: &BTreeSet<usize>, findings: &[Finding]) -> Vec<BTreeSet<usize>> {
    let named = findings.iter().filter_map(|finding| {
        let rest = finding.file.strip_prefix("modules").ok()?.to_str()?;
        rest.strip_prefix("m-")?.split('-').next()?.parse().ok()
    });
    let named: BTreeSet<usize> = named.filter(|index| batch.contains(index)).collect();
    if batch.len() == 1 {
        return vec![batch.clone()];
    }
    if named.is_empty() || named.len() == batch.len() {
        let half: BTreeSet<_> = batch.iter().copied().take(batch.len() / 2).collect();
        return vec![half.clone(), batch - &half];
    }
    let mut parts: Vec<_> = named.iter().map(|index| BTreeSet::from([*index])).collect();
    parts.push(batch - &named);
    parts
}

type Chosen<'c, 'r> = BTreeMap<usize, &'c (Rendering<'r>, Wiring)>;

/// A unit's name among the modules of a root.
fn called(index: usize, unit: &str) -> String {
    format!("{index}/{unit}")
}

fn plan(terraform: &Terraform, chosen: &Chosen<'_, '_>) -> anyhow::Result<Planned> {
    let scratch = Scratch::new()?;
    let mut modules = Vec::new();
    let mut shown = BTreeMap::new();
    for (index, (rendering, wiring)) in chosen {
        for unit in &wiring.units {
            let name = called(*index, &unit.path);
            let folder = scratch.path().join(module_name(&name));
            write(rendering.files, unit, &folder)?;
            let inputs = unit.inputs.iter().map(|input| {
                let value = given(*index, &input.from, rendering.known);
                (input.name.clone(), value)
            });
            modules.push(Module {
                inputs: inputs.collect(),
                folder,
                name: name.clone(),
            });
            for output in &unit.outputs {
                shown.insert(shown_as(&name, output), (name.clone(), output.clone()));
            }
        }
    }
    let root = terraform.composed(&modules, Provider::StandIn)?.answered();
    root.show(&shown)?;
    root.plan()
}

/// A module's files; those of a folder below it are another's.
fn write(files: &Files, unit: &Unit, folder: &Path) -> anyhow::Result<()> {
    std::fs::create_dir_all(folder)?;
    for (path, text) in files {
        let name = path.strip_prefix(&unit.path);
        let name = name.and_then(|rest| rest.trim_start_matches('/').split('/').next_back());
        let is_own =
            path.rsplit_once('/').map(|(of, _)| of) == Some(unit.path.trim_end_matches('/'));
        if let Some(name) = name.filter(|_| is_own) {
            std::fs::write(folder.join(name), text)?;
        }
    }
    Ok(())
}

fn given(index: usize, source: &Source, known: &Known) -> Input {
    match literal(source, known) {
        Some(Ok(text)) => Input::Given(Value::String(text)),
        // Reading the wiring tells what is wrong.
        Some(Err(_)) => Input::Given(Value::Null),
        None => match source {
            Source::Output { unit, name } => Input::Output {
                module: called(index, unit),
                output: name.clone(),
            },
            Source::BrokerAddress { .. }
            | Source::Suffix { .. }
            | Source::Given { .. }
            | Source::Certificate { .. }
            | Source::Switch { .. }
            | Source::RouteTable { .. } => Input::Given(Value::Null),
        },
    }
}

fn shown_as(module: &str, output: &str) -> String {
    format!("{}--{output}", module_name(module))
}

/// That each module's provider is that of the account and Region it is wired for: a root of many
/// modules replaces it, so its text is read.
fn places(wiring: &Wiring, files: &Files) -> Result<(), Vec<String>> {
    let place = |unit: &Unit| {
        let path = format!("{}/provider.tf", unit.path.trim_end_matches('/'));
        let text = files.get(&path).map_or("", String::as_str);
        let says = |name: &str, value: &str| {
            let mut lines = text.lines().filter_map(|line| line.split_once('='));
            lines.any(|(said, what)| said.trim() == name && what.trim() == value)
        };
        let right = says("region", &format!("\"{}\"", unit.region))
            && says("allowed_account_ids", &format!("[\"{}\"]", unit.account));
        (!right).then(|| format!("{path} is not for {} in {}", unit.account, unit.region))
    };
    let faults: Vec<_> = wiring.units.iter().filter_map(place).collect();
    if faults.is_empty() {
        Ok(())
    } else {
        Err(faults)
    }
}

/// Reads every rendering of a plan.
fn readings(plan: &Value, chosen: &Chosen<'_, '_>) -> Vec<(usize, Read)> {
    let mut answers = Answers::default();
    let mut modules = BTreeMap::new();
    for (index, (_, wiring)) in chosen {
        for unit in &wiring.units {
            let name = called(*index, &unit.path);
            let raw = resources(plan, &name, unit, &mut answers);
            modules.insert(name, raw);
        }
    }
    let read = |(index, (rendering, wiring)): (&usize, &&(Rendering<'_>, Wiring))| {
        let each = |unit: &Unit, _: &Values| {
            let name = called(*index, &unit.path);
            stack(plan, &name, unit, &modules, &answers)
        };
        let reading = wiring.read(rendering.files, rendering.known, each);
        let merged = reading.and_then(|mut reading| {
            merge::merge(&mut reading)?;
            Ok(reading)
        });
        (*index, merged)
    };
    chosen.iter().map(read).collect()
}

/// A resource as planned, without AWS's answers.
struct Raw {
    id: NodeId,
    kind: String,
    values: Map<String, Value>,
}

/// The resources of a module, or why they cannot be read.
fn resources(
    plan: &Value,
    name: &str,
    unit: &Unit,
    answers: &mut Answers,
) -> Result<Vec<Raw>, String> {
    let address = format!("module.{}", module_name(name));
    let modules = plan["planned_values"]["root_module"]["child_modules"].as_array();
    let mut modules = modules.into_iter().flatten();
    // A module without resources is not listed.
    let Some(module) = modules.find(|module| module["address"] == address.as_str()) else {
        return Ok(Vec::new());
    };
    if module.get("child_modules").is_some() {
        return Err("it calls modules, which are not read".to_owned());
    }
    let listed = module["resources"].as_array();
    let raw = |resource: &Value| {
        let text = |name: &str| resource[name].as_str().context("a plan's resource");
        let address = text("address").map_err(|why| why.to_string())?;
        let name = address.splitn(3, '.').last().unwrap_or(address);
        if resource["mode"] != "managed" {
            return Err(format!("{name} is read from AWS"));
        }
        let id = NodeId {
            unit: unit.path.clone(),
            name: name.to_owned(),
        };
        let kind = text("type").map_err(|why| why.to_string())?.to_owned();
        let mut values = resource["values"].as_object().cloned().unwrap_or_default();
        answers.learn(&id, &kind, &mut values);
        Ok(Raw { id, kind, values })
    };
    listed.into_iter().flatten().map(raw).collect()
}

/// A module's resources and outputs.
fn stack(
    plan: &Value,
    name: &str,
    unit: &Unit,
    modules: &BTreeMap<String, Result<Vec<Raw>, String>>,
    answers: &Answers,
) -> Result<Stack, Vec<String>> {
    let at = |what: String| format!("{}: {what}", unit.path);
    let raw = match modules.get(name) {
        Some(Ok(raw)) => &raw[..],
        Some(Err(why)) => return Err(vec![at(why.clone())]),
        None => &[],
    };
    let mut faults = Vec::new();
    let mut stack = Stack::default();
    for raw in raw {
        match node(raw, unit, answers) {
            Ok(node) => stack.nodes.push(node),
            Err(why) => faults.push(at(format!("{}: {why}", raw.id.name))),
        }
    }
    let call = &plan["configuration"]["root_module"]["module_calls"][module_name(name)];
    let outputs = call["module"]["outputs"].as_object();
    for output in outputs.into_iter().flat_map(Map::keys) {
        match shown(plan, name, output, answers) {
            Ok(value) => drop(stack.outputs.insert(output.clone(), value)),
            Err(why) => faults.push(at(format!("output {output}: {why}"))),
        }
    }
    if faults.is_empty() {
        Ok(stack)
    } else {
        Err(faults)
    }
}

/// An output's value; one that the wiring does not name is not shown, and has none.
fn shown(plan: &Value, name: &str, output: &str, answers: &Answers) -> Result<Prop, String> {
    let outputs = plan["planned_values"]["outputs"].as_object();
    let shown = outputs.and_then(|all| all.get(&shown_as(name, output)));
    let Some(shown) = shown else {
        return Ok(Prop::Text(String::new()));
    };
    answers
        .prop(&shown["value"])?
        .ok_or_else(|| "no value".to_owned())
}

fn node(raw: &Raw, unit: &Unit, answers: &Answers) -> Result<Node, String> {
    let kind = kinds::find(&raw.kind).ok_or_else(|| format!("{} is not understood", raw.kind))?;
    let mut arguments = Arguments::read(&raw.kind, &raw.values, answers)?;
    // A resource may name its Region since version 6 of the provider.
    let region = match arguments.take("region") {
        None => unit.region.clone(),
        Some(Prop::Text(region)) => region,
        Some(other) => return Err(format!("the Region {other:?}")),
    };
    Ok(Node {
        id: raw.id.clone(),
        account: unit.account.clone(),
        region,
        kind: kind.name().to_owned(),
        properties: kind.properties(arguments, unit)?,
    })
}
