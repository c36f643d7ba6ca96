//! VPCs, subnets, routes, network ACLs, security groups, interfaces, peerings.

use blueprint::Blueprint;
use blueprint::ids::{
    EniId, NetworkAclId, PeeringId, RouteTableId, SecurityGroupId, SubnetId, VpcId,
};
use blueprint::network::{Peer, RouteTarget};
use ipnet::Ipv4Net;

use super::text::{further, home, id, resource, tags};
use crate::assigned;
use crate::description::description;
use crate::names;
use crate::object::{Object, Way};
use crate::part::Resource;
use crate::value::Value;

pub(super) fn vpc(blueprint: &Blueprint, vpc_id: &VpcId) -> Option<Vec<Resource>> {
    let vpc = blueprint.vpcs.get(vpc_id)?;
    let (primary, further_ranges) = vpc.cidrs.split_first()?;
    let mut resources = vec![resource(
        "aws_vpc",
        vec![
            ("cidr_block", primary.to_string().into()),
            ("enable_dns_support", vpc.dns.into()),
            ("enable_dns_hostnames", vpc.dns.into()),
            tags(vpc_id.as_str()),
        ],
    )];
    resources.extend(further_ranges.iter().map(|range| {
        further(
            "aws_vpc_ipv4_cidr_block_association",
            names::kebab(&range.to_string()),
            vec![
                ("vpc_id", id(Object::Vpc(vpc_id.clone()))),
                ("cidr_block", range.to_string().into()),
            ],
        )
    }));
    Some(resources)
}

pub(super) fn subnet(blueprint: &Blueprint, subnet_id: &SubnetId) -> Option<Vec<Resource>> {
    let subnet = blueprint.subnets.get(subnet_id)?;
    let home = Object::Vpc(subnet.vpc.clone());
    let vpc = blueprint.vpcs.get(&subnet.vpc)?;
    let primary = vpc.cidrs.first();
    let is_within_primary = primary.is_some_and(|range| range.contains(&subnet.cidr));
    let mut made = resource(
        "aws_subnet",
        vec![
            ("vpc_id", id(home.clone())),
            ("cidr_block", subnet.cidr.to_string().into()),
            ("availability_zone_id", subnet.zone.as_str().into()),
            tags(subnet_id.as_str()),
        ],
    );
    if !is_within_primary {
        made.after.push(home);
    }
    Some(vec![made])
}

pub(super) fn route_table(blueprint: &Blueprint, table_id: &RouteTableId) -> Option<Vec<Resource>> {
    let table = blueprint.route_tables.get(table_id)?;
    Some(vec![resource(
        "aws_route_table",
        vec![
            ("vpc_id", id(Object::Vpc(table.vpc.clone()))),
            tags(table_id.as_str()),
        ],
    )])
}

pub(super) fn route_table_association(
    blueprint: &Blueprint,
    subnet_id: &SubnetId,
) -> Option<Vec<Resource>> {
    let subnet = blueprint.subnets.get(subnet_id)?;
    let table = Object::RouteTable(subnet.route_table.clone());
    Some(vec![resource(
        "aws_route_table_association",
        vec![
            ("subnet_id", id(Object::Subnet(subnet_id.clone()))),
            ("route_table_id", id(table)),
        ],
    )])
}

pub(super) fn route(
    blueprint: &Blueprint,
    table_id: &RouteTableId,
    to: Ipv4Net,
) -> Option<Vec<Resource>> {
    let table = blueprint.route_tables.get(table_id)?;
    let mut routes = table.routes.iter();
    let route = routes.find(|route| route.destination == to && route.target != RouteTarget::Local);
    let target = match &route?.target {
        RouteTarget::Local => return None,
        RouteTarget::Peering(peering) => (
            "vpc_peering_connection_id",
            id(Object::Peering(peering.clone())),
        ),
        RouteTarget::TransitGateway(gateway) => (
            "transit_gateway_id",
            id(Object::TransitGateway(gateway.clone())),
        ),
        RouteTarget::Outside(gateway) => (outside(gateway), gateway.as_str().into()),
    };
    Some(vec![resource(
        "aws_route",
        vec![
            ("route_table_id", id(Object::RouteTable(table_id.clone()))),
            ("destination_cidr_block", to.to_string().into()),
            target,
        ],
    )])
}

/// The argument that takes a gateway's id, by the id's form.
fn outside(gateway: &str) -> &'static str {
    match gateway.split('-').next() {
        Some("nat") => "nat_gateway_id",
        Some("tgw") => "transit_gateway_id",
        Some("eigw") => "egress_only_gateway_id",
        Some("pcx") => "vpc_peering_connection_id",
        Some("vpce") => "vpc_endpoint_id",
        Some("eni") => "network_interface_id",
        Some(_) | None => "gateway_id",
    }
}

pub(super) fn network_acl(blueprint: &Blueprint, acl_id: &NetworkAclId) -> Option<Vec<Resource>> {
    let acl = blueprint.network_acls.get(acl_id)?;
    Some(vec![resource(
        "aws_network_acl",
        vec![
            ("vpc_id", id(Object::Vpc(acl.vpc.clone()))),
            tags(acl_id.as_str()),
        ],
    )])
}

pub(super) fn acl_entry(
    blueprint: &Blueprint,
    acl_id: &NetworkAclId,
    way: Way,
    number: u16,
) -> Option<Vec<Resource>> {
    let acl = blueprint.network_acls.get(acl_id)?;
    let entries = match way {
        Way::Ingress => &acl.ingress,
        Way::Egress => &acl.egress,
    };
    let entry = entries.iter().find(|entry| entry.number == number)?;
    let action = if entry.allow { "allow" } else { "deny" };
    Some(vec![resource(
        "aws_network_acl_rule",
        vec![
            ("network_acl_id", id(Object::NetworkAcl(acl_id.clone()))),
            ("egress", (way == Way::Egress).into()),
            ("rule_number", number.into()),
            ("rule_action", action.into()),
            ("protocol", "tcp".into()),
            ("cidr_block", entry.cidr.to_string().into()),
            ("from_port", entry.from_port.into()),
            ("to_port", entry.to_port.into()),
        ],
    )])
}

pub(super) fn acl_association(
    blueprint: &Blueprint,
    subnet_id: &SubnetId,
) -> Option<Vec<Resource>> {
    let subnet = blueprint.subnets.get(subnet_id)?;
    let acl = Object::NetworkAcl(subnet.network_acl.clone()?);
    Some(vec![resource(
        "aws_network_acl_association",
        vec![
            ("network_acl_id", id(acl)),
            ("subnet_id", id(Object::Subnet(subnet_id.clone()))),
        ],
    )])
}

pub(super) fn security_group(
    blueprint: &Blueprint,
    group_id: &SecurityGroupId,
) -> Option<Vec<Resource>> {
    let group = blueprint.security_groups.get(group_id)?;
    // Any change of it makes a new group, so it says nothing that changes as a spec grows.
    let what = format!("{group_id} of {}", blueprint.name);
    Some(vec![resource(
        "aws_security_group",
        vec![
            ("name", group_name(group_id).into()),
            ("description", description(&what).into()),
            ("vpc_id", id(Object::Vpc(group.vpc.clone()))),
            tags(group_id.as_str()),
        ],
    )])
}

/// The name of a group (Amazon EC2 API: none that begins with `sg-`).
fn group_name(group: &SecurityGroupId) -> String {
    let name = names::kebab(group.as_str());
    match name.starts_with("sg-") {
        true => format!("group-{name}"),
        false => name,
    }
}

pub(super) fn rule(
    blueprint: &Blueprint,
    group_id: &SecurityGroupId,
    way: Way,
    at: usize,
) -> Option<Vec<Resource>> {
    let group = blueprint.security_groups.get(group_id)?;
    let (kind, rules) = match way {
        Way::Ingress => ("aws_vpc_security_group_ingress_rule", &group.ingress),
        Way::Egress => ("aws_vpc_security_group_egress_rule", &group.egress),
    };
    let rule = rules.get(at)?;
    let peer = match &rule.peer {
        Peer::Cidr(range) => ("cidr_ipv4", range.to_string().into()),
        Peer::Group(peer) => (
            "referenced_security_group_id",
            peer_group(blueprint, &group.vpc, peer),
        ),
    };
    Some(vec![resource(
        kind,
        vec![
            (
                "security_group_id",
                id(Object::SecurityGroup(group_id.clone())),
            ),
            ("description", description(&rule.because).into()),
            ("ip_protocol", "tcp".into()),
            ("from_port", rule.from_port.into()),
            ("to_port", rule.to_port.into()),
            peer,
        ],
    )])
}

/// A group as a rule names it: behind its account if that is another one.
fn peer_group(blueprint: &Blueprint, vpc: &VpcId, peer: &SecurityGroupId) -> Value {
    let own = home(blueprint, vpc).map(|(account, _)| account);
    let peer_vpc = blueprint.security_groups.get(peer).map(|group| &group.vpc);
    let other = peer_vpc.and_then(|vpc| home(blueprint, vpc));
    let peer = id(Object::SecurityGroup(peer.clone()));
    match other {
        Some((account, _)) if own != Some(account) => {
            Value::Joined(vec![Value::Text(format!("{account}/")), peer])
        }
        Some(_) | None => peer,
    }
}

pub(super) fn interface(blueprint: &Blueprint, eni_id: &EniId) -> Option<Vec<Resource>> {
    let eni = blueprint.enis.get(eni_id)?;
    let subnet = blueprint.subnets.get(&eni.subnet)?;
    let address = assigned::address(blueprint, &subnet.vpc, eni.address);
    let groups = eni.security_groups.iter();
    let groups: Vec<_> = groups
        .map(|group| id(Object::SecurityGroup(group.clone())))
        .collect();
    let mut properties = vec![
        ("subnet_id", id(Object::Subnet(eni.subnet.clone()))),
        ("private_ips", Value::List(vec![address])),
    ];
    if !groups.is_empty() {
        properties.push(("security_groups", groups.into()));
    }
    properties.push(tags(eni_id.as_str()));
    Some(vec![resource("aws_network_interface", properties)])
}

pub(super) fn peering(blueprint: &Blueprint, peering_id: &PeeringId) -> Option<Vec<Resource>> {
    let peering = blueprint.peerings.get(peering_id)?;
    let (account, region) = home(blueprint, &peering.requester)?;
    let (peer_account, peer_region) = home(blueprint, &peering.accepter)?;
    let mut properties = vec![
        ("vpc_id", id(Object::Vpc(peering.requester.clone()))),
        ("peer_vpc_id", id(Object::Vpc(peering.accepter.clone()))),
    ];
    if account != peer_account {
        properties.push(("peer_owner_id", peer_account.into()));
    }
    if region != peer_region {
        properties.push(("peer_region", peer_region.into()));
    }
    if (account, region) == (peer_account, peer_region) {
        properties.push(("auto_accept", true.into()));
    }
    properties.push(tags(peering_id.as_str()));
    Some(vec![resource("aws_vpc_peering_connection", properties)])
}
