//! Policies: who may use a cluster, a key, a secret. Each allows what is needed and nothing else.

use std::collections::BTreeSet;

use blueprint::Blueprint;
use blueprint::ids::{ClientId, ClusterId};

use crate::msk;
use crate::object::{Attribute, Object};
use crate::value::Value;

/// What whoever makes a VPC connection asks of the cluster's owner (Amazon MSK developer guide,
/// "Multi-VPC private connectivity in a single Region").
const CONNECTING: [&str; 4] = [
    "kafka:CreateVpcConnection",
    "kafka:DescribeCluster",
    "kafka:DescribeClusterV2",
    "kafka:GetBootstrapBrokers",
];

/// What a client that authenticates by IAM does to the cluster itself, to its topics and to its
/// groups (Amazon MSK developer guide, "Semantics of IAM authorization policy actions").
const USING: [(&str, &[&str]); 3] = [
    (
        "cluster",
        &[
            "kafka-cluster:Connect",
            "kafka-cluster:DescribeCluster",
            "kafka-cluster:WriteDataIdempotently",
        ],
    ),
    (
        "topic",
        &[
            "kafka-cluster:DescribeTopic",
            "kafka-cluster:ReadData",
            "kafka-cluster:WriteData",
        ],
    ),
    (
        "group",
        &["kafka-cluster:AlterGroup", "kafka-cluster:DescribeGroup"],
    ),
];

/// The first part of the ARNs of a Region (AWS General Reference, "Amazon Resource Names").
pub(crate) fn partition(region: &str) -> &'static str {
    if region.starts_with("cn-") {
        "aws-cn"
    } else if region.starts_with("us-gov-") {
        "aws-us-gov"
    } else {
        "aws"
    }
}

/// Everybody whom an account itself lets act.
pub(crate) fn root(account: &str, region: &str) -> String {
    format!("arn:{}:iam::{account}:root", partition(region))
}

/// Who besides its owner may connect to a cluster.
pub(crate) fn of_cluster(blueprint: &Blueprint, id: &ClusterId) -> Option<Value> {
    let cluster = blueprint.clusters.get(id)?;
    let home = blueprint.vpcs.get(&cluster.vpc)?;
    let arn = Value::Of(Object::Cluster(id.clone()), Attribute::Arn);
    let mut statements = Vec::new();
    let connecting = msk::connecting_accounts(blueprint, id);
    if !connecting.is_empty() {
        let principals = accounts(&connecting, &home.region);
        statements.push(allow(principals, &CONNECTING, arn.clone(), None));
    }
    let using = msk::iam_accounts(blueprint, id);
    let name = cluster_name(blueprint, id);
    for (kind, actions) in USING.iter().filter(|_| !using.is_empty()) {
        let resource = match *kind {
            "cluster" => arn.clone(),
            kind => Value::Text(format!(
                "arn:{}:kafka:{}:{}:{kind}/{}/*",
                partition(&home.region),
                home.region,
                home.account,
                name
            )),
        };
        let principals = accounts(&using, &home.region);
        statements.push(allow(principals, actions, resource, None));
    }
    Some(document(statements))
}

/// The name of a cluster; that of one that exists stands in its ARN, `…:cluster/NAME/UUID`.
fn cluster_name(blueprint: &Blueprint, id: &ClusterId) -> String {
    let arn = blueprint.existing.get(&id.into());
    let known = arn.and_then(|arn| arn.split('/').nth(1));
    known.map_or_else(|| msk::name(id), str::to_owned)
}

/// Who may use the key of a cluster's secrets: its owner's account, which says who of it, and
/// clients' accounts for reading secrets.
pub(crate) fn of_key(blueprint: &Blueprint, id: &ClusterId) -> Option<Value> {
    let cluster = blueprint.clusters.get(id)?;
    let home = blueprint.vpcs.get(&cluster.vpc)?;
    let owner = BTreeSet::from([home.account.clone()]);
    let everything = Value::from("*");
    let mut statements = vec![allow(
        accounts(&owner, &home.region),
        &["kms:*"],
        everything.clone(),
        None,
    )];
    let users = msk::users(blueprint, id).into_iter();
    let readers: BTreeSet<String> = users
        .filter(|user| user.account != home.account)
        .map(|user| user.account.to_owned())
        .collect();
    if !readers.is_empty() {
        let via = Value::Text(format!("secretsmanager.{}.amazonaws.com", home.region));
        let condition = map([("StringEquals", map([("kms:ViaService", via)]))]);
        let principals = accounts(&readers, &home.region);
        statements.push(allow(
            principals,
            &["kms:Decrypt"],
            everything,
            Some(condition),
        ));
    }
    Some(document(statements))
}

/// Who may read the secret of a client of another account: that account, and Amazon MSK, whose
/// own statement this one replaces. None where Amazon MSK's own is enough.
pub(crate) fn of_secret(blueprint: &Blueprint, id: &ClientId) -> Option<Value> {
    let user = msk::user(blueprint, id)?;
    let (owner, region) = user.home;
    if user.account == owner {
        return None;
    }
    let reader = accounts(&BTreeSet::from([user.account.to_owned()]), region);
    let service = map([("Service", Value::from("kafka.amazonaws.com"))]);
    let read = ["secretsmanager:GetSecretValue"];
    let statements = [reader, service];
    let statements = statements.map(|who| allow(who, &read, Value::from("*"), None));
    Some(document(statements.into()))
}

fn document(statements: Vec<Value>) -> Value {
    map([
        ("Version", Value::from("2012-10-17")),
        ("Statement", Value::List(statements)),
    ])
}

fn accounts(accounts: &BTreeSet<String>, region: &str) -> Value {
    let roots = accounts.iter();
    let roots = roots.map(|account| Value::Text(root(account, region)));
    map([("AWS", Value::List(roots.collect()))])
}

fn allow(who: Value, actions: &[&str], resource: Value, condition: Option<Value>) -> Value {
    let actions = actions.iter().map(|action| Value::from(*action));
    let mut statement = vec![
        ("Effect", Value::from("Allow")),
        ("Principal", who),
        ("Action", Value::List(actions.collect())),
        ("Resource", resource),
    ];
    statement.extend(condition.map(|condition| ("Condition", condition)));
    map(statement)
}

fn map<'k>(entries: impl IntoIterator<Item = (&'k str, Value)>) -> Value {
    let entries = entries.into_iter();
    Value::Map(
        entries
            .map(|(key, value)| (key.to_owned(), value))
            .collect(),
    )
}
