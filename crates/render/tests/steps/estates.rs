//! Estates that the examples lack.

pub(crate) const EXISTING: &str = "name: test
region: eu-central-1
vpcs:
  data: { account: \"111111111111\", cidr: 10.0.0.0/16, zones: [euc1-az1, euc1-az2, euc1-az3] }
  shop: { account: \"222222222222\", cidr: 10.1.0.0/16, zones: [euc1-az1, euc1-az2, euc1-az3] }
clusters:
  orders:
    kind: msk
    id: arn:aws:kafka:eu-central-1:111111111111:cluster/orders/0abc
    suffix: orders.0abc.c2.kafka.eu-central-1.amazonaws.com
    addresses: { 1: 10.0.0.10, 2: 10.0.16.10, 3: 10.0.32.10 }
    vpc: data
    brokers: 3
    auth: [none]
clients:
  checkout: { vpc: shop, cluster: orders, auth: none }
connections:
  - { from: shop, to: orders, via: privatelink, acceptance_required: true }
";

/// Users and clients by IAM of a cluster that others use already.
pub(crate) const SHARED: &str = "name: test
region: eu-central-1
vpcs:
  data: { account: \"111111111111\", cidr: 10.0.0.0/16, zones: [euc1-az1, euc1-az2, euc1-az3] }
  shop: { account: \"222222222222\", cidr: 10.1.0.0/16, zones: [euc1-az1, euc1-az2, euc1-az3] }
clusters:
  orders:
    kind: msk
    id: arn:aws:kafka:eu-central-1:111111111111:cluster/orders-live/0abc
    suffix: orderslive.0abc.c2.kafka.eu-central-1.amazonaws.com
    addresses: { 1: 10.0.0.10, 2: 10.0.16.10, 3: 10.0.32.10 }
    vpc: data
    brokers: 3
    auth: [scram, iam]
clients:
  audit: { vpc: shop, cluster: orders, auth: iam }
  billing: { vpc: data, cluster: orders, auth: scram }
  checkout: { vpc: shop, cluster: orders, auth: scram }
connections:
  - { from: shop, to: orders, via: peering }
";

pub(crate) const ZOOKEEPER: &str = "name: test
region: eu-central-1
vpcs:
  data: { account: \"111111111111\", cidr: 10.0.0.0/16, zones: [euc1-az1, euc1-az2, euc1-az3] }
  shop: { account: \"222222222222\", cidr: 10.1.0.0/16, zones: [euc1-az1, euc1-az2, euc1-az3] }
clusters:
  orders: { kind: msk, vpc: data, brokers: 3, auth: [none], zookeeper: true }
clients:
  checkout: { vpc: shop, cluster: orders, auth: none }
connections:
  - { from: shop, to: orders, via: privatelink, ports: { 1: 9001, 2: 9012, 3: 9023 } }
";

pub(crate) const USERS: &str = "name: test
region: eu-central-1
vpcs:
  data: { account: \"111111111111\", cidr: 10.0.0.0/16, zones: [euc1-az1, euc1-az2, euc1-az3] }
  shop: { account: \"222222222222\", cidr: 10.1.0.0/16, zones: [euc1-az1, euc1-az2, euc1-az3] }
clusters:
  orders: { kind: msk, vpc: data, brokers: 3, auth: [scram, tls] }
clients:
  checkout: { vpc: shop, cluster: orders, auth: scram }
connections:
  - { from: shop, to: orders, via: msk-multi-vpc }
";

pub(crate) const SERVERLESS: &str = "name: test
region: eu-central-1
vpcs:
  data: { account: \"111111111111\", cidr: 10.0.0.0/16, zones: [euc1-az1, euc1-az2, euc1-az3] }
  shop: { account: \"222222222222\", cidr: 10.1.0.0/16, zones: [euc1-az1, euc1-az2, euc1-az3] }
clusters:
  orders: { kind: msk-serverless, vpc: data, brokers: 3, auth: [iam] }
clients:
  checkout: { vpc: shop, cluster: orders, auth: iam }
connections:
  - { from: shop, to: orders, via: resource-endpoint }
";

pub(crate) const PEERING: &str = "name: test
region: eu-central-1
vpcs:
  data: { account: \"111111111111\", cidr: 10.0.0.0/16, zones: [euc1-az1, euc1-az2, euc1-az3] }
  shop: { account: \"222222222222\", cidr: 10.1.0.0/16, zones: [euc1-az1, euc1-az2, euc1-az3] }
clusters:
  orders: { kind: ec2, vpc: data, brokers: 3, auth: [none] }
clients:
  checkout: { vpc: shop, cluster: orders, auth: none }
connections:
  - { from: shop, to: orders, via: peering }
";
