//! Ten thousand damaged specs: nothing panics, and every finding has a title and a place.

use blueprint::diagnostic::Diagnostic;
use blueprint::source::Source;
use fastrand::Rng;

const SPECS: [&str; 3] = [
    include_str!("specs/shop.yaml"),
    include_str!("specs/estate.yaml"),
    include_str!("specs/reach.yaml"),
];

/// Mutations per run: the number, three seconds of an unoptimized build.
const N_MUTATIONS: u64 = 10_000;

/// Most damages done to one spec: more leave nothing that parses.
const MAX_DAMAGES: usize = 4;

/// What a piece of a spec may be replaced with.
const TOKENS: [&str; 28] = [
    "",
    "~",
    "null",
    "[]",
    "{}",
    "-1",
    "0",
    "3.9",
    "65536",
    "99999999999999999999",
    "yes",
    "a: b",
    "[[",
    "}",
    "'",
    "\"",
    "\t",
    "\0",
    "\u{feff}",
    "é",
    "&a",
    "*a",
    "<<",
    "!!int",
    "---",
    "...",
    "10.0.0.0/33",
    "orders",
];

#[test]
fn damaged_specs_are_judged_without_panic() {
    let mut n_with_spec = 0;
    let mut n_findings = 0;
    for seed in 0..N_MUTATIONS {
        let mut rng = Rng::with_seed(seed);
        let mut bytes = SPECS[rng.usize(..SPECS.len())].as_bytes().to_vec();
        for _ in 0..rng.usize(1..=MAX_DAMAGES) {
            bytes = damage(&bytes, &mut rng);
        }
        let text = String::from_utf8_lossy(&bytes);
        let (spec, source, findings) = blueprint::read(&text);
        n_with_spec += usize::from(spec.is_some());
        n_findings += findings.len();
        for finding in &findings {
            judge(finding, &source, seed);
        }
    }
    assert!(2_000 < n_with_spec, "only {n_with_spec} could be read on");
    assert!(10_000 < n_findings, "only {n_findings} findings");
}

fn judge(finding: &Diagnostic, source: &Source, seed: u64) {
    assert!(!finding.title.is_empty(), "seed {seed}: {finding:?}");
    assert!(finding.help.is_some(), "seed {seed}: {finding:?}");
    let known = blueprint::faults()
        .iter()
        .any(|(name, _)| *name == finding.name);
    assert!(known, "seed {seed}: {finding:?}");
    for location in std::iter::once(&finding.primary).chain(&finding.related) {
        let span = source.span(&location.at);
        assert!(
            source.text().get(span).is_some(),
            "seed {seed}: {finding:?}"
        );
        assert!(!location.label.is_empty(), "seed {seed}: {finding:?}");
    }
}

fn damage(bytes: &[u8], rng: &mut Rng) -> Vec<u8> {
    match rng.u8(..6) {
        0 => flip(bytes, rng),
        1 => cut(bytes, rng),
        2 => replace_token(bytes, rng),
        3 => on_lines(bytes, rng, |lines, a, _| {
            lines.remove(a);
        }),
        4 => on_lines(bytes, rng, |lines, a, b| lines.insert(b, lines[a])),
        _ => on_lines(bytes, rng, |lines, a, b| lines.swap(a, b)),
    }
}

fn flip(bytes: &[u8], rng: &mut Rng) -> Vec<u8> {
    let mut damaged = bytes.to_vec();
    if let Some(byte) = rng.choice(&mut damaged) {
        *byte ^= 1 << rng.u8(..8);
    }
    damaged
}

fn cut(bytes: &[u8], rng: &mut Rng) -> Vec<u8> {
    let start = rng.usize(..=bytes.len());
    let end = (start + rng.usize(..20)).min(bytes.len());
    [&bytes[..start], &bytes[end..]].concat()
}

/// Replaces one run of letters, digits, dots and dashes.
fn replace_token(bytes: &[u8], rng: &mut Rng) -> Vec<u8> {
    let in_token = |byte: &u8| byte.is_ascii_alphanumeric() || b".-_/".contains(byte);
    let from = rng.usize(..=bytes.len());
    let Some(start) = bytes[from..].iter().position(in_token) else {
        return bytes.to_vec();
    };
    let start = from + start;
    let length = bytes[start..]
        .iter()
        .take_while(|byte| in_token(byte))
        .count();
    let token = TOKENS[rng.usize(..TOKENS.len())];
    [&bytes[..start], token.as_bytes(), &bytes[start + length..]].concat()
}

fn on_lines(
    bytes: &[u8],
    rng: &mut Rng,
    change: impl Fn(&mut Vec<&[u8]>, usize, usize),
) -> Vec<u8> {
    let mut lines: Vec<&[u8]> = bytes.split_inclusive(|byte| *byte == b'\n').collect();
    if !lines.is_empty() {
        let (a, b) = (rng.usize(..lines.len()), rng.usize(..lines.len()));
        change(&mut lines, a, b);
    }
    lines.concat()
}
