//! Which objects of a blueprint are rendered, and in which account, Region, stage and subject each
//! of them is made.
//!
//! Not rendered is what exists already, what AWS makes and keeps by itself, and what is nobody's
//! object: clients' hosts, and the strangers by whom the lab shows what is denied.

mod balancing;
mod clusters;
mod names;
mod network;
mod transit;

use std::collections::BTreeMap;
use std::net::Ipv4Addr;

use blueprint::Blueprint;
use blueprint::ids::{ClusterId, ObjectId, TargetGroupId, VpcId};
use blueprint::kafka::Cluster;
use blueprint::network::EniOwner;
use blueprint::stage::Stage;

use crate::object::Object;
use crate::part::{Part, Place};

pub(crate) use names::homeless_zones;

/// Brokers in one CloudFormation template, so that neither its 51,200 bytes nor its 500 resources
/// are exceeded: the costliest pattern needs about 3.5 kB for each broker.
const BROKERS_PER_SUBJECT: u32 = 8;

/// Every object to be rendered, in the order in which units hold them.
pub(crate) fn of(blueprint: &Blueprint) -> Vec<Part> {
    let mut parts = Parts::new(blueprint);
    network::write(&mut parts);
    transit::write(&mut parts);
    clusters::write(&mut parts);
    balancing::write(&mut parts);
    names::write(&mut parts);
    parts.written
}

/// The parts written so far, and what is asked of the blueprint again and again.
struct Parts<'b> {
    blueprint: &'b Blueprint,
    written: Vec<Part>,
    /// Whose interface has an address in a VPC: cluster, and broker if it is one broker's.
    owners: BTreeMap<(&'b VpcId, Ipv4Addr), (&'b ClusterId, Option<u32>)>,
}

impl<'b> Parts<'b> {
    fn new(blueprint: &'b Blueprint) -> Self {
        let mut owners = BTreeMap::new();
        for eni in blueprint.enis.values() {
            let Some(subnet) = blueprint.subnets.get(&eni.subnet) else {
                continue;
            };
            let owner = match &eni.owner {
                EniOwner::Broker { cluster, id } => Some((cluster, Some(*id))),
                EniOwner::Gateway(id) => blueprint
                    .gateways
                    .get(id)
                    .map(|gateway| (&gateway.cluster, None)),
                EniOwner::BalancerNode(_)
                | EniOwner::Endpoint(_)
                | EniOwner::ResourceGateway(_)
                | EniOwner::Client(_)
                | EniOwner::Witness => None,
            };
            if let Some(owner) = owner {
                owners.insert((&subnet.vpc, eni.address), owner);
            }
        }
        Self {
            blueprint,
            written: Vec::new(),
            owners,
        }
    }

    /// Writes an object unless it exists already.
    fn add(&mut self, object: Object, place: Place, because: impl Into<String>) {
        let exists = object.noun().is_some_and(|noun| self.exists(noun));
        if !exists {
            self.written.push(Part {
                object,
                place,
                because: because.into(),
            });
        }
    }

    fn exists(&self, noun: impl Into<ObjectId>) -> bool {
        self.blueprint.existing.contains_key(&noun.into())
    }

    /// A place in the account and Region of a VPC.
    fn in_vpc(&self, vpc: &VpcId, stage: Stage, subject: impl Into<String>) -> Option<Place> {
        let vpc = self.blueprint.vpcs.get(vpc)?;
        Some(Place {
            account: vpc.account.clone(),
            region: vpc.region.clone(),
            stage,
            subject: subject.into(),
        })
    }

    /// A place in the account and Region of a cluster.
    fn at_cluster(&self, id: &ClusterId, cluster: &Cluster, stage: Stage) -> Option<Place> {
        self.in_vpc(&cluster.vpc, stage, id.as_str())
    }

    /// The cluster behind target groups, and the broker if all their targets are one broker's.
    fn behind<'g>(
        &self,
        groups: impl Iterator<Item = &'g TargetGroupId>,
    ) -> Option<(&'b ClusterId, Option<u32>)> {
        let mut found: Option<(&ClusterId, Option<u32>)> = None;
        for group in groups {
            let group = self.blueprint.target_groups.get(group)?;
            for target in &group.targets {
                let Some((cluster, broker)) = self.owners.get(&(&group.vpc, target.address)) else {
                    continue;
                };
                found = match found {
                    None => Some((*cluster, *broker)),
                    Some((first, known)) if known == *broker => Some((first, known)),
                    Some((first, _)) => Some((first, None)),
                };
            }
        }
        found
    }
}

/// A subject for the objects of one broker: brokers of low ids share the subject of what serves
/// them all, later ones come in blocks, so that a new broker never moves an older one.
fn subject(base: &str, broker: Option<u32>) -> String {
    match broker.map(|id| id / BROKERS_PER_SUBJECT) {
        None | Some(0) => base.to_owned(),
        Some(block) => {
            let first = block * BROKERS_PER_SUBJECT;
            format!("{base}-brokers-{first}-{}", first + BROKERS_PER_SUBJECT - 1)
        }
    }
}
