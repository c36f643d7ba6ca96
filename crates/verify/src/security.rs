//! Rules 2b and 2d, security groups: what an interface may dial and who may dial it. They are
//! stateful, so answers are never asked.

use std::net::{Ipv4Addr, SocketAddrV4};

use blueprint::network::{Peer, Rule, SecurityGroup};

use crate::journey::{Admission, Closed, End, Side, Step};
use crate::network::{Interface, Network};

/// Asks the sender's groups whether it may dial an address and port.
pub(crate) fn leave<'a>(
    network: &Network<'a>,
    from: Interface<'a>,
    to: SocketAddrV4,
) -> Result<Step<'a>, End<'a>> {
    judge(
        network,
        Closed {
            side: Side::Egress,
            at: from,
            other: *to.ip(),
            port: to.port(),
        },
    )
}

/// Asks the receiver's groups whether a source may dial it on a port.
pub(crate) fn enter<'a>(
    network: &Network<'a>,
    to: Interface<'a>,
    source: Ipv4Addr,
    port: u16,
) -> Result<Step<'a>, End<'a>> {
    judge(
        network,
        Closed {
            side: Side::Ingress,
            at: to,
            other: source,
            port,
        },
    )
}

/// The port is closed unless the interface has no groups, or one of them has a rule for it.
fn judge<'a>(network: &Network<'a>, asked: Closed<'a>) -> Result<Step<'a>, End<'a>> {
    let Closed { side, at, .. } = asked;
    let passed = |by| Ok(Step::Admitted(Admission { side, at, by }));
    if at.eni.security_groups.is_empty() {
        return passed(None);
    }
    for id in &at.eni.security_groups {
        let group = network.blueprint.security_groups.get(id);
        let mut rules = group.map_or(&[][..], |group| rules_of(group, side)).iter();
        if let Some(rule) = rules.find(|rule| covers(network, rule, asked)) {
            return passed(Some((id, rule)));
        }
    }
    Err(End::Denied(asked))
}

fn rules_of(group: &SecurityGroup, side: Side) -> &[Rule] {
    match side {
        Side::Egress => &group.egress,
        Side::Ingress => &group.ingress,
    }
}

/// Whether a rule covers a port and the address on the other side.
fn covers(network: &Network<'_>, rule: &Rule, asked: Closed<'_>) -> bool {
    covers_port(rule, asked.port) && covers_peer(network, &rule.peer, asked)
}

fn covers_port(rule: &Rule, port: u16) -> bool {
    rule.from_port <= port && port <= rule.to_port
}

fn covers_peer(network: &Network<'_>, peer: &Peer, asked: Closed<'_>) -> bool {
    match peer {
        Peer::Cidr(range) => range.contains(&asked.other),
        Peer::Group(group) => network.carries(group, asked.other, asked.at.vpc()),
    }
}
