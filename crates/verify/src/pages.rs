//! The pages of the book that belong here: one per check, one per verdict and one for `partly`,
//! which a cell says where verdicts differ.

use crate::checks;

macro_rules! verdicts {
    ($($name:literal),+ $(,)?) => {
        &[
            $(($name, include_str!(concat!("verdicts/", $name, ".md"))),)+
            ("partly", include_str!("summaries/partly.md")),
        ]
    };
}

/// Every verdict's name and its page in Markdown, the furthest-travelled last; then `partly`.
pub fn verdicts() -> &'static [(&'static str, &'static str)] {
    verdicts![
        "unknown",
        "no-name",
        "denied-out",
        "no-route",
        "leaves-blueprint",
        "denied-in",
        "loop",
        "no-listener",
        "no-target",
        "refused",
        "wrong-broker",
        "delivered",
    ]
}

/// Every name that has a page: the checks by precedence, then the verdicts.
pub fn explainable() -> impl Iterator<Item = &'static str> {
    let checks = checks::all().iter().map(|check| check.name);
    checks.chain(verdicts().iter().map(|(name, _)| *name))
}

/// The page of a check or a verdict; a check's where both have the name, since it tells more.
pub fn explain(name: &str) -> Option<String> {
    let check = checks::all().iter().find(|check| check.name == name);
    let verdict = verdicts().iter().find(|(known, _)| *known == name);
    check
        .map(checks::Check::page)
        .or_else(|| verdict.map(|(_, page)| (*page).to_owned()))
}
