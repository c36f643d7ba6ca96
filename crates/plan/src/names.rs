//! Where names are answered: public DNS for MSK's own, private hosted zones for the rest. Zones
//! are as narrow as can be, one per name, because a zone hides everything under its own name.

use std::collections::{BTreeMap, BTreeSet};
use std::net::Ipv4Addr;

use blueprint::dns::{HostedZone, PublicName, Record};
use blueprint::ids::{ClusterId, VpcId};
use blueprint::key::SpecKey;
use blueprint::spec::ClusterKind;

use crate::doors::{Entry, Lead};
use crate::draft::Draft;
use crate::entrances::Entrance;
use crate::intent::{Cluster, Link, Means, Vpc, Way};
use crate::patterns::resources;
use crate::settled::Settled;
use crate::{brokers, listeners, naming};

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
            let listeners = front.sets.iter().map(|set| set.listener.as_str());
            let records = aliases(cluster, listeners, &target, draft);
            let owner = Owner {
                name: cluster.name,
                vpc: &cluster.vpc,
                user: &cluster.vpc,
                key: &front.key,
            };
            write_zones(&owner, None, records, draft);
        }
    }
    for (position, link) in settled.asked.links.iter().enumerate() {
        write_for_link(link, Way::Link(position), settled, draft);
    }
}

/// MSK's names have private addresses in public DNS.
fn write_public(cluster: &Cluster<'_>, addresses: &BTreeMap<u32, Ipv4Addr>, draft: &mut Draft) {
    let own = addresses
        .iter()
        .map(|(id, address)| (cluster.broker_host(*id), *address));
    for (host, address) in own.chain(boot_names(cluster, addresses)) {
        let name = PublicName {
            addresses: vec![address],
        };
        draft.blueprint.public_names.entry(host).or_insert(name);
    }
}

/// Each name to bootstrap from with a broker of its own, in the spec's order of brokers.
fn boot_names(
    cluster: &Cluster<'_>,
    addresses: &BTreeMap<u32, Ipv4Addr>,
) -> Vec<(String, Ipv4Addr)> {
    let placed = cluster.brokers.iter().filter_map(|id| addresses.get(id));
    cluster
        .boot_hosts()
        .into_iter()
        .zip(placed.copied())
        .collect()
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
    for (host, addresses) in other_names(cluster, client_listeners(cluster), draft) {
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

/// The listeners of clients who dial brokers themselves.
fn client_listeners(cluster: &Cluster<'_>) -> impl Iterator<Item = &'static str> {
    listeners::client_listeners(cluster)
        .into_iter()
        .map(|(name, _)| name)
}

/// The names that listeners advertise and the plan did not choose, each with the addresses of
/// the brokers that do. A name that is a broker's own keeps its meaning.
fn other_names<'l>(
    cluster: &Cluster<'_>,
    listeners: impl Iterator<Item = &'l str>,
    draft: &Draft,
) -> BTreeMap<String, Vec<Ipv4Addr>> {
    let addresses = brokers::addresses(cluster, draft);
    let own = brokers::both_names(cluster, &addresses);
    let settled = draft.blueprint.clusters.get(&ClusterId::from(cluster.name));
    let mut names: BTreeMap<String, Vec<Ipv4Addr>> = BTreeMap::new();
    for listener in listeners {
        let brokers = settled.into_iter().flat_map(|settled| &settled.brokers);
        for (id, broker) in brokers {
            let listener = broker.listeners.get(listener);
            let at = listener.and_then(|listener| listener.advertised.as_ref());
            let Some((at, address)) = at.zip(addresses.get(id)) else {
                continue;
            };
            if at.host.parse::<Ipv4Addr>().is_err() && !own.contains_key(&at.host) {
                let held = names.entry(at.host.clone()).or_default();
                if !held.contains(address) {
                    held.push(*address);
                }
            }
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
fn write_for_link(link: &Link<'_>, way: Way, settled: &Settled<'_>, draft: &mut Draft) {
    let doors = settled.doors(way, &link.to);
    let listeners = doors.iter().map(|door| door.listener.as_str());
    let owner = Owner {
        name: &naming::link(link.holder.name, link.to.name),
        vpc: &link.holder,
        user: &link.from,
        key: &link.key,
    };
    let zone_name = link.asked.zone_name.as_deref();
    let records = match settled.entry(way, &link.to) {
        Entry::Endpoint => {
            let leads = settled.names_at_endpoints(link, &doors);
            let listeners = listeners.collect::<Vec<_>>();
            return write_leads(&owner, (link, &leads), &listeners, settled, draft);
        }
        Entry::Balancer => aliases(&link.to, listeners, &balancer_host(&link.to), draft),
        Entry::Brokers if zone_name.is_some() => direct(&link.to, draft),
        Entry::Brokers => return,
    };
    if zone_name.is_none() {
        record_narrow(link, draft);
    }
    write_zones(&owner, zone_name, records, draft);
}

fn record_narrow(link: &Link<'_>, draft: &mut Draft) {
    let because = "a zone of its own for each name hides nothing else";
    draft.fill(link.key.key("zone_name"), "one per name", because);
}

/// The zones of names that lead to endpoints: AWS's where AWS makes them, else ours.
fn write_leads(
    owner: &Owner<'_, '_>,
    (link, leads): (&Link<'_>, &[Lead<'_>]),
    listeners: &[&str],
    settled: &Settled<'_>,
    draft: &mut Draft,
) {
    let alias = |entrance: &Entrance| Record::Alias(entrance.dns_name.clone());
    let mut records: BTreeMap<String, Record> = BTreeMap::new();
    for Lead { host, entrance } in leads {
        let is_there = draft.blueprint.endpoints.contains_key(&entrance.id);
        if is_there && host.parse::<Ipv4Addr>().is_err() {
            records.entry(host.clone()).or_insert(alias(entrance));
        }
    }
    let zone_name = link.asked.zone_name.as_deref();
    match link.means {
        Means::Peering | Means::TransitGateway => {}
        Means::Privatelink => {
            let entrance = leads.first().map(|lead| alias(lead.entrance));
            let listeners = listeners.iter().copied();
            let others = other_names(&link.to, listeners, draft).into_keys();
            let others = others.filter_map(|host| Some((host, entrance.clone()?)));
            records.extend(others);
            write_ours(owner, link, records, draft);
        }
        Means::PrivatelinkPerBroker => write_ours(owner, link, records, draft),
        Means::Gateway => {
            let own = settled.choices(&link.to).patterns.gateways.as_ref();
            match own.filter(|own| own.rewrites()) {
                Some(own) => write_zones(owner, Some(&own.domain), records, draft),
                None => write_ours(owner, link, records, draft),
            }
        }
        Means::MskMultiVpc => {
            for (host, record) in records {
                let domain = parent(&host);
                write_zone(owner, domain, BTreeMap::from([(host, record)]), true, draft);
            }
        }
        Means::ResourceEndpoint if zone_name.is_some() => {
            write_zones(owner, zone_name, records, draft);
        }
        Means::ResourceEndpoint => {
            let made: BTreeSet<String> = resource_names(draft);
            for (host, record) in records {
                let by_aws = made.contains(&host);
                if !by_aws || resources::is_private(link, &host) {
                    let name = host.clone();
                    write_zone(owner, name, BTreeMap::from([(host, record)]), by_aws, draft);
                }
            }
        }
    }
}

/// Names of resources, for which AWS makes zones; it makes none for a name that leads to a
/// resource of another one, such as a bootstrap name.
fn resource_names(draft: &Draft) -> BTreeSet<String> {
    let resources = draft.blueprint.resource_configurations.values();
    resources.map(|resource| resource.name.clone()).collect()
}

/// Zones of the user's own: of the name that was said, or as narrow as can be.
fn write_ours(
    owner: &Owner<'_, '_>,
    link: &Link<'_>,
    records: BTreeMap<String, Record>,
    draft: &mut Draft,
) {
    let zone_name = link.asked.zone_name.as_deref();
    if zone_name.is_none() {
        record_narrow(link, draft);
    }
    write_zones(owner, zone_name, records, draft);
}

/// The domain a name lies in.
fn parent(host: &str) -> String {
    let inside = host.split_once('.');
    inside.map_or(host, |(_, domain)| domain).to_owned()
}

fn balancer_host(cluster: &Cluster<'_>) -> String {
    let account = &cluster.vpc.asked.account;
    naming::balancer_host(cluster.name, account, cluster.vpc.region)
}

/// Every broker's name, the bootstrap names and what else listeners advertise, as aliases of
/// one target.
fn aliases<'l>(
    cluster: &Cluster<'_>,
    listeners: impl Iterator<Item = &'l str>,
    target: &str,
    draft: &Draft,
) -> BTreeMap<String, Record> {
    let hosts = cluster.brokers.iter().map(|id| cluster.broker_host(*id));
    let hosts = hosts
        .chain(cluster.common_hosts())
        .chain(other_names(cluster, listeners, draft).into_keys());
    hosts
        .map(|host| (host, Record::Alias(target.to_owned())))
        .collect()
}

/// Every broker's names with its own address.
fn direct(cluster: &Cluster<'_>, draft: &Draft) -> BTreeMap<String, Record> {
    let addresses = brokers::addresses(cluster, draft);
    let given = boot_names(cluster, &addresses).into_iter();
    let own = addresses
        .into_iter()
        .map(|(id, address)| (cluster.broker_host(id), address));
    let named = own
        .chain(given)
        .map(|(host, address)| (host, vec![address]));
    let others = other_names(cluster, client_listeners(cluster), draft);
    others
        .into_iter()
        .chain(named)
        .map(|(host, addresses)| (host, Record::A(addresses)))
        .collect()
}

/// Whom zones are for.
struct Owner<'a, 's> {
    /// What their ids begin with.
    name: &'a str,
    /// The VPC whose account owns them.
    vpc: &'a Vpc<'s>,
    /// A VPC in which their names are looked up.
    user: &'a Vpc<'s>,
    key: &'a SpecKey,
}

/// Writes a zone per record, or one zone of the name that was said with the records under it.
fn write_zones(
    owner: &Owner<'_, '_>,
    zone_name: Option<&str>,
    records: BTreeMap<String, Record>,
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
        write_zone(owner, name, records, false, draft);
    }
}

/// Writes a zone; whoever shares it with another VPC finds it there and joins.
fn write_zone(
    owner: &Owner<'_, '_>,
    name: String,
    records: BTreeMap<String, Record>,
    managed: bool,
    draft: &mut Draft,
) {
    let id = naming::hosted_zone(owner.name, &name);
    if !draft.blueprint.zones.contains_key(&id) {
        draft.origin(&id, owner.key);
    }
    let zone = draft.blueprint.zones.entry(id);
    let zone = zone.or_insert_with(|| HostedZone {
        name,
        account: owner.vpc.asked.account.clone(),
        vpcs: BTreeSet::from([VpcId::from(owner.vpc.name)]),
        records: BTreeMap::new(),
        managed,
    });
    zone.vpcs.insert(VpcId::from(owner.user.name));
    zone.records.extend(records);
}

fn lies_under(host: &str, zone: &str) -> bool {
    host.strip_suffix(zone)
        .is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
}
