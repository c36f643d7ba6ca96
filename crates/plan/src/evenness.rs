//! Amazon MSK has as many brokers in each of its zones as in any other, and creates no cluster
//! otherwise.

use std::collections::BTreeMap;

use blueprint::diagnostic::{At, Diagnostic};
use blueprint::ids::ZoneId;
use blueprint::spec::ClusterKind;

use crate::draft::Draft;
use crate::intent::Cluster;
use crate::naming;
use crate::settled::Settled;

/// Reports the provisioned MSK clusters that have more brokers in one zone than in another.
pub(crate) fn report(settled: &Settled<'_>, draft: &mut Draft) {
    let clusters = settled.asked.clusters.iter();
    let by_zones = |kind| matches!(kind, ClusterKind::Msk | ClusterKind::MskExpress);
    for cluster in clusters.filter(|cluster| by_zones(cluster.asked.kind)) {
        let in_zones = count(cluster, draft);
        let is_placed = in_zones.values().sum::<usize>() == cluster.brokers.len();
        let (least, most) = (in_zones.values().min(), in_zones.values().max());
        if is_placed && least != most {
            draft.report(uneven(cluster, &in_zones));
        }
    }
}

/// How many brokers each zone has, of those that have an interface.
fn count(cluster: &Cluster<'_>, draft: &Draft) -> BTreeMap<ZoneId, usize> {
    let mut in_zones = BTreeMap::new();
    let enis = cluster.brokers.iter().filter_map(|id| {
        let id = naming::broker_eni(cluster.name, *id);
        draft.blueprint.enis.get(&id)
    });
    for eni in enis {
        if let Some(subnet) = draft.blueprint.subnets.get(&eni.subnet) {
            *in_zones.entry(subnet.zone.clone()).or_default() += 1;
        }
    }
    in_zones
}

fn uneven(cluster: &Cluster<'_>, in_zones: &BTreeMap<ZoneId, usize>) -> Diagnostic {
    let title = format!(
        "`{}` has more brokers in one zone than in another",
        cluster.name
    );
    let counts = in_zones.iter().map(|(zone, n)| format!("{n} in {zone}"));
    let counts = counts.collect::<Vec<_>>().join(", ");
    let surplus = cluster.brokers.len() % in_zones.len();
    let help = if surplus == 0 {
        "spread them evenly in `broker_zones` or `addresses`".to_owned()
    } else {
        let lacking = in_zones.len() - surplus;
        format!("add {lacking} or remove {surplus}, so that each zone has as many")
    };
    Diagnostic::error(
        "uneven-brokers",
        title,
        At::Value(cluster.key.key("brokers")),
    )
    .label(counts)
    .note("Amazon MSK takes a number of brokers that is a multiple of its zones")
    .help(help)
}
