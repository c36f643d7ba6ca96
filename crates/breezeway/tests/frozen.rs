//! The JSON forms are frozen: every key of them is written down with what it holds, in
//! `frozen/*.keys`, beside one whole answer of `plan`. `UPDATE=1` writes down what was added;
//! what vanishes or changes is another version and is refused.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use blueprint::diagnostic::{At, Diagnostic, Hop, Trace};
use blueprint::kafka::{Goal, HostPort, PromiseId};
use blueprint::source::Source;
use blueprint::suppression::Suppressed;
use blueprint::verdict::{Attempt, Class, Direction, PathVerdict, Place, Verdict};
use breezeway::folder::Fate;
use breezeway::format::json::{self, v1};
use breezeway::format::wiring;
use render::Target;
use serde_json::Value;

#[path = "frozen/everything.rs"]
mod everything;
#[path = "frozen/rendered.rs"]
mod rendered;

#[test]
fn plan_is_frozen() {
    let (source, findings, suppressed) = found();
    let blueprint = everything::blueprint();
    let whole = json::plan(
        "breezeway.yaml",
        &source,
        Some(&blueprint),
        &findings,
        &suppressed,
    );
    let whole = whole.expect("it is serialized");
    frozen("plan.json", &format!("{whole}\n"));
    let bare = json::plan("breezeway.yaml", &source, None, &[], &[]).expect("it is serialized");
    keys("plan.keys", &[whole, bare]);
}

#[test]
fn check_is_frozen() {
    let (source, findings, suppressed) = found();
    let paths = [Goal::Bootstrap, Goal::Broker(1)].map(path);
    let whole = json::check("breezeway.yaml", &source, &paths, &findings, &suppressed);
    keys("check.keys", &[whole.expect("it is serialized")]);
}

#[test]
fn the_wiring_file_is_frozen() {
    let written = |target| {
        let rendered = rendered::rendered(target);
        wiring::text("orders", false, &rendered).expect("it is text")
    };
    frozen("wiring.json", &written(Target::CloudFormation));
    let terraform = written(Target::Terraform);
    keys("wiring.keys", &[written(Target::CloudFormation), terraform]);
}

#[test]
fn render_is_frozen() {
    let (source, findings, suppressed) = found();
    let rendered = rendered::rendered(Target::CloudFormation);
    let fates = rendered
        .files
        .keys()
        .map(|path| (path.clone(), Fate::Written));
    let fates = fates
        .chain([("gone.yaml".to_owned(), Fate::Removed)])
        .collect();
    let whole = v1::render::Of {
        target: Target::CloudFormation,
        out: Some("infra".to_owned()),
        rendered: Some(&rendered),
        fates: Some(&fates),
    };
    let refused = v1::render::Of {
        target: Target::Terraform,
        out: None,
        rendered: None,
        fates: None,
    };
    let answers = [whole, refused].map(|of| {
        json::render("breezeway.yaml", &source, &findings, &suppressed, &of)
            .expect("it is serialized")
    });
    keys("render.keys", &answers);
}

#[test]
fn every_kind_of_id_names_a_mapping_of_the_blueprint() {
    let blueprint = v1::plan::Blueprint::from(&everything::blueprint());
    let blueprint = serde_json::to_value(blueprint).expect("it is serialized");
    for (id_type, mapping) in v1::plan::KINDS {
        let objects = blueprint[mapping].as_object();
        assert!(
            objects.is_some_and(|objects| !objects.is_empty()),
            "{id_type}: {mapping}"
        );
    }
    let no_ids = ["public_names"];
    let mappings = blueprint.as_object().expect("an object").iter();
    let mappings =
        mappings.filter(|(name, value)| value.is_object() && !no_ids.contains(&name.as_str()));
    let known: BTreeSet<_> = v1::plan::KINDS
        .iter()
        .map(|(_, mapping)| *mapping)
        .collect();
    assert_eq!(
        mappings
            .map(|(name, _)| name.as_str())
            .collect::<BTreeSet<_>>(),
        known
    );
}

/// A text with a finding that has everything a finding can have, bare ones, and a suppressed one.
fn found() -> (Source, Vec<Diagnostic>, Vec<Suppressed>) {
    let (source, _) = Source::parse("name: everything # breezeway: allow it -- why not\n");
    let full = Diagnostic::error("cross-zone-off", "a title", At::Bytes(0, 4))
        .label("here")
        .related(At::Bytes(6, 16), "because of this")
        .trace(Trace {
            title: "checkout → orders".to_owned(),
            hops: vec![Hop {
                step: "route",
                detail: "nowhere".to_owned(),
                outcome: "missing",
            }],
            verdict: "no-route".to_owned(),
        })
        .note("a note")
        .help("an edit");
    let bare = Diagnostic::warning("idle-key", "another title", At::Bytes(6, 16));
    let suppressed = Suppressed {
        finding: bare.clone(),
        reason: "why not".to_owned(),
        comment: 17..49,
    };
    (source, vec![full, bare], vec![suppressed])
}

fn path(goal: Goal) -> PathVerdict {
    let attempt = |verdict| Attempt {
        from: "any".into(),
        to: HostPort {
            host: "b-1.orders.internal".to_owned(),
            port: 9001,
        },
        address: Some(std::net::Ipv4Addr::LOCALHOST),
        verdict,
    };
    let delivered = Verdict {
        class: Class::Delivered,
        place: None,
        direction: Direction::Forward,
        broker: Some(1),
    };
    let dropped = Verdict {
        class: Class::NoRoute,
        place: Some(Place::Eni("any".into())),
        direction: Direction::Return,
        broker: None,
    };
    let unnamed = Attempt {
        address: None,
        ..attempt(dropped.clone())
    };
    PathVerdict {
        promise: PromiseId {
            client: "any".into(),
            cluster: "any".into(),
            goal,
        },
        attempts: vec![attempt(delivered), attempt(dropped), unnamed],
    }
}

fn update() -> bool {
    std::env::var_os("UPDATE").is_some_and(|value| value == "1")
}

fn file(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/frozen")
        .join(name)
}

fn frozen(name: &str, text: &str) {
    if update() {
        fs::write(file(name), text).expect("the golden file is written");
    }
    let golden = fs::read_to_string(file(name)).unwrap_or_default();
    assert!(
        golden == text,
        "{name} differs; `UPDATE=1 cargo test -p breezeway --test frozen` writes it"
    );
}

/// Compares the keys of answers with those that are written down.
fn keys(name: &str, answers: &[String]) {
    let mut found = BTreeSet::new();
    for answer in answers {
        let answer: Value = serde_json::from_str(answer).expect("it is JSON");
        collect("", &answer, &mut found);
    }
    let golden = fs::read_to_string(file(name)).unwrap_or_default();
    let golden: BTreeSet<_> = golden.lines().map(str::to_owned).collect();
    let gone: Vec<_> = golden.difference(&found).collect();
    assert!(
        gone.is_empty(),
        "{name}: version {} promised {gone:#?}",
        v1::VERSION
    );
    if update() {
        let lines: String = found.iter().map(|line| format!("{line}\n")).collect();
        fs::write(file(name), lines).expect("the keys are written");
        return;
    }
    let new: Vec<_> = found.difference(&golden).collect();
    assert!(
        new.is_empty(),
        "{name} lacks {new:#?}; `UPDATE=1 cargo test -p breezeway --test frozen` adds them"
    );
}

/// Lists the paths of all values with their types; free keys and positions are `*`.
fn collect(path: &str, value: &Value, found: &mut BTreeSet<String>) {
    let of_type = match value {
        Value::Null => "null",
        Value::Bool(_) => "bool",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "list",
        Value::Object(_) => "mapping",
    };
    found.insert(format!("{path}: {of_type}"));
    match value {
        Value::Array(items) => items
            .iter()
            .for_each(|item| collect(&format!("{path}[*]"), item, found)),
        Value::Object(entries) => entries.iter().for_each(|(key, value)| {
            let free = key.starts_with("any") || key.parse::<u32>().is_ok() || key == "iam";
            let key = if free { "*" } else { key };
            collect(&format!("{path}.{key}"), value, found);
        }),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}
