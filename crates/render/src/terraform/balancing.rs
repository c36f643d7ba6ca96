//! Network Load Balancers with their target groups and listeners, and the services they offer.

use blueprint::Blueprint;
use blueprint::balancing::{LoadBalancer, Target, TargetGroup};
use blueprint::ids::{BalancerId, ServiceId, TargetGroupId};
use blueprint::network::{Eni, EniOwner};

use super::text::{block, further, home, id, resource, tags, texts};
use crate::assigned;
use crate::names;
use crate::object::Object;
use crate::part::Resource;
use crate::policies;
use crate::value::{Input, Value};

/// Seconds of idleness after which AWS ends a TCP connection through a balancer unless told
/// otherwise (Network Load Balancer guide, "Connection idle timeout").
const DEFAULT_IDLE_TIMEOUT_S: u32 = 350;

/// TLS 1.3 and 1.2 with forward secrecy: what AWS recommends for TLS listeners (Network Load
/// Balancer guide, "Security policies").
const TLS_POLICY: &str = "ELBSecurityPolicy-TLS13-1-2-2021-06";

pub(super) fn balancer(blueprint: &Blueprint, balancer_id: &BalancerId) -> Option<Vec<Resource>> {
    let balancer = blueprint.balancers.get(balancer_id)?;
    let nodes: Vec<_> = nodes(blueprint, balancer);
    let mut groups: Vec<_> = nodes.iter().flat_map(|eni| &eni.security_groups).collect();
    groups.sort();
    groups.dedup();
    let mut properties = vec![
        ("name", names::of_balancing(balancer_id.as_str()).into()),
        ("load_balancer_type", "network".into()),
        ("internal", true.into()),
        (
            "enable_cross_zone_load_balancing",
            balancer.cross_zone.into(),
        ),
    ];
    if !groups.is_empty() {
        let enforced = if balancer.enforce_on_privatelink {
            "on"
        } else {
            "off"
        };
        let groups = groups.into_iter();
        let groups = groups.map(|group| id(Object::SecurityGroup(group.clone())));
        properties.push(("security_groups", Value::List(groups.collect())));
        properties.push((
            "enforce_security_group_inbound_rules_on_private_link_traffic",
            enforced.into(),
        ));
    }
    properties.push(tags(balancer_id.as_str()));
    let mappings = nodes.into_iter().map(|eni| {
        block(vec![
            ("subnet_id", id(Object::Subnet(eni.subnet.clone()))),
            ("private_ipv4_address", eni.address.to_string().into()),
        ])
    });
    properties.push(("subnet_mapping", Value::List(mappings.collect())));
    Some(vec![resource("aws_lb", properties)])
}

fn nodes<'b>(blueprint: &'b Blueprint, balancer: &LoadBalancer) -> Vec<&'b Eni> {
    let nodes = balancer.nodes.values();
    nodes.filter_map(|eni| blueprint.enis.get(eni)).collect()
}

pub(super) fn target_group(
    blueprint: &Blueprint,
    group_id: &TargetGroupId,
) -> Option<Vec<Resource>> {
    let group = blueprint.target_groups.get(group_id)?;
    let check = &group.health_check;
    let mut resources = vec![resource(
        "aws_lb_target_group",
        vec![
            ("name", names::of_balancing(group_id.as_str()).into()),
            ("vpc_id", id(Object::Vpc(group.vpc.clone()))),
            ("target_type", "ip".into()),
            ("protocol", protocol(blueprint, group_id, group).into()),
            ("port", group.port.into()),
            ("preserve_client_ip", group.preserve_client_ip.into()),
            ("proxy_protocol_v2", group.proxy_protocol.into()),
            tags(group_id.as_str()),
            (
                "health_check",
                block(vec![
                    ("protocol", "TCP".into()),
                    ("port", "traffic-port".into()),
                    ("interval", check.interval_s.into()),
                    ("healthy_threshold", check.healthy_threshold.into()),
                    ("unhealthy_threshold", check.unhealthy_threshold.into()),
                ]),
            ),
        ],
    )];
    let attached = group.targets.iter();
    resources.extend(attached.map(|target| attachment(blueprint, group_id, group, target)));
    Some(resources)
}

fn attachment(
    blueprint: &Blueprint,
    group_id: &TargetGroupId,
    group: &TargetGroup,
    target: &Target,
) -> Resource {
    let mut properties = vec![
        (
            "target_group_arn",
            id(Object::TargetGroup(group_id.clone())),
        ),
        (
            "target_id",
            assigned::address(blueprint, &group.vpc, target.address),
        ),
        ("port", target.port.into()),
    ];
    let vpc = blueprint.vpcs.get(&group.vpc);
    let mut ranges = vpc.into_iter().flat_map(|vpc| &vpc.cidrs);
    if !ranges.any(|range| range.contains(&target.address)) {
        properties.push(("availability_zone", "all".into()));
    }
    let suffix = target_name(blueprint, group, target);
    further("aws_lb_target_group_attachment", suffix, properties)
}

/// What a target is called, whatever address AWS gives it.
fn target_name(blueprint: &Blueprint, group: &TargetGroup, target: &Target) -> String {
    let owner = owner_of(blueprint, group, target);
    let same = group.targets.iter();
    let same = same.filter(|other| other.address == target.address);
    let port = match same.count() {
        0 | 1 => String::new(),
        _ => format!("-{}", target.port),
    };
    let name = match owner {
        Some((EniOwner::Broker { id, .. }, _)) => format!("broker-{id}"),
        Some((_, eni)) => names::kebab(eni),
        None => names::kebab(&target.address.to_string()),
    };
    format!("{name}{port}")
}

/// Whose interface a target is, and that interface's id.
fn owner_of<'b>(
    blueprint: &'b Blueprint,
    group: &TargetGroup,
    target: &Target,
) -> Option<(&'b EniOwner, &'b str)> {
    let mut enis = blueprint.enis.iter().filter(|(_, eni)| {
        let subnet = blueprint.subnets.get(&eni.subnet);
        eni.address == target.address && subnet.is_some_and(|subnet| subnet.vpc == group.vpc)
    });
    enis.next().map(|(id, eni)| (&eni.owner, id.as_str()))
}

/// The protocol in which a balancer speaks to targets: where a listener ended TLS, brokers that
/// listen for TLS are spoken to in TLS again.
fn protocol(blueprint: &Blueprint, group_id: &TargetGroupId, group: &TargetGroup) -> &'static str {
    let balancers = blueprint.balancers.values();
    let mut listeners = balancers.flat_map(|balancer| balancer.listeners.values());
    let ends_tls = listeners
        .any(|listener| listener.target_group == *group_id && listener.certificate_names.is_some());
    let mut targets = group.targets.iter();
    match ends_tls && targets.any(|target| listens_for_tls(blueprint, group, target)) {
        true => "TLS",
        false => "TCP",
    }
}

fn listens_for_tls(blueprint: &Blueprint, group: &TargetGroup, target: &Target) -> bool {
    let Some((EniOwner::Broker { cluster, id }, _)) = owner_of(blueprint, group, target) else {
        return false;
    };
    let cluster = blueprint.clusters.get(cluster);
    let broker = cluster.and_then(|cluster| cluster.brokers.get(id));
    let mut listeners = broker.into_iter().flat_map(|b| b.listeners.values());
    listeners.any(|own| own.port == target.port && own.protocol.ends_with("SSL"))
}

pub(super) fn listener(
    blueprint: &Blueprint,
    balancer_id: &BalancerId,
    port: u16,
) -> Option<Vec<Resource>> {
    let balancer = blueprint.balancers.get(balancer_id)?;
    let listener = balancer.listeners.get(&port)?;
    let mut properties = vec![
        (
            "load_balancer_arn",
            id(Object::Balancer(balancer_id.clone())),
        ),
        ("port", port.into()),
    ];
    match &listener.certificate_names {
        Some(names) => {
            let certificate = Value::Input(Input::Certificate {
                of: balancer_id.to_string(),
                names: names.clone(),
            });
            properties.extend([
                ("protocol", "TLS".into()),
                ("ssl_policy", TLS_POLICY.into()),
                ("certificate_arn", certificate),
            ]);
        }
        None => properties.push(("protocol", "TCP".into())),
    }
    let is_tls = listener.certificate_names.is_some();
    if !is_tls && listener.idle_timeout_s != DEFAULT_IDLE_TIMEOUT_S {
        properties.push(("tcp_idle_timeout_seconds", listener.idle_timeout_s.into()));
    }
    let group = Object::TargetGroup(listener.target_group.clone());
    properties.push((
        "default_action",
        block(vec![
            ("type", "forward".into()),
            ("target_group_arn", id(group)),
        ]),
    ));
    Some(vec![resource("aws_lb_listener", properties)])
}

pub(super) fn service(blueprint: &Blueprint, service_id: &ServiceId) -> Option<Vec<Resource>> {
    let service = blueprint.services.get(service_id)?;
    let balancer = blueprint.balancers.get(&service.balancer)?;
    let (_, region) = home(blueprint, &balancer.vpc)?;
    let accounts = service.allowed_accounts.iter();
    let principals = accounts.map(|account| Value::Text(policies::root(account, region)));
    let balancer = id(Object::Balancer(service.balancer.clone()));
    let mut properties = vec![
        ("network_load_balancer_arns", Value::List(vec![balancer])),
        ("acceptance_required", service.acceptance_required.into()),
        ("allowed_principals", Value::List(principals.collect())),
    ];
    if !service.supported_regions.is_empty() {
        // AWS counts the service's own Region among them.
        let regions = service.supported_regions.iter().map(String::as_str);
        let mut regions: Vec<&str> = regions.chain([region]).collect();
        regions.sort_unstable();
        regions.dedup();
        properties.push(("supported_regions", texts(regions)));
    }
    properties.push(tags(service_id.as_str()));
    Some(vec![resource("aws_vpc_endpoint_service", properties)])
}
