//! Clients: their interfaces, what they bootstrap from, and the listener they arrive on.

use blueprint::ids::{ClientId, ClusterId, VpcId};
use blueprint::kafka::{self, HostPort};
use blueprint::spec::ClientKind;

use crate::doors::Door;
use crate::draft::Draft;
use crate::intent::Client;
use crate::naming;
use crate::settled::Settled;

/// Writes every client.
pub(crate) fn write(settled: &Settled<'_>, draft: &mut Draft) {
    for client in &settled.asked.clients {
        let auth = client.auth();
        let door = settled.door(client.way, &client.cluster, auth);
        let zones = settled.plots.zones(client.vpc.name).into_iter();
        let enis = zones.map(|zone| naming::client_eni(client.name, zone));
        let kind = client.asked.kind;
        let written = kafka::Client {
            kind,
            vpc: VpcId::from(client.vpc.name),
            cluster: ClusterId::from(client.cluster.name),
            auth,
            enis: enis
                .filter(|eni| draft.blueprint.enis.contains_key(eni))
                .collect(),
            bootstrap: bootstrap(client, &door, draft),
            listener: door.listener,
            settings: client.asked.config.clone(),
            traffic: client.asked.traffic,
            lambda: (kind == ClientKind::Lambda).then(|| client.asked.lambda.clone()),
        };
        let id = ClientId::from(client.name);
        draft.origin(&id, &client.key);
        draft.blueprint.clients.insert(id, written);
    }
}

fn bootstrap(client: &Client<'_>, door: &Door, draft: &mut Draft) -> Vec<HostPort> {
    if let Some(said) = &client.asked.bootstrap {
        return said.clone();
    }
    let chosen = &door.bootstrap;
    let key = client.key.key("bootstrap");
    draft.fill(key, &chosen.value, chosen.because);
    chosen.servers.clone()
}
