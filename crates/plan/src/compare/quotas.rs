//! How far a means can grow: what a blueprint takes of each quota, what one broker or client VPC
//! more takes, and hence how many there may be.

use std::collections::{BTreeMap, BTreeSet};

use blueprint::Blueprint;
use blueprint::balancing::EndpointTarget;
use blueprint::facts::{FactId, Facts, id};
use blueprint::spec::ClusterKind;

use super::Ends;

/// The most there may be of something, and the quota that says so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limit {
    /// How many there may be.
    pub most: u64,
    /// How many there are.
    pub now: u64,
    /// The quota that is reached first.
    pub quota: FactId,
    /// What the quota is.
    pub of: u64,
    /// Whether the quota is unverified.
    pub unverified: bool,
}

impl Limit {
    /// How many may be added.
    pub fn headroom(&self) -> u64 {
        self.most.saturating_sub(self.now)
    }
}

/// What of a quota is taken.
struct Gauge {
    quota: FactId,
    taken: u64,
}

/// The quota that growth from one blueprint to another, by one of what there are `now`, reaches
/// first; none if growth takes nothing of any.
pub(super) fn limit(
    now: usize,
    (small, large): (&Blueprint, &Blueprint),
    ends: &Ends<'_>,
    facts: &Facts,
) -> Option<Limit> {
    let before = gauges(small, ends);
    let after = gauges(large, ends);
    let limits = before.iter().zip(&after).filter_map(|(before, after)| {
        let each = after
            .taken
            .checked_sub(before.taken)
            .filter(|each| 0 < *each)?;
        let found = facts.fact(before.quota, ends.region)?;
        let of = found.whole()?;
        let now = now as u64;
        let most = match of.checked_sub(before.taken) {
            Some(left) => now + left / each,
            None => now.saturating_sub((before.taken - of).div_ceil(each)),
        };
        Some(Limit {
            most,
            now,
            quota: before.quota,
            of,
            unverified: found.is_unverified(),
        })
    });
    limits.min_by_key(|limit| limit.most)
}

/// The same for brokers, of which a gateway that tells them apart by port has some reserved: the
/// first of these take nothing of any quota, and those behind them a listener each.
pub(super) fn brokers(
    now: usize,
    grown: (&Blueprint, &Blueprint),
    ends: &Ends<'_>,
    facts: &Facts,
) -> Option<Limit> {
    let (small, _) = grown;
    let slots = small.gateways.values().map(|gateway| gateway.slots.len());
    let reserved = slots.max().filter(|slots| 0 < *slots).and_then(|slots| {
        let quota = id::QUOTAS_NLB_LISTENERS_PER_BALANCER;
        let found = facts.fact(quota, ends.region)?;
        let of = found.whole()?;
        let balancers = small.balancers.values();
        let n_listeners = balancers.map(|balancer| balancer.listeners.len()).max()?;
        let others = n_listeners.saturating_sub(slots) as u64;
        Some(Limit {
            most: of.saturating_sub(others),
            now: now as u64,
            quota,
            of,
            unverified: found.is_unverified(),
        })
    });
    let limit = limit(now, grown, ends, facts);
    limit
        .into_iter()
        .chain(reserved)
        .min_by_key(|limit| limit.most)
}

/// Every quota that growth may reach, in one order for all blueprints.
fn gauges(blueprint: &Blueprint, ends: &Ends<'_>) -> Vec<Gauge> {
    let all = [
        of_balancers(blueprint),
        of_endpoints(blueprint),
        of_routing(blueprint),
        of_names(blueprint),
        of_cluster(blueprint, ends),
    ];
    all.into_iter().flatten().collect()
}

fn gauge(quota: FactId, taken: usize) -> Gauge {
    Gauge {
        quota,
        taken: taken as u64,
    }
}

fn of_balancers(blueprint: &Blueprint) -> Vec<Gauge> {
    let own = || {
        blueprint
            .balancers
            .values()
            .filter(|balancer| !balancer.managed)
    };
    let targets = |group: &&blueprint::ids::TargetGroupId| {
        blueprint
            .target_groups
            .get(*group)
            .map_or(0, |group| group.targets.len())
    };
    let registered = |balancer| groups_of(balancer).iter().map(targets).sum::<usize>();
    let crossing = own().filter(|balancer| balancer.cross_zone);
    let own_groups: BTreeSet<_> = own().flat_map(groups_of).collect();
    let largest = own_groups.iter().map(targets).max();
    vec![
        gauge(
            id::QUOTAS_NLB_LISTENERS_PER_BALANCER,
            own()
                .map(|balancer| balancer.listeners.len())
                .max()
                .unwrap_or(0),
        ),
        gauge(
            id::QUOTAS_NLB_TARGETS_WITH_CROSS_ZONE,
            crossing.map(registered).max().unwrap_or(0),
        ),
        gauge(
            id::QUOTAS_NLB_TARGETS_PER_BALANCER,
            own().map(registered).max().unwrap_or(0),
        ),
        gauge(id::QUOTAS_NLB_TARGETS_PER_GROUP, largest.unwrap_or(0)),
        gauge(id::QUOTAS_NLB_BALANCERS_PER_REGION, own().count()),
        gauge(id::QUOTAS_NLB_TARGET_GROUPS_PER_REGION, own_groups.len()),
        gauge(
            id::QUOTAS_NLB_INTERFACES_PER_VPC,
            own().map(|balancer| balancer.nodes.len()).sum(),
        ),
    ]
}

fn groups_of(
    balancer: &blueprint::balancing::LoadBalancer,
) -> BTreeSet<&blueprint::ids::TargetGroupId> {
    let listeners = balancer.listeners.values();
    listeners.map(|listener| &listener.target_group).collect()
}

fn of_endpoints(blueprint: &Blueprint) -> Vec<Gauge> {
    let in_vpc = |vpc: &blueprint::ids::VpcId, resource: bool| {
        let endpoints = blueprint.endpoints.values();
        let endpoints = endpoints.filter(|endpoint| {
            let is_resource = matches!(endpoint.target, EndpointTarget::Resource(_));
            endpoint.vpc == *vpc && is_resource == resource
        });
        endpoints.count()
    };
    let most = |resource: bool| {
        let vpcs = blueprint.vpcs.iter();
        let counts = vpcs.map(|(id, vpc)| {
            let of_services = if resource {
                0
            } else {
                vpc.service_endpoints.len()
            };
            in_vpc(id, resource) + of_services
        });
        counts.max().unwrap_or(0)
    };
    let children = blueprint.resource_gateways.keys().map(|gateway| {
        let all = blueprint.resource_configurations.values();
        all.filter(|configuration| configuration.gateway == *gateway)
            .count()
    });
    vec![
        gauge(id::QUOTAS_ENDPOINTS_PER_VPC, most(false)),
        gauge(id::QUOTAS_RESOURCE_ENDPOINTS_PER_VPC, most(true)),
        gauge(
            id::QUOTAS_RESOURCE_CONFIGURATION_CHILDREN,
            children.max().unwrap_or(0),
        ),
        gauge(
            id::QUOTAS_RESOURCE_CONFIGURATIONS_PER_REGION,
            blueprint.resource_configurations.len(),
        ),
    ]
}

fn of_routing(blueprint: &Blueprint) -> Vec<Gauge> {
    let peerings = blueprint.vpcs.keys().map(|vpc| {
        let all = blueprint.peerings.values();
        all.filter(|peering| peering.requester == *vpc || peering.accepter == *vpc)
            .count()
    });
    let attachments = blueprint.transit_gateways.keys().map(|gateway| {
        let all = blueprint.transit_attachments.values();
        all.filter(|attachment| attachment.gateway == *gateway)
            .count()
    });
    let propagated = |table: &blueprint::transit::TransitTable| {
        let attached = table.propagations.iter();
        let attached = attached.filter_map(|id| blueprint.transit_attachments.get(id));
        let vpcs = attached.filter_map(|attachment| blueprint.vpcs.get(&attachment.vpc));
        table.routes.len() + vpcs.map(|vpc| vpc.cidrs.len()).sum::<usize>()
    };
    let rules = blueprint.security_groups.values();
    let rules = rules.map(|group| group.ingress.len().max(group.egress.len()));
    let routes = blueprint
        .route_tables
        .values()
        .map(|table| table.routes.len());
    let transit_routes = blueprint.transit_tables.values().map(propagated);
    vec![
        gauge(id::QUOTAS_PEERINGS_PER_VPC, peerings.max().unwrap_or(0)),
        gauge(
            id::QUOTAS_TRANSIT_GATEWAY_ATTACHMENTS,
            attachments.max().unwrap_or(0),
        ),
        gauge(
            id::QUOTAS_TRANSIT_GATEWAY_ROUTES,
            transit_routes.max().unwrap_or(0),
        ),
        gauge(id::QUOTAS_ROUTES_PER_TABLE, routes.max().unwrap_or(0)),
        gauge(id::QUOTAS_SECURITY_GROUP_RULES, rules.max().unwrap_or(0)),
    ]
}

fn of_names(blueprint: &Blueprint) -> Vec<Gauge> {
    let own = || blueprint.zones.values().filter(|zone| !zone.managed);
    let mut accounts = BTreeMap::new();
    for zone in own() {
        *accounts.entry(&zone.account).or_insert(0) += 1;
    }
    vec![
        gauge(
            id::QUOTAS_HOSTED_ZONES_PER_ACCOUNT,
            accounts.into_values().max().unwrap_or(0),
        ),
        gauge(
            id::QUOTAS_VPCS_PER_HOSTED_ZONE,
            own().map(|zone| zone.vpcs.len()).max().unwrap_or(0),
        ),
        gauge(
            id::QUOTAS_RECORDS_PER_HOSTED_ZONE,
            own().map(|zone| zone.records.len()).max().unwrap_or(0),
        ),
    ]
}

fn of_cluster(blueprint: &Blueprint, ends: &Ends<'_>) -> Vec<Gauge> {
    let Some(cluster) = blueprint.clusters.get(&ends.to) else {
        return Vec::new();
    };
    let n_brokers = cluster.brokers.len();
    let client_vpcs: BTreeSet<_> = blueprint
        .clients
        .values()
        .filter(|client| client.cluster == ends.to)
        .map(|client| &client.vpc)
        .collect();
    let of_msk = if cluster.zookeeper {
        id::QUOTAS_MSK_BROKERS_PER_CLUSTER_ZOOKEEPER
    } else {
        id::QUOTAS_MSK_BROKERS_PER_CLUSTER_KRAFT
    };
    match cluster.kind {
        ClusterKind::Msk | ClusterKind::MskExpress => vec![
            gauge(of_msk, n_brokers),
            gauge(id::QUOTAS_MSK_BROKERS_PER_ACCOUNT, n_brokers),
        ],
        ClusterKind::MskServerless => {
            vec![gauge(
                id::QUOTAS_MSK_SERVERLESS_CLIENT_VPCS,
                client_vpcs.len(),
            )]
        }
        ClusterKind::Ec2 => Vec::new(),
    }
}
