//! Compares what was checked with what the kernel did, attempt by attempt.

use std::collections::BTreeSet;

use blueprint::kafka::PromiseId;
use blueprint::verdict::{Attempt, Class, PathVerdict, Verdict};

/// One path on which the checked and the live walk differ.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Disagreement {
    /// Whose path.
    pub of: String,
    /// Attempts only the checked walk has.
    pub checked: Vec<Attempt>,
    /// Attempts only the live walk has, or that it could not judge.
    pub live: Vec<Attempt>,
}

/// The paths on which two walks differ: another class, place, direction or broker, an attempt
/// only one of them made, or a live `unknown`, which never agrees.
pub fn paths<'a>(
    checked: &[PathVerdict],
    live: impl Iterator<Item = &'a PathVerdict>,
) -> Vec<Disagreement> {
    let live: Vec<_> = live.collect();
    let checked: Vec<_> = checked.iter().collect();
    let promises: BTreeSet<&PromiseId> = checked
        .iter()
        .chain(&live)
        .map(|path| &path.promise)
        .collect();
    let of = |paths: &[&PathVerdict], promise: &PromiseId| -> Vec<Attempt> {
        let own = paths.iter().filter(|path| path.promise == *promise);
        own.flat_map(|path| path.attempts.clone()).collect()
    };
    let promises = promises.into_iter();
    promises
        .filter_map(|promise| {
            attempts(
                promise.to_string(),
                &of(&checked, promise),
                &of(&live, promise),
            )
        })
        .collect()
}

/// The difference between two walks of one path, if there is one.
pub fn attempts(of: String, checked: &[Attempt], live: &[Attempt]) -> Option<Disagreement> {
    let (checked, live): (BTreeSet<_>, BTreeSet<_>) =
        (checked.iter().collect(), live.iter().collect());
    let unjudged = live
        .iter()
        .filter(|attempt| attempt.verdict.class == Class::Unknown);
    let only_live: BTreeSet<_> = live
        .difference(&checked)
        .chain(unjudged)
        .map(|a| (*a).clone())
        .collect();
    let only_checked: Vec<_> = checked.difference(&live).map(|a| (*a).clone()).collect();
    let differs = !only_live.is_empty() || !only_checked.is_empty() || live.is_empty();
    differs.then(|| Disagreement {
        of,
        checked: only_checked,
        live: only_live.into_iter().collect(),
    })
}

impl std::fmt::Display for Disagreement {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "{}: checked {}; live {}",
            self.of,
            listed(&self.checked),
            listed(&self.live)
        )
    }
}

fn listed(attempts: &[Attempt]) -> String {
    if attempts.is_empty() {
        return "nothing else".to_owned();
    }
    attempts.iter().map(said).collect::<Vec<_>>().join(", ")
}

fn said(attempt: &Attempt) -> String {
    let address = attempt
        .address
        .map_or_else(String::new, |address| format!(" at {address}"));
    format!(
        "{} → {}{address}: {}",
        attempt.from,
        attempt.to,
        verdict(&attempt.verdict)
    )
}

/// A verdict in words: its class, the broker that answered, where and which way it ended.
pub fn verdict(verdict: &Verdict) -> String {
    let broker = verdict
        .broker
        .map_or_else(String::new, |id| format!(" by broker {id}"));
    let place = verdict.place.as_ref().map_or_else(String::new, |place| {
        format!(" at {place} ({})", verdict.direction)
    });
    format!("{}{broker}{place}", verdict.class)
}

#[cfg(test)]
mod tests {
    use blueprint::kafka::HostPort;
    use blueprint::verdict::{Direction, Place};

    use super::*;

    fn attempt(class: Class, place: Option<Place>) -> Attempt {
        let verdict = Verdict {
            class,
            place,
            direction: Direction::Forward,
            broker: None,
        };
        Attempt {
            from: "c/a".into(),
            to: HostPort {
                host: "b".into(),
                port: 1,
            },
            address: None,
            verdict,
        }
    }

    #[test]
    fn equal_attempts_agree_and_order_does_not_matter() {
        let (a, b) = (attempt(Class::NoName, None), attempt(Class::Refused, None));
        assert_eq!(attempts("p".into(), &[a.clone(), b.clone()], &[b, a]), None);
    }

    #[test]
    fn another_place_disagrees() {
        let here = attempt(Class::DeniedIn, Some(Place::Eni("x".into())));
        let there = attempt(Class::DeniedIn, Some(Place::Eni("y".into())));
        assert!(attempts("p".into(), &[here], &[there]).is_some());
    }

    #[test]
    fn unknown_never_agrees_even_with_itself() {
        let unknown = attempt(Class::Unknown, None);
        assert!(
            attempts(
                "p".into(),
                std::slice::from_ref(&unknown),
                std::slice::from_ref(&unknown)
            )
            .is_some()
        );
    }

    #[test]
    fn silence_never_agrees() {
        assert!(attempts("p".into(), &[], &[]).is_some());
    }
}
