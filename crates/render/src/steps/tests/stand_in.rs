//! A language in the place of the real ones, so that steps are tried by themselves.

use blueprint::Blueprint;
use blueprint::balancing::EndpointTarget;
use blueprint::ids::ServiceId;
use blueprint::kafka::AdvertisedBy;

use crate::assigned;
use crate::dialect::Dialect;
use crate::names;
use crate::object::{Attribute, Object};
use crate::part::Resource;
use crate::unit::Unit;
use crate::value::{Input, Switch, Value};

/// Every object one resource, with the references by which units depend on each other.
pub(super) struct StandIn;

impl Dialect for StandIn {
    fn resources(&self, blueprint: &Blueprint, object: &Object) -> Vec<Resource> {
        let properties = references(blueprint, object).into_iter();
        let name = Value::Text(format!("name-of-{}", names::kind(object)));
        let properties = properties.map(|value| ("of".to_owned(), value));
        vec![Resource {
            kind: "stand-in",
            suffix: String::new(),
            properties: [("Name".to_owned(), name)]
                .into_iter()
                .chain(properties)
                .collect(),
            after: Vec::new(),
            keeps_data: matches!(object, Object::Cluster(_) | Object::ScramKey(_)),
        }]
    }

    fn print(&self, _: &Blueprint, _: &Unit) -> Vec<(String, String)> {
        Vec::new()
    }
}

fn id(object: Object) -> Value {
    Value::Of(object, Attribute::Id)
}

#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "most objects refer to nothing that another unit has"
)]
fn references(blueprint: &Blueprint, object: &Object) -> Vec<Value> {
    match object {
        Object::Cluster(cluster) => cluster_references(blueprint, object, cluster.as_str()),
        Object::Configuration(cluster) => {
            let settled = &blueprint.clusters[cluster];
            let advertised = matches!(settled.advertised_by, Some(AdvertisedBy::Property(_)));
            let switch = Switch::Advertised {
                cluster: cluster.to_string(),
            };
            let value = Value::Switched {
                switch,
                first: Box::new(Value::from("")),
                then: Box::new(assigned::host(blueprint, &settled.suffix)),
            };
            advertised.then_some(value).into_iter().collect()
        }
        Object::TargetGroup(group) => {
            let group = &blueprint.target_groups[group];
            let targets = group.targets.iter();
            let addresses =
                targets.map(|target| assigned::address(blueprint, &group.vpc, target.address));
            addresses
                .chain([id(Object::Vpc(group.vpc.clone()))])
                .collect()
        }
        Object::Listener(balancer, port) => {
            let listener = &blueprint.balancers[balancer].listeners[port];
            let certificate = listener.certificate_names.clone().map(|names| {
                Value::Input(Input::Certificate {
                    of: balancer.to_string(),
                    names,
                })
            });
            certificate.into_iter().collect()
        }
        Object::Endpoint(endpoint) | Object::VpcConnection(endpoint) => {
            let endpoint = &blueprint.endpoints[endpoint];
            let target = match &endpoint.target {
                EndpointTarget::Service(service) => of_service(blueprint, service),
                EndpointTarget::Resource(resource) => {
                    id(Object::ResourceConfiguration(resource.clone()))
                }
            };
            vec![id(Object::Vpc(endpoint.vpc.clone())), target]
        }
        Object::Peering(peering) => vec![Value::Input(Input::Given {
            name: format!("{peering}-accepter-role-arn"),
            what: "ARN of a role".to_owned(),
        })],
        Object::TransitAttachment(attachment) => {
            let attachment = &blueprint.transit_attachments[attachment];
            vec![
                id(Object::TransitGateway(attachment.gateway.clone())),
                id(Object::Vpc(attachment.vpc.clone())),
            ]
        }
        Object::HostedZone(zone) => {
            let zone = &blueprint.zones[zone];
            let vpcs = zone.vpcs.iter().map(|vpc| id(Object::Vpc(vpc.clone())));
            vpcs.chain([assigned::host(blueprint, &zone.name)])
                .collect()
        }
        _ => Vec::new(),
    }
}

fn of_service(blueprint: &Blueprint, service: &ServiceId) -> Value {
    let balancer = &blueprint.services[service].balancer;
    match blueprint.balancers[balancer].managed {
        true => {
            let cluster = blueprint.clusters.keys().next().cloned();
            Value::Of(Object::Cluster(cluster.expect("a cluster")), Attribute::Arn)
        }
        false => Value::Of(Object::Service(service.clone()), Attribute::ServiceName),
    }
}

fn cluster_references(blueprint: &Blueprint, object: &Object, name: &str) -> Vec<Value> {
    let settled = &blueprint.clusters[&name.into()];
    let switch = Switch::VpcConnectivity {
        cluster: name.to_owned(),
    };
    let connectivity = Value::Switched {
        switch,
        first: Box::new(Value::Flag(false)),
        then: Box::new(Value::Flag(true)),
    };
    let connectivity = (!settled.vpc_connectivity.is_empty()).then_some(connectivity);
    let subnets = settled.brokers.values().map(|broker| {
        let subnet = blueprint.enis[&broker.eni].subnet.clone();
        id(Object::Subnet(subnet))
    });
    assert!(object.noun().is_some());
    subnets.chain(connectivity).collect()
}
