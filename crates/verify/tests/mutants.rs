//! Mutated specs through reader, plan and checks: nothing panics, and every finding has a place
//! in the text.

use std::ops::Range;

use fastrand::Rng;

/// Mutants tried: what the project promises of its diagnostics.
const N_MUTANTS: u64 = 10_000;

/// Specs whose keys between them are most of what a spec can say.
const SPECS: [&str; 4] = [
    include_str!("../../../examples/shop/breezeway.yaml"),
    include_str!("../../../examples/broken/swapped-ports.yaml"),
    include_str!("../../../examples/broken/missing-return-route.yaml"),
    include_str!("../../../examples/broken/zone-too-wide.yaml"),
];

#[test]
fn ten_thousand_mutants_are_judged_without_a_panic() {
    let mut n_judged = 0;
    let mut n_findings = 0;
    for seed in 0..N_MUTANTS {
        let text = mutant(&mut Rng::with_seed(seed));
        let (spec, source, mut findings) = blueprint::read(&text);
        if let Some(spec) = spec {
            let (settled, planned) = plan::build(&spec);
            findings.extend(planned);
            let more = verify::check(&settled).beyond(&findings);
            findings.extend(more);
            n_judged += 1;
        }
        for finding in &findings {
            let places = std::iter::once(&finding.primary).chain(&finding.related);
            for place in places {
                let Range { start, end } = source.span(&place.at);
                let within = start <= end && end <= text.len();
                let cut = text.is_char_boundary(start) && text.is_char_boundary(end);
                assert!(
                    within && cut,
                    "seed {seed}: {} at {start}..{end}\n{text}",
                    finding.name
                );
            }
            assert!(!finding.title.is_empty(), "seed {seed}: {}", finding.name);
        }
        n_findings += findings.len();
    }
    assert!(
        N_MUTANTS / 4 < n_judged,
        "only {n_judged} mutants were whole enough to be planned"
    );
    assert!(1_000 < n_findings, "only {n_findings} findings");
}

/// A spec with one to three edits of a careless hand.
fn mutant(rng: &mut Rng) -> String {
    let mut text = SPECS[rng.usize(0..SPECS.len())].to_owned();
    for _ in 0..rng.usize(1..=3) {
        text = match rng.u8(0..4) {
            0 => with_lines(&text, rng),
            1 => with_other_word(&text, rng),
            2 => with_other_number(&text, rng),
            _ => with_other_character(&text, rng),
        };
    }
    text
}

/// Deletes, doubles or swaps lines.
fn with_lines(text: &str, rng: &mut Rng) -> String {
    let mut lines: Vec<&str> = text.lines().collect();
    let (one, other) = (rng.usize(0..lines.len()), rng.usize(0..lines.len()));
    match rng.u8(0..3) {
        0 => drop(lines.remove(one)),
        1 => lines.insert(other, lines[one]),
        _ => lines.swap(one, other),
    }
    lines.join("\n") + "\n"
}

/// Puts a word of the spec in the place of another.
fn with_other_word(text: &str, rng: &mut Rng) -> String {
    let is_word = |c: char| c.is_alphanumeric() || "-./_\"".contains(c);
    let words: Vec<&str> = text
        .split(|c| !is_word(c))
        .filter(|word| !word.is_empty())
        .collect();
    let (old, new) = (
        words[rng.usize(0..words.len())],
        words[rng.usize(0..words.len())],
    );
    text.replacen(old, new, 1)
}

/// Puts an awkward number in the place of a run of digits.
fn with_other_number(text: &str, rng: &mut Rng) -> String {
    let numbers = [
        "0",
        "1",
        "7",
        "31",
        "255",
        "9000",
        "65535",
        "65536",
        "-1",
        "99999999999",
    ];
    let digits: Vec<_> = text.match_indices(|c: char| c.is_ascii_digit()).collect();
    let (at, _) = digits[rng.usize(0..digits.len())];
    let tail = text[at..].trim_start_matches(|c: char| c.is_ascii_digit());
    format!(
        "{}{}{tail}",
        &text[..at],
        numbers[rng.usize(0..numbers.len())]
    )
}

/// Puts a character that means something in YAML in the place of another, or nothing.
fn with_other_character(text: &str, rng: &mut Rng) -> String {
    let characters = [
        "", ":", "-", "{", "}", "[", "]", "\"", "#", "\t", "\n", "é", "&a", "*a",
    ];
    let at: Vec<_> = text.char_indices().collect();
    let (start, old) = at[rng.usize(0..at.len())];
    let new = characters[rng.usize(0..characters.len())];
    format!("{}{new}{}", &text[..start], &text[start + old.len_utf8()..])
}
