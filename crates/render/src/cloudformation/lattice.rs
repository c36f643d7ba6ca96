//! VPC Lattice: resource gateways, resource configurations, their share.

use blueprint::Blueprint;
use blueprint::ids::{ResourceConfigurationId, ResourceGatewayId};

use super::properties::{Properties, id};
use super::transit::shared_with;
use crate::assigned;
use crate::interfaces;
use crate::lattice;
use crate::object::{Attribute, Object};
use crate::part::Resource;
use crate::value::Value;

pub(super) fn gateway(blueprint: &Blueprint, of: &ResourceGatewayId) -> Option<Vec<Resource>> {
    let gateway = blueprint.resource_gateways.get(of)?;
    let enis = interfaces::by_zone(blueprint, &gateway.enis);
    let properties = Properties::new()
        .with("Name", lattice::name(of.as_str()))
        .with("VpcIdentifier", id(Object::Vpc(gateway.vpc.clone())))
        .with("SubnetIds", interfaces::subnets(&enis))
        .list("SecurityGroupIds", interfaces::groups(&enis))
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
        .with("Name", lattice::name(of.as_str()))
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
    let accounts = lattice::other_accounts(blueprint, of);
    let resources = lattice::behind(blueprint, of).into_iter();
    let resources = resources.map(|(id, _)| {
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
