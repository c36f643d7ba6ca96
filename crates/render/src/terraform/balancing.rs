//! Network Load Balancers with their target groups and listeners, and the services they offer.

use blueprint::Blueprint;
use blueprint::balancing::{Target, TargetGroup};
use blueprint::ids::{BalancerId, ServiceId, TargetGroupId};
use blueprint::network::EniOwner;

use super::text::{block, further, home, id, resource, tags, texts};
use crate::assigned;
use crate::balancing::{self, IDLE_TIMEOUT_S, TLS_POLICY};
use crate::interfaces;
use crate::names;
use crate::object::Object;
use crate::part::Resource;
use crate::policies;
use crate::value::{Input, Value};

pub(super) fn balancer(blueprint: &Blueprint, balancer_id: &BalancerId) -> Option<Vec<Resource>> {
    let balancer = blueprint.balancers.get(balancer_id)?;
    let nodes = interfaces::by_zone(blueprint, &balancer.nodes);
    let groups = interfaces::groups(&nodes);
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
        properties.push(("security_groups", groups.into()));
        properties.push((
            "enforce_security_group_inbound_rules_on_private_link_traffic",
            balancing::enforcement(balancer).into(),
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
            (
                "protocol",
                balancing::protocol(blueprint, group_id, group).into(),
            ),
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
    if balancing::is_outside(blueprint, group, target) {
        properties.push(("availability_zone", "all".into()));
    }
    let suffix = target_name(blueprint, group, target);
    further("aws_lb_target_group_attachment", suffix, properties)
}

/// What a target is called, whatever address AWS gives it.
fn target_name(blueprint: &Blueprint, group: &TargetGroup, target: &Target) -> String {
    let found = interfaces::at(blueprint, &group.vpc, target.address);
    let same = group.targets.iter();
    let same = same.filter(|other| other.address == target.address);
    let port = match same.count() {
        0 | 1 => String::new(),
        _ => format!("-{}", target.port),
    };
    let name = match found.map(|(id, eni)| (id, &eni.owner)) {
        Some((_, EniOwner::Broker { id, .. })) => format!("broker-{id}"),
        Some((eni, _)) => names::kebab(eni.as_str()),
        None => names::kebab(&target.address.to_string()),
    };
    format!("{name}{port}")
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
    if !is_tls && listener.idle_timeout_s != IDLE_TIMEOUT_S {
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
    let regions = balancing::supported_regions(blueprint, service_id);
    if !regions.is_empty() {
        properties.push(("supported_regions", texts(regions)));
    }
    properties.push(tags(service_id.as_str()));
    Some(vec![resource("aws_vpc_endpoint_service", properties)])
}
