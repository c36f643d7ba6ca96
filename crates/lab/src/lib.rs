//! The network of a blueprint, raised in rootless Linux namespaces of its own and observed
//! there: which way every connection's packets went and where the last one ended.
//!
//! It reads the blueprint alone and shares no logic with `plan` or `verify`, so that its verdicts
//! are evidence about theirs. [`steps::steps`] draws the network as kernel operations, [`contain`]
//! starts processes that cannot touch the host, and [`Inside::raise`] carries the operations out.
#![warn(missing_docs)]

mod contain;
mod error;
pub mod evidence;
mod kernel;
mod mounts;
mod names;
mod network;
mod raise;
pub mod steps;

pub use contain::{Contained, Inside, Options, contain};
pub use error::{LabError, Stage};
pub use network::Network;
pub use steps::steps;
