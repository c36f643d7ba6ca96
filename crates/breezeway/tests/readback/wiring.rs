//! The wiring file: which unit's outputs are which unit's inputs, and where other values come
//! from. Units are read in the order in which they can be applied, so an input that is an output
//! of a later unit is an error.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use serde::Deserialize;
use sha2::{Digest, Sha256};

use super::graph::{Graph, Node, Prop};
use super::known::Known;

/// Name of the file.
pub(crate) const FILE: &str = "breezeway-render.json";

/// Name of the file that tells the steps.
const STEPS: &str = "STEPS.md";

/// Version that is read.
const FORMAT: &str = "breezeway-render/1";

/// Texts of a rendering by path below its folder, `/` between parts.
pub(crate) type Files = BTreeMap<String, String>;

/// Values by name.
pub(crate) type Values = BTreeMap<String, Prop>;

/// The wiring file.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Wiring {
    pub(crate) format: String,
    pub(crate) name: String,
    pub(crate) target: String,
    pub(crate) despite_findings: bool,
    /// SHA-256 of every other file, hex.
    pub(crate) files: BTreeMap<String, String>,
    pub(crate) units: Vec<Unit>,
    pub(crate) clients: BTreeMap<String, ClientWiring>,
    pub(crate) clusters: BTreeMap<String, ClusterWiring>,
    #[serde(default)]
    pub(crate) zone_associations: Vec<ZoneAssociation>,
}

/// A template or module.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Unit {
    pub(crate) path: String,
    #[serde(default)]
    pub(crate) stack: String,
    pub(crate) account: String,
    pub(crate) region: String,
    pub(crate) stage: String,
    pub(crate) inputs: Vec<Input>,
    pub(crate) outputs: Vec<String>,
}

/// A value that a unit is given.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Input {
    pub(crate) name: String,
    pub(crate) from: Source,
}

/// Where an input's value comes from.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub(crate) enum Source {
    /// An output of another unit.
    Output { unit: String, name: String },
    /// Amazon MSK's address of a broker.
    BrokerAddress { cluster: String, broker: u32 },
    /// The domain below which a cluster's brokers are named.
    Suffix { cluster: String },
    /// The user.
    Given { what: String },
    /// The user: the ARN of a certificate that carries these names.
    Certificate { of: String, names: BTreeSet<String> },
    /// A value that changes later on.
    Switch {
        first: String,
        then: String,
        when: String,
    },
    /// The route table of a subnet that exists.
    RouteTable { subnet: String },
}

/// An object: made by a unit, or there already.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub(crate) enum Handle {
    Output { unit: String, name: String },
    Existing(String),
}

/// What a client wears.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ClientWiring {
    pub(crate) security_group: Handle,
}

/// What a cluster is.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ClusterWiring {
    pub(crate) arn: Handle,
    /// What the brokers of a cluster that exists are to wear.
    #[serde(default)]
    pub(crate) security_groups: Vec<Handle>,
}

/// That a VPC uses a private hosted zone, where a step and no template says so.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ZoneAssociation {
    pub(crate) zone: Handle,
    pub(crate) vpc: Handle,
    pub(crate) region: String,
}

/// The settings of one broker on EC2.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct BrokerSettings {
    /// Account and Region whose folder they lie in.
    pub(crate) account: String,
    pub(crate) region: String,
    pub(crate) cluster: String,
    pub(crate) broker: u32,
    /// Its `server.properties`.
    pub(crate) text: String,
}

/// Everything read of a rendering.
#[derive(Clone, Debug, Default)]
pub(crate) struct Reading {
    pub(crate) graph: Graph,
    /// Each client's security group: a reference, or the id of one that exists.
    pub(crate) clients: Values,
    /// Each cluster's ARN, likewise.
    pub(crate) clusters: Values,
    /// The security groups of the brokers of clusters that exist.
    pub(crate) broker_groups: BTreeMap<String, Vec<Prop>>,
    /// Zones and VPCs that steps associate.
    pub(crate) zone_associations: Vec<(Prop, Prop)>,
    /// Brokers' settings, by path.
    pub(crate) settings: Vec<BrokerSettings>,
    /// The steps that no template takes.
    pub(crate) steps: String,
}

/// What reading one unit yields.
#[derive(Clone, Debug, Default)]
pub(crate) struct Stack {
    pub(crate) nodes: Vec<Node>,
    pub(crate) outputs: Values,
}

impl Wiring {
    /// Reads the wiring of a rendering and holds its list of files against them.
    pub(crate) fn of(files: &Files) -> Result<Self, String> {
        let text = files
            .get(FILE)
            .ok_or_else(|| format!("there is no {FILE}"))?;
        let wiring: Self = serde_json::from_str(text).map_err(|why| format!("{FILE}: {why}"))?;
        if wiring.format != FORMAT {
            return Err(format!("{FILE}: format {}", wiring.format));
        }
        let listed: BTreeSet<&String> = wiring.files.keys().collect();
        let present: BTreeSet<&String> = files.keys().filter(|path| *path != FILE).collect();
        if let Some(path) = listed.symmetric_difference(&present).next() {
            return Err(format!("{FILE}: {path} is only listed or only there"));
        }
        let other = wiring
            .files
            .iter()
            .find(|(path, sum)| files.get(*path).is_none_or(|text| sha256(text) != **sum));
        if let Some((path, _)) = other {
            return Err(format!("{FILE}: {path} has another checksum"));
        }
        Ok(wiring)
    }

    /// Reads every unit in order with `each`, which gets the unit and its inputs' values.
    pub(crate) fn read(
        &self,
        files: &Files,
        known: &Known,
        mut each: impl FnMut(&Unit, &Values) -> Result<Stack, Vec<String>>,
    ) -> Result<Reading, Vec<String>> {
        let mut reading = Reading::default();
        let mut published = Published::default();
        let mut faults = Vec::new();
        for unit in &self.units {
            let stack = published
                .inputs(unit, known)
                .and_then(|inputs| each(unit, &inputs))
                .and_then(|stack| published.publish(unit, &stack.outputs).map(|()| stack));
            match stack {
                Ok(stack) => reading.graph.nodes.extend(stack.nodes),
                Err(found) => faults.extend(found),
            }
        }
        let rest = self.handles(&published, &mut reading);
        faults.extend(rest.err());
        reading.settings = settings(files).unwrap_or_else(|fault| {
            faults.push(fault);
            Vec::new()
        });
        reading.steps = files.get(STEPS).cloned().unwrap_or_default();
        if faults.is_empty() {
            Ok(reading)
        } else {
            Err(faults)
        }
    }

    fn handles(&self, published: &Published, reading: &mut Reading) -> Result<(), String> {
        for (name, client) in &self.clients {
            let group = published.handle(&client.security_group)?;
            reading.clients.insert(name.clone(), group);
        }
        for (name, cluster) in &self.clusters {
            let arn = published.handle(&cluster.arn)?;
            reading.clusters.insert(name.clone(), arn);
            let groups = cluster.security_groups.iter();
            let groups: Result<Vec<_>, _> = groups.map(|g| published.handle(g)).collect();
            reading.broker_groups.insert(name.clone(), groups?);
        }
        for association in &self.zone_associations {
            let zone = published.handle(&association.zone)?;
            let vpc = published.handle(&association.vpc)?;
            reading.zone_associations.push((zone, vpc));
        }
        Ok(())
    }
}

/// Outputs of the units read so far, by unit and name.
#[derive(Default)]
struct Published(BTreeMap<(String, String), Prop>);

impl Published {
    fn inputs(&self, unit: &Unit, known: &Known) -> Result<Values, Vec<String>> {
        let mut values = Values::new();
        let mut faults = Vec::new();
        for input in &unit.inputs {
            match self.value(&input.from, known) {
                Ok(value) => {
                    if values.insert(input.name.clone(), value).is_some() {
                        faults.push(format!("{}: input {} twice", unit.path, input.name));
                    }
                }
                Err(why) => faults.push(format!("{}: input {}: {why}", unit.path, input.name)),
            }
        }
        if faults.is_empty() {
            Ok(values)
        } else {
            Err(faults)
        }
    }

    fn value(&self, source: &Source, known: &Known) -> Result<Prop, String> {
        match (literal(source, known), source) {
            (Some(text), _) => text.map(Prop::Text),
            (None, Source::Output { unit, name }) => self.output(unit, name),
            (None, other) => Err(format!("{other:?} has no value")),
        }
    }

    fn output(&self, unit: &str, name: &str) -> Result<Prop, String> {
        let value = self.0.get(&(unit.to_owned(), name.to_owned()));
        value
            .cloned()
            .ok_or_else(|| format!("no unit before it has the output {name} of {unit}"))
    }

    fn handle(&self, handle: &Handle) -> Result<Prop, String> {
        match handle {
            Handle::Existing(id) => Ok(Prop::Text(id.clone())),
            Handle::Output { unit, name } => self.output(unit, name),
        }
    }

    /// Keeps a unit's outputs, which must be those that the wiring names.
    fn publish(&mut self, unit: &Unit, outputs: &Values) -> Result<(), Vec<String>> {
        let named: BTreeSet<&String> = unit.outputs.iter().collect();
        let written: BTreeSet<&String> = outputs.keys().collect();
        let differing: Vec<String> = named
            .symmetric_difference(&written)
            .map(|name| {
                format!(
                    "{}: output {name} is only in the text or only in the wiring",
                    unit.path
                )
            })
            .collect();
        for (name, value) in outputs {
            self.0
                .insert((unit.path.clone(), name.clone()), value.clone());
        }
        if differing.is_empty() {
            Ok(())
        } else {
            Err(differing)
        }
    }
}

/// The text that a source stands for; none for another unit's output.
pub(crate) fn literal(source: &Source, known: &Known) -> Option<Result<String, String>> {
    let text = match source {
        Source::Output { .. } => return None,
        Source::BrokerAddress { cluster, broker } => {
            let address = known.broker_address(cluster, *broker);
            let address = address.map(|address| address.to_string());
            return Some(
                address.ok_or_else(|| format!("the spec has no broker {broker} of {cluster}")),
            );
        }
        Source::Suffix { cluster } => {
            let suffix = known.suffix(cluster).map(str::to_owned);
            return Some(suffix.ok_or_else(|| format!("the spec has no cluster {cluster}")));
        }
        Source::Given { what } => given(what),
        Source::Certificate { names, .. } => certificate(names),
        Source::Switch { then, .. } => then.clone(),
        Source::RouteTable { subnet } => format!("rtb-of-{subnet}"),
    };
    Some(Ok(text))
}

/// What stands for a certificate's ARN: `certificate:NAME,NAME`.
fn certificate(names: &BTreeSet<String>) -> String {
    let names: Vec<_> = names.iter().map(String::as_str).collect();
    format!("certificate:{}", names.join(","))
}

/// What stands for a value that only the user has: `given:` and what it is.
fn given(what: &str) -> String {
    let words = what.split(|c: char| !c.is_ascii_alphanumeric());
    let words: Vec<_> = words
        .filter(|word| !word.is_empty())
        .map(str::to_ascii_lowercase)
        .collect();
    format!("given:{}", words.join("-"))
}

/// The files `ACCOUNT/REGION/settings/CLUSTER/broker-ID.server.properties`.
fn settings(files: &Files) -> Result<Vec<BrokerSettings>, String> {
    let of = |(path, text): (&String, &String)| {
        let parts: Vec<_> = path.split('/').collect();
        let [account, region, "settings", cluster, file] = parts[..] else {
            return None;
        };
        let id = file
            .strip_prefix("broker-")
            .and_then(|rest| rest.strip_suffix(".server.properties"))
            .and_then(|id| id.parse().ok());
        let Some(broker) = id else {
            return Some(Err(format!("{path} is not named broker-ID")));
        };
        Some(Ok(BrokerSettings {
            account: account.to_owned(),
            region: region.to_owned(),
            cluster: cluster.to_owned(),
            broker,
            text: text.clone(),
        }))
    };
    files.iter().filter_map(of).collect()
}

/// A text's SHA-256, hex.
pub(crate) fn sha256(text: &str) -> String {
    Sha256::digest(text)
        .iter()
        .fold(String::new(), |mut hex, byte| {
            let _ = write!(hex, "{byte:02x}");
            hex
        })
}
