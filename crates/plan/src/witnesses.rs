//! What should not be possible: a stranger in each VPC, and the consumer side as seen from a
//! broker and from the stranger beside it.

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
            deny_way_back(client, settled, draft);
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
    let blueprint = &draft.blueprint;
    let bootstraps = clients
        .iter()
        .filter_map(|client| blueprint.clients.get(&ClientId::from(client.name)))
        .flat_map(|client| &client.bootstrap);
    let cluster = blueprint
        .clusters
        .get(&ClusterId::from(client.cluster.name));
    let doors = settled.doors(client.way, &client.cluster);
    let rewritten = doors.iter().flat_map(|door| &door.rewritten);
    let as_told = doors.iter().filter(|door| door.rewritten.is_empty());
    let advertised = as_told.flat_map(|door| {
        let brokers = cluster.into_iter();
        let brokers = brokers.flat_map(|cluster| cluster.brokers.values());
        brokers.filter_map(|broker| broker.listeners.get(&door.listener)?.advertised.as_ref())
    });
    let open = admitted_ports(stranger, client, settled, draft);
    let is_open = |port: u16| open.iter().any(|ports| ports.contains(&port));
    let mut seen = BTreeSet::new();
    let targets = bootstraps
        .chain(advertised)
        .chain(rewritten)
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

/// The lowest broker and the stranger beside it try to reach back into a remote client's VPC:
/// the one as a broker could, the other although no group of its own holds it back.
fn deny_way_back(client: &Client<'_>, settled: &Settled<'_>, draft: &mut Draft) {
    let cluster = &client.cluster;
    let home = cluster.vpc.name;
    let Some(address) = far_address(client, settled, draft) else {
        return;
    };
    let brokers = draft.blueprint.clusters.get(&ClusterId::from(cluster.name));
    let lowest = brokers.and_then(|cluster| cluster.brokers.values().next());
    let stranger = naming::witness_eni(home);
    let stranger = draft
        .blueprint
        .enis
        .contains_key(&stranger)
        .then_some(stranger);
    let because = |who: &str| format!("{who} would reach into `{}`", client.vpc.name);
    let from_broker = lowest.map(|broker| {
        let because = because(&format!("a broker of `{}`", cluster.name));
        (broker.eni.clone(), because)
    });
    let from_stranger = stranger.map(|eni| (eni, because(&format!("a host of `{home}`"))));
    let denials = from_broker.into_iter().chain(from_stranger);
    let denials: Vec<Denial> = denials
        .map(|(from, because)| Denial {
            from,
            to: DenialTarget::Address(address),
            port: SSH_PORT,
            because,
        })
        .collect();
    for denial in denials {
        if !draft.blueprint.denials.contains(&denial) {
            draft.blueprint.denials.push(denial);
        }
    }
}

/// An address of the client's side: the endpoint's where there is one, because a client's own is
/// easily that of a neighbour in the cluster's VPC when both chose one range. It depends on
/// nothing but the client's connection, so it stays as the estate grows.
fn far_address(client: &Client<'_>, settled: &Settled<'_>, draft: &Draft) -> Option<Ipv4Addr> {
    let blueprint = &draft.blueprint;
    let link = settled.link(client.way);
    let entrances = link.map_or(&[][..], |link| settled.entrances(link));
    let mut endpoints = entrances.iter();
    let endpoint = endpoints.find_map(|entrance| blueprint.endpoints.get(&entrance.id));
    let entrance = endpoint.and_then(|endpoint| endpoint.enis.values().next());
    let own = blueprint.clients.get(&ClientId::from(client.name));
    let own = own.and_then(|client| client.enis.first());
    let eni = entrance.or(own)?;
    blueprint.enis.get(eni).map(|eni| eni.address)
}
