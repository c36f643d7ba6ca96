//! Properties that many resources have.

use blueprint::Blueprint;

use crate::object::{Attribute, Object};
use crate::part::Resource;
use crate::value::Value;

/// A resource under its object's own name.
pub(super) fn resource(kind: &'static str, properties: Vec<(&str, Value)>) -> Resource {
    further(kind, String::new(), properties)
}

/// A further resource of an object.
pub(super) fn further(
    kind: &'static str,
    suffix: String,
    properties: Vec<(&str, Value)>,
) -> Resource {
    Resource {
        kind,
        suffix,
        properties: named(properties),
        after: Vec::new(),
        keeps_data: false,
    }
}

/// Properties by their names.
pub(super) fn named(properties: Vec<(&str, Value)>) -> Vec<(String, Value)> {
    let properties = properties.into_iter();
    properties
        .map(|(key, value)| (key.to_owned(), value))
        .collect()
}

/// A nested block.
pub(super) fn block(properties: Vec<(&str, Value)>) -> Value {
    Value::Block(named(properties))
}

/// The tag by which people know an object.
pub(super) fn tags(name: impl Into<Value>) -> (&'static str, Value) {
    let tags = vec![("Name".to_owned(), name.into())];
    ("tags", Value::Map(tags))
}

/// The id of an object, or its ARN if that is what others know it by.
pub(super) fn id(object: Object) -> Value {
    Value::Of(object, Attribute::Id)
}

/// The ARN of an object.
pub(super) fn arn(object: Object) -> Value {
    Value::Of(object, Attribute::Arn)
}

/// Several texts.
pub(super) fn texts<'t>(texts: impl IntoIterator<Item = &'t str>) -> Value {
    Value::List(texts.into_iter().map(Value::from).collect())
}

/// Account and Region of a VPC.
pub(super) fn home<'b>(
    blueprint: &'b Blueprint,
    vpc: &blueprint::ids::VpcId,
) -> Option<(&'b str, &'b str)> {
    let vpc = blueprint.vpcs.get(vpc)?;
    Some((&vpc.account, &vpc.region))
}
