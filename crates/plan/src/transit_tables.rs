//! The tables of transit gateways as they were said: who is associated, who propagates, and the
//! static routes.

use std::collections::BTreeSet;

use blueprint::diagnostic::{At, Diagnostic};
use blueprint::ids::{TransitGatewayId, TransitPeeringId, TransitTableId};
use blueprint::key::SpecKey;
use blueprint::spec::TransitTable as Said;
use blueprint::transit::{TransitRoute, TransitTable, TransitTarget};

use crate::draft::Draft;
use crate::intent::{Hub, Vpc};
use crate::naming;
use crate::settled::Settled;
use crate::transit::Board;

/// The one table of a gateway whose tables were not said.
pub(crate) const MAIN: &str = "main";

/// Where a static route drops packets, in the spec's word.
const BLACKHOLE: &str = "blackhole";

/// Whether a gateway's tables were said.
pub(crate) fn are_said(gateway: &TransitGatewayId, settled: &Settled<'_>) -> bool {
    let mut hubs = settled.asked.hubs.iter();
    hubs.any(|hub| hub.name == gateway.as_str() && hub.asked.tables.is_some())
}

/// Writes the tables that were said.
pub(crate) fn write<'s>(settled: &Settled<'s>, board: &mut Board<'s>, draft: &mut Draft) {
    for hub in &settled.asked.hubs {
        let tables = hub.asked.tables.iter().flatten();
        for (name, said) in tables {
            let place = Place {
                hub,
                gateway: TransitGatewayId::from(hub.name),
                table: naming::transit_table(&TransitGatewayId::from(hub.name), name),
                key: hub.key.key("tables").key(name),
            };
            if !draft.blueprint.transit_tables.contains_key(&place.table) {
                place.write(said, settled, board, draft);
            }
        }
    }
}

/// A table that was said.
struct Place<'a, 's> {
    hub: &'a Hub<'s>,
    gateway: TransitGatewayId,
    table: TransitTableId,
    key: SpecKey,
}

/// Who is named in a table.
enum Named<'a, 's> {
    Vpc(&'a Vpc<'s>),
    Peering(TransitPeeringId),
}

impl<'s> Place<'_, 's> {
    fn write(&self, said: &Said, settled: &Settled<'s>, board: &mut Board<'s>, draft: &mut Draft) {
        let mut table = TransitTable {
            gateway: self.gateway.clone(),
            propagations: BTreeSet::new(),
            routes: Vec::new(),
        };
        for (index, name) in said.associate.iter().enumerate() {
            let key = self.key.key("associate").index(index);
            self.associate(name, &key, settled, board, draft);
        }
        for (index, name) in said.propagate.iter().enumerate() {
            let key = self.key.key("propagate").index(index);
            if let Some(Named::Vpc(vpc)) = self.find(name, &key, settled, draft) {
                let id = board.attach(&self.gateway, vpc, &key, settled, draft);
                table.propagations.insert(id);
            }
        }
        for (index, route) in said.routes.iter().enumerate() {
            let key = self.key.key("routes").index(index).key("via");
            let target = if route.via == BLACKHOLE {
                TransitTarget::Blackhole
            } else {
                match self.find(&route.via, &key, settled, draft) {
                    Some(Named::Vpc(vpc)) => TransitTarget::Attachment(board.attach(
                        &self.gateway,
                        vpc,
                        &key,
                        settled,
                        draft,
                    )),
                    Some(Named::Peering(peering)) => TransitTarget::Peering(peering),
                    None => continue,
                }
            };
            table.routes.push(TransitRoute {
                destination: route.to.trunc(),
                target,
            });
        }
        draft.origin(&self.table, &self.key);
        let tables = &mut draft.blueprint.transit_tables;
        tables.insert(self.table.clone(), table);
    }

    /// Has the table route what comes from an attachment or a peering, unless another one does.
    fn associate(
        &self,
        name: &str,
        key: &SpecKey,
        settled: &Settled<'s>,
        board: &mut Board<'s>,
        draft: &mut Draft,
    ) {
        let held = match self.find(name, key, settled, draft) {
            None => return,
            Some(Named::Vpc(vpc)) => {
                let id = board.attach(&self.gateway, vpc, key, settled, draft);
                let attachment = draft.blueprint.transit_attachments.get_mut(&id);
                attachment.map(|attachment| {
                    attachment
                        .table
                        .get_or_insert_with(|| self.table.clone())
                        .clone()
                })
            }
            Some(Named::Peering(id)) => {
                let peering = draft.blueprint.transit_peerings.get_mut(&id);
                peering.map(|peering| {
                    let table = peering.tables.entry(self.gateway.clone());
                    table.or_insert_with(|| self.table.clone()).clone()
                })
            }
        };
        if let Some(held) = held.filter(|held| *held != self.table) {
            let title = format!(
                "`{name}` is associated with two tables of `{}`",
                self.hub.name
            );
            let fault = Diagnostic::error("contradicting-settings", title, At::Value(key.clone()))
                .label("this one does not count")
                .note(format!("`{held}` routes what comes from it"))
                .help(format!("name `{name}` in one table only"));
            draft.report(fault);
        }
    }

    /// The VPC or peered gateway of a name, if it can stand in this table.
    fn find<'a>(
        &self,
        name: &str,
        key: &SpecKey,
        settled: &'a Settled<'s>,
        draft: &mut Draft,
    ) -> Option<Named<'a, 's>> {
        let vpc = settled.asked.vpcs.iter().find(|vpc| vpc.name == name);
        if let Some(vpc) = vpc.filter(|vpc| vpc.region == self.hub.region) {
            return Some(Named::Vpc(vpc));
        }
        let other = TransitGatewayId::from(name);
        let ids = [
            naming::transit_peering(&self.gateway, &other),
            naming::transit_peering(&other, &self.gateway),
        ];
        let peerings = &draft.blueprint.transit_peerings;
        if let Some(id) = ids.into_iter().find(|id| peerings.contains_key(id)) {
            return Some(Named::Peering(id));
        }
        draft.report(self.unreachable(name, key, vpc));
        None
    }

    fn unreachable(&self, name: &str, key: &SpecKey, vpc: Option<&Vpc<'_>>) -> Diagnostic {
        let (title, label) = match vpc {
            Some(vpc) => (
                format!("`{name}` cannot be attached to `{}`", self.hub.name),
                format!(
                    "it lies in {}, and the gateway in {}",
                    vpc.region, self.hub.region
                ),
            ),
            None => (
                format!("`{}` is not peered with `{name}`", self.hub.name),
                "no connection needs such a peering".to_owned(),
            ),
        };
        Diagnostic::error("distant-transit-gateway", title, At::Value(key.clone()))
            .label(label)
            .note("a VPC is attached to transit gateways of its own Region; gateways are peered across Regions")
            .help("remove it here, or connect a VPC of that Region by `via: transit-gateway`")
    }
}
