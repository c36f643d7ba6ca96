//! The JSON Schema and the reference page are written from the table of the language and kept
//! fresh (`UPDATE=1` writes them); every sound spec is sound by the schema, and a key or a value
//! that no spec has is not.

use std::fs;
use std::path::{Path, PathBuf};

use blueprint::source::Source;
use breezeway::format::{reference, schema};
use jsonschema::Validator;
use serde_json::{Value, json};

/// What an example's first line begins with; a path follows.
const MODELINE: &str = "# yaml-language-server: $schema=";

/// Sound specs of the tests of crate `blueprint`.
const SOUND: [&str; 3] = ["estate", "reach", "shop"];

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn kept_fresh(path: &str, text: &str) {
    let path = repository().join(path);
    if std::env::var_os("UPDATE").is_some_and(|value| value == "1") {
        fs::write(&path, text).expect("the file is written");
    }
    let stale = fs::read_to_string(&path).map_or(true, |kept| kept != text);
    assert!(
        !stale,
        "{} is stale; `UPDATE=1 cargo test -p breezeway --test language` writes it",
        path.display()
    );
}

#[test]
fn schema_and_reference_are_fresh() {
    kept_fresh("docs/breezeway.schema.json", &schema::text());
    kept_fresh("docs/spec.md", &reference::page());
}

fn validator() -> Validator {
    let schema = schema::schema();
    assert!(jsonschema::meta::is_valid(&schema), "no JSON Schema");
    jsonschema::draft202012::new(&schema).expect("the schema can be used")
}

fn json_of(text: &str) -> Value {
    let (source, findings) = Source::parse(text);
    assert_eq!(findings, []);
    schema::value_of(source.root())
}

fn faults(validator: &Validator, spec: &Value) -> Vec<String> {
    let errors = validator.iter_errors(spec);
    errors
        .map(|error| format!("{}: {error}", error.instance_path()))
        .collect()
}

/// Every spec below a folder, the deliberately broken ones included: what is broken there is the
/// network, not the spec's form.
fn specs(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("the folder exists") {
        let path = entry.expect("readable").path();
        if path.is_dir() {
            specs(&path, found);
        } else if path.extension().is_some_and(|end| end == "yaml") {
            found.push(path);
        }
    }
    found.sort();
}

fn examples() -> Vec<PathBuf> {
    let mut found = Vec::new();
    specs(&repository().join("examples"), &mut found);
    assert!(10 <= found.len(), "{found:?}");
    found
}

fn sound_specs() -> Vec<(String, String)> {
    let tests = repository().join("crates/blueprint/tests/specs");
    let tests = SOUND.iter().map(|name| tests.join(format!("{name}.yaml")));
    let paths = tests.chain(examples());
    paths
        .map(|path| (path.display().to_string(), read(&path)))
        .collect()
}

#[test]
fn sound_specs_are_sound_by_the_schema() {
    let validator = validator();
    for (path, text) in sound_specs() {
        let found = faults(&validator, &json_of(&text));
        assert!(found.is_empty(), "{path}:\n{}", found.join("\n"));
    }
}

#[test]
fn examples_name_the_schema_in_their_first_line() {
    let update = std::env::var_os("UPDATE").is_some_and(|value| value == "1");
    let examples = repository().join("examples");
    for path in self::examples() {
        let below = path.strip_prefix(&examples).expect("an example");
        let up = "../".repeat(below.components().count());
        let line = format!("{MODELINE}{up}docs/breezeway.schema.json\n");
        let text = read(&path);
        if update && !text.starts_with(MODELINE) {
            fs::write(&path, line.clone() + &text).expect("the example is written");
            continue;
        }
        assert!(
            text.starts_with(&line),
            "{} does not begin with {line}`UPDATE=1 cargo test -p breezeway --test language` adds it",
            path.display()
        );
    }
}

/// Every variant of a spec in which one mapping has a key more, or one value is of a form that
/// no key takes.
fn damaged(spec: &Value) -> Vec<Value> {
    let mut found = Vec::new();
    let stranger = json!({ "no such key": [[]] });
    match spec {
        Value::Object(entries) => {
            let mut more = entries.clone();
            more.insert("no such key".to_owned(), json!("x"));
            found.push(Value::Object(more));
            for (key, value) in entries {
                for value in damaged(value) {
                    let mut changed = entries.clone();
                    changed.insert(key.clone(), value);
                    found.push(Value::Object(changed));
                }
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                for item in damaged(item) {
                    let mut changed = items.clone();
                    changed[index] = item;
                    found.push(Value::Array(changed));
                }
            }
            found.push(stranger);
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => found.push(stranger),
    }
    found
}

#[test]
fn unknown_keys_and_wrong_types_are_unsound() {
    let validator = validator();
    let mut n_damaged = 0;
    for (path, text) in sound_specs() {
        for damaged in damaged(&json_of(&text)) {
            assert!(!validator.is_valid(&damaged), "{path}: {damaged:#}");
            n_damaged += 1;
        }
    }
    assert!(500 < n_damaged, "only {n_damaged}");
}

#[test]
fn forms_are_judged() {
    let validator = validator();
    let reach = read(&repository().join("crates/blueprint/tests/specs/reach.yaml"));
    for (from, to) in [
        ("name: reach\n", ""),
        ("name: reach\n", "name: Reach\n"),
        ("region: eu-central-1\n", "region: eu-central-1a\n"),
        (
            "cidr: 10.1.0.0/16, zones: [euc1-az1, euc1-az2]",
            "zones: [euc1-az1]",
        ),
        (
            "cidr: 10.1.0.0/16, zones",
            "cidr: 10.1.0.0/16, cidrs: [10.7.0.0/16], zones",
        ),
        ("id: vpc-0123456789abcdef0", "id: data"),
        ("id: Z0ABC", "id: z0abc"),
        ("ports: 9092", "ports: 0"),
        (
            "{ deny: 0.0.0.0/0 }",
            "{ allow: 0.0.0.0/0, deny: 0.0.0.0/0 }",
        ),
        ("kind: msk\n", "kind: kafka\n"),
        (
            "kind: msk-express, vpc: core, brokers: 3",
            "kind: msk-express, vpc: core",
        ),
        ("auth: [iam, scram]", "auth: []"),
        ("rate: 40 MB/s", "rate: 40"),
        ("via: msk-multi-vpc", "via: same-vpc"),
        ("idle_timeout_s: 3600", "idle_timeout_s: 30"),
    ] {
        assert!(reach.contains(from), "nothing to replace: {from}");
        let spec = json_of(&reach.replacen(from, to, 1));
        assert!(!validator.is_valid(&spec), "{from} -> {to}");
    }
}

/// Damaged specs that are tried: enough to meet some hundred that are still sound.
const N_DAMAGED: u64 = 3000;

/// What a word of a spec is replaced with. Flags are left out: the reader goes by the text, so that
/// a name may be `true`, which YAML and so the schema takes for a flag.
const TOKENS: [&str; 22] = [
    "orders",
    "core",
    "shop",
    "data",
    "apps",
    "none",
    "iam",
    "tls",
    "3.9",
    "4",
    "0",
    "1",
    "350",
    "9000",
    "65535",
    "10.0.0.0/24",
    "10.1.0.0/16",
    "10.0.0.11",
    "euc1-az1",
    "a.internal",
    "privatelink",
    "[]",
];

#[test]
fn what_the_reader_takes_the_schema_takes() {
    let validator = validator();
    let specs = sound_specs();
    let mut n_taken = 0;
    for seed in 0..N_DAMAGED {
        let mut rng = fastrand::Rng::with_seed(seed);
        let (path, text) = &specs[rng.usize(..specs.len())];
        let text = with_another_word(text, &mut rng);
        let (spec, source, findings) = blueprint::read(&text);
        if spec.is_none() || blueprint::read::has_errors(&findings) {
            continue;
        }
        let found = faults(&validator, &schema::value_of(source.root()));
        assert!(
            found.is_empty(),
            "{path}, seed {seed}:\n{}\n{text}",
            found.join("\n")
        );
        n_taken += 1;
    }
    assert!(300 < n_taken, "only {n_taken} were taken");
}

/// The text with one of its words replaced, comments aside.
fn with_another_word(text: &str, rng: &mut fastrand::Rng) -> String {
    let in_word = |byte: &u8| byte.is_ascii_alphanumeric() || b".-_/".contains(byte);
    let from = rng.usize(..text.len());
    let bytes = text.as_bytes();
    let Some(start) = bytes[from..].iter().position(in_word) else {
        return text.to_owned();
    };
    let start = from + start;
    let length = bytes[start..]
        .iter()
        .take_while(|byte| in_word(byte))
        .count();
    let token = TOKENS[rng.usize(..TOKENS.len())];
    let damaged = [&bytes[..start], token.as_bytes(), &bytes[start + length..]].concat();
    String::from_utf8_lossy(&damaged).into_owned()
}
