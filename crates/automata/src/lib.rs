//! What is decided over time, without a clock: the built-in responder's session and the probe.
//!
//! Each automaton is fed by `handle_*` and drained by `poll_*`; the time is an argument. What moves
//! bytes and watches the clock for them is `runtime`.
#![warn(
    clippy::disallowed_methods,
    reason = "automata are pure: no clock, no environment, no file system, no sockets"
)]
#![warn(missing_docs)]

pub mod probe;
pub mod responder;
