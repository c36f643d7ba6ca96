//! Network Load Balancers with their target groups and listeners.

use blueprint::Blueprint;
use blueprint::balancing::{Target, TargetGroup};
use blueprint::ids::{BalancerId, TargetGroupId};

use super::properties::{Properties, id};
use crate::assigned;
use crate::balancing::{self, IDLE_TIMEOUT_S, TLS_POLICY};
use crate::interfaces;
use crate::names;
use crate::object::Object;
use crate::part::Resource;
use crate::value::{Input, Value};

pub(super) fn balancer(blueprint: &Blueprint, of: &BalancerId) -> Option<Vec<Resource>> {
    let balancer = blueprint.balancers.get(of)?;
    let nodes = interfaces::by_zone(blueprint, &balancer.nodes);
    let groups = interfaces::groups(&nodes);
    let has_groups = !groups.is_empty();
    let mappings = nodes.iter().map(|eni| {
        Properties::new()
            .with("SubnetId", id(Object::Subnet(eni.subnet.clone())))
            .with("PrivateIPv4Address", eni.address.to_string())
            .map()
    });
    let cross_zone = attribute("load_balancing.cross_zone.enabled", balancer.cross_zone);
    let properties = Properties::new()
        .with("Name", names::of_balancing(of.as_str()))
        .with("Type", "network")
        .with("Scheme", "internal")
        .with("SubnetMappings", mappings.collect::<Vec<_>>())
        .list("SecurityGroups", groups)
        .maybe(
            "EnforceSecurityGroupInboundRulesOnPrivateLinkTraffic",
            has_groups.then(|| balancing::enforcement(balancer)),
        )
        .with("LoadBalancerAttributes", vec![cross_zone])
        .tags(blueprint, of.as_str());
    Some(vec![
        properties.resource("AWS::ElasticLoadBalancingV2::LoadBalancer"),
    ])
}

/// An attribute of a balancer, listener or target group: all values are text.
fn attribute(key: &str, value: impl ToString) -> Value {
    Properties::new()
        .with("Key", key)
        .with("Value", value.to_string())
        .map()
}

pub(super) fn target_group(blueprint: &Blueprint, of: &TargetGroupId) -> Option<Vec<Resource>> {
    let group = blueprint.target_groups.get(of)?;
    let targets = group.targets.iter();
    let targets = targets.map(|target| self::target(blueprint, group, target));
    let check = &group.health_check;
    let properties = Properties::new()
        .with("Name", names::of_balancing(of.as_str()))
        .with("VpcId", id(Object::Vpc(group.vpc.clone())))
        .with("TargetType", "ip")
        .with("Protocol", balancing::protocol(blueprint, of, group))
        .with("Port", group.port)
        .with("Targets", targets.collect::<Vec<_>>())
        .with("HealthCheckProtocol", "TCP")
        .with("HealthCheckPort", "traffic-port")
        .with("HealthCheckIntervalSeconds", check.interval_s)
        .with("HealthyThresholdCount", check.healthy_threshold)
        .with("UnhealthyThresholdCount", check.unhealthy_threshold)
        .with(
            "TargetGroupAttributes",
            vec![
                attribute("preserve_client_ip.enabled", group.preserve_client_ip),
                attribute("proxy_protocol_v2.enabled", group.proxy_protocol),
            ],
        )
        .tags(blueprint, of.as_str());
    Some(vec![
        properties.resource("AWS::ElasticLoadBalancingV2::TargetGroup"),
    ])
}

fn target(blueprint: &Blueprint, group: &TargetGroup, target: &Target) -> Value {
    let is_outside = balancing::is_outside(blueprint, group, target);
    Properties::new()
        .with(
            "Id",
            assigned::address(blueprint, &group.vpc, target.address),
        )
        .with("Port", target.port)
        .maybe("AvailabilityZone", is_outside.then_some("all"))
        .map()
}

pub(super) fn listener(blueprint: &Blueprint, of: &BalancerId, port: u16) -> Option<Vec<Resource>> {
    let listener = blueprint.balancers.get(of)?.listeners.get(&port)?;
    let forward = Properties::new().with("Type", "forward").with(
        "TargetGroupArn",
        id(Object::TargetGroup(listener.target_group.clone())),
    );
    let properties = Properties::new()
        .with("LoadBalancerArn", id(Object::Balancer(of.clone())))
        .with("Port", port);
    let properties = match &listener.certificate_names {
        None => properties.with("Protocol", "TCP"),
        Some(names) => {
            let certificate = Input::Certificate {
                of: of.to_string(),
                names: names.clone(),
            };
            let certificate = Properties::new().with("CertificateArn", Value::Input(certificate));
            properties
                .with("Protocol", "TLS")
                .with("SslPolicy", TLS_POLICY)
                .with("Certificates", vec![certificate.map()])
        }
    };
    let is_tcp = listener.certificate_names.is_none();
    let idle = attribute("tcp.idle_timeout.seconds", listener.idle_timeout_s);
    let differs = is_tcp && listener.idle_timeout_s != IDLE_TIMEOUT_S;
    let properties = properties
        .maybe("ListenerAttributes", differs.then(|| vec![idle]))
        .with("DefaultActions", vec![forward.map()]);
    Some(vec![
        properties.resource("AWS::ElasticLoadBalancingV2::Listener"),
    ])
}
