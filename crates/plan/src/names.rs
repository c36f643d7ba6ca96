//! Where names are answered: public DNS for MSK's own, private hosted zones for the rest. Zones
//! are as narrow as can be, one per name, because a zone hides everything under its own name.

use std::collections::{BTreeMap, BTreeSet};
use std::net::Ipv4Addr;

use blueprint::dns::{HostedZone, PublicName, Record};
use blueprint::ids::{ClusterId, VpcId};
use blueprint::key::SpecKey;
use blueprint::spec::ClusterKind;

use crate::draft::Draft;
use crate::intent::{Cluster, Link, Vpc};
use crate::settled::{Entry, Settled};
use crate::{balancing, brokers, listeners, naming};

/// Writes public names of brokers, and every zone.
pub(crate) fn write(settled: &Settled<'_>, draft: &mut Draft) {
    for cluster in &settled.asked.clusters {
        let addresses = brokers::addresses(cluster, draft);
        match cluster.asked.kind {
            ClusterKind::Msk | ClusterKind::MskExpress | ClusterKind::MskServerless => {
                write_public(cluster, &addresses, draft)
            }
            ClusterKind::Ec2 => write_own_zone(cluster, &addresses, settled, draft),
        }
        if settled.moving_front(cluster).is_none() {
            write_other_zones(cluster, settled, draft);
        }
        if let Some(front) = settled.moving_front(cluster) {
            let target = balancer_host(cluster);
            let records = aliases(cluster, front.listener, &target, draft);
            let here = [&cluster.vpc; 2];
            write_zones(here, cluster.name, None, records, &front.key, draft);
        }
    }
    for link in &settled.asked.links {
        write_for_link(link, settled, draft);
    }
}

/// MSK's names have private addresses in public DNS.
fn write_public(cluster: &Cluster<'_>, addresses: &BTreeMap<u32, Ipv4Addr>, draft: &mut Draft) {
    for (id, address) in addresses {
        let host = naming::broker_host(&cluster.suffix, *id);
        let name = PublicName {
            addresses: vec![*address],
        };
        draft.blueprint.public_names.entry(host).or_insert(name);
    }
}

/// One zone for all names of an `ec2` cluster, on its VPC and on those peered with it.
fn write_own_zone(
    cluster: &Cluster<'_>,
    addresses: &BTreeMap<u32, Ipv4Addr>,
    settled: &Settled<'_>,
    draft: &mut Draft,
) {
    let named = brokers::both_names(cluster, addresses).into_iter();
    let zone = HostedZone {
        name: cluster.suffix.clone(),
        account: cluster.vpc.asked.account.clone(),
        vpcs: zone_vpcs(cluster, settled),
        records: named
            .map(|(host, address)| (host, Record::A(vec![address])))
            .collect(),
        managed: false,
    };
    let id = naming::hosted_zone(cluster.name, &cluster.suffix);
    draft.origin(&id, &cluster.key);
    draft.blueprint.zones.insert(id, zone);
}

/// A zone for each name of the user's choice that is advertised to clients who dial brokers
/// themselves, where the cluster's own zone is.
fn write_other_zones(cluster: &Cluster<'_>, settled: &Settled<'_>, draft: &mut Draft) {
    for (host, addresses) in other_names(cluster, listeners::CLIENT, draft) {
        let id = naming::hosted_zone(cluster.name, &host);
        draft.origin(&id, &cluster.key);
        let zone = draft.blueprint.zones.entry(id);
        let zone = zone.or_insert_with(|| HostedZone {
            name: host.clone(),
            account: cluster.vpc.asked.account.clone(),
            vpcs: zone_vpcs(cluster, settled),
            records: BTreeMap::new(),
            managed: false,
        });
        zone.records.entry(host).or_insert(Record::A(addresses));
    }
}

/// The names that a listener advertises and the plan did not choose, each with the addresses of
/// the brokers that do. A name that is a broker's own keeps its meaning.
fn other_names(
    cluster: &Cluster<'_>,
    listener: &str,
    draft: &Draft,
) -> BTreeMap<String, Vec<Ipv4Addr>> {
    let addresses = brokers::addresses(cluster, draft);
    let own = brokers::both_names(cluster, &addresses);
    let settled = draft.blueprint.clusters.get(&ClusterId::from(cluster.name));
    let brokers = settled.into_iter().flat_map(|settled| &settled.brokers);
    let mut names: BTreeMap<String, Vec<Ipv4Addr>> = BTreeMap::new();
    for (id, broker) in brokers {
        let listener = broker.listeners.get(listener);
        let at = listener.and_then(|listener| listener.advertised.as_ref());
        let Some((at, address)) = at.zip(addresses.get(id)) else {
            continue;
        };
        if at.host.parse::<Ipv4Addr>().is_err() && !own.contains_key(&at.host) {
            names.entry(at.host.clone()).or_default().push(*address);
        }
    }
    names
}

fn zone_vpcs(cluster: &Cluster<'_>, settled: &Settled<'_>) -> BTreeSet<VpcId> {
    let links = settled.asked.links.iter();
    let peered = links.filter(|link| link.to.name == cluster.name && shares_zones(link));
    let vpcs = peered.map(|link| link.from.name).chain([cluster.vpc.name]);
    vpcs.map(VpcId::from).collect()
}

/// Whether a connection's VPC is associated with the zones of the cluster's VPC, if it has any.
fn shares_zones(link: &Link<'_>) -> bool {
    link.means.is_routed() && link.asked.zone_name.is_none()
}

/// The zones that a connection needs in the client VPC.
fn write_for_link(link: &Link<'_>, settled: &Settled<'_>, draft: &mut Draft) {
    let zone_name = link.asked.zone_name.as_deref();
    let moved = settled.moving_front(&link.to).is_some();
    let entry = match (link.means.is_routed(), moved) {
        (false, _) => Entry::Endpoint,
        (true, true) => Entry::Balancer,
        (true, false) => Entry::Brokers,
    };
    let (_, listener) = settled.doors(entry, &link.to);
    let records = match entry {
        Entry::Endpoint => aliases(&link.to, listener, &balancing::endpoint_host(link), draft),
        Entry::Balancer => aliases(&link.to, listener, &balancer_host(&link.to), draft),
        Entry::Brokers if zone_name.is_some() => direct(&link.to, draft),
        Entry::Brokers => return,
    };
    if zone_name.is_none() {
        let because = "a zone of its own for each name hides nothing else";
        draft.fill(link.key.key("zone_name"), "one per name", because);
    }
    let owner = naming::link(link.holder.name, link.to.name);
    let users = [&link.holder, &link.from];
    write_zones(users, &owner, zone_name, records, &link.key, draft);
}

fn balancer_host(cluster: &Cluster<'_>) -> String {
    let account = &cluster.vpc.asked.account;
    naming::balancer_host(cluster.name, account, cluster.vpc.region)
}

/// Every broker's name, the bootstrap name and what else a listener advertises, as aliases of
/// one target.
fn aliases(
    cluster: &Cluster<'_>,
    listener: &str,
    target: &str,
    draft: &Draft,
) -> BTreeMap<String, Record> {
    let hosts = cluster
        .brokers
        .iter()
        .map(|id| naming::broker_host(&cluster.suffix, *id));
    let hosts = hosts
        .chain([naming::bootstrap_host(&cluster.suffix)])
        .chain(other_names(cluster, listener, draft).into_keys());
    hosts
        .map(|host| (host, Record::Alias(target.to_owned())))
        .collect()
}

/// Every broker's names with its own address.
fn direct(cluster: &Cluster<'_>, draft: &Draft) -> BTreeMap<String, Record> {
    let addresses = brokers::addresses(cluster, draft).into_iter();
    let named = addresses.map(|(id, address)| {
        let host = naming::broker_host(&cluster.suffix, id);
        (host, vec![address])
    });
    let others = other_names(cluster, listeners::CLIENT, draft);
    others
        .into_iter()
        .chain(named)
        .map(|(host, addresses)| (host, Record::A(addresses)))
        .collect()
}

/// Writes a zone per record, or one zone of the name that was said with the records under it;
/// what is there already for an endpoint that two connections share gains a VPC.
fn write_zones(
    [owning, using]: [&Vpc<'_>; 2],
    owner: &str,
    zone_name: Option<&str>,
    records: BTreeMap<String, Record>,
    key: &SpecKey,
    draft: &mut Draft,
) {
    let zones: Vec<(String, BTreeMap<String, Record>)> = match zone_name {
        None => records
            .into_iter()
            .map(|(host, record)| (host.clone(), BTreeMap::from([(host, record)])))
            .collect(),
        Some(said) => {
            let name = said.trim_end_matches('.').to_lowercase();
            let under = records
                .into_iter()
                .filter(|(host, _)| lies_under(host, &name));
            let under = under.collect();
            vec![(name, under)]
        }
    };
    for (name, records) in zones {
        let id = naming::hosted_zone(owner, &name);
        if let Some(shared) = draft.blueprint.zones.get_mut(&id) {
            shared.vpcs.insert(VpcId::from(using.name));
            continue;
        }
        draft.origin(&id, key);
        let zone = HostedZone {
            name,
            account: owning.asked.account.clone(),
            vpcs: [owning, using].map(|vpc| VpcId::from(vpc.name)).into(),
            records,
            managed: false,
        };
        draft.blueprint.zones.insert(id, zone);
    }
}

fn lies_under(host: &str, zone: &str) -> bool {
    host.strip_suffix(zone)
        .is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
}
