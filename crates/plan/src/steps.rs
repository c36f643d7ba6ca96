//! Steps that are no objects, in the order of their phases: what waits for another account or for
//! Amazon MSK's second update, each after the stage of the objects it needs; then names; and last
//! the brokers' own settings and whoever those move.

use std::collections::BTreeMap;

use blueprint::ids::{ClusterId, ObjectId};
use blueprint::kafka;
use blueprint::spec::ClusterKind;
use blueprint::stage::Stage;
use blueprint::step::{Needed, StepKind, What};
use blueprint::{Blueprint, Step};

use crate::draft::Draft;
use crate::handovers;
use crate::intent::Cluster;
use crate::settled::Settled;
use crate::{brokers, moved, told};

/// When a step is taken: in this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Phase {
    /// Shares of transit gateways are accepted.
    TransitShares,
    /// Amazon MSK changes what it only changes once a cluster exists.
    SecondUpdate,
    /// Shares of resource configurations are accepted.
    ResourceShares,
    /// Attachments and peerings are accepted.
    Joining,
    /// Endpoints are accepted.
    Endpoints,
    /// Zones are associated across accounts, names of peers resolved.
    Names,
    /// Brokers advertise what the network leads to.
    Listeners,
    /// Clients dial it.
    Clients,
}

impl Phase {
    /// Its number in the order of all, from 1.
    fn number(self) -> u32 {
        match self {
            Self::TransitShares => 1,
            Self::SecondUpdate => 2,
            Self::ResourceShares => 3,
            Self::Joining => 4,
            Self::Endpoints => 5,
            Self::Names => 6,
            Self::Listeners => 7,
            Self::Clients => 8,
        }
    }

    /// The stage whose objects it needs; no later phase has an earlier one.
    fn after(self) -> Stage {
        match self {
            Self::TransitShares => Stage::Network,
            Self::SecondUpdate => Stage::Cluster,
            Self::ResourceShares | Self::Joining => Stage::Front,
            Self::Endpoints => Stage::Entrance,
            Self::Names | Self::Listeners | Self::Clients => Stage::Routes,
        }
    }
}

/// Where, when and why a step is taken.
pub(crate) struct Turn<'a> {
    pub(crate) account: &'a str,
    pub(crate) region: &'a str,
    pub(crate) phase: Phase,
    pub(crate) kind: StepKind,
    pub(crate) title: String,
}

impl Turn<'_> {
    /// The step with these lines.
    pub(crate) fn step(self, lines: Vec<String>, needs: Needs<'_>) -> Step {
        Step {
            account: self.account.to_owned(),
            region: self.region.to_owned(),
            after: self.phase.after(),
            phase: self.phase.number(),
            kind: self.kind,
            title: self.title,
            lines,
            values: needs.values,
        }
    }
}

/// What the lines of a step need that only AWS can say.
pub(crate) struct Needs<'b> {
    existing: &'b BTreeMap<ObjectId, String>,
    values: BTreeMap<String, Needed>,
}

impl<'b> Needs<'b> {
    /// Nothing yet.
    pub(crate) fn of(blueprint: &'b Blueprint) -> Self {
        Self {
            existing: &blueprint.existing,
            values: BTreeMap::new(),
        }
    }

    /// AWS's id of an object, or what stands for it; `noun` is what people call such an object.
    pub(crate) fn id(&mut self, noun: &str, object: impl Into<ObjectId>) -> String {
        self.known(What::Id, "id", noun, object.into())
    }

    /// An object's ARN, which is how AWS names a cluster that exists.
    pub(crate) fn arn(&mut self, noun: &str, object: impl Into<ObjectId>) -> String {
        self.known(What::Arn, "ARN", noun, object.into())
    }

    fn known(&mut self, what: What, word: &str, noun: &str, object: ObjectId) -> String {
        match self.existing.get(&object) {
            Some(known) => known.clone(),
            None => self.unknown(what, word, noun, object),
        }
    }

    /// What stands for a value of an object that nobody knows before the step.
    pub(crate) fn unknown(
        &mut self,
        what: What,
        word: &str,
        noun: &str,
        object: impl Into<ObjectId>,
    ) -> String {
        let object = object.into();
        let text = format!("<{word} of {noun} {}>", object.id);
        self.values.insert(text.clone(), Needed { object, what });
        text
    }

    /// Says that these lines hold the domain of a cluster whose names Amazon MSK has yet to make.
    pub(crate) fn domain(&mut self, cluster: &Cluster<'_>, lines: &[String]) {
        let Some(domain) = cluster.unknown_domain() else {
            return;
        };
        if lines.iter().any(|line| line.contains(&domain)) {
            let object = ClusterId::from(cluster.name).into();
            let what = What::Domain;
            self.values.insert(domain, Needed { object, what });
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
    steps.extend(told::connected(settled, &draft.blueprint));
    steps.sort_by_key(|step| step.phase);
    draft.blueprint.steps = steps;
}

/// MSK refuses VPC connectivity while it makes a cluster, so it is an update of its own, which
/// takes every scheme at once.
fn connectivity(settled: &Settled<'_>, blueprint: &Blueprint) -> Vec<Step> {
    let clusters = settled.asked.clusters.iter();
    let steps = clusters.filter_map(|cluster| {
        let own = settled.choices(cluster).patterns.multi_vpc.as_ref()?;
        let schemes: Vec<_> = own.schemes.iter().map(|scheme| scheme.label).collect();
        (!schemes.is_empty()).then(|| turning_on(cluster, &schemes, blueprint))
    });
    steps.collect()
}

fn turning_on(cluster: &Cluster<'_>, schemes: &[&str], blueprint: &Blueprint) -> Step {
    let name = cluster.name;
    let id = ClusterId::from(name);
    let mut needs = Needs::of(blueprint);
    let line = format!(
        "aws kafka update-connectivity --region {} --cluster-arn {} --current-version {} --connectivity-info '{{\"VpcConnectivity\":{{\"ClientAuthentication\":{{{}}}}}}}'",
        cluster.vpc.region,
        needs.arn("cluster", &id),
        needs.unknown(What::Version, "version", "cluster", &id),
        client_authentication(schemes)
    );
    let turn = Turn {
        account: &cluster.vpc.asked.account,
        region: cluster.vpc.region,
        phase: Phase::SecondUpdate,
        kind: StepKind::VpcConnectivity(id),
        title: format!(
            "turn on VPC connectivity of `{name}` for {} once it is active, before its clients connect: MSK takes it in an update of its own",
            schemes.join(" and ")
        ),
    };
    turn.step(vec![line], needs)
}

/// The members of `ClientAuthentication`, as MSK's API writes them.
fn client_authentication(schemes: &[&str]) -> String {
    const ON: &str = r#"{"Enabled":true}"#;
    let sasl = schemes.iter().filter(|scheme| **scheme != "tls");
    let sasl: Vec<_> = sasl
        .map(|scheme| format!("\"{}\":{ON}", capital(scheme)))
        .collect();
    let sasl = (!sasl.is_empty()).then(|| format!("\"Sasl\":{{{}}}", sasl.join(",")));
    let tls = schemes.contains(&"tls").then(|| format!("\"Tls\":{ON}"));
    let members: Vec<_> = sasl.into_iter().chain(tls).collect();
    members.join(",")
}

/// A word as MSK's API writes it.
fn capital(word: &str) -> String {
    let mut letters = word.chars();
    let first = letters.next().map(|first| first.to_ascii_uppercase());
    first.into_iter().chain(letters).collect()
}

fn server_properties(cluster: &Cluster<'_>, draft: &Draft) -> Vec<Step> {
    let Some(settled) = draft.blueprint.clusters.get(&ClusterId::from(cluster.name)) else {
        return Vec::new();
    };
    let addresses = brokers::addresses(cluster, draft).into_iter();
    let steps = addresses.map(|(id, address)| {
        let lines = kafka::properties(settled, id, address).into_iter();
        let lines = lines.map(|(name, value)| format!("{name}={value}"));
        let turn = Turn {
            account: &cluster.vpc.asked.account,
            region: cluster.vpc.region,
            phase: Phase::Listeners,
            kind: StepKind::ServerProperties(ClusterId::from(cluster.name), id),
            title: format!(
                "set `server.properties` of broker {id} of `{}`",
                cluster.name
            ),
        };
        turn.step(lines.collect(), Needs::of(&draft.blueprint))
    });
    steps.collect()
}
