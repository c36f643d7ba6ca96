//! What a gigabyte costs: which brokers a client's bytes go to, which zones and Regions they
//! cross on each way there, and which prices that touches.

use std::collections::BTreeMap;

use blueprint::Blueprint;
use blueprint::facts::{Decimal, FactId, Facts, id};
use blueprint::ids::{ClusterId, VpcId, ZoneId};
use blueprint::kafka::{Client, Cluster};
use blueprint::spec::{Traffic, TrafficDirection};

use super::money::{Figure, Share};
use super::passage::{self, Kind, Passages, Stop};

/// What of each gigabyte is billed at which price in which Region.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Flow {
    parts: BTreeMap<(Rate, String), Share>,
}

/// A price of bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Rate {
    /// A price per GB, so many times.
    PerGb { id: FactId, times: u64 },
    /// Capacity units of a balancer, of which bytes are the largest part.
    CapacityUnits,
}

/// $/GB by path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PerGb {
    /// Inside one zone; none if no way is.
    pub same_zone: Option<Figure>,
    /// On the dearest way within one Region that crosses zones; none if no way does.
    pub cross_zone: Option<Figure>,
    /// On the dearest way to another Region; none if both are in one.
    pub other_region: Option<Figure>,
    /// On average, by the zones of clients and brokers.
    pub average: Figure,
    /// How many times a byte crosses zones at a price, on average.
    pub crossing: Share,
}

impl Flow {
    /// Adds a share of another flow.
    fn add(&mut self, other: &Self, share: Share) {
        for (part, theirs) in &other.parts {
            let mine = self.parts.entry(part.clone()).or_insert(Share::NONE);
            *mine = mine.plus(theirs.times(share));
        }
    }

    fn bill(&mut self, rate: Rate, region: &str) {
        let part = self
            .parts
            .entry((rate, region.to_owned()))
            .or_insert(Share::NONE);
        *part = part.plus(Share::ALL);
    }

    /// What an amount of GB in a month costs, tiers included.
    pub fn cost(&self, facts: &Facts, gb: Decimal) -> Figure {
        let parts = self.parts.iter();
        parts.fold(Figure::ZERO, |sum, ((rate, region), share)| {
            sum.plus(cost(*rate, facts, region, share.of(gb)))
        })
    }

    /// Amounts at which a price changes, in GB of the whole flow.
    pub(super) fn steps(&self, facts: &Facts) -> Vec<Decimal> {
        let mut steps = Vec::new();
        for ((rate, region), share) in &self.parts {
            let Rate::PerGb { id, .. } = rate else {
                continue;
            };
            let Some(found) = facts.fact(*id, region) else {
                continue;
            };
            if let blueprint::facts::Value::Tiers(tiers) = &found.fact.value {
                let ends = tiers.iter().filter_map(|tier| tier.up_to);
                steps.extend(ends.filter_map(|end| end.over(share.of(Decimal::from_whole(1)))));
            }
        }
        steps
    }

    fn crossing(&self) -> Share {
        let crossing = self.parts.iter().filter(|((rate, _), _)| match rate {
            Rate::PerGb { id, .. } => *id == id::PRICES_CROSS_ZONE_GB,
            Rate::CapacityUnits => false,
        });
        crossing.fold(Share::NONE, |sum, (_, share)| sum.plus(*share))
    }
}

fn cost(rate: Rate, facts: &Facts, region: &str, gb: Decimal) -> Figure {
    match rate {
        Rate::PerGb { id, times } => {
            Figure::of(facts, id, region, gb).times(Decimal::from_whole(times))
        }
        Rate::CapacityUnits => {
            let per_unit = facts.fact(id::PRICES_NLB_CAPACITY_UNIT_GB, region);
            let units = per_unit.and_then(|found| gb.over(found.number()?));
            let (Some(units), Some(per_unit)) = (units, per_unit) else {
                return Figure::UNKNOWN;
            };
            let price = Figure::of(facts, id::PRICES_NLB_CAPACITY_UNIT_HOUR, region, units);
            Figure {
                unverified: price.unverified || per_unit.is_unverified(),
                ..price
            }
        }
    }
}

/// What the clients of a VPC cause, each by its share of the traffic.
pub(super) fn of_clients(
    blueprint: &Blueprint,
    from: &VpcId,
    to: &ClusterId,
    passages: &Passages<'_>,
    facts: &Facts,
) -> (Flow, PerGb) {
    let clients = blueprint.clients.values();
    let clients: Vec<&Client> = clients
        .filter(|client| client.vpc == *from && client.cluster == *to)
        .collect();
    let rates: Vec<u128> = clients.iter().map(|client| rate(client)).collect();
    let all: u128 = rates.iter().sum();
    let n_clients = clients.len() as u128;
    let mut whole = Flow::default();
    let mut ways = Vec::new();
    for (client, rate) in clients.iter().zip(rates) {
        let share = if all == 0 {
            Share::new(1, n_clients)
        } else {
            Share::new(rate, all)
        };
        let mut flow = Flow::default();
        for (weight, way) in weighted_ways(blueprint, client, passages) {
            let one = of_way(blueprint, client, &way);
            flow.add(&one, weight);
            ways.push((reach(&way), one));
        }
        whole.add(&flow, share);
    }
    let per_gb = per_gb(&whole, &ways, facts);
    (whole, per_gb)
}

/// Bytes per second of a client; nothing where it was not said.
pub(super) fn rate(client: &Client) -> u128 {
    client.traffic.map_or(0, |traffic| u128::from(traffic.rate))
}

fn per_gb(whole: &Flow, ways: &[(Reach, Flow)], facts: &Facts) -> PerGb {
    let one = Decimal::from_whole(1);
    let dearest = |reach: Reach| {
        let costs = ways.iter().filter(|(of, _)| *of == reach);
        costs
            .map(|(_, flow)| flow.cost(facts, one))
            .max_by_key(|cost| cost.amount)
    };
    PerGb {
        same_zone: dearest(Reach::Zone),
        cross_zone: dearest(Reach::Zones),
        other_region: dearest(Reach::Regions),
        average: whole.cost(facts, one),
        crossing: whole.crossing(),
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Reach {
    Zone,
    Zones,
    Regions,
}

fn reach(way: &[Stop<'_>]) -> Reach {
    let differ = |by: fn(&Stop<'_>, &Stop<'_>) -> bool| {
        way.windows(2).any(|leg| match leg {
            [one, other] => by(one, other),
            _ => false,
        })
    };
    if differ(|one, other| one.region != other.region) {
        Reach::Regions
    } else if differ(|one, other| one.zone != other.zone) {
        Reach::Zones
    } else {
        Reach::Zone
    }
}

/// Every way of a client's bytes with its share: over its interfaces, the brokers it talks to
/// from there, and the ways to each of them.
fn weighted_ways<'b>(
    blueprint: &'b Blueprint,
    client: &Client,
    ways: &Passages<'b>,
) -> Vec<(Share, Vec<Stop<'b>>)> {
    let Some(cluster) = blueprint.clusters.get(&client.cluster) else {
        return Vec::new();
    };
    let starts = passage::client_stops(blueprint, client);
    let traffic = client.traffic.unwrap_or_default();
    let mut weighted = Vec::new();
    for start in &starts {
        let from_here = Share::new(1, starts.len() as u128);
        for (broker, share) in partners(blueprint, cluster, start.zone, traffic) {
            let passages = ways.get(&broker).map_or(&[][..], Vec::as_slice);
            let each = from_here
                .times(share)
                .times(Share::new(1, passages.len() as u128));
            let whole = passages
                .iter()
                .map(|rest| [vec![start.clone()], rest.clone()].concat());
            weighted.extend(whole.map(|way| (each, way)));
        }
    }
    weighted
}

/// The brokers a client in a zone exchanges bytes with, and how much with each: leaders are
/// spread evenly; a rack-aware consumer reads in its own zone where a replica is.
fn partners(
    blueprint: &Blueprint,
    cluster: &Cluster,
    zone: &ZoneId,
    traffic: Traffic,
) -> Vec<(u32, Share)> {
    let placed: Vec<(u32, &ZoneId)> = cluster
        .brokers
        .iter()
        .filter_map(|(id, broker)| {
            let eni = blueprint.enis.get(&broker.eni)?;
            Some((*id, &blueprint.subnets.get(&eni.subnet)?.zone))
        })
        .collect();
    let (near, far): (Vec<_>, Vec<_>) = placed.iter().partition(|(_, at)| *at == zone);
    let here = match traffic.direction {
        TrafficDirection::Consume if traffic.rack_aware && !near.is_empty() => {
            let zones: std::collections::BTreeSet<_> = placed.iter().map(|(_, at)| at).collect();
            let n_zones = zones.len() as u128;
            Share::new(replicas(cluster, placed.len()).min(n_zones), n_zones)
        }
        TrafficDirection::Consume | TrafficDirection::Produce => {
            Share::new(near.len() as u128, placed.len() as u128)
        }
    };
    let spread = |brokers: Vec<&(u32, &ZoneId)>, share: Share| {
        let each = share.times(Share::new(1, brokers.len() as u128));
        brokers
            .into_iter()
            .map(move |(id, _)| (*id, each))
            .collect::<Vec<_>>()
    };
    [spread(near, here), spread(far, here.rest())].concat()
}

/// Replicas of a partition, as topics have them that say nothing.
fn replicas(cluster: &Cluster, n_brokers: usize) -> u128 {
    let said = cluster.settings.get("default.replication.factor");
    let said = said.and_then(|text| text.trim().parse::<u128>().ok());
    said.unwrap_or(1).clamp(1, (n_brokers as u128).max(1))
}

/// What one way costs.
fn of_way(blueprint: &Blueprint, client: &Client, way: &[Stop<'_>]) -> Flow {
    let mut flow = Flow::default();
    let direction = client.traffic.unwrap_or_default().direction;
    for leg in way.windows(2) {
        let [from, to] = leg else {
            continue;
        };
        bill_leg(&mut flow, blueprint, from, to, direction);
        bill_stop(&mut flow, to);
    }
    flow
}

fn bill_stop(flow: &mut Flow, stop: &Stop<'_>) {
    let rate = match stop.kind {
        Kind::Endpoint => Rate::PerGb {
            id: id::PRICES_ENDPOINT_GB,
            times: 1,
        },
        Kind::ResourceEndpoint => Rate::PerGb {
            id: id::PRICES_RESOURCE_ENDPOINT_GB,
            times: 1,
        },
        Kind::Node { managed: true } => Rate::PerGb {
            id: id::PRICES_MSK_MULTI_VPC_GB,
            times: 1,
        },
        Kind::Node { managed: false } => Rate::CapacityUnits,
        Kind::Client | Kind::ResourceGateway | Kind::Gateway | Kind::Broker => return,
    };
    flow.bill(rate, stop.region);
}

/// The sender's side pays for what leaves its Region; both sides pay for what leaves a zone.
fn bill_leg(
    flow: &mut Flow,
    blueprint: &Blueprint,
    from: &Stop<'_>,
    to: &Stop<'_>,
    direction: TrafficDirection,
) {
    let sender = match direction {
        TrafficDirection::Consume => to,
        TrafficDirection::Produce => from,
    };
    let once = |id| Rate::PerGb { id, times: 1 };
    let enters = matches!(to.kind, Kind::Node { .. } | Kind::ResourceGateway);
    let by_transit = from.vpc != to.vpc && !enters && !blueprint.transit_attachments.is_empty();
    if by_transit {
        flow.bill(once(id::PRICES_TRANSIT_GATEWAY_GB), sender.region);
        if from.region != to.region {
            flow.bill(once(id::PRICES_TRANSIT_GATEWAY_PEERING_GB), sender.region);
        }
    }
    if from.region != to.region {
        flow.bill(once(id::PRICES_OTHER_REGION_GB), sender.region);
        return;
    }
    if from.zone == to.zone {
        return;
    }
    let is_endpoint = matches!(to.kind, Kind::Endpoint | Kind::ResourceEndpoint);
    let rate = if by_transit {
        once(id::PRICES_TRANSIT_GATEWAY_CROSS_ZONE_GB)
    } else if is_endpoint && from.vpc == to.vpc {
        once(id::PRICES_ENDPOINT_CROSS_ZONE_GB)
    } else if from.kind == (Kind::Node { managed: true }) {
        return;
    } else {
        Rate::PerGb {
            id: id::PRICES_CROSS_ZONE_GB,
            times: 2,
        }
    };
    flow.bill(rate, sender.region);
}
