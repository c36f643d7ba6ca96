//! The blueprint, indexed once the way packets ask: who holds this address in this VPC, who
//! carries this security group, which private zones does this VPC see.

use std::collections::{BTreeMap, BTreeSet};
use std::net::Ipv4Addr;

use blueprint::Blueprint;
use blueprint::dns::HostedZone;
use blueprint::ids::{EniId, HostedZoneId, SecurityGroupId, VpcId, ZoneId};
use blueprint::network::{Eni, Subnet};

/// A blueprint with its interfaces and zones indexed.
pub(crate) struct Network<'a> {
    pub(crate) blueprint: &'a Blueprint,
    interfaces: BTreeMap<&'a EniId, Interface<'a>>,
    holders: BTreeMap<&'a VpcId, BTreeMap<Ipv4Addr, Interface<'a>>>,
    members: BTreeMap<&'a SecurityGroupId, BTreeSet<Ipv4Addr>>,
    zones: BTreeMap<&'a VpcId, BTreeMap<&'a str, Zone<'a>>>,
}

/// An interface together with where it lies.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Interface<'a> {
    pub(crate) id: &'a EniId,
    pub(crate) eni: &'a Eni,
    pub(crate) subnet: &'a Subnet,
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

impl<'a> Network<'a> {
    /// Indexes a blueprint. An interface whose subnet does not exist is nowhere, so it is left
    /// out: nothing can be sent from it or reach it.
    pub(crate) fn new(blueprint: &'a Blueprint) -> Self {
        let mut network = Self {
            blueprint,
            interfaces: BTreeMap::new(),
            holders: BTreeMap::new(),
            members: BTreeMap::new(),
            zones: BTreeMap::new(),
        };
        for (id, eni) in &blueprint.enis {
            if let Some(subnet) = blueprint.subnets.get(&eni.subnet) {
                network.add_interface(Interface { id, eni, subnet });
            }
        }
        for (id, zone) in &blueprint.zones {
            network.add_zone(Zone { id, zone });
        }
        network
    }

    fn add_interface(&mut self, interface: Interface<'a>) {
        self.interfaces.insert(interface.id, interface);
        let held = self.holders.entry(interface.vpc()).or_default();
        held.entry(interface.address()).or_insert(interface);
        for group in &interface.eni.security_groups {
            let members = self.members.entry(group).or_default();
            members.insert(interface.address());
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

    /// Whether an address is that of some interface that carries the group.
    pub(crate) fn carries(&self, group: &SecurityGroupId, address: Ipv4Addr) -> bool {
        let members = self.members.get(group);
        members.is_some_and(|members| members.contains(&address))
    }

    /// The private zone of exactly this name that the VPC is associated with.
    pub(crate) fn zone(&self, vpc: &VpcId, name: &str) -> Option<Zone<'a>> {
        self.zones.get(vpc)?.get(name).copied()
    }
}
