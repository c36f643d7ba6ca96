//! Appending to a spec adds objects and changes none, addresses included.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use blueprint::spec::{Auth, ClientKind, Spec};
use support::growth;

/// Two clusters in one VPC, both patterns, all three ways to a cluster.
const ESTATE: &str = r#"
vpcs:
  data: { account: "111111111111", cidr: 10.0.0.0/16, zones: [euc1-az1, euc1-az2, euc1-az3] }
  shop: { account: "222222222222", cidr: 10.0.0.0/16, zones: [euc1-az1, euc1-az2] }
  mail: { account: "333333333333", cidr: 10.7.0.0/16, zones: [euc1-az3, euc1-az1] }
clusters:
  orders: { kind: msk, vpc: data, kafka_version: "3.9", brokers: 3 }
  clicks: { kind: ec2, vpc: data, kafka_version: "4.3", brokers: [2, 5, 7] }
clients:
  checkout: { vpc: shop, cluster: orders }
  billing: { vpc: data, cluster: orders }
  sender: { vpc: mail, cluster: orders }
  tracker: { vpc: mail, cluster: clicks }
  pixel: { vpc: shop, cluster: clicks }
connections:
  - { from: shop, to: orders, via: privatelink }
  - { from: mail, to: orders, via: peering }
  - { from: mail, to: clicks, via: auto }
  - { from: shop, to: clicks, via: privatelink, zone_name: clicks.internal }
"#;

/// Plans the spec before and after, and compares.
fn check(before: &Spec, grow: impl Fn(&mut Spec)) {
    let losses = losses(before, grow);
    assert!(losses.is_empty(), "{}", losses.join("\n"));
}

fn losses(before: &Spec, grow: impl Fn(&mut Spec)) -> Vec<String> {
    let mut after = before.clone();
    grow(&mut after);
    let (old, new) = (support::build(before), support::build(&after));
    assert!(old.origins.len() < new.origins.len(), "nothing was added");
    growth::losses(&old, &new)
}

fn cluster<'s>(spec: &'s mut Spec, name: &str) -> &'s mut blueprint::spec::Cluster {
    let found = spec.clusters.iter_mut().find(|(known, _)| known == name);
    &mut found.unwrap().1
}

/// Copies an entry under another name to the end of its list.
fn append<T: Clone>(list: &mut Vec<(String, T)>, from: &str, name: &str, change: impl Fn(&mut T)) {
    let (_, mut copy) = list
        .iter()
        .find(|(known, _)| known == from)
        .unwrap()
        .clone();
    change(&mut copy);
    list.push((name.to_owned(), copy));
}

fn connect(spec: &mut Spec, from: &str, to: &str, like: usize) {
    let mut connection = spec.connections[like].clone();
    connection.from = from.to_owned();
    connection.to = to.to_owned();
    connection.zone_name = None;
    spec.connections.push(connection);
}

/// A pattern of [`PATTERNS`] between `shop` and a cluster of a kind and scheme.
fn pattern((kind, auth, via): (&str, &str, &str)) -> Spec {
    support::spec(&format!(
        "vpcs:
  data: {{ account: \"111111111111\", cidr: 10.0.0.0/16, zones: [euc1-az1, euc1-az2, euc1-az3] }}
  shop: {{ account: \"222222222222\", cidr: 10.1.0.0/16, zones: [euc1-az1, euc1-az2, euc1-az3] }}
clusters:
  orders: {{ kind: {kind}, vpc: data, kafka_version: \"3.9\", brokers: 3, auth: [{auth}] }}
clients:
  checkout: {{ vpc: shop, cluster: orders }}
  billing: {{ vpc: data, cluster: orders }}
connections:
  - {{ from: shop, to: orders, via: {via} }}
"
    ))
}

const PATTERNS: [(&str, &str, &str); 14] = [
    ("msk", "iam, scram", "privatelink"),
    ("ec2", "scram, none", "privatelink, group: stores"),
    ("msk-express", "tls", "privatelink, terminate_tls: true"),
    ("msk", "iam", "privatelink-per-broker"),
    ("ec2", "none", "privatelink-per-broker"),
    (
        "msk-express",
        "iam",
        "privatelink-per-broker, zone_aligned: true",
    ),
    ("msk", "iam", "msk-multi-vpc"),
    ("msk", "scram", "resource-endpoint"),
    ("msk-serverless", "iam", "resource-endpoint"),
    ("ec2", "none", "resource-endpoint"),
    ("msk", "none", "gateway"),
    ("msk-express", "scram", "gateway, mode: sni"),
    ("msk", "mtls", "gateway, mode: sni-passthrough"),
    ("msk", "iam", "transit-gateway"),
];

#[test]
fn every_pattern_grows() {
    for which in PATTERNS {
        let estate = pattern(which);
        let check = |what: &str, grow: &dyn Fn(&mut Spec)| {
            let mut losses = losses(&estate, grow);
            // A list of zones is one value, which names the new one as well.
            let lists = ["\"subnets\"", "\"transit_zones\""];
            losses.retain(|loss| {
                !loss.starts_with("default") || !lists.iter().any(|list| loss.contains(list))
            });
            assert!(
                losses.is_empty(),
                "{what} of {which:?}: {}",
                losses.join("\n")
            );
        };
        check("three brokers", &|spec| {
            cluster(spec, "orders").brokers.extend(4..7)
        });
        check("a client", &|spec| {
            append(&mut spec.clients, "checkout", "another", |_| {})
        });
        check("a poller", &|spec| {
            append(&mut spec.clients, "checkout", "another", |client| {
                client.kind = ClientKind::Lambda;
            });
        });
        check("a local client", &|spec| {
            append(&mut spec.clients, "billing", "another", |_| {})
        });
        check("a zone of the clients", &|spec| {
            spec.vpcs[1].1.zones.push("euc1-az4".into())
        });
        check("a client VPC", &|spec| {
            append(&mut spec.vpcs, "shop", "other", |vpc| {
                vpc.account = "444444444444".to_owned();
                vpc.cidrs = vec!["10.9.0.0/16".parse().unwrap()];
            });
            connect(spec, "other", "orders", 0);
            append(&mut spec.clients, "checkout", "another", |client| {
                client.vpc = "other".to_owned();
            });
        });
    }
}

/// The first client of a scheme has its listener, ports and rules added, and nothing changed but
/// what brokers are told of the listener that nobody used.
#[test]
fn a_client_of_another_scheme() {
    for which in [
        ("ec2", "none, scram", "privatelink"),
        ("msk", "iam, scram", "privatelink-per-broker"),
        ("msk", "iam, scram", "msk-multi-vpc"),
        ("msk", "iam, scram", "gateway"),
    ] {
        let losses = losses(&pattern(which), |spec| {
            append(&mut spec.clients, "checkout", "another", |client| {
                client.auth = Auth::Scram;
            });
        });
        let told =
            |loss: &String| loss.starts_with("step") || loss.starts_with("resource configuration");
        let others: Vec<_> = losses.iter().filter(|loss| !told(loss)).collect();
        assert!(others.is_empty(), "{which:?}: {others:#?}");
    }
}

/// An `msk` cluster grows by one broker in each zone.
#[test]
fn a_broker_of_any_cluster() {
    let estate = support::spec(ESTATE);
    check(&estate, |spec| cluster(spec, "orders").brokers.extend(4..7));
    check(&estate, |spec| cluster(spec, "clicks").brokers.push(8));
    check(&estate, |spec| {
        cluster(spec, "clicks").brokers.extend(100..130)
    });
}

#[test]
fn a_client() {
    let estate = support::spec(ESTATE);
    for like in ["checkout", "billing", "sender", "tracker", "pixel"] {
        check(&estate, |spec| {
            append(&mut spec.clients, like, "another", |_| {})
        });
    }
}

#[test]
fn a_client_vpc_with_its_connection_and_client() {
    let estate = support::spec(ESTATE);
    for (like, cluster, vpc_like, client_like) in [
        (0, "orders", "shop", "checkout"),
        (1, "orders", "mail", "sender"),
        (3, "clicks", "shop", "pixel"),
    ] {
        check(&estate, |spec| {
            append(&mut spec.vpcs, vpc_like, "other", |vpc| {
                vpc.account = "444444444444".to_owned();
                vpc.cidrs = vec!["10.9.0.0/16".parse().unwrap()];
            });
            connect(spec, "other", cluster, like);
            append(&mut spec.clients, client_like, "another", |c| {
                c.vpc = "other".to_owned()
            });
        });
    }
}

#[test]
fn a_cluster_in_a_vpc_with_clusters() {
    check(&support::spec(ESTATE), |spec| {
        append(&mut spec.clusters, "clicks", "returns", |_| {});
        connect(spec, "mail", "returns", 0);
        append(&mut spec.clients, "tracker", "another", |c| {
            c.cluster = "returns".to_owned()
        });
    });
}

/// Brokers gain a listener, so the lines of their settings are the one thing that changes.
#[test]
fn a_first_privatelink_connection_to_an_ec2_cluster() {
    let mut estate = support::spec(ESTATE);
    estate.connections.pop();
    estate.clients.pop();
    let losses = losses(&estate, |spec| {
        connect(spec, "shop", "clicks", 0);
        append(&mut spec.clients, "checkout", "pixel", |c| {
            c.cluster = "clicks".to_owned();
        });
    });
    assert_eq!(losses.len(), 3, "{losses:#?}");
    let settings = |loss: &String| loss.starts_with("step") && loss.contains("server.properties");
    assert!(losses.iter().all(settings), "{losses:#?}");
}

#[test]
fn many_steps_of_growth_in_a_small_estate() {
    let mut estate = support::spec(support::SHOP);
    for step in 0..40_u32 {
        let grow = |spec: &mut Spec| match step % 4 {
            0 => cluster(spec, "orders").brokers.extend(10 + step..13 + step),
            1 => append(&mut spec.clients, "checkout", &format!("c{step}"), |_| {}),
            2 => append(&mut spec.clients, "billing", &format!("c{step}"), |_| {}),
            _ => {
                let name = format!("v{step}");
                append(&mut spec.vpcs, "shop", &name, |_| {});
                connect(spec, &name, "orders", 0);
            }
        };
        check(&estate, grow);
        grow(&mut estate);
    }
}

#[test]
fn a_change_is_noticed() {
    let estate = support::spec(ESTATE);
    let (old, _) = plan::build(&estate);
    let mut changed = estate.clone();
    cluster(&mut changed, "clicks").brokers.insert(0, 1);
    let losses = growth::losses(&old, &plan::build(&changed).0);
    assert!(
        losses.iter().any(|loss| loss.starts_with("interface")),
        "{losses:#?}"
    );
    changed.clients.remove(0);
    let losses = growth::losses(&old, &plan::build(&changed).0);
    assert!(
        losses.iter().any(|loss| loss.contains("is gone")),
        "{losses:#?}"
    );
}
