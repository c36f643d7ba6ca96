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
            let names = names.iter().filter_map(plain);
            let names = names.map(|name| Expression::Raw(name.to_owned()));
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
    let mut said = parts.iter().filter_map(plain);
    let ends_early = |text: &str| text.lines().any(|line| line.trim() == END);
    let has_lines = said.clone().any(|text| text.contains('\n'));
    if !has_lines || said.any(ends_early) {
        return Expression::Raw(quoted(parts, module));
    }
    let written = joined(parts, unmarked, module);
    Expression::Lines(written.lines().map(str::to_owned).collect())
}

/// What a value says, if it is a text.
fn plain(value: &Value) -> Option<&str> {
    if let Value::Text(text) = value {
        return Some(text);
    }
    None
}

/// Texts as they are to be written, and interpolations.
fn joined(parts: &[Value], write: fn(&str) -> String, module: &Module<'_>) -> String {
    let mut written = String::new();
    for (at, part) in parts.iter().enumerate() {
        let Value::Text(text) = part else {
            written.push_str(&format!("${{{}}}", inline(part, module)));
            continue;
        };
        let is_last = parts.get(at + 1).is_none();
        match text.strip_suffix('$').filter(|_| !is_last) {
            // A dollar sign before an interpolation would make it plain text.
            Some(front) => written.push_str(&format!("{}${{\"$\"}}", write(front))),
            None => written.push_str(&write(text)),
        }
    }
    written
}

fn quoted(parts: &[Value], module: &Module<'_>) -> String {
    format!("\"{}\"", joined(parts, escaped, module))
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

#[cfg(test)]
mod tests {
    use blueprint::stage::Stage;

    use super::*;
    use crate::part::Place;
    use crate::unit::Unit;

    fn unit() -> Unit {
        Unit {
            path: String::new(),
            stack: String::new(),
            place: Place {
                account: String::new(),
                region: String::new(),
                stage: Stage::Network,
                subject: String::new(),
            },
            inputs: Default::default(),
            outputs: Default::default(),
            items: Vec::new(),
        }
    }

    fn parameter(name: &str) -> Value {
        Value::Parameter(name.to_owned())
    }

    fn advertised(first: Value, then: Value) -> Value {
        Value::Switched {
            switch: Switch::Advertised {
                cluster: "orders".to_owned(),
            },
            first: Box::new(first),
            then: Box::new(then),
        }
    }

    #[test]
    fn values_are_expressions() {
        let unit = unit();
        let module = Module::new(&unit);
        for (value, written) in [
            (Value::from("a"), r#""a""#),
            (Value::Number(-1), "-1"),
            (parameter("shop-vpc-id"), "var.shop_vpc_id"),
            (
                Value::Joined(vec!["b-1.".into(), parameter("orders-domain")]),
                r#""b-1.${var.orders_domain}""#,
            ),
            (
                Value::Joined(vec!["100$".into(), parameter("x"), "$".into()]),
                r#""100${"$"}${var.x}$""#,
            ),
            (
                advertised(false.into(), true.into()),
                "var.orders_advertises_network",
            ),
            (
                advertised("".into(), Value::Joined(vec!["\"".into(), parameter("x")])),
                r#"var.orders_advertises_network ? "\"${var.x}" : """#,
            ),
        ] {
            assert_eq!(
                expression(&value, &module),
                Expression::Raw(written.to_owned())
            );
        }
    }

    #[test]
    fn texts_of_several_lines_are_written_line_by_line() {
        let unit = unit();
        let module = Module::new(&unit);
        let told = advertised("".into(), "x=${y}".into());
        let value = Value::Joined(vec!["a=1\nb=%{c}\n".into(), told]);
        let lines = [
            "a=1",
            "b=%%{c}",
            r#"${var.orders_advertises_network ? "x=$${y}" : ""}"#,
        ];
        let lines = lines.map(str::to_owned).into();
        assert_eq!(expression(&value, &module), Expression::Lines(lines));
        // The word that would end such a text early.
        assert_eq!(
            expression(&"a\n EOT\n".into(), &module),
            Expression::Raw(r#""a\n EOT\n""#.to_owned())
        );
    }
}
