//! A journey in words: one hop per step, the last one being where it ends (`ends`).

mod ends;

use std::net::Ipv4Addr;

use blueprint::diagnostic::{Hop, Trace};
use blueprint::ids::VpcId;
use blueprint::kafka::PromiseId;
use blueprint::network::{EniOwner, Route, RouteTarget};
use blueprint::verdict::Direction;

use crate::journey::{
    Admission, Answer, Closed, Crossing, End, Journey, Onward, Side, Step, Transit,
};
use crate::network::{Interface, Network, TransitOrigin};
use crate::promises::{self, AskedBy};
use crate::words;

/// Tells every attempt of a promise; empty if no client of the blueprint was promised it.
pub(crate) fn of_promise(network: &Network<'_>, promise: &PromiseId) -> Vec<Trace> {
    let clients = &network.blueprint.clients;
    let Some((id, client)) = clients.get_key_value(&promise.client) else {
        return Vec::new();
    };
    let walked = promises::walk_client(network, id, client, &mut AskedBy::new());
    let path = walked.iter().find(|path| path.promise == *promise);
    let journeys = path.map_or(&[][..], |path| &path.journeys);
    journeys
        .iter()
        .map(|journey| of(network, journey))
        .collect()
}

/// Tells a journey.
pub(crate) fn of(network: &Network<'_>, journey: &Journey<'_>) -> Trace {
    let mut hops: Vec<_> = journey
        .steps
        .iter()
        .map(|step| passed(network, journey, step))
        .collect();
    hops.push(ends::ended(network, journey));
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
        Step::Crossed(crossing) => hop("network ACL", crossed(crossing), "ok"),
        Step::PassedOverAcl(barred) => hop("network ACL", ends::barred(barred), "denied"),
        Step::HandedOver {
            route, direction, ..
        } => hop("route", going(*direction, routed(route)), "ok"),
        Step::Transited(transit) => hop("transit gateway", transited(transit), "ok"),
        Step::Routed { route, to } => hop("route", led(route, *to), "ok"),
        Step::RoutedBack { route, to } => {
            hop("route", going(Direction::Return, led(route, *to)), "ok")
        }
        Step::EnteredService {
            endpoint,
            service_name,
            node,
        } => hop(
            "endpoint",
            format!("{endpoint} → {service_name}, {}", node.zone()),
            "ok",
        ),
        Step::EnteredResource {
            endpoint,
            configuration,
            through,
        } => {
            let detail = format!("{endpoint} → {configuration}, through {}", through.id);
            hop("endpoint", detail, "ok")
        }
        Step::Directed {
            gateway,
            broker,
            listener,
            port,
            ..
        } => {
            let detail = format!("{gateway} dials broker {broker}, {listener} on {port}");
            hop("gateway", detail, "ok")
        }
        Step::Listened { node, port, .. } => hop(
            "load balancer",
            format!("listener {port}, node {}", node.id),
            "ok",
        ),
        Step::Chosen {
            target,
            vpc,
            preserved,
        } => {
            let (address, port) = (target.address, target.port);
            let who = holder(network, vpc, address);
            let seen = preserved.map_or_else(String::new, |source| format!(", sees {source}"));
            hop("target", format!("{address}:{port}{who}{seen}"), "ok")
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

fn crossed(crossing: &Crossing<'_>) -> String {
    let Crossing { acl, other, .. } = crossing;
    let (from, to) = crossing.ports;
    let ports = words::port_span(from, to);
    let detail = match crossing.side {
        Side::Egress => format!("{acl} lets out {ports} to {other}"),
        Side::Ingress => format!("{acl} lets in {ports} from {other}"),
    };
    going(crossing.direction, detail)
}

fn transited(transit: &Transit<'_>) -> String {
    let Transit {
        gateway,
        table,
        entry,
        onward,
        direction,
    } = transit;
    let range = entry.range;
    let learned = match entry.origin {
        TransitOrigin::Static(_) => "",
        TransitOrigin::Propagated(_) => ", propagated",
    };
    let to = match onward {
        Onward::Vpc(vpc) => format!("to {vpc}"),
        Onward::Gateway { gateway, .. } => format!("to {gateway}"),
    };
    let detail = format!("{gateway}, table {table}: {range} {to}{learned}");
    going(*direction, detail)
}

/// What a packet meets, marked on its way back.
fn going(direction: Direction, detail: String) -> String {
    match direction {
        Direction::Forward => detail,
        Direction::Return => format!("back: {detail}"),
    }
}

/// Where a route led; what a transit gateway handed over is local from there on.
fn led(route: &Route, to: Interface<'_>) -> String {
    match &route.target {
        RouteTarget::TransitGateway(_) => format!("in {}, to {}", to.vpc(), to.id),
        RouteTarget::Local | RouteTarget::Peering(_) | RouteTarget::Outside(_) => {
            format!("{}, to {}", routed(route), to.id)
        }
    }
}

fn routed(route: &Route) -> String {
    let range = route.destination;
    match &route.target {
        RouteTarget::Local => format!("{range} local"),
        RouteTarget::Peering(peering) => format!("{range} via peering {peering}"),
        RouteTarget::TransitGateway(gateway) => format!("{range} via transit gateway {gateway}"),
        RouteTarget::Outside(gateway) => format!("{range} via {gateway}"),
    }
}
