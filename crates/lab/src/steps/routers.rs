//! Routers: one per VPC, with a routing table per route table of the blueprint and the security
//! groups of every interface.

use std::collections::{BTreeMap, BTreeSet};
use std::net::Ipv4Addr;

use blueprint::ids::{EniId, RouteTableId, SecurityGroupId, VpcId, ZoneId};
use blueprint::network::{Eni, Peer, Route, RouteTarget};
use blueprint::verdict::{Class, Place};
use ipnet::Ipv4Net;

use super::draft::Draft;
use super::nft::{Act, Chain, Flags, Hook, Kind, Rule, Table, Test};
use super::{Note, Operation, Plug, Way};

/// The table of a VPC's own interfaces: what a route of target `local` leads to.
const LOCAL_TABLE: u32 = 100;

/// Tables of the blueprint's route tables start here.
pub(super) const FIRST_TABLE: u32 = 1000;

/// Rules that send a link's packets to the table that routes them.
pub(super) const SUBNET_PREFERENCE: u32 = 1000;

/// The rule that delivers within the VPC: what a `local` route throws, what arrives by a peering
/// or transit gateway and what the router itself sends. What comes from outside meets no other
/// rule: no transit.
const LOCAL_PREFERENCE: u32 = 2000;

/// The rule behind all others, before the kernel's own `main` table.
pub(super) const LAST_PREFERENCE: u32 = 30000;

/// The other router on a cable between two. It needs no address there, since its hardware address
/// is fixed as a neighbour.
pub(super) const FAR_ROUTER: Ipv4Addr = Ipv4Addr::new(169, 254, 255, 1);

/// A link that exists in every namespace and leads nowhere: packets routed to it are dropped in
/// `forward` with a note.
const OUTSIDE_LINK: &str = "lo";

/// Priority of chains that log what enters, before connection tracking.
pub(super) const FIRST: i32 = -300;

/// Priority of chains that judge before routing: after connection tracking, before translation.
pub(super) const JUDGE: i32 = -150;

/// Priority of chains that log what leaves, after translation.
pub(super) const LAST: i32 = 300;

impl Draft<'_> {
    pub(super) fn routers(&mut self) {
        for (id, vpc) in &self.blueprint.vpcs {
            let router = self.router(id);
            for address in self.own_addresses(id, vpc.resolver) {
                self.push(Operation::Address {
                    namespace: router.clone(),
                    link: "lo".to_owned(),
                    address,
                });
            }
            self.up(&router, "lo");
            self.router_links(id);
            self.routing_tables(id, &router);
            self.rules(id, &router);
            let table = self.router_ruleset(id);
            let namespace = router;
            self.push(Operation::Ruleset { namespace, table });
        }
    }

    /// The resolver's address and the gateway of every subnet.
    fn own_addresses(&self, vpc: &VpcId, resolver: Ipv4Addr) -> BTreeSet<Ipv4Addr> {
        let subnets = self.blueprint.subnets.values().filter(|s| s.vpc == *vpc);
        let gateways = subnets.map(|subnet| gateway(subnet.cidr));
        gateways.chain([resolver]).collect()
    }

    fn router_links(&mut self, vpc: &VpcId) {
        let mut held = BTreeSet::new();
        for (_, eni, [port, host]) in self.ports_of(vpc) {
            self.up(&port.namespace, &port.link);
            self.neighbour(&port, eni.address, host.mac);
            if held.insert(eni.address) {
                let destination = Ipv4Net::from(eni.address);
                let way = Way::Link(port.link);
                self.route(&port.namespace, LOCAL_TABLE, destination, way);
            }
        }
        let peerings = self.peering_ends(vpc).into_values();
        let attachments = self.attachment_ends(vpc).into_iter();
        let attachments = attachments.map(|[here, there]| (here, there));
        for (here, there) in peerings.chain(attachments) {
            self.up(&here.namespace, &here.link);
            self.neighbour(&here, FAR_ROUTER, there.mac);
        }
    }

    /// The VPC's ends of its granted peerings, and the other ends.
    fn peering_ends(&self, vpc: &VpcId) -> BTreeMap<String, (Plug, Plug)> {
        let mut ends = BTreeMap::new();
        for (id, [requester, accepter]) in &self.peerings {
            let Some(peering) = self.blueprint.peerings.get(id) else {
                continue;
            };
            let name = id.as_str().to_owned();
            if peering.requester == *vpc {
                ends.insert(name, (requester.clone(), accepter.clone()));
            } else if peering.accepter == *vpc {
                ends.insert(name, (accepter.clone(), requester.clone()));
            }
        }
        ends
    }

    fn routing_tables(&mut self, vpc: &VpcId, router: &str) {
        let peerings = self.peering_ends(vpc);
        for ((id, zone), number) in self.table_numbers(vpc) {
            let Some(table) = self.blueprint.route_tables.get(&id) else {
                continue;
            };
            let mut listed = BTreeSet::new();
            for route in &table.routes {
                if listed.insert(route.destination.trunc()) {
                    let way = self.way(vpc, &zone, route, &peerings);
                    self.route(router, number, route.destination.trunc(), way);
                }
            }
            let everything = Ipv4Net::default();
            if !listed.contains(&everything) {
                self.route(router, number, everything, Way::Blackhole);
            }
        }
    }

    fn way(
        &self,
        vpc: &VpcId,
        zone: &ZoneId,
        route: &Route,
        peerings: &BTreeMap<String, (Plug, Plug)>,
    ) -> Way {
        let plug = match &route.target {
            RouteTarget::Local => return Way::Throw,
            RouteTarget::Outside(_) => return Way::Link(OUTSIDE_LINK.to_owned()),
            RouteTarget::Peering(id) => peerings.get(id.as_str()).map(|(here, _)| here),
            RouteTarget::TransitGateway(id) => self.attached(vpc, id, zone),
        };
        plug.map_or(Way::Blackhole, across)
    }

    /// Kernel table numbers of the route tables that the VPC's interfaces use, one for each zone
    /// they are used in: the way to a transit gateway depends on it.
    fn table_numbers(&self, vpc: &VpcId) -> BTreeMap<(RouteTableId, ZoneId), u32> {
        let ports = self.ports_of(vpc).into_iter();
        let used: BTreeSet<_> = ports
            .filter_map(|(_, eni, _)| self.subnet_of(eni))
            .filter(|subnet| {
                self.blueprint
                    .route_tables
                    .contains_key(&subnet.route_table)
            })
            .map(|subnet| (subnet.route_table.clone(), subnet.zone.clone()))
            .collect();
        used.into_iter().zip(FIRST_TABLE..).collect()
    }

    fn rules(&mut self, vpc: &VpcId, router: &str) {
        let numbers = self.table_numbers(vpc);
        for (_, eni, [port, _]) in self.ports_of(vpc) {
            let subnet = self.subnet_of(eni);
            let table = subnet.map(|s| (s.route_table.clone(), s.zone.clone()));
            let table = table.and_then(|table| numbers.get(&table)).copied();
            self.rule(router, SUBNET_PREFERENCE, Some(port.link), table);
        }
        self.rule(router, LOCAL_PREFERENCE, None, Some(LOCAL_TABLE));
        self.rule(router, LAST_PREFERENCE, None, None);
    }

    pub(super) fn rule(
        &mut self,
        router: &str,
        preference: u32,
        from_link: Option<String>,
        table: Option<u32>,
    ) {
        self.push(Operation::Rule {
            namespace: router.to_owned(),
            preference,
            from_link,
            table,
        });
    }

    pub(super) fn route(&mut self, namespace: &str, table: u32, destination: Ipv4Net, way: Way) {
        self.push(Operation::Route {
            namespace: namespace.to_owned(),
            table,
            destination,
            way,
        });
    }

    fn router_ruleset(&self, vpc: &VpcId) -> Table {
        let place = Place::Router(vpc.clone());
        let ports = self.ports_of(vpc);
        let guarded = ports
            .iter()
            .filter(|(_, eni, _)| !eni.security_groups.is_empty());
        let guarded: Vec<_> = guarded
            .map(|(id, eni, [port, _])| (*id, *eni, port))
            .collect();
        let groups: BTreeSet<_> = guarded
            .iter()
            .flat_map(|(_, eni, _)| &eni.security_groups)
            .collect();
        let mut chains = vec![];
        for group in &groups {
            chains.push(self.group_chain(Side::Out, group));
            chains.push(self.group_chain(Side::In, group));
        }
        for (id, eni, port) in &guarded {
            chains.push(port_chain(Side::Out, id, eni, port));
            chains.push(port_chain(Side::In, id, eni, port));
        }
        chains.extend(self.acl_chains(vpc));
        let links: Vec<_> = guarded
            .iter()
            .map(|(_, _, port)| port.link.clone())
            .collect();
        chains.extend([
            watch("entered", Hook::Prerouting, FIRST, &Note::Entered),
            senders(&place, &links),
            receivers(&place, &links),
            silent(&place),
            watch("left", Hook::Postrouting, LAST, &Note::Left),
        ]);
        Table {
            sets: self.sets(self.groups_named_by(groups), vpc),
            chains,
        }
    }

    /// The groups that the rules of some groups name as peers.
    pub(super) fn groups_named_by<'g>(
        &self,
        groups: impl IntoIterator<Item = &'g SecurityGroupId>,
    ) -> BTreeSet<String> {
        let known = &self.blueprint.security_groups;
        let groups = groups.into_iter().filter_map(|group| known.get(group));
        let rules = groups.flat_map(|group| group.ingress.iter().chain(&group.egress));
        let peers = rules.filter_map(|rule| match &rule.peer {
            Peer::Group(group) => Some(group.as_str().to_owned()),
            Peer::Cidr(_) => None,
        });
        peers.collect()
    }

    fn group_chain(&self, side: Side, group: &SecurityGroupId) -> Chain {
        let rules = self.admissions(side, group);
        Chain::plain(format!("{}.{group}", side.word()), rules)
    }

    /// One accepting rule per rule of a group.
    pub(super) fn admissions(&self, side: Side, group: &SecurityGroupId) -> Vec<Rule> {
        let Some(group) = self.blueprint.security_groups.get(group) else {
            return Vec::new();
        };
        let rules = match side {
            Side::Out => &group.egress,
            Side::In => &group.ingress,
        };
        let admission = |rule: &blueprint::network::Rule| {
            let ports = Test::Ports(rule.from_port, rule.to_port);
            Rule::new([ports, side.peer(&rule.peer)], [Act::Accept])
        };
        rules.iter().map(admission).collect()
    }
}

/// Which way a group's rules look.
#[derive(Clone, Copy)]
pub(super) enum Side {
    /// What its interfaces send.
    Out,
    /// What its interfaces receive.
    In,
}

impl Side {
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Out => "out",
            Self::In => "in",
        }
    }

    fn peer(self, peer: &Peer) -> Test {
        match (self, peer) {
            (Self::Out, Peer::Cidr(range)) => Test::Destination(range.trunc()),
            (Self::Out, Peer::Group(group)) => Test::DestinationIn(group.as_str().to_owned()),
            (Self::In, Peer::Cidr(range)) => Test::Source(range.trunc()),
            (Self::In, Peer::Group(group)) => Test::SourceIn(group.as_str().to_owned()),
        }
    }
}

/// The gateway's address in a subnet: its first host address.
pub(super) fn gateway(subnet: Ipv4Net) -> Ipv4Addr {
    Ipv4Addr::from(u32::from(subnet.network()).saturating_add(1))
}

/// The way across a cable between two routers.
pub(super) fn across(here: &Plug) -> Way {
    Way::Via {
        gateway: FAR_ROUTER,
        link: here.link.clone(),
    }
}

/// All groups of one interface: what none of them admits is dropped.
fn port_chain(side: Side, id: &EniId, eni: &Eni, port: &Plug) -> Chain {
    let class = match side {
        Side::Out => Class::DeniedOut,
        Side::In => Class::DeniedIn,
    };
    let groups: BTreeSet<_> = eni.security_groups.iter().collect();
    let jumps = groups
        .into_iter()
        .map(|group| Rule::new([], [Act::Jump(format!("{}.{group}", side.word()))]));
    let note = Note::Dropped(class, Place::Eni(id.clone()));
    let rules = jumps.chain([Rule::dropping([], note)]).collect();
    Chain::plain(port_chain_name(side, &port.link), rules)
}

fn port_chain_name(side: Side, link: &str) -> String {
    format!("{}-{link}", side.word())
}

/// Logs the packets that open or refuse connections.
pub(super) fn watch(name: &str, hook: Hook, priority: i32, note: &Note) -> Chain {
    let log = |flags| Rule::new([Test::Flags(flags)], [Act::Log(note.clone())]);
    let rules = vec![log(Flags::Syn), log(Flags::Rst)];
    Chain::base(name, Kind::Filter, hook, priority, rules)
}

/// Security groups outwards, asked before routing as AWS does. An answer that no request here
/// preceded was routed to the wrong VPC: it ends, as nobody waits for it.
fn senders(router: &Place, links: &[String]) -> Chain {
    let stray = Note::Dropped(Class::NoRoute, router.clone());
    let mut rules = vec![
        Rule::new([Test::Established], [Act::Accept]),
        Rule::new([Test::NotTcp], [Act::Accept]),
        Rule::dropping([Test::Invalid, Test::Flags(Flags::SynAck)], stray.clone()),
        Rule::dropping([Test::Invalid, Test::Flags(Flags::Rst)], stray),
    ];
    rules.extend(links.iter().map(|link| {
        let chain = port_chain_name(Side::Out, link);
        Rule::new([Test::FromLink(link.clone())], [Act::Goto(chain)])
    }));
    Chain::base("senders", Kind::Filter, Hook::Prerouting, JUDGE, rules)
}

/// Security groups inwards, asked after routing; before them, what leaves the blueprint.
fn receivers(router: &Place, links: &[String]) -> Chain {
    let outside = Note::Dropped(Class::LeavesBlueprint, router.clone());
    let mut rules = vec![
        Rule::dropping([Test::ToLink(OUTSIDE_LINK.to_owned())], outside),
        Rule::new([Test::Established], [Act::Accept]),
        Rule::new([Test::NotTcp], [Act::Drop]),
    ];
    rules.extend(links.iter().map(|link| {
        let chain = port_chain_name(Side::In, link);
        Rule::new([Test::ToLink(link.clone())], [Act::Goto(chain)])
    }));
    Chain::base("receivers", Kind::Filter, Hook::Forward, 0, rules)
}

/// The router's own addresses answer no TCP: nobody holds them.
fn silent(router: &Place) -> Chain {
    let note = Note::Dropped(Class::NoRoute, router.clone());
    let rules = vec![Rule::dropping([Test::Tcp], note)];
    Chain::base("silent", Kind::Filter, Hook::Input, 0, rules)
}
