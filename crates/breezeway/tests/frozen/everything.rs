//! A blueprint with one object of every kind and every way it can be: what the frozen form of
//! `plan` must be able to say. It makes no sense as a network.

use std::collections::BTreeMap;
use std::net::Ipv4Addr;

use blueprint::balancing::{
    Endpoint, EndpointService, EndpointTarget, HealthCheck, Listener, LoadBalancer,
    ResourceConfiguration, ResourceGateway, Target, TargetGroup,
};
use blueprint::dns::{HostedZone, PublicName, Record, ResolverRule};
use blueprint::gateway::Gateway;
use blueprint::ids::{
    BalancerId, ClientId, ClusterId, EndpointId, EniId, GatewayId, NetworkAclId, ObjectId,
    PeeringId, ResourceConfigurationId, ResourceGatewayId, RouteTableId, SecurityGroupId,
    ServiceId, SubnetId, TargetGroupId, TransitAttachmentId, TransitGatewayId, TransitPeeringId,
    TransitTableId, VpcId, ZoneId,
};
use blueprint::kafka::{AdvertisedBy, Broker, BrokerListener, Client, Cluster, HostPort};
use blueprint::key::SpecKey;
use blueprint::network::{
    AclEntry, Denial, DenialTarget, Eni, EniOwner, NetworkAcl, Peer, Peering, Route, RouteTable,
    RouteTarget, Rule, SecurityGroup, Subnet, Vpc,
};
use blueprint::spec::{
    Auth, ClientKind, ClusterKind, GatewayMode, Lambda, Traffic, TrafficDirection,
};
use blueprint::stage::Stage;
use blueprint::step::{Needed, StepKind, What};
use blueprint::transit::{
    TransitAttachment, TransitGateway, TransitPeering, TransitRoute, TransitTable, TransitTarget,
};
use blueprint::{Blueprint, FilledIn, Step};
use ipnet::Ipv4Net;

/// The key of every mapping whose keys are free.
const ANY: &str = "any";

const ACCOUNT: &str = "111111111111";
const REGION: &str = "eu-central-1";
const ADDRESS: Ipv4Addr = Ipv4Addr::new(10, 0, 0, 10);

pub(crate) fn blueprint() -> Blueprint {
    let mut blueprint = Blueprint {
        name: "everything".to_owned(),
        region: REGION.to_owned(),
        denials: [
            DenialTarget::Name("orders.internal".to_owned()),
            DenialTarget::Address(ADDRESS),
        ]
        .map(denial)
        .into(),
        steps: vec![Step {
            account: ACCOUNT.to_owned(),
            region: "eu-central-1".to_owned(),
            after: Stage::Front,
            phase: 2,
            kind: StepKind::Handover,
            title: "accept it".to_owned(),
            lines: vec!["aws ec2 … <id of VPC any>".to_owned()],
            values: [(
                "any text".to_owned(),
                Needed {
                    object: VpcId::from(ANY).into(),
                    what: What::Id,
                },
            )]
            .into(),
        }],
        defaults: vec![FilledIn {
            key: SpecKey::root().key("connections").index(0).key("ports"),
            value: "9000".to_owned(),
            because: "nobody else uses it".to_owned(),
        }],
        origins: [(
            ObjectId::from(VpcId::from(ANY)),
            SpecKey::root().key("vpcs").key(ANY),
        )]
        .into(),
        existing: [(ObjectId::from(VpcId::from(ANY)), "vpc-0abc".to_owned())].into(),
        ..Blueprint::default()
    };
    network(&mut blueprint);
    transit(&mut blueprint);
    fronts(&mut blueprint);
    names(&mut blueprint);
    kafka(&mut blueprint);
    blueprint
}

fn one<K: for<'t> From<&'t str> + Ord, V>(value: V) -> BTreeMap<K, V> {
    [(K::from(ANY), value)].into()
}

fn numbered<V>(values: impl IntoIterator<Item = V>) -> BTreeMap<String, V> {
    let named = values.into_iter().enumerate();
    named
        .map(|(i, value)| (format!("{ANY}-{i}"), value))
        .collect()
}

fn keyed<K: From<String> + Ord, V>(values: impl IntoIterator<Item = V>) -> BTreeMap<K, V> {
    let named = numbered(values).into_iter();
    named.map(|(key, value)| (K::from(key), value)).collect()
}

fn range() -> Ipv4Net {
    Ipv4Net::new_assert(Ipv4Addr::new(10, 0, 0, 0), 16)
}

fn denial(to: DenialTarget) -> Denial {
    Denial {
        from: EniId::from(ANY),
        to,
        port: 9092,
        because: "a stranger got in".to_owned(),
    }
}

fn network(blueprint: &mut Blueprint) {
    blueprint.vpcs = one(Vpc {
        account: ACCOUNT.to_owned(),
        region: REGION.to_owned(),
        cidrs: vec![range()],
        ipv6_cidrs: vec!["2001:db8::/56".parse().expect("a range")],
        resolver: Ipv4Addr::new(10, 0, 0, 2),
        mtu: 9001,
        dns: true,
        nat: false,
        service_endpoints: ["sts".to_owned()].into(),
    });
    let subnet = |network_acl| Subnet {
        vpc: VpcId::from(ANY),
        zone: ZoneId::from("euc1-az1"),
        cidr: range(),
        route_table: RouteTableId::from(ANY),
        network_acl,
    };
    blueprint.subnets = keyed([subnet(None), subnet(Some(NetworkAclId::from(ANY)))]);
    let targets = [
        RouteTarget::Local,
        RouteTarget::Peering(PeeringId::from(ANY)),
        RouteTarget::TransitGateway(TransitGatewayId::from(ANY)),
        RouteTarget::Outside("igw-0abc".to_owned()),
    ];
    let route = |target| Route {
        destination: range(),
        target,
    };
    blueprint.route_tables = one(RouteTable {
        vpc: VpcId::from(ANY),
        routes: targets.map(route).into(),
    });
    blueprint.enis = keyed(owners().map(|owner| Eni {
        subnet: SubnetId::from(ANY),
        address: ADDRESS,
        security_groups: vec![SecurityGroupId::from(ANY)],
        owner,
    }));
    filters(blueprint);
}

fn owners() -> [EniOwner; 7] {
    [
        EniOwner::Broker {
            cluster: ClusterId::from(ANY),
            id: 1,
        },
        EniOwner::BalancerNode(BalancerId::from(ANY)),
        EniOwner::Endpoint(EndpointId::from(ANY)),
        EniOwner::ResourceGateway(ResourceGatewayId::from(ANY)),
        EniOwner::Gateway(GatewayId::from(ANY)),
        EniOwner::Client(ClientId::from(ANY)),
        EniOwner::Witness,
    ]
}

fn filters(blueprint: &mut Blueprint) {
    let rule = |peer| Rule {
        from_port: 9000,
        to_port: 9003,
        peer,
        because: "checkout reaches orders".to_owned(),
    };
    let entry = AclEntry {
        number: 100,
        allow: true,
        cidr: range(),
        from_port: 9000,
        to_port: 9003,
    };
    blueprint.security_groups = one(SecurityGroup {
        vpc: VpcId::from(ANY),
        ingress: vec![rule(Peer::Cidr(range()))],
        egress: vec![rule(Peer::Group(SecurityGroupId::from(ANY)))],
    });
    blueprint.network_acls = one(NetworkAcl {
        vpc: VpcId::from(ANY),
        ingress: vec![entry.clone()],
        egress: vec![entry],
    });
    blueprint.peerings = one(Peering {
        requester: VpcId::from(ANY),
        accepter: VpcId::from(ANY),
        mtu: 1500,
    });
}

fn transit(blueprint: &mut Blueprint) {
    let gateway = TransitGatewayId::from(ANY);
    blueprint.transit_gateways = one(TransitGateway {
        account: ACCOUNT.to_owned(),
        region: REGION.to_owned(),
        mtu: 8500,
        shared_with: [ACCOUNT.to_owned()].into(),
    });
    let attachment = |table| TransitAttachment {
        gateway: gateway.clone(),
        vpc: VpcId::from(ANY),
        subnets: one(SubnetId::from(ANY)),
        table,
    };
    blueprint.transit_attachments = keyed([
        attachment(None),
        attachment(Some(TransitTableId::from(ANY))),
    ]);
    let targets = [
        TransitTarget::Attachment(TransitAttachmentId::from(ANY)),
        TransitTarget::Peering(TransitPeeringId::from(ANY)),
        TransitTarget::Blackhole,
    ];
    let route = |target| TransitRoute {
        destination: range(),
        target,
    };
    blueprint.transit_tables = one(TransitTable {
        gateway: gateway.clone(),
        propagations: [TransitAttachmentId::from(ANY)].into(),
        routes: targets.map(route).into(),
    });
    blueprint.transit_peerings = one(TransitPeering {
        requester: gateway.clone(),
        accepter: gateway,
        tables: one(TransitTableId::from(ANY)),
        mtu: 8500,
    });
}

fn fronts(blueprint: &mut Blueprint) {
    let listener = |certificate_names| Listener {
        target_group: TargetGroupId::from(ANY),
        idle_timeout_s: 350,
        certificate_names,
    };
    let names = Some(["*.orders.internal".to_owned()].into());
    blueprint.balancers = one(LoadBalancer {
        vpc: VpcId::from(ANY),
        dns_name: "nlb.example".to_owned(),
        nodes: one(EniId::from(ANY)),
        cross_zone: true,
        enforce_on_privatelink: false,
        listeners: [(9000, listener(None)), (9001, listener(names))].into(),
        managed: false,
    });
    blueprint.target_groups = one(TargetGroup {
        vpc: VpcId::from(ANY),
        port: 9095,
        targets: vec![Target {
            address: ADDRESS,
            port: 9095,
        }],
        health_check: HealthCheck {
            interval_s: 10,
            healthy_threshold: 3,
            unhealthy_threshold: 3,
        },
        preserve_client_ip: false,
        proxy_protocol: false,
    });
    blueprint.services = one(EndpointService {
        balancer: BalancerId::from(ANY),
        name: "com.amazonaws.vpce.example".to_owned(),
        acceptance_required: false,
        allowed_accounts: [ACCOUNT.to_owned()].into(),
        supported_regions: ["us-east-1".to_owned()].into(),
    });
    endpoints(blueprint);
}

fn endpoints(blueprint: &mut Blueprint) {
    let endpoint = |target| Endpoint {
        target,
        vpc: VpcId::from(ANY),
        dns_name: "vpce.example".to_owned(),
        enis: one(EniId::from(ANY)),
    };
    blueprint.endpoints = keyed([
        endpoint(EndpointTarget::Service(ServiceId::from(ANY))),
        endpoint(EndpointTarget::Resource(ResourceConfigurationId::from(ANY))),
    ]);
    blueprint.resource_gateways = one(ResourceGateway {
        vpc: VpcId::from(ANY),
        enis: one(EniId::from(ANY)),
    });
    blueprint.resource_configurations = one(ResourceConfiguration {
        gateway: ResourceGatewayId::from(ANY),
        name: "b-1.orders.internal".to_owned(),
        address: ADDRESS,
        ports: [9095].into(),
        allowed_accounts: [ACCOUNT.to_owned()].into(),
    });
    blueprint.gateways = one(Gateway {
        cluster: ClusterId::from(ANY),
        vpc: VpcId::from(ANY),
        mode: GatewayMode::default(),
        instances: vec![EniId::from(ANY)],
        port: 9000,
        slots: [(9001, 1)].into(),
        names: [(ANY.to_owned(), 1)].into(),
        bootstrap_names: ["bootstrap.orders.internal".to_owned()].into(),
        advertised: [(1, host_port())].into(),
        listener: "CLIENT".to_owned(),
        certificate_names: ["*.orders.internal".to_owned()].into(),
    });
}

fn names(blueprint: &mut Blueprint) {
    blueprint.zones = one(HostedZone {
        name: "orders.internal".to_owned(),
        account: ACCOUNT.to_owned(),
        vpcs: [VpcId::from(ANY)].into(),
        records: numbered([
            Record::A(vec![ADDRESS]),
            Record::Alias("vpce.example".to_owned()),
        ]),
        managed: false,
    });
    blueprint.resolver_rules = one(ResolverRule {
        domain: "internal".to_owned(),
        vpcs: [VpcId::from(ANY)].into(),
        servers: vec![ADDRESS],
    });
    blueprint.public_names = one(PublicName {
        addresses: vec![ADDRESS],
    });
}

fn host_port() -> HostPort {
    HostPort {
        host: "b-1.orders.internal".to_owned(),
        port: 9001,
    }
}

fn kafka(blueprint: &mut Blueprint) {
    let listener = |advertised| BrokerListener {
        port: 9092,
        advertised,
        protocol: "PLAINTEXT".to_owned(),
        auth: Auth::None,
        certificate_names: ["*.orders.internal".to_owned()].into(),
    };
    let cluster = |instance_type, advertised_by| Cluster {
        kind: ClusterKind::Msk,
        vpc: VpcId::from(ANY),
        kafka_version: "3.9".to_owned(),
        instance_type,
        zookeeper: false,
        bootstrap_names: vec!["boot.orders.internal".to_owned()],
        vpc_connectivity: [(Auth::Iam, [ACCOUNT.to_owned()].into())].into(),
        suffix: "orders.internal".to_owned(),
        brokers: [(
            1,
            Broker {
                eni: EniId::from(ANY),
                listeners: numbered([listener(None), listener(Some(host_port()))]),
            },
        )]
        .into(),
        inter_broker_listener: "REPLICATION".to_owned(),
        controller_listener: "CONTROLLER".to_owned(),
        controllers: [(1, (ADDRESS, 9099))].into(),
        settings: one("3".to_owned()),
        advertised_by,
        service_names: one(ADDRESS),
    };
    let rule = "CLIENT://b-{broker_id}.orders.internal:9000+{broker_id}".to_owned();
    let values = [(1, "CLIENT://b-1.orders.internal:9001".to_owned())];
    blueprint.clusters = keyed([
        cluster(None, None),
        cluster(
            Some("kafka.m7g.large".to_owned()),
            Some(AdvertisedBy::Property(rule)),
        ),
        cluster(None, Some(AdvertisedBy::PerBroker(values.into()))),
        cluster(None, Some(AdvertisedBy::ServerProperties)),
    ]);
    clients(blueprint);
}

fn clients(blueprint: &mut Blueprint) {
    let client = |kind, traffic, lambda| Client {
        kind,
        vpc: VpcId::from(ANY),
        cluster: ClusterId::from(ANY),
        auth: Auth::None,
        enis: vec![EniId::from(ANY)],
        bootstrap: vec![host_port()],
        listener: "CLIENT".to_owned(),
        settings: one("540000".to_owned()),
        traffic,
        lambda,
    };
    let traffic = Traffic {
        rate: 40_000_000,
        direction: TrafficDirection::Produce,
        rack_aware: false,
    };
    let mapping = Lambda {
        provisioned: false,
        starting_position: Some("LATEST".to_owned()),
        batch_size: Some(100),
        function_timeout_s: Some(60),
    };
    blueprint.clients = keyed([
        client(ClientKind::Service, None, None),
        client(ClientKind::Lambda, Some(traffic), Some(Lambda::default())),
        client(ClientKind::Lambda, None, Some(mapping)),
    ]);
}
