//! The settled blueprint as text: what `breezeway plan` prints.

mod carriers;

use std::fmt::Write;

use ::blueprint::Blueprint;
use ::blueprint::balancing::EndpointTarget;
use ::blueprint::dns::Record;
use ::blueprint::ids::{SecurityGroupId, VpcId};
use ::blueprint::kafka;
use ::blueprint::network::{EniOwner, Peer, RouteTarget, Rule};

use super::columns::columns;

/// Prints every object, then the values that were filled in, then the steps no object stands for.
pub fn text(blueprint: &Blueprint) -> String {
    let mut text = format!("# {} in {}\n", blueprint.name, blueprint.region);
    for vpc in blueprint.vpcs.keys() {
        vpc_section(&mut text, blueprint, vpc);
    }
    let sections = [
        ("peering connections", peerings(blueprint)),
        ("transit gateways", carriers::transit(blueprint)),
        ("load balancers", balancers(blueprint)),
        ("PrivateLink", endpoints(blueprint)),
        ("VPC Lattice resources", carriers::resources(blueprint)),
        ("Kafka-aware gateways", carriers::gateways(blueprint)),
        ("public names", public_names(blueprint)),
        ("clusters", clusters(blueprint)),
        ("clients", clients(blueprint)),
        ("expected denials", denials(blueprint)),
        ("existing", carriers::existing(blueprint)),
        ("filled in", filled_in(blueprint)),
    ];
    for (title, rows) in sections {
        section(&mut text, title, &rows);
    }
    steps(&mut text, blueprint);
    text
}

fn section(text: &mut String, title: &str, rows: &[Vec<String>]) {
    if rows.is_empty() {
        return;
    }
    let _ = write!(text, "\n## {title}\n{}", columns(rows));
}

fn vpc_section(text: &mut String, blueprint: &Blueprint, id: &VpcId) {
    let Some(vpc) = blueprint.vpcs.get(id) else {
        return;
    };
    let cidrs: Vec<_> = vpc.cidrs.iter().map(ToString::to_string).collect();
    let region = match vpc.region == blueprint.region {
        true => String::new(),
        false => format!("{}, ", vpc.region),
    };
    let _ = writeln!(
        text,
        "\n## VPC {id}: account {}, {region}{}, resolver {}",
        vpc.account,
        cidrs.join(" and "),
        vpc.resolver
    );
    let subnets = blueprint
        .subnets
        .iter()
        .filter(|(_, subnet)| subnet.vpc == *id);
    let rows = subnets
        .map(|(name, subnet)| vec!["subnet".into(), name.to_string(), subnet.cidr.to_string()]);
    text.push_str(&columns(&rows.collect::<Vec<_>>()));
    text.push_str(&columns(&interfaces(blueprint, id)));
    text.push_str(&columns(&routes(blueprint, id)));
    text.push_str(&columns(&rules(blueprint, id)));
    text.push_str(&columns(&carriers::acl_entries(blueprint, id)));
    text.push_str(&columns(&records(blueprint, id)));
    text.push_str(&columns(&carriers::resolver_rules(blueprint, id)));
}

fn interfaces(blueprint: &Blueprint, vpc: &VpcId) -> Vec<Vec<String>> {
    let inside = blueprint.enis.iter().filter(|(_, eni)| {
        blueprint
            .subnets
            .get(&eni.subnet)
            .is_some_and(|subnet| subnet.vpc == *vpc)
    });
    inside
        .map(|(id, eni)| {
            let groups: Vec<_> = eni
                .security_groups
                .iter()
                .map(SecurityGroupId::as_str)
                .collect();
            vec![
                "interface".into(),
                id.to_string(),
                eni.address.to_string(),
                owner(&eni.owner),
                groups.join(", "),
            ]
        })
        .collect()
}

fn owner(owner: &EniOwner) -> String {
    match owner {
        EniOwner::Broker { cluster, id } => format!("broker {id} of {cluster}"),
        EniOwner::BalancerNode(balancer) => format!("node of {balancer}"),
        EniOwner::Endpoint(endpoint) => format!("endpoint {endpoint}"),
        EniOwner::ResourceGateway(gateway) => format!("resource gateway {gateway}"),
        EniOwner::Gateway(gateway) => format!("instance of gateway {gateway}"),
        EniOwner::Client(client) => format!("client {client}"),
        EniOwner::Witness => "stranger, to show what is denied".to_owned(),
    }
}

fn routes(blueprint: &Blueprint, vpc: &VpcId) -> Vec<Vec<String>> {
    let tables = blueprint
        .route_tables
        .iter()
        .filter(|(_, table)| table.vpc == *vpc);
    tables
        .flat_map(|(id, table)| {
            table.routes.iter().map(move |route| {
                let target = match &route.target {
                    RouteTarget::Local => "local".to_owned(),
                    RouteTarget::Peering(peering) => format!("peering {peering}"),
                    RouteTarget::TransitGateway(gateway) => format!("transit gateway {gateway}"),
                    RouteTarget::Outside(gateway) => gateway.clone(),
                };
                vec![
                    "route".into(),
                    id.to_string(),
                    route.destination.to_string(),
                    target,
                ]
            })
        })
        .collect()
}

fn rules(blueprint: &Blueprint, vpc: &VpcId) -> Vec<Vec<String>> {
    let mut rows = Vec::new();
    for (id, group) in blueprint
        .security_groups
        .iter()
        .filter(|(_, group)| group.vpc == *vpc)
    {
        rows.extend(group.ingress.iter().map(|rule| rule_row(id, "from", rule)));
        rows.extend(group.egress.iter().map(|rule| rule_row(id, "to", rule)));
    }
    rows
}

fn rule_row(group: &SecurityGroupId, way: &str, rule: &Rule) -> Vec<String> {
    let ports = if rule.from_port == rule.to_port {
        format!("tcp {}", rule.from_port)
    } else {
        format!("tcp {}-{}", rule.from_port, rule.to_port)
    };
    let peer = match &rule.peer {
        Peer::Cidr(range) => range.to_string(),
        Peer::Group(group) => group.to_string(),
    };
    vec![
        "rule".into(),
        group.to_string(),
        ports,
        format!("{way} {peer}"),
        format!("# {}", rule.because),
    ]
}

fn records(blueprint: &Blueprint, vpc: &VpcId) -> Vec<Vec<String>> {
    let zones = blueprint
        .zones
        .values()
        .filter(|zone| zone.vpcs.contains(vpc));
    zones
        .flat_map(|zone| {
            zone.records.iter().map(move |(name, record)| {
                let answer = match record {
                    Record::A(addresses) => addresses
                        .iter()
                        .map(ToString::to_string)
                        .collect::<Vec<_>>()
                        .join(", "),
                    Record::Alias(target) => format!("alias of {target}"),
                };
                vec![
                    "record".into(),
                    format!("zone {}", zone.name),
                    name.clone(),
                    answer,
                ]
            })
        })
        .collect()
}

fn peerings(blueprint: &Blueprint) -> Vec<Vec<String>> {
    let row = |(id, peering): (&_, &::blueprint::network::Peering)| {
        vec![
            format!("{id}"),
            format!("{} → {}", peering.requester, peering.accepter),
            format!("MTU {}", peering.mtu),
        ]
    };
    blueprint.peerings.iter().map(row).collect()
}

fn balancers(blueprint: &Blueprint) -> Vec<Vec<String>> {
    let mut rows = Vec::new();
    for (id, balancer) in &blueprint.balancers {
        let cross_zone = if balancer.cross_zone { "on" } else { "off" };
        let judges = if balancer.enforce_on_privatelink {
            "yes"
        } else {
            "no"
        };
        rows.push(vec![
            id.to_string(),
            balancer.dns_name.clone(),
            format!("cross-zone {cross_zone}, security groups judge PrivateLink: {judges}"),
        ]);
        for (port, listener) in &balancer.listeners {
            let group = blueprint.target_groups.get(&listener.target_group);
            let targets = group.into_iter().flat_map(|group| &group.targets);
            let targets: Vec<_> = targets
                .map(|target| format!("{}:{}", target.address, target.port))
                .collect();
            rows.push(vec![
                String::new(),
                format!("listener {port} → {}", listener.target_group),
                targets.join(", "),
            ]);
        }
    }
    rows
}

fn endpoints(blueprint: &Blueprint) -> Vec<Vec<String>> {
    let service = |(id, service): (&_, &::blueprint::balancing::EndpointService)| {
        let accounts: Vec<_> = service.allowed_accounts.iter().cloned().collect();
        let accepts = if service.acceptance_required {
            "each accepted by hand"
        } else {
            "accepted by itself"
        };
        vec![
            format!("service {id}"),
            service.name.clone(),
            format!("allows {}, {accepts}", accounts.join(", ")),
        ]
    };
    let endpoint = |(id, endpoint): (&_, &::blueprint::balancing::Endpoint)| {
        vec![
            format!("endpoint {id}"),
            endpoint.dns_name.clone(),
            format!("in {} to {}", endpoint.vpc, target(&endpoint.target)),
        ]
    };
    blueprint
        .services
        .iter()
        .map(service)
        .chain(blueprint.endpoints.iter().map(endpoint))
        .collect()
}

fn target(target: &EndpointTarget) -> String {
    match target {
        EndpointTarget::Service(service) => service.to_string(),
        EndpointTarget::Resource(resource) => resource.to_string(),
    }
}

fn public_names(blueprint: &Blueprint) -> Vec<Vec<String>> {
    let row = |(name, public): (&String, &::blueprint::dns::PublicName)| {
        let addresses: Vec<_> = public.addresses.iter().map(ToString::to_string).collect();
        vec![name.clone(), addresses.join(", ")]
    };
    blueprint.public_names.iter().map(row).collect()
}

fn clusters(blueprint: &Blueprint) -> Vec<Vec<String>> {
    let mut rows = Vec::new();
    for (id, cluster) in &blueprint.clusters {
        rows.push(vec![
            id.to_string(),
            format!("{} Kafka {}", cluster.kind.as_str(), cluster.kafka_version),
        ]);
        for (broker_id, broker) in &cluster.brokers {
            let Some(eni) = blueprint.enis.get(&broker.eni) else {
                continue;
            };
            let lines = kafka::properties(cluster, *broker_id, eni.address);
            let lines = lines
                .into_iter()
                .filter(|(key, _)| !cluster.settings.contains_key(key));
            rows.extend(
                lines.map(|(key, value)| {
                    vec![format!("{id}/{broker_id}"), format!("{key}={value}")]
                }),
            );
        }
        rows.extend(
            cluster
                .settings
                .iter()
                .map(|(key, value)| vec![format!("{id}/*"), format!("{key}={value}")]),
        );
    }
    rows
}

fn clients(blueprint: &Blueprint) -> Vec<Vec<String>> {
    let row = |(id, client): (&_, &kafka::Client)| {
        let bootstrap: Vec<_> = client.bootstrap.iter().map(ToString::to_string).collect();
        vec![
            format!("{id}"),
            format!("{} in {}", client.cluster, client.vpc),
            bootstrap.join(","),
        ]
    };
    blueprint.clients.iter().map(row).collect()
}

fn denials(blueprint: &Blueprint) -> Vec<Vec<String>> {
    use ::blueprint::network::DenialTarget;
    let row = |denial: &::blueprint::network::Denial| {
        let to = match &denial.to {
            DenialTarget::Name(name) => name.clone(),
            DenialTarget::Address(address) => address.to_string(),
        };
        vec![
            denial.from.to_string(),
            format!("{to}:{}", denial.port),
            format!("# {}", denial.because),
        ]
    };
    blueprint.denials.iter().map(row).collect()
}

fn filled_in(blueprint: &Blueprint) -> Vec<Vec<String>> {
    let row = |default: &::blueprint::FilledIn| {
        vec![
            default.key.to_string(),
            default.value.clone(),
            format!("# {}", default.because),
        ]
    };
    blueprint.defaults.iter().map(row).collect()
}

fn steps(text: &mut String, blueprint: &Blueprint) {
    if blueprint.steps.is_empty() {
        return;
    }
    text.push_str("\n## steps that are not objects\n");
    for (i, step) in blueprint.steps.iter().enumerate() {
        let _ = writeln!(
            text,
            "{}. after {}, account {}: {}",
            i + 1,
            step.after,
            step.account,
            step.title
        );
        for line in &step.lines {
            let _ = writeln!(text, "     {line}");
        }
    }
}
