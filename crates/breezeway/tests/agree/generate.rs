//! Random specs: one to four VPCs, overlapping or not, one to five brokers, both patterns,
//! sound or with a fault said in the spec.

use std::fmt::Write;

use fastrand::Rng;

use crate::faults::Draw;

const ZONES: [&str; 3] = ["euc1-az1", "euc1-az2", "euc1-az3"];

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
}

/// A VPC being made up.
struct Vpc {
    name: String,
    range: usize,
    zones: Vec<&'static str>,
    /// Peers so far, which must not overlap each other.
    peers: Vec<usize>,
    extra: String,
}

struct Cluster {
    name: String,
    vpc: usize,
    kind: &'static str,
    ids: Vec<u32>,
    extra: String,
}

struct Client {
    name: String,
    vpc: usize,
    cluster: usize,
    extra: String,
}

struct Connection {
    from: usize,
    to: usize,
    via: &'static str,
    extra: String,
}

struct Draft {
    rng: Rng,
    vpcs: Vec<Vpc>,
    clusters: Vec<Cluster>,
    clients: Vec<Client>,
    connections: Vec<Connection>,
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
        // Every VPC has the first zone, so that an endpoint always shares one with its service.
        let zones = ZONES[..self.rng.usize(1..=3)].to_vec();
        Vpc {
            name: format!("v{i}"),
            range,
            zones,
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
        Cluster {
            name: format!("k{i}"),
            vpc,
            kind,
            ids,
            extra: String::new(),
        }
    }

    fn client(&mut self, i: usize) {
        let (vpc, cluster) = (
            self.rng.usize(0..self.vpcs.len()),
            self.rng.usize(0..self.clusters.len()),
        );
        self.clients.push(Client {
            name: format!("c{i}"),
            vpc,
            cluster,
            extra: String::new(),
        });
        let home = self.clusters[cluster].vpc;
        let joined = self
            .connections
            .iter()
            .any(|c| (c.from, c.to) == (vpc, cluster));
        if vpc == home || joined {
            return;
        }
        let via = if self.may_peer(vpc, home) && self.rng.bool() {
            "peering"
        } else {
            "privatelink"
        };
        if via == "peering" {
            self.vpcs[vpc].peers.push(home);
            self.vpcs[home].peers.push(vpc);
        }
        self.connections.push(Connection {
            from: vpc,
            to: cluster,
            via,
            extra: String::new(),
        });
    }

    /// Whether two VPCs can be peered, given the peers each already has.
    fn may_peer(&self, a: usize, b: usize) -> bool {
        let clear = |one: usize, others: &[usize]| {
            others.iter().all(|other| {
                *other == one || !overlap(self.vpcs[one].range, self.vpcs[*other].range)
            })
        };
        !overlap(self.vpcs[a].range, self.vpcs[b].range)
            && clear(a, &self.vpcs[b].peers)
            && clear(b, &self.vpcs[a].peers)
    }

    /// Says something in the spec that a plan would not have chosen.
    fn fault(&mut self) {
        for _ in 0..self.rng.usize(1..=2) {
            match self.rng.u8(0..12) {
                0..=6 if !self.connections.is_empty() => self.connection_fault(),
                7 | 8 => self.client_fault(),
                9 | 10 => self.vpc_fault(),
                _ => self.cluster_fault(),
            }
        }
    }

    fn connection_fault(&mut self) {
        let at = self.rng.usize(0..self.connections.len());
        let cluster = &self.clusters[self.connections[at].to];
        let ids = cluster.ids.clone();
        let port_of = |id: u32| 9000 + id;
        let last = ids.last().copied().unwrap_or(1);
        let extra = match self.rng.u8(0..11) {
            0 | 1 => "    cross_zone: false\n".to_owned(),
            2 => "    endpoint_zones: [euc1-az1]\n    cross_zone: false\n".to_owned(),
            3 => "    admit: { brokers: [10.99.0.0/16] }\n".to_owned(),
            4 => "    admit: { endpoint: [] }\n".to_owned(),
            5 => "    admit: { balancer: [] }\n".to_owned(),
            6 => "    zone_name: kafka.eu-central-1.amazonaws.com\n".to_owned(),
            7 => "    zone_name: elsewhere.internal\n".to_owned(),
            8 => format!("    advertise: {}\n", 9100),
            9 => {
                let rotated = ids
                    .iter()
                    .enumerate()
                    .map(|(i, id)| format!("{id}: {}", port_of(ids[(i + 1) % ids.len()])));
                let rotated: Vec<_> = rotated.collect();
                format!(
                    "    ports: {{ bootstrap: 9000, {} }}\n    advertise: 9000\n",
                    rotated.join(", ")
                )
            }
            _ => {
                self.connections[at].via = "peering";
                format!("    # by peering, whatever the ranges; broker {last} is the last\n")
            }
        };
        if self.connections[at].extra.is_empty() {
            self.connections[at].extra = extra;
        }
    }

    fn client_fault(&mut self) {
        let at = self.rng.usize(0..self.clients.len());
        let extra = match self.rng.u8(0..4) {
            0 => ", egress: []",
            1 => ", egress: [10.0.0.0/18]",
            2 => ", bootstrap: \"nowhere.internal:9092\"",
            _ => ", bootstrap: \"10.0.0.77:9092\"",
        };
        self.clients[at].extra = extra.to_owned();
    }

    fn vpc_fault(&mut self) {
        let at = self.rng.usize(0..self.vpcs.len());
        let others = self
            .vpcs
            .iter()
            .enumerate()
            .filter(|(i, _)| *i != at)
            .map(|(_, vpc)| vpc.name.clone());
        let other = self
            .rng
            .choice(others.collect::<Vec<_>>())
            .unwrap_or_else(|| "tgw-0abc".to_owned());
        let extra = match self.rng.u8(0..4) {
            0 => "    routes: []\n".to_owned(),
            1 => "    routes: [{ to: 0.0.0.0/0, via: igw-0abc }]\n".to_owned(),
            2 => format!("    routes: [{{ to: 10.8.0.0/16, via: {other}, zones: [euc1-az1] }}]\n"),
            _ => format!(
                "    routes: [{{ to: 10.0.0.0/8, via: {other} }}, {{ to: 10.8.0.0/16, via: nat-0abc }}]\n"
            ),
        };
        self.vpcs[at].extra = extra;
    }

    fn cluster_fault(&mut self) {
        let at = self.rng.usize(0..self.clusters.len());
        let listeners = if self.clusters[at].kind == "msk" {
            "REPLICATION"
        } else {
            "INTERNAL"
        };
        let extra = match self.rng.u8(0..4) {
            0 => format!("    advertised: {{ {listeners}: \"b-{{id}}.nowhere.internal:9094\" }}\n"),
            1 => "    advertised: { CLIENT: \"10.0.{id}.9:9092\", PRIVATELINK: \"b-{id}.gone.internal:{9000+id}\" }\n".to_owned(),
            2 => "    suffix: kafka.example.internal\n".to_owned(),
            _ => "    listeners: { CLIENT: 19092 }\n".to_owned(),
        };
        self.clusters[at].extra = extra;
    }

    fn text(&self) -> String {
        let mut text = "name: estate\nregion: eu-central-1\nvpcs:\n".to_owned();
        for (i, vpc) in self.vpcs.iter().enumerate() {
            let account = format!("{i}").repeat(12);
            let _ = write!(
                text,
                "  {}:\n    account: \"{account}\"\n    cidr: {}\n    zones: [{}]\n{}",
                vpc.name,
                RANGES[vpc.range],
                vpc.zones.join(", "),
                vpc.extra
            );
        }
        text.push_str("clusters:\n");
        for cluster in &self.clusters {
            let ids: Vec<_> = cluster.ids.iter().map(ToString::to_string).collect();
            let _ = write!(
                text,
                "  {}:\n    kind: {}\n    vpc: {}\n    kafka_version: \"4.3\"\n    brokers: [{}]\n{}",
                cluster.name,
                cluster.kind,
                self.vpcs[cluster.vpc].name,
                ids.join(", "),
                cluster.extra
            );
        }
        text.push_str("clients:\n");
        for client in &self.clients {
            let (vpc, cluster) = (
                &self.vpcs[client.vpc].name,
                &self.clusters[client.cluster].name,
            );
            let _ = writeln!(
                text,
                "  {}: {{ vpc: {vpc}, cluster: {cluster}{} }}",
                client.name, client.extra
            );
        }
        if !self.connections.is_empty() {
            text.push_str("connections:\n");
        }
        for connection in &self.connections {
            let (from, to) = (
                &self.vpcs[connection.from].name,
                &self.clusters[connection.to].name,
            );
            let _ = write!(
                text,
                "  - from: {from}\n    to: {to}\n    via: {}\n{}",
                connection.via, connection.extra
            );
        }
        text
    }
}

fn overlap(a: usize, b: usize) -> bool {
    let block = |i: usize| RANGES[i].parse::<ipnet::Ipv4Net>();
    let (Ok(a), Ok(b)) = (block(a), block(b)) else {
        return true;
    };
    a.contains(&b.network()) || b.contains(&a.network())
}
