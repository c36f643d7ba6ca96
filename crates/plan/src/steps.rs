//! Steps that are no objects, in the order of their phases: what waits for another account, then
//! names, what Amazon MSK does in a second update, and last the brokers' own settings and
//! whoever those move.

use std::collections::BTreeMap;

use blueprint::ids::{ClientId, ClusterId};
use blueprint::kafka;
use blueprint::spec::ClusterKind;
use blueprint::{Blueprint, Step};

use crate::doors::Entry;
use crate::draft::Draft;
use crate::handovers::{self, id_of};
use crate::intent::{Cluster, Vpc};
use crate::settled::Settled;
use crate::{brokers, moved};

/// When a step is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Phase {
    /// Shares of other accounts are accepted.
    Shares,
    /// Attachments, peerings and endpoints are accepted.
    Acceptance,
    /// Zones are associated across accounts, names of peers resolved.
    Names,
    /// What AWS changes only once an object exists.
    SecondUpdate,
    /// Brokers advertise what the network leads to.
    Listeners,
    /// Clients dial it.
    Clients,
}

impl Phase {
    /// Its number in the order of all, from 1.
    pub(crate) fn number(self) -> u32 {
        match self {
            Self::Shares => 1,
            Self::Acceptance => 2,
            Self::Names => 3,
            Self::SecondUpdate => 4,
            Self::Listeners => 5,
            Self::Clients => 6,
        }
    }
}

/// Writes every step.
pub(crate) fn write(settled: &Settled<'_>, draft: &mut Draft) {
    let mut steps = handovers::steps(&draft.blueprint);
    steps.extend(connectivity(settled, &draft.blueprint));
    for cluster in &settled.asked.clusters {
        match cluster.asked.kind {
            ClusterKind::Ec2 => steps.extend(server_properties(cluster, draft)),
            ClusterKind::Msk | ClusterKind::MskExpress | ClusterKind::MskServerless => {
                steps.extend(moved::steps(cluster, settled, draft));
            }
        }
    }
    steps.extend(unjudged_balancers(&draft.blueprint));
    steps.extend(bootstraps(settled, &draft.blueprint));
    steps.sort_by_key(|step| step.phase);
    draft.blueprint.steps = steps;
}

/// MSK refuses VPC connectivity while it makes a cluster, so it is an update of its own, one for
/// each scheme.
fn connectivity(settled: &Settled<'_>, blueprint: &Blueprint) -> Vec<Step> {
    let clusters = settled.asked.clusters.iter();
    let steps = clusters.flat_map(|cluster| {
        let own = settled.choices(cluster).patterns.multi_vpc.iter();
        let schemes = own.flat_map(|own| &own.schemes);
        schemes.map(move |scheme| turning_on(cluster, scheme.label, blueprint))
    });
    steps.collect()
}

fn turning_on(cluster: &Cluster<'_>, label: &str, blueprint: &Blueprint) -> Step {
    let scheme = match label {
        "tls" => r#"{"Tls":{"Enabled":true}}"#.to_owned(),
        sasl => format!(r#"{{"Sasl":{{"{}":{{"Enabled":true}}}}}}"#, capital(sasl)),
    };
    let name = cluster.name;
    Step {
        account: cluster.vpc.asked.account.clone(),
        region: cluster.vpc.region.to_owned(),
        phase: Phase::SecondUpdate.number(),
        title: format!(
            "turn on VPC connectivity of `{name}` for {label} once it is active, before its clients connect: MSK takes it in an update of its own"
        ),
        lines: vec![format!(
            "aws kafka update-connectivity --region {} --cluster-arn {} --current-version <version of {name}> --connectivity-info '{{\"VpcConnectivity\":{{\"ClientAuthentication\":{scheme}}}}}'",
            cluster.vpc.region,
            id_of(ClusterId::from(name), blueprint)
        )],
    }
}

/// A word as MSK's API writes it.
fn capital(word: &str) -> String {
    let mut letters = word.chars();
    let first = letters.next().map(|first| first.to_ascii_uppercase());
    first.into_iter().chain(letters).collect()
}

/// AWS lets a balancer's groups judge what comes through PrivateLink unless it is told not to,
/// and they would judge it by addresses of another VPC.
fn unjudged_balancers(blueprint: &Blueprint) -> Vec<Step> {
    let open = blueprint.balancers.iter();
    let open = open.filter(|(_, balancer)| !balancer.enforce_on_privatelink && !balancer.managed);
    let steps = open.filter_map(|(id, balancer)| {
        let mut groups = balancer.nodes.values().filter_map(|eni| blueprint.enis.get(eni));
        let groups = groups.next().map_or(&[][..], |eni| &eni.security_groups);
        let groups: Vec<_> = groups.iter().map(|group| group.as_str()).collect();
        let vpc = blueprint.vpcs.get(&balancer.vpc)?;
        Some(Step {
            account: vpc.account.clone(),
            region: vpc.region.clone(),
            phase: Phase::SecondUpdate.number(),
            title: format!(
                "keep the security groups of `{id}` from judging PrivateLink: AWS's default would drop every endpoint's clients"
            ),
            lines: vec![format!(
                "aws elbv2 set-security-groups --load-balancer-arn ARN-OF-{id} --security-groups {} --enforce-security-group-inbound-rules-on-private-link-traffic off",
                groups.join(" ")
            )],
        })
    });
    steps.collect()
}

/// What clients are told to dial that enter by an endpoint: its own bootstrap server.
fn bootstraps(settled: &Settled<'_>, blueprint: &Blueprint) -> Vec<Step> {
    let mut told: BTreeMap<_, (&Vpc<'_>, Vec<String>)> = BTreeMap::new();
    let clients = settled.asked.clients.iter();
    for client in clients {
        let entry = settled.entry(client.way, &client.cluster);
        let written = blueprint.clients.get(&ClientId::from(client.name));
        let Some(written) = written.filter(|_| entry == Entry::Endpoint) else {
            continue;
        };
        let servers: Vec<_> = written.bootstrap.iter().map(ToString::to_string).collect();
        let bootstrap = format!("bootstrap.servers={}", servers.join(","));
        let settings = written.settings.iter();
        let settings = settings.map(|(name, value)| format!("{name}={value}"));
        let ends = (client.vpc.name, client.cluster.name);
        let (_, lines) = told.entry(ends).or_insert((&client.vpc, Vec::new()));
        for line in std::iter::once(bootstrap).chain(settings) {
            if !lines.contains(&line) {
                lines.push(line);
            }
        }
    }
    let steps = told
        .into_iter()
        .map(|((vpc, cluster), (place, lines))| Step {
            account: place.asked.account.clone(),
            region: place.region.to_owned(),
            phase: Phase::Clients.number(),
            title: format!(
                "give clients of `{cluster}` in `{vpc}` their bootstrap servers and settings"
            ),
            lines,
        });
    steps.collect()
}

fn server_properties(cluster: &Cluster<'_>, draft: &Draft) -> Vec<Step> {
    let Some(settled) = draft.blueprint.clusters.get(&ClusterId::from(cluster.name)) else {
        return Vec::new();
    };
    let addresses = brokers::addresses(cluster, draft).into_iter();
    let steps = addresses.map(|(id, address)| {
        let lines = kafka::properties(settled, id, address).into_iter();
        Step {
            account: cluster.vpc.asked.account.clone(),
            region: cluster.vpc.region.to_owned(),
            phase: Phase::Listeners.number(),
            title: format!(
                "set `server.properties` of broker {id} of `{}`",
                cluster.name
            ),
            lines: lines
                .map(|(name, value)| format!("{name}={value}"))
                .collect(),
        }
    });
    steps.collect()
}
