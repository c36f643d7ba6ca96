//! Security groups with the least that the promises need: who enters where is one question,
//! answered by [`Settled::entry`], and every rule follows from it. Ranges that were said for a
//! connection stand in place of what would have been chosen for it.

use std::collections::BTreeSet;

use blueprint::ids::{SecurityGroupId, VpcId};
use blueprint::key::SpecKey;
use blueprint::network::{Peer, Rule, SecurityGroup};
use blueprint::spec::ClientKind;
use ipnet::Ipv4Net;

use crate::doors::Entry;
use crate::draft::Draft;
use crate::intent::{Client, Cluster, Link, Means, Way};
use crate::listeners::Listeners;
use crate::patterns::gateways::{Gateways, Scheme};
use crate::settled::Settled;
use crate::{listeners, naming, ports};

/// Port of AWS's own services.
const HTTPS_PORT: u16 = 443;

/// Writes every security group but the strangers'.
pub(crate) fn write(settled: &Settled<'_>, draft: &mut Draft) {
    for cluster in &settled.asked.clusters {
        let id = naming::brokers_group(cluster.name);
        let rules = brokers(cluster, settled);
        insert(id, cluster.vpc.name, &cluster.key, rules, draft);
        for (id, key, rules) in before_brokers(cluster, settled) {
            insert(id, cluster.vpc.name, key, rules, draft);
        }
    }
    for link in &settled.asked.links {
        if !link.means.is_routed() && !link.shares_endpoints {
            let id = naming::endpoint_group(link.holder.name, link.to.name);
            let rules = endpoint(link, settled);
            insert(id, link.holder.name, &link.key, rules, draft);
        }
    }
    for client in &settled.asked.clients {
        let id = settled.client_group(client);
        if settled.polls_beside_brokers(client) {
            continue;
        }
        let rules = client_rules(client, settled);
        insert(id, client.vpc.name, &client.key, rules, draft);
    }
    record(settled, draft);
}

/// Records what was chosen where ranges could have been said.
fn record(settled: &Settled<'_>, draft: &mut Draft) {
    let least = "the least that the promises need";
    for (position, link) in settled.asked.links.iter().enumerate() {
        let key = link.key.key("admit");
        let clients = if settled.references_groups(Way::Link(position)) {
            "security groups of the clients".to_owned()
        } else {
            format!("ranges of {}", link.from.name)
        };
        let admit = &link.asked.admit;
        let entry = settled.entry(Way::Link(position), &link.to);
        let before = settled.group_before_brokers(Way::Link(position), &link.to);
        if admit.brokers.is_none() {
            let value = match entry {
                Entry::Brokers => clients.clone(),
                Entry::Balancer | Entry::Endpoint => format!("security group {before}"),
            };
            draft.fill(key.key("brokers"), value, least);
        }
        if entry == Entry::Endpoint && admit.endpoint.is_none() {
            draft.fill(key.key("endpoint"), &clients, least);
        }
        if settled.moving_front(&link.to).is_some() && admit.balancer.is_none() {
            draft.fill(key.key("balancer"), &clients, least);
        }
    }
    for client in settled
        .asked
        .clients
        .iter()
        .filter(|client| client.asked.egress.is_none())
    {
        let value = match client.way {
            Way::SameVpc | Way::Link(_) if settled.references_groups(client.way) => {
                format!("security group {}", settled.entry_group(client))
            }
            Way::Unconnected | Way::SameVpc | Way::Link(_) => {
                format!("ranges of {}", settled.entry_vpc(client).name)
            }
        };
        draft.fill(client.key.key("egress"), value, least);
    }
}

/// Writes a security group.
pub(crate) fn insert(
    id: SecurityGroupId,
    vpc: &str,
    key: &SpecKey,
    rules: Rules,
    draft: &mut Draft,
) {
    draft.origin(&id, key);
    let group = SecurityGroup {
        vpc: VpcId::from(vpc),
        ingress: rules.ingress,
        egress: rules.egress,
    };
    draft.blueprint.security_groups.insert(id, group);
}

/// The rules of a group, no two alike.
#[derive(Default)]
pub(crate) struct Rules {
    pub(crate) ingress: Vec<Rule>,
    pub(crate) egress: Vec<Rule>,
}

impl Rules {
    fn admit(&mut self, peers: Vec<Peer>, open: &BTreeSet<u16>, because: &str) {
        extend(&mut self.ingress, peers, open, because);
    }

    fn let_out(&mut self, peers: Vec<Peer>, open: &BTreeSet<u16>, because: &str) {
        extend(&mut self.egress, peers, open, because);
    }
}

fn extend(rules: &mut Vec<Rule>, peers: Vec<Peer>, open: &BTreeSet<u16>, because: &str) {
    for peer in peers {
        for (from_port, to_port) in ports::ranges(open.iter().copied()) {
            let known = rules.iter().any(|rule| {
                rule.peer == peer && rule.from_port == from_port && rule.to_port == to_port
            });
            if !known {
                rules.push(Rule {
                    from_port,
                    to_port,
                    peer: peer.clone(),
                    because: because.to_owned(),
                });
            }
        }
    }
}

fn ranges(said: &[Ipv4Net]) -> Vec<Peer> {
    said.iter().map(|range| Peer::Cidr(range.trunc())).collect()
}

/// Somebody who dials, and the ports.
type Dialler = (Peer, BTreeSet<u16>);

/// The clients that take a way, each with the ports of its door: their groups, or else the
/// ranges they dial from.
fn diallers(way: Way, cluster: &Cluster<'_>, settled: &Settled<'_>) -> Vec<Dialler> {
    let clients = settled.asked.clients_by(way, cluster.name);
    let dial = |client: &Client<'_>| settled.door(way, cluster, client.auth()).ports;
    if settled.references_groups(way) {
        return clients
            .map(|client| (Peer::Group(settled.client_group(client)), dial(client)))
            .collect();
    }
    let mut vpc = None;
    let mut open = BTreeSet::new();
    for client in clients {
        vpc = vpc.or(Some(&client.vpc));
        open.extend(dial(client));
    }
    let peers = vpc.map_or_else(Vec::new, |vpc| ranges(&vpc.asked.cidrs));
    peers.into_iter().map(|peer| (peer, open.clone())).collect()
}

/// The same, or the ranges that were said in their place, at every port of the way's doors.
fn admitted(
    said: Option<&[Ipv4Net]>,
    way: Way,
    cluster: &Cluster<'_>,
    settled: &Settled<'_>,
) -> Vec<Dialler> {
    match said {
        None => diallers(way, cluster, settled),
        Some(said) => {
            let doors = settled.doors(way, cluster).into_iter();
            let open: BTreeSet<u16> = doors.flat_map(|door| door.ports).collect();
            let peers = ranges(said).into_iter();
            peers.map(|peer| (peer, open.clone())).collect()
        }
    }
}

/// The connections to a cluster, each with its way.
fn links_to<'a, 's>(
    cluster: &'a Cluster<'s>,
    settled: &'a Settled<'s>,
) -> impl Iterator<Item = (Way, &'a Link<'s>)> {
    let links = settled.asked.links.iter().enumerate();
    links
        .filter(|(_, link)| link.to.name == cluster.name)
        .map(|(position, link)| (Way::Link(position), link))
}

fn brokers(cluster: &Cluster<'_>, settled: &Settled<'_>) -> Rules {
    let choices = settled.choices(cluster);
    let itself = vec![Peer::Group(naming::brokers_group(cluster.name))];
    let internal = BTreeSet::from(choices.listeners.internal_ports());
    let mut rules = Rules::default();
    rules.admit(itself.clone(), &internal, "brokers replicate and vote");
    rules.let_out(itself, &internal, "brokers replicate and vote");
    if settled.entry(Way::SameVpc, cluster) == Entry::Brokers {
        for (peer, open) in diallers(Way::SameVpc, cluster, settled) {
            rules.admit(vec![peer], &open, "clients of the same VPC");
        }
    }
    for (way, link) in links_to(cluster, settled) {
        let because = format!("connection from {}", link.from.name);
        for (peer, open) in towards_brokers(way, link, settled) {
            rules.admit(vec![peer], &open, &because);
        }
    }
    if let Some(managed) = &choices.patterns.multi_vpc {
        let ports = managed.schemes.iter();
        let ports = ports
            .map(|scheme| choices.listeners.port(scheme.listener))
            .collect();
        let itself = vec![Peer::Group(naming::brokers_group(cluster.name))];
        rules.let_out(
            itself,
            &ports,
            "MSK's own balancer, which has the brokers' group",
        );
    }
    admit_moved(cluster, settled, &mut rules);
    admit_preserved(cluster, settled, &mut rules);
    let clients = settled.asked.clients_by(Way::SameVpc, cluster.name);
    for client in clients.filter(|client| settled.polls_beside_brokers(client)) {
        rules.egress.extend(client_rules(client, settled).egress);
    }
    let clients = listeners::client_listeners(cluster).into_iter();
    let open = clients
        .map(|(name, _)| choices.listeners.port(name))
        .collect();
    rules.admit(ranges(&cluster.asked.admit), &open, "admitted by the spec");
    rules
}

/// Local clients are moved to the balancer whether or not a connection uses their scheme.
fn admit_moved(cluster: &Cluster<'_>, settled: &Settled<'_>, rules: &mut Rules) {
    if settled.entry(Way::SameVpc, cluster) != Entry::Balancer {
        return;
    }
    let listeners = &settled.choices(cluster).listeners;
    let ports = |way: Way| {
        let doors = settled.doors(way, cluster).into_iter();
        let ports = doors.map(|door| listeners.port(&door.listener));
        ports.collect::<BTreeSet<u16>>()
    };
    let group = naming::balancer_group(cluster.name);
    let links = links_to(cluster, settled).map(|(way, _)| way);
    let through = links.filter(|way| settled.group_before_brokers(*way, cluster) == group);
    let known: BTreeSet<u16> = through.flat_map(ports).collect();
    let open = &ports(Way::SameVpc) - &known;
    let because = "clients of the same VPC, who are moved";
    rules.admit(vec![Peer::Group(group)], &open, because);
}

/// A balancer that keeps the clients' addresses shows them to the brokers' group.
fn admit_preserved(cluster: &Cluster<'_>, settled: &Settled<'_>, rules: &mut Rules) {
    let front = settled.choices(cluster).front.as_ref();
    if !front.is_some_and(|front| front.tuning.preserve_client_ip) {
        return;
    }
    let listeners = &settled.choices(cluster).listeners;
    let ways = links_to(cluster, settled).map(|(way, _)| way);
    for way in ways.chain([Way::SameVpc]) {
        if settled.entry(way, cluster) != Entry::Balancer {
            continue;
        }
        let doors = settled.doors(way, cluster).into_iter();
        let open: BTreeSet<u16> = doors.map(|door| listeners.port(&door.listener)).collect();
        let because = "clients whose addresses the balancer preserves";
        for (peer, _) in diallers(way, cluster, settled) {
            rules.admit(vec![peer], &open, because);
        }
    }
}

/// Who dials the brokers because of a connection.
fn towards_brokers(way: Way, link: &Link<'_>, settled: &Settled<'_>) -> Vec<Dialler> {
    let cluster = &link.to;
    let said = link.asked.admit.brokers.as_deref();
    if settled.entry(way, cluster) == Entry::Brokers {
        return admitted(said, way, cluster, settled);
    }
    let listeners = &settled.choices(cluster).listeners;
    let doors = settled.doors(way, cluster).into_iter();
    let open: BTreeSet<u16> = doors.map(|door| listeners.port(&door.listener)).collect();
    let before = vec![Peer::Group(settled.group_before_brokers(way, cluster))];
    let peers = said.map_or(before, ranges).into_iter();
    peers.map(|peer| (peer, open.clone())).collect()
}

/// A security group and what it is for.
type Group<'a> = (SecurityGroupId, &'a SpecKey, Rules);

/// The groups of what stands before a cluster's brokers.
fn before_brokers<'a>(cluster: &Cluster<'_>, settled: &'a Settled<'_>) -> Vec<Group<'a>> {
    let choices = settled.choices(cluster);
    let balancer = naming::balancer_group(cluster.name);
    let shared = choices.front.as_ref().map(|front| &front.key);
    let own = choices.patterns.per_broker.as_ref().map(|own| &own.key);
    let mut groups: Vec<Group> = Vec::new();
    let needed = shared.or(own);
    groups.extend(needed.map(|key| (balancer, key, balancers(cluster, settled))));
    if let Some(gateways) = &choices.patterns.gateways {
        let rules = gateway_balancer(cluster, gateways, settled);
        let id = naming::gateway_balancer_group(cluster.name);
        groups.push((id, &gateways.key, rules));
        let rules = gateway(cluster, gateways, &choices.listeners);
        groups.push((naming::gateway_group(cluster.name), &gateways.key, rules));
    }
    if let Some(resources) = &choices.patterns.resources {
        let ports = resources.listeners.iter();
        let ports = ports
            .map(|(name, _)| choices.listeners.port(name))
            .collect();
        let mut rules = Rules::default();
        let brokers = vec![Peer::Group(naming::brokers_group(cluster.name))];
        rules.let_out(brokers, &ports, "the resources behind the gateway");
        let id = naming::resource_gateway_group(cluster.name);
        groups.push((id, &resources.key, rules));
    }
    groups
}

/// The balancers that lead to brokers share a group.
fn balancers(cluster: &Cluster<'_>, settled: &Settled<'_>) -> Rules {
    let because = "clients whose listener has moved behind the balancer";
    let group = naming::balancer_group(cluster.name);
    let own = settled.choices(cluster).balancers.iter();
    let lines: Vec<_> = own
        .filter(|own| own.group == group)
        .flat_map(|own| &own.lines)
        .collect();
    let listening: BTreeSet<u16> = lines.iter().map(|line| line.port).collect();
    let mut rules = Rules::default();
    for (way, link) in links_to(cluster, settled) {
        if !link.means.is_routed() && settled.group_before_brokers(way, cluster) != group {
            continue;
        }
        if let Some(said) = link.asked.admit.balancer.as_deref() {
            rules.admit(ranges(said), &listening, because);
            continue;
        }
        let moved = match settled.entry(way, cluster) {
            Entry::Brokers => Vec::new(),
            Entry::Balancer => diallers(way, cluster, settled),
            Entry::Endpoint if settled.entry(Way::SameVpc, cluster) == Entry::Balancer => {
                diallers(Way::SameVpc, cluster, settled)
            }
            Entry::Endpoint => Vec::new(),
        };
        for (peer, open) in moved {
            rules.admit(vec![peer], &open, because);
        }
        admit_judged(way, link, settled, &mut rules);
    }
    let targets = lines.iter().map(|line| line.at).collect();
    let brokers = vec![Peer::Group(naming::brokers_group(cluster.name))];
    rules.let_out(brokers, &targets, "the balancer's targets");
    rules
}

/// A balancer that judges what comes by PrivateLink sees the clients' own addresses.
fn admit_judged(way: Way, link: &Link<'_>, settled: &Settled<'_>, rules: &mut Rules) {
    let mut balancers = settled.choices(&link.to).balancers.iter();
    let group = settled.group_of_balancer(link);
    let judges = balancers.any(|own| own.group == group && own.tuning.enforce_on_privatelink);
    if judges && !link.means.is_routed() {
        let doors = settled.doors(way, &link.to).into_iter();
        let open = doors.flat_map(|door| door.ports).collect();
        let because = "clients behind an endpoint, whom the balancer judges by their addresses";
        rules.admit(ranges(&link.from.asked.cidrs), &open, because);
    }
}

fn gateway_balancer(cluster: &Cluster<'_>, gateways: &Gateways, settled: &Settled<'_>) -> Rules {
    let ports = gateways.schemes.iter().flat_map(Scheme::ports).collect();
    let mut rules = Rules::default();
    for (way, link) in links_to(cluster, settled) {
        if link.means != Means::Gateway {
            continue;
        }
        match link.asked.admit.balancer.as_deref() {
            Some(said) => rules.admit(ranges(said), &ports, "admitted by the spec"),
            None => admit_judged(way, link, settled, &mut rules),
        }
    }
    let instances = vec![Peer::Group(naming::gateway_group(cluster.name))];
    rules.let_out(instances, &ports, "the balancer's targets");
    rules
}

fn gateway(cluster: &Cluster<'_>, gateways: &Gateways, listeners: &Listeners) -> Rules {
    let ports = gateways.schemes.iter().flat_map(Scheme::ports).collect();
    let mut rules = Rules::default();
    let balancer = vec![Peer::Group(naming::gateway_balancer_group(cluster.name))];
    rules.admit(balancer, &ports, "the balancer before the gateway");
    let dialled = gateways.schemes.iter();
    let dialled = dialled
        .map(|scheme| listeners.port(scheme.listener))
        .collect();
    let brokers = vec![Peer::Group(naming::brokers_group(cluster.name))];
    rules.let_out(brokers, &dialled, "the brokers behind the gateway");
    rules
}

fn endpoint(link: &Link<'_>, settled: &Settled<'_>) -> Rules {
    let because = format!("clients of {}", link.to.name);
    let mut rules = Rules::default();
    for (way, link) in settled.asked.sharing(link) {
        let said = link.asked.admit.endpoint.as_deref();
        for (peer, open) in admitted(said, way, &link.to, settled) {
            rules.admit(vec![peer], &open, &because);
        }
    }
    rules
}

fn client_rules(client: &Client<'_>, settled: &Settled<'_>) -> Rules {
    let open = settled
        .door(client.way, &client.cluster, client.auth())
        .ports;
    let chosen = match client.way {
        Way::SameVpc | Way::Link(_) if settled.references_groups(client.way) => {
            vec![Peer::Group(settled.entry_group(client))]
        }
        Way::Unconnected | Way::SameVpc | Way::Link(_) => {
            ranges(&settled.entry_vpc(client).asked.cidrs)
        }
    };
    let peers = client.asked.egress.as_deref().map_or(chosen, ranges);
    let mut rules = Rules::default();
    rules.let_out(
        peers,
        &open,
        &format!("{} reads and writes {}", client.name, client.cluster.name),
    );
    let calls = client.asked.kind == ClientKind::Lambda && !client.asked.lambda.provisioned;
    if calls && client.asked.egress.is_none() {
        let anywhere = vec![Peer::Cidr(Ipv4Net::default())];
        let because = format!("pollers of {} call Lambda and STS", client.name);
        rules.let_out(anywhere, &BTreeSet::from([HTTPS_PORT]), &because);
    }
    rules
}
