//! YAML as people write CloudFormation: block style, quotes only where YAML would read something
//! else than text, short forms of functions.

/// What goes into a template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Yaml {
    /// Text.
    Text(String),
    /// A whole number.
    Number(i64),
    /// `true` or `false`.
    Flag(bool),
    /// A list, an item a line.
    List(Vec<Yaml>),
    /// A list on one line.
    Row(Vec<Yaml>),
    /// A mapping.
    Map(Vec<(String, Yaml)>),
    /// A function of CloudFormation with its argument: `!Ref Name`.
    Call(&'static str, Box<Yaml>),
}

/// Where a scalar stands: in a list on one line, commas and brackets end it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Site {
    Line,
    Row,
}

/// Spaces by which what belongs to a key stands further in.
const STEP: usize = 2;

/// Words that YAML 1.1 or 1.2 reads as something else than text, in lower case.
const WORDS: [&str; 12] = [
    "", "~", "null", "true", "false", "yes", "no", "on", "off", "y", "n", "=",
];

/// Characters besides ASCII letters and digits that may stand within an unquoted scalar.
const PLAIN: &str = " _-./:+*()'\"`;@%&|<>!?$~^=#\\";

/// Characters that may stand unquoted on a line but not in a row.
const ONLY_ON_LINE: &str = ",[]{}";

impl Yaml {
    /// A mapping's entry `key: value` at this depth, line feed included.
    pub(super) fn entry(&self, key: &str, depth: usize) -> String {
        let mut out = String::new();
        write_entry(key, self, depth, &mut out);
        out
    }

    /// Its characters on a line, if it stands on one.
    pub(super) fn length(&self) -> Option<usize> {
        match self {
            Self::Text(text) if is_block(text) => None,
            Self::Text(_) | Self::Number(_) | Self::Flag(_) | Self::Row(_) => {
                Some(inline(self, Site::Line).chars().count())
            }
            Self::Call(function, argument) => Some(function.len() + 2 + argument.length()?),
            Self::List(_) | Self::Map(_) => None,
        }
    }
}

fn write_entry(key: &str, value: &Yaml, depth: usize, out: &mut String) {
    indent(depth, out);
    out.push_str(&scalar(key, Site::Line));
    out.push(':');
    write_value(value, depth, out);
}

/// What stands behind a key or a function, from the space before it on.
fn write_value(value: &Yaml, depth: usize, out: &mut String) {
    match value {
        Yaml::Map(entries) if !entries.is_empty() => {
            out.push('\n');
            for (key, value) in entries {
                write_entry(key, value, depth + STEP, out);
            }
        }
        Yaml::List(items) if !items.is_empty() => {
            out.push('\n');
            for item in items {
                write_item(item, depth + STEP, out);
            }
        }
        Yaml::Call(function, argument) => {
            out.push_str(&format!(" !{function}"));
            write_value(argument, depth, out);
        }
        Yaml::Text(text) if is_block(text) => write_block(text, depth, out),
        Yaml::Text(_)
        | Yaml::Number(_)
        | Yaml::Flag(_)
        | Yaml::Row(_)
        | Yaml::Map(_)
        | Yaml::List(_) => {
            out.push(' ');
            out.push_str(&inline(value, Site::Line));
            out.push('\n');
        }
    }
}

fn write_item(item: &Yaml, depth: usize, out: &mut String) {
    indent(depth, out);
    out.push('-');
    match item {
        Yaml::Map(entries) if !entries.is_empty() => {
            let mut text = String::new();
            for (key, value) in entries {
                write_entry(key, value, depth + STEP, &mut text);
            }
            out.push(' ');
            out.push_str(text.trim_start_matches(' '));
        }
        Yaml::List(items) if !items.is_empty() => {
            let mut text = String::new();
            for item in items {
                write_item(item, depth + STEP, &mut text);
            }
            out.push(' ');
            out.push_str(text.trim_start_matches(' '));
        }
        Yaml::Text(_)
        | Yaml::Number(_)
        | Yaml::Flag(_)
        | Yaml::Row(_)
        | Yaml::Call(..)
        | Yaml::Map(_)
        | Yaml::List(_) => write_value(item, depth, out),
    }
}

fn indent(depth: usize, out: &mut String) {
    out.extend(std::iter::repeat_n(' ', depth));
}

fn inline(value: &Yaml, site: Site) -> String {
    match value {
        Yaml::Text(text) => scalar(text, site),
        Yaml::Number(number) => number.to_string(),
        Yaml::Flag(flag) => flag.to_string(),
        Yaml::List(items) | Yaml::Row(items) => {
            let items: Vec<_> = items.iter().map(|item| inline(item, Site::Row)).collect();
            format!("[{}]", items.join(", "))
        }
        Yaml::Map(entries) if entries.is_empty() => "{}".to_owned(),
        Yaml::Map(entries) => {
            let entries = entries.iter().map(|(key, value)| {
                let key = scalar(key, Site::Row);
                format!("{key}: {}", inline(value, Site::Row))
            });
            format!("{{ {} }}", entries.collect::<Vec<_>>().join(", "))
        }
        Yaml::Call(function, argument) => format!("!{function} {}", inline(argument, Site::Row)),
    }
}

/// Whether a text is written as a block of lines: several lines, none of which YAML would change.
fn is_block(text: &str) -> bool {
    let lines = text.strip_suffix('\n').unwrap_or(text);
    let kept = |line: &str| {
        !line.is_empty()
            && !line.starts_with([' ', '\t'])
            && !line.ends_with([' ', '\t'])
            && line.chars().all(|letter| !letter.is_control())
    };
    text.contains('\n') && lines.split('\n').all(kept)
}

fn write_block(text: &str, depth: usize, out: &mut String) {
    let (mark, lines) = match text.strip_suffix('\n') {
        Some(lines) => (" |\n", lines),
        None => (" |-\n", text),
    };
    out.push_str(mark);
    for line in lines.split('\n') {
        indent(depth + STEP, out);
        out.push_str(line);
        out.push('\n');
    }
}

fn scalar(text: &str, site: Site) -> String {
    match is_plain(text, site) {
        true => text.to_owned(),
        false => quoted(text),
    }
}

fn is_plain(text: &str, site: Site) -> bool {
    let is_allowed = |letter: char| {
        letter.is_ascii_alphanumeric()
            || PLAIN.contains(letter)
            || (site == Site::Line && ONLY_ON_LINE.contains(letter))
    };
    let begins = |first: char| first.is_ascii_alphanumeric() || "/._$".contains(first);
    text.starts_with(begins)
        && text.chars().all(is_allowed)
        && !text.contains(": ")
        && !text.contains(" #")
        && !text.ends_with([' ', ':'])
        && !(site == Site::Row && text.contains(':') && text.contains(['"', '\'']))
        && !reads_as_other(text)
}

/// Whether YAML reads an unquoted text as a number, a date, a flag or nothing.
fn reads_as_other(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    let bare = lower.trim_start_matches(['+', '-', '.']);
    if WORDS.contains(&lower.as_str()) || bare == "inf" || bare == "nan" {
        return true;
    }
    let begins = text.starts_with(|first: char| first.is_ascii_digit() || "+-.".contains(first));
    let is_of_number = |letter: char| {
        letter.is_ascii_hexdigit() || "xo_.:+-".contains(letter.to_ascii_lowercase())
    };
    let n_dots = text.matches('.').count();
    let is_number = begins && n_dots <= 1 && text.chars().all(is_of_number);
    is_number || is_date(text)
}

/// Whether a text begins as a date does: four digits and a hyphen.
fn is_date(text: &str) -> bool {
    let year = text.split('-').next().unwrap_or_default();
    year.len() == 4 && year.len() < text.len() && year.bytes().all(|byte| byte.is_ascii_digit())
}

fn quoted(text: &str) -> String {
    let is_simple = |letter: char| !letter.is_control() && !is_break(letter) && letter != '\'';
    if text.contains(['"', '\\']) && text.chars().all(is_simple) {
        return format!("'{text}'");
    }
    let mut out = String::from("\"");
    for letter in text.chars() {
        match letter {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            letter if letter.is_control() || is_break(letter) => {
                out.push_str(&format!("\\u{:04x}", u32::from(letter)));
            }
            letter => out.push(letter),
        }
    }
    out.push('"');
    out
}

/// Line breaks beside the ASCII ones, and the mark of byte order.
fn is_break(letter: char) -> bool {
    matches!(letter, '\u{85}' | '\u{2028}' | '\u{2029}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    #![expect(
        clippy::wildcard_enum_match_arm,
        reason = "the parser's events are non-exhaustive"
    )]

    use granit_parser::{Event, Parser, ScalarStyle};

    use super::{Site, Yaml, scalar};

    /// Texts that stand as they are, on a line.
    const PLAIN: [&str; 14] = [
        "orders",
        "10.0.0.0/16",
        "10.0.0.10",
        "3.9.x.kraft",
        "AWS::EC2::VPC",
        "arn:aws:iam::111111111111:root",
        "arn:.+",
        "it's [here], {there}",
        "a#b, c & d",
        "kms:*",
        "b-1.${OrdersDomain}",
        "Zulu",
        "e5",
        "data/euc1-az1",
    ];

    /// Texts that need quotes.
    const QUOTED: [&str; 40] = [
        "",
        " ",
        "-",
        "~",
        "null",
        "Null",
        "true",
        "FALSE",
        "yes",
        "No",
        "on",
        "OFF",
        "y",
        "N",
        "111111111111",
        "011111111111",
        "3.9",
        "1e5",
        "0x1f",
        "0o17",
        "1_000",
        "+1",
        "-1",
        ".5",
        ".inf",
        "-.INF",
        ".NaN",
        "12:30:45",
        "2010-09-09",
        "2010-09-09T10:00:00Z",
        "*",
        "!Ref A",
        "a: b",
        "a:",
        "a #b",
        " a",
        "a ",
        "@a",
        "say \"x: y\" and 'z'",
        "tab\tline\nfeed \u{85}\u{e9}",
    ];

    /// The one scalar behind `key:`, and how it stands there.
    fn read(text: &str) -> (String, ScalarStyle) {
        let events = Parser::new_from_str(text).map(|event| event.expect("YAML").0);
        let scalars = events.filter_map(|event| match event {
            Event::Scalar(value, style, ..) => Some((value.to_string(), style)),
            _ => None,
        });
        let mut scalars: Vec<_> = scalars.collect();
        assert_eq!(scalars.len(), 2, "{text}");
        scalars.remove(1)
    }

    #[test]
    fn texts_are_read_as_they_were_written() {
        let plain = PLAIN.iter().map(|text| (text, true));
        for (text, stands_plain) in plain.chain(QUOTED.iter().map(|text| (text, false))) {
            let line = Yaml::Text((*text).to_owned()).entry("key", 0);
            let (value, style) = read(&line);
            assert_eq!(value, *text, "{line}");
            assert_eq!(style == ScalarStyle::Plain, stands_plain, "{line}");
            let row = format!("key: [{}]\n", scalar(text, Site::Row));
            assert_eq!(read(&row).0, *text, "{row}");
        }
    }

    #[test]
    fn several_lines_are_a_block() {
        for text in [
            "a=1\nb: 2 # three\n",
            "a\nb",
            "a\n\nb",
            "a \nb",
            "\n",
            " a\nb\n",
        ] {
            let written = Yaml::Text(text.to_owned()).entry("key", 4);
            assert_eq!(read(&written).0, text, "{written}");
        }
    }
}
