//! A draft as the text of a spec.

use std::fmt::Write;

use super::{Draft, RANGES, REGIONS};

impl Draft {
    /// The whole spec.
    pub(super) fn text(&self) -> String {
        let mut text = "name: estate\nregion: eu-central-1\nvpcs:\n".to_owned();
        for (i, vpc) in self.vpcs.iter().enumerate() {
            let account = format!("{i}").repeat(12);
            let _ = write!(
                text,
                "  {}:\n    account: \"{account}\"\n    region: {}\n    cidr: {}\n    zones: [{}]\n{}",
                vpc.name,
                REGIONS[vpc.region].0,
                RANGES[vpc.range],
                vpc.zones.join(", "),
                vpc.extra
            );
        }
        text.push_str("clusters:\n");
        for cluster in &self.clusters {
            let ids: Vec<_> = cluster.ids.iter().map(ToString::to_string).collect();
            // MSK turns multi-VPC connectivity on for clusters that let nobody in by default.
            let closed = if cluster.kind == "msk" {
                "    config: { allow.everyone.if.no.acl.found: \"false\" }\n"
            } else {
                ""
            };
            let _ = write!(
                text,
                "  {}:\n    kind: {}\n    vpc: {}\n    kafka_version: \"4.3\"\n    brokers: [{}]\n    auth: [{}]\n{closed}{}",
                cluster.name,
                cluster.kind,
                self.vpcs[cluster.vpc].name,
                ids.join(", "),
                cluster.auths.join(", "),
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
                "  {}: {{ vpc: {vpc}, cluster: {cluster}, auth: {}{} }}",
                client.name, client.auth, client.extra
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
            let aligned = self.clusters[connection.to].is_aligned;
            if connection.via == "privatelink-per-broker" && aligned {
                text.push_str("    zone_aligned: true\n");
            }
            if let Some((hub, carrier)) = connection.through {
                let hub = &self.vpcs[hub].name;
                let _ = write!(text, "    through: {hub}\n    carrier: {carrier}\n");
            }
        }
        text
    }
}
