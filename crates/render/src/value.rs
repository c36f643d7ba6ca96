//! Values of an object's properties, in the vocabulary of whichever target they are written for.

use std::collections::BTreeSet;

use crate::object::{Attribute, Object};

/// What an input is given that the unit's own cluster will have, as long as there is none.
pub(crate) const NOT_KNOWN_YET: &str = "not-known-yet";

/// A value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// Text.
    Text(String),
    /// A whole number.
    Number(i64),
    /// Yes or no.
    Flag(bool),
    /// Several values.
    List(Vec<Value>),
    /// Values by name: a mapping in CloudFormation, an object value (`= { … }`) in Terraform.
    Map(Vec<(String, Value)>),
    /// A nested block of Terraform; a list of blocks repeats it.
    Block(Vec<(String, Value)>),
    /// What AWS gives another object.
    Of(Object, Attribute),
    /// A value that no object has.
    Input(Input),
    /// An input of the unit, by name: what a unit has in place of [`Value::Input`] and of what
    /// another unit's objects have.
    Parameter(String),
    /// Texts and values one after the other.
    Joined(Vec<Value>),
    /// One value before a switch is thrown, another after.
    Switched {
        /// The switch.
        switch: Switch,
        /// Before.
        first: Box<Value>,
        /// After.
        then: Box<Value>,
    },
}

/// A value that no object of the rendered text has.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Input {
    /// The address that Amazon MSK gave a broker.
    BrokerAddress {
        /// The cluster.
        cluster: String,
        /// Kafka's id of the broker.
        broker: u32,
    },
    /// The domain under which Amazon MSK names a cluster's brokers.
    Suffix {
        /// The cluster.
        cluster: String,
    },
    /// The route table of a subnet that exists.
    RouteTableOf {
        /// AWS's id of the subnet.
        subnet: String,
    },
    /// The ARN of a certificate in AWS Certificate Manager.
    Certificate {
        /// What presents it, such as a balancer.
        of: String,
        /// The names it must carry.
        names: BTreeSet<String>,
    },
    /// Something that the user has or makes elsewhere.
    Given {
        /// Its name among the inputs, in kebab-case, such as `orders-private-ca-arn`.
        name: String,
        /// What it is, for people.
        what: String,
    },
}

/// Something that is turned on by a second update of the same unit.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Switch {
    /// Brokers of a cluster advertise what the network leads to (`custom.advertised.listeners`).
    Advertised {
        /// The cluster.
        cluster: String,
    },
    /// VPC connectivity of a cluster (MSK multi-VPC).
    VpcConnectivity {
        /// The cluster.
        cluster: String,
    },
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<bool> for Value {
    fn from(flag: bool) -> Self {
        Self::Flag(flag)
    }
}

impl From<u16> for Value {
    fn from(number: u16) -> Self {
        Self::Number(number.into())
    }
}

impl From<u32> for Value {
    fn from(number: u32) -> Self {
        Self::Number(number.into())
    }
}

impl From<Vec<Value>> for Value {
    fn from(values: Vec<Value>) -> Self {
        Self::List(values)
    }
}

impl Value {
    /// Calls `visit` with this value and every value inside it.
    pub fn walk<'v>(&'v self, visit: &mut dyn FnMut(&'v Value)) {
        visit(self);
        match self {
            Self::List(values) | Self::Joined(values) => {
                for value in values {
                    value.walk(visit);
                }
            }
            Self::Map(entries) | Self::Block(entries) => {
                for (_, value) in entries {
                    value.walk(visit);
                }
            }
            Self::Switched { first, then, .. } => {
                first.walk(visit);
                then.walk(visit);
            }
            Self::Text(_)
            | Self::Number(_)
            | Self::Flag(_)
            | Self::Of(..)
            | Self::Input(_)
            | Self::Parameter(_) => {}
        }
    }
}
