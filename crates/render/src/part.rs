//! What is rendered of a blueprint, and where: each object with its account, Region, stage and
//! subject.

use std::fmt;

use blueprint::stage::Stage;

use crate::object::Object;
use crate::value::Value;

/// One object to be rendered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// The object.
    pub object: Object,
    /// Where and when it is made.
    pub place: Place,
    /// The promise it serves or what it is for, one lower-case fragment.
    pub because: String,
}

/// Where and when an object is made.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// Account, twelve digits.
    pub account: String,
    /// AWS Region.
    pub region: String,
    /// Stage.
    pub stage: Stage,
    /// What grows on its own, such as a VPC or a cluster: kebab-case, part of file names.
    pub subject: String,
}

/// One resource of a target's text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resource {
    /// Type, such as `AWS::EC2::Subnet` or `aws_subnet`.
    pub kind: &'static str,
    /// What stands behind the object's own name where an object needs several resources, in
    /// kebab-case; empty for the first.
    pub suffix: String,
    /// Properties in the order in which they are written.
    pub properties: Vec<(String, Value)>,
    /// Objects that must be there first although no property refers to them.
    pub after: Vec<Object>,
    /// Whether it holds data that must outlive its removal from the text.
    pub keeps_data: bool,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            account,
            region,
            stage,
            subject,
        } = self;
        write!(f, "{account}/{region}/{}-{stage}-{subject}", stage.number())
    }
}
