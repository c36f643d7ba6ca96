//! A template's YAML: values with their tags, and what is refused because AWS's reader, which
//! follows YAML 1.1, might take it for something else than a person does.

use granit_parser::{Event, Parser, ScalarStyle, StrInput, Tag, options};

/// Levels of nesting that a template may have; deeper ones are no template of ours.
const MAX_DEPTH: usize = 40;

/// Plain words that YAML 1.1 takes for true or false and people for words.
const AMBIGUOUS: [&str; 6] = ["yes", "no", "on", "off", "y", "n"];

/// A value and the local tag before it, such as `Sub` for `!Sub`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Yaml {
    pub(crate) tag: Option<String>,
    pub(crate) value: Value,
    /// Line it begins on, from 1.
    pub(crate) line: usize,
}

/// A value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Value {
    Null,
    Text(String),
    Number(i64),
    Flag(bool),
    List(Vec<Yaml>),
    /// Entries in the order of the text; every key stands once.
    Map(Vec<(String, Yaml)>),
}

impl Yaml {
    /// Reads a text of one document.
    pub(crate) fn read(text: &str) -> Result<Self, String> {
        let options = options! {
            disallow_directives: true,
            emit_unresolved_aliases: true,
            flow_nesting_limit: MAX_DEPTH,
            block_nesting_limit: MAX_DEPTH,
        };
        let events = Parser::new_from_str_with_options(text, options);
        let mut reader = Reader { events, line: 1 };
        reader.document()
    }

    /// The entry of a mapping without a tag.
    pub(crate) fn get(&self, key: &str) -> Option<&Self> {
        let entries = self.entries()?;
        let entry = entries.iter().find(|(known, _)| known == key);
        entry.map(|(_, value)| value)
    }

    /// The entries, if it is a mapping without a tag.
    pub(crate) fn entries(&self) -> Option<&[(String, Self)]> {
        match &self.value {
            Value::Map(entries) if self.tag.is_none() => Some(entries),
            Value::Map(_)
            | Value::Null
            | Value::Text(_)
            | Value::Number(_)
            | Value::Flag(_)
            | Value::List(_) => None,
        }
    }

    /// The items, if it is a list without a tag.
    pub(crate) fn items(&self) -> Option<&[Self]> {
        match &self.value {
            Value::List(items) if self.tag.is_none() => Some(items),
            Value::List(_)
            | Value::Null
            | Value::Text(_)
            | Value::Number(_)
            | Value::Flag(_)
            | Value::Map(_) => None,
        }
    }

    /// The text, if it is one without a tag.
    pub(crate) fn text(&self) -> Option<&str> {
        match &self.value {
            Value::Text(text) if self.tag.is_none() => Some(text),
            Value::Text(_)
            | Value::Null
            | Value::Number(_)
            | Value::Flag(_)
            | Value::List(_)
            | Value::Map(_) => None,
        }
    }
}

struct Reader<'t> {
    events: Parser<'t, StrInput<'t>>,
    line: usize,
}

#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "the parser's events are non-exhaustive; what is no node is refused"
)]
impl<'t> Reader<'t> {
    fn document(&mut self) -> Result<Yaml, String> {
        let mut root = None;
        loop {
            match self.next()? {
                Event::StreamStart | Event::DocumentEnd => {}
                Event::DocumentStart(..) if root.is_some() => {
                    return Err(self.fault("a second document"));
                }
                Event::DocumentStart(..) => {}
                Event::StreamEnd => return root.ok_or_else(|| "an empty text".to_owned()),
                event => root = Some(self.node(event)?),
            }
        }
    }

    fn next(&mut self) -> Result<Event<'t>, String> {
        loop {
            let (event, span) = match self.events.next() {
                None => return Ok(Event::StreamEnd),
                Some(Ok(event)) => event,
                Some(Err(error)) => return Err(format!("invalid YAML: {error}")),
            };
            self.line = span.start.line();
            if !matches!(event, Event::Comment(..)) {
                return Ok(event);
            }
        }
    }

    fn node(&mut self, event: Event<'t>) -> Result<Yaml, String> {
        let line = self.line;
        let (tag, anchor, value) = match event {
            Event::Scalar(text, style, anchor, tag) => {
                let tag = self.tag(tag.as_deref())?;
                let value = if style == ScalarStyle::Plain && tag.is_none() {
                    plain(&text).map_err(|why| self.fault(&why))?
                } else {
                    Value::Text(text.into_owned())
                };
                (tag, anchor, value)
            }
            Event::SequenceStart(_, anchor, tag) => {
                let tag = self.tag(tag.as_deref())?;
                (tag, anchor, self.list()?)
            }
            Event::MappingStart(_, anchor, tag) => {
                let tag = self.tag(tag.as_deref())?;
                (tag, anchor, self.map()?)
            }
            _ => return Err(self.fault("an alias, which CloudFormation does not read")),
        };
        if anchor != 0 {
            return Err(self.fault("an anchor, which CloudFormation does not read"));
        }
        Ok(Yaml { tag, value, line })
    }

    fn list(&mut self) -> Result<Value, String> {
        let mut items = Vec::new();
        loop {
            match self.next()? {
                Event::SequenceEnd => return Ok(Value::List(items)),
                event => items.push(self.node(event)?),
            }
        }
    }

    fn map(&mut self) -> Result<Value, String> {
        let mut entries: Vec<(String, Yaml)> = Vec::new();
        loop {
            let key = match self.next()? {
                Event::MappingEnd => return Ok(Value::Map(entries)),
                Event::Scalar(text, ..) => text.into_owned(),
                _ => return Err(self.fault("a key that is no word")),
            };
            if key == "<<" || entries.iter().any(|(known, _)| *known == key) {
                return Err(self.fault(&format!("the key {key} twice or merged")));
            }
            let event = self.next()?;
            entries.push((key, self.node(event)?));
        }
    }

    fn tag(&self, tag: Option<&Tag>) -> Result<Option<String>, String> {
        match tag.map(|tag| (tag.handle(), tag.suffix())) {
            None => Ok(None),
            Some(("!", suffix)) => Ok(Some(suffix.to_owned())),
            Some((handle, suffix)) => Err(self.fault(&format!("the tag {handle}{suffix}"))),
        }
    }

    fn fault(&self, what: &str) -> String {
        format!("line {}: {what}", self.line)
    }
}

/// What a plain scalar means, if YAML 1.1 and 1.2 agree on it.
fn plain(text: &str) -> Result<Value, String> {
    let lower = text.to_ascii_lowercase();
    if ["", "~", "null"].contains(&lower.as_str()) {
        return Ok(Value::Null);
    }
    if AMBIGUOUS.contains(&lower.as_str()) {
        return Err(format!("the plain word {text}, which must be quoted"));
    }
    if lower == "true" || lower == "false" {
        return Ok(Value::Flag(lower == "true"));
    }
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    if digits.bytes().all(|byte| byte.is_ascii_digit()) && !digits.is_empty() {
        if digits.len() > 1 && digits.starts_with('0') {
            return Err(format!(
                "the plain number {text}, octal in YAML 1.1: quote it"
            ));
        }
        let number = text.parse();
        return number
            .map(Value::Number)
            .map_err(|why| format!("{text}: {why}"));
    }
    let numeric = |byte: u8| byte.is_ascii_digit() || matches!(byte, b':' | b'_' | b'.');
    let is_base_60_or_broken = digits.bytes().all(numeric) && digits.contains([':', '_']);
    let is_float = digits.parse::<f64>().is_ok();
    let is_radix = digits.starts_with("0x") || digits.starts_with("0o");
    if is_base_60_or_broken || is_float || is_radix {
        return Err(format!(
            "the plain value {text}, a number to some readers: quote it"
        ));
    }
    Ok(Value::Text(text.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scalar(text: &str) -> Result<Value, String> {
        Yaml::read(&format!("a: {text}\n")).map(|root| root.get("a").expect("a key").value.clone())
    }

    #[test]
    fn scalars_are_what_both_versions_of_yaml_take_them_for() {
        let text = |text: &str| Ok(Value::Text(text.to_owned()));
        for (written, meant) in [
            ("orders", text("orders")),
            ("'012345678901'", text("012345678901")),
            ("\"9092\"", text("9092")),
            ("9092", Ok(Value::Number(9092))),
            ("-1", Ok(Value::Number(-1))),
            ("True", Ok(Value::Flag(true))),
            ("10.0.0.0/16", text("10.0.0.0/16")),
            ("10.0.0.1", text("10.0.0.1")),
            ("2010-09-09", text("2010-09-09")),
            ("", Ok(Value::Null)),
        ] {
            assert_eq!(scalar(written), meant, "{written}");
        }
    }

    #[test]
    fn what_readers_differ_on_is_refused() {
        for written in [
            "012345678901",
            "yes",
            "Off",
            "1_000",
            "22:30",
            "0x10",
            "1.5",
            "1e3",
            "&x 1",
        ] {
            assert!(scalar(written).is_err(), "{written}: {:?}", scalar(written));
        }
        for text in [
            "a: 1\na: 2\n",
            "<<: {}\n",
            "a: &x 1\nb: *x\n",
            "--- 1\n--- 2\n",
            "a: !!int 1\n",
            "",
        ] {
            assert!(Yaml::read(text).is_err(), "{text}");
        }
    }

    #[test]
    fn tags_stay_on_scalars_lists_and_mappings() {
        let root =
            Yaml::read("a: !Ref B\nc: !Join [x, [!Ref D]]\ne: !Sub\n  - f\n").expect("reads");
        let tags: Vec<_> = ["a", "c", "e"]
            .iter()
            .map(|key| root.get(key).and_then(|value| value.tag.clone()))
            .collect();
        assert_eq!(
            tags,
            [
                Some("Ref".into()),
                Some("Join".into()),
                Some("Sub".to_owned())
            ]
        );
    }
}
