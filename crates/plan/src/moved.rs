//! The setting that moves listeners of Amazon MSK to a balancer's ports, and whom it moves.

use std::collections::BTreeMap;

use blueprint::Step;
use blueprint::ids::ClusterId;
use blueprint::kafka::HostPort;

use crate::clients;
use crate::draft::Draft;
use crate::intent::{Cluster, Way};
use crate::ports;
use crate::settled::Settled;
use crate::steps::Phase;

/// The steps for a cluster whose listeners are moved; none for another.
pub(crate) fn steps(cluster: &Cluster<'_>, settled: &Settled<'_>, draft: &Draft) -> Vec<Step> {
    let Some(front) = settled.moving_front(cluster) else {
        return Vec::new();
    };
    let account = &cluster.vpc.asked.account;
    let region = cluster.vpc.region.to_owned();
    let name = cluster.name;
    let sets: Vec<&str> = front.sets.iter().map(|set| set.listener.as_str()).collect();
    let (listener, is) = match sets.len() {
        1 => ("listener", "the listener is"),
        _ => ("listeners", "the listeners are"),
    };
    let doors = settled.doors(Way::SameVpc, cluster).into_iter();
    let lines = doors.map(|door| {
        let servers: Vec<_> = door
            .bootstrap
            .servers
            .iter()
            .map(ToString::to_string)
            .collect();
        format!("bootstrap.servers={}", servers.join(","))
    });
    vec![
        Step {
            account: account.clone(),
            region: region.clone(),
            phase: Phase::Listeners.number(),
            title: format!(
                "set the {listener} of `{name}`, after the network: brokers restart one by one"
            ),
            lines: listener_lines(cluster, &sets, draft),
        },
        Step {
            account: account.clone(),
            region,
            phase: Phase::Clients.number(),
            title: format!(
                "give clients in `{}` their new bootstrap servers and settings: {is} theirs too",
                cluster.vpc.name
            ),
            lines: lines.chain([clients::idle_line()]).collect(),
        },
    ]
}

/// One property where each broker's port is its id plus a number; else each broker's own.
fn listener_lines(cluster: &Cluster<'_>, listeners: &[&str], draft: &Draft) -> Vec<String> {
    let rules: Option<Vec<String>> = listeners
        .iter()
        .map(|listener| rule(cluster, listener, draft))
        .collect();
    if let Some(rules) = rules {
        return vec![format!("custom.advertised.listeners={}", rules.join(","))];
    }
    let lines = cluster.brokers.iter().filter_map(|id| {
        let at = listeners.iter().filter_map(|listener| {
            let at = advertised(cluster, listener, draft);
            Some(format!("{listener}://{}", at.get(id)?))
        });
        let at = at.collect::<Vec<_>>().join(",");
        (!at.is_empty()).then(|| format!("broker {id}: advertised.listeners={at}"))
    });
    lines.collect()
}

/// What a listener advertises on every broker, as a rule, if there is one.
fn rule(cluster: &Cluster<'_>, listener: &str, draft: &Draft) -> Option<String> {
    let advertised = advertised(cluster, listener, draft);
    let ports = advertised.iter().map(|(id, at)| (*id, at.port)).collect();
    let base = ports::base(&ports)?;
    let mut all = advertised.iter();
    all.all(|(id, at)| at.host == cluster.broker_host(*id))
        .then(|| {
            let suffix = &cluster.suffix;
            format!("{listener}://b-{{broker_id}}.{suffix}:{base}+{{broker_id}}")
        })
}

fn advertised(cluster: &Cluster<'_>, listener: &str, draft: &Draft) -> BTreeMap<u32, HostPort> {
    let settled = draft.blueprint.clusters.get(&ClusterId::from(cluster.name));
    let brokers = settled.into_iter().flat_map(|settled| &settled.brokers);
    let advertised = brokers.filter_map(|(id, broker)| {
        let at = broker.listeners.get(listener)?.advertised.clone()?;
        Some((*id, at))
    });
    advertised.collect()
}
