//! VPC Lattice: resource gateways, resource configurations, their share.

use blueprint::Blueprint;
use blueprint::ids::{ResourceConfigurationId, ResourceGatewayId};

use super::text::{arn, block, id, resource, tags, texts};
use super::transit::shared_with;
use crate::assigned;
use crate::names;
use crate::object::Object;
use crate::part::Resource;
use crate::value::Value;

/// Most characters of the name of a resource gateway or configuration (VPC Lattice API).
const MAX_NAME_CHARS: usize = 40;

pub(super) fn gateway(
    blueprint: &Blueprint,
    gateway_id: &ResourceGatewayId,
) -> Option<Vec<Resource>> {
    let gateway = blueprint.resource_gateways.get(gateway_id)?;
    let enis = gateway.enis.values();
    let enis: Vec<_> = enis.filter_map(|eni| blueprint.enis.get(eni)).collect();
    let subnets = enis.iter();
    let subnets = subnets.map(|eni| id(Object::Subnet(eni.subnet.clone())));
    let mut groups: Vec<_> = enis.iter().flat_map(|eni| &eni.security_groups).collect();
    groups.sort();
    groups.dedup();
    let groups = groups.into_iter();
    let groups = groups.map(|group| id(Object::SecurityGroup(group.clone())));
    Some(vec![resource(
        "aws_vpclattice_resource_gateway",
        vec![
            (
                "name",
                names::short(gateway_id.as_str(), MAX_NAME_CHARS).into(),
            ),
            ("vpc_id", id(Object::Vpc(gateway.vpc.clone()))),
            ("subnet_ids", Value::List(subnets.collect())),
            ("security_group_ids", Value::List(groups.collect())),
            tags(gateway_id.as_str()),
        ],
    )])
}

pub(super) fn configuration(
    blueprint: &Blueprint,
    configuration_id: &ResourceConfigurationId,
) -> Option<Vec<Resource>> {
    let configuration = blueprint.resource_configurations.get(configuration_id)?;
    let gateway = blueprint.resource_gateways.get(&configuration.gateway)?;
    let address = assigned::address(blueprint, &gateway.vpc, configuration.address);
    let ports: Vec<_> = configuration.ports.iter().map(u16::to_string).collect();
    let definition = block(vec![("ip_resource", block(vec![("ip_address", address)]))]);
    Some(vec![resource(
        "aws_vpclattice_resource_configuration",
        vec![
            (
                "name",
                names::short(configuration_id.as_str(), MAX_NAME_CHARS).into(),
            ),
            ("type", "SINGLE".into()),
            (
                "resource_gateway_identifier",
                id(Object::ResourceGateway(configuration.gateway.clone())),
            ),
            (
                "custom_domain_name",
                assigned::host(blueprint, &configuration.name),
            ),
            ("protocol", "TCP".into()),
            ("port_ranges", texts(ports.iter().map(String::as_str))),
            tags(configuration_id.as_str()),
            ("resource_configuration_definition", definition),
        ],
    )])
}

pub(super) fn share(
    blueprint: &Blueprint,
    gateway_id: &ResourceGatewayId,
) -> Option<Vec<Resource>> {
    let gateway = blueprint.resource_gateways.get(gateway_id)?;
    let owner = &blueprint.vpcs.get(&gateway.vpc)?.account;
    let own = blueprint.resource_configurations.iter();
    let own: Vec<_> = own.filter(|(_, c)| c.gateway == *gateway_id).collect();
    let accounts = own.iter().flat_map(|(_, c)| &c.allowed_accounts);
    let mut accounts: Vec<&str> = accounts.map(String::as_str).collect();
    accounts.retain(|account| account != owner);
    accounts.sort_unstable();
    accounts.dedup();
    let shared = own.iter().map(|(id, _)| {
        let resource = Object::ResourceConfiguration((*id).clone());
        (names::kebab(id.as_str()), arn(resource))
    });
    let name = format!("{}-{gateway_id}", blueprint.name);
    Some(shared_with(
        &Object::ResourceShare(gateway_id.clone()),
        &name,
        shared.collect(),
        accounts.into_iter(),
    ))
}
