//! The network of a blueprint, raised in rootless Linux namespaces of its own and observed
//! there: which way every connection's packets went and where the last one ended.
//!
//! It reads the blueprint alone and shares no logic with `plan` or `verify`, so that its verdicts
//! are evidence about theirs. [`steps::steps`] draws the network as kernel operations, [`contain()`]
//! starts processes that cannot touch the host, and [`Inside::raise`] carries the operations out.
#![warn(missing_docs)]

mod contain;
mod dial;
mod doctor;
mod error;
pub mod evidence;
pub mod join;
mod kernel;
mod mounts;
mod names;
mod network;
mod process;
mod raise;
pub mod state;
pub mod steps;

pub use contain::{Contained, Inside, Killer, Options, contain};
pub use dial::Dialled;
pub use doctor::{Capability, doctor};
pub use error::{LabError, Stage};
pub use network::{Host, Network, Resolvers};
pub use process::ProcessId;
pub use state::down;
pub use steps::steps;
