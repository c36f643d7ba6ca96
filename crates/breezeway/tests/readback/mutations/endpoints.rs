//! Endpoint services and endpoints, resource gateways and resources.

use blueprint::Blueprint;
use blueprint::balancing::{Endpoint, EndpointTarget};
use blueprint::dns::Record;
use blueprint::ids::{EndpointId, ResourceConfigurationId, ServiceId, ZoneId};
use render::object::Object;

use super::balancing::{MOVED, drop_eni, unheld};
use super::network::wear_default;
use super::{Case, Change, Row, of_each, row, unseen};

pub(super) const ROWS: &[Row] = &[
    row("endpoint's zone removed", remove_zone),
    row("endpoint without groups", drop_groups),
    row("endpoints' services swapped", swap_services),
    row("endpoint removed", remove_endpoint),
    row("services' balancers swapped", swap_balancers),
    row("Region no longer supported", unsupport),
    unseen("service that must accept", acceptance, services),
    unseen("account no longer allowed at a service", forbid, services),
    row("resource on another port", resource_port),
    row("resource at another address", resource_address),
    row("resources' addresses swapped", swap_addresses),
    row("resource by another name", resource_name),
    row("resource endpoint without private DNS", private_dns_off),
    row("resource endpoint for verified domains only", verified_only),
    row("resource gateway's zone removed", remove_gateway_zone),
    row("resource gateway without groups", drop_gateway_groups),
    unseen("resources shared with nobody", unshare, resources),
];

/// The text's object for an endpoint, MSK's own ones as VPC connections.
fn object(case: &Case, id: &EndpointId) -> Option<(Object, &'static str)> {
    let endpoint = Object::Endpoint(id.clone());
    if case.text.has(&endpoint) {
        return Some((endpoint, "SubnetIds"));
    }
    let connection = Object::VpcConnection(id.clone());
    case.text
        .has(&connection)
        .then_some((connection, "ClientSubnets"))
}

fn endpoints(case: &Case) -> impl Iterator<Item = (EndpointId, Endpoint)> {
    case.blueprint.endpoints.clone().into_iter()
}

fn remove_zone(case: &Case) -> Vec<Change> {
    let parts = endpoints(case).flat_map(|(id, endpoint)| {
        let zones: Vec<ZoneId> = endpoint.enis.into_keys().collect();
        let zones = zones.into_iter().enumerate();
        zones.map(move |(at, zone)| (id.clone(), at, zone))
    });
    of_each(parts, |(id, at, zone)| {
        let (object, place) = object(case, &id)?;
        (1 < case.text.len(&object, place)).then_some(())?;
        Some(Change::new(
            format!("{id} in {zone}"),
            move |blueprint| {
                let endpoint = blueprint.endpoints.get_mut(&id).expect("it");
                let eni = endpoint.enis.remove(&zone).expect("it");
                let name = endpoint.dns_name.clone();
                drop_eni(blueprint, &name, &eni);
            },
            move |text| text.cut(&object, &format!("{place}/{at}")),
        ))
    })
}

/// An endpoint without groups wears its VPC's default group.
fn drop_groups(case: &Case) -> Vec<Change> {
    of_each(endpoints(case), |(id, endpoint)| {
        let object = Object::Endpoint(id.clone());
        case.text.value(&object, "SecurityGroupIds").ok()?;
        Some(Change::new(
            &id,
            move |blueprint| {
                for eni in endpoint.enis.values() {
                    wear_default(blueprint, eni);
                }
            },
            move |text| text.cut(&object, "SecurityGroupIds"),
        ))
    })
}

/// Pairs of neighbouring endpoints of one template that lead to different things.
fn pairs(case: &Case) -> Vec<((EndpointId, Endpoint), (EndpointId, Endpoint))> {
    let all: Vec<_> = endpoints(case).collect();
    let pairs = all.iter().zip(all.iter().skip(1));
    let pairs = pairs.filter(|((id, one), (other_id, other))| {
        let (first, second) = (
            Object::Endpoint(id.clone()),
            Object::Endpoint(other_id.clone()),
        );
        one.target != other.target && case.text.together(&first, &second)
    });
    pairs
        .map(|(one, other)| (one.clone(), other.clone()))
        .collect()
}

fn swap_services(case: &Case) -> Vec<Change> {
    of_each(pairs(case), |((id, one), (other_id, other))| {
        let is_service = |e: &Endpoint| matches!(e.target, EndpointTarget::Service(_));
        (is_service(&one) && is_service(&other)).then_some(())?;
        let (first, second) = (
            Object::Endpoint(id.clone()),
            Object::Endpoint(other_id.clone()),
        );
        Some(Change::new(
            format!("{id} and {other_id}"),
            move |blueprint| {
                blueprint.endpoints.get_mut(&id).expect("it").target = other.target.clone();
                blueprint.endpoints.get_mut(&other_id).expect("it").target = one.target.clone();
            },
            move |text| text.swap((&first, "ServiceName"), (&second, "ServiceName")),
        ))
    })
}

/// Records that are aliases of it go too; so does the zone that AWS keeps for it.
fn remove_endpoint(case: &Case) -> Vec<Change> {
    of_each(endpoints(case), |(id, endpoint)| {
        let (object, _) = object(case, &id)?;
        Some(Change::new(
            id.clone(),
            move |blueprint| {
                blueprint.endpoints.remove(&id);
                for eni in endpoint.enis.values() {
                    blueprint.enis.remove(eni);
                }
                blueprint.public_names.remove(&endpoint.dns_name);
                let gone = Record::Alias(endpoint.dns_name.clone());
                for zone in blueprint.zones.values_mut() {
                    zone.records.retain(|_, record| *record != gone);
                }
                blueprint
                    .zones
                    .retain(|_, zone| !(zone.managed && zone.records.is_empty()));
            },
            move |text| text.remove(&object),
        ))
    })
}

fn of_service(case: &Case) -> Vec<(ServiceId, Object)> {
    let services = case.blueprint.services.keys();
    let services = services.map(|id| (id.clone(), Object::Service(id.clone())));
    services
        .filter(|(_, object)| case.text.has(object))
        .collect()
}

fn swap_balancers(case: &Case) -> Vec<Change> {
    let all = of_service(case);
    let pairs: Vec<_> = all
        .iter()
        .cloned()
        .zip(all.iter().skip(1).cloned())
        .collect();
    of_each(pairs, |((id, first), (other_id, second))| {
        case.text.together(&first, &second).then_some(())?;
        let place = "NetworkLoadBalancerArns/0";
        let balancer = |id| case.blueprint.services.get(id).map(|s| s.balancer.clone());
        let (one, other) = (balancer(&id)?, balancer(&other_id)?);
        Some(Change::new(
            format!("{id} and {other_id}"),
            move |blueprint| {
                blueprint.services.get_mut(&id).expect("it").balancer = other.clone();
                blueprint.services.get_mut(&other_id).expect("it").balancer = one.clone();
            },
            move |text| text.swap((&first, place), (&second, place)),
        ))
    })
}

fn unsupport(case: &Case) -> Vec<Change> {
    let services = of_service(case).into_iter().flat_map(|(id, object)| {
        let service = case.blueprint.services.get(&id);
        let regions = service
            .map(|s| s.supported_regions.clone())
            .unwrap_or_default();
        let regions = regions.into_iter();
        regions.map(move |region| (id.clone(), object.clone(), region))
    });
    of_each(services, |(id, object, region)| {
        let mut places = (0..).map(|at| format!("SupportedRegions/{at}"));
        let place = places.find(|at| {
            case.text
                .value(&object, at)
                .is_ok_and(|said| said == region)
                || case.text.value(&object, at).is_err()
        })?;
        Some(Change::new(
            format!("{id} in {region}"),
            move |blueprint| {
                let service = blueprint.services.get_mut(&id).expect("it");
                service.supported_regions.remove(&region);
            },
            move |text| text.cut(&object, &place),
        ))
    })
}

fn acceptance(case: &Case) -> Vec<Change> {
    of_each(of_service(case), |(id, object)| {
        let now = !case.blueprint.services.get(&id)?.acceptance_required;
        Some(Change::new(
            id.clone(),
            move |blueprint| {
                let service = blueprint.services.get_mut(&id).expect("it");
                service.acceptance_required = now;
            },
            move |text| text.set(&object, "AcceptanceRequired", now),
        ))
    })
}

fn forbid(case: &Case) -> Vec<Change> {
    of_each(of_service(case), |(id, _)| {
        let object = Object::ServicePermissions(id.clone());
        let accounts = &case.blueprint.services.get(&id)?.allowed_accounts;
        let account = accounts.first()?.clone();
        case.text.has(&object).then_some(())?;
        let is_last = accounts.len() == 1;
        Some(Change::new(
            format!("{id}: {account}"),
            move |blueprint| {
                let service = blueprint.services.get_mut(&id).expect("it");
                service.allowed_accounts.remove(&account);
            },
            move |text| match is_last {
                true => text.remove(&object),
                false => text.cut(&object, "AllowedPrincipals/0"),
            },
        ))
    })
}

fn services(blueprint: &Blueprint) -> Vec<String> {
    let services = blueprint.services.values();
    let told = services.filter_map(|service| {
        let balancer = blueprint.balancers.get(&service.balancer)?;
        let nodes = balancer
            .nodes
            .values()
            .filter_map(|eni| blueprint.enis.get(eni));
        let nodes: Vec<_> = nodes.map(|eni| eni.address.to_string()).collect();
        let (accepts, allowed) = (service.acceptance_required, &service.allowed_accounts);
        (!balancer.managed).then(|| format!("{nodes:?} {accepts} {allowed:?}"))
    });
    let mut told: Vec<_> = told.collect();
    told.sort();
    told
}

fn of_resource(case: &Case) -> Vec<(ResourceConfigurationId, Object)> {
    let all = case.blueprint.resource_configurations.keys();
    let all = all.map(|id| (id.clone(), Object::ResourceConfiguration(id.clone())));
    all.filter(|(_, object)| case.text.has(object)).collect()
}

fn resource_port(case: &Case) -> Vec<Change> {
    of_each(of_resource(case), |(id, object)| {
        let port = *case
            .blueprint
            .resource_configurations
            .get(&id)?
            .ports
            .first()?;
        Some(Change::new(
            id.clone(),
            move |blueprint| {
                let resource = blueprint.resource_configurations.get_mut(&id).expect("it");
                resource.ports.remove(&port);
                resource.ports.insert(MOVED);
            },
            move |text| text.set(&object, "PortRanges/0", format!("\"{MOVED}\"")),
        ))
    })
}

const ADDRESS: &str = "ResourceConfigurationDefinition/IpResource";

fn resource_address(case: &Case) -> Vec<Change> {
    of_each(of_resource(case), |(id, object)| {
        let resource = case.blueprint.resource_configurations.get(&id)?;
        let gateway = case.blueprint.resource_gateways.get(&resource.gateway)?;
        let new = unheld(&case.blueprint, gateway.enis.values().next()?)?;
        Some(Change::new(
            id.clone(),
            move |blueprint| {
                let resource = blueprint.resource_configurations.get_mut(&id);
                resource.expect("it").address = new;
            },
            move |text| text.set(&object, ADDRESS, new),
        ))
    })
}

fn swap_addresses(case: &Case) -> Vec<Change> {
    let all = of_resource(case);
    let pairs: Vec<_> = all
        .iter()
        .cloned()
        .zip(all.iter().skip(1).cloned())
        .collect();
    of_each(pairs, |((id, first), (other_id, second))| {
        let resources = &case.blueprint.resource_configurations;
        let (one, other) = (
            resources.get(&id)?.clone(),
            resources.get(&other_id)?.clone(),
        );
        let near = case.text.together(&first, &second) && one.gateway == other.gateway;
        near.then_some(())?;
        Some(Change::new(
            format!("{id} and {other_id}"),
            move |blueprint| {
                let resources = &mut blueprint.resource_configurations;
                resources.get_mut(&id).expect("it").address = other.address;
                resources.get_mut(&other_id).expect("it").address = one.address;
            },
            move |text| text.swap((&first, ADDRESS), (&second, ADDRESS)),
        ))
    })
}

/// AWS makes the zone for the name a resource has.
fn resource_name(case: &Case) -> Vec<Change> {
    of_each(of_resource(case), |(id, object)| {
        let old = case
            .blueprint
            .resource_configurations
            .get(&id)?
            .name
            .clone();
        let new = format!("other.{old}");
        let value = new.clone();
        Some(Change::new(
            id.clone(),
            move |blueprint| {
                let resource = blueprint.resource_configurations.get_mut(&id);
                resource.expect("it").name.clone_from(&new);
                for zone in blueprint.zones.values_mut() {
                    if zone.managed && zone.name == old {
                        zone.name.clone_from(&new);
                        if let Some(record) = zone.records.remove(&old) {
                            zone.records.insert(new.clone(), record);
                        }
                    }
                }
            },
            move |text| text.set(&object, "CustomDomainName", &value),
        ))
    })
}

/// A change by which AWS makes no zone for an endpoint to a resource.
fn unnamed(case: &Case, place: &'static str, value: &'static str) -> Vec<Change> {
    of_each(endpoints(case), |(id, endpoint)| {
        let object = Object::Endpoint(id.clone());
        let is_resource = matches!(endpoint.target, EndpointTarget::Resource(_));
        let differs = case
            .text
            .value(&object, place)
            .is_ok_and(|said| said != value);
        (is_resource && differs).then_some(())?;
        Some(Change::new(
            &id,
            move |blueprint| {
                let gone = Record::Alias(endpoint.dns_name.clone());
                let zones = &mut blueprint.zones;
                zones
                    .retain(|_, zone| !(zone.managed && zone.records.values().any(|r| *r == gone)));
            },
            move |text| text.set(&object, place, value),
        ))
    })
}

fn private_dns_off(case: &Case) -> Vec<Change> {
    unnamed(case, "PrivateDnsEnabled", "false")
}

fn verified_only(case: &Case) -> Vec<Change> {
    unnamed(
        case,
        "DnsOptions/PrivateDnsPreference",
        "VERIFIED_DOMAINS_ONLY",
    )
}

fn remove_gateway_zone(case: &Case) -> Vec<Change> {
    let gateways = case.blueprint.resource_gateways.iter();
    let parts = gateways.flat_map(|(id, gateway)| {
        let zones = gateway.enis.keys().enumerate();
        zones.map(move |(at, zone)| (id.clone(), at, zone.clone()))
    });
    of_each(parts, |(id, at, zone)| {
        let object = Object::ResourceGateway(id.clone());
        (1 < case.text.len(&object, "SubnetIds")).then_some(())?;
        Some(Change::new(
            format!("{id} in {zone}"),
            move |blueprint| {
                let gateway = blueprint.resource_gateways.get_mut(&id).expect("it");
                let eni = gateway.enis.remove(&zone).expect("it");
                blueprint.enis.remove(&eni);
            },
            move |text| text.cut(&object, &format!("SubnetIds/{at}")),
        ))
    })
}

fn drop_gateway_groups(case: &Case) -> Vec<Change> {
    of_each(case.blueprint.resource_gateways.clone(), |(id, gateway)| {
        let object = Object::ResourceGateway(id.clone());
        case.text.value(&object, "SecurityGroupIds").ok()?;
        Some(Change::new(
            &id,
            move |blueprint| {
                for eni in gateway.enis.values() {
                    wear_default(blueprint, eni);
                }
            },
            move |text| text.cut(&object, "SecurityGroupIds"),
        ))
    })
}

fn unshare(case: &Case) -> Vec<Change> {
    of_each(case.blueprint.resource_gateways.keys().cloned(), |id| {
        let object = Object::ResourceShare(id.clone());
        case.text.has(&object).then_some(())?;
        Some(Change::new(
            id.clone(),
            move |blueprint| {
                let resources = blueprint.resource_configurations.values_mut();
                for resource in resources.filter(|resource| resource.gateway == id) {
                    resource.allowed_accounts.clear();
                }
            },
            move |text| text.remove(&object),
        ))
    })
}

fn resources(blueprint: &Blueprint) -> Vec<String> {
    let resources = blueprint.resource_configurations.values();
    let told = resources.map(|r| format!("{} {:?}", r.address, r.allowed_accounts));
    let mut told: Vec<_> = told.collect();
    told.sort();
    told
}
