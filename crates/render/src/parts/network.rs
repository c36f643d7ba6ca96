//! VPCs and what lies in them.

use std::collections::BTreeSet;

use blueprint::Blueprint;
use blueprint::ids::{
    ClusterId, NetworkAclId, ObjectId, RouteTableId, SecurityGroupId, SubnetId, VpcId,
};
use blueprint::network::{EniOwner, Peer, RouteTarget, Rule, SecurityGroup};
use blueprint::stage::Stage;

use super::{Parts, subject};
use crate::names;
use crate::object::{Object, Way};

/// Clients whose groups stand in the template of their VPC: each takes about 1.4 kB of 51,200 bytes,
/// and some room is left for what else grows there.
const MAX_CLIENT_GROUPS: usize = 24;

/// Templates that the groups of more clients are spread over, by their names, so that one more
/// moves none: a spec's 256 clients are some 16 in each.
const CLIENT_BLOCKS: u64 = 16;

pub(super) fn write(parts: &mut Parts<'_>) {
    let blueprint = parts.blueprint;
    for (id, vpc) in &blueprint.vpcs {
        let ranges: Vec<_> = vpc.cidrs.iter().map(ToString::to_string).collect();
        let Some(place) = parts.in_vpc(id, Stage::Network, id.as_str()) else {
            continue;
        };
        let because = format!("VPC `{id}`, {}", ranges.join(", "));
        parts.add(Object::Vpc(id.clone()), place, because);
        write_subnets(id, parts);
        write_acls(id, parts);
        write_groups(id, parts);
    }
    write_interfaces(parts);
    for (id, peering) in &blueprint.peerings {
        let because = format!("joins `{}` and `{}`", peering.requester, peering.accepter);
        let place = parts.in_vpc(&peering.requester, Stage::Front, peering.requester.as_str());
        if let Some(place) = place {
            parts.add(Object::Peering(id.clone()), place, because);
        }
    }
}

fn write_subnets(vpc: &VpcId, parts: &mut Parts<'_>) {
    let blueprint = parts.blueprint;
    let Some(place) = parts.in_vpc(vpc, Stage::Network, vpc.as_str()) else {
        return;
    };
    for (id, subnet) in blueprint.subnets.iter().filter(|(_, s)| s.vpc == *vpc) {
        let because = format!("subnet of `{vpc}` in {}", subnet.zone);
        parts.add(Object::Subnet(id.clone()), place.clone(), because);
        if !parts.exists(id) {
            let because = format!("`{id}` has a route table of its own");
            let table = subnet.route_table.clone();
            parts.add(Object::RouteTable(table), place.clone(), &*because);
            let association = Object::RouteTableAssociation(id.clone());
            parts.add(association, place.clone(), because);
        }
        write_routes(vpc, &subnet.route_table, parts);
    }
}

fn write_routes(vpc: &VpcId, id: &RouteTableId, parts: &mut Parts<'_>) {
    let blueprint = parts.blueprint;
    let routes = blueprint.route_tables.get(id);
    for route in routes.into_iter().flat_map(|table| &table.routes) {
        let (stage, because) = match &route.target {
            RouteTarget::Local => continue,
            RouteTarget::Outside(gateway) => (Stage::Network, format!("by `{gateway}`")),
            RouteTarget::Peering(peering) => (Stage::Routes, format!("over peering `{peering}`")),
            RouteTarget::TransitGateway(gateway) => {
                (Stage::Routes, format!("over transit gateway `{gateway}`"))
            }
        };
        let object = Object::Route(id.clone(), route.destination);
        let is_told_twice = parts.written.iter().any(|part| part.object == object);
        if let Some(place) = parts.in_vpc(vpc, stage, vpc.as_str())
            && !is_told_twice
        {
            parts.add(object, place, because);
        }
    }
}

/// What is said of the network ACLs of subnets that exist describes what is there.
fn write_acls(vpc: &VpcId, parts: &mut Parts<'_>) {
    let blueprint = parts.blueprint;
    let Some(place) = parts.in_vpc(vpc, Stage::Network, vpc.as_str()) else {
        return;
    };
    for (id, acl) in blueprint.network_acls.iter().filter(|(_, a)| a.vpc == *vpc) {
        let users = users_of(id, parts);
        if users.iter().any(|subnet| parts.exists(subnet)) {
            continue;
        }
        let because = format!("network ACL `{id}`: stateless, what no entry allows is dropped");
        parts.add(Object::NetworkAcl(id.clone()), place.clone(), because);
        for (way, entries) in [(Way::Ingress, &acl.ingress), (Way::Egress, &acl.egress)] {
            for entry in entries {
                let object = Object::AclEntry(id.clone(), way, entry.number);
                let verb = if entry.allow { "allows" } else { "denies" };
                let because = format!("{verb} {}", entry.cidr);
                parts.add(object, place.clone(), because);
            }
        }
        for subnet in users {
            let because = format!("`{subnet}` uses network ACL `{id}`");
            parts.add(Object::AclAssociation(subnet), place.clone(), because);
        }
    }
}

fn users_of(acl: &NetworkAclId, parts: &Parts<'_>) -> Vec<SubnetId> {
    let subnets = parts.blueprint.subnets.iter();
    let users = subnets.filter(|(_, subnet)| subnet.network_acl.as_ref() == Some(acl));
    users.map(|(id, _)| id.clone()).collect()
}

fn write_groups(vpc: &VpcId, parts: &mut Parts<'_>) {
    let blueprint = parts.blueprint;
    let strangers = strangers(parts);
    let groups = blueprint.security_groups.iter();
    let groups = groups.filter(|(id, g)| g.vpc == *vpc && !strangers.contains(*id));
    let groups: Vec<_> = groups.collect();
    let crowd = Crowd::of(vpc, parts);
    for (id, _) in &groups {
        let because = wearers(id, parts);
        let place = parts.in_vpc(vpc, Stage::Network, crowd.subject(&[id]));
        if let Some(place) = place {
            parts.add(Object::SecurityGroup((*id).clone()), place, because);
        }
    }
    for (id, group) in groups {
        write_rules(id, group, &crowd, parts);
    }
}

/// The clients of a VPC, if they are too many for its template: they have templates of their own.
struct Crowd<'b> {
    vpc: &'b VpcId,
    groups: BTreeSet<&'b SecurityGroupId>,
}

impl<'b> Crowd<'b> {
    fn of(vpc: &'b VpcId, parts: &Parts<'b>) -> Self {
        let enis = parts.blueprint.enis.values();
        let worn = enis.filter(|eni| matches!(eni.owner, EniOwner::Client(_)));
        let worn = worn.flat_map(|eni| &eni.security_groups);
        let mut groups: BTreeSet<_> = worn
            .filter(|id| {
                let group = parts.blueprint.security_groups.get(id);
                group.is_some_and(|group| group.vpc == *vpc)
            })
            .collect();
        if groups.len() <= MAX_CLIENT_GROUPS {
            groups.clear();
        }
        Self { vpc, groups }
    }

    /// The subject of what belongs to these groups: that of the first client's, else the VPC's.
    fn subject(&self, groups: &[&SecurityGroupId]) -> String {
        let mut clients = groups.iter().filter(|id| self.groups.contains(*id));
        match clients.next() {
            Some(id) => {
                let block = names::block(id.as_str(), CLIENT_BLOCKS);
                format!("{}-clients-{block}", self.vpc)
            }
            None => self.vpc.to_string(),
        }
    }
}

fn write_rules(
    id: &SecurityGroupId,
    group: &SecurityGroup,
    crowd: &Crowd<'_>,
    parts: &mut Parts<'_>,
) {
    let blueprint = parts.blueprint;
    for (way, rules) in [(Way::Ingress, &group.ingress), (Way::Egress, &group.egress)] {
        for (at, rule) in rules.iter().enumerate() {
            let reach = (rule.from_port, rule.to_port, &rule.peer);
            let earlier = rules.iter().take(at);
            let mut earlier = earlier.map(|rule| (rule.from_port, rule.to_port, &rule.peer));
            if earlier.any(|known| known == reach) {
                continue; // AWS refuses a rule that a group has already.
            }
            if talk_without(id, rule, blueprint) {
                continue;
            }
            let (stage, subject) = match &rule.peer {
                Peer::Cidr(_) => (Stage::Network, crowd.subject(&[id])),
                Peer::Group(peer) => match blueprint.security_groups.get(peer) {
                    Some(of) if of.vpc != group.vpc => (Stage::Routes, group.vpc.to_string()),
                    Some(_) | None => (Stage::Network, crowd.subject(&[id, peer])),
                },
            };
            if let Some(place) = parts.in_vpc(&group.vpc, stage, subject) {
                parts.add(Object::Rule(id.clone(), way, at), place, &*rule.because);
            }
        }
    }
}

/// Whether a rule lets brokers talk among themselves who do so without it.
fn talk_without(group: &SecurityGroupId, rule: &Rule, blueprint: &Blueprint) -> bool {
    if rule.peer != Peer::Group(group.clone()) {
        return false;
    }
    let enis = blueprint.enis.values();
    let worn = enis.filter(|eni| eni.security_groups.contains(group));
    let clusters: BTreeSet<_> = worn
        .filter_map(|eni| match &eni.owner {
            EniOwner::Broker { cluster, .. } => Some(cluster),
            EniOwner::BalancerNode(_)
            | EniOwner::Endpoint(_)
            | EniOwner::ResourceGateway(_)
            | EniOwner::Gateway(_)
            | EniOwner::Client(_)
            | EniOwner::Witness => None,
        })
        .collect();
    let of_all = |id: &&ClusterId| {
        let ports = ports_without_rule(id, group, blueprint);
        (rule.from_port..=rule.to_port).all(|port| ports.contains(&port))
    };
    !clusters.is_empty() && clusters.iter().all(of_all)
}

/// The ports on which the brokers of a cluster of Amazon MSK need no rule of ours for one another.
/// Their controllers' port is made up for the lab, and brokers that exist, or whose group does,
/// are cared for already: AWS refuses a rule that is there.
fn ports_without_rule(
    id: &ClusterId,
    group: &SecurityGroupId,
    blueprint: &Blueprint,
) -> BTreeSet<u16> {
    let cluster = blueprint.clusters.get(id);
    let Some(cluster) = cluster.filter(|cluster| cluster.kind.is_msk()) else {
        return BTreeSet::new();
    };
    let mut ports: BTreeSet<u16> = cluster
        .controllers
        .values()
        .map(|(_, port)| *port)
        .collect();
    let exists = |noun: ObjectId| blueprint.existing.contains_key(&noun);
    if exists(id.into()) || exists(group.into()) {
        let brokers = cluster.brokers.values();
        let among = brokers.filter_map(|b| b.listeners.get(&cluster.inter_broker_listener));
        ports.extend(among.map(|listener| listener.port));
    }
    ports
}

/// Groups that nobody but a stranger wears.
fn strangers<'b>(parts: &Parts<'b>) -> BTreeSet<&'b SecurityGroupId> {
    let mut strangers = BTreeSet::new();
    let mut others = BTreeSet::new();
    for eni in parts.blueprint.enis.values() {
        match eni.owner {
            EniOwner::Witness => strangers.extend(&eni.security_groups),
            EniOwner::Broker { .. }
            | EniOwner::BalancerNode(_)
            | EniOwner::Endpoint(_)
            | EniOwner::ResourceGateway(_)
            | EniOwner::Gateway(_)
            | EniOwner::Client(_) => others.extend(&eni.security_groups),
        }
    }
    strangers.difference(&others).copied().collect()
}

/// Who wears a group, for people; it stays what it is as the spec grows.
fn wearers(id: &SecurityGroupId, parts: &Parts<'_>) -> String {
    let wears = |owner: &EniOwner| match owner {
        EniOwner::Broker { cluster, .. } => Some(format!("brokers of `{cluster}`")),
        EniOwner::BalancerNode(_) => Some("nodes of balancers".to_owned()),
        EniOwner::Endpoint(_) => Some("endpoints".to_owned()),
        EniOwner::ResourceGateway(gateway) => Some(format!("resource gateway `{gateway}`")),
        EniOwner::Gateway(gateway) => Some(format!("instances of gateway `{gateway}`")),
        EniOwner::Client(client) => Some(format!("hosts of client `{client}`")),
        EniOwner::Witness => None,
    };
    let enis = parts.blueprint.enis.values();
    let owners = enis.filter(|eni| eni.security_groups.contains(id));
    let wearers: BTreeSet<String> = owners.filter_map(|eni| wears(&eni.owner)).collect();
    if wearers.is_empty() {
        return format!("group `{id}`");
    }
    let wearers: Vec<_> = wearers.into_iter().collect();
    format!("for {}", wearers.join(", "))
}

/// Interfaces whose addresses are ours to fix.
fn write_interfaces(parts: &mut Parts<'_>) {
    let blueprint = parts.blueprint;
    for (id, eni) in &blueprint.enis {
        let Some(subnet) = blueprint.subnets.get(&eni.subnet) else {
            continue;
        };
        let (subject, because) = match &eni.owner {
            EniOwner::Broker { cluster, id } => {
                let of = blueprint.clusters.get(cluster);
                if of.is_none_or(|of| of.kind.is_msk()) || parts.exists(cluster) {
                    continue;
                }
                let because = format!("broker {id} of `{cluster}`");
                (subject(cluster.as_str(), Some(*id)), because)
            }
            EniOwner::Gateway(gateway) => (
                gateway.as_str().to_owned(),
                format!("an instance of `{gateway}`"),
            ),
            EniOwner::BalancerNode(_)
            | EniOwner::Endpoint(_)
            | EniOwner::ResourceGateway(_)
            | EniOwner::Client(_)
            | EniOwner::Witness => continue,
        };
        if let Some(place) = parts.in_vpc(&subnet.vpc, Stage::Network, subject) {
            parts.add(Object::Eni(id.clone()), place, because);
        }
    }
}
