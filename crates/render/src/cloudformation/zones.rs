//! Private hosted zones with their records, and resolver rules.

use blueprint::Blueprint;
use blueprint::dns::Record;
use blueprint::ids::{HostedZoneId, ResolverRuleId, VpcId};

use super::properties::{Properties, id, tags};
use crate::assigned;
use crate::object::{Attribute, Object};
use crate::part::Resource;
use crate::value::Value;
use crate::zones;

/// The port on which servers are asked for names (RFC 1035).
const DNS_PORT: u16 = 53;

/// A zone with the VPCs of its owner; those of other accounts are associated by steps.
pub(super) fn zone(blueprint: &Blueprint, of: &HostedZoneId) -> Option<Vec<Resource>> {
    let zone = blueprint.zones.get(of)?;
    let vpcs = zone.vpcs.iter().filter_map(|vpc| {
        let known = blueprint.vpcs.get(vpc)?;
        let association = Properties::new()
            .with("VPCId", id(Object::Vpc(vpc.clone())))
            .with("VPCRegion", known.region.as_str());
        (known.account == zone.account).then(|| association.map())
    });
    let name = assigned::host(blueprint, &zone.name);
    let known_as = assigned::zone_name(blueprint, of, &zone.name);
    let properties = Properties::new()
        .with("Name", name)
        .with("VPCs", vpcs.collect::<Vec<_>>())
        .with("HostedZoneTags", tags(blueprint, known_as));
    Some(vec![properties.resource("AWS::Route53::HostedZone")])
}

pub(super) fn record(
    blueprint: &Blueprint,
    of: &HostedZoneId,
    name: &str,
) -> Option<Vec<Resource>> {
    let record = blueprint.zones.get(of)?.records.get(name)?;
    let properties = Properties::new()
        .with("HostedZoneId", id(Object::HostedZone(of.clone())))
        .with("Name", assigned::host(blueprint, name));
    let plain = |kind: &str, values: Vec<Value>| (kind.to_owned(), values);
    let (kind, values) = match (record, assigned::alias(blueprint, record)) {
        (Record::Alias(_), Some(object)) => {
            let target = Properties::new()
                .with("DNSName", Value::Of(object.clone(), Attribute::DnsName))
                .with("HostedZoneId", Value::Of(object, Attribute::DnsZone));
            let properties = properties
                .with("Type", "A")
                .with("AliasTarget", target.map());
            return Some(vec![properties.resource("AWS::Route53::RecordSet")]);
        }
        // Nobody knows the hosted zone of such a name, without which there is no alias.
        (Record::Alias(to), None) => plain("CNAME", vec![assigned::host(blueprint, to)]),
        (Record::A(addresses), _) => {
            let addresses = addresses.iter();
            let addresses = addresses.map(|at| assigned::answer(blueprint, of, name, *at));
            plain("A", addresses.collect())
        }
    };
    let properties = properties
        .with("Type", kind)
        .with("TTL", zones::TTL_S.to_string())
        .with("ResourceRecords", values);
    Some(vec![properties.resource("AWS::Route53::RecordSet")])
}

pub(super) fn resolver_rule(blueprint: &Blueprint, of: &ResolverRuleId) -> Option<Vec<Resource>> {
    let rule = blueprint.resolver_rules.get(of)?;
    let endpoint = zones::resolver_endpoint(of, rule);
    let servers = rule.servers.iter().map(|server| {
        Properties::new()
            .with("Ip", server.to_string())
            .with("Port", DNS_PORT.to_string())
            .map()
    });
    let properties = Properties::new()
        .with("Name", zones::rule_name(of))
        .with("RuleType", "FORWARD")
        .with("DomainName", rule.domain.as_str())
        .with("ResolverEndpointId", endpoint)
        .with("TargetIps", servers.collect::<Vec<_>>())
        .tags(blueprint, of.as_str());
    Some(vec![
        properties.resource("AWS::Route53Resolver::ResolverRule"),
    ])
}

pub(super) fn resolver_association(of: &ResolverRuleId, vpc: &VpcId) -> Option<Vec<Resource>> {
    let properties = Properties::new()
        .with("ResolverRuleId", id(Object::ResolverRule(of.clone())))
        .with("VPCId", id(Object::Vpc(vpc.clone())));
    Some(vec![
        properties.resource("AWS::Route53Resolver::ResolverRuleAssociation"),
    ])
}
