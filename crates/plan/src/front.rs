//! What the PrivateLink connections to one cluster share: the balancer, its zones and settings,
//! and its listener sets.

use std::collections::BTreeSet;

use blueprint::ids::ZoneId;
use blueprint::key::SpecKey;

use crate::draft::Draft;
use crate::intent::{Cluster, Intent, Link};
use crate::layout::Plots;
use crate::sets::{self, Set};
use crate::{said, settled, template};

/// Listeners a Network Load Balancer has at most; AWS does not raise it (NLB quotas).
pub(crate) const LISTENERS_PER_BALANCER: usize = 50;

/// Idle time-out of a listener in seconds: what an endpoint has in any case (NLB, PrivateLink).
const IDLE_TIMEOUT_S: u32 = 350;

/// Why the connections to one cluster have one value.
const ONE_BALANCER: &str = "the PrivateLink connections to one cluster share its balancer";

/// A cluster's side of PrivateLink.
pub(crate) struct Front {
    /// The first connection that needs it.
    pub(crate) key: SpecKey,
    /// Zones with a node, in order.
    pub(crate) zones: Vec<ZoneId>,
    pub(crate) cross_zone: bool,
    pub(crate) tuning: Tuning,
    /// What the certificate of its TLS listeners is made out to, if they end TLS.
    pub(crate) certificate: Option<BTreeSet<String>>,
    /// Listener sets, one per class of clients.
    pub(crate) sets: Vec<Set>,
    /// Whether local clients are moved to it.
    pub(crate) moves_local_clients: bool,
}

/// Settings of a balancer and its service that have one value for all connections.
#[derive(Clone, Copy)]
pub(crate) struct Tuning {
    pub(crate) preserve_client_ip: bool,
    pub(crate) enforce_on_privatelink: bool,
    pub(crate) idle_timeout_s: u32,
    pub(crate) acceptance_required: bool,
}

impl Default for Tuning {
    fn default() -> Self {
        Self {
            preserve_client_ip: false,
            enforce_on_privatelink: false,
            idle_timeout_s: IDLE_TIMEOUT_S,
            acceptance_required: false,
        }
    }
}

impl Front {
    /// The set of a group's clients that arrive on the listener of a scheme.
    pub(crate) fn set(
        &self,
        cluster: &Cluster<'_>,
        group: Option<&str>,
        position: usize,
    ) -> Option<&Set> {
        let mut sets = self.sets.iter();
        sets.find(|set| {
            set.group.as_deref() == group && sets::position(cluster, set.auth) == position
        })
    }
}

/// Settles the front of a cluster, if a connection needs one.
pub(crate) fn settle<'s>(
    cluster: &Cluster<'s>,
    intent: &Intent<'s>,
    plots: &Plots,
    draft: &mut Draft,
) -> Option<Front> {
    let links: Vec<&Link> = intent.privatelinks(cluster.name).collect();
    let first = links.first()?;
    let zones = balancer_zones(cluster, &links, plots, draft);
    let cross_zone = said::said(
        &links,
        "cross_zone",
        ONE_BALANCER,
        |c| c.cross_zone.as_ref(),
        draft,
    );
    let cross_zone = cross_zone.map_or_else(
        || {
            let because = "each broker's listener has one target, which every zone must reach";
            draft.fill(first.key.key("cross_zone"), true, because);
            true
        },
        |(_, value)| *value,
    );
    let tuning = tuning(&links, draft);
    let sets = sets::settle(cluster, &links, intent, draft);
    Some(Front {
        key: first.key.clone(),
        zones,
        cross_zone,
        tuning,
        certificate: certificate(cluster, &links, draft),
        sets,
        moves_local_clients: sets::moves_local_clients(cluster),
    })
}

/// The settings that connections share, each said once or AWS's default, PrivateLink's
/// judgement apart: it is off, because it would judge by addresses of another VPC.
pub(crate) fn tuning(links: &[&Link<'_>], draft: &mut Draft) -> Tuning {
    let why = ONE_BALANCER;
    Tuning {
        preserve_client_ip: said::or(
            false,
            links,
            "preserve_client_ip",
            why,
            |c| c.preserve_client_ip.as_ref(),
            draft,
        ),
        enforce_on_privatelink: said::or(
            false,
            links,
            "enforce_on_privatelink",
            why,
            |c| c.enforce_on_privatelink.as_ref(),
            draft,
        ),
        idle_timeout_s: said::or(
            IDLE_TIMEOUT_S,
            links,
            "idle_timeout_s",
            why,
            |c| c.idle_timeout_s.as_ref(),
            draft,
        ),
        acceptance_required: said::or(
            false,
            links,
            "acceptance_required",
            why,
            |c| c.acceptance_required.as_ref(),
            draft,
        ),
    }
}

/// The names of the balancer's certificate, if its listeners end TLS: the names that are dialled.
fn certificate(
    cluster: &Cluster<'_>,
    links: &[&Link<'_>],
    draft: &mut Draft,
) -> Option<BTreeSet<String>> {
    let ends_tls = said::or(
        false,
        links,
        "terminate_tls",
        ONE_BALANCER,
        |c| c.terminate_tls.as_ref(),
        draft,
    );
    if !ends_tls {
        return None;
    }
    let name = "certificate_names";
    let said = said::said(
        links,
        name,
        ONE_BALANCER,
        |c| c.certificate_names.as_ref(),
        draft,
    );
    if let Some((_, names)) = said {
        return Some(names.iter().map(|name| name.to_lowercase()).collect());
    }
    let hosts = cluster.brokers.iter().map(|id| cluster.broker_host(*id));
    let hosts = hosts
        .chain(cluster.common_hosts())
        .chain(templates(cluster));
    let domains = hosts.filter_map(|host| Some(host.split_once('.')?.1.to_owned()));
    let names: BTreeSet<String> = domains.map(|domain| format!("*.{domain}")).collect();
    if let Some(first) = links.first() {
        let value = names.iter().cloned().collect::<Vec<_>>().join(", ");
        let because = "the names that are dialled, those of brokers to come among them";
        draft.fill(first.key.key(name), value, because);
    }
    Some(names)
}

/// The hosts that the user has brokers advertise.
fn templates(cluster: &Cluster<'_>) -> impl Iterator<Item = String> {
    let said = cluster
        .asked
        .advertised
        .iter()
        .flat_map(|said| said.values());
    let filled = said.flat_map(|template| {
        let ids = cluster.brokers.iter();
        ids.filter_map(|id| template::fill(template, *id).ok())
    });
    filled.map(|at| at.host)
}

pub(crate) fn balancer_zones(
    cluster: &Cluster<'_>,
    links: &[&Link<'_>],
    plots: &Plots,
    draft: &mut Draft,
) -> Vec<ZoneId> {
    let vpc = cluster.vpc.name;
    let name = "balancer_zones";
    let chosen = said::said(
        links,
        name,
        ONE_BALANCER,
        |c| c.balancer_zones.as_ref(),
        draft,
    );
    if let Some((key, zones)) = chosen {
        return settled::zones_with_subnets(zones, vpc, plots, &key, draft);
    }
    let zones: Vec<ZoneId> = plots.zones(vpc).into_iter().cloned().collect();
    if let Some(first) = links.first() {
        let because = format!("every zone of `{vpc}`, so that each endpoint finds its own");
        draft.fill(first.key.key(name), list(&zones), because);
    }
    zones
}

pub(crate) fn list(zones: &[ZoneId]) -> String {
    let zones: Vec<_> = zones.iter().map(ZoneId::as_str).collect();
    format!("[{}]", zones.join(", "))
}
