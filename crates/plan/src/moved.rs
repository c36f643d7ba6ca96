//! How the listeners of Amazon MSK are moved to where the network leads, and whom that moves.

use std::collections::BTreeMap;

use blueprint::ids::ClusterId;
use blueprint::kafka::{AdvertisedBy, BrokerListener};
use blueprint::spec::Auth;
use blueprint::step::StepKind;
use blueprint::{Blueprint, Step};

use crate::draft::Draft;
use crate::intent::Cluster;
use crate::settled::Settled;
use crate::steps::{Needs, Phase, Turn};
use crate::told;

/// The steps for a cluster whose listeners are moved; none for another.
pub(crate) fn steps(cluster: &Cluster<'_>, settled: &Settled<'_>, draft: &Draft) -> Vec<Step> {
    let blueprint = &draft.blueprint;
    let listeners = listeners(cluster, blueprint);
    let clients = told::local(cluster, settled, blueprint);
    listeners.into_iter().chain(clients).collect()
}

/// The step that moves the listeners.
fn listeners(cluster: &Cluster<'_>, blueprint: &Blueprint) -> Option<Step> {
    let id = ClusterId::from(cluster.name);
    let name = cluster.name;
    let (title, lines) = match blueprint.clusters.get(&id)?.advertised_by.as_ref()? {
        AdvertisedBy::ServerProperties => return None,
        AdvertisedBy::Property(value) => {
            let listeners = match value.split(',').count() {
                1 => "listener",
                _ => "listeners",
            };
            let title = format!(
                "set the {listeners} of `{name}`, after the network: brokers restart one by one"
            );
            (title, vec![format!("custom.advertised.listeners={value}")])
        }
        AdvertisedBy::PerBroker(values) => {
            let title = format!(
                "set the listeners of `{name}` broker by broker, after the network: the setting repeats every listener, so add what the first command shows beside these"
            );
            (title, dynamic(cluster, values, blueprint))
        }
    };
    let mut needs = Needs::of(blueprint);
    needs.domain(cluster, &lines);
    let turn = Turn {
        account: &cluster.vpc.asked.account,
        region: cluster.vpc.region,
        phase: Phase::Listeners,
        kind: StepKind::AdvertisedListeners(id),
        title,
    };
    Some(turn.step(lines, needs))
}

/// For each broker the command that shows its listeners and the one that sets them, both asked
/// of the broker itself.
fn dynamic(
    cluster: &Cluster<'_>,
    values: &BTreeMap<u32, String>,
    blueprint: &Blueprint,
) -> Vec<String> {
    let lines = values.iter().flat_map(|(id, value)| {
        let kafka = format!(
            "kafka-configs.sh --bootstrap-server {} --entity-type brokers --entity-name {id}",
            administered(cluster, *id, blueprint)
        );
        [
            format!("{kafka} --describe --all | grep advertised.listeners"),
            format!("{kafka} --alter --add-config \"advertised.listeners=[{value}]\""),
        ]
    });
    lines.collect()
}

/// Where a broker takes commands, and the file of an administrator's settings if it wants any.
fn administered(cluster: &Cluster<'_>, id: u32, blueprint: &Blueprint) -> String {
    let settled = blueprint.clusters.get(&ClusterId::from(cluster.name));
    let broker = settled.and_then(|settled| settled.brokers.get(&id));
    let listeners = broker.into_iter().flat_map(|broker| &broker.listeners);
    let is_inner = |name: &str| settled.is_some_and(|own| own.inter_broker_listener == name);
    let mut of_clients = listeners.filter(|(name, _)| !is_inner(name));
    let host = cluster.broker_host(id);
    match of_clients.next() {
        Some((_, BrokerListener { port, auth, .. })) if *auth == Auth::None => {
            format!("{host}:{port}")
        }
        Some((_, BrokerListener { port, .. })) => {
            format!("{host}:{port} --command-config admin.properties")
        }
        None => host,
    }
}
