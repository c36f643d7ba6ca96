//! The last hop of a journey: where it ends, and why.

use blueprint::diagnostic::Hop;
use blueprint::ids::GatewayId;
use blueprint::network::EniOwner;
use blueprint::transit::TransitTarget;
use blueprint::verdict::Class;

use super::{denied, going, holder, hop, routed};
use crate::balancing;
use crate::journey::{
    Acceptance, Astray, Barred, Crossing, End, Journey, NoName, NoRoute, NoTarget, NoTransit,
    Router, Side, Undirected,
};
use crate::network::{Interface, Network, TransitEntry, TransitOrigin};
use crate::words;

/// Where a journey ends, as its last hop.
pub(super) fn ended(network: &Network<'_>, journey: &Journey<'_>) -> Hop {
    match &journey.end {
        End::Accepted(who) => accepted(network, journey, who),
        End::Refused { at, port } => refused(*at, *port),
        End::NoName { why, .. } => hop("name", nameless(&journey.to.host, why), "missing"),
        End::Denied(closed) => hop("security group", denied(closed), "denied"),
        End::Barred(closed) => hop("network ACL", barred(closed), "denied"),
        End::NoRoute(astray) => unrouted(astray),
        End::LeavesBlueprint {
            to, route, gateway, ..
        } => {
            let range = route.destination;
            hop(
                "route",
                format!("to {to}: {range} via {gateway}"),
                "outside",
            )
        }
        End::NoListener { node, port } => hop(
            "load balancer",
            format!("listener {port}, node {}", node.id),
            "missing",
        ),
        End::NotAdvertised {
            broker,
            listener,
            gateway,
            ..
        } => unadvertised(*broker, listener, *gateway),
        End::NotShared {
            configuration,
            port,
            ..
        } => {
            let detail = format!("{configuration} does not let {port} through");
            hop("endpoint", detail, "missing")
        }
        End::Undirected { gateway, why, .. } => {
            let detail = undirected(network, journey, gateway, *why);
            hop("gateway", detail, "refused")
        }
        End::NoTarget { at, why, .. } => untargeted(network, *at, why),
        End::Loop { at } => hop(
            "load balancer",
            format!("{} leads in circles", at.id),
            "loop",
        ),
        End::TransitLoop { at, direction } => {
            let detail = going(*direction, format!("{at} leads in circles"));
            hop("transit gateway", detail, "loop")
        }
        End::Unknown if journey.address.is_some() => {
            let detail = "more ways than are followed".to_owned();
            hop("load balancer", detail, "unknown")
        }
        End::Unknown => {
            let detail = format!("there is no interface {}", journey.from);
            hop("name", detail, "unknown")
        }
    }
}

fn unadvertised(broker: u32, listener: &str, gateway: Option<&GatewayId>) -> Hop {
    match gateway {
        Some(gateway) => {
            let detail = format!("{gateway} advertises no address for broker {broker}");
            hop("gateway", detail, "missing")
        }
        None => {
            let detail = format!("broker {broker} advertises no address for {listener}");
            hop("broker", detail, "missing")
        }
    }
}

/// Packets that a network ACL drops.
pub(super) fn barred(barred: &Barred<'_>) -> String {
    let Barred { crossing, entry } = barred;
    let Crossing { acl, other, .. } = crossing;
    let (from, to) = crossing.ports;
    let ports = words::port_span(from, to);
    let detail = match (entry, crossing.side) {
        (Some(entry), Side::Egress) => {
            format!("{acl} denies {ports} to {other}, entry {}", entry.number)
        }
        (Some(entry), Side::Ingress) => {
            format!("{acl} denies {ports} from {other}, entry {}", entry.number)
        }
        (None, Side::Egress) => format!("no entry of {acl} lets out {ports} to {other}"),
        (None, Side::Ingress) => format!("no entry of {acl} lets in {ports} from {other}"),
    };
    going(crossing.direction, detail)
}

fn undirected(
    network: &Network<'_>,
    journey: &Journey<'_>,
    gateway: &GatewayId,
    why: Undirected<'_>,
) -> String {
    let known = network.blueprint.gateways.get(gateway);
    let cluster = known.map_or_else(|| "its cluster".to_owned(), |g| g.cluster.to_string());
    match why {
        Undirected::Port(port) => format!("{gateway} does not listen on {port}"),
        Undirected::Name => {
            let host = words::host(&journey.to.host);
            format!("{gateway} does not know {host}")
        }
        Undirected::NoBroker(id) => format!("{gateway}: {cluster} has no broker {id}"),
        Undirected::NoListener { broker, listener } => {
            format!("{gateway}: broker {broker} of {cluster} has no {listener}")
        }
        Undirected::NoBrokers => format!("{gateway}: {cluster} has no brokers"),
    }
}

fn accepted(network: &Network<'_>, journey: &Journey<'_>, who: &Acceptance<'_>) -> Hop {
    let Acceptance {
        cluster,
        broker,
        port,
        ..
    } = who;
    let known = network.blueprint.clusters.get(cluster);
    let listeners = known
        .and_then(|cluster| cluster.brokers.get(broker))
        .map(|b| &b.listeners);
    let listener = listeners.and_then(|all| all.iter().find(|(_, bound)| bound.port == *port));
    let listener = listener.map_or_else(String::new, |(name, _)| format!(", {name} on {port}"));
    let right = journey.verdict.class == Class::Delivered;
    let outcome = if right { "ok" } else { "wrong" };
    hop(
        "broker",
        format!("broker {broker} of {cluster}{listener}"),
        outcome,
    )
}

fn refused(at: Interface<'_>, port: u16) -> Hop {
    let step = match at.eni.owner {
        EniOwner::Broker { .. } => "broker",
        EniOwner::BalancerNode(_)
        | EniOwner::Endpoint(_)
        | EniOwner::ResourceGateway(_)
        | EniOwner::Gateway(_)
        | EniOwner::Client(_)
        | EniOwner::Witness => "host",
    };
    hop(
        step,
        format!("nothing listens on {port} of {}", at.id),
        "refused",
    )
}

fn nameless(host: &str, why: &NoName<'_>) -> String {
    let host = words::host(host);
    match why {
        NoName::NotInZone(zone) => {
            format!(
                "{host}: zone {} has no such record",
                words::host(&zone.zone.name)
            )
        }
        NoName::EmptyRecord(zone) => {
            format!(
                "{host}: its record in {} is empty",
                words::host(&zone.zone.name)
            )
        }
        NoName::EmptyAlias { target, .. } => {
            format!("{host} → {}, which has no address", words::host(target))
        }
        NoName::NotPublic => format!("{host}: in no private zone and not public"),
        NoName::NoResolver => format!("{host}: the VPC's resolver is turned off"),
        NoName::Forwarded(rule) => format!(
            "{host}: rule {} forwards it to {}",
            rule.id,
            words::list(&rule.rule.servers)
        ),
    }
}

fn unrouted(astray: &Astray<'_>) -> Hop {
    let (detail, outcome) = where_to(astray);
    let step = match astray.at {
        Router::Vpc(_) => "route",
        Router::TransitGateway(_) => "transit gateway",
    };
    hop(step, going(astray.direction, detail), outcome)
}

fn where_to(astray: &Astray<'_>) -> (String, &'static str) {
    let Astray { from, to, .. } = astray;
    let at = name_of(astray.at);
    match astray.why {
        NoRoute::NoEntry => {
            let table = &from.subnet.route_table;
            (format!("table {table} has no route to {to}"), "missing")
        }
        NoRoute::Unheld(route) => (
            format!("{}, nobody in {at} holds {to}", routed(route)),
            "missing",
        ),
        NoRoute::NotASide(peering) => (
            format!("to {to} via peering {peering}, which {at} is no side of"),
            "missing",
        ),
        NoRoute::Overlapping(peering) => (
            format!("to {to} via peering {peering}, whose ranges overlap"),
            "refused",
        ),
        NoRoute::Another(other) => (format!("to {to}, which is {} in {at}", other.id), "astray"),
        NoRoute::Outside(gateway) => (format!("to {to} via {gateway}"), "outside"),
        NoRoute::Transit(why) => within_transit(astray, at, why),
    }
}

/// Why a transit gateway does not take a packet or hand it on.
fn within_transit(astray: &Astray<'_>, at: &str, why: NoTransit<'_>) -> (String, &'static str) {
    let Astray { from, to, .. } = astray;
    let detail = match why {
        NoTransit::NotAttached(gateway) => {
            format!("to {to} via transit gateway {gateway}, which {at} has no attachment to")
        }
        NoTransit::NoAttachmentInZone(id) => {
            format!("to {to}: attachment {id} has no subnet in {}", from.zone())
        }
        NoTransit::Unassociated(id) => {
            format!("{at}: attachment {id} is associated with no table")
        }
        NoTransit::PeeringUnassociated(id) => {
            format!("{at}: peering {id} is associated with no table")
        }
        NoTransit::NoEntry(table) => format!("{at}, table {table} has no route to {to}"),
        NoTransit::Blackhole { table, entry } => {
            let detail = format!("{at}, table {table}: {} is a blackhole", entry.range);
            return (detail, "denied");
        }
        NoTransit::NotOfGateway { table, entry } => {
            let target = named(entry);
            let range = entry.range;
            format!("{at}, table {table}: {range} to {target}, which is not its own")
        }
    };
    (detail, "missing")
}

/// The attachment or peering that an entry names.
fn named(entry: TransitEntry<'_>) -> String {
    match entry.origin {
        TransitOrigin::Propagated(id) | TransitOrigin::Static(TransitTarget::Attachment(id)) => {
            format!("attachment {id}")
        }
        TransitOrigin::Static(TransitTarget::Peering(id)) => format!("peering {id}"),
        TransitOrigin::Static(TransitTarget::Blackhole) => "a blackhole".to_owned(),
    }
}

fn name_of(at: Router<'_>) -> &str {
    match at {
        Router::Vpc(vpc) => vpc.as_str(),
        Router::TransitGateway(gateway) => gateway.as_str(),
    }
}

fn untargeted(network: &Network<'_>, at: Interface<'_>, why: &NoTarget<'_>) -> Hop {
    match why {
        NoTarget::NoNode { endpoint, zone } => {
            let service = balancing::service_of(network.blueprint, endpoint);
            let service = service.map_or("its service", |service| &service.name);
            hop(
                "endpoint",
                format!("{endpoint}: {service} has no node in {zone}"),
                "missing",
            )
        }
        NoTarget::OtherRegion { endpoint, region } => hop(
            "endpoint",
            format!("{endpoint} stands in {region}, which is not served"),
            "missing",
        ),
        NoTarget::NoResource { endpoint, zone } => hop(
            "endpoint",
            format!("{endpoint}: its resource has no gateway in {zone}"),
            "missing",
        ),
        NoTarget::NoneRegistered => {
            hop("target", "the target group is empty".to_owned(), "missing")
        }
        NoTarget::OtherZones { balancer, targets } => {
            let elsewhere = targets.iter().map(|target| {
                let who = holder(network, &balancer.vpc, target.address);
                format!("{}{who}", target.address)
            });
            let elsewhere = words::list(elsewhere);
            let detail = format!("{elsewhere} is not in {}; cross-zone is off", at.zone());
            hop("target", detail, "missing")
        }
    }
}
