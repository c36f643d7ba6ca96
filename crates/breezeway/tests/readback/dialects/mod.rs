//! CloudFormation and Terraform of one blueprint, object by object: the same types, the same
//! settled values, references to the same objects, but for what `explained` names.
//!
//! Objects are told apart by colours, not by names: an object's colour is its type, place and
//! values, then also the colours of what it refers to and of what refers to it, until no more
//! objects can be told apart. Objects of one colour in both readings are each other's.

mod colours;
mod explained;
mod normal;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use super::wiring::Reading;
use colours::{Colours, Knows};
pub(crate) use explained::Used;
use normal::Normal;

/// Differences told of one kind of object; the rest is counted.
const MAX_TOLD: usize = 4;

/// What one reading says and the other does not, a line each; rows that explain something are
/// marked as used.
pub(crate) fn differences(
    cloudformation: &Reading,
    terraform: &Reading,
    used: &mut Used,
) -> Vec<String> {
    let mut sides = [cloudformation, terraform].map(normal::of);
    used.strip(&mut sides);
    for knows in Knows::ALL {
        let colours = Colours::of(&sides, knows);
        let lines = unmatched(&sides, &colours);
        if !lines.is_empty() {
            // What is blurred by a difference elsewhere is not told.
            return lines;
        }
    }
    Vec::new()
}

/// Objects whose colour the other side has fewer of.
fn unmatched(sides: &[Vec<Normal>; 2], colours: &Colours) -> Vec<String> {
    let mut balance: BTreeMap<usize, i64> = BTreeMap::new();
    for colour in &colours.0[0] {
        *balance.entry(*colour).or_default() += 1;
    }
    for colour in &colours.0[1] {
        *balance.entry(*colour).or_default() -= 1;
    }
    let mut rest: [BTreeMap<&str, Vec<&Normal>>; 2] = Default::default();
    for (side, sign) in [(0, 1), (1, -1)] {
        let mut left = balance.clone();
        for (object, colour) in sides[side].iter().zip(&colours.0[side]) {
            let surplus = left.entry(*colour).or_default();
            if 0 < *surplus * sign {
                *surplus -= sign;
                rest[side].entry(&object.kind).or_default().push(object);
            }
        }
    }
    let [mut first, mut second] = rest;
    let kinds: Vec<&str> = first.keys().chain(second.keys()).copied().collect();
    let mut lines = Vec::new();
    for kind in kinds {
        let ours = first.remove(kind).unwrap_or_default();
        let theirs = second.remove(kind).unwrap_or_default();
        lines.extend(told(&ours, theirs));
    }
    lines
}

/// Objects of one kind that have no partner, each with the most similar one of the other side.
fn told(ours: &[&Normal], mut theirs: Vec<&Normal>) -> Vec<String> {
    let mut lines = Vec::new();
    for object in ours {
        let best = (0..theirs.len()).max_by_key(|index| object.likeness(theirs[*index]));
        lines.push(match best {
            None => format!("only CloudFormation: {object}"),
            Some(index) => object.compared(theirs.swap_remove(index)),
        });
    }
    let rest = theirs.iter();
    lines.extend(rest.map(|object| format!("only Terraform: {object}")));
    let n_more = lines.len().saturating_sub(MAX_TOLD);
    lines.truncate(MAX_TOLD);
    if 0 < n_more {
        lines.push(format!("and {n_more} more of their kind"));
    }
    lines
}
