//! Values as CloudFormation writes them: references by `!Ref` and `!GetAtt`, texts with values in
//! them by `!Sub`, switches by `!If`.

use std::collections::BTreeMap;

use super::yaml::Yaml;
use crate::names;
use crate::object::{Attribute, Object};
use crate::target::Target;
use crate::value::{Switch, Value};

/// Characters of a value that may stand with others on one line.
const MAX_IN_ROW: usize = 40;

/// Logical ids of the objects of a template.
pub(super) struct Ids {
    of: BTreeMap<Object, Vec<String>>,
}

impl Ids {
    pub(super) fn new(of: BTreeMap<Object, Vec<String>>) -> Self {
        Self { of }
    }

    /// The ids of an object's resources, the one that others refer to first.
    pub(super) fn of(&self, object: &Object) -> &[String] {
        self.of.get(object).map(Vec::as_slice).unwrap_or_default()
    }

    /// A value as it stands in a template.
    pub(super) fn yaml(&self, value: &Value) -> Yaml {
        match value {
            Value::Text(text) => Yaml::Text(text.clone()),
            Value::Number(number) => Yaml::Number(*number),
            Value::Flag(flag) => Yaml::Flag(*flag),
            Value::List(values) => {
                Yaml::List(values.iter().map(|value| self.yaml(value)).collect())
            }
            Value::Map(entries) | Value::Block(entries) => {
                let entries = entries.iter();
                Yaml::Map(
                    entries
                        .map(|(key, value)| (key.clone(), self.yaml(value)))
                        .collect(),
                )
            }
            Value::Of(object, attribute) => self.reference(object, *attribute),
            Value::Input(input) => call("Ref", written(&names::of_input(input))),
            Value::Parameter(name) => call("Ref", written(name)),
            Value::Joined(parts) => self.joined(parts),
            Value::Switched {
                switch,
                first,
                then,
            } => self.switched(switch, first, then),
        }
    }

    fn reference(&self, object: &Object, attribute: Attribute) -> Yaml {
        let name = self.of(object).first().cloned().unwrap_or_default();
        match attribute_name(object, attribute) {
            Taken::Ref => call("Ref", name),
            Taken::Attribute(attribute) => call("GetAtt", format!("{name}.{attribute}")),
            Taken::OfEntry(part) => of_entry(&name, part),
            Taken::ServiceName => call(
                "Sub",
                format!("com.amazonaws.vpce.${{AWS::Region}}.${{{name}}}"),
            ),
        }
    }

    /// Parts of a text, by `!Sub`; what `!Sub` cannot name gets a name there.
    fn joined(&self, parts: &[Value]) -> Yaml {
        let mut text = String::new();
        let mut own = Vec::new();
        let mut is_fixed = true;
        for part in parts {
            if let Value::Text(fixed) = part {
                text.push_str(fixed);
                continue;
            }
            is_fixed = false;
            let name = self.variable(part, &mut own);
            text.push_str(&format!("\0{name}}}"));
        }
        if is_fixed {
            return Yaml::Text(text);
        }
        // A fixed `${` means itself.
        let text = text.replace("${", "${!").replace('\0', "${");
        let argument = match own.is_empty() {
            true => Yaml::Text(text),
            false => Yaml::List(vec![Yaml::Text(text), Yaml::Map(own)]),
        };
        Yaml::Call("Sub", Box::new(argument))
    }

    /// The name of a value within `!Sub`.
    fn variable(&self, part: &Value, own: &mut Vec<(String, Yaml)>) -> String {
        let yaml = self.yaml(part);
        if let Yaml::Call("Ref" | "GetAtt", name) = &yaml
            && let Yaml::Text(name) = name.as_ref()
        {
            return name.clone();
        }
        let name = match part {
            Value::Switched {
                switch: Switch::Advertised { .. },
                ..
            } => "AdvertisedListeners".to_owned(),
            Value::Switched {
                switch: Switch::VpcConnectivity { .. },
                ..
            } => "VpcConnectivity".to_owned(),
            Value::Text(_)
            | Value::Number(_)
            | Value::Flag(_)
            | Value::List(_)
            | Value::Map(_)
            | Value::Block(_)
            | Value::Of(..)
            | Value::Input(_)
            | Value::Parameter(_)
            | Value::Joined(_) => format!("Part{}", own.len() + 1),
        };
        own.push((name.clone(), yaml));
        name
    }

    fn switched(&self, switch: &Switch, first: &Value, then: &Value) -> Yaml {
        let branches = vec![
            Yaml::Text(condition(&names::of_switch(switch))),
            self.yaml(then),
            self.yaml(first),
        ];
        let is_short = |yaml: &Yaml| yaml.length().is_some_and(|length| length <= MAX_IN_ROW);
        let argument = match branches.iter().all(is_short) {
            true => Yaml::Row(branches),
            false => Yaml::List(branches),
        };
        Yaml::Call("If", Box::new(argument))
    }
}

/// The condition that holds once a switch is thrown.
pub(super) fn condition(switch: &str) -> String {
    format!("{}IsOn", written(switch))
}

/// A name in kebab-case as it stands in a template; CloudFormation's own ones stay as they are.
pub(super) fn written(name: &str) -> String {
    match name.starts_with("AWS::") {
        true => name.to_owned(),
        false => Target::CloudFormation.written(name),
    }
}

/// How a template takes what AWS gives an object.
enum Taken {
    /// By `!Ref`.
    Ref,
    /// By `!GetAtt`.
    Attribute(&'static str),
    /// The part at this position of the first of an endpoint's DNS entries, `ZONE:NAME`.
    OfEntry(i64),
    /// An endpoint service's name, which is made of its id.
    ServiceName,
}

fn attribute_name(object: &Object, attribute: Attribute) -> Taken {
    match (object, attribute) {
        (Object::SecurityGroup(_), Attribute::Id) => Taken::Attribute("GroupId"),
        (Object::ResourceGateway(_) | Object::ResourceConfiguration(_), Attribute::Id) => {
            Taken::Attribute("Id")
        }
        (Object::TransitGateway(_), Attribute::Arn) => Taken::Attribute("TransitGatewayArn"),
        (
            Object::ResourceGateway(_)
            | Object::ResourceConfiguration(_)
            | Object::ResourceShare(_)
            | Object::TransitShare(_)
            | Object::ScramKey(_)
            | Object::Configuration(_)
            | Object::Cluster(_)
            | Object::VpcConnection(_)
            | Object::ResolverRule(_),
            Attribute::Arn,
        ) => Taken::Attribute("Arn"),
        (Object::Balancer(_), Attribute::DnsName) => Taken::Attribute("DNSName"),
        (Object::Balancer(_), Attribute::DnsZone) => Taken::Attribute("CanonicalHostedZoneID"),
        (_, Attribute::DnsName) => Taken::OfEntry(1),
        (_, Attribute::DnsZone) => Taken::OfEntry(0),
        (_, Attribute::ServiceName) => Taken::ServiceName,
        (_, Attribute::Revision) => Taken::Attribute("LatestRevision.Revision"),
        (_, Attribute::Id | Attribute::Arn) => Taken::Ref,
    }
}

fn call(function: &'static str, argument: String) -> Yaml {
    Yaml::Call(function, Box::new(Yaml::Text(argument)))
}

fn row(function: &'static str, items: Vec<Yaml>) -> Yaml {
    Yaml::Call(function, Box::new(Yaml::Row(items)))
}

/// Part of an endpoint's first DNS entry, taken for its Regional one: the order may change when
/// `SubnetIds` do (CloudFormation reference, `AWS::EC2::VPCEndpoint`, `DnsEntries`).
fn of_entry(endpoint: &str, part: i64) -> Yaml {
    let entries = call("GetAtt", format!("{endpoint}.DnsEntries"));
    let regional = row("Select", vec![Yaml::Number(0), entries]);
    let parts = row("Split", vec![Yaml::Text(":".to_owned()), regional]);
    row("Select", vec![Yaml::Number(part), parts])
}
