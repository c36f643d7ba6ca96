//! Resources and what they refer to, in CloudFormation's vocabulary whatever text they came
//! from: kinds such as `AWS::EC2::Subnet`, CloudFormation's property names, parameters resolved.

use std::collections::BTreeMap;
use std::fmt;

/// Every resource of one rendering.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Graph {
    /// Resources in the order of their units and of the text.
    pub(crate) nodes: Vec<Node>,
}

/// Which resource: a name within its unit.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct NodeId {
    /// Path of the template or module it stands in.
    pub(crate) unit: String,
    /// Logical id in a template, address in a module.
    pub(crate) name: String,
}

/// One resource.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Node {
    /// Which.
    pub(crate) id: NodeId,
    /// Account it is made in, twelve digits.
    pub(crate) account: String,
    /// AWS Region it is made in.
    pub(crate) region: String,
    /// CloudFormation's type, such as `AWS::EC2::Subnet`.
    pub(crate) kind: String,
    /// CloudFormation's properties.
    pub(crate) properties: BTreeMap<String, Prop>,
}

/// A property's value.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Prop {
    /// Text, and every value that came in as a parameter.
    Text(String),
    /// A whole number.
    Number(i64),
    /// True or false.
    Flag(bool),
    /// A list.
    List(Vec<Prop>),
    /// A mapping.
    Map(BTreeMap<String, Prop>),
    /// A value AWS gives when it makes a resource: `Ref`, or the attribute's name for
    /// `Fn::GetAtt`. Of an interface endpoint also `DnsEntries.0.Name` (its regional name) and
    /// `DnsEntries.0.ZoneId`.
    Ref(NodeId, String),
    /// Text with such values in it, in order; neighbouring texts are one.
    Joined(Vec<Prop>),
}

impl fmt::Display for NodeId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.unit, self.name)
    }
}

impl Graph {
    /// The resource with this id.
    pub(crate) fn node(&self, id: &NodeId) -> Option<&Node> {
        self.nodes.iter().find(|node| node.id == *id)
    }

    /// The resources of one kind, in order.
    pub(crate) fn of_kind(&self, kind: &str) -> impl Iterator<Item = &Node> {
        self.nodes.iter().filter(move |node| node.kind == kind)
    }

    /// The resource a property refers to, if it is one of that kind.
    pub(crate) fn target(&self, prop: &Prop, kind: &str) -> Option<&Node> {
        let (id, _) = prop.reference()?;
        self.node(id).filter(|node| node.kind == kind)
    }
}

impl Node {
    /// A property's value.
    pub(crate) fn get(&self, name: &str) -> Option<&Prop> {
        self.properties.get(name)
    }

    /// A property's value, or an error that names the resource and what it lacks.
    pub(crate) fn need(&self, name: &str) -> Result<&Prop, String> {
        let lacks = || format!("{}: {} has no {name}", self.id, self.kind);
        self.get(name).ok_or_else(lacks)
    }

    /// A property that must be text without any reference in it.
    pub(crate) fn text(&self, name: &str) -> Result<&str, String> {
        self.read(name, "text", Prop::text)
    }

    /// A property that must be a whole number, also one written as text.
    pub(crate) fn number(&self, name: &str) -> Result<i64, String> {
        self.read(name, "a number", Prop::number)
    }

    /// A property that must be true or false, also one written as text.
    pub(crate) fn flag(&self, name: &str) -> Result<bool, String> {
        self.read(name, "true or false", Prop::flag)
    }

    /// A property that must refer to a resource: which, and its `Ref` or attribute.
    pub(crate) fn reference(&self, name: &str) -> Result<(&NodeId, &str), String> {
        self.read(name, "a reference", Prop::reference)
    }

    /// The items of a property that must be a list; none if there is no such property.
    pub(crate) fn list(&self, name: &str) -> Result<&[Prop], String> {
        match self.get(name) {
            None => Ok(&[]),
            Some(_) => self.read(name, "a list", Prop::list),
        }
    }

    fn read<'a, T>(
        &'a self,
        name: &str,
        what: &str,
        read: impl Fn(&'a Prop) -> Option<T>,
    ) -> Result<T, String> {
        let prop = self.need(name)?;
        read(prop).ok_or_else(|| {
            format!(
                "{}: {}.{name} is {prop:?} and not {what}",
                self.id, self.kind
            )
        })
    }
}

impl Prop {
    /// The text, if it is one.
    pub(crate) fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            Self::Number(_)
            | Self::Flag(_)
            | Self::List(_)
            | Self::Map(_)
            | Self::Ref(..)
            | Self::Joined(_) => None,
        }
    }

    /// The number, if it is one or a text that spells one.
    pub(crate) fn number(&self) -> Option<i64> {
        match self {
            Self::Number(number) => Some(*number),
            Self::Text(text) => text.parse().ok(),
            Self::Flag(_) | Self::List(_) | Self::Map(_) | Self::Ref(..) | Self::Joined(_) => None,
        }
    }

    /// The flag, if it is one or a text that spells one.
    pub(crate) fn flag(&self) -> Option<bool> {
        match self {
            Self::Flag(flag) => Some(*flag),
            Self::Text(text) => text.parse().ok(),
            Self::Number(_) | Self::List(_) | Self::Map(_) | Self::Ref(..) | Self::Joined(_) => {
                None
            }
        }
    }

    /// The items, if it is a list.
    pub(crate) fn list(&self) -> Option<&[Self]> {
        match self {
            Self::List(items) => Some(items),
            Self::Text(_)
            | Self::Number(_)
            | Self::Flag(_)
            | Self::Map(_)
            | Self::Ref(..)
            | Self::Joined(_) => None,
        }
    }

    /// The entries, if it is a mapping.
    pub(crate) fn map(&self) -> Option<&BTreeMap<String, Self>> {
        match self {
            Self::Map(entries) => Some(entries),
            Self::Text(_)
            | Self::Number(_)
            | Self::Flag(_)
            | Self::List(_)
            | Self::Ref(..)
            | Self::Joined(_) => None,
        }
    }

    /// A mapping's entry; none also if it is no mapping.
    pub(crate) fn get(&self, name: &str) -> Option<&Self> {
        self.map()?.get(name)
    }

    /// The resource and its `Ref` or attribute, if it is a reference.
    pub(crate) fn reference(&self) -> Option<(&NodeId, &str)> {
        match self {
            Self::Ref(id, attribute) => Some((id, attribute)),
            Self::Text(_)
            | Self::Number(_)
            | Self::Flag(_)
            | Self::List(_)
            | Self::Map(_)
            | Self::Joined(_) => None,
        }
    }

    /// The references in it, however deep, in order.
    pub(crate) fn references(&self) -> Vec<(&NodeId, &str)> {
        match self {
            Self::Ref(id, attribute) => vec![(id, attribute)],
            Self::List(items) | Self::Joined(items) => {
                items.iter().flat_map(Self::references).collect()
            }
            Self::Map(entries) => entries.values().flat_map(Self::references).collect(),
            Self::Text(_) | Self::Number(_) | Self::Flag(_) => Vec::new(),
        }
    }

    /// Several values written one after the other: one text where all are text.
    pub(crate) fn joined(parts: impl IntoIterator<Item = Self>) -> Self {
        let mut flat = Vec::new();
        for part in parts {
            match part {
                Self::Joined(inner) => inner.into_iter().for_each(|p| append(&mut flat, p)),
                Self::Number(number) => append(&mut flat, Self::Text(number.to_string())),
                Self::Flag(flag) => append(&mut flat, Self::Text(flag.to_string())),
                part @ (Self::Text(_) | Self::List(_) | Self::Map(_) | Self::Ref(..)) => {
                    append(&mut flat, part);
                }
            }
        }
        match (flat.pop(), flat.is_empty()) {
            (None, _) => Self::Text(String::new()),
            (Some(only), true) => only,
            (Some(last), false) => {
                flat.push(last);
                Self::Joined(flat)
            }
        }
    }
}

fn append(parts: &mut Vec<Prop>, part: Prop) {
    match (parts.last_mut(), part) {
        (Some(Prop::Text(before)), Prop::Text(text)) => before.push_str(&text),
        (_, Prop::Text(text)) if text.is_empty() => {}
        (_, part) => parts.push(part),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn service() -> Prop {
        let id = NodeId {
            unit: "a.yaml".into(),
            name: "Service".into(),
        };
        Prop::Ref(id, "ServiceId".into())
    }

    #[test]
    fn joined_texts_are_one_and_references_stay() {
        let text = |text: &str| Prop::Text(text.into());
        assert_eq!(
            Prop::joined([text("a"), Prop::Number(1), text("")]),
            text("a1")
        );
        assert_eq!(Prop::joined([text(""), service()]), service());
        let name = Prop::joined([text("com."), text("vpce."), service()]);
        assert_eq!(name, Prop::Joined(vec![text("com.vpce."), service()]));
        assert_eq!(name.references().len(), 1);
    }

    #[test]
    fn numbers_and_flags_may_be_written_as_text() {
        assert_eq!(Prop::Text("9092".into()).number(), Some(9092));
        assert_eq!(Prop::Text("true".into()).flag(), Some(true));
        assert_eq!(Prop::Text("yes".into()).flag(), None);
    }

    #[test]
    fn a_missing_property_names_its_resource() {
        let node = Node {
            id: NodeId {
                unit: "a.yaml".into(),
                name: "Data".into(),
            },
            account: "111111111111".into(),
            region: "eu-central-1".into(),
            kind: "AWS::EC2::VPC".into(),
            properties: BTreeMap::new(),
        };
        assert_eq!(
            node.text("CidrBlock"),
            Err("a.yaml: Data: AWS::EC2::VPC has no CidrBlock".into())
        );
        assert_eq!(node.list("Tags"), Ok(&[][..]));
    }
}
