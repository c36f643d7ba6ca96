//! What is the same and what is not, on the examples.

use std::path::Path;

use blueprint::balancing::Target;
use blueprint::ids::EndpointId;
use blueprint::network::{Peer, Rule};

use super::*;

fn blueprint_of(example: &str) -> Blueprint {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples");
    let text = std::fs::read_to_string(folder.join(example)).expect(example);
    let (spec, ..) = blueprint::read(&text);
    plan::build(&spec.expect(example)).0
}

const EXAMPLES: [&str; 8] = [
    "patterns/privatelink.yaml",
    "patterns/privatelink-per-broker-aligned.yaml",
    "patterns/privatelink-through.yaml",
    "patterns/msk-multi-vpc.yaml",
    "patterns/resource-endpoint.yaml",
    "patterns/transit-gateway.yaml",
    "patterns/peering.yaml",
    "broken/missing-return-route.yaml",
];

fn changed(example: &str, change: impl Fn(&mut Blueprint)) -> Vec<String> {
    let spec = blueprint_of(example);
    let mut read_back = spec.clone();
    change(&mut read_back);
    disagreements(&spec, &read_back, Fixed::default())
}

#[test]
fn every_example_is_the_same_as_itself() {
    for example in EXAMPLES {
        for endpoint_addresses in [false, true] {
            let spec = blueprint_of(example);
            let lines = disagreements(&spec, &spec, Fixed { endpoint_addresses });
            assert_eq!(lines, Vec::<String>::new(), "{example}");
        }
    }
}

/// Gives every endpoint another id and name, and its interfaces other ids and addresses.
fn moved(blueprint: &mut Blueprint) {
    let mut addresses = BTreeMap::new();
    for (id, eni) in blueprint.enis.clone() {
        if let blueprint::network::EniOwner::Endpoint(owner) = &eni.owner {
            let mut other = eni.clone();
            let range = blueprint.subnets[&eni.subnet].cidr;
            let taken = |a| blueprint.enis.values().any(|eni| eni.address == a);
            let free = range.hosts().find(|a| 200 < a.octets()[3] && !taken(*a));
            other.address = free.expect("a free address");
            other.owner = blueprint::network::EniOwner::Endpoint(format!("other-{owner}").into());
            addresses.insert(eni.address, other.address);
            blueprint.enis.remove(&id);
            blueprint.enis.insert(format!("other-{id}").into(), other);
        }
    }
    for (id, mut endpoint) in std::mem::take(&mut blueprint.endpoints) {
        let name = endpoint.dns_name.clone();
        endpoint.dns_name = format!("other-{name}");
        for eni in endpoint.enis.values_mut() {
            *eni = format!("other-{eni}").into();
        }
        let id = EndpointId::from(format!("other-{id}"));
        blueprint.endpoints.insert(id, endpoint);
        for zone in blueprint.zones.values_mut() {
            for record in zone.records.values_mut() {
                match record {
                    blueprint::dns::Record::Alias(alias) if *alias == name => {
                        *alias = format!("other-{name}");
                    }
                    blueprint::dns::Record::Alias(_) | blueprint::dns::Record::A(_) => {}
                }
            }
        }
        if let Some(public) = blueprint.public_names.remove(&name) {
            blueprint
                .public_names
                .insert(format!("other-{name}"), public);
        }
    }
    for public in blueprint.public_names.values_mut() {
        for address in &mut public.addresses {
            *address = addresses.get(address).copied().unwrap_or(*address);
        }
    }
}

#[test]
fn endpoints_with_other_ids_names_and_addresses_are_the_same_unless_the_text_fixes_them() {
    for example in [
        "patterns/privatelink.yaml",
        "patterns/privatelink-through.yaml",
    ] {
        let spec = blueprint_of(example);
        let mut read_back = spec.clone();
        moved(&mut read_back);
        assert_ne!(spec, read_back);
        let lines = disagreements(&spec, &read_back, Fixed::default());
        assert_eq!(lines, Vec::<String>::new(), "{example}");
        let fixed = Fixed {
            endpoint_addresses: true,
        };
        assert!(
            !disagreements(&spec, &read_back, fixed).is_empty(),
            "{example}"
        );
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
