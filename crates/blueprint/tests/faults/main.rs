//! Every fault of the reader: one edit to a sound spec, and all that is then said.

mod reach;

const SHOP: &str = include_str!("../specs/shop.yaml");
const ESTATE: &str = include_str!("../specs/estate.yaml");

/// Replaces the first `from` of a spec and compares the findings, one per line.
fn check(spec: &str, from: &str, to: &str, expected: &str) {
    assert!(spec.contains(from), "nothing to replace: {from}");
    let text = spec.replacen(from, to, 1);
    assert_eq!(findings(&text), expected, "{from} -> {to}");
}

/// Findings as `line:column name: title (related places) => help`.
fn findings(text: &str) -> String {
    let (_, source, findings) = blueprint::read(text);
    let place = |at| {
        let (line, column) = source.line_and_column(source.span(at).start);
        format!("{line}:{column}")
    };
    let lines: Vec<String> = findings
        .iter()
        .map(|finding| {
            let related: Vec<String> = finding.related.iter().map(|r| place(&r.at)).collect();
            let related = match related.as_slice() {
                [] => String::new(),
                places => format!(" (see {})", places.join(", ")),
            };
            let help = finding.help.as_deref().unwrap_or_default();
            let at = place(&finding.primary.at);
            let named = |(name, _): &(&str, &str)| *name == finding.name;
            assert!(
                blueprint::faults().iter().any(named),
                "no page: {}",
                finding.name
            );
            format!(
                "{at} {}: {}{related} => {help}",
                finding.name, finding.title
            )
        })
        .collect();
    lines.join("\n")
}

#[test]
fn sound_specs_have_no_findings() {
    for text in [SHOP, ESTATE] {
        assert_eq!(findings(text), "");
    }
}

#[test]
fn every_fault_has_a_page_and_a_case() {
    let cases = [
        include_str!("main.rs"),
        include_str!("reach.rs"),
        include_str!("../facts.rs"),
        include_str!("../limits.rs"),
        include_str!("../suppression.rs"),
    ]
    .concat();
    let mut previous = "";
    for (name, page) in blueprint::faults() {
        assert!(previous < *name, "{name} is out of order");
        previous = name;
        assert!(page.starts_with(&format!("# {name}\n\n")), "{page}");
        assert!(
            cases.contains(&format!(" {name}: ")),
            "no case meets {name}"
        );
    }
}

#[test]
fn form_of_the_file() {
    check(
        SHOP,
        "name: orders",
        "name: [orders",
        "3:7 bad-yaml: invalid YAML: a `:` where no value can start (see 2:7) => close the bracket above, or quote text that holds `: `",
    );
    check(
        SHOP,
        "  data:\n",
        "\tdata:\n",
        "6:1 bad-yaml: invalid YAML: a tab in the indentation => use spaces instead of tabs",
    );
    check(
        SHOP,
        "    to: orders",
        "\tto: orders",
        "32:1 bad-yaml: invalid YAML: a tab in the indentation => use spaces instead of tabs",
    );
    check(
        SHOP,
        "    cidr: 10.0.0.0/16\n    zones: [euc1-az1, euc1-az2]\n",
        "  \tcidr: 10.0.0.0/16\n    zones: [euc1-az1, euc1-az2]\n",
        "12:3 bad-yaml: invalid YAML: a tab in the indentation => use spaces instead of tabs",
    );
    check(
        SHOP,
        "via: privatelink",
        "via: privatelink: yes",
        "33:21 bad-yaml: invalid YAML: a `:` where no value can start => quote text that holds `: `, or give the key a line of its own with the right indentation",
    );
    check(
        SHOP,
        "account: \"111111111111\"",
        "account: &id \"111111111111\"",
        "7:14 unsupported-yaml: a spec takes no anchor => drop the anchor and write the value out",
    );
    check(
        SHOP,
        "account: \"222222222222\"",
        "account: *id",
        "11:14 unsupported-yaml: a spec takes no alias => write the value out instead of the alias",
    );
    check(
        SHOP,
        "brokers: 3",
        "brokers: !!int 3",
        "20:14 unsupported-yaml: a spec takes no tag => drop the tag; every value is read by its text",
    );
    check(
        SHOP,
        "  shop:\n",
        "  <<: { account: \"222222222222\" }\n  shop:\n",
        "10:3 unsupported-yaml: a spec takes no merge key => write the merged keys out",
    );
    check(
        SHOP,
        "clients:\n",
        "---\nclients:\n",
        "26:1 unsupported-yaml: a spec takes no second document => keep one spec per file and drop this `---`",
    );
    check(
        SHOP,
        "name: orders",
        "name: orders\u{7}",
        "2:13 bad-yaml: invalid YAML: control character U+0007 => delete this character; save the file as UTF-8 text",
    );
}

#[test]
fn keys() {
    check(
        SHOP,
        "    cidr: 10.0.0.0/16\n    zones: [euc1-az1, euc1-az2, ",
        "    cdir: 10.0.0.0/16\n    zones: [euc1-az1, euc1-az2, ",
        "8:5 unknown-key: unknown key `cdir` in VPC `data` => write `cidr`",
    );
    check(
        SHOP,
        "name: orders\n",
        "name: orders\nowner: me\n",
        "3:1 unknown-key: unknown key `owner` in the spec => remove this key, or write one of those above",
    );
    check(
        SHOP,
        "    brokers: 3\n",
        "    brokers: 3\n    brokers: 4\n",
        "21:5 duplicate-key: `brokers` is given twice in cluster `orders` (see 20:5) => remove one of the two",
    );
    check(
        SHOP,
        "  shop:\n",
        "  data: {}\n  shop:\n",
        "10:3 duplicate-key: `data` is given twice in `vpcs` (see 6:3) => remove one of the two",
    );
    check(
        SHOP,
        "    kind: msk\n",
        "",
        "16:3 missing-key: cluster `orders` has no `kind` => add `kind: msk` or `kind: ec2`",
    );
    check(
        SHOP,
        "region: eu-central-1\n",
        "",
        "2:1 missing-key: the spec has no `region` => add `region: eu-central-1`",
    );
    check(
        SHOP,
        "    zones: [euc1-az1, euc1-az2]\n",
        "",
        "10:3 missing-key: VPC `shop` has no `zones` or `subnets` => add `zones: [euc1-az1, euc1-az2]`",
    );
    check(
        SHOP,
        "    zones: [euc1-az1, euc1-az2]\n",
        "    zones: [euc1-az1, euc1-az2]\n    subnets: []\n",
        "14:5 conflicting-keys: VPC `shop` has both `zones` and `subnets` (see 13:5) => keep `zones` or `subnets`",
    );
    check(
        SHOP,
        "  billing: ",
        "  orders: ",
        "28:3 duplicate-name: a client and a cluster are both called `orders` (see 16:3) => call the client `orders-client`",
    );
    check(
        ESTATE,
        "{ to: 10.2.0.0/16, via: away }",
        "{ to: 10.2.0.0/16, by: away }",
        "14:9 missing-key: `routes[0]` of VPC `home` has no `via` => add `via: shop`, a peered VPC\n\
         14:28 unknown-key: unknown key `by` in `routes[0]` of VPC `home` => remove this key, or write one of those above",
    );
}

#[test]
fn types() {
    check(
        SHOP,
        "brokers: 3",
        "brokers: { count: 3 }",
        "20:14 wrong-type: `brokers` of cluster `orders` holds a mapping, not a number => write `brokers: 3`",
    );
    check(
        SHOP,
        "zones: [euc1-az1, euc1-az2]",
        "zones: euc1-az1",
        "13:12 wrong-type: `zones` of VPC `shop` holds a single value, not a list => write `zones: [euc1-az1, euc1-az2]`",
    );
    check(
        SHOP,
        "account: \"111111111111\"",
        "account:",
        "7:5 wrong-type: `account` of VPC `data` holds nothing, not an account id => write `account: \"111111111111\"`",
    );
    check(
        SHOP,
        "account: \"111111111111\"",
        "account: ~",
        "7:14 wrong-type: `account` of VPC `data` holds nothing, not an account id => write `account: \"111111111111\"`",
    );
    check(
        SHOP,
        "zones: [euc1-az1, euc1-az2]",
        "zones: []",
        "13:12 wrong-type: `zones` of VPC `shop` is empty => write `zones: [euc1-az1, euc1-az2]`",
    );
    check(
        SHOP,
        "cidr: 10.0.0.0/16\n    zones: [euc1-az1, euc1-az2, ",
        "cidr: [10.0.0.0/16]\n    zones: [euc1-az1, euc1-az2, ",
        "8:11 wrong-type: `cidr` of VPC `data` holds a list, not one range => write `cidrs:` for a list of ranges",
    );
    check(
        SHOP,
        "  checkout: { vpc: shop, cluster: orders, auth: none, traffic: 40 MB/s }",
        "  checkout: shop",
        "27:13 wrong-type: client `checkout` holds a single value, not a mapping => write `key: value` lines below it",
    );
    check(
        SHOP,
        "min.insync.replicas: 2",
        "min.insync.replicas: [2]",
        "24:28 wrong-type: `min.insync.replicas` holds a list, not a single value => write `min.insync.replicas: 2`",
    );
    check(
        ESTATE,
        "cross_zone: true",
        "cross_zone: yes",
        "56:17 unknown-value: `yes` is no value of `cross_zone` of `connections[1]` => write `true`",
    );
}

#[test]
fn names() {
    check(
        SHOP,
        "name: orders\n",
        "name: Orders_1\n",
        "2:7 bad-name: `Orders_1` is no name => write `orders-1`",
    );
    check(
        SHOP,
        "  billing:",
        "  billing-of-the-shop-in-another-account:",
        "28:3 bad-name: `billing-of-the-shop-in-another-account` is no name => write `billing-of-the-shop-in-another`",
    );
    check(
        ESTATE,
        "listeners: { CLIENT: 9092,",
        "listeners: { client: 9092,",
        "36:18 bad-name: `client` is no name of a listener => write a name such as `CLIENT`",
    );
}

#[test]
fn references() {
    check(
        SHOP,
        "vpc: shop",
        "vpc: shopp",
        "27:20 unknown-reference: there is no VPC `shopp` => write `shop`",
    );
    check(
        SHOP,
        "cluster: orders, auth: none }",
        "cluster: order, auth: none }",
        "28:35 unknown-reference: there is no cluster `order` => write `orders`",
    );
    check(
        SHOP,
        "from: shop",
        "from: warehouse",
        "31:11 unknown-reference: there is no VPC `warehouse` => add VPC `warehouse`, or name one of those above",
    );
    check(
        SHOP,
        "to: orders",
        "to: ordres",
        "32:9 unknown-reference: there is no cluster `ordres` => write `orders`",
    );
    check(
        SHOP,
        "    vpc: data\n",
        "    vpc: dta\n",
        "18:10 unknown-reference: there is no VPC `dta` => write `data`",
    );
    check(
        ESTATE,
        "via: away }",
        "via: awya }",
        "14:33 unknown-reference: a route leads to `awya`, which is no other VPC and no gateway => write `away`",
    );
    check(
        ESTATE,
        "via: igw-0abc",
        "via: internet",
        "16:14 unknown-reference: a route leads to `internet`, which is no other VPC and no gateway => name a peered VPC, a transit gateway, or a gateway's id such as `igw-0abc`",
    );
    check(
        ESTATE,
        "  far: {",
        "  fra: {",
        "50:22 unknown-reference: there is no VPC `far` => write `fra`\n\
         53:11 unknown-reference: there is no VPC `far` => write `fra`",
    );
}

#[test]
fn accounts_and_regions() {
    check(
        SHOP,
        "\"111111111111\"",
        "\"1111-1111-1111\"",
        "7:14 bad-account: `1111-1111-1111` is no AWS account id => write `\"111111111111\"`",
    );
    check(
        SHOP,
        "\"111111111111\"",
        "12345",
        "7:14 bad-account: `12345` is no AWS account id => write all twelve digits, in quotes, leading zeros included",
    );
    check(
        SHOP,
        "region: eu-central-1",
        "region: eu-central-1a",
        "3:9 bad-region: `eu-central-1a` is no AWS Region => write `eu-central-1`",
    );
    check(
        SHOP,
        "region: eu-central-1",
        "region: frankfurt",
        "3:9 bad-region: `frankfurt` is no AWS Region => write a Region such as `eu-central-1`",
    );
}

#[test]
fn a_wrong_region_is_said_once() {
    check(
        SHOP,
        "region: eu-central-1",
        "region: eu-central-7",
        "3:9 bad-region: `eu-central-7` is no known AWS Region (see 9:13) => write `eu-central-1`",
    );
    check(
        SHOP,
        "region: eu-central-1",
        "region: ap-west-1",
        "3:9 bad-region: `ap-west-1` is no known AWS Region (see 9:13) => write `eu-central-1`",
    );
    let moved = SHOP
        .replace("eu-central-1", "ap-west-1")
        .replace("euc1-", "apw1-");
    assert_eq!(findings(&moved), "", "a Region that is not known yet");
}

#[test]
fn zones() {
    check(
        SHOP,
        "[euc1-az1, euc1-az2]",
        "[eu-central-1a, euc1-az2]",
        "13:13 bad-zone: `eu-central-1a` is no zone id => write the id, such as `euc1-az1`; `aws ec2 describe-availability-zones` of that account lists both",
    );
    check(
        SHOP,
        "[euc1-az1, euc1-az2]",
        "[use1-az2, euc1-az2]",
        "13:13 foreign-zone: zone `use1-az2` is not in eu-central-1 => write `euc1-az2`, or say the VPC's own `region`",
    );
    check(
        SHOP,
        "[euc1-az1, euc1-az2]",
        "[euc1-az1, euc1-az1]",
        "13:23 repeated-item: `euc1-az1` is listed twice (see 13:13) => remove one of the two",
    );
    check(
        SHOP,
        "[euc1-az1, euc1-az2]",
        "[az1, euc1-az2]",
        "13:13 bad-zone: `az1` is no zone id => write an id such as `euc1-az1`",
    );
    check(
        ESTATE,
        "endpoint_zones: [use1-az1]",
        "endpoint_zones: [use1-az2]",
        "60:22 unknown-zone: VPC `far` has no subnet in `use1-az2` => choose one of the zones of `far`, or add `use1-az2` to them",
    );
    check(
        ESTATE,
        "balancer_zones: [use1-az1, use1-az2]",
        "balancer_zones: [use1-az1, use1-az3]",
        "59:32 unknown-zone: VPC `home` has no subnet in `use1-az3` => choose one of the zones of `home`, or add `use1-az3` to them",
    );
    check(
        ESTATE,
        "7: use1-az2",
        "7: use1-az5",
        "35:50 unknown-zone: VPC `home` has no subnet in `use1-az5` => choose one of the zones of `home`, or add `use1-az5` to them",
    );
    check(
        ESTATE,
        "{ use1-az1: 10.2.0.10 }",
        "{ use1-az6: 10.2.0.10 }",
        "48:18 unknown-zone: VPC `away` has no subnet in `use1-az6` => choose one of the zones of `away`, or add `use1-az6` to them",
    );
}

#[test]
fn ranges() {
    check(
        SHOP,
        "cidr: 10.0.0.0/16\n    zones: [euc1-az1, euc1-az2]",
        "cidr: 10.0.3.7/16\n    zones: [euc1-az1, euc1-az2]",
        "12:11 bad-cidr: `10.0.3.7/16` is no IPv4 range => write `10.0.0.0/16`",
    );
    check(
        SHOP,
        "cidr: 10.0.0.0/16\n    zones: [euc1-az1, euc1-az2]",
        "cidr: 10.0.0.0/8\n    zones: [euc1-az1, euc1-az2]",
        "12:11 bad-cidr: `10.0.0.0/8` fits no VPC => write `10.0.0.0/16`",
    );
    check(
        SHOP,
        "cidr: 10.0.0.0/16\n    zones: [euc1-az1, euc1-az2]",
        "cidr: 10.0.0.0\n    zones: [euc1-az1, euc1-az2]",
        "12:11 bad-cidr: `10.0.0.0` is no IPv4 range => write `10.0.0.0/32` for this address alone, or a range such as `10.0.0.0/16`",
    );
    check(
        SHOP,
        "cidr: 10.0.0.0/16\n    zones: [euc1-az1, euc1-az2]",
        "cidr: fd00::/56\n    zones: [euc1-az1, euc1-az2]",
        "12:11 bad-cidr: `fd00::/56` is no IPv4 range => write an IPv4 range such as `10.0.0.0/16`; a VPC's IPv6 ranges belong to `ipv6_cidrs`",
    );
    check(
        SHOP,
        "cidr: 10.0.0.0/16\n    zones: [euc1-az1, euc1-az2]",
        "cidr: 127.0.0.0/16\n    zones: [euc1-az1, euc1-az2]",
        "12:11 bad-cidr: `127.0.0.0/16` fits no VPC => use a private range such as `10.0.0.0/16`",
    );
    check(
        SHOP,
        "cidr: 10.0.0.0/16\n    zones: [euc1-az1, euc1-az2]",
        "cidr: 52.10.0.0/16\n    zones: [euc1-az1, euc1-az2]",
        "12:11 public-range: `52.10.0.0/16` belongs to the public Internet => use a range inside `10.0.0.0/8`, `172.16.0.0/12` or `192.168.0.0/16`",
    );
    check(
        SHOP,
        "cidr: 10.0.0.0/16\n    zones: [euc1-az1, euc1-az2]",
        "cidr: ten\n    zones: [euc1-az1, euc1-az2]",
        "12:11 bad-cidr: `ten` is no IPv4 range => write it as `10.0.0.0/16`",
    );
}

#[test]
fn ranges_within_ranges() {
    check(
        ESTATE,
        "[10.0.0.0/16, 10.1.0.0/16]",
        "[10.0.0.0/16, 10.1.0.0/16, 10.1.4.0/24]",
        "7:39 overlapping-cidrs: `10.1.4.0/24` overlaps `10.1.0.0/16` (see 7:26) => give one of the two another range",
    );
    check(
        ESTATE,
        "cidr: 10.0.1.0/24",
        "cidr: 10.0.0.128/25",
        "11:15 overlapping-subnets: `10.0.0.128/25` overlaps `10.0.0.0/24` (see 9:33) => give one of the two another range",
    );
    check(
        ESTATE,
        "{ zone: use1-az2, cidr: 10.1.0.0/24 }",
        "{ zone: use1-az2, cidr: 10.9.0.0/24 }",
        "12:33 outside-vpc: `10.9.0.0/24` does not lie in VPC `home` => choose from 10.0.0.0/16 and 10.1.0.0/16",
    );
    check(
        ESTATE,
        "1: 10.0.0.11",
        "1: 10.9.0.11",
        "34:21 outside-vpc: `10.9.0.11` does not lie in VPC `home` => choose from 10.0.0.0/16 and 10.1.0.0/16",
    );
    check(
        ESTATE,
        "1: 10.0.0.11",
        "1: 10.0.0.300",
        "34:21 bad-address: `10.0.0.300` is no IPv4 address => write it as `10.0.0.10`",
    );
    check(
        ESTATE,
        "2: 10.0.1.11",
        "2: 10.0.0.11",
        "34:35 duplicate-address: `10.0.0.11` is given twice (see 34:21) => give each its own",
    );
    check(
        ESTATE,
        "admit: [10.2.0.0/16]",
        "admit: [10.2.0.1/16]",
        "38:13 bad-cidr: `10.2.0.1/16` is no IPv4 range => write `10.2.0.0/16`",
    );
}

#[test]
fn routes() {
    check(
        ESTATE,
        "to: 0.0.0.0/0",
        "to: 10.2.0.0/16",
        "15:13 conflicting-route: VPC `home` routes `10.2.0.0/16` twice (see 14:15) => remove one of the two, or give each `zones` of its own",
    );
    check(
        ESTATE,
        "to: 10.2.0.0/16, via: away }",
        "to: 10.1.0.0/16, via: away }",
        "14:15 conflicting-route: `10.1.0.0/16` is routed inside VPC `home` already (see 7:12) => remove this route",
    );
    check(
        ESTATE,
        "to: 10.2.0.0/16, via: away }",
        "to: 10.1.4.0/24, via: away }",
        "14:15 conflicting-route: `10.1.4.0/24` is routed inside VPC `home` already (see 7:12) => remove this route",
    );
    for fine in [
        "to: 10.1.4.0/24, via: eni-0abc }",
        "to: 10.0.0.0/8, via: away }",
        "to: 0.0.0.0/0, via: away, zones: [use1-az2] }",
    ] {
        check(ESTATE, "to: 10.2.0.0/16, via: away }", fine, "");
    }
}

#[test]
fn settings() {
    let config = "config: { min.insync.replicas: 2, ";
    let check = |setting: &str, expected: &str| {
        check(ESTATE, config, &format!("config: {{ {setting}, "), expected);
    };
    for (name, help) in [
        (
            "node.id",
            "remove it, and say the ids in `brokers`; the lowest vote",
        ),
        ("listeners", "remove it, and say the ports in `listeners`"),
        (
            "advertised.listeners",
            "remove it, and say the addresses in `advertised`",
        ),
        (
            "inter.broker.listener.name",
            "remove it, and say the ports in `listeners`",
        ),
        (
            "security.inter.broker.protocol",
            "remove it; it follows from `auth`",
        ),
        (
            "log.dirs",
            "remove it; each broker that is raised has a folder of its own",
        ),
        (
            "zookeeper.connect",
            "remove it; brokers vote among themselves",
        ),
    ] {
        let expected =
            format!("33:15 settled-setting: `{name}` follows from the rest of the spec => {help}");
        check(&format!("{name}: 1"), &expected);
    }
    for value in ["0", "-1", "two", "2.5", "99999"] {
        let expected = format!(
            "33:36 bad-setting: `{value}` for `min.insync.replicas` is no number from 1 to 32767 => write a number from 1 to 32767, such as `min.insync.replicas: 2`"
        );
        check(&format!("min.insync.replicas: {value}"), &expected);
    }
    check(
        "log.retention.ms: \"1\\nnode.id=7\"",
        "33:33 bad-setting: the value of `log.retention.ms` is more than one line => write it in one line, without `|` or `\\n`",
    );
    check(
        "\"a\\nnode.id\": 7",
        "33:15 bad-setting: `a node.id` is no name of a setting => write it as Kafka spells it, such as `min.insync.replicas`",
    );
}

#[test]
fn clusters() {
    check(
        SHOP,
        "kind: msk",
        "kind: kafka",
        "17:11 unknown-value: `kafka` is no value of `kind` of cluster `orders` => write one of those above",
    );
    check(
        SHOP,
        "kafka_version: \"3.9\"",
        "kafka_version: v3.9",
        "19:20 bad-version: `v3.9` is no version of Kafka => write `\"3.9\"`",
    );
    check(
        SHOP,
        "kafka_version: \"3.9\"",
        "kafka_version: 4",
        "19:20 bad-version: `4` is no version of Kafka => write `\"4.0\"`",
    );
    check(
        SHOP,
        "brokers: 3",
        "brokers: 0",
        "20:14 bad-brokers: `0` for `brokers` of cluster `orders` is no number from 1 to 180 => write a number from 1 to 180, such as `brokers: 3`",
    );
    check(
        SHOP,
        "brokers: 3",
        "brokers: [1, 2, 2]",
        "20:21 repeated-item: `2` is listed twice (see 20:18) => remove one of the two",
    );
    check(
        SHOP,
        "brokers: 3",
        "brokers: [0, 1]",
        "20:15 bad-brokers: `0` for `brokers[0]` of cluster `orders` is no number from 1 to 10000 => write a number from 1 to 10000, such as `brokers: [1, 2, 3]`",
    );
    check(
        SHOP,
        "kind: msk\n    vpc: data\n    kafka_version: \"3.9\"\n    brokers: 3",
        "kind: ec2\n    vpc: data\n    kafka_version: \"3.9\"\n    brokers: [0, 10001]",
        "20:18 bad-brokers: `10001` for `brokers[1]` of cluster `orders` is no number from 0 to 10000 => write a number from 0 to 10000, such as `brokers: [1, 2, 3]`",
    );
    check(
        SHOP,
        "brokers: 3",
        "brokers: three",
        "20:14 bad-brokers: `three` for `brokers` of cluster `orders` is no number from 1 to 180 => write a number from 1 to 180, such as `brokers: 3`",
    );
    check(
        SHOP,
        "auth: [none]",
        "auth: [nnoe]",
        "21:12 unknown-value: `nnoe` is no value of `auth[0]` of cluster `orders` => write `none`",
    );
}

#[test]
fn brokers_and_listeners() {
    check(
        ESTATE,
        "7: 10.1.0.11",
        "8: 10.1.0.11",
        "34:46 unknown-broker: there is no broker `8` => choose from broker ids 1, 2, 7",
    );
    check(
        ESTATE,
        "INTERNAL: 9093 }",
        "INTERNAL: 9092 }",
        "36:42 duplicate-port: `9092` is given twice (see 36:26) => give each its own",
    );
    check(
        ESTATE,
        "CLIENT: 9092,",
        "CLIENT: 0,",
        "36:26 bad-port: `0` for `CLIENT` of `listeners` of cluster `events` is no number from 1 to 65535 => write a number from 1 to 65535, such as `9092`",
    );
    check(
        ESTATE,
        "\"b-{id}.events.internal:{9000+id}\"",
        "\"b-{n}.events.internal:9000\"",
        "37:27 bad-host: `b-{n}.events.internal:9000` for `CLIENT` of `advertised` of cluster `events` is not `host:port` => write it as `b-{id}.orders.internal:{9000+id}`",
    );
    check(
        ESTATE,
        "suffix: events.internal",
        "suffix: .events.internal.",
        "32:13 bad-host: `.events.internal.` for `suffix` of cluster `events` is not a domain without outer dots => write it as `events.internal`",
    );
}

#[test]
fn clients() {
    check(
        SHOP,
        "auth: none, traffic",
        "auth: scram, traffic",
        "27:49 unoffered-auth: cluster `orders` does not offer `scram` => write `auth: none`, or add `scram` to `auth` of the cluster",
    );
    check(
        SHOP,
        "40 MB/s",
        "40 megabytes",
        "27:64 bad-traffic: `40 megabytes` is no rate of traffic => write it as `40 MB/s`",
    );
    check(
        ESTATE,
        "[b-1.events.internal:9092, b-2",
        "[b-1.events.internal, b-2",
        "49:17 bad-host: `b-1.events.internal` for `bootstrap[0]` of client `peer` is not `host:port` => write it as `b-1.orders.internal:9092`",
    );
    check(
        ESTATE,
        "\"boot.events.internal:9000\"",
        "\"boot.events.internal:90000\"",
        "50:55 bad-host: `boot.events.internal:90000` for `bootstrap` of client `far-reader` is not `host:port` => write it as `b-1.orders.internal:9092`",
    );
}

#[test]
fn connections() {
    check(
        SHOP,
        "via: privatelink",
        "via: same-vpc",
        "33:10 same-vpc-connection: `same-vpc` names no connection => remove this connection: clients of the cluster's own VPC need none",
    );
    check(
        SHOP,
        "    vpc: data\n    kafka",
        "    kafka",
        "16:3 missing-key: cluster `orders` has no `vpc` => add `vpc:` and the name of a VPC",
    );
    check(
        SHOP,
        "from: shop\n    to: orders\n",
        "from: shop\n",
        "31:5 missing-key: `connections[0]` has no `to` => add `to:` and the name of a cluster",
    );
    check(
        SHOP,
        "via: privatelink",
        "via: privatlink",
        "33:10 unknown-value: `privatlink` is no value of `via` of `connections[0]` => write `privatelink`",
    );
    check(
        SHOP,
        "from: shop",
        "from: data",
        "32:9 same-vpc-connection: a connection leads from VPC `data` into itself => remove this connection: clients in the cluster's own VPC need none",
    );
    check(
        SHOP,
        "    via: privatelink\n",
        "    via: privatelink\n  - { from: shop, to: orders }\n",
        "34:5 duplicate-connection: `shop` is connected to `orders` twice (see 31:5) => keep one of the two",
    );
}

#[test]
fn connection_settings() {
    check(
        ESTATE,
        "via: peering }",
        "via: peering, cross_zone: true }",
        "52:45 idle-key: `cross_zone` has no effect with `via: peering` => remove `cross_zone`, or choose another `via`",
    );
    check(
        ESTATE,
        "2: 9002",
        "2: 9001",
        "57:43 duplicate-port: `9001` is given twice (see 57:34) => give each its own",
    );
    check(
        ESTATE,
        "2: 9002",
        "2: 9000",
        "57:43 duplicate-port: `9000` is given twice (see 57:25) => give each its own",
    );
    check(
        ESTATE,
        "2: 9002",
        "3: 9002",
        "57:40 unknown-broker: there is no broker `3` => choose from broker ids 1, 2, 7",
    );
    check(
        ESTATE,
        "advertise: 9000",
        "advertise: 65530",
        "58:16 bad-port: `65530` for `advertise` of `connections[1]` is no number from 1 to 65528 => write a number from 1 to 65528, such as `9000`, which gives broker 1 port 9001",
    );
    check(
        ESTATE,
        "zone_name: events.internal",
        "zone_name: events",
        "63:16 bad-host: `events` for `zone_name` of `connections[1]` is not a domain => write it as `orders.internal`",
    );
    check(
        ESTATE,
        "balancer: []",
        "balancers: []",
        "66:7 unknown-key: unknown key `balancers` in `admit` of `connections[1]` => write `balancer`",
    );
}
