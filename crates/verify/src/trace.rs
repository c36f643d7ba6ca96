//! A journey in words: one hop per step, the last one being where it ends.

use std::net::Ipv4Addr;

use blueprint::diagnostic::{Hop, Trace};
use blueprint::ids::VpcId;
use blueprint::network::{EniOwner, Route, RouteTarget};
use blueprint::verdict::{Class, Direction};

use crate::balancing;
use crate::journey::{
    Acceptance, Admission, Answer, Astray, Closed, End, Journey, NoName, NoRoute, NoTarget, Side,
    Step,
};
use crate::network::{Interface, Network};
use crate::words;

/// Tells a journey.
pub(crate) fn of(network: &Network<'_>, journey: &Journey<'_>) -> Trace {
    let mut hops: Vec<_> = journey
        .steps
        .iter()
        .map(|step| passed(network, journey, step))
        .collect();
    hops.push(ended(network, journey));
    Trace {
        title: format!("{} → {}", journey.from, goal(journey)),
        hops,
        verdict: verdict(journey),
    }
}

fn goal(journey: &Journey<'_>) -> String {
    if let End::NotAdvertised {
        cluster, broker, ..
    } = &journey.end
    {
        format!("broker {broker} of {cluster}")
    } else {
        format!("{}:{}", words::host(&journey.to.host), journey.to.port)
    }
}

fn verdict(journey: &Journey<'_>) -> String {
    let verdict = &journey.verdict;
    let mut text = verdict.class.to_string();
    if let Some(place) = &verdict.place {
        text.push_str(&format!(" at {place}"));
    }
    if verdict.direction == Direction::Return {
        text.push_str(", on the way back");
    }
    text
}

fn hop(step: &'static str, detail: String, outcome: &'static str) -> Hop {
    Hop {
        step,
        detail,
        outcome,
    }
}

fn passed(network: &Network<'_>, journey: &Journey<'_>, step: &Step<'_>) -> Hop {
    match step {
        Step::Named(answer) => hop("name", named(network, journey, *answer), "ok"),
        Step::Admitted(admission) => hop("security group", admitted(admission), "ok"),
        Step::PassedOver(closed) => hop("security group", denied(closed), "denied"),
        Step::Routed { route, to } => {
            hop("route", format!("{}, to {}", routed(route), to.id), "ok")
        }
        Step::RoutedBack { route, to } => hop(
            "route",
            format!("back: {}, to {}", routed(route), to.id),
            "ok",
        ),
        Step::EnteredService {
            endpoint,
            service_name,
            node,
        } => hop(
            "endpoint",
            format!("{endpoint} → {service_name}, {}", node.zone()),
            "ok",
        ),
        Step::Listened { node, port, .. } => hop(
            "load balancer",
            format!("listener {port}, node {}", node.id),
            "ok",
        ),
        Step::Chosen { target, vpc } => {
            let (address, port) = (target.address, target.port);
            let who = holder(network, vpc, address);
            hop("target", format!("{address}:{port}{who}"), "ok")
        }
    }
}

fn named(network: &Network<'_>, journey: &Journey<'_>, answer: Answer<'_>) -> String {
    let Some(address) = journey.address else {
        return words::host(&journey.to.host);
    };
    let who = dialled(network, journey).map_or_else(String::new, who);
    let host = words::host(&journey.to.host);
    match answer {
        Answer::Literal => format!("{address}{who}"),
        Answer::Service => format!("{host} → {address}{who}, from the service"),
        Answer::Private(zone) if zone.zone.name != journey.to.host => {
            format!(
                "{host} → {address}{who}, zone {}",
                words::host(&zone.zone.name)
            )
        }
        Answer::Public | Answer::Private(_) => format!("{host} → {address}{who}"),
    }
}

/// The interface that was dialled, as far as the attempt got to know it.
fn dialled<'a>(network: &Network<'a>, journey: &Journey<'a>) -> Option<Interface<'a>> {
    journey.routed_to().or_else(|| {
        let from = network.interface(journey.from)?;
        network.holder(from.vpc(), journey.address?)
    })
}

/// What an interface is, in brackets: ` (endpoint, euc1-az1)`.
fn who(interface: Interface<'_>) -> String {
    let what = match &interface.eni.owner {
        EniOwner::Broker { id, .. } => format!("broker {id}"),
        EniOwner::BalancerNode(_) => "load balancer".to_owned(),
        EniOwner::Endpoint(_) => "endpoint".to_owned(),
        EniOwner::Client(client) => format!("client {client}"),
        EniOwner::ResourceGateway(_) => "resource gateway".to_owned(),
        EniOwner::Gateway(_) => "gateway".to_owned(),
        EniOwner::Witness => "stranger".to_owned(),
    };
    format!(" ({what}, {})", interface.zone())
}

fn holder(network: &Network<'_>, vpc: &VpcId, address: Ipv4Addr) -> String {
    network.holder(vpc, address).map_or_else(String::new, who)
}

fn admitted(admission: &Admission<'_>) -> String {
    let Some((group, rule)) = admission.by else {
        return format!("none filters {}", admission.at.id);
    };
    let ports = words::port_span(rule.from_port, rule.to_port);
    let peer = words::peer(&rule.peer);
    match admission.side {
        Side::Egress => format!("{group} lets out {ports} to {peer}"),
        Side::Ingress => format!("{group} admits {peer} on {ports}"),
    }
}

fn denied(closed: &Closed<'_>) -> String {
    let groups = words::list(&closed.at.eni.security_groups);
    let Closed { other, port, .. } = closed;
    match closed.side {
        Side::Egress => format!("no rule of {groups} lets out {port} to {other}"),
        Side::Ingress => format!("no rule of {groups} admits {other} on {port}"),
    }
}

fn routed(route: &Route) -> String {
    let range = route.destination;
    match &route.target {
        RouteTarget::Local => format!("{range} local"),
        RouteTarget::Peering(peering) => format!("{range} via peering {peering}"),
        RouteTarget::TransitGateway(gateway) => format!("{range} via {gateway}"),
        RouteTarget::Outside(gateway) => format!("{range} via {gateway}"),
    }
}

fn ended(network: &Network<'_>, journey: &Journey<'_>) -> Hop {
    match &journey.end {
        End::Accepted(who) => accepted(network, journey, who),
        End::Refused { at, port } => refused(*at, *port),
        End::NoName { why, .. } => hop("name", nameless(&journey.to.host, why), "missing"),
        End::Denied(closed) => hop("security group", denied(closed), "denied"),
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
            broker, listener, ..
        } => {
            let detail = format!("broker {broker} advertises no address for {listener}");
            hop("broker", detail, "missing")
        }
        End::NoTarget { at, why, .. } => untargeted(network, *at, why),
        End::Loop { at } => hop(
            "load balancer",
            format!("{} leads in circles", at.id),
            "loop",
        ),
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
    }
}

fn unrouted(astray: &Astray<'_>) -> Hop {
    let (detail, outcome) = where_to(astray);
    let detail = match astray.direction {
        Direction::Forward => detail,
        Direction::Return => format!("back: {detail}"),
    };
    hop("route", detail, outcome)
}

fn where_to(astray: &Astray<'_>) -> (String, &'static str) {
    let Astray { from, to, at, .. } = astray;
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
