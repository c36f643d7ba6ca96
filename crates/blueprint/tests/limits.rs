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
