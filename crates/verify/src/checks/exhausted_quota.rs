//! # exhausted-quota
//!
//! The blueprint needs more of something than AWS gives.
//!
//! ## Why it is bad
//!
//! Some quotas can be raised on request and some cannot. A Network Load Balancer has at most 50
//! listeners, whoever asks: one per broker and one for bootstrap make 49 brokers the end of one
//! balancer, and Amazon MSK allows more brokers than that. What goes beyond a fixed quota is an
//! error; beyond one that can be raised it is a warning, because the deployment fails until it
//! has been.
//!
//! ## Example
//!
//! ```yaml
//! clusters:
//!   orders: { kind: msk, vpc: data, brokers: 60 }
//! connections:
//!   - { from: shop, to: orders, via: privatelink }     # 61 listeners
//! ```
//!
//! ## Remedy
//!
//! For listeners: fewer brokers behind one balancer, or `via: peering`, which needs none. For
//! quotas that can be raised: ask Service Quotas before the deployment.

use std::collections::BTreeMap;

use blueprint::Blueprint;
use blueprint::diagnostic::Diagnostic;
use blueprint::ids::{ObjectId, VpcId};
use blueprint::spec::ClusterKind;

use crate::evidence::{Evidence, Finding, value};

/// A limit of AWS, from its guides as of 2023 to 2025.
struct Quota {
    /// What is counted, after the number.
    what: &'static str,
    limit: usize,
    /// What to do about it, where AWS does not raise it on request.
    fixed: Option<&'static str>,
    /// Each thing the limit holds for: the object to point at, its name and how much it uses.
    uses: fn(&Blueprint) -> Vec<(ObjectId, String, usize)>,
}

const QUOTAS: [Quota; 9] = [
    Quota {
        what: "listeners on one NLB",
        limit: 50,
        fixed: Some("connect by `via: peering`, or put fewer brokers behind one balancer"),
        uses: listeners,
    },
    Quota {
        what: "targets behind one cross-zone NLB",
        limit: 500,
        fixed: None,
        uses: targets,
    },
    Quota {
        what: "NLBs in one account",
        limit: 50,
        fixed: None,
        uses: balancers,
    },
    Quota {
        what: "interface endpoints in one VPC",
        limit: 50,
        fixed: None,
        uses: endpoints,
    },
    Quota {
        what: "peerings of one VPC",
        limit: 125,
        fixed: Some("connect by `via: privatelink`, which needs no peering"),
        uses: peerings,
    },
    Quota {
        what: "routes in one table",
        limit: 1_000,
        fixed: Some("summarise ranges into fewer routes"),
        uses: routes,
    },
    Quota {
        what: "rules of one direction in one security group",
        limit: 60,
        fixed: None,
        uses: rules,
    },
    Quota {
        what: "VPCs on one private zone",
        limit: 300,
        fixed: None,
        uses: associations,
    },
    Quota {
        what: "brokers in one MSK cluster",
        limit: 60,
        fixed: None,
        uses: brokers,
    },
];

pub(super) fn run(evidence: &Evidence<'_, '_>) -> Vec<Finding> {
    let judged = QUOTAS.iter().flat_map(|quota| {
        let uses = (quota.uses)(evidence.blueprint()).into_iter();
        let beyond = uses.filter(|(_, _, used)| quota.limit < *used);
        beyond.map(|(object, name, used)| finding(evidence, quota, object, &name, used))
    });
    judged.collect()
}

fn finding(
    evidence: &Evidence<'_, '_>,
    quota: &Quota,
    object: ObjectId,
    name: &str,
    used: usize,
) -> Finding {
    let Quota {
        what, limit, fixed, ..
    } = quota;
    let title = format!("`{name}` needs {used} {what}, and AWS gives {limit}");
    let at = value(evidence.origin(object));
    let diagnostic = match fixed {
        Some(remedy) => Diagnostic::error("exhausted-quota", title, at)
            .label("beyond a quota that cannot be raised")
            .help(*remedy),
        None => Diagnostic::warning("exhausted-quota", title, at)
            .label("beyond the default quota")
            .help("ask Service Quotas for more before the deployment"),
    };
    Finding::of_structure(diagnostic)
}

fn listeners(blueprint: &Blueprint) -> Vec<(ObjectId, String, usize)> {
    let balancers = blueprint.balancers.iter();
    balancers
        .map(|(id, balancer)| (id.into(), id.to_string(), balancer.listeners.len()))
        .collect()
}

fn targets(blueprint: &Blueprint) -> Vec<(ObjectId, String, usize)> {
    let cross_zone = blueprint
        .balancers
        .iter()
        .filter(|(_, balancer)| balancer.cross_zone);
    let counted = cross_zone.map(|(id, balancer)| {
        let groups = balancer
            .listeners
            .values()
            .map(|listener| &listener.target_group);
        let groups = groups.filter_map(|group| blueprint.target_groups.get(group));
        (
            id.into(),
            id.to_string(),
            groups.map(|group| group.targets.len()).sum(),
        )
    });
    counted.collect()
}

fn balancers(blueprint: &Blueprint) -> Vec<(ObjectId, String, usize)> {
    let mut by_account: BTreeMap<&str, (ObjectId, usize)> = BTreeMap::new();
    for balancer in blueprint.balancers.values() {
        if let Some(vpc) = blueprint.vpcs.get(&balancer.vpc) {
            let counted = by_account.entry(&vpc.account);
            counted.or_insert_with(|| ((&balancer.vpc).into(), 0)).1 += 1;
        }
    }
    let accounts = by_account.into_iter();
    accounts
        .map(|(account, (object, used))| (object, account.to_owned(), used))
        .collect()
}

fn endpoints(blueprint: &Blueprint) -> Vec<(ObjectId, String, usize)> {
    per_vpc(blueprint, |vpc| {
        blueprint
            .endpoints
            .values()
            .filter(|endpoint| endpoint.vpc == *vpc)
            .count()
    })
}

fn peerings(blueprint: &Blueprint) -> Vec<(ObjectId, String, usize)> {
    per_vpc(blueprint, |vpc| {
        let peerings = blueprint.peerings.values();
        peerings
            .filter(|peering| peering.requester == *vpc || peering.accepter == *vpc)
            .count()
    })
}

fn per_vpc(
    blueprint: &Blueprint,
    count: impl Fn(&VpcId) -> usize,
) -> Vec<(ObjectId, String, usize)> {
    let vpcs = blueprint.vpcs.keys();
    vpcs.map(|vpc| (vpc.into(), vpc.to_string(), count(vpc)))
        .collect()
}

fn routes(blueprint: &Blueprint) -> Vec<(ObjectId, String, usize)> {
    let tables = blueprint.route_tables.iter();
    tables
        .map(|(id, table)| ((&table.vpc).into(), id.to_string(), table.routes.len()))
        .collect()
}

fn rules(blueprint: &Blueprint) -> Vec<(ObjectId, String, usize)> {
    let groups = blueprint.security_groups.iter();
    let counted = groups.map(|(id, group)| {
        (
            id.into(),
            id.to_string(),
            group.ingress.len().max(group.egress.len()),
        )
    });
    counted.collect()
}

fn associations(blueprint: &Blueprint) -> Vec<(ObjectId, String, usize)> {
    let zones = blueprint.zones.iter();
    zones
        .map(|(id, zone)| (id.into(), zone.name.clone(), zone.vpcs.len()))
        .collect()
}

fn brokers(blueprint: &Blueprint) -> Vec<(ObjectId, String, usize)> {
    let clusters = blueprint.clusters.iter();
    let managed = clusters.filter(|(_, cluster)| cluster.kind == ClusterKind::Msk);
    managed
        .map(|(id, cluster)| (id.into(), id.to_string(), cluster.brokers.len()))
        .collect()
}
