//! Lines of a template in block style: its sections, a resource's lines, a property's lines.

use std::ops::Range;

/// Columns at which resources and their properties begin.
const RESOURCE: usize = 2;
pub(super) const PROPERTY: usize = 6;

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Section {
    Resources,
    Outputs,
}

/// The section a line lies in, of those that refer to resources.
pub(super) fn section(lines: &[String], at: usize) -> Option<Section> {
    let head = lines[..=at].iter().rev().find(|line| !is_inner(line))?;
    match head.as_str() {
        "Resources:" => Some(Section::Resources),
        "Outputs:" => Some(Section::Outputs),
        _ => None,
    }
}

pub(super) fn is_inner(line: &str) -> bool {
    line.is_empty() || line.starts_with([' ', '#'])
}

/// Entries of a section of a template, with their lines.
pub(super) fn entries(
    lines: &[String],
    name: &str,
) -> impl Iterator<Item = (String, Range<usize>)> {
    let head = format!("{name}:");
    let start = lines.iter().position(|line| *line == head);
    let start = start.map_or(lines.len(), |at| at + 1);
    let n = lines[start..]
        .iter()
        .take_while(|line| is_inner(line))
        .count();
    let end = start + n;
    let heads = (start..end).filter(|at| {
        let line = &lines[*at];
        column(line) == RESOURCE && !line.trim_start().starts_with('#') && !line.is_empty()
    });
    let heads: Vec<usize> = heads.collect();
    let entries: Vec<_> = heads
        .into_iter()
        .map(|at| {
            let inner = lines[at + 1..end].iter();
            let n = inner.take_while(|l| RESOURCE < column(l) && !l.is_empty());
            let name = lines[at].trim().trim_end_matches(':').to_owned();
            (name, at..at + 1 + n.count())
        })
        .collect();
    entries.into_iter()
}

/// Logical ids in the order of the text.
pub(super) fn resources(lines: &[String]) -> Vec<String> {
    entries(lines, "Resources").map(|(id, _)| id).collect()
}

/// The lines of a resource.
pub(super) fn extent(lines: &[String], id: &str) -> Option<Range<usize>> {
    let mut entries = entries(lines, "Resources");
    entries.find(|(name, _)| name == id).map(|(_, at)| at)
}

/// The lines of a resource's properties.
pub(super) fn properties(lines: &[String], id: &str) -> Result<Range<usize>, String> {
    let at = extent(lines, id).ok_or_else(|| format!("no {id}"))?;
    let head = lines[at.clone()].iter();
    let head = head.take_while(|line| line.trim() != "Properties:").count();
    Ok(at.start + head + 1..at.end)
}

/// A section without entries is no section.
pub(super) fn drop_empty(lines: &mut Vec<String>, name: &str) {
    if entries(lines, name).next().is_none() {
        let head = format!("{name}:");
        lines.retain(|line| *line != head);
    }
}

pub(super) fn column(line: &str) -> usize {
    line.len() - line.trim_start_matches(' ').len()
}

/// Where what a place names stands in a resource.
pub(super) fn found(lines: &[String], id: &str, place: &str) -> Result<Range<usize>, String> {
    let missing = || format!("{id} has no {place}");
    let mut at = properties(lines, id)?;
    let mut inner = PROPERTY;
    for (depth, step) in place.split('/').enumerate() {
        if 0 < depth && step.parse::<usize>().is_err() && value_of(&lines[at.start]).is_empty() {
            at.start += 1;
            inner = column(&lines[at.start]);
        }
        match step.parse::<usize>() {
            Ok(nth) => {
                let start = at.start + 1;
                let dash = column(lines.get(start).ok_or_else(missing)?);
                let is_item = |n: &usize| {
                    column(&lines[*n]) == dash && lines[*n].trim_start().starts_with("- ")
                };
                let begin = (start..at.end)
                    .filter(is_item)
                    .nth(nth)
                    .ok_or_else(missing)?;
                let end = (begin + 1..at.end).find(|n| column(&lines[*n]) <= dash);
                at = begin..end.unwrap_or(at.end);
                inner = dash + 2;
            }
            Err(_) => {
                let key = format!("{step}:");
                let is_key = |n: &usize| {
                    let line = lines[*n].replacen("- ", "  ", 1);
                    column(&line) == inner && line.trim_start().starts_with(&key)
                };
                let begin = at.clone().find(is_key).ok_or_else(missing)?;
                let end = (begin + 1..at.end).find(|n| column(&lines[*n]) <= inner);
                at = begin..end.unwrap_or(at.end);
            }
        }
    }
    Ok(at)
}

/// What stands behind a line's key or dash.
pub(super) fn value_of(line: &str) -> &str {
    let item = line.trim_start();
    let item = item.strip_prefix("- ").unwrap_or(item);
    match item.split_once(": ") {
        Some((key, value)) if !key.contains([' ', '"', '\'']) => value,
        Some(_) | None if item.ends_with(':') => "",
        Some(_) | None => item,
    }
}

/// Removes lines, and the keys above that have nothing left.
pub(super) fn cut(lines: &mut Vec<String>, at: Range<usize>) {
    let inner = column(&lines[at.start]);
    let start = at.start;
    lines.drain(at);
    let Some(above) = start.checked_sub(1) else {
        return;
    };
    let has_more = lines
        .get(start)
        .is_some_and(|line| inner <= column(line) && !line.is_empty());
    if lines[above].ends_with(':') && column(&lines[above]) < inner && !has_more {
        cut(lines, above..above + 1);
    }
}

/// Whether a line refers to a resource or parameter.
pub(super) fn mentions(line: &str, id: &str) -> bool {
    let line = line.trim();
    let whole = [
        format!("!Ref {id}"),
        format!("!GetAtt {id}."),
        format!("${{{id}}}"),
        format!("${{{id}."),
        format!("DependsOn: {id}"),
        format!("- {id}"),
    ];
    whole.iter().any(|needle| {
        line.match_indices(needle.as_str()).any(|(at, _)| {
            let next = line[at + needle.len()..].chars().next();
            needle.ends_with(['.', '}']) || !next.is_some_and(|c| c.is_ascii_alphanumeric())
        })
    })
}
