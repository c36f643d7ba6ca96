//! # unready-multi-vpc
//!
//! A cluster is to be reached by MSK's multi-VPC connectivity and cannot be: its kind, version,
//! instance type, authentication, access control, Region or policy stands against it.
//!
//! ## Why it is bad
//!
//! MSK turns VPC connectivity on per authentication scheme, only for clusters that exist already,
//! and refuses it for many: Kafka before 2.7.1, brokers of type t3.small, MSK Serverless,
//! unauthenticated access, plain TLS. With SASL/SCRAM and mTLS it wants access control lists in
//! force, `allow.everyone.if.no.acl.found=false`. A client in another account needs the cluster's
//! policy, and a client in another Region cannot be served at all. The answer is a 400 of the API
//! after an hour's update of the cluster.
//!
//! ## Example
//!
//! ```yaml
//! clusters:
//!   orders:
//!     kind: msk
//!     auth: [scram]
//!     config: { allow.everyone.if.no.acl.found: "true" }
//! connections:
//!   - { from: shop, to: orders, via: msk-multi-vpc }
//! ```
//!
//! ## Remedy
//!
//! Meet what the finding names, or connect by `via: privatelink-per-broker`, which asks nothing
//! of the cluster.

use std::collections::BTreeSet;

use blueprint::balancing::{Endpoint, EndpointTarget};
use blueprint::diagnostic::Diagnostic;
use blueprint::facts::id;
use blueprint::ids::{ClusterId, EndpointId};
use blueprint::kafka::Cluster;
use blueprint::spec::{Auth, ClusterKind};

use crate::evidence::{Evidence, Finding, value};

/// The instance type that multi-VPC connectivity leaves out (MSK developer guide).
const SMALL: &str = "kafka.t3.small";

/// The setting that access control lists need.
const ACL_SETTING: &str = "allow.everyone.if.no.acl.found";

/// What stands against it: the key to edit, the title, a label and the edit.
struct Obstacle {
    key: &'static [&'static str],
    title: String,
    label: String,
    help: String,
}

pub(super) fn run(evidence: &Evidence<'_, '_>) -> Vec<Finding> {
    let clusters = evidence.blueprint().clusters.iter();
    let asked = clusters.filter(|(_, cluster)| !cluster.vpc_connectivity.is_empty());
    let of_clusters = asked.flat_map(|(id, cluster)| {
        let obstacles = obstacles(evidence, id, cluster).into_iter();
        obstacles.map(move |obstacle| at_cluster(evidence, id, obstacle))
    });
    let connections = evidence.blueprint().endpoints.iter();
    let of_connections =
        connections.filter_map(|(id, endpoint)| at_connection(evidence, id, endpoint));
    of_clusters
        .chain(of_connections)
        .map(Finding::of_structure)
        .collect()
}

fn at_cluster(evidence: &Evidence<'_, '_>, id: &ClusterId, obstacle: Obstacle) -> Diagnostic {
    let cluster = evidence.origin(id);
    let key = obstacle
        .key
        .iter()
        .fold(cluster, |key, part| key.key(*part));
    Diagnostic::error("unready-multi-vpc", obstacle.title, value(key))
        .label(obstacle.label)
        .help(obstacle.help)
}

fn obstacles(evidence: &Evidence<'_, '_>, id: &ClusterId, cluster: &Cluster) -> Vec<Obstacle> {
    let found = [
        of_kind(id, cluster),
        of_version(evidence, id, cluster),
        of_instance(id, cluster),
        of_acls(id, cluster),
    ];
    let schemes = cluster.vpc_connectivity.keys();
    let schemes = schemes.filter_map(|scheme| of_scheme(id, *scheme));
    found.into_iter().flatten().chain(schemes).collect()
}

fn of_kind(id: &ClusterId, cluster: &Cluster) -> Option<Obstacle> {
    let why = match cluster.kind {
        ClusterKind::Msk | ClusterKind::MskExpress => return None,
        ClusterKind::MskServerless => "MSK Serverless has no VPC connectivity",
        ClusterKind::Ec2 => "only Amazon MSK has VPC connectivity",
    };
    Some(Obstacle {
        key: &["kind"],
        title: format!(
            "`{id}` is of kind {}, which has no multi-VPC connectivity",
            cluster.kind
        ),
        label: why.to_owned(),
        help: "connect by `via: privatelink-per-broker` or `via: privatelink`".to_owned(),
    })
}

fn of_version(evidence: &Evidence<'_, '_>, id: &ClusterId, cluster: &Cluster) -> Option<Obstacle> {
    let oldest = evidence.text_fact(id::DEFAULTS_MSK_MULTI_VPC_VERSION)?;
    let is_older = version(&cluster.kafka_version) < version(oldest);
    is_older.then(|| Obstacle {
        key: &["kafka_version"],
        title: format!(
            "`{id}` runs Kafka {}, and VPC connectivity needs {oldest}",
            cluster.kafka_version
        ),
        label: format!("older than {oldest}"),
        help: format!("upgrade it to Kafka {oldest} or later first"),
    })
}

/// The numbers of a version; what is no number, such as `x`, counts as the newest.
fn version(text: &str) -> Vec<u32> {
    let parts = text.split('.');
    parts.map(|part| part.parse().unwrap_or(u32::MAX)).collect()
}

fn of_instance(id: &ClusterId, cluster: &Cluster) -> Option<Obstacle> {
    let instance = cluster.instance_type.as_deref()?;
    (instance == SMALL).then(|| Obstacle {
        key: &["instance_type"],
        title: format!("brokers of `{id}` are of type {SMALL}, which VPC connectivity leaves out"),
        label: "refused by MSK".to_owned(),
        help: "choose a larger type, such as `kafka.m7g.large`".to_owned(),
    })
}

fn of_acls(id: &ClusterId, cluster: &Cluster) -> Option<Obstacle> {
    let mut schemes = cluster.vpc_connectivity.keys();
    let needs_lists = schemes.any(|scheme| matches!(scheme, Auth::Scram | Auth::Mtls));
    let said = cluster.settings.get(ACL_SETTING).map(|said| said.trim());
    (needs_lists && said != Some("false")).then(|| Obstacle {
        key: &["config", ACL_SETTING],
        title: format!("`{id}` lets everyone in where no access control list speaks"),
        label: "VPC connectivity by SASL/SCRAM or mTLS wants `false`".to_owned(),
        help: format!("say `{ACL_SETTING}: \"false\"`, and grant what clients need first"),
    })
}

fn of_scheme(id: &ClusterId, scheme: Auth) -> Option<Obstacle> {
    let why = match scheme {
        Auth::Mtls | Auth::Scram | Auth::Iam => return None,
        Auth::None => "unauthenticated access",
        Auth::Tls => "TLS without a client's certificate",
    };
    Some(Obstacle {
        key: &["auth"],
        title: format!("`{id}` is to be reached by {why}, which VPC connectivity refuses"),
        label: format!("`{scheme}` is not among IAM, SASL/SCRAM and mTLS"),
        help: "let the clients use `iam`, `scram` or `mtls`".to_owned(),
    })
}

/// A VPC connection from where the cluster cannot be reached, or whose account it does not know.
fn at_connection(
    evidence: &Evidence<'_, '_>,
    id: &EndpointId,
    endpoint: &Endpoint,
) -> Option<Diagnostic> {
    let blueprint = evidence.blueprint();
    let EndpointTarget::Service(service) = &endpoint.target else {
        return None;
    };
    let service = blueprint.services.get(service)?;
    let balancer = blueprint.balancers.get(&service.balancer)?;
    let (here, there) = (
        blueprint.vpcs.get(&endpoint.vpc)?,
        blueprint.vpcs.get(&balancer.vpc)?,
    );
    if !balancer.managed {
        return None;
    }
    let origin = evidence.origin(id);
    if here.region != there.region {
        let title = format!(
            "`{}` is in {}, and the cluster in {}",
            endpoint.vpc, here.region, there.region
        );
        let diagnostic = Diagnostic::error("unready-multi-vpc", title, value(origin.key("via")))
            .label("MSK serves VPC connections of its own Region only")
            .help("connect by `via: privatelink`, whose service may be used from other Regions");
        return Some(diagnostic);
    }
    let known: BTreeSet<_> = service.allowed_accounts.iter().collect();
    let is_stranger = here.account != there.account && !known.contains(&here.account);
    is_stranger.then(|| {
        let title = format!(
            "the cluster's policy does not let account {} connect",
            here.account
        );
        Diagnostic::error("unready-multi-vpc", title, value(origin.key("from")))
            .label("needs kafka:CreateVpcConnection in the cluster's policy")
            .help("leave the policy to the plan, which names the accounts of the clients")
    })
}
