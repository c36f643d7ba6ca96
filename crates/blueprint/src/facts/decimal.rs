//! Exact decimal numbers: prices and quotas are added and multiplied without binary fractions,
//! so that a total can be redone by hand.

use std::fmt;

/// Decimal places that are kept; the smallest price read so far has three.
pub const PLACES: u32 = 9;

/// One, in the unit that is stored.
const ONE: i128 = 10_i128.pow(PLACES);

/// Most digits before the point, which keeps a product of two numbers far from the end of
/// `i128`.
const MAX_WHOLE_DIGITS: usize = 15;

/// A decimal number with nine places. Arithmetic saturates, and rounds the last place half away
/// from zero.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Decimal(i128);

impl Decimal {
    /// Nothing.
    pub const ZERO: Self = Self(0);

    /// Makes a whole number.
    pub fn from_whole(whole: u64) -> Self {
        Self(i128::from(whole) * ONE)
    }

    /// Reads plain digits with an optional point and sign, such as `0.0225`; nothing else, and
    /// no more than fifteen digits before the point and nine after it.
    pub fn parse(text: &str) -> Option<Self> {
        let (sign, digits) = text.strip_prefix('-').map_or((1, text), |rest| (-1, rest));
        let (whole, places) = digits.split_once('.').unwrap_or((digits, "0"));
        let plain = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
        let fits = whole.len() <= MAX_WHOLE_DIGITS && places.len() <= PLACES as usize;
        if !plain(whole) || !plain(places) || !fits {
            return None;
        }
        let padded = format!("{places:0<width$}", width = PLACES as usize);
        let whole: i128 = whole.parse().ok()?;
        let places: i128 = padded.parse().ok()?;
        Some(Self(sign * (whole * ONE + places)))
    }

    /// The whole part, if it is not negative and fits.
    pub fn whole(self) -> Option<u64> {
        u64::try_from(self.0 / ONE).ok()
    }

    /// Whether it has no places.
    pub fn is_whole(self) -> bool {
        self.0 % ONE == 0
    }

    /// Sum.
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }

    /// Difference.
    #[must_use]
    pub fn minus(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }

    /// Product.
    #[must_use]
    pub fn times(self, other: Self) -> Self {
        Self(divided(self.0.saturating_mul(other.0), ONE))
    }

    /// Product with a fraction, such as the two thirds of traffic that leave a zone; nothing
    /// for a denominator of zero.
    #[must_use]
    pub fn share(self, numerator: u64, denominator: u64) -> Self {
        if denominator == 0 {
            return Self::ZERO;
        }
        let product = self.0.saturating_mul(i128::from(numerator));
        Self(divided(product, i128::from(denominator)))
    }

    /// Quotient; none by zero.
    pub fn over(self, other: Self) -> Option<Self> {
        (other.0 != 0).then(|| Self(divided(self.0.saturating_mul(ONE), other.0)))
    }

    /// The text with exactly so many places, rounded half away from zero: `16.43`.
    pub fn fixed(self, places: u32) -> String {
        let places = places.min(PLACES);
        let dropped = 10_i128.pow(PLACES - places);
        let rounded = divided(self.0, dropped).saturating_mul(dropped);
        let sign = if rounded < 0 { "-" } else { "" };
        let (whole, rest) = parts(rounded);
        let digits = format!("{rest:0width$}", width = PLACES as usize);
        match digits.get(..places as usize) {
            None | Some("") => format!("{sign}{whole}"),
            Some(kept) => format!("{sign}{whole}.{kept}"),
        }
    }
}

impl fmt::Display for Decimal {
    /// The shortest exact text: `0.0225`, `50`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = self.fixed(PLACES);
        let short = text.trim_end_matches('0').trim_end_matches('.');
        f.pad(short)
    }
}

fn parts(value: i128) -> (u128, u128) {
    let one = ONE.unsigned_abs();
    let value = value.unsigned_abs();
    (value / one, value % one)
}

fn divided(value: i128, by: i128) -> i128 {
    let quotient = value.checked_div(by).unwrap_or(i128::MAX);
    let rest = value.checked_rem(by).unwrap_or(0);
    let half_or_more = by.unsigned_abs() <= rest.unsigned_abs().saturating_mul(2);
    let away = if (value < 0) == (by < 0) { 1 } else { -1 };
    if rest != 0 && half_or_more {
        quotient.saturating_add(away)
    } else {
        quotient
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(text: &str) -> Decimal {
        Decimal::parse(text).unwrap()
    }

    #[test]
    fn texts_are_read_and_written_exactly() {
        for text in ["0", "50", "0.0225", "-1.5", "1048576", "0.000000001"] {
            assert_eq!(number(text).to_string(), text);
        }
        for text in [
            "", ".", "1.", ".5", "1e3", "+1", "1,000", " 1", "0x1", "--1",
        ] {
            assert_eq!(Decimal::parse(text), None, "{text}");
        }
        for text in ["1234567890123456", "0.0000000001"] {
            assert_eq!(Decimal::parse(text), None, "{text}");
        }
        assert_eq!(number("2.500").to_string(), "2.5");
        assert_eq!(number("-0").to_string(), "0");
    }

    #[test]
    fn arithmetic_is_that_of_a_hand() {
        let month = number("0.0225").times(Decimal::from_whole(730));
        assert_eq!(month, number("16.425"));
        assert_eq!(month.fixed(2), "16.43");
        assert_eq!(month.fixed(0), "16");
        assert_eq!(number("-16.425").fixed(2), "-16.43");
        assert_eq!(number("-0.001").fixed(2), "0.00");
        assert_eq!(
            month.plus(number("0.075")).minus(number("0.5")),
            number("16")
        );
        let cross_zone = Decimal::from_whole(10_000)
            .share(2, 3)
            .times(number("0.02"));
        assert_eq!(cross_zone.fixed(2), "133.33");
        assert_eq!(number("10").over(number("4")), Some(number("2.5")));
        assert_eq!(number("1").over(Decimal::ZERO), None);
        assert_eq!(number("1").share(1, 0), Decimal::ZERO);
        assert_eq!(number("2.9").whole(), Some(2));
        assert_eq!(number("-2").whole(), None);
        assert!(number("2.0").is_whole() && !number("2.1").is_whole());
    }

    #[test]
    fn extremes_saturate() {
        let most = Decimal(i128::MAX);
        assert_eq!(most.plus(most), most);
        assert_eq!(Decimal(i128::MIN).minus(most), Decimal(i128::MIN));
        let _ = most.times(most).fixed(20);
        let _ = Decimal(i128::MIN).times(most).to_string();
        let _ = Decimal(i128::MIN).over(Decimal(-1));
    }
}
