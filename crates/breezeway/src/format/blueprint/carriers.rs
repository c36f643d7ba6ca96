//! What carries traffic beside peerings and balancers, as text: transit gateways, resource
//! gateways, Kafka-aware gateways; and what filters or forwards on the way.

use std::fmt::Display;

use ::blueprint::Blueprint;
use ::blueprint::gateway::Gateway;
use ::blueprint::ids::VpcId;
use ::blueprint::network::AclEntry;
use ::blueprint::transit::{TransitTable, TransitTarget};

/// Transit gateways with their attachments, tables and peerings.
pub(super) fn transit(blueprint: &Blueprint) -> Vec<Vec<String>> {
    let mut rows = Vec::new();
    for (id, gateway) in &blueprint.transit_gateways {
        let shared = match gateway.shared_with.is_empty() {
            true => String::new(),
            false => format!(", shared with {}", list(&gateway.shared_with)),
        };
        let of = format!("account {}, {}{shared}", gateway.account, gateway.region);
        rows.push(vec![id.to_string(), of, format!("MTU {}", gateway.mtu)]);
    }
    for (id, attachment) in &blueprint.transit_attachments {
        let table = attachment.table.as_ref().map(ToString::to_string);
        let table = table.unwrap_or_else(|| "none: it drops what comes from there".to_owned());
        let zones = list(attachment.subnets.keys());
        rows.push(vec![
            format!("attachment {id}"),
            format!("in {zones}"),
            format!("table {table}"),
        ]);
    }
    for (id, table) in &blueprint.transit_tables {
        rows.extend(table_rows(id.as_str(), table));
    }
    for (id, peering) in &blueprint.transit_peerings {
        rows.push(vec![
            format!("peering {id}"),
            format!("{} → {}", peering.requester, peering.accepter),
            format!("MTU {}", peering.mtu),
        ]);
    }
    rows
}

fn table_rows(id: &str, table: &TransitTable) -> Vec<Vec<String>> {
    let learned = table.propagations.iter().map(|attachment| {
        vec![
            format!("table {id}"),
            "propagated".to_owned(),
            attachment.to_string(),
        ]
    });
    let fixed = table.routes.iter().map(|route| {
        let target = match &route.target {
            TransitTarget::Attachment(attachment) => attachment.to_string(),
            TransitTarget::Peering(peering) => format!("peering {peering}"),
            TransitTarget::Blackhole => "blackhole".to_owned(),
        };
        vec![format!("table {id}"), route.destination.to_string(), target]
    });
    learned.chain(fixed).collect()
}

/// Resource gateways and the brokers behind them.
pub(super) fn resources(blueprint: &Blueprint) -> Vec<Vec<String>> {
    let gateways = blueprint.resource_gateways.iter().map(|(id, gateway)| {
        let zones = list(gateway.enis.keys());
        vec![
            format!("gateway {id}"),
            format!("in {}", gateway.vpc),
            zones,
        ]
    });
    let configurations = blueprint.resource_configurations.iter();
    let configurations = configurations.map(|(id, configuration)| {
        let ports = list(&configuration.ports);
        vec![
            format!("configuration {id}"),
            configuration.name.clone(),
            format!("{} ports {ports}", configuration.address),
        ]
    });
    gateways.chain(configurations).collect()
}

/// Kafka-aware gateways and how they tell brokers apart.
pub(super) fn gateways(blueprint: &Blueprint) -> Vec<Vec<String>> {
    let mut rows = Vec::new();
    for (id, gateway) in &blueprint.gateways {
        rows.push(vec![
            id.to_string(),
            format!("mode {}, port {}", gateway.mode, gateway.port),
            format!("to {} of {}", gateway.listener, gateway.cluster),
        ]);
        rows.extend(brokers_of(gateway));
    }
    rows
}

fn brokers_of(gateway: &Gateway) -> Vec<Vec<String>> {
    let row = |broker: &u32, by: String| {
        let told = gateway.advertised.get(broker);
        let told = told.map_or_else(|| "not rewritten".to_owned(), |at| format!("told as {at}"));
        vec![String::new(), format!("{by} → broker {broker}"), told]
    };
    let slots = gateway.slots.iter();
    let slots = slots.map(|(port, broker)| row(broker, format!("port {port}")));
    let names = gateway.names.iter();
    let names = names.map(|(name, broker)| row(broker, name.clone()));
    slots.chain(names).collect()
}

/// The entries of a VPC's network ACLs.
pub(super) fn acl_entries(blueprint: &Blueprint, vpc: &VpcId) -> Vec<Vec<String>> {
    let mut rows = Vec::new();
    let acls = blueprint.network_acls.iter();
    for (id, acl) in acls.filter(|(_, acl)| acl.vpc == *vpc) {
        let row = |way: &str, entry: &AclEntry| {
            let verb = if entry.allow { "allow" } else { "deny" };
            vec![
                "network ACL".to_owned(),
                format!("{id} {}", entry.number),
                format!("tcp {}-{}", entry.from_port, entry.to_port),
                format!("{verb} {way} {}", entry.cidr),
            ]
        };
        rows.extend(acl.ingress.iter().map(|entry| row("from", entry)));
        rows.extend(acl.egress.iter().map(|entry| row("to", entry)));
    }
    rows
}

/// The Resolver rules of a VPC.
pub(super) fn resolver_rules(blueprint: &Blueprint, vpc: &VpcId) -> Vec<Vec<String>> {
    let rules = blueprint.resolver_rules.values();
    let rules = rules.filter(|rule| rule.vpcs.contains(vpc));
    let row = |rule: &::blueprint::dns::ResolverRule| {
        vec![
            "resolver rule".to_owned(),
            rule.domain.clone(),
            format!("asked of {}", list(&rule.servers)),
        ]
    };
    rules.map(row).collect()
}

/// AWS's ids of objects that exist already.
pub(super) fn existing(blueprint: &Blueprint) -> Vec<Vec<String>> {
    let row = |(object, id): (&::blueprint::ids::ObjectId, &String)| {
        let kind = object.kind.trim_end_matches("Id");
        vec![kind.to_owned(), object.id.clone(), id.clone()]
    };
    blueprint.existing.iter().map(row).collect()
}

/// Items with commas between them.
pub(super) fn list<T: Display>(items: impl IntoIterator<Item = T>) -> String {
    let items = items.into_iter().map(|item| item.to_string());
    items.collect::<Vec<_>>().join(", ")
}
