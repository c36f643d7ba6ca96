//! The faults the plan itself finds, each with its page.

macro_rules! faults {
    ($($name:literal),+ $(,)?) => {
        &[$(($name, include_str!(concat!("../pages/", $name, ".md")))),+]
    };
}

/// Every fault's name and its page in Markdown, by name.
pub fn faults() -> &'static [(&'static str, &'static str)] {
    faults![
        "ambiguous-name",
        "colliding-ports",
        "conflicting-routes",
        "contradicting-settings",
        "distant-transit-gateway",
        "exhausted-range",
        "irregular-listener",
        "malformed-template",
        "misplaced-address",
        "misplaced-subnet",
        "missing-subnet",
        "port-out-of-range",
        "unconnected-promise",
        "uneven-brokers",
        "unfit-existing-object",
        "unknown-combination",
        "unpeered-route",
        "unseen-existing-object",
        "unsupported-auth",
        "unsupported-pattern",
    ]
}

/// The page of a fault that the plan finds.
pub fn explain(name: &str) -> Option<&'static str> {
    let page = faults().iter().find(|(known, _)| *known == name);
    page.map(|(_, page)| *page)
}
