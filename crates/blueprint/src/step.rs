//! Steps that no object stands for: when they are taken, where, and which values they need that
//! are known only once AWS has made an object.

use std::collections::BTreeMap;

use crate::ids::{ClusterId, ObjectId, PeeringId};
use crate::stage::Stage;
use crate::words::words;

/// One step that is not an object: something a person or a broker's configuration must do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// Account that takes the step, twelve digits.
    pub account: String,
    /// AWS Region in which it is taken.
    pub region: String,
    /// Every object of this stage, of whatever account, is there before the step.
    pub after: Stage,
    /// When: every step of a lower phase, of whatever account, comes before it. A phase belongs to
    /// one stage, and those of a later stage are higher.
    pub phase: u32,
    /// What its lines are.
    pub kind: StepKind,
    /// What is done and why, one lower-case fragment.
    pub title: String,
    /// Exact commands or settings, one per line.
    pub lines: Vec<String>,
    /// What is not known yet: each text that stands for it in the lines, and whose it is.
    pub values: BTreeMap<String, Needed>,
}

/// What the lines of a step are, and what they act on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StepKind {
    /// Commands by which an account accepts, associates or permits.
    Handover,
    /// The command by which the other side accepts a peering of VPCs. CloudFormation accepts by
    /// itself: in one account as it is, across accounts by a role (`PeerRoleArn`).
    PeeringAcceptance(PeeringId),
    /// The command that turns on a cluster's VPC connectivity (MSK multi-VPC). Whoever has the
    /// cluster in a template updates the template instead.
    VpcConnectivity(ClusterId),
    /// What a cluster of Amazon MSK advertises, by its
    /// [`advertised_by`](crate::kafka::Cluster::advertised_by). Whoever has the cluster's
    /// configuration in a template updates the template instead.
    AdvertisedListeners(ClusterId),
    /// The `server.properties` of a broker.
    ServerProperties(ClusterId, u32),
    /// Settings of clients of a cluster.
    ClientSettings(ClusterId),
}

impl StepKind {
    /// Its word.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Handover => "handover",
            Self::PeeringAcceptance(_) => "peering-acceptance",
            Self::VpcConnectivity(_) => "vpc-connectivity",
            Self::AdvertisedListeners(_) => "advertised-listeners",
            Self::ServerProperties(..) => "server-properties",
            Self::ClientSettings(_) => "client-settings",
        }
    }
}

impl std::fmt::Display for StepKind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A value that AWS gives an object when it makes it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Needed {
    /// The object.
    pub object: ObjectId,
    /// Which value of it.
    pub what: What,
}

words! {
    /// Which value of an object is needed.
    What {
        /// Its id, such as `vpc-0abc` or `vpce-0abc`; of a service `vpce-svc-0abc`.
        Id = "id",
        /// Its ARN.
        Arn = "arn",
        /// The ARN of the invitation to the share (AWS RAM) of the object, as the invited account
        /// sees it.
        Invitation = "invitation",
        /// The version of a cluster of Amazon MSK that every change of it must name.
        Version = "version",
        /// The domain under which Amazon MSK names a cluster's brokers; of Serverless what follows
        /// the first `-` of its bootstrap name.
        Domain = "domain",
    }
}
