//! What no text that is rendered makes: it is the user's own.

use std::collections::BTreeSet;

use blueprint::ids::{ClientId, ClusterId};
use blueprint::network::EniOwner;
use blueprint::spec::{ClientKind, ClusterKind};

use super::Site;
use super::script::Script;
use crate::object::{Attribute, Object};
use crate::target::Target;
use crate::unit::Source;
use crate::value::Input;

/// Lines of a list, and blocks of commands.
pub(super) fn text(site: &Site<'_>, script: &mut Script<'_, '_>) -> String {
    let mut lines = asked(site);
    lines.extend(networks(site));
    lines.extend(hosts(site));
    lines.extend(clients(site));
    let mut text: String = lines.iter().map(|line| format!("- {line}\n")).collect();
    if text.is_empty() {
        text.push_str("Nothing.\n");
    }
    text.push_str(&users(site, script));
    text
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
                let names: Vec<_> = names.iter().map(String::as_str).collect();
                Some(format!(
                    "`{name}`: a certificate in AWS Certificate Manager for `{of}`, with {}",
                    names.join(", ")
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
        format!("{what} `{id}` in VPC `{}`{}", client.vpc, group(site, id))
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
    if let Some(known) = site.blueprint.existing.get(&group.into()) {
        return format!(", in security group {known}");
    }
    let is_group = |held: &Object| *held == Object::SecurityGroup(group.clone());
    let Some((path, name)) = site.given(is_group, Attribute::Id) else {
        return String::new();
    };
    let of = match site.target {
        Target::CloudFormation => site.unit(&path).map_or("", |unit| unit.stack.as_str()),
        Target::Terraform => path.as_str(),
    };
    format!(
        ", in security group `{group}` (output `{}` of `{of}`)",
        site.target.written(&name)
    )
}

/// How users of SCRAM get their passwords, which nobody sees on the way.
fn users(site: &Site<'_>, script: &mut Script<'_, '_>) -> String {
    let items = site
        .units
        .iter()
        .flat_map(|unit| unit.items.iter().map(move |item| (unit, item)));
    for (unit, item) in items {
        let Object::ScramSecret(client) = &item.part.object else {
            continue;
        };
        let is_secret = |held: &Object| *held == item.part.object;
        let Some((path, name)) = site.given(is_secret, Attribute::Arn) else {
            continue;
        };
        let secret = script.output(&path, &name);
        let at = format!(
            "--profile {} --region {}",
            unit.place.account, unit.place.region
        );
        script.line(format!(
            "{{ printf '{{\"username\":\"{client}\",\"password\":\"'; aws secretsmanager get-random-password {at} --password-length 32 --exclude-punctuation --query RandomPassword --output text | tr -d '\\n'; printf '\"}}'; }} \\\n  | aws secretsmanager put-secret-value {at} --secret-id {secret} --secret-string file:///dev/stdin"
        ));
    }
    if script.is_empty() {
        return String::new();
    }
    format!(
        "\nThe passwords of SCRAM users: no file here holds one. These commands give each user a random one that is neither printed nor kept in the shell's history; whoever runs the client reads it from the secret.\n\n{}",
        script.block()
    )
}
