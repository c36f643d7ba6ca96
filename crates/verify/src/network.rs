//! The blueprint, indexed once the way packets ask: who holds this address in this VPC, who
//! carries this security group, which private zones does this VPC see.

use std::collections::{BTreeMap, BTreeSet};
use std::net::Ipv4Addr;

use blueprint::Blueprint;
use blueprint::dns::{self, HostedZone};
use blueprint::ids::{
    EniId, HostedZoneId, NetworkAclId, PeeringId, ResolverRuleId, RouteTableId, SecurityGroupId,
    TransitAttachmentId, TransitGatewayId, TransitTableId, VpcId, ZoneId,
};
use blueprint::network::{AclEntry, Eni, Peering, Route, Subnet};
use blueprint::transit::{TransitAttachment, TransitTable, TransitTarget};
use ipnet::Ipv4Net;

use crate::journey::Side;
use crate::prefixes::Prefixes;
use crate::routing;

/// A blueprint with its interfaces, tables and zones indexed.
pub(crate) struct Network<'a> {
    pub(crate) blueprint: &'a Blueprint,
    interfaces: BTreeMap<&'a EniId, Interface<'a>>,
    holders: BTreeMap<&'a VpcId, BTreeMap<Ipv4Addr, Interface<'a>>>,
    subnets: BTreeMap<&'a VpcId, Prefixes<&'a Subnet>>,
    members: BTreeMap<&'a SecurityGroupId, BTreeMap<Ipv4Addr, BTreeSet<&'a VpcId>>>,
    tables: BTreeMap<&'a RouteTableId, Prefixes<&'a Route>>,
    acls: BTreeMap<&'a NetworkAclId, AclEntries<'a>>,
    peerings: BTreeSet<&'a PeeringId>,
    neighbours: BTreeMap<&'a VpcId, BTreeSet<&'a VpcId>>,
    attachments: BTreeMap<&'a VpcId, BTreeMap<&'a TransitGatewayId, Attachment<'a>>>,
    transit_tables: BTreeMap<&'a TransitTableId, Prefixes<TransitEntry<'a>>>,
    zones: BTreeMap<&'a VpcId, BTreeMap<&'a str, Zone<'a>>>,
    rules: BTreeMap<&'a VpcId, BTreeMap<&'a str, ResolverRule<'a>>>,
}

/// A VPC's attachment to a transit gateway with its id.
pub(crate) type Attachment<'a> = (&'a TransitAttachmentId, &'a TransitAttachment);

/// A network ACL's entries by number.
#[derive(Default)]
struct AclEntries<'a> {
    ingress: Vec<&'a AclEntry>,
    egress: Vec<&'a AclEntry>,
}

/// A route of a transit gateway's table.
#[derive(Clone, Copy, Debug)]
pub(crate) struct TransitEntry<'a> {
    pub(crate) range: Ipv4Net,
    pub(crate) origin: TransitOrigin<'a>,
}

/// How a transit gateway's table got a route.
#[derive(Clone, Copy, Debug)]
pub(crate) enum TransitOrigin<'a> {
    /// It was written.
    Static(&'a TransitTarget),
    /// An attachment propagates its VPC's ranges.
    Propagated(&'a TransitAttachmentId),
}

/// An interface together with where it lies.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Interface<'a> {
    pub(crate) id: &'a EniId,
    pub(crate) eni: &'a Eni,
    pub(crate) subnet: &'a Subnet,
    /// The number of its subnet.
    pub(crate) place: u32,
    /// The number of its security groups together with its VPC: interfaces that share it have
    /// the same rules, asked in the same place.
    pub(crate) guard: u32,
}

impl<'a> Interface<'a> {
    pub(crate) fn address(&self) -> Ipv4Addr {
        self.eni.address
    }

    pub(crate) fn vpc(&self) -> &'a VpcId {
        &self.subnet.vpc
    }

    pub(crate) fn zone(&self) -> &'a ZoneId {
        &self.subnet.zone
    }
}

/// A private hosted zone with its id.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Zone<'a> {
    pub(crate) id: &'a HostedZoneId,
    pub(crate) zone: &'a HostedZone,
}

/// A resolver rule with its id.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ResolverRule<'a> {
    pub(crate) id: &'a ResolverRuleId,
    pub(crate) rule: &'a dns::ResolverRule,
}

impl<'a> Network<'a> {
    /// Indexes a blueprint. An interface whose subnet does not exist is nowhere, so it is left
    /// out: nothing can be sent from it or reach it.
    pub(crate) fn new(blueprint: &'a Blueprint) -> Self {
        let mut network = Self {
            blueprint,
            interfaces: BTreeMap::new(),
            holders: BTreeMap::new(),
            subnets: BTreeMap::new(),
            members: BTreeMap::new(),
            tables: BTreeMap::new(),
            acls: BTreeMap::new(),
            peerings: BTreeSet::new(),
            neighbours: BTreeMap::new(),
            attachments: BTreeMap::new(),
            transit_tables: BTreeMap::new(),
            zones: BTreeMap::new(),
            rules: BTreeMap::new(),
        };
        network.add_interfaces();
        network.add_routing();
        network.add_names();
        network
    }

    fn add_interfaces(&mut self) {
        let mut places = BTreeMap::new();
        let mut guards = BTreeMap::new();
        for (id, eni) in &self.blueprint.enis {
            if let Some((subnet_id, subnet)) = self.blueprint.subnets.get_key_value(&eni.subnet) {
                let place = numbered(&mut places, subnet_id);
                let guard = numbered(&mut guards, (&subnet.vpc, &eni.security_groups[..]));
                self.add_interface(Interface {
                    id,
                    eni,
                    subnet,
                    place,
                    guard,
                });
            }
        }
        for subnet in self.blueprint.subnets.values() {
            let subnets = self.subnets.entry(&subnet.vpc).or_default();
            subnets.add(subnet.cidr, subnet);
        }
        for (id, acl) in &self.blueprint.network_acls {
            let entries = AclEntries {
                ingress: by_number(&acl.ingress),
                egress: by_number(&acl.egress),
            };
            self.acls.insert(id, entries);
        }
    }

    fn add_routing(&mut self) {
        for (id, table) in &self.blueprint.route_tables {
            let routes = self.tables.entry(id).or_default();
            for route in &table.routes {
                routes.add(route.destination, route);
            }
        }
        for (id, peering) in &self.blueprint.peerings {
            self.add_peering(id, peering);
        }
        for (id, attachment) in &self.blueprint.transit_attachments {
            let attached = self.attachments.entry(&attachment.vpc).or_default();
            attached
                .entry(&attachment.gateway)
                .or_insert((id, attachment));
        }
        for (id, table) in &self.blueprint.transit_tables {
            self.transit_tables
                .insert(id, transit_entries(self.blueprint, table));
        }
    }

    fn add_names(&mut self) {
        for (id, zone) in &self.blueprint.zones {
            self.add_zone(Zone { id, zone });
        }
        for (id, rule) in &self.blueprint.resolver_rules {
            for vpc in &rule.vpcs {
                let rules = self.rules.entry(vpc).or_default();
                rules
                    .entry(&rule.domain)
                    .or_insert(ResolverRule { id, rule });
            }
        }
    }

    /// AWS refuses a peering whose sides' ranges overlap, so it does not exist.
    fn add_peering(&mut self, id: &'a PeeringId, peering: &'a Peering) {
        let Peering {
            requester,
            accepter,
            ..
        } = peering;
        if !routing::overlaps(self.blueprint, requester, accepter).is_empty() {
            return;
        }
        self.peerings.insert(id);
        if self.region(requester) == self.region(accepter) {
            for (one, other) in [(requester, accepter), (accepter, requester)] {
                self.neighbours.entry(one).or_default().insert(other);
            }
        }
    }

    fn add_interface(&mut self, interface: Interface<'a>) {
        self.interfaces.insert(interface.id, interface);
        let held = self.holders.entry(interface.vpc()).or_default();
        held.entry(interface.address()).or_insert(interface);
        for group in &interface.eni.security_groups {
            let members = self.members.entry(group).or_default();
            let holders = members.entry(interface.address()).or_default();
            holders.insert(interface.vpc());
        }
    }

    /// Of two zones with one name the lowest id answers, which ids in order make the first.
    fn add_zone(&mut self, zone: Zone<'a>) {
        for vpc in &zone.zone.vpcs {
            let seen = self.zones.entry(vpc).or_default();
            seen.entry(&zone.zone.name).or_insert(zone);
        }
    }

    /// The interface of this name.
    pub(crate) fn interface(&self, id: &EniId) -> Option<Interface<'a>> {
        self.interfaces.get(id).copied()
    }

    /// The interface that holds an address in a VPC.
    pub(crate) fn holder(&self, vpc: &VpcId, address: Ipv4Addr) -> Option<Interface<'a>> {
        self.holders.get(vpc)?.get(&address).copied()
    }

    /// Whether a rule of an interface in `vpc` that names a group covers an address: it is that
    /// of an interface that carries the group, in the same VPC or in one that is peered with it
    /// within the Region.
    pub(crate) fn carries(&self, group: &SecurityGroupId, address: Ipv4Addr, vpc: &VpcId) -> bool {
        let members = self.members.get(group);
        let holders = members.and_then(|members| members.get(&address));
        let is_near = |holder: &&VpcId| {
            let neighbours = self.neighbours.get(vpc);
            neighbours.is_some_and(|near| near.contains(holder))
        };
        holders.is_some_and(|holders| {
            let mut holders = holders.iter();
            holders.any(|holder| *holder == vpc || is_near(holder))
        })
    }

    /// The zone of the subnet that an address of a VPC lies in.
    pub(crate) fn zone_of(&self, vpc: &VpcId, address: Ipv4Addr) -> Option<&'a ZoneId> {
        let subnet = self.subnets.get(vpc)?.narrowest(address)?;
        Some(&subnet.zone)
    }

    /// The Region of a VPC.
    pub(crate) fn region(&self, vpc: &VpcId) -> Option<&'a str> {
        Some(&self.blueprint.vpcs.get(vpc)?.region)
    }

    /// The route that takes an address where an interface stands: the narrowest one, of equal
    /// ones the first.
    pub(crate) fn route(&self, from: Interface<'_>, to: Ipv4Addr) -> Option<&'a Route> {
        let table = self.tables.get(&from.subnet.route_table)?;
        table.narrowest(to).copied()
    }

    /// Whether a peering exists.
    pub(crate) fn exists(&self, peering: &PeeringId) -> bool {
        self.peerings.contains(peering)
    }

    /// A VPC's attachment to a transit gateway.
    pub(crate) fn attachment(
        &self,
        vpc: &VpcId,
        gateway: &TransitGatewayId,
    ) -> Option<Attachment<'a>> {
        self.attachments.get(vpc)?.get(gateway).copied()
    }

    /// The entry of a transit gateway's table that takes an address.
    pub(crate) fn transit_entry(
        &self,
        table: &TransitTableId,
        to: Ipv4Addr,
    ) -> Option<TransitEntry<'a>> {
        self.transit_tables.get(table)?.narrowest(to).copied()
    }

    /// The entries of a network ACL by number; none of one that does not exist.
    pub(crate) fn acl_entries(&self, acl: &NetworkAclId, side: Side) -> &[&'a AclEntry] {
        let entries = self.acls.get(acl);
        entries.map_or(&[][..], |entries| match side {
            Side::Egress => &entries.egress,
            Side::Ingress => &entries.ingress,
        })
    }

    /// The resolver rule for exactly this domain that the VPC is associated with.
    pub(crate) fn rule(&self, vpc: &VpcId, domain: &str) -> Option<ResolverRule<'a>> {
        self.rules.get(vpc)?.get(domain).copied()
    }

    /// The private zone of exactly this name that the VPC is associated with.
    pub(crate) fn zone(&self, vpc: &VpcId, name: &str) -> Option<Zone<'a>> {
        self.zones.get(vpc)?.get(name).copied()
    }
}

/// The number of a thing: the next one for a thing that has none yet.
fn numbered<T: Ord>(numbers: &mut BTreeMap<T, u32>, thing: T) -> u32 {
    let next = u32::try_from(numbers.len()).unwrap_or(u32::MAX);
    *numbers.entry(thing).or_insert(next)
}

fn by_number(entries: &[AclEntry]) -> Vec<&AclEntry> {
    let mut entries: Vec<_> = entries.iter().collect();
    entries.sort_by_key(|entry| entry.number);
    entries
}

/// A transit gateway's table: of equal ranges static routes come before propagated ones, and of
/// those the one of the lowest attachment id.
fn transit_entries<'a>(
    blueprint: &'a Blueprint,
    table: &'a TransitTable,
) -> Prefixes<TransitEntry<'a>> {
    let mut entries = Prefixes::default();
    let mut add = |range, origin| entries.add(range, TransitEntry { range, origin });
    for route in &table.routes {
        add(route.destination, TransitOrigin::Static(&route.target));
    }
    for id in &table.propagations {
        let attachment = blueprint.transit_attachments.get(id);
        let vpc = attachment.and_then(|attachment| blueprint.vpcs.get(&attachment.vpc));
        for range in vpc.map_or(&[][..], |vpc| &vpc.cidrs) {
            add(*range, TransitOrigin::Propagated(id));
        }
    }
    entries
}
