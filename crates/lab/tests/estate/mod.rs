//! Blueprints built by hand, small enough to read: the lab's tests must not depend on `plan`.
#![allow(
    dead_code,
    unreachable_pub,
    clippy::unwrap_used,
    reason = "shared by several test programs, of which each uses a part"
)]

pub mod ways;

use std::collections::BTreeMap;
use std::net::Ipv4Addr;

use blueprint::Blueprint;
use blueprint::balancing::{Endpoint, EndpointService, HealthCheck, Listener, LoadBalancer};
use blueprint::balancing::{EndpointTarget, Target, TargetGroup};
use blueprint::dns::{HostedZone, PublicName, Record};
use blueprint::ids::{EniId, ZoneId};
use blueprint::kafka::{Broker, Cluster};
use blueprint::network::{
    Eni, EniOwner, Peer, Peering, Route, RouteTable, RouteTarget, Rule, SecurityGroup, Subnet, Vpc,
};
use blueprint::spec::ClusterKind;

/// A blueprint that grows call by call.
#[derive(Default)]
pub struct Estate(pub Blueprint);

/// Parses what a test wrote.
pub fn parsed<T: std::str::FromStr>(text: &str) -> T
where
    T::Err: std::fmt::Debug,
{
    text.parse().unwrap()
}

impl Estate {
    /// A VPC with subnets `ID/zone`, each with a route table of its own that has the local route.
    pub fn vpc(mut self, id: &str, cidr: &str, subnets: &[(&str, &str)]) -> Self {
        let cidr: ipnet::Ipv4Net = parsed(cidr);
        let vpc = Vpc {
            account: "111111111111".to_owned(),
            region: "eu-central-1".to_owned(),
            cidrs: vec![cidr],
            ipv6_cidrs: Vec::new(),
            resolver: Ipv4Addr::from(u32::from(cidr.network()) + 2),
            mtu: 9001,
            dns: true,
            nat: false,
            service_endpoints: Default::default(),
        };
        self.0.vpcs.insert(id.into(), vpc);
        for (zone, range) in subnets {
            let name = format!("{id}/{zone}");
            let subnet = Subnet {
                vpc: id.into(),
                zone: ZoneId((*zone).to_owned()),
                cidr: parsed(range),
                route_table: name.clone().into(),
                network_acl: None,
            };
            let table = RouteTable {
                vpc: id.into(),
                routes: vec![Route {
                    destination: cidr,
                    target: RouteTarget::Local,
                }],
            };
            self.0.route_tables.insert(name.clone().into(), table);
            self.0.subnets.insert(name.into(), subnet);
        }
        self
    }

    pub fn route(mut self, table: &str, range: &str, target: RouteTarget) -> Self {
        let route = Route {
            destination: parsed(range),
            target,
        };
        let table = self.0.route_tables.get_mut(&table.into()).unwrap();
        table.routes.push(route);
        self
    }

    pub fn peering(mut self, id: &str, requester: &str, accepter: &str) -> Self {
        let peering = Peering {
            requester: requester.into(),
            accepter: accepter.into(),
            mtu: 9001,
        };
        self.0.peerings.insert(id.into(), peering);
        self
    }

    pub fn eni(mut self, id: &str, subnet: &str, address: &str, groups: &[&str]) -> Self {
        let owner = EniOwner::Witness;
        let eni = eni(subnet, address, groups, owner);
        self.0.enis.insert(id.into(), eni);
        self
    }

    /// A group with rules `port peer`, where a peer is a range or a group.
    pub fn group(mut self, id: &str, vpc: &str, ingress: &[&str], egress: &[&str]) -> Self {
        let rules = |texts: &[&str]| texts.iter().map(|text| rule(text)).collect();
        let group = SecurityGroup {
            vpc: vpc.into(),
            ingress: rules(ingress),
            egress: rules(egress),
        };
        self.0.security_groups.insert(id.into(), group);
        self
    }

    /// The balancer `nlb`.
    pub fn balancer(
        self,
        vpc: &str,
        cross_zone: bool,
        nodes: &[(&str, &str)],
        groups: &[&str],
        listeners: &[(u16, &[&str])],
    ) -> Self {
        self.named_balancer("nlb", vpc, cross_zone, nodes, groups, listeners)
    }

    /// A balancer with nodes `(subnet, address)` and listeners `(port, targets)`, and its service
    /// of the same name.
    pub fn named_balancer(
        mut self,
        name: &str,
        vpc: &str,
        cross_zone: bool,
        nodes: &[(&str, &str)],
        groups: &[&str],
        listeners: &[(u16, &[&str])],
    ) -> Self {
        let mut balancer = LoadBalancer {
            vpc: vpc.into(),
            dns_name: "nlb.aws".to_owned(),
            nodes: Default::default(),
            cross_zone,
            enforce_on_privatelink: !groups.is_empty(),
            listeners: Default::default(),
            managed: false,
        };
        for (subnet, address) in nodes {
            let zone = self.0.subnets.get(&(*subnet).into()).unwrap().zone.clone();
            let id = EniId(format!("{name}/{}", zone.as_str()));
            let owner = EniOwner::BalancerNode(name.into());
            self.0
                .enis
                .insert(id.clone(), eni(subnet, address, groups, owner));
            balancer.nodes.insert(zone, id);
        }
        for (port, targets) in listeners {
            let group = format!("{name}-{port}");
            let listener = Listener {
                target_group: group.clone().into(),
                idle_timeout_s: 350,
                certificate_names: None,
            };
            balancer.listeners.insert(*port, listener);
            self.0
                .target_groups
                .insert(group.into(), target_group(vpc, targets));
        }
        self.0.balancers.insert(name.into(), balancer);
        let service = EndpointService {
            balancer: name.into(),
            name: "com.amazonaws.vpce.eu-central-1.vpce-svc-1".to_owned(),
            acceptance_required: false,
            allowed_accounts: Default::default(),
            supported_regions: Default::default(),
        };
        self.0.services.insert(name.into(), service);
        self
    }

    /// Whether the nodes' groups judge what comes by PrivateLink; they do if there are any.
    pub fn enforcing(mut self, enforce: bool) -> Self {
        for balancer in self.0.balancers.values_mut() {
            balancer.enforce_on_privatelink = enforce;
        }
        self
    }

    /// A private zone of some VPCs with A records.
    pub fn zone(mut self, name: &str, vpcs: &[&str], records: &[(&str, &str)]) -> Self {
        let record = |text: &str| match text.parse() {
            Ok(address) => Record::A(vec![address]),
            Err(_) => Record::Alias(text.to_owned()),
        };
        let zone = HostedZone {
            name: name.to_owned(),
            account: "111111111111".to_owned(),
            vpcs: vpcs.iter().map(|vpc| (*vpc).into()).collect(),
            records: records
                .iter()
                .map(|(n, r)| ((*n).to_owned(), record(r)))
                .collect(),
            managed: false,
        };
        self.0.zones.insert(name.into(), zone);
        self
    }

    pub fn public_name(mut self, name: &str, address: &str) -> Self {
        let addresses = vec![parsed(address)];
        self.0
            .public_names
            .insert(name.to_owned(), PublicName { addresses });
        self
    }

    /// A cluster of one broker, whose service gives it names of its own.
    pub fn served_broker(mut self, eni: &str, vpc: &str, names: &[(&str, &str)]) -> Self {
        let broker = Broker {
            eni: eni.into(),
            listeners: Default::default(),
        };
        let cluster = Cluster {
            kind: ClusterKind::Msk,
            vpc: vpc.into(),
            kafka_version: "3.9".to_owned(),
            instance_type: None,
            zookeeper: false,
            bootstrap_names: Vec::new(),
            vpc_connectivity: Default::default(),
            suffix: "kafka".to_owned(),
            brokers: [(1, broker)].into(),
            inter_broker_listener: String::new(),
            controller_listener: String::new(),
            controllers: Default::default(),
            settings: Default::default(),
            advertised_by: None,
            service_names: names
                .iter()
                .map(|(n, a)| ((*n).to_owned(), parsed(a)))
                .collect(),
        };
        self.0.clusters.insert("orders".into(), cluster);
        let owner = EniOwner::Broker {
            cluster: "orders".into(),
            id: 1,
        };
        self.0.enis.get_mut(&eni.into()).unwrap().owner = owner;
        self
    }

    /// The endpoint `endpoint` for the balancer `nlb`.
    pub fn endpoint(self, vpc: &str, enis: &[(&str, &str)], groups: &[&str]) -> Self {
        self.named_endpoint(
            "endpoint",
            EndpointTarget::Service("nlb".into()),
            vpc,
            enis,
            groups,
        )
    }

    /// An endpoint with interfaces `NAME/zone`.
    pub fn named_endpoint(
        mut self,
        name: &str,
        target: EndpointTarget,
        vpc: &str,
        enis: &[(&str, &str)],
        groups: &[&str],
    ) -> Self {
        let owner = || EniOwner::Endpoint(name.into());
        let endpoint = Endpoint {
            target,
            vpc: vpc.into(),
            dns_name: "vpce.aws".to_owned(),
            enis: self.parts(name, enis, groups, owner),
        };
        self.0.endpoints.insert(name.into(), endpoint);
        self
    }

    /// Interfaces `NAME/zone`, one for each subnet and address.
    fn parts(
        &mut self,
        name: &str,
        enis: &[(&str, &str)],
        groups: &[&str],
        owner: impl Fn() -> EniOwner,
    ) -> BTreeMap<ZoneId, EniId> {
        let parts = enis.iter().map(|(subnet, address)| {
            let zone = self.0.subnets.get(&(*subnet).into()).unwrap().zone.clone();
            let id = EniId(format!("{name}/{}", zone.as_str()));
            let eni = eni(subnet, address, groups, owner());
            self.0.enis.insert(id.clone(), eni);
            (zone, id)
        });
        parts.collect()
    }
}

fn eni(subnet: &str, address: &str, groups: &[&str], owner: EniOwner) -> Eni {
    Eni {
        subnet: subnet.into(),
        address: parsed(address),
        security_groups: groups.iter().map(|g| (*g).into()).collect(),
        owner,
    }
}

fn rule(text: &str) -> Rule {
    let (ports, peer) = text.split_once(' ').unwrap();
    let (from, to) = ports.split_once('-').unwrap_or((ports, ports));
    let peer = match peer.parse() {
        Ok(range) => Peer::Cidr(range),
        Err(_) => Peer::Group(peer.into()),
    };
    Rule {
        from_port: parsed(from),
        to_port: parsed(to),
        peer,
        because: String::new(),
    }
}

fn target_group(vpc: &str, targets: &[&str]) -> TargetGroup {
    let targets = targets.iter().map(|target| {
        let at: std::net::SocketAddrV4 = parsed(target);
        Target {
            address: *at.ip(),
            port: at.port(),
        }
    });
    TargetGroup {
        vpc: vpc.into(),
        port: 9092,
        targets: targets.collect(),
        health_check: HealthCheck {
            interval_s: 10,
            healthy_threshold: 3,
            unhealthy_threshold: 3,
        },
        preserve_client_ip: false,
        proxy_protocol: false,
    }
}
