//! Objects in one form, whichever of AWS's ways of saying a thing a text takes.

use std::collections::BTreeMap;
use std::fmt;

use crate::graph::{Node, NodeId, Prop};
use crate::wiring::Reading;

/// What is so if nothing is said, by the types' pages in the CloudFormation template reference.
pub(super) const DEFAULTS: &[(&str, &str, &str)] = &[
    ("AWS::EC2::VPC", "EnableDnsHostnames", "false"),
    ("AWS::EC2::VPC", "EnableDnsSupport", "true"),
    ("AWS::EC2::NetworkInterface", "SourceDestCheck", "true"),
    (
        "AWS::EC2::TransitGateway",
        "AutoAcceptSharedAttachments",
        "disable",
    ),
];

/// The same within a property.
const WITHIN: &[(&str, &str, &str)] = &[
    ("AliasTarget", "EvaluateTargetHealth", "false"),
    ("TargetIps", "Port", "53"),
];

/// Types of which another is a newer name.
const OTHER_NAMES: &[(&str, &str)] = &[(
    "AWS::EC2::TransitGatewayVpcAttachment",
    "AWS::EC2::TransitGatewayAttachment",
)];

/// Lists of keys and values.
const KEYED: [&str; 3] = [
    "ListenerAttributes",
    "LoadBalancerAttributes",
    "TargetGroupAttributes",
];

/// Words for people, on an object or within its properties.
const WORDS: [&str; 4] = ["Description", "GroupDescription", "HostedZoneTags", "Tags"];

/// That a VPC uses a private hosted zone, in whichever way it is said.
const ASSOCIATION: &str = "VPC of a private hosted zone";

/// An object.
#[derive(Clone, Debug)]
pub(super) struct Normal {
    pub(super) id: NodeId,
    pub(super) kind: String,
    pub(super) place: (String, String),
    pub(super) properties: BTreeMap<String, Prop>,
}

/// The objects of a reading.
pub(super) fn of(reading: &Reading) -> Vec<Normal> {
    let mut objects = Vec::new();
    for node in &reading.graph.nodes {
        let mut object = normal(node, reading);
        associations(node, &mut object, &mut objects);
        objects.push(object);
    }
    let told = reading.zone_associations.iter();
    objects.extend(told.map(|(zone, vpc)| association(zone.clone(), vpc.clone())));
    objects.sort_by(|a, b| a.id.cmp(&b.id));
    objects
}

fn normal(node: &Node, reading: &Reading) -> Normal {
    let mut properties = BTreeMap::new();
    let said = node.properties.iter();
    for (name, prop) in said.filter(|(name, _)| !WORDS.contains(&name.as_str())) {
        let prop = settled(name, prop, reading);
        if prop.list().is_some_and(<[Prop]>::is_empty) {
            continue;
        }
        match keyed(name, &prop) {
            Some(entries) => properties.extend(entries),
            None => drop(properties.insert(name.clone(), prop)),
        }
    }
    for (_, name, value) in DEFAULTS.iter().filter(|(kind, ..)| *kind == node.kind) {
        properties
            .entry((*name).to_owned())
            .or_insert_with(|| Prop::Text((*value).to_owned()));
    }
    let other = OTHER_NAMES.iter().find(|(name, _)| *name == node.kind);
    let kind = other.map_or(node.kind.as_str(), |(_, name)| name);
    Normal {
        id: node.id.clone(),
        kind: kind.to_owned(),
        place: (node.account.clone(), node.region.clone()),
        properties,
    }
}

/// A value with numbers and flags as text, lists in an order of their own, and a service's name as
/// its attribute.
fn settled(name: &str, prop: &Prop, reading: &Reading) -> Prop {
    let inner = |prop: &Prop| settled("", prop, reading);
    let item = |prop: &Prop| settled(name, prop, reading);
    match prop {
        Prop::Text(text) if name == "Name" => Prop::Text(text.trim_end_matches('.').to_owned()),
        Prop::Text(text) if name == "ServerProperties" => Prop::Text(text.trim_end().to_owned()),
        Prop::Text(_) | Prop::Ref(..) => prop.clone(),
        Prop::Number(number) => Prop::Text(number.to_string()),
        Prop::Flag(flag) => Prop::Text(flag.to_string()),
        Prop::List(items) => Prop::List(items.iter().map(item).collect()),
        Prop::Map(entries) => {
            let said = entries.iter();
            let said = said.filter(|(name, _)| !WORDS.contains(&name.as_str()));
            let mut entries: BTreeMap<_, _> = said
                .map(|(name, prop)| (name.clone(), inner(prop)))
                .collect();
            let defaults = WITHIN.iter().filter(|(of, ..)| *of == name);
            for (_, name, value) in defaults {
                let said = || Prop::Text((*value).to_owned());
                entries.entry((*name).to_owned()).or_insert_with(said);
            }
            Prop::Map(entries)
        }
        Prop::Joined(parts) => match &parts[..] {
            [Prop::Text(prefix), Prop::Ref(id, attribute)]
                if attribute == "Ref" && is_name_of(prefix, id, reading) =>
            {
                Prop::Ref(id.clone(), "ServiceName".to_owned())
            }
            _ => Prop::joined(parts.iter().map(inner)),
        },
    }
}

/// Whether a text before an endpoint service's id makes it the service's name.
fn is_name_of(prefix: &str, id: &NodeId, reading: &Reading) -> bool {
    let node = reading.graph.node(id);
    let service = node.filter(|node| node.kind == "AWS::EC2::VPCEndpointService");
    service.is_some_and(|node| prefix == format!("com.amazonaws.vpce.{}.", node.region))
}

/// A list of keys and values, a property each.
fn keyed(name: &str, prop: &Prop) -> Option<Vec<(String, Prop)>> {
    let items = prop.list().filter(|_| KEYED.contains(&name))?;
    let entry = |item: &Prop| {
        let key = item.get("Key")?.text()?;
        Some((format!("{name} {key}"), item.get("Value")?.clone()))
    };
    items.iter().map(entry).collect()
}

/// Takes a zone's VPCs out of it: a template can name those of one account only.
fn associations(node: &Node, object: &mut Normal, objects: &mut Vec<Normal>) {
    if node.kind != "AWS::Route53::HostedZone" {
        return;
    }
    let vpcs = object.properties.remove("VPCs");
    let vpcs = vpcs.as_ref().and_then(Prop::list).unwrap_or_default();
    let zone = Prop::Ref(node.id.clone(), "Ref".to_owned());
    let vpcs = vpcs.iter().filter_map(|item| item.get("VPCId"));
    objects.extend(vpcs.map(|vpc| association(zone.clone(), vpc.clone())));
}

fn association(zone: Prop, vpc: Prop) -> Normal {
    let properties = [("zone", zone), ("vpc", vpc)];
    let properties = properties.map(|(name, prop)| (name.to_owned(), prop));
    Normal {
        id: NodeId {
            unit: String::new(),
            name: format!("{properties:?}"),
        },
        kind: ASSOCIATION.to_owned(),
        place: Default::default(),
        properties: properties.into(),
    }
}

impl Normal {
    /// How alike two objects are: properties with the same value, references aside.
    pub(super) fn likeness(&self, other: &Self) -> (bool, usize) {
        let same = self.properties.iter().filter(|(name, prop)| {
            let other = other.properties.get(*name);
            other.is_some_and(|other| shown(other) == shown(prop))
        });
        (self.place == other.place, same.count())
    }

    /// What is different between two objects that should be the same.
    pub(super) fn compared(&self, other: &Self) -> String {
        let mut names: Vec<&String> = self.properties.keys().collect();
        names.extend(other.properties.keys());
        names.sort();
        names.dedup();
        let value =
            |of: &Self, name: &String| of.properties.get(name).map_or("nothing".to_owned(), shown);
        let differing = names.into_iter().filter_map(|name| {
            let (ours, theirs) = (value(self, name), value(other, name));
            (ours != theirs).then(|| format!("{name}: {ours} or {theirs}"))
        });
        let differing: Vec<_> = differing.collect();
        if differing.is_empty() {
            return format!(
                "{self} and {other} refer to different objects, or are referred to by such"
            );
        }
        format!("{self} or {other}: {}", differing.join("; "))
    }
}

impl fmt::Display for Normal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { id, kind, .. } = self;
        write!(f, "{kind} {id}")
    }
}

/// A value in one line, without which object it refers to.
pub(super) fn shown(prop: &Prop) -> String {
    written(prop, &|_| String::new())
}

/// A value in one line; lists have no order.
pub(super) fn written(prop: &Prop, object: &dyn Fn(&NodeId) -> String) -> String {
    let each = |items: &[Prop]| -> Vec<String> {
        items.iter().map(|item| written(item, object)).collect()
    };
    match prop {
        Prop::Text(text) => format!("`{text}`"),
        Prop::Number(number) => number.to_string(),
        Prop::Flag(flag) => flag.to_string(),
        Prop::List(items) => {
            let mut items = each(items);
            items.sort();
            format!("[{}]", items.join(", "))
        }
        Prop::Map(entries) => {
            let entries = entries.iter();
            let entries = entries.map(|(name, prop)| format!("{name}: {}", written(prop, object)));
            format!("{{{}}}", entries.collect::<Vec<_>>().join(", "))
        }
        Prop::Ref(id, attribute) => format!("→{}.{attribute}", object(id)),
        Prop::Joined(parts) => each(parts).join(" + "),
    }
}
