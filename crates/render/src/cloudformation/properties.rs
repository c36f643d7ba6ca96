//! What most resources have in common: properties one after the other, tags, ARNs.

use blueprint::Blueprint;

use crate::object::{Attribute, Object};
use crate::part::Resource;
use crate::value::Value;

/// Properties in the order in which they are written.
#[derive(Debug, Default)]
pub(super) struct Properties(Vec<(String, Value)>);

impl Properties {
    pub(super) fn new() -> Self {
        Self::default()
    }

    /// One more property.
    pub(super) fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.0.push((name.to_owned(), value.into()));
        self
    }

    /// One more property, where it has a value.
    pub(super) fn maybe(self, name: &str, value: Option<impl Into<Value>>) -> Self {
        match value {
            Some(value) => self.with(name, value),
            None => self,
        }
    }

    /// One more property, unless its list is empty.
    pub(super) fn list(self, name: &str, values: Vec<Value>) -> Self {
        let values = (!values.is_empty()).then_some(values);
        self.maybe(name, values)
    }

    /// The tags that every object has: its name in the blueprint, and the spec's.
    pub(super) fn tags(self, blueprint: &Blueprint, name: &str) -> Self {
        self.with("Tags", tags(blueprint, name))
    }

    /// The mapping of these properties.
    pub(super) fn map(self) -> Value {
        Value::Map(self.0)
    }

    /// The first resource of an object.
    pub(super) fn resource(self, kind: &'static str) -> Resource {
        Resource {
            kind,
            suffix: String::new(),
            properties: self.0,
            after: Vec::new(),
            keeps_data: false,
        }
    }

    /// A further resource of an object.
    pub(super) fn further(self, kind: &'static str, suffix: impl Into<String>) -> Resource {
        Resource {
            suffix: suffix.into(),
            ..self.resource(kind)
        }
    }
}

/// The same tags as a list of keys and values.
pub(super) fn tags(blueprint: &Blueprint, name: impl Into<Value>) -> Value {
    let tag = |key: &str, value: Value| {
        let tag = Properties::new().with("Key", key).with("Value", value);
        tag.map()
    };
    let spec = Value::from(blueprint.name.as_str());
    Value::List(vec![tag("Name", name.into()), tag("breezeway", spec)])
}

/// The same tags as Amazon MSK takes them.
pub(super) fn tag_map(blueprint: &Blueprint, name: &str) -> Value {
    Properties::new()
        .with("Name", name)
        .with("breezeway", blueprint.name.as_str())
        .map()
}

/// What AWS calls an object in the account and Region of a template.
pub(super) fn id(object: Object) -> Value {
    Value::Of(object, Attribute::Id)
}

/// A value that CloudFormation itself knows, such as `AWS::Partition`.
pub(super) fn pseudo(name: &str) -> Value {
    Value::Parameter(format!("AWS::{name}"))
}

/// An ARN of this partition: `arn:${AWS::Partition}:…`.
pub(super) fn arn(rest: &str) -> Value {
    Value::Joined(vec![
        Value::from("arn:"),
        pseudo("Partition"),
        Value::from(format!(":{rest}")),
    ])
}

/// The ARN that stands for everyone whom an account lets.
pub(super) fn account_root(account: &str) -> Value {
    arn(&format!("iam::{account}:root"))
}
