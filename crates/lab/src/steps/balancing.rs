//! Balancer nodes and endpoints: address translation in the kernel, so that a drop behind them
//! stays a drop and a refusal a refusal.

use std::collections::BTreeSet;
use std::net::Ipv4Addr;

use blueprint::balancing::{Listener, LoadBalancer, Target};
use blueprint::ids::{BalancerId, EniId};
use blueprint::network::Eni;
use blueprint::verdict::{Class, Place};
use ipnet::Ipv4Net;

use super::draft::Draft;
use super::hosts::MAIN_TABLE;
use super::nft::{Act, Chain, Hook, Kind, Rule, Table, Test};
use super::routers::{FIRST, JUDGE, LAST, Side, watch};
use super::{Note, Way};

/// The node's address on every private link; translated on arrival, so no link holds it.
const NODE_ADDRESS: Ipv4Addr = Ipv4Addr::new(169, 254, 255, 254);

/// Priority of destination translation.
const TRANSLATE: i32 = -100;

/// Priority of source translation.
const DISGUISE: i32 = 100;

impl Draft<'_> {
    /// Links, neighbours and routes between endpoints and their nodes.
    pub(super) fn bridge_ends(&mut self) {
        let bridges: Vec<_> = self
            .bridges
            .values()
            .map(|b| (b.ends.clone(), b.source))
            .collect();
        for ([endpoint, node], source) in bridges {
            for (here, there, address) in
                [(&endpoint, &node, NODE_ADDRESS), (&node, &endpoint, source)]
            {
                self.up(&here.namespace, &here.link);
                self.neighbour(here, address, there.mac);
                let way = Way::Link(here.link.clone());
                self.route(&here.namespace, MAIN_TABLE, Ipv4Net::from(address), way);
            }
        }
    }

    /// An endpoint passes every TCP port on to its node, which judges.
    pub(super) fn endpoint_ruleset(&self, id: &EniId, eni: &Eni) -> Table {
        let mut gate = passing();
        let mut sets = BTreeSet::new();
        match self.node_behind(eni) {
            None => gate.push(Rule::dropping([], dropped(Class::NoTarget, id))),
            Some((node, balancer)) => {
                if let Some(groups) = self.enforced(node, balancer) {
                    let rules = groups
                        .iter()
                        .flat_map(|group| self.admissions(Side::In, group));
                    gate.extend(rules);
                    gate.push(Rule::dropping([], dropped(Class::DeniedIn, node)));
                    sets = self.groups_named_by(&groups);
                }
            }
        }
        let (mut translate, mut disguise) = (Vec::new(), Vec::new());
        if let Some(bridge) = self.bridges.get(id) {
            let [here, _] = &bridge.ends;
            let from = Test::FromLink("eth0".to_owned());
            translate.push(Rule::new(
                [from, Test::Tcp],
                [Act::Dnat(NODE_ADDRESS, None)],
            ));
            let to = Test::ToLink(here.link.clone());
            disguise.push(Rule::new([to], [Act::Snat(bridge.source)]));
        }
        relay(self.sets(sets), gate, translate, disguise)
    }

    /// The node's groups, where they judge what arrives by PrivateLink.
    fn enforced(
        &self,
        node: &EniId,
        balancer: &LoadBalancer,
    ) -> Option<BTreeSet<blueprint::ids::SecurityGroupId>> {
        let node = self.blueprint.enis.get(node)?;
        let groups: BTreeSet<_> = node.security_groups.iter().cloned().collect();
        (balancer.enforce_on_privatelink && !groups.is_empty()).then_some(groups)
    }

    /// A node passes its listeners' ports on to the targets it may use, in turn.
    pub(super) fn node_ruleset(&self, id: &EniId, eni: &Eni, balancer: &BalancerId) -> Table {
        let (mut gate, mut translate) = (passing(), Vec::new());
        if let Some(balancer) = self.blueprint.balancers.get(balancer) {
            for (port, listener) in &balancer.listeners {
                let targets = self.usable(eni, balancer, listener);
                let here = Test::Ports(*port, *port);
                if targets.is_empty() {
                    let note = dropped(Class::NoTarget, id);
                    gate.push(Rule::dropping([here], note));
                } else {
                    gate.push(Rule::new([here], [Act::Accept]));
                    translate.extend(in_turn(*port, &targets));
                }
            }
        }
        gate.push(Rule::dropping([], dropped(Class::NoListener, id)));
        let to = Test::ToLink("eth0".to_owned());
        let disguise = vec![Rule::new([to], [Act::Snat(eni.address)])];
        relay(Vec::new(), gate, translate, disguise)
    }

    /// The targets a node may use: all with cross-zone on, else those of its own zone.
    fn usable(&self, node: &Eni, balancer: &LoadBalancer, listener: &Listener) -> Vec<Target> {
        let groups = &self.blueprint.target_groups;
        let targets = groups
            .get(&listener.target_group)
            .map(|group| group.targets.as_slice());
        let targets = targets.unwrap_or_default().iter().cloned();
        let Some(zone) = self.subnet_of(node).map(|subnet| &subnet.zone) else {
            return Vec::new();
        };
        let mut subnets = self
            .blueprint
            .subnets
            .values()
            .filter(|s| s.vpc == balancer.vpc);
        let near: Vec<_> = subnets
            .by_ref()
            .filter(|s| s.zone == *zone)
            .map(|s| s.cidr)
            .collect();
        let usable = |target: &Target| {
            balancer.cross_zone || near.iter().any(|range| range.contains(&target.address))
        };
        targets.filter(usable).collect()
    }
}

fn dropped(class: Class, eni: &EniId) -> Note {
    Note::Dropped(class, Place::Eni(eni.clone()))
}

/// What precedes the judgement of new connections: old ones pass, and only TCP is served.
fn passing() -> Vec<Rule> {
    vec![
        Rule::new([Test::Established], [Act::Accept]),
        Rule::new([Test::NotTcp], [Act::Drop]),
    ]
}

/// Translation to one target, or to each of several in turn: n connections meet n targets.
fn in_turn(port: u16, targets: &[Target]) -> Vec<Rule> {
    let here = Test::Ports(port, port);
    if let [only] = targets {
        let act = Act::Dnat(only.address, Some(only.port));
        return vec![Rule::new([here], [act])];
    }
    let n = u32::try_from(targets.len()).unwrap_or(u32::MAX);
    let mut rules = vec![Rule::new([here.clone()], [Act::MarkInTurn(n)])];
    rules.extend((0..).zip(targets).map(|(mark, target)| {
        let act = Act::Dnat(target.address, Some(target.port));
        Rule::new([here.clone(), Test::Mark(mark)], [act])
    }));
    rules
}

fn relay(
    sets: Vec<super::nft::Set>,
    gate: Vec<Rule>,
    translate: Vec<Rule>,
    disguise: Vec<Rule>,
) -> Table {
    Table {
        sets,
        chains: vec![
            watch("entered", Hook::Prerouting, FIRST, &Note::Entered),
            Chain::base("gate", Kind::Filter, Hook::Prerouting, JUDGE, gate),
            Chain::base(
                "translate",
                Kind::Nat,
                Hook::Prerouting,
                TRANSLATE,
                translate,
            ),
            Chain::base("disguise", Kind::Nat, Hook::Postrouting, DISGUISE, disguise),
            watch("left", Hook::Postrouting, LAST, &Note::Left),
        ],
    }
}
