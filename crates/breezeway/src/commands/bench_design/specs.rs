//! Specs of large connections for the benchmark.

use std::fmt::Write as _;

/// A cluster of this many brokers and this many client VPCs, each with a client and a connection
/// of this pattern.
pub(super) fn of(via: &str, n_brokers: u32, n_vpcs: u32) -> String {
    let mut text = format!(
        r#"name: bench
region: eu-central-1
vpcs:
  data:
    account: "111111111111"
    cidr: 10.255.0.0/16
    zones: [euc1-az1, euc1-az2, euc1-az3]
{vpcs}clusters:
  orders:
    kind: ec2
    vpc: data
    kafka_version: "3.9"
    brokers: {n_brokers}
    auth: [none]
clients:
"#,
        vpcs = vpcs(n_vpcs),
    );
    for number in 0..n_vpcs {
        let _ = writeln!(
            text,
            "  client-{number}: {{ vpc: vpc-{number}, cluster: orders, auth: none }}"
        );
    }
    text.push_str("connections:\n");
    for number in 0..n_vpcs {
        let _ = writeln!(text, "  - {{ from: vpc-{number}, to: orders, via: {via} }}");
    }
    text
}

fn vpcs(n_vpcs: u32) -> String {
    let mut text = String::new();
    for number in 0..n_vpcs {
        let _ = writeln!(
            text,
            "  vpc-{number}: {{ account: \"222222222222\", cidr: 10.{number}.0.0/16, zones: [euc1-az1, euc1-az2, euc1-az3] }}"
        );
    }
    text
}
