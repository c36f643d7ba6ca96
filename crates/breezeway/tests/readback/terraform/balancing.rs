//! Balancers, target groups, listeners: Terraform has arguments where CloudFormation has lists of
//! attributes.

use std::collections::BTreeMap;

use super::arguments::{Arguments, Properties};
use crate::graph::Prop;
use crate::wiring::Unit;

const OF_BALANCER: &[(&str, &str)] = &[
    (
        "dns_record_client_routing_policy",
        "dns_record.client_routing_policy",
    ),
    (
        "enable_cross_zone_load_balancing",
        "load_balancing.cross_zone.enabled",
    ),
    ("enable_deletion_protection", "deletion_protection.enabled"),
];

const OF_TARGET_GROUP: &[(&str, &str)] = &[
    (
        "connection_termination",
        "deregistration_delay.connection_termination.enabled",
    ),
    (
        "deregistration_delay",
        "deregistration_delay.timeout_seconds",
    ),
    (
        "load_balancing_cross_zone_enabled",
        "load_balancing.cross_zone.enabled",
    ),
    ("preserve_client_ip", "preserve_client_ip.enabled"),
    ("proxy_protocol_v2", "proxy_protocol_v2.enabled"),
];

const OF_LISTENER: &[(&str, &str)] = &[("tcp_idle_timeout_seconds", "tcp.idle_timeout.seconds")];

pub(super) fn balancer(
    arguments: &mut Arguments,
    to: &mut Properties,
    _: &Unit,
) -> Result<(), String> {
    let scheme = if arguments.flag("internal", false)? {
        "internal"
    } else {
        "internet-facing"
    };
    to.insert("Scheme".to_owned(), Prop::Text(scheme.to_owned()));
    arguments.rename(
        &[(
            "enforce_security_group_inbound_rules_on_private_link_traffic",
            "EnforceSecurityGroupInboundRulesOnPrivateLinkTraffic",
        )],
        to,
    );
    attributes(arguments, OF_BALANCER, "LoadBalancerAttributes", to)?;
    let mut mappings = Vec::new();
    for mut block in arguments.blocks("subnet_mapping")? {
        let mut mapping = Properties::new();
        block.rename(
            &[
                ("private_ipv4_address", "PrivateIPv4Address"),
                ("subnet_id", "SubnetId"),
            ],
            &mut mapping,
        );
        block.end(&[])?;
        mappings.push(Prop::Map(mapping));
    }
    if !mappings.is_empty() {
        to.insert("SubnetMappings".to_owned(), Prop::List(mappings));
    }
    Ok(())
}

/// What stands in no block has AWS's defaults; in a `health_check` block Terraform has its own
/// (`aws_lb_target_group`): HTTP, three successes, three failures.
pub(super) fn target_group(
    arguments: &mut Arguments,
    to: &mut Properties,
    _: &Unit,
) -> Result<(), String> {
    attributes(arguments, OF_TARGET_GROUP, "TargetGroupAttributes", to)?;
    let Some(mut block) = arguments.block("health_check")? else {
        return Ok(());
    };
    let defaults = [
        ("HealthCheckProtocol", Prop::Text("HTTP".to_owned())),
        ("HealthyThresholdCount", Prop::Number(3)),
        ("UnhealthyThresholdCount", Prop::Number(3)),
    ];
    to.extend(defaults.map(|(name, value)| (name.to_owned(), value)));
    block.rename(
        &[
            ("enabled", "HealthCheckEnabled"),
            ("healthy_threshold", "HealthyThresholdCount"),
            ("interval", "HealthCheckIntervalSeconds"),
            ("path", "HealthCheckPath"),
            ("port", "HealthCheckPort"),
            ("protocol", "HealthCheckProtocol"),
            ("timeout", "HealthCheckTimeoutSeconds"),
            ("unhealthy_threshold", "UnhealthyThresholdCount"),
        ],
        to,
    );
    block.end(&[])
}

/// One of `Targets`.
pub(super) fn target(
    arguments: &mut Arguments,
    to: &mut Properties,
    _: &Unit,
) -> Result<(), String> {
    let mut item = Properties::new();
    arguments.rename(
        &[
            ("availability_zone", "AvailabilityZone"),
            ("port", "Port"),
            ("target_id", "Id"),
        ],
        &mut item,
    );
    to.insert("item".to_owned(), Prop::Map(item));
    Ok(())
}

pub(super) fn listener(
    arguments: &mut Arguments,
    to: &mut Properties,
    _: &Unit,
) -> Result<(), String> {
    attributes(arguments, OF_LISTENER, "ListenerAttributes", to)?;
    let list = |prop: Prop, name: &str| {
        Prop::List(vec![Prop::Map(BTreeMap::from([(name.to_owned(), prop)]))])
    };
    if let Some(arn) = arguments.take("certificate_arn") {
        to.insert("Certificates".to_owned(), list(arn, "CertificateArn"));
    }
    if let Some(policy) = arguments.take("alpn_policy") {
        to.insert("AlpnPolicy".to_owned(), Prop::List(vec![policy]));
    }
    let mut actions = Vec::new();
    for mut block in arguments.blocks("default_action")? {
        let mut action = Properties::new();
        block.rename(
            &[("target_group_arn", "TargetGroupArn"), ("type", "Type")],
            &mut action,
        );
        block.end(&["order"])?;
        actions.push(Prop::Map(action));
    }
    to.insert("DefaultActions".to_owned(), Prop::List(actions));
    Ok(())
}

/// Arguments as a list of keys and values, which are text.
fn attributes(
    arguments: &mut Arguments,
    names: &[(&str, &str)],
    list: &str,
    to: &mut Properties,
) -> Result<(), String> {
    let mut items = Vec::new();
    for (name, key) in names {
        let Some(value) = arguments.take(name) else {
            continue;
        };
        let text = match value {
            Prop::Text(text) => text,
            Prop::Number(number) => number.to_string(),
            Prop::Flag(flag) => flag.to_string(),
            Prop::List(_) | Prop::Map(_) | Prop::Ref(..) | Prop::Joined(_) => {
                return Err(format!("{name} is {value:?}"));
            }
        };
        items.push(Prop::Map(BTreeMap::from([
            ("Key".to_owned(), Prop::Text((*key).to_owned())),
            ("Value".to_owned(), Prop::Text(text)),
        ])));
    }
    if !items.is_empty() {
        to.insert(list.to_owned(), Prop::List(items));
    }
    Ok(())
}
