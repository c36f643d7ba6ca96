//! How a path ends. `verify` derives these from the blueprint, the live probe from evidence in
//! the kernel; both use these words and share nothing else.

use std::fmt;
use std::net::Ipv4Addr;

use crate::ids::{EniId, TransitGatewayId, VpcId};
use crate::kafka::{HostPort, PromiseId};

/// The closed set of ends, the furthest-travelled last within the undelivered ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Class {
    /// Too little evidence to say; never counts as delivered and never agrees.
    Unknown,
    /// The name has no answer where the client resolves it.
    NoName,
    /// Security groups of the sender do not let the connection out.
    DeniedOut,
    /// No route carries the packet on, or nobody holds the address it arrives at.
    NoRoute,
    /// The route leads to a gateway the blueprint does not hold.
    LeavesBlueprint,
    /// Security groups of the receiver do not let the connection in.
    DeniedIn,
    /// The path passes more hops than any real one does.
    Loop,
    /// The balancer has no listener on that port, or the broker none that its metadata names.
    NoListener,
    /// The listener has no target its node may use.
    NoTarget,
    /// The host answers that nothing listens there.
    Refused,
    /// A broker answers, and it is not the one that was named.
    WrongBroker,
    /// The right broker answers.
    Delivered,
}

impl Class {
    /// Every class, best last.
    pub const ALL: [Self; 12] = [
        Self::Unknown,
        Self::NoName,
        Self::DeniedOut,
        Self::NoRoute,
        Self::LeavesBlueprint,
        Self::DeniedIn,
        Self::Loop,
        Self::NoListener,
        Self::NoTarget,
        Self::Refused,
        Self::WrongBroker,
        Self::Delivered,
    ];

    /// The word users see.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Unknown => "unknown",
            Self::NoName => "no-name",
            Self::DeniedOut => "denied-out",
            Self::NoRoute => "no-route",
            Self::LeavesBlueprint => "leaves-blueprint",
            Self::DeniedIn => "denied-in",
            Self::Loop => "loop",
            Self::NoListener => "no-listener",
            Self::NoTarget => "no-target",
            Self::Refused => "refused",
            Self::WrongBroker => "wrong-broker",
            Self::Delivered => "delivered",
        }
    }
}

impl fmt::Display for Class {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// Where a path ended.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Place {
    /// The resolver of a VPC.
    Resolver(VpcId),
    /// The routing of a VPC.
    Router(VpcId),
    /// The routing of a transit gateway.
    TransitGateway(TransitGatewayId),
    /// An interface: a host, a balancer's node or a part of an endpoint.
    Eni(EniId),
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Resolver(vpc) => write!(f, "resolver of {vpc}"),
            Self::Router(vpc) => write!(f, "routing of {vpc}"),
            Self::TransitGateway(gateway) => write!(f, "routing of {gateway}"),
            Self::Eni(eni) => write!(f, "{eni}"),
        }
    }
}

/// Which way the packet that ended was going.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Direction {
    /// From the client towards the broker.
    Forward,
    /// The answer, on its way back.
    Return,
}

impl fmt::Display for Direction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Forward => "forward",
            Self::Return => "return",
        })
    }
}

/// How one attempt ends. Delivered attempts have no place; `no-name` lies at a resolver,
/// `no-route` and `leaves-blueprint` at a router or transit gateway, everything else at an interface.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Verdict {
    /// The end.
    pub class: Class,
    /// Where; none for delivered and unknown.
    pub place: Option<Place>,
    /// Which way.
    pub direction: Direction,
    /// The broker that answered, for `delivered` and `wrong-broker`.
    pub broker: Option<u32>,
}

/// One attempt of a path: from one interface to one answer of one name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Attempt {
    /// The interface it starts from.
    pub from: EniId,
    /// The name and port that are dialled.
    pub to: HostPort,
    /// The address the name was answered with; none if it has no answer.
    pub address: Option<Ipv4Addr>,
    /// How it ends.
    pub verdict: Verdict,
}

/// All attempts of one promised path. A balancer's listener with several usable targets yields
/// one attempt for each of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PathVerdict {
    /// Whose path.
    pub promise: PromiseId,
    /// Its attempts.
    pub attempts: Vec<Attempt>,
}

/// What a cell of the matrix says of a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Summary {
    /// Every attempt ends alike.
    All(Class),
    /// Some are delivered: how many of how many.
    Partly {
        /// Delivered ones.
        delivered: usize,
        /// All.
        of: usize,
    },
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::All(class) => f.pad(class.as_str()),
            Self::Partly { delivered, of } => f.pad(&format!("partly {delivered}/{of}")),
        }
    }
}

impl PathVerdict {
    /// The cell: `delivered` if every attempt is, `partly` counted over addresses where every
    /// interface fares alike and over attempts otherwise, else the verdict that got furthest.
    pub fn summary(&self) -> Summary {
        let delivered = self.attempts.iter().filter(|a| is_delivered(a)).count();
        if delivered == 0 {
            let furthest = self.attempts.iter().map(|a| a.verdict.class).max();
            return Summary::All(furthest.unwrap_or(Class::Unknown));
        }
        if delivered == self.attempts.len() {
            return Summary::All(Class::Delivered);
        }
        let (delivered, of) = self
            .by_address()
            .unwrap_or((delivered, self.attempts.len()));
        Summary::Partly { delivered, of }
    }

    /// Counts over (name, address) if every attempt towards one address ends alike.
    fn by_address(&self) -> Option<(usize, usize)> {
        let mut ends = std::collections::BTreeMap::new();
        for attempt in &self.attempts {
            let end = is_delivered(attempt);
            if *ends.entry((&attempt.to, attempt.address)).or_insert(end) != end {
                return None;
            }
        }
        Some((ends.values().filter(|end| **end).count(), ends.len()))
    }
}

fn is_delivered(attempt: &Attempt) -> bool {
    attempt.verdict.class == Class::Delivered
}
