//! Ranges, addresses, protocols and ports.

use std::collections::{BTreeMap, BTreeSet};
use std::net::Ipv4Addr;

use ipnet::Ipv4Net;

use super::super::graph::{Graph, Node, Prop};
use super::{Objections, address, range, ranges, shown, walk};

/// Addresses that AWS keeps of every subnet: its first four and its last (Amazon VPC user guide,
/// subnet CIDR blocks).
const N_RESERVED_FIRST: u32 = 4;

/// Names of properties that hold an address in the subnet that `SubnetId` beside them names.
const ADDRESSES: [&str; 4] = [
    "PrivateIpAddress",
    "PrivateIPv4Address",
    "Ipv4",
    "Ipv4Address",
];

/// Sources of a rule, of which it has exactly one.
const PEERS: [&str; 6] = [
    "CidrIp",
    "CidrIpv6",
    "DestinationPrefixListId",
    "DestinationSecurityGroupId",
    "SourcePrefixListId",
    "SourceSecurityGroupId",
];

/// Protocols of security groups by name (EC2 API reference, IpPermission).
const NAMED_PROTOCOLS: [&str; 5] = ["tcp", "udp", "icmp", "icmpv6", "-1"];

/// Highest number of a protocol.
const MAX_PROTOCOL: i64 = 255;

/// Highest number of a network ACL's rule (EC2 API reference, CreateNetworkAclEntry).
const MAX_ACL_RULE: i64 = 32_766;

pub(super) fn judge(graph: &Graph, found: &mut Objections) {
    subnets(graph, found);
    addresses(graph, found);
    for node in &graph.nodes {
        whole_world(node, found);
        host_bits(node, found);
    }
    for node in graph.of_kind("AWS::EC2::SecurityGroup") {
        group(node, found);
    }
    for kind in [
        "AWS::EC2::SecurityGroupIngress",
        "AWS::EC2::SecurityGroupEgress",
    ] {
        for node in graph.of_kind(kind) {
            rule(node, &node.properties, found);
        }
    }
    acls(graph, found);
}

/// Every subnet lies in a range of its VPC, and none in another.
fn subnets(graph: &Graph, found: &mut Objections) {
    let mut before: Vec<(&Prop, Ipv4Net, &Node)> = Vec::new();
    for node in graph.of_kind("AWS::EC2::Subnet") {
        let (Some(range), Some(vpc)) = (range(node.get("CidrBlock")), node.get("VpcId")) else {
            continue;
        };
        let of_vpc = ranges(graph, vpc);
        if !of_vpc.is_empty() && !of_vpc.iter().any(|vpc| vpc.contains(&range)) {
            found.at(node, "range-outside-its-vpc", range.to_string());
        }
        for (_, other, of) in before.iter().filter(|(known, ..)| *known == vpc) {
            if other.contains(&range) || range.contains(other) {
                found.at(
                    node,
                    "overlapping-ranges",
                    format!("{range} and {other} of {}", of.id),
                );
            }
        }
        before.push((vpc, range, node));
    }
}

/// Every address is one of its subnet that can be had, and had once.
fn addresses(graph: &Graph, found: &mut Objections) {
    let mut taken: BTreeMap<(&Prop, Ipv4Addr), &Node> = BTreeMap::new();
    for node in &graph.nodes {
        for (subnet, wanted) in chosen(node) {
            let Some(ip) = address(wanted) else {
                found.at(node, "no-address", shown(wanted));
                continue;
            };
            let made = graph.target(subnet, "AWS::EC2::Subnet");
            if let Some(range) = made.and_then(|subnet| range(subnet.get("CidrBlock")))
                && !is_free(range, ip)
            {
                found.at(
                    node,
                    "address-outside-its-subnet",
                    format!("{ip} in {range}"),
                );
            }
            if let Some(other) = taken.insert((subnet, ip), node) {
                found.at(
                    node,
                    "address-taken",
                    format!("{ip}, of {} already", other.id),
                );
            }
        }
    }
}

/// Pairs of a subnet and an address that a resource asks for.
fn chosen(node: &Node) -> Vec<(&Prop, &Prop)> {
    let mut found = Vec::new();
    pairs(&node.properties, &mut found);
    for prop in node.properties.values() {
        walk(prop, &mut |inner| {
            if let Some(entries) = inner.map() {
                pairs(entries, &mut found);
            }
        });
    }
    found
}

fn pairs<'p>(entries: &'p BTreeMap<String, Prop>, found: &mut Vec<(&'p Prop, &'p Prop)>) {
    if let Some(subnet) = entries.get("SubnetId") {
        let wanted = ADDRESSES.iter().filter_map(|name| entries.get(*name));
        found.extend(wanted.map(|wanted| (subnet, wanted)));
    }
}

fn is_free(range: Ipv4Net, ip: Ipv4Addr) -> bool {
    let first = u32::from(range.network()).saturating_add(N_RESERVED_FIRST);
    (first..u32::from(range.broadcast())).contains(&u32::from(ip))
}

/// A security group whose template says nothing of what may leave lets everything leave.
fn group(node: &Node, found: &mut Objections) {
    let is_template = node.id.unit.ends_with(".yaml");
    if is_template && node.get("SecurityGroupEgress").is_none() {
        found.at(
            node,
            "open-egress",
            "no SecurityGroupEgress, which AWS takes for everything",
        );
    }
    for name in ["SecurityGroupIngress", "SecurityGroupEgress"] {
        let rules = node.get(name).and_then(Prop::list).unwrap_or_default();
        for entries in rules.iter().filter_map(Prop::map) {
            rule(node, entries, found);
        }
    }
}

fn rule(node: &Node, entries: &BTreeMap<String, Prop>, found: &mut Objections) {
    let protocol = entries.get("IpProtocol").cloned();
    // A number is text in CloudFormation's examples, and people leave the quotes out.
    let protocol = protocol.map(|protocol| Prop::joined([protocol]));
    let name = protocol.as_ref().and_then(Prop::text).unwrap_or_default();
    let is_number = name
        .parse()
        .is_ok_and(|number| (0..=MAX_PROTOCOL).contains(&number));
    if !is_number && !NAMED_PROTOCOLS.contains(&name) {
        found.at(node, "no-protocol", format!("`{name}`"));
    }
    if ["tcp", "udp", "6", "17"].contains(&name) {
        ports(node, entries.get("FromPort"), entries.get("ToPort"), found);
    }
    let peers = PEERS.iter().filter(|name| entries.contains_key(**name));
    if peers.count() != 1 {
        found.at(
            node,
            "peers-of-a-rule",
            "exactly one source or destination is needed",
        );
    }
}

fn ports(node: &Node, from: Option<&Prop>, to: Option<&Prop>, found: &mut Objections) {
    let number = |prop: Option<&Prop>| prop.and_then(Prop::number);
    let is_right = match (number(from), number(to)) {
        (Some(from), Some(to)) => (0..=65_535).contains(&from) && (from..=65_535).contains(&to),
        (None, _) | (_, None) => false,
    };
    if !is_right {
        let shown = |prop: Option<&Prop>| prop.map_or("none".to_owned(), shown);
        found.at(
            node,
            "no-ports",
            format!("from {} to {}", shown(from), shown(to)),
        );
    }
}

fn acls(graph: &Graph, found: &mut Objections) {
    let mut before = BTreeSet::new();
    for node in graph.of_kind("AWS::EC2::NetworkAclEntry") {
        let protocol = node.number("Protocol").unwrap_or(i64::MIN);
        if !(-1..=MAX_PROTOCOL).contains(&protocol) {
            found.at(
                node,
                "no-protocol",
                node.get("Protocol").map(shown).unwrap_or_default(),
            );
        }
        if [6, 17].contains(&protocol) {
            let port = |name| node.get("PortRange").and_then(|range| range.get(name));
            ports(node, port("From"), port("To"), found);
        }
        let number = node.number("RuleNumber").unwrap_or(0);
        if !(1..=MAX_ACL_RULE).contains(&number) {
            found.at(node, "rule-number", number.to_string());
        }
        let leaves = node.flag("Egress").unwrap_or(false);
        if !before.insert((node.get("NetworkAclId"), leaves, number)) {
            found.at(node, "rule-number", format!("{number} stands twice"));
        }
    }
}

fn whole_world(node: &Node, found: &mut Objections) {
    for (name, prop) in &node.properties {
        walk(prop, &mut |inner| {
            if inner
                .text()
                .is_some_and(|text| ["0.0.0.0/0", "::/0"].contains(&text))
            {
                found.at(node, "whole-world", name);
            }
        });
    }
}

/// AWS refuses a range with host bits in some places and rewrites it in others.
fn host_bits(node: &Node, found: &mut Objections) {
    for (name, prop) in &node.properties {
        walk(prop, &mut |inner| {
            let range = inner.text().and_then(|text| text.parse::<Ipv4Net>().ok());
            if let Some(range) = range.filter(|range| range.trunc() != *range) {
                found.at(node, "host-bits", format!("{name} is {range}"));
            }
        });
    }
}
