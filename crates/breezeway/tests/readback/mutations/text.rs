//! A person's hand in rendered templates: finds the block of an object's resource, replaces the
//! value of a line, removes lines, items and blocks. What a removed resource leaves behind goes
//! too: whatever cannot be made without it, outputs, and parameters that took them.

use std::collections::BTreeMap;

use blueprint::Blueprint;
use breezeway::format::wiring;
use render::object::Object;
use render::unit::Unit;
use render::{Target, render};
use serde_json::Value;

use super::hcl;
use super::lines::{
    PROPERTY, Section, cut, drop_empty, entries, extent, found, mentions, properties, resources,
    section, value_of,
};
use crate::wiring::{FILE, Files, sha256};

/// Where a resource stands: the template's path and its logical id.
type Block = (String, String);

/// The texts of a rendering, open to changes.
#[derive(Clone, Debug)]
pub(crate) struct Text {
    target: Target,
    files: BTreeMap<String, Vec<String>>,
    wiring: Value,
    blocks: BTreeMap<Object, Vec<Block>>,
}

impl Text {
    /// The texts of a blueprint.
    pub(crate) fn of(blueprint: &Blueprint, target: Target) -> Result<Self, String> {
        let (rendered, _) = render(blueprint, target, &[]);
        let wiring = wiring::text(&blueprint.name, false, &rendered);
        let wiring = wiring.map_err(|why| why.to_string())?;
        let files = rendered.files.iter();
        let files: BTreeMap<_, Vec<String>> = files
            .map(|(path, text)| (path.clone(), text.lines().map(str::to_owned).collect()))
            .collect();
        let blocks = match target {
            Target::CloudFormation => of_templates(&rendered.units, &files)?,
            Target::Terraform => of_modules(&rendered.units, &files),
        };
        let wiring = serde_json::from_str(&wiring).map_err(|why| why.to_string())?;
        Ok(Self {
            target,
            files,
            wiring,
            blocks,
        })
    }

    /// Whether an object stands in the texts.
    pub(crate) fn has(&self, object: &Object) -> bool {
        self.block(object).is_ok()
    }

    /// The texts, with digests of what they are now.
    pub(crate) fn files(&self) -> Files {
        let mut files: Files = self
            .files
            .iter()
            .map(|(path, lines)| (path.clone(), lines.join("\n") + "\n"))
            .collect();
        let digests = files.iter();
        let digests = digests.map(|(path, text)| (path.clone(), Value::String(sha256(text))));
        let mut wiring = self.wiring.clone();
        wiring["files"] = Value::Object(digests.collect());
        files.insert(FILE.to_owned(), wiring.to_string());
        files
    }

    /// The first resource of an object.
    fn block(&self, object: &Object) -> Result<&Block, String> {
        let blocks = self.blocks.get(object).and_then(|blocks| blocks.first());
        let block = blocks.ok_or_else(|| format!("{object:?} stands nowhere"))?;
        let lines = self.files.get(&block.0).map_or(&[][..], Vec::as_slice);
        let extent = match self.target {
            Target::CloudFormation => extent(lines, &block.1),
            Target::Terraform => hcl::extent(lines, &block.1),
        };
        let found = extent.map(|_| block);
        found.ok_or_else(|| format!("{object:?} stands there no more"))
    }

    fn lines_of(&mut self, path: &str) -> Result<&mut Vec<String>, String> {
        let lines = self.files.get_mut(path);
        lines.ok_or_else(|| format!("there is no {path}"))
    }

    /// Whether two objects stand in one template.
    pub(crate) fn together(&self, one: &Object, other: &Object) -> bool {
        let unit = |path: &str| match self.target {
            Target::CloudFormation => path.to_owned(),
            Target::Terraform => path.rsplit_once('/').unwrap_or_default().0.to_owned(),
        };
        let path = |object| self.block(object).map(|(path, _)| unit(path)).ok();
        path(one).is_some() && path(one) == path(other)
    }

    /// The value at a place such as `Targets/0/Port` among an object's properties.
    pub(crate) fn value(&self, object: &Object, place: &str) -> Result<String, String> {
        if self.target == Target::Terraform {
            let ((path, head), argument) = self.argument(object, place)?;
            let lines = self.files.get(path).map_or(&[][..], Vec::as_slice);
            return hcl::value(lines, head, argument);
        }
        let (path, id) = self.block(object)?;
        let lines = self.files.get(path).map_or(&[][..], Vec::as_slice);
        let at = found(lines, id, place)?;
        Ok(value_of(&lines[at.start]).to_owned())
    }

    /// The block and the argument of a module that stand for a place.
    fn argument(&self, object: &Object, place: &str) -> Result<(&Block, &'static str), String> {
        let known = hcl::place(place);
        let (nth, argument) = known.ok_or_else(|| format!("no argument is known for {place}"))?;
        let blocks = self.blocks.get(object).and_then(|blocks| blocks.get(nth));
        let block = blocks.ok_or_else(|| format!("{object:?} has no resource {nth}"))?;
        Ok((block, argument))
    }

    /// Writes another value at a place.
    pub(crate) fn set(
        &mut self,
        object: &Object,
        place: &str,
        value: impl ToString,
    ) -> Result<(), String> {
        if self.target == Target::Terraform {
            let ((path, head), argument) = self.argument(object, place)?;
            let (path, head) = (path.clone(), head.clone());
            let lines = self.lines_of(&path)?;
            return hcl::set(lines, &head, argument, &value.to_string());
        }
        let (path, id) = self.block(object)?.clone();
        let lines = self.lines_of(&path)?;
        let at = found(lines, &id, place)?;
        if at.len() != 1 {
            return Err(format!("{object:?}: {place} is no scalar"));
        }
        let line = &mut lines[at.start];
        let old = value_of(line).len();
        let value = value.to_string();
        if value_of(line) == value {
            return Err(format!("{object:?}: {place} is {value} already"));
        }
        line.truncate(line.len() - old);
        line.push_str(&value);
        Ok(())
    }

    /// Writes a property before the others.
    pub(crate) fn add(&mut self, object: &Object, line: &str) -> Result<(), String> {
        let (path, id) = self.block(object)?.clone();
        let lines = self.lines_of(&path)?;
        let at = properties(lines, &id)?.start;
        lines.insert(at, format!("{}{line}", " ".repeat(PROPERTY)));
        Ok(())
    }

    /// Replaces what stands in lines of an object's first resource, from `start` on and before a
    /// comma or quote.
    pub(crate) fn replace(
        &mut self,
        object: &Object,
        start: &str,
        (old, new): (&str, &str),
    ) -> Result<(), String> {
        let (path, id) = self.block(object)?.clone();
        let lines = self.lines_of(&path)?;
        let at = properties(lines, &id)?;
        let mut changed = 0;
        for line in &mut lines[at] {
            let Some(begin) = line.find(start) else {
                continue;
            };
            let end = line[begin..].find([',', '"']).map(|n| begin + n);
            let end = end.unwrap_or(line.len());
            if line[begin..end].contains(old) {
                line.replace_range(begin..end, &line[begin..end].replace(old, new));
                changed += 1;
            }
        }
        match changed {
            0 => Err(format!("{object:?} says nowhere {old}")),
            _ => Ok(()),
        }
    }

    /// Exchanges the values at a place of two objects of one template.
    pub(crate) fn swap(
        &mut self,
        (one, at): (&Object, &str),
        (other, there): (&Object, &str),
    ) -> Result<(), String> {
        let (first, second) = (self.value(one, at)?, self.value(other, there)?);
        self.set(one, at, second)?;
        self.set(other, there, first)
    }

    /// Removes a property or an item of a list; a list that is empty then goes too.
    pub(crate) fn cut(&mut self, object: &Object, place: &str) -> Result<(), String> {
        let (path, id) = self.block(object)?.clone();
        let lines = self.lines_of(&path)?;
        let at = found(lines, &id, place)?;
        cut(lines, at);
        Ok(())
    }

    /// How many items a list has.
    pub(crate) fn len(&self, object: &Object, place: &str) -> usize {
        let items = (0..).take_while(|n| self.value(object, &format!("{place}/{n}")).is_ok());
        items.count()
    }

    /// Edits a file that is no template.
    pub(crate) fn rewrite(&mut self, path: &str, old: &str, new: &str) -> Result<(), String> {
        let lines = self.lines_of(path)?;
        let mut changed = 0;
        for line in lines.iter_mut().filter(|line| line.contains(old)) {
            *line = line.replace(old, new);
            changed += 1;
        }
        match changed {
            0 => Err(format!("{path} says nowhere {old}")),
            _ => Ok(()),
        }
    }

    /// Paths of files whose names end so.
    pub(crate) fn paths(&self, end: &str) -> Vec<String> {
        let paths = self.files.keys().filter(|path| path.ends_with(end));
        paths.cloned().collect()
    }

    /// How a security group is referred to where another object stands: as it is in one template,
    /// else as a parameter that takes an output of the group's.
    pub(crate) fn group(&mut self, at: &Object, group: &Object) -> Result<String, String> {
        let (path, id) = self.block(group)?.clone();
        let (here, _) = self.block(at)?.clone();
        if here == path {
            return Ok(format!("!GetAtt {id}.GroupId"));
        }
        let (_, output) = self.outputs_of(group)?.pop().ok_or("it is no output")?;
        let lines = self.lines_of(&here)?;
        if !entries(lines, "Parameters").any(|(name, _)| name == output) {
            let head = lines.iter().position(|line| line == "Parameters:");
            let head = head.ok_or("no Parameters")?;
            lines.insert(head + 1, format!("  {output}:"));
            lines.insert(head + 2, "    Type: AWS::EC2::SecurityGroup::Id".to_owned());
            let units = self.wiring["units"].as_array_mut().ok_or("no units")?;
            let unit = units.iter_mut().find(|unit| unit["path"] == *here);
            let inputs = unit.and_then(|unit| unit["inputs"].as_array_mut());
            let from = serde_json::json!({ "output": { "unit": path, "name": output } });
            let input = serde_json::json!({ "name": output, "from": from });
            inputs.ok_or("no inputs")?.push(input);
        }
        Ok(format!("!Ref {output}"))
    }

    /// Forgets an association of a zone with a VPC that a step makes.
    pub(crate) fn dissociate(&mut self, zone: &Object, vpc: &Object) -> Result<(), String> {
        let (zone, vpc) = (self.outputs_of(zone)?, self.outputs_of(vpc)?);
        let associations = self.wiring["zone_associations"].as_array_mut();
        let associations = associations.ok_or("no associations")?;
        let before = associations.len();
        let is = |handle: &Value, outputs: &[(String, String)]| {
            outputs.iter().any(|(unit, name)| names(handle, unit, name))
        };
        associations.retain(|one| !(is(&one["zone"], &zone) && is(&one["vpc"], &vpc)));
        match before - associations.len() {
            1 => Ok(()),
            n => Err(format!("{n} associations")),
        }
    }

    /// Outputs that refer to an object.
    fn outputs_of(&self, object: &Object) -> Result<Vec<(String, String)>, String> {
        let (path, id) = self.block(object)?;
        let lines = self.files.get(path).map_or(&[][..], Vec::as_slice);
        let outputs = entries(lines, "Outputs");
        let own = outputs.filter(|(_, at)| lines[at.clone()].iter().any(|l| mentions(l, id)));
        Ok(own.map(|(name, _)| (path.clone(), name)).collect())
    }

    /// Removes every resource of an object and what cannot be without them.
    pub(crate) fn remove(&mut self, object: &Object) -> Result<(), String> {
        self.block(object)?;
        let blocks = self.blocks.get(object).cloned().unwrap_or_default();
        for (path, id) in blocks {
            match self.target {
                Target::CloudFormation => self.remove_resource(&path, &id)?,
                Target::Terraform => self.remove_block(&path, &id)?,
            }
        }
        Ok(())
    }

    /// Removes a block of a module, to which nothing may refer.
    fn remove_block(&mut self, path: &str, head: &str) -> Result<(), String> {
        hcl::remove(self.lines_of(path)?, head)?;
        let (folder, _) = path.rsplit_once('/').unwrap_or_default();
        let address = hcl::address(head);
        let mut module = self
            .files
            .iter()
            .filter(|(path, _)| path.starts_with(folder));
        match module.any(|(_, lines)| lines.iter().any(|line| line.contains(&address))) {
            true => Err(format!("something refers to {address}")),
            false => Ok(()),
        }
    }

    fn remove_resource(&mut self, path: &str, id: &str) -> Result<(), String> {
        let lines = self.lines_of(path)?;
        let Some(at) = extent(lines, id) else {
            return Ok(());
        };
        let is_ours = |line: &String| line.trim().is_empty() || line.trim().starts_with('#');
        let before = lines[..at.start].iter().rev().take_while(|l| is_ours(l));
        let start = at.start - before.count();
        lines.drain(start..at.end);
        self.forget(path, id)?;
        let left = self.files.get(path);
        if !left.is_some_and(|lines| resources(lines).is_empty()) {
            return Ok(());
        }
        let lines = self.files.remove(path).unwrap_or_default();
        let units = self.wiring["units"].as_array_mut().ok_or("no units")?;
        units.retain(|unit| unit["path"] != *path);
        let mut outputs = entries(&lines, "Outputs");
        outputs.try_for_each(|(name, _)| self.forget_output(path, &name))
    }

    /// Removes what mentions a resource or parameter that is gone.
    fn forget(&mut self, path: &str, id: &str) -> Result<(), String> {
        loop {
            let lines = self.lines_of(path)?;
            let list = Some(Section::Outputs);
            let Some(at) = lines.iter().position(|line| mentions(line, id)) else {
                break;
            };
            match section(lines, at) {
                found if found == list => {
                    let outputs: Vec<_> = entries(lines, "Outputs").collect();
                    let output = outputs.into_iter().find(|(_, own)| own.contains(&at));
                    let (name, own) = output.ok_or("an output without a name")?;
                    lines.drain(own);
                    drop_empty(lines, "Outputs");
                    self.forget_output(path, &name)?;
                }
                Some(Section::Resources) if lines[at].trim_start().starts_with("- ") => {
                    cut(lines, at..at + 1);
                }
                Some(Section::Resources) if lines[at].contains("DependsOn:") => {
                    lines.remove(at);
                }
                Some(Section::Resources) => {
                    let ids = resources(lines);
                    let of = |id: &String| extent(lines, id).is_some_and(|own| own.contains(&at));
                    let resource = ids.iter().find(|id| of(id)).cloned();
                    let resource = resource.ok_or("a line of no resource")?;
                    self.remove_resource(path, &resource)?;
                    if !self.files.contains_key(path) {
                        break;
                    }
                }
                _ => return Err(format!("{path}: {id} is mentioned elsewhere")),
            }
        }
        Ok(())
    }

    fn forget_output(&mut self, path: &str, name: &str) -> Result<(), String> {
        let units = self.wiring["units"].as_array_mut().ok_or("no units")?;
        let mut taken = Vec::new();
        for unit in units {
            let at = unit["path"].as_str().unwrap_or_default().to_owned();
            if at == path
                && let Some(outputs) = unit["outputs"].as_array_mut()
            {
                outputs.retain(|output| output != name);
            }
            let Some(inputs) = unit["inputs"].as_array_mut() else {
                continue;
            };
            inputs.retain(|input| {
                let is_it = names(&input["from"], path, name);
                if is_it {
                    let parameter = input["name"].as_str().unwrap_or_default();
                    taken.push((at.clone(), parameter.to_owned()));
                }
                !is_it
            });
        }
        if let Some(associations) = self.wiring["zone_associations"].as_array_mut() {
            associations
                .retain(|one| !names(&one["zone"], path, name) && !names(&one["vpc"], path, name));
        }
        for (unit, parameter) in taken {
            let lines = self.lines_of(&unit)?;
            let found = entries(lines, "Parameters").find(|(name, _)| *name == parameter);
            if let Some((_, at)) = found {
                lines.drain(at);
                drop_empty(lines, "Parameters");
            }
            self.forget(&unit, &parameter)?;
        }
        Ok(())
    }
}

type Lines = BTreeMap<String, Vec<String>>;

/// Where objects stand in templates: resources stand in the order of the units' items.
fn of_templates(units: &[Unit], files: &Lines) -> Result<BTreeMap<Object, Vec<Block>>, String> {
    let mut blocks = BTreeMap::new();
    for unit in units {
        let lines = files.get(&unit.path).map_or(&[][..], Vec::as_slice);
        let mut ids = resources(lines).into_iter();
        for item in &unit.items {
            let own = ids.by_ref().take(item.resources.len());
            let own = own.map(|id| (unit.path.clone(), id)).collect();
            blocks.insert(item.part.object.clone(), own);
        }
        if let Some(id) = ids.next() {
            return Err(format!("{}: {id} is no object's", unit.path));
        }
    }
    Ok(blocks)
}

/// Where objects stand in modules: their resources have their names.
fn of_modules(units: &[Unit], files: &Lines) -> BTreeMap<Object, Vec<Block>> {
    let items = units
        .iter()
        .flat_map(|unit| unit.items.iter().map(move |item| (unit, item)));
    let blocks = items.map(|(unit, item)| {
        let own = item.resources.iter().filter_map(|resource| {
            let name = match resource.suffix.as_str() {
                "" => item.name.clone(),
                suffix => format!("{}-{suffix}", item.name),
            };
            let name = Target::Terraform.written(&name);
            let head = format!("resource \"{}\" \"{name}\"", resource.kind);
            let mut module = files
                .iter()
                .filter(|(path, _)| path.starts_with(&unit.path));
            let found = module.find(|(_, lines)| hcl::extent(lines, &head).is_some());
            found.map(|(path, _)| (path.clone(), head))
        });
        (item.part.object.clone(), own.collect())
    });
    blocks.collect()
}

/// Whether a handle of the wiring is this output.
fn names(handle: &Value, unit: &str, name: &str) -> bool {
    handle["output"]["unit"] == unit && handle["output"]["name"] == name
}
