//! Version 1 of the JSON form. Its types may gain fields; none is renamed, removed or given
//! another meaning.

pub mod carriers;
pub mod comparison;
pub mod diff;
mod forms;
pub mod kafka;
pub mod network;
pub mod plan;
pub mod render;

use std::collections::BTreeMap;
use std::ops::Range;

use blueprint::diagnostic::{Diagnostic, Location};
use blueprint::kafka::Goal;
use blueprint::source::Source;
use blueprint::verdict::{Attempt as Tried, PathVerdict, Summary};
use serde::{Deserialize, Serialize};

use crate::format::count::thousands;
use crate::format::findings::level_word;
use crate::format::matrix::Live;
use crate::proof::{Denied, Exchange};

/// What `version` holds.
pub const VERSION: u32 = 1;

/// What `check` prints.
#[derive(Clone, Debug, Serialize)]
pub struct Check {
    /// 1.
    pub version: u32,
    /// The spec's path as it was given.
    pub file: String,
    /// Findings in the order of their places.
    pub findings: Vec<Finding>,
    /// Findings that a comment allows.
    pub suppressed: Vec<Suppressed>,
    /// Every promised path.
    pub paths: Vec<Path>,
}

/// What `prove` prints.
#[derive(Clone, Debug, Serialize)]
pub struct Prove {
    /// 1.
    pub version: u32,
    /// The spec's path as it was given.
    pub file: String,
    /// Whether all agrees, strangers stay out and no record suffered.
    pub holds: bool,
    /// Whether the kernel did what was checked.
    pub agrees: bool,
    /// Findings in the order of their places.
    pub findings: Vec<Finding>,
    /// Findings that a comment allows.
    pub suppressed: Vec<Suppressed>,
    /// Verdicts from the blueprint.
    pub checked: Vec<Path>,
    /// Verdicts from the kernel.
    pub live: Vec<LivePath>,
    /// Attempts that should be denied.
    pub denials: Vec<Denial>,
    /// What became of records, by client.
    pub messages: BTreeMap<String, Outcome>,
    /// One sentence for each difference.
    pub disagreements: Vec<String>,
}

/// A finding.
#[derive(Clone, Debug, Serialize)]
pub struct Finding {
    /// The fault's name.
    pub name: String,
    /// `error` or `warning`.
    pub level: String,
    /// The fault in one fragment.
    pub title: String,
    /// What the user would edit.
    pub primary: Place,
    /// Places that say why.
    pub related: Vec<Place>,
    /// The blocked path, if the finding explains one.
    pub trace: Option<Trace>,
    /// Knowledge that helps to understand it.
    pub notes: Vec<String>,
    /// One concrete edit.
    pub help: Option<String>,
}

/// A finding that a comment of the spec allows.
#[derive(Clone, Debug, Serialize)]
pub struct Suppressed {
    /// What was found.
    pub finding: Finding,
    /// Why it is allowed, in the words of the comment.
    pub reason: String,
    /// The comment.
    pub comment: Place,
}

/// A place in the spec.
#[derive(Clone, Debug, Serialize)]
pub struct Place {
    /// Its first character.
    pub start: Position,
    /// The character after its last.
    pub end: Position,
    /// What is said there; may be empty.
    pub label: String,
}

/// A position in the spec.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Position {
    /// From 1.
    pub line: usize,
    /// From 1, in characters.
    pub column: usize,
    /// From 0, in bytes.
    pub byte: usize,
}

/// The hops of a path up to where it ends.
#[derive(Clone, Debug, Serialize)]
pub struct Trace {
    /// Start and goal.
    pub title: String,
    /// Hops in order.
    pub hops: Vec<Hop>,
    /// How it ends, in words.
    pub verdict: String,
}

/// One hop.
#[derive(Clone, Debug, Serialize)]
pub struct Hop {
    /// What kind of step.
    pub step: String,
    /// What happened there.
    pub detail: String,
    /// `ok`, or a word for the fault.
    pub outcome: String,
}

/// A promised path and how its attempts end.
#[derive(Clone, Debug, Serialize)]
pub struct Path {
    /// Whose.
    pub client: String,
    /// The cluster it leads to.
    pub cluster: String,
    /// The broker's id; none for the bootstrap servers.
    pub broker: Option<u32>,
    /// `delivered`, `partly`, or the class of the attempt that got furthest.
    pub summary: String,
    /// Every attempt.
    pub attempts: Vec<Attempt>,
}

/// A path as the kernel carried it.
#[derive(Clone, Debug, Serialize)]
pub struct LivePath {
    /// Its verdict.
    pub path: Path,
    /// Milliseconds from the dial to the broker's answer; none where nobody answered.
    pub took_ms: Option<f64>,
}

/// One attempt: from one interface to one answer of one name.
#[derive(Clone, Debug, Serialize)]
pub struct Attempt {
    /// The interface it starts from.
    pub from: String,
    /// The name and port that are dialled.
    pub to: String,
    /// The address the name was answered with.
    pub address: Option<String>,
    /// A verdict's word.
    pub verdict: String,
    /// Where it ends, if it is not delivered.
    pub place: Option<String>,
    /// `forward` or `return`.
    pub direction: String,
    /// The broker that answered.
    pub broker: Option<u32>,
}

/// An attempt that should be denied.
#[derive(Clone, Debug, Serialize)]
pub struct Denial {
    /// The interface that tried.
    pub from: String,
    /// How its attempts end on paper.
    pub checked: Vec<Attempt>,
    /// How they ended.
    pub live: Vec<Attempt>,
}

/// Whether a client's records were tried, and what became of them.
#[derive(Clone, Debug, Serialize)]
#[serde(tag = "outcome", rename_all = "kebab-case")]
pub enum Outcome {
    /// They were sent and read back.
    Tried(Messages),
    /// Not every path of the client is delivered, so none were sent.
    Skipped,
    /// The client's process failed.
    Failed {
        /// What it said.
        reason: String,
    },
}

/// What became of a client's records.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Messages {
    /// Records sent.
    pub produced: usize,
    /// Records the cluster confirmed.
    pub acked: usize,
    /// Records received, duplicates included.
    pub consumed: usize,
    /// Records confirmed and not received.
    pub lost: usize,
    /// Records received more than once.
    pub duplicated: usize,
    /// Records received that differ from what was sent.
    pub mismatched: usize,
    /// Milliseconds from the start to the first confirmation.
    pub first_ack_ms: u64,
    /// Milliseconds from the first record to the last confirmation.
    pub produce_ms: u64,
    /// Milliseconds from joining the group to the end of every partition.
    pub consume_ms: u64,
}

impl Messages {
    /// Whether every record was confirmed and came back once, as it was.
    pub fn is_complete(&self) -> bool {
        let faults = self.lost + self.duplicated + self.mismatched;
        self.acked == self.produced && self.consumed == self.produced && faults == 0
    }

    /// The counts in one line.
    pub fn in_words(&self) -> String {
        let counted = |n: usize, word: &str| match n {
            0 => format!("none {word}"),
            n => format!("{} {word}", thousands(n)),
        };
        format!(
            "produced {} and consumed {}, {}, {}, {}",
            thousands(self.acked),
            thousands(self.consumed),
            counted(self.lost, "lost"),
            counted(self.duplicated, "twice"),
            counted(self.mismatched, "altered"),
        )
    }
}

impl From<&runtime::messages::Report> for Messages {
    fn from(report: &runtime::messages::Report) -> Self {
        Self {
            produced: report.produced,
            acked: report.acked,
            consumed: report.consumed,
            lost: report.lost,
            duplicated: report.duplicated,
            mismatched: report.mismatched,
            first_ack_ms: report.first_ack_ms,
            produce_ms: report.produce_ms,
            consume_ms: report.consume_ms,
        }
    }
}

impl Finding {
    /// Converts a finding, its places resolved in the text.
    pub fn new(finding: &Diagnostic, source: &Source) -> Self {
        Self {
            name: finding.name.to_owned(),
            level: level_word(finding.level).to_owned(),
            title: finding.title.clone(),
            primary: Place::new(&finding.primary, source),
            related: finding
                .related
                .iter()
                .map(|l| Place::new(l, source))
                .collect(),
            trace: finding.trace.as_ref().map(Trace::from),
            notes: finding.notes.clone(),
            help: finding.help.clone(),
        }
    }
}

impl Suppressed {
    /// Converts a finding that a comment allows, its places resolved in the text.
    pub fn new(suppressed: &blueprint::suppression::Suppressed, source: &Source) -> Self {
        Self {
            finding: Finding::new(&suppressed.finding, source),
            reason: suppressed.reason.clone(),
            comment: Place::covering(&suppressed.comment, "", source),
        }
    }
}

impl Place {
    fn new(location: &Location, source: &Source) -> Self {
        Self::covering(&source.span(&location.at), &location.label, source)
    }

    fn covering(span: &Range<usize>, label: &str, source: &Source) -> Self {
        let position = |byte| {
            let (line, column) = source.line_and_column(byte);
            Position { line, column, byte }
        };
        Self {
            start: position(span.start),
            end: position(span.end),
            label: label.to_owned(),
        }
    }
}

impl From<&blueprint::diagnostic::Trace> for Trace {
    fn from(trace: &blueprint::diagnostic::Trace) -> Self {
        let hop = |hop: &blueprint::diagnostic::Hop| Hop {
            step: hop.step.to_owned(),
            detail: hop.detail.clone(),
            outcome: hop.outcome.to_owned(),
        };
        Self {
            title: trace.title.clone(),
            hops: trace.hops.iter().map(hop).collect(),
            verdict: trace.verdict.clone(),
        }
    }
}

impl From<&PathVerdict> for Path {
    fn from(path: &PathVerdict) -> Self {
        let summary = match path.summary() {
            Summary::All(class) => class.as_str(),
            Summary::Partly { .. } => "partly",
        };
        Self {
            client: path.promise.client.to_string(),
            cluster: path.promise.cluster.to_string(),
            broker: match path.promise.goal {
                Goal::Bootstrap => None,
                Goal::Broker(id) => Some(id),
            },
            summary: summary.to_owned(),
            attempts: path.attempts.iter().map(Attempt::from).collect(),
        }
    }
}

impl From<&Tried> for Attempt {
    fn from(attempt: &Tried) -> Self {
        let verdict = &attempt.verdict;
        Self {
            from: attempt.from.to_string(),
            to: attempt.to.to_string(),
            address: attempt.address.map(|address| address.to_string()),
            verdict: verdict.class.as_str().to_owned(),
            place: verdict.place.as_ref().map(ToString::to_string),
            direction: verdict.direction.to_string(),
            broker: verdict.broker,
        }
    }
}

impl From<&Denied> for Denial {
    fn from(denied: &Denied) -> Self {
        Self {
            from: denied.from.clone(),
            checked: denied.checked.iter().map(Attempt::from).collect(),
            live: denied.live.iter().map(Attempt::from).collect(),
        }
    }
}

impl From<&Exchange> for Outcome {
    fn from(exchange: &Exchange) -> Self {
        match exchange {
            Exchange::Tried(report) => Self::Tried(report.clone()),
            Exchange::Skipped => Self::Skipped,
            Exchange::Failed(reason) => Self::Failed {
                reason: reason.clone(),
            },
        }
    }
}

impl From<&Live> for LivePath {
    fn from(live: &Live) -> Self {
        Self {
            path: Path::from(&live.verdict),
            took_ms: live.took.map(|took| took.as_secs_f64() * 1e3),
        }
    }
}
