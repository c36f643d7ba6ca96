//! Network ACLs: stateless chains at a VPC's router for the interfaces of subnets that have one,
//! asked after the sender's security groups and before the receiver's, answers included.

use std::collections::{BTreeMap, BTreeSet};

use blueprint::ids::{EniId, NetworkAclId, SubnetId, VpcId};
use blueprint::network::AclEntry;
use blueprint::verdict::{Class, Place};
use ipnet::Ipv4Net;

use super::Note;
use super::draft::Draft;
use super::nft::{Act, Chain, Flags, Hook, Kind, Rule, Test};
use super::routers::{JUDGE, Side};

/// Ports that a client may send from, and that answers go to: AWS's guide has ACLs let answers
/// out to 1024–65535, so that any client is served.
const ANSWER_PORTS: (u16, u16) = (1024, 65535);

/// What a chain judges.
#[derive(Clone, Copy)]
enum Judged {
    /// Packets that ask for a connection.
    Asks,
    /// Packets of the other direction.
    Answers,
}

/// An interface whose subnet has a network ACL.
struct Fenced<'a> {
    id: &'a EniId,
    link: String,
    subnet: &'a SubnetId,
    range: Ipv4Net,
    acl: &'a NetworkAclId,
}

impl<'a> Draft<'a> {
    /// The chains of a VPC's network ACLs; none if no subnet in use has one.
    pub(super) fn acl_chains(&self, vpc: &VpcId) -> Vec<Chain> {
        let fenced = self.fenced(vpc);
        if fenced.is_empty() {
            return Vec::new();
        }
        let mut chains = Vec::new();
        for acl in fenced.iter().map(|eni| eni.acl).collect::<BTreeSet<_>>() {
            chains.extend(self.entry_chains(acl));
        }
        let mut by_subnet: BTreeMap<_, Vec<_>> = BTreeMap::new();
        for eni in &fenced {
            let links = by_subnet.entry(eni.subnet).or_default();
            links.push(eni.link.clone());
        }
        for eni in &fenced {
            let neighbours = by_subnet.get(eni.subnet).map_or(&[][..], Vec::as_slice);
            for judged in [Judged::Asks, Judged::Answers] {
                chains.push(leaving(eni, judged));
                chains.push(entering(eni, judged, neighbours));
            }
        }
        chains.push(gate(Side::Out, &fenced));
        chains.push(gate(Side::In, &fenced));
        chains
    }

    fn fenced(&self, vpc: &VpcId) -> Vec<Fenced<'a>> {
        let ports = self.ports_of(vpc).into_iter();
        let fenced = ports.filter_map(|(id, eni, [port, _])| {
            let subnet = self.subnet_of(eni)?;
            let acl = subnet.network_acl.as_ref()?;
            self.blueprint.network_acls.get(acl)?;
            Some(Fenced {
                id,
                link: port.link,
                subnet: &eni.subnet,
                range: subnet.cidr.trunc(),
                acl,
            })
        });
        fenced.collect()
    }

    /// A chain per direction and kind of packet, which accepts what the entries allow.
    fn entry_chains(&self, id: &NetworkAclId) -> Vec<Chain> {
        let Some(acl) = self.blueprint.network_acls.get(id) else {
            return Vec::new();
        };
        let sides = [(Side::Out, &acl.egress), (Side::In, &acl.ingress)];
        let chains = sides.into_iter().flat_map(|(side, entries)| {
            let mut entries: Vec<_> = entries.iter().collect();
            entries.sort_by_key(|entry| entry.number);
            [
                Chain::plain(name(side, Judged::Asks, id), asks(side, &entries)),
                Chain::plain(name(side, Judged::Answers, id), answers(side, &entries)),
            ]
        });
        chains.collect()
    }
}

fn name(side: Side, judged: Judged, of: impl std::fmt::Display) -> String {
    let judged = match judged {
        Judged::Asks => "asks",
        Judged::Answers => "answers",
    };
    format!("acl-{judged}-{}.{of}", side.word())
}

/// Where a side's entries look for the other end's address.
fn other_end(side: Side, range: Ipv4Net) -> Test {
    match side {
        Side::Out => Test::Destination(range.trunc()),
        Side::In => Test::Source(range.trunc()),
    }
}

/// The first entry that matches decides.
fn asks(side: Side, entries: &[&AclEntry]) -> Vec<Rule> {
    let rule = |entry: &&AclEntry| {
        let ports = Test::Ports(entry.from_port, entry.to_port);
        let act = if entry.allow {
            Act::Accept
        } else {
            Act::Return
        };
        Rule::new([ports, other_end(side, entry.cidr)], [act])
    };
    entries.iter().map(rule).collect()
}

/// An address is answered if every port that an answer may go to is allowed there: one rule per
/// range that entries name, the narrowest first, since the entries that match an address are
/// those of the narrowest range that holds it and of wider ones.
fn answers(side: Side, entries: &[&AclEntry]) -> Vec<Rule> {
    let ranges: BTreeSet<_> = entries.iter().map(|entry| entry.cidr.trunc()).collect();
    let mut ranges: Vec<_> = ranges.into_iter().collect();
    ranges.sort_by_key(|range| std::cmp::Reverse(range.prefix_len()));
    let rule = |range: Ipv4Net| {
        let act = if open(entries, range) {
            Act::Accept
        } else {
            Act::Return
        };
        Rule::new([other_end(side, range)], [act])
    };
    ranges.into_iter().map(rule).collect()
}

/// Whether the entries that cover a range allow every port that an answer may go to.
fn open(entries: &[&AclEntry], range: Ipv4Net) -> bool {
    let mut undecided = vec![ANSWER_PORTS];
    for entry in entries.iter().filter(|e| e.cidr.contains(&range)) {
        let (first, last) = (entry.from_port, entry.to_port);
        let met = |&(from, to): &(u16, u16)| first <= to && from <= last;
        if !entry.allow && undecided.iter().any(met) {
            return false;
        }
        undecided = undecided
            .into_iter()
            .flat_map(|ports| without(ports, (first, last)))
            .collect();
    }
    undecided.is_empty()
}

/// What is left of a range of ports without another.
fn without((from, to): (u16, u16), (first, last): (u16, u16)) -> Vec<(u16, u16)> {
    if to < first || last < from {
        return vec![(from, to)];
    }
    let below = first.checked_sub(1).map(|end| (from, end));
    let above = last.checked_add(1).map(|start| (start, to));
    let parts = [below, above].into_iter().flatten();
    parts.filter(|(from, to)| from <= to).collect()
}

/// What an interface sends: to its own subnet it passes, elsewhere by the entries.
fn leaving(eni: &Fenced<'_>, judged: Judged) -> Chain {
    let near = Rule::new([Test::Destination(eni.range)], [Act::Accept]);
    judgement(eni, Side::Out, judged, vec![near])
}

/// What an interface receives: from its own subnet's links it passes, else by the entries.
fn entering(eni: &Fenced<'_>, judged: Judged, neighbours: &[String]) -> Chain {
    let near = neighbours
        .iter()
        .map(|link| Rule::new([Test::FromLink(link.clone())], [Act::Accept]));
    judgement(eni, Side::In, judged, near.collect())
}

fn judgement(eni: &Fenced<'_>, side: Side, judged: Judged, near: Vec<Rule>) -> Chain {
    let class = match side {
        Side::Out => Class::DeniedOut,
        Side::In => Class::DeniedIn,
    };
    let mut rules = near;
    rules.push(Rule::new([], [Act::Jump(name(side, judged, eni.acl))]));
    let note = Note::Dropped(class, Place::Eni(eni.id.clone()));
    rules.push(Rule::dropping([], note));
    Chain::plain(name(side, judged, &eni.link), rules)
}

/// Sends packets to the chains of their interface.
fn gate(side: Side, fenced: &[Fenced<'_>]) -> Chain {
    let mut rules = vec![Rule::new([Test::NotTcp], [Act::Accept])];
    for eni in fenced {
        let link = || match side {
            Side::Out => Test::FromLink(eni.link.clone()),
            Side::In => Test::ToLink(eni.link.clone()),
        };
        let to = |judged| [Act::Goto(name(side, judged, &eni.link))];
        rules.push(Rule::new([link(), Test::Reply], to(Judged::Answers)));
        let asking = Test::Flags(Flags::Syn);
        rules.push(Rule::new([link(), asking], to(Judged::Asks)));
    }
    match side {
        Side::Out => Chain::base(
            "acl-leaving",
            Kind::Filter,
            Hook::Prerouting,
            JUDGE + 1,
            rules,
        ),
        Side::In => Chain::base("acl-entering", Kind::Filter, Hook::Forward, -1, rules),
    }
}
