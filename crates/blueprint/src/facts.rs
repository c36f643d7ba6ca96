//! What is known of AWS and Kafka in numbers and names: quotas, prices, timeouts, sizes, ports.
//! Each fact says where it was read, when, and how sure that is; all of them are data, embedded
//! from `facts/*.yaml`, and a user may replace any.

mod decimal;
pub mod id;

use std::collections::BTreeMap;
use std::fmt;
use std::sync::LazyLock;

pub use decimal::{Decimal, PLACES};
pub use id::FactId;

use crate::diagnostic::Diagnostic;
use crate::read::facts::{read_facts, read_overrides};
use crate::source::Source;

/// The Region whose prices stand in for those of a Region without one.
pub const PRICED_REGION: &str = "us-east-1";

/// One file for each subject, by name.
const FILES: [(&str, &str); 9] = [
    ("bandwidth", include_str!("../facts/bandwidth.yaml")),
    ("defaults", include_str!("../facts/defaults.yaml")),
    ("idle-timeouts", include_str!("../facts/idle-timeouts.yaml")),
    ("mtu", include_str!("../facts/mtu.yaml")),
    ("names", include_str!("../facts/names.yaml")),
    ("ports", include_str!("../facts/ports.yaml")),
    ("prices", include_str!("../facts/prices.yaml")),
    ("quotas", include_str!("../facts/quotas.yaml")),
    ("versions", include_str!("../facts/versions.yaml")),
];

static EMBEDDED: LazyLock<Facts> = LazyLock::new(|| {
    let texts = FILES.iter().map(|(_, text)| read_facts(text).0);
    Facts {
        facts: texts.flatten().map(|fact| (fact.place(), fact)).collect(),
    }
});

/// Every fact, by id and Region.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facts {
    facts: BTreeMap<(FactId, Option<String>), Fact>,
}

/// One thing that is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fact {
    /// Its name.
    pub id: FactId,
    /// The Region it holds in; every Region if none.
    pub region: Option<String>,
    /// What it is.
    pub value: Value,
    /// What the value counts, such as `listeners` or `USD per hour`.
    pub unit: String,
    /// The document it comes from, by title or address.
    pub source: String,
    /// The date from which it holds, where the source gives one, as `YYYY-MM-DD` or `YYYY-MM`.
    pub valid_from: Option<String>,
    /// The date on which the source, or the project's notes of it, was read, as `YYYY-MM-DD`.
    pub read: String,
    /// How sure it is.
    pub confidence: Confidence,
    /// What else must be known to use it, one lower-case fragment; may be empty.
    pub note: String,
    /// Whether a user gave it.
    pub overridden: bool,
}

/// What a fact holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// A number.
    Number(Decimal),
    /// A number for each part of an amount, such as a price per GB that falls.
    Tiers(Vec<Tier>),
    /// A text: a name's form, a version, a date.
    Text(String),
}

/// A part of an amount and the number that holds for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tier {
    /// Where the part ends, exclusive; the last part has no end.
    pub up_to: Option<Decimal>,
    /// The number.
    pub value: Decimal,
}

/// How sure a fact is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Confidence {
    /// It stands in its source.
    Read,
    /// It follows from what stands there.
    Inferred,
    /// It is remembered, second-hand or another Region's.
    Unverified,
}

impl Confidence {
    /// All of them, surest first.
    pub const ALL: [Self; 3] = [Self::Read, Self::Inferred, Self::Unverified];

    /// The word in files of facts.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Inferred => "inferred",
            Self::Unverified => "unverified",
        }
    }
}

/// The answer to a question for a fact.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Found<'f> {
    /// The fact.
    pub fact: &'f Fact,
    /// How sure it is for the Region that was asked for.
    pub confidence: Confidence,
    /// The Region it belongs to, if that is another than the one asked for.
    pub borrowed_from: Option<&'f str>,
}

impl Facts {
    /// The facts Breezeway comes with.
    pub fn embedded() -> &'static Self {
        &EMBEDDED
    }

    /// The facts of another date or contract laid over these, in the format of the embedded
    /// files. One without a Region replaces those of every Region. What is wrong with the text
    /// is returned beside, and left out.
    pub fn overlaid(&self, text: &str) -> (Self, Source, Vec<Diagnostic>) {
        let (overrides, source, findings) = read_overrides(text, self);
        let mut facts = self.facts.clone();
        for fact in overrides {
            if fact.region.is_none() {
                facts.retain(|(id, _), _| *id != fact.id);
            }
            facts.insert(fact.place(), fact);
        }
        (Self { facts }, source, findings)
    }

    /// A fact as it holds in a Region: that Region's own, else every Region's, else, marked as
    /// unverified, that of us-east-1.
    pub fn fact(&self, id: FactId, region: &str) -> Option<Found<'_>> {
        let of = |region: Option<&str>| self.facts.get(&(id, region.map(str::to_owned)));
        if let Some(fact) = of(Some(region)).or_else(|| of(None)) {
            return Some(Found {
                fact,
                confidence: fact.confidence,
                borrowed_from: None,
            });
        }
        of(Some(PRICED_REGION)).map(|fact| Found {
            fact,
            confidence: Confidence::Unverified,
            borrowed_from: Some(PRICED_REGION),
        })
    }

    /// All facts, by id, those of every Region first.
    pub fn iter(&self) -> impl Iterator<Item = &Fact> {
        self.facts.values()
    }

    /// The newest date on which a source was read, as `YYYY-MM-DD`; empty without facts.
    pub fn date(&self) -> &str {
        let dates = self.iter().map(|fact| fact.read.as_str());
        dates.max().unwrap_or_default()
    }
}

impl Fact {
    fn place(&self) -> (FactId, Option<String>) {
        (self.id, self.region.clone())
    }
}

impl Found<'_> {
    /// The number, if it is one.
    pub fn number(&self) -> Option<Decimal> {
        self.fact.value.number()
    }

    /// The number, if it is a whole one that is not negative.
    pub fn whole(&self) -> Option<u64> {
        self.number()
            .filter(|number| number.is_whole())
            .and_then(Decimal::whole)
    }

    /// The text, if it is one.
    pub fn text(&self) -> Option<&str> {
        self.fact.value.text()
    }

    /// Whether it is to be marked wherever it is printed.
    pub fn is_unverified(&self) -> bool {
        self.confidence == Confidence::Unverified
    }
}

impl Value {
    /// The number, if it is one.
    pub fn number(&self) -> Option<Decimal> {
        match self {
            Self::Number(number) => Some(*number),
            Self::Tiers(_) | Self::Text(_) => None,
        }
    }

    /// The text, if it is one.
    pub fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            Self::Number(_) | Self::Tiers(_) => None,
        }
    }

    /// What an amount comes to: each part of it times the number of its tier. Nothing for a
    /// text.
    pub fn total(&self, amount: Decimal) -> Option<Decimal> {
        match self {
            Self::Number(number) => Some(amount.times(*number)),
            Self::Tiers(tiers) => Some(tiered(tiers, amount)),
            Self::Text(_) => None,
        }
    }
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(number) => number.fmt(f),
            Self::Text(text) => f.pad(text),
            Self::Tiers(tiers) => {
                let parts: Vec<String> = tiers.iter().map(Tier::to_string).collect();
                f.pad(&parts.join(", "))
            }
        }
    }
}

impl fmt::Display for Tier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.up_to {
            Some(end) => write!(f, "{} up to {end}", self.value),
            None => write!(f, "{} above", self.value),
        }
    }
}

fn tiered(tiers: &[Tier], amount: Decimal) -> Decimal {
    let mut start = Decimal::ZERO;
    let mut total = Decimal::ZERO;
    for tier in tiers {
        let end = tier.up_to.map_or(amount, |end| end.min(amount));
        if start < end {
            total = total.plus(end.minus(start).times(tier.value));
            start = end;
        }
    }
    total
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn embedded_files_have_no_findings() {
        for (subject, text) in FILES {
            let (facts, source, findings) = read_facts(text);
            let told: Vec<String> = findings
                .iter()
                .map(|f| format!("{:?} {}", source.span(&f.primary.at), f.title))
                .collect();
            assert_eq!(told, Vec::<String>::new(), "{subject}");
            let strays = facts.iter().filter(|f| f.id.subject() != subject);
            assert_eq!(strays.count(), 0, "{subject}");
        }
    }

    #[test]
    fn ids_and_facts_are_the_same_set() {
        let facts = Facts::embedded();
        let known: BTreeSet<FactId> = facts.iter().map(|fact| fact.id).collect();
        let ids: BTreeSet<FactId> = id::ALL.iter().copied().collect();
        assert_eq!(known, ids);
        assert_eq!(ids.len(), id::ALL.len(), "an id is listed twice");
    }

    #[test]
    fn every_fact_can_be_cited() {
        for fact in Facts::embedded().iter() {
            assert!(fact.source.len() > 10, "{}: {}", fact.id, fact.source);
            assert!(!fact.unit.is_empty(), "{}", fact.id);
        }
    }
}
