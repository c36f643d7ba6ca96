//! Addresses that AWS chooses, chosen otherwise. Where VPCs have the same ranges a name may lead
//! astray to whatever holds its address nearby, which is then AWS's choice and no text's.

use std::collections::{BTreeMap, BTreeSet};
use std::net::Ipv4Addr;

use blueprint::Blueprint;
use blueprint::ids::{EniId, VpcId};
use blueprint::network::{Eni, EniOwner};

/// Gives everything whose address is AWS's choice the last free address of its subnet.
pub(super) fn choose_others(blueprint: &mut Blueprint) {
    let enis = blueprint.enis.iter();
    let chosen = enis.filter(|(_, eni)| is_chosen(blueprint, eni));
    let chosen: Vec<EniId> = chosen.map(|(id, _)| id.clone()).collect();
    let mut taken: BTreeMap<VpcId, BTreeSet<Ipv4Addr>> = BTreeMap::new();
    for eni in blueprint.enis.values() {
        if let Some(subnet) = blueprint.subnets.get(&eni.subnet) {
            let addresses = taken.entry(subnet.vpc.clone()).or_default();
            addresses.insert(eni.address);
        }
    }
    for id in chosen {
        let subnet = blueprint.enis.get(&id);
        let subnet = subnet.and_then(|eni| blueprint.subnets.get(&eni.subnet));
        let Some(subnet) = subnet else { continue };
        let taken = taken.entry(subnet.vpc.clone()).or_default();
        let last = u32::from(subnet.cidr.broadcast());
        let first = u32::from(subnet.cidr.network());
        let mut hosts = (first..last).rev().map(Ipv4Addr::from);
        if let Some(free) = hosts.find(|address| !taken.contains(address))
            && let Some(eni) = blueprint.enis.get_mut(&id)
        {
            taken.insert(free);
            eni.address = free;
        }
    }
    answer(blueprint);
}

fn is_chosen(blueprint: &Blueprint, eni: &Eni) -> bool {
    match &eni.owner {
        EniOwner::Endpoint(_) | EniOwner::ResourceGateway(_) => true,
        EniOwner::BalancerNode(id) => blueprint.balancers.get(id).is_some_and(|b| b.managed),
        EniOwner::Broker { .. }
        | EniOwner::Gateway(_)
        | EniOwner::Client(_)
        | EniOwner::Witness => false,
    }
}

/// Public DNS follows.
fn answer(blueprint: &mut Blueprint) {
    let endpoints = blueprint.endpoints.values().map(|e| (&e.dns_name, &e.enis));
    let balancers = blueprint
        .balancers
        .values()
        .map(|b| (&b.dns_name, &b.nodes));
    for (name, enis) in endpoints.chain(balancers) {
        let enis = enis.values().filter_map(|eni| blueprint.enis.get(eni));
        let addresses = enis.map(|eni| eni.address).collect();
        if let Some(answer) = blueprint.public_names.get_mut(name) {
            answer.addresses = addresses;
        }
    }
}
