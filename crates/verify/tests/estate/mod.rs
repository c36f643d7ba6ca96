//! Small blueprints written by hand, and verdicts as lines: what the walk is tried on.

use std::collections::{BTreeMap, BTreeSet};
use std::net::Ipv4Addr;

use blueprint::Blueprint;
use blueprint::balancing::{
    Endpoint, EndpointService, EndpointTarget, HealthCheck, Listener, LoadBalancer, Target,
    TargetGroup,
};
use blueprint::dns::{HostedZone, PublicName, Record};
use blueprint::ids::{EniId, SecurityGroupId, TargetGroupId, VpcId, ZoneId};
use blueprint::kafka::{Broker, BrokerListener, Client, Cluster, HostPort};
use blueprint::network::{
    Eni, EniOwner, Peer, Peering, Route, RouteTable, RouteTarget, Rule, SecurityGroup, Subnet, Vpc,
};
use blueprint::spec::{Auth, ClientKind, ClusterKind};
use blueprint::verdict::{Attempt, Direction};

/// An address from its dotted form.
pub(crate) fn ip(text: &str) -> Ipv4Addr {
    text.parse().expect("an address")
}

/// A host and port from `host:port`.
pub(crate) fn at(text: &str) -> HostPort {
    let (host, port) = text.split_once(':').expect("host:port");
    HostPort {
        host: host.to_owned(),
        port: port.parse().expect("a port"),
    }
}

/// `shop` and `data` peered, routed both ways. `checkout/a` at 10.1.0.10; brokers `orders/1` in
/// zone `a` at 10.2.0.1 and `orders/2` in zone `b` at 10.2.1.1, on CLIENT 9092 and INTERNAL
/// 9094, named `b-1.orders` and `b-2.orders` by a zone that both VPCs see.
pub(crate) fn peered() -> Blueprint {
    let mut blueprint = Blueprint::default();
    add_vpc(
        &mut blueprint,
        "shop",
        "10.1.0.0/16",
        &[("a", "10.1.0.0/24")],
    );
    add_vpc(
        &mut blueprint,
        "data",
        "10.2.0.0/16",
        &[("a", "10.2.0.0/24"), ("b", "10.2.1.0/24")],
    );
    peer(&mut blueprint, "shop", "data");
    for (table, to) in [
        ("shop/a", "10.2.0.0/16"),
        ("data/a", "10.1.0.0/16"),
        ("data/b", "10.1.0.0/16"),
    ] {
        route(
            &mut blueprint,
            table,
            to,
            RouteTarget::Peering("shop-data".into()),
        );
    }
    add_cluster(
        &mut blueprint,
        "data",
        [("a", "10.2.0.1"), ("b", "10.2.1.1")],
    );
    let records = [("b-1.orders", "10.2.0.1"), ("b-2.orders", "10.2.1.1")];
    let records = records.map(|(name, address)| (name.to_owned(), Record::A(vec![ip(address)])));
    add_zone(&mut blueprint, "orders", &["shop", "data"], records.into());
    add_client(
        &mut blueprint,
        &["b-1.orders:9092"],
        "CLIENT",
        &[("a", "10.1.0.10")],
    );
    group(
        &mut blueprint,
        "checkout",
        &[],
        &[(9092, 9092, "10.2.0.0/16")],
    );
    group(
        &mut blueprint,
        "orders",
        &[(9092, 9092, "10.1.0.0/16")],
        &[],
    );
    blueprint
}

/// `shop` and `data` hold the same range and are joined by PrivateLink. `checkout/a` at
/// 10.0.0.10; parts of the endpoint `link` in zones `a` (10.0.0.20) and `b` (10.0.1.20); nodes of
/// the balancer `nlb` at 10.0.0.30 and 10.0.1.30, listening on 9000 for all brokers and on 9001
/// and 9002 for one each; brokers at 10.0.0.1 and 10.0.1.1, listener LINK on 9095.
pub(crate) fn linked() -> Blueprint {
    let mut blueprint = Blueprint::default();
    for vpc in ["shop", "data"] {
        add_vpc(
            &mut blueprint,
            vpc,
            "10.0.0.0/16",
            &[("a", "10.0.0.0/24"), ("b", "10.0.1.0/24")],
        );
    }
    add_cluster(
        &mut blueprint,
        "data",
        [("a", "10.0.0.1"), ("b", "10.0.1.1")],
    );
    for (zone, part, node) in [
        ("a", "10.0.0.20", "10.0.0.30"),
        ("b", "10.0.1.20", "10.0.1.30"),
    ] {
        eni(
            &mut blueprint,
            &format!("link/{zone}"),
            &format!("shop/{zone}"),
            part,
            EniOwner::Endpoint("link".into()),
            &["link"],
        );
        eni(
            &mut blueprint,
            &format!("nlb/{zone}"),
            &format!("data/{zone}"),
            node,
            EniOwner::BalancerNode("nlb".into()),
            &["nlb"],
        );
    }
    add_balancer(&mut blueprint);
    add_endpoint(&mut blueprint);
    let alias = |name: &str| (name.to_owned(), Record::Alias("link.vpce".to_owned()));
    let records = ["boot.orders", "b-1.orders", "b-2.orders"].map(alias);
    add_zone(&mut blueprint, "orders", &["shop"], records.into());
    add_client(
        &mut blueprint,
        &["boot.orders:9000"],
        "LINK",
        &[("a", "10.0.0.10")],
    );
    group(
        &mut blueprint,
        "checkout",
        &[],
        &[(9000, 9002, "10.0.0.0/16")],
    );
    group(&mut blueprint, "link", &[(9000, 9002, "10.0.0.10/32")], &[]);
    group(&mut blueprint, "nlb", &[], &[(9095, 9095, "10.0.0.0/16")]);
    group(&mut blueprint, "orders", &[], &[]);
    admit_group(&mut blueprint, "orders", 9095, "nlb");
    blueprint
}

/// Adds a VPC with a subnet and a table per zone, each with the local route.
pub(crate) fn add_vpc(blueprint: &mut Blueprint, name: &str, cidr: &str, zones: &[(&str, &str)]) {
    let cidr: ipnet::Ipv4Net = cidr.parse().expect("a range");
    let vpc = Vpc {
        account: "111111111111".to_owned(),
        region: "eu-central-1".to_owned(),
        cidrs: vec![cidr],
        ipv6_cidrs: Vec::new(),
        resolver: Ipv4Addr::from(u32::from(cidr.network()) + 2),
        mtu: 9001,
        dns: true,
        nat: false,
        service_endpoints: BTreeSet::new(),
    };
    blueprint.vpcs.insert(name.into(), vpc);
    for (zone, range) in zones {
        let id = format!("{name}/{zone}");
        let subnet = Subnet {
            vpc: name.into(),
            zone: (*zone).into(),
            cidr: range.parse().expect("a range"),
            route_table: id.as_str().into(),
            network_acl: None,
        };
        blueprint.subnets.insert(id.as_str().into(), subnet);
        let local = Route {
            destination: cidr,
            target: RouteTarget::Local,
        };
        let table = RouteTable {
            vpc: name.into(),
            routes: vec![local],
        };
        blueprint.route_tables.insert(id.as_str().into(), table);
    }
}

/// Moves a VPC to another Region.
pub(crate) fn set_region(blueprint: &mut Blueprint, vpc: &str, region: &str) {
    let vpc = blueprint.vpcs.get_mut(&vpc.into()).expect("a VPC");
    vpc.region = region.to_owned();
}

/// Requests a peering, called after both sides.
pub(crate) fn peer(blueprint: &mut Blueprint, requester: &str, accepter: &str) {
    let peering = Peering {
        requester: requester.into(),
        accepter: accepter.into(),
        mtu: 9001,
    };
    blueprint
        .peerings
        .insert(format!("{requester}-{accepter}").into(), peering);
}

/// Adds a route to a table.
pub(crate) fn route(blueprint: &mut Blueprint, table: &str, to: &str, target: RouteTarget) {
    let table = blueprint
        .route_tables
        .get_mut(&table.into())
        .expect("a table");
    table.routes.push(Route {
        destination: to.parse().expect("a range"),
        target,
    });
}

/// Removes a table's routes to a range.
pub(crate) fn unroute(blueprint: &mut Blueprint, table: &str, to: &str) {
    let to = to.parse().expect("a range");
    let table = blueprint
        .route_tables
        .get_mut(&table.into())
        .expect("a table");
    table.routes.retain(|route| route.destination != to);
}

/// Adds an interface.
pub(crate) fn eni(
    blueprint: &mut Blueprint,
    id: &str,
    subnet: &str,
    address: &str,
    owner: EniOwner,
    groups: &[&str],
) {
    let eni = Eni {
        subnet: subnet.into(),
        address: ip(address),
        security_groups: groups
            .iter()
            .map(|group| SecurityGroupId::from(*group))
            .collect(),
        owner,
    };
    blueprint.enis.insert(id.into(), eni);
}

/// Writes a security group's rules for ranges, anew.
pub(crate) fn group(
    blueprint: &mut Blueprint,
    id: &str,
    ingress: &[(u16, u16, &str)],
    egress: &[(u16, u16, &str)],
) {
    let rules = |rules: &[(u16, u16, &str)]| {
        let rules = rules
            .iter()
            .map(|(from, to, range)| rule(*from, *to, Peer::Cidr(range.parse().expect("a range"))));
        rules.collect()
    };
    let group = SecurityGroup {
        vpc: VpcId::from("unused"),
        ingress: rules(ingress),
        egress: rules(egress),
    };
    blueprint.security_groups.insert(id.into(), group);
}

/// Adds an ingress rule for another group.
pub(crate) fn admit_group(blueprint: &mut Blueprint, id: &str, port: u16, peer: &str) {
    let group = blueprint
        .security_groups
        .get_mut(&id.into())
        .expect("a group");
    group
        .ingress
        .push(rule(port, port, Peer::Group(peer.into())));
}

fn rule(from_port: u16, to_port: u16, peer: Peer) -> Rule {
    Rule {
        from_port,
        to_port,
        peer,
        because: String::new(),
    }
}

/// Adds a private zone.
pub(crate) fn add_zone(
    blueprint: &mut Blueprint,
    name: &str,
    vpcs: &[&str],
    records: BTreeMap<String, Record>,
) {
    let zone = HostedZone {
        name: name.to_owned(),
        account: "111111111111".to_owned(),
        vpcs: vpcs.iter().map(|vpc| VpcId::from(*vpc)).collect(),
        records,
        managed: false,
    };
    blueprint
        .zones
        .insert(format!("zone of {name}").into(), zone);
}

/// Has public DNS answer a name.
pub(crate) fn publish(blueprint: &mut Blueprint, name: &str, addresses: &[&str]) {
    let addresses = addresses.iter().map(|address| ip(address)).collect();
    blueprint
        .public_names
        .insert(name.to_owned(), PublicName { addresses });
}

/// Adds the cluster `orders` with two brokers in these zones.
fn add_cluster(blueprint: &mut Blueprint, vpc: &str, brokers: [(&str, &str); 2]) {
    let mut cluster = Cluster {
        kind: ClusterKind::Ec2,
        vpc: vpc.into(),
        kafka_version: "4.3".to_owned(),
        instance_type: None,
        zookeeper: false,
        bootstrap_names: Vec::new(),
        vpc_connectivity: BTreeMap::new(),
        suffix: "orders".to_owned(),
        brokers: BTreeMap::new(),
        inter_broker_listener: "INTERNAL".to_owned(),
        controller_listener: "CONTROLLER".to_owned(),
        controllers: BTreeMap::new(),
        settings: BTreeMap::new(),
        advertised_by: None,
        service_names: BTreeMap::new(),
    };
    for (id, (zone, address)) in (1..).zip(brokers) {
        let name = format!("orders/{id}");
        let owner = EniOwner::Broker {
            cluster: "orders".into(),
            id,
        };
        eni(
            blueprint,
            &name,
            &format!("{vpc}/{zone}"),
            address,
            owner,
            &["orders"],
        );
        let listeners = [
            ("CLIENT", 9092, format!("b-{id}.orders:9092")),
            ("INTERNAL", 9094, format!("b-{id}.orders:9094")),
            ("LINK", 9095, format!("b-{id}.orders:{}", 9000 + id)),
        ];
        let listeners = listeners.map(|(name, port, advertised)| {
            let listener = BrokerListener {
                port,
                advertised: Some(at(&advertised)),
                protocol: "PLAINTEXT".to_owned(),
                auth: Auth::None,
                certificate_names: BTreeSet::new(),
            };
            (name.to_owned(), listener)
        });
        let broker = Broker {
            eni: name.into(),
            listeners: listeners.into(),
        };
        cluster.brokers.insert(id, broker);
    }
    blueprint.clusters.insert("orders".into(), cluster);
}

/// Adds the client `checkout` of `orders` in `shop`.
fn add_client(
    blueprint: &mut Blueprint,
    bootstrap: &[&str],
    listener: &str,
    enis: &[(&str, &str)],
) {
    let mut client = Client {
        kind: ClientKind::Service,
        vpc: "shop".into(),
        cluster: "orders".into(),
        auth: Auth::None,
        enis: Vec::new(),
        bootstrap: bootstrap.iter().map(|server| at(server)).collect(),
        listener: listener.to_owned(),
        settings: BTreeMap::new(),
        lambda: None,
        traffic: None,
    };
    for (zone, address) in enis {
        let id = format!("checkout/{zone}");
        eni(
            blueprint,
            &id,
            &format!("shop/{zone}"),
            address,
            EniOwner::Client("checkout".into()),
            &["checkout"],
        );
        client.enis.push(EniId::from(id));
    }
    blueprint.clients.insert("checkout".into(), client);
}

fn add_balancer(blueprint: &mut Blueprint) {
    targets(blueprint, "all", &["10.0.0.1:9095", "10.0.1.1:9095"]);
    targets(blueprint, "one", &["10.0.0.1:9095"]);
    targets(blueprint, "two", &["10.0.1.1:9095"]);
    let listener = |(port, group): (u16, &str)| {
        let listener = Listener {
            target_group: group.into(),
            idle_timeout_s: 350,
            certificate_names: None,
        };
        (port, listener)
    };
    let balancer = LoadBalancer {
        vpc: "data".into(),
        dns_name: "nlb.elb".to_owned(),
        nodes: ["a", "b"]
            .map(|zone| (zone.into(), format!("nlb/{zone}").into()))
            .into(),
        cross_zone: true,
        enforce_on_privatelink: false,
        listeners: [(9000, "all"), (9001, "one"), (9002, "two")]
            .map(listener)
            .into(),
        managed: false,
    };
    blueprint.balancers.insert("nlb".into(), balancer);
    publish(blueprint, "nlb.elb", &["10.0.0.30", "10.0.1.30"]);
}

/// Writes a target group anew.
pub(crate) fn targets(blueprint: &mut Blueprint, id: &str, targets: &[&str]) {
    let targets = targets
        .iter()
        .map(|target| at(target))
        .map(|target| Target {
            address: ip(&target.host),
            port: target.port,
        });
    let group = TargetGroup {
        vpc: "data".into(),
        port: 9095,
        targets: targets.collect(),
        health_check: HealthCheck {
            interval_s: 10,
            healthy_threshold: 3,
            unhealthy_threshold: 3,
        },
        preserve_client_ip: false,
        proxy_protocol: false,
    };
    blueprint
        .target_groups
        .insert(TargetGroupId::from(id), group);
}

fn add_endpoint(blueprint: &mut Blueprint) {
    let service = EndpointService {
        balancer: "nlb".into(),
        name: "vpce-svc-orders".to_owned(),
        acceptance_required: false,
        allowed_accounts: BTreeSet::new(),
        supported_regions: BTreeSet::new(),
    };
    blueprint.services.insert("orders".into(), service);
    let endpoint = Endpoint {
        target: EndpointTarget::Service("orders".into()),
        vpc: "shop".into(),
        dns_name: "link.vpce".to_owned(),
        enis: ["a", "b"]
            .map(|zone| (ZoneId::from(zone), format!("link/{zone}").into()))
            .into(),
    };
    blueprint.endpoints.insert("link".into(), endpoint);
    publish(blueprint, "link.vpce", &["10.0.0.20", "10.0.1.20"]);
}

/// An attempt in one line: `b-1.orders:9092 10.2.0.1 delivered 1`.
pub(crate) fn line(attempt: &Attempt) -> String {
    let mut words = vec![attempt.to.to_string()];
    words.extend(attempt.address.map(|address| address.to_string()));
    let verdict = &attempt.verdict;
    words.push(verdict.class.to_string());
    words.extend(verdict.broker.map(|broker| broker.to_string()));
    words.extend(verdict.place.as_ref().map(|place| format!("at {place}")));
    if verdict.direction == Direction::Return {
        words.push("on the way back".to_owned());
    }
    words.join(" ")
}
