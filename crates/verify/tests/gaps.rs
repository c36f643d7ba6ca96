//! Blueprints with a hole: whatever single object is missing, nothing panics, and a path that
//! is not delivered is explained by a finding at error level.

use blueprint::Blueprint;
use blueprint::diagnostic::Level;
use blueprint::verdict::{Class, Summary};

const SPECS: [&str; 2] = [LINKED, PEERED];

const LINKED: &str = r#"
name: shop
region: eu-central-1
vpcs:
  data: { account: "111111111111", cidr: 10.0.0.0/16, zones: [euc1-az1, euc1-az2] }
  shop: { account: "222222222222", cidr: 10.0.0.0/16, zones: [euc1-az1, euc1-az2] }
clusters:
  orders: { kind: msk, vpc: data, kafka_version: "3.9", brokers: 2, auth: [none] }
clients:
  checkout: { vpc: shop, cluster: orders, auth: none }
  billing: { vpc: data, cluster: orders, auth: none }
connections:
  - { from: shop, to: orders, via: privatelink }
"#;

const PEERED: &str = r#"
name: shop
region: eu-central-1
vpcs:
  data: { account: "111111111111", cidr: 10.1.0.0/16, zones: [euc1-az1, euc1-az2] }
  shop: { account: "222222222222", cidr: 10.2.0.0/16, zones: [euc1-az1] }
clusters:
  orders: { kind: ec2, vpc: data, kafka_version: "4.3", brokers: 2, auth: [none] }
clients:
  checkout: { vpc: shop, cluster: orders, auth: none }
connections:
  - { from: shop, to: orders, via: peering }
"#;

/// Adds every blueprint that lacks one object of a kind.
macro_rules! without_each {
    ($holed:ident, $whole:ident: $($kind:ident),+) => {$(
        for id in $whole.$kind.keys() {
            let mut holed = $whole.clone();
            holed.$kind.remove(id);
            $holed.push((format!("{} without {id}", stringify!($kind)), holed));
        }
    )+};
}

#[test]
fn a_missing_object_is_explained() {
    let mut failures = Vec::new();
    for spec in SPECS {
        let (spec, _, found) = blueprint::read(spec);
        assert!(found.is_empty(), "{found:?}");
        let (whole, found) = plan::build(&spec.expect("a spec"));
        assert!(found.is_empty(), "{found:?}");
        assert!(verify::check(&whole).diagnostics.is_empty());
        let mut holed = Vec::new();
        without_each!(
            holed, whole: vpcs, subnets, route_tables, enis, security_groups, balancers,
            target_groups, zones, public_names, clusters, clients
        );
        failures.extend(
            holed
                .iter()
                .filter_map(|(name, holed)| unexplained(name, holed)),
        );
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

/// Without its peering, endpoint or service a client has no means at all, which is the plan's to
/// report; here it only must not panic.
#[test]
fn missing_means_do_no_harm() {
    for spec in SPECS {
        let (whole, _) = plan::build(&blueprint::read(spec).0.expect("a spec"));
        let mut holed = Vec::new();
        without_each!(holed, whole: peerings, endpoints, services);
        for (name, holed) in holed {
            let paths = verify::check(&holed).paths;
            let remote = paths
                .iter()
                .filter(|path| path.promise.client.as_str() == "checkout");
            for path in remote {
                assert_ne!(
                    path.summary(),
                    Summary::All(Class::Delivered),
                    "{name}: {path:?}"
                );
            }
        }
    }
}

fn unexplained(name: &str, holed: &Blueprint) -> Option<String> {
    let checked = verify::check(holed);
    let mut paths = checked.paths.iter();
    let blocked = paths.find(|path| path.summary() != Summary::All(Class::Delivered))?;
    let mut found = checked.diagnostics.iter();
    let error = found.any(|found| found.level == Level::Error && found.trace.is_some());
    (!error).then(|| {
        format!(
            "{name}: {} is {} and nothing says why",
            blocked.promise,
            blocked.summary()
        )
    })
}
