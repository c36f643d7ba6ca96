//! Clients: their interfaces, what they bootstrap from, and the listener they arrive on.

use std::collections::BTreeMap;

use blueprint::ids::{ClientId, ClusterId, VpcId};
use blueprint::kafka::{self, HostPort};
use blueprint::spec::ClientKind;

use crate::doors::{Door, Entry};
use crate::draft::Draft;
use crate::intent::Client;
use crate::naming;
use crate::settled::Settled;

/// Kafka's setting for how long a client keeps a connection that carries nothing.
const IDLE_SETTING: &str = "connections.max.idle.ms";

/// Milliseconds, well below the 350 s of an interface endpoint, which nobody can change (AWS
/// PrivateLink), and of a balancer's listener.
const IDLE_MS: u32 = 300_000;

/// The setting that keeps a client's silent connections from being reset.
pub(crate) fn idle() -> BTreeMap<String, String> {
    [(IDLE_SETTING.to_owned(), IDLE_MS.to_string())].into()
}

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
            settings: settings(client, settled, draft),
            traffic: client.asked.traffic,
            lambda: (kind == ClientKind::Lambda).then(|| client.asked.lambda.clone()),
        };
        let id = ClientId::from(client.name);
        draft.origin(&id, &client.key);
        draft.blueprint.clients.insert(id, written);
    }
}

/// The client's own settings, as said; where an endpoint or a balancer would forget a silent
/// connection before either side closes it, the client is to close it first.
fn settings(
    client: &Client<'_>,
    settled: &Settled<'_>,
    draft: &mut Draft,
) -> BTreeMap<String, String> {
    let mut settings = client.asked.config.clone();
    let is_direct = settled.entry(client.way, &client.cluster) == Entry::Brokers;
    if !is_direct && !settings.contains_key(IDLE_SETTING) {
        let key = client.key.key("config").key(IDLE_SETTING);
        let because = "endpoints and balancers forget a silent connection after 350 s";
        draft.fill(key, IDLE_MS, because);
        settings.insert(IDLE_SETTING.to_owned(), IDLE_MS.to_string());
    }
    settings
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
