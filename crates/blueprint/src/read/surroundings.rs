//! Reads what else a VPC has: attachment zones, network ACLs, hosted zones, resolver rules,
//! switches and service endpoints.

use std::collections::{BTreeMap, BTreeSet};
use std::net::Ipv4Addr;

use super::existing::Existing;
use super::fields::{Fields, Item, Reader};
use super::scalars::{parse_number, short};
use crate::diagnostic::Diagnostic;
use crate::language;
use crate::source::Value;
use crate::spec::{AclEntry, HostedZone, NetworkAcl, ResolverRule, Vpc};

/// Most network ACLs of a VPC: AWS's default quota "Network ACLs per VPC".
pub const MAX_NETWORK_ACLS: usize = 200;

/// Most entries of a network ACL in one direction: AWS's ceiling for "Rules per network ACL".
pub const MAX_ACL_ENTRIES: usize = 40;

/// Most private hosted zones of a VPC in a spec: more than any estate we know of has for Kafka.
pub const MAX_HOSTED_ZONES_PER_VPC: usize = 100;

/// Most records of a hosted zone: a name for each of 180 brokers in five listeners.
pub const MAX_RECORDS_PER_ZONE: usize = 1000;

/// Most addresses of a record: one for each broker.
pub const MAX_RECORD_ADDRESSES: usize = super::clusters::MAX_BROKERS;

/// Most resolver rules of a VPC in a spec, as of hosted zones.
pub const MAX_RESOLVER_RULES: usize = 100;

/// Most servers of a resolver rule: AWS's quota "Target IP addresses per rule".
pub const MAX_RULE_TARGETS: usize = 6;

/// Most interface endpoints of a VPC: AWS's default quota "Interface endpoints per VPC".
pub const MAX_SERVICE_ENDPOINTS: usize = 50;

/// Largest packet that hosts of a VPC send, in bytes: what every IPv4 host takes (RFC 791) to
/// AWS's jumbo frames (EC2 guide, "Network MTU").
pub const MTU_BYTES: std::ops::RangeInclusive<u32> = 576..=9001;

impl Reader {
    /// Reads what else a VPC has.
    pub(super) fn surroundings(&mut self, fields: &Fields<'_>, name: &str, vpc: &mut Vpc) {
        let transit_zones = fields.get("transit_zones");
        vpc.transit_zones = transit_zones.and_then(|item| self.zones_in(&item, name, vpc));
        let acls = fields.get("network_acls");
        vpc.network_acls = acls
            .map(|item| self.network_acls(&item, name, vpc))
            .unwrap_or_default();
        let zones = fields.get("hosted_zones");
        vpc.hosted_zones = zones
            .map(|item| self.hosted_zones(&item, name))
            .unwrap_or_default();
        let rules = fields.get("resolver_rules");
        vpc.resolver_rules = rules
            .map(|item| self.resolver_rules(&item, name))
            .unwrap_or_default();
        vpc.dns = fields.get("dns").and_then(|item| self.flag(&item));
        vpc.nat = fields.get("nat").and_then(|item| self.flag(&item));
        let mtu = fields.get("mtu");
        vpc.mtu = mtu.and_then(|item| self.number(&item, "bad-number", MTU_BYTES, "`1500`"));
        let services = fields.get("service_endpoints");
        vpc.service_endpoints = services
            .map(|item| self.service_endpoints(&item))
            .unwrap_or_default();
    }

    fn network_acls(&mut self, item: &Item<'_>, name: &str, vpc: &Vpc) -> Vec<NetworkAcl> {
        let example = "`- { ingress: […], egress: […] }` lines";
        let items = self.list(item, example, MAX_NETWORK_ACLS);
        let mut kept: Vec<(NetworkAcl, Item<'_>)> = Vec::new();
        for (index, item) in items.unwrap_or_default().into_iter().enumerate() {
            let owner = format!("`network_acls[{index}]` of VPC `{name}`");
            let Some(fields) = self.fields(&item, &owner, &language::NETWORK_ACL) else {
                continue;
            };
            let zones = fields.get("zones");
            let acl = NetworkAcl {
                zones: zones
                    .and_then(|item| self.zones_in(&item, name, vpc))
                    .unwrap_or_default(),
                ingress: self.acl_entries(&fields, "ingress"),
                egress: self.acl_entries(&fields, "egress"),
            };
            match kept.iter().find(|(other, _)| share_a_subnet(other, &acl)) {
                Some((_, first)) => self.conflicting_acl(name, &item, first),
                None => kept.push((acl, item)),
            }
        }
        kept.into_iter().map(|(acl, _)| acl).collect()
    }

    fn acl_entries(&mut self, fields: &Fields<'_>, key: &str) -> Vec<AclEntry> {
        let example = format!("`{key}: [{{ allow: 10.0.0.0/8 }}]`, or `{key}: []` to drop all");
        let Some(item) = fields.require(self, key, &example) else {
            return Vec::new();
        };
        let items = self.list(&item, &example, MAX_ACL_ENTRIES);
        let items = items.unwrap_or_default().into_iter();
        items.filter_map(|item| self.acl_entry(&item)).collect()
    }

    fn acl_entry(&mut self, item: &Item<'_>) -> Option<AclEntry> {
        let fields = self.fields(item, &item.name, &language::ACL_ENTRY)?;
        let cidr = fields.either(self, ["allow", "deny"], "`allow: 10.0.0.0/16`");
        let cidr = cidr.and_then(|item| self.cidr(&item));
        let ports = fields.get("ports");
        let (from_port, to_port) = match ports {
            Some(item) => self.port_range(&item)?,
            None => (0, u16::MAX),
        };
        Some(AclEntry {
            allow: fields.get("allow").is_some(),
            cidr: cidr?,
            from_port,
            to_port,
        })
    }

    /// Reads a port, or the first and last of a range.
    fn port_range(&mut self, item: &Item<'_>) -> Option<(u16, u16)> {
        let example = "`ports: 9092` or `ports: 1024-65535`";
        let text = self.text(item, "a port or a range of ports", example)?;
        let (first, last) = text.split_once('-').unwrap_or((text, text));
        let port = |text: &str| parse_number(text).and_then(|port| u16::try_from(port).ok());
        let range = port(first).zip(port(last));
        let range = range.filter(|(first, last)| *last != 0 && first <= last);
        if range.is_none() {
            let title = format!("`{}` for {} is no range of ports", short(text), item.name);
            let finding = Diagnostic::error("bad-port", title, item.at())
                .label("expected a port, or two from the lower to the higher")
                .help(format!("write {example}"));
            self.push(finding);
        }
        range
    }

    fn conflicting_acl(&mut self, vpc: &str, item: &Item<'_>, first: &Item<'_>) {
        self.push(
            Diagnostic::error(
                "conflicting-acl",
                format!("two network ACLs of VPC `{vpc}` stand before the same subnets"),
                item.at(),
            )
            .label("a subnet has one network ACL")
            .related(first.at(), "first given here; this one was read")
            .help("give each `zones` of its own, or put the entries into one"),
        );
    }

    fn hosted_zones(&mut self, item: &Item<'_>, vpc: &str) -> Vec<HostedZone> {
        let example = "`- { name: corp.internal, records: { … } }` lines";
        let items = self.list(item, example, MAX_HOSTED_ZONES_PER_VPC);
        let mut firsts: BTreeMap<String, Item<'_>> = BTreeMap::new();
        let mut zones = Vec::new();
        for (index, item) in items.unwrap_or_default().into_iter().enumerate() {
            let owner = format!("`hosted_zones[{index}]` of VPC `{vpc}`");
            let Some(fields) = self.fields(&item, &owner, &language::HOSTED_ZONE) else {
                continue;
            };
            let name_item = fields.require(self, "name", "`name: corp.internal`");
            let name = name_item
                .as_ref()
                .and_then(|item| self.domain(item, "`corp.internal`"));
            let id = fields.get("id");
            let id = id.and_then(|item| self.existing(&item, Existing::HostedZone));
            let records = fields.get("records");
            let records = records.map(|item| self.records(&item, name.as_deref()));
            if let Some(name) = self.new_domain(name, name_item, &mut firsts) {
                let records = records.unwrap_or_default();
                zones.push(HostedZone { name, id, records });
            }
        }
        zones
    }

    fn records(&mut self, item: &Item<'_>, zone: Option<&str>) -> BTreeMap<String, Vec<Ipv4Addr>> {
        let entries = self.entries(item, &item.name).unwrap_or_default();
        if let Some(surplus) = entries.get(MAX_RECORDS_PER_ZONE) {
            self.exceeded(&item.name, MAX_RECORDS_PER_ZONE, &surplus.key.span);
        }
        let mut records = BTreeMap::new();
        for entry in entries.into_iter().take(MAX_RECORDS_PER_ZONE) {
            let value = item.entry(entry);
            let addresses = self.addresses_of(&value, MAX_RECORD_ADDRESSES);
            let Some(name) = self.name_in_zone(&entry.key, zone) else {
                continue;
            };
            records.extend(addresses.map(|addresses| (name, addresses)));
        }
        records
    }

    /// Reads one address or a list of them.
    fn addresses_of(&mut self, item: &Item<'_>, limit: usize) -> Option<Vec<Ipv4Addr>> {
        let Value::List(nodes) = &item.node.value else {
            return self.any_address(item).map(|address| vec![address]);
        };
        let example = "`[10.0.0.10]`";
        if nodes.is_empty() {
            self.empty(item, example);
        }
        let items = self.list(item, example, limit)?;
        let addresses = items.iter().filter_map(|item| self.any_address(item));
        let addresses: Vec<Ipv4Addr> = addresses.collect();
        (!addresses.is_empty()).then_some(addresses)
    }

    fn resolver_rules(&mut self, item: &Item<'_>, vpc: &str) -> Vec<ResolverRule> {
        let example = "`- { domain: corp.internal, to: [10.9.0.2] }` lines";
        let items = self.list(item, example, MAX_RESOLVER_RULES);
        let mut firsts: BTreeMap<String, Item<'_>> = BTreeMap::new();
        let mut rules = Vec::new();
        for (index, item) in items.unwrap_or_default().into_iter().enumerate() {
            let owner = format!("`resolver_rules[{index}]` of VPC `{vpc}`");
            let Some(fields) = self.fields(&item, &owner, &language::RESOLVER_RULE) else {
                continue;
            };
            let domain_item = fields.require(self, "domain", "`domain: corp.internal`");
            let domain = domain_item
                .as_ref()
                .and_then(|item| self.any_domain(item, "`corp.internal`"));
            let to = fields
                .require(self, "to", "`to: [10.9.0.2]`")
                .and_then(|item| self.servers(&item));
            let domain = self.new_domain(domain, domain_item, &mut firsts);
            if let (Some(domain), Some(to)) = (domain, to) {
                rules.push(ResolverRule { domain, to });
            }
        }
        rules
    }

    fn servers(&mut self, item: &Item<'_>) -> Option<Vec<Ipv4Addr>> {
        if matches!(item.node.value, Value::List(_)) {
            return self.addresses_of(item, MAX_RULE_TARGETS);
        }
        self.wrong_type(item, "a list", "write `to: [10.9.0.2]`");
        None
    }

    /// Yields a domain that a VPC was not given before.
    fn new_domain<'n>(
        &mut self,
        domain: Option<String>,
        item: Option<Item<'n>>,
        firsts: &mut BTreeMap<String, Item<'n>>,
    ) -> Option<String> {
        let (domain, item) = (domain?, item?);
        if let Some(first) = firsts.get(&domain) {
            self.repeated_value("duplicate-domain", &domain, &item, first);
            return None;
        }
        firsts.insert(domain.clone(), item);
        Some(domain)
    }

    fn service_endpoints(&mut self, item: &Item<'_>) -> BTreeSet<String> {
        let example = "`service_endpoints: [lambda, sts]`";
        let items = self.list(item, example, MAX_SERVICE_ENDPOINTS);
        let mut firsts: BTreeMap<String, Item<'_>> = BTreeMap::new();
        for item in items.unwrap_or_default() {
            let Some(text) = self.text(&item, "an AWS service", "`lambda`") else {
                continue;
            };
            let inner = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || ".-".contains(c);
            if !text.starts_with(|c: char| c.is_ascii_alphanumeric()) || !text.chars().all(inner) {
                let title = format!("`{}` is no name of an AWS service", short(text));
                let finding = Diagnostic::error("bad-name", title, item.at())
                    .label("expected lower-case letters, digits, `.` and `-`")
                    .help("write the last part of the service's name, such as `lambda`");
                self.push(finding);
                continue;
            }
            match firsts.get(text) {
                Some(first) => self.repeated(text, &item, first),
                None => {
                    firsts.insert(text.to_owned(), item);
                }
            }
        }
        firsts.into_keys().collect()
    }
}

/// Whether two network ACLs stand before one subnet.
fn share_a_subnet(one: &NetworkAcl, other: &NetworkAcl) -> bool {
    let everywhere = one.zones.is_empty() || other.zones.is_empty();
    everywhere || one.zones.iter().any(|zone| other.zones.contains(zone))
}
