//! # overlapping-ranges
//!
//! Two VPCs that are to be peered hold overlapping address ranges.
//!
//! ## Why it is bad
//!
//! A peering joins two routing domains, and an address can only be on one side of it. AWS
//! refuses a peering between VPCs if any two of their ranges overlap, secondary ranges
//! included, even if only the free parts would be used. Nothing of the connection comes to
//! exist, so every path over it ends at the routing of the client's VPC, or at a host there
//! that happens to hold the broker's address.
//!
//! ## Example
//!
//! ```yaml
//! vpcs:
//!   data: { account: "111111111111", cidr: 10.20.0.0/16, zones: [euc1-az1] }
//!   shop: { account: "222222222222", cidr: 10.20.128.0/17, zones: [euc1-az1] }
//! connections:
//!   - { from: shop, to: orders, via: peering }
//! ```
//!
//! ## Remedy
//!
//! Use `via: privatelink`: it carries connections, not routes, so both sides may hold the same
//! range. Or give one VPC another range; a VPC's primary range cannot be changed afterwards.

use blueprint::diagnostic::{At, Diagnostic};
use blueprint::ids::{PeeringId, VpcId};
use blueprint::network::Peering;
use blueprint::verdict::Class;
use ipnet::Ipv4Net;

use crate::evidence::{self, Blocked, Evidence, Finding, value};
use crate::routing;

pub(super) fn run(evidence: &Evidence<'_, '_>) -> Vec<Finding> {
    let peerings = evidence.blueprint().peerings.iter();
    peerings
        .filter_map(|(id, peering)| judge(evidence, id, peering))
        .collect()
}

fn judge(evidence: &Evidence<'_, '_>, id: &PeeringId, peering: &Peering) -> Option<Finding> {
    let pairs = routing::overlaps(evidence.network, peering);
    let (one, other) = *pairs.first()?;
    let Peering {
        requester,
        accepter,
        ..
    } = peering;
    let blocked: Vec<_> = evidence
        .blocked()
        .filter(|blocked| relies_on(peering, blocked))
        .collect();
    let title =
        format!("`{requester}` and `{accepter}` hold overlapping ranges and cannot be peered");
    let diagnostic = Diagnostic::error(
        "overlapping-ranges",
        title,
        value(evidence.origin(id).key("via")),
    )
    .label("AWS refuses this peering")
    .related(range_key(evidence, requester, one), holds(requester, one))
    .related(range_key(evidence, accepter, other), holds(accepter, other))
    .help(format!(
        "use `via: privatelink`, which carries no routes, or give `{requester}` another range"
    ));
    Some(evidence.finding(diagnostic, &blocked))
}

/// Whether a blocked attempt had only this peering to go by: its client and its cluster are the
/// two sides, it had an address to go to and no balancer took it.
fn relies_on(peering: &Peering, blocked: &Blocked<'_, '_>) -> bool {
    let journey = blocked.journey;
    let there = evidence::other_side(peering, &blocked.path.client.vpc);
    there == Some(&blocked.path.cluster.vpc)
        && !matches!(journey.verdict.class, Class::NoName | Class::Unknown)
        && journey.address.is_some()
        && !evidence::was_balanced(journey)
}

fn holds(vpc: &VpcId, range: Ipv4Net) -> String {
    format!("`{vpc}` holds {} to {}", range.network(), range.broadcast())
}

fn range_key(evidence: &Evidence<'_, '_>, vpc: &VpcId, range: Ipv4Net) -> At {
    let key = evidence.origin(vpc);
    let cidrs = evidence
        .blueprint()
        .vpcs
        .get(vpc)
        .map_or(&[][..], |vpc| &vpc.cidrs);
    match cidrs.iter().position(|held| *held == range) {
        Some(position) if 1 < cidrs.len() => value(key.key("cidrs").index(position)),
        _ => value(key.key("cidr")),
    }
}
