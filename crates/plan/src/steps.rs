//! Steps that are no objects, in the order they must be taken: peerings accepted, zones shared
//! across accounts, then the brokers' own settings, last whoever those settings move.

use std::collections::BTreeMap;

use blueprint::ids::{ClientId, ClusterId, HostedZoneId, VpcId};
use blueprint::kafka;
use blueprint::network::Vpc;
use blueprint::spec::ClusterKind;
use blueprint::{Blueprint, Step};

use crate::doors::Entry;
use crate::draft::Draft;
use crate::intent::Cluster;
use crate::settled::Settled;
use crate::{brokers, moved};

/// Writes every step.
pub(crate) fn write(settled: &Settled<'_>, draft: &mut Draft) {
    let mut steps = acceptances(&draft.blueprint);
    steps.extend(associations(&draft.blueprint));
    for cluster in &settled.asked.clusters {
        match cluster.asked.kind {
            ClusterKind::Ec2 => steps.extend(server_properties(cluster, draft)),
            ClusterKind::Msk | ClusterKind::MskExpress | ClusterKind::MskServerless => {
                steps.extend(moved::steps(cluster, settled, draft));
            }
        }
    }
    steps.extend(unjudged_balancers(&draft.blueprint));
    steps.extend(bootstraps(settled, &draft.blueprint));
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
fn bootstraps(settled: &Settled<'_>, blueprint: &Blueprint) -> Vec<Step> {
    let mut told: BTreeMap<_, (&str, Vec<String>)> = BTreeMap::new();
    let clients = settled.asked.clients.iter();
    for client in clients {
        let entry = settled.entry(client.way, &client.cluster);
        let written = blueprint.clients.get(&ClientId::from(client.name));
        let Some(written) = written.filter(|_| entry == Entry::Endpoint) else {
            continue;
        };
        let servers: Vec<_> = written.bootstrap.iter().map(ToString::to_string).collect();
        let bootstrap = format!("bootstrap.servers={}", servers.join(","));
        let settings = written.settings.iter();
        let settings = settings.map(|(name, value)| format!("{name}={value}"));
        let ends = (client.vpc.name, client.cluster.name);
        let (_, lines) = told
            .entry(ends)
            .or_insert((&client.vpc.asked.account, Vec::new()));
        for line in std::iter::once(bootstrap).chain(settings) {
            if !lines.contains(&line) {
                lines.push(line);
            }
        }
    }
    let steps = told
        .into_iter()
        .map(|((vpc, cluster), (account, lines))| Step {
            account: account.to_owned(),
            title: format!(
                "give clients of `{cluster}` in `{vpc}` their bootstrap servers and settings"
            ),
            lines,
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

/// Each VPC that uses a zone of another account.
fn associations(blueprint: &Blueprint) -> Vec<Step> {
    let zones = blueprint.zones.iter().filter(|(_, zone)| !zone.managed);
    let uses = zones.flat_map(|(id, zone)| zone.vpcs.iter().map(move |vpc| (id, zone, vpc)));
    let across = uses.filter_map(|(id, zone, name)| {
        let vpc = blueprint.vpcs.get(name)?;
        (vpc.account != zone.account).then(|| association(id, &zone.account, name, vpc))
    });
    across.flatten().collect()
}

/// A zone is shared across accounts in three calls that no template has.
fn association(zone: &HostedZoneId, owner: &str, name: &VpcId, vpc: &Vpc) -> [Step; 3] {
    let call = |verb: &str| {
        vec![format!(
            "aws route53 {verb} --hosted-zone-id <id of {zone}> --vpc VPCRegion={},VPCId=<id of {name}>",
            vpc.region
        )]
    };
    [
        Step {
            account: owner.to_owned(),
            title: format!("authorise `{name}` to use zone `{zone}`"),
            lines: call("create-vpc-association-authorization"),
        },
        Step {
            account: vpc.account.clone(),
            title: format!("associate `{name}` with zone `{zone}`"),
            lines: call("associate-vpc-with-hosted-zone"),
        },
        Step {
            account: owner.to_owned(),
            title: format!("withdraw the authorisation of `{name}`, which is used up"),
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
