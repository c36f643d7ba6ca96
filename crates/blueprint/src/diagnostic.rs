//! Findings: what is wrong, where a user would edit it, and why. Plain data; drawing is the
//! command line's.

use crate::key::SpecKey;

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// Worth knowing; the spec still works.
    Warning,
    /// Something will not work.
    Error,
}

/// A finding with a place in the spec.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// The fault's kebab-case name, which is also its page's.
    pub name: &'static str,
    /// How bad it is.
    pub level: Level,
    /// The fault in one lower-case fragment that stands alone.
    pub title: String,
    /// What the user would edit.
    pub primary: Location,
    /// Places that say why; their labels are facts, not advice.
    pub related: Vec<Location>,
    /// The blocked path, when the finding explains one.
    pub trace: Option<Trace>,
    /// Knowledge that helps to understand it.
    pub notes: Vec<String>,
    /// One concrete edit.
    pub help: Option<String>,
}

/// A place in the spec and what is to be said there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Location {
    /// Where.
    pub at: At,
    /// What is said there, one lower-case fragment; may be empty.
    pub label: String,
}

/// How a place is named.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum At {
    /// The value of a key; where the text does not have it, the nearest key above.
    Value(SpecKey),
    /// The key itself.
    Key(SpecKey),
    /// Bytes of the text, start and end, for faults of its very form.
    Bytes(usize, usize),
}

/// The hops of one path up to where it ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trace {
    /// Start and goal, such as `checkout/euc1-az1 → b-3.orders.internal:9003`.
    pub title: String,
    /// Hops in order, the last one being where it ends.
    pub hops: Vec<Hop>,
    /// The verdict in words, such as `no-target at orders-nlb/euc1-az1`.
    pub verdict: String,
}

/// One hop of a trace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hop {
    /// What kind of step: `name`, `route`, `security group`, `endpoint`, `load balancer`,
    /// `target`, `broker`.
    pub step: &'static str,
    /// What happened there.
    pub detail: String,
    /// `ok`, or a word for the fault such as `missing` or `denied`.
    pub outcome: &'static str,
}

impl Diagnostic {
    /// Makes an error with one place.
    pub fn error(name: &'static str, title: impl Into<String>, at: At) -> Self {
        Self::new(Level::Error, name, title, at)
    }

    /// Makes a warning with one place.
    pub fn warning(name: &'static str, title: impl Into<String>, at: At) -> Self {
        Self::new(Level::Warning, name, title, at)
    }

    fn new(level: Level, name: &'static str, title: impl Into<String>, at: At) -> Self {
        Self {
            name,
            level,
            title: title.into(),
            primary: Location {
                at,
                label: String::new(),
            },
            related: Vec::new(),
            trace: None,
            notes: Vec::new(),
            help: None,
        }
    }

    /// Says what is to be seen at the primary place.
    #[must_use]
    pub fn label(mut self, label: impl Into<String>) -> Self {
        self.primary.label = label.into();
        self
    }

    /// Adds a place that says why.
    #[must_use]
    pub fn related(mut self, at: At, label: impl Into<String>) -> Self {
        self.related.push(Location {
            at,
            label: label.into(),
        });
        self
    }

    /// Adds a piece of knowledge.
    #[must_use]
    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.notes.push(note.into());
        self
    }

    /// Gives the edit that mends it.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Attaches the path it explains.
    #[must_use]
    pub fn trace(mut self, trace: Trace) -> Self {
        self.trace = Some(trace);
        self
    }
}
