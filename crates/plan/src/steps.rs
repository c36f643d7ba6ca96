//! Steps that are no objects, in the order they must be taken: peerings accepted, zones shared
//! across accounts, then the brokers' own settings, last whoever those settings move.

use std::collections::BTreeMap;

use blueprint::ids::ClusterId;
use blueprint::kafka::{self, HostPort};
use blueprint::network::Peering;
use blueprint::spec::ClusterKind;
use blueprint::{Blueprint, Step};

use crate::draft::Draft;
use crate::front::Front;
use crate::intent::Cluster;
use crate::settled::Settled;
use crate::{brokers, listeners, names, naming, ports};

/// Writes every step.
pub(crate) fn write(settled: &Settled<'_>, draft: &mut Draft) {
    let mut steps = acceptances(&draft.blueprint);
    for link in settled
        .asked
        .links
        .iter()
        .filter(|link| names::shares_own_zone(link))
    {
        let zone = names::own_zone(&link.to);
        let (owner, user) = (&link.to.vpc.asked.account, &link.from.asked.account);
        if owner != user {
            let region = &draft.blueprint.region;
            steps.extend(association(
                zone.as_str(),
                owner,
                user,
                link.from.name,
                region,
            ));
        }
    }
    for cluster in &settled.asked.clusters {
        match cluster.asked.kind {
            ClusterKind::Ec2 => steps.extend(server_properties(cluster, draft)),
            ClusterKind::Msk => {
                if let Some(front) = settled.moving_front(cluster) {
                    steps.extend(moved_listener(cluster, front, draft));
                }
            }
        }
    }
    draft.blueprint.steps = steps;
}

/// A peering across accounts waits for its other side.
fn acceptances(blueprint: &Blueprint) -> Vec<Step> {
    let account = |peering: &Peering| {
        let requester = blueprint.vpcs.get(&peering.requester)?;
        let accepter = blueprint.vpcs.get(&peering.accepter)?;
        (requester.account != accepter.account).then(|| accepter.account.clone())
    };
    let across = blueprint
        .peerings
        .iter()
        .filter_map(|(id, peering)| Some((id, account(peering)?)));
    let steps = across.map(|(id, account)| Step {
        account,
        title: format!("accept peering `{id}`, since a template cannot do it across accounts"),
        lines: vec![format!(
            "aws ec2 accept-vpc-peering-connection --region {} --vpc-peering-connection-id <id of {id}>",
            blueprint.region
        )],
    });
    steps.collect()
}

/// A zone is shared across accounts in three calls that no template has.
fn association(zone: &str, owner: &str, user: &str, vpc: &str, region: &str) -> [Step; 3] {
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
