//! Reads `clients`.

use super::clusters::{MAX_ADMITTED, find};
use super::fields::{Item, Reader};
use super::scalars::short;
use crate::kafka::HostPort;
use crate::source::{Entry, Value};
use crate::spec::{Auth, Client, Traffic, Vpc};

/// Most clients of a spec: each promises a path to every broker, and every path is walked.
pub const MAX_CLIENTS: usize = 256;

/// Most bootstrap servers of a client: no client needs more than it has brokers.
pub const MAX_BOOTSTRAP_SERVERS: usize = super::clusters::MAX_BROKERS;

const KEYS: [&str; 7] = [
    "vpc",
    "cluster",
    "auth",
    "traffic",
    "addresses",
    "egress",
    "bootstrap",
];

impl Reader {
    /// Reads one client under its name. References to VPCs and clusters that were refused yield
    /// nothing, silently: their own findings say why.
    pub(super) fn client(
        &mut self,
        entry: &Entry,
        vpcs: &[(String, Vpc)],
    ) -> Option<(String, Client)> {
        let name = &entry.key.text;
        let owner = format!("client `{}`", short(name));
        let item = Item::of_entry(entry, owner.clone());
        let named = self.name(name, item.head());
        let fields = self.fields(&item, &owner, &KEYS)?;
        let vpc_name = fields
            .require(self, "vpc", "`vpc:` and the name of a VPC")
            .and_then(|item| self.vpc_reference(&item));
        let cluster = fields
            .require(self, "cluster", "`cluster:` and the name of a cluster")
            .and_then(|item| self.cluster_reference(&item));
        let auth = fields.get("auth").and_then(|item| self.auth(&item));
        let traffic = fields.get("traffic");
        let egress = fields.get("egress");
        let bootstrap = fields.get("bootstrap");
        let mut client = Client {
            vpc: String::new(),
            cluster: String::new(),
            auth: auth.unwrap_or(Auth::None),
            traffic: traffic
                .and_then(|item| self.traffic(&item))
                .map(|rate| Traffic {
                    rate,
                    ..Traffic::default()
                }),
            egress: egress.and_then(|item| self.cidrs(&item, MAX_ADMITTED)),
            bootstrap: bootstrap.and_then(|item| self.bootstrap(&item)),
            ..Client::default()
        };
        let vpc = find(vpcs, vpc_name.as_deref());
        let addresses = fields.get("addresses");
        if let (Some(item), Some(vpc_name), Some(vpc)) = (addresses, &vpc_name, vpc) {
            client.addresses = self.addresses_by_zone(&item, vpc_name, vpc);
        }
        client.vpc = vpc_name?;
        client.cluster = cluster?;
        named.then(|| (name.clone(), client))
    }

    /// Reads the name of a cluster.
    pub(super) fn cluster_reference(&mut self, item: &Item<'_>) -> Option<String> {
        let names = std::mem::take(&mut self.cluster_names);
        let found = self.reference(item, "cluster", &names);
        self.cluster_names = names;
        found
    }

    /// Bootstrap servers: a list, or one of them alone.
    fn bootstrap(&mut self, item: &Item<'_>) -> Option<Vec<HostPort>> {
        let example = "`bootstrap: [b-1.orders.internal:9092]`";
        let Value::List(nodes) = &item.node.value else {
            let server = self.host_port(item, "`b-1.orders.internal:9092`");
            return server.map(|server| vec![server]);
        };
        if nodes.is_empty() {
            self.empty(item, example);
            return None;
        }
        let items = self.list(item, example, MAX_BOOTSTRAP_SERVERS)?;
        let servers: Vec<HostPort> = items
            .iter()
            .filter_map(|item| self.host_port(item, "`b-1.orders.internal:9092`"))
            .collect();
        (!servers.is_empty()).then_some(servers)
    }
}
