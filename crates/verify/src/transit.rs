//! Rule 2c', transit gateways: where they hand a packet, table by table and gateway by gateway.

use std::net::Ipv4Addr;

use blueprint::ids::{
    TransitAttachmentId, TransitGatewayId, TransitPeeringId, TransitTableId, VpcId,
};
use blueprint::network::Route;
use blueprint::transit::TransitTarget;
use blueprint::verdict::Direction;

use crate::journey::{NoRoute, NoTransit, Onward, Router, Step, Transit};
use crate::network::{Interface, Network, TransitOrigin};
use crate::routing::Stop;

/// Transit gateways of one path. AWS peers each pair directly and propagates nothing across, so
/// a real path passes two; static routes that lead in circles have no end.
const MAX_GATEWAYS: usize = 8;

/// A packet that was handed to a transit gateway.
#[derive(Clone, Copy)]
pub(crate) struct Handed<'a> {
    /// The interface it comes from.
    pub(crate) from: Interface<'a>,
    /// The route that led here.
    pub(crate) route: &'a Route,
    /// The gateway that the route names.
    pub(crate) gateway: &'a TransitGatewayId,
    pub(crate) to: Ipv4Addr,
    pub(crate) direction: Direction,
}

/// Where in the gateways a packet is: the gateway and the table that routes it there.
type Stand<'a> = (&'a TransitGatewayId, &'a TransitTableId);

/// Follows a packet from gateway to gateway to the VPC that it is handed to.
pub(crate) fn cross<'a>(
    network: &Network<'a>,
    packet: Handed<'a>,
    passed: &mut Vec<Step<'a>>,
) -> Result<&'a VpcId, Stop<'a>> {
    let Handed {
        route,
        gateway,
        direction,
        ..
    } = packet;
    let mut table = board(network, packet)?;
    let mut at = gateway;
    passed.push(Step::HandedOver { route, direction });
    for _ in 0..MAX_GATEWAYS {
        let transit = send_on(network, packet, (at, table))?;
        passed.push(Step::Transited(transit));
        match transit.onward {
            Onward::Vpc(vpc) => return Ok(vpc),
            Onward::Gateway { peering, gateway } => {
                table = received_by(network, peering, gateway)?;
                at = gateway;
            }
        }
    }
    Err(Stop::Circling { at })
}

/// The table that routes what a VPC sends to a gateway.
fn board<'a>(network: &Network<'a>, packet: Handed<'a>) -> Result<&'a TransitTableId, Stop<'a>> {
    let Handed { from, gateway, .. } = packet;
    let unsent = |why| Stop::Nowhere {
        at: Router::Vpc(from.vpc()),
        why: NoRoute::Transit(why),
    };
    let (id, attachment) = network
        .attachment(from.vpc(), gateway)
        .ok_or(unsent(NoTransit::NotAttached(gateway)))?;
    if !attachment.subnets.contains_key(from.zone()) {
        return Err(unsent(NoTransit::NoAttachmentInZone(id)));
    }
    attachment.table.as_ref().ok_or(Stop::Nowhere {
        at: Router::TransitGateway(gateway),
        why: NoRoute::Transit(NoTransit::Unassociated(id)),
    })
}

/// What a gateway's table says of a packet.
fn send_on<'a>(
    network: &Network<'a>,
    packet: Handed<'a>,
    (gateway, table): Stand<'a>,
) -> Result<Transit<'a>, Stop<'a>> {
    let unrouted = |why| Stop::Nowhere {
        at: Router::TransitGateway(gateway),
        why: NoRoute::Transit(why),
    };
    let entry = network
        .transit_entry(table, packet.to)
        .ok_or(unrouted(NoTransit::NoEntry(table)))?;
    let onward = match entry.origin {
        TransitOrigin::Propagated(id) | TransitOrigin::Static(TransitTarget::Attachment(id)) => {
            attached(network, gateway, id)
        }
        TransitOrigin::Static(TransitTarget::Peering(id)) => peered(network, gateway, id),
        TransitOrigin::Static(TransitTarget::Blackhole) => {
            return Err(unrouted(NoTransit::Blackhole { table, entry }));
        }
    };
    Ok(Transit {
        gateway,
        table,
        entry,
        onward: onward.ok_or(unrouted(NoTransit::NotOfGateway { table, entry }))?,
        direction: packet.direction,
    })
}

/// The VPC of a gateway's own attachment.
fn attached<'a>(
    network: &Network<'a>,
    gateway: &TransitGatewayId,
    id: &TransitAttachmentId,
) -> Option<Onward<'a>> {
    let attachments = &network.blueprint.transit_attachments;
    let known = attachments.get(id)?;
    (known.gateway == *gateway).then_some(Onward::Vpc(&known.vpc))
}

/// The gateway on the other side of a gateway's own peering.
fn peered<'a>(
    network: &Network<'a>,
    gateway: &TransitGatewayId,
    id: &TransitPeeringId,
) -> Option<Onward<'a>> {
    let (peering, known) = network.blueprint.transit_peerings.get_key_value(id)?;
    let gateway = match gateway {
        side if *side == known.requester => &known.accepter,
        side if *side == known.accepter => &known.requester,
        _ => return None,
    };
    Some(Onward::Gateway { peering, gateway })
}

/// The table that routes what a gateway receives over a peering.
fn received_by<'a>(
    network: &Network<'a>,
    peering: &'a TransitPeeringId,
    gateway: &'a TransitGatewayId,
) -> Result<&'a TransitTableId, Stop<'a>> {
    let known = network.blueprint.transit_peerings.get(peering);
    let table = known.and_then(|known| known.tables.get(gateway));
    table.ok_or(Stop::Nowhere {
        at: Router::TransitGateway(gateway),
        why: NoRoute::Transit(NoTransit::PeeringUnassociated(peering)),
    })
}
