//! Suppression comments: what each takes out, and what is said of one that is wrong.

use blueprint::diagnostic::{At, Diagnostic};
use blueprint::key::SpecKey;
use blueprint::source::Source;
use blueprint::suppression::{MAX_SUPPRESSIONS, Sifted, Suppressions};

const SHOP: &str = include_str!("specs/shop.yaml");

const KNOWN: [&str; 4] = [
    "cross-zone-off",
    "mismatched-zones",
    "public-range",
    "bad-cidr",
];

/// The spec's own error in [`outcome`], which stands at `a`.
const OWN_ERROR: &str = "bad-cidr";

/// Reads the comments and sifts three findings: `cross-zone-off` at `via`, `mismatched-zones` at
/// `zones`, where the text has these keys, and a `bad-cidr` of the spec at `a`.
fn sift(text: &str, complete: bool) -> (Source, Sifted) {
    let (source, _) = Source::parse(text);
    let (suppressions, faults) = Suppressions::read(&source, &KNOWN);
    let error = |name, key: &str| {
        let at = At::Value(SpecKey::root().key(key));
        let written = text.contains(&format!("{key}:"));
        written.then(|| Diagnostic::error(name, "a title", at))
    };
    let findings = [
        error("cross-zone-off", "via"),
        error("mismatched-zones", "zones"),
    ];
    let own: Vec<_> = error(OWN_ERROR, "a").into_iter().collect();
    let findings = findings.into_iter().flatten().collect();
    let mut sifted = suppressions.sift(&source, findings, &own, complete);
    sifted.left.splice(0..0, faults);
    (source, sifted)
}

/// What is left, as `line:column name: title (see line:column) => help`, and what was taken out,
/// as `line:column name -- reason`.
fn outcome(text: &str) -> String {
    outcome_of(text, true)
}

fn outcome_of(text: &str, complete: bool) -> String {
    let (source, sifted) = sift(text, complete);
    let place = |at: &At| {
        let (line, column) = source.line_and_column(source.span(at).start);
        format!("{line}:{column}")
    };
    let left = sifted.left.iter().map(|finding| {
        let at = place(&finding.primary.at);
        let related = finding.related.iter();
        let related: String = related
            .map(|r| format!(" (see {})", place(&r.at)))
            .collect();
        let help = finding.help.iter().map(|help| format!(" => {help}"));
        let help: String = help.collect();
        format!("{at} {}: {}{related}{help}", finding.name, finding.title)
    });
    let suppressed = sifted.suppressed.iter().map(|suppressed| {
        let at = place(&suppressed.finding.primary.at);
        assert!(source.text()[suppressed.comment.clone()].starts_with("# "));
        format!("{at} {} -- {}", suppressed.finding.name, suppressed.reason)
    });
    left.chain(suppressed).collect::<Vec<_>>().join("\n")
}

#[test]
fn a_comment_allows_findings_of_its_line_or_the_next() {
    for text in [
        "via: x # breezeway: allow cross-zone-off -- a reason\n",
        "# breezeway: allow cross-zone-off -- a reason\nvia: x\n",
        "# breezeway:allow cross-zone-off --a reason  \nvia: x",
        "# words\n  # breezeway: allow cross-zone-off -- a reason\n# more\r\nvia: x\r\n",
        "\u{feff}# breezeway: allow cross-zone-off -- a reason\nvia: x\n",
        "{ via: x } # breezeway: allow cross-zone-off -- a reason",
        "{\n  via: x, # breezeway: allow cross-zone-off -- a reason\n}",
        "via:\n  # breezeway: allow cross-zone-off -- a reason\n  - x\n",
        "via: # breezeway: allow cross-zone-off -- a reason\n",
    ] {
        let (_, sifted) = sift(text, true);
        assert_eq!(sifted.left, [], "{text}");
        let reasons: Vec<_> = sifted
            .suppressed
            .iter()
            .map(|s| s.reason.as_str())
            .collect();
        assert_eq!(reasons, ["a reason"], "{text}");
    }
}

#[test]
fn several_names_and_several_comments_may_meet() {
    let text = "\
# breezeway: allow cross-zone-off -- the first
# breezeway: allow mismatched-zones, cross-zone-off -- the second -- and more
{ via: x, zones: y }
";
    assert_eq!(
        outcome(text),
        "3:8 cross-zone-off -- the first\n3:18 mismatched-zones -- the second -- and more"
    );
}

#[test]
fn what_is_no_comment_allows_nothing() {
    for text in [
        "via: 'x # breezeway: allow cross-zone-off -- a reason'\n",
        "via: \"x # breezeway: allow cross-zone-off -- a reason\"\n",
        "via: x# breezeway: allow cross-zone-off -- a reason\n",
        "via: |\n  # breezeway: allow cross-zone-off -- a reason\n  x\n",
        "via: >-\n  x # breezeway: allow cross-zone-off -- a reason\n",
    ] {
        let (_, sifted) = sift(text, true);
        assert_eq!(sifted.suppressed, [], "{text}");
        let left: Vec<_> = sifted.left.iter().map(|finding| finding.name).collect();
        assert_eq!(left, ["cross-zone-off"], "{text}");
    }
}

#[test]
fn a_comment_that_allows_nothing_is_told() {
    let cases = [
        (
            "via: x\nb: y # breezeway: allow cross-zone-off -- why\n",
            "1:6 cross-zone-off: a title\n2:25 unused-suppression: nothing here is `cross-zone-off` (see 1:6) => put the comment at the end of line 1, or above it",
        ),
        (
            "# breezeway: allow cross-zone-off -- why\n\nvia: x\n",
            "3:6 cross-zone-off: a title\n1:20 unused-suppression: nothing here is `cross-zone-off` (see 3:6) => put the comment at the end of line 3, or above it",
        ),
        (
            "b: y # breezeway: allow cross-zone-off -- why\nc: d\n",
            "1:25 unused-suppression: nothing here is `cross-zone-off` => remove `cross-zone-off`",
        ),
        (
            "via: x # breezeway: allow cross-zone-off,public-range -- why\n",
            "1:42 unused-suppression: nothing here is `public-range` => remove `public-range`\n1:6 cross-zone-off -- why",
        ),
        (
            "a: 1 # breezeway: allow bad-cidr -- why\n",
            "1:25 unused-suppression: `bad-cidr` is an error of the spec and cannot be allowed => mend the error and remove the comment",
        ),
        (
            "b: y\n# breezeway: allow cross-zone-off -- why",
            "2:20 unused-suppression: nothing here is `cross-zone-off` => remove `cross-zone-off`",
        ),
    ];
    for (text, expected) in cases {
        assert_eq!(outcome(text), expected, "{text}");
    }
}

#[test]
fn where_not_all_was_found_unused_comments_are_left_in_peace() {
    let text = "b: y # breezeway: allow cross-zone-off -- why\n";
    assert_eq!(outcome_of(text, false), "");
    let text = "a: 1 # breezeway: allow bad-cidr -- why\n";
    assert!(outcome_of(text, false).contains("cannot be allowed"));
}

#[test]
fn what_is_wrong_with_a_comment_is_told_and_it_is_not_obeyed() {
    let left = "1:6 cross-zone-off: a title";
    let cases = [
        (
            "allow cross-zone-off",
            "1:8 unreasoned-suppression: a finding is to be allowed without a reason => say why: `# breezeway: allow cross-zone-off -- REASON`",
        ),
        (
            "allow cross-zone-off --  ",
            "1:8 unreasoned-suppression: a finding is to be allowed without a reason => say why: `# breezeway: allow cross-zone-off -- REASON`",
        ),
        (
            "allow cross-zone-off -- ?!",
            "1:8 unreasoned-suppression: a finding is to be allowed without a reason => say why: `# breezeway: allow cross-zone-off -- REASON`",
        ),
        (
            "allow crosszone-of -- why",
            "1:27 unknown-check: no finding is called `crosszone-of` => write `cross-zone-off`",
        ),
        (
            "allow everything -- why",
            "1:27 unknown-check: no finding is called `everything` => `breezeway explain` lists all names",
        ),
        (
            "ignore cross-zone-off -- why",
            "1:8 malformed-suppression: a comment to Breezeway says `ignore`, which means nothing => write `# breezeway: allow NAME -- REASON`",
        ),
        (
            "",
            "1:8 malformed-suppression: a comment to Breezeway allows nothing => write `# breezeway: allow NAME -- REASON`",
        ),
        (
            "allow -- why",
            "1:8 malformed-suppression: a comment to Breezeway allows nothing => write `# breezeway: allow NAME -- REASON`",
        ),
    ];
    for (words, expected) in cases {
        let text = format!("via: x # breezeway: {words}\n");
        assert_eq!(outcome(&text), format!("{expected}\n{left}"), "{words}");
    }
}

#[test]
fn comments_of_the_house_are_told_by_their_first_word() {
    for text in [
        "# Breezeway: a network\nvia: x\n",
        "# about breezeway: allow nothing\nvia: x\n",
        "# yaml-language-server: $schema=breezeway.json\nvia: x\n",
    ] {
        assert_eq!(sift(text, true).1.left.len(), 1, "{text}");
    }
}

#[test]
fn a_good_name_counts_beside_an_unknown_one() {
    let text = "via: x # breezeway: allow cross-zone-off, cross-zone -- why\n";
    assert_eq!(
        outcome(text),
        "1:43 unknown-check: no finding is called `cross-zone` => write `cross-zone-off`\n1:6 cross-zone-off -- why"
    );
}

#[test]
fn comments_are_limited() {
    let line = "# breezeway: allow cross-zone-off -- why\n";
    let text = format!("{}via: x\n", line.repeat(MAX_SUPPRESSIONS + 1));
    let (_, sifted) = sift(&text, true);
    let names: Vec<_> = sifted.left.iter().map(|finding| finding.name).collect();
    assert_eq!(names, ["exceeded-limit"]);
    assert_eq!(sifted.suppressed.len(), 1);
}

#[test]
fn comments_change_nothing_that_is_read() {
    let commented: String = SHOP
        .lines()
        .map(|line| format!("# above\n{line} # behind\n\t # below\n"))
        .collect();
    let (spec, source, findings) = blueprint::read(&commented);
    assert_eq!(findings, []);
    assert_eq!(spec, blueprint::read(SHOP).0);
    assert!(3 * SHOP.lines().count() <= source.comments().len());
    for comment in source.comments() {
        assert_eq!(
            source.text()[comment.span.clone()],
            format!("#{}", comment.text)
        );
    }
}

#[test]
fn a_text_of_comments_alone_is_read_in_time() {
    let text = "#\n".repeat(blueprint::source::MAX_SPEC_BYTES / 2);
    let (source, findings) = Source::parse(&text);
    assert_eq!(
        (source.comments().len(), findings.len()),
        (text.len() / 2, 0)
    );
}

#[test]
fn a_comment_that_was_meant_for_us_is_not_passed_over() {
    for comment in [
        "# Breezeway: allow cross-zone-off -- why",
        "# breezeway allow cross-zone-off -- why",
        "# breezeway - allow cross-zone-off",
    ] {
        let (source, _) = Source::parse(&format!("name: x {comment}\n"));
        let (_, faults) = Suppressions::read(&source, &["cross-zone-off"]);
        let names: Vec<_> = faults.iter().map(|fault| fault.name).collect();
        assert_eq!(names, ["malformed-suppression"], "{comment}");
    }
    let (source, _) = Source::parse("name: x # Breezeway allows what it is told\n");
    let (_, faults) = Suppressions::read(&source, &["cross-zone-off"]);
    assert!(
        faults.is_empty(),
        "a sentence that begins alike: {faults:?}"
    );
}
