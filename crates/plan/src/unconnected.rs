//! What is said of a client or connection for which there is no way, and what would be one.

use blueprint::diagnostic::{At, Diagnostic};
use blueprint::key::SpecKey;
use blueprint::spec::{self, Connection, Spec};

use crate::choice::{self, Candidate};
use crate::keys;
use crate::peers::Peers;

/// A connection for which `auto` finds nothing.
pub(crate) fn hopeless(asked: &Connection, key: &SpecKey, candidates: &[Candidate]) -> Diagnostic {
    let title = format!("no means can connect `{}` to `{}`", asked.from, asked.to);
    let fault = Diagnostic::error("unconnected-promise", title, At::Value(key.key("via")))
        .label("`auto` finds nothing to choose");
    let fault = refusals(fault, candidates);
    match choice::remedies(candidates) {
        Some(remedies) => fault.help(remedies),
        None => fault,
    }
}

/// A client without a connection to its cluster.
pub(crate) fn unconnected(
    spec: &Spec,
    peers: &Peers<'_>,
    name: &str,
    asked: &spec::Client,
) -> Diagnostic {
    let key = keys::client(name);
    let title = format!("`{name}` has no means to reach `{}`", asked.cluster);
    let fault = Diagnostic::error("unconnected-promise", title, At::Value(key.key("cluster")))
        .label(format!(
            "no connection leads from `{}` to `{}`",
            asked.vpc, asked.cluster
        ))
        .related(At::Value(key.key("vpc")), "the client runs here");
    let candidates = choice::beside(spec, peers, (&asked.vpc, &asked.cluster), None);
    let chosen = choice::cheapest(&candidates);
    let fault = refusals(fault, choice::passed_over(chosen, &candidates));
    let Some(means) = chosen else {
        let remedies = choice::remedies(&candidates);
        return match remedies {
            Some(remedies) => fault.help(format!("{remedies}; then add a connection")),
            None => fault,
        };
    };
    let via = choice::via(means).as_str();
    fault
        .note(format!(
            "`{via}` is the first that works, in the usual order of price; `breezeway compare` prices this one"
        ))
        .help(format!(
            "add to `connections`: `- {{ from: {}, to: {}, via: {via} }}`",
            asked.vpc, asked.cluster
        ))
}

fn refusals(fault: Diagnostic, candidates: &[Candidate]) -> Diagnostic {
    let refused = candidates
        .iter()
        .filter_map(|candidate| candidate.refused.as_ref().map(|why| (candidate.via, why)));
    refused.fold(fault, |fault, (via, why)| {
        fault.note(format!("`{}` is refused: {why}", via.as_str()))
    })
}
