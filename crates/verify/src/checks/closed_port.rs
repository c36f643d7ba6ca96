//! # closed-port
//!
//! A security group has no rule for a connection that a promise needs.
//!
//! ## Why it is bad
//!
//! What no rule of an interface's groups allows is dropped in silence: the client sees a
//! time-out, and every console is green. The usual mistake is to admit the *client* at the
//! brokers. Behind a balancer the brokers never see the client: connections come from the
//! balancer's nodes, so it is the nodes that the brokers' group must admit, on the port the
//! brokers bind and not on the port the client dials. Groups are stateful, so answers need no
//! rule.
//!
//! ## Example
//!
//! ```yaml
//! connections:
//!   - from: shop
//!     to: orders
//!     via: privatelink
//!     admit: { brokers: [10.2.0.0/16] }      # the clients' range, not the balancer's
//! ```
//!
//! ## Remedy
//!
//! Add the rule that the finding names (group, direction, port, peer), or leave `admit` and
//! `egress` out: the plan writes the rules that the promises need and no others. All closed
//! ports of a path are reported together, each as a finding of its own.

use std::collections::{BTreeMap, BTreeSet};
use std::net::Ipv4Addr;

use blueprint::diagnostic::Diagnostic;
use blueprint::ids::{EniId, SecurityGroupId};
use blueprint::key::SpecKey;
use blueprint::network::EniOwner;

use crate::barred;
use crate::evidence::{Blocked, Evidence, Finding, by_cause, value};
use crate::journey::{Closed, End, Journey, Side, Step};
use crate::network::Interface;
use crate::promises;
use crate::trace;
use crate::words;

/// The groups that lack a rule, for which direction, and the key a user would edit.
type Cause = (Vec<SecurityGroupId>, Side, SpecKey);

/// A closed port on the way of a blocked attempt.
struct Stop<'n, 'a> {
    blocked: Blocked<'n, 'a>,
    closed: Closed<'a>,
    /// The interface on the other side, where it is known.
    peer: Option<Interface<'a>>,
    /// The attempt up to this port, past those closed before it.
    journey: Journey<'a>,
}

/// Ports whose opening would lead to a refusal are left alone: it is the port that is wrong.
pub(super) fn run(evidence: &Evidence<'_, '_>) -> Vec<Finding> {
    let mut causes = BTreeMap::<Cause, Vec<Stop<'_, '_>>>::new();
    for blocked in evidence.blocked() {
        if !matches!(blocked.journey.end, End::Denied(_)) {
            continue;
        }
        let (closed, open) = promises::walk_past(evidence.network, blocked.journey);
        if open.iter().all(|end| matches!(end, End::Refused { .. })) {
            continue;
        }
        for journey in closed {
            if let End::Denied(closed) = journey.end {
                let stop = stop(evidence, blocked, closed, journey);
                causes.entry(cause(evidence, &stop)).or_default().push(stop);
            }
        }
    }
    let closed = causes
        .iter()
        .map(|(cause, stops)| finding(evidence, cause, stops));
    closed.chain(barred::findings(evidence)).collect()
}

fn stop<'n, 'a>(
    evidence: &Evidence<'n, 'a>,
    blocked: Blocked<'n, 'a>,
    closed: Closed<'a>,
    journey: Journey<'a>,
) -> Stop<'n, 'a> {
    let peer = match closed.side {
        Side::Egress => evidence.holder_near(closed.at.vpc(), closed.other),
        Side::Ingress => dialler(evidence, &journey),
    };
    Stop {
        blocked,
        closed,
        peer,
        journey,
    }
}

/// The interface that dialled the last leg: the last balancer's node or gateway, else where the
/// attempt started.
fn dialler<'a>(evidence: &Evidence<'_, 'a>, journey: &Journey<'a>) -> Option<Interface<'a>> {
    let mut nodes = journey.steps.iter().filter_map(|step| match step {
        Step::Listened { node, .. } => Some(*node),
        Step::EnteredResource { through, .. } => Some(*through),
        Step::Directed { at, .. } => Some(*at),
        Step::Named(_)
        | Step::Admitted(_)
        | Step::Crossed(_)
        | Step::HandedOver { .. }
        | Step::Transited(_)
        | Step::Routed { .. }
        | Step::PassedOver(_)
        | Step::PassedOverAcl(_)
        | Step::EnteredService { .. }
        | Step::Chosen { .. }
        | Step::RoutedBack { .. } => None,
    });
    nodes
        .next_back()
        .or_else(|| evidence.network.interface(journey.from))
}

fn cause(evidence: &Evidence<'_, '_>, stop: &Stop<'_, '_>) -> Cause {
    let Closed { side, at, .. } = stop.closed;
    (at.eni.security_groups.clone(), side, key(evidence, stop))
}

/// What a user would edit to open the port.
fn key(evidence: &Evidence<'_, '_>, stop: &Stop<'_, '_>) -> SpecKey {
    match &stop.closed.at.eni.owner {
        EniOwner::Client(client) => evidence.origin(client).key("egress"),
        EniOwner::Endpoint(endpoint) => evidence.origin(endpoint).key("admit").key("endpoint"),
        EniOwner::BalancerNode(balancer) => evidence.origin(balancer).key("admit").key("balancer"),
        EniOwner::Broker { cluster, .. } => match evidence.means(&stop.journey) {
            Some(connection) => connection.key("admit").key("brokers"),
            None => evidence.origin(cluster).key("admit"),
        },
        EniOwner::ResourceGateway(gateway) => evidence.origin(gateway),
        EniOwner::Gateway(gateway) => evidence.origin(gateway),
        EniOwner::Witness => SpecKey::root(),
    }
}

fn finding(evidence: &Evidence<'_, '_>, cause: &Cause, stops: &[Stop<'_, '_>]) -> Finding {
    let (groups, side, key) = cause;
    let ports = words::ports(&stops.iter().map(|stop| stop.closed.port).collect());
    let peers = words::code_list(peers(stops));
    let group = words::code_list(groups);
    let (rule, towards) = match side {
        Side::Egress => ("egress", "to"),
        Side::Ingress => ("ingress", "from"),
    };
    let title = format!("no {rule} rule of {group} covers {ports} {towards} {peers}");
    let mut diagnostic = Diagnostic::error("closed-port", title, value(key.clone()))
        .label(format!("does not cover {}", words::list(addresses(stops))))
        .note(format!(
            "missing rule: {group}, {rule}, TCP {ports}, {towards} {peers} ({})",
            words::list(addresses(stops))
        ))
        .help(remedy(evidence, key, stops));
    if sees_nodes(*side, stops) {
        diagnostic = diagnostic
            .note("behind a balancer, brokers see its nodes' addresses and never the client's");
    }
    if let Some(first) = stops.iter().find(|stop| is_first(stop)).or(stops.first()) {
        diagnostic = diagnostic.trace(trace::of(evidence.network, &first.journey));
    }
    let blocked = by_cause(stops.iter().map(|stop| (stop.blocked.spot, stop.blocked)));
    let blocked: Vec<_> = blocked
        .values()
        .filter_map(|same| same.first().copied())
        .collect();
    evidence.finding(diagnostic, &blocked)
}

/// Whether this port is where the attempt's own verdict lies.
fn is_first(stop: &Stop<'_, '_>) -> bool {
    !stop
        .journey
        .steps
        .iter()
        .any(|step| matches!(step, Step::PassedOver(_)))
}

fn sees_nodes(side: Side, stops: &[Stop<'_, '_>]) -> bool {
    let from_node = |stop: &Stop<'_, '_>| {
        stop.peer
            .is_some_and(|peer| matches!(peer.eni.owner, EniOwner::BalancerNode(_)))
    };
    side == Side::Ingress && stops.iter().any(from_node)
}

/// The other sides by their security group, else by their interface, else by address.
fn peers(stops: &[Stop<'_, '_>]) -> BTreeSet<String> {
    let names = stops.iter().map(|stop| match stop.peer {
        Some(peer) => group_or_id(&peer.eni.security_groups, peer.id),
        None => stop.closed.other.to_string(),
    });
    names.collect()
}

fn group_or_id(groups: &[SecurityGroupId], id: &EniId) -> String {
    groups
        .first()
        .map_or_else(|| id.to_string(), ToString::to_string)
}

fn addresses(stops: &[Stop<'_, '_>]) -> BTreeSet<Ipv4Addr> {
    stops.iter().map(|stop| stop.closed.other).collect()
}

/// The ranges that would open the port: the subnets of the other sides.
fn remedy(evidence: &Evidence<'_, '_>, key: &SpecKey, stops: &[Stop<'_, '_>]) -> String {
    let ranges = stops.iter().map(|stop| match stop.peer {
        Some(peer) => peer.subnet.cidr.to_string(),
        None => format!("{}/32", stop.closed.other),
    });
    let ranges: BTreeSet<_> = ranges.collect();
    let ranges = words::code_list(ranges);
    let added = format!("add {ranges} to `{key}`");
    let adds_only = key
        .parts()
        .starts_with(SpecKey::root().key("clusters").parts());
    if evidence.is_said(key) && !adds_only {
        format!("{added}, or leave that out and let the plan choose")
    } else {
        added
    }
}
