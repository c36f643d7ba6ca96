//! Units: what is applied in one go. Where a reference leaves a unit it becomes an output of one
//! and an input of the other.

use std::collections::{BTreeMap};

use crate::object::{Attribute, Object};
use crate::part::{Part, Place, Resource};
use crate::value::{Input, Switch};

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
/// of the unit ([`Value::Of`](crate::value::Value::Of)), to its inputs ([`Value::Parameter`](crate::value::Value::Parameter)) and to nothing else.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// The object.
    pub part: Part,
    /// Its name, unique among the objects of its kind in the account and Region.
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
