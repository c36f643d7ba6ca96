//! What changes between two specs, as text: one line for each object, then what differs in it,
//! then why AWS makes it anew.

use std::fmt::Write;

use plan::diff::{Change, ChangeKind, FieldChange};

use super::count;

/// Values of one field that are named before the rest is counted.
const MAX_VALUES: usize = 6;

/// Prints every change, then how many there are of each kind.
pub fn text(old: &str, new: &str, changes: &[Change]) -> String {
    let mut text = format!("# from {old} to {new}\n\n");
    for change in changes {
        let object = &change.object;
        let _ = writeln!(
            text,
            "{:<8}  {} {}",
            word(&change.kind),
            kind_in_words(object.kind),
            object.id
        );
        details(&mut text, &change.kind);
    }
    if !changes.is_empty() {
        text.push('\n');
    }
    let _ = writeln!(text, "{}", summary(changes));
    text
}

/// The word for what becomes of an object.
pub fn word(kind: &ChangeKind) -> &'static str {
    match kind {
        ChangeKind::Added => "added",
        ChangeKind::Changed { .. } => "changed",
        ChangeKind::Replaced { .. } => "replaced",
        ChangeKind::Removed => "removed",
    }
}

/// An id's kind as people say it: `TransitAttachmentId` is a transit attachment.
pub fn kind_in_words(kind: &str) -> String {
    match kind {
        "EniId" => return "interface".to_owned(),
        "VpcId" => return "VPC".to_owned(),
        "NetworkAclId" => return "network ACL".to_owned(),
        _ => {}
    }
    let mut words = String::new();
    for letter in kind.trim_end_matches("Id").chars() {
        if letter.is_ascii_uppercase() && !words.is_empty() {
            words.push(' ');
        }
        words.push(letter.to_ascii_lowercase());
    }
    words
}

fn details(text: &mut String, kind: &ChangeKind) {
    let (fields, reasons) = match kind {
        ChangeKind::Added | ChangeKind::Removed => return,
        ChangeKind::Changed { fields } => (fields, &[][..]),
        ChangeKind::Replaced { fields, because } => (fields, &because[..]),
    };
    for field in fields {
        differing(text, field);
    }
    for reason in reasons {
        let _ = writeln!(
            text,
            "          = {}: {} ({})",
            reason.property, reason.because, reason.source
        );
    }
}

fn differing(text: &mut String, field: &FieldChange) {
    for (sign, values) in [('-', &field.lost), ('+', &field.gained)] {
        if values.is_empty() {
            continue;
        }
        let shown: Vec<_> = values.iter().take(MAX_VALUES).map(String::as_str).collect();
        let more = match values.len().saturating_sub(MAX_VALUES) {
            0 => String::new(),
            n_more => format!(" and {n_more} more"),
        };
        let _ = writeln!(
            text,
            "          {sign} {}: {}{more}",
            field.field,
            shown.join(", ")
        );
    }
}

fn summary(changes: &[Change]) -> String {
    let count_of = |is_meant: fn(&ChangeKind) -> bool| {
        changes
            .iter()
            .filter(|change| is_meant(&change.kind))
            .count()
    };
    if changes.is_empty() {
        return "nothing changes".to_owned();
    }
    let counts = [
        (count_of(|kind| matches!(kind, ChangeKind::Added)), "added"),
        (
            count_of(|kind| matches!(kind, ChangeKind::Changed { .. })),
            "changed",
        ),
        (
            count_of(|kind| matches!(kind, ChangeKind::Replaced { .. })),
            "replaced",
        ),
        (
            count_of(|kind| matches!(kind, ChangeKind::Removed)),
            "removed",
        ),
    ];
    let counts = counts.map(|(n, word)| format!("{} {word}", count::thousands(n)));
    let only_adds = changes.iter().all(Change::only_adds);
    let verdict = if only_adds { "; it only adds" } else { "" };
    format!("{}{verdict}", counts.join(", "))
}

#[cfg(test)]
mod tests {
    use super::kind_in_words;

    #[test]
    fn kinds_are_said_in_words() {
        let cases = [
            ("EniId", "interface"),
            ("VpcId", "VPC"),
            ("TransitAttachmentId", "transit attachment"),
            ("ServiceId", "service"),
        ];
        for (kind, words) in cases {
            assert_eq!(kind_in_words(kind), words);
        }
    }
}
