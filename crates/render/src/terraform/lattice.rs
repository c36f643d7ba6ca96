//! VPC Lattice: resource gateways, resource configurations, their share.

use blueprint::Blueprint;
use blueprint::ids::{ResourceConfigurationId, ResourceGatewayId};

use super::text::{arn, block, id, resource, tags, texts};
use super::transit::shared_with;
use crate::assigned;
use crate::interfaces;
use crate::lattice;
use crate::names;
use crate::object::Object;
use crate::part::Resource;

pub(super) fn gateway(
    blueprint: &Blueprint,
    gateway_id: &ResourceGatewayId,
) -> Option<Vec<Resource>> {
    let gateway = blueprint.resource_gateways.get(gateway_id)?;
    let enis = interfaces::by_zone(blueprint, &gateway.enis);
    Some(vec![resource(
        "aws_vpclattice_resource_gateway",
        vec![
            ("name", lattice::name(gateway_id.as_str()).into()),
            ("vpc_id", id(Object::Vpc(gateway.vpc.clone()))),
            ("subnet_ids", interfaces::subnets(&enis).into()),
            ("security_group_ids", interfaces::groups(&enis).into()),
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
            ("name", lattice::name(configuration_id.as_str()).into()),
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
    let accounts = lattice::other_accounts(blueprint, gateway_id);
    let shared = lattice::behind(blueprint, gateway_id).into_iter();
    let shared = shared.map(|(id, _)| {
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
