//! Reads `vpcs`.

use ipnet::{IpNet, Ipv4Net, Ipv6Net};

use super::existing::Existing;
use super::fields::{Fields, Item, Reader};
use super::places::zones_example;
use super::scalars::short;
use crate::diagnostic::{At, Diagnostic};
use crate::language;
use crate::source::{Entry, Value};
use crate::spec::{Subnet, Vpc};

/// Most VPCs of a spec: ten times the largest estate we know of, and what the lab can raise.
pub const MAX_VPCS: usize = 64;

/// Most ranges of a VPC: AWS's ceiling for the quota "IPv4 CIDR blocks per VPC".
pub const MAX_CIDRS_PER_VPC: usize = 50;

/// Most subnets of a VPC: AWS's default quota "Subnets per VPC".
pub const MAX_SUBNETS_PER_VPC: usize = 200;

impl Reader {
    /// Reads one VPC under its name.
    pub(super) fn vpc(&mut self, entry: &Entry) -> Option<(String, Vpc)> {
        let name = &entry.key.text;
        let owner = format!("VPC `{}`", short(name));
        let item = Item::of_entry(entry, owner.clone());
        let named = self.name(name, item.head());
        let fields = self.fields(&item, &owner, &language::VPC)?;
        let account = fields
            .require(self, "account", "`account: \"111111111111\"`")
            .and_then(|item| self.account(&item));
        let id = fields.get("id");
        let mut vpc = Vpc {
            account: account.unwrap_or_default(),
            region: self.own_region(&fields),
            id: id.and_then(|item| self.existing(&item, Existing::Vpc)),
            cidrs: self.vpc_cidrs(&fields),
            ipv6_cidrs: self.ipv6_cidrs(&fields),
            ..Vpc::default()
        };
        self.layout(&fields, name, &mut vpc);
        let routes = fields.get("routes");
        let ranges = fields.get("cidr").or_else(|| fields.get("cidrs"));
        vpc.routes = routes.and_then(|item| self.routes(&item, name, &vpc, ranges.as_ref()));
        self.surroundings(&fields, name, &mut vpc);
        let has_subnets = !vpc.zones.is_empty() || !vpc.subnets.is_empty();
        let complete = !vpc.account.is_empty() && !vpc.cidrs.is_empty();
        (named && complete && has_subnets).then(|| (name.clone(), vpc))
    }

    /// The `region` of a VPC or transit gateway: its own, or the spec's; empty where it is unknown.
    pub(super) fn own_region(&mut self, fields: &Fields<'_>) -> String {
        let region = match fields.get("region") {
            Some(item) => self.region(&item),
            None => self.region.clone(),
        };
        region.unwrap_or_default()
    }

    fn ipv6_cidrs(&mut self, fields: &Fields<'_>) -> Vec<Ipv6Net> {
        let example = "`ipv6_cidrs: [\"2001:db8:0:aa00::/56\"]`";
        let items = fields
            .get("ipv6_cidrs")
            .and_then(|item| self.list(&item, example, MAX_CIDRS_PER_VPC));
        let mut kept = Vec::new();
        let mut found = Vec::new();
        for item in items.unwrap_or_default() {
            let Some(net) = self.ipv6_cidr(&item) else {
                continue;
            };
            if self.keep_apart(net.into(), item, &mut kept, "overlapping-cidrs") {
                found.push(net);
            }
        }
        found
    }

    fn vpc_cidrs(&mut self, fields: &Fields<'_>) -> Vec<Ipv4Net> {
        let Some(item) = fields.either(self, ["cidr", "cidrs"], "`cidr: 10.0.0.0/16`") else {
            return Vec::new();
        };
        let is_list = matches!(item.node.value, Value::List(_));
        let wants_list = fields.get("cidr").is_none();
        if !is_list && !wants_list {
            return self.aws_cidr(&item).into_iter().collect();
        }
        if !wants_list {
            self.wrong_type(&item, "one range", "write `cidrs:` for a list of ranges");
            return Vec::new();
        }
        let items = self.list(&item, "`cidrs: [10.0.0.0/16]`", MAX_CIDRS_PER_VPC);
        let items = items.unwrap_or_default();
        if items.is_empty() && is_list {
            self.empty(&item, "`cidrs: [10.0.0.0/16]`");
        }
        let mut kept = Vec::new();
        let mut found = Vec::new();
        for item in items {
            let Some(net) = self.aws_cidr(&item) else {
                continue;
            };
            if self.keep_apart(net.into(), item, &mut kept, "overlapping-cidrs") {
                found.push(net);
            }
        }
        found
    }

    fn layout(&mut self, fields: &Fields<'_>, name: &str, vpc: &mut Vpc) {
        let example = zones_example(&vpc.region);
        let Some(item) = fields.either(self, ["zones", "subnets"], &example) else {
            return;
        };
        let Value::List(nodes) = &item.node.value else {
            self.wrong_type(&item, "a list", &format!("write {example}"));
            return;
        };
        if nodes.is_empty() {
            self.empty(&item, &example);
        }
        if fields.get("zones").is_some() {
            vpc.zones = self.zones(&item, &vpc.region).unwrap_or_default();
        } else {
            vpc.subnets = self.subnets(&item, name, vpc);
        }
    }

    fn subnets(&mut self, item: &Item<'_>, name: &str, vpc: &Vpc) -> Vec<Subnet> {
        let example = "`- { zone: euc1-az1, cidr: 10.0.0.0/24 }` lines";
        let items = self.list(item, example, MAX_SUBNETS_PER_VPC);
        let mut kept = Vec::new();
        let mut subnets = Vec::new();
        for (index, item) in items.unwrap_or_default().into_iter().enumerate() {
            let owner = format!("`subnets[{index}]` of VPC `{name}`");
            let Some(fields) = self.fields(&item, &owner, &language::SUBNET) else {
                continue;
            };
            let zone = fields
                .require(self, "zone", "`zone: euc1-az1`")
                .and_then(|item| self.zone(&item, &vpc.region));
            let cidr = fields
                .require(self, "cidr", "`cidr: 10.0.0.0/24`")
                .and_then(|item| self.subnet_cidr(item, name, &vpc.cidrs, &mut kept));
            let id = fields.get("id");
            let id = id.and_then(|item| self.existing(&item, Existing::Subnet));
            if let (Some(zone), Some(cidr)) = (zone, cidr) {
                subnets.push(Subnet { zone, cidr, id });
            }
        }
        subnets
    }

    fn subnet_cidr<'n>(
        &mut self,
        item: Item<'n>,
        vpc: &str,
        ranges: &[Ipv4Net],
        kept: &mut Vec<(IpNet, Item<'n>)>,
    ) -> Option<Ipv4Net> {
        let net = self.aws_cidr(&item)?;
        if !ranges.is_empty() && !ranges.iter().any(|range| range.contains(&net)) {
            self.outside(&item, &net.to_string(), vpc, ranges);
            return None;
        }
        self.keep_apart(net.into(), item, kept, "overlapping-subnets")
            .then_some(net)
    }

    /// Adds a range to those of its VPC unless it overlaps one of them.
    fn keep_apart<'n>(
        &mut self,
        net: IpNet,
        item: Item<'n>,
        kept: &mut Vec<(IpNet, Item<'n>)>,
        fault: &'static str,
    ) -> bool {
        let overlaps =
            |(other, _): &&(IpNet, Item<'n>)| other.contains(&net) || net.contains(other);
        if let Some((other, first)) = kept.iter().find(overlaps) {
            self.push(
                Diagnostic::error(fault, format!("`{net}` overlaps `{other}`"), item.at())
                    .label("shares addresses with it")
                    .related(
                        first.at(),
                        format!("holds {} to {}", other.network(), other.broadcast()),
                    )
                    .help("give one of the two another range"),
            );
            return false;
        }
        kept.push((net, item));
        true
    }

    /// Reports a list that must not be empty.
    pub(super) fn empty(&mut self, item: &Item<'_>, example: &str) {
        let At::Bytes(start, end) = item.at() else {
            return;
        };
        self.push(
            Diagnostic::error(
                "wrong-type",
                format!("{} is empty", item.name),
                At::Bytes(start, end),
            )
            .label("at least one is needed")
            .help(format!("write {example}")),
        );
    }
}
