//! The APIs this crate reads and writes, their versions, and the choice of a version.

use std::fmt;
use std::ops::RangeInclusive;

use kafka_protocol::messages::ApiKey;

/// An API of the Kafka protocol that this crate can speak from both sides.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Api {
    /// Key 3: the brokers of the cluster as one listener advertises them.
    Metadata,
    /// Key 18: which APIs the broker speaks, in which versions.
    ApiVersions,
    /// Key 32: settings; for a broker, answered without error only by that broker itself.
    DescribeConfigs,
}

impl Api {
    /// Every API of this crate, by ascending key.
    pub const ALL: [Self; 3] = [Self::Metadata, Self::ApiVersions, Self::DescribeConfigs];

    /// Returns the API with this key, or none when this crate does not speak it.
    pub fn from_key(key: i16) -> Option<Self> {
        Self::ALL.into_iter().find(|api| api.key() == key)
    }

    /// Returns the key that stands for the API in a request header.
    pub fn key(self) -> i16 {
        self.generated() as i16
    }

    /// Returns the versions this crate reads and writes.
    pub fn versions(self) -> RangeInclusive<i16> {
        let range = self.generated().valid_versions();
        range.min..=range.max
    }

    /// Returns the range this crate speaks in the form in which a broker offers it.
    pub fn range(self) -> ApiRange {
        ApiRange {
            key: self.key(),
            min: *self.versions().start(),
            max: *self.versions().end(),
        }
    }

    /// Returns the highest version that both this crate and the given offer contain.
    pub fn choose(self, offered: &[ApiRange]) -> Option<i16> {
        let theirs = offered.iter().find(|range| range.key == self.key())?;
        let min = theirs.min.max(*self.versions().start());
        let max = theirs.max.min(*self.versions().end());
        (min <= max).then_some(max)
    }

    pub(crate) fn request_header_version(self, version: i16) -> i16 {
        self.generated().request_header_version(version)
    }

    /// A client reads an ApiVersions answer before it knows what the broker speaks, so its header
    /// is version 0 for ever (KIP-511); the generated code agrees.
    pub(crate) fn response_header_version(self, version: i16) -> i16 {
        self.generated().response_header_version(version)
    }

    fn generated(self) -> ApiKey {
        match self {
            Self::Metadata => ApiKey::Metadata,
            Self::ApiVersions => ApiKey::ApiVersions,
            Self::DescribeConfigs => ApiKey::DescribeConfigs,
        }
    }
}

impl fmt::Display for Api {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Metadata => "Metadata",
            Self::ApiVersions => "ApiVersions",
            Self::DescribeConfigs => "DescribeConfigs",
        })
    }
}

/// The versions of one API that a broker offers, both ends included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ApiRange {
    /// The key of the API, which need not be one this crate knows.
    pub key: i16,
    /// The lowest version offered.
    pub min: i16,
    /// The highest version offered.
    pub max: i16,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chooses_the_highest_common_version() {
        let metadata = |min, max| [ApiRange { key: 3, min, max }];
        assert_eq!(Api::Metadata.choose(&metadata(0, 12)), Some(12));
        assert_eq!(Api::Metadata.choose(&metadata(0, 99)), Some(13));
        assert_eq!(Api::Metadata.choose(&metadata(14, 99)), None);
        assert_eq!(Api::Metadata.choose(&metadata(5, 2)), None);
        assert_eq!(Api::DescribeConfigs.choose(&metadata(0, 12)), None);
    }

    #[test]
    fn keys_are_those_of_the_protocol() {
        let keys: Vec<i16> = Api::ALL.into_iter().map(Api::key).collect();
        assert_eq!(keys, [3, 18, 32]);
        assert_eq!(Api::from_key(18), Some(Api::ApiVersions));
        assert_eq!(Api::from_key(0), None);
    }

    #[test]
    fn an_api_versions_answer_has_header_0_in_every_version() {
        for version in Api::ApiVersions.versions() {
            assert_eq!(Api::ApiVersions.response_header_version(version), 0);
        }
        assert_eq!(Api::Metadata.response_header_version(9), 1);
    }
}
