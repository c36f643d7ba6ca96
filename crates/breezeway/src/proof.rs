//! What `prove` found out: both walks of every path and denial, and what became of records.

use blueprint::ids::ClientId;
use blueprint::verdict::{Attempt, Class, PathVerdict};

use crate::agreement::{self, Disagreement};
use crate::format::json::v1;
use crate::format::matrix::Live;

/// Everything one run of `prove` showed.
pub struct Proof {
    /// Every promised path as checked.
    pub checked: Vec<PathVerdict>,
    /// Every promised path as the kernel carried it.
    pub live: Vec<Live>,
    /// Every attempt that should be denied, in the blueprint's order.
    pub denials: Vec<Denied>,
    /// What became of each client's records; empty where none were sent.
    pub messages: Vec<(ClientId, Exchange)>,
}

/// An attempt that should be denied, as checked and as it went.
pub struct Denied {
    /// The interface that tried.
    pub from: String,
    /// How its attempts end on paper.
    pub checked: Vec<Attempt>,
    /// How they ended.
    pub live: Vec<Attempt>,
}

/// What became of one client's records.
pub enum Exchange {
    /// They were sent and read back.
    Tried(v1::Messages),
    /// Not every path of the client is delivered, so none were sent.
    Skipped,
    /// The client's process failed.
    Failed(String),
}

impl Exchange {
    fn is_sound(&self) -> bool {
        match self {
            Self::Tried(report) => report.is_complete(),
            Self::Skipped => true,
            Self::Failed(_) => false,
        }
    }
}

impl Denied {
    /// The difference between paper and kernel, if there is one.
    pub fn disagreement(&self) -> Option<Disagreement> {
        agreement::attempts(
            format!("denial of {}", self.from),
            &self.checked,
            &self.live,
        )
    }
}

impl Proof {
    /// The promised paths on which paper and kernel differ.
    pub fn disagreements(&self) -> Vec<Disagreement> {
        agreement::paths(&self.checked, self.live.iter().map(|path| &path.verdict))
    }

    /// How many of the attempts that should be denied ended in a class that `wanted` picks.
    pub fn n_denials(&self, wanted: impl Fn(Class) -> bool) -> usize {
        let attempts = self.denials.iter().flat_map(|denied| &denied.live);
        attempts
            .filter(|attempt| wanted(attempt.verdict.class))
            .count()
    }

    /// Whether kernel and paper agree, strangers stay out and no record suffered.
    pub fn holds(&self) -> bool {
        self.disagreements().is_empty()
            && self
                .denials
                .iter()
                .all(|denied| denied.disagreement().is_none())
            && self.n_denials(|class| class == Class::Delivered) == 0
            && self
                .messages
                .iter()
                .all(|(_, exchange)| exchange.is_sound())
    }
}
