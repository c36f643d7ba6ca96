//! The choice of a means: what could connect a VPC to a cluster, cheapest first, and why not.

use std::collections::BTreeSet;
use std::fmt;

use blueprint::ids::ZoneId;
use blueprint::spec::{Cluster, Spec, Via, Vpc};

use crate::front::{DEFAULT_BASE, LISTENERS_PER_BALANCER};
use crate::intent::Means;
use crate::layout;

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
}

impl Refusal {
    fn new(check: &'static str, reason: String) -> Self {
        Self { check, reason }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.check, self.reason)
    }
}

/// What could connect a VPC to a cluster, cheapest first. Empty if either does not exist.
pub fn means(spec: &Spec, from: &str, to: &str) -> Vec<Candidate> {
    let vpc_of = |name: &str| {
        let found = spec.vpcs.iter().find(|(known, _)| known == name);
        found.map(|(name, vpc)| (name.as_str(), vpc))
    };
    let cluster = spec.clusters.iter().find(|(known, _)| known == to);
    let Some((client, (_, cluster))) = vpc_of(from).zip(cluster) else {
        return Vec::new();
    };
    let Some(provider) = vpc_of(&cluster.vpc) else {
        return Vec::new();
    };
    vec![
        Candidate {
            via: Via::Peering,
            refused: peering_refusal(client, provider),
        },
        Candidate {
            via: Via::Privatelink,
            refused: privatelink_refusal(client, provider, cluster),
        },
    ]
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
        Means::Privatelink => Via::Privatelink,
    }
}

fn means_of(via: Via) -> Option<Means> {
    match via {
        Via::Auto => None,
        Via::Peering => Some(Means::Peering),
        Via::Privatelink => Some(Means::Privatelink),
    }
}

fn price(means: Means) -> &'static str {
    match means {
        Means::Peering => "a peering has no hourly price",
        Means::Privatelink => "a balancer and an endpoint are paid by the hour",
    }
}

type Named<'s> = (&'s str, &'s Vpc);

fn peering_refusal(client: Named<'_>, provider: Named<'_>) -> Option<Refusal> {
    overlap(client, provider)
        .or_else(|| unrouted(client, provider))
        .or_else(|| unrouted(provider, client))
}

fn overlap((a, one): Named<'_>, (b, other): Named<'_>) -> Option<Refusal> {
    let mut pairs = one
        .cidrs
        .iter()
        .flat_map(|mine| other.cidrs.iter().map(move |theirs| (mine, theirs)));
    let (mine, theirs) =
        pairs.find(|(mine, theirs)| mine.contains(*theirs) || theirs.contains(*mine))?;
    let reason = if mine == theirs {
        format!("both VPCs hold {mine}")
    } else {
        format!("`{a}` holds {mine} and `{b}` holds {theirs}")
    };
    Some(Refusal::new("overlapping-ranges", reason))
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
    ))
}

fn privatelink_refusal(
    (here, client): Named<'_>,
    (there, provider): Named<'_>,
    cluster: &Cluster,
) -> Option<Refusal> {
    let n_listeners = cluster.brokers.len() + 1;
    if LISTENERS_PER_BALANCER < n_listeners {
        let reason = format!(
            "{n_listeners} listeners are needed and a balancer has {LISTENERS_PER_BALANCER}"
        );
        return Some(Refusal::new("exhausted-quota", reason));
    }
    let highest = cluster.brokers.iter().max().copied().unwrap_or_default();
    if u32::from(u16::MAX - DEFAULT_BASE) < highest {
        let reason = format!("{DEFAULT_BASE} + {highest} is no TCP port");
        return Some(Refusal::new("port-out-of-range", reason));
    }
    let theirs: BTreeSet<&ZoneId> = layout::zones(provider).into_iter().collect();
    if layout::zones(client)
        .iter()
        .any(|zone| theirs.contains(zone))
    {
        return None;
    }
    let reason = format!("`{here}` and `{there}` have no zone in common");
    Some(Refusal::new("mismatched-zones", reason))
}
