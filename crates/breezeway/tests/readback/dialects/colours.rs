//! Colours: the same for objects that nothing tells apart.

use std::collections::BTreeMap;

use super::normal::{Normal, written};
use crate::graph::NodeId;

/// What a colour knows of an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Knows {
    /// Its own values.
    Own,
    /// Also what it refers to, however far.
    Referred,
    /// Also what refers to it.
    Both,
}

impl Knows {
    pub(super) const ALL: [Self; 3] = [Self::Own, Self::Referred, Self::Both];
}

/// A colour for each object of both sides, in their order.
pub(super) struct Colours(pub(super) [Vec<usize>; 2]);

impl Colours {
    /// Colours as fine as they become.
    pub(super) fn of(sides: &[Vec<Normal>; 2], knows: Knows) -> Self {
        let mut palette = BTreeMap::new();
        let at = sides.each_ref().map(|side| {
            let of = side.iter().enumerate();
            of.map(|(index, object)| (&object.id, index))
                .collect::<BTreeMap<_, _>>()
        });
        let mut colours = [vec![0; sides[0].len()], vec![0; sides[1].len()]];
        let mut n_classes = 1;
        loop {
            let mut finer: [Vec<usize>; 2] = Default::default();
            for side in 0..2 {
                let texts = texts(&sides[side], &at[side], &colours[side], knows);
                for text in texts {
                    let n = palette.len();
                    finer[side].push(*palette.entry(text).or_insert(n));
                }
            }
            let n = classes(&finer);
            colours = finer;
            if knows == Knows::Own || n == n_classes {
                return Self(colours);
            }
            n_classes = n;
        }
    }
}

fn classes(colours: &[Vec<usize>; 2]) -> usize {
    let mut all: Vec<_> = colours.iter().flatten().collect();
    all.sort();
    all.dedup();
    all.len()
}

/// What the next colour of each object of a side says.
fn texts(
    side: &[Normal],
    at: &BTreeMap<&NodeId, usize>,
    colours: &[usize],
    knows: Knows,
) -> Vec<String> {
    let colour = |id: &NodeId| match (knows, at.get(id)) {
        (Knows::Own, _) => String::new(),
        (Knows::Referred | Knows::Both, Some(index)) => colours[*index].to_string(),
        (Knows::Referred | Knows::Both, None) => "nothing".to_owned(),
    };
    let mut users: Vec<Vec<String>> = vec![Vec::new(); side.len()];
    if knows == Knows::Both {
        for (object, of) in side.iter().zip(colours) {
            for (name, prop) in &object.properties {
                let used = prop
                    .references()
                    .into_iter()
                    .filter_map(|(id, _)| at.get(id));
                used.for_each(|index| users[*index].push(format!("{of} by {name}")));
            }
        }
    }
    let text = |((object, own), mut users): ((&Normal, &usize), Vec<String>)| {
        users.sort();
        let properties = object.properties.iter();
        let properties: Vec<_> = properties
            .map(|(name, prop)| format!("{name}={}", written(prop, &colour)))
            .collect();
        let Normal { kind, place, .. } = object;
        format!("{own} {kind} {place:?} {properties:?} {users:?}")
    };
    side.iter().zip(colours).zip(users).map(text).collect()
}
