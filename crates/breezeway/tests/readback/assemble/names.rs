//! Names: private hosted zones and their records, resolver rules, and what public DNS answers for
//! AWS's own names.

use std::collections::{BTreeMap, BTreeSet};
use std::net::Ipv4Addr;

use blueprint::dns::{HostedZone, PublicName, Record, ResolverRule};
use blueprint::ids::{EniId, HostedZoneId, ResolverRuleId, VpcId, ZoneId};

use super::balancers::BALANCER;
use super::network::VPC;
use super::privatelink::ENDPOINT;
use super::props::{address, domain};
use super::references::own;
use super::{Draft, msk};
use crate::graph::{Node, NodeId, Prop};

const ZONE: &str = "AWS::Route53::HostedZone";
const RULE: &str = "AWS::Route53Resolver::ResolverRule";

/// Writes names; every interface has its address by now.
pub(super) fn write(draft: &mut Draft<'_>) {
    take_existing(draft);
    write_public_names(draft);
    draft.each(ZONE, write_zone);
    let associations = &draft.reading.zone_associations;
    for (zone, vpc) in associations {
        draft.attempt("zone association", |draft| associate(draft, zone, vpc));
    }
    draft.each("AWS::Route53::RecordSet", write_record);
    draft.each(RULE, write_rule);
    draft.each(
        "AWS::Route53Resolver::ResolverRuleAssociation",
        associate_rule,
    );
}

/// Zones and rules that exist, on the VPCs they were said to be on.
fn take_existing(draft: &mut Draft<'_>) {
    let said = &draft.known.said;
    let placed = |vpcs: &BTreeSet<VpcId>| -> BTreeSet<VpcId> {
        let places = vpcs.iter().filter_map(|vpc| draft.places.get(vpc));
        places.cloned().collect()
    };
    let zones = said.zones.iter().map(|(id, zone)| {
        let vpcs = placed(&zone.vpcs);
        (
            id.clone(),
            HostedZone {
                vpcs,
                ..zone.clone()
            },
        )
    });
    let zones: Vec<_> = zones.collect();
    let rules = said.resolver_rules.iter().map(|(id, rule)| {
        let vpcs = placed(&rule.vpcs);
        (
            id.clone(),
            ResolverRule {
                vpcs,
                ..rule.clone()
            },
        )
    });
    let rules: Vec<_> = rules.collect();
    draft.made.zones.extend(zones);
    draft.made.resolver_rules.extend(rules);
}

/// Names of brokers of Amazon MSK with their private addresses, as public DNS gives them.
pub(super) fn of_brokers(draft: &Draft<'_>) -> BTreeMap<String, Ipv4Addr> {
    let clusters = draft.made.clusters.values();
    let clusters = clusters.filter(|cluster| cluster.kind.is_msk());
    let brokers = clusters.flat_map(|cluster| {
        let brokers = cluster.brokers.iter();
        brokers.filter_map(|(id, broker)| {
            let address = draft.made.enis.get(&broker.eni)?.address;
            Some((msk::own_name(cluster, *id, address), address))
        })
    });
    brokers.collect()
}

fn write_public_names(draft: &mut Draft<'_>) {
    let brokers = of_brokers(draft).into_iter();
    let mut names: BTreeMap<String, Vec<Ipv4Addr>> = brokers
        .map(|(name, address)| (name, vec![address]))
        .collect();
    let boots = draft.known.said.public_names.iter();
    names.extend(boots.map(|(name, answer)| (name.clone(), answer.addresses.clone())));
    for balancer in draft.made.balancers.values() {
        names.insert(balancer.dns_name.clone(), addresses(draft, &balancer.nodes));
    }
    for endpoint in draft.made.endpoints.values() {
        names.insert(endpoint.dns_name.clone(), addresses(draft, &endpoint.enis));
    }
    let names = names.into_iter();
    draft.made.public_names = names
        .map(|(name, addresses)| (name, PublicName { addresses }))
        .collect();
}

fn addresses(draft: &Draft<'_>, enis: &BTreeMap<ZoneId, EniId>) -> Vec<Ipv4Addr> {
    let enis = enis.values().filter_map(|id| draft.made.enis.get(id));
    enis.map(|eni| eni.address).collect()
}

fn write_zone(draft: &mut Draft<'_>, node: &Node) -> Result<(), String> {
    let items = node.list("VPCs")?.iter();
    let vpcs = items.map(|item| {
        let vpc = item.get("VPCId").ok_or("an association names no VPC")?;
        let id: VpcId = draft.object(vpc, &[VPC])?;
        let region = item.get("VPCRegion").and_then(Prop::text);
        let known = draft.made.vpcs.get(&id).map(|vpc| vpc.region.as_str());
        if region == known {
            Ok(id)
        } else {
            Err(format!("{id} is not in {region:?}"))
        }
    });
    let zone = HostedZone {
        name: domain(node.text("Name")?),
        account: node.account.clone(),
        vpcs: vpcs.collect::<Result<_, String>>()?,
        records: BTreeMap::new(),
        managed: false,
    };
    if zone.vpcs.is_empty() {
        return Err("a zone without a VPC is a public one".to_owned());
    }
    draft.made.zones.insert(own(node), zone);
    Ok(())
}

fn associate(draft: &mut Draft<'_>, zone: &Prop, vpc: &Prop) -> Result<(), String> {
    let zone: HostedZoneId = draft.object(zone, &[ZONE])?;
    let vpc: VpcId = draft.object(vpc, &[VPC])?;
    let zone = draft.made.zones.get_mut(&zone).ok_or("no such zone")?;
    zone.vpcs.insert(vpc);
    Ok(())
}

fn write_record(draft: &mut Draft<'_>, node: &Node) -> Result<(), String> {
    let name = domain(node.text("Name")?);
    if name.contains('*') {
        return Err(format!("the wildcard {name} is not understood"));
    }
    let record = match (node.get("AliasTarget"), node.text("Type")?) {
        (Some(target), "A") => Record::Alias(aliased(draft, target)?),
        (None, "A") => {
            let values = node.list("ResourceRecords")?.iter().map(address);
            Record::A(values.collect::<Result<_, _>>()?)
        }
        (_, other) => return Err(format!("records of type {other} are not understood")),
    };
    let id: HostedZoneId = draft.needed(node, "HostedZoneId", &[ZONE])?;
    let zone = draft.made.zones.get_mut(&id).ok_or("no such zone")?;
    // A zone holds its own name and names below it, and refuses others.
    if name != zone.name && !name.ends_with(&format!(".{}", zone.name)) {
        return Err(format!("{name} is not below {}", zone.name));
    }
    zone.records.insert(name, record);
    Ok(())
}

/// The name of AWS's that an alias stands for. Route 53 finds it in the zone the alias names, so
/// both must be of one object.
fn aliased(draft: &Draft<'_>, target: &Prop) -> Result<String, String> {
    let name = target.get("DNSName").ok_or("an alias has no DNSName")?;
    let (id, attribute) = named(name).ok_or_else(|| format!("{name:?} is no name of AWS's"))?;
    let zone = target.get("HostedZoneId").ok_or("an alias has no zone")?;
    if let Some((other, _)) = zone.reference()
        && other != id
    {
        return Err(format!("{name:?} is not found in {zone:?}"));
    }
    let node = draft.graph.node(id).ok_or("no such resource")?;
    let dns_name = match (node.kind.as_str(), attribute) {
        (BALANCER, "DNSName") => {
            let known = draft.made.balancers.get(&own(node));
            known.map(|balancer| &balancer.dns_name)
        }
        (ENDPOINT, "DnsEntries.0.Name") => {
            let known = draft.made.endpoints.get(&own(node));
            known.map(|endpoint| &endpoint.dns_name)
        }
        (_, _) => None,
    };
    let dns_name = dns_name.cloned();
    dns_name.ok_or_else(|| format!("{name:?} is answered by nobody"))
}

/// A name, also with `dualstack.` before it.
fn named(name: &Prop) -> Option<(&NodeId, &str)> {
    if let Prop::Joined(parts) = name
        && let [Prop::Text(prefix), rest] = &parts[..]
    {
        return rest.reference().filter(|_| prefix == "dualstack.");
    }
    name.reference()
}

fn write_rule(draft: &mut Draft<'_>, node: &Node) -> Result<(), String> {
    if node.text("RuleType")? != "FORWARD" {
        return Err("it does not forward".to_owned());
    }
    let servers = node.list("TargetIps")?.iter();
    let servers = servers.map(|item| address(item.get("Ip").ok_or("a server has no address")?));
    let rule = ResolverRule {
        domain: domain(node.text("DomainName")?),
        vpcs: BTreeSet::new(),
        servers: servers.collect::<Result<_, String>>()?,
    };
    draft.made.resolver_rules.insert(own(node), rule);
    Ok(())
}

fn associate_rule(draft: &mut Draft<'_>, node: &Node) -> Result<(), String> {
    let id: ResolverRuleId = draft.needed(node, "ResolverRuleId", &[RULE])?;
    let vpc: VpcId = draft.needed(node, "VPCId", &[VPC])?;
    let rule = draft.made.resolver_rules.get_mut(&id);
    rule.ok_or("no such rule")?.vpcs.insert(vpc);
    Ok(())
}
