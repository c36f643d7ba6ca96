//! Version 1 of what `compare --format json` prints. Amounts are decimal numbers in texts, so that
//! nothing is rounded on the way.

use plan::compare::{BreakEven, Delta, Figure, Limit, Measure, Row};
use serde::Serialize;

use crate::comparison::{Compared, Comparison, Outcome, Way};

/// What `compare` prints.
#[derive(Clone, Debug, Serialize)]
pub struct Compare {
    /// 1.
    pub version: u32,
    /// The spec's path as it was given.
    pub file: String,
    /// The newest date on which a fact was read.
    pub facts: String,
    /// A VPC and a cluster each.
    pub pairs: Vec<Pair>,
}

/// The ways between a VPC and a cluster.
#[derive(Clone, Debug, Serialize)]
pub struct Pair {
    /// The client VPC.
    pub from: String,
    /// The cluster.
    pub to: String,
    /// Region of the client VPC.
    pub from_region: String,
    /// Region of the cluster.
    pub to_region: String,
    /// Number of brokers.
    pub brokers: usize,
    /// GB a month, 10⁹ bytes each; none if no client says how much it carries.
    pub gb_per_month: Option<String>,
    /// The ways, in the order of the documents.
    pub ways: Vec<JudgedWay>,
    /// The cheapest way that works.
    pub cheapest: Option<String>,
    /// The next one.
    pub next: Option<String>,
    /// GB a month at which the bills of the two meet; none if they never do.
    pub break_even_gb: Option<String>,
    /// Errors that stand whatever the way.
    pub anyway: Vec<String>,
}

/// One way.
#[derive(Clone, Debug, Serialize)]
pub struct JudgedWay {
    /// Its name.
    pub name: String,
    /// `via` of the spec.
    pub via: String,
    /// `works`, `unknown` or `refused`.
    pub outcome: String,
    /// The check that refuses it.
    pub check: Option<String>,
    /// What the check, or the table of patterns, says.
    pub because: Option<String>,
    /// What was counted; none if it is refused.
    pub counted: Option<Counted>,
}

/// What was counted for a way.
#[derive(Clone, Debug, Serialize)]
pub struct Counted {
    /// Fixed dollars a month, the cluster's owner.
    pub fixed_owner: Amount,
    /// Fixed dollars a month, the client's account.
    pub fixed_client: Amount,
    /// Dollars per GB inside one zone.
    pub per_gb_same_zone: Option<Amount>,
    /// Dollars per GB across zones, at most.
    pub per_gb_cross_zone: Option<Amount>,
    /// Dollars per GB to the other Region, at most.
    pub per_gb_cross_region: Option<Amount>,
    /// Dollars per GB on average.
    pub per_gb_average: Amount,
    /// How many times a byte crosses zones at a price, on average, such as `2/3`.
    pub crossing: String,
    /// Dollars a month at the given traffic.
    pub total: Amount,
    /// Gbps of one connection.
    pub flow_gbps: Option<Number>,
    /// Gbps that enter in one zone.
    pub zone_gbps: Option<Number>,
    /// Gbps altogether.
    pub total_gbps: Option<Number>,
    /// The largest packet in bytes.
    pub mtu: Option<Number>,
    /// What stands between client and broker.
    pub hops: Vec<String>,
    /// Seconds after which the way cuts a silent connection.
    pub idle_s: Option<Number>,
    /// Milliseconds after which the client closes one itself.
    pub client_idle_ms: u64,
    /// Whether the way is first.
    pub idle_resets: bool,
    /// Who can dial whom.
    pub direction: String,
    /// What the client's side sees.
    pub exposure: String,
    /// Whose address a broker sees.
    pub seen_as: String,
    /// Private hosted zones.
    pub hosted_zones: usize,
    /// Records.
    pub records: usize,
    /// Associations of zones across accounts.
    pub zone_associations: usize,
    /// Zones that AWS keeps.
    pub managed_zones: usize,
    /// Brokers' listeners that advertise something else.
    pub moved_listeners: Vec<String>,
    /// Brokers' listeners that are added.
    pub added_listeners: Vec<String>,
    /// Clients elsewhere that move with them.
    pub moved_clients: Vec<String>,
    /// The most brokers by quota.
    pub most_brokers: Option<Most>,
    /// The most client VPCs by quota.
    pub most_client_vpcs: Option<Most>,
    /// Objects at one broker more.
    pub new_broker: Objects,
    /// Objects at one client VPC more.
    pub new_client_vpc: Objects,
    /// The turns of its deployment.
    pub phases: Vec<Phase>,
    /// What the worst loss of a zone takes.
    pub zone_loss: Option<ZoneLoss>,
}

/// An amount of dollars.
#[derive(Clone, Debug, Serialize)]
pub struct Amount {
    /// A decimal number.
    pub usd: String,
    /// Whether a fact it is made of is unverified.
    pub unverified: bool,
    /// Whether it leaves out something without a known price.
    pub partial: bool,
}

/// A whole number.
#[derive(Clone, Debug, Serialize)]
pub struct Number {
    /// The number.
    pub value: u64,
    /// Whether the fact is unverified.
    pub unverified: bool,
}

/// The most there may be of something.
#[derive(Clone, Debug, Serialize)]
pub struct Most {
    /// How many there may be.
    pub most: u64,
    /// How many may be added.
    pub headroom: u64,
    /// The quota that is reached first.
    pub quota: String,
    /// What it is.
    pub quota_value: u64,
    /// Whether the quota is unverified.
    pub unverified: bool,
}

/// Objects of AWS.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Objects {
    /// Made.
    pub made: usize,
    /// Touched.
    pub touched: usize,
}

/// One account's turn.
#[derive(Clone, Debug, Serialize)]
pub struct Phase {
    /// The account.
    pub account: String,
    /// What is done.
    pub work: Vec<String>,
}

/// What is lost with a zone.
#[derive(Clone, Debug, Serialize)]
pub struct ZoneLoss {
    /// The zone.
    pub zone: String,
    /// Brokers in it.
    pub brokers: Vec<u32>,
    /// Brokers elsewhere that cannot be reached any more.
    pub others: Vec<u32>,
    /// Whether names of other brokers keep a dead address.
    pub dead_addresses: bool,
}

impl Compare {
    /// The answer for a comparison of the spec in `file`.
    pub fn new(file: &str, comparison: &Comparison) -> Self {
        Self {
            version: super::VERSION,
            file: file.to_owned(),
            facts: comparison.date.clone(),
            pairs: comparison.pairs.iter().map(Pair::from).collect(),
        }
    }
}

impl From<&Compared> for Pair {
    fn from(compared: &Compared) -> Self {
        let best = compared.best.as_ref();
        let name = |at: usize| compared.ways[at].row.variant.to_string();
        Self {
            from: compared.pair.from.clone(),
            to: compared.pair.to.clone(),
            from_region: compared.client_region.clone(),
            to_region: compared.region.clone(),
            brokers: compared.n_brokers,
            gb_per_month: compared.gb.map(|gb| gb.to_string()),
            ways: compared.ways.iter().map(JudgedWay::from).collect(),
            cheapest: best.map(|best| name(best.first)),
            next: best.and_then(|best| best.next).map(name),
            break_even_gb: best.and_then(|best| match best.break_even? {
                BreakEven::At(gb) => Some(gb.to_string()),
                BreakEven::Never => None,
            }),
            anyway: compared.anyway.clone(),
        }
    }
}

impl From<&Way> for JudgedWay {
    fn from(way: &Way) -> Self {
        let (outcome, check, because) = match &way.outcome {
            Outcome::Works => ("works", None, None),
            Outcome::Unknown { because } => ("unknown", None, Some(because.clone())),
            Outcome::Refused { check, title, .. } => {
                ("refused", Some(check.clone()), Some(title.clone()))
            }
        };
        Self {
            name: way.row.variant.to_string(),
            via: way.row.variant.via().to_string(),
            outcome: outcome.to_owned(),
            check,
            because,
            counted: way.outcome.is_open().then(|| Counted::from(&way.row)),
        }
    }
}

impl From<&Row> for Counted {
    fn from(row: &Row) -> Self {
        let listeners = &row.listeners;
        Self {
            fixed_owner: row.fixed.owner.into(),
            fixed_client: row.fixed.client.into(),
            per_gb_same_zone: row.per_gb.same_zone.map(Amount::from),
            per_gb_cross_zone: row.per_gb.cross_zone.map(Amount::from),
            per_gb_cross_region: row.per_gb.other_region.map(Amount::from),
            per_gb_average: row.per_gb.average.into(),
            crossing: row.per_gb.crossing.to_string(),
            total: row.total.into(),
            flow_gbps: row.ceiling.flow.map(Number::from),
            zone_gbps: row.ceiling.zone.map(Number::from),
            total_gbps: row.ceiling.total.map(Number::from),
            mtu: row.mtu.map(Number::from),
            hops: row.hops.iter().map(|hop| (*hop).to_owned()).collect(),
            idle_s: row.idle.limit.map(Number::from),
            client_idle_ms: row.idle.client_ms,
            idle_resets: row.idle.resets(),
            direction: row.direction.to_owned(),
            exposure: row.exposure.to_owned(),
            seen_as: row.seen_as.to_owned(),
            hosted_zones: row.names.zones,
            records: row.names.records,
            zone_associations: row.names.associations,
            managed_zones: row.names.managed,
            moved_listeners: listeners.moved.clone(),
            added_listeners: listeners.added.clone(),
            moved_clients: listeners.others.clone(),
            most_brokers: row.brokers.map(Most::from),
            most_client_vpcs: row.client_vpcs.map(Most::from),
            new_broker: row.new_broker.into(),
            new_client_vpc: row.new_client_vpc.into(),
            phases: row.phases.iter().map(Phase::from).collect(),
            zone_loss: row.zone_loss.as_ref().map(ZoneLoss::from),
        }
    }
}

impl From<Figure> for Amount {
    fn from(figure: Figure) -> Self {
        Self {
            usd: figure.amount.to_string(),
            unverified: figure.unverified,
            partial: figure.partial,
        }
    }
}

impl From<Measure> for Number {
    fn from(measure: Measure) -> Self {
        Self {
            value: measure.value,
            unverified: measure.unverified,
        }
    }
}

impl From<Limit> for Most {
    fn from(limit: Limit) -> Self {
        Self {
            most: limit.most,
            headroom: limit.headroom(),
            quota: limit.quota.to_string(),
            quota_value: limit.of,
            unverified: limit.unverified,
        }
    }
}

impl From<Delta> for Objects {
    fn from(delta: Delta) -> Self {
        Self {
            made: delta.added,
            touched: delta.changed,
        }
    }
}

impl From<&plan::compare::Phase> for Phase {
    fn from(phase: &plan::compare::Phase) -> Self {
        Self {
            account: phase.account.clone(),
            work: phase.work.iter().map(|work| (*work).to_owned()).collect(),
        }
    }
}

impl From<&plan::compare::ZoneLoss> for ZoneLoss {
    fn from(loss: &plan::compare::ZoneLoss) -> Self {
        Self {
            zone: loss.zone.to_string(),
            brokers: loss.brokers.clone(),
            others: loss.others.clone(),
            dead_addresses: loss.dead_addresses,
        }
    }
}
