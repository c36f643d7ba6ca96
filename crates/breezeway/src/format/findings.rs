//! Findings for people: drawn into the spec, or one line each.

use std::ops::Range;

use annotate_snippets::{AnnotationKind, Group, Level as Mark, Renderer, Snippet};
use blueprint::diagnostic::{At, Diagnostic, Level, Location, Trace};
use blueprint::source::Source;

use super::columns::columns;

/// Columns a drawing keeps to where its words can be broken: two terminals side by side.
const WIDTH: usize = 100;

/// What the drawing puts before the words of `= note: `, gutter excepted.
const MESSAGE_INDENT: usize = 4;

/// Draws findings into the lines of the spec they speak of, in the order of their places.
pub fn draw(findings: &[Diagnostic], source: &Source, file: &str, colour: bool) -> String {
    let renderer = if colour {
        Renderer::styled().hyperlink(false)
    } else {
        Renderer::plain()
    };
    let renderer = renderer.term_width(WIDTH);
    let drawings: Vec<String> = by_place(findings, source)
        .into_iter()
        .map(|finding| without_trailing_spaces(&one(finding, source, file, &renderer)))
        .collect();
    drawings.join("\n")
}

/// Findings in one line each: `file:line:column: error[name] title`.
pub fn concise(findings: &[Diagnostic], source: &Source, file: &str) -> String {
    let line = |finding: &&Diagnostic| {
        let start = source.span(&finding.primary.at).start;
        let (line, column) = source.line_and_column(start);
        let level = level_word(finding.level);
        let title = finding.title.replace(char::is_control, " ");
        format!(
            "{file}:{line}:{column}: {level}[{}] {title}\n",
            finding.name
        )
    };
    by_place(findings, source).iter().map(line).collect()
}

/// A trace by itself: its title, its hops in columns, its verdict.
pub fn trace(trace: &Trace) -> String {
    format!(
        "{}\n{}verdict: {}\n",
        trace.title,
        hops(trace),
        trace.verdict
    )
}

/// The word for a level.
pub(super) fn level_word(level: Level) -> &'static str {
    match level {
        Level::Error => "error",
        Level::Warning => "warning",
    }
}

/// Findings in the order of their primary places; those at one place keep their order.
pub(super) fn by_place<'f>(findings: &'f [Diagnostic], source: &Source) -> Vec<&'f Diagnostic> {
    let mut sorted: Vec<&Diagnostic> = findings.iter().collect();
    sorted.sort_by_key(|finding| source.span(&finding.primary.at).start);
    sorted
}

fn one(finding: &Diagnostic, source: &Source, file: &str, renderer: &Renderer) -> String {
    let mark = match finding.level {
        Level::Error => Mark::ERROR,
        Level::Warning => Mark::WARNING,
    };
    let title = mark.primary_title(finding.title.as_str()).id(finding.name);
    let messages = messages(finding, gutter(finding, source));
    let messages = messages
        .into_iter()
        .map(|(name, text)| Mark::NOTE.with_name(name).message(text));
    let group: Group<'_> = title
        .element(snippet(finding, source, file))
        .elements(messages);
    let mut drawing = renderer.render(&[group]);
    drawing.push('\n');
    drawing
}

fn snippet<'a>(
    finding: &'a Diagnostic,
    source: &'a Source,
    file: &'a str,
) -> Snippet<'a, annotate_snippets::Annotation<'a>> {
    let shown = Shown::new(source);
    let related = finding.related.iter().map(|location| {
        let span = shown.first_line(&location.at);
        labelled(AnnotationKind::Context.span(span), location)
    });
    let primary = AnnotationKind::Primary.span(shown.first_line(&finding.primary.at));
    Snippet::source(shown.text)
        .path(file)
        .annotation(labelled(primary, &finding.primary))
        .annotations(related)
}

fn labelled<'a>(
    annotation: annotate_snippets::Annotation<'a>,
    location: &'a Location,
) -> annotate_snippets::Annotation<'a> {
    if location.label.is_empty() {
        annotation
    } else {
        annotation.label(location.label.as_str())
    }
}

/// The text as it is drawn: a byte order mark would shift the columns of its line.
struct Shown<'s> {
    source: &'s Source,
    text: &'s str,
    skipped: usize,
}

impl<'s> Shown<'s> {
    fn new(source: &'s Source) -> Self {
        let text = source.text().trim_start_matches('\u{feff}');
        let skipped = source.text().len() - text.len();
        Self {
            source,
            text,
            skipped,
        }
    }

    /// A place, cut at the end of its first line: a frame round a whole block says less than
    /// its first words.
    fn first_line(&self, at: &At) -> Range<usize> {
        let span = self.source.span(at);
        let start = span.start.saturating_sub(self.skipped).min(self.text.len());
        let end = span.end.saturating_sub(self.skipped).min(self.text.len());
        let covered = self.text.get(start..end).unwrap_or_default();
        let line = covered.lines().next().unwrap_or_default().trim_end();
        start..start + line.len()
    }
}

/// What stands below the snippet: trace, verdict, notes, help.
fn messages(finding: &Diagnostic, gutter: usize) -> Vec<(&'static str, String)> {
    let mut messages = Vec::new();
    if let Some(trace) = &finding.trace {
        let hops = hops(trace);
        let hops: Vec<String> = hops.lines().map(|hop| format!("  {hop}")).collect();
        messages.push(("trace", format!("{}\n{}", trace.title, hops.join("\n"))));
        messages.push(("verdict", trace.verdict.clone()));
    }
    messages.extend(finding.notes.iter().map(|note| ("note", note.clone())));
    messages.extend(finding.help.iter().map(|help| ("help", help.clone())));
    messages
        .into_iter()
        .map(|(name, text)| {
            let indent = gutter + MESSAGE_INDENT + name.len();
            let text = if name == "trace" {
                text
            } else {
                wrapped(&text, WIDTH.saturating_sub(indent))
            };
            (name, text)
        })
        .collect()
}

/// Digits of the largest line number that is drawn, and the space after it.
fn gutter(finding: &Diagnostic, source: &Source) -> usize {
    let places = std::iter::once(&finding.primary).chain(&finding.related);
    let largest = places
        .map(|location| source.line_and_column(source.span(&location.at).start).0)
        .max();
    largest.unwrap_or(1).to_string().len() + 1
}

fn hops(trace: &Trace) -> String {
    let rows: Vec<Vec<String>> = trace
        .hops
        .iter()
        .enumerate()
        .map(|(index, hop)| {
            vec![
                (index + 1).to_string(),
                hop.step.to_owned(),
                hop.detail.clone(),
                hop.outcome.to_owned(),
            ]
        })
        .collect();
    columns(&rows)
}

/// Breaks text between words, which are never broken themselves.
fn wrapped(text: &str, width: usize) -> String {
    let mut lines = vec![String::new()];
    for word in text.split(' ') {
        let Some(line) = lines.last_mut() else {
            continue;
        };
        if !line.is_empty() && width < line.chars().count() + 1 + word.chars().count() {
            lines.push(word.to_owned());
            continue;
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    lines.join("\n")
}

fn without_trailing_spaces(drawing: &str) -> String {
    drawing
        .lines()
        .map(|line| format!("{}\n", line.trim_end()))
        .collect()
}

#[cfg(test)]
mod tests {
    use blueprint::diagnostic::Hop;
    use blueprint::key::SpecKey;

    use super::*;

    const SPEC: &str = "\
clients:
  checkout: { vpc: shop, cluster: orders }
connections:
  - from: shop
    to: orders
    via: privatelink
    cross_zone: false
";

    fn key(connection: usize, key: &str) -> At {
        let root = SpecKey::root();
        At::Value(root.key("connections").index(connection).key(key))
    }

    fn drawn(text: &str, finding: Diagnostic) -> String {
        let (source, _) = Source::parse(text);
        draw(&[finding], &source, "breezeway.yaml", false)
    }

    fn check(text: &str, finding: Diagnostic, expected: &str) {
        let drawing = drawn(text, finding);
        assert_eq!(drawing, expected, "\n{drawing}");
    }

    #[test]
    fn related_places_trace_notes_and_help_stand_in_order() {
        let hop = |step, detail: &str, outcome| Hop {
            step,
            detail: detail.to_owned(),
            outcome,
        };
        let finding = Diagnostic::error(
            "cross-zone-off",
            "a balancer node has no target for a broker in another zone",
            key(0, "via"),
        )
        .label("`shop` enters in euc1-az1; broker 3 lives in euc1-az3")
        .related(
            key(0, "cross_zone"),
            "each node serves its own zone's targets only",
        )
        .trace(Trace {
            title: "checkout/euc1-az1 → b-3.orders.internal:9003".to_owned(),
            hops: vec![
                hop("name", "b-3.orders.internal → 10.0.1.23", "ok"),
                hop("load balancer", "listener 9003, node euc1-az1", "ok"),
                hop("target", "broker 3 is in euc1-az3", "missing"),
            ],
            verdict: "no-target at orders-nlb/euc1-az1".to_owned(),
        })
        .note("one of two addresses answers; a client that tries every address gets in after its connect time-out")
        .help("drop `cross_zone: false`");
        check(
            SPEC,
            finding,
            "\
error[cross-zone-off]: a balancer node has no target for a broker in another zone
 --> breezeway.yaml:6:10
  |
6 |     via: privatelink
  |          ^^^^^^^^^^^ `shop` enters in euc1-az1; broker 3 lives in euc1-az3
7 |     cross_zone: false
  |                 ----- each node serves its own zone's targets only
  |
  = trace: checkout/euc1-az1 → b-3.orders.internal:9003
             1  name           b-3.orders.internal → 10.0.1.23  ok
             2  load balancer  listener 9003, node euc1-az1     ok
             3  target         broker 3 is in euc1-az3          missing
  = verdict: no-target at orders-nlb/euc1-az1
  = note: one of two addresses answers; a client that tries every address gets in after its connect
          time-out
  = help: drop `cross_zone: false`
",
        );
    }

    #[test]
    fn a_block_is_drawn_by_its_first_line() {
        let connection = At::Value(SpecKey::root().key("connections").index(0));
        let finding = Diagnostic::warning("idle-key", "nobody uses this connection", connection);
        check(
            SPEC,
            finding,
            "\
warning[idle-key]: nobody uses this connection
 --> breezeway.yaml:4:5
  |
4 |   - from: shop
  |     ^^^^^^^^^^
",
        );
    }

    #[test]
    fn a_key_that_is_not_written_falls_back_to_the_one_above() {
        let finding = Diagnostic::error("missing-key", "no ports are given", key(0, "ports"))
            .label("`ports` is missing");
        check(
            "connections:\n  - { from: shop }\n",
            finding,
            "\
error[missing-key]: no ports are given
 --> breezeway.yaml:2:5
  |
2 |   - { from: shop }
  |     ^^^^^^^^^^^^^^ `ports` is missing
",
        );
    }

    #[test]
    fn marks_carriage_returns_and_ends_of_file_are_drawn() {
        let cases = [
            (
                "\u{feff}name: x\r\n",
                At::Bytes(9, 10),
                "1:7",
                "1 | name: x",
                "      ^",
            ),
            (
                "name: x\r\nregion: y\r\n",
                At::Bytes(17, 18),
                "2:9",
                "2 | region: y",
                "        ^",
            ),
            ("", At::Bytes(0, 0), "1:1", "1 |", "^"),
            ("a: b\n", At::Bytes(99, 99), "1:5", "1 | a: b", "    ^"),
            (
                "näme: ü\n",
                At::Bytes(7, 9),
                "1:7",
                "1 | näme: ü",
                "      ^",
            ),
        ];
        for (text, at, place, line, carets) in cases {
            let drawing = drawn(text, Diagnostic::error("bad-yaml", "a fault", at));
            let lines: Vec<&str> = drawing.lines().collect();
            assert_eq!(
                lines[1],
                format!(" --> breezeway.yaml:{place}"),
                "{drawing}"
            );
            assert_eq!(lines[3], line, "{drawing}");
            assert_eq!(lines[4], format!("  | {carets}"), "{drawing}");
        }
    }

    #[test]
    fn every_place_of_an_awkward_text_can_be_drawn() {
        let text = "\u{feff}a:\tü\r\n\rb\u{200b}: 👩‍👧 \u{7}\u{202e}\n\n  - ~\n\t";
        let (source, _) = Source::parse(text);
        for start in 0..=text.len() + 1 {
            for end in start..=text.len() + 1 {
                let finding = Diagnostic::error("a-fault", "a title", At::Bytes(start, end))
                    .related(At::Bytes(end, start), "why");
                let drawing = draw(&[finding], &source, "breezeway.yaml", false);
                assert!(drawing.contains('^'), "{start}..{end}: {drawing}");
                assert!(!drawing.contains('\u{202e}'), "{start}..{end}: {drawing}");
            }
        }
    }

    #[test]
    fn findings_are_drawn_in_the_order_of_their_places() {
        let (source, _) = Source::parse(SPEC);
        let findings = [
            Diagnostic::warning("second", "the other", key(0, "via")),
            Diagnostic::error("first", "the one", key(0, "from")),
            Diagnostic::error("third", "the same place", key(0, "via")),
        ];
        assert_eq!(
            concise(&findings, &source, "breezeway.yaml"),
            "\
breezeway.yaml:4:11: error[first] the one
breezeway.yaml:6:10: warning[second] the other
breezeway.yaml:6:10: error[third] the same place
"
        );
    }

    #[test]
    fn colour_adds_nothing_but_colour() {
        let (source, _) = Source::parse(SPEC);
        let finding = [Diagnostic::error("a-fault", "a title", key(0, "via"))
            .label("a label")
            .help("an edit")];
        let coloured = draw(&finding, &source, "breezeway.yaml", true);
        assert!(coloured.contains('\u{1b}'));
        let mut plain = String::new();
        for (index, part) in coloured.split('\u{1b}').enumerate() {
            let text = part.split_once('m').filter(|_| 0 < index);
            plain.push_str(text.map_or(part, |(_, text)| text));
        }
        let plain: String = plain
            .lines()
            .map(|l| format!("{}\n", l.trim_end()))
            .collect();
        assert_eq!(plain, draw(&finding, &source, "breezeway.yaml", false));
    }

    #[test]
    fn words_are_wrapped_between_spaces() {
        assert_eq!(wrapped("one two three", 7), "one two\nthree");
        assert_eq!(wrapped("incomprehensible one", 7), "incomprehensible\none");
        assert_eq!(wrapped("", 7), "");
    }
}
