//! What a spec says of the surroundings of the plan's objects, and of objects that exist.

mod support;

use blueprint::Blueprint;
use blueprint::diagnostic::Level;
use blueprint::ids::ObjectId;
use support::{PEERING, SHOP, records};

/// PEERING with more keys for `shop`, for `orders` and for the connection.
fn body(shop: &str, orders: &str, connection: &str) -> String {
    PEERING
        .replace(
            "zones: [euc1-az1, euc1-az2] }",
            &format!("zones: [euc1-az1, euc1-az2]{shop} }}"),
        )
        .replace("brokers: 3 }", &format!("brokers: 3{orders} }}"))
        .replace("via: peering }", &format!("via: peering{connection} }}"))
}

fn faults(body: &str) -> Vec<String> {
    let found = support::findings(body).into_iter();
    let lines = found.map(|fault| {
        let level = if fault.level == Level::Error {
            "error"
        } else {
            "warning"
        };
        format!("{level} {}: {}", fault.name, fault.title)
    });
    lines.collect()
}

fn existing(blueprint: &Blueprint) -> Vec<String> {
    let ids = blueprint.existing.iter();
    ids.map(|(ObjectId { kind, id }, aws)| format!("{kind} {id} {aws}"))
        .collect()
}

#[test]
fn a_network_acl_is_on_the_subnets_of_its_zones() {
    let acl = ", network_acls: [{ zones: [euc1-az2], ingress: [{ allow: 10.0.0.0/8 }, { deny: 0.0.0.0/0, ports: 22 }], egress: [{ allow: 0.0.0.0/0, ports: 1024-65535 }] }]";
    let plan = support::plan(&body(acl, "", ""));
    let acl_of = |subnet: &str| plan.subnets[&subnet.into()].network_acl.clone();
    assert_eq!(acl_of("shop/euc1-az1"), None);
    assert_eq!(acl_of("shop/euc1-az2"), Some("shop-acl-1".into()));
    let acl = &plan.network_acls[&"shop-acl-1".into()];
    let numbers: Vec<_> = acl
        .ingress
        .iter()
        .map(|entry| (entry.number, entry.allow, entry.to_port))
        .collect();
    assert_eq!(numbers, [(10, true, 65_535), (20, false, 22)]);
    assert_eq!(
        (acl.egress[0].from_port, acl.egress[0].to_port),
        (1024, 65_535)
    );
}

#[test]
fn resolver_rules_and_settings_of_the_vpc_are_kept() {
    let said = ", dns: false, nat: true, service_endpoints: [sts], resolver_rules: [{ domain: Corp.Internal, to: [10.9.0.2] }]";
    let plan = support::plan(&body(said, "", ""));
    let rule = &plan.resolver_rules[&"shop/corp.internal".into()];
    assert_eq!(rule.domain, "corp.internal");
    assert_eq!(rule.servers.len(), 1);
    let vpc = &plan.vpcs[&"shop".into()];
    assert!(!vpc.dns && vpc.nat && vpc.service_endpoints.contains("sts"));
    let data = &plan.vpcs[&"data".into()];
    assert!(data.dns && !data.nat && data.service_endpoints.is_empty());
}

#[test]
fn records_are_added_to_a_zone_that_is_there() {
    let zone = ", hosted_zones: [{ name: orders.internal, id: Z0ABC, records: { other.orders.internal: 10.9.9.9 } }]";
    let plan = support::plan(&body(zone, "", ""));
    assert_eq!(plan.zones.len(), 2, "{:#?}", plan.zones);
    assert_eq!(records(&plan, "shop").len(), 7);
    assert_eq!(
        records(&plan, "data").len(),
        6,
        "its own zone stays as it is"
    );
    assert_eq!(
        existing(&plan),
        ["HostedZoneId shop/zones/orders.internal Z0ABC"]
    );
    let own = &plan.zones[&"orders/orders.internal".into()];
    assert_eq!(own.vpcs.len(), 1);
}

#[test]
fn a_zone_of_a_connection_is_the_one_that_is_there() {
    let zone = ", hosted_zones: [{ name: orders.internal, id: Z0ABC, records: {} }]";
    let connection = ", zone_name: orders.internal";
    let plan =
        support::plan(&body(zone, "", connection).replace("via: peering", "via: privatelink"));
    let names: Vec<_> = plan.zones.keys().map(|id| id.as_str()).collect();
    assert_eq!(
        names,
        ["orders/orders.internal", "shop/zones/orders.internal"]
    );
    assert_eq!(records(&plan, "shop").len(), 4);
    assert!(
        plan.origins
            .keys()
            .all(|id| id.id != "shop-orders/orders.internal")
    );
}

#[test]
fn a_record_that_is_there_stays() {
    let zone = ", hosted_zones: [{ name: orders.internal, id: Z0ABC, records: { b-1.orders.internal: 10.9.9.9 } }]";
    assert_eq!(
        faults(&body(zone, "", "")),
        ["error unfit-existing-object: `b-1.orders.internal` is answered otherwise already"]
    );
}

#[test]
fn objects_that_exist_are_known_by_their_ids() {
    let body = r#"
vpcs:
  data:
    account: "111111111111"
    id: vpc-0da7a
    cidr: 10.0.0.0/16
    subnets:
      - { zone: euc1-az1, cidr: 10.0.0.0/24, id: subnet-0a }
      - { zone: euc1-az2, cidr: 10.0.1.0/24 }
  shop: { account: "222222222222", cidr: 10.1.0.0/16, zones: [euc1-az1, euc1-az2] }
transit_gateways:
  core: { account: "111111111111", id: tgw-0c0 }
clusters:
  orders:
    kind: msk
    id: arn:aws:kafka:eu-central-1:111111111111:cluster/orders/0a
    vpc: data
    kafka_version: "3.9"
    brokers: 2
    suffix: orders.0a.c2.kafka.eu-central-1.amazonaws.com
    addresses: { 1: 10.0.0.20, 2: 10.0.1.20 }
    security_group: sg-0b
clients:
  checkout: { vpc: shop, cluster: orders, security_group: sg-0c }
connections:
  - { from: shop, to: orders, via: transit-gateway }
"#;
    let plan = support::plan(body);
    assert_eq!(
        existing(&plan),
        [
            "ClusterId orders arn:aws:kafka:eu-central-1:111111111111:cluster/orders/0a",
            "SecurityGroupId checkout sg-0c",
            "SecurityGroupId orders-brokers sg-0b",
            "SubnetId data/euc1-az1 subnet-0a",
            "TransitGatewayId core tgw-0c0",
            "VpcId data vpc-0da7a"
        ]
    );
    let unsaid = body.replace(
        "    suffix: orders.0a.c2.kafka.eu-central-1.amazonaws.com\n",
        "",
    );
    let unsaid = unsaid.replace("{ 1: 10.0.0.20, 2: 10.0.1.20 }", "{ 1: 10.0.0.20 }");
    let found = support::findings(&unsaid);
    assert_eq!(found[0].name, "unfit-existing-object");
    let label = &found[0].primary.label;
    assert!(
        label.contains("`suffix`") && label.contains("brokers 2"),
        "{label}"
    );
}

#[test]
fn what_the_plan_cannot_see_is_a_warning() {
    let unseen = SHOP.replace(
        "cidr: 10.0.0.0/16, zones: [euc1-az1, euc1-az2] }",
        "id: vpc-0a, cidr: 10.0.0.0/16, zones: [euc1-az1, euc1-az2] }",
    );
    assert_eq!(
        faults(&unseen),
        ["warning unseen-existing-object: the subnets that `shop` has are not known"]
    );
    let listed = "id: vpc-0a, cidr: 10.0.0.0/16, subnets: [{ zone: euc1-az1, cidr: 10.0.0.0/24, id: subnet-0a }, { zone: euc1-az2, cidr: 10.0.1.0/24 }] }";
    let listed = SHOP.replace("cidr: 10.0.0.0/16, zones: [euc1-az1, euc1-az2] }", listed);
    assert_eq!(
        faults(&listed),
        ["warning unseen-existing-object: who has which address in `shop/euc1-az1` is not known"]
    );
    let said = listed
        .replace(
            "checkout: { vpc: shop, cluster: orders }",
            "checkout: { vpc: shop, cluster: orders, addresses: { euc1-az1: 10.0.0.50 } }",
        )
        .replace(
            "via: privatelink }",
            "via: privatelink, endpoint_addresses: { euc1-az1: 10.0.0.51 } }",
        );
    assert_eq!(faults(&said), [""; 0]);
}
