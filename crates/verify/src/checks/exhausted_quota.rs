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
//! has been. A quota that is used up to the last is a warning as well where the next broker would
//! need more of it. The numbers are facts with a date and a source (`breezeway explain facts`).
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

use blueprint::Blueprint;
use blueprint::diagnostic::Diagnostic;
use blueprint::facts::id::{self, FactId};

use crate::evidence::{Evidence, Finding, value};
use crate::quotas::{self, Use};

/// A limit of AWS.
struct Quota {
    fact: FactId,
    /// What is counted, after the number.
    what: &'static str,
    /// What to do about it, where AWS does not raise it on request.
    fixed: Option<&'static str>,
    uses: fn(&Blueprint) -> Vec<Use>,
}

const fn raisable(fact: FactId, what: &'static str, uses: fn(&Blueprint) -> Vec<Use>) -> Quota {
    Quota {
        fact,
        what,
        fixed: None,
        uses,
    }
}

const fn fixed(
    fact: FactId,
    what: &'static str,
    uses: fn(&Blueprint) -> Vec<Use>,
    remedy: &'static str,
) -> Quota {
    Quota {
        fact,
        what,
        fixed: Some(remedy),
        uses,
    }
}

const QUOTAS: [Quota; 20] = [
    fixed(
        id::QUOTAS_NLB_LISTENERS_PER_BALANCER,
        "listeners on one NLB",
        quotas::listeners,
        "connect by `via: privatelink-per-broker` or `via: peering`, or put fewer brokers behind one balancer",
    ),
    raisable(
        id::QUOTAS_NLB_TARGETS_WITH_CROSS_ZONE,
        "targets behind one cross-zone NLB",
        quotas::targets,
    ),
    raisable(
        id::QUOTAS_NLB_BALANCERS_PER_REGION,
        "NLBs in one account and Region",
        quotas::balancers,
    ),
    raisable(
        id::QUOTAS_NLB_TARGET_GROUPS_PER_REGION,
        "target groups in one account and Region",
        quotas::target_groups,
    ),
    raisable(
        id::QUOTAS_NLB_INTERFACES_PER_VPC,
        "interfaces of NLBs in one VPC",
        quotas::balancer_interfaces,
    ),
    raisable(
        id::QUOTAS_ENDPOINTS_PER_VPC,
        "interface endpoints in one VPC",
        quotas::interface_endpoints,
    ),
    raisable(
        id::QUOTAS_RESOURCE_ENDPOINTS_PER_VPC,
        "resource endpoints in one VPC",
        quotas::resource_endpoints,
    ),
    fixed(
        id::QUOTAS_RESOURCE_CONFIGURATION_CHILDREN,
        "children in one group of resource configurations",
        quotas::resource_children,
        "connect by another `via`: a group is one cluster's",
    ),
    fixed(
        id::QUOTAS_PEERINGS_PER_VPC_MAX,
        "peerings of one VPC",
        quotas::peerings,
        "connect by `via: transit-gateway` or `via: privatelink`, which need no peering",
    ),
    raisable(
        id::QUOTAS_TRANSIT_GATEWAYS_PER_VPC,
        "transit gateways of one VPC",
        quotas::transit_gateways,
    ),
    raisable(
        id::QUOTAS_TRANSIT_GATEWAY_ROUTE_TABLES,
        "route tables of one transit gateway",
        quotas::transit_tables,
    ),
    fixed(
        id::QUOTAS_ROUTES_PER_TABLE_MAX,
        "routes in one table",
        quotas::routes,
        "summarise ranges into fewer routes",
    ),
    raisable(
        id::QUOTAS_SECURITY_GROUP_RULES,
        "rules of one direction in one security group",
        quotas::rules,
    ),
    raisable(
        id::QUOTAS_NETWORK_ACL_RULES,
        "entries of one direction in one network ACL",
        quotas::acl_entries,
    ),
    raisable(
        id::QUOTAS_VPCS_PER_HOSTED_ZONE,
        "VPCs on one private zone",
        quotas::associations,
    ),
    raisable(
        id::QUOTAS_HOSTED_ZONES_PER_ACCOUNT,
        "hosted zones in one account",
        quotas::zones,
    ),
    raisable(
        id::QUOTAS_MSK_BROKERS_PER_CLUSTER_KRAFT,
        "brokers in one MSK cluster",
        quotas::kraft_brokers,
    ),
    raisable(
        id::QUOTAS_MSK_BROKERS_PER_CLUSTER_ZOOKEEPER,
        "brokers in one MSK cluster with ZooKeeper",
        quotas::zookeeper_brokers,
    ),
    raisable(
        id::QUOTAS_MSK_BROKERS_PER_ACCOUNT,
        "MSK brokers in one account",
        quotas::account_brokers,
    ),
    raisable(
        id::QUOTAS_PEERINGS_PER_VPC,
        "peerings of one VPC without asking",
        quotas::peerings,
    ),
];

pub(super) fn run(evidence: &Evidence<'_, '_>) -> Vec<Finding> {
    let judged = QUOTAS.iter().flat_map(|quota| {
        let limit = evidence.fact(quota.fact);
        let limit = limit.and_then(|limit| usize::try_from(limit).ok());
        let uses = (quota.uses)(evidence.blueprint()).into_iter();
        uses.filter_map(move |used| judge(evidence, quota, limit?, &used))
    });
    judged.map(Finding::of_structure).collect()
}

fn judge(
    evidence: &Evidence<'_, '_>,
    quota: &Quota,
    limit: usize,
    used: &Use,
) -> Option<Diagnostic> {
    if limit < used.used {
        return Some(beyond(evidence, quota, limit, used));
    }
    let is_full = used.per_broker != 0 && limit < used.used.saturating_add(used.per_broker);
    is_full.then(|| full(evidence, quota, limit, used))
}

fn beyond(
    evidence: &Evidence<'_, '_>,
    Quota { what, fixed, .. }: &Quota,
    limit: usize,
    Use {
        object, name, used, ..
    }: &Use,
) -> Diagnostic {
    let title = format!("`{name}` needs {used} {what}, and AWS gives {limit}");
    let at = value(evidence.origin(object.clone()));
    match fixed {
        Some(remedy) => Diagnostic::error("exhausted-quota", title, at)
            .label("beyond a quota that cannot be raised")
            .help(*remedy),
        None => Diagnostic::warning("exhausted-quota", title, at)
            .label("beyond the default quota")
            .help("ask Service Quotas for more before the deployment"),
    }
}

fn full(
    evidence: &Evidence<'_, '_>,
    Quota { what, fixed, .. }: &Quota,
    limit: usize,
    Use {
        object,
        name,
        used,
        per_broker,
    }: &Use,
) -> Diagnostic {
    let title = format!("`{name}` has no room for another broker: {used} of {limit} {what}");
    let at = value(evidence.origin(object.clone()));
    let help = fixed.unwrap_or("ask Service Quotas for more before the cluster grows");
    Diagnostic::warning("exhausted-quota", title, at)
        .label(format!("one more broker takes {per_broker} more"))
        .help(help)
}
