//! Places: every value covers exactly its text, and a missing one falls back to its parent.

use blueprint::diagnostic::At;
use blueprint::key::SpecKey;
use blueprint::source::{Source, Value};

const TEXT: &str = "\
# a comment
vpcs:
  data: { cidr: 10.0.0.0/16, zones: [euc1-az1,
    euc1-az2] }
  shop:
    account: '012345678901'   # quoted
    version: 3.10
    empty:
    zones:
    - euc1-az1
    - \"euc1-az2\"
connections:
  - from: shop
    to: orders

  - { from: data }
after: |
  some
  lines
";

/// Reads `vpcs.data.zones[1]`.
fn key(path: &str) -> SpecKey {
    path.split('.').fold(SpecKey::root(), |key, part| {
        let mut parts = part.split('[');
        let name = parts.next().unwrap_or_default();
        let indices = parts.map(|index| index.trim_end_matches(']').parse().unwrap_or(usize::MAX));
        indices.fold(key.key(name), |key, index| key.index(index))
    })
}

fn text_at(source: &Source, at: &At) -> String {
    source.text()[source.span(at)].to_owned()
}

#[test]
fn values_cover_their_text() {
    let (source, findings) = Source::parse(TEXT);
    assert_eq!(findings, []);
    let cases = [
        ("vpcs.data.cidr", "10.0.0.0/16"),
        ("vpcs.data.zones", "[euc1-az1,\n    euc1-az2]"),
        ("vpcs.data.zones[1]", "euc1-az2"),
        (
            "vpcs.data",
            "{ cidr: 10.0.0.0/16, zones: [euc1-az1,\n    euc1-az2] }",
        ),
        ("vpcs.shop.account", "'012345678901'"),
        ("vpcs.shop.version", "3.10"),
        ("vpcs.shop.zones", "euc1-az1\n    - \"euc1-az2\""),
        ("vpcs.shop.zones[1]", "\"euc1-az2\""),
        ("connections[0]", "from: shop\n    to: orders"),
        ("connections[1].from", "data"),
        ("after", "some\n  lines"),
    ];
    for (path, expected) in cases {
        assert_eq!(text_at(&source, &At::Value(key(path))), expected, "{path}");
    }
}

#[test]
fn what_is_not_written_falls_back_to_the_nearest_key() {
    let (source, _) = Source::parse(TEXT);
    let cases = [
        ("vpcs.shop.empty", "empty"),
        ("vpcs.shop.cidr", "shop"),
        ("vpcs.shop.zones[7]", "zones"),
        ("vpcs.shop.account.deeper", "account"),
        ("vpcs.away.cidr", "vpcs"),
        ("connections[1].via", "{ from: data }"),
        ("clients", "vpcs"),
    ];
    for (path, expected) in cases {
        assert_eq!(text_at(&source, &At::Value(key(path))), expected, "{path}");
    }
}

#[test]
fn keys_have_places_of_their_own() {
    let (source, _) = Source::parse(TEXT);
    let cases = [
        ("vpcs", "vpcs"),
        ("vpcs.shop.account", "account"),
        ("connections[1].from", "from"),
    ];
    for (path, expected) in cases {
        assert_eq!(text_at(&source, &At::Key(key(path))), expected, "{path}");
    }
}

#[test]
fn scalars_keep_their_text_and_quotes() {
    let (source, _) = Source::parse("[012, '012', 3.10, yes, \"a\\tb\", ~, 'null']");
    let Value::List(items) = &source.root().value else {
        panic!("no list: {source:?}");
    };
    let scalar = |text: &str, quoted| Value::Scalar {
        text: text.to_owned(),
        quoted,
    };
    let expected = [
        scalar("012", false),
        scalar("012", true),
        scalar("3.10", false),
        scalar("yes", false),
        scalar("a\tb", true),
        Value::Null,
        scalar("null", true),
    ];
    let values: Vec<Value> = items.iter().map(|item| item.value.clone()).collect();
    assert_eq!(values, expected);
}

#[test]
fn bytes_outside_the_text_are_drawn_in() {
    let (source, _) = Source::parse("a: ü\n");
    for (start, end, expected) in [(3, 5, 3..5), (4, 4, 3..3), (9, 12, 5..5), (5, 3, 5..5)] {
        assert_eq!(source.span(&At::Bytes(start, end)), expected);
    }
    assert_eq!(source.line_and_column(5), (1, 5));
    assert_eq!(source.line_and_column(99), (2, 1));
}

#[test]
fn marks_and_carriage_returns_do_not_shift_places() {
    let (source, findings) = Source::parse("\u{feff}name: x\r\nregion: y\r\n");
    assert_eq!(findings, []);
    let at = At::Value(key("region"));
    assert_eq!(text_at(&source, &at), "y");
    assert_eq!(source.line_and_column(source.span(&at).start), (2, 9));
    let at = At::Value(key("name"));
    assert_eq!(source.line_and_column(source.span(&at).start), (1, 7));
}
