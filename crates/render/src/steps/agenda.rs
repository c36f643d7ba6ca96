//! What is done in which order: the units of a stage, then the steps that come after it; what one
//! account does in a row is one entry.

use blueprint::Step;
use blueprint::ids::ClusterId;
use blueprint::stage::Stage;
use blueprint::step::StepKind;

use super::{Site, shared};
use crate::target::Target;
use crate::unit::{Source, Unit};
use crate::value::Switch;

/// One numbered entry.
pub(super) struct Entry<'a> {
    pub(super) account: &'a str,
    pub(super) region: &'a str,
    /// The stage it belongs to, or comes after.
    pub(super) stage: Stage,
    pub(super) work: Work<'a>,
}

/// What is done.
pub(super) enum Work<'a> {
    /// A unit is applied.
    Apply(&'a Unit),
    /// A unit is applied once more, with a switch thrown.
    Again(&'a Unit, Switch, &'a Step),
    /// Commands of one account.
    Commands(Vec<&'a Step>),
    /// Brokers are given their settings.
    Brokers(&'a ClusterId, Vec<u32>),
    /// A cluster that exists is told what to advertise.
    Told(&'a ClusterId, &'a Step),
    /// Users are added to a cluster that exists.
    Users(&'a ClusterId),
    /// Statements are merged into the policy of a cluster that exists.
    Policy(&'a ClusterId),
    /// Clients of a cluster are given their settings.
    Clients(&'a Step),
}

impl Work<'_> {
    /// Whether a target's tool does it.
    pub(super) fn is_unit(&self) -> bool {
        match self {
            Self::Apply(_) | Self::Again(..) => true,
            Self::Commands(_)
            | Self::Brokers(..)
            | Self::Told(..)
            | Self::Users(_)
            | Self::Policy(_)
            | Self::Clients(_) => false,
        }
    }
}

/// Every entry in order.
pub(super) fn of<'a>(site: &Site<'a>) -> Vec<Entry<'a>> {
    let mut entries: Vec<Entry<'a>> = Vec::new();
    for stage in Stage::ALL {
        let units = site.units.iter();
        for unit in units.filter(|unit| unit.place.stage == *stage) {
            entries.push(Entry {
                account: &unit.place.account,
                region: &unit.place.region,
                stage: *stage,
                work: Work::Apply(unit),
            });
        }
        if *stage == Stage::Cluster {
            entries.extend(shared(site));
        }
        let steps = site.blueprint.steps.iter();
        let mut by_hand: Vec<Entry<'a>> = Vec::new();
        for step in steps.filter(|step| step.after == *stage) {
            enter(site, step, &mut by_hand);
        }
        entries.append(&mut by_hand);
    }
    entries
}

/// What clusters that exist gain, once their users' secrets are there.
fn shared<'a>(site: &Site<'a>) -> Vec<Entry<'a>> {
    let users = shared::with_users(site).into_iter();
    let users = users.map(|(id, cluster)| (cluster, Work::Users(id)));
    let policies = shared::with_policy(site).into_iter();
    let policies = policies.map(|(id, cluster)| (cluster, Work::Policy(id)));
    let entries = users.chain(policies).filter_map(|(cluster, work)| {
        let home = site.blueprint.vpcs.get(&cluster.vpc)?;
        Some(Entry {
            account: &home.account,
            region: &home.region,
            stage: Stage::Cluster,
            work,
        })
    });
    entries.collect()
}

/// Adds a step, to the last entry where that is the same account's of the same kind.
fn enter<'a>(site: &Site<'a>, step: &'a Step, entries: &mut Vec<Entry<'a>>) {
    let is_here =
        |entry: &&mut Entry<'a>| entry.account == step.account && entry.region == step.region;
    let last = entries
        .last_mut()
        .filter(is_here)
        .map(|entry| &mut entry.work);
    let work = match &step.kind {
        // CloudFormation accepts by itself, and the peering it makes is active.
        StepKind::PeeringAcceptance(_) if site.target == Target::CloudFormation => return,
        StepKind::Handover | StepKind::PeeringAcceptance(_) => match last {
            Some(Work::Commands(steps)) => {
                steps.push(step);
                return;
            }
            _other => Work::Commands(vec![step]),
        },
        StepKind::ServerProperties(cluster, broker) => match last {
            Some(Work::Brokers(known, brokers)) if *known == cluster => {
                brokers.push(*broker);
                return;
            }
            _other => Work::Brokers(cluster, vec![*broker]),
        },
        StepKind::VpcConnectivity(cluster) => {
            let cluster = cluster.as_str().to_owned();
            again(site, Switch::VpcConnectivity { cluster }, step)
                .unwrap_or_else(|| Work::Commands(vec![step]))
        }
        StepKind::AdvertisedListeners(id) => {
            let cluster = id.as_str().to_owned();
            again(site, Switch::Advertised { cluster }, step).unwrap_or(Work::Told(id, step))
        }
        StepKind::ClientSettings(_) => Work::Clients(step),
    };
    entries.push(Entry {
        account: &step.account,
        region: &step.region,
        stage: step.after,
        work,
    });
}

/// The unit in which a switch stands, applied once more.
fn again<'a>(site: &Site<'a>, switch: Switch, step: &'a Step) -> Option<Work<'a>> {
    let has = |unit: &&Unit| {
        let mut sources = unit.inputs.values();
        sources.any(|source| *source == Source::Switch(switch.clone()))
    };
    let unit = site.units.iter().find(has)?;
    Some(Work::Again(unit, switch, step))
}
