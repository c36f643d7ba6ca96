//! The error codes of the Kafka protocol that are acted upon here, and the names of all of them.

use kafka_protocol::error::ResponseError;

/// No error.
pub const NONE: i16 = 0;
/// The broker hosts no such topic or partition.
pub const UNKNOWN_TOPIC_OR_PARTITION: i16 = 3;
/// The broker does not speak the version of the request.
pub const UNSUPPORTED_VERSION: i16 = 35;
/// The request makes no sense to this broker, such as a question about another broker's settings.
pub const INVALID_REQUEST: i16 = 42;

/// Returns the code with its name, as in `35 (UnsupportedVersion)`.
pub fn describe(code: i16) -> String {
    match ResponseError::try_from_code(code) {
        None => format!("{code} (None)"),
        Some(ResponseError::Unknown(_)) => format!("{code} (unknown to this version)"),
        Some(error) => format!("{code} ({error})"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_have_names() {
        assert_eq!(describe(NONE), "0 (None)");
        assert_eq!(describe(UNSUPPORTED_VERSION), "35 (UnsupportedVersion)");
        assert_eq!(describe(INVALID_REQUEST), "42 (InvalidRequest)");
        assert_eq!(describe(31_000), "31000 (unknown to this version)");
    }
}
