//! Amazon MSK clusters: configuration, users' secrets, policy.

use blueprint::ids::ClusterId;
use blueprint::kafka::Cluster;
use blueprint::spec::{Auth, ClusterKind};
use blueprint::stage::Stage;

use super::Parts;
use crate::msk;
use crate::object::Object;

pub(super) fn write(parts: &mut Parts<'_>) {
    let blueprint = parts.blueprint;
    for (id, cluster) in &blueprint.clusters {
        match cluster.kind {
            ClusterKind::Ec2 => {}
            ClusterKind::Msk | ClusterKind::MskExpress => write_provisioned(id, cluster, parts),
            ClusterKind::MskServerless => write_cluster(id, cluster, parts),
        }
    }
}

fn write_provisioned(id: &ClusterId, cluster: &Cluster, parts: &mut Parts<'_>) {
    let Some(place) = parts.at_cluster(id, cluster, Stage::Cluster) else {
        return;
    };
    if !parts.exists(id) {
        let because = format!("settings of `{id}`");
        parts.add(Object::Configuration(id.clone()), place.clone(), because);
    }
    write_cluster(id, cluster, parts);
    let users = parts.blueprint.clients.iter();
    let users = users.filter(|(_, client)| client.cluster == *id && client.auth == Auth::Scram);
    let users: Vec<_> = users.map(|(client, _)| client.clone()).collect();
    if users.is_empty() {
        return;
    }
    let because = format!("encrypts the secrets of users of `{id}`: MSK takes no AWS-managed key");
    parts.add(Object::ScramKey(id.clone()), place.clone(), because);
    for user in users {
        let because = format!("`{user}` authenticates by it");
        parts.add(Object::ScramSecret(user), place.clone(), because);
    }
    // It is the whole list of users, and a cluster that exists may have others: a step adds to it.
    if !parts.exists(id) {
        let because = format!("`{id}` knows these users");
        parts.add(Object::ScramAssociation(id.clone()), place, because);
    }
}

fn write_cluster(id: &ClusterId, cluster: &Cluster, parts: &mut Parts<'_>) {
    let Some(place) = parts.at_cluster(id, cluster, Stage::Cluster) else {
        return;
    };
    let because = format!("cluster `{id}`");
    parts.add(Object::Cluster(id.clone()), place.clone(), because);
    let accounts = msk::policy_accounts(parts.blueprint, id);
    // A cluster has one policy, and one that exists may have it already: a step says what to merge.
    if !accounts.is_empty() && !parts.exists(id) {
        let because = format!("lets clients of other accounts connect to `{id}`");
        parts.add(Object::ClusterPolicy(id.clone()), place, because);
    }
}
