//! Did-you-mean: the known word that a user probably wanted.

use std::collections::BTreeSet;

/// Longest word that is compared, in characters: the work grows with its square, and no word of
/// a spec is longer.
const MAX_COMPARED_CHARS: usize = 64;

/// The candidate closest to a word, if it is close enough to be meant.
pub fn nearest<'c>(word: &str, candidates: impl IntoIterator<Item = &'c str>) -> Option<&'c str> {
    let word = word.to_lowercase();
    let length = word.chars().count();
    if MAX_COMPARED_CHARS < length {
        return None;
    }
    candidates
        .into_iter()
        .map(|candidate| (distance(&word, &candidate.to_lowercase()), candidate))
        .filter(|(edits, candidate)| {
            let longest = length.max(candidate.chars().count());
            *edits < longest && *edits <= tolerance(longest)
        })
        .min_by_key(|(edits, _)| *edits)
        .map(|(_, candidate)| candidate)
}

/// Words in backticks, each once, separated by commas.
pub(super) fn quoted<S: AsRef<str>>(words: &[S]) -> String {
    let mut seen = BTreeSet::new();
    let once = words.iter().map(AsRef::as_ref).filter(|w| seen.insert(*w));
    let quoted: Vec<String> = once.map(|w| format!("`{w}`")).collect();
    quoted.join(", ")
}

/// A third of the letters may differ, and always one.
fn tolerance(length: usize) -> usize {
    (length / 3).max(1)
}

/// Edits from one word to another: insertions, deletions, replacements and swaps of neighbours.
fn distance(from: &str, to: &str) -> usize {
    let from: Vec<char> = from.chars().collect();
    let to: Vec<char> = to.chars().take(MAX_COMPARED_CHARS).collect();
    let mut before: Vec<usize> = Vec::new();
    let mut above: Vec<usize> = (0..=to.len()).collect();
    for (row, a) in from.iter().enumerate() {
        let mut current = vec![row + 1];
        for (column, b) in to.iter().enumerate() {
            let replaced = above[column] + usize::from(a != b);
            let mut best = replaced.min(above[column + 1] + 1).min(current[column] + 1);
            let swapped = 0 < row && 0 < column && *a == to[column - 1] && from[row - 1] == *b;
            if swapped {
                best = best.min(before[column - 1] + 1);
            }
            current.push(best);
        }
        before = std::mem::replace(&mut above, current);
    }
    above[to.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nearest_word_is_found_by_edits() {
        let known = ["cidr", "cidrs", "zones", "account", "subnets"];
        let cases = [
            ("cdir", Some("cidr")),
            ("CIDR", Some("cidr")),
            ("zone", Some("zones")),
            ("acount", Some("account")),
            ("subnet", Some("subnets")),
            ("owner", None),
            ("", None),
        ];
        for (word, expected) in cases {
            assert_eq!(nearest(word, known), expected, "{word}");
        }
    }
}
