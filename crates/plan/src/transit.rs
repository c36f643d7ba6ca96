//! Transit gateways: which one a connection uses on either side, the attachments of VPCs, the
//! tables, and the peerings between Regions with their static routes.

use std::collections::{BTreeMap, BTreeSet};

use blueprint::diagnostic::{At, Diagnostic};
use blueprint::ids::{
    SubnetId, TransitAttachmentId, TransitGatewayId, TransitPeeringId, TransitTableId, VpcId,
    ZoneId,
};
use blueprint::key::SpecKey;
use blueprint::spec::Carrier;
use blueprint::transit::{
    TransitAttachment, TransitGateway, TransitPeering, TransitRoute, TransitTable, TransitTarget,
};
use ipnet::Ipv4Net;

use crate::draft::Draft;
use crate::intent::{Hub, Join, Link, Vpc};
use crate::settled::{self, Settled};
use crate::{choice, front, keys, naming, transit_tables};

/// Largest packet through a transit gateway and its peerings, in bytes; larger ones are dropped
/// without a word to the sender (fact `mtu.transit-gateway`).
pub(crate) const MTU_BYTES: u32 = 8500;

/// The gateway on either side of a join.
pub(crate) struct Crossing {
    pub(crate) near: TransitGatewayId,
    pub(crate) far: TransitGatewayId,
    /// Whether a gateway has no room for the ranges of one side, which was reported.
    pub(crate) is_blocked: bool,
}

/// The crossings by the names of the VPCs they join.
pub(crate) type Crossings<'s> = BTreeMap<(&'s str, &'s str), Crossing>;

/// Writes every object of transit gateways.
pub(crate) fn write<'s>(settled: &Settled<'s>, draft: &mut Draft) -> Crossings<'s> {
    let mut board = Board::default();
    for hub in &settled.asked.hubs {
        board.declare(hub, draft);
    }
    let mut crossings = Crossings::new();
    let joins = settled.asked.links.iter().filter_map(Link::join);
    for join in joins.filter(|join| join.carrier == Carrier::TransitGateway) {
        let ends = (join.from.name, join.to.name);
        if crossings.contains_key(&ends) || crossings.contains_key(&(ends.1, ends.0)) {
            continue;
        }
        let crossing = board.cross(&join, settled, draft);
        crossings.insert(ends, crossing);
    }
    transit_tables::write(settled, &mut board, draft);
    crossings
}

/// What has been attached where.
#[derive(Default)]
pub(crate) struct Board<'s> {
    /// The zones of a VPC's attachments.
    zones: BTreeMap<&'s str, Vec<ZoneId>>,
    /// The ranges that the chosen table of a gateway leads to, each with its VPC.
    held: BTreeMap<TransitGatewayId, Vec<(&'s str, Ipv4Net)>>,
}

impl<'s> Board<'s> {
    /// Writes a gateway of the spec.
    fn declare(&mut self, hub: &Hub<'s>, draft: &mut Draft) {
        let id = TransitGatewayId::from(hub.name);
        let gateway = gateway(&hub.asked.account, hub.region);
        draft.origin(&id, &hub.key);
        draft.blueprint.transit_gateways.insert(id.clone(), gateway);
        if hub.asked.tables.is_none() {
            write_main(&id, &hub.key, draft);
            let because = "every attachment is associated with it and propagates into it";
            draft.fill(hub.key.key("tables"), transit_tables::MAIN, because);
        }
    }

    /// Attaches both sides of a join, and peers their gateways if they are in two Regions.
    fn cross(&mut self, join: &Join<'_, 's>, settled: &Settled<'s>, draft: &mut Draft) -> Crossing {
        let is_near = join.from.region == join.to.region;
        let near = self.gateway_of(join, settled, draft);
        let far = if is_near {
            near.clone()
        } else {
            self.gateway_in(join.to, join, settled, draft)
        };
        let mut conflicts = Vec::new();
        for (gateway, vpc) in [(&far, join.to), (&near, join.from)] {
            self.attach(gateway, vpc, &join.link.key, settled, draft);
            conflicts.extend(self.propagate(gateway, vpc, draft));
        }
        if near != far {
            let peering = peer(&near, &far, &join.link.key, draft);
            for (gateway, vpc) in [(&far, join.from), (&near, join.to)] {
                let target = TransitTarget::Peering(peering.clone());
                conflicts.extend(self.lead(gateway, vpc, &target, draft));
            }
        }
        if let Some(conflict) = conflicts.first() {
            draft.report(conflicting(&join.link.key, conflict));
        }
        Crossing {
            near,
            far,
            is_blocked: !conflicts.is_empty(),
        }
    }

    /// The gateway of the clients' side: the one that was said, if it stands there.
    fn gateway_of(
        &mut self,
        join: &Join<'_, 's>,
        settled: &Settled<'s>,
        draft: &mut Draft,
    ) -> TransitGatewayId {
        let said = join.link.asked.transit_gateway.as_deref();
        let hub = settled.asked.hubs.iter().find(|hub| Some(hub.name) == said);
        match hub {
            Some(hub) if hub.region == join.from.region => TransitGatewayId::from(hub.name),
            Some(hub) => {
                draft.report(elsewhere(join, hub));
                self.gateway_in(join.from, join, settled, draft)
            }
            None => self.gateway_in(join.from, join, settled, draft),
        }
    }

    /// The gateway of a VPC's Region: the spec's first, or the plan's own.
    fn gateway_in(
        &mut self,
        vpc: &Vpc<'s>,
        join: &Join<'_, 's>,
        settled: &Settled<'s>,
        draft: &mut Draft,
    ) -> TransitGatewayId {
        let hubs = &settled.asked.hubs;
        let said = hubs.iter().find(|hub| hub.region == vpc.region);
        let id = match said {
            Some(hub) => TransitGatewayId::from(hub.name),
            None => {
                naming::transit_gateway(vpc.region, |name| hubs.iter().any(|hub| hub.name == name))
            }
        };
        if vpc.name == join.from.name && join.link.asked.transit_gateway.is_none() {
            let because = format!("the one of {}", vpc.region);
            let key = join.link.key.key("transit_gateway");
            draft.fill(key, &id, because);
        }
        if !draft.blueprint.transit_gateways.contains_key(&id) {
            let is_shared = join.to.region == vpc.region;
            let owner = if is_shared { join.to } else { join.from };
            draft.origin(&id, &join.link.key);
            let gateway = gateway(&owner.asked.account, vpc.region);
            draft.blueprint.transit_gateways.insert(id.clone(), gateway);
            write_main(&id, &join.link.key, draft);
        }
        id
    }

    /// Attaches a VPC to a gateway, once.
    pub(crate) fn attach(
        &mut self,
        gateway: &TransitGatewayId,
        vpc: &Vpc<'s>,
        key: &SpecKey,
        settled: &Settled<'s>,
        draft: &mut Draft,
    ) -> TransitAttachmentId {
        let id = naming::transit_attachment(vpc.name, gateway);
        if draft.blueprint.transit_attachments.contains_key(&id) {
            return id;
        }
        let zones = self.zones(vpc, settled, draft);
        let subnets = zones.iter().filter_map(|zone| {
            let mut plots = settled.plots.of(vpc.name).iter();
            let plot = plots.find(|plot| plot.zone == *zone)?;
            Some((zone.clone(), plot.id.clone()))
        });
        let subnets: BTreeMap<ZoneId, SubnetId> = subnets.collect();
        let main = naming::transit_table(gateway, transit_tables::MAIN);
        let has_main = draft.blueprint.transit_tables.contains_key(&main);
        let attachment = TransitAttachment {
            gateway: gateway.clone(),
            vpc: VpcId::from(vpc.name),
            subnets,
            table: (has_main && !transit_tables::are_said(gateway, settled)).then_some(main),
        };
        draft.origin(&id, key);
        let attachments = &mut draft.blueprint.transit_attachments;
        attachments.insert(id.clone(), attachment);
        if let Some(written) = draft.blueprint.transit_gateways.get_mut(gateway)
            && written.account != vpc.asked.account
        {
            written.shared_with.insert(vpc.asked.account.clone());
        }
        id
    }

    /// The zones in which a VPC's attachments have a subnet.
    fn zones(&mut self, vpc: &Vpc<'s>, settled: &Settled<'s>, draft: &mut Draft) -> Vec<ZoneId> {
        if let Some(known) = self.zones.get(vpc.name) {
            return known.clone();
        }
        let key = vpc.key.key("transit_zones");
        let zones = match &vpc.asked.transit_zones {
            Some(said) => settled::zones_with_subnets(said, vpc.name, &settled.plots, &key, draft),
            None => {
                let all = settled.plots.zones(vpc.name).into_iter().cloned();
                let all: Vec<ZoneId> = all.collect();
                let because = "hosts of a zone without a subnet of the attachment reach nothing";
                draft.fill(key, front::list(&all), because);
                all
            }
        };
        self.zones.insert(vpc.name, zones.clone());
        zones
    }

    /// Propagates a VPC into a gateway's chosen table, unless ranges overlap: AWS then does not.
    fn propagate(
        &mut self,
        gateway: &TransitGatewayId,
        vpc: &Vpc<'s>,
        draft: &mut Draft,
    ) -> Option<Conflict<'s>> {
        let is_new = match self.hold(gateway, vpc, draft)? {
            Ok(is_new) => is_new,
            Err(conflict) => return Some(conflict),
        };
        if is_new {
            let attachment = naming::transit_attachment(vpc.name, gateway);
            let table = naming::transit_table(gateway, transit_tables::MAIN);
            if let Some(table) = draft.blueprint.transit_tables.get_mut(&table) {
                table.propagations.insert(attachment);
            }
        }
        None
    }

    /// Leads a gateway's chosen table to a VPC of another Region.
    fn lead(
        &mut self,
        gateway: &TransitGatewayId,
        vpc: &Vpc<'s>,
        target: &TransitTarget,
        draft: &mut Draft,
    ) -> Option<Conflict<'s>> {
        let is_new = match self.hold(gateway, vpc, draft)? {
            Ok(is_new) => is_new,
            Err(conflict) => return Some(conflict),
        };
        let table = naming::transit_table(gateway, transit_tables::MAIN);
        if let Some(table) = draft.blueprint.transit_tables.get_mut(&table)
            && is_new
        {
            let routes = vpc.asked.cidrs.iter().map(|range| TransitRoute {
                destination: range.trunc(),
                target: target.clone(),
            });
            table.routes.extend(routes);
        }
        None
    }

    /// Takes a VPC's ranges in a gateway's chosen table: whether they are new to it, or whose
    /// they overlap. None if the gateway's tables were said.
    fn hold(
        &mut self,
        gateway: &TransitGatewayId,
        vpc: &Vpc<'s>,
        draft: &Draft,
    ) -> Option<Result<bool, Conflict<'s>>> {
        let main = naming::transit_table(gateway, transit_tables::MAIN);
        draft.blueprint.transit_tables.get(&main)?;
        let held = self.held.entry(gateway.clone()).or_default();
        if held.iter().any(|(name, _)| *name == vpc.name) {
            return Some(Ok(false));
        }
        let overlap = held.iter().find_map(|(first, range)| {
            let (held, wanted) = choice::overlapping(&[*range], &vpc.asked.cidrs)?;
            Some((*first, held, wanted))
        });
        if let Some((first, held, wanted)) = overlap {
            return Some(Err(Conflict {
                gateway: gateway.clone(),
                first,
                next: vpc.name,
                held,
                wanted,
            }));
        }
        held.extend(vpc.asked.cidrs.iter().map(|range| (vpc.name, *range)));
        Some(Ok(true))
    }
}

/// Two VPCs that share addresses behind one gateway.
struct Conflict<'s> {
    gateway: TransitGatewayId,
    first: &'s str,
    next: &'s str,
    held: Ipv4Net,
    wanted: Ipv4Net,
}

fn gateway(account: &str, region: &str) -> TransitGateway {
    TransitGateway {
        account: account.to_owned(),
        region: region.to_owned(),
        mtu: MTU_BYTES,
        shared_with: BTreeSet::new(),
    }
}

/// Writes the table a gateway has if none was said.
fn write_main(gateway: &TransitGatewayId, key: &SpecKey, draft: &mut Draft) {
    let id = naming::transit_table(gateway, transit_tables::MAIN);
    let table = TransitTable {
        gateway: gateway.clone(),
        propagations: BTreeSet::new(),
        routes: Vec::new(),
    };
    draft.origin(&id, key);
    draft.blueprint.transit_tables.insert(id, table);
}

/// Peers two gateways, once.
fn peer(
    near: &TransitGatewayId,
    far: &TransitGatewayId,
    key: &SpecKey,
    draft: &mut Draft,
) -> TransitPeeringId {
    let back = naming::transit_peering(far, near);
    if draft.blueprint.transit_peerings.contains_key(&back) {
        return back;
    }
    let id = naming::transit_peering(near, far);
    if draft.blueprint.transit_peerings.contains_key(&id) {
        return id;
    }
    let tables = [near, far].into_iter().filter_map(|gateway| {
        let main = naming::transit_table(gateway, transit_tables::MAIN);
        let is_written = draft.blueprint.transit_tables.contains_key(&main);
        is_written.then(|| (gateway.clone(), main))
    });
    let peering = TransitPeering {
        requester: near.clone(),
        accepter: far.clone(),
        tables: tables.collect::<BTreeMap<TransitGatewayId, TransitTableId>>(),
        mtu: MTU_BYTES,
    };
    draft.origin(&id, key);
    let peerings = &mut draft.blueprint.transit_peerings;
    peerings.insert(id.clone(), peering);
    id
}

fn conflicting(link: &SpecKey, conflict: &Conflict<'_>) -> Diagnostic {
    let Conflict {
        gateway,
        first,
        next,
        held,
        wanted,
    } = conflict;
    let title = format!("`{gateway}` cannot route to `{first}` and to `{next}`");
    let label = if held == wanted {
        format!("both hold {held}")
    } else {
        format!("`{first}` holds {held}, and `{next}` holds {wanted}")
    };
    let place = |vpc: &str| At::Key(keys::vpc(vpc));
    Diagnostic::error("conflicting-routes", title, At::Value(link.key("via")))
        .label(label)
        .related(place(first), "attached before it, and has the route")
        .related(place(next), "shares addresses with it, and gets none")
        .note("a transit gateway does not propagate ranges that overlap those it has")
        .help("say `via: privatelink`, which needs no routes")
}

fn elsewhere(join: &Join<'_, '_>, hub: &Hub<'_>) -> Diagnostic {
    let (from, region) = (join.from.name, hub.region);
    let title = format!("`{from}` cannot be attached to `{}`", hub.name);
    let at = At::Value(join.link.key.key("transit_gateway"));
    Diagnostic::error("distant-transit-gateway", title, at)
        .label(format!("it stands in {region}, and `{from}` in {}", join.from.region))
        .related(At::Key(hub.key.clone()), "this value is not used")
        .note("a VPC is attached to transit gateways of its own Region; gateways are peered across Regions")
        .help(format!("name a transit gateway of {}, or none", join.from.region))
}
