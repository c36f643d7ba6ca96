//! VPC Lattice: resource gateways, resource configurations, their share.

use std::collections::BTreeSet;

use blueprint::Blueprint;
use blueprint::ids::{ResourceConfigurationId, ResourceGatewayId};

use super::properties::{Properties, groups_of, id, subnets_of};
use super::transit::shared_with;
use crate::assigned;
use crate::names;
use crate::object::{Attribute, Object};
use crate::part::Resource;
use crate::value::Value;

/// Characters that the name of a gateway or configuration may have (VPC Lattice API).
const MAX_NAME: usize = 40;

pub(super) fn gateway(blueprint: &Blueprint, of: &ResourceGatewayId) -> Option<Vec<Resource>> {
    let gateway = blueprint.resource_gateways.get(of)?;
    let enis = gateway.enis.values();
    let enis: Vec<_> = enis.filter_map(|eni| blueprint.enis.get(eni)).collect();
    let properties = Properties::new()
        .with("Name", names::short(of.as_str(), MAX_NAME))
        .with("VpcIdentifier", id(Object::Vpc(gateway.vpc.clone())))
        .with("SubnetIds", subnets_of(&enis))
        .list("SecurityGroupIds", groups_of(&enis))
        .tags(blueprint, of.as_str());
    Some(vec![
        properties.resource("AWS::VpcLattice::ResourceGateway"),
    ])
}

/// A resource by itself: an endpoint leads to one configuration, so that a child of a group could
/// be reached only with all the others.
pub(super) fn configuration(
    blueprint: &Blueprint,
    of: &ResourceConfigurationId,
) -> Option<Vec<Resource>> {
    let configuration = blueprint.resource_configurations.get(of)?;
    let gateway = blueprint.resource_gateways.get(&configuration.gateway)?;
    let address = assigned::address(blueprint, &gateway.vpc, configuration.address);
    let ports = configuration.ports.iter();
    let ports = ports.map(|port| Value::Text(port.to_string()));
    let definition = Properties::new().with("IpResource", address);
    let properties = Properties::new()
        .with("Name", names::short(of.as_str(), MAX_NAME))
        .with("ResourceConfigurationType", "SINGLE")
        .with(
            "ResourceGatewayId",
            id(Object::ResourceGateway(configuration.gateway.clone())),
        )
        .with(
            "CustomDomainName",
            assigned::host(blueprint, &configuration.name),
        )
        .with("ProtocolType", "TCP")
        .with("PortRanges", ports.collect::<Vec<_>>())
        .with("ResourceConfigurationDefinition", definition.map())
        .tags(blueprint, of.as_str());
    Some(vec![
        properties.resource("AWS::VpcLattice::ResourceConfiguration"),
    ])
}

pub(super) fn share(blueprint: &Blueprint, of: &ResourceGatewayId) -> Option<Vec<Resource>> {
    let gateway = blueprint.resource_gateways.get(of)?;
    let owner = &blueprint.vpcs.get(&gateway.vpc)?.account;
    let own = blueprint.resource_configurations.iter();
    let own: Vec<_> = own.filter(|(_, own)| own.gateway == *of).collect();
    let accounts = own.iter().flat_map(|(_, own)| &own.allowed_accounts);
    let accounts = accounts.filter(|account| *account != owner);
    let accounts: BTreeSet<&str> = accounts.map(String::as_str).collect();
    let resources = own.iter().map(|(id, _)| {
        let resource = Object::ResourceConfiguration((*id).clone());
        Value::Of(resource, Attribute::Arn)
    });
    let resources = resources.collect();
    Some(vec![shared_with(
        blueprint,
        of.as_str(),
        resources,
        &accounts,
    )])
}
