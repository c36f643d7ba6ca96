//! Descriptions in the letters that Amazon EC2 takes.

/// Characters that the description of a security group or of its rule may have besides letters and
/// digits (EC2 API, `IpRange.Description`).
const MARKS: &str = " ._-:/()#,@[]+=&;{}!$*";

/// Most characters of such a description (EC2 API).
const MAX_CHARS: usize = 255;

/// A text as EC2 takes it: without backquotes, a space for every other character it refuses.
pub(crate) fn description(text: &str) -> String {
    let kept = text.chars().filter(|letter| *letter != '`').map(|letter| {
        let is_allowed = letter.is_ascii_alphanumeric() || MARKS.contains(letter);
        if is_allowed { letter } else { ' ' }
    });
    let text: String = kept.take(MAX_CHARS).collect();
    text.trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::description;

    #[test]
    fn descriptions_keep_to_what_ec2_takes() {
        for (text, taken) in [
            (
                "pollers of `audit` call Lambda",
                "pollers of audit call Lambda",
            ),
            ("\u{fc}ber <all> \"ports\"?", "ber  all   ports"),
            ("9092-9098, [a]=b; {c}!$*", "9092-9098, [a]=b; {c}!$*"),
        ] {
            assert_eq!(description(text), taken);
        }
        assert_eq!(description(&"a".repeat(300)).len(), 255);
    }
}
