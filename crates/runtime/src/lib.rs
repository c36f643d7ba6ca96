//! What touches the world for the automata: sockets, timers, a client of Kafka.
//!
//! Sockets are handed in by the caller, because they were made in a network namespace that only the
//! caller can enter. Everything asynchronous here is content with a runtime of one thread.
#![warn(missing_docs)]

pub mod kafka;
pub mod messages;
pub mod probe;
pub mod resolve;
pub mod responder;
