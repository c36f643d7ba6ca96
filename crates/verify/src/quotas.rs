//! What a blueprint uses of each thing that AWS limits, and how much more one broker would need.

use std::collections::BTreeMap;

use blueprint::Blueprint;
use blueprint::balancing::{EndpointTarget, LoadBalancer};
use blueprint::ids::{ClusterId, ObjectId, VpcId};
use blueprint::spec::ClusterKind;

use crate::evidence::vpc_behind;

/// What one thing a quota holds for uses of it.
pub(crate) struct Use {
    /// The object to point at.
    pub(crate) object: ObjectId,
    /// The thing's name.
    pub(crate) name: String,
    /// How much it uses.
    pub(crate) used: usize,
    /// How much more it would use with one more broker; 0 if that changes nothing.
    pub(crate) per_broker: usize,
}

impl Use {
    fn of(object: impl Into<ObjectId>, name: &str, used: usize) -> Self {
        Self {
            object: object.into(),
            name: name.to_owned(),
            used,
            per_broker: 0,
        }
    }

    fn growing(mut self, per_broker: usize) -> Self {
        self.per_broker = per_broker;
        self
    }
}

/// Listeners by balancer; one with more than one broker behind it grows with them.
pub(crate) fn listeners(blueprint: &Blueprint) -> Vec<Use> {
    let balancers = blueprint.balancers.iter();
    balancers
        .map(|(id, balancer)| {
            let n_listeners = balancer.listeners.len();
            let sets = sets(blueprint, balancer);
            Use::of(id, id.as_str(), n_listeners).growing(sets)
        })
        .collect()
}

/// How many blocks of one listener per broker a balancer has: the most listeners that lead to
/// one and the same address alone, where several addresses have one.
fn sets(blueprint: &Blueprint, balancer: &LoadBalancer) -> usize {
    let groups = balancer
        .listeners
        .values()
        .filter_map(|listener| blueprint.target_groups.get(&listener.target_group));
    let mut alone: BTreeMap<_, usize> = BTreeMap::new();
    for group in groups {
        if let [only] = group.targets.as_slice() {
            *alone.entry(only.address).or_default() += 1;
        }
    }
    let most = alone.values().copied().max().unwrap_or(0);
    if alone.len() < 2 { 0 } else { most }
}

/// Targets by balancer that works across zones.
pub(crate) fn targets(blueprint: &Blueprint) -> Vec<Use> {
    let cross_zone = blueprint
        .balancers
        .iter()
        .filter(|(_, balancer)| balancer.cross_zone);
    let counted = cross_zone.map(|(id, balancer)| {
        let groups = balancer
            .listeners
            .values()
            .filter_map(|listener| blueprint.target_groups.get(&listener.target_group));
        let used = groups.map(|group| group.targets.len()).sum();
        Use::of(id, id.as_str(), used)
    });
    counted.collect()
}

/// An account and a Region.
type Place<'b> = (&'b str, &'b str);

/// Counts what lies in VPCs by the account and Region of each.
fn per_place<'b>(
    blueprint: &'b Blueprint,
    vpcs: impl Iterator<Item = &'b VpcId>,
) -> BTreeMap<Place<'b>, (&'b VpcId, usize)> {
    let mut by_place: BTreeMap<_, (&VpcId, usize)> = BTreeMap::new();
    for id in vpcs {
        if let Some(vpc) = blueprint.vpcs.get(id) {
            let place = (vpc.account.as_str(), vpc.region.as_str());
            by_place.entry(place).or_insert((id, 0)).1 += 1;
        }
    }
    by_place
}

fn of_places(by_place: BTreeMap<Place<'_>, (&VpcId, usize)>) -> Vec<Use> {
    let places = by_place.into_iter();
    places
        .map(|((account, _), (vpc, used))| Use::of(vpc, account, used))
        .collect()
}

/// Balancers that the owner pays for, by account and Region.
pub(crate) fn balancers(blueprint: &Blueprint) -> Vec<Use> {
    let own = blueprint
        .balancers
        .values()
        .filter(|balancer| !balancer.managed);
    of_places(per_place(blueprint, own.map(|balancer| &balancer.vpc)))
}

/// Target groups by account and Region.
pub(crate) fn target_groups(blueprint: &Blueprint) -> Vec<Use> {
    let groups = blueprint.target_groups.values();
    of_places(per_place(blueprint, groups.map(|group| &group.vpc)))
}

/// Interfaces of balancers by VPC.
pub(crate) fn balancer_interfaces(blueprint: &Blueprint) -> Vec<Use> {
    per_vpc(blueprint, |vpc| {
        let here = blueprint.balancers.values();
        let here = here.filter(|balancer| balancer.vpc == *vpc && !balancer.managed);
        here.map(|balancer| balancer.nodes.len()).sum()
    })
}

fn per_vpc(blueprint: &Blueprint, count: impl Fn(&VpcId) -> usize) -> Vec<Use> {
    let vpcs = blueprint.vpcs.keys();
    vpcs.map(|vpc| Use::of(vpc, vpc.as_str(), count(vpc)))
        .collect()
}

/// Interface endpoints by VPC, those of AWS's own services included.
pub(crate) fn interface_endpoints(blueprint: &Blueprint) -> Vec<Use> {
    let mut uses = endpoints(blueprint, |target| {
        matches!(target, EndpointTarget::Service(_))
    });
    for (used, vpc) in uses.iter_mut().zip(blueprint.vpcs.values()) {
        used.used += vpc.service_endpoints.len();
    }
    uses
}

/// Resource endpoints by VPC.
pub(crate) fn resource_endpoints(blueprint: &Blueprint) -> Vec<Use> {
    endpoints(blueprint, |target| {
        matches!(target, EndpointTarget::Resource(_))
    })
}

/// Endpoints of a kind by VPC. Where several lead into one VPC, each of them is a broker's.
fn endpoints(blueprint: &Blueprint, is_meant: impl Fn(&EndpointTarget) -> bool) -> Vec<Use> {
    let vpcs = blueprint.vpcs.keys();
    let uses = vpcs.map(|vpc| {
        let here = blueprint.endpoints.iter();
        let here = here.filter(|(_, endpoint)| endpoint.vpc == *vpc && is_meant(&endpoint.target));
        let mut by_provider: BTreeMap<_, usize> = BTreeMap::new();
        for (id, _) in here {
            *by_provider.entry(vpc_behind(blueprint, id)).or_default() += 1;
        }
        let per_broker = by_provider.values().filter(|n| 1 < **n).count();
        let used = by_provider.values().sum();
        Use::of(vpc, vpc.as_str(), used).growing(per_broker)
    });
    uses.collect()
}

/// Peerings by VPC.
pub(crate) fn peerings(blueprint: &Blueprint) -> Vec<Use> {
    per_vpc(blueprint, |vpc| {
        let peerings = blueprint.peerings.values();
        peerings
            .filter(|peering| peering.requester == *vpc || peering.accepter == *vpc)
            .count()
    })
}

/// Transit gateways by VPC.
pub(crate) fn transit_gateways(blueprint: &Blueprint) -> Vec<Use> {
    per_vpc(blueprint, |vpc| {
        let attachments = blueprint.transit_attachments.values();
        attachments
            .filter(|attachment| attachment.vpc == *vpc)
            .count()
    })
}

/// Route tables by transit gateway.
pub(crate) fn transit_tables(blueprint: &Blueprint) -> Vec<Use> {
    let gateways = blueprint.transit_gateways.keys();
    let uses = gateways.map(|id| {
        let tables = blueprint.transit_tables.values();
        let used = tables.filter(|table| table.gateway == *id).count();
        Use::of(id, id.as_str(), used)
    });
    uses.collect()
}

/// Routes by route table.
pub(crate) fn routes(blueprint: &Blueprint) -> Vec<Use> {
    let tables = blueprint.route_tables.iter();
    tables
        .map(|(id, table)| Use::of(&table.vpc, id.as_str(), table.routes.len()))
        .collect()
}

/// Rules of the fuller direction by security group.
pub(crate) fn rules(blueprint: &Blueprint) -> Vec<Use> {
    let groups = blueprint.security_groups.iter();
    groups
        .map(|(id, group)| {
            let used = group.ingress.len().max(group.egress.len());
            Use::of(id, id.as_str(), used)
        })
        .collect()
}

/// Entries of the fuller direction by network ACL.
pub(crate) fn acl_entries(blueprint: &Blueprint) -> Vec<Use> {
    let acls = blueprint.network_acls.iter();
    acls.map(|(id, acl)| Use::of(id, id.as_str(), acl.ingress.len().max(acl.egress.len())))
        .collect()
}

/// VPCs by private zone.
pub(crate) fn associations(blueprint: &Blueprint) -> Vec<Use> {
    let zones = blueprint.zones.iter();
    zones
        .map(|(id, zone)| Use::of(id, &zone.name, zone.vpcs.len()))
        .collect()
}

/// Zones by the account that owns them.
pub(crate) fn zones(blueprint: &Blueprint) -> Vec<Use> {
    let mut by_account: BTreeMap<&str, Use> = BTreeMap::new();
    for (id, zone) in blueprint.zones.iter().filter(|(_, zone)| !zone.managed) {
        let counted = by_account
            .entry(&zone.account)
            .or_insert_with(|| Use::of(id, &zone.account, 0));
        counted.used += 1;
    }
    by_account.into_values().collect()
}

/// Brokers by cluster of MSK with KRaft.
pub(crate) fn kraft_brokers(blueprint: &Blueprint) -> Vec<Use> {
    brokers(blueprint, false)
}

/// Brokers by cluster of MSK with ZooKeeper.
pub(crate) fn zookeeper_brokers(blueprint: &Blueprint) -> Vec<Use> {
    brokers(blueprint, true)
}

fn brokers(blueprint: &Blueprint, zookeeper: bool) -> Vec<Use> {
    let clusters = blueprint.clusters.iter();
    let counted = clusters.filter(|(_, cluster)| match cluster.kind {
        ClusterKind::Msk | ClusterKind::MskExpress => cluster.zookeeper == zookeeper,
        ClusterKind::MskServerless | ClusterKind::Ec2 => false,
    });
    counted
        .map(|(id, cluster)| Use::of(id, id.as_str(), cluster.brokers.len()).growing(1))
        .collect()
}

/// Brokers of MSK by account.
pub(crate) fn account_brokers(blueprint: &Blueprint) -> Vec<Use> {
    let mut by_account: BTreeMap<&str, (&ClusterId, usize)> = BTreeMap::new();
    for (id, cluster) in &blueprint.clusters {
        let is_counted = match cluster.kind {
            ClusterKind::Msk | ClusterKind::MskExpress => true,
            ClusterKind::MskServerless | ClusterKind::Ec2 => false,
        };
        if let Some(vpc) = blueprint.vpcs.get(&cluster.vpc).filter(|_| is_counted) {
            by_account.entry(&vpc.account).or_insert((id, 0)).1 += cluster.brokers.len();
        }
    }
    let accounts = by_account.into_iter();
    accounts
        .map(|(account, (id, used))| Use::of(id, account, used).growing(1))
        .collect()
}

/// Children by group of resource configurations: the brokers behind one resource gateway.
pub(crate) fn resource_children(blueprint: &Blueprint) -> Vec<Use> {
    let gateways = blueprint.resource_gateways.keys();
    let uses = gateways.map(|id| {
        let children = blueprint.resource_configurations.values();
        let used = children.filter(|child| child.gateway == *id).count();
        Use::of(id, id.as_str(), used).growing(1)
    });
    uses.collect()
}
