//! Every shipped spec is raised with the responder: the checked and the live verdicts agree, and
//! only the broken ones end with findings.

#![expect(clippy::print_stdout, reason = "a test says on stdout what it skipped")]

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// Specs of patterns that the lab does not raise.
const NOT_RAISED: [&str; 1] = ["examples/patterns/gateway.yaml"];

fn breezeway(arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_breezeway"));
    command.current_dir(repository()).args(arguments);
    command.output().expect("the binary starts")
}

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn specs(folder: &str) -> Vec<String> {
    let entries = std::fs::read_dir(repository().join(folder)).expect("the folder exists");
    let names = entries.map(|entry| {
        entry
            .expect("readable")
            .file_name()
            .into_string()
            .expect("UTF-8")
    });
    let mut specs: Vec<_> = names
        .filter(|name| name.ends_with(".yaml"))
        .map(|name| format!("{folder}/{name}"))
        .collect();
    specs.sort();
    specs
}

fn lab_is_possible() -> bool {
    let doctor = breezeway(&["doctor"]);
    let possible = doctor.status.success();
    if !possible {
        println!(
            "skipped: no lab can be raised here:\n{}",
            String::from_utf8_lossy(&doctor.stdout)
        );
    }
    possible
}

fn kafka_is_possible() -> bool {
    let doctor = breezeway(&["doctor"]);
    let stdout = String::from_utf8_lossy(&doctor.stdout).into_owned();
    let lacks = |part: &str| {
        stdout
            .lines()
            .any(|line| line.starts_with(part) && line.contains("missing"))
    };
    let possible = std::env::var_os("KAFKA_HOME").is_some() || !(lacks("java") || lacks("maven"));
    if !possible {
        println!("skipped: no Kafka can be had here:\n{stdout}");
    }
    possible
}

fn proved(spec: &str, code: i32) {
    let output = breezeway(&["prove", "--brokers", "responder", spec]);
    let stdout = String::from_utf8_lossy(&output.stdout);
    let said = format!(
        "{spec}:\n{stdout}\n{}",
        String::from_utf8_lossy(&output.stderr)
    );
    assert_eq!(output.status.code(), Some(code), "{said}");
    let agree = stdout
        .lines()
        .find_map(|line| line.strip_prefix("agree"))
        .expect(&said);
    let words: Vec<_> = agree.split_whitespace().collect();
    assert_eq!(words[0], words[2], "{said}");
    assert_ne!(words[0], "0", "{said}");
    assert!(!stdout.contains("DISAGREE"), "{said}");
}

#[test]
fn sound_examples_are_delivered_and_agree() {
    if lab_is_possible() {
        for spec in [
            "examples/shop/breezeway.yaml",
            "examples/peering/breezeway.yaml",
            "examples/existing/breezeway.yaml",
            "examples/starter.yaml",
        ] {
            proved(spec, 0);
        }
    }
}

#[test]
fn corrected_articles_are_delivered_and_agree() {
    let folders = [
        "broker-service",
        "cross-account-stream",
        "multi-vpc-nlb",
        "patterns",
    ];
    let specs = folders.map(|folder| specs(&format!("examples/{folder}")));
    let mut specs: Vec<_> = specs.into_iter().flatten().collect();
    specs.retain(|spec| !spec.ends_with("article.yaml") && !NOT_RAISED.contains(&spec.as_str()));
    assert!(13 <= specs.len(), "{specs:?}");
    if lab_is_possible() {
        for spec in specs {
            proved(&spec, 0);
        }
    }
}

#[test]
fn what_the_lab_cannot_raise_it_says() {
    if lab_is_possible() {
        for spec in NOT_RAISED {
            let output = breezeway(&["prove", "--brokers", "responder", spec]);
            assert_eq!(output.status.code(), Some(2), "{spec}: {output:?}");
        }
    }
}

#[test]
fn real_brokers_with_encrypted_listeners_are_refused_before_they_fail() {
    if lab_is_possible() {
        let spec = "examples/patterns/peering.yaml";
        let output = breezeway(&["prove", "--brokers", "apache", spec]);
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{stderr}");
        assert!(
            stderr.contains("CLIENT_SECURE of `msk` is encrypted"),
            "{stderr}"
        );
    }
}

#[test]
fn broken_examples_have_findings_and_the_lab_agrees() {
    let specs = specs("examples/broken");
    assert!(6 <= specs.len(), "{specs:?}");
    if lab_is_possible() {
        for spec in specs {
            proved(&spec, 1);
        }
    }
}

#[test]
fn records_go_through_real_kafka_and_come_back_unchanged() {
    if !lab_is_possible() || !kafka_is_possible() {
        return;
    }
    for (spec, clients) in [
        ("examples/shop/breezeway.yaml", ["billing", "checkout"]),
        ("examples/peering/breezeway.yaml", ["ingest", "reports"]),
    ] {
        let output = breezeway(&["prove", "--brokers", "apache", spec]);
        let stdout = String::from_utf8_lossy(&output.stdout);
        let said = format!(
            "{spec}:\n{stdout}\n{}",
            String::from_utf8_lossy(&output.stderr)
        );
        assert_eq!(output.status.code(), Some(0), "{said}");
        assert!(stdout.contains("agree     8 of 8 paths"), "{said}");
        for client in clients {
            let line = format!(
                "messages  {client} produced 3,000 and consumed 3,000, none lost, none twice, none altered"
            );
            assert!(stdout.contains(&line), "{said}");
        }
    }
}
