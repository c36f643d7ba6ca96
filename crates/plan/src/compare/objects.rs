//! How many objects of AWS one blueprint has more than another, counted as the APIs make them:
//! a listener, a record or a zone's association is an object, a rule of a group is not.

use std::collections::{BTreeMap, BTreeSet};

use blueprint::Blueprint;
use blueprint::network::RouteTarget;

/// Objects that are made, and objects that are touched.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Delta {
    /// Made.
    pub added: usize,
    /// There before, and different.
    pub changed: usize,
}

impl Delta {
    /// Made or touched.
    pub fn total(self) -> usize {
        self.added + self.changed
    }

    /// What is left without what would happen anyway.
    #[must_use]
    pub fn beyond(self, anyway: Self) -> Self {
        Self {
            added: self.added.saturating_sub(anyway.added),
            changed: self.changed.saturating_sub(anyway.changed),
        }
    }

    fn note(&mut self, added: usize, changed: bool) {
        self.added += added;
        self.changed += usize::from(changed);
    }
}

/// What has to happen to get from one blueprint to a larger one. Interfaces, VPCs with their
/// subnets, clients and brokers are not counted: they are what grows. Nor is what AWS keeps by
/// itself.
pub(super) fn delta(small: &Blueprint, large: &Blueprint) -> Delta {
    let mut delta = Delta::default();
    balancing(small, large, &mut delta);
    services(small, large, &mut delta);
    names(small, large, &mut delta);
    routing(small, large, &mut delta);
    transit(small, large, &mut delta);
    for (id, new) in &large.clusters {
        let old = small.clusters.get(id);
        delta.note(
            0,
            old.is_some_and(|old| old.vpc_connectivity != new.vpc_connectivity),
        );
    }
    delta
}

/// How many objects are new, and how many of the old ones are another.
fn count<K: Ord, V>(
    small: &BTreeMap<K, V>,
    large: &BTreeMap<K, V>,
    same: impl Fn(&V, &V) -> bool,
    delta: &mut Delta,
) {
    for (id, new) in large {
        match small.get(id) {
            None => delta.added += 1,
            Some(old) => delta.changed += usize::from(!same(old, new)),
        }
    }
}

fn balancing(small: &Blueprint, large: &Blueprint, delta: &mut Delta) {
    let none = BTreeMap::new();
    for (id, new) in large.balancers.iter().filter(|(_, new)| !new.managed) {
        let old = small.balancers.get(id);
        let differs =
            old.is_some_and(|old| old.nodes != new.nodes || old.cross_zone != new.cross_zone);
        delta.note(usize::from(old.is_none()), differs);
        let listeners = old.map_or(&none, |old| &old.listeners);
        count(listeners, &new.listeners, PartialEq::eq, delta);
    }
    let managed: BTreeSet<_> = large
        .balancers
        .values()
        .filter(|balancer| balancer.managed)
        .flat_map(|balancer| balancer.listeners.values())
        .map(|listener| &listener.target_group)
        .collect();
    for (id, new) in large
        .target_groups
        .iter()
        .filter(|(id, _)| !managed.contains(id))
    {
        let old = small.target_groups.get(id);
        delta.note(
            usize::from(old.is_none()),
            old.is_some_and(|old| old != new),
        );
    }
    count(
        &small.security_groups,
        &large.security_groups,
        PartialEq::eq,
        delta,
    );
    for (id, new) in &large.gateways {
        let n_old = small.gateways.get(id).map_or(0, |old| old.instances.len());
        delta.note(new.instances.len().saturating_sub(n_old), false);
    }
}

fn services(small: &Blueprint, large: &Blueprint, delta: &mut Delta) {
    let managed = |service: &blueprint::balancing::EndpointService| {
        let balancer = large.balancers.get(&service.balancer);
        balancer.is_some_and(|balancer| balancer.managed)
    };
    let none = BTreeSet::new();
    for (id, new) in large.services.iter().filter(|(_, new)| !managed(new)) {
        let old = small.services.get(id);
        let allowed = old.map_or(&none, |old| &old.allowed_accounts);
        let permissions = new.allowed_accounts.difference(allowed).count();
        let differs = old.is_some_and(|old| old.supported_regions != new.supported_regions);
        delta.note(usize::from(old.is_none()) + permissions, differs);
    }
    count(
        &small.endpoints,
        &large.endpoints,
        |old, new| old.enis == new.enis,
        delta,
    );
    count(
        &small.resource_gateways,
        &large.resource_gateways,
        PartialEq::eq,
        delta,
    );
    count(
        &small.resource_configurations,
        &large.resource_configurations,
        PartialEq::eq,
        delta,
    );
}

fn names(small: &Blueprint, large: &Blueprint, delta: &mut Delta) {
    let (no_records, no_vpcs) = (BTreeMap::new(), BTreeSet::new());
    for (id, new) in large.zones.iter().filter(|(_, new)| !new.managed) {
        let old = small.zones.get(id);
        let records = old.map_or(&no_records, |old| &old.records);
        count(records, &new.records, PartialEq::eq, delta);
        let vpcs = old.map_or(&no_vpcs, |old| &old.vpcs);
        let joined = new.vpcs.difference(vpcs).count();
        let with_zone = usize::from(old.is_none());
        delta.note(with_zone + joined.saturating_sub(with_zone), false);
    }
}

fn routing(small: &Blueprint, large: &Blueprint, delta: &mut Delta) {
    count(&small.peerings, &large.peerings, PartialEq::eq, delta);
    for (id, new) in &large.route_tables {
        let old = small.route_tables.get(id);
        let known = |route: &_| old.is_some_and(|old| old.routes.contains(route));
        let routes = new.routes.iter();
        let routes = routes.filter(|route| route.target != RouteTarget::Local);
        delta.note(routes.filter(|route| !known(route)).count(), false);
    }
}

fn transit(small: &Blueprint, large: &Blueprint, delta: &mut Delta) {
    count(
        &small.transit_gateways,
        &large.transit_gateways,
        PartialEq::eq,
        delta,
    );
    count(
        &small.transit_attachments,
        &large.transit_attachments,
        PartialEq::eq,
        delta,
    );
    count(
        &small.transit_peerings,
        &large.transit_peerings,
        PartialEq::eq,
        delta,
    );
    for (id, new) in &large.transit_tables {
        let old = small.transit_tables.get(id);
        let none = BTreeSet::new();
        let propagations = old.map_or(&none, |old| &old.propagations);
        let learned = new.propagations.difference(propagations).count();
        let routes = new.routes.iter();
        let routes = routes.filter(|route| !old.is_some_and(|old| old.routes.contains(route)));
        delta.note(usize::from(old.is_none()) + learned + routes.count(), false);
    }
}
