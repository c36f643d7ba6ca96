//! Kafka on the wire: frames, and the three messages by which a broker is asked who it is.
//!
//! Bytes come from `kafka-protocol`; what leaves this crate are plain types of its own, so that
//! nothing else depends on the generated ones. Everything that arrives is measured before it is
//! decoded, because the generated decoders allocate by the length a peer declares. The crate knows
//! no socket and no time.
#![warn(
    clippy::disallowed_methods,
    reason = "wire is pure: no clock, no environment, no file system, no sockets"
)]
#![warn(missing_docs)]

pub mod api;
pub mod api_versions;
pub mod describe_configs;
pub mod error_code;
pub mod frame;
mod layout;
pub mod message;
pub mod metadata;

pub use bytes::Bytes;
