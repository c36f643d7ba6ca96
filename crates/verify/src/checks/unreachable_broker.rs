//! # unreachable-broker
//!
//! A client cannot reach a broker, or cannot bootstrap, and no other check says why.
//!
//! ## Why it is bad
//!
//! Every client is promised every broker of its cluster, because a partition may be led by any
//! of them. The other checks each know one cause; this one reports what they leave over, with
//! the whole path, hop by hop, up to where it ends. The verdict's own page
//! (`breezeway explain no-route`, say) tells what that end means.
//!
//! ## Example
//!
//! ```yaml
//! clients:
//!   checkout:
//!     vpc: shop
//!     cluster: orders
//!     bootstrap: ["10.1.0.99:9092"]     # nobody holds this address
//! ```
//!
//! ## Remedy
//!
//! Read the trace from its last hop: what it names is what a connection needs and does not
//! find. If the cause is one that a check could know, tell us.

use std::collections::BTreeSet;

use blueprint::diagnostic::{At, Diagnostic};
use blueprint::ids::{ClientId, ClusterId};
use blueprint::kafka::{Client, Goal};
use blueprint::verdict::{Class, Place};

use crate::evidence::{Blocked, Evidence, Finding, by_cause, value};
use crate::journey::{End, NoRoute};
use crate::promises;
use crate::words;

/// Who cannot reach what, and how it ends.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Cause {
    client: ClientId,
    cluster: ClusterId,
    bootstraps: bool,
    class: Class,
    place: Option<Place>,
}

pub(super) fn run(evidence: &Evidence<'_, '_>) -> Vec<Finding> {
    let causes = by_cause(evidence.blocked().map(|blocked| (cause(&blocked), blocked)));
    let left_over = causes
        .iter()
        .map(|(cause, blocked)| finding(evidence, cause, blocked));
    let unconnected = evidence.unconnected();
    unconnected
        .map(|(id, client)| unconnected_client(evidence, id, client))
        .chain(left_over)
        .collect()
}

fn unconnected_client(evidence: &Evidence<'_, '_>, id: &ClientId, client: &Client) -> Finding {
    let (vpc, cluster) = (&client.vpc, &client.cluster);
    let at = value(evidence.origin(id).key("cluster"));
    let diagnostic = Diagnostic::error(
        "unreachable-broker",
        format!("nothing connects `{id}` in `{vpc}` with `{cluster}`"),
        at,
    )
    .label("neither a peering nor an endpoint leads there")
    .help(format!("add a connection from `{vpc}` to `{cluster}`"));
    evidence.finding(diagnostic, &[])
}

fn cause(blocked: &Blocked<'_, '_>) -> Cause {
    let promise = &blocked.path.promise;
    let verdict = &blocked.journey.verdict;
    Cause {
        client: promise.client.clone(),
        cluster: promise.cluster.clone(),
        bootstraps: promise.goal == Goal::Bootstrap,
        class: verdict.class,
        place: verdict.place.clone(),
    }
}

fn finding(evidence: &Evidence<'_, '_>, cause: &Cause, blocked: &[Blocked<'_, '_>]) -> Finding {
    let Cause {
        client,
        cluster,
        class,
        ..
    } = cause;
    let brokers: BTreeSet<_> = blocked
        .iter()
        .filter_map(|blocked| {
            if let Goal::Broker(id) = blocked.path.promise.goal {
                Some(id)
            } else {
                None
            }
        })
        .collect();
    let what = if cause.bootstraps {
        format!("the bootstrap servers of `{cluster}`")
    } else {
        format!("{} of `{cluster}`", words::brokers(&brokers))
    };
    let place = cause
        .place
        .as_ref()
        .map_or_else(String::new, |place| format!(" at {place}"));
    let diagnostic = Diagnostic::error(
        "unreachable-broker",
        format!("`{client}` cannot reach {what}"),
        at(evidence, cause, blocked),
    )
    .label(format!("{class}{place}"))
    .help(format!(
        "see `breezeway explain {class}` for what this end means"
    ));
    let diagnostic = match in_vain(evidence, blocked) {
        Some(note) => diagnostic.note(note),
        None => diagnostic,
    };
    evidence.finding(diagnostic, blocked)
}

/// What would happen if the closed ports on the way were opened.
fn in_vain(evidence: &Evidence<'_, '_>, blocked: &[Blocked<'_, '_>]) -> Option<String> {
    let journey = blocked.first()?.journey;
    let End::Denied(_) = journey.end else {
        return None;
    };
    let (_, open) = promises::walk_past(evidence.network, journey);
    open.iter().find_map(|end| {
        let End::Refused { at, port } = end else {
            return None;
        };
        Some(format!(
            "to open it would be in vain: nothing listens on {port} of `{}`",
            at.id
        ))
    })
}

fn at(evidence: &Evidence<'_, '_>, cause: &Cause, blocked: &[Blocked<'_, '_>]) -> At {
    let client = evidence.origin(&cause.client);
    if cause.bootstraps {
        return value(evidence.said(&client, &["bootstrap", "cluster"]));
    }
    let unheld = blocked.iter().find(|blocked| {
        matches!(&blocked.journey.end, End::NoRoute(astray) if matches!(astray.why, NoRoute::Unheld(_)))
    });
    let template = unheld.and_then(|blocked| evidence.said_template(blocked.path));
    value(template.unwrap_or_else(|| client.key("cluster")))
}
