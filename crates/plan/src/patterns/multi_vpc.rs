//! Amazon MSK's own PrivateLink: a scheme at a time, on listeners, names and ports of MSK's.

use std::collections::{BTreeMap, BTreeSet};

use blueprint::diagnostic::{At, Diagnostic};
use blueprint::ids::ZoneId;
use blueprint::kafka::HostPort;
use blueprint::key::SpecKey;
use blueprint::spec::Auth;

use crate::draft::Draft;
use crate::intent::{Cluster, Intent, Link, Means};
use crate::layout::Plots;
use crate::{listeners, sets};

/// To which MSK adds a broker's id for the port of a VPC connection (MSK guide, multi-VPC).
const BASE: u32 = 14_000;

/// Brokers that a client bootstraps from: MSK's string names three.
const BOOTSTRAP_BROKERS: usize = 3;

/// A cluster's side of the pattern.
pub(crate) struct MultiVpc {
    /// The first connection that needs it.
    pub(crate) key: SpecKey,
    pub(crate) schemes: Vec<Scheme>,
    /// The zones of the cluster's brokers.
    pub(crate) zones: Vec<ZoneId>,
}

/// A scheme for which VPC connectivity is turned on.
pub(crate) struct Scheme {
    pub(crate) auth: Auth,
    /// MSK's word for it in names.
    pub(crate) label: &'static str,
    /// The brokers' listener.
    pub(crate) listener: &'static str,
    bound: u16,
    /// Its position among the schemes MSK has.
    pub(crate) nth: usize,
    /// Accounts that the cluster's policy lets connect by it.
    pub(crate) accounts: BTreeSet<String>,
    /// The VPCs whose clients use it.
    pub(crate) holders: BTreeSet<String>,
    /// What each broker is dialled as.
    pub(crate) advertised: BTreeMap<u32, HostPort>,
}

/// MSK's word for a scheme, its listener, a port for it to bind, and its position; none where
/// MSK has no VPC connections for it.
fn words(auth: Auth) -> Option<(&'static str, &'static str, u16, usize)> {
    match auth {
        Auth::None => None,
        Auth::Iam => Some(("iam", "CLIENT_IAM_VPCE", 14_098, 0)),
        Auth::Scram => Some(("scram", "CLIENT_SASL_SCRAM_VPCE", 14_096, 1)),
        Auth::Tls | Auth::Mtls => Some(("tls", "CLIENT_SECURE_VPCE", 14_094, 2)),
    }
}

impl MultiVpc {
    /// The scheme that clients of an authentication use.
    pub(crate) fn scheme(&self, auth: Auth) -> Option<&Scheme> {
        let (label, ..) = words(auth)?;
        self.schemes.iter().find(|scheme| scheme.label == label)
    }

    pub(super) fn further_listeners(&self) -> impl Iterator<Item = listeners::Default> {
        self.schemes.iter().map(|scheme| listeners::Default {
            name: scheme.listener.to_owned(),
            port: scheme.bound,
            auth: scheme.auth,
            because: "MSK does not show what its own balancer dials; any free port serves the lab",
        })
    }
}

impl Scheme {
    /// Every port a client dials.
    pub(crate) fn ports(&self) -> BTreeSet<u16> {
        self.advertised.values().map(|at| at.port).collect()
    }

    /// What a client bootstraps from.
    pub(crate) fn bootstrap(&self, cluster: &Cluster<'_>) -> Vec<HostPort> {
        let first = cluster.brokers.iter().take(BOOTSTRAP_BROKERS);
        first
            .filter_map(|id| self.advertised.get(id).cloned())
            .collect()
    }
}

/// Settles the pattern, if a connection needs it.
pub(super) fn settle(
    cluster: &Cluster<'_>,
    intent: &Intent<'_>,
    plots: &Plots,
    draft: &mut Draft,
) -> Option<MultiVpc> {
    let links = super::links(intent, cluster, Means::MskMultiVpc);
    let first = links.first()?;
    let key = first.key.clone();
    let schemes = schemes(cluster, &links, intent, draft);
    let used = cluster.brokers.iter();
    let used: BTreeSet<ZoneId> = used
        .filter_map(|id| super::broker_zone(cluster, *id, plots))
        .collect();
    let zones = plots.zones(cluster.vpc.name).into_iter().cloned();
    Some(MultiVpc {
        key,
        schemes,
        zones: zones.filter(|zone| used.contains(zone)).collect(),
    })
}

fn schemes(
    cluster: &Cluster<'_>,
    links: &[&Link<'_>],
    intent: &Intent<'_>,
    draft: &mut Draft,
) -> Vec<Scheme> {
    let mut schemes = Vec::new();
    for (_, auth) in sets::listeners_used(cluster, links, intent) {
        let Some((label, listener, bound, nth)) = words(auth) else {
            continue;
        };
        let using = links.iter().filter(|link| {
            let used = sets::listeners_used(cluster, &[link], intent);
            used.iter().any(|(_, other)| *other == auth)
        });
        let using: Vec<_> = using.map(|link| &link.holder).collect();
        schemes.push(Scheme {
            auth,
            label,
            listener,
            bound,
            nth,
            accounts: using.iter().map(|vpc| vpc.asked.account.clone()).collect(),
            holders: using.iter().map(|vpc| vpc.name.to_owned()).collect(),
            advertised: advertised(cluster, label, links, draft),
        });
    }
    schemes
}

/// MSK's name and port for each broker.
fn advertised(
    cluster: &Cluster<'_>,
    label: &str,
    links: &[&Link<'_>],
    draft: &mut Draft,
) -> BTreeMap<u32, HostPort> {
    let port = |id: &u32| u16::try_from(BASE.checked_add(*id)?).ok();
    let beyond = cluster.brokers.iter().find(|id| port(id).is_none());
    if let Some((id, link)) = beyond.zip(links.first()) {
        let title = format!("{BASE} + {id} is no TCP port");
        let fault = Diagnostic::error("port-out-of-range", title, At::Value(link.key.key("via")))
            .label(format!(
                "broker {id} of `{}` gets no listener",
                cluster.name
            ))
            .help("choose lower ids");
        draft.report(fault);
    }
    let named = cluster.brokers.iter().filter_map(|id| {
        let host = format!("b-{id}.{label}.{}", cluster.suffix);
        Some((
            *id,
            HostPort {
                host,
                port: port(id)?,
            },
        ))
    });
    named.collect()
}
