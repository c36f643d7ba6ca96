//! Compares: `plan` counts each way to connect, `verify` judges it, and both become one table.
//! Pairs of a spec that are alike are planned and judged once.

use std::cell::LazyCell;

use blueprint::Blueprint;
use blueprint::diagnostic::{Diagnostic, Level, Trace};
use blueprint::facts::{Decimal, Facts};
use blueprint::kafka::{Goal, PromiseId};
use blueprint::patterns::{Cell, Pattern, Relation, State, Table};
use blueprint::spec::{Client, Cluster, GatewayMode, Spec, Vpc};
use plan::compare::{self, BreakEven, Case, Figure, Ground, Pair, Row, Shape, Variant};

/// A comparison of every pair of a spec.
#[derive(Clone, Debug)]
pub struct Comparison {
    /// One for each pair, connections first.
    pub pairs: Vec<Compared>,
    /// The newest date on which a fact was read, as `YYYY-MM-DD`.
    pub date: String,
}

/// The ways between a VPC and a cluster.
#[derive(Clone, Debug)]
pub struct Compared {
    /// The pair.
    pub pair: Pair,
    /// The cluster's Region.
    pub region: String,
    /// The client VPC's Region.
    pub client_region: String,
    /// Number of brokers.
    pub n_brokers: usize,
    /// GB a month; none if no client says how much it carries.
    pub gb: Option<Decimal>,
    /// The ways, in the order of the documents.
    pub ways: Vec<Way>,
    /// The cheapest that work, by position in `ways`, and how they compare.
    pub best: Option<Best>,
    /// Errors that stand whatever the way, as `check: title`.
    pub anyway: Vec<String>,
}

/// One way.
#[derive(Clone, Debug)]
pub struct Way {
    /// What was counted.
    pub row: Row,
    /// What was judged.
    pub outcome: Outcome,
}

/// Whether a way works.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Every promise is delivered.
    Works,
    /// No check refuses it, and no source says that AWS allows it.
    Unknown {
        /// Why, one fragment.
        because: String,
    },
    /// A check refuses it.
    Refused {
        /// The check.
        check: String,
        /// What it says, one fragment.
        title: String,
        /// What would mend it, one fragment.
        help: Option<String>,
        /// How many more errors there are.
        more: usize,
    },
}

/// The cheapest way that works, and the next.
#[derive(Clone, Debug)]
pub struct Best {
    /// Position of the cheapest.
    pub first: usize,
    /// Position of the next, if another works.
    pub next: Option<usize>,
    /// What the next costs more.
    pub dearer_by: Option<Figure>,
    /// Where the two bills meet.
    pub break_even: Option<BreakEven>,
    /// Cheaper ways that are refused, by position.
    pub cheaper_but_refused: Vec<usize>,
}

impl Outcome {
    /// Whether nothing refuses it.
    pub fn is_open(&self) -> bool {
        match self {
            Self::Works | Self::Unknown { .. } => true,
            Self::Refused { .. } => false,
        }
    }
}

/// Compares every pair of a spec, at an amount of GB a month or at what its clients carry.
pub fn compare(spec: &Spec, facts: &Facts, gb: Option<Decimal>) -> Comparison {
    let pairs = compare::pairs(spec);
    let shapes: Vec<Option<Shape>> = pairs.iter().map(|pair| Shape::of(spec, pair)).collect();
    let mut known: Vec<(usize, Studied)> = Vec::new();
    let mut compared = Vec::new();
    for (at, pair) in pairs.iter().enumerate() {
        let gb = gb.or_else(|| compare::traffic(spec, pair, facts));
        let alike = |other: &usize| match (&shapes[at], shapes.get(*other)) {
            (Some(one), Some(Some(other))) => one.spec == other.spec,
            _ => false,
        };
        let others = (0..pairs.len()).filter(|other| *other != at && alike(other));
        let shared = shapes[at]
            .as_ref()
            .filter(|_| others.clone().next().is_some());
        let ways = match shared {
            None => study(spec, pair, facts, gb),
            Some(shape) => {
                if !known.iter().any(|(of, _)| *of == at || alike(of)) {
                    known.extend(
                        study(&shape.spec, &shape.pair, facts, gb).map(|found| (at, found)),
                    );
                }
                let found = known.iter().find(|(of, _)| *of == at || alike(of));
                found.map(|(_, studied)| retold(studied, shape, (spec, pair), facts, gb))
            }
        };
        compared.extend(ways.and_then(|studied| table(spec, pair, facts, gb, studied)));
    }
    Comparison {
        pairs: compared,
        date: facts.date().to_owned(),
    }
}

/// Findings about a client or a cluster that are the same whichever way is taken.
const OF_NO_WAY: [&str; 3] = ["cut-off-poller", "unwritable-topic", "unknown-version"];

/// What was found out about a pair.
struct Studied {
    ways: Vec<Way>,
    anyway: Vec<String>,
}

/// Plans and judges every way, each on a thread of its own: they share nothing but the ground.
fn study(spec: &Spec, pair: &Pair, facts: &Facts, gb: Option<Decimal>) -> Option<Studied> {
    let ground = Ground::new(spec, pair)?;
    let anyway = anyway(&ground, facts);
    let way = |variant: Variant| {
        let case = ground.case(variant);
        let row = case.row(facts, gb.unwrap_or_default())?;
        let outcome = judge(&case, pair, variant, (&anyway, facts));
        Some(Way { row, outcome })
    };
    let ways = std::thread::scope(|scope| {
        let variants = ground.variants().iter();
        let studies: Vec<_> = variants
            .map(|variant| scope.spawn(|| way(*variant)))
            .collect();
        let studies = studies.into_iter().map(|study| match study.join() {
            Ok(way) => way,
            Err(panic) => std::panic::resume_unwind(panic),
        });
        studies.collect::<Vec<_>>()
    });
    Some(Studied {
        ways: ways.into_iter().flatten().collect(),
        anyway: anyway.iter().map(told).collect(),
    })
}

fn told(finding: &Diagnostic) -> String {
    format!("{}: {}", finding.name, finding.title)
}

/// What was found for a canonical pair, in the words of one that is like it. A finding that
/// speaks of addresses is found again.
fn retold(
    studied: &Studied,
    shape: &Shape,
    (spec, pair): (&Spec, &Pair),
    facts: &Facts,
    gb: Option<Decimal>,
) -> Studied {
    let own = LazyCell::new(|| {
        let ground = Ground::new(spec, pair)?;
        let anyway = anyway(&ground, facts);
        Some((ground, anyway))
    });
    let ways = studied.ways.iter().map(|way| {
        let outcome = retold_outcome(&way.outcome, shape).or_else(|| {
            let (ground, anyway) = own.as_ref()?;
            Some(judge(
                &ground.case(way.row.variant),
                pair,
                way.row.variant,
                (anyway, facts),
            ))
        });
        let mut row = shape.row(&way.row, spec, pair);
        row.total = row.bill(facts, gb.unwrap_or_default());
        Way {
            row,
            outcome: outcome.unwrap_or_else(|| way.outcome.clone()),
        }
    });
    let anyway = studied.anyway.iter();
    Studied {
        ways: ways.collect(),
        anyway: anyway
            .map(|text| shape.told(text).unwrap_or_else(|| text.clone()))
            .collect(),
    }
}

fn retold_outcome(outcome: &Outcome, shape: &Shape) -> Option<Outcome> {
    Some(match outcome {
        Outcome::Works => Outcome::Works,
        Outcome::Unknown { because } => Outcome::Unknown {
            because: shape.told(because)?,
        },
        Outcome::Refused {
            check,
            title,
            help,
            more,
        } => Outcome::Refused {
            check: check.clone(),
            title: shape.told(title)?,
            help: match help {
                Some(help) => Some(shape.told(help)?),
                None => None,
            },
            more: *more,
        },
    })
}

/// The errors that no way to connect changes: those that stand without the pair's clients, and of
/// one way those that are about a client or the cluster alone.
fn anyway(ground: &Ground, facts: &Facts) -> Vec<Diagnostic> {
    let (blueprint, findings) = ground.unrelated();
    let mut anyway = errors(&blueprint, &findings, facts);
    if let Some(variant) = ground.variants().first() {
        let case = ground.case(*variant);
        let own = errors(&case.blueprint, &case.findings, facts).into_iter();
        anyway.extend(own.filter(|error| OF_NO_WAY.contains(&error.name)));
    }
    anyway
}

/// The errors of plan and checks together.
fn errors(blueprint: &Blueprint, planned: &[Diagnostic], facts: &Facts) -> Vec<Diagnostic> {
    let checked = verify::check_by(blueprint, facts).beyond(planned);
    let all = planned.iter().cloned().chain(checked);
    all.filter(|finding| finding.level == Level::Error)
        .collect()
}

/// The table of patterns speaks first, then plan and checks. What is wrong anyway refuses nothing.
fn judge(
    case: &Case<'_>,
    pair: &Pair,
    variant: Variant,
    (anyway, facts): (&[Diagnostic], &Facts),
) -> Outcome {
    let ruling = ruling(&case.spec, pair, variant);
    if let Some((State::Refused { check }, because)) = &ruling {
        return Outcome::Refused {
            check: (*check).to_owned(),
            title: because.clone(),
            help: None,
            more: 0,
        };
    }
    let mut found = errors(&case.blueprint, &case.findings, facts);
    found.retain(|error| {
        let mut known = anyway.iter();
        !known.any(|known| known.name == error.name && known.title == error.title)
    });
    if let Some(first) = found.first() {
        return Outcome::Refused {
            check: first.name.to_owned(),
            title: first.title.clone(),
            help: first.help.clone(),
            more: found.len() - 1,
        };
    }
    match ruling {
        Some((State::Unknown, because)) => Outcome::Unknown { because },
        Some((State::Allowed | State::Refused { .. }, _)) | None => Outcome::Works,
    }
}

/// What the table of patterns says of a way, for the client it is hardest on.
fn ruling(spec: &Spec, pair: &Pair, variant: Variant) -> Option<(State, String)> {
    let (cluster, owner, client) = ends(spec, pair)?;
    let mode = match variant {
        Variant::GatewaySni => GatewayMode::Sni,
        Variant::GatewaySniPassthrough => GatewayMode::SniPassthrough,
        Variant::SameVpc
        | Variant::Peering
        | Variant::TransitGateway
        | Variant::Privatelink
        | Variant::PerBrokerSpread
        | Variant::PerBrokerAligned
        | Variant::MskMultiVpc
        | Variant::ResourceEndpoint
        | Variant::GatewayPort => GatewayMode::Port,
    };
    let pattern = Pattern::of(variant.via(), mode)?;
    let clients = spec.clients.iter().map(|(_, client)| client);
    let clients = clients.filter(|asked| asked.vpc == pair.from);
    let rulings = clients.map(|asked: &Client| {
        let ruling = Table::embedded().ruling(Cell {
            pattern,
            kind: cluster.kind,
            auth: asked.auth,
            account: Relation::between(&owner.account, &client.account),
            region: Relation::between(&owner.region, &client.region),
        });
        (ruling.state, ruling.because.clone())
    });
    rulings.max_by_key(|(state, _)| match state {
        State::Allowed => 0,
        State::Unknown => 1,
        State::Refused { .. } => 2,
    })
}

/// The cluster, its VPC and the client's.
fn ends<'s>(spec: &'s Spec, pair: &Pair) -> Option<(&'s Cluster, &'s Vpc, &'s Vpc)> {
    let vpc = |name: &str| {
        let mut vpcs = spec.vpcs.iter();
        vpcs.find(|(known, _)| known == name).map(|(_, vpc)| vpc)
    };
    let mut clusters = spec.clusters.iter();
    let (_, cluster) = clusters.find(|(name, _)| *name == pair.to)?;
    Some((cluster, vpc(&cluster.vpc)?, vpc(&pair.from)?))
}

fn table(
    spec: &Spec,
    pair: &Pair,
    facts: &Facts,
    gb: Option<Decimal>,
    studied: Studied,
) -> Option<Compared> {
    let (cluster, owner, client) = ends(spec, pair)?;
    Some(Compared {
        pair: pair.clone(),
        region: owner.region.clone(),
        client_region: client.region.clone(),
        n_brokers: cluster.brokers.len(),
        gb,
        best: best(&studied.ways, facts),
        ways: studied.ways,
        anyway: studied.anyway,
    })
}

/// Of ways that cost the same the earlier one is the simpler. One with a price nobody has given
/// comes after those whose bill is whole.
fn best(ways: &[Way], facts: &Facts) -> Option<Best> {
    let mut order: Vec<usize> = (0..ways.len()).collect();
    order.sort_by_key(|at| (ways[*at].row.total.partial, ways[*at].row.total.amount));
    let mut open = order
        .iter()
        .copied()
        .filter(|at| ways[*at].outcome == Outcome::Works);
    let first = open.next()?;
    let next = open.next();
    let cheaper = order.iter().copied().take_while(|at| *at != first);
    let (one, other) = (&ways[first].row, next.map(|at| &ways[at].row));
    Some(Best {
        first,
        next,
        dearer_by: other.map(|other| Figure {
            amount: other.total.amount.minus(one.total.amount),
            ..other.total.plus(one.total)
        }),
        break_even: other.map(|other| compare::break_even(one, other, facts)),
        cheaper_but_refused: cheaper.collect(),
    })
}

/// The path a way's first client takes to the first broker, hop by hop.
#[derive(Clone, Debug)]
pub struct Route {
    /// Position of the pair.
    pub pair: usize,
    /// The way.
    pub variant: Variant,
    /// The promise, such as `checkout:orders/1`.
    pub promise: String,
    /// The path.
    pub trace: Trace,
}

/// Walks one real path of every way of every pair.
pub fn routes(spec: &Spec) -> Vec<Route> {
    let mut routes = Vec::new();
    let pairs = compare::pairs(spec);
    for (at, pair) in pairs.iter().enumerate() {
        let Some(ground) = Ground::new(spec, pair) else {
            continue;
        };
        for variant in ground.variants() {
            let case = ground.case(*variant);
            routes.extend(route(&case, pair).map(|(promise, trace)| Route {
                pair: at,
                variant: *variant,
                promise: promise.to_string(),
                trace,
            }));
        }
    }
    routes
}

fn route(case: &Case<'_>, pair: &Pair) -> Option<(PromiseId, Trace)> {
    let blueprint = &case.blueprint;
    let mut clients = blueprint.clients.iter();
    let (client, promised) = clients.find(|(_, client)| client.vpc.as_str() == pair.from)?;
    let cluster = blueprint.clusters.get(&promised.cluster)?;
    let promise = PromiseId {
        client: client.clone(),
        cluster: promised.cluster.clone(),
        goal: Goal::Broker(*cluster.brokers.keys().next()?),
    };
    let trace = verify::traces(blueprint, &promise).into_iter().next()?;
    Some((promise, trace))
}
