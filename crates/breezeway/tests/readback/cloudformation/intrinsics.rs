//! Intrinsic functions, pseudo parameters and conditions, in their short and long forms.

use std::collections::BTreeMap;

use super::super::graph::{NodeId, Prop};
use super::super::vocabulary;
use super::super::wiring::{Unit, Values};
use super::super::yaml::{Value, Yaml};
use super::parameters::split;
use super::{Entries, scalar};

/// Conditions that may stand within conditions; deeper is a circle.
const MAX_CONDITIONS: usize = 20;

/// What a template's expressions can name.
pub(super) struct Scope<'y> {
    pub(super) unit: &'y Unit,
    parameters: Values,
    conditions: BTreeMap<&'y str, bool>,
    /// Types of the resources, and whether they are made.
    resources: BTreeMap<&'y str, (&'y str, bool)>,
}

impl<'y> Scope<'y> {
    pub(super) fn new(
        unit: &'y Unit,
        parameters: Values,
        conditions: Entries<'y>,
        resources: Entries<'y>,
    ) -> Result<Self, String> {
        let mut scope = Self {
            unit,
            parameters,
            conditions: BTreeMap::new(),
            resources: BTreeMap::new(),
        };
        for (name, condition) in conditions {
            let holds = scope
                .holds(condition, conditions, 0)
                .map_err(|why| format!("condition {name}: {why}"))?;
            scope.conditions.insert(name, holds);
        }
        for (name, resource) in resources {
            let kind = resource.get("Type").and_then(Yaml::text);
            let kind = kind.ok_or_else(|| format!("{name}: no Type"))?;
            if !vocabulary::is_kind(kind) {
                return Err(format!("{name}: type {kind} is not understood"));
            }
            let made = match resource.get("Condition") {
                None => true,
                Some(condition) => {
                    let condition = condition.text();
                    let condition = condition.ok_or_else(|| format!("{name}: no condition"))?;
                    scope.condition(condition)?
                }
            };
            scope.resources.insert(name, (kind, made));
        }
        Ok(scope)
    }

    /// The type of a resource that is made.
    pub(super) fn kind(&self, name: &str) -> Option<&str> {
        let (kind, made) = self.resources.get(name)?;
        made.then_some(kind)
    }

    /// Whether a resource is made.
    pub(super) fn is_made(&self, name: &str) -> bool {
        self.kind(name).is_some()
    }

    /// Whether a condition holds.
    pub(super) fn condition(&self, name: &str) -> Result<bool, String> {
        let holds = self.conditions.get(name);
        holds.copied().ok_or_else(|| format!("no condition {name}"))
    }

    /// What an expression stands for; none for `AWS::NoValue`.
    pub(super) fn value(&self, yaml: &Yaml) -> Result<Option<Prop>, String> {
        if let Some((function, argument)) = call(yaml)? {
            return self
                .call(&function, &argument)
                .map_err(|why| format!("line {}: {function}: {why}", yaml.line));
        }
        Ok(Some(match &yaml.value {
            Value::Null => return Err(format!("line {}: no value", yaml.line)),
            Value::Text(text) => Prop::Text(text.clone()),
            Value::Number(number) => Prop::Number(*number),
            Value::Flag(flag) => Prop::Flag(*flag),
            Value::List(items) => Prop::List(self.values(items)?),
            Value::Map(entries) => {
                let mut map = BTreeMap::new();
                for (key, value) in entries {
                    let value = self.value(value).map_err(|why| format!("{key}: {why}"))?;
                    map.extend(value.map(|value| (key.clone(), value)));
                }
                Prop::Map(map)
            }
        }))
    }

    fn values(&self, items: &[Yaml]) -> Result<Vec<Prop>, String> {
        let values = items.iter().filter_map(|item| self.value(item).transpose());
        values.collect()
    }

    fn call(&self, function: &str, argument: &Yaml) -> Result<Option<Prop>, String> {
        match function {
            "Ref" => self.reference(argument.text().ok_or("no name")?),
            "Fn::GetAtt" => self.attribute(argument).map(Some),
            "Fn::Sub" => self.substituted(argument).map(Some),
            "Fn::Join" => self.joined(argument).map(Some),
            "Fn::Select" => self.selected(argument).map(Some),
            "Fn::Split" => self.split(argument).map(Some),
            "Fn::If" => {
                let [condition, then, other] = arguments(argument)?;
                let holds = self.condition(condition.text().ok_or("no condition's name")?)?;
                self.value(if holds { then } else { other })
            }
            _ => Err("not understood".to_owned()),
        }
    }

    fn reference(&self, name: &str) -> Result<Option<Prop>, String> {
        if let Some(pseudo) = name.strip_prefix("AWS::") {
            return self.pseudo(pseudo);
        }
        if let Some(value) = self.parameters.get(name) {
            return Ok(Some(value.clone()));
        }
        self.kind(name)
            .map(|_| Some(Prop::Ref(self.id(name), "Ref".to_owned())))
            .ok_or_else(|| format!("{name} is no parameter and no resource that is made"))
    }

    fn pseudo(&self, name: &str) -> Result<Option<Prop>, String> {
        let text = match name {
            "NoValue" => return Ok(None),
            "AccountId" => &self.unit.account,
            "Region" => &self.unit.region,
            "StackName" => &self.unit.stack,
            "Partition" => "aws",
            "URLSuffix" => "amazonaws.com",
            _ => return Err(format!("AWS::{name} is not understood")),
        };
        Ok(Some(Prop::Text(text.to_owned())))
    }

    fn attribute(&self, argument: &Yaml) -> Result<Prop, String> {
        let (name, attribute) = match (argument.text(), argument.items()) {
            (Some(dotted), _) => dotted.split_once('.').ok_or("no attribute")?,
            (None, Some([name, attribute])) => {
                let name = name.text().ok_or("no name")?;
                (name, attribute.text().ok_or("no attribute's name")?)
            }
            (None, _) => return Err("neither NAME.ATTRIBUTE nor a list of both".to_owned()),
        };
        self.attribute_of(name, attribute)
    }

    fn attribute_of(&self, name: &str, attribute: &str) -> Result<Prop, String> {
        let kind = self.kind(name);
        let kind = kind.ok_or_else(|| format!("{name} is no resource that is made"))?;
        let known = vocabulary::attribute(kind, attribute);
        let known = known.ok_or_else(|| format!("{kind} has no attribute {attribute}"))?;
        Ok(Prop::Ref(self.id(name), known.to_owned()))
    }

    fn substituted(&self, argument: &Yaml) -> Result<Prop, String> {
        let (text, own) = match (argument.text(), argument.items()) {
            (Some(text), _) => (text, &[][..]),
            (None, Some([text, own])) => {
                let own = own.entries().ok_or("the second item is no mapping")?;
                (text.text().ok_or("the first item is no text")?, own)
            }
            (None, _) => return Err("neither text nor text and a mapping".to_owned()),
        };
        let mut parts = Vec::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once("${") {
            let (name, after) = after.split_once('}').ok_or("a `${` that is never closed")?;
            parts.push(Prop::Text(before.to_owned()));
            parts.push(match name.strip_prefix('!') {
                Some(literal) => Prop::Text(format!("${{{literal}}}")),
                None => self.variable(name.trim(), own)?,
            });
            rest = after;
        }
        parts.push(Prop::Text(rest.to_owned()));
        Ok(Prop::joined(parts))
    }

    fn variable(&self, name: &str, own: Entries<'_>) -> Result<Prop, String> {
        let value = match own.iter().find(|(known, _)| known == name) {
            Some((_, value)) => self.value(value)?,
            None => match name.split_once('.') {
                Some((resource, attribute)) => Some(self.attribute_of(resource, attribute)?),
                None => self.reference(name)?,
            },
        };
        text_like(value.ok_or("AWS::NoValue within text")?)
    }

    fn joined(&self, argument: &Yaml) -> Result<Prop, String> {
        let [delimiter, items] = arguments(argument)?;
        let delimiter = delimiter.text().ok_or("the delimiter is no text")?;
        let mut parts = Vec::new();
        for (position, item) in self.list(items)?.into_iter().enumerate() {
            if 0 < position {
                parts.push(Prop::Text(delimiter.to_owned()));
            }
            parts.push(text_like(item)?);
        }
        Ok(Prop::joined(parts))
    }

    fn selected(&self, argument: &Yaml) -> Result<Prop, String> {
        let [index, items] = arguments(argument)?;
        let index: usize = scalar(index)
            .and_then(|text| text.parse().ok())
            .ok_or("the index is no number")?;
        if let Some(Prop::Ref(id, attribute)) = self.value(items)? {
            if vocabulary::is_list(&attribute) {
                return Ok(Prop::Ref(id, format!("{attribute}.{index}")));
            }
            return Err(format!("{attribute} of {id} is no list"));
        }
        let items = self.list(items)?;
        let n_items = items.len();
        let item = items.into_iter().nth(index);
        item.ok_or_else(|| format!("index {index} of {n_items} items"))
    }

    /// The parts of a text. An endpoint's DNS entry is `ZONEID:NAME`.
    fn split(&self, argument: &Yaml) -> Result<Prop, String> {
        let [delimiter, source] = arguments(argument)?;
        let delimiter = delimiter.text().ok_or("the delimiter is no text")?;
        let source = self.value(source)?.ok_or("AWS::NoValue")?;
        match source {
            Prop::Ref(id, attribute) => {
                if delimiter == ":" && attribute.starts_with("DnsEntries.") {
                    let part = |name: &str| Prop::Ref(id.clone(), format!("{attribute}.{name}"));
                    return Ok(Prop::List(vec![part("ZoneId"), part("Name")]));
                }
                Err(format!(
                    "{attribute} of {id} cannot be split by {delimiter}"
                ))
            }
            text @ (Prop::Text(_)
            | Prop::Number(_)
            | Prop::Flag(_)
            | Prop::List(_)
            | Prop::Map(_)
            | Prop::Joined(_)) => split(&text, delimiter).map(Prop::List),
        }
    }

    fn list(&self, yaml: &Yaml) -> Result<Vec<Prop>, String> {
        match self.value(yaml)? {
            Some(Prop::List(items)) => Ok(items),
            other => Err(format!("{other:?} is no list")),
        }
    }

    fn id(&self, name: &str) -> NodeId {
        NodeId {
            unit: self.unit.path.clone(),
            name: name.to_owned(),
        }
    }

    /// Whether a condition's expression holds.
    fn holds(&self, yaml: &Yaml, all: Entries<'_>, depth: usize) -> Result<bool, String> {
        if MAX_CONDITIONS < depth {
            return Err("a circle of conditions".to_owned());
        }
        let below = |yaml: &Yaml| self.holds(yaml, all, depth + 1);
        let Some((function, argument)) = call_of_condition(yaml)? else {
            return Err(format!("line {}: no condition function", yaml.line));
        };
        match function.as_str() {
            "Condition" => {
                let name = argument.text().ok_or("no condition's name")?;
                let named = all.iter().find(|(known, _)| known == name);
                below(&named.ok_or_else(|| format!("no condition {name}"))?.1)
            }
            "Fn::Equals" => {
                let [left, right] = arguments(&argument)?;
                Ok(self.plain(left)? == self.plain(right)?)
            }
            "Fn::Not" => {
                let [one] = arguments(&argument)?;
                below(one).map(|holds| !holds)
            }
            "Fn::And" | "Fn::Or" => {
                let items = argument.items().ok_or("no list of conditions")?;
                let held = items.iter().map(below).collect::<Result<Vec<_>, _>>()?;
                if !(2..=10).contains(&held.len()) {
                    return Err(format!("{} conditions, 2 to 10 are allowed", held.len()));
                }
                Ok(if function == "Fn::And" {
                    held.iter().all(|holds| *holds)
                } else {
                    held.iter().any(|holds| *holds)
                })
            }
            _ => Err(format!("{function} is not understood")),
        }
    }

    /// A condition's operand: text that is known before anything is made.
    fn plain(&self, yaml: &Yaml) -> Result<String, String> {
        let value = self.value(yaml)?.ok_or("AWS::NoValue in a condition")?;
        let value = text_like(value)?;
        let text = value.text().map(str::to_owned);
        text.ok_or_else(|| format!("{value:?} is known only once it is made"))
    }
}

/// The function a value calls and its argument, in the short or the long form.
fn call(yaml: &Yaml) -> Result<Option<(String, Yaml)>, String> {
    if let Some(tag) = &yaml.tag {
        let function = match tag.as_str() {
            "Ref" | "Condition" => tag.clone(),
            _ => format!("Fn::{tag}"),
        };
        let argument = Yaml {
            tag: None,
            ..yaml.clone()
        };
        return Ok(Some((function, argument)));
    }
    let entries = yaml.entries().unwrap_or_default();
    let is_function = |key: &str| key == "Ref" || key.starts_with("Fn::");
    match entries {
        [(key, argument)] if is_function(key) => Ok(Some((key.clone(), argument.clone()))),
        _ => match entries.iter().find(|(key, _)| is_function(key)) {
            Some((key, _)) => Err(format!("line {}: {key} beside other keys", yaml.line)),
            None => Ok(None),
        },
    }
}

/// The same within a condition, where another condition can be named.
fn call_of_condition(yaml: &Yaml) -> Result<Option<(String, Yaml)>, String> {
    match yaml.entries() {
        Some([(key, argument)]) if key == "Condition" => Ok(Some((key.clone(), argument.clone()))),
        _ => call(yaml),
    }
}

fn arguments<const N: usize>(argument: &Yaml) -> Result<&[Yaml; N], String> {
    let items = argument.items().and_then(|items| items.try_into().ok());
    items.ok_or_else(|| format!("not a list of {N}"))
}

/// A value that can be a part of text.
fn text_like(value: Prop) -> Result<Prop, String> {
    match value {
        Prop::Number(number) => Ok(Prop::Text(number.to_string())),
        Prop::Flag(flag) => Ok(Prop::Text(flag.to_string())),
        Prop::Ref(id, attribute) if vocabulary::is_list(&attribute) => {
            Err(format!("{attribute} of {id} is a list"))
        }
        value @ (Prop::Text(_) | Prop::Ref(..) | Prop::Joined(_)) => Ok(value),
        Prop::List(_) | Prop::Map(_) => Err("a list or mapping within text".to_owned()),
    }
}
