//! # narrow-path
//!
//! A path is narrower than what is sent over it: in bytes per second for one connection, for an
//! endpoint or a transit gateway's attachment, or in bytes per packet.
//!
//! ## Why it is bad
//!
//! A Kafka client has one connection to each leader, and AWS gives one flow 5 Gbps outside a
//! placement group: a client that wants more from one broker never gets it, whatever the
//! instance. An endpoint carries 10 Gbps per zone before it scales, an attachment of a transit
//! gateway has a limit too. And packets: hosts in a VPC send up to 9001 bytes, a transit gateway
//! and an endpoint carry 8500, a peering between Regions less; none of them says that a packet
//! was too big (no path MTU discovery), so jumbo frames vanish and small ones pass: the
//! bootstrap works and the first large batch hangs.
//!
//! ## Example
//!
//! ```yaml
//! clients:
//!   replay: { vpc: shop, cluster: orders, traffic: 3 GB/s }     # of 3 brokers: 8 Gbps each
//! ```
//!
//! ## Remedy
//!
//! Spread the traffic: more brokers, more partitions, several clients. For packets: give hosts
//! an MTU that every carrier on the way takes (`mtu: 8500`, or 1500 across Regions).

use std::collections::{BTreeMap, BTreeSet};

use blueprint::diagnostic::Diagnostic;
use blueprint::facts::id;
use blueprint::ids::{ClientId, ObjectId, VpcId};
use blueprint::key::SpecKey;

use crate::evidence::{Evidence, Finding, value};
use crate::passed::{Passed, passed};
use crate::promises::Path;

/// Bits per second of one Gbps, as AWS states bandwidth.
const BITS_PER_GBPS: u64 = 1_000_000_000;

/// Bits of a byte.
const BITS: u64 = 8;

pub(super) fn run(evidence: &Evidence<'_, '_>) -> Vec<Finding> {
    let rates = rates(evidence);
    let packets = packets(evidence);
    let found = rates.into_iter().chain(packets);
    found.map(Finding::of_structure).collect()
}

/// What a client's delivered paths pass, and how many brokers they end at.
#[derive(Default)]
struct Ways {
    n_brokers: u64,
    endpoint_zones: BTreeMap<ObjectId, u64>,
    by_transit: bool,
}

fn rates(evidence: &Evidence<'_, '_>) -> Vec<Diagnostic> {
    let mut ways: BTreeMap<&ClientId, (u64, Ways)> = BTreeMap::new();
    for path in evidence.paths() {
        let Some(traffic) = path.client.traffic else {
            continue;
        };
        let client = &path.promise.client;
        let (_, known) = ways
            .entry(client)
            .or_insert_with(|| (traffic.rate, Ways::default()));
        note(evidence, path, known);
    }
    let judged = ways.iter();
    judged
        .flat_map(|(client, (rate, ways))| judge_rate(evidence, client, *rate, ways))
        .collect()
}

fn note(evidence: &Evidence<'_, '_>, path: &Path<'_>, ways: &mut Ways) {
    ways.n_brokers = path.cluster.brokers.len() as u64;
    for journey in path.delivered() {
        let passed = passed(journey);
        ways.by_transit |= !passed.transit_gateways.is_empty();
        for id in passed.endpoints {
            let endpoint = evidence.blueprint().endpoints.get(id);
            let zones = endpoint.map_or(0, |endpoint| endpoint.enis.len() as u64);
            ways.endpoint_zones.insert(id.into(), zones);
        }
    }
}

fn judge_rate(
    evidence: &Evidence<'_, '_>,
    client: &ClientId,
    rate: u64,
    ways: &Ways,
) -> Vec<Diagnostic> {
    let bits = rate.saturating_mul(BITS);
    let n_zones: u64 = ways.endpoint_zones.values().sum();
    let limits = [
        (ways.n_brokers, id::BANDWIDTH_FLOW, "one connection"),
        (
            n_zones,
            id::BANDWIDTH_ENDPOINT_PER_ZONE,
            "an endpoint in one zone",
        ),
        (
            u64::from(ways.by_transit),
            id::BANDWIDTH_TRANSIT_GATEWAY_ATTACHMENT,
            "an attachment of a transit gateway",
        ),
    ];
    let beyond = limits.into_iter().filter_map(|(n, fact, what)| {
        let gbps = evidence.fact(fact)?;
        let each = bits.checked_div(n)?;
        (gbps.saturating_mul(BITS_PER_GBPS) < each)
            .then(|| too_fast(evidence, client, each, (gbps, what)))
    });
    beyond.collect()
}

fn too_fast(
    evidence: &Evidence<'_, '_>,
    client: &ClientId,
    bits: u64,
    (gbps, what): (u64, &str),
) -> Diagnostic {
    let tenths = bits / (BITS_PER_GBPS / 10);
    let wanted = format!("{}.{}", tenths / 10, tenths % 10);
    let title = format!("`{client}` wants {wanted} Gbps of {what}, which carries {gbps}");
    let at = value(evidence.origin(client).key("traffic"));
    Diagnostic::warning("narrow-path", title, at)
        .label("spread evenly over brokers and zones")
        .help("spread it over more brokers or clients, or ask AWS what it has been raised to")
}

/// Where a VPC's packet size was said, and its bytes.
type Said = (SpecKey, u32);

/// The largest packet of a carrier in bytes, and the carrier for people.
type Carrier = (u64, String);

/// VPCs whose hosts were given a packet size that something on the way does not take.
fn packets(evidence: &Evidence<'_, '_>) -> Vec<Diagnostic> {
    let said = said_sizes(evidence);
    let mut narrow: BTreeMap<(&Said, &VpcId), BTreeSet<Carrier>> = BTreeMap::new();
    for path in evidence.paths() {
        let ends = [&path.client.vpc, &path.cluster.vpc];
        let ends: Vec<_> = ends
            .into_iter()
            .filter_map(|vpc| Some((said.get(vpc)?, vpc)))
            .collect();
        if ends.is_empty() {
            continue;
        }
        for journey in path.delivered() {
            let carriers = carriers(evidence, &passed(journey));
            for (said, vpc) in &ends {
                let small = carriers.iter();
                let small = small.filter(|(takes, _)| *takes < u64::from(said.1));
                narrow
                    .entry((*said, *vpc))
                    .or_default()
                    .extend(small.cloned());
            }
        }
    }
    let found = narrow.into_iter();
    found
        .filter_map(|((said, vpc), carriers)| Some(too_big(said, vpc, carriers.first()?)))
        .collect()
}

/// What an attempt is carried by, with the largest packet of each.
fn carriers(evidence: &Evidence<'_, '_>, passed: &Passed<'_>) -> BTreeSet<Carrier> {
    let blueprint = evidence.blueprint();
    let endpoints = passed.endpoints.iter().filter_map(|endpoint| {
        let takes = evidence.fact(id::MTU_ENDPOINT)?;
        Some((takes, format!("endpoint `{endpoint}`")))
    });
    let peerings = passed.peerings.iter().filter_map(|id| {
        let takes = blueprint.peerings.get(*id)?.mtu;
        Some((takes.into(), format!("peering `{id}`")))
    });
    let transit = passed.transit_gateways.iter().filter_map(|id| {
        let takes = blueprint.transit_gateways.get(*id)?.mtu;
        Some((takes.into(), format!("transit gateway `{id}`")))
    });
    endpoints.chain(peerings).chain(transit).collect()
}

/// The packet sizes of VPCs' hosts that were said; what nobody said is what hosts negotiate.
fn said_sizes<'a>(evidence: &Evidence<'_, 'a>) -> BTreeMap<&'a VpcId, Said> {
    let vpcs = evidence.blueprint().vpcs.iter();
    let said = vpcs.filter_map(|(id, vpc)| {
        let key = evidence.origin(id).key("mtu");
        evidence.is_said(&key).then_some((id, (key, vpc.mtu)))
    });
    said.collect()
}

fn too_big((key, mtu): &Said, vpc: &VpcId, (takes, what): &Carrier) -> Diagnostic {
    let title = format!("hosts of `{vpc}` send packets of {mtu} bytes, and {what} takes {takes}");
    Diagnostic::warning("narrow-path", title, value(key.clone()))
        .label("larger packets are dropped without a word")
        .note("small requests pass and large batches hang")
        .help(format!("say `mtu: {takes}`, and set it on the hosts"))
}
