//! Blueprint to templates of AWS CloudFormation.

mod balancing;
mod endpoints;
mod intrinsics;
mod lattice;
mod msk;
mod network;
mod parameters;
mod print;
mod properties;
mod transit;
mod yaml;
mod zones;

use blueprint::Blueprint;

use crate::dialect::Dialect;
use crate::object::Object;
use crate::part::Resource;
use crate::unit::Unit;

/// CloudFormation in YAML, a template for each unit.
#[derive(Clone, Copy, Debug)]
pub(crate) struct CloudFormation;

impl Dialect for CloudFormation {
    fn resources(&self, blueprint: &Blueprint, object: &Object) -> Vec<Resource> {
        resources(blueprint, object).unwrap_or_default()
    }

    fn print(&self, blueprint: &Blueprint, unit: &Unit) -> Vec<(String, String)> {
        vec![(unit.path.clone(), print::template(blueprint, unit))]
    }
}

fn resources(blueprint: &Blueprint, object: &Object) -> Option<Vec<Resource>> {
    match object {
        Object::Vpc(id) => network::vpc(blueprint, id),
        Object::Subnet(id) => network::subnet(blueprint, id),
        Object::RouteTable(id) => network::route_table(blueprint, id),
        Object::RouteTableAssociation(id) => network::route_table_association(blueprint, id),
        Object::Route(id, to) => network::route(blueprint, id, to),
        Object::NetworkAcl(id) => network::network_acl(blueprint, id),
        Object::AclEntry(id, way, number) => network::acl_entry(blueprint, id, *way, *number),
        Object::AclAssociation(id) => network::acl_association(blueprint, id),
        Object::SecurityGroup(id) => network::security_group(blueprint, id),
        Object::Rule(id, way, at) => network::rule(blueprint, id, *way, *at),
        Object::Eni(id) => network::eni(blueprint, id),
        Object::Peering(id) => network::peering(blueprint, id),
        Object::TransitGateway(id) => transit::gateway(blueprint, id),
        Object::TransitShare(id) => transit::share(blueprint, id),
        Object::TransitTable(id) => transit::table(blueprint, id),
        Object::TransitAttachment(id) => transit::attachment(blueprint, id),
        Object::TransitPeering(id) => transit::peering(blueprint, id),
        Object::TransitAssociation(id) => transit::association(blueprint, id),
        Object::TransitPeeringAssociation(id, gateway) => {
            transit::peering_association(blueprint, id, gateway)
        }
        Object::TransitPropagation(table, attachment) => transit::propagation(table, attachment),
        Object::TransitRoute(table, to) => transit::route(blueprint, table, to),
        Object::ScramKey(id) => msk::scram_key(blueprint, id),
        Object::ScramSecret(id) => msk::scram_secret(blueprint, id),
        Object::ScramAssociation(id) => msk::scram_association(blueprint, id),
        Object::Configuration(id) => msk::configuration(blueprint, id),
        Object::Cluster(id) => msk::cluster(blueprint, id),
        Object::ClusterPolicy(id) => msk::policy(blueprint, id),
        Object::Balancer(id) => balancing::balancer(blueprint, id),
        Object::TargetGroup(id) => balancing::target_group(blueprint, id),
        Object::Listener(id, port) => balancing::listener(blueprint, id, *port),
        Object::Service(id) => endpoints::service(blueprint, id),
        Object::ServicePermissions(id) => endpoints::permissions(blueprint, id),
        Object::ResourceGateway(id) => lattice::gateway(blueprint, id),
        Object::ResourceConfiguration(id) => lattice::configuration(blueprint, id),
        Object::ResourceShare(id) => lattice::share(blueprint, id),
        Object::Endpoint(id) => endpoints::endpoint(blueprint, id),
        Object::VpcConnection(id) => msk::vpc_connection(blueprint, id),
        Object::HostedZone(id) => zones::zone(blueprint, id),
        Object::Record(id, name) => zones::record(blueprint, id, name),
        Object::ResolverRule(id) => zones::resolver_rule(blueprint, id),
        Object::ResolverRuleAssociation(id, vpc) => zones::resolver_association(id, vpc),
    }
}
