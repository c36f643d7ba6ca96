//! Host names of a cluster and of its brokers, as the kind of cluster forms them, and the
//! certificates that hold them.

use std::collections::BTreeSet;

use blueprint::spec::{self, Auth, ClusterKind};

use crate::intent::Cluster;
use crate::naming;

/// Bootstrap names of an Express cluster, each of which leads to some broker.
const EXPRESS_BOOTSTRAP_NAMES: usize = 3;

/// The schemes clients of a cluster may use, each once, in the spec's order; never empty.
pub(crate) fn schemes(cluster: &spec::Cluster) -> Vec<Auth> {
    if cluster.kind == ClusterKind::MskServerless {
        return vec![Auth::Iam];
    }
    let mut schemes = Vec::new();
    for auth in &cluster.auth {
        if !schemes.contains(auth) {
            schemes.push(*auth);
        }
    }
    if schemes.is_empty() {
        schemes.push(Auth::None);
    }
    schemes
}

impl Cluster<'_> {
    /// The schemes clients may use, each once, in the spec's order; never empty.
    pub(crate) fn schemes(&self) -> Vec<Auth> {
        schemes(self.asked)
    }

    /// The scheme of a client that asks for one: the cluster's first if it does not offer it.
    pub(crate) fn scheme(&self, asked: Auth) -> Auth {
        let schemes = self.schemes();
        if schemes.contains(&asked) {
            asked
        } else {
            schemes.first().copied().unwrap_or_default()
        }
    }

    /// The name of a broker for clients.
    pub(crate) fn broker_host(&self, id: u32) -> String {
        match self.asked.kind {
            ClusterKind::Msk | ClusterKind::MskExpress | ClusterKind::Ec2 => {
                naming::broker_host(&self.suffix, id)
            }
            ClusterKind::MskServerless => format!("b{id}-{}.{}", self.hash(), self.suffix),
        }
    }

    /// The name of a broker for other brokers.
    pub(crate) fn internal_host(&self, id: u32) -> String {
        match self.asked.kind {
            ClusterKind::Msk | ClusterKind::MskExpress | ClusterKind::Ec2 => {
                naming::internal_host(&self.suffix, id)
            }
            ClusterKind::MskServerless => {
                format!("b{id}-{}-internal.{}", self.hash(), self.suffix)
            }
        }
    }

    /// The form of the brokers' names, for people.
    pub(crate) fn host_form(&self) -> String {
        match self.asked.kind {
            ClusterKind::Msk | ClusterKind::MskExpress | ClusterKind::Ec2 => {
                format!("b-{{id}}.{}", self.suffix)
            }
            ClusterKind::MskServerless => format!("b{{id}}-{}.{}", self.hash(), self.suffix),
        }
    }

    /// Names that AWS gives the cluster to bootstrap from and that are no broker's.
    pub(crate) fn boot_hosts(&self) -> Vec<String> {
        match self.asked.kind {
            ClusterKind::Msk | ClusterKind::Ec2 => Vec::new(),
            ClusterKind::MskExpress => {
                let n_names = self.brokers.len().min(EXPRESS_BOOTSTRAP_NAMES);
                let names = (1..=n_names).map(|nth| {
                    let label = naming::boot_label(self.name, &self.vpc.asked.account, nth);
                    format!("{label}.{}", self.suffix)
                });
                names.collect()
            }
            ClusterKind::MskServerless => vec![format!("boot-{}.{}", self.hash(), self.suffix)],
        }
    }

    /// The domain that is in the brokers' names and that Amazon MSK has yet to choose: what stands
    /// for it here is made up.
    pub(crate) fn unknown_domain(&self) -> Option<String> {
        let is_said = self.asked.suffix.is_some();
        match self.asked.kind {
            ClusterKind::Ec2 => None,
            ClusterKind::Msk | ClusterKind::MskExpress => (!is_said).then(|| self.suffix.clone()),
            ClusterKind::MskServerless => Some(format!("{}.{}", self.hash(), self.suffix)),
        }
    }

    /// The names that lead to any broker behind a balancer: AWS's own, or one the plan chooses.
    pub(crate) fn common_hosts(&self) -> Vec<String> {
        let given = self.boot_hosts();
        if given.is_empty() {
            vec![naming::bootstrap_host(&self.suffix)]
        } else {
            given
        }
    }

    /// What a broker's certificate is made out to.
    pub(crate) fn certificate(&self, id: u32) -> BTreeSet<String> {
        if let Some(said) = &self.asked.certificate_names {
            let filled = said
                .iter()
                .map(|name| name.replace("{id}", &id.to_string()));
            return filled.map(|name| name.to_lowercase()).collect();
        }
        match self.asked.kind {
            ClusterKind::Ec2 => BTreeSet::from([format!("*.{}", self.suffix)]),
            ClusterKind::Msk | ClusterKind::MskExpress | ClusterKind::MskServerless => {
                let own = [self.broker_host(id), self.internal_host(id)];
                own.into_iter().chain(self.boot_hosts()).collect()
            }
        }
    }

    /// Whether a client that uses a scheme may dial any broker by this name: nobody looks
    /// without TLS, and with it every broker's certificate must hold the name.
    pub(crate) fn is_certified(&self, host: &str, auth: Auth) -> bool {
        let holds = |id: &u32| {
            let certificate = self.certificate(*id);
            certificate.iter().any(|pattern| covers(pattern, host))
        };
        auth == Auth::None || self.brokers.iter().all(holds)
    }

    fn hash(&self) -> String {
        naming::cluster_hash(self.name, &self.vpc.asked.account)
    }
}

/// Whether a certificate's name holds a host name; `*` stands for one label.
fn covers(pattern: &str, host: &str) -> bool {
    let wild = pattern
        .strip_prefix("*.")
        .zip(host.split_once('.'))
        .is_some_and(|(domain, (label, rest))| !label.is_empty() && domain == rest);
    wild || pattern == host
}

#[cfg(test)]
mod tests {
    use super::covers;

    #[test]
    fn a_star_stands_for_one_label() {
        for (pattern, host, expected) in [
            ("b-1.x", "b-1.x", true),
            ("*.x", "b-1.x", true),
            ("*.x", "a.b-1.x", false),
            ("*.x", "x", false),
            ("b-1.x", "b-2.x", false),
        ] {
            assert_eq!(covers(pattern, host), expected, "{pattern} {host}");
        }
    }
}
