//! Estates of any size for the benchmark, settled in memory: no spec may hold that many clients.

use std::collections::{BTreeMap, BTreeSet};
use std::net::Ipv4Addr;

use blueprint::Blueprint;
use blueprint::balancing::{
    Endpoint, EndpointService, EndpointTarget, HealthCheck, Listener, LoadBalancer, Target,
    TargetGroup,
};
use blueprint::dns::{HostedZone, PublicName, Record};
use blueprint::ids::{EniId, VpcId, ZoneId};
use blueprint::kafka::{Broker, BrokerListener, Client, Cluster, HostPort};
use blueprint::network::{
    Eni, EniOwner, Peer, Peering, Route, RouteTable, RouteTarget, Rule, SecurityGroup, Subnet, Vpc,
};
use blueprint::spec::{Auth, ClientKind, ClusterKind};
use blueprint::transit::{TransitAttachment, TransitGateway, TransitTable};
use ipnet::Ipv4Net;

/// Brokers of the cluster.
pub(super) const N_BROKERS: u32 = 50;

/// Clients that fare alike: of one VPC, zone, security group and listener.
pub(super) const N_ALIKE: u32 = 20;

/// Zones of every VPC.
const ZONES: [&str; 3] = ["euc1-az1", "euc1-az2", "euc1-az3"];

/// Security groups of clients in a VPC, each for another listener of the brokers.
const LISTENERS: [(&str, u16, Auth); 2] = [
    ("CLIENT_SECURE", 9094, Auth::Tls),
    ("CLIENT_SASL_SCRAM", 9096, Auth::Scram),
];

/// The listener behind the balancer, and the first port of the balancer's own.
const LINK: (&str, u16) = ("PRIVATELINK", 9095);
const BASE: u16 = 9000;

/// The VPC of the cluster.
const DATA: &str = "data";

/// The second octet of the cluster's range; clients' VPCs have the others, over and over.
const DATA_OCTET: u8 = 255;

/// The range that all client VPCs lie in, which the brokers admit: a group of theirs holds sixty
/// rules, so no estate of this size admits VPC by VPC.
const CLIENTS: ([u8; 4], u8) = ([0, 0, 0, 0], 4);

/// What joins a client VPC to the cluster's.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Means {
    Peering,
    TransitGateway,
    Privatelink,
}

/// An estate with this many groups of clients, [`N_ALIKE`] in each: six groups to a VPC, and of
/// three VPCs one is peered, one attached to a transit gateway and one joined by PrivateLink.
pub(super) fn of(n_groups: u32) -> Blueprint {
    let mut estate = Estate(Blueprint {
        name: "bench".to_owned(),
        region: "eu-central-1".to_owned(),
        ..Blueprint::default()
    });
    estate.add_vpc(DATA, [10, DATA_OCTET], None);
    estate.add_cluster();
    estate.add_gateway();
    estate.add_balancer();
    for group in 0..n_groups {
        estate.add_group(group);
    }
    estate.0
}

/// A blueprint under construction.
struct Estate(Blueprint);

impl Estate {
    fn add_vpc(&mut self, vpc: &str, octets: [u8; 2], via: Option<&RouteTarget>) {
        let [first, second] = octets;
        let cidr = range([first, second, 0, 0], 16);
        let known = Vpc {
            account: "111111111111".to_owned(),
            region: "eu-central-1".to_owned(),
            cidrs: vec![cidr],
            ipv6_cidrs: Vec::new(),
            resolver: [first, second, 0, 2].into(),
            mtu: 9001,
            dns: true,
            nat: false,
            service_endpoints: BTreeSet::new(),
        };
        self.0.vpcs.insert(vpc.into(), known);
        for (third, zone) in (0..).step_by(16).zip(ZONES) {
            let id = format!("{vpc}/{zone}");
            let mut routes = vec![Route {
                destination: cidr,
                target: RouteTarget::Local,
            }];
            routes.extend(via.map(|target| Route {
                destination: range([10, DATA_OCTET, 0, 0], 16),
                target: target.clone(),
            }));
            let table = RouteTable {
                vpc: vpc.into(),
                routes,
            };
            self.0.route_tables.insert(id.as_str().into(), table);
            let subnet = Subnet {
                vpc: vpc.into(),
                zone: zone.into(),
                cidr: range([first, second, third, 0], 20),
                route_table: id.as_str().into(),
                network_acl: None,
            };
            self.0.subnets.insert(id.as_str().into(), subnet);
        }
    }

    fn add_eni(
        &mut self,
        id: &str,
        vpc: &str,
        zone: usize,
        address: [u8; 4],
        owner: EniOwner,
        group: &str,
    ) {
        let zone = ZONES.get(zone).copied().unwrap_or_default();
        let eni = Eni {
            subnet: format!("{vpc}/{zone}").into(),
            address: address.into(),
            security_groups: vec![group.into()],
            owner,
        };
        self.0.enis.insert(id.into(), eni);
    }

    fn add_rules(&mut self, group: &str, ingress: Vec<Rule>, egress: Vec<Rule>) {
        let group_vpc = VpcId::from(DATA);
        let known = self.0.security_groups.entry(group.into());
        let known = known.or_insert(SecurityGroup {
            vpc: group_vpc,
            ingress: Vec::new(),
            egress: Vec::new(),
        });
        known.ingress.extend(ingress);
        known.egress.extend(egress);
    }

    fn add_cluster(&mut self) {
        let mut brokers = BTreeMap::new();
        let mut records = BTreeMap::new();
        for id in 1..=N_BROKERS {
            let address = broker_address(id);
            let eni = format!("orders/{id}");
            let owner = EniOwner::Broker {
                cluster: "orders".into(),
                id,
            };
            self.add_eni(&eni, DATA, zone_of(id), address, owner, "orders");
            let host = format!("b-{id}.orders.internal");
            records.insert(host.clone(), Record::A(vec![address.into()]));
            let [first, second] = LISTENERS;
            let port = BASE.saturating_add(u16::try_from(id).unwrap_or(0));
            let listeners = [
                listener(first.0, first.1, &host, first.1, first.2),
                listener(second.0, second.1, &host, second.1, second.2),
                listener(LINK.0, LINK.1, &host, port, Auth::Tls),
            ];
            let listeners = listeners.into();
            brokers.insert(
                id,
                Broker {
                    eni: eni.into(),
                    listeners,
                },
            );
        }
        self.0.clusters.insert("orders".into(), cluster(brokers));
        self.add_zone("zone of orders", records);
        let [first, second] = LISTENERS;
        let admitted = vec![
            cidr_rule(first.1, CLIENTS.0, CLIENTS.1),
            cidr_rule(second.1, CLIENTS.0, CLIENTS.1),
            cidr_rule(LINK.1, [10, DATA_OCTET, 0, 0], 16),
        ];
        self.add_rules("orders", admitted, Vec::new());
    }

    fn add_zone(&mut self, id: &str, records: BTreeMap<String, Record>) {
        let zone = HostedZone {
            name: "orders.internal".to_owned(),
            account: "111111111111".to_owned(),
            vpcs: BTreeSet::new(),
            records,
            managed: false,
        };
        self.0.zones.insert(id.into(), zone);
    }

    fn add_gateway(&mut self) {
        let gateway = TransitGateway {
            account: "111111111111".to_owned(),
            region: "eu-central-1".to_owned(),
            mtu: 8500,
            shared_with: BTreeSet::new(),
        };
        self.0.transit_gateways.insert("core".into(), gateway);
        let table = TransitTable {
            gateway: "core".into(),
            propagations: BTreeSet::new(),
            routes: Vec::new(),
        };
        self.0.transit_tables.insert("core".into(), table);
        self.attach(DATA);
    }

    fn attach(&mut self, vpc: &str) {
        let id = format!("{vpc}@core");
        let attachment = TransitAttachment {
            gateway: "core".into(),
            vpc: vpc.into(),
            subnets: ZONES
                .map(|zone| (zone.into(), format!("{vpc}/{zone}").into()))
                .into(),
            table: Some("core".into()),
        };
        self.0
            .transit_attachments
            .insert(id.as_str().into(), attachment);
        if let Some(table) = self.0.transit_tables.get_mut(&"core".into()) {
            table.propagations.insert(id.into());
        }
    }

    fn add_balancer(&mut self) {
        let mut nodes = BTreeMap::new();
        for (zone, name) in ZONES.iter().enumerate() {
            let id = format!("nlb/{name}");
            let address = [10, DATA_OCTET, third_of(zone), 200];
            let owner = EniOwner::BalancerNode("nlb".into());
            self.add_eni(&id, DATA, zone, address, owner, "nlb");
            nodes.insert(ZoneId::from(*name), EniId::from(id));
        }
        let mut listeners = BTreeMap::new();
        let all: Vec<_> = (1..=N_BROKERS).map(target).collect();
        self.add_listener(&mut listeners, BASE, all);
        for id in 1..=N_BROKERS {
            let port = BASE.saturating_add(u16::try_from(id).unwrap_or(0));
            self.add_listener(&mut listeners, port, vec![target(id)]);
        }
        let balancer = LoadBalancer {
            vpc: DATA.into(),
            dns_name: "nlb.elb.amazonaws.com".to_owned(),
            nodes,
            cross_zone: true,
            enforce_on_privatelink: false,
            listeners,
            managed: false,
        };
        self.0.balancers.insert("nlb".into(), balancer);
        let service = EndpointService {
            balancer: "nlb".into(),
            name: "com.amazonaws.vpce.eu-central-1.vpce-svc-orders".to_owned(),
            acceptance_required: true,
            allowed_accounts: BTreeSet::new(),
            supported_regions: BTreeSet::new(),
        };
        self.0.services.insert("orders".into(), service);
        let egress = cidr_rule(LINK.1, [10, DATA_OCTET, 0, 0], 16);
        self.add_rules("nlb", Vec::new(), vec![egress]);
    }

    fn add_listener(
        &mut self,
        listeners: &mut BTreeMap<u16, Listener>,
        port: u16,
        targets: Vec<Target>,
    ) {
        let group = format!("orders-{port}");
        let target_group = TargetGroup {
            vpc: DATA.into(),
            port: LINK.1,
            targets,
            health_check: HealthCheck {
                interval_s: 10,
                healthy_threshold: 3,
                unhealthy_threshold: 3,
            },
            preserve_client_ip: false,
            proxy_protocol: false,
        };
        self.0
            .target_groups
            .insert(group.as_str().into(), target_group);
        let listener = Listener {
            target_group: group.into(),
            idle_timeout_s: 350,
            certificate_names: None,
        };
        listeners.insert(port, listener);
    }

    /// Adds the clients of one group, and with the first group of a VPC the VPC.
    fn add_group(&mut self, group: u32) {
        let (n_zones, n_listeners) = (to_u32(ZONES.len()), to_u32(LISTENERS.len()));
        let number = group / (n_zones * n_listeners);
        let means = match number % 3 {
            0 => Means::Peering,
            1 => Means::TransitGateway,
            _ => Means::Privatelink,
        };
        let vpc = format!("vpc-{number:04}");
        let octets = octets_of(number);
        if !self.0.vpcs.contains_key(&vpc.as_str().into()) {
            self.join(&vpc, octets, means);
        }
        let zone = group % n_zones;
        let which = (group / n_zones) % n_listeners;
        for client in 0..N_ALIKE {
            self.add_client(&vpc, (zone, which, client), octets, means);
        }
    }

    fn join(&mut self, vpc: &str, octets: [u8; 2], means: Means) {
        let back = range([octets[0], octets[1], 0, 0], 16);
        let target = match means {
            Means::Peering => {
                let id = format!("{vpc}-{DATA}");
                let peering = Peering {
                    requester: vpc.into(),
                    accepter: DATA.into(),
                    mtu: 9001,
                };
                self.0.peerings.insert(id.as_str().into(), peering);
                Some(RouteTarget::Peering(id.into()))
            }
            Means::TransitGateway => {
                self.attach(vpc);
                Some(RouteTarget::TransitGateway("core".into()))
            }
            Means::Privatelink => None,
        };
        self.add_vpc(vpc, octets, target.as_ref());
        for (which, (_, port, _)) in LISTENERS.iter().enumerate() {
            let group = format!("{vpc}/{which}");
            let out = match means {
                Means::Peering | Means::TransitGateway => {
                    cidr_rule(*port, [10, DATA_OCTET, 0, 0], 16)
                }
                Means::Privatelink => group_rule(BASE, LINK.1, &format!("{vpc}-orders")),
            };
            self.add_rules(&group, Vec::new(), vec![out]);
        }
        match target {
            Some(target) => self.lead_back(vpc, back, &target),
            None => self.add_endpoint(vpc, octets),
        }
    }

    fn lead_back(&mut self, vpc: &str, range: Ipv4Net, target: &RouteTarget) {
        for zone in ZONES {
            let table = self
                .0
                .route_tables
                .get_mut(&format!("{DATA}/{zone}").into());
            let route = Route {
                destination: range,
                target: target.clone(),
            };
            table
                .into_iter()
                .for_each(|table| table.routes.push(route.clone()));
        }
        let zone = self.0.zones.get_mut(&"zone of orders".into());
        zone.into_iter().for_each(|zone| {
            zone.vpcs.insert(vpc.into());
        });
    }

    fn add_endpoint(&mut self, vpc: &str, octets: [u8; 2]) {
        let id = format!("{vpc}-orders");
        let mut enis = BTreeMap::new();
        let mut addresses = Vec::new();
        for (zone, name) in ZONES.iter().enumerate() {
            let eni = format!("{id}/{name}");
            let address = [octets[0], octets[1], third_of(zone), 250];
            let owner = EniOwner::Endpoint(id.as_str().into());
            self.add_eni(&eni, vpc, zone, address, owner, &id);
            enis.insert((*name).into(), eni.into());
            addresses.push(Ipv4Addr::from(address));
        }
        let admitted =
            (0..LISTENERS.len()).map(|which| group_rule(BASE, LINK.1, &format!("{vpc}/{which}")));
        self.add_rules(&id, admitted.collect(), Vec::new());
        let dns_name = format!("{id}.vpce.amazonaws.com");
        let endpoint = Endpoint {
            target: EndpointTarget::Service("orders".into()),
            vpc: vpc.into(),
            dns_name: dns_name.clone(),
            enis,
        };
        self.0.endpoints.insert(id.as_str().into(), endpoint);
        self.0
            .public_names
            .insert(dns_name.clone(), PublicName { addresses });
        let hosts = (1..=N_BROKERS).map(|id| format!("b-{id}.orders.internal"));
        let hosts = hosts.chain(["boot.orders.internal".to_owned()]);
        let records = hosts.map(|host| (host, Record::Alias(dns_name.clone())));
        self.add_zone(&id, records.collect());
        let zone = self.0.zones.get_mut(&id.into());
        zone.into_iter().for_each(|zone| {
            zone.vpcs.insert(vpc.into());
        });
    }

    fn add_client(
        &mut self,
        vpc: &str,
        (zone, which, n): (u32, u32, u32),
        octets: [u8; 2],
        means: Means,
    ) {
        let name = format!("{vpc}-{zone}-{which}-{n:02}");
        let (zone, which) = (to_index(zone), to_index(which));
        let host_number = to_u8(to_u32(which) * N_ALIKE + n + 10);
        let address = [octets[0], octets[1], third_of(zone), host_number];
        let eni = format!("{name}/eni");
        let owner = EniOwner::Client(name.as_str().into());
        self.add_eni(&eni, vpc, zone, address, owner, &format!("{vpc}/{which}"));
        let (listener, port, auth) = LISTENERS.get(which).copied().unwrap_or(LISTENERS[0]);
        let direct = (1..=3).map(|id| host_port(&format!("b-{id}.orders.internal"), port));
        let (bootstrap, listener) = match means {
            Means::Peering | Means::TransitGateway => (direct.collect(), listener),
            Means::Privatelink => (vec![host_port("boot.orders.internal", BASE)], LINK.0),
        };
        let client = Client {
            kind: ClientKind::Service,
            vpc: vpc.into(),
            cluster: "orders".into(),
            auth,
            enis: vec![eni.into()],
            bootstrap,
            listener: listener.to_owned(),
            settings: BTreeMap::new(),
            lambda: None,
            traffic: None,
        };
        self.0.clients.insert(name.into(), client);
    }
}

fn cluster(brokers: BTreeMap<u32, Broker>) -> Cluster {
    Cluster {
        kind: ClusterKind::Ec2,
        vpc: DATA.into(),
        kafka_version: "4.3".to_owned(),
        instance_type: None,
        zookeeper: false,
        bootstrap_names: Vec::new(),
        vpc_connectivity: BTreeMap::new(),
        suffix: "orders.internal".to_owned(),
        brokers,
        inter_broker_listener: "INTERNAL".to_owned(),
        controller_listener: "CONTROLLER".to_owned(),
        controllers: BTreeMap::new(),
        settings: BTreeMap::new(),
        advertised_by: None,
        service_names: BTreeMap::new(),
    }
}

fn listener(
    name: &str,
    port: u16,
    host: &str,
    advertised: u16,
    auth: Auth,
) -> (String, BrokerListener) {
    let listener = BrokerListener {
        port,
        advertised: Some(host_port(host, advertised)),
        protocol: "SSL".to_owned(),
        auth,
        certificate_names: BTreeSet::from([host.to_owned()]),
    };
    (name.to_owned(), listener)
}

fn host_port(host: &str, port: u16) -> HostPort {
    HostPort {
        host: host.to_owned(),
        port,
    }
}

fn target(broker: u32) -> Target {
    Target {
        address: broker_address(broker).into(),
        port: LINK.1,
    }
}

fn cidr_rule(port: u16, address: [u8; 4], length: u8) -> Rule {
    Rule {
        from_port: port,
        to_port: port,
        peer: Peer::Cidr(range(address, length)),
        because: String::new(),
    }
}

fn group_rule(from_port: u16, to_port: u16, group: &str) -> Rule {
    Rule {
        from_port,
        to_port,
        peer: Peer::Group(group.into()),
        because: String::new(),
    }
}

fn range(address: [u8; 4], length: u8) -> Ipv4Net {
    Ipv4Net::new_assert(address.into(), length)
}

/// The first two octets of a client VPC's range, no two alike.
fn octets_of(number: u32) -> [u8; 2] {
    let first = 11 + number / 250;
    [to_u8(first), to_u8(number % 250)]
}

fn broker_address(id: u32) -> [u8; 4] {
    [10, DATA_OCTET, third_of(zone_of(id)), to_u8(10 + id)]
}

/// Brokers take the zones in turn.
fn zone_of(broker: u32) -> usize {
    to_index(broker.saturating_sub(1)) % ZONES.len()
}

fn third_of(zone: usize) -> u8 {
    to_u8(to_u32(zone) * 16)
}

fn to_u8(number: u32) -> u8 {
    u8::try_from(number).unwrap_or(u8::MAX)
}

fn to_u32(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

fn to_index(number: u32) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}
