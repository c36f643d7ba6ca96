//! Amazon MSK: configurations, clusters, policies, and the secrets of SCRAM users.

use blueprint::Blueprint;
use blueprint::ids::{ClientId, ClusterId};
use blueprint::kafka::Cluster;
use blueprint::spec::{Auth, ClusterKind};

use super::text::{arn, block, named, resource, tags};
use crate::msk;
use crate::object::{Attribute, Object};
use crate::part::Resource;
use crate::policies;
use crate::value::Value;

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
                    ("subnet_ids", msk::subnets(blueprint, of).into()),
                    ("security_group_ids", msk::groups(blueprint, of).into()),
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
        ("client_subnets", msk::subnets(blueprint, of).into()),
        ("security_groups", msk::groups(blueprint, of).into()),
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

fn connectivity(of: &ClusterId, cluster: &Cluster) -> Value {
    let by_switch = |schemes: &[Auth]| msk::has_connectivity(of, cluster, schemes);
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
        let authorities = Value::List(vec![msk::private_ca(of)]);
        allowed.push((
            "tls",
            block(vec![("certificate_authority_arns", authorities)]),
        ));
    }
    block(allowed)
}

fn encryption(cluster: &Cluster) -> Value {
    block(vec![
        ("client_broker", msk::client_broker(cluster).into()),
        ("in_cluster", true.into()),
    ])
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
            ("name", msk::secret_name(blueprint, of).into()),
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
