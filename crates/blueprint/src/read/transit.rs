//! Reads `transit_gateways`.

use std::collections::BTreeMap;

use super::clusters::find;
use super::existing::Existing;
use super::fields::{Fields, Item, Reader};
use super::scalars::short;
use crate::diagnostic::{At, Diagnostic};
use crate::language;
use crate::source::Entry;
use crate::spec::{TransitGateway, TransitRoute, TransitTable, Vpc};

/// Most transit gateways of a spec: as many as Regions that one estate spans, and some to spare.
pub const MAX_TRANSIT_GATEWAYS: usize = 32;

/// Most route tables of a transit gateway: AWS's default quota "Transit gateway route tables per
/// transit gateway".
pub const MAX_TABLES_PER_TRANSIT_GATEWAY: usize = 20;

/// Most names of a list of a table: every VPC and every other transit gateway.
pub const MAX_ATTACHMENTS_PER_TABLE: usize = super::vpcs::MAX_VPCS + MAX_TRANSIT_GATEWAYS;

/// Most static routes of a table: a tenth of AWS's quota for all tables of a gateway, 10,000.
pub const MAX_TRANSIT_ROUTES: usize = 1000;

/// What drops packets in place of leading them on.
const BLACKHOLE: &str = "blackhole";

/// A transit gateway whose tables are read.
struct Home<'v> {
    name: &'v str,
    region: &'v str,
    vpcs: &'v [(String, Vpc)],
}

/// Where each name was associated, by name.
type Associations<'n> = BTreeMap<String, Item<'n>>;

impl Reader {
    /// Reads one transit gateway under its name.
    pub(super) fn transit_gateway(
        &mut self,
        entry: &Entry,
        vpcs: &[(String, Vpc)],
    ) -> Option<(String, TransitGateway)> {
        let name = &entry.key.text;
        let owner = format!("transit gateway `{}`", short(name));
        let item = Item::of_entry(entry, owner.clone());
        let named = self.name(name, item.head());
        let fields = self.fields(&item, &owner, &language::TRANSIT_GATEWAY)?;
        let account = fields
            .require(self, "account", "`account: \"111111111111\"`")
            .and_then(|item| self.account(&item));
        let id = fields.get("id");
        let tables = fields.get("tables");
        let region = self.own_region(&fields);
        let home = Home {
            name,
            region: &region,
            vpcs,
        };
        let tables = tables.and_then(|item| self.transit_tables(&item, &home));
        let gateway = TransitGateway {
            id: id.and_then(|item| self.existing(&item, Existing::TransitGateway)),
            tables,
            account: account?,
            region,
        };
        named.then(|| (name.clone(), gateway))
    }

    fn transit_tables(
        &mut self,
        item: &Item<'_>,
        home: &Home<'_>,
    ) -> Option<Vec<(String, TransitTable)>> {
        let entries = self.entries(item, &item.name)?;
        if let Some(surplus) = entries.get(MAX_TABLES_PER_TRANSIT_GATEWAY) {
            self.exceeded(
                &item.name,
                MAX_TABLES_PER_TRANSIT_GATEWAY,
                &surplus.key.span,
            );
        }
        let mut associations = Associations::new();
        let mut tables = Vec::new();
        for entry in entries.into_iter().take(MAX_TABLES_PER_TRANSIT_GATEWAY) {
            let name = &entry.key.text;
            let owner = format!(
                "table `{}` of transit gateway `{}`",
                short(name),
                short(home.name)
            );
            let item = Item::of_entry(entry, owner.clone());
            let named = self.name(name, item.head());
            let Some(fields) = self.fields(&item, &owner, &language::TRANSIT_TABLE) else {
                continue;
            };
            let table = self.transit_table(&fields, home, &mut associations);
            if named {
                tables.push((name.clone(), table));
            }
        }
        Some(tables)
    }

    fn transit_table<'n>(
        &mut self,
        fields: &Fields<'n>,
        home: &Home<'_>,
        associations: &mut Associations<'n>,
    ) -> TransitTable {
        let associate = fields.get("associate");
        let associate = associate.map(|item| self.attached(&item, home, true));
        let mut table = TransitTable::default();
        for (name, item) in associate.unwrap_or_default() {
            if let Some(first) = associations.get(&name) {
                self.second_association(&name, &item, first);
                continue;
            }
            associations.insert(name.clone(), item);
            table.associate.push(name);
        }
        let propagate = fields.get("propagate");
        let propagate = propagate.map(|item| self.attached(&item, home, false));
        let propagate = propagate.unwrap_or_default().into_iter();
        table.propagate = propagate.map(|(name, _)| name).collect();
        let routes = fields.get("routes");
        let routes = routes.map(|item| self.transit_routes(&item, home));
        table.routes = routes.unwrap_or_default();
        table
    }

    /// Reads a list of VPCs and, where `peered` says so, of other transit gateways, each with its
    /// item.
    fn attached<'n>(
        &mut self,
        item: &Item<'n>,
        home: &Home<'_>,
        peered: bool,
    ) -> Vec<(String, Item<'n>)> {
        let items = self.list(
            item,
            "`[shop]`, or `[]` for none",
            MAX_ATTACHMENTS_PER_TABLE,
        );
        let mut found: Vec<(String, Item<'n>)> = Vec::new();
        for item in items.unwrap_or_default() {
            let name = if peered {
                let known = self.attachable(home.name);
                self.reference(&item, "VPC or other transit gateway", &known)
            } else {
                self.vpc_reference(&item)
            };
            let Some(name) = name.filter(|name| self.is_near(&item, home, name)) else {
                continue;
            };
            match found.iter().find(|(other, _)| *other == name) {
                Some((_, first)) => self.repeated(&name, &item, first),
                None => found.push((name, item)),
            }
        }
        found
    }

    /// Whether a VPC lies in the gateway's Region; one that does not is reported.
    fn is_near(&mut self, item: &Item<'_>, home: &Home<'_>, name: &str) -> bool {
        let Some(vpc) = find(home.vpcs, Some(name)) else {
            return true;
        };
        let gateway = (home.name, home.region);
        let near = self.same_region(item, gateway, (name, vpc.region.as_str()));
        near.is_some()
    }

    /// Names of VPCs and of transit gateways other than this one.
    fn attachable(&self, gateway: &str) -> Vec<String> {
        let others = self.transit_names.iter().filter(|name| *name != gateway);
        self.vpc_names.iter().chain(others).cloned().collect()
    }

    fn transit_routes(&mut self, item: &Item<'_>, home: &Home<'_>) -> Vec<TransitRoute> {
        let example = "`- { to: 10.9.0.0/16, via: blackhole }` lines";
        let items = self.list(item, example, MAX_TRANSIT_ROUTES);
        let mut kept: Vec<(TransitRoute, At)> = Vec::new();
        for item in items.unwrap_or_default() {
            let Some(fields) = self.fields(&item, &item.name, &language::TRANSIT_ROUTE) else {
                continue;
            };
            let to_item = fields.require(self, "to", "`to: 10.9.0.0/16`");
            let to = to_item.as_ref().and_then(|item| self.cidr(item));
            let via = fields
                .require(self, "via", "`via: blackhole`, or a VPC")
                .and_then(|item| self.transit_target(&item, home));
            let (Some(at), Some(to), Some(via)) = (to_item.map(|item| item.at()), to, via) else {
                continue;
            };
            if let Some((_, first)) = kept.iter().find(|(other, _)| other.to == to) {
                self.repeated_transit_route(&to.to_string(), at, first.clone());
                continue;
            }
            kept.push((TransitRoute { to, via }, at));
        }
        kept.into_iter().map(|(route, _)| route).collect()
    }

    fn transit_target(&mut self, item: &Item<'_>, home: &Home<'_>) -> Option<String> {
        let mut known = self.attachable(home.name);
        known.push(BLACKHOLE.to_owned());
        self.reference(item, "VPC or other transit gateway", &known)
    }

    fn repeated_transit_route(&mut self, to: &str, at: At, first: At) {
        self.push(
            Diagnostic::error(
                "conflicting-route",
                format!("a transit gateway's table routes `{to}` twice"),
                at,
            )
            .label("given again")
            .related(first, "first given here; this one was read")
            .help("remove one of the two"),
        );
    }

    fn second_association(&mut self, name: &str, item: &Item<'_>, first: &Item<'_>) {
        self.push(
            Diagnostic::error(
                "second-association",
                format!("`{name}` is associated with two tables"),
                item.at(),
            )
            .label("associated again")
            .related(first.at(), "first associated here; this one was read")
            .help("keep one of the two: one table routes what comes from an attachment"),
        );
    }
}
