//! What should not be possible: a stranger in each VPC with clients, and the consumer side as
//! seen from a broker.

use std::collections::{BTreeMap, BTreeSet};
use std::net::Ipv4Addr;
use std::ops::RangeInclusive;

use blueprint::ids::{ClientId, ClusterId, EniId};
use blueprint::network::{Denial, DenialTarget, Peer, Rule};
use ipnet::Ipv4Net;

use crate::draft::Draft;
use crate::intent::{Client, Way};
use crate::naming;
use crate::security::{self, Rules};
use crate::settled::Settled;

/// A port that a client's host may well listen on, for administration.
const SSH_PORT: u16 = 22;

/// Writes the strangers' security groups and every denial.
pub(crate) fn write(settled: &Settled<'_>, draft: &mut Draft) {
    for vpc in &settled.asked.vpcs {
        let eni = naming::witness_eni(vpc.name);
        if !draft.blueprint.enis.contains_key(&eni) {
            continue;
        }
        let id = naming::witness_group(vpc.name);
        security::insert(id, vpc.name, &vpc.key, stranger_rules(), draft);
        let inside = settled
            .asked
            .clients
            .iter()
            .filter(|client| client.vpc.name == vpc.name);
        let mut by_cluster: BTreeMap<usize, Vec<&Client>> = BTreeMap::new();
        for client in inside {
            by_cluster
                .entry(client.cluster.position)
                .or_default()
                .push(client);
        }
        for clients in by_cluster.values() {
            deny_stranger(&eni, clients, settled, draft);
        }
    }
    for client in &settled.asked.clients {
        if client.way != Way::SameVpc {
            deny_broker(client, draft);
        }
    }
}

/// A stranger may dial everything, so that whoever is dialled must refuse.
fn stranger_rules() -> Rules {
    let everything = Rule {
        from_port: 0,
        to_port: u16::MAX,
        peer: Peer::Cidr(Ipv4Net::default()),
        because: "a stranger's own group holds nothing back".to_owned(),
    };
    Rules {
        ingress: Vec::new(),
        egress: vec![everything],
    }
}

/// A stranger tries what clients of its VPC are given: all enter one cluster in one way.
fn deny_stranger(
    stranger: &EniId,
    clients: &[&Client<'_>],
    settled: &Settled<'_>,
    draft: &mut Draft,
) {
    let Some(client) = clients.first() else {
        return;
    };
    let entry = settled.entry(client.way, &client.cluster);
    let (_, listener) = settled.doors(entry, &client.cluster);
    let blueprint = &draft.blueprint;
    let bootstraps = clients
        .iter()
        .filter_map(|client| blueprint.clients.get(&ClientId::from(client.name)))
        .flat_map(|client| &client.bootstrap);
    let cluster = blueprint
        .clusters
        .get(&ClusterId::from(client.cluster.name));
    let brokers = cluster
        .into_iter()
        .flat_map(|cluster| cluster.brokers.values());
    let advertised =
        brokers.filter_map(|broker| broker.listeners.get(listener)?.advertised.as_ref());
    let open = admitted_ports(stranger, client, settled, draft);
    let is_open = |port: u16| open.iter().any(|ports| ports.contains(&port));
    let mut seen = BTreeSet::new();
    let targets = bootstraps
        .chain(advertised)
        .filter(|target| seen.insert(*target) && !is_open(target.port));
    let name = client.cluster.name;
    let because = format!(
        "a host of `{}` without a client's group would reach `{name}`",
        client.vpc.name
    );
    let denials = targets.map(|target| Denial {
        from: stranger.clone(),
        to: denial_target(&target.host),
        port: target.port,
        because: because.clone(),
    });
    let denials: Vec<Denial> = denials.collect();
    draft.blueprint.denials.extend(denials);
}

/// The ports that the spec itself opens to the stranger's address, by ranges.
fn admitted_ports(
    stranger: &EniId,
    client: &Client<'_>,
    settled: &Settled<'_>,
    draft: &Draft,
) -> Vec<RangeInclusive<u16>> {
    let blueprint = &draft.blueprint;
    let group = blueprint.security_groups.get(&settled.entry_group(client));
    let Some((eni, group)) = blueprint.enis.get(stranger).zip(group) else {
        return Vec::new();
    };
    let open = group.ingress.iter().filter(|rule| match &rule.peer {
        Peer::Cidr(range) => range.contains(&eni.address),
        Peer::Group(_) => false,
    });
    open.map(|rule| rule.from_port..=rule.to_port).collect()
}

fn denial_target(host: &str) -> DenialTarget {
    match host.parse::<Ipv4Addr>() {
        Ok(address) => DenialTarget::Address(address),
        Err(_) => DenialTarget::Name(host.to_owned()),
    }
}

/// The lowest broker tries a remote client's first address.
fn deny_broker(client: &Client<'_>, draft: &mut Draft) {
    let blueprint = &draft.blueprint;
    let cluster = blueprint
        .clusters
        .get(&ClusterId::from(client.cluster.name));
    let lowest = cluster.and_then(|cluster| cluster.brokers.values().next());
    let first = blueprint
        .clients
        .get(&ClientId::from(client.name))
        .and_then(|client| blueprint.enis.get(client.enis.first()?));
    let (Some(broker), Some(eni)) = (lowest, first) else {
        return;
    };
    let denial = Denial {
        from: broker.eni.clone(),
        to: DenialTarget::Address(eni.address),
        port: SSH_PORT,
        because: format!(
            "a broker of `{}` would reach into `{}`",
            client.cluster.name, client.vpc.name
        ),
    };
    draft.blueprint.denials.push(denial);
}
