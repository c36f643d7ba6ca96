//! The section `Parameters`: types, defaults, allowed values, and the values that are given.

use super::super::graph::Prop;
use super::super::vocabulary;
use super::super::wiring::Values;
use super::super::yaml::Yaml;
use super::{Entries, entries, only, scalar};

/// What a parameter may say. What AWS gives is not known here, so no pattern is tried on it.
const OF_PARAMETER: [&str; 6] = [
    "AllowedPattern",
    "AllowedValues",
    "Default",
    "Description",
    "NoEcho",
    "Type",
];

/// Every parameter's value. A value without a parameter is a fault too: CloudFormation refuses
/// it.
pub(super) fn read(parameters: Entries<'_>, inputs: &Values) -> Result<Values, Vec<String>> {
    let mut faults: Vec<String> = inputs
        .keys()
        .filter(|name| !parameters.iter().any(|(known, _)| known == *name))
        .map(|name| format!("{name} is an input of the wiring and no parameter"))
        .collect();
    let mut values = Values::new();
    for (name, parameter) in parameters {
        match value(parameter, inputs.get(name)) {
            Ok(value) => {
                values.insert(name.clone(), value);
            }
            Err(why) => faults.push(format!("parameter {name}: {why}")),
        }
    }
    if faults.is_empty() {
        Ok(values)
    } else {
        Err(faults)
    }
}

fn value(parameter: &Yaml, input: Option<&Prop>) -> Result<Prop, String> {
    only(entries(parameter, "the parameter")?, &OF_PARAMETER)?;
    let default = match parameter.get("Default") {
        None => None,
        Some(default) => Some(Prop::Text(scalar(default).ok_or("Default is no scalar")?)),
    };
    let value = input
        .cloned()
        .or(default)
        .ok_or("no value and no Default")?;
    let allowed = parameter.get("AllowedValues");
    if let Some(allowed) = allowed {
        let allowed = allowed.items().ok_or("AllowedValues is no list")?;
        let is_allowed = |text: &str| {
            allowed
                .iter()
                .any(|one| scalar(one).as_deref() == Some(text))
        };
        if !value.text().is_some_and(is_allowed) {
            return Err(format!("{value:?} is not among AllowedValues"));
        }
    }
    let kind = parameter.get("Type").and_then(Yaml::text);
    typed(kind.ok_or("no Type")?, value)
}

fn typed(kind: &str, value: Prop) -> Result<Prop, String> {
    if let Some(of) = kind
        .strip_prefix("List<")
        .and_then(|rest| rest.strip_suffix('>'))
    {
        let items = split(&value, ",")?.into_iter().map(|item| typed(of, item));
        return Ok(Prop::List(items.collect::<Result<_, _>>()?));
    }
    match kind {
        "String" => Ok(value),
        "CommaDelimitedList" => Ok(Prop::List(split(&value, ",")?)),
        "Number" if value.number().is_some() || value.text().is_none() => Ok(value),
        "Number" => Err(format!("{value:?} is no number")),
        _ => {
            let of = vocabulary::kind_of_id(kind);
            let of = of.ok_or_else(|| format!("type {kind} is not understood"))?;
            is_id(&value, of)
                .then_some(value)
                .ok_or_else(|| format!("no id of an {of}"))
        }
    }
}

/// Whether a value can be an id. Which type of resource an id belongs to is in its first letters;
/// a reference is held against its resource by the reader of the graph.
fn is_id(value: &Prop, of: &str) -> bool {
    let prefix = match of {
        "AWS::EC2::VPC" => "vpc-",
        "AWS::EC2::Subnet" => "subnet-",
        "AWS::EC2::SecurityGroup" => "sg-",
        _ => "Z",
    };
    match value {
        Prop::Text(text) => text.starts_with(prefix),
        Prop::Ref(_, attribute) => attribute == "Ref",
        Prop::Number(_) | Prop::Flag(_) | Prop::List(_) | Prop::Map(_) | Prop::Joined(_) => false,
    }
}

/// A value's parts between delimiters; what AWS gives holds none.
pub(super) fn split(value: &Prop, delimiter: &str) -> Result<Vec<Prop>, String> {
    let whole = [value.clone()];
    let parts = match value {
        Prop::Text(_) | Prop::Ref(..) => &whole[..],
        Prop::Joined(parts) => parts,
        Prop::Number(_) | Prop::Flag(_) | Prop::List(_) | Prop::Map(_) => {
            return Err(format!("{value:?} is no text to split"));
        }
    };
    let mut pieces: Vec<Vec<Prop>> = vec![Vec::new()];
    for part in parts {
        let mut texts = part.text().unwrap_or_default().split(delimiter);
        if let (Some(piece), Some(first)) = (pieces.last_mut(), texts.next()) {
            let is_text = part.text().is_some();
            piece.push(if is_text {
                Prop::Text(first.to_owned())
            } else {
                part.clone()
            });
        }
        pieces.extend(texts.map(|text| vec![Prop::Text(text.to_owned())]));
    }
    Ok(pieces.into_iter().map(Prop::joined).collect())
}
