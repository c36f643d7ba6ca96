//! # overlapping-ranges
//!
//! Two VPCs that are to be peered hold overlapping address ranges, or a third one is peered with
//! both.
//!
//! ## Why it is bad
//!
//! A peering joins two routing domains, and an address can only be on one side of it. AWS
//! refuses a peering between VPCs if any two of their ranges overlap, secondary ranges
//! included, even if only the free parts would be used. Nothing of the connection comes to
//! exist, so every path over it ends at the routing of the client's VPC, or at a host there
//! that happens to hold the broker's address.
//!
//! Two peers *of one VPC* may overlap as far as AWS is concerned. A route table leads a range to
//! one of them only, though: what is meant for the other arrives at the wrong side, or its
//! answers do.
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
//! range. Or give one VPC another range; a VPC's primary range cannot be changed afterwards. For
//! two peers of one VPC, connect one of them by `via: privatelink`.

use blueprint::diagnostic::{At, Diagnostic};
use blueprint::ids::{PeeringId, VpcId};
use blueprint::network::Peering;
use blueprint::verdict::{Class, Direction};
use ipnet::{IpNet, Ipv4Net};

use crate::evidence::{self, Blocked, Evidence, Finding, by_cause, value};
use crate::journey::End;
use crate::{routing, tables};

/// The range of Docker's default bridge (Docker's documentation, `bip`).
const DOCKER: Ipv4Net = Ipv4Net::new_assert(std::net::Ipv4Addr::new(172, 17, 0, 0), 16);

/// A VPC and two of its peers that hold overlapping ranges.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Rivals {
    hub: VpcId,
    /// The peer of the earlier connection.
    first: VpcId,
    second: VpcId,
}

pub(super) fn run(evidence: &Evidence<'_, '_>) -> Vec<Finding> {
    let peerings = evidence.blueprint().peerings.iter();
    let refused = peerings.filter_map(|(id, peering)| judge(evidence, id, peering));
    let mut findings: Vec<_> = refused.collect();
    let lost = evidence
        .blocked()
        .filter_map(|blocked| Some((rivals(evidence, &blocked)?, blocked)));
    let hubs = by_cause(lost);
    findings.extend(
        hubs.iter()
            .map(|(rivals, blocked)| beside(evidence, rivals, blocked)),
    );
    findings.extend(untransitable(evidence));
    findings.extend(bridged(evidence).map(Finding::of_structure));
    findings
}

/// Ends of a connection by transit gateway that hold overlapping ranges.
fn untransitable(evidence: &Evidence<'_, '_>) -> Vec<Finding> {
    let lost = evidence.blocked().filter_map(|blocked| {
        let (here, there) = (&blocked.path.client.vpc, &blocked.path.cluster.vpc);
        let joined = evidence.peering(here, there).is_none()
            && evidence::attached(evidence.blueprint(), here, there);
        let is_refused = here != there && joined && shared(evidence, here, there).is_some();
        is_refused.then(|| ((here.clone(), there.clone()), blocked))
    });
    let causes = by_cause(lost);
    causes
        .iter()
        .filter_map(|((here, there), blocked)| untransited(evidence, here, there, blocked))
        .collect()
}

fn untransited(
    evidence: &Evidence<'_, '_>,
    here: &VpcId,
    there: &VpcId,
    blocked: &[Blocked<'_, '_>],
) -> Option<Finding> {
    let (one, other) = shared(evidence, here, there)?;
    let mut attachments = evidence.blueprint().transit_attachments.iter();
    let (attachment, _) = attachments.find(|(_, attachment)| attachment.vpc == *here)?;
    let title =
        format!("no transit gateway can tell `{here}` from `{there}`: their ranges overlap");
    let key = evidence.origin(attachment).key("via");
    let diagnostic = Diagnostic::error("overlapping-ranges", title, value(key))
        .label("overlapping ranges are not propagated")
        .related(range_key(evidence, here, one), holds(here, one))
        .related(range_key(evidence, there, other), holds(there, other))
        .help("use `via: privatelink`, which carries connections and not routes");
    Some(evidence.finding(diagnostic, blocked))
}

/// VPCs that hold the range Docker gives its own bridge: a host of another VPC that runs it keeps
/// their addresses to itself.
fn bridged(evidence: &Evidence<'_, '_>) -> impl Iterator<Item = Diagnostic> {
    let vpcs = evidence.blueprint().vpcs.iter();
    let overlapping = vpcs.filter_map(|(id, vpc)| {
        let mut ranges = vpc.cidrs.iter();
        let range = ranges.find(|range| range.contains(&DOCKER) || DOCKER.contains(*range))?;
        Some((id, *range))
    });
    overlapping.map(|(id, range)| {
        let title = format!("`{id}` holds {range}, which Docker uses for its bridge");
        let at = range_key(evidence, id, range.into());
        Diagnostic::warning("overlapping-ranges", title, at)
            .label("a host with Docker never sends these addresses out")
            .note("Docker's default bridge is 172.17.0.0/16, on every host that runs it")
            .help("choose another range, or move Docker's with `bip` on each host")
    })
}

fn judge(evidence: &Evidence<'_, '_>, id: &PeeringId, peering: &Peering) -> Option<Finding> {
    let Peering {
        requester,
        accepter,
        ..
    } = peering;
    let pairs = routing::overlaps(evidence.blueprint(), requester, accepter);
    let (one, other) = *pairs.first()?;
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

/// The peers of a VPC between which what an attempt sends, or its answer, was lost.
fn rivals(evidence: &Evidence<'_, '_>, blocked: &Blocked<'_, '_>) -> Option<Rivals> {
    let (here, there) = (&blocked.path.client.vpc, &blocked.path.cluster.vpc);
    let (hub, meant, taken) = match &blocked.journey.end {
        End::NoRoute(astray) => {
            let hub = astray.from.vpc();
            let meant = if astray.direction == Direction::Forward {
                there
            } else {
                here
            };
            let route = tables::taker(evidence.network, astray.from, astray.to)?;
            (
                hub,
                meant,
                tables::beyond(evidence.blueprint(), hub, route)?,
            )
        }
        End::Accepted(_)
        | End::Refused { .. }
        | End::Denied(_)
        | End::Barred(_)
        | End::NoListener { .. }
        | End::NotShared { .. }
        | End::Undirected { .. }
        | End::NoTarget { .. }
        | End::Loop { .. }
        | End::TransitLoop { .. }
        | End::Unknown => (here, there, blocked.journey.routed_to()?.vpc()),
        End::NoName { .. } | End::NotAdvertised { .. } | End::LeavesBlueprint { .. } => {
            return None;
        }
    };
    evidence.peering(hub, meant)?;
    evidence.peering(hub, taken)?;
    shared(evidence, meant, taken)?;
    let connection = |vpc: &VpcId| evidence.peering(hub, vpc);
    let (first, second) = if connection(meant) < connection(taken) {
        (meant, taken)
    } else {
        (taken, meant)
    };
    (meant != taken).then(|| Rivals {
        hub: hub.clone(),
        first: first.clone(),
        second: second.clone(),
    })
}

/// The first ranges of two VPCs that overlap, of those that route tables know.
fn shared(evidence: &Evidence<'_, '_>, one: &VpcId, other: &VpcId) -> Option<(IpNet, IpNet)> {
    let pairs = routing::overlaps(evidence.blueprint(), one, other);
    let routed = |(one, _): &(IpNet, IpNet)| matches!(one, IpNet::V4(_));
    pairs.into_iter().find(routed)
}

fn beside(evidence: &Evidence<'_, '_>, rivals: &Rivals, blocked: &[Blocked<'_, '_>]) -> Finding {
    let Rivals { hub, first, second } = rivals;
    let at = evidence.peering(hub, second).unwrap_or_default();
    let title = format!(
        "`{first}` and `{second}` are both peered with `{hub}` and hold overlapping ranges"
    );
    let mut diagnostic = Diagnostic::error("overlapping-ranges", title, value(at.key("via")))
        .label("a route table leads to one of them only")
        .help(format!(
            "use `via: privatelink` for one of them, or give `{second}` another range"
        ));
    if let Some((one, other)) = shared(evidence, first, second) {
        diagnostic = diagnostic
            .related(range_key(evidence, first, one), holds(first, one))
            .related(range_key(evidence, second, other), holds(second, other));
    }
    evidence.finding(diagnostic, blocked)
}

fn holds(vpc: &VpcId, range: IpNet) -> String {
    let last = match range {
        IpNet::V4(range) => range.broadcast().to_string(),
        IpNet::V6(range) => range.broadcast().to_string(),
    };
    format!("`{vpc}` holds {} to {last}", range.network())
}

fn range_key(evidence: &Evidence<'_, '_>, vpc: &VpcId, range: IpNet) -> At {
    let key = evidence.origin(vpc);
    let known = evidence.blueprint().vpcs.get(vpc);
    let (name, position, is_list) = match range {
        IpNet::V4(range) => {
            let cidrs = known.map_or(&[][..], |vpc| &vpc.cidrs);
            let position = cidrs.iter().position(|held| *held == range);
            ("cidrs", position, 1 < cidrs.len())
        }
        IpNet::V6(range) => {
            let cidrs = known.map_or(&[][..], |vpc| &vpc.ipv6_cidrs);
            let position = cidrs.iter().position(|held| *held == range);
            ("ipv6_cidrs", position, true)
        }
    };
    match position {
        Some(position) if is_list => value(key.key(name).index(position)),
        _ => value(key.key("cidr")),
    }
}
