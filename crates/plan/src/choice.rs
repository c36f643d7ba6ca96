//! The choice of a means: what could connect a VPC to a cluster, cheapest first, and why not.

use std::collections::BTreeSet;
use std::fmt;

use blueprint::patterns::{Cell, Pattern, REFUSALS, Relation};
use blueprint::spec::{Auth, Carrier, Cluster, Connection, GatewayMode, Spec, Via};

pub(crate) use crate::geometry::{Named, overlapping};
use crate::intent::{Means, region};
use crate::peers::Peers;
use crate::{combinations, geometry, hosts};

/// A means that could connect a VPC to a cluster.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// The word of the spec.
    pub via: Via,
    /// Why it cannot work; none if it can.
    pub refused: Option<Refusal>,
    /// Whether the table of patterns leaves open if it works.
    pub is_unknown: bool,
}

/// Why a means cannot work.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// Name of the check that would fail.
    pub check: &'static str,
    /// The facts, one fragment.
    pub reason: String,
    /// An edit that would let the means work, one fragment.
    pub remedy: String,
}

impl Refusal {
    pub(crate) fn new(check: &'static str, reason: String, remedy: String) -> Self {
        Self {
            check,
            reason,
            remedy,
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.check, self.reason)
    }
}

/// What could connect a VPC to a cluster beside the connections that stand before it in the
/// spec, cheapest first. Empty if either does not exist.
pub fn means(spec: &Spec, from: &str, to: &str) -> Vec<Candidate> {
    let is_meant = |asked: &Connection| asked.from == from && asked.to == to;
    let before = spec.connections.iter().take_while(|asked| !is_meant(asked));
    let mut peers = Peers::default();
    for asked in before {
        let chosen = match asked.via {
            Via::Auto => {
                let ends = (asked.from.as_str(), asked.to.as_str());
                cheapest(&beside(spec, &peers, ends, asked.through.as_deref()))
            }
            Via::SameVpc
            | Via::Peering
            | Via::Privatelink
            | Via::TransitGateway
            | Via::PrivatelinkPerBroker
            | Via::MskMultiVpc
            | Via::ResourceEndpoint
            | Via::Gateway => means_of(asked.via),
        };
        let ends = vpc_of(spec, &asked.from).zip(cluster_of(spec, &asked.to));
        let (Some(means), Some((client, (provider, _)))) = (chosen, ends) else {
            continue;
        };
        let holder = asked.through.as_ref().and_then(|name| vpc_of(spec, name));
        match (means, holder) {
            (Means::Peering, _) => peers.join(client, provider, Carrier::Peering),
            (Means::TransitGateway, _) => peers.join(client, provider, Carrier::TransitGateway),
            (_, Some(holder)) if holder.0 != client.0 => {
                peers.join(client, holder, asked.carrier.unwrap_or_default());
            }
            (_, _) => {}
        }
    }
    let own = spec.connections.iter().find(|asked| is_meant(asked));
    let through = own.and_then(|asked| asked.through.as_deref());
    beside(spec, &peers, (from, to), through)
}

/// What could connect a VPC to a cluster while these joins exist, cheapest first. The order is
/// that of the hourly price for three brokers and one client VPC in us-east-1: nothing; a
/// balancer and an endpoint; the same at MSK's unverified price; two attachments; a balancer and
/// an endpoint for each broker; resources, whose price is not known; and instances beside a
/// balancer. Prices by traffic are for the comparison.
pub(crate) fn beside(
    spec: &Spec,
    peers: &Peers<'_>,
    (from, to): (&str, &str),
    through: Option<&str>,
) -> Vec<Candidate> {
    let ends = vpc_of(spec, from).zip(cluster_of(spec, to));
    let Some((client, (provider, cluster))) = ends else {
        return Vec::new();
    };
    let holder = through.and_then(|name| vpc_of(spec, name));
    let place = Place {
        spec,
        peers,
        client,
        holder: holder.unwrap_or(client),
        provider,
        cluster,
    };
    BY_PRICE
        .iter()
        .map(|means| place.candidate(*means))
        .collect()
}

/// Every means, cheapest first.
const BY_PRICE: [Means; 7] = [
    Means::Peering,
    Means::Privatelink,
    Means::MskMultiVpc,
    Means::TransitGateway,
    Means::PrivatelinkPerBroker,
    Means::ResourceEndpoint,
    Means::Gateway,
];

/// Where a means is looked for.
struct Place<'a, 's> {
    spec: &'s Spec,
    peers: &'a Peers<'s>,
    client: Named<'s>,
    /// The VPC that would hold an endpoint.
    holder: Named<'s>,
    provider: Named<'s>,
    cluster: &'s Cluster,
}

impl Place<'_, '_> {
    fn candidate(&self, means: Means) -> Candidate {
        let (refused, is_unknown) = self.table(means);
        Candidate {
            via: via(means),
            refused: refused.or_else(|| self.geometry(means)),
            is_unknown,
        }
    }

    fn geometry(&self, means: Means) -> Option<Refusal> {
        let (client, provider, cluster) = (self.client, self.provider, self.cluster);
        if means.is_routed() && self.holder.0 != client.0 {
            let reason = format!("it has no endpoint for `{}` to hold", self.holder.0);
            let remedy = "remove `through`".to_owned();
            return Some(Refusal::new("contradicting-settings", reason, remedy));
        }
        let shared = || {
            let (here, there) = (
                region(self.spec, self.holder.1),
                region(self.spec, provider.1),
            );
            (here == there)
                .then(|| geometry::shared_zone(self.holder, provider))
                .flatten()
        };
        match means {
            Means::Peering => geometry::peering(client, provider, self.peers),
            Means::TransitGateway => {
                let gateways = self.spec.transit_gateways.iter();
                let gateways: Vec<&str> = gateways.map(|(name, _)| name.as_str()).collect();
                geometry::transit(client, provider, self.peers, &gateways)
            }
            Means::Privatelink => geometry::privatelink(cluster).or_else(shared),
            Means::PrivatelinkPerBroker => geometry::per_broker(cluster).or_else(shared),
            Means::MskMultiVpc => geometry::all_zones(self.holder, provider),
            Means::ResourceEndpoint => geometry::resources(cluster).or_else(shared),
            Means::Gateway => shared(),
        }
    }

    /// What the table of patterns says for the schemes of the clients there.
    fn table(&self, means: Means) -> (Option<Refusal>, bool) {
        let here = match means.is_routed() {
            true => self.client,
            false => self.holder,
        };
        let account = Relation::between(&here.1.account, &self.provider.1.account);
        let place = Relation::between(
            region(self.spec, here.1),
            region(self.spec, self.provider.1),
        );
        let cells = self.schemes().into_iter().filter_map(|auth| {
            Some(Cell {
                pattern: Pattern::of(via(means), GatewayMode::default())?,
                kind: self.cluster.kind,
                auth,
                account,
                region: place,
            })
        });
        let (refused, is_unknown) = combinations::verdict(&cells.collect::<Vec<_>>());
        let refused = refused.map(|(check, ruling)| {
            let remedy = "let the clients authenticate otherwise".to_owned();
            Refusal::new(check, ruling.because.clone(), remedy)
        });
        (refused, is_unknown)
    }

    /// The schemes of the clients that would take it, the cluster's first if there are none.
    fn schemes(&self) -> BTreeSet<Auth> {
        let offered = hosts::schemes(self.cluster);
        let first = offered.first().copied().unwrap_or_default();
        let clients = self.spec.clients.iter().filter(|(_, client)| {
            let cluster = cluster_of(self.spec, &client.cluster);
            client.vpc == self.client.0
                && cluster.is_some_and(|(_, cluster)| std::ptr::eq(cluster, self.cluster))
        });
        let used = clients.map(|(_, client)| {
            if offered.contains(&client.auth) {
                client.auth
            } else {
                first
            }
        });
        let used: BTreeSet<Auth> = used.collect();
        if used.is_empty() {
            BTreeSet::from([first])
        } else {
            used
        }
    }
}

fn vpc_of<'s>(spec: &'s Spec, name: &str) -> Option<Named<'s>> {
    let found = spec.vpcs.iter().find(|(known, _)| known == name);
    found.map(|(name, vpc)| (name.as_str(), vpc))
}

/// A cluster with its VPC.
fn cluster_of<'s>(spec: &'s Spec, name: &str) -> Option<(Named<'s>, &'s Cluster)> {
    let (_, cluster) = spec.clusters.iter().find(|(known, _)| known == name)?;
    Some((vpc_of(spec, &cluster.vpc)?, cluster))
}

/// The edits that would let one of the refused means work, those excepted that the table rules
/// out; none if there is no refusal.
pub(crate) fn remedies(candidates: &[Candidate]) -> Option<String> {
    let refused = || candidates.iter().filter_map(|c| c.refused.as_ref());
    let is_ruled_out = |why: &&Refusal| REFUSALS.contains(&why.check);
    let hopeless = refused().all(|why| is_ruled_out(&why));
    let mut remedies: Vec<&str> = Vec::new();
    for why in refused().filter(|why| hopeless || !is_ruled_out(why)) {
        if !remedies.contains(&why.remedy.as_str()) {
            remedies.push(&why.remedy);
        }
    }
    (!remedies.is_empty()).then(|| remedies.join(", or "))
}

/// The first candidate that works; one of which that is not known only if there is no other.
pub(crate) fn cheapest(candidates: &[Candidate]) -> Option<Means> {
    let works = || candidates.iter().filter(|c| c.refused.is_none());
    let first = works().find(|candidate| !candidate.is_unknown);
    let first = first.or_else(|| works().next());
    first.and_then(|candidate| means_of(candidate.via))
}

/// The candidates that are cheaper than the one that is chosen.
pub(crate) fn passed_over(chosen: Option<Means>, candidates: &[Candidate]) -> &[Candidate] {
    let chosen = candidates.iter().position(|c| means_of(c.via) == chosen);
    &candidates[..chosen.unwrap_or(candidates.len())]
}

/// Why a means is chosen: its price, and why nothing cheaper can be.
pub(crate) fn because(chosen: Means, candidates: &[Candidate]) -> String {
    let cheaper = passed_over(Some(chosen), candidates).iter();
    let why = cheaper.map(|candidate| match &candidate.refused {
        Some(why) => format!("{} is refused: {why}", candidate.via),
        None => format!("whether {} works is not known", candidate.via),
    });
    let price = std::iter::once(price(chosen).to_owned());
    price.chain(why).collect::<Vec<_>>().join("; ")
}

/// The word of the spec for a means.
pub(crate) fn via(means: Means) -> Via {
    match means {
        Means::Peering => Via::Peering,
        Means::TransitGateway => Via::TransitGateway,
        Means::Privatelink => Via::Privatelink,
        Means::PrivatelinkPerBroker => Via::PrivatelinkPerBroker,
        Means::MskMultiVpc => Via::MskMultiVpc,
        Means::ResourceEndpoint => Via::ResourceEndpoint,
        Means::Gateway => Via::Gateway,
    }
}

/// The means of a word of the spec that names one.
pub(crate) fn means_of(via: Via) -> Option<Means> {
    match via {
        Via::Auto | Via::SameVpc => None,
        Via::Peering => Some(Means::Peering),
        Via::TransitGateway => Some(Means::TransitGateway),
        Via::Privatelink => Some(Means::Privatelink),
        Via::PrivatelinkPerBroker => Some(Means::PrivatelinkPerBroker),
        Via::MskMultiVpc => Some(Means::MskMultiVpc),
        Via::ResourceEndpoint => Some(Means::ResourceEndpoint),
        Via::Gateway => Some(Means::Gateway),
    }
}

fn price(means: Means) -> &'static str {
    match means {
        Means::Peering => "a peering has no hourly price",
        Means::TransitGateway => "each attachment to a transit gateway is paid by the hour",
        Means::Privatelink => "a balancer and an endpoint are paid by the hour",
        Means::PrivatelinkPerBroker => {
            "a balancer and an endpoint are paid by the hour for each broker"
        }
        Means::MskMultiVpc => "a scheme and an endpoint are paid by the hour",
        Means::ResourceEndpoint => "a resource endpoint is paid by the hour for each broker",
        Means::Gateway => {
            "a balancer, an endpoint and the gateway's instances are paid by the hour"
        }
    }
}
