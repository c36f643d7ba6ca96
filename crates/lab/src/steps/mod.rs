//! The network as a list of kernel operations, drawn from the blueprint alone: pure, ordered,
//! readable, and complete, so that raising it chooses nothing.

mod acls;
mod balancing;
mod display;
mod draft;
mod hosts;
mod limits;
pub mod nft;
mod privatelink;
mod routers;
mod transit;

use std::collections::BTreeMap;
use std::net::Ipv4Addr;

use blueprint::Blueprint;
use blueprint::ids::{EniId, TransitGatewayId, VpcId};
use blueprint::verdict::{Class, Place};
use ipnet::Ipv4Net;

use crate::error::LabError;

/// Everything the kernel must be told, in order, and what each namespace stands for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Steps {
    /// Namespaces by name.
    pub namespaces: BTreeMap<String, Namespace>,
    /// What to do, first to last.
    pub operations: Vec<Operation>,
}

/// A network namespace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Namespace {
    /// What it stands for.
    pub stands_for: Owner,
    /// What it does with packets.
    pub role: Role,
}

/// What a namespace stands for.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Owner {
    /// The routing of a VPC.
    Router(VpcId),
    /// A transit gateway.
    Transit(TransitGatewayId),
    /// An elastic network interface.
    Eni(EniId),
}

impl Owner {
    /// The place that verdicts name.
    pub fn place(&self) -> Place {
        match self {
            Self::Router(vpc) => Place::Router(vpc.clone()),
            Self::Transit(gateway) => Place::TransitGateway(gateway.clone()),
            Self::Eni(eni) => Place::Eni(eni.clone()),
        }
    }
}

/// What a namespace does with packets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Routes between its links; a VPC's judges by security groups and network ACLs.
    Router,
    /// Translates addresses: a balancer's node, a part of an endpoint or of a resource gateway.
    Relay,
    /// Sends and receives on its own behalf.
    Host,
}

/// One kernel operation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Operation {
    /// Makes a network namespace.
    Namespace {
        /// Its name below `/run/netns`.
        name: String,
    },
    /// Sets a kernel parameter of a namespace.
    Sysctl {
        /// The namespace.
        namespace: String,
        /// Path below `/proc/sys`, dots for slashes.
        key: &'static str,
        /// The value.
        value: &'static str,
    },
    /// Makes a veth pair, each end born where it belongs.
    Cable(Cable),
    /// Fixes a neighbour's hardware address, so that no packet waits for ARP.
    Neighbour {
        /// The namespace.
        namespace: String,
        /// The link towards the neighbour.
        link: String,
        /// The neighbour's address.
        address: Ipv4Addr,
        /// Its hardware address.
        mac: Mac,
    },
    /// Adds an address to a link, for the host alone (/32).
    Address {
        /// The namespace.
        namespace: String,
        /// The link.
        link: String,
        /// The address.
        address: Ipv4Addr,
    },
    /// Brings a link up.
    Up {
        /// The namespace.
        namespace: String,
        /// The link.
        link: String,
    },
    /// Adds a route.
    Route {
        /// The namespace.
        namespace: String,
        /// The routing table.
        table: u32,
        /// Packets to this range…
        destination: Ipv4Net,
        /// …go there.
        way: Way,
    },
    /// Adds a policy rule.
    Rule {
        /// The namespace.
        namespace: String,
        /// Lower ones are asked first.
        preference: u32,
        /// Only packets from this link, or all.
        from_link: Option<String>,
        /// The table to look up, or none for a silent drop.
        table: Option<u32>,
    },
    /// Loads a table of packet rules, in one transaction.
    Ruleset {
        /// The namespace.
        namespace: String,
        /// The table.
        table: nft::Table,
    },
}

impl Operation {
    /// The namespace that an operation changes once links exist; none for what comes before.
    pub(crate) fn within(&self) -> Option<&str> {
        match self {
            Self::Namespace { .. } | Self::Sysctl { .. } | Self::Cable(_) => None,
            Self::Neighbour { namespace, .. }
            | Self::Address { namespace, .. }
            | Self::Up { namespace, .. }
            | Self::Route { namespace, .. }
            | Self::Rule { namespace, .. }
            | Self::Ruleset { namespace, .. } => Some(namespace),
        }
    }
}

/// A veth pair.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cable {
    /// Its two ends.
    pub ends: [Plug; 2],
    /// Largest packet in bytes.
    pub mtu: u32,
}

/// One end of a [`Cable`].
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Plug {
    /// The namespace it is in.
    pub namespace: String,
    /// The link's name there.
    pub link: String,
    /// Its hardware address.
    pub mac: Mac,
}

/// A hardware address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mac(pub [u8; 6]);

/// Where a route leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Way {
    /// To a neighbour on a link.
    Link(String),
    /// To a gateway that a link is known to hold.
    Via {
        /// The gateway's address.
        gateway: Ipv4Addr,
        /// The link.
        link: String,
    },
    /// Nowhere, in silence.
    Blackhole,
    /// Out of this table, on to the next policy rule.
    Throw,
}

/// What a log entry of a packet says.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Note {
    /// The packet entered the namespace or its host's stack.
    Entered,
    /// The packet ended in the stack of a relay, which answers for itself.
    Taken,
    /// The packet left the namespace.
    Left,
    /// A rule dropped the packet.
    Dropped(Class, Place),
}

/// Draws the network of a blueprint as kernel operations.
///
/// # Errors
/// If the blueprint holds an object that a lab does not raise.
pub fn steps(blueprint: &Blueprint) -> Result<Steps, LabError> {
    limits::raisable(blueprint)?;
    let mut draft = draft::Draft::new(blueprint);
    draft.namespaces();
    draft.cables();
    draft.routers();
    draft.transit_gateways();
    draft.enis();
    Ok(draft.finish())
}
