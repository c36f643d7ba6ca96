//! The Kafka-aware gateway's place in the network: which broker a connection is for, and what
//! names clients are told.

use std::collections::{BTreeMap, BTreeSet};

use crate::ids::{ClusterId, EniId, VpcId};
use crate::kafka::HostPort;
use crate::spec::GatewayMode;

/// Instances of the Kafka-aware gateway in front of one cluster, all alike, behind a balancer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gateway {
    /// The cluster it leads to.
    pub cluster: ClusterId,
    /// The VPC it stands in.
    pub vpc: VpcId,
    /// How it tells brokers apart.
    pub mode: GatewayMode,
    /// Its instances' interfaces.
    pub instances: Vec<EniId>,
    /// Port for bootstrapping, and in both SNI modes for every broker.
    pub port: u16,
    /// Port per broker, in mode `port`: the broker's id by port. Reserved ahead for brokers to
    /// come, which then are no broker of the cluster yet.
    pub slots: BTreeMap<u16, u32>,
    /// Host names per broker, in both SNI modes: the broker's id by the name that is dialled.
    pub names: BTreeMap<String, u32>,
    /// Host names that lead to any broker.
    pub bootstrap_names: BTreeSet<String>,
    /// What clients are told to dial for each broker; empty in mode `sni-passthrough`, which
    /// rewrites nothing.
    pub advertised: BTreeMap<u32, HostPort>,
    /// The brokers' listener it dials.
    pub listener: String,
    /// Names of the certificate it presents; empty where it ends no TLS.
    pub certificate_names: BTreeSet<String>,
}
