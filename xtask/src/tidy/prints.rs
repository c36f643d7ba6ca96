//! Only `breezeway` speaks: the lints that forbid printing are lifted there alone, and nobody
//! else writes to the standard streams by another way. A program of tests may report on standard
//! output.

use super::{Fault, words};
use crate::repo::File;

/// Who speaks to a person; the rest returns what is to be said.
const SPEAKERS: [&str; 2] = ["breezeway", "xtask"];

/// Lints whose name in an attribute means that they are lifted.
const LINTS: [&str; 4] = ["dbg_macro", "exit", "print_stderr", "print_stdout"];

/// The lint that a program of tests may lift, to say what it skipped and what it met.
const REPORT: &str = "print_stdout";

/// Ways to the standard streams that those lints do not see.
const STREAMS: [&str; 2] = ["io::stdout()", "io::stderr()"];

/// Emptying a stream's buffer writes nothing new, and must be done before a fork.
const FLUSHES: [&str; 2] = ["io::stdout().flush()", "io::stderr().flush()"];

pub(super) fn check(files: &[File]) -> Vec<Fault> {
    let silent = files.iter().filter(|file| {
        file.is_rust() && file.package().is_some_and(|name| !SPEAKERS.contains(&name))
    });
    silent
        .flat_map(|file| lifted(file).into_iter().chain(written(file)))
        .collect()
}

fn lifted(file: &File) -> Vec<Fault> {
    let words = words::of(&file.text);
    let lints = words
        .windows(2)
        .filter(|pair| pair[0].text == "clippy" && LINTS.contains(&pair[1].text.as_str()));
    let is_test = file.path.contains("/tests/");
    lints
        .filter(|pair| !(is_test && pair[1].text == REPORT))
        .map(|pair| {
            let message = format!("`clippy::{}` is lifted outside `breezeway`", pair[1].text);
            Fault::new(&file.path, pair[1].line, message)
        })
        .collect()
}

/// Tests may write there.
fn written(file: &File) -> Vec<Fault> {
    if !file.path.contains("/src/") {
        return Vec::new();
    }
    let lines = file.text.lines().enumerate();
    lines
        .take_while(|(_, line)| line.trim() != "#[cfg(test)]")
        .filter(|(_, line)| !line.trim_start().starts_with("//"))
        .filter(|(_, line)| !FLUSHES.iter().any(|flush| line.contains(flush)))
        .filter_map(|(index, line)| {
            let stream = STREAMS.iter().find(|stream| line.contains(**stream))?;
            let message = format!("`{stream}` outside `breezeway`");
            Some(Fault::new(&file.path, index + 1, message))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::testing::{files, told};
    use super::*;

    const SOURCE: &str = "//! M.\n#![expect(clippy::print_stdout, reason = \"r\")]\n\
                          // io::stdout() in prose\nfn f() { std::io::stderr().lock(); }\n\
                          fn g() { std::io::stderr().flush(); }\n\
                          #[cfg(test)]\nmod tests { fn h() { std::io::stderr().lock(); } }\n";

    #[test]
    fn a_test_reports_on_stdout_alone() {
        let lifting = |lint: &str| format!("//! M.\n#![expect(clippy::{lint}, reason = \"r\")]\n");
        let (out, errors) = (lifting("print_stdout"), lifting("print_stderr"));
        let files = files([
            ("crates/lab/tests/a.rs", out.as_str()),
            ("crates/lab/tests/b.rs", errors.as_str()),
        ]);
        assert_eq!(
            told(check(&files)),
            ["crates/lab/tests/b.rs:2: `clippy::print_stderr` is lifted outside `breezeway`"]
        );
    }

    #[test]
    fn one_voice() {
        let files = files([
            ("crates/breezeway/src/main.rs", SOURCE),
            ("crates/lab/src/lib.rs", SOURCE),
        ]);
        assert_eq!(
            told(check(&files)),
            [
                "crates/lab/src/lib.rs:2: `clippy::print_stdout` is lifted outside `breezeway`",
                "crates/lab/src/lib.rs:4: `io::stderr()` outside `breezeway`",
            ]
        );
    }
}
