//! Counts in words.

/// `1 path`, `2 paths`, `3,000 records`: the number with its noun.
pub fn count(n: usize, noun: &str) -> String {
    let plural = if n == 1 { "" } else { "s" };
    format!("{} {noun}{plural}", thousands(n))
}

/// Groups digits by commas.
pub fn thousands(n: usize) -> String {
    let digits = n.to_string();
    let mut text = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    #[test]
    fn numbers_and_nouns_agree() {
        assert_eq!(super::count(1, "path"), "1 path");
        assert_eq!(super::count(0, "error"), "0 errors");
        assert_eq!(super::count(3000, "record"), "3,000 records");
        assert_eq!(super::thousands(1_234_567), "1,234,567");
    }
}
