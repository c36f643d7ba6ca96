//! Private hosted zones with their records, and resolver rules.

use std::collections::BTreeMap;

use blueprint::Blueprint;
use blueprint::dns::{HostedZone, Record, ResolverRule};
use blueprint::ids::{HostedZoneId, VpcId};
use blueprint::key::Part as KeyPart;
use blueprint::stage::Stage;

use super::{Parts, subject};
use crate::assigned;
use crate::object::Object;

pub(super) fn write(parts: &mut Parts<'_>) {
    let blueprint = parts.blueprint;
    let brokers = brokers_by_name(parts);
    for (id, zone) in blueprint.zones.iter().filter(|(_, zone)| !zone.managed) {
        if describes_what_exists(id, zone, blueprint) {
            continue;
        }
        write_zone(id, zone, &brokers, parts);
    }
    for (id, rule) in &blueprint.resolver_rules {
        write_rule(id, rule, parts);
    }
}

/// A zone that a spec says of a VPC that exists, exists as well.
fn describes_what_exists(id: &HostedZoneId, zone: &HostedZone, blueprint: &Blueprint) -> bool {
    let key = blueprint.origins.get(&id.into());
    let of_vpc = |part: &KeyPart| matches!(part, KeyPart::Key(key) if key == "hosted_zones");
    let is_said = key.is_some_and(|key| key.parts().iter().any(of_vpc));
    let exists = |vpc: &VpcId| blueprint.existing.contains_key(&vpc.into());
    is_said && zone.vpcs.iter().all(exists)
}

/// Zones that are ours to make and serve VPCs, none of which belongs to the zone's owner.
pub(crate) fn homeless_zones(blueprint: &Blueprint) -> impl Iterator<Item = &HostedZoneId> {
    let zones = blueprint.zones.iter();
    let homeless = zones.filter(move |(id, zone)| {
        let is_ours = !zone.managed && !describes_what_exists(id, zone, blueprint);
        is_ours && !zone.vpcs.is_empty() && home(zone, blueprint).is_none()
    });
    homeless.map(|(id, _)| id)
}

/// The broker that each advertised host is.
fn brokers_by_name<'b>(parts: &Parts<'b>) -> BTreeMap<&'b str, u32> {
    let clusters = parts.blueprint.clusters.values();
    let brokers = clusters.flat_map(|cluster| &cluster.brokers);
    let names = brokers.flat_map(|(id, broker)| {
        let at = broker
            .listeners
            .values()
            .filter_map(|listener| listener.advertised.as_ref());
        at.map(|at| (at.host.as_str(), *id))
    });
    let mut found: BTreeMap<&str, u32> = BTreeMap::new();
    for (name, id) in names {
        found.entry(name).or_insert(id);
    }
    found
}

fn write_zone(
    id: &HostedZoneId,
    zone: &HostedZone,
    brokers: &BTreeMap<&str, u32>,
    parts: &mut Parts<'_>,
) {
    let Some(home) = home(zone, parts.blueprint) else {
        return;
    };
    let at = |name: &str| subject(home.as_str(), brokers.get(name).copied());
    let Some(place) = parts.in_vpc(&home, Stage::Routes, at(&zone.name)) else {
        return;
    };
    let told = assigned::told(parts.blueprint, &zone.name);
    let because = match zone.vpcs.len() {
        0 | 1 => format!("names under {told} in `{home}`"),
        _ => format!("names under {told}"),
    };
    parts.add(Object::HostedZone(id.clone()), place, because);
    for (name, record) in &zone.records {
        let Some(place) = parts.in_vpc(&home, Stage::Routes, at(name)) else {
            continue;
        };
        let told = assigned::told(parts.blueprint, name);
        let because = match record {
            Record::A(_) => format!("{told} by its addresses"),
            Record::Alias(to) => format!("{told} leads to {}", what(to, parts)),
        };
        parts.add(Object::Record(id.clone(), name.clone()), place, because);
    }
}

/// What has a name of AWS, for people.
fn what(name: &str, parts: &Parts<'_>) -> String {
    let endpoints = parts.blueprint.endpoints.iter();
    let endpoint = endpoints.filter(|(_, endpoint)| endpoint.dns_name == name);
    let balancers = parts.blueprint.balancers.iter();
    let balancer = balancers.filter(|(_, balancer)| balancer.dns_name == name);
    let mut found = endpoint
        .map(|(id, _)| format!("endpoint `{id}`"))
        .chain(balancer.map(|(id, _)| format!("balancer `{id}`")));
    found.next().unwrap_or_else(|| name.to_owned())
}

/// The first VPC of a zone that belongs to the zone's owner: a zone is made with a VPC.
fn home(zone: &HostedZone, blueprint: &Blueprint) -> Option<VpcId> {
    let vpcs = zone.vpcs.iter();
    let mut own = vpcs.filter(|id| {
        let vpc = blueprint.vpcs.get(id);
        vpc.is_some_and(|vpc| vpc.account == zone.account)
    });
    own.next().cloned()
}

fn write_rule(id: &blueprint::ids::ResolverRuleId, rule: &ResolverRule, parts: &mut Parts<'_>) {
    if rule.vpcs.iter().all(|vpc| parts.exists(vpc)) {
        return;
    }
    let Some(home) = rule.vpcs.iter().next() else {
        return;
    };
    let Some(place) = parts.in_vpc(home, Stage::Routes, home.as_str()) else {
        return;
    };
    let because = format!("names under {} are asked of other servers", rule.domain);
    parts.add(Object::ResolverRule(id.clone()), place.clone(), because);
    for vpc in &rule.vpcs {
        let object = Object::ResolverRuleAssociation(id.clone(), vpc.clone());
        let because = format!("`{vpc}` forwards names under {}", rule.domain);
        parts.add(object, place.clone(), because);
    }
}
