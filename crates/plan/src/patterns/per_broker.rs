//! PrivateLink with a balancer and a service for each broker, which keep brokers as they are.

use std::collections::BTreeMap;

use blueprint::ids::ZoneId;
use blueprint::key::SpecKey;
use blueprint::spec::Auth;

use crate::draft::Draft;
use crate::front::{self, Tuning};
use crate::intent::{Cluster, Intent, Means};
use crate::layout::Plots;
use crate::{said, sets};

/// A cluster's side of the pattern.
pub(crate) struct PerBroker {
    /// The first connection that needs it.
    pub(crate) key: SpecKey,
    /// The brokers' listeners in use, with the scheme of each.
    pub(crate) listeners: Vec<(&'static str, Auth)>,
    /// The zones of each broker's balancer.
    pub(crate) zones: BTreeMap<u32, Vec<ZoneId>>,
    /// Whether balancer and endpoint stand in their broker's zone only.
    pub(crate) is_aligned: bool,
    pub(crate) cross_zone: bool,
    pub(crate) tuning: Tuning,
}

/// Settles the pattern, if a connection needs it.
pub(super) fn settle(
    cluster: &Cluster<'_>,
    intent: &Intent<'_>,
    plots: &Plots,
    draft: &mut Draft,
) -> Option<PerBroker> {
    let links = super::links(intent, cluster, Means::PrivatelinkPerBroker);
    let first = links.first()?;
    let why = super::ONE_PATTERN;
    let aligned = said::said(
        &links,
        "zone_aligned",
        why,
        |c| c.zone_aligned.as_ref(),
        draft,
    );
    let is_aligned = aligned.map_or_else(
        || {
            let because = "every zone's clients keep an endpoint in their own zone";
            draft.fill(first.key.key("zone_aligned"), false, because);
            false
        },
        |(_, value)| *value,
    );
    let all = if is_aligned {
        Vec::new()
    } else {
        front::balancer_zones(cluster, &links, plots, draft)
    };
    let zones = cluster.brokers.iter().map(|id| {
        let own = super::broker_zone(cluster, *id, plots).into_iter();
        let zones = if is_aligned {
            own.collect()
        } else {
            all.clone()
        };
        (*id, zones)
    });
    let cross_zone = said::said(&links, "cross_zone", why, |c| c.cross_zone.as_ref(), draft);
    let cross_zone = cross_zone.map_or_else(
        || {
            let because = if is_aligned {
                "a balancer's one target is in its one zone"
            } else {
                "each balancer has one target, which every zone must reach"
            };
            draft.fill(first.key.key("cross_zone"), !is_aligned, because);
            !is_aligned
        },
        |(_, value)| *value,
    );
    Some(PerBroker {
        key: first.key.clone(),
        listeners: sets::listeners_used(cluster, &links, intent),
        zones: zones.collect(),
        is_aligned,
        cross_zone,
        tuning: front::tuning(&links, draft),
    })
}
