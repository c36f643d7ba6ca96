//! What the texts of both targets say about Amazon MSK.

use std::collections::BTreeSet;

use blueprint::Blueprint;
use blueprint::ids::ClusterId;
use blueprint::spec::Auth;

/// Accounts besides the owner's that a cluster's policy lets connect: those of VPC connections,
/// and those of clients that authenticate by IAM.
pub(crate) fn policy_accounts(blueprint: &Blueprint, id: &ClusterId) -> BTreeSet<String> {
    let Some(cluster) = blueprint.clusters.get(id) else {
        return BTreeSet::new();
    };
    let owner = blueprint.vpcs.get(&cluster.vpc).map(|vpc| &vpc.account);
    let connected = cluster.vpc_connectivity.values().flatten().cloned();
    let clients = blueprint.clients.values();
    let by_iam = clients.filter(|client| client.cluster == *id && client.auth == Auth::Iam);
    let by_iam = by_iam.filter_map(|client| blueprint.vpcs.get(&client.vpc));
    let accounts = connected.chain(by_iam.map(|vpc| vpc.account.clone()));
    accounts.filter(|account| Some(account) != owner).collect()
}
