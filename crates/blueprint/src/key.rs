//! Keys of a spec: how a check names what a user would edit, without knowing the text.

use std::fmt;

/// A route of keys from the top of the spec to one value, such as `connections[0].via`.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SpecKey(Vec<Part>);

/// One part of a [`SpecKey`].
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Part {
    /// A key of a mapping.
    Key(String),
    /// A position in a list, from 0.
    Index(usize),
}

impl SpecKey {
    /// The whole spec.
    pub fn root() -> Self {
        Self::default()
    }

    /// The value below this one under a mapping's key.
    #[must_use]
    pub fn key(&self, key: impl Into<String>) -> Self {
        self.with(Part::Key(key.into()))
    }

    /// The value below this one at a list's position.
    #[must_use]
    pub fn index(&self, index: usize) -> Self {
        self.with(Part::Index(index))
    }

    /// The parts, outermost first.
    pub fn parts(&self) -> &[Part] {
        &self.0
    }

    fn with(&self, part: Part) -> Self {
        let mut parts = self.0.clone();
        parts.push(part);
        Self(parts)
    }
}

impl fmt::Display for SpecKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, part) in self.0.iter().enumerate() {
            match part {
                Part::Key(key) if i == 0 => write!(f, "{key}")?,
                Part::Key(key) => write!(f, ".{key}")?,
                Part::Index(index) => write!(f, "[{index}]")?,
            }
        }
        Ok(())
    }
}
