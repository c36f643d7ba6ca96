//! Interface endpoints, resource endpoints, and VPC connections of Amazon MSK.

use blueprint::Blueprint;
use blueprint::balancing::EndpointTarget;
use blueprint::ids::EndpointId;

use super::text::{arn, block, id, resource, tags};
use crate::assigned;
use crate::balancing;
use crate::interfaces;
use crate::msk;
use crate::object::{Attribute, Object};
use crate::part::Resource;
use crate::value::Value;

pub(super) fn endpoint(blueprint: &Blueprint, endpoint_id: &EndpointId) -> Option<Vec<Resource>> {
    let endpoint = blueprint.endpoints.get(endpoint_id)?;
    let mut properties = vec![("vpc_id", id(Object::Vpc(endpoint.vpc.clone())))];
    match &endpoint.target {
        EndpointTarget::Service(service) => {
            let name = Value::Of(Object::Service(service.clone()), Attribute::ServiceName);
            properties.push(("vpc_endpoint_type", "Interface".into()));
            properties.push(("service_name", name));
            if let Some(region) = balancing::other_region(blueprint, endpoint) {
                properties.push(("service_region", region.into()));
            }
            properties.push(("private_dns_enabled", false.into()));
        }
        EndpointTarget::Resource(own) => {
            let configuration = arn(Object::ResourceConfiguration(own.clone()));
            properties.push(("vpc_endpoint_type", "Resource".into()));
            properties.push(("resource_configuration_arn", configuration));
            properties.push(("private_dns_enabled", true.into()));
        }
    }
    let enis = interfaces::by_zone(blueprint, &endpoint.enis);
    properties.push(("security_group_ids", interfaces::groups(&enis).into()));
    properties.push(("subnet_ids", interfaces::subnets(&enis).into()));
    properties.push(tags(endpoint_id.as_str()));
    match &endpoint.target {
        EndpointTarget::Service(_) => {
            let addresses = enis.iter().map(|eni| {
                block(vec![
                    ("subnet_id", id(Object::Subnet(eni.subnet.clone()))),
                    ("ipv4", eni.address.to_string().into()),
                ])
            });
            properties.push(("subnet_configuration", Value::List(addresses.collect())));
        }
        EndpointTarget::Resource(_) => {
            let preference = assigned::private_dns_preference(blueprint, endpoint);
            let options = block(vec![("private_dns_preference", preference.into())]);
            properties.push(("dns_options", options));
        }
    }
    Some(vec![resource("aws_vpc_endpoint", properties)])
}

pub(super) fn vpc_connection(
    blueprint: &Blueprint,
    endpoint_id: &EndpointId,
) -> Option<Vec<Resource>> {
    let endpoint = blueprint.endpoints.get(endpoint_id)?;
    let (cluster, auth) = msk::connected(blueprint, endpoint)?;
    let enis = interfaces::by_zone(blueprint, &endpoint.enis);
    Some(vec![resource(
        "aws_msk_vpc_connection",
        vec![
            ("target_cluster_arn", arn(Object::Cluster(cluster.clone()))),
            ("authentication", msk::scheme(auth).into()),
            ("vpc_id", id(Object::Vpc(endpoint.vpc.clone()))),
            ("client_subnets", interfaces::subnets(&enis).into()),
            ("security_groups", interfaces::groups(&enis).into()),
            tags(endpoint_id.as_str()),
        ],
    )])
}
