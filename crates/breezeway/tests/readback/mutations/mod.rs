//! Mutations: the same change made to a blueprint and, as a person's hand would, to the text it
//! was rendered to. What is read back of the changed text must end every path as the changed
//! blueprint does.

mod addresses;
mod balancing;
mod clusters;
mod endpoints;
mod groups;
mod hcl;
mod lines;
mod names;
mod network;
mod rules;
pub(crate) mod specs;
mod terraform;
#[cfg(test)]
mod tests;
mod text;
mod transit;

use std::collections::BTreeMap;

use blueprint::Blueprint;
use fastrand::Rng;
use render::Target;

use crate::assemble::assemble;
use crate::cloudformation;
use crate::known::Known;
use crate::same::{Fixed, disagreements};
use crate::uncarried::uncarried;
use text::Text;

/// A blueprint and its text.
pub(crate) struct Case {
    pub(crate) name: String,
    blueprint: Blueprint,
    text: Text,
}

/// A change of a blueprint.
type Settle = Box<dyn Fn(&mut Blueprint)>;

/// The same change of its text.
type Edit = Box<dyn Fn(&mut Text) -> Result<(), String>>;

/// One change, made in two places.
struct Change {
    /// What is touched.
    site: String,
    blueprint: Settle,
    text: Edit,
}

impl Change {
    fn new(
        site: impl ToString,
        blueprint: impl Fn(&mut Blueprint) + 'static,
        text: impl Fn(&mut Text) -> Result<(), String> + 'static,
    ) -> Self {
        Self {
            site: site.to_string(),
            blueprint: Box::new(blueprint),
            text: Box::new(text),
        }
    }
}

/// What no path shows and is compared by itself, told of each such object.
type Facts = fn(&Blueprint) -> Vec<String>;

/// A kind of mutation.
#[derive(Clone, Copy)]
struct Row {
    name: &'static str,
    /// Every such change that a case allows, in the order of its objects.
    changes: fn(&Case) -> Vec<Change>,
    /// Where no verdict can change by it, what does.
    facts: Option<Facts>,
}

const fn row(name: &'static str, changes: fn(&Case) -> Vec<Change>) -> Row {
    Row {
        name,
        changes,
        facts: None,
    }
}

const fn unseen(name: &'static str, changes: fn(&Case) -> Vec<Change>, facts: Facts) -> Row {
    Row {
        name,
        changes,
        facts: Some(facts),
    }
}

/// Every kind.
fn rows() -> impl Iterator<Item = Row> {
    [
        balancing::ROWS,
        rules::ROWS,
        network::ROWS,
        transit::ROWS,
        endpoints::ROWS,
        names::ROWS,
        clusters::ROWS,
        groups::ROWS,
    ]
    .into_iter()
    .flatten()
    .copied()
}

/// What came of a mutation on which text and blueprint agree.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Made {
    /// It changed what is compared.
    Telling,
    /// It changed nothing of it.
    Silent,
    /// AWS's own choice of addresses decides what it changes.
    Chance,
}

/// What came of the mutations of one kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Count {
    /// Mutations that were made.
    pub(crate) made: usize,
    /// Those that changed a verdict, or, where none can change, what is compared instead.
    pub(crate) telling: usize,
    /// Those after which AWS's own choice of addresses decides: nobody could tell.
    pub(crate) chance: usize,
}

/// What came of all of them.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    pub(crate) rows: BTreeMap<&'static str, Count>,
    pub(crate) faults: Vec<String>,
}

impl Tally {
    /// Makes up to `most` mutations of each kind in a case, drawn by `seed`; none of a kind of
    /// which `enough` have told something.
    pub(crate) fn run(&mut self, case: &Case, most: usize, enough: usize, seed: u64) {
        let known = Known::of(&case.blueprint);
        for row in rows() {
            let count = self.rows.entry(row.name).or_default();
            let mut changes = (row.changes)(case);
            Rng::with_seed(seed).shuffle(&mut changes);
            for change in changes.iter().take(most) {
                if enough <= count.telling {
                    break;
                }
                count.made += 1;
                match case.make(row, change, &known) {
                    Ok(Made::Telling) => count.telling += 1,
                    Ok(Made::Silent) => {}
                    Ok(Made::Chance) => count.chance += 1,
                    Err(faults) => {
                        let at = format!("{}: {}: {}", case.name, row.name, change.site);
                        let faults = faults.join("\n    ");
                        self.faults.push(format!("{at}\n    {faults}"));
                    }
                }
            }
        }
    }

    /// Mutations that told something.
    pub(crate) fn n_telling(&self) -> usize {
        self.rows.values().map(|count| count.telling).sum()
    }

    /// Kinds of which no mutation told anything.
    pub(crate) fn silent(&self) -> Vec<&'static str> {
        let silent = self.rows.iter().filter(|(_, count)| count.telling == 0);
        silent.map(|(name, _)| *name).collect()
    }

    /// A line for each kind, and the sums.
    pub(crate) fn report(&self) -> String {
        let rows = self.rows.iter();
        let rows = rows.map(|(name, count)| format!("{name}: {count}\n"));
        let rows: String = rows.collect();
        let mut all = Count::default();
        for count in self.rows.values() {
            all.made += count.made;
            all.telling += count.telling;
            all.chance += count.chance;
        }
        let (n_kinds, n_faults) = (self.rows.len(), self.faults.len());
        format!("{rows}{n_kinds} kinds: {all}; {n_faults} disagreements")
    }
}

impl std::fmt::Display for Count {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self {
            made,
            telling,
            chance,
        } = self;
        write!(f, "{made} mutations, {telling} change what is compared")?;
        match chance {
            0 => Ok(()),
            _ => write!(f, ", {chance} are left to AWS"),
        }
    }
}

impl Case {
    /// Settles and renders a spec.
    pub(crate) fn of(name: &str, spec: &str) -> Result<Self, String> {
        let (read, _, findings) = blueprint::read(spec);
        let read = read.ok_or_else(|| format!("{name}: {findings:?}"))?;
        let (blueprint, _) = plan::build(&read);
        Self::of_blueprint(name, blueprint)
    }

    /// Renders a blueprint, which must read back as it is: else mutations would prove nothing.
    pub(crate) fn of_blueprint(name: &str, blueprint: Blueprint) -> Result<Self, String> {
        if let Some(why) = uncarried(&blueprint).first() {
            return Err(format!("{name}: {why}"));
        }
        let text = Text::of(&blueprint, Target::CloudFormation)?;
        let made = read_back(&text, &Known::of(&blueprint));
        let made = made.map_err(|faults| format!("{name}: {}", faults.join("; ")))?;
        let faults = disagreements(&blueprint, &made, Fixed::default());
        if let Some(fault) = faults.first() {
            return Err(format!("{name}: unchanged text disagrees: {fault}"));
        }
        Ok(Self {
            name: name.to_owned(),
            text,
            blueprint,
        })
    }

    /// Whether a changed blueprint ends any path or expected denial otherwise.
    fn tells(&self, changed: &Blueprint) -> bool {
        !disagreements(&self.blueprint, changed, Fixed::default()).is_empty()
    }

    /// Makes a change in both places, and says what it told; else why they differ.
    fn make(&self, row: Row, change: &Change, known: &Known) -> Result<Made, Vec<String>> {
        let mut blueprint = self.blueprint.clone();
        (change.blueprint)(&mut blueprint);
        let mut text = self.text.clone();
        (change.text)(&mut text).map_err(|why| vec![why])?;
        let made = read_back(&text, known)?;
        let differ = |spec| disagreements(spec, &made, Fixed::default());
        let mut faults = differ(&blueprint);
        let is_telling = match row.facts {
            None => {
                let is_telling = self.tells(&blueprint);
                if faults.is_empty() && is_telling == differ(&self.blueprint).is_empty() {
                    faults.push("only the blueprint changed, or only what was read".to_owned());
                }
                is_telling
            }
            Some(facts) => {
                let (expected, found) = (facts(&blueprint), facts(&made));
                if expected != found {
                    faults.push(format!("expected {expected:?}, read back {found:?}"));
                }
                facts(&self.blueprint) != expected
            }
        };
        let is_left = || !differ_moved(&blueprint).is_empty();
        match (faults.is_empty(), is_telling) {
            (true, true) => Ok(Made::Telling),
            (true, false) => Ok(Made::Silent),
            (false, _) if row.facts.is_none() && is_left() => Ok(Made::Chance),
            (false, _) => Err(faults),
        }
    }
}

/// How a blueprint differs from itself where AWS chose other addresses.
fn differ_moved(blueprint: &Blueprint) -> Vec<String> {
    let mut moved = blueprint.clone();
    addresses::choose_others(&mut moved);
    disagreements(blueprint, &moved, Fixed::default())
}

fn read_back(text: &Text, known: &Known) -> Result<Blueprint, Vec<String>> {
    let reading = cloudformation::read(&text.files(), known)?;
    let made = assemble(&reading, known);
    match made.trouble.is_empty() {
        true => Ok(made.blueprint),
        false => Err(made.trouble),
    }
}

/// A change for each of these objects that stands in the text.
fn of_each<T>(
    sites: impl IntoIterator<Item = T>,
    change: impl Fn(T) -> Option<Change>,
) -> Vec<Change> {
    sites.into_iter().filter_map(change).collect()
}
