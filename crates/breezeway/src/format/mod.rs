//! What leaves the house: drawings for people, frozen forms for machines.

pub mod blueprint;
pub mod changes;
pub mod columns;
pub mod comparison;
pub mod count;
pub mod findings;
pub mod json;
pub mod matrix;
pub mod proof;
pub mod reference;
pub mod rendering;
pub mod sarif;
pub mod schema;
pub mod wiring;

pub use findings::{concise, draw, trace};
