//! Everything that is chosen before an object is written, and what follows for the way a
//! client enters a cluster.

use std::collections::{BTreeMap, BTreeSet};

use blueprint::balancing::EndpointTarget;
use blueprint::diagnostic::{At, Diagnostic};
use blueprint::ids::{ResourceConfigurationId, SecurityGroupId, ServiceId, ZoneId};
use blueprint::kafka::HostPort;
use blueprint::key::SpecKey;
use blueprint::spec::ClientKind;

use crate::balancers::{self, Balancer};
use crate::doors::Entry;
use crate::draft::Draft;
use crate::entrances::{self, Entrance};
use crate::front::{self, Front};
use crate::intent::{Client, Cluster, Intent, Link, Means, Vpc, Way};
use crate::layout::Plots;
use crate::listeners::{self, Listeners};
use crate::patterns::{self, Patterns};
use crate::sets::Set;
use crate::{choice, naming, template};

/// A spec with every choice made.
pub(crate) struct Settled<'s> {
    pub(crate) asked: Intent<'s>,
    pub(crate) plots: Plots,
    /// By [`Cluster::position`].
    clusters: Vec<Choices>,
    /// The endpoints of each connection, by its position; of several that share some, the
    /// first makes them.
    entrances: Vec<Vec<Entrance>>,
}

/// What was chosen for a cluster.
pub(crate) struct Choices {
    pub(crate) listeners: Listeners,
    pub(crate) front: Option<Front>,
    pub(crate) patterns: Patterns,
    pub(crate) balancers: Vec<Balancer>,
}

impl Choices {
    /// The listener set that the brokers' listener is for.
    pub(crate) fn set_behind(&self, listener: &str) -> Option<&Set> {
        let mut sets = self.front.iter().flat_map(|front| &front.sets);
        sets.find(|set| set.listener == listener && !set.advertised.is_empty())
    }

    /// MSK's own names and ports of a listener for VPC connections.
    pub(crate) fn managed_names(&self, listener: &str) -> Option<&BTreeMap<u32, HostPort>> {
        let mut schemes = self.patterns.multi_vpc.iter().flat_map(|own| &own.schemes);
        let scheme = schemes.find(|scheme| scheme.listener == listener)?;
        Some(&scheme.advertised)
    }

    /// What metadata gives for a broker on a listener of clients, as far as it is well-formed;
    /// its own name and port otherwise.
    pub(crate) fn dialled(&self, cluster: &Cluster<'_>, listener: &str, id: u32) -> HostPort {
        let said = cluster.asked.advertised.as_ref();
        let said = said.and_then(|said| said.get(listener));
        let moved = self.set_behind(listener);
        let moved = moved.and_then(|set| set.advertised.get(&id)).copied();
        said.and_then(|said| template::fill(said, id).ok())
            .unwrap_or_else(|| HostPort {
                host: cluster.broker_host(id),
                port: moved.unwrap_or_else(|| self.listeners.port(listener)),
            })
    }
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

    /// The endpoints that a connection makes.
    pub(crate) fn entrances_made(&self, position: usize) -> &[Entrance] {
        self.entrances.get(position).map_or(&[], Vec::as_slice)
    }

    /// The endpoints that the clients of a connection use.
    pub(crate) fn entrances(&self, link: &Link<'_>) -> &[Entrance] {
        let mut sharing = self.asked.sharing(link);
        let maker = sharing.find(|(_, other)| !other.shares_endpoints);
        match maker {
            Some((Way::Link(position), _)) => self.entrances_made(position),
            Some((Way::SameVpc | Way::Unconnected, _)) | None => &[],
        }
    }

    /// The connections to a cluster whose endpoints lead to a service.
    pub(crate) fn links_to_service(
        &self,
        cluster: &Cluster<'_>,
        service: &ServiceId,
    ) -> Vec<&Link<'s>> {
        let target = EndpointTarget::Service(service.clone());
        self.links_to(cluster, &target)
    }

    /// The connections to a cluster whose endpoints lead to a resource.
    pub(crate) fn links_to_resource(
        &self,
        cluster: &Cluster<'_>,
        resource: &ResourceConfigurationId,
    ) -> Vec<&Link<'s>> {
        let target = EndpointTarget::Resource(resource.clone());
        self.links_to(cluster, &target)
    }

    fn links_to(&self, cluster: &Cluster<'_>, target: &EndpointTarget) -> Vec<&Link<'s>> {
        let links = self.asked.links.iter().enumerate();
        let links = links.filter(|(position, link)| {
            let mut made = self.entrances_made(*position).iter();
            link.to.name == cluster.name && made.any(|entrance| entrance.target == *target)
        });
        links.map(|(_, link)| link).collect()
    }

    /// The VPC in which a client finds what it dials.
    pub(crate) fn entry_vpc<'a>(&'a self, client: &'a Client<'s>) -> &'a Vpc<'s> {
        let link = self.link(client.way).filter(|link| !link.means.is_routed());
        link.map_or(&client.cluster.vpc, |link| &link.holder)
    }

    /// Whether a client's interfaces are pollers that AWS puts beside the brokers of Amazon MSK,
    /// in their subnets and with their group.
    pub(crate) fn polls_beside_brokers(&self, client: &Client<'_>) -> bool {
        let is_poller = client.asked.kind == ClientKind::Lambda;
        is_poller && client.way == Way::SameVpc && client.cluster.asked.kind.is_msk()
    }

    /// The security group of a client's interfaces.
    pub(crate) fn client_group(&self, client: &Client<'_>) -> SecurityGroupId {
        if self.polls_beside_brokers(client) {
            naming::brokers_group(client.cluster.name)
        } else {
            naming::client_group(client.name)
        }
    }

    /// The zones in which a client has interfaces, in order.
    pub(crate) fn client_zones(&self, client: &Client<'_>) -> Vec<ZoneId> {
        let zones = self.plots.zones(client.vpc.name).into_iter().cloned();
        if !self.polls_beside_brokers(client) {
            return zones.collect();
        }
        let cluster = &client.cluster;
        let of_brokers = cluster.brokers.iter();
        let of_brokers: BTreeSet<ZoneId> = of_brokers
            .filter_map(|id| patterns::broker_zone(cluster, *id, &self.plots))
            .collect();
        zones.filter(|zone| of_brokers.contains(zone)).collect()
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

    /// The group of what dials the brokers for a way, where clients do not.
    pub(crate) fn group_before_brokers(&self, way: Way, cluster: &Cluster<'_>) -> SecurityGroupId {
        let cluster = cluster.name;
        let Some(link) = self.link(way) else {
            return naming::balancer_group(cluster);
        };
        match link.means {
            Means::Peering
            | Means::TransitGateway
            | Means::Privatelink
            | Means::PrivatelinkPerBroker => naming::balancer_group(cluster),
            Means::MskMultiVpc => naming::brokers_group(cluster),
            Means::ResourceEndpoint => naming::resource_gateway_group(cluster),
            Means::Gateway => naming::gateway_group(cluster),
        }
    }

    /// The group of the balancer behind a connection's endpoint.
    pub(crate) fn group_of_balancer(&self, link: &Link<'_>) -> SecurityGroupId {
        let cluster = link.to.name;
        match link.means {
            Means::Gateway => naming::gateway_balancer_group(cluster),
            Means::Peering
            | Means::TransitGateway
            | Means::Privatelink
            | Means::PrivatelinkPerBroker
            | Means::MskMultiVpc
            | Means::ResourceEndpoint => naming::balancer_group(cluster),
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
        let patterns = patterns::settle(cluster, &asked, &plots, draft);
        let sets = front.iter().flat_map(|front| &front.sets);
        let further = sets.filter_map(Set::further_listener);
        let further = further.chain(patterns.further_listeners()).collect();
        let mut choices = Choices {
            listeners: listeners::settle(cluster, further, draft),
            front,
            patterns,
            balancers: Vec::new(),
        };
        choices.balancers = balancers::settle(cluster, &choices);
        clusters.push(choices);
    }
    let mut entrances = Vec::new();
    for link in &asked.links {
        let choices = &clusters[link.to.position];
        report_moved(link, choices, draft);
        entrances.push(if link.shares_endpoints {
            Vec::new()
        } else {
            entrances::settle(link, choices, &plots, draft)
        });
    }
    Settled {
        asked,
        plots,
        clusters,
        entrances,
    }
}

/// What leaves ports as they are cannot follow a listener that PrivateLink has moved.
fn report_moved(link: &Link<'_>, choices: &Choices, draft: &mut Draft) {
    let patterns = &choices.patterns;
    let kept: Vec<&str> = match link.means {
        Means::ResourceEndpoint => {
            let own = patterns.resources.iter().flat_map(|own| &own.listeners);
            own.map(|(listener, _)| *listener).collect()
        }
        Means::Gateway => {
            let own = patterns.gateways.iter().filter(|own| !own.rewrites());
            let schemes = own.flat_map(|own| &own.schemes);
            schemes.map(|scheme| scheme.listener).collect()
        }
        Means::Peering
        | Means::TransitGateway
        | Means::Privatelink
        | Means::PrivatelinkPerBroker
        | Means::MskMultiVpc => Vec::new(),
    };
    let mut moved = kept
        .iter()
        .filter_map(|listener| Some((listener, choices.set_behind(listener)?)));
    let Some((listener, set)) = moved.next() else {
        return;
    };
    let via = choice::via(link.means);
    let cluster = link.to.name;
    let title = format!("`{via}` needs the ports that `{cluster}` has without PrivateLink");
    let at = At::Value(link.key.key("via"));
    let fault = Diagnostic::error("contradicting-settings", title, at)
        .label(format!(
            "{listener} advertises other ports, which it cannot serve"
        ))
        .related(
            At::Key(set.key.clone()),
            "this connection moves the listener",
        )
        .note("a listener has one advertised port for each broker")
        .help("connect both by `privatelink`, or the other one by `privatelink-per-broker`");
    draft.report(fault);
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
