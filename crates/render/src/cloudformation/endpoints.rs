//! VPC endpoint services, interface endpoints and resource endpoints.

use blueprint::Blueprint;
use blueprint::balancing::{Endpoint, EndpointTarget};
use blueprint::ids::{EndpointId, ServiceId};

use super::properties::{Properties, account_root, groups_of, id, subnets_of};
use crate::assigned;
use crate::object::{Attribute, Object};
use crate::part::Resource;
use crate::value::Value;

pub(super) fn service(blueprint: &Blueprint, of: &ServiceId) -> Option<Vec<Resource>> {
    let service = blueprint.services.get(of)?;
    let balancer = id(Object::Balancer(service.balancer.clone()));
    let mut regions = service.supported_regions.clone();
    if !regions.is_empty() {
        // AWS counts the service's own Region among them.
        regions.extend(region_of(blueprint, of).map(str::to_owned));
    }
    let properties = Properties::new()
        .with("NetworkLoadBalancerArns", vec![balancer])
        .with("AcceptanceRequired", service.acceptance_required)
        .list(
            "SupportedRegions",
            regions.into_iter().map(Value::Text).collect(),
        )
        .tags(blueprint, of.as_str());
    Some(vec![properties.resource("AWS::EC2::VPCEndpointService")])
}

fn region_of<'b>(blueprint: &'b Blueprint, of: &ServiceId) -> Option<&'b str> {
    let service = blueprint.services.get(of)?;
    let balancer = blueprint.balancers.get(&service.balancer)?;
    let vpc = blueprint.vpcs.get(&balancer.vpc)?;
    Some(&vpc.region)
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
    let enis = endpoint.enis.values();
    let enis: Vec<_> = enis.filter_map(|eni| blueprint.enis.get(eni)).collect();
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
        .with("SubnetIds", subnets_of(&enis))
        .list("SecurityGroupIds", groups_of(&enis))
        .tags(blueprint, of.as_str());
    Some(vec![properties.resource("AWS::EC2::VPCEndpoint")])
}

fn to_service(blueprint: &Blueprint, endpoint: &Endpoint, service: &ServiceId) -> Properties {
    let own = blueprint.vpcs.get(&endpoint.vpc);
    let own = own.map(|vpc| vpc.region.as_str());
    let region = region_of(blueprint, service).filter(|region| Some(*region) != own);
    let name = Value::Of(Object::Service(service.clone()), Attribute::ServiceName);
    // Names come from zones of our own: AWS makes none for a domain that is not the owner's.
    Properties::new()
        .with("VpcEndpointType", "Interface")
        .with("ServiceName", name)
        .maybe("ServiceRegion", region)
        .with("PrivateDnsEnabled", false)
}
