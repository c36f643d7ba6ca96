//! # wrong-certificate-name
//!
//! A client dials a name that the certificate it is shown is not made out to, or TLS ends where
//! the client's own certificate is needed later.
//!
//! ## Why it is bad
//!
//! The network is whole and the handshake fails: a TLS client compares the name it dialled with
//! the names in the certificate (`ssl.endpoint.identification.algorithm`). Brokers of Amazon MSK
//! show certificates for their own names only, so a name of one's own in front of them works with
//! a balancer that ends TLS, or not at all. And where TLS ends at a balancer or a gateway, the
//! broker never sees the client's certificate: mTLS cannot work there.
//!
//! ## Example
//!
//! ```yaml
//! clusters:
//!   orders:
//!     kind: msk
//!     auth: [tls]
//!     advertised: { CLIENT_SECURE: "kafka.example.com:{9000+id}" }     # MSK has no such certificate
//! ```
//!
//! ## Remedy
//!
//! Keep the brokers' own names and lead them to the endpoint by private zones, which is what the
//! plan does. Where another name is wanted, list it in the certificate: `certificate_names` of an
//! `ec2` cluster, or `terminate_tls: true` with a certificate of the balancer's own.

use std::collections::{BTreeMap, BTreeSet};

use blueprint::diagnostic::Diagnostic;
use blueprint::ids::{ClientId, ObjectId};
use blueprint::key::SpecKey;
use blueprint::spec::{Auth, ClusterKind};

use crate::evidence::{Evidence, Finding, value};
use crate::journey::{End, Journey};
use crate::passed::passed;
use crate::promises::Path;
use crate::words;

/// Who shows the certificate.
#[derive(Clone, Copy)]
enum Shown<'a> {
    /// A balancer's TLS listener, or a gateway: the object, and what the certificate says.
    Before(&'a BTreeSet<String>),
    /// The broker.
    Broker(&'a BTreeSet<String>),
}

/// What is wrong with the handshakes of a client.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Fault {
    /// The certificate is made out to other names.
    OtherNames,
    /// The client's certificate ends where TLS ends.
    EndsEarly,
}

/// The attempts that fail alike: where one would edit, and what they dial.
struct Cause {
    hosts: BTreeSet<String>,
    names: BTreeSet<String>,
    clients: BTreeSet<ClientId>,
    who: String,
}

pub(super) fn run(evidence: &Evidence<'_, '_>) -> Vec<Finding> {
    let mut causes: BTreeMap<(Fault, SpecKey), Cause> = BTreeMap::new();
    for path in evidence.paths() {
        if path.client.auth == Auth::None {
            continue;
        }
        for journey in path.delivered() {
            let Some((who, shown)) = shown(evidence, path, journey) else {
                continue;
            };
            for (fault, key) in judge(evidence, path, journey, &who, shown) {
                let cause = causes.entry((fault, key)).or_insert_with(|| Cause {
                    hosts: BTreeSet::new(),
                    names: names(shown).clone(),
                    clients: BTreeSet::new(),
                    who: said_of(&who),
                });
                cause.hosts.insert(journey.to.host.clone());
                cause.clients.insert(path.promise.client.clone());
            }
        }
    }
    causes
        .iter()
        .map(|((fault, key), cause)| Finding::of_structure(diagnostic(fault, key, cause)))
        .collect()
}

fn names<'a>(shown: Shown<'a>) -> &'a BTreeSet<String> {
    match shown {
        Shown::Before(names) | Shown::Broker(names) => names,
    }
}

/// Where TLS ends for an attempt that arrives: the first thing before the broker that has a
/// certificate, else the broker's listener.
fn shown<'a>(
    evidence: &Evidence<'_, 'a>,
    path: &Path<'a>,
    journey: &Journey<'a>,
) -> Option<(ObjectId, Shown<'a>)> {
    let passed = passed(journey);
    let blueprint = evidence.blueprint();
    let mut listeners = passed.listeners.iter();
    let balancer = listeners.find_map(|(id, port)| {
        let listener = blueprint.balancers.get(*id)?.listeners.get(port)?;
        let names = listener.certificate_names.as_ref()?;
        Some((ObjectId::from(*id), Shown::Before(names)))
    });
    let mut gateways = passed.gateways.iter();
    let gateway = gateways.find_map(|id| {
        let names = &blueprint.gateways.get(*id)?.certificate_names;
        let ends_tls = !names.is_empty();
        ends_tls.then(|| (ObjectId::from(*id), Shown::Before(names)))
    });
    balancer.or(gateway).or_else(|| {
        let End::Accepted(who) = &journey.end else {
            return None;
        };
        let broker = path.cluster.brokers.get(&who.broker)?;
        let listener = broker
            .listeners
            .values()
            .find(|listener| listener.port == who.port)?;
        let names = &listener.certificate_names;
        let has_tls = !names.is_empty();
        has_tls.then(|| (ObjectId::from(who.cluster), Shown::Broker(names)))
    })
}

fn judge(
    evidence: &Evidence<'_, '_>,
    path: &Path<'_>,
    journey: &Journey<'_>,
    who: &ObjectId,
    shown: Shown<'_>,
) -> Vec<(Fault, SpecKey)> {
    let mut faults = Vec::new();
    let origin = evidence.origin(who.clone());
    let ends_early = matches!(shown, Shown::Before(_)) && path.client.auth == Auth::Mtls;
    if ends_early {
        let key = if who.kind == "GatewayId" {
            "mode"
        } else {
            "terminate_tls"
        };
        faults.push((Fault::EndsEarly, origin.key(key)));
    }
    if !covers(names(shown), &journey.to.host) {
        let key = match shown {
            Shown::Before(_) => origin.key("certificate_names"),
            Shown::Broker(_) if path.cluster.kind == ClusterKind::Ec2 => {
                origin.key("certificate_names")
            }
            Shown::Broker(_) => evidence
                .said_template(path)
                .unwrap_or_else(|| evidence.origin(&path.promise.client).key("bootstrap")),
        };
        faults.push((Fault::OtherNames, key));
    }
    faults
}

/// Whether a certificate is made out to a host: by its name, or by one `*` for its first label
/// (RFC 6125). An address is covered by itself only.
fn covers(names: &BTreeSet<String>, host: &str) -> bool {
    let is_address = host.parse::<std::net::Ipv4Addr>().is_ok();
    let wildcard = host
        .split_once('.')
        .filter(|_| !is_address)
        .map(|(_, parent)| format!("*.{parent}"));
    names.contains(host) || wildcard.is_some_and(|wildcard| names.contains(&wildcard))
}

fn said_of(object: &ObjectId) -> String {
    match object.kind {
        "BalancerId" => format!("balancer `{}`", object.id),
        "GatewayId" => format!("gateway `{}`", object.id),
        _ => format!("brokers of `{}`", object.id),
    }
}

fn diagnostic(fault: &Fault, key: &SpecKey, cause: &Cause) -> Diagnostic {
    let Cause {
        hosts,
        names,
        clients,
        who,
    } = cause;
    let (dials, clients) = (
        words::plural(clients.len(), "dials", "dial"),
        words::code_list(clients),
    );
    match fault {
        Fault::OtherNames => {
            let title = format!(
                "{clients} {dials} {}, and the certificate is made out to other names",
                words::code_list(hosts.iter().map(|host| words::host(host)))
            );
            Diagnostic::error("wrong-certificate-name", title, value(key.clone()))
                .label(format!(
                    "{who}: {}",
                    words::code_list(names.iter().map(|name| words::host(name)))
                ))
                .note("the network lets it through; the TLS handshake fails")
                .help("dial the names in the certificate, or have one made out to these")
        }
        Fault::EndsEarly => {
            let title =
                format!("TLS of {clients} ends before the broker that asks for its certificate");
            Diagnostic::error("wrong-certificate-name", title, value(key.clone()))
                .label(format!("{who} ends TLS"))
                .note("with mTLS the broker must see the client's own certificate")
                .help("let TLS pass through: brokers' own names need no certificate in between")
        }
    }
}
