//! # missing-route
//!
//! A route table does not lead where a connection needs it to, on the way there or on the way
//! back.
//!
//! ## Why it is bad
//!
//! A peering moves nothing by itself. The table of every subnet that takes part needs a route
//! to the other VPC's range: the clients' tables towards the brokers, *and the tables of the
//! brokers' subnets towards the clients*, or the answer is lost and the client sees a time-out.
//! Of the routes that contain an address the narrowest takes it, right or wrong. A peering
//! carries traffic between its two sides only: what is meant for a third VPC, or for a peer's
//! gateway, ends there. And no route helps towards an address that no VPC on the other side
//! holds, such as one that `advertised` gives by mistake.
//!
//! ## Example
//!
//! ```yaml
//! vpcs:
//!   data:
//!     account: "111111111111"
//!     cidr: 10.1.0.0/16
//!     zones: [euc1-az1, euc1-az2]
//!     routes:
//!       - { to: 10.2.0.0/16, via: shop, zones: [euc1-az1] }     # and the brokers of az2?
//! ```
//!
//! ## Remedy
//!
//! Leave `routes` out and the plan routes each peered range in every table; or make the edit
//! that the finding names: add a route, delete, narrow or replace the one that takes the
//! traffic, or advertise an address that there is a way to.

use std::collections::BTreeSet;
use std::net::Ipv4Addr;

use blueprint::diagnostic::Diagnostic;
use blueprint::ids::{ClientId, ClusterId, RouteTableId, VpcId};
use blueprint::kafka::Goal;
use blueprint::key::SpecKey;
use blueprint::network::Route;
use blueprint::verdict::Direction;
use ipnet::Ipv4Net;

use crate::evidence::{self, Blocked, Evidence, Finding, by_cause, value};
use crate::journey::{Astray, End, NoRoute, Router};
use crate::network::Interface;
use crate::{promises, tables, untransited, words};

/// Why routing fails.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Cause {
    /// No route of `from` leads to `to`.
    Unrouted(Way),
    /// A route of `from` takes what is meant for `to`.
    Taken {
        way: Way,
        /// The route as a user would write it, and where.
        destination: Ipv4Net,
        via: String,
        at: SpecKey,
        /// The VPC it ends in, if it does not stop at `from`.
        through: Option<VpcId>,
        help: Help,
    },
    /// What was dialled is an address that `from` has no way to, whatever its routes.
    Astray {
        from: VpcId,
        cluster: ClusterId,
        /// The VPC the address lies in, if it is in any.
        lies_in: Option<VpcId>,
        source: Source,
    },
}

/// From one VPC to another that is peered with it.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Way {
    from: VpcId,
    to: VpcId,
    direction: Direction,
}

/// What helps against a route that takes too much.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Help {
    /// The right route exists and is wider.
    Narrow,
    /// The right route is missing and would be narrower.
    Add,
    /// The right route is missing and would not win.
    Replace,
}

/// What gave an address that nothing leads to.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Source {
    /// The cluster's template at this key.
    Advertised(SpecKey),
    /// The bootstrap servers that were said for a client.
    Bootstrap(ClientId, SpecKey),
    /// A record or a public name, near this key.
    Name(SpecKey),
}

/// A packet that did not arrive.
#[derive(Clone, Copy)]
struct Lost<'a> {
    from: Interface<'a>,
    to: Ipv4Addr,
    direction: Direction,
    /// Where it ended.
    at: &'a VpcId,
}

pub(super) fn run(evidence: &Evidence<'_, '_>) -> Vec<Finding> {
    let unrouted = evidence
        .blocked()
        .filter_map(|blocked| Some((cause(evidence, &blocked)?, blocked)));
    let causes = by_cause(unrouted);
    let routed = causes
        .iter()
        .map(|(cause, blocked)| finding(evidence, cause, blocked));
    routed.chain(untransited::findings(evidence)).collect()
}

/// What routing lost of an attempt; none if it ended otherwise.
fn lost<'a>(end: &End<'a>) -> Option<Lost<'a>> {
    match end {
        End::NoRoute(astray) => Some(Lost {
            from: astray.from,
            to: astray.to,
            direction: astray.direction,
            at: vpc_of(astray)?,
        }),
        End::LeavesBlueprint { from, to, .. } => Some(Lost {
            from: *from,
            to: *to,
            direction: Direction::Forward,
            at: from.vpc(),
        }),
        End::Accepted(_)
        | End::Refused { .. }
        | End::NoName { .. }
        | End::Denied(_)
        | End::Barred(_)
        | End::TransitLoop { .. }
        | End::NoListener { .. }
        | End::NotAdvertised { .. }
        | End::NotShared { .. }
        | End::Undirected { .. }
        | End::NoTarget { .. }
        | End::Loop { .. }
        | End::Unknown => None,
    }
}

/// The VPC whose routing a packet ended in, where its routes are what is wrong: neither a peering
/// that cannot exist nor a transit gateway.
fn vpc_of<'a>(astray: &Astray<'a>) -> Option<&'a VpcId> {
    let Router::Vpc(vpc) = astray.at else {
        return None;
    };
    match astray.why {
        NoRoute::Overlapping(_) | NoRoute::Transit(_) => None,
        NoRoute::NoEntry
        | NoRoute::Unheld(_)
        | NoRoute::NotASide(_)
        | NoRoute::Another(_)
        | NoRoute::Outside(_) => Some(vpc),
    }
}

/// What routing would lose of an attempt that a closed port keeps from it.
fn lost_beyond<'a>(evidence: &Evidence<'_, 'a>, blocked: &Blocked<'_, 'a>) -> Option<Lost<'a>> {
    let End::Denied(_) = blocked.journey.end else {
        return None;
    };
    let (_, open) = promises::walk_past(evidence.network, blocked.journey);
    open.iter().find_map(lost)
}

fn cause(evidence: &Evidence<'_, '_>, blocked: &Blocked<'_, '_>) -> Option<Cause> {
    let closed = lost_beyond(evidence, blocked);
    let lost = closed.or_else(|| lost(&blocked.journey.end))?;
    let blueprint = evidence.blueprint();
    let from = lost.from.vpc();
    let to = match lost.direction {
        Direction::Forward => &blocked.path.cluster.vpc,
        Direction::Return => &blocked.path.client.vpc,
    };
    let is_peered = evidence.peering(from, to).is_some();
    if !is_peered && evidence::attached(blueprint, from, to) {
        return None;
    }
    if lost.direction == Direction::Forward {
        if tables::range_of(blueprint, from, lost.to).is_some() {
            return None;
        }
        let is_there = tables::range_of(blueprint, to, lost.to).is_some();
        if !is_there || !is_peered {
            return Some(astray(evidence, blocked, lost));
        }
    }
    // A closed port is told before a route that can be mended.
    if lost.at == to || closed.is_some() {
        return None;
    }
    let way = Way {
        from: from.clone(),
        to: to.clone(),
        direction: lost.direction,
    };
    Some(match tables::taker(evidence.network, lost.from, lost.to) {
        Some(route) => taken(evidence, way, lost, route),
        None => Cause::Unrouted(way),
    })
}

fn taken(evidence: &Evidence<'_, '_>, way: Way, lost: Lost<'_>, route: &Route) -> Cause {
    let blueprint = evidence.blueprint();
    let right = tables::range_of(blueprint, &way.to, lost.to);
    let is_wider = right.is_some_and(|right| route.destination.prefix_len() < right.prefix_len());
    let help = if tables::leads_to(blueprint, lost.from, lost.to, &way.to) {
        Help::Narrow
    } else if is_wider {
        Help::Add
    } else {
        Help::Replace
    };
    Cause::Taken {
        destination: route.destination,
        via: tables::via(blueprint, &way.from, route),
        at: evidence.route_key(&way.from, route),
        through: (*lost.at != way.from).then(|| lost.at.clone()),
        help,
        way,
    }
}

fn astray(evidence: &Evidence<'_, '_>, blocked: &Blocked<'_, '_>, lost: Lost<'_>) -> Cause {
    let blueprint = evidence.blueprint();
    let there = &blocked.path.cluster.vpc;
    let mut vpcs = std::iter::once(there).chain(blueprint.vpcs.keys());
    let lies_in = vpcs.find(|vpc| tables::range_of(blueprint, vpc, lost.to).is_some());
    Cause::Astray {
        from: lost.from.vpc().clone(),
        cluster: blocked.path.promise.cluster.clone(),
        lies_in: lies_in.cloned(),
        source: source(evidence, blocked),
    }
}

fn source(evidence: &Evidence<'_, '_>, blocked: &Blocked<'_, '_>) -> Source {
    let promise = &blocked.path.promise;
    let client = evidence.origin(&promise.client);
    let bootstrap = client.key("bootstrap");
    if promise.goal == Goal::Bootstrap && evidence.is_said(&bootstrap) {
        return Source::Bootstrap(promise.client.clone(), bootstrap);
    }
    if let Some(template) = evidence.said_template(blocked.path) {
        return Source::Advertised(template);
    }
    let connection = evidence.connection(&blocked.path.client.vpc, &promise.cluster);
    let near = connection.unwrap_or_else(|| client.key("cluster"));
    Source::Name(evidence.said_zone_name(&near).unwrap_or(near))
}

fn finding(evidence: &Evidence<'_, '_>, cause: &Cause, blocked: &[Blocked<'_, '_>]) -> Finding {
    let (diagnostic, way) = match cause {
        Cause::Unrouted(way) => (unrouted(evidence, way, blocked), way),
        Cause::Taken {
            way,
            destination,
            via,
            at,
            through,
            help,
        } => {
            let title = taken_title(evidence, way, via, through.as_ref());
            let route = format!("`{destination} via {via}`");
            let label = format!("the route {route} takes it in {}", in_tables(blocked));
            let diagnostic = Diagnostic::error("missing-route", title, value(at.clone()))
                .label(label)
                .note(note(way, through.is_some(), help))
                .help(remedy(evidence, way, help, blocked));
            (diagnostic, way)
        }
        Cause::Astray {
            from,
            cluster,
            lies_in,
            source,
        } => {
            let lies_in = lies_in.as_ref();
            let diagnostic = led_astray(evidence, (from, cluster), lies_in, source, blocked);
            return evidence.finding(diagnostic, blocked);
        }
    };
    let diagnostic = match evidence.peering(&way.from, &way.to) {
        Some(connection) => diagnostic.related(
            value(connection.key("via")),
            "the peering that should carry it",
        ),
        None => diagnostic,
    };
    evidence.finding(diagnostic, blocked)
}

fn unrouted(evidence: &Evidence<'_, '_>, way: &Way, blocked: &[Blocked<'_, '_>]) -> Diagnostic {
    let Way { from, to, .. } = way;
    let title = match way.direction {
        Direction::Forward => format!("no route of `{from}` leads to `{to}`"),
        Direction::Return => format!("no route of `{from}` leads back to `{to}`"),
    };
    let at = value(evidence.origin(from).key("routes"));
    Diagnostic::error("missing-route", title, at)
        .label(format!("in {}", in_tables(blocked)))
        .note(note(way, false, &Help::Add))
        .help(remedy(evidence, way, &Help::Add, blocked))
}

fn taken_title(
    evidence: &Evidence<'_, '_>,
    way: &Way,
    via: &str,
    through: Option<&VpcId>,
) -> String {
    let Way { from, to, .. } = way;
    match (through, way.direction) {
        (Some(through), _) if evidence.peering(through, to).is_some() => {
            format!("`{through}` does not pass on what `{from}` sends to `{to}`")
        }
        (_, Direction::Forward) => {
            format!("`{from}` routes what is meant for `{to}` to `{via}`")
        }
        (_, Direction::Return) => format!("`{from}` routes its answers to `{to}` to `{via}`"),
    }
}

fn note(way: &Way, is_transit: bool, help: &Help) -> &'static str {
    match way.direction {
        Direction::Return => {
            "connections arrive, but no answer comes back: the client sees a time-out"
        }
        Direction::Forward if is_transit => "a peering carries traffic between its two sides only",
        Direction::Forward if *help == Help::Narrow => {
            "of the routes that contain an address the narrowest takes it"
        }
        Direction::Forward => {
            "a peering moves nothing by itself: the table of each subnet needs the route"
        }
    }
}

fn remedy(
    evidence: &Evidence<'_, '_>,
    way: &Way,
    help: &Help,
    blocked: &[Blocked<'_, '_>],
) -> String {
    let Way { from, to, .. } = way;
    let blueprint = evidence.blueprint();
    let route = |range: &Ipv4Net| format!("{{ to: {range}, via: {to} }}");
    let addresses = addresses(blocked);
    match help {
        Help::Narrow => format!(
            "delete it, or narrow it to a range without {}",
            words::list(addresses)
        ),
        Help::Replace => {
            let ranges = addresses
                .iter()
                .filter_map(|address| tables::range_of(blueprint, to, *address));
            let ranges: BTreeSet<_> = ranges.collect();
            let direct = words::code_list(ranges.iter().map(route));
            format!("replace it with {direct}, which leads there directly")
        }
        Help::Add => {
            let vpc = blueprint.vpcs.get(to);
            let ranges = vpc.map_or(&[][..], |vpc| &vpc.cidrs).iter();
            let added = format!(
                "add {} to the `routes` of `{from}`",
                words::code_list(ranges.map(route))
            );
            if evidence.is_said(&evidence.origin(from).key("routes")) {
                format!("{added}, or leave `routes` out")
            } else {
                added
            }
        }
    }
}

/// What a finding says of an address that nothing leads to.
fn led_astray(
    evidence: &Evidence<'_, '_>,
    (from, cluster): (&VpcId, &ClusterId),
    lies_in: Option<&VpcId>,
    source: &Source,
    blocked: &[Blocked<'_, '_>],
) -> Diagnostic {
    let addresses: BTreeSet<_> = blocked.iter().filter_map(|b| b.journey.address).collect();
    let addresses = words::list(addresses);
    let origin = match source {
        Source::Advertised(_) => format!("which `{cluster}` advertises"),
        Source::Bootstrap(client, _) => format!("which `{client}` bootstraps from"),
        Source::Name(_) => {
            let hosts = blocked.iter().map(|b| words::host(&b.journey.to.host));
            let hosts: BTreeSet<_> = hosts.collect();
            format!("the answer for {}", words::code_list(hosts))
        }
    };
    let (title, label) = match lies_in {
        Some(vpc) => (
            format!("`{from}` has no way to {addresses} in `{vpc}`, {origin}"),
            format!("`{from}` and `{vpc}` are not peered"),
        ),
        None => (
            format!("no VPC holds {addresses}, {origin}"),
            "in no range of any VPC".to_owned(),
        ),
    };
    let (Source::Advertised(key) | Source::Bootstrap(_, key) | Source::Name(key)) = source;
    Diagnostic::error("missing-route", title, value(key.clone()))
        .label(label)
        .note("a route helps only towards a VPC that is peered and holds the address")
        .help(astray_remedy(evidence, cluster, source))
}

fn astray_remedy(evidence: &Evidence<'_, '_>, cluster: &ClusterId, source: &Source) -> String {
    match source {
        Source::Advertised(_) => format!(
            "advertise names that each client's VPC answers, such as {}, or leave `advertised` out",
            evidence.own_names(cluster)
        ),
        Source::Bootstrap(..) => {
            "leave `bootstrap` out: the plan gives the client servers that it can reach".to_owned()
        }
        Source::Name(key) if evidence::is_key(key, "zone_name") => {
            "leave `zone_name` out: the plan answers each name with an address of this connection"
                .to_owned()
        }
        Source::Name(_) => {
            "answer the name with an address that the client's VPC holds or is peered with"
                .to_owned()
        }
    }
}

fn addresses(blocked: &[Blocked<'_, '_>]) -> BTreeSet<Ipv4Addr> {
    let lost = blocked.iter().filter_map(|b| lost(&b.journey.end));
    lost.map(|lost| lost.to).collect()
}

/// The route tables that failed.
fn in_tables(blocked: &[Blocked<'_, '_>]) -> String {
    let lost = blocked.iter().filter_map(|b| lost(&b.journey.end));
    let tables: BTreeSet<RouteTableId> = lost
        .map(|lost| lost.from.subnet.route_table.clone())
        .collect();
    format!(
        "{} {}",
        words::plural(tables.len(), "table", "tables"),
        words::code_list(tables)
    )
}
