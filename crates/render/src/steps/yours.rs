//! What no text that is rendered makes: it is the user's own.

use std::collections::BTreeSet;

use blueprint::ids::{ClientId, ClusterId, SecurityGroupId};
use blueprint::network::EniOwner;
use blueprint::spec::{ClientKind, ClusterKind};

use super::Site;
use super::users;
use crate::assigned;
use crate::object::{Attribute, Object};
use crate::target::Target;
use crate::unit::Source;
use crate::value::Input;

/// Lines of a list.
pub(super) fn text(site: &Site<'_>) -> String {
    let mut lines = asked(site);
    lines.extend(networks(site));
    lines.extend(hosts(site));
    lines.extend(worn(site));
    lines.extend(clients(site));
    if lines.is_empty() {
        return "Nothing.\n".to_owned();
    }
    lines.iter().map(|line| format!("- {line}\n")).collect()
}

/// Values that only the user has.
fn asked(site: &Site<'_>) -> Vec<String> {
    let inputs = site.units.iter().flat_map(|unit| &unit.inputs);
    let asked = inputs.filter_map(|(name, source)| {
        let Source::Outside(input) = source else {
            return None;
        };
        let name = site.target.written(name);
        match input {
            Input::Certificate { of, names } => {
                let names = assigned::told_all(site.blueprint, names);
                Some(format!(
                    "`{name}`: a certificate in AWS Certificate Manager for `{of}`, with {names}"
                ))
            }
            Input::Given { what, .. } => Some(format!("`{name}`: {what}")),
            Input::BrokerAddress { .. } | Input::Suffix { .. } | Input::RouteTableOf { .. } => None,
        }
    });
    asked.collect::<BTreeSet<_>>().into_iter().collect()
}

/// What VPCs are said to have.
fn networks(site: &Site<'_>) -> Vec<String> {
    let vpcs = site.blueprint.vpcs.iter();
    let vpcs = vpcs.flat_map(|(id, vpc)| {
        let nat = vpc
            .nat
            .then(|| format!("the NAT gateway that VPC `{id}` is said to have"));
        let services: Vec<_> = vpc.service_endpoints.iter().map(String::as_str).collect();
        let services = (!services.is_empty()).then(|| {
            format!(
                "the endpoints of AWS services that VPC `{id}` is said to have: {}",
                services.join(", ")
            )
        });
        [nat, services]
    });
    vpcs.flatten().collect()
}

/// Instances of brokers and gateways.
fn hosts(site: &Site<'_>) -> Vec<String> {
    let clusters = site.blueprint.clusters.iter();
    let own = clusters.filter(|(_, cluster)| cluster.kind == ClusterKind::Ec2);
    let brokers = own.map(|(id, cluster)| {
        format!(
            "the {} brokers of `{id}`: instances with their volumes, key stores and users; each takes its interface, which is made here: {}",
            cluster.brokers.len(),
            interfaces(site, |owner| is_broker_of(owner, id)).join(", ")
        )
    });
    let gateways = site.blueprint.gateways.iter();
    let gateways = gateways.map(|(id, gateway)| {
        let of_gateway = |owner: &EniOwner| *owner == EniOwner::Gateway(id.clone());
        format!(
            "the gateway of `{}`: {} instances, which take these interfaces: {}",
            gateway.cluster,
            gateway.instances.len(),
            interfaces(site, of_gateway).join(", ")
        )
    });
    brokers.chain(gateways).collect()
}

fn is_broker_of(owner: &EniOwner, cluster: &ClusterId) -> bool {
    let EniOwner::Broker { cluster: of, .. } = owner else {
        return false;
    };
    of == cluster
}

fn interfaces(site: &Site<'_>, is_ours: impl Fn(&EniOwner) -> bool) -> Vec<String> {
    let enis = site.blueprint.enis.iter();
    let ours = enis.filter(|(_, eni)| is_ours(&eni.owner));
    ours.map(|(id, eni)| format!("`{id}` ({})", eni.address))
        .collect()
}

/// Clients, the group each wears, and what Lambda needs.
fn clients(site: &Site<'_>) -> Vec<String> {
    let clients = site.blueprint.clients.iter();
    let clients = clients.map(|(id, client)| {
        let what = match client.kind {
            ClientKind::Service => "the hosts of client",
            ClientKind::Connect => "the Kafka Connect workers",
            ClientKind::Lambda => "the Lambda function and event source mapping",
        };
        let group = group(site, id);
        let secret = users::whereabouts(site.units, id).unwrap_or_default();
        format!("{what} `{id}` in VPC `{}`{group}{secret}", client.vpc)
    });
    clients.collect()
}

/// What a client's interfaces wear.
fn group(site: &Site<'_>, client: &ClientId) -> String {
    let enis = site.blueprint.enis.values();
    let mut own = enis.filter(|eni| eni.owner == EniOwner::Client(client.clone()));
    let Some(group) = own.next().and_then(|eni| eni.security_groups.first()) else {
        return String::new();
    };
    found(site, group).map_or_else(String::new, |found| format!(", in security group {found}"))
}

/// A security group and where its id is found.
fn found(site: &Site<'_>, group: &SecurityGroupId) -> Option<String> {
    if let Some(known) = site.blueprint.existing.get(&group.into()) {
        return Some(known.clone());
    }
    let is_group = |held: &Object| *held == Object::SecurityGroup(group.clone());
    let (path, name) = site.given(is_group, Attribute::Id)?;
    let of = match site.target {
        Target::CloudFormation => site.unit(&path).map_or("", |unit| unit.stack.as_str()),
        Target::Terraform => path.as_str(),
    };
    Some(format!(
        "`{group}` (output `{}` of `{of}`)",
        site.target.written(&name)
    ))
}

/// Groups that brokers which exist are to wear and nobody here can give them.
fn worn(site: &Site<'_>) -> Vec<String> {
    let clusters = site.blueprint.clusters.iter();
    let existing = clusters.filter(|(id, _)| site.blueprint.existing.contains_key(&(*id).into()));
    let worn = existing.filter_map(|(id, cluster)| {
        let broker = cluster.brokers.values().next()?;
        let group = site.blueprint.enis.get(&broker.eni)?.security_groups.first()?;
        let is_new = !site.blueprint.existing.contains_key(&group.into());
        let group = found(site, group).filter(|_| is_new)?;
        Some(format!(
                "the brokers of `{id}` exist already, and security group {group} does not: give their interfaces that group, or say the one they have as `security_group`"
        ))
    });
    worn.collect()
}
