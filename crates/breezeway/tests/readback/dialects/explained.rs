//! What CloudFormation and Terraform say differently of one object, and why.

use std::collections::BTreeSet;

use super::normal::Normal;

/// Who says something that the other does not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Only {
    CloudFormation,
    Terraform,
}

/// A difference: type, property (none: such objects at all), who says it, why.
type Row = (&'static str, Option<&'static str>, Only, &'static str);

const ROWS: &[Row] = &[
    (
        "AWS::EC2::SecurityGroup",
        Some("GroupName"),
        Only::Terraform,
        "Terraform names groups; CloudFormation lets AWS name them, because a named one cannot be \
         replaced",
    ),
    (
        "AWS::EC2::SecurityGroupEgress",
        Some("DestinationSecurityGroupOwnerId"),
        Only::Terraform,
        "Terraform says whose a peered VPC's group is; CloudFormation has no word for it",
    ),
    (
        "AWS::EC2::VPCEndpoint",
        Some("SubnetConfigurations"),
        Only::Terraform,
        "Terraform fixes the addresses of interface endpoints; CloudFormation has no word for it",
    ),
    (
        "AWS::EC2::VPCPeeringConnection",
        Some("PeerRoleArn"),
        Only::CloudFormation,
        "CloudFormation accepts a peering itself, by a role of the other account; Terraform only \
         requests it",
    ),
    (
        "AWS::SecretsManager::Secret",
        Some("GenerateSecretString"),
        Only::CloudFormation,
        "CloudFormation lets AWS make a password that no file holds; in Terraform it would stand in \
         the state, so a step puts it in",
    ),
];

/// Rows that explained something.
#[derive(Clone, Debug, Default)]
pub(crate) struct Used(BTreeSet<usize>);

impl Used {
    /// Takes out of the sides what rows explain.
    pub(super) fn strip(&mut self, sides: &mut [Vec<Normal>; 2]) {
        let [cloudformation, terraform] = sides;
        for (index, (kind, property, only, _)) in ROWS.iter().enumerate() {
            let side = match only {
                Only::CloudFormation => &mut *cloudformation,
                Only::Terraform => &mut *terraform,
            };
            let is_used = match property {
                None => {
                    let n_before = side.len();
                    side.retain(|object| object.kind != *kind);
                    side.len() < n_before
                }
                Some(property) => {
                    let objects = side.iter_mut().filter(|object| object.kind == *kind);
                    let taken = objects.filter_map(|object| object.properties.remove(*property));
                    0 < taken.count()
                }
            };
            if is_used {
                self.0.insert(index);
            }
        }
    }

    /// Rows that explain nothing.
    pub(crate) fn stale(&self) -> Vec<String> {
        let rows = ROWS.iter().enumerate();
        let stale = rows.filter(|(index, _)| !self.0.contains(index));
        stale.map(|(_, row)| format!("{row:?}")).collect()
    }
}

/// Whether only one side says this of an object.
#[cfg(test)]
pub(super) fn is_explained(kind: &str, property: &str) -> bool {
    let mut rows = ROWS.iter();
    rows.any(|(of, name, ..)| *of == kind && name.is_none_or(|name| name == property))
}
