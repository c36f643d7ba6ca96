//! Faults in network ACLs, in who answers names, in endpoints and what they lead to.

use blueprint::Blueprint;
use blueprint::dns::ResolverRule;
use blueprint::network::{AclEntry, NetworkAcl};
use fastrand::Rng;
use ipnet::Ipv4Net;

use super::{dialled_name, pick, position};

/// Gives some subnet in use a network ACL that lets everything through but what one entry in its
/// first place says.
pub(super) fn fence(blueprint: &mut Blueprint, rng: &mut Rng) -> bool {
    let subnets: Vec<_> = blueprint
        .enis
        .values()
        .map(|eni| eni.subnet.clone())
        .collect();
    let addresses: Vec<_> = blueprint.enis.values().map(|eni| eni.address).collect();
    let (Some(at), Some(other)) = (position(&subnets, rng), position(&addresses, rng)) else {
        return false;
    };
    let Some(subnet) = blueprint.subnets.get_mut(&subnets[at]) else {
        return false;
    };
    let widths = [0, 16, 24, 32];
    let Ok(range) = Ipv4Net::new(addresses[other], widths[rng.usize(0..widths.len())]) else {
        return false;
    };
    let ports = [
        (0, 65535),
        (9000, 9200),
        (9092, 9092),
        (1024, 65535),
        (50_000, 50_000),
    ];
    let (from_port, to_port) = ports[rng.usize(0..ports.len())];
    let entry = |number, allow, cidr, (from_port, to_port)| AclEntry {
        number,
        allow,
        cidr,
        from_port,
        to_port,
    };
    let everything = || entry(200, true, Ipv4Net::default(), (0, 65535));
    let first = entry(100, rng.u8(0..4) == 0, range.trunc(), (from_port, to_port));
    // One in three ACLs lets nothing through beside its first entry.
    let rest = (rng.u8(0..3) != 0).then(everything);
    let closed: Vec<_> = [Some(first), rest].into_iter().flatten().collect();
    let (ingress, egress) = if rng.bool() {
        (closed, vec![everything()])
    } else {
        (vec![everything()], closed)
    };
    let acl = NetworkAcl {
        vpc: subnet.vpc.clone(),
        ingress,
        egress,
    };
    subnet.network_acl = Some("by-hand".into());
    blueprint.network_acls.insert("by-hand".into(), acl);
    true
}

/// Forwards a name that some client dials, or a domain above it, to servers elsewhere.
pub(super) fn forward_names(blueprint: &mut Blueprint, rng: &mut Rng) -> bool {
    let Some((vpc, host)) = dialled_name(blueprint, rng) else {
        return false;
    };
    let domains = std::iter::successors(Some(host.as_str()), |name| {
        name.split_once('.').map(|(_, parent)| parent)
    });
    let mut domains: Vec<&str> = domains.collect();
    // A zone of that very name, which the rule goes before, where there is one.
    let is_zone = |domain: &&str| {
        let mut zones = blueprint.zones.values();
        zones.any(|zone| zone.name == *domain && zone.vpcs.contains(&vpc))
    };
    if rng.bool() && domains.iter().any(is_zone) {
        domains.retain(is_zone);
    }
    let Some(at) = position(&domains, rng) else {
        return false;
    };
    let rule = ResolverRule {
        domain: domains[at].to_owned(),
        vpcs: [vpc].into(),
        servers: Vec::new(),
    };
    blueprint.resolver_rules.insert("by-hand".into(), rule);
    true
}

pub(super) fn switch_dns_off(blueprint: &mut Blueprint, rng: &mut Rng) -> bool {
    let Some((_, client)) = pick(blueprint.clients.iter_mut(), rng) else {
        return false;
    };
    let vpc = blueprint.vpcs.get_mut(&client.vpc);
    vpc.is_some_and(|vpc| std::mem::replace(&mut vpc.dns, false))
}

/// Takes an endpoint's part out of a zone.
pub(super) fn remove_endpoint_part(blueprint: &mut Blueprint, rng: &mut Rng) -> bool {
    let Some((_, endpoint)) = pick(blueprint.endpoints.iter_mut(), rng) else {
        return false;
    };
    let zones: Vec<_> = endpoint.enis.keys().cloned().collect();
    let removed = position(&zones, rng).and_then(|at| endpoint.enis.remove(&zones[at]));
    removed
        .and_then(|eni| blueprint.enis.remove(&eni))
        .is_some()
}

/// Lets nobody of another Region use a service.
pub(super) fn unsupport(blueprint: &mut Blueprint, rng: &mut Rng) -> bool {
    let services = blueprint.services.iter_mut();
    let wide = services.filter(|(_, service)| !service.supported_regions.is_empty());
    pick(wide, rng)
        .map(|(_, service)| service.supported_regions.clear())
        .is_some()
}
