//! The choice of a means: what could connect a VPC to a cluster, cheapest first, and why not.

use std::fmt;

use blueprint::ids::ZoneId;
use blueprint::spec::{Carrier, Cluster, Connection, Spec, Via, Vpc};

use ipnet::Ipv4Net;

use crate::front::LISTENERS_PER_BALANCER;
use crate::intent::{Means, region};
use crate::layout;
use crate::peers::Peers;
use crate::sets::DEFAULT_BASE;

/// A means that could connect a VPC to a cluster.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// The word of the spec.
    pub via: Via,
    /// Why it cannot work; none if it can.
    pub refused: Option<Refusal>,
}

/// Why a means cannot work.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// Name of the check that would fail.
    pub check: &'static str,
    /// The facts, one fragment.
    pub reason: String,
    /// An edit that would let the means work, one fragment.
    pub remedy: String,
}

impl Refusal {
    fn new(check: &'static str, reason: String, remedy: String) -> Self {
        Self {
            check,
            reason,
            remedy,
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.check, self.reason)
    }
}

/// What could connect a VPC to a cluster beside the connections that stand before it in the
/// spec, cheapest first. Empty if either does not exist.
pub fn means(spec: &Spec, from: &str, to: &str) -> Vec<Candidate> {
    let is_meant = |asked: &Connection| asked.from == from && asked.to == to;
    let before = spec.connections.iter().take_while(|asked| !is_meant(asked));
    let mut peers = Peers::default();
    for asked in before {
        let chosen = match asked.via {
            Via::Auto => cheapest(&beside(spec, &peers, &asked.from, &asked.to)),
            Via::SameVpc
            | Via::Peering
            | Via::Privatelink
            | Via::TransitGateway
            | Via::PrivatelinkPerBroker
            | Via::MskMultiVpc
            | Via::ResourceEndpoint
            | Via::Gateway => means_of(asked.via),
        };
        let ends = vpc_of(spec, &asked.from).zip(cluster_of(spec, &asked.to));
        let (Some(means), Some((client, (provider, _)))) = (chosen, ends) else {
            continue;
        };
        let holder = asked.through.as_ref().and_then(|name| vpc_of(spec, name));
        match (means, holder) {
            (Means::Peering, _) => peers.join(client, provider, Carrier::Peering),
            (Means::TransitGateway, _) => peers.join(client, provider, Carrier::TransitGateway),
            (_, Some(holder)) if holder.0 != client.0 => {
                peers.join(client, holder, asked.carrier.unwrap_or_default());
            }
            (_, _) => {}
        }
    }
    beside(spec, &peers, from, to)
}

/// What could connect a VPC to a cluster while these peerings exist, cheapest first.
pub(crate) fn beside(spec: &Spec, peers: &Peers<'_>, from: &str, to: &str) -> Vec<Candidate> {
    let ends = vpc_of(spec, from).zip(cluster_of(spec, to));
    let Some((client, (provider, cluster))) = ends else {
        return Vec::new();
    };
    vec![
        Candidate {
            via: Via::Peering,
            refused: peering_refusal(client, provider, peers),
        },
        Candidate {
            via: Via::Privatelink,
            refused: privatelink_refusal(cluster).or_else(|| {
                let is_near = region(spec, client.1) == region(spec, provider.1);
                is_near.then(|| zone_refusal(client, provider)).flatten()
            }),
        },
    ]
}

fn vpc_of<'s>(spec: &'s Spec, name: &str) -> Option<Named<'s>> {
    let found = spec.vpcs.iter().find(|(known, _)| known == name);
    found.map(|(name, vpc)| (name.as_str(), vpc))
}

/// A cluster with its VPC.
fn cluster_of<'s>(spec: &'s Spec, name: &str) -> Option<(Named<'s>, &'s Cluster)> {
    let (_, cluster) = spec.clusters.iter().find(|(known, _)| known == name)?;
    Some((vpc_of(spec, &cluster.vpc)?, cluster))
}

/// The edits that would let one of the refused means work; none if there is no refusal.
pub(crate) fn remedies(candidates: &[Candidate]) -> Option<String> {
    let refused = candidates.iter().filter_map(|c| c.refused.as_ref());
    let remedies: Vec<&str> = refused.map(|why| why.remedy.as_str()).collect();
    (!remedies.is_empty()).then(|| remedies.join(", or "))
}

/// The first candidate that works.
pub(crate) fn cheapest(candidates: &[Candidate]) -> Option<Means> {
    let first = candidates
        .iter()
        .find(|candidate| candidate.refused.is_none());
    first.and_then(|candidate| means_of(candidate.via))
}

/// Why a means is chosen: its price, and why nothing else can be.
pub(crate) fn because(chosen: Means, candidates: &[Candidate]) -> String {
    let refused = candidates.iter().filter_map(|candidate| {
        let why = candidate.refused.as_ref()?;
        Some(format!("{} is refused: {why}", candidate.via.as_str()))
    });
    let price = std::iter::once(price(chosen).to_owned());
    price.chain(refused).collect::<Vec<_>>().join("; ")
}

/// The word of the spec for a means.
pub(crate) fn via(means: Means) -> Via {
    match means {
        Means::Peering => Via::Peering,
        Means::TransitGateway => Via::TransitGateway,
        Means::Privatelink => Via::Privatelink,
        Means::PrivatelinkPerBroker => Via::PrivatelinkPerBroker,
        Means::MskMultiVpc => Via::MskMultiVpc,
        Means::ResourceEndpoint => Via::ResourceEndpoint,
        Means::Gateway => Via::Gateway,
    }
}

/// The means of a word of the spec that names one.
pub(crate) fn means_of(via: Via) -> Option<Means> {
    match via {
        Via::Auto | Via::SameVpc => None,
        Via::Peering => Some(Means::Peering),
        Via::TransitGateway => Some(Means::TransitGateway),
        Via::Privatelink => Some(Means::Privatelink),
        Via::PrivatelinkPerBroker => Some(Means::PrivatelinkPerBroker),
        Via::MskMultiVpc => Some(Means::MskMultiVpc),
        Via::ResourceEndpoint => Some(Means::ResourceEndpoint),
        Via::Gateway => Some(Means::Gateway),
    }
}

fn price(means: Means) -> &'static str {
    match means {
        Means::Peering => "a peering has no hourly price",
        Means::TransitGateway => "each attachment to a transit gateway is paid by the hour",
        Means::Privatelink => "a balancer and an endpoint are paid by the hour",
        Means::PrivatelinkPerBroker => {
            "a balancer and an endpoint are paid by the hour for each broker"
        }
        Means::MskMultiVpc => "a scheme and an endpoint are paid by the hour",
        Means::ResourceEndpoint => "a resource endpoint is paid by the hour for each broker",
        Means::Gateway => {
            "a balancer, an endpoint and the gateway's instances are paid by the hour"
        }
    }
}

/// A VPC with its name.
pub(crate) type Named<'s> = (&'s str, &'s Vpc);

fn peering_refusal(client: Named<'_>, provider: Named<'_>, peers: &Peers<'_>) -> Option<Refusal> {
    overlap(client, provider)
        .or_else(|| unrouted(client, provider))
        .or_else(|| unrouted(provider, client))
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
fn unrouted((here, vpc): Named<'_>, (there, other): Named<'_>) -> Option<Refusal> {
    let routes = vpc.routes.as_ref()?;
    let missing = other.cidrs.iter().find(|range| {
        let mut leading = routes.iter().filter(|route| route.via == there);
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

fn privatelink_refusal(cluster: &Cluster) -> Option<Refusal> {
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

/// Within a Region an endpoint stands in zones of its service only.
fn zone_refusal((here, client): Named<'_>, (there, provider): Named<'_>) -> Option<Refusal> {
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
