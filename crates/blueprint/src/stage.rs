//! The stages in which objects are made: those of a later stage need what an earlier one made,
//! often in another account.

use crate::words::words;

words! {
    /// When an object is made.
    #[derive(Default)]
    Stage {
        /// VPCs with their subnets, tables, groups and interfaces; transit gateways.
        #[default]
        Network = "network",
        /// Kafka clusters, their configuration, policy and secrets.
        Cluster = "cluster",
        /// What is offered to others: balancers and endpoint services, resource gateways, requests
        /// for peerings, attachments to transit gateways.
        Front = "front",
        /// What uses an offer: interface endpoints, resource endpoints, MSK VPC connections.
        Entrance = "entrance",
        /// What leads there: routes between VPCs, routing of transit gateways, rules that name
        /// another VPC's group, private hosted zones and their records, resolver rules.
        Routes = "routes",
    }
}

impl Stage {
    /// Its number in the order of all, from 1.
    pub fn number(self) -> u32 {
        match self {
            Self::Network => 1,
            Self::Cluster => 2,
            Self::Front => 3,
            Self::Entrance => 4,
            Self::Routes => 5,
        }
    }
}
