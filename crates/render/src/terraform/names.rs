//! Private hosted zones with their records, and resolver rules.

use std::net::Ipv4Addr;

use blueprint::Blueprint;
use blueprint::dns::Record;
use blueprint::ids::{HostedZoneId, ResolverRuleId, VpcId};
use blueprint::kafka::Cluster;

use super::text::{block, home, id, resource, tags, texts};
use crate::assigned;
use crate::names;
use crate::object::{Attribute, Object};
use crate::part::Resource;
use crate::value::{Input, Value};

/// Seconds for which answers of our own records may be kept: as long as those of the aliases that
/// Route 53 answers for balancers (Route 53 guide, "Choosing between alias and non-alias records").
const RECORD_TTL_S: u32 = 60;

/// Most characters of the name of a resolver rule (Route 53 Resolver API, `Name`).
const MAX_RULE_NAME_CHARS: usize = 64;

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
            ("ttl", RECORD_TTL_S.into()),
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
            let addresses = addresses.map(|at| of_record(blueprint, zone_id, name, *at));
            properties.extend(plain("A", addresses.collect()));
        }
    }
    Some(vec![resource("aws_route53_record", properties)])
}

/// An address of a record. Ranges of VPCs may overlap, so it is looked for where the name belongs
/// before anywhere else.
fn of_record(
    blueprint: &Blueprint,
    zone_id: &HostedZoneId,
    name: &str,
    address: Ipv4Addr,
) -> Value {
    let is_named = |cluster: &&Cluster| {
        let listeners = cluster.brokers.values().flat_map(|b| b.listeners.values());
        let mut told = listeners.filter_map(|listener| listener.advertised.as_ref());
        told.any(|at| at.host == name)
    };
    let named = blueprint.clusters.values().filter(is_named);
    let near = blueprint.zones.get(zone_id).map(|zone| &zone.vpcs);
    let vpcs = named
        .map(|cluster| &cluster.vpc)
        .chain(near.into_iter().flatten())
        .chain(blueprint.vpcs.keys());
    let stands_in = |vpc: &&VpcId| {
        blueprint.enis.values().any(|eni| {
            let subnet = blueprint.subnets.get(&eni.subnet);
            eni.address == address && subnet.is_some_and(|subnet| subnet.vpc == **vpc)
        })
    };
    let home = vpcs.into_iter().find(stands_in);
    home.map_or_else(
        || Value::Text(address.to_string()),
        |vpc| assigned::address(blueprint, vpc, address),
    )
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
    let endpoint = Value::Input(Input::Given {
        name: format!("{}-resolver-endpoint-id", names::kebab(rule_id.as_str())),
        what: format!(
            "ID of the outbound resolver endpoint that asks for names under {}",
            rule.domain
        ),
    });
    let mut properties = vec![
        (
            "name",
            names::short(rule_id.as_str(), MAX_RULE_NAME_CHARS).into(),
        ),
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
