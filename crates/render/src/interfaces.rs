//! Network interfaces as the texts of both targets name them: who stands at an address, and the
//! security groups and subnets of several.

use std::collections::{BTreeMap, BTreeSet};
use std::net::Ipv4Addr;

use blueprint::Blueprint;
use blueprint::ids::{EniId, VpcId, ZoneId};
use blueprint::network::Eni;

use crate::object::{Attribute, Object};
use crate::value::Value;

/// The interfaces of what has one in each zone.
pub(crate) fn by_zone<'b>(
    blueprint: &'b Blueprint,
    enis: &BTreeMap<ZoneId, EniId>,
) -> Vec<&'b Eni> {
    let enis = enis.values();
    enis.filter_map(|eni| blueprint.enis.get(eni)).collect()
}

/// The interface at an address of a VPC; other VPCs may have the same range.
pub(crate) fn at<'b>(
    blueprint: &'b Blueprint,
    vpc: &VpcId,
    address: Ipv4Addr,
) -> Option<(&'b EniId, &'b Eni)> {
    let mut enis = blueprint.enis.iter();
    enis.find(|(_, eni)| {
        let subnet = blueprint.subnets.get(&eni.subnet);
        eni.address == address && subnet.is_some_and(|subnet| subnet.vpc == *vpc)
    })
}

/// The security groups that interfaces wear, each once.
pub(crate) fn groups(enis: &[&Eni]) -> Vec<Value> {
    let groups: BTreeSet<_> = enis.iter().flat_map(|eni| &eni.security_groups).collect();
    let groups = groups.into_iter();
    groups
        .map(|group| Value::Of(Object::SecurityGroup(group.clone()), Attribute::Id))
        .collect()
}

/// The subnets of interfaces, in their order.
pub(crate) fn subnets(enis: &[&Eni]) -> Vec<Value> {
    let subnets = enis.iter();
    subnets
        .map(|eni| Value::Of(Object::Subnet(eni.subnet.clone()), Attribute::Id))
        .collect()
}
