//! What checks judge: the walked paths, which of them are blocked, and where in the spec the
//! objects on them come from.

use std::collections::{BTreeMap, BTreeSet};
use std::net::Ipv4Addr;

use blueprint::Blueprint;
use blueprint::diagnostic::{At, Diagnostic};
use blueprint::facts::Facts;
use blueprint::facts::id::FactId;
use blueprint::ids::{BalancerId, ClientId, ClusterId, EndpointId, ObjectId, VpcId};
use blueprint::kafka::{Client, Goal};
use blueprint::key::{Part, SpecKey};
use blueprint::network::{EniOwner, Peering, Route, RouteTarget};
use blueprint::verdict::{Class, Summary};

use crate::balancing;
use crate::journey::{End, Journey, Step};
use crate::network::{Interface, Network};
use crate::promises::Path;
use crate::tables;
use crate::trace;
use crate::words;

/// The walked network as checks see it. What an earlier check explained is not shown to later
/// ones, so the order of checks is their precedence.
pub(crate) struct Evidence<'n, 'a> {
    pub(crate) network: &'n Network<'a>,
    paths: &'n [Path<'a>],
    facts: &'n Facts,
    /// Clients that anything at all connects with their cluster.
    connected: BTreeSet<&'a ClientId>,
    explained: BTreeSet<Spot>,
}

/// A path and one of its attempts, by position.
pub(crate) type Spot = (usize, usize);

/// An attempt that is not delivered.
#[derive(Clone, Copy)]
pub(crate) struct Blocked<'n, 'a> {
    pub(crate) spot: Spot,
    pub(crate) path: &'n Path<'a>,
    pub(crate) journey: &'n Journey<'a>,
}

/// A diagnostic and the blocked attempts it explains.
pub(crate) struct Finding {
    pub(crate) diagnostic: Diagnostic,
    pub(crate) explains: Vec<Spot>,
}

impl<'n, 'a> Evidence<'n, 'a> {
    pub(crate) fn new(network: &'n Network<'a>, paths: &'n [Path<'a>], facts: &'n Facts) -> Self {
        Self {
            network,
            paths,
            facts,
            connected: connected(network.blueprint),
            explained: BTreeSet::new(),
        }
    }

    /// The blueprint under judgement.
    pub(crate) fn blueprint(&self) -> &'a Blueprint {
        self.network.blueprint
    }

    /// Every walked path.
    pub(crate) fn paths(&self) -> &'n [Path<'a>] {
        self.paths
    }

    /// A fact of AWS that is a whole number, in its own unit.
    pub(crate) fn fact(&self, id: FactId) -> Option<u64> {
        self.facts.fact(id, &self.blueprint().region)?.whole()
    }

    /// A fact of AWS that is a text.
    pub(crate) fn text_fact(&self, id: FactId) -> Option<&'n str> {
        let found = self.facts.fact(id, &self.blueprint().region)?;
        found.fact.value.text()
    }

    /// Takes attempts out of what later checks see.
    pub(crate) fn explain(&mut self, spots: &[Spot]) {
        self.explained.extend(spots);
    }

    /// Clients that nothing connects with their cluster.
    pub(crate) fn unconnected(&self) -> impl Iterator<Item = (&'a ClientId, &'a Client)> {
        let clients = self.blueprint().clients.iter();
        clients.filter(|(id, _)| !self.connected.contains(id))
    }

    /// Attempts that are not delivered and that no check explained yet, of clients that have any
    /// means to reach their cluster: what the others lack is one thing, and no hop of a path.
    pub(crate) fn blocked(&self) -> impl Iterator<Item = Blocked<'n, 'a>> {
        let paths = self.paths.iter().enumerate();
        let connected = paths.filter(|(_, path)| self.connected.contains(&path.promise.client));
        connected
            .flat_map(|(p, path)| {
                let journeys = path.journeys.iter().enumerate();
                journeys.map(move |(j, journey)| Blocked {
                    spot: (p, j),
                    path,
                    journey,
                })
            })
            .filter(|blocked| blocked.journey.verdict.class != Class::Delivered)
            .filter(|blocked| !self.explained.contains(&blocked.spot))
    }

    /// The interface that was dialled: the one a route led to, else whoever holds the address
    /// where the attempt starts or one peering away.
    pub(crate) fn dialled(&self, journey: &Journey<'a>) -> Option<Interface<'a>> {
        journey.routed_to().or_else(|| {
            let from = self.network.interface(journey.from)?;
            self.holder_near(from.vpc(), journey.address?)
        })
    }

    /// Who holds an address in a VPC or in one that is peered with it.
    pub(crate) fn holder_near(&self, vpc: &VpcId, address: Ipv4Addr) -> Option<Interface<'a>> {
        let peerings = self.blueprint().peerings.values();
        let peers = peerings.filter_map(|peering| other_side(peering, vpc));
        let mut near = std::iter::once(vpc).chain(peers);
        near.find_map(|vpc| self.network.holder(vpc, address))
    }

    /// The balancer that an interface belongs to or, if it is part of an endpoint, leads to.
    pub(crate) fn balancer_of(&self, interface: Interface<'a>) -> Option<&'a BalancerId> {
        match &interface.eni.owner {
            EniOwner::BalancerNode(id) => Some(id),
            EniOwner::Endpoint(id) => {
                Some(&balancing::service_of(self.network.blueprint, id)?.balancer)
            }
            EniOwner::Broker { .. }
            | EniOwner::ResourceGateway(_)
            | EniOwner::Gateway(_)
            | EniOwner::Client(_)
            | EniOwner::Witness => None,
        }
    }

    /// The balancer that was dialled on a port it has no listener on. Security groups are made
    /// for the ports that exist, so they often stop the attempt before the balancer can.
    pub(crate) fn unheard_balancer(&self, journey: &Journey<'a>) -> Option<&'a BalancerId> {
        if !matches!(journey.end, End::Denied(_) | End::NoListener { .. }) {
            return None;
        }
        let id = self.balancer_of(self.dialled(journey)?)?;
        let balancer = self.network.blueprint.balancers.get(id)?;
        (!balancer.listeners.contains_key(&journey.to.port)).then_some(id)
    }

    /// Where in the spec an object comes from.
    pub(crate) fn origin(&self, object: impl Into<ObjectId>) -> SpecKey {
        let object = object.into();
        let known = self.blueprint().origins.get(&object);
        known.cloned().unwrap_or_else(|| conventional_key(&object))
    }

    /// Whether a value was said in the spec, as far as the plan's list of defaults tells.
    pub(crate) fn is_said(&self, key: &SpecKey) -> bool {
        !self
            .blueprint()
            .defaults
            .iter()
            .any(|default| default.key == *key)
    }

    /// Whether the cluster's advertised addresses were said; the plan fills in each listener's.
    pub(crate) fn says_advertised(&self, cluster: &ClusterId) -> Option<SpecKey> {
        let key = self.origin(cluster).key("advertised");
        let below = |default: &SpecKey| default.parts().starts_with(key.parts());
        let mut defaults = self.blueprint().defaults.iter();
        (!defaults.any(|default| below(&default.key))).then_some(key)
    }

    /// What was said to settle the addresses that clients of a path are given for brokers: the
    /// cluster's template for the listener they arrive on.
    pub(crate) fn said_template(&self, path: &Path<'_>) -> Option<SpecKey> {
        let advertised = self.says_advertised(&path.promise.cluster)?;
        Some(advertised.key(path.listener))
    }

    /// The `zone_name` of a connection, if it was said: the plan lists its own choice, and where
    /// it chose nothing the connection has no zones.
    pub(crate) fn said_zone_name(&self, connection: &SpecKey) -> Option<SpecKey> {
        let key = connection.key("zone_name");
        let is_connection = matches!(connection.parts().last(), Some(Part::Index(_)));
        let mut zones = self.blueprint().zones.keys();
        let has_zones = is_connection && zones.any(|zone| self.origin(zone) == *connection);
        (has_zones && self.is_said(&key)).then_some(key)
    }

    /// The pattern of the brokers' names that the plan gives records for.
    pub(crate) fn own_names(&self, cluster: &ClusterId) -> String {
        let cluster = self.blueprint().clusters.get(cluster);
        let suffix = cluster.map_or("", |cluster| &cluster.suffix);
        format!("`b-{{id}}.{suffix}`")
    }

    /// The item of a VPC's `routes` that a route comes from; the list, where it cannot be told.
    pub(crate) fn route_key(&self, vpc: &VpcId, route: &Route) -> SpecKey {
        let routes = self.origin(vpc).key("routes");
        let position = tables::position(self.network.blueprint, vpc, route);
        match position.filter(|_| self.is_said(&routes)) {
            Some(position) => routes.index(position),
            None => routes,
        }
    }

    /// The key below `base` that a user would edit: the first of `names` that was said, else
    /// the last.
    pub(crate) fn said(&self, base: &SpecKey, names: &[&str]) -> SpecKey {
        let mut keys: Vec<_> = names.iter().map(|name| base.key(*name)).collect();
        let said = keys.iter().position(|key| self.is_said(key));
        let last = keys.len().saturating_sub(1);
        keys.swap_remove(said.unwrap_or(last))
    }

    /// The connection from a VPC to a cluster: its endpoint or its peering.
    pub(crate) fn connection(&self, vpc: &VpcId, cluster: &ClusterId) -> Option<SpecKey> {
        let balancer = self.balancer_before(cluster);
        let mut endpoints = self.blueprint().endpoints.iter();
        let endpoint = endpoints.find(|(id, endpoint)| {
            let service = balancing::service_of(self.network.blueprint, id);
            let leads_there = service.is_some_and(|service| Some(&service.balancer) == balancer);
            endpoint.vpc == *vpc && leads_there
        });
        let there = &self.blueprint().clusters.get(cluster)?.vpc;
        endpoint.map_or_else(|| self.peering(vpc, there), |(id, _)| Some(self.origin(id)))
    }

    /// Where the peering of two VPCs comes from.
    pub(crate) fn peering(&self, one: &VpcId, other: &VpcId) -> Option<SpecKey> {
        let mut peerings = self.blueprint().peerings.iter();
        let found = peerings.find(|(_, peering)| other_side(peering, one) == Some(other));
        found.map(|(id, _)| self.origin(id))
    }

    /// A balancer one of whose targets is a broker of the cluster.
    pub(crate) fn balancer_before(&self, cluster: &ClusterId) -> Option<&'a BalancerId> {
        let blueprint = self.network.blueprint;
        let brokers = blueprint.clusters.get(cluster)?.brokers.keys();
        let addresses = brokers.filter_map(|id| Some(self.broker(cluster, *id)?.address()));
        let addresses: BTreeSet<_> = addresses.collect();
        let mut balancers = blueprint.balancers.iter();
        let found = balancers.find(|(_, balancer)| {
            let groups = balancer
                .listeners
                .values()
                .map(|listener| &listener.target_group);
            let mut groups = groups.filter_map(|group| blueprint.target_groups.get(group));
            groups.any(|group| group.targets.iter().any(|t| addresses.contains(&t.address)))
                && Some(&balancer.vpc) == blueprint.clusters.get(cluster).map(|c| &c.vpc)
        });
        found.map(|(id, _)| id)
    }

    /// A broker's interface.
    pub(crate) fn broker(&self, cluster: &ClusterId, id: u32) -> Option<Interface<'a>> {
        let cluster = self.network.blueprint.clusters.get(cluster)?;
        self.network.interface(&cluster.brokers.get(&id)?.eni)
    }

    /// Where the means of an attempt come from, as far as it got: an endpoint, a balancer, a
    /// gateway, a peering or a transit gateway; none within one VPC.
    pub(crate) fn means(&self, journey: &Journey<'a>) -> Option<SpecKey> {
        journey.steps.iter().find_map(|step| match step {
            Step::EnteredService { endpoint, .. } => Some(self.origin(*endpoint)),
            Step::EnteredResource { endpoint, .. } => Some(self.origin(*endpoint)),
            Step::Listened { balancer, .. } => Some(self.origin(*balancer)),
            Step::Directed { gateway, .. } => Some(self.origin(*gateway)),
            Step::Routed { route, .. } => match &route.target {
                RouteTarget::Peering(peering) => Some(self.origin(peering)),
                RouteTarget::TransitGateway(gateway) => Some(self.origin(gateway)),
                RouteTarget::Local | RouteTarget::Outside(_) => None,
            },
            Step::Named(_)
            | Step::Admitted(_)
            | Step::Crossed(_)
            | Step::HandedOver { .. }
            | Step::Transited(_)
            | Step::PassedOver(_)
            | Step::PassedOverAcl(_)
            | Step::Chosen { .. }
            | Step::RoutedBack { .. } => None,
        })
    }

    /// A finding about blocked attempts, with the trace of the worst of them and a note that says
    /// which paths it concerns.
    pub(crate) fn finding(&self, diagnostic: Diagnostic, blocked: &[Blocked<'n, 'a>]) -> Finding {
        let mut diagnostic = diagnostic;
        if let Some(worst) = worst(blocked) {
            let trace = || trace::of(self.network, worst.journey);
            diagnostic.trace.get_or_insert_with(trace);
            diagnostic = diagnostic.note(concerned(blocked));
        }
        if let Some(note) = partly(blocked) {
            diagnostic = diagnostic.note(note);
        }
        Finding {
            diagnostic,
            explains: blocked.iter().map(|blocked| blocked.spot).collect(),
        }
    }
}

/// The first attempt of a path that no attempt of is delivered, else the first.
fn worst<'n, 'a>(blocked: &[Blocked<'n, 'a>]) -> Option<Blocked<'n, 'a>> {
    let hopeless = |path: &Path<'_>| {
        let mut journeys = path.journeys.iter();
        journeys.all(|journey| journey.verdict.class != Class::Delivered)
    };
    let worst = blocked.iter().find(|blocked| hopeless(blocked.path));
    worst.or(blocked.first()).copied()
}

impl Finding {
    /// A finding that no walked path shows.
    pub(crate) fn of_structure(diagnostic: Diagnostic) -> Self {
        Self {
            diagnostic,
            explains: Vec::new(),
        }
    }
}

/// Sorts blocked attempts by cause.
pub(crate) fn by_cause<'n, 'a, K: Ord>(
    caused: impl Iterator<Item = (K, Blocked<'n, 'a>)>,
) -> BTreeMap<K, Vec<Blocked<'n, 'a>>> {
    let mut causes: BTreeMap<K, Vec<_>> = BTreeMap::new();
    for (cause, blocked) in caused {
        causes.entry(cause).or_default().push(blocked);
    }
    causes
}

/// The value of a key.
pub(crate) fn value(key: SpecKey) -> At {
    At::Value(key)
}

/// Whether a key ends in this name.
pub(crate) fn is_key(key: &SpecKey, name: &str) -> bool {
    matches!(key.parts().last(), Some(Part::Key(last)) if last == name)
}

/// The other side of a peering, if the VPC is one.
pub(crate) fn other_side<'p>(peering: &'p Peering, vpc: &VpcId) -> Option<&'p VpcId> {
    if peering.requester == *vpc {
        Some(&peering.accepter)
    } else if peering.accepter == *vpc {
        Some(&peering.requester)
    } else {
        None
    }
}

/// The clients that anything at all connects with their cluster: what joins their VPCs, or an
/// endpoint near the client of what is near the cluster.
fn connected(blueprint: &Blueprint) -> BTreeSet<&ClientId> {
    let endpoints = blueprint.endpoints.iter();
    let passages = endpoints.filter_map(|(id, endpoint)| {
        let behind = vpc_behind(blueprint, id)?;
        Some((&endpoint.vpc, behind))
    });
    let passages: BTreeSet<_> = passages.collect();
    let mut known = BTreeMap::new();
    let mut joined = |one, other| {
        let found = known.entry((one, other));
        *found.or_insert_with(|| joined(blueprint, one, other))
    };
    let clients = blueprint.clients.iter();
    let connected = clients.filter(|(_, client)| {
        let Some(cluster) = blueprint.clusters.get(&client.cluster) else {
            return false;
        };
        let (here, there) = (&client.vpc, &cluster.vpc);
        let mut passages = passages.iter();
        joined(here, there)
            || passages.any(|(near, behind)| joined(behind, there) && joined(here, near))
    });
    connected.map(|(id, _)| id).collect()
}

/// Whether packets may pass between two VPCs: they are one, are peered, or both are attached to
/// transit gateways.
fn joined(blueprint: &Blueprint, one: &VpcId, other: &VpcId) -> bool {
    let mut peerings = blueprint.peerings.values();
    one == other
        || peerings.any(|peering| other_side(peering, one) == Some(other))
        || attached(blueprint, one, other)
}

/// Whether two VPCs have attachments to one transit gateway, or to two that are peered.
pub(crate) fn attached(blueprint: &Blueprint, one: &VpcId, other: &VpcId) -> bool {
    let gateways = |vpc: &VpcId| {
        let attachments = blueprint.transit_attachments.values();
        let attached = attachments.filter(|attachment| attachment.vpc == *vpc);
        attached
            .map(|attachment| &attachment.gateway)
            .collect::<BTreeSet<_>>()
    };
    let (here, there) = (gateways(one), gateways(other));
    let mut peerings = blueprint.transit_peerings.values();
    here.intersection(&there).next().is_some()
        || peerings.any(|peering| {
            let (one, other) = (&peering.requester, &peering.accepter);
            here.contains(one) && there.contains(other)
                || here.contains(other) && there.contains(one)
        })
}

/// The VPC that an endpoint leads to: its service's balancer's, or its resource gateway's.
pub(crate) fn vpc_behind<'a>(blueprint: &'a Blueprint, endpoint: &EndpointId) -> Option<&'a VpcId> {
    if let Some(service) = balancing::service_of(blueprint, endpoint) {
        return Some(&blueprint.balancers.get(&service.balancer)?.vpc);
    }
    let resource = balancing::resource_of(blueprint, endpoint)?;
    let configuration = blueprint.resource_configurations.get(resource)?;
    let gateway = blueprint.resource_gateways.get(&configuration.gateway)?;
    Some(&gateway.vpc)
}

/// Where things of a kind stand in every spec.
fn conventional_key(object: &ObjectId) -> SpecKey {
    let section = match object.kind {
        "VpcId" => "vpcs",
        "ClusterId" => "clusters",
        "ClientId" => "clients",
        _ => return SpecKey::root(),
    };
    SpecKey::root().key(section).key(&object.id)
}

/// Which paths a finding concerns.
fn concerned(blocked: &[Blocked<'_, '_>]) -> String {
    let mut goals: BTreeMap<_, BTreeSet<Goal>> = BTreeMap::new();
    for blocked in blocked {
        let promise = &blocked.path.promise;
        let of = goals
            .entry((&promise.client, &promise.cluster))
            .or_default();
        of.insert(promise.goal);
    }
    let n_paths = goals.values().map(BTreeSet::len).sum();
    let each = goals
        .iter()
        .map(|((client, cluster), goals)| format!("`{client}` to {}", goals_of(cluster, goals)));
    let each: Vec<_> = each.collect();
    let paths = words::count(n_paths, "path");
    format!("it concerns {paths}: {}", each.join("; "))
}

fn goals_of(cluster: &ClusterId, goals: &BTreeSet<Goal>) -> String {
    let brokers = goals.iter().filter_map(|goal| match goal {
        Goal::Broker(id) => Some(*id),
        Goal::Bootstrap => None,
    });
    let brokers: BTreeSet<_> = brokers.collect();
    let bootstraps = goals.contains(&Goal::Bootstrap);
    match (bootstraps, brokers.is_empty()) {
        (true, true) => format!("the bootstrap of `{cluster}`"),
        (true, false) => format!(
            "the bootstrap and {} of `{cluster}`",
            words::brokers(&brokers)
        ),
        (false, _) => format!("{} of `{cluster}`", words::brokers(&brokers)),
    }
}

/// What `partly` means for a client, if some path is delivered in part.
fn partly(blocked: &[Blocked<'_, '_>]) -> Option<String> {
    let paths: BTreeMap<_, _> = blocked
        .iter()
        .map(|blocked| (blocked.spot.0, blocked.path))
        .collect();
    let mut summaries = paths.values().map(|path| path.verdict().summary());
    let first = summaries.find(|summary| matches!(summary, Summary::Partly { .. }))?;
    Some(format!(
        "`{first}`: a client that tries every address gets in after its connect time-out (10 s by \
         default), one that does not fails now and then"
    ))
}

/// Whether an attempt got as far as a balancer.
pub(crate) fn was_balanced(journey: &Journey<'_>) -> bool {
    let passed = journey
        .steps
        .iter()
        .any(|step| matches!(step, Step::EnteredService { .. } | Step::Listened { .. }));
    passed || matches!(journey.end, End::NoListener { .. } | End::NoTarget { .. })
}
