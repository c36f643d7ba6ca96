//! Values of properties as addresses, ranges, ports and domains.

use std::collections::BTreeMap;
use std::fmt::Display;
use std::net::Ipv4Addr;
use std::str::FromStr;

use ipnet::Ipv4Net;

use crate::graph::{Node, Prop};

/// What a text spells.
pub(super) fn parsed<T: FromStr>(prop: &Prop) -> Result<T, String>
where
    T::Err: Display,
{
    let text = prop.text().ok_or_else(|| format!("{prop:?} is no text"))?;
    text.parse().map_err(|why| format!("`{text}`: {why}"))
}

/// A range, its host bits cut off as AWS does.
pub(super) fn range(prop: &Prop) -> Result<Ipv4Net, String> {
    parsed::<Ipv4Net>(prop).map(|range| range.trunc())
}

/// An address.
pub(super) fn address(prop: &Prop) -> Result<Ipv4Addr, String> {
    parsed(prop)
}

/// A TCP port.
pub(super) fn port(prop: &Prop) -> Result<u16, String> {
    let number = prop.number();
    let port = number.and_then(|number| u16::try_from(number).ok());
    port.ok_or_else(|| format!("{prop:?} is no port"))
}

/// A property that must be a port.
pub(super) fn needed_port(node: &Node, name: &str) -> Result<u16, String> {
    port(node.need(name)?).map_err(|why| format!("{name}: {why}"))
}

/// A flag, or what AWS takes for one that is not said.
pub(super) fn flag_or(node: &Node, name: &str, default: bool) -> Result<bool, String> {
    match node.get(name) {
        None => Ok(default),
        Some(_) => node.flag(name),
    }
}

/// A text, or what AWS takes for one that is not said.
pub(super) fn text_or<'a>(node: &'a Node, name: &str, default: &'a str) -> Result<&'a str, String> {
    match node.get(name) {
        None => Ok(default),
        Some(_) => node.text(name),
    }
}

/// A flag deep in a mapping; off if it is not said.
pub(super) fn deep_flag(prop: Option<&Prop>, path: &[&str]) -> Result<Option<bool>, String> {
    let Some(found) = deep(prop, path) else {
        return Ok(None);
    };
    let flag = found.flag();
    let wrong = || format!("{}: {found:?} is neither true nor false", path.join("."));
    flag.map(Some).ok_or_else(wrong)
}

/// A value deep in a mapping.
pub(super) fn deep<'a>(prop: Option<&'a Prop>, path: &[&str]) -> Option<&'a Prop> {
    path.iter().try_fold(prop?, |within, name| within.get(name))
}

/// Attributes of a load balancer, target group or listener: a list of keys and values.
pub(super) fn attributes<'a>(
    node: &'a Node,
    name: &str,
) -> Result<BTreeMap<&'a str, String>, String> {
    let items = node.list(name)?.iter();
    let pairs = items.map(|item| {
        let key = item.get("Key").and_then(Prop::text);
        let value = item.get("Value").and_then(spelled);
        let pair = key.zip(value);
        pair.ok_or_else(|| format!("{name}: {item:?} is no key with a value"))
    });
    pairs.collect()
}

/// A value as it is written in text.
pub(super) fn spelled(prop: &Prop) -> Option<String> {
    match prop {
        Prop::Text(text) => Some(text.clone()),
        Prop::Number(number) => Some(number.to_string()),
        Prop::Flag(flag) => Some(flag.to_string()),
        Prop::List(_) | Prop::Map(_) | Prop::Ref(..) | Prop::Joined(_) => None,
    }
}

/// A domain in lower case without a trailing dot: DNS cares for neither.
pub(super) fn domain(text: &str) -> String {
    text.trim_end_matches('.').to_lowercase()
}
