//! VPC Lattice: resource gateways, resource configurations, resource endpoints and the zones that
//! AWS makes for them.

use std::collections::{BTreeMap, BTreeSet};
use std::net::Ipv4Addr;

use blueprint::balancing::{EndpointTarget, ResourceConfiguration, ResourceGateway};
use blueprint::dns::{HostedZone, Record};
use blueprint::ids::{HostedZoneId, ResourceConfigurationId, ResourceGatewayId, SubnetId, VpcId};
use blueprint::network::EniOwner;

use super::balancers::parts;
use super::network::{SUBNET, VPC};
use super::privatelink::{self, ENDPOINT};
use super::props::{address, domain, flag_or, text_or};
use super::references::own;
use super::transit::principals;
use super::{Draft, groups, names};
use crate::graph::{Node, Prop};

const GATEWAY: &str = "AWS::VpcLattice::ResourceGateway";
const CONFIGURATION: &str = "AWS::VpcLattice::ResourceConfiguration";

/// Ports of one configuration that are listed one by one: all there are.
const MAX_PORTS: usize = 65_536;

/// Writes resources, and endpoints to them.
pub(super) fn write(draft: &mut Draft<'_>) {
    draft.each(GATEWAY, write_gateway);
    draft.each(CONFIGURATION, write_configuration);
    draft.each("AWS::RAM::ResourceShare", share);
    draft.each(ENDPOINT, |draft, node| {
        if text_or(node, "VpcEndpointType", "Gateway")? == "Resource" {
            write_endpoint(draft, node)
        } else {
            Ok(())
        }
    });
}

fn write_gateway(draft: &mut Draft<'_>, node: &Node) -> Result<(), String> {
    let vpc: VpcId = draft.needed(node, "VpcIdentifier", &[VPC])?;
    let subnets: Vec<SubnetId> = draft.each_of(node, "SubnetIds", &[SUBNET])?;
    let places = subnets.into_iter().map(|subnet| (subnet, None)).collect();
    let groups = groups::worn(draft, node, "SecurityGroupIds", &vpc)?;
    let id: ResourceGatewayId = own(node);
    let owner = EniOwner::ResourceGateway(id.clone());
    let enis = parts(draft, id.as_str(), places, &groups, &owner)?;
    let gateway = ResourceGateway { vpc, enis };
    draft.made.resource_gateways.insert(id, gateway);
    Ok(())
}

/// Resources with an address of their own; a group is but a name for its children.
fn write_configuration(draft: &mut Draft<'_>, node: &Node) -> Result<(), String> {
    match node.text("ResourceConfigurationType")? {
        "GROUP" => return Ok(()),
        "SINGLE" | "CHILD" => {}
        other => return Err(format!("type {other} is not understood")),
    }
    if text_or(node, "ProtocolType", "TCP")? != "TCP" {
        return Err("it is not for TCP".to_owned());
    }
    let group = group_of(draft, node)?;
    let gateway = node.get("ResourceGatewayId");
    let gateway = gateway.or_else(|| group?.get("ResourceGatewayId"));
    let gateway = gateway.ok_or("it has no resource gateway")?;
    let name = node
        .get("CustomDomainName")
        .map(|name| name.text().ok_or("no name"));
    let configuration = ResourceConfiguration {
        gateway: draft.object(gateway, &[GATEWAY])?,
        name: domain(name.transpose()?.unwrap_or_default()),
        address: target(draft, node)?,
        ports: ports(node.list("PortRanges")?)?,
        allowed_accounts: BTreeSet::new(),
    };
    draft
        .made
        .resource_configurations
        .insert(own(node), configuration);
    Ok(())
}

/// The group of a child.
fn group_of<'g>(draft: &Draft<'g>, node: &Node) -> Result<Option<&'g Node>, String> {
    let Some(group) = node.get("ResourceConfigurationGroupId") else {
        return Ok(None);
    };
    let group_node = draft.resource(group, &[CONFIGURATION]);
    group_node
        .map(Some)
        .ok_or_else(|| format!("{group:?} is no group"))
}

/// An address, or a name that the gateway resolves in public DNS.
fn target(draft: &Draft<'_>, node: &Node) -> Result<Ipv4Addr, String> {
    let definition = node.need("ResourceConfigurationDefinition")?;
    if let Some(ip) = definition.get("IpResource") {
        return address(ip);
    }
    let name = definition
        .get("DnsResource")
        .and_then(|dns| dns.get("DomainName"));
    let name = name.and_then(Prop::text).ok_or("it leads nowhere")?;
    let known = names::of_brokers(draft).remove(&domain(name));
    known.ok_or_else(|| format!("nobody knows what {name} is answered with"))
}

fn ports(ranges: &[Prop]) -> Result<BTreeSet<u16>, String> {
    let mut ports = BTreeSet::new();
    for range in ranges {
        let text = super::props::spelled(range).ok_or("no range of ports")?;
        let (first, last) = text.split_once('-').unwrap_or((&text, &text));
        let end = |text: &str| {
            text.parse::<u16>()
                .map_err(|why| format!("`{text}`: {why}"))
        };
        ports.extend((end(first)?..=end(last)?).take(MAX_PORTS));
    }
    Ok(ports)
}

/// A share of a group is one of its children, which cannot be shared alone ("Types of resource
/// configurations" in the VPC Lattice guide).
fn share(draft: &mut Draft<'_>, node: &Node) -> Result<(), String> {
    let accounts = principals(node.list("Principals")?)?;
    let arns = node.list("ResourceArns")?.iter();
    let shared: Vec<_> = arns
        .filter_map(|arn| draft.resource(arn, &[CONFIGURATION]))
        .collect();
    for configuration in draft.graph.of_kind(CONFIGURATION) {
        let group = group_of(draft, configuration)?;
        let is = |of: &Node| shared.iter().any(|shared| shared.id == of.id);
        let id: ResourceConfigurationId = own(configuration);
        if (is(configuration) || group.is_some_and(is))
            && let Some(known) = draft.made.resource_configurations.get_mut(&id)
        {
            known.allowed_accounts.extend(accounts.iter().cloned());
        }
    }
    Ok(())
}

/// A resource an endpoint leads to, and whether its owner has proved the domain to be theirs.
pub(super) struct Resource {
    id: ResourceConfigurationId,
    name: String,
    verified: bool,
}

/// The one resource that an ARN stands for.
pub(super) fn resource(draft: &Draft<'_>, arn: &Prop) -> Result<Resource, String> {
    let node = draft.resource(arn, &[CONFIGURATION]);
    let node = node.ok_or_else(|| format!("{arn:?} is no resource configuration"))?;
    let id: ResourceConfigurationId = own(node);
    let known = draft.made.resource_configurations.get(&id);
    let known = known.ok_or("an endpoint to a group is not understood")?;
    let group = group_of(draft, node)?;
    let proof = |node: &Node| node.get("DomainVerificationId").is_some();
    Ok(Resource {
        name: known.name.clone(),
        verified: proof(node) || group.is_some_and(proof),
        id,
    })
}

fn write_endpoint(draft: &mut Draft<'_>, node: &Node) -> Result<(), String> {
    let resource = privatelink::resource(draft, node)?;
    let target = EndpointTarget::Resource(resource.id.clone());
    privatelink::insert(draft, node, target)?;
    if makes_zone(node, &resource)? {
        insert_zone(draft, node, &resource.name);
    }
    Ok(())
}

/// Whether AWS makes a zone for a resource's own domain: with private DNS on, which it is not if
/// nothing is said, and as far as the endpoint's owner prefers (`DnsOptionsSpecification` in the
/// EC2 API); if nothing is preferred, for proved domains.
fn makes_zone(node: &Node, resource: &Resource) -> Result<bool, String> {
    if resource.name.is_empty() || !flag_or(node, "PrivateDnsEnabled", false)? {
        return Ok(false);
    }
    let options = node.get("DnsOptions");
    let preference = options.and_then(|options| options.get("PrivateDnsPreference"));
    let specified = options.and_then(|options| options.get("PrivateDnsSpecifiedDomains"));
    let specified = specified.and_then(Prop::list).unwrap_or_default();
    let is_specified = specified.iter().filter_map(Prop::text).any(|said| {
        let said = domain(said);
        resource.name == said || resource.name.ends_with(&format!(".{said}"))
    });
    match preference.and_then(Prop::text) {
        Some("ALL_DOMAINS") => Ok(true),
        None | Some("VERIFIED_DOMAINS_ONLY") => Ok(resource.verified),
        Some("VERIFIED_DOMAINS_AND_SPECIFIED_DOMAINS") => Ok(resource.verified || is_specified),
        Some("SPECIFIED_DOMAINS_ONLY") => Ok(is_specified),
        Some(other) => Err(format!("preference {other} is not understood")),
    }
}

/// A zone for one name with the name as its apex, so that it hides nothing else.
fn insert_zone(draft: &mut Draft<'_>, node: &Node, name: &str) {
    let Some(endpoint) = draft.made.endpoints.get(&own(node)) else {
        return;
    };
    let record = Record::Alias(endpoint.dns_name.clone());
    let zone = HostedZone {
        name: name.to_owned(),
        account: node.account.clone(),
        vpcs: BTreeSet::from([endpoint.vpc.clone()]),
        records: BTreeMap::from([(name.to_owned(), record)]),
        managed: true,
    };
    let id = HostedZoneId::from(format!("zone of {}", node.id));
    draft.made.zones.insert(id, zone);
}
