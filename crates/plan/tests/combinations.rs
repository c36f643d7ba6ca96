//! What goes with what: the table of patterns as errors and warnings, and `via: auto` over every
//! way.

mod support;

use blueprint::diagnostic::Level;
use blueprint::spec::{Auth, ClusterKind, Spec, Via};
use support::{PEERING, SHOP, filled, spec};

fn with(body: &str, change: impl Fn(&mut Spec)) -> Spec {
    let mut asked = spec(body);
    change(&mut asked);
    asked
}

fn faults(spec: &Spec) -> Vec<String> {
    let found = plan::build(spec).1.into_iter();
    found
        .map(|fault| {
            let level = if fault.level == Level::Error {
                "error"
            } else {
                "warning"
            };
            format!("{level} {}: {}", fault.name, fault.title)
        })
        .collect()
}

/// The ways that `auto` finds, each with why not.
fn refused(spec: &Spec) -> Vec<(Via, Option<&'static str>)> {
    let candidates = plan::means(spec, "shop", "orders").into_iter();
    candidates
        .map(|c| (c.via, c.refused.map(|why| why.check)))
        .collect()
}

#[test]
fn a_refused_combination_names_the_ways_that_serve() {
    let asked = with(SHOP, |spec| {
        spec.clusters[0].1.kind = ClusterKind::MskServerless;
        spec.clusters[0].1.auth = vec![Auth::Iam];
    });
    assert_eq!(
        faults(&asked),
        [
            "error unsupported-pattern: clients of another account with `iam` of `msk-serverless` cannot be served by `privatelink`"
        ]
    );
    let (_, found) = plan::build(&asked);
    let help = found[0].help.as_deref().unwrap_or_default();
    assert!(help.contains("`via: resource-endpoint`"), "{help}");
    assert!(
        found[0]
            .notes
            .iter()
            .any(|note| note.starts_with("source: "))
    );
}

#[test]
fn an_unknown_combination_is_planned_with_a_warning() {
    let asked = with(SHOP, |spec| spec.clusters[0].1.auth = vec![Auth::Iam]);
    assert_eq!(
        faults(&asked),
        [
            "warning unknown-combination: whether clients of another account with `iam` of `msk` can be served by `privatelink` is not known"
        ]
    );
    assert_eq!(
        plan::build(&asked).0.endpoints.len(),
        1,
        "planned all the same"
    );
}

#[test]
fn multi_vpcs_own_conditions_are_for_its_check() {
    let asked = |auth| {
        with(SHOP, move |spec| {
            spec.connections[0].via = Via::MskMultiVpc;
            spec.clusters[0].1.auth = vec![auth];
        })
    };
    let told = |auth| {
        faults(&asked(auth))
            .iter()
            .any(|fault| fault.contains("unready-multi-vpc"))
    };
    assert!(!told(Auth::Tls), "the check sees the connection");
    assert!(told(Auth::None), "nothing is planned that it could see");
}

#[test]
fn auto_takes_a_way_that_is_known_before_a_cheaper_one_that_is_not() {
    let asked = with(SHOP, |spec| {
        spec.clusters[0].1.auth = vec![Auth::Iam];
        spec.connections[0].via = Via::Auto;
        spec.vpcs[1].1.zones.push("euc1-az3".into());
    });
    let (plan, found) = plan::build(&asked);
    assert!(found.is_empty(), "{found:#?}");
    assert_eq!(filled(&plan, "connections[0].via"), "msk-multi-vpc");
    let chosen = plan
        .defaults
        .iter()
        .find(|f| f.key.to_string() == "connections[0].via");
    let because = chosen
        .map(|chosen| chosen.because.clone())
        .unwrap_or_default();
    assert!(
        because.contains("peering is refused: overlapping-ranges"),
        "{because}"
    );
    assert!(
        because.contains("whether privatelink works is not known"),
        "{because}"
    );
}

#[test]
fn every_way_is_refused_by_the_check_that_would_fail() {
    use Via::{
        Gateway, MskMultiVpc, Peering, Privatelink, PrivatelinkPerBroker, ResourceEndpoint,
        TransitGateway,
    };
    let zones = with(SHOP, |spec| {
        spec.clusters[0].1.auth = vec![Auth::Iam];
        spec.clusters[0].1.brokers = (1..=60).collect();
    });
    assert_eq!(
        refused(&zones),
        [
            (Peering, Some("overlapping-ranges")),
            (Privatelink, Some("exhausted-quota")),
            (MskMultiVpc, Some("mismatched-zones")),
            (TransitGateway, Some("overlapping-ranges")),
            (PrivatelinkPerBroker, Some("exhausted-quota")),
            (ResourceEndpoint, None),
            (Gateway, None),
        ]
    );
    let said = PEERING.replace(
        "zones: [euc1-az1, euc1-az2] }",
        "zones: [euc1-az1, euc1-az2], routes: [{ to: 10.0.0.0/16, via: core }] }",
    ) + "transit_gateways:\n  core: { account: \"111111111111\" }\n";
    let routes = refused(&spec(&said));
    assert_eq!(routes[0], (Peering, Some("missing-route")));
    assert_eq!(routes[3], (TransitGateway, None));
}

#[test]
fn an_endpoint_elsewhere_leaves_no_routed_way() {
    let asked = with(PEERING, |spec| {
        let mut hub = spec.vpcs[1].1.clone();
        hub.cidrs = vec!["10.9.0.0/16".parse().expect("a range")];
        spec.vpcs.push(("hub".to_owned(), hub));
        spec.connections[0].via = Via::Auto;
        spec.connections[0].through = Some("hub".to_owned());
    });
    assert_eq!(
        refused(&asked)[0],
        (Via::Peering, Some("contradicting-settings"))
    );
    let (plan, found) = plan::build(&asked);
    assert!(found.is_empty(), "{found:#?}");
    assert_eq!(filled(&plan, "connections[0].via"), "privatelink");
    assert!(plan.endpoints.contains_key(&"hub-orders".into()));
}
