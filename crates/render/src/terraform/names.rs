//! Private hosted zones with their records, and resolver rules.

use blueprint::Blueprint;
use blueprint::dns::Record;
use blueprint::ids::{HostedZoneId, ResolverRuleId, VpcId};

use super::text::{block, home, id, resource, tags, texts};
use crate::assigned;
use crate::object::{Attribute, Object};
use crate::part::Resource;
use crate::value::Value;
use crate::zones;

pub(super) fn zone(blueprint: &Blueprint, zone_id: &HostedZoneId) -> Option<Vec<Resource>> {
    let zone = blueprint.zones.get(zone_id)?;
    let homes = zone.vpcs.iter();
    let homes = homes.filter_map(|vpc| Some((vpc, home(blueprint, vpc)?)));
    let (own, others): (Vec<_>, Vec<_>) =
        homes.partition(|(_, (account, _))| *account == zone.account);
    let (_, (_, region)) = own.first()?;
    let vpcs = own.iter().map(|(vpc, (_, of))| {
        let mut vpc = vec![("vpc_id", id(Object::Vpc((*vpc).clone())))];
        if of != region {
            vpc.push(("vpc_region", (*of).into()));
        }
        block(vpc)
    });
    let mut properties = vec![
        ("name", assigned::host(blueprint, &zone.name)),
        (
            "comment",
            Value::Text(format!("part of {}", blueprint.name)),
        ),
        tags(assigned::zone_name(blueprint, zone_id, &zone.name)),
        ("vpc", Value::List(vpcs.collect())),
    ];
    if !others.is_empty() {
        // VPCs of other accounts are associated by steps.
        let ignored = texts(["vpc"]);
        properties.push(("lifecycle", block(vec![("ignore_changes", ignored)])));
    }
    Some(vec![resource("aws_route53_zone", properties)])
}

pub(super) fn record(
    blueprint: &Blueprint,
    zone_id: &HostedZoneId,
    name: &str,
) -> Option<Vec<Resource>> {
    let record = blueprint.zones.get(zone_id)?.records.get(name)?;
    let mut properties = vec![
        ("zone_id", id(Object::HostedZone(zone_id.clone()))),
        ("name", assigned::host(blueprint, name)),
    ];
    let plain = |kind: &str, values: Vec<Value>| {
        vec![
            ("type", Value::from(kind)),
            ("ttl", zones::TTL_S.into()),
            ("records", values.into()),
        ]
    };
    match (record, assigned::alias(blueprint, record)) {
        (Record::Alias(_), Some(object)) => {
            properties.extend([("type", "A".into()), ("alias", alias(object))])
        }
        // The hosted zone of such a name is not known, without which there is no alias.
        (Record::Alias(to), None) => {
            properties.extend(plain("CNAME", vec![assigned::host(blueprint, to)]));
        }
        (Record::A(addresses), _) => {
            let addresses = addresses.iter();
            let addresses = addresses.map(|at| assigned::answer(blueprint, zone_id, name, *at));
            properties.extend(plain("A", addresses.collect()));
        }
    }
    Some(vec![resource("aws_route53_record", properties)])
}

fn alias(object: Object) -> Value {
    block(vec![
        ("name", Value::Of(object.clone(), Attribute::DnsName)),
        ("zone_id", Value::Of(object, Attribute::DnsZone)),
        ("evaluate_target_health", false.into()),
    ])
}

pub(super) fn resolver_rule(
    blueprint: &Blueprint,
    rule_id: &ResolverRuleId,
) -> Option<Vec<Resource>> {
    let rule = blueprint.resolver_rules.get(rule_id)?;
    let endpoint = zones::resolver_endpoint(rule_id, rule);
    let mut properties = vec![
        ("name", zones::rule_name(rule_id).into()),
        ("domain_name", rule.domain.as_str().into()),
        ("rule_type", "FORWARD".into()),
        ("resolver_endpoint_id", endpoint),
        tags(rule_id.as_str()),
    ];
    let servers = rule.servers.iter();
    let servers: Vec<_> = servers
        .map(|server| block(vec![("ip", server.to_string().into())]))
        .collect();
    // No block at all is something else than an argument that is an empty list.
    if !servers.is_empty() {
        properties.push(("target_ip", Value::List(servers)));
    }
    Some(vec![resource("aws_route53_resolver_rule", properties)])
}

pub(super) fn resolver_rule_association(rule: &ResolverRuleId, vpc: &VpcId) -> Vec<Resource> {
    let rule = Object::ResolverRule(rule.clone());
    vec![resource(
        "aws_route53_resolver_rule_association",
        vec![
            ("resolver_rule_id", id(rule)),
            ("vpc_id", id(Object::Vpc(vpc.clone()))),
        ],
    )]
}
