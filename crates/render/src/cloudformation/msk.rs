//! Amazon MSK: configurations, clusters, policies, VPC connections, and the secrets of SCRAM users.

use blueprint::Blueprint;
use blueprint::ids::{ClientId, ClusterId, EndpointId};
use blueprint::kafka::Cluster;
use blueprint::spec::{Auth, ClusterKind};

use super::properties::{Properties, id, tag_map};
use crate::interfaces;
use crate::msk;
use crate::object::{Attribute, Object};
use crate::part::Resource;
use crate::policies;
use crate::value::Value;

/// Characters of a generated password: more than 128 bits of chance from letters and digits.
const PASSWORD_LENGTH: u16 = 32;

pub(super) fn configuration(blueprint: &Blueprint, of: &ClusterId) -> Option<Vec<Resource>> {
    let cluster = blueprint.clusters.get(of)?;
    let version = Value::Text(msk::kafka_version(cluster));
    let properties = Properties::new()
        .with("Name", msk::configuration_name(of, cluster))
        .with("KafkaVersionsList", vec![version])
        .with("ServerProperties", msk::server_properties(blueprint, of)?);
    // Amazon MSK does not delete a configuration that a cluster uses, and the cluster is kept.
    Some(vec![Resource {
        keeps_data: true,
        ..properties.resource("AWS::MSK::Configuration")
    }])
}

pub(super) fn cluster(blueprint: &Blueprint, of: &ClusterId) -> Option<Vec<Resource>> {
    let cluster = blueprint.clusters.get(of)?;
    let made = match cluster.kind {
        ClusterKind::MskServerless => serverless(blueprint, of),
        ClusterKind::Msk | ClusterKind::MskExpress => provisioned(blueprint, of, cluster),
        ClusterKind::Ec2 => return None,
    };
    Some(vec![Resource {
        keeps_data: true,
        ..made
    }])
}

fn serverless(blueprint: &Blueprint, of: &ClusterId) -> Resource {
    let place = Properties::new()
        .with("SubnetIds", msk::subnets(blueprint, of))
        .list("SecurityGroups", msk::groups(blueprint, of));
    let sasl = Properties::new().with("Iam", enabled(true));
    let authentication = Properties::new().with("Sasl", sasl.map());
    Properties::new()
        .with("ClusterName", msk::name(of))
        .with("VpcConfigs", vec![place.map()])
        .with("ClientAuthentication", authentication.map())
        .with("Tags", tag_map(blueprint, of.as_str()))
        .resource("AWS::MSK::ServerlessCluster")
}

fn provisioned(blueprint: &Blueprint, of: &ClusterId, cluster: &Cluster) -> Resource {
    let configuration = Object::Configuration(of.clone());
    let revision = Value::Of(configuration.clone(), Attribute::Revision);
    let configuration = Properties::new()
        .with("Arn", Value::Of(configuration, Attribute::Arn))
        .with("Revision", revision);
    let in_transit = Properties::new()
        .with("ClientBroker", msk::client_broker(cluster))
        .with("InCluster", true);
    let encryption = Properties::new().with("EncryptionInTransit", in_transit.map());
    let n_brokers = u32::try_from(cluster.brokers.len()).unwrap_or(u32::MAX);
    Properties::new()
        .with("ClusterName", msk::name(of))
        .with("KafkaVersion", msk::kafka_version(cluster))
        .with("NumberOfBrokerNodes", n_brokers)
        .with("BrokerNodeGroupInfo", brokers(blueprint, of, cluster))
        .with("ConfigurationInfo", configuration.map())
        .with("ClientAuthentication", authentication(of, cluster))
        .with("EncryptionInfo", encryption.map())
        .with("Tags", tag_map(blueprint, of.as_str()))
        .resource("AWS::MSK::Cluster")
}

fn brokers(blueprint: &Blueprint, of: &ClusterId, cluster: &Cluster) -> Value {
    let volume = Properties::new().with("VolumeSize", msk::VOLUME_GIB);
    let storage = Properties::new().with("EBSStorageInfo", volume.map());
    // Express brokers bring their own storage.
    let has_volumes = cluster.kind == ClusterKind::Msk;
    let is_private = !cluster.vpc_connectivity.is_empty();
    let group = Properties::new()
        .with("InstanceType", msk::instance_type(cluster))
        .with("ClientSubnets", msk::subnets(blueprint, of))
        .list("SecurityGroups", msk::groups(blueprint, of))
        .maybe("StorageInfo", has_volumes.then(|| storage.map()))
        .maybe(
            "ConnectivityInfo",
            is_private.then(|| connectivity(of, cluster)),
        );
    group.map()
}

fn connectivity(of: &ClusterId, cluster: &Cluster) -> Value {
    let by_switch = |schemes: &[Auth]| enabled(msk::has_connectivity(of, cluster, schemes));
    let sasl = Properties::new()
        .with("Iam", by_switch(&[Auth::Iam]))
        .with("Scram", by_switch(&[Auth::Scram]));
    let authentication = Properties::new()
        .with("Sasl", sasl.map())
        .with("Tls", by_switch(&[Auth::Tls, Auth::Mtls]));
    let connectivity = Properties::new().with("ClientAuthentication", authentication.map());
    Properties::new()
        .with("VpcConnectivity", connectivity.map())
        .map()
}

fn authentication(of: &ClusterId, cluster: &Cluster) -> Value {
    let schemes = msk::schemes(cluster);
    let has = |scheme: Auth| schemes.contains(&scheme);
    let sasl = Properties::new()
        .with("Iam", enabled(has(Auth::Iam)))
        .with("Scram", enabled(has(Auth::Scram)));
    let is_sasl = has(Auth::Iam) || has(Auth::Scram);
    let tls = has(Auth::Mtls).then(|| {
        Properties::new()
            .with("Enabled", true)
            .with("CertificateAuthorityArnList", vec![msk::private_ca(of)])
            .map()
    });
    Properties::new()
        .with(
            "Unauthenticated",
            enabled(has(Auth::None) || has(Auth::Tls)),
        )
        .maybe("Sasl", is_sasl.then(|| sasl.map()))
        .maybe("Tls", tls)
        .map()
}

fn enabled(flag: impl Into<Value>) -> Value {
    Properties::new().with("Enabled", flag).map()
}

pub(super) fn policy(blueprint: &Blueprint, of: &ClusterId) -> Option<Vec<Resource>> {
    let arn = Value::Of(Object::Cluster(of.clone()), Attribute::Arn);
    let properties = Properties::new()
        .with("ClusterArn", arn)
        .with("Policy", policies::of_cluster(blueprint, of)?);
    Some(vec![properties.resource("AWS::MSK::ClusterPolicy")])
}

pub(super) fn vpc_connection(blueprint: &Blueprint, of: &EndpointId) -> Option<Vec<Resource>> {
    let endpoint = blueprint.endpoints.get(of)?;
    let (cluster, auth) = msk::connected(blueprint, endpoint)?;
    let enis = interfaces::by_zone(blueprint, &endpoint.enis);
    let cluster = Value::Of(Object::Cluster(cluster.clone()), Attribute::Arn);
    let properties = Properties::new()
        .with("TargetClusterArn", cluster)
        .with("Authentication", msk::scheme(auth))
        .with("VpcId", id(Object::Vpc(endpoint.vpc.clone())))
        .with("ClientSubnets", interfaces::subnets(&enis))
        .with("SecurityGroups", interfaces::groups(&enis))
        .with("Tags", tag_map(blueprint, of.as_str()));
    Some(vec![properties.resource("AWS::MSK::VpcConnection")])
}

pub(super) fn scram_key(blueprint: &Blueprint, of: &ClusterId) -> Option<Vec<Resource>> {
    let properties = Properties::new()
        .with(
            "Description",
            format!("encrypts the secrets of users of {of}"),
        )
        .with("EnableKeyRotation", true)
        .with("KeyPolicy", policies::of_key(blueprint, of)?)
        .tags(blueprint, &format!("{of}-users"));
    Some(vec![Resource {
        keeps_data: true,
        ..properties.resource("AWS::KMS::Key")
    }])
}

/// A secret with a password that Secrets Manager makes up, so that no text holds one.
pub(super) fn scram_secret(blueprint: &Blueprint, of: &ClientId) -> Option<Vec<Resource>> {
    let user = msk::user(blueprint, of)?;
    let key = Value::Of(Object::ScramKey(user.cluster.clone()), Attribute::Arn);
    let password = Properties::new()
        .with(
            "SecretStringTemplate",
            format!("{{\"username\": \"{of}\"}}"),
        )
        .with("GenerateStringKey", "password")
        .with("PasswordLength", PASSWORD_LENGTH)
        .with("ExcludePunctuation", true);
    let secret = Properties::new()
        .with("Name", msk::secret_name(blueprint, of))
        .with(
            "Description",
            format!("{of} authenticates to {} by it", user.cluster),
        )
        .with("KmsKeyId", key)
        .with("GenerateSecretString", password.map())
        .tags(blueprint, of.as_str());
    let secret = Resource {
        keeps_data: true,
        ..secret.resource("AWS::SecretsManager::Secret")
    };
    let policy = policies::of_secret(blueprint, of).map(|policy| {
        let arn = Value::Of(Object::ScramSecret(of.clone()), Attribute::Arn);
        Properties::new()
            .with("SecretId", arn)
            .with("BlockPublicPolicy", true)
            .with("ResourcePolicy", policy)
            .further("AWS::SecretsManager::ResourcePolicy", "policy")
    });
    Some(std::iter::once(secret).chain(policy).collect())
}

pub(super) fn scram_association(blueprint: &Blueprint, of: &ClusterId) -> Option<Vec<Resource>> {
    let users = msk::users(blueprint, of).into_iter();
    let secrets: Vec<_> = users
        .map(|user| Object::ScramSecret(user.client.clone()))
        .collect();
    let arns = secrets.iter().cloned();
    let arns = arns.map(|secret| Value::Of(secret, Attribute::Arn));
    let properties = Properties::new()
        .with(
            "ClusterArn",
            Value::Of(Object::Cluster(of.clone()), Attribute::Arn),
        )
        .with("SecretArnList", arns.collect::<Vec<_>>());
    // Amazon MSK reads the secrets: their policies come first.
    Some(vec![Resource {
        after: secrets,
        ..properties.resource("AWS::MSK::BatchScramSecret")
    }])
}
