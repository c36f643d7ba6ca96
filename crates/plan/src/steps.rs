//! Steps that are no objects, in the order they must be taken: peerings accepted, zones shared
//! across accounts, then the brokers' own settings, last whoever those settings move.

use std::collections::BTreeMap;

use blueprint::ids::{ClusterId, HostedZoneId, ObjectId, VpcId};
use blueprint::kafka;
use blueprint::spec::ClusterKind;
use blueprint::{Blueprint, Step};

use crate::draft::Draft;
use crate::intent::{Cluster, Link, Vpc};
use crate::settled::Settled;
use crate::{brokers, moved, names, naming};

/// Writes every step.
pub(crate) fn write(settled: &Settled<'_>, draft: &mut Draft) {
    let mut steps = acceptances(&draft.blueprint);
    let links = settled.asked.links.iter();
    for link in links.filter(|link| names::shares_zones(link)) {
        let (owner, user) = (&link.to.vpc.asked.account, &link.from.asked.account);
        if owner == user {
            continue;
        }
        for zone in shared_zones(link, &draft.blueprint) {
            steps.extend(association(zone.as_str(), owner, user, &link.from));
        }
    }
    for cluster in &settled.asked.clusters {
        match cluster.asked.kind {
            ClusterKind::Ec2 => steps.extend(server_properties(cluster, draft)),
            ClusterKind::Msk | ClusterKind::MskExpress | ClusterKind::MskServerless => {
                steps.extend(moved::steps(cluster, settled, draft));
            }
        }
    }
    steps.extend(unjudged_balancers(&draft.blueprint));
    steps.extend(bootstraps(&draft.blueprint));
    draft.blueprint.steps = steps;
}

/// AWS lets a balancer's groups judge what comes through PrivateLink unless it is told not to,
/// and they would judge it by addresses of another VPC.
fn unjudged_balancers(blueprint: &Blueprint) -> Vec<Step> {
    let open = blueprint.balancers.iter();
    let open = open.filter(|(_, balancer)| !balancer.enforce_on_privatelink);
    let steps = open.filter_map(|(id, balancer)| {
        let mut groups = balancer.nodes.values().filter_map(|eni| blueprint.enis.get(eni));
        let groups = groups.next().map_or(&[][..], |eni| &eni.security_groups);
        let groups: Vec<_> = groups.iter().map(|group| group.as_str()).collect();
        Some(Step {
            account: blueprint.vpcs.get(&balancer.vpc)?.account.clone(),
            title: format!(
                "keep the security groups of `{id}` from judging PrivateLink: AWS's default would drop every endpoint's clients"
            ),
            lines: vec![format!(
                "aws elbv2 set-security-groups --load-balancer-arn ARN-OF-{id} --security-groups {} --enforce-security-group-inbound-rules-on-private-link-traffic off",
                groups.join(" ")
            )],
        })
    });
    steps.collect()
}

/// What clients are told to dial that enter by an endpoint: its own bootstrap server.
fn bootstraps(blueprint: &Blueprint) -> Vec<Step> {
    let mut told: BTreeMap<_, Vec<String>> = BTreeMap::new();
    for client in blueprint.clients.values() {
        let endpoint = naming::endpoint(client.vpc.as_str(), client.cluster.as_str());
        if !blueprint.endpoints.contains_key(&endpoint) {
            continue;
        }
        let servers: Vec<_> = client.bootstrap.iter().map(ToString::to_string).collect();
        let line = format!("bootstrap.servers={}", servers.join(","));
        let lines = told.entry((&client.vpc, &client.cluster)).or_default();
        if !lines.contains(&line) {
            lines.push(line);
        }
    }
    let steps = told.into_iter().filter_map(|((vpc, cluster), lines)| {
        Some(Step {
            account: blueprint.vpcs.get(vpc)?.account.clone(),
            title: format!("give clients of `{cluster}` in `{vpc}` their bootstrap servers"),
            lines,
        })
    });
    steps.collect()
}

/// A peering across accounts waits for its other side.
fn acceptances(blueprint: &Blueprint) -> Vec<Step> {
    let across = blueprint.peerings.iter().filter_map(|(id, peering)| {
        let requester = blueprint.vpcs.get(&peering.requester)?;
        let accepter = blueprint.vpcs.get(&peering.accepter)?;
        (requester.account != accepter.account).then_some((id, accepter))
    });
    let steps = across.map(|(id, accepter)| Step {
        account: accepter.account.clone(),
        title: format!("accept peering `{id}`, since a template cannot do it across accounts"),
        lines: vec![format!(
            "aws ec2 accept-vpc-peering-connection --region {} --vpc-peering-connection-id <id of {id}>",
            accepter.region
        )],
    });
    steps.collect()
}

/// The zones of a connection's cluster that the client VPC is associated with.
fn shared_zones<'b>(
    link: &'b Link<'_>,
    blueprint: &'b Blueprint,
) -> impl Iterator<Item = &'b HostedZoneId> {
    let vpc = VpcId::from(link.from.name);
    let of_cluster = |id: &HostedZoneId| {
        let origin = blueprint.origins.get(&ObjectId::from(id));
        origin == Some(&link.to.key)
    };
    let zones = blueprint.zones.iter();
    zones
        .filter(move |(id, zone)| zone.vpcs.contains(&vpc) && of_cluster(id))
        .map(|(id, _)| id)
}

/// A zone is shared across accounts in three calls that no template has.
fn association(zone: &str, owner: &str, user: &str, vpc: &Vpc<'_>) -> [Step; 3] {
    let (vpc, region) = (vpc.name, vpc.region);
    let call = |verb: &str| {
        vec![format!(
            "aws route53 {verb} --hosted-zone-id <id of {zone}> --vpc VPCRegion={region},VPCId=<id of {vpc}>"
        )]
    };
    [
        Step {
            account: owner.to_owned(),
            title: format!("authorise `{vpc}` to use zone `{zone}`"),
            lines: call("create-vpc-association-authorization"),
        },
        Step {
            account: user.to_owned(),
            title: format!("associate `{vpc}` with zone `{zone}`"),
            lines: call("associate-vpc-with-hosted-zone"),
        },
        Step {
            account: owner.to_owned(),
            title: format!("withdraw the authorisation of `{vpc}`, which is used up"),
            lines: call("delete-vpc-association-authorization"),
        },
    ]
}

fn server_properties(cluster: &Cluster<'_>, draft: &Draft) -> Vec<Step> {
    let Some(settled) = draft.blueprint.clusters.get(&ClusterId::from(cluster.name)) else {
        return Vec::new();
    };
    let addresses = brokers::addresses(cluster, draft).into_iter();
    let steps = addresses.map(|(id, address)| {
        let lines = kafka::properties(settled, id, address).into_iter();
        Step {
            account: cluster.vpc.asked.account.clone(),
            title: format!(
                "set `server.properties` of broker {id} of `{}`",
                cluster.name
            ),
            lines: lines
                .map(|(name, value)| format!("{name}={value}"))
                .collect(),
        }
    });
    steps.collect()
}
