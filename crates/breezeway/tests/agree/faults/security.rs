//! Faults in security groups.

use std::collections::BTreeMap;

use blueprint::Blueprint;
use blueprint::ids::{EniId, SecurityGroupId};
use blueprint::network::{Eni, Peer, Rule};
use fastrand::Rng;

use super::{pick, position};

/// A list of rules of some group that has any.
fn rules<'a>(blueprint: &'a mut Blueprint, rng: &mut Rng) -> Option<&'a mut Vec<Rule>> {
    let ingress = rng.bool();
    let groups = blueprint.security_groups.iter_mut();
    let groups = groups.filter(|(_, group)| {
        !if ingress {
            &group.ingress
        } else {
            &group.egress
        }
        .is_empty()
    });
    let (_, group) = pick(groups, rng)?;
    Some(if ingress {
        &mut group.ingress
    } else {
        &mut group.egress
    })
}

pub(super) fn remove_rule(blueprint: &mut Blueprint, rng: &mut Rng) -> bool {
    let Some(rules) = rules(blueprint, rng) else {
        return false;
    };
    position(rules, rng).map(|at| rules.remove(at)).is_some()
}

pub(super) fn shift_rule(blueprint: &mut Blueprint, rng: &mut Rng) -> bool {
    let Some(rules) = rules(blueprint, rng) else {
        return false;
    };
    let Some(at) = position(rules, rng) else {
        return false;
    };
    let rule = &mut rules[at];
    if rule.from_port < rule.to_port {
        rule.to_port -= 1;
    } else {
        rule.from_port = rule.from_port.saturating_add(1000);
        rule.to_port = rule.from_port;
    }
    true
}

pub(super) fn change_peer(blueprint: &mut Blueprint, rng: &mut Rng) -> bool {
    let Some(rules) = rules(blueprint, rng) else {
        return false;
    };
    let Some(at) = position(rules, rng) else {
        return false;
    };
    let ranges = ["10.0.0.0/20", "10.99.0.0/16", "0.0.0.0/0"];
    let Ok(range) = ranges[rng.usize(0..ranges.len())].parse() else {
        return false;
    };
    rules[at].peer = Peer::Cidr(range);
    true
}

/// Removes what admits anybody to the listener that some client is told of.
pub(super) fn close_listener(blueprint: &mut Blueprint, rng: &mut Rng) -> bool {
    let Some((_, client)) = pick(blueprint.clients.iter_mut(), rng) else {
        return false;
    };
    let Some(cluster) = blueprint.clusters.get(&client.cluster) else {
        return false;
    };
    let mut closed = false;
    for broker in cluster.brokers.values() {
        let Some(port) = broker.listeners.get(&client.listener).map(|l| l.port) else {
            continue;
        };
        let groups = groups_of(&blueprint.enis, &broker.eni);
        for group in groups {
            if let Some(group) = blueprint.security_groups.get_mut(group) {
                let n_rules = group.ingress.len();
                group
                    .ingress
                    .retain(|rule| port < rule.from_port || rule.to_port < port);
                closed |= group.ingress.len() < n_rules;
            }
        }
    }
    closed
}

pub(super) fn close_endpoint(blueprint: &mut Blueprint, rng: &mut Rng) -> bool {
    let Some((_, endpoint)) = pick(blueprint.endpoints.iter_mut(), rng) else {
        return false;
    };
    let groups = endpoint
        .enis
        .values()
        .flat_map(|eni| groups_of(&blueprint.enis, eni));
    let mut closed = false;
    for group in groups {
        if let Some(group) = blueprint.security_groups.get_mut(group) {
            closed |= !std::mem::take(&mut group.ingress).is_empty();
        }
    }
    closed
}

pub(super) fn close_client(blueprint: &mut Blueprint, rng: &mut Rng) -> bool {
    let Some((_, client)) = pick(blueprint.clients.iter_mut(), rng) else {
        return false;
    };
    let groups = client
        .enis
        .iter()
        .flat_map(|eni| groups_of(&blueprint.enis, eni));
    let mut closed = false;
    for group in groups {
        if let Some(group) = blueprint.security_groups.get_mut(group) {
            closed |= !std::mem::take(&mut group.egress).is_empty();
        }
    }
    closed
}

fn groups_of<'a>(enis: &'a BTreeMap<EniId, Eni>, eni: &EniId) -> &'a [SecurityGroupId] {
    enis.get(eni).map_or(&[], |eni| &eni.security_groups)
}

pub(super) fn clear_groups(blueprint: &mut Blueprint, rng: &mut Rng) -> bool {
    let enis = blueprint
        .enis
        .iter_mut()
        .filter(|(_, eni)| !eni.security_groups.is_empty());
    pick(enis, rng)
        .map(|(_, eni)| eni.security_groups.clear())
        .is_some()
}
