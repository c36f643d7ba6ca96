//! The attempts: for each promise, who dials what. Bootstrap comes first, because the listener
//! it arrives on decides which names and ports the brokers' metadata gives.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::net::{Ipv4Addr, SocketAddrV4};

use blueprint::gateway::Gateway;
use blueprint::ids::{ClientId, EniId, GatewayId};
use blueprint::kafka::{Broker, Client, Cluster, Goal, HostPort, PromiseId};
use blueprint::network::{Denial, DenialTarget};
use blueprint::verdict::{Class, PathVerdict};

use crate::asked::Asked;
use crate::journey::{End, Journey, Step};
use crate::names;
use crate::network::Network;
use crate::verdict::{self, Meant};
use crate::walk::{self, Dialled};

/// A promise and everything that was tried for it.
#[derive(Debug)]
pub(crate) struct Path<'a> {
    pub(crate) promise: PromiseId,
    pub(crate) client: &'a Client,
    pub(crate) cluster: &'a Cluster,
    /// The listener whose advertised addresses the client is given.
    pub(crate) listener: &'a str,
    pub(crate) journeys: Vec<Journey<'a>>,
}

impl<'a> Path<'a> {
    /// The attempts that are delivered.
    pub(crate) fn delivered(&self) -> impl Iterator<Item = &Journey<'a>> {
        let journeys = self.journeys.iter();
        journeys.filter(|journey| journey.verdict.class == Class::Delivered)
    }

    /// The path in the words that are compared with the live one.
    pub(crate) fn verdict(&self) -> PathVerdict {
        PathVerdict {
            promise: self.promise.clone(),
            attempts: self.journeys.iter().map(Journey::attempt).collect(),
        }
    }
}

/// What was asked about the addresses of interfaces that dialled.
pub(crate) type AskedBy<'a> = BTreeMap<&'a EniId, Asked<'a>>;

/// Walks every promise of every client.
pub(crate) fn walk_all<'a>(network: &Network<'a>) -> Vec<Path<'a>> {
    let clients = network.blueprint.clients.iter();
    clients
        .flat_map(|(id, client)| walk_client(network, id, client, &mut AskedBy::new()))
        .collect()
}

/// Walks a client's promises: bootstrap, then each broker by id. A client of a cluster that
/// does not exist is promised nothing.
pub(crate) fn walk_client<'a>(
    network: &Network<'a>,
    id: &'a ClientId,
    client: &'a Client,
    asked: &mut AskedBy<'a>,
) -> Vec<Path<'a>> {
    let Some(cluster) = network.blueprint.clusters.get(&client.cluster) else {
        return Vec::new();
    };
    let bootstrap = bootstrap(network, client, asked);
    let delivered = bootstrap
        .iter()
        .find(|journey| journey.verdict.class == Class::Delivered);
    let listener = delivered.and_then(|journey| arrived_on(cluster, journey));
    let listener = listener.unwrap_or(&client.listener);
    let metadata = Metadata {
        listener,
        gateway: delivered.and_then(|journey| rewritten_by(network, journey)),
    };
    let path = |goal, journeys| Path {
        promise: PromiseId {
            client: id.clone(),
            cluster: client.cluster.clone(),
            goal,
        },
        client,
        cluster,
        listener,
        journeys,
    };
    let mut paths = vec![path(Goal::Bootstrap, bootstrap)];
    for (broker_id, broker) in &cluster.brokers {
        let journeys = to_broker(network, client, metadata, (*broker_id, broker), asked);
        paths.push(path(Goal::Broker(*broker_id), journeys));
    }
    paths
}

fn bootstrap<'a>(
    network: &Network<'a>,
    client: &'a Client,
    asked: &mut AskedBy<'a>,
) -> Vec<Journey<'a>> {
    let meant = Meant::Cluster(&client.cluster);
    let mut journeys = Vec::new();
    for eni in &client.enis {
        for server in &client.bootstrap {
            let to = Cow::Borrowed(server);
            journeys.extend(attempt(network, eni, &to, meant, asked));
        }
    }
    journeys
}

/// The listener that a delivered bootstrap attempt arrived on.
fn arrived_on<'a>(cluster: &'a Cluster, delivered: &Journey<'_>) -> Option<&'a str> {
    let End::Accepted(who) = &delivered.end else {
        return None;
    };
    let mut listeners = cluster.brokers.get(&who.broker)?.listeners.iter();
    let (name, _) = listeners.find(|(_, listener)| listener.port == who.port)?;
    Some(name)
}

/// The Kafka-aware gateway that a delivered bootstrap attempt passed, if it rewrites metadata.
/// Of several the client talks to the first, which rewrites last.
fn rewritten_by<'a>(network: &Network<'a>, delivered: &Journey<'a>) -> Option<Rewriter<'a>> {
    delivered.steps.iter().find_map(|step| {
        let Step::Directed { gateway, .. } = step else {
            return None;
        };
        let known = network.blueprint.gateways.get(*gateway)?;
        (!known.advertised.is_empty()).then_some((*gateway, known))
    })
}

/// A gateway that rewrites metadata, with its id.
type Rewriter<'a> = (&'a GatewayId, &'a Gateway);

/// What settles the addresses that a client is given for brokers.
#[derive(Clone, Copy)]
struct Metadata<'a> {
    listener: &'a str,
    gateway: Option<Rewriter<'a>>,
}

impl<'a> Metadata<'a> {
    /// The address that a client is given for a broker.
    fn address(&self, id: u32, broker: &'a Broker) -> Option<&'a HostPort> {
        match self.gateway {
            Some((_, gateway)) => gateway.advertised.get(&id),
            None => broker.listeners.get(self.listener)?.advertised.as_ref(),
        }
    }
}

/// Dials a broker at what its metadata gives.
fn to_broker<'a>(
    network: &Network<'a>,
    client: &'a Client,
    metadata: Metadata<'a>,
    (id, broker): (u32, &'a Broker),
    asked: &mut AskedBy<'a>,
) -> Vec<Journey<'a>> {
    let meant = Meant::Broker(&client.cluster, id);
    let Some(advertised) = metadata.address(id, broker) else {
        let end = End::NotAdvertised {
            cluster: &client.cluster,
            broker: id,
            eni: &broker.eni,
            listener: metadata.listener,
            gateway: metadata.gateway.map(|(id, _)| id),
        };
        let nowhere = |eni| undialled(eni, Cow::Owned(nothing()), end.clone(), meant);
        return client.enis.iter().map(nowhere).collect();
    };
    let enis = client.enis.iter();
    let to = Cow::Borrowed(advertised);
    enis.flat_map(|eni| attempt(network, eni, &to, meant, asked))
        .collect()
}

/// What is dialled where nothing is advertised.
pub(crate) fn nothing() -> HostPort {
    HostPort {
        host: String::new(),
        port: 0,
    }
}

/// Dials a denial's target; whoever answers, it is a success.
pub(crate) fn attempt_denial<'a>(network: &Network<'a>, denial: &'a Denial) -> Vec<Journey<'a>> {
    let host = match &denial.to {
        DenialTarget::Name(name) => name.clone(),
        DenialTarget::Address(address) => address.to_string(),
    };
    let port = denial.port;
    attempt(
        network,
        &denial.from,
        &Cow::Owned(HostPort { host, port }),
        Meant::Anybody,
        &mut AskedBy::new(),
    )
}

/// Resolves a name where an interface is and dials every address of the answer.
fn attempt<'a>(
    network: &Network<'a>,
    from: &'a EniId,
    to: &Cow<'a, HostPort>,
    meant: Meant<'_>,
    asked: &mut AskedBy<'a>,
) -> Vec<Journey<'a>> {
    let asked = asked.entry(from).or_default();
    let Some(interface) = network.interface(from) else {
        return vec![undialled(from, to.clone(), End::Unknown, meant)];
    };
    let (answer, addresses) = match names::resolve(network, interface, &to.host) {
        Ok(answers) => answers,
        Err(end) => return vec![undialled(from, to.clone(), end, meant)],
    };
    let mut journeys = Vec::new();
    for address in addresses {
        let dialled = Dialled {
            host: &to.host,
            answer,
            to: SocketAddrV4::new(address, to.port),
        };
        for way in walk::dial(network, interface, dialled, asked) {
            let address = Some(address);
            journeys.push(journey(
                from,
                to.clone(),
                address,
                way.steps,
                way.end,
                meant,
            ));
        }
    }
    journeys
}

/// The same attempt walked past closed ports and network ACLs: one journey up to each of them,
/// and how it would end with all of them open.
pub(crate) fn walk_past<'a>(
    network: &Network<'a>,
    blocked: &Journey<'a>,
) -> (Vec<Journey<'a>>, Vec<End<'a>>) {
    let from = network.interface(blocked.from);
    let (Some(address), Some(from), Some(Step::Named(answer))) =
        (blocked.address, from, blocked.steps.first())
    else {
        return (Vec::new(), Vec::new());
    };
    let dialled = Dialled {
        host: &blocked.to.host,
        answer: *answer,
        to: SocketAddrV4::new(address, blocked.to.port),
    };
    let (closed, open) = walk::dial_past(network, from, dialled);
    let up_to = closed.into_iter().map(|way| {
        let to = blocked.to.clone();
        let meant = Meant::Anybody;
        journey(blocked.from, to, Some(address), way.steps, way.end, meant)
    });
    (
        up_to.collect(),
        open.into_iter().map(|way| way.end).collect(),
    )
}

fn undialled<'a>(
    from: &'a EniId,
    to: Cow<'a, HostPort>,
    end: End<'a>,
    meant: Meant<'_>,
) -> Journey<'a> {
    journey(from, to, None, Vec::new(), end, meant)
}

fn journey<'a>(
    from: &'a EniId,
    to: Cow<'a, HostPort>,
    address: Option<Ipv4Addr>,
    steps: Vec<Step<'a>>,
    end: End<'a>,
    meant: Meant<'_>,
) -> Journey<'a> {
    let verdict = verdict::of(&end, meant);
    Journey {
        from,
        to,
        address,
        steps,
        end,
        verdict,
    }
}
