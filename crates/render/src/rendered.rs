//! A blueprint as files: what each target writes, the order in which it is applied, and where the
//! values are found that pass from one account to another.

use std::collections::BTreeMap;

use blueprint::Blueprint;
use blueprint::diagnostic::Diagnostic;
use blueprint::ids::{ClientId, ClusterId};

use crate::cloudformation::CloudFormation;
use crate::dialect::Dialect;
use crate::object::{Attribute, Object};
use crate::target::Target;
use crate::terraform::Terraform;
use crate::unit::{self, Granularity, Unit};
use crate::{parts, refusals, settings, steps};

/// The page that tells what is applied in which order, and what is done in between.
const STEPS_FILE: &str = "STEPS.md";

/// Everything that one rendering writes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rendered {
    /// What it is rendered to.
    pub target: Target,
    /// What is applied in one go, in an order in which it can be applied.
    pub units: Vec<Unit>,
    /// Texts by their path below the output folder, with forward slashes.
    pub files: BTreeMap<String, String>,
    /// Where the id of each client's security group is found.
    pub client_groups: BTreeMap<ClientId, Whereabouts>,
    /// Where the ARN of each Amazon MSK cluster is found.
    pub cluster_arns: BTreeMap<ClusterId, Whereabouts>,
    /// Where the ids of the security groups are found that the brokers of clusters that exist are
    /// to wear, as far as the groups are new.
    pub broker_groups: BTreeMap<ClusterId, Vec<Whereabouts>>,
    /// Which private hosted zones are associated with VPCs of other accounts, by steps.
    pub zone_associations: Vec<ZoneAssociation>,
}

/// A private hosted zone and a VPC of another account that uses it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ZoneAssociation {
    /// Where the zone's id is found.
    pub zone: Whereabouts,
    /// Where the VPC's id is found.
    pub vpc: Whereabouts,
    /// AWS Region of the VPC.
    pub region: String,
}

/// Where a value of AWS is found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Whereabouts {
    /// An output of a unit.
    Output {
        /// The unit's path.
        unit: String,
        /// The output's name, in kebab-case.
        name: String,
    },
    /// Known, because the object exists already.
    Existing(String),
}

/// Renders a blueprint. Every text begins with the lines of `header`, as comments. What the
/// diagnostics tell cannot be made as it is written.
pub fn render(
    blueprint: &Blueprint,
    target: Target,
    header: &[String],
) -> (Rendered, Vec<Diagnostic>) {
    let (dialect, granularity): (&dyn Dialect, _) = match target {
        Target::CloudFormation => (&CloudFormation, Granularity::Subject(".yaml")),
        Target::Terraform => (&Terraform, Granularity::Stage),
    };
    let units = unit::divide(blueprint, parts::of(blueprint), dialect, granularity);
    let mut files: BTreeMap<String, String> = BTreeMap::new();
    for unit in &units {
        files.extend(dialect.print(blueprint, unit));
    }
    files.extend(settings::files(blueprint));
    let mut rendered = Rendered {
        target,
        client_groups: client_groups(blueprint, &units),
        cluster_arns: cluster_arns(blueprint, &units),
        broker_groups: broker_groups(blueprint, &units),
        zone_associations: zone_associations(blueprint, &units),
        units,
        files,
    };
    let text = steps::text(blueprint, &rendered.units, target);
    rendered.files.insert(STEPS_FILE.to_owned(), text);
    for (path, text) in &mut rendered.files {
        *text = format!("{}{text}", commented(path, header));
    }
    let mut found = refusals::of_blueprint(blueprint);
    if target == Target::CloudFormation {
        found.extend(refusals::of_templates(&rendered.units, &rendered.files));
    }
    (rendered, found)
}

/// Lines as a comment of the file's language.
fn commented(path: &str, lines: &[String]) -> String {
    let mark = if path.ends_with(".md") { ">" } else { "#" };
    let lines = lines.iter().map(|line| format!("{mark} {line}\n"));
    let text: String = lines.collect();
    match text.is_empty() {
        true => text,
        false => format!("{text}\n"),
    }
}

/// Where what AWS gives an object is found, if it is known or anything tells it.
pub(crate) fn whereabouts(
    blueprint: &Blueprint,
    units: &[Unit],
    object: &Object,
    attribute: Attribute,
) -> Option<Whereabouts> {
    let known = object.noun().and_then(|noun| blueprint.existing.get(&noun));
    if let Some(id) = known {
        return Some(Whereabouts::Existing(id.clone()));
    }
    units.iter().find_map(|unit| {
        let mut outputs = unit.outputs.iter();
        let output = outputs.find(|(_, (of, what))| of == object && *what == attribute);
        output.map(|(name, _)| Whereabouts::Output {
            unit: unit.path.clone(),
            name: name.clone(),
        })
    })
}

fn client_groups(blueprint: &Blueprint, units: &[Unit]) -> BTreeMap<ClientId, Whereabouts> {
    let groups = blueprint.clients.iter().filter_map(|(id, client)| {
        let mut enis = client.enis.iter().filter_map(|eni| blueprint.enis.get(eni));
        let group = enis.find_map(|eni| eni.security_groups.first())?;
        let group = Object::SecurityGroup(group.clone());
        let found = whereabouts(blueprint, units, &group, Attribute::Id)?;
        Some((id.clone(), found))
    });
    groups.collect()
}

fn cluster_arns(blueprint: &Blueprint, units: &[Unit]) -> BTreeMap<ClusterId, Whereabouts> {
    let clusters = blueprint.clusters.iter();
    let msk = clusters.filter(|(_, cluster)| cluster.kind.is_msk());
    let found = msk.filter_map(|(id, _)| {
        let object = Object::Cluster(id.clone());
        let arn = whereabouts(blueprint, units, &object, Attribute::Arn)?;
        Some((id.clone(), arn))
    });
    found.collect()
}

fn broker_groups(blueprint: &Blueprint, units: &[Unit]) -> BTreeMap<ClusterId, Vec<Whereabouts>> {
    let clusters = blueprint.clusters.keys();
    let found = clusters.map(|id| {
        let groups = unit::new_groups_of_existing(blueprint, id).into_iter();
        let groups = groups.filter_map(|group| {
            let group = Object::SecurityGroup(group.clone());
            whereabouts(blueprint, units, &group, Attribute::Id)
        });
        (id.clone(), groups.collect::<Vec<_>>())
    });
    found.filter(|(_, groups)| !groups.is_empty()).collect()
}

fn zone_associations(blueprint: &Blueprint, units: &[Unit]) -> Vec<ZoneAssociation> {
    let zones = blueprint.zones.iter().filter(|(_, zone)| !zone.managed);
    let uses = zones.flat_map(|(id, zone)| zone.vpcs.iter().map(move |vpc| (id, zone, vpc)));
    let across = uses.filter_map(|(id, zone, vpc_id)| {
        let vpc = blueprint.vpcs.get(vpc_id)?;
        let at = |object| whereabouts(blueprint, units, &object, Attribute::Id);
        (vpc.account != zone.account).then_some(())?;
        Some(ZoneAssociation {
            zone: at(Object::HostedZone(id.clone()))?,
            vpc: at(Object::Vpc(vpc_id.clone()))?,
            region: vpc.region.clone(),
        })
    });
    across.collect()
}
