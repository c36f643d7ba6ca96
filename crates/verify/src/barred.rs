//! Findings about network ACLs: what they drop of connections and of their answers. They are part
//! of `closed-port`, whose other half judges security groups.

use std::collections::BTreeSet;
use std::net::Ipv4Addr;

use blueprint::diagnostic::Diagnostic;
use blueprint::ids::NetworkAclId;
use blueprint::verdict::Direction;

use crate::evidence::{Blocked, Evidence, Finding, by_cause, value};
use crate::journey::{Barred, End, Side};
use crate::words;

/// An ACL, which of its lists, the direction of what it drops, and the ports.
type Cause = (NetworkAclId, Side, Direction, (u16, u16));

/// One finding for each ACL, direction and range of ports that stops an attempt.
pub(crate) fn findings(evidence: &Evidence<'_, '_>) -> Vec<Finding> {
    let barred = evidence.blocked().filter_map(|blocked| {
        let barred = barred(&blocked)?;
        let crossing = barred.crossing;
        let cause: Cause = (
            crossing.acl.clone(),
            crossing.side,
            crossing.direction,
            crossing.ports,
        );
        Some((cause, blocked))
    });
    let causes = by_cause(barred);
    causes
        .iter()
        .map(|(cause, blocked)| finding(evidence, cause, blocked))
        .collect()
}

fn barred<'a>(blocked: &Blocked<'_, 'a>) -> Option<Barred<'a>> {
    if let End::Barred(barred) = blocked.journey.end {
        Some(barred)
    } else {
        None
    }
}

fn finding(evidence: &Evidence<'_, '_>, cause: &Cause, blocked: &[Blocked<'_, '_>]) -> Finding {
    let (acl, side, direction, (from, to)) = cause;
    let ports = words::port_span(*from, *to);
    let (list, verb, towards) = match side {
        Side::Egress => ("egress", "out", "to"),
        Side::Ingress => ("ingress", "in", "from"),
    };
    let what = match direction {
        Direction::Forward => "connections",
        Direction::Return => "answers",
    };
    let others = words::list(others(blocked));
    let title = format!("network ACL `{acl}` lets no {what} {verb} on {ports}");
    let key = evidence.origin(acl).key(list);
    let denied = blocked.iter().find_map(|blocked| barred(blocked)?.entry);
    let label = match denied {
        Some(entry) => format!("entry {} denies what goes {towards} {others}", entry.number),
        None => format!("no entry allows what goes {towards} {others}"),
    };
    let ranges = words::code_list(ranges(evidence, blocked));
    let mut diagnostic = Diagnostic::error("closed-port", title, value(key.clone()))
        .label(label)
        .help(format!(
            "allow {ports} {towards} {ranges} in `{key}`, before any entry that denies it"
        ));
    if *direction == Direction::Return {
        diagnostic = diagnostic.note(
            "network ACLs do not remember connections: answers go to the caller's port, any of 1024 to 65535",
        );
    }
    evidence.finding(diagnostic, blocked)
}

fn others(blocked: &[Blocked<'_, '_>]) -> BTreeSet<Ipv4Addr> {
    let others = blocked
        .iter()
        .filter_map(|blocked| Some(barred(blocked)?.crossing.other));
    others.collect()
}

/// The subnets that the other sides lie in, else their addresses.
fn ranges(evidence: &Evidence<'_, '_>, blocked: &[Blocked<'_, '_>]) -> BTreeSet<String> {
    let ranges = blocked.iter().filter_map(|blocked| {
        let crossing = barred(blocked)?.crossing;
        let holder = evidence.holder_near(crossing.at.vpc(), crossing.other);
        Some(match holder {
            Some(holder) => holder.subnet.cidr.to_string(),
            None => format!("{}/32", crossing.other),
        })
    });
    ranges.collect()
}
