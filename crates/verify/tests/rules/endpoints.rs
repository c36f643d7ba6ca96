//! Endpoints across Regions, and endpoints of resources.

use std::collections::{BTreeMap, BTreeSet};

use blueprint::Blueprint;
use blueprint::balancing::{EndpointTarget, ResourceConfiguration, ResourceGateway};
use blueprint::ids::{EndpointId, ZoneId};
use blueprint::network::EniOwner;

use crate::estate::{at, eni, group, ip, linked, set_region};
use crate::{BROKER_1, BROKER_2, Change, try_all};

fn support(blueprint: &mut Blueprint, region: &str) {
    let service = blueprint.services.get_mut(&"orders".into()).expect("it");
    service.supported_regions.insert(region.to_owned());
}

#[test]
fn endpoints_in_another_region() {
    try_all(linked, REGIONS);
}

static REGIONS: &[Change] = &[
    Change {
        rule: "a Region that the service does not support",
        change: |b| set_region(b, "shop", "us-east-1"),
        goal: BROKER_2,
        ends: &[
            "b-2.orders:9002 10.0.0.20 no-target at link/a",
            "b-2.orders:9002 10.0.1.20 no-target at link/b",
        ],
    },
    Change {
        rule: "one that it supports; any node may take the connection",
        change: |b| {
            set_region(b, "shop", "us-east-1");
            support(b, "us-east-1");
        },
        goal: BROKER_2,
        ends: &[
            "b-2.orders:9002 10.0.0.20 delivered 2",
            "b-2.orders:9002 10.0.0.20 delivered 2",
            "b-2.orders:9002 10.0.1.20 delivered 2",
            "b-2.orders:9002 10.0.1.20 delivered 2",
        ],
    },
    Change {
        rule: "each node by its own rules",
        change: |b| {
            set_region(b, "shop", "us-east-1");
            support(b, "us-east-1");
            b.balancers.get_mut(&"nlb".into()).expect("nlb").cross_zone = false;
            let endpoint = b.endpoints.get_mut(&"link".into()).expect("link");
            endpoint.enis.remove(&"b".into());
        },
        goal: BROKER_2,
        ends: &[
            "b-2.orders:9002 10.0.0.20 no-target at nlb/a",
            "b-2.orders:9002 10.0.0.20 delivered 2",
            "b-2.orders:9002 10.0.1.20 no-target at nlb/a",
            "b-2.orders:9002 10.0.1.20 delivered 2",
        ],
    },
    Change {
        rule: "another Region's support",
        change: |b| {
            set_region(b, "shop", "us-east-1");
            support(b, "us-east-2");
        },
        goal: BROKER_2,
        ends: &[
            "b-2.orders:9002 10.0.0.20 no-target at link/a",
            "b-2.orders:9002 10.0.1.20 no-target at link/b",
        ],
    },
    Change {
        rule: "in one Region zones are kept to, whatever is supported",
        change: |b| {
            support(b, "eu-central-1");
            let nodes = &mut b.balancers.get_mut(&"nlb".into()).expect("nlb").nodes;
            nodes.remove(&"b".into());
        },
        goal: BROKER_2,
        ends: &[
            "b-2.orders:9002 10.0.0.20 delivered 2",
            "b-2.orders:9002 10.0.1.20 no-target at link/b",
        ],
    },
];

/// [`linked`] with resource endpoints `res/1` and `res/2` in zone `a` at 10.0.0.51 and .52, whose
/// resource gateway `rg` has interfaces at 10.0.0.60 and 10.0.1.60.
pub(super) fn shared() -> Blueprint {
    let mut blueprint = linked();
    let b = &mut blueprint;
    b.endpoints.clear();
    b.balancers.clear();
    for (zone, address) in [("a", "10.0.0.60"), ("b", "10.0.1.60")] {
        let owner = EniOwner::ResourceGateway("rg".into());
        let subnet = format!("data/{zone}");
        eni(b, &format!("rg/{zone}"), &subnet, address, owner, &["rg"]);
    }
    let gateway = ResourceGateway {
        vpc: "data".into(),
        enis: ["a", "b"]
            .map(|zone| (ZoneId::from(zone), format!("rg/{zone}").into()))
            .into(),
    };
    b.resource_gateways.insert("rg".into(), gateway);
    group(b, "rg", &[], &[(9095, 9095, "10.0.0.0/16")]);
    group(b, "orders", &[(9095, 9095, "10.0.0.60/32")], &[]);
    group(b, "checkout", &[], &[(9095, 9095, "10.0.0.0/24")]);
    group(b, "res", &[(9095, 9095, "10.0.0.10/32")], &[]);
    for (id, broker) in [(1, "10.0.0.1"), (2, "10.0.1.1")] {
        share(b, id, broker);
    }
    let client = b.clients.get_mut(&"checkout".into()).expect("it");
    client.bootstrap = vec![at("10.0.0.51:9095")];
    blueprint
}

fn share(blueprint: &mut Blueprint, id: u32, broker: &str) {
    let configuration = ResourceConfiguration {
        gateway: "rg".into(),
        name: format!("b-{id}.orders"),
        address: ip(broker),
        ports: BTreeSet::from([9095]),
        allowed_accounts: BTreeSet::new(),
    };
    let name = format!("orders-{id}");
    let configurations = &mut blueprint.resource_configurations;
    configurations.insert(name.as_str().into(), configuration);
    let endpoint = EndpointId::from(format!("res/{id}"));
    let address = format!("10.0.0.5{id}");
    let owner = EniOwner::Endpoint(endpoint.clone());
    eni(blueprint, &endpoint.0, "shop/a", &address, owner, &["res"]);
    let known = blueprint::balancing::Endpoint {
        target: EndpointTarget::Resource(name.into()),
        vpc: "shop".into(),
        dns_name: String::new(),
        enis: BTreeMap::from([("a".into(), endpoint.0.as_str().into())]),
    };
    blueprint.endpoints.insert(endpoint, known);
    let cluster = blueprint.clusters.get_mut(&"orders".into()).expect("it");
    let broker = cluster.brokers.get_mut(&id).expect("a broker");
    let link = broker.listeners.get_mut("LINK").expect("LINK");
    link.advertised = Some(at(&format!("{address}:9095")));
}

#[test]
fn resources() {
    try_all(shared, RESOURCES);
}

static RESOURCES: &[Change] = &[
    Change {
        rule: "through the gateway's interface of the endpoint's zone",
        change: |_| (),
        goal: BROKER_2,
        ends: &["10.0.0.52:9095 10.0.0.52 delivered 2"],
    },
    Change {
        rule: "the broker sees that interface and no other",
        change: |b| group(b, "orders", &[(9095, 9095, "10.0.1.60/32")], &[]),
        goal: BROKER_1,
        ends: &["10.0.0.51:9095 10.0.0.51 denied-in at orders/1"],
    },
    Change {
        rule: "whose groups are asked",
        change: |b| group(b, "rg", &[], &[(9095, 9095, "10.0.1.0/24")]),
        goal: BROKER_1,
        ends: &["10.0.0.51:9095 10.0.0.51 denied-out at rg/a"],
    },
    Change {
        rule: "the endpoint's groups are asked",
        change: |b| group(b, "res", &[], &[]),
        goal: BROKER_1,
        ends: &["10.0.0.51:9095 10.0.0.51 denied-in at res/1"],
    },
    Change {
        rule: "a port that is not shared",
        change: |b| {
            let known = b.resource_configurations.get_mut(&"orders-1".into());
            known.expect("it").ports = BTreeSet::from([9094]);
        },
        goal: BROKER_1,
        ends: &["10.0.0.51:9095 10.0.0.51 no-listener at res/1"],
    },
    Change {
        rule: "no interface of the gateway in the endpoint's zone",
        change: |b| {
            let gateway = b.resource_gateways.get_mut(&"rg".into());
            gateway.expect("it").enis.remove(&"a".into());
        },
        goal: BROKER_1,
        ends: &["10.0.0.51:9095 10.0.0.51 no-target at res/1"],
    },
    Change {
        rule: "no configuration",
        change: |b| drop(b.resource_configurations.remove(&"orders-1".into())),
        goal: BROKER_1,
        ends: &["10.0.0.51:9095 10.0.0.51 no-target at res/1"],
    },
    Change {
        rule: "another Region",
        change: |b| set_region(b, "shop", "us-east-1"),
        goal: BROKER_1,
        ends: &["10.0.0.51:9095 10.0.0.51 no-target at res/1"],
    },
    Change {
        rule: "the broker of another configuration",
        change: |b| {
            let known = b.resource_configurations.get_mut(&"orders-1".into());
            known.expect("it").address = ip("10.0.1.1");
        },
        goal: BROKER_1,
        ends: &["10.0.0.51:9095 10.0.0.51 wrong-broker 2 at orders/2"],
    },
    Change {
        rule: "what leads to the gateway's own address never leaves it, and no group is asked",
        change: |b| {
            let known = b.resource_configurations.get_mut(&"orders-1".into());
            known.expect("it").address = ip("10.0.0.60");
            group(b, "rg", &[], &[]);
        },
        goal: BROKER_1,
        ends: &["10.0.0.51:9095 10.0.0.51 refused at rg/a"],
    },
    Change {
        rule: "nobody answers at the gateway's own address",
        change: |b| {
            let client = b.enis.get_mut(&"checkout/a".into()).expect("it");
            client.subnet = "data/a".into();
            group(b, "rg", &[(9095, 9095, "10.0.0.0/16")], &[]);
            b.clients.get_mut(&"checkout".into()).expect("it").bootstrap =
                vec![at("10.0.0.60:9095")];
        },
        goal: crate::BOOTSTRAP,
        ends: &["10.0.0.60:9095 10.0.0.60 refused at rg/a"],
    },
];
