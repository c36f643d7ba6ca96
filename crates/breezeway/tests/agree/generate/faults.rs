//! What a spec may say that a plan would not have chosen.

use super::Draft;

impl Draft {
    /// Says something in the spec that a plan would not have chosen.
    pub(super) fn fault(&mut self) {
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
            2 => {
                let from = self.connections[at].from;
                let holder = self.connections[at].through.map_or(from, |(hub, _)| hub);
                let zone = &self.vpcs[holder].zones[0];
                format!("    endpoint_zones: [{zone}]\n    cross_zone: false\n")
            }
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
        let domain = "kafka.eu-central-1.amazonaws.com";
        let zone = &self.vpcs[at].zones[0];
        let extra = match self.rng.u8(0..9) {
            4 => format!("    transit_zones: [{zone}]\n"),
            5 => "    network_acls: [{ ingress: [{ allow: 10.0.0.0/8, ports: 1024-65535 }], egress: [{ allow: 10.0.0.0/8 }, { deny: 172.16.0.0/12, ports: 9092 }] }]\n".to_owned(),
            6 => format!("    resolver_rules: [{{ domain: {domain}, to: [10.99.0.2] }}]\n"),
            7 => format!("    hosted_zones: [{{ name: {domain} }}]\n"),
            8 => "    dns: false\n".to_owned(),
            0 => "    routes: []\n".to_owned(),
            1 => "    routes: [{ to: 0.0.0.0/0, via: igw-0abc }]\n".to_owned(),
            2 => format!("    routes: [{{ to: 10.8.0.0/16, via: {other}, zones: [{zone}] }}]\n"),
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
}
