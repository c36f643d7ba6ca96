//! Rule 2, the dial: one connection from an interface to an address and port, leg by leg, to a
//! broker or to the first rule that stops it. The rules themselves are in `security`, `routing`
//! and `balancing`; here is only their order.

use std::net::SocketAddrV4;

use blueprint::balancing::Target;
use blueprint::ids::{BalancerId, ClusterId, EndpointId};
use blueprint::network::EniOwner;

use crate::balancing;
use crate::journey::{Acceptance, End, Step};
use crate::network::{Interface, Network};
use crate::routing::{self, Leg};
use crate::security;

/// Legs of one path. A real one has two, client to endpoint and node to broker; a balancer
/// whose targets are balancers may have more, and one that targets itself has no end.
const MAX_LEGS: usize = 16;

/// Ways one dial may fork into: as many as a target group holds on AWS. Nested balancers could
/// multiply that without bound; the ways beyond it are one that ends in the unknown.
const MAX_WAYS: usize = 1_000;

/// One way through the network: the steps passed and the end.
pub(crate) struct Way<'a> {
    pub(crate) steps: Vec<Step<'a>>,
    pub(crate) end: End<'a>,
}

/// Walks from an interface to an address and port: one way per usable target of each balancer.
pub(crate) fn dial<'a>(
    network: &Network<'a>,
    from: Interface<'a>,
    to: SocketAddrV4,
) -> Vec<Way<'a>> {
    let mut walk = Walk::new(network, Doors::AsTheyAre);
    walk.set_out(from, to);
    if walk.cut_short {
        walk.finish(Trip::default(), End::Unknown);
    }
    walk.ways
}

/// Walks the same way past closed ports. Gives one way up to each of them, so that every rule
/// that is missing is found and not only the first, and where it would end with all of them open.
pub(crate) fn dial_past<'a>(
    network: &Network<'a>,
    from: Interface<'a>,
    to: SocketAddrV4,
) -> (Vec<Way<'a>>, Vec<Way<'a>>) {
    let mut walk = Walk::new(network, Doors::Open);
    walk.set_out(from, to);
    (walk.found_closed, walk.ways)
}

/// Whether security groups stop a walk or are only noted.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Doors {
    AsTheyAre,
    Open,
}

struct Walk<'n, 'a> {
    network: &'n Network<'a>,
    doors: Doors,
    ways: Vec<Way<'a>>,
    found_closed: Vec<Way<'a>>,
    cut_short: bool,
}

/// A way under way.
#[derive(Clone, Default)]
struct Trip<'a> {
    steps: Vec<Step<'a>>,
    legs: Vec<Leg<'a>>,
}

impl<'n, 'a> Walk<'n, 'a> {
    fn new(network: &'n Network<'a>, doors: Doors) -> Self {
        Self {
            network,
            doors,
            ways: Vec::new(),
            found_closed: Vec::new(),
            cut_short: false,
        }
    }

    /// A connection to one's own address never leaves the host, so nothing filters it.
    fn set_out(&mut self, from: Interface<'a>, to: SocketAddrV4) {
        if *to.ip() == from.address() {
            let end = answer_at(self.network, from, to.port());
            self.finish(Trip::default(), end);
        } else {
            self.go(Trip::default(), from, to);
        }
    }

    fn go(&mut self, mut trip: Trip<'a>, from: Interface<'a>, to: SocketAddrV4) {
        match self.carry(&mut trip, from, to) {
            Ok(at) => self.arrive(trip, Leg { from, to: at }, to.port()),
            Err(end) => self.finish(trip, end),
        }
    }

    /// One leg: out through the sender's groups, along the routes, in through the receiver's.
    fn carry(
        &mut self,
        trip: &mut Trip<'a>,
        from: Interface<'a>,
        to: SocketAddrV4,
    ) -> Result<Interface<'a>, End<'a>> {
        if trip.legs.len() == MAX_LEGS {
            return Err(End::Loop { at: from });
        }
        let out = security::leave(self.network, from, to);
        self.pass(trip, out)?;
        let (routed, at) = routing::forward(self.network, from, *to.ip())?;
        trip.steps.push(routed);
        let inward = security::enter(self.network, at, from.address(), to.port());
        self.pass(trip, inward)?;
        trip.legs.push(Leg { from, to: at });
        Ok(at)
    }

    /// Goes through where security groups let it; where doors are open, through all the same.
    fn pass(
        &mut self,
        trip: &mut Trip<'a>,
        asked: Result<Step<'a>, End<'a>>,
    ) -> Result<(), End<'a>> {
        let step = match asked {
            Err(End::Denied(closed)) if self.doors == Doors::Open => {
                self.found_closed.push(Way {
                    steps: trip.steps.clone(),
                    end: End::Denied(closed),
                });
                Step::PassedOver(closed)
            }
            judged => judged?,
        };
        trip.steps.push(step);
        Ok(())
    }

    /// What the interface at the end of a leg does with the connection.
    fn arrive(&mut self, trip: Trip<'a>, leg: Leg<'a>, port: u16) {
        let at = leg.to;
        match &at.eni.owner {
            EniOwner::Broker { .. }
            | EniOwner::ResourceGateway(_)
            | EniOwner::Gateway(_)
            | EniOwner::Client(_)
            | EniOwner::Witness => {
                let end = answer_at(self.network, at, port);
                self.come_back(trip, end);
            }
            EniOwner::BalancerNode(id) => self.balance(trip, at, id, port),
            EniOwner::Endpoint(id) => self.enter_service(trip, leg, id, port),
        }
    }

    /// An endpoint is no leg: PrivateLink carries the connection, so no route and no range
    /// matters between it and the node.
    fn enter_service(&mut self, trip: Trip<'a>, leg: Leg<'a>, id: &'a EndpointId, port: u16) {
        let mut trip = trip;
        match self.through_service(&mut trip, leg, id, port) {
            Ok((node, balancer)) => self.balance(trip, node, balancer, port),
            Err(end) => self.finish(trip, end),
        }
    }

    fn through_service(
        &mut self,
        trip: &mut Trip<'a>,
        leg: Leg<'a>,
        id: &'a EndpointId,
        port: u16,
    ) -> Result<(Interface<'a>, &'a BalancerId), End<'a>> {
        let (entered, node, balancer) = balancing::node_behind(self.network, leg.to, id)?;
        trip.steps.push(entered);
        let source = leg.from.address();
        let asked = balancing::enter_by_privatelink(self.network, node, balancer, source, port);
        if let Some(asked) = asked {
            self.pass(trip, asked)?;
        }
        Ok((node, balancer))
    }

    /// A node with a listener for the port dials each target it may use, from its own address.
    fn balance(&mut self, trip: Trip<'a>, node: Interface<'a>, id: &'a BalancerId, port: u16) {
        let mut trip = trip;
        let targets = match self.choose(&mut trip, node, id, port) {
            Ok(targets) => targets,
            Err(end) => return self.finish(trip, end),
        };
        for target in targets {
            if self.ways.len() == MAX_WAYS {
                self.cut_short = true;
                return;
            }
            let mut trip = trip.clone();
            let vpc = node.vpc();
            trip.steps.push(Step::Chosen { target, vpc });
            self.go(trip, node, SocketAddrV4::new(target.address, target.port));
        }
    }

    fn choose(
        &self,
        trip: &mut Trip<'a>,
        node: Interface<'a>,
        id: &'a BalancerId,
        port: u16,
    ) -> Result<Vec<&'a Target>, End<'a>> {
        let (listened, balancer, listener) = balancing::listener(self.network, node, id, port)?;
        trip.steps.push(listened);
        balancing::targets(self.network, node, balancer, listener)
            .map_err(|why| End::NoTarget { at: node, why })
    }

    /// An answer, be it yes or no, travels every leg back, the last one first.
    fn come_back(&mut self, mut trip: Trip<'a>, answer: End<'a>) {
        let mut end = answer;
        for leg in std::mem::take(&mut trip.legs).into_iter().rev() {
            match routing::back(self.network, leg) {
                Ok(step) => trip.steps.extend(step),
                Err(lost) => {
                    end = lost;
                    break;
                }
            }
        }
        self.finish(trip, end);
    }

    fn finish(&mut self, trip: Trip<'a>, end: End<'a>) {
        self.ways.push(Way {
            steps: trip.steps,
            end,
        });
    }
}

/// What a host answers on a port of its own.
fn answer_at<'a>(network: &Network<'a>, at: Interface<'a>, port: u16) -> End<'a> {
    let EniOwner::Broker { cluster, id } = &at.eni.owner else {
        return End::Refused { at, port };
    };
    if listens(network, cluster, *id, port) {
        End::Accepted(Acceptance {
            cluster,
            broker: *id,
            eni: at.id,
            port,
        })
    } else {
        End::Refused { at, port }
    }
}

/// Whether one of a broker's listeners binds the port.
fn listens(network: &Network<'_>, cluster: &ClusterId, id: u32, port: u16) -> bool {
    let cluster = network.blueprint.clusters.get(cluster);
    let broker = cluster.and_then(|cluster| cluster.brokers.get(&id));
    broker.is_some_and(|broker| {
        broker
            .listeners
            .values()
            .any(|listener| listener.port == port)
    })
}
