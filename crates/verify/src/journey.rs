//! What a walk leaves behind: the steps that were passed, in order, and how it ended. Nothing
//! here is text; `trace` puts it into words, `verdict` into the closed set, checks into causes.

use std::net::Ipv4Addr;

use blueprint::balancing::{LoadBalancer, Target};
use blueprint::ids::{
    BalancerId, ClusterId, EndpointId, EniId, PeeringId, SecurityGroupId, VpcId, ZoneId,
};
use blueprint::kafka::HostPort;
use blueprint::network::{Route, Rule};
use blueprint::verdict::{Attempt, Direction, Verdict};

use crate::network::{Interface, Zone};

/// One attempt as it was walked: from one interface to one answer of one name, through one
/// target of each balancer on the way.
#[derive(Clone, Debug)]
pub(crate) struct Journey<'a> {
    pub(crate) from: &'a EniId,
    pub(crate) to: HostPort,
    pub(crate) address: Option<Ipv4Addr>,
    pub(crate) steps: Vec<Step<'a>>,
    pub(crate) end: End<'a>,
    pub(crate) verdict: Verdict,
}

impl<'a> Journey<'a> {
    /// The interface that the first route led to.
    pub(crate) fn routed_to(&self) -> Option<Interface<'a>> {
        self.steps.iter().find_map(|step| {
            if let Step::Routed { to, .. } = step {
                Some(*to)
            } else {
                None
            }
        })
    }

    /// The attempt in the words that are compared with the live one.
    pub(crate) fn attempt(&self) -> Attempt {
        Attempt {
            from: self.from.clone(),
            to: self.to.clone(),
            address: self.address,
            verdict: self.verdict.clone(),
        }
    }
}

/// A step that was passed.
#[derive(Clone, Debug)]
pub(crate) enum Step<'a> {
    /// The name was answered.
    Named(Answer<'a>),
    /// An interface's security groups let the connection pass.
    Admitted(Admission<'a>),
    /// A route led to the interface that holds the address.
    Routed { route: &'a Route, to: Interface<'a> },
    /// A closed port that was walked past, to see what else is closed.
    PassedOver(Closed<'a>),
    /// A part of an endpoint passed the connection to the node of its zone.
    EnteredService {
        endpoint: &'a EndpointId,
        service_name: &'a str,
        node: Interface<'a>,
    },
    /// A node had a listener for the port.
    Listened {
        balancer: &'a BalancerId,
        node: Interface<'a>,
        port: u16,
    },
    /// A node chose a target it may use.
    Chosen { target: &'a Target, vpc: &'a VpcId },
    /// A route led the answer back over a leg between two VPCs.
    RoutedBack { route: &'a Route, to: Interface<'a> },
}

/// Where an answer to a name came from.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Answer<'a> {
    /// The name is an address.
    Literal,
    /// The service's own view, which only its brokers have.
    Service,
    /// A private hosted zone.
    Private(Zone<'a>),
    /// Public DNS.
    Public,
}

/// What let a connection pass at an interface; `by` is none if no rule filters it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Admission<'a> {
    pub(crate) side: Side,
    pub(crate) at: Interface<'a>,
    pub(crate) by: Option<(&'a SecurityGroupId, &'a Rule)>,
}

/// How an attempt ends.
#[derive(Clone, Debug)]
pub(crate) enum End<'a> {
    /// A broker's listener accepts.
    Accepted(Acceptance<'a>),
    /// A host answers that nothing listens there.
    Refused { at: Interface<'a>, port: u16 },
    /// The name has no answer.
    NoName { vpc: &'a VpcId, why: NoName<'a> },
    /// No rule of an interface's groups covers the connection.
    Denied(Closed<'a>),
    /// Routing leads nowhere.
    NoRoute(Astray<'a>),
    /// A route leads out of the blueprint.
    LeavesBlueprint {
        from: Interface<'a>,
        to: Ipv4Addr,
        route: &'a Route,
        gateway: &'a str,
    },
    /// The balancer has no listener on the port.
    NoListener { node: Interface<'a>, port: u16 },
    /// The broker's metadata does not name the listener.
    NotAdvertised {
        cluster: &'a ClusterId,
        broker: u32,
        eni: &'a EniId,
        listener: &'a str,
    },
    /// Nothing behind the port may be used from here.
    NoTarget {
        at: Interface<'a>,
        why: NoTarget<'a>,
    },
    /// More legs than any real path has.
    Loop { at: Interface<'a> },
    /// The blueprint does not hold the interface the attempt starts from, or balancers fork into
    /// more ways than are followed.
    Unknown,
}

/// The broker that accepted, and on which port.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Acceptance<'a> {
    pub(crate) cluster: &'a ClusterId,
    pub(crate) broker: u32,
    pub(crate) eni: &'a EniId,
    pub(crate) port: u16,
}

/// Why a name has no answer.
#[derive(Clone, Copy, Debug)]
pub(crate) enum NoName<'a> {
    /// The narrowest private zone over it has no record of it.
    NotInZone(Zone<'a>),
    /// Its record is an alias of a name that has no addresses.
    EmptyAlias { zone: Zone<'a>, target: &'a str },
    /// Its record is empty.
    EmptyRecord(Zone<'a>),
    /// No private zone covers it, and public DNS does not know it.
    NotPublic,
}

/// A port that is closed at an interface, towards or from the address `other`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Closed<'a> {
    pub(crate) side: Side,
    pub(crate) at: Interface<'a>,
    pub(crate) other: Ipv4Addr,
    pub(crate) port: u16,
}

/// Which of a security group's rules are asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Side {
    /// Those for connections from its interfaces.
    Egress,
    /// Those for connections towards its interfaces.
    Ingress,
}

/// A packet that routing does not bring to its interface.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Astray<'a> {
    /// The interface it was sent from.
    pub(crate) from: Interface<'a>,
    /// The address it was sent to.
    pub(crate) to: Ipv4Addr,
    /// Which way it went.
    pub(crate) direction: Direction,
    /// The VPC whose routing it ended in.
    pub(crate) at: &'a VpcId,
    pub(crate) why: NoRoute<'a>,
}

/// Why routing leads nowhere.
#[derive(Clone, Copy, Debug)]
pub(crate) enum NoRoute<'a> {
    /// The table has no route for the address.
    NoEntry,
    /// The route leads to a VPC where nobody holds the address.
    Unheld(&'a Route),
    /// The route leads to a peering that this VPC is no side of.
    NotASide(&'a PeeringId),
    /// The route leads to a peering that AWS refuses, since its sides' ranges overlap.
    Overlapping(&'a PeeringId),
    /// The answer's route leads to another interface with the caller's address.
    Another(Interface<'a>),
    /// The answer's route leads out of the blueprint.
    Outside(&'a str),
}

/// Why nothing behind a port may be used.
#[derive(Clone, Copy, Debug)]
pub(crate) enum NoTarget<'a> {
    /// The endpoint's service has no node in this zone.
    NoNode {
        endpoint: &'a EndpointId,
        zone: &'a ZoneId,
    },
    /// The target group is empty.
    NoneRegistered,
    /// Every target is in another zone and the node keeps to its own.
    OtherZones {
        balancer: &'a LoadBalancer,
        targets: &'a [Target],
    },
}

/// An answer of a name: its source and its addresses.
pub(crate) type Answers<'a> = (Answer<'a>, Vec<Ipv4Addr>);
