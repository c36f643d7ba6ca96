//! Laws that hold for every spec, absurd ones included: no panic, one answer, nothing dangling.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::net::Ipv4Addr;

use blueprint::Blueprint;
use blueprint::balancing::EndpointTarget;
use blueprint::dns::Record;
use blueprint::ids::{ObjectId, ZoneId};
use blueprint::network::{Peer, RouteTarget};
use blueprint::spec::{
    Admit, Auth, Carrier, Client, ClientKind, Cluster, ClusterKind, Connection, GatewayMode,
    HostedZone, NetworkAcl, Ports, Route, Spec, Subnet, TransitGateway, TransitRoute, TransitTable,
    Via, Vpc,
};
use blueprint::transit::TransitTarget;

/// Numbers from a seed (xorshift), so that a failure can be met again.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, below: u32) -> u32 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        u32::try_from(self.0 >> 33).unwrap() % below
    }

    fn once_in(&mut self, n: u32) -> bool {
        self.roll(n) == 0
    }

    fn pick<T: Clone>(&mut self, from: &[T]) -> T {
        from[self.roll(u32::try_from(from.len()).unwrap()) as usize].clone()
    }

    fn list<T>(&mut self, at_most: u32, mut make: impl FnMut(&mut Self) -> T) -> Vec<T> {
        (0..self.roll(at_most + 1)).map(|_| make(self)).collect()
    }

    fn sometimes<T>(&mut self, make: impl FnOnce(&mut Self) -> T) -> Option<T> {
        self.once_in(4).then(|| make(self))
    }

    /// Like [`Self::list`], and nearly never empty.
    fn some<T>(&mut self, at_most: u32, mut make: impl FnMut(&mut Self) -> T) -> Vec<T> {
        let first = (!self.once_in(20)).then(|| make(self));
        first
            .into_iter()
            .chain(self.list(at_most - 1, make))
            .collect()
    }

    fn zone(&mut self) -> ZoneId {
        ZoneId(format!("euc1-az{}", 1 + self.roll(4)))
    }

    fn address(&mut self) -> Ipv4Addr {
        Ipv4Addr::new(
            10,
            0,
            16 * u8::try_from(self.roll(4)).unwrap(),
            u8::try_from(self.roll(30)).unwrap(),
        )
    }

    fn range(&mut self) -> ipnet::Ipv4Net {
        let ranges = [
            "10.0.0.0/16",
            "10.1.0.0/16",
            "10.0.128.0/17",
            "10.2.0.0/24",
            "10.3.0.0/28",
            "10.0.0.0/8",
            "0.0.0.0/0",
            "10.9.9.9/32",
        ];
        self.pick(&ranges).parse().unwrap()
    }

    fn id(&mut self) -> u32 {
        let ids = [0, 1, 2, 3, 4, 7, 40, 60_000, u32::MAX];
        self.pick(&ids)
    }

    fn port(&mut self) -> u16 {
        self.pick(&[0, 1, 9000, 9001, 9002, 9092, 9093, 65_535])
    }

    fn ports(&mut self) -> Ports {
        if self.once_in(2) {
            return Ports::Base(self.port());
        }
        Ports::Each {
            bootstrap: self.sometimes(Self::port),
            brokers: self
                .list(4, |dice| (dice.id(), dice.port()))
                .into_iter()
                .collect(),
        }
    }

    fn spec(&mut self) -> Spec {
        let name = |list: &[&str], dice: &mut Self| dice.pick(list).to_owned();
        let vpcs = ["data", "shop", "mail", "a-b"];
        let clusters = ["orders", "clicks", "b-c", "data"];
        Spec {
            name: "any".to_owned(),
            region: "eu-central-1".to_owned(),
            vpcs: self.some(7, |dice| (name(&vpcs, dice), dice.vpc())),
            clusters: self.some(4, |dice| (name(&clusters, dice), dice.cluster(&vpcs))),
            clients: self.some(6, |dice| {
                let own = name(
                    &["checkout", "billing", "orders", "shop-orders", "orders-nlb"],
                    dice,
                );
                (own, dice.client(&vpcs, &clusters))
            }),
            connections: self.some(9, |dice| dice.connection(&vpcs, &clusters)),
            transit_gateways: self.list(2, |dice| {
                (
                    name(&["core", "far", "tgw-us-east-1"], dice),
                    dice.transit_gateway(&vpcs),
                )
            }),
            ..Spec::default()
        }
    }

    fn vpc(&mut self) -> Vpc {
        Vpc {
            account: self.pick(&["111111111111", "222222222222"]).to_owned(),
            cidrs: self.some(2, Self::range),
            zones: self.some(6, Self::zone),
            subnets: self
                .sometimes(|dice| {
                    dice.list(4, |dice| Subnet {
                        zone: dice.zone(),
                        cidr: dice.range(),
                        id: None,
                    })
                })
                .unwrap_or_default(),
            routes: self.sometimes(|dice| {
                dice.list(3, |dice| Route {
                    to: dice.range(),
                    via: dice.pick(&["data", "shop", "igw-0abc"]).to_owned(),
                    zones: dice.list(2, Self::zone),
                })
            }),
            region: self.region(),
            id: self.sometimes(|_| "vpc-0abc".to_owned()),
            transit_zones: self.sometimes(|dice| dice.list(3, Self::zone)),
            network_acls: self.list(2, |dice| NetworkAcl {
                zones: dice.list(2, Self::zone),
                ..NetworkAcl::default()
            }),
            hosted_zones: self.list(2, Self::hosted_zone),
            ..Vpc::default()
        }
    }

    fn region(&mut self) -> String {
        self.pick(&["", "eu-central-1", "eu-central-1", "us-east-1"])
            .to_owned()
    }

    fn hosted_zone(&mut self) -> HostedZone {
        let names = [
            "clicks.internal",
            "orders.internal",
            "b-1.orders.internal",
            "",
        ];
        HostedZone {
            name: self.pick(&names).to_owned(),
            id: self.sometimes(|_| "Z0ABC".to_owned()),
            records: self
                .list(2, |dice| {
                    (dice.pick(&names).to_owned(), vec![dice.address()])
                })
                .into_iter()
                .collect(),
        }
    }

    fn transit_gateway(&mut self, vpcs: &[&str]) -> TransitGateway {
        let named = |dice: &mut Self| dice.list(2, |dice| dice.pick(vpcs).to_owned());
        let table = |dice: &mut Self| TransitTable {
            associate: named(dice),
            propagate: named(dice),
            routes: dice.list(2, |dice| TransitRoute {
                to: dice.range(),
                via: dice.pick(&["data", "shop", "blackhole", "far"]).to_owned(),
            }),
        };
        TransitGateway {
            account: "111111111111".to_owned(),
            region: self.region(),
            id: None,
            tables: self.sometimes(|dice| {
                dice.list(3, |dice| {
                    (dice.pick(&["a", "b", "main"]).to_owned(), table(dice))
                })
            }),
        }
    }

    fn cluster(&mut self, vpcs: &[&str]) -> Cluster {
        let listeners = [
            "CLIENT",
            "INTERNAL",
            "REPLICATION",
            "CONTROLLER",
            "PRIVATELINK",
            "EXTRA",
        ];
        let templates = [
            "b-{id}.x.internal:{9000+id}",
            "{",
            "x:{id}",
            ":",
            "h:70000",
            "",
        ];
        Cluster {
            kind: self.pick(ClusterKind::ALL),
            vpc: self.pick(vpcs).to_owned(),
            kafka_version: "3.9".to_owned(),
            brokers: if self.once_in(20) {
                (0..300).collect()
            } else {
                self.some(8, Self::id)
            },
            auth: self.schemes(),
            certificate_names: self.sometimes(|dice| {
                dice.list(2, |dice| dice.pick(&["*.x", "b-{id}.x", ""]).to_owned())
            }),
            config: self
                .list(2, |dice| {
                    let names = [
                        "min.insync.replicas",
                        "default.replication.factor",
                        "log.dirs",
                    ];
                    let values = ["1", "3", "99999999999999999999999", "-1", "x", ""];
                    (dice.pick(&names).to_owned(), dice.pick(&values).to_owned())
                })
                .into_iter()
                .collect(),
            suffix: self.sometimes(|dice| dice.pick(&["Orders.Internal.", "", "."]).to_owned()),
            addresses: self
                .list(3, |dice| (dice.id(), dice.address()))
                .into_iter()
                .collect(),
            broker_zones: self
                .list(2, |dice| (dice.id(), dice.zone()))
                .into_iter()
                .collect(),
            listeners: self
                .list(2, |dice| (dice.pick(&listeners).to_owned(), dice.port()))
                .into_iter()
                .collect(),
            advertised: self.sometimes(|dice| {
                dice.list(3, |dice| {
                    (
                        dice.pick(&listeners).to_owned(),
                        dice.pick(&templates).to_owned(),
                    )
                })
                .into_iter()
                .collect()
            }),
            admit: self.list(2, Self::range),
            ..Cluster::default()
        }
    }

    fn schemes(&mut self) -> Vec<Auth> {
        if self.once_in(2) {
            return vec![Auth::None];
        }
        self.list(6, |dice| dice.pick(Auth::ALL))
    }

    fn client(&mut self, vpcs: &[&str], clusters: &[&str]) -> Client {
        Client {
            vpc: self.pick(vpcs).to_owned(),
            cluster: self.pick(clusters).to_owned(),
            kind: self.pick(ClientKind::ALL),
            auth: self.pick(Auth::ALL),
            traffic: None,
            addresses: self
                .list(2, |dice| (dice.zone(), dice.address()))
                .into_iter()
                .collect(),
            egress: self.sometimes(|dice| dice.list(2, Self::range)),
            bootstrap: None,
            ..Client::default()
        }
    }

    fn via(&mut self) -> Via {
        if self.once_in(3) {
            Via::Privatelink
        } else {
            self.pick(Via::ALL)
        }
    }

    fn connection(&mut self, vpcs: &[&str], clusters: &[&str]) -> Connection {
        let ranges = |dice: &mut Self| dice.sometimes(|dice| dice.list(2, Self::range));
        Connection {
            from: self.pick(vpcs).to_owned(),
            to: self.pick(clusters).to_owned(),
            via: self.via(),
            through: self.sometimes(|dice| dice.pick(vpcs).to_owned()),
            carrier: self.sometimes(|dice| dice.pick(Carrier::ALL)),
            transit_gateway: self.sometimes(|dice| dice.pick(&["core", "data", "far"]).to_owned()),
            group: self.sometimes(|dice| dice.pick(&["a", "b-c", "tls"]).to_owned()),
            zone_aligned: self.sometimes(|dice| dice.once_in(2)),
            terminate_tls: self.sometimes(|dice| dice.once_in(2)),
            certificate_names: self.sometimes(|dice| {
                dice.list(2, |dice| dice.pick(&["*.x", "b-{id}.x", ""]).to_owned())
            }),
            mode: self.sometimes(|dice| dice.pick(GatewayMode::ALL)),
            instances: self.sometimes(|dice| dice.pick(&[0, 1, 3, u32::MAX])),
            preserve_client_ip: self.sometimes(|dice| dice.once_in(2)),
            idle_timeout_s: self.sometimes(|dice| dice.pick(&[0, 60, 6000])),
            enforce_on_privatelink: self.sometimes(|dice| dice.once_in(2)),
            acceptance_required: self.sometimes(|dice| dice.once_in(2)),
            private_dns_preference: self.sometimes(|dice| {
                dice.pick(&["ALL_DOMAINS", "VERIFIED_DOMAINS_ONLY", ""])
                    .to_owned()
            }),
            cross_zone: self.sometimes(|dice| dice.once_in(2)),
            ports: self.sometimes(Self::ports),
            advertise: self.sometimes(Self::ports),
            balancer_zones: self.sometimes(|dice| dice.list(4, Self::zone)),
            endpoint_zones: self.sometimes(|dice| dice.list(4, Self::zone)),
            endpoint_addresses: self
                .list(2, |dice| (dice.zone(), dice.address()))
                .into_iter()
                .collect(),
            zone_name: self
                .sometimes(|dice| dice.pick(&["internal", "orders.internal", ""]).to_owned()),
            admit: Admit {
                brokers: ranges(self),
                balancer: ranges(self),
                endpoint: ranges(self),
            },
        }
    }
}

/// Everything an object names exists, every interface has its own usable address, and every
/// object says which key of the spec it comes from.
fn check_whole(b: &Blueprint) {
    check_interfaces(b);
    check_routing(b);
    check_transit(b);
    check_groups(b);
    check_balancing(b);
    check_gateways(b);
    check_names(b);
    check_kafka(b);
    let origins: BTreeSet<ObjectId> = b.origins.keys().cloned().collect();
    assert_eq!(objects(b), origins);
}

fn check_interfaces(b: &Blueprint) {
    let mut held = BTreeSet::new();
    for (id, eni) in &b.enis {
        let subnet = &b.subnets[&eni.subnet];
        let offset = u32::from(eni.address) - u32::from(subnet.cidr.network());
        assert!(4 <= offset && eni.address < subnet.cidr.broadcast(), "{id}");
        assert!(
            held.insert((subnet.vpc.clone(), eni.address)),
            "{id} shares {}",
            eni.address
        );
        assert!(
            eni.security_groups
                .iter()
                .all(|group| b.security_groups.contains_key(group)),
            "{id}"
        );
    }
}

fn check_routing(b: &Blueprint) {
    for subnet in b.subnets.values() {
        assert_eq!(b.route_tables[&subnet.route_table].vpc, subnet.vpc);
        assert!(
            b.vpcs[&subnet.vpc]
                .cidrs
                .iter()
                .any(|range| range.contains(&subnet.cidr))
        );
    }
    for route in b.route_tables.values().flat_map(|table| &table.routes) {
        if let RouteTarget::Peering(peering) = &route.target {
            assert!(b.peerings.contains_key(peering));
        }
    }
}

fn check_transit(b: &Blueprint) {
    for (id, attachment) in &b.transit_attachments {
        let gateway = &b.transit_gateways[&attachment.gateway];
        assert_eq!(gateway.region, b.vpcs[&attachment.vpc].region, "{id}");
        for (zone, subnet) in &attachment.subnets {
            assert_eq!(&b.subnets[subnet].zone, zone, "{id}");
        }
        if let Some(table) = &attachment.table {
            assert_eq!(b.transit_tables[table].gateway, attachment.gateway, "{id}");
        }
    }
    for (id, table) in &b.transit_tables {
        let mut learnt = table.propagations.iter();
        assert!(
            learnt.all(|a| b.transit_attachments[a].gateway == table.gateway),
            "{id}"
        );
        for route in &table.routes {
            match &route.target {
                TransitTarget::Attachment(a) => {
                    assert_eq!(b.transit_attachments[a].gateway, table.gateway, "{id}");
                }
                TransitTarget::Peering(p) => assert!(b.transit_peerings.contains_key(p), "{id}"),
                TransitTarget::Blackhole => {}
            }
        }
    }
    for peering in b.transit_peerings.values() {
        assert!(
            peering
                .tables
                .values()
                .all(|table| b.transit_tables.contains_key(table))
        );
    }
    for route in b.route_tables.values().flat_map(|table| &table.routes) {
        if let RouteTarget::TransitGateway(gateway) = &route.target {
            assert!(b.transit_gateways.contains_key(gateway));
        }
    }
}

fn check_groups(b: &Blueprint) {
    for group in b.security_groups.values() {
        for rule in group.ingress.iter().chain(&group.egress) {
            assert!(rule.from_port <= rule.to_port);
            if let Peer::Group(peer) = &rule.peer {
                assert!(b.security_groups.contains_key(peer), "{peer}");
            }
        }
    }
}

fn check_balancing(b: &Blueprint) {
    for balancer in b.balancers.values() {
        assert!(b.public_names.contains_key(&balancer.dns_name));
        assert!(balancer.nodes.values().all(|eni| b.enis.contains_key(eni)));
        let groups = balancer
            .listeners
            .values()
            .map(|listener| &listener.target_group);
        assert!(
            groups
                .into_iter()
                .all(|group| b.target_groups.contains_key(group))
        );
    }
    for endpoint in b.endpoints.values() {
        match &endpoint.target {
            EndpointTarget::Service(service) => {
                assert!(b.balancers.contains_key(&b.services[service].balancer));
            }
            EndpointTarget::Resource(resource) => {
                assert!(b.resource_configurations.contains_key(resource));
            }
        }
        assert!(b.public_names.contains_key(&endpoint.dns_name));
        assert!(endpoint.enis.values().all(|eni| b.enis.contains_key(eni)));
    }
}

fn check_gateways(b: &Blueprint) {
    for gateway in b.gateways.values() {
        let cluster = &b.clusters[&gateway.cluster];
        assert_eq!(cluster.vpc, gateway.vpc);
        assert!(gateway.instances.iter().all(|eni| b.enis.contains_key(eni)));
        let mut brokers = cluster.brokers.values();
        assert!(brokers.all(|broker| broker.listeners.contains_key(&gateway.listener)));
    }
    for resource in b.resource_configurations.values() {
        let gateway = &b.resource_gateways[&resource.gateway];
        assert!(gateway.enis.values().all(|eni| b.enis.contains_key(eni)));
    }
}

fn check_names(b: &Blueprint) {
    for record in b.zones.values().flat_map(|zone| zone.records.values()) {
        if let Record::Alias(target) = record {
            assert!(b.public_names.contains_key(target), "{target}");
        }
    }
}

fn check_kafka(b: &Blueprint) {
    for cluster in b.clusters.values() {
        assert!(
            cluster
                .brokers
                .values()
                .all(|broker| b.enis.contains_key(&broker.eni))
        );
        assert!(
            cluster
                .controllers
                .keys()
                .all(|id| cluster.brokers.contains_key(id))
        );
    }
    for client in b.clients.values() {
        let brokers = &b.clusters[&client.cluster].brokers;
        let listener = &client.listener;
        assert!(
            brokers
                .values()
                .all(|broker| broker.listeners.contains_key(listener)),
            "{listener}"
        );
        assert!(client.enis.iter().all(|eni| b.enis.contains_key(eni)));
    }
    assert!(
        b.denials
            .iter()
            .all(|denial| b.enis.contains_key(&denial.from))
    );
}

fn objects(b: &Blueprint) -> BTreeSet<ObjectId> {
    fn ids<'m, K, V>(map: &'m BTreeMap<K, V>) -> impl Iterator<Item = ObjectId>
    where
        ObjectId: From<&'m K>,
    {
        map.keys().map(ObjectId::from)
    }
    ids(&b.vpcs)
        .chain(ids(&b.subnets))
        .chain(ids(&b.route_tables))
        .chain(ids(&b.enis))
        .chain(ids(&b.security_groups))
        .chain(ids(&b.peerings))
        .chain(ids(&b.balancers))
        .chain(ids(&b.target_groups))
        .chain(ids(&b.services))
        .chain(ids(&b.endpoints))
        .chain(ids(&b.zones))
        .chain(ids(&b.network_acls))
        .chain(ids(&b.transit_gateways))
        .chain(ids(&b.transit_attachments))
        .chain(ids(&b.transit_tables))
        .chain(ids(&b.transit_peerings))
        .chain(ids(&b.resource_gateways))
        .chain(ids(&b.resource_configurations))
        .chain(ids(&b.gateways))
        .chain(ids(&b.resolver_rules))
        .chain(ids(&b.clusters))
        .chain(ids(&b.clients))
        .collect()
}

#[test]
fn any_spec_has_one_whole_plan() {
    let mut n_endpoints = 0;
    for seed in 1..1000_u64 {
        let spec = Dice(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15)).spec();
        let (blueprint, found) = plan::build(&spec);
        let again = plan::build(&spec);
        assert!(plan::diff(&blueprint, &again.0).is_empty());
        assert_eq!((&blueprint, &found), (&again.0, &again.1));
        check_whole(&blueprint);
        n_endpoints += blueprint
            .endpoints
            .values()
            .filter(|e| !e.enis.is_empty())
            .count();
        for fault in &found {
            let is_a_checks = fault.name == "unready-multi-vpc";
            let has_page = plan::explain(fault.name).is_some();
            assert!(has_page || is_a_checks, "{}", fault.name);
        }
    }
    assert!(
        100 < n_endpoints,
        "only {n_endpoints} endpoints: most of the plan was not seen"
    );
}

#[test]
fn the_text_of_a_plan_is_the_same_each_time() {
    for body in [support::SHOP, support::PEERING] {
        let text = || format!("{:#?}", plan::build(&support::spec(body)));
        assert_eq!(text(), text());
        check_whole(&support::plan(body));
    }
}

/// 40 VPCs of clients and 30 brokers.
#[test]
fn a_large_estate_is_planned_without_a_fault() {
    let mut large = support::spec(support::SHOP);
    large.clusters[0].1.brokers = (1..=30).collect();
    for n in 0..40 {
        let name = format!("shop{n}");
        large.vpcs.push((name.clone(), large.vpcs[1].1.clone()));
        let mut client = large.clients[0].1.clone();
        client.vpc.clone_from(&name);
        large.clients.push((format!("reader{n}"), client));
        let mut connection = large.connections[0].clone();
        connection.from = name;
        large.connections.push(connection);
    }
    let (blueprint, found) = plan::build(&large);
    assert!(found.is_empty(), "{found:#?}");
    assert_eq!(blueprint.zones.len(), 42 * 31);
    check_whole(&blueprint);
}
