//! Network Load Balancers with their listeners and target groups.

use std::collections::{BTreeMap, BTreeSet};
use std::net::Ipv4Addr;

use blueprint::balancing::{HealthCheck, Listener, LoadBalancer, Target, TargetGroup};
use blueprint::ids::{BalancerId, EniId, SecurityGroupId, SubnetId, TargetGroupId, VpcId, ZoneId};
use blueprint::network::{Eni, EniOwner};

use super::network::{INTERFACE, SUBNET, VPC};
use super::props::{address, attributes, needed_port, port, text_or};
use super::references::own;
use super::{Draft, groups, network};
use crate::graph::{Node, Prop};

pub(super) const BALANCER: &str = "AWS::ElasticLoadBalancingV2::LoadBalancer";
pub(super) const TARGET_GROUP: &str = "AWS::ElasticLoadBalancingV2::TargetGroup";
const LISTENER: &str = "AWS::ElasticLoadBalancingV2::Listener";

const CROSS_ZONE: &str = "load_balancing.cross_zone.enabled";

/// Writes balancers, target groups and listeners.
pub(super) fn write(draft: &mut Draft<'_>) {
    draft.each(BALANCER, write_balancer);
    draft.each(TARGET_GROUP, write_target_group);
    draft.each(LISTENER, write_listener);
    draft.each(BALANCER, settle_cross_zone);
}

fn write_balancer(draft: &mut Draft<'_>, node: &Node) -> Result<(), String> {
    // Without a type it is an Application Load Balancer (the type in the template reference).
    if text_or(node, "Type", "application")? != "network" {
        return Err("it is no Network Load Balancer".to_owned());
    }
    let id: BalancerId = own(node);
    let places = node_places(draft, node)?;
    // A Network Load Balancer without security groups filters nothing.
    let groups: Vec<SecurityGroupId> = draft.each_of(node, "SecurityGroups", &[groups::GROUP])?;
    let vpc = common_vpc(draft, node, &places)?;
    let owner = EniOwner::BalancerNode(id.clone());
    let nodes = parts(draft, id.as_str(), places, &groups, &owner)?;
    let balancer = LoadBalancer {
        vpc,
        dns_name: dns_name(draft, node)?,
        nodes,
        cross_zone: false,
        enforce_on_privatelink: enforces(node)?,
        listeners: BTreeMap::new(),
        managed: false,
    };
    draft.made.balancers.insert(id, balancer);
    Ok(())
}

/// A balancer that faces the internet is answered with public addresses, which no VPC holds; it is
/// that if nothing is said (`Scheme` of the type in the template reference).
fn dns_name(draft: &Draft<'_>, node: &Node) -> Result<String, String> {
    let label = network::label(draft, node);
    let region = &node.region;
    match text_or(node, "Scheme", "internet-facing")? {
        "internal" => Ok(format!("internal-{label}.elb.{region}.amazonaws.com")),
        _ => Err("it faces the internet".to_owned()),
    }
}

/// On if nothing is said ("Update the security groups for your Network Load Balancer").
fn enforces(node: &Node) -> Result<bool, String> {
    let name = "EnforceSecurityGroupInboundRulesOnPrivateLinkTraffic";
    Ok(text_or(node, name, "on")? != "off")
}

fn node_places(
    draft: &Draft<'_>,
    node: &Node,
) -> Result<Vec<(SubnetId, Option<Ipv4Addr>)>, String> {
    let mappings = node.list("SubnetMappings")?.iter();
    let mapped = mappings.map(|mapping| {
        let subnet = mapping.get("SubnetId").ok_or("a mapping has no subnet")?;
        let fixed = mapping.get("PrivateIPv4Address").map(address);
        Ok((draft.object(subnet, &[SUBNET])?, fixed.transpose()?))
    });
    let mut places: Vec<_> = mapped.collect::<Result<_, String>>()?;
    let plain: Vec<SubnetId> = draft.each_of(node, "Subnets", &[SUBNET])?;
    places.extend(plain.into_iter().map(|subnet| (subnet, None)));
    Ok(places)
}

fn write_target_group(draft: &mut Draft<'_>, node: &Node) -> Result<(), String> {
    // Without a type targets are instances (the type in the template reference).
    if text_or(node, "TargetType", "instance")? != "ip" {
        return Err("its targets are no addresses".to_owned());
    }
    let protocol = node.text("Protocol")?;
    if !["TCP", "TLS", "TCP_UDP"].contains(&protocol) {
        return Err(format!("protocol {protocol} is not understood"));
    }
    let port = needed_port(node, "Port")?;
    let attributes = attributes(node, "TargetGroupAttributes")?;
    let is_on = |name| attributes.get(name).is_some_and(|value| value == "true");
    let targets = node.list("Targets")?.iter();
    let targets = targets.map(|item| target(draft, item, port));
    let group = TargetGroup {
        vpc: draft.needed(node, "VpcId", &[VPC])?,
        port,
        targets: targets.collect::<Result<_, _>>()?,
        health_check: health_check(node)?,
        // Off for addresses behind TCP and TLS, and off without a PROXY header, if nothing is said
        // ("Target groups for your Network Load Balancers").
        preserve_client_ip: is_on("preserve_client_ip.enabled"),
        proxy_protocol: is_on("proxy_protocol_v2.enabled"),
    };
    draft.made.target_groups.insert(own(node), group);
    Ok(())
}

fn target(draft: &Draft<'_>, item: &Prop, default: u16) -> Result<Target, String> {
    let id = item.get("Id").ok_or("a target has no Id")?;
    let port = item.get("Port").map_or(Ok(default), port)?;
    let address = match id.reference() {
        None => address(id)?,
        Some((eni, "PrimaryPrivateIpAddress")) => {
            let node = draft.graph.node(eni).filter(|node| node.kind == INTERFACE);
            let eni = node.map(own::<EniId>);
            let eni = eni.and_then(|id| draft.made.enis.get(&id));
            eni.ok_or_else(|| format!("{id:?} is no interface"))?
                .address
        }
        Some(_) => return Err(format!("{id:?} is no address")),
    };
    Ok(Target { address, port })
}

/// Every 30 s, five successes and two failures, if nothing is said (`AWS::…::TargetGroup` in the
/// template reference). No path depends on it.
fn health_check(node: &Node) -> Result<HealthCheck, String> {
    let number = |name: &str, default: u32| match node.get(name) {
        None => Ok(default),
        Some(_) => u32::try_from(node.number(name)?).map_err(|why| format!("{name}: {why}")),
    };
    Ok(HealthCheck {
        interval_s: number("HealthCheckIntervalSeconds", 30)?,
        healthy_threshold: number("HealthyThresholdCount", 5)?,
        unhealthy_threshold: number("UnhealthyThresholdCount", 2)?,
    })
}

fn write_listener(draft: &mut Draft<'_>, node: &Node) -> Result<(), String> {
    let id: BalancerId = draft.needed(node, "LoadBalancerArn", &[BALANCER])?;
    let certificate_names = match node.text("Protocol")? {
        "TCP" | "TCP_UDP" => None,
        "TLS" => Some(certificate(node)?),
        other => return Err(format!("protocol {other} is not understood")),
    };
    let attributes = attributes(node, "ListenerAttributes")?;
    let idle = attributes.get("tcp.idle_timeout.seconds");
    let idle = idle.map_or(Ok(IDLE_S), |said| said.parse());
    let listener = Listener {
        target_group: forwarded(draft, node)?,
        idle_timeout_s: idle.map_err(|why| format!("idle time-out: {why}"))?,
        certificate_names,
    };
    let port = needed_port(node, "Port")?;
    let balancer = draft.made.balancers.get_mut(&id);
    let balancer = balancer.ok_or("no such balancer")?;
    if balancer.listeners.insert(port, listener).is_some() {
        return Err(format!("a second listener on {port}"));
    }
    Ok(())
}

/// Seconds after which a silent connection is forgotten if nothing is said ("Update the TCP idle
/// timeout for your Network Load Balancer listener").
const IDLE_S: u32 = 350;

/// The names of the certificate, where the wiring says them.
fn certificate(node: &Node) -> Result<BTreeSet<String>, String> {
    let [only] = node.list("Certificates")? else {
        return Err("a TLS listener has one certificate by default".to_owned());
    };
    let arn = only.get("CertificateArn").and_then(Prop::text);
    let names = arn.and_then(|arn| arn.strip_prefix("certificate:"));
    let names = names.into_iter().flat_map(|names| names.split(','));
    Ok(names.map(str::to_owned).collect())
}

/// The one target group that a listener forwards to.
fn forwarded(draft: &Draft<'_>, node: &Node) -> Result<TargetGroupId, String> {
    let [action] = node.list("DefaultActions")? else {
        return Err("a listener has one default action".to_owned());
    };
    if action.get("Type").and_then(Prop::text) != Some("forward") {
        return Err("its action is not to forward".to_owned());
    }
    let groups = action
        .get("ForwardConfig")
        .and_then(|c| c.get("TargetGroups"));
    let group = match groups.and_then(Prop::list) {
        None => action.get("TargetGroupArn"),
        Some([only]) => only.get("TargetGroupArn"),
        Some(_) => return Err("it forwards to several groups".to_owned()),
    };
    draft.object(group.ok_or("it forwards nowhere")?, &[TARGET_GROUP])
}

/// Whether nodes use targets of other zones: the target group's word, else the balancer's, else
/// not ("Cross-zone load balancing").
fn settle_cross_zone(draft: &mut Draft<'_>, node: &Node) -> Result<(), String> {
    let attributes = attributes(node, "LoadBalancerAttributes")?;
    let own_word = attributes
        .get(CROSS_ZONE)
        .is_some_and(|value| value == "true");
    let id: BalancerId = own(node);
    let mut words = BTreeSet::new();
    for listener in draft.graph.of_kind(LISTENER) {
        if draft.needed::<BalancerId>(listener, "LoadBalancerArn", &[BALANCER]) == Ok(id.clone()) {
            words.insert(group_word(draft, listener)?.unwrap_or(own_word));
        }
    }
    if 1 < words.len() {
        return Err("its target groups differ in crossing zones, which is not understood".into());
    }
    if let Some(balancer) = draft.made.balancers.get_mut(&id) {
        balancer.cross_zone = words.first().copied().unwrap_or(own_word);
    }
    Ok(())
}

fn group_word(draft: &Draft<'_>, listener: &Node) -> Result<Option<bool>, String> {
    let group = forwarded(draft, listener)?;
    let mut groups = draft.graph.of_kind(TARGET_GROUP);
    let node = groups.find(|node| own::<TargetGroupId>(node) == group);
    let attributes = node.map(|node| attributes(node, "TargetGroupAttributes"));
    let said = attributes
        .transpose()?
        .and_then(|mut all| all.remove(CROSS_ZONE));
    Ok(match said.as_deref() {
        None | Some("use_load_balancer_configuration") => None,
        Some(word) => Some(word == "true"),
    })
}

/// One interface per zone of something that AWS makes, at an address of AWS's choice where none was
/// said.
pub(super) fn parts(
    draft: &mut Draft<'_>,
    of: &str,
    places: Vec<(SubnetId, Option<Ipv4Addr>)>,
    groups: &[SecurityGroupId],
    owner: &EniOwner,
) -> Result<BTreeMap<ZoneId, EniId>, String> {
    let mut parts = BTreeMap::new();
    for (subnet, address) in places {
        let zone = draft.made.subnets.get(&subnet).map(|s| s.zone.clone());
        let zone = zone.ok_or_else(|| format!("no subnet {subnet}"))?;
        let eni = EniId::from(format!("{of} in {zone}"));
        if parts.insert(zone, eni.clone()).is_some() {
            return Err("it has two subnets of one zone".to_owned());
        }
        let interface = Eni {
            subnet,
            address: address.unwrap_or(Ipv4Addr::UNSPECIFIED),
            security_groups: groups.to_vec(),
            owner: owner.clone(),
        };
        network::insert_eni(draft, eni, interface);
    }
    Ok(parts)
}

/// The VPC of the subnets; where there is none, which AWS would refuse, that of the targets.
fn common_vpc(
    draft: &Draft<'_>,
    node: &Node,
    places: &[(SubnetId, Option<Ipv4Addr>)],
) -> Result<VpcId, String> {
    if let Some((first, _)) = places.first() {
        return network::vpc_of(draft, first);
    }
    let id: BalancerId = own(node);
    let own_listeners = draft.graph.of_kind(LISTENER).filter(|listener| {
        draft.needed::<BalancerId>(listener, "LoadBalancerArn", &[BALANCER]) == Ok(id.clone())
    });
    let groups: Vec<_> = own_listeners
        .filter_map(|l| forwarded(draft, l).ok())
        .collect();
    let mut known = draft.graph.of_kind(TARGET_GROUP);
    let group = known.find(|node| groups.contains(&own(node)));
    draft.needed(
        group.ok_or("it has neither subnets nor targets")?,
        "VpcId",
        &[VPC],
    )
}
