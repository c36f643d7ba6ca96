//! Terraform: a root module for every account, Region and stage, written as by hand.

mod balancing;
mod endpoints;
mod expression;
mod hcl;
mod lattice;
mod msk;
mod names;
mod network;
mod print;
mod text;
mod transit;
mod variables;
mod versions;

use blueprint::Blueprint;

use crate::dialect::Dialect;
use crate::object::Object;
use crate::part::Resource;
use crate::unit::Unit;

/// Terraform's language, with the provider `hashicorp/aws`.
pub(crate) struct Terraform;

impl Dialect for Terraform {
    fn resources(&self, blueprint: &Blueprint, object: &Object) -> Vec<Resource> {
        // What the blueprint does not hold has no resource: no part refers to it.
        resources(blueprint, object).unwrap_or_default()
    }

    fn print(&self, blueprint: &Blueprint, unit: &Unit) -> Vec<(String, String)> {
        print::files(blueprint, unit)
    }
}

fn resources(blueprint: &Blueprint, object: &Object) -> Option<Vec<Resource>> {
    match object {
        Object::Vpc(id) => network::vpc(blueprint, id),
        Object::Subnet(id) => network::subnet(blueprint, id),
        Object::RouteTable(id) => network::route_table(blueprint, id),
        Object::RouteTableAssociation(id) => network::route_table_association(blueprint, id),
        Object::Route(id, to) => network::route(blueprint, id, *to),
        Object::NetworkAcl(id) => network::network_acl(blueprint, id),
        Object::AclEntry(id, way, number) => network::acl_entry(blueprint, id, *way, *number),
        Object::AclAssociation(id) => network::acl_association(blueprint, id),
        Object::SecurityGroup(id) => network::security_group(blueprint, id),
        Object::Rule(id, way, at) => network::rule(blueprint, id, *way, *at),
        Object::Eni(id) => network::interface(blueprint, id),
        Object::Peering(id) => network::peering(blueprint, id),
        Object::TransitGateway(id) => transit::gateway(blueprint, id),
        Object::TransitShare(id) => transit::share(blueprint, id),
        Object::TransitTable(id) => transit::table(blueprint, id),
        Object::TransitAttachment(id) => transit::attachment(blueprint, id),
        Object::TransitPeering(id) => transit::peering(blueprint, id),
        Object::TransitAssociation(id) => transit::association(blueprint, id),
        Object::TransitPeeringAssociation(id, of) => {
            transit::peering_association(blueprint, id, of)
        }
        Object::TransitPropagation(table, from) => transit::propagation(table, from),
        Object::TransitRoute(id, to) => transit::route(blueprint, id, *to),
        Object::ScramKey(id) => msk::scram_key(blueprint, id),
        Object::ScramSecret(id) => msk::scram_secret(blueprint, id),
        Object::ScramAssociation(id) => msk::scram_association(blueprint, id),
        Object::Configuration(id) => msk::configuration(blueprint, id),
        Object::Cluster(id) => msk::cluster(blueprint, id),
        Object::ClusterPolicy(id) => msk::cluster_policy(blueprint, id),
        Object::Balancer(id) => balancing::balancer(blueprint, id),
        Object::TargetGroup(id) => balancing::target_group(blueprint, id),
        Object::Listener(id, port) => balancing::listener(blueprint, id, *port),
        Object::Service(id) => balancing::service(blueprint, id),
        // They stand in the service itself.
        Object::ServicePermissions(_) => None,
        Object::ResourceGateway(id) => lattice::gateway(blueprint, id),
        Object::ResourceConfiguration(id) => lattice::configuration(blueprint, id),
        Object::ResourceShare(id) => lattice::share(blueprint, id),
        Object::Endpoint(id) => endpoints::endpoint(blueprint, id),
        Object::VpcConnection(id) => endpoints::vpc_connection(blueprint, id),
        Object::HostedZone(id) => names::zone(blueprint, id),
        Object::Record(id, name) => names::record(blueprint, id, name),
        Object::ResolverRule(id) => names::resolver_rule(blueprint, id),
        Object::ResolverRuleAssociation(rule, vpc) => {
            Some(names::resolver_rule_association(rule, vpc))
        }
    }
}
