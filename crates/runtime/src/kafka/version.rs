//! Versions of Apache Kafka: which can be fetched, and which one a spec means.

use std::fmt;
use std::str::FromStr;

/// A version of Apache Kafka.
///
/// [`FromStr`] accepts what can be fetched: a line such as `4.3`, which means the newest of it, or
/// a full version. An installation in `KAFKA_HOME` may have any version.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Version {
    major: u16,
    minor: u16,
    patch: u16,
}

/// A version that cannot be had.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("Kafka `{asked}` is not available; available are {}", available())]
pub struct UnknownVersion {
    /// The version as it was written.
    pub asked: String,
}

/// The versions that were fetched from Maven and started, oldest first.
const AVAILABLE: [Version; 10] = [
    version(3, 9, 1),
    version(3, 9, 2),
    version(4, 0, 1),
    version(4, 0, 2),
    version(4, 1, 0),
    version(4, 1, 1),
    version(4, 1, 2),
    version(4, 2, 1),
    version(4, 3, 0),
    version(4, 3, 1),
];

const fn version(major: u16, minor: u16, patch: u16) -> Version {
    Version {
        major,
        minor,
        patch,
    }
}

fn available() -> String {
    let names: Vec<_> = AVAILABLE
        .iter()
        .map(|version| format!("`{version}`"))
        .collect();
    names.join(", ")
}

impl Version {
    /// The version to use where none is asked for.
    pub const DEFAULT: Self = version(4, 3, 1);

    /// Every version that can be fetched, oldest first.
    pub fn available() -> &'static [Self] {
        &AVAILABLE
    }

    /// The first number, such as 4.
    pub fn major(self) -> u16 {
        self.major
    }

    /// Reads `MAJOR.MINOR.PATCH` whether or not the version can be fetched; what follows a hyphen
    /// after the last number (`4.3.1-inhouse`) is left out.
    pub(super) fn read_any(text: &str) -> Option<Self> {
        let mut numbers = text.split('-').next()?.split('.').map(u16::from_str);
        let (major, minor, patch) = (
            numbers.next()?.ok()?,
            numbers.next()?.ok()?,
            numbers.next()?.ok()?,
        );
        numbers
            .next()
            .is_none()
            .then_some(version(major, minor, patch))
    }

    fn line(self) -> String {
        format!("{}.{}", self.major, self.minor)
    }
}

impl FromStr for Version {
    type Err = UnknownVersion;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let meant = |known: &&Self| known.to_string() == text || known.line() == text;
        AVAILABLE
            .iter()
            .rev()
            .find(meant)
            .copied()
            .ok_or_else(|| UnknownVersion {
                asked: text.to_owned(),
            })
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.major, self.minor, self.patch)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_means_its_newest_version() {
        for (text, means) in [
            ("3.9", "3.9.2"),
            ("4.1", "4.1.2"),
            ("4.3", "4.3.1"),
            ("4.3.0", "4.3.0"),
            ("3.9.1", "3.9.1"),
        ] {
            assert_eq!(text.parse::<Version>().unwrap().to_string(), means);
        }
        assert_eq!("4.3".parse(), Ok(Version::DEFAULT));
    }

    #[test]
    fn other_versions_are_refused_with_the_list() {
        for text in [
            "", "4", "4.", "4.4", "4.4.0", "3.9.x", " 4.3", "04.3", "4.3.1.0", "latest",
        ] {
            let refused = text.parse::<Version>().unwrap_err().to_string();
            assert!(refused.contains(&format!("`{text}`")), "{refused}");
            assert!(refused.contains("`3.9.2`, `4.0.1`"), "{refused}");
        }
    }

    #[test]
    fn installations_may_have_any_version() {
        for (text, read) in [
            ("2.8.0", Some("2.8.0")),
            ("4.3.1-ccs", Some("4.3.1")),
            ("4.3", None),
            ("4.3.1.2", None),
            ("4.x.1", None),
            ("99999.0.0", None),
        ] {
            assert_eq!(
                Version::read_any(text).map(|v| v.to_string()).as_deref(),
                read,
                "{text}"
            );
        }
    }
}
