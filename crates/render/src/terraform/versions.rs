//! The oldest release of the provider that a module needs.

use crate::part::Resource;
use crate::value::Value;

/// A release of the provider `hashicorp/aws`.
type Release = (u32, u32, u32);

/// Rules of security groups as resources of their own, which every module may have.
const FLOOR: Release = (4, 56, 0);

/// The release that first had a resource, or an argument of one (the provider's changelog).
const SINCE: &[(&str, Option<&str>, Release)] = &[];

/// The oldest release with everything that resources say.
pub(super) fn needed<'r>(resources: impl Iterator<Item = &'r Resource>) -> String {
    let needed = resources.flat_map(|resource| {
        let since = SINCE.iter();
        let since = since.filter(|(kind, argument, _)| {
            *kind == resource.kind && argument.is_none_or(|argument| says(resource, argument))
        });
        since.map(|(.., release)| *release)
    });
    let (major, minor, patch) = needed.fold(FLOOR, Release::max);
    format!("{major}.{minor}.{patch}")
}

/// Whether a resource says an argument, in a nested block or not.
fn says(resource: &Resource, argument: &str) -> bool {
    let mut found = false;
    for (key, value) in &resource.properties {
        found |= key == argument;
        value.walk(&mut |value| {
            if let Value::Block(entries) = value {
                found |= entries.iter().any(|(key, _)| key == argument);
            }
        });
    }
    found
}
