//! Which ways could connect a VPC to a cluster, and the choice of one.

use super::{Connection, Draft, overlap};

const PER_BROKER: &str = "privatelink-per-broker";

/// A way to connect, in the words of the spec.
#[derive(Clone, Copy)]
struct Way {
    via: &'static str,
    /// The VPC that holds the endpoint, and what joins it to the clients'.
    through: Option<(usize, &'static str)>,
}

impl Draft {
    /// Connects a VPC to a cluster in another one, if some way leaves the spec sound, and says
    /// how its clients authenticate.
    pub(super) fn connect(&mut self, from: usize, to: usize) -> Option<&'static str> {
        let home = self.clusters[to].vpc;
        let ways = self.ways(from, to);
        let Way { via, through } = self.rng.choice(ways)?;
        match (via, through) {
            ("peering" | "transit-gateway", _) => self.join(from, home, via),
            (_, Some((hub, carrier))) => self.join(from, hub, carrier),
            (_, None) => {}
        }
        let abroad = self.vpcs[from].region != self.vpcs[home].region;
        let pattern = match (via, through) {
            (_, Some(_)) => "through".to_owned(),
            (PER_BROKER, _) if self.clusters[to].is_aligned => format!("{via}/aligned"),
            ("privatelink" | "transit-gateway", None) if abroad => format!("{via}/abroad"),
            (_, None) => via.to_owned(),
        };
        let auth = match via {
            "msk-multi-vpc" => self.clusters[to].auths[1],
            _ => self.auth(to),
        };
        self.connections.push(Connection {
            from,
            to,
            via,
            through,
            auth,
            pattern,
            extra: String::new(),
        });
        Some(auth)
    }

    fn ways(&self, from: usize, to: usize) -> Vec<Way> {
        let home = self.clusters[to].vpc;
        let mut ways = self.endpoints(from, to);
        let leads = |c: &Connection| c.to == to && c.through.is_some_and(|(hub, _)| hub == from);
        if self.connections.iter().any(leads) {
            return ways;
        }
        if self.may_peer(from, home) {
            // Few ranges let two VPCs peer, and many faults need a peering.
            ways.extend([direct("peering"); 2]);
        }
        if self.may_attach(from, home) {
            ways.push(direct("transit-gateway"));
        }
        for hub in 0..self.vpcs.len() {
            let near = self.vpcs[hub].region == self.vpcs[from].region;
            // A VPC that is connected itself sees the names as it needs them.
            let connected = self.connections.iter().any(|c| (c.from, c.to) == (hub, to));
            let fits = near && !connected && self.may_hold(hub, to, "privatelink");
            if hub == from || hub == home || !fits {
                continue;
            }
            let through = |carrier| Way {
                via: "privatelink",
                through: Some((hub, carrier)),
            };
            if self.may_peer(from, hub) {
                ways.push(through("peering"));
            }
            if self.may_attach(from, hub) {
                ways.push(through("transit-gateway"));
            }
        }
        ways
    }

    /// The ways with endpoints in the clients' own VPC.
    fn endpoints(&self, from: usize, to: usize) -> Vec<Way> {
        let cluster = &self.clusters[to];
        let home = &self.vpcs[cluster.vpc];
        let here = &self.vpcs[from];
        let near = here.region == home.region;
        let n_used = home.zones.len().min(cluster.ids.len());
        let every_zone = home.zones[..n_used]
            .iter()
            .all(|zone| here.zones.contains(zone));
        let managed = cluster.kind == "msk" && 1 < cluster.auths.len();
        let fit = [
            ("privatelink", true),
            (PER_BROKER, near && (every_zone || !cluster.is_aligned)),
            ("msk-multi-vpc", near && managed && every_zone),
            ("resource-endpoint", near),
        ];
        let fit = fit
            .into_iter()
            .filter(|(via, fits)| *fits && self.may_hold(from, to, via));
        fit.map(|(via, _)| direct(via)).collect()
    }

    /// Whether a VPC may hold endpoints of a kind to a cluster: all it holds to one cluster are
    /// of one kind, and a cluster of MSK tells all clients the same ports.
    fn may_hold(&self, holder: usize, to: usize, via: &str) -> bool {
        let moved = |via: &str| via == "privatelink";
        let kept = |via: &str| [PER_BROKER, "resource-endpoint"].contains(&via);
        let is_msk = self.clusters[to].kind == "msk";
        self.connections.iter().filter(|c| c.to == to).all(|other| {
            let held = other.through.map_or(other.from, |(hub, _)| hub) == holder;
            let routed = ["peering", "transit-gateway"].contains(&other.via);
            let disputed =
                is_msk && (moved(via) && kept(other.via) || kept(via) && moved(other.via));
            !disputed && (!held || routed || other.via == via)
        })
    }

    fn join(&mut self, a: usize, b: usize, carrier: &str) {
        if carrier == "peering" {
            self.vpcs[a].peers.push(b);
            self.vpcs[b].peers.push(a);
        } else {
            self.attached.extend([a, b]);
        }
    }

    /// Whether two VPCs can be peered, given the peers each already has.
    fn may_peer(&self, a: usize, b: usize) -> bool {
        let others = |one: usize| self.vpcs[one].peers.iter().chain(self.beside(one));
        !self.beside(a).contains(&b)
            && self.clear(a, others(b).chain([&b]))
            && self.clear(b, others(a))
    }

    /// Whether two VPCs can be attached to a transit gateway, given those that are and their
    /// peers.
    fn may_attach(&self, a: usize, b: usize) -> bool {
        let peers = |one: usize| self.vpcs[one].peers.iter();
        !self.vpcs[a].peers.contains(&b)
            && self.clear(a, self.attached.iter().chain(peers(b)).chain([&b]))
            && self.clear(b, self.attached.iter().chain(peers(a)))
    }

    /// What an attached VPC has routes to.
    fn beside(&self, one: usize) -> &[usize] {
        if self.attached.contains(&one) {
            &self.attached
        } else {
            &[]
        }
    }

    /// Whether a VPC overlaps none of some others.
    fn clear<'a>(&self, one: usize, mut others: impl Iterator<Item = &'a usize>) -> bool {
        others.all(|other| *other == one || !overlap(self.vpcs[one].range, self.vpcs[*other].range))
    }
}

fn direct(via: &'static str) -> Way {
    Way { via, through: None }
}
