//! Reader of files of facts: those that are embedded, which must say everything, and a user's,
//! which may leave to the embedded fact what it does not change.

use std::collections::BTreeMap;

use super::fields::{Fields, Item, Reader};
use super::nearest::nearest;
use super::scalars::short;
use crate::diagnostic::{At, Diagnostic};
use crate::facts::{Confidence, Decimal, Fact, FactId, Facts, PRICED_REGION, Tier, Value, id};
use crate::source::{Node, Source, Value as Written};

/// Most facts of one file: ten times those that are embedded.
pub const MAX_FACTS: usize = 2_000;

/// Most tiers of one price. AWS has at most six.
pub const MAX_TIERS: usize = 16;

const FILE: &str = "the file of facts";
const FILE_KEYS: [&str; 3] = ["subject", "read", "facts"];
const FACT_KEYS: [&str; 10] = [
    "id",
    "value",
    "tiers",
    "unit",
    "region",
    "source",
    "valid_from",
    "read",
    "confidence",
    "note",
];
const TIER_KEYS: [&str; 2] = ["up_to", "value"];
const DATE: &str = "`read: 2026-02-01`";

/// Reads a file in which every fact says everything.
pub(crate) fn read_facts(text: &str) -> (Vec<Fact>, Source, Vec<Diagnostic>) {
    read(text, None)
}

/// Reads a file that changes known facts.
pub(crate) fn read_overrides(text: &str, known: &Facts) -> (Vec<Fact>, Source, Vec<Diagnostic>) {
    read(text, Some(known))
}

fn read(text: &str, known: Option<&Facts>) -> (Vec<Fact>, Source, Vec<Diagnostic>) {
    let (source, findings) = Source::parse(text);
    let mut reader = Reader::default();
    findings
        .into_iter()
        .for_each(|finding| reader.push(finding));
    let facts = reader.file_of_facts(source.root(), known);
    let findings = reader.in_order(&source);
    (facts, source, findings)
}

/// What a fact may leave unsaid.
struct Background<'k> {
    /// The date of the whole file.
    date: String,
    /// The facts that are changed, if it is a file of changes.
    known: Option<&'k Facts>,
}

impl Reader {
    /// The findings in the order of their places, and how many more there were.
    pub(super) fn in_order(self, source: &Source) -> Vec<Diagnostic> {
        let surplus = self.surplus(source);
        let mut findings = self.findings;
        findings.extend(surplus);
        findings.sort_by_key(|finding| {
            let span = source.span(&finding.primary.at);
            (span.start, span.end)
        });
        findings
    }

    fn file_of_facts(&mut self, root: &Node, known: Option<&Facts>) -> Vec<Fact> {
        let mut item = Item::root(root);
        FILE.clone_into(&mut item.name);
        let Some(fields) = self.fields_of(&item, FILE, &FILE_KEYS) else {
            return Vec::new();
        };
        if let Some(subject) = fields.get("subject") {
            self.text(&subject, "a subject", "`subject: prices`");
        }
        let date = fields
            .require(self, "read", DATE)
            .and_then(|date| self.date(&date))
            .unwrap_or_default();
        let background = Background { date, known };
        let Some(list) = fields.require(self, "facts", "`facts:` with at least one fact") else {
            return Vec::new();
        };
        let items = self.list(&list, "`- id: …` lines below it", MAX_FACTS);
        let mut seen = BTreeMap::new();
        let mut facts = Vec::new();
        for item in items.unwrap_or_default() {
            let Some(fact) = self.fact(&item, &background) else {
                continue;
            };
            let place = (fact.id, fact.region.clone());
            if let Some(first) = seen.get(&place) {
                self.repeated_fact(&fact, &item, first);
            } else {
                seen.insert(place, item.at());
                facts.push(fact);
            }
        }
        facts
    }

    fn fact(&mut self, item: &Item<'_>, background: &Background<'_>) -> Option<Fact> {
        let fields = self.fields_of(item, "a fact", &FACT_KEYS)?;
        let id = fields
            .require(self, "id", "`id:` with the name of a fact")
            .and_then(|id| self.fact_id(&id))?;
        let region = match fields.get("region") {
            Some(item) => Some(self.region(&item)?),
            None => None,
        };
        let changed = changed(id, region.as_deref(), background.known);
        let value = self.fact_value(&fields);
        let unit = self.said(&fields, "unit", "`unit: USD per hour`", changed);
        let source = self.said(&fields, "source", "`source:` with a document", changed);
        let confidence = self.confidence(&fields, changed);
        let valid_from = fields.get("valid_from").and_then(|item| self.date(&item));
        let read = fields.get("read").and_then(|item| self.date(&item));
        let note = fields
            .get("note")
            .and_then(|item| self.text(&item, "a note", "`note: per zone`"))
            .unwrap_or_default();
        let fact = Fact {
            id,
            region,
            value: value?,
            unit: unit?,
            source: source?,
            valid_from,
            read: read.unwrap_or_else(|| background.date.clone()),
            confidence: confidence?,
            note: note.to_owned(),
            overridden: background.known.is_some(),
        };
        self.fits(&fact, &fields, changed).then_some(fact)
    }

    fn fact_id(&mut self, item: &Item<'_>) -> Option<FactId> {
        let text = self.text(item, "the name of a fact", "`id: prices.nlb-hour`")?;
        if let Some(id) = id::named(text) {
            return Some(id);
        }
        let names = id::ALL.iter().map(|id| id.as_str());
        let help = nearest(text, names).map_or_else(
            || "write one of the names that `breezeway explain facts` lists".to_owned(),
            |near| format!("write `{near}`"),
        );
        self.push(
            Diagnostic::error(
                "unknown-fact",
                format!("there is no fact `{}`", short(text)),
                item.at(),
            )
            .label("no fact of this name")
            .help(help),
        );
        None
    }

    /// Reads `unit` or `source`, which a change may leave out.
    fn said(
        &mut self,
        fields: &Fields<'_>,
        key: &str,
        example: &str,
        changed: Option<&Fact>,
    ) -> Option<String> {
        let unsaid = changed.map(|fact| match key {
            "unit" => fact.unit.clone(),
            _ => "the user's own file of facts".to_owned(),
        });
        if let (None, Some(unsaid)) = (fields.get(key), unsaid) {
            return Some(unsaid);
        }
        let item = fields.require(self, key, example)?;
        self.text(&item, "a text", example).map(str::to_owned)
    }

    fn confidence(&mut self, fields: &Fields<'_>, changed: Option<&Fact>) -> Option<Confidence> {
        if let (None, Some(_)) = (fields.get("confidence"), changed) {
            return Some(Confidence::Read);
        }
        let example = "`confidence: read`";
        let item = fields.require(self, "confidence", example)?;
        let text = self.text(&item, "a confidence", example)?;
        self.one_of(&item, text, &Confidence::ALL, Confidence::as_str)
    }

    /// Reads a word of a closed set.
    pub(super) fn one_of<T: Copy>(
        &mut self,
        item: &Item<'_>,
        text: &str,
        all: &[T],
        word: impl Fn(T) -> &'static str,
    ) -> Option<T> {
        let found = all.iter().copied().find(|one| word(*one) == text);
        if found.is_none() {
            let words: Vec<&str> = all.iter().map(|one| word(*one)).collect();
            self.unknown_value(item, text, &words);
        }
        found
    }

    fn fact_value(&mut self, fields: &Fields<'_>) -> Option<Value> {
        let example = "`value:` with a number, or a text in quotes";
        let item = fields.either(self, ["value", "tiers"], example)?;
        if fields.get("value").is_none() {
            return self.tiers(&item).map(Value::Tiers);
        }
        if let Written::Scalar { text, quoted: true } = &item.node.value {
            return Some(Value::Text(text.clone()));
        }
        self.decimal(&item).map(Value::Number)
    }

    fn tiers(&mut self, item: &Item<'_>) -> Option<Vec<Tier>> {
        let items = self.list(item, "`- { value: 0.01 }` lines below it", MAX_TIERS)?;
        let mut tiers: Vec<Tier> = Vec::new();
        let last = items.len().checked_sub(1);
        for (index, item) in items.iter().enumerate() {
            let fields = self.fields_of(item, "a tier", &TIER_KEYS)?;
            let value = fields.require(self, "value", "`value: 0.01`");
            let value = value.and_then(|item| self.decimal(&item));
            let end = fields.get("up_to");
            let up_to = end.as_ref().and_then(|item| self.decimal(item));
            let above = tiers.last().is_none_or(|tier| tier.up_to < up_to);
            if end.is_none() != (Some(index) == last) || (up_to.is_some() && !above) {
                self.bad_fact(
                    "tiers do not follow each other".to_owned(),
                    item.at(),
                    "each `up_to` but the last is above the one before",
                    "give every tier but the last an `up_to`, in rising order",
                );
                return None;
            }
            tiers.push(Tier {
                up_to,
                value: value?,
            });
        }
        if tiers.is_empty() {
            self.wrong_type(
                item,
                "a list of tiers",
                "write `- { value: 0.01 }` below it",
            );
        }
        (!tiers.is_empty()).then_some(tiers)
    }

    fn decimal(&mut self, item: &Item<'_>) -> Option<Decimal> {
        let text = self.text(item, "a number", "`value: 0.0225`")?;
        let number = Decimal::parse(text).filter(|number| Decimal::ZERO <= *number);
        if number.is_none() {
            self.bad_fact(
                format!("`{}` is no number of a fact", short(text)),
                item.at(),
                "not plain digits",
                "write digits with at most nine after the point, such as `0.0225`, and quote a text",
            );
        }
        number
    }

    fn date(&mut self, item: &Item<'_>) -> Option<String> {
        let text = self.text(item, "a date", DATE)?;
        if is_date(text) {
            return Some(text.to_owned());
        }
        self.bad_fact(
            format!("`{}` is no date", short(text)),
            item.at(),
            "not of the form of a date",
            "write year, month and day, such as `2026-02-01`",
        );
        None
    }

    /// Whether a change is of the form and in the unit of what it changes.
    fn fits(&mut self, fact: &Fact, fields: &Fields<'_>, changed: Option<&Fact>) -> bool {
        let Some(changed) = changed else {
            return true;
        };
        if changed.unit != fact.unit {
            self.bad_fact(
                format!(
                    "`{}` is given in `{}`, not in `{}`",
                    fact.id,
                    short(&fact.unit),
                    changed.unit
                ),
                fields
                    .get("unit")
                    .map_or_else(|| fields.head(), |item| item.at()),
                "another unit",
                "convert the value, and leave `unit` out",
            );
            return false;
        }
        if !same_form(&changed.value, &fact.value) {
            self.bad_fact(
                format!("the value of `{}` is of another form", fact.id),
                fields.head(),
                "another form than the fact it replaces",
                &format!("write it as in `{}`", changed.value),
            );
            return false;
        }
        true
    }

    fn repeated_fact(&mut self, fact: &Fact, item: &Item<'_>, first: &At) {
        let place = fact.region.as_deref().unwrap_or("every Region");
        self.push(
            Diagnostic::error(
                "repeated-item",
                format!("fact `{}` is given twice for {place}", fact.id),
                item.at(),
            )
            .label("given again")
            .related(first.clone(), "first given here; this one was read")
            .help("remove one of the two"),
        );
    }

    fn bad_fact(&mut self, title: String, at: At, label: &str, help: &str) {
        self.push(
            Diagnostic::error("bad-fact", title, at)
                .label(label)
                .help(help),
        );
    }
}

/// The known fact that a change replaces, or the one whose form it follows.
fn changed<'k>(id: FactId, region: Option<&str>, known: Option<&'k Facts>) -> Option<&'k Fact> {
    let known = known?;
    let found = known.fact(id, region.unwrap_or(PRICED_REGION));
    let found = found.map(|found| found.fact);
    found.or_else(|| known.iter().find(|fact| fact.id == id))
}

/// A flat price may stand for one in tiers.
fn same_form(known: &Value, given: &Value) -> bool {
    match (known, given) {
        (Value::Text(_), Value::Text(_))
        | (Value::Number(_), Value::Number(_))
        | (Value::Tiers(_), Value::Tiers(_) | Value::Number(_)) => true,
        (Value::Text(_) | Value::Number(_) | Value::Tiers(_), _) => false,
    }
}

/// Whether a text has the form of a day, or of a month where no day is known.
fn is_date(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let number = |part: &str, digits: usize, most: u32| {
        let plain = part.len() == digits && part.bytes().all(|b| b.is_ascii_digit());
        plain && part.parse().is_ok_and(|n: u32| (1..=most).contains(&n))
    };
    match parts.as_slice() {
        [year, month] => number(year, 4, 9999) && number(month, 2, 12),
        [year, month, day] => number(year, 4, 9999) && number(month, 2, 12) && number(day, 2, 31),
        _ => false,
    }
}
