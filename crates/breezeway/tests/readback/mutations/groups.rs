//! Which groups something wears: one taken for another of the same VPC.

use blueprint::Blueprint;
use blueprint::ids::{EniId, SecurityGroupId};
use blueprint::network::Eni;
use render::object::Object;

use super::{Case, Change, Row, row};

pub(super) const ROWS: &[Row] = &[
    row("balancer's group replaced", of_balancers),
    row("endpoint's group replaced", of_endpoints),
    row("VPC connection's group replaced", of_connections),
    row("resource gateway's group replaced", of_resource_gateways),
    row("cluster's group replaced", of_clusters),
    row("interface's group replaced", of_interfaces),
];

/// Something with groups: its interfaces, and where the text says the first group.
struct Site {
    object: Object,
    place: &'static str,
    enis: Vec<EniId>,
}

fn of_balancers(case: &Case) -> Vec<Change> {
    let all = case.blueprint.balancers.iter();
    let sites = all.map(|(id, balancer)| Site {
        object: Object::Balancer(id.clone()),
        place: "SecurityGroups/0",
        enis: balancer.nodes.values().cloned().collect(),
    });
    replaced(case, sites)
}

fn of_endpoints(case: &Case) -> Vec<Change> {
    let all = case.blueprint.endpoints.iter();
    let sites = all.map(|(id, endpoint)| Site {
        object: Object::Endpoint(id.clone()),
        place: "SecurityGroupIds/0",
        enis: endpoint.enis.values().cloned().collect(),
    });
    replaced(case, sites)
}

fn of_connections(case: &Case) -> Vec<Change> {
    let all = case.blueprint.endpoints.iter();
    let sites = all.map(|(id, endpoint)| Site {
        object: Object::VpcConnection(id.clone()),
        place: "SecurityGroups/0",
        enis: endpoint.enis.values().cloned().collect(),
    });
    replaced(case, sites)
}

fn of_resource_gateways(case: &Case) -> Vec<Change> {
    let all = case.blueprint.resource_gateways.iter();
    let sites = all.map(|(id, gateway)| Site {
        object: Object::ResourceGateway(id.clone()),
        place: "SecurityGroupIds/0",
        enis: gateway.enis.values().cloned().collect(),
    });
    replaced(case, sites)
}

/// Amazon MSK's own balancers wear the brokers' groups.
fn of_clusters(case: &Case) -> Vec<Change> {
    let all = case.blueprint.clusters.iter();
    let sites = all.map(|(id, cluster)| {
        let brokers = cluster.brokers.values().map(|broker| broker.eni.clone());
        let balancers = case.blueprint.balancers.values();
        let managed = balancers.filter(|b| b.managed && b.vpc == cluster.vpc);
        let nodes = managed.flat_map(|balancer| balancer.nodes.values().cloned());
        Site {
            object: Object::Cluster(id.clone()),
            place: "BrokerNodeGroupInfo/SecurityGroups/0",
            enis: brokers.chain(nodes).collect(),
        }
    });
    replaced(case, sites)
}

fn of_interfaces(case: &Case) -> Vec<Change> {
    let all = case.blueprint.enis.keys();
    let sites = all.map(|id| Site {
        object: Object::Eni(id.clone()),
        place: "GroupSet/0",
        enis: vec![id.clone()],
    });
    replaced(case, sites)
}

/// A change for each other group of the VPC that the text can refer to.
fn replaced(case: &Case, sites: impl Iterator<Item = Site>) -> Vec<Change> {
    let changes = sites.flat_map(|site| {
        let first = site
            .enis
            .first()
            .and_then(|eni| case.blueprint.enis.get(eni));
        let stands = case.text.value(&site.object, site.place).is_ok();
        let others = first
            .filter(|_| stands)
            .map(|first| others(case, &site.object, first));
        let others = others.unwrap_or_default().into_iter();
        others.map(move |new| replacement(&site, new))
    });
    changes.collect()
}

fn replacement(site: &Site, new: SecurityGroupId) -> Change {
    let (object, place, enis) = (site.object.clone(), site.place, site.enis.clone());
    let group = Object::SecurityGroup(new.clone());
    Change::new(
        format!("{object:?} by {new}"),
        move |blueprint| wear(blueprint, &enis, &new),
        move |text| {
            let reference = text.group(&object, &group)?;
            text.set(&object, place, reference)
        },
    )
}

fn wear(blueprint: &mut Blueprint, enis: &[EniId], group: &SecurityGroupId) {
    for eni in enis {
        let worn = &mut blueprint.enis.get_mut(eni).expect("it").security_groups;
        worn[0] = group.clone();
    }
}

/// Other groups of an interface's VPC that the text can refer to.
fn others(case: &Case, at: &Object, eni: &Eni) -> Vec<SecurityGroupId> {
    let vpc = case.blueprint.subnets.get(&eni.subnet).map(|s| &s.vpc);
    let groups = case.blueprint.security_groups.iter();
    let others = groups.filter(|(id, group)| {
        Some(&group.vpc) == vpc && eni.security_groups.first().is_some_and(|old| old != *id)
    });
    let referred = others.filter(|(id, _)| {
        let group = Object::SecurityGroup((*id).clone());
        case.text.clone().group(at, &group).is_ok()
    });
    referred.map(|(id, _)| id.clone()).collect()
}
