//! VPC Lattice: a resource gateway in the cluster's VPC and a resource for each broker.

use blueprint::ids::ZoneId;
use blueprint::key::SpecKey;
use blueprint::spec::Auth;

use crate::draft::Draft;
use crate::intent::{Cluster, Intent, Link, Means};
use crate::layout::Plots;
use crate::{front, sets};

/// Has every name made private, AWS's own included.
const ALL_DOMAINS: &str = "ALL_DOMAINS";

/// Has names made private whose domain is verified, which AWS's own never is.
const VERIFIED_DOMAINS_ONLY: &str = "VERIFIED_DOMAINS_ONLY";

/// A cluster's side of the pattern.
pub(crate) struct Resources {
    /// The first connection that needs it.
    pub(crate) key: SpecKey,
    /// The brokers' listeners in use, with the scheme of each.
    pub(crate) listeners: Vec<(&'static str, Auth)>,
    /// Zones in which the gateway has an interface.
    pub(crate) zones: Vec<ZoneId>,
}

/// Settles the pattern, if a connection needs it.
pub(super) fn settle(
    cluster: &Cluster<'_>,
    intent: &Intent<'_>,
    plots: &Plots,
    draft: &mut Draft,
) -> Option<Resources> {
    let links = super::links(intent, cluster, Means::ResourceEndpoint);
    let first = links.first()?;
    for link in &links {
        if link.asked.private_dns_preference.is_none() {
            let because = "AWS's default makes no zone for names under amazonaws.com";
            let key = link.key.key("private_dns_preference");
            draft.fill(key, ALL_DOMAINS, because);
        }
    }
    Some(Resources {
        key: first.key.clone(),
        listeners: sets::listeners_used(cluster, &links, intent),
        zones: front::balancer_zones(cluster, &links, plots, draft),
    })
}

/// Whether AWS makes a zone for a name in the VPC of a connection's endpoints.
pub(crate) fn is_private(link: &Link<'_>, host: &str) -> bool {
    let preference = link.asked.private_dns_preference.as_deref();
    let is_aws = host.ends_with(".amazonaws.com");
    preference != Some(VERIFIED_DOMAINS_ONLY) || !is_aws
}
