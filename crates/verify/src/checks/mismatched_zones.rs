//! # mismatched-zones
//!
//! An endpoint stands in a zone where its service's balancer has no node, or in no zone at all.
//!
//! ## Why it is bad
//!
//! An interface endpoint can only be created in zones where the service is present: each part
//! of it leads to the balancer's node *of the same zone*. AWS refuses the subnet with "does not
//! support the availability zone of the subnet"; where the service lost the zone later, the
//! endpoint's address there takes connections nowhere. Zones are compared by id
//! (`euc1-az1`): the name `eu-central-1a` is another place in another account.
//!
//! ## Example
//!
//! ```yaml
//! vpcs:
//!   data: { account: "111111111111", cidr: 10.0.0.0/16, zones: [euc1-az1, euc1-az2] }
//!   shop: { account: "222222222222", cidr: 10.0.0.0/16, zones: [euc1-az2, euc1-az3] }
//! connections:
//!   - { from: shop, to: orders, via: privatelink, endpoint_zones: [euc1-az2, euc1-az3] }
//! ```
//!
//! ## Remedy
//!
//! Leave `endpoint_zones` out, and the endpoint stands in the zones that both sides share; or
//! give the balancer a node in the zone (`balancer_zones`), for which its VPC needs a subnet
//! there. Clients in other zones of the VPC reach the endpoint all the same.

use std::collections::BTreeSet;

use blueprint::balancing::{Endpoint, LoadBalancer};
use blueprint::diagnostic::{At, Diagnostic};
use blueprint::ids::{EndpointId, VpcId, ZoneId};

use crate::balancing;
use crate::evidence::{Blocked, Evidence, Finding, value};
use crate::journey::{End, NoName, NoTarget};
use crate::words;

pub(super) fn run(evidence: &Evidence<'_, '_>) -> Vec<Finding> {
    let endpoints = evidence.blueprint().endpoints.iter();
    endpoints
        .filter_map(|(id, endpoint)| judge(evidence, id, endpoint))
        .collect()
}

fn judge(evidence: &Evidence<'_, '_>, id: &EndpointId, endpoint: &Endpoint) -> Option<Finding> {
    let service = balancing::service_of(evidence.blueprint(), id)?;
    let balancer = evidence.blueprint().balancers.get(&service.balancer)?;
    if balancing::other_region(evidence.network, &endpoint.vpc, &balancer.vpc).is_some() {
        return None;
    }
    if balancer.managed {
        return of_connection(evidence, id, endpoint, balancer);
    }
    let stray: BTreeSet<_> = endpoint
        .enis
        .keys()
        .filter(|zone| !balancer.nodes.contains_key(*zone))
        .collect();
    let title = match (endpoint.enis.is_empty(), stray.is_empty()) {
        (false, true) => return None,
        (true, _) => format!(
            "`{}` shares no zone with the balancer it should reach",
            endpoint.vpc
        ),
        (false, false) => format!(
            "the endpoint in `{}` stands in {}, where the balancer has no node",
            endpoint.vpc,
            words::list(stray.iter().map(|zone| zone.as_str()))
        ),
    };
    let blocked = evidence
        .blocked()
        .filter(|blocked| ends_at(blocked, id, endpoint));
    let blocked: Vec<_> = blocked.collect();
    let connection = evidence.origin(id);
    let key = evidence.said(&connection, &["endpoint_zones", "balancer_zones", "via"]);
    let diagnostic = Diagnostic::error("mismatched-zones", title, value(key))
        .label(format!("the balancer has nodes in {}", zones(balancer)))
        .related(
            zones_key(evidence, &endpoint.vpc),
            format!("zones of `{}`", endpoint.vpc),
        )
        .related(
            zones_key(evidence, &balancer.vpc),
            format!("zones of `{}`", balancer.vpc),
        )
        .note("an endpoint's part leads to the node of its own zone; zones are compared by id")
        .help(remedy(evidence, endpoint, balancer));
    Some(evidence.finding(diagnostic, &blocked))
}

/// MSK takes a VPC connection only with one subnet in each zone of the cluster.
fn of_connection(
    evidence: &Evidence<'_, '_>,
    id: &EndpointId,
    endpoint: &Endpoint,
    balancer: &LoadBalancer,
) -> Option<Finding> {
    let lacking = balancer
        .nodes
        .keys()
        .filter(|zone| !endpoint.enis.contains_key(*zone));
    let lacking: BTreeSet<_> = lacking.collect();
    if lacking.is_empty() {
        return None;
    }
    let zones = words::list(lacking.iter().map(|zone| zone.as_str()));
    let title = format!(
        "MSK connects the same zones only, and `{}` lacks {zones}",
        endpoint.vpc
    );
    let blocked = evidence
        .blocked()
        .filter(|blocked| ends_at(blocked, id, endpoint));
    let blocked: Vec<_> = blocked.collect();
    let key = evidence.said(&evidence.origin(id), &["endpoint_zones", "via"]);
    let diagnostic = Diagnostic::error("mismatched-zones", title, value(key))
        .label(format!("no subnet of the connection in {zones}"))
        .related(
            zones_key(evidence, &balancer.vpc),
            format!("zones of `{}`", balancer.vpc),
        )
        .note("a VPC connection needs as many subnets as the cluster has zones, in the same zones by id")
        .help(format!(
            "give `{}` a subnet in {zones}, or connect by `via: privatelink`",
            endpoint.vpc
        ));
    Some(evidence.finding(diagnostic, &blocked))
}

/// Whether an attempt ended because this endpoint has no node behind it, or no part at all.
fn ends_at(blocked: &Blocked<'_, '_>, id: &EndpointId, endpoint: &Endpoint) -> bool {
    if let End::NoTarget {
        why: NoTarget::NoNode { endpoint, .. },
        ..
    } = &blocked.journey.end
    {
        *endpoint == id
    } else if let End::NoName {
        why: NoName::EmptyAlias { target, .. },
        ..
    } = &blocked.journey.end
    {
        *target == endpoint.dns_name
    } else {
        false
    }
}

fn zones(balancer: &LoadBalancer) -> String {
    words::list(balancer.nodes.keys().map(ZoneId::as_str))
}

fn zones_key(evidence: &Evidence<'_, '_>, vpc: &VpcId) -> At {
    value(evidence.origin(vpc).key("zones"))
}

fn remedy(evidence: &Evidence<'_, '_>, endpoint: &Endpoint, balancer: &LoadBalancer) -> String {
    let subnets = evidence.blueprint().subnets.values();
    let here = subnets
        .filter(|subnet| subnet.vpc == endpoint.vpc)
        .map(|subnet| &subnet.zone);
    let shared: BTreeSet<_> = here
        .filter(|zone| balancer.nodes.contains_key(*zone))
        .collect();
    if shared.is_empty() {
        return format!(
            "give `{}` a subnet in {} {}",
            endpoint.vpc,
            words::plural(balancer.nodes.len(), "zone", "one of the zones"),
            zones(balancer)
        );
    }
    let shared: Vec<_> = shared.iter().map(|zone| zone.as_str()).collect();
    format!(
        "say `endpoint_zones: [{}]`, or leave it out",
        shared.join(", ")
    )
}
