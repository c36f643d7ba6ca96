//! Clients: their interfaces, what they bootstrap from, and the listener they arrive on.

use blueprint::ids::{ClientId, ClusterId, VpcId};
use blueprint::kafka::{self, HostPort};

use crate::draft::Draft;
use crate::intent::Client;
use crate::settled::{Entry, Settled};
use crate::{listeners, naming};

/// Writes every client.
pub(crate) fn write(settled: &Settled<'_>, draft: &mut Draft) {
    for client in &settled.asked.clients {
        let entry = settled.entry(client.way, &client.cluster);
        let (_, listener) = settled.doors(entry, &client.cluster);
        let zones = settled.plots.zones(client.vpc.name).into_iter();
        let enis = zones.map(|zone| naming::client_eni(client.name, zone));
        let written = kafka::Client {
            kind: client.asked.kind,
            vpc: VpcId::from(client.vpc.name),
            cluster: ClusterId::from(client.cluster.name),
            auth: client.asked.auth,
            enis: enis
                .filter(|eni| draft.blueprint.enis.contains_key(eni))
                .collect(),
            bootstrap: bootstrap(client, entry, settled, draft),
            listener: listener.to_owned(),
            settings: client.asked.config.clone(),
            traffic: client.asked.traffic,
            lambda: None,
        };
        let id = ClientId::from(client.name);
        draft.origin(&id, &client.key);
        draft.blueprint.clients.insert(id, written);
    }
}

fn bootstrap(
    client: &Client<'_>,
    entry: Entry,
    settled: &Settled<'_>,
    draft: &mut Draft,
) -> Vec<HostPort> {
    if let Some(said) = &client.asked.bootstrap {
        return said.clone();
    }
    let key = client.key.key("bootstrap");
    let cluster = &client.cluster;
    let choices = settled.choices(cluster);
    match (entry, &choices.front) {
        (Entry::Balancer | Entry::Endpoint, Some(front)) => {
            let host = naming::bootstrap_host(&cluster.suffix);
            let at = HostPort {
                host,
                port: front.bootstrap,
            };
            draft.fill(key, &at, "the balancer's listener over all brokers");
            vec![at]
        }
        (Entry::Brokers, _) | (_, None) => {
            let port = choices.listeners.port(listeners::CLIENT);
            let value = format!("b-{{id}}.{}:{port} of every broker", cluster.suffix);
            draft.fill(key, value, "any broker can introduce the others");
            let hosts = cluster
                .brokers
                .iter()
                .map(|id| naming::broker_host(&cluster.suffix, *id));
            hosts.map(|host| HostPort { host, port }).collect()
        }
    }
}
