//! The ways of bytes from a client's zone to a broker, stop by stop, as the blueprint leads them:
//! through which zones, which of them equally likely.

use std::collections::BTreeMap;

use blueprint::Blueprint;
use blueprint::balancing::{Endpoint, EndpointTarget, LoadBalancer};
use blueprint::ids::{ClusterId, EniId, ServiceId, VpcId, ZoneId};
use blueprint::network::{Eni, EniOwner};

/// A place bytes pass.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Stop<'b> {
    pub(super) kind: Kind,
    pub(super) zone: &'b ZoneId,
    pub(super) vpc: &'b VpcId,
    pub(super) region: &'b str,
}

/// What a stop is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Client,
    Endpoint,
    ResourceEndpoint,
    Node { managed: bool },
    ResourceGateway,
    Gateway,
    Broker,
}

/// The stops behind the client, up to the broker.
pub(super) type Passage<'b> = Vec<Stop<'b>>;

/// The ways to each broker.
pub(super) type Passages<'b> = BTreeMap<u32, Vec<Passage<'b>>>;

/// The ways to every broker of a cluster.
pub(super) fn to_brokers<'b>(blueprint: &'b Blueprint, cluster: &ClusterId) -> Passages<'b> {
    let settled = blueprint.clusters.get(cluster);
    let ids = settled
        .into_iter()
        .flat_map(|settled| settled.brokers.keys());
    ids.map(|id| (*id, to_broker(blueprint, cluster, *id)))
        .collect()
}

/// Every way to a broker, equally likely each. Empty if nothing leads there.
fn to_broker<'b>(blueprint: &'b Blueprint, cluster: &ClusterId, broker: u32) -> Vec<Passage<'b>> {
    let settled = blueprint.clusters.get(cluster);
    let eni = settled.and_then(|settled| settled.brokers.get(&broker));
    let Some(eni) = eni.and_then(|known| blueprint.enis.get(&known.eni)) else {
        return Vec::new();
    };
    let ways = Ways {
        blueprint,
        cluster,
        eni,
    };
    if blueprint.endpoints.is_empty() {
        return ways
            .stop(Kind::Broker, eni)
            .map(|stop| vec![stop])
            .into_iter()
            .collect();
    }
    let endpoints = blueprint.endpoints.values();
    endpoints
        .flat_map(|endpoint| ways.through(endpoint))
        .collect()
}

/// The stop of an interface.
pub(super) fn stop_of<'b>(blueprint: &'b Blueprint, kind: Kind, eni: &'b Eni) -> Option<Stop<'b>> {
    let subnet = blueprint.subnets.get(&eni.subnet)?;
    let vpc = blueprint.vpcs.get(&subnet.vpc)?;
    Some(Stop {
        kind,
        zone: &subnet.zone,
        vpc: &subnet.vpc,
        region: &vpc.region,
    })
}

struct Ways<'b, 'c> {
    blueprint: &'b Blueprint,
    cluster: &'c ClusterId,
    eni: &'b Eni,
}

impl<'b> Ways<'b, '_> {
    fn stop(&self, kind: Kind, eni: &'b Eni) -> Option<Stop<'b>> {
        stop_of(self.blueprint, kind, eni)
    }

    fn stop_at(&self, kind: Kind, eni: &EniId) -> Option<Stop<'b>> {
        self.stop(kind, self.blueprint.enis.get(eni)?)
    }

    fn through(&self, endpoint: &'b Endpoint) -> Vec<Passage<'b>> {
        let mut passages = Vec::new();
        for eni in endpoint.enis.values() {
            let (kind, onward) = match &endpoint.target {
                EndpointTarget::Service(service) => {
                    let Some(entry) = self.stop_at(Kind::Endpoint, eni) else {
                        continue;
                    };
                    (Kind::Endpoint, self.behind_service(service, &entry))
                }
                EndpointTarget::Resource(id) => {
                    let Some(entry) = self.stop_at(Kind::ResourceEndpoint, eni) else {
                        continue;
                    };
                    let configuration = self.blueprint.resource_configurations.get(id);
                    let meant = configuration.filter(|known| known.address == self.eni.address);
                    let onward =
                        meant.map(|known| self.behind_resource(&known.gateway, entry.zone));
                    (Kind::ResourceEndpoint, onward.unwrap_or_default())
                }
            };
            let Some(entry) = self.stop_at(kind, eni) else {
                continue;
            };
            let entered = onward
                .into_iter()
                .map(|rest| [vec![entry.clone()], rest].concat());
            passages.extend(entered);
        }
        passages
    }

    fn behind_resource(
        &self,
        gateway: &blueprint::ids::ResourceGatewayId,
        zone: &ZoneId,
    ) -> Vec<Passage<'b>> {
        let gateway = self.blueprint.resource_gateways.get(gateway);
        let eni = gateway.and_then(|gateway| gateway.enis.get(zone));
        let entry = eni.and_then(|eni| self.stop_at(Kind::ResourceGateway, eni));
        let stops = entry.zip(self.stop(Kind::Broker, self.eni));
        stops
            .map(|(entry, broker)| vec![entry, broker])
            .into_iter()
            .collect()
    }

    /// The node of the endpoint's zone takes the connection, or any node for another Region.
    fn behind_service(&self, service: &ServiceId, entry: &Stop<'b>) -> Vec<Passage<'b>> {
        let service = self.blueprint.services.get(service);
        let Some(balancer) = service.and_then(|s| self.blueprint.balancers.get(&s.balancer)) else {
            return Vec::new();
        };
        let kind = Kind::Node {
            managed: balancer.managed,
        };
        let nodes = balancer.nodes.values();
        let nodes = nodes.filter_map(|eni| self.stop_at(kind, eni));
        let nodes = nodes.filter(|node| node.region != entry.region || node.zone == entry.zone);
        let onward = nodes.flat_map(|node| {
            let targets = self.targets(balancer, &node).into_iter();
            targets.map(move |rest| [vec![node.clone()], rest].concat())
        });
        onward.collect()
    }

    /// What a node passes connections for this broker to: the broker where a listener is its
    /// alone, else gateways, and then the broker.
    fn targets(&self, balancer: &'b LoadBalancer, node: &Stop<'b>) -> Vec<Passage<'b>> {
        let Some(broker) = self.stop(Kind::Broker, self.eni) else {
            return Vec::new();
        };
        let listeners = balancer.listeners.values();
        let groups = listeners.filter_map(|l| self.blueprint.target_groups.get(&l.target_group));
        let addresses: Vec<Vec<_>> = groups
            .map(|group| group.targets.iter().map(|target| target.address).collect())
            .collect();
        let usable = |stop: &Stop<'_>| balancer.cross_zone || stop.zone == node.zone;
        if addresses.iter().any(|group| group == &[self.eni.address]) && usable(&broker) {
            return vec![vec![broker]];
        }
        let gateways = self.blueprint.gateways.values();
        let gateways = gateways.filter(|gateway| gateway.cluster == *self.cluster);
        let instances = gateways.flat_map(|gateway| &gateway.instances);
        let instances = instances.filter(|eni| {
            let known = self.blueprint.enis.get(*eni);
            known.is_some_and(|eni| addresses.iter().any(|group| group.contains(&eni.address)))
        });
        let stops = instances.filter_map(|eni| self.stop_at(Kind::Gateway, eni));
        let stops = stops.filter(usable);
        stops.map(|gateway| vec![gateway, broker.clone()]).collect()
    }
}

/// The zones a client has interfaces in, one for each interface.
pub(super) fn client_stops<'b>(
    blueprint: &'b Blueprint,
    client: &blueprint::kafka::Client,
) -> Vec<Stop<'b>> {
    let enis = client.enis.iter().filter_map(|eni| blueprint.enis.get(eni));
    enis.filter(|eni| matches!(eni.owner, EniOwner::Client(_)))
        .filter_map(|eni| stop_of(blueprint, Kind::Client, eni))
        .collect()
}
