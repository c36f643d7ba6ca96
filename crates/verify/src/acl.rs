//! Rule 2b', network ACLs: whether packets may cross the edge of a subnet. They are stateless,
//! so answers are asked as well, and since nobody knows which port a caller picked, for the
//! worst one.

use std::net::{Ipv4Addr, SocketAddrV4};

use blueprint::network::AclEntry;
use blueprint::verdict::Direction;

use crate::journey::{Barred, Crossing, End, Side, Step};
use crate::network::{Interface, Network};
use crate::routing::Leg;

/// Ports that a caller may have picked for itself, and to which an answer is sent. Linux picks
/// from 32768, balancers' nodes and other systems from 1024.
const EPHEMERAL: (u16, u16) = (1_024, 65_535);

/// Whether a packet crosses the edge of its sender's subnet: not if it stays within.
pub(crate) fn leaves_subnet(
    from: Interface<'_>,
    to: Ipv4Addr,
    holder: Option<Interface<'_>>,
) -> bool {
    match holder {
        Some(holder) => from.eni.subnet != holder.eni.subnet,
        None => !from.subnet.cidr.contains(&to),
    }
}

/// Asks the sender's subnet whether a connection may leave it.
pub(crate) fn leave<'a>(
    network: &Network<'a>,
    from: Interface<'a>,
    to: SocketAddrV4,
) -> Option<Result<Step<'a>, End<'a>>> {
    let ports = (to.port(), to.port());
    ask(
        network,
        Side::Egress,
        from,
        *to.ip(),
        ports,
        Direction::Forward,
    )
}

/// Asks the receiver's subnet whether a connection may come in.
pub(crate) fn enter<'a>(
    network: &Network<'a>,
    to: Interface<'a>,
    source: Ipv4Addr,
    port: u16,
) -> Option<Result<Step<'a>, End<'a>>> {
    ask(
        network,
        Side::Ingress,
        to,
        source,
        (port, port),
        Direction::Forward,
    )
}

/// Asks the receiver's subnet whether an answer may leave it.
pub(crate) fn leave_back<'a>(
    network: &Network<'a>,
    leg: Leg<'a>,
) -> Option<Result<Step<'a>, End<'a>>> {
    let crosses = leg.crosses_subnets();
    let asked = || answer_leaves(network, leg.to, leg.source());
    crosses.then(asked).flatten()
}

/// Asks a subnet whether an answer to an address outside it may leave it.
pub(crate) fn answer_leaves<'a>(
    network: &Network<'a>,
    from: Interface<'a>,
    to: Ipv4Addr,
) -> Option<Result<Step<'a>, End<'a>>> {
    ask(
        network,
        Side::Egress,
        from,
        to,
        EPHEMERAL,
        Direction::Return,
    )
}

/// Asks the sender's subnet whether an answer may come in.
pub(crate) fn enter_back<'a>(
    network: &Network<'a>,
    leg: Leg<'a>,
) -> Option<Result<Step<'a>, End<'a>>> {
    let crosses = leg.crosses_subnets();
    let from = leg.to.address();
    let asked = || {
        ask(
            network,
            Side::Ingress,
            leg.from,
            from,
            EPHEMERAL,
            Direction::Return,
        )
    };
    crosses.then(asked).flatten()
}

/// Asks a subnet's ACL; none where AWS's default one lets everything through.
fn ask<'a>(
    network: &Network<'a>,
    side: Side,
    at: Interface<'a>,
    other: Ipv4Addr,
    ports: (u16, u16),
    direction: Direction,
) -> Option<Result<Step<'a>, End<'a>>> {
    let acl = at.subnet.network_acl.as_ref()?;
    let crossing = Crossing {
        side,
        at,
        acl,
        other,
        ports,
        direction,
    };
    let entries = network.acl_entries(acl, side);
    Some(match judge(entries, other, ports) {
        Ok(()) => Ok(Step::Crossed(crossing)),
        Err((entry, ports)) => {
            let crossing = Crossing { ports, ..crossing };
            Err(End::Barred(Barred { crossing, entry }))
        }
    })
}

/// What is closed of a span of ports, and by which entry; none is AWS's last one, `*`.
type Shut<'a> = (Option<&'a AclEntry>, (u16, u16));

/// Whether every port of a span is allowed; entries come by number, and the first that covers a
/// port decides it.
fn judge<'a>(entries: &[&'a AclEntry], other: Ipv4Addr, ports: (u16, u16)) -> Result<(), Shut<'a>> {
    let mut open = vec![ports];
    for entry in entries.iter().filter(|entry| entry.cidr.contains(&other)) {
        let mut rest = Vec::new();
        for span in open {
            let both = (span.0.max(entry.from_port), span.1.min(entry.to_port));
            if both.1 < both.0 {
                rest.push(span);
            } else if entry.allow {
                rest.extend(without(span, both));
            } else {
                return Err((Some(entry), both));
            }
        }
        open = rest;
        if open.is_empty() {
            return Ok(());
        }
    }
    open.first().map_or(Ok(()), |span| Err((None, *span)))
}

/// A span of ports without a part of it.
fn without(span: (u16, u16), part: (u16, u16)) -> impl Iterator<Item = (u16, u16)> {
    let below = (span.0 < part.0).then(|| (span.0, part.0.saturating_sub(1)));
    let above = (part.1 < span.1).then(|| (part.1.saturating_add(1), span.1));
    below.into_iter().chain(above)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(number: u16, allow: bool, from_port: u16, to_port: u16) -> AclEntry {
        AclEntry {
            number,
            allow,
            cidr: "10.0.0.0/8".parse().expect("a range"),
            from_port,
            to_port,
        }
    }

    #[test]
    fn every_port_of_a_span_must_be_allowed() {
        let closed = |entries: &[AclEntry]| {
            let entries: Vec<_> = entries.iter().collect();
            let other = "10.1.1.1".parse().expect("an address");
            let judged = judge(&entries, other, EPHEMERAL);
            judged.map_err(|(entry, ports)| (entry.map(|entry| entry.number), ports))
        };
        let all = entry(9, true, 0, 65_535);
        assert_eq!(closed(std::slice::from_ref(&all)), Ok(()));
        assert_eq!(closed(&[]), Err((None, EPHEMERAL)));
        let halves = [entry(1, true, 0, 32_767), entry(2, true, 32_768, 65_535)];
        assert_eq!(closed(&halves), Ok(()));
        assert_eq!(closed(&halves[1..]), Err((None, (1_024, 32_767))));
        let hole = [entry(1, true, 0, 5_000), entry(2, true, 5_002, 65_535)];
        assert_eq!(closed(&hole), Err((None, (5_001, 5_001))));
        let denied = [entry(1, false, 6_000, 6_063), all.clone()];
        assert_eq!(closed(&denied), Err((Some(1), (6_000, 6_063))));
        let too_late = [all, entry(10, false, 6_000, 6_063)];
        assert_eq!(closed(&too_late), Ok(()));
        assert_eq!(
            closed(&[entry(1, false, 0, 1_023), entry(2, true, 1_024, 65_535)]),
            Ok(())
        );
    }
}
