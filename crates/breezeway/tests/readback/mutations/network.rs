//! VPCs: routes, subnets, network ACLs, interfaces, peerings, DNS.

use blueprint::Blueprint;
use blueprint::ids::{EniId, NetworkAclId, RouteTableId, SecurityGroupId, SubnetId, VpcId, ZoneId};
use blueprint::network::{AclEntry, Peer, Route, RouteTable, RouteTarget, Rule, SecurityGroup};
use render::object::{Object, Way};

use super::balancing::MOVED;
use super::rules::everything;
use super::{Case, Change, Row, of_each, row, unseen};

pub(super) const ROWS: &[Row] = &[
    row("route removed", remove_route),
    row("route to another range", route_elsewhere),
    row("route to a gateway outside", route_outside),
    row("subnet without its route table", dissociate_table),
    row("subnet in another zone", subnet_zone),
    unseen("subnet halved", subnet_range, ranges),
    row("network ACL entry flipped", flip_entry),
    row("network ACL entry for one port", entry_port),
    row("network ACL entry for another range", entry_range),
    row("network ACL entry removed", remove_entry),
    row("subnet without its network ACL", dissociate_acl),
    row("peering removed", remove_peering),
    row("VPC without DNS", dns_off),
    row("VPC without DNS host names", host_names_off),
    row("interface without groups", drop_groups),
];

/// A range that nobody has.
const NOWHERE: &str = "10.99.0.0/16";

/// A gateway that no blueprint holds.
const OUTSIDE: &str = "igw-0123456789abcdef0";

fn routes(case: &Case) -> Vec<(RouteTableId, Route)> {
    let tables = case.blueprint.route_tables.iter();
    let all = tables.flat_map(|(id, table)| {
        let routes = table.routes.iter();
        routes.map(move |route| (id.clone(), route.clone()))
    });
    let told = |(id, route): &(RouteTableId, Route)| {
        let object = Object::Route(id.clone(), route.destination);
        route.target != RouteTarget::Local && case.text.has(&object)
    };
    all.filter(told).collect()
}

fn route_of<'b>(blueprint: &'b mut Blueprint, id: &RouteTableId, route: &Route) -> &'b mut Route {
    let table = blueprint.route_tables.get_mut(id).expect("it");
    let mut routes = table.routes.iter_mut();
    routes.find(|other| *other == route).expect("it")
}

fn remove_route(case: &Case) -> Vec<Change> {
    of_each(routes(case), |(id, route)| {
        let object = Object::Route(id.clone(), route.destination);
        Some(Change::new(
            format!("{id} to {}", route.destination),
            move |blueprint| {
                let table = blueprint.route_tables.get_mut(&id).expect("it");
                table.routes.retain(|other| *other != route);
            },
            move |text| text.remove(&object),
        ))
    })
}

fn route_elsewhere(case: &Case) -> Vec<Change> {
    of_each(routes(case), |(id, route)| {
        let object = Object::Route(id.clone(), route.destination);
        let nowhere = NOWHERE.parse().expect("a range");
        Some(Change::new(
            format!("{id} to {}", route.destination),
            move |blueprint| route_of(blueprint, &id, &route).destination = nowhere,
            move |text| text.set(&object, "DestinationCidrBlock", NOWHERE),
        ))
    })
}

fn route_outside(case: &Case) -> Vec<Change> {
    of_each(routes(case), |(id, route)| {
        let object = Object::Route(id.clone(), route.destination);
        let property = match &route.target {
            RouteTarget::Peering(_) => "VpcPeeringConnectionId",
            RouteTarget::TransitGateway(_) => "TransitGatewayId",
            RouteTarget::Local | RouteTarget::Outside(_) => return None,
        };
        Some(Change::new(
            format!("{id} to {}", route.destination),
            move |blueprint| {
                let outside = RouteTarget::Outside(OUTSIDE.to_owned());
                route_of(blueprint, &id, &route).target = outside;
            },
            move |text| {
                text.cut(&object, property)?;
                text.add(&object, &format!("GatewayId: {OUTSIDE}"))
            },
        ))
    })
}

fn subnets(case: &Case) -> Vec<SubnetId> {
    let subnets = case.blueprint.subnets.keys().cloned();
    let told = |id: &SubnetId| case.text.has(&Object::Subnet(id.clone()));
    subnets.filter(told).collect()
}

/// Without an association it is the VPC's main table that counts, which has local routes only.
fn dissociate_table(case: &Case) -> Vec<Change> {
    of_each(subnets(case), |id| {
        let object = Object::RouteTableAssociation(id.clone());
        let subnet = case.blueprint.subnets.get(&id)?;
        let table = case.blueprint.route_tables.get(&subnet.route_table)?;
        let is_local = |route: &&Route| route.target == RouteTarget::Local;
        let main = RouteTable {
            vpc: table.vpc.clone(),
            routes: table.routes.iter().filter(is_local).cloned().collect(),
        };
        Some(Change::new(
            id.clone(),
            move |blueprint| {
                let table = RouteTableId::from("main");
                blueprint.route_tables.insert(table.clone(), main.clone());
                blueprint.subnets.get_mut(&id).expect("it").route_table = table;
            },
            move |text| text.remove(&object),
        ))
    })
}

/// A zone of the VPC's Region in which the VPC has no subnet yet.
fn subnet_zone(case: &Case) -> Vec<Change> {
    of_each(subnets(case), |id| {
        let object = Object::Subnet(id.clone());
        let subnet = case.blueprint.subnets.get(&id)?;
        let (front, _) = subnet.zone.as_str().rsplit_once("-az")?;
        let mut zones = (1..10).map(|n| ZoneId(format!("{front}-az{n}")));
        let siblings = case
            .blueprint
            .subnets
            .values()
            .filter(|s| s.vpc == subnet.vpc);
        let taken: Vec<_> = siblings.map(|subnet| subnet.zone.clone()).collect();
        let new = zones.find(|zone| !taken.contains(zone))?;
        let value = new.to_string();
        Some(Change::new(
            format!("{id} to {new}"),
            move |blueprint| move_subnet(blueprint, &id, &new),
            move |text| text.set(&object, "AvailabilityZoneId", &value),
        ))
    })
}

/// Whatever is kept by zone moves with the subnet.
fn move_subnet(blueprint: &mut Blueprint, id: &SubnetId, zone: &ZoneId) {
    let subnet = blueprint.subnets.get_mut(id).expect("it");
    let old = std::mem::replace(&mut subnet.zone, zone.clone());
    let enis = &blueprint.enis;
    let lies_there = |eni: &EniId| enis.get(eni).is_some_and(|eni| eni.subnet == *id);
    let balancers = blueprint.balancers.values_mut().map(|b| &mut b.nodes);
    let endpoints = blueprint.endpoints.values_mut().map(|e| &mut e.enis);
    let gateways = blueprint
        .resource_gateways
        .values_mut()
        .map(|g| &mut g.enis);
    for parts in balancers.chain(endpoints).chain(gateways) {
        if parts.get(&old).is_some_and(lies_there)
            && let Some(eni) = parts.remove(&old)
        {
            parts.insert(zone.clone(), eni);
        }
    }
    for attachment in blueprint.transit_attachments.values_mut() {
        if attachment.subnets.get(&old) == Some(id) {
            attachment.subnets.remove(&old);
            attachment.subnets.insert(zone.clone(), id.clone());
        }
    }
}

/// Only where every interface lies in the lower half.
fn subnet_range(case: &Case) -> Vec<Change> {
    of_each(subnets(case), |id| {
        let object = Object::Subnet(id.clone());
        let range = case.blueprint.subnets.get(&id)?.cidr;
        let half = range.subnets(range.prefix_len() + 1).ok()?.next()?;
        let mut enis = case.blueprint.enis.values().filter(|eni| eni.subnet == id);
        enis.all(|eni| half.contains(&eni.address)).then_some(())?;
        Some(Change::new(
            format!("{id} to {half}"),
            move |blueprint| blueprint.subnets.get_mut(&id).expect("it").cidr = half,
            move |text| text.set(&object, "CidrBlock", half),
        ))
    })
}

fn ranges(blueprint: &Blueprint) -> Vec<String> {
    let subnets = blueprint.subnets.values();
    let told = subnets.filter_map(|subnet| {
        let vpc = blueprint.vpcs.get(&subnet.vpc)?;
        Some(format!(
            "{}/{}/{}/{}",
            vpc.account, vpc.region, subnet.zone, subnet.cidr
        ))
    });
    let mut told: Vec<_> = told.collect();
    told.sort();
    told
}

/// Entries of network ACLs: whose, which way, which number.
fn entries(case: &Case) -> Vec<(NetworkAclId, Way, AclEntry)> {
    let mut all = Vec::new();
    for (id, acl) in &case.blueprint.network_acls {
        for (way, entries) in [(Way::Ingress, &acl.ingress), (Way::Egress, &acl.egress)] {
            let entries = entries.iter();
            all.extend(entries.map(|entry| (id.clone(), way, entry.clone())));
        }
    }
    all.retain(|(id, way, entry)| {
        let object = Object::AclEntry(id.clone(), *way, entry.number);
        case.text.has(&object)
    });
    all
}

fn entries_of<'b>(
    blueprint: &'b mut Blueprint,
    id: &NetworkAclId,
    way: Way,
) -> &'b mut Vec<AclEntry> {
    let acl = blueprint.network_acls.get_mut(id).expect("it");
    match way {
        Way::Ingress => &mut acl.ingress,
        Way::Egress => &mut acl.egress,
    }
}

/// A change of each entry: of the blueprint's, and of places in the text.
fn entry(
    case: &Case,
    change: fn(&mut AclEntry),
    places: fn(&AclEntry) -> Vec<(&'static str, String)>,
) -> Vec<Change> {
    of_each(entries(case), |(id, way, entry)| {
        let object = Object::AclEntry(id.clone(), way, entry.number);
        let places = places(&entry);
        Some(Change::new(
            format!("{id} {way:?} {}", entry.number),
            move |blueprint| {
                let mut entries = entries_of(blueprint, &id, way).iter_mut();
                change(entries.find(|other| **other == entry).expect("it"));
            },
            move |text| {
                places
                    .iter()
                    .try_for_each(|(at, value)| text.set(&object, at, value))
            },
        ))
    })
}

fn flip_entry(case: &Case) -> Vec<Change> {
    entry(
        case,
        |entry| entry.allow = !entry.allow,
        |entry| {
            let word = if entry.allow { "deny" } else { "allow" };
            vec![("RuleAction", word.to_owned())]
        },
    )
}

fn entry_port(case: &Case) -> Vec<Change> {
    entry(
        case,
        |entry| (entry.from_port, entry.to_port) = (MOVED, MOVED),
        |_| {
            let port = MOVED.to_string();
            vec![("PortRange/From", port.clone()), ("PortRange/To", port)]
        },
    )
}

fn entry_range(case: &Case) -> Vec<Change> {
    entry(
        case,
        |entry| entry.cidr = NOWHERE.parse().expect("a range"),
        |_| vec![("CidrBlock", NOWHERE.to_owned())],
    )
}

fn remove_entry(case: &Case) -> Vec<Change> {
    of_each(entries(case), |(id, way, entry)| {
        let object = Object::AclEntry(id.clone(), way, entry.number);
        Some(Change::new(
            format!("{id} {way:?} {}", entry.number),
            move |blueprint| entries_of(blueprint, &id, way).retain(|other| *other != entry),
            move |text| text.remove(&object),
        ))
    })
}

fn dissociate_acl(case: &Case) -> Vec<Change> {
    of_each(subnets(case), |id| {
        let object = Object::AclAssociation(id.clone());
        case.text.has(&object).then_some(())?;
        Some(Change::new(
            id.clone(),
            move |blueprint| blueprint.subnets.get_mut(&id).expect("it").network_acl = None,
            move |text| text.remove(&object),
        ))
    })
}

fn remove_peering(case: &Case) -> Vec<Change> {
    of_each(case.blueprint.peerings.keys().cloned(), |id| {
        let object = Object::Peering(id.clone());
        case.text.has(&object).then_some(())?;
        Some(Change::new(
            id.clone(),
            move |blueprint| {
                blueprint.peerings.remove(&id);
                let gone = RouteTarget::Peering(id.clone());
                for table in blueprint.route_tables.values_mut() {
                    table.routes.retain(|route| route.target != gone);
                }
            },
            move |text| text.remove(&object),
        ))
    })
}

fn dns(case: &Case, property: &'static str) -> Vec<Change> {
    let on = case.blueprint.vpcs.iter().filter(|(_, vpc)| vpc.dns);
    let on: Vec<VpcId> = on.map(|(id, _)| id.clone()).collect();
    of_each(on, |id| {
        let object = Object::Vpc(id.clone());
        case.text.has(&object).then_some(())?;
        Some(Change::new(
            id.clone(),
            move |blueprint| blueprint.vpcs.get_mut(&id).expect("it").dns = false,
            move |text| text.set(&object, property, false),
        ))
    })
}

fn dns_off(case: &Case) -> Vec<Change> {
    dns(case, "EnableDnsSupport")
}

fn host_names_off(case: &Case) -> Vec<Change> {
    dns(case, "EnableDnsHostnames")
}

/// An interface without groups wears its VPC's default group.
fn drop_groups(case: &Case) -> Vec<Change> {
    of_each(case.blueprint.enis.clone(), |(id, eni)| {
        let object = Object::Eni(id.clone());
        (case.text.has(&object) && !eni.security_groups.is_empty()).then_some(())?;
        Some(Change::new(
            id.clone(),
            move |blueprint| wear_default(blueprint, &id),
            move |text| text.cut(&object, "GroupSet"),
        ))
    })
}

/// Puts the default group of its VPC on an interface: it admits its own members and may dial
/// everything ("Default security groups for your VPCs").
pub(super) fn wear_default(blueprint: &mut Blueprint, eni: &EniId) {
    let eni = blueprint.enis.get_mut(eni).expect("it");
    let vpc = blueprint.subnets.get(&eni.subnet).expect("it").vpc.clone();
    let id = SecurityGroupId::from(format!("default of {vpc}"));
    eni.security_groups = vec![id.clone()];
    let members = Rule {
        peer: Peer::Group(id.clone()),
        ..everything()
    };
    let group = SecurityGroup {
        vpc,
        ingress: vec![members],
        egress: vec![everything()],
    };
    blueprint.security_groups.insert(id, group);
}
