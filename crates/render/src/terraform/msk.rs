//! Amazon MSK: configurations, clusters, policies, and the secrets of SCRAM users.

use std::collections::BTreeSet;

use blueprint::Blueprint;
use blueprint::ids::{ClientId, ClusterId};
use blueprint::kafka::Cluster;
use blueprint::spec::{Auth, ClusterKind};

use super::text::{arn, block, id, named, resource, tags};
use crate::msk;
use crate::names;
use crate::object::{Attribute, Object};
use crate::part::Resource;
use crate::policies;
use crate::value::{Input, Switch, Value};

pub(super) fn configuration(blueprint: &Blueprint, of: &ClusterId) -> Option<Vec<Resource>> {
    let cluster = blueprint.clusters.get(of)?;
    let version = Value::Text(msk::kafka_version(cluster));
    Some(vec![resource(
        "aws_msk_configuration",
        vec![
            ("name", msk::configuration_name(of, cluster).into()),
            ("kafka_versions", Value::List(vec![version])),
            ("server_properties", msk::server_properties(blueprint, of)?),
            // One for another version is there before the cluster leaves this one.
            (
                "lifecycle",
                block(vec![("create_before_destroy", true.into())]),
            ),
        ],
    )])
}

pub(super) fn cluster(blueprint: &Blueprint, of: &ClusterId) -> Option<Vec<Resource>> {
    let cluster = blueprint.clusters.get(of)?;
    let mut made = match cluster.kind {
        ClusterKind::MskServerless => serverless(blueprint, of),
        ClusterKind::Msk | ClusterKind::MskExpress => provisioned(blueprint, of, cluster),
        ClusterKind::Ec2 => return None,
    };
    made.keeps_data = true;
    Some(vec![made])
}

fn serverless(blueprint: &Blueprint, of: &ClusterId) -> Resource {
    let iam = block(vec![("enabled", true.into())]);
    resource(
        "aws_msk_serverless_cluster",
        vec![
            ("cluster_name", msk::name(of).into()),
            tags(of.as_str()),
            (
                "client_authentication",
                block(vec![("sasl", block(vec![("iam", iam)]))]),
            ),
            (
                "vpc_config",
                block(vec![
                    ("subnet_ids", subnets(blueprint, of)),
                    ("security_group_ids", groups(blueprint, of)),
                ]),
            ),
        ],
    )
}

fn provisioned(blueprint: &Blueprint, of: &ClusterId, cluster: &Cluster) -> Resource {
    let configuration = Object::Configuration(of.clone());
    let n_brokers = u32::try_from(cluster.brokers.len()).unwrap_or(u32::MAX);
    resource(
        "aws_msk_cluster",
        vec![
            ("cluster_name", msk::name(of).into()),
            ("kafka_version", msk::kafka_version(cluster).into()),
            ("number_of_broker_nodes", n_brokers.into()),
            tags(of.as_str()),
            ("broker_node_group_info", brokers(blueprint, of, cluster)),
            (
                "configuration_info",
                block(vec![
                    ("arn", arn(configuration.clone())),
                    ("revision", Value::Of(configuration, Attribute::Revision)),
                ]),
            ),
            ("client_authentication", authentication(of, cluster)),
            (
                "encryption_info",
                block(vec![("encryption_in_transit", encryption(cluster))]),
            ),
        ],
    )
}

fn brokers(blueprint: &Blueprint, of: &ClusterId, cluster: &Cluster) -> Value {
    let mut group = vec![
        ("instance_type", Value::Text(msk::instance_type(cluster))),
        ("client_subnets", subnets(blueprint, of)),
        ("security_groups", groups(blueprint, of)),
    ];
    if cluster.kind == ClusterKind::Msk {
        let volume = block(vec![("volume_size", msk::VOLUME_GIB.into())]);
        group.push(("storage_info", block(vec![("ebs_storage_info", volume)])));
    }
    if !cluster.vpc_connectivity.is_empty() {
        let connectivity = block(vec![("vpc_connectivity", connectivity(of, cluster))]);
        group.push(("connectivity_info", connectivity));
    }
    block(group)
}

/// VPC connectivity by scheme: Amazon MSK refuses it for a cluster that is being made.
fn connectivity(of: &ClusterId, cluster: &Cluster) -> Value {
    let by_switch = |schemes: &[Auth]| {
        let is_asked = schemes
            .iter()
            .any(|scheme| cluster.vpc_connectivity.contains_key(scheme));
        match is_asked {
            false => Value::Flag(false),
            true => Value::Switched {
                switch: Switch::VpcConnectivity {
                    cluster: of.to_string(),
                },
                first: Box::new(false.into()),
                then: Box::new(true.into()),
            },
        }
    };
    let sasl = block(vec![
        ("iam", by_switch(&[Auth::Iam])),
        ("scram", by_switch(&[Auth::Scram])),
    ]);
    let authentication = block(vec![
        ("tls", by_switch(&[Auth::Tls, Auth::Mtls])),
        ("sasl", sasl),
    ]);
    block(vec![("client_authentication", authentication)])
}

fn authentication(of: &ClusterId, cluster: &Cluster) -> Value {
    let schemes = msk::schemes(cluster);
    let has = |scheme: Auth| schemes.contains(&scheme);
    let mut allowed = vec![(
        "unauthenticated",
        Value::Flag(has(Auth::None) || has(Auth::Tls)),
    )];
    if has(Auth::Iam) || has(Auth::Scram) {
        allowed.push((
            "sasl",
            block(vec![
                ("iam", has(Auth::Iam).into()),
                ("scram", has(Auth::Scram).into()),
            ]),
        ));
    }
    if has(Auth::Mtls) {
        let authority = Value::Input(Input::Given {
            name: format!("{}-private-ca-arn", names::kebab(of.as_str())),
            what: format!(
                "ARN of the private CA (ACM) that signs certificates of `{of}`'s clients"
            ),
        });
        let authorities = Value::List(vec![authority]);
        allowed.push((
            "tls",
            block(vec![("certificate_authority_arns", authorities)]),
        ));
    }
    block(allowed)
}

fn encryption(cluster: &Cluster) -> Value {
    let schemes = msk::schemes(cluster);
    let plain = BTreeSet::from([Auth::None]);
    let clients = if schemes == plain {
        "PLAINTEXT"
    } else if schemes.contains(&Auth::None) {
        "TLS_PLAINTEXT"
    } else {
        "TLS"
    };
    block(vec![
        ("client_broker", clients.into()),
        ("in_cluster", true.into()),
    ])
}

fn subnets(blueprint: &Blueprint, of: &ClusterId) -> Value {
    let subnets = msk::subnets(blueprint, of).into_iter();
    Value::List(subnets.map(|subnet| id(Object::Subnet(subnet))).collect())
}

fn groups(blueprint: &Blueprint, of: &ClusterId) -> Value {
    let groups = msk::groups(blueprint, of).into_iter();
    let groups = groups.map(|group| id(Object::SecurityGroup(group)));
    Value::List(groups.collect())
}

pub(super) fn cluster_policy(blueprint: &Blueprint, of: &ClusterId) -> Option<Vec<Resource>> {
    let policy = policies::of_cluster(blueprint, of)?;
    Some(vec![resource(
        "aws_msk_cluster_policy",
        vec![
            ("cluster_arn", arn(Object::Cluster(of.clone()))),
            ("policy", policy),
        ],
    )])
}

pub(super) fn scram_key(blueprint: &Blueprint, of: &ClusterId) -> Option<Vec<Resource>> {
    let policy = policies::of_key(blueprint, of)?;
    let what = format!("encrypts the secrets of users of {of}");
    let mut key = resource(
        "aws_kms_key",
        vec![
            ("description", what.into()),
            ("enable_key_rotation", true.into()),
            ("policy", policy),
            tags(format!("{of}-users")),
        ],
    );
    key.keeps_data = true;
    Some(vec![key])
}

pub(super) fn scram_secret(blueprint: &Blueprint, of: &ClientId) -> Option<Vec<Resource>> {
    let user = msk::user(blueprint, of)?;
    let what = format!("{of} authenticates to {} by it", user.cluster);
    let mut secret = resource(
        "aws_secretsmanager_secret",
        vec![
            ("name", secret_name(blueprint, of).into()),
            ("description", what.into()),
            ("kms_key_id", arn(Object::ScramKey(user.cluster.clone()))),
            tags(of.as_str()),
        ],
    );
    secret.keeps_data = true;
    let mut resources = vec![secret];
    if let Some(policy) = policies::of_secret(blueprint, of) {
        resources.push(resource(
            "aws_secretsmanager_secret_policy",
            vec![
                ("secret_arn", arn(Object::ScramSecret(of.clone()))),
                ("block_public_policy", true.into()),
                ("policy", policy),
            ],
        ));
    }
    Some(resources)
}

/// The name of a user's secret: Amazon MSK takes only those that begin so.
fn secret_name(blueprint: &Blueprint, of: &ClientId) -> String {
    format!("AmazonMSK_{}_{of}", blueprint.name)
}

pub(super) fn scram_association(blueprint: &Blueprint, of: &ClusterId) -> Option<Vec<Resource>> {
    let users = msk::users(blueprint, of);
    let users = users.iter().map(|user| user.client);
    let secrets: Vec<_> = users
        .map(|client| Object::ScramSecret(client.clone()))
        .collect();
    let arns = secrets.iter().cloned().map(arn).collect();
    Some(vec![Resource {
        kind: "aws_msk_scram_secret_association",
        suffix: String::new(),
        properties: named(vec![
            ("cluster_arn", arn(Object::Cluster(of.clone()))),
            ("secret_arn_list", Value::List(arns)),
        ]),
        // Amazon MSK reads the secrets: their policies first.
        after: secrets,
        keeps_data: false,
    }])
}
