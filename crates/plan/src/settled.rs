//! Everything that is chosen before an object is written, and what follows for the way a
//! client enters a cluster.

use std::collections::BTreeMap;

use blueprint::diagnostic::{At, Diagnostic};
use blueprint::ids::{EndpointId, SecurityGroupId, ZoneId};
use blueprint::key::SpecKey;

use crate::doors::Entry;
use crate::draft::Draft;
use crate::front::{self, Front};
use crate::intent::{Client, Cluster, Intent, Link, Means, Vpc, Way};
use crate::layout::Plots;
use crate::listeners::{self, Listeners};
use crate::naming;
use crate::sets::Set;

impl Choices {
    /// The listener set that the brokers' listener is for.
    pub(crate) fn set_behind(&self, listener: &str) -> Option<&Set> {
        let mut sets = self.front.iter().flat_map(|front| &front.sets);
        sets.find(|set| set.listener == listener && !set.advertised.is_empty())
    }
}

/// A spec with every choice made.
pub(crate) struct Settled<'s> {
    pub(crate) asked: Intent<'s>,
    pub(crate) plots: Plots,
    /// By [`Cluster::position`].
    clusters: Vec<Choices>,
    /// Zones in which an endpoint has an interface.
    pub(crate) endpoint_zones: BTreeMap<EndpointId, Vec<ZoneId>>,
}

/// What was chosen for a cluster.
pub(crate) struct Choices {
    pub(crate) listeners: Listeners,
    pub(crate) front: Option<Front>,
}

impl<'s> Settled<'s> {
    /// What was chosen for a cluster.
    pub(crate) fn choices(&self, cluster: &Cluster<'_>) -> &Choices {
        &self.clusters[cluster.position]
    }

    /// The front that local clients of a cluster are moved to, if they are.
    pub(crate) fn moving_front(&self, cluster: &Cluster<'_>) -> Option<&Front> {
        let front = self.choices(cluster).front.as_ref();
        front.filter(|front| front.moves_local_clients)
    }

    /// The connection a way takes.
    pub(crate) fn link(&self, way: Way) -> Option<&Link<'s>> {
        match way {
            Way::Link(position) => self.asked.links.get(position),
            Way::SameVpc | Way::Unconnected => None,
        }
    }

    /// The VPC in which a client finds what it dials.
    pub(crate) fn entry_vpc<'a>(&'a self, client: &'a Client<'s>) -> &'a Vpc<'s> {
        let link = self.link(client.way).filter(|link| !link.means.is_routed());
        link.map_or(&client.cluster.vpc, |link| &link.holder)
    }

    /// The security group of the object through which a client enters.
    pub(crate) fn entry_group(&self, client: &Client<'_>) -> SecurityGroupId {
        let cluster = &client.cluster;
        match self.entry(client.way, cluster) {
            Entry::Brokers => naming::brokers_group(cluster.name),
            Entry::Balancer => naming::balancer_group(cluster.name),
            Entry::Endpoint => naming::endpoint_group(self.entry_vpc(client).name, cluster.name),
        }
    }

    /// Whether the groups of a way's clients and of what they enter by may name each other: AWS
    /// looks no further than a VPC and its peers of the same Region.
    pub(crate) fn references_groups(&self, way: Way) -> bool {
        match self.link(way) {
            Some(link) => match link.means {
                Means::Peering => link.from.region == link.to.vpc.region,
                Means::TransitGateway => false,
                Means::Privatelink
                | Means::PrivatelinkPerBroker
                | Means::MskMultiVpc
                | Means::ResourceEndpoint
                | Means::Gateway => !link.is_carried(),
            },
            None => way == Way::SameVpc,
        }
    }
}

/// Makes every choice.
pub(crate) fn settle<'s>(asked: Intent<'s>, plots: Plots, draft: &mut Draft) -> Settled<'s> {
    let mut clusters = Vec::new();
    for cluster in &asked.clusters {
        let front = front::settle(cluster, &asked, &plots, draft);
        let sets = front.iter().flat_map(|front| &front.sets);
        let further = sets.filter_map(Set::further_listener).collect();
        let listeners = listeners::settle(cluster, further, draft);
        clusters.push(Choices { listeners, front });
    }
    let mut endpoint_zones = BTreeMap::new();
    for link in asked
        .links
        .iter()
        .filter(|link| link.means == Means::Privatelink && !link.shares_endpoints)
    {
        let front = clusters[link.to.position].front.as_ref();
        let balanced = front.map_or(&[][..], |front| &front.zones);
        let id = naming::endpoint(link.holder.name, link.to.name);
        endpoint_zones.insert(id, zones_of_endpoint(link, balanced, &plots, draft));
    }
    Settled {
        asked,
        plots,
        clusters,
        endpoint_zones,
    }
}

fn zones_of_endpoint(
    link: &Link<'_>,
    balanced: &[ZoneId],
    plots: &Plots,
    draft: &mut Draft,
) -> Vec<ZoneId> {
    let key = link.key.key("endpoint_zones");
    let vpc = link.holder.name;
    let is_near = link.holder.region == link.to.vpc.region;
    if let Some(said) = &link.asked.endpoint_zones {
        return zones_with_subnets(said, vpc, plots, &key, draft);
    }
    let shared = plots
        .zones(vpc)
        .into_iter()
        .filter(|zone| !is_near || balanced.contains(zone));
    let shared: Vec<ZoneId> = shared.cloned().collect();
    let because = if is_near {
        let cluster = link.to.name;
        format!("the zones of `{vpc}` in which the balancer of `{cluster}` has a node")
    } else {
        format!("every zone of `{vpc}`: zones are not matched across Regions")
    };
    draft.fill(key, front::list(&shared), because);
    shared
}

/// The zones, each once, in which the VPC has a subnet; the others are reported.
pub(crate) fn zones_with_subnets(
    zones: &[ZoneId],
    vpc: &str,
    plots: &Plots,
    key: &SpecKey,
    draft: &mut Draft,
) -> Vec<ZoneId> {
    let mut kept: Vec<ZoneId> = Vec::new();
    for (index, zone) in zones.iter().enumerate() {
        if kept.contains(zone) {
            continue;
        }
        if plots.has_zone(vpc, zone) {
            kept.push(zone.clone());
        } else {
            draft.report(no_subnet(vpc, zone, At::Value(key.index(index)), plots));
        }
    }
    kept
}

/// Says that a VPC has no subnet in a zone.
pub(crate) fn no_subnet(vpc: &str, zone: &ZoneId, at: At, plots: &Plots) -> Diagnostic {
    let known: Vec<&str> = plots.zones(vpc).into_iter().map(ZoneId::as_str).collect();
    let title = format!("`{vpc}` has no subnet in {zone}");
    let fault = Diagnostic::error("missing-subnet", title, at);
    if known.is_empty() {
        return fault.label(format!("`{vpc}` has no subnet at all"));
    }
    fault
        .label(format!("`{vpc}` has subnets in {}", known.join(", ")))
        .help(format!(
            "add {zone} to the zones of `{vpc}`, or name one that it has"
        ))
}
