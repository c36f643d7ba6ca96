//! Rule 2e''', the Kafka-aware gateway: which broker a connection is for, by the port it came to
//! or by the name in its TLS handshake.

use std::net::SocketAddrV4;

use blueprint::gateway::Gateway;
use blueprint::ids::GatewayId;
use blueprint::kafka::Cluster;
use blueprint::spec::GatewayMode;

use crate::journey::{End, Step, Undirected};
use crate::network::{Interface, Network};

/// A connection at an instance of a gateway.
#[derive(Clone, Copy)]
pub(crate) struct Caller<'a> {
    pub(crate) at: Interface<'a>,
    pub(crate) gateway: &'a GatewayId,
    pub(crate) port: u16,
}

/// What an instance does for one broker: dials it, or turns the connection down.
pub(crate) type Onward<'a> = Result<(Step<'a>, SocketAddrV4), End<'a>>;

/// What an instance does with a connection, given the host name that was dialled: once for each
/// broker it may be for.
pub(crate) fn direct<'a>(network: &Network<'a>, caller: Caller<'a>, host: &str) -> Vec<Onward<'a>> {
    let Caller { at, gateway, port } = caller;
    let Some(known) = network.blueprint.gateways.get(gateway) else {
        return vec![Err(End::Refused { at, port })];
    };
    let brokers = brokers(network, known, host, port);
    let turned_down = |why| End::Undirected { at, gateway, why };
    match brokers {
        Ok(brokers) => brokers
            .into_iter()
            .map(|broker| dial(network, caller, known, broker).map_err(turned_down))
            .collect(),
        Err(why) => vec![Err(turned_down(why))],
    }
}

/// The brokers that a connection may be for, at least one.
fn brokers<'a>(
    network: &Network<'a>,
    gateway: &'a Gateway,
    host: &str,
    port: u16,
) -> Result<Vec<u32>, Undirected<'a>> {
    match gateway.mode {
        GatewayMode::Port if port == gateway.port => every_broker(network, gateway),
        GatewayMode::Port => {
            let slot = gateway.slots.get(&port);
            slot.map(|broker| vec![*broker])
                .ok_or(Undirected::Port(port))
        }
        GatewayMode::Sni | GatewayMode::SniPassthrough => {
            if port != gateway.port {
                Err(Undirected::Port(port))
            } else if let Some(broker) = gateway.names.get(host) {
                Ok(vec![*broker])
            } else if gateway.bootstrap_names.contains(host) {
                every_broker(network, gateway)
            } else {
                Err(Undirected::Name)
            }
        }
    }
}

fn every_broker<'a>(network: &Network<'_>, gateway: &Gateway) -> Result<Vec<u32>, Undirected<'a>> {
    let cluster = cluster_of(network, gateway);
    let brokers: Vec<_> = cluster.map_or_else(Vec::new, |cluster| {
        cluster.brokers.keys().copied().collect()
    });
    if brokers.is_empty() {
        Err(Undirected::NoBrokers)
    } else {
        Ok(brokers)
    }
}

fn cluster_of<'a>(network: &Network<'a>, gateway: &Gateway) -> Option<&'a Cluster> {
    network.blueprint.clusters.get(&gateway.cluster)
}

/// A broker's address, and its port of the listener that the gateway dials.
fn dial<'a>(
    network: &Network<'a>,
    caller: Caller<'a>,
    gateway: &'a Gateway,
    id: u32,
) -> Result<(Step<'a>, SocketAddrV4), Undirected<'a>> {
    let listener = &gateway.listener;
    let cluster = cluster_of(network, gateway);
    let broker = cluster.and_then(|cluster| cluster.brokers.get(&id));
    let eni = broker.and_then(|broker| network.interface(&broker.eni));
    let (Some(broker), Some(eni)) = (broker, eni) else {
        return Err(Undirected::NoBroker(id));
    };
    let bound = broker.listeners.get(listener);
    let bound = bound.ok_or(Undirected::NoListener {
        broker: id,
        listener,
    })?;
    let step = Step::Directed {
        gateway: caller.gateway,
        at: caller.at,
        broker: id,
        listener,
        port: bound.port,
    };
    Ok((step, SocketAddrV4::new(eni.address(), bound.port)))
}
