//! What AWS assigns when it makes a cluster: brokers' addresses and the domain of their names. A
//! blueprint holds them as chosen or said; where they were neither said nor known, the texts take
//! them as inputs.

use std::net::Ipv4Addr;

use blueprint::Blueprint;
use blueprint::balancing::{Endpoint, EndpointTarget};
use blueprint::dns::Record;
use blueprint::ids::{ClusterId, HostedZoneId, VpcId};
use blueprint::kafka::Cluster;
use blueprint::key::SpecKey;
use blueprint::network::EniOwner;

use crate::interfaces;
use crate::object::Object;
use crate::value::{Input, Value};

/// An address in a VPC: an input where Amazon MSK gives it to a broker, else a text.
pub(crate) fn address(blueprint: &Blueprint, vpc: &VpcId, address: Ipv4Addr) -> Value {
    let found = interfaces::at(blueprint, vpc, address);
    if let Some(EniOwner::Broker { cluster, id }) = found.map(|(_, eni)| &eni.owner)
        && is_assigned(blueprint, cluster, &["addresses", &id.to_string()])
    {
        return Value::Input(Input::BrokerAddress {
            cluster: cluster.as_str().to_owned(),
            broker: *id,
        });
    }
    Value::Text(address.to_string())
}

/// An address that answers a name. VPCs may have the same ranges, so that the VPC of the cluster
/// whose name it is goes before those of the zone, and those before all others.
pub(crate) fn answer(
    blueprint: &Blueprint,
    zone: &HostedZoneId,
    name: &str,
    address: Ipv4Addr,
) -> Value {
    let is_named = |cluster: &&Cluster| {
        let brokers = cluster.brokers.values();
        let listeners = brokers.flat_map(|broker| broker.listeners.values());
        let mut advertised = listeners.filter_map(|listener| listener.advertised.as_ref());
        advertised.any(|at| at.host == name)
    };
    let named = blueprint.clusters.values().filter(is_named);
    let zone = blueprint.zones.get(zone);
    let mut vpcs = named
        .map(|cluster| &cluster.vpc)
        .chain(zone.into_iter().flat_map(|zone| &zone.vpcs))
        .chain(blueprint.vpcs.keys());
    let holder = vpcs.find(|vpc| interfaces::at(blueprint, vpc, address).is_some());
    holder.map_or_else(
        || Value::Text(address.to_string()),
        |vpc| self::address(blueprint, vpc, address),
    )
}

/// A host or domain name: what Amazon MSK makes of it is an input, the rest is text.
pub(crate) fn host(blueprint: &Blueprint, name: &str) -> Value {
    match domain_of(blueprint, name) {
        Some((id, cluster)) => within(id, cluster, name),
        None => Value::from(name),
    }
}

/// The cluster whose domain Amazon MSK chooses and a name lies under.
fn domain_of<'b>(blueprint: &'b Blueprint, name: &str) -> Option<(&'b ClusterId, &'b Cluster)> {
    let assigned = blueprint.clusters.iter().filter(|(id, cluster)| {
        !cluster.suffix.is_empty()
            && lies_under(name, &cluster.suffix)
            && is_assigned(blueprint, id, &["suffix"])
    });
    assigned.max_by_key(|(_, cluster)| cluster.suffix.len())
}

/// A host or domain name for people: what Amazon MSK makes of it is told by the cluster's id.
pub(crate) fn told(blueprint: &Blueprint, name: &str) -> String {
    let Some((id, cluster)) = domain_of(blueprint, name) else {
        return name.to_owned();
    };
    match name.strip_suffix(&cluster.suffix) {
        None | Some("") => format!("the domain of `{id}`"),
        Some("*.") => format!("every name in the domain of `{id}`"),
        Some(front) => format!("{} of `{id}`", front.trim_end_matches('.')),
    }
}

/// A text for people in which such names may occur.
pub(crate) fn told_in(blueprint: &Blueprint, text: &str) -> String {
    let clusters = blueprint.clusters.iter();
    let assigned = clusters.filter(|(id, cluster)| {
        !cluster.suffix.is_empty() && is_assigned(blueprint, id, &["suffix"])
    });
    assigned.fold(text.to_owned(), |text, (id, cluster)| {
        let text = text.replace(&format!(".{}", cluster.suffix), &format!(" of {id}"));
        text.replace(&cluster.suffix, &format!("the domain of {id}"))
    })
}

/// Several such names, one after another.
pub(crate) fn told_all<'n>(
    blueprint: &Blueprint,
    names: impl IntoIterator<Item = &'n String>,
) -> String {
    let told = names.into_iter().map(|name| told(blueprint, name));
    told.collect::<Vec<_>>().join(", ")
}

/// The name by which people know a private zone: what it is for and its own name, of which AWS may
/// give a part.
pub(crate) fn zone_name(blueprint: &Blueprint, id: &HostedZoneId, domain: &str) -> Value {
    match domain_of(blueprint, domain) {
        Some((of, cluster)) if id.as_str().ends_with(domain) => within(of, cluster, id.as_str()),
        Some(_) | None => Value::from(id.as_str()),
    }
}

fn within(id: &ClusterId, cluster: &Cluster, name: &str) -> Value {
    let suffix = Value::Input(Input::Suffix {
        cluster: id.as_str().to_owned(),
    });
    match name.strip_suffix(&cluster.suffix) {
        None | Some("") => suffix,
        Some(front) => Value::Joined(vec![Value::from(front), suffix]),
    }
}

fn lies_under(name: &str, domain: &str) -> bool {
    let front = name.strip_suffix(domain);
    front.is_some_and(|front| front.is_empty() || front.ends_with('.'))
}

/// What a record is an alias of: an object of this blueprint, and what is left unless it is one.
pub(crate) fn alias(blueprint: &Blueprint, record: &Record) -> Option<Object> {
    let Record::Alias(name) = record else {
        return None;
    };
    let balancer = blueprint
        .balancers
        .iter()
        .find(|(_, b)| b.dns_name == *name);
    if let Some((id, _)) = balancer {
        return Some(Object::Balancer(id.clone()));
    }
    let endpoint = blueprint
        .endpoints
        .iter()
        .find(|(_, e)| e.dns_name == *name);
    endpoint.map(|(id, _)| Object::Endpoint(id.clone()))
}

/// Whether an endpoint leads to what Amazon MSK runs, so that MSK makes it.
pub(crate) fn is_vpc_connection(blueprint: &Blueprint, target: &EndpointTarget) -> bool {
    let EndpointTarget::Service(service) = target else {
        return false;
    };
    let service = blueprint.services.get(service);
    let balancer = service.and_then(|service| blueprint.balancers.get(&service.balancer));
    balancer.is_some_and(|balancer| balancer.managed)
}

/// Which names an endpoint to a resource has AWS make private zones for (`PrivateDnsPreference`):
/// all where the blueprint has such a zone, else those whose owner proved that they are its own.
pub(crate) fn private_dns_preference(blueprint: &Blueprint, endpoint: &Endpoint) -> &'static str {
    let EndpointTarget::Resource(resource) = &endpoint.target else {
        return "VERIFIED_DOMAINS_ONLY";
    };
    let resource = blueprint.resource_configurations.get(resource);
    let is_named = resource.is_some_and(|resource| {
        let mut zones = blueprint.zones.values();
        zones.any(|zone| {
            zone.managed && zone.vpcs.contains(&endpoint.vpc) && zone.name == resource.name
        })
    });
    match is_named {
        true => "ALL_DOMAINS",
        false => "VERIFIED_DOMAINS_ONLY",
    }
}

/// Whether AWS assigns a value of a cluster and the spec does not say it.
fn is_assigned(blueprint: &Blueprint, id: &ClusterId, keys: &[&str]) -> bool {
    let Some(cluster) = blueprint.clusters.get(id) else {
        return false;
    };
    let cluster_key = SpecKey::root().key("clusters").key(id.as_str());
    let key = keys.iter().fold(cluster_key, |key, part| key.key(*part));
    cluster.kind.is_msk() && blueprint.defaults.iter().any(|filled| filled.key == key)
}
