//! Our own judge of rendered text, for what cfn-lint and Terraform let pass: values of the right
//! type that AWS refuses, or takes and that are not meant. It knows resources of both targets in
//! CloudFormation's words, and AWS's documents; it knows nothing of the renderer.

mod front;
mod msk;
mod network;
mod policies;
mod references;
#[cfg(test)]
mod tests;
mod texts;

use std::fmt;
use std::net::Ipv4Addr;

use ipnet::Ipv4Net;

use super::graph::{Graph, Node, Prop};
use super::wiring::Files;

/// Something that AWS would refuse or that must not be.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Objection {
    /// What is wrong, in kebab-case.
    pub(crate) fault: &'static str,
    /// The resource or file.
    pub(crate) place: String,
    /// What is there.
    pub(crate) told: String,
}

impl fmt::Display for Objection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}: {}", self.place, self.fault, self.told)
    }
}

/// Judges the resources of a rendering, whichever its target.
pub(crate) fn of_graph(graph: &Graph) -> Vec<Objection> {
    let mut found = Objections::default();
    references::judge(graph, &mut found);
    network::judge(graph, &mut found);
    front::judge(graph, &mut found);
    msk::judge(graph, &mut found);
    policies::judge(graph, &mut found);
    found.sorted()
}

/// Judges the texts of a rendering, whichever its target.
pub(crate) fn of_texts(files: &Files) -> Vec<Objection> {
    let mut found = Objections::default();
    texts::judge(files, &mut found);
    found.sorted()
}

/// What was found so far.
#[derive(Default)]
struct Objections(Vec<Objection>);

impl Objections {
    fn at(&mut self, node: &Node, fault: &'static str, told: impl Into<String>) {
        let place = format!("{} ({})", node.id, node.kind);
        self.add(place, fault, told);
    }

    fn add(&mut self, place: impl Into<String>, fault: &'static str, told: impl Into<String>) {
        self.0.push(Objection {
            fault,
            place: place.into(),
            told: told.into(),
        });
    }

    fn sorted(mut self) -> Vec<Objection> {
        self.0.sort();
        self.0.dedup();
        self.0
    }
}

/// The values at a path of properties such as `SubnetMappings.SubnetId`; lists on the way are
/// gone through.
fn reach<'p>(node: &'p Node, path: &str) -> Vec<&'p Prop> {
    let mut names = path.split('.');
    let first = names.next().and_then(|name| node.get(name));
    let mut found: Vec<&Prop> = first.into_iter().flat_map(items).collect();
    for name in names {
        found = found
            .into_iter()
            .filter_map(|prop| prop.get(name))
            .flat_map(items)
            .collect();
    }
    found
}

/// A list's items, or the value itself.
fn items(prop: &Prop) -> Vec<&Prop> {
    match prop.list() {
        Some(items) => items.iter().collect(),
        None => vec![prop],
    }
}

/// Calls `visit` with a value and every value inside it.
fn walk<'p>(prop: &'p Prop, visit: &mut dyn FnMut(&'p Prop)) {
    visit(prop);
    match prop {
        Prop::List(inner) | Prop::Joined(inner) => inner.iter().for_each(|p| walk(p, visit)),
        Prop::Map(entries) => entries.values().for_each(|p| walk(p, visit)),
        Prop::Text(_) | Prop::Number(_) | Prop::Flag(_) | Prop::Ref(..) => {}
    }
}

fn range(prop: Option<&Prop>) -> Option<Ipv4Net> {
    prop?.text()?.parse().ok()
}

fn address(prop: &Prop) -> Option<Ipv4Addr> {
    prop.text()?.parse().ok()
}

/// The VPC of a subnet, as the subnet names it.
fn vpc_of<'g>(graph: &'g Graph, subnet: &Prop) -> Option<&'g Prop> {
    graph.target(subnet, "AWS::EC2::Subnet")?.get("VpcId")
}

/// The ranges of a VPC that is made here.
fn ranges(graph: &Graph, vpc: &Prop) -> Vec<Ipv4Net> {
    let Some(made) = graph.target(vpc, "AWS::EC2::VPC") else {
        return Vec::new();
    };
    let further = graph.of_kind("AWS::EC2::VPCCidrBlock");
    let further = further.filter(|block| block.get("VpcId") == Some(vpc));
    let blocks = std::iter::once(made).chain(further);
    blocks
        .filter_map(|node| range(node.get("CidrBlock")))
        .collect()
}

/// How a value is shown.
fn shown(prop: &Prop) -> String {
    match prop {
        Prop::Text(text) => format!("`{text}`"),
        Prop::Number(number) => number.to_string(),
        Prop::Flag(flag) => flag.to_string(),
        Prop::Ref(id, attribute) => format!("{attribute} of {id}"),
        Prop::Joined(parts) => parts.iter().map(shown).collect::<Vec<_>>().join(" + "),
        Prop::List(_) => "a list".to_owned(),
        Prop::Map(_) => "a mapping".to_owned(),
    }
}
