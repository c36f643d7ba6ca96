//! Why a means cannot work where a spec puts it: ranges that overlap, routes that are said,
//! zones that do not meet, quotas.

use blueprint::ids::ZoneId;
use blueprint::spec::{Cluster, Vpc};
use ipnet::Ipv4Net;

use crate::choice::Refusal;
use crate::front::LISTENERS_PER_BALANCER;
use crate::interfaces::CLUSTER_ZONES_MAX;
use crate::layout;
use crate::peers::Peers;
use crate::sets::DEFAULT_BASE;

/// Interface endpoints a VPC has unless AWS is asked for more (PrivateLink quotas).
const ENDPOINTS_PER_VPC: usize = 50;

/// Resources of one group configuration of VPC Lattice (guide on resource configurations).
const RESOURCES_PER_GROUP: usize = 60;

/// A VPC with its name.
pub(crate) type Named<'s> = (&'s str, &'s Vpc);

/// Why packets cannot be routed between the two by a peering.
pub(crate) fn peering(
    client: Named<'_>,
    provider: Named<'_>,
    peers: &Peers<'_>,
) -> Option<Refusal> {
    overlap(client, provider)
        .or_else(|| unrouted(client, provider, &[]))
        .or_else(|| unrouted(provider, client, &[]))
        .or_else(|| conflict(client, provider, peers))
}

/// Why packets cannot be routed between the two by a transit gateway, one of these.
pub(crate) fn transit(
    client: Named<'_>,
    provider: Named<'_>,
    peers: &Peers<'_>,
    gateways: &[&str],
) -> Option<Refusal> {
    overlap(client, provider)
        .or_else(|| unrouted(client, provider, gateways))
        .or_else(|| unrouted(provider, client, gateways))
        .or_else(|| conflict(client, provider, peers))
}

fn overlap((a, one): Named<'_>, (b, other): Named<'_>) -> Option<Refusal> {
    let (mine, theirs) = overlapping(&one.cidrs, &other.cidrs)?;
    let reason = if mine == theirs {
        format!("both VPCs hold {mine}")
    } else {
        format!("`{a}` holds {mine} and `{b}` holds {theirs}")
    };
    let remedy = format!("give `{a}` a range apart from `{b}`'s");
    Some(Refusal::new("overlapping-ranges", reason, remedy))
}

/// The first range of each that share addresses.
pub(crate) fn overlapping(one: &[Ipv4Net], other: &[Ipv4Net]) -> Option<(Ipv4Net, Ipv4Net)> {
    let mut pairs = one
        .iter()
        .flat_map(|mine| other.iter().map(move |theirs| (*mine, *theirs)));
    pairs.find(|(mine, theirs)| mine.contains(theirs) || theirs.contains(mine))
}

/// A VPC whose routes were said gets no others, so they must lead to the other side already.
fn unrouted(
    (here, vpc): Named<'_>,
    (there, other): Named<'_>,
    gateways: &[&str],
) -> Option<Refusal> {
    let routes = vpc.routes.as_ref()?;
    let missing = other.cidrs.iter().find(|range| {
        let mut leading = routes
            .iter()
            .filter(|route| route.via == there || gateways.contains(&route.via.as_str()));
        !leading.any(|route| route.to.contains(*range))
    })?;
    Some(Refusal::new(
        "missing-route",
        format!("the routes of `{here}` are said, and none leads to {missing} in `{there}`"),
        format!("add `{{ to: {missing}, via: {there} }}` to the routes of `{here}`"),
    ))
}

fn conflict(client: Named<'_>, provider: Named<'_>, peers: &Peers<'_>) -> Option<Refusal> {
    let found = peers.conflict(client, provider)?;
    let remedy = format!(
        "give `{}` a range apart from `{}`'s",
        found.next, found.first
    );
    Some(Refusal::new(
        "conflicting-routes",
        found.to_string(),
        remedy,
    ))
}

/// Why one balancer cannot serve the cluster.
pub(crate) fn privatelink(cluster: &Cluster) -> Option<Refusal> {
    let n_listeners = cluster.brokers.len() + 1;
    if LISTENERS_PER_BALANCER < n_listeners {
        let reason = format!(
            "{n_listeners} listeners are needed and a balancer has {LISTENERS_PER_BALANCER}"
        );
        let remedy = format!("keep the brokers to {}", LISTENERS_PER_BALANCER - 1);
        return Some(Refusal::new("exhausted-quota", reason, remedy));
    }
    let highest = cluster.brokers.iter().max().copied().unwrap_or_default();
    if u32::from(u16::MAX - DEFAULT_BASE) < highest {
        let reason = format!("{DEFAULT_BASE} + {highest} is no TCP port");
        let remedy = "choose lower broker ids".to_owned();
        return Some(Refusal::new("port-out-of-range", reason, remedy));
    }
    None
}

/// Why endpoints cannot be made for each broker.
pub(crate) fn per_broker(cluster: &Cluster) -> Option<Refusal> {
    let n_brokers = cluster.brokers.len();
    (ENDPOINTS_PER_VPC < n_brokers).then(|| {
        let reason = format!("{n_brokers} endpoints are needed and a VPC has {ENDPOINTS_PER_VPC}");
        let remedy = format!("keep the brokers to {ENDPOINTS_PER_VPC}");
        Refusal::new("exhausted-quota", reason, remedy)
    })
}

/// Why one group of resources cannot hold the brokers.
pub(crate) fn resources(cluster: &Cluster) -> Option<Refusal> {
    let n_brokers = cluster.brokers.len();
    (RESOURCES_PER_GROUP < n_brokers).then(|| {
        let reason =
            format!("{n_brokers} resources are needed and a group has {RESOURCES_PER_GROUP}");
        let remedy = format!("keep the brokers to {RESOURCES_PER_GROUP}");
        Refusal::new("exhausted-quota", reason, remedy)
    })
}

/// A VPC connection of MSK stands in every zone of its cluster.
pub(crate) fn all_zones(
    (here, client): Named<'_>,
    (there, provider): Named<'_>,
) -> Option<Refusal> {
    let own = layout::zones(client);
    let theirs = layout::zones(provider).into_iter().take(CLUSTER_ZONES_MAX);
    let lacking: Vec<&str> = theirs
        .filter(|zone| !own.contains(zone))
        .map(ZoneId::as_str)
        .collect();
    (!lacking.is_empty()).then(|| {
        let lacking = lacking.join(", ");
        let reason = format!("`{there}` has brokers in {lacking}, where `{here}` has no subnet");
        Refusal::new(
            "mismatched-zones",
            reason,
            format!("give `{here}` a subnet in {lacking}"),
        )
    })
}

/// Within a Region an endpoint stands in zones of its service only.
pub(crate) fn shared_zone(
    (here, client): Named<'_>,
    (there, provider): Named<'_>,
) -> Option<Refusal> {
    let theirs = layout::zones(provider);
    if layout::zones(client)
        .iter()
        .any(|zone| theirs.contains(zone))
    {
        return None;
    }
    let reason = format!("`{here}` and `{there}` have no zone in common");
    let zones: Vec<&str> = theirs.into_iter().map(ZoneId::as_str).collect();
    let remedy = match zones.as_slice() {
        [] => format!("give `{there}` a subnet in a zone of `{here}`"),
        zones => format!("give `{here}` a subnet in {}", zones.join(" or ")),
    };
    Some(Refusal::new("mismatched-zones", reason, remedy))
}
