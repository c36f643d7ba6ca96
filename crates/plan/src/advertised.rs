//! How brokers are told what to advertise: on `ec2` by their own settings, on Amazon MSK by one
//! rule for all brokers, or under ZooKeeper by a setting of each broker.

use std::collections::BTreeMap;

use blueprint::diagnostic::{At, Diagnostic};
use blueprint::kafka::{self, AdvertisedBy, Broker, HostPort};
use blueprint::key::SpecKey;
use blueprint::spec::ClusterKind;

use crate::draft::Draft;
use crate::intent::Cluster;
use crate::ports;
use crate::sets::Set;
use crate::settled::Choices;

/// What stands for the broker's id in the rules of Amazon MSK.
const BROKER_ID: &str = "{broker_id}";

/// Settles how the brokers of a cluster are told; none where they advertise what they always do.
pub(crate) fn settle(
    cluster: &Cluster<'_>,
    choices: &Choices,
    brokers: &BTreeMap<u32, Broker>,
    draft: &mut Draft,
) -> Option<AdvertisedBy> {
    match cluster.asked.kind {
        ClusterKind::Ec2 => return Some(AdvertisedBy::ServerProperties),
        ClusterKind::MskServerless => return None,
        ClusterKind::Msk | ClusterKind::MskExpress => {}
    }
    let moved = moved(cluster, choices, brokers);
    if moved.is_empty() {
        return None;
    }
    let rules: Result<Vec<String>, Irregular<'_>> = moved
        .iter()
        .map(|(name, told)| Ok(format!("{name}://{}", rule(name, told)?)))
        .collect();
    match rules {
        Ok(rules) => Some(AdvertisedBy::Property(rules.join(","))),
        Err(_) if cluster.asked.zookeeper => {
            let values = brokers.iter();
            let values = values.map(|(id, broker)| (*id, kafka::advertised(broker)));
            Some(AdvertisedBy::PerBroker(values.collect()))
        }
        Err(irregular) => {
            let set = choices.set_behind(irregular.listener);
            let has_ports = |set: &Set| brokers.keys().all(|id| set.advertised.contains_key(id));
            // A broker without a port is a finding of its own, and mended first.
            if set.is_none_or(has_ports) && !irregular.is_malformed {
                draft.report(fault(cluster, choices, &irregular));
            }
            None
        }
    }
}

/// What a listener advertises, by broker; none where it does not.
type Told<'b> = BTreeMap<u32, Option<&'b HostPort>>;

/// The clients' listeners that advertise something else than the broker's own name and the port
/// that is bound, those of VPC connectivity excepted, which are Amazon MSK's.
fn moved<'c>(
    cluster: &Cluster<'_>,
    choices: &'c Choices,
    brokers: &'c BTreeMap<u32, Broker>,
) -> Vec<(&'c str, Told<'c>)> {
    let listeners = &choices.listeners;
    let names = listeners.bound.iter().filter(|(name, _)| {
        name.as_str() != listeners.inter_broker && choices.managed_names(name).is_none()
    });
    let told = names.map(|(name, listener)| {
        let told: Told<'c> = brokers
            .iter()
            .filter_map(|(id, broker)| {
                let at = broker.listeners.get(name)?;
                Some((*id, at.advertised.as_ref()))
            })
            .collect();
        (name.as_str(), listener.port, told)
    });
    let moved = told.filter(|(_, port, told)| {
        let mut told = told.iter();
        told.any(|(id, at)| {
            at.is_some_and(|at| at.port != *port || at.host != cluster.broker_host(*id))
        })
    });
    moved.map(|(name, _, told)| (name, told)).collect()
}

/// Why there is no rule.
struct Irregular<'l> {
    listener: &'l str,
    broker: u32,
    why: String,
    /// Whether the template gives the broker nothing, which is a finding of its own.
    is_malformed: bool,
}

/// What a listener advertises on every broker, as Amazon MSK takes it. The developer guide asks
/// for the id in the port ("Custom domain names"), AWS's agent toolkit in the port or the host
/// (aws/agent-toolkit-for-aws, `managing-amazon-msk`).
fn rule<'l>(listener: &'l str, told: &Told<'_>) -> Result<String, Irregular<'l>> {
    let irregular = |broker: u32, why: String| Irregular {
        listener,
        broker,
        why,
        is_malformed: false,
    };
    let mut all: BTreeMap<u32, &HostPort> = BTreeMap::new();
    for (id, at) in told {
        let missing = || Irregular {
            is_malformed: true,
            ..irregular(*id, "nothing is advertised for it".to_owned())
        };
        all.insert(*id, at.ok_or_else(missing)?);
    }
    let hosts = all.iter().map(|(id, at)| (*id, at.host.as_str())).collect();
    let host = host(&hosts).map_err(|(id, host)| {
        let why = format!("its host `{host}` is not that of the others with its id in it");
        irregular(id, why)
    })?;
    let by_broker = all.iter().map(|(id, at)| (*id, at.port)).collect();
    if let Some(base) = ports::base(&by_broker) {
        return Ok(format!("{host}:{base}+{BROKER_ID}"));
    }
    let first = by_broker.first_key_value();
    let (first_id, first_port) = first.map_or((0, 0), |(id, port)| (*id, *port));
    let other = by_broker.iter().find(|(_, port)| **port != first_port);
    match other {
        None if host.contains(BROKER_ID) => Ok(format!("{host}:{first_port}")),
        None => Err(irregular(
            first_id,
            format!("its port {first_port} is less than its id"),
        )),
        Some(_) => {
            let base = i64::from(first_port) - i64::from(first_id);
            let breaks = |(id, port): &(&u32, &u16)| i64::from(**port) - i64::from(**id) != base;
            let (id, port) = by_broker.iter().find(breaks).unwrap_or((&first_id, &0));
            Err(irregular(
                *id,
                format!("its port {port} is not {base} + {id}"),
            ))
        }
    }
}

/// The form of the brokers' hosts, or the first host that breaks it.
fn host<'h>(hosts: &BTreeMap<u32, &'h str>) -> Result<String, (u32, &'h str)> {
    let Some((first_id, first)) = hosts.first_key_value() else {
        return Ok(String::new());
    };
    let forms = forms(first, *first_id);
    let breaks = |form: &str| {
        let mut hosts = hosts.iter();
        hosts.find(|(id, host)| form.replace(BROKER_ID, &id.to_string()) != **host)
    };
    let mut broken = None;
    for form in forms {
        match breaks(&form) {
            None => return Ok(form),
            Some((id, host)) => broken = broken.or(Some((*id, *host))),
        }
    }
    Err(broken.unwrap_or((*first_id, first)))
}

/// The forms a host may have: each number that is the broker's id as the id, then as it stands.
fn forms(host: &str, id: u32) -> Vec<String> {
    let id = id.to_string();
    let is_whole = |at: &usize| {
        let (before, after) = (&host[..*at], &host[at + id.len()..]);
        !before.ends_with(|c: char| c.is_ascii_digit())
            && !after.starts_with(|c: char| c.is_ascii_digit())
    };
    let places = host.match_indices(&id).map(|(at, _)| at).filter(is_whole);
    let forms = places.map(|at| format!("{}{BROKER_ID}{}", &host[..at], &host[at + id.len()..]));
    forms.chain([host.to_owned()]).collect()
}

fn fault(cluster: &Cluster<'_>, choices: &Choices, irregular: &Irregular<'_>) -> Diagnostic {
    let Irregular {
        listener,
        broker,
        why,
        is_malformed: _,
    } = irregular;
    let title = format!(
        "no setting of Amazon MSK makes {listener} of `{}` advertise this",
        cluster.name
    );
    Diagnostic::error(
        "irregular-listener",
        title,
        At::Value(place(cluster, choices, listener)),
    )
    .label(format!("broker {broker}: {why}"))
    .note("`custom.advertised.listeners` is one rule for all brokers, and brokers under KRaft take no setting of their own")
    .help("say one number to which every broker's id is added, such as `ports: 9000`")
}

/// The key by which a user said it.
fn place(cluster: &Cluster<'_>, choices: &Choices, listener: &str) -> SpecKey {
    let said = cluster.asked.advertised.as_ref();
    if said.is_some_and(|said| said.contains_key(listener)) {
        return cluster.key.key("advertised").key(listener);
    }
    let set = choices.set_behind(listener);
    set.map_or_else(|| cluster.key.clone(), |set| set.advertised_key.clone())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use blueprint::kafka::HostPort;

    use super::{Told, rule};

    #[test]
    fn a_rule_gives_what_every_broker_advertises() {
        for (told, expected) in [
            (
                "1 b-1.x:9001, 2 b-2.x:9002",
                "b-{broker_id}.x:9000+{broker_id}",
            ),
            ("2 b-2.2a.x:9002", "b-{broker_id}.2a.x:9000+{broker_id}"),
            ("1 k.x:9001, 3 k.x:9003", "k.x:9000+{broker_id}"),
            (
                "1 c1-k1.x:1, 2 c1-k2.x:2",
                "c1-k{broker_id}.x:0+{broker_id}",
            ),
            ("1 k1.x:9092, 2 k2.x:9092", "k{broker_id}.x:9092"),
            ("9005 b-9005.x:9001", "b-{broker_id}.x:9001"),
            (
                "1 b-1.x:9001, 2 b-2.x:9005",
                "2: its port 9005 is not 9000 + 2",
            ),
            ("1 b-1.x:9001, 2", "2: nothing is advertised for it"),
            ("5 k.x:3", "5: its port 3 is less than its id"),
            (
                "1 k101.x:9001, 2 k102.x:9002",
                "2: its host `k102.x` is not that of the others with its id in it",
            ),
        ] {
            let hosts: BTreeMap<u32, Option<HostPort>> = told
                .split(", ")
                .map(|one| {
                    let (id, at) = one.split_once(' ').unwrap_or((one, ""));
                    let at = at.split_once(':').map(|(host, port)| HostPort {
                        host: host.to_owned(),
                        port: port.parse().expect("a port"),
                    });
                    (id.parse().expect("an id"), at)
                })
                .collect();
            let told_by: Told<'_> = hosts.iter().map(|(id, at)| (*id, at.as_ref())).collect();
            let found = rule("CLIENT", &told_by)
                .unwrap_or_else(|irregular| format!("{}: {}", irregular.broker, irregular.why));
            assert_eq!(found, expected, "{told}");
        }
    }
}
