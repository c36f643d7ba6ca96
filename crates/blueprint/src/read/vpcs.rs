//! Reads `vpcs`.

use ipnet::Ipv4Net;

use super::fields::{Fields, Item, Reader};
use super::scalars::short;
use crate::diagnostic::{At, Diagnostic};
use crate::source::{Entry, Value};
use crate::spec::{Subnet, Vpc};

/// Most VPCs of a spec: ten times the largest estate we know of, and what the lab can raise.
pub const MAX_VPCS: usize = 64;

/// Most ranges of a VPC: AWS's ceiling for the quota "IPv4 CIDR blocks per VPC".
pub const MAX_CIDRS_PER_VPC: usize = 50;

/// Most subnets of a VPC: AWS's default quota "Subnets per VPC".
pub const MAX_SUBNETS_PER_VPC: usize = 200;

const KEYS: [&str; 6] = ["account", "cidr", "cidrs", "zones", "subnets", "routes"];

impl Reader {
    /// Reads one VPC under its name.
    pub(super) fn vpc(&mut self, entry: &Entry) -> Option<(String, Vpc)> {
        let name = &entry.key.text;
        let owner = format!("VPC `{}`", short(name));
        let item = Item::of_entry(entry, owner.clone());
        let named = self.name(name, item.head());
        let fields = self.fields(&item, &owner, &KEYS)?;
        let account = fields
            .require(self, "account", "`account: \"111111111111\"`")
            .and_then(|item| self.account(&item));
        let cidrs = self.vpc_cidrs(&fields);
        let mut vpc = Vpc {
            account: account.unwrap_or_default(),
            region: self.region.clone().unwrap_or_default(),
            cidrs,
            ..Vpc::default()
        };
        self.layout(&fields, name, &mut vpc);
        let routes = fields.get("routes");
        let ranges = fields.get("cidr").or_else(|| fields.get("cidrs"));
        vpc.routes = routes.and_then(|item| self.routes(&item, name, &vpc, ranges.as_ref()));
        let has_subnets = !vpc.zones.is_empty() || !vpc.subnets.is_empty();
        let complete = !vpc.account.is_empty() && !vpc.cidrs.is_empty();
        (named && complete && has_subnets).then(|| (name.clone(), vpc))
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
        let mut kept: Vec<(Ipv4Net, Item<'_>)> = Vec::new();
        for item in items {
            if let Some(net) = self.aws_cidr(&item) {
                self.keep_apart(net, item, &mut kept, "overlapping-cidrs");
            }
        }
        kept.into_iter().map(|(net, _)| net).collect()
    }

    fn layout(&mut self, fields: &Fields<'_>, name: &str, vpc: &mut Vpc) {
        let example = self.zones_example();
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
            vpc.zones = self.zones(&item).unwrap_or_default();
        } else {
            vpc.subnets = self.subnets(&item, name, &vpc.cidrs);
        }
    }

    fn subnets(&mut self, item: &Item<'_>, vpc: &str, ranges: &[Ipv4Net]) -> Vec<Subnet> {
        let example = "`- { zone: euc1-az1, cidr: 10.0.0.0/24 }` lines";
        let items = self.list(item, example, MAX_SUBNETS_PER_VPC);
        let mut kept: Vec<(Ipv4Net, Item<'_>)> = Vec::new();
        let mut subnets = Vec::new();
        for (index, item) in items.unwrap_or_default().into_iter().enumerate() {
            let owner = format!("`subnets[{index}]` of VPC `{vpc}`");
            let Some(fields) = self.fields(&item, &owner, &["zone", "cidr"]) else {
                continue;
            };
            let zone = fields
                .require(self, "zone", "`zone: euc1-az1`")
                .and_then(|item| self.zone(&item));
            let cidr = fields
                .require(self, "cidr", "`cidr: 10.0.0.0/24`")
                .and_then(|item| self.subnet_cidr(item, vpc, ranges, &mut kept));
            if let (Some(zone), Some(cidr)) = (zone, cidr) {
                subnets.push(Subnet {
                    zone,
                    cidr,
                    id: None,
                });
            }
        }
        subnets
    }

    fn subnet_cidr<'n>(
        &mut self,
        item: Item<'n>,
        vpc: &str,
        ranges: &[Ipv4Net],
        kept: &mut Vec<(Ipv4Net, Item<'n>)>,
    ) -> Option<Ipv4Net> {
        let net = self.aws_cidr(&item)?;
        if !ranges.is_empty() && !ranges.iter().any(|range| range.contains(&net)) {
            self.outside(&item, &net.to_string(), vpc, ranges);
            return None;
        }
        self.keep_apart(net, item, kept, "overlapping-subnets")
            .then_some(net)
    }

    /// Adds a range to those of its VPC unless it overlaps one of them.
    fn keep_apart<'n>(
        &mut self,
        net: Ipv4Net,
        item: Item<'n>,
        kept: &mut Vec<(Ipv4Net, Item<'n>)>,
        fault: &'static str,
    ) -> bool {
        let overlaps =
            |(other, _): &&(Ipv4Net, Item<'n>)| other.contains(&net) || net.contains(other);
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
