//! What the table of patterns says of each way that clients take: refused combinations are
//! errors, and those nobody has shown to work are planned with a warning. Multi-VPC's own
//! conditions are judged by the check that refuses them, but for clients that do not
//! authenticate: nothing is planned for them that a check could see.

use std::collections::BTreeSet;

use blueprint::diagnostic::{At, Diagnostic};
use blueprint::key::SpecKey;
use blueprint::patterns::{Cell, Pattern, Relation, Ruling, State, Table};
use blueprint::spec::Auth;

use crate::choice;
use crate::draft::Draft;
use crate::intent::{Client, Cluster, Link, Vpc, Way};
use crate::settled::Settled;

/// The check of another crate that refuses by itself what the table refuses in its name.
const JUDGED_ELSEWHERE: &str = "unready-multi-vpc";

/// Reports what the table does not allow, each combination of a way once.
pub(crate) fn report(settled: &Settled<'_>, draft: &mut Draft) {
    let mut seen = BTreeSet::new();
    for client in &settled.asked.clients {
        let Some((cell, key)) = of_client(client, settled) else {
            continue;
        };
        if seen.insert((key.to_string(), cell)) {
            judge(cell, &key, Some(client), draft);
        }
    }
    for (position, link) in settled.asked.links.iter().enumerate() {
        let mut clients = settled.asked.clients_by(Way::Link(position), link.to.name);
        if clients.next().is_none()
            && let Some(cell) = of_link(link, link.to.scheme(Auth::None))
        {
            judge(cell, &link.key.key("via"), None, draft);
        }
    }
}

fn of_client(client: &Client<'_>, settled: &Settled<'_>) -> Option<(Cell, SpecKey)> {
    if let Some(link) = settled.link(client.way) {
        return Some((of_link(link, auth(client))?, link.key.key("via")));
    }
    let cell = cell(Pattern::SameVpc, &client.cluster, auth(client), &client.vpc);
    (client.way == Way::SameVpc).then(|| (cell, client.key.key("cluster")))
}

fn of_link(link: &Link<'_>, auth: Auth) -> Option<Cell> {
    let mode = link.asked.mode.unwrap_or_default();
    let pattern = Pattern::of(choice::via(link.means), mode)?;
    Some(cell(pattern, &link.to, auth, &link.holder))
}

/// How a client means to authenticate: as it was said, if its cluster was to offer it, even where
/// the kind of cluster does not.
fn auth(client: &Client<'_>) -> Auth {
    let said = client.asked.auth;
    if client.cluster.asked.auth.contains(&said) {
        said
    } else {
        client.auth()
    }
}

/// The table's cell for a way into a cluster from a VPC: the one that holds the endpoints, where
/// there are any.
fn cell(pattern: Pattern, cluster: &Cluster<'_>, auth: Auth, from: &Vpc<'_>) -> Cell {
    let home = &cluster.vpc;
    Cell {
        pattern,
        kind: cluster.asked.kind,
        auth,
        account: Relation::between(&from.asked.account, &home.asked.account),
        region: Relation::between(from.region, home.region),
    }
}

fn judge(cell: Cell, key: &SpecKey, client: Option<&Client<'_>>, draft: &mut Draft) {
    let ruling = Table::embedded().ruling(cell);
    match ruling.state {
        State::Allowed => {}
        State::Refused { check } if check == JUDGED_ELSEWHERE && cell.auth != Auth::None => {}
        State::Refused { check } => draft.report(refused(cell, ruling, check, key, client)),
        State::Unknown => draft.report(unknown(cell, ruling, key)),
    }
}

fn refused(
    cell: Cell,
    ruling: &Ruling,
    check: &'static str,
    key: &SpecKey,
    client: Option<&Client<'_>>,
) -> Diagnostic {
    let title = format!("{} cannot be served by `{}`", served(cell), cell.pattern);
    let fault = Diagnostic::error(check, title, At::Value(key.clone()))
        .label(ruling.because.clone())
        .note(format!("source: {}", ruling.source));
    let fault = match client {
        Some(client) => fault.related(At::Key(client.key.clone()), "this client takes it"),
        None => fault,
    };
    let others = others(cell);
    if others.is_empty() {
        fault.help("let the clients authenticate otherwise, or choose another kind of cluster")
    } else {
        fault.help(format!(
            "connect by one that ranges and zones allow: {}",
            others.join(", ")
        ))
    }
}

fn unknown(cell: Cell, ruling: &Ruling, key: &SpecKey) -> Diagnostic {
    let title = format!(
        "whether {} can be served by `{}` is not known",
        served(cell),
        cell.pattern
    );
    let fault = Diagnostic::warning("unknown-combination", title, At::Value(key.clone()))
        .label(ruling.because.clone())
        .note(format!("source: {}", ruling.source));
    let others = others(cell);
    if others.is_empty() {
        fault.help("try it before you rely on it")
    } else {
        fault.help(format!(
            "try it before you rely on it, or connect by one that ranges and zones allow: {}",
            others.join(", ")
        ))
    }
}

/// Clients and cluster of a cell in words.
fn served(cell: Cell) -> String {
    let place = match (cell.account, cell.region) {
        (Relation::Same, Relation::Same) => "",
        (Relation::Other, Relation::Same) => " of another account",
        (Relation::Same, Relation::Other) => " of another Region",
        (Relation::Other, Relation::Other) => " of another account and Region",
    };
    format!("clients{place} with `{}` of `{}`", cell.auth, cell.kind)
}

/// The ways that the table allows in place of a cell's.
fn others(cell: Cell) -> Vec<String> {
    let patterns = Pattern::ALL.iter().filter(|other| match other {
        Pattern::SameVpc => false,
        Pattern::Peering
        | Pattern::TransitGateway
        | Pattern::Privatelink
        | Pattern::PrivatelinkPerBroker
        | Pattern::MskMultiVpc
        | Pattern::ResourceEndpoint
        | Pattern::GatewayPort
        | Pattern::GatewaySni
        | Pattern::GatewaySniPassthrough => cell.pattern != Pattern::SameVpc,
    });
    let allowed = patterns.filter(|pattern| {
        let other = Cell {
            pattern: **pattern,
            ..cell
        };
        Table::embedded().ruling(other).state == State::Allowed
    });
    allowed.map(|pattern| as_said(*pattern)).collect()
}

/// How a spec says a pattern.
fn as_said(pattern: Pattern) -> String {
    let mode = match pattern {
        Pattern::GatewayPort => "port",
        Pattern::GatewaySni => "sni",
        Pattern::GatewaySniPassthrough => "sni-passthrough",
        Pattern::SameVpc
        | Pattern::Peering
        | Pattern::TransitGateway
        | Pattern::Privatelink
        | Pattern::PrivatelinkPerBroker
        | Pattern::MskMultiVpc
        | Pattern::ResourceEndpoint => return format!("`via: {pattern}`"),
    };
    format!("`via: gateway, mode: {mode}`")
}

/// What the table says of a way for clients of several schemes: its first refusal, and whether
/// it leaves one open.
pub(crate) fn verdict(cells: &[Cell]) -> (Option<(&'static str, &'static Ruling)>, bool) {
    let table = Table::embedded();
    let rulings = || cells.iter().map(|cell| table.ruling(*cell));
    let refused = rulings().find_map(|ruling| match ruling.state {
        State::Refused { check } => Some((check, ruling)),
        State::Allowed | State::Unknown => None,
    });
    let is_open = rulings().any(|ruling| ruling.state == State::Unknown);
    (refused, is_open)
}
