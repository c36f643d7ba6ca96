//! Judges a text into a [`Spec`] and says everything that is wrong with it at once: one small
//! reader per section over the tree of [`Source`].

mod clients;
mod clusters;
mod connections;
mod existing;
pub(crate) mod facts;
mod faults;
mod fields;
mod hosts;
mod maps;
mod nearest;
pub(crate) mod patterns;
mod places;
mod ranges;
mod routes;
mod scalars;
mod settings;
mod surroundings;
mod transit;
mod vpcs;
mod ways;

use std::collections::BTreeMap;

pub use clients::{
    LAMBDA_POSITIONS, MAX_BOOTSTRAP_SERVERS, MAX_CLIENTS, MAX_FUNCTION_TIMEOUT_S, MAX_LAMBDA_BATCH,
};
pub use clusters::{MAX_ADMITTED, MAX_BROKER_ID, MAX_BROKERS, MAX_CLUSTERS, MAX_LISTENERS};
pub use connections::{
    IDLE_TIMEOUT_S, MAX_CONNECTIONS, MAX_GATEWAYS, MAX_PORTS, PRIVATE_DNS_PREFERENCES,
};
pub use facts::{MAX_FACTS, MAX_TIERS};
pub use faults::faults;
pub use fields::MAX_FINDINGS;
pub use hosts::MAX_CERTIFICATE_NAMES;
pub use nearest::nearest;
pub use places::{MAX_ZONES_PER_VPC, zone_prefix};
pub use routes::MAX_ROUTES_PER_VPC;
pub use scalars::MAX_NAME_CHARS;
pub use settings::MAX_SETTINGS;
pub use surroundings::{
    MAX_ACL_ENTRIES, MAX_HOSTED_ZONES_PER_VPC, MAX_NETWORK_ACLS, MAX_RECORD_ADDRESSES,
    MAX_RECORDS_PER_ZONE, MAX_RESOLVER_RULES, MAX_RULE_TARGETS, MAX_SERVICE_ENDPOINTS, MTU_BYTES,
};
pub use transit::{
    MAX_ATTACHMENTS_PER_TABLE, MAX_TABLES_PER_TRANSIT_GATEWAY, MAX_TRANSIT_GATEWAYS,
    MAX_TRANSIT_ROUTES,
};
pub use vpcs::{MAX_CIDRS_PER_VPC, MAX_SUBNETS_PER_VPC, MAX_VPCS};

use crate::diagnostic::{Diagnostic, Level};
use crate::language;
use crate::source::{Entry, Node, Source, Value};
use crate::spec::Spec;
use fields::{Fields, Item, Reader};
use scalars::short;

/// Reads a spec. Items at fault are left out of it, and what refers to them as well; there is
/// none if the text is no mapping at all. Findings come in the order of their places.
pub fn read(text: &str) -> (Option<Spec>, Source, Vec<Diagnostic>) {
    let (source, findings) = Source::parse(text);
    let mut reader = Reader::default();
    findings
        .into_iter()
        .for_each(|finding| reader.push(finding));
    let spec = reader.spec(source.root());
    let surplus = reader.surplus(&source);
    let mut findings = reader.findings;
    findings.extend(surplus);
    findings.sort_by_key(|finding| {
        let span = source.span(&finding.primary.at);
        (span.start, span.end)
    });
    (spec, source, findings)
}

/// Whether any finding is an error.
pub fn has_errors(findings: &[Diagnostic]) -> bool {
    findings.iter().any(|finding| finding.level == Level::Error)
}

impl Reader {
    fn spec(&mut self, root: &Node) -> Option<Spec> {
        let item = Item::root(root);
        if item.is_null() {
            self.push(
                Diagnostic::error("empty-spec", "the file holds no spec", item.at())
                    .label("nothing is written")
                    .help("start with `name: orders`, `region: eu-central-1`, then `vpcs:`, `clusters:`, `clients:` and `connections:`"),
            );
            return None;
        }
        let fields = self.fields(&item, "the spec", &language::SPEC)?;
        self.vpc_names = names_in(fields.get("vpcs"));
        self.transit_names = names_in(fields.get("transit_gateways"));
        self.cluster_names = names_in(fields.get("clusters"));
        let mut spec = self.head(&fields);
        let vpcs = fields.require(self, "vpcs", "`vpcs:` with at least one VPC");
        spec.vpcs = self.section(vpcs, "VPC", MAX_VPCS, |reader, entry| reader.vpc(entry));
        let gateways = fields.get("transit_gateways");
        let gateways = gateways.filter(|item| !item.is_null());
        let limit = MAX_TRANSIT_GATEWAYS;
        spec.transit_gateways =
            self.section(gateways, "transit gateway", limit, |reader, entry| {
                reader.transit_gateway(entry, &spec.vpcs)
            });
        let clusters = fields.require(self, "clusters", "`clusters:` with at least one cluster");
        spec.clusters = self.section(clusters, "cluster", MAX_CLUSTERS, |reader, entry| {
            reader.cluster(entry, &spec.vpcs)
        });
        let clients = fields.get("clients");
        self.names_apart(&fields, ["clients", "clusters"], ["client", "cluster"]);
        let routed = ["transit_gateways", "vpcs"];
        self.names_apart(&fields, routed, ["transit gateway", "VPC"]);
        let clients = clients.filter(|item| !item.is_null());
        let read = self.section(clients, "client", MAX_CLIENTS, |reader, entry| {
            reader.client(entry, &spec)
        });
        spec.clients = keep_whole(read, &spec);
        let connections = fields.get("connections");
        let connections = connections.filter(|item| !item.is_null());
        spec.connections = connections.map_or_else(Vec::new, |item| self.connections(&item, &spec));
        spec.filled = std::mem::take(&mut self.filled);
        Some(spec)
    }

    fn head(&mut self, fields: &Fields<'_>) -> Spec {
        let name = fields
            .require(self, "name", "`name: orders`")
            .and_then(|item| {
                let text = self.text(&item, "a name", "`name: orders`")?;
                self.name(text, item.at()).then(|| text.to_owned())
            });
        let region = fields.require(self, "region", "`region: eu-central-1`");
        self.region = region.and_then(|item| self.region(&item));
        Spec {
            name: name.unwrap_or_default(),
            region: self.region.clone().unwrap_or_default(),
            ..Spec::default()
        }
    }

    /// Reads a section of named entries, at most `limit`.
    fn section<'n, T>(
        &mut self,
        item: Option<Item<'n>>,
        kind: &str,
        limit: usize,
        mut read: impl FnMut(&mut Self, &'n Entry) -> Option<(String, T)>,
    ) -> Vec<(String, T)> {
        let Some(item) = item else {
            return Vec::new();
        };
        let Some(entries) = self.entries(&item, &item.name) else {
            return Vec::new();
        };
        if entries.is_empty() {
            self.empty(&item, &format!("a {kind} below it"));
        }
        if let Some(surplus) = entries.get(limit) {
            self.exceeded(&item.name, limit, &surplus.key.span);
        }
        let entries = entries.into_iter().take(limit);
        entries.filter_map(|entry| read(self, entry)).collect()
    }

    /// Reports names that two sections share: clients and clusters stand side by side in tables,
    /// and routes lead to VPCs and transit gateways alike.
    fn names_apart(
        &mut self,
        fields: &Fields<'_>,
        [section, other]: [&str; 2],
        [kind, other_kind]: [&str; 2],
    ) {
        let others: BTreeMap<&str, &Entry> = entries_of(fields.get(other))
            .iter()
            .map(|entry| (entry.key.text.as_str(), entry))
            .collect();
        for entry in entries_of(fields.get(section)) {
            let Some(first) = others.get(entry.key.text.as_str()) else {
                continue;
            };
            let name = short(&entry.key.text);
            let suffix = kind.rsplit(' ').next().unwrap_or(kind);
            self.push(
                Diagnostic::error(
                    "duplicate-name",
                    format!("a {kind} and a {other_kind} are both called `{name}`"),
                    entry.key.at(),
                )
                .label(format!("a {kind} of this name"))
                .related(first.key.at(), format!("a {other_kind} of this name"))
                .help(format!("call the {kind} `{name}-{suffix}`")),
            );
        }
    }
}

/// Clients whose VPC and cluster were both read.
fn keep_whole(
    clients: Vec<(String, crate::spec::Client)>,
    spec: &Spec,
) -> Vec<(String, crate::spec::Client)> {
    clients
        .into_iter()
        .filter(|(_, client)| {
            clusters::find(&spec.vpcs, Some(&client.vpc)).is_some()
                && clusters::find(&spec.clusters, Some(&client.cluster)).is_some()
        })
        .collect()
}

fn names_in(section: Option<Item<'_>>) -> Vec<String> {
    let entries = entries_of(section);
    entries.iter().map(|entry| entry.key.text.clone()).collect()
}

fn entries_of(section: Option<Item<'_>>) -> &[Entry] {
    match section.map(|item| &item.node.value) {
        Some(Value::Map(entries)) => entries,
        Some(Value::Null | Value::Scalar { .. } | Value::List(_) | Value::Refused) | None => &[],
    }
}
