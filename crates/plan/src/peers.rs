//! Which VPCs packets are routed between, and whether one more pair leaves every VPC with one route to each
//! address: a table cannot lead to two VPCs that hold the same range.

use std::collections::BTreeMap;
use std::fmt;

use blueprint::spec::Carrier;
use ipnet::Ipv4Net;

use crate::choice::{self, Named};

/// The pairs of a spec so far, in the order of its connections.
#[derive(Default)]
pub(crate) struct Peers<'s>(BTreeMap<&'s str, Vec<(Named<'s>, Carrier)>>);

/// Two neighbours of one VPC that share addresses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Conflict<'s> {
    /// The VPC that would need a route to each.
    pub(crate) hub: &'s str,
    /// The neighbour it has.
    pub(crate) first: &'s str,
    /// The neighbour it would get.
    pub(crate) next: &'s str,
    /// What joins it to the first.
    pub(crate) carrier: Carrier,
    held: Ipv4Net,
    wanted: Ipv4Net,
}

impl fmt::Display for Conflict<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { hub, first, .. } = self;
        let joined = match self.carrier {
            Carrier::Peering => "peered with",
            Carrier::TransitGateway => "joined by a transit gateway to",
        };
        write!(
            f,
            "`{hub}` is {joined} `{first}`, which holds {}",
            self.held
        )?;
        if self.held == self.wanted {
            write!(f, " as well")
        } else {
            write!(f, ", and `{}` holds {}", self.next, self.wanted)
        }
    }
}

impl<'s> Peers<'s> {
    /// Adds a pair, once.
    pub(crate) fn join(&mut self, one: Named<'s>, other: Named<'s>, carrier: Carrier) {
        for (here, there) in [(one, other), (other, one)] {
            let of = self.0.entry(here.0).or_default();
            if of.iter().all(|((name, _), _)| *name != there.0) {
                of.push((there, carrier));
            }
        }
    }

    /// What routes between the two would conflict with. A VPC whose routes were said has none
    /// chosen for it, so it decides for itself which peer a range leads to.
    pub(crate) fn conflict(&self, one: Named<'s>, other: Named<'s>) -> Option<Conflict<'s>> {
        self.at(one, other).or_else(|| self.at(other, one))
    }

    fn at(&self, (hub, vpc): Named<'s>, (next, wanted): Named<'s>) -> Option<Conflict<'s>> {
        if vpc.routes.is_some() {
            return None;
        }
        let mut others = self
            .0
            .get(hub)?
            .iter()
            .filter(|((name, _), _)| *name != next);
        others.find_map(|((first, held), carrier)| {
            let (held, wanted) = choice::overlapping(&held.cidrs, &wanted.cidrs)?;
            Some(Conflict {
                hub,
                first,
                next,
                carrier: *carrier,
                held,
                wanted,
            })
        })
    }
}
