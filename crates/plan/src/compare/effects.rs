//! What a means does to what is there: names it needs, listeners it moves, and what is lost with
//! a zone.

use std::collections::BTreeSet;

use blueprint::Blueprint;
use blueprint::ids::{ClusterId, VpcId, ZoneId};
use blueprint::spec::{Auth, Spec};

use super::passage::{Passage, Passages};
use super::{Ends, Pair, Variant};

/// Objects of DNS that a means adds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Names {
    /// Private hosted zones.
    pub zones: usize,
    /// Records in them and in zones that were there.
    pub records: usize,
    /// Associations of zones with VPCs of other accounts, three calls each.
    pub associations: usize,
    /// Zones that AWS keeps.
    pub managed: usize,
}

/// What happens to the brokers' listeners.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Listeners {
    /// Listeners that advertise something else than without the means.
    pub moved: Vec<String>,
    /// Listeners that exist only with it.
    pub added: Vec<String>,
    /// Clients elsewhere that use a moved one, and so are moved too.
    pub others: Vec<String>,
    /// How clients of the moved ones authenticate.
    pub(super) schemes: BTreeSet<Auth>,
}

/// What is lost with a zone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ZoneLoss {
    /// The zone whose loss takes most.
    pub zone: ZoneId,
    /// Brokers that stood there.
    pub brokers: Vec<u32>,
    /// Brokers elsewhere that no way leads to any more.
    pub others: Vec<u32>,
    /// Whether names of brokers elsewhere keep an address that no longer answers.
    pub dead_addresses: bool,
}

/// Counts what a blueprint has of DNS beyond another.
pub(super) fn names(without: &Blueprint, with: &Blueprint) -> Names {
    let mut names = Names::default();
    for (id, zone) in &with.zones {
        let old = without.zones.get(id);
        if zone.managed {
            names.managed += usize::from(old.is_none());
            continue;
        }
        names.zones += usize::from(old.is_none());
        let n_old = old.map_or(0, |old| old.records.len());
        names.records += zone.records.len().saturating_sub(n_old);
        let abroad = zone.vpcs.iter().filter(|vpc| {
            let known = with.vpcs.get(*vpc);
            let joined = old.is_none_or(|old| !old.vpcs.contains(*vpc));
            joined && known.is_some_and(|vpc| vpc.account != zone.account)
        });
        names.associations += abroad.count();
    }
    names
}

/// Compares the brokers' listeners of two blueprints, and finds who else uses those that move.
pub(super) fn listeners(
    without: &Blueprint,
    with: &Blueprint,
    spec: &Spec,
    pair: &Pair,
) -> Listeners {
    let cluster = ClusterId::from(pair.to.as_str());
    let both = without
        .clusters
        .get(&cluster)
        .zip(with.clusters.get(&cluster));
    let Some((old, new)) = both else {
        return Listeners::default();
    };
    let (mut moved, mut added, mut schemes) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
    for (id, broker) in &new.brokers {
        let before = old.brokers.get(id).map(|broker| &broker.listeners);
        for (name, listener) in &broker.listeners {
            match before.and_then(|before| before.get(name)) {
                None => {
                    added.insert(name.clone());
                }
                Some(was) if was.advertised != listener.advertised => {
                    moved.insert(name.clone());
                    schemes.insert(listener.auth);
                }
                Some(_) => {}
            }
        }
    }
    Listeners {
        others: others(spec, pair, &schemes),
        moved: moved.into_iter().collect(),
        added: added.into_iter().collect(),
        schemes,
    }
}

/// Clients elsewhere that use listeners of these schemes.
pub(super) fn others(spec: &Spec, pair: &Pair, schemes: &BTreeSet<Auth>) -> Vec<String> {
    let clients = spec.clients.iter().filter(|(_, client)| {
        client.cluster == pair.to && client.vpc != pair.from && schemes.contains(&client.auth)
    });
    clients.map(|(name, _)| name.clone()).collect()
}

/// Whether the objects of a way are there, and lead to every broker.
pub(super) fn is_whole(
    blueprint: &Blueprint,
    ends: &Ends<'_>,
    variant: Variant,
    passages: &Passages<'_>,
) -> bool {
    let attached = |vpc: &VpcId| {
        let mut attachments = blueprint.transit_attachments.values();
        attachments.any(|attachment| attachment.vpc == *vpc)
    };
    let joined = match variant {
        Variant::SameVpc => true,
        Variant::Peering => !blueprint.peerings.is_empty(),
        Variant::TransitGateway => attached(&ends.from) && attached(ends.cluster_vpc),
        Variant::Privatelink
        | Variant::PerBrokerSpread
        | Variant::PerBrokerAligned
        | Variant::MskMultiVpc
        | Variant::ResourceEndpoint
        | Variant::GatewayPort
        | Variant::GatewaySni
        | Variant::GatewaySniPassthrough => !blueprint.endpoints.is_empty(),
    };
    joined && passages.values().all(|ways| !ways.is_empty())
}

/// Takes each zone away in turn and keeps the one whose loss takes most.
pub(super) fn zone_loss(
    blueprint: &Blueprint,
    ends: &Ends<'_>,
    passages: &Passages<'_>,
) -> Option<ZoneLoss> {
    let cluster = blueprint.clusters.get(&ends.to)?;
    let zone_of = |eni| {
        let eni = blueprint.enis.get(eni)?;
        Some(&blueprint.subnets.get(&eni.subnet)?.zone)
    };
    let placed: Vec<_> = cluster
        .brokers
        .iter()
        .filter_map(|(id, broker)| Some((*id, zone_of(&broker.eni)?, passages.get(id)?)))
        .collect();
    let entries = placed.iter().flat_map(|(_, _, ways)| ways.iter().flatten());
    let zones: BTreeSet<&ZoneId> = entries.map(|stop| stop.zone).collect();
    let losses = zones.into_iter().map(|lost| {
        let (gone, left): (Vec<_>, Vec<_>) = placed.iter().partition(|(_, zone, _)| *zone == lost);
        let passes = |way: &Passage<'_>| way.iter().all(|stop| stop.zone != lost);
        let cut = left.iter().filter(|(_, _, ways)| !ways.iter().any(passes));
        let dead = left.iter().any(|(_, _, ways)| {
            let mut entries = ways.iter().filter_map(|way| way.first());
            entries.any(|entry| entry.zone == lost)
        });
        ZoneLoss {
            zone: lost.clone(),
            brokers: gone.iter().map(|(id, _, _)| *id).collect(),
            others: cut.map(|(id, _, _)| *id).collect(),
            dead_addresses: dead,
        }
    });
    losses.max_by_key(|loss| (loss.others.len(), loss.brokers.len(), loss.dead_addresses))
}
