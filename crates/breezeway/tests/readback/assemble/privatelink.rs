//! Endpoint services and interface endpoints.

use std::collections::BTreeSet;
use std::net::Ipv4Addr;

use blueprint::balancing::{Endpoint, EndpointService, EndpointTarget};
use blueprint::ids::{EndpointId, ServiceId, SubnetId, VpcId};
use blueprint::network::EniOwner;

use super::balancers::{BALANCER, parts};
use super::network::{SUBNET, VPC};
use super::props::{address, flag_or, text_or};
use super::references::own;
use super::transit::principals;
use super::{Draft, groups, lattice, network};
use crate::graph::{Node, Prop};

pub(super) const ENDPOINT: &str = "AWS::EC2::VPCEndpoint";
const SERVICE: &str = "AWS::EC2::VPCEndpointService";

/// Writes services, and endpoints to them.
pub(super) fn write(draft: &mut Draft<'_>) {
    draft.each(SERVICE, write_service);
    draft.each("AWS::EC2::VPCEndpointServicePermissions", permit);
    draft.each(ENDPOINT, |draft, node| {
        // An endpoint is for gateways if nothing is said (the type in the template reference).
        match text_or(node, "VpcEndpointType", "Gateway")? {
            "Interface" => write_interface_endpoint(draft, node),
            "Resource" => Ok(()),
            "Gateway" => add_service(draft, node),
            other => Err(format!("endpoints of type {other} are not understood")),
        }
    });
}

fn write_service(draft: &mut Draft<'_>, node: &Node) -> Result<(), String> {
    let [balancer] = node.list("NetworkLoadBalancerArns")? else {
        return Err("it exposes several balancers, or none".to_owned());
    };
    let regions = node.list("SupportedRegions")?.iter();
    let regions = regions.filter_map(Prop::text).map(str::to_owned);
    let service = EndpointService {
        balancer: draft.object(balancer, &[BALANCER])?,
        name: service_name(draft, node),
        acceptance_required: flag_or(node, "AcceptanceRequired", true)?,
        allowed_accounts: BTreeSet::new(),
        supported_regions: regions.filter(|region| *region != node.region).collect(),
    };
    draft.made.services.insert(own(node), service);
    Ok(())
}

fn service_name(draft: &Draft<'_>, node: &Node) -> String {
    let label = network::label(draft, node);
    format!("com.amazonaws.vpce.{}.vpce-svc-{label}", node.region)
}

fn permit(draft: &mut Draft<'_>, node: &Node) -> Result<(), String> {
    let id: ServiceId = draft.needed(node, "ServiceId", &[SERVICE])?;
    let allowed = principals(node.list("AllowedPrincipals")?)?;
    let service = draft.made.services.get_mut(&id);
    service
        .ok_or("no such service")?
        .allowed_accounts
        .extend(allowed);
    Ok(())
}

fn write_interface_endpoint(draft: &mut Draft<'_>, node: &Node) -> Result<(), String> {
    let Some(service) = service_of(draft, node)? else {
        return add_service(draft, node);
    };
    insert(draft, node, EndpointTarget::Service(service))
}

/// The service an endpoint is for: its name is `com.amazonaws.vpce.REGION.ID` and holds in the
/// Region of the service only. None for a service of AWS.
fn service_of(draft: &Draft<'_>, node: &Node) -> Result<Option<ServiceId>, String> {
    let name = node.need("ServiceName")?;
    let (prefix, id) = match name {
        Prop::Joined(parts) => match &parts[..] {
            [Prop::Text(prefix), id] => (Some(prefix.as_str()), id),
            _ => return Err(format!("{name:?} is no name of a service")),
        },
        Prop::Text(_) => return Ok(None),
        Prop::Ref(..) | Prop::Number(_) | Prop::Flag(_) | Prop::List(_) | Prop::Map(_) => {
            (None, name)
        }
    };
    let service = draft.resource(id, &[SERVICE]);
    let service = service.ok_or_else(|| format!("{name:?} is no service"))?;
    let whole = id
        .reference()
        .is_some_and(|(_, attribute)| attribute == "ServiceName");
    let region = text_or(node, "ServiceRegion", &node.region)?;
    let expected = (!whole).then(|| format!("com.amazonaws.vpce.{}.", service.region));
    if prefix != expected.as_deref() {
        return Err(format!("the service is not called {name:?}"));
    }
    if region != service.region {
        return Err(format!(
            "the service is in {} and not in {region}",
            service.region
        ));
    }
    Ok(Some(own(service)))
}

/// An endpoint of a service of AWS, such as `com.amazonaws.eu-central-1.sts`.
fn add_service(draft: &mut Draft<'_>, node: &Node) -> Result<(), String> {
    let vpc: VpcId = draft.needed(node, "VpcId", &[VPC])?;
    let name = node.text("ServiceName")?;
    let short = name.rsplit('.').next().unwrap_or(name).to_owned();
    let vpc = draft.made.vpcs.get_mut(&vpc).ok_or("no such VPC")?;
    vpc.service_endpoints.insert(short);
    Ok(())
}

/// Adds an endpoint with an interface in each of its subnets.
pub(super) fn insert(
    draft: &mut Draft<'_>,
    node: &Node,
    target: EndpointTarget,
) -> Result<(), String> {
    let vpc: VpcId = draft.needed(node, "VpcId", &[VPC])?;
    let id: EndpointId = own(node);
    let groups = groups::worn(draft, node, "SecurityGroupIds", &vpc)?;
    let places = places(draft, node)?;
    let owner = EniOwner::Endpoint(id.clone());
    let endpoint = Endpoint {
        target,
        dns_name: dns_name(draft, node),
        enis: parts(draft, id.as_str(), places, &groups, &owner)?,
        vpc,
    };
    draft.made.endpoints.insert(id, endpoint);
    Ok(())
}

fn dns_name(draft: &Draft<'_>, node: &Node) -> String {
    let label = network::label(draft, node);
    format!("vpce-{label}.{}.vpce.amazonaws.com", node.region)
}

/// Subnets and, where the text fixes them, addresses (`SubnetConfigurations` of `CreateVpcEndpoint`
/// in the EC2 API, for which CloudFormation has no property).
fn places(draft: &Draft<'_>, node: &Node) -> Result<Vec<(SubnetId, Option<Ipv4Addr>)>, String> {
    let mut fixed = Vec::new();
    for item in node.list("SubnetConfigurations")? {
        let subnet = item
            .get("SubnetId")
            .ok_or("a configuration has no subnet")?;
        let subnet: SubnetId = draft.object(subnet, &[SUBNET])?;
        fixed.push((subnet, item.get("Ipv4").map(address).transpose()?));
    }
    let subnets: Vec<SubnetId> = draft.each_of(node, "SubnetIds", &[SUBNET])?;
    let of = |subnet: &SubnetId| {
        let found = fixed.iter().find(|(known, _)| known == subnet);
        found.and_then(|(_, address)| *address)
    };
    let addressed = subnets.into_iter().map(|subnet| (of(&subnet), subnet));
    Ok(addressed
        .map(|(address, subnet)| (subnet, address))
        .collect())
}

/// What a resource endpoint leads to.
pub(super) fn resource(draft: &Draft<'_>, node: &Node) -> Result<lattice::Resource, String> {
    lattice::resource(draft, node.need("ResourceConfigurationArn")?)
}
