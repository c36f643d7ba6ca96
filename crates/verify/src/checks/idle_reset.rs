//! # idle-reset
//!
//! A connection that carries nothing for a while is cut on its way before client or broker
//! would close it.
//!
//! ## Why it is bad
//!
//! An interface endpoint forgets a TCP connection after 350 seconds of silence, and so does a
//! balancer's listener unless it was given another time. Kafka's own limits are longer: a client
//! closes an idle connection after 540 seconds, a broker after 600. So every connection that goes
//! quiet is cut by neither side: the next request is answered by a reset, which clients report as
//! a disconnection from a healthy broker. Raising the balancer's time alone does not help, since
//! the endpoint's is fixed; a TLS listener's is fixed as well.
//!
//! ## Example
//!
//! ```yaml
//! clients:
//!   checkout:
//!     vpc: shop
//!     cluster: orders
//!     config: { connections.max.idle.ms: 540000 }
//! connections:
//!   - { from: shop, to: orders, via: privatelink }     # the endpoint forgets after 350 s
//! ```
//!
//! ## Remedy
//!
//! Give the client `connections.max.idle.ms` below the shortest time on its way. Left out, the
//! plan chooses 300000 wherever an endpoint or a balancer is passed.

use std::collections::{BTreeMap, BTreeSet};

use blueprint::diagnostic::Diagnostic;
use blueprint::facts::id;
use blueprint::ids::{BalancerId, ClientId, EndpointId};

use crate::evidence::{Evidence, Finding, value};
use crate::passed::passed;
use crate::promises::Path;

/// Kafka's setting, of clients and brokers.
const SETTING: &str = "connections.max.idle.ms";

/// Milliseconds of a second.
const MS: u64 = 1_000;

/// What forgets an idle connection, and when.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Cut {
    after_s: u64,
    what: String,
    is_fixed: bool,
}

/// What forgets idle connections on the ways of one client.
struct Passage<'n, 'a> {
    /// Any of its paths: it has one cluster.
    path: &'n Path<'a>,
    endpoints: BTreeSet<&'a EndpointId>,
    listeners: BTreeSet<(&'a BalancerId, u16)>,
}

pub(super) fn run(evidence: &Evidence<'_, '_>) -> Vec<Finding> {
    let mut passages: BTreeMap<&ClientId, Passage> = BTreeMap::new();
    for path in evidence.paths() {
        let passage = passages.entry(&path.promise.client).or_insert(Passage {
            path,
            endpoints: BTreeSet::new(),
            listeners: BTreeSet::new(),
        });
        for journey in path.delivered() {
            let passed = passed(journey);
            passage.endpoints.extend(passed.endpoints);
            passage.listeners.extend(passed.listeners);
        }
    }
    let judged = passages.into_iter();
    judged
        .filter_map(|(client, passage)| {
            judge(evidence, client, &cut(evidence, &passage)?, passage.path)
        })
        .map(Finding::of_structure)
        .collect()
}

/// What forgets a client's idle connections first.
fn cut(evidence: &Evidence<'_, '_>, passage: &Passage<'_, '_>) -> Option<Cut> {
    let at_endpoint = evidence.fact(id::IDLE_TIMEOUTS_ENDPOINT);
    let endpoint = passage.endpoints.first().zip(at_endpoint);
    let endpoint = endpoint.map(|(endpoint, after_s)| Cut {
        after_s,
        what: format!("endpoint `{endpoint}`"),
        is_fixed: true,
    });
    let listeners = passage
        .listeners
        .iter()
        .filter_map(|(balancer, port)| at_listener(evidence, balancer, *port));
    listeners.chain(endpoint).min()
}

fn at_listener(evidence: &Evidence<'_, '_>, balancer: &BalancerId, port: u16) -> Option<Cut> {
    let listener = evidence
        .blueprint()
        .balancers
        .get(balancer)?
        .listeners
        .get(&port)?;
    let is_tls = listener.certificate_names.is_some();
    let after_s = if is_tls {
        evidence.fact(id::IDLE_TIMEOUTS_NLB_TLS)?
    } else {
        listener.idle_timeout_s.into()
    };
    Some(Cut {
        after_s,
        what: format!("listener {port} of `{balancer}`"),
        is_fixed: is_tls,
    })
}

fn judge(
    evidence: &Evidence<'_, '_>,
    id: &ClientId,
    cut: &Cut,
    path: &Path<'_>,
) -> Option<Diagnostic> {
    let own = idle_ms(path.client.settings.get(SETTING)).or_else(|| {
        Some(
            evidence
                .fact(id::IDLE_TIMEOUTS_KAFKA_CLIENT)?
                .saturating_mul(MS),
        )
    })?;
    let brokers = idle_ms(path.cluster.settings.get(SETTING)).or_else(|| {
        Some(
            evidence
                .fact(id::IDLE_TIMEOUTS_KAFKA_BROKER)?
                .saturating_mul(MS),
        )
    })?;
    let closes_ms = own.min(brokers);
    let cut_ms = cut.after_s.saturating_mul(MS);
    if closes_ms < cut_ms {
        return None;
    }
    let title = format!(
        "idle connections of `{id}` are reset after {} s, before either side closes them",
        cut.after_s
    );
    let key = evidence.origin(id).key("config").key(SETTING);
    let fixed = if cut.is_fixed {
        ", and AWS fixes that time"
    } else {
        ""
    };
    let diagnostic = Diagnostic::warning("idle-reset", title, value(key))
        .label(format!("the client waits {own} ms"))
        .note(format!("{} forgets a silent connection{fixed}", cut.what))
        .note(format!(
            "brokers of `{}` wait {brokers} ms",
            path.promise.cluster
        ))
        .help(format!(
            "say `{SETTING}: {}` or less, or leave it to the plan",
            below(cut_ms)
        ));
    Some(diagnostic)
}

/// A setting in milliseconds; -1 means never, which is what this check warns of.
fn idle_ms(text: Option<&String>) -> Option<u64> {
    let text = text?.trim();
    if text == "-1" {
        return Some(u64::MAX);
    }
    text.parse().ok()
}

/// A round time that leaves a margin: the whole fifties of seconds below.
fn below(cut_ms: u64) -> u64 {
    const STEP_MS: u64 = 50_000;
    let steps = cut_ms.saturating_sub(1) / STEP_MS;
    if steps == 0 {
        cut_ms / 2
    } else {
        steps.saturating_mul(STEP_MS)
    }
}
