//! VPC endpoint services, interface endpoints and resource endpoints.

use blueprint::Blueprint;
use blueprint::balancing::{Endpoint, EndpointTarget};
use blueprint::ids::{EndpointId, ServiceId};

use super::properties::{Properties, account_root, id};
use crate::assigned;
use crate::balancing;
use crate::interfaces;
use crate::object::{Attribute, Object};
use crate::part::Resource;
use crate::value::Value;

pub(super) fn service(blueprint: &Blueprint, of: &ServiceId) -> Option<Vec<Resource>> {
    let service = blueprint.services.get(of)?;
    let balancer = id(Object::Balancer(service.balancer.clone()));
    let regions = balancing::supported_regions(blueprint, of).into_iter();
    let properties = Properties::new()
        .with("NetworkLoadBalancerArns", vec![balancer])
        .with("AcceptanceRequired", service.acceptance_required)
        .list("SupportedRegions", regions.map(Value::from).collect())
        .tags(blueprint, of.as_str());
    Some(vec![properties.resource("AWS::EC2::VPCEndpointService")])
}

pub(super) fn permissions(blueprint: &Blueprint, of: &ServiceId) -> Option<Vec<Resource>> {
    let service = blueprint.services.get(of)?;
    let accounts = service.allowed_accounts.iter();
    let accounts = accounts.map(|account| account_root(account));
    let properties = Properties::new()
        .with("ServiceId", id(Object::Service(of.clone())))
        .with("AllowedPrincipals", accounts.collect::<Vec<_>>());
    Some(vec![
        properties.resource("AWS::EC2::VPCEndpointServicePermissions"),
    ])
}

pub(super) fn endpoint(blueprint: &Blueprint, of: &EndpointId) -> Option<Vec<Resource>> {
    let endpoint = blueprint.endpoints.get(of)?;
    let enis = interfaces::by_zone(blueprint, &endpoint.enis);
    let properties = match &endpoint.target {
        EndpointTarget::Service(service) => to_service(blueprint, endpoint, service),
        EndpointTarget::Resource(resource) => {
            let resource = Object::ResourceConfiguration(resource.clone());
            let preference = assigned::private_dns_preference(blueprint, endpoint);
            let options = Properties::new().with("PrivateDnsPreference", preference);
            Properties::new()
                .with("VpcEndpointType", "Resource")
                .with(
                    "ResourceConfigurationArn",
                    Value::Of(resource, Attribute::Arn),
                )
                .with("PrivateDnsEnabled", true)
                .with("DnsOptions", options.map())
        }
    };
    let properties = properties
        .with("VpcId", id(Object::Vpc(endpoint.vpc.clone())))
        .with("SubnetIds", interfaces::subnets(&enis))
        .list("SecurityGroupIds", interfaces::groups(&enis))
        .tags(blueprint, of.as_str());
    Some(vec![properties.resource("AWS::EC2::VPCEndpoint")])
}

fn to_service(blueprint: &Blueprint, endpoint: &Endpoint, service: &ServiceId) -> Properties {
    let region = balancing::other_region(blueprint, endpoint);
    let name = Value::Of(Object::Service(service.clone()), Attribute::ServiceName);
    // Names come from zones of our own: AWS makes none for a domain that is not the owner's.
    Properties::new()
        .with("VpcEndpointType", "Interface")
        .with("ServiceName", name)
        .maybe("ServiceRegion", region)
        .with("PrivateDnsEnabled", false)
}
