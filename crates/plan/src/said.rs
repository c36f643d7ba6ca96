//! Values that several connections share: the first that says one decides, and whoever says
//! another is told so.

use blueprint::diagnostic::{At, Diagnostic};
use blueprint::key::SpecKey;
use blueprint::spec::Connection;

use crate::draft::Draft;
use crate::intent::Link;

/// The value of the first connection that says one; others that say another are reported.
/// `why` says why there is only one.
pub(crate) fn said<'s, T: PartialEq>(
    links: &[&Link<'s>],
    name: &str,
    why: &str,
    value: impl Fn(&'s Connection) -> Option<&'s T>,
    draft: &mut Draft,
) -> Option<(SpecKey, &'s T)> {
    let mut saying = links
        .iter()
        .filter_map(|link| Some((link, value(link.asked)?)));
    let (first, chosen) = saying.next()?;
    let key = first.key.key(name);
    for (link, _) in saying.filter(|(_, other)| *other != chosen) {
        let title = format!("connections to `{}` disagree on `{name}`", first.to.name);
        let at = At::Value(link.key.key(name));
        let fault = Diagnostic::error("contradicting-settings", title, at)
            .label("this value is not used")
            .related(At::Value(key.clone()), "the first one counts")
            .note(why)
            .help(format!("say `{name}` on one of them only"));
        draft.report(fault);
    }
    Some((key, chosen))
}

/// The same of a plain value, or what is chosen if nobody says one.
pub(crate) fn or<'s, T: PartialEq + Copy + 's>(
    default: T,
    links: &[&Link<'s>],
    name: &str,
    why: &str,
    value: impl Fn(&'s Connection) -> Option<&'s T>,
    draft: &mut Draft,
) -> T {
    said(links, name, why, value, draft).map_or(default, |(_, value)| *value)
}
