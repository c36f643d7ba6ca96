//! # missing-route
//!
//! A route table does not lead where a connection needs it to, on the way there or on the way
//! back.
//!
//! ## Why it is bad
//!
//! A peering moves nothing by itself. The table of every subnet that takes part needs a route
//! to the other VPC's range: the clients' tables towards the brokers, *and the tables of the
//! brokers' subnets towards the clients*, or the answer is lost and the client sees a time-out.
//! A peering carries traffic between its two sides only: what is meant for a third VPC, or for
//! a peer's gateway, ends there.
//!
//! ## Example
//!
//! ```yaml
//! vpcs:
//!   data:
//!     account: "111111111111"
//!     cidr: 10.1.0.0/16
//!     zones: [euc1-az1, euc1-az2]
//!     routes:
//!       - { to: 10.2.0.0/16, via: shop, zones: [euc1-az1] }     # and the brokers of az2?
//! ```
//!
//! ## Remedy
//!
//! Leave `routes` out and the plan routes each peered range in every table; or add the route
//! that the finding names.

use std::collections::BTreeSet;

use blueprint::diagnostic::Diagnostic;
use blueprint::ids::{RouteTableId, VpcId};
use blueprint::verdict::Direction;

use crate::evidence::{self, Blocked, Evidence, Finding, by_cause, value};
use crate::journey::{Astray, End, NoRoute};
use crate::network::Interface;
use crate::words;

/// Why routing fails between two VPCs.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Cause {
    /// Tables of `from` do not lead to `to`.
    Unrouted {
        from: VpcId,
        to: VpcId,
        direction: Direction,
    },
    /// Tables of `from` send what is meant for `to` elsewhere.
    Misrouted {
        from: VpcId,
        to: VpcId,
        direction: Direction,
        elsewhere: String,
    },
    /// What is meant for `to` was handed to `through`, which does not pass it on.
    Transit {
        from: VpcId,
        to: VpcId,
        through: VpcId,
    },
}

pub(super) fn run(evidence: &Evidence<'_, '_>) -> Vec<Finding> {
    let unrouted = evidence
        .blocked()
        .filter_map(|blocked| Some((cause(evidence, &blocked)?, blocked)));
    let causes = by_cause(unrouted);
    causes
        .iter()
        .map(|(cause, blocked)| finding(evidence, cause, blocked))
        .collect()
}

fn cause(evidence: &Evidence<'_, '_>, blocked: &Blocked<'_, '_>) -> Option<Cause> {
    match &blocked.journey.end {
        End::NoRoute(astray) => cause_of(evidence, blocked, astray),
        End::LeavesBlueprint { from, gateway, .. } => Some(Cause::Misrouted {
            from: from.vpc().clone(),
            to: meant_for(blocked, *from, Direction::Forward)?.clone(),
            direction: Direction::Forward,
            elsewhere: format!("`{gateway}`"),
        }),
        End::Accepted(_)
        | End::Refused { .. }
        | End::NoName { .. }
        | End::Denied(_)
        | End::NoListener { .. }
        | End::NotAdvertised { .. }
        | End::NoTarget { .. }
        | End::Loop { .. }
        | End::Unknown => None,
    }
}

fn cause_of(
    evidence: &Evidence<'_, '_>,
    blocked: &Blocked<'_, '_>,
    astray: &Astray<'_>,
) -> Option<Cause> {
    let Astray { direction, at, .. } = *astray;
    let from = astray.from.vpc().clone();
    let to = meant_for(blocked, astray.from, direction)?.clone();
    let elsewhere = match astray.why {
        NoRoute::NoEntry => {
            return Some(Cause::Unrouted {
                from,
                to,
                direction,
            });
        }
        NoRoute::Unheld(_) if *at != from && *at != to => {
            let through = at.clone();
            return peered(evidence, &through, &to).then_some(Cause::Transit { from, to, through });
        }
        NoRoute::Unheld(_) | NoRoute::Overlapping(_) => return None,
        NoRoute::NotASide(peering) => format!("peering `{peering}`, which `{from}` is no side of"),
        NoRoute::Another(other) => format!("`{}` in `{}`", other.id, other.vpc()),
        NoRoute::Outside(gateway) => format!("`{gateway}`"),
    };
    Some(Cause::Misrouted {
        from,
        to,
        direction,
        elsewhere,
    })
}

/// The VPC a packet was meant for: forward the cluster's, back the client's; none if that is
/// where it was sent from.
fn meant_for<'n>(
    blocked: &Blocked<'n, '_>,
    from: Interface<'_>,
    direction: Direction,
) -> Option<&'n VpcId> {
    let to = match direction {
        Direction::Forward => &blocked.path.cluster.vpc,
        Direction::Return => &blocked.path.client.vpc,
    };
    (to != from.vpc()).then_some(to)
}

fn peered(evidence: &Evidence<'_, '_>, one: &VpcId, other: &VpcId) -> bool {
    let mut peerings = evidence.blueprint().peerings.values();
    peerings.any(|peering| evidence::other_side(peering, one) == Some(other))
}

fn finding(evidence: &Evidence<'_, '_>, cause: &Cause, blocked: &[Blocked<'_, '_>]) -> Finding {
    let (from, to) = match cause {
        Cause::Unrouted { from, to, .. }
        | Cause::Misrouted { from, to, .. }
        | Cause::Transit { from, to, .. } => (from, to),
    };
    let tables = tables(blocked);
    let diagnostic = Diagnostic::error(
        "missing-route",
        title(cause),
        value(evidence.origin(from).key("routes")),
    )
    .label(format!(
        "in {} {}",
        words::plural(tables.len(), "table", "tables"),
        words::code_list(tables)
    ))
    .note(note(cause))
    .help(remedy(evidence, from, to));
    let diagnostic = match evidence.peering(from, to) {
        Some(connection) => diagnostic.related(
            value(connection.key("via")),
            "the peering that should carry it",
        ),
        None => diagnostic,
    };
    evidence.finding(diagnostic, blocked)
}

fn title(cause: &Cause) -> String {
    match cause {
        Cause::Unrouted {
            from,
            to,
            direction: Direction::Forward,
        } => {
            format!("no route of `{from}` leads to `{to}`")
        }
        Cause::Unrouted {
            from,
            to,
            direction: Direction::Return,
        } => {
            format!("no route of `{from}` leads back to `{to}`")
        }
        Cause::Misrouted {
            from,
            to,
            direction: Direction::Forward,
            elsewhere,
        } => {
            format!("`{from}` routes what is meant for `{to}` to {elsewhere}")
        }
        Cause::Misrouted {
            from,
            to,
            direction: Direction::Return,
            elsewhere,
        } => {
            format!("`{from}` routes its answers to `{to}` to {elsewhere}")
        }
        Cause::Transit { from, to, through } => {
            format!("`{through}` does not pass on what `{from}` sends to `{to}`")
        }
    }
}

fn note(cause: &Cause) -> &'static str {
    match cause {
        Cause::Unrouted {
            direction: Direction::Return,
            ..
        }
        | Cause::Misrouted {
            direction: Direction::Return,
            ..
        } => "connections arrive, but no answer comes back: the client sees a time-out",
        Cause::Unrouted { .. } | Cause::Misrouted { .. } => {
            "a peering moves nothing by itself: the table of each subnet needs the route"
        }
        Cause::Transit { .. } => "a peering carries traffic between its two sides only",
    }
}

/// The route tables that failed.
fn tables(blocked: &[Blocked<'_, '_>]) -> BTreeSet<RouteTableId> {
    let senders = blocked
        .iter()
        .filter_map(|blocked| match &blocked.journey.end {
            End::NoRoute(astray) => Some(astray.from),
            End::LeavesBlueprint { from, .. } => Some(*from),
            End::Accepted(_)
            | End::Refused { .. }
            | End::NoName { .. }
            | End::Denied(_)
            | End::NoListener { .. }
            | End::NotAdvertised { .. }
            | End::NoTarget { .. }
            | End::Loop { .. }
            | End::Unknown => None,
        });
    senders
        .map(|from| from.subnet.route_table.clone())
        .collect()
}

fn remedy(evidence: &Evidence<'_, '_>, from: &VpcId, to: &VpcId) -> String {
    let vpc = evidence.blueprint().vpcs.get(to);
    let ranges = vpc.map_or(&[][..], |vpc| &vpc.cidrs).iter();
    let routes = ranges.map(|range| format!("{{ to: {range}, via: {to} }}"));
    format!(
        "add {} to the `routes` of `{from}`, or leave `routes` out",
        words::code_list(routes)
    )
}
