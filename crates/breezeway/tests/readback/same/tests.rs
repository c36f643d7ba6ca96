//! What is the same and what is not, on the examples.

use std::net::Ipv4Addr;
use std::path::Path;

use blueprint::balancing::{Endpoint, EndpointTarget, Target};
use blueprint::dns::Record;
use blueprint::ids::EndpointId;
use blueprint::network::{EniOwner, Peer, Rule};

use super::*;

fn blueprint_of(example: &str) -> Blueprint {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples");
    let text = std::fs::read_to_string(folder.join(example)).expect(example);
    let (spec, ..) = blueprint::read(&text);
    plan::build(&spec.expect(example)).0
}

/// Every shipped spec, by its path below the examples.
fn examples() -> Vec<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples");
    let below = crate::whole::examples().into_iter().map(|path| {
        let below = path.strip_prefix(&root).expect("below");
        below.to_str().expect("UTF-8").to_owned()
    });
    below.collect()
}

fn changed(example: &str, change: impl Fn(&mut Blueprint)) -> Vec<String> {
    let spec = blueprint_of(example);
    let mut read_back = spec.clone();
    change(&mut read_back);
    disagreements(&spec, &read_back, Fixed::default())
}

#[test]
fn every_example_is_the_same_as_itself() {
    let examples = examples();
    assert!(20 < examples.len(), "{examples:?}");
    for example in examples {
        for endpoint_addresses in [false, true] {
            let spec = blueprint_of(&example);
            let lines = disagreements(&spec, &spec, Fixed { endpoint_addresses });
            assert_eq!(lines, Vec::<String>::new(), "{example}");
        }
    }
}

/// Gives every endpoint another id and name, and its interfaces other ids and addresses.
fn moved(blueprint: &mut Blueprint) {
    for (id, mut endpoint) in std::mem::take(&mut blueprint.endpoints) {
        let other_id = EndpointId::from(format!("other-{id}"));
        let mut addresses = BTreeMap::new();
        for eni in endpoint.enis.values_mut() {
            let mut content = blueprint.enis.remove(eni).expect("an interface");
            let taken = |a| blueprint.enis.values().any(|eni| eni.address == a);
            let mut free = blueprint.subnets[&content.subnet].cidr.hosts();
            let free = free.find(|a| 200 < a.octets()[3] && !taken(*a));
            let free = free.expect("a free address");
            addresses.insert(content.address, free);
            content.address = free;
            content.owner = EniOwner::Endpoint(other_id.clone());
            *eni = format!("other-{eni}").into();
            blueprint.enis.insert(eni.clone(), content);
        }
        rename(&endpoint, &addresses, blueprint);
        endpoint.dns_name = format!("other-{}", endpoint.dns_name);
        blueprint.endpoints.insert(other_id, endpoint);
    }
}

/// Gives the names of an endpoint, zonal ones included, a prefix and the other addresses.
fn rename(
    endpoint: &Endpoint,
    addresses: &BTreeMap<Ipv4Addr, Ipv4Addr>,
    blueprint: &mut Blueprint,
) {
    let label = endpoint.dns_name.split('.').next().unwrap_or_default();
    let is_own = |name: &str| name.starts_with(label);
    let exchange = |known: &mut Vec<Ipv4Addr>| {
        for address in known {
            *address = addresses.get(address).copied().unwrap_or(*address);
        }
    };
    for (name, mut public) in std::mem::take(&mut blueprint.public_names) {
        let own = is_own(&name);
        if own {
            exchange(&mut public.addresses);
        }
        let name = if own { format!("other-{name}") } else { name };
        blueprint.public_names.insert(name, public);
    }
    let zones = blueprint.zones.values_mut();
    for zone in zones.filter(|zone| zone.vpcs.contains(&endpoint.vpc)) {
        for record in zone.records.values_mut() {
            match record {
                Record::Alias(alias) if is_own(alias) => *alias = format!("other-{alias}"),
                Record::A(known) => exchange(known),
                Record::Alias(_) => {}
            }
        }
    }
}

#[test]
fn endpoints_with_other_ids_names_and_addresses_are_the_same_unless_the_text_fixes_them() {
    for example in examples() {
        let spec = blueprint_of(&example);
        let mut read_back = spec.clone();
        moved(&mut read_back);
        let is_fixed = |endpoint: &Endpoint| match &endpoint.target {
            EndpointTarget::Service(id) => !spec.balancers[&spec.services[id].balancer].managed,
            EndpointTarget::Resource(_) => false,
        };
        let any = spec.endpoints.values().any(is_fixed);
        let lines = disagreements(&spec, &read_back, Fixed::default());
        assert_eq!(lines, Vec::<String>::new(), "{example}");
        let fixed = Fixed {
            endpoint_addresses: true,
        };
        let differs = !disagreements(&spec, &read_back, fixed).is_empty();
        assert_eq!(differs, any, "{example}");
    }
}

#[test]
fn a_rule_that_is_gone_is_seen_with_its_place() {
    let lines = changed("patterns/privatelink.yaml", |blueprint| {
        let groups = blueprint.security_groups.iter_mut();
        let group = groups
            .map(|(_, group)| group)
            .find(|group| !group.ingress.is_empty());
        group.expect("a group with a rule").ingress.clear();
    });
    assert!(!lines.is_empty());
    assert!(
        lines.iter().any(|line| line.contains("denied-in at ")),
        "{lines:?}"
    );
}

#[test]
fn swapped_targets_are_seen() {
    let lines = changed("patterns/privatelink.yaml", |blueprint| {
        let mut groups = blueprint.target_groups.values_mut();
        let (one, other) = (groups.next(), groups.next());
        let (one, other) = one.zip(other).expect("two target groups");
        std::mem::swap::<Vec<Target>>(&mut one.targets, &mut other.targets);
    });
    assert!(
        lines.iter().any(|line| line.contains("wrong-broker")),
        "{lines:?}"
    );
}

#[test]
fn a_listener_on_another_port_is_seen() {
    let lines = changed("patterns/privatelink.yaml", |blueprint| {
        let balancer = blueprint.balancers.values_mut().next().expect("a balancer");
        let (port, listener) = balancer.listeners.pop_first().expect("a listener");
        balancer.listeners.insert(port - 1, listener);
    });
    assert!(
        lines.iter().any(|line| line.contains("no-listener")),
        "{lines:?}"
    );
}

#[test]
fn a_route_that_is_gone_is_seen_at_its_vpc() {
    let lines = changed("patterns/transit-gateway.yaml", |blueprint| {
        for table in blueprint.route_tables.values_mut() {
            table.routes.truncate(1);
        }
    });
    let place = |line: &String| line.contains("no-route at the routing of VPC ");
    assert!(lines.iter().any(place), "{lines:?}");
}

#[test]
fn a_door_that_is_open_to_strangers_is_seen() {
    let everybody = Rule {
        from_port: 0,
        to_port: u16::MAX,
        peer: Peer::Cidr("0.0.0.0/0".parse().expect("a range")),
        because: String::new(),
    };
    let lines = changed("patterns/privatelink.yaml", |blueprint| {
        for group in blueprint.security_groups.values_mut() {
            group.ingress.push(everybody.clone());
        }
    });
    assert!(!lines.is_empty());
    assert!(
        lines.iter().all(|line| line.starts_with("denial ")),
        "{lines:?}"
    );
}

#[test]
fn a_client_or_a_broker_that_is_missing_is_seen() {
    let lines = changed("patterns/peering.yaml", |blueprint| {
        blueprint.clients.pop_first();
    });
    assert!(
        lines.iter().any(|line| line.contains("not promised")),
        "{lines:?}"
    );
}
