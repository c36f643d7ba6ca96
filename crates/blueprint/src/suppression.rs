//! Suppression comments: `# breezeway: allow NAME -- REASON`, at the end of the line a finding
//! points at or on the line above, takes it out of what is judged and keeps it with its reason.
//! What a comment gets wrong is a finding itself, so that none is obeyed by half.

use std::ops::Range;

use crate::diagnostic::{At, Diagnostic};
use crate::read::nearest;
use crate::source::{Comment, Source};

/// Most comments that are obeyed: as many as the reader keeps findings, since each wants one.
pub const MAX_SUPPRESSIONS: usize = crate::read::MAX_FINDINGS;

/// What the text of a comment that speaks to us begins with.
const MARK: &str = "breezeway:";

/// The one thing such a comment can say.
const ALLOW: &str = "allow";

/// What stands before the reason.
const BEFORE_REASON: &str = "--";

/// How such a comment is written.
const FORM: &str = "write `# breezeway: allow NAME -- REASON`";

/// The suppression comments of a text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Suppressions(Vec<Suppression>);

/// A finding that a comment allows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suppressed {
    /// What was found.
    pub finding: Diagnostic,
    /// Why it is allowed, in the words of the comment.
    pub reason: String,
    /// The comment's bytes.
    pub comment: Range<usize>,
}

/// Findings after the comments were obeyed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sifted {
    /// What nobody allowed, and a warning for each comment that allows nothing.
    pub left: Vec<Diagnostic>,
    /// What was allowed, in the order it was found.
    pub suppressed: Vec<Suppressed>,
}

/// One name in one comment.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Suppression {
    name: String,
    reason: String,
    /// Bytes of the name.
    named: Range<usize>,
    /// Bytes of the comment.
    comment: Range<usize>,
    /// Bytes of the line it speaks of, without its end.
    line: Range<usize>,
}

impl Suppressions {
    /// Reads the comments of a text, and says what is wrong with them; `known` are the names of
    /// all findings there can be.
    pub fn read(source: &Source, known: &[&str]) -> (Self, Vec<Diagnostic>) {
        let ours = |comment| Some((comment, said(comment)?));
        let mut ours = source.comments().iter().filter_map(ours);
        let mut list = Vec::new();
        let mut faults = Vec::new();
        for (comment, words) in ours.by_ref().take(MAX_SUPPRESSIONS) {
            match one(source, comment, words) {
                Ok(suppressions) => list.extend(suppressions),
                Err(fault) => faults.push(*fault),
            }
        }
        if let Some((surplus, _)) = ours.next() {
            faults.push(too_many(surplus));
        }
        let unknown = |suppression: &&Suppression| !known.contains(&suppression.name.as_str());
        faults.extend(list.iter().filter(unknown).map(|s| unknown_check(s, known)));
        list.retain(|suppression| known.contains(&suppression.name.as_str()));
        (Self(list), faults)
    }

    /// Takes out of `findings` what a comment allows. The spec's own `errors` cannot be allowed,
    /// since what they concern was not read; a comment that tries is told. Where the findings are
    /// not `complete`, a comment may be for one that did not come up, and is left in peace.
    pub fn sift(
        &self,
        source: &Source,
        findings: Vec<Diagnostic>,
        errors: &[Diagnostic],
        complete: bool,
    ) -> Sifted {
        let mut sifted = Sifted::default();
        let mut used = vec![false; self.0.len()];
        for finding in findings {
            match self.allowing(source, &finding, &mut used) {
                None => sifted.left.push(finding),
                Some(suppression) => sifted.suppressed.push(Suppressed {
                    finding,
                    reason: suppression.reason.clone(),
                    comment: suppression.comment.clone(),
                }),
            }
        }
        let unused = self.0.iter().zip(used).filter(|(_, used)| !used);
        let warnings: Vec<_> = unused
            .filter_map(|(suppression, _)| {
                suppression
                    .in_vain(source, errors)
                    .or_else(|| complete.then(|| suppression.unused(source, &sifted.left)))
            })
            .collect();
        sifted.left.extend(warnings);
        sifted
    }

    /// The first name that allows a finding; all that do are marked as used.
    fn allowing(
        &self,
        source: &Source,
        finding: &Diagnostic,
        used: &mut [bool],
    ) -> Option<&Suppression> {
        let at = source.span(&finding.primary.at).start;
        let mut first = None;
        for (suppression, used) in self.0.iter().zip(used) {
            if suppression.covers(finding.name, at) {
                *used = true;
                first = first.or(Some(suppression));
            }
        }
        first
    }
}

impl Suppression {
    fn covers(&self, name: &str, byte: usize) -> bool {
        self.name == name && self.line.start <= byte && byte <= self.line.end
    }

    fn at(&self) -> At {
        bytes(&self.named)
    }

    /// The warning that what is to be allowed is an error of the spec itself.
    fn in_vain(&self, source: &Source, errors: &[Diagnostic]) -> Option<Diagnostic> {
        errors
            .iter()
            .find(|error| self.covers(error.name, source.span(&error.primary.at).start))?;
        let title = format!(
            "`{}` is an error of the spec and cannot be allowed",
            self.name
        );
        Some(
            Diagnostic::warning("unused-suppression", title, self.at())
                .label("without effect")
                .help("mend the error and remove the comment"),
        )
    }

    fn unused(&self, source: &Source, left: &[Diagnostic]) -> Diagnostic {
        let Self { name, .. } = self;
        let (line, _) = source.line_and_column(self.line.start);
        let title = format!("nothing here is `{name}`");
        let warning = Diagnostic::warning("unused-suppression", title, self.at())
            .label(format!("line {line} has no such finding"));
        let Some(elsewhere) = left.iter().find(|finding| finding.name == *name) else {
            return warning.help(format!("remove `{name}`"));
        };
        let place = elsewhere.primary.at.clone();
        let (line, _) = source.line_and_column(source.span(&place).start);
        warning
            .related(place, format!("`{name}` is found here"))
            .help(format!(
                "put the comment at the end of line {line}, or above it"
            ))
    }
}

/// What a comment says to us: where its words begin, and the words.
fn said(comment: &Comment) -> Option<(usize, &str)> {
    let text = comment.text.trim_start();
    match text.strip_prefix(MARK) {
        Some(words) => Some((comment.text.len() - words.len(), words)),
        None => is_meant(text).then_some((comment.text.len(), "")),
    }
}

/// Whether a comment was meant for us although it is not of the form: in silence it would do
/// nothing.
fn is_meant(text: &str) -> bool {
    let (name, _) = MARK.split_at(MARK.len() - 1);
    let start = text.get(..name.len());
    let is_ours = start.is_some_and(|start| start.eq_ignore_ascii_case(name));
    let rest = text.get(name.len()..).unwrap_or_default();
    is_ours && rest.trim_start_matches([':', ' ', '-']).split(' ').next() == Some(ALLOW)
}

/// One comment's names with their reason, or what is wrong with it.
fn one(
    source: &Source,
    comment: &Comment,
    (offset, words): (usize, &str),
) -> Result<Vec<Suppression>, Box<Diagnostic>> {
    let (head, reason) = words.split_once(BEFORE_REASON).unwrap_or((words, ""));
    let mut spoken = split(head);
    let verb = spoken.next();
    if verb.is_none_or(|(_, verb)| verb != ALLOW) {
        return Err(Box::new(malformed(comment, verb.map(|(_, verb)| verb))));
    }
    let reason = reason.trim();
    if !reason.contains(char::is_alphanumeric) {
        return Err(Box::new(unreasoned(comment, head.trim())));
    }
    // The `#` is one byte, and the mark before `words` was cut off.
    let start = comment.span.start + '#'.len_utf8() + offset;
    let line = line_spoken_of(source.text(), &comment.span);
    let names: Vec<_> = spoken
        .map(|(at, name)| Suppression {
            name: name.to_owned(),
            reason: reason.to_owned(),
            named: start + at..start + at + name.len(),
            comment: comment.span.clone(),
            line: line.clone(),
        })
        .collect();
    if names.is_empty() {
        return Err(Box::new(malformed(comment, None)));
    }
    Ok(names)
}

/// Words between blanks and commas, one byte each, and where they begin.
fn split(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let words = text.split(|c: char| c.is_ascii_whitespace() || c == ',');
    let mut at = 0;
    words
        .map(move |word| {
            let start = at;
            at += word.len() + 1;
            (start, word)
        })
        .filter(|(_, word)| !word.is_empty())
}

/// The line a comment stands on, or, if it stands alone, the next that is no comment.
fn line_spoken_of(text: &str, comment: &Range<usize>) -> Range<usize> {
    let before = text.get(..comment.start).unwrap_or_default();
    let start = before.rfind('\n').map_or(0, |at| at + 1);
    let alone = before[start..].chars().all(is_blank);
    let mut line = line_from(text, start);
    while alone && is_comment(&text[line.clone()]) && line.end < text.len() {
        line = line_from(text, line.end + 1);
    }
    line
}

fn line_from(text: &str, start: usize) -> Range<usize> {
    let end = text[start..].find('\n').map_or(text.len(), |at| start + at);
    start..end
}

fn is_comment(line: &str) -> bool {
    line.trim_start_matches(is_blank).starts_with('#')
}

fn is_blank(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\r' | '\u{feff}')
}

fn malformed(comment: &Comment, verb: Option<&str>) -> Diagnostic {
    let title = match verb {
        Some(verb) if verb != ALLOW => {
            let verb: String = verb.chars().take(MAX_QUOTED_CHARS).collect();
            format!("a comment to Breezeway says `{verb}`, which means nothing")
        }
        Some(_) | None => "a comment to Breezeway allows nothing".to_owned(),
    };
    Diagnostic::error("malformed-suppression", title, bytes(&comment.span))
        .label("not understood")
        .help(FORM)
}

/// Longest word of a comment that is said again.
const MAX_QUOTED_CHARS: usize = 40;

fn unreasoned(comment: &Comment, head: &str) -> Diagnostic {
    let title = "a finding is to be allowed without a reason";
    let head: String = head.chars().take(2 * MAX_QUOTED_CHARS).collect();
    Diagnostic::error("unreasoned-suppression", title, bytes(&comment.span))
        .label("not obeyed")
        .help(format!("say why: `# {MARK} {head} {BEFORE_REASON} REASON`"))
}

fn unknown_check(suppression: &Suppression, known: &[&str]) -> Diagnostic {
    let name: String = suppression.name.chars().take(MAX_QUOTED_CHARS).collect();
    let near = nearest(&suppression.name, known.iter().copied());
    let help = near.map_or_else(
        || "`breezeway explain` lists all names".to_owned(),
        |near| format!("write `{near}`"),
    );
    let title = format!("no finding is called `{name}`");
    Diagnostic::error("unknown-check", title, suppression.at())
        .label("allows nothing")
        .help(help)
}

fn too_many(surplus: &Comment) -> Diagnostic {
    let title = format!("the spec holds more than {MAX_SUPPRESSIONS} suppression comments");
    Diagnostic::error("exceeded-limit", title, bytes(&surplus.span))
        .label("the first one too many")
        .help("split the spec into several")
}

fn bytes(span: &Range<usize>) -> At {
    At::Bytes(span.start, span.end)
}
