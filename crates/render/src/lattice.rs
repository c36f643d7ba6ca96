//! What the texts of both targets say about VPC Lattice: the resources of a gateway and whom their
//! share is for.

use std::collections::BTreeSet;

use blueprint::Blueprint;
use blueprint::balancing::ResourceConfiguration;
use blueprint::ids::{ResourceConfigurationId, ResourceGatewayId};

use crate::names;

/// Most characters of the name of a resource gateway or configuration (VPC Lattice API).
const MAX_NAME_CHARS: usize = 40;

/// The name of a resource gateway or configuration.
pub(crate) fn name(id: &str) -> String {
    names::short(id, MAX_NAME_CHARS)
}

/// The resources behind a gateway.
pub(crate) fn behind<'b>(
    blueprint: &'b Blueprint,
    gateway: &ResourceGatewayId,
) -> Vec<(&'b ResourceConfigurationId, &'b ResourceConfiguration)> {
    let all = blueprint.resource_configurations.iter();
    all.filter(|(_, one)| one.gateway == *gateway).collect()
}

/// Accounts besides the owner's that may use resources behind a gateway.
pub(crate) fn other_accounts<'b>(
    blueprint: &'b Blueprint,
    gateway: &ResourceGatewayId,
) -> BTreeSet<&'b str> {
    let known = blueprint.resource_gateways.get(gateway);
    let owner = known.and_then(|gateway| blueprint.vpcs.get(&gateway.vpc));
    let resources = behind(blueprint, gateway).into_iter();
    resources
        .flat_map(|(_, one)| &one.allowed_accounts)
        .map(String::as_str)
        .filter(|account| owner.is_some_and(|owner| owner.account != *account))
        .collect()
}
