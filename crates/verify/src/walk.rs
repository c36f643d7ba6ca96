//! Rule 2, the dial: one connection from an interface to an address and port, leg by leg, to a
//! broker or to the first rule that stops it. The rules themselves are in `security`, `acl`,
//! `routing`, `balancing` and `gateways`; here is only their order.

use std::net::{Ipv4Addr, SocketAddrV4};

use blueprint::balancing::Target;
use blueprint::ids::{BalancerId, ClusterId, EndpointId};
use blueprint::network::EniOwner;

use crate::asked::{Asked, Question};
use crate::gateways::{self, Caller};
use crate::journey::{Acceptance, Answer, End, Step};
use crate::network::{Interface, Network};
use crate::routing::{self, Leg};
use crate::{acl, balancing, security};

/// Legs of one path. A real one has two, client to endpoint and node to broker; a balancer
/// whose targets are balancers may have more, and one that targets itself has no end.
const MAX_LEGS: usize = 16;

/// Steps and legs of a usual path, so that room is made once.
const USUAL_STEPS: usize = 16;
const USUAL_LEGS: usize = 2;

/// Ways one dial may fork into: as many as a target group holds on AWS. Nested balancers could
/// multiply that without bound; the ways beyond it are one that ends in the unknown.
const MAX_WAYS: usize = 1_000;

/// One way through the network: the steps passed and the end.
pub(crate) struct Way<'a> {
    pub(crate) steps: Vec<Step<'a>>,
    pub(crate) end: End<'a>,
}

/// What is dialled, and the host name it was answered for, which TLS tells the other side.
#[derive(Clone, Copy)]
pub(crate) struct Dialled<'a, 'h> {
    pub(crate) host: &'h str,
    pub(crate) answer: Answer<'a>,
    pub(crate) to: SocketAddrV4,
}

/// Walks from an interface to an address and port: one way per usable target of each balancer.
pub(crate) fn dial<'a>(
    network: &Network<'a>,
    from: Interface<'a>,
    dialled: Dialled<'a, '_>,
    asked: &mut Asked<'a>,
) -> Vec<Way<'a>> {
    let mut walk = Walk::new(network, (from, dialled.host), Doors::AsTheyAre, asked);
    walk.set_out(from, dialled);
    if walk.cut_short {
        walk.finish(Trip::new(dialled.answer), End::Unknown);
    }
    walk.ways
}

/// Walks the same way past closed ports and network ACLs. Gives one way up to each of them, so
/// that every rule that is missing is found and not only the first, and where it would end with
/// all of them open.
pub(crate) fn dial_past<'a>(
    network: &Network<'a>,
    from: Interface<'a>,
    dialled: Dialled<'a, '_>,
) -> (Vec<Way<'a>>, Vec<Way<'a>>) {
    let mut asked = Asked::default();
    let mut walk = Walk::new(network, (from, dialled.host), Doors::Open, &mut asked);
    walk.set_out(from, dialled);
    (walk.found_closed, walk.ways)
}

/// Whether security groups and network ACLs stop a walk or are only noted.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Doors {
    AsTheyAre,
    Open,
}

struct Walk<'n, 'a> {
    network: &'n Network<'a>,
    /// Where it starts.
    own: Interface<'a>,
    host: &'n str,
    doors: Doors,
    /// What was asked about the address of where it starts.
    asked: &'n mut Asked<'a>,
    ways: Vec<Way<'a>>,
    found_closed: Vec<Way<'a>>,
    cut_short: bool,
}

/// A way under way.
struct Trip<'a> {
    steps: Vec<Step<'a>>,
    legs: Vec<Leg<'a>>,
}

impl<'a> Trip<'a> {
    fn new(answer: Answer<'a>) -> Self {
        let mut steps = Vec::with_capacity(USUAL_STEPS);
        steps.push(Step::Named(answer));
        Self {
            steps,
            legs: Vec::with_capacity(USUAL_LEGS),
        }
    }

    /// The same trip for another way, with room for what is to come.
    fn fork(&self) -> Self {
        let mut steps = Vec::with_capacity(self.steps.len().max(USUAL_STEPS));
        steps.extend_from_slice(&self.steps);
        let mut legs = Vec::with_capacity(self.legs.len().max(USUAL_LEGS));
        legs.extend_from_slice(&self.legs);
        Self { steps, legs }
    }
}

/// A connection at a balancer's node.
#[derive(Clone, Copy)]
struct AtNode<'a> {
    node: Interface<'a>,
    balancer: &'a BalancerId,
    port: u16,
    /// The address that dialled the node; none if it came through an endpoint, which no
    /// balancer preserves.
    source: Option<Ipv4Addr>,
}

/// What the next leg of a trip begins with.
#[derive(Clone, Copy)]
struct Start<'a> {
    from: Interface<'a>,
    to: SocketAddrV4,
    /// The address that the receiver sees in place of the sender's.
    preserved: Option<Ipv4Addr>,
}

impl<'a> Start<'a> {
    fn new(from: Interface<'a>, to: SocketAddrV4) -> Self {
        Self {
            from,
            to,
            preserved: None,
        }
    }
}

impl<'n, 'a> Walk<'n, 'a> {
    fn new(
        network: &'n Network<'a>,
        (own, host): (Interface<'a>, &'n str),
        doors: Doors,
        asked: &'n mut Asked<'a>,
    ) -> Self {
        Self {
            network,
            own,
            host,
            doors,
            asked,
            ways: Vec::new(),
            found_closed: Vec::new(),
            cut_short: false,
        }
    }

    fn set_out(&mut self, from: Interface<'a>, dialled: Dialled<'a, '_>) {
        let Dialled { answer, to, .. } = dialled;
        self.asked.note_dialled(*to.ip());
        self.go_or_stay(Trip::new(answer), from, to);
    }

    /// A connection to one's own address never leaves the host, so nothing filters it.
    fn go_or_stay(&mut self, trip: Trip<'a>, from: Interface<'a>, to: SocketAddrV4) {
        if *to.ip() == from.address() {
            let end = answer_at(self.network, from, to.port());
            self.come_back(trip, end);
        } else {
            self.go(trip, Start::new(from, to));
        }
    }

    fn go(&mut self, mut trip: Trip<'a>, start: Start<'a>) {
        match self.carry(&mut trip, start) {
            Ok(leg) => self.arrive(trip, leg, start.to.port()),
            Err(end) => self.finish(trip, end),
        }
    }

    /// One leg: out through the sender's groups and its subnet's ACL, along the routes, in
    /// through the receiver's subnet's ACL and its groups.
    fn carry(&mut self, trip: &mut Trip<'a>, start: Start<'a>) -> Result<Leg<'a>, End<'a>> {
        let Start {
            from,
            to,
            preserved,
        } = start;
        let network = self.network;
        if trip.legs.len() == MAX_LEGS {
            return Err(End::Loop { at: from });
        }
        self.pass(trip, Some(security::leave(network, from, to)))?;
        let routed = routing::forward(network, from, *to.ip());
        let holder = routed.end.as_ref().ok().map(|(_, holder)| *holder);
        if acl::leaves_subnet(from, *to.ip(), holder) {
            self.pass(trip, acl::leave(network, from, to))?;
        }
        trip.steps.extend(routed.passed);
        let (step, at) = routed.end?;
        trip.steps.push(step);
        let leg = Leg {
            from,
            to: at,
            preserved,
        };
        let (source, port) = (leg.source(), to.port());
        self.asked.note_receiver(self.own, at);
        if leg.crosses_subnets() {
            self.note(Question::LetsIn(port), at, source);
            self.pass(trip, acl::enter(network, at, source, port))?;
        }
        self.note(Question::Admits(port), at, source);
        self.pass(trip, Some(security::enter(network, at, source, port)))?;
        trip.legs.push(leg);
        Ok(leg)
    }

    /// Notes a question if it is about the address of where the walk starts.
    fn note(&mut self, question: Question, at: Interface<'a>, about: Ipv4Addr) {
        if about == self.own.address() {
            self.asked.note(question, at);
        }
    }

    /// Goes through where security groups and ACLs let it; where doors are open, through all
    /// the same. Nothing is asked where there is nobody to ask.
    fn pass(
        &mut self,
        trip: &mut Trip<'a>,
        asked: Option<Result<Step<'a>, End<'a>>>,
    ) -> Result<(), End<'a>> {
        let step = match asked {
            None => return Ok(()),
            Some(Ok(step)) => step,
            Some(Err(end)) => self.pass_over(trip, end)?,
        };
        trip.steps.push(step);
        Ok(())
    }

    fn pass_over(&mut self, trip: &Trip<'a>, end: End<'a>) -> Result<Step<'a>, End<'a>> {
        if self.doors == Doors::AsTheyAre {
            return Err(end);
        }
        let step = if let End::Denied(closed) = &end {
            Step::PassedOver(*closed)
        } else if let End::Barred(barred) = &end {
            Step::PassedOverAcl(*barred)
        } else {
            return Err(end);
        };
        self.found_closed.push(Way {
            steps: trip.steps.clone(),
            end,
        });
        Ok(step)
    }

    /// What the interface at the end of a leg does with the connection.
    fn arrive(&mut self, trip: Trip<'a>, leg: Leg<'a>, port: u16) {
        let node = leg.to;
        match &node.eni.owner {
            EniOwner::Broker { .. }
            | EniOwner::ResourceGateway(_)
            | EniOwner::Client(_)
            | EniOwner::Witness => {
                let end = answer_at(self.network, node, port);
                self.come_back(trip, end);
            }
            EniOwner::BalancerNode(balancer) => {
                let source = Some(leg.source());
                let at = AtNode {
                    node,
                    balancer,
                    port,
                    source,
                };
                self.balance(trip, at);
            }
            EniOwner::Endpoint(id) => self.enter_endpoint(trip, leg, id, port),
            EniOwner::Gateway(gateway) => {
                let at = node;
                self.direct(trip, Caller { at, gateway, port });
            }
        }
    }

    /// An endpoint is no leg: PrivateLink carries the connection, so no route and no range
    /// matters between it and what is behind it.
    fn enter_endpoint(&mut self, trip: Trip<'a>, leg: Leg<'a>, id: &'a EndpointId, port: u16) {
        let part = leg.to;
        if let Some(resource) = balancing::resource_of(self.network.blueprint, id) {
            let behind = balancing::resource_behind(self.network, part, id, resource, port);
            return match behind {
                Ok((step, through, to)) => {
                    let mut trip = trip;
                    trip.steps.push(step);
                    self.go_or_stay(trip, through, to);
                }
                Err(end) => self.finish(trip, end),
            };
        }
        match balancing::nodes_behind(self.network, part, id) {
            Ok((nodes, balancer)) => {
                for (step, node) in nodes {
                    let mut trip = trip.fork();
                    trip.steps.push(step);
                    let at = AtNode {
                        node,
                        balancer,
                        port,
                        source: None,
                    };
                    self.enter_service(trip, leg, at);
                }
            }
            Err(end) => self.finish(trip, end),
        }
    }

    fn enter_service(&mut self, mut trip: Trip<'a>, leg: Leg<'a>, at: AtNode<'a>) {
        if self.is_full() {
            return;
        }
        let asked = balancing::enter_by_privatelink(
            self.network,
            at.node,
            at.balancer,
            leg.source(),
            at.port,
        );
        if asked.is_some() {
            self.note(Question::Admits(at.port), at.node, leg.source());
        }
        match self.pass(&mut trip, asked) {
            Ok(()) => self.balance(trip, at),
            Err(end) => self.finish(trip, end),
        }
    }

    /// A node with a listener for the port dials each target it may use, from its own address.
    fn balance(&mut self, mut trip: Trip<'a>, at: AtNode<'a>) {
        let (targets, preserved) = match self.choose(&mut trip, at) {
            Ok(chosen) => chosen,
            Err(end) => return self.finish(trip, end),
        };
        for target in targets {
            if self.is_full() {
                return;
            }
            let mut trip = trip.fork();
            let vpc = at.node.vpc();
            trip.steps.push(Step::Chosen {
                target,
                vpc,
                preserved,
            });
            let start = Start {
                from: at.node,
                to: SocketAddrV4::new(target.address, target.port),
                preserved,
            };
            self.go(trip, start);
        }
    }

    fn choose(
        &self,
        trip: &mut Trip<'a>,
        at: AtNode<'a>,
    ) -> Result<(Vec<&'a Target>, Option<Ipv4Addr>), End<'a>> {
        let AtNode { node, source, .. } = at;
        let (listened, served) = balancing::listener(self.network, node, at.balancer, at.port)?;
        trip.steps.push(listened);
        let targets = balancing::targets(self.network, node, served);
        let targets = targets.map_err(|why| End::NoTarget { at: node, why })?;
        Ok((targets, source.filter(|_| served.preserves_source())))
    }

    /// A gateway dials each broker that the connection may be for, from its own address.
    fn direct(&mut self, trip: Trip<'a>, caller: Caller<'a>) {
        for onward in gateways::direct(self.network, caller, self.host) {
            if self.is_full() {
                return;
            }
            let mut trip = trip.fork();
            match onward {
                Ok((step, to)) => {
                    trip.steps.push(step);
                    self.go(trip, Start::new(caller.at, to));
                }
                Err(end) => self.come_back(trip, end),
            }
        }
    }

    /// Whether no further way is followed.
    fn is_full(&mut self) -> bool {
        let is_full = self.ways.len() == MAX_WAYS;
        self.cut_short |= is_full;
        is_full
    }

    /// An answer, be it yes or no, travels every leg back, the last one first.
    fn come_back(&mut self, mut trip: Trip<'a>, answer: End<'a>) {
        let legs = std::mem::take(&mut trip.legs);
        let mut legs = legs.into_iter().rev();
        let lost = legs.find_map(|leg| self.carry_back(&mut trip, leg).err());
        self.finish(trip, lost.unwrap_or(answer));
    }

    /// One leg of the way back: out of the receiver's subnet, along the routes, into the
    /// sender's subnet.
    fn carry_back(&mut self, trip: &mut Trip<'a>, leg: Leg<'a>) -> Result<(), End<'a>> {
        let network = self.network;
        if leg.crosses_subnets() {
            self.note(Question::LetsOut, leg.to, leg.source());
        }
        self.pass(trip, acl::leave_back(network, leg))?;
        if leg.from.vpc() != leg.to.vpc() && leg.preserved.is_none() {
            self.note(Question::LeadsBack, leg.to, leg.source());
        }
        let routed = routing::back(network, leg);
        trip.steps.extend(routed.passed);
        trip.steps.extend(routed.end?);
        self.pass(trip, acl::enter_back(network, leg))
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
