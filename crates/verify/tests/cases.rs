//! The cases of `tests/cases/NAME.md`, one file per check. A heading of the second level names a
//! case, its `yaml` block is a whole spec. A comment `# error: [name] "part of the title"` says
//! what is found at its line, or at the next line if it has one to itself; nothing else may be
//! found, by reader, plan or checks. A `text` block holds the findings in full; `UPDATE=1`
//! writes it anew.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use blueprint::diagnostic::{At, Diagnostic, Level};
use blueprint::source::Source;

/// A spec and what is to be found in it.
struct Case {
    title: String,
    spec: String,
    text: Option<String>,
}

/// A finding as far as a comment names it.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Expected {
    line: usize,
    level: String,
    name: String,
    title: String,
}

#[test]
fn every_case_finds_what_it_says() {
    let mut failures = String::new();
    for path in files() {
        let file = read(&path);
        let mut updated = file.clone();
        for case in cases(&file) {
            let (source, found) = findings(&case.spec);
            let place = format!("{}: {}", stem(&path), case.title);
            for failure in disagreements(&case, &source, &found) {
                failures += &format!("{place}: {failure}\n");
            }
            let drawn = draw(&found);
            if let Some(text) = case.text.filter(|text| *text != drawn) {
                updated = updated.replacen(&fence(&text), &fence(&drawn), 1);
                failures += &format!("{place}: drawn otherwise:\n{drawn}\n");
            }
        }
        if std::env::var_os("UPDATE").is_some() && updated != file {
            std::fs::write(&path, updated).expect("the case can be written");
        }
    }
    assert!(failures.is_empty(), "\n{failures}");
}

#[test]
fn every_check_has_a_case_and_a_near_miss() {
    let names: BTreeSet<_> = files().iter().map(|path| stem(path)).collect();
    let checks: BTreeSet<_> = verify::checks()
        .iter()
        .map(|check| check.name.to_owned())
        .collect();
    assert_eq!(names, checks, "a file for each check and no others");
    for path in files() {
        let file = read(&path);
        let expected: Vec<_> = cases(&file)
            .iter()
            .map(|case| expectations(&case.spec))
            .collect();
        let name = stem(&path);
        let hits = expected
            .iter()
            .flatten()
            .any(|expected| expected.name == name);
        assert!(hits, "{name}: no case finds it");
        let misses = expected
            .iter()
            .any(|case| case.iter().all(|found| found.name != name));
        assert!(misses, "{name}: no case comes near it");
    }
}

fn files() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases");
    let entries = std::fs::read_dir(folder).expect("the folder of cases");
    let mut files: Vec<_> = entries
        .map(|entry| entry.expect("a readable folder").path())
        .collect();
    files.sort();
    files
}

fn read(path: &Path) -> String {
    std::fs::read_to_string(path).expect("a case file")
}

fn stem(path: &Path) -> String {
    path.file_stem()
        .expect("a file")
        .to_string_lossy()
        .into_owned()
}

fn cases(file: &str) -> Vec<Case> {
    let sections = file.split("\n## ").skip(1);
    let cases = sections.map(|section| Case {
        title: section.lines().next().unwrap_or_default().to_owned(),
        spec: block(section, "yaml").expect("a case has a spec"),
        text: block(section, "text"),
    });
    cases.collect()
}

fn block(section: &str, language: &str) -> Option<String> {
    let (_, rest) = section.split_once(&format!("\n```{language}\n"))?;
    let (block, _) = rest.split_once("```")?;
    Some(block.to_owned())
}

fn fence(text: &str) -> String {
    format!("\n```text\n{text}```")
}

/// Everything that is found on the way from a spec to its verdicts.
fn findings(spec: &str) -> (Source, Vec<Diagnostic>) {
    let (asked, source, mut found) = blueprint::read(spec);
    if let Some(asked) = asked {
        let (blueprint, planned) = plan::build(&asked);
        found.extend(planned);
        let more = verify::check(&blueprint).beyond(&found);
        found.extend(more);
    }
    (source, found)
}

fn disagreements(case: &Case, source: &Source, found: &[Diagnostic]) -> Vec<String> {
    let mut missing = expectations(&case.spec);
    let mut failures = Vec::new();
    for diagnostic in found {
        let (line, _) = source.line_and_column(source.span(&diagnostic.primary.at).start);
        let level = level(diagnostic.level);
        let known = missing.iter().position(|expected| {
            expected.line == line
                && expected.level == level
                && expected.name == diagnostic.name
                && diagnostic.title.contains(&expected.title)
        });
        match known {
            Some(known) => drop(missing.remove(known)),
            None => failures.push(format!(
                "line {line}: not expected: {level}: [{}] \"{}\"",
                diagnostic.name, diagnostic.title
            )),
        }
    }
    failures.extend(
        missing
            .iter()
            .map(|expected| format!("not found: {expected:?}")),
    );
    failures
}

fn expectations(spec: &str) -> Vec<Expected> {
    let mut expected = Vec::new();
    let mut waiting = Vec::new();
    for (number, text) in spec.lines().enumerate() {
        let (before, comment) = text.split_once('#').unwrap_or((text, ""));
        waiting.extend(expectation(comment));
        if !before.trim().is_empty() {
            expected.extend(waiting.drain(..).map(|found| Expected {
                line: number + 1,
                ..found
            }));
        }
    }
    assert!(waiting.is_empty(), "a comment without a line below it");
    expected
}

fn expectation(comment: &str) -> Option<Expected> {
    let (level, rest) = comment.trim().split_once(": [")?;
    let (name, rest) = rest.split_once(']')?;
    Some(Expected {
        line: 0,
        level: level.to_owned(),
        name: name.to_owned(),
        title: rest.trim().trim_matches('"').to_owned(),
    })
}

fn level(level: Level) -> &'static str {
    match level {
        Level::Error => "error",
        Level::Warning => "warning",
    }
}

/// Findings in full, without the spec's text.
fn draw(found: &[Diagnostic]) -> String {
    let mut text = String::new();
    for diagnostic in found {
        draw_one(diagnostic, &mut text).expect("text can be written");
    }
    text
}

fn draw_one(diagnostic: &Diagnostic, text: &mut String) -> std::fmt::Result {
    let Diagnostic {
        name,
        title,
        primary,
        related,
        trace,
        notes,
        help,
        level: how_bad,
    } = diagnostic;
    writeln!(text, "{}[{name}]: {title}", level(*how_bad))?;
    writeln!(text, "  --> {}: {}", at(&primary.at), primary.label)?;
    for location in related {
        writeln!(text, "   -> {}: {}", at(&location.at), location.label)?;
    }
    if let Some(trace) = trace {
        writeln!(text, "  trace: {}", trace.title)?;
        for (position, hop) in trace.hops.iter().enumerate() {
            writeln!(
                text,
                "    {} {}: {}: {}",
                position + 1,
                hop.step,
                hop.detail,
                hop.outcome
            )?;
        }
        writeln!(text, "  verdict: {}", trace.verdict)?;
    }
    for note in notes {
        writeln!(text, "  note: {note}")?;
    }
    if let Some(help) = help {
        writeln!(text, "  help: {help}")?;
    }
    Ok(())
}

fn at(at: &At) -> String {
    match at {
        At::Value(key) | At::Key(key) => key.to_string(),
        At::Bytes(from, to) => format!("bytes {from} to {to}"),
    }
}
