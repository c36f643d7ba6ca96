//! Faults at resource gateways.

use std::net::Ipv4Addr;

use blueprint::Blueprint;
use fastrand::Rng;

use super::{pick, position};

pub(super) fn close_port(blueprint: &mut Blueprint, rng: &mut Rng) -> bool {
    let configurations = blueprint.resource_configurations.iter_mut();
    pick(configurations, rng)
        .and_then(|(_, configuration)| configuration.ports.pop_first())
        .is_some()
}

/// Points a configuration at an address that nobody holds, or at another interface's.
pub(super) fn readdress(blueprint: &mut Blueprint, rng: &mut Rng) -> bool {
    let mut addresses: Vec<Ipv4Addr> = blueprint.enis.values().map(|eni| eni.address).collect();
    addresses.push(Ipv4Addr::new(10, 0, 0, 99));
    let Some(at) = position(&addresses, rng) else {
        return false;
    };
    let configurations = blueprint.resource_configurations.iter_mut();
    pick(configurations, rng).is_some_and(|(_, configuration)| {
        let before = std::mem::replace(&mut configuration.address, addresses[at]);
        before != addresses[at]
    })
}

/// Takes a gateway's interface out of a zone.
pub(super) fn remove_interface(blueprint: &mut Blueprint, rng: &mut Rng) -> bool {
    let Some((_, gateway)) = pick(blueprint.resource_gateways.iter_mut(), rng) else {
        return false;
    };
    let zones: Vec<_> = gateway.enis.keys().cloned().collect();
    let removed = position(&zones, rng).and_then(|at| gateway.enis.remove(&zones[at]));
    removed
        .and_then(|eni| blueprint.enis.remove(&eni))
        .is_some()
}
