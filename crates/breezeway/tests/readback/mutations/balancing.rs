//! Network Load Balancers: listeners, targets, target groups, nodes.

use std::net::Ipv4Addr;

use blueprint::Blueprint;
use blueprint::balancing::{Listener, LoadBalancer, TargetGroup};
use blueprint::ids::{BalancerId, TargetGroupId, ZoneId};
use render::object::Object;

use super::{Case, Change, Row, of_each, row, unseen};

pub(super) const ROWS: &[Row] = &[
    row("listener on another port", listener_port),
    row("listener removed", remove_listener),
    row("listeners' target groups swapped", swap_groups),
    row("target on another port", target_port),
    row("target at another broker", target_address),
    row("target removed", remove_target),
    row("target group's targets swapped", swap_targets),
    row("client addresses preserved", preserve),
    row("cross-zone turned around", cross_zone),
    row("balancer's zone removed", remove_zone),
    row("balancer's groups removed", drop_groups),
    row("balancer's rules judge PrivateLink", enforce),
    unseen(
        "balancer's node at another address",
        node_address,
        addresses,
    ),
    unseen("PROXY header sent", proxy, headers),
    unseen("target group tested less often", interval, intervals),
];

/// A port that nobody uses.
pub(super) const MOVED: u16 = 9777;

fn own(case: &Case) -> impl Iterator<Item = (BalancerId, LoadBalancer)> {
    let balancers = case.blueprint.balancers.clone().into_iter();
    balancers.filter(|(id, _)| case.text.has(&Object::Balancer(id.clone())))
}

fn groups(case: &Case) -> impl Iterator<Item = (TargetGroupId, TargetGroup)> {
    let groups = case.blueprint.target_groups.clone().into_iter();
    groups.filter(|(id, _)| case.text.has(&Object::TargetGroup(id.clone())))
}

fn listeners(case: &Case) -> Vec<(BalancerId, u16, Listener)> {
    let all = own(case).flat_map(|(id, balancer)| {
        let listeners = balancer.listeners.into_iter();
        listeners.map(move |(port, listener)| (id.clone(), port, listener))
    });
    all.collect()
}

fn listener_port(case: &Case) -> Vec<Change> {
    of_each(listeners(case), |(id, port, _)| {
        let object = Object::Listener(id.clone(), port);
        Some(Change::new(
            format!("{id}:{port}"),
            move |blueprint| {
                let balancer = blueprint.balancers.get_mut(&id).expect("it");
                let listener = balancer.listeners.remove(&port).expect("it");
                balancer.listeners.insert(MOVED, listener);
            },
            move |text| text.set(&object, "Port", MOVED),
        ))
    })
}

fn remove_listener(case: &Case) -> Vec<Change> {
    of_each(listeners(case), |(id, port, _)| {
        let object = Object::Listener(id.clone(), port);
        Some(Change::new(
            format!("{id}:{port}"),
            move |blueprint| {
                let balancer = blueprint.balancers.get_mut(&id).expect("it");
                balancer.listeners.remove(&port);
            },
            move |text| text.remove(&object),
        ))
    })
}

fn swap_groups(case: &Case) -> Vec<Change> {
    let all = listeners(case);
    let pairs = all.iter().zip(all.iter().skip(1));
    let pairs = pairs.map(|(one, other)| (one.clone(), other.clone()));
    of_each(pairs, |((id, port, one), (other_id, other_port, other))| {
        let first = Object::Listener(id.clone(), port);
        let second = Object::Listener(other_id.clone(), other_port);
        let place = "DefaultActions/0/TargetGroupArn";
        let differ = one.target_group != other.target_group;
        (differ && case.text.together(&first, &second)).then(|| {
            Change::new(
                format!("{id}:{port} and {other_id}:{other_port}"),
                move |blueprint| {
                    set_group(blueprint, (&id, port), &other.target_group);
                    set_group(blueprint, (&other_id, other_port), &one.target_group);
                },
                move |text| text.swap((&first, place), (&second, place)),
            )
        })
    })
}

fn set_group(blueprint: &mut Blueprint, (id, port): (&BalancerId, u16), group: &TargetGroupId) {
    let balancer = blueprint.balancers.get_mut(id).expect("it");
    let listener = balancer.listeners.get_mut(&port).expect("it");
    listener.target_group = group.clone();
}

/// Every target, by its group and position.
fn targets(case: &Case) -> Vec<(TargetGroupId, usize)> {
    let all = groups(case).flat_map(|(id, group)| {
        let all = 0..group.targets.len();
        all.map(move |at| (id.clone(), at))
    });
    all.collect()
}

fn target_port(case: &Case) -> Vec<Change> {
    of_each(targets(case), |(id, at)| {
        let object = Object::TargetGroup(id.clone());
        Some(Change::new(
            format!("{id}, target {at}"),
            move |blueprint| group_of(blueprint, &id).targets[at].port = MOVED,
            move |text| text.set(&object, &format!("Targets/{at}/Port"), MOVED),
        ))
    })
}

fn group_of<'b>(blueprint: &'b mut Blueprint, id: &TargetGroupId) -> &'b mut TargetGroup {
    blueprint.target_groups.get_mut(id).expect("it")
}

fn target_address(case: &Case) -> Vec<Change> {
    let clusters = case.blueprint.clusters.values();
    let brokers = clusters.flat_map(|cluster| cluster.brokers.values());
    let enis = brokers.filter_map(|broker| case.blueprint.enis.get(&broker.eni));
    let addresses: Vec<(_, Ipv4Addr)> = enis
        .filter_map(|eni| {
            Some((
                case.blueprint.subnets.get(&eni.subnet)?.vpc.clone(),
                eni.address,
            ))
        })
        .collect();
    of_each(targets(case), |(id, at)| {
        let group = case.blueprint.target_groups.get(&id)?;
        let own = group.targets[at].address;
        let mut others = addresses
            .iter()
            .filter(|(vpc, other)| *vpc == group.vpc && *other != own);
        let (_, other) = *others.next().as_ref()?;
        let (object, other) = (Object::TargetGroup(id.clone()), *other);
        Some(Change::new(
            format!("{id}, target {at}"),
            move |blueprint| group_of(blueprint, &id).targets[at].address = other,
            move |text| text.set(&object, &format!("Targets/{at}/Id"), other),
        ))
    })
}

fn remove_target(case: &Case) -> Vec<Change> {
    of_each(targets(case), |(id, at)| {
        let object = Object::TargetGroup(id.clone());
        Some(Change::new(
            format!("{id}, target {at}"),
            move |blueprint| {
                group_of(blueprint, &id).targets.remove(at);
            },
            move |text| text.cut(&object, &format!("Targets/{at}")),
        ))
    })
}

fn swap_targets(case: &Case) -> Vec<Change> {
    let all: Vec<_> = groups(case)
        .filter(|(_, group)| group.targets.len() == 1)
        .collect();
    let pairs: Vec<_> = all.iter().zip(all.iter().skip(1)).collect();
    of_each(pairs, |((id, one), (other_id, other))| {
        let (id, other_id) = (id.clone(), other_id.clone());
        let first = Object::TargetGroup(id.clone());
        let second = Object::TargetGroup(other_id.clone());
        let (address, other_address) = (one.targets[0].address, other.targets[0].address);
        let differ = address != other_address && one.vpc == other.vpc;
        (differ && case.text.together(&first, &second)).then(|| {
            Change::new(
                format!("{id} and {other_id}"),
                move |blueprint| {
                    group_of(blueprint, &id).targets[0].address = other_address;
                    group_of(blueprint, &other_id).targets[0].address = address;
                },
                move |text| text.swap((&first, "Targets/0/Id"), (&second, "Targets/0/Id")),
            )
        })
    })
}

/// A change of an attribute of every target group, by its position in the text.
fn attribute(case: &Case, at: usize, set: fn(&mut TargetGroup)) -> Vec<Change> {
    of_each(groups(case), |(id, _)| {
        let object = Object::TargetGroup(id.clone());
        let place = format!("TargetGroupAttributes/{at}/Value");
        Some(Change::new(
            id.clone(),
            move |blueprint| set(group_of(blueprint, &id)),
            move |text| text.set(&object, &place, "\"true\""),
        ))
    })
}

fn preserve(case: &Case) -> Vec<Change> {
    attribute(case, 0, |group| group.preserve_client_ip = true)
}

fn proxy(case: &Case) -> Vec<Change> {
    attribute(case, 1, |group| group.proxy_protocol = true)
}

fn headers(blueprint: &Blueprint) -> Vec<String> {
    told(blueprint, |group| group.proxy_protocol.to_string())
}

/// Something of each target group, managed ones aside.
fn told(blueprint: &Blueprint, tell: fn(&TargetGroup) -> String) -> Vec<String> {
    let balancers = blueprint.balancers.values().filter(|b| !b.managed);
    let listeners = balancers.flat_map(|balancer| &balancer.listeners);
    let told = listeners.filter_map(|(port, listener)| {
        let group = blueprint.target_groups.get(&listener.target_group)?;
        let targets = group
            .targets
            .iter()
            .map(|t| format!("{}:{}", t.address, t.port));
        let targets: Vec<_> = targets.collect();
        Some(format!("{port} to {}: {}", targets.join(","), tell(group)))
    });
    let mut told: Vec<_> = told.collect();
    told.sort();
    told
}

fn interval(case: &Case) -> Vec<Change> {
    of_each(groups(case), |(id, _)| {
        let object = Object::TargetGroup(id.clone());
        Some(Change::new(
            id.clone(),
            move |blueprint| group_of(blueprint, &id).health_check.interval_s = 60,
            move |text| text.set(&object, "HealthCheckIntervalSeconds", 60),
        ))
    })
}

fn intervals(blueprint: &Blueprint) -> Vec<String> {
    told(blueprint, |group| group.health_check.interval_s.to_string())
}

fn cross_zone(case: &Case) -> Vec<Change> {
    of_each(own(case), |(id, balancer)| {
        let object = Object::Balancer(id.clone());
        let now = !balancer.cross_zone;
        Some(Change::new(
            id.clone(),
            move |blueprint| blueprint.balancers.get_mut(&id).expect("it").cross_zone = now,
            move |text| {
                text.set(
                    &object,
                    "LoadBalancerAttributes/0/Value",
                    format!("\"{now}\""),
                )
            },
        ))
    })
}

/// Every node of a balancer: its zone, and its position in the text.
fn nodes(case: &Case) -> Vec<(BalancerId, usize, ZoneId)> {
    let all = own(case).flat_map(|(id, balancer)| {
        let zones = balancer.nodes.into_keys().enumerate();
        zones.map(move |(at, zone)| (id.clone(), at, zone))
    });
    all.collect()
}

fn remove_zone(case: &Case) -> Vec<Change> {
    of_each(nodes(case), |(id, at, zone)| {
        let object = Object::Balancer(id.clone());
        (1 < case.text.len(&object, "SubnetMappings")).then(|| {
            Change::new(
                format!("{id} in {zone}"),
                move |blueprint| {
                    let balancer = blueprint.balancers.get_mut(&id).expect("it");
                    let eni = balancer.nodes.remove(&zone).expect("it");
                    let name = balancer.dns_name.clone();
                    drop_eni(blueprint, &name, &eni);
                },
                move |text| text.cut(&object, &format!("SubnetMappings/{at}")),
            )
        })
    })
}

/// Removes an interface and its address from a name's answer.
pub(super) fn drop_eni(blueprint: &mut Blueprint, name: &str, eni: &blueprint::ids::EniId) {
    let gone = blueprint.enis.remove(eni).expect("it").address;
    if let Some(answer) = blueprint.public_names.get_mut(name) {
        answer.addresses.retain(|address| *address != gone);
    }
}

fn drop_groups(case: &Case) -> Vec<Change> {
    of_each(own(case), |(id, balancer)| {
        let object = Object::Balancer(id.clone());
        let enforced = "EnforceSecurityGroupInboundRulesOnPrivateLinkTraffic";
        case.text.value(&object, enforced).ok()?;
        Some(Change::new(
            &id,
            move |blueprint| {
                for eni in balancer.nodes.values() {
                    let eni = blueprint.enis.get_mut(eni).expect("it");
                    eni.security_groups.clear();
                }
            },
            move |text| {
                text.cut(&object, "SecurityGroups")?;
                text.cut(&object, enforced)
            },
        ))
    })
}

fn enforce(case: &Case) -> Vec<Change> {
    of_each(own(case), |(id, balancer)| {
        let object = Object::Balancer(id.clone());
        let place = "EnforceSecurityGroupInboundRulesOnPrivateLinkTraffic";
        case.text.value(&object, place).ok()?;
        let now = !balancer.enforce_on_privatelink;
        let word = if now { "\"on\"" } else { "\"off\"" };
        Some(Change::new(
            id.clone(),
            move |blueprint| {
                let balancer = blueprint.balancers.get_mut(&id).expect("it");
                balancer.enforce_on_privatelink = now;
            },
            move |text| text.set(&object, place, word),
        ))
    })
}

fn node_address(case: &Case) -> Vec<Change> {
    of_each(nodes(case), |(id, at, zone)| {
        let object = Object::Balancer(id.clone());
        let balancer = case.blueprint.balancers.get(&id)?;
        let eni = balancer.nodes.get(&zone)?.clone();
        let old = case.blueprint.enis.get(&eni)?.address;
        let new = unheld(&case.blueprint, &eni)?;
        let name = balancer.dns_name.clone();
        Some(Change::new(
            format!("{id} in {zone}"),
            move |blueprint| {
                blueprint.enis.get_mut(&eni).expect("it").address = new;
                let answer = blueprint.public_names.get_mut(&name).expect("it");
                let mut addresses = answer.addresses.iter_mut();
                *addresses.find(|known| **known == old).expect("it") = new;
            },
            move |text| {
                text.set(
                    &object,
                    &format!("SubnetMappings/{at}/PrivateIPv4Address"),
                    new,
                )
            },
        ))
    })
}

/// An address of an interface's subnet that nobody holds, from the middle on, where neither a spec
/// nor a reader looks first.
pub(super) fn unheld(blueprint: &Blueprint, eni: &blueprint::ids::EniId) -> Option<Ipv4Addr> {
    let subnet = blueprint.subnets.get(&blueprint.enis.get(eni)?.subnet)?;
    let half = subnet
        .cidr
        .subnets(subnet.cidr.prefix_len() + 1)
        .ok()?
        .last()?;
    let held = |address: &Ipv4Addr| blueprint.enis.values().any(|eni| eni.address == *address);
    half.hosts().find(|address| !held(address))
}

fn addresses(blueprint: &Blueprint) -> Vec<String> {
    let balancers = blueprint.balancers.values().filter(|b| !b.managed);
    let nodes = balancers.flat_map(|balancer| balancer.nodes.values());
    let enis = nodes.filter_map(|eni| blueprint.enis.get(eni));
    let mut told: Vec<_> = enis.map(|eni| eni.address.to_string()).collect();
    told.sort();
    told
}
