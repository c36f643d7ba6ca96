//! Names in the rendered text: functions of the blueprint's ids, so that nothing is renamed when a
//! spec grows. They are written in kebab-case here and in each target's own case there.

use std::collections::{BTreeMap, BTreeSet};

use blueprint::Blueprint;
use blueprint::network::{Peer, Rule};
use ipnet::Ipv4Net;

use crate::object::{Attribute, Object, Way};
use crate::part::Part;
use crate::value::{Input, Switch};

/// Digits of the hash that keeps cut or colliding names apart: one in 16 million pairs collides.
const HASH_DIGITS: usize = 6;

/// Most characters of the name of a balancer or target group (Elastic Load Balancing API).
const MAX_BALANCING_CHARS: usize = 32;

/// Most characters of the name of a share: a limit of ours, for AWS RAM documents none (API,
/// `CreateResourceShare`).
const MAX_SHARE_CHARS: usize = 64;

/// Names for the objects of all parts: unique for each kind, also without their hyphens, because
/// CloudFormation's logical ids have none. Of two that would be one, the second gets a hash.
pub(crate) fn of_parts(blueprint: &Blueprint, parts: &[Part]) -> BTreeMap<Object, String> {
    let mut taken = BTreeSet::new();
    let mut names = BTreeMap::new();
    for Part { object, .. } in parts {
        let raw = without_domains(blueprint, raw(blueprint, object));
        let mut name = kebab(&raw);
        if !taken.insert((kind(object), name.replace('-', ""))) {
            name = format!("{name}-{}", hash(&raw));
            taken.insert((kind(object), name.replace('-', "")));
        }
        names.insert(object.clone(), name);
    }
    names
}

/// The name of an output with what AWS gives an object, and of the inputs that take it.
pub(crate) fn of_value(name: &str, object: &Object, attribute: Attribute) -> String {
    let kind = kind(object);
    let named = match name.ends_with(&format!("-{kind}")) {
        true => name.to_owned(),
        false => format!("{name}-{kind}"),
    };
    format!("{named}-{}", word(attribute))
}

/// The name of an input whose value no object has.
pub(crate) fn of_input(input: &Input) -> String {
    match input {
        Input::BrokerAddress { cluster, broker } => {
            kebab(&format!("{cluster}-broker-{broker}-address"))
        }
        Input::Suffix { cluster } => kebab(&format!("{cluster}-domain")),
        Input::RouteTableOf { subnet } => kebab(&format!("route-table-of-{subnet}")),
        Input::Certificate { of, .. } => kebab(&format!("{of}-certificate-arn")),
        Input::Given { name, .. } => kebab(name),
    }
}

/// The name of a switch's input.
pub(crate) fn of_switch(switch: &Switch) -> String {
    match switch {
        Switch::Advertised { cluster } => kebab(&format!("{cluster}-advertises-network")),
        Switch::VpcConnectivity { cluster } => kebab(&format!("{cluster}-vpc-connectivity")),
    }
}

/// A name of at most so many characters, for what AWS limits: cut, with a hash of the whole.
pub(crate) fn short(name: &str, at_most: usize) -> String {
    let name = kebab(name);
    if name.len() <= at_most {
        return name;
    }
    let kept: String = name
        .chars()
        .take(at_most.saturating_sub(HASH_DIGITS + 1))
        .collect();
    format!("{}-{}", kept.trim_end_matches('-'), hash(&name))
}

/// The name of a balancer or target group (Elastic Load Balancing API: 32 characters, and none
/// that begins with `internal-`).
pub(crate) fn of_balancing(name: &str) -> String {
    let short_name = short(name, MAX_BALANCING_CHARS);
    match short_name.starts_with("internal-") {
        true => short(&format!("nlb-{name}"), MAX_BALANCING_CHARS),
        false => short_name,
    }
}

/// The name of a share.
pub(crate) fn of_share(name: &str) -> String {
    short(name, MAX_SHARE_CHARS)
}

/// Lower-case letters, digits and single hyphens.
pub(crate) fn kebab(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        if letter.is_ascii_alphanumeric() {
            out.push(letter.to_ascii_lowercase());
        } else if !out.is_empty() && !out.ends_with('-') {
            out.push('-');
        }
    }
    out.trim_end_matches('-').to_owned()
}

/// One of so many blocks, from 1, for a name; it stays the same whatever else there is.
pub(crate) fn block(name: &str, n_blocks: u64) -> u64 {
    fnv1a(name) % n_blocks + 1
}

fn hash(text: &str) -> String {
    format!("{:016x}", fnv1a(text))[..HASH_DIGITS].to_owned()
}

/// FNV-1a: the same on every machine and for ever.
fn fnv1a(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

/// A text in which domains that Amazon MSK chooses read as the clusters' ids, so that nothing is
/// renamed once they are known.
fn without_domains(blueprint: &Blueprint, text: String) -> String {
    let clusters = blueprint.clusters.iter();
    let mut named: Vec<_> = clusters
        .filter(|(_, cluster)| cluster.kind.is_msk() && !cluster.suffix.is_empty())
        .collect();
    named.sort_by_key(|(_, cluster)| std::cmp::Reverse(cluster.suffix.len()));
    named.into_iter().fold(text, |text, (id, cluster)| {
        text.replace(&cluster.suffix, id.as_str())
    })
}

/// What an object is named after, before it is fitted to a case.
fn raw(blueprint: &Blueprint, object: &Object) -> String {
    match object {
        Object::Vpc(id) => id.to_string(),
        Object::Subnet(id) | Object::RouteTableAssociation(id) | Object::AclAssociation(id) => {
            id.to_string()
        }
        Object::RouteTable(id) => id.to_string(),
        Object::Route(id, to) => format!("{id}-to-{}", range(to)),
        Object::NetworkAcl(id) => id.to_string(),
        Object::AclEntry(id, way, number) => format!("{id}-{}-{number}", direction(*way)),
        Object::SecurityGroup(id) => id.to_string(),
        Object::Rule(id, way, at) => {
            let group = blueprint.security_groups.get(id);
            let rules = group.map(|group| match way {
                Way::Ingress => &group.ingress,
                Way::Egress => &group.egress,
            });
            match rules.and_then(|rules| rules.get(*at)) {
                Some(rule) => format!("{id}-{}", rule_words(rule, *way)),
                None => format!("{id}-{}-{at}", direction(*way)),
            }
        }
        Object::Eni(id) => id.to_string(),
        Object::Peering(id) => id.to_string(),
        Object::TransitGateway(id) | Object::TransitShare(id) => id.to_string(),
        Object::TransitTable(id) => id.to_string(),
        Object::TransitAttachment(id) | Object::TransitAssociation(id) => id.to_string(),
        Object::TransitPeering(id) => id.to_string(),
        Object::TransitPeeringAssociation(id, gateway) => format!("peering-{id}-{gateway}"),
        Object::TransitPropagation(table, attachment) => format!("{table}-from-{attachment}"),
        Object::TransitRoute(table, to) => format!("{table}-to-{}", range(to)),
        Object::ScramKey(id) | Object::ScramAssociation(id) => format!("{id}-users"),
        Object::ScramSecret(id) => id.to_string(),
        Object::Configuration(id) | Object::Cluster(id) | Object::ClusterPolicy(id) => {
            id.to_string()
        }
        Object::Balancer(id) => id.to_string(),
        Object::TargetGroup(id) => id.to_string(),
        Object::Listener(id, port) => format!("{id}-{port}"),
        Object::Service(id) | Object::ServicePermissions(id) => id.to_string(),
        Object::ResourceGateway(id) | Object::ResourceShare(id) => id.to_string(),
        Object::ResourceConfiguration(id) => id.to_string(),
        Object::Endpoint(id) | Object::VpcConnection(id) => id.to_string(),
        Object::HostedZone(id) => id.to_string(),
        Object::Record(id, name) if id.as_str().ends_with(name) => id.to_string(),
        Object::Record(id, name) => format!("{id}-{name}"),
        Object::ResolverRule(id) => id.to_string(),
        Object::ResolverRuleAssociation(id, vpc) => format!("{id}-in-{vpc}"),
    }
}

/// A rule is named after its first port: the last one moves as brokers are added, and the rule
/// stays the same one.
fn rule_words(rule: &Rule, way: Way) -> String {
    let port = rule.from_port;
    let peer = match &rule.peer {
        Peer::Cidr(to) => range(to),
        Peer::Group(group) => group.to_string(),
    };
    match way {
        Way::Ingress => format!("{port}-from-{peer}"),
        Way::Egress => format!("{port}-towards-{peer}"),
    }
}

fn range(range: &Ipv4Net) -> String {
    range.to_string().replace(['.', '/'], "-")
}

fn direction(way: Way) -> &'static str {
    match way {
        Way::Ingress => "ingress",
        Way::Egress => "egress",
    }
}

/// What an object is, as part of names: each kind of object has its own word.
pub(crate) fn kind(object: &Object) -> &'static str {
    match object {
        Object::Vpc(_) => "vpc",
        Object::Subnet(_) => "subnet",
        Object::RouteTable(_) => "route-table",
        Object::RouteTableAssociation(_) => "route-table-association",
        Object::Route(..) => "route",
        Object::NetworkAcl(_) => "network-acl",
        Object::AclEntry(..) => "network-acl-entry",
        Object::AclAssociation(_) => "network-acl-association",
        Object::SecurityGroup(_) => "group",
        Object::Rule(..) => "rule",
        Object::Eni(_) => "interface",
        Object::Peering(_) => "peering",
        Object::TransitGateway(_) => "transit-gateway",
        Object::TransitShare(_) => "transit-share",
        Object::TransitTable(_) => "transit-table",
        Object::TransitAttachment(_) => "attachment",
        Object::TransitPeering(_) => "transit-peering",
        Object::TransitAssociation(_) | Object::TransitPeeringAssociation(..) => "association",
        Object::TransitPropagation(..) => "propagation",
        Object::TransitRoute(..) => "transit-route",
        Object::ScramKey(_) => "key",
        Object::ScramSecret(_) => "secret",
        Object::ScramAssociation(_) => "secrets",
        Object::Configuration(_) => "configuration",
        Object::Cluster(_) => "cluster",
        Object::ClusterPolicy(_) => "cluster-policy",
        Object::Balancer(_) => "balancer",
        Object::TargetGroup(_) => "target-group",
        Object::Listener(..) => "listener",
        Object::Service(_) => "service",
        Object::ServicePermissions(_) => "service-permissions",
        Object::ResourceGateway(_) => "resource-gateway",
        Object::ResourceConfiguration(_) => "resource",
        Object::ResourceShare(_) => "resource-share",
        Object::Endpoint(_) => "endpoint",
        Object::VpcConnection(_) => "vpc-connection",
        Object::HostedZone(_) => "zone",
        Object::Record(..) => "record",
        Object::ResolverRule(_) => "resolver-rule",
        Object::ResolverRuleAssociation(..) => "resolver-rule-association",
    }
}

fn word(attribute: Attribute) -> &'static str {
    match attribute {
        Attribute::Id => "id",
        Attribute::Arn => "arn",
        Attribute::DnsName => "dns-name",
        Attribute::DnsZone => "dns-zone",
        Attribute::ServiceName => "name",
        Attribute::Revision => "revision",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_kebab_case() {
        for (text, name) in [
            ("data/euc1-az1", "data-euc1-az1"),
            ("Orders__1", "orders-1"),
            ("zone b-1.orders.example", "zone-b-1-orders-example"),
            ("-/-", ""),
        ] {
            assert_eq!(kebab(text), name);
        }
    }

    #[test]
    fn long_names_are_cut_and_stay_apart() {
        let long = "orders-of-the-northern-warehouses-1";
        let other = "orders-of-the-northern-warehouses-2";
        let (one, two) = (short(long, 32), short(other, 32));
        assert_eq!(one.len(), 32);
        assert_ne!(one, two);
        assert_eq!(short("orders-1", 32), "orders-1");
    }

    #[test]
    fn no_balancer_has_a_name_that_aws_refuses() {
        assert_eq!(of_balancing("orders-nlb"), "orders-nlb");
        assert_eq!(of_balancing("internal-nlb"), "nlb-internal-nlb");
    }
}
