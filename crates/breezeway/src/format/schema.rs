//! The JSON Schema of the spec, for editors, written from the table of the language.

use blueprint::language::{Bare, Form, Key, Need, SECTIONS, SPEC, Section, VERSION};
use blueprint::source::{Node, Source, Value as Yaml};
use serde_json::{Value, json};

/// The JSON Schema (draft 2020-12) of the spec.
pub fn schema() -> Value {
    let definitions = SECTIONS
        .iter()
        .filter(|section| **section != &SPEC)
        .map(|section| (section.name.to_owned(), mapping(section)));
    let mut schema = mapping(&SPEC);
    let head = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": format!("urn:breezeway:spec:{VERSION}"),
        "title": format!("Breezeway spec, version {VERSION}"),
        "$defs": Value::Object(definitions.collect()),
    });
    merge(&mut schema, head);
    schema
}

/// The schema as it is printed and kept in the repository.
pub fn text() -> String {
    format!("{:#}\n", schema())
}

/// What YAML's core schema makes of a value; keys become texts, as JSON has no others.
pub fn value_of(node: &Node) -> Value {
    match &node.value {
        Yaml::Null | Yaml::Refused => Value::Null,
        Yaml::Scalar { text, quoted: true } => json!(text),
        Yaml::Scalar {
            text,
            quoted: false,
        } => plain(text),
        Yaml::List(items) => items.iter().map(value_of).collect(),
        Yaml::Map(entries) => {
            let entries = entries.iter();
            let values = entries.map(|entry| (entry.key.text.clone(), value_of(&entry.value)));
            Value::Object(values.collect())
        }
    }
}

/// A text without quotes: a flag, a number or itself.
fn plain(text: &str) -> Value {
    match text {
        "true" | "True" | "TRUE" => return json!(true),
        "false" | "False" | "FALSE" => return json!(false),
        _ => {}
    }
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    let starts = digits.starts_with(|c: char| c.is_ascii_digit() || c == '.');
    let numeric = |c: char| c.is_ascii_digit() || "+-.eE".contains(c);
    if !starts || !digits.chars().all(numeric) {
        return json!(text);
    }
    if let Ok(number) = text.parse::<i64>() {
        return json!(number);
    }
    text.parse::<f64>()
        .map_or_else(|_| json!(text), |number| json!(number))
}

fn mapping(section: &Section) -> Value {
    let properties = section
        .keys
        .iter()
        .map(|key| (key.name.to_owned(), property(key)));
    let mut schema = json!({
        "description": section.doc,
        "type": "object",
        "properties": Value::Object(properties.collect()),
        "required": required(section),
        "additionalProperties": false,
    });
    let conditions = conditions(section);
    if !conditions.is_empty() {
        merge(&mut schema, json!({ "allOf": conditions }));
    }
    schema
}

fn required(section: &Section) -> Vec<&'static str> {
    let keys = section.keys.iter();
    let required = keys.filter(|key| key.need == Need::Required);
    required.map(|key| key.name).collect()
}

/// What depends on other keys: one of two that must be there, or one unless another says a word.
fn conditions(section: &Section) -> Vec<Value> {
    let mut conditions = Vec::new();
    for (index, key) in section.keys.iter().enumerate() {
        match key.need {
            Need::Required | Need::Default(_) => {}
            Need::Unless(other) => {
                let before = section.keys.iter().take(index);
                if !before.clone().any(|earlier| earlier.name == other) {
                    let either = [
                        json!({ "required": [key.name] }),
                        json!({ "required": [other] }),
                    ];
                    conditions.push(json!({ "oneOf": either }));
                }
            }
            Need::UnlessSays {
                key: other, word, ..
            } => {
                conditions.push(json!({
                    "if": { "properties": { other: { "const": word } }, "required": [other] },
                    "else": { "required": [key.name] },
                }));
            }
        }
    }
    conditions
}

fn property(key: &Key) -> Value {
    let mut schema = form(&key.form);
    merge(&mut schema, json!({ "description": description(key) }));
    let (source, findings) = Source::parse(key.example);
    if findings.is_empty() && !key.example.contains('…') {
        merge(
            &mut schema,
            json!({ "examples": [value_of(source.root())] }),
        );
    }
    schema
}

fn description(key: &Key) -> String {
    let mut text = key.doc.to_owned();
    match key.need {
        Need::Required => {}
        Need::Unless(other) => text.push_str(&format!(" In place of `{other}`.")),
        Need::UnlessSays { key, word, default } => {
            text.push_str(&format!(
                " Without it, for `{key}: {word}` only: {default}."
            ));
        }
        Need::Default(default) => text.push_str(&format!(" Without it: {default}.")),
    }
    let ways: Vec<String> = key.with.iter().map(|via| format!("`{via}`")).collect();
    if !ways.is_empty() {
        text.push_str(&format!(" Has an effect with {}.", ways.join(", ")));
    }
    text
}

fn form(form: &Form) -> Value {
    match form {
        Form::Text { pattern, bare, .. } => match bare {
            Bare::Text => json!({ "type": "string", "pattern": pattern }),
            Bare::Number => json!({ "type": ["string", "number"], "pattern": pattern }),
            Bare::Any => json!({ "type": ["string", "number", "boolean"], "pattern": pattern }),
        },
        Form::Word(words) => json!({ "type": "string", "enum": words }),
        Form::Flag => json!({ "type": "boolean" }),
        Form::Number { min, max } => json!({ "type": "integer", "minimum": min, "maximum": max }),
        Form::List {
            item,
            max,
            may_be_empty,
        } => json!({
            "type": "array",
            "items": self::form(item),
            "minItems": u8::from(!may_be_empty),
            "maxItems": max,
        }),
        Form::Map {
            keys,
            values,
            max,
            may_be_empty,
        } => json!({
            "type": "object",
            "propertyNames": self::form(keys),
            "additionalProperties": self::form(values),
            "minProperties": u8::from(!may_be_empty),
            "maxProperties": max,
        }),
        Form::Mapping(section) => json!({ "$ref": format!("#/$defs/{}", section.name) }),
        Form::Either(forms) => {
            json!({ "oneOf": forms.iter().map(self::form).collect::<Vec<Value>>() })
        }
    }
}

/// Adds the entries of one object to another.
fn merge(object: &mut Value, more: Value) {
    if let (Value::Object(object), Value::Object(more)) = (object, more) {
        object.extend(more);
    }
}
