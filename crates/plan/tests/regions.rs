//! VPCs in two Regions: names carry the Region they stand in, and what AWS does not do across
//! Regions is not asked of it.

mod support;

use blueprint::Blueprint;
use blueprint::spec::{Spec, Via};
use support::{PEERING, SHOP, rules};

const FAR: &str = "us-east-1";

/// Moves the client VPC to another Region.
fn far(body: &str, via: Via) -> Spec {
    let mut spec = support::spec(body);
    let (_, shop) = &mut spec.vpcs[1];
    shop.region = FAR.to_owned();
    shop.zones = ["use1-az4", "use1-az6"].map(Into::into).to_vec();
    spec.connections[0].via = via;
    spec
}

fn plan(spec: &Spec) -> Blueprint {
    let (blueprint, findings) = plan::build(spec);
    assert!(findings.is_empty(), "{findings:#?}");
    blueprint
}

#[test]
fn a_vpc_has_its_own_region_or_the_specs() {
    let plan = plan(&far(SHOP, Via::Privatelink));
    assert_eq!(plan.vpcs[&"data".into()].region, "eu-central-1");
    assert_eq!(plan.vpcs[&"shop".into()].region, FAR);
}

#[test]
fn an_endpoint_of_another_region_stands_in_all_zones_of_its_vpc() {
    let plan = plan(&far(SHOP, Via::Privatelink));
    let service = &plan.services[&"orders".into()];
    assert!(service.name.starts_with("com.amazonaws.vpce.eu-central-1."));
    let regions: Vec<_> = service.supported_regions.iter().collect();
    assert_eq!(regions, [FAR]);
    let endpoint = &plan.endpoints[&"shop-orders".into()];
    assert!(endpoint.dns_name.ends_with(".us-east-1.vpce.amazonaws.com"));
    let zones: Vec<_> = endpoint.enis.keys().map(|zone| zone.as_str()).collect();
    assert_eq!(zones, ["use1-az4", "use1-az6"]);
    let near = plan.balancers[&"orders-nlb".into()].dns_name.clone();
    assert!(near.ends_with(".elb.eu-central-1.amazonaws.com"), "{near}");
    assert_eq!(
        rules(&plan, "shop-orders-endpoint").0,
        ["9000-9003 checkout"]
    );
}

#[test]
fn a_cluster_is_named_after_its_own_region() {
    let mut spec = far(SHOP, Via::Privatelink);
    spec.vpcs[0].1.region = "eu-west-1".to_owned();
    let suffix = plan(&spec).clusters[&"orders".into()].suffix.clone();
    assert!(
        suffix.ends_with(".kafka.eu-west-1.amazonaws.com"),
        "{suffix}"
    );
}

#[test]
fn peering_across_regions_has_small_packets_and_no_groups_of_the_other_side() {
    let plan = plan(&far(PEERING, Via::Peering));
    assert_eq!(plan.peerings[&"shop-data".into()].mtu, 8500);
    assert_eq!(rules(&plan, "checkout").1, ["9092 10.0.0.0/16"]);
    assert_eq!(
        rules(&plan, "orders-brokers").0,
        [
            "9093-9094 orders-brokers",
            "9092 billing",
            "9092 10.1.0.0/16",
            "9092 10.2.0.0/16"
        ]
    );
    let association = plan.steps.iter().flat_map(|step| &step.lines);
    let mut association = association.filter(|line| line.contains("associate-vpc"));
    assert!(association.any(|line| line.contains("VPCRegion=us-east-1")));
}

#[test]
fn auto_asks_no_zone_in_common_of_another_region() {
    let mut spec = far(SHOP, Via::Auto);
    let plan = plan(&spec);
    assert_eq!(
        support::filled(&plan, "connections[0].via"),
        "privatelink",
        "the ranges overlap"
    );
    spec.vpcs[1].1.region.clear();
    let candidates = plan::means(&spec, "shop", "orders");
    let refused = candidates.iter().find(|c| c.via == Via::Privatelink);
    let why = refused.and_then(|c| c.refused.as_ref());
    assert_eq!(why.map(|why| why.check), Some("mismatched-zones"));
}
