//! Specs for what the examples have not: brokers on EC2, network ACLs, resolver rules, zones that
//! several VPCs use, groups that hold something back.

/// By name.
pub(crate) const SPECS: [(&str, &str); 5] = [
    ("ec2 behind PrivateLink", EC2),
    ("fenced and peered", FENCED),
    ("attached in two Regions", ATTACHED),
    ("SCRAM by VPC connections", SCRAM),
    ("IAM over a peering", IAM),
];

const EC2: &str = "
name: ec2
region: eu-central-1
vpcs:
  data: { account: '111111111111', cidr: 10.0.0.0/16, zones: [euc1-az1, euc1-az2] }
  shop: { account: '222222222222', cidr: 10.0.0.0/16, zones: [euc1-az1, euc1-az2] }
clusters:
  orders: { kind: ec2, vpc: data, kafka_version: '4.3', brokers: 2, auth: [none, scram] }
clients:
  billing: { vpc: data, cluster: orders, auth: none }
  checkout: { vpc: shop, cluster: orders, auth: scram }
connections:
  - { from: shop, to: orders, via: privatelink }
";

const FENCED: &str = "
name: fenced
region: eu-central-1
vpcs:
  data:
    account: '111111111111'
    cidr: 10.1.0.0/16
    zones: [euc1-az1, euc1-az2]
    network_acls:
      - ingress: [{ allow: 10.0.0.0/8 }]
        egress: [{ allow: 10.0.0.0/8, ports: 1024-65535 }]
  shop:
    account: '222222222222'
    cidr: 10.2.0.0/16
    zones: [euc1-az1]
    hosted_zones:
      - { name: corp.internal, records: { b-9.corp.internal: [10.1.0.9] } }
    resolver_rules:
      - { domain: internal.example, to: [10.9.0.2] }
  desk:
    account: '111111111111'
    cidr: 10.3.0.0/16
    zones: [euc1-az2]
    resolver_rules:
      - { domain: orders.internal, to: [10.9.0.2] }
  hall: { account: '111111111111', cidr: 10.4.0.0/16, zones: [euc1-az1] }
clusters:
  orders: { kind: ec2, vpc: data, kafka_version: '4.3', brokers: 3, auth: [none] }
clients:
  billing: { vpc: data, cluster: orders }
  guard: { vpc: hall, cluster: orders }
  checkout: { vpc: shop, cluster: orders, egress: [10.1.0.0/17] }
  audit: { vpc: shop, cluster: orders, egress: [10.7.0.0/16] }
  clerk: { vpc: desk, cluster: orders }
connections:
  - { from: shop, to: orders, via: peering }
  - { from: desk, to: orders, via: peering }
  - { from: hall, to: orders, via: peering }
";

const ATTACHED: &str = "
name: attached
region: eu-central-1
vpcs:
  data: { account: '111111111111', cidr: 10.1.0.0/16, zones: [euc1-az1, euc1-az2] }
  shop: { account: '222222222222', cidr: 10.2.0.0/16, zones: [euc1-az1, euc1-az2] }
  west: { account: '333333333333', cidr: 10.3.0.0/16, zones: [euw1-az1], region: eu-west-1 }
clusters:
  orders: { kind: ec2, vpc: data, kafka_version: '4.3', brokers: 2, auth: [none] }
clients:
  checkout: { vpc: shop, cluster: orders }
  audit: { vpc: west, cluster: orders }
connections:
  - { from: shop, to: orders, via: transit-gateway }
  - { from: west, to: orders, via: transit-gateway }
";

const SCRAM: &str = "
name: scram
region: eu-central-1
vpcs:
  data: { account: '111111111111', cidr: 10.0.0.0/16, zones: [euc1-az1, euc1-az2] }
  shop: { account: '222222222222', cidr: 10.0.0.0/16, zones: [euc1-az1, euc1-az2] }
clusters:
  orders:
    kind: msk
    vpc: data
    kafka_version: '3.9'
    brokers: 2
    auth: [scram, iam]
    config: { allow.everyone.if.no.acl.found: 'false' }
clients:
  billing: { vpc: data, cluster: orders, auth: iam }
  checkout: { vpc: shop, cluster: orders, auth: scram }
connections:
  - { from: shop, to: orders, via: msk-multi-vpc }
";

const IAM: &str = "
name: iam
region: eu-central-1
vpcs:
  data: { account: '111111111111', cidr: 10.1.0.0/16, zones: [euc1-az1, euc1-az2] }
  shop:
    account: '222222222222'
    cidr: 10.2.0.0/16
    zones: [euc1-az1, euc1-az2]
    hosted_zones:
      - name: corp.kafka.eu-central-1.amazonaws.com
        records: { b-9.corp.kafka.eu-central-1.amazonaws.com: [10.1.0.9] }
clusters:
  orders: { kind: msk, vpc: data, kafka_version: '3.9', brokers: 2, auth: [scram, iam] }
clients:
  billing: { vpc: data, cluster: orders, auth: scram }
  checkout: { vpc: shop, cluster: orders, auth: iam }
connections:
  - { from: shop, to: orders, via: peering }
";
