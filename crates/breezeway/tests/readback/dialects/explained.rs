//! What CloudFormation and Terraform say differently of one object, and why.

use std::collections::BTreeSet;

use super::normal::{Normal, shown};

/// A difference: type, property (none: such objects at all), reason.
type Row = (&'static str, Option<&'static str>, &'static str);

const ROWS: &[Row] = &[
    (
        "AWS::EC2::SecurityGroup",
        Some("GroupName"),
        "Terraform names groups; CloudFormation lets AWS name them, because a named one cannot be \
         replaced",
    ),
    (
        "AWS::EC2::SecurityGroupEgress",
        Some("DestinationSecurityGroupOwnerId"),
        "Terraform says whose a peered VPC's group is; CloudFormation has no word for it",
    ),
    (
        "AWS::EC2::VPCEndpoint",
        Some("SubnetConfigurations"),
        "Terraform fixes the addresses of interface endpoints; CloudFormation has no word for it",
    ),
    (
        "AWS::EC2::VPCPeeringConnection",
        Some("PeerRoleArn"),
        "CloudFormation accepts a peering itself, by a role of the other account; Terraform only \
         requests it",
    ),
];

/// Rows that explained something.
#[derive(Clone, Debug, Default)]
pub(crate) struct Used(BTreeSet<usize>);

impl Used {
    /// Takes out of both sides what a row explains.
    pub(super) fn strip(&mut self, sides: &mut [Vec<Normal>; 2]) {
        for (index, (kind, property, _)) in ROWS.iter().enumerate() {
            let [ours, theirs] = sides.each_mut().map(|side| match property {
                None => removed(side, kind),
                Some(property) => taken(side, kind, property),
            });
            if ours != theirs {
                self.0.insert(index);
            }
        }
    }

    /// Rows that explain nothing.
    pub(crate) fn stale(&self) -> Vec<String> {
        let rows = ROWS.iter().enumerate();
        let stale = rows.filter(|(index, _)| !self.0.contains(index));
        stale
            .map(|(_, (kind, property, why))| format!("{kind} {property:?}: {why}"))
            .collect()
    }
}

/// Removes the objects of a kind: what they were, in order.
fn removed(side: &mut Vec<Normal>, kind: &str) -> Vec<String> {
    let mut texts = Vec::new();
    side.retain(|object| {
        let is_other = object.kind != kind;
        if !is_other {
            let properties = object.properties.iter();
            let properties = properties.map(|(name, prop)| format!("{name}={}", shown(prop)));
            texts.push(properties.collect::<Vec<_>>().join(" "));
        }
        is_other
    });
    texts.sort();
    texts
}

/// Takes a property of the objects of a kind: its values, in order.
fn taken(side: &mut [Normal], kind: &str, property: &str) -> Vec<String> {
    let objects = side.iter_mut().filter(|object| object.kind == kind);
    let taken = objects.filter_map(|object| object.properties.remove(property));
    let mut texts: Vec<_> = taken.map(|prop| shown(&prop)).collect();
    texts.sort();
    texts
}
