//! What `check --format sarif` prints is SARIF 2.1.0 by the standard's own schema, and says of a
//! finding what the other forms say.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use jsonschema::Validator;
use serde_json::{Value, json};

const SCHEMA: &str = include_str!("sarif/sarif-schema-2.1.0.json");

/// A comment that suppresses the finding of `broken/cross-zone-off.yaml`.
const COMMENT: &str = " # breezeway: allow cross-zone-off -- the zones are paid for elsewhere";

#[test]
fn every_example_is_sarif() {
    let validator = validator();
    let broken = fs::read_dir(examples().join("broken")).expect("the folder exists");
    let broken = broken.map(|entry| entry.expect("readable").path());
    let sound = ["shop", "peering", "starter.yaml"].map(|name| examples().join(name));
    let mut n_results = 0;
    for path in broken.chain(sound) {
        let log = checked(&path);
        judge(&validator, &log);
        n_results += results(&log).len();
    }
    assert!(7 <= n_results, "{n_results} results");
}

#[test]
fn suppressed_findings_carry_their_reason() {
    let log = checked(&edited(
        "cross_zone: false",
        &format!("cross_zone: false{COMMENT}"),
    ));
    judge(&validator(), &log);
    let [result] = results(&log) else {
        panic!("{log:#}");
    };
    assert_eq!(result["ruleId"], "cross-zone-off");
    let [suppression] = result["suppressions"]
        .as_array()
        .expect("a list")
        .as_slice()
    else {
        panic!("{result:#}");
    };
    assert_eq!(suppression["kind"], "inSource");
    assert_eq!(
        suppression["justification"],
        "the zones are paid for elsewhere"
    );
    assert_eq!(
        suppression["location"]["physicalLocation"]["region"]["startLine"],
        25
    );
}

#[test]
fn places_path_and_rule_are_those_of_the_finding() {
    let log = checked(&edited("", ""));
    let result = &results(&log)[0];
    let region = json!({ "startLine": 25, "startColumn": 17, "endLine": 25, "endColumn": 22 });
    assert_eq!(result["locations"][0]["physicalLocation"]["region"], region);
    assert_eq!(result["suppressions"], json!([]));
    let print = "cross-zone-off:connections[0].cross_zone";
    assert_eq!(
        result["partialFingerprints"],
        json!({ "breezewayFinding/v1": print })
    );
    let hops = result["codeFlows"][0]["threadFlows"][0]["locations"].as_array();
    let last = hops.and_then(|hops| hops.last()).expect("hops");
    let text = last["location"]["message"]["text"]
        .as_str()
        .expect("a text");
    assert!(text.starts_with("verdict: no-target at "), "{text}");
    let index = result["ruleIndex"].as_u64().expect("an index");
    let rules = &log["runs"][0]["tool"]["driver"]["rules"];
    let rule = &rules[usize::try_from(index).expect("small")];
    assert_eq!(rule["id"], "cross-zone-off");
    let page = rule["help"]["markdown"].as_str().expect("a page");
    assert!(page.starts_with("# cross-zone-off\n"), "{page}");
}

#[test]
fn every_check_is_a_rule() {
    let log = checked(&edited("", ""));
    let rules = log["runs"][0]["tool"]["driver"]["rules"]
        .as_array()
        .expect("rules");
    let ids: Vec<_> = rules.iter().map(|rule| rule["id"].as_str()).collect();
    for check in verify::checks() {
        assert!(ids.contains(&Some(check.name)), "{}", check.name);
    }
}

#[test]
fn faults_of_the_spec_are_sarif_as_well() {
    let validator = validator();
    for (from, to, expected) in [
        ("vpcs:", "vpcs: [", "bad-yaml"),
        ("region:", "ragion:", "unknown-key"),
        ("name: cross-zone-off", "", "missing-key"),
        ("10.0.0.0/16", "52.10.0.0/16", "public-range"),
        (
            "cross_zone: false",
            "cross_zone: false # breezeway: allow x",
            "unreasoned-suppression",
        ),
    ] {
        let log = checked(&edited(from, to));
        judge(&validator, &log);
        let found = results(&log)
            .iter()
            .any(|result| result["ruleId"] == expected);
        assert!(found, "{expected}: {log:#}");
    }
}

#[test]
fn the_schema_refuses_what_is_no_sarif() {
    let validator = validator();
    let sound = checked(&edited("", ""));
    for (pointer, wrong) in [
        ("/version", json!("2.0.0")),
        ("/runs/0/results/0/level", json!("fatal")),
        (
            "/runs/0/results/0/locations/0/physicalLocation/region/startLine",
            json!(0),
        ),
        (
            "/runs/0/results/0/suppressions",
            json!([{ "kind": "inFile" }]),
        ),
        ("/runs/0/tool/driver", json!({ "rules": [] })),
        ("/runs/0/columnKind", json!("bytes")),
    ] {
        let mut log = sound.clone();
        *log.pointer_mut(pointer).expect("it is there") = wrong;
        assert!(!validator.is_valid(&log), "{pointer}");
    }
}

/// Holds a log against the schema, and each level against its rule's.
fn judge(validator: &Validator, log: &Value) {
    let faults: Vec<_> = validator
        .iter_errors(log)
        .map(|e| format!("{}: {e}", e.instance_path()))
        .collect();
    assert!(faults.is_empty(), "{}\n{log:#}", faults.join("\n"));
    let rules = &log["runs"][0]["tool"]["driver"]["rules"];
    for result in results(log) {
        let index = result["ruleIndex"].as_u64().expect("every name has a rule");
        let rule = &rules[usize::try_from(index).expect("small")];
        assert_eq!(rule["id"], result["ruleId"]);
        let worst = &rule["defaultConfiguration"]["level"];
        assert!(
            worst == "error" || result["level"] == "warning",
            "{result:#}"
        );
    }
}

fn validator() -> Validator {
    let mut schema: Value = serde_json::from_str(SCHEMA).expect("the schema is JSON");
    // A bracket in it is never opened, so that it is no regular expression; we name no language.
    for owner in ["run", "toolComponent"] {
        let language = format!("/definitions/{owner}/properties/language");
        let language = schema.pointer_mut(&language).and_then(Value::as_object_mut);
        language
            .expect("an object")
            .remove("pattern")
            .expect("a pattern");
    }
    let options = jsonschema::options().should_validate_formats(true);
    options.build(&schema).expect("the schema is one")
}

fn results(log: &Value) -> &[Value] {
    log["runs"][0]["results"].as_array().expect("a list")
}

fn checked(path: &Path) -> Value {
    let mut command = Command::new(env!("CARGO_BIN_EXE_breezeway"));
    command.arg("check").arg(path).args(["--format", "sarif"]);
    let output = command.output().expect("the binary starts");
    assert!(
        output.stderr.is_empty(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    serde_json::from_slice(&output.stdout).expect("JSON")
}

fn examples() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples")
}

/// A copy of `broken/cross-zone-off.yaml` with one place written anew.
fn edited(from: &str, to: &str) -> PathBuf {
    use std::sync::atomic::{AtomicUsize, Ordering};
    static N_COPIES: AtomicUsize = AtomicUsize::new(0);
    let text =
        fs::read_to_string(examples().join("broken/cross-zone-off.yaml")).expect("it exists");
    assert!(text.contains(from), "nothing to replace: {from}");
    let name = format!(
        "sarif {}-{}.yaml",
        std::process::id(),
        N_COPIES.fetch_add(1, Ordering::Relaxed)
    );
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    fs::write(&path, text.replacen(from, to, 1)).expect("the copy is written");
    path
}
