//! Settles a spec into a blueprint: every name, address, port, route and rule, nothing left to
//! choose. Three phases, each a pure function of the one before: what was asked (`intent`),
//! what is chosen where nothing was said (`settled`), and the objects that follow from both.
//!
//! Choices are functions of names and positions that do not move when lists grow at their end,
//! so a grown spec keeps every object of the spec it grew from.
#![warn(missing_docs)]
#![warn(
    clippy::disallowed_methods,
    reason = "pure crate: no clock, file system, environment or chance"
)]

mod addresses;
mod advertised;
mod balancers;
mod balancing;
mod brokers;
mod choice;
mod claims;
mod clients;
mod combinations;
pub mod compare;
pub mod diff;
mod doors;
mod draft;
mod entrances;
mod evenness;
mod existing;
mod faults;
mod front;
mod geometry;
mod handovers;
mod hosts;
mod intent;
mod interfaces;
mod keys;
mod layout;
mod listeners;
mod moved;
mod names;
mod naming;
mod patterns;
mod peers;
mod ports;
mod routing;
mod said;
mod security;
mod sets;
mod settings;
mod settled;
mod steps;
mod surroundings;
mod template;
mod told;
mod transit;
mod transit_tables;
mod unconnected;
mod witnesses;

use blueprint::Blueprint;
use blueprint::diagnostic::Diagnostic;
use blueprint::spec::Spec;

pub use choice::{Candidate, Refusal, means};
pub use diff::diff;
pub use faults::{explain, faults};

use draft::Draft;

/// Settles a spec. What cannot be settled is reported and left out, or replaced by the plan's
/// own choice; the blueprint is whole in itself either way. What reading a spec refuses
/// (dangling references, a second connection of the same two ends) is skipped in silence.
pub fn build(spec: &Spec) -> (Blueprint, Vec<Diagnostic>) {
    let mut draft = Draft::new(spec);
    let asked = intent::resolve(spec, &mut draft);
    let plots = layout::write(&asked, &mut draft);
    let settled = settled::settle(asked, plots, &mut draft);
    surroundings::write(&settled, &mut draft);
    interfaces::write(&settled, &mut draft);
    evenness::report(&settled, &mut draft);
    combinations::report(&settled, &mut draft);
    brokers::write(&settled, &mut draft);
    balancing::write(&settled, &mut draft);
    names::write(&settled, &mut draft);
    surroundings::write_zones(&settled, &mut draft);
    routing::write(&settled, &mut draft);
    clients::write(&settled, &mut draft);
    security::write(&settled, &mut draft);
    witnesses::write(&settled, &mut draft);
    existing::write(&settled, &mut draft);
    steps::write(&settled, &mut draft);
    draft.finish()
}
