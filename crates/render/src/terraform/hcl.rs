//! Writes Terraform's language in the form that `terraform fmt` leaves alone.

/// Columns up to which a list stands on one line.
const MAX_COLUMNS: usize = 80;

/// An item of a list that is longer has a line of its own, so that one more is one line more.
const MAX_ITEM_COLUMNS: usize = 30;

/// Spaces of one step of indentation.
const STEP: &str = "  ";

/// An expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Expression {
    /// Written as it is: a literal, a reference, a condition.
    Raw(String),
    /// `[…]`
    List(Vec<Expression>),
    /// `{…}`, with keys as they are to be read.
    Object(Vec<(String, Expression)>),
    /// A function of one argument.
    Call(&'static str, Box<Expression>),
    /// Lines of a text, interpolations included.
    Lines(Vec<String>),
}

/// What a body holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Entry {
    /// `key = expression`
    Argument(String, Expression),
    /// A block: its head, such as `resource "aws_vpc" "shop"`, and its body.
    Block(String, Vec<Entry>),
}

impl Expression {
    /// A quoted text.
    pub(super) fn text(text: &str) -> Self {
        Self::Raw(format!("\"{}\"", escaped(text)))
    }
}

impl Entry {
    /// An argument.
    pub(super) fn argument(key: &str, expression: Expression) -> Self {
        Self::Argument(key.to_owned(), expression)
    }

    /// A block.
    pub(super) fn block(head: impl Into<String>, body: Vec<Entry>) -> Self {
        Self::Block(head.into(), body)
    }

    fn is_single_line(&self) -> bool {
        match self {
            Self::Argument(key, expression) => written(expression, key.len()).len() == 1,
            Self::Block(..) => false,
        }
    }
}

/// The text of entries at the outermost level, a blank line between them.
pub(super) fn text(entries: &[Entry]) -> String {
    let mut text = body(entries).join("\n");
    text.push('\n');
    text
}

/// The text of a comment; a line of its own for each of the text's.
pub(super) fn comment(text: &str) -> String {
    let lines = text.lines().map(|line| format!("# {line}\n"));
    lines.collect()
}

/// What stands between the quotes of a text.
pub(super) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            letter if letter.is_control() => {
                out.push_str(&format!("\\u{:04x}", u32::from(letter)));
            }
            letter => out.push(letter),
        }
    }
    unmarked(&out)
}

/// A text in which nothing begins an interpolation or a directive.
pub(super) fn unmarked(text: &str) -> String {
    text.replace("${", "$${").replace("%{", "%%{")
}

/// The lines of a body: arguments that follow each other on single lines are aligned, everything
/// else has blank lines around it.
fn body(entries: &[Entry]) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut rest = entries;
    while let Some(first) = rest.first() {
        if !lines.is_empty() {
            lines.push(String::new());
        }
        let n_single = rest.iter().take_while(|entry| entry.is_single_line());
        let n_single = n_single.count();
        let (now, later) = rest.split_at(n_single.max(1));
        match first {
            Entry::Block(head, body) => lines.extend(block(head, body)),
            Entry::Argument(key, expression) if n_single == 0 => {
                lines.extend(argument(key, key.len(), expression));
            }
            Entry::Argument(..) => lines.extend(aligned(now)),
        }
        rest = later;
    }
    lines
}

fn block(head: &str, entries: &[Entry]) -> Vec<String> {
    if entries.is_empty() {
        return vec![format!("{head} {{}}")];
    }
    let mut lines = vec![format!("{head} {{")];
    lines.extend(indented(body(entries)));
    lines.push("}".to_owned());
    lines
}

fn aligned(entries: &[Entry]) -> Vec<String> {
    let arguments = entries.iter().filter_map(|entry| match entry {
        Entry::Argument(key, expression) => Some((key, expression)),
        Entry::Block(..) => None,
    });
    let width = arguments.clone().map(|(key, _)| key.chars().count());
    let width = width.max().unwrap_or(0);
    let lines = arguments.flat_map(|(key, expression)| argument(key, width, expression));
    lines.collect()
}

/// An argument; its key takes so many columns if it stands on one line.
fn argument(key: &str, width: usize, expression: &Expression) -> Vec<String> {
    let mut lines = written(expression, key.len());
    let is_single = lines.len() == 1;
    if let Some(first) = lines.first_mut() {
        *first = match is_single {
            true => format!("{key:width$} = {first}"),
            false => format!("{key} = {first}"),
        };
    }
    lines
}

/// The lines of an expression behind a key of so many characters; later ones are indented
/// relative to the first.
fn written(expression: &Expression, n_before: usize) -> Vec<String> {
    match expression {
        Expression::Raw(text) => vec![text.clone()],
        Expression::List(items) => list(items, n_before),
        Expression::Object(entries) => object(entries),
        Expression::Call(name, of) => {
            let mut lines = written(of, n_before);
            if let Some(first) = lines.first_mut() {
                *first = format!("{name}({first}");
            }
            if let Some(last) = lines.last_mut() {
                last.push(')');
            }
            lines
        }
        Expression::Lines(text) => {
            let mut lines = vec!["<<-EOT".to_owned()];
            lines.extend(indented(text.clone()));
            lines.push("EOT".to_owned());
            lines
        }
    }
}

fn list(items: &[Expression], n_before: usize) -> Vec<String> {
    let items: Vec<_> = items.iter().map(|item| written(item, 0)).collect();
    let joined: Option<Vec<&str>> = items
        .iter()
        .map(|lines| match lines.as_slice() {
            [line] => Some(line.as_str()),
            _ => None,
        })
        .collect();
    let single = joined.map(|items| format!("[{}]", items.join(", ")));
    let fits = |line: &String| items.len() < 2 || n_before + line.len() < MAX_COLUMNS;
    let is_short = items
        .iter()
        .flatten()
        .all(|item| item.len() <= MAX_ITEM_COLUMNS);
    if let Some(line) = single.filter(|line| is_short && fits(line)) {
        return vec![line];
    }
    let mut lines = vec!["[".to_owned()];
    for mut item in items {
        if let Some(last) = item.last_mut() {
            last.push(',');
        }
        lines.extend(indented(item));
    }
    lines.push("]".to_owned());
    lines
}

fn object(entries: &[(String, Expression)]) -> Vec<String> {
    if entries.is_empty() {
        return vec!["{}".to_owned()];
    }
    let entries = entries.iter().map(|(key, expression)| {
        let key = if is_identifier(key) {
            key.clone()
        } else {
            format!("\"{}\"", escaped(key))
        };
        Entry::Argument(key, expression.clone())
    });
    let entries: Vec<Entry> = entries.collect();
    let mut lines = vec!["{".to_owned()];
    for group in entries.chunk_by(|one, next| one.is_single_line() && next.is_single_line()) {
        lines.extend(indented(aligned(group)));
    }
    lines.push("}".to_owned());
    lines
}

/// Whether a key needs no quotes.
fn is_identifier(key: &str) -> bool {
    let mut letters = key.chars();
    let starts = letters.next().is_some_and(|c| c.is_ascii_alphabetic());
    starts && letters.all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-')
}

fn indented(lines: Vec<String>) -> Vec<String> {
    let indent = |line: String| match line.is_empty() {
        true => line,
        false => format!("{STEP}{line}"),
    };
    lines.into_iter().map(indent).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn raw(text: &str) -> Expression {
        Expression::Raw(text.to_owned())
    }

    #[test]
    fn texts_are_escaped() {
        for (text, written) in [
            ("plain", r#""plain""#),
            (r#"a "b" \c"#, r#""a \"b\" \\c""#),
            ("${x} %{if}", r#""$${x} %%{if}""#),
            ("{broker_id} $x", r#""{broker_id} $x""#),
            ("two\nlines\t\u{7}", r#""two\nlines\t\u0007""#),
        ] {
            assert_eq!(Expression::text(text), raw(written));
        }
    }

    #[test]
    fn single_lines_are_aligned_and_others_stand_apart() {
        let items = ["var.one_and_more", "var.two_and_more", "var.three_and_more"];
        let body = vec![
            Entry::argument("a", raw("1")),
            Entry::argument("long_key", raw("\"b\"")),
            Entry::argument("few", Expression::List(vec![raw("1"), raw("2")])),
            Entry::argument(
                "many_items_of_a_longer_list",
                Expression::List(items.map(raw).into()),
            ),
            Entry::argument(
                "object",
                Expression::Object(vec![
                    ("x".to_owned(), raw("1")),
                    ("kms:ViaService".to_owned(), raw("2")),
                    ("none".to_owned(), Expression::Object(Vec::new())),
                ]),
            ),
            Entry::block("empty", Vec::new()),
            Entry::argument("lines", Expression::Lines(vec!["x=1".to_owned()])),
            Entry::argument("last", raw("true")),
        ];
        let expected = r#"resource "t" "n" {
  a        = 1
  long_key = "b"
  few      = [1, 2]

  many_items_of_a_longer_list = [
    var.one_and_more,
    var.two_and_more,
    var.three_and_more,
  ]

  object = {
    x                = 1
    "kms:ViaService" = 2
    none             = {}
  }

  empty {}

  lines = <<-EOT
    x=1
  EOT

  last = true
}
"#;
        assert_eq!(
            text(&[Entry::block("resource \"t\" \"n\"", body)]),
            expected
        );
    }
}
