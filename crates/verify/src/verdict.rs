//! Rule 2g, the verdict: how an end is called, given who was meant to answer.

use blueprint::ids::ClusterId;
use blueprint::verdict::{Class, Direction, Place, Verdict};

use crate::journey::{Acceptance, End, Router, Side};

/// Who is meant to answer an attempt.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Meant<'a> {
    /// Any broker at all.
    Anybody,
    /// Any broker of a cluster.
    Cluster(&'a ClusterId),
    /// One broker.
    Broker(&'a ClusterId, u32),
}

impl Meant<'_> {
    /// Whether the broker that accepted is one of those meant.
    fn is(&self, who: &Acceptance<'_>) -> bool {
        match self {
            Self::Anybody => true,
            Self::Cluster(cluster) => *cluster == who.cluster,
            Self::Broker(cluster, id) => *cluster == who.cluster && *id == who.broker,
        }
    }
}

/// Puts an end into the words of the closed set.
pub(crate) fn of(end: &End<'_>, meant: Meant<'_>) -> Verdict {
    Verdict {
        class: class(end, meant),
        place: place(end, meant),
        direction: direction(end),
        broker: if let End::Accepted(who) = end {
            Some(who.broker)
        } else {
            None
        },
    }
}

/// Only routing and network ACLs can fail an answer.
fn direction(end: &End<'_>) -> Direction {
    match end {
        End::NoRoute(astray) => astray.direction,
        End::Barred(barred) => barred.crossing.direction,
        End::TransitLoop { direction, .. } => *direction,
        End::Accepted(_)
        | End::Refused { .. }
        | End::NoName { .. }
        | End::Denied(_)
        | End::LeavesBlueprint { .. }
        | End::NoListener { .. }
        | End::NotAdvertised { .. }
        | End::NotShared { .. }
        | End::Undirected { .. }
        | End::NoTarget { .. }
        | End::Loop { .. }
        | End::Unknown => Direction::Forward,
    }
}

fn class(end: &End<'_>, meant: Meant<'_>) -> Class {
    match end {
        End::Accepted(who) if meant.is(who) => Class::Delivered,
        End::Accepted(_) => Class::WrongBroker,
        End::Refused { .. } | End::Undirected { .. } => Class::Refused,
        End::NoName { .. } => Class::NoName,
        End::Denied(closed) => denied(closed.side),
        End::Barred(barred) => denied(barred.crossing.side),
        End::NoRoute(_) => Class::NoRoute,
        End::LeavesBlueprint { .. } => Class::LeavesBlueprint,
        End::NoListener { .. } | End::NotAdvertised { .. } | End::NotShared { .. } => {
            Class::NoListener
        }
        End::NoTarget { .. } => Class::NoTarget,
        End::Loop { .. } | End::TransitLoop { .. } => Class::Loop,
        End::Unknown => Class::Unknown,
    }
}

fn denied(side: Side) -> Class {
    match side {
        Side::Egress => Class::DeniedOut,
        Side::Ingress => Class::DeniedIn,
    }
}

/// Where a path that is not delivered ended.
fn place(end: &End<'_>, meant: Meant<'_>) -> Option<Place> {
    let eni = match end {
        End::Accepted(who) if meant.is(who) => return None,
        End::Unknown => return None,
        End::NoName { vpc, .. } => return Some(Place::Resolver((*vpc).clone())),
        End::NoRoute(astray) => return Some(router(astray.at)),
        End::TransitLoop { at, .. } => return Some(Place::TransitGateway((*at).clone())),
        End::LeavesBlueprint { from, .. } => return Some(Place::Router(from.vpc().clone())),
        End::Accepted(who) => who.eni,
        End::NotAdvertised { eni, .. } => eni,
        End::Denied(closed) => closed.at.id,
        End::Barred(barred) => barred.crossing.at.id,
        End::Refused { at, .. }
        | End::NotShared { at, .. }
        | End::Undirected { at, .. }
        | End::NoTarget { at, .. }
        | End::Loop { at } => at.id,
        End::NoListener { node, .. } => node.id,
    };
    Some(Place::Eni(eni.clone()))
}

fn router(at: Router<'_>) -> Place {
    match at {
        Router::Vpc(vpc) => Place::Router(vpc.clone()),
        Router::TransitGateway(gateway) => Place::TransitGateway(gateway.clone()),
    }
}
