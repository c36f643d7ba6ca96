//! Objects that exist already: their ids, what the plan must be told of them because it cannot
//! see it, and what it warns of. It adds beside them and changes none.
//!
//! A VPC that exists is used as it was said: `subnets` with an `id` are used, those without one
//! and those laid out for `zones` are new. Addresses are chosen in a subnet that exists as in any
//! other, so the first such choice in a VPC is a warning: somebody may have them. The route table
//! of a subnet that exists is that subnet's own, and gains routes. A transit gateway that exists
//! gains a table of the plan's beside those it has.

use std::collections::BTreeSet;

use blueprint::diagnostic::{At, Diagnostic};
use blueprint::ids::{ClusterId, HostedZoneId, ObjectId, SubnetId, TransitGatewayId, VpcId};
use blueprint::network::{Eni, EniOwner};
use blueprint::spec::ClusterKind;

use crate::draft::Draft;
use crate::intent::{Cluster, Vpc};
use crate::naming;
use crate::settled::Settled;

/// Writes the ids of what exists, and reports what is missing of it.
pub(crate) fn write(settled: &Settled<'_>, draft: &mut Draft) {
    for vpc in &settled.asked.vpcs {
        write_vpc(vpc, draft);
    }
    for hub in &settled.asked.hubs {
        enter(TransitGatewayId::from(hub.name), &hub.asked.id, draft);
    }
    for cluster in &settled.asked.clusters {
        enter(ClusterId::from(cluster.name), &cluster.asked.id, draft);
        let group = naming::brokers_group(cluster.name);
        enter(group, &cluster.asked.security_group, draft);
        if cluster.asked.id.is_some() {
            report_unsaid(cluster, draft);
        }
    }
    for client in &settled.asked.clients {
        let group = naming::client_group(client.name);
        enter(group, &client.asked.security_group, draft);
    }
}

fn enter(object: impl Into<ObjectId>, id: &Option<String>, draft: &mut Draft) {
    if let Some(id) = id {
        draft.blueprint.existing.insert(object.into(), id.clone());
    }
}

fn write_vpc(vpc: &Vpc<'_>, draft: &mut Draft) {
    enter(VpcId::from(vpc.name), &vpc.asked.id, draft);
    let mut known: BTreeSet<SubnetId> = BTreeSet::new();
    for subnet in &vpc.asked.subnets {
        let cidr = subnet.cidr.trunc();
        let mut written = draft.blueprint.subnets.iter();
        let written =
            written.find(|(_, other)| other.vpc.as_str() == vpc.name && other.cidr == cidr);
        if let Some(id) = written.map(|(id, _)| id.clone()) {
            enter(&id, &subnet.id, draft);
            if subnet.id.is_some() {
                known.insert(id);
            }
        }
    }
    for zone in &vpc.asked.hosted_zones {
        let name = naming::domain(&zone.name);
        let own = naming::said_zone(vpc.name, &name);
        if draft.blueprint.zones.contains_key::<HostedZoneId>(&own) {
            enter(own, &zone.id, draft);
        }
    }
    if vpc.asked.id.is_some() && vpc.asked.subnets.is_empty() {
        draft.report(unseen_subnets(vpc));
    }
    if let Some(subnet) = first_chosen(&known, draft) {
        draft.report(unseen_addresses(vpc, &subnet));
    }
}

/// The first of these subnets in which an address was chosen.
fn first_chosen(subnets: &BTreeSet<SubnetId>, draft: &Draft) -> Option<SubnetId> {
    let is_named = |eni: &Eni| match eni.owner {
        EniOwner::Witness => false,
        EniOwner::Broker { .. }
        | EniOwner::BalancerNode(_)
        | EniOwner::Endpoint(_)
        | EniOwner::ResourceGateway(_)
        | EniOwner::Gateway(_)
        | EniOwner::Client(_) => true,
    };
    let chosen = draft.chosen_addresses();
    let enis = draft.blueprint.enis.iter();
    let mut inside = enis
        .filter(|(id, eni)| subnets.contains(&eni.subnet) && chosen.contains(*id) && is_named(eni));
    inside.next().map(|(_, eni)| eni.subnet.clone())
}

fn unseen_subnets(vpc: &Vpc<'_>) -> Diagnostic {
    let title = format!("the subnets that `{}` has are not known", vpc.name);
    Diagnostic::warning(
        "unseen-existing-object",
        title,
        At::Value(vpc.key.key("id")),
    )
    .label("new subnets are laid out, and may overlap those it has")
    .help("list its `subnets`, with the `id` of those that exist")
}

fn unseen_addresses(vpc: &Vpc<'_>, subnet: &SubnetId) -> Diagnostic {
    let title = format!("who has which address in `{subnet}` is not known");
    let at = At::Value(vpc.key.key("subnets"));
    Diagnostic::warning("unseen-existing-object", title, at)
        .label("addresses are chosen in it, and may be taken")
        .help("say them: `addresses` of clusters and clients, `endpoint_addresses` of connections")
}

/// What AWS gave a cluster that exists cannot be guessed.
fn report_unsaid(cluster: &Cluster<'_>, draft: &mut Draft) {
    let mut missing = Vec::new();
    if cluster.asked.suffix.is_none() {
        missing.push("`suffix`, the domain of its brokers' names".to_owned());
    }
    let unsaid = cluster.brokers.iter();
    let unsaid = unsaid.filter(|id| !cluster.asked.addresses.contains_key(id));
    let unsaid: Vec<String> = unsaid.map(u32::to_string).collect();
    let has_addresses = match cluster.asked.kind {
        ClusterKind::Msk | ClusterKind::MskExpress | ClusterKind::Ec2 => true,
        ClusterKind::MskServerless => false,
    };
    if has_addresses && !unsaid.is_empty() {
        let brokers = unsaid.join(", ");
        missing.push(format!("`addresses` of brokers {brokers}"));
    }
    if missing.is_empty() {
        return;
    }
    let title = format!("`{}` exists, and what it is like is not said", cluster.name);
    let at = At::Value(cluster.key.key("id"));
    let fault = Diagnostic::error("unfit-existing-object", title, at)
        .label(format!("missing: {}", missing.join("; ")));
    let fault = match cluster.asked.kind {
        ClusterKind::Ec2 => fault,
        ClusterKind::Msk | ClusterKind::MskExpress | ClusterKind::MskServerless => {
            fault.note("`aws kafka list-nodes` gives each broker's endpoint and client VPC address")
        }
    };
    draft.report(fault.help("say them under the cluster"));
}
