//! What a walk leaves behind: the steps that were passed, in order, and how it ended. Nothing
//! here is text; `trace` puts it into words, `verdict` into the closed set, checks into causes.

use std::borrow::Cow;
use std::net::Ipv4Addr;

use blueprint::balancing::{LoadBalancer, Target};
use blueprint::ids::{
    BalancerId, ClusterId, EndpointId, EniId, GatewayId, NetworkAclId, PeeringId,
    ResourceConfigurationId, SecurityGroupId, TransitAttachmentId, TransitGatewayId,
    TransitPeeringId, TransitTableId, VpcId, ZoneId,
};
use blueprint::kafka::HostPort;
use blueprint::network::{AclEntry, Route, Rule};
use blueprint::verdict::{Attempt, Direction, Verdict};

use crate::network::{Interface, ResolverRule, TransitEntry, Zone};

/// One attempt as it was walked: from one interface to one answer of one name, through one
/// target of each balancer on the way.
#[derive(Clone, Debug)]
pub(crate) struct Journey<'a> {
    pub(crate) from: &'a EniId,
    pub(crate) to: Cow<'a, HostPort>,
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

    /// What the blueprint says to dial; none if it says nothing.
    pub(crate) fn advertised(&self) -> Option<&'a HostPort> {
        match self.to {
            Cow::Borrowed(to) => Some(to),
            Cow::Owned(_) => None,
        }
    }

    /// The attempt in the words that are compared with the live one.
    pub(crate) fn attempt(&self) -> Attempt {
        Attempt {
            from: self.from.clone(),
            to: self.to.clone().into_owned(),
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
    /// A network ACL let packets cross the edge of its subnet.
    Crossed(Crossing<'a>),
    /// A route handed packets to a transit gateway.
    HandedOver {
        route: &'a Route,
        direction: Direction,
    },
    /// A transit gateway's table sent packets on.
    Transited(Transit<'a>),
    /// A route led to the interface that holds the address.
    Routed { route: &'a Route, to: Interface<'a> },
    /// A closed port that was walked past, to see what else is closed.
    PassedOver(Closed<'a>),
    /// A network ACL that was walked past, to see what else is closed.
    PassedOverAcl(Barred<'a>),
    /// A part of an endpoint passed the connection to the node of its zone.
    EnteredService {
        endpoint: &'a EndpointId,
        service_name: &'a str,
        node: Interface<'a>,
    },
    /// A part of a resource endpoint passed the connection to a resource gateway.
    EnteredResource {
        endpoint: &'a EndpointId,
        configuration: &'a ResourceConfigurationId,
        /// The resource gateway's interface, which dials next.
        through: Interface<'a>,
    },
    /// A Kafka-aware gateway chose a broker.
    Directed {
        gateway: &'a GatewayId,
        /// The instance, which dials next.
        at: Interface<'a>,
        broker: u32,
        /// The broker's listener that it dials, and its port.
        listener: &'a str,
        port: u16,
    },
    /// A node had a listener for the port.
    Listened {
        balancer: &'a BalancerId,
        node: Interface<'a>,
        port: u16,
    },
    /// A node chose a target it may use.
    Chosen {
        target: &'a Target,
        vpc: &'a VpcId,
        /// The address that the target sees in place of the node's.
        preserved: Option<Ipv4Addr>,
    },
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
    /// A network ACL drops the connection or its answer.
    Barred(Barred<'a>),
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
        /// The Kafka-aware gateway that rewrites metadata and has no address for the broker.
        gateway: Option<&'a GatewayId>,
    },
    /// A resource endpoint was dialled on a port that its configuration does not let through.
    NotShared {
        at: Interface<'a>,
        configuration: &'a ResourceConfigurationId,
        port: u16,
    },
    /// A Kafka-aware gateway leads nowhere.
    Undirected {
        at: Interface<'a>,
        gateway: &'a GatewayId,
        why: Undirected<'a>,
    },
    /// Nothing behind the port may be used from here.
    NoTarget {
        at: Interface<'a>,
        why: NoTarget<'a>,
    },
    /// More legs than any real path has.
    Loop { at: Interface<'a> },
    /// More transit gateways than any real path has.
    TransitLoop {
        at: &'a TransitGatewayId,
        direction: Direction,
    },
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
    /// The VPC's resolver is turned off.
    NoResolver,
    /// A resolver rule forwards it to servers whose answers are not known here.
    Forwarded(ResolverRule<'a>),
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

/// Packets at the edge of a subnet that has a network ACL, towards or from the address `other`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Crossing<'a> {
    /// Out of the subnet or into it.
    pub(crate) side: Side,
    /// The interface whose subnet it is.
    pub(crate) at: Interface<'a>,
    pub(crate) acl: &'a NetworkAclId,
    pub(crate) other: Ipv4Addr,
    /// First and last destination port. Of an answer that is dropped, those that are closed.
    pub(crate) ports: (u16, u16),
    /// The connection, or its answer.
    pub(crate) direction: Direction,
}

/// Packets that a network ACL drops.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Barred<'a> {
    pub(crate) crossing: Crossing<'a>,
    /// The entry that denies them; none if no entry covers them.
    pub(crate) entry: Option<&'a AclEntry>,
}

/// What a transit gateway did with a packet.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Transit<'a> {
    pub(crate) gateway: &'a TransitGatewayId,
    pub(crate) table: &'a TransitTableId,
    pub(crate) entry: TransitEntry<'a>,
    pub(crate) onward: Onward<'a>,
    pub(crate) direction: Direction,
}

/// Where a transit gateway hands a packet.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Onward<'a> {
    /// To the VPC of an attachment.
    Vpc(&'a VpcId),
    /// To another gateway, by their peering.
    Gateway {
        peering: &'a TransitPeeringId,
        gateway: &'a TransitGatewayId,
    },
}

/// Why a Kafka-aware gateway leads nowhere.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Undirected<'a> {
    /// It does not listen on the port.
    Port(u16),
    /// It does not know the name that was dialled.
    Name,
    /// The cluster has no such broker, or not yet.
    NoBroker(u32),
    /// The broker lacks the listener that the gateway dials.
    NoListener { broker: u32, listener: &'a str },
    /// The cluster has no brokers.
    NoBrokers,
}

/// Whose routing a packet ends in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Router<'a> {
    /// A VPC's.
    Vpc(&'a VpcId),
    /// A transit gateway's.
    TransitGateway(&'a TransitGatewayId),
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
    /// Whose routing it ended in.
    pub(crate) at: Router<'a>,
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
    /// A transit gateway does not take it or hand it on.
    Transit(NoTransit<'a>),
    /// The answer's route leads to another interface with the caller's address.
    Another(Interface<'a>),
    /// The answer's route leads out of the blueprint.
    Outside(&'a str),
}

/// Why a transit gateway does not take a packet or hand it on.
#[derive(Clone, Copy, Debug)]
pub(crate) enum NoTransit<'a> {
    /// The route leads to a transit gateway that this VPC is not attached to.
    NotAttached(&'a TransitGatewayId),
    /// The VPC's attachment has no subnet in the sender's zone.
    NoAttachmentInZone(&'a TransitAttachmentId),
    /// No table of the transit gateway routes what comes from the attachment.
    Unassociated(&'a TransitAttachmentId),
    /// No table of the transit gateway routes what comes over the peering.
    PeeringUnassociated(&'a TransitPeeringId),
    /// The transit gateway's table has no route for the address.
    NoEntry(&'a TransitTableId),
    /// The transit gateway's table drops it on purpose.
    Blackhole {
        table: &'a TransitTableId,
        entry: TransitEntry<'a>,
    },
    /// The transit gateway's table names an attachment or a peering that is not the gateway's.
    NotOfGateway {
        table: &'a TransitTableId,
        entry: TransitEntry<'a>,
    },
}

/// Why nothing behind a port may be used.
#[derive(Clone, Copy, Debug)]
pub(crate) enum NoTarget<'a> {
    /// The endpoint's service has no node in this zone.
    NoNode {
        endpoint: &'a EndpointId,
        zone: &'a ZoneId,
    },
    /// The endpoint stands in a Region that its service, or any resource, does not reach.
    OtherRegion {
        endpoint: &'a EndpointId,
        /// The Region of the endpoint's VPC.
        region: &'a str,
    },
    /// The resource endpoint's configuration or gateway is missing, or the gateway has no
    /// interface in this zone.
    NoResource {
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
