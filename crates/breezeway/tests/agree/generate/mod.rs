//! Random specs: one to four VPCs in one or two Regions, overlapping or not, one to five brokers,
//! every pattern that is raised, sound or with a fault said in the spec.

mod faults;
mod text;
mod ways;

use std::collections::BTreeMap;

use fastrand::Rng;

use crate::faults::Draw;

/// Regions, and how their zones' ids begin.
const REGIONS: [(&str, &str); 2] = [("eu-central-1", "euc1"), ("eu-west-1", "euw1")];

/// One in so many VPCs stands in the second Region.
const ABROAD_ODDS: u8 = 6;

/// Ranges to choose from; the first is given often, so that ranges overlap.
const RANGES: [&str; 8] = [
    "10.0.0.0/16",
    "10.8.0.0/16",
    "10.9.0.0/20",
    "172.20.0.0/18",
    "10.0.128.0/17",
    "10.16.0.0/22",
    "192.168.0.0/22",
    "10.8.64.0/19",
];

/// A generated estate.
pub(crate) struct Estate {
    /// The spec as text, so that the reader is part of the test.
    pub text: String,
    /// Whether every path must be delivered.
    pub sound: bool,
    /// Faults to put into the settled blueprint.
    pub blueprint_faults: Option<Draw>,
    /// By which pattern each client reaches its cluster.
    pub patterns: BTreeMap<String, String>,
}

/// A VPC being made up.
struct Vpc {
    name: String,
    range: usize,
    /// Index into the Regions.
    region: usize,
    zones: Vec<String>,
    /// Peers so far, which must not overlap each other.
    peers: Vec<usize>,
    extra: String,
}

struct Cluster {
    name: String,
    vpc: usize,
    kind: &'static str,
    ids: Vec<u32>,
    /// How its clients may authenticate.
    auths: Vec<&'static str>,
    /// Whether its balancers per broker stand in their broker's zone only.
    is_aligned: bool,
    extra: String,
}

struct Client {
    name: String,
    vpc: usize,
    cluster: usize,
    auth: &'static str,
    extra: String,
}

struct Connection {
    from: usize,
    to: usize,
    /// The word of the spec.
    via: &'static str,
    /// The VPC that holds the endpoint, and what joins it to the clients'.
    through: Option<(usize, &'static str)>,
    /// How all its clients authenticate.
    auth: &'static str,
    /// What the tally calls it.
    pattern: String,
    extra: String,
}

struct Draft {
    rng: Rng,
    vpcs: Vec<Vpc>,
    clusters: Vec<Cluster>,
    clients: Vec<Client>,
    connections: Vec<Connection>,
    /// VPCs at a transit gateway, which must not overlap each other.
    attached: Vec<usize>,
}

/// Makes up a draft of estate `index` of the series `seed`. A quarter of the estates is sound, a
/// quarter has a fault in the spec, and half have one in the settled blueprint, for which there
/// are as many drafts as it takes to find one that the fault fits.
pub(crate) fn estate(seed: u64, index: u64, n_draft: u64) -> Estate {
    let series = Rng::with_seed(seed.wrapping_mul(1_000_003).wrapping_add(index)).u64(..);
    let mut draft = Draft::random(Rng::with_seed(series.wrapping_add(n_draft)));
    let kind = index % 4;
    if kind == 1 {
        draft.fault();
    }
    let blueprint_faults = (2 <= kind).then(|| Draw {
        seed: draft.rng.u64(..),
        turn: index / 4 * 2 + kind % 2,
    });
    Estate {
        text: draft.text(),
        sound: kind == 0,
        blueprint_faults,
        patterns: draft.patterns(),
    }
}

impl Draft {
    fn random(rng: Rng) -> Self {
        let mut draft = Self {
            rng,
            vpcs: Vec::new(),
            clusters: Vec::new(),
            clients: Vec::new(),
            connections: Vec::new(),
            attached: Vec::new(),
        };
        for i in 0..draft.rng.usize(1..=4) {
            let vpc = draft.vpc(i);
            draft.vpcs.push(vpc);
        }
        for i in 0..draft.rng.usize(1..=2) {
            let cluster = draft.cluster(i);
            draft.clusters.push(cluster);
        }
        for i in 0..draft.rng.usize(1..=4) {
            draft.client(i);
        }
        draft
    }

    fn vpc(&mut self, i: usize) -> Vpc {
        let range = if self.rng.u8(0..3) == 0 {
            0
        } else {
            self.rng.usize(0..RANGES.len())
        };
        let region = usize::from(self.rng.u8(0..ABROAD_ODDS) == 0);
        // Every VPC has its Region's first zone, so that an endpoint always shares one with its
        // service.
        let n_zones = self.rng.usize(1..=3);
        let zones = (1..=n_zones).map(|n| format!("{}-az{n}", REGIONS[region].1));
        Vpc {
            name: format!("v{i}"),
            range,
            region,
            zones: zones.collect(),
            peers: Vec::new(),
            extra: String::new(),
        }
    }

    fn cluster(&mut self, i: usize) -> Cluster {
        let n = self.rng.usize(1..=5);
        let counted = self.rng.bool();
        let kind = if self.rng.bool() { "msk" } else { "ec2" };
        let vpc = self.rng.usize(0..self.vpcs.len());
        let n_zones = self.vpcs[vpc].zones.len();
        // Brokers take the zones in turn, and MSK has as many in each.
        let n = match kind {
            "msk" if n_zones < n => n - n % n_zones,
            _ => n,
        };
        let ids = if counted {
            (1..).take(n).collect()
        } else {
            (0..).map(|k| 2 + 3 * k).take(n).collect()
        };
        let auths = match (self.rng.u8(0..3), kind) {
            (0, _) => vec!["none"],
            (1, "msk") => vec!["none", "iam"],
            (_, _) => vec!["none", "scram"],
        };
        Cluster {
            name: format!("k{i}"),
            vpc,
            kind,
            ids,
            auths,
            is_aligned: self.rng.bool(),
            extra: String::new(),
        }
    }

    fn client(&mut self, i: usize) {
        let (vpc, cluster) = (
            self.rng.usize(0..self.vpcs.len()),
            self.rng.usize(0..self.clusters.len()),
        );
        let home = self.clusters[cluster].vpc;
        let mut connections = self.connections.iter();
        let joined = connections.find(|c| (c.from, c.to) == (vpc, cluster));
        let remote = match joined {
            Some(joined) => Some(joined.auth),
            None if vpc == home => None,
            None => self.connect(vpc, cluster),
        };
        let (vpc, auth) = match remote {
            Some(auth) => (vpc, auth),
            None => (home, self.auth(cluster)),
        };
        self.clients.push(Client {
            name: format!("c{i}"),
            vpc,
            cluster,
            auth,
            extra: String::new(),
        });
    }

    /// One of the schemes of a cluster.
    fn auth(&mut self, cluster: usize) -> &'static str {
        let auths = &self.clusters[cluster].auths;
        self.rng.choice(auths).copied().unwrap_or("none")
    }

    /// The pattern of each client.
    fn patterns(&self) -> BTreeMap<String, String> {
        let pattern = |client: &Client| {
            if client.vpc == self.clusters[client.cluster].vpc {
                return "same-vpc".to_owned();
            }
            let mut connections = self.connections.iter();
            let own = connections.find(|c| (c.from, c.to) == (client.vpc, client.cluster));
            own.map_or_else(|| "none".to_owned(), |own| own.pattern.clone())
        };
        let clients = self.clients.iter();
        clients
            .map(|client| (client.name.clone(), pattern(client)))
            .collect()
    }
}

fn overlap(a: usize, b: usize) -> bool {
    let block = |i: usize| RANGES[i].parse::<ipnet::Ipv4Net>();
    let (Ok(a), Ok(b)) = (block(a), block(b)) else {
        return true;
    };
    a.contains(&b.network()) || b.contains(&a.network())
}
