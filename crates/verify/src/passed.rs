//! What an attempt passes on its way, sorted by kind: what checks ask that judge the way as a
//! whole and not where it ends.

use blueprint::ids::{BalancerId, EndpointId, GatewayId, PeeringId, TransitGatewayId};
use blueprint::network::{Route, RouteTarget};
use blueprint::verdict::Direction;

use crate::journey::{Journey, Step};

/// The objects on an attempt's way forward, each kind in order.
#[derive(Default)]
pub(crate) struct Passed<'a> {
    pub(crate) endpoints: Vec<&'a EndpointId>,
    /// Balancers, each with the port that was dialled.
    pub(crate) listeners: Vec<(&'a BalancerId, u16)>,
    pub(crate) gateways: Vec<&'a GatewayId>,
    pub(crate) peerings: Vec<&'a PeeringId>,
    pub(crate) transit_gateways: Vec<&'a TransitGatewayId>,
}

/// Sorts the steps of an attempt.
pub(crate) fn passed<'a>(journey: &Journey<'a>) -> Passed<'a> {
    let mut passed = Passed::default();
    for step in &journey.steps {
        match step {
            Step::EnteredService { endpoint, .. } | Step::EnteredResource { endpoint, .. } => {
                passed.endpoints.push(endpoint);
            }
            Step::Listened { balancer, port, .. } => passed.listeners.push((balancer, *port)),
            Step::Directed { gateway, .. } => passed.gateways.push(gateway),
            Step::Routed { route, .. }
            | Step::HandedOver {
                route,
                direction: Direction::Forward,
            } => passed.route(route),
            Step::HandedOver {
                direction: Direction::Return,
                ..
            }
            | Step::Transited(_)
            | Step::Named(_)
            | Step::Admitted(_)
            | Step::Crossed(_)
            | Step::PassedOver(_)
            | Step::PassedOverAcl(_)
            | Step::Chosen { .. }
            | Step::RoutedBack { .. } => {}
        }
    }
    passed
}

impl<'a> Passed<'a> {
    fn route(&mut self, route: &'a Route) {
        match &route.target {
            RouteTarget::Peering(peering) => self.peerings.push(peering),
            RouteTarget::TransitGateway(gateway) => self.transit_gateways.push(gateway),
            RouteTarget::Local | RouteTarget::Outside(_) => {}
        }
    }
}
