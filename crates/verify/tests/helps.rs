//! Helps that name one edit of the spec, followed to the letter: the fault is found and its help
//! says the edit; with the edit made nothing is found.

use blueprint::diagnostic::Diagnostic;

/// A spec's head and its clusters, both of which every case may replace.
const VPCS: &str = r#"
  data: { account: "111111111111", cidr: 10.1.0.0/16, zones: [euc1-az1, euc1-az2] }
  shop: { account: "222222222222", cidr: 10.2.0.0/16, zones: [euc1-az1, euc1-az2] }"#;
const ORDERS: &str = r#"
  orders: { kind: ec2, vpc: data, kafka_version: "4.3", brokers: 2, auth: [none] }"#;
const CHECKOUT: &str = r#"
  checkout: { vpc: shop, cluster: orders, auth: none }"#;

fn spec(vpcs: &str, clusters: &str, clients: &str, connections: &str) -> String {
    format!(
        "name: shop\nregion: eu-central-1\nvpcs:{vpcs}\nclusters:{clusters}\nclients:{clients}\n\
         connections:{connections}\n"
    )
}

fn findings(spec: &str) -> Vec<Diagnostic> {
    let (asked, _, mut found) = blueprint::read(spec);
    let (blueprint, planned) = plan::build(&asked.expect("a spec"));
    found.extend(planned);
    let more = verify::check(&blueprint).beyond(&found);
    found.extend(more);
    found
}

/// Finds `name` with a help that contains `says`, makes the edit and finds nothing.
#[track_caller]
fn follow(name: &str, spec: &str, says: &str, before: &str, after: &str) {
    let found = findings(spec);
    let [finding] = &found[..] else {
        panic!("{name}: one finding expected: {found:#?}");
    };
    assert_eq!(finding.name, name);
    let help = finding.help.as_deref().expect("a help");
    assert!(help.contains(says), "{name}: {help}");
    assert_eq!(spec.matches(before).count(), 1, "{name}: {before}");
    let found = findings(&spec.replace(before, after));
    assert!(found.is_empty(), "{name}, help followed: {found:#?}");
}

#[test]
fn a_closed_egress_is_opened() {
    let clients = CHECKOUT.replace("none }", "none, egress: [10.9.0.0/16] }");
    let spec = spec(
        VPCS,
        ORDERS,
        &clients,
        "\n  - { from: shop, to: orders, via: peering }",
    );
    let says = "add `10.1.0.0/20` and `10.1.16.0/20` to `clients.checkout.egress`";
    let after = "[10.9.0.0/16, 10.1.0.0/20, 10.1.16.0/20]";
    follow("closed-port", &spec, says, "[10.9.0.0/16]", after);
    let says = "leave that out";
    follow("closed-port", &spec, says, ", egress: [10.9.0.0/16]", "");
}

#[test]
fn brokers_admit_the_balancer() {
    let connection =
        "\n  - { from: shop, to: orders, via: privatelink, admit: { brokers: [10.2.0.0/16] } }";
    let spec = spec(VPCS, ORDERS, CHECKOUT, connection);
    let says = "add `10.1.0.0/20` and `10.1.16.0/20` to `connections[0].admit.brokers`";
    let after = "brokers: [10.2.0.0/16, 10.1.0.0/20, 10.1.16.0/20]";
    follow("closed-port", &spec, says, "brokers: [10.2.0.0/16]", after);
    let says = "leave that out";
    follow(
        "closed-port",
        &spec,
        says,
        ", admit: { brokers: [10.2.0.0/16] }",
        "",
    );
}

#[test]
fn an_endpoint_admits_its_clients() {
    let connection = "\n  - { from: shop, to: orders, via: privatelink, admit: { endpoint: [] } }";
    let spec = spec(VPCS, ORDERS, CHECKOUT, connection);
    let says = "add `10.2.0.0/20` and `10.2.16.0/20` to `connections[0].admit.endpoint`";
    let after = "endpoint: [10.2.0.0/20, 10.2.16.0/20]";
    follow("closed-port", &spec, says, "endpoint: []", after);
}

#[test]
fn routes_are_added_narrowed_replaced_or_left_out() {
    let peering = "\n  - { from: shop, to: orders, via: peering }";
    let routed = |routes: &str| {
        let vpcs = VPCS.replace(
            "10.2.0.0/16, zones: [euc1-az1, euc1-az2] }",
            &format!("10.2.0.0/16, zones: [euc1-az1, euc1-az2], routes: [{routes}] }}"),
        );
        spec(&vpcs, ORDERS, CHECKOUT, peering)
    };
    let right = "{ to: 10.1.0.0/16, via: data }";
    let says = format!("add `{right}` to the `routes` of `shop`, or leave `routes` out");
    let none = routed("");
    let after = format!("routes: [{right}]");
    follow("missing-route", &none, &says, "routes: []", &after);
    follow("missing-route", &none, &says, ", routes: []", "");

    let default = "{ to: 0.0.0.0/0, via: nat-0abc }";
    let both = format!("{default}, {right}");
    follow("missing-route", &routed(default), &says, default, &both);

    let narrower = "{ to: 10.1.0.0/17, via: nat-0abc }";
    let narrowed = format!(", {narrower}");
    let taken = routed(&format!("{right}{narrowed}"));
    follow("missing-route", &taken, "delete it", &narrowed, "");
    let without = "narrow it to a range without 10.1.0.10 and 10.1.16.10";
    follow(
        "missing-route",
        &taken,
        without,
        "10.1.0.0/17",
        "10.1.64.0/18",
    );

    let says = format!("replace it with `{right}`");
    let same = "{ to: 10.1.0.0/16, via: nat-0abc }";
    follow("missing-route", &routed(same), &says, same, right);
}

#[test]
fn addresses_that_lead_nowhere_are_left_out() {
    let said = r#", advertised: { CLIENT: "192.0.2.1:9092", INTERNAL: "b-{id}-internal.orders.internal:9094" } }"#;
    let clusters = ORDERS.replace(" }", said);
    let spec = spec(
        VPCS,
        &clusters,
        CHECKOUT,
        "\n  - { from: shop, to: orders, via: peering }",
    );
    let spec = spec.replace(
        "cluster: orders, auth: none }",
        "cluster: orders, auth: none, bootstrap: [\"b-1.orders.internal:9092\"] }",
    );
    let says = "such as `b-{id}.orders.internal`, or leave `advertised` out";
    follow(
        "missing-route",
        &spec,
        says,
        "192.0.2.1",
        "b-{id}.orders.internal",
    );
    let left_out = said.strip_suffix(" }").expect("the cluster's end");
    follow("missing-route", &spec, says, left_out, "");
}

#[test]
fn zones_are_left_to_the_plan() {
    let connection =
        "\n  - { from: shop, to: orders, via: privatelink, zone_name: kafka.example.com }";
    let spec = spec(VPCS, ORDERS, CHECKOUT, connection);
    let says = "leave `zone_name` out";
    follow(
        "missing-record",
        &spec,
        says,
        ", zone_name: kafka.example.com",
        "",
    );
}

#[test]
fn clusters_get_a_suffix_each() {
    let cluster = |name: &str| {
        format!(
            "{}, suffix: kafka.internal }}",
            ORDERS.trim_end_matches(" }")
        )
        .replace("orders:", &format!("{name}:"))
    };
    let clusters =
        cluster("orders") + &cluster("stock").replace("kafka.internal", "kafka.internal  ");
    let clients = CHECKOUT.replace("vpc: shop", "vpc: data");
    let spec = spec(VPCS, &clusters, &clients, " []");
    let says = "give one of the two clusters another `suffix`";
    follow(
        "duplicate-zone",
        &spec,
        says,
        "kafka.internal  ",
        "stock.internal",
    );
}

#[test]
fn overlapping_peers_use_privatelink() {
    let vpcs = VPCS.replace("10.2.0.0/16", "10.1.128.0/17");
    let spec = spec(
        &vpcs,
        ORDERS,
        CHECKOUT,
        "\n  - { from: shop, to: orders, via: peering }",
    );
    let says = "use `via: privatelink`";
    follow(
        "overlapping-ranges",
        &spec,
        says,
        "via: peering",
        "via: privatelink",
    );
}

#[test]
fn brokers_name_each_other() {
    let clusters = ORDERS.replace(
        " }",
        r#", advertised: { CLIENT: "b-{id}.orders.internal:9092" } }"#,
    );
    let spec = spec(
        VPCS,
        &clusters,
        CHECKOUT,
        "\n  - { from: shop, to: orders, via: peering }",
    );
    let before = ":9092\" }";
    let after = ":9092\", INTERNAL: \"b-{id}-internal.orders.internal:9094\" }";
    follow("partial-listeners", &spec, "add INTERNAL", before, after);
}

/// Blueprints need not be made by the plan: what a finding says of one without its zones or
/// with rivals for a route is told where the plan says nothing of it.
#[test]
fn what_the_plan_would_have_mended_is_told_at_its_key() {
    let clusters = ORDERS.replace(
        " }",
        r#", advertised: { CLIENT: "b-{id}.kafka.test:9092", INTERNAL: "b-{id}-internal.orders.internal:9094" } }"#,
    );
    let clients = r#"
  billing: { vpc: data, cluster: orders, auth: none, bootstrap: ["b-1.orders.internal:9092"] }"#;
    let (asked, _, _) = blueprint::read(&spec(VPCS, &clusters, clients, " []"));
    let (mut blueprint, _) = plan::build(&asked.expect("a spec"));
    blueprint
        .zones
        .retain(|_, zone| zone.name == "orders.internal");
    let found = verify::check(&blueprint).diagnostics;
    let [finding] = &found[..] else {
        panic!("{found:#?}");
    };
    assert_eq!(finding.name, "missing-record");
    assert_eq!(key(finding), "clusters.orders.advertised.CLIENT");
    let help = finding.help.as_deref().expect("a help");
    assert!(
        help.starts_with("say `suffix: kafka.test` for `orders`"),
        "{help}"
    );
}

#[test]
fn rivals_for_a_route_are_named() {
    let vpcs = r#"
  hub: { account: "111111111111", cidr: 10.1.0.0/16, zones: [euc1-az1] }
  a: { account: "222222222222", cidr: 10.2.0.0/16, zones: [euc1-az1] }
  b: { account: "222222222222", cidr: 10.2.0.0/16, zones: [euc1-az1] }"#;
    let there = ORDERS.replace("vpc: data", "vpc: hub");
    let clients = r#"
  checkout: { vpc: a, cluster: orders, auth: none }
  support: { vpc: b, cluster: orders, auth: none }"#;
    let back = r#"
  - { from: a, to: orders, via: peering }
  - { from: b, to: orders, via: peering }"#;
    let both = ORDERS.replace("vpc: data", "vpc: a")
        + &ORDERS
            .replace("vpc: data", "vpc: b")
            .replace("orders", "stock");
    let hub = r#"
  checkout: { vpc: hub, cluster: orders, auth: none }
  support: { vpc: hub, cluster: stock, auth: none }"#;
    let forth = r#"
  - { from: hub, to: orders, via: peering }
  - { from: hub, to: stock, via: peering }"#;
    for spec in [
        spec(vpcs, &there, clients, back),
        spec(vpcs, &both, hub, forth),
    ] {
        let (blueprint, _) = plan::build(&blueprint::read(&spec).0.expect("a spec"));
        let found = verify::check(&blueprint).diagnostics;
        let [finding] = &found[..] else {
            panic!("{found:#?}");
        };
        assert_eq!(finding.name, "overlapping-ranges");
        assert_eq!(key(finding), "connections[1].via");
        let title = "`a` and `b` are both peered with `hub` and hold overlapping ranges";
        assert_eq!(finding.title, title);
        assert_eq!(
            finding.primary.label,
            "a route table leads to one of them only"
        );
    }
}

fn key(finding: &Diagnostic) -> String {
    match &finding.primary.at {
        blueprint::diagnostic::At::Value(key) | blueprint::diagnostic::At::Key(key) => {
            key.to_string()
        }
        blueprint::diagnostic::At::Bytes(..) => String::new(),
    }
}
