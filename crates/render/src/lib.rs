//! Blueprint to CloudFormation and Terraform: a text for every account and Region, in the order in
//! which they are applied, and the settings of brokers.
#![warn(missing_docs)]
#![warn(
    clippy::disallowed_methods,
    reason = "pure crate: no clock, file system, environment or chance"
)]

mod assigned;
mod balancing;
mod cloudformation;
mod description;
mod dialect;
mod interfaces;
mod lattice;
mod msk;
mod names;
pub mod object;
pub mod part;
mod parts;
mod policies;
mod refusals;
mod rendered;
mod settings;
mod steps;
mod target;
mod terraform;
pub mod unit;
pub mod value;
mod zones;

pub use refusals::faults;
pub use rendered::{Rendered, Whereabouts, ZoneAssociation, render};
pub use target::Target;
