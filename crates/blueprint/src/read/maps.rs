//! Readers of mappings whose keys are broker ids or zones.

use std::collections::BTreeMap;
use std::net::Ipv4Addr;

use super::clusters::MAX_BROKERS;
use super::fields::{Item, Reader};
use super::places::MAX_ZONES_PER_VPC;
use super::scalars::{parse_number, short};
use crate::diagnostic::Diagnostic;
use crate::ids::ZoneId;
use crate::source::Entry;
use crate::spec::{Cluster, Vpc};

impl Reader {
    /// The entries of a mapping from broker ids, each with its id; ids of no broker of `ids` are
    /// reported and left out.
    pub(super) fn by_broker<'n>(
        &mut self,
        item: &Item<'n>,
        ids: &[u32],
    ) -> Option<Vec<(u32, Item<'n>)>> {
        let entries = self.entries(item, &item.name)?;
        if let Some(surplus) = entries.get(MAX_BROKERS) {
            self.exceeded(&item.name, MAX_BROKERS, &surplus.key.span);
        }
        let mut found = Vec::new();
        for entry in entries.into_iter().take(MAX_BROKERS) {
            let id = parse_number(&entry.key.text).filter(|id| ids.contains(id));
            match id {
                Some(id) => found.push((id, item.entry(entry))),
                None => self.unknown_broker(entry, ids),
            }
        }
        Some(found)
    }

    /// The entries of a mapping from zones, each with its zone; zones in which the VPC has no
    /// subnet are reported and left out.
    pub(super) fn by_zone<'n>(
        &mut self,
        item: &Item<'n>,
        vpc_name: &str,
        vpc: &Vpc,
    ) -> Option<Vec<(ZoneId, Item<'n>)>> {
        let entries = self.entries(item, &item.name)?;
        if let Some(surplus) = entries.get(MAX_ZONES_PER_VPC) {
            self.exceeded(&item.name, MAX_ZONES_PER_VPC, &surplus.key.span);
        }
        let mut found = Vec::new();
        for entry in entries.into_iter().take(MAX_ZONES_PER_VPC) {
            let value = item.entry(entry);
            let zone = ZoneId(entry.key.text.clone());
            if has_zone(vpc, &zone) {
                found.push((zone, value));
            } else {
                self.unknown_zone(&value, &zone, vpc_name, entry.key.at());
            }
        }
        Some(found)
    }

    /// Reads a mapping from zones to addresses of a VPC, each address once.
    pub(super) fn addresses_by_zone(
        &mut self,
        item: &Item<'_>,
        vpc_name: &str,
        vpc: &Vpc,
    ) -> BTreeMap<ZoneId, Ipv4Addr> {
        let entries = self.by_zone(item, vpc_name, vpc).unwrap_or_default();
        self.addresses(entries, vpc_name, vpc)
    }

    /// Reads a mapping from brokers to addresses of their VPC, each address once.
    pub(super) fn addresses_by_broker(
        &mut self,
        item: &Item<'_>,
        ids: &[u32],
        vpc_name: &str,
        vpc: &Vpc,
    ) -> BTreeMap<u32, Ipv4Addr> {
        let entries = self.by_broker(item, ids).unwrap_or_default();
        self.addresses(entries, vpc_name, vpc)
    }

    /// Reads a list of zones in which a VPC must have subnets.
    pub(super) fn zones_of(
        &mut self,
        item: &Item<'_>,
        vpc_name: &str,
        vpc: &Vpc,
    ) -> Option<Vec<ZoneId>> {
        let zones = self.zone_items(item, &vpc.region)?;
        let mut kept = Vec::new();
        for (zone, item) in zones {
            if has_zone(vpc, &zone) {
                kept.push(zone);
            } else {
                self.unknown_zone(&item, &zone, vpc_name, item.at());
            }
        }
        Some(kept)
    }

    /// The same inside a VPC that is still being read: where its subnets are at fault, any zone
    /// of its Region will do.
    pub(super) fn zones_in(
        &mut self,
        item: &Item<'_>,
        vpc_name: &str,
        vpc: &Vpc,
    ) -> Option<Vec<ZoneId>> {
        if vpc.zones.is_empty() && vpc.subnets.is_empty() {
            self.zones(item, &vpc.region)
        } else {
            self.zones_of(item, vpc_name, vpc)
        }
    }

    fn addresses<K: Ord>(
        &mut self,
        entries: Vec<(K, Item<'_>)>,
        vpc_name: &str,
        vpc: &Vpc,
    ) -> BTreeMap<K, Ipv4Addr> {
        let mut firsts: BTreeMap<Ipv4Addr, Item<'_>> = BTreeMap::new();
        let mut found = BTreeMap::new();
        for (key, item) in entries {
            let Some(address) = self.address(&item, vpc_name, &vpc.cidrs) else {
                continue;
            };
            if let Some(first) = firsts.get(&address) {
                self.repeated_value("duplicate-address", &address.to_string(), &item, first);
                continue;
            }
            firsts.insert(address, item);
            found.insert(key, address);
        }
        found
    }

    /// Reports an address or port that two keys of a mapping share.
    pub(super) fn repeated_value(
        &mut self,
        fault: &'static str,
        text: &str,
        item: &Item<'_>,
        first: &Item<'_>,
    ) {
        self.push(
            Diagnostic::error(fault, format!("`{text}` is given twice"), item.at())
                .label("given again")
                .related(first.at(), "first given here")
                .help("give each its own"),
        );
    }

    /// Reports a key that is no broker's id.
    pub(super) fn unknown_broker(&mut self, entry: &Entry, ids: &[u32]) {
        let held = brokers_in_words(ids);
        self.push(
            Diagnostic::error(
                "unknown-broker",
                format!("there is no broker `{}`", short(&entry.key.text)),
                entry.key.at(),
            )
            .label("no broker of the cluster has this id")
            .help(format!("choose from {held}")),
        );
    }
}

/// Whether a VPC has a subnet in a zone.
pub(super) fn has_zone(vpc: &Vpc, zone: &ZoneId) -> bool {
    vpc.zones.contains(zone) || vpc.subnets.iter().any(|subnet| subnet.zone == *zone)
}

/// The largest id among a cluster's brokers.
pub(super) fn largest_id(cluster: &Cluster) -> u32 {
    cluster.brokers.iter().copied().max().unwrap_or(0)
}

fn brokers_in_words(ids: &[u32]) -> String {
    const MAX_LISTED: usize = 8;
    match ids {
        [first, .., last] if MAX_LISTED < ids.len() => format!("broker ids {first} to {last}"),
        _ => {
            let ids: Vec<String> = ids.iter().map(u32::to_string).collect();
            format!("broker ids {}", ids.join(", "))
        }
    }
}
