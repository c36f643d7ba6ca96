//! Steps by which one account lets another one in: endpoints accepted, MSK's VPC connectivity
//! turned on, shares of resources accepted.

use blueprint::Step;
use blueprint::balancing::{Endpoint, EndpointTarget};
use blueprint::{Blueprint, ids};

use crate::draft::Draft;
use crate::intent::Cluster;
use crate::settled::Settled;

/// Every such step, in the order of clusters and then of endpoints.
pub(crate) fn steps(settled: &Settled<'_>, draft: &Draft) -> Vec<Step> {
    let clusters = settled.asked.clusters.iter();
    let connectivity = clusters.flat_map(|cluster| connectivity(cluster, settled));
    let endpoints = draft.blueprint.endpoints.iter();
    let accepted = endpoints.filter_map(|(id, endpoint)| accepted(id, endpoint, &draft.blueprint));
    connectivity.chain(accepted).collect()
}

/// MSK refuses VPC connectivity while it makes a cluster, so it is an update of its own.
fn connectivity(cluster: &Cluster<'_>, settled: &Settled<'_>) -> Vec<Step> {
    let own = settled.choices(cluster).patterns.multi_vpc.iter();
    let schemes = own.flat_map(|own| &own.schemes);
    let step = |label: &str| {
        let turned_on = match label {
            "tls" => r#"{"Tls":{"Enabled":true}}"#.to_owned(),
            sasl => format!(r#"{{"Sasl":{{"{}":{{"Enabled":true}}}}}}"#, capital(sasl)),
        };
        let name = cluster.name;
        Step {
            account: cluster.vpc.asked.account.clone(),
            title: format!(
                "turn on VPC connectivity of `{name}` for {label} once it is active, before its clients connect: MSK takes it in an update of its own"
            ),
            lines: vec![format!(
                "aws kafka update-connectivity --region {} --cluster-arn ARN-OF-{name} --current-version VERSION-OF-{name} --connectivity-info '{{\"VpcConnectivity\":{{\"ClientAuthentication\":{turned_on}}}}}'",
                cluster.vpc.region
            )],
        }
    };
    schemes.map(|scheme| step(scheme.label)).collect()
}

/// A word as MSK's API writes it.
fn capital(word: &str) -> String {
    let mut letters = word.chars();
    let first = letters.next().map(|first| first.to_ascii_uppercase());
    first.into_iter().chain(letters).collect()
}

/// An endpoint whose service waits for its owner, or whose resource is another account's.
fn accepted(id: &ids::EndpointId, endpoint: &Endpoint, blueprint: &Blueprint) -> Option<Step> {
    let user = blueprint.vpcs.get(&endpoint.vpc)?;
    match &endpoint.target {
        EndpointTarget::Service(target) => {
            let service = blueprint.services.get(target)?;
            let balancer = blueprint.balancers.get(&service.balancer)?;
            let owner = blueprint.vpcs.get(&balancer.vpc)?;
            service.acceptance_required.then(|| Step {
                account: owner.account.clone(),
                title: format!("accept endpoint `{id}`, which waits for the owner of `{target}`"),
                lines: vec![format!(
                    "aws ec2 accept-vpc-endpoint-connections --region {} --service-id <id of {target}> --vpc-endpoint-ids <id of {id}>",
                    owner.region
                )],
            })
        }
        EndpointTarget::Resource(target) => {
            let resource = blueprint.resource_configurations.get(target)?;
            let gateway = blueprint.resource_gateways.get(&resource.gateway)?;
            let owner = blueprint.vpcs.get(&gateway.vpc)?;
            (owner.account != user.account).then(|| Step {
                account: user.account.clone(),
                title: format!("accept the share of resource `{target}` before endpoint `{id}` is made"),
                lines: vec![format!(
                    "aws ram accept-resource-share-invitation --region {} --resource-share-invitation-arn <invitation to {target}>",
                    user.region
                )],
            })
        }
    }
}
