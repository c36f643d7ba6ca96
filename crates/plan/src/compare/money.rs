//! Amounts with what is to be said of them, and shares that are exact.

use blueprint::facts::{Decimal, FactId, Facts};

/// An amount in US dollars, or anything else that is made of facts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Figure {
    /// How much.
    pub amount: Decimal,
    /// Whether a fact it is made of is unverified.
    pub unverified: bool,
    /// Whether something that costs is left out, because nobody has given its price.
    pub partial: bool,
}

impl Figure {
    /// Nothing.
    pub const ZERO: Self = Self {
        amount: Decimal::ZERO,
        unverified: false,
        partial: false,
    };

    /// What stands for a price nobody has given.
    pub const UNKNOWN: Self = Self {
        partial: true,
        ..Self::ZERO
    };

    /// Sum.
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        Self {
            amount: self.amount.plus(other.amount),
            unverified: self.unverified || other.unverified,
            partial: self.partial || other.partial,
        }
    }

    /// Product with an exact number.
    #[must_use]
    pub fn times(self, factor: Decimal) -> Self {
        Self {
            amount: self.amount.times(factor),
            ..self
        }
    }

    /// What a fact comes to for an amount of what it counts, tiers included. An amount of
    /// nothing costs nothing, surely.
    pub(crate) fn of(facts: &Facts, id: FactId, region: &str, amount: Decimal) -> Self {
        if amount == Decimal::ZERO {
            return Self::ZERO;
        }
        let Some(found) = facts.fact(id, region) else {
            return Self::UNKNOWN;
        };
        match found.fact.value.total(amount) {
            Some(total) => Self {
                amount: total,
                unverified: found.is_unverified(),
                partial: false,
            },
            None => Self::UNKNOWN,
        }
    }
}

/// An exact share.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Share {
    numerator: u128,
    denominator: u128,
}

impl Share {
    /// None of it.
    pub const NONE: Self = Self {
        numerator: 0,
        denominator: 1,
    };
    /// All of it.
    pub const ALL: Self = Self {
        numerator: 1,
        denominator: 1,
    };

    /// So many parts of so many; none of it where there are no parts.
    pub fn new(numerator: u128, denominator: u128) -> Self {
        if denominator == 0 {
            return Self::NONE;
        }
        let divisor = common_divisor(numerator, denominator);
        Self {
            numerator: numerator / divisor,
            denominator: denominator / divisor,
        }
    }

    /// Sum.
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        let divisor = common_divisor(self.denominator, other.denominator);
        let (mine, theirs) = (self.denominator / divisor, other.denominator / divisor);
        Self::new(
            self.numerator
                .saturating_mul(theirs)
                .saturating_add(other.numerator.saturating_mul(mine)),
            self.denominator.saturating_mul(theirs),
        )
    }

    /// Product.
    #[must_use]
    pub fn times(self, other: Self) -> Self {
        Self::new(
            self.numerator.saturating_mul(other.numerator),
            self.denominator.saturating_mul(other.denominator),
        )
    }

    /// What is left of all.
    #[must_use]
    pub fn rest(self) -> Self {
        Self::new(
            self.denominator.saturating_sub(self.numerator),
            self.denominator,
        )
    }

    /// The share of an amount.
    pub fn of(self, amount: Decimal) -> Decimal {
        let parts = u64::try_from(self.numerator).ok();
        match parts.zip(u64::try_from(self.denominator).ok()) {
            Some((numerator, denominator)) => amount.share(numerator, denominator),
            None => Decimal::ZERO,
        }
    }
}

impl std::fmt::Display for Share {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(&match (self.numerator, self.denominator) {
            (whole, 1) => whole.to_string(),
            (numerator, denominator) => format!("{numerator}/{denominator}"),
        })
    }
}

fn common_divisor(one: u128, other: u128) -> u128 {
    let (mut one, mut other) = (one, other);
    while other != 0 {
        (one, other) = (other, one % other);
    }
    one.max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_exact() {
        let third = Share::new(2, 6);
        assert_eq!(third.to_string(), "1/3");
        assert_eq!(third.rest().to_string(), "2/3");
        assert_eq!(third.plus(Share::new(1, 6)).to_string(), "1/2");
        assert_eq!(third.times(Share::new(3, 1)), Share::ALL);
        assert_eq!(third.of(Decimal::from_whole(10)).fixed(4), "3.3333");
        assert_eq!(Share::new(1, 0), Share::NONE);
    }
}
