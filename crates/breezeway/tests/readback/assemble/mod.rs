//! Resources → blueprint: what AWS makes of a rendering, by AWS's documents.
//!
//! Whatever the text does not say is what AWS does by itself: defaults of properties, local routes,
//! the allow-all egress of a group without one, addresses and DNS names that AWS gives. What AWS
//! would refuse stays as it was asked for, as in any blueprint. Addresses that AWS would choose are
//! the last free ones of their subnets.

mod addresses;
mod balancers;
mod clients;
mod clusters;
mod ec2;
mod groups;
mod lattice;
mod managed;
mod msk;
mod names;
mod network;
mod places;
mod privatelink;
mod props;
mod references;
mod settings;
mod transit;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use blueprint::Blueprint;
use blueprint::ids::{ClusterId, EniId, SecurityGroupId, SubnetId, VpcId};

use crate::graph::{Graph, Node};
use crate::known::Known;
use crate::wiring::Reading;

/// A blueprint, and what of the text could not be understood.
#[derive(Clone, Debug)]
pub(crate) struct Assembled {
    pub(crate) blueprint: Blueprint,
    pub(crate) trouble: Vec<String>,
}

/// Makes a blueprint of resources.
pub(crate) fn assemble(reading: &Reading, known: &Known) -> Assembled {
    let mut draft = Draft {
        graph: &reading.graph,
        known,
        reading,
        made: Blueprint {
            name: known.said.name.clone(),
            region: known.said.region.clone(),
            existing: known.said.existing.clone(),
            ..Blueprint::default()
        },
        unaddressed: Vec::new(),
        places: BTreeMap::new(),
        grounds: BTreeMap::new(),
        trouble: Vec::new(),
    };
    references::refuse_unknown_kinds(&mut draft);
    network::write(&mut draft);
    groups::write(&mut draft);
    transit::write(&mut draft);
    network::write_interfaces(&mut draft);
    places::write(&mut draft);
    clusters::write(&mut draft);
    balancers::write(&mut draft);
    privatelink::write(&mut draft);
    lattice::write(&mut draft);
    managed::write(&mut draft);
    clients::write(&mut draft);
    addresses::assign(&mut draft);
    names::write(&mut draft);
    Assembled {
        blueprint: draft.made,
        trouble: draft.trouble,
    }
}

/// A blueprint in the making.
struct Draft<'g> {
    graph: &'g Graph,
    known: &'g Known,
    reading: &'g Reading,
    made: Blueprint,
    /// Interfaces that wait for an address of AWS's choice.
    unaddressed: Vec<EniId>,
    /// VPCs by the spec's names for them.
    places: BTreeMap<VpcId, VpcId>,
    /// Where Amazon MSK puts brokers and its own balancers.
    grounds: BTreeMap<ClusterId, Grounds>,
    trouble: Vec<String>,
}

/// Subnets and groups of a cluster of Amazon MSK.
#[derive(Clone, Debug, Default)]
struct Grounds {
    subnets: Vec<SubnetId>,
    groups: Vec<SecurityGroupId>,
}

impl<'g> Draft<'g> {
    /// Does something with every resource of a kind; what fails is trouble.
    fn each(
        &mut self,
        kind: &str,
        mut write: impl FnMut(&mut Self, &'g Node) -> Result<(), String>,
    ) {
        let graph = self.graph;
        for node in graph.of_kind(kind) {
            if let Err(why) = write(self, node) {
                self.trouble.push(format!("{} ({kind}): {why}", node.id));
            }
        }
    }

    /// Does something else; what fails is trouble.
    fn attempt(&mut self, what: &str, write: impl FnOnce(&mut Self) -> Result<(), String>) {
        if let Err(why) = write(self) {
            self.trouble.push(format!("{what}: {why}"));
        }
    }
}
