//! The wiring file of a rendering: which unit's outputs are which unit's inputs, and where every
//! other value comes from; the digests of the files beside it. A frozen form, converted by hand.

use std::collections::BTreeMap;

use render::unit;
use render::value::{Input as Outside, Switch};
use render::{Rendered, Target, Whereabouts};
use serde::Serialize;

/// What `format` says: another number is another form.
pub const FORMAT: &str = "breezeway-render/1";

/// The wiring file.
#[derive(Clone, Debug, Serialize)]
pub struct Wiring {
    /// `breezeway-render/1`.
    pub format: &'static str,
    /// The spec's name.
    pub name: String,
    /// `cloudformation` or `terraform`.
    pub target: &'static str,
    /// Whether the spec had errors when it was rendered.
    pub despite_findings: bool,
    /// SHA-256 of every other file, in hexadecimal digits, by path below the folder.
    pub files: BTreeMap<String, String>,
    /// Templates or modules, in an order in which they can be applied.
    pub units: Vec<Unit>,
    /// What each client wears.
    pub clients: BTreeMap<String, Client>,
    /// Each Amazon MSK cluster.
    pub clusters: BTreeMap<String, Cluster>,
    /// VPCs that steps associate with private hosted zones of other accounts.
    pub zone_associations: Vec<ZoneAssociation>,
}

/// What is applied in one go: a template or a root module.
#[derive(Clone, Debug, Serialize)]
pub struct Unit {
    /// Its file or folder.
    pub path: String,
    /// Name of its stack.
    pub stack: String,
    /// Account, twelve digits.
    pub account: String,
    /// AWS Region.
    pub region: String,
    /// `network`, `cluster`, `front`, `entrance` or `routes`.
    pub stage: &'static str,
    /// Values that it is given; all of them texts.
    pub inputs: Vec<Input>,
    /// Names of the values that it gives.
    pub outputs: Vec<String>,
}

/// A value that a unit is given.
#[derive(Clone, Debug, Serialize)]
pub struct Input {
    /// Its name, in the target's case.
    pub name: String,
    /// Where it comes from.
    pub from: Source,
}

/// Where a value comes from.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// Another unit.
    Output {
        /// That unit's path.
        unit: String,
        /// The output's name, in the target's case.
        name: String,
    },
    /// Amazon MSK: the address of a broker.
    BrokerAddress {
        /// The cluster.
        cluster: String,
        /// Kafka's id of the broker.
        broker: u32,
    },
    /// Amazon MSK: the domain under which it names a cluster's brokers.
    Suffix {
        /// The cluster.
        cluster: String,
    },
    /// Amazon EC2: the route table of a subnet that exists.
    RouteTable {
        /// AWS's id of the subnet.
        subnet: String,
    },
    /// The user: the ARN of a certificate in AWS Certificate Manager.
    Certificate {
        /// What presents it.
        of: String,
        /// The names it must carry.
        names: Vec<String>,
    },
    /// The user.
    Given {
        /// What it is.
        what: String,
    },
    /// A second update of the unit.
    Switch {
        /// The value until then.
        first: &'static str,
        /// The value from then on.
        then: &'static str,
        /// When that is.
        when: String,
    },
}

/// Where a value of AWS is found.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Handle {
    /// An output of a unit.
    Output {
        /// That unit's path.
        unit: String,
        /// The output's name, in the target's case.
        name: String,
    },
    /// Known, because the object exists already.
    Existing(String),
}

/// What is known of a client.
#[derive(Clone, Debug, Serialize)]
pub struct Client {
    /// The security group that its interfaces wear.
    pub security_group: Handle,
}

/// What is known of a cluster.
#[derive(Clone, Debug, Serialize)]
pub struct Cluster {
    /// Its ARN.
    pub arn: Handle,
    /// New security groups that its brokers are to wear, if it exists already: nobody but the
    /// owner can give them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub security_groups: Vec<Handle>,
}

/// A VPC that a step associates with a private hosted zone.
#[derive(Clone, Debug, Serialize)]
pub struct ZoneAssociation {
    /// The zone's id.
    pub zone: Handle,
    /// The VPC's id.
    pub vpc: Handle,
    /// The VPC's Region.
    pub region: String,
}

/// The wiring file's text.
///
/// # Errors
/// When it cannot be serialized, which no value of these types brings about.
pub fn text(name: &str, despite_findings: bool, rendered: &Rendered) -> serde_json::Result<String> {
    let wiring = Wiring::new(name, despite_findings, rendered);
    Ok(format!("{}\n", serde_json::to_string_pretty(&wiring)?))
}

impl Wiring {
    fn new(name: &str, despite_findings: bool, rendered: &Rendered) -> Self {
        let Rendered {
            target,
            units,
            files,
            client_groups,
            cluster_arns,
            broker_groups,
            zone_associations,
        } = rendered;
        let target = *target;
        let digest = |text: &String| crate::folder::digest(text.as_bytes());
        let handle = |whereabouts: &Whereabouts| Handle::new(target, whereabouts);
        let client = |security_group| Client { security_group };
        let cluster = |id, arn| Cluster {
            arn: handle(arn),
            security_groups: broker_groups
                .get(id)
                .into_iter()
                .flatten()
                .map(handle)
                .collect(),
        };
        let association = |one: &render::ZoneAssociation| ZoneAssociation {
            zone: handle(&one.zone),
            vpc: handle(&one.vpc),
            region: one.region.clone(),
        };
        let files = files.iter();
        let groups = client_groups.iter();
        let arns = cluster_arns.iter();
        Self {
            format: FORMAT,
            name: name.to_owned(),
            target: target.as_str(),
            despite_findings,
            files: files
                .map(|(path, text)| (path.clone(), digest(text)))
                .collect(),
            units: units.iter().map(|unit| Unit::new(target, unit)).collect(),
            clients: groups
                .map(|(id, group)| (id.to_string(), client(handle(group))))
                .collect(),
            clusters: arns
                .map(|(id, arn)| (id.to_string(), cluster(id, arn)))
                .collect(),
            zone_associations: zone_associations.iter().map(association).collect(),
        }
    }
}

impl Unit {
    fn new(target: Target, unit: &unit::Unit) -> Self {
        let input = |(name, source): (&String, &unit::Source)| Input {
            name: target.written(name),
            from: Source::new(target, source),
        };
        Self {
            path: unit.path.clone(),
            stack: unit.stack.clone(),
            account: unit.place.account.clone(),
            region: unit.place.region.clone(),
            stage: unit.place.stage.as_str(),
            inputs: unit.inputs.iter().map(input).collect(),
            outputs: unit
                .outputs
                .keys()
                .map(|name| target.written(name))
                .collect(),
        }
    }
}

impl Source {
    fn new(target: Target, source: &unit::Source) -> Self {
        match source {
            unit::Source::Output { unit, name } => Self::Output {
                unit: unit.clone(),
                name: target.written(name),
            },
            unit::Source::Outside(input) => Self::outside(input),
            unit::Source::Switch(switch) => Self::Switch {
                first: "false",
                then: "true",
                when: when(switch),
            },
        }
    }

    fn outside(input: &Outside) -> Self {
        match input {
            Outside::BrokerAddress { cluster, broker } => Self::BrokerAddress {
                cluster: cluster.clone(),
                broker: *broker,
            },
            Outside::Suffix { cluster } => Self::Suffix {
                cluster: cluster.clone(),
            },
            Outside::RouteTableOf { subnet } => Self::RouteTable {
                subnet: subnet.clone(),
            },
            Outside::Certificate { of, names } => Self::Certificate {
                of: of.clone(),
                names: names.iter().cloned().collect(),
            },
            Outside::Given { name: _, what } => Self::Given { what: what.clone() },
        }
    }
}

/// When a switch is thrown.
fn when(switch: &Switch) -> String {
    match switch {
        Switch::Advertised { cluster } => format!(
            "once every stage is applied, so that what the brokers of `{cluster}` then advertise leads to them"
        ),
        Switch::VpcConnectivity { cluster } => format!(
            "once `{cluster}` is active, before the stage `entrance`: Amazon MSK refuses it while it makes a cluster"
        ),
    }
}

impl Handle {
    fn new(target: Target, whereabouts: &Whereabouts) -> Self {
        match whereabouts {
            Whereabouts::Output { unit, name } => Self::Output {
                unit: unit.clone(),
                name: target.written(name),
            },
            Whereabouts::Existing(id) => Self::Existing(id.clone()),
        }
    }
}
