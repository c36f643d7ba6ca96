//! Listeners, names and ports per authentication scheme, per group of connections and per kind
//! of cluster.

mod support;

use std::collections::BTreeSet;

use blueprint::Blueprint;
use blueprint::network::EniOwner;
use support::{advertised, findings, plan, rules};

const VPCS: &str = r#"
vpcs:
  data: { account: "111111111111", cidr: 10.0.0.0/16, zones: [euc1-az1, euc1-az2, euc1-az3] }
  shop: { account: "222222222222", cidr: 10.0.0.0/16, zones: [euc1-az1, euc1-az2] }
  mail: { account: "333333333333", cidr: 10.7.0.0/16, zones: [euc1-az3, euc1-az1] }
"#;

fn estate(kind: &str, auth: &str, rest: &str) -> Blueprint {
    plan(&format!(
        "{VPCS}clusters:\n  orders: {{ kind: {kind}, vpc: data, kafka_version: \"3.9\", brokers: 3, suffix: x.example, auth: [{auth}] }}\n{rest}"
    ))
}

/// A broker's listeners as `NAME port PROTOCOL scheme`.
fn listeners(plan: &Blueprint) -> Vec<String> {
    let broker = &plan.clusters[&"orders".into()].brokers[&1];
    let lines = broker.listeners.iter();
    lines
        .map(|(name, l)| format!("{name} {} {} {}", l.port, l.protocol, l.auth))
        .collect()
}

/// A balancer's listeners as `port targets:port`.
fn balanced(plan: &Blueprint, balancer: &str) -> Vec<String> {
    let listeners = &plan.balancers[&balancer.into()].listeners;
    let lines = listeners.iter().map(|(port, listener)| {
        let group = &plan.target_groups[&listener.target_group];
        format!("{port} {}x{}", group.targets.len(), group.port)
    });
    lines.collect()
}

fn bootstrap(plan: &Blueprint, client: &str) -> Vec<String> {
    let servers = &plan.clients[&client.into()].bootstrap;
    servers.iter().map(ToString::to_string).collect()
}

/// Kind, schemes, and the listeners that follow.
const LISTENERS: [(&str, &str, &[&str]); 7] = [
    (
        "msk",
        "none",
        &[
            "CLIENT 9092 PLAINTEXT none",
            "REPLICATION 9093 PLAINTEXT none",
        ],
    ),
    (
        "msk",
        "iam",
        &[
            "CLIENT_IAM 9098 SASL_SSL iam",
            "REPLICATION_SECURE 9095 SSL tls",
        ],
    ),
    (
        "msk",
        "none, tls, mtls, scram, iam",
        &[
            "CLIENT 9092 PLAINTEXT none",
            "CLIENT_IAM 9098 SASL_SSL iam",
            "CLIENT_SASL_SCRAM 9096 SASL_SSL scram",
            "CLIENT_SECURE 9094 SSL tls",
            "REPLICATION 9093 PLAINTEXT none",
        ],
    ),
    (
        "msk-express",
        "mtls",
        &[
            "CLIENT_SECURE 9094 SSL mtls",
            "REPLICATION_SECURE 9095 SSL tls",
        ],
    ),
    (
        "msk-serverless",
        "iam",
        &[
            "CLIENT_IAM 9098 SASL_SSL iam",
            "REPLICATION_SECURE 9095 SSL tls",
        ],
    ),
    (
        "ec2",
        "none",
        &["CLIENT 9092 PLAINTEXT none", "INTERNAL 9094 PLAINTEXT none"],
    ),
    (
        "ec2",
        "none, tls, mtls, scram",
        &[
            "CLIENT 9092 PLAINTEXT none",
            "CLIENT_MTLS 9097 SSL mtls",
            "CLIENT_SASL_SCRAM 9098 SASL_SSL scram",
            "CLIENT_TLS 9096 SSL tls",
            "INTERNAL 9094 PLAINTEXT none",
        ],
    ),
];

#[test]
fn every_kind_has_its_listeners() {
    for (kind, auth, expected) in LISTENERS {
        assert_eq!(
            listeners(&estate(kind, auth, "")),
            expected,
            "{kind} {auth}"
        );
    }
}

#[test]
fn names_certificates_and_bootstrap_names_follow_the_kind() {
    let local = "clients:\n  billing: { vpc: data, cluster: orders }\n";
    let table: [(&str, &str, &[&str]); 3] = [
        ("msk", "tls", &["b-1-internal.x.example", "b-1.x.example"]),
        ("ec2", "tls", &["*.x.example"]),
        (
            "msk-serverless",
            "iam",
            &[
                "b1-HASH-internal.x.example",
                "b1-HASH.x.example",
                "boot-HASH.x.example",
            ],
        ),
    ];
    for (kind, auth, expected) in table {
        let plan = estate(kind, auth, local);
        let listeners = &plan.clusters[&"orders".into()].brokers[&1].listeners;
        let client = &plan.clients[&"billing".into()];
        let names = &listeners[&client.listener].certificate_names;
        let given = bootstrap(&plan, "billing");
        let hash = given[0]
            .strip_prefix("boot-")
            .and_then(|rest| rest.split_once('.'))
            .map_or("HASH", |(hash, _)| hash);
        let names: Vec<_> = names
            .iter()
            .map(|name| name.replace(hash, "HASH"))
            .collect();
        assert_eq!(names, expected, "{kind}");
    }
    let express = estate("msk-express", "iam", local);
    let cluster = &express.clusters[&"orders".into()];
    assert_eq!(cluster.bootstrap_names.len(), 3);
    assert_eq!(
        bootstrap(&express, "billing"),
        cluster
            .bootstrap_names
            .iter()
            .map(|name| format!("{name}:9098"))
            .collect::<Vec<_>>()
    );
    for (nth, name) in cluster.bootstrap_names.iter().enumerate() {
        assert!(
            name.starts_with("boot-") && name.ends_with(".x.example"),
            "{name}"
        );
        let broker = &express.enis[&format!("orders/{}", nth + 1).into()];
        assert_eq!(express.public_names[name].addresses, [broker.address]);
        let secure = &cluster.brokers[&2].listeners["CLIENT_IAM"];
        assert!(secure.certificate_names.contains(name));
    }
}

const TWO_SCHEMES: &str = "clients:
  checkout: { vpc: shop, cluster: orders, auth: scram }
  till: { vpc: shop, cluster: orders, auth: tls }
  billing: { vpc: data, cluster: orders, auth: none }
connections:
  - { from: shop, to: orders, via: privatelink }
";

#[test]
fn on_msk_every_scheme_in_use_is_moved_to_a_block_of_ports() {
    let plan = estate("msk", "none, tls, scram, iam", TWO_SCHEMES);
    let moved = |listener| advertised(&plan, "orders", listener)[0].clone();
    assert_eq!(moved("CLIENT"), "b-1.x.example:9001");
    assert_eq!(moved("CLIENT_SECURE"), "b-1.x.example:10001");
    assert_eq!(moved("CLIENT_SASL_SCRAM"), "b-1.x.example:11001");
    assert_eq!(moved("CLIENT_IAM"), "b-1.x.example:9098", "nobody uses it");
    let lines = balanced(&plan, "orders-nlb");
    assert_eq!(lines.len(), 12);
    assert_eq!(
        lines[..5],
        [
            "9000 3x9092",
            "9001 1x9092",
            "9002 1x9092",
            "9003 1x9092",
            "10000 3x9094"
        ]
    );
    assert_eq!(
        rules(&plan, "checkout").1,
        ["11000-11003 shop-orders-endpoint"]
    );
    assert_eq!(rules(&plan, "till").1, ["10000-10003 shop-orders-endpoint"]);
    assert_eq!(rules(&plan, "billing").1, ["9000-9003 orders-nlb"]);
    let (towards, _) = rules(&plan, "orders-brokers");
    for port in ["9092", "9094", "9096"] {
        assert!(
            towards.contains(&format!("{port} orders-nlb")),
            "{towards:?}"
        );
    }
    assert_eq!(bootstrap(&plan, "billing"), ["bootstrap.x.example:9000"]);
    assert_eq!(
        bootstrap(&plan, "till"),
        [
            "b-1.x.example:10001",
            "b-2.x.example:10002",
            "b-3.x.example:10003"
        ],
        "no broker's certificate holds a name over all of them"
    );
    let setting = plan.steps.iter().flat_map(|step| &step.lines);
    let setting = setting.filter(|line| line.starts_with("custom.advertised.listeners="));
    let expected = "custom.advertised.listeners=CLIENT://b-{broker_id}.x.example:9000+{broker_id},CLIENT_SASL_SCRAM://b-{broker_id}.x.example:11000+{broker_id},CLIENT_SECURE://b-{broker_id}.x.example:10000+{broker_id}";
    assert_eq!(setting.collect::<Vec<_>>(), [expected]);
}

#[test]
fn on_ec2_every_scheme_gains_a_listener_and_local_clients_stay() {
    let plan = estate("ec2", "none, tls, scram", TWO_SCHEMES);
    assert_eq!(
        listeners(&plan),
        [
            "CLIENT 9092 PLAINTEXT none",
            "CLIENT_SASL_SCRAM 9098 SASL_SSL scram",
            "CLIENT_TLS 9096 SSL tls",
            "INTERNAL 9094 PLAINTEXT none",
            "PRIVATELINK_SASL_SCRAM 9102 SASL_SSL scram",
            "PRIVATELINK_TLS 9101 SSL tls",
        ]
    );
    assert_eq!(
        plan.clients[&"checkout".into()].listener,
        "PRIVATELINK_SASL_SCRAM"
    );
    assert_eq!(plan.clients[&"billing".into()].listener, "CLIENT");
    assert_eq!(
        advertised(&plan, "orders", "PRIVATELINK_TLS")[2],
        "b-3.x.example:10003"
    );
    assert_eq!(
        bootstrap(&plan, "till"),
        ["bootstrap.x.example:10000"],
        "`*.x.example`"
    );
    assert_eq!(balanced(&plan, "orders-nlb").len(), 8);
}

#[test]
fn groups_on_ec2_have_ports_and_listeners_of_their_own() {
    let rest = "clients:
  checkout: { vpc: shop, cluster: orders }
  sender: { vpc: mail, cluster: orders }
connections:
  - { from: shop, to: orders, via: privatelink, group: stores, ports: 20000 }
  - { from: mail, to: orders, via: privatelink, group: post }
";
    let plan = estate("ec2", "none", rest);
    assert_eq!(plan.balancers.len(), 1);
    assert_eq!(
        balanced(&plan, "orders-nlb"),
        [
            "19000 3x9110",
            "19001 1x9110",
            "19002 1x9110",
            "19003 1x9110",
            "20000 3x9105",
            "20001 1x9105",
            "20002 1x9105",
            "20003 1x9105",
        ]
    );
    assert_eq!(
        plan.clients[&"checkout".into()].listener,
        "PRIVATELINK-STORES"
    );
    assert_eq!(plan.clients[&"sender".into()].listener, "PRIVATELINK-POST");
    assert_eq!(
        advertised(&plan, "orders", "PRIVATELINK-STORES")[0],
        "b-1.x.example:20001"
    );
    assert_eq!(
        rules(&plan, "sender").1,
        ["19000-19003 mail-orders-endpoint"]
    );
}

#[test]
fn a_group_on_msk_cannot_have_ports_of_its_own() {
    let faults = findings(&format!(
        "{VPCS}clusters:\n  orders: {{ kind: msk, vpc: data, kafka_version: \"3.9\", brokers: 3 }}\nconnections:
  - {{ from: shop, to: orders, via: privatelink, group: stores, ports: 9000 }}
  - {{ from: mail, to: orders, via: privatelink, group: post, ports: 20000 }}\n"
    ));
    assert_eq!(faults.len(), 1, "{faults:#?}");
    assert_eq!(faults[0].name, "contradicting-settings");
    assert!(
        format!("{faults:?}").contains("one port for each listener"),
        "{faults:#?}"
    );
}

#[test]
fn a_balancer_that_ends_tls_has_a_certificate_for_the_names_dialled() {
    let rest = "clients:
  checkout: { vpc: shop, cluster: orders }
connections:
  - { from: shop, to: orders, via: privatelink, terminate_tls: true }
";
    let plan = estate("msk", "scram", rest);
    let listeners = &plan.balancers[&"orders-nlb".into()].listeners;
    let expected = BTreeSet::from(["*.x.example".to_owned()]);
    for listener in listeners.values() {
        assert_eq!(listener.certificate_names.as_ref(), Some(&expected));
    }
    assert_eq!(bootstrap(&plan, "checkout"), ["bootstrap.x.example:9000"]);
    let plain = estate("msk", "none", rest);
    let listeners = &plain.balancers[&"orders-nlb".into()].listeners;
    assert!(listeners.values().all(|l| l.certificate_names.is_none()));
}

#[test]
fn settings_of_a_balancer_are_as_said() {
    let rest = "clients:
  checkout: { vpc: shop, cluster: orders }
  billing: { vpc: data, cluster: orders }
connections:
  - { from: shop, to: orders, via: privatelink, preserve_client_ip: true, idle_timeout_s: 600, enforce_on_privatelink: true, acceptance_required: true }
";
    let plan = estate("msk", "none", rest);
    let balancer = &plan.balancers[&"orders-nlb".into()];
    assert!(balancer.enforce_on_privatelink);
    assert!(balancer.listeners.values().all(|l| l.idle_timeout_s == 600));
    assert!(
        plan.target_groups
            .values()
            .all(|group| group.preserve_client_ip)
    );
    assert!(plan.services[&"orders".into()].acceptance_required);
    assert_eq!(
        rules(&plan, "orders-nlb").0,
        ["9000-9003 billing", "9000-9003 10.0.0.0/16"]
    );
    assert!(
        rules(&plan, "orders-brokers")
            .0
            .contains(&"9092 billing".to_owned())
    );
    let accepting = plan.steps.iter().filter(|step| {
        step.account == "111111111111" && step.title.starts_with("accept endpoint `shop-orders`")
    });
    assert_eq!(accepting.count(), 1);
}

/// MSK's pollers stand beside the brokers; those of other clusters where the client was put.
#[test]
fn pollers_stand_where_aws_puts_them() {
    let rest = "clients:
  poller: { kind: lambda, vpc: data, cluster: orders, lambda: { provisioned: true } }
  caller: { kind: lambda, vpc: shop, cluster: orders }
connections:
  - { from: shop, to: orders, via: privatelink-per-broker }
";
    let plan = estate("msk", "iam", rest);
    let poller = &plan.clients[&"poller".into()];
    assert_eq!(poller.enis.len(), 3);
    assert!(poller.lambda.as_ref().unwrap().provisioned);
    for eni in &poller.enis {
        let eni = &plan.enis[eni];
        assert_eq!(eni.security_groups, ["orders-brokers".into()]);
        assert_eq!(eni.owner, EniOwner::Client("poller".into()));
    }
    let (towards, from) = rules(&plan, "orders-brokers");
    for rules in [&towards, &from] {
        assert!(
            rules.contains(&"9098 orders-brokers".to_owned()),
            "{rules:?}"
        );
    }
    assert!(!plan.security_groups.contains_key(&"poller".into()));
    assert_eq!(
        rules(&plan, "caller").1,
        ["9098 shop-orders-endpoint", "443 0.0.0.0/0"],
        "without provisioned mode pollers call Lambda and STS"
    );
}
