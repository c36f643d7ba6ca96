//! Where words go: data to stdout, talk to stderr, colour only where it is wanted.

use std::io::{IsTerminal, Write};

use anyhow::Context;

use crate::hints;

/// Writes data, such as a table or a finding, to stdout; nothing at all if there is none. A reader
/// that went away is no error.
///
/// # Errors
/// When stdout takes nothing, as on a full disk.
pub(crate) fn data(text: &str) -> anyhow::Result<()> {
    if text.is_empty() {
        return Ok(());
    }
    let mut out = std::io::stdout().lock();
    let written = writeln!(out, "{}", text.trim_end_matches('\n')).and_then(|()| out.flush());
    match written {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
            Err(error).context("could not write to stdout")
        }
        Ok(()) | Err(_) => Ok(()),
    }
}

/// Writes talk, such as progress, to stderr.
pub(crate) fn talk(text: &str) {
    let _ = writeln!(std::io::stderr().lock(), "{}", text.trim_end_matches('\n'));
}

/// Whether findings on stdout are drawn in colour.
pub(crate) fn colour() -> bool {
    std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
        && std::io::stdout().is_terminal()
}

/// Writes a failure: what could not be done, its causes, and a hint if one is known.
pub(crate) fn failure(error: &anyhow::Error) {
    let mut text = format!("error: {error}");
    for cause in error.chain().skip(1) {
        text.push_str(&format!("\n  caused by: {cause}"));
    }
    if let Some(hint) = hints::of(error) {
        text.push_str(&format!("\n\nhint: {hint}"));
    }
    talk(&text);
}

/// Says that the fault is ours: version, arguments without their values, what happened.
pub(crate) fn bug(what: &str) {
    let flags = std::env::args().skip(1).map(|argument| {
        if argument.starts_with('-') {
            argument.split('=').next().unwrap_or_default().to_owned()
        } else {
            "…".to_owned()
        }
    });
    talk(&format!(
        "bug: breezeway {} failed in a way it never should\n  {what}\n  arguments: {}\n\nhint: please report these lines; nothing was sent",
        env!("CARGO_PKG_VERSION"),
        flags.collect::<Vec<_>>().join(" ")
    ));
}
