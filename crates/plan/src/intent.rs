//! What was asked, with every reference followed: clusters in their VPCs, connections with a
//! means, clients with the way they take. Whatever comes out of here has both its ends and a
//! name of its own, so the later phases look nothing up that may be missing.

use std::collections::{BTreeMap, BTreeSet};

use blueprint::diagnostic::{At, Diagnostic};
use blueprint::key::SpecKey;
use blueprint::spec::{self, Auth, Carrier, ClusterKind, Connection, Spec, Via};

use crate::choice;
use crate::claims::Claims;
use crate::draft::Draft;
use crate::peers::Peers;
use crate::{keys, naming, unconnected};

/// A spec whose references hold.
pub(crate) struct Intent<'s> {
    pub(crate) vpcs: Vec<Vpc<'s>>,
    pub(crate) hubs: Vec<Hub<'s>>,
    pub(crate) clusters: Vec<Cluster<'s>>,
    pub(crate) links: Vec<Link<'s>>,
    pub(crate) clients: Vec<Client<'s>>,
}

/// A VPC.
#[derive(Clone)]
pub(crate) struct Vpc<'s> {
    pub(crate) name: &'s str,
    /// Its Region, or the spec's.
    pub(crate) region: &'s str,
    pub(crate) key: SpecKey,
    pub(crate) asked: &'s spec::Vpc,
}

/// A transit gateway of the spec.
pub(crate) struct Hub<'s> {
    pub(crate) name: &'s str,
    /// Its Region, or the spec's.
    pub(crate) region: &'s str,
    pub(crate) key: SpecKey,
    pub(crate) asked: &'s spec::TransitGateway,
}

/// A cluster.
#[derive(Clone)]
pub(crate) struct Cluster<'s> {
    pub(crate) name: &'s str,
    pub(crate) key: SpecKey,
    pub(crate) vpc: Vpc<'s>,
    pub(crate) asked: &'s spec::Cluster,
    /// Broker ids in the spec's order, each once.
    pub(crate) brokers: Vec<u32>,
    /// Its position in [`Intent::clusters`].
    pub(crate) position: usize,
    /// Its position among the clusters of its VPC, from 0.
    pub(crate) ordinal: usize,
    /// Domain of its brokers' names.
    pub(crate) suffix: String,
}

/// How a connection carries traffic.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Means {
    Peering,
    TransitGateway,
    Privatelink,
    PrivatelinkPerBroker,
    MskMultiVpc,
    ResourceEndpoint,
    Gateway,
}

impl Means {
    /// Whether packets are routed between the VPCs, so that clients dial the other VPC's own
    /// addresses; without, they dial an endpoint in a VPC of the client's side.
    pub(crate) fn is_routed(self) -> bool {
        match self {
            Self::Peering | Self::TransitGateway => true,
            Self::Privatelink
            | Self::PrivatelinkPerBroker
            | Self::MskMultiVpc
            | Self::ResourceEndpoint
            | Self::Gateway => false,
        }
    }
}

/// A connection with a means.
pub(crate) struct Link<'s> {
    pub(crate) key: SpecKey,
    pub(crate) from: Vpc<'s>,
    pub(crate) to: Cluster<'s>,
    pub(crate) means: Means,
    pub(crate) asked: &'s Connection,
    /// The VPC that holds its endpoints: `through`, or `from` itself.
    pub(crate) holder: Vpc<'s>,
    /// Whether it uses the endpoints of an earlier connection of the same holder and cluster.
    pub(crate) shares_endpoints: bool,
    /// Its position among the connections whose endpoints its holder holds, from 0.
    pub(crate) ordinal: usize,
}

/// Two VPCs that packets are routed between.
pub(crate) struct Join<'a, 's> {
    /// The connection that needs it.
    pub(crate) link: &'a Link<'s>,
    pub(crate) from: &'a Vpc<'s>,
    pub(crate) to: &'a Vpc<'s>,
    pub(crate) carrier: Carrier,
}

impl<'s> Link<'s> {
    /// Whether its endpoints stand in another VPC than its clients.
    pub(crate) fn is_carried(&self) -> bool {
        self.from.name != self.holder.name
    }

    /// The VPCs it joins, unless an endpoint in the clients' own VPC is all it needs.
    pub(crate) fn join<'a>(&'a self) -> Option<Join<'a, 's>> {
        let (to, carrier) = match self.means {
            Means::Peering => (&self.to.vpc, Carrier::Peering),
            Means::TransitGateway => (&self.to.vpc, Carrier::TransitGateway),
            Means::Privatelink
            | Means::PrivatelinkPerBroker
            | Means::MskMultiVpc
            | Means::ResourceEndpoint
            | Means::Gateway => (&self.holder, self.asked.carrier.unwrap_or_default()),
        };
        let from = &self.from;
        (from.name != to.name).then_some(Join {
            link: self,
            from,
            to,
            carrier,
        })
    }
}

/// A client.
pub(crate) struct Client<'s> {
    pub(crate) name: &'s str,
    pub(crate) key: SpecKey,
    pub(crate) vpc: Vpc<'s>,
    pub(crate) cluster: Cluster<'s>,
    pub(crate) asked: &'s spec::Client,
    pub(crate) way: Way,
}

impl Client<'_> {
    /// How it authenticates: as it was said, if the cluster offers it.
    pub(crate) fn auth(&self) -> Auth {
        self.cluster.scheme(self.asked.auth)
    }
}

/// The way from a client to its cluster.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Way {
    /// Both are in one VPC.
    SameVpc,
    /// By the connection at this position of [`Intent::links`].
    Link(usize),
    /// There is none.
    Unconnected,
}

impl<'s> Intent<'s> {
    /// The PrivateLink connections to a cluster, in the spec's order.
    pub(crate) fn privatelinks(&self, cluster: &str) -> impl Iterator<Item = &Link<'s>> {
        self.links
            .iter()
            .filter(move |link| link.means == Means::Privatelink && link.to.name == cluster)
    }

    /// The connections that share a connection's endpoints, each with its way.
    pub(crate) fn sharing(&self, link: &Link<'_>) -> impl Iterator<Item = (Way, &Link<'s>)> {
        let links = self.links.iter().enumerate();
        let ends = (link.holder.name, link.to.name);
        let sharing = links.filter(move |(_, other)| {
            !other.means.is_routed() && (other.holder.name, other.to.name) == ends
        });
        sharing.map(|(position, link)| (Way::Link(position), link))
    }

    /// The clients that take a way to a cluster.
    pub(crate) fn clients_by(&self, way: Way, cluster: &str) -> impl Iterator<Item = &Client<'s>> {
        self.clients
            .iter()
            .filter(move |client| client.way == way && client.cluster.name == cluster)
    }
}

/// Follows every reference of a spec.
pub(crate) fn resolve<'s>(spec: &'s Spec, draft: &mut Draft) -> Intent<'s> {
    let mut claims = Claims::default();
    let vpcs = vpcs(spec);
    let index: BTreeMap<&str, &Vpc> = vpcs.iter().map(|vpc| (vpc.name, vpc)).collect();
    let clusters = clusters(spec, &index, &mut claims, draft);
    let targets: BTreeMap<&str, &Cluster> = clusters.iter().map(|c| (c.name, c)).collect();
    let joined = links(spec, &index, &targets, &mut claims, draft);
    let Joined {
        links,
        hopeless,
        peers,
    } = joined;
    let ways: BTreeMap<_, _> = links
        .iter()
        .enumerate()
        .map(|(position, link)| ((link.from.name, link.to.name), position))
        .collect();
    let mut clients = Vec::new();
    for (name, asked) in &spec.clients {
        let ends = (
            index.get(asked.vpc.as_str()),
            targets.get(asked.cluster.as_str()),
        );
        let (Some(&vpc), Some(&cluster)) = ends else {
            continue;
        };
        let key = keys::client(name);
        if !claims.claim(vec![name.clone()], ("client", name), &key, draft) {
            continue;
        }
        let way = if vpc.name == cluster.vpc.name {
            Way::SameVpc
        } else {
            ways.get(&(vpc.name, cluster.name))
                .map_or(Way::Unconnected, |link| Way::Link(*link))
        };
        if way == Way::Unconnected && !hopeless.contains(&(vpc.name, cluster.name)) {
            draft.report(unconnected::unconnected(spec, &peers, name, asked));
        }
        clients.push(Client {
            name,
            key,
            vpc: vpc.clone(),
            cluster: cluster.clone(),
            asked,
            way,
        });
    }
    Intent {
        vpcs,
        hubs: hubs(spec),
        clusters,
        links,
        clients,
    }
}

fn vpcs(spec: &Spec) -> Vec<Vpc<'_>> {
    let mut seen = BTreeSet::new();
    let first = spec.vpcs.iter().filter(|(name, _)| seen.insert(name));
    first
        .map(|(name, asked)| Vpc {
            name,
            region: region(spec, asked),
            key: keys::vpc(name),
            asked,
        })
        .collect()
}

fn hubs(spec: &Spec) -> Vec<Hub<'_>> {
    let mut seen = BTreeSet::new();
    let gateways = spec.transit_gateways.iter();
    let first = gateways.filter(|(name, _)| seen.insert(name));
    first
        .map(|(name, asked)| Hub {
            name,
            region: if asked.region.is_empty() {
                &spec.region
            } else {
                &asked.region
            },
            key: keys::transit_gateway(name),
            asked,
        })
        .collect()
}

/// The Region of a VPC.
pub(crate) fn region<'s>(spec: &'s Spec, vpc: &'s spec::Vpc) -> &'s str {
    if vpc.region.is_empty() {
        &spec.region
    } else {
        &vpc.region
    }
}

fn clusters<'s>(
    spec: &'s Spec,
    vpcs: &BTreeMap<&str, &Vpc<'s>>,
    claims: &mut Claims,
    draft: &mut Draft,
) -> Vec<Cluster<'s>> {
    let mut clusters = Vec::new();
    let mut ordinals: BTreeMap<&str, usize> = BTreeMap::new();
    for (name, asked) in &spec.clusters {
        let Some(&vpc) = vpcs.get(asked.vpc.as_str()) else {
            continue;
        };
        let key = keys::cluster(name);
        let names = vec![
            name.clone(),
            naming::balancer(name).0,
            naming::brokers_group(name).0,
        ];
        if !claims.claim(names, ("cluster", name), &key, draft) {
            continue;
        }
        let ordinal = ordinals.entry(vpc.name).or_default();
        let mut seen = BTreeSet::new();
        clusters.push(Cluster {
            name,
            vpc: vpc.clone(),
            asked,
            brokers: asked
                .brokers
                .iter()
                .copied()
                .filter(|id| seen.insert(*id))
                .collect(),
            position: clusters.len(),
            ordinal: *ordinal,
            suffix: suffix(name, &key, vpc, asked, draft),
            key,
        });
        *ordinal += 1;
    }
    clusters
}

fn suffix(
    name: &str,
    key: &SpecKey,
    vpc: &Vpc<'_>,
    asked: &spec::Cluster,
    draft: &mut Draft,
) -> String {
    if let Some(said) = &asked.suffix {
        return said.trim_end_matches('.').to_lowercase();
    }
    let (suffix, because) = match asked.kind {
        ClusterKind::MskServerless => (
            naming::serverless_suffix(vpc.region),
            "the domain of every Serverless cluster of the Region",
        ),
        ClusterKind::Msk | ClusterKind::MskExpress => (
            naming::msk_suffix(name, &vpc.asked.account, vpc.region),
            "the form MSK gives its names; the real one is known once the cluster exists",
        ),
        ClusterKind::Ec2 => (
            format!("{name}.internal").to_lowercase(),
            "the cluster's name under `internal`, which public DNS never serves",
        ),
    };
    draft.fill(key.key("suffix"), &suffix, because);
    suffix
}

/// A client VPC and a cluster by name.
type Pair<'s> = (&'s str, &'s str);

/// The connections that have a means, the pairs for which `auto` found none, and the peerings.
#[derive(Default)]
struct Joined<'s> {
    links: Vec<Link<'s>>,
    hopeless: BTreeSet<Pair<'s>>,
    peers: Peers<'s>,
}

/// Gives each connection its means, in order. A connection into its own VPC, or the second one
/// of a pair, is refused where the spec is read.
fn links<'s>(
    spec: &'s Spec,
    vpcs: &BTreeMap<&str, &Vpc<'s>>,
    clusters: &BTreeMap<&str, &Cluster<'s>>,
    claims: &mut Claims,
    draft: &mut Draft,
) -> Joined<'s> {
    let mut joined = Joined::default();
    let mut ordinals: BTreeMap<&str, usize> = BTreeMap::new();
    let mut pairs: BTreeSet<Pair<'s>> = BTreeSet::new();
    for (index, asked) in spec.connections.iter().enumerate() {
        let ends = (
            vpcs.get(asked.from.as_str()),
            clusters.get(asked.to.as_str()),
        );
        let (Some(&from), Some(&to)) = ends else {
            continue;
        };
        let through = asked
            .through
            .as_ref()
            .and_then(|name| vpcs.get(name.as_str()));
        let key = keys::connection(index);
        let holder = *through.unwrap_or(&from);
        let ordinal = ordinals.entry(holder.name).or_default();
        let position = *ordinal;
        *ordinal += 1;
        if from.name == to.vpc.name || !pairs.insert((from.name, to.name)) {
            continue;
        }
        let Some(means) = settle_means(spec, &joined.peers, asked, &key, draft) else {
            joined.hopeless.insert((from.name, to.name));
            continue;
        };
        let link = Link {
            from: from.clone(),
            to: to.clone(),
            means,
            asked,
            holder: holder.clone(),
            shares_endpoints: false,
            ordinal: position,
            key,
        };
        joined.add(link, claims, draft);
    }
    joined
}

impl<'s> Joined<'s> {
    /// Takes a connection whose names are free, and whose endpoints nobody else makes otherwise.
    fn add(&mut self, mut link: Link<'s>, claims: &mut Claims, draft: &mut Draft) {
        if link.means.is_routed() && link.is_carried() {
            draft.report(useless_through(&link));
            link.holder = link.from.clone();
        }
        let ends = (link.holder.name, link.to.name);
        let mut beside = self.links.iter();
        let beside = beside.find(|other| (other.holder.name, other.to.name) == ends);
        match beside {
            None => {
                let is_first = !self
                    .links
                    .iter()
                    .any(|other| other.means == link.means && other.to.name == link.to.name);
                let names = naming::made_for(&link, is_first);
                if !claims.claim(names, ("cluster", ends.1), &link.key, draft) {
                    return;
                }
            }
            Some(other) if link.means.is_routed() || other.means.is_routed() => {}
            Some(other) if other.means == link.means && other.asked.group == link.asked.group => {
                link.shares_endpoints = true;
            }
            Some(other) => {
                draft.report(contradicting_means(&link, other));
                return;
            }
        }
        if let Some(join) = link.join() {
            let ends = [join.from, join.to].map(|vpc| (vpc.name, vpc.asked));
            self.peers.join(ends[0], ends[1], join.carrier);
        }
        if link.is_carried() && link.asked.carrier.is_none() {
            let because = "a peering has no hourly price";
            draft.fill(link.key.key("carrier"), Carrier::Peering, because);
        }
        self.links.push(link);
    }
}

fn useless_through(link: &Link<'_>) -> Diagnostic {
    let via = choice::via(link.means);
    let title = format!("`{via}` has no endpoint for `{}` to hold", link.holder.name);
    let at = At::Value(link.key.key("through"));
    Diagnostic::error("contradicting-settings", title, at)
        .label("this value is not used")
        .note("`through` names the VPC that holds a connection's endpoints")
        .help("remove `through`, or connect by `via: privatelink`")
}

fn contradicting_means(link: &Link<'_>, other: &Link<'_>) -> Diagnostic {
    let (holder, cluster) = (link.holder.name, link.to.name);
    let title = format!("two connections need different endpoints to `{cluster}` in `{holder}`");
    Diagnostic::error("contradicting-settings", title, At::Key(link.key.clone()))
        .label("this connection is left out")
        .related(At::Key(other.key.clone()), "the first one counts")
        .note("connections through one VPC to one cluster share its endpoint")
        .help("give both the same `via` and `group`")
}

fn settle_means(
    spec: &Spec,
    peers: &Peers<'_>,
    asked: &Connection,
    key: &SpecKey,
    draft: &mut Draft,
) -> Option<Means> {
    if asked.via != Via::Auto {
        return choice::means_of(asked.via);
    }
    let candidates = choice::beside(
        spec,
        peers,
        (&asked.from, &asked.to),
        asked.through.as_deref(),
    );
    let chosen = choice::cheapest(&candidates);
    match chosen {
        Some(means) => {
            let because = choice::because(means, &candidates);
            draft.fill(key.key("via"), choice::via(means).as_str(), because);
        }
        None => draft.report(unconnected::hopeless(asked, key, &candidates)),
    }
    chosen
}
