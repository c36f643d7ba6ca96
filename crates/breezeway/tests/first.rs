//! First specs: every combination that `init` can be told is either refused with the reason, or
//! written and checks clean; the starter among the examples is the one of the defaults. On a
//! terminal `init` asks.

#![expect(clippy::print_stdout, reason = "a test says on stdout what it skipped")]

use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use blueprint::diagnostic::Diagnostic;
use blueprint::patterns::{Cell, Pattern, Relation, State, Table};
use blueprint::source::Source;
use blueprint::spec::{Auth, ClusterKind, GatewayMode, Via};
use blueprint::verdict::{Class, Summary};
use breezeway::first::{Choices, default_auth, default_via};
use breezeway::format::schema;

const SCHEMA: &str = "../docs/breezeway.schema.json";

/// Every combination of kind, scheme, way and account.
fn combinations() -> Vec<Choices> {
    let mut found = Vec::new();
    for kind in ClusterKind::ALL {
        for auth in Auth::ALL {
            for via in Via::ALL {
                for client in ["111111111111", "222222222222"] {
                    found.push(Choices {
                        kind: *kind,
                        auth: *auth,
                        via: *via,
                        client: client.to_owned(),
                        ..Choices::default()
                    });
                }
            }
        }
    }
    found
}

/// Whether the table of patterns refuses a combination.
fn refused(choices: &Choices) -> bool {
    let pattern = Pattern::of(choices.via, GatewayMode::default());
    let pattern = pattern.unwrap_or(Pattern::SameVpc);
    let account = if pattern == Pattern::SameVpc {
        Relation::Same
    } else {
        Relation::between(&choices.owner, &choices.client)
    };
    let ruling = Table::embedded().ruling(Cell {
        pattern,
        kind: choices.kind,
        auth: choices.auth,
        account,
        region: Relation::Same,
    });
    matches!(ruling.state, State::Refused { .. })
}

/// Findings at any level, and promised paths that are not delivered. That nobody has shown a
/// combination to work is the one thing a first spec may be told.
fn checked(text: &str) -> (Vec<Diagnostic>, Vec<String>) {
    let (spec, _, mut findings) = blueprint::read(text);
    let (blueprint, found) = plan::build(&spec.expect("the spec can be read"));
    findings.extend(found);
    findings.extend(verify::check(&blueprint).beyond(&findings));
    findings.retain(|found| found.name != "unknown-combination");
    let paths = verify::paths(&blueprint);
    let failed = paths
        .iter()
        .filter(|path| path.summary() != Summary::All(Class::Delivered))
        .map(|path| format!("{}: {}", path.promise, path.summary()));
    (findings, failed.collect())
}

/// What became of the combinations of one way to connect.
#[derive(Default)]
struct Tally {
    n_sound: usize,
    n_refused: usize,
    faults: Vec<String>,
}

fn tally(choices: &Choices, tally: &mut Tally) {
    let Choices {
        kind, auth, via, ..
    } = choices;
    let named = format!("{kind} {auth} {via} {}", choices.client);
    match choices.fault() {
        Some(fault) if refused(choices) => {
            assert!(fault.contains(kind.as_str()), "{named}: {fault}");
            tally.n_refused += 1;
        }
        Some(fault) => tally.faults.push(format!("{named}: {fault}")),
        None => {
            let (findings, failed) = checked(&choices.text(SCHEMA));
            let found = findings
                .iter()
                .map(|found| format!("{:?} {}", found.level, found.title));
            let faults = found.chain(failed);
            tally
                .faults
                .extend(faults.map(|fault| format!("{named}: {fault}")));
            tally.n_sound += 1;
        }
    }
}

#[test]
fn every_combination_is_refused_with_the_reason_or_checks_clean() {
    let mut tallies: BTreeMap<Via, Tally> = BTreeMap::new();
    for choices in combinations() {
        tally(&choices, tallies.entry(choices.via).or_default());
    }
    for (via, tally) in &tallies {
        let Tally {
            n_sound,
            n_refused,
            faults,
        } = tally;
        assert!(
            faults.is_empty(),
            "{via}: {n_sound} sound, {n_refused} refused, and:\n{}",
            faults.join("\n")
        );
        assert!(
            10 <= *n_sound && 10 <= *n_refused,
            "{via}: {n_sound}, {n_refused}"
        );
    }
    assert_eq!(tallies.len(), Via::ALL.len());
}

#[test]
fn defaults_are_never_refused() {
    for kind in ClusterKind::ALL {
        let via = default_via(*kind);
        let choices = Choices {
            kind: *kind,
            via,
            auth: default_auth(*kind, via),
            ..Choices::default()
        };
        assert!(!refused(&choices), "{kind} {via}");
    }
}

#[test]
fn first_specs_are_sound_by_the_schema() {
    let validator = jsonschema::draft202012::new(&schema::schema()).expect("a schema");
    for choices in combinations() {
        let (source, findings) = Source::parse(&choices.text(SCHEMA));
        assert_eq!(findings, []);
        let spec = schema::value_of(source.root());
        assert!(validator.is_valid(&spec), "{spec:#}");
    }
}

#[test]
fn the_starter_is_the_first_spec_of_the_defaults() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/starter.yaml");
    let text = Choices::default().text(SCHEMA);
    if std::env::var_os("UPDATE").is_some_and(|value| value == "1") {
        std::fs::write(&path, &text).expect("the starter is written");
    }
    let kept = std::fs::read_to_string(&path).expect("the starter exists");
    assert_eq!(
        kept, text,
        "`UPDATE=1 cargo test -p breezeway --test first` writes it"
    );
}

#[test]
fn what_cannot_be_a_spec_is_refused() {
    for (choices, reason) in [
        (
            Choices {
                name: "First".to_owned(),
                ..Choices::default()
            },
            "`First` is no name",
        ),
        (
            Choices {
                brokers: 0,
                ..Choices::default()
            },
            "`0` for `brokers`",
        ),
        (
            Choices {
                owner: "1".to_owned(),
                ..Choices::default()
            },
            "`1` is no AWS account id",
        ),
        (
            Choices {
                region: "frankfurt".to_owned(),
                ..Choices::default()
            },
            "`frankfurt` is no AWS Region",
        ),
        (
            Choices {
                name: "a\nb: c".to_owned(),
                ..Choices::default()
            },
            "unknown key `b`",
        ),
    ] {
        let fault = choices.fault().expect("no spec");
        assert!(fault.contains(reason), "{fault}");
    }
}

/// Whether `script` of util-linux can make a terminal.
fn terminal_is_possible() -> bool {
    let script = Command::new("script").arg("--version").output();
    if script.is_err() {
        println!("skipped: no terminal can be had here without `script`");
    }
    script.is_ok()
}

/// What `init` says on a terminal of its own, and how it ends.
fn on_a_terminal(file: &Path, answers: &str) -> (String, Option<i32>) {
    let binary = env!("CARGO_BIN_EXE_breezeway");
    let command = format!("'{binary}' init '{}'", file.display());
    let mut script = Command::new("script")
        .args(["-qec", &command, "/dev/null"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("`script` starts");
    let mut stdin = script.stdin.take().expect("piped");
    stdin.write_all(answers.as_bytes()).expect("answered");
    drop(stdin);
    let output = script.wait_with_output().expect("it ends");
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    (said, output.status.code())
}

fn scratch(name: &str) -> PathBuf {
    let name = format!("first-{name}-{}.yaml", std::process::id());
    Path::new(env!("CARGO_TARGET_TMPDIR")).join(name)
}

#[test]
fn a_terminal_is_asked_and_enter_takes_the_defaults() {
    let file = scratch("asked");
    let answers = "orders\n\n\n\nec2\n\npeering\ntls\n";
    if !terminal_is_possible() {
        return;
    }
    let (said, code) = on_a_terminal(&file, answers);
    assert!(said.contains("AWS Region [eu-central-1]: "), "{said}");
    assert_eq!(code, Some(0), "{said}");
    let written = std::fs::read_to_string(&file).expect("the spec is written");
    std::fs::remove_file(&file).expect("it can be removed");
    let expected = Choices {
        name: "orders".to_owned(),
        kind: ClusterKind::Ec2,
        via: Via::Peering,
        auth: Auth::Tls,
        ..Choices::default()
    };
    assert_eq!(written, expected.text("breezeway.schema.json"));
}

#[test]
fn an_interrupt_leaves_no_file() {
    let file = scratch("interrupted");
    if !terminal_is_possible() {
        return;
    }
    let (said, code) = on_a_terminal(&file, "orders\n\u{3}");
    assert_ne!(code, Some(0), "{said}");
    assert!(!file.exists(), "{said}");
}
