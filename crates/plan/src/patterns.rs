//! What stands in a cluster's VPC for each means beside the shared balancer, as settled.

pub(crate) mod gateways;
pub(crate) mod multi_vpc;
pub(crate) mod per_broker;
pub(crate) mod resources;

use blueprint::ids::ZoneId;

use crate::draft::Draft;
use crate::intent::{Cluster, Intent, Link, Means};
use crate::layout::Plots;
use crate::listeners;
use gateways::Gateways;
use multi_vpc::MultiVpc;
use per_broker::PerBroker;
use resources::Resources;

/// Why connections of one means to one cluster have one value.
const ONE_PATTERN: &str = "connections to one cluster by one means share what stands before it";

/// What a cluster has for each means, where a connection needs it.
pub(crate) struct Patterns {
    pub(crate) per_broker: Option<PerBroker>,
    pub(crate) multi_vpc: Option<MultiVpc>,
    pub(crate) resources: Option<Resources>,
    pub(crate) gateways: Option<Gateways>,
}

/// Settles every pattern of a cluster.
pub(crate) fn settle(
    cluster: &Cluster<'_>,
    intent: &Intent<'_>,
    plots: &Plots,
    draft: &mut Draft,
) -> Patterns {
    Patterns {
        per_broker: per_broker::settle(cluster, intent, plots, draft),
        multi_vpc: multi_vpc::settle(cluster, intent, plots, draft),
        resources: resources::settle(cluster, intent, plots, draft),
        gateways: gateways::settle(cluster, intent, plots, draft),
    }
}

impl Patterns {
    /// The listeners that brokers have for them beside their own.
    pub(crate) fn further_listeners(&self) -> Vec<listeners::Default> {
        let managed = self.multi_vpc.iter();
        managed.flat_map(MultiVpc::further_listeners).collect()
    }
}

/// The connections to a cluster by one means, in the spec's order.
fn links<'i, 's>(intent: &'i Intent<'s>, cluster: &Cluster<'_>, means: Means) -> Vec<&'i Link<'s>> {
    let links = intent.links.iter();
    let ours = links.filter(|link| link.means == means && link.to.name == cluster.name);
    ours.collect()
}

/// The zone of each broker: as said, else where its address lies, else the zones in turn.
pub(crate) fn broker_zone(cluster: &Cluster<'_>, id: u32, plots: &Plots) -> Option<ZoneId> {
    let vpc = cluster.vpc.name;
    let said = cluster.asked.broker_zones.get(&id);
    if let Some(zone) = said.filter(|zone| plots.has_zone(vpc, zone)) {
        return Some(zone.clone());
    }
    if let Some(address) = cluster.asked.addresses.get(&id) {
        let mut plots = plots.of(vpc).iter();
        if let Some(plot) = plots.find(|plot| plot.cidr.contains(address)) {
            return Some(plot.zone.clone());
        }
    }
    let zones = plots.zones(vpc);
    let position = cluster.brokers.iter().position(|known| *known == id)?;
    let turn = position.checked_rem(zones.len())?;
    zones.get(turn).map(|zone| (*zone).clone())
}
