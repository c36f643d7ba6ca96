//! Clusters: which resources or files make each cluster of the spec.

use blueprint::ids::{ClusterId, SecurityGroupId};
use blueprint::kafka::Cluster;
use blueprint::network::{Eni, EniOwner};
use blueprint::spec::ClusterKind;

use super::{Draft, Grounds, ec2, groups, msk, network};

/// Writes every cluster of the spec.
pub(super) fn write(draft: &mut Draft<'_>) {
    let said = &draft.known.said;
    for (id, cluster) in &said.clusters {
        draft.attempt(&format!("cluster {id}"), |draft| {
            if said.existing.contains_key(&id.into()) {
                return write_existing(draft, id, cluster);
            }
            match cluster.kind {
                ClusterKind::Ec2 => ec2::write(draft, id, cluster),
                ClusterKind::Msk | ClusterKind::MskExpress => msk::write(draft, id, cluster),
                ClusterKind::MskServerless => msk::write_serverless(draft, id, cluster),
            }
        });
    }
}

/// A cluster that exists is as it was said, and so are its interfaces.
fn write_existing(draft: &mut Draft<'_>, id: &ClusterId, cluster: &Cluster) -> Result<(), String> {
    let vpc = draft
        .places
        .get(&cluster.vpc)
        .ok_or("its VPC is not there")?
        .clone();
    let mut grounds = Grounds::default();
    for (broker, content) in &cluster.brokers {
        let eni = draft.known.said.enis.get(&content.eni);
        let eni = eni.ok_or_else(|| format!("nobody said the interface of broker {broker}"))?;
        let subnet = network::subnet_of(draft, &vpc, eni.address);
        let subnet = subnet.ok_or_else(|| format!("{} is in no subnet", eni.address))?;
        let groups = existing_groups(draft, id, eni)?;
        grounds.subnets.push(subnet.clone());
        grounds.groups.clone_from(&groups);
        let eni = Eni {
            subnet,
            address: eni.address,
            security_groups: groups,
            owner: EniOwner::Broker {
                cluster: id.clone(),
                id: *broker,
            },
        };
        network::insert_eni(draft, content.eni.clone(), eni);
    }
    let cluster = Cluster {
        vpc,
        ..cluster.clone()
    };
    draft.grounds.insert(id.clone(), grounds);
    draft.made.clusters.insert(id.clone(), cluster);
    Ok(())
}

/// The groups of the brokers of a cluster that exists: those that exist themselves, else the new
/// ones that the wiring says they are to wear.
fn existing_groups(
    draft: &Draft<'_>,
    id: &ClusterId,
    eni: &Eni,
) -> Result<Vec<SecurityGroupId>, String> {
    let said = &draft.known.said;
    let exists = |group: &&SecurityGroupId| said.existing.contains_key(&(*group).into());
    let known: Vec<_> = eni.security_groups.iter().filter(exists).cloned().collect();
    if known.len() == eni.security_groups.len() {
        return Ok(known);
    }
    let told = draft.reading.broker_groups.get(id.as_str());
    let told = told.filter(|told| !told.is_empty());
    let told = told.ok_or("the wiring names no group of its brokers")?;
    let groups = told
        .iter()
        .map(|group| draft.object(group, &[groups::GROUP]));
    groups.collect()
}
