//! Limits of the reader: what is beyond them is reported, and nothing is slow or panics.

use blueprint::read;
use blueprint::source;

const SHOP: &str = include_str!("specs/shop.yaml");

/// Findings as `name: title`, one per line.
fn findings(text: &str) -> String {
    let (_, _, findings) = blueprint::read(text);
    let lines: Vec<String> = findings
        .iter()
        .map(|finding| format!(" {}: {}", finding.name, finding.title))
        .collect();
    lines.join("\n")
}

/// The only finding of a spec in which the first `from` was replaced.
fn check(from: &str, to: &str, expected: &str) {
    assert!(SHOP.contains(from), "nothing to replace: {from}");
    let text = SHOP.replacen(from, to, 1);
    let first = findings(&text)
        .lines()
        .next()
        .unwrap_or_default()
        .to_owned();
    assert_eq!(first, expected);
}

fn lines(n: usize, line: impl Fn(usize) -> String) -> String {
    (1..=n).map(line).collect()
}

#[test]
fn form_of_the_file_is_limited() {
    let large = format!("{SHOP}#{}", "x".repeat(source::MAX_SPEC_BYTES));
    assert_eq!(
        findings(&large),
        " exceeded-limit: the spec is larger than 1048576 bytes"
    );
    let deep = [16, 17, 5000].map(|n| findings(&format!("{}{}", "[".repeat(n), "]".repeat(n))));
    assert_eq!(deep[0], " wrong-type: the spec holds a list, not a mapping");
    let too_deep = " exceeded-limit: the spec is nested more than 16 levels deep";
    assert_eq!([&deep[1], &deep[2]], [too_deep, too_deep]);
    let block = lines(40, |n| format!("{}a:\n", " ".repeat(n)));
    assert_eq!(findings(&block), too_deep);
    let many = format!("a: [{}]", "1, ".repeat(source::MAX_NODES));
    assert_eq!(
        findings(&many),
        " exceeded-limit: the spec holds more than 100000 values"
    );
}

#[test]
fn counts_are_limited() {
    let vpc = |n: usize| {
        format!("  v{n}: {{ account: '111111111111', cidr: 10.0.0.0/16, zones: [euc1-az1] }}\n")
    };
    let vpcs = format!("vpcs:\n{}", lines(read::MAX_VPCS - 1, vpc));
    check(
        "vpcs:\n",
        &vpcs,
        " exceeded-limit: `vpcs` holds more than 64 items",
    );

    let cluster = |n: usize| format!("  c{n}: {{ kind: ec2, vpc: data, brokers: 1 }}\n");
    let clusters = format!("clusters:\n{}", lines(read::MAX_CLUSTERS, cluster));
    check(
        "clusters:\n",
        &clusters,
        " exceeded-limit: `clusters` holds more than 32 items",
    );

    let client = |n: usize| format!("  p{n}: {{ vpc: data, cluster: orders }}\n");
    let clients = format!("clients:\n{}", lines(read::MAX_CLIENTS, client));
    check(
        "clients:\n",
        &clients,
        " exceeded-limit: `clients` holds more than 256 items",
    );

    let connections = format!("connections:\n{}", "  - 1\n".repeat(read::MAX_CONNECTIONS));
    let text = SHOP.replacen("connections:\n", &connections, 1);
    let surplus = " exceeded-limit: `connections` holds more than 256 items";
    assert!(findings(&text).contains(surplus));

    let ids: Vec<String> = (1..=read::MAX_BROKERS + 1).map(|n| n.to_string()).collect();
    check(
        "brokers: 3",
        &format!("brokers: [{}]", ids.join(", ")),
        " exceeded-limit: `brokers` of cluster `orders` holds more than 180 items",
    );
    check(
        "[euc1-az1, euc1-az2]",
        "[euc1-az1, euc1-az2, euc1-az3, euc1-az4, euc1-az5, euc1-az6, euc1-az7]",
        " exceeded-limit: `zones` of VPC `shop` holds more than 6 items",
    );
    let settings = format!(
        "config:\n{}",
        lines(read::MAX_SETTINGS, |n| format!("      a.{n}: 1\n"))
    );
    check(
        "config:\n",
        &settings,
        " exceeded-limit: `config` of cluster `orders` holds more than 400 items",
    );
}

/// The findings of the sound spec that has every key, in which the first `from` was replaced.
fn reach(from: &str, to: &str) -> String {
    let spec = include_str!("specs/reach.yaml");
    assert!(spec.contains(from), "nothing to replace: {from}");
    findings(&spec.replacen(from, to, 1))
}

#[test]
fn surroundings_are_limited() {
    let surplus =
        |name: &str, limit: usize| format!(" exceeded-limit: {name} holds more than {limit} items");
    let many = |n: usize, item: &dyn Fn(usize) -> String| {
        let items: Vec<String> = (1..=n + 1).map(item).collect();
        items.join(", ")
    };
    let first = |text: &str| text.lines().next().unwrap_or_default().to_owned();

    let entries = many(read::MAX_ACL_ENTRIES, &|_| {
        "{ allow: 10.0.0.0/8 }".to_owned()
    });
    let found = reach(
        "ingress: [], egress",
        &format!("ingress: [{entries}], egress"),
    );
    let name = "`ingress` of `network_acls[1]` of VPC `core`";
    assert_eq!(found, surplus(name, read::MAX_ACL_ENTRIES));

    let rules = many(read::MAX_RESOLVER_RULES, &|n| {
        format!("{{ domain: d{n}, to: [10.0.0.2] }}")
    });
    let found = reach(
        "    resolver_rules:\n      - { domain: legacy, to: [10.9.0.2] }",
        &format!("    resolver_rules: [{rules}]"),
    );
    let name = "`resolver_rules` of VPC `core`";
    assert_eq!(found, surplus(name, read::MAX_RESOLVER_RULES));

    let servers = many(read::MAX_RULE_TARGETS, &|n| format!("10.9.0.{n}"));
    let found = reach("to: [10.9.0.2]", &format!("to: [{servers}]"));
    let name = "`to` of `resolver_rules[0]` of VPC `core`";
    assert_eq!(found, surplus(name, read::MAX_RULE_TARGETS));

    let services = many(read::MAX_SERVICE_ENDPOINTS, &|n| format!("s{n}"));
    let found = reach("[lambda, sts]", &format!("[{services}]"));
    let name = "`service_endpoints` of VPC `core`";
    assert_eq!(found, surplus(name, read::MAX_SERVICE_ENDPOINTS));

    let records = many(read::MAX_RECORDS_PER_ZONE, &|n| {
        format!("n{n}.corp.internal: 10.0.0.9")
    });
    let found = reach("records: { b-1", &format!("records: {{ {records}, b-1"));
    let name = "`records` of `hosted_zones[0]` of VPC `core`";
    assert_eq!(first(&found), surplus(name, read::MAX_RECORDS_PER_ZONE));

    let names = many(read::MAX_CERTIFICATE_NAMES, &|n| format!("n{n}.internal"));
    let found = reach("[\"*.own.internal\"]", &format!("[{names}]"));
    let name = "`certificate_names` of `connections[4]`";
    assert_eq!(found, surplus(name, read::MAX_CERTIFICATE_NAMES));
}

#[test]
fn transit_gateways_are_limited() {
    let tables = lines(read::MAX_TABLES_PER_TRANSIT_GATEWAY, |n| {
        format!("      t{n}: {{}}\n")
    });
    assert_eq!(
        reach("    tables:\n", &format!("    tables:\n{tables}"))
            .lines()
            .next(),
        Some(" exceeded-limit: `tables` of transit gateway `west` holds more than 20 items")
    );
    let routes: Vec<String> = (0..=read::MAX_TRANSIT_ROUTES)
        .map(|n| format!("{{ to: 172.{}.{}.0/24, via: blackhole }}", n / 256, n % 256))
        .collect();
    let found = reach(
        "routes: [{ to: 10.3.0.0/16, via: overseas }, ",
        &format!("routes: [{}, ", routes.join(", ")),
    );
    let expected = " exceeded-limit: `routes` of table `shared` of transit gateway `west` holds more than 1000 items";
    assert_eq!(found, expected);
    let gateways = lines(read::MAX_TRANSIT_GATEWAYS, |n| {
        format!("  g{n}: {{ account: '111111111111' }}\n")
    });
    let found = reach(
        "transit_gateways:\n",
        &format!("transit_gateways:\n{gateways}"),
    );
    let expected = " exceeded-limit: `transit_gateways` holds more than 32 items";
    assert!(found.contains(expected), "{found}");
}

#[test]
fn surplus_items_are_left_out() {
    let client = |n: usize| format!("  p{n}: {{ vpc: data, cluster: orders }}\n");
    let clients = format!("clients:\n{}", lines(read::MAX_CLIENTS, client));
    let (spec, _, _) = blueprint::read(&SHOP.replacen("clients:\n", &clients, 1));
    assert_eq!(spec.map(|spec| spec.clients.len()), Some(read::MAX_CLIENTS));
}

#[test]
fn findings_are_limited() {
    let text = lines(20_000, |n| format!("key{n}: 1\n"));
    let (_, source, findings) = blueprint::read(&text);
    assert_eq!(findings.len(), read::MAX_FINDINGS + 1);
    let last = findings.last().expect("there are findings");
    assert_eq!(last.title, "19504 more findings are not shown");
    assert_eq!(
        source
            .line_and_column(source.span(&last.primary.at).start)
            .0,
        20_000
    );
}

#[test]
fn aliases_are_never_expanded() {
    let laughs = lines(60, |n| {
        format!("a{n}: &a{n} [{0}, {0}, {0}]\n", format_args!("*a{}", n - 1))
    });
    let (_, _, findings) = blueprint::read(&format!("a0: &a0 x\n{laughs}"));
    assert!(findings.iter().any(|f| f.title == "a spec takes no alias"));
}

#[test]
fn files_without_a_spec_say_so() {
    for text in [
        "",
        " \n\n",
        "# name: x\n",
        "---\n",
        "...\n",
        "null\n",
        "~",
        "\u{feff}",
    ] {
        let expected = " empty-spec: the file holds no spec";
        assert_eq!(findings(text), expected, "{text:?}");
    }
}
