//! Transit gateways: a namespace each, a cable to the router of every attached VPC and to every
//! gateway it is peered with, and for each cable the table that routes what comes from there.

use std::collections::BTreeMap;

use blueprint::ids::{TransitAttachmentId, TransitGatewayId, TransitTableId, VpcId, ZoneId};
use blueprint::transit::TransitTarget;
use ipnet::Ipv4Net;

use super::draft::Draft;
use super::nft::{Hook, Table};
use super::routers::{FAR_ROUTER, across, watch};
use super::routers::{FIRST, FIRST_TABLE, LAST, LAST_PREFERENCE, SUBNET_PREFERENCE};
use super::{Note, Operation, Plug, Way};

/// One of a gateway's cables.
struct Side {
    here: Plug,
    there: Plug,
    /// The table that routes what comes by it.
    table: Option<TransitTableId>,
}

impl Draft<'_> {
    /// Lays the cables of attachments and peerings whose both ends exist.
    pub(super) fn lay_transit(&mut self) {
        let blueprint = self.blueprint;
        for (n, (id, attachment)) in (1..).zip(&blueprint.transit_attachments) {
            let Some(gateway) = blueprint.transit_gateways.get(&attachment.gateway) else {
                continue;
            };
            if blueprint.vpcs.contains_key(&attachment.vpc) {
                let link = format!("att{n}");
                let vpc = (self.router(&attachment.vpc), link.clone());
                let ends = [vpc, (self.transit(&attachment.gateway), link)];
                let ends = self.lay(ends, gateway.mtu);
                self.attachments.insert(id.clone(), ends);
            }
        }
        for (n, (id, peering)) in (1..).zip(&blueprint.transit_peerings) {
            let sides = [&peering.requester, &peering.accepter];
            let exist = |side| blueprint.transit_gateways.contains_key(side);
            if sides.into_iter().all(exist) && peering.requester != peering.accepter {
                let link = format!("tpcx{n}");
                let ends = sides.map(|side| (self.transit(side), link.clone()));
                let ends = self.lay(ends, peering.mtu);
                self.transit_peerings.insert(id.clone(), ends);
            }
        }
    }

    /// The cable by which a VPC's interfaces of a zone reach a transit gateway.
    pub(super) fn attached(
        &self,
        vpc: &VpcId,
        gateway: &TransitGatewayId,
        zone: &ZoneId,
    ) -> Option<&Plug> {
        let mut attachments = self.blueprint.transit_attachments.iter();
        let (id, attachment) = attachments.find(|(_, a)| a.vpc == *vpc && a.gateway == *gateway)?;
        let [here, _] = self.attachments.get(id)?;
        attachment.subnets.contains_key(zone).then_some(here)
    }

    /// A VPC's ends of its attachments' cables, and the gateways' ends.
    pub(super) fn attachment_ends(&self, vpc: &VpcId) -> Vec<[Plug; 2]> {
        let ends = self.attachments.iter().filter(|(id, _)| {
            let attachment = self.blueprint.transit_attachments.get(id);
            attachment.is_some_and(|attachment| attachment.vpc == *vpc)
        });
        ends.map(|(_, ends)| ends.clone()).collect()
    }

    pub(super) fn transit_gateways(&mut self) {
        for id in self.blueprint.transit_gateways.keys() {
            let namespace = self.transit(id);
            // Without any address the kernel takes no neighbour for a gateway.
            self.up(&namespace, "lo");
            let sides = self.sides(id);
            for Side { here, there, .. } in &sides {
                self.up(&namespace, &here.link);
                self.neighbour(here, FAR_ROUTER, there.mac);
            }
            let numbers = self.transit_tables(id, &namespace);
            for Side { here, table, .. } in sides {
                let number = table.and_then(|table| numbers.get(&table).copied());
                self.rule(&namespace, SUBNET_PREFERENCE, Some(here.link), number);
            }
            self.rule(&namespace, LAST_PREFERENCE, None, None);
            let table = Table {
                sets: Vec::new(),
                chains: vec![
                    watch("entered", Hook::Prerouting, FIRST, &Note::Entered),
                    watch("left", Hook::Postrouting, LAST, &Note::Left),
                ],
            };
            self.push(Operation::Ruleset { namespace, table });
        }
    }

    fn sides(&self, gateway: &TransitGatewayId) -> Vec<Side> {
        let mut sides = Vec::new();
        for (id, [there, here]) in &self.attachments {
            let attachment = self.blueprint.transit_attachments.get(id);
            if let Some(attachment) = attachment.filter(|a| a.gateway == *gateway) {
                sides.push(Side {
                    here: here.clone(),
                    there: there.clone(),
                    table: attachment.table.clone(),
                });
            }
        }
        for (id, [requester, accepter]) in &self.transit_peerings {
            let Some(peering) = self.blueprint.transit_peerings.get(id) else {
                continue;
            };
            for (side, here, there) in [
                (&peering.requester, requester, accepter),
                (&peering.accepter, accepter, requester),
            ] {
                if side == gateway {
                    sides.push(Side {
                        here: here.clone(),
                        there: there.clone(),
                        table: peering.tables.get(gateway).cloned(),
                    });
                }
            }
        }
        sides
    }

    /// Writes a gateway's tables and gives their numbers in the kernel.
    fn transit_tables(
        &mut self,
        gateway: &TransitGatewayId,
        namespace: &str,
    ) -> BTreeMap<TransitTableId, u32> {
        let tables = self.blueprint.transit_tables.iter();
        let tables = tables.filter(|(_, table)| table.gateway == *gateway);
        let ids = tables.map(|(id, _)| id.clone());
        let numbers: BTreeMap<_, _> = ids.zip(FIRST_TABLE..).collect();
        for (id, number) in &numbers {
            for (destination, way) in self.transit_routes(gateway, id) {
                self.route(namespace, *number, destination, way);
            }
        }
        numbers
    }

    /// A table's routes: of equal ranges a static one goes before propagated ones, and of those
    /// the attachment with the lowest id.
    fn transit_routes(
        &self,
        gateway: &TransitGatewayId,
        table: &TransitTableId,
    ) -> BTreeMap<Ipv4Net, Way> {
        let blueprint = self.blueprint;
        let mut routes = BTreeMap::new();
        let Some(table) = blueprint.transit_tables.get(table) else {
            return routes;
        };
        for route in &table.routes {
            let way = self.transit_way(gateway, &route.target);
            routes.entry(route.destination.trunc()).or_insert(way);
        }
        for id in &table.propagations {
            let attachment = blueprint.transit_attachments.get(id);
            let Some(attachment) = attachment.filter(|a| a.gateway == *gateway) else {
                continue;
            };
            let ranges = blueprint.vpcs.get(&attachment.vpc).map(|vpc| &vpc.cidrs);
            for range in ranges.into_iter().flatten() {
                let way = self.to_attachment(gateway, id);
                routes.entry(range.trunc()).or_insert(way);
            }
        }
        routes
    }

    /// A target that is none of the gateway's own leads nowhere.
    fn transit_way(&self, gateway: &TransitGatewayId, target: &TransitTarget) -> Way {
        match target {
            TransitTarget::Blackhole => Way::Blackhole,
            TransitTarget::Attachment(id) => self.to_attachment(gateway, id),
            TransitTarget::Peering(id) => {
                let ends = self.transit_peerings.get(id);
                let namespace = self.transit(gateway);
                let mut ends = ends.into_iter().flatten();
                let here = ends.find(|plug| plug.namespace == namespace);
                here.map_or(Way::Blackhole, across)
            }
        }
    }

    fn to_attachment(&self, gateway: &TransitGatewayId, id: &TransitAttachmentId) -> Way {
        let attachment = self.blueprint.transit_attachments.get(id);
        let own = attachment.is_some_and(|attachment| attachment.gateway == *gateway);
        match self.attachments.get(id) {
            Some([_, here]) if own => across(here),
            Some(_) | None => Way::Blackhole,
        }
    }
}
