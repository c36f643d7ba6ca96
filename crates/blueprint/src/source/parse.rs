//! Builds the tree from parser events and refuses the forms of YAML that a spec does without:
//! anchors, aliases, merge keys, tags, directives, further documents.
#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "the parser's events are non-exhaustive; what is no node is refused"
)]

use std::ops::Range;

use granit_parser::{
    ErrorKind, Event, Parser, ScalarStyle, ScanError, Span, StrInput, StructureStyle, options,
};

use super::{Comment, Entry, Key, MAX_DEPTH, MAX_NODES, MAX_SPEC_BYTES, Node, Value};
use crate::diagnostic::{At, Diagnostic};

const BOM: &str = "\u{feff}";

/// Own words for the usual mistakes: the kind, what is wrong, and the edit that mends it.
const MISTAKES: [(ErrorKind, &str, &str); 8] = [
    (
        ErrorKind::InvalidColonPlacement,
        "a `:` where no value can start",
        "close the bracket above, or quote text that holds `: `",
    ),
    (
        ErrorKind::MappingValueNotAllowed,
        "a `:` where no value can start",
        "quote text that holds `: `, or give the key a line of its own with the right indentation",
    ),
    (
        ErrorKind::SimpleKeyExpected,
        "a key without `:`",
        "write `key: value`",
    ),
    (
        ErrorKind::InvalidIndentation,
        "this line's indentation fits no line above",
        "indent it as its neighbours",
    ),
    (
        ErrorKind::UnclosedQuotedScalar,
        "the quote is never closed",
        "close the quote",
    ),
    (
        ErrorKind::DirectiveDisallowed,
        "a YAML directive",
        "drop the line that starts with `%`",
    ),
    (
        ErrorKind::ExpectedFlowSequenceSeparator,
        "expected `,` or `]`",
        "close the list with `]`, or separate its items with `,`",
    ),
    (
        ErrorKind::ExpectedFlowMappingSeparator,
        "expected `,` or `}`",
        "close the mapping with `}`, or separate its keys with `,`",
    ),
];

/// Mistakes that a tab makes; the parser meets some of them lines before the tab.
const TABS: [ErrorKind; 5] = [
    ErrorKind::TabNotAllowed,
    ErrorKind::TabInBlockIndentation,
    ErrorKind::TabAtBlockScalarStart,
    ErrorKind::TabInIndentation,
    ErrorKind::TabInPlainScalar,
];

/// What was read of a text.
pub(super) struct Parsed {
    pub(super) root: Node,
    pub(super) comments: Vec<Comment>,
    pub(super) findings: Vec<Diagnostic>,
}

/// Reads a text that may be anything.
pub(super) fn parse(text: &str) -> Parsed {
    if let Some(finding) = unreadable(text) {
        return Parsed {
            root: refused(0..0),
            comments: Vec::new(),
            findings: vec![finding],
        };
    }
    let base = if text.starts_with(BOM) { BOM.len() } else { 0 };
    let mut builder = Builder::new(text, base);
    let root = builder.document().unwrap_or_else(|Stop| refused(0..0));
    Parsed {
        root,
        comments: builder.comments,
        findings: builder.findings,
    }
}

/// The file cannot be read on: the finding that says so was added.
struct Stop;

struct Builder<'t> {
    events: Parser<'t, StrInput<'t>>,
    text: &'t str,
    /// Bytes of the text that the parser does not see.
    base: usize,
    n_nodes: usize,
    /// Places of the brackets that are open.
    open: Vec<Range<usize>>,
    comments: Vec<Comment>,
    findings: Vec<Diagnostic>,
}

impl<'t> Builder<'t> {
    fn new(text: &'t str, base: usize) -> Self {
        let options = options! {
            disallow_directives: true,
            emit_unresolved_aliases: true,
            emit_anchor_events: true,
            emit_comments: true,
            max_buffered_comment_events: MAX_SPEC_BYTES,
            flow_nesting_limit: MAX_DEPTH,
            block_nesting_limit: MAX_DEPTH,
        };
        Self {
            events: Parser::new_from_str_with_options(&text[base..], options),
            text,
            base,
            n_nodes: 0,
            open: Vec::new(),
            comments: Vec::new(),
            findings: Vec::new(),
        }
    }

    fn document(&mut self) -> Result<Node, Stop> {
        let mut root = None;
        while let Some((event, span)) = self.next()? {
            match event {
                Event::StreamStart | Event::DocumentEnd => {}
                Event::DocumentStart(..) if root.is_some() => {
                    self.second_document(span);
                    break;
                }
                Event::DocumentStart(..) => {}
                Event::StreamEnd => break,
                event => root = Some(self.node(event, &span, 0)?),
            }
        }
        Ok(root.unwrap_or(Node {
            value: Value::Null,
            span: self.base..self.base,
        }))
    }

    /// The next event that is not metadata; comments are kept and anchors reported on the way.
    fn next(&mut self) -> Result<Option<(Event<'t>, Range<usize>)>, Stop> {
        loop {
            let (event, span) = match self.events.next() {
                None => return Ok(None),
                Some(Ok(event)) => event,
                Some(Err(error)) => return Err(self.broken(&error)),
            };
            let place = self.place(&span);
            if let Some(tag) = span.tag_span() {
                let tag = self.place(&tag);
                self.unsupported("tag", &tag, "drop the tag; every value is read by its text");
            }
            match event {
                Event::Anchor(..) => {
                    self.unsupported("anchor", &place, "drop the anchor and write the value out");
                }
                Event::Comment(text, _) => self.comments.push(Comment {
                    text: text.into_owned(),
                    span: place,
                }),
                other => return Ok(Some((other, place))),
            }
        }
    }

    fn node(&mut self, event: Event<'t>, span: &Range<usize>, depth: usize) -> Result<Node, Stop> {
        self.count(span, depth)?;
        Ok(match event {
            Event::Scalar(text, style, ..) => self.scalar(&text, style, span),
            Event::SequenceStart(style, ..) => self.list(style, span, depth)?,
            Event::MappingStart(style, ..) => self.map(style, span, depth)?,
            Event::Alias(_) | Event::UnresolvedAlias(_) => {
                self.unsupported("alias", span, "write the value out instead of the alias");
                refused(span.clone())
            }
            _ => refused(span.clone()),
        })
    }

    fn scalar(&self, text: &str, style: ScalarStyle, span: &Range<usize>) -> Node {
        let plain = style == ScalarStyle::Plain;
        let written = self.text.get(span.clone()).unwrap_or_default();
        let span = span.start..span.start + written.trim_end().len();
        let absent = plain && (span.is_empty() || ["~", "null", "Null", "NULL"].contains(&text));
        let value = if absent {
            Value::Null
        } else {
            Value::Scalar {
                text: text.to_owned(),
                quoted: !plain,
            }
        };
        Node { value, span }
    }

    fn list(
        &mut self,
        style: StructureStyle,
        start: &Range<usize>,
        depth: usize,
    ) -> Result<Node, Stop> {
        let mut items = Vec::new();
        let mut end = start.clone();
        self.enter(style, start);
        while let Some((event, span)) = self.next()? {
            if matches!(event, Event::SequenceEnd) {
                end = span;
                break;
            }
            items.push(self.node(event, &span, depth + 1)?);
        }
        self.leave(style);
        let spans = items.iter().map(|item| item.span.clone());
        let span = cover(style, start, &end, spans);
        let value = Value::List(items);
        Ok(Node { value, span })
    }

    fn map(
        &mut self,
        style: StructureStyle,
        start: &Range<usize>,
        depth: usize,
    ) -> Result<Node, Stop> {
        let mut entries = Vec::new();
        self.enter(style, start);
        let mut spans = Vec::new();
        let mut end = start.clone();
        while let Some((event, span)) = self.next()? {
            if matches!(event, Event::MappingEnd) {
                end = span;
                break;
            }
            let key = self.node(event, &span, depth + 1)?;
            let Some((event, span)) = self.next()? else {
                break;
            };
            let value = self.node(event, &span, depth + 1)?;
            spans.extend([key.span.clone(), value.span.clone()]);
            entries.extend(self.key(key).map(|key| Entry { key, value }));
        }
        self.leave(style);
        let span = cover(style, start, &end, spans.into_iter());
        let value = Value::Map(entries);
        Ok(Node { value, span })
    }

    fn enter(&mut self, style: StructureStyle, start: &Range<usize>) {
        if style == StructureStyle::Flow {
            self.open.push(start.clone());
        }
    }

    fn leave(&mut self, style: StructureStyle) {
        if style == StructureStyle::Flow {
            self.open.pop();
        }
    }

    fn key(&mut self, node: Node) -> Option<Key> {
        let span = node.span;
        match node.value {
            Value::Scalar {
                text,
                quoted: false,
            } if text == "<<" => {
                self.unsupported("merge key", &span, "write the merged keys out");
                None
            }
            Value::Scalar { text, .. } => Some(Key { text, span }),
            Value::Null => {
                self.unsupported("empty key", &span, "write `key: value`");
                None
            }
            Value::List(_) | Value::Map(_) => {
                let form = "list or mapping as a key";
                self.unsupported(form, &span, "use a plain word as the key");
                None
            }
            Value::Refused => None,
        }
    }

    fn count(&mut self, span: &Range<usize>, depth: usize) -> Result<(), Stop> {
        self.n_nodes += 1;
        let (title, label) = if MAX_NODES < self.n_nodes {
            let title = format!("the spec holds more than {MAX_NODES} values");
            (title, "the first one too many")
        } else if MAX_DEPTH < depth {
            (too_deep(), "too deep")
        } else {
            return Ok(());
        };
        self.findings.push(limit(title, span).label(label));
        Err(Stop)
    }

    fn unsupported(&mut self, form: &str, span: &Range<usize>, help: &str) {
        self.findings.push(
            Diagnostic::error(
                "unsupported-yaml",
                format!("a spec takes no {form}"),
                bytes(span),
            )
            .label(format!("{form} of YAML, not read"))
            .help(help),
        );
    }

    fn second_document(&mut self, span: Range<usize>) {
        let form = "second document";
        self.unsupported(form, &span, "keep one spec per file and drop this `---`");
    }

    fn broken(&mut self, error: &ScanError) -> Stop {
        let byte = error.marker().byte_offset().unwrap_or(0) + self.base;
        let span = near(self.text, byte);
        if *error.kind() == ErrorKind::RecursionLimitExceeded {
            self.findings
                .push(limit(too_deep(), &span).label("too deep"));
            return Stop;
        }
        if TABS.contains(error.kind()) {
            self.findings.push(tab(self.text, byte));
            return Stop;
        }
        let (label, help) = explain(error);
        let title = format!("invalid YAML: {label}");
        let mut finding = Diagnostic::error("bad-yaml", title, bytes(&span))
            .label("reading stops here")
            .help(help);
        if let Some(bracket) = self.open.last().filter(|open| **open != span) {
            finding = finding.related(bytes(bracket), "this bracket is still open");
        }
        self.findings.push(finding);
        Stop
    }

    fn place(&self, span: &Span) -> Range<usize> {
        let range = span.byte_range().unwrap_or(0..0);
        let end = (range.end + self.base).min(self.text.len());
        (range.start + self.base).min(end)..end
    }
}

/// What a list or mapping covers: its brackets, or else its children.
fn cover(
    style: StructureStyle,
    start: &Range<usize>,
    end: &Range<usize>,
    children: impl Iterator<Item = Range<usize>>,
) -> Range<usize> {
    let mut written = children.filter(|span| !span.is_empty());
    let first = written.next();
    let last_end = written
        .last()
        .or_else(|| first.clone())
        .map_or(start.end, |span| span.end);
    match style {
        StructureStyle::Flow => start.start..end.end.max(last_end),
        StructureStyle::Block => {
            let from = first.map_or(start.start, |span| span.start);
            from..last_end.max(from)
        }
    }
}

fn unreadable(text: &str) -> Option<Diagnostic> {
    if MAX_SPEC_BYTES < text.len() {
        let title = format!("the spec is larger than {MAX_SPEC_BYTES} bytes");
        let label = format!("{} bytes", text.len());
        return Some(limit(title, &(0..0)).label(label));
    }
    let (start, found) = text
        .char_indices()
        .find(|(_, c)| c.is_control() && !matches!(c, '\t' | '\n' | '\r'))?;
    let span = start..start + found.len_utf8();
    let title = format!("invalid YAML: control character U+{:04X}", u32::from(found));
    Some(
        Diagnostic::error("bad-yaml", title, bytes(&span))
            .label("cannot stand in a text")
            .help("delete this character; save the file as UTF-8 text"),
    )
}

/// The next tab from the start of a byte's line that indents one, or else the next at all.
fn tab(text: &str, byte: usize) -> Diagnostic {
    let byte = super::floor_boundary(text, byte);
    let mut start = text[..byte].rfind('\n').map_or(0, |at| at + 1);
    let rest = &text[start..];
    let anywhere = rest.find('\t').map_or(byte, |at| start + at);
    let mut found = None;
    for line in rest.split_inclusive('\n') {
        let indent = line.len() - line.trim_start_matches([' ', '\t']).len();
        let blank = line.trim().is_empty();
        found = line[..indent]
            .find('\t')
            .filter(|_| !blank)
            .map(|at| start + at);
        if found.is_some() {
            break;
        }
        start += line.len();
    }
    let (label, place) = match found {
        Some(place) => ("a tab in the indentation", place),
        None => ("a tab stands here", anywhere),
    };
    let title = format!("invalid YAML: {label}");
    Diagnostic::error("bad-yaml", title, At::Bytes(place, place + 1))
        .label("reading stops here")
        .help("use spaces instead of tabs")
}

fn limit(title: String, span: &Range<usize>) -> Diagnostic {
    Diagnostic::error("exceeded-limit", title, bytes(span)).help("split the spec into several")
}

fn too_deep() -> String {
    format!("the spec is nested more than {MAX_DEPTH} levels deep")
}

fn explain(error: &ScanError) -> (String, &'static str) {
    MISTAKES
        .iter()
        .find(|(kind, ..)| kind == error.kind())
        .map_or_else(
            || {
                (
                    error.info(),
                    "mend the syntax here or on the line above; quote text that holds `: `, `#`, `{` or `[`",
                )
            },
            |(_, label, help)| ((*label).to_owned(), *help),
        )
}

/// The character at a byte, or an empty place at the end of the text.
fn near(text: &str, byte: usize) -> Range<usize> {
    let start = super::floor_boundary(text, byte);
    let width = text[start..]
        .chars()
        .next()
        .filter(|c| !c.is_whitespace())
        .map_or(0, char::len_utf8);
    start..start + width
}

fn refused(span: Range<usize>) -> Node {
    Node {
        value: Value::Refused,
        span,
    }
}

fn bytes(span: &Range<usize>) -> At {
    At::Bytes(span.start, span.end)
}
