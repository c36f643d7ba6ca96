//! Compares the ways to connect a VPC with a cluster: each is planned for itself, and again with
//! one broker and one client VPC more, and everything that can be counted is counted in these
//! blueprints. Prices and quotas are facts; whether a way works is judged elsewhere.

mod effects;
mod fixed;
mod flow;
mod money;
mod objects;
mod passage;
mod phases;
mod qualities;
mod quotas;
mod reduce;
mod shape;
mod variant;

use std::collections::BTreeSet;

use blueprint::Blueprint;
use blueprint::diagnostic::Diagnostic;
use blueprint::facts::{Decimal, Facts};
use blueprint::ids::{ClusterId, VpcId};
use blueprint::spec::{Connection, Spec};

pub use effects::{Listeners, Names, ZoneLoss};
pub use fixed::Fixed;
pub use flow::{Flow, PerGb};
pub use money::{Figure, Share};
pub use objects::Delta;
pub use phases::Phase;
pub use qualities::{Ceiling, Idle, Measure};
pub use quotas::Limit;
pub use shape::Shape;
pub use variant::Variant;

/// A VPC and a cluster that a connection or a promise joins.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Pair {
    /// The client VPC.
    pub from: String,
    /// The cluster.
    pub to: String,
    /// The connection's position in the spec; none if only a promise names the two.
    pub connection: Option<usize>,
}

/// Every pair of a spec: those of connections in their order, then those only clients name.
/// What refers to nothing is left out.
pub fn pairs(spec: &Spec) -> Vec<Pair> {
    let mut pairs: Vec<Pair> = Vec::new();
    let asked = spec.connections.iter().enumerate();
    let asked = asked.map(|(at, asked)| (&asked.from, &asked.to, Some(at)));
    let promised = spec.clients.iter();
    let promised = promised.map(|(_, client)| (&client.vpc, &client.cluster, None));
    for (from, to, connection) in asked.chain(promised) {
        let known = spec.vpcs.iter().any(|(name, _)| name == from)
            && spec.clusters.iter().any(|(name, _)| name == to);
        if known
            && !pairs
                .iter()
                .any(|pair| pair.from == *from && pair.to == *to)
        {
            pairs.push(Pair {
                from: from.clone(),
                to: to.clone(),
                connection,
            });
        }
    }
    pairs
}

/// The part of a spec a comparison stands on, planned without anything that connects the pair.
pub struct Ground<'s> {
    spec: &'s Spec,
    pair: &'s Pair,
    asked: Connection,
    bare: Spec,
    plain: Blueprint,
    plain_and_broker: Blueprint,
    plain_and_vpc: Blueprint,
}

/// Both ends of a pair, with what follows for who pays.
pub(crate) struct Ends<'b> {
    from: VpcId,
    to: ClusterId,
    /// Account of the cluster.
    owner: &'b str,
    /// Account of the client VPC.
    client: &'b str,
    cluster_vpc: &'b VpcId,
    /// Region of the cluster.
    region: &'b str,
    client_region: &'b str,
}

impl Ends<'_> {
    /// Whether what stands in a VPC is paid by the client's side.
    fn is_clients(&self, vpc: &VpcId, account: &str) -> bool {
        *vpc == self.from || (account == self.client && vpc != self.cluster_vpc)
    }

    fn is_one_region(&self) -> bool {
        self.region == self.client_region
    }
}

impl<'s> Ground<'s> {
    /// Prepares a pair; none if one of its ends is not in the spec.
    pub fn new(spec: &'s Spec, pair: &'s Pair) -> Option<Self> {
        let bare = reduce::bare(spec, pair)?;
        let asked = pair.connection.and_then(|at| spec.connections.get(at));
        let asked = asked.cloned().unwrap_or_else(|| Connection {
            from: pair.from.clone(),
            to: pair.to.clone(),
            ..Connection::default()
        });
        let (plain, _) = crate::build(&bare);
        let (plain_and_broker, _) = crate::build(&reduce::with_broker(&bare, pair));
        let (plain_and_vpc, _) = crate::build(&reduce::with_client_vpc(&bare, pair));
        Some(Self {
            spec,
            pair,
            asked,
            bare,
            plain,
            plain_and_broker,
            plain_and_vpc,
        })
    }

    /// The ways there are for this pair.
    pub fn variants(&self) -> &'static [Variant] {
        let cluster = self
            .plain
            .clusters
            .get(&ClusterId::from(self.pair.to.as_str()));
        if cluster.is_some_and(|cluster| cluster.vpc.as_str() == self.pair.from) {
            Variant::INSIDE
        } else {
            Variant::BETWEEN
        }
    }

    /// What is wrong whatever way is taken: the pair's part of the spec, without its clients.
    pub fn unrelated(&self) -> (Blueprint, Vec<Diagnostic>) {
        let mut spec = self.bare.clone();
        spec.clients.retain(|(_, client)| {
            self.variants() == Variant::INSIDE || client.vpc != self.pair.from
        });
        crate::build(&spec)
    }

    /// Plans one of the ways.
    pub fn case(&self, variant: Variant) -> Case<'_> {
        let spec = reduce::joined(&self.bare, &self.asked, variant);
        let (blueprint, findings) = crate::build(&spec);
        Case {
            ground: self,
            variant,
            spec,
            blueprint,
            findings,
        }
    }

    fn ends<'b>(&self, blueprint: &'b Blueprint) -> Option<Ends<'b>> {
        let (from, to) = (
            VpcId::from(self.pair.from.as_str()),
            ClusterId::from(self.pair.to.as_str()),
        );
        let cluster_vpc = &blueprint.clusters.get(&to)?.vpc;
        let owner = blueprint.vpcs.get(cluster_vpc)?;
        let client = blueprint.vpcs.get(&from)?;
        Some(Ends {
            from,
            to,
            owner: &owner.account,
            client: &client.account,
            cluster_vpc,
            region: &owner.region,
            client_region: &client.region,
        })
    }
}

/// Client VPCs that a spec connects with the cluster of a pair.
fn n_client_vpcs(spec: &Spec, pair: &Pair) -> u64 {
    let asked = spec.connections.iter();
    let to = asked.filter(|asked| asked.to == pair.to);
    let vpcs: BTreeSet<&str> = to.map(|asked| asked.from.as_str()).collect();
    vpcs.len().max(1) as u64
}

/// One way of a pair, planned.
pub struct Case<'g> {
    ground: &'g Ground<'g>,
    variant: Variant,
    /// The spec it was planned from: the two VPCs, the cluster, those who use it from there.
    pub spec: Spec,
    /// The blueprint.
    pub blueprint: Blueprint,
    /// What the plan found.
    pub findings: Vec<Diagnostic>,
}

/// One row of a comparison.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Which way.
    pub variant: Variant,
    /// What is paid for each month, whatever the traffic.
    pub fixed: Fixed,
    /// $/GB by path.
    pub per_gb: PerGb,
    /// What bytes cost, for any amount.
    pub flow: Flow,
    /// The month's bill at the given traffic.
    pub total: Figure,
    /// Bandwidth.
    pub ceiling: Ceiling,
    /// The largest packet, in bytes.
    pub mtu: Option<Measure>,
    /// What stands between client and broker, in order.
    pub hops: Vec<&'static str>,
    /// Silence on a connection.
    pub idle: Idle,
    /// Who can dial whom.
    pub direction: &'static str,
    /// What the client's side sees of the provider's.
    pub exposure: &'static str,
    /// Whose address a broker sees.
    pub seen_as: &'static str,
    /// Objects of DNS.
    pub names: Names,
    /// The brokers' listeners.
    pub listeners: Listeners,
    /// The most brokers; none if no quota that is known ends it.
    pub brokers: Option<Limit>,
    /// The most client VPCs; none if no quota that is known ends it.
    pub client_vpcs: Option<Limit>,
    /// Objects at one broker more, beside the broker.
    pub new_broker: Delta,
    /// Objects at one client VPC more, beside the VPC.
    pub new_client_vpc: Delta,
    /// The turns of its deployment.
    pub phases: Vec<Phase>,
    /// Whether everything the way needs could be planned, so that its bill is whole.
    pub is_whole: bool,
    /// What a lost zone takes; none if nothing leads to a broker.
    pub zone_loss: Option<ZoneLoss>,
}

impl Row {
    /// How often the work passes from one account to another.
    pub fn hand_offs(&self) -> usize {
        self.phases.len().saturating_sub(1)
    }

    /// The month's bill for an amount of GB.
    pub fn bill(&self, facts: &Facts, gb: Decimal) -> Figure {
        self.fixed.sum().plus(self.flow.cost(facts, gb))
    }
}

impl Case<'_> {
    /// Fills the row for an amount of GB in a month.
    pub fn row(&self, facts: &Facts, gb: Decimal) -> Option<Row> {
        let (ground, with) = (self.ground, &self.blueprint);
        let (plain, pair) = (&ground.plain, ground.pair);
        let ends = ground.ends(with)?;
        let (broker, _) = crate::build(&reduce::with_broker(&self.spec, pair));
        let (vpc, _) = crate::build(&reduce::with_client_vpc(&self.spec, pair));
        let passages = passage::to_brokers(with, &ends.to);
        let (flow, per_gb) = flow::of_clients(with, &ends.from, &ends.to, &passages, facts);
        let fixed = fixed::of(with, &ends, facts);
        let listeners = effects::listeners(plain, with, ground.spec, pair);
        let n_brokers = with
            .clusters
            .get(&ends.to)
            .map_or(0, |cluster| cluster.brokers.len());
        let grown = |plain_grown, grown| {
            objects::delta(with, grown).beyond(objects::delta(plain, plain_grown))
        };
        Some(Row {
            variant: self.variant,
            total: fixed.sum().plus(flow.cost(facts, gb)),
            fixed,
            per_gb,
            flow,
            ceiling: qualities::ceiling(with, &ends, facts),
            mtu: qualities::mtu(with, &ends, facts),
            hops: qualities::hops(with),
            idle: qualities::idle(with, &ends, facts),
            direction: qualities::direction(self.variant),
            exposure: qualities::exposure(self.variant),
            seen_as: qualities::seen_as(self.variant),
            names: effects::names(plain, with),
            brokers: quotas::brokers(n_brokers, (with, &broker), &ends, facts),
            client_vpcs: quotas::limit(1, (with, &vpc), &ends, facts).map(|limit| Limit {
                now: n_client_vpcs(ground.spec, pair),
                ..limit
            }),
            new_broker: grown(&ground.plain_and_broker, &broker),
            new_client_vpc: grown(&ground.plain_and_vpc, &vpc),
            phases: phases::of(plain, with, &listeners, &ends),
            listeners,
            is_whole: effects::is_whole(with, &ends, self.variant, &passages),
            zone_loss: effects::zone_loss(with, &ends, &passages),
        })
    }
}

/// The traffic of a pair's clients in GB a month: 10⁹ bytes each, in months of 730 hours unless
/// facts say otherwise. None if no client says how much it carries.
pub fn traffic(spec: &Spec, pair: &Pair, facts: &Facts) -> Option<Decimal> {
    let clients = spec
        .clients
        .iter()
        .filter(|(_, client)| client.vpc == pair.from && client.cluster == pair.to);
    let rates: Vec<u64> = clients.filter_map(|(_, c)| Some(c.traffic?.rate)).collect();
    if rates.is_empty() {
        return None;
    }
    let region = &spec.region;
    let hours = facts
        .fact(blueprint::facts::id::PRICES_HOURS_PER_MONTH, region)?
        .number()?;
    let seconds = hours.times(Decimal::from_whole(3600));
    let rate = rates
        .iter()
        .fold(0_u64, |sum, rate| sum.saturating_add(*rate));
    Some(
        seconds
            .times(Decimal::from_whole(rate))
            .share(1, 1_000_000_000),
    )
}

/// Where two bills meet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BreakEven {
    /// One is at least as cheap for every amount.
    Never,
    /// The bills are equal at this many GB a month, and the order of the two is another beyond.
    At(Decimal),
}

/// The least amount of GB at which the order of two bills changes. Between the amounts at which
/// a price changes both bills are straight lines, so each piece is looked at by its ends.
pub fn break_even(one: &Row, other: &Row, facts: &Facts) -> BreakEven {
    let mut ends = [one.flow.steps(facts), other.flow.steps(facts)].concat();
    ends.sort_unstable();
    let last = ends.last().copied().unwrap_or(Decimal::ZERO);
    ends.push(last.plus(Decimal::from_whole(FARTHEST_GB)));
    let apart = |gb: Decimal| {
        one.bill(facts, gb)
            .amount
            .minus(other.bill(facts, gb).amount)
    };
    let mut start = (Decimal::ZERO, apart(Decimal::ZERO));
    for gb in ends {
        let end = (gb, apart(gb));
        let turned = (start.1 < Decimal::ZERO) != (end.1 < Decimal::ZERO)
            && start.1 != Decimal::ZERO
            && end.1 != Decimal::ZERO;
        if turned {
            let width = end.0.minus(start.0);
            let part = start.1.times(width).over(start.1.minus(end.1));
            return part.map_or(BreakEven::Never, |part| BreakEven::At(start.0.plus(part)));
        }
        start = end;
    }
    BreakEven::Never
}

/// Beyond every price's last step: an exabyte a month, which no cluster carries.
const FARTHEST_GB: u64 = 1_000_000_000;
