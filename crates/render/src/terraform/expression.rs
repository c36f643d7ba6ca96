//! Values in Terraform's language.

use super::hcl::{Entry, Expression, escaped, unmarked};
use super::print::Module;
use crate::names;
use crate::value::{Switch, Value};

/// The line that ends a text of several lines.
const END: &str = "EOT";

/// Properties as arguments and blocks.
pub(super) fn entries(properties: &[(String, Value)], module: &Module<'_>) -> Vec<Entry> {
    let entries = properties.iter().flat_map(|(key, value)| {
        let blocks = blocks(value);
        if blocks.is_empty() {
            return vec![Entry::argument(key, argument(key, value, module))];
        }
        let blocks = blocks.into_iter();
        let blocks = blocks.map(|body| Entry::block(key, entries(body, module)));
        blocks.collect()
    });
    entries.collect()
}

/// The bodies of a value that is one block or several.
fn blocks(value: &Value) -> Vec<&[(String, Value)]> {
    match value {
        Value::Block(body) => vec![body],
        Value::List(values) => values.iter().flat_map(blocks).collect(),
        Value::Text(_)
        | Value::Number(_)
        | Value::Flag(_)
        | Value::Map(_)
        | Value::Of(..)
        | Value::Input(_)
        | Value::Parameter(_)
        | Value::Joined(_)
        | Value::Switched { .. } => Vec::new(),
    }
}

/// The expression of an argument: a policy is JSON, attributes whose changes are ignored are
/// named without quotes.
fn argument(key: &str, value: &Value, module: &Module<'_>) -> Expression {
    match (key, value) {
        ("policy", Value::Map(_)) => {
            Expression::Call("jsonencode", Box::new(expression(value, module)))
        }
        ("ignore_changes", Value::List(names)) => {
            let names = names.iter().map(|name| match name {
                Value::Text(name) => Expression::Raw(name.clone()),
                other => expression(other, module),
            });
            Expression::List(names.collect())
        }
        _ => expression(value, module),
    }
}

fn expression(value: &Value, module: &Module<'_>) -> Expression {
    match value {
        Value::Text(text) => texts(&[Value::Text(text.clone())], module),
        Value::Joined(parts) => texts(parts, module),
        Value::List(values) => {
            Expression::List(values.iter().map(|v| expression(v, module)).collect())
        }
        Value::Map(entries) | Value::Block(entries) => {
            let entries = entries.iter();
            let entries = entries.map(|(key, value)| (key.clone(), expression(value, module)));
            Expression::Object(entries.collect())
        }
        Value::Number(_)
        | Value::Flag(_)
        | Value::Of(..)
        | Value::Input(_)
        | Value::Parameter(_)
        | Value::Switched { .. } => Expression::Raw(inline(value, module)),
    }
}

/// Texts and values one after the other: between quotes, or line by line if there are several.
fn texts(parts: &[Value], module: &Module<'_>) -> Expression {
    let mut said = parts.iter().filter_map(|part| match part {
        Value::Text(text) => Some(text.as_str()),
        _ => None,
    });
    let ends_early = |text: &str| text.lines().any(|line| line.trim() == END);
    let has_lines = said.clone().any(|text| text.contains('\n'));
    if !has_lines || said.any(ends_early) {
        return Expression::Raw(quoted(parts, module));
    }
    let written = parts.iter().map(|part| match part {
        Value::Text(text) => unmarked(text),
        part => interpolated(part, module),
    });
    let written: String = written.collect();
    Expression::Lines(written.lines().map(str::to_owned).collect())
}

fn quoted(parts: &[Value], module: &Module<'_>) -> String {
    let written = parts.iter().map(|part| match part {
        Value::Text(text) => escaped(text),
        part => interpolated(part, module),
    });
    format!("\"{}\"", written.collect::<String>())
}

fn interpolated(part: &Value, module: &Module<'_>) -> String {
    format!("${{{}}}", inline(part, module))
}

/// An expression on one line.
fn inline(value: &Value, module: &Module<'_>) -> String {
    match value {
        Value::Text(text) => quoted(&[Value::Text(text.clone())], module),
        Value::Joined(parts) => quoted(parts, module),
        Value::Number(number) => number.to_string(),
        Value::Flag(flag) => flag.to_string(),
        Value::Of(object, attribute) => module.reference(object, *attribute),
        Value::Input(input) => module.input(&names::of_input(input)),
        Value::Parameter(name) => module.input(name),
        Value::Switched {
            switch,
            first,
            then,
        } => switched(switch, first, then, module),
        Value::List(values) => {
            let values: Vec<_> = values.iter().map(|value| inline(value, module)).collect();
            format!("[{}]", values.join(", "))
        }
        Value::Map(entries) | Value::Block(entries) => {
            let entries = entries
                .iter()
                .map(|(key, value)| format!("\"{}\" = {}", escaped(key), inline(value, module)));
            let entries: Vec<_> = entries.collect();
            format!("{{ {} }}", entries.join(", "))
        }
    }
}

fn switched(switch: &Switch, first: &Value, then: &Value, module: &Module<'_>) -> String {
    let variable = module.input(&names::of_switch(switch));
    if (first, then) == (&Value::Flag(false), &Value::Flag(true)) {
        return variable;
    }
    format!(
        "{variable} ? {} : {}",
        inline(then, module),
        inline(first, module)
    )
}
