//! Reads `connections`.

use std::collections::BTreeMap;

use super::clusters::{MAX_ADMITTED, MAX_BROKERS, find};
use super::fields::{Fields, Item, Reader};
use super::maps::largest_id;
use super::scalars::parse_number;
use crate::diagnostic::Diagnostic;
use crate::language;
use crate::source::Value;
use crate::spec::{Admit, Cluster, Connection, Ports, Spec, Via, Vpc};

/// Most connections of a spec: each brings balancers, endpoints or peerings of its own.
pub const MAX_CONNECTIONS: usize = 256;

/// Most ports of a connection: one per broker and one for the bootstrap. Further ones are of
/// unknown brokers, which the first of them already says.
pub const MAX_PORTS: usize = MAX_BROKERS + 1;

/// Most instances of the gateway in front of a cluster: twice the zones of the largest Region.
pub const MAX_GATEWAYS: u32 = 12;

/// Idle time-out of a balancer's TCP listener, in seconds (NLB guide, `tcp.idle_timeout.seconds`).
pub const IDLE_TIMEOUT_S: std::ops::RangeInclusive<u32> = 60..=6000;

/// For which domains a resource endpoint makes private names (EC2 API, `PrivateDnsPreference`).
pub const PRIVATE_DNS_PREFERENCES: &[&str] = &[
    "ALL_DOMAINS",
    "VERIFIED_DOMAINS_ONLY",
    "VERIFIED_DOMAINS_AND_SPECIFIED_DOMAINS",
    "SPECIFIED_DOMAINS_ONLY",
];

/// Names of the VPC and the cluster that a connection connects.
type Pair = (String, String);

/// A VPC and a cluster that a connection names, each as far as it could be read.
#[derive(Clone, Copy, Default)]
pub(super) struct Ends<'s> {
    pub(super) from: Option<(&'s str, &'s Vpc)>,
    pub(super) cluster: Option<&'s Cluster>,
    pub(super) cluster_vpc: Option<(&'s str, &'s Vpc)>,
}

impl Reader {
    /// Reads all connections.
    pub(super) fn connections(&mut self, item: &Item<'_>, spec: &Spec) -> Vec<Connection> {
        let example = "`- { from: shop, to: orders, via: privatelink }` lines";
        let items = self.list(item, example, MAX_CONNECTIONS);
        let mut firsts: BTreeMap<Pair, Item<'_>> = BTreeMap::new();
        let mut connections = Vec::new();
        for (index, item) in items.unwrap_or_default().into_iter().enumerate() {
            let Some((pair, connection)) = self.connection(&item, index, spec) else {
                continue;
            };
            if let Some(first) = firsts.get(&pair) {
                self.duplicate_connection(&pair, &item, first);
                continue;
            }
            firsts.insert(pair, item);
            connections.extend(connection);
        }
        connections
    }

    /// Reads one connection: what it connects, and itself if all of it is sound.
    fn connection(
        &mut self,
        item: &Item<'_>,
        index: usize,
        spec: &Spec,
    ) -> Option<(Pair, Option<Connection>)> {
        let owner = format!("`connections[{index}]`");
        let fields = self.fields(item, &owner, &language::CONNECTION)?;
        let from_item = fields.require(self, "from", "`from:` and the name of the clients' VPC");
        let from = from_item.and_then(|item| self.vpc_reference(&item));
        let to_item = fields.require(self, "to", "`to:` and the name of a cluster");
        let to = to_item
            .as_ref()
            .and_then(|item| self.cluster_reference(item));
        let via = match fields.get("via") {
            Some(item) => self.via(&item),
            None => Some(Via::Auto),
        };
        let ends = ends(spec, from.as_deref(), to.as_deref());
        let mut connection = Connection {
            via: via.unwrap_or_default(),
            ..Connection::default()
        };
        self.idle_keys(&fields, via);
        let endpoints = self.connection_way(&fields, ends, spec, &mut connection);
        self.connection_front(&fields, &mut connection);
        self.connection_ports(&fields, ends, &mut connection);
        self.connection_zones(&fields, ends, endpoints, &mut connection);
        let admit = fields.get("admit");
        let admit = admit.map(|item| self.admit(&item, connection.via));
        connection.admit = admit.unwrap_or_default();
        let same_vpc = self.is_same_vpc(ends, to_item.as_ref());
        let complete = via.is_some() && ends.from.is_some() && ends.cluster.is_some();
        connection.from = from?;
        connection.to = to?;
        let pair = (connection.from.clone(), connection.to.clone());
        Some((pair, (complete && !same_vpc).then_some(connection)))
    }

    fn via(&mut self, item: &Item<'_>) -> Option<Via> {
        let known = Via::ALL.iter().copied().filter(|via| *via != Via::SameVpc);
        let known: Vec<&str> = known.map(Via::as_str).collect();
        let via = self.word_of(item, "a way to connect", &known, Via::from_word)?;
        if via != Via::SameVpc {
            return Some(via);
        }
        self.push(
            Diagnostic::error(
                "same-vpc-connection",
                "`same-vpc` names no connection",
                item.at(),
            )
            .label("what needs none")
            .help("remove this connection: clients of the cluster's own VPC need none"),
        );
        None
    }

    fn connection_ports(
        &mut self,
        fields: &Fields<'_>,
        ends: Ends<'_>,
        connection: &mut Connection,
    ) {
        let ports = fields.get("ports");
        connection.ports = ports.and_then(|item| self.ports(&item, ends.cluster, true));
        let advertise = fields.get("advertise");
        connection.advertise = advertise.and_then(|item| self.ports(&item, ends.cluster, false));
        let zone_name = fields.get("zone_name");
        connection.zone_name = zone_name.and_then(|item| self.domain(&item, "`orders.internal`"));
    }

    fn connection_zones(
        &mut self,
        fields: &Fields<'_>,
        ends: Ends<'_>,
        endpoints: Option<(&str, &Vpc)>,
        connection: &mut Connection,
    ) {
        let balancer = fields.get("balancer_zones");
        if let (Some(item), Some((name, vpc))) = (balancer, ends.cluster_vpc) {
            connection.balancer_zones = self.zones_of(&item, name, vpc);
        }
        let Some((name, vpc)) = endpoints else {
            return;
        };
        let endpoint = fields.get("endpoint_zones");
        connection.endpoint_zones = endpoint.and_then(|item| self.zones_of(&item, name, vpc));
        if let Some(item) = fields.get("endpoint_addresses") {
            connection.endpoint_addresses = self.addresses_by_zone(&item, name, vpc);
        }
    }

    /// Reads a base port, or ports one by one. `apart` says that no two may be the same, as they
    /// are listeners of one balancer.
    fn ports(&mut self, item: &Item<'_>, cluster: Option<&Cluster>, apart: bool) -> Option<Ports> {
        if matches!(item.node.value, Value::Map(_)) {
            return self.each_port(item, cluster, apart);
        }
        let most = u32::from(u16::MAX) - cluster.map_or(0, largest_id);
        let example = "`9000`, which gives broker 1 port 9001";
        let base = self.number(item, "bad-port", 1..=most, example)?;
        u16::try_from(base).ok().map(Ports::Base)
    }

    fn each_port(
        &mut self,
        item: &Item<'_>,
        cluster: Option<&Cluster>,
        apart: bool,
    ) -> Option<Ports> {
        let ids = cluster.map(|cluster| cluster.brokers.as_slice())?;
        let mut firsts: BTreeMap<u16, Item<'_>> = BTreeMap::new();
        let mut bootstrap = None;
        let mut brokers = BTreeMap::new();
        for entry in self.entries(item, &item.name)?.into_iter().take(MAX_PORTS) {
            let is_bootstrap = entry.key.text == "bootstrap";
            let id = parse_number(&entry.key.text).filter(|id| ids.contains(id));
            if !is_bootstrap && id.is_none() {
                self.unknown_broker(entry, ids);
                continue;
            }
            let item = item.entry(entry);
            let Some(port) = self.port(&item, "`9001`") else {
                continue;
            };
            if let Some(first) = firsts.get(&port).filter(|_| apart) {
                self.repeated_value("duplicate-port", &port.to_string(), &item, first);
                continue;
            }
            firsts.insert(port, item);
            bootstrap = is_bootstrap.then_some(port).or(bootstrap);
            brokers.extend(id.map(|id| (id, port)));
        }
        Some(Ports::Each { bootstrap, brokers })
    }

    fn admit(&mut self, item: &Item<'_>, via: Via) -> Admit {
        let Some(fields) = self.fields(item, &item.name, &language::ADMIT) else {
            return Admit::default();
        };
        self.keys_without_effect(&fields, &language::ADMIT, via);
        let mut ranges = |key: &str| {
            let item = fields.get(key)?;
            self.cidrs(&item, MAX_ADMITTED)
        };
        Admit {
            brokers: ranges("brokers"),
            balancer: ranges("balancer"),
            endpoint: ranges("endpoint"),
        }
    }

    fn is_same_vpc(&mut self, ends: Ends<'_>, to: Option<&Item<'_>>) -> bool {
        let (Some((from, _)), Some((home, _)), Some(to)) = (ends.from, ends.cluster_vpc, to) else {
            return false;
        };
        if from != home {
            return false;
        }
        self.push(
            Diagnostic::error(
                "same-vpc-connection",
                format!("a connection leads from VPC `{from}` into itself"),
                to.at(),
            )
            .label(format!("this cluster lies in `{home}` as well"))
            .help("remove this connection: clients in the cluster's own VPC need none"),
        );
        true
    }

    fn duplicate_connection(&mut self, (from, to): &Pair, item: &Item<'_>, first: &Item<'_>) {
        self.push(
            Diagnostic::error(
                "duplicate-connection",
                format!("`{from}` is connected to `{to}` twice"),
                item.at(),
            )
            .label("connected again")
            .related(first.at(), "first connected here; this one was read")
            .help("keep one of the two"),
        );
    }
}

fn ends<'s>(spec: &'s Spec, from: Option<&'s str>, to: Option<&str>) -> Ends<'s> {
    let cluster = find(&spec.clusters, to);
    let cluster_vpc = cluster.map(|cluster| cluster.vpc.as_str());
    Ends {
        from: from.zip(find(&spec.vpcs, from)),
        cluster,
        cluster_vpc: cluster_vpc.zip(find(&spec.vpcs, cluster_vpc)),
    }
}
