//! Units: what is applied in one go. Where a reference leaves a unit it becomes an output of one
//! and an input of the other.

use std::collections::{BTreeMap, BTreeSet};

use blueprint::Blueprint;
use blueprint::ids::{ClusterId, SecurityGroupId};
use blueprint::step::What;

use crate::dialect::Dialect;
use crate::names;
use crate::object::{Attribute, Object};
use crate::part::{Part, Place, Resource};
use crate::value::{Input, Switch, Value};

/// One CloudFormation template, or one root module of Terraform. Names of inputs, outputs and
/// objects are in kebab-case; a target writes them in its own case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unit {
    /// Path of its file or folder below the output folder, such as
    /// `111111111111/eu-central-1/1-network-data.yaml`.
    pub path: String,
    /// Name of its stack, or of its state: unique in the account and Region.
    pub stack: String,
    /// Where and when; the subject of its first item where it holds several.
    pub place: Place,
    /// Values from outside, by name.
    pub inputs: BTreeMap<String, Source>,
    /// Values for other units and for steps, by name; each refers to an object of this unit.
    pub outputs: BTreeMap<String, (Object, Attribute)>,
    /// What it holds, in the order of the parts.
    pub items: Vec<Item>,
}

/// An object in a unit, with the resources a target needs for it. Their values refer to objects
/// of the unit ([`Value::Of`]), to its inputs ([`Value::Parameter`]) and to nothing else.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// The object.
    pub part: Part,
    /// Its name, unique among the objects of its kind.
    pub name: String,
    /// Its resources, the one that others refer to first.
    pub resources: Vec<Resource>,
}

/// Where the value of an input comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// An output of another unit.
    Output {
        /// That unit's path.
        unit: String,
        /// The output's name.
        name: String,
    },
    /// A look at what AWS made, or the user.
    Outside(Input),
    /// A switch: `false` when the unit is applied first, `true` from the step on that throws it.
    Switch(Switch),
}

/// How much goes into one unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Granularity {
    /// A unit for each account, Region, stage and subject, with this ending of its path.
    Subject(&'static str),
    /// A unit for each account, Region and stage.
    Stage,
}

impl Unit {
    /// What stands for an object in this unit.
    pub fn item(&self, object: &Object) -> Option<&Item> {
        self.items.iter().find(|item| item.part.object == *object)
    }

    /// Whether only a cluster that the unit itself makes can say an input's value.
    pub(crate) fn says_itself(&self, source: &Source) -> bool {
        let Source::Outside(Input::Suffix { cluster } | Input::BrokerAddress { cluster, .. }) =
            source
        else {
            return false;
        };
        let cluster = ClusterId::from(cluster.as_str());
        self.item(&Object::Cluster(cluster)).is_some()
    }
}

/// Every unit, in an order in which they can be applied.
pub(crate) fn divide(
    blueprint: &Blueprint,
    parts: Vec<Part>,
    dialect: &dyn Dialect,
    granularity: Granularity,
) -> Vec<Unit> {
    let mut division = Division::new(blueprint, &parts, granularity);
    for part in parts {
        division.enter(part, dialect);
    }
    for at in 0..division.units.len() {
        division.connect(at);
    }
    let objects: Vec<_> = division.homes.keys().cloned().collect();
    for (object, attribute) in published(blueprint, &objects) {
        division.publish(&object, attribute);
    }
    in_order(division.units)
}

/// What is of use to people and steps, whether another unit takes it or not.
fn published(blueprint: &Blueprint, objects: &[Object]) -> BTreeSet<(Object, Attribute)> {
    let clients = blueprint.clients.values();
    let enis = clients.flat_map(|client| &client.enis);
    let enis = enis.filter_map(|eni| blueprint.enis.get(eni));
    let groups = enis.flat_map(|eni| &eni.security_groups);
    let brokers = blueprint.clusters.keys();
    let brokers = brokers.flat_map(|id| new_groups_of_existing(blueprint, id));
    let groups = groups.chain(brokers);
    let groups = groups.map(|group| (Object::SecurityGroup(group.clone()), Attribute::Id));
    let clusters = blueprint.clusters.keys();
    let clusters = clusters.map(|id| (Object::Cluster(id.clone()), Attribute::Arn));
    let needed = blueprint.steps.iter().flat_map(|step| step.values.values());
    let needed = needed.filter_map(|needed| {
        let attribute = match needed.what {
            What::Id => Attribute::Id,
            What::Arn | What::Version | What::Invitation | What::Domain => Attribute::Arn,
        };
        let mut of = objects.iter().filter(|object| match needed.what {
            What::Invitation => object.shares().as_ref() == Some(&needed.object),
            What::Id | What::Arn | What::Version | What::Domain => {
                object.noun().as_ref() == Some(&needed.object)
            }
        });
        of.next().map(|object| (object.clone(), attribute))
    });
    let secrets = blueprint.clients.keys();
    let secrets = secrets.map(|id| (Object::ScramSecret(id.clone()), Attribute::Arn));
    groups
        .chain(clusters)
        .chain(needed)
        .chain(secrets)
        .collect()
}

/// The groups that the brokers of a cluster are to wear, where the cluster exists and they do not.
pub(crate) fn new_groups_of_existing<'b>(
    blueprint: &'b Blueprint,
    id: &ClusterId,
) -> BTreeSet<&'b SecurityGroupId> {
    let exists = blueprint.existing.contains_key(&id.into());
    let cluster = blueprint.clusters.get(id).filter(|_| exists);
    let brokers = cluster
        .into_iter()
        .flat_map(|cluster| cluster.brokers.values());
    let enis = brokers.filter_map(|broker| blueprint.enis.get(&broker.eni));
    let groups = enis.flat_map(|eni| &eni.security_groups);
    groups
        .filter(|group| !blueprint.existing.contains_key(&(*group).into()))
        .collect()
}

struct Division<'b> {
    blueprint: &'b Blueprint,
    granularity: Granularity,
    names: BTreeMap<Object, String>,
    units: Vec<Unit>,
    /// The unit of each object.
    homes: BTreeMap<Object, usize>,
}

impl<'b> Division<'b> {
    fn new(blueprint: &'b Blueprint, parts: &[Part], granularity: Granularity) -> Self {
        Self {
            blueprint,
            granularity,
            names: names::of_parts(blueprint, parts),
            units: Vec::new(),
            homes: BTreeMap::new(),
        }
    }

    fn enter(&mut self, part: Part, dialect: &dyn Dialect) {
        let (path, stack) = self.names_of_unit(&part.place);
        let known = self.units.iter().position(|unit| unit.path == path);
        let at = known.unwrap_or_else(|| {
            self.units.push(Unit {
                path,
                stack,
                place: part.place.clone(),
                inputs: BTreeMap::new(),
                outputs: BTreeMap::new(),
                items: Vec::new(),
            });
            self.units.len() - 1
        });
        self.homes.insert(part.object.clone(), at);
        let item = Item {
            name: self.name(&part.object),
            resources: dialect.resources(self.blueprint, &part.object),
            part,
        };
        if let Some(unit) = self.units.get_mut(at) {
            unit.items.push(item);
        }
    }

    fn names_of_unit(&self, place: &Place) -> (String, String) {
        let Place {
            account,
            region,
            stage,
            subject,
        } = place;
        let folder = format!("{account}/{region}/{}-{stage}", stage.number());
        match self.granularity {
            Granularity::Stage => {
                let stack = format!("{}-{stage}", self.blueprint.name);
                (folder, names::kebab(&stack))
            }
            Granularity::Subject(ending) => {
                let stack = format!("{}-{stage}-{subject}", self.blueprint.name);
                let path = format!("{folder}-{}{ending}", names::kebab(subject));
                (path, names::kebab(&stack))
            }
        }
    }

    fn name(&self, object: &Object) -> String {
        self.names.get(object).cloned().unwrap_or_default()
    }

    /// Replaces what the values of a unit refer to outside of it.
    fn connect(&mut self, at: usize) {
        let Some(unit) = self.units.get_mut(at) else {
            return;
        };
        let mut items = std::mem::take(&mut unit.items);
        for resource in items.iter_mut().flat_map(|item| &mut item.resources) {
            for (_, value) in &mut resource.properties {
                self.settle(at, value);
            }
            resource
                .after
                .retain(|object| self.homes.get(object) == Some(&at));
        }
        if let Some(unit) = self.units.get_mut(at) {
            unit.items = items;
        }
    }

    fn settle(&mut self, at: usize, value: &mut Value) {
        match value {
            Value::List(values) | Value::Joined(values) => {
                for value in values {
                    self.settle(at, value);
                }
            }
            Value::Map(entries) | Value::Block(entries) => {
                for (_, value) in entries {
                    self.settle(at, value);
                }
            }
            Value::Of(object, attribute) => {
                if let Some(settled) = self.settled(at, object, *attribute) {
                    *value = settled;
                }
            }
            Value::Input(input) => {
                let name = names::of_input(input);
                self.take(at, &name, Source::Outside(input.clone()));
                *value = Value::Parameter(name);
            }
            Value::Switched {
                switch,
                first,
                then,
            } => {
                let name = names::of_switch(switch);
                self.take(at, &name, Source::Switch(switch.clone()));
                self.settle(at, first);
                self.settle(at, then);
            }
            Value::Text(_) | Value::Number(_) | Value::Flag(_) | Value::Parameter(_) => {}
        }
    }

    /// What stands for a value of another object, unless it lies in the same unit.
    fn settled(&mut self, at: usize, object: &Object, attribute: Attribute) -> Option<Value> {
        let noun = object.noun();
        let known = noun
            .as_ref()
            .and_then(|noun| self.blueprint.existing.get(noun));
        if let Some(id) = known {
            return Some(Value::from(id.as_str()));
        }
        match self.homes.get(object) {
            Some(home) if *home == at => None,
            Some(_) => {
                let (unit, name) = self.publish(object, attribute)?;
                let source = Source::Output {
                    unit,
                    name: name.clone(),
                };
                self.take(at, &name, source);
                Some(Value::Parameter(name))
            }
            None => {
                let input = self.unseen(object, attribute);
                let name = names::of_input(&input);
                self.take(at, &name, Source::Outside(input));
                Some(Value::Parameter(name))
            }
        }
    }

    /// What the user must say of an object that exists under an id the spec does not give.
    fn unseen(&self, object: &Object, attribute: Attribute) -> Input {
        if let Object::RouteTable(table) = object {
            let subnets = self.blueprint.subnets.iter();
            let mut users = subnets.filter(|(_, subnet)| subnet.route_table == *table);
            let known = users.find_map(|(id, _)| self.blueprint.existing.get(&id.into()));
            if let Some(subnet) = known {
                return Input::RouteTableOf {
                    subnet: subnet.clone(),
                };
            }
        }
        let name = object.noun().map(|noun| noun.id).unwrap_or_default();
        Input::Given {
            name: names::of_value(&names::kebab(&name), object, attribute),
            what: format!("{} `{name}`, which exists already", names::kind(object)),
        }
    }

    fn take(&mut self, at: usize, name: &str, source: Source) {
        if let Some(unit) = self.units.get_mut(at) {
            unit.inputs.insert(name.to_owned(), source);
        }
    }

    /// Makes what AWS gives an object an output of its unit; returns the unit's path and the name.
    fn publish(&mut self, object: &Object, attribute: Attribute) -> Option<(String, String)> {
        let home = *self.homes.get(object)?;
        let name = names::of_value(&self.name(object), object, attribute);
        let unit = self.units.get_mut(home)?;
        unit.outputs
            .insert(name.clone(), (object.clone(), attribute));
        Some((unit.path.clone(), name))
    }
}

/// Units by stage, within a stage after those whose outputs they take, otherwise as they came.
fn in_order(mut units: Vec<Unit>) -> Vec<Unit> {
    units.sort_by_key(|unit| unit.place.stage);
    let mut ordered: Vec<Unit> = Vec::with_capacity(units.len());
    while !units.is_empty() {
        let waits = |unit: &Unit| {
            let mut needed = unit.inputs.values().filter_map(|source| match source {
                Source::Output { unit, .. } => Some(unit),
                Source::Outside(_) | Source::Switch(_) => None,
            });
            needed.any(|path| units.iter().any(|other| other.path == *path))
        };
        // No object refers to a later stage or back within one, so there always is a next one.
        let next = units.iter().position(|unit| !waits(unit)).unwrap_or(0);
        ordered.push(units.remove(next));
    }
    ordered
}
