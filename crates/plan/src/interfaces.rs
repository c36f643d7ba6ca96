//! Interfaces: who needs one, in which subnet it lies, and its address. Addresses that were
//! said are taken first, then each kind draws from its band, then what found its band full.

use std::collections::BTreeMap;
use std::net::Ipv4Addr;

use blueprint::diagnostic::{At, Diagnostic};
use blueprint::ids::{ClientId, ClusterId, EniId, SecurityGroupId, SubnetId, ZoneId};
use blueprint::key::SpecKey;
use blueprint::network::{Eni, EniOwner};

use crate::addresses::{Band, Pool, Refused};
use crate::draft::Draft;
use crate::entrances::Entrance;
use crate::intent::{Client, Cluster, Link};
use crate::layout::{Plot, Plots};
use crate::patterns::gateways::Gateways;
use crate::settled::{self, Settled};
use crate::{balancers, naming};

/// Zones brokers are spread over unless they are said: as many as MSK takes at most, and as many
/// as a replication factor of three needs. A zone added to the VPC later moves no broker then.
pub(crate) const CLUSTER_ZONES_MAX: usize = 3;

/// An interface that needs a subnet and an address.
struct Seat<'s> {
    eni: EniId,
    vpc: &'s str,
    zone: ZoneId,
    /// Whether an address that was said must lie in that zone.
    zone_is_fixed: bool,
    band: Band,
    said: Option<Ipv4Addr>,
    /// Where the address is said, or would be.
    address_key: Option<SpecKey>,
    /// The object of the spec it serves.
    origin: SpecKey,
    owner: EniOwner,
    group: SecurityGroupId,
}

impl<'s> Seat<'s> {
    /// A seat in the VPC of a cluster's brokers, not yet somebody's.
    fn before(cluster: &Cluster<'s>, zone: &ZoneId) -> Self {
        Self {
            eni: EniId::from(cluster.name),
            vpc: cluster.vpc.name,
            zone: zone.clone(),
            zone_is_fixed: true,
            band: Band::Node(cluster.ordinal),
            said: None,
            address_key: None,
            origin: cluster.key.clone(),
            owner: EniOwner::BalancerNode(naming::balancer(cluster.name)),
            group: naming::balancer_group(cluster.name),
        }
    }
}

/// Writes every interface that finds an address.
pub(crate) fn write(settled: &Settled<'_>, draft: &mut Draft) {
    let mut seats = Vec::new();
    for cluster in &settled.asked.clusters {
        brokers(cluster, settled, draft, &mut seats);
    }
    for cluster in &settled.asked.clusters {
        nodes(cluster, settled, &mut seats);
    }
    for link in settled.asked.links.iter().enumerate() {
        endpoints(link, settled, draft, &mut seats);
    }
    witnesses(settled, &mut seats);
    for client in &settled.asked.clients {
        clients(client, settled, draft, &mut seats);
    }
    place(&seats, &settled.plots, draft);
}

fn brokers<'s>(
    cluster: &Cluster<'s>,
    settled: &Settled<'s>,
    draft: &mut Draft,
    seats: &mut Vec<Seat<'s>>,
) {
    let vpc = cluster.vpc.name;
    let mut zones = settled.plots.zones(vpc);
    zones.truncate(CLUSTER_ZONES_MAX);
    if zones.is_empty() {
        let title = format!(
            "`{vpc}` has no subnet for the brokers of `{}`",
            cluster.name
        );
        let at = At::Value(cluster.key.key("vpc"));
        let fault = Diagnostic::error("missing-subnet", title, at)
            .help(format!("give `{vpc}` zones or subnets"));
        draft.report(fault);
        return;
    }
    for (position, id) in cluster.brokers.iter().enumerate() {
        let own = zone_as_said(cluster, *id, &settled.plots, draft);
        let said = cluster.asked.addresses.get(id).copied();
        let zone = own
            .clone()
            .unwrap_or_else(|| zones[position % zones.len()].clone());
        if own.is_none() && said.is_none() {
            let key = cluster.key.key("broker_zones").key(id.to_string());
            draft.fill(
                key,
                &zone,
                "brokers take the zones in turn, in the order of the list",
            );
        }
        seats.push(Seat {
            eni: naming::broker_eni(cluster.name, *id),
            vpc,
            zone,
            zone_is_fixed: own.is_some(),
            band: Band::Brokers(cluster.ordinal),
            said,
            address_key: Some(cluster.key.key("addresses").key(id.to_string())),
            origin: cluster.key.clone(),
            owner: EniOwner::Broker {
                cluster: ClusterId::from(cluster.name),
                id: *id,
            },
            group: naming::brokers_group(cluster.name),
        });
    }
}

/// The zone that was said for a broker, if its VPC has a subnet there.
fn zone_as_said(
    cluster: &Cluster<'_>,
    id: u32,
    plots: &Plots,
    draft: &mut Draft,
) -> Option<ZoneId> {
    let zone = cluster.asked.broker_zones.get(&id)?;
    if plots.has_zone(cluster.vpc.name, zone) {
        return Some(zone.clone());
    }
    let at = At::Value(cluster.key.key("broker_zones").key(id.to_string()));
    draft.report(settled::no_subnet(cluster.vpc.name, zone, at, plots));
    None
}

/// What stands in a cluster's VPC before its brokers.
fn nodes<'s>(cluster: &Cluster<'s>, settled: &Settled<'s>, seats: &mut Vec<Seat<'s>>) {
    let choices = settled.choices(cluster);
    for balancer in &choices.balancers {
        seats.extend(balancer.zones.iter().map(|zone| Seat {
            eni: naming::node_of(&balancer.id, zone),
            band: balancer.band,
            origin: balancer.key.clone(),
            owner: EniOwner::BalancerNode(balancer.id.clone()),
            group: balancer.group.clone(),
            ..Seat::before(cluster, zone)
        }));
    }
    if let Some(resources) = &choices.patterns.resources {
        seats.extend(resources.zones.iter().map(|zone| Seat {
            eni: naming::resource_gateway_eni(cluster.name, zone),
            band: beside(cluster, balancers::RESOURCE_GATEWAY),
            origin: resources.key.clone(),
            owner: EniOwner::ResourceGateway(naming::resource_gateway(cluster.name)),
            group: naming::resource_gateway_group(cluster.name),
            ..Seat::before(cluster, zone)
        }));
    }
    if let Some(gateways) = &choices.patterns.gateways {
        gateway_instances(cluster, gateways, seats);
    }
}

/// Instances take the balancer's zones in turn.
fn gateway_instances<'s>(cluster: &Cluster<'s>, gateways: &Gateways, seats: &mut Vec<Seat<'s>>) {
    for scheme in &gateways.schemes {
        let instances = gateways.instances_of(scheme).into_iter().enumerate();
        let zones = gateways.zones.iter().cycle();
        seats.extend(instances.zip(zones).map(|((nth, eni), zone)| {
            let place = nth * balancers::GATEWAY_SCHEMES + scheme.position;
            Seat {
                eni,
                band: beside(cluster, balancers::GATEWAY_INSTANCES + place),
                origin: gateways.key.clone(),
                owner: EniOwner::Gateway(scheme.id.clone()),
                group: naming::gateway_group(cluster.name),
                ..Seat::before(cluster, zone)
            }
        }));
    }
}

fn beside(cluster: &Cluster<'_>, nth: usize) -> Band {
    let cluster = cluster.ordinal;
    Band::Beside { cluster, nth }
}

fn endpoints<'s>(
    (position, link): (usize, &Link<'s>),
    settled: &Settled<'s>,
    draft: &mut Draft,
    seats: &mut Vec<Seat<'s>>,
) {
    let said = &link.asked.endpoint_addresses;
    let key = link.key.key("endpoint_addresses");
    let entrances = settled.entrances_made(position);
    // What is said of addresses is meant for the endpoint that is called after the connection.
    let own = naming::endpoint(link.holder.name, link.to.name);
    for entrance in entrances {
        let Entrance { id, zones, .. } = entrance;
        let is_single = *id == own;
        if is_single {
            report_unused(said, zones, &key, &format!("endpoint `{id}`"), draft);
        }
        seats.extend(zones.iter().map(|zone| Seat {
            eni: naming::eni_of_endpoint(id, zone),
            vpc: link.holder.name,
            zone: zone.clone(),
            zone_is_fixed: true,
            band: entrance.band,
            said: said.get(zone).copied().filter(|_| is_single),
            address_key: is_single.then(|| key.key(zone.as_str())),
            origin: link.key.clone(),
            owner: EniOwner::Endpoint(id.clone()),
            group: naming::endpoint_group(link.holder.name, link.to.name),
        }));
    }
}

/// A stranger in the first subnet of each VPC.
fn witnesses<'s>(settled: &Settled<'s>, seats: &mut Vec<Seat<'s>>) {
    for vpc in &settled.asked.vpcs {
        let Some(plot) = settled.plots.of(vpc.name).first() else {
            continue;
        };
        seats.push(Seat {
            eni: naming::witness_eni(vpc.name),
            vpc: vpc.name,
            zone: plot.zone.clone(),
            zone_is_fixed: true,
            band: Band::Witness,
            said: None,
            address_key: None,
            origin: vpc.key.clone(),
            owner: EniOwner::Witness,
            group: naming::witness_group(vpc.name),
        });
    }
}

fn clients<'s>(
    client: &Client<'s>,
    settled: &Settled<'s>,
    draft: &mut Draft,
    seats: &mut Vec<Seat<'s>>,
) {
    let zones = settled.client_zones(client);
    if zones.is_empty() {
        let title = format!("`{}` has no subnet for `{}`", client.vpc.name, client.name);
        let at = At::Value(client.key.key("vpc"));
        let fault = Diagnostic::error("missing-subnet", title, at)
            .help(format!("give `{}` zones or subnets", client.vpc.name));
        draft.report(fault);
    }
    let said = &client.asked.addresses;
    let key = client.key.key("addresses");
    report_unused(said, &zones, &key, &format!("`{}`", client.name), draft);
    seats.extend(zones.into_iter().map(|zone| Seat {
        eni: naming::client_eni(client.name, &zone),
        vpc: client.vpc.name,
        zone_is_fixed: true,
        band: Band::Clients,
        said: said.get(&zone).copied(),
        address_key: Some(key.key(zone.as_str())),
        origin: client.key.clone(),
        owner: EniOwner::Client(ClientId::from(client.name)),
        group: settled.client_group(client),
        zone,
    }));
}

/// Reports addresses said for zones in which there is no interface to have them.
fn report_unused(
    said: &BTreeMap<ZoneId, Ipv4Addr>,
    zones: &[ZoneId],
    key: &SpecKey,
    owner: &str,
    draft: &mut Draft,
) {
    for (zone, address) in said.iter().filter(|(zone, _)| !zones.contains(zone)) {
        let title = format!("{address} is said for {zone}, where {owner} has no interface");
        let at = At::Value(key.key(zone.as_str()));
        let known: Vec<_> = zones.iter().map(ZoneId::as_str).collect();
        let fault = Diagnostic::error("misplaced-address", title, at)
            .label(format!("{owner} has interfaces in [{}]", known.join(", ")))
            .help("remove this line, or name one of those zones");
        draft.report(fault);
    }
}

/// Gives every seat its subnet and address, and writes the interfaces.
fn place(seats: &[Seat<'_>], plots: &Plots, draft: &mut Draft) {
    let mut board = Board {
        plots,
        pools: BTreeMap::new(),
        places: vec![None; seats.len()],
    };
    for (index, seat) in seats.iter().enumerate() {
        board.place_said(index, seat, draft);
    }
    for spilling in [false, true] {
        for (index, seat) in seats.iter().enumerate() {
            board.place_by_choice(index, seat, spilling);
        }
    }
    let mut homeless: Vec<(&Seat, usize)> = Vec::new();
    for (seat, place) in seats.iter().zip(board.places) {
        match place {
            Some(place) => write_interface(seat, place, draft),
            None => {
                let beside = |(other, _): &&mut (&Seat, usize)| {
                    (&other.origin, &other.zone) == (&seat.origin, &seat.zone)
                };
                match homeless.iter_mut().find(beside) {
                    Some((_, n)) => *n += 1,
                    None => homeless.push((seat, 1)),
                }
            }
        }
    }
    for (seat, n) in homeless {
        draft.report(no_address(seat, n, seats));
    }
}

#[derive(Clone)]
struct Place {
    subnet: SubnetId,
    address: Ipv4Addr,
    chosen: bool,
}

/// Which seats have their place.
struct Board<'p> {
    plots: &'p Plots,
    pools: BTreeMap<&'p SubnetId, Pool>,
    places: Vec<Option<Place>>,
}

impl<'p> Board<'p> {
    fn pool(&mut self, plot: &'p Plot) -> &mut Pool {
        self.pools
            .entry(&plot.id)
            .or_insert_with(|| Pool::new(plot.cidr))
    }

    /// Gives a seat the address that was said for it, or reports why it cannot have it.
    fn place_said(&mut self, index: usize, seat: &Seat<'_>, draft: &mut Draft) {
        let (Some(address), Some(key)) = (seat.said, &seat.address_key) else {
            return;
        };
        let mut plots = self.plots.of(seat.vpc).iter();
        let plot = plots.find(|plot| {
            plot.cidr.contains(&address) && (!seat.zone_is_fixed || plot.zone == seat.zone)
        });
        let taken = match plot {
            None if seat.zone_is_fixed => Err(format!(
                "no subnet of `{}` in {} holds it",
                seat.vpc, seat.zone
            )),
            None => Err(format!("no subnet of `{}` holds it", seat.vpc)),
            Some(plot) => match self.pool(plot).take(address, &seat.eni) {
                Ok(()) => Ok(plot),
                Err(Refused::Taken(holder)) => Err(format!("`{holder}` has it")),
                Err(Refused::Reserved) => Err(format!(
                    "AWS keeps the first four addresses and the last of {}",
                    plot.cidr
                )),
            },
        };
        match taken {
            Ok(plot) => {
                self.places[index] = Some(Place {
                    subnet: plot.id.clone(),
                    address,
                    chosen: false,
                });
            }
            Err(why) => draft.report(misplaced(seat, address, key, why)),
        }
    }

    /// Gives a seat an address of the first subnet in its zone.
    fn place_by_choice(&mut self, index: usize, seat: &Seat<'_>, spilling: bool) {
        if self.places[index].is_some() {
            return;
        }
        let mut plots = self.plots.of(seat.vpc).iter();
        let Some(plot) = plots.find(|plot| plot.zone == seat.zone) else {
            return;
        };
        let pool = self.pool(plot);
        let address = if spilling {
            pool.spill(&seat.eni)
        } else {
            pool.draw(seat.band, &seat.eni)
        };
        self.places[index] = address.map(|address| Place {
            subnet: plot.id.clone(),
            address,
            chosen: true,
        });
    }
}

fn misplaced(seat: &Seat<'_>, address: Ipv4Addr, key: &SpecKey, why: String) -> Diagnostic {
    let title = format!("`{}` cannot have the address {address}", seat.eni);
    Diagnostic::error("misplaced-address", title, At::Value(key.clone()))
        .label(why)
        .help("say a free address of a subnet in its zone, or none")
}

/// Says what of one owner finds no address in one zone.
fn no_address(seat: &Seat<'_>, n_left_out: usize, seats: &[Seat<'_>]) -> Diagnostic {
    let place = naming::subnet(seat.vpc, &seat.zone, 1);
    let (title, key) = match &seat.owner {
        EniOwner::Broker { cluster, .. } => {
            let is_own = |other: &&Seat<'_>| matches!(&other.owner, EniOwner::Broker { cluster: of, .. } if of == cluster);
            let all = seats.iter().filter(is_own).count();
            let verb = if n_left_out == 1 { "does" } else { "do" };
            (
                format!(
                    "{n_left_out} of {all} brokers of `{cluster}` {verb} not fit into `{place}`"
                ),
                seat.origin.key("brokers"),
            )
        }
        EniOwner::BalancerNode(_)
        | EniOwner::Endpoint(_)
        | EniOwner::ResourceGateway(_)
        | EniOwner::Gateway(_)
        | EniOwner::Client(_)
        | EniOwner::Witness => (
            format!("`{place}` has no address left for `{}`", seat.eni),
            seat.origin.clone(),
        ),
    };
    Diagnostic::error("exhausted-range", title, At::Value(key))
        .label("what finds no address is left out")
        .help(format!(
            "give `{}` a wider range, or list larger `subnets`",
            seat.vpc
        ))
}

fn write_interface(seat: &Seat<'_>, place: Place, draft: &mut Draft) {
    if place.chosen {
        draft.choose_address(&seat.eni);
    }
    if let Some(key) = seat.address_key.clone().filter(|_| place.chosen) {
        let because = format!("the next free address of `{}` for its kind", place.subnet);
        draft.fill(key, place.address, because);
    }
    draft.origin(&seat.eni, &seat.origin);
    let eni = Eni {
        subnet: place.subnet,
        address: place.address,
        security_groups: vec![seat.group.clone()],
        owner: seat.owner.clone(),
    };
    draft.blueprint.enis.insert(seat.eni.clone(), eni);
}
