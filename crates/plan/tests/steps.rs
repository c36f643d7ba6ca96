//! Steps that no object stands for: who takes them where and when, and the exact lines.

mod support;

use blueprint::Blueprint;
use blueprint::spec::Via;
use support::{PEERING, SHOP, spec, step};

/// Every step as `PHASE REGION account: title`.
fn steps(blueprint: &Blueprint) -> Vec<String> {
    let steps = blueprint.steps.iter();
    steps
        .map(|step| {
            format!(
                "{} {} {}: {}",
                step.phase,
                step.region,
                &step.account[..3],
                step.title
            )
        })
        .collect()
}

#[test]
fn a_transit_gateway_across_accounts_and_regions_is_handed_over_in_order() {
    let mut asked = spec(PEERING);
    asked.connections[0].via = Via::TransitGateway;
    let mut far = asked.vpcs[1].1.clone();
    far.account = "333333333333".to_owned();
    far.region = "us-east-1".to_owned();
    far.cidrs = vec!["10.8.0.0/16".parse().expect("a range")];
    far.zones = vec!["use1-az1".into()];
    asked.vpcs.push(("far".to_owned(), far));
    let mut connection = asked.connections[0].clone();
    connection.from = "far".to_owned();
    asked.connections.push(connection);
    asked.clusters[0].1.brokers = vec![1];
    let (plan, findings) = plan::build(&asked);
    assert!(findings.is_empty(), "{findings:#?}");
    assert_eq!(
        steps(&plan),
        [
            "1 eu-central-1 222: accept the share of transit gateway `tgw-eu-central-1`, unless the organisation shares by itself",
            "2 eu-central-1 111: accept attachment `shop@tgw-eu-central-1` of another account",
            "2 eu-central-1 111: accept the peering of transit gateways `tgw-us-east-1@tgw-eu-central-1`: no template does it",
            "3 us-east-1 111: authorise `far` to use zone `orders/orders.internal`",
            "3 us-east-1 333: associate `far` with zone `orders/orders.internal`",
            "3 us-east-1 111: withdraw the authorisation of `far`, which is used up",
            "3 eu-central-1 111: authorise `shop` to use zone `orders/orders.internal`",
            "3 eu-central-1 222: associate `shop` with zone `orders/orders.internal`",
            "3 eu-central-1 111: withdraw the authorisation of `shop`, which is used up",
            "5 eu-central-1 111: set `server.properties` of broker 1 of `orders`"
        ]
    );
    assert_eq!(
        step(&plan, "accept attachment").lines,
        [
            "aws ec2 accept-transit-gateway-vpc-attachment --region eu-central-1 --transit-gateway-attachment-id <id of shop@tgw-eu-central-1>"
        ]
    );
}

#[test]
fn a_peering_is_accepted_before_its_names() {
    let mut asked = spec(PEERING);
    asked.vpcs[1].1.id = Some("vpc-0abc".to_owned());
    asked.vpcs[1].1.subnets.clear();
    let (plan, _) = plan::build(&asked);
    let phases: Vec<_> = plan.steps.iter().map(|step| step.phase).collect();
    assert!(phases.is_sorted(), "{phases:?}");
    let option = step(&plan, "let `data` resolve");
    assert_eq!(
        option.lines,
        [
            "aws ec2 modify-vpc-peering-connection-options --region eu-central-1 --vpc-peering-connection-id <id of shop-data> --requester-peering-connection-options AllowDnsResolutionFromRemoteVpc=true"
        ]
    );
    assert_eq!(
        option.account, "222222222222",
        "of the VPC whose names are resolved"
    );
    let association = &step(&plan, "associate").lines[0];
    assert!(
        association.ends_with("VPCRegion=eu-central-1,VPCId=vpc-0abc"),
        "{association}"
    );
}

#[test]
fn brokers_come_after_the_network_and_clients_last() {
    let plan = support::plan(SHOP);
    assert_eq!(
        steps(&plan),
        [
            "4 eu-central-1 111: keep the security groups of `orders-nlb` from judging PrivateLink: AWS's default would drop every endpoint's clients",
            "5 eu-central-1 111: set the listener of `orders`, after the network: brokers restart one by one",
            "6 eu-central-1 111: give clients in `data` their new bootstrap servers and settings: the listener is theirs too",
            "6 eu-central-1 222: give clients of `orders` in `shop` their bootstrap servers and settings"
        ]
    );
}
