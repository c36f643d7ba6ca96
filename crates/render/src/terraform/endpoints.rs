//! Interface endpoints, resource endpoints, and VPC connections of Amazon MSK.

use blueprint::Blueprint;
use blueprint::balancing::{Endpoint, EndpointTarget};
use blueprint::ids::EndpointId;
use blueprint::network::Eni;
use blueprint::spec::Auth;

use super::text::{arn, block, home, id, resource, tags};
use crate::assigned;
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
            if let Some(region) = other_region(blueprint, endpoint) {
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
    let enis = enis(blueprint, endpoint);
    properties.push(("security_group_ids", groups(&enis)));
    properties.push(("subnet_ids", subnets(&enis)));
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

/// The Region of the service that an endpoint leads to, if it is another one.
fn other_region<'b>(blueprint: &'b Blueprint, endpoint: &Endpoint) -> Option<&'b str> {
    let EndpointTarget::Service(service) = &endpoint.target else {
        return None;
    };
    let service = blueprint.services.get(service)?;
    let balancer = blueprint.balancers.get(&service.balancer)?;
    let (_, region) = home(blueprint, &balancer.vpc)?;
    let (_, own) = home(blueprint, &endpoint.vpc)?;
    (region != own).then_some(region)
}

pub(super) fn vpc_connection(
    blueprint: &Blueprint,
    endpoint_id: &EndpointId,
) -> Option<Vec<Resource>> {
    let endpoint = blueprint.endpoints.get(endpoint_id)?;
    let (cluster, auth) = msk::connected(blueprint, endpoint)?;
    let enis = enis(blueprint, endpoint);
    Some(vec![resource(
        "aws_msk_vpc_connection",
        vec![
            ("target_cluster_arn", arn(Object::Cluster(cluster.clone()))),
            ("authentication", scheme(auth).into()),
            ("vpc_id", id(Object::Vpc(endpoint.vpc.clone()))),
            ("client_subnets", subnets(&enis)),
            ("security_groups", groups(&enis)),
            tags(endpoint_id.as_str()),
        ],
    )])
}

/// Amazon MSK's word for a scheme (Amazon MSK API, `CreateVpcConnection`).
fn scheme(auth: Auth) -> &'static str {
    match auth {
        Auth::Iam => "SASL_IAM",
        Auth::Scram => "SASL_SCRAM",
        Auth::None | Auth::Tls | Auth::Mtls => "TLS",
    }
}

fn enis<'b>(blueprint: &'b Blueprint, endpoint: &Endpoint) -> Vec<&'b Eni> {
    let enis = endpoint.enis.values();
    enis.filter_map(|eni| blueprint.enis.get(eni)).collect()
}

fn groups(enis: &[&Eni]) -> Value {
    let mut groups: Vec<_> = enis.iter().flat_map(|eni| &eni.security_groups).collect();
    groups.sort();
    groups.dedup();
    let groups = groups.into_iter();
    let groups = groups.map(|group| id(Object::SecurityGroup(group.clone())));
    Value::List(groups.collect())
}

fn subnets(enis: &[&Eni]) -> Value {
    let subnets = enis.iter();
    let subnets = subnets.map(|eni| id(Object::Subnet(eni.subnet.clone())));
    Value::List(subnets.collect())
}
