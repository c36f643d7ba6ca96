//! Whether two blueprints of one spec end every promised path and every expected denial alike:
//! attempt by attempt, class, place, direction and broker. Ids of read-back objects are others,
//! so everything is compared by what it is.

mod described;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use blueprint::Blueprint;
use blueprint::network::{Denial, DenialTarget};
use blueprint::verdict::{Attempt, Class, PathVerdict, Place};

use described::Described;

/// Differing attempts that a line tells of each side; the rest is counted.
const MAX_TOLD: usize = 3;

/// What a rendered text leaves to AWS.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Fixed {
    /// Whether the text fixes the addresses of interface endpoints: Terraform's does,
    /// CloudFormation's cannot.
    pub(crate) endpoint_addresses: bool,
}

/// Every disagreement of a spec's blueprint and one that was read back, a line each. Denials are
/// taken from the spec's.
pub(crate) fn disagreements(spec: &Blueprint, read_back: &Blueprint, fixed: Fixed) -> Vec<String> {
    let mut read_back = read_back.clone();
    let sides = Sides {
        spec: Described::new(spec, fixed),
        read_back: Described::new(&read_back, fixed),
    };
    let mut lines = Vec::new();
    let denials = sides.denials(spec, &mut lines);
    let bootstraps = sides.bootstraps();
    drop(sides);
    for (client, bootstrap) in bootstraps {
        if let Some(client) = read_back.clients.get_mut(&client) {
            client.bootstrap = bootstrap;
        }
    }
    read_back.denials = denials.iter().map(|(_, denial)| denial.clone()).collect();
    let sides = Sides {
        spec: Described::new(spec, fixed),
        read_back: Described::new(&read_back, fixed),
    };
    sides.compare_paths(&verify::paths(spec), &verify::paths(&read_back), &mut lines);
    let expected = verify::denials(spec);
    for ((position, _), read_back) in denials.iter().zip(verify::denials(&read_back)) {
        let denial = &spec.denials[*position];
        let of = format!("denial {position} ({})", denial.because);
        let told = match denial.to {
            DenialTarget::Name(_) => attempt_of as Told,
            DenialTarget::Address(_) => ending_of,
        };
        lines.extend(sides.differing(&of, &expected[*position], &read_back, told));
    }
    lines
}

/// How an attempt is told.
type Told = fn(&Described<'_>, &Attempt) -> String;

struct Sides<'b> {
    spec: Described<'b>,
    read_back: Described<'b>,
}

impl Sides<'_> {
    fn compare_paths(
        &self,
        spec: &[PathVerdict],
        read_back: &[PathVerdict],
        lines: &mut Vec<String>,
    ) {
        let by_promise = |paths: &[PathVerdict]| -> BTreeMap<_, Vec<Attempt>> {
            let paths = paths.iter();
            paths
                .map(|path| (path.promise.clone(), path.attempts.clone()))
                .collect()
        };
        let (spec, read_back) = (by_promise(spec), by_promise(read_back));
        let promises: BTreeSet<_> = spec.keys().chain(read_back.keys()).collect();
        for promise in promises {
            match (spec.get(promise), read_back.get(promise)) {
                (Some(spec), Some(read_back)) => {
                    let of = promise.to_string();
                    lines.extend(self.differing(&of, spec, read_back, attempt_of));
                }
                (Some(_), None) => lines.push(format!("{promise}: not promised in the read-back")),
                (None, _) => lines.push(format!("{promise}: promised only in the read-back")),
            }
        }
    }

    /// The line that tells how the attempts of one path differ, if they do.
    fn differing(
        &self,
        of: &str,
        spec: &[Attempt],
        read_back: &[Attempt],
        told: Told,
    ) -> Option<String> {
        let unknown = |attempt: &Attempt| attempt.verdict.class == Class::Unknown;
        if spec.iter().chain(read_back).any(unknown) {
            return Some(format!("{of}: an attempt that could not be judged"));
        }
        let spec = spec.iter().map(|attempt| told(&self.spec, attempt));
        let mut only_spec: Vec<String> = spec.collect();
        let mut only_read_back = Vec::new();
        for attempt in read_back {
            let said = told(&self.read_back, attempt);
            match only_spec.iter().position(|other| *other == said) {
                Some(position) => drop(only_spec.remove(position)),
                None => only_read_back.push(said),
            }
        }
        let differs = !only_spec.is_empty() || !only_read_back.is_empty();
        differs.then(|| {
            format!(
                "{of}: spec {}; read-back {}",
                listed(&only_spec),
                listed(&only_read_back)
            )
        })
    }

    /// The spec's denials with the read-back's interfaces and addresses, by their position; those
    /// that cannot be tried there are disagreements.
    fn denials(&self, spec: &Blueprint, lines: &mut Vec<String>) -> Vec<(usize, Denial)> {
        let denials = spec.denials.iter().enumerate();
        let translated = denials.filter_map(|(position, denial)| {
            let from = self.read_back.eni_like(self.spec.eni(&denial.from));
            let Some(from) = from else {
                lines.push(format!(
                    "denial {position}: the read-back has no {}",
                    self.spec.eni(&denial.from)
                ));
                return None;
            };
            let to = match &denial.to {
                DenialTarget::Name(name) => DenialTarget::Name(self.name(name)),
                DenialTarget::Address(address) => {
                    // What lies at an address that AWS chooses is nobody's to say: the same
                    // address may mean something else in each VPC that overlaps.
                    let sides = [&self.spec, &self.read_back];
                    if sides.iter().any(|side| side.is_chosen_by_aws(*address)) {
                        return None;
                    }
                    DenialTarget::Address(*address)
                }
            };
            let denial = Denial {
                from: from.clone(),
                to,
                ..denial.clone()
            };
            Some((position, denial))
        });
        translated.collect()
    }

    /// What each client is given, with the names that AWS makes as the read-back has them.
    fn bootstraps(&self) -> Vec<(blueprint::ids::ClientId, Vec<blueprint::kafka::HostPort>)> {
        let clients = self.read_back.blueprint.clients.iter();
        let given = clients.map(|(id, client)| {
            let mut bootstrap = client.bootstrap.clone();
            for server in &mut bootstrap {
                server.host = self.name(&server.host);
            }
            (id.clone(), bootstrap)
        });
        given.collect()
    }

    /// The read-back's name for what AWS names in the spec's blueprint; other names are the same.
    fn name(&self, name: &str) -> String {
        let said = self.spec.made_name(name);
        let other = said.and_then(|said| self.read_back.made_name_like(said));
        other.unwrap_or(name).to_owned()
    }
}

/// An attempt by what it is.
fn attempt_of(described: &Described<'_>, attempt: &Attempt) -> String {
    let to = &attempt.to;
    let host = described.made_name(&to.host).unwrap_or(&to.host);
    let at = attempt.address.map_or_else(String::new, |address| {
        format!(" at {}", described.address(address, &attempt.from))
    });
    let ending = ending_of(described, attempt);
    format!("{host}:{}{at}, {ending}", to.port)
}

/// An attempt by where it comes from and how it ends.
fn ending_of(described: &Described<'_>, attempt: &Attempt) -> String {
    let verdict = &attempt.verdict;
    let broker = verdict
        .broker
        .map_or_else(String::new, |id| format!(" by broker {id}"));
    let place = verdict.place.as_ref().map_or_else(String::new, |place| {
        let place = place_of(described, place);
        format!(" at {place} ({})", verdict.direction)
    });
    let from = described.eni(&attempt.from);
    format!("from {from}: {}{broker}{place}", verdict.class)
}

fn place_of(described: &Described<'_>, place: &Place) -> String {
    match place {
        Place::Resolver(vpc) => format!("the resolver of {}", described.vpc(vpc)),
        Place::Router(vpc) => format!("the routing of {}", described.vpc(vpc)),
        Place::TransitGateway(gateway) => described.transit_gateway(gateway),
        Place::Eni(eni) => described.eni(eni).to_owned(),
    }
}

fn listed(attempts: &[String]) -> String {
    if attempts.is_empty() {
        return "nothing else".to_owned();
    }
    let more = attempts.len().saturating_sub(MAX_TOLD);
    let told = attempts[..attempts.len() - more].join(", ");
    if more == 0 {
        told
    } else {
        format!("{told}, {more} more")
    }
}
