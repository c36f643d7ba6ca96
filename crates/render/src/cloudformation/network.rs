//! VPCs and what lies in them.

use blueprint::Blueprint;
use blueprint::ids::{
    EniId, NetworkAclId, PeeringId, RouteTableId, SecurityGroupId, SubnetId, VpcId,
};
use blueprint::network::{AclEntry, Peer, RouteTarget, Rule};
use ipnet::Ipv4Net;

use super::properties::{Properties, id};
use crate::description::description;
use crate::names;
use crate::object::{Object, Way};
use crate::part::Resource;
use crate::value::{Input, Value};

/// The number of TCP among IP protocols (IANA), by which entries of network ACLs name it.
const TCP: u16 = 6;

/// A range to which no packet leaves an interface. A group without any inline rule would keep
/// AWS's own one, which allows everything.
const NOWHERE: &str = "127.0.0.1/32";

pub(super) fn vpc(blueprint: &Blueprint, of: &VpcId) -> Option<Vec<Resource>> {
    let vpc = blueprint.vpcs.get(of)?;
    let (primary, secondary) = vpc.cidrs.split_first()?;
    let first = Properties::new()
        .with("CidrBlock", primary.to_string())
        .with("EnableDnsSupport", vpc.dns)
        .with("EnableDnsHostnames", vpc.dns)
        .tags(blueprint, of.as_str())
        .resource("AWS::EC2::VPC");
    let further = secondary.iter().map(|range| {
        Properties::new()
            .with("VpcId", id(Object::Vpc(of.clone())))
            .with("CidrBlock", range.to_string())
            .further(
                "AWS::EC2::VPCCidrBlock",
                names::kebab(&format!("range-{range}")),
            )
    });
    Some(std::iter::once(first).chain(further).collect())
}

pub(super) fn subnet(blueprint: &Blueprint, of: &SubnetId) -> Option<Vec<Resource>> {
    let subnet = blueprint.subnets.get(of)?;
    let vpc = Object::Vpc(subnet.vpc.clone());
    let primary = blueprint.vpcs.get(&subnet.vpc)?.cidrs.first();
    let lies_in_primary = primary.is_some_and(|primary| primary.contains(&subnet.cidr));
    let resource = Properties::new()
        .with("VpcId", id(vpc.clone()))
        .with("AvailabilityZoneId", subnet.zone.as_str())
        .with("CidrBlock", subnet.cidr.to_string())
        .tags(blueprint, of.as_str())
        .resource("AWS::EC2::Subnet");
    let after = if lies_in_primary { vec![] } else { vec![vpc] };
    Some(vec![Resource { after, ..resource }])
}

pub(super) fn route_table(blueprint: &Blueprint, of: &RouteTableId) -> Option<Vec<Resource>> {
    let table = blueprint.route_tables.get(of)?;
    let properties = Properties::new()
        .with("VpcId", id(Object::Vpc(table.vpc.clone())))
        .tags(blueprint, of.as_str());
    Some(vec![properties.resource("AWS::EC2::RouteTable")])
}

pub(super) fn route_table_association(
    blueprint: &Blueprint,
    of: &SubnetId,
) -> Option<Vec<Resource>> {
    let subnet = blueprint.subnets.get(of)?;
    let properties = Properties::new()
        .with("SubnetId", id(Object::Subnet(of.clone())))
        .with(
            "RouteTableId",
            id(Object::RouteTable(subnet.route_table.clone())),
        );
    Some(vec![
        properties.resource("AWS::EC2::SubnetRouteTableAssociation"),
    ])
}

pub(super) fn route(
    blueprint: &Blueprint,
    of: &RouteTableId,
    to: &Ipv4Net,
) -> Option<Vec<Resource>> {
    let table = blueprint.route_tables.get(of)?;
    let mut routes = table.routes.iter().filter(|route| route.destination == *to);
    let route = routes.find(|route| route.target != RouteTarget::Local)?;
    let (name, target) = match &route.target {
        RouteTarget::Local => return None,
        RouteTarget::Peering(peering) => (
            "VpcPeeringConnectionId",
            id(Object::Peering(peering.clone())),
        ),
        RouteTarget::TransitGateway(gateway) => (
            "TransitGatewayId",
            id(Object::TransitGateway(gateway.clone())),
        ),
        RouteTarget::Outside(gateway) => (outside(gateway), Value::from(gateway.as_str())),
    };
    let properties = Properties::new()
        .with("RouteTableId", id(Object::RouteTable(of.clone())))
        .with("DestinationCidrBlock", to.to_string())
        .with(name, target);
    Some(vec![properties.resource("AWS::EC2::Route")])
}

/// The property that takes a gateway, by the first letters of its id.
fn outside(gateway: &str) -> &'static str {
    match gateway.split('-').next() {
        Some("nat") => "NatGatewayId",
        Some("tgw") => "TransitGatewayId",
        Some("pcx") => "VpcPeeringConnectionId",
        Some("eni") => "NetworkInterfaceId",
        Some("i") => "InstanceId",
        Some("vpce") => "VpcEndpointId",
        Some("lgw") => "LocalGatewayId",
        Some("cagw") => "CarrierGatewayId",
        Some(_) | None => "GatewayId",
    }
}

pub(super) fn network_acl(blueprint: &Blueprint, of: &NetworkAclId) -> Option<Vec<Resource>> {
    let acl = blueprint.network_acls.get(of)?;
    let properties = Properties::new()
        .with("VpcId", id(Object::Vpc(acl.vpc.clone())))
        .tags(blueprint, of.as_str());
    Some(vec![properties.resource("AWS::EC2::NetworkAcl")])
}

pub(super) fn acl_entry(
    blueprint: &Blueprint,
    of: &NetworkAclId,
    way: Way,
    number: u16,
) -> Option<Vec<Resource>> {
    let acl = blueprint.network_acls.get(of)?;
    let entries: &[AclEntry] = match way {
        Way::Ingress => &acl.ingress,
        Way::Egress => &acl.egress,
    };
    let entry = entries.iter().find(|entry| entry.number == number)?;
    let ports = Properties::new()
        .with("From", entry.from_port)
        .with("To", entry.to_port);
    let properties = Properties::new()
        .with("NetworkAclId", id(Object::NetworkAcl(of.clone())))
        .with("RuleNumber", number)
        .with("Egress", way == Way::Egress)
        .with("Protocol", TCP)
        .with("RuleAction", if entry.allow { "allow" } else { "deny" })
        .with("CidrBlock", entry.cidr.to_string())
        .with("PortRange", ports.map());
    Some(vec![properties.resource("AWS::EC2::NetworkAclEntry")])
}

pub(super) fn acl_association(blueprint: &Blueprint, of: &SubnetId) -> Option<Vec<Resource>> {
    let acl = blueprint.subnets.get(of)?.network_acl.clone()?;
    let properties = Properties::new()
        .with("SubnetId", id(Object::Subnet(of.clone())))
        .with("NetworkAclId", id(Object::NetworkAcl(acl)));
    Some(vec![
        properties.resource("AWS::EC2::SubnetNetworkAclAssociation"),
    ])
}

pub(super) fn security_group(blueprint: &Blueprint, of: &SecurityGroupId) -> Option<Vec<Resource>> {
    let group = blueprint.security_groups.get(of)?;
    let nothing = Properties::new()
        .with("IpProtocol", "-1")
        .with("CidrIp", NOWHERE)
        .with(
            "Description",
            "nowhere - takes the place of the default rule to everywhere",
        );
    // A description cannot change without a new group, so it says nothing that could.
    let what = description(&format!("{of} of {}", blueprint.name));
    let properties = Properties::new()
        .with("GroupDescription", what)
        .with("VpcId", id(Object::Vpc(group.vpc.clone())))
        .with("SecurityGroupEgress", vec![nothing.map()])
        .tags(blueprint, of.as_str());
    Some(vec![properties.resource("AWS::EC2::SecurityGroup")])
}

pub(super) fn rule(
    blueprint: &Blueprint,
    of: &SecurityGroupId,
    way: Way,
    at: usize,
) -> Option<Vec<Resource>> {
    let group = blueprint.security_groups.get(of)?;
    let (rules, kind) = match way {
        Way::Ingress => (&group.ingress, "AWS::EC2::SecurityGroupIngress"),
        Way::Egress => (&group.egress, "AWS::EC2::SecurityGroupEgress"),
    };
    let rule = rules.get(at)?;
    let properties = Properties::new()
        .with("GroupId", id(Object::SecurityGroup(of.clone())))
        .with("Description", description(&rule.because))
        .with("IpProtocol", "tcp")
        .with("FromPort", rule.from_port)
        .with("ToPort", rule.to_port);
    let properties = peer(blueprint, &group.vpc, rule, way, properties);
    Some(vec![properties.resource(kind)])
}

fn peer(
    blueprint: &Blueprint,
    own: &VpcId,
    rule: &Rule,
    way: Way,
    properties: Properties,
) -> Properties {
    let group = match &rule.peer {
        Peer::Cidr(range) => return properties.with("CidrIp", range.to_string()),
        Peer::Group(group) => group,
    };
    let reference = id(Object::SecurityGroup(group.clone()));
    match way {
        Way::Egress => properties.with("DestinationSecurityGroupId", reference),
        Way::Ingress => {
            let account = |vpc| blueprint.vpcs.get(vpc).map(|vpc| vpc.account.as_str());
            let of = blueprint.security_groups.get(group);
            let owner = of.and_then(|group| account(&group.vpc));
            let foreign = owner.filter(|owner| account(own) != Some(owner));
            properties
                .with("SourceSecurityGroupId", reference)
                .maybe("SourceSecurityGroupOwnerId", foreign)
        }
    }
}

pub(super) fn eni(blueprint: &Blueprint, of: &EniId) -> Option<Vec<Resource>> {
    let eni = blueprint.enis.get(of)?;
    let groups = eni.security_groups.iter();
    let groups = groups.map(|group| id(Object::SecurityGroup(group.clone())));
    let properties = Properties::new()
        .with("SubnetId", id(Object::Subnet(eni.subnet.clone())))
        .with("PrivateIpAddress", eni.address.to_string())
        .with(
            "Description",
            description(&format!("{of} of {}", blueprint.name)),
        )
        .list("GroupSet", groups.collect())
        .tags(blueprint, of.as_str());
    Some(vec![properties.resource("AWS::EC2::NetworkInterface")])
}

pub(super) fn peering(blueprint: &Blueprint, of: &PeeringId) -> Option<Vec<Resource>> {
    let peering = blueprint.peerings.get(of)?;
    let requester = blueprint.vpcs.get(&peering.requester)?;
    let accepter = blueprint.vpcs.get(&peering.accepter)?;
    let owner = (requester.account != accepter.account).then_some(accepter.account.as_str());
    let region = (requester.region != accepter.region).then_some(accepter.region.as_str());
    // CloudFormation accepts a peering itself: in another account it needs a role for that.
    let role = owner.map(|owner| {
        Value::Input(Input::Given {
            name: format!("{}-accepter-role-arn", names::kebab(of.as_str())),
            what: format!(
                "ARN of a role in account {owner} that account {} may assume to accept the peering",
                requester.account
            ),
        })
    });
    let properties = Properties::new()
        .with("VpcId", id(Object::Vpc(peering.requester.clone())))
        .with("PeerVpcId", id(Object::Vpc(peering.accepter.clone())))
        .maybe("PeerOwnerId", owner)
        .maybe("PeerRoleArn", role)
        .maybe("PeerRegion", region)
        .tags(blueprint, of.as_str());
    Some(vec![properties.resource("AWS::EC2::VPCPeeringConnection")])
}
