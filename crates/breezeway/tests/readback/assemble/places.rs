//! Which VPC of the text is which of the spec: the one whose group a client of it wears, or in which
//! the brokers of its cluster stand, else the one with the same account, Region and ranges.

use std::collections::BTreeSet;
use std::net::Ipv4Addr;

use blueprint::ids::{ClusterId, SecurityGroupId, VpcId, ZoneId};
use blueprint::network::Vpc;
use ipnet::Ipv4Net;

use super::settings::{listeners, properties};
use super::{Draft, groups, msk, network};
use crate::known::VpcFacts;
use crate::wiring::BrokerSettings;

/// Finds the place of every VPC of the spec.
pub(super) fn write(draft: &mut Draft<'_>) {
    let said = &draft.known.said;
    for vpc in said.vpcs.keys() {
        draft.places.insert(vpc.clone(), vpc.clone());
    }
    let clients = said.clients.iter();
    let clients = clients.map(|(id, client)| (&client.vpc, worn_in(draft, id.as_str())));
    let clusters = said.clusters.iter();
    let clusters = clusters.map(|(id, cluster)| {
        let ground = msk::ground_of(draft, id);
        (&cluster.vpc, ground.or_else(|| bound_in(draft, id)))
    });
    let found: Vec<_> = clients.chain(clusters).collect();
    for (vpc, place) in found {
        if let Some(place) = place {
            draft.places.entry(vpc.clone()).or_insert(place);
        }
    }
    let mut taken: BTreeSet<VpcId> = draft.places.values().cloned().collect();
    for (id, facts) in &draft.known.vpcs {
        if draft.places.contains_key(id) {
            continue;
        }
        if let Some(vpc) = alike(draft, id, facts, &taken) {
            taken.insert(vpc.clone());
            draft.places.insert(id.clone(), vpc);
        }
    }
}

/// The VPC of the group that a client wears.
fn worn_in(draft: &Draft<'_>, client: &str) -> Option<VpcId> {
    let group = draft.reading.clients.get(client)?;
    let group: SecurityGroupId = draft.object(group, &[groups::GROUP]).ok()?;
    let group = draft.made.security_groups.get(&group)?;
    Some(group.vpc.clone())
}

/// The one VPC in the account and Region of brokers' settings that has an interface for every
/// address they bind.
fn bound_in(draft: &Draft<'_>, cluster: &ClusterId) -> Option<VpcId> {
    let files = draft.reading.settings.iter();
    let files: Vec<_> = files.filter(|f| f.cluster == cluster.as_str()).collect();
    let first = files.first()?;
    let bound: BTreeSet<Ipv4Addr> = files.iter().filter_map(|file| bound(file)).collect();
    let mut vpcs = draft.made.vpcs.iter().filter(|(id, vpc)| {
        let held: BTreeSet<Ipv4Addr> = held(draft, id).collect();
        vpc.account == first.account && vpc.region == first.region && held.is_superset(&bound)
    });
    let (only, _) = vpcs.next()?;
    vpcs.next().is_none().then(|| only.clone())
}

fn bound(file: &BrokerSettings) -> Option<Ipv4Addr> {
    let settings = properties(&file.text);
    let listeners = listeners(settings.get("listeners")?).ok()?;
    let (_, host, _) = listeners.first()?;
    host.parse().ok()
}

/// Addresses of a VPC's interfaces.
fn held(draft: &Draft<'_>, vpc: &VpcId) -> impl Iterator<Item = Ipv4Addr> {
    let enis = draft.made.enis.values();
    let here = enis.filter(move |eni| network::vpc_of(draft, &eni.subnet).as_ref() == Ok(vpc));
    here.map(|eni| eni.address)
}

/// A VPC that is like one of the spec; of several the first whose subnets are like its.
fn alike(
    draft: &Draft<'_>,
    said: &VpcId,
    facts: &VpcFacts,
    taken: &BTreeSet<VpcId>,
) -> Option<VpcId> {
    let vpcs = draft.made.vpcs.iter();
    let vpcs = vpcs.filter(|(id, vpc)| !taken.contains(*id) && is_alike(vpc, facts));
    let vpcs: Vec<_> = vpcs.map(|(id, _)| id).collect();
    let subnets = draft.known.subnets.values();
    let subnets = subnets.filter(|subnet| subnet.vpc == *said);
    let meant: BTreeSet<_> = subnets.map(|s| (s.zone.clone(), s.cidr)).collect();
    let same = vpcs.iter().find(|id| divided(draft, id) == meant);
    same.or(vpcs.first()).map(|id| (*id).clone())
}

fn is_alike(vpc: &Vpc, facts: &VpcFacts) -> bool {
    let ranges = |cidrs: &[Ipv4Net]| cidrs.iter().copied().collect::<BTreeSet<_>>();
    vpc.account == facts.account
        && vpc.region == facts.region
        && vpc.cidrs.first() == facts.cidrs.first()
        && ranges(&vpc.cidrs) == ranges(&facts.cidrs)
}

fn divided(draft: &Draft<'_>, vpc: &VpcId) -> BTreeSet<(ZoneId, Ipv4Net)> {
    let subnets = draft.made.subnets.values();
    let here = subnets.filter(|subnet| subnet.vpc == *vpc);
    here.map(|s| (s.zone.clone(), s.cidr)).collect()
}
