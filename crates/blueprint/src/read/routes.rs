//! Reads the routes of a VPC, and keeps those apart that no route table holds together.

use ipnet::Ipv4Net;

use super::fields::{Fields, Item, Reader};
use super::nearest::{nearest, quoted};
use super::scalars::short;
use crate::diagnostic::Diagnostic;
use crate::language;
use crate::spec::{Route, Vpc};

/// Most routes of a VPC: AWS's ceiling for the quota "Routes per route table".
pub const MAX_ROUTES_PER_VPC: usize = 1000;

/// What the ids of gateways start with.
const GATEWAYS: [&str; 8] = [
    "igw-", "nat-", "tgw-", "vgw-", "eigw-", "pcx-", "vpce-", "eni-",
];

/// Gateways to which AWS lets a route lead away from a part of the VPC itself (VPC guide,
/// "Route tables": a NAT gateway, an interface, a Gateway Load Balancer's endpoint).
const INSIDE_GATEWAYS: [&str; 3] = ["nat-", "eni-", "vpce-"];

/// A VPC whose routes are read.
struct Home<'v, 'n> {
    name: &'v str,
    vpc: &'v Vpc,
    /// Where its ranges are said.
    ranges: Option<&'v Item<'n>>,
}

impl Reader {
    /// Reads the routes of a VPC, whose ranges are said at `ranges`.
    pub(super) fn routes(
        &mut self,
        item: &Item<'_>,
        name: &str,
        vpc: &Vpc,
        ranges: Option<&Item<'_>>,
    ) -> Option<Vec<Route>> {
        let example = "`- { to: 10.1.0.0/16, via: shop }` lines, or `[]` for none";
        let items = self.list(item, example, MAX_ROUTES_PER_VPC)?;
        let home = Home { name, vpc, ranges };
        let mut kept: Vec<(Route, Item<'_>)> = Vec::new();
        for (index, item) in items.into_iter().enumerate() {
            let owner = format!("`routes[{index}]` of VPC `{name}`");
            let Some(fields) = self.fields(&item, &owner, &language::ROUTE) else {
                continue;
            };
            let Some((route, to)) = self.route(&fields, &home) else {
                continue;
            };
            match conflict(&route, &to, &home, &kept) {
                Some(finding) => self.push(finding),
                None => kept.push((route, to)),
            }
        }
        Some(kept.into_iter().map(|(route, _)| route).collect())
    }

    /// Reads a route, with the item of its destination.
    fn route<'n>(&mut self, fields: &Fields<'n>, home: &Home<'_, '_>) -> Option<(Route, Item<'n>)> {
        let item = fields.require(self, "to", "`to: 10.1.0.0/16`");
        let to = item.as_ref().and_then(|item| self.cidr(item));
        let via = fields
            .require(self, "via", "`via: shop`, a peered VPC")
            .and_then(|item| self.route_target(&item, home.name));
        let zones = fields.get("zones");
        let zones = zones.and_then(|item| self.zones_in(&item, home.name, home.vpc));
        let zones = zones.unwrap_or_default();
        let (to, via) = (to?, via?);
        Some((Route { to, via, zones }, item?))
    }

    fn route_target(&mut self, item: &Item<'_>, own: &str) -> Option<String> {
        let text = self.text(item, "a VPC or a gateway's id", "`via: shop`")?;
        let is_gateway = GATEWAYS
            .iter()
            .any(|prefix| text.strip_prefix(prefix).is_some_and(|id| !id.is_empty()));
        let known = self.vpc_names.iter().chain(&self.transit_names);
        let is_other = text != own && known.clone().any(|name| name == text);
        if is_other || is_gateway {
            return Some(text.to_owned());
        }
        let others = known.map(String::as_str).filter(|name| *name != own);
        let others: Vec<&str> = others.collect();
        let help = nearest(text, others.iter().copied()).map_or_else(
            || {
                "name a peered VPC, a transit gateway, or a gateway's id such as `igw-0abc`"
                    .to_owned()
            },
            |near| format!("write `{near}`"),
        );
        let mut finding = Diagnostic::error(
            "unknown-reference",
            format!(
                "a route leads to `{}`, which is no other VPC and no gateway",
                short(text)
            ),
            item.at(),
        )
        .label("neither a peered VPC nor a gateway's id");
        if !others.is_empty() {
            finding = finding.note(format!(
                "the spec's other VPCs and transit gateways are {}",
                quoted(&others)
            ));
        }
        self.push(finding.help(help));
        None
    }
}

/// Why AWS would refuse a route beside the local ones and those that were kept.
fn conflict(
    route: &Route,
    to: &Item<'_>,
    home: &Home<'_, '_>,
    kept: &[(Route, Item<'_>)],
) -> Option<Diagnostic> {
    let fault = |title| Diagnostic::error("conflicting-route", title, to.at());
    let name = home.name;
    if let Some(range) = home.vpc.cidrs.iter().find(|range| is_local(range, route)) {
        let title = format!("`{}` is routed inside VPC `{name}` already", route.to);
        let mut finding = fault(title).label("a local route leads there");
        if let Some(ranges) = home.ranges {
            let label = format!("{range} is the VPC's own, and local in every table");
            finding = finding.related(ranges.at(), label);
        }
        let others = "a part of it can be led to `nat-`, `eni-` and `vpce-` ids only";
        return Some(finding.note(others).help("remove this route"));
    }
    let (_, first) = kept.iter().find(|(other, _)| share_a_key(other, route))?;
    let title = format!("VPC `{name}` routes `{}` twice", route.to);
    Some(
        fault(title)
            .label("given again")
            .related(first.at(), "first given here; this one was read")
            .help("remove one of the two, or give each `zones` of its own"),
    )
}

/// Whether a route leads what is local to a range elsewhere, and may not.
fn is_local(range: &Ipv4Net, route: &Route) -> bool {
    let leaves = || {
        let mut inside = INSIDE_GATEWAYS.iter();
        !inside.any(|prefix| route.via.starts_with(prefix))
    };
    *range == route.to || (range.contains(&route.to) && leaves())
}

/// Whether two routes have one destination in one table.
fn share_a_key(one: &Route, other: &Route) -> bool {
    let everywhere = one.zones.is_empty() || other.zones.is_empty();
    let meet = || one.zones.iter().any(|zone| other.zones.contains(zone));
    one.to == other.to && (everywhere || meet())
}
