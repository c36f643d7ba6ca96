//! Balancers, endpoint services and names.

use std::collections::BTreeSet;
use std::net::Ipv4Addr;

use super::super::graph::{Graph, Node, Prop};
use super::{Objections, address, ranges, reach, shown, vpc_of};

/// A network balancer's protocols, and those of target groups that each forwards to (Network Load
/// Balancers user guide, listeners and target groups).
const FORWARDS: [(&str, &[&str]); 4] = [
    ("TCP", &["TCP", "TCP_UDP"]),
    ("TLS", &["TCP", "TLS"]),
    ("UDP", &["UDP", "TCP_UDP"]),
    ("TCP_UDP", &["TCP_UDP"]),
];

/// Types of records (Amazon Route 53 developer guide, supported DNS record types).
const RECORD_TYPES: [&str; 15] = [
    "A", "AAAA", "CAA", "CNAME", "DS", "HTTPS", "MX", "NAPTR", "NS", "PTR", "SOA", "SRV", "SSHFP",
    "SVCB", "TXT",
];

const LISTENER: &str = "AWS::ElasticLoadBalancingV2::Listener";
const BALANCER: &str = "AWS::ElasticLoadBalancingV2::LoadBalancer";
const TARGET_GROUP: &str = "AWS::ElasticLoadBalancingV2::TargetGroup";

pub(super) fn judge(graph: &Graph, found: &mut Objections) {
    let mut before = BTreeSet::new();
    for node in graph.of_kind(LISTENER) {
        listener(graph, node, found);
        if !before.insert((node.get("LoadBalancerArn"), node.get("Port"))) {
            found.at(
                node,
                "port-taken",
                "another listener of the balancer has it",
            );
        }
    }
    for node in graph.of_kind(BALANCER) {
        balancer(graph, node, found);
    }
    for node in graph.of_kind(TARGET_GROUP) {
        target_group(graph, node, found);
    }
    for node in graph.of_kind("AWS::EC2::VPCEndpointService") {
        if reach(node, "NetworkLoadBalancerArns").is_empty() {
            found.at(
                node,
                "service-without-balancer",
                "no NetworkLoadBalancerArns",
            );
        }
    }
    for node in graph.of_kind("AWS::EC2::VPCEndpoint") {
        endpoint(graph, node, found);
    }
    for node in graph.of_kind("AWS::Route53::RecordSet") {
        record(graph, node, found);
    }
}

fn listener(graph: &Graph, node: &Node, found: &mut Objections) {
    let protocol = node.text("Protocol").unwrap_or_default();
    let Some((_, to)) = FORWARDS.iter().find(|(known, _)| *known == protocol) else {
        return found.at(
            node,
            "no-protocol-of-a-network-balancer",
            format!("`{protocol}`"),
        );
    };
    port(node, node.get("Port"), found);
    let has_certificates = !reach(node, "Certificates").is_empty();
    if has_certificates != (protocol == "TLS") {
        found.at(
            node,
            "certificates",
            format!("{protocol}, certificates: {has_certificates}"),
        );
    }
    let direct = reach(node, "DefaultActions.TargetGroupArn");
    let listed = reach(
        node,
        "DefaultActions.ForwardConfig.TargetGroups.TargetGroupArn",
    );
    if direct.is_empty() && listed.is_empty() {
        found.at(node, "forwards-to-nothing", "no target group");
    }
    let balancer = node.get("LoadBalancerArn");
    let balancer = balancer.and_then(|prop| graph.target(prop, BALANCER));
    for prop in direct.into_iter().chain(listed) {
        let Some(group) = graph.target(prop, TARGET_GROUP) else {
            continue;
        };
        let of_group = group.text("Protocol").unwrap_or_default();
        if !to.contains(&of_group) {
            found.at(
                node,
                "unlike-protocols",
                format!("{protocol} to {of_group}"),
            );
        }
        let vpc = balancer.and_then(|balancer| vpc_of_balancer(graph, balancer));
        if vpc.is_some() && vpc != group.get("VpcId") {
            found.at(node, "target-group-of-another-vpc", group.id.to_string());
        }
    }
}

fn vpc_of_balancer<'g>(graph: &'g Graph, balancer: &'g Node) -> Option<&'g Prop> {
    let subnets = reach(balancer, "SubnetMappings.SubnetId");
    let subnets = subnets.into_iter().chain(reach(balancer, "Subnets"));
    subnets.filter_map(|subnet| vpc_of(graph, subnet)).next()
}

fn balancer(graph: &Graph, node: &Node, found: &mut Objections) {
    if node.text("Scheme") != Ok("internal") {
        found.at(node, "public-balancer", "its Scheme is not internal");
    }
    let mut subnets = reach(node, "SubnetMappings.SubnetId");
    subnets.extend(reach(node, "Subnets"));
    one_subnet_a_zone(graph, node, &subnets, found);
}

fn endpoint(graph: &Graph, node: &Node, found: &mut Objections) {
    let subnets = reach(node, "SubnetIds");
    one_subnet_a_zone(graph, node, &subnets, found);
    let vpc = node.get("VpcId");
    let strange = |subnet: &&&Prop| vpc_of(graph, subnet).is_some_and(|of| Some(of) != vpc);
    if let Some(subnet) = subnets.iter().find(strange) {
        found.at(node, "subnet-of-another-vpc", shown(subnet));
    }
}

/// Balancers and endpoints have one interface in a zone.
fn one_subnet_a_zone(graph: &Graph, node: &Node, subnets: &[&Prop], found: &mut Objections) {
    let made = subnets
        .iter()
        .filter_map(|subnet| graph.target(subnet, "AWS::EC2::Subnet"));
    let mut zones = BTreeSet::new();
    for subnet in made {
        let zone = subnet
            .get("AvailabilityZoneId")
            .or_else(|| subnet.get("AvailabilityZone"));
        if zone.is_some() && !zones.insert(zone) {
            found.at(node, "zone-twice", subnet.id.to_string());
        }
    }
}

fn target_group(graph: &Graph, node: &Node, found: &mut Objections) {
    port(node, node.get("Port"), found);
    reach(node, "Targets.Port")
        .into_iter()
        .for_each(|p| port(node, Some(p), found));
    if node.text("TargetType") != Ok("ip") {
        return;
    }
    let of_vpc = node
        .get("VpcId")
        .map(|vpc| ranges(graph, vpc))
        .unwrap_or_default();
    for target in reach(node, "Targets.Id") {
        match address(target) {
            None if target.reference().is_some() => {}
            Some(ip) if of_vpc.is_empty() || of_vpc.iter().any(|range| range.contains(&ip)) => {}
            Some(_) | None => found.at(node, "target-outside-its-vpc", shown(target)),
        }
    }
}

fn port(node: &Node, port: Option<&Prop>, found: &mut Objections) {
    let number = port.and_then(Prop::number);
    if !number.is_some_and(|number| (1..=65_535).contains(&number)) {
        found.at(node, "no-port", port.map_or("none".to_owned(), shown));
    }
}

fn record(graph: &Graph, node: &Node, found: &mut Objections) {
    let kind = node.text("Type").unwrap_or_default();
    if !RECORD_TYPES.contains(&kind) {
        found.at(node, "no-type-of-a-record", format!("`{kind}`"));
    }
    let (alias, values) = (node.get("AliasTarget"), reach(node, "ResourceRecords"));
    if alias.is_some() != values.is_empty() {
        found.at(node, "alias-or-values", "exactly one of the two is needed");
    }
    if values.is_empty() != node.get("TTL").is_none() {
        found.at(node, "time-to-live", "values need one, an alias has none");
    }
    for value in values {
        let is_address = value
            .text()
            .is_none_or(|text| text.parse::<Ipv4Addr>().is_ok());
        if (kind == "A" && !is_address) || (kind == "CNAME" && value.text().is_some() && is_address)
        {
            found.at(node, "no-value-of-its-type", shown(value));
        }
    }
    let zone = node.get("HostedZoneId");
    let zone = zone.and_then(|zone| graph.target(zone, "AWS::Route53::HostedZone"));
    let zone = zone.and_then(|zone| zone.text("Name").ok());
    if let (Some(zone), Ok(name)) = (zone, node.text("Name")) {
        let [zone, name] = [zone, name].map(|name| name.trim_end_matches('.'));
        if name != zone && !name.ends_with(&format!(".{zone}")) {
            found.at(node, "name-outside-its-zone", format!("{name} in {zone}"));
        }
    }
}
