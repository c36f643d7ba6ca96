//! VPCs with their subnets, route tables and network ACLs; peerings; interfaces.

use std::collections::BTreeSet;
use std::net::Ipv4Addr;

use blueprint::ids::{EniId, NetworkAclId, ObjectId, PeeringId, RouteTableId, SubnetId, VpcId};
use blueprint::network::{
    AclEntry, Eni, EniOwner, NetworkAcl, Peering, Route, RouteTable, RouteTarget, Subnet, Vpc,
};

use ipnet::Ipv6Net;

use super::props::{self, flag_or, range};
use super::references::own;
use super::{Draft, groups, transit};
use crate::graph::{Node, Prop};

pub(super) const VPC: &str = "AWS::EC2::VPC";
pub(super) const SUBNET: &str = "AWS::EC2::Subnet";
pub(super) const INTERFACE: &str = "AWS::EC2::NetworkInterface";
const TABLE: &str = "AWS::EC2::RouteTable";
const ACL: &str = "AWS::EC2::NetworkAcl";
const PEERING: &str = "AWS::EC2::VPCPeeringConnection";

/// Largest packet in a VPC, and between Regions, in bytes ("Network maximum transmission unit" in
/// the EC2 guide). No path depends on them.
const JUMBO_MTU: u32 = 9_001;
const REGIONS_MTU: u32 = 8_500;

/// How a reader names the route table of a subnet that exists: nobody but AWS knows its id.
pub(crate) const TABLE_OF_EXISTING_SUBNET: &str = "rtb-of-";

/// The protocols of a rule or entry that concern TCP, by name, by number, and any.
pub(super) const TCP: [&str; 2] = ["tcp", "6"];
pub(super) const ANY_PROTOCOL: &str = "-1";

/// Writes everything but interfaces.
pub(super) fn write(draft: &mut Draft<'_>) {
    take_existing(draft);
    draft.each(VPC, write_vpc);
    draft.each("AWS::EC2::VPCCidrBlock", add_range);
    draft.each(TABLE, write_table);
    draft.each(SUBNET, write_subnet);
    write_main_tables(draft);
    draft.each("AWS::EC2::SubnetRouteTableAssociation", associate_table);
    draft.each("AWS::EC2::Route", write_route);
    draft.each(ACL, write_acl);
    draft.each("AWS::EC2::NetworkAclEntry", write_entry);
    draft.each("AWS::EC2::SubnetNetworkAclAssociation", associate_acl);
    draft.each(PEERING, write_peering);
}

/// VPCs and subnets that exist. Each subnet's table is its own and, as far as anybody said, holds
/// the local routes only.
fn take_existing(draft: &mut Draft<'_>) {
    let said = &draft.known.said;
    draft.made.vpcs.clone_from(&said.vpcs);
    draft.made.peerings.clone_from(&said.peerings);
    for (aws_id, object) in &draft.known.existing {
        let id = SubnetId::from(object.id.as_str());
        let subnet = said.subnets.get(&id);
        let (true, Some(subnet)) = (*object == ObjectId::from(&id), subnet) else {
            continue;
        };
        let table = RouteTableId::from(format!("{TABLE_OF_EXISTING_SUBNET}{aws_id}"));
        let subnet = Subnet {
            route_table: table.clone(),
            network_acl: None,
            ..subnet.clone()
        };
        let vpc = subnet.vpc.clone();
        draft.made.subnets.insert(id, subnet);
        insert_table(draft, table, vpc);
    }
}

fn write_vpc(draft: &mut Draft<'_>, node: &Node) -> Result<(), String> {
    let primary = range(node.need("CidrBlock")?)?;
    // Both must be on for a private zone to be answered ("DNS attributes for your VPC"). Support
    // is on by itself, host names are not, in a VPC that is not the default one.
    let support = flag_or(node, "EnableDnsSupport", true)?;
    let host_names = flag_or(node, "EnableDnsHostnames", false)?;
    let vpc = Vpc {
        account: node.account.clone(),
        region: node.region.clone(),
        cidrs: vec![primary],
        ipv6_cidrs: Vec::new(),
        resolver: offset(primary.network(), 2),
        mtu: JUMBO_MTU,
        dns: support && host_names,
        nat: false,
        service_endpoints: BTreeSet::new(),
    };
    draft.made.vpcs.insert(own(node), vpc);
    Ok(())
}

fn offset(base: Ipv4Addr, by: u32) -> Ipv4Addr {
    Ipv4Addr::from(u32::from(base).saturating_add(by))
}

fn add_range(draft: &mut Draft<'_>, node: &Node) -> Result<(), String> {
    let id: VpcId = draft.needed(node, "VpcId", &[VPC])?;
    let vpc = draft.made.vpcs.get_mut(&id);
    let vpc = vpc.ok_or_else(|| format!("no VPC {id}"))?;
    let v6 = node.get("Ipv6CidrBlock").map(props::parsed::<Ipv6Net>);
    let v6 = v6.transpose()?;
    let v4 = node.get("CidrBlock").map(range).transpose()?;
    vpc.ipv6_cidrs.extend(v6);
    if let Some(v4) = v4.filter(|v4| !vpc.cidrs.contains(v4)) {
        vpc.cidrs.push(v4);
    }
    Ok(())
}

fn write_table(draft: &mut Draft<'_>, node: &Node) -> Result<(), String> {
    let vpc = draft.needed(node, "VpcId", &[VPC])?;
    insert_table(draft, own(node), vpc);
    Ok(())
}

/// Every table has a local route for each range of its VPC ("Route table concepts").
fn insert_table(draft: &mut Draft<'_>, id: RouteTableId, vpc: VpcId) {
    let cidrs = draft.made.vpcs.get(&vpc).map(|vpc| vpc.cidrs.clone());
    let local = |destination| Route {
        destination,
        target: RouteTarget::Local,
    };
    let routes = cidrs.into_iter().flatten().map(local).collect();
    draft
        .made
        .route_tables
        .insert(id, RouteTable { vpc, routes });
}

fn write_subnet(draft: &mut Draft<'_>, node: &Node) -> Result<(), String> {
    let vpc: VpcId = draft.needed(node, "VpcId", &[VPC])?;
    let subnet = Subnet {
        route_table: main_table(&vpc),
        vpc,
        zone: node.text("AvailabilityZoneId")?.into(),
        cidr: range(node.need("CidrBlock")?)?,
        network_acl: None,
    };
    draft.made.subnets.insert(own(node), subnet);
    Ok(())
}

/// A subnet without an association uses the main table of its VPC ("Subnet route tables").
fn main_table(vpc: &VpcId) -> RouteTableId {
    format!("main table of {vpc}").into()
}

fn write_main_tables(draft: &mut Draft<'_>) {
    let vpcs: Vec<_> = draft.made.vpcs.keys().cloned().collect();
    for vpc in vpcs {
        insert_table(draft, main_table(&vpc), vpc);
    }
}

fn associate_table(draft: &mut Draft<'_>, node: &Node) -> Result<(), String> {
    let table = table_of(draft, node)?;
    let subnet: SubnetId = draft.needed(node, "SubnetId", &[SUBNET])?;
    let subnet = draft.made.subnets.get_mut(&subnet);
    subnet.ok_or("no such subnet")?.route_table = table;
    Ok(())
}

fn table_of(draft: &Draft<'_>, node: &Node) -> Result<RouteTableId, String> {
    let prop = node.need("RouteTableId")?;
    let existing = prop.text().map(RouteTableId::from);
    let existing = existing.filter(|id| draft.made.route_tables.contains_key(id));
    existing.map_or_else(|| draft.object(prop, &[TABLE]), Ok)
}

fn write_route(draft: &mut Draft<'_>, node: &Node) -> Result<(), String> {
    let table = table_of(draft, node)?;
    let route = Route {
        destination: range(node.need("DestinationCidrBlock")?)?,
        target: route_target(draft, node)?,
    };
    let table = draft.made.route_tables.get_mut(&table);
    table.ok_or("no such route table")?.routes.push(route);
    Ok(())
}

/// Gateways that no blueprint holds, by the property that names one.
const OUTSIDE: [&str; 9] = [
    "GatewayId",
    "NatGatewayId",
    "InstanceId",
    "NetworkInterfaceId",
    "VpcEndpointId",
    "EgressOnlyInternetGatewayId",
    "CarrierGatewayId",
    "LocalGatewayId",
    "CoreNetworkArn",
];

fn route_target(draft: &Draft<'_>, node: &Node) -> Result<RouteTarget, String> {
    if let Some(prop) = node.get("VpcPeeringConnectionId") {
        let known = draft.object(prop, &[PEERING]).map(RouteTarget::Peering);
        let nowhere = |id: &str| RouteTarget::Peering(id.into());
        return known.or_else(|why| elsewhere(prop, "pcx-", nowhere).ok_or(why));
    }
    if let Some(prop) = node.get("TransitGatewayId") {
        let known = draft.object(prop, &[transit::GATEWAY]);
        let known = known.map(RouteTarget::TransitGateway);
        let nowhere = |id: &str| RouteTarget::TransitGateway(id.into());
        return known.or_else(|why| elsewhere(prop, "tgw-", nowhere).ok_or(why));
    }
    let target = OUTSIDE.iter().find_map(|name| outside(node.get(name)?));
    target.ok_or_else(|| "it leads nowhere that is understood".to_owned())
}

/// A target that the text does not make: by an id of AWS's it leads out, by anything else to
/// what is not there.
fn elsewhere(
    prop: &Prop,
    prefix: &str,
    nowhere: impl Fn(&str) -> RouteTarget,
) -> Option<RouteTarget> {
    let id = prop.text()?;
    if id.starts_with(prefix) {
        outside(prop)
    } else {
        Some(nowhere(id))
    }
}

fn outside(prop: &Prop) -> Option<RouteTarget> {
    prop.text().map(|id| RouteTarget::Outside(id.to_owned()))
}

fn write_acl(draft: &mut Draft<'_>, node: &Node) -> Result<(), String> {
    let acl = NetworkAcl {
        vpc: draft.needed(node, "VpcId", &[VPC])?,
        ingress: Vec::new(),
        egress: Vec::new(),
    };
    draft.made.network_acls.insert(own(node), acl);
    Ok(())
}

fn write_entry(draft: &mut Draft<'_>, node: &Node) -> Result<(), String> {
    let id: NetworkAclId = draft.needed(node, "NetworkAclId", &[ACL])?;
    let protocol = node.need("Protocol")?;
    let protocol = props::spelled(protocol).ok_or("no protocol")?;
    let Some((from_port, to_port)) = entry_ports(node, &protocol)? else {
        return Ok(());
    };
    let number = u16::try_from(node.number("RuleNumber")?).map_err(|why| why.to_string())?;
    let entry = AclEntry {
        number,
        allow: match node.text("RuleAction")? {
            "allow" => true,
            "deny" => false,
            other => return Err(format!("action `{other}` is not understood")),
        },
        cidr: range(node.need("CidrBlock")?)?,
        from_port,
        to_port,
    };
    let egress = flag_or(node, "Egress", false)?;
    let acl = draft.made.network_acls.get_mut(&id);
    let acl = acl.ok_or("no such network ACL")?;
    if egress {
        &mut acl.egress
    } else {
        &mut acl.ingress
    }
    .push(entry);
    Ok(())
}

/// The TCP ports an entry is about: all of them where the protocol is any, whatever ports are
/// given beside it; none where it is another protocol ("NetworkAclEntry" in the EC2 API).
fn entry_ports(node: &Node, protocol: &str) -> Result<Option<(u16, u16)>, String> {
    if protocol == ANY_PROTOCOL {
        return Ok(Some((0, u16::MAX)));
    }
    if !TCP.contains(&protocol) {
        return Ok(None);
    }
    let ports = node.need("PortRange")?;
    let end = |name| props::port(ports.get(name).ok_or("a port range has two ends")?);
    Ok(Some((end("From")?, end("To")?)))
}

fn associate_acl(draft: &mut Draft<'_>, node: &Node) -> Result<(), String> {
    let acl: NetworkAclId = draft.needed(node, "NetworkAclId", &[ACL])?;
    let subnet: SubnetId = draft.needed(node, "SubnetId", &[SUBNET])?;
    let subnet = draft.made.subnets.get_mut(&subnet);
    subnet.ok_or("no such subnet")?.network_acl = Some(acl);
    Ok(())
}

fn write_peering(draft: &mut Draft<'_>, node: &Node) -> Result<(), String> {
    let requester: VpcId = draft.needed(node, "VpcId", &[VPC])?;
    let accepter: VpcId = draft.needed(node, "PeerVpcId", &[VPC])?;
    let region = |id| draft.made.vpcs.get(id).map(|vpc| &vpc.region);
    let within = region(&requester) == region(&accepter);
    said_rightly(draft, node, &accepter)?;
    let peering = Peering {
        requester,
        accepter,
        mtu: if within { JUMBO_MTU } else { REGIONS_MTU },
    };
    let id: PeeringId = own(node);
    draft.made.peerings.insert(id, peering);
    Ok(())
}

/// A request goes to the account and Region it names, its own if it names none, and finds the
/// other VPC only there.
fn said_rightly(draft: &Draft<'_>, node: &Node, accepter: &VpcId) -> Result<(), String> {
    let account = props::text_or(node, "PeerOwnerId", &node.account)?;
    let region = props::text_or(node, "PeerRegion", &node.region)?;
    let vpc = draft.made.vpcs.get(accepter).ok_or("no such peer")?;
    if (account, region) == (vpc.account.as_str(), vpc.region.as_str()) {
        Ok(())
    } else {
        Err(format!("{accepter} is not in {account}, {region}"))
    }
}

/// Writes the interfaces of the text. Whose they are, brokers' settings and gateways say later.
pub(super) fn write_interfaces(draft: &mut Draft<'_>) {
    draft.each(INTERFACE, write_interface);
}

fn write_interface(draft: &mut Draft<'_>, node: &Node) -> Result<(), String> {
    let subnet: SubnetId = draft.needed(node, "SubnetId", &[SUBNET])?;
    let vpc = vpc_of(draft, &subnet)?;
    let address = node.get("PrivateIpAddress").map(props::address);
    let eni = Eni {
        address: address.transpose()?.unwrap_or(Ipv4Addr::UNSPECIFIED),
        security_groups: groups::worn(draft, node, "GroupSet", &vpc)?,
        subnet,
        owner: EniOwner::Witness,
    };
    insert_eni(draft, own(node), eni);
    Ok(())
}

/// The VPC of a subnet.
pub(super) fn vpc_of(draft: &Draft<'_>, subnet: &SubnetId) -> Result<VpcId, String> {
    let known = draft.made.subnets.get(subnet);
    let known = known.ok_or_else(|| format!("no subnet {subnet}"))?;
    Ok(known.vpc.clone())
}

/// Adds an interface; one without an address gets one of AWS's choice.
pub(super) fn insert_eni(draft: &mut Draft<'_>, id: EniId, eni: Eni) {
    if eni.address.is_unspecified() {
        draft.unaddressed.push(id.clone());
    }
    draft.made.enis.insert(id, eni);
}

/// The subnet of a VPC that an address lies in.
pub(super) fn subnet_of(draft: &Draft<'_>, vpc: &VpcId, address: Ipv4Addr) -> Option<SubnetId> {
    let mut subnets = draft.made.subnets.iter();
    let found = subnets.find(|(_, subnet)| subnet.vpc == *vpc && subnet.cidr.contains(&address));
    found.map(|(id, _)| id.clone())
}

/// A name that no two resources share, for what AWS names at random.
pub(super) fn label(draft: &Draft<'_>, node: &Node) -> String {
    let mut nodes = draft.graph.nodes.iter();
    let position = nodes.position(|known| known.id == node.id);
    format!("{:04}", position.unwrap_or_default())
}
