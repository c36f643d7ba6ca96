//! The cells of the pattern table, each as a spec of its own.

use std::fmt::Write as _;

use blueprint::patterns::{Cell, Pattern, Relation};
use blueprint::spec::{Auth, ClusterKind};

/// What a cell is called.
pub(crate) fn name(cell: Cell) -> String {
    format!(
        "{} {} {} account {} region {}",
        cell.pattern, cell.kind, cell.auth, cell.account, cell.region
    )
}

/// Whether a spec has no words for a cell, so that the reader refuses it before anybody asks the
/// table: one VPC has one account and one Region.
pub(crate) fn is_wordless(cell: Cell) -> bool {
    let is_elsewhere = cell.account == Relation::Other || cell.region == Relation::Other;
    cell.pattern == Pattern::SameVpc && is_elsewhere
}

/// The smallest spec of a cell.
pub(crate) fn spec(cell: Cell) -> String {
    let account = match cell.account {
        Relation::Same => "111111111111",
        Relation::Other => "222222222222",
    };
    let (region, zone) = match cell.region {
        Relation::Same => ("eu-central-1", "euc1"),
        Relation::Other => ("us-west-2", "usw2"),
    };
    let is_local = cell.pattern == Pattern::SameVpc && !is_wordless(cell);
    let home = if is_local { "data" } else { "shop" };
    let mut text = format!(
        "name: cell\nregion: eu-central-1\nvpcs:\n  data: {{ account: \"111111111111\", cidr: 10.1.0.0/16, zones: [euc1-az1, euc1-az2, euc1-az3] }}\n  shop: {{ account: \"{account}\", region: {region}, cidr: 10.2.0.0/16, zones: [{zone}-az1, {zone}-az2, {zone}-az3] }}\n"
    );
    let _ = write!(
        text,
        "clusters:\n  orders:\n    kind: {}\n    vpc: data\n    auth: [{}]\n",
        cell.kind, cell.auth
    );
    if cell.kind != ClusterKind::MskServerless {
        text += "    brokers: 3\n";
    }
    let by_lists = matches!(cell.auth, Auth::Mtls | Auth::Scram);
    if by_lists && cell.kind != ClusterKind::MskServerless {
        text += "    config: { allow.everyone.if.no.acl.found: \"false\" }\n";
    }
    let _ = write!(
        text,
        "clients:\n  checkout: {{ vpc: {home}, cluster: orders, auth: {} }}\n",
        cell.auth
    );
    if home == "shop" {
        let _ = write!(
            text,
            "connections:\n  - {{ from: shop, to: orders, {} }}\n",
            means(cell.pattern)
        );
    }
    text
}

fn means(pattern: Pattern) -> &'static str {
    match pattern {
        Pattern::SameVpc => "via: same-vpc",
        Pattern::Peering => "via: peering",
        Pattern::TransitGateway => "via: transit-gateway",
        Pattern::Privatelink => "via: privatelink",
        Pattern::PrivatelinkPerBroker => "via: privatelink-per-broker",
        Pattern::MskMultiVpc => "via: msk-multi-vpc",
        Pattern::ResourceEndpoint => "via: resource-endpoint",
        Pattern::GatewayPort => "via: gateway, mode: port",
        Pattern::GatewaySni => "via: gateway, mode: sni",
        Pattern::GatewaySniPassthrough => "via: gateway, mode: sni-passthrough",
    }
}
