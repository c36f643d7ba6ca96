//! Balancer nodes: address translation in the kernel, so that a drop behind them stays a drop and
//! a refusal a refusal.

use blueprint::balancing::{Listener, LoadBalancer, Target};
use blueprint::ids::{BalancerId, EniId};
use blueprint::network::Eni;
use blueprint::verdict::{Class, Place};

use super::Note;
use super::draft::Draft;
use super::nft::{Act, Chain, Hook, Kind, Rule, Table, Test};
use super::routers::{FIRST, JUDGE, LAST, watch};

/// Priority of destination translation.
const TRANSLATE: i32 = -100;

/// Priority of source translation.
const DISGUISE: i32 = 100;

impl Draft<'_> {
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
        relay(Vec::new(), Vec::new(), gate, translate, disguise)
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

pub(super) fn dropped(class: Class, eni: &EniId) -> Note {
    Note::Dropped(class, Place::Eni(eni.clone()))
}

/// What precedes the judgement of new connections: old ones pass, and only TCP is served.
pub(super) fn passing() -> Vec<Rule> {
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

/// The ruleset of what translates addresses; `forks` are chains that its gate sends packets to.
pub(super) fn relay(
    sets: Vec<super::nft::Set>,
    forks: Vec<Chain>,
    gate: Vec<Rule>,
    translate: Vec<Rule>,
    disguise: Vec<Rule>,
) -> Table {
    let base = |name, kind, hook, priority, rules| Chain::base(name, kind, hook, priority, rules);
    let mut chains = forks;
    chains.extend([
        watch("entered", Hook::Prerouting, FIRST, &Note::Entered),
        base("gate", Kind::Filter, Hook::Prerouting, JUDGE, gate),
        base(
            "translate",
            Kind::Nat,
            Hook::Prerouting,
            TRANSLATE,
            translate,
        ),
        base("disguise", Kind::Nat, Hook::Postrouting, DISGUISE, disguise),
        watch("taken", Hook::Input, 0, &Note::Taken),
        watch("left", Hook::Postrouting, LAST, &Note::Left),
    ]);
    Table { sets, chains }
}
