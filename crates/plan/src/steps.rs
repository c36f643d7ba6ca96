//! Steps that are no objects, in the order they must be taken: peerings accepted, zones shared
//! across accounts, then the brokers' own settings, last whoever those settings move.

use std::collections::BTreeMap;

use blueprint::ids::{ClientId, ClusterId, HostedZoneId, VpcId};
use blueprint::kafka::{self, HostPort};
use blueprint::network::Vpc;
use blueprint::spec::ClusterKind;
use blueprint::{Blueprint, Step};

use crate::draft::Draft;
use crate::front::Front;
use crate::intent::Cluster;
use crate::settled::{Entry, Settled};
use crate::{brokers, listeners, naming, ports};

/// Writes every step.
pub(crate) fn write(settled: &Settled<'_>, draft: &mut Draft) {
    let mut steps = acceptances(&draft.blueprint);
    steps.extend(associations(&draft.blueprint));
    for cluster in &settled.asked.clusters {
        match cluster.asked.kind {
            ClusterKind::Ec2 => steps.extend(server_properties(cluster, draft)),
            ClusterKind::Msk | ClusterKind::MskExpress | ClusterKind::MskServerless => {
                if let Some(front) = settled.moving_front(cluster) {
                    steps.extend(moved_listener(cluster, front, draft));
                }
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
        let line = format!("bootstrap.servers={}", servers.join(","));
        let ends = (client.vpc.name, client.cluster.name);
        let (_, lines) = told
            .entry(ends)
            .or_insert((&client.vpc.asked.account, Vec::new()));
        if !lines.contains(&line) {
            lines.push(line);
        }
    }
    let steps = told
        .into_iter()
        .map(|((vpc, cluster), (account, lines))| Step {
            account: account.to_owned(),
            title: format!("give clients of `{cluster}` in `{vpc}` their bootstrap servers"),
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

/// MSK's listener is set to the balancer's ports, which moves local clients as well.
fn moved_listener(cluster: &Cluster<'_>, front: &Front, draft: &Draft) -> [Step; 2] {
    let account = &cluster.vpc.asked.account;
    let name = cluster.name;
    let bootstrap = HostPort {
        host: naming::bootstrap_host(&cluster.suffix),
        port: front.bootstrap,
    };
    [
        Step {
            account: account.clone(),
            title: format!(
                "set the listener of `{name}`, after the network: brokers restart one by one"
            ),
            lines: listener_lines(cluster, front, draft),
        },
        Step {
            account: account.clone(),
            title: format!(
                "give clients in `{}` their new bootstrap servers: the listener is theirs too",
                cluster.vpc.name
            ),
            lines: vec![format!("bootstrap.servers={bootstrap}")],
        },
    ]
}

/// One property where each broker's port is its id plus a number; else each broker's own.
fn listener_lines(cluster: &Cluster<'_>, front: &Front, draft: &Draft) -> Vec<String> {
    let advertised = advertised(cluster, front.listener, draft);
    let named = |(id, at): (&u32, &HostPort)| at.host == naming::broker_host(&cluster.suffix, *id);
    let ports = advertised.iter().map(|(id, at)| (*id, at.port)).collect();
    match ports::base(&ports) {
        Some(base) if advertised.iter().all(named) => vec![format!(
            "custom.advertised.listeners={}://b-{{broker_id}}.{}:{base}+{{broker_id}}",
            listeners::CLIENT,
            cluster.suffix
        )],
        Some(_) | None => {
            let lines = advertised.iter().map(|(id, at)| {
                format!(
                    "broker {id}: advertised.listeners={}://{at}",
                    front.listener
                )
            });
            lines.collect()
        }
    }
}

fn advertised(cluster: &Cluster<'_>, listener: &str, draft: &Draft) -> BTreeMap<u32, HostPort> {
    let settled = draft.blueprint.clusters.get(&ClusterId::from(cluster.name));
    let brokers = settled.into_iter().flat_map(|settled| &settled.brokers);
    let advertised = brokers.filter_map(|(id, broker)| {
        let at = broker.listeners.get(listener)?.advertised.clone()?;
        Some((*id, at))
    });
    advertised.collect()
}
