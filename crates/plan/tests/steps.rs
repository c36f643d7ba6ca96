//! Steps that no object stands for: who takes them where and when, and the exact lines.

mod support;

use blueprint::Blueprint;
use blueprint::ids::{ClusterId, EndpointId, ObjectId, ServiceId};
use blueprint::kafka::AdvertisedBy;
use blueprint::spec::Via;
use blueprint::step::{Needed, What};
use support::{PEERING, SHOP, spec, step};

/// Every step as `after STAGE, PHASE REGION account: title`.
fn steps(blueprint: &Blueprint) -> Vec<String> {
    let steps = blueprint.steps.iter();
    steps
        .map(|step| {
            format!(
                "{}, {} {} {}: {}",
                step.after,
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
            "network, 1 eu-central-1 222: accept the share of transit gateway `tgw-eu-central-1`, unless the organisation shares by itself",
            "front, 4 eu-central-1 111: accept attachment `shop@tgw-eu-central-1` of another account",
            "front, 4 eu-central-1 111: accept the peering of transit gateways `tgw-us-east-1@tgw-eu-central-1`: no template does it",
            "routes, 6 us-east-1 111: authorise `far` to use zone `orders/orders.internal`",
            "routes, 6 eu-central-1 111: authorise `shop` to use zone `orders/orders.internal`",
            "routes, 6 us-east-1 333: associate `far` with zone `orders/orders.internal`",
            "routes, 6 eu-central-1 222: associate `shop` with zone `orders/orders.internal`",
            "routes, 6 us-east-1 111: withdraw the authorisation of `far`, which is used up",
            "routes, 6 eu-central-1 111: withdraw the authorisation of `shop`, which is used up",
            "routes, 7 eu-central-1 111: set `server.properties` of broker 1 of `orders`"
        ]
    );
    assert_eq!(
        step(&plan, "accept attachment").lines,
        [
            "aws ec2 accept-transit-gateway-vpc-attachment --region eu-central-1 --transit-gateway-attachment-id <id of attachment shop@tgw-eu-central-1>"
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
            "aws ec2 modify-vpc-peering-connection-options --region eu-central-1 --vpc-peering-connection-id <id of peering shop-data> --requester-peering-connection-options AllowDnsResolutionFromRemoteVpc=true"
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
            "routes, 7 eu-central-1 111: set the listener of `orders`, after the network: brokers restart one by one",
            "routes, 8 eu-central-1 111: give `billing` in `data` the new bootstrap servers and settings of `orders`: the listener is theirs too",
            "routes, 8 eu-central-1 222: give `checkout` in `shop` the bootstrap servers and settings of `orders`"
        ]
    );
}

/// What is not known in a step's lines, as `TEXT: WHAT of KIND ID`.
fn values(blueprint: &Blueprint, title: &str) -> Vec<String> {
    let values = step(blueprint, title).values.iter();
    let values = values.map(|(text, Needed { object, what })| {
        format!("{text}: {what} of {} {}", object.kind, object.id)
    });
    values.collect()
}

#[test]
fn what_is_not_known_says_whose_it_is() {
    let body = SHOP.replace(
        "via: privatelink",
        "via: privatelink, acceptance_required: true",
    );
    let plan = support::plan(&body);
    let service = ObjectId::from(ServiceId::from("orders"));
    let cluster = ObjectId::from(ClusterId::from("orders"));
    assert_eq!(service.id, cluster.id, "two kinds share the name");
    assert_eq!(
        values(&plan, "accept endpoint"),
        [
            "<id of endpoint service orders>: id of ServiceId orders",
            "<id of endpoint shop-orders>: id of EndpointId shop-orders",
        ]
    );
    let domain = &plan.clusters[&"orders".into()].suffix;
    let expected = format!("{domain}: domain of ClusterId orders");
    for title in ["set the listener", "give `billing`", "give `checkout`"] {
        assert_eq!(values(&plan, title), [expected.as_str()], "{title}");
    }
    let said = body.replace("brokers: 3", "brokers: 3\n    suffix: x.example");
    assert!(values(&support::plan(&said), "set the listener").is_empty());
    assert!(
        plan.endpoints
            .contains_key(&EndpointId::from("shop-orders"))
    );
}

#[test]
fn every_text_that_stands_for_a_value_is_in_the_lines() {
    let multi = SHOP
        .replace("via: privatelink", "via: msk-multi-vpc")
        .replace("brokers: 3", "brokers: 3\n    auth: [iam, tls]");
    let serverless = SHOP
        .replace("kind: msk", "kind: msk-serverless")
        .replace("via: privatelink", "via: resource-endpoint");
    for body in [SHOP, PEERING, &multi, &serverless] {
        let (plan, _) = plan::build(&spec(body));
        for step in &plan.steps {
            let lines = step.lines.join("\n");
            for text in step.values.keys() {
                assert!(lines.contains(text.as_str()), "{text}: {lines}");
            }
            let held = step.values.keys().fold(lines, |lines, text| {
                assert!(lines.contains(text.as_str()), "{text} is within another");
                lines.replace(text.as_str(), "")
            });
            assert!(!held.contains('<'), "{held}");
        }
        let stages: Vec<_> = plan.steps.iter().map(|s| (s.phase, s.after)).collect();
        assert!(stages.is_sorted_by_key(|(phase, _)| *phase), "{stages:?}");
        assert!(stages.is_sorted_by_key(|(_, stage)| *stage), "{stages:?}");
    }
}

#[test]
fn every_scheme_of_vpc_connectivity_is_turned_on_at_once() {
    let body = SHOP
        .replace("via: privatelink", "via: msk-multi-vpc")
        .replace("brokers: 3", "brokers: 3\n    auth: [iam, tls, scram]")
        .replace(
            "clients:",
            "clients:\n  till: { vpc: shop, cluster: orders, auth: tls }\n  kiosk: { vpc: shop, cluster: orders, auth: scram }",
        );
    let (plan, _) = plan::build(&spec(&body));
    let on = step(&plan, "turn on VPC connectivity");
    assert_eq!(on.after, blueprint::stage::Stage::Cluster);
    assert_eq!(
        on.lines,
        [
            r#"aws kafka update-connectivity --region eu-central-1 --cluster-arn <ARN of cluster orders> --current-version <version of cluster orders> --connectivity-info '{"VpcConnectivity":{"ClientAuthentication":{"Sasl":{"Iam":{"Enabled":true},"Scram":{"Enabled":true}},"Tls":{"Enabled":true}}}}'"#
        ]
    );
    let what: Vec<_> = on.values.values().map(|needed| needed.what).collect();
    assert_eq!(what, [What::Arn, What::Version]);
}

#[test]
fn listeners_are_moved_by_a_property_and_under_zookeeper_broker_by_broker() {
    let by = |body: &str| {
        support::plan(body).clusters[&"orders".into()]
            .advertised_by
            .clone()
    };
    assert_eq!(by(PEERING), Some(AdvertisedBy::ServerProperties), "on ec2");
    let Some(AdvertisedBy::Property(value)) = by(SHOP) else {
        panic!("a rule gives the ports");
    };
    assert!(value.starts_with("CLIENT://b-{broker_id}."), "{value}");
    let ports = "via: privatelink, ports: { 1: 9001, 2: 9012, 3: 9023 }";
    let irregular = SHOP
        .replace("via: privatelink", ports)
        .replace("brokers: 3", "brokers: 3\n    zookeeper: true");
    let Some(AdvertisedBy::PerBroker(values)) = by(&irregular) else {
        panic!("no rule gives these ports");
    };
    assert_eq!(values.keys().collect::<Vec<_>>(), [&1, &2, &3]);
    let parts: Vec<_> = values[&2].split(',').collect();
    assert!(parts[0].starts_with("CLIENT://b-2.") && parts[0].ends_with(":9012"));
    assert!(parts[1].starts_with("REPLICATION://b-2-internal."));
    let local = SHOP.replace("via: privatelink", "via: privatelink-per-broker");
    assert_eq!(by(&local), None, "each balancer has the brokers' own port");
}

/// The steps that tell clients, each as its title and its lines but for the bootstrap servers.
fn told(body: &str) -> Vec<String> {
    let (plan, _) = plan::build(&spec(body));
    let steps = plan.steps.iter().filter(|step| step.phase == 8);
    let texts = steps.flat_map(|step| {
        let servers = |line: &&String| line.starts_with("bootstrap.servers=");
        let n_servers = step.lines.iter().filter(servers).count();
        assert_eq!(n_servers, 1, "one properties text: {:#?}", step.lines);
        assert!(servers(&&step.lines[0]), "{:#?}", step.lines);
        let lines = step.lines.iter().skip(1).cloned();
        std::iter::once(step.title.clone()).chain(lines)
    });
    texts.collect()
}

/// Clients of a scheme beside which no VPC has others.
fn of_scheme(kind: &str, auth: &str, config: &str) -> String {
    let data = "vpc: data, kafka_version: \"3.9\", brokers: 3, suffix: x.example";
    format!(
        "vpcs:\n  data: {{ account: \"111111111111\", cidr: 10.0.0.0/16, zones: [euc1-az1] }}\n  shop: {{ account: \"222222222222\", cidr: 10.0.0.0/16, zones: [euc1-az1] }}\nclusters:\n  orders: {{ kind: {kind}, {data}, auth: [{auth}]{config} }}\nclients:\n  audit: {{ vpc: shop, cluster: orders, auth: {auth} }}\nconnections:\n  - {{ from: shop, to: orders, via: privatelink-per-broker }}\n"
    )
}

/// Kind, scheme, the cluster's further settings, and the lines that follow.
const SECURITY: [(&str, &str, &str, &[&str]); 8] = [
    ("msk", "none", "", &["connections.max.idle.ms=300000"]),
    (
        "msk",
        "tls",
        "",
        &["security.protocol=SSL", "connections.max.idle.ms=300000"],
    ),
    (
        "msk",
        "mtls",
        "",
        &["security.protocol=SSL", "connections.max.idle.ms=300000"],
    ),
    (
        "msk",
        "scram",
        "",
        &[
            "security.protocol=SASL_SSL",
            "sasl.mechanism=SCRAM-SHA-512",
            "connections.max.idle.ms=300000",
            "# sasl.jaas.config holds a password; add it with org.apache.kafka.common.security.scram.ScramLoginModule and the user and password in the client's secret of AWS Secrets Manager",
        ],
    ),
    (
        "msk",
        "iam",
        "",
        &[
            "security.protocol=SASL_SSL",
            "sasl.mechanism=AWS_MSK_IAM",
            "sasl.jaas.config=software.amazon.msk.auth.iam.IAMLoginModule required;",
            "sasl.client.callback.handler.class=software.amazon.msk.auth.iam.IAMClientCallbackHandler",
            "connections.max.idle.ms=300000",
        ],
    ),
    ("ec2", "scram", "", EC2_SCRAM_512),
    (
        "ec2",
        "scram",
        ", config: { sasl.enabled.mechanisms: \"SCRAM-SHA-256,SCRAM-SHA-512\" }",
        EC2_SCRAM_512,
    ),
    (
        "ec2",
        "scram",
        ", config: { listener.name.client_sasl_scram.sasl.enabled.mechanisms: \"PLAIN, SCRAM-SHA-256\", sasl.enabled.mechanisms: SCRAM-SHA-512 }",
        &[
            "security.protocol=SASL_SSL",
            "sasl.mechanism=SCRAM-SHA-256",
            "connections.max.idle.ms=300000",
            EC2_PASSWORD,
        ],
    ),
];

const EC2_SCRAM_512: &[&str] = &[
    "security.protocol=SASL_SSL",
    "sasl.mechanism=SCRAM-SHA-512",
    "connections.max.idle.ms=300000",
    EC2_PASSWORD,
];

const EC2_PASSWORD: &str = "# sasl.jaas.config holds a password; add it with org.apache.kafka.common.security.scram.ScramLoginModule and the user and password that the brokers know";

#[test]
fn clients_are_given_what_their_scheme_needs() {
    for (kind, auth, config, expected) in SECURITY {
        let told = told(&of_scheme(kind, auth, config));
        let (title, lines) = told.split_first().expect("a step");
        let note = match auth {
            "mtls" => "; each adds `ssl.keystore.location`, the key store with its own certificate",
            _ => "",
        };
        assert_eq!(
            *title,
            format!("give `audit` in `shop` the bootstrap servers and settings of `orders`{note}")
        );
        assert_eq!(lines, expected, "{kind} {auth} {config}");
    }
}

#[test]
fn what_a_client_says_itself_wins() {
    let of = |auth: &str, config: &str| {
        let said = format!("auth: {auth}, config: {{ {config} }} }}\nconnections:");
        let known = format!("auth: {auth} }}\nconnections:");
        told(&of_scheme("msk", auth, "").replace(&known, &said))
    };
    let iam = of("iam", "sasl.jaas.config: \"a.Module required;\"");
    let jaas: Vec<_> = iam.iter().filter(|l| l.contains("jaas")).collect();
    assert_eq!(jaas, ["sasl.jaas.config=a.Module required;"]);
    let scram = of("scram", "sasl.jaas.config: \"${file:a:b}\"");
    assert!(scram.contains(&"sasl.jaas.config=${file:a:b}".to_owned()));
    assert!(
        scram.iter().all(|line| !line.starts_with('#')),
        "{scram:#?}"
    );
    let mtls = of("mtls", "ssl.keystore.location: /a/b.p12");
    assert!(mtls[0].ends_with("of `orders`"), "no note: {mtls:#?}");
}

#[test]
fn each_scheme_of_a_vpc_has_a_step_and_so_has_who_differs() {
    let body = SHOP
        .replace("via: privatelink", "via: msk-multi-vpc")
        .replace("brokers: 3", "brokers: 3\n    auth: [iam, tls, scram]")
        .replace("checkout: { vpc: shop, cluster: orders }", "checkout: { vpc: shop, cluster: orders, auth: iam }")
        .replace("billing: { vpc: data, cluster: orders }", "till: { vpc: shop, cluster: orders, auth: tls }\n  kiosk: { vpc: shop, cluster: orders, auth: scram }\n  audit: { vpc: shop, cluster: orders, auth: iam }\n  slow: { vpc: shop, cluster: orders, auth: iam, config: { linger.ms: 50 } }\n  stock: { vpc: shop, cluster: orders, auth: iam }");
    let told = told(&body);
    let titles: Vec<_> = told
        .iter()
        .filter(|line| line.starts_with("give"))
        .collect();
    assert_eq!(
        titles,
        [
            "give `till` in `shop` the bootstrap servers and settings of `orders`",
            "give `kiosk` in `shop` the bootstrap servers and settings of `orders`",
            "give `checkout`, `audit` and `stock` in `shop` the bootstrap servers and settings of `orders`",
            "give `slow` in `shop` the bootstrap servers and settings of `orders`",
        ]
    );
    assert_eq!(told.last().expect("a line"), "linger.ms=50");
}

#[test]
fn local_clients_that_are_moved_have_a_step_per_scheme() {
    let body = SHOP
        .replace("brokers: 3", "brokers: 3\n    suffix: x.example\n    auth: [none, iam]")
        .replace(
            "clients:",
            "clients:\n  ledger: { vpc: data, cluster: orders, auth: iam }\n  till: { vpc: shop, cluster: orders, auth: iam }",
        );
    let steps = |body: &str| -> Vec<String> {
        let (plan, _) = plan::build(&spec(body));
        let local = plan.steps.iter().filter(|step| step.title.contains("too"));
        let texts = local.map(|step| format!("{}: {}", step.title, step.lines[0]));
        texts.collect()
    };
    let rest = "the new bootstrap servers and settings of `orders`: the listeners are theirs too";
    let none = "bootstrap.servers=bootstrap.x.example:9000";
    // A broker's certificate holds its own name only.
    let iam = "bootstrap.servers=b-1.x.example:10001,b-2.x.example:10002,b-3.x.example:10003";
    assert_eq!(
        steps(&body),
        [
            format!("give `billing` in `data` {rest}: {none}"),
            format!("give `ledger` in `data` {rest}: {iam}"),
        ]
    );
    let unnamed = body.replace("  ledger: { vpc: data, cluster: orders, auth: iam }\n", "");
    assert_eq!(
        steps(&unnamed),
        [
            format!("give `billing` in `data` {rest}: {none}"),
            format!("give clients that use `iam` in `data` {rest}: {iam}"),
        ]
    );
}

#[test]
fn a_peered_client_whose_listener_is_moved_is_told() {
    let body = SHOP
        .replace(
            "clusters:",
            "  mail: { account: \"333333333333\", cidr: 10.7.0.0/16, zones: [euc1-az1] }\nclusters:",
        )
        .replace("clients:", "clients:\n  sender: { vpc: mail, cluster: orders }")
        .replace("connections:", "connections:\n  - { from: mail, to: orders, via: peering }");
    let (plan, _) = plan::build(&spec(&body));
    let sender = step(&plan, "give `sender` in `mail`");
    assert_eq!(sender.account, "333333333333");
    assert!(sender.lines[0].ends_with(":9000"), "{:?}", sender.lines);
}
