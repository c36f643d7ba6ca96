//! What the stand-in for Terraform's AWS provider answers in place of AWS: `((7.arn))` is the
//! `arn` of the seventh resource. Each answer stands once where it is AWS's, and wherever a text
//! leads it; so answers in arguments are references, also within longer texts.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::attributes;
use crate::graph::{NodeId, Prop};

/// Answers that are numbers: the first, and how many each resource has.
const FIRST_NUMBER: i64 = 900_000_000_000_000;
const N_NUMBERS: i64 = 100;

/// Which resource gave which answer.
#[derive(Default)]
pub(super) struct Answers {
    resources: BTreeMap<i64, (NodeId, String)>,
    /// Attributes of answers that are numbers.
    numbers: BTreeMap<i64, String>,
}

impl Answers {
    /// Learns the answers of a resource of this type of Terraform, and removes them from its
    /// values, which are only arguments then.
    pub(super) fn learn(&mut self, id: &NodeId, kind: &str, values: &mut Map<String, Value>) {
        let by = |name: &str| {
            let (number, attribute) = whole(values.get(name)?.as_str()?)?;
            (attribute == name).then_some(number)
        };
        let Some(own) = by("id").or_else(|| by("arn")) else {
            return;
        };
        self.resources.insert(own, (id.clone(), kind.to_owned()));
        values.retain(|name, value| {
            let number = value.as_i64().filter(|number| FIRST_NUMBER <= *number);
            if let Some(number) = number.filter(|number| resource_of(*number) == own) {
                self.numbers.insert(number, name.clone());
                return false;
            }
            !is_own(own, name, value)
        });
    }

    /// A value; none for what is absent or empty.
    pub(super) fn prop(&self, value: &Value) -> Result<Option<Prop>, String> {
        Ok(Some(match value {
            Value::Null => return Ok(None),
            Value::Bool(flag) => Prop::Flag(*flag),
            Value::Number(number) => {
                let whole = number
                    .as_i64()
                    .ok_or_else(|| format!("the number {number}"))?;
                self.number(whole)?
            }
            Value::String(text) => self.text(text)?,
            Value::Array(items) if items.is_empty() => return Ok(None),
            Value::Array(items) => {
                let items: Result<Vec<_>, _> = items.iter().map(|item| self.prop(item)).collect();
                Prop::List(items?.into_iter().flatten().collect())
            }
            Value::Object(entries) => {
                let mut map = BTreeMap::new();
                for (name, value) in entries {
                    if let Some(value) = self.prop(value)? {
                        map.insert(name.clone(), value);
                    }
                }
                Prop::Map(map)
            }
        }))
    }

    /// A text that holds JSON, such as a policy.
    pub(super) fn json(&self, text: &str) -> Result<Option<Prop>, String> {
        let value: Value = serde_json::from_str(text).map_err(|why| format!("JSON: {why}"))?;
        self.prop(&value)
    }

    fn number(&self, number: i64) -> Result<Prop, String> {
        if number < FIRST_NUMBER {
            return Ok(Prop::Number(number));
        }
        let attribute = self.numbers.get(&number);
        let attribute = attribute.ok_or_else(|| format!("the number {number} is no answer"))?;
        self.reference(resource_of(number), attribute)
    }

    fn text(&self, text: &str) -> Result<Prop, String> {
        let mut parts = Vec::new();
        let mut rest = text;
        while let Some((before, number, attribute, after)) = next(rest) {
            parts.push(Prop::Text(before.to_owned()));
            parts.push(self.reference(number, attribute)?);
            rest = after;
        }
        parts.push(Prop::Text(rest.to_owned()));
        Ok(Prop::joined(parts))
    }

    fn reference(&self, number: i64, attribute: &str) -> Result<Prop, String> {
        let resource = self.resources.get(&number);
        let (id, kind) = resource.ok_or_else(|| format!("no resource answers {number}"))?;
        let known = attributes::known(kind, attribute);
        let name = known.ok_or_else(|| format!("{id}: the attribute {attribute} of a {kind}"))?;
        Ok(Prop::Ref(id.clone(), name))
    }
}

fn resource_of(number: i64) -> i64 {
    (number - FIRST_NUMBER) / N_NUMBERS
}

/// The answer that is a whole text.
fn whole(text: &str) -> Option<(i64, &str)> {
    let (before, number, attribute, after) = next(text)?;
    (before.is_empty() && after.is_empty()).then_some((number, attribute))
}

/// The first answer in a text, between what stands before and after it.
fn next(text: &str) -> Option<(&str, i64, &str, &str)> {
    let mut from = 0;
    while let Some(found) = text.get(from..)?.find("((") {
        let start = from + found;
        let inner = &text[start + 2..];
        let end = inner.find("))")?;
        let answer = inner[..end]
            .split_once('.')
            .and_then(|(number, attribute)| {
                let number: i64 = number.parse().ok()?;
                let is_name =
                    |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "_.".contains(c);
                attribute
                    .chars()
                    .all(is_name)
                    .then_some((number, attribute))
            });
        if let Some((number, attribute)) = answer {
            return Some((&text[..start], number, attribute, &inner[end + 2..]));
        }
        from = start + 1;
    }
    None
}

/// Whether an attribute is the resource's own answer: every text in it is.
fn is_own(own: i64, name: &str, value: &Value) -> bool {
    match value {
        Value::String(text) => whole(text).is_some_and(|(number, attribute)| {
            let rest = attribute.strip_prefix(name);
            number == own && rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        }),
        Value::Array(items) => !items.is_empty() && items.iter().all(|v| is_own(own, name, v)),
        Value::Object(entries) => {
            let mut texts = entries
                .values()
                .filter(|value| value.is_string())
                .peekable();
            texts.peek().is_some() && texts.all(|value| is_own(own, name, value))
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn id(name: &str) -> NodeId {
        NodeId {
            unit: "1/a/1-network".into(),
            name: name.into(),
        }
    }

    fn answers() -> Answers {
        let mut answers = Answers::default();
        let mut values = json!({
            "id": "((3.id))", "service_name": "((3.service_name))",
            "acceptance_required": false,
        });
        let values = values.as_object_mut().expect("an object");
        answers.learn(
            &id("aws_vpc_endpoint_service.a"),
            "aws_vpc_endpoint_service",
            values,
        );
        assert_eq!(values.len(), 1, "{values:?}");
        answers
    }

    #[test]
    fn own_answers_are_no_arguments_and_others_are() {
        let mut answers = answers();
        let mut values = json!({
            "id": "((5.id))", "service_name": "((3.service_name))", "tags": null,
            "dns_entry": [{"dns_name": "((5.dns_entry.0.dns_name))"}],
        });
        let values = values.as_object_mut().expect("an object");
        answers.learn(&id("aws_vpc_endpoint.a"), "aws_vpc_endpoint", values);
        let kept: Vec<_> = values.keys().collect();
        assert_eq!(kept, ["service_name", "tags"]);
        let service = answers.prop(&values["service_name"]).expect("known");
        let expected = Prop::Ref(id("aws_vpc_endpoint_service.a"), "ServiceName".into());
        assert_eq!(service, Some(expected));
    }

    #[test]
    fn answers_are_found_in_texts_and_in_json() {
        let answers = answers();
        let service = Prop::Ref(id("aws_vpc_endpoint_service.a"), "Ref".into());
        let text = |text: &str| Prop::Text(text.into());
        for (written, meant) in [
            ("((a((3.id))", Prop::joined([text("((a"), service.clone()])),
            ("((3.id))/x", Prop::joined([service.clone(), text("/x")])),
            ("((x.id)) (3.id)", text("((x.id)) (3.id)")),
        ] {
            assert_eq!(answers.text(written), Ok(meant), "{written}");
        }
        let policy = answers.json(r#"{"Resource": ["((3.id))"], "Sid": null}"#);
        let entries = BTreeMap::from([("Resource".to_owned(), Prop::List(vec![service]))]);
        assert_eq!(policy, Ok(Some(Prop::Map(entries))));
        assert!(answers.text("((4.id))").is_err());
        assert!(answers.text("((3.arm))").is_err());
    }
}
