//! What each means beside the shared balancer consists of, object by object.

mod support;

use std::collections::BTreeSet;

use blueprint::Blueprint;
use blueprint::balancing::EndpointTarget;
use blueprint::dns::Record;
use blueprint::spec::{Auth, GatewayMode};
use support::{address, advertised, filled, findings, plan, rules};

fn body(kind: &str, auth: &str, via: &str) -> String {
    format!(
        "vpcs:
  data: {{ account: \"111111111111\", cidr: 10.0.0.0/16, zones: [euc1-az1, euc1-az2, euc1-az3] }}
  shop: {{ account: \"222222222222\", cidr: 10.0.0.0/16, zones: [euc1-az1, euc1-az2, euc1-az3] }}
clusters:
  orders: {{ kind: {kind}, vpc: data, kafka_version: \"3.9\", brokers: 3, suffix: x.example, auth: [{auth}] }}
clients:
  checkout: {{ vpc: shop, cluster: orders }}
  billing: {{ vpc: data, cluster: orders }}
connections:
  - {{ from: shop, to: orders, via: {via} }}
"
    )
}

fn estate(auth: &str, via: &str) -> Blueprint {
    plan(&body("msk", auth, via))
}

fn bootstrap(plan: &Blueprint, client: &str) -> Vec<String> {
    let servers = &plan.clients[&client.into()].bootstrap;
    servers.iter().map(ToString::to_string).collect()
}

/// The zones on a VPC, each as `name -> endpoints of its records`, with `managed` said.
fn zones(plan: &Blueprint, vpc: &str) -> Vec<String> {
    let endpoint = |record: &Record| match record {
        Record::Alias(to) => {
            let mut found = plan.endpoints.iter().filter(|(_, e)| e.dns_name == *to);
            found.next().map_or(to.clone(), |(id, _)| id.to_string())
        }
        Record::A(addresses) => format!("{addresses:?}"),
    };
    let here = plan
        .zones
        .values()
        .filter(|zone| zone.vpcs.contains(&vpc.into()));
    let lines = here.map(|zone| {
        let to: BTreeSet<String> = zone.records.values().map(endpoint).collect();
        let to: Vec<_> = to.into_iter().collect();
        let managed = if zone.managed { "managed " } else { "" };
        format!(
            "{managed}{} {} -> {}",
            zone.name,
            zone.records.len(),
            to.join(" ")
        )
    });
    lines.collect()
}

/// Brokers and local clients are as they would be without the connection.
fn check_untouched(plan: &Blueprint, port: u16) {
    let listener = plan.clients[&"billing".into()].listener.clone();
    let expected: Vec<_> = (1..4)
        .map(|id| format!("b-{id}.x.example:{port}"))
        .collect();
    assert_eq!(advertised(plan, "orders", &listener), expected);
    assert_eq!(bootstrap(plan, "billing"), expected);
    assert_eq!(zones(plan, "data"), [""; 0]);
    assert_eq!(rules(plan, "billing").1, [format!("{port} orders-brokers")]);
}

#[test]
fn a_balancer_service_and_endpoint_per_broker() {
    let plan = estate("iam", "privatelink-per-broker");
    check_untouched(&plan, 9098);
    let balancers: Vec<_> = plan.balancers.keys().map(ToString::to_string).collect();
    assert_eq!(balancers, ["orders-nlb-1", "orders-nlb-2", "orders-nlb-3"]);
    for id in 1..4 {
        let balancer = &plan.balancers[&format!("orders-nlb-{id}").into()];
        assert!(balancer.cross_zone);
        assert_eq!(balancer.nodes.len(), 3);
        assert_eq!(
            balancer.listeners.keys().copied().collect::<Vec<_>>(),
            [9098]
        );
        let group = &plan.target_groups[&balancer.listeners[&9098].target_group];
        let broker = address(&plan, &format!("orders/{id}"));
        assert_eq!(group.targets.len(), 1);
        assert_eq!(group.targets[0].address.to_string(), broker);
        let service = &plan.services[&format!("orders-{id}").into()];
        assert_eq!(service.balancer.as_str(), format!("orders-nlb-{id}"));
        let endpoint = &plan.endpoints[&format!("shop-orders-{id}").into()];
        assert_eq!(
            endpoint.target,
            EndpointTarget::Service(format!("orders-{id}").into())
        );
        assert_eq!(endpoint.enis.len(), 3);
    }
    assert_eq!(
        zones(&plan, "shop"),
        [
            "b-1.x.example 1 -> shop-orders-1",
            "b-2.x.example 1 -> shop-orders-2",
            "b-3.x.example 1 -> shop-orders-3"
        ]
    );
    assert_eq!(rules(&plan, "checkout").1, ["9098 shop-orders-endpoint"]);
    assert_eq!(
        rules(&plan, "orders-nlb"),
        (vec![], vec!["9098 orders-brokers".to_owned()])
    );
    assert!(
        rules(&plan, "orders-brokers")
            .0
            .contains(&"9098 orders-nlb".to_owned())
    );
    assert_eq!(filled(&plan, "connections[0].zone_aligned"), "false");
}

#[test]
fn an_aligned_balancer_stands_in_its_brokers_zone_only() {
    let plan = estate("iam", "privatelink-per-broker, zone_aligned: true");
    for (id, zone) in [(1, "euc1-az1"), (2, "euc1-az2"), (3, "euc1-az3")] {
        let balancer = &plan.balancers[&format!("orders-nlb-{id}").into()];
        let endpoint = &plan.endpoints[&format!("shop-orders-{id}").into()];
        assert!(!balancer.cross_zone);
        assert_eq!(
            balancer
                .nodes
                .keys()
                .map(|z| z.as_str())
                .collect::<Vec<_>>(),
            [zone]
        );
        assert_eq!(
            endpoint.enis.keys().map(|z| z.as_str()).collect::<Vec<_>>(),
            [zone]
        );
    }
}

#[test]
fn msk_connects_vpcs_by_names_and_ports_of_its_own() {
    let plan = estate("iam", "msk-multi-vpc");
    check_untouched(&plan, 9098);
    let balancer = &plan.balancers[&"orders-vpce-iam".into()];
    assert!(balancer.managed && balancer.cross_zone);
    assert_eq!(
        balancer.listeners.keys().copied().collect::<Vec<_>>(),
        [14_001, 14_002, 14_003]
    );
    let expected = [
        "b-1.iam.x.example:14001",
        "b-2.iam.x.example:14002",
        "b-3.iam.x.example:14003",
    ];
    assert_eq!(advertised(&plan, "orders", "CLIENT_IAM_VPCE"), expected);
    assert_eq!(bootstrap(&plan, "checkout"), expected);
    assert_eq!(plan.clients[&"checkout".into()].listener, "CLIENT_IAM_VPCE");
    assert_eq!(
        zones(&plan, "shop"),
        ["managed iam.x.example 3 -> shop-orders"]
    );
    let cluster = &plan.clusters[&"orders".into()];
    assert_eq!(
        cluster.vpc_connectivity,
        [(Auth::Iam, BTreeSet::from(["222222222222".to_owned()]))].into()
    );
    let listener = &cluster.brokers[&2].listeners["CLIENT_IAM_VPCE"];
    assert!(listener.certificate_names.contains("b-2.iam.x.example"));
    assert_eq!(
        rules(&plan, "checkout").1,
        ["14001-14003 shop-orders-endpoint"]
    );
    let titles: Vec<_> = plan.steps.iter().map(|step| step.title.as_str()).collect();
    assert!(
        titles[0].starts_with("turn on VPC connectivity of `orders` for iam"),
        "{titles:#?}"
    );
}

#[test]
fn each_scheme_of_msk_has_a_connection() {
    let body = body("msk", "scram, iam", "msk-multi-vpc").replace(
        "  billing:",
        "  till: { vpc: shop, cluster: orders, auth: iam }\n  billing:",
    );
    let plan = plan(&body);
    let endpoints: Vec<_> = plan.endpoints.keys().map(ToString::to_string).collect();
    assert_eq!(endpoints, ["shop-orders", "shop-orders-iam"]);
    assert_eq!(
        zones(&plan, "shop"),
        [
            "managed iam.x.example 3 -> shop-orders-iam",
            "managed scram.x.example 3 -> shop-orders"
        ]
    );
    assert_eq!(
        plan.clients[&"checkout".into()].listener,
        "CLIENT_SASL_SCRAM_VPCE"
    );
}

#[test]
fn a_resource_and_its_endpoint_per_broker() {
    let plan = estate("iam", "resource-endpoint");
    check_untouched(&plan, 9098);
    assert_eq!(
        plan.resource_gateways[&"orders-resources".into()]
            .enis
            .len(),
        3
    );
    for id in 1..4 {
        let resource = &plan.resource_configurations[&format!("orders-{id}").into()];
        assert_eq!(resource.name, format!("b-{id}.x.example"));
        assert_eq!(
            resource.address.to_string(),
            address(&plan, &format!("orders/{id}"))
        );
        assert_eq!(resource.ports, [9098].into());
        assert_eq!(
            resource.allowed_accounts,
            ["222222222222".to_owned()].into()
        );
        let endpoint = &plan.endpoints[&format!("shop-orders-{id}").into()];
        assert_eq!(
            endpoint.target,
            EndpointTarget::Resource(format!("orders-{id}").into())
        );
    }
    assert_eq!(
        zones(&plan, "shop")[2],
        "managed b-3.x.example 1 -> shop-orders-3"
    );
    assert_eq!(
        filled(&plan, "connections[0].private_dns_preference"),
        "ALL_DOMAINS"
    );
    assert_eq!(
        rules(&plan, "orders-resources"),
        (vec![], vec!["9098 orders-brokers".to_owned()])
    );
    assert!(plan.balancers.is_empty() && plan.services.is_empty());
}

/// AWS makes no zone for its own names unless it is told to.
#[test]
fn aws_names_are_not_made_private_by_default() {
    let aws = |preference: &str| {
        let via = format!("resource-endpoint, private_dns_preference: {preference}");
        let body = body("msk", "iam", &via).replace(
            "suffix: x.example",
            "suffix: orders.1a2b3c.c2.kafka.eu-central-1.amazonaws.com",
        );
        plan(&body).zones.len()
    };
    assert_eq!(aws("VERIFIED_DOMAINS_ONLY"), 0);
    assert_eq!(aws("ALL_DOMAINS"), 3);
    let own = estate(
        "iam",
        "resource-endpoint, private_dns_preference: VERIFIED_DOMAINS_ONLY",
    );
    assert_eq!(own.zones.len(), 3, "a domain of one's own is verified");
}

#[test]
fn resources_serve_serverless_clusters() {
    let plan = plan(&body("msk-serverless", "iam", "resource-endpoint"));
    assert_eq!(plan.resource_configurations.len(), 3);
    assert_eq!(bootstrap(&plan, "checkout").len(), 1);
    assert!(bootstrap(&plan, "checkout")[0].starts_with("boot-"));
    assert_eq!(zones(&plan, "shop").len(), 4);
}

#[test]
fn a_gateway_tells_brokers_apart_by_port() {
    let plan = estate("none", "gateway");
    check_untouched(&plan, 9092);
    let gateway = &plan.gateways[&"orders-gateway".into()];
    assert_eq!(gateway.mode, GatewayMode::Port);
    assert_eq!(gateway.port, 9000);
    let slots: Vec<_> = gateway
        .slots
        .iter()
        .map(|(port, id)| format!("{port}={id}"))
        .collect();
    assert_eq!(slots.len(), 8, "kept up to the next multiple of eight");
    assert_eq!((slots[0].as_str(), slots[7].as_str()), ("9001=1", "9008=8"));
    assert_eq!(
        gateway.advertised[&8].to_string(),
        "bootstrap.orders.kafka.internal:9008"
    );
    assert_eq!(gateway.listener, "CLIENT");
    assert!(gateway.certificate_names.is_empty());
    let instances: Vec<_> = gateway
        .instances
        .iter()
        .map(|eni| address(&plan, eni.as_str()))
        .collect();
    assert_eq!(instances.len(), 2);
    assert_ne!(
        plan.enis[&gateway.instances[0]].subnet,
        plan.enis[&gateway.instances[1]].subnet
    );
    let balancer = &plan.balancers[&"orders-gateway-nlb".into()];
    assert_eq!(balancer.listeners.len(), 9);
    for (port, listener) in &balancer.listeners {
        let targets = &plan.target_groups[&listener.target_group].targets;
        assert_eq!(targets.len(), 2);
        assert!(targets.iter().all(|target| target.port == *port));
    }
    assert_eq!(
        bootstrap(&plan, "checkout"),
        ["bootstrap.orders.kafka.internal:9000"]
    );
    assert_eq!(
        zones(&plan, "shop"),
        ["orders.kafka.internal 1 -> shop-orders"]
    );
    assert_eq!(
        rules(&plan, "orders-gateway-nlb").1,
        ["9000-9008 orders-gateway"]
    );
    assert_eq!(
        rules(&plan, "orders-gateway"),
        (
            vec!["9000-9008 orders-gateway-nlb".to_owned()],
            vec!["9092 orders-brokers".to_owned()]
        )
    );
    assert!(
        rules(&plan, "orders-brokers")
            .0
            .contains(&"9092 orders-gateway".to_owned())
    );
    assert_eq!(filled(&plan, "connections[0].instances"), "2");
}

#[test]
fn strangers_try_what_a_gateways_clients_are_told_and_no_more() {
    let plan = estate("none", "gateway");
    let tried: Vec<_> = plan
        .denials
        .iter()
        .filter(|denial| denial.from.as_str() == "stranger.shop")
        .map(|denial| denial.port)
        .collect();
    assert_eq!(tried, [9000, 9001, 9002, 9003]);
}

#[test]
fn a_gateway_tells_brokers_apart_by_name() {
    let plan = estate("scram", "gateway, mode: sni, instances: 3");
    check_untouched(&plan, 9096);
    let gateway = &plan.gateways[&"orders-gateway".into()];
    assert_eq!(gateway.instances.len(), 3);
    assert_eq!((gateway.port, gateway.slots.len()), (9094, 0));
    assert_eq!(gateway.names["b3.orders.kafka.internal"], 3);
    assert_eq!(
        gateway.advertised[&3].to_string(),
        "b3.orders.kafka.internal:9094"
    );
    assert_eq!(
        gateway.certificate_names,
        ["*.orders.kafka.internal".to_owned()].into()
    );
    assert_eq!(
        plan.balancers[&"orders-gateway-nlb".into()].listeners.len(),
        1
    );
    assert_eq!(
        zones(&plan, "shop"),
        ["orders.kafka.internal 9 -> shop-orders"]
    );
    assert_eq!(
        bootstrap(&plan, "checkout"),
        ["bootstrap.orders.kafka.internal:9094"]
    );
}

#[test]
fn a_gateway_passes_tls_through_under_the_brokers_own_names() {
    let plan = estate("mtls", "gateway, mode: sni-passthrough");
    check_untouched(&plan, 9094);
    let gateway = &plan.gateways[&"orders-gateway".into()];
    assert_eq!(gateway.port, 9094, "the brokers' own");
    assert!(gateway.advertised.is_empty() && gateway.certificate_names.is_empty());
    assert_eq!(gateway.names["b-2.x.example"], 2);
    assert_eq!(zones(&plan, "shop").len(), 3);
    assert_eq!(bootstrap(&plan, "checkout")[0], "b-1.x.example:9094");
}

#[test]
fn what_keeps_ports_cannot_follow_a_listener_that_is_moved() {
    let body = body("msk", "iam", "privatelink").replace(
        "clusters:",
        "  mail: { account: \"333333333333\", cidr: 10.7.0.0/16, zones: [euc1-az3] }\nclusters:",
    );
    for (via, n_faults) in [
        ("resource-endpoint", 1),
        ("gateway, mode: sni-passthrough", 1),
        ("gateway, mode: sni", 0),
        ("privatelink-per-broker", 0),
        ("msk-multi-vpc", 0),
    ] {
        let with = format!("{body}  - {{ from: mail, to: orders, via: {via} }}\n");
        let faults = support::settled(findings(&with));
        assert_eq!(faults.len(), n_faults, "{via}: {faults:#?}");
        assert!(
            faults
                .iter()
                .all(|fault| fault.name == "contradicting-settings")
        );
    }
}

/// A cluster whose name is what another one's broker is called after.
#[test]
fn names_of_what_is_made_stay_apart() {
    let body = body("ec2", "none", "privatelink-per-broker").replace(
        "clients:",
        "  orders-3: { kind: ec2, vpc: data, kafka_version: \"3.9\", brokers: 3 }\nclients:",
    );
    let faults = findings(&body);
    assert_eq!(faults.len(), 2, "{faults:#?}");
    assert_eq!(faults[0].name, "ambiguous-name");
}
