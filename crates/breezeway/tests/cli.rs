//! The command line, as transcripts: every `console` block of `cli/*.md`, of the examples'
//! pages and of the guide is played again and must come out as it stands there. `UPDATE=1` writes down what came out.
//!
//! A line `$ …` is a command, run by `sh` in `examples/`, or for the guide in an empty folder that
//! has `examples/` in it as a clone has, with the binary in its path and nothing
//! of the user's environment. Behind it follow `? CODE` unless the code is 0, what went to stdout,
//! and, each line behind `2> `, what went to stderr. Blanks at the end of a line do not count.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// Width of the page, so that wrapped text does not depend on a terminal.
const COLUMNS: &str = "100";

/// What a block of commands begins with, behind at least three backticks.
const LANGUAGE: &str = "console";

#[test]
fn transcripts_hold() {
    let update = std::env::var_os("UPDATE").is_some_and(|value| value == "1");
    let mut differences = Vec::new();
    for (index, (path, written)) in transcripts().into_iter().enumerate() {
        let mut scratch = Scratch::new(&format!("transcript-{index}"));
        if path.starts_with(guide()) {
            scratch.become_a_clone();
        }
        let played = played(&written, &scratch);
        if update {
            fs::write(&path, &played).expect("the transcript is written");
        } else if let Some(difference) = difference(&written, &played) {
            differences.push(format!("{}:{difference}", path.display()));
        }
    }
    assert!(
        differences.is_empty(),
        "{}\nif that is right, `UPDATE=1 cargo test -p breezeway --test cli` writes it down",
        differences.join("\n")
    );
}

#[test]
fn every_broken_example_is_checked_in_full() {
    let texts: String = transcripts().into_values().collect();
    let mut n_specs = 0;
    for entry in fs::read_dir(examples().join("broken")).expect("the folder exists") {
        let name = entry.expect("readable").file_name();
        let name = name.to_str().expect("UTF-8");
        let command = format!("$ breezeway check broken/{name}\n? 1\n");
        assert!(texts.contains(&command), "no transcript has `{command}`");
        n_specs += 1;
    }
    assert!(6 <= n_specs, "{n_specs} broken examples");
}

#[test]
fn every_article_is_checked_and_every_correction_has_no_errors() {
    let pages = pages();
    assert!(4 <= pages.len(), "{pages:?}");
    for page in pages {
        let text = fs::read_to_string(&page).expect("a page is UTF-8 text");
        let folder = page.parent().expect("a page is in a folder");
        let specs = paths(folder).filter(|path| path.extension().is_some_and(|end| end == "yaml"));
        for spec in specs {
            let spec = spec.strip_prefix(examples()).expect("under the examples");
            let command = format!("$ breezeway check {}\n", spec.display());
            let (_, outcome) = text
                .split_once(&command)
                .unwrap_or_else(|| panic!("{} has no `{command}`", page.display()));
            let is_article = spec.to_string_lossy().ends_with("article.yaml");
            let is_corrected = !outcome.starts_with("? ");
            assert!(is_article || is_corrected, "{command}{outcome}");
        }
    }
}

#[test]
fn another_output_code_or_stream_makes_a_difference() {
    let scratch = Scratch::new("difference");
    let block = |body: &str| format!("words\n\n```console\n{body}```\n\nmore words\n");
    let right = block("$ echo out; echo talk >&2; exit 3\n? 3\nout\n2> talk\n");
    assert_eq!(played(&right, &scratch), right);
    for wrong in [
        "$ echo out; echo talk >&2; exit 3\nout\n2> talk\n",
        "$ echo out; echo talk >&2; exit 3\n? 3\nout\ntalk\n",
        "$ echo out; echo talk >&2; exit 3\n? 3\nanother\n2> talk\n",
        "$ echo out; echo talk >&2; exit 3\n",
    ] {
        let wrong = block(wrong);
        let played = played(&wrong, &scratch);
        assert_eq!(played, right);
        assert!(difference(&wrong, &played).is_some(), "{wrong}");
    }
    assert_eq!(difference(&right, &right), None);
}

fn crate_folder() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn examples() -> PathBuf {
    crate_folder().join("../../examples")
}

fn guide() -> PathBuf {
    crate_folder().join("../../docs/guide")
}

/// The paths in a folder.
fn paths(folder: &Path) -> impl Iterator<Item = PathBuf> + use<> {
    let entries = fs::read_dir(folder).expect("the folder exists");
    entries.map(|entry| entry.expect("readable").path())
}

/// The pages of the examples that follow articles.
fn pages() -> Vec<PathBuf> {
    let pages = paths(&examples()).map(|folder| folder.join("README.md"));
    pages.filter(|page| page.exists()).collect()
}

/// Path and text of every transcript.
fn transcripts() -> BTreeMap<PathBuf, String> {
    let texts = paths(&crate_folder().join("tests/cli"));
    let texts = texts.chain(paths(&guide()));
    let texts = texts.filter(|path| path.extension().is_some_and(|end| end == "md"));
    texts
        .chain(pages())
        .map(|path| {
            let text = fs::read_to_string(&path).expect("a transcript is UTF-8 text");
            (path, text)
        })
        .collect()
}

/// A folder that commands may write to as `$SCRATCH`; it goes with its owner.
struct Scratch {
    folder: PathBuf,
    /// Where commands are run.
    at: PathBuf,
}

impl Scratch {
    fn new(name: &str) -> Self {
        let name = format!("cli-{name}-{}", std::process::id());
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        fs::create_dir_all(&folder).expect("the scratch folder is made");
        Self {
            folder,
            at: examples(),
        }
    }

    fn become_a_clone(&mut self) {
        let examples = fs::canonicalize(examples()).expect("the examples are there");
        std::os::unix::fs::symlink(examples, self.folder.join("examples")).expect("it is linked");
        self.at = self.folder.clone();
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// The transcript as it comes out when its commands are run again.
fn played(written: &str, scratch: &Scratch) -> String {
    let mut lines = Vec::new();
    let mut fence: Option<&str> = None;
    for line in written.lines() {
        match fence {
            None => {
                fence = opening(line);
                lines.push(line.to_owned());
            }
            Some(open) if line == open => {
                fence = None;
                lines.push(line.to_owned());
            }
            Some(open) => {
                if let Some(command) = line.strip_prefix("$ ") {
                    lines.push(line.to_owned());
                    lines.extend(outcome(command, scratch, open));
                }
            }
        }
    }
    assert!(fence.is_none(), "a block is never closed");
    lines.push(String::new());
    lines.join("\n")
}

/// The backticks of a line that opens a block of commands.
fn opening(line: &str) -> Option<&str> {
    let fence = line.strip_suffix(LANGUAGE)?;
    let backticks = 3 <= fence.len() && fence.bytes().all(|byte| byte == b'`');
    backticks.then_some(fence)
}

/// What a command did, in the lines that follow it.
fn outcome(command: &str, scratch: &Scratch, fence: &str) -> Vec<String> {
    let output = run(command, scratch);
    let code = output.status.code().expect("the shell ends by itself");
    let mut lines = Vec::new();
    if code != 0 {
        lines.push(format!("? {code}"));
    }
    let stdout = text(output.stdout);
    for line in stdout.lines().map(str::trim_end) {
        let ambiguous =
            line == fence || ["$ ", "? ", "2>"].iter().any(|mark| line.starts_with(mark));
        assert!(!ambiguous, "a transcript cannot hold `{line}` of {command}");
        lines.push(line.to_owned());
    }
    let stderr = text(output.stderr);
    let marked = stderr.lines().map(|line| format!("2> {line}"));
    lines.extend(marked.map(|line| line.trim_end().to_owned()));
    lines
}

fn run(command: &str, scratch: &Scratch) -> Output {
    let binary = Path::new(env!("CARGO_BIN_EXE_breezeway"));
    let mut path: OsString = binary.parent().expect("the binary is in a folder").into();
    path.push(":");
    path.push(std::env::var_os("PATH").unwrap_or_default());
    let mut shell = Command::new("sh");
    shell
        .args(["-c", command])
        .current_dir(&scratch.at)
        .stdin(Stdio::null())
        .env_clear()
        .env("PATH", path)
        .env("SCRATCH", &scratch.folder)
        .env("NO_COLOR", "1")
        .env("COLUMNS", COLUMNS);
    shell.output().expect("`sh` starts")
}

fn text(output: Vec<u8>) -> String {
    String::from_utf8(output).expect("the command writes UTF-8")
}

/// Where and how a transcript came out differently, without what both have in common around it.
fn difference(written: &str, played: &str) -> Option<String> {
    let written: Vec<_> = written.lines().map(str::trim_end).collect();
    let played: Vec<_> = played.lines().collect();
    if written == played {
        return None;
    }
    let same = |pair: &(&&str, &&str)| pair.0 == pair.1;
    let n_before = written.iter().zip(&played).take_while(same).count();
    let (written, played) = (&written[n_before..], &played[n_before..]);
    let backwards = written.iter().rev().zip(played.iter().rev());
    let n_after = backwards.take_while(same).count();
    let lines = |mark: &str, lines: &[&str]| {
        let changed = &lines[..lines.len() - n_after];
        let marked = changed.iter().map(|line| format!("{mark}{line}\n"));
        marked.collect::<String>()
    };
    Some(format!(
        "{}\n{}{}",
        n_before + 1,
        lines("-", written),
        lines("+", played)
    ))
}
