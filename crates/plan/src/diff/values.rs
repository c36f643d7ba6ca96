//! Facets of objects as sets of values, and what one set has that another lacks.

use std::fmt;

/// A named set of values of an object.
pub(super) struct Facet {
    pub(super) name: &'static str,
    pub(super) values: Vec<Value>,
}

/// One value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Value {
    Text(String),
    /// Ports that are open to somebody: neighbouring ranges are merged as an estate grows, so a
    /// range counts as kept where a wider one holds it.
    Ports {
        peer: String,
        from: u16,
        to: u16,
    },
}

impl Value {
    fn holds(&self, other: &Self) -> bool {
        match (self, other) {
            (
                Self::Ports { peer, from, to },
                Self::Ports {
                    peer: whose,
                    from: low,
                    to: high,
                },
            ) => peer == whose && from <= low && high <= to,
            (Self::Text(_) | Self::Ports { .. }, Self::Text(_) | Self::Ports { .. }) => {
                self == other
            }
        }
    }
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => f.write_str(text),
            Self::Ports { peer, from, to } if from == to => write!(f, "{from} {peer}"),
            Self::Ports { peer, from, to } => write!(f, "{from}-{to} {peer}"),
        }
    }
}

/// The values that `others` does not hold.
pub(super) fn lacking(values: &[Value], others: &[Value]) -> Vec<String> {
    let lacking = values.iter();
    let lacking = lacking.filter(|value| !others.iter().any(|other| other.holds(value)));
    lacking.map(ToString::to_string).collect()
}

/// A facet of one value.
pub(super) fn one(name: &'static str, value: impl ToString) -> Facet {
    many(name, [value])
}

/// A facet of any number of values.
pub(super) fn many<T: ToString>(name: &'static str, values: impl IntoIterator<Item = T>) -> Facet {
    let values = values
        .into_iter()
        .map(|value| Value::Text(value.to_string()));
    Facet {
        name,
        values: values.collect(),
    }
}

/// A facet whose values belong to something each.
pub(super) fn pairs<K: fmt::Display, V: fmt::Display>(
    name: &'static str,
    pairs: impl IntoIterator<Item = (K, V)>,
) -> Facet {
    let pairs = pairs.into_iter();
    many(name, pairs.map(|(key, value)| format!("{key}: {value}")))
}
