//! Faults of what reaches further: Regions, transit gateways, surroundings, kinds and ways.

use super::{check, findings};

const REACH: &str = include_str!("../specs/reach.yaml");

#[test]
fn the_spec_is_sound_and_says_what_was_filled_in() {
    let (spec, _, found) = blueprint::read(REACH);
    assert_eq!(found, [], "{}", findings(REACH));
    let filled = spec.map(|spec| spec.filled).unwrap_or_default();
    let lines: Vec<String> = filled
        .iter()
        .map(|filled| format!("{}: {}", filled.key, filled.value))
        .collect();
    let expected = [
        "clusters.quick.kafka_version: 3.9",
        "clusters.quick.auth: [iam]",
        "clusters.small.brokers: 3",
        "clusters.small.kafka_version: 3.9",
        "clusters.small.auth: [iam]",
        "clusters.own.kafka_version: 4.3",
        "clients.reader.auth: iam",
        "clients.mapping.auth: iam",
    ];
    assert_eq!(lines, expected);
    assert!(filled.iter().all(|filled| !filled.because.is_empty()));
}

fn check_all(cases: &[(&str, &str, &str)]) {
    for (from, to, expected) in cases {
        check(REACH, from, to, expected);
    }
}

const REGIONS_AND_IDS: &[(&str, &str, &str)] = &[
    (
        "region: us-east-1, cidr: 10.3.0.0/16",
        "cidr: 10.3.0.0/16",
        "32:65 foreign-zone: zone `use1-az1` is not in eu-central-1 => write `euc1-az1`, or say the VPC's own `region`",
    ),
    (
        "region: us-east-1, cidr: 10.3.0.0/16",
        "region: us-east-1a, cidr: 10.3.0.0/16",
        "32:46 bad-region: `us-east-1a` is no AWS Region => write `us-east-1`",
    ),
    (
        "region: us-east-1, cidr: 10.3.0.0/16",
        "region: us-east-9, cidr: 10.3.0.0/16",
        "32:46 bad-region: `us-east-9` is no known AWS Region (see 32:84) => write `us-east-1`",
    ),
    (
        "id: vpc-0123456789abcdef0",
        "id: vpc-core",
        "7:9 bad-id: `vpc-core` is no id of a VPC => write the id that AWS shows, in full, or remove this key to have one made",
    ),
    (
        "id: subnet-0a1",
        "id: vpc-0a1",
        "11:50 bad-id: `vpc-0a1` is no id of a subnet => write the id that AWS shows, in full, or remove this key to have one made",
    ),
    (
        "id: tgw-0abc",
        "id: tgw-",
        "36:9 bad-id: `tgw-` is no id of a transit gateway => write the id that AWS shows, in full, or remove this key to have one made",
    ),
    (
        "id: Z0ABC",
        "id: z0abc",
        "23:13 bad-id: `z0abc` is no id of a hosted zone => write the id that AWS shows, in full, or remove this key to have one made",
    ),
    (
        "security_group: sg-0abc",
        "security_group: orders",
        "53:21 bad-id: `orders` is no id of a security group => write the id that AWS shows, in full, or remove this key to have one made",
    ),
    (
        "hub: { account",
        "hub: { id: vpc-0123456789abcdef0, account",
        "31:14 duplicate-id: `vpc-0123456789abcdef0` is given twice (see 7:9) => give each the id of its own",
    ),
    (
        "id: arn:aws:kafka:eu-central-1:111111111111:cluster/orders/0abc-1",
        "id: orders",
        "47:9 bad-id: `orders` is no ARN of a cluster => write the whole ARN, such as `id: arn:aws:kafka:eu-central-1:111111111111:cluster/orders/0abc-1`",
    ),
    (
        "id: arn:aws:kafka:eu-central-1:111111111111",
        "id: arn:aws:kafka:eu-central-1:222222222222",
        "47:9 bad-id: the ARN is of account 222222222222 in eu-central-1 => write the ARN of the cluster in this VPC, or mend the VPC",
    ),
    (
        "id: own-1",
        "id: own one",
        "58:25 bad-id: `own one` is no name of a cluster => write the name under which the cluster is known, such as `id: orders`",
    ),
];

#[test]
fn regions_and_ids() {
    check_all(REGIONS_AND_IDS);
}

const SURROUNDINGS: &[(&str, &str, &str)] = &[
    (
        "2001:db8:0:aa00::/56",
        "2001:db8:0:aa00::/57",
        "9:18 bad-cidr: `2001:db8:0:aa00::/57` is no IPv6 range of a VPC => write the range as AWS gave it, mostly a /56",
    ),
    (
        "2001:db8:0:aa00::/56",
        "2001:db8:0:aa01::/56",
        "9:18 bad-cidr: `2001:db8:0:aa01::/56` is no IPv6 range of a VPC => write `\"2001:db8:0:aa00::/56\"`",
    ),
    (
        "2001:db8:0:aa00::/56",
        "10.0.0.0/16",
        "9:18 bad-cidr: `10.0.0.0/16` is no IPv6 range of a VPC => write it as `\"2001:db8:0:aa00::/56\"`",
    ),
    (
        "/56\"]",
        "/56\", \"2001:db8:0:aa00::/60\"]",
        "9:42 overlapping-cidrs: `2001:db8:0:aa00::/60` overlaps `2001:db8:0:aa00::/56` (see 9:18) => give one of the two another range",
    ),
    (
        "transit_zones: [euc1-az1]",
        "transit_zones: [euc1-az3]",
        "15:21 unknown-zone: VPC `core` has no subnet in `euc1-az3` => choose one of the zones of `core`, or add `euc1-az3` to them",
    ),
    (
        "- { zones: [euc1-az2], ingress",
        "- { ingress",
        "20:9 conflicting-acl: two network ACLs of VPC `core` stand before the same subnets (see 17:9) => give each `zones` of its own, or put the entries into one",
    ),
    (
        "ingress: [], egress: [] }",
        "ingress: [] }",
        "20:9 missing-key: `network_acls[1]` of VPC `core` has no `egress` => add `egress: [{ allow: 10.0.0.0/8 }]`, or `egress: []` to drop all",
    ),
    (
        "{ deny: 0.0.0.0/0 }",
        "{ deny: 0.0.0.0/0, allow: 10.0.0.0/8 }",
        "18:57 conflicting-keys: `ingress[1]` of `network_acls[0]` of VPC `core` has both `allow` and `deny` (see 18:74) => keep `allow` or `deny`",
    ),
    (
        "{ deny: 0.0.0.0/0 }",
        "{ ports: 9092 }",
        "18:55 missing-key: `ingress[1]` of `network_acls[0]` of VPC `core` has no `allow` or `deny` => add `allow: 10.0.0.0/16`",
    ),
    (
        "ports: 1024-65535",
        "ports: 65535-1024",
        "19:45 bad-port: `65535-1024` for `ports` of `egress[0]` of `network_acls[0]` of VPC `core` is no range of ports => write `ports: 9092` or `ports: 1024-65535`",
    ),
    (
        "ports: 1024-65535",
        "ports: all",
        "19:45 bad-port: `all` for `ports` of `egress[0]` of `network_acls[0]` of VPC `core` is no range of ports => write `ports: 9092` or `ports: 1024-65535`",
    ),
    (
        "b-1.corp.internal: [",
        "b-1.corp.example: [",
        "24:20 bad-host: `b-1.corp.example` is no name of the hosted zone => write a full name such as `b-1.corp.internal`",
    ),
    (
        "corp.internal: 10.0.0.13",
        "corp.internal: broker",
        "24:78 bad-address: `broker` is no IPv4 address => write it as `10.0.0.10`",
    ),
    (
        "      - { domain: legacy",
        "      - { domain: legacy, to: [10.9.0.3] }\n      - { domain: legacy",
        "27:19 duplicate-domain: `legacy` is given twice (see 26:19) => give each its own",
    ),
    (
        "domain: legacy",
        "domain: .legacy",
        "26:19 bad-host: `.legacy` for `domain` of `resolver_rules[0]` of VPC `core` is not a domain => write it as `corp.internal`",
    ),
    (
        "to: [10.9.0.2]",
        "to: 10.9.0.2",
        "26:31 wrong-type: `to` of `resolver_rules[0]` of VPC `core` holds a single value, not a list => write `to: [10.9.0.2]`",
    ),
    (
        "mtu: 1500",
        "mtu: 9002",
        "31:40 bad-number: `9002` for `mtu` of VPC `hub` is no number from 576 to 9001 => write a number from 576 to 9001, such as `1500`",
    ),
    (
        "dns: true",
        "dns: on",
        "27:10 unknown-value: `on` is no value of `dns` of VPC `core` => write `true`",
    ),
    (
        "[lambda, sts]",
        "[lambda, Lambda]",
        "29:33 bad-name: `Lambda` is no name of an AWS service => write the last part of the service's name, such as `lambda`",
    ),
    (
        "[lambda, sts]",
        "[lambda, lambda]",
        "29:33 repeated-item: `lambda` is listed twice (see 29:25) => remove one of the two",
    ),
];

#[test]
fn surroundings() {
    check_all(SURROUNDINGS);
}

const TRANSIT_GATEWAYS: &[(&str, &str, &str)] = &[
    (
        "via: west }",
        "via: wset }",
        "14:33 unknown-reference: a route leads to `wset`, which is no other VPC and no gateway => write `west`",
    ),
    (
        "associate: [apps, overseas]",
        "associate: [apps, oversea]",
        "39:27 unknown-reference: there is no VPC or other transit gateway `oversea` => write `overseas`",
    ),
    (
        "associate: [core]",
        "associate: [core, apps]",
        "42:34 second-association: `apps` is associated with two tables (see 39:21) => keep one of the two: one table routes what comes from an attachment",
    ),
    (
        "propagate: [core]",
        "propagate: [overseas]",
        "40:21 unknown-reference: there is no VPC `overseas` => add VPC `overseas`, or name one of those above",
    ),
    (
        "propagate: [core]",
        "propagate: [core, core]",
        "40:27 repeated-item: `core` is listed twice (see 40:21) => remove one of the two",
    ),
    (
        "propagate: [core]",
        "propagate: [abroad]",
        "40:21 foreign-gateway: VPC `abroad` lies in us-east-1, transit gateway `west` in eu-central-1 => name a transit gateway of us-east-1; gateways of two Regions are peered",
    ),
    (
        "via: blackhole",
        "via: west",
        "41:78 unknown-reference: there is no VPC or other transit gateway `west` => add VPC or other transit gateway `west`, or name one of those above",
    ),
    (
        "to: 10.9.0.0/16, via: blackhole",
        "to: 10.3.0.0/16, via: blackhole",
        "41:60 conflicting-route: a transit gateway's table routes `10.3.0.0/16` twice (see 41:24) => remove one of the two",
    ),
    (
        "  overseas: {",
        "  hub: {",
        "39:27 unknown-reference: there is no VPC or other transit gateway `overseas` => add VPC or other transit gateway `overseas`, or name one of those above\n\
         41:42 unknown-reference: there is no VPC or other transit gateway `overseas` => add VPC or other transit gateway `overseas`, or name one of those above\n\
         43:3 duplicate-name: a transit gateway and a VPC are both called `hub` (see 31:3) => call the transit gateway `hub-gateway`",
    ),
    (
        "via: transit-gateway, transit_gateway: west",
        "via: transit-gateway, transit_gateway: east",
        "76:67 unknown-reference: there is no transit gateway `east` => add transit gateway `east`, or name one of those above",
    ),
    (
        "via: transit-gateway, transit_gateway: west",
        "via: transit-gateway, transit_gateway: overseas",
        "76:67 foreign-gateway: VPC `apps` lies in eu-central-1, transit gateway `overseas` in us-east-1 => name a transit gateway of eu-central-1; gateways of two Regions are peered",
    ),
];

#[test]
fn transit_gateways() {
    check_all(TRANSIT_GATEWAYS);
}

const CLUSTERS_AND_CLIENTS: &[(&str, &str, &str)] = &[
    (
        "instance_type: kafka.m7g.large",
        "instance_type: m7g.large",
        "50:20 bad-instance-type: `m7g.large` is no instance type of `kind: msk` => write `kafka.m7g.large`",
    ),
    (
        "instance_type: m7g.large",
        "instance_type: express.m7g.large",
        "58:95 bad-instance-type: `express.m7g.large` is no instance type of `kind: ec2` => write `m7g.large`",
    ),
    (
        "instance_type: m7g.large",
        "instance_type: large",
        "58:95 bad-instance-type: `large` is no instance type of `kind: ec2` => write a type such as `m7g.large`",
    ),
    (
        "vpc: core }\n  own",
        "vpc: core, instance_type: kafka.t3.small }\n  own",
        "57:45 idle-key: `instance_type` has no effect on a Serverless cluster => remove `instance_type`",
    ),
    (
        "kind: msk-express, vpc: core, brokers: 3",
        "kind: msk-express, vpc: core",
        "56:3 missing-key: cluster `quick` has no `brokers` => add `brokers: 3`",
    ),
    (
        "\"*.orders.internal\"]",
        "\"*orders.internal\"]",
        "54:51 bad-host: `*orders.internal` for `certificate_names[1]` of cluster `orders` is not a certificate's name => write it as `\"*.orders.internal\"`",
    ),
    (
        "\"*.orders.internal\"]",
        "\"b-{id}.Orders.internal\"]",
        "54:51 repeated-item: `b-{id}.orders.internal` is listed twice (see 54:25) => remove one of the two",
    ),
    (
        "auth: mtls",
        "auth: scram",
        "65:11 unoffered-auth: cluster `own` does not offer `scram` => write `auth: none`, or add `scram` to `auth` of the cluster",
    ),
    (
        "rate: 40 MB/s, ",
        "",
        "66:5 missing-key: `traffic` of client `writer` has no `rate` => add `rate: 40 MB/s`",
    ),
    (
        "direction: produce",
        "direction: write",
        "66:42 unknown-value: `write` is no value of `direction` of `traffic` of client `writer` => write one of those above",
    ),
    (
        "config: { connections",
        "config: { security.protocol: SSL, connections",
        "68:15 settled-setting: `security.protocol` follows from the rest of the spec => remove it; it follows from the client's `auth`",
    ),
    (
        "kind: lambda",
        "kind: service",
        "73:5 idle-key: `lambda` has no effect on a client of `kind: service` => remove `lambda`, or write `kind: lambda`",
    ),
    (
        "starting_position: LATEST",
        "starting_position: FIRST",
        "73:53 unknown-value: `FIRST` is no value of `starting_position` of `lambda` of client `mapping` => write one of those above",
    ),
    (
        "batch_size: 500",
        "batch_size: 20000",
        "73:73 bad-number: `20000` for `batch_size` of `lambda` of client `mapping` is no number from 1 to 10000 => write a number from 1 to 10000, such as `500`",
    ),
    (
        "function_timeout_s: 60",
        "function_timeout_s: 0",
        "73:98 bad-number: `0` for `function_timeout_s` of `lambda` of client `mapping` is no number from 1 to 900 => write a number from 1 to 900, such as `60`",
    ),
];

#[test]
fn clusters_and_clients() {
    check_all(CLUSTERS_AND_CLIENTS);
}

const WAYS: &[(&str, &str, &str)] = &[
    (
        "through: hub",
        "through: hubb",
        "78:57 unknown-reference: there is no VPC `hubb` => write `hub`",
    ),
    (
        "through: hub",
        "through: apps",
        "78:57 idle-detour: a connection leads through the clients' own VPC `apps` => remove `through`, or name a third VPC",
    ),
    (
        "through: hub",
        "through: core",
        "78:57 idle-detour: a connection leads through the cluster's own VPC `core` => remove `through`, or name a third VPC",
    ),
    (
        "through: hub, ",
        "",
        "78:48 idle-key: `carrier` has no effect without `through` => remove `carrier`, or say `through`",
    ),
    (
        "carrier: transit-gateway, transit",
        "carrier: peering, transit",
        "78:80 idle-key: `transit_gateway` has no effect without `carrier: transit-gateway` => remove `transit_gateway`, or say `carrier: transit-gateway`",
    ),
    (
        "carrier: transit-gateway, ",
        "carrier: train, ",
        "78:71 unknown-value: `train` is no value of `carrier` of `connections[3]` => write one of those above",
    ),
    (
        "via: transit-gateway, ",
        "via: peering, ",
        "76:42 idle-key: `transit_gateway` has no effect with `via: peering` => remove `transit_gateway`, or choose another `via`",
    ),
    (
        "terminate_tls: true",
        "terminate_tls: false",
        "84:5 idle-key: `certificate_names` has no effect without `terminate_tls: true` => remove `certificate_names`, or say `terminate_tls: true`",
    ),
    (
        "group: partners",
        "group: Partners",
        "82:12 bad-name: `Partners` is no name => write `partners`",
    ),
    (
        "idle_timeout_s: 3600",
        "idle_timeout_s: 30",
        "86:21 bad-number: `30` for `idle_timeout_s` of `connections[4]` is no number from 60 to 6000 => write a number from 60 to 6000, such as `3600`",
    ),
    (
        "via: privatelink-per-broker, zone_aligned: true",
        "via: gateway, zone_aligned: true",
        "89:44 idle-key: `zone_aligned` has no effect with `via: gateway` => remove `zone_aligned`, or use `via: privatelink-per-broker`",
    ),
    (
        "via: privatelink-per-broker, zone",
        "via: privatelink-per-broker, ports: 9000, zone",
        "89:59 idle-key: `ports` has no effect with `via: privatelink-per-broker` => remove `ports`, or choose another `via`",
    ),
    (
        "mode: sni",
        "mode: tls",
        "90:49 unknown-value: `tls` is no value of `mode` of `connections[6]` => write one of those above",
    ),
    (
        "instances: 2",
        "instances: 0",
        "90:65 bad-number: `0` for `instances` of `connections[6]` is no number from 1 to 12 => write a number from 1 to 12, such as `2`",
    ),
    (
        "SPECIFIED_DOMAINS_ONLY",
        "NONE",
        "77:78 unknown-value: `NONE` is no value of `private_dns_preference` of `connections[2]` => write one of those above",
    ),
    (
        "endpoint_zones: [euc1-az1, euc1-az2]",
        "endpoint_zones: [euc1-az3]",
        "75:68 unknown-zone: VPC `apps` has no subnet in `euc1-az3` => choose one of the zones of `apps`, or add `euc1-az3` to them",
    ),
    (
        "via: msk-multi-vpc, ",
        "via: msk-multi-vpc, admit: { balancer: [] }, ",
        "75:60 idle-key: `balancer` has no effect with `via: msk-multi-vpc` => remove `balancer`, or choose another `via`",
    ),
];

#[test]
fn ways() {
    check_all(WAYS);
}
