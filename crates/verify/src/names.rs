//! Rule 1, names: what a host name is answered with at one interface.

use std::net::Ipv4Addr;

use blueprint::dns::Record;
use blueprint::ids::VpcId;
use blueprint::network::EniOwner;

use crate::journey::{Answer, Answers, End, NoName};
use crate::network::{Interface, Network, ResolverRule, Zone};

/// Resolves a host name where an interface is.
pub(crate) fn resolve<'a>(
    network: &Network<'a>,
    at: Interface<'a>,
    host: &str,
) -> Result<Answers<'a>, End<'a>> {
    if let Ok(literal) = host.parse() {
        return Ok((Answer::Literal, vec![literal]));
    }
    if let Some(address) = service_view(network, at, host) {
        return Ok((Answer::Service, vec![address]));
    }
    let vpc = at.vpc();
    resolve_in_vpc(network, vpc, host).map_err(|why| End::NoName { vpc, why })
}

/// Brokers of a managed service see each other's names before any zone does.
fn service_view(network: &Network<'_>, at: Interface<'_>, host: &str) -> Option<Ipv4Addr> {
    let EniOwner::Broker { cluster, .. } = &at.eni.owner else {
        return None;
    };
    let cluster = network.blueprint.clusters.get(cluster)?;
    cluster.service_names.get(host).copied()
}

/// The answer of a VPC's resolver. What covers the name most narrowly decides alone: a name that
/// a private zone does not hold is answered neither by a wider zone nor by public DNS.
pub(crate) fn resolve_in_vpc<'a>(
    network: &Network<'a>,
    vpc: &VpcId,
    host: &str,
) -> Result<Answers<'a>, NoName<'a>> {
    let known = network.blueprint.vpcs.get(vpc);
    if known.is_some_and(|vpc| !vpc.dns) {
        return Err(NoName::NoResolver);
    }
    match narrowest(network, vpc, host) {
        Some(Cover::Rule(rule)) => Err(NoName::Forwarded(rule)),
        Some(Cover::Zone(zone)) => Ok((Answer::Private(zone), from_zone(network, zone, host)?)),
        None => {
            let addresses = from_public_dns(network, host).ok_or(NoName::NotPublic)?;
            Ok((Answer::Public, addresses))
        }
    }
}

/// What a VPC is associated with that covers a name.
enum Cover<'a> {
    Zone(Zone<'a>),
    Rule(ResolverRule<'a>),
}

/// The longest domain of a rule or a private zone of the VPC that is the name or a parent of it,
/// a rule before a zone.
fn narrowest<'a>(network: &Network<'a>, vpc: &VpcId, host: &str) -> Option<Cover<'a>> {
    parents(host).find_map(|parent| {
        let rule = network.rule(vpc, parent).map(Cover::Rule);
        rule.or_else(|| network.zone(vpc, parent).map(Cover::Zone))
    })
}

/// The name and every domain above it, longest first.
pub(crate) fn parents(host: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(Some(host), |name| {
        name.split_once('.').map(|(_, parent)| parent)
    })
}

fn from_zone<'a>(
    network: &Network<'a>,
    zone: Zone<'a>,
    host: &str,
) -> Result<Vec<Ipv4Addr>, NoName<'a>> {
    match zone.zone.records.get(host) {
        None => Err(NoName::NotInZone(zone)),
        Some(Record::A(addresses)) if addresses.is_empty() => Err(NoName::EmptyRecord(zone)),
        Some(Record::A(addresses)) => Ok(addresses.clone()),
        Some(Record::Alias(target)) => {
            from_public_dns(network, target).ok_or(NoName::EmptyAlias { zone, target })
        }
    }
}

/// The answer of public DNS; none if it does not know the name or has no address for it.
pub(crate) fn from_public_dns(network: &Network<'_>, name: &str) -> Option<Vec<Ipv4Addr>> {
    let answer = network.blueprint.public_names.get(name)?;
    (!answer.addresses.is_empty()).then(|| answer.addresses.clone())
}
