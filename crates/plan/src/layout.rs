//! VPCs, their subnets and a route table for each with the local routes.

use std::collections::BTreeMap;
use std::net::Ipv4Addr;

use blueprint::diagnostic::{At, Diagnostic};
use blueprint::ids::{RouteTableId, SubnetId, VpcId, ZoneId};
use blueprint::network::{self, RouteTable, RouteTarget, Subnet};
use blueprint::spec;
use ipnet::Ipv4Net;

use crate::draft::Draft;
use crate::intent::{Intent, Vpc};
use crate::naming;

/// Largest packet inside a VPC and across a peering within a Region, in bytes (AWS's VPC guide).
const MTU_BYTES: u32 = 9001;

/// Largest packet across a peering between Regions, in bytes (fact `mtu.peering-other-region`;
/// 1500 in the guide of 2023).
const MTU_BYTES_ACROSS_REGIONS: u32 = 8500;

/// Bits by which a laid-out subnet is longer than its VPC's range: sixteen blocks, since no
/// Region has more zones than that, and each is still 4,091 addresses of a /16.
const SUBNET_BITS: u8 = 4;

/// Longest prefix AWS allows for a subnet.
const LONGEST_PREFIX: u8 = 28;

/// A subnet as placed.
pub(crate) struct Plot {
    pub(crate) id: SubnetId,
    pub(crate) zone: ZoneId,
    pub(crate) cidr: Ipv4Net,
}

/// The subnets of each VPC, in order.
pub(crate) struct Plots(BTreeMap<String, Vec<Plot>>);

impl Plots {
    pub(crate) fn of(&self, vpc: &str) -> &[Plot] {
        self.0.get(vpc).map_or(&[], Vec::as_slice)
    }

    /// The zones in which a VPC has a subnet, in order.
    pub(crate) fn zones(&self, vpc: &str) -> Vec<&ZoneId> {
        distinct(self.of(vpc).iter().map(|plot| &plot.zone))
    }

    pub(crate) fn has_zone(&self, vpc: &str, zone: &ZoneId) -> bool {
        self.of(vpc).iter().any(|plot| plot.zone == *zone)
    }
}

/// Largest packet across a peering of the two, in bytes.
pub(crate) fn peering_mtu_bytes(one: &Vpc<'_>, other: &Vpc<'_>) -> u32 {
    if one.region == other.region {
        MTU_BYTES
    } else {
        MTU_BYTES_ACROSS_REGIONS
    }
}

/// The zones a VPC asks for, in order.
pub(crate) fn zones(vpc: &spec::Vpc) -> Vec<&ZoneId> {
    let said = vpc.subnets.iter().map(|subnet| &subnet.zone);
    distinct(if vpc.subnets.is_empty() {
        vpc.zones.iter().collect::<Vec<_>>()
    } else {
        said.collect()
    })
}

fn distinct<'z>(zones: impl IntoIterator<Item = &'z ZoneId>) -> Vec<&'z ZoneId> {
    let mut distinct = Vec::new();
    for zone in zones {
        if !distinct.contains(&zone) {
            distinct.push(zone);
        }
    }
    distinct
}

/// Writes VPCs, subnets and route tables.
pub(crate) fn write(intent: &Intent<'_>, draft: &mut Draft) -> Plots {
    let mut plots = BTreeMap::new();
    for vpc in &intent.vpcs {
        write_vpc(vpc, draft);
        let of_vpc = if vpc.asked.subnets.is_empty() {
            laid_out(vpc, draft)
        } else {
            as_said(vpc, draft)
        };
        for plot in &of_vpc {
            write_subnet(vpc, plot, draft);
        }
        plots.insert(vpc.name.to_owned(), of_vpc);
    }
    Plots(plots)
}

fn write_vpc(vpc: &Vpc<'_>, draft: &mut Draft) {
    let id = VpcId::from(vpc.name);
    let base = vpc
        .asked
        .cidrs
        .first()
        .map_or(0, |range| u32::from(range.network()));
    draft.origin(&id, &vpc.key);
    let mtu = vpc.asked.mtu.unwrap_or_else(|| {
        let because = "AWS's jumbo frames; hosts negotiate less where a carrier takes less";
        draft.fill(vpc.key.key("mtu"), MTU_BYTES, because);
        MTU_BYTES
    });
    let settled = network::Vpc {
        account: vpc.asked.account.clone(),
        region: vpc.region.to_owned(),
        ipv6_cidrs: vpc.asked.ipv6_cidrs.clone(),
        cidrs: vpc.asked.cidrs.iter().map(Ipv4Net::trunc).collect(),
        resolver: Ipv4Addr::from(base.saturating_add(2)),
        mtu,
        dns: vpc.asked.dns.unwrap_or(true),
        nat: vpc.asked.nat.unwrap_or(false),
        service_endpoints: vpc.asked.service_endpoints.clone(),
    };
    draft.blueprint.vpcs.insert(id, settled);
}

fn write_subnet(vpc: &Vpc<'_>, plot: &Plot, draft: &mut Draft) {
    let table = RouteTableId::from(plot.id.as_str());
    draft.origin(&plot.id, &vpc.key);
    draft.origin(&table, &vpc.key);
    let local = vpc.asked.cidrs.iter().map(|range| network::Route {
        destination: range.trunc(),
        target: RouteTarget::Local,
    });
    let routes = RouteTable {
        vpc: VpcId::from(vpc.name),
        routes: local.collect(),
    };
    draft.blueprint.route_tables.insert(table.clone(), routes);
    let subnet = Subnet {
        vpc: VpcId::from(vpc.name),
        zone: plot.zone.clone(),
        cidr: plot.cidr,
        route_table: table,
        network_acl: None,
    };
    draft.blueprint.subnets.insert(plot.id.clone(), subnet);
}

/// One subnet per zone: the zone's position is its block of the primary range.
fn laid_out(vpc: &Vpc<'_>, draft: &mut Draft) -> Vec<Plot> {
    let Some(range) = vpc.asked.cidrs.first() else {
        return Vec::new();
    };
    let prefix = (range.prefix_len() + SUBNET_BITS)
        .min(LONGEST_PREFIX)
        .max(range.prefix_len());
    let mut blocks = range.trunc().subnets(prefix).into_iter().flatten();
    let mut plots = Vec::new();
    for zone in zones(vpc.asked) {
        let Some(cidr) = blocks.next() else {
            draft.report(no_block(vpc, zone, *range, prefix));
            continue;
        };
        plots.push(Plot {
            id: naming::subnet(vpc.name, zone, 1),
            zone: zone.clone(),
            cidr,
        });
    }
    if !plots.is_empty() {
        let said: Vec<_> = plots
            .iter()
            .map(|plot| format!("{}: {}", plot.zone, plot.cidr))
            .collect();
        let because = format!("one /{prefix} per zone, by the zone's position in the list");
        draft.fill(vpc.key.key("subnets"), said.join(", "), because);
    }
    plots
}

fn no_block(vpc: &Vpc<'_>, zone: &ZoneId, range: Ipv4Net, prefix: u8) -> Diagnostic {
    let title = format!("`{}` has no room for a subnet in {zone}", vpc.name);
    Diagnostic::error("exhausted-range", title, At::Value(vpc.key.key("zones")))
        .label(format!(
            "{range} is cut into blocks of /{prefix}, and all are used"
        ))
        .help("list `subnets` with their ranges, or give the VPC a wider one")
}

/// The subnets that were said, those excepted that no VPC could hold.
fn as_said(vpc: &Vpc<'_>, draft: &mut Draft) -> Vec<Plot> {
    let mut plots: Vec<Plot> = Vec::new();
    for (index, subnet) in vpc.asked.subnets.iter().enumerate() {
        let cidr = subnet.cidr.trunc();
        if let Some(why) = misfit(vpc, cidr, &plots) {
            let key = vpc.key.key("subnets").index(index).key("cidr");
            let title = format!("`{}` cannot have the subnet {cidr}", vpc.name);
            let fault = Diagnostic::error("misplaced-subnet", title, At::Value(key))
                .label(why)
                .help("give it a free part of the VPC's ranges");
            draft.report(fault);
            continue;
        }
        let nth = 1 + plots.iter().filter(|plot| plot.zone == subnet.zone).count();
        plots.push(Plot {
            id: naming::subnet(vpc.name, &subnet.zone, nth),
            zone: subnet.zone.clone(),
            cidr,
        });
    }
    plots
}

fn misfit(vpc: &Vpc<'_>, cidr: Ipv4Net, plots: &[Plot]) -> Option<String> {
    if !vpc.asked.cidrs.iter().any(|range| range.contains(&cidr)) {
        return Some("it lies in none of the VPC's ranges".to_owned());
    }
    let other = plots
        .iter()
        .find(|plot| plot.cidr.contains(&cidr) || cidr.contains(&plot.cidr))?;
    Some(format!("it overlaps `{}`, {}", other.id, other.cidr))
}
